/** @file A tiny data set that a small network learns: horizontal and vertical stripes in noise. */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import type { BatchMaker } from "../../src/data/batch.ts";
import { batchMaker } from "../../src/data/batch.ts";
import type { Dataset } from "../../src/data/dataset.ts";
import type { PlanInput } from "../../src/plan/plan.ts";
import { draw, rootKey, streamKey, streamTag } from "../../src/runtime/index.ts";
import type { TrainData } from "../../src/train/trainer.ts";

/** `count` grey images, class 0 with equal rows, class 1 with equal columns, in turn. */
export function stripes(count: number, height: number, width: number): Dataset {
  const stream = streamKey(rootKey(4), streamTag.noise, 0);
  const size = height * width;
  return {
    classes: ["rows", "columns"],
    height,
    width,
    channels: 1,
    count,
    hash: "",
    skipped: [],
    labels: Int32Array.from({ length: count }, (_, index) => index % 2),
    names: Array.from({ length: count }, (_, index) => `${index}.png`),
    pixels: (index) =>
      Uint8Array.from({ length: size }, (_, pixel) => {
        const along = index % 2 === 0 ? Math.floor(pixel / width) : pixel % width;
        const noise = draw(stream, index * size + pixel)[0] % 64;
        return (along % 2 === 0 ? 160 : 32) + noise;
      }),
    close: () => undefined,
  };
}

/** All images for training but the last `held`, which validate. */
export function stripesFor(
  input: PlanInput,
  count: number,
  held = 0,
): TrainData & { readonly maker: BatchMaker; readonly labels: Int32Array } {
  const dataset = stripes(count, input.height, input.width);
  const maker = batchMaker(dataset, input, null);
  const indices = Int32Array.from({ length: count }, (_, index) => index);
  return {
    maker,
    labels: dataset.labels,
    classCount: 2,
    train: indices.subarray(0, count - held),
    validation: held === 0 ? null : { maker, labels: dataset.labels, indices: indices.subarray(count - held) },
  };
}

/** A folder of two classes, `count` grey images of 8x8 pixels each, as PNG. */
export async function writeStripes(folder: string, count: number): Promise<void> {
  for (const kind of ["across", "upright"]) {
    await mkdir(join(folder, kind), { recursive: true });
    for (let index = 0; index < count; index++) {
      const pixels = Uint8Array.from(
        { length: 64 },
        (_, pixel) => (((kind === "across" ? pixel >> 3 : pixel & 7) + index) % 4 < 2 ? 40 : 200) + index,
      );
      await sharp(pixels, { raw: { width: 8, height: 8, channels: 1 } })
        .png()
        .toFile(join(folder, kind, `${index}.png`));
    }
  }
}
