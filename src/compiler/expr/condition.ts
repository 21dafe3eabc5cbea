/** @file Expressions that know one of their variables only through a comparison, as derivatives of piecewise linear functions do. */

import { call, constant, topologicalOrder } from "./build.ts";
import { rebuild, variablesOf } from "./expr.ts";
import type { Expr } from "./scalars.ts";

/** The only comparison (1 or 0) through which `varying` reaches `exprs`; undefined if it matters in other ways as well, or not at all. */
export function conditionOf(exprs: readonly Expr[], varying: string): Expr | undefined {
  const [condition, ...more] = topologicalOrder(exprs).filter(
    (node) => node.kind === "call" && (node.fn === "greaterEqual" || node.fn === "step") && variablesOf(node).has(varying),
  );
  if (condition === undefined || more.length > 0) return undefined;
  return exprs.some(
    (e) =>
      variablesOf(replaceNode(e, condition, constant(1))).has(varying) || variablesOf(replaceNode(e, condition, constant(0))).has(varying),
  )
    ? undefined
    : condition;
}

/** `e` with every occurrence of `node` replaced. */
export function replaceNode(e: Expr, node: Expr, replacement: Expr): Expr {
  if (e === node) return replacement;
  return rebuild(
    e,
    (leaf) => leaf,
    (inner, args) => (inner === node ? replacement : call(inner.fn, ...args)),
  );
}
