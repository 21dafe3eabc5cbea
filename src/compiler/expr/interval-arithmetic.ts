/** @file Arithmetic of intervals: an enclosure of what a function gives on ranges of its arguments. */

/** A closed range of reals; either end may be infinite. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

const everything: Interval = { low: -Infinity, high: Infinity };

/** Magnitudes of f32 errors of sine and cosine near their zeros: cos(pi/2) is not 0 on a device. */
const trigonometricSlack = 1e-7;

export const span = (low: number, high: number): Interval => (Number.isNaN(low) || Number.isNaN(high) ? everything : { low, high });

export const increasing =
  (f: (x: number) => number) =>
  (a: Interval): Interval =>
    span(f(a.low), f(a.high));

/** In interval arithmetic 0 times an unbounded factor is 0: the factor itself is always finite. */
const product = (a: number, b: number): number => (a === 0 || b === 0 ? 0 : a * b);

export function multiplyIntervals(a: Interval, b: Interval): Interval {
  const corners = [product(a.low, b.low), product(a.low, b.high), product(a.high, b.low), product(a.high, b.high)];
  return span(Math.min(...corners), Math.max(...corners));
}

/** A finite number over an unbounded one tends to 0. */
const quotient = (a: number, b: number): number => (a === 0 || !Number.isFinite(b) ? 0 : a / b);

export function divideIntervals(a: Interval, b: Interval): Interval {
  if (b.low > 0 || b.high < 0) {
    const corners = [quotient(a.low, b.low), quotient(a.low, b.high), quotient(a.high, b.low), quotient(a.high, b.high)];
    return span(Math.min(...corners), Math.max(...corners));
  }
  if (b.low === 0 && b.high > 0) {
    return span(a.low < 0 ? -Infinity : quotient(a.low, b.high), a.high > 0 ? Infinity : quotient(a.high, b.high));
  }
  if (b.high === 0 && b.low < 0) return divideIntervals(negateInterval(a), negateInterval(b));
  return everything;
}

export const negateInterval = (a: Interval): Interval => span(-a.high, -a.low);

/** The cosine's range: its maxima lie at 2 pi n, its minima at 2 pi n + pi. */
export function cosineInterval(a: Interval, shift: number): Interval {
  if (!Number.isFinite(a.low) || !Number.isFinite(a.high)) return span(-1, 1);
  const reaches = (phase: number): boolean => Math.floor((a.high - phase) / (2 * Math.PI)) >= Math.ceil((a.low - phase) / (2 * Math.PI));
  const ends = [Math.cos(a.low - shift), Math.cos(a.high - shift)];
  // A single angle is a known number, such as the cosine of 0; only ranges end at the rounding of one.
  const slack = a.low === a.high ? 0 : trigonometricSlack;
  return span(
    reaches(shift + Math.PI) ? -1 : Math.max(-1, Math.min(...ends) - slack),
    reaches(shift) ? 1 : Math.min(1, Math.max(...ends) + slack),
  );
}

export function absoluteInterval(a: Interval): Interval {
  if (a.low >= 0) return a;
  return span(a.high <= 0 ? -a.high : 0, Math.max(-a.low, a.high));
}

export function truth(always: boolean, never: boolean): Interval {
  return always ? span(1, 1) : never ? span(0, 0) : span(0, 1);
}
