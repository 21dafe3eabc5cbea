/** @file `specc init` and `specc grad`: parameters and gradients through files. */

import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import type { Tensor } from "../../src/runtime/safetensors.ts";
import { readTensors, writeTensors } from "../../src/runtime/safetensors.ts";
import { specc } from "../support/cli.ts";
import { expectClose } from "../support/close.ts";
import type { FixtureTensor } from "../support/fixture.ts";
import { readNetwork } from "../support/fixture.ts";
import { suiteFolder } from "../support/folder.ts";

const at = suiteFolder("specc-files-");

const float = ({ shape, data }: FixtureTensor): Tensor => ({ dtype: "F32", shape, data: Float32Array.from(data) });

async function write(name: string, tensors: Readonly<Record<string, Tensor>>): Promise<string> {
  await writeFile(at(name), writeTensors({ tensors: new Map(Object.entries(tensors)), metadata: new Map() }));
  return at(name);
}

async function read(path: string): Promise<ReadonlyMap<string, Tensor>> {
  return readTensors(await readFile(path)).tensors;
}

/** The files of a fixture, and the arguments that name them. */
async function filesOf(
  name: string,
  change: { images?: (tensor: Tensor) => Tensor; labels?: Tensor; spec?: (text: string) => string } = {},
): Promise<readonly string[]> {
  const fixture = readNetwork(name);
  await writeFile(at(`${name}.spec`), change.spec?.(fixture.spec) ?? fixture.spec);
  const images = float(fixture.images);
  const labels: Tensor = change.labels ?? { dtype: "I32", shape: [fixture.labels.length], data: fixture.labels };
  const params = await write(`${name}.p`, Object.fromEntries([...fixture.params].map(([path, tensor]) => [path, float(tensor)])));
  const batch = await write(`${name}.b`, { images: change.images?.(images) ?? images, labels });
  return ["grad", at(`${name}.spec`), "--params", params, "--batch", batch, "--out", at(`${name}.g`), "--device", "cpu"];
}

async function expectFixture(name: string, words: readonly string[]): Promise<void> {
  const fixture = readNetwork(name);
  const { code, stderr } = await specc(words);
  expect(stderr).toBe("adapter: CPU reference (f64, no WebGPU)\n");
  expect(code).toBe(0);
  const found = await read(at(`${name}.g`));
  expect([...found.keys()].sort()).toEqual(["loss", "outputs", ...[...fixture.gradients.keys()].map((path) => `grad.${path}`)].sort());
  expect(found.get("loss")?.shape).toEqual([]);
  expect(found.get("outputs")?.shape).toEqual(fixture.outputs.shape);
  expect(Number(found.get("loss")?.data[0])).toBeCloseTo(fixture.loss, 6);
  for (const [path, gradient] of fixture.gradients) {
    const tensor = found.get(`grad.${path}`);
    expect(tensor?.shape).toEqual(gradient.shape);
    expectClose(Float64Array.from(tensor?.data ?? [], Number), gradient.data, { relative: 1e-6 }, path);
  }
}

describe("grad", () => {
  test.each(["filter-kitchen-full", "signal-31", "dropout"])("%s agrees with PyTorch", async (name) => {
    await expectFixture(name, await filesOf(name));
  });

  test("signals as [B, N, C], labels of other integer types", async () => {
    const { labels } = readNetwork("signal-31");
    const flat = (tensor: Tensor): Tensor => ({ ...tensor, shape: [tensor.shape[0], tensor.shape[2], tensor.shape[3]] }) as Tensor;
    await expectFixture(
      "signal-31",
      await filesOf("signal-31", {
        images: flat,
        labels: { dtype: "I64", shape: [labels.length], data: BigInt64Array.from(labels, BigInt) },
      }),
    );
    await expectFixture(
      "signal-31",
      await filesOf("signal-31", { images: flat, labels: { dtype: "U8", shape: [labels.length], data: Uint8Array.from(labels) } }),
    );
  });

  test("open sizes come from the batch, and `augment` does not matter", async () => {
    const spec = (text: string): string => `${text.replace(/input \d+x\d+x(\d+)\n\s*->/, "")}\naugment flip\n`;
    await expectFixture("filter-kitchen-full", await filesOf("filter-kitchen-full", { spec }));
  });

  test("the file's size and the batch's must agree, unless --input says otherwise", async () => {
    const spec = (text: string): string => text.replace(/input \d+x\d+x/, "input 12x12x");
    const words = await filesOf("filter-kitchen-full", { spec });
    const refused = await specc(words);
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toMatch(/holds images of 9x7x2, the network takes 12x12x2\n {2}help: .*--input 9x7x2/);
    await expectFixture("filter-kitchen-full", [...words, "--input", "9x7x2"]);
    expect((await specc([...words, "--input", "9x8x2"])).stderr).toContain("--input says 9x8x2");
  });

  test("names every parameter that is missing, unknown or misshaped", async () => {
    const words = await filesOf("filter-kitchen-full");
    const params = new Map(await read(at("filter-kitchen-full.p")));
    const bias = params.get("dense.1.bias") as Extract<Tensor, { dtype: "F32" }>;
    params.delete("conv.1.p");
    params.set("dense.1.bias", { ...bias, shape: [1, bias.data.length] });
    params.set("conv.9.z", bias);
    await write("filter-kitchen-full.p", Object.fromEntries(params));
    const { code, stderr } = await specc(words);
    expect(code).toBe(1);
    expect(stderr).toContain("`conv.1.p` [1, 3, 2] is missing");
    expect(stderr).toContain("`dense.1.bias` has shape [1, 3], expected [3]");
    expect(stderr).toContain("the network has no `conv.9.z`");
  });

  test("labels that are no classes, batches without images, damaged files", async () => {
    const wrong = await specc(await filesOf("filter-kitchen-full", { labels: { dtype: "I32", shape: [3], data: Int32Array.of(0, 3, 1) } }));
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining("`labels` holds 3 at 1; with 3 outputs labels are 0 to 2") });
    const short = await specc(await filesOf("filter-kitchen-full", { labels: { dtype: "I32", shape: [2], data: Int32Array.of(0, 1) } }));
    expect(short).toMatchObject({ code: 1, stderr: expect.stringContaining("`labels` has shape [2], expected [3]") });
    const words = await filesOf("filter-kitchen-full");
    await write("filter-kitchen-full.b", { pictures: { dtype: "F32", shape: [1], data: Float32Array.of(0) } });
    expect(await specc(words)).toMatchObject({ code: 1, stderr: expect.stringContaining("holds no tensor `images`") });
    await writeFile(at("filter-kitchen-full.b"), "junk");
    expect(await specc(words)).toMatchObject({ code: 1, stderr: expect.stringContaining("filter-kitchen-full.b: ") });
  });
});

describe("init", () => {
  const spec = "spec 1\n\ninput 8x8x3\n  -> conv spectral gaussian 2 { channels: weighted, bias: on }\n  -> relu\n  -> dense tanh 2\n";

  test("writes raw values of all parameters, which depend on the seed", async () => {
    await writeFile(at("net.spec"), spec);
    const run = async (out: string, ...more: string[]): Promise<ReadonlyMap<string, Tensor>> => {
      expect((await specc(["init", at("net.spec"), "--out", at(out), ...more])).code).toBe(0);
      return read(at(out));
    };
    const first = await run("p0");
    expect(Object.fromEntries([...first].map(([path, { shape }]) => [path, shape]))).toEqual({
      "conv.1.g": [2, 2],
      "conv.1.mu": [2, 2],
      "conv.1.mv": [2, 2],
      "conv.1.a": [2, 2],
      "conv.1.b": [2, 2],
      "conv.1.c": [2, 2],
      "conv.1.mix": [2, 3],
      "conv.1.bias": [2],
      "dense.1.weight": [2, 128],
      "dense.1.bias": [2],
    });
    // a: positive ~ loguniform(2, 16) is stored as log(expm1(a - 1e-6)).
    for (const value of first.get("conv.1.a")?.data ?? []) {
      expect(value).toBeGreaterThan(Math.log(Math.expm1(2 - 1e-5)));
      expect(value).toBeLessThan(Math.log(Math.expm1(16)));
    }
    expect(await run("p1", "--seed", "0")).toEqual(first);
    expect((await run("p2", "--seed", "1")).get("conv.1.g")).not.toEqual(first.get("conv.1.g"));
  });

  test("an open network needs --input", async () => {
    await writeFile(at("open.spec"), "conv spectral free 2 -> relu -> dense tanh 2\n");
    const words = ["init", at("open.spec"), "--out", at("po")];
    expect(await specc(words)).toMatchObject({ code: 1, stderr: expect.stringContaining("S0612") });
    expect((await specc([...words, "--input", "6x5x1"])).code).toBe(0);
    expect((await read(at("po"))).get("conv.1.weight")?.shape).toEqual([2, 6, 3, 2]);
  });
});
