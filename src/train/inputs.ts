/** @file What a program of a plan is handed: sessions refuse inputs that it does not have. */

import type { Plan } from "../compiler/plan.ts";
import type { TensorData } from "../runtime/executor.ts";

/** Those of `values` that the program reads. A network whose result does not depend on the images has no input for them. */
export function inputsOf(plan: Plan, program: string, values: Readonly<Record<string, TensorData>>): Readonly<Record<string, TensorData>> {
  const names = new Set(plan.programs[program].inputs.map((input) => input.name));
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)));
}
