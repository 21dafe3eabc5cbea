/**
 * @file Several transforms one after the other in one kernel, values handed on in registers: the body of fused spectral
 * kernels. Two schedules: the lanes of a workgroup share lines, or every lane has a line of its own.
 */

import { bug } from "../diagnostic.ts";
import type { GroupKernel, Table, Target } from "../lower.ts";
import { lanePoints } from "./fft-chain-lane.ts";
import { PassChain } from "./fft-chain-passes.ts";
import { StraightChain, straightPoints } from "./fft-chain-straight.ts";
import { planFft } from "./fft-plan.ts";
import { linesThatFit, WorkgroupChain } from "./fft-chain-workgroup.ts";

/** WGSL for point `place` of the line; `i` says which of the points that the lane holds it is. */
export type ReadPoint = (i: string, place: string) => string;

/**
 * What becomes of the results of a transform, in two parts, because drivers want memory to be accessed in loops and variables
 * outside of them: `hold` are statements on variables of the lane, `keep` is a value for each point and what stores it.
 */
export interface Results {
  readonly hold?: (i: string, place: string, value: string) => string;
  /** One bit for both parts of each point, known as vec2f of ones and zeros once `hold` has run; `store` gets each word of them. */
  readonly mask?: { readonly flags: (i: string) => string; readonly store: StorePoint };
  readonly keep?: { readonly value: (i: string, place: string, value: string) => string; readonly store: StorePoint };
}

/** Statements that store the value of point `place`. */
export type StorePoint = (place: string, value: string) => string;

/** What a transform begins with. */
export interface Given {
  /** Statements of the lane before its first point, from `Fetched`. */
  readonly enter?: readonly string[];
  /** Statements for a point, before `read`. */
  readonly prepare?: ReadPoint;
  /** The point, from variables. */
  readonly read: ReadPoint;
}

/** Numbers from memory, one for each point that a lane holds. */
export interface Fetched {
  /** Variables, outside of all loops. */
  readonly declare: readonly string[];
  /** Statements that come before the first use. */
  readonly code: readonly string[];
  /** Statements for `enter` of the transform that uses it. */
  readonly enter: readonly string[];
  readonly at: ReadPoint;
}

/** Lines that are known by a vec4f for each k <= n/2, of which the points k and n - k are made. */
export interface Halves {
  readonly load: (k: string) => string;
  readonly point: (half: string, place: string) => string;
}

/** The same on the way back: `pair` makes the vec4f of the points k and (n - k) mod n. */
export interface Pairs {
  readonly pair: (here: string, mirrored: string, k: string) => string;
  readonly store: StorePoint;
}

export type ChainKernel = Pick<GroupKernel, "title" | "reads" | "writes"> & { readonly tables: readonly Table[]; readonly declarations?: string };

/** Statements know `line` (always valid) and `inside`, whether it exists: only then may they store. */
export interface FftChain {
  /** The kernel around `body`, which was made by the other methods. */
  kernel(rest: ChainKernel, body: readonly string[]): GroupKernel;
  /** The name of table `index` of those given to `kernel`. */
  table(index: number): string;
  /** Variables of the lane, one for each point it holds. */
  declareHeld(name: string): string[];
  /** The variable of point `place`, which is point `i` of those that the lane holds. */
  held(name: string, i: string, place: string): string;
  /** Sets the variables called `name` from memory. */
  loadHeld(name: string, load: (place: string) => string): string[];
  /** Numbers of type vec2f for `hold` of a transform that ends, or `read` of one that begins. */
  fetch(name: string, load: (place: string) => string): Fetched;
  /** The flags of a mask, as vec2f, for a transform that begins; `load` has the number of a word (kernels/mask-words.ts). */
  fetchMask(name: string, load: (word: string) => string): Fetched;
  /** A transform of what `read` takes from memory, whose results stay with the lanes that hold the points. */
  ending(read: (place: string) => string, results: Results): string[];
  endingFromHalves(halves: Halves, results: Results): string[];
  /** A transform of what lanes hold. */
  beginning(given: Given, store: StorePoint): string[];
  beginningToHalves(given: Given, pairs: Pairs): string[];
  /** Sums `value`, of the lanes that hold points, over each line; `store` gets the name of the total. */
  sumOverLine(value: string, store: (total: string) => string): string[];
  /** A loop whose body may transform; its bound is element x of table `index`, which drivers cannot unroll. */
  loop(variable: string, index: number, body: () => readonly string[]): string[];
}

/** Whether transforms of n points can be chained: without Bluestein, and in the memory of a workgroup or of a lane. */
export function canChain(n: number, target: Target): boolean {
  return target.linePerLane ? n <= lanePoints && planFft(n, target).kind === "local" : linesThatFit(n, target) > 0;
}

/** @param along whether neighbours in memory are the points of a line, or equal points of neighbouring lines */
export function fftChain(n: number, lines: number, along: "line" | "lines", target: Target): FftChain {
  const plan = planFft(n, target);
  if (plan.kind !== "local") bug(`transforms of ${n} points cannot be chained`);
  if (!target.linePerLane || n > lanePoints) return new WorkgroupChain(n, lines, along, target);
  return n <= straightPoints ? new StraightChain(n, lines) : new PassChain(n, lines, plan.radices);
}
