/** @file Prints expressions as WGSL: f32, shared and deep nodes as `let`. */

import { bug } from "../diagnostics/diagnostic.ts";
import { topologicalOrder } from "./build.ts";
import type { Expr } from "./scalars.ts";
import { scalars, smallestNormal } from "./scalars.ts";

const largestFloat = 3.4028234663852886e38;

/** Calls nested in one statement. A call adds up to three brackets, and shader compilers stop at a depth of 128. */
const deepestNesting = 32;

/** An f32 literal: finite, never subnormal, with every digit that f32 can hold. */
export function wgslLiteral(value: number): string {
  if (Number.isNaN(value)) bug("a constant is not a number");
  const clamped = Math.min(Math.max(value, -largestFloat), largestFloat);
  if (Math.abs(clamped) < smallestNormal) return "0.0";
  const digits = String(Math.abs(clamped));
  const literal = /[.e]/.test(digits) ? digits : `${digits}.0`;
  // Bracketed, because `a - -1.0` reads badly and `--` is a token of WGSL.
  return clamped < 0 ? `(-${literal})` : literal;
}

/**
 * Prints `exprs` in f32. `names` maps a variable to a WGSL expression without side effects; `prefix` keeps the names of
 * the `let`s unique within a shader. The lets are complete statements, in order; results are expressions in terms of them.
 */
export function printWgsl(
  exprs: readonly Expr[],
  names: (variable: string) => string,
  prefix: string,
): { readonly lets: readonly string[]; readonly results: readonly string[] } {
  const order = topologicalOrder(exprs);
  const named = nodesToName(order, exprs);
  const lets: string[] = [];
  const texts = new Map<Expr, string>();
  const depths = new Map<Expr, number>();
  const textOf = (node: Expr): string => texts.get(node) ?? bug("an argument comes after its user");

  const print = (node: Expr): string => {
    if (node.kind === "constant") return wgslLiteral(node.value);
    if (node.kind === "variable") return names(node.name);
    const [a = "", b = "", c = ""] = node.args.map(textOf);
    const condition = node.args[0];
    // The one place where a comparison need not become a number first.
    if (node.fn === "select" && condition.kind === "call" && condition.fn === "greaterEqual") {
      return `select(${c}, ${b}, ${textOf(condition.args[0])} >= ${textOf(condition.args[1])})`;
    }
    return scalars[node.fn].wgsl(a, b, c);
  };

  for (const node of order) {
    const text = print(node);
    const depth = node.kind === "call" ? 1 + Math.max(...node.args.map((arg) => depths.get(arg) ?? 0)) : 0;
    if (!named.has(node) && depth < deepestNesting) {
      texts.set(node, text);
      depths.set(node, depth);
      continue;
    }
    const name = `${prefix}${lets.length}`;
    lets.push(`let ${name} = ${text};`);
    texts.set(node, name);
  }
  return { lets, results: exprs.map(textOf) };
}

/** Calls that are used more than once, or that a row's WGSL repeats. */
function nodesToName(order: readonly Expr[], exprs: readonly Expr[]): ReadonlySet<Expr> {
  const uses = new Map<Expr, number>();
  const use = (node: Expr, count: number): void => {
    uses.set(node, (uses.get(node) ?? 0) + count);
  };
  for (const node of exprs) use(node, 1);
  for (const node of order) {
    if (node.kind !== "call") continue;
    const repeats = scalars[node.fn].repeats === true;
    const [condition] = node.args;
    if (node.fn === "select" && condition.kind === "call" && condition.fn === "greaterEqual") {
      // Printed inside the select: its arguments are used here once more, and itself not at all.
      condition.args.forEach((arg) => use(arg, 1));
      node.args.slice(1).forEach((arg) => use(arg, 1));
    } else {
      node.args.forEach((arg) => use(arg, repeats ? 2 : 1));
    }
  }
  return new Set(order.filter((node) => node.kind === "call" && (uses.get(node) ?? 0) > 1));
}
