/**
 * @file One bit for each point of pairs of lines, in words: what the backward pass needs to know of a piecewise linear function
 * (docs/kernels.md#masks). A word has the points that one lane holds at the end of a transform in workgroup memory, so
 * that no two lanes share a word; the other schedules keep to that layout.
 */

import { bug } from "../diagnostics/diagnostic.ts";
import type { Tensor } from "../graph/graph.ts";
import { emptyTensor } from "../graph/graph.ts";
import type { FftLimits } from "./fft/plan.ts";
import { planFft } from "./fft/plan.ts";

/** Words of a pair of lines of n points: point `place` has the bits 2 i and 2 i + 1 of word `place % words`, i = floor(place / words). */
export function maskWords(n: number, limits: FftLimits): number {
  const plan = planFft(n, limits);
  return plan.kind === "local" ? n / (plan.radices.at(-1) ?? 1) : bug(`a mask of ${n} points`);
}

/** WGSL for the bits of point `i` of a word; `flags` is a vec2f of ones and zeros. */
export function maskBits(flags: string, i: number): string {
  return `select(0u, ${2 ** (2 * i)}u, ${flags}.x != 0.0) | select(0u, ${2 ** (2 * i + 1)}u, ${flags}.y != 0.0)`;
}

/** WGSL for the vec2f that these bits were made of. */
export function maskFlags(word: string, i: number): string {
  return `vec2f(select(0.0, 1.0, (${word} & ${2 ** (2 * i)}u) != 0u), select(0.0, 1.0, (${word} & ${2 ** (2 * i + 1)}u) != 0u))`;
}

/** Flags [B,F,H,W] -> words [B,H'/2,F,words] i32. */
export function packMask(flags: Tensor, words: number): Tensor {
  const [B, F, H] = flags.shape;
  const result = emptyTensor({ shape: [B, Math.ceil(H / 2), F, words], dtype: "i32" });
  forPixels(flags.shape, words, (pixel, word, bit) => {
    if (flags.data[pixel] !== 0) result.data[word] |= 2 ** bit;
  });
  return result;
}

/** The inverse: [B,H'/2,F,words] -> [B,F,height,width]. */
export function unpackMask(mask: Tensor, height: number, width: number): Tensor {
  const [B, , F, words] = mask.shape;
  const result = emptyTensor({ shape: [B, F, height, width], dtype: "f32" });
  forPixels(result.shape, words, (pixel, word, bit) => {
    result.data[pixel] = (mask.data[word] >>> bit) & 1;
  });
  return result;
}

function forPixels([B, F, H, W]: readonly number[], words: number, body: (pixel: number, word: number, bit: number) => void): void {
  for (let plane = 0; plane < B * F; plane++) {
    for (let y = 0; y < H; y++) {
      const line = (Math.floor(plane / F) * Math.ceil(H / 2) + (y >> 1)) * F + (plane % F);
      for (let x = 0; x < W; x++) body((plane * H + y) * W + x, line * words + (x % words), 2 * Math.floor(x / words) + (y % 2));
    }
  }
}
