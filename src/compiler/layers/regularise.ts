/** @file Layers that act on training: `dropout` and `norm`. */

import { elementCount } from "../../plan/shape.ts";
import { add, call, constant, divide, multiply, subtract } from "../expr/expr.ts";
import { operand } from "../expr/operands.ts";
import type { Node } from "../graph/graph.ts";
import type { ParamSpec } from "../network/parameters.ts";
import type { LayerType } from "../network/types.ts";
import { elementsOf } from "../network/types.ts";
import { contract } from "../ops/contract.ts";
import { realMap } from "../ops/map.ts";
import { reshape } from "../ops/move.ts";
import { dropoutMask } from "../ops/random.ts";
import type { ArgumentSpec, LayerCall, LayerDefinition, NoSettings, TypedLayer } from "./row.ts";
import { argument, defineLayer, freeParam } from "./row.ts";

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
    severity: "error",
    code: "S0205",
    title: `\`${call.title}\` takes a share below 100%`,
    span: value.span,
    label: "nothing would be left",
  });
  return undefined;
}

export const dropout: TypedLayer<DropoutSettings> = defineLayer<DropoutSettings>({
  words: "dropout",
  about: "zeroes this share of the values in training, and scales the others up",
  takes: "image or vector",
  arguments: [share],
  options: [],
  part: "other",
  draws: true,
  keepsOrder: true,
  settings,
  type: (inputs) => inputs[0],
  params: () => [],
  flops: (inputs) => elementsOf(inputs[0]),
  build: (context, { share: rate }, [x]) => {
    if (context.draws === undefined) return x;
    const { step, positions, key } = context.draws;
    const mask = dropoutMask.build(context.builder, [step, positions], { shape: x.type.shape, rate, key });
    return realMap(context.builder, x.type.shape, [x, mask], multiply(operand(0), operand(1)));
  },
});

export const dropoutFrequency: TypedLayer<DropoutSettings> = defineLayer<DropoutSettings>({
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

/** What both norms are to the type checker. */
const norm: Omit<LayerDefinition<NoSettings>, "words" | "about"> = {
  takes: "image or vector",
  arguments: [],
  options: [],
  part: "other",
  settings: () => ({}),
  type: (inputs) => inputs[0],
  params: normParams,
  flops: (inputs) => 8 * elementsOf(inputs[0]),
};

export const normBatch: TypedLayer<NoSettings> = defineLayer<NoSettings>({
  words: "norm batch",
  about: "zero mean and unit variance per channel, over the batch",
  ...norm,
  notBuilt: () => ({ what: "`norm batch`", instead: "`norm layer` does the same over the numbers of each image" }),
});

/** Added to the variance, so that a constant image has a result. */
export const normEpsilon = 1e-5;

/**
 * Layer normalisation (Ba, Kiros & Hinton 2016), with a gain and an offset per channel. The variance is that of the
 * differences from the mean, so it does not cancel.
 */
export const normLayer: TypedLayer<NoSettings> = defineLayer<NoSettings>({
  words: "norm layer",
  about: "zero mean and unit variance per image",
  ...norm,
  build: ({ builder, param }, _made, [x]) => {
    const { shape } = x.type;
    const count = constant(elementCount(shape) / shape[0]);
    const labels = "bchw".slice(0, shape.length);
    const perImage = (sums: Node): Node =>
      reshape(
        builder,
        sums,
        shape.map((size, axis) => (axis === 0 ? size : 1)),
      );
    const perChannel = (name: string): Node =>
      reshape(
        builder,
        param(name),
        shape.map((size, axis) => (axis === 1 ? size : 1)),
      );
    const sums = perImage(contract(builder, `${labels}->b`, [x]));
    const centred = realMap(builder, shape, [x, sums], subtract(operand(0), divide(operand(1), count)));
    const squares = perImage(contract(builder, `${labels}->b`, [realMap(builder, shape, [centred], multiply(operand(0), operand(0)))]));
    const deviation = call("sqrt", add(divide(operand(1), count), constant(normEpsilon)));
    return realMap(
      builder,
      shape,
      [centred, squares, perChannel("gain"), perChannel("offset")],
      add(multiply(divide(operand(0), deviation), operand(2)), operand(3)),
    );
  },
});
