/** @file The run folder, its results, tables for the terminal and the confusion matrix. */

import { appendFile, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { writeAtomically } from "../../src/data/atomic-file.ts";
import { accuracyOf, classScores, confusionText, countConfusion, scoresText } from "../../src/report/confusion.ts";
import type { ResultRow } from "../../src/report/folder/results.ts";
import { resultColumns } from "../../src/report/folder/results.ts";
import { RowFile } from "../../src/report/folder/row-file.ts";
import { createRunFolder, openRunFolder } from "../../src/report/folder/run-folder.ts";
import { renderTable, useColour } from "../../src/report/terminal.ts";
import { suiteFolder } from "../support/folder.ts";

const at = suiteFolder("specc-report-");

// Linux has a device that is always full.
test.skipIf(process.platform !== "linux")("rows that a full disk does not take name their file", async () => {
  const rows = new RowFile("/dev/full", resultColumns);
  const row = { epoch: 1, step: 1, time: 1, loss: 1, accuracy: 0, valLoss: undefined, valAccuracy: undefined, lr: 0.1 };
  await expect(rows.append([row])).rejects.toMatchObject({ code: "ENOSPC", path: "/dev/full" });
});

describe("a file written atomically", () => {
  test("replaces the old one and leaves nothing else", async () => {
    const folder = at("atomic");
    const path = join((await createRunFolder(folder)).path, "x.txt");
    await writeAtomically(path, "one");
    await writeAtomically(path, new TextEncoder().encode("two"));
    expect(await readFile(path, "utf8")).toBe("two");
    expect((await readdir(folder)).sort()).toEqual(["weights", "x.txt"]);
  });

  test("that cannot be put in its place leaves nothing behind", async () => {
    const run = await createRunFolder(at("blocked"));
    // A folder stands where the file should go.
    // The error names the file that was wanted, not the temporary one.
    await expect(writeAtomically(join(run.path, "weights"), "x")).rejects.toMatchObject({ path: join(run.path, "weights") });
    expect(await readdir(run.path)).toEqual(["weights"]);
  });

  test("is never seen half-written", async () => {
    const path = join((await createRunFolder(at("whole"))).path, "x");
    const contents = ["a", "b"].map((letter) => letter.repeat(1 << 18));
    await writeAtomically(path, contents[0]);
    const writing = (async () => {
      for (let round = 0; round < 20; round++) await writeAtomically(path, contents[round % 2]);
    })();
    for (let round = 0; round < 50; round++) expect(contents).toContain(await readFile(path, "utf8"));
    await writing;
  });
});

describe("a run folder", () => {
  test("never takes the place of another, also when two are made at once", async () => {
    const wanted = at("runs", "train", "net");
    const made = await Promise.all([1, 2, 3].map(() => createRunFolder(wanted)));
    expect(made.map(({ path }) => path).sort()).toEqual([wanted, `${wanted}2`, `${wanted}3`]);
  });

  test("holds what was asked and what was learned", async () => {
    const run = await createRunFolder(at("contents"));
    await run.write("spec", "spec 1\n");
    await run.writeJson("arguments", { data: "pets", seed: 0 });
    await run.write("lastWeights", Uint8Array.of(1, 2));
    const opened = await openRunFolder(run.path);
    expect(await opened.readText("spec")).toBe("spec 1\n");
    expect(JSON.parse(await opened.readText("arguments"))).toEqual({ data: "pets", seed: 0 });
    expect([...(await opened.read("lastWeights"))]).toEqual([1, 2]);
    expect(opened.file("lastState")).toBe(join(run.path, "weights", "last.state.safetensors"));
    await expect(opened.read("lastState")).rejects.toThrow("has no weights/last.state.safetensors");
  });

  test("that is none, or cannot be made, is said plainly", async () => {
    await expect(openRunFolder(at("nothing"))).rejects.toThrow(/nothing is not a run folder: it has no net.spec/);
    await writeFile(at("file"), "");
    await expect(createRunFolder(at("file", "run"))).rejects.toThrow(
      /cannot make a run folder at .*: (a part of the path is not a folder|it exists already)/,
    );
  });
});

describe("results.csv", () => {
  const row = (epoch: number): ResultRow => ({
    epoch,
    step: 100 * epoch,
    time: 1.23456 * epoch,
    loss: 0.1 + 0.2,
    accuracy: 0.5,
    valLoss: undefined,
    valAccuracy: 1 / 3,
    lr: 1e-7,
  });

  test("has a header, reads back exactly, and appends", async () => {
    const { results } = await createRunFolder(at("results"));
    expect(await results.read()).toEqual([]);
    await results.append([row(1)]);
    await results.append([row(2)]);
    expect((await readFile(results.path, "utf8")).split("\n").slice(0, 2)).toEqual([
      "epoch,step,time,loss,accuracy,val_loss,val_accuracy,lr",
      "1,100,1.235,0.30000000000000004,0.5,,0.3333333333333333,1e-7",
    ]);
    expect(await results.read()).toEqual([
      { ...row(1), time: 1.235 },
      { ...row(2), time: 2.469 },
    ]);
  });

  test("a resumed run forgets later epochs and torn lines", async () => {
    const { results } = await createRunFolder(at("resumed"));
    for (const epoch of [1, 2, 3]) await results.append([row(epoch)]);
    await appendFile(results.path, "4,400,4.9");
    expect((await results.read()).map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    await results.keep((row) => row.epoch <= 2);
    await results.append([row(3)]);
    expect((await results.read()).map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    expect((await readFile(results.path, "utf8")).split("\n")).toHaveLength(5);
  });
});

describe("the terminal", () => {
  test("a table has aligned columns and no escape codes without colour", () => {
    expect(
      renderTable(
        ["layer", "numbers"],
        [
          ["conv", "12"],
          ["a long dense", "1,234"],
        ],
        { align: ["left", "right"] },
      ),
    ).toBe(["layer         numbers", "─────────────────────", "conv               12", "a long dense    1,234"].join("\n"));
    expect(renderTable(["a"], [["b"]], { colour: true })).toContain("\u001b[1m");
  });

  test("a table may be empty", () => {
    expect(renderTable(["a", "b"], [])).toBe("a  b\n────");
  });

  test("colours need a terminal, whatever the variables say", () => {
    expect(useColour({ isTTY: true }, {})).toBe(true);
    expect(useColour({ isTTY: true }, { NO_COLOR: "1" })).toBe(false);
    expect(useColour({ isTTY: true }, { TERM: "dumb" })).toBe(false);
    expect(useColour({}, { CI: "1", FORCE_COLOR: "1" })).toBe(false);
  });
});

describe("the confusion matrix", () => {
  const confusion = countConfusion(["cats", "dogs", "birds"], [0, 0, 0, 1, 1], [0, 0, 1, 1, 0]);

  test("has rows of true and columns of predicted classes", () => {
    expect([...confusion.counts]).toEqual([2, 1, 0, 1, 1, 0, 0, 0, 0]);
    expect(accuracyOf(confusion)).toBe(0.6);
    expect(classScores(confusion)).toEqual([
      { name: "cats", count: 3, precision: 2 / 3, recall: 2 / 3, f1: 2 / 3 },
      { name: "dogs", count: 2, precision: 1 / 2, recall: 1 / 2, f1: 1 / 2 },
      { name: "birds", count: 0, precision: undefined, recall: undefined, f1: undefined },
    ]);
  });

  test("is written for people", () => {
    expect(confusionText(confusion)).toBe(
      [
        "true \\ predicted  cats  dogs  birds",
        "───────────────────────────────────",
        "cats                 2     1      ·",
        "dogs                 1     1      ·",
        "birds                ·     ·      0",
      ].join("\n"),
    );
    expect(scoresText(confusion).split("\n")[4]).toBe("birds       0          -       -      -");
  });

  test("of many classes lists the commonest mistakes", () => {
    const classes = Array.from({ length: 20 }, (_, index) => `c${index}`);
    const text = confusionText(countConfusion(classes, [3, 3, 5, 7], [4, 4, 6, 7]));
    expect(
      text
        .split("\n")
        .slice(2)
        .map((line) => line.split(/\s+/)),
    ).toEqual([
      ["c3", "c4", "2"],
      ["c5", "c6", "1"],
    ]);
    expect(confusionText(countConfusion(classes, [1], [1]))).toBe("no mistakes");
  });

  test("refuses what is no class", () => {
    expect(() => countConfusion(["a", "b"], [0], [2])).toThrow("2 is none of 2 classes");
    expect(() => countConfusion(["a", "b"], [0], [NaN])).toThrow(RangeError);
    expect(() => countConfusion(["a", "b"], [0, 1], [0])).toThrow("2 labels, 1 predictions");
  });
});
