/**
 * @file From one spectral layer to the next, row spectra to row spectra: inverse row transforms, an element-wise function (the
 * activation, with bias), the sum over channels where the next layer takes one, row transforms. The images never reach memory,
 * unless they are what is asked for (docs/kernels.md#fused-spectral-layers).
 */

import { elementCount, halfWidth } from "../../plan/shape.ts";
import { bug } from "../diagnostics/diagnostic.ts";
import { conditionOf, replaceNode } from "../expr/condition.ts";
import type { Expr } from "../expr/expr.ts";
import { add, call, constant, cost, differentiate, multiply, printExpr } from "../expr/expr.ts";
import { operand, operandName } from "../expr/operands.ts";
import type { Node, Samples, Tensor, TypedOp } from "../graph/graph.ts";
import { defineOp } from "../graph/graph.ts";
import type { TensorType } from "../graph/types.ts";
import { ActivationRows, elementwise, loadOthers, maskType, pairs } from "../kernels/activation-rows.ts";
import type { ToHeld, Transform } from "../kernels/fft/chain.ts";
import { maskWords, packMask } from "../kernels/mask-words.ts";
import { forwardScale, imageSink, inverseScale, rowDeclarations, storedRows } from "../kernels/row-spectra.ts";
import { boundOf, boundsTable } from "../kernels/strided.ts";
import { baseline } from "../lower/target.ts";
import { contract, contractOp } from "./contract.ts";
import { extraOf } from "./extra.ts";
import { transformTolerance } from "./fft.ts";
import { rowImages, rowSpectra } from "./half-transform.ts";
import { reshape } from "./move.ts";
import { mapImages, spectralActivationGradient } from "./spectral-activation-gradient.ts";

export interface SpectralActivationAttrs {
  /** H and W of the images. */
  readonly height: number;
  readonly width: number;
  /** The new element in terms of the old one, `x0`, and of `x1`, `x2`, ...: one number each for every channel, or for all. */
  readonly value: Expr;
  /** Row spectra of the channels, or of their sum; or the images. */
  readonly output: "spectra" | "sum" | "images";
  /** Of a mask of a pair of rows: it is cut as the transforms of the target leave their points (kernels/mask-words.ts). */
  readonly words: number;
}

/**
 * U [B,F,K,H'] c32 and per-channel numbers [1,F,1,1] or [1,1,1,1] f32 -> [B,F,K,H'] c32, [B,K,H'] c32 or [B,F,H,W] f32. Where
 * the function's slope has two values, a further result is the mask of them [B,H'/2,F,words].
 */
export const spectralActivation: TypedOp<SpectralActivationAttrs> = defineOp<SpectralActivationAttrs>({
  name: "spectralActivation",
  formula: "T = row transform of (sum_f) g(row image of U[f])",
  shape([spectra, ...others], { height, width, output }) {
    const [B, F, K, stored] = spectra.shape;
    if (K !== halfWidth(width) || stored !== storedRows(height))
      bug(`spectralActivation of ${spectra.shape.join("x")} for ${height}x${width}`);
    for (const { shape } of others)
      if (shape.length !== 4 || elementCount(shape) !== shape[1] || (shape[1] !== 1 && shape[1] !== F))
        bug(`spectralActivation with ${shape.join("x")}`);
    if (output === "images") return { shape: [B, F, height, width], dtype: "f32" };
    return { shape: output === "sum" ? [B, K, stored] : [B, F, K, stored], dtype: "c32" };
  },
  extras: (
    [
      {
        shape: [B, F],
      },
    ],
    attrs,
  ) => (conditionOfSlope(attrs) === undefined ? [] : [maskType(B, F, attrs.height, attrs.words)]),
  adjoint(builder, dy, node, { value, words: _words, ...size }, [, ...wanted]) {
    const [spectra, ...others] = node.inputs;
    const slopes = node.inputs.map((_, index) =>
      index === 0 || wanted[index - 1] ? differentiate(value, operandName(index)) : constant(0),
    );
    // Where one bit of a point tells its slopes, the spectra need not be kept for the backward pass.
    const condition = conditionOfSlope({ value });
    const masked = condition !== undefined && conditionOf(slopes, operandName(0)) === condition;
    const gradient = spectralActivationGradient.build(builder, [dy, masked ? extraOf(builder, node, 0) : spectra, ...others], {
      ...size,
      channels: spectra.type.shape[1],
      known: masked ? "mask" : "spectra",
      slopes: masked ? slopes.map((slope) => replaceNode(slope, condition, operand(0))) : slopes,
      wanted,
    });
    return [
      gradient,
      ...others.map((other, index): Node | undefined => {
        if (!wanted[index]) return undefined;
        const sums = extraOf(builder, gradient, index);
        return reshape(builder, contract(builder, other.type.shape[1] === 1 ? "bpf->" : "bpf->f", [sums]), other.type.shape);
      }),
    ];
  },
  reference([spectra, ...others], attrs) {
    const images = rowImages(spectra, { ...attrs, weighted: false });
    const active = mapImages([images, ...others], attrs.value);
    const condition = conditionOfSlope(attrs);
    const extras = condition === undefined ? [] : [packMask(mapImages([images, ...others], condition), attrs.words)];
    if (attrs.output === "images") return { ...active, extras };
    return { ...rowSpectra(attrs.output === "sum" ? sumOverChannels(active) : active, { ...attrs, weighted: false }), extras };
  },
  lower(context, attrs) {
    const [spectra, ...others] = context.inputs;
    const [mask] = context.extras;
    const [B, F] = spectra.type.shape;
    const size = { H: attrs.height, W: attrs.width };
    const rows = new ActivationRows(size, B, F, context.target);
    const { output } = attrs;
    const image = imageSink(context.output, size);
    const values = mask === undefined ? [attrs.value] : [attrs.value, conditionOfSlope(attrs) ?? bug("a mask of nothing")];
    context.groups(
      rows.chain.kernel(
        {
          title: "activation",
          reads: [pairs(spectra), ...others],
          writes: [output === "images" ? context.output : pairs(context.output), ...(mask === undefined ? [] : [mask])],
          tables: [boundsTable([F]), inverseScale(size, false), forwardScale(size, false)],
          declarations: rowDeclarations(size),
        },
        (names, points) => {
          const results: ToHeld = {
            hold(i, place, value) {
              const {
                lines,
                results: [result, flags],
              } = elementwise(values, i);
              return [
                `let z${i} = ${value}.yx;`,
                ...lines,
                `let y${i} = ${rows.insideImage(result)};`,
                ...(mask === undefined ? [] : [`let flags${i} = ${flags};`]),
                ...(output === "images" ? [] : [`${points.held("next", i, place)} ${output === "sum" ? "+=" : "="} y${i};`]),
              ].join(" ");
            },
            ...(output === "images"
              ? {
                  keep: {
                    value: (i) => `y${i}`,
                    store: (place, value) => `if (inside) { ${image.store(rows.imageLine("f"), place, value, names)} }`,
                  },
                }
              : {}),
            ...(mask === undefined
              ? {}
              : {
                  mask: {
                    flags: (i) => `flags${i}`,
                    store: (word, bits) => `if (inside) { ${names.store(1)}(${rows.maskPlace("f", word)}, bitcast<i32>(${bits})); }`,
                  },
                }),
          };
          const forward = (channel: string | undefined): Transform => ({
            from: { held: (i, place) => points.held("next", i, place) },
            to: rows.sink(names, channel, names.table(2)),
          });
          const numbers = loadOthers(names, others, 1, "f");
          return {
            start: [...(output === "images" ? [] : points.declareHeld("next")), ...numbers.declare],
            transforms: [
              {
                variable: "f",
                bound: boundOf(names.table(0), 0),
                transforms: [
                  { before: numbers.code, from: rows.source(names, 0, "f", names.table(1)), to: results },
                  ...(output === "spectra" ? [forward("f")] : []),
                ],
              },
              ...(output === "sum" ? [forward(undefined)] : []),
            ],
          };
        },
      ),
    );
  },
  reuse: () => 1,
  flops(
    [
      {
        shape: [B, F],
      },
    ],
    { height, width, value, output },
  ) {
    const row = 2.5 * Math.log2(Math.max(2, width));
    return B * height * width * (F * row + { spectra: F, sum: 1, images: 0 }[output] * row + F * (cost(value) + 1));
  },
  plainInputs: true,
  plainOutput: true,
  print: ({ height, width, value, output }) => `${height}x${width}: ${output} of ${printExpr(value)}`,
});

export const spectralActivationSamples: Samples<SpectralActivationAttrs> = activationSamples;

/** The comparison on which the slope of the function depends, where it depends on `x0` in no other way. */
function conditionOfSlope({ value }: Pick<SpectralActivationAttrs, "value">): Expr | undefined {
  return conditionOf([differentiate(value, operandName(0))], operandName(0));
}

function sumOverChannels(images: Tensor): Tensor {
  const [B, , H, W] = images.shape;
  return contractOp.reference([images], { inputs: ["bfyx"], output: "byx", conjugate: [false] }, { shape: [B, H, W], dtype: "f32" });
}

/** Even, odd and mixed sizes, one and two factors, three; smooth functions and one with a kink, which the points keep away from. */
function activationSamples(): {
  readonly title: string;
  readonly attrs: SpectralActivationAttrs;
  readonly inputs: readonly TensorType[];
  readonly tolerance: number;
}[] {
  const [x, a, b] = [operand(0), operand(1), operand(2)];
  const bent = multiply(x, multiply(x, constant(0.1)));
  const withBias = add(add(x, a), bent);
  const withSlope = add(add(multiply(b, x), a), bent);
  const leaky = call("max", multiply(constant(0.2), add(x, a)), add(x, a));
  const spectra = (B: number, F: number, height: number, width: number): TensorType => ({
    shape: [B, F, halfWidth(width), storedRows(height)],
    dtype: "c32",
  });
  const numbers = (F: number): TensorType => ({ shape: [1, F, 1, 1], dtype: "f32" });
  const all = ["spectra", "sum", "images"] as const;
  const sizes = [
    [[2, 3, 6, 8], all],
    [[1, 2, 5, 7], all],
    [[2, 2, 7, 20], ["sum"]],
    [[1, 2, 5, 96], ["spectra"]],
  ] as const;
  return sizes
    .flatMap(([[B, F, height, width], outputs]) =>
      outputs.flatMap((output) => {
        const base = { height, width, output, words: maskWords(width, baseline) };
        const title = `${B}x${F}x${height}x${width} ${output}`;
        return [
          { title: `${title}, bias`, attrs: { ...base, value: withBias }, inputs: [spectra(B, F, height, width), numbers(F)] },
          ...(output === "sum" || width === 96
            ? [{ title: `${title}, a kink`, attrs: { ...base, value: leaky }, inputs: [spectra(B, F, height, width), numbers(F)] }]
            : []),
          ...(width === 20
            ? [
                {
                  title: `${title}, bias and one slope`,
                  attrs: { ...base, value: withSlope },
                  inputs: [spectra(B, F, height, width), numbers(F), numbers(1)],
                },
                { title: `${title}, no numbers`, attrs: { ...base, value: bent }, inputs: [spectra(B, F, height, width)] },
              ]
            : []),
        ];
      }),
    )
    .map((sample) => ({ ...sample, tolerance: 4 * transformTolerance([sample.attrs.height, sample.attrs.width]) }));
}
