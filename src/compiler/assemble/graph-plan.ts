/** @file A graph that belongs to no network as a plan of one program, for measurements and tests of single operations. */

import type { Plan, PlanInput } from "../../plan/plan.ts";
import { usualPixels } from "../../plan/plan.ts";
import type { Graph } from "../graph/graph.ts";
import { lowerGraph } from "../lower/lower.ts";
import type { Target } from "../lower/target.ts";
import { assemblePlan, layoutArena } from "./assemble.ts";

/** A Plan has one, and nobody reads it. */
const input: PlanInput = { ...usualPixels, kind: "image", height: 1, width: 1, channels: 1, batch: 1, outputs: 1, threshold: 0 };

/** The graph has inputs, and no parameters. */
export function graphPlan(graph: Graph, target: Target): Plan {
  return assemblePlan([lowerGraph(graph, layoutArena([]), 0, target)], { params: [], stateCount: 0, training: undefined, input }, target);
}
