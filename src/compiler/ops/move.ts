/** @file Moving elements without arithmetic: `reshape`, `slice`, `pad` and `concat`. */

import { elementCount } from "../../plan/shape.ts";
import { bug } from "../diagnostics/diagnostic.ts";
import type { GraphBuilder, Node, Samples, Tensor, TypedOp } from "../graph/graph.ts";
import { defineOp, emptyTensor } from "../graph/graph.ts";
import type { TensorType } from "../graph/types.ts";
import { boundOf, boundsTable, dotIndex, splitIndex, stridesOf } from "../kernels/strided.ts";
import { outputElements } from "../lower/context.ts";
import type { Names } from "../lower/names.ts";

export interface ReshapeAttrs {
  readonly shape: readonly number[];
}

export const reshapeOp: TypedOp<ReshapeAttrs> = defineOp<ReshapeAttrs>({
  name: "reshape",
  formula: "y[i] = x[i]",
  view: true,
  shape([input], attrs) {
    if (elementCount(input.shape) !== elementCount(attrs.shape)) bug(`reshape: ${input.shape.join("x")} to ${attrs.shape.join("x")}`);
    return { shape: attrs.shape, dtype: input.dtype };
  },
  adjoint: (builder, dy, node) => [reshape(builder, dy, node.inputs[0].type.shape)],
  reference: ([input], _attrs, type) => ({ ...type, data: input.data }),
  reuse: () => 1,
  flops: () => 0,
  print: (attrs) => attrs.shape.join("x"),
});

export const reshapeOpSamples: Samples<ReshapeAttrs> = () => [
  { title: "to a matrix", attrs: { shape: [6, 4] }, inputs: [{ shape: [2, 3, 4], dtype: "f32" }], tolerance: 0 },
  { title: "complex", attrs: { shape: [1, 6] }, inputs: [{ shape: [6], dtype: "c32" }], tolerance: 0 },
];

/** The same elements in row-major order under another shape; the node itself when the shape is its own. */
export function reshape(builder: GraphBuilder, node: Node, shape: readonly number[]): Node {
  const same = node.type.shape.length === shape.length && shape.every((size, axis) => size === node.type.shape[axis]);
  return same ? node : reshapeOp.build(builder, [node], { shape });
}

export interface SliceAttrs {
  readonly axis: number;
  readonly start: number;
  readonly size: number;
}

export const sliceOp: TypedOp<SliceAttrs> = defineOp<SliceAttrs>({
  name: "slice",
  formula: "y[.., j, ..] = x[.., start + j, ..]",
  shape([input], attrs) {
    const { axis, start, size } = attrs;
    if (start < 0 || size < 1 || !(start + size <= input.shape[axis]))
      bug(`slice: ${size} from ${start} of axis ${axis} of ${input.shape.join("x")}`);
    return { shape: input.shape.map((whole, position) => (position === axis ? size : whole)), dtype: input.dtype };
  },
  adjoint(builder, dy, node, { axis, start, size }) {
    const { shape } = node.inputs[0].type;
    return [
      pad(
        builder,
        dy,
        shape.map((_, position) => (position === axis ? start : 0)),
        shape.map((whole, position) => (position === axis ? whole - start - size : 0)),
      ),
    ];
  },
  reference([input], attrs, type) {
    const result = emptyTensor(type);
    const { whole, part, skip } = sliceRuns(input, attrs);
    const width = wordsOf(type);
    for (let run = 0; run * part * width < result.data.length; run++) {
      const from = (run * whole + skip) * width;
      result.data.set(input.data.subarray(from, from + part * width), run * part * width);
    }
    return result;
  },
  lower(context, attrs, _type) {
    const { whole, part, skip } = sliceRuns(context.inputs[0].type, attrs);
    // The start is a table and no literal, so that the slices of one tensor share one pipeline.
    const from = ({ table }: Names): string => (whole === part ? "i" : `i / ${part}u * ${whole}u + ${boundOf(table(0), 0)} + i % ${part}u`);
    const tables = whole === part ? [] : [boundsTable([skip])];
    outputElements(context, { title: "copy", tables, body: (names) => `${names.store(0)}(i, ${names.load(0)}(${from(names)}));` });
  },
  reuse: () => 1,
  flops: () => 0,
  print: (attrs) => `axis ${attrs.axis} from ${attrs.start} size ${attrs.size}`,
});

export const sliceOpSamples: Samples<SliceAttrs> = () => [
  { title: "middle of axis 1", attrs: { axis: 1, start: 1, size: 2 }, inputs: [{ shape: [2, 5, 3], dtype: "f32" }], tolerance: 0 },
  { title: "complex, first", attrs: { axis: 0, start: 0, size: 1 }, inputs: [{ shape: [3, 4], dtype: "c32" }], tolerance: 0 },
  { title: "last axis", attrs: { axis: 2, start: 3, size: 4 }, inputs: [{ shape: [2, 3, 7], dtype: "f32" }], tolerance: 0 },
];

/** Elements start .. start + size - 1 of one axis; the node itself when that is all of them. */
export function slice(builder: GraphBuilder, node: Node, axis: number, start: number, size: number): Node {
  return start === 0 && size === node.type.shape[axis] ? node : sliceOp.build(builder, [node], { axis, start, size });
}

/** A slice copies runs of `part` elements, one from each run of `whole`, after the first `skip`. */
function sliceRuns(input: TensorType, attrs: SliceAttrs): { readonly whole: number; readonly part: number; readonly skip: number } {
  const inner = elementCount(input.shape.slice(attrs.axis + 1));
  return { whole: input.shape[attrs.axis] * inner, part: attrs.size * inner, skip: attrs.start * inner };
}

function wordsOf(type: TensorType): number {
  return type.dtype === "c32" ? 2 : 1;
}

export interface PadAttrs {
  /** Zeros in front of and behind each axis. */
  readonly before: readonly number[];
  readonly after: readonly number[];
}

export const padOp: TypedOp<PadAttrs> = defineOp<PadAttrs>({
  name: "pad",
  formula: "y[before + j] = x[j], 0 elsewhere",
  shape([input], attrs) {
    const { before, after } = attrs;
    if (before.length !== input.shape.length || after.length !== input.shape.length || [...before, ...after].some((size) => size < 0))
      bug(`pad: ${before.join()} and ${after.join()} around ${input.shape.join("x")}`);
    return { shape: input.shape.map((size, axis) => before[axis] + size + after[axis]), dtype: input.dtype };
  },
  adjoint(builder, dy, node, attrs) {
    const { shape } = node.inputs[0].type;
    return [shape.reduce((inner, size, axis) => slice(builder, inner, axis, attrs.before[axis], size), dy)];
  },
  reference([input], attrs, type) {
    const result = emptyTensor(type);
    const strides = stridesOf(type.shape);
    const first = attrs.before.reduce((sum, size, axis) => sum + size * strides[axis], 0);
    const width = wordsOf(type);
    const row = input.shape.at(-1) ?? 1;
    const outer = input.shape.slice(0, -1);
    for (let line = 0; line * row < elementCount(input.shape); line++) {
      let to = first;
      let rest = line;
      for (let axis = outer.length - 1; axis >= 0; axis--) {
        to += (rest % outer[axis]) * strides[axis];
        rest = Math.floor(rest / outer[axis]);
      }
      result.data.set(input.data.subarray(line * row * width, (line + 1) * row * width), to * width);
    }
    return result;
  },
  lower(context, attrs, type) {
    const [{ type: source }] = context.inputs;
    const outer = splitIndex("i", type.shape, "y");
    const padded = type.shape.map((_, axis) => axis).filter((axis) => attrs.before[axis] + attrs.after[axis] > 0);
    // Unsigned: a coordinate in front of the tensor wraps around to a large one, so one comparison is enough.
    const inner = type.shape.map((_, axis) => (attrs.before[axis] === 0 ? `y${axis}` : `(y${axis} - ${attrs.before[axis]}u)`));
    const inside = padded.map((axis) => `${inner[axis]} < ${source.shape[axis]}u`).join(" && ") || "true";
    const zero = type.dtype === "c32" ? "vec2f(0.0)" : type.dtype === "i32" ? "0i" : "0.0";
    const type0 = type.dtype === "c32" ? "vec2f" : type.dtype;
    outputElements(context, {
      title: "copy",
      body: ({ load, store }) =>
        [
          ...outer,
          `var value: ${type0} = ${zero};`,
          `if (${inside}) { value = ${load(0)}(${dotIndex(inner, stridesOf(source.shape))}); }`,
          `${store(0)}(i, value);`,
        ].join("\n  "),
    });
  },
  reuse: () => 1,
  flops: () => 0,
  print: (attrs) => `before ${attrs.before.join()} after ${attrs.after.join()}`,
});

export const padOpSamples: Samples<PadAttrs> = () => [
  {
    title: "bottom and right",
    attrs: { before: [0, 0, 0, 0], after: [0, 0, 3, 4] },
    inputs: [{ shape: [2, 2, 3, 4], dtype: "f32" }],
    tolerance: 0,
  },
  {
    title: "all around, complex",
    attrs: { before: [1, 0, 2], after: [0, 2, 1] },
    inputs: [{ shape: [2, 3, 2], dtype: "c32" }],
    tolerance: 0,
  },
];

/** Surrounds a tensor with zeros; the node itself when there are none. */
export function pad(builder: GraphBuilder, node: Node, before: readonly number[], after: readonly number[]): Node {
  return [...before, ...after].every((size) => size === 0) ? node : padOp.build(builder, [node], { before, after });
}

export interface ConcatAttrs {
  readonly axis: number;
}

/** More inputs than a kernel can bind beside its output and fused operands. */
const mostConcatInputs = 6;

export const concatOp: TypedOp<ConcatAttrs> = defineOp<ConcatAttrs>({
  name: "concat",
  formula: "y = x0, x1, ... one after the other along an axis",
  shape(inputs, { axis }) {
    const [first] = inputs;
    const fits = inputs.every(
      (input) =>
        input.dtype === first.dtype &&
        input.shape.length === first.shape.length &&
        input.shape.every((size, position) => position === axis || size === first.shape[position]),
    );
    if (!fits || inputs.length > mostConcatInputs)
      bug(`concat: ${inputs.map((input) => input.shape.join("x")).join(", ")} along axis ${axis}`);
    return {
      shape: first.shape.map((size, position) => (position === axis ? inputs.reduce((sum, input) => sum + input.shape[axis], 0) : size)),
      dtype: first.dtype,
    };
  },
  adjoint(builder, dy, node, { axis }, wanted) {
    let start = 0;
    return node.inputs.map((input, index) => {
      const from = start;
      start += input.type.shape[axis];
      return wanted[index] ? slice(builder, dy, axis, from, input.type.shape[axis]) : undefined;
    });
  },
  reference(inputs, { axis }, type) {
    const result = emptyTensor(type);
    const parts = inputs.map((input) => ({ data: input.data, length: partLength(input, axis) * wordsOf(type) }));
    const whole = parts.reduce((sum, part) => sum + part.length, 0);
    for (let run = 0; run * whole < result.data.length; run++) {
      let to = run * whole;
      for (const { data, length } of parts) {
        result.data.set(data.subarray(run * length, (run + 1) * length), to);
        to += length;
      }
    }
    return result;
  },
  lower(context, { axis }, _type) {
    const lengths = context.inputs.map((port) => partLength(port.type, axis));
    const whole = lengths.reduce((sum, length) => sum + length, 0);
    let start = 0;
    const parts = lengths.map((length) => {
      const from = `run * ${length}u + place${start === 0 ? "" : ` - ${start}u`}`;
      start += length;
      return { from, end: start };
    });
    outputElements(context, {
      title: "copy",
      body: ({ load, store }) =>
        [
          `let run = i / ${whole}u;`,
          `let place = i % ${whole}u;`,
          parts
            .map(({ from, end }, index) => {
              const copy = `{ ${store(0)}(i, ${load(index)}(${from})); }`;
              return index === parts.length - 1 ? copy : `if (place < ${end}u) ${copy}`;
            })
            .join(" else "),
        ].join("\n  "),
    });
  },
  reuse: () => 1,
  flops: () => 0,
  print: (attrs) => `axis ${attrs.axis}`,
});

export const concatOpSamples: Samples<ConcatAttrs> = () => [
  {
    title: "channels",
    attrs: { axis: 1 },
    inputs: [
      { shape: [2, 3, 2, 2], dtype: "f32" },
      { shape: [2, 1, 2, 2], dtype: "f32" },
      { shape: [2, 2, 2, 2], dtype: "f32" },
    ],
    tolerance: 0,
  },
  { title: "one complex input", attrs: { axis: 0 }, inputs: [{ shape: [2, 3], dtype: "c32" }], tolerance: 0 },
  {
    title: "last axis, complex",
    attrs: { axis: 1 },
    inputs: [
      { shape: [3, 4], dtype: "c32" },
      { shape: [3, 1], dtype: "c32" },
    ],
    tolerance: 0,
  },
];

/** Joins any number of tensors along an axis, a few at a time. */
export function concat(builder: GraphBuilder, nodes: readonly Node[], axis: number): Node {
  const [only] = nodes;
  if (nodes.length === 1) return only;
  const groups: Node[] = [];
  for (let start = 0; start < nodes.length; start += mostConcatInputs) {
    const part = nodes.slice(start, start + mostConcatInputs);
    groups.push(part.length === 1 ? part[0] : concatOp.build(builder, part, { axis }));
  }
  return concat(builder, groups, axis);
}

/** How many elements an input contributes before the next one's turn. */
function partLength(type: TensorType | Tensor, axis: number): number {
  return elementCount(type.shape.slice(axis));
}
