/** @file The tensors of a layer: what each is like, and its path. */

import type { Constraint, StartRule } from "../../plan/plan.ts";

/** One tensor of a layer. Shapes are those of docs/numerics.md#conventions. */
export interface ParamSpec {
  readonly name: string;
  readonly shape: readonly number[];
  readonly start: StartRule;
  readonly constraint: Constraint;
  readonly trained: boolean;
  readonly decayed: boolean;
}

/** The weight path of a tensor: `conv.1.g`. */
export function parameterPath(layer: { readonly path: string }, name: string): string {
  return `${layer.path}.${name}`;
}
