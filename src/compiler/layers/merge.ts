/** @file Branch lists: `add`, `concat`, `mul`, `residual`. The elaborator compares the branches, because it knows their text. */

import { multiply } from "../expr/expr.ts";
import { operand } from "../expr/operands.ts";
import type { LayerType } from "../network/types.ts";
import { elementsOf } from "../network/types.ts";
import { contract } from "../ops/contract.ts";
import { addNodes, realMap } from "../ops/map.ts";
import { concat as concatNodes } from "../ops/move.ts";
import { toggle } from "../words/schema.ts";
import type { LayerDefinition, NoSettings, TypedLayer } from "./row.ts";
import { defineLayer, freeParam, glorot } from "./row.ts";

export interface ResidualSettings {
  /** The input passes a real F x C matrix before it is added. */
  readonly project: boolean;
}

const plain: Pick<LayerDefinition<NoSettings>, "arguments" | "options" | "part" | "settings" | "params" | "branches"> = {
  arguments: [],
  options: [],
  part: "other",
  settings: () => ({}),
  params: () => [],
  branches: "two or more",
};

export const addBranches: TypedLayer<NoSettings> = defineLayer<NoSettings>({
  ...plain,
  words: "add",
  about: "the sum of the branches",
  takes: "local",
  type: (inputs) => inputs[0],
  flops: (inputs, output) => (inputs.length - 1) * elementsOf(output),
  build: (context, _made, inputs) => inputs.reduce((sum, input) => addNodes(context.builder, sum, input)),
});

export const mulBranches: TypedLayer<NoSettings> = defineLayer<NoSettings>({
  ...plain,
  words: "mul",
  about: "the product of the branches, element by element",
  takes: "local image",
  type: (inputs) => inputs[0],
  flops: (inputs, output) => (inputs.length - 1) * elementsOf(output),
  build: (context, _made, inputs) =>
    inputs.reduce((product, input) => realMap(context.builder, product.type.shape, [product, input], multiply(operand(0), operand(1)))),
});

export const concat: TypedLayer<NoSettings> = defineLayer<NoSettings>({
  ...plain,
  words: "concat",
  about: "the channels of all branches, in the order written",
  takes: "local",
  type: (inputs) => ({ ...inputs[0], channels: inputs.reduce((sum, input) => sum + input.channels, 0) }),
  flops: () => 0,
  build: (context, _made, inputs) => concatNodes(context.builder, inputs, 1),
});

/** Inputs: what enters `residual`, then its branch. */
export const residual: TypedLayer<ResidualSettings> = defineLayer<ResidualSettings>({
  words: "residual",
  about: "adds its input to its branch",
  takes: "local",
  arguments: [],
  options: [toggle("project", false)],
  branches: "exactly one",
  part: "other",
  axes: { project: "OI" },
  settings: (call) => ({ project: call.options["project"] === true }),
  type: (inputs) => (inputs as readonly [LayerType, LayerType])[1],
  params: (inputs, made) => {
    if (!made.project) return [];
    const [C, F] = [inputs[0].channels, inputs[1].channels];
    return [freeParam("project", [F, C], glorot(C, F), true)];
  },
  flops: (inputs, output, made) => elementsOf(output) * (1 + (made.project ? 2 * inputs[0].channels : 0)),
  build: (context, made, [input, branch]) => {
    const vector = input.type.shape.length === 2;
    const skip = made.project
      ? contract(context.builder, vector ? "bc,fc->bf" : "bchw,fc->bfhw", [input, context.param("project")])
      : input;
    return addNodes(context.builder, branch, skip);
  },
});
