/** @file Small folders of flat pictures, and what a loaded data set holds. */

import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import sharp from "sharp";
import type { Dataset, LoadOptions } from "../../src/data/dataset.ts";

/** The size of the pictures, in colour. */
export const pictureSettings: LoadOptions = { height: 6, width: 8, channels: 3, fit: "stretch", antialias: true };

/** A flat picture: any resizing keeps its colour. */
export async function picture(path: string, colour: readonly [number, number, number], height = 6, width = 8): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const [r, g, b] = colour;
  await sharp({ create: { height, width, channels: 3, background: { r, g, b } } })
    .png()
    .toFile(path);
}

/** Two cats and two dogs. @returns the folder */
export async function petsIn(directory: string): Promise<string> {
  await picture(join(directory, "dogs", "b.png"), [0, 200, 0]);
  await picture(join(directory, "dogs", "a.png"), [0, 100, 0]);
  await picture(join(directory, "cats", "deep", "z.png"), [10, 0, 0]);
  await picture(join(directory, "cats", "c.PNG"), [20, 0, 0]);
  return directory;
}

/** Name, class and first pixel of each item. */
export function summary(dataset: Dataset): readonly string[] {
  return dataset.names.map(
    (name, index) => `${name} ${dataset.classes[dataset.labels[index]]} ${[...dataset.pixels(index).subarray(0, 3)].join(",")}`,
  );
}
