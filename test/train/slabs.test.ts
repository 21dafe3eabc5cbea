/** @file Training in slabs: the curve of the whole batch, resumed to the last bit, from the trainer and from the command line. */

import { readFile, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { baseline } from "../../src/compiler/lower/target.ts";
import { ReferenceSession } from "../../src/compiler/reference/session.ts";
import { openSession, readTensors } from "../../src/runtime/index.ts";
import { specc, trainWords } from "../support/cli.ts";
import { expectClose } from "../support/close.ts";
import { suiteFolder } from "../support/folder.ts";
import { gpuMissing, suiteDevice } from "../support/gpu.ts";
import { sit, sitAndResume } from "../support/sitting.ts";
import { compileText } from "../support/small-network.ts";
import { stripesFor, writeStripes } from "../support/stripes.ts";

const texts = {
  "spectral filters with measured constants, adam":
    "spec 1\ninput 6x5x1 -> conv spectral linear 2 { init: calibrated } -> relu -> dropout 30% -> dense softmax 2\n" +
    "train { loss: cross_entropy, optimizer: adam { lr: 0.02, clip: 1 }, epochs: 2, batch: 8, seed: 3 }\n",
  "spatial filters, momentum":
    "spec 1\ninput 6x5x1 -> conv spatial 3x3 2 -> relu -> dropout 30% -> dense softmax 2\n" +
    "train { loss: cross_entropy, optimizer: sgd { lr: 0.05, momentum: 0.9 }, epochs: 2, batch: 8, seed: 3 }\n",
};

describe.skipIf(gpuMissing !== undefined).each(Object.entries(texts))("on the adapter, %s", (_, text) => {
  const device = suiteDevice();

  test("in slabs of 3, the last of them short, follows the reference, and resumes bit-equal", async () => {
    const whole = compileText(text);
    const slabbed = compileText(text, { target: { ...baseline, slab: 3 } });
    expect(slabbed.slabs).toMatchObject({ images: 3, count: 3 });
    // 21 images train: a last batch of 5, so that the last slab holds none.
    const data = stripesFor(whole.plan.input, 31, 10);
    const session = await openSession(slabbed.plan, device());
    const found = await sitAndResume(session, data);
    await session.close();
    const reference = new ReferenceSession(whole);
    const wanted = await sit(reference, data);
    await reference.close();
    expectClose(found.scales, wanted.scales, { relative: 1e-5 }, "measured constants");
    expectClose(found.losses, wanted.losses, { relative: 1e-4 }, "losses");
    for (const [path, values] of wanted.last.params) expectClose(found.last.params.get(path) ?? [], values, { absolute: 2e-4 }, path);
  });
});

describe.skipIf(gpuMissing !== undefined)("specc train --slab", () => {
  const at = suiteFolder("specc-slabs-");
  const words = (run: string, ...more: string[]): readonly string[] => trainWords(at, run, ...more);

  beforeAll(async () => {
    await writeFile(
      at("net.spec"),
      "spec 1\n\ninput 8x8x1 -> conv spatial 3x3 2 -> relu -> dropout 20% -> dense softmax 2\n\n" +
        "train { optimizer: adam { lr: 0.02 }, epochs: 2, batch: 8, split: 75% }\n",
    );
    await writeStripes(at("data"), 16);
  });

  const weights = async (run: string): Promise<ReadonlyMap<string, unknown>> =>
    readTensors(await readFile(at(run, "weights", "last.state.safetensors"))).tensors;
  const headerOf = async (run: string): Promise<unknown> =>
    JSON.parse(readTensors(await readFile(at(run, "weights", "last.safetensors"))).metadata.get("header") ?? "");

  test("says so, reaches what the whole batch reaches, and is resumed with the same slabs and bits", async () => {
    const plain = await specc(words("plain", "--json"));
    expect(plain.code, plain.stderr).toBe(0);
    const start = (result: typeof plain): unknown => result.records().find(({ type }) => type === "start");
    expect(start(plain)).toMatchObject({ memory: { bytes: expect.any(Number), slabs: null } });
    const slabbed = await specc(words("slabbed", "--slab", "3"));
    expect(slabbed.code, slabbed.stderr).toBe(0);
    expect(slabbed.stdout).toMatch(/^GPU memory {3}[\d.]+ KiB, the batch in 3 slabs of 3 images: no more at once was asked for$/m);
    expect(await headerOf("slabbed")).toMatchObject({ slab: 3 });
    expect(await headerOf("plain")).toMatchObject({ slab: null });
    const [a, b] = await Promise.all([weights("slabbed"), weights("plain")]);
    expect([...a.keys()]).toEqual([...b.keys()]);
    for (const [name, { data }] of a as ReadonlyMap<string, { readonly data: Float32Array }>)
      expectClose(data, (b.get(name) as { readonly data: Float32Array }).data, { absolute: 1e-3 }, name);

    const stopped = await specc(words("parts", "--slab", "3"), { interruptWhen: (written) => written.includes("epoch 1/2") });
    expect(stopped.code).toBe(130);
    const resume = ["train", "--resume", at("parts"), "--cache", at("cache")];
    expect(await specc([...resume, "--slab", "4"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("the run was not started with this --slab"),
    });
    const resumed = await specc([...resume, "--json"]);
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(start(resumed)).toMatchObject({ memory: { slabs: { images: 3, count: 3 } } });
    expect(await weights("parts")).toEqual(await weights("slabbed"));
    expect((await specc(["eval", at("slabbed"), "--data", at("data"), "--cache", at("cache")])).code).toBe(0);
  });

  test("--device cpu takes whole batches", async () => {
    const { code, records, stderr } = await specc(words("cpu", "--slab", "3", "--device", "cpu", "--json", "--epochs", "1"));
    expect(code, stderr).toBe(0);
    expect(records().find(({ type }) => type === "start")).toMatchObject({ memory: null });
  });

  test("--profile counts every slab of a step", async () => {
    const { code, records, stderr } = await specc(words("profiled", "--slab", "3", "--profile", "--json", "--epochs", "1"));
    expect(code, stderr).toBe(0);
    const kernels = records().find(({ type }) => type === "profile")?.["kernels"] as {
      readonly kernel: string;
      readonly dispatches: number;
      readonly place: unknown;
    }[];
    expect(kernels.find(({ kernel }) => kernel === "optimizer update accumulate")).toMatchObject({ dispatches: 3, place: { line: 5 } });
    expect(kernels.find(({ kernel }) => kernel === "optimizer update update")?.dispatches).toBe(1);
  });
});
