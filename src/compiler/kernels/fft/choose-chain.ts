/** @file Chooses between the schedules of a chain: the lanes of a workgroup share lines, or every lane has a line of its own. */

import { bug } from "../../diagnostics/diagnostic.ts";
import type { Target } from "../../lower/target.ts";
import type { FftChain } from "./chain.ts";
import { laneChain, lanePoints } from "./chain-lane.ts";
import { linesThatFit, workgroupChain } from "./chain-workgroup.ts";
import { planFft } from "./plan.ts";

/** Whether transforms of n points can be chained: without Bluestein, and in the memory of a workgroup or of a lane. */
export function canChain(n: number, target: Target): boolean {
  return target.linePerLane && n <= lanePoints ? planFft(n, target).kind === "local" : linesThatFit(n, target) > 0;
}

/** @param along whether neighbours in memory are the points of a line, or equal points of neighbouring lines */
export function fftChain(n: number, lines: number, along: "line" | "lines", target: Target): FftChain {
  const plan = planFft(n, target);
  if (plan.kind !== "local") bug(`transforms of ${n} points cannot be chained`);
  if (!target.linePerLane || n > lanePoints) return workgroupChain(n, lines, along, target);
  return laneChain(n, lines, target);
}
