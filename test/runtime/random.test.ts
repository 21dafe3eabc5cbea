/** @file Random numbers, elementary functions, starts and schedules: known answers and exact rules. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { PlanParam, PlanTraining } from "../../src/plan/plan.ts";
import { threefry } from "../../src/plan/threefry.ts";
import { cosineAndSine, exponential, exponentialMinusOne, naturalLogarithm, wholePower } from "../../src/runtime/elementary.ts";
import { initialiseParams, rawValue } from "../../src/runtime/initialise.ts";
import {
  draw,
  epochOrder,
  hashText,
  normalPair,
  rootKey,
  stratifiedSplit,
  streamKey,
  streamTag,
  uniform,
} from "../../src/runtime/random.ts";
import { learningRate, stepScalars } from "../../src/runtime/step-scalars.ts";

/** Distance in units in the last place of `want`. */
function ulps(got: number, want: number): number {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, Math.abs(want));
  bits.setBigUint64(0, bits.getBigUint64(0) + 1n);
  const ulp = bits.getFloat64(0) - Math.abs(want);
  return Math.abs(got - want) / ulp;
}

const real = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });

describe("elementary functions", () => {
  // The host's own functions are good to about one unit here, so two functions of one unit differ by two or three.
  test("agree with the host's to a few units in the last place", () => {
    fc.assert(fc.property(real(1e-300, 1e300), (x) => Math.log(x) === 0 || ulps(naturalLogarithm(x), Math.log(x)) <= 2));
    fc.assert(fc.property(real(0.5, 2), (x) => Math.log(x) === 0 || ulps(naturalLogarithm(x), Math.log(x)) <= 2));
    fc.assert(fc.property(real(-700, 700), (x) => ulps(exponential(x), Math.exp(x)) <= 2));
    fc.assert(fc.property(real(-0.3, 3), (x) => x === 0 || ulps(exponentialMinusOne(x), Math.expm1(x)) <= 6));
    fc.assert(
      fc.property(real(-2, 2), (turns) => {
        const [cosine, sine] = cosineAndSine(turns);
        return Math.abs(cosine - Math.cos(2 * Math.PI * turns)) < 2e-15 && Math.abs(sine - Math.sin(2 * Math.PI * turns)) < 2e-15;
      }),
    );
  });

  test("are exact where the result is", () => {
    expect([0, 0.25, 0.5, 0.75, 1, -0.25].map((turns) => cosineAndSine(turns).map((value) => value + 0))).toEqual([
      [1, 0],
      [0, 1],
      [-1, 0],
      [0, -1],
      [1, 0],
      [0, -1],
    ]);
    expect([naturalLogarithm(1), exponential(0), exponentialMinusOne(0)]).toEqual([0, 1, 0]);
    expect([naturalLogarithm(0), naturalLogarithm(-1), exponential(1000), exponential(-1000)]).toEqual([-Infinity, NaN, Infinity, 0]);
    expect(ulps(naturalLogarithm(5e-324), -744.4400719213812)).toBeLessThan(1);
    expect(wholePower(0.5, 10)).toBe(2 ** -10);
    expect(wholePower(7, 0)).toBe(1);
  });
});

describe("threefry", () => {
  test("gives the published answers", () => {
    expect(threefry([0, 0], [0, 0])).toEqual([0x6b200159, 0x99ba4efe]);
    expect(threefry([0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff])).toEqual([0x1cb996fc, 0xbb002be7]);
    expect(threefry([0x13198a2e, 0x03707344], [0x243f6a88, 0x85a308d3])).toEqual([0xc4923a9c, 0x483df7a0]);
  });

  test("keys use both words of seed and index", () => {
    expect(rootKey(2 ** 40 + 5, 3)).toEqual(threefry([5, 256], [3, 0]));
    expect(draw([1, 2], 2 ** 33 + 7)).toEqual(threefry([1, 2], [7, 2]));
    expect(() => rootKey(-1)).toThrow("seed");
    expect(() => rootKey(0.5)).toThrow("seed");
  });

  test("FNV-1a of known texts", () => {
    expect([hashText(""), hashText("a"), hashText("foobar")]).toEqual([0x811c9dc5, 0xe40c292c, 0xbf9cf968]);
    expect(hashText("ä")).not.toBe(hashText("a"));
  });

  test("uniform and normal numbers have the right moments", () => {
    const stream = streamKey(rootKey(0), streamTag.initialWeights, 1);
    const count = 20000;
    const uniforms = Array.from({ length: count }, (_, i) => uniform(draw(stream, i)[0]));
    const normals = Array.from({ length: count }, (_, i) => normalPair(draw(stream, i))).flat();
    const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(Math.abs(mean(uniforms) - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / count));
    expect(Math.abs(mean(normals))).toBeLessThan(5 / Math.sqrt(2 * count));
    expect(Math.abs(mean(normals.map((value) => value * value)) - 1)).toBeLessThan(5 * Math.sqrt(2 / (2 * count)));
    expect(uniform(0xffffffff)).toBeLessThan(1);
    expect(uniform(0xffffffff)).toBe(Math.fround(uniform(0xffffffff)));
  });
});

describe("order and split", () => {
  test("an epoch's order is a permutation, and epochs differ", () => {
    const first = epochOrder(rootKey(7), 0, 1000);
    expect([...first].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, i) => i));
    expect(epochOrder(rootKey(7), 0, 1000)).toEqual(first);
    expect(epochOrder(rootKey(7), 1, 1000)).not.toEqual(first);
  });

  const classSizes = (indices: Uint32Array, labels: number[], classes: number): number[] =>
    Array.from({ length: classes }, (_, c) => [...indices].filter((i) => labels[i] === c).length);

  test("left-over places go to the largest remainder, then to the lower class", () => {
    const labels = [...Array<number>(5).fill(0), ...Array<number>(5).fill(1), ...Array<number>(3).fill(2)];
    const half = stratifiedSplit(rootKey(0), labels, 3, { kind: "share", share: 0.5 });
    expect(classSizes(half.train, labels, 3)).toEqual([3, 2, 1]); // 2.5 2.5 1.5, 6 of 13: one left over
    const seven = stratifiedSplit(rootKey(0), labels, 3, { kind: "count", count: 7 });
    expect(classSizes(seven.train, labels, 3)).toEqual([3, 3, 1]); // 2.69 2.69 1.62: two left over
    const exact = stratifiedSplit(rootKey(0), Array<number>(100).fill(0), 1, { kind: "share", share: 0.57 });
    expect(exact.train.length).toBe(57);
  });

  test("is a partition, for any labels and rule", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(4), { maxLength: 60 }), fc.nat(100), fc.nat(), (labels, percent, seed) => {
        const { train, validation } = stratifiedSplit(rootKey(seed), labels, 5, { kind: "share", share: percent / 100 });
        expect([...train, ...validation].sort((a, b) => a - b)).toEqual(labels.map((_, i) => i));
        expect(train.length).toBe(Math.floor((percent * labels.length) / 100));
      }),
    );
  });

  test("refuses what cannot be", () => {
    expect(() => stratifiedSplit(rootKey(0), [0, 1], 2, { kind: "count", count: 3 })).toThrow("3 samples of 2");
    expect(() => stratifiedSplit(rootKey(0), [0, 2], 2, { kind: "share", share: 0.5 })).toThrow("label 2");
  });
});

function param(path: string, shape: number[], start: PlanParam["start"], constraint: PlanParam["constraint"]): PlanParam {
  return { path, shape, offsetBytes: 0, start, constraint, trained: true, decayed: false, part: "filter", span: { start: 0, end: 0 } };
}

describe("starts", () => {
  const softplus = (t: number): number => Math.max(t, 0) + Math.log1p(Math.exp(-Math.abs(t))) + 1e-6;

  test("constraint maps invert", () => {
    for (const p of [1.5e-6, 1e-4, 0.1, 0.999, 1.1, 4, 30, 800]) expect(softplus(rawValue({ kind: "positive" }, p)) / p).toBeCloseTo(1, 9);
    for (const p of [0.01, 0.2, 0.25, 0.49]) {
      const t = rawValue({ kind: "range", low: 0, high: 0.5 }, p);
      expect(0.5 / (1 + Math.exp(-t))).toBeCloseTo(p, 12);
    }
    expect(rawValue({ kind: "range", low: 0, high: 0.5 }, 0)).toBeCloseTo(Math.log(0.001 / 0.999), 9);
    expect(rawValue({ kind: "range", low: 0, high: 0.5 }, 0.5)).toBeCloseTo(-Math.log(0.001 / 0.999), 9);
  });

  test("element i uses word i mod 2 of draw floor(i / 2) of the path's stream", () => {
    const plan = {
      params: [
        param("conv.1.g", [5], { kind: "normal", mean: 1, deviation: 0.5 }, { kind: "free" }),
        param("conv.1.mu", [4], { kind: "uniform", low: 2, high: 3 }, { kind: "free" }),
        param("conv.1.s", [3], { kind: "loguniform", low: 0.1, high: 10 }, { kind: "free" }),
        param("conv.1.a", [2, 3], { kind: "constant", value: 4 }, { kind: "positive" }),
      ],
    };
    const values = initialiseParams(plan, 11);
    const stream = (path: string): readonly [number, number] => streamKey(rootKey(11), 1, hashText(path));
    expect(values.get("conv.1.g")?.[3]).toBe(Math.fround(1 + 0.5 * normalPair(draw(stream("conv.1.g"), 1))[1]));
    expect(values.get("conv.1.mu")?.[2]).toBe(Math.fround(2 + uniform(draw(stream("conv.1.mu"), 1)[0])));
    for (const value of values.get("conv.1.s") ?? []) expect(value >= 0.1 && value <= 10).toBe(true);
    expect([...(values.get("conv.1.a") ?? [])]).toEqual(Array(6).fill(Math.fround(Math.log(Math.expm1(4 - 1e-6)))));
    expect(initialiseParams(plan, 11, 1).get("conv.1.g")).not.toEqual(values.get("conv.1.g"));
  });

  test("the bits of fresh weights never change", () => {
    const bits = (start: PlanParam["start"]): string[] => {
      const values = initialiseParams({ params: [param("dense.1.weight", [4], start, { kind: "free" })] }, 0).get("dense.1.weight");
      return Array.from(new Uint32Array(values?.buffer ?? new ArrayBuffer(0)), (word) => word.toString(16));
    };
    expect(bits({ kind: "normal", mean: 0, deviation: 1 })).toMatchInlineSnapshot(`
      [
        "3fd9ccbe",
        "c00f63ef",
        "3efe4503",
        "3f052d1c",
      ]
    `);
    expect(bits({ kind: "uniform", low: -1, high: 1 })).toMatchInlineSnapshot(`
      [
        "bf763728",
        "3f34edb4",
        "3f0b51d0",
        "bf3e1bf2",
      ]
    `);
    expect(bits({ kind: "loguniform", low: 1, high: 100 })).toMatchInlineSnapshot(`
      [
        "3f8bc683",
        "424b9db7",
        "420c0c4e",
        "3fe78626",
      ]
    `);
  });

  test("a start outside its domain names the parameter", () => {
    const plan = { params: [param("f.s", [1], { kind: "constant", value: 0 }, { kind: "positive" })] };
    expect(() => initialiseParams(plan, 0)).toThrow(/f\.s: .*positive/);
  });
});

describe("schedule", () => {
  const base = { lr: 0.1, epochs: 10 };
  test("constant and step", () => {
    expect(learningRate({ ...base, schedule: { kind: "constant" } }, 999, 3)).toBe(0.1);
    const step = { ...base, schedule: { kind: "step", at: [1, 2], by: 0.5 } } as const;
    expect([0, 9, 10, 19, 20, 500].map((s) => learningRate(step, s, 10))).toEqual([0.1, 0.1, 0.05, 0.05, 0.025, 0.025]);
  });

  test("cosine warms up, falls and ends at its floor", () => {
    const cosine = { ...base, schedule: { kind: "cosine", warmup: 2, floor: 0.1 } } as const;
    expect(learningRate(cosine, 0, 10)).toBeCloseTo(0.1 / 20, 15);
    expect(learningRate(cosine, 19, 10)).toBeCloseTo(0.1, 15);
    expect(learningRate(cosine, 20, 10)).toBeCloseTo(0.1, 15);
    expect(learningRate(cosine, 60, 10)).toBeCloseTo(0.1 * 0.55, 15);
    expect(learningRate(cosine, 100, 10)).toBeCloseTo(0.01, 15);
    expect(learningRate(cosine, 200, 10)).toBeCloseTo(0.01, 15);
  });

  test("corrections count steps from one", () => {
    const training = {
      ...base,
      schedule: { kind: "constant" },
      scalars: [{ kind: "lr" }, { kind: "correction", base: 0.9 }, { kind: "correction", base: 0.999 }],
    } as const;
    const at = (step: number): number[] => [...stepScalars(training as unknown as PlanTraining, step, 10)];
    expect(at(0)).toEqual([0.1, 1 - 0.9, 1 - 0.999].map(Math.fround));
    expect(at(4999)[2]).toBeCloseTo(1 - 0.999 ** 5000, 7);
  });
});
