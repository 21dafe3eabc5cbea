/** @file `extra`: a further result of an op that makes several at once. */

import { bug } from "../diagnostics/diagnostic.ts";
import type { GraphBuilder, Node, TypedOp } from "../graph/graph.ts";
import { defineOp } from "../graph/graph.ts";
import type { TensorType } from "../graph/types.ts";

export interface ExtraAttrs {
  readonly index: number;
  readonly type: TensorType;
}

/** Its input is the node that makes it; of that it takes no value but the further result `index`. */
export const extra: TypedOp<ExtraAttrs> = defineOp<ExtraAttrs>({
  name: "extra",
  formula: "a further result of its input",
  shape: (_inputs, attrs) => attrs.type,
  adjoint: "none",
  reference: ([maker], { index }) => maker.extras?.[index] ?? bug("a result that its maker does not have"),
  reuse: () => 1,
  flops: () => 0,
  print: ({ index }) => `${index}`,
});

export function extraOf(builder: GraphBuilder, maker: Node, index: number): Node {
  const types =
    maker.op.extras?.(
      maker.inputs.map((input) => input.type),
      maker.attrs,
    ) ?? bug(`${maker.op.name} has one result`);
  return extra.build(builder, [maker], { index, type: types[index] });
}
