/**
 * @file A headless Chromium with WebGPU, and a static server: skipped with a reason where there is none, demanded where
 * SPECC_REQUIRE_BROWSER=1.
 */

import { accessSync, constants, existsSync, readFileSync, realpathSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { delimiter, dirname, extname, join, normalize } from "node:path";
import type { Browser } from "playwright-core";
import { chromium } from "playwright-core";

/** Undefined where there is none. */
const chromiumPath: string | undefined = findChromium();

/** Why the browser suites cannot run, or undefined when they can. */
export const browserMissing: string | undefined = reasonForSkipping();

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function findChromium(): string | undefined {
  const named = process.env["SPECC_CHROMIUM"];
  if (named !== undefined && named !== "") return isProgram(named) ? named : undefined;
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const candidates = ["chromium", "google-chrome", "google-chrome-stable"].flatMap((name) => folders.map((folder) => join(folder, name)));
  return candidates.find(isProgram);
}

function reasonForSkipping(): string | undefined {
  if (chromiumPath !== undefined) return undefined;
  const reason = "no Chromium; run: sh scripts/browser.sh";
  if (process.env["SPECC_REQUIRE_BROWSER"] === "1") throw new Error(`SPECC_REQUIRE_BROWSER=1, but there is ${reason}`);
  console.warn(`browser tests are skipped: ${reason}`);
  return reason;
}

/** The Vulkan manifest of SwiftShader, a second software adapter, which comes with Chromium; undefined where it does not. */
export function swiftShader(): string | undefined {
  if (chromiumPath === undefined) return undefined;
  // Debian's /usr/bin/chromium is a script beside which nothing lies.
  const folders = [dirname(realpathSync(chromiumPath)), "/usr/lib/chromium", "/opt/google/chrome"];
  return folders.map((folder) => join(folder, "vk_swiftshader_icd.json")).find((path) => existsSync(path));
}

export async function openBrowser(): Promise<Browser> {
  const environment = { ...process.env };
  // The browser brings its own driver.
  delete environment["VK_ICD_FILENAMES"];
  return chromium.launch({
    executablePath: chromiumPath,
    headless: true,
    args: [
      "--no-sandbox",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--enable-unsafe-webgpu",
    ],
    env: environment as Record<string, string>,
  });
}

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".jpg": "image/jpeg",
};

/** Serves the files of a folder on this machine alone. */
export async function serve(folder: string): Promise<{ readonly origin: string; readonly close: () => Promise<void> }> {
  const server = createServer((request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname));
    try {
      const content = readFileSync(join(folder, path));
      response.writeHead(200, { "content-type": types[extname(path)] ?? "application/octet-stream" }).end(content);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
