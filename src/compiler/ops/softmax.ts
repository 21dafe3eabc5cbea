/** @file Classification heads: `softmax`, `logSumExp` and `oneHot`. */

import { elementCount } from "../../plan/shape.ts";
import { bug } from "../diagnostics/diagnostic.ts";
import { multiply, subtract, wgslLiteral } from "../expr/expr.ts";
import { operand } from "../expr/operands.ts";
import type { Samples, TypedOp } from "../graph/graph.ts";
import { defineOp, emptyTensor } from "../graph/graph.ts";
import type { TensorType } from "../graph/types.ts";
import { boundOf, boundsTable } from "../kernels/strided.ts";
import { outputElements } from "../lower/context.ts";
import type { Names } from "../lower/names.ts";
import { contract } from "./contract.ts";
import { realMap } from "./map.ts";
import { reshape } from "./move.ts";

export interface SoftmaxAttrs {
  /** Over the entries of vectors (1 of [B,N]) or over the channels of images (1 of [B,C,H,W]); any axis works. */
  readonly axis: number;
}

/** The maximum is subtracted first, so that no exponential overflows (docs/numerics.md#activations). */
export const softmax: TypedOp<SoftmaxAttrs> = defineOp<SoftmaxAttrs>({
  name: "softmax",
  formula: "y[n] = exp(x[n] - max x) / sum exp(x - max x)",
  shape([input], { axis }) {
    if (input.dtype !== "f32" || input.shape[axis] === undefined) bug(`softmax: axis ${axis} of ${input.dtype} ${input.shape.join("x")}`);
    return input;
  },
  /** dx = y (dy - sum dy y). */
  adjoint(builder, dy, node, { axis }) {
    const { shape } = node.type;
    const labels = shape.map((_, position) => String.fromCharCode(97 + position)).join("");
    const kept = [...labels].filter((_, position) => position !== axis).join("");
    const projection = reshape(
      builder,
      contract(builder, `${labels},${labels}->${kept}`, [dy, node]),
      shape.map((size, position) => (position === axis ? 1 : size)),
    );
    return [realMap(builder, shape, [node, dy, projection], multiply(operand(0), subtract(operand(1), operand(2))))];
  },
  reference([input], { axis }, type) {
    const result = emptyTensor(type);
    const { count, inner, lines } = linesOf(input, axis);
    for (let line = 0; line < lines; line++) {
      const first = firstOf(line, count, inner);
      const largest = maximum(input.data, first, count, inner);
      let sum = 0;
      for (let n = 0; n < count; n++) sum += result.data[first + n * inner] = Math.exp(input.data[first + n * inner] - largest);
      for (let n = 0; n < count; n++) result.data[first + n * inner] /= sum;
    }
    return result;
  },
  lower(context, { axis }, type) {
    const { count, inner, lines } = linesOf(type, axis);
    context.elements({
      title: "lines",
      count: lines,
      reads: context.inputs,
      writes: [context.output],
      tables: [boundsTable([count])],
      body: ({ load, store, table }) =>
        [
          ...sumOfExponentials({ load, table }, count, inner),
          `for (var n = 0u; n < ${boundOf(table(0), 0)}; n++) ` +
            `{ ${store(0)}(first + n * ${inner}u, exp(${load(0)}(first + n * ${inner}u) - largest) / sum); }`,
        ].join("\n  "),
    });
  },
  reuse: () => 3,
  flops: (_inputs, _attrs, type) => 25 * elementCount(type.shape),
  print: (attrs) => `axis ${attrs.axis}`,
});

export const softmaxSamples: Samples<SoftmaxAttrs> = () => [
  { title: "vectors", attrs: { axis: 1 }, inputs: [{ shape: [5, 10], dtype: "f32" }], tolerance: 5e-6 },
  { title: "channels", attrs: { axis: 1 }, inputs: [{ shape: [2, 3, 4, 5], dtype: "f32" }], tolerance: 5e-6 },
  { title: "one class", attrs: { axis: 1 }, inputs: [{ shape: [3, 1], dtype: "f32" }], tolerance: 5e-6 },
  {
    title: "far from zero",
    attrs: { axis: 1 },
    inputs: [{ shape: [2, 4], dtype: "f32" }],
    draw: (_input, element, normal) => (element < 4 ? 1000 : -1000) + 10 * normal(),
    tolerance: 1e-4,
  },
];

/** log sum exp of the last axis, which disappears: [B,N] to [B]. */
export const logSumExp: TypedOp<Record<string, never>> = defineOp<Record<string, never>>({
  name: "logSumExp",
  formula: "y = max x + log sum exp(x - max x)",
  shape([input]) {
    if (input.dtype !== "f32" || input.shape.length === 0) bug(`logSumExp of ${input.dtype} ${input.shape.join("x")}`);
    return { shape: input.shape.slice(0, -1), dtype: "f32" };
  },
  /** dx = softmax(x) dy. */
  adjoint(builder, dy, node) {
    const [input] = node.inputs;
    const { shape } = input.type;
    const spread = reshape(builder, dy, [...dy.type.shape, 1]);
    return [
      realMap(builder, shape, [softmax.build(builder, [input], { axis: shape.length - 1 }), spread], multiply(operand(0), operand(1))),
    ];
  },
  reference([input], _attrs, type) {
    const result = emptyTensor(type);
    const count = input.shape[input.shape.length - 1];
    for (let line = 0; line < result.data.length; line++) {
      const largest = maximum(input.data, line * count, count, 1);
      let sum = 0;
      for (let n = 0; n < count; n++) sum += Math.exp(input.data[line * count + n] - largest);
      result.data[line] = largest + Math.log(sum);
    }
    return result;
  },
  lower(context, _attrs, _type) {
    const { shape } = context.inputs[0].type;
    const count = shape[shape.length - 1];
    outputElements(context, {
      title: "lines",
      tables: [boundsTable([count])],
      body: ({ load, store, table }) =>
        [...sumOfExponentials({ load, table }, count, 1), `${store(0)}(i, largest + log(sum));`].join("\n  "),
    });
  },
  reuse: () => 2,
  flops: (inputs) => 12 * elementCount(inputs[0].shape),
  print: () => "",
});

export const logSumExpSamples: Samples<Record<string, never>> = () => [
  { title: "logits", attrs: {}, inputs: [{ shape: [5, 10], dtype: "f32" }], tolerance: 5e-6 },
  { title: "one class", attrs: {}, inputs: [{ shape: [3, 1], dtype: "f32" }], tolerance: 5e-6 },
  {
    title: "far from zero",
    attrs: {},
    inputs: [{ shape: [2, 4], dtype: "f32" }],
    draw: (_input, element, normal) => (element < 4 ? 1000 : -1000) + 10 * normal(),
    tolerance: 5e-6,
  },
];

export interface OneHotAttrs {
  readonly off: number;
  readonly on: number;
  /** Columns. With one column the labels are 0 and 1, and choose between `off` and `on`. */
  readonly count: number;
}

/** Labels [B] (i32) to targets [B][count]. A label outside 0 .. count-1 gives a row of `off`. */
export const oneHot: TypedOp<OneHotAttrs> = defineOp<OneHotAttrs>({
  name: "oneHot",
  formula: "y[b, o] = on where o = label[b], off elsewhere",
  shape([labels], { count }) {
    if (labels.dtype !== "i32" || labels.shape.length !== 1) bug(`oneHot of ${labels.dtype} ${labels.shape.join("x")}`);
    return { shape: [labels.shape[0], count], dtype: "f32" };
  },
  adjoint: "none",
  reference([labels], attrs, type) {
    const result = emptyTensor(type);
    for (let i = 0; i < result.data.length; i++) {
      const hit = attrs.count === 1 ? labels.data[i] === 1 : labels.data[Math.floor(i / attrs.count)] === i % attrs.count;
      result.data[i] = hit ? attrs.on : attrs.off;
    }
    return result;
  },
  lower(context, attrs, _type) {
    const hit = (load: string): string =>
      attrs.count === 1 ? `${load}(i) == 1i` : `${load}(i / ${attrs.count}u) == i32(i % ${attrs.count}u)`;
    outputElements(context, {
      title: "targets",
      body: ({ load, store }) => `${store(0)}(i, select(${wgslLiteral(attrs.off)}, ${wgslLiteral(attrs.on)}, ${hit(load(0))}));`,
    });
  },
  reuse: (_inputs, attrs) => attrs.count,
  flops: (_inputs, _attrs, type) => elementCount(type.shape),
  print: (attrs) => `${attrs.count} columns, ${attrs.off} or ${attrs.on}`,
});

export const oneHotSamples: Samples<OneHotAttrs> = () => [
  {
    title: "three classes",
    attrs: { off: 0, on: 1, count: 3 },
    inputs: [{ shape: [5], dtype: "i32" }],
    draw: (_input, element) => (element === 4 ? -1 : element % 3),
    tolerance: 0,
  },
  {
    title: "one output",
    attrs: { off: -1, on: 1, count: 1 },
    inputs: [{ shape: [4], dtype: "i32" }],
    draw: (_input, element) => element % 2,
    tolerance: 0,
  },
];

/** Lines along an axis: `count` elements, `inner` apart. */
function linesOf(type: TensorType, axis: number): { readonly count: number; readonly inner: number; readonly lines: number } {
  const count = type.shape[axis];
  return { count, inner: elementCount(type.shape.slice(axis + 1)), lines: elementCount(type.shape) / count };
}

function firstOf(line: number, count: number, inner: number): number {
  return Math.floor(line / inner) * count * inner + (line % inner);
}

function maximum(data: Float64Array, first: number, count: number, inner: number): number {
  let largest = data[first];
  for (let n = 1; n < count; n++) largest = Math.max(largest, data[first + n * inner]);
  return largest;
}

/** WGSL for line `i`: `first`, `largest` and `sum`. */
function sumOfExponentials({ load, table }: Pick<Names, "load" | "table">, count: number, inner: number): string[] {
  return [
    inner === 1 ? `let first = i * ${count}u;` : `let first = i / ${inner}u * ${count * inner}u + i % ${inner}u;`,
    `var largest = ${load(0)}(first);`,
    `for (var n = 1u; n < ${boundOf(table(0), 0)}; n++) { largest = max(largest, ${load(0)}(first + n * ${inner}u)); }`,
    `var sum = 0.0;`,
    `for (var n = 0u; n < ${boundOf(table(0), 0)}; n++) { sum += exp(${load(0)}(first + n * ${inner}u) - largest); }`,
  ];
}
