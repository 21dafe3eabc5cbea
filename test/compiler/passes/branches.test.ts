/** @file Small branches: their kernels stand side by side in one module, no name in it is declared twice, and the numbers stay right. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { baseline, software } from "../../../src/compiler/lower/target.ts";
import type { Device } from "../../../src/runtime/index.ts";
import { expectClose } from "../../support/close.ts";
import { gpuMissing, openTestDevice } from "../../support/gpu.ts";
import { compileText, drawInputs, drawParams, runInReference, runOnDevice } from "../../support/small-network.ts";

const branches = [
  "conv spatial 1x1 1",
  "conv spatial 1x1 2 -> relu",
  "conv spatial 2x3 1 -> tanh",
  "conv spatial 2x2 2",
  "conv spectral free 1",
  "conv spectral gaussian 2",
  "id",
];

/** Every two of them, and twice the same. */
const pairs = branches.flatMap((first, index) => branches.slice(index).map((second) => [first, second] as const));
const programOf = (size: string, first: string, second: string): string =>
  `input ${size} -> concat[${first} | ${second}] -> flatten -> dense 2\ntrain { batch: 2 }\n`;

/** Names that a module declares, as often as it does. */
function declaredIn(wgsl: string): readonly string[] {
  return [...wgsl.matchAll(/^\s*(?:@group\(0\) @binding\(\d+\) )?(?:fn|struct|const|override|var(?:<[^>]*>)?) (\w+)/gm)].map(
    ([, name]) => name,
  );
}

/** Of every declaration outside of functions. */
const outside = (wgsl: string): readonly string[] =>
  declaredIn(wgsl.replace(/^(?:fn|@compute)[\s\S]*?^\}/gm, (text) => text.split("{")[0]));

test.each(["2x4x1", "5x3x2"])("two small branches at %s declare every name once", (size) => {
  let beside = 0;
  for (const [first, second] of pairs)
    for (const target of [baseline, software]) {
      const { plan } = compileText(programOf(size, first, second), { programs: ["train", "infer"], target });
      beside += plan.kernels.filter(({ label }) => label.includes(" + ")).length;
      for (const { label, wgsl } of plan.kernels) {
        const names = outside(wgsl);
        expect(names.length, label).toBeGreaterThan(0);
        expect([...new Set(names)], `${first} | ${second}: ${label}`).toEqual(names);
      }
    }
  // They do stand side by side.
  expect(beside).toBeGreaterThan(pairs.length);
});

describe.skipIf(gpuMissing !== undefined)("on the adapter", () => {
  let device: Device;
  beforeAll(async () => {
    device = await openTestDevice();
  });
  afterAll(() => device.close());

  test.each([
    ["2x4x1", "conv spatial 1x1 1", "conv spatial 1x1 1"],
    ["2x4x1", "conv spatial 1x1 2 -> relu", "conv spatial 2x3 1 -> tanh"],
    ["5x3x2", "conv spatial 2x2 2", "conv spatial 3x3 2"],
    ["4x4x1", "conv spectral free 1", "conv spatial 1x1 1"],
  ])("at %s %s and %s give the reference's outputs, loss and gradients", async (size, first, second) => {
    const compiled = compileText(programOf(size, first, second), { programs: ["gradient"] });
    const [params, inputs] = [drawParams(compiled.plan), drawInputs(compiled.plan, "gradient")];
    const wanted = runInReference(compiled, "gradient", params, inputs);
    const found = await runOnDevice(compiled, "gradient", device, params, inputs);
    expect([...found.keys()].sort()).toEqual([...wanted.keys()].sort());
    for (const [name, values] of wanted)
      expectClose(found.get(name) ?? [], values, { relative: name.startsWith("grad.") ? 1e-4 : 1e-5, absolute: 1e-7, scale: "norm" }, name);
  });
});
