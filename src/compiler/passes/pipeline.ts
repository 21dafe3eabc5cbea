/** @file The pipeline: what happens to a graph between elaboration and lowering, as a list. */

import { bug } from "../diagnostics/diagnostic.ts";
import type { Graph } from "../graph/graph.ts";
import { printGraph, topological } from "../graph/graph.ts";
import type { TensorType } from "../graph/types.ts";
import { verify } from "../graph/verify.ts";
import type { Target } from "../lower/target.ts";
import { parameter } from "../ops/leaves.ts";
import { accumulatePass } from "./accumulate.ts";
import { differentiatePass } from "./differentiate.ts";
import { chainSmall } from "./dispatch/chain-small.ts";
import { mergeBeside } from "./dispatch/merge-beside.ts";
import { mergeEqual } from "./dispatch/merge-equal.ts";
import { fuseElementwise } from "./fuse-elementwise.ts";
import { fuseParameters } from "./fuse-parameters.ts";
import { fuseSpectral } from "./fuse-spectral.ts";
import type { UpdateRule } from "./optimize.ts";
import { optimizePass } from "./optimize.ts";
import type { DispatchPass, Pass, Rewrite } from "./pass.ts";
import { simplify } from "./simplify.ts";
import { spectralAlgebra } from "./spectral-algebra.ts";

export interface PipelineOptions {
  readonly target: Target;
  /** Weight paths to differentiate with respect to; empty for inference. */
  readonly trained: ReadonlySet<string>;
  /** Undefined: no training step. */
  readonly update: UpdateRule | undefined;
  /** The batch goes through in several slabs. */
  readonly slabs: boolean;
  readonly without: ReadonlySet<string>;
  /** Called with the printed graph after the passes of these names (`elaborate` is the graph before all). */
  readonly dump?: (pass: string, graph: string) => void;
}

/** Passes in order. Every one that is not `required` can be left out without changing the meaning. */
export function passesFor(options: Pick<PipelineOptions, "trained" | "update" | "slabs">): readonly Pass[] {
  return [
    // Before differentiation, so that the backward pass is derived from the cheaper forward one.
    spectralAlgebra,
    fuseSpectral,
    differentiatePass(options.trained),
    fuseParameters,
    ...(options.slabs ? [accumulatePass] : []),
    ...(options.update === undefined ? [] : [optimizePass(options.update)]),
    simplify,
    // Last: fused operations are private and no other pass looks inside them.
    fuseElementwise,
  ];
}

/** What happens to the dispatches of a lowered graph, in order. */
export const dispatchPasses: readonly DispatchPass[] = [mergeEqual, chainSmall, mergeBeside];

export const optionalGraphPasses: readonly Pass[] = passesFor({ trained: new Set(), update: undefined, slabs: false }).filter(
  (pass) => pass.required !== true,
);

/** For `--without` and `--help`. */
export const optionalPasses: readonly (Pass | DispatchPass)[] = [...optionalGraphPasses, ...dispatchPasses];

export function runPipeline(graph: Graph, options: PipelineOptions): { readonly graph: Graph; readonly rewrites: readonly Rewrite[] } {
  const rewrites: Rewrite[] = [];
  const parameters = parameterTypes(graph);
  verify(graph, "elaborate", parameters);
  options.dump?.("elaborate", printGraph(graph));
  let current = graph;
  for (const pass of passesFor(options)) {
    if (options.without.has(pass.name) || options.target.leaveOut === pass.name) {
      if (pass.required === true) bug(`pass ${pass.name} cannot be left out`);
      continue;
    }
    current = pass.run(current, { target: options.target, note: (rewrite) => rewrites.push({ pass: pass.name, ...rewrite }) });
    verify(current, pass.name, parameters);
    options.dump?.(pass.name, printGraph(current));
  }
  return { graph: current, rewrites };
}

function parameterTypes(graph: Graph): ReadonlyMap<string, TensorType> {
  return new Map(
    topological(graph)
      .flatMap((node) => parameter.match(node) ?? [])
      .map(({ path, type }) => [path, type]),
  );
}
