/** @file The training script of `specc export --to pytorch` does what `specc train` does, where PyTorch and Pillow are installed. */

import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { readTensors } from "../../src/runtime/safetensors.ts";
import { specc } from "../support/cli.ts";
import { suiteFolder } from "../support/folder.ts";
import { pythonWith } from "../support/python.ts";

const python = pythonWith("PyTorch 1.13 and Pillow");

const at = suiteFolder("specc-torch-train-");

beforeAll(async () => {
  if (python === undefined) return;
  for (const [label, name] of ["a", "b", "c"].entries()) {
    await mkdir(at("data", name), { recursive: true });
    for (let index = 0; index < 7 + label; index++) {
      const pixels = Uint8Array.from(
        { length: 8 * 6 * 3 },
        (_, place) => (place * (label + 2) + 37 * index + (place % 3) * 50 * label) % 256,
      );
      await sharp(pixels, { raw: { width: 6, height: 8, channels: 3 } })
        .png()
        .toFile(at("data", name, `${index}.png`));
    }
  }
});

interface Epoch {
  readonly loss: number;
  readonly accuracy: number;
  readonly val_loss: number;
  readonly val_accuracy: number;
  readonly lr: number;
}

async function trainedBySpecc(spec: string): Promise<readonly Epoch[]> {
  await writeFile(at("net.spec"), spec);
  expect((await specc(["init", at("net.spec"), "--out", at("start.safetensors")])).code).toBe(0);
  const { records, stderr, code } = await specc([
    "train",
    at("net.spec"),
    "--data",
    at("data"),
    "--device",
    "cpu",
    "--cache",
    at("cache"),
    "--out",
    at("run"),
    "--json",
    "--params",
    at("start.safetensors"),
  ]);
  expect(code, stderr).toBe(0);
  return records().filter(({ type }) => type === "epoch") as unknown as readonly Epoch[];
}

/** Processes that torchrun would start, by the variables that it sets. */
async function trainedByTorch(out: string, processes: number): Promise<readonly Epoch[]> {
  const env = (rank: number): NodeJS.ProcessEnv => ({
    ...process.env,
    OMP_NUM_THREADS: "1",
    CUDA_VISIBLE_DEVICES: "",
    RANK: String(rank),
    LOCAL_RANK: String(rank),
    WORLD_SIZE: String(processes),
    MASTER_ADDR: "127.0.0.1",
    MASTER_PORT: "29533",
  });
  const ranks = await Promise.all(
    Array.from({ length: processes }, (_, rank) =>
      promisify(execFile)(python ?? "", [at("net-train.py"), "--data", at("data"), "--params", at("start.safetensors"), "--out", at(out)], {
        env: env(rank),
      }),
    ),
  );
  return [
    ...ranks[0].stdout.matchAll(/^epoch \d+\/\d+ {2}loss (\S+) {2}accuracy (\S+) {2}val_loss (\S+) {2}val_accuracy (\S+) {2}lr (\S+)/gm),
  ].map((match) => {
    const [loss, accuracy, val_loss, val_accuracy, lr] = match.slice(1).map(Number);
    return { loss, accuracy, val_loss, val_accuracy, lr };
  });
}

function expectSame(found: readonly Epoch[], wanted: readonly Epoch[]): void {
  expect(found.length).toBe(wanted.length);
  for (const [index, epoch] of wanted.entries()) {
    // Both compute the steps in single precision at least; printed with six digits.
    for (const name of ["loss", "val_loss"] as const)
      expect(
        Math.abs(found[index][name] - epoch[name]),
        `${name} of epoch ${index + 1}: ${found[index][name]}, not ${epoch[name]}`,
      ).toBeLessThan(2e-4 * Math.max(1, epoch[name]));
    for (const name of ["accuracy", "val_accuracy"] as const) expect(found[index][name], name).toBeCloseTo(epoch[name], 3);
    expect(found[index].lr).toBeCloseTo(epoch.lr, 6);
  }
}

describe.skipIf(python === undefined)("the training script", () => {
  test("has the losses of specc, on one process and on two, and specc reads its weights", async () => {
    const epochs = await trainedBySpecc(`spec 1

input 8x6x3 { standardise: data, range: -1..1 }
  -> conv spatial 3x3 4 { init: calibrated } -> tanh
  -> conv spectral gaussian 4 { channels: weighted, bias: on } -> tanh
  -> gap
  -> dense softmax 3 { init: calibrated }

train {
  optimizer: sgd { lr: 0.1, momentum: 0.9, nesterov: on, decay: 0.01, clip: 1 },
  schedule: cosine { warmup: 1, floor: 0.1 }, epochs: 3, batch: 7, split: 75%, seed: 4
}
`);
    expect(
      (await specc(["export", at("net.spec"), "--params", at("start.safetensors"), "--to", "pytorch", "--out", at("net.py")])).code,
    ).toBe(0);
    expectSame(await trainedByTorch("one.safetensors", 1), epochs);
    // 19 images in batches of 7: the last has 5, one less for the second process.
    expectSame(await trainedByTorch("two.safetensors", 2), epochs);
    const last = readTensors(await readFile(at("run", "weights", "best.safetensors"))).tensors;
    for (const name of ["one", "two"]) {
      const { tensors } = readTensors(await readFile(at(`${name}.safetensors`)));
      expect([...tensors.keys()].sort()).toEqual([...last.keys()].sort());
      for (const [path, { data, shape }] of last) {
        expect(tensors.get(path)?.shape).toEqual(shape);
        const difference = Math.max(
          ...Array.from(data as Float32Array, (value, index) => Math.abs(value - Number(tensors.get(path)?.data[index]))),
        );
        expect(difference, `${name} ${path}`).toBeLessThan(1e-3);
      }
      expect(
        (await specc(["compile", at("net.spec"), "--params", at(`${name}.safetensors`), "--emit", "plan", "--out", at("plan.json")]))
          .stderr,
      ).not.toContain("does not hold");
    }
  }, 120_000);

  test("adam as in Keras, steps, mse, and standardised training images", async () => {
    const epochs = await trainedBySpecc(`spec 1

input 8x6x1 { standardise: training, fit: cover }
  -> conv spatial 3x3 4 -> tanh
  -> dense tanh 3

train {
  loss: mse { targets: -1..1 }, optimizer: adam { lr: 0.01, eps: 1e-4, form: keras, decay: all 0.001 },
  schedule: step { at: [1], by: 0.5 }, epochs: 2, batch: 8, split: 15, seed: 1
}
`);
    expect(
      (await specc(["export", at("net.spec"), "--params", at("start.safetensors"), "--to", "pytorch", "--out", at("net.py")])).code,
    ).toBe(0);
    expectSame(await trainedByTorch("one.safetensors", 1), epochs);
  }, 120_000);
});
