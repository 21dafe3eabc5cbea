/** @file What a spectral product and its gradient share: columns of channels and their filters, in WGSL and in f64. */

import type { Tensor } from "../graph/graph.ts";
import { emptyTensor } from "../graph/graph.ts";
import type { TensorType } from "../graph/types.ts";
import { referenceFft } from "./fft/reference.ts";
import { storedRows } from "./row-spectra.ts";

export function spectrumType(spectra: TensorType, filters: TensorType): TensorType {
  return { shape: [...spectra.shape.slice(0, -2), ...filters.shape.slice(1)], dtype: "c32" };
}

/** Of every contiguous column. Forwards from stored rows to H, backwards from H to stored rows. */
export function columnTransforms(input: Tensor, height: number, inverse: boolean): Tensor {
  const stored = storedRows(height);
  const [from, to] = inverse ? [height, stored] : [stored, height];
  const result = emptyTensor({ shape: [...input.shape.slice(0, -1), to], dtype: "c32" });
  for (let line = 0; 2 * line * from < input.data.length; line++) {
    const column = input.data.slice(2 * line * from, 2 * (line * from + height));
    referenceFft(height).transform(column, inverse);
    result.data.set(column, 2 * line * to);
  }
  return result;
}

/** C of T or S. */
export function channelsOf({ shape }: Pick<TensorType, "shape">): number {
  return shape.length === 4 ? shape[1] : 1;
}

/** WGSL for `line`, the number of a column of T or S, and `f` < count, which of its channel's filters is meant. */
export function columnsOfChannels(
  spectra: TensorType,
  filters: TensorType,
): {
  readonly count: number;
  /** Columns of an image. */
  readonly planes: number;
  /** Which of all filters it is, its column, and that of U. */
  readonly index: string;
  readonly filter: string;
  readonly column: string;
} {
  const [F, K] = filters.shape;
  const C = channelsOf(spectra);
  const count = F / C;
  const index = C === 1 ? "f" : `(line / ${K}u % ${C}u * ${count}u + f)`;
  return {
    count,
    planes: C * K,
    index,
    filter: `(${index} * ${K}u + line % ${K}u)`,
    column: `((line / ${K}u * ${count}u + f) * ${K}u + line % ${K}u)`,
  };
}

/** Calls `body` with the flat places of a bin in S, in the filters and in the product. */
export function forBins(
  spectrum: Pick<TensorType, "shape">,
  filters: Pick<TensorType, "shape">,
  body: (image: number, filter: number, both: number) => void,
): void {
  const [F, K, H] = filters.shape;
  const C = channelsOf(spectrum);
  const [bins, count] = [K * H, F / C];
  for (let plane = 0; plane < spectrum.shape[0] * C; plane++) {
    for (let f = 0; f < count; f++) {
      for (let bin = 0; bin < bins; bin++)
        body(plane * bins + bin, ((plane % C) * count + f) * bins + bin, (plane * count + f) * bins + bin);
    }
  }
}

/** result[at] += a[left] b[right], or with conj(b[right]) where `sign` is -1. */
export function addProduct(
  result: Float64Array,
  at: number,
  a: Float64Array,
  left: number,
  b: Float64Array,
  right: number,
  sign: 1 | -1,
): void {
  const [ar, ai, br, bi] = [a[2 * left], a[2 * left + 1], b[2 * right], sign * b[2 * right + 1]];
  result[2 * at] += ar * br - ai * bi;
  result[2 * at + 1] += ar * bi + ai * br;
}

/** Complex column transforms of T and U, and `products` products per filter. */
export function productFlops(spectra: TensorType, filters: TensorType, products: number): number {
  const [F, K, H] = filters.shape;
  return spectra.shape[0] * K * H * ((F + channelsOf(spectra)) * 5 * Math.log2(H) + 8 * products * F);
}

/**
 * B, C, F, H, K: even, odd, two unequal factors, three factors, more lines than a workgroup takes; several channels. C = 0:
 * no such axis.
 */
export const sampleSizes: readonly (readonly number[])[] = [
  [2, 0, 3, 6, 5],
  [1, 0, 2, 7, 4],
  [2, 0, 2, 20, 9],
  [1, 0, 2, 75, 3],
  [1, 0, 1, 512, 2],
  [2, 3, 6, 7, 4],
  [2, 2, 2, 20, 3],
];

export function sampleTypes([B, C, F, H, K]: readonly number[]): readonly [TensorType, TensorType] {
  return [
    { shape: [B, ...(C === 0 ? [] : [C]), K, storedRows(H)], dtype: "c32" },
    { shape: [F, K, H], dtype: "c32" },
  ];
}
