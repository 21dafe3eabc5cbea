/** @file Prints scalar expressions as ONNX nodes, one for each call, over whole tensors. */

import type { Expr, ScalarName } from "../../compiler/expr/expr.ts";
import type { OnnxBuilder, Value } from "./builder.ts";
import { broadcastShape } from "./moves.ts";

/** Operators on tensors, which broadcast. */
class Algebra {
  readonly #builder: OnnxBuilder;

  constructor(builder: OnnxBuilder) {
    this.#builder = builder;
  }

  call(op: string, ...args: Value[]): Value {
    return this.#builder.node(op, args, broadcastShape(args.map(({ shape }) => shape)));
  }

  constant(value: number): Value {
    return this.#builder.scalar(value);
  }

  /** A truth value as 0 or 1. */
  number(condition: Value): Value {
    return this.#builder.node("Cast", [condition], condition.shape, { to: 1 });
  }
}

type Printer = (make: Algebra, a: Value, b: Value, c: Value) => Value;

const plain =
  (op: string): Printer =>
  (make, a) =>
    make.call(op, a);
const infix =
  (op: string): Printer =>
  (make, a, b) =>
    make.call(op, a, b);

/** The meanings are those of src/compiler/expr/scalars.ts, in f32. */
const printers: Readonly<Record<ScalarName, Printer>> = {
  add: infix("Add"),
  subtract: infix("Sub"),
  multiply: infix("Mul"),
  divide: infix("Div"),
  negate: plain("Neg"),
  exp: plain("Exp"),
  log: plain("Log"),
  sqrt: (make, a) => make.call("Sqrt", make.call("Max", a, make.constant(0))),
  abs: plain("Abs"),
  sign: plain("Sign"),
  sin: plain("Sin"),
  cos: plain("Cos"),
  // Beyond 10 it is 1 in f32.
  tanh: plain("Tanh"),
  sigmoid: plain("Sigmoid"),
  softplus: plain("Softplus"),
  min: infix("Min"),
  max: (make, a, b) => {
    const other = isZero(a) ? b : isZero(b) ? a : undefined;
    return other === undefined ? make.call("Max", a, b) : make.call("Relu", other);
  },
  clamp: (make, x, low, high) => make.call("Min", make.call("Max", x, low), high),
  step: (make, a) => make.number(make.call("GreaterOrEqual", a, make.constant(0))),
  hypot: (make, a, b) => make.call("Sqrt", make.call("Add", make.call("Mul", a, a), make.call("Mul", b, b))),
  atan2: (make, y, x) => {
    const zero = make.constant(0);
    const [up, right] = [make.call("GreaterOrEqual", y, zero), make.call("Equal", x, zero)];
    const turn = make.call("Where", up, make.constant(Math.PI), make.constant(-Math.PI));
    const slope = make.call("Atan", make.call("Div", y, make.call("Where", right, make.constant(1), x)));
    const sides = make.call("Where", make.call("Less", x, zero), make.call("Add", slope, turn), slope);
    return make.call("Where", right, make.call("Mul", make.call("Sign", y), make.constant(Math.PI / 2)), sides);
  },
  power: (make, a, b) => {
    const zero = make.constant(0);
    const positive = make.call("Greater", a, zero);
    return make.call("Where", positive, make.call("Pow", make.call("Where", positive, a, make.constant(1)), b), zero);
  },
  greaterEqual: (make, a, b) => make.number(make.call("GreaterOrEqual", a, b)),
  select: (make, condition, a, b) => make.call("Where", make.call("Equal", condition, make.constant(0)), b, a),
};

function isZero({ constant, shape }: Value): boolean {
  return shape.length === 0 && constant?.[0] === 0;
}

/** One value for each expression, of the shape to which its variables broadcast. */
export function exprNodes(builder: OnnxBuilder, exprs: readonly Expr[], variable: (name: string) => Value): readonly Value[] {
  const make = new Algebra(builder);
  const values = new Map<Expr, Value>();
  // On demand: a comparison that only chooses is never made a number.
  const valueOf = (node: Expr): Value => {
    const value = values.get(node) ?? print(node);
    values.set(node, value);
    return value;
  };
  const print = (node: Expr): Value => {
    if (node.kind === "constant") return make.constant(node.value);
    if (node.kind === "variable") return variable(node.name);
    const [condition, ...choices] = node.args;
    if (node.fn === "select" && condition.kind === "call" && condition.fn === "greaterEqual") {
      return make.call("Where", make.call("GreaterOrEqual", ...condition.args.map(valueOf)), ...choices.map(valueOf));
    }
    const [a, b = a, c = a] = node.args.map(valueOf);
    return printers[node.fn](make, a, b, c);
  };
  return exprs.map(valueOf);
}
