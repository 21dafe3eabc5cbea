/** @file The steps of a plan: those there are, and those that one run of a program takes. */

import type { Plan, Program, Step } from "./plan.ts";

/** All steps of a plan, whenever they run. */
export function stepsOf(plan: Pick<Plan, "programs">): readonly Step[] {
  return Object.values(plan.programs).flatMap(({ steps, slabs }) => [...steps, ...(slabs?.finish ?? [])]);
}

/** How often the steps of a program run. */
export function slabCount({ slabs }: Pick<Program, "slabs">): number {
  return slabs === undefined ? 1 : Math.ceil(slabs.batch / slabs.images);
}

/** The steps of one run in their order. */
export function stepsOfRun(program: Program): readonly Step[] {
  const each = Array.from({ length: slabCount(program) }, () => program.steps);
  return [...each.flat(), ...(program.slabs?.finish ?? [])];
}
