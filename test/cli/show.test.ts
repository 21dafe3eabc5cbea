/** @file `specc show`: that spectra, kernels and activations are the network's, and lie where the pictures say. */

import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compileNetwork } from "../../src/compiler/compile.ts";
import { ReferenceSession } from "../../src/compiler/reference/session.ts";
import type { FilterLayer } from "../../src/report/filter-layer.ts";
import { filterOf, responsesOf } from "../../src/report/filter-layer.ts";
import { FilterRecord } from "../../src/report/filter-record.ts";
import { drawFilterSheet } from "../../src/report/filter-sheet.ts";
import type { Plane } from "../../src/report/spectrum.ts";
import {
  centred,
  dcPlace,
  energyRadius,
  inverseTransform,
  middleOf,
  originPlace,
  storedColumns,
  transform,
  wholeSpectrum,
} from "../../src/report/spectrum.ts";
import { filterLayers } from "../../src/runs/filters.ts";
import { readTensors } from "../../src/runtime/safetensors.ts";
import { specc } from "../support/cli.ts";
import { networkOf } from "../support/gradient.ts";
import { writeStripes } from "../support/stripes.ts";

let folder = "";
const at = (...names: string[]): string => join(folder, ...names);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "specc-show-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Some numbers that are never equal. */
function noise(count: number, seed = 1): Float64Array {
  return Float64Array.from({ length: count }, (_, index) => Math.sin((index + 1) * 12.9898 * seed) * 2);
}

/** By the definition: frequency ky, kx of a plane. */
function frequencyOf({ height, width, data }: Plane, ky: number, kx: number): readonly [number, number] {
  let [re, im] = [0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const angle = -2 * Math.PI * ((ky * y) / height + (kx * x) / width);
      re += data[y * width + x] * Math.cos(angle);
      im += data[y * width + x] * Math.sin(angle);
    }
  }
  return [re, im];
}

describe("spectra and kernels", () => {
  test.each([
    [6, 8],
    [5, 8],
    [6, 7],
    [5, 7],
    [1, 9],
    [4, 1],
  ])("a %i x %i filter is drawn as what it does, whole and centred", (height, width) => {
    const half = noise(2 * height * storedColumns(width));
    const kernel = inverseTransform(half, height, width);
    const whole = wholeSpectrum(half, height, width);
    const dc = dcPlace(height, width);
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        // v upwards, u to the right.
        const [re, im] = frequencyOf(kernel, dc.row - y, x - dc.column);
        expect(whole.data[2 * (y * width + x)]).toBeCloseTo(re, 10);
        expect(whole.data[2 * (y * width + x) + 1]).toBeCloseTo(im, 10);
      }
    }
    expect(Array.from(inverseTransform(transform(kernel), height, width).data)).toEqual(
      Array.from(kernel.data, (value) => expect.closeTo(value, 10)),
    );
  });

  test("a delay of one row and two columns is one pixel, down and to the right of the origin", () => {
    const [height, width] = [6, 9];
    const columns = storedColumns(width);
    const half = Float64Array.from({ length: 2 * height * columns }, (_, index) => {
      const [ky, kx] = [Math.floor(index / (2 * columns)), Math.floor(index / 2) % columns];
      const angle = -2 * Math.PI * (ky / height + (2 * kx) / width);
      return index % 2 === 0 ? Math.cos(angle) : Math.sin(angle);
    });
    const kernel = centred(inverseTransform(half, height, width));
    const { row, column } = originPlace(height, width);
    kernel.data.forEach((value, index) => expect(value).toBeCloseTo(index === (row + 1) * width + column + 2 ? 1 : 0, 12));
    expect(energyRadius(kernel, 0.95)).toBe(2);
    const middle = middleOf(kernel, 2);
    expect([middle.height, middle.width, middle.data.indexOf(Math.max(...middle.data))]).toEqual([5, 5, 3 * 5 + 4]);
  });

  test("small kernels have the spectrum of the convolution that the layer computes", async () => {
    const network = networkOf("show", "input 6x7x1 -> conv spatial 3x4 2 { boundary: wrap, bias: off }");
    const weight = Float32Array.from(noise(2 * 3 * 4));
    const image = Float32Array.from(noise(6 * 7, 3));
    const session = new ReferenceSession(compileNetwork(network, { programs: ["infer"], batch: 1 }));
    await session.writeParams(new Map([["conv.1.weight", weight]]));
    const { outputs } = await session.run("infer", { images: image });
    const responses = responsesOf({ height: 6, width: 4, data: Float64Array.from(weight) }, 2, 6, 7);
    const size = 2 * 6 * storedColumns(7);
    const spectrum = transform({ height: 6, width: 7, data: Float64Array.from(image) });
    for (const filter of [0, 1]) {
      const product = spectrum.map((_, index) => {
        const [k, pair] = [filter * size + index - (index % 2), index - (index % 2)];
        const [a, b, c, d] = [spectrum[pair], spectrum[pair + 1], responses[k], responses[k + 1]];
        return index % 2 === 0 ? a * c - b * d : a * d + b * c;
      });
      inverseTransform(product, 6, 7).data.forEach((value, index) => expect(value).toBeCloseTo(outputs[filter * 42 + index], 5));
    }
  });

  test("layers say their filters' names and the parameters that the formula sees", async () => {
    const network = networkOf(
      "show",
      "input 8x8x2 -> conv spectral gaussian 2 { channels: full } -> conv spectral linear 2 { parts: real } -> relu -> conv spatial 3x3 1",
    );
    const { plan } = compileNetwork(network, { programs: [], batch: 1 });
    const params = new Map(
      plan.params.map(({ path, shape }) => [path, new Float32Array(shape.reduce((product, count) => product * count, 1))]),
    );
    params.get("conv.1.g")?.set([1, 2, 3, 4, 5, 6, 7, 8]);
    const [layers] = await filterLayers(network, [params]);
    expect(
      layers.map(({ path, filterCount, width, parameters }) => [path, filterCount, width, parameters.map(({ name }) => name)]),
    ).toEqual([
      ["conv.1", 4, 8, ["g", "mu", "mv", "a", "b", "c"]],
      ["conv.2", 2, 8, ["s1", "s2"]],
      ["conv.3", 2, 8, []],
    ]);
    const [{ names, parameters }] = layers;
    expect(names).toEqual(["filter 1, channel 1", "filter 1, channel 2", "filter 2, channel 1", "filter 2, channel 2"]);
    expect(parameters[0].values).toEqual([
      [1, 2, 3, 4],
      [5, 6, 7, 8],
    ]);
    // Raw 0 is the middle of 0..0.5, and log 2 of what is positive.
    expect(parameters[1].values[1][3]).toBeCloseTo(0.25, 12);
    expect(parameters[3].values[0][0]).toBeCloseTo(Math.log(2) + 1e-6, 12);
  });
});

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
    columns: storedColumns(width),
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
      const sheet = await sheetOf(`dc-${rows}`, layerOf(rows, width, new Float64Array(2 * rows * storedColumns(width))));
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
    const columns = storedColumns(width);
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

describe("the record of filters", () => {
  const param = (path: string, count: number, part: "filter" | "head"): Parameters<FilterRecord["append"]>[1][number] => ({
    path,
    shape: [count],
    part,
    start: { kind: "constant", value: 0 },
    constraint: { kind: "free" },
    trained: true,
    decayed: false,
    offsetBytes: 0,
    span: { start: 0, end: 0 },
  });

  test("keeps every bit of small filters, and nothing else", async () => {
    const record = new FilterRecord(at("filters.ndjson"));
    expect(await record.read()).toEqual([]);
    const plan = [param("conv.1.g", 3, "filter"), param("conv.2.weight", 5000, "filter"), param("dense.1.weight", 2, "head")];
    const values = Float32Array.from([0.1, -1e-30, 16777217]);
    const params = new Map([
      ["conv.1.g", values],
      ["conv.2.weight", new Float32Array(5000)],
      ["dense.1.weight", new Float32Array(2)],
    ]);
    for (const epoch of [0, 1, 2]) await record.append(epoch, plan, params);
    // A run that was killed while it wrote.
    await appendFile(record.path, '{"epoch":3,"params":{"conv.1.g":[0.');
    expect(await record.read()).toEqual([0, 1, 2].map((epoch) => ({ epoch, params: new Map([["conv.1.g", values]]) })));
    await record.keepEpochs(1);
    await record.append(2, plan, params);
    expect((await record.read()).map(({ epoch }) => epoch)).toEqual([0, 1, 2]);
  });
});

describe("a run", () => {
  const show = (...words: string[]): ReturnType<typeof specc> => specc(["show", ...words]);

  beforeAll(async () => {
    await writeStripes(at("data"), 8);
    await writeFile(
      at("net.spec"),
      "spec 1\n\ninput 8x8x1 -> conv spectral gaussian 3 { bias: on } -> relu -> conv spatial 3x3 2 -> dropout 50% -> dense softmax 2\ntrain { epochs: 2, batch: 4, split: 50%, optimizer: adam { lr: 0.05 } }\n",
    );
    expect(
      await specc(["train", at("net.spec"), "--data", at("data"), "--device", "cpu", "--cache", at("cache"), "--out", at("run")]),
    ).toMatchObject({ code: 0 });
  });

  test("keeps its filters at the start and after each epoch", async () => {
    const moments = await new FilterRecord(at("run", "filters.ndjson")).read();
    expect(moments.map(({ epoch }) => epoch)).toEqual([0, 1, 2]);
    const last = readTensors(await readFile(at("run", "weights", "last.safetensors"))).tensors;
    const paths = [...last.keys()].filter((path) => path.startsWith("conv."));
    expect([...moments[2].params.keys()].sort()).toEqual(paths.sort());
    for (const path of paths) expect(moments[2].params.get(path)).toEqual(last.get(path)?.data);
    expect(moments[0].params.get("conv.1.g")).not.toEqual(moments[1].params.get("conv.1.g"));
  });

  test("--filters draws a sheet for each layer, and every epoch", async () => {
    const result = await show(at("run"), "--filters", "--json");
    expect(result).toMatchObject({ code: 0 });
    const names = ["filters-conv.1.svg", "filters-conv.1.png", "filters-conv.2.svg", "filters-conv.2.png", "filters.gif"];
    expect(result.records()).toEqual([
      { type: "result", command: "show", subject: "filters", pictures: names.map((name) => at("run", "show", name)), notes: [] },
    ]);
    expect(await sharp(at("run", "show", "filters.gif"), { animated: true }).metadata()).toMatchObject({
      pages: 3,
      loop: 0,
      delay: [500, 500, 2500],
    });
    const svg = await readFile(at("run", "show", "filters-conv.1.svg"), "utf8");
    for (const text of ["conv.1: conv spectral gaussian 3", "filter 3", ">mu<", "after epoch "]) expect(svg).toContain(text);
    const few = await show(at("run"), "--filters", "--limit", "1", "--out", at("few"));
    expect(few.code).toBe(0);
    expect(await readFile(at("few", "filters-conv.1.svg"), "utf8")).toMatch(/1 of 3 filters/);
    await rm(at("run", "filters.ndjson"));
    expect((await show(at("run"), "--filters", "--limit", "1", "--out", at("none"))).stderr).toMatch(
      /no animation: the run has no filters.ndjson/,
    );
  });

  test("--image ends with the probabilities of `predict`, and shows what the layers give", async () => {
    const photo = at("data", "across", "1.png");
    const shown = await show(at("run"), "--image", photo, "--json");
    expect(shown.code).toBe(0);
    const [{ scores }] = shown.records() as unknown as readonly {
      readonly scores: readonly { readonly name: string; readonly score: number }[];
    }[];
    const predicted = (await specc(["predict", at("run"), photo, "--device", "cpu", "--json"]))
      .records()
      .find(({ type }) => type === "prediction") as unknown as {
      readonly probabilities: readonly { readonly class: string; readonly score: number }[];
    };
    expect(scores.map(({ name, score }) => [name, score])).toEqual(
      predicted.probabilities.map((entry) => [entry.class, expect.closeTo(entry.score, 6)]),
    );
    const svg = await readFile(at("run", "show", "image-1.svg"), "utf8");
    for (const text of [
      "conv.1: conv spectral gaussian 3",
      "relu.1: relu",
      "conv.2: conv spatial 3x3 2",
      "dense.1: dense softmax 2",
      "classes by probability",
    ])
      expect(svg).toContain(text);
    // Without training there is nothing to drop.
    expect(svg).not.toContain("dropout");
    // After relu nothing is below 0.
    expect(
      svg
        .split("relu.1: relu")[1]
        .split("conv.2: ")[0]
        .match(/>(-?[\d.e-]+) \.\. /g)
        ?.every((entry) => entry === ">0 .. " || !entry.startsWith(">-")),
    ).toBe(true);
  });

  test("what does not fit is refused", async () => {
    expect((await show(at("net.spec"), "--filters", "--weights", "last")).stderr).toMatch(/--weights has no meaning for a FILE/);
    expect((await show(at("run"), "--filters", "--seed", "1")).stderr).toMatch(/--seed has no meaning for a run/);
    expect((await show(at("net.spec"), "--image", "x.png")).stderr).toMatch(/not a run folder/);
    expect((await show(at("run"), "--image", at("net.spec"))).stderr).toMatch(/cannot be read/);
    await writeFile(at("flat.spec"), "spec 1\n\ninput 4x4x1 -> dense softmax 2\n");
    expect(await show(at("flat.spec"), "--filters")).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/no layer of it is a convolution/),
    });
  });

  test("fresh filters of a program, of signals too", async () => {
    await writeFile(
      at("signal.spec"),
      "spec 1\n\nfilter band(g ~ normal(0, 1), f = 0.2) = g * exp(-((u - f) / 0.1)^2)\n\ninput 32x1 -> conv spectral band 2 -> conv spatial 5 2 -> gap -> dense softmax 2\n",
    );
    const result = await show(at("signal.spec"), "--filters", "--out", at("signal"), "--seed", "3");
    expect(result).toMatchObject({ code: 0, stderr: "" });
    expect(await readFile(at("signal", "filters-conv.1.svg"), "utf8")).toMatch(/signal: fresh parameters, seed 3.*32 samples.*polyline/s);
    await rm(at("signal"), { recursive: true });
    const network = networkOf("show", "input 32x1 -> conv spectral free 1 -> gap -> dense softmax 2");
    const [[layer]] = await filterLayers(network, [
      new Map([
        ["conv.1.weight", new Float32Array(34).map((_, index) => 1 - (index % 2))],
        ["dense.1.weight", new Float32Array(2)],
        ["dense.1.bias", new Float32Array(2)],
      ]),
    ]);
    filterOf(layer, 0).kernel.data.forEach((value, index) => expect(value).toBeCloseTo(index === 16 ? 1 : 0, 6));
  });
});
