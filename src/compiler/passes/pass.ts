/** @file What a pass is: a value with a name and a function from graph to graph. */

import type { Graph } from "../graph.ts";
import type { Target } from "../lower.ts";

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
