/** @file Activations: built in, or declared by the user; element by element, on images, vectors and spectra. */

import type { Expr } from "../expr/expr.ts";
import { add, call, constant, cost, divide, multiply, substitute, variable } from "../expr/expr.ts";
import type { Part } from "../expr/operands.ts";
import { operand } from "../expr/operands.ts";
import type { ScalarFormula } from "../formula/formula.ts";
import { constrain } from "../formula/formula.ts";
import type { Node } from "../graph/graph.ts";
import type { ParamSpec } from "../network/parameters.ts";
import type { LayerType } from "../network/types.ts";
import { elementsOf, known } from "../network/types.ts";
import { mapNode, realMap } from "../ops/map.ts";
import { reshape } from "../ops/move.ts";
import { softmax as softmaxOp } from "../ops/softmax.ts";
import type { Option } from "../words/schema.ts";
import { choice, number, option } from "../words/schema.ts";
import type { BuildContext } from "./build-context.ts";
import type { LayerCall, NoSettings, TypedLayer } from "./row.ts";
import { defineLayer, freeParam } from "./row.ts";

/** By what a layer that looks at coefficients divides them: s = sqrt(H W), 1, or H W (docs/numerics.md#norms). */
export type Norm = "ortho" | "backward" | "forward";

export const normOption: Option = choice("norm", ["ortho", "backward", "forward"]);

export interface ActivationSettings {
  /** The word: `relu`, `swish`. */
  readonly name: string;
  /** In terms of `x` and the parameters; the value is real. */
  readonly formula: ScalarFormula;
  /** Of the spectral form; `ortho` and without meaning in the image form. */
  readonly norm: Norm;
}

const finite = number({ text: "a number" });
const slope: Option = option("slope", finite, 0.01);

/** max(0, x) + slope min(x, 0): a row of the compiler, because its slope is an option and not trained. */
export function leakyFormula(slopeValue: number): ScalarFormula {
  const x = variable("x");
  const zero = constant(0);
  const value = add(call("max", zero, x), multiply(constant(slopeValue), call("min", x, zero)));
  const nowhere = { start: 0, end: 0 };
  return {
    kind: "activation",
    name: "leaky",
    input: "x",
    span: nowhere,
    nameSpan: nowhere,
    paramsSpan: nowhere,
    params: [],
    complex: false,
    value: { re: value, im: zero },
    coordinates: new Map(),
  };
}

function settings(layer: LayerCall): ActivationSettings | undefined {
  const name = layer.title.split(" ")[0] ?? layer.title;
  const formula = name === "leaky" ? leakyFormula(layer.options["slope"] as number) : layer.formula("activation", name);
  return formula === undefined ? undefined : { name, formula, norm: (layer.options["norm"] as Norm | undefined) ?? "ortho" };
}

/** One number per channel; on vectors, per entry. */
function params(inputs: readonly LayerType[], made: ActivationSettings): readonly ParamSpec[] {
  return made.formula.params.map((param) => ({
    name: param.name,
    shape: [inputs[0].channels],
    start: param.start(1),
    constraint: param.constraint,
    trained: true,
    decayed: false,
  }));
}

function flops(_inputs: readonly LayerType[], output: LayerType, made: ActivationSettings): number {
  return elementsOf(output) * cost(made.formula.value.re);
}

/** s of docs/numerics.md#norms for a spectrum of H x W images. */
export function normScale(norm: Norm, type: LayerType): number {
  const pixels = known(type.height) * known(type.width);
  return { ortho: Math.sqrt(pixels), backward: 1, forward: pixels }[norm];
}

/** y = f(x; p) with p per channel; on spectra s f(Re z / s) + i s f(Im z / s). */
function build(context: BuildContext, made: ActivationSettings, [x]: readonly Node[]): Node {
  const { shape, dtype } = x.type;
  const perChannel = shape.map((size, axis) => (axis === 1 ? size : 1));
  const names = new Map<string, Expr>();
  const tensors = made.formula.params.map((param, index) => {
    names.set(param.name, constrain(operand(index + 1), param.constraint));
    return reshape(context.builder, context.param(param.name), perChannel);
  });
  const at = (element: Expr): Expr =>
    substitute(made.formula.value.re, (name) => (name === made.formula.input ? element : names.get(name)));
  if (dtype !== "c32") return realMap(context.builder, shape, [x, ...tensors], at(operand(0)));
  const s = constant(normScale(made.norm, context.output));
  const scaled = (part: Part): Expr => multiply(s, at(divide(operand(0, part), s)));
  return mapNode(context.builder, shape, [x, ...tensors], { re: scaled("re"), im: scaled("im") }, true);
}

/** With q = z / s: s q max(|q| + b, 0) / |q|, and 0 at 0 (docs/numerics.md#activations). */
function buildModulus(context: BuildContext, { norm }: ReluModulusSettings, [z]: readonly Node[]): Node {
  const s = constant(normScale(norm, context.output));
  const b = reshape(context.builder, context.param("b"), [1, z.type.shape[1], 1, 1]);
  const magnitude = call("hypot", divide(operand(0, "re"), s), divide(operand(0, "im"), s));
  const shrunk = divide(call("max", constant(0), add(magnitude, operand(1))), magnitude);
  const factor = call("select", call("greaterEqual", constant(0), magnitude), constant(0), shrunk);
  return mapNode(
    context.builder,
    z.type.shape,
    [z, b],
    { re: multiply(operand(0, "re"), factor), im: multiply(operand(0, "im"), factor) },
    true,
  );
}

const shared = { arguments: [], part: "other", settings, type: (inputs: readonly LayerType[]) => inputs[0], params, flops, build } as const;

const onVectors = { activation: (made: ActivationSettings) => made.name, keepsOrder: true } as const;

/** The image form of every activation that is a formula; the words are its name. */
export const activation: TypedLayer<ActivationSettings> = defineLayer<ActivationSettings>({
  ...shared,
  words: "ACT",
  about: "applies a function to every element",
  takes: "image or vector",
  ...onVectors,
  options: [],
});

/** The spectral form: real and imaginary part apart. */
export const activationSpectral: TypedLayer<ActivationSettings> = defineLayer<ActivationSettings>({
  ...shared,
  words: "ACT spectral",
  about: "applies a function to real and imaginary part apart",
  takes: "spectrum",
  options: [normOption],
});

export const leaky: TypedLayer<ActivationSettings> = defineLayer<ActivationSettings>({
  ...shared,
  words: "leaky",
  about: "max(0, x) + slope * min(x, 0)",
  takes: "image or vector",
  ...onVectors,
  options: [slope],
});

export const leakySpectral: TypedLayer<ActivationSettings> = defineLayer<ActivationSettings>({
  ...shared,
  words: "leaky spectral",
  about: "max(0, x) + slope * min(x, 0), on real and imaginary part apart",
  takes: "spectrum",
  options: [slope, normOption],
});

export interface ReluModulusSettings {
  readonly start: number;
  readonly norm: Norm;
}

export const reluModulus: TypedLayer<ReluModulusSettings> = defineLayer<ReluModulusSettings>({
  words: "relu modulus",
  about: "shrinks the magnitude and keeps the phase: z * relu(abs(z) + b) / abs(z)",
  takes: "spectrum",
  arguments: [],
  options: [option("start", finite, 0), normOption],
  part: "other",
  settings: (layer) => ({ start: layer.options["start"] as number, norm: layer.options["norm"] as Norm }),
  type: (inputs) => inputs[0],
  params: (inputs, made) => [freeParam("b", [inputs[0].channels], { kind: "constant", value: made.start }, false)],
  flops: (_inputs, output) => 6 * elementsOf(output),
  build: buildModulus,
});

export const softmax: TypedLayer<NoSettings> = defineLayer<NoSettings>({
  words: "softmax",
  about: "positive numbers that sum to 1, over the entries of a vector or the channels of an image",
  takes: "image or vector",
  arguments: [],
  options: [],
  part: "other",
  activation: () => "softmax",
  keepsOrder: true,
  settings: () => ({}),
  type: (inputs) => inputs[0],
  params: () => [],
  flops: (_inputs, output) => 13 * elementsOf(output),
  build: (context, _made, [x]) => softmaxOp.build(context.builder, [x], { axis: 1 }),
});
