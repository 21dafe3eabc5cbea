/** @file docs/module.md does what it says: its page in Chromium, its programs in Node. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compileCommand } from "../../src/cli/commands/compile/compile.ts";
import { browserMissing, openBrowser, serve } from "../support/browser.ts";
import { specc } from "../support/cli.ts";
import { gpuMissing } from "../support/gpu.ts";
import type { ModuleRun } from "../support/module-run.ts";
import { makeModuleRun, runInNode } from "../support/module-run.ts";

const page = readFileSync("docs/module.md", "utf8");
const blocks = (language: string): readonly string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map((match) => match[1]);
const [predicting, training, losing] = blocks("js");
const [html] = blocks("html");

test("it names every option of a module", () => {
  const shared = ["emit", "net", "set", "dump", "without"];
  const names = Object.keys(compileCommand.manual.flags).filter((name) => !shared.includes(name));
  expect(names.filter((name) => !page.includes(`--${name}`))).toEqual([]);
});

describe.skipIf(gpuMissing !== undefined)("the page on modules", () => {
  let run: ModuleRun;
  beforeAll(async () => {
    run = await makeModuleRun();
    const [{ pixels, width, height }] = run.images;
    await sharp(pixels, { raw: { width, height, channels: 3 } })
      .jpeg({ quality: 95 })
      .toFile(join(run.folder, "photo.jpg"));
    const { code } = await specc(["compile", run.run, "--out", join(run.folder, "model.js"), "--train"]);
    expect(code).toBe(0);
  });
  afterAll(() => run.remove());

  test("predicts in Node", async () => {
    const { code, stdout, stderr } = await runInNode(run.folder, predicting);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^(columns|rows) \[/);
  });

  test("trains", async () => {
    const script = `
      import { load } from "./model.js";
      const model = await load();
      const [first, second, third] = [40, 90, 200].map((level) => ({ width: 5, height: 4, data: new Uint8Array(20).fill(level) }));
      const localStorage = { setItem: (name, text) => console.log(name, text.length > 100) };
      ${training.replaceAll('"cat"', '"columns"').replaceAll('"dog"', '"rows"')}
      await model.close();
    `;
    const { code, stdout, stderr } = await runInNode(run.folder, script);
    expect(code, stderr).toBe(0);
    expect(stdout.match(/^epoch \d, step \d: loss \d\.\d{3}, accuracy [\d.]+$/gm)?.length).toBe(6);
    expect(stdout).toContain("weights true");
  });

  test("opens the model again when the device is lost", async () => {
    const script = `
      import { create, globals } from "webgpu";
      import { load as open1 } from "./model.js";
      globalThis.gpu = create([]);
      const devices = [];
      const load = async (options) => {
        devices.push(await (await globalThis.gpu.requestAdapter()).requestDevice());
        return open1({ ...options, device: devices.at(-1) });
      };
      const lastSaved = undefined;
      ${losing}
      const first = await current;
      devices[0].destroy();
      await first.lost;
      await new Promise((resume) => setTimeout(resume));
      const second = await current;
      console.log(second !== first, (await second.predict({ width: 1, height: 1, data: new Uint8Array(1) })).label);
      await Promise.all([first.close(), second.close()]);
      process.exit();
    `;
    const { code, stdout, stderr } = await runInNode(run.folder, script);
    expect(code, stderr).toBe(0);
    expect(stdout).toMatch(/^true (columns|rows)$/m);
  });

  test.skipIf(browserMissing !== undefined)("shows the class of a file in Chromium", async () => {
    writeFileSync(join(run.folder, "index.html"), html);
    const server = await serve(run.folder);
    const browser = await openBrowser();
    try {
      const tab = await browser.newPage();
      await tab.goto(`${server.origin}/index.html`);
      await tab.getByLabel("photograph").setInputFiles(join(run.folder, "photo.jpg"));
      await tab.waitForFunction("document.querySelector('output').textContent !== ''", undefined, { timeout: 120_000 });
      expect(await tab.locator("output").textContent()).toMatch(/^(columns|rows), \d+\.\d %$/);
    } finally {
      await browser.close();
      await server.close();
    }
  });
});
