/**
 * @file Element-wise fusion: maps melt into the maps, contractions and transforms around them, through ports.
 *
 * Before: `%3 = irfft2(%2)`, `%4 = map(%3, %1) { max(0, x0 + x1) }`. After: `%4 = fused(%2, %1) { irfft2 then max(0, y + x1) }`.
 */

import type { ComplexExpr } from "../expr/expr.ts";
import { bothParts, cost } from "../expr/expr.ts";
import { operand, renumberOperands, replaceOperands, stored } from "../expr/operands.ts";
import type { Graph, Node } from "../graph/graph.ts";
import { placeIn, rewrite, withInputs } from "../graph/graph.ts";
import { sameShape, sizeBytes } from "../graph/types.ts";
import { usesIn } from "../graph/uses.ts";
import { parameter } from "../ops/leaves.ts";
import type { MapAttrs } from "../ops/map.ts";
import { map } from "../ops/map.ts";
import type { FusedAttrs } from "./fused.ts";
import { fused } from "./fused.ts";
import type { Pass } from "./pass.ts";

/** More scalar work than this per read element is not repeated. */
const repeatedCostLimit = 64;

export const fuseElementwise: Pass = {
  name: "fuse-elementwise",
  description: "melts element-wise work into the operations around it, so that it needs no memory of its own",
  run(graph, context) {
    const { storageBuffers } = context.target;
    let [count, bytes] = [0, 0];
    const fusedOne = (gone: Node): void => {
      count++;
      // It would have been written and read.
      bytes += 2 * sizeBytes(gone.type);
    };
    const inlined = inlineMaps(graph, storageBuffers, fusedOne);
    const loaded = fuseLoads(inlined, storageBuffers, fusedOne);
    const result = fuseStores(loaded, storageBuffers, fusedOne);
    if (count > 0) context.note({ layer: "", text: `${count} element-wise results no longer pass through memory: saves ${bytes} bytes` });
    return result;
  },
};

/** The inputs of a map, and its element in terms of them. */
type Body = { readonly inputs: readonly Node[]; readonly value: ComplexExpr };

/** map(map(x)) becomes one map. */
function inlineMaps(graph: Graph, storageBuffers: number, fusedOne: (gone: Node) => void): Graph {
  const uses = usesIn(graph);
  // Of the new nodes, those that one other alone reads.
  const lone = new Set<Node>();
  const inlined = (attrs: MapAttrs, inputs: readonly Node[]): Body => {
    let current: Body = { inputs, value: attrs.value };
    for (let index = 0; index < current.inputs.length; index++) {
      const producer = current.inputs[index];
      const inner = map.match(producer);
      if (inner === undefined) continue;
      const once = lone.has(producer) && sameShape(inner.shape, attrs.shape);
      const trivial = producer.inputs.length === 0;
      if (!once && !trivial) continue;
      const merged = mergeMap(current, index, producer, inner);
      if (merged.inputs.length + 1 > storageBuffers) continue;
      current = merged;
      fusedOne(producer);
      index = -1;
    }
    return current;
  };
  return rewrite(graph, (node, inputs, builder) => {
    const attrs = map.match(node);
    const body = attrs === undefined ? undefined : inlined(attrs, inputs);
    const result = body === undefined ? withInputs(node, inputs) : builder.node(map, body.inputs, { ...attrs, value: body.value });
    if (uses.lone(node)) lone.add(result);
    return result;
  });
}

/** Replaces input `index` by the expression of its producer. */
function mergeMap(outer: Body, index: number, producer: Node, inner: MapAttrs): Body {
  const inputs = outer.inputs.filter((_, position) => position !== index);
  const element = renumberOperands(
    inner.value,
    producer.inputs.map((input) => placeIn(inputs, input)),
  );
  const value = bothParts(outer.value, (e) =>
    replaceOperands(e, (place, part) => {
      if (place === index) return part === "im" ? element.im : element.re;
      return operand(place < index ? place : place - 1, part);
    }),
  );
  return { inputs, value };
}

/** Maps that feed a contraction or transform are computed where they are read. */
function fuseLoads(graph: Graph, storageBuffers: number, fusedOne: (gone: Node) => void): Graph {
  const uses = usesIn(graph);
  return rewrite(graph, (node, inputs) => {
    if (node.op === map || node.op.lower === undefined || node.op.effect === true || node.op.plainInputs === true || inputs.length === 0)
      return undefined;
    const types = inputs.map((input) => input.type);
    const flat: Node[] = [];
    // Inputs that stay must count against the binding limit before any is expanded.
    let budget = storageBuffers - 1 - new Set(inputs.filter((input) => parameter.match(input) === undefined)).size;
    const loads = inputs.map((input, index): FusedAttrs["loads"][number] => {
      const attrs = map.match(input);
      const expression = attrs === undefined ? 0 : cost(attrs.value.re, attrs.value.im);
      const extra = input.inputs.length - 1;
      const cheap = expression * node.op.reuse(types, node.attrs, index) <= repeatedCostLimit;
      if (attrs === undefined || !uses.lone(node.inputs[index]) || !cheap || extra > budget || input.inputs.length === 0)
        return { type: input.type, input: placeIn(flat, input) };
      budget -= extra;
      fusedOne(input);
      return { type: input.type, input: -1, hole: { inputs: input.inputs.map((each) => placeIn(flat, each)), value: attrs.value } };
    });
    if (loads.every(({ hole }) => hole === undefined)) return undefined;
    const attrs: FusedAttrs = { core: node.op, coreAttrs: node.attrs, loads, coreType: node.type };
    return { ...node, op: fused, inputs: flat, attrs };
  });
}

/** A map that alone reads a contraction or transform is done where that stores its result. */
function fuseStores(graph: Graph, storageBuffers: number, fusedOne: (gone: Node) => void): Graph {
  const uses = usesIn(graph);
  return rewrite(graph, (node, inputs) => {
    const attrs = map.match(node);
    if (attrs === undefined) return undefined;
    const index = inputs.findIndex((input, position) => canStore(input, attrs) && uses.lone(node.inputs[position]));
    if (index < 0) return undefined;
    const producer = inputs[index];
    const others = inputs.filter((_, position) => position !== index);
    const core: FusedAttrs = fused.match(producer) ?? {
      core: producer.op,
      coreAttrs: producer.attrs,
      coreType: producer.type,
      loads: producer.inputs.map((input, position) => ({ type: input.type, input: position })),
    };
    const flat = [...producer.inputs];
    const places = others.map((input) => placeIn(flat, input));
    if (new Set(flat).size + 1 > storageBuffers) return undefined;
    const value = bothParts(attrs.value, (e) =>
      replaceOperands(e, (place, part) => (place === index ? stored(part) : operand(1 + others.indexOf(inputs[place]), part))),
    );
    fusedOne(producer);
    const withStore: FusedAttrs = { ...core, store: { type: node.type, hole: { inputs: places, value } } };
    return { ...node, op: fused, inputs: flat, attrs: withStore };
  });
}

function canStore(producer: Node, attrs: MapAttrs): boolean {
  if (producer.op === map || producer.op.lower === undefined || producer.op.effect === true) return false;
  const inner = fused.match(producer);
  if (inner?.store !== undefined || (inner?.core ?? producer.op).plainOutput === true) return false;
  return sameShape(producer.type.shape, attrs.shape);
}
