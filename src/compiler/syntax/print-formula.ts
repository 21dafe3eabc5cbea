/** @file Formulas as text, with the parentheses that they need and no others. */

import type { Formula } from "./ast.ts";
import type { Doc } from "./layout.ts";
import { group, indent, line } from "./layout.ts";

const precedences = { "+": 1, "-": 1, "*": 2, "/": 2, "^": 4 } as const;
const unaryPrecedence = 3;
const primaryPrecedence = 5;

function precedenceOf(formula: Formula): number {
  if (formula.kind === "binary") return precedences[formula.operator];
  return formula.kind === "negate" ? unaryPrecedence : primaryPrecedence;
}

/** The formula on one line; parsing it gives the same tree. */
export function printFormula(formula: Formula): string {
  switch (formula.kind) {
    case "number":
    case "name":
      return formula.text;
    case "call":
      return `${formula.name.text}(${formula.args.map(printFormula).join(", ")})`;
    case "negate":
      return `-${operand(formula.operand, unaryPrecedence)}`;
    case "binary":
      // The exponent is a unary expression and may be another power; the base is a primary one.
      if (formula.operator === "^") return `${operand(formula.left, primaryPrecedence)}^${operand(formula.right, unaryPrecedence)}`;
      return `${operand(formula.left, precedences[formula.operator])} ${formula.operator} ${rightOperand(formula)}`;
  }
}

function operand(formula: Formula, least: number): string {
  const text = printFormula(formula);
  return precedenceOf(formula) < least ? `(${text})` : text;
}

function rightOperand(formula: Extract<Formula, { readonly kind: "binary" }>): string {
  return operand(formula.right, precedences[formula.operator] + 1);
}

/** The formula for the formatter: one that is too long breaks in front of its outermost operators. */
export function formulaDoc(formula: Formula): Doc {
  if (formula.kind !== "binary" || formula.operator === "^") return printFormula(formula);
  const level = precedences[formula.operator];
  const rest: Doc[] = [];
  let first: Formula = formula;
  while (first.kind === "binary" && precedences[first.operator] === level) {
    rest.unshift([line, first.operator, " ", rightOperand(first)]);
    first = first.left;
  }
  return group(operand(first, level), indent(2, rest));
}
