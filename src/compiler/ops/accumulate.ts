/** @file `accumulate`: adds the gradients of one slab of a batch to those of the slabs before it. */

import { gradsArena, slabGradsArena } from "../../plan/names.ts";
import { elementCount } from "../../plan/shape.ts";
import type { TypedOp } from "../graph/graph.ts";
import { defineOp, emptyTensor } from "../graph/graph.ts";
import { plainPort } from "../lower/context.ts";

/**
 * Inputs: the gradients, which a graph that holds this op computes in the arena `grads.slab`. One dispatch adds that arena to
 * `grads`, which is cleared before the first slab. Ops that read gradients in their arena and come later read the sums, and
 * run once, after the last slab. A slab by itself, which is all that the reference interpreter knows, has nothing to add to.
 */
export const accumulate: TypedOp<Readonly<Record<string, never>>> = defineOp<Readonly<Record<string, never>>>({
  name: "accumulate",
  formula: "g <- g + g of this slab, over the whole arena",
  effect: true,
  readsArena: true,
  shape: (inputs) => ({ shape: [inputs.reduce((sum, { shape }) => sum + elementCount(shape), 0)], dtype: "f32" }),
  adjoint: "none",
  reference(inputs, _attrs, type) {
    const result = emptyTensor(type);
    let end = 0;
    for (const { data } of inputs) {
      result.data.set(data, end);
      end += data.length;
    }
    return result;
  },
  lower(context) {
    const sums = context.arena(gradsArena);
    context.elements({
      title: "accumulate",
      count: elementCount(sums.type.shape),
      reads: [plainPort(context.arena(slabGradsArena))],
      writes: [plainPort(sums)],
      inPlace: true,
      body: ({ load, store, place }) => `${store(0)}(i, ${place(0, "i")} + ${load(0)}(i));`,
    });
  },
  reuse: () => 1,
  flops: (_inputs, _attrs, type) => elementCount(type.shape),
  print: () => "",
});
