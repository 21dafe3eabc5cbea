/**
 * @file Time by kernel: attributed to the right dispatch with either clock, named by the right line, and without a trace in
 * the training.
 */

import { readFile, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { compileNetwork } from "../../src/compiler/compile.ts";
import { profileLines } from "../../src/runs/profile.ts";
import { openDevice, openSession, readTensors } from "../../src/runtime/index.ts";
import { accumulatorPlan } from "../support/accumulator-plan.ts";
import { specc, trainWords } from "../support/cli.ts";
import { suiteFolder } from "../support/folder.ts";
import { gpuMissing } from "../support/gpu.ts";
import { networkOf } from "../support/gradient.ts";
import { compileText, drawInputs, drawParams, graphOfProgram } from "../support/small-network.ts";
import { writeStripes } from "../support/stripes.ts";

const text = `spec 1

let block =
  conv spectral gaussian 2
    -> relu

input 8x8x1
  -> 2 * block
  -> dense softmax 2

train { optimizer: adam { lr: 0.02 }, epochs: 2, batch: 4, split: 75% }
`;

describe("the lines of a profile", () => {
  const network = networkOf("profile", text);
  const graph = graphOfProgram(compileNetwork(network), "train");

  test("name the stage that a kernel works for, the longest first", () => {
    const labels = [
      "block.1/conv.1 forward rows",
      "dense.1 backward sum",
      "block.2/relu.1 backward map",
      "dense.1 backward sum",
      "optimizer update update",
    ];
    expect(profileLines(labels, [2, 3, 1, 4, 0], network, graph)).toEqual([
      {
        share: 0.7,
        milliseconds: 7,
        dispatches: 2,
        kernel: "dense.1 backward sum",
        place: { file: "profile.spec", line: 9, text: "dense softmax 2" },
      },
      {
        share: 0.2,
        milliseconds: 2,
        dispatches: 1,
        kernel: "block.1/conv.1 forward rows",
        place: { file: "profile.spec", line: 4, text: "conv spectral gaussian 2" },
      },
      {
        share: 0.1,
        milliseconds: 1,
        dispatches: 1,
        kernel: "block.2/relu.1 backward map",
        place: { file: "profile.spec", line: 5, text: "relu" },
      },
      {
        share: 0,
        milliseconds: 0,
        dispatches: 1,
        kernel: "optimizer update update",
        place: { file: "profile.spec", line: 11, text: "optimizer: adam { lr: 0.02 }" },
      },
    ]);
  });

  test("know an origin for every kernel of the plan, and none for an optimizer that nobody wrote", () => {
    const { plan, graphs } = compileNetwork(network);
    const labels = plan.programs["train"].steps.map(({ label }) => label);
    expect(
      profileLines(
        labels,
        labels.map(() => 1),
        network,
        graphs.get("train") ?? graph,
      ).every(({ place }) => place !== null),
    ).toBe(true);
    const bare = networkOf("bare", text.replace(/\ntrain.*\n/, ""));
    const [line] = profileLines(["optimizer update update"], [1], bare, graphOfProgram(compileNetwork(bare), "train"));
    expect(line.place).toBeNull();
  });
});

describe.skipIf(gpuMissing !== undefined)("timing on the adapter", () => {
  test.each([
    ["waits", false],
    ["timestamps", true],
  ] as const)("by %s gives the time to the dispatch that takes it, and leaves no trace", async (method, timestamps) => {
    const device = await openDevice({ timestamps });
    const { plan } = compileText("spec 1\ninput 64x64x3 -> conv spatial 3x3 16 -> relu -> gap -> dense softmax 2\ntrain { batch: 4 }\n");
    const session = await openSession(plan, device);
    const expected = timestamps && device.adapter.features.includes("timestamp-query") ? "timestamps" : "waits";
    const params = drawParams(plan);
    await session.writeParams(params);
    const state = await session.readState();
    const inputs = drawInputs(plan, "train");
    await session.run("train", inputs);
    await session.writeParams(params);
    await session.writeState(state);
    const { bytes } = device.counters;
    const timing = await session.time?.("train", inputs, 3);
    expect(timing?.method, method).toBe(expected);
    const { steps } = plan.programs["train"];
    expect(timing?.steps).toHaveLength(steps.length);
    expect(timing?.steps.every((time) => time >= 0)).toBe(true);
    // 7 million multiply-adds against two numbers.
    const timeOf = (label: RegExp): number =>
      Math.max(...steps.flatMap((step, i) => (label.test(step.label) ? [timing?.steps[i] ?? 0] : [])));
    expect(timeOf(/^conv.1 forward/)).toBeGreaterThan(2 * timeOf(/^dense.1 forward/));
    expect(timing?.whole).toBeGreaterThan(timeOf(/^conv.1 forward/) / 2);
    expect([await session.readParams(), await session.readState()]).toEqual([params, state]);
    // The pool keeps one staging buffer for the timestamps; nothing else is left.
    expect(device.counters.bytes - bytes).toBeLessThanOrEqual(
      16 * steps.length + [...params.values()].reduce((sum, { byteLength }) => sum + byteLength + 256, 0) * 4,
    );
    await session.close();
    expect(device.counters.bytes).toBe(0);
    await device.close();
  });

  test("refuses what the program refuses, and frees what it took", async () => {
    const device = await openDevice({ timestamps: true });
    const session = await openSession(accumulatorPlan(), device);
    const { bytes } = device.counters;
    await expect(session.time?.("train", {}, 1)).rejects.toThrow("no program `train`; the plan has step, forward");
    await expect(session.time?.("forward", {}, 1)).rejects.toThrow("needs the input `x`");
    await session.close();
    expect(device.counters.bytes).toBe(0);
    expect(bytes).toBeGreaterThan(0);
    await device.close();
  });
});

describe.skipIf(gpuMissing !== undefined)("specc train --profile", () => {
  const at = suiteFolder("specc-profile-");
  const words = (run: string, ...more: string[]): readonly string[] => trainWords(at, run, ...more);

  beforeAll(async () => {
    await writeFile(at("net.spec"), text);
    await writeStripes(at("data"), 6);
  });

  test("prints a table with lines of the program, then trains to the same bits as without", async () => {
    const { code, stdout, stderr } = await specc(words("profiled", "--profile"));
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^profile of one training step: median of 20, by (the device's timestamps|submitting each dispatch alone)/m);
    expect(stdout).toMatch(/^ *\d+\.\d % +\d+\.\d{3} +\d+ {2}block\.1\/conv\.1 backward [^\n]*net\.spec:4 {2}conv spectral gaussian 2$/m);
    expect(stdout.indexOf("profile of")).toBeLessThan(stdout.indexOf("epoch 1/2"));
    const plain = await specc(words("plain", "--json"));
    expect(plain.code, plain.stderr).toBe(0);
    expect(plain.records().some(({ type }) => type === "profile")).toBe(false);
    for (const name of ["last", "last.state"]) {
      // The headers hold times.
      const [a, b] = await Promise.all(
        ["profiled", "plain"].map(async (run) => readTensors(await readFile(at(run, "weights", `${name}.safetensors`))).tensors),
      );
      expect(a).toEqual(b);
    }
  });

  test("--json gives the same as an event, whose shares make a whole", async () => {
    const { code, stderr, records } = await specc(words("json", "--profile", "--json", "--epochs", "1"));
    expect(code, stderr).toBe(0);
    const event = records().find(({ type }) => type === "profile");
    expect(event).toMatchObject({ steps: 20 });
    const kernels = event?.["kernels"] as { share: number; milliseconds: number; kernel: string; place: unknown }[];
    expect(kernels.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 6);
    expect(kernels.map(({ milliseconds }) => milliseconds)).toEqual(kernels.map(({ milliseconds }) => milliseconds).sort((a, b) => b - a));
    expect(kernels.every(({ place }) => place !== null)).toBe(true);
  });
});

test("--profile wants an adapter", async () => {
  const { code, stderr } = await specc(["train", "examples/wood2021-paper.spec", "--data", "test", "--device", "cpu", "--profile"]);
  expect(stderr).toBe(
    "error: --profile times kernels, and `--device cpu` has none\n  help: leave out --profile, or choose a WebGPU adapter\n",
  );
  expect(code).toBe(1);
});
