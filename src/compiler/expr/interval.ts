/** @file The range of an expression: finds divisions by zero and infinities before training does. */

import { bug } from "../diagnostics/diagnostic.ts";
import { topologicalOrder } from "./build.ts";
import type { Interval } from "./interval-arithmetic.ts";
import type { Expr } from "./scalars.ts";
import { scalars } from "./scalars.ts";

/**
 * An enclosure of the values of `e` while each variable runs over its range. It knows that a square is never negative,
 * and otherwise ignores that two arguments may depend on each other.
 */
export function intervalOf(e: Expr, rangeOf: (variable: string) => Interval): Interval {
  const ranges = new Map<Expr, Interval>();
  const range = (node: Expr): Interval => ranges.get(node) ?? bug("an argument comes after its user");
  for (const node of topologicalOrder([e])) {
    if (node.kind === "constant") ranges.set(node, { low: node.value, high: node.value });
    else if (node.kind === "variable") ranges.set(node, rangeOf(node.name));
    else if (node.fn === "multiply" && node.args[0] === node.args[1]) ranges.set(node, square(range(node.args[0])));
    else {
      const [a, b = a, c = a] = node.args.map(range);
      ranges.set(node, scalars[node.fn].interval(a, b, c));
    }
  }
  return range(e);
}

function square(a: Interval): Interval {
  const [low, high] = [a.low * a.low, a.high * a.high];
  return { low: a.low <= 0 && a.high >= 0 ? 0 : Math.min(low, high), high: Math.max(low, high) };
}
