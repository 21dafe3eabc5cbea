/** @file A trial in a process of its own: what breaks there breaks nothing else. */

import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Trial } from "../../../trials/plan.ts";
import { planName } from "../../../trials/plan.ts";
import { jobsVariable } from "./run.ts";

export interface TrialProcess {
  readonly ended: Promise<{ readonly code: number | null /** `with exit code 70`, `by SIGKILL`. */; readonly ending: string }>;
  /** Asks it to finish its step, save and end. */
  stop(): void;
  /** The last line of its log. */
  lastWords(): Promise<string>;
}

const program = fileURLToPath(new URL("../../../../bin/specc.js", import.meta.url));

/** What it says, beside the trial file. */
export function logFile(root: string, trial: Trial): string {
  return join(root, "logs", `${basename(trial.folder)}.log`);
}

export function startTrial(
  root: string,
  trial: Trial,
  {
    jobs,
    retry,
    environment,
  }: { readonly jobs: number; readonly retry: boolean; readonly environment: Readonly<Record<string, string | undefined>> },
): TrialProcess {
  const log = logFile(root, trial);
  const descriptor = openSync(log, "a");
  // A process group of its own, so that Ctrl-C reaches this process alone; the channel tells the trial, also when this process is killed.
  const child = spawn(
    process.execPath,
    [program, "trials", "run", join(root, planName), "--index", String(trial.index), ...(retry ? ["--retry"] : [])],
    {
      detached: true,
      stdio: ["ignore", "ignore", descriptor, "ipc"],
      env: { ...process.env, ...environment, [jobsVariable]: String(jobs) },
    },
  );
  closeSync(descriptor);
  return {
    ended: new Promise((settle) => {
      child.on("error", (error) => settle({ code: null, ending: `before it began: ${error.message}` }));
      child.on("exit", (code, signal) => settle({ code, ending: signal === null ? `with exit code ${code ?? "?"}` : `by ${signal}` }));
    }),
    stop: () => {
      if (child.connected) child.disconnect();
    },
    lastWords: async () => (await readFile(log, "utf8").catch(() => "")).trimEnd().split("\n").at(-1) ?? "",
  };
}
