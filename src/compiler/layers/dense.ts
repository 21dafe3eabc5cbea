/** @file `dense [ACT] N`: every output sees every input. */

import type { ScalarFormula } from "../formula/formula.ts";
import type { Node } from "../graph/graph.ts";
import type { ParamSpec } from "../network/parameters.ts";
import type { LayerType } from "../network/types.ts";
import { vectorOf } from "../network/types.ts";
import { contract } from "../ops/contract.ts";
import { addNodes, broadcastTo } from "../ops/map.ts";
import { reshape } from "../ops/move.ts";
import type { InitRule } from "../words/schema.ts";
import { init, option, toggle } from "../words/schema.ts";
import { activation, leakyFormula, softmax } from "./activation.ts";
import type { BuildContext } from "./build-context.ts";
import type { LayerCall, TypedLayer } from "./row.ts";
import { argument, biasParam, count, defineLayer, freeParam, glorot, scaleParam } from "./row.ts";

export interface DenseSettings {
  /** O. */
  readonly outputs: number;
  /** What follows; a node of its own in the network. */
  readonly activation: { readonly name: string; readonly formula: ScalarFormula } | "softmax" | undefined;
  readonly init: InitRule;
  readonly bias: boolean;
  readonly calibrated: boolean;
}

function settings(call: LayerCall): DenseSettings | undefined {
  const word = argument(call, "activation");
  const rule = call.options["init"] as InitRule;
  const made = { outputs: count(call, "outputs"), init: rule, bias: call.options["bias"] === true, calibrated: rule.kind === "calibrated" };
  if (word?.kind !== "activation") return { ...made, activation: undefined };
  if (word.text === "softmax") return { ...made, activation: "softmax" };
  const formula = word.text === "leaky" ? leakyFormula(0.01) : call.formula("activation", word.text);
  if (formula === undefined) return undefined;
  const taken = ["weight", ...(made.bias ? ["bias"] : []), ...(made.calibrated ? ["scale"] : [])];
  const collision = formula.params.find((param) => taken.includes(param.name));
  if (collision !== undefined) {
    call.report({
      severity: "error",
      code: "S0208",
      title: `the parameter \`${collision.name}\` of \`${formula.name}\` has the name of another weight of this layer`,
      span: collision.span,
      label: `a second \`${collision.name}\``,
      secondary: [{ span: call.head, text: `has a weight called \`${collision.name}\` already` }],
      helps: [{ text: "rename the parameter" }],
    });
    return undefined;
  }
  return { ...made, activation: { name: word.text, formula } };
}

function params(inputs: readonly LayerType[], made: DenseSettings): readonly ParamSpec[] {
  const I = inputs[0].channels;
  const start = made.init.kind === "drawn" ? made.init.start(I) : glorot(I, made.outputs);
  return [
    freeParam("weight", [made.outputs, I], start, true),
    ...(made.bias ? [biasParam(made.outputs)] : []),
    ...(made.calibrated ? [scaleParam()] : []),
  ];
}

/** z = k W x + bias; what follows is a node of its own. */
function build(context: BuildContext, made: DenseSettings, [x]: readonly Node[]): Node {
  context.reach(x);
  const product = contract(context.builder, "bi,oi->bo", [x, context.param("weight")]);
  const y = context.calibrate(product);
  return made.bias
    ? addNodes(
        context.builder,
        y,
        broadcastTo(context.builder, reshape(context.builder, context.param("bias"), [1, made.outputs]), y.type.shape),
      )
    : y;
}

export const dense: TypedLayer<DenseSettings> = defineLayer<DenseSettings>({
  words: "dense",
  about: "every output is a weighted sum of all inputs",
  takes: "vector",
  arguments: [
    { name: "activation", what: "an activation", kinds: ["activation"], example: "tanh", optional: true },
    { name: "outputs", what: "the number of outputs", kinds: ["count"], example: "10" },
  ],
  options: [option<InitRule>("init", init(["glorot", "calibrated"]), { kind: "default" }, "glorot"), toggle("bias", true)],
  part: "head",
  axes: { weight: "OI" },
  remarks: (made) => (made.calibrated ? ["calibrated"] : []),
  settings,
  type: (_inputs, made) => vectorOf(made.outputs),
  params,
  flops: (inputs, _output, made) => 2 * inputs[0].channels * made.outputs,
  build,
  then: (made) => {
    if (made.activation === undefined) return undefined;
    if (made.activation === "softmax") return { ...softmax.use({}), title: "softmax" };
    return { ...activation.use({ ...made.activation, norm: "ortho" }), title: made.activation.name };
  },
});
