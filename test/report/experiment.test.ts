/** @file `specc report` on made-up trials: its numbers, its figures, and its page in a browser. */

import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { browserMissing, openBrowser } from "../support/browser.ts";
import { specc } from "../support/cli.ts";
import { makeExperiment } from "../support/experiment.ts";
import { suiteFolder } from "../support/folder.ts";

const at = suiteFolder("specc-report-");

const program = `net small = input 16x16x3 -> 2 * (conv spatial 3x3 4 -> relu) -> dense tanh 2
net ramp = input 16x16x3 -> 2 * (conv spectral linear 4 -> relu) -> dense tanh 2
net free = input 16x16x3 -> 2 * (conv spectral free 4 -> relu) -> dense tanh 2
`;
const small = [0.66, 0.67, 0.695, 0.66, 0.64, 0.65];
const ramp = [0.71, 0.68, 0.7, 0.655, 0.69, 0.675];

/** Cells by the first of their row. */
async function table(name: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const [head, ...rows] = (await readFile(at("e", "report", `${name}.csv`), "utf8"))
    .trim()
    .split("\n")
    .map((line) => line.split(","));
  return new Map([["head", head], ...rows.map((row) => [row[0], row.slice(1)] as const)]);
}

beforeAll(async () => {
  await makeExperiment(at("e"), {
    program,
    seeds: 6,
    epochs: 3,
    nets: ["small", "ramp", "free"].map((name) => ({ name, mean: 0.6, deviation: 0.02 })),
    given: { small, ramp },
  });
  // One of the third network is missing.
  await rm(at("e", "trials", "free-5.json"));
});

describe("a report", () => {
  test("is one page, two figures and a CSV for each table", async () => {
    const { code, stdout, stderr } = await specc(["report", at("e"), "--reach", "0.55,0.6,0.99"]);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain("missing: 1 of 18 trials: 17");
    expect(stdout).toMatch(/^ramp +0\.685 +0\.019 +0\.665 to 0\.705 +0\.710 +0\.685 +0\.655 +6$/m);
    expect(stdout).toContain(`report: ${at("e", "report", "report.html")}`);
    expect((await readdir(at("e", "report"))).sort()).toEqual([
      "accuracies.png",
      "accuracies.svg",
      "accuracy.csv",
      "comparisons.csv",
      "cost.csv",
      "epochs-to-reach.csv",
      "learning-curves.csv",
      "learning-curves.png",
      "learning-curves.svg",
      "parameters-per-filter.csv",
      "parameters.csv",
      "report.html",
      "trials.csv",
    ]);
  });

  test("has the numbers of the trials", async () => {
    const accuracy = await table("accuracy");
    expect(accuracy.get("ramp")?.slice(0, 2).map(Number)).toEqual([expect.closeTo(0.685, 9), expect.closeTo(0.019493588689617897, 9)]);
    expect(accuracy.get("free")?.at(-1)).toBe("5");
    const comparisons = await table("comparisons");
    // Of SciPy, as in statistics.test.ts; 6 of 64 sign patterns, and the least p of three is multiplied by at most 3.
    expect(
      comparisons
        .get("ramp − small")
        ?.map((cell) => (cell.includes("to") ? cell : Number(cell)))
        .slice(0, 4),
    ).toEqual([expect.closeTo(0.0225, 9), "−0.002 to 0.047", expect.closeTo(0.06512125863985327, 8), 6 / 64]);
    expect(comparisons.get("ramp − free")?.at(-1)).toBe("5");
    expect(comparisons.size).toBe(4);
    const cost = await table("cost");
    // The made-up steps take 50, 60 and 70 ms, 40 to an epoch, and validation 0.1 s after the first.
    expect(["small", "ramp", "free"].map((net) => Number(cost.get(net)?.[2]))).toEqual(
      [50, 60, 70].map((value) => expect.closeTo(value, 6)),
    );
    expect(cost.get("ramp")?.slice(4)).toEqual(["2", "200", "1000", "1200"]);
    expect((await table("trials")).size).toBe(4);
  });

  test("counts parameters from the layers, filters and heads apart", async () => {
    const parameters = await table("parameters");
    expect(parameters.get("head")).toEqual(["size", "small: filters", "ramp: filters", "free: filters", "each head"]);
    // 4 filters of 3x3 on 3 and on 4 channels with biases; 4 numbers each; 2 H (floor(W / 2) + 1) each; 2 (4 H W + 1).
    expect(parameters.get("150x150")).toEqual([String(4 * 28 + 4 * 37), "32", String(8 * 2 * 150 * 76), String(2 * (4 * 150 * 150 + 1))]);
    expect(parameters.get("16x16 (trials)")).toEqual(["260", "32", String(8 * 2 * 16 * 9), String(2 * (4 * 256 + 1))]);
    expect((await table("parameters-per-filter")).get("768x1024")).toEqual(["28", "4", String(2 * 768 * 513)]);
  });

  test("says in how many epochs an accuracy is reached", async () => {
    const reach = await table("epochs-to-reach");
    expect(reach.get("head")).toEqual(["network", "0.55", "0.60", "0.99"]);
    expect(reach.get("ramp")).toEqual(["1", "1", ""]);
    const html = await readFile(at("e", "report", "report.html"), "utf8");
    expect(html).toContain("– (0/6)");
    expect(html).toContain("1 (6/6)");
  });

  test("averages curves over the trials, with their spread", async () => {
    const rows = (await readFile(at("e", "report", "learning-curves.csv"), "utf8"))
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => line.split(","));
    const own = await Promise.all(
      [0, 1, 2, 3, 4, 5].map(async (seed) =>
        Number((await readFile(at("e", "trials", `small-${seed}`, "results.csv"), "utf8")).split("\n")[2].split(",")[6]),
      ),
    );
    const found = rows.find(
      ([net, quantity, axis, x]) => net === "small" && quantity === "validation accuracy" && axis === "epoch" && x === "2",
    );
    expect(found?.slice(4).map(Number)).toEqual([
      expect.closeTo(own.reduce((sum, value) => sum + value) / 6, 12),
      expect.closeTo(Math.sqrt(own.reduce((sum, value) => sum + (value - own.reduce((s, v) => s + v) / 6) ** 2, 0) / 5), 12),
      6,
    ]);
    const times = rows
      .filter(([net, quantity, axis]) => net === "free" && quantity === "training loss" && axis === "time")
      .map(([, , , x]) => Number(x));
    expect(times).toEqual([...times].sort((a, b) => a - b));
    // 120 steps of 70 ms, and a millisecond later with each seed.
    expect(times.at(-1)).toBeCloseTo(8.4 + (0 + 1 + 2 + 3 + 4) / 5000, 6);
  });

  test("shows every trial as a point, in the colour of its network", async () => {
    const svg = await readFile(at("e", "report", "accuracies.svg"), "utf8");
    const marks = [...svg.matchAll(/<g [^>]*stroke="white" fill="(#\w+)"[^>]*>(.*?)<\/g>/gs)].map(([, colour, body]) => [
      colour,
      body.match(/<(path|circle) /g)?.length,
    ]);
    expect(marks).toEqual([
      ["#0072b2", 6],
      ["#d55e00", 6],
      ["#009e73", 5],
    ]);
    const { width, height } = await sharp(at("e", "report", "learning-curves.png")).metadata();
    expect([width, height]).toEqual([1920, 1068]);
  });

  test("says what a reader must know", async () => {
    const page = await readFile(at("e", "report", "report.html"), "utf8");
    expect(page).toContain("1 of 18 trials are missing: free 5.");
    await makeExperiment(at("odd"), {
      program,
      seeds: 2,
      epochs: 2,
      nets: [{ name: "small", mean: 0.6, deviation: 0.02 }],
      line: ({ seed }) => (seed === 1 ? { adapter: "another <adapter>", data: "f".repeat(64), jobs: 4, measuredOn: "validation" } : {}),
    });
    await writeFile(at("odd", "trials", "torn.json"), "{");
    expect((await specc(["report", at("odd"), "--out", at("odd-report")])).code).toBe(0);
    const odd = await readFile(at("odd-report", "report.html"), "utf8");
    for (const text of [
      "The training data differ between trials",
      "another &lt;adapter&gt;",
      "Up to 4 trials shared the device",
      "They flatter",
      "torn.json is left out",
      "Trials of small",
    ])
      expect(odd).toContain(text);
  });

  test("needs trials, and accuracies to reach that are some", async () => {
    await makeExperiment(at("none"), { program, seeds: 0, epochs: 1, nets: [] });
    expect(await specc(["report", at("none")])).toMatchObject({ code: 1, stderr: expect.stringContaining("no trial is done yet") });
    expect(await specc(["report", at("e"), "--reach", "60"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("--reach takes accuracies from 0 to 1"),
    });
    expect(await specc(["report", at("nowhere")])).toMatchObject({ code: 1, stderr: expect.stringContaining("no plan.json there") });
  });
});

test.skipIf(browserMissing !== undefined)(
  "the page needs no network, and fits screens, phones and paper",
  async () => {
    const browser = await openBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 1100, height: 900 } });
      const asked: string[] = [];
      const wrong: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      page.on("console", (message) => void (message.type() === "error" && wrong.push(message.text())));
      page.on("pageerror", (error) => wrong.push(error.message));
      await page.goto(`file://${at("e", "report", "report.html")}`);
      expect(asked.filter((url) => !url.startsWith("data:"))).toEqual([`file://${at("e", "report", "report.html")}`]);
      expect(await page.getByRole("img", { name: "Learning curves" }).count()).toBe(1);
      expect(await page.getByRole("table").count()).toBe(7);
      const wider = (selector: string): Promise<boolean> =>
        page.evaluate(`[...document.querySelectorAll("${selector}")].some((element) => element.scrollWidth > element.clientWidth)`);
      expect(await wider("html")).toBe(false);
      await page.setViewportSize({ width: 360, height: 640 });
      expect(await wider("html")).toBe(false);
      // The width of A4 between its margins: nothing may be cut off there.
      await page.emulateMedia({ media: "print" });
      await page.setViewportSize({ width: 672, height: 1000 });
      expect(await wider("html, .wide, pre")).toBe(false);
      await page.screenshot({ fullPage: true, path: process.env["SPECC_SCREENSHOT"] });
      expect(wrong).toEqual([]);
    } finally {
      await browser.close();
    }
  },
  60_000,
);
