/** @file Models in this process: devices, signals, closing, and everything that is refused. */

import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compileNetwork } from "../../src/compiler/compile.ts";
import type { ModelParts } from "../../src/model/parts.ts";
import { packPlans, unpackPlan } from "../../src/model/parts.ts";
import { openDoor } from "../../src/model/train.ts";
import type { TrainableModel, TrainingBatch, TrainStep } from "../../src/model/trainable.ts";
import { readWeights, writeWeights } from "../../src/model/weights.ts";
import { filterPlanes } from "../../src/runs/filters.ts";
import type { Device } from "../../src/runtime/index.ts";
import { initialiseParams } from "../../src/runtime/initialise.ts";
import { expectClose } from "../support/close.ts";
import { gpuMissing, openTestDevice } from "../support/gpu.ts";
import { networkOf } from "../support/gradient.ts";

const text = `input 12x10x1 -> conv spectral gaussian 3 -> relu -> gap -> dense softmax 3
train { loss: cross_entropy, optimizer: adam { lr: 0.01 }, batch: 4, seed: 3 }
`;
const { parts, bytes } = makeParts(text);
const url = "file:///nowhere/model.js";

function makeParts(program: string): { readonly parts: ModelParts; readonly bytes: Uint8Array } {
  const network = networkOf("model", program);
  const infer = compileNetwork(network, { programs: ["infer"], batch: 1 }).plan;
  const train = compileNetwork(network, { programs: ["train"] }).plan;
  const planes = compileNetwork(network, { programs: ["filters"], batch: 1 }).plan;
  const {
    kernels,
    plans: [inferring, training, filters],
  } = packPlans([infer, train, planes]);
  const weights = writeWeights(initialiseParams(infer, 3), infer.params, {});
  return {
    bytes: weights,
    parts: {
      version: 1,
      name: null,
      classes: ["a", "b", "c"],
      scores: { kind: "none", low: 0, high: 1, probabilities: true },
      statistics: null,
      data: null,
      kernels,
      plans: [inferring],
      training,
      filters,
      weights: { kind: "inline", base64: Buffer.from(weights).toString("base64") },
    },
  };
}

/** A grey gradient, different for each `shift`. */
const image = (shift: number): { width: number; height: number; data: Uint8Array } => ({
  width: 9,
  height: 7,
  data: Uint8Array.from({ length: 63 }, (_, i) => (i * (3 + shift)) % 256),
});
const batch: TrainingBatch = { images: [image(0), image(1), image(2)], labels: ["a", "b", 2] };

async function stepsOf(steps: AsyncIterable<TrainStep>): Promise<readonly TrainStep[]> {
  const found: TrainStep[] = [];
  for await (const step of steps) found.push(step);
  return found;
}

/** Every place in a JSON value, as keys from its root. */
function placesIn(value: unknown, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, child]) => placesIn(child, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: readonly (string | number)[], by: unknown): unknown {
  if (key === undefined) return by;
  if (Array.isArray(value)) return value.map((child, index) => (index === Number(key) ? replaced(child, rest, by) : child));
  return { ...(value as object), [key]: replaced((value as Record<string, unknown>)[key], rest, by) };
}

test("a plan that is damaged anywhere is used as it is or refused by name", () => {
  const places = placesIn(parts.training);
  const junk = fc.oneof(fc.constantFrom<unknown>(null, undefined, true, "", "x", [], {}, Number.NaN, -1, 0.5, 2 ** 40), fc.integer());
  let refused = 0;
  fc.assert(
    fc.property(fc.constantFrom(...places), junk, (path, by) => {
      try {
        unpackPlan(parts.kernels, replaced(parts.training, path, by), "train");
      } catch (error) {
        expect((error as Error).name, (error as Error).stack).toBe("PlanError");
        refused++;
      }
    }),
    { numRuns: 2000, seed: 1 },
  );
  expect(refused).toBeGreaterThan(1000);
});

describe.skipIf(gpuMissing !== undefined)("a model", () => {
  let device: Device;
  let model: TrainableModel;
  beforeAll(async () => {
    device = await openTestDevice();
    model = await openDoor(parts, url).load({ device: device.gpu });
  });
  afterAll(async () => {
    await model?.close();
    await device?.close();
  });

  test("augments the pictures that it trains on, anew in each epoch, and nothing else", async () => {
    const own = makeParts(`${text}augment flip -> brightness 50%..150%\n`).parts;
    const other = await openDoor(own, url).load({ device: device.gpu });
    const losses = async (of: TrainableModel, epochs: number): Promise<readonly number[]> =>
      (await stepsOf(of.train([batch], { epochs, lr: 1e-12 }))).map(({ loss }) => loss);
    const [first, second] = await losses(other, 2);
    expect(second).not.toBeCloseTo(first, 5);
    expect(await losses(other, 1)).toEqual([first]);
    expect((await losses(model, 1))[0]).not.toBeCloseTo(first, 5);
    await expect(stepsOf(other.train([{ images: new Float32Array(120), labels: ["a"] }]))).rejects.toThrow("--no-augment");
    expect((await other.predict(image(0))).outputs).toEqual((await model.predict(image(0))).outputs);
    await other.close();
  });

  test("shares a device with others, which stays open", async () => {
    const other = await openDoor(parts, url).load({ device: device.gpu });
    const [first, second] = await Promise.all([model.predict(image(0)), other.predict(image(0))]);
    expect(second).toEqual(first);
    await other.close();
    await other.close();
    await expect(other.predict(image(0))).rejects.toThrow("the model is closed");
    expect(await model.predict(image(0))).toEqual(first);
    expect(first.shape).toEqual([3]);
    expect(first.label).toBe(["a", "b", "c"][first.index ?? -1]);
  });

  test("predicts several images at once, each its own", async () => {
    const alone = [await model.predict(image(0)), await model.predict(image(1))];
    const together = await Promise.all([model.predict(image(0)), model.predict(image(1)), model.predict(image(0))]);
    expect(together).toEqual([alone[0], alone[1], alone[0]]);
    expect(alone[0].outputs).not.toEqual(alone[1].outputs);
  });

  test("RGB, RGBA and grey of the same picture are one", async () => {
    const { width, height, data } = image(0);
    const wide = (channels: number): Uint8ClampedArray =>
      Uint8ClampedArray.from({ length: data.length * channels }, (_, i) => (i % channels === 3 ? 255 : data[Math.floor(i / channels)]));
    const grey = await model.predict({ width, height, data });
    expect(await model.predict({ width, height, data: wide(3) })).toEqual(grey);
    expect(await model.predict({ width, height, data: wide(4) })).toEqual(grey);
  });

  test("trains from its weights anew each time, and predicts and saves with what it learned", async () => {
    const trained = await openDoor(parts, url).load({ device: device.gpu });
    const before = await trained.predict(image(0));
    const steps = await stepsOf(trained.train([batch, batch], { epochs: 3 }));
    expect(steps.map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(steps[5].loss).toBeLessThan(steps[0].loss);
    const after = await trained.predict(image(0));
    expect(after.outputs).not.toEqual(before.outputs);
    const saved = await trained.save();
    await trained.close();
    const again = await openDoor(parts, url).load({ device: device.gpu, weights: saved });
    expect(await again.predict(image(0))).toEqual(after);
    // The optimizer starts afresh, also in the second call on one model.
    const [[first], [second]] = [await stepsOf(again.train([batch], { lr: 1e-9 })), await stepsOf(again.train([batch], { lr: 1e-9 }))];
    expect(second.loss).toBeCloseTo(first.loss, 6);
    await again.close();
  });

  test("gives its filters as the present weights make them", async () => {
    const program =
      "input 9x8x1 -> conv spectral gaussian 3 -> conv spectral free 2 { parts: real } -> conv spectral free 2 -> gap -> dense softmax 3";
    const { parts: filtered, bytes: start } = makeParts(program);
    const drawn = await openDoor(filtered, url).load({ device: device.gpu });
    const found = await drawn.filters();
    const { plan } = compileNetwork(networkOf("filters", program), { programs: ["infer"], batch: 1 });
    const wanted = await filterPlanes(networkOf("filters", program), readWeights(start, plan.params) as Map<string, Float32Array>);
    expect(found.map(({ layer, count, rows, columns }) => [layer, count, rows, columns])).toEqual([
      ["conv.1", 3, 9, 5],
      ["conv.2", 2, 9, 5],
      ["conv.3", 2, 9, 5],
    ]);
    wanted.forEach(({ values }, layer) => expectClose(found[layer].values, values, { relative: 1e-5 }));
    expect(found[1].values.some((value, i) => i % 2 === 1 && value !== 0)).toBe(false);
    await stepsOf(drawn.train([batch].map(() => ({ images: [image(0)], labels: ["a"] }))));
    expect((await drawn.filters())[0].values).not.toEqual(found[0].values);
    await drawn.close();
  });

  test("without weights it starts as `specc train` does", async () => {
    const fresh = await openDoor({ ...parts, weights: { kind: "none" } }, url).load({ device: device.gpu });
    expect(await fresh.predict(image(0))).toEqual(await model.predict(image(0)));
    await fresh.close();
  });

  test("a signal stops loading, predicting and training", async () => {
    const reason = new Error("enough");
    const aborted = AbortSignal.abort(reason);
    await expect(openDoor(parts, url).load({ device: device.gpu, signal: aborted })).rejects.toBe(reason);
    const controller = new AbortController();
    const loading = openDoor(parts, url).load({
      device: device.gpu,
      signal: controller.signal,
      onProgress: () => controller.abort(reason),
    });
    await expect(loading).rejects.toBe(reason);
    await expect(model.predict(image(0), { signal: aborted })).rejects.toBe(reason);
    const stop = new AbortController();
    const done: number[] = [];
    const training = (async () => {
      for await (const { step } of model.train([batch], { epochs: 50, signal: stop.signal })) {
        done.push(step);
        if (step === 3) stop.abort(reason);
      }
    })();
    await expect(training).rejects.toBe(reason);
    expect(done).toEqual([1, 2, 3]);
    expect((await model.predict(image(0))).shape).toEqual([3]);
  });

  test("the loss of a device is reported, and the weights live on", async () => {
    const own = await openTestDevice();
    const lost = await openDoor(parts, url).load({ device: own.gpu });
    const before = await lost.predict(image(0));
    const weights = await lost.save();
    own.gpu.destroy();
    expect((await lost.lost).message).toMatch(/the device was lost \(destroyed\)/);
    await expect(lost.predict(image(0))).rejects.toThrow("the device was lost");
    expect(await lost.save()).toEqual(weights);
    await lost.close();
    await own.close();
    const again = await openDoor(parts, url).load({ device: device.gpu, weights });
    expect(await again.predict(image(0))).toEqual(before);
    await again.close();
  });

  test("closing waits for what is under way, and refuses what comes after", async () => {
    const own = await openDoor(parts, url).load({ device: device.gpu });
    const steps = own.train([batch, batch, batch]);
    await steps.next();
    const [step, first, saved] = [steps.next(), own.predict(image(0)), own.save()];
    // The step takes its batch.
    await new Promise(setImmediate);
    await own.close();
    expect((await first).shape).toEqual([3]);
    expect((await saved).length).toBeGreaterThan(0);
    expect((await step).value).toMatchObject({ step: 2 });
    const closed = { name: "DeviceError", message: "the model is closed" };
    for (const late of [() => steps.next(), () => own.predict(image(0)), () => own.filters(), () => own.save()])
      await expect(late()).rejects.toMatchObject(closed);
  });

  test.each<[string, () => unknown]>([
    ["nothing as an image", () => model.predict(undefined as never)],
    ["a size without pixels", () => model.predict({ width: 3, height: 3 } as never)],
    ["a size below zero", () => model.predict({ width: -3, height: -3, data: new Uint8Array(9) })],
    ["a broken size", () => model.predict({ width: 1.5, height: 2, data: new Uint8Array(3) })],
    ["numbers that are no bytes", () => model.predict({ width: 3, height: 3, data: [1, 2, 3] } as never)],
    ["no batches", () => model.train(null as never).next()],
    ["a number as batches", () => model.train(5 as never).next()],
    ["a batch of nothing", () => model.train([null] as never).next()],
    ["a batch without labels", () => model.train([{ images: [image(0)] }] as never).next()],
    ["a batch without images", () => model.train([{ labels: ["a"] }] as never).next()],
    ["a rate that is no number", () => model.train([batch], { lr: Number.NaN }).next()],
    ["weights that are no bytes", () => openDoor(parts, url).load({ device: device.gpu, weights: 5e9 as never })],
    ["a device that is none", () => openDoor(parts, url).load({ device: {} as never })],
  ])("calls %s a ModelError", async (_, action) => {
    const error = await (async () => action())().catch((reason: unknown) => reason);
    expect(String((error as Error).stack)).toMatch(/^ModelError: /);
  });

  test.each([Number.NaN, Infinity, -Infinity])("refuses the value %s, and says where it is", async (value) => {
    const values = new Float32Array(120).fill(0.5);
    values[7] = value;
    const wanted = { name: "ModelError", message: `value 7 is ${value}: inputs are finite numbers` };
    await expect(model.predict(values)).rejects.toMatchObject(wanted);
    await expect(stepsOf(model.train([{ images: values, labels: ["a"] }]))).rejects.toMatchObject(wanted);
    await expect(stepsOf(model.train([{ images: [values], labels: ["a"] }]))).rejects.toMatchObject(wanted);
  });

  test("numbers that are not finite stop training, and the weights are as before", async () => {
    const before = await model.predict(image(0));
    const values = new Float32Array(3 * 120).fill(1e30);
    await expect(stepsOf(model.train([batch, { images: values, labels: [0, 1, 2] }]))).rejects.toThrow(/step 2: .*not a finite number/);
    expect(await model.predict(image(0))).toEqual(before);
    expect((await stepsOf(model.train([batch]))).length).toBe(1);
  });

  test.each<[string, () => Promise<unknown>, RegExp]>([
    ["values of another size", () => model.predict(new Float32Array(7)), /takes \[1, 12, 10\], that is 120 values, got 7/],
    ["no image", () => model.predict("cat.jpg" as never), /no image with pixels/],
    ["bytes that do not fit", () => model.predict({ width: 3, height: 3, data: new Uint8Array(10) }), /10 bytes are no image of 3x3/],
    ["another size", () => model.predict(image(0), { input: "64x64x3" }), /compiled for 12x10x1, not for `64x64x3`/],
    ["a class that is not there", () => stepsOf(model.train([{ images: [image(0)], labels: ["d"] }])), /no class "d"; there are a, b, c/],
    [
      "too many images",
      () => stepsOf(model.train([{ images: Array.from({ length: 5 }, () => image(0)), labels: [0, 0, 0, 0, 0] }])),
      /1 to 4 images, got 5/,
    ],
    ["labels without images", () => stepsOf(model.train([{ images: [image(0)], labels: [0, 1] }])), /2 labels and 1 images/],
    ["no batches", async () => model.train([]), /no batches/],
    ["an iterator without batches", () => stepsOf(model.train([].values())), /no batches/],
    ["an iterator for two epochs", async () => model.train([batch].values(), { epochs: 2 }), /an iterator can be used once/],
    ["no epochs", async () => model.train([batch], { epochs: 0 }), /whole number from 1, not 0/],
    [
      "truncated weights",
      () => openDoor(parts, url).load({ device: device.gpu, weights: bytes.subarray(0, bytes.length - 4) }),
      /truncated/,
    ],
    [
      "weights that are none",
      () => openDoor(parts, url).load({ device: device.gpu, weights: new Uint8Array(4) }),
      /a safetensors file has at least 8/,
    ],
    [
      "an absurd header",
      () => openDoor(parts, url).load({ device: device.gpu, weights: new Uint8Array(16).fill(255) }),
      /its header would have/,
    ],
    [
      "weights of another network",
      () => openDoor(parts, url).load({ device: device.gpu, weights: makeParts(text.replace("gaussian 3", "gaussian 4")).bytes }),
      /`conv.1.g` has shape \[2, 4\], expected \[2, 3\]/,
    ],
    ["another version", () => openDoor({ ...parts, version: 2 as never }, url).load(), /of version 2; its runtime understands 1/],
    [
      "a plan of another version",
      () => openDoor({ ...parts, plans: [{ ...parts.plans[0], version: 9 as never }] }, url).load(),
      /version 9/,
    ],
    ["a plan whose kernels are gone", () => openDoor({ ...parts, kernels: parts.kernels.slice(0, 1) }, url).load(), /there is no kernel/],
    [
      "moments without end",
      () => openDoor({ ...parts, plans: [{ ...parts.plans[0], stateCount: 2 ** 40 }] }, url).load(),
      /stateCount: 1099511627776 moments/,
    ],
    [
      "a plan without its program",
      () => openDoor({ ...parts, plans: [{ ...parts.plans[0], programs: {} }] }, url).load(),
      /there is no `infer`/,
    ],
    [
      "no kernels",
      () => openDoor({ ...parts, plans: [{ ...parts.plans[0], kernels: undefined as never }] }, url).load(),
      /kernels: expected a list/,
    ],
    [
      "a buffer that is too small",
      () =>
        openDoor(
          {
            ...parts,
            plans: [{ ...parts.plans[0], buffers: parts.plans[0].buffers.map((buffer) => ({ ...buffer, sizeBytes: 4, data: undefined })) }],
          },
          url,
        ).load(),
      /constants have data|leave|bytes/,
    ],
  ])("refuses %s", async (_, action, message) => {
    await expect(action()).rejects.toThrow(message);
  });
});
