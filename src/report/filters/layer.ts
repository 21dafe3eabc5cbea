/** @file The filters of one layer, with all that pictures say of them: spectra, kernels, parameters. */

import { halfWidth } from "../../plan/shape.ts";
import type { Plane } from "../drawing/spectrum.ts";
import { centred, energyRadius, inverseTransform, middleOf, transform, wholeSpectrum } from "../drawing/spectrum.ts";

/** A parameter of the formula, as the formula sees it. */
export interface FilterParameter {
  readonly name: string;
  /** [parts][F]: for the real and the imaginary part, or one for both. */
  readonly values: readonly (readonly number[])[];
}

export interface FilterLayer {
  readonly path: string;
  /** Stands above them: `conv.1: conv spectral gaussian 6`. */
  readonly title: string;
  readonly signal: boolean;
  readonly filterCount: number;
  /** Rows of the half plane, H. */
  readonly rows: number;
  /** Columns of the half plane, K. */
  readonly columns: number;
  /** [F][H][K][2], rows in FFT order: real and imaginary part. */
  readonly values: Float32Array | Float64Array;
  /** W: K alone does not say whether it is even. */
  readonly width: number;
  /** `filter 3`, or `filter 3, channel 2`. */
  readonly names: readonly string[];
  /** Of a parametric family. */
  readonly parameters: readonly FilterParameter[];
  /** What else the layer does with them. */
  readonly notes: readonly string[];
  /** Weights of `conv spatial`, [F][rows][columns]; undefined: the kernels follow from the spectra. */
  readonly weights: Plane | undefined;
}

/** One filter of a layer, ready to be drawn. */
export interface Filter {
  readonly name: string;
  /** Whole, DC in the middle; complex. */
  readonly spectrum: Plane;
  /** Real; the origin in the middle, or the weights of `conv spatial` as they are. */
  readonly kernel: Plane;
}

/** Filter `index` of a layer. */
export function filterOf(layer: FilterLayer, index: number): Filter {
  const { rows, columns, width, values, weights } = layer;
  const half = values.subarray(index * rows * columns * 2, (index + 1) * rows * columns * 2);
  const kernel = weights === undefined ? centred(inverseTransform(half, rows, width)) : weightsOf(weights, layer.filterCount, index);
  return { name: layer.names[index], spectrum: wholeSpectrum(half, rows, width), kernel };
}

/** Of its energy, this share is drawn: the rest of a kernel as large as the image is nearly 0 and would leave no room. */
export const shownEnergy = 0.95;
/** Smaller windows look like nothing. */
const leastRadius = 4;

/** How much of a kernel is drawn on each side of its origin. */
export function kernelRadius({ kernel }: Filter): number {
  return Math.max(leastRadius, energyRadius(kernel, shownEnergy));
}

/** The middle of a kernel; weights of `conv spatial` are drawn whole. */
export function shownKernel({ kernel }: Filter, { weights }: FilterLayer, radius: number): Plane {
  return weights === undefined ? middleOf(kernel, radius) : kernel;
}

function weightsOf({ height, width, data }: Plane, count: number, index: number): Plane {
  const rows = height / count;
  return { height: rows, width, data: data.subarray(index * rows * width, (index + 1) * rows * width) };
}

/**
 * What small kernels do to each frequency of an image of `height` x `width`: [F][H][K][2].
 * @param weights [F][rows][columns], a cross-correlation: the weight at the middle meets the pixel itself
 */
export function responsesOf(weights: Plane, count: number, height: number, width: number): Float64Array {
  const size = 2 * height * halfWidth(width);
  const responses = new Float64Array(count * size);
  for (let filter = 0; filter < count; filter++) {
    const kernel = weightsOf(weights, count, filter);
    const [middle, centre] = [Math.floor((kernel.height - 1) / 2), Math.floor((kernel.width - 1) / 2)];
    const impulse = new Float64Array(height * width);
    for (let y = 0; y < kernel.height; y++) {
      for (let x = 0; x < kernel.width; x++) {
        // What a single bright pixel becomes is the kernel turned round.
        const place = ((middle - y + height) % height) * width + ((centre - x + width) % width);
        impulse[place] += kernel.data[y * kernel.width + x];
      }
    }
    responses.set(transform({ height, width, data: impulse }), filter * size);
  }
  return responses;
}
