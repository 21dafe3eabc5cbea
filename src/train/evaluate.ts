/** @file Runs a network over a data set: loss, accuracy, confusion matrix, outputs. */

import type { BatchMaker } from "../data/batch.ts";
import { lossResult, outputsResult } from "../plan/names.ts";
import { predictedClass } from "../plan/outputs.ts";
import { inputsOf } from "../runtime/programs.ts";
import type { Session } from "../runtime/session.ts";

export interface Evaluation {
  /** Mean over the images. */
  readonly loss: number;
  readonly accuracy: number;
  readonly count: number;
  /** confusion[actual][predicted]. */
  readonly confusion: readonly (readonly number[])[];
}

/** Consecutive runs of at most `batch` indices. */
function batchesOf(
  indices: ArrayLike<number> & { subarray(from: number, to: number): ArrayLike<number> },
  batch: number,
): readonly ArrayLike<number>[] {
  return Array.from({ length: Math.ceil(indices.length / batch) }, (_, b) =>
    indices.subarray(b * batch, Math.min(indices.length, (b + 1) * batch)),
  );
}

/** One batch is prepared while the device works on the one before. */
export const evaluationsInFlight = 2;
/** Of the program `evaluate`. */
export const evaluateReads: readonly string[] = [outputsResult, lossResult];

/** @param onProgress is called with the number of images done. Stops early, with what is done, when `signal` aborts. */
export async function evaluate(
  session: Session,
  maker: BatchMaker,
  labels: Int32Array,
  indices: Int32Array | Uint32Array,
  classCount: number,
  options: { readonly signal?: AbortSignal; readonly onProgress?: (done: number) => void } = {},
): Promise<Evaluation> {
  const { input } = session.plan;
  const confusion = Array.from({ length: classCount }, () => new Array<number>(classCount).fill(0));
  let [sum, count, correct] = [0, 0, 0];
  let pending: Promise<void> = Promise.resolve();
  for (const items of batchesOf(indices, input.batch)) {
    if (options.signal?.aborted === true) break;
    const batch = maker.make(items);
    const running = session.run(
      "evaluate",
      inputsOf(session.plan, "evaluate", { images: batch.images, labels: batch.labels, weights: batch.weights }),
      evaluateReads,
    );
    await pending;
    pending = running.then(({ outputs, loss }) => {
      sum += loss[0] * items.length;
      for (let i = 0; i < items.length; i++) {
        const actual = labels[items[i]];
        const predicted = predictedClass(outputs, i * input.outputs, input);
        if (predicted < classCount) confusion[actual][predicted]++;
        if (predicted === actual) correct++;
      }
      count += items.length;
      options.onProgress?.(count);
    });
    // A failure is reported by the next `await pending`; until then it must not count as unhandled.
    pending.catch(() => undefined);
  }
  await pending;
  return { loss: count === 0 ? NaN : sum / count, accuracy: count === 0 ? NaN : correct / count, count, confusion };
}
