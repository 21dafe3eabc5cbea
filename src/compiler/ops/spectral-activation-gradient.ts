/**
 * @file The adjoint of `spectralActivation`: the gradient of its result, times the slopes of its function, to row spectra again
 * (docs/kernels.md#fused-spectral-layers). Slopes are known from the layer's spectra, whose images are made once more, or from a mask.
 */

import { halfWidth } from "../../plan/shape.ts";
import { bug } from "../diagnostics/diagnostic.ts";
import type { Expr } from "../expr/expr.ts";
import { constant, cost, multiply, printExpr } from "../expr/expr.ts";
import { operand } from "../expr/operands.ts";
import type { Samples, Tensor, TypedOp } from "../graph/graph.ts";
import { defineOp } from "../graph/graph.ts";
import type { TensorType } from "../graph/types.ts";
import { ActivationRows, elementwise, loadOthers, maskType, pairs } from "../kernels/activation-rows.ts";
import type { Transform } from "../kernels/fft/chain.ts";
import { maskWords, unpackMask } from "../kernels/mask-words.ts";
import { forwardScale, imageSource, inverseScale, rowDeclarations, storedRows } from "../kernels/row-spectra.ts";
import { boundOf, boundsTable } from "../kernels/strided.ts";
import { baseline } from "../lower/target.ts";
import { transformTolerance } from "./fft.ts";
import { rowImages, rowSpectra } from "./half-transform.ts";
import { map } from "./map.ts";

export interface SpectralActivationGradientAttrs {
  /** H and W of the images, and how many channels they have. */
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** What the function's result became: row spectra of the channels, or of their sum; or images. */
  readonly output: "spectra" | "sum" | "images";
  /** How a point is known: by the layer's spectra U [B,F,K,H'] c32, or by a mask [B,H'/2,F,words] i32. */
  readonly known: "spectra" | "mask";
  /** Of the function, with respect to the point and to each of the per-channel numbers `x1`, `x2`, ...; `x0` is the point, or its flag. */
  readonly slopes: readonly Expr[];
  /** For each of the per-channel numbers, whether its gradient is wanted. */
  readonly wanted: readonly boolean[];
}

/**
 * The result's gradient, U or the mask, per-channel numbers -> dU [B,F,K,H'] and, for each of the numbers, its gradient by
 * image and pair of rows, [B,H'/2,F].
 */
export const spectralActivationGradient: TypedOp<SpectralActivationGradientAttrs> = defineOp<SpectralActivationGradientAttrs>({
  name: "spectralActivationGradient",
  formula: "dU[f] = weighted row transform of dx g'(row image of U[f]), dx the row image of dT",
  shape: ([dy], { height, width, channels }) => ({ shape: [dy.shape[0], channels, halfWidth(width), storedRows(height)], dtype: "c32" }),
  extras: ([dy], { wanted, height, channels }) =>
    wanted.map(() => ({ shape: [dy.shape[0], storedRows(height) / 2, channels], dtype: "f32" })),
  adjoint: "none",
  reference([dy, given, ...others], attrs) {
    const { height, width, output, known } = attrs;
    const images = known === "mask" ? unpackMask(given, height, width) : rowImages(given, { height, width, weighted: false });
    const upstream = output === "images" ? dy : rowImages(dy, { height, width, weighted: true });
    const [B] = images.shape;
    const spread = { ...upstream, shape: output === "sum" ? [B, 1, height, width] : upstream.shape };
    const times = (slope: Expr): Tensor => mapImages([images, ...others, spread], multiply(operand(others.length + 1), slope));
    const [own, ...rest] = attrs.slopes;
    return { ...rowSpectra(times(own), { height, width, weighted: true }), extras: rest.map((slope) => sumByPairs(times(slope))) };
  },
  lower(context, attrs) {
    const [upstream, given, ...others] = context.inputs;
    const { channels: F, output, known, slopes } = attrs;
    const size = { H: attrs.height, W: attrs.width };
    const rows = new ActivationRows(size, context.output.type.shape[0], F, context.target);
    const wanted = attrs.wanted.flatMap((flag, index) => (flag && context.extras[index] !== undefined ? [index] : []));
    const values = [slopes[0], ...wanted.map((index) => slopes[index + 1])];
    const image = imageSource(upstream, size);
    context.groups(
      rows.chain.kernel(
        {
          title: "activation gradient",
          reads: [output === "images" ? upstream : pairs(upstream), known === "mask" ? given : pairs(given), ...others],
          writes: [pairs(context.output), ...wanted.map((index) => context.extras[index] ?? bug("a sum without memory"))],
          tables: [boundsTable([F]), inverseScale(size, false), inverseScale(size, true), forwardScale(size, true)],
          declarations: rowDeclarations(size),
        },
        (names, points) => {
          const fetched = points.fetch("image", (place) => image.load(rows.imageLine("f"), place, names));
          const gradient = (i: string, place: string): string =>
            output === "images" ? fetched.at(i, place) : points.held("gradient", i, place);
          const upstreamRows = (channel: string | undefined): Transform => ({
            from: rows.source(names, 0, channel, names.table(2)),
            to: { hold: (i, place, value) => `${points.held("gradient", i, place)} = ${value}.yx;` },
          });
          // Of point `z{i}`: its part of the sums, and `d{i}`, its gradient.
          const point = (i: string, place: string): string => {
            const { lines, results } = elementwise(values, i);
            const sums = wanted.map((index, position) => `sum${index} += dot(g${i}, ${results[position + 1]});`);
            return [`let g${i} = ${rows.insideImage(gradient(i, place))};`, ...lines, ...sums, `let d${i} = g${i} * ${results[0]};`].join(
              " ",
            );
          };
          const flags = points.fetchMask("mask", (word) => `bitcast<u32>(${names.load(1)}(${rows.maskPlace("f", word)}))`);
          const numbers = loadOthers(names, others, 2, "f");
          const before = [...numbers.code, ...wanted.map((index) => `sum${index} = 0.0;`), ...(output === "images" ? fetched.code : [])];
          const rest = {
            to: rows.sink(names, "f", names.table(3)),
            sums: wanted.map((index, position) => ({
              value: `sum${index}`,
              store: (total: string) => `${names.store(position + 1)}(${rows.sumPlace("f")}, ${total});`,
            })),
          };
          const forward: readonly Transform[] =
            known === "mask"
              ? [
                  {
                    before: [...before, ...flags.code],
                    from: {
                      enter: flags.enter,
                      prepare: (i, place) => `let z${i} = ${flags.at(i, place)}; ${point(i, place)}`,
                      held: (i) => `d${i}`,
                    },
                    ...rest,
                  },
                ]
              : [
                  {
                    before,
                    from: rows.source(names, 1, "f", names.table(1)),
                    to: {
                      hold: (i, place, value) => `let z${i} = ${value}.yx; ${point(i, place)} ${points.held("next", i, place)} = d${i};`,
                    },
                  },
                  { from: { held: (i, place) => points.held("next", i, place) }, ...rest },
                ];
          return {
            start: [
              ...(output === "images" ? fetched.declare : points.declareHeld("gradient")),
              ...(known === "mask" ? flags.declare : points.declareHeld("next")),
              ...numbers.declare,
              ...wanted.map((index) => `var sum${index} = 0.0;`),
            ],
            transforms: [
              ...(output === "sum" ? [upstreamRows(undefined)] : []),
              {
                variable: "f",
                bound: boundOf(names.table(0), 0),
                transforms: [...(output === "spectra" ? [upstreamRows("f")] : []), ...forward],
              },
            ],
          };
        },
      ),
    );
  },
  reuse: () => 1,
  flops([dy], { height, width, channels, output, known, slopes }) {
    const transforms = channels + (known === "mask" ? 0 : channels) + { spectra: channels, sum: 1, images: 0 }[output];
    return dy.shape[0] * height * width * (transforms * 2.5 * Math.log2(Math.max(2, width)) + channels * (cost(...slopes) + 1));
  },
  plainInputs: true,
  plainOutput: true,
  print: ({ height, width, output, known, slopes, wanted }) =>
    `${height}x${width}: ${output} of ${known}, ` +
    `${slopes.map((slope, index) => (index === 0 || wanted[index - 1] ? printExpr(slope) : "-")).join(", ")}`,
});

export const spectralActivationGradientSamples: Samples<SpectralActivationGradientAttrs> = gradientSamples;

/** An expression of images [B,F,H,W] (`x0`) and of others that broadcast to them. */
export function mapImages(inputs: readonly Tensor[], value: Expr): Tensor {
  const { shape } = inputs[0];
  return map.reference(inputs, { shape, value: { re: value, im: constant(0) }, complex: false }, { shape, dtype: "f32" });
}

/** [B,F,H,W] -> [B,H'/2,F]. */
function sumByPairs(images: Tensor): Tensor {
  const [B, F, H, W] = images.shape;
  const rows = storedRows(H) / 2;
  const data = new Float64Array(B * rows * F);
  images.data.forEach((value, index) => {
    const [plane, y] = [Math.floor(index / (H * W)), Math.floor(index / W) % H];
    data[(Math.floor(plane / F) * rows + (y >> 1)) * F + (plane % F)] += value;
  });
  return { shape: [B, rows, F], dtype: "f32", data };
}

/** One and two factors, three; both parities. */
function gradientSamples(): {
  readonly title: string;
  readonly attrs: SpectralActivationGradientAttrs;
  readonly inputs: readonly TensorType[];
  readonly draw: (input: number, element: number, normal: () => number) => number;
  readonly tolerance: number;
}[] {
  const sizes = [
    [
      [2, 3, 6, 8],
      ["spectra", "sum", "images"],
    ],
    [[1, 2, 5, 7], ["images"]],
    [[2, 2, 7, 20], ["sum"]],
    [[1, 2, 5, 96], ["spectra"]],
  ] as const;
  const [x, a] = [operand(0), operand(1)];
  return sizes.flatMap(([[B, F, height, width], outputs]) =>
    outputs.flatMap((output) =>
      (["spectra", "mask"] as const).map((known) => {
        const spectra: TensorType = { shape: [B, F, halfWidth(width), storedRows(height)], dtype: "c32" };
        const dy: TensorType =
          output === "images"
            ? { shape: [B, F, height, width], dtype: "f32" }
            : { shape: [B, ...(output === "sum" ? [] : [F]), ...spectra.shape.slice(2)], dtype: "c32" };
        return {
          title: `${B}x${F}x${height}x${width} ${output} by ${known}`,
          attrs: { height, width, channels: F, output, known, slopes: [multiply(x, a), x], wanted: [false] },
          inputs: [
            dy,
            known === "mask" ? maskType(B, F, height, maskWords(width, baseline)) : spectra,
            { shape: [1, F, 1, 1], dtype: "f32" as const },
          ],
          draw: (input: number, _element: number, normal: () => number) =>
            input === 1 && known === "mask" ? Math.floor(normal() * 2 ** 20) : normal(),
          tolerance: 4 * transformTolerance([height, width]),
        };
      }),
    ),
  );
}
