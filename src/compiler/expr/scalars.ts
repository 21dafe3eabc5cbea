/** @file The scalar functions: one row per function says how it evaluates, differentiates, prints as WGSL and maps intervals. */

import type { Interval } from "./interval-arithmetic.ts";
import {
  absoluteInterval,
  cosineInterval,
  divideIntervals,
  increasing,
  multiplyIntervals,
  negateInterval,
  span,
  truth,
} from "./interval-arithmetic.ts";

/** A real-valued expression. Nodes are interned (expr-build.ts), so structural equality is `===`. */
export type Expr = Constant | Variable | Call;

interface Constant {
  readonly kind: "constant";
  readonly value: number;
}

interface Variable {
  readonly kind: "variable";
  readonly name: string;
}

export interface Call {
  readonly kind: "call";
  readonly fn: ScalarName;
  readonly args: readonly Expr[];
}

export type ScalarName =
  | "add"
  | "subtract"
  | "multiply"
  | "divide"
  | "negate"
  | "exp"
  | "log"
  | "sqrt"
  | "abs"
  | "sign"
  | "sin"
  | "cos"
  | "tanh"
  | "sigmoid"
  | "softplus"
  | "min"
  | "max"
  | "clamp"
  | "step"
  | "hypot"
  | "atan2"
  | "power"
  | "greaterEqual"
  | "select";

/** What a derivative is built with. Handed in, so that rows need not import the constructors that fold by them. */
export interface Algebra {
  readonly constant: (value: number) => Expr;
  readonly call: (fn: ScalarName, ...args: Expr[]) => Expr;
}

export interface ScalarRow {
  readonly arity: 1 | 2 | 3;
  /** Formulas of the language call it by its name; the order of these rows is that of grammar/reference.md#formulas. */
  readonly inFormulas?: true;
  /** Scalar operations, for fusion and caching; a transcendental counts about ten. */
  readonly cost: number;
  /** In f64. Unused arguments are ignored. */
  readonly evaluate: (a: number, b: number, c: number) => number;
  /** The derivative of `self = fn(args)`, given those of the arguments. Subgradients: docs/numerics.md#kinks. */
  readonly differentiate: (make: Algebra, args: readonly Expr[], slopes: readonly Expr[], self: Expr) => Expr;
  readonly wgsl: (a: string, b: string, c: string) => string;
  /** The WGSL mentions an argument more than once, so the printer names it first. */
  readonly repeats?: true;
  /** An enclosure of the values; ignores that arguments may depend on each other. */
  readonly interval: (a: Interval, b: Interval, c: Interval) => Interval;
}

/** The smallest normal f32: what lies below counts as zero on a device. */
export const smallestNormal = 1.1754943508222875e-38;

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

/** WGSL: the argument brought to -pi..pi; 2 pi in two parts, the first with few bits, so that k times it is exact. */
function reducedAngle(a: string): string {
  const turns = `round(${a} * 0.15915494309189535)`;
  return `((${a} - 6.28125 * ${turns}) - 0.0019353071795864769 * ${turns})`;
}

/** Shorthand for the derivatives below. */
function infix(make: Algebra): {
  readonly plus: (a: Expr, b: Expr) => Expr;
  readonly minus: (a: Expr, b: Expr) => Expr;
  readonly times: (a: Expr, b: Expr) => Expr;
  readonly over: (a: Expr, b: Expr) => Expr;
  /** `value` where `magnitude` is not (nearly) 0, else 0; `value` is built on the guarded magnitude and stays finite. */
  readonly awayFromZero: (magnitude: Expr, value: (guarded: Expr) => Expr) => Expr;
} {
  const tiny = make.constant(1e-30);
  return {
    plus: (a, b) => make.call("add", a, b),
    minus: (a, b) => make.call("subtract", a, b),
    times: (a, b) => make.call("multiply", a, b),
    over: (a, b) => make.call("divide", a, b),
    awayFromZero: (magnitude, value) =>
      make.call("select", make.call("greaterEqual", magnitude, tiny), value(make.call("max", magnitude, tiny)), make.constant(0)),
  };
}

/** @param isFirst whether the first argument is taken */
function extreme(name: "min" | "max", isFirst: (make: Algebra, a: Expr, b: Expr) => Expr): ScalarRow {
  const of = Math[name];
  return {
    arity: 2,
    inFormulas: true,
    cost: 1,
    evaluate: (a, b) => of(a, b),
    differentiate: (make, [a, b], [da, db]) => make.call("select", isFirst(make, a, b), da, db),
    wgsl: (a, b) => `${name}(${a}, ${b})`,
    interval: (a, b) => span(of(a.low, b.low), of(a.high, b.high)),
  };
}

export const scalars: Readonly<Record<ScalarName, ScalarRow>> = {
  add: {
    arity: 2,
    cost: 1,
    evaluate: (a, b) => a + b,
    differentiate: (make, _, [da, db]) => make.call("add", da, db),
    wgsl: (a, b) => `(${a} + ${b})`,
    interval: (a, b) => span(a.low + b.low, a.high + b.high),
  },
  subtract: {
    arity: 2,
    cost: 1,
    evaluate: (a, b) => a - b,
    differentiate: (make, _, [da, db]) => make.call("subtract", da, db),
    wgsl: (a, b) => `(${a} - ${b})`,
    interval: (a, b) => span(a.low - b.high, a.high - b.low),
  },
  multiply: {
    arity: 2,
    cost: 1,
    evaluate: (a, b) => a * b,
    differentiate: (make, [a, b], [da, db]) => {
      const { plus, times } = infix(make);
      // 2 a a', not a a' + a a': squares are the commonest product in a filter.
      return a === b ? times(make.constant(2), times(a, da)) : plus(times(da, b), times(a, db));
    },
    wgsl: (a, b) => `(${a} * ${b})`,
    interval: multiplyIntervals,
  },
  divide: {
    arity: 2,
    cost: 4,
    evaluate: (a, b) => a / b,
    differentiate: (make, [, b], [da, db], self) => {
      const { minus, times, over } = infix(make);
      return over(minus(da, times(self, db)), b);
    },
    wgsl: (a, b) => `(${a} / ${b})`,
    interval: divideIntervals,
  },
  negate: {
    arity: 1,
    cost: 1,
    evaluate: (a) => -a,
    differentiate: (make, _, [da]) => make.call("negate", da),
    wgsl: (a) => `(-${a})`,
    interval: negateInterval,
  },
  exp: {
    arity: 1,
    inFormulas: true,
    cost: 10,
    evaluate: (a) => Math.exp(a),
    differentiate: (make, _, [da], self) => make.call("multiply", self, da),
    wgsl: (a) => `exp(${a})`,
    interval: increasing(Math.exp),
  },
  log: {
    arity: 1,
    inFormulas: true,
    cost: 10,
    evaluate: (a) => Math.log(a),
    differentiate: (make, [a], [da]) => make.call("divide", da, a),
    wgsl: (a) => `log(${a})`,
    interval: increasing((x) => Math.log(Math.max(x, 0))),
  },
  sqrt: {
    arity: 1,
    inFormulas: true,
    cost: 4,
    // Rounding may bring an argument that is never negative just below zero.
    evaluate: (a) => Math.sqrt(Math.max(a, 0)),
    differentiate: (make, _, [da], self) => {
      const { times, over, awayFromZero } = infix(make);
      return awayFromZero(self, (root) => over(times(make.constant(0.5), da), root));
    },
    wgsl: (a) => `sqrt(max(${a}, 0.0))`,
    interval: increasing((x) => Math.sqrt(Math.max(x, 0))),
  },
  abs: {
    arity: 1,
    inFormulas: true,
    cost: 1,
    evaluate: (a) => Math.abs(a),
    differentiate: (make, [a], [da]) => make.call("multiply", make.call("sign", a), da),
    wgsl: (a) => `abs(${a})`,
    interval: absoluteInterval,
  },
  sign: {
    arity: 1,
    inFormulas: true,
    cost: 1,
    evaluate: (a) => Math.sign(a),
    differentiate: (make) => make.constant(0),
    wgsl: (a) => `sign(${a})`,
    interval: increasing(Math.sign),
  },
  sin: {
    arity: 1,
    inFormulas: true,
    cost: 16,
    evaluate: (a) => Math.sin(a),
    differentiate: (make, [a], [da]) => make.call("multiply", make.call("cos", a), da),
    wgsl: (a) => `sin(${reducedAngle(a)})`,
    repeats: true,
    interval: (a) => (a.low === a.high ? increasing(Math.sin)(a) : cosineInterval(a, Math.PI / 2)),
  },
  cos: {
    arity: 1,
    inFormulas: true,
    cost: 16,
    evaluate: (a) => Math.cos(a),
    differentiate: (make, [a], [da]) => make.call("negate", make.call("multiply", make.call("sin", a), da)),
    wgsl: (a) => `cos(${reducedAngle(a)})`,
    repeats: true,
    interval: (a) => cosineInterval(a, 0),
  },
  tanh: {
    arity: 1,
    inFormulas: true,
    cost: 12,
    // Clamped alike everywhere, because some devices overflow inside tanh (docs/numerics.md#activations).
    evaluate: (a) => Math.tanh(Math.min(Math.max(a, -10), 10)),
    // 1 - tanh(10)^2 is small but not 0: without the clamp's own slope gelu would multiply it by a large cube.
    differentiate: (make, [a], [da], self) => {
      const { minus, times } = infix(make);
      const inside = make.call("greaterEqual", make.constant(10), make.call("abs", a));
      return times(times(inside, minus(make.constant(1), times(self, self))), da);
    },
    wgsl: (a) => `tanh(clamp(${a}, -10.0, 10.0))`,
    interval: increasing(Math.tanh),
  },
  sigmoid: {
    arity: 1,
    inFormulas: true,
    cost: 14,
    evaluate: logistic,
    differentiate: (make, _, [da], self) => {
      const { minus, times } = infix(make);
      return times(times(self, minus(make.constant(1), self)), da);
    },
    wgsl: (a) => `(1.0 / (1.0 + exp(-clamp(${a}, -80.0, 80.0))))`,
    interval: increasing(logistic),
  },
  softplus: {
    arity: 1,
    cost: 22,
    evaluate: (a) => Math.max(a, 0) + Math.log1p(Math.exp(-Math.abs(a))),
    differentiate: (make, [a], [da]) => make.call("multiply", make.call("sigmoid", a), da),
    wgsl: (a) => `(max(${a}, 0.0) + log(1.0 + exp(-abs(${a}))))`,
    repeats: true,
    interval: increasing((x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  },
  min: extreme("min", (make, a, b) => make.call("greaterEqual", b, a)),
  max: extreme("max", (make, a, b) => make.call("greaterEqual", a, b)),
  clamp: {
    arity: 3,
    inFormulas: true,
    cost: 2,
    evaluate: (x, low, high) => Math.min(Math.max(x, low), high),
    differentiate: (make, [x, low, high], [dx, dlow, dhigh]) =>
      make.call("select", make.call("greaterEqual", x, low), make.call("select", make.call("greaterEqual", high, x), dx, dhigh), dlow),
    // WGSL's own clamp refuses constant bounds in the wrong order.
    wgsl: (x, low, high) => `min(max(${x}, ${low}), ${high})`,
    interval: (x, low, high) => span(Math.min(Math.max(x.low, low.low), high.low), Math.min(Math.max(x.high, low.high), high.high)),
  },
  step: {
    arity: 1,
    inFormulas: true,
    cost: 1,
    evaluate: (a) => (a >= 0 ? 1 : 0),
    differentiate: (make) => make.constant(0),
    wgsl: (a) => `select(0.0, 1.0, ${a} >= 0.0)`,
    interval: (a) => truth(a.low >= 0, a.high < 0),
  },
  hypot: {
    arity: 2,
    inFormulas: true,
    cost: 6,
    evaluate: (a, b) => Math.hypot(a, b),
    differentiate: (make, [a, b], [da, db], self) => {
      const { plus, times, over, awayFromZero } = infix(make);
      return awayFromZero(self, (length) => over(plus(times(a, da), times(b, db)), length));
    },
    wgsl: (a, b) => `sqrt(${a} * ${a} + ${b} * ${b})`,
    repeats: true,
    interval: (a, b) => {
      const [x, y] = [absoluteInterval(a), absoluteInterval(b)];
      return span(Math.hypot(x.low, y.low), Math.hypot(x.high, y.high));
    },
  },
  atan2: {
    arity: 2,
    cost: 20,
    evaluate: (y, x) => (y === 0 && x === 0 ? 0 : Math.atan2(y, x)),
    differentiate: (make, [y, x], [dy, dx]) => {
      const { plus, minus, times, over, awayFromZero } = infix(make);
      return awayFromZero(plus(times(x, x), times(y, y)), (square) => over(minus(times(x, dy), times(y, dx)), square));
    },
    wgsl: (y, x) => `atan2(${y}, select(${x}, 1.0, ${y} == 0.0 && ${x} == 0.0))`,
    repeats: true,
    interval: (y, x) => {
      if (x.low < 0) return span(-Math.PI, Math.PI);
      if (x.low > 0) {
        const corners = [Math.atan2(y.low, x.low), Math.atan2(y.low, x.high), Math.atan2(y.high, x.low), Math.atan2(y.high, x.high)];
        return span(Math.min(...corners), Math.max(...corners));
      }
      return span(y.low >= 0 ? 0 : -Math.PI / 2, y.high <= 0 ? 0 : Math.PI / 2);
    },
  },
  power: {
    arity: 2,
    cost: 20,
    // Formulas admit positive bases only (docs/numerics.md#kinks); the rest is defined so that no backend makes a NaN.
    evaluate: (a, b) => (a > 0 ? a ** b : 0),
    differentiate: (make, [a, b], [da, db], self) => {
      const { plus, times, over, awayFromZero } = infix(make);
      return awayFromZero(a, (base) => times(self, plus(times(make.call("log", base), db), over(times(b, da), base))));
    },
    wgsl: (a, b) => `select(pow(max(${a}, 1.1754944e-38), ${b}), 0.0, ${a} <= 0.0)`,
    repeats: true,
    interval: (a, b) => {
      const base = { low: Math.max(a.low, 0), high: Math.max(a.high, 0) };
      const corner = (x: number, y: number): number => (x === 0 && y < 0 ? Infinity : x === 1 || y === 0 ? 1 : x ** y);
      const corners = [corner(base.low, b.low), corner(base.low, b.high), corner(base.high, b.low), corner(base.high, b.high)];
      return span(a.low <= 0 ? 0 : Math.min(...corners), Math.max(...corners));
    },
  },
  greaterEqual: {
    arity: 2,
    cost: 1,
    evaluate: (a, b) => (a >= b ? 1 : 0),
    differentiate: (make) => make.constant(0),
    wgsl: (a, b) => `select(0.0, 1.0, ${a} >= ${b})`,
    interval: (a, b) => truth(a.low >= b.high, a.high < b.low),
  },
  select: {
    arity: 3,
    cost: 1,
    evaluate: (condition, a, b) => (condition !== 0 ? a : b),
    differentiate: (make, [condition], [, da, db]) => make.call("select", condition, da, db),
    wgsl: (condition, a, b) => `select(${b}, ${a}, ${condition} != 0.0)`,
    interval: (condition, a, b) => {
      if (condition.low > 0 || condition.high < 0) return a;
      if (condition.low === 0 && condition.high === 0) return b;
      return span(Math.min(a.low, b.low), Math.max(a.high, b.high));
    },
  },
};
