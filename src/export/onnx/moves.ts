/** @file Moving the elements of ONNX tensors: reshape, transpose, split, join; constants are moved at once. */

import { bug } from "../../compiler/diagnostics/diagnostic.ts";
import { elementCount, permuted } from "../../plan/shape.ts";
import type { OnnxBuilder, Value } from "./builder.ts";

/** The number of elements; -1 where one of the sizes is. */
export function countOf(sizes: readonly number[]): number {
  return sizes.includes(-1) ? -1 : elementCount(sizes);
}

function sameSizes(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** ONNX takes -1 as the size that the others leave. */
export function reshape(builder: OnnxBuilder, value: Value, shape: readonly number[]): Value {
  if (sameSizes(value.shape, shape)) return value;
  const { constant } = value;
  if (constant !== undefined) return builder.table(`${value.name} as ${shape.join("x")}`, shape, () => constant);
  return builder.node("Reshape", [value, builder.integers(shape)], shape);
}

/** Axis `i` of the result is axis `order[i]`. */
export function transpose(builder: OnnxBuilder, value: Value, order: readonly number[]): Value {
  if (order.every((from, to) => from === to)) return value;
  const shape = order.map((axis) => value.shape[axis]);
  // Axes of size 1 may go anywhere without moving an element.
  const moving = order.filter((axis) => value.shape[axis] !== 1);
  if (moving.every((axis, index) => index === 0 || moving[index - 1] < axis)) return reshape(builder, value, shape);
  const { constant } = value;
  if (constant === undefined) return builder.node("Transpose", [value], shape, { perm: order });
  return builder.table(`${value.name} by ${order.join()}`, shape, () => permuted(constant, value.shape, order));
}

/** Sums over axes, which disappear. */
export function sum(builder: OnnxBuilder, value: Value, axes: readonly number[]): Value {
  if (axes.length === 0) return value;
  return builder.node(
    "ReduceSum",
    [value, builder.integers(axes)],
    value.shape.filter((_, axis) => !axes.includes(axis)),
    { keepdims: 0 },
  );
}

export function concat(builder: OnnxBuilder, values: readonly Value[], axis: number): Value {
  const [first] = values;
  const at = axis < 0 ? axis + first.shape.length : axis;
  return builder.node(
    "Concat",
    values,
    first.shape.map((size, position) => (position === at ? values.reduce((total, { shape }) => total + shape[at], 0) : size)),
    { axis: at },
  );
}

/** Two parts of an axis, the first of `size`. */
export function split(builder: OnnxBuilder, value: Value, axis: number, size: number): readonly [Value, Value] {
  const at = axis < 0 ? axis + value.shape.length : axis;
  const sizes = [size, value.shape[at] - size];
  const [first, second] = builder.nodeOf(
    "Split",
    [value, builder.integers(sizes)],
    sizes.map((part) => value.shape.map((whole, position) => (position === at ? part : whole))),
    { axis: at },
  );
  return [first, second];
}

export function slice(builder: OnnxBuilder, value: Value, axis: number, start: number, size: number): Value {
  return builder.node(
    "Slice",
    [value, builder.integers([start]), builder.integers([start + size]), builder.integers([axis])],
    value.shape.map((whole, position) => (position === axis ? size : whole)),
  );
}

/** Elements of an axis by number, any number of times. */
export function gather(builder: OnnxBuilder, value: Value, axis: number, indices: readonly number[]): Value {
  return builder.node(
    "Gather",
    [value, builder.integers(indices)],
    value.shape.map((size, position) => (position === axis ? indices.length : size)),
    { axis },
  );
}

export function pad(builder: OnnxBuilder, value: Value, before: readonly number[], after: readonly number[]): Value {
  return builder.node(
    "Pad",
    [value, builder.integers([...before, ...after])],
    value.shape.map((size, axis) => {
      const zeros = before[axis] + after[axis];
      return size === -1 && zeros > 0 ? bug("onnx: a pad of the batch") : size + (size === -1 ? 0 : zeros);
    }),
  );
}

/** The shape of an element-wise result. */
export function broadcastShape(shapes: readonly (readonly number[])[]): readonly number[] {
  const rank = Math.max(...shapes.map((shape) => shape.length));
  return Array.from({ length: rank }, (_, axis) =>
    shapes.reduce((size, shape) => {
      const own = shape[axis - rank + shape.length] ?? 1;
      return own === 1 ? size : own;
    }, 1),
  );
}

/** Repeats a value along the axes in which it has size 1. @param batch a tensor whose axis 0 counts the images */
export function expand(builder: OnnxBuilder, value: Value, shape: readonly number[], batch: Value): Value {
  if (sameSizes(value.shape, shape)) return value;
  const missing = value.shape.length !== shape.length || shape.some((size, axis) => size === -1 && value.shape[axis] !== -1);
  if (!missing) return builder.node("Expand", [value, builder.integers(shape.map(Math.abs))], shape);
  const sizes = builder.node("Shape", [batch], [batch.shape.length]);
  const parts = shape.map((size) => (size === -1 ? slice(builder, sizes, 0, 0, 1) : builder.integers([size])));
  return builder.node("Expand", [value, concat(builder, parts, 0)], shape);
}
