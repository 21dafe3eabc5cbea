/** @file What the outputs of a network say about the classes. */

import type { Network } from "../compiler/network.ts";

export interface Scores {
  /** One for each class, 0 to 1. */
  readonly values: readonly number[];
  /** They add up to 1 and were trained as probabilities. */
  readonly probabilities: boolean;
}

/** For people: what the numbers are when they are no probabilities. */
export function scoreNote({ train }: Network): string {
  const { name, targets } = train.loss;
  if (name === "bce") return "scores are the sigmoids of the outputs, one class at a time";
  const [low, high] = name === "hinge" ? [-1, 1] : targets;
  return `scores are outputs, scaled from ${low}..${high} to 0..1: no probabilities`;
}

/** @param outputs of one image, after the head's activation */
export function scoresOf({ train, nodes, output }: Network, outputs: readonly number[]): Scores {
  const last = nodes[output];
  const { name, targets } = train.loss;
  if (last.row.words === "softmax") return { values: outputs, probabilities: true };
  if (name === "cross_entropy") return { values: softmax(outputs), probabilities: true };
  const sigmoids = name === "bce" && last.title !== "sigmoid";
  const [low, high] = name === "bce" ? [0, 1] : name === "hinge" ? [-1, 1] : targets;
  const scaled = outputs.map((value) => (sigmoids ? 1 / (1 + Math.exp(-value)) : Math.min(1, Math.max(0, (value - low) / (high - low)))));
  // One output is the score of the second of two classes.
  return { values: scaled.length === 1 ? [1 - scaled[0], scaled[0]] : scaled, probabilities: false };
}

function softmax(values: readonly number[]): readonly number[] {
  const largest = Math.max(...values);
  const powers = values.map((value) => Math.exp(value - largest));
  const sum = powers.reduce((total, power) => total + power, 0);
  return powers.map((power) => power / sum);
}
