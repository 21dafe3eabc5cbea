/**
 * @file Adds up the gradients of the slabs of a batch.
 *
 * Before: `gradient conv.1.g = %31`. After: the same, `effect accumulate = %40`; what later passes add runs after the last slab.
 */

import { GraphBuilder, topological } from "../graph/graph.ts";
import { accumulate } from "../ops/accumulate.ts";
import type { Pass } from "./pass.ts";

export const accumulatePass: Pass = {
  name: "accumulate",
  description: "adds up the gradients of the slabs of a batch",
  required: true,
  run: (graph) => {
    const gradients = graph.results.filter(({ kind }) => kind === "gradient").map(({ node }) => node);
    if (gradients.length === 0) return graph;
    const [{ origin }] = topological(graph);
    const builder = GraphBuilder.after(graph, { ...origin, layer: "optimizer", role: "update" });
    return {
      ...graph,
      results: [...graph.results, { name: "accumulate", node: accumulate.build(builder, gradients, {}), kind: "effect" }],
    };
  },
};
