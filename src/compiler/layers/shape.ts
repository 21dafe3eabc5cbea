/** @file Layers that only move or average numbers: `flatten`, `gap`, `id`, and the transforms that the compiler inserts. */

import { constant, divide } from "../expr/expr.ts";
import { operand } from "../expr/operands.ts";
import type { LayerType } from "../network/types.ts";
import { elementsOf, imageOf, isOpen, known, sizeText, spectrumOf, vectorOf } from "../network/types.ts";
import { contract } from "../ops/contract.ts";
import { irfft2, rfft2 } from "../ops/fft.ts";
import { mapNode, realMap } from "../ops/map.ts";
import { reshape, slice } from "../ops/move.ts";
import { asReal } from "../ops/view.ts";
import type { Norm } from "./activation.ts";
import { normOption, normScale } from "./activation.ts";
import { promiseText } from "./conv-spectral.ts";
import type { LayerDefinition, NoSettings, TypeContext, TypedLayer } from "./row.ts";
import { defineLayer } from "./row.ts";

export interface FlattenSpectralSettings {
  readonly norm: Norm;
}

/** S0304 at `flatten` and `flatten spectral`; the flatten in front of `dense` is reported where it is inserted. */
function flattened(input: LayerType, context: TypeContext): LayerType | undefined {
  if (!context.input.promised || !(isOpen(input.height) || isOpen(input.width))) return vectorOf(elementsOf(input));
  const { span, text } = context.input;
  context.report({
    severity: "error",
    code: "S0304",
    title: `\`${context.call.title}\` needs a fixed image size`,
    span: context.call.head,
    label: `${sizeText(input.height)}x${sizeText(input.width)}x${input.channels} flattens to an unknown number of entries`,
    secondary: span === undefined ? [] : [{ span, text: promiseText(input) }],
    helps: [
      { text: "average over the image instead; this works at every size", edits: [{ span: context.call.head, text: "gap" }] },
      { text: `or fix the size: \`input ${text.replaceAll("?", "150")}\`` },
    ],
  });
  return undefined;
}

/** Channel, row, column. Also inserted in front of layers that take a vector. */
export const flatten: TypedLayer<NoSettings> = defineLayer<NoSettings>({
  words: "flatten",
  about: "all numbers of an image as a vector: channel, row, column",
  takes: "image",
  arguments: [],
  options: [],
  part: "other",
  settings: () => ({}),
  type: (inputs, _made, context) => flattened(inputs[0], context),
  params: () => [],
  flops: () => 0,
  build: (context, _made, [x]) => reshape(context.builder, x, [context.batch, context.output.channels]),
});

export const flattenSpectral: TypedLayer<FlattenSpectralSettings> = defineLayer<FlattenSpectralSettings>({
  words: "flatten spectral",
  about: "all coefficients as a vector: channel, row, column, real and imaginary part",
  takes: "spectrum",
  arguments: [],
  options: [normOption],
  part: "other",
  settings: (call) => ({ norm: call.options["norm"] as Norm }),
  type: (inputs, _made, context) => flattened(inputs[0], context),
  params: () => [],
  flops: (inputs) => elementsOf(inputs[0]),
  build: (context, { norm }, [z]) => {
    const s = constant(normScale(norm, context.inputs[0]));
    const scaled = mapNode(context.builder, z.type.shape, [z], { re: divide(operand(0, "re"), s), im: divide(operand(0, "im"), s) }, true);
    return reshape(context.builder, asReal(context.builder, scaled), [context.batch, context.output.channels]);
  },
});

export const gap: TypedLayer<NoSettings> = defineLayer<NoSettings>({
  words: "gap",
  about: "the mean over the image, which is the DC bin: one number per channel",
  takes: "image or spectrum",
  arguments: [],
  options: [],
  part: "other",
  settings: () => ({}),
  type: (inputs) => vectorOf(inputs[0].channels),
  params: () => [],
  flops: (inputs) => elementsOf(inputs[0]),
  build: (context, _made, [x]) => {
    const [input] = context.inputs;
    const pixels = constant(known(input.height) * known(input.width));
    const [B, C] = x.type.shape;
    // The mean of the image is Re R[0,0] / N of its spectrum.
    const total =
      x.type.dtype === "c32"
        ? reshape(context.builder, slice(context.builder, slice(context.builder, x, 2, 0, 1), 3, 0, 1), [B, C])
        : contract(context.builder, "bchw->bc", [x]);
    return realMap(context.builder, [B, C], [total], divide(operand(0, x.type.dtype === "c32" ? "re" : undefined), pixels));
  },
});

export const id: TypedLayer<NoSettings> = defineLayer<NoSettings>({
  words: "id",
  about: "its input, unchanged",
  takes: "local",
  arguments: [],
  options: [],
  part: "other",
  keepsOrder: true,
  settings: () => ({}),
  type: (inputs) => inputs[0],
  params: () => [],
  flops: () => 0,
  build: (_context, _made, [x]) => x,
});

/** A real transform costs half of a complex one, for which 5 N log2 N operations are the usual count. */
function transformFlops(inputs: readonly LayerType[]): number {
  const [input] = inputs;
  const pixels = known(input.height) * known(input.width);
  return 2.5 * pixels * Math.log2(Math.max(2, pixels)) * input.channels;
}

export const fft: TypedLayer<NoSettings> = transformLayer({
  words: "fft",
  about: "the spectrum of an image; inserted",
  takes: "image",
  type: (inputs) => spectrumOf(inputs[0]),
  build: (context, _made, [x]) => rfft2.build(context.builder, [x], { weighted: false }),
});

export const inverseFft: TypedLayer<NoSettings> = transformLayer({
  words: "inverse fft",
  about: "the image of a spectrum; inserted",
  takes: "spectrum",
  type: (inputs) => imageOf(inputs[0]),
  build: (context, _made, [z]) => irfft2.build(context.builder, [z], { width: known(context.output.width), weighted: false }),
});

function transformLayer(own: Pick<LayerDefinition<NoSettings>, "words" | "about" | "takes" | "type" | "build">): TypedLayer<NoSettings> {
  return defineLayer<NoSettings>({
    ...own,
    arguments: [],
    options: [],
    part: "other",
    settings: () => ({}),
    params: () => [],
    flops: transformFlops,
  });
}
