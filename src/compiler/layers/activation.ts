/** @file Activations: built in, or declared by the user; element by element, on images, vectors and spectra. */

import { add, call, constant, cost, multiply, variable } from "../expr.ts";
import type { ScalarFormula } from "../formula.ts";
import type { LayerType, ParamSpec } from "../network.ts";
import { choice, number, option } from "../schema.ts";
import type { Option } from "../schema.ts";
import { elementsOf } from "../types.ts";
import { defineLayer, freeParam } from "./row.ts";
import type { LayerCall, LayerRow } from "./row.ts";

/** By what a layer that looks at coefficients divides them: s = sqrt(H W), 1, or H W (NUMERICS section 2). */
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
    kind: "activation", name: "leaky", span: nowhere, paramsSpan: nowhere, params: [],
    complex: false, value: { re: value, im: zero }, coordinates: new Map(),
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
    name: param.name, shape: [inputs[0].channels], start: param.start(1), constraint: param.constraint, trained: true, decayed: false,
  }));
}

function flops(_inputs: readonly LayerType[], output: LayerType, made: ActivationSettings): number {
  return elementsOf(output) * cost(made.formula.value.re);
}

const shared = { arguments: [], part: "other", settings, type: (inputs: readonly LayerType[]) => inputs[0], params, flops } as const;

/** The image form of every activation that is a formula; the words are its name. */
export const activation: LayerRow = defineLayer<ActivationSettings>({
  ...shared,
  words: "ACT",
  about: "applies a function to every element",
  takes: "image or vector",
  options: [],
});

/** The spectral form: real and imaginary part apart. */
export const activationSpectral: LayerRow = defineLayer<ActivationSettings>({
  ...shared,
  words: "ACT spectral",
  about: "applies a function to real and imaginary part apart",
  takes: "spectrum",
  options: [normOption],
});

export const leaky: LayerRow = defineLayer<ActivationSettings>({
  ...shared,
  words: "leaky",
  about: "max(0, x) + slope * min(x, 0)",
  takes: "image or vector",
  options: [slope],
});

export const leakySpectral: LayerRow = defineLayer<ActivationSettings>({
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

export const reluModulus: LayerRow = defineLayer<ReluModulusSettings>({
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
});

export const softmax: LayerRow = defineLayer<Record<string, never>>({
  words: "softmax",
  about: "positive numbers that sum to 1, over the entries of a vector or the channels of an image",
  takes: "image or vector",
  arguments: [],
  options: [],
  part: "other",
  settings: () => ({}),
  type: (inputs) => inputs[0],
  params: () => [],
  flops: (_inputs, output) => 13 * elementsOf(output),
});
