/** @file WGSL that the kernels between two spectral layers share: pairs of rows, in and out of row spectra, with numbers by channel. */

import { elementCount } from "../../plan/shape.ts";
import { bug } from "../diagnostics/diagnostic.ts";
import type { Expr } from "../expr/expr.ts";
import { printWgsl } from "../expr/expr.ts";
import { readOperand } from "../expr/operands.ts";
import type { TensorType } from "../graph/types.ts";
import type { Port } from "../lower/context.ts";
import type { Names } from "../lower/names.ts";
import type { Target } from "../lower/target.ts";
import type { FftChain, FromHalves, ToHalves } from "./fft/chain.ts";
import { fftChain } from "./fft/choose-chain.ts";
import { maskWords } from "./mask-words.ts";
import type { RowSpectraSize } from "./row-spectra.ts";
import { pairPlace, storedRows } from "./row-spectra.ts";

/** Lines are the pairs of rows of `images` images with `channels` channels each. */
export class ActivationRows {
  readonly size: RowSpectraSize;
  readonly chain: FftChain;
  readonly #channels: number;
  /** Pairs of rows of an image. */
  readonly #pairs: number;
  readonly #words: number;

  constructor(size: RowSpectraSize, images: number, channels: number, target: Target) {
    this.size = size;
    this.#channels = channels;
    this.#pairs = storedRows(size.H) / 2;
    this.#words = maskWords(size.W, target);
    this.chain = fftChain(size.W, images * this.#pairs, "lines", target);
  }

  /** The rows of `channel`, or of the sum, in read `read`, as complex lines with the parts swapped: an inverse transform. */
  source({ load, own }: Names, read: number, channel: string | undefined, scale: string): FromHalves {
    return {
      load: (k) => `${load(read)}(${this.#place(channel, k)})`,
      point: (half, place) => `${own("rowPoint")}(${half}, ${place}, ${scale}[0]).yx`,
    };
  }

  /** Row spectra of `channel`, or of the sum. */
  sink({ store, own }: Names, channel: string | undefined, scale: string): ToHalves {
    return {
      pair: (here, mirrored, k) => `${own("rowPair")}(${here}, ${mirrored}, ${k}, ${scale}[0])`,
      storePair: (k, pair) => `${store(0)}(${this.#place(channel, k)}, ${pair});`,
    };
  }

  /** The number of the pair of rows among those of all channels: what image sources and sinks call a line. */
  imageLine(channel: string): string {
    return `((line / ${this.#pairs}u * ${this.#channels}u + ${channel}) * ${this.#pairs}u + line % ${this.#pairs}u)`;
  }

  /** Where a mask [B,H'/2,F,words] has word `word` of `channel`. */
  maskPlace(channel: string, word: string): string {
    return `(line * ${this.#channels}u + ${channel}) * ${this.#words}u + ${word}`;
  }

  /** Where [B,H'/2,F] has the number of `channel`. */
  sumPlace(channel: string): string {
    return `line * ${this.#channels}u + ${channel}`;
  }

  /** Zero in the row that only fills the last pair of an odd number of rows. */
  insideImage(value: string): string {
    return this.size.H % 2 === 0 ? value : `(${value} * vec2f(1.0, select(1.0, 0.0, line % ${this.#pairs}u == ${this.#pairs - 1}u)))`;
  }

  #place(channel: string | undefined, k: string): string {
    const plane = channel === undefined ? `(line / ${this.#pairs}u)` : `(line / ${this.#pairs}u * ${this.#channels}u + ${channel})`;
    return pairPlace(plane, k, `line % ${this.#pairs}u`, this.size);
  }
}

export function pairs(port: Port): Port {
  return { ...port, pairs: true };
}

/** `other1`, `other2`, ...: the numbers of channel `f`, from the reads that begin with `first`; variables, and what sets them. */
export function loadOthers(
  { load }: Names,
  others: readonly Port[],
  first: number,
  f: string,
): { readonly declare: readonly string[]; readonly code: readonly string[] } {
  return {
    declare: others.map((_, index) => `var other${index + 1} = 0.0;`),
    code: others.map((other, index) => `other${index + 1} = ${load(first + index)}(${elementCount(other.type.shape) === 1 ? "0u" : f});`),
  };
}

/** Expressions at both rows of point `z{i}`, as vec2f. Names carry the `i`, so that several points fit in one scope. */
export function elementwise(
  values: readonly Expr[],
  i: string,
): { readonly lines: readonly string[]; readonly results: readonly string[] } {
  const parts = (["x", "y"] as const).map((part) =>
    printWgsl(
      values,
      (name) => {
        const { index } = readOperand(name) ?? bug(`an activation of ${name}`);
        return index === 0 ? `z${i}.${part}` : `other${index}`;
      },
      `${part}${i}t`,
    ),
  );
  return {
    lines: parts.flatMap(({ lets }) => lets),
    results: values.map((_, index) => `vec2f(${parts.map(({ results }) => results[index]).join(", ")})`),
  };
}

/** [B,H'/2,F,words] i32. */
export function maskType(images: number, channels: number, height: number, words: number): TensorType {
  return { shape: [images, storedRows(height) / 2, channels, words], dtype: "i32" };
}
