/** @file The door of the package: its page runs, sessions agree with the reference, and nothing needs Node. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Session } from "../../src/embed/index.ts";
import { compile, open } from "../../src/embed/index.ts";
import type { Device } from "../../src/runtime/index.ts";
import { browserMissing, openBrowser, serve } from "../support/browser.ts";
import { expectClose } from "../support/close.ts";
import { gpuMissing, openTestDevice } from "../support/gpu.ts";
import { runInNode } from "../support/module-run.ts";

const text = `spec 1
input 8x6x2 -> conv spectral gaussian 3 -> relu -> gap -> dense softmax 3
train { loss: cross_entropy, optimizer: adam { lr: 0.01 }, batch: 4, seed: 5 }
`;
const source = { name: "embedded.spec", text };
const compiled = compile(source, { programs: ["infer", "train", "gradient"] });
const images = Float32Array.from({ length: 3 * 96 }, (_, i) => Math.sin(i * i) / 2);
const labels = [0, 2, 1];

/** Bundled for a browser, minified. */
async function bundle(contents: string): Promise<{ readonly code: Uint8Array; readonly imports: readonly string[] }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: resolve("."), loader: "ts" },
    bundle: true,
    minify: true,
    format: "esm",
    platform: "browser",
    target: "es2022",
    write: false,
    metafile: true,
  });
  const imports = Object.values(metafile.outputs)
    .flatMap((output) => output.imports)
    .map(({ path }) => path);
  return { code: outputFiles[0].contents, imports };
}

// The target is 150 KB, and it is missed (bench/RESULTS.md): this keeps the gap from growing unnoticed.
test("the compiler weighs at most 165 KB with gzip, its parser included", async () => {
  const { code, imports } = await bundle('export { check, compile, ProgramError, renderDiagnostic } from "./src/embed/index.ts";');
  expect(imports).toEqual([]);
  expect(gzipSync(code, { level: 9 }).byteLength).toBeLessThanOrEqual(165_000);
});

describe("the page on embedding", () => {
  let folder = "";
  const programs = [...readFileSync("docs/embed.md", "utf8").matchAll(/^```js\n(.*?)^```$/gms)].map((match) => match[1]);
  const printed = [/S0202[\s\S]*gaussian[\s\S]*\n0\n$/, /^\[ 'infer', 'train' \] true\n$/, /^true\ntrue\n4\ntrue\n$/];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "specc-embed-"));
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(resolve("."), join(folder, "node_modules", "specc"));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test("has the programs that are tried here", () => expect(programs.length).toBe(printed.length));

  const tryProgram = async (number: number): Promise<void> => {
    const { code, stdout, stderr } = await runInNode(folder, programs[number]);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(printed[number]);
  };
  test("checks", () => tryProgram(0));
  test("compiles", () => tryProgram(1));
  test.skipIf(gpuMissing !== undefined)("opens", () => tryProgram(2));
});

describe.skipIf(gpuMissing !== undefined)("a session", () => {
  let device: Device;
  let session: Session;
  let reference: Session;
  beforeAll(async () => {
    device = await openTestDevice();
    session = await open(compiled, { device: device.gpu });
    reference = await open(compiled, { device: "cpu" });
  });
  afterAll(async () => {
    await Promise.all([session?.close(), reference?.close()]);
    await device?.close();
  });

  test("infers and differentiates as the reference does", async () => {
    expectClose(await session.infer(images), await reference.infer(images), { absolute: 1e-6 });
    expectClose(await session.infer(images.subarray(0, 96)), (await reference.infer(images)).subarray(0, 3), { absolute: 1e-6 });
    const [found, wanted] = [await session.grad(images, labels), await reference.grad(images, labels)];
    expect(found.loss).toBeCloseTo(wanted.loss, 6);
    expect([...found.gradients.keys()]).toEqual([...wanted.gradients.keys()]);
    for (const [path, gradient] of wanted.gradients)
      expectClose(found.gradients.get(path) ?? [], gradient, { relative: 1e-4, absolute: 1e-7 }, path);
  });

  test("trains as the reference does, from the seed of the program, and saves", async () => {
    const [mine, other] = [await open(compiled, { device: device.gpu }), await open(compiled, { device: "cpu" })];
    for (let step = 0; step < 3; step++) {
      const [found, wanted] = [await mine.train(images, labels), await other.train(images, labels)];
      expectClose([found.loss], [wanted.loss], { relative: 1e-5 });
    }
    const again = await open(compiled, { device: device.gpu, weights: await mine.save() });
    expect(await again.infer(images)).toEqual(await mine.infer(images));
    expect(await again.infer(images)).not.toEqual(await session.infer(images));
    await Promise.all([mine.close(), other.close(), again.close()]);
    await mine.close();
    await expect(mine.infer(images)).rejects.toThrow("the session is closed");
    expect((await session.infer(images)).length).toBe(9);
  });

  test("frees all that it made on the application's device", async () => {
    const own = await openTestDevice();
    const made = new Set<GPUBuffer>();
    const create = own.gpu.createBuffer.bind(own.gpu);
    own.gpu.createBuffer = (descriptor) => {
      const buffer = create(descriptor);
      const destroy = buffer.destroy.bind(buffer);
      buffer.destroy = () => {
        made.delete(buffer);
        return destroy();
      };
      made.add(buffer);
      return buffer;
    };
    const other = await open(compiled, { device: own.gpu });
    await Promise.all([other.infer(images), other.train(images, labels), other.save()]);
    expect(made.size).toBeGreaterThan(3);
    await other.close();
    expect(made.size).toBe(0);
    await own.close();
  });

  test("a rate that is none leaves the weights as they are", async () => {
    const before = await session.save();
    for (const lr of [Number.NaN, Infinity, 0, -1, "0.1" as never])
      await expect(session.train(images, labels, { lr })).rejects.toMatchObject({
        name: "ModelError",
        message: `\`lr\` is a positive number, not ${lr}`,
      });
    await expect(session.train(images, labels, { stepsPerEpoch: 0.5 })).rejects.toThrow(
      /`stepsPerEpoch` is a whole number from 1, not 0.5/,
    );
    expect(await session.save()).toEqual(before);
  });

  test.each([Number.NaN, Infinity])("the value %s is refused everywhere, and its place said", async (value) => {
    const wrong = images.slice();
    wrong[100] = value;
    const wanted = { name: "ModelError", message: `value 100 is ${value}: inputs are finite numbers` };
    for (const call of [session.infer(wrong), session.grad(wrong, labels), session.train(wrong, labels)])
      await expect(call).rejects.toMatchObject(wanted);
  });

  test.each<[string, () => Promise<unknown>]>([
    ["no images", () => session.infer(undefined as never)],
    ["images that are no floats", () => session.infer([...images] as never)],
    ["no labels", () => session.grad(images, undefined as never)],
    ["weights that are no bytes", () => open(compiled, { device: "cpu", weights: "weights" as never })],
  ])("calls %s a ModelError", async (_, action) => {
    await expect(action()).rejects.toMatchObject({ name: "ModelError" });
  });

  test.each<[string, () => Promise<unknown>, RegExp]>([
    ["values that make no item", () => session.infer(new Float32Array(97)), /1 to 4 items of 96 values \(2x8x6\), got 97/],
    ["too many items", () => session.infer(new Float32Array(5 * 96)), /1 to 4 items/],
    ["a label that is no class", () => session.grad(images, [0, 1, 3]), /label 2 is 3; there are classes 0 to 2/],
    ["labels that are missing", () => session.train(images, [0, 1]), /3 images and 2 labels/],
    [
      "a program that was not compiled",
      async () => {
        const bare = await open(compile(source, { programs: ["infer"] }), { device: "cpu" });
        return bare.grad(images, labels);
      },
      /compiled without `gradient`: compile\(source, \{ programs: \["infer","gradient"\] \}\)/,
    ],
    ["a signal that is aborted", () => session.infer(images, { signal: AbortSignal.abort(new Error("enough")) }), /enough/],
    ["weights of nothing", () => open(compiled, { device: "cpu", weights: new Uint8Array(3) }), /safetensors/],
    ["an adapter that is not there", () => open(compiled, { device: "no such adapter" }), /no WebGPU adapter has/],
  ])("refuses %s", async (_, action, message) => {
    await expect(action()).rejects.toThrow(message);
  });
});

describe.skipIf(browserMissing !== undefined)("in Chromium", () => {
  test("compiles, infers, trains and differentiates", async () => {
    const folder = mkdtempSync(join(tmpdir(), "specc-embed-page-"));
    const { code, imports } = await bundle('export * from "./src/embed/index.ts";');
    expect(imports).toEqual([]);
    writeFileSync(join(folder, "specc.js"), code);
    writeFileSync(join(folder, "index.html"), "<!doctype html><title>embedded</title>");
    const server = await serve(folder);
    const browser = await openBrowser();
    try {
      const page = await browser.newPage();
      await page.goto(`${server.origin}/index.html`);
      const found = (await page.evaluate(`(async () => {
        const { compile, open } = await import("/specc.js");
        const compiled = compile(${JSON.stringify(source)}, { programs: ["infer", "train", "gradient"] });
        const session = await open(compiled);
        const images = Float32Array.from(${JSON.stringify([...images])});
        const { loss, gradients } = await session.grad(images, ${JSON.stringify(labels)});
        const outputs = [...(await session.infer(images))];
        const losses = [];
        for (let step = 0; step < 3; step++) losses.push((await session.train(images, ${JSON.stringify(labels)})).loss);
        await session.close();
        return { loss, outputs, losses, gradients: [...gradients].map(([path, values]) => [path, [...values]]) };
      })()`)) as { loss: number; outputs: number[]; losses: number[]; gradients: [string, number[]][] };
      const reference = await open(compiled, { device: "cpu" });
      expectClose(found.outputs, await reference.infer(images), { absolute: 1e-5 });
      const wanted = await reference.grad(images, labels);
      expectClose([found.loss], [wanted.loss], { relative: 1e-5 });
      for (const [path, values] of found.gradients)
        expectClose(values, wanted.gradients.get(path) ?? [], { relative: 1e-4, absolute: 1e-7 }, path);
      const losses: number[] = [];
      for (let step = 0; step < 3; step++) losses.push((await reference.train(images, labels)).loss);
      expectClose(found.losses, losses, { relative: 1e-5 });
    } finally {
      await browser.close();
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
