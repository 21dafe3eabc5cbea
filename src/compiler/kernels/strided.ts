/** @file Loops over dense tensors: axes with strides, index arithmetic in WGSL, bounds that drivers cannot unroll. */

import { elementCount } from "../../plan/shape.ts";
import { bug } from "../diagnostics/diagnostic.ts";
import type { Table } from "../lower/context.ts";

/** One loop. `strides[j]` is how many elements operand j moves by; 0: the operand does not have this axis. */
export interface LoopAxis {
  readonly size: number;
  readonly strides: readonly number[];
}

/** Row-major strides, in elements. */
export function stridesOf(shape: readonly number[]): number[] {
  const strides = shape.map(() => 1);
  for (let axis = shape.length - 2; axis >= 0; axis--) strides[axis] = strides[axis + 1] * shape[axis + 1];
  return strides;
}

/** Drops axes of size 1 and joins neighbours that every operand walks through as if they were one axis. */
export function mergeAxes(axes: readonly LoopAxis[]): LoopAxis[] {
  const merged: LoopAxis[] = [];
  for (const axis of axes) {
    if (axis.size === 1) continue;
    const outer = merged.at(-1);
    if (outer?.strides.every((stride, operand) => stride === axis.strides[operand] * axis.size)) {
      merged[merged.length - 1] = { size: outer.size * axis.size, strides: axis.strides };
    } else merged.push(axis);
  }
  return merged;
}

/** Whether an operand lies in memory in whole fours: along one axis they are neighbours, all others step over whole ones. */
export function inFours(axes: readonly LoopAxis[], operand: number): boolean {
  return (
    axes.some(({ size, strides }) => strides[operand] === 1 && size % 4 === 0) &&
    axes.every(({ strides }) => strides[operand] === 1 || strides[operand] % 4 === 0)
  );
}

/** Iterations of nested loops. */
export function loopCount(axes: readonly LoopAxis[]): number {
  return elementCount(axes.map(({ size }) => size));
}

/** Where an operand stands in each iteration of nested loops, outermost first, in elements. */
export function loopOffsets(axes: readonly LoopAxis[], operand: number): Int32Array {
  const offsets = new Int32Array(loopCount(axes));
  let filled = 1;
  for (const axis of axes) {
    const stride = axis.strides[operand];
    // Backwards, so that an offset is overwritten only after it was used.
    for (let position = filled - 1; position >= 0; position--) {
      const base = offsets[position];
      for (let step = axis.size - 1; step >= 0; step--) offsets[position * axis.size + step] = base + step * stride;
    }
    filled *= axis.size;
  }
  return offsets;
}

/** WGSL statements that split the flat index `flat` of a tensor of `sizes` into coordinates `name0`, `name1`, ... */
export function splitIndex(flat: string, sizes: readonly number[], name: string): string[] {
  let inner = 1;
  const lines = sizes.map(() => "");
  for (let axis = sizes.length - 1; axis >= 0; axis--) {
    const quotient = inner === 1 ? flat : `(${flat} / ${inner}u)`;
    lines[axis] = `let ${name}${axis} = ${axis === 0 ? quotient : `${quotient} % ${sizes[axis]}u`};`;
    inner *= sizes[axis];
  }
  return lines;
}

/** WGSL: sum of coordinate times stride; coordinates with stride 0 are absent. */
export function dotIndex(coordinates: readonly string[], strides: readonly number[]): string {
  if (coordinates.length !== strides.length) bug(`${coordinates.length} coordinates for ${strides.length} strides`);
  const terms = coordinates.flatMap((coordinate, axis) => {
    const stride = strides[axis];
    return stride === 0 ? [] : [stride === 1 ? coordinate : `${coordinate} * ${stride}u`];
  });
  return terms.length === 0 ? "0u" : terms.join(" + ");
}

/** An axis is cut into pieces of equal length. */
export interface Blocks {
  /** Elements per block, `count` apart: neighbouring lanes touch neighbouring memory. */
  readonly size: number;
  readonly count: number;
}

/** The largest block, of at most `most` elements, that wastes little in the last step. */
export function blocksOf(length: number, most: number): Blocks {
  for (let size = most; size > 1; size--) {
    const count = Math.ceil(length / size);
    if (count * size <= 1.25 * length) return { size, count };
  }
  return { size: 1, count: length };
}

/** Loop bounds from memory, because drivers that unroll loops over memory compile for seconds (docs/kernels.md#time-to-compile). */
export function boundsTable(bounds: readonly number[]): Table {
  const rows = Math.ceil(bounds.length / 4);
  const data = new Uint32Array(4 * rows);
  data.set(bounds);
  return { key: `bounds ${bounds.join(" ")}`, data, type: `array<vec4u, ${rows}>`, space: "uniform" };
}

/** WGSL: bound `position` of the bounds table that is called `table`. */
export function boundOf(table: string, position: number): string {
  return `${table}[${Math.floor(position / 4)}].${"xyzw"[position % 4]}`;
}
