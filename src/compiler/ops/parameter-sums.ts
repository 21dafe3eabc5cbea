/** @file `parameterSums`: the columns' parts of the gradients of filter parameters become these gradients. */

import { elementCount } from "../../plan/shape.ts";
import type { Samples, TypedOp } from "../graph/graph.ts";
import { defineOp, emptyTensor } from "../graph/graph.ts";
import type { TensorType } from "../graph/types.ts";
import { emitLongSums } from "../kernels/long-sum.ts";

export interface ParameterSumsAttrs {
  readonly parts: 1 | 2;
}

/**
 * g [B,K,F,slots] or [B,C,K,F/C,slots] f32, as `spectralProductGradient` makes it -> dL/dp [parts,F] of each parameter:
 * slots/parts results.
 */
export const parameterSums: TypedOp<ParameterSumsAttrs> = defineOp<ParameterSumsAttrs>({
  name: "parameterSums",
  formula: "dL/dp[part, f] = sum over b, kx of g[b, c, kx, f', slot]; f = c F/C + f', slot = p parts + part",
  shape: ([columns], attrs) => ({ shape: [attrs.parts, sizesOf(columns).F], dtype: "f32" }),
  extras: ([columns], { parts }) =>
    Array.from({ length: sizesOf(columns).slots / parts - 1 }, () => ({ shape: [parts, sizesOf(columns).F], dtype: "f32" })),
  adjoint: "none",
  reference([columns], { parts }, type) {
    const { F, C, K, count, slots } = sizesOf(columns);
    const results = Array.from({ length: slots / parts }, () => emptyTensor(type));
    columns.data.forEach((value, i) => {
      const [slot, f, c] = [i % slots, Math.floor(i / slots) % count, Math.floor(i / (slots * count * K)) % C];
      results[Math.floor(slot / parts)].data[(slot % parts) * F + c * count + f] += value;
    });
    return { ...results[0], extras: results.slice(1) };
  },
  lower(context, { parts }) {
    const [columns] = context.inputs;
    const { B, F, C, K, count, slots } = sizesOf(columns.type);
    const outputs = [context.output, ...context.extras];
    emitLongSums(
      context,
      {
        title: "parameters",
        reads: [columns],
        tiles: F,
        width: slots,
        complex: false,
        length: B * K,
        locate: "",
        term: ({ load }) =>
          [
            `let line = ${C === 1 ? "s" : `(s / ${K}u * ${C}u + tile / ${count}u) * ${K}u + s % ${K}u`};`,
            `let at = (line * ${count}u + ${C === 1 ? "tile" : `tile % ${count}u`}) * ${slots}u;`,
            ...Array.from({ length: slots }, (_, slot) => `sum${slot} += ${load(0)}(at + ${slot}u);`),
          ]
            .map((line) => `  ${line}`)
            .join("\n  "),
      },
      Array.from({ length: slots }, (_, slot) => ({ output: outputs[Math.floor(slot / parts)], place: `${slot % parts}u * ${F}u + tile` })),
    );
  },
  reuse: () => 1,
  flops: ([columns]) => elementCount(columns.shape),
  print: ({ parts }) => `${parts}`,
});

export const parameterSumsSamples: Samples<ParameterSumsAttrs> = () => [
  { title: "two parts", attrs: { parts: 2 }, inputs: [{ shape: [3, 5, 4, 6], dtype: "f32" }], tolerance: 2e-6 },
  { title: "of channels, in chunks", attrs: { parts: 1 }, inputs: [{ shape: [7, 3, 61, 2, 12], dtype: "f32" }], tolerance: 2e-6 },
];

function sizesOf({ shape }: Pick<TensorType, "shape">): {
  readonly B: number;
  readonly F: number;
  readonly C: number;
  readonly K: number;
  readonly count: number;
  readonly slots: number;
} {
  const [K, count, slots] = shape.slice(-3);
  const C = shape.length === 5 ? shape[1] : 1;
  return { B: shape[0], F: C * count, C, K, count, slots };
}
