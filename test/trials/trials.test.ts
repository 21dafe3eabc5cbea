/** @file `specc trials`: plans, single trials, stopping, failing and collecting, on small drawings with `--device cpu`. */

import { spawn } from "node:child_process";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { indexText } from "../../src/trials/collect.ts";
import type { TrialPlan } from "../../src/trials/plan.ts";
import { taskIndex } from "../../src/trials/task-index.ts";
import { specc } from "../support/cli.ts";
import { drawStripes } from "../support/drawings.ts";
import { suiteFolder } from "../support/folder.ts";

const at = suiteFolder("specc-trials-");

const body = "conv spectral gaussian 2 -> relu -> gap -> dense softmax 2";
/** `twin` is `plain` under another name; `wild` cannot be trained. */
const program = `net plain = input ?x?x1 -> ${body}
net twin = input ?x?x1 -> ${body}
net wild = input 8x8x1 -> dense 2

augment shift 1px -> flip
train { optimizer: adam { lr: 0.05 }, epochs: 3, batch: 6, split: 75% }
`;

const common = (): string[] => ["--data", at("data"), "--device", "cpu", "--cache", at("cache")];
const planWords = (...more: string[]): string[] => ["trials", "plan", at("nets.spec"), ...common(), ...more];
const readJson = async (...path: string[]): Promise<Record<string, unknown>> =>
  JSON.parse(await readFile(at(...path), "utf8")) as Record<string, unknown>;
const readPlan = async (...path: string[]): Promise<TrialPlan> => JSON.parse(await readFile(at(...path), "utf8")) as TrialPlan;
/** Loss and accuracy of each step, without the time. */
const steps = async (...path: string[]): Promise<string[]> =>
  (await readFile(at(...path, "steps.csv"), "utf8")).split("\n").map((line) =>
    line
      .split(",")
      .filter((_, column) => column !== 2)
      .join(),
  );

beforeAll(async () => {
  for (const part of ["train", "test"]) await drawStripes(at("data", part), part === "train" ? 16 : 5, part === "train" ? 0 : 40);
  await writeFile(at("nets.spec"), program);
});

describe("a trial file", () => {
  test("has a record for each network and seed, sizes settled", async () => {
    const { code, stdout, stderr } = await specc(planWords("--nets", "plain,twin", "--seeds", "3,5-6", "--out", at("p", "plan.json")));
    expect(code, stderr).toBe(0);
    expect(stdout).toContain("6 trials, 0-5");
    const plan = await readPlan("p", "plan.json");
    expect(plan.program).toEqual({ name: "nets.spec", text: program });
    expect(plan.trials.map(({ index, net, seed, input, folder: place }) => [index, net, seed, input, place])).toEqual(
      [3, 5, 6].flatMap((seed, row) =>
        ["plain", "twin"].map((net, column) => [2 * row + column, net, seed, "8x8x1", `trials/${net}-${seed}`]),
      ),
    );
    expect(new Set(plan.trials.map(({ key }) => key)).size).toBe(6);
  });

  test("may grow, and keeps what was begun", async () => {
    const out = ["--out", at("p", "plan.json")];
    const before = await readPlan("p", "plan.json");
    expect((await specc(planWords("--seeds", "3,5-7", "--nets", "plain,twin,wild", ...out))).code).toBe(0);
    const after = await readPlan("p", "plan.json");
    expect(after.trials).toHaveLength(12);
    for (const { net, seed, key } of before.trials)
      expect(after.trials.find((trial) => trial.net === net && trial.seed === seed)?.key).toBe(key);
    expect(await specc(planWords("--seeds", "3", ...out))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("leaves out: plain 5, twin 5"),
    });
    expect(await specc(planWords("--seeds", "3,5-7", "--epochs", "9", ...out))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("of another program, or of other options"),
    });
    expect(await readPlan("p", "plan.json")).toEqual(after);
  });

  test.each([
    [["--nets", "plian"], "has no network `plian`", "did you mean `plain`?"],
    [["--nets", "plain,plain"], "names plain twice", ""],
    [["--seeds", "1-"], "--seeds takes numbers and ranges", "0-9,20"],
    [["--seeds", "1,0-3"], "--seeds names 1 twice", ""],
    [["--seeds", "1", "--trials", "2"], "exclude each other", ""],
    [["--set", "train.seed=3"], "each trial has its own seed", "--seeds"],
    [["--input", "0x8x1"], "--input takes", ""],
    [["--classes", "across,upright,none"], "none", ""],
  ])("refuses %j", async (words, message, help) => {
    const { code, stdout, stderr } = await specc(planWords(...words, "--out", at("wrong.json")));
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain(message);
    expect(stderr).toContain(help);
  });

  test("says which trial a cluster means", () => {
    expect(taskIndex({ SLURM_ARRAY_TASK_ID: "7", SPECC_TRIAL: "1" })).toBe(7);
    expect(taskIndex({ JOB_COMPLETION_INDEX: "0" })).toBe(0);
    expect(taskIndex({ SLURM_ARRAY_TASK_ID: "", SPECC_TRIAL: "12" })).toBe(12);
    expect(() => taskIndex({})).toThrow("SLURM_ARRAY_TASK_ID, JOB_COMPLETION_INDEX, SPECC_TRIAL");
    expect(() => taskIndex({ JOB_COMPLETION_INDEX: "x" })).toThrow("JOB_COMPLETION_INDEX is `x`");
    expect(indexText([0, 1, 2, 5, 7, 8])).toBe("0-2,5,7-8");
  });
});

describe("a trial", () => {
  const run = (index: number | string, ...more: string[]): string[] => [
    "trials",
    "run",
    at("t", "plan.json"),
    "--index",
    String(index),
    ...more,
  ];

  beforeAll(async () => {
    expect((await specc(planWords("--seeds", "0-1", "--nets", "plain,twin", "--out", at("t", "plan.json")))).code).toBe(0);
  });

  test("prints one line, leaves one folder, and is not done twice", async () => {
    const { code, stdout, stderr } = await specc(run(0));
    expect(code, stderr).toBe(0);
    expect(stdout.split("\n")).toHaveLength(2);
    const line = JSON.parse(stdout) as Record<string, unknown>;
    expect(line).toMatchObject({
      type: "trial",
      status: "done",
      net: "plain",
      seed: 0,
      measuredOn: "test",
      count: 10,
      epochs: 3,
      images: { training: 24, validation: 8 },
      classes: ["across", "upright"],
      input: "8x8x1",
      parameters: { filters: 24, heads: 6 },
      memory: null,
      jobs: 1,
    });
    expect(await readJson("t", "trials", "plain-0.json")).toEqual(line);
    expect((await readdir(at("t", "trials"))).sort()).toEqual(["plain-0", "plain-0.json"]);
    expect(await readdir(at("t", "trials", "plain-0"))).toContain("steps.csv");
    const before = await readFile(at("t", "trials", "plain-0", "env.json"), "utf8");
    expect(await specc(run(0))).toMatchObject({ code: 0, stdout });
    expect((await specc(run(0, "--json"))).records()).toEqual([line]);
    expect(await readFile(at("t", "trials", "plain-0", "env.json"), "utf8")).toBe(before);
  });

  test("has the split, the order and the starts of its seed, whatever the network is called", async () => {
    const environment = { SLURM_ARRAY_TASK_ID: "1" };
    const twin = await specc(run("auto"), { environment });
    expect(JSON.parse(twin.stdout)).toMatchObject({ index: 1, net: "twin", seed: 0 });
    expect(await steps("t", "trials", "twin-0")).toEqual(await steps("t", "trials", "plain-0"));
    expect((await specc(run(2))).code).toBe(0);
    expect(await steps("t", "trials", "plain-1")).not.toEqual(await steps("t", "trials", "plain-0"));
  });

  test("that was stopped goes on, and ends as if it had not been", async () => {
    await cp(at("t", "plan.json"), at("s", "plan.json"));
    const other = ["trials", "run", at("s", "plan.json"), "--index", "0"];
    const stopped = await specc(other, { interruptWhen: (text) => text.includes("epoch 2/3") });
    expect(stopped).toMatchObject({ code: 130, stdout: "" });
    expect(await readJson("s", "trials", "plain-0.json")).toMatchObject({ status: "started" });
    expect((await specc(other)).code).toBe(0);
    expect(await steps("s", "trials", "plain-0")).toEqual(await steps("t", "trials", "plain-0"));
    expect(await readJson("s", "trials", "plain-0.json")).toMatchObject({
      accuracy: (await readJson("t", "trials", "plain-0.json"))["accuracy"],
    });
  });

  test("that was killed before it saved anything begins again", async () => {
    await cp(at("s", "trials", "plain-0.json"), at("k", "trials", "plain-0.json"));
    const started = { ...(await readJson("s", "trials", "plain-0.json")), status: "started", process: { host: "elsewhere", id: 1 } };
    await writeFile(at("k", "trials", "plain-0.json"), JSON.stringify(started));
    await mkdir(at("k", "trials", "plain-0", "weights"), { recursive: true });
    const { code, stdout, stderr } = await specc(run(0, "--out", at("k")));
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ status: "done" });
    expect((await readdir(at("k", "trials"))).sort()).toEqual(["plain-0", "plain-0.json"]);
  });

  test("waits for the process that is still at it", async () => {
    const other = spawn("sleep", ["60"]);
    const line = { ...(await readJson("k", "trials", "plain-0.json")), status: "started", process: { host: hostname(), id: other.pid } };
    await writeFile(at("k", "trials", "plain-0.json"), JSON.stringify(line));
    const { code, stderr } = await specc(run(0, "--out", at("k")), {
      interruptWhen: (text) => {
        if (text.includes("is still at this trial")) other.kill();
        return false;
      },
    });
    expect(code, stderr).toBe(0);
    expect(stderr).toContain(`process ${other.pid ?? 0} is still at this trial`);
    expect(other.killed).toBe(true);
  });

  test("never takes the place of something else", async () => {
    await mkdir(at("o", "trials", "plain-0"), { recursive: true });
    expect(await specc(run(0, "--out", at("o")))).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("is there without its line"),
    });
    await writeFile(at("o", "trials", "plain-0.json"), JSON.stringify({ ...(await readJson("s", "trials", "plain-0.json")), key: "0" }));
    expect(await specc(run(0, "--out", at("o")))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("of another program, or of other options"),
    });
    expect(await specc(run(99))).toMatchObject({ code: 1, stderr: expect.stringContaining("has 4, counted from 0") });
    expect(await specc(["trials", "run", at("nets.spec"), "--index", "0"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("not a trial file"),
    });
    expect(await specc(run("x"))).toMatchObject({ code: 1, stderr: expect.stringContaining("--index takes a whole number") });
    expect(await specc(["trials", "run", at("t", "plan.json")])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("needs --index"),
    });
  });

  test("that fails is recorded with its reason, and tried again when asked to", async () => {
    const failed = await specc(run(3, "--data", at("nothing")));
    expect(failed.code).toBe(1);
    expect(JSON.parse(failed.stdout)).toMatchObject({
      status: "failed",
      net: "twin",
      seed: 1,
      reason: expect.stringContaining("there is no folder"),
    });
    expect(await specc(run(3))).toMatchObject({ code: 1, stdout: failed.stdout });
    expect((await specc(run(3, "--retry"))).code).toBe(0);
    expect(await readJson("t", "trials", "twin-1.json")).toMatchObject({ status: "done" });
  });
});

describe("collecting", () => {
  test("gives all lines in order, and exit code 0 when none is missing", async () => {
    const { code, stdout, stderr } = await specc(["trials", "collect", at("t")]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(
      stdout
        .trim()
        .split("\n")
        .map((line) => (JSON.parse(line) as { index: number }).index),
    ).toEqual([0, 1, 2, 3]);
  });

  test("counts anew when the experiment grew", async () => {
    await cp(at("t"), at("g"), { recursive: true });
    expect((await specc(planWords("--seeds", "1,0,2", "--nets", "wild,twin,plain", "--out", at("g", "plan.json")))).code).toBe(0);
    const { code, stdout } = await specc(["trials", "collect", at("g")]);
    expect(code).toBe(1);
    expect(
      stdout
        .trim()
        .split("\n")
        .map((text) => JSON.parse(text) as { index: number; net: string; seed: number })
        .map(({ index, net, seed }) => [index, net, seed]),
    ).toEqual([
      [1, "twin", 1],
      [2, "plain", 1],
      [4, "twin", 0],
      [5, "plain", 0],
    ]);
  });

  test("names what is missing, unfinished, damaged or foreign, over several folders", async () => {
    for (const machine of ["m1", "m2"]) await mkdir(at(machine, "trials"), { recursive: true });
    await cp(at("t", "plan.json"), at("m1", "plan.json"));
    for (const [from, to] of [
      ["plain-0", "m1"],
      ["plain-1", "m2"],
    ])
      await cp(at("t", "trials", `${from}.json`), at(to, "trials", `${from}.json`));
    const line = await readFile(at("t", "trials", "twin-0.json"), "utf8");
    await writeFile(at("m1", "trials", "twin-0.json"), line.slice(0, line.length / 2));
    await writeFile(at("m2", "trials", "other-0.json"), line.replace(/"key":"\w+"/, '"key":"0"'));
    await writeFile(
      at("m2", "trials", "plain-0.json"),
      (await readFile(at("t", "trials", "plain-0.json"), "utf8")).replace(/"accuracy":[\d.]+/, '"accuracy":0.123'),
    );
    await cp(at("s", "trials", "plain-0"), at("m2", "trials", "twin-1"), { recursive: true });
    const { code, stderr } = await specc(["trials", "collect", at("m1"), at("m2"), "--out", at("lines.jsonl")]);
    expect(code).toBe(1);
    for (const text of [
      "m1/trials/twin-0.json is left out: it is not a line",
      "m2/trials/other-0.json is left out: it is of another program",
      "it has accuracy 0.123",
      "missing: 2 of 4 trials: 1,3",
      "unfinished: twin, seed 1 (--index 3): stopped after epoch 3",
    ])
      expect(stderr).toContain(text);
    expect((await readFile(at("lines.jsonl"), "utf8")).trim().split("\n")).toHaveLength(2);
    expect((await specc(["trials", "collect", at("m1"), at("m2"), "--json"])).records().at(-1)).toMatchObject({
      type: "collection",
      trials: 4,
      done: 2,
      missing: [1, 3],
    });
    expect(await specc(["trials", "run", at("m1", "plan.json"), "--index", "1"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("--retry does the trial again"),
    });
    expect(await specc(["trials", "collect", at("data")])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("no plan.json there"),
    });
  });
});

describe("an experiment", () => {
  const words = (...more: string[]): string[] => [
    "trials",
    at("nets.spec"),
    ...common(),
    "--nets",
    "plain,wild",
    "--trials",
    "1",
    "--epochs",
    "2",
    "--no-augment",
    "--set",
    "train.optimizer=sgd { lr: 1e30 }",
    "--out",
    at("e"),
    ...more,
  ];

  test("killed anywhere, it goes on; a trial that fails stops no other", async () => {
    // The program that `npm run build` made, as the conductor starts it.
    const child = spawn(process.execPath, [join(import.meta.dirname, "../..", "bin", "specc.js"), ...words()], { stdio: "ignore" });
    const ended = new Promise((done) => child.on("exit", done));
    await expect.poll(() => readFile(at("e", "trials", "plain-0.json"), "utf8").catch(() => ""), { timeout: 20_000 }).toContain("started");
    child.kill("SIGKILL");
    await ended;
    const first = await specc(words("--jobs", "2"));
    expect(first.code).toBe(1);
    expect(first.stdout).toMatch(/2 trials in .*, 2 at the same time\n[\s\S]*\[0\] {2}plain, seed 0 {2}test accuracy/);
    expect(first.stderr).toMatch(/^failed: wild, seed 0 \(--index 1\): training stopped at step \d+: /m);
    const again = await specc(words());
    expect(again.stdout).toContain("2 finished before");
    expect((await readdir(at("e", "trials"))).filter((name) => name.endsWith(".json"))).toHaveLength(2);
  }, 60_000);

  test("stops on Ctrl-C without a trace of failure", async () => {
    const calm = (...more: string[]): string[] => [
      "trials",
      at("nets.spec"),
      ...common(),
      "--nets",
      "plain",
      "--trials",
      "2",
      "--epochs",
      "400",
      "--out",
      at("c"),
      ...more,
    ];
    let asked = false;
    const timer = setInterval(
      () =>
        void readdir(at("c", "trials", "plain-0", "weights")).then(
          (names) => (asked = names.includes("last.state.safetensors")),
          () => undefined,
        ),
      50,
    );
    const stopped = await specc(calm(), { terminal: true, interruptWhen: () => asked });
    clearInterval(timer);
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain("stopped; 0 of 2 trials are finished. The same command goes on.");
    expect(await readJson("c", "trials", "plain-0.json")).toMatchObject({ status: "started" });
    expect(await readFile(at("c", "logs", "plain-0.log"), "utf8")).toContain("stopped and saved");
  }, 60_000);
});
