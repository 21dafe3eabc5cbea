/** @file `specc train`: wires program, data, device, training loop and run folder. */

import { compileNetwork } from "../../compiler/compile.ts";
import type { Source } from "../../compiler/diagnostics/diagnostic.ts";
import { ProgramError } from "../../compiler/diagnostics/program-error.ts";
import type { Target } from "../../compiler/lower/target.ts";
import { baseline } from "../../compiler/lower/target.ts";
import type { Network } from "../../compiler/network/network.ts";
import { isOpen } from "../../compiler/network/types.ts";
import { batchMaker, trainingBatchMaker } from "../../data/batch.ts";
import { checkAgainstData } from "../../data/data-check.ts";
import type { DatasetProbe } from "../../data/probe.ts";
import { inputFromData, probeDataset } from "../../data/probe.ts";
import type { ResultRow, StepRow } from "../../report/results.ts";
import type { RunFolder } from "../../report/run-folder.ts";
import { createRunFolder } from "../../report/run-folder.ts";
import type { WeightsHeader } from "../../runs/checkpoint.ts";
import { readState, readWeightsHeader, saveCheckpoint } from "../../runs/checkpoint.ts";
import type { RunData } from "../../runs/data.ts";
import { openRunData, partOf, validationParts } from "../../runs/data.ts";
import { finishRun } from "../../runs/finish.ts";
import type { RunSettings } from "../../runs/settings.ts";
import { resumedTarget, runSchedule } from "../../runs/settings.ts";
import { describeStart, environmentOf, fieldPlace } from "../../runs/start.ts";
import { readParams, readTensorFile } from "../../runs/tensor-files.ts";
import { NonFiniteError } from "../../runtime/finite.ts";
import { initialiseParams } from "../../runtime/initialise.ts";
import { trainInputs } from "../../runtime/programs.ts";
import type { Session } from "../../runtime/session.ts";
import type { OpenedSession } from "../../train/open.ts";
import { openCompiled } from "../../train/open.ts";
import type { BatchResult, EpochRow, Progress, TrainEvent, TrainResult } from "../../train/trainer.ts";
import { freshProgress, train } from "../../train/trainer.ts";
import type { Arguments } from "../shell/arguments.ts";
import { ArgumentError } from "../shell/arguments.ts";
import type { Command } from "../shell/command.ts";
import type { ExitCode } from "../shell/exit-code.ts";
import { exitCode } from "../shell/exit-code.ts";
import { reportRemark } from "../shell/failures.ts";
import { deviceFlag, netFlag, noAugmentFlag, setFlag, slabFlag } from "../shell/flags.ts";
import { interruptible } from "../shell/interruption.ts";
import type { Host, Output } from "../shell/output.ts";
import { atPlaceIn, loadNetwork } from "../shell/program.ts";
import { profileNeedsAdapter, profileTraining } from "../text/profile.ts";
import { asDiagnostic, TrainingReporter } from "../text/training-reporter.ts";
import type { TrainRequest } from "./train-request.ts";
import { readRequest } from "./train-request.ts";
import { chooserOf, readTuning, tuneFlags } from "./tuning.ts";

export const trainCommand: Command = {
  manual: {
    name: "train",
    usage: "train FILE --data DIR [options]",
    about:
      "Trains a network on images and keeps the result in a run folder. DIR holds one folder of images for each class, or IDX files, " +
      "whole or divided into train, val and test.",
    positionals: ["FILE"],
    flags: {
      data: { value: "DIR", about: "the training data" },
      val: { value: "DIR", about: "validation data", fallback: "the data's val part, else `split` of the file" },
      net: netFlag,
      input: { value: "HxWxC", about: "the size of the images", fallback: "the file's, else from the data" },
      epochs: { value: "N", about: "times through the data", fallback: "the file's, else 10" },
      batch: { value: "N", about: "images in a step", fallback: "the file's, else 32" },
      lr: { value: "X", about: "learning rate", fallback: "the file's, else the optimizer's" },
      seed: { value: "S", about: "of everything random", fallback: "the file's, else 0" },
      set: setFlag,
      out: { value: "DIR", about: "the run folder; a number is added to a name that is taken", fallback: "runs/train/NAME" },
      params: {
        value: "FILE",
        about: "begin with these parameters, such as those of `specc import` or of another run",
        fallback: "fresh ones",
      },
      resume: { value: "RUN", about: "go on with a run that was stopped" },
      device: deviceFlag,
      classes: { value: "A,B", about: "only these classes, labelled in this order" },
      slab: slabFlag,
      limit: { value: "N", about: "at most this many images of each part" },
      "no-augment": noAugmentFlag,
      strict: { about: "warnings are errors" },
      cache: { value: "DIR", about: "where decoded images are kept", fallback: "in DIR of --data, else the system's" },
      ...tuneFlags,
      profile: { about: "before training, time each kernel of a step, and name the lines of FILE it works for" },
      without: { value: "PASS", about: "leave out a pass of the compiler", repeated: true },
    },
    examples: [
      { command: "specc train net.spec --data pets", about: "folders pets/cats and pets/dogs, split by the file" },
      {
        command: "specc train net.spec --net gaussian --data pets --val pets-val --input 64x64x3 --epochs 8",
        about: "one of several networks at 64x64, with its own validation data",
      },
      { command: "specc train net.spec --data pets --set train.optimizer='adam { lr: 0.003 }'", about: "another optimizer" },
      { command: "specc train net.spec --data pets --profile", about: "where does the time of a step go?" },
      { command: "specc train net.spec --data pets --epochs 50 --tune", about: "a minute of measuring before a long run" },
      { command: "specc train net.spec --data pets --params p.safetensors", about: "go on from given weights" },
      { command: "specc train --resume runs/train/net", about: "go on after Ctrl-C" },
    ],
    notes:
      "--tune compares candidates with the usual schedule of the adapter: a schedule changes how fast a step is and its last bits, " +
      "nothing else. Ctrl-C ends the search, keeps the best so far for the next --tune, and stops. " +
      "Without --tune a run never uses what was found.\n\n" +
      "Ctrl-C finishes the step, saves, and says how to go on; a second one stops at once. " +
      "A resumed run ends with the same bits as one that was never stopped, on the same adapter.",
  },
  run: (args, output, host) => interruptible(host, output, (signal) => runTraining(args, output, host, signal)),
};

/** @param program where no file of arguments is to be read */
export async function runTraining(args: Arguments, output: Output, host: Host, signal: AbortSignal, program?: Source): Promise<ExitCode> {
  const tuning = readTuning(args);
  const request = await readRequest(args, host, program);
  if (args.has("profile") && request.settings.device === "cpu") throw profileNeedsAdapter();
  const { settings, network } = await closeNetwork(request, args, output, signal);
  const { source } = network;
  const probe = await probeDataset(settings.data, { classes: settings.classes ?? undefined, headers: false, signal });
  const problems = atPlaceIn(source, () => checkAgainstData(network, probe.classes, args.text("data") ?? settings.data));
  if (problems.length > 0) throw new ProgramError(source, problems);
  if (settings.val !== null)
    await probeDataset(settings.val, {
      part: await partOf(settings.val, validationParts),
      knownClasses: probe.classes.map(({ name }) => name),
      classes: settings.classes ?? undefined,
      headers: false,
      signal,
    });
  const began = request.resumed === undefined ? null : await readWeightsHeader(request.resumed, "lastState");
  const target = { ...baseline, slab: began?.slab ?? settings.slab ?? undefined };
  const compiled = atPlaceIn(source, () => compileNetwork(network, { without: settings.without, target }));
  if (!compiled.plan.params.some((param) => param.trained)) {
    throw new ArgumentError(
      "this network has nothing to train: no layer of it has weights",
      "end it with a layer that has some, such as `dense softmax 2`",
    );
  }
  const paramsFile = settings.params?.file;
  const given =
    paramsFile === undefined || request.resumed !== undefined
      ? undefined
      : readParams(paramsFile, await readTensorFile(paramsFile), compiled.plan);
  // The device before the images: a missing adapter shows at once, decoding takes a while.
  output.paint("preparing the device ...");
  const tuned =
    tuning === undefined
      ? undefined
      : chooserOf({
          request: tuning,
          host,
          output,
          signal,
          compile: (target) => compileNetwork(network, { programs: ["train", "gradient"], without: settings.without, target }),
        });
  const opened = await openCompiled(compiled, settings.device, {
    onWarm: (done, total) => output.progress(`compiling kernels ${done}/${total}`),
    timestamps: args.has("profile"),
    choose: tuned ?? (async ({ adapter }, usual) => resumedTarget(settings.schedule, adapter.name, usual, (text) => output.warn(text))),
  });
  try {
    signal.throwIfAborted();
    const data = await openRunData(
      network,
      {
        data: settings.data,
        val: settings.val,
        classes: settings.classes,
        limit: settings.limit,
        cacheDir: args.text("cache"),
        signal,
        parts: probe.parts,
        onSplit: (asked, there) =>
          reportRemark(output, "warning", source, {
            message: `\`split: ${asked}\` leaves nothing of ${there.toLocaleString("en")} images for validation: training on 80 %`,
            span: fieldPlace(source, "split"),
            help: "give a smaller count or a share, or validation data of their own: --val DIR",
          }),
      },
      output,
    );
    try {
      return await trainOn(opened, { request, settings, given, network, data, args, output, signal });
    } finally {
      data.close();
    }
  } finally {
    await opened.close();
  }
}

interface Prepared {
  readonly request: TrainRequest;
  readonly settings: RunSettings;
  /** Of `--params`. */
  readonly given: ReadonlyMap<string, Float32Array> | undefined;
  readonly network: Network;
  readonly data: RunData;
  readonly args: Arguments;
  readonly output: Output;
  readonly signal: AbortSignal;
}

/** The network at one size: the file's, that of `--input`, or that of the data. */
export async function closeNetwork(
  { source, settings }: Pick<TrainRequest, "source" | "settings">,
  args: Arguments,
  output: Output,
  signal: AbortSignal,
): Promise<{ readonly settings: RunSettings; readonly network: Network }> {
  const options = {
    net: settings.net ?? undefined,
    overrides: settings.overrides,
    strict: args.has("strict"),
    augment: settings.augment === true ? undefined : "ignore",
  } as const;
  const first = loadNetwork(source, output, { ...options, input: settings.input ?? undefined, open: true });
  if (!first.open) return { settings, network: first };
  const probe: DatasetProbe = await probeDataset(settings.data, { classes: settings.classes ?? undefined, signal });
  const found = inputFromData(probe);
  const { height, width, channels } = first.input;
  const input = {
    height: isOpen(height) ? found.height : Number(height),
    width: isOpen(width) ? found.width : Number(width),
    channels: channels ?? found.channels,
  };
  return { settings: { ...settings, input, inputFrom: "the data" }, network: loadNetwork(source, output, { ...options, input }) };
}

async function trainOn({ session, compiled, target }: OpenedSession, prepared: Prepared): Promise<ExitCode> {
  const { request, settings, network, data, args, output, signal } = prepared;
  const header: WeightsHeader = {
    net: network.netName ?? null,
    classes: data.classes,
    statistics: data.statistics,
    data: data.training.dataset.hash,
    adapter: session.adapterName,
    slab: compiled.slabs?.images ?? null,
  };
  const from = await prepareSession(session, prepared, header);
  const folder = request.resumed ?? (await createRunFolder(request.place));
  if (request.resumed === undefined) await writeStart(folder, prepared, session, target);
  else {
    const steps = from.epoch * Math.ceil(data.training.indices.length / network.train.batch) + from.stepInEpoch;
    await folder.results.keep((row) => row.epoch <= from.epoch);
    await folder.filterRecord.keepEpochs(from.epoch);
    await folder.steps.keep((row) => row.step <= steps);
  }
  describeStart({ network, settings, data, session, compiled, folder, resumedFrom: request.resumed === undefined ? null : from }, output);
  const evaluation = network.input.standardise === "training" ? null : data.statistics;
  const { input, training } = session.plan;
  const maker = trainingBatchMaker(data.training.dataset, session.plan, data.statistics);
  if (args.has("profile"))
    await profileTraining(
      session,
      network,
      compiled.graphs.get("train"),
      trainInputs(session.plan, maker.make(data.training.indices.subarray(0, input.batch), 0), 0, 1),
      output,
    );
  const reporter = new TrainingReporter(output, network.source, training?.epochs ?? 0);
  let row: EpochRow | undefined;
  let steps: StepRow[] = [];
  let saved = request.resumed === undefined ? undefined : from;
  const result: TrainResult | ExitCode = await train({
    session,
    from,
    signal,
    data: {
      maker,
      train: data.training.indices,
      classCount: data.classes.length,
      validation:
        data.validation === null
          ? null
          : {
              maker: batchMaker(data.validation.dataset, input, evaluation),
              labels: data.validation.dataset.labels,
              indices: data.validation.indices,
            },
    },
    onEvent: (event: TrainEvent) => {
      if (event.type === "epoch") row = event.row;
      if (event.type === "step") steps.push(stepRow(event.epoch, event.batch));
      if (event.type === "warning" && args.has("strict")) throw new ProgramError(network.source, [asDiagnostic(event.warning)]);
      reporter.show(event);
    },
    save: async (checkpoint, kind, best) => {
      if (kind === "epoch" && row !== undefined) {
        await folder.results.append([resultRow(row)]);
        await folder.filterRecord.append(row.epoch, session.plan.params, checkpoint.params);
      }
      await folder.steps.append(steps);
      steps = [];
      await saveCheckpoint(folder, session.plan, header, checkpoint, best);
      saved = checkpoint.progress;
    },
  }).catch((error: unknown) => {
    if (!(error instanceof NonFiniteError)) throw error;
    const kept = saved === undefined ? "" : `; the weights of ${placeOf(saved)} are in ${folder.file("lastWeights")}`;
    reportRemark(output, "error", network.source, {
      message: `training stopped at ${error.message}`,
      span: error.span,
      help: `${nonFiniteHelp}${kept}`,
    });
    return exitCode.user;
  });
  if (typeof result === "number") return result;
  if (result.stopped) {
    // A shell would take a strange name apart.
    const command = `specc train --resume ${/^[\w./~-]+$/.test(folder.path) ? folder.path : JSON.stringify(folder.path)}`;
    output.record({
      type: "stopped",
      run: folder.path,
      epoch: result.progress.epoch,
      stepInEpoch: result.progress.stepInEpoch,
      resume: command,
    });
    output.warn(`stopped and saved; go on with:\n  ${command}`);
    return exitCode.interrupted;
  }
  return finishRun({ session, network, data, folder, evaluation, signal }, output);
}

const nonFiniteHelp = "use a smaller learning rate (--lr), limit the gradient (`clip: 1` in the optimizer), or smaller starts";

function placeOf({ epoch, stepInEpoch }: Progress): string {
  return stepInEpoch === 0 ? `epoch ${epoch}` : `step ${stepInEpoch} of epoch ${epoch + 1}`;
}

/** Fresh parameters, those of a file, or those of the checkpoint. */
async function prepareSession(session: Session, { request, given, network, output }: Prepared, header: WeightsHeader): Promise<Progress> {
  const { plan } = session;
  if (request.resumed === undefined) {
    await session.writeParams(given ?? initialiseParams(plan, network.train.seed));
    return freshProgress;
  }
  const saved = await readState(request.resumed, plan);
  if (saved.header.data !== header.data) {
    throw new ArgumentError("the training data are not those that the run began with", "resume with the same images, or train anew");
  }
  if (saved.header.adapter !== header.adapter)
    output.warn(`warning: the run began on ${saved.header.adapter}; on another adapter the last bits differ`);
  else if (saved.header.slab !== undefined && saved.header.slab !== header.slab) {
    const atOnce = (slab: number | null): string => (slab === null ? "the whole batch" : `${slab} images`);
    output.warn(
      `warning: the run began with ${atOnce(saved.header.slab)} at once, and goes on with ${atOnce(header.slab ?? null)}: ` +
        "the last bits differ",
    );
  }
  await session.writeParams(saved.params);
  await session.writeState(saved.state);
  return saved.progress;
}

async function writeStart(
  folder: RunFolder,
  { settings, network, data, args }: Prepared,
  session: Session,
  target: Target | undefined,
): Promise<void> {
  const { formatted, environment } = await environmentOf(network, data, session, args.text("device"));
  await folder.write("spec", formatted);
  await folder.writeJson("arguments", {
    ...settings,
    schedule: target === undefined ? undefined : runSchedule(session.adapterName, target),
  });
  await folder.writeJson("environment", environment);
  await folder.filterRecord.append(0, session.plan.params, await session.readParams());
}

function stepRow(epoch: number, { step, seconds, loss, accuracy }: BatchResult): StepRow {
  return { step, epoch, time: seconds, loss, accuracy };
}

function resultRow({ epoch, step, seconds, loss, accuracy, validation, lr }: EpochRow): ResultRow {
  return { epoch, step, time: seconds, loss, accuracy, valLoss: validation?.loss, valAccuracy: validation?.accuracy, lr };
}
