/** @file Weight files of runs that were damaged: refused with the file and the field named, before anything of the run is touched. */

import { spawnSync } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RunError } from "../../src/runs/run-error.ts";
import { openRun } from "../../src/runs/saved-run.ts";
import { trainRun } from "../../src/runs/train-run.ts";
import type { Tensor } from "../../src/runtime/safetensors.ts";
import { readTensors, writeTensors } from "../../src/runtime/safetensors.ts";
import { specc } from "../support/cli.ts";
import { drawStripes } from "../support/drawings.ts";

let root = "";
const at = (...names: string[]): string => join(root, ...names);

const text = `spec 1

input 8x8x1 { standardise: data }
  -> conv spectral gaussian 2
  -> relu
  -> dense softmax 2

train { optimizer: adam { lr: 0.02 }, epochs: 3, batch: 8, split: 75% }
`;

const state = ["run", "weights", "last.state.safetensors"] as const;
const best = ["run", "weights", "best.safetensors"] as const;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "specc-run-damage-"));
  await drawStripes(at("data"), 12, 0);
  const controller = new AbortController();
  const run = { source: { name: "net.spec", text }, place: at("run"), data: at("data"), device: "cpu" };
  const { status } = await trainRun({ run, cache: at("cache"), signal: controller.signal }, (event) => {
    if (event.type === "step" && event.batch.step === 4) controller.abort(new Error("enough"));
  });
  expect(status).toBe("stopped");
  await cp(at("run"), at("whole"), { recursive: true });
});
afterAll(() => rm(root, { recursive: true, force: true }));

type Json = Record<string, unknown>;

/** Edits one record of a file's metadata; undefined leaves it out. */
async function changeMetadata(path: readonly string[], name: string, edit: (json: Json) => unknown): Promise<void> {
  const { tensors, metadata } = readTensors(await readFile(at(...path)));
  const json = JSON.parse(metadata.get(name) ?? "") as Json;
  const kept = [...metadata].filter(([key]) => key !== name);
  const value = edit(json);
  await writeFile(
    at(...path),
    writeTensors({ tensors, metadata: new Map(value === undefined ? kept : [...kept, [name, JSON.stringify(value)]]) }),
  );
}

async function changeTensors(path: readonly string[], edit: (tensors: Map<string, Tensor>) => void): Promise<void> {
  const { tensors, metadata } = readTensors(await readFile(at(...path)));
  const changed = new Map(tensors);
  edit(changed);
  await writeFile(at(...path), writeTensors({ tensors: changed, metadata }));
}

/** All that lies in the run, byte for byte. */
async function content(): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(at("run"), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(await Promise.all(files.sort().map(async (path) => [path, (await readFile(path)).toString("base64")] as const)));
}

async function restored(): Promise<void> {
  await rm(at("run"), { recursive: true });
  await cp(at("whole"), at("run"), { recursive: true });
}

/** Refuses to go on, and leaves the run as it is. */
async function refusesToResume(path: readonly string[], message: string): Promise<void> {
  const before = await content();
  const failure = await trainRun({ run: { resume: at("run") }, cache: at("cache") }).catch((thrown: unknown) => thrown);
  expect(await content()).toEqual(before);
  expect(failure).toBeInstanceOf(RunError);
  expect(String(failure)).toContain(`${at(...path)}`);
  expect(String(failure)).toContain(message);
}

describe("a state that was damaged", () => {
  test.each<[string, string, (json: Json) => unknown]>([
    ["progress.epoch: expected a number", "progress", (json) => ({ ...json, epoch: "x" })],
    ["progress.epoch: expected a whole number of at least 0, got -5", "progress", (json) => ({ ...json, epoch: -5 })],
    ["progress.epoch: 9 are complete, and the run has 3", "progress", (json) => ({ ...json, epoch: 9 })],
    ["progress.stepInEpoch: 1000000 are done, and an epoch has 3", "progress", (json) => ({ ...json, stepInEpoch: 1e6 })],
    ["progress.stepInEpoch: expected a whole number", "progress", (json) => ({ ...json, stepInEpoch: 0.5 })],
    ["progress.seen: expected 8 after step 1 of the epoch, got 0", "progress", (json) => ({ ...json, stepInEpoch: 1, seen: 0 })],
    ["progress.seconds: expected a number", "progress", (json) => ({ ...json, seconds: "abc" })],
    ["progress.seconds: is negative", "progress", (json) => ({ ...json, seconds: -1 })],
    ["progress.lossSum: expected a number", "progress", (json) => ({ ...json, lossSum: null })],
    ["progress.best: expected a number", "progress", (json) => ({ ...json, best: "low" })],
    ["progress: expected an object", "progress", () => null],
    ["its metadata has no progress", "progress", () => undefined],
    ["its metadata has no header", "header", () => undefined],
    ["header.classes: expected a list", "header", (json) => ({ ...json, classes: "abc" })],
    ["header.slab: expected a whole number of at least 1, got 0", "header", (json) => ({ ...json, slab: 0 })],
    ["header.data: expected a string", "header", (json) => ({ ...json, data: 1 })],
  ])("%s", async (message, name, edit) => {
    await restored();
    await changeMetadata(state, name, edit);
    await refusesToResume(state, message);
  });

  test("in its numbers", async () => {
    await restored();
    await changeTensors(state, (tensors) => {
      const name = [...tensors.keys()].find((key) => key.startsWith("state.1/")) ?? "";
      tensors.delete(name);
    });
    await refusesToResume(state, "state.1/");
    await restored();
    await changeTensors(state, (tensors) => {
      const data = [...tensors].find(([key]) => key.startsWith("state.0/"))?.[1].data;
      data?.fill(Number.NaN as never);
    });
    await refusesToResume(state, "has numbers that are not finite");
  });

  test("or whose best weights were", async () => {
    await restored();
    await changeMetadata(best, "header", (json) => ({ ...json, statistics: null }));
    await refusesToResume(best, "header.statistics: expected an object, got null");
  });
});

describe("weights that were damaged", () => {
  test.each<[string, (json: Json) => unknown]>([
    ["header.statistics: expected an object, got null", (json) => ({ ...json, statistics: null })],
    ["header.statistics.mean[0]: expected a number", (json) => ({ ...json, statistics: { mean: ["x"], deviation: [1] } })],
    [
      "header.statistics.mean: expected a number for each channel (1), got 2",
      (json) => ({ ...json, statistics: { mean: [0, 0], deviation: [1] } }),
    ],
    ["header.statistics.deviation: expected a list", (json) => ({ ...json, statistics: { mean: [0] } })],
    ["header.statistics.deviation: has a negative number", (json) => ({ ...json, statistics: { mean: [0], deviation: [-1] } })],
    ["header.classes: expected a list", (json) => ({ ...json, classes: "abc" })],
    ["header.classes[1]: expected a string", (json) => ({ ...json, classes: ["a", 1] })],
    ["header.classes: names a class twice", (json) => ({ ...json, classes: ["a", "a"] })],
    ["header.classes: has 3 names, and the network has 2 outputs", (json) => ({ ...json, classes: ["a", "b", "c"] })],
    ["header.net: expected a string", (json) => ({ ...json, net: 7 })],
  ])("%s", async (message, edit) => {
    await restored();
    await changeMetadata(best, "header", edit);
    const failure = await openRun(at("run"), { program: "infer", batch: 1, device: "cpu" }).catch((thrown: unknown) => thrown);
    expect(failure).toBeInstanceOf(RunError);
    expect(String(failure)).toContain(`${at(...best)} is not what \`specc train\` writes: ${message}`);
  });

  test("by numbers that are not finite, give no answer in any command", async () => {
    await restored();
    await changeTensors(best, (tensors) => [...tensors.values()].at(-1)?.data.fill(Number.NaN as never));
    const image = at("data", "across", "0.png");
    for (const words of [
      ["predict", at("run"), image, "--device", "cpu"],
      ["eval", at("run"), "--data", at("data"), "--device", "cpu"],
      ["compile", at("run"), "--out", at("model.js")],
      ["export", at("run"), "--to", "onnx", "--out", at("net.onnx")],
      ["show", at("run"), "--filters", "--out", at("pictures")],
    ]) {
      const { code, stderr } = await specc(words);
      expect(stderr).toContain(`${at(...best)}: \``);
      expect([code, stderr]).toEqual([1, expect.stringContaining("has numbers that are not finite")]);
    }
  });
});

describe("the papers of a run that were damaged", () => {
  test.each<[string, (json: Json) => unknown]>([
    ["version: expected 1, got 2", (json) => ({ ...json, version: 2 })],
    ["overrides[0].value: expected a string", (json) => ({ ...json, overrides: [{ key: "train.epochs", value: 3 }] })],
    ["overrides[0]: expected an object", (json) => ({ ...json, overrides: [null] })],
    ["without: expected a list", (json) => ({ ...json, without: "all" })],
    ["classes[0]: expected a string", (json) => ({ ...json, classes: [1] })],
    ["limit: expected a whole number", (json) => ({ ...json, limit: 0.5 })],
    ["input.height: expected a number", (json) => ({ ...json, input: { height: "8", width: 8, channels: 1 } })],
    ["input.width: expected a number", (json) => ({ ...json, input: { height: 8, channels: 1 } })],
    ["device: expected a string", (json) => ({ ...json, device: null })],
    ["augment: expected true or false", (json) => ({ ...json, augment: "yes" })],
    ["schedule: expected an object", (json) => ({ ...json, schedule: 3 })],
    ["expected an object", () => []],
  ])("args.json: %s", async (message, edit) => {
    await restored();
    const path = at("run", "args.json");
    await writeFile(path, JSON.stringify(edit(JSON.parse(await readFile(path, "utf8")) as Json)));
    await refusesToResume(["run", "args.json"], `is not what \`specc train\` writes: ${message}`);
    const { code, stderr } = await specc(["eval", at("run"), "--data", at("data"), "--device", "cpu"]);
    expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
  });

  test.each([
    ["filters.ndjson", '{"epoch":"x","params":{}}', "line 2: epoch: expected a number"],
    ["filters.ndjson", '{"epoch":1,"params":{"a":["x"]}}', "line 2: params.a[0]: expected a number"],
    ["filters.ndjson", "null", "line 2: expected an object"],
    ["results.csv", "1,3,x,0,0,0,0,0", "line 2: it is not a row"],
    ["steps.csv", "1,1,0", "line 2: it is not a row"],
  ])("%s: %s", async (name, line, message) => {
    await restored();
    const [first, , ...rest] = (await readFile(at("run", name), "utf8")).split("\n");
    await writeFile(at("run", name), [first, line, ...rest].join("\n"));
    const before = await content();
    await expect(trainRun({ run: { resume: at("run") }, cache: at("cache") })).rejects.toThrow(`${at("run", name)}, ${message}`);
    expect(await content()).toEqual(before);
  });

  test("what killed processes left is removed, and nothing else", async () => {
    await restored();
    const gone = spawnSync(process.execPath, ["-e", ""]).pid;
    const left = [`.args.json.${gone}.0123abcd.tmp`, `weights/.last.state.safetensors.${gone}.0123abcd.tmp`];
    const kept = [`.args.json.${process.ppid}.0123abcd.tmp`, `.notes.txt.${gone}.0123abcd.tmp`, `.args.json.mine.tmp`];
    for (const name of [...left, ...kept]) await writeFile(at("run", name), "");
    expect((await trainRun({ run: { resume: at("run") }, cache: at("cache") })).status).toBe("done");
    const names = await readdir(at("run"), { recursive: true });
    expect(names.filter((name) => name.endsWith(".tmp")).sort()).toEqual([...kept].sort());
  });
});
