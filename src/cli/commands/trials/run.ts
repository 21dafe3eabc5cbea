/** @file `specc trials run`: one trial of a trial file, which writes one folder and prints one line. */

import { existsSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, resolve } from "node:path";
import { shapeText } from "../../../compiler/network/types.ts";
import { isAlive, removeLeftovers } from "../../../data/atomic-file.ts";
import { DataError } from "../../../data/data-error.ts";
import { RunFolder } from "../../../report/folder/run-folder.ts";
import type { RunRequest } from "../../../runs/request.ts";
import type { RunDone, RunFailed } from "../../../runs/result.ts";
import { trainRun } from "../../../runs/train-run.ts";
import { ownVersion } from "../../../runs/version.ts";
import { requireInside } from "../../../trials/inside.ts";
import type { StartedLine, TrialLine } from "../../../trials/line.ts";
import { lineFile, readLine, startLine, writeLine } from "../../../trials/line.ts";
import type { Places, Trial, TrialPlan } from "../../../trials/plan.ts";
import { folderOf, readPlan, rootOf, trialOf } from "../../../trials/plan.ts";
import { taskIndex } from "../../../trials/task-index.ts";
import type { Arguments, Flags } from "../../shell/arguments.ts";
import type { Command } from "../../shell/command.ts";
import type { ExitCode } from "../../shell/exit-code.ts";
import { exitCode } from "../../shell/exit-code.ts";
import { failureReason, reportFailure } from "../../shell/failures.ts";
import { interruptible } from "../../shell/interruption.ts";
import type { Host } from "../../shell/output.ts";
import { Output } from "../../shell/output.ts";
import { runListener } from "../../text/run-events.ts";
import { failureText, showResult } from "../../text/run-result.ts";
import { trainingRecord } from "../../text/run-start.ts";
import { trainCommand } from "../train/train.ts";
import { trialRun } from "./request.ts";

/** How many trials share the device: `specc trials` tells those that it starts. */
export const jobsVariable = "SPECC_TRIAL_JOBS";

export const placeFlags: Flags = {
  data: { value: "DIR", about: "the images, where this machine has them elsewhere" },
  val: { value: "DIR", about: "the validation data, likewise" },
  device: { ...trainCommand.manual.flags["device"], fallback: "the trial file's" },
  cache: { ...trainCommand.manual.flags["cache"], fallback: "the trial file's" },
};

export const retryFlag = { about: "do trials again that failed" };

export const trialsRunCommand: Command = {
  manual: {
    name: "trials run",
    usage: "trials run plan.json --index I [options]",
    about:
      "Does one trial of a trial file: trains, measures the best weights once, and prints one line of JSON. " +
      "A finished trial is not done again, one that was stopped goes on.",
    positionals: ["PLAN"],
    flags: {
      index: { value: "I", about: "which trial, from 0; auto: SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX or SPECC_TRIAL says it" },
      out: { value: "DIR", about: "where the folder of the trial goes", fallback: "beside the trial file" },
      retry: retryFlag,
      ...placeFlags,
    },
    examples: {
      "specc trials run pets-trials/plan.json --index 3": "the fourth trial",
      "specc trials run /shared/plan.json --index auto --data /local/pets": "in a Slurm array or an indexed Job",
    },
    notes:
      "The line is on standard output and in the trial's folder, as trial.json; all other text is on standard error. " +
      "A trial that fails has a line too, with its reason, and an exit code that is not 0. SIGTERM stops like Ctrl-C: " +
      "the step is finished and saved, and the same call goes on.",
  },
  run: (args, output, host) => interruptible(host, output, (signal) => run(args, output, host, signal)),
};

async function run(args: Arguments, output: Output, host: Host, signal: AbortSignal): Promise<ExitCode> {
  const path = args.positional(0);
  const plan = await readPlan(path);
  const index = args.text("index") === "auto" ? taskIndex(host.environment) : (args.integer("index", 0) ?? Number(args.required("index")));
  const trial = trialOf(plan, index);
  const root = args.text("out") ?? rootOf(path);
  const folder = folderOf(root, trial);
  for (const place of [lineFile(folder), folder]) await requireInside(root, place);
  const found = await readLine(folder);
  if (found?.status === "damaged" && !args.has("retry"))
    throw new DataError(`${lineFile(folder)} is damaged: ${found.reason}`, { help: "--retry does the trial again" });
  const known = found?.status === "damaged" ? undefined : found;
  if (known !== undefined && known.key !== trial.key) {
    throw new DataError(`${lineFile(folder)} is of another program, or of other options, than ${path}`, {
      help: "choose another place with --out, or remove it and its folder",
    });
  }
  if (known !== undefined && (known.status === "done" || (known.status === "failed" && !args.has("retry")))) {
    printLine(output, { ...known, index: trial.index });
    return known.status === "done" ? exitCode.done : exitCode.user;
  }
  if (found === undefined && existsSync(folder))
    throw new DataError(`${folder} is there without its line, ${lineFile(folder)}`, {
      help: "remove it, or choose another place with --out",
    });
  if (known?.status === "started" && !args.has("retry")) await outlive(known, output, signal);
  return perform({ plan, trial, folder, places: placesOf(args, plan), begun: known !== undefined }, output, host, signal);
}

/** Between two looks, and in all, in milliseconds. */
const lookInterval = 100;
const patience = 60_000;

/**
 * Where `specc trials` was killed, its trials finish their step and save; two processes must not write to one folder.
 * @throws DataError when the other process goes on
 */
async function outlive({ process: { host, id } }: StartedLine, output: Output, signal: AbortSignal): Promise<void> {
  const isThere = (): boolean => isRunning({ host, id });
  if (!isThere()) return;
  output.warn(`process ${id} is still at this trial: waiting for its end`);
  const last = performance.now() + patience;
  while (isThere() && performance.now() < last) {
    signal.throwIfAborted();
    await new Promise((resume) => setTimeout(resume, lookInterval));
  }
  if (isThere()) throw new DataError(`process ${id} is at this trial`, { help: "wait for it, or end it; --retry if it is something else" });
}

/** Whether it is another process of this machine, and goes on. */
export function isRunning({ host, id }: StartedLine["process"]): boolean {
  return host === hostname() && id !== process.pid && isAlive(id);
}

export function placesOf(args: Arguments, { places }: TrialPlan): Places {
  const [data, val] = [args.text("data"), args.text("val")];
  return {
    data: data === undefined ? places.data : resolve(data),
    val: val === undefined ? places.val : resolve(val),
    device: args.text("device") ?? places.device,
    cache: args.text("cache") ?? places.cache,
  };
}

interface Task {
  readonly plan: TrialPlan;
  readonly trial: Trial;
  readonly folder: string;
  readonly places: Places;
  /** The folder is of this trial. */
  readonly begun: boolean;
}

async function perform(task: Task, output: Output, host: Host, signal: AbortSignal): Promise<ExitCode> {
  const { trial, folder } = task;
  const request = requestOf(task, signal);
  // What was killed before it saved anything; a new run would get a number otherwise.
  if (!("resume" in request.run)) await rm(folder, { recursive: true, force: true });
  await mkdir(dirname(folder), { recursive: true });
  await removeLeftovers(lineFile(folder));
  await writeLine(folder, { ...startLine(trial), status: "started", process: { host: hostname(), id: process.pid } });
  // Standard output must carry the line alone.
  const log = new Output({ ...host, stdout: host.stderr }, { json: false, quiet: output.quiet });
  let code: ExitCode;
  let line: TrialLine;
  try {
    const result = await trainRun(request, runListener(log));
    code = showResult(result, log);
    if (result.status === "stopped") return code;
    line = lineOf(trial, result, host);
  } catch (thrown) {
    code = reportFailure(log, thrown);
    line = failedLine(trial, failureReason(thrown));
  }
  if (code === exitCode.interrupted) return code;
  await writeLine(folder, line);
  printLine(output, line);
  return code;
}

function requestOf({ plan, trial, folder, places, begun }: Task, signal: AbortSignal): RunRequest {
  const cache = places.cache ?? undefined;
  if (begun && hasSaved(folder)) {
    const { data, val, device } = places;
    return { run: { resume: folder, data, val: val ?? undefined, device }, cache, signal };
  }
  return { run: trialRun({ ...plan, places }, trial, folder), cache, strict: "strict" in plan.options, signal };
}

function printLine(output: Output, line: TrialLine): void {
  if (output.json) output.record({ ...line });
  else output.print(JSON.stringify(line));
}

/** Whether a run is there that can be resumed. */
function hasSaved(folder: string): boolean {
  return existsSync(new RunFolder(folder).file("lastState"));
}

function failedLine(trial: Trial, reason: string): TrialLine {
  return { ...startLine(trial), status: "failed", reason };
}

/** Of a training that came to its end. */
function lineOf(trial: Trial, result: RunDone | RunFailed, host: Host): TrialLine {
  if (result.status === "failed") return failedLine(trial, failureText(result).split("\n")[0]);
  const { start, epochs, best, measured } = result;
  if (measured === null || best === undefined) return failedLine(trial, "there are no images to measure it on");
  return {
    ...startLine(trial),
    status: "done",
    accuracy: measured.accuracy,
    loss: measured.loss,
    measuredOn: measured.on,
    count: measured.count,
    best: { epoch: best.epoch, valLoss: best.valLoss ?? null, valAccuracy: best.valAccuracy ?? null },
    epochs: epochs.length,
    seconds: epochs.at(-1)?.time ?? 0,
    input: shapeText(start.network.nodes[0].type),
    images: { training: start.training.count, validation: start.validation?.count ?? 0 },
    classes: start.classes,
    train: trainingRecord(start),
    parameters: start.parameters,
    memory: start.memory?.bytes ?? null,
    adapter: start.adapter,
    jobs: Number(host.environment[jobsVariable] ?? 1),
    data: start.data,
    specc: ownVersion(),
  };
}
