/** @file `specc show` on a run and on a program: filters, what the layers give, and what is refused. */

import { readFile, rm, writeFile } from "node:fs/promises";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { filterOf } from "../../src/report/filters/layer.ts";
import { FilterRecord } from "../../src/report/folder/filter-record.ts";
import { filterLayers } from "../../src/runs/filters.ts";
import { readTensors } from "../../src/runtime/safetensors.ts";
import { specc } from "../support/cli.ts";
import { suiteFolder } from "../support/folder.ts";
import { networkOf } from "../support/gradient.ts";
import { writeStripes } from "../support/stripes.ts";

const at = suiteFolder("specc-show-");

describe("a run", () => {
  const show = (...words: string[]): ReturnType<typeof specc> => specc(["show", ...words]);

  beforeAll(async () => {
    await writeStripes(at("data"), 8);
    await writeFile(
      at("net.spec"),
      "spec 1\n\n" +
        "input 8x8x1 -> conv spectral gaussian 3 { bias: on } -> relu -> conv spatial 3x3 2 -> dropout 50% -> dense softmax 2\n" +
        "train { epochs: 2, batch: 4, split: 50%, optimizer: adam { lr: 0.05 } }\n",
    );
    expect(
      await specc(["train", at("net.spec"), "--data", at("data"), "--device", "cpu", "--cache", at("cache"), "--out", at("run")]),
    ).toMatchObject({ code: 0 });
  });

  test("keeps its filters at the start and after each epoch", async () => {
    const moments = await new FilterRecord(at("run", "filters.ndjson")).read();
    expect(moments.map(({ epoch }) => epoch)).toEqual([0, 1, 2]);
    const last = readTensors(await readFile(at("run", "weights", "last.safetensors"))).tensors;
    const paths = [...last.keys()].filter((path) => path.startsWith("conv."));
    expect([...moments[2].params.keys()].sort()).toEqual(paths.sort());
    for (const path of paths) expect(moments[2].params.get(path)).toEqual(last.get(path)?.data);
    expect(moments[0].params.get("conv.1.g")).not.toEqual(moments[1].params.get("conv.1.g"));
  });

  test("--filters draws a sheet for each layer, and every epoch", async () => {
    const result = await show(at("run"), "--filters", "--json");
    expect(result).toMatchObject({ code: 0 });
    const names = ["filters-conv.1.svg", "filters-conv.1.png", "filters-conv.2.svg", "filters-conv.2.png", "filters.gif"];
    expect(result.records()).toEqual([
      { type: "result", command: "show", subject: "filters", pictures: names.map((name) => at("run", "show", name)), notes: [] },
    ]);
    expect(await sharp(at("run", "show", "filters.gif"), { animated: true }).metadata()).toMatchObject({
      pages: 3,
      loop: 0,
      delay: [500, 500, 2500],
    });
    const svg = await readFile(at("run", "show", "filters-conv.1.svg"), "utf8");
    for (const text of ["conv.1: conv spectral gaussian 3", "filter 3", ">mu<", "after epoch "]) expect(svg).toContain(text);
    const few = await show(at("run"), "--filters", "--limit", "1", "--out", at("few"));
    expect(few.code).toBe(0);
    expect(await readFile(at("few", "filters-conv.1.svg"), "utf8")).toMatch(/1 of 3 filters/);
    await rm(at("run", "filters.ndjson"));
    expect((await show(at("run"), "--filters", "--limit", "1", "--out", at("none"))).stderr).toMatch(
      /no animation: the run has no filters.ndjson/,
    );
  });

  test("--image ends with the probabilities of `predict`, and shows what the layers give", async () => {
    const photo = at("data", "across", "1.png");
    const shown = await show(at("run"), "--image", photo, "--json");
    expect(shown.code).toBe(0);
    const [{ scores }] = shown.records() as unknown as readonly {
      readonly scores: readonly { readonly name: string; readonly score: number }[];
    }[];
    const predicted = (await specc(["predict", at("run"), photo, "--device", "cpu", "--json"]))
      .records()
      .find(({ type }) => type === "prediction") as unknown as {
      readonly probabilities: readonly { readonly class: string; readonly score: number }[];
    };
    expect(scores.map(({ name, score }) => [name, score])).toEqual(
      predicted.probabilities.map((entry) => [entry.class, expect.closeTo(entry.score, 6)]),
    );
    const svg = await readFile(at("run", "show", "image-1.svg"), "utf8");
    for (const text of [
      "conv.1: conv spectral gaussian 3",
      "relu.1: relu",
      "conv.2: conv spatial 3x3 2",
      "dense.1: dense softmax 2",
      "classes by probability",
    ])
      expect(svg).toContain(text);
    // Without training there is nothing to drop.
    expect(svg).not.toContain("dropout");
    // After relu nothing is below 0.
    expect(
      svg
        .split("relu.1: relu")[1]
        .split("conv.2: ")[0]
        .match(/>(-?[\d.e-]+) \.\. /g)
        ?.every((entry) => entry === ">0 .. " || !entry.startsWith(">-")),
    ).toBe(true);
  });

  test("what does not fit is refused", async () => {
    expect((await show(at("net.spec"), "--filters", "--weights", "last")).stderr).toMatch(/--weights has no meaning for a FILE/);
    expect((await show(at("run"), "--filters", "--seed", "1")).stderr).toMatch(/--seed has no meaning for a run/);
    expect((await show(at("net.spec"), "--image", "x.png")).stderr).toMatch(/not a run folder/);
    expect((await show(at("run"), "--image", at("net.spec"))).stderr).toMatch(/cannot be read/);
    await writeFile(at("flat.spec"), "spec 1\n\ninput 4x4x1 -> dense softmax 2\n");
    expect(await show(at("flat.spec"), "--filters")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/no layer of it is a convolution/),
    });
  });

  test("fresh filters of a program, of signals too", async () => {
    await writeFile(
      at("signal.spec"),
      "spec 1\n\nfilter band(g ~ normal(0, 1), f = 0.2) = g * exp(-((u - f) / 0.1)^2)\n\n" +
        "input 32x1 -> conv spectral band 2 -> conv spatial 5 2 -> gap -> dense softmax 2\n",
    );
    const result = await show(at("signal.spec"), "--filters", "--out", at("signal"), "--seed", "3");
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(await readFile(at("signal", "filters-conv.1.svg"), "utf8")).toMatch(/signal: fresh parameters, seed 3.*32 samples.*polyline/s);
    await rm(at("signal"), { recursive: true });
    const network = networkOf("show", "input 32x1 -> conv spectral free 1 -> gap -> dense softmax 2");
    const [[layer]] = await filterLayers(network, [
      new Map([
        ["conv.1.weight", new Float32Array(34).map((_, index) => 1 - (index % 2))],
        ["dense.1.weight", new Float32Array(2)],
        ["dense.1.bias", new Float32Array(2)],
      ]),
    ]);
    filterOf(layer, 0).kernel.data.forEach((value, index) => expect(value).toBeCloseTo(index === 16 ? 1 : 0, 6));
  });
});
