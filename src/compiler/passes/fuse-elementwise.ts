/**
 * @file Element-wise fusion: maps melt into the maps, contractions and transforms around them, through ports.
 *
 * Before: `%3 = irfft2(%2)`, `%4 = map(%3, %1) { max(0, x0 + x1) }`. After: `%4 = fused(%2, %1) { irfft2 then max(0, y + x1) }`.
 */

import { bug } from "../diagnostics/diagnostic.ts";
import type { ComplexExpr, Expr } from "../expr/expr.ts";
import { constant, cost, printExpr, substitute, variable } from "../expr/expr.ts";
import type { Graph, Node, Op, Tensor, TypedOp } from "../graph/graph.ts";
import { defineOp, rewrite, topological } from "../graph/graph.ts";
import type { TensorType } from "../graph/types.ts";
import { elementCount, sameShape, sizeBytes } from "../graph/types.ts";
import type { Port } from "../lower/context.ts";
import { parameter } from "../ops/leaves.ts";
import type { MapAttrs } from "../ops/map.ts";
import { elementOf, map } from "../ops/map.ts";
import type { Pass } from "./pass.ts";

/** A value computed where it is read or stored. Its variables are x0, x1, ... over `inputs` (indices into the node's inputs). */
interface Hole {
  readonly inputs: readonly number[];
  readonly value: ComplexExpr;
}

interface FusedAttrs {
  readonly core: Op;
  readonly coreAttrs: unknown;
  /** One per input of the core. */
  readonly loads: readonly { readonly type: TensorType; readonly hole?: Hole; readonly input: number }[];
  /** `y` is the core's element, x1, x2, ... the others. */
  readonly store?: { readonly type: TensorType; readonly hole: Hole };
  readonly coreType: TensorType;
}

/** Private to this pass: a core op whose loads and store carry maps. */
const fused: TypedOp<FusedAttrs> = defineOp<FusedAttrs>({
  name: "fused",
  formula: "a core op with element-wise work in its loads and its store",
  shape: (_inputs, attrs) =>
    attrs.store?.type ??
    attrs.core.shape(
      attrs.loads.map((load) => load.type),
      attrs.coreAttrs,
    ),
  adjoint: "none",
  reference(inputs, attrs) {
    const loaded = attrs.loads.map((load) => (load.hole === undefined ? inputs[load.input] : evaluateHole(load.hole, load.type, inputs)));
    const result = attrs.core.reference(loaded, attrs.coreAttrs, attrs.coreType);
    if (attrs.store === undefined) return result;
    const value = renameY(attrs.store.hole.value, attrs.coreType);
    return evaluateHole({ inputs: [0, ...attrs.store.hole.inputs.map((input) => input + 1)], value }, attrs.store.type, [
      result,
      ...inputs,
    ]);
  },
  lower(context, attrs, type) {
    const inputs = attrs.loads.map((load): Port => {
      if (load.hole === undefined) return context.inputs[load.input];
      return { type: load.type, refs: load.hole.inputs.map((input) => context.inputs[input].refs[0]), value: load.hole.value };
    });
    const store = attrs.store;
    const output: Port =
      store === undefined
        ? context.output
        : {
            type: attrs.coreType,
            refs: [context.output.refs[0], ...store.hole.inputs.map((input) => context.inputs[input].refs[0])],
            value: store.hole.value,
          };
    const lower = attrs.core.lower ?? bug(`${attrs.core.name} cannot be fused`);
    lower({ ...context, inputs, output }, attrs.coreAttrs, store === undefined ? type : attrs.coreType);
  },
  reuse: () => 1,
  flops: (_inputs, attrs, type) =>
    attrs.core.flops(
      attrs.loads.map((load) => load.type),
      attrs.coreAttrs,
      attrs.coreType,
    ) +
    attrs.loads.reduce((sum, load) => sum + holeCost(load.hole) * elementCount(load.type.shape), 0) +
    holeCost(attrs.store?.hole) * elementCount(type.shape),
  print(attrs) {
    const loads = attrs.loads.map((load) => (load.hole === undefined ? `%${load.input}` : `[${printHole(load.hole)}]`));
    const store = attrs.store === undefined ? "" : ` then ${printHole(attrs.store.hole)}`;
    return `${attrs.core.name}(${loads.join(", ")}) {${attrs.core.print(attrs.coreAttrs)}}${store}`;
  },
  samples: () => [],
});

/** More scalar work than this per read element is not repeated. */
const repeatedCostLimit = 64;

export const fuseElementwise: Pass = {
  name: "fuse-elementwise",
  description: "melts element-wise work into the operations around it, so that it needs no memory of its own",
  run(graph, context) {
    const uses = countUses(graph);
    let [count, bytes] = [0, 0];
    const fusedOne = (gone: Node): void => {
      count++;
      // It would have been written and read.
      bytes += 2 * sizeBytes(gone.type);
    };
    const inlined = inlineMaps(graph, uses, context.target.storageBuffers, fusedOne);
    const loaded = fuseLoads(inlined, context.target.storageBuffers, fusedOne);
    const result = fuseStores(loaded, context.target.storageBuffers, fusedOne);
    if (count > 0) context.note({ layer: "", text: `${count} element-wise results no longer pass through memory: saves ${bytes} bytes` });
    return result;
  },
};

function countUses(graph: Graph): Map<Node, number> {
  const uses = new Map<Node, number>();
  const use = (node: Node): void => void uses.set(node, (uses.get(node) ?? 0) + 1);
  for (const node of topological(graph)) node.inputs.forEach(use);
  // A result must exist in memory whatever else reads it.
  for (const result of graph.results) uses.set(result.node, Infinity);
  return uses;
}

/** map(map(x)) becomes one map. */
function inlineMaps(graph: Graph, uses: ReadonlyMap<Node, number>, storageBuffers: number, fusedOne: (gone: Node) => void): Graph {
  const usesOf = new Map<Node, number>();
  return rewrite(graph, (node, inputs, builder) => {
    const attrs = map.match(node);
    const remember = (result: Node): Node => {
      usesOf.set(result, uses.get(node) ?? 0);
      return result;
    };
    if (attrs === undefined) return remember({ ...node, inputs });
    let current: { inputs: readonly Node[]; value: ComplexExpr } = { inputs, value: attrs.value };
    for (let index = 0; index < current.inputs.length; index++) {
      const producer = current.inputs[index];
      const inner = map.match(producer);
      if (inner === undefined) continue;
      const once = (usesOf.get(producer) ?? 0) === 1 && sameShape(inner.shape, attrs.shape);
      const trivial = producer.inputs.length === 0;
      if (!once && !trivial) continue;
      const merged = mergeMap(current, index, producer, inner);
      if (merged.inputs.length + 1 > storageBuffers) continue;
      current = merged;
      fusedOne(producer);
      index = -1;
    }
    return remember(builder.node(map, current.inputs, { ...attrs, value: current.value }));
  });
}

/** Replaces input `index` by the expression of its producer. */
function mergeMap(
  outer: { inputs: readonly Node[]; value: ComplexExpr },
  index: number,
  producer: Node,
  inner: MapAttrs,
): { inputs: readonly Node[]; value: ComplexExpr } {
  const inputs = [...outer.inputs];
  const placeOf = producer.inputs.map((input) => {
    const known = inputs.indexOf(input);
    return known >= 0 && known !== index ? known : inputs.push(input) - 1;
  });
  const innerValue = renumber(inner.value, placeOf);
  const replace = (name: string): Expr | undefined =>
    name === `x${index}` || name === `x${index}.re` ? innerValue.re : name === `x${index}.im` ? innerValue.im : undefined;
  const value = { re: substitute(outer.value.re, replace), im: substitute(outer.value.im, replace) };
  // Input `index` is gone: close the gap.
  const kept = inputs.filter((_, position) => position !== index);
  const places = inputs.map((_, position) => (position < index ? position : position - 1));
  return { inputs: kept, value: renumber(value, places) };
}

/** x0, x1, ... become x{places[0]}, x{places[1]}, ... */
function renumber(value: ComplexExpr, places: readonly number[]): ComplexExpr {
  const replace = (name: string): Expr | undefined => {
    const match = /^x(\d+)(\.re|\.im)?$/.exec(name);
    return match === null ? undefined : variable(`x${places[Number(match[1])]}${match[2] ?? ""}`);
  };
  return { re: substitute(value.re, replace), im: substitute(value.im, replace) };
}

/** Maps that feed a contraction or transform are computed where they are read. */
function fuseLoads(graph: Graph, storageBuffers: number, fusedOne: (gone: Node) => void): Graph {
  const uses = countUses(graph);
  const original = new Map<Node, Node>();
  return rewrite(graph, (node, inputs) => {
    const result = ((): Node => {
      if (node.op === map || node.op.lower === undefined || node.op.effect === true || node.op.plainInputs === true || inputs.length === 0)
        return { ...node, inputs };
      const types = inputs.map((input) => input.type);
      const flat: Node[] = [];
      const place = (input: Node): number => {
        const known = flat.indexOf(input);
        return known >= 0 ? known : flat.push(input) - 1;
      };
      let changed = false;
      // Inputs that stay must count against the binding limit before any is expanded.
      let budget = storageBuffers - 1 - new Set(inputs.filter((input) => parameter.match(input) === undefined)).size;
      const loads = inputs.map((input, index): FusedAttrs["loads"][number] => {
        const attrs = map.match(input);
        const expression = attrs === undefined ? 0 : cost(attrs.value.re, attrs.value.im);
        const extra = input.inputs.length - 1;
        const readOnce = (uses.get(original.get(input) ?? input) ?? 0) === 1;
        const cheap = expression * node.op.reuse(types, node.attrs, index) <= repeatedCostLimit;
        if (attrs === undefined || !readOnce || !cheap || extra > budget || input.inputs.length === 0)
          return { type: input.type, input: place(input) };
        budget -= extra;
        changed = true;
        fusedOne(input);
        return { type: input.type, input: -1, hole: { inputs: input.inputs.map(place), value: attrs.value } };
      });
      if (!changed) return { ...node, inputs };
      return {
        ...node,
        op: fused,
        inputs: flat,
        attrs: { core: node.op, coreAttrs: node.attrs, loads, coreType: node.type } satisfies FusedAttrs,
      };
    })();
    original.set(result, node);
    return result;
  });
}

/** A map that alone reads a contraction or transform is done where that stores its result. */
function fuseStores(graph: Graph, storageBuffers: number, fusedOne: (gone: Node) => void): Graph {
  const uses = countUses(graph);
  const original = new Map<Node, Node>();
  return rewrite(graph, (node, inputs) => {
    const result = ((): Node => {
      const attrs = map.match(node);
      if (attrs === undefined) return { ...node, inputs };
      const index = inputs.findIndex((input) => canStore(input, attrs) && (uses.get(original.get(input) ?? input) ?? 0) === 1);
      if (index < 0) return { ...node, inputs };
      const producer = inputs[index];
      const others = inputs.filter((_, position) => position !== index);
      if (others.includes(producer)) return { ...node, inputs };
      const core: FusedAttrs = fused.match(producer) ?? {
        core: producer.op,
        coreAttrs: producer.attrs,
        coreType: producer.type,
        loads: producer.inputs.map((input, position) => ({ type: input.type, input: position })),
      };
      const flat = [...producer.inputs];
      const place = (input: Node): number => {
        const known = flat.indexOf(input);
        return known >= 0 ? known : flat.push(input) - 1;
      };
      const places = others.map(place);
      if (new Set(flat).size + 1 > storageBuffers) return { ...node, inputs };
      const y = elementOf(producer.type, 0);
      const names = inputs.map((_, position) => (position === index ? -1 : 1 + others.indexOf(inputs[position])));
      const rename = (name: string): Expr | undefined => {
        const match = /^x(\d+)(\.re|\.im)?$/.exec(name);
        if (match === null) return undefined;
        const position = names[Number(match[1])];
        return position < 0 ? variable(`y${match[2] ?? ""}`) : variable(`x${position}${match[2] ?? ""}`);
      };
      const value: ComplexExpr = {
        re: substitute(attrs.value.re, rename),
        im: y.im === constant(0) && !attrs.complex ? constant(0) : substitute(attrs.value.im, rename),
      };
      fusedOne(producer);
      const store = { type: node.type, hole: { inputs: places, value } };
      return { ...node, op: fused, inputs: flat, attrs: { ...core, store } satisfies FusedAttrs };
    })();
    original.set(result, node);
    return result;
  });
}

function canStore(producer: Node, attrs: MapAttrs): boolean {
  if (producer.op === map || producer.op.lower === undefined || producer.op.effect === true) return false;
  const inner = fused.match(producer);
  if (inner?.store !== undefined || (inner?.core ?? producer.op).plainOutput === true) return false;
  return sameShape(producer.type.shape, attrs.shape);
}

function evaluateHole(hole: Hole, type: TensorType, inputs: readonly Tensor[]): Tensor {
  return map.reference(
    hole.inputs.map((input) => inputs[input]),
    { shape: type.shape, value: hole.value, complex: type.dtype === "c32" } satisfies MapAttrs,
    type,
  );
}

/** The store's `y` is input 0 of a map. */
function renameY(value: ComplexExpr, type: TensorType): ComplexExpr {
  const element = elementOf(type, 0);
  const replace = (name: string): Expr | undefined =>
    name === "y" || name === "y.re" ? element.re : name === "y.im" ? element.im : undefined;
  return { re: substitute(value.re, replace), im: substitute(value.im, replace) };
}

function holeCost(hole: Hole | undefined): number {
  return hole === undefined ? 0 : cost(hole.value.re, hole.value.im);
}

function printHole(hole: Hole): string {
  return `${printExpr(hole.value.re)}${hole.value.im === constant(0) ? "" : ` + i ${printExpr(hole.value.im)}`}`;
}
