/** @file The names that a formula can use: functions, coordinates and constants. */

import type { Diagnostic, Span } from "../diagnostics/diagnostic.ts";
import { suggest } from "../diagnostics/diagnostic.ts";
import type { Interval } from "../expr/interval-arithmetic.ts";
import type { ScalarName } from "../expr/scalars.ts";
import { scalars } from "../expr/scalars.ts";

export type Coordinate = "u" | "v" | "r" | "theta";

/** In cycles per pixel and radians (docs/numerics.md#frequencies). */
export const coordinateRanges: Readonly<Record<Coordinate, Interval>> = {
  u: { low: 0, high: 0.5 },
  v: { low: -0.5, high: 0.5 },
  r: { low: 0, high: 0.7072 },
  theta: { low: -Math.PI / 2, high: Math.PI / 2 },
};

export const coordinateNames: readonly Coordinate[] = ["u", "v", "r", "theta"];

export function isCoordinate(name: string): name is Coordinate {
  return coordinateNames.some((coordinate) => coordinate === name);
}

/** Functions of real numbers with a real result; each is the scalar function of the same name. */
const realFunctions: readonly string[] = Object.entries(scalars).flatMap(([name, row]) => (row.inFormulas === true ? name : []));

export function isRealFunction(name: string): name is ScalarName {
  return realFunctions.includes(name);
}

/** In the order of grammar/reference.md#formulas; the last two make complex numbers. */
export const functionNames: readonly string[] = [...realFunctions, "cis", "complex"];

/** How many arguments a function takes, or undefined if there is none of that name. */
export function arityOf(name: string): number | undefined {
  if (isRealFunction(name)) return scalars[name].arity;
  return name === "cis" ? 1 : name === "complex" ? 2 : undefined;
}

/** What a name of the language stands for, or undefined if it is free. */
export function builtinKind(name: string): string | undefined {
  if (isCoordinate(name)) return "coordinate";
  if (arityOf(name) !== undefined) return "function";
  if (name === "pi") return "constant";
  return name === "fan" ? "number of summed channels, in a start" : undefined;
}

/** S0502 for a call of something that is no function. `kind` says what the name is, if it is anything. */
export function unknownFunction(name: string, span: Span, kind: string | undefined): Diagnostic {
  const meant = suggest(name, functionNames);
  return {
    severity: "error",
    code: "S0502",
    title: kind === undefined ? `unknown function \`${name}\`` : `\`${name}\` is a ${kind}, not a function`,
    span,
    label: kind === undefined ? "no function has this name" : "used like a function",
    notes: [`functions: ${functionNames.join(", ")}`],
    helps:
      meant !== undefined
        ? [{ text: `did you mean \`${meant}\`?`, edits: [{ span, text: meant }] }]
        : kind === undefined
          ? []
          : [{ text: `to multiply, write \`${name} * (...)\`` }],
  };
}

/** S0503, at the call. */
export function wrongArgumentCount(name: string, wanted: number, found: number, span: Span): Diagnostic {
  const counted = found === 0 ? "none" : String(found);
  return {
    severity: "error",
    code: "S0503",
    title: `\`${name}\` takes ${wanted} ${wanted === 1 ? "argument" : "arguments"} and gets ${counted}`,
    span,
    label: `${wanted === 1 ? "one argument" : `${wanted} arguments`} expected`,
    helps: (name === "min" || name === "max") && found > 2 ? [{ text: `nest them: \`${name}(${name}(a, b), c)\`` }] : [],
  };
}
