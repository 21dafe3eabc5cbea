/** @file The verifier of graphs: what must hold after every pass. What does not is our bug, and named. */

import { bug } from "../diagnostics/diagnostic.ts";
import type { Graph, Node } from "./graph.ts";
import { topological } from "./graph.ts";
import type { TensorType } from "./types.ts";
import { printType, sameType } from "./types.ts";

/**
 * Runs every shape rule again, and checks that nodes follow their inputs, that ids are their own, that effects are results that nothing
 * reads, and that results have names of their own; gradients have the paths and types of `parameters`, if those are given.
 */
export function verify(graph: Graph, after: string, parameters?: ReadonlyMap<string, TensorType>): void {
  const order = topological(graph);
  const places = new Map(order.map((node, place) => [node, place]));
  const wrong = (what: string): never => bug(`graph ${graph.name} after ${after}: ${what}`);
  // As printed graphs call it.
  const nameOf = (node: Node): string => `%${places.get(node) ?? "?"} ${node.op.name}`;
  const ids = new Map<number, Node>();
  for (const [place, node] of order.entries()) {
    const known = ids.get(node.id);
    if (known !== undefined) wrong(`${nameOf(node)} and ${nameOf(known)} both have the id ${node.id}`);
    ids.set(node.id, node);
    for (const input of node.inputs) {
      if ((places.get(input) ?? place) >= place) wrong(`${nameOf(node)} does not follow its input ${nameOf(input)}`);
      if (input.op.effect === true) wrong(`${nameOf(node)} reads the effect ${nameOf(input)}`);
    }
    const type = node.op.shape(
      node.inputs.map((input) => input.type),
      node.attrs,
    );
    if (!sameType(type, node.type)) wrong(`${nameOf(node)} is ${printType(node.type)}, its rule says ${printType(type)}`);
  }
  const names = new Set<string>();
  for (const { kind, name, node } of graph.results) {
    const what = `${kind} ${name}`;
    if (names.has(what)) wrong(`there are two results ${what}`);
    names.add(what);
    if ((kind === "effect") !== (node.op.effect === true))
      wrong(`${what} is ${nameOf(node)}, which is ${kind === "effect" ? "no" : "an"} effect`);
    if (kind !== "gradient" || parameters === undefined) continue;
    const type = parameters.get(name) ?? wrong(`${what} is of no parameter`);
    if (!sameType(type, node.type)) wrong(`${what} is ${nameOf(node)} of ${printType(node.type)}, the parameter is ${printType(type)}`);
  }
}
