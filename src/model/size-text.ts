/** @file The size of an input in words. */

import type { PlanInput } from "../plan/plan.ts";

/** `64x64x3`, or `4096x2` of a signal. */
export function sizeText({ kind, height, width, channels }: PlanInput): string {
  return kind === "signal" ? `${width}x${channels}` : `${height}x${width}x${channels}`;
}
