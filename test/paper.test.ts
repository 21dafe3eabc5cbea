/** @file The experiments of docs/paper: their programs, sizes and flags are accepted, and the pages name them rightly. */

import { execFile } from "node:child_process";
import { cp, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
// @ts-expect-error: the benches are JavaScript
import { experiments as table } from "../bench/experiments.mjs";
import type { TrialPlan } from "../src/trials/plan.ts";
import { specc } from "./support/cli.ts";
import { drawStripes } from "./support/drawings.ts";
import { suiteFolder } from "./support/folder.ts";

interface Experiment {
  readonly file: string;
  readonly small: readonly string[];
  readonly full: readonly string[];
}

const experiments = Object.entries(table as Readonly<Record<string, Experiment>>);
const at = suiteFolder("specc-paper-");

beforeAll(async () => {
  for (const part of ["train", "test"]) {
    await drawStripes(at("two", part), 3, 0);
    for (let digit = 0; digit < 10; digit++) await cp(at("two", part, "across"), at("ten", part, `${digit}`), { recursive: true });
  }
});

describe.each(experiments)("%s", (name, { file, small, full }) => {
  test.each([
    ["small", small],
    ["full", full],
  ] as const)("can be planned, %s", async (size, words) => {
    const out = at(`${name}-${size}`, "plan.json");
    const { code, stderr } = await specc([
      "trials",
      "plan",
      file,
      "--data",
      at(name === "families" ? "ten" : "two"),
      "--device",
      "cpu",
      ...words,
      "--out",
      out,
    ]);
    expect(code, stderr).toBe(0);
    const { trials } = JSON.parse(await readFile(out, "utf8")) as TrialPlan;
    const seeds = Number(words[words.indexOf("--trials") + 1]);
    expect(new Set(trials.map(({ seed }) => seed)).size).toBe(seeds);
  });
});

test("the network of at most 10,000 parameters has no more", async () => {
  const { stdout } = await specc(["check", "examples/paper-small.spec"]);
  for (const [, total] of stdout.matchAll(/total ([\d,]+)/g)) expect(Number(total.replaceAll(",", ""))).toBeLessThanOrEqual(10_000);
  expect(stdout).toContain("total 9,194");
});

test("docs/paper names every experiment, and no other", async () => {
  const pages = (await readdir("docs/paper")).filter((page) => page.endsWith(".md"));
  const texts = await Promise.all(pages.map((page) => readFile(join("docs/paper", page), "utf8")));
  const named = texts.flatMap((text) => [...text.matchAll(/npm run paper -- ([\w-]+) --data=/g)].map(([, name]) => name));
  expect([...new Set(named)].sort()).toEqual(experiments.map(([name]) => name).sort());
});

test("without an experiment it lists them, and unknown flags are named", async () => {
  const call = (...words: string[]): Promise<string> =>
    new Promise((done) =>
      execFile(process.execPath, ["bench/paper.mjs", ...words], (error, _stdout, stderr) => done(`${error?.code ?? 0} ${stderr}`)),
    );
  const usage = await call();
  for (const [name] of experiments) expect(usage).toContain(`  ${name} `);
  expect(usage).toMatch(/^1 /);
  expect(await call("networks", "--data=x", "--foo")).toContain("there is no flag foo");
});
