/**
 * @file Operands of element-wise expressions: `x0`, `x1`, ... stand for the elements of real inputs, `x0.re` and `x0.im` for the
 * parts of those of complex ones; where a kernel stores, `y` (`y.re`, `y.im`) stands for the element that it has made.
 */

import type { ComplexExpr, Expr } from "./expr.ts";
import { bothParts, constant, substitute, variable, variablesOf } from "./expr.ts";

/** Of an element: undefined is the whole of a real one. */
export type Part = "re" | "im" | undefined;

interface Operand {
  readonly index: number;
  readonly part: Part;
}

/** The variable of input `index`. */
export function operandName(index: number, part?: Part): string {
  return named(`x${index}`, part);
}

/** All variables of input `index`. */
export function operandNames(index: number, complex: boolean): readonly string[] {
  return elementNames(operandName(index), complex);
}

/** All variables of an element called `x0` or `y`. */
export function elementNames(element: string, complex: boolean): readonly string[] {
  return complex ? [named(element, "re"), named(element, "im")] : [element];
}

export function operand(index: number, part?: Part): Expr {
  return variable(operandName(index, part));
}

/** The element of input `index` as it is. */
export function operandElement(index: number, complex: boolean): ComplexExpr {
  return complex ? { re: operand(index, "re"), im: operand(index, "im") } : { re: operand(index), im: constant(0) };
}

const pattern = /^x(\d+)(?:\.(re|im))?$/;

/** What a variable stands for; undefined if it is no operand. */
export function readOperand(name: string): Operand | undefined {
  const match = pattern.exec(name);
  if (match === null) return undefined;
  const [, index, part] = match;
  return { index: Number(index), part: part === "re" || part === "im" ? part : undefined };
}

/** The inputs that `value` depends on. */
export function operandsOf(value: ComplexExpr): ReadonlySet<number> {
  return new Set([...variablesOf(value.re, value.im)].flatMap((name) => readOperand(name)?.index ?? []));
}

/** Replaces all operands at once; `replace` returns undefined for those that stay. */
export function replaceOperands(e: Expr, replace: (index: number, part: Part) => Expr | undefined): Expr {
  return substitute(e, (name) => {
    const found = readOperand(name);
    return found === undefined ? undefined : replace(found.index, found.part);
  });
}

/** Operand 0 becomes operand `places[0]`, and so on. */
export function renumberOperands(value: ComplexExpr, places: readonly number[]): ComplexExpr {
  return bothParts(value, (e) => replaceOperands(e, (index, part) => operand(places[index], part)));
}

/** The variable of the element that a kernel stores. */
export function storedName(part?: Part): string {
  return named("y", part);
}

export function stored(part?: Part): Expr {
  return variable(storedName(part));
}

/** Puts `element` in the place of the stored one. */
export function replaceStored(value: ComplexExpr, element: ComplexExpr): ComplexExpr {
  const elements = new Map<string, Expr>([
    [storedName(), element.re],
    [storedName("re"), element.re],
    [storedName("im"), element.im],
  ]);
  return bothParts(value, (e) => substitute(e, (name) => elements.get(name)));
}

function named(element: string, part: Part): string {
  return part === undefined ? element : `${element}.${part}`;
}
