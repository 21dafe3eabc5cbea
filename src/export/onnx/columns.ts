/** @file Complex Fourier transforms along the second last axis, as products with tables of cosines and sines. */

import type { OnnxBuilder, Pair, Value } from "./builder.ts";
import { broadcastShape, concat, reshape, split, transpose } from "./moves.ts";

/** Up to this length one table costs less than the moves between two: at 150 a third of the time (bench/RESULTS.md). */
const longest = 512;

/** Where a length n = a b is long, the divisor a next below its root; else, and for primes, 1. */
function factorOf(n: number): number {
  if (n <= longest) return 1;
  let factor = Math.floor(Math.sqrt(n));
  while (n % factor !== 0) factor--;
  return factor;
}

/** Whether a transform goes in two steps, with tables of a^2 and b^2 numbers in the place of n^2. */
export function isLong(n: number): boolean {
  return factorOf(n) > 1;
}

/** cos and sin of 2 pi a b / n; the product is reduced in integers, so that large ones lose nothing. */
export function turn(a: number, b: number, n: number): readonly [cos: number, sin: number] {
  const angle = (2 * Math.PI * ((a * b) % n)) / n;
  return [Math.cos(angle), Math.sin(angle)];
}

export function matrix(rows: number, columns: number, element: (row: number, column: number) => number): Float32Array {
  return Float32Array.from({ length: rows * columns }, (_, i) => element(Math.floor(i / columns), i % columns));
}

/** Unscaled, of [.., n, rest]. @param im of what is transformed; undefined: it is real */
export function columnPass(builder: OnnxBuilder, re: Value, im: Value | undefined, backwards: boolean): Pair {
  const [n, rest] = re.shape.slice(-2);
  const outer = re.shape.slice(0, -2);
  const a = factorOf(n);
  if (a === 1) return product(builder, re, im, backwards);
  // X[k1 + a k2] = sum over m2 of exp(-+ 2 pi i m2 k2 / b) exp(-+ 2 pi i m2 k1 / n) sum over m1 of x[b m1 + m2] exp(-+ 2 pi i m1 k1 / a).
  const b = n / a;
  const lines = (part: Value): Value => reshape(builder, part, [...outer, a, b * rest]);
  const grid = (part: Value): Value => reshape(builder, part, [...outer, a, b, rest]);
  const first = product(builder, lines(re), im === undefined ? undefined : lines(im), backwards);
  const turned = twiddle(builder, { re: grid(first.re), im: grid(first.im) }, a, b, backwards);
  const second = product(builder, turned.re, turned.im, backwards);
  const axes = [...outer.keys(), outer.length + 1, outer.length, outer.length + 2];
  const ordered = (part: Value): Value => reshape(builder, transpose(builder, part, axes), re.shape);
  return { re: ordered(second.re), im: ordered(second.im) };
}

/** (C -+ iS)(re + i im) as one real product with both parts above each other. */
function product(builder: OnnxBuilder, re: Value, im: Value | undefined, backwards: boolean): Pair {
  const [n, rest] = re.shape.slice(-2);
  const sign = backwards ? -1 : 1;
  const width = im === undefined ? n : 2 * n;
  const table = builder.table(`dft/${backwards ? "inverse " : ""}columns ${n}${im === undefined ? ", real" : ""}`, [2 * n, width], () =>
    matrix(2 * n, width, (row, column) => {
      const [cos, sin] = turn(row % n, column % n, n);
      if (row < n === column < n) return cos;
      return row < n ? sign * sin : -sign * sin;
    }),
  );
  const both = im === undefined ? re : concat(builder, [re, im], -2);
  const [above, below] = split(builder, builder.node("MatMul", [table, both], [...re.shape.slice(0, -2), 2 * n, rest]), -2, n);
  return { re: above, im: below };
}

/** Times exp(-+ 2 pi i k1 m2 / (a b)) at [.., k1, m2, rest]. */
function twiddle(builder: OnnxBuilder, { re, im }: Pair, a: number, b: number, backwards: boolean): Pair {
  const table = (name: string, part: 0 | 1, sign: number): Value =>
    builder.table(`dft/${name} ${a}x${b}`, [a, b, 1], () => matrix(a, b, (k, m) => sign * turn(k, m, a * b)[part]));
  const [cos, sin] = [table("cosines", 0, 1), backwards ? table("sines", 1, 1) : table("sines, turned", 1, -1)];
  const times = (x: Value, y: Value): Value => builder.node("Mul", [x, y], broadcastShape([x.shape, y.shape]));
  return {
    re: builder.node("Sub", [times(re, cos), times(im, sin)], re.shape),
    im: builder.node("Add", [times(re, sin), times(im, cos)], re.shape),
  };
}
