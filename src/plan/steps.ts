/** @file The steps of a program: those there are, and those that one run takes. */

import type { Program, Step } from "./plan.ts";

/** All steps, with those behind the last slab. */
export function stepsOf({ steps, slabs }: Pick<Program, "steps" | "slabs">): readonly Step[] {
  return [...steps, ...(slabs?.finish ?? [])];
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
