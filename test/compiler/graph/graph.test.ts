/** @file The kit of graphs: uses, builders that continue a graph, and the verifier, which names what is broken. */

import { describe, expect, test } from "vitest";
import { constant, multiply, variable } from "../../../src/compiler/expr/expr.ts";
import type { Graph, Node, Result } from "../../../src/compiler/graph/graph.ts";
import { GraphBuilder, placeIn, rewrite, topological } from "../../../src/compiler/graph/graph.ts";
import type { TensorType } from "../../../src/compiler/graph/types.ts";
import { usesIn } from "../../../src/compiler/graph/uses.ts";
import { verify } from "../../../src/compiler/graph/verify.ts";
import { accumulate } from "../../../src/compiler/ops/accumulate.ts";
import { input, parameter } from "../../../src/compiler/ops/leaves.ts";
import { addNodes, realMap } from "../../../src/compiler/ops/map.ts";

const origin = { span: { start: 0, end: 0 }, layer: "test", role: "forward" } as const;
const type: TensorType = { shape: [2, 3], dtype: "f32" };

/** x + 2 x, of which the output is the sum, and its gradient with respect to a parameter is claimed to be 2 x. */
function smallGraph(): {
  readonly builder: GraphBuilder;
  readonly x: Node;
  readonly twice: Node;
  readonly sum: Node;
  readonly graph: Graph;
} {
  const builder = new GraphBuilder(origin);
  const x = parameter.build(builder, [], { path: "conv.1.g", type });
  const twice = realMap(builder, type.shape, [x], multiply(constant(2), variable("x0")));
  const sum = addNodes(builder, x, twice);
  const results: readonly Result[] = [
    { name: "outputs", node: sum, kind: "output" },
    { name: "conv.1.g", node: twice, kind: "gradient" },
  ];
  return { builder, x, twice, sum, graph: { name: "small", results } };
}

const parameters = new Map([["conv.1.g", type]]);

/** The graph with one more result. */
function withResult(graph: Graph, ...added: readonly Result[]): Graph {
  return { ...graph, results: [...graph.results, ...added] };
}

describe("uses", () => {
  test("are those by other nodes and by results", () => {
    const { x, twice, sum, graph } = smallGraph();
    const uses = usesIn(graph);
    expect(uses.readers(x)).toEqual([twice, sum]);
    expect([x, twice, sum].map(uses.count)).toEqual([2, 2, 1]);
    // A result is needed as it is; the sum has no reader that it could melt into.
    expect([x, twice, sum].map(uses.lone)).toEqual([false, false, false]);
    const lone = usesIn({ ...graph, results: graph.results.slice(0, 1) });
    expect([x, twice, sum].map(lone.lone)).toEqual([false, true, false]);
  });

  test("count an input twice that a node has twice", () => {
    const { builder, x } = smallGraph();
    const square = addNodes(builder, x, x);
    const uses = usesIn({ name: "square", results: [{ name: "y", node: square, kind: "output" }] });
    expect([uses.count(x), uses.readers(x), uses.lone(x)]).toEqual([2, [square, square], false]);
  });

  test("know nothing of nodes that no result needs", () => {
    const { builder, sum, graph } = smallGraph();
    expect(usesIn(graph).count(addNodes(builder, sum, sum))).toBe(0);
  });
});

describe("building", () => {
  test("a builder that continues a graph repeats no id", () => {
    const { graph } = smallGraph();
    const builder = GraphBuilder.after(graph, origin);
    const known = new Set(topological(graph).map(({ id }) => id));
    for (let i = 0; i < 3; i++) {
      const { id } = realMap(builder, [], [], constant(i));
      expect(known.has(id)).toBe(false);
      known.add(id);
    }
    expect(realMap(GraphBuilder.after({ name: "empty", results: [] }, origin), [], [], constant(0)).id).toBe(0);
  });

  test("a rewrite keeps what it does not change, and gives the new node of an old one", () => {
    const { x, twice, sum, graph } = smallGraph();
    expect(rewrite(graph, () => undefined).results.map(({ node }) => node)).toEqual(graph.results.map(({ node }) => node));
    const seen: (readonly [Node, Node])[] = [];
    const leaf = new GraphBuilder(origin, 100).node(parameter, [], { path: "conv.1.g", type });
    const changed = rewrite(graph, (node, inputs, _builder, rebuilt) => {
      node.inputs.forEach((old, index) => seen.push([rebuilt(old), inputs[index]]));
      return node === x ? leaf : undefined;
    });
    expect(seen.length).toBe(3);
    for (const [asked, given] of seen) expect(asked).toBe(given);
    expect(topological(changed)[0]).toBe(leaf);
    expect(() => rewrite(graph, (node, _inputs, _builder, rebuilt) => (node === twice ? rebuilt(sum) : undefined))).toThrow(
      /used before it was rebuilt/,
    );
  });

  test("a list of inputs takes up each once", () => {
    const { x, twice } = smallGraph();
    const inputs: Node[] = [x];
    expect([placeIn(inputs, twice), placeIn(inputs, x), placeIn(inputs, twice)]).toEqual([1, 0, 1]);
    expect(inputs).toEqual([x, twice]);
  });
});

describe("the verifier", () => {
  const { builder, x, twice, sum, graph } = smallGraph();
  const output = (node: Node, name = "y"): Result => ({ name, node, kind: "output" });
  const effect = accumulate.build(builder, [twice], {});

  test("takes a graph as it should be", () => {
    verify(graph, "simplify", parameters);
    verify(withResult(graph, output(twice), { name: "accumulate", node: effect, kind: "effect" }), "accumulate", parameters);
  });

  // A cycle cannot be built; a pass that changes nodes in place could make one.
  const inputs: Node[] = [x];
  const circular: Node = { ...twice, id: 50, inputs };
  inputs[0] = { ...twice, id: 51, inputs: [circular] };

  test.each<readonly [string, Graph, RegExp]>([
    [
      "a type that its rule does not give",
      withResult(graph, output({ ...sum, id: 60, type: { shape: [3, 2], dtype: "f32" } })),
      /^graph small after simplify: %3 map is f32\[3x2\], its rule says f32\[2x3\]\n/,
    ],
    [
      "two nodes with one id",
      withResult(graph, output({ ...sum, id: x.id })),
      /after simplify: %3 map and %0 parameter both have the id 0\n/,
    ],
    ["nodes in a circle", withResult(graph, output(circular)), /after simplify: %3 map does not follow its input %4 map\n/],
    [
      "an effect that something reads",
      withResult(graph, output(realMap(builder, effect.type.shape, [effect], variable("x0")))),
      /after simplify: %4 map reads the effect %3 accumulate\n/,
    ],
    ["an effect that is no result of its kind", withResult(graph, output(effect)), /output y is %3 accumulate, which is an effect\n/],
    ["a value as effect", withResult(graph, { name: "y", node: sum, kind: "effect" }), /effect y is %2 map, which is no effect\n/],
    ["two results of one name", withResult(graph, output(sum, "outputs")), /there are two results output outputs\n/],
    [
      "a gradient of nothing",
      withResult(graph, { name: "conv.2.g", node: sum, kind: "gradient" }),
      /gradient conv\.2\.g is of no parameter\n/,
    ],
  ])("names %s", (_what, broken, message) => expect(() => verify(broken, "simplify", parameters)).toThrow(message));

  test("names a gradient of another type than its parameter", () => {
    expect(() => verify(graph, "differentiate", new Map([["conv.1.g", { shape: [6], dtype: "f32" }]]))).toThrow(
      /^graph small after differentiate: gradient conv\.1\.g is %1 map of f32\[2x3\], the parameter is f32\[6\]\n/,
    );
  });

  test("lets outputs and gradients share names", () => {
    verify(withResult(graph, output(input.build(builder, [], { name: "g", type }), "conv.1.g")), "simplify", parameters);
  });
});
