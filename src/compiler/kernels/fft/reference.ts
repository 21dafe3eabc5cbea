/** @file Fourier transforms of complex lines in f64: the meaning of the FFT ops, and what the CPU device trains with. */

interface Stage {
  readonly radix: number;
  /** Product of the radices before this one. */
  readonly stride: number;
  /** exp(-2 pi i q/n) for this stage's twiddles, interleaved: entry k * radix + i. */
  readonly twiddles: Float64Array;
  /** exp(-2 pi i q/radix), interleaved. */
  readonly roots: Float64Array;
}

/** exp(-2 pi i q/n), q = 0..n-1, interleaved. */
export function rootsOfUnity(n: number): Float64Array {
  const roots = new Float64Array(2 * n);
  for (let q = 0; q < n; q++) {
    roots[2 * q] = Math.cos((2 * Math.PI * q) / n);
    roots[2 * q + 1] = -Math.sin((2 * Math.PI * q) / n);
  }
  return roots;
}

/**
 * Transforms lines of n complex points, interleaved: X[k] = sum_j x[j] exp(-2 pi i jk/n), or with +i, unscaled, for
 * `inverse`. Self-sorting passes over the prime factors of n (and 4), so a prime n costs n^2.
 */
export class ReferenceFft {
  readonly #n: number;
  readonly #stages: readonly Stage[];
  #spare: Float64Array;

  constructor(n: number) {
    this.#n = n;
    this.#spare = new Float64Array(2 * n);
    const roots = rootsOfUnity(n);
    let stride = 1;
    this.#stages = factors(n).map((radix) => {
      const twiddles = new Float64Array(2 * radix * stride);
      const step = n / (stride * radix);
      for (let k = 0; k < stride; k++) {
        for (let i = 0; i < radix; i++) {
          // Below n, as i < radix and k < stride.
          const q = i * k * step;
          twiddles[2 * (k * radix + i)] = roots[2 * q];
          twiddles[2 * (k * radix + i) + 1] = roots[2 * q + 1];
        }
      }
      const stage = { radix, stride, twiddles, roots: rootsOfUnity(radix) };
      stride *= radix;
      return stage;
    });
  }

  /** In place; `line` holds 2n numbers. */
  transform(line: Float64Array, inverse: boolean): void {
    if (inverse) conjugate(line);
    let from = line;
    let to = this.#spare;
    for (const stage of this.#stages) {
      this.#pass(stage, from, to);
      [from, to] = [to, from];
    }
    if (from !== line) line.set(from);
    if (inverse) conjugate(line);
  }

  #pass({ radix, stride, twiddles, roots }: Stage, from: Float64Array, to: Float64Array): void {
    const count = this.#n / radix;
    const points = new Float64Array(2 * radix);
    for (let j = 0; j < count; j++) {
      const k = j % stride;
      for (let i = 0; i < radix; i++) {
        const source = 2 * (j + i * count);
        const w = 2 * (k * radix + i);
        points[2 * i] = from[source] * twiddles[w] - from[source + 1] * twiddles[w + 1];
        points[2 * i + 1] = from[source] * twiddles[w + 1] + from[source + 1] * twiddles[w];
      }
      const first = 2 * ((j - k) * radix + k);
      if (radix === 2) butterfly2(points, to, first, 2 * stride);
      else if (radix === 4) butterfly4(points, to, first, 2 * stride);
      else butterfly(points, roots, to, first, 2 * stride);
    }
  }
}

function butterfly2(p: Float64Array, to: Float64Array, first: number, step: number): void {
  to[first] = p[0] + p[2];
  to[first + 1] = p[1] + p[3];
  to[first + step] = p[0] - p[2];
  to[first + step + 1] = p[1] - p[3];
}

function butterfly4(p: Float64Array, to: Float64Array, first: number, step: number): void {
  const evenRe = p[0] + p[4];
  const evenIm = p[1] + p[5];
  const oddRe = p[2] + p[6];
  const oddIm = p[3] + p[7];
  const differenceRe = p[0] - p[4];
  const differenceIm = p[1] - p[5];
  const turnedRe = p[3] - p[7];
  const turnedIm = p[6] - p[2];
  to[first] = evenRe + oddRe;
  to[first + 1] = evenIm + oddIm;
  to[first + step] = differenceRe + turnedRe;
  to[first + step + 1] = differenceIm + turnedIm;
  to[first + 2 * step] = evenRe - oddRe;
  to[first + 2 * step + 1] = evenIm - oddIm;
  to[first + 3 * step] = differenceRe - turnedRe;
  to[first + 3 * step + 1] = differenceIm - turnedIm;
}

/** Any radix, by the definition. */
function butterfly(p: Float64Array, roots: Float64Array, to: Float64Array, first: number, step: number): void {
  const radix = p.length / 2;
  for (let k = 0; k < radix; k++) {
    let re = 0;
    let im = 0;
    // The exact integer ik mod radix: angles of large multiples would lose digits.
    for (let i = 0, q = 0; i < radix; i++, q = q + k >= radix ? q + k - radix : q + k) {
      re += p[2 * i] * roots[2 * q] - p[2 * i + 1] * roots[2 * q + 1];
      im += p[2 * i] * roots[2 * q + 1] + p[2 * i + 1] * roots[2 * q];
    }
    to[first + k * step] = re;
    to[first + k * step + 1] = im;
  }
}

function conjugate(line: Float64Array): void {
  for (let i = 1; i < line.length; i += 2) line[i] = -line[i];
}

/** 4 as often as it divides, then the primes. */
function factors(n: number): number[] {
  const result: number[] = [];
  for (let factor = 4, rest = n; rest > 1; ) {
    if (rest % factor === 0) {
      result.push(factor);
      rest /= factor;
    } else if (factor === 4) factor = 2;
    else if (factor * factor > rest) factor = rest;
    else factor += factor === 2 ? 1 : 2;
  }
  return result;
}

const plans = new Map<number, ReferenceFft>();

/** One plan for each size: tables are made once. */
export function referenceFft(n: number): ReferenceFft {
  const plan = plans.get(n) ?? new ReferenceFft(n);
  plans.set(n, plan);
  return plan;
}
