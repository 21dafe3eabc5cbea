/** @file One pass of a workgroup FFT in registers: twiddles, small DFTs, and where their points lie. See Note [Passes]. */

import { maskBits, maskFlags } from "../mask-words.ts";
import type { Fetched, FromHeld, ToHeld } from "./chain.ts";
import type { Code } from "./codelets.ts";
import { codelet } from "./codelets.ts";
import { entriesPerStep, stageOffset, storedPowers } from "./tables.ts";

/** Statements for the results of a lane in a pass. */
export type TakePoints = (points: readonly { readonly place: string; readonly value: string }[]) => readonly string[];

/** How many lanes a line keeps busy in pass `stage`, and how far apart its results lie. */
export function stageShape(radices: readonly number[], stage: number): { readonly count: number; readonly stride: number } {
  const n = radices.reduce((product, radix) => product * radix, 1);
  return { count: n / radices[stage], stride: radices.slice(0, stage).reduce((product, radix) => product * radix, 1) };
}

/**
 * The statements of one lane in pass `stage`, which knows its `position` < count. `read(i, place)` is the WGSL value of the
 * point at `place` = position + i count, `write` is what is done with the results at their places.
 */
export function stageCode(
  radices: readonly number[],
  stage: number,
  table: string,
  code: Code,
  read: (i: number, place: string) => string,
  write: TakePoints,
): readonly string[] {
  const radix = radices[stage];
  const { count, stride } = stageShape(radices, stage);
  if (stride > 1) code.add(`let k = position % ${stride}u;`);
  const powers = stride > 1 ? twiddles(radices, stage, table, code) : [];
  const inputs = Array.from({ length: radix }, (_, i) => {
    const value = code.declare(read(i, i === 0 ? "position" : `(position + ${i * count}u)`));
    return i > 0 && stride > 1 ? code.declare(code.product(value, powers[i])) : value;
  });
  const base =
    stride === 1
      ? count === 1
        ? "0u"
        : code.declare(`position * ${radix}u`)
      : count === stride
        ? "k"
        : code.declare(`(position - k) * ${radix}u + k`);
  const outputs = codelet(inputs, code);
  const at = (i: number): string => (i === 0 ? base : base === "0u" ? `${i * stride}u` : `(${base} + ${i * stride}u)`);
  return write(outputs.map((value, i) => ({ place: at(i), value })));
}

/** Names of the twiddle's powers 1..r-1. */
function twiddles(radices: readonly number[], stage: number, table: string, code: Code): string[] {
  const radix = radices[stage];
  const entries = entriesPerStep(radix);
  const offset = stageOffset(radices, stage);
  const index = entries === 1 ? "k" : `k * ${entries}u`;
  const powers: string[] = [];
  const loaded = Array.from({ length: entries }, (_, entry) => code.declare(`${table}[${index} + ${offset + entry}u]`));
  const stored = storedPowers(radix);
  stored.forEach((power, position) => {
    powers[power] = `${loaded[position >> 1]}.${position % 2 === 0 ? "xy" : "zw"}`;
  });
  for (let i = 3; i < radix; i++) {
    const high = stored.findLast((power) => power <= i) ?? 1;
    if (high !== i) powers[i] = code.declare(code.product(powers[high], powers[i - high]));
  }
  return powers;
}

/**
 * The results that the last pass has at `position`, taken where they arise: for schedules that make no difference between memory
 * and variables. They are the points of a word of masks.
 */
export function takeResults({ hold, keep, mask }: ToHeld, points: Parameters<TakePoints>[0]): string[] {
  return [
    ...(keep?.enter ?? []),
    ...points.flatMap(({ place, value }, i) => [
      ...(hold === undefined ? [] : [hold(`${i}`, place, value)]),
      ...(keep === undefined ? [] : [keep.store(place, keep.value(`${i}`, place, value))]),
    ]),
    ...(mask === undefined ? [] : [mask.store("position", points.map((_, i) => maskBits(mask.flags(`${i}`), i)).join(" | "))]),
  ];
}

/** A point that a transform begins with, for the same schedules. */
export function readHeld({ prepare, held }: FromHeld, i: string, place: string, code: Code): string {
  if (prepare !== undefined) code.add(prepare(i, place));
  return held(i, place);
}

/** A mask, for the same schedules: the points that the first pass reads at `position` are those of a word. */
export function fetchWord(name: string, load: (word: string) => string): Fetched {
  return { declare: [], code: [], enter: [`let ${name} = ${load("position")};`], at: (i) => maskFlags(name, Number(i)) };
}

/*
Note [Passes]

A self-sorting (Stockham) transform by decimation in time. A pass of radix r, with s the product of the radices before
it, does n/r small DFTs. The one at `position` reads the points position + i n/r (i < r), multiplies them by
exp(-2 pi i k i / (s r)) with k = position mod s, and writes its results to (position - k) r + k + i s. With two radices
this is the usual two-factor transform (docs/kernels.md#transforms). Reads of the first pass and writes of the last are contiguous over
positions, so these go straight to the source and the sink; between passes there is one exchange and one barrier, and two
arrays in turn make a second barrier unnecessary. The inverse transform is the same one on swapped (re, im) pairs.

In the last pass s = n/r: a lane's results lie at position + i n/r, just where the first pass of a transform with the same
radices in reverse order reads. So one transform can follow another in registers.
*/
