/** @file Building expressions: interning, and constructors that fold constants and identities. */

import { bug } from "../diagnostics/diagnostic.ts";
import type { Algebra, Call, Expr, ScalarName } from "./scalars.ts";
import { scalars } from "./scalars.ts";

// Nodes live as long as the process: a program has thousands of them at most, and interning makes equality `===`.
const constants = new Map<number, Expr>();
const variables = new Map<string, Expr>();
const calls = new Map<string, Call>();
const identities = new WeakMap<Expr, number>();
let identityCount = 0;

function registered<E extends Expr>(node: E): E {
  identities.set(node, identityCount++);
  return Object.freeze(node);
}

export function constant(value: number): Expr {
  const key = value === 0 ? 0 : value; // -0 is 0
  let node = constants.get(key);
  if (node === undefined) {
    node = registered({ kind: "constant", value: key });
    constants.set(key, node);
  }
  return node;
}

export function variable(name: string): Expr {
  let node = variables.get(name);
  if (node === undefined) {
    node = registered({ kind: "variable", name });
    variables.set(name, node);
  }
  return node;
}

function intern(fn: ScalarName, args: readonly Expr[]): Expr {
  const key = `${fn} ${args.map((arg) => identities.get(arg)).join(" ")}`;
  let node = calls.get(key);
  if (node === undefined) {
    node = registered({ kind: "call", fn, args: Object.freeze([...args]) });
    calls.set(key, node);
  }
  return node;
}

/**
 * Applies a scalar function. Constants fold in f64 unless the result is not finite; x + 0, x * 1, x * 0, -(-x) and the
 * like simplify. No rule depends on what was built before, so texts printed from expressions are reproducible.
 */
export function call(fn: ScalarName, ...args: Expr[]): Expr {
  const row = scalars[fn];
  if (args.length !== row.arity) bug(`\`${fn}\` takes ${row.arity} arguments and got ${args.length}`);
  if (args.every((arg) => arg.kind === "constant")) {
    const [a = 0, b = 0, c = 0] = args.map((arg) => (arg.kind === "constant" ? arg.value : 0));
    const value = row.evaluate(a, b, c);
    if (Number.isFinite(value)) return constant(value);
  }
  return simplifications[fn]?.(args) ?? intern(fn, args);
}

type Simplification = (args: readonly Expr[]) => Expr | undefined;

const simplifications: Partial<Record<ScalarName, Simplification>> = {
  add: ([a, b]) => {
    if (valueOf(a) === 0) return b;
    if (valueOf(b) === 0) return a;
    if (a.kind === "constant") return call("add", b, a);
    const [minusB] = argumentsOf("negate", b);
    if (minusB !== undefined) return call("subtract", a, minusB);
    const [minusA] = argumentsOf("negate", a);
    if (minusA !== undefined) return call("subtract", b, minusA);
    return isUnitCircle(a, b) ? constant(1) : undefined;
  },
  subtract: ([a, b]) => {
    if (a === b) return constant(0);
    if (valueOf(a) === 0) return call("negate", b);
    if (valueOf(b) === 0) return a;
    const [minusB] = argumentsOf("negate", b);
    return minusB !== undefined ? call("add", a, minusB) : undefined;
  },
  multiply: ([a, b]) => {
    if (b.kind === "constant" && a.kind !== "constant") return call("multiply", b, a);
    const [minusA] = argumentsOf("negate", a);
    const [minusB] = argumentsOf("negate", b);
    const factor = valueOf(a);
    if (factor === undefined) {
      if (minusA !== undefined) return call("negate", call("multiply", minusA, b));
      return minusB !== undefined ? call("negate", call("multiply", a, minusB)) : undefined;
    }
    if (factor === 0) return constant(0);
    if (factor === 1) return b;
    if (factor === -1) return call("negate", b);
    if (minusB !== undefined) return call("multiply", constant(-factor), minusB);
    const scaled = scaledBy(b);
    return scaled !== undefined ? call("multiply", constant(factor * scaled.factor), scaled.of) : undefined;
  },
  divide: ([a, b]) => {
    if (valueOf(a) === 0) return constant(0);
    if (valueOf(b) === 1) return a;
    if (valueOf(b) === -1) return call("negate", a);
    const [minusA] = argumentsOf("negate", a);
    return minusA !== undefined ? call("negate", call("divide", minusA, b)) : undefined;
  },
  negate: ([a]) => {
    const [inner] = argumentsOf("negate", a);
    if (inner !== undefined) return inner;
    const [left, right] = argumentsOf("subtract", a);
    if (left !== undefined && right !== undefined) return call("subtract", right, left);
    const scaled = scaledBy(a);
    return scaled !== undefined ? call("multiply", constant(-scaled.factor), scaled.of) : undefined;
  },
  min: ([a, b]) => (a === b ? a : undefined),
  max: ([a, b]) => (a === b ? a : undefined),
  greaterEqual: ([a, b]) => (a === b ? constant(1) : undefined),
  select: ([condition, a, b]) => {
    const value = valueOf(condition);
    if (value !== undefined) return value !== 0 ? a : b;
    return a === b ? a : undefined;
  },
};

function valueOf(e: Expr): number | undefined {
  return e.kind === "constant" ? e.value : undefined;
}

/** The arguments if `e` is a call of `fn`, else none. */
function argumentsOf(fn: ScalarName, e: Expr): readonly (Expr | undefined)[] {
  return e.kind === "call" && e.fn === fn ? e.args : [];
}

/** The parts of a constant times something; the constant is always the first factor. */
function scaledBy(e: Expr): { readonly factor: number; readonly of: Expr } | undefined {
  const [first, second] = argumentsOf("multiply", e);
  return first?.kind === "constant" && second !== undefined ? { factor: first.value, of: second } : undefined;
}

/** cos(x)^2 + sin(x)^2: the squared magnitude of `cis(x)`, which a division by it needs to know. */
function isUnitCircle(a: Expr, b: Expr): boolean {
  const [cosine, cosineAgain] = argumentsOf("multiply", a);
  const [sine, sineAgain] = argumentsOf("multiply", b);
  if (cosine === undefined || sine === undefined || cosine !== cosineAgain || sine !== sineAgain) return false;
  const [angle] = argumentsOf("cos", cosine);
  return angle !== undefined && angle === argumentsOf("sin", sine)[0];
}

export const algebra: Algebra = { constant, call };

export const add = (a: Expr, b: Expr): Expr => call("add", a, b);
export const subtract = (a: Expr, b: Expr): Expr => call("subtract", a, b);
export const multiply = (a: Expr, b: Expr): Expr => call("multiply", a, b);
export const divide = (a: Expr, b: Expr): Expr => call("divide", a, b);
export const negate = (a: Expr): Expr => call("negate", a);

/** base^n by repeated multiplication, n an integer; a negative n gives 1 / base^|n|. */
export function powerInteger(base: Expr, n: number): Expr {
  if (!Number.isInteger(n)) bug(`\`${n}\` is not an integer exponent`);
  if (n < 0) return divide(constant(1), powerInteger(base, -n));
  if (n === 0) return constant(1);
  if (n === 1) return base;
  const half = powerInteger(base, Math.floor(n / 2));
  const square = multiply(half, half);
  return n % 2 === 0 ? square : multiply(square, base);
}

/** Every node once, arguments before their users, in the order in which a reader meets them. */
export function topologicalOrder(roots: readonly Expr[]): readonly Expr[] {
  const order = new Set<Expr>();
  // A stack of its own, since a chain of expressions may be longer than the engine's.
  const open: { readonly node: Expr; next: number }[] = [];
  for (const root of roots) {
    open.push({ node: root, next: 0 });
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const { node } = top;
      if (!order.has(node) && node.kind === "call" && top.next < node.args.length) open.push({ node: node.args[top.next++], next: 0 });
      else {
        order.add(node);
        open.pop();
      }
    }
  }
  return [...order];
}
