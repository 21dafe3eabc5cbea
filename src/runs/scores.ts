/** @file How the outputs of a network become scores of classes, and how people are told of it. */

import type { Network } from "../compiler/network/network.ts";
import type { ScoreRule } from "../model/scores.ts";

/** For people: what the numbers are when they are no probabilities. */
export function scoreNote({ train }: Network): string {
  const { name, targets } = train.loss;
  if (name === "bce") return "scores are the sigmoids of the outputs, one class at a time";
  const [low, high] = name === "hinge" ? [-1, 1] : targets;
  return `scores are outputs, scaled from ${low}..${high} to 0..1: no probabilities`;
}

export function scoreRule({ train, nodes, output }: Network): ScoreRule {
  const last = nodes[output];
  const { name, targets } = train.loss;
  const whole = { low: 0, high: 1 };
  if (last.row.words === "softmax") return { kind: "none", ...whole, probabilities: true };
  if (name === "cross_entropy") return { kind: "softmax", ...whole, probabilities: true };
  if (name === "bce") return { kind: last.title === "sigmoid" ? "scale" : "sigmoid", ...whole, probabilities: false };
  const [low, high] = name === "hinge" ? [-1, 1] : targets;
  return { kind: "scale", low, high, probabilities: false };
}
