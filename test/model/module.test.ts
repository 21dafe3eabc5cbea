/** @file Compiled modules as their users have them: a file in a folder, run by plain Node, typed by TypeScript. */

import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { epochOrder, rootKey } from "../../src/runtime/index.ts";
import { specc } from "../support/cli.ts";
import { expectClose } from "../support/close.ts";
import { gpuMissing } from "../support/gpu.ts";
import type { ModuleRun } from "../support/module-run.ts";
import { makeModuleRun, runBatch, runInNode } from "../support/module-run.ts";

let run: ModuleRun;

async function compile(out: string, ...words: readonly string[]): Promise<string> {
  const { code, stderr } = await specc(["compile", run.run, "--out", join(run.folder, out), ...words]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return join(run.folder, out);
}

/** Reads the images of the run, as a child process has them. */
const imagesOf = `
import { readFileSync } from "node:fs";
const images = JSON.parse(readFileSync("images.json", "utf8")).map((image) => ({ ...image, data: Uint8Array.from(image.data) }));
`;

async function inNode(script: string, environment: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const { code, stdout, stderr } = await runInNode(run.folder, script, environment);
  if (code !== 0) throw new Error(`exit code ${code}\n${stdout}\n${stderr}`);
  return JSON.parse(stdout);
}

describe.skipIf(gpuMissing !== undefined)("a compiled module", () => {
  beforeAll(async () => {
    run = await makeModuleRun();
    writeFileSync(
      join(run.folder, "images.json"),
      JSON.stringify(run.images.map(({ width, height, pixels, label }) => ({ width, height, label, data: [...pixels] }))),
    );
  });
  afterAll(() => run.remove());

  test("predicts what `specc predict` predicts", async () => {
    const predicted = await specc(["predict", run.run, ...run.images.map(({ path }) => path), "--json"]);
    const wanted = predicted.records().filter(({ type }) => type === "prediction");
    expect(wanted.length).toBe(run.images.length);
    await compile("model.js");
    const found = (await inNode(`${imagesOf}
      import { load } from "./model.js";
      const model = await load();
      const results = [];
      for (const image of images) results.push(await model.predict(image));
      await model.close();
      console.log(JSON.stringify(results.map(({ outputs, ...rest }) => ({ ...rest, outputs: [...outputs] }))));
    `)) as { readonly label: string; readonly outputs: readonly number[]; readonly probabilities: readonly number[] }[];
    expect(found.map(({ label }) => label)).toEqual(wanted.map((record) => record["class"]));
    expectClose(
      found.flatMap(({ outputs }) => outputs),
      wanted.flatMap((record) => record["outputs"] as number[]),
      { absolute: 1e-5 },
    );
    for (const { probabilities } of found) expect(probabilities[0] + probabilities[1]).toBeCloseTo(1, 12);
  });

  test("trains as `specc train` does", async () => {
    await compile("trained.js", "--train", "--weights", "none");
    const orders = [0, 1].map((epoch) => [...epochOrder(rootKey(0), epoch, run.images.length)]);
    const found = (await inNode(`${imagesOf}
      import { load } from "./trained.js";
      const model = await load({ weights: readFileSync("start.safetensors") });
      const orders = ${JSON.stringify(orders)};
      let epoch = 0;
      const batches = function* () {
        const order = orders[epoch++];
        for (let first = 0; first < order.length; first += ${runBatch}) {
          const items = order.slice(first, first + ${runBatch}).map((index) => images[index]);
          yield { images: items, labels: items.map(({ label }) => label) };
        }
      };
      const before = await model.predict(images[0]);
      const steps = [];
      const stepsPerEpoch = ${Math.ceil(run.images.length / runBatch)};
      for await (const step of model.train(batches, { epochs: 2, stepsPerEpoch })) steps.push(step);
      const after = await model.predict(images[0]);
      const saved = await model.save();
      await model.close();
      // What was saved is what was trained.
      const again = await load({ weights: saved });
      const reloaded = await again.predict(images[0]);
      await again.close();
      console.log(JSON.stringify({ steps, before: [...before.outputs], after: [...after.outputs], reloaded: [...reloaded.outputs] }));
    `)) as {
      readonly steps: readonly { epoch: number; step: number; loss: number }[];
      readonly before: number[];
      readonly after: number[];
      readonly reloaded: number[];
    };
    const sizes = run.images
      .map((_, index) => index)
      .filter((index) => index % runBatch === 0)
      .map((first) => Math.min(runBatch, run.images.length - first));
    expect(found.steps.map(({ epoch, step }) => [epoch, step])).toEqual([
      [1, 1],
      [1, 2],
      [1, 3],
      [2, 4],
      [2, 5],
      [2, 6],
    ]);
    const means = [1, 2].map(
      (epoch) =>
        found.steps.filter((step) => step.epoch === epoch).reduce((sum, { loss }, index) => sum + loss * sizes[index], 0) /
        run.images.length,
    );
    expect(run.losses.length).toBe(2);
    expectClose(means, run.losses, { relative: 1e-5 });
    expect(found.reloaded).toEqual(found.after);
    expect(found.after).not.toEqual(found.before);
  });

  test("weights may lie beside it, and sizes share them", async () => {
    const path = await compile("apart.mjs", "--weights", "file", "--input", "20x18x1", "--input", "24x24x1", "--train");
    expect(existsSync(path.replace(".mjs", ".d.mts"))).toBe(true);
    const [inside, apart, other] = (await inNode(`${imagesOf}
      import { load as loadInside } from "./model.js";
      import { load } from "./apart.mjs";
      const inside = await loadInside();
      const apart = await load();
      const results = [await inside.predict(images[0]), await apart.predict(images[0])];
      results.push(await apart.predict(images[0], { input: "24x24x1" }));
      for await (const step of apart.train([{ images: [images[0]], labels: ["rows"] }], { lr: 0.1 })) void step;
      results.push(await apart.predict(images[0], { input: "24x24x1" }));
      await Promise.all([inside.close(), apart.close()]);
      console.log(JSON.stringify(results.map(({ outputs }) => [...outputs])));
    `)) as readonly (readonly number[])[];
    expect(apart).toEqual(inside);
    expectClose(other, inside, { relative: 0.5 });
    expect(other).not.toEqual(inside);
    rmSync(path.replace(".mjs", ".safetensors"));
    const { code, stderr } = await runInNode(run.folder, 'const { load } = await import("./apart.mjs"); await load();');
    expect(code).not.toBe(0);
    expect(stderr).toContain("ENOENT");
  });

  test("has no imports, and the same bytes each time", async () => {
    const path = await compile("first.js", "--train");
    const text = readFileSync(path, "utf8");
    const { metafile } = await build({
      entryPoints: [path],
      bundle: true,
      write: false,
      metafile: true,
      format: "esm",
      platform: "browser",
      logLevel: "error",
    });
    expect(Object.values(metafile.inputs).flatMap(({ imports }) => imports)).toEqual([]);
    expect(text).not.toMatch(/\beval\b|new Function/);
    await compile("second.js", "--train");
    expect(readFileSync(join(run.folder, "second.js"), "utf8")).toBe(text);
    const [header] = text.split("*/", 1);
    for (const part of ["columns, rows", "20x18x1", "licence      not stated", "conv spectral gaussian 4", "by specc 0.1.0"])
      expect(header).toContain(part);
  });

  test("its types are right", async () => {
    await compile("typed.js", "--train", "--input", "20x18x1", "--input", "24x24x1");
    writeFileSync(
      join(run.folder, "user.ts"),
      `
import { about, load } from "./typed.js";
import type { Label, Prediction } from "./typed.js";
const model = await load({ signal: AbortSignal.timeout(1000), onProgress: (done: number, total: number) => void (done / total) });
const pixel = { width: 1, height: 1, data: new Uint8ClampedArray(4) };
const { label, probabilities }: Prediction = await model.predict(pixel, { input: "24x24x1" });
const exact: "columns" | "rows" = label;
const sum: number = probabilities[0] + probabilities[1];
for await (const { step, loss } of model.train([{ images: [new Float32Array(360)], labels: ["rows"] }], { epochs: 3 })) void (step + loss);
const bytes: Uint8Array = await model.save();
const names: readonly Label[] = about.classes;
void [exact, sum, bytes, names];
// @ts-expect-error
await model.predict("cat.jpg");
// @ts-expect-error
await model.predict(new Float32Array(360), { input: "20x18x3" });
// @ts-expect-error
model.train([{ images: [], labels: ["diagonals"] }]);
await model.close();
`,
    );
    writeFileSync(
      join(run.folder, "page.ts"),
      `
import { load } from "./typed.js";
const adapter = await navigator.gpu.requestAdapter();
const device = await adapter!.requestDevice();
const model = await load({ device });
await model.predict(await createImageBitmap(new Blob()));
await model.predict(document.querySelector("img")!);
await model.predict(new ImageData(1, 1));
`,
    );
    const check = (file: string, ...flags: readonly string[]): string =>
      execFileSync(
        process.execPath,
        [
          resolve("node_modules/typescript/bin/tsc"),
          "--ignoreConfig",
          "--noEmit",
          "--strict",
          "--target",
          "ES2022",
          "--module",
          "nodenext",
          ...flags,
          join(run.folder, file),
        ],
        { encoding: "utf8", cwd: run.folder },
      );
    expect(check("user.ts", "--lib", "ES2023,DOM,DOM.AsyncIterable", "--types", "")).toBe("");
    expect(check("user.ts", "--lib", "ES2023", "--types", "node")).toBe("");
    expect(check("page.ts", "--lib", "ES2023,DOM,DOM.AsyncIterable", "--types", "")).toBe("");
  });
});
