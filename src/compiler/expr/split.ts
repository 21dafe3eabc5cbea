/** @file Splits expressions by what they depend on, so that each part is computed as rarely as possible. */

import { bug } from "../diagnostics/diagnostic.ts";
import { call, topologicalOrder, variable } from "./build.ts";
import type { Expr } from "./scalars.ts";

/** What a value depends on: parameters alone, one frequency axis and parameters, or both axes. */
export type Level = "parameter" | "u" | "v" | "both";

interface Definition {
  /** The variable that stands for `value` in later definitions and in `rest`: `parameter.0`, `u.0`, `v.0`. */
  readonly name: string;
  readonly level: "parameter" | "u" | "v";
  /** In terms of variables and of definitions of level `parameter`. */
  readonly value: Expr;
}

export interface Split {
  /** In dependency order: parameter level first. */
  readonly definitions: readonly Definition[];
  /** The expressions, in terms of definitions and variables. Substituting the definitions gives the originals back. */
  readonly rest: readonly Expr[];
}

/**
 * Finds the maximal subexpressions that depend on parameters alone, on u (and parameters), or on v (and parameters).
 * This is the cached separable expansion K1 + K12 + K2 of Wood & Larson (2021), section III, as a rule for any formula:
 * in exp(-(a (u - mu) + c (v - mv))^2) the two summands are computed once per column and once per row.
 * Bare variables and constants are not worth a definition.
 */
export function splitByDependency(exprs: readonly Expr[], levelOf: (variable: string) => Level): Split {
  const order = topologicalOrder(exprs);
  const levels = new Map<Expr, Level>();
  const level = (node: Expr): Level => levels.get(node) ?? bug("an argument comes after its user");
  for (const node of order) {
    if (node.kind === "constant") levels.set(node, "parameter");
    else if (node.kind === "variable") levels.set(node, levelOf(node.name));
    else levels.set(node, node.args.map(level).reduce(join));
  }

  // A call is cut where some user of it has a higher level, or where it is a result itself.
  const cut = new Set<Expr>(exprs);
  for (const node of order) {
    if (node.kind !== "call") continue;
    for (const arg of node.args) if (level(arg) !== level(node)) cut.add(arg);
  }

  const definitions: Definition[] = [];
  const counts = { parameter: 0, u: 0, v: 0 };
  const rewritten = new Map<Expr, Expr>();
  const rewrite = (node: Expr): Expr => rewritten.get(node) ?? bug("an argument comes after its user");
  for (const node of order) {
    if (node.kind !== "call") {
      rewritten.set(node, node);
      continue;
    }
    const value = call(node.fn, ...node.args.map(rewrite));
    const nodeLevel = level(node);
    if (nodeLevel === "both" || !cut.has(node)) {
      rewritten.set(node, value);
      continue;
    }
    const name = `${nodeLevel}.${counts[nodeLevel]++}`;
    definitions.push({ name, level: nodeLevel, value });
    rewritten.set(node, variable(name));
  }
  const rank = { parameter: 0, u: 1, v: 2 };
  definitions.sort((a, b) => rank[a.level] - rank[b.level]);
  return { definitions, rest: exprs.map(rewrite) };
}

function join(a: Level, b: Level): Level {
  if (a === b || b === "parameter") return a;
  return a === "parameter" ? b : "both";
}
