/** @file Statistics of trials against values that SciPy 1.17 computed. */

import { expect, test } from "vitest";
import { runningMean } from "../../src/report/experiment/series.ts";
import {
  comparePairs,
  density,
  describe,
  halfInterval,
  holm,
  meanText,
  quantile,
  signFlipP,
  studentT,
} from "../../src/report/experiment/statistics.ts";

const a = [0.71, 0.68, 0.7, 0.655, 0.69, 0.675];
const b = [0.66, 0.67, 0.695, 0.66, 0.64, 0.65];

test("a sample is described as NumPy does, with n - 1", () => {
  expect(describe(a)).toMatchObject({ count: 6, min: 0.655, max: 0.71 });
  expect(describe(a).mean).toBeCloseTo(0.685, 12);
  // np.std(a, ddof=1)
  expect(describe(a).deviation).toBeCloseTo(0.019493588689617897, 12);
  expect(describe(a).median).toBeCloseTo(0.685, 12);
  expect(quantile(a, 0.25)).toBeCloseTo(0.67625, 12);
  expect(meanText(describe(a))).toBe("0.685 ± 0.019");
  expect(meanText(describe([0.5]))).toBe("0.500");
});

test("intervals and the paired t test are Student's", async () => {
  const student = await studentT();
  // stats.t.ppf(0.975, 5) * np.std(a, ddof=1) / np.sqrt(6)
  expect(halfInterval(describe(a), student)).toBeCloseTo(0.02045726672035828, 9);
  const pair = comparePairs(a, b, student);
  expect(pair.difference.mean).toBeCloseTo(0.0225, 12);
  expect(pair.halfInterval).toBeCloseTo(0.02455544850639936, 9);
  // stats.ttest_rel(a, b)
  expect(pair.tP).toBeCloseTo(0.06512125863985327, 8);
  // stats.permutation_test((a, b), mean difference, permutation_type="samples", n_resamples=inf): 6 of 64 patterns
  expect(pair.permutationP).toBe(6 / 64);
  expect(comparePairs(a, a, student)).toMatchObject({ tP: Number.NaN, permutationP: 1 });
  expect(comparePairs([0.6], [0.5], student)).toMatchObject({ tP: Number.NaN, halfInterval: Number.NaN, permutationP: 1 });
});

test("the permutation test counts every pattern of signs, and draws them where there are too many", () => {
  // All differences of one sign: only that pattern and its mirror image are as far out.
  expect(signFlipP(Array.from({ length: 20 }, (_, index) => 0.01 + index / 1000))).toBe(2 / 2 ** 20);
  // Sums that are equal but for rounding are equal.
  expect(signFlipP([0.1, 0.2, -0.3])).toBe(1);
  expect(signFlipP([0.1, 0.2, 0.3])).toBe(2 / 8);
  // Of all 2^24 patterns 0.22215 are as far out.
  const many = Array.from({ length: 24 }, (_, index) => (((index * 37) % 25) - 10) / 1000);
  expect(Math.abs(signFlipP(many) - 0.22214984893798828)).toBeLessThan(0.004);
});

test("Holm's adjustment never falls, and keeps the order of its input", () => {
  [0.03, 0.06, 0.06, 0.02].forEach((wanted, index) => expect(holm([0.01, 0.04, 0.03, 0.005])[index]).toBeCloseTo(wanted, 12));
  expect(holm([0.6, 0.9])).toEqual([1, 1]);
});

test("the density has Silverman's bandwidth and the area 1", () => {
  const { bandwidth, at } = density(a);
  // 0.9 min(s, iqr / 1.34) n^-0.2
  expect(bandwidth).toBeCloseTo(0.00997393182575108, 12);
  // mean of stats.norm.pdf((0.68 - a) / bandwidth) / bandwidth
  expect(at(0.68)).toBeCloseTo(17.831767223329, 9);
  const area = Array.from({ length: 4000 }, (_, index) => at(0.6 + index * 5e-5) * 5e-5).reduce((sum, value) => sum + value);
  expect(area).toBeCloseTo(1, 6);
});

test("the running mean is of what there is", () => {
  expect(runningMean([1, 3, 5, 9], 2)).toEqual([1, 2, 4, 7]);
});
