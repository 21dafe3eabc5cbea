/** @file Matrix products in tiles of 4x4, with all loads and stores four numbers wide. */

import type { LowerContext } from "../lower/context.ts";
import type { Names } from "../lower/names.ts";
import type { LoopAxis } from "./strided.ts";
import { boundOf, boundsTable, inFours } from "./strided.ts";

/** Y = A B over the free axes `rows` (of A) and `columns` (of B) and the summed axis; operands of an axis: A, B, Y. */
export interface MatrixProduct {
  readonly rows: LoopAxis;
  readonly columns: LoopAxis;
  readonly summed: LoopAxis;
}

/** Neighbouring lanes walk down together: the columns of B that they share stay in a processor's cache. */
const besides = 8;

/** The product, if it is one of two real matrices, and each of the three lies in memory in whole fours. */
export function matrixProductOf(context: LowerContext, free: readonly LoopAxis[], summed: readonly LoopAxis[]): MatrixProduct | undefined {
  const real =
    context.inputs.length === 2 &&
    [...context.inputs, context.output].every((port) => port.type.dtype === "f32" && port.refs[0].type.dtype === "f32");
  const rows = free.find((axis) => axis.strides[1] === 0);
  const columns = free.find((axis) => axis.strides[0] === 0);
  if (!real || free.length !== 2 || summed.length !== 1 || rows === undefined || columns === undefined || rows === columns)
    return undefined;
  const whole = [rows, columns, summed[0]].every((axis) => axis.size % 4 === 0);
  if (!whole || !inFours([rows, summed[0]], 0) || !inFours([columns, summed[0]], 1) || columns.strides[2] !== 1) return undefined;
  return { rows, columns, summed: summed[0] };
}

export function emitMatrixProduct(context: LowerContext, { rows, columns, summed }: MatrixProduct): void {
  const [down, across] = [rows.size / 4, columns.size / 4];
  const width = across % besides === 0 ? besides : 1;
  const steps = [0, 1, 2, 3];
  // `NAMEi`: the four elements, along the operand's contiguous axis, at step i of its other axis.
  const loads = (loadWide: Names["loadWide"], name: string, operand: number, own: LoopAxis, first: string): string[] => {
    const stride = own.strides[operand] === 1 ? summed.strides[operand] : own.strides[operand];
    const at = `${first} * ${own.strides[operand]}u + k * ${summed.strides[operand]}u`;
    return steps.map((step) => `let ${name}${step} = ${loadWide(operand)}(${at} + ${step * stride}u);`);
  };
  const element = (name: string, along: boolean, own: number, k: number): string =>
    along ? `${name}${k}.${"xyzw"[own]}` : `${name}${own}.${"xyzw"[k]}`;
  const rowOf = (k: number): string =>
    columns.strides[1] === 1 ? `b${k}` : `vec4f(${steps.map((step) => element("b", false, step, k)).join(", ")})`;
  context.elements({
    title: "product",
    count: down * across,
    reads: context.inputs,
    writes: [context.output],
    wideReads: [0, 1],
    wideWrites: [0],
    tables: [boundsTable([summed.size])],
    body: ({ loadWide, storeWide, table }) =>
      [
        `let row = i / ${width}u % ${down}u * 4u;`,
        `let column = (i / ${width * down}u * ${width}u + i % ${width}u) * 4u;`,
        ...steps.map((step) => `var sum${step} = vec4f();`),
        `for (var k = 0u; k < ${boundOf(table(0), 0)}; k += 4u) {`,
        ...loads(loadWide, "a", 0, rows, "row"),
        ...loads(loadWide, "b", 1, columns, "column"),
        ...steps.flatMap((k) => [
          `let row${k} = ${rowOf(k)};`,
          ...steps.map((step) => `sum${step} += ${element("a", rows.strides[0] === 1, step, k)} * row${k};`),
        ]),
        `}`,
        ...steps.map((step) => `${storeWide(0)}((row + ${step}u) * ${rows.strides[2]}u + column, sum${step});`),
      ].join("\n  "),
  });
}
