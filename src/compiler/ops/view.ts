/** @file Views between pairs of reals and complex numbers: the same memory under another type. */

import { bug } from "../diagnostics/diagnostic.ts";
import type { GraphBuilder, Node, Samples, TypedOp } from "../graph/graph.ts";
import { defineOp } from "../graph/graph.ts";

type NoAttrs = Readonly<Record<string, never>>;

export const asComplexOp: TypedOp<NoAttrs> = defineOp<NoAttrs>({
  name: "as-complex",
  formula: "z[i] = x[i,0] + i x[i,1]",
  view: true,
  shape([x]) {
    if (x.dtype !== "f32" || x.shape.at(-1) !== 2) bug(`as-complex of ${x.dtype}[${x.shape.join("x")}]`);
    return { shape: x.shape.slice(0, -1), dtype: "c32" };
  },
  adjoint: (builder, dy) => [asReal(builder, dy)],
  reference: ([x], _attrs, type) => ({ ...type, data: x.data }),
  reuse: () => 1,
  flops: () => 0,
  print: () => "",
});

export const asComplexOpSamples: Samples<NoAttrs> = () => [
  { title: "pairs", tolerance: 0, attrs: {}, inputs: [{ shape: [3, 2], dtype: "f32" }] },
];

export const asRealOp: TypedOp<NoAttrs> = defineOp<NoAttrs>({
  name: "as-real",
  formula: "x[i,0] = Re z[i], x[i,1] = Im z[i]",
  view: true,
  shape([z]) {
    if (z.dtype !== "c32") bug(`as-real of ${z.dtype}`);
    return { shape: [...z.shape, 2], dtype: "f32" };
  },
  adjoint: (builder, dy) => [asComplex(builder, dy)],
  reference: ([z], _attrs, type) => ({ ...type, data: z.data }),
  reuse: () => 1,
  flops: () => 0,
  print: () => "",
});

export const asRealOpSamples: Samples<NoAttrs> = () => [
  { title: "pairs", tolerance: 0, attrs: {}, inputs: [{ shape: [3], dtype: "c32" }] },
];

/** [..., 2] reals become [...] complex numbers. */
export function asComplex(builder: GraphBuilder, x: Node): Node {
  return asComplexOp.build(builder, [x], {});
}

/** [...] complex numbers become [..., 2] reals. */
export function asReal(builder: GraphBuilder, z: Node): Node {
  return asRealOp.build(builder, [z], {});
}
