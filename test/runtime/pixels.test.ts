/** @file Pixels: the integer resize against its float definition, cropping, channels, values. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { threefry } from "../../src/plan/threefry.ts";
import type { Picture } from "../../src/runtime/pixels.ts";
import {
  convertChannels,
  countBytes,
  cropToAspect,
  fitPicture,
  measureStandardisation,
  pixelsToValues,
  resize,
  valueTable,
} from "../../src/runtime/pixels.ts";

function noise(height: number, width: number, channels: number, seed = 1): Picture {
  const data = Uint8Array.from({ length: height * width * channels }, (_, i) => threefry([seed, 0], [i, 0])[0] & 255);
  return { height, width, channels, data };
}

/** The definition in f64, without any rounding in between. */
function exactResize(picture: Picture, height: number, width: number, antialias: boolean): number[] {
  const weights = (source: number, target: number, o: number): number[] => {
    const scale = source / target;
    const support = antialias ? Math.max(1, scale) : 1;
    const raw = Array.from({ length: source }, (_, j) => Math.max(0, 1 - Math.abs(j + 0.5 - (o + 0.5) * scale) / support));
    const sum = raw.reduce((a, b) => a + b, 0);
    return raw.map((weight) => weight / sum);
  };
  const result: number[] = [];
  for (let y = 0; y < height; y++) {
    const rows = weights(picture.height, height, y);
    for (let x = 0; x < width; x++) {
      const columns = weights(picture.width, width, x);
      for (let c = 0; c < picture.channels; c++) {
        let sum = 0;
        rows.forEach((a, m) => columns.forEach((b, n) => (sum += a * b * picture.data[(m * picture.width + n) * picture.channels + c])));
        result.push(sum);
      }
    }
  }
  return result;
}

describe("resize", () => {
  test.each([
    [1, 1, 5, 7],
    [5, 7, 1, 1],
    [37, 50, 15, 15],
    [12, 9, 31, 20],
    [40, 40, 40, 13],
    [45, 60, 20, 20],
  ])("%ix%i -> %ix%i agrees with the definition", (h, w, height, width) => {
    for (const antialias of [true, false]) {
      const picture = noise(h, w, 3);
      const got = resize(picture, height, width, antialias);
      // Half a level from the last rounding, and for each tap half a unit of 1/16384 of 255 levels, twice because the sum
      // of the weights is repaired at one of them; the 16-bit pass in between adds 1/512.
      const tapCount = (source: number, target: number): number => 2 * Math.ceil(antialias ? Math.max(1, source / target) : 1) + 1;
      const bound = 0.5 + (255 / 16384) * (tapCount(h, height) + tapCount(w, width)) + 1 / 512;
      const errors = exactResize(picture, height, width, antialias).map((want, i) => Math.abs(got.data[i] - want));
      expect(Math.max(...errors)).toBeLessThanOrEqual(bound);
      expect(errors.filter((error) => error > 0.55).length / errors.length).toBeLessThan(0.006);
    }
  });

  test("keeps constants and equal sizes exactly", () => {
    const side = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(side, side, side, side, fc.nat(255), fc.boolean(), (h, w, height, width, level, antialias) => {
        const flat = { height: h, width: w, channels: 1, data: new Uint8Array(h * w).fill(level) };
        return resize(flat, height, width, antialias).data.every((value) => value === level);
      }),
    );
    expect(resize(noise(13, 17, 3), 13, 17, true)).toEqual(noise(13, 17, 3));
  });

  test("a worked example: four pixels to two", () => {
    // scale 2, support 2: weights of target 0 are 3/8 3/8 1/8 (+ a zero) over their sum 7/8.
    const line = { height: 1, width: 4, channels: 1, data: Uint8Array.of(0, 70, 140, 210) };
    expect([...resize(line, 1, 2, true).data]).toEqual([50, 160]);
    expect([...resize(line, 1, 2, false).data]).toEqual([35, 175]);
  });

  test("refuses a picture that is not what it says", () => {
    expect(() => resize({ height: 2, width: 2, channels: 1, data: new Uint8Array(3) }, 1, 1, true)).toThrow("takes 4 bytes, got 3");
  });
});

describe("crop and fit", () => {
  test("cover keeps the centre", () => {
    const line = { height: 1, width: 4, channels: 1, data: Uint8Array.of(1, 2, 3, 4) };
    expect(cropToAspect(line, 1, 2)).toEqual({ height: 1, width: 2, channels: 1, data: Uint8Array.of(2, 3) });
    expect(cropToAspect(line, 8, 8).data).toEqual(Uint8Array.of(2));
    expect(cropToAspect(noise(100, 60, 3), 10, 10)).toMatchObject({ height: 60, width: 60 });
    expect(cropToAspect(noise(60, 100, 3), 30, 50)).toMatchObject({ height: 60, width: 100 });
    expect(fitPicture(noise(30, 60, 3), { height: 8, width: 8, fit: "cover", antialias: true })).toMatchObject({ height: 8, width: 8 });
  });

  test("never leaves the picture, whatever the proportions", () => {
    const side = fc.integer({ min: 1, max: 30 });
    fc.assert(
      fc.property(side, side, side, side, (h, w, height, width) => {
        const cropped = cropToAspect(noise(h, w, 1), height, width);
        expect(cropped.height).toBeLessThanOrEqual(h);
        expect(cropped.width).toBeLessThanOrEqual(w);
        expect(cropped.height === h || cropped.width === w).toBe(true);
        expect(cropped.data.length).toBe(cropped.height * cropped.width);
      }),
    );
  });
});

describe("channels and values", () => {
  const pixel = (...data: number[]): Picture => ({ height: 1, width: 1, channels: data.length, data: Uint8Array.from(data) });

  test("grey and colour", () => {
    expect([...convertChannels(pixel(9), 3).data]).toEqual([9, 9, 9]);
    expect([...convertChannels(pixel(9, 200), 3).data]).toEqual([9, 9, 9]);
    expect([...convertChannels(pixel(9, 200), 1).data]).toEqual([9]);
    expect([...convertChannels(pixel(1, 2, 3, 200), 3).data]).toEqual([1, 2, 3]);
    expect([...convertChannels(pixel(255, 0, 0), 1).data]).toEqual([(77 * 255 + 128) >> 8]);
    for (const level of [0, 1, 127, 255]) expect([...convertChannels(pixel(level, level, level), 1).data]).toEqual([level]);
    expect(() => convertChannels(pixel(1), 2)).toThrow("channels");
  });

  test("interleaved bytes become planes of values", () => {
    const table = valueTable({ channels: 2, range: [-1, 1], mean: [0, 1], std: [1, 2] });
    const target = new Float32Array(6);
    pixelsToValues(Uint8Array.of(0, 255, 255, 0), 2, table, target, 2);
    expect([...target]).toEqual([0, 0, -1, 1, 0, -1]);
    expect(() => pixelsToValues(new Uint8Array(4), 2, table, target, 3)).toThrow("do not fit");
  });

  test("standardised values have mean 0 and deviation 1", () => {
    const rules = { channels: 3, range: [0, 1] as const, mean: null, std: null };
    const picture = noise(50, 40, 3);
    const counts = new Float64Array(3 * 256);
    countBytes(picture.data, 3, counts);
    const measured = measureStandardisation(counts, rules);
    const values = new Float32Array(picture.data.length);
    pixelsToValues(picture.data, 3, valueTable(rules, measured), values, 0);
    for (let c = 0; c < 3; c++) {
      const plane = [...values.subarray(c * 2000, c * 2000 + 2000)];
      expect(plane.reduce((a, b) => a + b, 0) / 2000).toBeCloseTo(0, 6);
      expect(plane.reduce((a, b) => a + b * b, 0) / 2000).toBeCloseTo(1, 4);
    }
    expect(() => measureStandardisation(new Float64Array(3 * 256), rules)).toThrow("no pixels");
  });
});
