/** @file Weights and training state in a run folder. */

import { bug } from "../compiler/diagnostics/diagnostic.ts";
import { stateTensor } from "../plan/names.ts";
import type { Plan } from "../plan/plan.ts";
import type { RunFolder } from "../report/folder/run-folder.ts";
import { demand, FieldError, fieldsOf, finite, listOf, parseJson, text, whole } from "../runtime/fields.ts";
import type { Standardisation } from "../runtime/pixels.ts";
import type { Tensor, TensorFile } from "../runtime/safetensors.ts";
import { readTensors, writeTensors } from "../runtime/safetensors.ts";
import type { Checkpoint, Progress } from "../train/trainer.ts";
import { RunError } from "./run-error.ts";
import { float32, inFile, paramTensors, readParams } from "./tensor-files.ts";

/** What belongs to weights besides their numbers. */
export interface WeightsHeader {
  readonly net: string | null;
  readonly classes: readonly string[];
  /** What `standardise` measured on the training items. */
  readonly statistics: Standardisation | null;
  /** SHA-256 of the training data. */
  readonly data: string;
  readonly adapter: string;
  /** Images that went through at once: the last bits depend on it. Null: the whole batch. Older files do not say. */
  readonly slab?: number | null;
}

export interface Weights {
  readonly header: WeightsHeader;
  readonly params: Map<string, Float32Array>;
  /** How far the training was. */
  readonly progress: Progress;
}

export interface SavedState extends Weights {
  /** Optimizer moments: `state.0/PATH`. */
  readonly state: Map<string, Float32Array>;
}

/**
 * After an epoch: state, last weights, and best weights if these are. The state comes last: it holds all that resuming needs,
 * and no other file is newer than it says.
 */
export async function saveCheckpoint(
  folder: RunFolder,
  plan: Plan,
  header: WeightsHeader,
  checkpoint: Checkpoint,
  best: boolean,
): Promise<void> {
  const { progress } = checkpoint;
  const params = paramTensors(plan, checkpoint.params);
  const metadata = new Map([
    ["format", "specc"],
    ["header", JSON.stringify(header)],
    ["progress", JSON.stringify(progress)],
  ]);
  const weights = writeTensors({ tensors: params, metadata });
  if (best) await folder.write("bestWeights", weights);
  await folder.write("lastWeights", weights);
  const moments = stateTensors(plan, checkpoint.state);
  await folder.write("lastState", writeTensors({ tensors: new Map([...params, ...moments]), metadata }));
}

function stateTensors(plan: Plan, values: ReadonlyMap<string, Float32Array>): ReadonlyMap<string, Tensor> {
  const shapes = new Map(plan.params.map(({ path, shape }) => [path, shape]));
  return new Map([...values].map(([name, data]) => [name, float32(shapes.get(name.slice(name.indexOf("/") + 1)) ?? [data.length], data)]));
}

/** @throws RunError naming the file and the field when it is not what training writes for this network */
export async function readWeights(
  folder: RunFolder,
  name: "bestWeights" | "lastWeights",
  plan: Pick<Plan, "params" | "input">,
): Promise<Weights> {
  const path = folder.file(name);
  const bytes = await folder.read(name);
  const file = inFile(path, () => readTensors(bytes));
  const header = readHeader(path, file);
  inMetadata(path, () => checkFit(header, plan.input));
  return { header, params: readParams(path, file, plan, runCure), progress: readProgress(path, file) };
}

const runCure =
  "a run keeps its net.spec as it was; at another --input its weights fit if none depends on the size: filters that are formulas, " +
  "and `gap` before `dense`";

/** The header alone, which must be known before the network is compiled. */
export async function readWeightsHeader(folder: RunFolder, name: "bestWeights" | "lastWeights" | "lastState"): Promise<WeightsHeader> {
  const path = folder.file(name);
  const bytes = await folder.read(name);
  return readHeader(
    path,
    inFile(path, () => readTensors(bytes)),
  );
}

/** @throws RunError naming the file and the field when it is not what training writes for this network */
export async function readState(folder: RunFolder, plan: Plan): Promise<SavedState> {
  const path = folder.file("lastState");
  const bytes = await folder.read("lastState");
  const file = inFile(path, () => readTensors(bytes));
  const moments = Array.from({ length: plan.stateCount }, (_, index) =>
    plan.params.map((param) => ({ path: stateTensor(index, param.path), shape: param.shape })),
  ).flat();
  const values = readParams(path, file, { params: [...plan.params, ...moments] });
  const only = (wanted: readonly { readonly path: string }[]): Map<string, Float32Array> =>
    new Map(wanted.flatMap(({ path: name }) => (values.has(name) ? [[name, values.get(name) ?? new Float32Array()] as const] : [])));
  return { header: readHeader(path, file), params: only(plan.params), state: only(moments), progress: readProgress(path, file) };
}

/** What must be so for a training on as many images to go on. @throws RunError naming the file and the field */
export function requireProgress(folder: RunFolder, progress: Progress, { training }: Plan, images: number): void {
  const { epochs, batch } = training ?? bug("a run goes on with a plan that does not train");
  const { epoch, stepInEpoch, seen } = progress;
  inMetadata(folder.file("lastState"), () => {
    demand(epoch <= epochs, "progress.epoch", `${epoch} are complete, and the run has ${epochs}`);
    const steps = Math.ceil(images / batch);
    demand(stepInEpoch <= (epoch === epochs ? 0 : steps), "progress.stepInEpoch", `${stepInEpoch} are done, and an epoch has ${steps}`);
    const counted = Math.min(stepInEpoch * batch, images);
    demand(seen === counted, "progress.seen", `expected ${counted} after step ${stepInEpoch} of the epoch, got ${seen}`);
  });
}

function readHeader(path: string, file: TensorFile): WeightsHeader {
  return readJson(path, file, "header", (json) => {
    const header = fieldsOf(json, "header");
    if (header.net !== null) text(header.net, "header.net");
    for (const key of ["data", "adapter"]) text(header[key], `header.${key}`);
    if (header.slab !== undefined && header.slab !== null) whole(header.slab, "header.slab", 1);
    const names = listOf(header.classes, "header.classes").map((name, i) => text(name, `header.classes[${i}]`));
    demand(new Set(names).size === names.length, "header.classes", "names a class twice");
    if (header.statistics !== null) {
      const statistics = fieldsOf(header.statistics, "header.statistics");
      for (const key of ["mean", "deviation"])
        listOf(statistics[key], `header.statistics.${key}`).forEach((number, i) => finite(number, `header.statistics.${key}[${i}]`));
    }
    return json as WeightsHeader;
  });
}

/** Whether it is of a network with this input. @throws FieldError */
function checkFit({ classes, statistics }: WeightsHeader, { outputs, channels, standardise }: Plan["input"]): void {
  // One output tells two classes apart.
  const fits = classes.length === outputs || (outputs === 1 && classes.length === 2);
  demand(fits, "header.classes", `has ${classes.length} names, and the network has ${outputs === 1 ? "1 output" : `${outputs} outputs`}`);
  const measured = standardise !== "off";
  demand((statistics !== null) === measured, "header.statistics", measured ? "expected an object, got null" : "expected null");
  for (const key of ["mean", "deviation"] as const) {
    const count = statistics?.[key].length ?? channels;
    demand(count === channels, `header.statistics.${key}`, `expected a number for each channel (${channels}), got ${count}`);
  }
  demand(statistics?.deviation.every((number) => number >= 0) ?? true, "header.statistics.deviation", "has a negative number");
}

function readProgress(path: string, file: TensorFile): Progress {
  return readJson(path, file, "progress", (json) => {
    const progress = fieldsOf(json, "progress");
    for (const key of ["epoch", "stepInEpoch", "correct", "seen"]) whole(progress[key], `progress.${key}`);
    finite(progress.lossSum, "progress.lossSum");
    if (progress.best !== null) finite(progress.best, "progress.best");
    demand(finite(progress.seconds, "progress.seconds") >= 0, "progress.seconds", "is negative");
    return json as Progress;
  });
}

function readJson<T>(path: string, file: TensorFile, name: string, read: (json: unknown) => T): T {
  return inMetadata(path, () => {
    const value = file.metadata.get(name);
    demand(value !== undefined, "", `its metadata has no ${name}`);
    return read(parseJson(value));
  });
}

function inMetadata<T>(path: string, body: () => T): T {
  try {
    return body();
  } catch (thrown) {
    if (thrown instanceof FieldError) throw new RunError(`${path} is not what \`specc train\` writes: ${thrown.message}`, damageCure);
    throw thrown;
  }
}

const damageCure = "was it changed, or written by another version of specc?";
