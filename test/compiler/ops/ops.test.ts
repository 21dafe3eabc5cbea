/** @file Every op by its samples: adjoints against central differences, and the GPU against the reference. */

import { describe, expect, test } from "vitest";
import type { Adjoint, Graph, Node, Op, Sample } from "../../../src/compiler/graph/graph.ts";
import { GraphBuilder, printGraph } from "../../../src/compiler/graph/graph.ts";
import type { TensorType } from "../../../src/compiler/graph/types.ts";
import type { Target } from "../../../src/compiler/lower/target.ts";
import { baseline, software } from "../../../src/compiler/lower/target.ts";
import { allOps, samplesOf } from "../../../src/compiler/ops/index.ts";
import { parameter } from "../../../src/compiler/ops/leaves.ts";
import { differentiatePass } from "../../../src/compiler/passes/differentiate.ts";
import { elementCount } from "../../../src/plan/shape.ts";
import { draw, normalPair } from "../../../src/runtime/random.ts";
import { expectClose } from "../../support/close.ts";
import { gpuMissing, suiteDevice } from "../../support/gpu.ts";
import { graphOf, runOnGpu, runReference } from "../../support/graph-runner.ts";

/** Draws standard normal numbers, the same in every run. */
function normals(stream: number): () => number {
  let index = 0;
  return () => {
    const pair = normalPair(draw([stream, 12345], Math.floor(index / 2)));
    return pair[index++ % 2];
  };
}

function wordCount(type: TensorType): number {
  return elementCount(type.shape) * (type.dtype === "c32" ? 2 : 1);
}

/** Rounded to f32 (integers are exact), so that both devices start from the same numbers. */
function drawTensor(type: TensorType, next: (element: number) => number): Float64Array {
  const rounded = type.dtype === "i32" ? Math.trunc : Math.fround;
  return Float64Array.from({ length: wordCount(type) }, (_, element) => rounded(next(element)));
}

function drawInputs(sample: Sample<unknown>): Float64Array[] {
  const normal = normals(1);
  return sample.inputs.map((type, input) => {
    if (type.dtype === "i32" && sample.draw === undefined) throw new Error(`${sample.title}: integers must be drawn by the sample`);
    return drawTensor(type, (element) => sample.draw?.(input, element, normal) ?? normal());
  });
}

function typeOf(op: Op, sample: Sample<unknown>): TensorType {
  return op.shape(sample.inputs, sample.attrs);
}

const build =
  (op: Op, sample: Sample<unknown>) =>
  (builder: GraphBuilder, inputs: readonly Node[]): Node =>
    builder.node(op, inputs, sample.attrs);

function forwardGraph(op: Op, sample: Sample<unknown>): Graph {
  return graphOf(sample.inputs, (builder, inputs) => [build(op, sample)(builder, inputs)]);
}

/** An op that can be differentiated. */
type SmoothOp = Op & { readonly adjoint: Adjoint<unknown> };

const isSmooth = (op: Op): op is SmoothOp => op.adjoint !== "none";

interface AdjointGraph {
  /** Inputs: the sample's, then dy. Results: the gradients that are not zero everywhere. */
  readonly graph: Graph;
  readonly types: readonly TensorType[];
  /** For every input the position of its gradient among the results; undefined for integers, which have none. */
  readonly places: readonly (number | "zero" | undefined)[];
}

/** With the gradients of some inputs, as a rule of all that are not integers. */
function adjointGraph(op: SmoothOp, sample: Sample<unknown>, wanted = sample.inputs.map(({ dtype }) => dtype !== "i32")): AdjointGraph {
  const types = [...sample.inputs, typeOf(op, sample)];
  let places: AdjointGraph["places"] = [];
  const graph = graphOf(types, (builder, nodes) => {
    const inputs = nodes.slice(0, -1);
    const node = build(op, sample)(builder, inputs);
    const gradients = op.adjoint(builder, nodes[nodes.length - 1], node, sample.attrs, wanted);
    const present: Node[] = [];
    places = inputs.map(({ type }, index) => {
      const gradient = gradients[index];
      if (!wanted[index]) return undefined;
      if (gradient === undefined) throw new Error(`${op.name}, ${sample.title}: no gradient of input ${index}`);
      if (gradient === "zero") return "zero";
      expect({ of: index, ...gradient.type }).toEqual({ of: index, ...type });
      return present.push(gradient) - 1;
    });
    return present;
  });
  return { graph, types, places };
}

/** The gradient of a loss that is the result of an op, with respect to its input, a parameter. */
function differentiated(op: Op): Graph {
  const type: TensorType = { shape: [2], dtype: "f32" };
  const builder = new GraphBuilder({ span: { start: 0, end: 0 }, layer: "conv.1", role: "forward" });
  const leaf = parameter.build(builder, [], { path: "conv.1.weight", type });
  const node: Node = { ...leaf, id: leaf.id + 1, op, inputs: [leaf], attrs: undefined };
  const graph: Graph = { name: "test", results: [{ name: "loss", node, kind: "output" }] };
  return differentiatePass(new Set(["conv.1.weight"])).run(graph, { target: baseline, note: () => undefined });
}

describe("every op says how it is differentiated", () => {
  test.each(allOps.filter(isSmooth))("$name has a sample for each of its gradients", (op) => {
    const samples = samplesOf(op).map((sample) => adjointGraph(op, sample).places);
    const most = Math.max(0, ...samples.map(({ length }) => length));
    expect(most).toBeGreaterThan(0);
    for (let input = 0; input < most; input++)
      expect(
        samples.some((places) => typeof places[input] === "number"),
        `input ${input}`,
      ).toBe(true);
  });

  test.each(allOps.filter(isSmooth))("$name gives what is wanted also alone", (op) => {
    for (const sample of samplesOf(op))
      adjointGraph(op, sample).places.forEach((place, input) => {
        if (place === undefined) return;
        const alone = adjointGraph(
          op,
          sample,
          sample.inputs.map((_, index) => index === input),
        );
        expect(typeof alone.places[input]).toBe(typeof place);
      });
  });

  test.each(allOps.filter((op) => !isSmooth(op)))("$name has no adjoint, and to want one is a bug", (op) => {
    expect(() => differentiated(op)).toThrow(`%1 ${op.name} of conv.1 has no adjoint, but a gradient is wanted`);
  });

  test("a gradient that is wanted and left out, or has another type, is a bug; zero is said", () => {
    const [smooth] = allOps.filter(isSmooth);
    const other: TensorType = { shape: [3], dtype: "f32" };
    expect(() => differentiated({ ...smooth, adjoint: () => [undefined] })).toThrow(
      `%1 ${smooth.name} of conv.1 gives no gradient of its input 0, which is wanted`,
    );
    expect(() => differentiated({ ...smooth, adjoint: () => [] })).toThrow("gives no gradient of its input 0");
    expect(() => differentiated({ ...smooth, adjoint: (_builder, dy) => [{ ...dy, type: other }] })).toThrow(
      "the gradient of input 0 is f32[3], the input f32[2]",
    );
    const gradient = differentiated({ ...smooth, adjoint: () => ["zero"] }).results.find(({ kind }) => kind === "gradient");
    expect(printGraph({ name: "zero", results: gradient === undefined ? [] : [gradient] })).toContain("map() {2: 0}");
  });
});

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

const norm = (a: ArrayLike<number>): number => Math.sqrt(dot(a, a));

/** Whether the reference is homogeneous of degree 1 in one input: then <f(x), g> = <x, f*(x) g>, also where it is not linear. */
function isHomogeneous(graph: Graph, sample: Sample<unknown>, values: readonly Float64Array[], input: number): boolean {
  const [once] = runReference(graph, sample.inputs, values);
  const [twice] = runReference(
    graph,
    sample.inputs,
    values.map((value, index) => (index === input ? value.map((x) => 2 * x) : value)),
  );
  return once.every((y, element) => Math.abs(twice[element] - 2 * y) <= 1e-12 * Math.abs(y));
}

describe.each(allOps.filter((op) => samplesOf(op).length > 0))("$name", (op) => {
  const samples = samplesOf(op);

  test.each(samples)("has a type and a value: $title", (sample) => {
    const type = typeOf(op, sample);
    const [value] = runReference(forwardGraph(op, sample), sample.inputs, drawInputs(sample));
    expect(value).toHaveLength(wordCount(type));
    expect(value.every(Number.isFinite)).toBe(true);
    expect(op.flops(sample.inputs, sample.attrs, type)).toBeGreaterThanOrEqual(0);
    sample.inputs.forEach((_, input) => expect(op.reuse(sample.inputs, sample.attrs, input)).toBeGreaterThan(0));
  });

  if (isSmooth(op))
    test.each(samples)("has an exact adjoint: $title", (sample) => {
      const forward = forwardGraph(op, sample);
      const { graph, types, places } = adjointGraph(op, sample);
      const values = drawInputs(sample);
      const dy = drawTensor(typeOf(op, sample), normals(2));
      const gradients = runReference(graph, types, [...values, dy]);
      const normal = normals(3);
      sample.inputs.forEach((type, input) => {
        if (type.dtype === "i32") return expect(places[input]).toBeUndefined();
        const direction = drawTensor(type, normal);
        const step = 1e-5;
        const at = (sign: number): Float64Array =>
          runReference(
            forward,
            sample.inputs,
            values.map((value, index) => (index === input ? value.map((x, element) => x + sign * step * direction[element]) : value)),
          )[0];
        const [ahead, behind] = [at(1), at(-1)];
        const change = ahead.map((y, element) => (y - behind[element]) / (2 * step));
        const place = places[input];
        const predicted = typeof place === "number" ? dot(direction, gradients[place]) : 0;
        // Central differences in f64: the scale is that of the sums, which may cancel.
        expect(Math.abs(dot(change, dy) - predicted)).toBeLessThanOrEqual(1e-6 * norm(change) * norm(dy) + 1e-12);
      });
    });
});

describe.skipIf(gpuMissing !== undefined)("on the GPU", () => {
  const device = suiteDevice();

  // All samples of an op in one program: pipelines are made at once, and sessions are not for free.
  test.each(allOps.filter((op) => samplesOf(op).length > 0))("$name equals its reference", (op) =>
    equalsReference(op, baseline, samplesOf(op)),
  );

  // Only fused transforms have a schedule of their own for software drivers: one text for all lengths, slow to compile for long ones.
  test.each(allOps.filter((op) => op.name.startsWith("spectral")))("$name equals its reference with a line per lane", (op) =>
    equalsReference(
      op,
      software,
      samplesOf(op).filter(({ inputs }) => inputs.every(({ shape }) => Math.max(...shape) <= 40)),
    ),
  );

  async function equalsReference(op: Op, target: Target, samples: readonly Sample<unknown>[]): Promise<void> {
    expect(samples).not.toHaveLength(0);
    const types = samples.flatMap((sample) => sample.inputs);
    const values = samples.flatMap(drawInputs);
    let first = 0;
    const graph = graphOf(types, (builder, nodes) =>
      samples.map((sample) => {
        const inputs = nodes.slice(first, (first += sample.inputs.length));
        return build(op, sample)(builder, inputs);
      }),
    );
    const wanted = runReference(graph, types, values);
    const actual = await runOnGpu(device(), graph, values, target);
    samples.forEach((sample, index) => expectClose(actual[index], wanted[index], { relative: sample.tolerance }, sample.title));
  }

  test.each(allOps.filter(isSmooth))("$name has its adjoint", async (op) => {
    // Every sample twice more, forwards and with its gradients, is minutes of compilation: SPECC_ALL_SIZES=1 takes them.
    for (const sample of samplesOf(op).slice(0, process.env["SPECC_ALL_SIZES"] === "1" ? undefined : 3)) {
      if (sample.inputs.length === 0) continue;
      const forward = forwardGraph(op, sample);
      const { graph, types, places } = adjointGraph(op, sample);
      if (graph.results.length === 0) continue;
      const values = drawInputs(sample);
      const dy = drawTensor(typeOf(op, sample), normals(2));
      const wanted = runReference(graph, types, [...values, dy]);
      const [y] = await runOnGpu(device(), forward, values);
      const gradients = await runOnGpu(device(), graph, [...values, dy]);
      places.forEach((place, input) => {
        if (typeof place !== "number") return;
        // Gradients of parameters are long sums with cancellation (docs/numerics.md#tolerances).
        expectClose(gradients[place], wanted[place], { relative: 2 * sample.tolerance + 1e-5 }, `${sample.title}, gradient ${input}`);
        if (!isHomogeneous(forward, sample, values, input)) return;
        const error = Math.abs(dot(y, dy) - dot(values[input], gradients[place]));
        expect(error, `${sample.title}, dot product ${input}`).toBeLessThanOrEqual(1e-5 * norm(y) * norm(dy));
      });
    }
  });
});
