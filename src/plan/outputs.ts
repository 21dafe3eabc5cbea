/** @file What the outputs of a network say about classes: the predicted one, and a score of each. */

import type { PlanInput } from "./plan.ts";

/** How outputs become scores; part of compiled modules and of exported files. */
export interface ScoreRule {
  /** `softmax`, `sigmoid`: of each output; `scale`: from `low`..`high` to 0..1, cut there; `none`: as it is. */
  readonly kind: "none" | "softmax" | "sigmoid" | "scale";
  readonly low: number;
  readonly high: number;
  /** They add up to 1 and were trained as probabilities. */
  readonly probabilities: boolean;
}

/** The class of one row of outputs: the largest, ties to the lowest index; with one output, whether it is above the threshold. */
export function predictedClass(outputs: ArrayLike<number>, first: number, input: Pick<PlanInput, "outputs" | "threshold">): number {
  if (input.outputs === 1) return outputs[first] > input.threshold ? 1 : 0;
  let best = 0;
  for (let o = 1; o < input.outputs; o++) if (outputs[first + o] > outputs[first + best]) best = o;
  return best;
}

/** One for each class, 0 to 1. @param outputs of one image, after the head's activation */
export function scoresOf({ kind, low, high }: ScoreRule, outputs: readonly number[]): readonly number[] {
  if (kind === "none") return outputs;
  if (kind === "softmax") return softmax(outputs);
  const scaled = outputs.map((value) =>
    kind === "sigmoid" ? 1 / (1 + Math.exp(-value)) : Math.min(1, Math.max(0, (value - low) / (high - low))),
  );
  // One output is the score of the second of two classes.
  return scaled.length === 1 ? [1 - scaled[0], scaled[0]] : scaled;
}

function softmax(values: readonly number[]): readonly number[] {
  const largest = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}

/** The classes by their scores; the predicted one comes first, as ties of scores do not decide it. */
export function classesByScore(scores: readonly number[], predicted: number): readonly number[] {
  return [...scores.keys()].sort((a, b) => Number(b === predicted) - Number(a === predicted) || scores[b] - scores[a]);
}
