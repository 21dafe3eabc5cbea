/**
 * @file Adds the optimizer's step behind the gradients: one effect over all trained tensors, and their statistics.
 *
 * Before: `gradient conv.1.g = %31`. After: the same, `output gradient-statistics = %40`, `effect update = %41`.
 */

import { stateTensor, statisticsResult } from "../../plan/names.ts";
import { elementCount } from "../../plan/shape.ts";
import type { Expr } from "../expr/expr.ts";
import type { Graph, Node } from "../graph/graph.ts";
import { GraphBuilder, topological } from "../graph/graph.ts";
import { input, parameter } from "../ops/leaves.ts";
import type { ArenaTensor } from "../ops/update.ts";
import { gradientStatistics, update } from "../ops/update.ts";
import type { Pass } from "./pass.ts";

export interface UpdateRule {
  /** In terms of p, g, s0, s1, wd and the scalars. */
  readonly p: Expr;
  readonly states: readonly Expr[];
  /** Names of the step scalars, in the order of the input `scalars`. */
  readonly scalars: readonly string[];
  readonly clip: number | null;
  /** Weight decay of a tensor. */
  readonly decayOf: (path: string) => number;
  readonly offsetBytes: ReadonlyMap<string, number>;
}

export function optimizePass(rule: UpdateRule): Pass {
  return {
    name: "optimize",
    description: "adds the optimizer's step over all trained tensors",
    required: true,
    run: (graph) => addUpdate(graph, rule),
  };
}

function addUpdate(graph: Graph, rule: UpdateRule): Graph {
  const gradients = graph.results.filter((result) => result.kind === "gradient");
  if (gradients.length === 0) return graph;
  const [{ origin }] = topological(graph);
  const builder = GraphBuilder.after(graph, { ...origin, layer: "optimizer", role: "update" });
  const tensors = gradients.map(
    (result): ArenaTensor => ({
      path: result.name,
      offsetBytes: rule.offsetBytes.get(result.name) ?? 0,
      elementCount: elementCount(result.node.type.shape),
      decay: rule.decayOf(result.name),
    }),
  );
  const statistics = gradientStatistics.build(
    builder,
    gradients.map((result) => result.node),
    { tensors },
  );
  const scalars = input.build(builder, [], { name: "scalars", type: { shape: [Math.max(1, rule.scalars.length)], dtype: "f32" } });
  const leaf = (path: string, like: Node): Node => parameter.build(builder, [], { path, type: like.type });
  const operands = gradients.flatMap((result) => [
    leaf(result.name, result.node),
    result.node,
    ...rule.states.map((_, index) => leaf(stateTensor(index, result.name), result.node)),
  ]);
  const step = update.build(builder, [scalars, statistics, ...operands], {
    p: rule.p,
    states: rule.states,
    scalars: rule.scalars,
    tensors,
    clip: rule.clip,
  });
  return {
    ...graph,
    results: [
      ...graph.results,
      { name: statisticsResult, node: statistics, kind: "output" },
      { name: "update", node: step, kind: "effect" },
    ],
  };
}
