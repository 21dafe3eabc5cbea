/** @file The real 2-D Fourier transform and its inverse, each the other's adjoint, at every size. */

import { elementCount, halfWidth } from "../../plan/shape.ts";
import { bug } from "../diagnostics/diagnostic.ts";
import type { Samples, TypedOp } from "../graph/graph.ts";
import { defineOp, emptyTensor } from "../graph/graph.ts";
import type { TensorType } from "../graph/types.ts";
import { inverseTransformLines, transformLines } from "../kernels/fft/lines.ts";
import type { ElementSink, ElementSource, LineSink, LineSource } from "../kernels/fft/local.ts";
import { planFft } from "../kernels/fft/plan.ts";
import { referenceFft } from "../kernels/fft/reference.ts";
import { forwardScale, inverseScale } from "../kernels/row-spectra.ts";
import type { LowerContext, Port, Table } from "../lower/context.ts";
import { plainPort } from "../lower/context.ts";
import { isSelfConjugate } from "./hermitian.ts";

export interface Rfft2Attrs {
  /** Multiplies by w[kx]/N, N = H W: the adjoint of irfft2. */
  readonly weighted: boolean;
}

export interface Irfft2Attrs {
  /** W of the result: the half spectrum alone does not say whether it is even. */
  readonly width: number;
  /** Multiplies by N/w[kx] first: the adjoint of rfft2. */
  readonly weighted: boolean;
}

/** [..., H, W] f32 -> [..., H, K] c32; unscaled unless `weighted` (docs/numerics.md#transforms, docs/numerics.md#gradients). */
export const rfft2: TypedOp<Rfft2Attrs> = defineOp<Rfft2Attrs>({
  name: "rfft2",
  formula: "X[ky,kx] = sum_mn x[m,n] exp(-2 pi i (ky m/H + kx n/W)), kx < K",
  shape: ([input]) => {
    if (input.dtype !== "f32" || input.shape.length < 2) bug(`rfft2 of ${input.dtype} ${input.shape.join("x")}`);
    const width = input.shape[input.shape.length - 1];
    return { shape: [...input.shape.slice(0, -1), halfWidth(width)], dtype: "c32" };
  },
  adjoint: (builder, dy, node, { weighted }) => {
    const width = node.inputs[0].type.shape.at(-1) ?? bug("rfft2 of a scalar");
    return [irfft2.build(builder, [dy], { width, weighted: !weighted })];
  },
  reference: ([input], { weighted }, type) => {
    const size = sizeOf(input);
    const { H, W, K } = size;
    const scales = weighted ? weightsOf(W).map((w) => w / (H * W)) : new Array<number>(K).fill(1);
    const result = emptyTensor(type);
    const row = new Float64Array(2 * W);
    for (let y = 0; y < size.planes * H; y++) {
      for (let x = 0; x < W; x++) {
        row[2 * x] = input.data[y * W + x];
        row[2 * x + 1] = 0;
      }
      referenceFft(W).transform(row, false);
      for (let k = 0; k < K; k++) {
        result.data[2 * (y * K + k)] = row[2 * k] * scales[k];
        result.data[2 * (y * K + k) + 1] = row[2 * k + 1] * scales[k];
      }
    }
    transformColumns(result.data, size, false);
    return result;
  },
  lower: (context, { weighted }, type) => {
    const { planes, H, W } = sizeOf(context.inputs[0].type);
    const scale = forwardScale({ H, W }, weighted);
    const [input] = context.inputs;
    const between = H === 1 ? context.output : plainPort(context.scratch(type));
    if (W > 1)
      transformLines(context, {
        title: "rfft2 rows",
        plan: planFft(W, context.target),
        lines: Math.ceil((planes * H) / 2),
        order: "rows",
        source: rowPairSource(input, planes * H, W),
        sink: spectrumSink(between, planes * H, W, scale),
      });
    if (W > 1 && H === 1) return;
    const real: ElementSource = {
      kind: "element",
      port: input,
      tables: [scale],
      load: (line, position, { load, table }) => `vec2f(${load(0)}(${line} * ${H}u + ${position}) * ${table(0)}[0].x, 0.0)`,
    };
    transformLines(context, {
      title: "rfft2 columns",
      ...columnLines(context, planes, H, W),
      source: W === 1 ? real : columnSource(between, H, W, forwards),
      sink: columnSink(context.output, H, W, forwards),
    });
  },
  reuse: () => 1,
  flops: ([input]) => transformFlops(input),
  print: ({ weighted }) => (weighted ? "weighted" : ""),
});

export const rfft2Samples: Samples<Rfft2Attrs> = () =>
  sampleSizes.flatMap((shape) =>
    [false, true].map((weighted) => ({
      title: `${shape.join("x")}${weighted ? " weighted" : ""}`,
      attrs: { weighted },
      inputs: [{ shape, dtype: "f32" as const }],
      tolerance: transformTolerance(shape),
    })),
  );

/** [..., H, K] c32 -> [..., H, W] f32; with 1/N, and the Hermitian projection of whatever it is given. */
export const irfft2: TypedOp<Irfft2Attrs> = defineOp<Irfft2Attrs>({
  name: "irfft2",
  formula: "y[m,n] = (1/N) sum_k w[kx] Re(R[ky,kx] exp(2 pi i (ky m/H + kx n/W)))",
  shape: ([input], { width }) => {
    if (input.dtype !== "c32" || input.shape.length < 2 || input.shape.at(-1) !== halfWidth(width))
      bug(`irfft2 of width ${width} on ${input.dtype} ${input.shape.join("x")}`);
    return { shape: [...input.shape.slice(0, -1), width], dtype: "f32" };
  },
  adjoint: (builder, dy, _node, { weighted }) => [rfft2.build(builder, [dy], { weighted: !weighted })],
  reference: ([input], { width, weighted }, type) => {
    const size = { ...sizeOf(type), K: halfWidth(width) };
    const { H, W, K } = size;
    const spectrum = input.data.slice();
    transformColumns(spectrum, size, true);
    // With N/w first, both w and N of the definition cancel.
    const scales = weightsOf(W).map((w) => (weighted ? 1 : w / (H * W)));
    const result = emptyTensor(type);
    const row = new Float64Array(2 * W);
    for (let y = 0; y < size.planes * H; y++) {
      row.fill(0);
      for (let k = 0; k < K; k++) {
        row[2 * k] = spectrum[2 * (y * K + k)] * scales[k];
        row[2 * k + 1] = spectrum[2 * (y * K + k) + 1] * scales[k];
      }
      referenceFft(W).transform(row, true);
      for (let x = 0; x < W; x++) result.data[y * W + x] = row[2 * x];
    }
    return result;
  },
  lower: (context, { width: W, weighted }, type) => {
    const { planes, H } = sizeOf(type);
    const scale = inverseScale({ H, W }, weighted);
    const [input] = context.inputs;
    const between = H === 1 || W === 1 ? input : plainPort(context.scratch(input.type));
    const real: ElementSink = {
      kind: "element",
      port: context.output,
      tables: [scale],
      store: (line, position, value, { store, table }) => `${store(0)}(${line} * ${H}u + ${position}, ${value}.x * ${table(0)}[0].x);`,
    };
    if (W === 1 || H > 1)
      transformLines(context, {
        title: "irfft2 columns",
        ...columnLines(context, planes, H, W),
        source: columnSource(input, H, W, backwards),
        sink: W === 1 ? real : columnSink(between, H, W, backwards),
      });
    if (W > 1)
      inverseTransformLines(context, {
        title: "irfft2 rows",
        plan: planFft(W, context.target),
        lines: Math.ceil((planes * H) / 2),
        order: "rows",
        source: spectrumSource(between, planes * H, W, scale),
        sink: rowPairSink(context.output, planes * H, W),
      });
  },
  reuse: () => 1,
  flops: (_inputs, _attrs, type) => transformFlops(type),
  print: ({ width, weighted }) => `width ${width}${weighted ? ", weighted" : ""}`,
});

export const irfft2Samples: Samples<Irfft2Attrs> = () =>
  sampleSizes.flatMap((shape) =>
    [false, true].map((weighted) => ({
      title: `${shape.join("x")}${weighted ? " weighted" : ""}`,
      attrs: { width: shape[shape.length - 1], weighted },
      inputs: [{ shape: [...shape.slice(0, -1), halfWidth(shape[shape.length - 1])], dtype: "c32" as const }],
      tolerance: transformTolerance(shape),
    })),
  );

interface Size {
  readonly planes: number;
  readonly H: number;
  readonly W: number;
  readonly K: number;
}

function sizeOf({ shape }: { readonly shape: readonly number[] }): Size {
  const [H, W] = shape.slice(-2);
  return { planes: elementCount(shape.slice(0, -2)), H, W, K: halfWidth(W) };
}

/** w[kx] of docs/numerics.md#transforms. */
function weightsOf(width: number): number[] {
  return Array.from({ length: halfWidth(width) }, (_, kx) => (kx === 0 || 2 * kx === width ? 1 : 2));
}

/** Complex transforms of all columns, in place. */
function transformColumns(data: Float64Array, { planes, H, K }: Size, inverse: boolean): void {
  if (H === 1) return;
  const column = new Float64Array(2 * H);
  for (let plane = 0; plane < planes; plane++) {
    for (let kx = 0; kx < K; kx++) {
      const first = 2 * (plane * H * K + kx);
      for (let y = 0; y < H; y++) {
        column[2 * y] = data[first + 2 * y * K];
        column[2 * y + 1] = data[first + 2 * y * K + 1];
      }
      referenceFft(H).transform(column, inverse);
      for (let y = 0; y < H; y++) {
        data[first + 2 * y * K] = column[2 * y];
        data[first + 2 * y * K + 1] = column[2 * y + 1];
      }
    }
  }
}

/** The inverse is the conjugate of the transform of the conjugate. In a table, so that both directions share a shader. */
const forwards: Table = { key: "fft.forwards", data: Float32Array.of(1, 1, 0, 0), type: "array<vec4f, 1>", space: "uniform" };
const backwards: Table = { key: "fft.backwards", data: Float32Array.of(1, -1, 0, 0), type: "array<vec4f, 1>", space: "uniform" };

/*
 * Rows come in pairs: row a is the real and row a + 1 the imaginary part of one complex line (docs/kernels.md#row-pairs). Rows of
 * all planes are numbered through, so only the very last one can lack a partner; it is paired with zero.
 */

function rowPairSource(port: Port, rows: number, W: number): ElementSource {
  return {
    kind: "element",
    port,
    tables: [],
    load: (line, position, { load }) => {
      const index = `${line} * ${2 * W}u + ${position}`;
      if (rows % 2 === 0) return `vec2f(${load(0)}(${index}), ${load(0)}(${index} + ${W}u))`;
      const last = rows * W - 1;
      return `vec2f(${load(0)}(${index}), select(${load(0)}(min(${index} + ${W}u, ${last}u)), 0.0, ${line} == ${(rows - 1) / 2}u))`;
    },
  };
}

function rowPairSink(port: Port, rows: number, W: number): ElementSink {
  return {
    kind: "element",
    port,
    tables: [],
    store: (line, position, value, { store }) => {
      const index = `${line} * ${2 * W}u + ${position}`;
      const second = `${store(0)}(${index} + ${W}u, ${value}.y);`;
      return `${store(0)}(${index}, ${value}.x); ${rows % 2 === 0 ? second : `if (${line} < ${(rows - 1) / 2}u) { ${second} }`}`;
    },
  };
}

/** X_a = (Z[k] + conj Z[W-k]) / 2, X_b = (Z[k] - conj Z[W-k]) / 2i, times the scale. */
function spectrumSink(port: Port, rows: number, W: number, scale: Table): LineSink {
  const K = halfWidth(W);
  return {
    kind: "line",
    count: K,
    port,
    tables: [scale],
    store: (line, k, read, { store, table }) => {
      const second = `${store(0)}(place + ${K}u, half * vec2f(here.y + mirrored.y, mirrored.x - here.x));`;
      return [
        `let here = ${read(k)};`,
        `let mirrored = ${read(`select(${W}u - ${k}, 0u, ${k} == 0u)`)};`,
        `let half = 0.5 * select(${table(0)}[0].y, ${table(0)}[0].x, ${isSelfConjugate(k, W)});`,
        `let place = ${line} * ${2 * K}u + ${k};`,
        `${store(0)}(place, half * vec2f(here.x + mirrored.x, here.y - mirrored.y));`,
        rows % 2 === 0 ? second : `if (${line} < ${(rows - 1) / 2}u) { ${second} }`,
      ].join("\n    ");
    },
  };
}

/** Z[k] = X_a + i X_b and Z[W-k] = conj X_a + i conj X_b; real parts only where k = W-k: the Hermitian projection. */
function spectrumSource(port: Port, rows: number, W: number, scale: Table): LineSource {
  const K = halfWidth(W);
  return {
    kind: "line",
    count: K,
    port,
    tables: [scale],
    fill: (line, k, write, { load, table }) => {
      const second =
        rows % 2 === 0
          ? `${load(0)}(place + ${K}u)`
          : `select(${load(0)}(min(place + ${K}u, ${rows * K - 1}u)), vec2f(), ${line} == ${(rows - 1) / 2}u)`;
      return [
        `let place = ${line} * ${2 * K}u + ${k};`,
        `let edge = ${isSelfConjugate(k, W)};`,
        `let factor = select(vec2f(${table(0)}[0].y), vec2f(${table(0)}[0].x, 0.0), edge);`,
        `let a = factor * ${load(0)}(place);`,
        `let b = factor * ${second};`,
        write(k, "vec2f(a.x - b.y, a.y + b.x)"),
        `let opposite = select(${W}u - ${k}, 0u, ${k} == 0u);`,
        write("opposite", "vec2f(a.x + b.y, b.x - a.y)"),
      ].join("\n    ");
    },
  };
}

/** Columns of all planes numbered through: neighbours in memory are neighbouring lines. */
function columnLines(
  context: LowerContext,
  planes: number,
  H: number,
  W: number,
): { readonly plan: ReturnType<typeof planFft>; readonly lines: number; readonly order: "columns" } {
  return { plan: planFft(H, context.target), lines: planes * halfWidth(W), order: "columns" };
}

function columnIndex(line: string, position: string, H: number, K: number): string {
  return K === 1 ? `${line} * ${H}u + ${position}` : `${line} / ${K}u * ${H * K}u + ${line} % ${K}u + ${position} * ${K}u`;
}

function columnSource(port: Port, H: number, W: number, direction: Table): ElementSource {
  return {
    kind: "element",
    port,
    tables: [direction],
    load: (line, position, { load, table }) => `(${load(0)}(${columnIndex(line, position, H, halfWidth(W))}) * ${table(0)}[0].xy)`,
  };
}

function columnSink(port: Port, H: number, W: number, direction: Table): ElementSink {
  return {
    kind: "element",
    port,
    tables: [direction],
    store: (line, position, value, { store, table }) =>
      `${store(0)}(${columnIndex(line, position, H, halfWidth(W))}, ${value} * ${table(0)}[0].xy);`,
  };
}

/** 2.5 N log2 N per plane, the usual count of a real transform. */
function transformFlops({ shape }: TensorType): number {
  const { planes, H, W } = sizeOf({ shape });
  return planes * 2.5 * H * W * Math.log2(Math.max(2, H * W));
}

/** See docs/numerics.md#tolerances. */
export function transformTolerance(shape: readonly number[]): number {
  return 5e-7 * Math.max(1, Math.log2(Math.max(...shape.slice(-2))));
}

/** Every parity, size 1 along either axis, odd numbers of rows in all, a prime for Bluestein. */
const sampleSizes: readonly (readonly number[])[] = [
  [1, 1, 1, 1],
  [3, 1, 1, 8],
  [2, 2, 7, 1],
  [1, 3, 5, 7],
  [2, 1, 6, 7],
  [3, 1, 5, 8],
  [1, 2, 12, 20],
  [1, 1, 37, 6],
];
