/** @file Pooling in space: `maxPool`, `averagePool` and their gradients. The stride is the window; left-over pixels are dropped. */

import { elementCount } from "../../plan/shape.ts";
import { bug } from "../diagnostics/diagnostic.ts";
import { wgslLiteral } from "../expr/expr.ts";
import type { Sample, Samples, TypedOp } from "../graph/graph.ts";
import { defineOp, emptyTensor } from "../graph/graph.ts";
import type { TensorType } from "../graph/types.ts";
import { boundOf, boundsTable, splitIndex } from "../kernels/strided.ts";
import { outputElements } from "../lower/context.ts";

export interface PoolAttrs {
  /** Rows and columns of a window; 1 and k for signals. */
  readonly window: readonly [number, number];
}

export interface AveragePoolGradientAttrs extends PoolAttrs {
  /** Of the image. */
  readonly height: number;
  readonly width: number;
}

export const maxPool: TypedOp<PoolAttrs> = defineOp<PoolAttrs>({
  name: "maxPool",
  formula: "y[b, c, m, n] = max over i, j of x[b, c, k m + i, k n + j]",
  shape: ([x], attrs) => pooledType(x, attrs),
  adjoint: (builder, dy, node, attrs) => [maxPoolGradient.build(builder, [node.inputs[0], dy], attrs)],
  reference([x], attrs, type) {
    const result = emptyTensor(type);
    forWindows(x, attrs, (output, elements) => (result.data[output] = x.data[largest(x.data, elements)]));
    return result;
  },
  lower(context, { window }, type) {
    const { shape } = context.inputs[0].type;
    outputElements(context, {
      title: "windows",
      tables: [boundsTable([window[0] * window[1]])],
      body: ({ load, store, table }) =>
        [
          ...corner("i", shape, type.shape, window),
          `var value = ${load(0)}(first);`,
          `for (var step = 1u; step < ${boundOf(table(0), 0)}; step++) ` +
            `{ value = max(value, ${load(0)}(first + ${within("step", shape, window)})); }`,
          `${store(0)}(i, value);`,
        ].join("\n  "),
    });
  },
  reuse: () => 1,
  flops: (inputs) => elementCount(inputs[0].shape),
  print: printWindow,
});

export const maxPoolSamples: Samples<PoolAttrs> = () => poolSamples((x, attrs) => ({ inputs: [x], attrs }));

/** Inputs x and dy; the gradient goes to the first largest element of each window in row-major order. */
export const maxPoolGradient: TypedOp<PoolAttrs> = defineOp<PoolAttrs>({
  name: "maxPoolGradient",
  formula: "g[b, c, y, x] = dy[b, c, m, n] where x[b, c, y, x] is the first maximum of window m, n; 0 elsewhere",
  shape([x, dy], attrs) {
    if (pooledType(x, attrs).shape.join() !== dy.shape.join()) bug(`maxPoolGradient: ${x.shape.join("x")} and ${dy.shape.join("x")}`);
    return x;
  },
  adjoint: "none",
  reference([x, dy], attrs, type) {
    const result = emptyTensor(type);
    forWindows(x, attrs, (output, elements) => (result.data[largest(x.data, elements)] = dy.data[output]));
    return result;
  },
  lower(context, { window }, type) {
    const [, , rows, columns] = context.inputs[1].type.shape;
    const { shape } = type;
    context.elements({
      title: "pixels",
      count: elementCount(shape),
      reads: context.inputs,
      writes: [context.output],
      tables: [boundsTable([window[0] * window[1]])],
      body: ({ load, store, table }) =>
        [
          ...pixelWindow("i", shape, window),
          `var value = 0.0;`,
          `if (m < ${rows}u && n < ${columns}u) {`,
          `  let own = (y % ${window[0]}u) * ${window[1]}u + x % ${window[1]}u;`,
          `  let first = i - (y % ${window[0]}u) * ${shape[3]}u - x % ${window[1]}u;`,
          `  var most = ${load(0)}(first);`,
          `  var where_ = 0u;`,
          `  for (var step = 1u; step < ${boundOf(table(0), 0)}; step++) {`,
          `    let other = ${load(0)}(first + ${within("step", shape, window)});`,
          `    if (other > most) { most = other; where_ = step; }`,
          `  }`,
          `  if (where_ == own) { value = ${load(1)}((plane * ${rows}u + m) * ${columns}u + n); }`,
          `}`,
          `${store(0)}(i, value);`,
        ].join("\n  "),
    });
  },
  reuse: (_inputs, { window }, input) => (input === 0 ? window[0] * window[1] : 1),
  flops: (inputs, { window }) => elementCount(inputs[0].shape) * window[0] * window[1],
  print: printWindow,
});

export const maxPoolGradientSamples: Samples<PoolAttrs> = () => [
  ...poolSamples((x, attrs) => ({ inputs: [x, pooledType(x, attrs)], attrs })),
  {
    title: "ties",
    attrs: { window: [3, 2] },
    inputs: [
      { shape: [2, 2, 6, 6], dtype: "f32" },
      { shape: [2, 2, 2, 3], dtype: "f32" },
    ],
    draw: (input, _element, normal) => (input === 0 ? Math.round(normal()) : normal()),
    tolerance: 0,
  },
];

export const averagePool: TypedOp<PoolAttrs> = defineOp<PoolAttrs>({
  name: "averagePool",
  formula: "y[b, c, m, n] = mean over i, j of x[b, c, k m + i, k n + j]",
  shape: ([x], attrs) => pooledType(x, attrs),
  adjoint: (builder, dy, node, attrs) => [
    averagePoolGradient.build(builder, [dy], { ...attrs, height: node.inputs[0].type.shape[2], width: node.inputs[0].type.shape[3] }),
  ],
  reference([x], attrs, type) {
    const result = emptyTensor(type);
    forWindows(x, attrs, (output, elements) => {
      let sum = 0;
      for (const element of elements) sum += x.data[element];
      result.data[output] = sum / elements.length;
    });
    return result;
  },
  lower(context, { window }, type) {
    const { shape } = context.inputs[0].type;
    const size = window[0] * window[1];
    outputElements(context, {
      title: "windows",
      tables: [boundsTable([size])],
      body: ({ load, store, table }) =>
        [
          ...corner("i", shape, type.shape, window),
          `var sum = 0.0;`,
          `for (var step = 0u; step < ${boundOf(table(0), 0)}; step++) { sum += ${load(0)}(first + ${within("step", shape, window)}); }`,
          `${store(0)}(i, sum * ${wgslLiteral(1 / size)});`,
        ].join("\n  "),
    });
  },
  reuse: () => 1,
  flops: (inputs) => elementCount(inputs[0].shape),
  print: printWindow,
});

export const averagePoolSamples: Samples<PoolAttrs> = () => poolSamples((x, attrs) => ({ inputs: [x], attrs }));

export const averagePoolGradient: TypedOp<AveragePoolGradientAttrs> = defineOp<AveragePoolGradientAttrs>({
  name: "averagePoolGradient",
  formula: "g[b, c, y, x] = dy[b, c, m, n] / k^2 in window m, n; 0 outside of all",
  shape([dy], attrs) {
    const type: TensorType = { shape: [dy.shape[0], dy.shape[1], attrs.height, attrs.width], dtype: "f32" };
    if (pooledType(type, attrs).shape.join() !== dy.shape.join())
      bug(`averagePoolGradient: ${dy.shape.join("x")} to ${type.shape.join("x")}`);
    return type;
  },
  adjoint: (builder, dz, _node, { window }) => [averagePool.build(builder, [dz], { window })],
  reference([dy], attrs, type) {
    const result = emptyTensor(type);
    forWindows(type, attrs, (output, elements) => {
      for (const element of elements) result.data[element] = dy.data[output] / elements.length;
    });
    return result;
  },
  lower(context, { window }, type) {
    const [, , rows, columns] = context.inputs[0].type.shape;
    outputElements(context, {
      title: "pixels",
      body: ({ load, store }) =>
        [
          ...pixelWindow("i", type.shape, window),
          `var value = 0.0;`,
          `if (m < ${rows}u && n < ${columns}u) ` +
            `{ value = ${load(0)}((plane * ${rows}u + m) * ${columns}u + n) * ${wgslLiteral(1 / (window[0] * window[1]))}; }`,
          `${store(0)}(i, value);`,
        ].join("\n  "),
    });
  },
  reuse: (_inputs, { window }) => window[0] * window[1],
  flops: (_inputs, _attrs, type) => elementCount(type.shape),
  print: (attrs) => `${printWindow(attrs)} to ${attrs.height}x${attrs.width}`,
});

export const averagePoolGradientSamples: Samples<AveragePoolGradientAttrs> = () =>
  poolSamples((x, attrs) => ({ inputs: [pooledType(x, attrs)], attrs: { ...attrs, height: x.shape[2], width: x.shape[3] } }));

function printWindow({ window }: PoolAttrs): string {
  return window.join("x");
}

function pooledType(x: TensorType, { window }: PoolAttrs): TensorType {
  const [batch, channels, height, width] = x.shape;
  const shape = [batch, channels, Math.floor(height / window[0]), Math.floor(width / window[1])];
  if (x.dtype !== "f32" || x.shape.length !== 4 || elementCount(shape) === 0)
    bug(`pool ${window.join("x")} of ${x.dtype} ${x.shape.join("x")}`);
  return { shape, dtype: "f32" };
}

/** Calls `visit` with each element of the result and its window's elements of x, in row-major order. */
function forWindows(x: TensorType, attrs: PoolAttrs, visit: (output: number, elements: Int32Array) => void): void {
  const [, , height, width] = x.shape;
  const [, , rows, columns] = pooledType(x, attrs).shape;
  const [tall, wide] = attrs.window;
  const elements = new Int32Array(tall * wide);
  const planes = x.shape[0] * x.shape[1];
  for (let output = 0; output < planes * rows * columns; output++) {
    const m = Math.floor(output / columns) % rows;
    const plane = Math.floor(output / (rows * columns));
    const first = (plane * height + m * tall) * width + (output % columns) * wide;
    for (let step = 0; step < elements.length; step++) elements[step] = first + Math.floor(step / wide) * width + (step % wide);
    visit(output, elements);
  }
}

/** The first largest of some elements. */
function largest(data: Float64Array, elements: Int32Array): number {
  return elements.reduce((best, element) => (data[element] > data[best] ? element : best), elements[0]);
}

/** WGSL: `first`, the top left element of the window of output `index`. */
function corner(index: string, x: readonly number[], y: readonly number[], window: PoolAttrs["window"]): string[] {
  return [
    ...splitIndex(index, [y[0] * y[1], y[2], y[3]], "o"),
    `let first = (o0 * ${x[2]}u + o1 * ${window[0]}u) * ${x[3]}u + o2 * ${window[1]}u;`,
  ];
}

/** WGSL: how far element `step` of a window is from its first. */
function within(step: string, x: readonly number[], window: PoolAttrs["window"]): string {
  return `(${step} / ${window[1]}u) * ${x[3]}u + ${step} % ${window[1]}u`;
}

/** WGSL: `plane`, `y`, `x` of pixel `index`, and its window `m`, `n`. */
function pixelWindow(index: string, shape: readonly number[], window: PoolAttrs["window"]): string[] {
  return [
    `let x = ${index} % ${shape[3]}u;`,
    `let y = (${index} / ${shape[3]}u) % ${shape[2]}u;`,
    `let plane = ${index} / ${shape[2] * shape[3]}u;`,
    `let m = y / ${window[0]}u;`,
    `let n = x / ${window[1]}u;`,
  ];
}

type Arranged<A> = (x: TensorType, attrs: PoolAttrs) => { readonly inputs: readonly TensorType[]; readonly attrs: A };

/** Windows that divide the image and that do not, signals, the whole image, and ties. */
function poolSamples<A>(arrange: Arranged<A>): Sample<A>[] {
  const image = (...shape: number[]): TensorType => ({ shape, dtype: "f32" });
  return [
    { title: "2 of 6x8", tolerance: 1e-6, ...arrange(image(2, 3, 6, 8), { window: [2, 2] }) },
    { title: "3 of 7x11", tolerance: 1e-6, ...arrange(image(1, 2, 7, 11), { window: [3, 3] }) },
    { title: "4 of a signal", tolerance: 1e-6, ...arrange(image(3, 2, 1, 18), { window: [1, 4] }) },
    { title: "all of 5x5", tolerance: 1e-6, ...arrange(image(2, 2, 5, 5), { window: [5, 5] }) },
    { title: "1 of 3x3", tolerance: 1e-6, ...arrange(image(1, 1, 3, 3), { window: [1, 1] }) },
  ];
}
