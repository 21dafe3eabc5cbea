/** @file Pixels: integer resizing, cropping, channels, and from bytes to network values (docs/numerics.md#from-images-to-numbers). */

import type { PlanInput } from "../plan/plan.ts";

/** An 8-bit picture, rows from the top, channels interleaved: `data[(row * width + column) * channels + channel]`. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
  readonly data: Uint8Array;
}

/** The sources of one target pixel along one axis: weights in 1/16384 for consecutive source indices. */
interface Taps {
  /** First source index of each target index. */
  readonly first: Int32Array;
  /** Where the weights of each target index begin; one more entry ends the last. */
  readonly offset: Int32Array;
  readonly weights: Int32Array;
}

const unit = 16384;

function taps(source: number, target: number, antialias: boolean): Taps {
  const scale = source / target;
  const support = antialias ? Math.max(1, scale) : 1;
  const first = new Int32Array(target);
  const offset = new Int32Array(target + 1);
  const weights: number[] = [];
  for (let o = 0; o < target; o++) {
    const centre = (o + 0.5) * scale;
    const begin = Math.max(0, Math.floor(centre - support));
    const end = Math.min(source, Math.ceil(centre + support));
    const triangle: number[] = [];
    let sum = 0;
    for (let j = begin; j < end; j++) {
      const weight = Math.max(0, 1 - Math.abs(j + 0.5 - centre) / support);
      triangle.push(weight);
      sum += weight;
    }
    const rounded = triangle.map((weight) => Math.floor(unit * (weight / sum) + 0.5));
    // The weights of a pixel must add up exactly, or constants would not stay constant.
    const largest = rounded.indexOf(Math.max(...rounded));
    rounded[largest] += unit - rounded.reduce((total, weight) => total + weight, 0);
    first[o] = begin;
    weights.push(...rounded);
    offset[o + 1] = weights.length;
  }
  return { first, offset, weights: Int32Array.from(weights) };
}

/** Applies taps along one axis: `lines` independent lines of `inner` interleaved values. */
function applyTaps(
  axis: Taps,
  source: Uint8Array | Uint16Array,
  target: Uint8Array | Uint16Array,
  lines: number,
  inner: number,
  sourceLength: number,
  round: number,
  shift: number,
): void {
  const targetLength = axis.first.length;
  for (let line = 0; line < lines; line++) {
    for (let o = 0; o < targetLength; o++) {
      const from = (line * sourceLength + axis.first[o]) * inner;
      const to = (line * targetLength + o) * inner;
      for (let i = 0; i < inner; i++) {
        let sum = round;
        for (let k = axis.offset[o], at = from + i; k < axis.offset[o + 1]; k++, at += inner) sum += axis.weights[k] * source[at];
        target[to + i] = sum >> shift;
      }
    }
  }
}

function checkPicture({ width, height, channels, data }: Picture): void {
  if (![width, height, channels].every((size) => Number.isInteger(size) && size >= 1)) {
    throw new RangeError(`a picture cannot measure ${height}x${width}x${channels}`);
  }
  if (data.length !== width * height * channels) {
    throw new RangeError(`a picture of ${height}x${width}x${channels} takes ${width * height * channels} bytes, got ${data.length}`);
  }
}

/**
 * Resizes with a separable triangle filter in integers: the same bytes on every host. Constants and equal sizes are kept.
 * @param antialias widen the filter when shrinking
 */
export function resize(picture: Picture, height: number, width: number, antialias: boolean): Picture {
  checkPicture(picture);
  const { channels } = picture;
  const wide = new Uint16Array(picture.height * width * channels);
  applyTaps(taps(picture.width, width, antialias), picture.data, wide, picture.height, channels, picture.width, 32, 6);
  const data = new Uint8Array(height * width * channels);
  applyTaps(taps(picture.height, height, antialias), wide, data, 1, width * channels, picture.height, 2 ** 21, 22);
  return { width, height, channels, data };
}

/**
 * The largest centred part with the proportions of height x width. The odd pixel that cannot be centred stays at the end.
 */
export function cropToAspect(picture: Picture, height: number, width: number): Picture {
  checkPicture(picture);
  const { channels } = picture;
  // Rounded half up in integers: floor((2 a + b) / 2 b) = round(a / b).
  const rounded = (a: number, b: number): number => Math.max(1, Math.floor((2 * a + b) / (2 * b)));
  const tooWide = picture.width * height > picture.height * width;
  const keptWidth = tooWide ? rounded(picture.height * width, height) : picture.width;
  const keptHeight = tooWide ? picture.height : Math.min(picture.height, rounded(picture.width * height, width));
  if (keptWidth === picture.width && keptHeight === picture.height) return picture;
  const left = Math.floor((picture.width - keptWidth) / 2);
  const top = Math.floor((picture.height - keptHeight) / 2);
  const data = new Uint8Array(keptHeight * keptWidth * channels);
  for (let row = 0; row < keptHeight; row++) {
    const from = ((top + row) * picture.width + left) * channels;
    data.set(picture.data.subarray(from, from + keptWidth * channels), row * keptWidth * channels);
  }
  return { width: keptWidth, height: keptHeight, channels, data };
}

/** Brings a picture to the network's size as `fit` and `antialias` say. */
export function fitPicture(picture: Picture, input: Pick<PlanInput, "height" | "width" | "fit" | "antialias">): Picture {
  const part = input.fit === "cover" ? cropToAspect(picture, input.height, input.width) : picture;
  return resize(part, input.height, input.width, input.antialias);
}

/**
 * Grey <-> colour: grey is replicated, colour becomes luma; an alpha channel (2 or 4 channels) is dropped, not composited.
 * @throws RangeError for other channel counts
 */
export function convertChannels(picture: Picture, channels: number): Picture {
  checkPicture(picture);
  if (picture.channels === channels) return picture;
  if (picture.channels > 4 || (channels !== 1 && channels !== 3)) {
    throw new RangeError(`cannot turn a picture of ${picture.channels} channels into one of ${channels}`);
  }
  const { width, height, data: source, channels: step } = picture;
  const data = new Uint8Array(width * height * channels);
  const colour = step >= 3;
  for (let pixel = 0; pixel < width * height; pixel++) {
    const from = pixel * step;
    if (channels === 1) {
      data[pixel] = colour ? (77 * source[from] + 150 * source[from + 1] + 29 * source[from + 2] + 128) >> 8 : source[from];
    } else {
      for (let c = 0; c < 3; c++) data[pixel * 3 + c] = source[from + (colour ? c : 0)];
    }
  }
  return { width, height, channels, data };
}

/** What `standardise: data` measured on the training split: one number per channel, after `range`, `mean` and `std`. */
export interface Standardisation {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

/** Keeps a constant channel finite. */
const deviationFloor = 1e-6;

type ValueRules = Pick<PlanInput, "channels" | "range" | "mean" | "std">;

/** The value of a byte before standardisation, in f64. */
function valueOf(byte: number, channel: number, { range, mean, std }: ValueRules): number {
  const mapped = range[0] + (range[1] - range[0]) * (byte / 255);
  return (mapped - (mean?.[channel] ?? 0)) / (std?.[channel] ?? 1);
}

/** The network value of each byte of each channel, `[channels][256]`. */
export function valueTable(rules: ValueRules, standardisation: Standardisation | null = null): Float32Array {
  const table = new Float32Array(rules.channels * 256);
  for (let channel = 0; channel < rules.channels; channel++) {
    for (let byte = 0; byte < 256; byte++) {
      const value = valueOf(byte, channel, rules);
      table[channel * 256 + byte] =
        standardisation === null ? value : (value - standardisation.mean[channel]) / (standardisation.deviation[channel] + deviationFloor);
    }
  }
  return table;
}

/** Factor and summand that make network values of values in [0, 1], `[channels][2]`. */
export function valueLine(rules: ValueRules, standardisation: Standardisation | null = null): Float32Array {
  const {
    range: [low, high],
    mean,
    std,
  } = rules;
  const line = new Float32Array(2 * rules.channels);
  for (let channel = 0; channel < rules.channels; channel++) {
    const divisor = (std?.[channel] ?? 1) * (standardisation === null ? 1 : standardisation.deviation[channel] + deviationFloor);
    const subtracted = (mean?.[channel] ?? 0) + (standardisation === null ? 0 : standardisation.mean[channel] * (std?.[channel] ?? 1));
    line.set([(high - low) / divisor, (low - subtracted) / divisor], 2 * channel);
  }
  return line;
}

/**
 * Writes one picture as network values, `[channels][height][width]`.
 * @param data bytes of the picture, channels interleaved
 * @param table from `valueTable`
 * @param offset element of `target` where the picture begins
 */
export function pixelsToValues(data: Uint8Array, channels: number, table: Float32Array, target: Float32Array, offset: number): void {
  const pixels = data.length / channels;
  if (offset + data.length > target.length || table.length !== channels * 256) {
    throw new RangeError(`${data.length} values of ${channels} channels do not fit element ${offset} of ${target.length}`);
  }
  for (let channel = 0; channel < channels; channel++) {
    const row = channel * 256;
    let to = offset + channel * pixels;
    for (let from = channel; from < data.length; from += channels) target[to++] = table[row + data[from]];
  }
}

/**
 * Mean and population deviation of the values of each channel, from how often each byte occurs: `[channels][256]` counts.
 */
export function measureStandardisation(counts: Float64Array, rules: ValueRules): Standardisation {
  const mean: number[] = [];
  const deviation: number[] = [];
  for (let channel = 0; channel < rules.channels; channel++) {
    const histogram = counts.subarray(channel * 256, channel * 256 + 256);
    const total = histogram.reduce((sum, count) => sum + count, 0);
    if (total === 0) throw new RangeError("there are no pixels to measure");
    const average = histogram.reduce((sum, count, byte) => sum + count * valueOf(byte, channel, rules), 0) / total;
    const variance = histogram.reduce((sum, count, byte) => sum + count * (valueOf(byte, channel, rules) - average) ** 2, 0) / total;
    mean.push(average);
    deviation.push(Math.sqrt(variance));
  }
  return { mean, deviation };
}

/** Adds the bytes of one picture to the counts of `measureStandardisation`. */
export function countBytes(data: Uint8Array, channels: number, counts: Float64Array): void {
  for (let i = 0; i < data.length; i++) counts[(i % channels) * 256 + data[i]]++;
}
