/** @file The demonstration page of examples/browser, driven in Chromium as a visitor would. */

import { cpSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { browserMissing, openBrowser, serve } from "../support/browser.ts";
import { specc } from "../support/cli.ts";
import { gpuMissing } from "../support/gpu.ts";
import type { ModuleRun } from "../support/module-run.ts";
import { makeModuleRun } from "../support/module-run.ts";

describe.skipIf(gpuMissing !== undefined || browserMissing !== undefined)("the demonstration page", () => {
  let run: ModuleRun;
  let browser: Browser;
  let server: Awaited<ReturnType<typeof serve>>;
  let page: Page;
  const errors: string[] = [];

  beforeAll(async () => {
    run = await makeModuleRun();
    cpSync(join(import.meta.dirname, "../..", "examples", "browser"), join(run.folder, "page"), { recursive: true });
    const { code, stderr } = await specc(["compile", run.run, "--out", join(run.folder, "page", "model.js"), "--train", "--filters"]);
    expect(code, stderr).toBe(0);
    server = await serve(run.folder);
    browser = await openBrowser();
    page = await browser.newPage();
    page.setDefaultTimeout(120_000);
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => void (message.type() === "error" && !message.text().includes("404") && errors.push(message.text())));
    await page.goto(`${server.origin}/page/index.html`);
    await page.locator("main").waitFor();
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    run?.remove();
    expect(errors).toEqual([]);
  });

  const imagesOf = (label: string): readonly string[] => run.images.filter((image) => image.label === label).map(({ path }) => path);
  const planes = (): Promise<string> =>
    page.evaluate(`[...document.querySelectorAll("#planes canvas")].map((canvas) => canvas.toDataURL()).join()`);

  test("says what it runs on, and draws each filter", async () => {
    expect(await page.locator("#status").textContent()).toMatch(/^Ready, on .+\.$/);
    expect(await page.locator("#planes canvas").count()).toBe(4);
    expect(await page.getByRole("img", { name: "filter 1 of conv.1" }).count()).toBe(1);
    const bright = await page.evaluate(
      `[...document.querySelectorAll("#planes canvas")].every((canvas) => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        return data.some((byte, i) => i % 4 !== 3 && byte > 100);
      })`,
    );
    expect(bright).toBe(true);
  });

  test("names the class of a photograph, with scores and the time", async () => {
    const [file] = imagesOf("rows");
    const predicted = await specc(["predict", run.run, file, "--json"]);
    const wanted = predicted.records().find(({ type }) => type === "prediction")?.["class"];
    await page.getByLabel(/choose one/).setInputFiles(file);
    await page.waitForFunction(`document.getElementById("answer").textContent !== ""`);
    expect(await page.locator("#answer").textContent()).toMatch(new RegExp(`^${String(wanted)}: \\d+\\.\\d %, in \\d+ ms$`));
    expect(await page.locator("#scores caption").textContent()).toBe("Probabilities");
    expect(await page.locator("#scores tbody tr").count()).toBe(2);
  });

  test("takes a file that is dropped", async () => {
    await page.evaluate(`(async () => {
      const transfer = new DataTransfer();
      const picture = await (await fetch("${imagesOf("columns")[0].slice(run.folder.length)}")).blob();
      transfer.items.add(new File([picture], "dropped.png", { type: "image/png" }));
      document.getElementById("drop").dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
    })()`);
    await page.getByAltText("dropped.png").waitFor();
    await page.waitForFunction(`document.getElementById("answer").textContent.includes("ms")`);
  });

  test("says when a file is no image", async () => {
    await page.getByLabel(/choose one/).setInputFiles({ name: "not.png", mimeType: "image/png", buffer: Buffer.from("no picture") });
    await page.locator("#answer.failed").waitFor();
    expect(await page.locator("#answer").textContent()).toMatch(/could not be decoded/);
    await page.getByLabel(/choose one/).setInputFiles(imagesOf("rows")[0]);
    await page.locator("#answer:not(.failed)").waitFor();
  });

  test("learns from the visitor's images with a live curve, and what it learned shows", async () => {
    await page.getByRole("button", { name: "Train" }).click();
    expect(await page.locator("#progress.failed").textContent()).toBe("Choose images of at least two classes.");
    const before = await planes();
    for (const name of ["columns", "rows"]) await page.getByLabel(name, { exact: true }).setInputFiles([...imagesOf(name)]);
    await page.getByLabel("Epochs").fill("3");
    await page.getByLabel("Learning rate").fill("0.05");
    await page.getByRole("button", { name: "Train" }).click();
    await page.waitForFunction(`document.getElementById("progress").textContent.startsWith("Done.")`);
    // 16 images in batches of 6, three times.
    expect((await page.locator("#curve polyline").getAttribute("points"))?.split(" ").length).toBe(9);
    expect(await page.locator("#curve").getAttribute("aria-label")).toMatch(/^Loss of each step: from [\d.]+ to [\d.]+ after 9$/);
    await page.waitForFunction(`document.getElementById("start").disabled === false`);
    await expect.poll(planes).not.toBe(before);
  });

  test("stops when asked to, and gives its weights away", async () => {
    await page.getByLabel("Epochs").fill("1000");
    await page.getByRole("button", { name: "Train" }).click();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.waitForFunction(`document.getElementById("progress").textContent === "Stopped; the steps so far are kept."`);
    const downloading = page.waitForEvent("download");
    await page.getByRole("button", { name: "Save the weights" }).click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe("model.safetensors");
  });

  test("works from the keyboard alone", async () => {
    await page.locator("body").click({ position: { x: 1, y: 1 } });
    const reached: string[] = [];
    for (let press = 0; press < 10; press++) {
      await page.keyboard.press("Tab");
      reached.push(await page.evaluate(`document.activeElement.id || document.activeElement.name`));
    }
    for (const id of ["photograph", "0", "1", "epochs", "rate", "start", "save"]) expect(reached).toContain(id);
  });

  test("looks as it should", async () => {
    await page.setViewportSize({ width: 1024, height: 768 });
    const picture = await page.screenshot({ fullPage: true, path: process.env["SPECC_SCREENSHOT"] });
    expect(picture.byteLength).toBeGreaterThan(10_000);
    await page.setViewportSize({ width: 360, height: 640 });
    const overflow = await page.evaluate(`document.documentElement.scrollWidth > document.documentElement.clientWidth`);
    expect(overflow).toBe(false);
  });

  test("says so without WebGPU, and without a module", async () => {
    const plain = await browser.newPage();
    await plain.addInitScript("Object.defineProperty(navigator, 'gpu', { value: undefined })");
    await plain.goto(`${server.origin}/page/index.html`);
    await plain.locator("#status.failed").waitFor();
    expect(await plain.locator("#status").textContent()).toMatch(/no WebGPU adapter/);
    expect(await plain.locator("main").isVisible()).toBe(false);
    rmSync(join(run.folder, "page", "model.js"));
    await plain.goto(`${server.origin}/page/index.html`);
    await plain.locator("#status.failed").waitFor();
    expect(await plain.locator("#status").textContent()).toMatch(/no model\.js beside this page.*specc compile/);
    await plain.close();
  });
});
