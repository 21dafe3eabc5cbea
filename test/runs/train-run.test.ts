/** @file `trainRun` on small drawings, on the processor: its events, its result, and what it leaves in the run folder. */

import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ProgramError } from "../../src/compiler/diagnostics/program-error.ts";
import type { RunEvent } from "../../src/runs/events.ts";
import type { NewRun, RunRequest } from "../../src/runs/request.ts";
import type { RunDone, RunResult } from "../../src/runs/result.ts";
import { RunError } from "../../src/runs/run-error.ts";
import { openRun } from "../../src/runs/saved-run.ts";
import { trainRun } from "../../src/runs/train-run.ts";
import { NonFiniteError } from "../../src/runtime/finite.ts";
import { readTensors } from "../../src/runtime/safetensors.ts";
import { drawStripes } from "../support/drawings.ts";

let folder = "";
const at = (...names: string[]): string => join(folder, ...names);

const text = `spec 1

input 8x8x1
  -> conv spectral gaussian 2
  -> relu
  -> dense softmax 2

train { optimizer: adam { lr: 0.02 }, epochs: 3, batch: 8, split: 75% }
`;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "specc-runs-"));
  await drawStripes(at("data"), 12, 0);
  await drawStripes(at("other"), 4, 40);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function newRun(name: string, more: Partial<NewRun> = {}): NewRun {
  return { source: { name: "net.spec", text }, place: at(name), data: at("data"), device: "cpu", ...more };
}

/** Runs to the end, or until `stopAt` says so of an event. */
async function perform(
  run: RunRequest["run"],
  more: Partial<RunRequest> = {},
  stopAt: (event: RunEvent) => boolean = () => false,
): Promise<{ readonly result: RunResult; readonly events: readonly RunEvent[] }> {
  const controller = new AbortController();
  const events: RunEvent[] = [];
  const result = await trainRun({ run, cache: at("cache"), signal: controller.signal, ...more }, (event) => {
    events.push(event);
    if (stopAt(event)) controller.abort(new Error("enough"));
  });
  return { result, events };
}

function doneOf(result: RunResult): RunDone {
  if (result.status !== "done") throw new Error(`the run is ${result.status}`);
  return result;
}

const tensorsOf = async (...path: string[]): Promise<ReadonlyMap<string, unknown>> => readTensors(await readFile(at(...path))).tensors;

describe("a run", () => {
  test("says what it does in order, and ends with its figures", async () => {
    const { result, events } = await perform(newRun("whole"));
    const types = events.map(({ type }) => type).filter((type) => type !== "decoding");
    const epoch = ["step", "step", "step", "epoch"];
    expect(types.filter((type) => type !== "measuring")).toEqual(["preparing", "start", ...epoch, ...epoch, ...epoch]);
    expect(types.at(-1)).toBe("measuring");
    const done = doneOf(result);
    expect(done.start).toMatchObject({
      folder: at("whole"),
      classes: ["across", "upright"],
      training: { place: at("data"), count: 18, skipped: 0, classes: [{ count: 9 }, { count: 9 }] },
      validation: { count: 6 },
      test: null,
      parameters: { filters: 24, heads: 258, other: 0, total: 282 },
      memory: null,
      resumedFrom: null,
    });
    expect(events.find(({ type }) => type === "start")).toEqual({ type: "start", start: done.start });
    expect(done.epochs.map((row) => row.epoch)).toEqual([1, 2, 3]);
    const losses = done.epochs.map((row) => row.valLoss ?? Number.NaN);
    expect(done.best?.valLoss).toBe(Math.min(...losses));
    expect(done.measured).toMatchObject({ on: "validation", count: 6 });
    // The best epoch is measured again, on the same images.
    expect(done.measured?.loss).toBeCloseTo(Math.min(...losses), 6);
    expect(done.measured?.confusion.counts.reduce((sum, count) => sum + count)).toBe(6);
    expect(done.weights).toBe(at("whole", "weights", "best.safetensors"));
    expect(await readdir(at("whole"))).toEqual(expect.arrayContaining(["args.json", "env.json", "net.spec", "results.csv", "steps.csv"]));
  });

  test("can be opened for what is to be done with its weights", async () => {
    const saved = await openRun(at("whole"), { program: "infer", batch: 1, device: "cpu", weights: "last" });
    try {
      expect(saved.header.classes).toEqual(["across", "upright"]);
      const { outputs } = await saved.session.run("infer", { images: new Float32Array(64) });
      expect(outputs[0] + outputs[1]).toBeCloseTo(1, 6);
    } finally {
      await saved.close();
    }
  });

  test("stopped within an epoch and resumed, ends with the same bits", async () => {
    const stopped = await perform(newRun("parts"), {}, (event) => event.type === "step" && event.batch.step === 4);
    expect(stopped.result).toMatchObject({ status: "stopped", during: "training", progress: { epoch: 1 } });
    const { result, events } = await perform({ resume: at("parts") });
    const done = doneOf(result);
    expect(done.start.resumedFrom).toMatchObject({ epoch: 1 });
    expect(events.flatMap((event) => (event.type === "epoch" ? [event.row.epoch] : []))).toEqual([2, 3]);
    expect(done.epochs).toHaveLength(3);
    for (const name of ["last", "best", "last.state"]) {
      const place = ["weights", `${name}.safetensors`];
      expect(await tensorsOf("parts", ...place)).toEqual(await tensorsOf("whole", ...place));
    }
  });

  test("stopped while it is measured, has its weights", async () => {
    const { result } = await perform(newRun("measured"), {}, ({ type }) => type === "measuring");
    expect(result).toMatchObject({ status: "stopped", during: "measuring", weights: at("measured", "weights", "best.safetensors") });
  });

  test("stopped before its first step, fails with the signal's reason and leaves nothing", async () => {
    await expect(perform(newRun("early"), {}, ({ type }) => type === "preparing")).rejects.toThrow("enough");
    await expect(readdir(at("early"))).rejects.toThrow();
  });

  test("whose numbers are not finite, says which and what is saved", async () => {
    const wild = { overrides: [{ key: "train.optimizer.lr", value: "1e38" }] };
    const { result } = await perform(newRun("wild", wild));
    if (result.status !== "failed") throw new Error(`the run is ${result.status}`);
    expect(result.error).toBeInstanceOf(NonFiniteError);
    expect(result.saved).toMatchObject({ weights: at("wild", "weights", "last.safetensors") });
    // What was saved last is whole: training could go on from there.
    const { metadata, tensors } = readTensors(await readFile(result.saved?.weights ?? ""));
    expect(JSON.parse(metadata.get("progress") ?? "")).toEqual(result.saved?.progress);
    expect([...tensors.values()].every(({ data }) => data.every(Number.isFinite))).toBe(true);
  });
});

describe("what is asked for", () => {
  test("a split that leaves nothing is an event with its place in the program", async () => {
    const source = { name: "all.spec", text: text.replace("75%", "8").replace("epochs: 3", "epochs: 1") };
    const { result, events } = await perform(newRun("all", { source, data: at("other") }));
    const split = events.find((event) => event.type === "split");
    expect(split).toMatchObject({ asked: 8, there: 8, source });
    expect(source.text.slice(split?.span?.start, split?.span?.end)).toContain("8");
    expect(doneOf(result).start.split).toEqual({ kind: "share", share: 0.8 });
  });

  test("settings of a request are in force, and stay so in its folder", async () => {
    const run = newRun("set", { classes: ["upright", "across"], limit: 8, overrides: [{ key: "train.epochs", value: "1" }] });
    const { result } = await perform(run);
    expect(doneOf(result).start).toMatchObject({
      classes: ["upright", "across"],
      training: { count: 6 },
      network: { train: { epochs: 1 } },
    });
    expect(JSON.parse(await readFile(at("set", "args.json"), "utf8"))).toMatchObject({ file: "net.spec", limit: 8, inputFrom: "file" });
  });

  test.each([
    ["a program that does not fit the data", { source: { name: "a.spec", text: text.replace("softmax 2", "softmax 3") } }, ProgramError],
    ["nothing to train", { source: { name: "a.spec", text: "spec 1\n\ninput 8x8x1 -> concat[id | id] -> gap\n" } }, RunError],
    ["no network", { source: { name: "a.spec", text: "spec 1\n\nlet a = relu\n" } }, RunError],
  ])("refuses %s", async (_, more, error) => {
    await expect(perform(newRun("refused", more))).rejects.toBeInstanceOf(error);
    await expect(readdir(at("refused"))).rejects.toThrow();
  });

  test("a profile needs an adapter, and a resumed run the images that it began with", async () => {
    await expect(perform(newRun("refused"), { profile: true })).rejects.toBeInstanceOf(RunError);
    await expect(perform({ resume: at("parts"), data: at("other") })).rejects.toThrow("not those that the run began with");
  });

  test("an error of the listener ends the run", async () => {
    const onEvent = (event: RunEvent): void => {
      if (event.type === "epoch") throw new Error("seen enough");
    };
    await expect(trainRun({ run: newRun("heard"), cache: at("cache") }, onEvent)).rejects.toThrow("seen enough");
  });
});
