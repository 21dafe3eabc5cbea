/** @file `specc import`: weights that PyTorch wrote, or with Keras' names and layouts, give PyTorch's outputs. */

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { floatsOf } from "../../src/import/numbers.ts";
import { readWeights } from "../../src/import/weights.ts";
import { permuted } from "../../src/plan/shape.ts";
import type { Tensor } from "../../src/runtime/safetensors.ts";
import { readTensors, writeTensors } from "../../src/runtime/safetensors.ts";
import { specc } from "../support/cli.ts";
import { expectClose } from "../support/close.ts";
import type { FixtureTensor } from "../support/fixture.ts";
import { readTensors as readFixture } from "../support/fixture.ts";
import { suiteFolder } from "../support/folder.ts";

const fixture = (name: string): string => join(import.meta.dirname, "..", "fixtures", "import", name);
const batch = readFixture(fixture("batch.safetensors"));
const at = suiteFolder("specc-import-");

const spec = `spec 1

activation prelu(x, a = 0.25) = max(0, x) + a * min(x, 0)

input 9x12x3
  -> conv spatial 3x3 4 -> relu -> pool max 2
  -> 2 * (conv spatial 3x3 4 { bias: off } -> relu)
  -> dense prelu 5 -> dropout 50% -> dense softmax 3
`;

beforeAll(async () => {
  await writeFile(at("net.spec"), spec);
  const float = ({ shape, data }: FixtureTensor): Tensor => ({ dtype: "F32", shape, data: Float32Array.from(data) });
  const labels: Tensor = { dtype: "I32", shape: [4], data: Int32Array.from(batch.get("labels")?.data ?? []) };
  await writeFile(
    at("batch.safetensors"),
    writeTensors({
      tensors: new Map([
        ["images", float(batch.get("images") as FixtureTensor)],
        ["labels", labels],
      ]),
      metadata: new Map(),
    }),
  );
});

async function importing(from: string, ...more: string[]): ReturnType<typeof specc> {
  return specc(["import", at("net.spec"), "--from", from, ...more]);
}

/** The largest error is that of the f32 file in which `grad` writes outputs, unless the weights were rounded. */
async function expectOutputs(params: string, tolerance = 1e-6): Promise<void> {
  const { code, stderr } = await specc([
    "grad",
    at("net.spec"),
    "--params",
    params,
    "--batch",
    at("batch.safetensors"),
    "--out",
    at("g.safetensors"),
    "--device",
    "cpu",
  ]);
  expect(stderr).toContain("CPU reference");
  expect(code).toBe(0);
  const outputs = readTensors(await readFile(at("g.safetensors"))).tensors.get("outputs");
  expectClose(Float64Array.from(outputs?.data ?? [], Number), batch.get("outputs")?.data ?? [], { relative: tolerance }, "outputs");
}

async function editMap(name: string, change: (parameters: Record<string, unknown>) => void): Promise<string> {
  const map = JSON.parse(await readFile(at(name), "utf8")) as { parameters: Record<string, unknown> };
  change(map.parameters);
  await writeFile(at(name), JSON.stringify(map));
  return at(name);
}

describe("without a mapping", () => {
  test.each([
    ["net.safetensors", 1e-6],
    ["net.pt", 1e-6],
    ["keras.npz", 1e-6],
    ["half.safetensors", 2e-3],
  ])("%s gives PyTorch's outputs", async (name, tolerance) => {
    const { code, stdout, stderr } = await importing(fixture(name), "--out", at("p.safetensors"));
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toContain(name === "keras.npz" ? "dense/kernel:0 IO, inputs HWC" : "classifier.1.weight OI, inputs CHW");
    await expectOutputs(at("p.safetensors"), tolerance);
  });

  test("the order decides between layers of one shape", async () => {
    const { records } = await specc([
      "import",
      at("net.spec"),
      "--from",
      fixture("net.safetensors"),
      "--out",
      at("p.safetensors"),
      "--json",
    ]);
    const [{ parameters, unused }] = records() as unknown as {
      parameters: { path: string; source: { from: string } }[];
      unused: string[];
    }[];
    expect(parameters.map(({ path, source }) => [path, source.from])).toEqual(
      expect.arrayContaining([
        ["conv.2.weight", "features.3.weight"],
        ["conv.3.weight", "features.5.weight"],
      ]),
    );
    expect(unused).toEqual([]);
  });
});

describe("with one", () => {
  test("what --print-map writes is what --map reads, and an edit of it counts", async () => {
    expect((await importing(fixture("keras.npz"), "--print-map", at("map.json"))).stdout).toContain("9 of 9 parameters have a source");
    const text = await readFile(at("map.json"), "utf8");
    expect(text).toContain(`"dense.1.weight": {"shape":[5,96],"from":"dense/kernel:0","axes":"IO","flatten":"HWC"}`);
    expect((await importing(fixture("keras.npz"), "--map", at("map.json"), "--out", at("p.safetensors"))).code).toBe(0);
    await expectOutputs(at("p.safetensors"));
    await editMap("map.json", (parameters) => (parameters["dense.1.weight"] = { from: "dense/kernel:0", axes: "IO", flatten: "CHW" }));
    expect((await importing(fixture("keras.npz"), "--map", at("map.json"), "--out", at("p.safetensors"))).code).toBe(0);
    await expect(expectOutputs(at("p.safetensors"), 1e-2)).rejects.toThrow("outputs");
  });

  test('"start" takes the start value, and what is left over is said', async () => {
    await importing(fixture("net.pt"), "--print-map", at("map.json"));
    await editMap("map.json", (parameters) => (parameters["dense.2.weight"] = "start"));
    const { code, stderr } = await importing(fixture("net.pt"), "--map", at("map.json"), "--out", at("p.safetensors"), "--seed", "3");
    expect(stderr).toBe("not used: classifier.4.weight\n");
    expect(code).toBe(0);
    await specc(["init", at("net.spec"), "--out", at("start.safetensors"), "--seed", "3"]);
    const weight = async (name: string): Promise<unknown> => readTensors(await readFile(at(name))).tensors.get("dense.2.weight")?.data;
    expect(await weight("p.safetensors")).toEqual(await weight("start.safetensors"));
  });

  test("everything that does not fit is listed", async () => {
    await importing(fixture("net.pt"), "--print-map", at("map.json"));
    const from = (name: string, axes?: string): object => ({ from: name, axes });
    await editMap("map.json", (parameters) => {
      Object.assign(parameters, {
        "conv.1.weight": from("features.0.weight", "HWIO"),
        "conv.1.bias": from("nothing"),
        "conv.2.weight": { from: null },
      });
    });
    const wrong = await importing(fixture("net.pt"), "--map", at("map.json"), "--out", at("p.safetensors"));
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toContain("`conv.2.weight` has no `from`");
    await editMap("map.json", (parameters) => (parameters["conv.2.weight"] = from("features.3.weight", "OIHW")));
    const { code, stderr } = await importing(fixture("net.pt"), "--map", at("map.json"), "--out", at("p.safetensors"));
    expect(code).toBe(1);
    expect(stderr).toContain("`features.0.weight` is [4, 3, 3, 3]: 3 along O of HWIO, `conv.1.weight` [4, 3, 3, 3] has 4");
    expect(stderr).toContain("there is no `nothing` for `conv.1.bias`");
  });
});

describe("where several ways are open, or none", () => {
  async function without(change: (tensors: Map<string, Tensor>) => void): Promise<string> {
    const { tensors } = readTensors(await readFile(fixture("net.safetensors")));
    const changed = new Map(tensors);
    change(changed);
    await writeFile(at("other.safetensors"), writeTensors({ tensors: changed, metadata: new Map() }));
    return at("other.safetensors");
  }

  test("names without an order", async () => {
    const from = await without((tensors) => {
      for (const [old, name] of [
        ["features.3.weight", "middle.weight"],
        ["features.5.weight", "late.weight"],
      ]) {
        tensors.set(name, tensors.get(old) as Tensor);
        tensors.delete(old);
      }
    });
    const { code, stderr } = await importing(from, "--out", at("none.safetensors"));
    expect(code).toBe(1);
    expect(stderr).toContain("`middle`, `late` fit `conv.2`, `conv.3`, and these names have no order");
    expect(stderr).toMatch(/ours +theirs\n +conv\.1\.weight \[4, 3, 3, 3\] +features\.0\.weight \[4, 3, 3, 3\]\n/);
    expect(stderr).toContain("--print-map");
    await expect(readFile(at("none.safetensors"))).rejects.toThrow("ENOENT");
    await importing(from, "--print-map", at("map.json"));
    const map = await editMap("map.json", (parameters) => {
      expect(parameters["conv.2.weight"]).toEqual({ shape: [4, 4, 3, 3], from: null, axes: "OIHW" });
      Object.assign(parameters, { "conv.2.weight": { from: "middle.weight" }, "conv.3.weight": { from: "late.weight" } });
    });
    expect((await importing(from, "--map", map, "--out", at("p.safetensors"))).code).toBe(0);
    await expectOutputs(at("p.safetensors"));
  });

  test("tensors missing and left over", async () => {
    const from = await without((tensors) => {
      tensors.delete("classifier.1.bias");
      tensors.set("bn.running_mean", tensors.get("features.0.bias") as Tensor);
    });
    const { code, stderr } = await importing(from, "--out", at("none.safetensors"));
    expect(code).toBe(1);
    expect(stderr).toContain("nothing fits `dense.1` (weight [5, 96], bias [5])");
    expect(stderr).toContain("nothing in the network takes `classifier.1`, `bn`");
    expect(stderr).toContain("fuse_conv_bn_eval");
  });
});

describe("files", () => {
  test("a whole model is refused, and nothing of it is run", async () => {
    const { code, stderr } = await importing(fixture("model.pt"), "--out", at("p.safetensors"));
    expect(code).toBe(1);
    expect(stderr).toContain("its pickle holds more than the tensors of a `state_dict`");
    expect(stderr).toContain("numpy.savez");
  });

  test("damaged and foreign files are refused", async () => {
    for (const name of ["net.pt", "keras.npz", "net.safetensors"]) {
      const bytes = await readFile(fixture(name));
      for (let end = 0; end < bytes.length; end += 97)
        await expect(readWeights(name, bytes.subarray(0, end)), `${name} cut to ${end}`).rejects.toThrow(/./);
      for (let place = 0; place < bytes.length; place += 19) {
        const broken = Uint8Array.from(bytes);
        broken[place] ^= 0x55;
        try {
          await readWeights(name, broken);
        } catch (error) {
          expect(["WeightsError"], `${name} with byte ${place} changed: ${String(error)}`).toContain((error as Error).name);
        }
      }
    }
    await expect(readWeights("m.h5", Uint8Array.from([0x89, 0x48, 0x44, 0x46, 13, 10, 26, 10, 0]))).rejects.toThrow("HDF5");
    await expect(readWeights("old.pt", Uint8Array.from([0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9]))).rejects.toThrow("pickle");
  });

  test("numbers of other widths", () => {
    const bytes = (...halves: number[]): Uint8Array => new Uint8Array(Uint16Array.from(halves).buffer);
    expect([...(floatsOf("F16", bytes(0x3c00, 0xc000, 0x0001, 0x7bff, 0x7c00)) ?? [])]).toEqual([1, -2, 2 ** -24, 65504, Infinity]);
    expect([...(floatsOf("BF16", bytes(0x3f80, 0xc040)) ?? [])]).toEqual([1, -3]);
    expect(floatsOf("I64", new Uint8Array(8))).toBeUndefined();
    expect([...permuted(Float32Array.of(0, 1, 2, 3, 4, 5), [2, 3], [1, 0])]).toEqual([0, 3, 1, 4, 2, 5]);
  });
});
