/** @file Pictures: that they are drawn, show the right colours in the right places, and never stop a run. */

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { drawConfusion } from "../src/report/confusion-picture.ts";
import { countConfusion } from "../src/report/confusion.ts";
import { drawCurves } from "../src/report/curves.ts";
import { drawFilters } from "../src/report/filter-picture.ts";
import type { ResultRow } from "../src/report/results.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "specc-pictures-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Bitmap {
  readonly height: number;
  readonly width: number;
  readonly data: Uint8Array;
}

async function open(path: string): Promise<Bitmap> {
  const { data, info } = await sharp(path).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { height: info.height, width: info.width, data };
}

/** Where a colour is: the mean place of all pixels within 40 of it, and how many. */
function find({ height, width, data }: Bitmap, colour: readonly [number, number, number]): { count: number; x: number; y: number } {
  let [count, x, y] = [0, 0, 0];
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const at = (row * width + column) * 3;
      if (colour.some((value, channel) => Math.abs(data[at + channel] - value) > 40)) continue;
      count++;
      x += column;
      y += row;
    }
  }
  return { count, x: x / count, y: y / count };
}

function row(epoch: number, values: Partial<ResultRow> = {}): ResultRow {
  return { epoch, step: epoch, time: epoch, loss: 1 / epoch, accuracy: 1 - 1 / (1 + epoch), valLoss: 2 / epoch, valAccuracy: 0.5, lr: 1, ...values };
}

test("curves show training and validation, with names, ticks and titles", async () => {
  const drawn = await drawCurves([row(1), row(2), row(3)], "my <run> & co", folder);
  expect(drawn).toEqual({ files: [join(folder, "curves.svg"), join(folder, "curves.png")], notes: [] });
  const svg = await readFile(join(folder, "curves.svg"), "utf8");
  for (const text of ["my &lt;run&gt; &amp; co", "training", "validation", "loss", "accuracy", "epoch"]) expect(svg).toContain(`${text}</text>`);
  expect(svg.match(/<circle/g)).toHaveLength(2 + 4 * 3);
  const picture = await open(join(folder, "curves.png"));
  expect([picture.width, picture.height]).toEqual([1840, 688]);
  for (const colour of [[31, 95, 168], [217, 102, 43]] as const) expect(find(picture, colour).count).toBeGreaterThan(1000);
});

test("curves of one epoch, without validation, or with a loss that is not finite, are drawn too", async () => {
  const bare = { valLoss: undefined, valAccuracy: undefined };
  expect((await drawCurves([row(1, bare)], "one", folder)).notes).toEqual([]);
  expect(await readFile(join(folder, "curves.svg"), "utf8")).not.toContain("validation");
  expect((await drawCurves([row(1), row(2, { loss: NaN, valLoss: Infinity })], "two", folder)).notes).toEqual([]);
  expect(await drawCurves([], "none", folder)).toEqual({ files: [], notes: [] });
});

test("a confusion matrix is dark where the shares are large", async () => {
  const labels = Array.from({ length: 40 }, (_, index) => index % 2);
  expect(await drawConfusion(countConfusion(["cats", "dogs"], labels, labels), folder)).toEqual({ files: [join(folder, "confusion.png")], notes: [] });
  const picture = await open(join(folder, "confusion.png"));
  const dark = find(picture, [23, 74, 133]);
  expect(dark.count).toBeGreaterThan(2 * 160 * 160);
  const long = Array.from({ length: 30 }, (_, index) => `a class with a name that is long ${index}`);
  expect((await drawConfusion(countConfusion(long, [0, 29], [29, 0]), folder)).notes).toEqual([]);
});

test("filters have v upwards, u to the right, the real part blue and the imaginary part red", async () => {
  const [rows, columns] = [8, 5];
  const values = new Float32Array(rows * columns * 2);
  const set = (ky: number, kx: number, part: 0 | 1, value: number): void => {
    values[(ky * columns + kx) * 2 + part] = value;
  };
  // Positive v near the top, negative v near the bottom.
  set(3, 4, 0, 2);
  set(5, 0, 1, 2);
  const drawn = await drawFilters([{ title: "conv.1", filterCount: 1, rows, columns, values }], folder);
  expect(drawn.notes).toEqual([]);
  const picture = await open(drawn.files[0]);
  // Below the head: the key has all colours.
  const top = 2 * 60;
  const tiles = { ...picture, height: picture.height - top, data: picture.data.subarray(top * picture.width * 3) };
  const [blue, red] = [find(tiles, [40, 100, 255]), find(tiles, [255, 40, 40])];
  expect(blue.count).toBeGreaterThan(100);
  expect(blue.count).toBeCloseTo(red.count, -3);
  expect(blue.x).toBeGreaterThan(red.x);
  expect(blue.y).toBeLessThan(red.y);
});

test("filters may be zero, many, and one row high", async () => {
  const layers = [
    { title: "zero", filterCount: 2, rows: 4, columns: 3, values: new Float32Array(2 * 4 * 3 * 2) },
    { title: "many", filterCount: 70, rows: 5, columns: 3, values: new Float32Array(70 * 5 * 3 * 2).fill(1) },
    { title: "signal", filterCount: 3, rows: 1, columns: 33, values: new Float32Array(3 * 33 * 2).fill(-1) },
  ];
  expect((await drawFilters(layers, folder)).notes).toEqual([]);
});

test("a picture that cannot be written is a note", async () => {
  const blocked = join(folder, "a-file");
  await writeFile(blocked, "");
  const { files, notes } = await drawCurves([row(1)], "x", blocked);
  expect(files).toEqual([]);
  expect(notes).toEqual([expect.stringMatching(/^curves.png was not drawn: ENOTDIR/)]);
});
