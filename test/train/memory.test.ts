/** @file The memory that `check` prints is the memory that a training run takes: every buffer of the runtime is counted. */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { memoryOf, memoryText } from "../../src/cli/text/memory.ts";
import type { Compiled, CompileOptions } from "../../src/compiler/compile.ts";
import { compileNetwork } from "../../src/compiler/compile.ts";
import { Limitation } from "../../src/compiler/diagnostics/diagnostic.ts";
import { baseline, defaultSizes, software } from "../../src/compiler/lower/target.ts";
import type { Device } from "../../src/runtime/index.ts";
import { initialiseParams, OutOfMemoryError, openSession } from "../../src/runtime/index.ts";
import { readLayout } from "../../src/runtime/slabs.ts";
import { trainReads } from "../../src/runtime/train-step.ts";
import { evaluateReads } from "../../src/train/evaluate.ts";
import { trainingMemory } from "../../src/train/memory.ts";
import { openCompiled, openFitting } from "../../src/train/open.ts";
import { freshProgress, train } from "../../src/train/trainer.ts";
import { specc } from "../support/cli.ts";
import { network } from "../support/elaborated.ts";
import { gpuMissing, openTestDevice } from "../support/gpu.ts";
import { networkOf } from "../support/gradient.ts";
import { stripesFor } from "../support/stripes.ts";

function program(body: string, settings: string): string {
  return `spec 1\ninput 24x20x1 -> ${body}\ntrain { epochs: 1, ${settings} }\n`;
}

const texts: Readonly<Record<string, string>> = {
  "fused spectral layers, adam": program("2 * (conv spectral gaussian 4 -> relu) -> gap -> dense softmax 2", "batch: 8"),
  "spectral layers with mixed channels, momentum": program(
    "conv spectral linear 3 { channels: weighted } -> relu -> conv spectral free 2 { channels: full } -> gap -> dense tanh 2",
    "loss: mse { targets: -1..1 }, optimizer: sgd { momentum: 0.9 }, batch: 8",
  ),
  "spatial layers with pools and dropout, adamw": program(
    "conv spatial 3x3 4 -> relu -> pool max 2 -> dropout 20% -> conv spatial 5x5 4 -> relu -> dense softmax 2",
    "optimizer: adamw, batch: 8",
  ),
  "weights above all": program("dense relu 40 -> dense softmax 2", "batch: 4"),
  "measured constants, plain descent": program(
    "conv spectral gaussian 3 { init: calibrated } -> relu -> dense tanh 1 { init: calibrated }",
    "loss: mse { targets: -1..1 }, optimizer: sgd, batch: 6",
  ),
  "a spectrum with its activation": program(
    "conv spectral gaussian 2 -> relu spectral -> conv spectral gaussian 2 { boundary: zero } -> gap -> dense softmax 2",
    "batch: 5",
  ),
};

const targets = { "the GPU's schedule": baseline, "the software schedule": software, "slabs of 3": { ...baseline, slab: 3 } } as const;

/** What the reads of one step and one evaluation take: how many of them are under way at once depends on the moment. */
function oneRead({ plan }: Compiled): number {
  const bytes = (name: string, want: readonly string[]): number =>
    4 *
    readLayout(
      plan.programs[name].outputs.filter((output) => want.includes(output.name)),
      plan.programs[name],
    ).count;
  return bytes("train", trainReads) + bytes("evaluate", evaluateReads);
}

/** Trains an epoch as the command does. */
async function trained(compiled: Compiled, device: Device): Promise<number> {
  const session = await openSession(compiled.plan, device, { warm: false });
  await session.writeParams(initialiseParams(compiled.plan, 0));
  await train({
    session,
    data: stripesFor(compiled.plan.input, 34, 14),
    from: freshProgress,
    onEvent: () => undefined,
    save: async () => undefined,
  });
  const { bytes } = device.counters;
  await session.close();
  expect(device.counters.bytes).toBe(0);
  return bytes;
}

describe.skipIf(gpuMissing !== undefined)("on the adapter", () => {
  // Each schedule has shaders of its own, which software drivers compile for seconds.
  describe.each(Object.entries(texts).map(([name, text], index) => [name, text, index] as const))("%s", (name, text, index) => {
    test.each(Object.entries(targets).slice(0, index === 0 ? 3 : 1))("take what was foretold: %s", async (_, target) => {
      const device = await openTestDevice();
      const compiled = compileNetwork(networkOf(name, text), { target });
      const { total } = trainingMemory(compiled.plan);
      const bytes = await trained(compiled, device);
      expect(total).toBeGreaterThanOrEqual(bytes);
      expect(total - bytes).toBeLessThanOrEqual(oneRead(compiled));
      expect(total / bytes).toBeLessThan(1.1);
      await device.close();
    });
  });

  test("`check --device` foretells what a run on that adapter takes", async () => {
    const [[name, text]] = Object.entries(texts);
    const network = networkOf(name, text);
    const [line] = await memoryOf(network, undefined, "auto");
    const opened = await openCompiled(compileNetwork(network), "auto");
    expect(line).toEqual({
      on: opened.device?.adapter.name,
      bytes: trainingMemory(opened.compiled.plan).total,
      slabs: null,
      why: null,
      atOnce: null,
    });
    expect(opened.device?.counters.bytes).toBe(trainingMemory(opened.compiled.plan).buffers);
    expect(opened.compiled.target.linePerLane).toBe(opened.device?.adapter.fallback);
    const [slabbed] = await memoryOf(network, 3, "auto");
    expect(slabbed).toMatchObject({ slabs: { images: 3, count: 3 }, why: "no more at once was asked for", atOnce: null });
    await opened.close();
  });

  test("without memory for the batch, slabs are halved until they fit", async () => {
    const [[name, text]] = Object.entries(texts);
    const device = await openTestDevice();
    const compiled = compileNetwork(networkOf(name, text));
    const small = compiled.retarget({ ...baseline, slab: 2 });
    const cramped = withMemory(device, trainingMemory(small.plan).buffers);
    const { session, compiled: fitting } = await openFitting(compiled, cramped);
    expect(fitting.slabs).toEqual({ images: 2, count: 4, cause: { kind: "memory" } });
    expect(session.plan).toBe(fitting.plan);
    expect(device.counters.bytes).toBe(trainingMemory(small.plan).buffers);
    await session.close();
    await expect(openFitting(compiled, withMemory(device, 1000))).rejects.toThrow(OutOfMemoryError);
    expect(device.counters.bytes).toBe(0);
    await device.close();
  });
});

/** The device, with no room for more than so many bytes. */
function withMemory(device: Device, most: number): Device {
  return {
    get gpu() {
      return device.gpu;
    },
    get adapter() {
      return device.adapter;
    },
    get counters() {
      return device.counters;
    },
    get failure() {
      return device.failure;
    },
    get lost() {
      return device.lost;
    },
    createBuffer: (label, sizeBytes, usage) => device.createBuffer(label, sizeBytes, usage),
    destroyBuffer: (buffer) => device.destroyBuffer(buffer),
    submit: (commands, dispatches) => device.submit(commands, dispatches),
    waitFor: (name, work) => device.waitFor(name, work),
    close: () => device.close(),
    scoped: async (what, action) => {
      const result = await device.scoped(what, action);
      if (device.counters.bytes > most) throw new OutOfMemoryError(`${what}: no room`);
      return result;
    },
  };
}

describe("specc check", () => {
  const large = program("conv spatial 3x3 16 -> relu -> gap -> dense softmax 2", "batch: 64").replace("24x20x1", "256x256x1");

  test("tells both schedules at the default limits, and what the whole batch would take", async () => {
    const lines = await memoryOf(networkOf("large", large), undefined, undefined);
    const whole = compileNetwork(networkOf("large", large));
    expect(lines.map(({ on }) => on)).toEqual(["a graphics card", "a software driver"]);
    for (const [index, line] of lines.entries()) {
      expect(line).toMatchObject({
        slabs: { images: 32, count: 2 },
        atOnce: { bytes: trainingMemory(whole.plan).total, bindingBytes: 256 * 2 ** 20 },
      });
      expect(line.bytes).toBe(trainingMemory(whole.retarget({ ...[baseline, software][index], ...defaultSizes }).plan).total);
      expect(line.why).toMatch(/^`conv\.1 \w+ [^`]*` would take a binding of 256\.0 MiB, and 128\.0 MiB is allowed$/);
    }
    expect(memoryText(lines)).toMatch(
      /^GPU memory: [\d.]+ MiB, in 2 slabs of 32 images \([\d.]+ [MG]iB at once, where bindings of 256\.0 MiB are allowed\)$/,
    );
  });

  test("tells what is too large for the default limits", async () => {
    const [line] = await memoryOf(
      networkOf("wide", program("dense relu 2000 -> dense softmax 2", "batch: 2").replace("24x20x1", "256x256x1")),
      undefined,
      undefined,
    );
    expect(line).toMatchObject({ bytes: null, slabs: null });
    expect(line.why).toMatch(/^the weights of this network need memory in one piece of 501 MiB, and at most 128 MiB is allowed$/);
    expect(line.atOnce?.bindingBytes).toBeGreaterThan(500 * 2 ** 20);
  });

  test("prints it in the report, with the reason under --explain, and as a record", async () => {
    const plain = await specc(["check", "examples/tiny.spec"]);
    expect(plain.stdout).toMatch(/^GPU memory: [\d.]+ MiB$/m);
    const { stdout } = await specc(["check", "examples/tiny.spec", "--slab", "3", "--explain"]);
    expect(stdout).toMatch(/^GPU memory: [\d.]+ [KM]iB, in 11 slabs of 3 images$/m);
    expect(stdout).toMatch(/^ {2}11 slabs of 3 images on a graphics card, because no more at once was asked for$/m);
    const { records } = await specc(["check", "examples/tiny.spec", "--json"]);
    const network = networkOf("tiny", readFileSync("examples/tiny.spec", "utf8"));
    const record = records().find(({ type }) => type === "network");
    expect(record).toMatchObject({
      memory: [
        { on: "a graphics card", bytes: trainingMemory(compileNetwork(network).plan).total, slabs: null },
        { on: "a software driver" },
      ],
    });
  });

  test("says of an image network what inference takes", async () => {
    const options: CompileOptions = { programs: ["infer"] };
    const network = networkOf("image", "spec 1\ninput 8x8x1 -> conv spatial 3x3 2 -> softmax\n");
    const [line] = await memoryOf(network, undefined, undefined);
    expect(line.bytes).toBe(trainingMemory(compileNetwork(network, options).plan).total);
    await expect(
      memoryOf(networkOf("spectrum", "spec 1\ninput 8x8x1 -> conv spectral gaussian 1\n"), undefined, undefined),
    ).rejects.toThrow(Limitation);
  });
});

test.each([
  "input 64x64x3 -> conv spectral gaussian 100000000 -> relu -> gap -> dense softmax 2",
  "input 8x8x3 -> gap -> dense softmax 99999999999",
  "input 8x8x3 -> conv spatial 3x3 99999999999 -> gap -> dense softmax 2",
  "input 4096x4096x3 -> dense relu 64",
  "input 200x200x1 -> dense 40000 -> dense 40000",
  "input 8x8x3 -> 30 * concat[id | id] -> gap -> dense 2",
  "input 30000x30000x3 -> conv spectral free 1000 -> relu -> gap -> dense 2",
])("weights that no device holds are a limitation: %s", async (text) => {
  const wanted = /^the weights of this network need memory in one piece of [\d,]+ MiB, and at most 2,048 MiB is allowed$/;
  const large = network(text);
  expect(() => compileNetwork(large)).toThrow(Limitation);
  for (const { bytes, why } of await memoryOf(large, undefined, undefined))
    expect([bytes, why]).toEqual([null, expect.stringMatching(wanted)]);
});

test("a batch that no host holds is a limitation", async () => {
  const small = network("input 8x8x3 -> gap -> dense softmax 2\ntrain { batch: 100000000 }");
  const [{ bytes, why }] = await memoryOf(small, undefined, undefined);
  expect([bytes, why]).toEqual([null, "a batch of 100,000,000 images takes 73,243 MiB"]);
  expect(() => compileNetwork(small, { batch: 32 })).not.toThrow();
});
