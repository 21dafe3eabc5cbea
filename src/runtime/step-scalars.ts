/** @file Step-dependent scalars: the scheduled learning rate and the bias corrections, in f64 (docs/numerics.md#schedules). */

import type { PlanTraining } from "../plan/plan.ts";
import { cosineAndSine, wholePower } from "./elementary.ts";

/**
 * The learning rate of one step.
 * @param step counted from 0 over the whole run
 */
export function learningRate(training: Pick<PlanTraining, "lr" | "schedule" | "epochs">, step: number, stepsPerEpoch: number): number {
  const { lr, schedule, epochs } = training;
  const epoch = step / stepsPerEpoch;
  switch (schedule.kind) {
    case "constant":
      return lr;
    case "step":
      return lr * wholePower(schedule.by, schedule.at.filter((entry) => entry <= epoch).length);
    case "cosine": {
      const { warmup, floor } = schedule;
      if (epoch < warmup) return (lr * (step + 1)) / (warmup * stepsPerEpoch);
      // A run that was prolonged, or whose warm-up is all of it, stays at the floor.
      const progress = epochs > warmup ? Math.min((epoch - warmup) / (epochs - warmup), 1) : 1;
      const [cosine] = cosineAndSine(progress / 2);
      return lr * (floor + (1 - floor) * 0.5 * (1 + cosine));
    }
  }
}

/**
 * The values of the input `scalars`, in the order of `training.scalars`.
 * @param step counted from 0 over the whole run; the corrections count from 1
 */
export function stepScalars(training: PlanTraining, step: number, stepsPerEpoch: number): Float32Array {
  return Float32Array.from(training.scalars, (scalar) =>
    scalar.kind === "lr" ? learningRate(training, step, stepsPerEpoch) : 1 - wholePower(scalar.base, step + 1),
  );
}
