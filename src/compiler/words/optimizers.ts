/** @file The table of optimizers: options, state and update of each, as formulas (docs/numerics.md#optimizers). */

import type { StepScalar } from "../../plan/plan.ts";
import type { Expr } from "../expr/expr.ts";
import { add, call, constant, divide, multiply, subtract, variable } from "../expr/expr.ts";
import type { Form, Option } from "./schema.ts";
import { bareWord, choice, numberFromZero, option, positiveNumber, rate, toggle, wrongValue } from "./schema.ts";

/** An optimizer's own options after defaults, without `lr`, `decay` and `clip`. */
type OptimizerOptions = Readonly<Record<string, number | string | boolean>>;

/**
 * One step for one number, in terms of the variables `p` (the parameter), `g` (its gradient, clipped), `s0`, `s1` (state,
 * from 0), `lr` (scheduled), `c1`, `c2` (the corrections, in the order of `scalars`) and `wd` (decay, 0 where none applies).
 */
interface OptimizerUpdate {
  readonly p: Expr;
  readonly states: readonly Expr[];
}

export interface OptimizerRow {
  readonly name: string;
  readonly about: string;
  readonly options: readonly Option[];
  /** Numbers kept for each parameter. */
  readonly stateCount: (options: OptimizerOptions) => number;
  /** What changes from step to step, computed by the host in f64. */
  readonly scalars: (options: OptimizerOptions) => readonly StepScalar[];
  readonly update: (options: OptimizerOptions) => OptimizerUpdate;
  /** One step moves every weight by about lr, whatever the gradient's size. */
  readonly adaptive: boolean;
}

/** `decay: 0.01`, or `decay: all 0.01` for every trained number. */
export interface Decay {
  readonly amount: number;
  readonly all: boolean;
}

const decayForm: Form<Decay> = {
  text: "a number | all a number",
  words: ["all"],
  read: (value, name, context) => {
    const amount = value.kind === "phrase" && value.name.text === "all" && value.record === undefined ? value.atoms : undefined;
    const only = amount?.[0];
    if (only?.kind === "amount" && amount?.length === 1) {
      const number = numberFromZero.read({ ...only, kind: "range" }, name, context);
      return number === undefined ? undefined : { amount: number, all: true };
    }
    if (amount !== undefined) {
      context.report(wrongValue(value, name, [], "`all` and a number, such as `all 0.01`"));
      return undefined;
    }
    const number = numberFromZero.read(value, name, context);
    return number === undefined ? undefined : { amount: number, all: false };
  },
};

/** `off` is null. */
const clipForm: Form<number | null> = {
  text: "off | a positive number",
  words: ["off"],
  read: (value, name, context) => {
    if (bareWord(value) === "off") return null;
    if (value.kind === "range") return positiveNumber.read(value, name, context);
    context.report(wrongValue(value, name, ["off"], "`off` or a positive number"));
    return undefined;
  },
};

function general(decay: number): readonly Option[] {
  return [
    option<Decay>("decay", decayForm, { amount: decay, all: false }, String(decay)),
    option<number | null>("clip", clipForm, null, "off"),
  ];
}

const p = variable("p");
const g = variable("g");
const s0 = variable("s0");
const s1 = variable("s1");
const lr = variable("lr");
const c1 = variable("c1");
const c2 = variable("c2");
const wd = variable("wd");

function numeric(options: OptimizerOptions, name: string): number {
  return Number(options[name]);
}

function sgdUpdate(options: OptimizerOptions): OptimizerUpdate {
  const gradient = add(g, multiply(wd, p));
  const momentum = numeric(options, "momentum");
  if (momentum === 0) return { p: subtract(p, multiply(lr, gradient)), states: [] };
  const mu = constant(momentum);
  const velocity = add(multiply(mu, s0), gradient);
  const direction = options["nesterov"] === true ? add(gradient, multiply(mu, velocity)) : velocity;
  return { p: subtract(p, multiply(lr, direction)), states: [velocity] };
}

/** m <- b m + (1 - b) x. */
function average(state: Expr, beta: number, x: Expr): Expr {
  return add(multiply(constant(beta), state), multiply(constant(1 - beta), x));
}

function adamStep(options: OptimizerOptions, from: Expr, gradient: Expr): OptimizerUpdate {
  const m = average(s0, numeric(options, "beta1"), gradient);
  const s = average(s1, numeric(options, "beta2"), multiply(gradient, gradient));
  const eps = constant(numeric(options, "eps"));
  const step =
    options["form"] === "keras"
      ? divide(multiply(divide(call("sqrt", c2), c1), m), add(call("sqrt", s), eps))
      : divide(divide(m, c1), add(call("sqrt", divide(s, c2)), eps));
  return { p: subtract(from, multiply(lr, step)), states: [m, s] };
}

function adamScalars(options: OptimizerOptions): readonly StepScalar[] {
  return [{ kind: "lr" }, { kind: "correction", base: numeric(options, "beta1") }, { kind: "correction", base: numeric(options, "beta2") }];
}

function adamOptions(decay: number): readonly Option[] {
  return [
    option("lr", positiveNumber, 0.001),
    option("beta1", rate, 0.9),
    option("beta2", rate, 0.999),
    option("eps", positiveNumber, 1e-8),
    choice("form", ["standard", "keras"]),
    ...general(decay),
  ];
}

const sgd: OptimizerRow = {
  name: "sgd",
  about: "gradient descent, with momentum or without",
  options: [option("lr", positiveNumber, 0.01), option("momentum", rate, 0), toggle("nesterov", false), ...general(0)],
  stateCount: (options) => (numeric(options, "momentum") === 0 ? 0 : 1),
  scalars: () => [{ kind: "lr" }],
  update: sgdUpdate,
  adaptive: false,
};

const adam: OptimizerRow = {
  name: "adam",
  about: "steps scaled by running means of the gradient and of its square",
  options: adamOptions(0),
  stateCount: () => 2,
  scalars: adamScalars,
  update: (options) => adamStep(options, p, add(g, multiply(wd, p))),
  adaptive: true,
};

const adamw: OptimizerRow = {
  name: "adamw",
  about: "adam with weight decay apart from the gradient",
  options: adamOptions(0.01),
  stateCount: () => 2,
  scalars: adamScalars,
  update: (options) => adamStep(options, subtract(p, multiply(multiply(lr, wd), p)), g),
  adaptive: true,
};

/** The first is the default. */
export const optimizers: readonly OptimizerRow[] = [adam, sgd, adamw];
