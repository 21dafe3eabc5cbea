/** @file `dropoutMask`: which elements of a step's activations are kept, drawn per image and independent of the batch. */

import { elementCount } from "../../plan/shape.ts";
import type { Words } from "../../plan/threefry.ts";
import { threefry } from "../../plan/threefry.ts";
import { bug } from "../diagnostics/diagnostic.ts";
import { wgslLiteral } from "../expr/expr.ts";
import type { Samples, TypedOp } from "../graph/graph.ts";
import { defineOp, emptyTensor } from "../graph/graph.ts";
import { threefryWgsl } from "../kernels/threefry.ts";
import { outputElements } from "../lower/context.ts";

export interface DropoutMaskAttrs {
  /** [B, ...]. */
  readonly shape: readonly number[];
  /** The share that is dropped, 0 <= rate < 1. */
  readonly rate: number;
  /** The words of stream(5, layer ordinal): seed, trial and layer are already in them (docs/numerics.md#random-numbers). */
  readonly key: Words;
}

/**
 * Inputs: the step, i32 [1], and the position of each image in the batch, i32 [B]: where the batch is cut into slabs, a slab's
 * first image is not at position 0. The draw of element e of the image at position b is T(T(key, (step, 0)), (e, b)); the
 * uniform number of its first word keeps the element when it is at least `rate`. Kept elements are 1/(1 - rate).
 */
export const dropoutMask: TypedOp<DropoutMaskAttrs> = defineOp<DropoutMaskAttrs>({
  name: "dropoutMask",
  formula: "y[b, e] = 1/(1-P) where uniform(T(T(key, (step, 0)), (e, position[b]))) >= P, 0 elsewhere",
  shape([step, positions], { shape, rate }) {
    if (step.dtype !== "i32" || elementCount(step.shape) !== 1) bug(`dropoutMask: the step is ${step.dtype} ${step.shape.join("x")}`);
    if (positions.dtype !== "i32" || elementCount(positions.shape) !== shape[0])
      bug(`dropoutMask: the positions are ${positions.dtype} ${positions.shape.join("x")}`);
    if (!(rate >= 0 && rate < 1)) bug(`dropoutMask: rate ${rate}`);
    return { shape, dtype: "f32" };
  },
  adjoint: "none",
  reference([step, positions], { rate, key }, type) {
    const result = emptyTensor(type);
    const perImage = elementCount(type.shape.slice(1));
    const stepKey = threefry(key, [step.data[0], 0]);
    for (let i = 0; i < result.data.length; i++) {
      const [word] = threefry(stepKey, [i % perImage, positions.data[Math.floor(i / perImage)]]);
      result.data[i] = word >>> 8 >= threshold(rate) ? 1 / (1 - rate) : 0;
    }
    return result;
  },
  lower(context, { rate, key }, type) {
    const perImage = elementCount(type.shape.slice(1));
    outputElements(context, {
      title: "mask",
      declarations: [threefryWgsl],
      body: ({ load, store, own }) =>
        [
          `let key = ${own("threefry")}(vec2u(${key[0] >>> 0}u, ${key[1] >>> 0}u), vec2u(u32(${load(0)}(0u)), 0u));`,
          `let word = ${own("threefry")}(key, vec2u(i % ${perImage}u, u32(${load(1)}(i / ${perImage}u)))).x;`,
          `${store(0)}(i, select(0.0, ${wgslLiteral(1 / (1 - rate))}, (word >> 8u) >= ${threshold(rate)}u));`,
        ].join("\n  "),
    });
  },
  reuse: (_inputs, attrs) => elementCount(attrs.shape),
  flops: (_inputs, _attrs, type) => 200 * elementCount(type.shape),
  print: ({ shape, rate, key }) => `${shape.join("x")}, rate ${rate}, key ${key.join(" ")}`,
});

export const dropoutMaskSamples: Samples<DropoutMaskAttrs> = () => [
  {
    title: "images",
    attrs: { shape: [3, 2, 5, 7], rate: 0.25, key: [0x13198a2e, 0x83707344] },
    inputs: [
      { shape: [1], dtype: "i32" },
      { shape: [3], dtype: "i32" },
    ],
    draw: (_input, element) => 7 + element,
    tolerance: 1e-7,
  },
  {
    title: "nothing dropped",
    attrs: { shape: [2, 9], rate: 0, key: [1, 2] },
    inputs: [
      { shape: [1], dtype: "i32" },
      { shape: [2], dtype: "i32" },
    ],
    draw: (_input, element) => element,
    tolerance: 0,
  },
];

/** uniform = (word >>> 8) 2^-24 >= rate, as a comparison of integers: exact everywhere. */
function threshold(rate: number): number {
  return Math.ceil(rate * 16777216);
}
