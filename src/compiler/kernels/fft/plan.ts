/** @file Decides how a transform of n points is done: by radices in one workgroup, over global memory, or by Bluestein. */

import { Limitation } from "../../diagnostics/diagnostic.ts";
import type { Target } from "../../lower/target.ts";

/** What a plan depends on. */
export type FftLimits = Pick<Target, "workgroupBytes" | "invocations" | "largestRadix">;

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

/**
 * Every radix up to 16 has a codelet. Larger primes would save Bluestein for a few sizes, but their text takes software
 * drivers two to three times as long to compile: four memory accesses a point, in more than quadratic time
 * (docs/kernels.md#time-to-compile).
 */
const primes = [2, 3, 5, 7, 11, 13];

/** The plan for n points. Throws a Limitation above half a million points, or a million without large prime factors. */
export function planFft(n: number, limits: FftLimits): FftPlan {
  const smooth = planSmooth(n, limits);
  if (smooth !== undefined) return smooth;
  let best: LocalPlan | FourStepPlan | undefined;
  // There is a power of two below 4n, and nothing beyond the largest four-step transform.
  for (let m = 2 * n - 1; m <= Math.min(4 * n, largestLocal(limits) ** 2); m++) {
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
  if (n > largestLocal(limits) ** 2 || !isSmooth(n)) return undefined;
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
function largestLocal(limits: FftLimits): number {
  return Math.floor(limits.workgroupBytes / 16);
}

function planLocal(n: number, limits: FftLimits): LocalPlan | undefined {
  if (n > largestLocal(limits)) return undefined;
  const radices = chooseRadices(n, limits.largestRadix);
  return radices === undefined ? undefined : { kind: "local", n, radices };
}

const chosen = new Map<string, readonly number[] | undefined>();

/** The factors of n that need the fewest exchanges and, among those, the least text. Largest first: it has no twiddles. */
function chooseRadices(n: number, largest: number): readonly number[] | undefined {
  const key = `${n} ${largest}`;
  if (!chosen.has(key)) {
    let best: readonly number[] | undefined;
    // A prime factor above the wished radix is done in registers all the same.
    for (const candidate of factorisations(n, Math.max(largest, ...primes.filter((prime) => n % prime === 0)))) {
      const better =
        best === undefined || candidate.length < best.length || (candidate.length === best.length && sum(candidate) < sum(best));
      if (better) best = candidate;
    }
    chosen.set(key, best);
  }
  return chosen.get(key);
}

/** All products of radices that give n, each in descending order. */
function* factorisations(n: number, largest: number): Generator<readonly number[]> {
  if (n === 1) yield [];
  for (let radix = Math.min(n, largest); radix > 1; radix--) {
    if (n % radix !== 0) continue;
    for (const rest of factorisations(n / radix, radix)) yield [radix, ...rest];
  }
}

/** No prime factor above 13: a product of radices. */
function isSmooth(n: number): boolean {
  let rest = n;
  for (const prime of primes) while (rest % prime === 0) rest /= prime;
  return rest === 1;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Nanoseconds a point on a software driver (docs/kernels.md#unit-costs): an exchange costs about 22, a radix its arithmetic. */
const exchangeCost = 22;

function planCost(plan: LocalPlan | FourStepPlan): number {
  if (plan.kind === "fourStep")
    return 2 * exchangeCost * plan.n + planCost(plan.first) * plan.second.n + planCost(plan.second) * plan.first.n;
  return plan.n * plan.radices.reduce((cost, radix) => cost + exchangeCost + radix, 0);
}
