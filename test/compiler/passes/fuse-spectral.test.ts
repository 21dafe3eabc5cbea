/** @file The pass fuse-spectral: what it joins, what it leaves alone and says so, and the same numbers on the GPU. */

import { describe, expect, test } from "vitest";
import type { CompileOptions } from "../../../src/compiler/compile.ts";
import { topological } from "../../../src/compiler/graph/graph.ts";
import { baseline, software } from "../../../src/compiler/lower/target.ts";
import { gpuMissing, suiteDevice } from "../../support/gpu.ts";
import { compileText, drawInputs, drawParams, graphOfProgram, runInReference, runOnDevice } from "../../support/small-network.ts";

function program(body: string, before = ""): string {
  return `spec 1\n${before}\n${body}\ntrain { loss: mse { targets: -1..1 }, batch: 3 }\n`;
}

const spectral = /^(rfft2|irfft2|fftColumns|ifftColumns|rfftRows|irfftRows|spectral\w+)$/;

/** The transforms and fused operations of the program `infer`, in order. */
function transformsOf(text: string, options: CompileOptions = {}): readonly string[] {
  return topological(graphOfProgram(compileText(text, { programs: ["infer"], without: ["fuse-elementwise"], ...options }), "infer"))
    .map((node) => node.op.name)
    .filter((name) => spectral.test(name));
}

function notesOf(text: string): readonly string[] {
  return (
    compileText(text, { programs: ["infer"] })
      .rewrites.get("infer")
      ?.filter(({ pass }) => pass === "fuse-spectral")
      .map(({ layer, text: what }) => `${layer}: ${what.replace(/: saves.*/, "")}`) ?? []
  );
}

describe("what is joined", () => {
  test("layers that share their filters take two kernels each", () => {
    const text = program("input 6x8x3 -> 3 * (conv spectral gaussian 2 -> relu) -> dense tanh 2");
    expect(transformsOf(text)).toEqual(["rfftRows", ...Array(3).fill(["spectralProduct", "spectralActivation"]).flat()]);
    expect(transformsOf(text, { without: ["fuse-spectral", "fuse-elementwise"] })).toEqual(Array(3).fill(["rfft2", "irfft2"]).flat());
  });

  test.each(["weighted", "depthwise"])("filters that see one channel each take two kernels as well: %s", (channels) => {
    const text = program(`input 6x8x3 -> 2 * (conv spectral gaussian 6 { channels: ${channels} } -> relu) -> dense tanh 2`);
    expect(transformsOf(text)).toEqual(["rfftRows", ...Array(2).fill(["spectralProduct", "spectralActivation"]).flat()]);
  });

  test("filters that sum over channels keep their product, and images between two layers stay in registers", () => {
    const text = program("input 6x8x3 -> 2 * (conv spectral gaussian 2 { channels: full } -> relu) -> dense tanh 2");
    expect(transformsOf(text)).toEqual([
      "rfftRows",
      "fftColumns",
      "ifftColumns",
      "spectralActivation",
      "fftColumns",
      "ifftColumns",
      "spectralActivation",
    ]);
  });

  test("a bias, and an activation with numbers of its own", () => {
    const text = program(
      "input 6x8x3 -> conv spectral gaussian 2 { bias: on } -> prelu -> conv spectral linear 2 -> dense tanh 2",
      "activation prelu(x, a = 0.25) = max(0, x) + a * min(x, 0)",
    );
    expect(transformsOf(text)).toEqual(["rfftRows", "spectralProduct", "spectralActivation", "spectralProduct", "irfftRows"]);
  });

  test("each step says what it saves", () => {
    expect(notesOf(program("input 6x8x3 -> 2 * (conv spectral gaussian 2 -> relu) -> dense tanh 2"))).toEqual([
      "conv.1: column FFT, product with the filters and inverse column FFT become one kernel",
      "conv.2: column FFT, product with the filters and inverse column FFT become one kernel",
      "conv.2: the images between two transforms stay in registers",
      "relu.2: the inverse row FFT and what follows it become one kernel",
    ]);
  });
});

describe("what is left alone", () => {
  test("images that something else reads", () => {
    const text = program("input 6x8x3 -> conv spectral gaussian 2 -> relu -> residual[conv spectral gaussian 2 -> relu] -> dense tanh 2");
    expect(transformsOf(text)).toEqual([
      "rfftRows",
      "spectralProduct",
      "spectralActivation",
      "rfftRows",
      "spectralProduct",
      "spectralActivation",
    ]);
  });

  test("sizes that need Bluestein's algorithm, with the reason", () => {
    const text = program("input 37x34x2 -> conv spectral linear 2 -> relu -> conv spectral linear 2 -> dense tanh 2");
    expect(transformsOf(text).filter((name) => name.startsWith("spectral"))).toEqual([]);
    expect(notesOf(text)).toEqual([
      "conv.1: the product is not joined with its transforms: no kernel holds several transforms of 37 rows",
      "conv.2: the product is not joined with its transforms: no kernel holds several transforms of 37 rows",
      "conv.2: the activation is not joined with the transforms around it: no kernel holds several transforms of 34 columns",
    ]);
  });

  test("signals, with the reason", () => {
    const text = program("input 9x2 -> conv spectral free 2 -> relu -> dense tanh 2");
    expect(transformsOf(text)).toEqual(["rfft2", "irfft2"]);
    expect(notesOf(text)).toEqual([
      "conv.1: the layer is not joined with its neighbours: fused kernels work on pairs of rows, and here is one row or column",
    ]);
  });
});

describe("gradients of filter parameters", () => {
  const gradientsOf = (text: string, options: CompileOptions = {}): readonly string[] =>
    topological(graphOfProgram(compileText(text, { programs: ["gradient"], ...options }), "gradient"))
      .map((node) => node.op.name)
      .filter((name) => /^(expandGradient|parameterSums)$/.test(name));

  test("are summed up where the gradients of planes arise", () => {
    const text = program(
      "input 6x8x3 -> conv spectral gaussian 2 -> relu -> conv spectral linear 4 { channels: depthwise } -> relu -> dense tanh 2",
    );
    expect(gradientsOf(text)).toEqual(["parameterSums", "parameterSums"]);
    expect(gradientsOf(text, { without: ["fuse-parameters"] })).toEqual(["expandGradient", "expandGradient"]);
  });

  test("go through memory where other things read or make them, or are too many", () => {
    expect(gradientsOf(program("input 6x8x3 -> 2 * (conv spectral gaussian 2 { channels: full } -> relu) -> dense tanh 2"))).toEqual([
      "expandGradient",
      "expandGradient",
    ]);
    const many =
      `filter many(${Array.from({ length: 17 }, (_, i) => `a${i} ~ normal(0, 1)`).join(", ")}) = ` +
      `${Array.from({ length: 17 }, (_, i) => `a${i} * u^${i}`).join(" + ")}`;
    const text = program("input 6x8x3 -> conv spectral many 2 { parts: real } -> relu -> dense tanh 2", many);
    expect(gradientsOf(text)).toEqual(["expandGradient"]);
    const notes = compileText(text, { programs: ["gradient"] })
      .rewrites.get("gradient")
      ?.filter(({ pass }) => pass === "fuse-parameters")
      .map((rewrite) => rewrite.text);
    expect(notes).toEqual(["gradients of filter planes go through memory: no kernel makes 17 sums at once"]);
  });
});

describe.skipIf(gpuMissing !== undefined)("on the GPU", () => {
  const device = suiteDevice();

  const body =
    "conv spectral gaussian 3 { bias: on } -> tanh -> conv spectral linear 2 -> relu -> conv spectral free 2 { channels: full } " +
    "-> relu -> conv spectral gaussian 2 { channels: weighted } -> relu -> conv spectral linear 4 { channels: depthwise }";
  // Even, odd, prime, mixed; a width that is too long for a line per lane.
  const cases = [
    ["5x7", baseline],
    ["4x96", baseline],
    ["6x8", software],
    ["15x20", software],
    ["3x200", software],
  ] as const;

  test.each(cases.map(([size, target]) => [size, target.name, target] as const))(
    "%s for %s: outputs, loss and gradients are those of the reference without fusion",
    async (size, _, target) => {
      const text = program(`input ${size}x2 -> ${body} -> dense tanh 2`);
      const plain = compileText(text, {
        programs: ["gradient"],
        without: ["fuse-spectral", "fuse-elementwise", "simplify", "spectral-algebra"],
      });
      const [params, inputs] = [drawParams(plain.plan), drawInputs(plain.plan, "gradient")];
      const wanted = runInReference(plain, "gradient", params, inputs);
      const actual = await runOnDevice(compileText(text, { programs: ["gradient"], target }), "gradient", device(), params, inputs);
      const whole = Math.hypot(...[...wanted].flatMap(([name, values]) => (name.startsWith("grad.") ? Array.from(values) : [])));
      expect([...actual.keys()].sort()).toEqual([...wanted.keys()].sort());
      for (const [name, values] of wanted) {
        // docs/numerics.md#tolerances: losses 1e-5, gradients 1e-4, of which those that cancel count against the whole gradient.
        const scale = name.startsWith("grad.") ? Math.max(Math.hypot(...values), 1e-3 * whole) : Math.hypot(...values);
        const difference = Math.hypot(...Array.from(values, (value, index) => value - (actual.get(name)?.[index] ?? NaN)));
        expect(difference, name).toBeLessThanOrEqual((name.startsWith("grad.") ? 1e-4 : 1e-5) * scale);
      }
    },
  );
});

test("a line per lane keeps to the 8192 bytes of variables that WGSL promises", () => {
  const body =
    "conv spectral gaussian 2 { bias: on } -> tanh -> conv spectral linear 2 -> relu -> conv spectral free 2 { channels: depthwise } " +
    "-> relu";
  const { plan } = compileText(program(`input 192x192x2 -> ${body} -> gap -> dense tanh 2`), { programs: ["gradient"], target: software });
  const bytesOf = (wgsl: string): number =>
    [...wgsl.matchAll(/^\s+var \w+: array<(vec2f|u32), (\d+)>;/gm)].reduce(
      (sum, [, type, count]) => sum + (type === "u32" ? 4 : 8) * Number(count),
      0,
    );
  const bytes = plan.kernels.map(({ wgsl }) => bytesOf(wgsl));
  expect(Math.max(...bytes)).toBeGreaterThan(4096);
  // Some loop counters and sums come on top.
  expect(Math.max(...bytes)).toBeLessThanOrEqual(8192 - 128);
});
