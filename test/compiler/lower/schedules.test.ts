/**
 * @file Schedules: every choice changes some program, none changes what it computes, and a class of adapters asks for no more
 * than it uses.
 */

import { describe, expect, test } from "vitest";
import { limitsOf } from "../../../src/compiler/assemble/assemble.ts";
import { compileNetwork } from "../../../src/compiler/compile.ts";
import { planFft } from "../../../src/compiler/kernels/fft/plan.ts";
import { changesText, knobs, readSchedule, scheduleOf } from "../../../src/compiler/lower/knobs.ts";
import type { Target } from "../../../src/compiler/lower/target.ts";
import { baseline, large, software } from "../../../src/compiler/lower/target.ts";
import type { AdapterDescription } from "../../../src/runtime/index.ts";
import { targetFor } from "../../../src/train/open.ts";
import { programHash } from "../../../src/train/tune-network.ts";
import { gpuMissing, suiteDevice } from "../../support/gpu.ts";
import { networkOf } from "../../support/gradient.ts";
import { drawInputs, drawParams, runInReference, runOnDevice } from "../../support/small-network.ts";

/** Every kind of kernel that has a choice. */
const text = (size: string, filters: number): string => `input ${size}x3
  -> conv spatial 3x3 ${filters} -> relu
  -> conv spectral gaussian ${filters} -> relu
  -> conv spectral gaussian ${filters} { channels: full } -> relu
  -> dense tanh 8 -> dense softmax 2
train { batch: 5 }
`;
const each = [baseline, software].flatMap((target) =>
  knobs.flatMap(({ name, values }) =>
    values
      .filter((value) => value !== target[name])
      .map((value) => [`${target.name}, ${name} ${String(value)}`, target, { ...target, [name]: value } as Target] as const),
  ),
);

describe("the candidates", () => {
  test("hold every class's own schedule", () => {
    for (const target of [baseline, large, software]) expect(readSchedule(scheduleOf(target))).toEqual(scheduleOf(target));
    expect(Object.keys(scheduleOf(baseline)).sort()).toEqual(knobs.map(({ name }) => name).sort());
  });

  const large150 = networkOf("choices", text("150x150", 16));
  const programs = (schedule: Target): string => programHash(compileNetwork(large150, { programs: ["gradient"], target: schedule }).plan);
  const usual = new Map([baseline, software].map((target) => [target, programs(target)]));

  test.each(each)("%s makes another program", (_title, target, changed) => {
    // How many lanes have lines of their own is no choice where none has.
    if (target.linePerLane || changed.lineLanes === target.lineLanes) expect(programs(changed)).not.toBe(usual.get(target));
    else expect(programs(changed)).toBe(usual.get(target));
  });

  test("are read back, and nothing else is", () => {
    const schedule = { ...scheduleOf(baseline), fftLines: 16 };
    expect(readSchedule(JSON.parse(JSON.stringify(schedule)))).toEqual(schedule);
    expect(changesText(schedule, baseline)).toBe("fftLines 16");
    for (const wrong of [null, 3, {}, { ...schedule, fftLines: 17 }, { ...schedule, more: 1 }, { ...schedule, leaveOut: "simplify" }])
      expect(readSchedule(wrong)).toBeUndefined();
  });
});

describe("classes of adapters", () => {
  const offers = (limits: Record<string, number>, fallback = false): AdapterDescription => ({
    name: "",
    vendor: "",
    architecture: "",
    device: "",
    description: "",
    backend: "",
    features: [],
    fallback,
    limits,
  });

  test("are chosen by what the adapter offers", () => {
    expect(limitsOf(baseline)).toEqual({});
    expect(limitsOf(software)).toEqual({});
    const more = limitsOf(large);
    expect(more).toEqual({
      maxStorageBuffersPerShaderStage: 10,
      maxComputeWorkgroupStorageSize: 32768,
      maxComputeInvocationsPerWorkgroup: 512,
      maxComputeWorkgroupSizeX: 512,
    });
    expect(targetFor(offers(more)).name).toBe("large");
    expect(targetFor(offers(more, true)).name).toBe("software");
    for (const name of Object.keys(more)) expect(targetFor(offers({ ...more, [name]: more[name] - 1 })).name).toBe("baseline");
    expect(targetFor(offers({})).name).toBe("baseline");
  });

  test("with more memory transform longer lines in one kernel", () => {
    expect(planFft(2048, baseline).kind).toBe("fourStep");
    expect(planFft(2048, large).kind).toBe("local");
  });
});

describe.skipIf(gpuMissing !== undefined)("on the adapter", () => {
  const device = suiteDevice({ limits: limitsOf(large) });

  const network = networkOf("choices", text("12x10", 4));
  const reference = compileNetwork(network, { programs: ["gradient"] });
  const [params, inputs] = [drawParams(reference.plan), drawInputs(reference.plan, "gradient")];
  const right = runInReference(reference, "gradient", params, inputs);

  /** Candidate `index` of every choice at once; who shares a line is tried alone, and what is left out in the tests of passes. */
  const together = (index: number): Target => ({
    ...baseline,
    ...Object.fromEntries(
      knobs
        .filter(({ name }) => name !== "leaveOut" && name !== "linePerLane")
        .map(({ name, values }) => [name, values[index % values.length]]),
    ),
  });
  test.each([
    ["large", large],
    ...[0, 1, 2, 3].map((index) => [`candidate ${index} of each choice`, together(index)] as const),
    ["software", software],
    ["software, smaller radices and larger groups", { ...software, largestRadix: 8, lineLanes: 16 }],
  ] satisfies (readonly [string, Target])[])("%s computes the same", async (_title, target) => {
    const compiled = compileNetwork(network, { programs: ["gradient"], target });
    const found = await runOnDevice(compiled, "gradient", device(), params, inputs);
    expect([...found.keys()].sort()).toEqual([...right.keys()].sort());
    for (const [name, values] of right) {
      const norm = Math.hypot(...values);
      // docs/numerics.md#tolerances: the loss 1e-5, a gradient 1e-4 of its own norm.
      const tolerance = name.startsWith("grad.") ? 1e-4 * norm : 1e-5 * Math.max(1, norm);
      const error = Math.hypot(...values.map((value, i) => value - (found.get(name)?.[i] ?? Number.NaN)));
      expect(error, name).toBeLessThanOrEqual(tolerance);
    }
  });
});
