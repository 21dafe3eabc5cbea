/** @file `norm layer`: what it computes on images, vectors and signals, and its gradients on the reference and on the adapter. */

import { writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { specc } from "../../support/cli.ts";
import { suiteFolder } from "../../support/folder.ts";
import { gpuMissing } from "../../support/gpu.ts";
import { gradientOnCpu, networkOf } from "../../support/gradient.ts";

const at = suiteFolder("specc-norm-");

const [B, H, W, C] = [2, 3, 4, 2];
const gain = [1.5, -0.5];
const offset = [0.25, 2];

/** Mean 0 and variance 1 over each row, before gain and offset. */
function normalised(row: readonly number[]): readonly number[] {
  const mean = row.reduce((sum, x) => sum + x, 0) / row.length;
  const variance = row.reduce((sum, x) => sum + (x - mean) ** 2, 0) / row.length;
  return row.map((x) => (x - mean) / Math.sqrt(variance + 1e-5));
}

test("an image: mean and variance of all its numbers, gain and offset of the channel", () => {
  const images = Float64Array.from({ length: B * H * W * C }, (_, index) => Math.fround(100 + Math.sin(index * index)));
  const column = (data: readonly number[]): { shape: number[]; data: Float64Array } => ({ shape: [C], data: Float64Array.from(data) });
  const spec = `input ${H}x${W}x${C} -> norm layer -> flatten`;
  const { outputs } = gradientOnCpu(
    {
      name: "norm",
      spec,
      params: new Map([
        ["norm.1.gain", column(gain)],
        ["norm.1.offset", column(offset)],
      ]),
      images: { shape: [B, H, W, C], data: images },
      labels: Int32Array.from([0, 1]),
      outputs: { shape: [B, H * W * C], data: new Float64Array() },
      loss: 0,
      gradients: new Map(),
    },
    [],
    networkOf("norm", spec),
  );
  for (let b = 0; b < B; b++) {
    const wanted = normalised([...images.subarray(b * H * W * C, (b + 1) * H * W * C)]);
    for (let c = 0; c < C; c++) {
      for (let pixel = 0; pixel < H * W; pixel++)
        expect(outputs[(b * C + c) * H * W + pixel]).toBeCloseTo(gain[c] * wanted[pixel * C + c] + offset[c], 9);
    }
  }
});

describe.each([
  [
    "images and vectors",
    "input 6x5x3 -> conv spatial 3x3 4 -> norm layer -> relu -> conv spectral gaussian 4 -> norm layer -> relu -> dense 5 " +
      "-> norm layer -> tanh -> dense softmax 3",
  ],
  ["signals", "input 12x2 -> conv spatial 3 4 -> norm layer -> relu -> gap -> dense softmax 2"],
])("gradients of %s", (name, program) => {
  test("agree with finite differences", async () => {
    const path = at(`${name}.spec`);
    await writeFile(path, `spec 1\n\n${program}\n`);
    const { code, stdout, stderr } = await specc(["check", path, "--grad", "--device", "cpu"]);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain("all gradients agree");
  });
});

test.skipIf(gpuMissing !== undefined)("the adapter agrees with the reference", async () => {
  const path = at("device.spec");
  await writeFile(path, "spec 1\n\ninput 6x5x3 -> conv spatial 3x3 4 -> norm layer -> relu -> gap -> dense softmax 3\n");
  const { code, stdout, stderr } = await specc(["check", path, "--grad"]);
  expect(code, stderr).toBe(0);
  expect(stdout).toContain("all gradients agree");
});
