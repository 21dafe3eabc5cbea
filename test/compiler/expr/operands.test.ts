/** @file Variables of operands: what they are called, what they stand for, and renumbering all at once. */

import { expect, test } from "vitest";
import { add, constant, multiply, printExpr, subtract } from "../../../src/compiler/expr/expr.ts";
import {
  elementNames,
  operand,
  operandElement,
  operandName,
  operandNames,
  operandsOf,
  readOperand,
  renumberOperands,
  replaceOperands,
  replaceStored,
  stored,
  storedName,
} from "../../../src/compiler/expr/operands.ts";

test("names are read back", () => {
  expect([operandName(0), operandName(12, "re"), storedName(), storedName("im")]).toEqual(["x0", "x12.re", "y", "y.im"]);
  expect([operandNames(3, false), operandNames(3, true), elementNames("y", true)]).toEqual([["x3"], ["x3.re", "x3.im"], ["y.re", "y.im"]]);
  for (const index of [0, 9, 10, 123])
    for (const part of [undefined, "re", "im"] as const) expect(readOperand(operandName(index, part))).toEqual({ index, part });
  for (const name of ["y", "x", "y.re", "x1.x", "x1.re2", "ax1", "xs0", "x-1", "wd"]) expect(readOperand(name)).toBeUndefined();
});

test("operands are renumbered all at once", () => {
  const value = { re: subtract(operand(0), multiply(operand(1, "re"), operand(2))), im: operand(1, "im") };
  expect([...operandsOf(value)].sort()).toEqual([0, 1, 2]);
  const swapped = renumberOperands(value, [1, 0, 10]);
  expect([printExpr(swapped.re), printExpr(swapped.im)]).toEqual(["x1 - x0.re * x10", "x0.im"]);
  expect(renumberOperands(swapped, [1, 0, ...Array<number>(8).fill(-1), 2])).toEqual(value);
});

test("what replaces an operand may name others", () => {
  const e = add(operand(0), operand(1));
  expect(printExpr(replaceOperands(e, (index) => (index === 0 ? multiply(operand(1), operand(2)) : operand(0))))).toBe("x1 * x2 + x0");
  expect(replaceOperands(e, () => undefined)).toBe(e);
});

test("a stored element is replaced by one that is known", () => {
  const value = { re: multiply(stored("re"), operand(1)), im: stored("im") };
  expect(replaceStored(value, operandElement(0, true))).toEqual({ re: multiply(operand(0, "re"), operand(1)), im: operand(0, "im") });
  expect(replaceStored({ re: stored(), im: constant(0) }, operandElement(0, false))).toEqual({ re: operand(0), im: constant(0) });
});
