/** @file What the outputs of a network say about the classes. */

export interface ScoreRule {
  /** `softmax`, `sigmoid`: of each output; `scale`: from `low`..`high` to 0..1, cut there; `none`: as it is. */
  readonly kind: "none" | "softmax" | "sigmoid" | "scale";
  readonly low: number;
  readonly high: number;
  /** They add up to 1 and were trained as probabilities. */
  readonly probabilities: boolean;
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
