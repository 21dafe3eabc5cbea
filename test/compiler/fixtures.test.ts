/** @file Outputs, losses and gradients of whole networks against PyTorch in double precision. */

import { describe, expect, test } from "vitest";
import { optionalGraphPasses } from "../../src/compiler/passes/pipeline.ts";
import { compare, device32, exact } from "../support/compare-gradients.ts";
import { networkNames, readNetwork } from "../support/fixture.ts";
import { gpuMissing, suiteDevice } from "../support/gpu.ts";
import { gradientOnCpu, gradientOnDevice } from "../support/gradient.ts";

const names = networkNames();

/**
 * What runs on the GPU: one of each kind, because software drivers compile every kernel of every size for most of a
 * second. SPECC_EVERY_FIXTURE=1 runs them all: minutes on a GPU, a quarter of an hour on a processor.
 */
const onDevice = [
  "one-full-gaussian",
  "one-depthwise-gabor",
  "one-weighted-linear",
  "mix-00",
  "filter-kitchen-zero",
  "code-bump",
  "spectral-modulus-ortho",
  "residual-project-spectrum",
  "spatial-wrap-stride-2",
  "pool-max",
  "shared",
  "head-bce-one",
  "signal-45",
  "add-twins",
];
const deviceNames = process.env["SPECC_EVERY_FIXTURE"] === "1" ? names : onDevice;

test("the fixtures are there", () => {
  expect(names.length).toBeGreaterThan(200);
  expect(names).toEqual(expect.arrayContaining(onDevice));
});

describe("the reference", () => {
  test.each(names)("%s", (name) => {
    const fixture = readNetwork(name);
    compare(fixture, gradientOnCpu(fixture), exact);
  });

  // Those over dispatches have none in the reference.
  test.each(optionalGraphPasses.map((pass) => pass.name))("means the same without the pass %s", (pass) => {
    for (const name of names.filter((_, index) => index % 8 === 0)) {
      const fixture = readNetwork(name);
      compare(fixture, gradientOnCpu(fixture, [pass]), exact);
    }
  });
});

describe.skipIf(gpuMissing !== undefined)("the GPU", () => {
  const device = suiteDevice();

  test.each(deviceNames)(
    "%s",
    async (name) => {
      const fixture = readNetwork(name);
      compare(fixture, await gradientOnDevice(fixture, device()), device32);
    },
    180_000,
  );
});
