/** @file Layers that act on training: `dropout` and `norm`. */

import { elementsOf } from "../types.ts";
import type { LayerType, ParamSpec } from "../network.ts";
import { argument, defineLayer, freeParam, settingsOf } from "./row.ts";
import type { ArgumentSpec, LayerCall, LayerRow } from "./row.ts";
import { multiply, variable } from "../expr.ts";
import { realMap } from "../ops/map.ts";
import { dropoutMask } from "../ops/random.ts";

export interface DropoutSettings {
  /** P as a share of 1, from 0 up to but not including 1. */
  readonly share: number;
}

const share: ArgumentSpec = { name: "share", what: "the share", kinds: ["share"], example: "20%" };

function settings(call: LayerCall): DropoutSettings | undefined {
  const value = argument(call, "share");
  if (value?.kind !== "share") return undefined;
  if (value.percent < 100) return { share: value.percent / 100 };
  call.report({
    severity: "error", code: "S0205", title: `\`${call.title}\` takes a share below 100%`, span: value.span, label: "nothing would be left",
  });
  return undefined;
}

export const dropout: LayerRow = defineLayer<DropoutSettings>({
  words: "dropout",
  about: "zeroes this share of the values in training, and scales the others up",
  takes: "image or vector",
  arguments: [share],
  options: [],
  part: "other",
  settings,
  type: (inputs) => inputs[0],
  params: () => [],
  flops: (inputs) => elementsOf(inputs[0]),
  build: (context, node, [x]) => {
    if (context.draws === undefined) return x;
    const { share: rate } = settingsOf<DropoutSettings>(node);
    const mask = dropoutMask.build(context.builder, [context.draws.step, context.draws.positions], { shape: x.type.shape, rate, key: context.dropoutKey(node) });
    return realMap(context.builder, x.type.shape, [x, mask], multiply(variable("x0"), variable("x1")));
  },
});

export const dropoutFrequency: LayerRow = defineLayer<DropoutSettings>({
  words: "dropout frequency",
  about: "zeroes the highest frequencies in training, a random share of each axis",
  takes: "spectrum",
  arguments: [share],
  options: [],
  part: "other",
  settings,
  type: (inputs) => inputs[0],
  params: () => [],
  flops: (inputs) => elementsOf(inputs[0]),
  notBuilt: () => ({ what: "`dropout frequency`", instead: "`dropout 20%` drops single values of an image or a vector" }),
});

function normParams(inputs: readonly LayerType[]): readonly ParamSpec[] {
  const C = inputs[0].channels;
  return [freeParam("gain", [C], { kind: "constant", value: 1 }, false), freeParam("offset", [C], { kind: "constant", value: 0 }, false)];
}

function norm(kind: "batch" | "layer", about: string): LayerRow {
  return defineLayer<Readonly<Record<string, never>>>({
    words: `norm ${kind}`,
    about,
    takes: "image or vector",
    arguments: [],
    options: [],
    part: "other",
    settings: () => ({}),
    type: (inputs) => inputs[0],
    params: normParams,
    flops: (inputs) => 8 * elementsOf(inputs[0]),
    notBuilt: () => ({ what: `\`norm ${kind}\``, instead: "`init: calibrated` on the convolution before it gives its output unit size at the start" }),
  });
}

export const normBatch: LayerRow = norm("batch", "zero mean and unit variance per channel, over the batch");
export const normLayer: LayerRow = norm("layer", "zero mean and unit variance per image");
