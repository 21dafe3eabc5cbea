/** @file Image files of stripes in two classes, which a small network tells apart. */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";

/** Stripes across or upright, in another place and brightness each. */
async function drawStripe(kind: "across" | "upright", index: number, path: string): Promise<void> {
  const pixels = Uint8Array.from({ length: 64 }, (_, pixel) => {
    const line = kind === "across" ? pixel >> 3 : pixel & 7;
    return (line + index) % 4 < 2 ? 40 + index : 200 - index;
  });
  await sharp(pixels, { raw: { width: 8, height: 8, channels: 1 } })
    .toColourspace("b-w")
    .png()
    .toFile(path);
}

/** `count` images of 8x8 in each of the folders `across` and `upright`, numbered from `first`. */
export async function drawStripes(place: string, count: number, first: number): Promise<void> {
  for (const kind of ["across", "upright"] as const) {
    await mkdir(join(place, kind), { recursive: true });
    for (let index = first; index < first + count; index++) await drawStripe(kind, index, join(place, kind, `${index}.png`));
  }
}
