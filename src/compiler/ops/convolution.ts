/** @file Spatial convolution: `conv2d` (cross-correlation) and its two gradients, each other's adjoints. */

import { bug } from "../diagnostic.ts";
import { defineOp, elementCount, emptyTensor } from "../graph.ts";
import type { Sample, TensorType, TypedOp } from "../graph.ts";
import { ConvolutionTile, largestTile } from "../kernels/convolution-tile.ts";
import { emitLongSum } from "../kernels/long-sum.ts";
import { boundOf, boundsTable, splitIndex } from "../kernels/strided.ts";

type Pair = readonly [vertical: number, horizontal: number];

/** How a window walks over an image (NUMERICS section 7). Signals are images with H = 1 and kernels 1 x k. */
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
    const [, channels, height, width] = x;
    const [filters, , kernelHeight, kernelWidth] = weight;
    const [batch, , rows, columns] = type.shape;
    const taps = kernelHeight * kernelWidth;
    const tile = new ConvolutionTile(batch, filters);
    context.elements({
      title: "windows",
      count: tile.count * rows * columns,
      reads: context.inputs,
      writes: [context.output],
      tables: [boundsTable([channels, taps])],
      body: [
        ...named(splitIndex("i", [tile.images.count, tile.planes.count, rows, columns], "at"), ["image", "plane", "m", "n"]),
        ...tile.declare(channels * height * width, channels * taps),
        `for (var c = 0u; c < ${boundOf(0)}; c++) {`,
        `  for (var tap = 0u; tap < ${boundOf(1)}; tap++) {`,
        `    let y = ${sourceIndex("m", quotient("tap", kernelWidth), 0, height, attrs)};`,
        `    let x = ${sourceIndex("n", remainder("tap", kernelWidth), 1, width, attrs)};`,
        `    if (y < ${height}u && x < ${width}u) {`,
        ...tile.accumulate(`(c * ${height}u + y) * ${width}u + x`, `c * ${taps}u + tap`),
        `    }`,
        `  }`,
        `}`,
        ...tile.store((image, filter) => `((${image} * ${filters}u + ${filter}) * ${rows}u + m) * ${columns}u + n`),
      ].join("\n  "),
    });
  },
  reuse: ([x, weight], attrs, input) => (input === 0 ? Math.ceil((weight.shape[0] / largestTile.planes) * tapCount(weight)) : elementCount(outputShape(x.shape, weight.shape, attrs)) / weight.shape[0]),
  flops: ([x, weight], attrs) => flopsOf(x.shape, weight.shape, attrs),
  print: printAttrs,
  samples: () => samplesOf((x, weight, attrs) => ({ inputs: [x, weight], attrs })),
});

/** dy [B,F,oh,ow], weight [F,C,kh,kw] to the gradient [B,C,H,W] of the image. */
export const conv2dInputGradient: TypedOp<InputGradientAttrs> = defineOp<InputGradientAttrs>({
  name: "conv2dInputGradient",
  formula: "g[b, c, y, x] = sum over f, i, j, m, n with m s + i - p = y, n s + j - p = x of k[f, c, i, j] dy[b, f, m, n]",
  shape([dy, weight], attrs) {
    const shape = [dy.shape[0], weight.shape[1], attrs.height, attrs.width];
    if (outputShape(shape, imageShape(weight), attrs).join() !== imageShape(dy).join()) bug(`conv2dInputGradient: ${dy.shape.join("x")} with ${weight.shape.join("x")}`);
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
  lower(context, attrs, type) {
    const [dy, weight] = context.inputs.map((port) => port.type.shape);
    const [batch, channels, height, width] = type.shape;
    const [filters, , kernelHeight, kernelWidth] = weight;
    const [, , rows, columns] = dy;
    const taps = kernelHeight * kernelWidth;
    const tile = new ConvolutionTile(batch, channels);
    // With `wrap` several window positions may see a pixel through one tap: the pixel repeats every H rows, W columns.
    const turns: Pair = attrs.wrap ? [turnsOf(rows, attrs.stride[0], height), turnsOf(columns, attrs.stride[1], width)] : [1, 1];
    const target = (own: string, tap: string, turn: string, axis: 0 | 1, size: number): string => {
      if (!attrs.wrap) return `${own} + ${attrs.before[axis]}u - ${tap}`;
      const most = axis === 0 ? kernelHeight : kernelWidth;
      const shift = attrs.before[axis] + Math.ceil(most / size) * size;
      return `(${own} + ${shift}u - ${tap}) % ${size}u${turns[axis] > 1 ? ` + ${turn} * ${size}u` : ""}`;
    };
    // Unsigned: what lies in front of the first window is a huge number, and fails the comparison.
    const [sy, sx] = attrs.stride;
    const reached = ["m", "n"].flatMap((name, axis) => [...(attrs.stride[axis] > 1 ? [`${name}s % ${attrs.stride[axis]}u == 0u`] : []), `${name} < ${[rows, columns][axis]}u`]);
    context.elements({
      title: "pixels",
      count: tile.count * height * width,
      reads: context.inputs,
      writes: [context.output],
      tables: [boundsTable([filters, taps * turns[0] * turns[1]])],
      body: [
        ...named(splitIndex("i", [tile.images.count, tile.planes.count, height, width], "at"), ["image", "plane", "y", "x"]),
        ...tile.declare(filters * rows * columns, taps),
        `for (var f = 0u; f < ${boundOf(0)}; f++) {`,
        `  for (var step = 0u; step < ${boundOf(1)}; step++) {`,
        `    let tap = ${remainder("step", taps)};`,
        `    let ms = ${target("y", quotient("tap", kernelWidth), quotient("step", taps * turns[1]), 0, height)};`,
        `    let ns = ${target("x", remainder("tap", kernelWidth), remainder(quotient("step", taps), turns[1]), 1, width)};`,
        `    let m = ${quotient("ms", sy)};`,
        `    let n = ${quotient("ns", sx)};`,
        `    if (${reached.join(" && ")}) {`,
        ...tile.accumulate(`(f * ${rows}u + m) * ${columns}u + n`, `f * ${channels * taps}u + tap`),
        `    }`,
        `  }`,
        `}`,
        ...tile.store((image, channel) => `((${image} * ${channels}u + ${channel}) * ${height}u + y) * ${width}u + x`),
      ].join("\n  "),
    });
  },
  reuse: ([dy, weight], attrs, input) => (input === 0 ? Math.ceil((weight.shape[1] / largestTile.planes) * tapCount(weight)) : dy.shape[0] * attrs.height * attrs.width),
  flops: ([dy, weight], attrs) => flopsOf([dy.shape[0], weight.shape[1], attrs.height, attrs.width], weight.shape, attrs),
  print: (attrs) => `${printAttrs(attrs)} to ${attrs.height}x${attrs.width}`,
  samples: () => samplesOf((x, weight, attrs) => ({ inputs: [outputType(x, weight, attrs), weight], attrs: inputGradientAttrs(attrs, x) })),
});

/** x [B,C,H,W], dy [B,F,oh,ow] to the gradient [F,C,kh,kw] of the weight. */
export const conv2dWeightGradient: TypedOp<WeightGradientAttrs> = defineOp<WeightGradientAttrs>({
  name: "conv2dWeightGradient",
  formula: "g[f, c, i, j] = sum over b, m, n of dy[b, f, m, n] x[b, c, m s + i - p, n s + j - p]",
  shape([x, dy], attrs) {
    const shape = [imageShape(dy)[1], imageShape(x)[1], ...attrs.kernel];
    if (outputShape(x.shape, shape, attrs).join() !== dy.shape.join()) bug(`conv2dWeightGradient: ${x.shape.join("x")} and ${dy.shape.join("x")}`);
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
    const [batch, , height, width] = x;
    const [, , rows, columns] = dy;
    const [filters, channels, kernelHeight, kernelWidth] = type.shape;
    const taps = kernelHeight * kernelWidth;
    const tile = new ConvolutionTile(channels, filters);
    emitLongSum(context, {
      title: "taps",
      reads: context.inputs,
      tiles: tile.count * taps,
      width: tile.size,
      complex: false,
      length: batch * rows * columns,
      locate: named(splitIndex("tile", [tile.planes.count, tile.images.count, kernelHeight, kernelWidth], "at"), ["plane", "image", "ti", "tj"]).join("\n  "),
      setup: tile.bases(height * width, rows * columns).join("\n  "),
      term: [
        ...named(splitIndex("s", [batch, rows, columns], "at"), ["b", "m", "n"]),
        `let y = ${sourceIndex("m", "ti", 0, height, attrs)};`,
        `let x = ${sourceIndex("n", "tj", 1, width, attrs)};`,
        `if (y < ${height}u && x < ${width}u) {`,
        ...tile.accumulate(`(b * ${channels * height}u + y) * ${width}u + x`, `(b * ${filters * rows}u + m) * ${columns}u + n`),
        `}`,
      ].map((line) => `  ${line}`).join("\n  "),
      place: [
        `let f = plane + slot % ${tile.planes.size}u * ${tile.planes.count}u;`,
        `let c = image + slot / ${tile.planes.size}u * ${tile.images.count}u;`,
        `let place = ((f * ${channels}u + c) * ${kernelHeight}u + ti) * ${kernelWidth}u + tj;`,
        `let inside = f < ${filters}u && c < ${channels}u;`,
      ].join("\n    "),
    }, context.output);
  },
  reuse: ([x, dy], attrs, input) => attrs.kernel[0] * attrs.kernel[1] * (input === 0 ? Math.ceil(dy.shape[1] / largestTile.planes) : x.shape[1]),
  flops: ([x, dy], attrs) => flopsOf(x.shape, [dy.shape[1], x.shape[1], ...attrs.kernel], attrs),
  print: (attrs) => `${printAttrs(attrs)} kernel ${attrs.kernel.join("x")}`,
  samples: () => samplesOf((x, weight, attrs) => ({ inputs: [x, outputType(x, weight, attrs)], attrs: weightGradientAttrs(attrs, weight) })),
});

function imageShape(type: TensorType): readonly number[] {
  if (type.dtype !== "f32" || type.shape.length !== 4) bug(`convolution of ${type.dtype} ${type.shape.join("x")}`);
  return type.shape;
}

function outputShape(x: readonly number[], weight: readonly number[], attrs: ConvolutionAttrs): number[] {
  const sizes = ([0, 1] as const).map((axis) => Math.floor((x[2 + axis] + attrs.before[axis] + attrs.after[axis] - weight[2 + axis]) / attrs.stride[axis]) + 1);
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

function tapCount(weight: TensorType): number {
  return weight.shape[2] * weight.shape[3];
}

function flopsOf(x: readonly number[], weight: readonly number[], attrs: ConvolutionAttrs): number {
  return 2 * elementCount(outputShape(x, weight, attrs)) * elementCount(weight.slice(1));
}

function printAttrs(attrs: ConvolutionAttrs): string {
  return `stride ${attrs.stride.join("x")} before ${attrs.before.join("x")} after ${attrs.after.join("x")}${attrs.wrap ? " wrap" : ""}`;
}

/** How often a pixel comes round within the window positions 0, stride, ..., (count-1) stride. */
function turnsOf(count: number, stride: number, size: number): number {
  return Math.floor(((count - 1) * stride) / size) + 1;
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
  for (let m = 0; m < rows; m++) for (let i = 0; i < weight[2]; i++) {
    const row = inside(m * attrs.stride[0] + i - attrs.before[0], x[2]);
    if (row < 0 || row >= x[2]) continue;
    for (let n = 0; n < columns; n++) for (let j = 0; j < weight[3]; j++) {
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
function forTerms(x: readonly number[], weight: readonly number[], attrs: ConvolutionAttrs, add: (source: number, tap: number, output: number) => void): void {
  const { source, tap, output } = windowTerms(x, weight, attrs);
  const [, , rows, columns] = outputShape(x, weight, attrs);
  for (let b = 0; b < x[0]; b++) for (let f = 0; f < weight[0]; f++) for (let c = 0; c < x[1]; c++) {
    const sourcePlane = (b * x[1] + c) * x[2] * x[3];
    const tapPlane = (f * x[1] + c) * weight[2] * weight[3];
    const outputPlane = (b * weight[0] + f) * rows * columns;
    for (let term = 0; term < source.length; term++) add(sourcePlane + source[term], tapPlane + tap[term], outputPlane + output[term]);
  }
}

/** WGSL: the row or column under tap `tap` of window `window`; outside of the image it is at least `size`, being unsigned. */
function sourceIndex(window: string, tap: string, axis: 0 | 1, size: number, attrs: ConvolutionAttrs): string {
  const start = attrs.stride[axis] === 1 ? window : `${window} * ${attrs.stride[axis]}u`;
  const before = attrs.before[axis];
  if (!attrs.wrap) return `${start} + ${tap}${before === 0 ? "" : ` - ${before}u`}`;
  return `(${start} + ${tap} + ${Math.ceil(before / size) * size - before}u) % ${size}u`;
}

function quotient(value: string, divisor: number): string {
  return divisor === 1 ? value : `${value} / ${divisor}u`;
}

function remainder(value: string, divisor: number): string {
  return divisor === 1 ? "0u" : `(${value} % ${divisor}u)`;
}

/** Gives the coordinates of `splitIndex` their names. */
function named(lines: readonly string[], names: readonly string[]): string[] {
  return lines.map((line, axis) => line.replace(`let at${axis} `, `let ${names[axis]} `));
}

type Arranged<A> = (x: TensorType, weight: TensorType, attrs: ConvolutionAttrs) => { readonly inputs: readonly TensorType[]; readonly attrs: A };

/** Odd and even kernels, strides, uneven padding, wrapping (also around images smaller than the kernel), signals. */
function samplesOf<A>(arrange: Arranged<A>): Sample<A>[] {
  const cases: readonly [title: string, x: readonly number[], weight: readonly number[], stride: Pair, before: Pair, after: Pair, wrap: boolean][] = [
    ["3x3 same", [2, 3, 6, 7], [6, 3, 3, 3], [1, 1], [1, 1], [1, 1], false],
    ["valid, even kernel", [2, 2, 5, 6], [3, 2, 2, 4], [1, 1], [0, 0], [0, 0], false],
    ["strides 2 and 3, uneven padding", [1, 2, 9, 8], [9, 2, 3, 2], [2, 3], [0, 1], [1, 2], false],
    ["1x1", [2, 5, 4, 3], [2, 5, 1, 1], [1, 1], [0, 0], [0, 0], false],
    ["signal", [3, 2, 1, 17], [2, 2, 1, 5], [1, 2], [0, 2], [0, 2], false],
    ["wrap", [2, 2, 5, 4], [3, 2, 3, 4], [1, 1], [1, 1], [1, 2], true],
    ["wrap, stride 2", [1, 1, 7, 6], [2, 1, 3, 3], [2, 2], [1, 0], [1, 1], true],
    ["wrap, kernel larger than the image", [1, 2, 2, 3], [2, 2, 5, 5], [1, 1], [2, 2], [4, 2], true],
    ["many pixels", [3, 2, 40, 33], [3, 2, 3, 3], [1, 1], [1, 1], [1, 1], false],
  ];
  return cases.map(([title, x, weight, stride, before, after, wrap]) => ({
    title,
    tolerance: 2e-6,
    ...arrange({ shape: x, dtype: "f32" }, { shape: weight, dtype: "f32" }, { stride, before, after, wrap }),
  }));
}
