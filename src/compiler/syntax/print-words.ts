/** @file The text of what the formatter never breaks: ranges, atoms, and the parameters of formulas. */

import type { Atom, FilterParam, Formula, Quantity } from "./ast.ts";
import { printFormula } from "./print-formula.ts";

export function rangeText(from: Quantity, to: Quantity | undefined): string {
  return to === undefined ? from.text : `${from.text}..${to.text}`;
}

export function atomText(atom: Atom): string {
  switch (atom.kind) {
    case "word":
    case "size":
      return atom.text;
    case "amount":
      return rangeText(atom.from, atom.to);
    case "args":
      return `(${atom.args.map(printFormula).join(", ")})`;
  }
}

/** Numbers and parameters, which need no parentheses behind a built-in word; any other name between them is no word of that layer. */
export function plainArguments(atom: Atom, parameters: ReadonlySet<string>): readonly string[] | undefined {
  const plain =
    atom.kind === "args" &&
    atom.args.length > 0 &&
    atom.args.every((arg) => arg.kind === "number" || (arg.kind === "name" && parameters.has(arg.text)));
  return plain ? atom.args.map(printFormula) : undefined;
}

/** An atom as arguments of a recipe; undefined if it cannot be one. */
export function argumentText(atom: Atom): string | undefined {
  if (atom.kind === "args") return atom.args.map(printFormula).join(", ");
  if (atom.kind === "word") return atom.text;
  return atom.kind === "amount" && atom.to === undefined && atom.from.unit === undefined ? atom.from.text : undefined;
}

export function paramText(param: FilterParam): string {
  const { name, domain, start } = param;
  const within = domain === undefined ? "" : `: ${domain.kind === "named" ? domain.name.text : rangeText(domain.from, domain.to)}`;
  if (start === undefined) return name.text + within;
  const begins =
    start.kind === "constant" ? ` = ${printFormula(start.value)}` : ` ~ ${start.distribution.text}(${argumentList(start.args)})`;
  return name.text + within + begins;
}

function argumentList(args: readonly Formula[]): string {
  return args.map(printFormula).join(", ");
}
