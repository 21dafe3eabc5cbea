/** @file What a program of a plan is handed: sessions refuse inputs that it does not have. */

import type { Plan } from "../compiler/plan.ts";
import type { Batch } from "../data/batch.ts";
import type { TensorData } from "../runtime/executor.ts";
import { stepScalars } from "../runtime/schedule.ts";

/** Those of `values` that the program reads. A network whose result does not depend on the images has no input for them. */
export function inputsOf(plan: Plan, program: string, values: Readonly<Record<string, TensorData>>): Readonly<Record<string, TensorData>> {
  const names = new Set(plan.programs[program].inputs.map((input) => input.name));
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)));
}

/** What the program `train` is handed. @param step counted from 0 over the whole run */
export function trainInputs(plan: Plan, { images, labels, weights }: Batch, step: number, stepsPerEpoch: number): Readonly<Record<string, TensorData>> {
  const { training } = plan;
  if (training === undefined) throw new Error("the plan has no training step");
  const positions = Int32Array.from(weights, (_, position) => position);
  return inputsOf(plan, "train", { images, labels, weights, scalars: stepScalars(training, step, stepsPerEpoch), step: Int32Array.of(step), positions });
}
