/** @file Pooling: windows of the image, crops of the spectrum, pyramids that make heads independent of the size. */

import type { LayerType, Size } from "../network/types.ts";
import {
  elementsOf,
  equalSizes,
  floorDivide,
  halfColumns,
  isLess,
  isSignal,
  isSpectrum,
  known,
  shapeText,
  shareOfSize,
  sizeText,
  vectorOf,
} from "../network/types.ts";
import { averagePool, maxPool } from "../ops/pool.ts";
import { choice } from "../words/schema.ts";
import type { Norm } from "./activation.ts";
import { normOption } from "./activation.ts";
import type { ArgumentSpec, ArgumentValue, LayerCall, TypeContext, TypedLayer } from "./row.ts";
import { argument, argumentSpan, count, counts, defineLayer } from "./row.ts";

export interface PoolSettings {
  /** Window and stride, in pixels of each axis (signals: of the one axis). */
  readonly window: number;
}

function windowPool(kind: "max" | "avg", about: string): TypedLayer<PoolSettings> {
  return defineLayer<PoolSettings>({
    words: `pool ${kind}`,
    about,
    takes: "image",
    arguments: [{ name: "window", what: "the window", kinds: ["count"], example: "2" }],
    options: [],
    part: "other",
    settings: (call) => ({ window: count(call, "window") }),
    type: (inputs, made, context) => {
      const [input] = inputs;
      const signal = isSignal(input);
      if (isLess(input.width, made.window) === true || (!signal && isLess(input.height, made.window) === true)) {
        context.report({
          severity: "error",
          code: "S0302",
          title: `the window of \`pool ${kind}\` is larger than the ${input.domain}`,
          span: argumentSpan(context.call, "window"),
          label: `moves over ${input.domain} ${shapeText(input)}`,
          helps: [{ text: "use a smaller window, or `gap` for the mean of everything" }],
        });
        return undefined;
      }
      return {
        ...input,
        height: signal ? input.height : floorDivide(input.height, made.window),
        width: floorDivide(input.width, made.window),
      };
    },
    params: () => [],
    flops: (inputs) => elementsOf(inputs[0]),
    build: (context, { window }, [x]) => {
      const attrs = { window: [isSignal(context.output) ? 1 : window, window] as const };
      return (kind === "max" ? maxPool : averagePool).build(context.builder, [x], attrs);
    },
  });
}

export const poolMax: TypedLayer<PoolSettings> = windowPool("max", "the largest value of each window");
export const poolAvg: TypedLayer<PoolSettings> = windowPool("avg", "the mean of each window");

/** A size after cropping or enlarging: one number for each axis, two numbers, or a share. */
interface ResizeSettings {
  readonly target:
    | { readonly kind: "fixed"; readonly height: number; readonly width: number }
    | { readonly kind: "share"; readonly percent: number };
  readonly norm: Norm;
}

const targetArgument: ArgumentSpec = { name: "target", what: "the new size", kinds: ["count", "size", "share"], example: "50%" };
const exactTarget: ArgumentSpec = { ...targetArgument, kinds: ["size", "share"] };

function resizeSettings(call: LayerCall): ResizeSettings | undefined {
  const value: ArgumentValue | undefined = argument(call, "target");
  const norm = (call.options["norm"] as Norm | undefined) ?? "ortho";
  switch (value?.kind) {
    case "count":
      return { target: { kind: "fixed", height: value.value, width: value.value }, norm };
    case "share":
      return { target: { kind: "share", percent: value.percent }, norm };
    case "size":
      if (value.dims.length === 2) return { target: { kind: "fixed", height: value.dims[0], width: value.dims[1] }, norm };
      call.report({
        severity: "error",
        code: "S0205",
        title: `\`${value.text}\` is not a height and a width`,
        span: value.span,
        label: "expected two sizes, such as `32x32`",
        notes: [`\`${call.title}\` keeps the channels`],
      });
      return undefined;
    default:
      return undefined;
  }
}

function resized(input: LayerType, made: ResizeSettings): LayerType {
  const { target } = made;
  if (target.kind === "fixed") return { ...input, height: isSignal(input) ? 1 : target.height, width: target.width };
  return {
    ...input,
    height: isSignal(input) ? 1 : shareOfSize(input.height, target.percent),
    width: shareOfSize(input.width, target.percent),
  };
}

/** True when `to` is larger (or smaller) than `from` on some axis, as far as is known. */
function grows(from: LayerType, to: LayerType, made: ResizeSettings, sign: 1 | -1): boolean {
  if (made.target.kind === "share") return sign * (made.target.percent - 100) > 0;
  const axis = (a: Size, b: Size): boolean => sign * (known(b) - known(a)) > 0;
  return axis(from.height, to.height) || axis(from.width, to.width);
}

function fixedHere(
  input: LayerType,
  context: TypeContext,
): readonly { readonly span: { readonly start: number; readonly end: number }; readonly text: string }[] {
  const { span, height, width } = context.input;
  const fixed = equalSizes(input.height, height) === true && equalSizes(input.width, width) === true && !Number.isNaN(known(width));
  return span !== undefined && fixed ? [{ span, text: "the size is fixed here" }] : [];
}

function planeText(type: LayerType): string {
  return isSignal(type) ? sizeText(type.width) : `${sizeText(type.height)}x${sizeText(type.width)}`;
}

export const poolSpectral: TypedLayer<ResizeSettings> = defineLayer<ResizeSettings>({
  words: "pool spectral",
  about: "crops to the low frequencies",
  takes: "spectrum",
  arguments: [targetArgument],
  options: [choice("norm", ["forward", "ortho", "backward"])],
  part: "other",
  settings: resizeSettings,
  type: (inputs, made, context) => {
    const [input] = inputs;
    const output = resized(input, made);
    if (!grows(input, output, made, 1)) return output;
    const most = Math.min(known(input.height), known(input.width));
    const target = planeText(output);
    context.report({
      severity: "error",
      code: "S0309",
      title: "`pool spectral` cannot make the image larger",
      span: argumentSpan(context.call, "target"),
      label:
        made.target.kind === "share"
          ? "keeps more frequencies than there are"
          : `keeps ${target} frequencies of a ${planeText(input)} spectrum`,
      secondary: fixedHere(input, context),
      helps: [
        {
          text:
            `pool to at most ${Number.isNaN(most) ? "100%" : isSignal(input) ? known(input.width) : most}, ` +
            `or use \`resize spectral ${made.target.kind === "share" ? `${made.target.percent}%` : target}\` to enlarge`,
        },
      ],
    });
    return undefined;
  },
  params: () => [],
  flops: (_inputs, output) => elementsOf(output),
  notBuilt: () => ({ what: "`pool spectral`", instead: "`pool avg 2` and `pool max 2` halve the image" }),
});

export const resize: TypedLayer<ResizeSettings> = defineLayer<ResizeSettings>({
  words: "resize",
  about: "bilinear interpolation to another size",
  takes: "image",
  arguments: [exactTarget],
  options: [],
  part: "other",
  settings: resizeSettings,
  type: (inputs, made) => resized(inputs[0], made),
  params: () => [],
  flops: (_inputs, output) => 7 * elementsOf(output),
  notBuilt: () => ({ what: "`resize`", instead: "`pool avg 2` makes an image smaller; nothing makes one larger yet" }),
});

export const resizeSpectral: TypedLayer<ResizeSettings> = defineLayer<ResizeSettings>({
  words: "resize spectral",
  about: "enlarges by padding the spectrum with zeros",
  takes: "spectrum",
  arguments: [exactTarget],
  options: [],
  part: "other",
  settings: resizeSettings,
  type: (inputs, made, context) => {
    const [input] = inputs;
    const output = resized(input, made);
    if (!grows(input, output, made, -1)) return output;
    const target = made.target.kind === "share" ? `${made.target.percent}%` : planeText(output);
    context.report({
      severity: "error",
      code: "S0309",
      title: "`resize spectral` cannot make the image smaller",
      span: argumentSpan(context.call, "target"),
      label:
        made.target.kind === "share"
          ? "keeps fewer frequencies than there are"
          : `gives ${target} frequencies to a ${planeText(input)} spectrum`,
      secondary: fixedHere(input, context),
      helps: [{ text: `use \`pool spectral ${target}\` to make it smaller` }],
    });
    return undefined;
  },
  params: () => [],
  flops: (_inputs, output) => elementsOf(output),
  notBuilt: () => ({ what: "`resize spectral`", instead: "nothing makes an image larger yet" }),
});

interface PyramidSettings {
  readonly levels: readonly number[];
  /** Of the spectral form. */
  readonly norm: Norm;
}

const levelsArgument: ArgumentSpec = { name: "levels", what: "the levels", kinds: ["count"], example: "1 2 4", repeated: true };

function pyramidType(inputs: readonly LayerType[], made: PyramidSettings, context: TypeContext): LayerType | undefined {
  const [input] = inputs;
  const spectral = isSpectrum(input.domain);
  const columns = spectral ? halfColumns(input.width) : input.width;
  const tooLarge = made.levels.findIndex(
    (level) => isLess(columns, level) === true || (!isSignal(input) && isLess(input.height, level) === true),
  );
  if (tooLarge >= 0) {
    const level = made.levels[tooLarge];
    const plane = isSignal(input) ? sizeText(columns) : `${sizeText(input.height)}x${sizeText(columns)}`;
    context.report({
      severity: "error",
      code: "S0311",
      title: `level ${level} of the pyramid is larger than the ${spectral ? "half plane" : input.domain}`,
      span: context.call.values.get("levels")?.[tooLarge]?.span ?? context.call.head,
      label: isSignal(input)
        ? `cuts ${plane} ${spectral ? "bins" : "samples"} into ${level} cells`
        : `cuts ${plane} ${spectral ? "bins" : "pixels"} into ${level}x${level} cells`,
      helps: [{ text: `use levels of at most ${Math.min(isSignal(input) ? Infinity : known(input.height), known(columns))}` }],
    });
    return undefined;
  }
  const cells = made.levels.reduce((sum, level) => sum + (isSignal(input) ? level : level * level), 0);
  return vectorOf(input.channels * cells);
}

export const poolPyramid: TypedLayer<PyramidSettings> = defineLayer<PyramidSettings>({
  words: "pool pyramid",
  about: "means of the cells of several grids: the same numbers at every image size",
  takes: "image",
  arguments: [levelsArgument],
  options: [],
  part: "other",
  settings: (call) => ({ levels: counts(call, "levels"), norm: "ortho" }),
  type: pyramidType,
  params: () => [],
  flops: (inputs, _output, made) => made.levels.length * elementsOf(inputs[0]),
  notBuilt: () => ({ what: "`pool pyramid`", instead: "`gap` gives one number per channel at every size" }),
});

export const poolPyramidSpectral: TypedLayer<PyramidSettings> = defineLayer<PyramidSettings>({
  words: "pool pyramid spectral",
  about: "means of the magnitude over the cells of several grids of the half plane",
  takes: "spectrum",
  arguments: [levelsArgument],
  options: [normOption],
  part: "other",
  settings: (call) => ({ levels: counts(call, "levels"), norm: call.options["norm"] as Norm }),
  type: pyramidType,
  params: () => [],
  flops: (inputs, _output, made) => (3 + made.levels.length) * elementsOf(inputs[0]),
  notBuilt: () => ({ what: "`pool pyramid spectral`", instead: "`gap` gives one number per channel at every size" }),
});
