/**
 * @file From one spectral layer to the next, row spectra to row spectra: inverse row transforms, an element-wise function (the
 * activation, with bias), the sum over channels where the next layer takes one, row transforms; and its adjoint. The images
 * never reach memory, unless they are what is asked for (KERNELS section 3, kernels C and D).
 */

import { bug } from "../diagnostic.ts";
import { add, constant, cost, differentiate, multiply, printExpr, printWgsl, variable } from "../expr.ts";
import type { Expr } from "../expr.ts";
import { defineOp, elementCount } from "../graph.ts";
import type { Node, Tensor, TensorType, TypedOp } from "../graph.ts";
import { fftChain } from "../kernels/fft-chain.ts";
import type { FftChain, Halves, Pairs, Results } from "../kernels/fft-chain.ts";
import { columnsOf, forwardScale, imageSink, imageSource, inverseScale, pairPlace, rowDeclarations, storedRows } from "../kernels/row-spectra.ts";
import { boundsTable } from "../kernels/strided.ts";
import type { Port, Target } from "../lower.ts";
import { contract, contractOp } from "./contract.ts";
import { extraOf } from "./extra.ts";
import { transformTolerance } from "./fft.ts";
import { irfftRows, rowImages, rowSpectra } from "./half-transform.ts";
import { map } from "./map.ts";
import { reshape } from "./move.ts";

export interface SpectralActivationAttrs {
  /** H and W of the images. */
  readonly height: number;
  readonly width: number;
  /** The new element in terms of the old one, `x0`, and of `x1`, `x2`, ...: one number each for every channel, or for all. */
  readonly value: Expr;
  /** Row spectra of the channels, or of their sum; or the images. */
  readonly output: "spectra" | "sum" | "images";
}

/** U [B,F,K,H'] c32 and per-channel numbers [1,F,1,1] or [1,1,1,1] f32 -> [B,F,K,H'] c32, [B,K,H'] c32 or [B,F,H,W] f32. */
export const spectralActivation: TypedOp<SpectralActivationAttrs> = defineOp<SpectralActivationAttrs>({
  name: "spectralActivation",
  formula: "T = row transform of (sum_f) g(row image of U[f])",
  shape([spectra, ...others], { height, width, output }) {
    const [B, F, K, stored] = spectra.shape;
    if (K !== columnsOf(width) || stored !== storedRows(height)) bug(`spectralActivation of ${spectra.shape.join("x")} for ${height}x${width}`);
    for (const { shape } of others) if (shape.length !== 4 || elementCount(shape) !== shape[1] || (shape[1] !== 1 && shape[1] !== F)) bug(`spectralActivation with ${shape.join("x")}`);
    if (output === "images") return { shape: [B, F, height, width], dtype: "f32" };
    return { shape: output === "sum" ? [B, K, stored] : [B, F, K, stored], dtype: "c32" };
  },
  adjoint(builder, dy, node, attrs, [, ...wanted]) {
    const upstream = attrs.output === "images" ? dy : irfftRows.build(builder, [dy], { height: attrs.height, width: attrs.width, weighted: true });
    const gradient = spectralActivationGradient.build(builder, [upstream, ...node.inputs], { ...attrs, wanted });
    const others = node.inputs.slice(1).map((other, index): Node | undefined => {
      if (!wanted[index]) return undefined;
      const sums = extraOf(builder, gradient, index);
      return reshape(builder, contract(builder, other.type.shape[1] === 1 ? "bpf->" : "bpf->f", [sums]), other.type.shape);
    });
    return [gradient, ...others];
  },
  reference([spectra, ...others], attrs) {
    const images = rowImages(spectra, { ...attrs, weighted: false });
    const active = mapImages([images, ...others], attrs.value, images.shape);
    if (attrs.output === "images") return active;
    return rowSpectra(attrs.output === "sum" ? sumOverChannels(active) : active, { ...attrs, weighted: false });
  },
  lower(context, attrs) {
    const [spectra, ...others] = context.inputs;
    const { size, F, chain, at } = chainOf(context, spectra.type, attrs);
    const { output } = attrs;
    const image = imageSink(context.output, size);
    // Of point `i`, with the statements that it takes.
    const active = (i: string, value: string): { readonly lines: readonly string[]; readonly result: string } => {
      const { lines, results } = elementwise([attrs.value], i);
      return { lines: [`let z${i} = ${value}.yx;`, ...lines], result: insideImage(results[0], size) };
    };
    const results: Results = output === "images"
      ? {
        hold: (i, _place, value) => [...active(i, value).lines, `let y${i} = ${active(i, value).result};`].join(" "),
        keep: { value: (i) => `y${i}`, store: (place, value) => `if (inside) { ${image.store(imageLine("f", size, F), place, value, [])} }` },
      }
      : { hold: (i, place, value) => [...active(i, value).lines, `${chain.held("next", i, place)} ${output === "sum" ? "+=" : "="} ${active(i, value).result};`].join(" ") };
    const forward = (channel: string | undefined): string[] => chain.beginningToHalves((i, place) => chain.held("next", i, place), halfSink(at, channel, chain.table(2)));
    context.groups(chain.kernel({
      title: "activation",
      reads: [pairs(spectra), ...others],
      writes: [output === "images" ? context.output : pairs(context.output)],
      tables: [boundsTable([F]), inverseScale(size, false), forwardScale(size, false)],
      declarations: rowDeclarations(size),
    }, [
      ...(output === "images" ? [] : chain.declareHeld("next")),
      ...chain.loop("f", 0, () => [...loadOthers(others, 1, "f"), ...chain.endingFromHalves(rowHalves(0, at, "f", chain.table(1)), results), ...(output === "spectra" ? forward("f") : [])]),
      ...(output === "sum" ? forward(undefined) : []),
    ]));
  },
  reuse: () => 1,
  flops: ([spectra], attrs) => activationFlops(spectra, attrs),
  plainInputs: true,
  plainOutput: true,
  print: printAttrs,
  samples: () => activationSamples().map(({ title, attrs, inputs }) => ({ title, attrs, inputs, tolerance: 4 * transformTolerance([attrs.height, attrs.width]) })),
});

export interface SpectralActivationGradientAttrs extends SpectralActivationAttrs {
  /** For each of the per-channel numbers, whether its gradient is wanted. */
  readonly wanted: readonly boolean[];
}

/** The gradient of the images [B,F,H,W], or [B,H,W] of their sum, U, per-channel numbers -> dU [B,F,K,H'] and, for each of the numbers, its gradient by image and pair of rows, [B,H'/2,F]. */
export const spectralActivationGradient: TypedOp<SpectralActivationGradientAttrs> = defineOp<SpectralActivationGradientAttrs>({
  name: "spectralActivationGradient",
  formula: "dU[f] = weighted row transform of dx g'(row image of U[f])",
  shape: ([, spectra]) => spectra,
  extras: ([, spectra], { wanted, height }) => wanted.map(() => sumsType(spectra, height)),
  reference([given, spectra, ...others], attrs) {
    const images = rowImages(spectra, { ...attrs, weighted: false });
    const [B, , H, W] = images.shape;
    const upstream = { ...given, shape: attrs.output === "sum" ? [B, 1, H, W] : given.shape };
    const times = (name: string): Tensor => mapImages([images, ...others, upstream], multiply(variable(`x${others.length + 1}`), differentiate(attrs.value, name)), images.shape);
    const extras = attrs.wanted.map((_, index) => sumByPairs(times(`x${index + 1}`)));
    return { ...rowSpectra(times("x0"), { ...attrs, weighted: true }), extras };
  },
  lower(context, attrs) {
    const [upstream, spectra, ...others] = context.inputs;
    const { size, F, chain, at } = chainOf(context, spectra.type, attrs);
    const sum = attrs.output === "sum";
    const image = imageSource(upstream, size);
    const own = (place: string): string => image.load(imageLine(sum ? undefined : "f", size, F), place, []);
    // The sum has one gradient for all channels, which the lanes keep.
    const fetched = chain.fetch("given", own);
    const given = (i: string, place: string): string => (sum ? chain.held("given", i, place) : fetched.at(i, place));
    const wanted = attrs.wanted.flatMap((flag, index) => (flag && context.extras[index] !== undefined ? [index] : []));
    const derivatives = [differentiate(attrs.value, "x0"), ...wanted.map((index) => differentiate(attrs.value, `x${index + 1}`))];
    const hold = (i: string, place: string, value: string): string => {
      const { lines, results } = elementwise(derivatives, i);
      const sums = wanted.map((index, position) => `sum${index} += dot(g${i}, ${results[position + 1]});`);
      return [`let z${i} = ${value}.yx;`, `let g${i} = ${given(i, place)};`, ...lines, ...sums, `${chain.held("next", i, place)} = g${i} * ${results[0]};`].join(" ");
    };
    context.groups(chain.kernel({
      title: "activation gradient",
      reads: [upstream, pairs(spectra), ...others],
      writes: [pairs(context.output), ...wanted.map((index) => context.extras[index] ?? bug("a sum without memory"))],
      tables: [boundsTable([F]), inverseScale(size, false), forwardScale(size, true)],
      declarations: rowDeclarations(size),
    }, [
      ...(sum ? [...chain.declareHeld("given"), ...chain.loadHeld("given", own)] : fetched.declare),
      ...chain.declareHeld("next"),
      ...chain.loop("f", 0, () => [
        ...loadOthers(others, 2, "f"),
        ...wanted.map((index) => `var sum${index} = 0.0;`),
        ...(sum ? [] : fetched.code),
        ...chain.endingFromHalves(rowHalves(1, at, "f", chain.table(1)), { hold }),
        ...wanted.flatMap((index, position) => chain.sumOverLine(`sum${index}`, (total) => `store${position + 1}(line * ${F}u + f, ${total});`)),
        ...chain.beginningToHalves((i, place) => chain.held("next", i, place), halfSink(at, "f", chain.table(2))),
      ]),
    ]));
  },
  reuse: () => 1,
  flops: ([, spectra], attrs) => activationFlops(spectra, attrs, spectra.shape[1]),
  plainInputs: true,
  plainOutput: true,
  print: (attrs) => `${printAttrs(attrs)}${attrs.wanted.map((flag) => (flag ? ", wanted" : ", -")).join("")}`,
  samples: () => activationSamples().map(({ title, attrs, inputs }) => ({
    title, attrs: { ...attrs, wanted: inputs.slice(1).map(() => false) },
    inputs: [{ shape: [inputs[0].shape[0], ...(attrs.output === "sum" ? [] : [inputs[0].shape[1]]), attrs.height, attrs.width], dtype: "f32" as const }, ...inputs], tolerance: 4 * transformTolerance([attrs.height, attrs.width]),
  })),
});

/** What both kernels share: lines are pairs of rows of all images; `at` is the place of a pair in the spectra of a channel. */
function chainOf(context: { readonly target: Target }, spectra: TensorType, attrs: SpectralActivationAttrs): {
  readonly size: { readonly H: number; readonly W: number }; readonly F: number; readonly chain: FftChain; readonly at: (channel: string | undefined, k: string) => string;
} {
  const [B, F] = spectra.shape;
  const size = { H: attrs.height, W: attrs.width };
  const rows = storedRows(size.H) / 2;
  const at = (channel: string | undefined, k: string): string => pairPlace(channel === undefined ? `(line / ${rows}u)` : `(line / ${rows}u * ${F}u + ${channel})`, k, `line % ${rows}u`, size);
  return { size, F, chain: fftChain(size.W, B * rows, "lines", context.target), at };
}

/** The rows of the images of `channel`, as complex lines with the parts swapped: an inverse transform. */
function rowHalves(port: number, at: (channel: string | undefined, k: string) => string, channel: string | undefined, scale: string): Halves {
  return { load: (k) => `load${port}(${at(channel, k)})`, point: (half, place) => `rowPoint(${half}, ${place}, ${scale}[0]).yx` };
}

/** Row spectra of `channel`, or of the sum. */
function halfSink(at: (channel: string | undefined, k: string) => string, channel: string | undefined, scale: string): Pairs {
  return { pair: (here, mirrored, k) => `rowPair(${here}, ${mirrored}, ${k}, ${scale}[0])`, store: (k, pair) => `store0(${at(channel, k)}, ${pair});` };
}

function pairs(port: Port): Port {
  return { ...port, pairs: true };
}

/** `other1`, `other2`, ...: the numbers of channel `f`. */
function loadOthers(others: readonly Port[], first: number, f: string): string[] {
  return others.map((other, index) => `let other${index + 1} = load${first + index}(${elementCount(other.type.shape) === 1 ? "0u" : f});`);
}

/** The number of the row pair among those of all images: what image sources and sinks call a line. */
function imageLine(channel: string | undefined, { H }: { readonly H: number }, F: number): string {
  const rows = storedRows(H) / 2;
  return channel === undefined ? "line" : `((line / ${rows}u * ${F}u + ${channel}) * ${rows}u + line % ${rows}u)`;
}

/** Expressions at both rows of point `z{i}`, as vec2f. Names carry the `i`, so that several points fit in one scope. */
function elementwise(values: readonly Expr[], i: string): { readonly lines: readonly string[]; readonly results: readonly string[] } {
  const parts = (["x", "y"] as const).map((part) => printWgsl(values, (name) => (name === "x0" ? `z${i}.${part}` : name.replace(/^x/, "other")), `${part}${i}t`));
  return { lines: parts.flatMap(({ lets }) => lets), results: values.map((_, index) => `vec2f(${parts.map(({ results }) => results[index]).join(", ")})`) };
}

/** Zero in the row that only fills the last pair of an odd number of rows. */
function insideImage(value: string, { H }: { readonly H: number }): string {
  const rows = storedRows(H) / 2;
  return H % 2 === 0 ? value : `(${value} * vec2f(1.0, select(1.0, 0.0, line % ${rows}u == ${rows - 1}u)))`;
}

function sumsType(spectra: TensorType, height: number): TensorType {
  return { shape: [spectra.shape[0], storedRows(height) / 2, spectra.shape[1]], dtype: "f32" };
}

function mapImages(inputs: readonly Tensor[], value: Expr, shape: readonly number[]): Tensor {
  return map.reference(inputs, { shape, value: { re: value, im: constant(0) }, complex: false }, { shape, dtype: "f32" });
}

function sumOverChannels(images: Tensor): Tensor {
  const [B, , H, W] = images.shape;
  return contractOp.reference([images], { inputs: ["bfyx"], output: "byx", conjugate: [false] }, { shape: [B, H, W], dtype: "f32" });
}

/** [B,F,H,W] -> [B,H'/2,F]. */
function sumByPairs(images: Tensor): Tensor {
  const [B, F, H, W] = images.shape;
  const rows = storedRows(H) / 2;
  const data = new Float64Array(B * rows * F);
  images.data.forEach((value, index) => {
    const [plane, y] = [Math.floor(index / (H * W)), Math.floor(index / W) % H];
    data[(Math.floor(plane / F) * rows + (y >> 1)) * F + (plane % F)] += value;
  });
  return { shape: [B, rows, F], dtype: "f32", data };
}

/** Real row transforms there and back, and the function. */
function activationFlops(spectra: TensorType, { height, width, value, output }: SpectralActivationAttrs, forward?: number): number {
  const [B, F] = spectra.shape;
  const points = B * height * width;
  const row = 2.5 * Math.log2(Math.max(2, width));
  return points * (F * row + (forward ?? { spectra: F, sum: 1, images: 0 }[output]) * row + F * (cost(value) + 1));
}

function printAttrs({ height, width, value, output }: SpectralActivationAttrs): string {
  return `${height}x${width}: ${output} of ${printExpr(value)}`;
}

/** Smooth functions, because the adjoint is tested by differences; even, odd and mixed sizes, one and two factors, three. */
function activationSamples(): readonly { readonly title: string; readonly attrs: SpectralActivationAttrs; readonly inputs: readonly TensorType[] }[] {
  const [x, a, b] = [variable("x0"), variable("x1"), variable("x2")];
  const bent = multiply(x, multiply(x, constant(0.1)));
  const withBias = add(add(x, a), bent);
  const withSlope = add(add(multiply(b, x), a), bent);
  const spectra = (B: number, F: number, height: number, width: number): TensorType => ({ shape: [B, F, columnsOf(width), storedRows(height)], dtype: "c32" });
  const numbers = (F: number): TensorType => ({ shape: [1, F, 1, 1], dtype: "f32" });
  const all = ["spectra", "sum", "images"] as const;
  const sizes = [[[2, 3, 6, 8], all], [[1, 2, 5, 7], all], [[2, 2, 7, 20], ["sum"]], [[1, 2, 5, 96], ["spectra"]]] as const;
  return sizes.flatMap(([[B, F, height, width], outputs]) => outputs.flatMap((output) => {
    const base = { height, width, output };
    const title = `${B}x${F}x${height}x${width} ${output}`;
    return [
      { title: `${title}, bias`, attrs: { ...base, value: withBias }, inputs: [spectra(B, F, height, width), numbers(F)] },
      ...(width === 20 ? [
        { title: `${title}, bias and one slope`, attrs: { ...base, value: withSlope }, inputs: [spectra(B, F, height, width), numbers(F), numbers(1)] },
        { title: `${title}, no numbers`, attrs: { ...base, value: bent }, inputs: [spectra(B, F, height, width)] },
      ] : []),
    ];
  }));
}
