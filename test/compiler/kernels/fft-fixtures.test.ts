/** @file rfft2, irfft2 and their adjoints against PyTorch, on spectra that no real image has. */

import { describe, expect, test } from "vitest";
import type { Graph } from "../../../src/compiler/graph/graph.ts";
import type { TensorType } from "../../../src/compiler/graph/types.ts";
import { irfft2, rfft2 } from "../../../src/compiler/ops/fft.ts";
import { halfWidth } from "../../../src/plan/shape.ts";
import { expectClose } from "../../support/close.ts";
import { readTransforms } from "../../support/fixture.ts";
import { gpuMissing, suiteDevice } from "../../support/gpu.ts";
import { graphOf, runOnGpu, runReference } from "../../support/graph-runner.ts";

const tensors = readTransforms();
const sizes = [...new Set([...tensors.keys()].map((name) => name.split("/")[0]))];
const inputNames = ["x", "R", "G", "g"];
const outputNames = ["rfft2(x)", "irfft2(R)", "rfft2_adjoint(G)", "irfft2_adjoint(g)"];

function values(size: string, name: string): Float64Array {
  const tensor = tensors.get(`${size}/${name}`);
  if (tensor === undefined) throw new Error(`no ${name} of ${size}`);
  return tensor.data;
}

/** The four transforms of one size, in one graph. */
function transforms(size: string): {
  readonly graph: Graph;
  readonly types: readonly TensorType[];
  readonly inputs: readonly Float64Array[];
} {
  const [H, W] = size.split("x").map(Number);
  const image: TensorType = { shape: [1, 1, H, W], dtype: "f32" };
  const spectrum: TensorType = { shape: [1, 1, H, halfWidth(W)], dtype: "c32" };
  const types = [image, spectrum, spectrum, image];
  const graph = graphOf(types, (builder, [x, R, G, g]) => [
    rfft2.build(builder, [x], { weighted: false }),
    irfft2.build(builder, [R], { width: W, weighted: false }),
    irfft2.build(builder, [G], { width: W, weighted: true }),
    rfft2.build(builder, [g], { weighted: true }),
  ]);
  return { graph, types, inputs: inputNames.map((name) => values(size, name)) };
}

function compare(size: string, results: readonly ArrayLike<number>[], relative: number): void {
  outputNames.forEach((name, index) => expectClose(results[index], values(size, name), { relative }, `${name} of ${size}`));
}

test("there are sizes of all parities", () => {
  expect(sizes).toEqual(expect.arrayContaining(["1x1", "5x7", "5x8", "6x7", "6x8", "1x1009"]));
});

test.each(sizes)("reference %s", (size) => {
  const { graph, types, inputs } = transforms(size);
  // The interpreter wants complex inputs as the pairs that the graph takes.
  const given = types.map((type): TensorType => (type.dtype === "c32" ? { shape: [...type.shape, 2], dtype: "f32" } : type));
  compare(size, runReference(graph, given, inputs), 1e-12);
});

describe.skipIf(gpuMissing !== undefined)("on the GPU", () => {
  const device = suiteDevice();

  const longestOf = (size: string): number => Math.max(...size.split("x").map(Number));

  // Drivers compile each length anew, for seconds: long ones are the business of test/compiler/kernels/fft.test.ts.
  test.each(sizes.filter((size) => longestOf(size) <= 33))("%s", async (size) => {
    const { graph, inputs } = transforms(size);
    const longest = longestOf(size);
    compare(size, await runOnGpu(device(), graph, inputs), 5e-7 * Math.max(1, Math.log2(longest)));
  });
});
