/** @file The scalar language: differentiation, substitution and printing of expressions, and the door to its other parts. */

import { bug } from "../diagnostics/diagnostic.ts";
import { algebra, call, constant, topologicalOrder } from "./build.ts";
import type { Call, Expr, ScalarName } from "./scalars.ts";
import { scalars } from "./scalars.ts";

export { add, call, constant, divide, multiply, negate, powerInteger, subtract, variable } from "./build.ts";
export type { ComplexExpr } from "./complex.ts";
export { bothParts, complex, sameElement } from "./complex.ts";
export { compileExprs } from "./evaluate.ts";
export type { Call, Expr, ScalarName } from "./scalars.ts";
export type { Level } from "./split.ts";
export { splitByDependency } from "./split.ts";
export { printWgsl, wgslLiteral } from "./wgsl.ts";

/** Rebuilds `root` bottom-up; `leaf` maps constants and variables, `inner` calls with their mapped arguments. */
export function rebuild(root: Expr, leaf: (node: Expr) => Expr, inner: (node: Call, mapped: readonly Expr[]) => Expr): Expr {
  const mapped = new Map<Expr, Expr>();
  const of = (node: Expr): Expr => mapped.get(node) ?? bug("an argument comes after its use");
  for (const node of topologicalOrder([root])) mapped.set(node, node.kind === "call" ? inner(node, node.args.map(of)) : leaf(node));
  return of(root);
}

/** The derivative of `e` with respect to the variable `name`, simplified. Subgradients at kinks: docs/numerics.md#kinks. */
export function differentiate(e: Expr, name: string): Expr {
  const [zero, one] = [constant(0), constant(1)];
  return rebuild(
    e,
    (node) => (node.kind === "variable" && node.name === name ? one : zero),
    (node, slopes) => (slopes.every((slope) => slope === zero) ? zero : scalars[node.fn].differentiate(algebra, node.args, slopes, node)),
  );
}

/** Replaces variables; `replace` returns undefined for those that stay. */
export function substitute(e: Expr, replace: (name: string) => Expr | undefined): Expr {
  return rebuild(
    e,
    (node) => (node.kind === "variable" ? (replace(node.name) ?? node) : node),
    (node, args) => call(node.fn, ...args),
  );
}

export function variablesOf(...exprs: Expr[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const node of topologicalOrder(exprs)) if (node.kind === "variable") names.add(node.name);
  return names;
}

/** Scalar operations; shared nodes count once, a transcendental about ten. */
export function cost(...exprs: Expr[]): number {
  return topologicalOrder(exprs).reduce((sum, node) => sum + (node.kind === "call" ? scalars[node.fn].cost : 0), 0);
}

const operators: Partial<Record<ScalarName, { readonly symbol: string; readonly binding: number }>> = {
  add: { symbol: " + ", binding: 1 },
  subtract: { symbol: " - ", binding: 1 },
  multiply: { symbol: " * ", binding: 2 },
  divide: { symbol: " / ", binding: 2 },
};

const negateBinding = 3;
const atomBinding = 4;

/** Above this many characters shared nodes are named, so that the text stays linear in the size of the graph. */
const longText = 2000;

/** A readable form, one to one with the expression: `g * exp(-0.5 * q)`. Fit for dumps and keys. */
export function printExpr(e: Expr): string {
  const printed = new Map<Expr, { readonly text: string; readonly binding: number }>();
  const names: string[] = [];
  for (const node of topologicalOrder([e])) {
    const shown = printNode(node, (arg, binding) => {
      const inner = printed.get(arg) ?? { text: "?", binding: atomBinding };
      return inner.binding < binding ? `(${inner.text})` : inner.text;
    });
    if (shown.text.length > longText && node !== e) {
      const name = `#${names.length}`;
      names.push(`${name} = ${shown.text}`);
      printed.set(node, { text: name, binding: atomBinding });
    } else {
      printed.set(node, shown);
    }
  }
  return [...names, printed.get(e)?.text ?? ""].join("; ");
}

function printNode(node: Expr, show: (arg: Expr, binding: number) => string): { readonly text: string; readonly binding: number } {
  if (node.kind === "constant") return { text: String(node.value), binding: node.value < 0 ? negateBinding : atomBinding };
  if (node.kind === "variable") return { text: node.name, binding: atomBinding };
  const [a, b] = node.args;
  if (node.fn === "negate") return { text: `-${show(a, negateBinding + 1)}`, binding: negateBinding };
  // A square is a product of one node with itself; the power function has its own name.
  if (node.fn === "multiply" && a === b) return { text: `${show(a, atomBinding)}^2`, binding: negateBinding };
  const operator = operators[node.fn];
  if (operator === undefined) return { text: `${node.fn}(${node.args.map((arg) => show(arg, 0)).join(", ")})`, binding: atomBinding };
  return { text: `${show(a, operator.binding)}${operator.symbol}${show(b, operator.binding + 1)}`, binding: operator.binding };
}
