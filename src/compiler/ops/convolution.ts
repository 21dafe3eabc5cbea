/** @file Spatial convolution: `conv2d` (cross-correlation) and its two gradients, each other's adjoints. */

import { elementCount } from "../../plan/shape.ts";
import { bug } from "../diagnostics/diagnostic.ts";
import type { Sample, Samples, TypedOp } from "../graph/graph.ts";
import { defineOp, emptyTensor } from "../graph/graph.ts";
import type { TensorType } from "../graph/types.ts";
import { correlationReuse, emitCorrelation } from "../kernels/correlation.ts";
import { emitKernelGradient, kernelGradientReuse } from "../kernels/kernel-gradient.ts";
import type { Pair } from "../kernels/plane-window.ts";
import { boundOf, boundsTable, splitIndex } from "../kernels/strided.ts";
import type { LowerContext } from "../lower/context.ts";
import { plainPort } from "../lower/context.ts";

/** How a window walks over an image (docs/numerics.md#spatial-convolution). Signals are images with H = 1 and kernels 1 x k. */
export interface ConvolutionAttrs {
  readonly stride: Pair;
  /** Rows above and columns to the left of the image. */
  readonly before: Pair;
  /** Rows below and columns to the right. */
  readonly after: Pair;
  /** Whether what lies outside is the other side of the image; otherwise it is zero. */
  readonly wrap: boolean;
}

export interface InputGradientAttrs extends ConvolutionAttrs {
  /** Of the image. */
  readonly height: number;
  readonly width: number;
}

export interface WeightGradientAttrs extends ConvolutionAttrs {
  readonly kernel: Pair;
}

/** x [B,C,H,W], weight [F,C,kh,kw] to [B,F,oh,ow] with oh = floor((H + before + after - kh) / stride) + 1. */
export const conv2d: TypedOp<ConvolutionAttrs> = defineOp<ConvolutionAttrs>({
  name: "conv2d",
  formula: "y[b, f, m, n] = sum over c, i, j of k[f, c, i, j] x[b, c, m s + i - p, n s + j - p]",
  shape([x, weight], attrs) {
    const [, channels] = imageShape(x);
    if (imageShape(weight)[1] !== channels) bug(`conv2d: ${x.shape.join("x")} with ${weight.shape.join("x")}`);
    return { shape: outputShape(x.shape, weight.shape, attrs), dtype: "f32" };
  },
  adjoint(builder, dy, node, attrs, wanted) {
    const [x, weight] = node.inputs;
    return [
      wanted[0] ? conv2dInputGradient.build(builder, [dy, weight], inputGradientAttrs(attrs, x.type)) : undefined,
      wanted[1] ? conv2dWeightGradient.build(builder, [x, dy], weightGradientAttrs(attrs, weight.type)) : undefined,
    ];
  },
  reference([x, weight], attrs, type) {
    const result = emptyTensor(type);
    forTerms(x.shape, weight.shape, attrs, (source, tap, output) => void (result.data[output] += weight.data[tap] * x.data[source]));
    return result;
  },
  lower(context, attrs, type) {
    const [x, weight] = context.inputs.map((port) => port.type.shape);
    const [filters, channels, ...kernel] = weight;
    emitCorrelation(
      context,
      {
        title: "windows",
        reads: context.inputs,
        batch: x[0],
        channels,
        filters,
        source: [x[2], x[3]],
        target: [type.shape[2], type.shape[3]],
        kernel: [kernel[0], kernel[1]],
        stride: attrs.stride,
        phases: [1, 1],
        start: [-attrs.before[0], -attrs.before[1]],
        wrap: attrs.wrap,
        weight: { index: `((f * ${channels}u + c) * ${kernel[0]}u + i) * ${kernel[1]}u + j` },
      },
      context.output,
    );
  },
  reuse: ([x, weight], attrs, input) => correlationReuse(elementCount(outputShape(x.shape, weight.shape, attrs)), weight.shape[0], input),
  flops: ([x, weight], attrs) => flopsOf(x.shape, weight.shape, attrs),
  print: printAttrs,
});

export const conv2dSamples: Samples<ConvolutionAttrs> = () => samplesOf((x, weight, attrs) => ({ inputs: [x, weight], attrs }));

/** dy [B,F,oh,ow], weight [F,C,kh,kw] to the gradient [B,C,H,W] of the image. */
export const conv2dInputGradient: TypedOp<InputGradientAttrs> = defineOp<InputGradientAttrs>({
  name: "conv2dInputGradient",
  formula: "g[b, c, y, x] = sum over f, i, j, m, n with m s + i - p = y, n s + j - p = x of k[f, c, i, j] dy[b, f, m, n]",
  shape([dy, weight], attrs) {
    const shape = [dy.shape[0], weight.shape[1], attrs.height, attrs.width];
    if (outputShape(shape, imageShape(weight), attrs).join() !== imageShape(dy).join())
      bug(`conv2dInputGradient: ${dy.shape.join("x")} with ${weight.shape.join("x")}`);
    return { shape, dtype: "f32" };
  },
  adjoint(builder, dz, node, attrs, wanted) {
    const [dy, weight] = node.inputs;
    return [
      wanted[0] ? conv2d.build(builder, [dz, weight], plainAttrs(attrs)) : undefined,
      wanted[1] ? conv2dWeightGradient.build(builder, [dz, dy], weightGradientAttrs(attrs, weight.type)) : undefined,
    ];
  },
  reference([dy, weight], attrs, type) {
    const result = emptyTensor(type);
    forTerms(type.shape, weight.shape, attrs, (source, tap, output) => void (result.data[source] += weight.data[tap] * dy.data[output]));
    return result;
  },
  lower: (context, attrs, type) => lowerInputGradient(context, attrs, type),
  reuse: ([dy, weight], attrs, input) =>
    correlationReuse(dy.shape[0] * weight.shape[1] * attrs.height * attrs.width, weight.shape[1], input),
  flops: ([dy, weight], attrs) => flopsOf([dy.shape[0], weight.shape[1], attrs.height, attrs.width], weight.shape, attrs),
  print: (attrs) => `${printAttrs(attrs)} to ${attrs.height}x${attrs.width}`,
});

export const conv2dInputGradientSamples: Samples<InputGradientAttrs> = () =>
  samplesOf((x, weight, attrs) => ({ inputs: [outputType(x, weight, attrs), weight], attrs: inputGradientAttrs(attrs, x) }));

/**
 * A pixel sees only the taps i with y + p - i divisible by the stride, so the pixels of each phase y mod s are correlated with
 * a kernel of their own: every s-th tap, turned round. Without strides that is the whole kernel.
 */
function lowerInputGradient(context: LowerContext, attrs: InputGradientAttrs, type: TensorType): void {
  const [dy, weight] = context.inputs.map((port) => port.type.shape);
  const [, channels, height, width] = type.shape;
  const [sy, sx] = attrs.stride;
  const turning = attrs.wrap && (sy > 1 || sx > 1 || dy[2] !== height || dy[3] !== width);
  if (turning) return lowerWrappedGradient(context, attrs, type);
  const start = ([0, 1] as const).map((axis): number | string => {
    const taps = Math.ceil(weight[2 + axis] / attrs.stride[axis]);
    return attrs.stride[axis] === 1
      ? attrs.before[axis] - (taps - 1)
      : `(phase${axis} + ${attrs.before[axis]}u) / ${attrs.stride[axis]}u - ${taps - 1}u`;
  });
  const tap = (axis: 0 | 1, turned: string): string => {
    const last = Math.ceil(weight[2 + axis] / attrs.stride[axis]) - 1;
    const stride = attrs.stride[axis];
    return stride === 1
      ? `(${last}u - ${turned})`
      : `((phase${axis} + ${attrs.before[axis]}u) % ${stride}u + (${last}u - ${turned}) * ${stride}u)`;
  };
  const exists = ([0, 1] as const).flatMap((axis) =>
    weight[2 + axis] % attrs.stride[axis] === 0 ? [] : [`${tap(axis, ["i", "j"][axis])} < ${weight[2 + axis]}u`],
  );
  emitCorrelation(
    context,
    {
      title: "pixels",
      reads: context.inputs,
      batch: dy[0],
      channels: weight[0],
      filters: channels,
      source: [dy[2], dy[3]],
      target: [height, width],
      kernel: [Math.ceil(weight[2] / sy), Math.ceil(weight[3] / sx)],
      stride: [1, 1],
      phases: attrs.stride,
      start: [start[0], start[1]],
      wrap: attrs.wrap,
      weight: {
        index: `((c * ${channels}u + f) * ${weight[2]}u + ${tap(0, "i")}) * ${weight[3]}u + ${tap(1, "j")}`,
        exists: exists.length === 0 ? undefined : exists.join(" && "),
      },
    },
    context.output,
  );
}

/** Around the image its other side was seen: the gradient of the image with its margins, folded back onto the image. */
function lowerWrappedGradient(context: LowerContext, attrs: InputGradientAttrs, type: TensorType): void {
  const [batch, channels, height, width] = type.shape;
  const size: Pair = [height + attrs.before[0] + attrs.after[0], width + attrs.before[1] + attrs.after[1]];
  const whole: TensorType = { shape: [batch, channels, ...size], dtype: "f32" };
  const margins = plainPort(context.scratch(whole));
  lowerInputGradient(
    { ...context, output: margins },
    { stride: attrs.stride, before: [0, 0], after: [0, 0], wrap: false, height: size[0], width: size[1] },
    whole,
  );
  context.elements({
    title: "fold",
    count: elementCount(type.shape),
    reads: [margins],
    writes: [context.output],
    tables: [boundsTable(size)],
    body: ({ load, store, table }) =>
      [
        ...named(splitIndex("i", [batch * channels, height, width], "at"), ["plane", "y", "x"]),
        `var sum = 0.0;`,
        `for (var m = (y + ${attrs.before[0]}u) % ${height}u; m < ${boundOf(table(0), 0)}; m += ${height}u) {`,
        `  for (var n = (x + ${attrs.before[1]}u) % ${width}u; n < ${boundOf(table(0), 1)}; n += ${width}u) ` +
          `{ sum += ${load(0)}((plane * ${size[0]}u + m) * ${size[1]}u + n); }`,
        `}`,
        `${store(0)}(i, sum);`,
      ].join("\n  "),
  });
}

/** x [B,C,H,W], dy [B,F,oh,ow] to the gradient [F,C,kh,kw] of the weight. */
export const conv2dWeightGradient: TypedOp<WeightGradientAttrs> = defineOp<WeightGradientAttrs>({
  name: "conv2dWeightGradient",
  formula: "g[f, c, i, j] = sum over b, m, n of dy[b, f, m, n] x[b, c, m s + i - p, n s + j - p]",
  shape([x, dy], attrs) {
    const shape = [imageShape(dy)[1], imageShape(x)[1], ...attrs.kernel];
    if (outputShape(x.shape, shape, attrs).join() !== dy.shape.join())
      bug(`conv2dWeightGradient: ${x.shape.join("x")} and ${dy.shape.join("x")}`);
    return { shape, dtype: "f32" };
  },
  adjoint(builder, dz, node, attrs, wanted) {
    const [x, dy] = node.inputs;
    return [
      wanted[0] ? conv2dInputGradient.build(builder, [dy, dz], inputGradientAttrs(attrs, x.type)) : undefined,
      wanted[1] ? conv2d.build(builder, [x, dz], plainAttrs(attrs)) : undefined,
    ];
  },
  reference([x, dy], attrs, type) {
    const result = emptyTensor(type);
    forTerms(x.shape, type.shape, attrs, (source, tap, output) => void (result.data[tap] += x.data[source] * dy.data[output]));
    return result;
  },
  lower(context, attrs, type) {
    const [x, dy] = context.inputs.map((port) => port.type.shape);
    emitKernelGradient(
      context,
      {
        title: "taps",
        reads: context.inputs,
        batch: x[0],
        channels: x[1],
        filters: dy[1],
        source: [x[2], x[3]],
        target: [dy[2], dy[3]],
        kernel: [type.shape[2], type.shape[3]],
        stride: attrs.stride,
        before: attrs.before,
        wrap: attrs.wrap,
      },
      context.output,
    );
  },
  reuse: ([x, dy], attrs, input) => kernelGradientReuse(dy.shape[1], x.shape[1], attrs.kernel, input),
  flops: ([x, dy], attrs) => flopsOf(x.shape, [dy.shape[1], x.shape[1], ...attrs.kernel], attrs),
  print: (attrs) => `${printAttrs(attrs)} kernel ${attrs.kernel.join("x")}`,
});

export const conv2dWeightGradientSamples: Samples<WeightGradientAttrs> = () =>
  samplesOf((x, weight, attrs) => ({ inputs: [x, outputType(x, weight, attrs)], attrs: weightGradientAttrs(attrs, weight) }));

function imageShape(type: TensorType): readonly number[] {
  if (type.dtype !== "f32" || type.shape.length !== 4) bug(`convolution of ${type.dtype} ${type.shape.join("x")}`);
  return type.shape;
}

function outputShape(x: readonly number[], weight: readonly number[], attrs: ConvolutionAttrs): number[] {
  const sizes = ([0, 1] as const).map(
    (axis) => Math.floor((x[2 + axis] + attrs.before[axis] + attrs.after[axis] - weight[2 + axis]) / attrs.stride[axis]) + 1,
  );
  if (sizes.some((size) => size < 1)) bug(`convolution: ${weight.join("x")} does not fit ${x.join("x")}`);
  return [x[0], weight[0], ...sizes];
}

function outputType(x: TensorType, weight: TensorType, attrs: ConvolutionAttrs): TensorType {
  return { shape: outputShape(x.shape, weight.shape, attrs), dtype: "f32" };
}

function plainAttrs({ stride, before, after, wrap }: ConvolutionAttrs): ConvolutionAttrs {
  return { stride, before, after, wrap };
}

function inputGradientAttrs(attrs: ConvolutionAttrs, x: TensorType): InputGradientAttrs {
  return { ...plainAttrs(attrs), height: x.shape[2], width: x.shape[3] };
}

function weightGradientAttrs(attrs: ConvolutionAttrs, weight: TensorType): WeightGradientAttrs {
  return { ...plainAttrs(attrs), kernel: [weight.shape[2], weight.shape[3]] };
}

function flopsOf(x: readonly number[], weight: readonly number[], attrs: ConvolutionAttrs): number {
  return 2 * elementCount(outputShape(x, weight, attrs)) * elementCount(weight.slice(1));
}

function printAttrs(attrs: ConvolutionAttrs): string {
  return `stride ${attrs.stride.join("x")} before ${attrs.before.join("x")} after ${attrs.after.join("x")}${attrs.wrap ? " wrap" : ""}`;
}

/** Which elements of a plane of x, a plane of the weight and a plane of the output meet in a product: three parallel lists. */
interface WindowTerms {
  readonly source: Int32Array;
  readonly tap: Int32Array;
  readonly output: Int32Array;
}

function windowTerms(x: readonly number[], weight: readonly number[], attrs: ConvolutionAttrs): WindowTerms {
  const [, , rows, columns] = outputShape(x, weight, attrs);
  const most = rows * columns * weight[2] * weight[3];
  const [source, tap, output] = [new Int32Array(most), new Int32Array(most), new Int32Array(most)];
  let count = 0;
  const inside = (position: number, size: number): number => (attrs.wrap ? ((position % size) + size) % size : position);
  for (let m = 0; m < rows; m++)
    for (let i = 0; i < weight[2]; i++) {
      const row = inside(m * attrs.stride[0] + i - attrs.before[0], x[2]);
      if (row < 0 || row >= x[2]) continue;
      for (let n = 0; n < columns; n++)
        for (let j = 0; j < weight[3]; j++) {
          const column = inside(n * attrs.stride[1] + j - attrs.before[1], x[3]);
          if (column < 0 || column >= x[3]) continue;
          source[count] = row * x[3] + column;
          tap[count] = i * weight[3] + j;
          output[count++] = m * columns + n;
        }
    }
  return { source: source.subarray(0, count), tap: tap.subarray(0, count), output: output.subarray(0, count) };
}

/** Adds up all products of two of the three tensors into the third; the planes run over images, filters and channels. */
function forTerms(
  x: readonly number[],
  weight: readonly number[],
  attrs: ConvolutionAttrs,
  add: (source: number, tap: number, output: number) => void,
): void {
  const { source, tap, output } = windowTerms(x, weight, attrs);
  const [, , rows, columns] = outputShape(x, weight, attrs);
  for (let b = 0; b < x[0]; b++)
    for (let f = 0; f < weight[0]; f++)
      for (let c = 0; c < x[1]; c++) {
        const sourcePlane = (b * x[1] + c) * x[2] * x[3];
        const tapPlane = (f * x[1] + c) * weight[2] * weight[3];
        const outputPlane = (b * weight[0] + f) * rows * columns;
        for (let term = 0; term < source.length; term++) add(sourcePlane + source[term], tapPlane + tap[term], outputPlane + output[term]);
      }
}

/** Gives the coordinates of `splitIndex` their names. */
function named(lines: readonly string[], names: readonly string[]): string[] {
  return lines.map((line, axis) => line.replace(`let at${axis} `, `let ${names[axis]} `));
}

type Arranged<A> = (
  x: TensorType,
  weight: TensorType,
  attrs: ConvolutionAttrs,
) => { readonly inputs: readonly TensorType[]; readonly attrs: A };

/** Odd and even kernels, strides, uneven padding, wrapping (also around images smaller than the kernel), signals. */
function samplesOf<A>(arrange: Arranged<A>): Sample<A>[] {
  const cases: readonly [
    title: string,
    x: readonly number[],
    weight: readonly number[],
    stride: Pair,
    before: Pair,
    after: Pair,
    wrap: boolean,
  ][] = [
    ["3x3 same", [2, 3, 6, 7], [6, 3, 3, 3], [1, 1], [1, 1], [1, 1], false],
    ["valid, even kernel", [2, 2, 5, 6], [3, 2, 2, 4], [1, 1], [0, 0], [0, 0], false],
    ["strides 2 and 3, uneven padding", [1, 2, 9, 8], [9, 2, 3, 2], [2, 3], [0, 1], [1, 2], false],
    ["1x1", [2, 5, 4, 3], [2, 5, 1, 1], [1, 1], [0, 0], [0, 0], false],
    ["signal", [3, 2, 1, 17], [2, 2, 1, 5], [1, 2], [0, 2], [0, 2], false],
    ["wrap", [2, 2, 5, 4], [3, 2, 3, 4], [1, 1], [1, 1], [1, 2], true],
    ["wrap, stride 2", [1, 1, 7, 6], [2, 1, 3, 3], [2, 2], [1, 0], [1, 1], true],
    ["wrap, kernel larger than the image", [1, 2, 2, 3], [2, 2, 5, 5], [1, 1], [2, 2], [4, 2], true],
    ["many pixels", [3, 2, 40, 33], [3, 2, 3, 3], [1, 1], [1, 1], [1, 1], false],
    ["rows of four, 5x5", [2, 3, 12, 16], [5, 3, 5, 5], [1, 1], [2, 2], [2, 2], false],
    ["rows of four, stride 2, wrap", [2, 6, 12, 16], [8, 6, 3, 3], [2, 2], [1, 1], [0, 0], true],
    ["weights in several turns, kernel in pieces", [1, 7, 9, 40], [6, 7, 2, 150], [1, 1], [0, 75], [1, 74], false],
    ["kernel smaller than the stride", [2, 3, 8, 9], [3, 3, 1, 2], [2, 3], [0, 0], [0, 0], false],
    ["one filter, 5x5", [2, 3, 7, 6], [1, 3, 5, 5], [1, 1], [2, 2], [2, 2], false],
    ["weights of one plane at a time", [1, 1, 34, 36], [3, 1, 33, 33], [1, 1], [0, 1], [0, 0], false],
    ["signal in rows of four", [2, 3, 1, 64], [4, 3, 1, 3], [1, 1], [0, 1], [0, 1], false],
  ];
  return cases.map(([title, x, weight, stride, before, after, wrap]) => ({
    title,
    tolerance: 2e-6,
    ...arrange({ shape: x, dtype: "f32" }, { shape: weight, dtype: "f32" }, { stride, before, after, wrap }),
  }));
}
