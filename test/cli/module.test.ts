/** @file `specc compile --out model.js`: what it writes from files, and what it refuses. */

import { readFile, writeFile } from "node:fs/promises";
import { beforeAll, expect, test } from "vitest";
import { specc } from "../support/cli.ts";
import { suiteFolder } from "../support/folder.ts";

const at = suiteFolder("specc-cli-module-");
const free = "spec 1\n\ninput ?x?x3 -> conv spectral gaussian 2 -> relu -> gap -> dense softmax 2\n";

beforeAll(async () => {
  await writeFile(at("free.spec"), free);
  await writeFile(at("raw.spec"), "spec 1\n\ninput 8x8x3 -> dense softmax 2\n");
  await writeFile(at("constant.spec"), "spec 1\n\ninput 8x8x2 -> gap -> softmax\n");
  await writeFile(at("measured.spec"), "spec 1\n\ninput 8x8x1 { standardise: data } -> gap -> dense softmax 2\n");
  await specc(["init", at("free.spec"), "--input", "8x8x3", "--out", at("free.safetensors")]);
});

/** The data of a module, without running it. */
async function partsOf(
  name: string,
): Promise<
  Record<string, unknown> & { readonly plans: readonly { readonly input: object }[]; readonly weights: Readonly<Record<string, string>> }
> {
  const line = (await readFile(at(name), "utf8")).split("\n").find((text) => text.startsWith("const parts = "));
  return JSON.parse(line?.slice("const parts = ".length, -1) ?? "null") as never;
}

test("a file alone gives a module without weights, whose classes are numbers", async () => {
  const { code, stdout, stderr } = await specc(["compile", at("free.spec"), "--input", "8x8x3", "--out", at("bare.js"), "--json"]);
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    type: "module",
    file: at("bare.js"),
    types: at("bare.d.ts"),
    weights: null,
    inputs: ["8x8x3"],
    classes: null,
    training: false,
  });
  expect(stderr).toContain('import { load } from "./bare.js";');
  expect(await partsOf("bare.js")).toMatchObject({ weights: { kind: "none" }, training: null, classes: null });
  expect(await readFile(at("bare.d.ts"), "utf8")).toContain("export type Label = string;");
});

test("weights, classes, a licence and a target can be given", async () => {
  const words = [
    "compile",
    at("free.spec"),
    "--input",
    "8x8x3",
    "--input",
    "16x12x3",
    "--params",
    at("free.safetensors"),
    "--classes",
    "cat, dog",
    "--licence",
    "CC0 */ 1.0",
    "--target",
    "software",
  ];
  expect((await specc([...words, "--out", at("full.js")])).code).toBe(0);
  const text = await readFile(at("full.js"), "utf8");
  expect(text).toContain("licence      CC0 *\\/ 1.0");
  expect(text).toContain("target       software");
  expect(await partsOf("full.js")).toMatchObject({
    weights: { kind: "inline" },
    classes: ["cat", "dog"],
    plans: [{ input: { height: 8, width: 8 } }, { input: { height: 16, width: 12 } }],
  });
  expect((await specc([...words, "--weights", "file", "--train", "--batch", "5", "--out", at("apart.js")])).code).toBe(0);
  expect(await partsOf("apart.js")).toMatchObject({
    weights: { kind: "file", name: "apart.safetensors" },
    training: { input: { batch: 5 } },
  });
  expect((await readFile(at("apart.safetensors"))).byteLength).toBeGreaterThan(100);
});

test("a network that tells no classes apart", async () => {
  await writeFile(at("image.spec"), "spec 1\n\ninput 8x8x1 -> conv spectral gaussian 2 -> relu\n");
  expect((await specc(["compile", at("image.spec"), "--out", at("image.js")])).code).toBe(0);
  expect(await partsOf("image.js")).toMatchObject({ scores: null });
  const types = await readFile(at("image.d.ts"), "utf8");
  expect(types).toContain("export type Label = null;");
  expect(types).toContain("readonly probabilities: null;");
});

test.each([
  [["free.spec", "--out", "m.js"], "S0612"],
  [["free.spec", "--input", "8x8x3", "--out", "m.json"], "ends in .js or .mjs"],
  [["free.spec", "--input", "8x8x3", "--out", "m.js", "--weights", "inline"], "give --params FILE"],
  [["free.spec", "--input", "8x8x3", "--out", "m.js", "--weights", "online"], "--weights takes inline, file, none"],
  [["free.spec", "--input", "8x8x3", "--out", "m.js", "--target", "fast"], "no target `fast`"],
  [["free.spec", "--input", "8x8x3", "--out", "m.js", "--classes", "a,b,c"], "the network tells 2 classes apart"],
  [["free.spec", "--input", "8x8x3", "--out", "m.js", "--batch", "2"], "--batch is that of training"],
  [["free.spec", "--input", "8x8x3", "--out", "m.js", "--from", "last"], "--from chooses weights of a run"],
  [["free.spec", "--input", "8x8x3", "--input", "8x8x3", "--out", "m.js"], "says 8x8x3 twice"],
  [["free.spec", "--input", "8x8x3", "--input", "9x9x3", "--emit", "plan"], "--emit takes one --input"],
  [["raw.spec", "--input", "8x8x3", "--input", "9x9x3", "--out", "m.js"], "sizes cannot share these weights"],
  [["constant.spec", "--out", "m.js", "--train"], "nothing to train"],
  [["measured.spec", "--out", "m.js"], "standardises its images by what was measured"],
  [["free.spec", "--input", "8x8x3", "--out", "m.js", "--params", "raw.spec"], "raw.spec"],
  [["no-run", "--out", "m.js"], "no such file"],
  [[".", "--out", "m.js"], "is not a run folder"],
] as const)("%j is refused", async ([file, ...words], message) => {
  const { code, stderr } = await specc(["compile", at(file), ...words.map((word) => (/^m\.|^raw/.test(word) ? at(word) : word))]);
  expect(code).toBe(1);
  expect(stderr).toContain(message);
});
