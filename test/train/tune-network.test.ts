/** @file Tuning of networks: equal results, equal programs, and on the adapter what is kept, read back and refused. */

import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { compileNetwork } from "../../src/compiler/compile.ts";
import type { Schedule } from "../../src/compiler/lower/knobs.ts";
import { scheduleOf } from "../../src/compiler/lower/knobs.ts";
import type { Target } from "../../src/compiler/lower/target.ts";
import { software } from "../../src/compiler/lower/target.ts";
import { openDevice, readTensors } from "../../src/runtime/index.ts";
import { targetFor } from "../../src/train/open.ts";
import { disagreement, programHash, tuneNetwork } from "../../src/train/tune-network.ts";
import { keepSchedule, readKnownSchedule, scheduleKey } from "../../src/train/tuning-cache.ts";
import { specc, trainWords } from "../support/cli.ts";
import { suiteFolder } from "../support/folder.ts";
import { gpuMissing } from "../support/gpu.ts";
import { networkOf } from "../support/gradient.ts";
import { writeStripes } from "../support/stripes.ts";

describe("what counts as the same results", () => {
  const right = { "train loss": Float32Array.of(2), "gradient grad.a": Float32Array.of(3e-3, 4e-3) };
  test.each([
    ["equal", right, undefined],
    ["rounded otherwise", { "train loss": Float32Array.of(2.00002), "gradient grad.a": Float32Array.of(3e-3 + 5e-7, 4e-3) }, undefined],
    ["another loss", { ...right, "train loss": Float32Array.of(2.0001) }, "train loss differs by"],
    [
      "another gradient, however small",
      { ...right, "gradient grad.a": Float32Array.of(3e-3 + 2e-6, 4e-3) },
      "grad.a differs by 4.0e-4, and 2e-4 is tolerated",
    ],
    ["no number", { ...right, "gradient grad.a": Float32Array.of(NaN, 4e-3) }, "grad.a differs by NaN"],
  ])("%s", (_title, found, expected) => {
    if (expected === undefined) expect(disagreement(right, found)).toBeUndefined();
    else expect(disagreement(right, found)).toContain(expected);
  });
});

const text =
  "spec 1\n\ninput 8x8x1 -> conv spatial 3x3 2 -> relu -> conv spectral gaussian 2 -> relu -> dense softmax 2\n\n" +
  "train { optimizer: adam { lr: 0.02 }, epochs: 4, batch: 4, split: 75% }\n";

test("programs are told apart by what they do, not by seed and learning rate", () => {
  const hash = (program: string, target: Target = software): string =>
    programHash(compileNetwork(networkOf("tuned", program), { programs: ["train"], target }).plan);
  expect(hash(text.replace("lr: 0.02", "lr: 0.5").replace("epochs: 4", "seed: 9"))).toBe(hash(text));
  expect(hash(text.replace("batch: 4", "batch: 5"))).not.toBe(hash(text));
  expect(hash(text, { ...software, elementLanes: 64 })).not.toBe(hash(text));
  expect(hash(text.replace("relu", "tanh"))).not.toBe(hash(text));
});

describe.skipIf(gpuMissing !== undefined)("on the adapter", () => {
  const at = suiteFolder("specc-tune-");
  beforeAll(async () => {
    await writeFile(at("net.spec"), text);
    await writeStripes(at("data"), 6);
  });

  const network = networkOf("tuned", text);
  const compile = (target: Target) => compileNetwork(network, { programs: ["train", "gradient"], target });

  test("candidates are opened, compared and closed; a wrong one is refused", async () => {
    const device = await openDevice();
    const usual = targetFor(device.adapter);
    const trials: string[] = [];
    const result = await tuneNetwork({
      device,
      target: usual,
      budgetMs: 60_000,
      onTrial: ({ trial }) => trials.push(trial),
      knobs: [
        { name: "elementLanes", values: [64, 256] },
        { name: "windowPixels", values: [8] },
        { name: "busyGroups", values: [64] },
      ],
      // With 8 pixels to a lane this compiler makes another network.
      compile: (target) =>
        target.windowPixels === 8
          ? compileNetwork(networkOf("wrong", text.replace("relu", "tanh")), { programs: ["train", "gradient"], target })
          : compile(target),
    });
    expect(trials[0]).toBe("elementLanes 64");
    expect(result.trials.length).toBeGreaterThanOrEqual(1);
    expect(result.complete).toBe(true);
    expect(result.refused).toHaveLength(trials.filter((trial) => trial === "windowPixels 8").length);
    expect(result.refused[0]).toMatchObject({ trial: "windowPixels 8", why: expect.stringMatching(/ differs by .* is tolerated$/) });
    expect(device.counters.bytes).toBe(0);
    await device.close();
  });

  test("a found schedule is read back for the same adapter, version and program alone", async () => {
    const device = await openDevice();
    const { adapter } = device;
    await device.close();
    const key = scheduleKey("1.2.3", adapter, software, programHash(compile(software).plan));
    const known = {
      schedule: { ...scheduleOf(software), elementLanes: 64 },
      gain: 1.5,
      tried: 3,
      complete: true,
      found: "2030-01-01T00:00:00.000Z",
    };
    const place = await keepSchedule(at(), key, known);
    expect(await readKnownSchedule(at(), key)).toEqual(known);
    for (const other of [
      { ...key, version: "1.2.4" },
      { ...key, program: "" },
      { ...key, target: "large" as const },
      { ...key, adapter: { ...key.adapter, description: "another driver" } },
    ]) {
      expect(await readKnownSchedule(at(), other)).toBeUndefined();
    }
    await writeFile(place, JSON.stringify({ ...known, schedule: { elementLanes: 64 } }));
    expect(await readKnownSchedule(at(), key)).toBeUndefined();
  });

  const run = (name: string, ...more: string[]) =>
    specc(trainWords(at, name, "--json", ...more), { environment: { XDG_CACHE_HOME: at() } });
  const weights = async (name: string) => readTensors(await readFile(at(name, "weights", "last.safetensors"))).tensors;

  test("train --tune uses what is known; the run records it, and a resumed run keeps it to the last bit", async () => {
    await rm(at("specc"), { recursive: true, force: true });
    const first = await run("first", "--tune-for", "1", "--epochs", "1");
    expect(first.code, first.stderr).toBe(0);
    const [file] = await readdir(at("specc", "schedules"));
    const stored = JSON.parse(await readFile(at("specc", "schedules", file), "utf8")) as { schedule: Schedule };
    expect(first.records().find(({ type }) => type === "tuning")).toMatchObject({ known: false, schedule: stored.schedule });

    // What is known now is another schedule, which rounds in another order.
    await writeFile(
      at("specc", "schedules", file),
      JSON.stringify({
        ...stored,
        schedule: { ...stored.schedule, leaveOut: "fuse-spectral" },
        gain: 2,
        tried: 1,
        complete: true,
        found: "2030-01-01T00:00:00.000Z",
      }),
    );
    const whole = await run("whole", "--tune");
    expect(whole.code, whole.stderr).toBe(0);
    expect(whole.records().find(({ type }) => type === "tuning")).toMatchObject({
      known: true,
      changes: expect.stringContaining("leaveOut fuse-spectral"),
    });
    const settings = JSON.parse(await readFile(at("whole", "args.json"), "utf8")) as { schedule: { choices: Schedule } };
    expect(settings.schedule.choices.leaveOut).toBe("fuse-spectral");

    const plain = await run("plain");
    expect(plain.records().some(({ type }) => type === "tuning")).toBe(false);
    expect(await weights("plain")).not.toEqual(await weights("whole"));

    const stopped = await specc(trainWords(at, "stopped", "--json", "--tune"), {
      environment: { XDG_CACHE_HOME: at() },
      interruptWhen: (written) => written.split('"type":"epoch"').length > 2,
    });
    expect(stopped.code, stopped.stderr).toBe(130);
    await rm(at("specc"), { recursive: true });
    const resumed = await specc(["train", "--resume", at("stopped"), "--cache", at("cache")], { environment: { XDG_CACHE_HOME: at() } });
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(await weights("stopped")).toEqual(await weights("whole"));
    const both = await specc(["train", "--resume", at("stopped"), "--tune"]);
    expect([both.code, both.stderr]).toEqual([1, expect.stringContaining("--tune and --resume exclude each other")]);
  });

  test("Ctrl-C while tuning keeps the best so far and starts no run", async () => {
    const { code, stderr } = await specc(trainWords(at, "never", "--tune-for", "60"), {
      environment: { XDG_CACHE_HOME: at() },
      terminal: true,
      interruptWhen: (written) => written.includes("tuning: "),
    });
    expect(code, stderr).toBe(130);
    expect(stderr).toContain("tuning was stopped");
    expect(await readdir(at())).not.toContain("never");
  });

  test("specc bench measures programs, and with a pass left out beside them", async () => {
    const { code, stderr, records } = await specc(["bench", at("net.spec"), "--batch", "3", "--without", "fuse-spectral", "--json"]);
    expect(code, stderr).toBe(0);
    const report = records().find(({ type }) => type === "bench");
    expect(report).toMatchObject({ batch: 3, input: "8x8x1", changes: "" });
    const rows = report?.["rows"] as {
      program: string;
      without: string | null;
      milliseconds: number;
      imagesPerSecond: number;
      dispatches: number;
      submits: number;
      timeOverAllPasses: number;
    }[];
    expect(rows.map(({ program, without }) => [program, without])).toEqual([
      ["train", null],
      ["train", "fuse-spectral"],
      ["infer", null],
      ["infer", "fuse-spectral"],
    ]);
    for (const row of rows) {
      expect(row.submits).toBe(1);
      expect(row.imagesPerSecond).toBeCloseTo(3000 / row.milliseconds);
    }
    expect(rows[1].dispatches).toBeGreaterThan(rows[0].dispatches);
    expect(rows[0].timeOverAllPasses).toBe(1);
    expect(rows[1].timeOverAllPasses).toBeCloseTo(rows[1].milliseconds / rows[0].milliseconds);
    expect(report?.["memory"]).toEqual([
      { without: null, bytes: expect.any(Number) },
      { without: "fuse-spectral", bytes: expect.any(Number) },
    ]);
    const image = await specc(["bench", "-", "--input", "8x8x1", "--batch", "1"], {
      input: "spec 1\n\ninput ?x?x1 -> conv spatial 3x3 2 -> relu\n",
    });
    expect([image.code, image.stderr]).toEqual([0, ""]);
    expect(image.stdout).toMatch(/^inference +\d/m);
    expect(image.stdout).not.toContain("training step");
  });
});

test.each([
  ["bench", "`specc bench` measures a WebGPU adapter"],
  ["train", "--tune times kernels"],
])("%s --tune wants an adapter", async (command, message) => {
  const { code, stderr } = await specc([
    command,
    "examples/wood2021-paper.spec",
    "--device",
    "cpu",
    "--tune",
    ...(command === "train" ? ["--data", "test"] : []),
  ]);
  expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
});
