/** @file The device memory of a training run, from its plan alone: every buffer that a run creates is in it. */

import { paramsArena } from "../plan/names.ts";
import type { Plan } from "../plan/plan.ts";
import { readLayout } from "../runtime/slabs.ts";
import { trainReads } from "../runtime/train-step.ts";
import { evaluateReads, evaluationsInFlight } from "./evaluate.ts";
import { stepsInFlight } from "./trainer.ts";

/** Bytes. */
export interface MemoryUse {
  /** Weights, gradients, moments, intermediate results, inputs, outputs, tables: allocated before the first step. */
  readonly buffers: number;
  /** What results pass through on their way to the host. */
  readonly staging: number;
  /** At the peak: nothing is freed before the end. */
  readonly total: number;
}

/** Of `train` with validation. The staging pool keeps as many buffers of each size as were ever under way at once. */
export function trainingMemory(plan: Plan): MemoryUse {
  const buffers = plan.buffers.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const params = plan.buffers.find(({ name }) => name === paramsArena)?.sizeBytes ?? 0;
  // A checkpoint reads all arenas at once; they are of one size.
  const reads = new Map([[params, 1 + plan.stateCount]]);
  const atOnce = (name: string, count: number, want?: readonly string[]): void => {
    const program = plan.programs[name];
    if (program === undefined) return;
    const bytes =
      4 *
      readLayout(
        program.outputs.filter((output) => want?.includes(output.name) ?? true),
        program,
      ).count;
    if (bytes > 0) reads.set(bytes, Math.max(reads.get(bytes) ?? 0, count));
  };
  atOnce("train", stepsInFlight, trainReads);
  atOnce("evaluate", evaluationsInFlight, evaluateReads);
  atOnce("measure", 1);
  const staging = [...reads].reduce((sum, [bytes, count]) => sum + bytes * count, 0);
  return { buffers, staging, total: buffers + staging };
}
