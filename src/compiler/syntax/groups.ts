/** @file Groups of stages, without those that change nothing. */

import type { Repeat, Stage } from "./ast.ts";

/** Stages without the groups that change nothing. */
export function flattened(stages: readonly Stage[]): Stage[] {
  return stages.flatMap((stage): Stage[] => {
    if (stage.body.kind !== "group") return [stage];
    const inner = flattened(stage.body.body.stages);
    if (stage.as === undefined) return inner;
    const [only] = inner;
    return inner.length === 1 && only.as === undefined ? [{ ...only, as: stage.as, span: stage.span }] : [stage];
  });
}

/** What a count repeats, without parentheses around a single layer. */
export function unwrapped(repeat: Repeat): Repeat["body"] {
  if (repeat.body.kind === "layer") return repeat.body;
  const inner = flattened(repeat.body.body.stages);
  const [only] = inner;
  return inner.length === 1 && only.as === undefined && only.body.kind === "layer" ? only.body : repeat.body;
}
