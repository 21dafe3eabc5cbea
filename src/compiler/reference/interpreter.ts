/** @file The reference interpreter: every op by its obvious f64 loop. The oracle of all tests, and `--device cpu`. */

import { gradientResult } from "../../plan/names.ts";
import { elementCount } from "../../plan/shape.ts";
import { bug } from "../diagnostics/diagnostic.ts";
import type { Graph, Node, Tensor } from "../graph/graph.ts";
import { topological } from "../graph/graph.ts";
import { input as inputOp, parameter } from "../ops/leaves.ts";

/** Values of the leaves: inputs by name, parameters by path (`state.0/PATH` for optimizer moments). */
export interface Values {
  readonly inputs: ReadonlyMap<string, Tensor>;
  readonly params: ReadonlyMap<string, Tensor>;
}

/** Runs a graph and returns its results by name. Nothing is written: effects return what they would write. */
export function interpret(graph: Graph, values: Values): ReadonlyMap<string, Tensor> {
  const order = topological(graph);
  const remaining = new Map<Node, number>();
  for (const node of order) for (const operand of node.inputs) remaining.set(operand, (remaining.get(operand) ?? 0) + 1);
  for (const result of graph.results) remaining.set(result.node, Infinity);
  const computed = new Map<Node, Tensor>();
  for (const node of order) {
    const operands = node.inputs.map((operand) => computed.get(operand) ?? bug(`%${operand.id} was freed too early`));
    computed.set(node, evaluate(node, operands, values));
    // Values are dropped after their last use: a training step on the CPU must not hold every intermediate.
    for (const operand of node.inputs) {
      const left = (remaining.get(operand) ?? 0) - 1;
      remaining.set(operand, left);
      if (left === 0) computed.delete(operand);
    }
  }
  return new Map(
    graph.results.map((result) => [
      result.kind === "gradient" ? gradientResult(result.name) : result.name,
      computed.get(result.node) ?? bug(`no value for ${result.name}`),
    ]),
  );
}

function evaluate(node: Node, operands: readonly Tensor[], values: Values): Tensor {
  const leaf = inputOp.match(node);
  const param = parameter.match(node);
  if (leaf === undefined && param === undefined) return node.op.reference(operands, node.attrs, node.type);
  const name = leaf?.name ?? param?.path ?? "";
  const value = (leaf === undefined ? values.params : values.inputs).get(name) ?? bug(`no value for ${node.op.name} ${name}`);
  const wanted = elementCount(node.type.shape) * (node.type.dtype === "c32" ? 2 : 1);
  if (value.data.length !== wanted) bug(`${node.op.name} ${name} has ${value.data.length} numbers instead of ${wanted}`);
  return { ...node.type, data: value.data };
}
