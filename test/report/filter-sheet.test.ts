/** @file Sheets of filters, by their pixels. */

import { mkdir } from "node:fs/promises";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { halfWidth } from "../../src/plan/shape.ts";
import { dcPlace } from "../../src/report/drawing/spectrum.ts";
import type { FilterLayer } from "../../src/report/filters/layer.ts";
import { drawFilterSheet } from "../../src/report/filters/sheet.ts";
import { suiteFolder } from "../support/folder.ts";

const at = suiteFolder("specc-sheet-");

interface Bitmap {
  readonly width: number;
  readonly data: Uint8Array;
}

async function open(path: string): Promise<Bitmap> {
  const { data, info } = await sharp(path).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width: info.width, data };
}

/** All pixels of a tile of a sheet: its column of tiles, in CSS pixels without the frame. */
function tileOf(
  { width, data }: Bitmap,
  tile: number,
): readonly { readonly x: number; readonly y: number; readonly rgb: readonly number[] }[] {
  const [left, top, side] = [20 + tile * 114, 125, 104];
  return Array.from({ length: (2 * side - 6) ** 2 }, (_, index) => {
    const [x, y] = [3 + (index % (2 * side - 6)), 3 + Math.floor(index / (2 * side - 6))];
    const place = ((2 * top + y) * width + 2 * left + x) * 3;
    return { x: x / 2, y: y / 2, rgb: [data[place], data[place + 1], data[place + 2]] };
  });
}

function layerOf(rows: number, width: number, values: Float64Array): FilterLayer {
  return {
    path: "conv.1",
    title: "conv.1: test",
    signal: false,
    filterCount: 1,
    rows,
    columns: halfWidth(width),
    width,
    values,
    names: ["filter 1"],
    parameters: [],
    notes: [],
    weights: undefined,
  };
}

async function sheetOf(name: string, layer: FilterLayer): Promise<Bitmap> {
  await mkdir(at(name));
  const { files, notes } = await drawFilterSheet(layer, "a test", 16, at(name));
  expect([files, notes]).toEqual([[at(name, "filters-conv.1.svg"), at(name, "filters-conv.1.png")], []]);
  return open(at(name, "filters-conv.1.png"));
}

describe("sheets of filters", () => {
  test("the ring is around DC, for even and odd sizes", async () => {
    for (const [rows, width, row, column] of [
      [8, 8, 3, 4],
      [9, 9, 4, 4],
    ]) {
      const sheet = await sheetOf(`dc-${rows}`, layerOf(rows, width, new Float64Array(2 * rows * halfWidth(width))));
      // Nothing but the ring is bright: the filter is 0.
      const bright = tileOf(sheet, 0).filter(({ rgb }) => Math.min(...rgb) > 160);
      expect(bright.length).toBeGreaterThan(50);
      expect(dcPlace(rows, width)).toEqual({ row, column });
      const side = 104 / Math.max(rows, width);
      const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(Math.abs(mean(bright.map(({ x }) => x)) - (column + 0.5) * side)).toBeLessThan(0.5);
      expect(Math.abs(mean(bright.map(({ y }) => y)) - (row + 0.5) * side)).toBeLessThan(0.5);
    }
  });

  test("a real even filter has no red, and an imaginary odd one no blue", async () => {
    const [rows, width] = [16, 16];
    const columns = halfWidth(width);
    const fill = (value: (v: number, u: number) => number, part: 0 | 1): Float64Array => {
      const values = new Float64Array(2 * rows * columns);
      for (let ky = 0; ky < rows; ky++) {
        for (let kx = 0; kx < columns; kx++) values[2 * (ky * columns + kx) + part] = value(((ky + 8) % 16) / 16 - 0.5, kx / width);
      }
      return values;
    };
    const blue = ({ rgb }: { rgb: readonly number[] }): boolean => rgb[2] > rgb[0] + 60;
    const red = ({ rgb }: { rgb: readonly number[] }): boolean => rgb[0] > rgb[2] + 60;
    const even = await sheetOf(
      "even",
      layerOf(
        rows,
        width,
        fill((v, u) => Math.exp(-20 * (u * u + v * v)), 0),
      ),
    );
    expect(tileOf(even, 0).filter(blue).length).toBeGreaterThan(2000);
    expect(tileOf(even, 0).filter(red)).toHaveLength(0);
    expect(tileOf(even, 1).filter(blue).length).toBeGreaterThan(2000);
    expect(tileOf(even, 1).filter(red)).toHaveLength(0);
    // Its imaginary part is 0, so white outside the ring.
    expect(tileOf(even, 2).filter(({ x, y, rgb }) => Math.hypot(x - 55.25, y - 48.75) > 12 && Math.min(...rgb) < 250)).toHaveLength(0);
    const odd = await sheetOf(
      "odd",
      layerOf(
        rows,
        width,
        fill((_, u) => Math.sin(2 * Math.PI * u), 1),
      ),
    );
    expect(tileOf(odd, 0).filter(red).length).toBeGreaterThan(2000);
    expect(tileOf(odd, 0).filter(blue)).toHaveLength(0);
    // Positive to the right of DC, and the mirror image negative: red and green.
    const right = tileOf(odd, 2).filter(red);
    expect(right.length).toBeGreaterThan(2000);
    expect(Math.min(...right.map(({ x }) => x))).toBeGreaterThan(52);
    const green = tileOf(odd, 2).filter(({ rgb }) => rgb[1] > rgb[0] + 60);
    expect(Math.max(...green.map(({ x }) => x))).toBeLessThan(52);
  });
});
