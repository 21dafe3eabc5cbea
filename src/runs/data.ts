/** @file The data of a training run: opened, split, measured. */

import type { Network, TrainSettings } from "../compiler/network/network.ts";
import { known } from "../compiler/network/types.ts";
import { channelStatistics, splitDataset } from "../data/batch.ts";
import type { Dataset, LoadOptions, SkippedFile } from "../data/dataset.ts";
import type { PartName } from "../data/layout.ts";
import { findLayout } from "../data/layout.ts";
import { loadDataset } from "../data/load.ts";
import type { Standardisation } from "../runtime/pixels.ts";
import type { Listener } from "./listener.ts";

/** Of a part of a data folder. */
export type DataEvent =
  | { readonly type: "decoding"; readonly done: number; readonly total: number }
  | { readonly type: "data-warning"; readonly message: string }
  /** Files that could not be read. */
  | { readonly type: "skipped"; readonly data: string; readonly files: readonly SkippedFile[] };

/** Some items of a data set. */
export interface Items {
  readonly dataset: Dataset;
  readonly indices: Int32Array | Uint32Array;
  /** Where they come from, for people. */
  readonly place: string;
}

export interface RunData {
  readonly classes: readonly string[];
  readonly training: Items;
  readonly validation: Items | null;
  /** The data's own test part. */
  readonly test: Items | null;
  /** As it was done; null: validation data of their own. */
  readonly split: TrainSettings["split"] | null;
  /** What `standardise` measured on the training items; null: nothing is. */
  readonly statistics: Standardisation | null;
  close(): void;
}

export interface DataRequest {
  readonly data: string;
  readonly val: string | null;
  readonly classes: readonly string[] | null;
  readonly limit: number | null;
  /** Where decoded pixels are kept; undefined: the usual place. */
  readonly cacheDir: string | undefined;
  readonly signal: AbortSignal | undefined;
  readonly parts: readonly PartName[];
  /** Says that `split` asks for more than there is. */
  readonly onSplit: (asked: number, there: number) => void;
}

/** Which part of a folder for validation is taken: the first that there is. */
export const validationParts: readonly PartName[] = ["validation", "test", "train"];

/** The share that trains where `split` cannot be had. */
const fallbackShare = 0.8;

export function imageSettings({ input }: Network): Pick<LoadOptions, "height" | "width" | "channels" | "fit" | "antialias"> {
  return {
    height: known(input.height),
    width: known(input.width),
    channels: input.channels ?? Number.NaN,
    fit: input.fit,
    antialias: input.antialias,
  };
}

/** Opens one part of a data folder; progress, warnings and files that are skipped are events. */
export async function openPart(directory: string, part: PartName, options: LoadOptions, onEvent: Listener<DataEvent>): Promise<Dataset> {
  const dataset = await loadDataset(directory, {
    ...options,
    part,
    onProgress: (done, total) => onEvent({ type: "decoding", done, total }),
    onWarning: (message) => onEvent({ type: "data-warning", message }),
  });
  if (dataset.skipped.length > 0) onEvent({ type: "skipped", data: directory, files: dataset.skipped });
  return dataset;
}

/** Validation comes from a folder of its own, from the data's own part, or from the split, in this order. */
export async function openRunData(network: Network, request: DataRequest, onEvent: Listener<DataEvent>): Promise<RunData> {
  const opened: Dataset[] = [];
  const settings = { ...imageSettings(network), cacheDir: request.cacheDir, signal: request.signal };
  const open = async (directory: string, part: PartName, knownClasses?: readonly string[]): Promise<Dataset> => {
    const limit = request.limit ?? undefined;
    const dataset = await openPart(directory, part, { ...settings, classes: request.classes ?? undefined, knownClasses, limit }, onEvent);
    opened.push(dataset);
    return dataset;
  };
  const whole = async (directory: string, part: PartName, knownClasses: readonly string[], place: string): Promise<Items> => {
    const dataset = await open(directory, part, knownClasses);
    return { dataset, indices: Int32Array.from({ length: dataset.count }, (_, index) => index), place };
  };
  try {
    const dataset = await open(request.data, "train");
    const { classes } = dataset;
    let training: Items = { dataset, indices: Int32Array.from({ length: dataset.count }, (_, index) => index), place: request.data };
    let validation: Items;
    let split: RunData["split"] = null;
    if (request.val !== null) {
      validation = await whole(request.val, await partOf(request.val, validationParts), classes, request.val);
    } else if (request.parts.includes("validation")) {
      validation = await whole(request.data, "validation", classes, `the validation part of ${request.data}`);
    } else {
      split = usableSplit(network.train.split, dataset.count, request.onSplit);
      const parts = splitDataset(dataset.labels, classes.length, split, network.train.seed);
      training = { ...training, indices: parts.train };
      validation = { dataset, indices: parts.validation, place: `split from ${request.data}` };
    }
    const test = request.parts.includes("test") ? await whole(request.data, "test", classes, `the test part of ${request.data}`) : null;
    const measured = network.input.standardise !== "off";
    const rules = { range: network.input.range, mean: network.input.mean, std: network.input.std };
    const statistics = measured ? channelStatistics(training.dataset, training.indices, rules) : null;
    return { classes, training, validation, test, split, statistics, close: () => opened.forEach((one) => one.close()) };
  } catch (error) {
    for (const one of opened) one.close();
    throw error;
  }
}

/** The first of these parts that a data folder has. A folder without parts is all `train`. */
export async function partOf(directory: string, order: readonly PartName[]): Promise<PartName> {
  const layout = await findLayout(directory);
  return order.find((name) => layout.parts[name] !== undefined) ?? "train";
}

function usableSplit(split: TrainSettings["split"], count: number, onSplit: DataRequest["onSplit"]): TrainSettings["split"] {
  if (split.kind === "share" || split.count < count) return split;
  onSplit(split.count, count);
  return { kind: "share", share: fallbackShare };
}
