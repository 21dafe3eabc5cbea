/** @file From a data set to what one step of a program takes: split, statistics, batches. */

import type { TrainSettings } from "../compiler/network/network.ts";
import type { Plan, PlanInput } from "../plan/plan.ts";
import { augmentedBatch, augmentRule } from "../runtime/augment.ts";
import type { Standardisation } from "../runtime/pixels.ts";
import { countBytes, measureStandardisation, pixelsToValues, valueLine, valueTable } from "../runtime/pixels.ts";
import type { Batch, TrainingBatch } from "../runtime/programs.ts";
import { batchOf } from "../runtime/programs.ts";
import type { Split } from "../runtime/random.ts";
import { rootKey, stratifiedSplit } from "../runtime/random.ts";
import { DataError } from "./data-error.ts";
import type { Dataset } from "./dataset.ts";

/** Makes batches of one data set for one input; holds the table of values, nothing else. */
export interface BatchMaker {
  /** @throws RangeError for more items than the input's batch or none. */
  make(indices: ArrayLike<number>): Batch;
}

/**
 * @param statistics what `standardise: data` measured on the training split; null: none is applied
 * @throws RangeError when data and input differ in size
 */
export function batchMaker(dataset: Dataset, input: PlanInput, statistics: Standardisation | null): BatchMaker {
  const { batch, height, width, channels } = input;
  if (dataset.height !== height || dataset.width !== width || dataset.channels !== channels) {
    throw new RangeError(
      `the data are ${dataset.height}x${dataset.width}x${dataset.channels}, the network takes ${height}x${width}x${channels}`,
    );
  }
  const table = valueTable(input, statistics);
  const itemSize = height * width * channels;
  return {
    make(indices) {
      const count = indices.length;
      requireCount(count, input);
      const images = new Float32Array(batch * itemSize);
      for (let position = 0; position < count; position++)
        pixelsToValues(dataset.pixels(indices[position]), channels, table, images, position * itemSize);
      return batchOf(
        input,
        images,
        Array.from(indices, (index) => dataset.labels[index]),
      );
    },
  };
}

/** What the program `train` is handed. */
export interface TrainingBatchMaker {
  /** @param epoch counted from 0: other numbers are drawn in each. @throws RangeError as `BatchMaker` does */
  make(indices: ArrayLike<number>, epoch: number): TrainingBatch;
}

/** Values, or, where the program augments, pixels and what is drawn for each image; otherwise as `batchMaker`. */
export function trainingBatchMaker(dataset: Dataset, plan: Plan, statistics: Standardisation | null): TrainingBatchMaker {
  const values = batchMaker(dataset, plan.input, statistics);
  const rule = augmentRule(plan);
  if (rule === undefined) return values;
  const line = valueLine(plan.input, statistics);
  return {
    make(samples, epoch) {
      requireCount(samples.length, plan.input);
      return augmentedBatch(
        rule,
        { bytes: (position) => dataset.pixels(samples[position]), samples },
        Array.from(samples, (sample) => dataset.labels[sample]),
        line,
        epoch,
      );
    },
  };
}

function requireCount(count: number, { batch }: PlanInput): void {
  if (count < 1 || count > batch) throw new RangeError(`${count} items do not make a batch of ${batch}`);
}

/**
 * Draws the validation items, class by class, from `seed` (docs/numerics.md#random-numbers).
 *
 * @throws DataError when one side would be empty
 */
export function splitDataset(labels: Int32Array, classCount: number, split: TrainSettings["split"], seed: number): Split {
  if (split.kind === "count" && split.count > labels.length) {
    throw new DataError(`\`split: ${split.count}\` asks for more training items than the ${labels.length} of the data`, {
      help: "give a smaller count, or a share such as `split: 80%`",
    });
  }
  const parts = stratifiedSplit(rootKey(seed), labels, classCount, split);
  const empty = parts.train.length === 0 ? "training" : parts.validation.length === 0 ? "validation" : undefined;
  if (empty !== undefined) {
    throw new DataError(`the split of ${labels.length} items leaves none for ${empty}`, {
      help: "change `split` in `train`, or give more data",
    });
  }
  return parts;
}

/**
 * Mean and population standard deviation of each channel over some items, in f64, in the values of the network: after
 * `range`, `mean` and `std`.
 */
export function channelStatistics(
  dataset: Dataset,
  indices: ArrayLike<number>,
  rules: Pick<PlanInput, "range" | "mean" | "std"> = { range: [0, 1], mean: null, std: null },
): Standardisation {
  const counts = new Float64Array(256 * dataset.channels);
  for (let position = 0; position < indices.length; position++) {
    countBytes(dataset.pixels(indices[position]), dataset.channels, counts);
  }
  return measureStandardisation(counts, { ...rules, channels: dataset.channels });
}
