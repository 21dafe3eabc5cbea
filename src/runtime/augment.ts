/** @file What augmentation draws for each image of a training step, and the inputs of such a step (docs/numerics.md#augmentation). */

import type { Augmentation, AugmentStage, Plan, PlanInput } from "../plan/plan.ts";
import { threefry } from "../plan/threefry.ts";
import { cosineAndSine } from "./elementary.ts";
import type { TrainingBatch } from "./programs.ts";
import { labelled } from "./programs.ts";
import { rootKey, streamKey, streamTag, uniform } from "./random.ts";

/** Source = (a x + b y + c, d x + e y + f) of the destination pixel (x, y): coordinates of pixel centres, y down. */
type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

type Size = Pick<PlanInput, "height" | "width">;

/** The next number of one image, in [0, 1). */
export type Draws = () => number;

const identity: Affine = [1, 0, 0, 0, 1, 0];

/** p -> outer(inner(p)). */
function composed([a, b, c, d, e, f]: Affine, inner: Affine): Affine {
  const [p, q, r, s, t, u] = inner;
  return [a * p + b * s, a * q + b * t, a * r + b * u + c, d * p + e * s, d * q + e * t, d * r + e * u + f];
}

/** About the centre: p -> c + L (p - c). */
function centred([a, b, d, e]: readonly [number, number, number, number], { height, width }: Size): Affine {
  const [x, y] = [(width - 1) / 2, (height - 1) / 2];
  return [a, b, x - a * x - b * y, d, e, y - d * x - e * y];
}

function within(low: number, high: number, draws: Draws): number {
  return low + (high - low) * draws();
}

/** Where the stage takes a pixel from; undefined for stages that change values. */
function inverseMap(stage: AugmentStage, size: Size, draws: Draws): Affine | undefined {
  const { height, width } = size;
  switch (stage.kind) {
    case "shift": {
      const most = (side: number): number => (stage.unit === "%" ? (stage.most / 100) * side : stage.most);
      const right = within(-most(width), most(width), draws);
      return [1, 0, -right, 0, 1, -within(-most(height), most(height), draws)];
    }
    case "rotate": {
      const [cosine, sine] = cosineAndSine(within(-stage.mostTurns, stage.mostTurns, draws));
      return centred([cosine, -sine, sine, cosine], size);
    }
    case "zoom": {
      const factor = within(stage.low, stage.high, draws);
      return centred([1 / factor, 0, 0, 1 / factor], size);
    }
    case "crop": {
      const share = within(stage.low, stage.high, draws);
      const left = within(0, (1 - share) * width, draws);
      const top = within(0, (1 - share) * height, draws);
      return [share, 0, left + share / 2 - 0.5, 0, share, top + share / 2 - 0.5];
    }
    case "flip":
      if (draws() >= 0.5) return identity;
      return stage.vertical ? [1, 0, 0, 0, -1, height - 1] : [-1, 0, width - 1, 0, 1, 0];
    case "brightness":
    case "contrast":
    case "noise":
      return undefined;
  }
}

/** The map of all stages, six numbers, and the factors of those that change values: one image's row of coefficients. */
export function coefficientsOf(stages: readonly AugmentStage[], size: Size, draws: Draws): readonly number[] {
  let map = identity;
  const factors: number[] = [];
  for (const stage of stages) {
    const moved = inverseMap(stage, size, draws);
    // The source is found by the inverse maps from the last stage to the first.
    if (moved !== undefined) map = composed(map, moved);
    else if (stage.kind === "brightness" || stage.kind === "contrast") factors.push(within(stage.low, stage.high, draws));
  }
  return [...map, ...factors];
}

/** Draw i of a sample in an epoch depends on nothing else: not on the batch, its order, or slabs. */
function drawsOf(seed: number, epoch: number, sample: number): Draws {
  const stream = streamKey(rootKey(seed), streamTag.augmentation, epoch);
  let ordinal = 0;
  return () => uniform(threefry(stream, [sample >>> 0, ordinal++])[0]);
}

/** Keys of the normal numbers of each stage of noise, two words each. */
function noiseKeys(stages: readonly AugmentStage[], seed: number, epoch: number, sample: number): readonly number[] {
  const stream = streamKey(rootKey(seed), streamTag.noise, epoch);
  return stages.flatMap(({ kind }, ordinal) => (kind === "noise" ? threefry(stream, [sample >>> 0, ordinal]) : []));
}

/** What a program that augments says of it. */
export interface AugmentRule {
  readonly input: PlanInput;
  readonly augment: Augmentation;
  readonly seed: number;
}

/** Undefined: the program trains on images as they are. */
export function augmentRule({ input, training }: Plan): AugmentRule | undefined {
  return training?.augment === undefined ? undefined : { input, augment: training.augment, seed: training.seed };
}

/** Images of a step. */
export interface Pictures {
  /** Of the image at a position: rows from the top with channels interleaved, at the size of the network. Valid until the next call. */
  readonly bytes: (position: number) => Uint8Array;
  /** The number of each in the data set. */
  readonly samples: ArrayLike<number>;
}

/** Four channels of a pixel in the bytes of a word. */
function pack(bytes: Uint8Array, channels: number, target: Int32Array, offset: number): void {
  let to = offset;
  // Written out for colour: it is most of what the host does for a step.
  if (channels === 3)
    for (let from = 0; from < bytes.length; from += 3) target[to++] = bytes[from] | (bytes[from + 1] << 8) | (bytes[from + 2] << 16);
  else {
    for (let pixel = 0; pixel < bytes.length; pixel += channels) {
      for (let c = 0; c < channels; c++) target[to + (c >> 2)] |= bytes[pixel + c] << (8 * (c & 3));
      to += Math.ceil(channels / 4);
    }
  }
}

/**
 * The inputs of one training step, of `measure` too, where the program augments.
 * @param normalisation from `valueLine`
 * @param epoch counted from 0
 */
export function augmentedBatch(
  { input, augment: { stages }, seed }: AugmentRule,
  { bytes, samples }: Pictures,
  labels: ArrayLike<number>,
  normalisation: Float32Array,
  epoch: number,
): TrainingBatch {
  const { batch } = input;
  const size = input.height * input.width * Math.ceil(input.channels / 4);
  const pixels = new Int32Array(batch * size);
  const rows = Array.from(samples, (sample, position) => {
    pack(bytes(position), input.channels, pixels, position * size);
    return { row: coefficientsOf(stages, input, drawsOf(seed, epoch, sample)), keys: noiseKeys(stages, seed, epoch, sample) };
  });
  const coefficients = new Float32Array(batch * rows[0].row.length);
  const noise = new Int32Array(batch * rows[0].keys.length);
  rows.forEach(({ row, keys }, position) => {
    coefficients.set(row, position * row.length);
    noise.set(keys, position * keys.length);
  });
  return { pixels, coefficients, noise, normalisation, ...labelled(batch, labels) };
}
