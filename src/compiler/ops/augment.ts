/** @file `augment`: 8-bit images moved by an affine map each, changed in value, and made the network's values. */

import type { Augmentation } from "../../plan/plan.ts";
import { elementCount } from "../../plan/shape.ts";
import { threefry } from "../../plan/threefry.ts";
import { bug } from "../diagnostics/diagnostic.ts";
import { wgslLiteral } from "../expr/expr.ts";
import type { Samples, Tensor, TypedOp } from "../graph/graph.ts";
import { defineOp, emptyTensor } from "../graph/graph.ts";
import { normalWgsl } from "../kernels/normal.ts";
import type { Declaration, Names } from "../lower/names.ts";

/** A stage that changes values. A factor is one more number in the image's row of coefficients, in the order of the stages. */
export type ValueStage =
  | { readonly kind: "brightness" }
  | { readonly kind: "contrast" }
  | { readonly kind: "noise"; readonly deviation: number };

export interface AugmentAttrs {
  /** [B, C, H, W]. */
  readonly shape: readonly number[];
  readonly border: Augmentation["border"];
  readonly values: readonly ValueStage[];
}

/** Coefficients of the affine map. */
const mapCount = 6;

/** Numbers of an image's row of coefficients. */
export function coefficientCount(values: readonly ValueStage[]): number {
  return mapCount + values.filter(({ kind }) => kind !== "noise").length;
}

export function noiseCount(values: readonly ValueStage[]): number {
  return values.filter(({ kind }) => kind === "noise").length;
}

/** 32-bit words of a pixel: four channels share one. */
export function pixelWords(channels: number): number {
  return Math.ceil(channels / 4);
}

/**
 * Inputs: pixels, i32 [B, H, W, ceil(C/4)], four channels in the bytes of a word, lowest first; coefficients,
 * f32 [B, 6 + factors]; normalisation, f32 [C, 2], factor and summand; with noise, i32 [B, 2 n], the words of
 * T(stream(7, epoch), (sample, stage)) for each of n stages (docs/numerics.md#random-numbers).
 */
export const augment: TypedOp<AugmentAttrs> = defineOp<AugmentAttrs>({
  name: "augment",
  formula: "y[b, c, m, n] = k[c] values(bilinear x[b, c, M_b (n, m)]) + d[c]",
  shape([pixels, coefficients, normalisation, noise], { shape, values }) {
    const [B, C, H, W] = shape;
    const expected = [
      ["i32", B, H, W, pixelWords(C)],
      ["f32", B, coefficientCount(values)],
      ["f32", C, 2],
      ...(noiseCount(values) === 0 ? [] : [["i32", B, 2 * noiseCount(values)]]),
    ];
    const found = [pixels, coefficients, normalisation, ...(noise === undefined ? [] : [noise])].map(({ dtype, shape: sizes }) => [
      dtype,
      ...sizes,
    ]);
    if (JSON.stringify(found) !== JSON.stringify(expected)) bug(`augment: ${JSON.stringify(found)} for ${JSON.stringify(expected)}`);
    return { shape, dtype: "f32" };
  },
  adjoint: "none",
  reference([pixels, coefficients, normalisation, noise], { border, values }, type) {
    const result = emptyTensor(type);
    const [B, C, H, W] = type.shape;
    const row = coefficientCount(values);
    for (let b = 0; b < B; b++) {
      const own = coefficients.data.subarray(b * row, (b + 1) * row);
      for (let c = 0; c < C; c++) {
        for (let m = 0; m < H; m++) {
          for (let n = 0; n < W; n++) {
            const element = (c * H + m) * W + n;
            const x = own[0] * n + own[1] * m + own[2];
            const y = own[3] * n + own[4] * m + own[5];
            let value = bilinear(x, y, border, H, W, (i, j) => byteOf(pixels, (b * H + i) * W + j, c) / 255);
            let [factor, stream] = [mapCount, 2 * noiseCount(values) * b];
            for (const stage of values) {
              if (stage.kind === "brightness") value *= own[factor++];
              else if (stage.kind === "contrast") value = 0.5 + own[factor++] * (value - 0.5);
              else value += stage.deviation * normal(noise.data[stream++], noise.data[stream++], element);
              value = Math.min(1, Math.max(0, value));
            }
            result.data[b * C * H * W + element] = value * normalisation.data[2 * c] + normalisation.data[2 * c + 1];
          }
        }
      }
    }
    return result;
  },
  lower(context, { shape, border, values }) {
    const [B, C, H, W] = shape;
    const noisy = noiseCount(values) > 0;
    const words = pixelWords(C);
    const sources = ["x", "y"].flatMap((m) => ["x", "y"].map((n) => [m, n]));
    // One invocation does a pixel: its channels share the map and the weights, and four at a time the loads.
    context.elements({
      title: "images",
      count: B * H * W,
      reads: context.inputs,
      writes: [context.output],
      declarations: [...(noisy ? normalWgsl : []), ...tapsWgsl(border)],
      body: ({ load, store, own }) =>
        [
          `let b = i / ${H * W}u;`,
          `let pixel = i % ${H * W}u;`,
          `let at = vec2f(f32(pixel % ${W}u), f32(pixel / ${W}u));`,
          `let row = b * ${coefficientCount(values)}u;`,
          `let across = ${own("taps")}(${load(1)}(row) * at.x + ${load(1)}(row + 1u) * at.y + ${load(1)}(row + 2u), ${W});`,
          `let down = ${own("taps")}(${load(1)}(row + 3u) * at.x + ${load(1)}(row + 4u) * at.y + ${load(1)}(row + 5u), ${H});`,
          `let rows = (vec2u(down.index) + b * ${H}u) * ${W}u;`,
          `let columns = vec2u(across.index);`,
          ...["x", "y"].map((side) => `let weights_${side} = across.weight * down.weight.${side};`),
          `for (var word = 0u; word < ${words}u; word++) {`,
          `  let four = ${sources.map(([m, n]) => `weights_${m}.${n} * ${wordWgsl(load(0), m, n, words)}`).join(" + ")};`,
          `  for (var c = 4u * word; c < min(4u * word + 4u, ${C}u); c++) {`,
          `    var v = four[c & 3u];`,
          ...(values.length === 0
            ? []
            : [`    let element = c * ${H * W}u + pixel;`, ...valueLines({ load, own }, values).map((line) => `    ${line}`)]),
          `    ${store(0)}((b * ${C}u + c) * ${H * W}u + pixel, v * ${load(2)}(2u * c) + ${load(2)}(2u * c + 1u));`,
          `  }`,
          `}`,
        ].join("\n  "),
    });
  },
  reuse: (_inputs, { shape }, input) => (input === 0 ? 4 : input === 1 ? shape[2] * shape[3] : shape[0] * shape[2] * shape[3]),
  flops: (_inputs, { shape, values }) =>
    elementCount(shape) * (12 + 4 * values.length + 130 * noiseCount(values)) + (elementCount(shape) / shape[1]) * 24,
  print: ({ shape, border, values }) =>
    [
      shape.join("x"),
      `border ${border}`,
      ...values.map((stage) => (stage.kind === "noise" ? `noise ${stage.deviation}` : stage.kind)),
    ].join(", "),
});

export const augmentSamples: Samples<AugmentAttrs> = () => [
  {
    title: "nearest, three channels",
    attrs: { shape: [3, 3, 7, 9], border: "nearest", values: [] },
    inputs: inputsFor([3, 3, 7, 9], 6),
    draw: drawSample(6),
    tolerance: 3e-6,
  },
  {
    title: "zero, values changed",
    attrs: { shape: [2, 6, 8, 5], border: "zero", values: [{ kind: "brightness" }, { kind: "contrast" }] },
    inputs: inputsFor([2, 6, 8, 5], 8),
    draw: drawSample(8),
    tolerance: 3e-6,
  },
  {
    title: "wrap, noise",
    attrs: {
      shape: [2, 3, 5, 6],
      border: "wrap",
      values: [{ kind: "noise", deviation: 0.05 }, { kind: "contrast" }, { kind: "noise", deviation: 0.1 }],
    },
    inputs: [...inputsFor([2, 3, 5, 6], 7), { shape: [2, 4], dtype: "i32" }],
    draw: drawSample(7),
    tolerance: 5e-6,
  },
];

/** The statements of `taps`, which give a structure `Taps`. */
const tapLines: Readonly<Record<Augmentation["border"], (Taps: string) => readonly string[]>> = {
  nearest: (Taps) => [
    `let inside = clamp(at, 0.0, f32(size - 1));`,
    `let first = floor(inside);`,
    `let index = vec2i(i32(first), min(i32(first) + 1, size - 1));`,
    `return ${Taps}(index, vec2f(1.0 - (inside - first), inside - first));`,
  ],
  // Beyond one pixel outside, everything is 0 as it is there.
  zero: (Taps) => [
    `let near = clamp(at, -1.0, f32(size));`,
    `let first = floor(near);`,
    `let index = vec2i(i32(first), i32(first) + 1);`,
    `let weight = vec2f(1.0 - (near - first), near - first);`,
    `let there = (index >= vec2i(0)) & (index < vec2i(size));`,
    `return ${Taps}(clamp(index, vec2i(0), vec2i(size - 1)), select(vec2f(0.0), weight, there));`,
  ],
  wrap: (Taps) => [
    `let first = floor(at);`,
    `let index = ((i32(first) % size) + size) % size;`,
    `return ${Taps}(vec2i(index, (index + 1) % size), vec2f(1.0 - (at - first), at - first));`,
  ],
};

/** `taps`: indices of the two sources along one axis and what each weighs, from a coordinate and the size of the side. */
function tapsWgsl(border: Augmentation["border"]): readonly Declaration[] {
  return [
    { kind: "struct", name: "Taps", text: () => ` { index: vec2i, weight: vec2f }` },
    {
      kind: "fn",
      name: "taps",
      text: ({ own }) =>
        [`(at: f32, size: i32) -> ${own("Taps")} {`, ...tapLines[border](own("Taps")).map((line) => `  ${line}`), `}`].join("\n"),
    },
  ];
}

/** Four channels of a source, from 0 to 1. */
function wordWgsl(load: string, m: string, n: string, words: number): string {
  const at = `rows.${m} + columns.${n}`;
  return `unpack4x8unorm(u32(${load}(${words === 1 ? at : `(${at}) * ${words}u + word`})))`;
}

function valueLines({ load, own }: Pick<Names, "load" | "own">, values: readonly ValueStage[]): readonly string[] {
  let [factor, stream] = [mapCount, 0];
  return values.map((stage) => {
    if (stage.kind === "brightness") return `v = saturate(v * ${load(1)}(row + ${factor++}u));`;
    if (stage.kind === "contrast") return `v = saturate(0.5 + ${load(1)}(row + ${factor++}u) * (v - 0.5));`;
    const key = [0, 1].map(() => `u32(${load(3)}(b * ${2 * noiseCount(values)}u + ${stream++}u))`);
    return `v = saturate(v + ${wgslLiteral(stage.deviation)} * ${own("normal")}(vec2u(${key.join(", ")}), element));`;
  });
}

function byteOf(pixels: Tensor, pixel: number, channel: number): number {
  return (pixels.data[pixel * pixels.shape[3] + (channel >> 2)] >>> (8 * (channel & 3))) & 255;
}

/** @param at of a source inside the image, by row and column */
function bilinear(
  x: number,
  y: number,
  border: Augmentation["border"],
  H: number,
  W: number,
  at: (m: number, n: number) => number,
): number {
  if (border === "nearest") return bilinear(Math.min(W - 1, Math.max(0, x)), Math.min(H - 1, Math.max(0, y)), "zero", H, W, at);
  const source = (m: number, n: number): number => {
    if (border === "wrap") return at(((m % H) + H) % H, ((n % W) + W) % W);
    return m >= 0 && m < H && n >= 0 && n < W ? at(m, n) : 0;
  };
  const [m, n] = [Math.floor(y), Math.floor(x)];
  const [down, across] = [y - m, x - n];
  return (
    (1 - down) * ((1 - across) * source(m, n) + across * source(m, n + 1)) +
    down * ((1 - across) * source(m + 1, n) + across * source(m + 1, n + 1))
  );
}

/** Number `element` of a stream of normal numbers. */
function normal(low: number, high: number, element: number): number {
  const words = threefry([low, high], [element >> 1, 0]);
  const radius = Math.sqrt(-2 * Math.log((words[0] + 0.5) * 2 ** -32));
  const angle = 2 * Math.PI * words[1] * 2 ** -32;
  return radius * (element % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
}

function inputsFor(
  [B, C, H, W]: readonly number[],
  row: number,
): readonly { readonly shape: readonly number[]; readonly dtype: "i32" | "f32" }[] {
  return [
    { shape: [B, H, W, pixelWords(C)], dtype: "i32" },
    { shape: [B, row], dtype: "f32" },
    { shape: [C, 2], dtype: "f32" },
  ];
}

/** Any bytes; maps that turn, stretch and leave the image on all sides; factors about 1. */
function drawSample(row: number): (input: number, element: number, normal: () => number) => number {
  const map = [0.9, -0.4, 1.2, 0.3, 1.1, -2.3];
  return (input, element, next) => {
    if (input === 0 || input === 3) return threefry([17, input], [element, 0])[0] | 0;
    if (input === 1) return (map[element % row] ?? 1.1) + 0.1 * next();
    return element % 2 === 0 ? 1.5 : -0.5;
  };
}
