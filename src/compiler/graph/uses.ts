/** @file Who reads what: the uses of every node of a graph, as input of others and as result. */

import type { Graph, Node } from "./graph.ts";
import { topological } from "./graph.ts";

export interface Uses {
  /** How often a value is asked for: once by each input that it is, and once by each result. */
  readonly count: (node: Node) => number;
  /** The nodes with `node` among their inputs, in order; twice if it is two of them. */
  readonly readers: (node: Node) => readonly Node[];
  /** One input of one node and no result: it may melt into its reader. */
  readonly lone: (node: Node) => boolean;
}

export function usesIn(graph: Graph): Uses {
  const readers = new Map<Node, Node[]>();
  for (const node of topological(graph)) {
    for (const input of node.inputs) {
      const known = readers.get(input);
      if (known === undefined) readers.set(input, [node]);
      else known.push(node);
    }
  }
  const results = new Map<Node, number>();
  for (const { node } of graph.results) results.set(node, (results.get(node) ?? 0) + 1);
  const readersOf = (node: Node): readonly Node[] => readers.get(node) ?? [];
  return {
    count: (node) => readersOf(node).length + (results.get(node) ?? 0),
    readers: readersOf,
    lone: (node) => readersOf(node).length === 1 && !results.has(node),
  };
}
