/** @file `specc export`: weights as safetensors and npz, a network as JSON, and what is refused. */

import { readFileSync } from "node:fs";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { unzipSync } from "fflate";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { exportCommand } from "../../src/cli/commands/export.ts";
import { formats } from "../../src/export/formats.ts";
import type { OnnxModel, OnnxValueInfo } from "../../src/export/onnx/proto.ts";
import { loadOnnxCodec } from "../../src/export/onnx/proto.ts";
import { readTensors } from "../../src/runtime/safetensors.ts";
import { specc } from "../support/cli.ts";
import { suiteFolder } from "../support/folder.ts";
import { runInNode } from "../support/module-run.ts";

const at = suiteFolder("specc-export-");
const net =
  "spec 1\n\nfilter bump(g ~ normal(0, 1), s: positive = 0.1, m: 0..0.5 = 0.25) = g * exp(-((r - m) / s)^2)\n\n" +
  "input 6x5x3 { mean: [0.5, 0.4, 0.3] } -> conv spectral bump 2 { channels: full } -> relu -> gap -> dense softmax 2\n";

beforeAll(async () => {
  await writeFile(at("net.spec"), net);
  await specc(["init", at("net.spec"), "--seed", "3", "--out", at("p.safetensors")]);
});

const weights = async (): Promise<ReturnType<typeof readTensors>> => readTensors(await readFile(at("p.safetensors")));
const given = (): readonly string[] => ["export", at("net.spec"), "--params", at("p.safetensors"), "--classes", "cat,dog"];

test("safetensors hold the weights, and serve as --params again", async () => {
  const { code, stdout, stderr } = await specc([...given(), "--to", "safetensors", "--out", at("again.safetensors"), "--json"]);
  expect([code, stderr.split("\n")[0]]).toEqual([0, expect.stringMatching(/^wrote .*again\.safetensors: \d+\.\d KB$/)]);
  const bytes = await readFile(at("again.safetensors"));
  expect(JSON.parse(stdout)).toEqual({
    type: "export",
    format: "safetensors",
    files: [{ path: at("again.safetensors"), bytes: bytes.byteLength }],
  });
  const { tensors, metadata } = readTensors(bytes);
  expect(tensors).toEqual((await weights()).tensors);
  expect(metadata.get("program")).toBe(net);
  expect(JSON.parse(metadata.get("header") ?? "")).toMatchObject({ classes: ["cat", "dog"] });
  expect(
    (await specc(["export", at("net.spec"), "--params", at("again.safetensors"), "--to", "json", "--out", at("again.json")])).code,
  ).toBe(0);
});

test("expanded filters agree with the formula, and their kernels with them", async () => {
  await specc([...given(), "--to", "safetensors", "--expanded", "--out", at("expanded.safetensors")]);
  const { tensors } = readTensors(await readFile(at("expanded.safetensors")));
  const [plane, kernel] = [tensors.get("conv.1.plane"), tensors.get("conv.1.kernel")];
  expect([plane?.shape, kernel?.shape]).toEqual([
    [2, 3, 6, 3, 2],
    [2, 3, 6, 5],
  ]);
  const raw = (name: string): number => Number((tensors.get(`conv.1.${name}`)?.data ?? [])[4]);
  // Filter 1, channel 1, real part.
  const [g, s, m] = [raw("g"), Math.log1p(Math.exp(raw("s"))) + 1e-6, 0.5 / (1 + Math.exp(-raw("m")))];
  const at11 = (ky: number, kx: number): number => Number(plane?.data[((4 * 6 + ky) * 3 + kx) * 2]);
  expect(at11(4, 2)).toBeCloseTo(g * Math.exp(-(((Math.hypot(-2 / 6, 2 / 5) - m) / s) ** 2)), 6);
  // The sum of a kernel is its plane at frequency 0.
  const sum = Array.from({ length: 30 }, (_, i) => Number(kernel?.data[4 * 30 + i])).reduce((a, b) => a + b);
  expect(sum).toBeCloseTo(at11(0, 0), 5);
});

test("npz holds the same tensors as .npy files", async () => {
  await specc([...given(), "--to", "npz", "--out", at("net.npz")]);
  const bytes = await readFile(at("net.npz"));
  const files = unzipSync(bytes);
  const { tensors } = await weights();
  expect(Object.keys(files)).toEqual([...[...tensors.keys()].map((name) => `${name}.npy`), "metadata.json"]);
  for (const [name, { shape, data }] of tensors) {
    const file = files[`${name}.npy`];
    expect([...file.slice(0, 8)], name).toEqual([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
    const end = 10 + file[8] + 256 * file[9];
    expect(end % 64, name).toBe(0);
    const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
    expect(new TextDecoder().decode(file.slice(10, end)), name).toMatch(
      new RegExp(`^\\{'descr': '<f4', 'fortran_order': False, 'shape': \\(${sizes}\\), \\} *\\n$`),
    );
    expect(new Float32Array(file.slice(end).buffer), name).toEqual(data);
  }
  await specc([...given(), "--to", "npz", "--out", at("second.npz")]);
  expect(bytes.equals(await readFile(at("second.npz")))).toBe(true);
});

test("json has the values of the formulas, and the raw ones", async () => {
  await specc([...given(), "--to", "json", "--out", at("full.json")]);
  const text = await readFile(at("full.json"), "utf8");
  const content = JSON.parse(text);
  expect(content).toMatchObject({
    program: net,
    classes: ["cat", "dog"],
    input: { height: 6, width: 5, channels: 3, mean: [0.5, 0.4, 0.3] },
    scores: { probabilities: true },
  });
  const layer = content.layers.find(({ layer }: { layer: string }) => layer.startsWith("conv"));
  expect(layer.parameters.map(({ name }: { name: string }) => name)).toEqual(["g", "s", "m"]);
  const [g, s, m] = layer.parameters;
  expect(Float32Array.from(g.values.flat(2))).toEqual((await weights()).tensors.get("conv.1.g")?.data);
  expect(g.raw).toBeUndefined();
  expect(s.values[1][0][2]).toBeCloseTo(0.1, 6);
  expect(m.values[0][1][0]).toBeCloseTo(0.25, 6);
  expect(m.raw[0][1][0]).toBeCloseTo(0, 6);
  expect(text).toContain('"shape": [2, 2, 3],');
});

describe("onnx", () => {
  const read = async (name: string): Promise<OnnxModel> => (await loadOnnxCodec()).read(await readFile(at(name)));

  test("names its inputs and outputs, and says what it is", async () => {
    const { code, stdout } = await specc([...given(), "--to", "onnx", "--out", at("net.onnx")]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^wrote .*net\.onnx: /)]);
    const { opsetImport, irVersion, producerName, graph, metadataProps } = await read("net.onnx");
    expect([opsetImport[0].version, irVersion, producerName]).toEqual([13n, 7n, "specc"]);
    const sizes = ({ name, type }: OnnxValueInfo): unknown => [
      name,
      ...type.tensorType.shape.dim.map((dim) =>
        "dimParam" in dim && dim.dimParam !== "" ? dim.dimParam : "dimValue" in dim ? Number(dim.dimValue) : 0,
      ),
    ];
    expect([...graph.input, ...graph.output].map(sizes)).toEqual([
      ["images", "batch", 3, 6, 5],
      ["outputs", "batch", 2],
      ["scores", "batch", 2],
    ]);
    const about = Object.fromEntries(metadataProps.map(({ key, value }) => [key, value]));
    expect(about).toMatchObject({
      format: "specc",
      program: net,
      classes: '["cat","dog"]',
      scores: "probabilities",
      input: "bytes 0 to 255, red, green, blue; a photograph is scaled to 6x5x3",
    });
    // Nodes and weights can be told by their layers; no two have one name.
    const names = [...graph.node, ...graph.initializer].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(
      expect.arrayContaining([
        "input/Mul",
        "input/scale",
        "conv.1/MatMul",
        expect.stringMatching(/^conv\.1\/filter\.re/),
        expect.stringMatching(/^dense\.1\.weight/),
      ]),
    );
  });

  test("with the operator DFT, has no tables and a later opset", async () => {
    await specc([...given(), "--to", "onnx", "--onnx-dft", "op", "--onnx-input", "values", "--out", at("op.onnx")]);
    const { opsetImport, irVersion, graph } = await read("op.onnx");
    expect([opsetImport[0].version, irVersion]).toEqual([20n, 9n]);
    expect(graph.node.filter(({ opType }) => opType === "DFT").length).toBe(4);
    expect(graph.initializer.filter(({ name }) => /^dft\/.*(rows|columns)/.test(name))).toEqual([]);
    expect(graph.node.some(({ name }) => name.startsWith("input/"))).toBe(false);
  });

  test("needs to know what the images were standardised by", async () => {
    await writeFile(at("measured.spec"), "spec 1\n\ninput 4x4x1 { standardise: data } -> gap -> dense softmax 2\n");
    const words = ["export", at("measured.spec"), "--to", "onnx"];
    const { code, stderr } = await specc(words);
    expect([code, stderr]).toEqual([1, expect.stringContaining("standardises its images by what was measured in training")]);
    expect((await specc([...words, "--onnx-input", "values"])).code).toBe(0);
  });

  test("cannot give a spectrum", async () => {
    await writeFile(at("spectrum.spec"), "spec 1\n\ninput 4x4x1 -> conv spectral gaussian 2\n");
    const { code, stderr } = await specc(["export", at("spectrum.spec"), "--to", "onnx"]);
    expect([code, stderr]).toEqual([2, expect.stringContaining("a network that ends in a spectrum has no output yet")]);
  });
});

test("without a place the file goes beside what it is made of, and replaces nothing", async () => {
  const words = ["export", at("net.spec"), "--to", "json"];
  const first = await specc(words);
  expect([first.code, first.stdout]).toEqual([0, expect.stringContaining(`wrote ${at("net.json")}`)]);
  expect(first.stderr).toContain("fresh weights, seed 0");
  const { code, stderr } = await specc(words);
  expect(code).toBe(1);
  expect(stderr).toContain(`${at("net.json")} exists`);
  expect((await specc([...words, "--out", at("net.json")])).code).toBe(0);
}, 20_000);

test.each([
  [["net.spec"], "`specc export` needs --to FORMAT"],
  [["net.spec", "--to", "onx"], "--to takes"],
  [["net.spec", "--to", "npz", "--out", "net.zip"], "the name of npz ends in .npz"],
  [["net.spec", "--to", "json", "--expanded"], "--expanded is for safetensors and npz, not for json"],
  [["-", "--to", "json"], "needs --out"],
  [["net.spec", "--to", "json", "--from", "last"], "--from chooses weights of a run"],
  [["net.spec", "--to", "json", "--classes", "a,b,c", "--out", "classes.json"], "2 classes apart; --classes names 3"],
])("%j is refused", async (words, message) => {
  const paths = words.map((word) => (/\.\w+$/.test(word) ? at(word) : word));
  const { code, stderr } = await specc(["export", ...paths], { input: net });
  expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
});

describe("docs/export.md", () => {
  const page = readFileSync("docs/export.md", "utf8");

  test("has every format and every option", () => {
    const shared = ["net", "input", "set", "from", "classes", "to"];
    const flags = Object.keys(exportCommand.manual.flags).filter((name) => !shared.includes(name));
    expect(flags.filter((name) => !page.includes(`--${name}`))).toEqual([]);
    expect(formats.filter(({ name }) => !page.includes(`| \`${name}\` |`))).toEqual([]);
  });

  test("has programs for Node that run", async () => {
    await mkdir(at("node_modules"));
    for (const name of ["onnxruntime-web", "sharp"]) await symlink(resolve("node_modules", name), join(at("node_modules"), name));
    await symlink(resolve("."), join(at("node_modules"), "specc"));
    await sharp({ create: { width: 9, height: 7, channels: 3, background: "teal" } })
      .jpeg()
      .toFile(at("photo.jpg"));
    for (const format of ["safetensors", "onnx"]) await specc([...given(), "--to", format, "--out", at(`pets.${format}`)]);
    const [tensors, onnx] = [...page.matchAll(/^```js\n(.*?)^```$/gms)].map((match) => match[1]);
    expect((await runInNode(at(), tensors)).stdout).toBe("[ 2, 2 ] [ 'cat', 'dog' ]\n");
    const { stdout, stderr } = await runInNode(at(), onnx);
    expect(stdout, stderr).toMatch(/^\[ 0\.\d+, 0\.\d+ \]\n$/);
  }, 60_000);
});

test("every format is named by its extension, and loads", async () => {
  expect(new Set(formats.map(({ extension }) => extension)).size).toBe(formats.length);
  for (const { load } of formats) expect(typeof (await load())).toBe("function");
});
