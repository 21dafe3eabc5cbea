/** @file Batches, statistics and splits against their definitions, and storage that fails half-way. */

import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { batchMaker, channelStatistics, splitDataset } from "../../src/data/batch.ts";
import { limitItems } from "../../src/data/classes.ts";
import type { Dataset } from "../../src/data/dataset.ts";
import { PixelWriter } from "../../src/data/pixel-store.ts";
import type { PlanInput } from "../../src/plan/plan.ts";
import { usualPixels } from "../../src/plan/plan.ts";

const height = 2;
const width = 3;
const channels = 3;
const itemSize = height * width * channels;

/** Item i, pixel p, channel c has the value (40 i + 7 p + 90 c) mod 256. */
function byteOf(item: number, pixel: number, channel: number): number {
  return (40 * item + 7 * pixel + 90 * channel) % 256;
}

const dataset: Dataset = {
  classes: ["a", "b"],
  height,
  width,
  channels,
  count: 5,
  labels: Int32Array.of(0, 1, 1, 0, 1),
  names: ["0", "1", "2", "3", "4"],
  skipped: [],
  hash: "",
  pixels: (item) => Uint8Array.from({ length: itemSize }, (_, index) => byteOf(item, Math.floor(index / channels), index % channels)),
  close() {},
};

const input: PlanInput = { kind: "image", height, width, channels, batch: 4, ...usualPixels, outputs: 2, threshold: 0 };

test("a batch is [B][C][H][W] with weights that add up to one", () => {
  const { images, labels, weights } = batchMaker(dataset, input, null).make([4, 0, 2]);
  expect(images).toHaveLength(4 * itemSize);
  for (const [position, item] of [4, 0, 2].entries()) {
    for (let channel = 0; channel < channels; channel++) {
      for (let pixel = 0; pixel < height * width; pixel++) {
        const at = (position * channels + channel) * height * width + pixel;
        expect(images[at]).toBe(Math.fround(byteOf(item, pixel, channel) / 255));
      }
    }
  }
  expect(images.subarray(3 * itemSize).every((value) => value === 0)).toBe(true);
  expect([...labels]).toEqual([1, 0, 1, 0]);
  expect([...weights]).toEqual([Math.fround(1 / 3), Math.fround(1 / 3), Math.fround(1 / 3), 0]);
});

test("range, mean, std and measured statistics apply in that order", () => {
  const rules: PlanInput = { ...input, range: [-1, 1], mean: [0.1, 0.2, 0.3], std: [2, 3, 4] };
  const statistics = { mean: [0.5, 0.6, 0.7], deviation: [0.9, 0.8, 0] };
  const { images } = batchMaker(dataset, rules, statistics).make([1]);
  for (let channel = 0; channel < channels; channel++) {
    const value = (-1 + 2 * (byteOf(1, 5, channel) / 255) - [0.1, 0.2, 0.3][channel]) / [2, 3, 4][channel];
    const expected = (value - statistics.mean[channel]) / (statistics.deviation[channel] + 1e-6);
    expect(images[channel * height * width + 5]).toBe(Math.fround(expected));
  }
});

test("wrong sizes and counts are refused", () => {
  expect(() => batchMaker(dataset, { ...input, height: 3 }, null)).toThrow("the data are 2x3x3, the network takes 3x3x3");
  expect(() => batchMaker(dataset, input, null).make([0, 1, 2, 3, 4])).toThrow("5 items do not make a batch of 4");
  expect(() => batchMaker(dataset, input, null).make([])).toThrow(RangeError);
});

test("channel statistics are the population's, of the chosen items alone", () => {
  const chosen = [0, 3];
  const { mean, deviation } = channelStatistics(dataset, chosen, { range: [0, 2], mean: null, std: null });
  for (let channel = 0; channel < channels; channel++) {
    const values = chosen.flatMap((item) => Array.from({ length: height * width }, (_, pixel) => (2 * byteOf(item, pixel, channel)) / 255));
    const average = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - average) ** 2, 0) / values.length;
    expect(mean[channel]).toBeCloseTo(average, 12);
    expect(deviation[channel]).toBeCloseTo(Math.sqrt(variance), 12);
  }
});

test("a split is stratified, complete and drawn from the seed", () => {
  const labels = Int32Array.from({ length: 100 }, (_, index) => (index % 4 === 0 ? 0 : 1));
  const { train, validation } = splitDataset(labels, 2, { kind: "share", share: 0.8 }, 7);
  expect([...train, ...validation].sort((left, right) => left - right)).toEqual([...labels.keys()]);
  expect([...train].filter((index) => labels[index] === 0)).toHaveLength(20);
  expect([...train].filter((index) => labels[index] === 1)).toHaveLength(60);
  expect(splitDataset(labels, 2, { kind: "share", share: 0.8 }, 7).train).toEqual(train);
  expect(splitDataset(labels, 2, { kind: "share", share: 0.8 }, 8).train).not.toEqual(train);
  expect(splitDataset(labels, 2, { kind: "count", count: 99 }, 0).train).toHaveLength(99);
  expect(() => splitDataset(labels, 2, { kind: "count", count: 101 }, 0)).toThrow("asks for more training items than the 100 of the data");
  expect(() => splitDataset(labels, 2, { kind: "share", share: 1 }, 0)).toThrow("leaves none for validation");
  expect(() => splitDataset(labels, 2, { kind: "count", count: 0 }, 0)).toThrow("leaves none for training");
});

test("a limit is shared out evenly, small classes giving way", () => {
  expect(limitItems([5, 5], undefined)).toEqual([5, 5]);
  expect(limitItems([5, 5, 5], 7)).toEqual([3, 2, 2]);
  expect(limitItems([1, 9, 2], 8)).toEqual([1, 5, 2]);
  expect(limitItems([1, 0, 2], 8)).toEqual([1, 0, 2]);
  expect(limitItems([3, 3], 1)).toEqual([1, 0]);
});

test("pixels survive a file that cannot be finished, and one that is too large for the disk", async () => {
  const folder = await mkdtemp(join(tmpdir(), "specc-store-"));
  try {
    const warnings: string[] = [];
    const writer = await PixelWriter.open([join(folder, "x.u8")], 3, 2, (text) => warnings.push(text));
    writer.append(Uint8Array.of(1, 2, 3));
    writer.append(Uint8Array.of(4, 5, 6));
    const { store } = await writer.finish(() => Promise.reject(Object.assign(new Error("full"), { code: "ENOSPC" })));
    expect([[...store.read(1)], [...store.read(0)]]).toEqual([
      [4, 5, 6],
      [1, 2, 3],
    ]);
    expect(warnings).toEqual([expect.stringContaining("the disk is full")]);
    expect(await readdir(folder)).toEqual([]);

    const large = await PixelWriter.open([join(folder, "y.u8")], 1e9, 1e9, (text) => warnings.push(text));
    expect(warnings[1]).toMatch(/MB free, 1,000,000,000,000 MB needed/);
    large.discard();
    expect(await readdir(folder)).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
