/** @file What a pass is: a value with a name and a function from graph to graph. */

import type { Graph, Node } from "../graph/graph.ts";
import { sizeBytes } from "../graph/types.ts";
import type { Job } from "../lower/job.ts";
import type { Target } from "../lower/target.ts";

/** One rewrite that a pass made, for `check --explain`. */
export interface Rewrite {
  readonly pass: string;
  /** The layer it happened in. */
  readonly layer: string;
  readonly text: string;
}

export interface PassContext {
  readonly target: Target;
  readonly note: (rewrite: Omit<Rewrite, "pass">) => void;
}

export interface Pass {
  readonly name: string;
  readonly description: string;
  /** A required pass cannot be left out: without it there is no program. */
  readonly required?: true;
  readonly run: (graph: Graph, context: PassContext) => Graph;
}

/** What comes after lowering: a function from dispatches, in order, to fewer. It can be left out. */
export interface DispatchPass {
  readonly name: string;
  readonly description: string;
  readonly run: (jobs: readonly Job[], context: PassContext) => readonly Job[];
}

/** What it saves to have some nodes no more, and others instead; bytes are those that kernels read and write. */
export function savings(before: readonly Node[], after: readonly Node[] = []): string {
  const sum = (nodes: readonly Node[], of: (node: Node) => number): number => nodes.reduce((total, node) => total + of(node), 0);
  const flops = Math.round(sum(before, flopsOf) - sum(after, flopsOf));
  const bytes = sum(before, trafficOf) - sum(after, trafficOf);
  return bytes < 0 ? `saves ${flops} FLOPs for ${-bytes} bytes more` : `saves ${flops} FLOPs and ${bytes} bytes`;
}

function flopsOf(node: Node): number {
  return node.op.flops(
    node.inputs.map((input) => input.type),
    node.attrs,
    node.type,
  );
}

function trafficOf(node: Node): number {
  return node.inputs.reduce((bytes, input) => bytes + sizeBytes(input.type), sizeBytes(node.type));
}
