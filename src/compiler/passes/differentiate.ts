/**
 * @file Reverse-mode automatic differentiation: adds dL/dp for every trained parameter of a graph that asks for it.
 *
 * Before: `output loss = %9`. After: the same, and `gradient conv.1.g = %31` for each parameter. It contains no op name:
 * each op's file holds its own adjoint.
 */

import { lossResult } from "../../plan/names.ts";
import { bug } from "../diagnostics/diagnostic.ts";
import { constant } from "../expr/expr.ts";
import type { Graph, Node, Result } from "../graph/graph.ts";
import { GraphBuilder, topological } from "../graph/graph.ts";
import { printType, sameType } from "../graph/types.ts";
import { parameter } from "../ops/leaves.ts";
import { addNodes, realMap } from "../ops/map.ts";
import type { Pass } from "./pass.ts";

/** The result called `loss` is differentiated with respect to the parameters named in `wanted`. */
export function differentiatePass(wanted: ReadonlySet<string>): Pass {
  return {
    name: "differentiate",
    description: "derives the gradient of the loss with respect to every trained parameter",
    required: true,
    run: (graph) => differentiate(graph, wanted),
  };
}

function differentiate(graph: Graph, wanted: ReadonlySet<string>): Graph {
  const loss = graph.results.find((result) => result.name === lossResult)?.node;
  if (loss === undefined || wanted.size === 0) return graph;
  const order = topological({ ...graph, results: [{ name: lossResult, node: loss, kind: "output" }] });
  const needs = needsGradient(order, wanted);
  const everything = topological(graph);
  const builder = GraphBuilder.after(graph, loss.origin);
  const gradients = new Map<Node, Node>();
  const backward = (node: Node): Node["origin"] => ({ ...node.origin, role: "backward" });
  gradients.set(
    loss,
    builder.at(backward(loss), () => realMap(builder, loss.type.shape, [], constant(1))),
  );
  for (const node of [...order].reverse()) {
    const dy = gradients.get(node);
    if (dy === undefined) continue;
    const flags = node.inputs.map((input) => needs.has(input));
    if (!flags.includes(true)) continue;
    builder.at(backward(node), () => {
      const contributions = adjointOf(builder, dy, node, flags);
      node.inputs.forEach((input, index) => {
        const contribution = contributions[index];
        if (contribution === undefined) return;
        const sum = gradients.get(input);
        gradients.set(input, sum === undefined ? contribution : addNodes(builder, sum, contribution));
      });
    });
  }
  const leaves = parameterLeaves(everything);
  // In the order of `wanted`, which is that of the Plan: the statistics of gradients are read by position.
  const added = [...wanted].map((path): Result => {
    const uses = leaves.get(path) ?? bug(`the graph does not use ${path}`);
    const [first] = uses;
    const node = builder.at(backward(first), () => {
      const sums = uses.flatMap((leaf) => gradients.get(leaf) ?? []);
      // A parameter that the loss does not depend on still has a gradient, and it is zero.
      if (sums.length === 0) return realMap(builder, first.type.shape, [], constant(0));
      return sums.reduce((sum, gradient) => addNodes(builder, sum, gradient));
    });
    return { name: path, node, kind: "gradient" };
  });
  return { ...graph, results: [...graph.results, ...added] };
}

/** The contributions to the gradients of the node's inputs: none where none is wanted or where it is zero; never by oversight. */
function adjointOf(builder: GraphBuilder, dy: Node, node: Node, wanted: readonly boolean[]): readonly (Node | undefined)[] {
  const place = `%${node.id} ${node.op.name} of ${node.origin.layer}`;
  if (node.op.adjoint === "none") bug(`${place} has no adjoint, but a gradient is wanted`);
  const gradients = node.op.adjoint(builder, dy, node, node.attrs, wanted);
  return node.inputs.map(({ type }, index) => {
    const gradient = gradients[index];
    if (!wanted[index] || gradient === "zero") return undefined;
    if (gradient === undefined) return bug(`${place} gives no gradient of its input ${index}, which is wanted`);
    if (!sameType(gradient.type, type))
      bug(`${place}: the gradient of input ${index} is ${printType(gradient.type)}, the input ${printType(type)}`);
    return gradient;
  });
}

/** A shared object has a leaf for each of its uses. */
function parameterLeaves(nodes: readonly Node[]): ReadonlyMap<string, readonly Node[]> {
  const leaves = new Map<string, Node[]>();
  for (const node of nodes) {
    const attrs = parameter.match(node);
    if (attrs !== undefined) leaves.set(attrs.path, [...(leaves.get(attrs.path) ?? []), node]);
  }
  return leaves;
}

/** What lies between the loss and a trained parameter. Integers have no gradient, so none goes through them. */
function needsGradient(order: readonly Node[], wanted: ReadonlySet<string>): ReadonlySet<Node> {
  const needs = new Set<Node>();
  for (const node of order) {
    const attrs = parameter.match(node);
    const trained = attrs !== undefined && wanted.has(attrs.path);
    if (node.type.dtype !== "i32" && (trained || node.inputs.some((input) => needs.has(input)))) needs.add(node);
  }
  return needs;
}
