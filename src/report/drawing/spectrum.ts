/** @file Spectra and kernels as pictures want them: whole, with the origin in the middle. */

import type { Tensor } from "../../compiler/graph/graph.ts";
import { irfft2, rfft2 } from "../../compiler/ops/fft.ts";
import { halfWidth } from "../../plan/shape.ts";

/** One plane of complex or real numbers, row by row; complex ones interleaved. */
export interface Plane {
  readonly height: number;
  readonly width: number;
  readonly data: Float64Array;
}

/** Where DC lies in `wholeSpectrum`. */
export function dcPlace(height: number, width: number): { readonly row: number; readonly column: number } {
  return { row: Math.ceil(height / 2) - 1, column: Math.floor(width / 2) };
}

/** The real plane whose transform is the half spectrum [H][K][2]: what a layer with this kernel really computes with. */
export function inverseTransform(half: ArrayLike<number>, height: number, width: number): Plane {
  const spectrum: Tensor = { shape: [height, halfWidth(width)], dtype: "c32", data: Float64Array.from(half) };
  const { data } = irfft2.reference([spectrum], { width, weighted: false }, { shape: [height, width], dtype: "f32" });
  return { height, width, data };
}

/** The half spectrum [H][K][2] of a real plane. */
export function transform({ height, width, data }: Plane): Float64Array {
  return rfft2.reference(
    [{ shape: [height, width], dtype: "f32", data }],
    { weighted: false },
    { shape: [height, halfWidth(width)], dtype: "c32" },
  ).data;
}

/**
 * The half spectrum [H][K][2] at full width, DC in the middle, v upwards and u to the right. The left half follows from
 * Hermitian symmetry, and so do columns that are their own mirror images: the inverse transform takes the mean of both
 * sides there (docs/numerics.md#transforms).
 */
export function wholeSpectrum(half: ArrayLike<number>, height: number, width: number): Plane {
  const columns = halfWidth(width);
  const origin = dcPlace(height, width);
  const data = new Float64Array(2 * height * width);
  for (let y = 0; y < height; y++) {
    const row = (origin.row - y + height) % height;
    for (let x = 0; x < width; x++) {
      const column = (x - origin.column + width) % width;
      const mirrored = 2 * (((height - row) % height) * columns + ((width - column) % width));
      const stored = 2 * (row * columns + column);
      const own = column < columns;
      const both = own && (width - column) % width < columns;
      const at = 2 * (y * width + x);
      const [re, im] = own ? [half[stored], half[stored + 1]] : [half[mirrored], -half[mirrored + 1]];
      data[at] = both ? (re + half[mirrored]) / 2 : re;
      data[at + 1] = both ? (im - half[mirrored + 1]) / 2 : im;
    }
  }
  return { height, width, data };
}

/** Where the origin lies in `centred`. */
export function originPlace(height: number, width: number): { readonly row: number; readonly column: number } {
  return { row: Math.floor(height / 2), column: Math.floor(width / 2) };
}

/** Moves the origin from the first element to the middle; y grows downwards, as in images. */
export function centred({ height, width, data }: Plane): Plane {
  const { row: top, column: left } = originPlace(height, width);
  const moved = new Float64Array(data.length);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) moved[((y + top) % height) * width + ((x + left) % width)] = data[y * width + x];
  }
  return { height, width, data: moved };
}

/** The radius of the smallest square around the origin of a centred plane that holds this share of its energy. */
export function energyRadius({ height, width, data }: Plane, share: number): number {
  const { row, column } = originPlace(height, width);
  const rings = new Float64Array(Math.max(row, column) + 1);
  data.forEach((value, index) => {
    rings[Math.max(Math.abs(Math.floor(index / width) - row), Math.abs((index % width) - column))] += value * value;
  });
  const total = rings.reduce((sum, value) => sum + value, 0);
  let held = 0;
  for (let radius = 0; radius < rings.length; radius++) {
    held += rings[radius];
    if (held >= share * total) return radius;
  }
  return rings.length - 1;
}

/** What lies within `radius` of the origin of a centred plane; its origin is in the middle again. */
export function middleOf(plane: Plane, radius: number): Plane {
  const { row, column } = originPlace(plane.height, plane.width);
  const [top, left] = [Math.max(0, row - radius), Math.max(0, column - radius)];
  const height = Math.min(plane.height, row + radius + 1) - top;
  const width = Math.min(plane.width, column + radius + 1) - left;
  return {
    height,
    width,
    data: Float64Array.from(
      { length: height * width },
      (_, index) => plane.data[(top + Math.floor(index / width)) * plane.width + left + (index % width)],
    ),
  };
}

/** Only the real (0) or the imaginary (1) parts. */
export function partOf({ height, width, data }: Plane, part: 0 | 1): Plane {
  return { height, width, data: Float64Array.from({ length: height * width }, (_, index) => data[2 * index + part]) };
}

/** log10 of the magnitudes; -Infinity where they are 0. */
export function logMagnitude({ height, width, data }: Plane): Plane {
  return {
    height,
    width,
    data: Float64Array.from({ length: height * width }, (_, index) => Math.log10(Math.hypot(data[2 * index], data[2 * index + 1]))),
  };
}

export function largest({ data }: Plane): number {
  let most = 0;
  for (const value of data) most = Math.max(most, Math.abs(value));
  return most;
}
