/** @file Fourier transforms in ONNX: as products with tables of cosines and sines, or as the operator DFT of opset 20. */

import { selfConjugateColumns } from "../../compiler/ops/hermitian.ts";
import { halfWidth } from "../../plan/shape.ts";
import type { OnnxBuilder, Pair, Value } from "./builder.ts";
import { columnPass, isLong, matrix, turn } from "./columns.ts";
import { concat, gather, pad, reshape, slice, split } from "./moves.ts";

/** How transforms are written. Products take any runtime; the operator keeps tables out of the file. */
export type Transforms = "matmul" | "op";

/** w[kx] of docs/numerics.md#transforms: how often a column of the half spectrum counts. */
const weightOf = (kx: number, width: number): number => (kx === 0 || 2 * kx === width ? 1 : 2);

/** X[ky, kx] = sum x[m, n] exp(-2 pi i (ky m/H + kx n/W)), times w[kx]/N where weighted: [.., H, W] to a pair of [.., H, K]. */
export function forward(builder: OnnxBuilder, x: Value, weighted: boolean, how: Transforms): Pair {
  const [height, width] = x.shape.slice(-2);
  const columns = halfWidth(width);
  const scale = (kx: number): number => (weighted ? weightOf(kx, width) / (height * width) : 1);
  if (how === "op" && !weighted) return forwardOperator(builder, x);
  if (isLong(width) && !weighted) return heightPass(builder, longRows(builder, x), false);
  const table = builder.table(`dft/rows ${width}${weighted ? ` weighted ${height}` : ""}`, [width, 2 * columns], () =>
    matrix(width, 2 * columns, (n, k) => {
      const [cos, sin] = turn(n, k % columns, width);
      return (k < columns ? cos : -sin) * scale(k % columns);
    }),
  );
  const rows = builder.node("MatMul", [x, table], [...x.shape.slice(0, -1), 2 * columns]);
  const [re, im] = split(builder, rows, -1, columns);
  return heightPass(builder, { re, im }, false);
}

/** y[m, n] = (1/N) sum w[kx] Re(R[ky, kx] exp(2 pi i (ky m/H + kx n/W))); weighted: times N/w[kx]. */
export function inverse(builder: OnnxBuilder, spectrum: Pair, width: number, weighted: boolean, how: Transforms): Value {
  const [height, columns] = spectrum.re.shape.slice(-2);
  const scale = (kx: number): number => (weighted ? 1 : weightOf(kx, width) / (height * width));
  if (how === "op" && !weighted) return inverseOperator(builder, spectrum, width);
  const { re, im } = heightPass(builder, spectrum, true);
  if (isLong(width) && !weighted) return longInverseRows(builder, { re, im }, width, height);
  const table = builder.table(`dft/inverse rows ${width} of ${height}${weighted ? " weighted" : ""}`, [2 * columns, width], () =>
    matrix(2 * columns, width, (k, n) => {
      const [cos, sin] = turn(n, k % columns, width);
      return (k < columns ? cos : -sin) * scale(k % columns);
    }),
  );
  return builder.node("MatMul", [concat(builder, [re, im], -1), table], [...re.shape.slice(0, -1), width]);
}

/** Of all columns of an image or a half spectrum; signals have none. */
function heightPass(builder: OnnxBuilder, { re, im }: Pair, backwards: boolean): Pair {
  return re.shape[re.shape.length - 2] === 1 ? { re, im } : columnPass(builder, re, im, backwards);
}

/** Rows too long for one table, each as a column of its own. */
function longRows(builder: OnnxBuilder, x: Value): Pair {
  const rank = x.shape.length;
  const columns = halfWidth(x.shape[rank - 1]);
  const whole = columnPass(builder, reshape(builder, x, [...x.shape, 1]), undefined, false);
  const half = (part: Value): Value => reshape(builder, slice(builder, part, rank - 1, 0, columns), [...x.shape.slice(0, -1), columns]);
  return { re: half(whole.re), im: half(whole.im) };
}

/** The real part of the inverse of w R / N, zeros behind it. */
function longInverseRows(builder: OnnxBuilder, { re, im }: Pair, width: number, height: number): Value {
  const shape = [...re.shape.slice(0, -1), width];
  const columns = halfWidth(width);
  const weights = builder.table(`dft/weights ${width} of ${height}`, [columns], () =>
    Float32Array.from({ length: columns }, (_, kx) => weightOf(kx, width) / (height * width)),
  );
  const none = shape.map(() => 0);
  const line = (part: Value): Value => {
    const weighted = builder.node("Mul", [part, weights], part.shape);
    return reshape(builder, pad(builder, weighted, none, none.with(-1, width - columns)), [...shape, 1]);
  };
  return reshape(builder, columnPass(builder, line(re), line(im), true).re, shape);
}

function forwardOperator(builder: OnnxBuilder, x: Value): Pair {
  const rank = x.shape.length;
  const columns = halfWidth(x.shape[rank - 1]);
  const real = reshape(builder, x, [...x.shape, 1]);
  const rows = dft(builder, real, rank - 1, [...x.shape.slice(0, -1), columns, 2], { onesided: 1 });
  return pairOf(builder, x.shape[rank - 2] === 1 ? rows : dft(builder, rows, rank - 2, rows.shape, {}));
}

/**
 * Its own one-sided inverse is not in every runtime. The real part of a full inverse of w R, zeros behind it, is the same, and drops
 * what is not self-conjugate.
 */
function inverseOperator(builder: OnnxBuilder, { re, im }: Pair, width: number): Value {
  const rank = re.shape.length;
  const [height, columns] = re.shape.slice(-2);
  const pair = concat(builder, [reshape(builder, re, [...re.shape, 1]), reshape(builder, im, [...im.shape, 1])], -1);
  const lines = height === 1 ? pair : dft(builder, pair, rank - 2, pair.shape, { inverse: 1 });
  const weights = builder.table(`dft/weights ${width}`, [columns, 1], () =>
    Float32Array.from({ length: columns }, (_, kx) => weightOf(kx, width)),
  );
  const weighted = builder.node("Mul", [lines, weights], lines.shape);
  const full = [...re.shape.slice(0, -1), width, 2];
  const zeros = [...re.shape.map(() => 0), 0];
  const behind = zeros.with(rank - 1, width - columns);
  const padded = width === columns ? weighted : builder.node("Pad", [weighted, builder.integers([...zeros, ...behind])], full);
  const image = dft(builder, padded, rank - 1, full, { inverse: 1 });
  return reshape(builder, slice(builder, image, rank, 0, 1), full.slice(0, -1));
}

function dft(builder: OnnxBuilder, x: Value, axis: number, shape: readonly number[], attributes: Readonly<Record<string, number>>): Value {
  const at = builder.integer(axis);
  return builder.node("DFT", [x, builder.absent, at], shape, attributes);
}

function pairOf(builder: OnnxBuilder, value: Value): Pair {
  const last = value.shape.length - 1;
  const part = (index: number): Value => reshape(builder, slice(builder, value, last, index, 1), value.shape.slice(0, -1));
  return { re: part(0), im: part(1) };
}

/** (R[ky, kx] + conj R[-ky, kx]) / 2 in the columns that are their own mirror images. */
export function hermitianNodes(builder: OnnxBuilder, { re, im }: Pair, width: number): Pair {
  const [height, columns] = re.shape.slice(-2);
  const rows = Array.from({ length: height }, (_, ky) => (height - ky) % height);
  const half = builder.table(`dft/halves ${width}`, [columns], () =>
    Float32Array.from({ length: columns }, (_, kx) => (selfConjugateColumns(width).includes(kx) ? 0.5 : 0)),
  );
  const move = (part: Value, op: "Sub" | "Add"): Value => {
    const difference = builder.node(op, [part, gather(builder, part, part.shape.length - 2, rows)], part.shape);
    return builder.node("Sub", [part, builder.node("Mul", [half, difference], part.shape)], part.shape);
  };
  return { re: move(re, "Sub"), im: move(im, "Add") };
}
