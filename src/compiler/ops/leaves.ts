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
export const input: TypedOp<InputAttrs> = leaf({ name: "input", formula: "written by the host", title: (attrs) => attrs.name });

export interface ParameterAttrs {
  readonly path: string;
  readonly type: TensorType;
}

/** A tensor of the arena `params`, by its weight path. */
export const parameter: TypedOp<ParameterAttrs> = leaf({ name: "parameter", formula: "kept between steps", title: (attrs) => attrs.path });

function leaf<A extends { readonly type: TensorType }>({
  name,
  formula,
  title,
}: {
  readonly name: string;
  readonly formula: string;
  readonly title: (attrs: A) => string;
}): TypedOp<A> {
  return defineOp<A>({
    name,
    formula,
    shape: (_inputs, attrs) => attrs.type,
    adjoint: "none",
    reference: (_inputs, attrs) => bug(`${name} ${title(attrs)} has no value`),
    reuse: () => 0,
    flops: () => 0,
    print: title,
  });
}
