/** @file Statistics of trials: what describes a sample, intervals, and tests of paired differences. */

import { DataError } from "../../data/data-error.ts";
import { threefry } from "../../plan/threefry.ts";
import { rootKey } from "../../runtime/random.ts";

export interface Description {
  readonly count: number;
  readonly mean: number;
  /** Of a sample: n - 1 in the denominator; NaN for a single value. */
  readonly deviation: number;
  readonly min: number;
  readonly max: number;
  readonly median: number;
}

export function describe(values: readonly number[]): Description {
  const count = values.length;
  const mean = sum(values) / count;
  const deviation = count < 2 ? Number.NaN : Math.sqrt(sum(values.map((value) => (value - mean) ** 2)) / (count - 1));
  return { count, mean, deviation, min: Math.min(...values), max: Math.max(...values), median: quantile(values, 0.5) };
}

/** Between order statistics on a straight line, as NumPy does by default. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  return sorted[below] + (place - below) * (sorted[Math.min(below + 1, sorted.length - 1)] - sorted[below]);
}

/** `0.681 ± 0.016`; without a spread where there is one value. */
export function meanText({ mean, deviation }: Pick<Description, "mean" | "deviation">): string {
  return Number.isNaN(deviation) ? mean.toFixed(3) : `${mean.toFixed(3)} ± ${deviation.toFixed(3)}`;
}

/** Student's t distribution. */
export interface StudentT {
  cdf(t: number, freedom: number): number;
  inv(share: number, freedom: number): number;
}

/** Of a package that is loaded where a report is made. @throws DataError without it */
export async function studentT(): Promise<StudentT> {
  try {
    return (await import("jstat")).default.studentt;
  } catch (thrown) {
    throw new DataError("intervals and tests need the package jstat, which is not installed", { help: "npm install jstat", cause: thrown });
  }
}

/** Half the width of the 95 % confidence interval of a mean; NaN for fewer than two values. */
export function halfInterval({ count, deviation }: Pick<Description, "count" | "deviation">, student: StudentT): number {
  return count < 2 ? Number.NaN : (student.inv(0.975, count - 1) * deviation) / Math.sqrt(count);
}

export interface PairedComparison {
  /** Of the differences a - b. */
  readonly difference: Description;
  readonly halfInterval: number;
  /** Two-sided p of the paired t test; NaN where the differences do not vary, or there is one. */
  readonly tP: number;
  /** Two-sided p of the sign-flip permutation test. */
  readonly permutationP: number;
}

/** @param a, b results of the same trials, in one order */
export function comparePairs(a: readonly number[], b: readonly number[], student: StudentT): PairedComparison {
  const differences = a.map((value, index) => value - b[index]);
  const difference = describe(differences);
  const t = difference.mean / (difference.deviation / Math.sqrt(difference.count));
  return {
    difference,
    halfInterval: halfInterval(difference, student),
    tP: difference.count < 2 || difference.deviation === 0 ? Number.NaN : 2 * student.cdf(-Math.abs(t), difference.count - 1),
    permutationP: signFlipP(differences),
  };
}

/** All sign patterns are tried up to this many differences: a million sums. */
const mostExact = 20;
const draws = 200_000;

/**
 * How often the mean is as far from 0 as it is when each difference gets a sign by chance (Fisher's randomisation test).
 * Exact for up to 20 differences, else of 200,000 patterns that are the same in every report.
 */
export function signFlipP(differences: readonly number[]): number {
  const observed = Math.abs(sum(differences));
  // Sums in another order differ in their last bits.
  const reached = observed * (1 - 1e-12) - 1e-15;
  return differences.length <= mostExact ? exactP(differences, reached) : drawnP(differences, reached);
}

function exactP(differences: readonly number[], reached: number): number {
  const patterns = 2 ** differences.length;
  const signs = differences.map(() => 1);
  let total = sum(differences);
  let extreme = Math.abs(total) >= reached ? 1 : 0;
  // In Gray code one sign changes from each pattern to the next.
  for (let pattern = 1; pattern < patterns; pattern++) {
    const flipped = 31 - Math.clz32(pattern & -pattern);
    total -= 2 * signs[flipped] * differences[flipped];
    signs[flipped] = -signs[flipped];
    if (Math.abs(total) >= reached - 1e-12) extreme++;
  }
  return extreme / patterns;
}

function drawnP(differences: readonly number[], reached: number): number {
  let extreme = 0;
  for (let draw = 0; draw < draws; draw++) {
    let total = 0;
    let bits = 0;
    differences.forEach((value, index) => {
      if (index % 32 === 0) [bits] = threefry(rootKey(0), [draw, index / 32]);
      total += (bits >>> (index % 32)) & 1 ? value : -value;
    });
    if (Math.abs(total) >= reached) extreme++;
  }
  // The pattern that was observed is one of them.
  return (extreme + 1) / (draws + 1);
}

/** Holm's step-down adjustment: with these, all comparisons together are wrong in at most 5 % of cases at p < 0.05. */
export function holm(values: readonly number[]): readonly number[] {
  const order = values.map((value, index) => ({ value, index })).sort((a, b) => a.value - b.value);
  const adjusted = new Array<number>(values.length);
  let least = 0;
  order.forEach(({ value, index }, rank) => {
    least = Math.max(least, Math.min(1, (values.length - rank) * value));
    adjusted[index] = least;
  });
  return adjusted;
}

/** A Gaussian at each value; the bandwidth is Silverman's. */
export function density(values: readonly number[]): { readonly bandwidth: number; readonly at: (place: number) => number } {
  const { count, deviation } = describe(values);
  const spread = (quantile(values, 0.75) - quantile(values, 0.25)) / 1.34;
  const scale = spread > 0 ? Math.min(deviation, spread) : deviation;
  const bandwidth = 0.9 * scale * count ** -0.2;
  return {
    bandwidth,
    at: (place) =>
      sum(values.map((value) => Math.exp(-0.5 * ((place - value) / bandwidth) ** 2))) / (count * bandwidth * Math.sqrt(2 * Math.PI)),
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
