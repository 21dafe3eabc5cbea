/** @file Pictures: that they are drawn, show the right colours in the right places, and never stop a run. */

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, expect, test } from "vitest";
import { halfWidth } from "../../src/plan/shape.ts";
import { countConfusion } from "../../src/report/confusion.ts";
import { loadChartTools } from "../../src/report/drawing/picture-tools.ts";
import { legend, styleOf } from "../../src/report/experiment/marks.ts";
import type { FilterLayer } from "../../src/report/filters/layer.ts";
import { drawFilters } from "../../src/report/filters/picture.ts";
import type { ResultRow } from "../../src/report/folder/results.ts";
import { drawConfusion } from "../../src/report/pictures/confusion.ts";
import { drawCurves } from "../../src/report/pictures/curves.ts";

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
  return {
    epoch,
    step: epoch,
    time: epoch,
    loss: 1 / epoch,
    accuracy: 1 - 1 / (1 + epoch),
    valLoss: 2 / epoch,
    valAccuracy: 0.5,
    lr: 1,
    ...values,
  };
}

test("curves show training and validation, with names, ticks and titles", async () => {
  const drawn = await drawCurves([row(1), row(2), row(3)], "my <run> & co", folder);
  expect(drawn).toEqual({ files: [join(folder, "curves.svg"), join(folder, "curves.png")], notes: [] });
  const svg = await readFile(join(folder, "curves.svg"), "utf8");
  for (const text of ["my &lt;run&gt; &amp; co", "training", "validation", "loss", "accuracy", "epoch"])
    expect(svg).toContain(`${text}</text>`);
  expect(svg.match(/<circle/g)).toHaveLength(2 + 4 * 3);
  const picture = await open(join(folder, "curves.png"));
  expect([picture.width, picture.height]).toEqual([1840, 688]);
  for (const colour of [
    [31, 95, 168],
    [217, 102, 43],
  ] as const)
    expect(find(picture, colour).count).toBeGreaterThan(1000);
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
  expect(await drawConfusion(countConfusion(["cats", "dogs"], labels, labels), folder)).toEqual({
    files: [join(folder, "confusion.png")],
    notes: [],
  });
  const picture = await open(join(folder, "confusion.png"));
  const dark = find(picture, [23, 74, 133]);
  expect(dark.count).toBeGreaterThan(2 * 160 * 160);
  const long = Array.from({ length: 30 }, (_, index) => `a class with a name that is long ${index}`);
  expect((await drawConfusion(countConfusion(long, [0, 29], [29, 0]), folder)).notes).toEqual([]);
});

function filtersOf(title: string, filterCount: number, rows: number, width: number, values: Float32Array): FilterLayer {
  const names = Array.from({ length: filterCount }, (_, index) => `filter ${index + 1}`);
  return {
    path: title,
    title,
    signal: rows === 1,
    filterCount,
    rows,
    columns: halfWidth(width),
    width,
    values,
    names,
    parameters: [],
    notes: [],
    weights: undefined,
  };
}

test("filters have v upwards, u to the right, the real part blue and the imaginary part red, and their mirror images", async () => {
  const [rows, width] = [9, 9];
  const columns = halfWidth(width);
  const values = new Float32Array(rows * columns * 2);
  const set = (ky: number, kx: number, part: 0 | 1, value: number): void => {
    values[(ky * columns + kx) * 2 + part] = value;
  };
  // Positive v near the top, negative v near the bottom.
  set(3, 4, 0, 2);
  set(7, 2, 1, -2);
  const drawn = await drawFilters([filtersOf("conv.1", 1, rows, width, values)], folder);
  expect(drawn.notes).toEqual([]);
  const picture = await open(drawn.files[0]);
  /** The colour at a frequency, in elements from the middle of the tile, which is at 16 + 44, 66 + 44 in CSS pixels. */
  const at = (v: number, u: number): readonly number[] => {
    const place = (Math.round(2 * (110 - (v * 88) / 9)) * picture.width + Math.round(2 * (60 + (u * 88) / 9))) * 3;
    return Array.from(picture.data.subarray(place, place + 3));
  };
  for (const [v, u] of [
    [3, 4],
    [-3, -4],
  ])
    expect(at(v, u)).toEqual([0, 70, 255]);
  for (const [v, u] of [
    [-2, 2],
    [2, -2],
  ])
    expect(at(v, u)).toEqual([255, 0, 0]);
  for (const [v, u] of [
    [3, -4],
    [-3, 4],
    [2, 2],
    [-2, -2],
    [1, 3],
  ])
    expect(at(v, u)).toEqual([0, 0, 0]);
});

test("filters may be zero, many, and one row high", async () => {
  const layers = [
    filtersOf("zero", 2, 4, 4, new Float32Array(2 * 4 * 3 * 2)),
    filtersOf("many", 70, 5, 4, new Float32Array(70 * 5 * 3 * 2).fill(1)),
    filtersOf("signal", 3, 1, 64, new Float32Array(3 * 33 * 2).fill(-1)),
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

test("many networks are told apart, and their names stay inside the figure", async () => {
  const names = Array.from({ length: 20 }, (_, index) => `network ${index}`);
  expect(new Set(names.map((_, index) => JSON.stringify(styleOf(index)))).size).toBe(20);
  const { element, height } = legend(await loadChartTools(), names, 66, 960);
  const texts = [...element.children].filter(({ localName }) => localName === "text");
  expect(texts.map(({ textContent }) => textContent)).toEqual(names);
  for (const text of texts) {
    expect(Number(text.getAttribute("x")) + 8 * (text.textContent ?? "").length).toBeLessThanOrEqual(960);
    expect(Number(text.getAttribute("y"))).toBeLessThan(height);
  }
});
