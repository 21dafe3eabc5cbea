/** @file The gradient of a small kernel that slid over planes: every lane walks down strips of pixels, the lanes are added up. */

import { elementCount } from "../../plan/shape.ts";
import type { LowerContext, Port } from "../lower/context.ts";
import type { Names } from "../lower/names.ts";
import type { Target } from "../lower/target.ts";
import { emitLongSum, sumBytes, sumLanes } from "./long-sum.ts";
import type { Pair, SlidingWindow, WindowAxis } from "./plane-window.ts";
import { evenTile, originOf, positionOf, RowLoads, reachedOffsets } from "./plane-window.ts";
import { boundOf, boundsTable, splitIndex } from "./strided.ts";

/** g[f, c, i, j] = sum over b, m, n of dy[b, f, m, n] x[b, c, m s + i - before, n s + j - before]. Read 0 is x, read 1 is dy. */
export interface KernelGradient extends SlidingWindow {
  readonly before: Pair;
}

/** Pixels side by side, and sums per lane: more spill out of the registers. */
const stripWidth = 4;
const mostSums = 80;

/** Strips are cut until there is a workgroup of them for every tile, and this many lanes' worth of work. */
const wantedStrips = 8192;

/** Sums that the lanes add up at a time. */
const sumsPerRound = 24;

/** Filters and channels per lane: few tiles, each with few loads. A row of x costs about as much as two of dy. */
function planeTiles(filters: number, channels: number, taps: number): { readonly filters: number; readonly channels: number } {
  let best = { filters: 1, channels: 1 };
  const costOf = (tile: typeof best): number =>
    Math.ceil(filters / tile.filters) *
    Math.ceil(channels / tile.channels) *
    (tile.filters + 2 * tile.channels + (tile.filters * tile.channels * taps) / 16);
  for (let f = 1; f <= Math.min(8, filters); f++)
    for (let c = 1; c <= Math.min(4, channels); c++) {
      const tile = { filters: f, channels: c };
      if (f * c * taps <= mostSums && costOf(tile) < costOf(best)) best = tile;
    }
  return best;
}

/** A round for a few filters, or where the lanes' sums would not fit in workgroup memory, as of one filter of a large kernel, less. */
function roundsOf(tile: ReturnType<typeof planeTiles>, taps: number, { workgroupBytes }: Target): number {
  const sums = tile.filters * tile.channels * taps;
  const divisors = [...Array(tile.filters).keys()].map((less) => less + 1).filter((rounds) => tile.filters % rounds === 0);
  const rounds = divisors.find((some) => sums / some <= sumsPerRound) ?? tile.filters;
  return sumBytes(sums / rounds) <= workgroupBytes ? rounds : rounds * tile.channels;
}

/** How taps are unrolled: the whole kernel, or pieces of a large one. */
function tapPieces(kernel: Pair): Pair {
  return [evenTile(kernel[0], 5), evenTile(kernel[1], 5)];
}

/** How often an element of a read is loaded. */
export function kernelGradientReuse(filters: number, channels: number, kernel: Pair, read: number): number {
  const block = tapPieces(kernel);
  const tile = planeTiles(filters, channels, block[0] * block[1]);
  const pieces = Math.ceil(kernel[0] / block[0]) * Math.ceil(kernel[1] / block[1]);
  return pieces * (read === 0 ? 2 * Math.ceil(filters / tile.filters) : Math.ceil(channels / tile.channels));
}

export function emitKernelGradient(context: LowerContext, sum: KernelGradient, output: Port): void {
  const { batch, channels, filters, source, target, kernel, stride } = sum;
  const block = tapPieces(kernel);
  const taps = block[0] * block[1];
  const blocks: Pair = [Math.ceil(kernel[0] / block[0]), Math.ceil(kernel[1] / block[1])];
  const tile = planeTiles(filters, channels, taps);
  const tiles = [Math.ceil(filters / tile.filters), Math.ceil(channels / tile.channels), ...blocks];
  const tileCount = elementCount(tiles);
  const sums = tile.filters * tile.channels * taps;
  const width = evenTile(target[1], stripWidth);
  const across = Math.ceil(target[1] / width);
  // The window's rows move up by one stride a step; the first steps only fill it.
  const fresh = Math.min(stride[0], block[0]);
  const filling = Math.ceil((block[0] - fresh) / stride[0]);
  // The first steps of a strip load rows that are of no other use, so it is not short.
  const most = Math.floor(target[0] / Math.max(4, 8 * filling));
  const cuts = Math.max(1, Math.min(most, Math.ceil(Math.max(sumLanes, wantedStrips / tileCount) / (batch * across))));
  const strip = Math.ceil(target[0] / cuts);
  const down = Math.ceil(target[0] / strip);
  const rows: WindowAxis = {
    size: source[0],
    tiles: strip * down + filling,
    step: stride[0],
    start: -sum.before[0] - filling * stride[0],
    moves: blocks[0] > 1,
    wrap: sum.wrap,
  };
  const columns: WindowAxis = {
    size: source[1],
    tiles: across,
    step: width * stride[1],
    start: -sum.before[1],
    moves: blocks[1] > 1,
    wrap: sum.wrap,
  };
  const seen = new RowLoads("x", columns, 0, reachedOffsets(width, stride[1], block[1]));
  const given = new RowLoads("dy", { size: target[1], tiles: across, step: width, start: 0, moves: false, wrap: false }, 1, [
    ...Array(width).keys(),
  ]);
  const kept = [...Array(tile.channels).keys()].flatMap((c) =>
    [...Array(block[0]).keys()].flatMap((i) => reachedOffsets(width, stride[1], block[1]).map((offset) => ({ c, i, offset }))),
  );
  const at = ({ c, i, offset }: { readonly c: number; readonly i: number; readonly offset: number }): string => `x${c}r${i}n${offset}`;
  const origin = blocks[1] > 1 ? `column + j0` : `column`;
  const partial = filling > 0 || strip * down !== target[0];
  const planes = (name: "f" | "c", size: number, length: number): string[] =>
    [...Array(size).keys()].map((step) => {
      const own = `${name === "f" ? "at0" : "at1"} * ${size}u + ${step}u`;
      return `let ${name}${step} = ${length % size === 0 ? own : `min(${own}, ${length - 1}u)`};`;
    });

  const step = (names: Names): readonly string[] => [
    `let m = top + k${filling === 0 ? "" : ` - ${filling}u`};`,
    `let row = ${originOf(rows, "(top + k)")}${blocks[0] > 1 ? " + i0" : ""};`,
    ...(partial ? [`let counted = k >= ${filling}u && m < ${target[0]}u;`] : []),
    ...kept.filter(({ i }) => i + stride[0] < block[0]).map((value) => `${at(value)} = ${at({ ...value, i: value.i + stride[0] })};`),
    ...[...Array(fresh).keys()].flatMap((age) => {
      const i = block[0] - fresh + age;
      const { at: line, inside } = positionOf(rows, "row", i);
      return [
        `let line${i} = ${inside === undefined ? line : `min(${line}, ${source[0] - 1}u)`};`,
        ...(inside === undefined ? [] : [`let inLine${i} = ${inside};`]),
        ...[...Array(tile.channels).keys()].flatMap((c) => {
          const name = `new${c}r${i}n`;
          const mine = kept.filter((value) => value.c === c && value.i === i);
          return [
            ...seen.load(
              names,
              name,
              `((b * ${channels}u + c${c}) * ${source[0]}u + line${i}) * ${source[1]}u`,
              origin,
              inside === undefined ? undefined : `inLine${i}`,
            ),
            ...mine.map((value) => `${at(value)} = ${name}${value.offset};`),
          ];
        }),
      ];
    }),
    ...[...Array(tile.filters).keys()].flatMap((f) => [
      ...given.load(
        names,
        `dy${f}n`,
        `((b * ${filters}u + f${f}) * ${target[0]}u + ${partial ? `min(m, ${target[0] - 1}u)` : "m"}) * ${target[1]}u`,
        "start",
        partial ? "counted" : undefined,
      ),
      ...kept
        .filter(({ offset }) => offset < block[1])
        .flatMap(({ c, i, offset: j }) =>
          [...Array(width).keys()].map(
            (q) =>
              `sum${((f * tile.channels + c) * block[0] + i) * block[1] + j} += dy${f}n${q} * ${at({ c, i, offset: q * stride[1] + j })};`,
          ),
        ),
    ]),
  ];
  emitLongSum(
    context,
    {
      title: sum.title,
      reads: sum.reads,
      wideReads: [...(seen.wide ? [0] : []), ...(given.wide ? [1] : [])],
      tables: [boundsTable([strip + filling])],
      tiles: tileCount,
      width: sums,
      rounds: roundsOf(tile, taps, context.target),
      complex: false,
      length: batch * down * across,
      weight: strip * width,
      locate: [...splitIndex("tile", tiles, "at"), `let i0 = at2 * ${block[0]}u;`, `let j0 = at3 * ${block[1]}u;`].join("\n  "),
      setup: () => [...planes("f", tile.filters, filters), ...planes("c", tile.channels, channels)].join("\n  "),
      term: (names) =>
        [
          ...splitIndex("s", [batch, down, across], "part"),
          `let b = part0;`,
          `let top = part1 * ${strip}u;`,
          `let column = ${originOf(columns, "part2")};`,
          `let start = part2 * ${width}u;`,
          ...seen.setup(origin),
          ...given.setup("start"),
          ...kept.map((value) => `var ${at(value)} = 0.0;`),
          `for (var k = 0u; k < ${boundOf(names.table(0), 0)}; k++) {`,
          ...step(names),
          `}`,
        ].join("\n    "),
      place: [
        `let f = at0 * ${tile.filters}u + slot / ${tile.channels * taps}u;`,
        `let c = at1 * ${tile.channels}u + slot / ${taps}u % ${tile.channels}u;`,
        `let ti = i0 + slot / ${block[1]}u % ${block[0]}u;`,
        `let tj = j0 + slot % ${block[1]}u;`,
        `let place = ((f * ${channels}u + c) * ${kernel[0]}u + ti) * ${kernel[1]}u + tj;`,
        `let inside = f < ${filters}u && c < ${channels}u && ti < ${kernel[0]}u && tj < ${kernel[1]}u;`,
      ].join("\n    "),
    },
    output,
  );
}
