/** @file `specc train`, `eval` and `predict` on small drawings, with `--device cpu`. */

import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { readTensors } from "../../src/runtime/safetensors.ts";
import { specc } from "../support/cli.ts";
import { drawStripes } from "../support/drawings.ts";
import { suiteFolder } from "../support/folder.ts";

const at = suiteFolder("specc-train-");

const spec = `spec 1

input 8x8x1
  -> conv spectral gaussian 4
  -> relu
  -> dense softmax 2

train { optimizer: adam { lr: 0.02 }, epochs: 4, batch: 8, split: 75% }
`;

/** The words of a training, without a cache beside the data. */
function wordsFor(program: string, data: string, ...more: string[]): string[] {
  return ["train", at(program), "--data", at(data), "--device", "cpu", "--cache", at("cache"), ...more];
}

function words(...more: string[]): string[] {
  return wordsFor("net.spec", "data", ...more);
}

beforeAll(async () => {
  await drawStripes(at("data"), 20, 0);
  await drawStripes(at("other"), 6, 40);
  await writeFile(at("data", "across", "broken.png"), "no picture");
  await writeFile(at("net.spec"), spec);
});

const ansi = /\u001b\[/;

async function tensorsOf(...path: string[]): Promise<ReadonlyMap<string, unknown>> {
  return readTensors(await readFile(at(...path))).tensors;
}

describe("train", () => {
  test("leaves a run folder, which eval and predict use", async () => {
    const { code, stdout, stderr } = await specc(words("--out", at("run")));
    expect(code).toBe(0);
    expect(stdout).not.toMatch(ansi);
    for (const text of [
      "adapter ",
      "input        8x8x1, from the file",
      "across 15, upright 15",
      "parameters   filters 48, head 514",
      "loss: cross_entropy",
      "seed: 0",
      `run folder   ${at("run")}`,
    ]) {
      expect(stdout).toContain(text);
    }
    expect(stdout.match(/^epoch \d\/4 /gm)).toHaveLength(4);
    expect(stderr).toMatch(/warning: 1 file of .* could not be read and is skipped:\n {2}across\/broken.png: /);
    expect((await readdir(at("run"))).sort()).toEqual(
      expect.arrayContaining(["args.json", "env.json", "net.spec", "results.csv", "weights"]),
    );
    expect((await readFile(at("run", "results.csv"), "utf8")).split("\n")).toHaveLength(6);
    expect(await readFile(at("run", "net.spec"), "utf8")).toContain("train {");

    const evaluated = await specc(["eval", at("run"), "--data", at("other"), "--device", "cpu", "--cache", at("cache")]);
    expect(evaluated.code).toBe(0);
    expect(evaluated.stdout).toMatch(/^accuracy [01]\.\d{4}, loss .*, on 12 images/);
    const [result] = (
      await specc(["eval", at("run"), "--data", at("other"), "--device", "cpu", "--cache", at("cache"), "--json"])
    ).records();
    expect(result).toMatchObject({ type: "result", count: 12, part: "train" });
    expect((result["confusion"] as number[][]).flat().reduce((sum, count) => sum + count)).toBe(12);
    // Stripes are easy: anything else would mean that labels or pixels are mixed up.
    expect(result["accuracy"]).toBeGreaterThan(0.9);

    const image = at("other", "upright", "41.png");
    const predicted = await specc(["predict", at("run"), image, at("data", "across", "broken.png"), "--device", "cpu"]);
    expect(predicted.code).toBe(1);
    expect(predicted.stdout).toMatch(/41\.png: upright \d+\.\d %, across \d+\.\d %\n$/);
    expect(predicted.stderr).toContain("broken.png cannot be read");
    const none = await specc(["predict", at("run"), at("data"), at("data", "none.png"), "--device", "cpu"]);
    expect(none).toMatchObject({ code: 1, stdout: "" });
    expect(none.stderr.split("\n").slice(1)).toEqual([
      `error: ${at("data")} cannot be read: it is a folder`,
      `error: ${at("data", "none.png")} cannot be read: there is no such file or folder`,
      "",
    ]);
    const [prediction] = (await specc(["predict", at("run"), image, "--device", "cpu", "--json", "--top", "1"])).records();
    expect(prediction).toMatchObject({ type: "prediction", class: "upright", probabilities: [{ class: "upright" }] });
  });

  test("stopped and resumed, it ends with the same bits", async () => {
    const whole = await specc(words("--out", at("whole"), "--quiet"));
    expect(whole.code).toBe(0);
    expect(whole.stdout).toMatch(/^\nvalidation accuracy /);
    const stopped = await specc(words("--out", at("parts")), { interruptWhen: (text) => text.includes("epoch 2/4") });
    expect(stopped.code).toBe(130);
    expect(stopped.stderr).toContain(`specc train --resume ${at("parts")}`);
    const resumed = await specc(["train", "--resume", at("parts"), "--cache", at("cache"), "--json"]);
    expect(resumed.code).toBe(0);
    expect(resumed.records().find(({ type }) => type === "start")).toMatchObject({ resumedFrom: { epoch: 2 } });
    expect(
      resumed
        .records()
        .filter(({ type }) => type === "epoch")
        .map(({ epoch }) => epoch),
    ).toEqual([3, 4]);
    for (const name of ["last", "best", "last.state"]) {
      expect(await tensorsOf("parts", "weights", `${name}.safetensors`)).toEqual(
        await tensorsOf("whole", "weights", `${name}.safetensors`),
      );
    }
    const untimed = async (...path: string[]): Promise<string[]> =>
      (await readFile(at(...path), "utf8")).split("\n").map((line) =>
        line
          .split(",")
          .filter((_, column) => column !== 2)
          .join(),
      );
    for (const name of ["results.csv", "steps.csv"]) expect(await untimed("parts", name)).toEqual(await untimed("whole", name));
    // 30 images in batches of 8, four times; the epoch's loss is the mean over its images.
    const steps = (await untimed("whole", "steps.csv")).slice(1, -1).map((line) => line.split(",").map(Number));
    expect(steps.map(([step, epoch]) => [step, epoch])).toEqual(Array.from({ length: 16 }, (_, index) => [index + 1, 1 + (index >> 2)]));
    const meanOf = (column: number): number =>
      steps.slice(0, 4).reduce((sum, cells, index) => sum + (index < 3 ? 8 : 6) * cells[column], 0) / 30;
    const [, first] = await untimed("whole", "results.csv");
    expect(first.split(",").slice(2, 4).map(Number)).toEqual([expect.closeTo(meanOf(2), 10), expect.closeTo(meanOf(3), 10)]);
  });

  test("a resumed run keeps its settings and its data", async () => {
    await specc(words("--out", at("kept"), "--epochs", "2", "--limit", "8"), { interruptWhen: (text) => text.includes("epoch 1/2") });
    const resume = ["train", "--resume", at("kept"), "--cache", at("cache")];
    expect(await specc([...resume, "--epochs", "3"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("the run has train.epochs 2, not 3"),
    });
    expect(await specc([...resume, "--out", "x"])).toMatchObject({ code: 1, stderr: expect.stringContaining("exclude each other") });
    expect(await specc([...resume, "--data", at("other")])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("not those that the run began with"),
    });
    expect((await specc([...resume, at("net.spec"), "--epochs", "2", "--limit", "8", "--data", at("data")])).code).toBe(0);
  });

  test("begins with given parameters, and says so in its folder", async () => {
    const spec = at("scaled.spec");
    await writeFile(
      spec,
      "input 8x8x1 -> conv spectral gaussian 2 { init: calibrated } -> relu -> dense softmax 2\ntrain { epochs: 1, split: 75% }\n",
    );
    const short = ["train", spec, "--data", at("data"), "--device", "cpu", "--cache", at("cache"), "--lr", "1e-60", "--limit", "8"];
    expect((await specc([...short, "--out", at("first")])).code).toBe(0);
    const given = at("first", "weights", "last.safetensors");
    const { code, stdout } = await specc([...short, "--out", at("second"), "--params", given, "--seed", "5"]);
    expect(code).toBe(0);
    expect(stdout).toContain(`begins with  ${given}`);
    // With a learning rate that is 0 in f32 they are what came in, the measured `scale` with them.
    expect(await tensorsOf("second", "weights", "last.safetensors")).toEqual(await tensorsOf("first", "weights", "last.safetensors"));
    expect(JSON.parse(await readFile(at("second", "args.json"), "utf8"))).toMatchObject({
      params: {
        file: given,
        hash: createHash("sha256")
          .update(await readFile(given))
          .digest("hex"),
      },
    });
    const other = await specc(words("--params", given));
    expect(other).toMatchObject({ code: 1, stderr: expect.stringContaining("does not hold the parameters of this network") });
    expect(await specc(["train", "--resume", at("first"), "--params", given])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("not started with this --params"),
    });
  });

  test("a network in one line takes its input from the data", async () => {
    await writeFile(at("line.spec"), "conv spectral gaussian 2 -> relu -> dense tanh 2\n");
    const { code, stdout, stderr } = await specc(
      wordsFor("line.spec", "other", "--epochs", "1", "--set", "train.split=9", "--out", at("line"), "--json"),
    );
    expect(code, stderr).toBe(0);
    const records = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(records.find(({ type }) => type === "start")).toMatchObject({
      input: "8x8x1",
      inputFrom: "the data",
      training: { count: 9 },
      validation: { count: 3 },
      train: { epochs: "1", split: "9" },
    });
    expect(records.at(-1)).toMatchObject({ type: "result", command: "train", measuredOn: "validation", count: 3 });
    const predicted = await specc(["predict", at("line"), at("other", "across", "40.png"), "--device", "cpu"]);
    expect(predicted.stdout).toContain("no probabilities");
  });

  test("a split that leaves nothing to validate on is warned of", async () => {
    await writeFile(at("all.spec"), spec.replace("75%", "12"));
    const { code, stderr, stdout } = await specc(wordsFor("all.spec", "other", "--epochs", "1", "--out", at("all")));
    expect(code).toBe(0);
    expect(stderr).toMatch(/^warning: `split: 12` leaves nothing of 12 images for validation: training on 80 %\n --> .*all.spec:8:/m);
    expect(stdout).toMatch(/^training +9 images/m);
    expect(stdout).toContain("split: 80%");
  });

  test("--val is another folder, and the second name gets a number", async () => {
    const first = await specc(words("--val", at("other"), "--epochs", "1", "--out", at("val"), "--json"));
    expect(first.records().find(({ type }) => type === "start")).toMatchObject({
      run: at("val"),
      training: { count: 40 },
      validation: { count: 12 },
    });
    const second = await specc(words("--val", at("other"), "--epochs", "1", "--out", at("val"), "--json"));
    expect(second.records().find(({ type }) => type === "start")).toMatchObject({ run: at("val2") });
  });

  test("wrong data and programs", async () => {
    await writeFile(at("three.spec"), spec.replace("softmax 2", "softmax 3"));
    expect(await specc(["train", at("three.spec"), "--data", at("data")])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("error[S0610]: the network has 3 outputs, the data has 2 classes"),
    });
    expect(await specc(["train", at("net.spec"), "--data", at("nothing")])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("there is no folder"),
    });
    expect(await specc(words("--classes", "across,uprihgt"))).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("did you mean `upright`?"),
    });
    expect(await specc(words("--set", "train.epoch=3"))).toMatchObject({ code: 1, stderr: expect.stringContaining("`epochs`") });
    await writeFile(at("bare.spec"), "spec 1\n\ninput 8x8x1 -> concat[id | id] -> gap\n");
    expect(await specc(["train", at("bare.spec"), "--data", at("data"), "--device", "cpu"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("nothing to train"),
    });
  });

  test("`augment` is in force, unless it is left out, and a resumed run keeps it so", async () => {
    await writeFile(at("shift.spec"), `${spec}\naugment shift 2px -> noise 5%\n`);
    const run = async (
      out: string,
      ...more: string[]
    ): Promise<{ readonly stdout: string; readonly tensors: ReadonlyMap<string, unknown> }> => {
      const { code, stderr, stdout } = await specc(wordsFor("shift.spec", "other", "--epochs", "2", "--out", at(out), ...more));
      expect(code, stderr).toBe(0);
      return { stdout, tensors: await tensorsOf(out, "weights", "last.safetensors") };
    };
    const augmented = await run("augmented");
    expect(augmented.stdout).toContain("augment: shift 2px -> noise 5%, border nearest");
    const plain = await run("plain", "--no-augment");
    expect(plain.stdout).not.toContain("augment");
    expect(plain.tensors).not.toEqual(augmented.tensors);
    const stopped = await specc(wordsFor("shift.spec", "other", "--epochs", "2", "--out", at("stopped")), {
      interruptWhen: (text) => text.includes("epoch 1/2"),
    });
    expect(stopped.code).toBe(130);
    expect(await specc(["train", "--resume", at("stopped"), "--no-augment"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("was not started with this --no-augment"),
    });
    expect((await specc(["train", "--resume", at("stopped")])).code).toBe(0);
    expect(await tensorsOf("stopped", "weights", "last.safetensors")).toEqual(augmented.tensors);
  });

  test("a terminal gets one line that is painted over, and --quiet only results", async () => {
    const painted = await specc(words("--epochs", "1", "--out", at("painted")), { terminal: true });
    expect(painted.stdout).toMatch(/\r\u001b\[Kepoch 1\/1 {2}step \d+\/4 {2}loss /);
    expect(painted.stdout).toMatch(/\r\u001b\[Kepoch 1\/1 {2}loss [^\r]*\n/);
    const quiet = await specc(words("--epochs", "1", "--out", at("quiet"), "--quiet"));
    expect(
      quiet.stdout
        .trim()
        .split("\n")
        .map((line) => line.split(/[ :]/)[0]),
    ).toEqual(["validation", "weights", "pictures"]);
  });

  test("interrupted before the first step, it leaves nothing", async () => {
    const { code, stderr } = await specc(
      words("--out", at("early")).map((word) => (word === at("cache") ? at("early-cache") : word)),
      { terminal: true, interruptWhen: (text) => text.includes("decoding") },
    );
    expect(code).toBe(130);
    expect(stderr).toContain("\ninterrupted: nothing was saved\n");
    await expect(readdir(at("early"))).rejects.toThrow();
  });

  test("numbers that are not finite stop the run", async () => {
    const { code, stderr } = await specc(words("--lr", "1e38", "--out", at("wild")));
    expect(code).toBe(1);
    expect(stderr).toMatch(/error: training stopped at step \d+: /);
    expect(stderr).toContain("smaller learning rate");
  });
});

describe("augment", () => {
  test("leaves something to learn: images that were never seen are told apart", async () => {
    await writeFile(
      at("varied.spec"),
      spec
        .replace("epochs: 4", "epochs: 8")
        .replace("train {", "augment shift 1px -> rotate 10deg -> flip -> brightness 80%..120% -> noise 2%\n\ntrain {"),
    );
    const { code } = await specc(wordsFor("varied.spec", "data", "--out", at("varied")));
    expect(code).toBe(0);
    const [result] = (
      await specc(["eval", at("varied"), "--data", at("other"), "--device", "cpu", "--cache", at("cache"), "--json"])
    ).records();
    expect(result.accuracy).toBeGreaterThan(0.9);
  });
});

describe("eval and predict", () => {
  test("work at another size, if no weight depends on it", async () => {
    await writeFile(at("free.spec"), spec.replace("8x8x1", "?x?x1").replace("-> dense", "-> gap -> dense"));
    const trained = await specc(wordsFor("free.spec", "data", "--input", "8x8x1", "--epochs", "1", "--out", at("free")));
    expect(trained.code).toBe(0);
    const evaluate = (run: string, ...more: string[]): ReturnType<typeof specc> =>
      specc(["eval", at(run), "--data", at("other"), "--device", "cpu", "--cache", at("cache"), "--json", ...more]);
    const [small, large] = [(await evaluate("free")).records()[0], (await evaluate("free", "--input", "12x10x1")).records()[0]];
    expect(small).toMatchObject({ input: "8x8x1", count: 12 });
    expect(large).toMatchObject({ input: "12x10x1", count: 12 });
    expect(large.loss).not.toBe(small.loss);

    const image = at("other", "across", (await readdir(at("other", "across")))[0]);
    expect((await specc(["predict", at("free"), image, "--input", "12x10x1", "--device", "cpu"])).code).toBe(0);

    const refused = await specc(["eval", at("run"), "--data", at("other"), "--device", "cpu", "--input", "12x10x1"]);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain("`dense.1.weight` has shape [2, 256], expected [2, 480]");
    expect(refused.stderr).toContain("`gap` before `dense`");
  });

  test("want a run folder", async () => {
    expect(await specc(["eval", at("data"), "--data", at("data")])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("is not a run folder"),
    });
    await mkdir(at("empty"), { recursive: true });
    await writeFile(at("empty", "net.spec"), spec);
    await writeFile(at("empty", "args.json"), "{}");
    expect(await specc(["predict", at("empty"), "a.png"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("is not what `specc train` writes"),
    });
  });
});
