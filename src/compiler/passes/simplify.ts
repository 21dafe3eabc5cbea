/**
 * @file Common subexpressions, constants and views: one FFT serves many filters.
 *
 * Before: `%2 = rfft2(%1)`, `%5 = rfft2(%1)`. After: both uses read `%2`. Dead code is what no result reaches.
 */

import type { ComplexExpr } from "../expr/expr.ts";
import { bothParts, sameElement } from "../expr/expr.ts";
import { operandElement, operandsOf, replaceOperands } from "../expr/operands.ts";
import type { Graph, GraphBuilder, Node } from "../graph/graph.ts";
import { rewrite, topological, withInputs } from "../graph/graph.ts";
import { printType, sameShape } from "../graph/types.ts";
import type { MapAttrs } from "../ops/map.ts";
import { map } from "../ops/map.ts";
import { reshape, reshapeOp } from "../ops/move.ts";
import type { Pass } from "./pass.ts";
import { savings } from "./pass.ts";

export const simplify: Pass = {
  name: "simplify",
  description: "shares common subexpressions, folds constants and views, drops dead code",
  run(graph, context) {
    const before = topological(graph);
    const shared = shareCommon(graph, (node) => {
      // Views and bookkeeping are not worth a line; a transform or a product is.
      const flops = node.op.flops(
        node.inputs.map((input) => input.type),
        node.attrs,
        node.type,
      );
      if (flops > 0 && node.op !== map)
        context.note({ layer: node.origin.layer, text: `one ${node.op.name} ${printType(node.type)} instead of two: ${savings([node])}` });
    });
    const after = topological(shared);
    return after.length === before.length ? graph : shared;
  },
};

function shareCommon(graph: Graph, sharedOne: (node: Node) => void): Graph {
  const known = new Map<string, Node>();
  const numbers = new Map<Node, number>();
  return rewrite(graph, (node, inputs, builder) => {
    const folded = fold(node, inputs, builder);
    const key = keyOf(folded, numbers);
    const same = known.get(key);
    if (same !== undefined) {
      if (same !== folded) sharedOne(folded);
      return same;
    }
    known.set(key, folded);
    numbers.set(folded, numbers.size);
    return folded;
  });
}

function keyOf(node: Node, numbers: ReadonlyMap<Node, number>): string {
  const inputs = node.inputs.map((input) => numbers.get(input) ?? "?");
  return `${node.op.name}(${inputs.join(",")}){${node.op.print(node.attrs)}}${printType(node.type)}`;
}

function fold(node: Node, inputs: readonly Node[], builder: GraphBuilder): Node {
  const view = reshapeOp.match(node);
  if (view !== undefined) {
    const source = reshapeOp.match(inputs[0]) === undefined ? inputs[0] : inputs[0].inputs[0];
    const constant = source.inputs.length === 0 ? map.match(source) : undefined;
    if (constant !== undefined) return builder.node(map, [], { ...constant, shape: view.shape } satisfies MapAttrs);
    return sameShape(source.type.shape, view.shape) ? source : reshape(builder, source, view.shape);
  }
  const attrs = map.match(node);
  if (attrs !== undefined) return foldMap(node, attrs, inputs, builder);
  return withInputs(node, inputs);
}

/** Constant inputs become numbers, unread ones disappear; an identity map is its input. */
function foldMap(node: Node, attrs: MapAttrs, inputs: readonly Node[], builder: GraphBuilder): Node {
  const kept: Node[] = [];
  const read = operandsOf(attrs.value);
  const elements = inputs.map((input, index): ComplexExpr | undefined => {
    if (!read.has(index)) return undefined;
    const inner = input.inputs.length === 0 ? map.match(input) : undefined;
    return inner?.value ?? operandElement(kept.push(input) - 1, input.type.dtype === "c32");
  });
  const value = bothParts(attrs.value, (e) =>
    replaceOperands(e, (index, part) => (part === "im" ? elements[index]?.im : elements[index]?.re)),
  );
  const only = kept.length === 1 ? kept[0] : undefined;
  const element = operandElement(0, attrs.complex);
  const identity =
    only !== undefined &&
    sameShape(only.type.shape, attrs.shape) &&
    (only.type.dtype === "c32") === attrs.complex &&
    sameElement(value, element);
  if (identity) return only;
  const unchanged = sameElement(value, attrs.value) && inputs.every((input, index) => input === node.inputs[index]);
  return unchanged ? node : builder.node(map, kept, { ...attrs, value });
}
