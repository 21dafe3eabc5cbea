/** @file Runs the command line in this process, with captured streams. */

import { main } from "../../src/cli/main.ts";

export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The lines of standard output as JSON. */
  readonly records: () => readonly Record<string, unknown>[];
}

export interface CliOptions {
  readonly input?: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Both streams are terminals. */
  readonly terminal?: boolean;
  /** Called with everything written so far; true sends SIGINT, once. */
  readonly interruptWhen?: (written: string) => boolean;
}

export async function specc(words: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const written = { stdout: "", stderr: "" };
  const listeners = new Set<() => void>();
  let interrupted = false;
  const stream = (name: keyof typeof written): { write(text: string): void; isTTY: boolean; columns: number } => ({
    isTTY: options.terminal === true,
    columns: 80,
    write(text) {
      written[name] += text;
      if (interrupted || options.interruptWhen?.(written.stdout + written.stderr) !== true) return;
      interrupted = true;
      for (const listener of listeners) listener();
    },
  });
  const code = await main(words, {
    stdout: stream("stdout"),
    stderr: stream("stderr"),
    environment: options.environment ?? {},
    readInput: async () => options.input ?? "",
    onInterrupt: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    exit: () => {
      throw new Error("the second interrupt ends the process");
    },
  });
  return {
    code,
    ...written,
    records: () =>
      written.stdout
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}

/** Trains net.spec of a folder on its images in data, without a cache beside them. @param run its run folder, in the same folder */
export function trainWords(at: (name: string) => string, run: string, ...more: readonly string[]): readonly string[] {
  return ["train", at("net.spec"), "--data", at("data"), "--cache", at("cache"), "--out", at(run), ...more];
}
