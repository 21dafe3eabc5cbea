/** @file The real 2-D FFT: reference against the definition, plans, and the GPU at sizes of every parity and plan. */

import { describe, expect, test } from "vitest";
import { graphPlan } from "../../../src/compiler/assemble/graph-plan.ts";
import type { Graph, Tensor } from "../../../src/compiler/graph/graph.ts";
import { GraphBuilder } from "../../../src/compiler/graph/graph.ts";
import type { TensorType } from "../../../src/compiler/graph/types.ts";
import type { FftPlan } from "../../../src/compiler/kernels/fft/plan.ts";
import { planFft, printFftPlan } from "../../../src/compiler/kernels/fft/plan.ts";
import { ReferenceFft } from "../../../src/compiler/kernels/fft/reference.ts";
import { baseline } from "../../../src/compiler/lower/target.ts";
import { irfft2, rfft2, transformTolerance } from "../../../src/compiler/ops/fft.ts";
import { hermitian } from "../../../src/compiler/ops/hermitian.ts";
import { input } from "../../../src/compiler/ops/leaves.ts";
import { asComplex, asReal } from "../../../src/compiler/ops/view.ts";
import { interpret } from "../../../src/compiler/reference/interpreter.ts";
import { elementCount, halfWidth } from "../../../src/plan/shape.ts";
import { openExecutor } from "../../../src/runtime/executor.ts";
import { expectClose } from "../../support/close.ts";
import { gpuMissing, suiteDevice } from "../../support/gpu.ts";

/** A small generator of normal draws: the same numbers in every run. */
function normals(count: number, seed: number): Float64Array {
  let state = (seed * 2654435761 + 12345) >>> 0;
  const uniform = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return Float64Array.from({ length: count }, () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform()));
}

function weight(kx: number, width: number): number {
  return kx === 0 || 2 * kx === width ? 1 : 2;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

function realTensor(shape: readonly number[], seed: number): Tensor {
  return { shape, dtype: "f32", data: normals(elementCount(shape), seed) };
}

/** A half spectrum that is not Hermitian. */
function spectrumTensor(H: number, W: number, seed: number): Tensor {
  return { shape: [H, halfWidth(W)], dtype: "c32", data: normals(2 * H * halfWidth(W), seed) };
}

const parities = [
  [1, 1],
  [1, 2],
  [2, 1],
  [1, 7],
  [1, 8],
  [7, 1],
  [8, 1],
  [2, 2],
  [3, 2],
  [2, 3],
  [5, 7],
  [5, 8],
  [6, 7],
  [6, 8],
  [9, 16],
] as const;

const forward = (x: Tensor, weighted = false): Tensor => rfft2.reference([x], { weighted }, rfft2.shape([x], { weighted }));
const inverse = (z: Tensor, width: number, weighted = false): Tensor =>
  irfft2.reference([z], { width, weighted }, irfft2.shape([z], { width, weighted }));
const project = (z: Tensor, width: number): Tensor => hermitian.reference([z], { width }, hermitian.shape([z], { width }));

describe("the reference", () => {
  test("transforms lines of every length like the definition", () => {
    for (const n of [...Array.from({ length: 64 }, (_, i) => i + 1), 75, 97, 150, 224, 225, 331]) {
      const line = normals(2 * n, n);
      const wanted = new Float64Array(2 * n);
      for (let k = 0; k < n; k++) {
        for (let j = 0; j < n; j++) {
          const angle = (-2 * Math.PI * ((j * k) % n)) / n;
          wanted[2 * k] += line[2 * j] * Math.cos(angle) - line[2 * j + 1] * Math.sin(angle);
          wanted[2 * k + 1] += line[2 * j] * Math.sin(angle) + line[2 * j + 1] * Math.cos(angle);
        }
      }
      const fft = new ReferenceFft(n);
      const result = line.slice();
      fft.transform(result, false);
      expectClose(result, wanted, { relative: 1e-13 }, `length ${n}`);
      fft.transform(result, true);
      expectClose(
        result.map((value) => value / n),
        line,
        { relative: 1e-13 },
        `length ${n} and back`,
      );
    }
  });

  test.each(parities)("rfft2 and irfft2 are the formulas of docs/numerics.md#transforms at %dx%d", (H, W) => {
    const K = halfWidth(W);
    const x = realTensor([H, W], 1);
    const z = spectrumTensor(H, W, 2);
    const spectrum = new Float64Array(2 * H * K);
    const image = new Float64Array(H * W);
    for (let ky = 0; ky < H; ky++) {
      for (let kx = 0; kx < K; kx++) {
        const bin = 2 * (ky * K + kx);
        for (let m = 0; m < H; m++) {
          for (let n = 0; n < W; n++) {
            const theta = 2 * Math.PI * ((ky * m) / H + (kx * n) / W);
            spectrum[bin] += x.data[m * W + n] * Math.cos(theta);
            spectrum[bin + 1] -= x.data[m * W + n] * Math.sin(theta);
            image[m * W + n] += (weight(kx, W) * (z.data[bin] * Math.cos(theta) - z.data[bin + 1] * Math.sin(theta))) / (H * W);
          }
        }
      }
    }
    expectClose(forward(x).data, spectrum, { relative: 1e-13 }, "rfft2");
    expectClose(inverse(z, W).data, image, { relative: 1e-13 }, "irfft2");
    const scaled = spectrum.map((value, i) => (value * weight((i >> 1) % K, W)) / (H * W));
    expectClose(forward(x, true).data, scaled, { relative: 1e-13 }, "weighted rfft2");
    const unscaled = { ...z, data: z.data.map((value, i) => (value * H * W) / weight((i >> 1) % K, W)) };
    expectClose(inverse(z, W, true).data, inverse(unscaled, W).data, { relative: 1e-13 }, "weighted irfft2");
  });

  test.each(parities)("adjoints and projection at %dx%d", (H, W) => {
    const x = realTensor([H, W], 3);
    const z = spectrumTensor(H, W, 4);
    for (const weighted of [false, true]) {
      expect(dot(forward(x, weighted).data, z.data)).toBeCloseTo(dot(x.data, inverse(z, W, !weighted).data), 9);
    }
    const other = spectrumTensor(H, W, 5);
    expect(dot(project(z, W).data, other.data)).toBeCloseTo(dot(z.data, project(other, W).data), 9);
    expectClose(inverse(project(z, W), W).data, inverse(z, W).data, { relative: 1e-13 }, "irfft2 projects");
    expectClose(forward(inverse(z, W)).data, project(z, W).data, { relative: 1e-13 }, "inverse then forward");
    expectClose(inverse(forward(x), W).data, x.data, { relative: 1e-13 }, "forward then inverse");
  });
});

describe("plans", () => {
  const product = (radices: readonly number[]): number => radices.reduce((value, radix) => value * radix, 1);

  function check(plan: FftPlan): void {
    if (plan.kind === "local") {
      expect(product(plan.radices)).toBe(plan.n);
      expect(Math.max(1, ...plan.radices)).toBeLessThanOrEqual(16);
      expect(16 * plan.n).toBeLessThanOrEqual(baseline.workgroupBytes);
    } else if (plan.kind === "fourStep") {
      expect(plan.first.n * plan.second.n).toBe(plan.n);
      check(plan.first);
      check(plan.second);
    } else {
      expect(plan.inner.n).toBeGreaterThanOrEqual(2 * plan.n - 1);
      // Otherwise a large prime would cost more than n log n.
      expect(plan.inner.n).toBeLessThanOrEqual(4 * plan.n);
      check(plan.inner);
    }
  }

  test("lengths up to a million have a plan within the default limits", () => {
    for (let n = 1; n <= 4096; n += n < 1024 ? 1 : 13) check(planFft(n, baseline));
    for (const n of [16384, 65536, 10007, 99991, 1 << 20]) check(planFft(n, baseline));
  });

  test("prints", () => {
    expect(printFftPlan(planFft(150, baseline))).toBe("150 = 15 * 10");
    expect(printFftPlan(planFft(13, baseline))).toBe("13 in registers");
    expect(printFftPlan(planFft(97, baseline))).toBe("97 by Bluestein over 195 = 15 * 13");
    expect(printFftPlan(planFft(4096, baseline))).toBe("4096 in two dispatches (64 = 8 * 8; 64 = 8 * 8)");
  });

  test("lengths beyond two dispatches are refused with a reason", () => {
    expect(() => planFft(3_000_017, baseline)).toThrow("3000017 points is too long");
  });
});

interface Outputs {
  readonly forward: ArrayLike<number>;
  readonly weightedForward: ArrayLike<number>;
  readonly inverse: ArrayLike<number>;
  readonly weightedInverse: ArrayLike<number>;
}

/** All four transforms of each shape, in one plan: shaders and dispatches are shared where they can be. */
function transformGraph(shapes: readonly (readonly number[])[]): Graph {
  const builder = new GraphBuilder({ span: { start: 0, end: 0 }, layer: "test", role: "forward" });
  const leaf = (name: string, shape: readonly number[]): ReturnType<typeof input.build> => {
    const type: TensorType = { shape, dtype: "f32" };
    return input.build(builder, [], { name, type });
  };
  const results = shapes.flatMap((shape, index) => {
    const width = shape[shape.length - 1];
    const x = leaf(`x${index}`, shape);
    const z = asComplex(builder, leaf(`z${index}`, [...shape.slice(0, -1), halfWidth(width), 2]));
    const nodes = {
      forward: asReal(builder, rfft2.build(builder, [x], { weighted: false })),
      weightedForward: asReal(builder, rfft2.build(builder, [x], { weighted: true })),
      inverse: irfft2.build(builder, [z], { width, weighted: false }),
      weightedInverse: irfft2.build(builder, [z], { width, weighted: true }),
    };
    return Object.entries(nodes).map(([name, node]) => ({ name: `${name}${index}`, kind: "output" as const, node }));
  });
  return { name: "test", results };
}

describe.skipIf(gpuMissing !== undefined)("on the GPU", () => {
  const device = suiteDevice();

  async function check(shapes: readonly (readonly number[])[]): Promise<void> {
    const graph = transformGraph(shapes);
    const plan = graphPlan(graph, baseline);
    const executor = await openExecutor(plan, device(), { warm: false });
    const values = new Map(
      plan.programs["test"].inputs.map(({ name, shape }, index): [string, Tensor] => [
        name,
        { shape, dtype: "f32", data: normals(elementCount(shape), index).map(Math.fround) },
      ]),
    );
    const valueOf = (name: string): Float64Array => values.get(name)?.data ?? new Float64Array(0);
    const actual = await executor.run(
      "test",
      Object.fromEntries([...values].map(([name, tensor]) => [name, Float32Array.from(tensor.data)])),
    );
    await executor.close();
    const wanted = interpret(graph, { inputs: values, params: new Map() });
    shapes.forEach((shape, index) => {
      for (const [name, tensor] of wanted) {
        if (name.endsWith(`e${index}`) || name.endsWith(`d${index}`))
          expectClose(actual[name], tensor.data, { relative: transformTolerance(shape) }, `${name} of ${shape.join("x")}`);
      }
      const of = (name: keyof Outputs): ArrayLike<number> => actual[`${name}${index}`];
      const [x, z] = [valueOf(`x${index}`), valueOf(`z${index}`)];
      const norm = (a: ArrayLike<number>): number => Math.sqrt(dot(a, a));
      expect(Math.abs(dot(of("forward"), z) - dot(x, of("weightedInverse"))), `adjoint of rfft2 at ${shape.join("x")}`).toBeLessThanOrEqual(
        1e-5 * norm(of("forward")) * norm(z),
      );
      expect(
        Math.abs(dot(of("inverse"), x) - dot(z, of("weightedForward"))),
        `adjoint of irfft2 at ${shape.join("x")}`,
      ).toBeLessThanOrEqual(1e-5 * norm(of("inverse")) * norm(x));
    });
  }

  // Compiling takes a software driver most of this file's time: about a second for each new size along each axis.
  const allSizes = process.env["SPECC_ALL_SIZES"] === "1";
  const minutes = 10 * 60_000;

  test(
    "sizes 1 and 2, all parities",
    () =>
      check([
        [1, 1],
        [1, 2],
        [2, 1],
        [3, 1, 7],
        [8, 1],
        [2, 2],
        [3, 3, 2],
        [2, 2, 3],
        [3, 5, 8],
      ]),
    minutes,
  );

  /**
   * n rows of 65 - n columns: by default every third size from 1 to 64 along one axis, with SPECC_ALL_SIZES=1 each along both.
   * Three planes: an odd number of rows in all where n is odd.
   */
  for (let first = 1; first <= (allSizes ? 64 : 32); first += 8) {
    const rows = Array.from({ length: 8 }, (_, i) => first + i).filter((n) => allSizes || n % 3 === 1);
    test(`${rows.join(", ")} rows of 65 less that`, () => check(rows.map((n) => [3, n, 65 - n])), minutes);
  }

  test.each([
    [75, 97],
    [150, 224],
    [225, 256],
    [331, 512],
  ] as const)("%dx%d", (H, W) => check([[1, H, W]]), minutes);

  test.runIf(allSizes).each([
    [97, 75],
    [224, 225],
    [256, 331],
    [512, 150],
    [149, 127],
    [343, 375],
    [500, 211],
    [600, 860],
    [128, 640],
  ] as const)("%dx%d", (H, W) => check([[1, H, W]]), minutes);

  test(
    "1024 both ways, and a prime above what a workgroup holds",
    () =>
      check([
        [1, 1024, 2],
        [3, 1, 1024],
        [3, 1, 1009],
      ]),
    minutes,
  );

  test.runIf(allSizes)(
    "lengths over global memory",
    () =>
      check([
        [2, 2048, 3],
        [1, 3, 4096],
        [3, 1, 16384],
        [1, 2053, 2],
      ]),
    minutes,
  );

  test(
    "64x64 in a batch, 320x640",
    () =>
      check([
        [2, 5, 64, 64],
        [1, 320, 640],
      ]),
    minutes,
  );
});
