/** @file Weights and training state in a run folder. */

import type { Plan } from "../plan/plan.ts";
import type { RunFolder } from "../report/folder/run-folder.ts";
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

export async function readWeights(folder: RunFolder, name: "bestWeights" | "lastWeights", plan: Pick<Plan, "params">): Promise<Weights> {
  const path = folder.file(name);
  const bytes = await folder.read(name);
  const file = inFile(path, () => readTensors(bytes));
  return {
    header: readHeader(path, file),
    params: readParams(path, file, plan, runCure),
    progress: readJson<Progress>(path, file, "progress"),
  };
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

export async function readState(folder: RunFolder, plan: Plan): Promise<SavedState> {
  const path = folder.file("lastState");
  const bytes = await folder.read("lastState");
  const file = inFile(path, () => readTensors(bytes));
  const isMoment = (name: string): boolean => /^state\.\d+\//.test(name);
  const tensors = [...file.tensors];
  const params = readParams(path, { ...file, tensors: new Map(tensors.filter(([name]) => !isMoment(name))) }, plan);
  const state = new Map(
    tensors.flatMap(([name, tensor]) => (isMoment(name) && tensor.dtype === "F32" ? [[name, tensor.data] as const] : [])),
  );
  return { header: readHeader(path, file), params, state, progress: readJson<Progress>(path, file, "progress") };
}

function readHeader(path: string, file: TensorFile): WeightsHeader {
  return readJson<WeightsHeader>(path, file, "header");
}

function readJson<T extends object>(path: string, file: TensorFile, name: string): T {
  try {
    const value: unknown = JSON.parse(file.metadata.get(name) ?? "");
    if (typeof value === "object" && value !== null) return value as T;
  } catch {
    // Said below.
  }
  throw new RunError(`${path} was not written by \`specc train\`: its metadata has no ${name}`);
}
