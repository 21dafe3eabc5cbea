/** @file One sitting of a run, with its device and its images open: from its first step or its last checkpoint to the end or a stop. */

import { ProgramError } from "../compiler/diagnostics/program-error.ts";
import type { Network } from "../compiler/network/network.ts";
import { batchMaker, trainingBatchMaker } from "../data/batch.ts";
import type { ResultRow, StepRow } from "../report/folder/results.ts";
import type { RunFolder } from "../report/folder/run-folder.ts";
import { createRunFolder } from "../report/folder/run-folder.ts";
import { NonFiniteError } from "../runtime/finite.ts";
import { initialiseParams } from "../runtime/initialise.ts";
import type { Standardisation } from "../runtime/pixels.ts";
import { trainInputs } from "../runtime/programs.ts";
import type { OpenedSession } from "../train/open.ts";
import type { BatchResult, EpochRow, Progress, TrainData } from "../train/trainer.ts";
import { freshProgress, train } from "../train/trainer.ts";
import { startDiagnostic } from "../train/watch.ts";
import type { WeightsHeader } from "./checkpoint.ts";
import { readState, readWeights, requireProgress, saveCheckpoint } from "./checkpoint.ts";
import type { RunData } from "./data.ts";
import type { RunEvent } from "./events.ts";
import { finishRun } from "./finish.ts";
import type { Listener } from "./listener.ts";
import { profileTraining, timedSteps } from "./profile.ts";
import type { RunRequest, SettledRun } from "./request.ts";
import type { RunResult } from "./result.ts";
import { RunError } from "./run-error.ts";
import { runSchedule } from "./settings.ts";
import { environmentOf, startOf } from "./start.ts";

/** A run that can begin. */
export interface Prepared {
  readonly run: SettledRun;
  readonly network: Network;
  readonly data: RunData;
  readonly opened: OpenedSession;
  /** Parameters to begin with; undefined: fresh ones. */
  readonly given: ReadonlyMap<string, Float32Array> | undefined;
  readonly request: RunRequest;
}

export async function sitting(prepared: Prepared, onEvent: Listener<RunEvent>): Promise<RunResult> {
  const {
    run: { resumed, place, settings },
    network,
    data,
    opened: { session, compiled },
    request: { strict, profile, signal },
  } = prepared;
  const header: WeightsHeader = {
    net: network.netName ?? null,
    classes: data.classes,
    statistics: data.statistics,
    data: data.training.dataset.hash,
    adapter: session.adapterName,
    slab: compiled.slabs?.images ?? null,
  };
  const from = await prepareSession(prepared, header, onEvent);
  const folder = resumed ?? (await createRunFolder(place));
  if (resumed === undefined) await writeStart(folder, prepared);
  else await cutBack(folder, from, Math.ceil(data.training.indices.length / network.train.batch));
  const start = startOf({ network, settings, data, session, compiled }, folder, resumed === undefined ? null : from);
  onEvent({ type: "start", start });
  const evaluation = network.input.standardise === "training" ? null : data.statistics;
  const trainData = trainDataOf(prepared, evaluation);
  if (profile === true) {
    onEvent({ type: "profiling", steps: timedSteps });
    const first = trainData.maker.make(data.training.indices.subarray(0, session.plan.input.batch), 0);
    const inputs = trainInputs(session.plan, first, 0, 1);
    onEvent({ type: "profile", profile: await profileTraining(session, network, compiled.graphs.get("train"), inputs) });
  }
  let row: EpochRow | undefined;
  let steps: StepRow[] = [];
  let saved = resumed === undefined ? undefined : from;
  try {
    const { stopped, progress } = await train({
      session,
      from,
      signal,
      data: trainData,
      onEvent: (event) => {
        if (event.type === "epoch") row = event.row;
        if (event.type === "step") steps.push(stepRow(event.epoch, event.batch));
        if (event.type === "warning" && strict === true) throw new ProgramError(network.source, [startDiagnostic(event.warning)]);
        onEvent(event);
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
    });
    if (stopped) return { status: "stopped", during: "training", start, progress };
  } catch (error) {
    if (!(error instanceof NonFiniteError)) throw error;
    return { status: "failed", start, error, saved: saved === undefined ? null : { progress: saved, weights: folder.file("lastWeights") } };
  }
  return finishRun({ start, session, network, data, folder, evaluation, signal }, onEvent);
}

/** Fresh parameters, those of a file, or those of the checkpoint. */
async function prepareSession(
  { run: { resumed }, given, network, data, opened: { session } }: Prepared,
  header: WeightsHeader,
  onEvent: Listener<RunEvent>,
): Promise<Progress> {
  const { plan } = session;
  if (resumed === undefined) {
    await session.writeParams(given ?? initialiseParams(plan, network.train.seed));
    return freshProgress;
  }
  const saved = await readState(resumed, plan);
  if (saved.header.data !== header.data) {
    throw new RunError("the training data are not those that the run began with", "resume with the same images, or train anew");
  }
  requireProgress(resumed, saved.progress, plan, data.training.indices.length);
  // The end of the run measures these, if no better ones come.
  if (saved.progress.best !== null) await readWeights(resumed, "bestWeights", plan);
  if (saved.header.adapter !== header.adapter) onEvent({ type: "other-bits", cause: { kind: "adapter", began: saved.header.adapter } });
  else if (saved.header.slab !== undefined && saved.header.slab !== header.slab)
    onEvent({ type: "other-bits", cause: { kind: "slab", began: saved.header.slab, now: header.slab ?? null } });
  await session.writeParams(saved.params);
  await session.writeState(saved.state);
  return saved.progress;
}

async function writeStart(folder: RunFolder, { run: { settings }, network, data, opened: { session, target } }: Prepared): Promise<void> {
  const { formatted, environment } = await environmentOf(network, data, session, settings.device);
  await folder.write("spec", formatted);
  await folder.writeJson("arguments", {
    ...settings,
    schedule: target === undefined ? undefined : runSchedule(session.adapterName, target),
  });
  await folder.writeJson("environment", environment);
  await folder.filterRecord.append(0, session.plan.params, await session.readParams());
}

/** Takes away what was written down behind the last checkpoint. */
async function cutBack(folder: RunFolder, { epoch, stepInEpoch }: Progress, stepsPerEpoch: number): Promise<void> {
  const steps = epoch * stepsPerEpoch + stepInEpoch;
  // Nothing is cut where one of them is damaged.
  for (const record of [folder.results, folder.steps, folder.filterRecord]) await record.read();
  await folder.removeLeftovers();
  await folder.results.keep((row) => row.epoch <= epoch);
  await folder.filterRecord.keepEpochs(epoch);
  await folder.steps.keep((row) => row.step <= steps);
}

/** @param evaluation for images that are not trained on */
function trainDataOf({ data, opened: { session } }: Prepared, evaluation: Standardisation | null): TrainData {
  const { training, validation } = data;
  return {
    maker: trainingBatchMaker(training.dataset, session.plan, data.statistics),
    train: training.indices,
    classCount: data.classes.length,
    validation:
      validation === null
        ? null
        : {
            maker: batchMaker(validation.dataset, session.plan.input, evaluation),
            labels: validation.dataset.labels,
            indices: validation.indices,
          },
  };
}

function stepRow(epoch: number, { step, seconds, loss, accuracy }: BatchResult): StepRow {
  return { step, epoch, time: seconds, loss, accuracy };
}

function resultRow({ epoch, step, seconds, loss, accuracy, validation, lr }: EpochRow): ResultRow {
  return { epoch, step, time: seconds, loss, accuracy, valLoss: validation?.loss, valAccuracy: validation?.accuracy, lr };
}
