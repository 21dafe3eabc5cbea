/**
 * @file The two passes of `rfft2` and `irfft2` on their own, with row spectra between them (kernels/row-spectra.ts):
 * rfft2 = fftColumns of rfftRows, irfft2 = irfftRows of ifftColumns. Fused spectral layers begin and end at row spectra.
 */

import { elementCount, halfWidth } from "../../plan/shape.ts";
import { bug } from "../diagnostics/diagnostic.ts";
import type { Samples, Tensor, TypedOp } from "../graph/graph.ts";
import { defineOp, emptyTensor } from "../graph/graph.ts";
import type { TensorType } from "../graph/types.ts";
import { inverseTransformLines, transformLines } from "../kernels/fft/lines.ts";
import { planFft } from "../kernels/fft/plan.ts";
import { referenceFft } from "../kernels/fft/reference.ts";
import { forwardScale, imageSink, imageSource, inverseScale, spectraSink, spectraSource, storedRows } from "../kernels/row-spectra.ts";
import type { Names } from "../lower/names.ts";
import { transformTolerance } from "./fft.ts";

export interface RowsAttrs {
  /** H and W of the image: its row spectra alone do not say whether they are even. */
  readonly height: number;
  readonly width: number;
  /** Makes each of the two the adjoint of the other unweighted one. */
  readonly weighted: boolean;
}

export interface ColumnsAttrs {
  readonly height: number;
}

/** [..., H, W] f32 -> [..., K, H'] c32; times w[kx]/N if `weighted`. */
export const rfftRows: TypedOp<RowsAttrs> = defineOp<RowsAttrs>({
  name: "rfftRows",
  formula: "T[kx,y] = sum_n x[y,n] exp(-2 pi i kx n/W), kx < K",
  shape: ([input], { height, width }) => {
    if (input.dtype !== "f32" || input.shape.at(-2) !== height || input.shape.at(-1) !== width) bug(`rfftRows of ${input.shape.join("x")}`);
    return { shape: [...input.shape.slice(0, -2), halfWidth(width), storedRows(height)], dtype: "c32" };
  },
  adjoint: (builder, dy, _node, attrs) => [irfftRows.build(builder, [dy], { ...attrs, weighted: !attrs.weighted })],
  reference: ([input], attrs) => rowSpectra(input, attrs),
  lower: (context, attrs, type) => {
    const { H, W } = sizeOf(attrs);
    const scale = forwardScale({ H, W }, attrs.weighted);
    transformLines(context, {
      title: "rows",
      plan: planFft(W, context.target),
      lines: pairCount(type),
      order: "rows",
      source: imageSource(context.inputs[0], { H, W }),
      sink: spectraSink(context.output, { H, W }, scale),
    });
  },
  reuse: () => 1,
  flops: ([input], { width }) => transformFlops(elementCount(input.shape), width),
  plainOutput: true,
  print: printRows,
});

export const rfftRowsSamples: Samples<RowsAttrs> = () => rowSamples((shape) => ({ shape, dtype: "f32" }));

function rowSamples(inputType: (shape: readonly number[]) => TensorType): ReturnType<Samples<RowsAttrs>> {
  return imageSizes.flatMap((shape) =>
    [false, true].map((weighted) => ({
      title: `${shape.join("x")}${weighted ? " weighted" : ""}`,
      attrs: { ...attrsOf(shape), weighted },
      inputs: [inputType(shape)],
      tolerance: transformTolerance(shape),
    })),
  );
}

/** [..., K, H'] c32 -> [..., H, W] f32, with the Hermitian projection; times 1/N unless `weighted`. */
export const irfftRows: TypedOp<RowsAttrs> = defineOp<RowsAttrs>({
  name: "irfftRows",
  formula: "x[y,n] = (1/N) sum_kx w[kx] Re(U[kx,y] exp(2 pi i kx n/W))",
  shape: ([input], { height, width }) => {
    if (input.dtype !== "c32" || input.shape.at(-2) !== halfWidth(width) || input.shape.at(-1) !== storedRows(height))
      bug(`irfftRows of ${input.shape.join("x")} for ${height}x${width}`);
    return { shape: [...input.shape.slice(0, -2), height, width], dtype: "f32" };
  },
  adjoint: (builder, dy, _node, attrs) => [rfftRows.build(builder, [dy], { ...attrs, weighted: !attrs.weighted })],
  reference: ([input], attrs) => rowImages(input, attrs),
  lower: (context, attrs) => {
    const { H, W } = sizeOf(attrs);
    const [input] = context.inputs;
    inverseTransformLines(context, {
      title: "rows",
      plan: planFft(W, context.target),
      lines: pairCount(input.type),
      order: "rows",
      source: spectraSource(input, { H, W }, inverseScale({ H, W }, attrs.weighted)),
      sink: imageSink(context.output, { H, W }),
    });
  },
  reuse: () => 1,
  flops: (_inputs, { width }, type) => transformFlops(elementCount(type.shape), width),
  plainInputs: true,
  print: printRows,
});

export const irfftRowsSamples: Samples<RowsAttrs> = () => rowSamples(spectraType);

/** [..., K, H'] c32 -> [..., H, K] c32. */
export const fftColumns: TypedOp<ColumnsAttrs> = defineOp<ColumnsAttrs>({
  name: "fftColumns",
  formula: "X[ky,kx] = sum_y T[kx,y] exp(-2 pi i ky y/H)",
  shape: ([input], { height }) => {
    if (input.dtype !== "c32" || input.shape.at(-1) !== storedRows(height))
      bug(`fftColumns of ${input.shape.join("x")} for ${height} rows`);
    return { shape: [...input.shape.slice(0, -2), height, input.shape[input.shape.length - 2]], dtype: "c32" };
  },
  adjoint: (builder, dy) => [ifftColumns.build(builder, [dy], {})],
  reference: ([input], { height }, type) => columnSpectra(input, height, type),
  lower: (context, { height }, type) => {
    const [input] = context.inputs;
    const [lines, K] = [lineCount(input.type), type.shape[type.shape.length - 1]];
    transformLines(context, {
      title: "columns",
      plan: planFft(height, context.target),
      lines,
      order: "columns",
      source: {
        kind: "element",
        port: input,
        tables: [],
        load: (line, position, { load }) => `${load(0)}(${line} * ${storedRows(height)}u + ${position})`,
      },
      sink: {
        kind: "element",
        port: context.output,
        tables: [],
        store: (line, position, value, { store }) => `${store(0)}(${planePlace(line, position, height, K)}, ${value});`,
      },
    });
  },
  reuse: () => 1,
  flops: (_inputs, { height }, type) => 2 * transformFlops(elementCount(type.shape), height),
  print: ({ height }) => `${height} rows`,
});

export const fftColumnsSamples: Samples<ColumnsAttrs> = () =>
  imageSizes.map((shape) => ({
    title: shape.join("x"),
    attrs: { height: attrsOf(shape).height },
    inputs: [spectraType(shape)],
    tolerance: transformTolerance(shape),
  }));

/** [..., H, K] c32 -> [..., K, H'] c32, unscaled. */
export const ifftColumns: TypedOp<Readonly<Record<string, never>>> = defineOp<Readonly<Record<string, never>>>({
  name: "ifftColumns",
  formula: "U[kx,y] = sum_ky R[ky,kx] exp(2 pi i ky y/H)",
  shape: ([input]) => {
    if (input.dtype !== "c32" || input.shape.length < 2) bug(`ifftColumns of ${input.dtype} ${input.shape.join("x")}`);
    const [H, K] = input.shape.slice(-2);
    return { shape: [...input.shape.slice(0, -2), K, storedRows(H)], dtype: "c32" };
  },
  adjoint: (builder, dy, node) => [
    fftColumns.build(builder, [dy], { height: node.inputs[0].type.shape.at(-2) ?? bug("ifftColumns of a line") }),
  ],
  reference: ([input], _attrs, type) => columnRows(input, type),
  lower: (context, _attrs, type) => {
    const [input] = context.inputs;
    const [H, K] = input.type.shape.slice(-2);
    inverseTransformLines(context, {
      title: "columns",
      plan: planFft(H, context.target),
      lines: lineCount(type),
      order: "columns",
      source: {
        kind: "element",
        port: input,
        tables: [],
        load: (line, position, { load }) => `${load(0)}(${planePlace(line, position, H, K)})`,
      },
      sink: {
        kind: "element",
        port: context.output,
        tables: [],
        store: (line, position, value, names) => storeInColumn(names, line, position, value, H),
      },
    });
  },
  reuse: () => 1,
  flops: ([input]) => 2 * transformFlops(elementCount(input.shape), input.shape[input.shape.length - 2]),
  print: () => "",
});

export const ifftColumnsSamples: Samples<Readonly<Record<string, never>>> = () =>
  imageSizes.map((shape) => {
    const { height, width } = attrsOf(shape);
    return {
      title: shape.join("x"),
      attrs: {},
      inputs: [{ shape: [...shape.slice(0, -2), height, halfWidth(width)], dtype: "c32" as const }],
      tolerance: transformTolerance(shape),
    };
  });

/** WGSL that stores point `position` of column `line`, and zero behind the last of an odd number. */
export function storeInColumn({ store }: Names, line: string, position: string, value: string, height: number): string {
  const place = `${line} * ${storedRows(height)}u + ${position}`;
  const own = `${store(0)}(${place}, ${value});`;
  return height % 2 === 0 ? own : `${own} if (${position} == ${height - 1}u) { ${store(0)}(${place} + 1u, vec2f()); }`;
}

/** [..., H, W] -> [..., K, H']; f64. */
export function rowSpectra(input: Tensor, { height: H, width: W, weighted }: RowsAttrs): Tensor {
  const K = halfWidth(W);
  const stored = storedRows(H);
  const result = emptyTensor({ shape: [...input.shape.slice(0, -2), K, stored], dtype: "c32" });
  const row = new Float64Array(2 * W);
  for (let line = 0; line * W < input.data.length; line++) {
    const [plane, y] = [Math.floor(line / H), line % H];
    for (let n = 0; n < W; n++) row.set([input.data[line * W + n], 0], 2 * n);
    referenceFft(W).transform(row, false);
    for (let k = 0; k < K; k++) {
      const scale = weighted ? (k === 0 || 2 * k === W ? 1 : 2) / (H * W) : 1;
      result.data.set([row[2 * k] * scale, row[2 * k + 1] * scale], 2 * ((plane * K + k) * stored + y));
    }
  }
  return result;
}

/** [..., K, H'] -> [..., H, W]; f64. */
export function rowImages(input: Tensor, { height: H, width: W, weighted }: RowsAttrs): Tensor {
  const K = halfWidth(W);
  const stored = storedRows(H);
  const result = emptyTensor({ shape: [...input.shape.slice(0, -2), H, W], dtype: "f32" });
  const row = new Float64Array(2 * W);
  for (let line = 0; line * W < result.data.length; line++) {
    const [plane, y] = [Math.floor(line / H), line % H];
    row.fill(0);
    for (let k = 0; k < K; k++) {
      // With N/w first, both w and N of the definition cancel.
      const scale = weighted ? 1 : (k === 0 || 2 * k === W ? 1 : 2) / (H * W);
      const from = 2 * ((plane * K + k) * stored + y);
      row.set([input.data[from] * scale, input.data[from + 1] * scale], 2 * k);
    }
    referenceFft(W).transform(row, true);
    for (let n = 0; n < W; n++) result.data[line * W + n] = row[2 * n];
  }
  return result;
}

function columnSpectra(input: Tensor, H: number, type: TensorType): Tensor {
  const K = type.shape[type.shape.length - 1];
  const stored = storedRows(H);
  const result = emptyTensor(type);
  for (let line = 0; 2 * line * stored < input.data.length; line++) {
    const column = input.data.slice(2 * line * stored, 2 * (line * stored + H));
    referenceFft(H).transform(column, false);
    for (let y = 0; y < H; y++) result.data.set(column.subarray(2 * y, 2 * y + 2), 2 * ((Math.floor(line / K) * H + y) * K + (line % K)));
  }
  return result;
}

function columnRows(input: Tensor, type: TensorType): Tensor {
  const [H, K] = input.shape.slice(-2);
  const stored = storedRows(H);
  const result = emptyTensor(type);
  const column = new Float64Array(2 * H);
  for (let line = 0; 2 * line * stored < result.data.length; line++) {
    for (let y = 0; y < H; y++) {
      const from = 2 * ((Math.floor(line / K) * H + y) * K + (line % K));
      column.set(input.data.subarray(from, from + 2), 2 * y);
    }
    referenceFft(H).transform(column, true);
    result.data.set(column, 2 * line * stored);
  }
  return result;
}

function planePlace(line: string, position: string, H: number, K: number): string {
  return `${line} / ${K}u * ${H * K}u + ${line} % ${K}u + ${position} * ${K}u`;
}

function sizeOf({ height, width }: RowsAttrs): { readonly H: number; readonly W: number } {
  return { H: height, W: width };
}

/** Columns of all planes. */
function lineCount(spectra: TensorType): number {
  return elementCount(spectra.shape.slice(0, -1));
}

/** Pairs of rows of all planes. */
function pairCount(spectra: TensorType): number {
  return (elementCount(spectra.shape.slice(0, -2)) * spectra.shape[spectra.shape.length - 1]) / 2;
}

/** One axis of a real transform, 2.5 n log2 n for n points. */
function transformFlops(points: number, length: number): number {
  return 2.5 * points * Math.log2(Math.max(2, length));
}

function printRows({ height, width, weighted }: RowsAttrs): string {
  return `${height}x${width}${weighted ? ", weighted" : ""}`;
}

function attrsOf(shape: readonly number[]): { readonly height: number; readonly width: number } {
  return { height: shape[shape.length - 2], width: shape[shape.length - 1] };
}

function spectraType(shape: readonly number[]): TensorType {
  const { height, width } = attrsOf(shape);
  return { shape: [...shape.slice(0, -2), halfWidth(width), storedRows(height)], dtype: "c32" };
}

/** Every parity; a prime for Bluestein; one row. */
const imageSizes: readonly (readonly number[])[] = [
  [2, 2, 6, 8],
  [3, 5, 7],
  [2, 6, 7],
  [2, 5, 8],
  [1, 12, 20],
  [1, 37, 34],
  [3, 1, 9],
];
