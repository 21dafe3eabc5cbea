/** @file What the programs of a plan take: inputs by name. */

import type { Plan, PlanInput } from "../plan/plan.ts";
import type { TensorData } from "./executor.ts";
import { stepScalars } from "./step-scalars.ts";

/** The inputs of one step. */
export interface Batch {
  /** [B][C][H][W]; zero behind the last item. */
  readonly images: Float32Array;
  /** [B]; zero behind the last item. */
  readonly labels: Int32Array;
  /** [B]: what each item weighs in the mean, 1 / number of items, and 0 behind the last item. */
  readonly weights: Float32Array;
}

/** What a training step is handed: values, or, of a program that augments, the inputs of `augment` (`augmentedBatch`). */
export interface TrainingBatch extends Omit<Batch, "images"> {
  readonly images?: Float32Array;
  /** [B][H][W][words]: four channels of a pixel in a word. */
  readonly pixels?: Int32Array;
  /** [B][numbers]: each picture's map and factors. */
  readonly coefficients?: Float32Array;
  /** [B][words]: keys. */
  readonly noise?: Int32Array;
  /** [C][2]. */
  readonly normalisation?: Float32Array;
}

/** Labels and weights of a batch with so many items, of at most `batch`. */
export function labelled(batch: number, labels: ArrayLike<number>): Omit<Batch, "images"> {
  const padded = new Int32Array(batch);
  padded.set(labels);
  return { labels: padded, weights: new Float32Array(batch).fill(1 / labels.length, 0, labels.length) };
}

/**
 * The inputs of one step from the values of its items.
 * @param values [n][C][H][W], or already as long as a whole batch
 * @param labels n of them
 */
export function batchOf({ batch, height, width, channels }: PlanInput, values: Float32Array, labels: ArrayLike<number>): Batch {
  const size = batch * height * width * channels;
  let images = values;
  if (values.length !== size) {
    images = new Float32Array(size);
    images.set(values);
  }
  return { images, ...labelled(batch, labels) };
}

/**
 * Those of `values` that the program reads: sessions refuse others. A network whose result does not depend on the images has
 * no input for them.
 */
export function inputsOf(
  plan: Plan,
  program: string,
  values: Readonly<Record<string, TensorData | undefined>>,
): Readonly<Record<string, TensorData>> {
  const names = new Set(plan.programs[program].inputs.map((input) => input.name));
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value !== undefined && names.has(name) ? [[name, value]] : [])),
  );
}

/** What the program `train` is handed. @param step counted from 0 over the whole run */
export function trainInputs(plan: Plan, batch: TrainingBatch, step: number, stepsPerEpoch: number): Readonly<Record<string, TensorData>> {
  const { training } = plan;
  if (training === undefined) throw new Error("the plan has no training step");
  const positions = Int32Array.from(batch.weights, (_, position) => position);
  return inputsOf(plan, "train", { ...batch, scalars: stepScalars(training, step, stepsPerEpoch), step: Int32Array.of(step), positions });
}
