/** @file Tables of the FFT kernels, computed in f64: stage twiddles, four-step twiddles, chirps. WGSL's sin and cos are too coarse. */

import type { Table } from "../../lower/context.ts";
import type { BluesteinPlan, FourStepPlan, LocalPlan } from "./plan.ts";
import { referenceFft, rootsOfUnity } from "./reference.ts";

/** The powers 1, 2, 4, ... of a stage's twiddle come from the table, the others are products of these. */
export function storedPowers(radix: number): readonly number[] {
  const powers: number[] = [];
  for (let power = 1; power < radix; power *= 2) powers.push(power);
  return powers;
}

/** vec4f entries for each k of a stage: two powers each. */
export function entriesPerStep(radix: number): number {
  return Math.ceil(storedPowers(radix).length / 2);
}

/** Entry of stage `stage`, k = 0. The first stage has no twiddles. */
export function stageOffset(radices: readonly number[], stage: number): number {
  let offset = 0;
  let stride = radices[0] ?? 1;
  for (let index = 1; index < stage; index++) {
    offset += stride * entriesPerStep(radices[index]);
    stride *= radices[index];
  }
  return offset;
}

/** w^k, w^2k | w^4k, w^8k | ... with w = exp(-2 pi i/(stride * radix)) for k < stride, stage after stage. */
export function stageTable(plan: LocalPlan): Table {
  const size = Math.max(1, stageOffset(plan.radices, plan.radices.length));
  const data = new Float32Array(4 * size);
  const roots = rootsOfUnity(plan.n);
  let stride = 1;
  let position = 0;
  plan.radices.forEach((radix, stage) => {
    for (let k = 0; stage > 0 && k < stride; k++) {
      storedPowers(radix).forEach((power, index) => {
        // power < radix and k < stride, so the index stays below n.
        const q = (power * k * plan.n) / (stride * radix);
        data.set(roots.subarray(2 * q, 2 * q + 2), position + 2 * index);
      });
      position += 4 * entriesPerStep(radix);
    }
    stride *= radix;
  });
  return { key: `fft.stages.${plan.radices.join(".")}`, data, type: `array<vec4f, ${size}>`, space: "uniform" };
}

/** exp(-2 pi i k1 j/n) at [k1 * second.n + j]. */
export function fourStepTable({ n, first, second }: FourStepPlan): Table {
  const roots = rootsOfUnity(n);
  const data = new Float32Array(2 * n);
  for (let k1 = 0; k1 < first.n; k1++) {
    for (let j = 0; j < second.n; j++) data.set(roots.subarray(2 * k1 * j, 2 * k1 * j + 2), 2 * (k1 * second.n + j));
  }
  return { key: `fft.fourStep.${first.n}.${second.n}`, data, type: "array<vec2f>", space: "storage" };
}

/**
 * Two rows of inner.n: the transform of the chirp exp(+pi i j^2/n), scaled by 1/inner.n, and exp(+pi i k^2/n); then the
 * number of rows.
 * X[k] = c[k] sum_j (x[j] c[j]) conj c[k - j] with c[j] = exp(-pi i j^2/n), because jk = (j^2 + k^2 - (k - j)^2) / 2.
 */
export function chirpTable({ n, inner }: BluesteinPlan): Table {
  const m = inner.n;
  const roots = rootsOfUnity(2 * n);
  const spectrum = new Float64Array(2 * m);
  const chirp = new Float64Array(2 * m);
  for (let j = 0, q = 0; j < n; j++) {
    const value = [roots[2 * q], -roots[2 * q + 1]];
    chirp.set(value, 2 * j);
    spectrum.set(value, 2 * j);
    if (j > 0) spectrum.set(value, 2 * (m - j));
    // j^2 mod 2n in integers: the angle of a large square would lose all its digits.
    q = (q + 2 * j + 1) % (2 * n);
  }
  referenceFft(m).transform(spectrum, false);
  const data = new Float32Array(4 * m + 2);
  data.set(spectrum.map((value) => value / m));
  data.set(chirp, 2 * m);
  data[4 * m] = 2;
  return { key: `fft.chirp.${n}.${m}`, data, type: "array<vec2f>", space: "storage" };
}
