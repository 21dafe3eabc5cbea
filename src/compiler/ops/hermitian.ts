/** @file The Hermitian projection of a half spectrum: what an inverse FFT followed by an FFT does. */

import { elementCount, halfWidth } from "../../plan/shape.ts";
import { bug } from "../diagnostics/diagnostic.ts";
import type { Samples, TypedOp } from "../graph/graph.ts";
import { defineOp, emptyTensor } from "../graph/graph.ts";

export interface HermitianAttrs {
  /** W of the image: the half spectrum alone does not say whether it is even. */
  readonly width: number;
}

/** See docs/numerics.md#hermitian-projection. Self-adjoint with respect to the two reals of each bin. */
export const hermitian: TypedOp<HermitianAttrs> = defineOp<HermitianAttrs>({
  name: "hermitian",
  formula: "Herm R[ky,kx] = (R[ky,kx] + conj R[(-ky) mod H, kx]) / 2 for kx = 0 and kx = W/2, R elsewhere",
  shape: ([input], { width }) => {
    if (input.dtype !== "c32" || input.shape.length < 2 || input.shape.at(-1) !== halfWidth(width))
      bug(`hermitian of width ${width} on ${input.shape.join("x")}`);
    return input;
  },
  adjoint: (builder, dy, _node, attrs) => [hermitian.build(builder, [dy], attrs)],
  reference: ([input], { width }, type) => {
    const [H, K] = type.shape.slice(-2);
    const result = { ...emptyTensor(type), data: input.data.slice() };
    const planes = elementCount(type.shape.slice(0, -2));
    for (let plane = 0; plane < planes; plane++) {
      for (let ky = 0; ky < H; ky++) {
        for (const kx of selfConjugateColumns(width)) {
          const here = 2 * ((plane * H + ky) * K + kx);
          const mirrored = 2 * ((plane * H + ((H - ky) % H)) * K + kx);
          result.data[here] = (input.data[here] + input.data[mirrored]) / 2;
          result.data[here + 1] = (input.data[here + 1] - input.data[mirrored + 1]) / 2;
        }
      }
    }
    return result;
  },
  lower: (context, { width }, type) => {
    const [H, K] = type.shape.slice(-2);
    context.elements({
      title: "hermitian",
      count: elementCount(type.shape),
      reads: [context.inputs[0]],
      writes: [context.output],
      body: ({ load, store }) =>
        [
          `let kx = i % ${K}u;`,
          `var value = ${load(0)}(i);`,
          `if (${isSelfConjugate("kx", width)}) {`,
          `  let ky = i / ${K}u % ${H}u;`,
          `  let mirrored = ${load(0)}(i - ky * ${K}u + (${H}u - ky) % ${H}u * ${K}u);`,
          `  value = 0.5 * vec2f(value.x + mirrored.x, value.y - mirrored.y);`,
          `}`,
          `${store(0)}(i, value);`,
        ].join("\n  "),
    });
  },
  // Each bin once, those of the self-conjugate columns a second time for their mirror image.
  reuse: () => 2,
  flops: (_inputs, { width }, type) => (4 * elementCount(type.shape) * selfConjugateColumns(width).length) / (type.shape.at(-1) ?? 1),
  print: ({ width }) => `width ${width}`,
});

export const hermitianSamples: Samples<HermitianAttrs> = () =>
  [
    [1, 1],
    [1, 6],
    [5, 7],
    [5, 8],
    [6, 7],
    [6, 8],
  ].map(([H, W]) => ({
    title: `${H}x${W}`,
    attrs: { width: W },
    inputs: [{ shape: [2, 3, H, halfWidth(W)], dtype: "c32" }],
    tolerance: 1e-6,
  }));

/** The columns that are their own mirror images: 0, and W/2 when W is even. */
export function selfConjugateColumns(width: number): readonly number[] {
  return width % 2 === 0 ? [0, width / 2] : [0];
}

/** WGSL condition for column `kx` (u32) of an image W wide. */
export function isSelfConjugate(kx: string, width: number): string {
  return width % 2 === 0 ? `${kx} == 0u || ${kx} == ${width / 2}u` : `${kx} == 0u`;
}
