/** @file Random numbers in the shapes of a batch: what programs are timed on where no data are at hand. */

import type { Plan } from "../plan/plan.ts";
import { augmentedBatch, augmentRule } from "../runtime/augment.ts";
import type { TensorData } from "../runtime/executor.ts";
import { valueLine } from "../runtime/pixels.ts";
import { inputsOf, trainInputs } from "../runtime/programs.ts";
import { draw, rootKey, streamKey, streamTag } from "../runtime/random.ts";

/** Images of zero mean, labels in turn. A training step on them moves no weight: its learning rate is 0. */
export function sampleInputs(plan: Plan, program: string): Readonly<Record<string, TensorData>> {
  const { batch, height, width, channels, outputs } = plan.input;
  const stream = streamKey(rootKey(0), streamTag.noise, 0);
  const images = new Float32Array(batch * channels * height * width);
  // Two numbers a draw.
  for (let i = 0; i < images.length; i += 2) {
    const [first, second] = draw(stream, i / 2);
    images[i] = first / 2 ** 31 - 1;
    if (i + 1 < images.length) images[i + 1] = second / 2 ** 31 - 1;
  }
  const labels = Int32Array.from({ length: batch }, (_, i) => i % Math.max(2, outputs));
  const sample = { images, labels, weights: new Float32Array(batch).fill(1 / batch), ...augmentedSample(plan, images, labels) };
  if (program !== "train" || plan.training === undefined) return inputsOf(plan, program, sample);
  const inputs = trainInputs(plan, sample, 0, 1);
  const scalars = inputs["scalars"].map((value, i) => (plan.training?.scalars[i].kind === "lr" ? 0 : value));
  return { ...inputs, scalars };
}

/** The same numbers as bytes, moved and changed like the images of a first epoch. */
function augmentedSample(plan: Plan, images: Float32Array, labels: Int32Array): Readonly<Record<string, TensorData | undefined>> {
  const rule = augmentRule(plan);
  if (rule === undefined) return {};
  const size = images.length / labels.length;
  const bytes = (image: number): Uint8Array =>
    Uint8Array.from(images.subarray(image * size, (image + 1) * size), (value) => 127.5 * (value + 1));
  return { ...augmentedBatch(rule, { bytes, samples: labels.map((_, image) => image) }, labels, valueLine(plan.input), 0) };
}
