/** @file Graph -> ONNX nodes: what depends on no input is computed here and becomes constants, the rest op by op. */

import { bug } from "../../compiler/diagnostics/diagnostic.ts";
import type { Graph, Node, Tensor } from "../../compiler/graph/graph.ts";
import { topological } from "../../compiler/graph/graph.ts";
import { expand as expandOp } from "../../compiler/ops/expand.ts";
import { input as inputOp, parameter } from "../../compiler/ops/leaves.ts";
import { interpret } from "../../compiler/reference/interpreter.ts";
import type { OnnxBuilder, Operand, Value } from "./builder.ts";
import { emitNode } from "./ops.ts";
import type { Transforms } from "./transform.ts";

export interface EmitOptions {
  readonly builder: OnnxBuilder;
  readonly transforms: Transforms;
  /** Raw weights by path. */
  readonly params: ReadonlyMap<string, Tensor>;
  /** The inputs of the graph by name. */
  readonly inputs: ReadonlyMap<string, Operand>;
  /** One of them whose axis 0 counts the images. */
  readonly batch: Value;
}

/**
 * The results of a graph, by name. The graph is of one image; what is made of inputs that are there for each image works for any
 * number of them.
 * @throws Limitation for an op that has no form in ONNX
 */
export function emitGraph(graph: Graph, options: EmitOptions): ReadonlyMap<string, Operand> {
  const { builder, inputs, transforms, batch } = options;
  const order = topological(graph);
  const varying = dependents(order, () => true);
  const perImage = dependents(order, (leaf) => inputOp.match(leaf)?.perImage === true);
  const values = new Map<Node, Operand>(constants(graph, order, varying, options));
  for (const node of order) {
    if (!varying.has(node)) continue;
    const leaf = inputOp.match(node);
    if (leaf !== undefined) {
      values.set(node, inputs.get(leaf.name) ?? bug(`onnx: no input ${leaf.name}`));
      continue;
    }
    builder.layer = node.origin.layer;
    const shape = perImage.has(node) ? node.type.shape.with(0, -1) : node.type.shape;
    values.set(
      node,
      emitNode(
        { builder, transforms, shape, batch },
        node,
        node.inputs.map((each) => values.get(each) ?? bug("onnx: used before it is made")),
      ),
    );
  }
  return new Map(graph.results.map(({ name, node }) => [name, values.get(node) ?? bug(`onnx: no result ${name}`)]));
}

/** The nodes that depend on an input of the graph of some kind. */
function dependents(order: readonly Node[], kind: (leaf: Node) => boolean): ReadonlySet<Node> {
  const found = new Set<Node>();
  for (const node of order) {
    if (inputOp.match(node) === undefined ? node.inputs.some((each) => found.has(each)) : kind(node)) found.add(node);
  }
  return found;
}

/** What varying nodes and results need of the rest, in f64 and rounded once. */
function constants(
  graph: Graph,
  order: readonly Node[],
  varying: ReadonlySet<Node>,
  { builder, params }: EmitOptions,
): readonly (readonly [Node, Operand])[] {
  const needed = new Set([
    ...order.filter((node) => varying.has(node)).flatMap((node) => node.inputs),
    ...graph.results.map(({ node }) => node),
  ]);
  const fixed = [...needed].filter((node) => !varying.has(node));
  const results = fixed.map((node, index) => ({ name: String(index), node, kind: "output" as const }));
  const found = interpret({ name: "constants", results }, { inputs: new Map(), params });
  return fixed.map((node, index) => [node, constant(builder, node, found.get(String(index)) ?? bug("onnx: a constant without value"))]);
}

function constant(builder: OnnxBuilder, node: Node, { shape, data }: Tensor): Operand {
  const name = nameOf(node);
  if (node.type.dtype !== "c32") return builder.constant(name, shape, Float32Array.from(data));
  const part = (offset: number): Float32Array => Float32Array.from({ length: data.length / 2 }, (_, i) => data[2 * i + offset]);
  return { re: builder.constant(`${name}.re`, shape, part(0)), im: builder.constant(`${name}.im`, shape, part(1)) };
}

/** Of the weight that it is, or of the layer that it is for. */
function nameOf(node: Node): string {
  if (node.op.view === true) return nameOf(node.inputs[0]);
  return parameter.match(node)?.path ?? `${node.origin.layer}/${node.op.name === expandOp.name ? "filter" : node.op.name}`;
}
