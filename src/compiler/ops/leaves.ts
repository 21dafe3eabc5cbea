/** @file Leaves of the graph: what the host writes (`input`) and what training keeps (`parameter`). */

import { bug } from "../diagnostics/diagnostic.ts";
import type { TypedOp } from "../graph/graph.ts";
import { defineOp } from "../graph/graph.ts";
import type { TensorType } from "../graph/types.ts";

export interface InputAttrs {
  readonly name: string;
  readonly type: TensorType;
  /** Axis 0 counts images: a slab of the batch takes its own part. */
  readonly perImage?: true;
}

/** Written by the host before each run. */
export const input: TypedOp<InputAttrs> = defineOp<InputAttrs>({
  name: "input",
  formula: "written by the host",
  shape: (_inputs, attrs) => attrs.type,
  adjoint: "none",
  reference: (_inputs, attrs) => bug(`input ${attrs.name} has no value`),
  reuse: () => 0,
  flops: () => 0,
  print: (attrs) => attrs.name,
});

export interface ParameterAttrs {
  readonly path: string;
  readonly type: TensorType;
}

/** A tensor of the arena `params`, by its weight path. */
export const parameter: TypedOp<ParameterAttrs> = defineOp<ParameterAttrs>({
  name: "parameter",
  formula: "kept between steps",
  shape: (_inputs, attrs) => attrs.type,
  adjoint: "none",
  reference: (_inputs, attrs) => bug(`parameter ${attrs.path} has no value`),
  reuse: () => 0,
  flops: () => 0,
  print: (attrs) => attrs.path,
});
