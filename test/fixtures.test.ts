/** @file Outputs, losses and gradients of whole networks against PyTorch in double precision. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { optionalPasses } from "../src/compiler/pipeline.ts";
import type { Device } from "../src/runtime/index.ts";
import { expectClose } from "./support/close.ts";
import { networkNames, readNetwork } from "./support/fixture.ts";
import type { NetworkFixture } from "./support/fixture.ts";
import { gpuMissing, openTestDevice } from "./support/gpu.ts";
import { gradientOnCpu, gradientOnDevice } from "./support/gradient.ts";
import type { GradientResult } from "./support/gradient.ts";

const names = networkNames();

/**
 * What runs on the GPU: one of each kind, because software drivers compile every kernel of every size for most of a
 * second. SPECC_EVERY_FIXTURE=1 runs them all: minutes on a GPU, a quarter of an hour on a processor.
 */
const onDevice = [
  "one-full-gaussian", "one-depthwise-gabor", "one-weighted-linear", "mix-00", "filter-kitchen-zero", "code-bump",
  "spectral-modulus-ortho", "residual-project-spectrum", "spatial-wrap-stride-2", "pool-max", "shared", "head-bce-one",
  "signal-45", "add-twins",
];
const deviceNames = process.env["SPECC_EVERY_FIXTURE"] === "1" ? names : onDevice;

function norm(values: ArrayLike<number>): number {
  return Math.hypot(...Array.from(values));
}

/**
 * @param outputs relative to the largest output
 * @param loss relative to max(1, |loss|)
 * @param gradient of each tensor, relative to its own norm; and to the norm of the whole gradient where cancellation
 *   leaves next to nothing of a tensor
 */
interface Bounds {
  readonly outputs: number;
  readonly loss: number;
  readonly gradient: number;
  readonly cancelled: number;
}

/** f64 against f64: rounding through sums of some thousand terms. */
const exact: Bounds = { outputs: 1e-9, loss: 1e-9, gradient: 1e-9, cancelled: 1e-12 };
/** The whole-network check of NUMERICS section 16; its 2e-5 of the sum of magnitudes is what `cancelled` stands for. */
const device32: Bounds = { outputs: 1e-5, loss: 1e-5, gradient: 1e-4, cancelled: 1e-6 };

function compare(fixture: NetworkFixture, result: GradientResult, bounds: Bounds): void {
  expect([...result.shapes.keys()].sort(), "weight paths").toEqual([...fixture.params.keys()].sort());
  for (const [path, { shape }] of fixture.params) expect(result.shapes.get(path), `shape of ${path}`).toEqual(shape);
  expectClose(result.outputs, fixture.outputs.data, { relative: bounds.outputs }, "outputs");
  expectClose([result.loss], [fixture.loss], { absolute: bounds.loss * Math.max(1, Math.abs(fixture.loss)) }, "loss");
  expect([...result.gradients.keys()].sort(), "gradients").toEqual([...fixture.gradients.keys()].sort());
  const whole = norm([...fixture.gradients.values()].map(({ data }) => norm(data)));
  for (const [path, { data }] of fixture.gradients) {
    expectClose(result.gradients.get(path) ?? [], data, { relative: bounds.gradient, absolute: bounds.cancelled * whole, scale: "norm" }, `grad.${path}`);
  }
}

test("the fixtures are there", () => {
  expect(names.length).toBeGreaterThan(200);
  expect(names).toEqual(expect.arrayContaining(onDevice));
});

describe("the reference", () => {
  test.each(names)("%s", (name) => {
    const fixture = readNetwork(name);
    compare(fixture, gradientOnCpu(fixture), exact);
  });

  test.each(optionalPasses.map((pass) => pass.name))("means the same without the pass %s", (pass) => {
    for (const name of names.filter((_, index) => index % 5 === 0)) {
      const fixture = readNetwork(name);
      compare(fixture, gradientOnCpu(fixture, [pass]), exact);
    }
  });
});

describe.skipIf(gpuMissing !== undefined)("the GPU", () => {
  let device: Device;
  beforeAll(async () => {
    device = await openTestDevice();
  });
  afterAll(async () => {
    await device.close();
  });

  test.each(deviceNames)("%s", async (name) => {
    const fixture = readNetwork(name);
    compare(fixture, await gradientOnDevice(fixture, device), device32);
  }, 180_000);
});
