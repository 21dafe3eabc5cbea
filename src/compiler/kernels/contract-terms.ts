/** @file WGSL for sums of products: what one invocation does for a tile of the output, one element or four at a time. */

import type { TensorType } from "../graph/types.ts";
import type { Names } from "../lower/names.ts";
import type { LoopAxis } from "./strided.ts";
import { dotIndex, splitIndex } from "./strided.ts";

/** An axis of the output. */
export interface TiledAxis extends LoopAxis {
  /** Elements per tile, `tiles` apart: neighbouring lanes read neighbouring memory. */
  readonly tile: number;
  readonly tiles: number;
}

/** Prints what one invocation does for its tile of the output. Coordinates: `x0`, `x1`, ... of the tile, `k0`, ... of the sum. */
export class TermPrinter {
  readonly #types: readonly TensorType[];
  readonly #conjugate: readonly boolean[];
  readonly #axes: readonly TiledAxis[];
  readonly #wide: LoopAxis | undefined;
  readonly summed: readonly LoopAxis[];
  /** Positions within the tile, one accumulator each: the step along every tiled axis. */
  readonly slots: readonly number[];

  /**
   * @param axes of the output
   * @param summed one loop each
   * @param wide the axis, free or summed, that is walked along in fours (all are f32); `axes` and `summed` have it in steps of four
   */
  constructor(
    types: readonly TensorType[],
    conjugate: readonly boolean[],
    axes: readonly TiledAxis[],
    summed: readonly LoopAxis[],
    wide: LoopAxis | undefined,
  ) {
    this.#types = types;
    this.#conjugate = conjugate;
    this.#axes = axes;
    this.#wide = wide;
    this.summed = summed;
    this.slots = [...Array(axes.reduce((product, axis) => product * axis.tile, 1)).keys()];
  }

  /** Inputs that are loaded four elements at a time. */
  get wideReads(): number[] {
    return [...this.#types.keys()].filter((side) => this.#inFours(side));
  }

  /** WGSL type of a sum. */
  get element(): string {
    if (this.#acrossOutput) return "vec4f";
    return this.#types.some((type) => type.dtype === "c32") ? "vec2f" : "f32";
  }

  /** Where the tile `index` starts. Steps beyond the end of an axis read its last element, and are not stored. */
  *setup(index: string): Generator<string> {
    yield* splitIndex(
      index,
      this.#axes.map((axis) => axis.tiles),
      "x",
    );
    const coordinates = this.#axes.map((_, position) => `x${position}`);
    for (const [side] of this.#types.entries()) {
      const whole = this.#axes.map((axis) => (axis.tile === 1 ? axis.strides[side] : 0));
      yield `let base${side} = ${dotIndex(coordinates, whole)};`;
    }
    for (const [position, axis] of this.#axes.entries()) {
      if (axis.tile === 1) continue;
      for (let step = 0; step < axis.tile; step++) {
        const at = `x${position} + ${step * axis.tiles}u`;
        yield `let x${position}at${step} = ${(step + 1) * axis.tiles <= axis.size ? at : `min(${at}, ${axis.size - 1}u)`};`;
      }
    }
  }

  /** One term of every sum of the tile: each operand is loaded once per step along its own tiled axis. */
  *step({ load, loadWide }: Names, accumulator: (slot: number) => string): Generator<string> {
    const loops = this.summed.map((_, position) => `k${position}`);
    for (const [side, type] of this.#types.entries()) {
      const moved = dotIndex(
        loops,
        this.summed.map((axis) => axis.strides[side]),
      );
      yield `let at${side} = base${side}${moved === "0u" ? "" : ` + ${moved}`};`;
      for (const key of this.#keysOf(side)) {
        const extra = this.#axes.flatMap((axis, position) =>
          axis.tile > 1 && axis.strides[side] !== 0 ? [`x${position}at${key} * ${axis.strides[side]}u`] : [],
        );
        const value = `${this.#inFours(side) ? loadWide(side) : load(side)}(${[`at${side}`, ...extra].join(" + ")})`;
        const conjugated = this.#conjugate[side] && type.dtype === "c32";
        yield `let v${side}s${key} = ${value}${conjugated ? " * vec2f(1.0, -1.0)" : ""};`;
      }
    }
    for (const slot of this.slots) {
      const operands = this.#types.map((_, side) => `v${side}s${this.#keyOf(side, slot)}`);
      yield `${accumulator(slot)} += ${this.#product(operands)};`;
    }
  }

  /** Stores the sums of an invocation's tile. */
  *store({ store, storeWide }: Names, accumulator: (slot: number) => string): Generator<string> {
    const coordinates = this.#axes.map((_, position) => `x${position}`);
    for (const slot of this.slots) {
      const steps = this.#stepsOf(slot);
      const at = coordinates.map((coordinate, position) =>
        steps[position] === 0 ? coordinate : `(${coordinate} + ${steps[position] * this.#axes[position].tiles}u)`,
      );
      const guards = this.#axes.flatMap((axis, position) =>
        (steps[position] + 1) * axis.tiles <= axis.size ? [] : [`${at[position]} < ${axis.size}u`],
      );
      const stored = `${this.#acrossOutput ? storeWide(0) : store(0)}(${dotIndex(
        at,
        this.#axes.map((axis) => axis.strides[this.#types.length]),
      )}, ${accumulator(slot)});`;
      yield guards.length === 0 ? stored : `if (${guards.join(" && ")}) { ${stored} }`;
    }
  }

  /** `place` and `inside` of the sum `slot`, for long sums. */
  place(): string[] {
    const steps = splitIndex(
      "slot",
      this.#axes.map((axis) => axis.tile),
      "step",
    );
    const at = this.#axes.map((axis, position) => (axis.tile === 1 ? `x${position}` : `(x${position} + step${position} * ${axis.tiles}u)`));
    const guards = this.#axes.flatMap((axis, position) => (axis.tile * axis.tiles <= axis.size ? [] : [`${at[position]} < ${axis.size}u`]));
    return [
      ...steps.filter((_, position) => this.#axes[position].tile > 1),
      `let place = ${dotIndex(
        at,
        this.#axes.map((axis) => axis.strides[this.#types.length]),
      )};`,
      `let inside = ${guards.length === 0 ? "true" : guards.join(" && ")};`,
    ];
  }

  /** The step along each axis that the accumulator `slot` belongs to. */
  #stepsOf(slot: number): number[] {
    let rest = slot;
    const steps = this.#axes.map(() => 0);
    for (let position = this.#axes.length - 1; position >= 0; position--) {
      steps[position] = rest % this.#axes[position].tile;
      rest = Math.floor(rest / this.#axes[position].tile);
    }
    return steps;
  }

  /** The steps along the tiled axis of an operand; each is one load. An operand has at most one tiled axis. */
  #keysOf(side: number): number[] {
    const axis = this.#axes.find((candidate) => candidate.tile > 1 && candidate.strides[side] !== 0);
    return [...Array(axis?.tile ?? 1).keys()];
  }

  #keyOf(side: number, slot: number): number {
    const position = this.#axes.findIndex((axis) => axis.tile > 1 && axis.strides[side] !== 0);
    return position < 0 ? 0 : this.#stepsOf(slot)[position];
  }

  #product(operands: readonly string[]): string {
    const [a, b] = operands;
    if (this.#wide !== undefined && !this.#acrossOutput)
      return this.wideReads.length === 2 ? `dot(${a}, ${b})` : `dot(${operands.join(" * ")}, vec4f(1.0))`;
    if (b === undefined) return a;
    const bothComplex = this.#types.every((type) => type.dtype === "c32");
    return bothComplex ? `vec2f(${a}.x * ${b}.x - ${a}.y * ${b}.y, ${a}.x * ${b}.y + ${a}.y * ${b}.x)` : `${a} * ${b}`;
  }

  #inFours(operand: number): boolean {
    return this.#wide !== undefined && this.#wide.strides[operand] !== 0;
  }

  /** Whether a sum is four elements of the output. */
  get #acrossOutput(): boolean {
    return this.#inFours(this.#types.length);
  }
}
