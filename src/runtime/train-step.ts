/** @file One step of training: the program `train` on one batch, and what it says of the weights before the step. */

import { lossResult, outputsResult, statisticsResult } from "../plan/names.ts";
import { predictedClass } from "../plan/outputs.ts";
import type { Plan } from "../plan/plan.ts";
import { checkStep } from "./finite.ts";
import type { TrainingBatch } from "./programs.ts";
import { trainInputs } from "./programs.ts";
import type { Session } from "./session.ts";

/** Of the program `train`. */
export const trainReads: readonly string[] = [outputsResult, lossResult, statisticsResult];

/** Which images go through, and which step of the run that is. */
export interface StepRequest {
  readonly batch: TrainingBatch;
  /** Images in it; what fills it up behind them does not count. */
  readonly count: number;
  /** Counted from 0 over the whole run. */
  readonly step: number;
  readonly stepsPerEpoch: number;
}

/** Of the images of one step. */
export interface StepResult {
  /** Mean over the images. */
  readonly loss: number;
  /** [count][outputs], after the head's activation. */
  readonly outputs: Float32Array;
  /** Sum of squares and count of non-finite elements of each trained gradient. */
  readonly statistics: Float32Array;
  /** Images whose class is that of their label. */
  readonly correct: number;
}

/**
 * The step is on its way when this returns: several may be under way, and the weights change in their order.
 * @param plan that of the session, perhaps with other training values
 * @throws NonFiniteError; the weights are spoilt then
 */
export async function trainStep(
  session: Pick<Session, "run">,
  plan: Plan,
  { batch, count, step, stepsPerEpoch }: StepRequest,
): Promise<StepResult> {
  const results = await session.run("train", trainInputs(plan, batch, step, stepsPerEpoch), trainReads);
  const { input } = plan;
  const loss = results[lossResult][0];
  const outputs = results[outputsResult].subarray(0, count * input.outputs);
  const statistics = results[statisticsResult];
  checkStep(plan, step + 1, { loss, statistics, outputs });
  let correct = 0;
  for (let item = 0; item < count; item++) if (predictedClass(outputs, item * input.outputs, input) === batch.labels[item]) correct++;
  return { loss, outputs, statistics, correct };
}
