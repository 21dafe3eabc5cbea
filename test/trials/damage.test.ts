/** @file Trial files and lines that were damaged or made to do harm: refused with the file and the place in it, and nothing is touched. */

import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { specc } from "../support/cli.ts";
import { makeExperiment } from "../support/experiment.ts";

let root = "";
const at = (...names: string[]): string => join(root, ...names);
const run = (...more: string[]): string[] => ["trials", "run", at("e", "plan.json"), "--index", "0", ...more];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "specc-damage-"));
  await mkdir(at("victim"));
  await writeFile(at("victim", "kept.txt"), "kept");
  await makeExperiment(at("e"), {
    nets: [{ name: "plain", mean: 0.8, deviation: 0.01 }],
    program: "net plain = input 8x8x1 -> dense 2",
    seeds: 2,
    epochs: 1,
  });
});
afterEach(() => rm(root, { recursive: true, force: true }));

type Json = Record<string, unknown>;

async function change(path: string, edit: (json: Json) => void): Promise<void> {
  const json = JSON.parse(await readFile(path, "utf8")) as Json;
  edit(json);
  await writeFile(path, JSON.stringify(json));
}

const trialsOf = (plan: Json): Json[] => plan["trials"] as Json[];

describe("a trial file cannot name a place outside its folder", () => {
  test.each([
    "../victim",
    "trials/../../victim",
    "/tmp/victim",
    "trials",
    "trials/",
    "trials/..",
    "trials/a/b",
    "trials\\a",
    "trials/a.json",
    7,
    null,
  ])("%j", async (folder) => {
    const started = { type: "trial", version: 1, index: 0, net: "plain", seed: 0, folder, status: "started" };
    await change(at("e", "plan.json"), (plan) => {
      trialsOf(plan)[0]["folder"] = folder;
      Object.assign(started, { key: trialsOf(plan)[0]["key"], process: { host: "elsewhere", id: 1 } });
    });
    await writeFile(at("victim.json"), JSON.stringify(started));
    const before = await readdir(root, { recursive: true });
    for (const words of [run(), run("--retry"), ["trials", "collect", at("e")], ["report", at("e")]]) {
      const { code, stdout, stderr } = await specc(words);
      expect([code, stdout], stderr).toEqual([1, ""]);
      expect(stderr).toContain(`${at("e", "plan.json")} is not a trial file of this version: trials[0].folder: expected`);
    }
    expect(await readdir(root, { recursive: true })).toEqual(before);
  });

  test("nor lead there by a link", async () => {
    for (const name of ["plain-0", "plain-0.json"]) await rm(at("e", "trials", name), { recursive: true });
    await symlink(at("victim"), at("e", "trials", "plain-0"));
    for (const words of [run(), run("--retry")])
      expect(await specc(words)).toMatchObject({ code: 1, stderr: expect.stringContaining("trials/plain-0 is a link that leads out of") });
    await rm(at("e", "trials", "plain-0"));
    await symlink(at("elsewhere"), at("e", "trials", "plain-0"));
    expect(await specc(run())).toMatchObject({ code: 1, stderr: expect.stringContaining("is a link that leads out of") });
    await rm(at("e", "trials"), { recursive: true });
    await symlink(at("victim"), at("e", "trials"));
    for (const words of [run(), ["trials", "collect", at("e")]])
      expect(await specc(words)).toMatchObject({ code: 1, stderr: expect.stringContaining("trials is a link that leads out of") });
    expect(await readdir(at("victim"))).toEqual(["kept.txt"]);
    expect(existsSync(at("elsewhere"))).toBe(false);
  });

  test("and a line that lies elsewhere is left out", async () => {
    await writeFile(at("victim", "plain-0.json"), await readFile(at("e", "trials", "plain-0.json")));
    await rm(at("e", "trials", "plain-0.json"));
    await symlink(at("victim", "plain-0.json"), at("e", "trials", "plain-0.json"));
    const { code, stderr } = await specc(["trials", "collect", at("e")]);
    expect(code).toBe(1);
    expect(stderr).toContain("plain-0.json is left out: ");
    expect(stderr).toContain("is a link that leads out of");
  });
});

describe("a damaged trial file names the place", () => {
  test.each<[string, (plan: Json) => unknown]>([
    ["program.name: expected a string", (plan) => (plan["program"] = { text: "net" })],
    ["options.epochs: expected a list", (plan) => (plan["options"] = { epochs: "3" })],
    ["options.epochs[0]: expected a string", (plan) => (plan["options"] = { epochs: [3] })],
    ["options: expected an object", (plan) => (plan["options"] = null)],
    ["places: expected an object", (plan) => delete plan["places"]],
    ["places.data: expected a string", (plan) => (plan["places"] = { val: null, device: "cpu", cache: null })],
    ["trials: expected a list", (plan) => (plan["trials"] = {})],
    ["trials[1]: expected an object", (plan) => (trialsOf(plan)[1] = [] as unknown as Json)],
    ["trials[1].index: expected 1, got 0", (plan) => (trialsOf(plan)[1]["index"] = 0)],
    ["trials[0].seed: expected a whole number", (plan) => (trialsOf(plan)[0]["seed"] = -1)],
    ["trials[0].net: expected a string", (plan) => (trialsOf(plan)[0]["net"] = 1)],
    ["trials[0].input: expected a string", (plan) => (trialsOf(plan)[0]["input"] = 64)],
    ["trials[0].key: expected a string", (plan) => delete trialsOf(plan)[0]["key"]],
    ["trials[1]: has the key or the folder", (plan) => (trialsOf(plan)[1]["folder"] = trialsOf(plan)[0]["folder"])],
    ["version: expected 1, got 2", (plan) => (plan["version"] = 2)],
  ])("%s", async (message, edit) => {
    await change(at("e", "plan.json"), edit);
    for (const words of [run(), ["trials", "collect", at("e")], ["report", at("e")]]) {
      const { code, stderr } = await specc(words);
      expect(stderr).toContain(`${at("e", "plan.json")} is not a trial file of this version: ${message}`);
      expect(code).toBe(1);
    }
  });
});

describe("a damaged line is left out, and says what is wrong", () => {
  test.each<[string, (line: Json) => unknown]>([
    ["accuracy: expected a number", (line) => (line["accuracy"] = null)],
    ["accuracy: expected a number from 0 to 1", (line) => (line["accuracy"] = 80)],
    ["seconds: expected a number", (line) => (line["seconds"] = "abc")],
    ["parameters: expected an object", (line) => (line["parameters"] = null)],
    ["parameters.filters: expected a number", (line) => (line["parameters"] = {})],
    ["best: expected an object", (line) => delete line["best"]],
    ["images.training: expected a number", (line) => (line["images"] = {})],
    ["memory: expected a whole number", (line) => (line["memory"] = -1)],
    ["data: expected a string", (line) => (line["data"] = 1)],
    ["specc: expected a string", (line) => delete line["specc"]],
    ["classes[0]: expected a string", (line) => (line["classes"] = [1])],
    ["status: expected started, failed, done", (line) => (line["status"] = "other")],
    [
      "process.id: expected a whole number of at least 1",
      (line) => Object.assign(line, { status: "started", process: { host: "", id: -1 } }),
    ],
    ["reason: expected a string", (line) => (line["status"] = "failed")],
    ["folder: expected trials/NAME", (line) => (line["folder"] = "../victim")],
  ])("%s", async (message, edit) => {
    await change(at("e", "trials", "plain-0.json"), edit);
    const { code, stderr } = await specc(["trials", "collect", at("e")]);
    expect(stderr).toContain(`${at("e", "trials", "plain-0.json")} is left out: it is not a line that a trial writes: ${message}`);
    expect(code).toBe(1);
    expect(await specc(run())).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining(message) });
    const report = await specc(["report", at("e"), "--out", at("report")]);
    expect([report.code, report.stdout.includes("NaN"), report.stdout.includes("undefined")], report.stderr).toEqual([0, false, false]);
  });
});
