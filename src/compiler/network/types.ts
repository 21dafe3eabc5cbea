/** @file Domains, shapes and size terms: arithmetic on sizes that may be open, and how types are printed. */

export type DomainName = "image" | "spectrum" | "signal" | "signal spectrum" | "vector";

/**
 * A size: a number, or a linear term of an open one with floor division. `null` in a closed network never occurs.
 * Signals have height 1; vectors height and width 1, channels = length.
 */
export type Size = number | OpenSize;

interface OpenSize {
  /** `H` or `W`: which open size of the input. */
  readonly unknown: "H" | "W";
  /** Printed form, for example `floor(H/2)`; two open sizes are equal when this is. */
  readonly text: string;
  /** The value once the unknown is known. */
  readonly evaluate: (value: number) => number;
}

export interface LayerType {
  readonly domain: DomainName;
  readonly height: Size;
  readonly width: Size;
  readonly channels: number;
}

/** An unknown size of the input. */
export function unknownSize(unknown: "H" | "W"): Size {
  return { unknown, text: unknown, evaluate: (value) => value };
}

/** Applies arithmetic to a size; `print` shows it on the text of an open one. */
function apply(size: Size, compute: (value: number) => number, print: (text: string) => string): Size {
  if (typeof size === "number") return compute(size);
  return { unknown: size.unknown, text: print(size.text), evaluate: (value) => compute(size.evaluate(value)) };
}

/** floor(size / divisor). Nested divisions become one, so that equal sizes print equally. */
export function floorDivide(size: Size, divisor: number): Size {
  return divide(size, divisor, "floor");
}

/** ceil(size / divisor). */
export function ceilDivide(size: Size, divisor: number): Size {
  return divide(size, divisor, "ceil");
}

function divide(size: Size, divisor: number, rounding: "floor" | "ceil"): Size {
  if (divisor === 1) return size;
  const compute = rounding === "floor" ? Math.floor : Math.ceil;
  const pattern = rounding === "floor" ? /^floor\((.+)\/(\d+)\)$/ : /^ceil\((.+)\/(\d+)\)$/;
  return apply(
    size,
    (value) => compute(value / divisor),
    (text) => {
      const inner = pattern.exec(text);
      return inner === null ? `${rounding}(${grouped(text)}/${divisor})` : `${rounding}(${inner[1] ?? text}/${Number(inner[2]) * divisor})`;
    },
  );
}

/** size + amount. */
export function addToSize(size: Size, amount: number): Size {
  if (amount === 0) return size;
  return apply(
    size,
    (value) => value + amount,
    (text) => `${text}${amount < 0 ? "-" : "+"}${Math.abs(amount)}`,
  );
}

/** A share of a size, rounded down, at least 1 (docs/numerics.md#other-layers). `percent` is what was typed: 50 for `50%`. */
export function shareOfSize(size: Size, percent: number): Size {
  const [numerator, denominator] = reduce(percent);
  // The rounded quotient of integers: 0.29 * 100 in floating point is not 29.
  const compute = (value: number): number => Math.max(1, Math.floor((value * numerator) / denominator));
  if (typeof size === "number") return compute(size);
  if (numerator === 1) {
    const quotient = floorDivide(size, denominator);
    return typeof quotient === "number" ? quotient : { ...quotient, evaluate: (value) => compute(size.evaluate(value)) };
  }
  return apply(size, compute, (text) =>
    denominator === 1 ? `${numerator}*${grouped(text)}` : `floor(${numerator}*${grouped(text)}/${denominator})`,
  );
}

/** percent / 100 as a reduced fraction of integers. */
function reduce(percent: number): readonly [number, number] {
  let numerator = percent;
  let denominator = 100;
  while (!Number.isInteger(numerator) && denominator < 1e12) {
    numerator *= 10;
    denominator *= 10;
  }
  numerator = Math.round(numerator);
  let [a, b] = [numerator, denominator];
  while (b !== 0) [a, b] = [b, a % b];
  return a === 0 ? [0, 1] : [numerator / a, denominator / a];
}

function grouped(text: string): string {
  return /^[A-Z]$|\)$/.test(text) ? text : `(${text})`;
}

/** Undefined: not known before the sizes are. */
export function equalSizes(a: Size, b: Size): boolean | undefined {
  if (typeof a === "number" && typeof b === "number") return a === b;
  if (typeof a !== "number" && typeof b !== "number" && a.text === b.text) return true;
  return undefined;
}

/** Undefined: not known before the size is. */
export function isLess(a: Size, b: number): boolean | undefined {
  return typeof a === "number" ? a < b : undefined;
}

/** The number, or NaN while the size is open. */
export function known(size: Size): number {
  return typeof size === "number" ? size : Number.NaN;
}

export function isOpen(size: Size): boolean {
  return typeof size !== "number";
}

export function isOpenType(type: LayerType): boolean {
  return isOpen(type.height) || isOpen(type.width) || Number.isNaN(type.channels);
}

export function isSpectrum(domain: DomainName): boolean {
  return domain === "spectrum" || domain === "signal spectrum";
}

export function isImage(domain: DomainName): boolean {
  return domain === "image" || domain === "signal";
}

export function isSignal(type: LayerType): boolean {
  return type.domain === "signal" || type.domain === "signal spectrum";
}

/** The same value in the spectrum: an image's spectrum keeps the image's sizes. */
export function spectrumOf(type: LayerType): LayerType {
  return { ...type, domain: isSignal(type) ? "signal spectrum" : "spectrum" };
}

/** The image that a spectrum describes. */
export function imageOf(type: LayerType): LayerType {
  return { ...type, domain: isSignal(type) ? "signal" : "image" };
}

export function vectorOf(length: number): LayerType {
  return { domain: "vector", height: 1, width: 1, channels: length };
}

/** Columns of the half plane of an image of this width. */
export function halfColumns(width: Size): Size {
  return addToSize(floorDivide(width, 2), 1);
}

/** H * W * C of an image, channels of a vector; 2 * H * K * C reals of a spectrum; NaN while open. */
export function elementsOf(type: LayerType): number {
  if (isSpectrum(type.domain)) return 2 * known(type.height) * known(halfColumns(type.width)) * type.channels;
  return known(type.height) * known(type.width) * type.channels;
}

/** `64x64x32`, `4096x2`, `64`; an open size is `?`, or its term where it is one. */
export function shapeText(type: LayerType): string {
  const channels = Number.isNaN(type.channels) ? "?" : String(type.channels);
  if (type.domain === "vector") return channels;
  const sizes = isSignal(type) ? [type.width] : [type.height, type.width];
  return [...sizes.map(sizeText), channels].join("x");
}

/** `image 64x64x32`. */
export function typeText(type: LayerType): string {
  return `${type.domain} ${shapeText(type)}`;
}

export function sizeText(size: Size): string {
  if (typeof size === "number") return String(size);
  return size.text === size.unknown ? "?" : size.text;
}
