/** @file Spectra and kernels of filters, against the definitions. */

import { describe, expect, test } from "vitest";
import { compileNetwork } from "../../src/compiler/compile.ts";
import { ReferenceSession } from "../../src/compiler/reference/session.ts";
import { elementCount, halfWidth } from "../../src/plan/shape.ts";
import type { Plane } from "../../src/report/drawing/spectrum.ts";
import {
  centred,
  dcPlace,
  energyRadius,
  inverseTransform,
  middleOf,
  originPlace,
  transform,
  wholeSpectrum,
} from "../../src/report/drawing/spectrum.ts";
import { responsesOf } from "../../src/report/filters/layer.ts";
import { filterLayers } from "../../src/runs/filters.ts";
import { networkOf } from "../support/gradient.ts";

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
    const half = noise(2 * height * halfWidth(width));
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
    const columns = halfWidth(width);
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
    const size = 2 * 6 * halfWidth(7);
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
    const params = new Map(plan.params.map(({ path, shape }) => [path, new Float32Array(elementCount(shape))]));
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
