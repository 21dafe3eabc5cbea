/** @file Passes change no meaning: what they rewrite, and that every program computes the same without each of them. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { constant, multiply, variable } from "../../../src/compiler/expr/expr.ts";
import type { Graph, Node } from "../../../src/compiler/graph/graph.ts";
import { printGraph, topological, verify } from "../../../src/compiler/graph/graph.ts";
import type { TensorType } from "../../../src/compiler/graph/types.ts";
import { baseline } from "../../../src/compiler/lower/target.ts";
import { contract, contractOp } from "../../../src/compiler/ops/contract.ts";
import { irfft2, rfft2 } from "../../../src/compiler/ops/fft.ts";
import { hermitian } from "../../../src/compiler/ops/hermitian.ts";
import { mapNode, realMap } from "../../../src/compiler/ops/map.ts";
import { reshape } from "../../../src/compiler/ops/move.ts";
import { fuseElementwise } from "../../../src/compiler/passes/fuse-elementwise.ts";
import type { Pass, Rewrite } from "../../../src/compiler/passes/pass.ts";
import { optionalGraphPasses, optionalPasses } from "../../../src/compiler/passes/pipeline.ts";
import { simplify } from "../../../src/compiler/passes/simplify.ts";
import { spectralAlgebra } from "../../../src/compiler/passes/spectral-algebra.ts";
import type { Device } from "../../../src/runtime/index.ts";
import { expectClose } from "../../support/close.ts";
import { gpuMissing, openTestDevice } from "../../support/gpu.ts";
import { graphOf, runReference } from "../../support/graph-runner.ts";
import { compileText, drawInputs, drawParams, graphOfProgram, normals, runInReference, runOnDevice } from "../../support/small-network.ts";

const training = "train { loss: mse { targets: -1..1 }, batch: 3 }";

function program(body: string, before = "", after = training): string {
  return `spec 1\n${before}\n${body}\n${after}\n`;
}

const programs: Readonly<Record<string, string>> = {
  "shared filters": program("input 6x7x2 -> conv spectral gaussian 3 -> relu -> conv spectral linear 2 -> dense tanh 2"),
  "weighted filters": program("input 6x7x2 -> conv spectral gaussian 3 { channels: weighted, bias: on } -> tanh -> dense 2"),
  "full filters": program(
    "input 5x6x2 -> conv spectral free 2 { channels: full } -> relu -> conv spectral linear 2 { channels: full } -> dense tanh 2",
  ),
  "depthwise filters": program(
    "input 6x7x2 -> conv spectral gaussian 4 { channels: depthwise } -> relu -> conv spectral free 4 { channels: depthwise } -> gap -> dense 2",
  ),
  "zero boundary": program("input 5x6x2 -> conv spectral linear 2 { boundary: zero, bias: on } -> relu -> dense tanh 2"),
  "spatial filters": program("input 6x7x2 -> conv spatial 3x3 3 -> relu -> pool max 2 -> conv spatial 3x3 2 { stride: 2 } -> dense tanh 2"),
  "spatial filters in rows of four": program(
    "input 6x8x2 -> conv spatial 3x3 4 -> tanh -> residual[conv spatial 3x3 4 -> tanh] -> dense tanh 2",
  ),
  "residual and concat": program(
    "input 6x7x2 -> concat[conv spectral gaussian 2 | conv spatial 3x3 2] -> residual[conv spectral gaussian 4 { channels: weighted } -> relu] -> dense tanh 2",
  ),
  "one input, two uses of its spectrum": program(
    "input 6x7x2 -> concat[conv spectral gaussian 2 | conv spectral linear 2 { channels: weighted }] -> tanh -> dense tanh 2",
  ),
  "spectral activations": program(
    "input 6x7x2 -> conv spectral gaussian 2 { channels: weighted } -> tanh spectral -> conv spectral linear 2 -> relu modulus -> dense tanh 2",
  ),
  "linear chain in the spectrum": program(
    "input 6x7x2 -> conv spectral gaussian 2 -> conv spectral linear 3 -> conv spectral gaussian 2 { channels: weighted } -> dense tanh 2",
  ),
  "an image between two spectra": program(
    "input 6x8x2 -> conv spectral gaussian 2 -> id -> conv spatial 1x1 2 -> conv spectral linear 2 -> dense tanh 2",
  ),
  "a shared object": program(
    "input 6x7x2 -> conv spatial 1x1 3 -> 3 * core -> dense tanh 2",
    "shared core = conv spectral gaussian 3 { channels: weighted } -> tanh",
  ),
  "calibrated layers": program("input 6x7x2 -> conv spectral gaussian 2 { init: calibrated } -> relu -> dense tanh 2 { init: calibrated }"),
  "branches that meet": program(
    "input 6x7x2 -> conv spectral gaussian 2 { channels: weighted } as first -> add[id | relu | first] -> mul[id | tanh] -> dense sigmoid 1",
    "",
    "train { loss: bce, batch: 3 }",
  ),
  softmax: program(
    "input 6x7x1 -> conv spectral gaussian 2 -> relu -> dropout 30% -> dense softmax 3",
    "",
    "train { loss: cross_entropy, batch: 3 }",
  ),
  "a signal": program("input 9x2 -> conv spectral free 2 -> relu -> dense tanh 2"),
};

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
  let device: Device;
  beforeAll(async () => {
    device = await openTestDevice();
  });
  afterAll(async () => {
    await device.close();
  });

  test("outputs, loss and gradients without each pass", async () => {
    const text = program("input 4x5x2 -> conv spectral linear 2 -> relu -> dense tanh 2");
    const wanted = without(text, []);
    for (const left of optionalPasses.map(({ name }) => [name])) {
      const compiled = compileText(text, { programs: ["gradient"], without: left });
      const result = await runOnDevice(compiled, "gradient", device, drawParams(compiled.plan), drawInputs(compiled.plan, "gradient"));
      // docs/numerics.md#tolerances allow 1e-5 for the loss and 1e-4 for gradients; so small a network does better.
      expectSame(result, wanted, 2e-5, `without ${left.join()}`);
    }
  });
});

function run(pass: Pass, graph: Graph): { readonly graph: Graph; readonly notes: readonly Omit<Rewrite, "pass">[] } {
  const notes: Omit<Rewrite, "pass">[] = [];
  const result = pass.run(graph, { target: baseline, note: (rewrite) => notes.push(rewrite) });
  verify(result, pass.name);
  return { graph: result, notes };
}

function opNames(graph: Graph): readonly string[] {
  return topological(graph).map((node) => node.op.name);
}

function count(graph: Graph, op: string): number {
  return opNames(graph).filter((name) => name === op).length;
}

/** The pass leaves the values of a hand-made graph as they are; returns its graph and notes. */
function expectUnchanged(pass: Pass, types: readonly TensorType[], graph: Graph): ReturnType<typeof run> {
  const result = run(pass, graph);
  const values = types.map((type, index) =>
    normals(
      type.shape.reduce((product, size) => product * size, type.dtype === "c32" ? 2 : 1),
      index + 1,
    ),
  );
  const [before, after] = [graph, result.graph].map((each) => runReference(each, types, values));
  before.forEach((wanted, index) => expectClose(after[index], wanted, { relative: 1e-12 }, `y${index}`));
  return result;
}

describe("spectral-algebra", () => {
  const spectrum: TensorType = { shape: [2, 5, 4], dtype: "c32" };
  const image: TensorType = { shape: [2, 5, 6], dtype: "f32" };

  test.each([false, true])("an inverse FFT and an FFT leave the Hermitian projection (weighted: %s)", (weighted) => {
    const graph = graphOf([spectrum], (builder, [x]) => [
      rfft2.build(builder, [irfft2.build(builder, [x], { width: 6, weighted })], { weighted }),
    ]);
    const { graph: after, notes } = expectUnchanged(spectralAlgebra, [spectrum], graph);
    expect(opNames(after)).toEqual(["input", "as-complex", "hermitian", "as-real"]);
    // Two transforms of 2 planes of 5x6, less the projection; an image of 2x5x6 numbers is neither written nor read.
    const flops = 2 * rfft2.flops([image], { weighted }, spectrum) - hermitian.flops([spectrum], { width: 6 }, spectrum);
    expect(notes).toEqual([
      {
        layer: "test",
        text: `an inverse FFT followed by an FFT becomes the Hermitian projection of two columns: saves ${Math.round(flops)} FLOPs and ${2 * 4 * 2 * 5 * 6} bytes`,
      },
    ]);
  });

  test.each([false, true])("an FFT and its inverse disappear (weighted: %s)", (weighted) => {
    const graph = graphOf([image], (builder, [x]) => [
      irfft2.build(builder, [rfft2.build(builder, [x], { weighted })], { width: 6, weighted }),
    ]);
    const { graph: after, notes } = expectUnchanged(spectralAlgebra, [image], graph);
    expect(opNames(after)).toEqual(["input"]);
    expect(notes.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^an FFT followed by its inverse disappears: saves \d+ FLOPs and \d+ bytes$/),
    ]);
  });

  test("transforms of different weights do not cancel", () => {
    const graph = graphOf([spectrum, image], (builder, [x, y]) => [
      rfft2.build(builder, [irfft2.build(builder, [x], { width: 6, weighted: true })], { weighted: false }),
      irfft2.build(builder, [rfft2.build(builder, [y], { weighted: false })], { width: 6, weighted: true }),
    ]);
    const { graph: after, notes } = expectUnchanged(spectralAlgebra, [spectrum, image], graph);
    expect([count(after, "rfft2"), count(after, "irfft2"), notes.length]).toEqual([2, 2, 0]);
  });

  test("a projection stays where the spectrum is used twice", () => {
    const graph = graphOf([spectrum], (builder, [x]) => {
      const y = irfft2.build(builder, [x], { width: 6, weighted: false });
      return [rfft2.build(builder, [y], { weighted: false }), y];
    });
    const { graph: after, notes } = expectUnchanged(spectralAlgebra, [spectrum], graph);
    const flops = rfft2.flops([image], { weighted: false }, spectrum) - hermitian.flops([spectrum], { width: 6 }, spectrum);
    expect(notes.map(({ text }) => text)).toEqual([expect.stringContaining(`saves ${Math.round(flops)} FLOPs`)]);
    expect([count(after, "irfft2"), count(after, "rfft2"), count(after, "hermitian")]).toEqual([1, 0, 1]);
  });

  test("a sum over channels moves in front of the FFT, and says what that saves", () => {
    const types: readonly TensorType[] = [
      { shape: [2, 3, 5, 6], dtype: "f32" },
      { shape: [4, 5, 4], dtype: "c32" },
    ];
    const graph = graphOf(types, (builder, [x, filters]) => [
      contract(builder, "bchk,fhk->bfhk", [rfft2.build(builder, [x], { weighted: false }), filters]),
    ]);
    const { graph: after, notes } = expectUnchanged(spectralAlgebra, types, graph);
    const transform = topological(after).find((node) => node.op === rfft2);
    expect(transform?.type.shape).toEqual([2, 5, 4]);
    const flopsOf = (each: Graph): number =>
      topological(each).reduce(
        (sum, node) =>
          sum +
          node.op.flops(
            node.inputs.map(({ type }) => type),
            node.attrs,
            node.type,
          ),
        0,
      );
    expect(flopsOf(after)).toBeLessThan(flopsOf(graph) / 2);
    // The image is read once either way; its sum is written and read; two of three spectra are neither written nor read.
    const bytes = 2 * (8 * 2 * 2 * 5 * 4) - 2 * (4 * 2 * 5 * 6);
    expect(notes.map(({ text }) => text)).toEqual([
      `the sum over 3 channels moves in front of the FFT: saves ${Math.round(flopsOf(graph) - flopsOf(after))} FLOPs and ${bytes} bytes`,
    ]);
  });

  test("a sum stays behind an FFT that is needed channel by channel", () => {
    const types: readonly TensorType[] = [
      { shape: [2, 3, 5, 6], dtype: "f32" },
      { shape: [4, 5, 4], dtype: "c32" },
      { shape: [4, 3], dtype: "f32" },
    ];
    const graph = graphOf(types, (builder, [x, filters, mix]) => [
      contract(builder, "bchk,fhk->bfhk", [rfft2.build(builder, [x], { weighted: false }), filters]),
      contract(builder, "bchk,fc->bfhk", [rfft2.build(builder, [x], { weighted: false }), mix]),
    ]);
    const { graph: after, notes } = expectUnchanged(spectralAlgebra, types, graph);
    expect(count(run(simplify, after).graph, "rfft2")).toBe(1);
    expect(notes.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^the sum over 3 channels moves in front of the product: saves \d+ FLOPs for \d+ bytes more$/),
    ]);
  });

  test("a conjugated spectrum is summed before it is conjugated", () => {
    const types: readonly TensorType[] = [
      { shape: [2, 3, 5, 6], dtype: "f32" },
      { shape: [4, 5, 4], dtype: "c32" },
    ];
    const graph = graphOf(types, (builder, [x, filters]) => [
      contract(builder, "bchk,fhk->bfhk", [rfft2.build(builder, [x], { weighted: false }), filters], [true, false]),
    ]);
    expect(expectUnchanged(spectralAlgebra, types, graph).notes).toHaveLength(1);
  });

  test("a sum over the axes of the FFT stays behind it", () => {
    const types: readonly TensorType[] = [
      { shape: [2, 5, 6], dtype: "f32" },
      { shape: [4], dtype: "c32" },
    ];
    const graph = graphOf(types, (builder, [x, filter]) => [
      contract(builder, "bhk,k->b", [rfft2.build(builder, [x], { weighted: false }), filter]),
    ]);
    const { graph: after } = expectUnchanged(spectralAlgebra, types, graph);
    expect(topological(after).find((node) => node.op === rfft2)?.type.shape).toEqual([2, 5, 4]);
  });

  test("an expensive product becomes cheap in the network of the paper", () => {
    const compiled = compileText(programs["shared filters"], { programs: ["infer"], without: ["fuse-spectral"] });
    const transforms = topological(graphOfProgram(compiled, "infer")).filter((node) => node.op === rfft2 || fusedCore(node) === "rfft2");
    expect(transforms.map((node) => node.type.shape)).toEqual([
      [3, 6, 4],
      [3, 6, 4],
    ]);
    expect(
      compiled.rewrites
        .get("infer")
        ?.filter((rewrite) => rewrite.pass === "spectral-algebra")
        .map((rewrite) => rewrite.layer),
    ).toEqual(["conv.1", "conv.2"]);
  });
});

/** `rfft2` of `rfft2([max(0, x0)]) {...}`. */
function fusedCore(node: Node): string | undefined {
  return node.op.name === "fused" ? /^\w+/.exec(node.op.print(node.attrs))?.[0] : undefined;
}

describe("simplify", () => {
  test("one FFT serves the filters of several branches", () => {
    const branches = ["gaussian 2", "linear 2", "free 3"].map((filter) => `conv spectral ${filter} { channels: weighted }`).join(" | ");
    const compiled = compileText(program(`input 6x7x2 -> concat[${branches}] -> dense tanh 2`), {
      programs: ["infer"],
      without: ["fuse-spectral"],
    });
    expect(count(graphOfProgram(compiled, "infer"), "rfft2")).toBe(1);
    const notes = compiled.rewrites.get("infer")?.filter((rewrite) => rewrite.pass === "simplify") ?? [];
    expect(notes.map(({ layer, text }) => `${layer}: ${text}`)).toEqual(
      ["conv.2", "conv.3"].map((layer) =>
        expect.stringMatching(`^${layer}: one rfft2 c32\\[3x2x6x4\\] instead of two: saves \\d+ FLOPs and \\d+ bytes$`),
      ),
    );
  });

  test("equal sums in front of equal FFTs are one", () => {
    const compiled = compileText(program("input 6x7x2 -> concat[conv spectral gaussian 2 | conv spectral linear 2] -> dense tanh 2"), {
      programs: ["infer"],
      without: ["fuse-spectral"],
    });
    const graph = graphOfProgram(compiled, "infer");
    expect(
      topological(graph)
        .filter((node) => node.op === rfft2)
        .map((node) => node.type.shape),
    ).toEqual([[3, 6, 4]]);
    expect(topological(graph).filter((node) => contractOp.match(node)?.inputs.length === 1)).toHaveLength(1);
  });

  test("the leaves of a shared object are one", () => {
    const paths = (left: readonly string[]): readonly string[] =>
      topological(graphOfProgram(compileText(programs["a shared object"], { programs: ["infer"], without: left }), "infer"))
        .filter((node) => node.op.name === "parameter")
        .map((node) => node.op.print(node.attrs));
    const all = paths([]);
    expect(new Set(all).size).toBe(all.length);
    expect(paths(["simplify"]).length).toBeGreaterThan(all.length);
  });

  test("constants fold, and what does nothing disappears", () => {
    const type: TensorType = { shape: [2, 3], dtype: "f32" };
    const graph = graphOf([type], (builder, [x]) => {
      const two = realMap(builder, [2, 3], [], constant(2));
      const doubled = realMap(builder, [2, 3], [x, two], multiply(variable("x0"), variable("x1")));
      const same = realMap(builder, [2, 3], [doubled], variable("x0"));
      return [reshape(builder, reshape(builder, same, [6]), [2, 3])];
    });
    const { graph: after } = expectUnchanged(simplify, [type], graph);
    expect(opNames(after)).toEqual(["input", "map"]);
  });

  test("operations that differ in an attribute or a type stay apart", () => {
    const type: TensorType = { shape: [4, 6], dtype: "f32" };
    const graph = graphOf([type], (builder, [x]) => [
      rfft2.build(builder, [x], { weighted: false }),
      rfft2.build(builder, [x], { weighted: true }),
      rfft2.build(builder, [reshape(builder, x, [2, 2, 6])], { weighted: false }),
    ]);
    expect(count(expectUnchanged(simplify, [type], graph).graph, "rfft2")).toBe(3);
  });

  test("nothing is noted where nothing is shared", () => {
    const type: TensorType = { shape: [4, 6], dtype: "f32" };
    const { notes } = run(
      simplify,
      graphOf([type], (builder, [x]) => [rfft2.build(builder, [x], { weighted: false })]),
    );
    expect(notes).toEqual([]);
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
