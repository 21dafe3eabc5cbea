/** @file Random numbers (docs/numerics.md#random-numbers): threefry2x32-20, counter-based and stateless, identical on every host. */

import type { Words } from "../plan/threefry.ts";
import { threefry } from "../plan/threefry.ts";
import { cosineAndSine, naturalLogarithm } from "./elementary.ts";

/** What the random numbers of a stream are for. */
export const streamTag = {
  initialWeights: 1,
  split: 2,
  epochOrder: 3,
  augmentation: 4,
  dropout: 5,
  frequencyDropout: 6,
  noise: 7,
} as const;

export type StreamTag = (typeof streamTag)[keyof typeof streamTag];

/** Low and high half of a whole number 0 .. 2^53. */
function wordsOf(value: number): Words {
  return [value >>> 0, Math.floor(value / 4294967296) >>> 0];
}

/**
 * The key from which every stream of one trial derives.
 * @param seed a whole number 0 .. 2^53 - 1
 * @throws RangeError for any other seed
 */
export function rootKey(seed: number, trial = 0): Words {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`the seed must be a whole number from 0 to ${Number.MAX_SAFE_INTEGER}, got ${seed}`);
  }
  return threefry(wordsOf(seed), [trial >>> 0, 0]);
}

/** The key of one stream; what `argument` is depends on the tag (docs/numerics.md#random-numbers). */
export function streamKey(root: Words, tag: StreamTag, argument: number): Words {
  return threefry(root, [tag, argument >>> 0]);
}

/** Draw number `index` of a stream, 0 <= index < 2^53. */
export function draw(stream: Words, index: number): Words {
  return threefry(stream, wordsOf(index));
}

/** The upper 24 bits of a word as a number in [0, 1). */
export function uniform(word: number): number {
  return (word >>> 8) * 5.9604644775390625e-8;
}

/** Two independent standard normal numbers (f64) from one draw: Box-Muller, cosine first. */
export function normalPair(words: Words): readonly [number, number] {
  const first = (words[0] + 0.5) * 2.3283064365386963e-10;
  const radius = Math.sqrt(-2 * naturalLogarithm(first));
  const [cosine, sine] = cosineAndSine(words[1] * 2.3283064365386963e-10);
  return [radius * cosine, radius * sine];
}

/** FNV-1a of the UTF-8 bytes of a text, 32 bits, unsigned. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

/** The sample indices 0 .. count-1 in the order of their draws; the first word of a draw weighs more, ties go by index. */
export function drawOrder(stream: Words, count: number): Uint32Array {
  const first = new Uint32Array(count);
  const second = new Uint32Array(count);
  const order = new Uint32Array(count);
  for (let index = 0; index < count; index++) {
    [first[index], second[index]] = draw(stream, index);
    order[index] = index;
  }
  return order.sort((a, b) => first[a] - first[b] || second[a] - second[b] || a - b);
}

/** The order in which the samples of a data set are visited in one epoch (counted from 0). */
export function epochOrder(root: Words, epoch: number, sampleCount: number): Uint32Array {
  return drawOrder(streamKey(root, streamTag.epochOrder, epoch), sampleCount);
}

/** How many samples train: a share of all in 0..1, or a count. */
export type SplitRule = { readonly kind: "share"; readonly share: number } | { readonly kind: "count"; readonly count: number };

export interface Split {
  /** Sample indices, ascending. */
  readonly train: Uint32Array;
  /** The rest, ascending. */
  readonly validation: Uint32Array;
}

/**
 * Splits a labelled data set so that every class keeps its share (docs/numerics.md#random-numbers): per class, samples in the
 * order of their draws, the first share trains, rounded down; left-over places by largest remainder, ties to the lower class.
 * @param labels the class of each sample, 0 .. classCount-1
 * @throws RangeError if the rule asks for less than nothing or for more than there is
 */
export function stratifiedSplit(root: Words, labels: ArrayLike<number>, classCount: number, rule: SplitRule): Split {
  const total = labels.length;
  // Whole numbers keep the remainders exact: 57% of 100 is 57, although 0.57 * 100 in floating point is less.
  const resolution = 1e9;
  const [share, all] = rule.kind === "count" ? [rule.count, total] : [Math.floor(rule.share * resolution + 0.5), resolution];
  if (!(share >= 0 && share <= all)) {
    const asked = rule.kind === "count" ? `${rule.count} samples` : `a share of ${rule.share}`;
    throw new RangeError(`cannot take ${asked} of ${total} samples for training`);
  }
  const sizes = new Array<number>(classCount).fill(0);
  for (let i = 0; i < total; i++) {
    if (!(labels[i] in sizes)) throw new RangeError(`sample ${i} has label ${labels[i]}, but there are ${classCount} classes`);
    sizes[labels[i]]++;
  }
  const places = sizes.map((size) => Math.floor((share * size) / Math.max(all, 1)));
  let left = Math.floor((share * total) / Math.max(all, 1)) - places.reduce((sum, count) => sum + count, 0);
  const byRemainder = sizes
    .map((size, index) => ({ index, remainder: (share * size) % Math.max(all, 1) }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder) {
    if (left-- <= 0) break;
    places[index]++;
  }
  const train: number[] = [];
  const validation: number[] = [];
  for (const index of drawOrder(streamKey(root, streamTag.split, 0), total)) {
    (places[labels[index]]-- > 0 ? train : validation).push(index);
  }
  return { train: Uint32Array.from(train).sort(), validation: Uint32Array.from(validation).sort() };
}
