/** @file Decides how a transform of n points is done: by radices in one workgroup, over global memory, or by Bluestein. */

import { Limitation } from "../diagnostic.ts";
import type { Target } from "../lower.ts";

/** What a plan depends on. */
export type FftLimits = Pick<Target, "workgroupBytes" | "invocations">;

/** How n points are transformed; plain data, kernels are generated from it and `check --explain` prints it. */
export type FftPlan = LocalPlan | FourStepPlan | BluesteinPlan;

/** One kernel: passes of small DFTs with exchanges through workgroup memory. n is the product of the radices. */
export interface LocalPlan {
  readonly kind: "local";
  readonly n: number;
  readonly radices: readonly number[];
}

/** Two kernels with a twiddle between them: n = first.n * second.n. */
export interface FourStepPlan {
  readonly kind: "fourStep";
  readonly n: number;
  readonly first: LocalPlan;
  readonly second: LocalPlan;
}

/** n points as a circular convolution of inner.n >= 2n - 1 points, for large prime factors. */
export interface BluesteinPlan {
  readonly kind: "bluestein";
  readonly n: number;
  readonly inner: LocalPlan | FourStepPlan;
}

/** Radices up to 16 are products; larger ones only primes, whose arithmetic grows with the square. */
const largestRadix = 16;
const largestPrime = 31;

/**
 * The sum of the radices counts the memory accesses in a kernel's text (4 components a point): software drivers
 * compile in more than quadratic time (KERNELS section 6).
 */
const largestRadixSum = 36;

/** The plan for n points. Throws a Limitation above about a million points. */
export function planFft(n: number, limits: FftLimits): FftPlan {
  const smooth = planSmooth(n, limits);
  if (smooth !== undefined) return smooth;
  // From 2n-1 upwards a few candidates suffice: smooth numbers are dense.
  let best: LocalPlan | FourStepPlan | undefined;
  for (let m = 2 * n - 1; m <= 4 * n; m++) {
    if (best !== undefined && m * leastCostPerPoint >= planCost(best)) break;
    const inner = planSmooth(m, limits);
    if (inner !== undefined && (best === undefined || planCost(inner) < planCost(best))) best = inner;
  }
  if (best !== undefined) return { kind: "bluestein", n, inner: best };
  throw new Limitation(`a Fourier transform of ${n} points is too long`, { help: "use a smaller input" });
}

/** `150 = 15 * 10`, `97 by Bluestein over 196 = 14 * 14`. */
export function printFftPlan(plan: FftPlan): string {
  if (plan.kind === "bluestein") return `${plan.n} by Bluestein over ${printFftPlan(plan.inner)}`;
  if (plan.kind === "fourStep") return `${plan.n} in two dispatches (${printFftPlan(plan.first)}; ${printFftPlan(plan.second)})`;
  return plan.radices.length < 2 ? `${plan.n} in registers` : `${plan.n} = ${plan.radices.join(" * ")}`;
}

function planSmooth(n: number, limits: FftLimits): LocalPlan | FourStepPlan | undefined {
  const local = planLocal(n, limits);
  if (local !== undefined) return local;
  // The split nearest to the square root: both kernels do equal work.
  for (let first = Math.floor(Math.sqrt(n)); first > 1; first--) {
    if (n % first !== 0) continue;
    const [inner, outer] = [planLocal(first, limits), planLocal(n / first, limits)];
    if (inner !== undefined && outer !== undefined) return { kind: "fourStep", n, first: inner, second: outer };
  }
  return undefined;
}

/** Two arrays of n complex numbers take 16 n bytes of workgroup memory. */
export function largestLocal(limits: FftLimits): number {
  return Math.floor(limits.workgroupBytes / 16);
}

function planLocal(n: number, limits: FftLimits): LocalPlan | undefined {
  if (n > largestLocal(limits)) return undefined;
  const radices = chooseRadices(n);
  return radices === undefined ? undefined : { kind: "local", n, radices };
}

const chosen = new Map<number, readonly number[] | undefined>();

/** The factors of n that need the fewest exchanges and, among those, the least text. Largest first: it has no twiddles. */
function chooseRadices(n: number): readonly number[] | undefined {
  if (!chosen.has(n)) {
    let best: readonly number[] | undefined;
    for (const candidate of factorisations(n, Math.max(largestRadix, largestPrime))) {
      if (sum(candidate) > largestRadixSum) continue;
      const better = best === undefined || candidate.length < best.length || (candidate.length === best.length && sum(candidate) < sum(best));
      if (better) best = candidate;
    }
    chosen.set(n, best);
  }
  return chosen.get(n);
}

/** All products of radices that give n, each in descending order. */
function* factorisations(n: number, largest: number): Generator<readonly number[]> {
  if (n === 1) yield [];
  for (let radix = Math.min(n, largest); radix > 1; radix--) {
    if (n % radix !== 0 || !isRadix(radix)) continue;
    for (const rest of factorisations(n / radix, radix)) yield [radix, ...rest];
  }
}

function isRadix(radix: number): boolean {
  return radix <= largestRadix || (radix <= largestPrime && isPrime(radix));
}

function isPrime(n: number): boolean {
  for (let factor = 2; factor * factor <= n; factor++) if (n % factor === 0) return false;
  return n > 1;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Nanoseconds a point on a software driver (KERNELS section 5): an exchange costs about 22, a radix its arithmetic. */
const exchangeCost = 22;
const leastCostPerPoint = exchangeCost;

function planCost(plan: LocalPlan | FourStepPlan): number {
  if (plan.kind === "fourStep") return 2 * exchangeCost * plan.n + planCost(plan.first) * plan.second.n + planCost(plan.second) * plan.first.n;
  return plan.n * plan.radices.reduce((cost, radix) => cost + exchangeCost + radix, 0);
}
