/** @file Compiled modules in headless Chromium with WebGPU, and on a second adapter in Node; both agree with Dawn in Node. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserMissing, openBrowser, serve, swiftShader } from "../support/browser.ts";
import { specc } from "../support/cli.ts";
import { expectClose } from "../support/close.ts";
import { gpuMissing } from "../support/gpu.ts";
import type { ModuleRun } from "../support/module-run.ts";
import { makeModuleRun, runInNode } from "../support/module-run.ts";

interface Results {
  readonly adapter: string;
  readonly outputs: readonly (readonly number[])[];
  readonly labels: readonly string[];
  readonly losses: readonly number[];
  readonly after: readonly number[];
}

/** What both hosts do with the module: predict each image, train three steps, predict again. Needs `images` and `load`. */
const exercise = `
  const model = await load();
  const [outputs, labels] = [[], []];
  for (const image of images) {
    const prediction = await model.predict(image);
    outputs.push([...prediction.outputs]);
    labels.push(prediction.label);
  }
  const losses = [];
  const batch = { images: images.slice(0, 3), labels: ["columns", "rows", 1] };
  for await (const { loss } of model.train([batch, batch, batch])) losses.push(loss);
  const after = [...(await model.predict(images[0])).outputs];
  const adapter = model.adapterName;
  await model.close();
  const results = { adapter, outputs, labels, losses, after };
`;

const readImages = `
  import { readFileSync } from "node:fs";
  const images = JSON.parse(readFileSync("images.json", "utf8")).map((image) => ({ ...image, data: Uint8Array.from(image.data) }));
`;

let run: ModuleRun;
let inNode: Results;

async function nodeResults(environment: Readonly<Record<string, string>> = {}): Promise<Results> {
  const { code, stdout, stderr } = await runInNode(
    run.folder,
    `${readImages} import { load } from "./model.js"; ${exercise} console.log(JSON.stringify(results));`,
    environment,
  );
  if (code !== 0) throw new Error(`exit code ${code}\n${stderr}`);
  return JSON.parse(stdout) as Results;
}

function expectAgreement(found: Results): void {
  expect(found.labels).toEqual(inNode.labels);
  expectClose(found.outputs.flat(), inNode.outputs.flat(), { absolute: 1e-5 });
  expectClose(found.losses, inNode.losses, { relative: 1e-5 });
  expectClose(found.after, inNode.after, { absolute: 1e-5 });
}

describe.skipIf(gpuMissing !== undefined || browserMissing !== undefined)("elsewhere", () => {
  beforeAll(async () => {
    run = await makeModuleRun();
    writeFileSync(
      join(run.folder, "images.json"),
      JSON.stringify(run.images.slice(0, 6).map(({ width, height, pixels }) => ({ width, height, data: [...pixels] }))),
    );
    const compiled = await specc(["compile", run.run, "--out", join(run.folder, "model.js"), "--train"]);
    expect(compiled.code).toBe(0);
    inNode = await nodeResults();
  });
  afterAll(() => run.remove());

  test("SwiftShader, which has WebGPU's default limits, agrees in Node", async () => {
    const manifest = swiftShader();
    expect(manifest, "SwiftShader comes with Chromium").toBeDefined();
    const found = await nodeResults({ VK_ICD_FILENAMES: manifest ?? "" });
    expect(found.adapter).toMatch(/SwiftShader/i);
    expect(inNode.adapter).not.toMatch(/SwiftShader/i);
    expectAgreement(found);
  });

  describe("Chromium", () => {
    let browser: Browser;
    let page: Page;
    let server: Awaited<ReturnType<typeof serve>>;
    const errors: string[] = [];

    beforeAll(async () => {
      writeFileSync(join(run.folder, "index.html"), "<!doctype html><title>module</title>");
      server = await serve(run.folder);
      browser = await openBrowser();
      page = await browser.newPage();
      page.on("pageerror", (error) => errors.push(error.message));
      page.on("console", (message) => void (message.type() === "error" && errors.push(message.text())));
      await page.goto(`${server.origin}/index.html`);
    });
    afterAll(async () => {
      await browser?.close();
      await server?.close();
      expect(errors.filter((text) => !text.includes("favicon") && !text.includes("404"))).toEqual([]);
    });

    /** Runs the text of an async function's body in the page. */
    async function inPage<T>(body: string): Promise<T> {
      return page.evaluate(`(async () => { ${body} })()`) as Promise<T>;
    }

    test("has WebGPU", async () => {
      expect(await inPage("return (await navigator.gpu?.requestAdapter()) != null;")).toBe(true);
    });

    test("predicts and trains as Node does", async () => {
      const found = await inPage<Results>(`
        const { load } = await import("/model.js");
        const files = await (await fetch("/images.json")).json();
        const images = files.map(({ width, height, data }) => ({ width, height, data: Uint8Array.from(data) }));
        ${exercise}
        return results;
      `);
      expectAgreement(found);
    });

    test("takes files, bitmaps, elements, canvases and ImageData of one picture, as the same pixels", async () => {
      const [{ path }] = run.images;
      const name = path.slice(run.folder.length);
      const found = await inPage<readonly (readonly number[])[]>(`
        const { load } = await import("/model.js");
        const model = await load();
        const file = await (await fetch("${name}")).blob();
        const bitmap = await createImageBitmap(file);
        const element = new Image();
        element.src = "${name}";
        await element.decode();
        const canvas = Object.assign(document.createElement("canvas"), { width: bitmap.width, height: bitmap.height });
        canvas.getContext("2d").drawImage(bitmap, 0, 0);
        const data = canvas.getContext("2d").getImageData(0, 0, bitmap.width, bitmap.height);
        const outputs = [];
        for (const source of [file, bitmap, element, canvas, data]) outputs.push([...(await model.predict(source)).outputs]);
        await model.close();
        return outputs;
      `);
      for (const outputs of found) {
        expect(outputs).toEqual(found[0]);
        expectClose(outputs, inNode.outputs[0], { absolute: 1e-5 });
      }
    });

    test("a photograph as JPEG is the same pixels as in `specc predict`", async () => {
      const { pixels, width, height } = run.images[3];
      const path = join(run.folder, "photo.jpg");
      writeFileSync(
        path,
        await sharp(pixels, { raw: { width, height, channels: 3 } })
          .jpeg({ quality: 80 })
          .withMetadata({ orientation: 6 })
          .toBuffer(),
      );
      const predicted = await specc(["predict", run.run, path, "--json"]);
      const [wanted] = predicted.records().filter(({ type }) => type === "prediction");
      const found = await inPage<readonly number[]>(`
        const { load } = await import("/model.js");
        const model = await load();
        const { outputs } = await model.predict(await (await fetch("/photo.jpg")).blob());
        await model.close();
        return [...outputs];
      `);
      expectClose(found, wanted["outputs"] as number[], { absolute: 1e-5 });
    });

    test("weights are fetched from beside the module", async () => {
      const compiled = await specc(["compile", run.run, "--out", join(run.folder, "apart.js"), "--weights", "file"]);
      expect(compiled.code).toBe(0);
      const outputs = await inPage<readonly number[]>(`
        const { load } = await import("/apart.js");
        const [image] = await (await fetch("/images.json")).json();
        const model = await load();
        const { outputs } = await model.predict({ ...image, data: Uint8Array.from(image.data) });
        await model.close();
        return [...outputs];
      `);
      expectClose(outputs, inNode.outputs[0], { absolute: 1e-5 });
      const refused = await inPage<string>(`
        const text = await (await fetch("/apart.js")).text();
        const module = text
          .replaceAll("apart.safetensors", "missing.safetensors")
          .replace("import.meta.url", JSON.stringify(location.href));
        const { load } = await import(URL.createObjectURL(new Blob([module], { type: "text/javascript" })));
        return load().then(() => "loaded", (error) => error.message);
      `);
      expect(refused).toMatch(/missing\.safetensors cannot be had: 404/);
    });

    test("several models share a device, and a lost one is reported", async () => {
      const found = await inPage<readonly string[]>(`
        const { load } = await import("/model.js");
        const device = await (await navigator.gpu.requestAdapter()).requestDevice();
        const [first, second] = await Promise.all([load({ device }), load({ device })]);
        await first.close();
        const blank = { width: 4, height: 4, data: new Uint8Array(16) };
        const { label } = await second.predict(blank);
        device.destroy();
        const lost = (await second.lost).message;
        const refused = await second.predict(blank).then(() => "", (error) => error.message);
        await second.close();
        return [label, lost, refused];
      `);
      expect(["columns", "rows"]).toContain(found[0]);
      expect(found[1]).toContain("the device was lost (destroyed)");
      expect(found[2]).toContain("the device was lost");
    });

    test("without WebGPU it says so", async () => {
      const plain = await browser.newPage();
      await plain.addInitScript("Object.defineProperty(navigator, 'gpu', { value: undefined })");
      await plain.goto(`${server.origin}/index.html`);
      const message = await plain.evaluate(`import("/model.js").then(({ load }) => load()).then(() => "", (error) => error.message)`);
      expect(message).toMatch(/no WebGPU adapter\nupdate the browser/);
      await plain.close();
    });
  });

  test("the module is one file of text", () => {
    expect(readFileSync(join(run.folder, "model.js"), "utf8").startsWith("/*!\n")).toBe(true);
  });
});
