/** @file `fused`: a core op with maps in its loads and its store, which ports carry into its kernels. */

import { elementCount } from "../../plan/shape.ts";
import { bug } from "../diagnostics/diagnostic.ts";
import type { ComplexExpr } from "../expr/expr.ts";
import { constant, cost, printExpr } from "../expr/expr.ts";
import { replaceStored } from "../expr/operands.ts";
import type { Op, Tensor, TypedOp } from "../graph/graph.ts";
import { defineOp } from "../graph/graph.ts";
import type { TensorType } from "../graph/types.ts";
import type { Port } from "../lower/context.ts";
import type { MapAttrs } from "../ops/map.ts";
import { elementOf, map } from "../ops/map.ts";

/** A value computed where it is read or stored. Its variables are x0, x1, ... over `inputs` (indices into the node's inputs). */
interface Hole {
  readonly inputs: readonly number[];
  readonly value: ComplexExpr;
}

export interface FusedAttrs {
  readonly core: Op;
  readonly coreAttrs: unknown;
  /** One per input of the core. */
  readonly loads: readonly { readonly type: TensorType; readonly hole?: Hole; readonly input: number }[];
  /** `y` is the core's element, x1, x2, ... the others. */
  readonly store?: { readonly type: TensorType; readonly hole: Hole };
  readonly coreType: TensorType;
}

/** Private to the pass `fuse-elementwise`: a core op whose loads and store carry maps. */
export const fused: TypedOp<FusedAttrs> = defineOp<FusedAttrs>({
  name: "fused",
  formula: "a core op with element-wise work in its loads and its store",
  shape: (_inputs, attrs) =>
    attrs.store?.type ??
    attrs.core.shape(
      attrs.loads.map((load) => load.type),
      attrs.coreAttrs,
    ),
  adjoint: "none",
  reference(inputs, attrs) {
    const loaded = attrs.loads.map((load) => (load.hole === undefined ? inputs[load.input] : evaluateHole(load.hole, load.type, inputs)));
    const result = attrs.core.reference(loaded, attrs.coreAttrs, attrs.coreType);
    if (attrs.store === undefined) return result;
    // What the core made is input 0 of a map.
    const value = replaceStored(attrs.store.hole.value, elementOf(attrs.coreType, 0));
    return evaluateHole({ inputs: [0, ...attrs.store.hole.inputs.map((input) => input + 1)], value }, attrs.store.type, [
      result,
      ...inputs,
    ]);
  },
  lower(context, attrs, type) {
    const inputs = attrs.loads.map((load): Port => {
      if (load.hole === undefined) return context.inputs[load.input];
      return { type: load.type, refs: load.hole.inputs.map((input) => context.inputs[input].refs[0]), value: load.hole.value };
    });
    const store = attrs.store;
    const output: Port =
      store === undefined
        ? context.output
        : {
            type: attrs.coreType,
            refs: [context.output.refs[0], ...store.hole.inputs.map((input) => context.inputs[input].refs[0])],
            value: store.hole.value,
          };
    const lower = attrs.core.lower ?? bug(`${attrs.core.name} cannot be fused`);
    lower({ ...context, inputs, output }, attrs.coreAttrs, store === undefined ? type : attrs.coreType);
  },
  reuse: () => 1,
  flops: (_inputs, attrs, type) =>
    attrs.core.flops(
      attrs.loads.map((load) => load.type),
      attrs.coreAttrs,
      attrs.coreType,
    ) +
    attrs.loads.reduce((sum, load) => sum + holeCost(load.hole) * elementCount(load.type.shape), 0) +
    holeCost(attrs.store?.hole) * elementCount(type.shape),
  print(attrs) {
    const loads = attrs.loads.map((load) => (load.hole === undefined ? `%${load.input}` : `[${printHole(load.hole)}]`));
    const store = attrs.store === undefined ? "" : ` then ${printHole(attrs.store.hole)}`;
    return `${attrs.core.name}(${loads.join(", ")}) {${attrs.core.print(attrs.coreAttrs)}}${store}`;
  },
});

function evaluateHole(hole: Hole, type: TensorType, inputs: readonly Tensor[]): Tensor {
  return map.reference(
    hole.inputs.map((input) => inputs[input]),
    { shape: type.shape, value: hole.value, complex: type.dtype === "c32" } satisfies MapAttrs,
    type,
  );
}

function holeCost(hole: Hole | undefined): number {
  return hole === undefined ? 0 : cost(hole.value.re, hole.value.im);
}

function printHole(hole: Hole): string {
  return `${printExpr(hole.value.re)}${hole.value.im === constant(0) ? "" : ` + i ${printExpr(hole.value.im)}`}`;
}
