/** @file Logarithm, exponential, sine and cosine from + - * / alone: the same bits on every host (docs/numerics.md#random-numbers). */

// Note [Own functions]: ECMAScript leaves the last bits of Math.log, exp, sin and cos to the host. Everything drawn at
// random must be identical everywhere, so these functions use nothing but correctly rounded operations.

/** ln 2 in two parts: the first has 32 fraction bits, so that its product with an exponent is exact. */
const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;
const twoPi = 6.283185307179586;
const sqrt2 = 1.4142135623730951;

const bits: DataView = new DataView(new ArrayBuffer(8));

/** 2^exponent for -1022 <= exponent <= 1023. */
function powerOfTwo(exponent: number): number {
  bits.setUint32(0, (exponent + 1023) << 20);
  bits.setUint32(4, 0);
  return bits.getFloat64(0);
}

/** c[0] + x (c[1] + x (c[2] + ...)). */
function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) sum = sum * x + coefficients[i];
  return sum;
}

/** 1/n!, with the given sign rule, for n = first, first + step, ... : Taylor coefficients. */
function inverseFactorials(first: number, step: number, count: number, alternate: boolean): readonly number[] {
  const result: number[] = [];
  for (let i = 0; i < count; i++) {
    let factorial = 1; // exact up to 18!, correctly rounded beyond: the error is far below the term's weight
    for (let k = 2; k <= first + i * step; k++) factorial *= k;
    result.push((alternate && i % 2 === 1 ? -1 : 1) / factorial);
  }
  return result;
}

/** ln m = f - s (f - R) with f = m - 1, s = f / (2 + f), R = 2 (s^2/3 + s^4/5 + ...); s^2 <= 0.0295. */
const logarithmTail: readonly number[] = Array.from({ length: 11 }, (_, i) => 2 / (2 * i + 3));

/**
 * Natural logarithm, within one unit in the last place.
 * @returns NaN below zero, -Infinity at zero.
 */
export function naturalLogarithm(x: number): number {
  if (Number.isNaN(x) || x < 0) return NaN;
  if (x === 0) return -Infinity;
  if (x === Infinity) return Infinity;
  let exponent = 0;
  let mantissa = x;
  if (mantissa < 2.2250738585072014e-308) {
    mantissa *= 18014398509481984; // 2^54 lifts subnormal numbers
    exponent = -54;
  }
  bits.setFloat64(0, mantissa);
  const high = bits.getUint32(0);
  exponent += (high >>> 20) - 1023;
  bits.setUint32(0, (high & 0x000fffff) | 0x3ff00000);
  mantissa = bits.getFloat64(0);
  if (mantissa > sqrt2) {
    mantissa /= 2;
    exponent += 1;
  }
  const f = mantissa - 1;
  const s = f / (2 + f);
  const square = s * s;
  const correction = s * (f - square * polynomial(logarithmTail, square));
  return exponent * ln2High - (correction - exponent * ln2Low - f);
}

/** (exp(r) - 1 - r) / r^2 for |r| <= 0.35. */
const exponentialTail: readonly number[] = inverseFactorials(2, 1, 13, false);

/** e^x, within one unit in the last place; 0 and Infinity where the result leaves the range. */
export function exponential(x: number): number {
  if (Number.isNaN(x)) return NaN;
  if (x > 709.8) return Infinity;
  if (x < -745.2) return 0;
  const k = Math.floor(x / (ln2High + ln2Low) + 0.5);
  const remainder = x - k * ln2High - k * ln2Low;
  const mantissa = 1 + (remainder + remainder * remainder * polynomial(exponentialTail, remainder));
  // Two factors, because 2^k itself may be out of range where the product is not.
  const half = Math.trunc(k / 2);
  return mantissa * powerOfTwo(half) * powerOfTwo(k - half);
}

/** e^x - 1 without cancellation near zero. */
export function exponentialMinusOne(x: number): number {
  if (x > -0.35 && x < 0.35) return x + x * x * polynomial(exponentialTail, x);
  return exponential(x) - 1;
}

const sineTail: readonly number[] = inverseFactorials(3, 2, 8, true);
const cosineTail: readonly number[] = inverseFactorials(4, 2, 8, true);

/**
 * Cosine and sine of an angle in turns (1 = 360 degrees), within two units in the last place. Turns make the reduction to
 * an eighth of a circle exact.
 * @returns [cos(2 pi turns), sin(2 pi turns)]
 */
export function cosineAndSine(turns: number): readonly [number, number] {
  const quarter = Math.floor(4 * turns + 0.5);
  const angle = (turns - quarter / 4) * twoPi; // |angle| <= pi/4
  const square = angle * angle;
  const sine = angle - angle * square * polynomial(sineTail, square);
  const cosine = 1 - square * (0.5 - square * polynomial(cosineTail, square));
  switch (((quarter % 4) + 4) % 4) {
    case 0:
      return [cosine, sine];
    case 1:
      return [-sine, cosine];
    case 2:
      return [-cosine, -sine];
    default:
      return [sine, -cosine];
  }
}

/** base^exponent for a whole exponent >= 0, by repeated squaring. */
export function wholePower(base: number, exponent: number): number {
  let result = 1;
  let square = base;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}
