/** @file `specc export --to onnx`, run by ONNX Runtime: every op, every fixture network against PyTorch, examples against the reference. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { buildGraph } from "../../src/compiler/build.ts";
import { compileNetwork, inferenceGraph } from "../../src/compiler/compile.ts";
import type { GivenInput } from "../../src/compiler/elaborate/elaborate.ts";
import { elaborate } from "../../src/compiler/elaborate/elaborate.ts";
import type { Expr } from "../../src/compiler/expr/expr.ts";
import { add, call, constant, printExpr, variable } from "../../src/compiler/expr/expr.ts";
import type { ScalarName } from "../../src/compiler/expr/scalars.ts";
import { scalars } from "../../src/compiler/expr/scalars.ts";
import type { Graph, GraphBuilder, Node, Tensor } from "../../src/compiler/graph/graph.ts";
import { topological } from "../../src/compiler/graph/graph.ts";
import type { TensorType } from "../../src/compiler/graph/types.ts";
import { headOf } from "../../src/compiler/network/head.ts";
import { allOps, samplesOf } from "../../src/compiler/ops/index.ts";
import { input, parameter } from "../../src/compiler/ops/leaves.ts";
import { realMap } from "../../src/compiler/ops/map.ts";
import { logSumExp } from "../../src/compiler/ops/softmax.ts";
import { asComplex } from "../../src/compiler/ops/view.ts";
import { interpret } from "../../src/compiler/reference/interpreter.ts";
import { parse } from "../../src/compiler/syntax/parser.ts";
import type { ExportedModel } from "../../src/export/format.ts";
import type { Value } from "../../src/export/onnx/builder.ts";
import { OnnxBuilder } from "../../src/export/onnx/builder.ts";
import { emitGraph } from "../../src/export/onnx/emit.ts";
import { exportedOps } from "../../src/export/onnx/ops.ts";
import { loadOnnxCodec } from "../../src/export/onnx/proto.ts";
import { exportOnnx, modelAround } from "../../src/export/onnx.ts";
import { weightTensors } from "../../src/export/tensors.ts";
import { scoresOf } from "../../src/plan/outputs.ts";
import { elementCount } from "../../src/plan/shape.ts";
import { pixelsToValues, valueTable } from "../../src/runtime/pixels.ts";
import { expectClose } from "../support/close.ts";
import type { NetworkFixture } from "../support/fixture.ts";
import { networkNames, readNetwork } from "../support/fixture.ts";
import { networkOf } from "../support/gradient.ts";
import { graphOf, runReference } from "../support/graph-runner.ts";
import type { Given } from "../support/onnx.ts";
import { runOnnx } from "../support/onnx.ts";
import { drawParams, normals } from "../support/small-network.ts";

const version = "0.0.0";

function dependsOnInput(node: Node): boolean {
  return input.match(node) !== undefined || node.inputs.some(dependsOnInput);
}

function modelOf(name: string, text: string, size?: GivenInput, net?: string): ExportedModel {
  const source = { name, text };
  const { file } = parse(source);
  const { network } = file === undefined ? { network: undefined } : elaborate(file, source, { net, input: size, augment: "ignore" });
  if (network === undefined) throw new Error(`${name} is no network`);
  const { plan } = compileNetwork(network, { programs: [], batch: 1 });
  return {
    network,
    params: plan.params,
    input: plan.input,
    values: drawParams(plan),
    classes: null,
    scores: null,
    statistics: null,
    data: null,
    version,
  };
}

/** [B][H][W][C] to [B][C][H][W]. */
function planes({ shape: [, H, W, C], data }: NetworkFixture["images"]): Float32Array {
  return Float32Array.from(
    { length: data.length },
    (_, i) => data[(Math.floor(i / (W * H * C)) * H * W + (i % (H * W))) * C + (Math.floor(i / (H * W)) % C)],
  );
}

const values = { onnxDft: "matmul", onnxInput: "values", expanded: false } as const;
const products = async (model: ExportedModel): Promise<Uint8Array> => (await exportOnnx(model, values, "net"))[0].content as Uint8Array;

/** One of each kind and a part of the many; SPECC_EVERY_FIXTURE=1 runs them all. */
const names = networkNames().filter(
  (name, index) => process.env["SPECC_EVERY_FIXTURE"] === "1" || !/^(mix|spectral|head|spatial|dense|one)/.test(name) || index % 4 === 0,
);

/**
 * f32 against f64. Each output is a sum of up to n = 4096 products, whose rounding errors add up like a random walk to about
 * sqrt(n) 6e-8 = 4e-6 of the sum of their magnitudes.
 */
const bound = 1e-5;

describe("networks of the fixtures agree with PyTorch", () => {
  test.each(names)("%s", async (name) => {
    const fixture = readNetwork(name);
    const [B, H, W, C] = fixture.images.shape;
    const model = {
      ...modelOf(name, fixture.spec),
      values: new Map([...fixture.params].map(([path, { data }]) => [path, Float32Array.from(data)])),
    };
    const signal = model.input.kind === "signal";
    const results = await runOnnx(await products(model), {
      [signal ? "signals" : "images"]: { shape: signal ? [B, C, W] : [B, C, H, W], data: planes(fixture.images) },
    });
    expectClose(results["outputs"].data, fixture.outputs.data, { relative: bound }, name);
    expect(results["outputs"].shape).toEqual(fixture.outputs.shape);
  });
});

interface Example {
  readonly name: string;
  readonly size?: string;
  readonly net?: string;
}

describe("examples agree with the reference", () => {
  const paper = ["spatial", "raw", "linear", "gaussian"].flatMap((net): Example[] => [
    { name: "wood2021-paper", size: "16x21x3", net },
    { name: "wood2021-code", size: "13x12x3", net },
  ]);
  test.each<Example>([
    { name: "quickstart" },
    { name: "shared", size: "7x8x3" },
    { name: "block", size: "11x13x3" },
    { name: "banded", size: "14x15x3" },
    { name: "inception", size: "12x11x3" },
    { name: "card", size: "31x8x1" },
    { name: "signal", size: "67x2" },
    { name: "paper-small", size: "40x30x3", net: "fine" },
    ...paper,
  ])("$name $size $net", async (given) => {
    const model = example(given);
    const [images, wanted] = drawn(model, 3);
    const results = await runOnnx(await products(model), { [images.name]: images });
    expectClose(results["outputs"].data, wanted, { relative: bound });
  });

  test.each<Example>([
    { name: "card", size: "16x16x1" },
    { name: "banded", size: "9x11x3" },
    { name: "signal", size: "67x2" },
  ])("$name $size, with the operator DFT", async (given) => {
    const model = example(given);
    const [images, wanted] = drawn(model, 2);
    const [{ content }] = await exportOnnx(model, { ...values, onnxDft: "op" }, "net");
    const results = await runOnnx(content as Uint8Array, { [images.name]: images });
    // ONNX Runtime's own transforms are less exact than products: for odd lengths about 5e-5.
    expectClose(results["outputs"].data, wanted, { relative: 2e-4 });
  });
});

test("pixels are standardised inside the model", async () => {
  const model = { ...example({ name: "quickstart" }), statistics: { mean: [0.3], deviation: [0.2] } };
  const bytes = Uint8Array.from({ length: 2 * 784 }, (_, i) => (i * i) % 256);
  const inside = await runOnnx((await exportOnnx(model, { ...values, onnxInput: "pixels" }, "net"))[0].content as Uint8Array, {
    images: { shape: [2, 1, 28, 28], data: bytes },
  });
  const data = new Float32Array(2 * 784);
  pixelsToValues(bytes, 1, valueTable(model.input, model.statistics), data, 0);
  const outside = await runOnnx(await products(model), { images: { shape: [2, 1, 28, 28], data } });
  expectClose(inside["outputs"].data, outside["outputs"].data, { relative: bound });
});

test.each([
  ["dense softmax 3", "cross_entropy", 3],
  ["dense 3", "cross_entropy", 3],
  ["dense tanh 2", "mse { targets: -1..1 }", 2],
  ["dense 2", "hinge", 2],
  ["dense 2", "bce", 2],
  ["dense 1", "bce", 2],
  ["dense sigmoid 1", "bce", 2],
  ["dense 1", "mse", 2],
])("scores after %s with %s are those of predict", async (head, loss, count) => {
  const model = modelOf("net", `spec 1\n\ninput 4x5x2 -> ${head}\n\ntrain { loss: ${loss} }\n`);
  const scores = headOf(model.network).scores;
  const [images] = drawn(model, 2);
  const results = await runOnnx(await products({ ...model, scores }), { images });
  expect(results["scores"].shape).toEqual([2, count]);
  const O = results["outputs"].shape[1];
  const wanted = [0, 1].flatMap((image) => [...scoresOf(scores, [...results["outputs"].data.subarray(image * O, (image + 1) * O)])]);
  expectClose(results["scores"].data, wanted, { absolute: 1e-6 });
});

describe("ops", () => {
  test("have a form wherever a network has them at inference", () => {
    const found = networkNames().flatMap((name) =>
      topological(inferenceGraph(networkOf(name, readNetwork(name).spec)))
        .filter(dependsOnInput)
        .map(({ op }) => op.name),
    );
    expect([...new Set(found)].filter((name) => !exportedOps.has(name) && name !== "input")).toEqual([]);
  });

  test.each(allOps.filter(({ name }) => exportedOps.has(name)))("$name", async (op) => {
    const samples = samplesOf(op);
    // Once with all inputs given, once with all but the first as weights.
    const types = samples.flatMap(({ inputs }) => [...inputs, inputs[0]]);
    const next = normalsOf(7);
    const params = new Map<string, Tensor>();
    const graph = graphOf(types, (builder, nodes) => {
      let at = 0;
      return samples.flatMap(({ inputs, attrs }, sample) => {
        const given = nodes.slice(at, at + inputs.length);
        const first = nodes[at + inputs.length];
        at += inputs.length + 1;
        const weights = inputs.slice(1).map((type, index) => weight(builder, `${sample}.${index}`, type, next, params));
        return [builder.node(op, given, attrs), builder.node(op, [first, ...weights], attrs)];
      });
    });
    const data = samples.flatMap(({ inputs, draw }) =>
      [...inputs, inputs[0]].map((type, index) =>
        Float64Array.from({ length: elementCount(pairs(type)) }, (_, element) =>
          Math.fround(draw?.(index % inputs.length, element, next) ?? next()),
        ),
      ),
    );
    const wanted = interpret(graph, { inputs: new Map(types.map((type, index) => [`x${index}`, { ...type, data: data[index] }])), params });
    const found = await runOnnx(
      await bytesOf(graph, params),
      Object.fromEntries(types.map((type, index) => [`x${index}`, { shape: pairs(type), data: data[index] }])),
    );
    graph.results.forEach(({ name }, index) => {
      const { title, tolerance } = samples[Math.floor(index / 2)];
      expectClose(
        found[name].data,
        wanted.get(name)?.data ?? [],
        { relative: tolerance },
        `${op.name}, ${title}, ${index % 2 === 0 ? "given" : "weights"}`,
      );
    });
  });

  test("scalar functions mean what they mean", async () => {
    const [x, y, z] = ["x0", "x1", "x2"].map(variable);
    const special: Partial<Record<ScalarName, readonly Expr[]>> = { log: [call("exp", x)], divide: [x, add(y, constant(3))] };
    const functions = (Object.keys(scalars) as ScalarName[]).map((name) =>
      call(name, ...(special[name] ?? [x, y, z]).slice(0, scalars[name].arity)),
    );
    const grid = [-2, -1, -0.5, 0, 0.5, 1, 2];
    const type = { shape: [7, 7, 7], dtype: "f32" } as const;
    const data = [49, 7, 1].map((stride) => Float64Array.from({ length: 343 }, (_, i) => grid[Math.floor(i / stride) % 7]));
    const types = [type, type, type];
    const graph = graphOf(types, (builder, inputs) => functions.map((value) => realMap(builder, type.shape, inputs, value)));
    const wanted = runReference(graph, types, data);
    const found = await runOnnx(
      await bytesOf(graph, new Map()),
      Object.fromEntries(data.map((values, index) => [`x${index}`, { shape: type.shape, data: values }])),
    );
    functions.forEach((value, index) => expectClose(found[`y${index}`].data, wanted[index], { relative: 1e-6 }, printExpr(value)));
  });

  test("one without a form is refused, and its layer named", () => {
    const graph = graphOf([{ shape: [2, 3], dtype: "f32" }], (builder, [logits]) => [logSumExp.build(builder, [logits], {})]);
    const builder = new OnnxBuilder();
    const given = builder.input("x0", [2, 3]);
    expect(() =>
      emitGraph(graph, { builder, transforms: "matmul", params: new Map(), inputs: new Map([["x0", given]]), batch: given }),
    ).toThrow("`test` cannot be exported to ONNX: there is no form of `logSumExp`");
  });
});

test("long lines go in two steps, with small tables", async () => {
  // 1000 = 25 * 40 along a signal, 600 = 24 * 25 down an image; 521 is prime.
  for (const size of ["1000x1", "521x1", "600x2x1"]) {
    const model = modelOf("net", `spec 1\n\ninput ${size} -> conv spectral free 1 -> conv spectral free 2 { channels: weighted } -> tanh`);
    const [images, wanted] = drawn(model, 2);
    const bytes = await products(model);
    if (!size.startsWith("521")) expect(bytes.byteLength).toBeLessThan(100_000);
    const results = await runOnnx(bytes, { [images.name]: images });
    expectClose(results["outputs"].data, wanted, { relative: bound }, size);
  }
});

test("a constant activation has the size of its layer, for any number of images", async () => {
  const model = modelOf("net", "spec 1\n\nactivation flat(x, a = 2) = a\n\ninput 4x5x2 -> flat -> pool avg 2\n");
  const results = await runOnnx(await products(model), { images: { shape: [3, 2, 4, 5], data: new Float32Array(120) } });
  const [a] = [...model.values.values()];
  expect(results["outputs"].shape).toEqual([3, 2, 2, 2]);
  expectClose(
    results["outputs"].data,
    Array.from({ length: 24 }, (_, i) => a[Math.floor(i / 4) % 2]),
    { relative: 1e-6 },
  );
});

function example({ name, size, net }: Example): ExportedModel {
  const [height, width, channels] = size?.split("x").map(Number) ?? [];
  const input =
    size === undefined ? undefined : channels === undefined ? { samples: height, channels: width } : { height, width, channels };
  return modelOf(name, readFileSync(join(import.meta.dirname, "../..", "examples", `${name}.spec`), "utf8"), input, net);
}

/** Random images, and what the reference makes of them, without any pass. */
function drawn(model: ExportedModel, batch: number): readonly [Given & { readonly name: string }, Float64Array] {
  const { kind, height, width, channels } = model.input;
  const data = normals(batch * channels * height * width, 5);
  const graph = buildGraph(model.network, "infer", { batch, seed: 0 });
  const images: Tensor = { shape: [batch, channels, height, width], dtype: "f32", data: Float64Array.from(data) };
  const outputs = interpret(graph, { inputs: new Map([["images", images]]), params: weightTensors(model) }).get("outputs");
  const signal = kind === "signal";
  return [
    { name: signal ? "signals" : "images", shape: signal ? [batch, channels, width] : images.shape, data },
    outputs?.data ?? new Float64Array(),
  ];
}

/** The same in every run. */
function normalsOf(seed: number): () => number {
  const stream = normals(20_000, seed);
  let index = 0;
  return () => stream[index++ % stream.length];
}

function pairs({ shape, dtype }: TensorType): readonly number[] {
  return dtype === "c32" ? [...shape, 2] : shape;
}

/** A leaf whose value is known when the graph is exported. */
function weight(builder: GraphBuilder, path: string, type: TensorType, next: () => number, params: Map<string, Tensor>): Node {
  const real: TensorType = { shape: pairs(type), dtype: "f32" };
  params.set(path, { ...real, data: Float64Array.from({ length: elementCount(real.shape) }, () => Math.fround(next())) });
  const leaf = parameter.build(builder, [], { path, type: real });
  return type.dtype === "c32" ? asComplex(builder, leaf) : leaf;
}

/** A model of a graph with the inputs `x0`, `x1`, ... */
async function bytesOf(graph: Graph, params: ReadonlyMap<string, Tensor>): Promise<Uint8Array> {
  const builder = new OnnxBuilder();
  const leaves = topological(graph).flatMap((node) => input.match(node) ?? []);
  const given = leaves.map(({ name, type }) => builder.input(name, type.shape));
  const found = emitGraph(graph, {
    builder,
    transforms: "matmul",
    params,
    inputs: new Map(given.map((value) => [value.name, value])),
    batch: given[0],
  });
  const outputs = [...found].map(([name, value]): Value => {
    builder.name("Identity", [value as Value], [{ name, shape: [] }]);
    return { name, shape: (value as Value).shape };
  });
  return (await loadOnnxCodec()).write(modelAround(builder, "test", given, outputs, "matmul"));
}
