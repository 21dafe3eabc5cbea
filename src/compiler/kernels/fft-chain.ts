/**
 * @file Several transforms one after the other in one kernel, values handed on in registers: the body of fused spectral
 * kernels. Two schedules: the lanes of a workgroup share lines, or every lane has a line of its own.
 */

import { bug } from "../diagnostic.ts";
import type { GroupKernel, Table, Target } from "../lower.ts";
import { LaneChain, lanePoints } from "./fft-chain-lane.ts";
import { planFft } from "./fft-plan.ts";
import { linesThatFit, WorkgroupChain } from "./fft-chain-workgroup.ts";

/** WGSL for point `place` of the line; `i` says which of the points that the lane holds it is. */
export type ReadPoint = (i: string, place: string) => string;
/** Statements that take the point. */
export type WritePoint = (i: string, place: string, value: string) => string;

/** Lines that are known by their points k <= n/2, where the point at n - k is made of the same number. */
export interface Halves {
  readonly load: (k: string) => string;
  readonly point: (half: string, place: string) => string;
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
  /** The variable of point `i`. */
  held(name: string, i: string): string;
  /** Statements for every point that the lane holds, where `ending` leaves them. */
  overHeld(statements: (i: string, place: string) => string): string[];
  /** A transform whose results stay with the lanes that hold the points: `write` gets them there. */
  ending(read: ReadPoint, write: WritePoint): string[];
  endingFromHalves(halves: Halves, write: WritePoint): string[];
  /** A transform of what lanes hold. */
  beginning(read: ReadPoint, write: WritePoint): string[];
  /** Like `beginning`; then `store` for each k <= n/2 gets the points k and (n - k) mod n. */
  beginningToHalves(read: ReadPoint, store: (k: string, here: string, mirrored: string) => string): string[];
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
  return target.linePerLane && n <= lanePoints ? new LaneChain(n, lines, plan.radices) : new WorkgroupChain(n, lines, along, target);
}
