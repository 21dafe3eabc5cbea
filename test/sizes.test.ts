/** @file What compiled modules may weigh: the runtime inside, and the paper's network with everything. */

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { specc } from "./support/cli.ts";
import { suiteFolder } from "./support/folder.ts";

const kilobyte = 1000;
const gzipBytes = async (path: string): Promise<number> => gzipSync(await readFile(path), { level: 9 }).byteLength;
const at = suiteFolder("specc-sizes-");

test.each([
  ["infer", 15],
  ["train", 20],
] as const)("the runtime %s weighs at most %d KB with gzip", async (name, most) => {
  expect(await gzipBytes(join("dist", "module", `${name}.js`))).toBeLessThanOrEqual(most * kilobyte);
});

test.each(["64x64x3", "150x150x3"])("the paper's Gaussian network with a head of any size weighs at most 30 KB at %s", async (size) => {
  const spec = at("free.spec");
  const weights = at("free.safetensors");
  const module = at(`free-${size}.js`);
  await writeFile(spec, "spec 1\n\ninput ?x?x3 -> 4 * (conv spectral gaussian 6 -> relu) -> gap -> dense tanh 2\n");
  await specc(["init", spec, "--input", size, "--out", weights]);
  const { code } = await specc(["compile", spec, "--input", size, "--params", weights, "--classes", "cat,dog", "--out", module]);
  expect(code).toBe(0);
  expect(await gzipBytes(module)).toBeLessThanOrEqual(30 * kilobyte);
});
