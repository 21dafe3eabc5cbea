/** @file The table of losses (docs/numerics.md#losses). */

import { bug } from "../diagnostics/diagnostic.ts";
import type { Expr } from "../expr/expr.ts";
import { call, constant, multiply, subtract, variable } from "../expr/expr.ts";
import type { Option } from "./schema.ts";
import { interval, option } from "./schema.ts";

export interface LossRow {
  readonly name: string;
  readonly about: string;
  readonly options: readonly Option[];
  /** The targets of a wrong and of the right class; `targets` of `mse` replaces them. */
  readonly targets: readonly [number, number];
  /**
   * The loss of one output in terms of `y` (the output, or what stands before the activation that `logitsOf` names) and
   * `t` (the target); a batch's loss is the mean over images and outputs. `cross entropy` takes a whole row of outputs: the
   * mean over images of logsumexp(z) - z[label].
   */
  readonly value: Expr | "cross entropy";
  /** When this is the last activation, the loss takes what stands before it, and the two are one: never log(0). */
  readonly logitsOf?: "softmax" | "sigmoid";
}

const y = variable("y");
const t = variable("t");
const zero = constant(0);
const one = constant(1);

const mse: LossRow = {
  name: "mse",
  about: "mean squared difference from the one-hot target",
  options: [option<readonly [number, number]>("targets", interval, [0, 1], "0..1")],
  targets: [0, 1],
  value: multiply(subtract(y, t), subtract(y, t)),
};

const crossEntropy: LossRow = {
  name: "cross_entropy",
  about: "minus the log of the probability of the right class",
  options: [],
  targets: [0, 1],
  value: "cross entropy",
  logitsOf: "softmax",
};

const bce: LossRow = {
  name: "bce",
  about: "each output is a yes or no of its own",
  options: [],
  targets: [0, 1],
  // max(z, 0) - z t + log(1 + exp(-|z|)) is softplus(z) - z t, finite for every z.
  value: subtract(call("softplus", y), multiply(y, t)),
  logitsOf: "sigmoid",
};

const hinge: LossRow = {
  name: "hinge",
  about: "zero once every output has the right sign by a margin of 1",
  options: [],
  targets: [-1, 1],
  value: call("max", zero, subtract(one, multiply(t, y))),
};

export const losses: readonly LossRow[] = [mse, crossEntropy, bce, hinge];

/** The row of a loss that a network has. */
export function lossRow(name: string): LossRow {
  return losses.find((row) => row.name === name) ?? bug(`no loss ${name}`);
}

/** The default loss of a network whose last activation has this name (grammar/reference.md#training). */
export function defaultLoss(lastActivation: string | undefined): LossRow {
  return losses.find(({ logitsOf }) => logitsOf !== undefined && logitsOf === lastActivation) ?? mse;
}
