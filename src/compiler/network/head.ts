/** @file What the end of a network means: to the loss, for the predicted class, and for the scores of classes. */

import type { ScoreRule } from "../../plan/outputs.ts";
import type { LossRow } from "../words/losses.ts";
import { lossRow } from "../words/losses.ts";
import type { Network, NetworkNode } from "./network.ts";

export interface Head {
  /** What gives the outputs. */
  readonly result: NetworkNode;
  /** The last dense layer that the result comes from, whatever follows it. */
  readonly dense: NetworkNode | undefined;
  /** The name of the activation that ends the network, if one does. */
  readonly activation: string | undefined;
  readonly loss: LossRow;
  /** What stands in front of the activation, where activation and loss are one and the loss takes this. */
  readonly logits: NetworkNode | undefined;
  /** The activation, where its slope can vanish because the loss does not take what stands in front of it. */
  readonly saturating: "tanh" | "sigmoid" | null;
  /** With one output: the class is 1 above this value (docs/numerics.md#metrics). */
  readonly threshold: number;
  readonly scores: ScoreRule;
}

/** Whether the network ends in a vector: losses, metrics and scores are defined for nothing else (docs/numerics.md#losses). */
export function hasLoss(network: Pick<Network, "nodes" | "output">): boolean {
  return network.nodes[network.output].type.domain === "vector";
}

/** The name of the activation that a layer is. */
export function activationOf({ row, settings }: NetworkNode): string | undefined {
  return row.activation?.(settings);
}

export function headOf(network: Pick<Network, "nodes" | "output" | "train">): Head {
  const { nodes, output, train } = network;
  const result = nodes[output];
  const activation = activationOf(result);
  const loss = lossRow(train.loss.name);
  const fused = activation !== undefined && activation === loss.logitsOf && hasLoss(network);
  const bounded = activation === "tanh" || activation === "sigmoid" ? activation : null;
  return {
    result,
    dense: lastDense(network),
    activation,
    loss,
    logits: fused ? nodes[result.inputs[0]] : undefined,
    saturating: loss.logitsOf === undefined ? bounded : null,
    threshold: thresholdOf(train.loss, activation),
    scores: scoreRule(loss, train.loss.targets, activation),
  };
}

function lastDense({ nodes, output }: Pick<Network, "nodes" | "output">): NetworkNode | undefined {
  let node: NetworkNode | undefined = nodes[output];
  while (node !== undefined && node.row.part !== "head" && node.inputs.length === 1) node = nodes[node.inputs[0]];
  return node?.row.part === "head" ? node : undefined;
}

/** Half way between the classes: 0.5 after a sigmoid and for targets 0..1, else 0. */
function thresholdOf({ name, targets }: Network["train"]["loss"], activation: string | undefined): number {
  if (name === "mse") return (targets[0] + targets[1]) / 2;
  return activation === "sigmoid" ? 0.5 : 0;
}

function scoreRule({ logitsOf }: LossRow, [low, high]: readonly [number, number], activation: string | undefined): ScoreRule {
  const whole = { low: 0, high: 1 };
  if (activation === "softmax") return { kind: "none", ...whole, probabilities: true };
  // The loss saw to the activation that the network does not have.
  if (logitsOf !== undefined && logitsOf !== activation) return { kind: logitsOf, ...whole, probabilities: logitsOf === "softmax" };
  return { kind: "scale", low, high, probabilities: false };
}

/** For people: what scores are that are no probabilities. */
export function scoreNote({ train }: Pick<Network, "train">): string {
  const [low, high] = train.loss.targets;
  return lossRow(train.loss.name).logitsOf === "sigmoid"
    ? "scores are the sigmoids of the outputs, one class at a time"
    : `scores are outputs, scaled from ${low}..${high} to 0..1: no probabilities`;
}
