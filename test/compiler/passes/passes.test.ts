/** @file Passes change no meaning: what they rewrite, and that every program computes the same without each of them. */

import { describe, expect, test } from "vitest";
import { constant, multiply, variable } from "../../../src/compiler/expr/expr.ts";
import { printGraph, topological } from "../../../src/compiler/graph/graph.ts";
import type { TensorType } from "../../../src/compiler/graph/types.ts";
import { verify } from "../../../src/compiler/graph/verify.ts";
import { contract } from "../../../src/compiler/ops/contract.ts";
import { irfft2, rfft2 } from "../../../src/compiler/ops/fft.ts";
import { mapNode, realMap } from "../../../src/compiler/ops/map.ts";
import { fuseElementwise } from "../../../src/compiler/passes/fuse-elementwise.ts";
import { optionalGraphPasses, optionalPasses } from "../../../src/compiler/passes/pipeline.ts";
import { expectClose } from "../../support/close.ts";
import { gpuMissing, suiteDevice } from "../../support/gpu.ts";
import { graphOf } from "../../support/graph-runner.ts";
import { program, programs } from "../../support/pass-programs.ts";
import { count, expectUnchanged, opNames, run } from "../../support/pass-run.ts";
import { compileText, drawInputs, drawParams, graphOfProgram, normals, runInReference, runOnDevice } from "../../support/small-network.ts";

const names = optionalGraphPasses.map((pass) => pass.name);

function without(text: string, left: readonly string[]): ReadonlyMap<string, Float64Array> {
  const compiled = compileText(text, { programs: ["gradient"], without: left });
  return runInReference(compiled, "gradient", drawParams(compiled.plan), drawInputs(compiled.plan, "gradient"));
}

function expectSame(
  actual: ReadonlyMap<string, ArrayLike<number>>,
  wanted: ReadonlyMap<string, ArrayLike<number>>,
  relative: number,
  what: string,
): void {
  expect([...actual.keys()]).toEqual([...wanted.keys()]);
  // A gradient that cancels to next to nothing is compared with the whole gradient's size.
  const whole = Math.hypot(...[...wanted].filter(([name]) => name.startsWith("grad.")).flatMap(([, values]) => Array.from(values)));
  for (const [name, values] of wanted)
    expectClose(
      actual.get(name) ?? [],
      values,
      { relative, absolute: relative * (name.startsWith("grad.") ? whole : 1), scale: "norm" },
      `${what}: ${name}`,
    );
}

test("there are passes to leave out", () => {
  expect(names).toEqual(["spectral-algebra", "fuse-spectral", "fuse-parameters", "simplify", "fuse-elementwise"]);
  expect(optionalPasses.map(({ name }) => name)).toEqual([...names, "merge-equal", "chain-small", "merge-beside"]);
});

describe("in f64", () => {
  test.each(Object.entries(programs))("%s: outputs, loss and gradients are those of no passes at all", (_, text) => {
    const plain = without(text, names);
    expect([...plain.keys()].filter((name) => name.startsWith("grad.")).length).toBeGreaterThan(1);
    for (const [name, values] of plain)
      expect(values.every(Number.isFinite) && values.some((value) => value !== 0), `${name} says something`).toBe(true);
    expectSame(without(text, []), plain, 1e-9, "all passes");
    for (const name of names)
      expectSame(
        without(
          text,
          names.filter((other) => other !== name),
        ),
        plain,
        1e-9,
        `${name} alone`,
      );
  });

  test.each(Object.entries(programs))("%s: each pass has nothing left to do on its own result", (_, text) => {
    const compiled = compileText(text, { programs: ["gradient"], without: names });
    let graph = graphOfProgram(compiled, "gradient");
    for (const pass of optionalGraphPasses) {
      const once = run(pass, graph).graph;
      const twice = run(pass, once).graph;
      verify(twice, pass.name);
      expect(printGraph(twice), `${pass.name} twice`).toBe(printGraph(once));
      graph = once;
    }
  });

  test("the optimizer's step is the same with all passes and with none", () => {
    const text = program(
      "input 6x7x2 -> conv spectral gaussian 2 { channels: weighted, bias: on } -> tanh -> dense 2",
      "",
      "train { optimizer: adam { clip: 0.1, decay: all 0.01 }, batch: 3 }",
    );
    const [plain, optimized] = [names, []].map((left) => {
      const compiled = compileText(text, { programs: ["train"], without: left });
      const params = drawParams(compiled.plan);
      const states = [...params].flatMap(([path, { length }]) =>
        [0, 1].map((index): [string, Float32Array] => [`state.${index}/${path}`, normals(length, index + 5).map(Math.abs)]),
      );
      return runInReference(compiled, "train", new Map([...params, ...states]), drawInputs(compiled.plan, "train"));
    });
    expectSame(optimized, plain, 1e-9, "train");
  });
});

describe.skipIf(gpuMissing !== undefined)("on the adapter", () => {
  const device = suiteDevice();

  test("outputs, loss and gradients without each pass", async () => {
    const text = program("input 4x5x2 -> conv spectral linear 2 -> relu -> dense tanh 2");
    const wanted = without(text, []);
    for (const left of optionalPasses.map(({ name }) => [name])) {
      const compiled = compileText(text, { programs: ["gradient"], without: left });
      const result = await runOnDevice(compiled, "gradient", device(), drawParams(compiled.plan), drawInputs(compiled.plan, "gradient"));
      // docs/numerics.md#tolerances allow 1e-5 for the loss and 1e-4 for gradients; so small a network does better.
      expectSame(result, wanted, 2e-5, `without ${left.join()}`);
    }
  });
});

describe("fuse-elementwise", () => {
  const type: TensorType = { shape: [4, 6], dtype: "f32" };
  const scale = (factor: number) => multiply(constant(factor), variable("x0"));

  test("maps melt into one another, into the FFT that reads them and the inverse that feeds them", () => {
    const graph = graphOf([type], (builder, [x]) => {
      const first = realMap(builder, [4, 6], [realMap(builder, [4, 6], [x], scale(2))], multiply(variable("x0"), variable("x0")));
      const filtered = mapNode(
        builder,
        [4, 4],
        [rfft2.build(builder, [first], { weighted: false })],
        { re: scaleOf("x0.re"), im: scaleOf("x0.im") },
        true,
      );
      return [realMap(builder, [4, 6], [irfft2.build(builder, [filtered], { width: 6, weighted: false })], scale(5))];
    });
    const { graph: after, notes } = expectUnchanged(fuseElementwise, [type], graph);
    expect(opNames(after)).toEqual(["input", "fused", "fused"]);
    expect(notes).toHaveLength(1);
  });

  test("a value that is a result, or that two operations read, stays in memory", () => {
    const graph = graphOf([type], (builder, [x]) => {
      const result = realMap(builder, [4, 6], [x], scale(2));
      const twice = realMap(builder, [4, 6], [x], scale(3));
      return [
        result,
        rfft2.build(builder, [result], { weighted: false }),
        rfft2.build(builder, [twice], { weighted: false }),
        rfft2.build(builder, [twice], { weighted: true }),
      ];
    });
    expect(count(expectUnchanged(fuseElementwise, [type], graph).graph, "map")).toBe(2);
  });

  test("work that would be repeated too often stays where it is", () => {
    const types: readonly TensorType[] = [
      { shape: [70, 9], dtype: "f32" },
      { shape: [9, 70], dtype: "f32" },
    ];
    const graph = graphOf(types, (builder, [x, y]) => [contract(builder, "ij,jk->ik", [realMap(builder, [70, 9], [x], scale(2)), y])]);
    expect(count(expectUnchanged(fuseElementwise, types, graph).graph, "map")).toBe(1);
  });

  test("no kernel binds more than eight storage buffers", () => {
    const types = Array.from({ length: 14 }, () => type);
    const graph = graphOf(types, (builder, inputs) => {
      const sum = inputs.reduce((left, right) => realMap(builder, [4, 6], [left, right], multiply(variable("x0"), variable("x1"))));
      const two = rfft2.build(builder, [sum], { weighted: false });
      return [
        realMap(
          builder,
          [4, 6],
          [irfft2.build(builder, [two], { width: 6, weighted: false }), ...inputs.slice(0, 6)],
          inputs.slice(0, 7).reduce((product, _, index) => multiply(product, variable(`x${index}`)), constant(1)),
        ),
      ];
    });
    const { graph: after } = expectUnchanged(fuseElementwise, types, graph);
    for (const node of topological(after)) expect(new Set(node.inputs).size + 1).toBeLessThanOrEqual(8);
    const parameters = Array.from({ length: 11 }, (_, index) => `p${index} ~ normal(0, 1)`).join(", ");
    const sum = Array.from({ length: 11 }, (_, index) => `p${index} * u^${index}`).join(" + ");
    const many = ["id", ...Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? "tanh" : "relu"))].join(" | ");
    const { plan } = compileText(
      program(`input 5x6x2 -> conv spectral many 2 -> add[${many}] -> mul[${many}] -> dense tanh 2`, `filter many(${parameters}) = ${sum}`),
    );
    for (const kernel of plan.kernels)
      expect(kernel.bindings.filter((binding) => binding !== "uniform").length, kernel.label).toBeLessThanOrEqual(8);
  });

  test.each(Object.entries(programs))("%s: a map that one operation reads has a reason to be in memory", (_, text) => {
    const graph = graphOfProgram(compileText(text, { programs: ["gradient"] }), "gradient");
    const order = topological(graph);
    const results = new Set(graph.results.map((result) => result.node));
    for (const node of order.filter((each) => each.op.name === "map" && !results.has(each))) {
      const readers = order.filter((each) => each.inputs.includes(node));
      const [reader] = readers;
      const repeats = reader.op.reuse(
        reader.inputs.map((each) => each.type),
        reader.attrs,
        reader.inputs.indexOf(node),
      );
      const broadcast = reader.op.name === "map" && repeats > 1;
      // Views stand between a map and those that read their element order.
      expect(
        readers.length > 1 || reader.op.view === true || broadcast || repeats > 1,
        `${printGraph(graph)}\n${node.op.print(node.attrs)} read by ${reader.op.name}`,
      ).toBe(true);
    }
  });
});

function scaleOf(name: string): ReturnType<typeof multiply> {
  return multiply(constant(3), variable(name));
}
