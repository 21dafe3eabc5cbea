/** @file `specc trials`: all trials of an experiment on this machine, in processes of their own. */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, meanText } from "../../../report/experiment/statistics.ts";
import { renderTable } from "../../../report/terminal.ts";
import type { Collection } from "../../../trials/collect.ts";
import { collectTrials } from "../../../trials/collect.ts";
import { requireInside } from "../../../trials/inside.ts";
import type { TrialLine } from "../../../trials/line.ts";
import { lineFile, readLine, startLine, writeLine } from "../../../trials/line.ts";
import type { Trial, TrialPlan } from "../../../trials/plan.ts";
import { folderOf, planName, trialName } from "../../../trials/plan.ts";
import type { Arguments } from "../../shell/arguments.ts";
import type { Command } from "../../shell/command.ts";
import type { ExitCode } from "../../shell/exit-code.ts";
import { exitCode } from "../../shell/exit-code.ts";
import { interruptible } from "../../shell/interruption.ts";
import type { Host, Output } from "../../shell/output.ts";
import { duration } from "../../text/training-reporter.ts";
import { reportCollection } from "./collect.ts";
import { growPlan } from "./plan.ts";
import type { TrialProcess } from "./process.ts";
import { logFile, startTrial } from "./process.ts";
import { planFlags, readPlanRequest } from "./request.ts";
import { isRunning, retryFlag } from "./run.ts";

export const trialsCommand: Command = {
  manual: {
    name: "trials",
    usage: "trials FILE --data DIR --out DIR [options]",
    about:
      "Trains networks of FILE several times each and keeps the accuracies: in each trial all networks have the same split, " +
      "the same order and the same random numbers. The test images are measured once, at the end of a trial, " +
      "with the weights of the lowest validation loss.",
    positionals: ["FILE"],
    flags: {
      ...planFlags,
      out: { value: "DIR", about: "where the trial file, the folders and the lines of the trials go" },
      jobs: { value: "N", about: "trials at the same time, on one device", fallback: "1" },
      retry: retryFlag,
    },
    examples: {
      "specc trials nets.spec --nets gaussian,spatial --data pets --trials 20 --out pets-trials": "forty trainings",
      "specc trials nets.spec --data pets --input 64x64x3 --epochs 3 --limit 500 --out quick": "a quick look first",
      "specc report pets-trials": "tables, curves and tests of what came out",
    },
    notes:
      "Stop it in any way and call it again: finished trials are kept, those that were under way go on from what they saved. " +
      "More networks or more seeds may be added later. A trial that fails is recorded with its reason and does not stop the others; " +
      "exit code 1 says that there is one.\n\n`specc trials plan` writes the trial file alone, " +
      "`specc trials run` does one trial of it, on any machine, and `specc trials collect` gathers the lines.",
  },
  run: (args, output, host) => interruptible(host, output, (signal) => run(args, output, host, signal)),
};

async function run(args: Arguments, output: Output, host: Host, signal: AbortSignal): Promise<ExitCode> {
  const root = args.required("out");
  const jobs = args.integer("jobs", 1) ?? 1;
  const plan = await readPlanRequest(args, output, host, signal);
  await mkdir(join(root, "logs"), { recursive: true });
  await growPlan(join(root, planName), plan);
  const open: Trial[] = [];
  for (const trial of plan.trials) {
    const folder = folderOf(root, trial);
    for (const place of [folder, lineFile(folder), logFile(root, trial)]) await requireInside(root, place);
    const line = await readLine(folder);
    const settled = line?.status === "done" || (line?.status === "failed" && !args.has("retry"));
    if (!settled) open.push(trial);
  }
  output.record({
    type: "start",
    plan: join(root, planName),
    trials: plan.trials.length,
    finished: plan.trials.length - open.length,
    jobs,
  });
  const before = open.length === plan.trials.length ? "" : `, ${plan.trials.length - open.length} finished before`;
  output.say(`${plan.trials.length} trials in ${root}${before}${jobs === 1 ? "" : `, ${jobs} at the same time`}`);
  await new Conductor({ plan, root, jobs, retry: args.has("retry") }, output, host, signal).run(open);
  const collection = await collectTrials([root]);
  if (signal.aborted) {
    output.warn(`stopped; ${collection.done.length} of ${plan.trials.length} trials are finished. The same command goes on.`);
    return exitCode.interrupted;
  }
  await reportCollection(collection, [root], output);
  if (collection.done.length > 0) output.print(`\n${summary(collection, output)}\n\nreport: specc report ${root}`);
  return collection.done.length === plan.trials.length ? exitCode.done : exitCode.user;
}

interface Work {
  readonly plan: TrialPlan;
  readonly root: string;
  readonly jobs: number;
  readonly retry: boolean;
}

/** Between two looks at the logs of the trials under way, in milliseconds. */
const paintInterval = 1000;

/** Keeps `jobs` trials under way. */
class Conductor {
  readonly #work: Work;
  readonly #output: Output;
  readonly #host: Host;
  readonly #signal: AbortSignal;
  readonly #running = new Map<Trial, TrialProcess>();

  constructor(work: Work, output: Output, host: Host, signal: AbortSignal) {
    this.#work = work;
    this.#output = output;
    this.#host = host;
    this.#signal = signal;
  }

  async run(trials: readonly Trial[]): Promise<void> {
    const queue = [...trials];
    const worker = async (): Promise<void> => {
      for (let trial = queue.shift(); trial !== undefined && !this.#signal.aborted; trial = queue.shift()) await this.#perform(trial);
    };
    const stop = (): void => this.#running.forEach((process) => process.stop());
    const painter = this.#output.repaints ? setInterval(() => void this.#paint(), paintInterval) : undefined;
    this.#signal.addEventListener("abort", stop);
    try {
      await Promise.all(Array.from({ length: this.#work.jobs }, worker));
    } finally {
      this.#signal.removeEventListener("abort", stop);
      clearInterval(painter);
    }
  }

  async #perform(trial: Trial): Promise<void> {
    const { root, jobs, retry, plan } = this.#work;
    const folder = folderOf(root, trial);
    const process = startTrial(root, trial, { jobs, retry, environment: this.#host.environment });
    this.#running.set(trial, process);
    const { code, ending } = await process.ended;
    this.#running.delete(trial);
    if (code === exitCode.interrupted) return;
    let line = await readLine(folder);
    if (line?.status === "started" && isRunning(line.process)) {
      this.#output.warn(
        `${trialName(line)} is under way in process ${line.process.id}, and left to it; the same command goes on when that has ended`,
      );
      return;
    }
    if (line === undefined || line.status === "damaged" || line.status === "started") {
      if (this.#signal.aborted) return;
      const last = await process.lastWords();
      line = { ...startLine(trial), status: "failed", reason: `the process ended ${ending}${last === "" ? "" : `: ${last}`}` };
      await writeLine(folder, line);
    }
    this.#show(line, plan.trials.length);
  }

  #show(line: TrialLine, count: number): void {
    this.#output.record({ ...line });
    const place = `[${String(line.index).padStart(String(count - 1).length)}]  ${trialName(line)}`;
    if (line.status === "done") {
      this.#output.say(
        `${place}  ${line.measuredOn} accuracy ${line.accuracy.toFixed(4)}, ` +
          `with the weights of epoch ${line.best.epoch} of ${line.epochs}, ${duration(line.seconds)}`,
      );
    } else if (line.status === "failed") this.#output.warn(`${place}  failed: ${line.reason}`);
  }

  async #paint(): Promise<void> {
    const running = [...this.#running];
    const words = await Promise.all(running.map(async ([trial, process]) => `${trialName(trial)}: ${await process.lastWords()}`));
    if (this.#running.size > 0) this.#output.paint(words.join("  |  "));
  }
}

/** Mean and spread of each network. */
function summary({ plan, done }: Collection, output: Output): string {
  const nets = [...new Set(plan.trials.map(({ net }) => net))];
  const rows = nets.flatMap((net) => {
    const values = done.flatMap(({ trial, line }) => (trial.net === net ? [line.accuracy] : []));
    if (values.length === 0) return [];
    const all = describe(values);
    return [[net ?? "net", meanText(all), all.max.toFixed(3), all.median.toFixed(3), String(all.count)]];
  });
  return renderTable(["network", "accuracy", "max", "median", "trials"], rows, {
    colour: output.colour,
    align: ["left", "right", "right", "right", "right"],
  });
}
