/** @file WGSL that loads what a tile of windows sees of a plane: positions along an axis, and a row of columns. */

import { roundUp } from "../../plan/shape.ts";
import type { Port } from "../lower/context.ts";
import type { Names } from "../lower/names.ts";

export type Pair = readonly [vertical: number, horizontal: number];

/** What a kernel that slides over planes works on. Read 0 is x. */
export interface SlidingWindow {
  readonly title: string;
  readonly reads: readonly Port[];
  readonly batch: number;
  readonly channels: number;
  readonly filters: number;
  /** Rows and columns of x and of the windowed result. */
  readonly source: Pair;
  readonly target: Pair;
  /** Taps. */
  readonly kernel: Pair;
  readonly stride: Pair;
  /** Whether x is periodic; otherwise it is zero around. */
  readonly wrap: boolean;
}

/** Along one axis tile `t` sees the positions t * step + start + offset, offsets counting from 0. */
export interface WindowAxis {
  /** Of the plane. */
  readonly size: number;
  readonly tiles: number;
  readonly step: number;
  /** A number, or WGSL modulo 2^32. */
  readonly start: number | string;
  /** Whether the kernel moves the window further, by a variable. */
  readonly moves: boolean;
  /** Whether the plane is periodic; otherwise it is zero around. */
  readonly wrap: boolean;
}

export interface Position {
  /** WGSL of the position; with `inside` it may lie outside, modulo 2^32. */
  readonly at: string;
  /** WGSL, or undefined: it is always inside. */
  readonly inside: string | undefined;
}

/** The position at an offset; `origin` is WGSL of the one at offset 0 (`originOf`, and how far the window has moved). */
export function positionOf(axis: WindowAxis, origin: string, offset: number): Position {
  const { size, start } = axis;
  if (axis.wrap) {
    const turns = typeof start === "number" ? Math.max(0, Math.ceil(-start / size)) : 1;
    return { at: `(${plus(origin, offset + turns * size)}) % ${size}u`, inside: undefined };
  }
  const at = plus(origin, offset);
  const known = typeof start === "number" && !axis.moves;
  const always = known && start + offset >= 0 && (axis.tiles - 1) * axis.step + start + offset < size;
  return { at, inside: always ? undefined : `${at} < ${size}u` };
}

/** WGSL of the position at offset 0 of the tile `tile`. */
export function originOf({ step, start }: WindowAxis, tile: string): string {
  const from = step === 1 ? tile : `${tile} * ${step}u`;
  return typeof start === "number" ? plus(from, start) : `${from} + ${start}`;
}

function plus(value: string, offset: number): string {
  return offset === 0 ? value : offset > 0 ? `${value} + ${offset}u` : `${value} - ${-offset}u`;
}

/** The offsets that windows `stride` apart reach with their taps, in order. */
export function reachedOffsets(windows: number, stride: number, taps: number): number[] {
  const reached = new Set<number>();
  for (let window = 0; window < windows; window++) for (let tap = 0; tap < taps; tap++) reached.add(window * stride + tap);
  return [...reached].sort((a, b) => a - b);
}

/** Loads columns of a row of read `read`; four at a time where they begin at a multiple of four. */
export class RowLoads {
  readonly #label: string;
  readonly #axis: WindowAxis;
  readonly #read: number;
  readonly #offsets: readonly number[];

  /** @param label tells its variables from those of other loads in the kernel */
  constructor(label: string, axis: WindowAxis, read: number, offsets: readonly number[]) {
    this.#label = label;
    this.#axis = axis;
    this.#read = read;
    this.#offsets = offsets;
  }

  /** Whether the kernel needs wide loads of this read. */
  get wide(): boolean {
    return this.#offsets.some((offset) => this.#startsFour(offset));
  }

  #startsFour(offset: number): boolean {
    const { start, step, size, moves } = this.#axis;
    const aligned = typeof start === "number" && !moves && step % 4 === 0 && size % 4 === 0 && (((start + offset) % 4) + 4) % 4 === 0;
    return aligned && [0, 1, 2, 3].every((next) => this.#offsets.includes(offset + next));
  }

  /** Statements, once for all rows: what `load` needs to know about the columns, whose first is at `origin`. */
  setup(origin: string): string[] {
    return this.#offsets.flatMap((offset) => {
      const { at, inside } = positionOf(this.#axis, origin, offset);
      return [
        ...(this.#axis.wrap ? [`let ${this.#label}Column${offset} = ${at};`] : []),
        ...(inside === undefined ? [] : [`let ${this.#label}Inside${offset} = ${inside};`]),
      ];
    });
  }

  /**
   * Statements that load the columns of the row that begins at the flat index `row` to `NAME0`, `NAME1`, ...
   * @param inside WGSL: the row exists; undefined if it always does
   */
  load(names: Names, name: string, row: string, origin: string, inside: string | undefined): string[] {
    let four = -4;
    return this.#offsets.flatMap((offset) => {
      if (offset < four + 4) return [`let ${name}${offset} = ${name}x${four}.${"xyzw"[offset - four]};`];
      const wide = this.#startsFour(offset);
      if (wide) four = offset;
      const position = positionOf(this.#axis, origin, offset);
      const at = `${row} + ${this.#axis.wrap ? `${this.#label}Column${offset}` : position.at}`;
      const guards = [
        ...(inside === undefined ? [] : [inside]),
        ...(position.inside === undefined ? [] : [`${this.#label}Inside${offset}`]),
      ].join(" && ");
      const load = `${wide ? names.loadWide(this.#read) : names.load(this.#read)}(${at})`;
      const value = guards === "" ? load : `select(${wide ? "vec4f()" : "0.0"}, ${load}, ${guards})`;
      return wide
        ? [`let ${name}x${offset} = ${value};`, `let ${name}${offset} = ${name}x${offset}.x;`]
        : [`let ${name}${offset} = ${value};`];
    });
  }
}

/** The length of the tiles, of at most `most`, that an axis is cut into; a multiple of four where loads may be wide. */
export function evenTile(length: number, most: number): number {
  const even = Math.ceil(length / Math.ceil(length / most));
  return length % 4 === 0 && most % 4 === 0 ? roundUp(even, 4) : even;
}

/** More numbers are not loaded by one piece of a kernel, or software drivers compile for seconds (docs/kernels.md#time-to-compile). */
const mostLoads = 100;

/** Kernels are unrolled as a whole, or, when large, row by row, so that the columns stay where wide loads find them. */
export function tapBlock(kernel: Pair, tile: Pair, stride: Pair, planes: number): Pair {
  const blocks = [
    ...[...Array(kernel[0]).keys()].map((cuts): Pair => [Math.ceil(kernel[0] / (cuts + 1)), kernel[1]]),
    ...[...Array(kernel[1]).keys()].map((cuts): Pair => [1, Math.ceil(kernel[1] / (cuts + 1))]),
  ];
  const loads = (block: Pair): number =>
    planes * block[0] * block[1] +
    reachedOffsets(tile[0], stride[0], block[0]).length * reachedOffsets(tile[1], stride[1], block[1]).length;
  // The last piece may hang over the kernel's end, where its weights are zero.
  const wasteful = (block: Pair): boolean => block.some((size, axis) => Math.ceil(kernel[axis] / size) * size > 1.25 * kernel[axis]);
  return blocks.find((block) => loads(block) <= mostLoads && !wasteful(block)) ?? [1, 1];
}
