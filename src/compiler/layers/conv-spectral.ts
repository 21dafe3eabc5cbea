/** @file `conv spectral`: the spectrum times one formula per filter (docs/numerics.md#spectral-convolution). */

import type { Expr } from "../expr/expr.ts";
import { constant, cost, multiply, substitute, variable } from "../expr/expr.ts";
import { operand } from "../expr/operands.ts";
import type { ScalarFormula } from "../formula/formula.ts";
import { constrain } from "../formula/formula.ts";
import type { GraphBuilder, Node } from "../graph/graph.ts";
import type { ParamSpec } from "../network/parameters.ts";
import type { LayerType, Size } from "../network/types.ts";
import { addToSize, floorDivide, isOpen, isSignal, known } from "../network/types.ts";
import { contract } from "../ops/contract.ts";
import { expand } from "../ops/expand.ts";
import { irfft2, rfft2 } from "../ops/fft.ts";
import { addNodes, broadcastTo, mapNode } from "../ops/map.ts";
import { pad, reshape, slice } from "../ops/move.ts";
import { asComplex } from "../ops/view.ts";
import type { InitRule } from "../words/schema.ts";
import { choice, init, option, toggle } from "../words/schema.ts";
import type { BuildContext } from "./build-context.ts";
import type { LayerCall, TypeContext, TypedLayer } from "./row.ts";
import { argument, argumentSpan, biasParam, count, defineLayer, freeParam, glorot, scaleParam } from "./row.ts";

export interface ConvSpectralSettings {
  readonly family: "free" | ScalarFormula;
  /** The formula comes with specc. */
  readonly builtIn: boolean;
  /** F. */
  readonly filters: number;
  readonly channels: "shared" | "weighted" | "full" | "depthwise";
  /** 2: a real formula for the real and one for the imaginary part; 1: real (zero phase) or a complex formula. */
  readonly parts: 1 | 2;
  readonly coords: "cartesian" | "polar" | "wood";
  readonly boundary: "wrap" | "zero";
  readonly bias: boolean;
  readonly init: InitRule;
  /** The output is multiplied by the measured `scale`. */
  readonly calibrated: boolean;
}

/** The number of channels summed into one filter (docs/numerics.md#starts). */
function spectralFan(settings: ConvSpectralSettings, channels: number): number {
  return settings.channels === "shared" || settings.channels === "full" ? channels : 1;
}

/** Rows H and columns K of the plane that a filter is evaluated on; the 2H x 2W grid for `boundary: zero`. */
export function filterGrid(settings: ConvSpectralSettings, input: LayerType): { readonly height: Size; readonly columns: Size } {
  if (settings.boundary === "wrap") return { height: input.height, columns: addToSize(floorDivide(input.width, 2), 1) };
  // On signals the one row stays one row.
  const height = isSignal(input) ? input.height : doubled(input.height);
  return { height, columns: addToSize(input.width, 1) };
}

function doubled(size: Size): Size {
  return typeof size === "number" ? 2 * size : { ...size, text: `2*${size.text}`, evaluate: (value) => 2 * size.evaluate(value) };
}

function settings(call: LayerCall): ConvSpectralSettings | undefined {
  const family = argument(call, "family");
  if (family?.kind !== "family") return undefined;
  const formula = family.text === "free" ? "free" : call.formula("family", family.text);
  if (formula === undefined) return undefined;
  const complex = formula !== "free" && formula.complex;
  const partsSpan = call.optionSpan("parts");
  if (complex && partsSpan !== undefined) {
    call.report({
      severity: "error",
      code: "S0511",
      title: `\`parts\` does not apply to the complex filter \`${family.text}\``,
      span: partsSpan,
      label: "chooses between two real kernels and one",
      secondary: [{ span: family.span, text: "a complex formula, used as it is" }],
      helps: [{ text: "leave `parts` out" }],
    });
    return undefined;
  }
  const rule = call.options["init"] as InitRule;
  if (rule.kind === "glorot" && formula !== "free") {
    call.report({
      severity: "error",
      code: "S0210",
      title: `\`glorot\` is not a start of \`${family.text}\` filters`,
      span: call.optionSpan("init") ?? call.head,
      label: "counts the numbers of a `free` filter",
      helps: [{ text: "give a distribution such as `init: normal(0, 0.1)`, or leave `init` out" }],
    });
    return undefined;
  }
  const result: ConvSpectralSettings = {
    family: formula,
    builtIn: call.isBuiltIn("family", family.text),
    filters: count(call, "filters"),
    channels: call.options["channels"] as ConvSpectralSettings["channels"],
    parts: complex || call.options["parts"] === "real" ? 1 : 2,
    coords: call.options["coords"] as ConvSpectralSettings["coords"],
    boundary: call.options["boundary"] as ConvSpectralSettings["boundary"],
    bias: call.options["bias"] === true,
    init: rule,
    calibrated: rule.kind === "calibrated",
  };
  return namesCollide(result, call) ? undefined : result;
}

/** A parameter of the formula may not have the name of another tensor of the layer. */
function namesCollide(made: ConvSpectralSettings, call: LayerCall): boolean {
  if (made.family === "free") return false;
  const uses: readonly (readonly [string, boolean, string])[] = [
    ["mix", made.channels === "weighted", "channels"],
    ["bias", made.bias, "bias"],
    ["scale", made.calibrated, "init"],
  ];
  let found = false;
  for (const [name, used, optionName] of uses) {
    const param = made.family.params.find((candidate) => candidate.name === name);
    if (!used || param === undefined) continue;
    found = true;
    const option = call.optionSpan(optionName);
    call.report({
      severity: "error",
      code: "S0208",
      title: `the parameter \`${name}\` of \`${made.family.name}\` has the name of another weight of this layer`,
      span: param.span,
      label: `a second \`${name}\``,
      secondary: option === undefined ? [] : [{ span: option, text: `gives the layer a weight called \`${name}\`` }],
      helps: [{ text: "rename the parameter" }],
    });
  }
  return found;
}

function type(inputs: readonly LayerType[], made: ConvSpectralSettings, context: TypeContext): LayerType | undefined {
  const [input] = inputs;
  const checks = [fitsSignal(input, made, context), fitsOpenSize(input, made, context), fitsChannels(input, made, context)];
  return checks.every((fits) => fits) ? { ...input, channels: made.filters } : undefined;
}

function fitsSignal(input: LayerType, made: ConvSpectralSettings, context: TypeContext): boolean {
  if (!isSignal(input) || made.family === "free") return true;
  const [coordinate, used] = [...made.family.coordinates].find(([name]) => name === "v" || name === "theta") ?? [];
  if (coordinate === undefined || used === undefined) return true;
  const family = argumentSpan(context.call, "family");
  const place = context.input.span;
  const samples = `one axis of ${Number.isNaN(known(context.input.width)) ? "" : `${known(context.input.width)} `}samples`;
  context.report({
    severity: "error",
    code: "S0507",
    title: made.builtIn
      ? `\`${made.family.name}\` uses \`${coordinate}\`, which does not exist on a signal`
      : `\`${coordinate}\` does not exist on a signal`,
    span: made.builtIn ? family : used,
    label: "needs two frequency axes",
    secondary: place === undefined ? [] : [{ span: place, text: `${samples}, ${context.input.text.split("x").at(-1)} channels` }],
    helps: [{ text: "on signals use `u` (0..0.5 cycles per sample)" }],
  });
  return false;
}

function fitsOpenSize(input: LayerType, made: ConvSpectralSettings, context: TypeContext): boolean {
  const pins = made.family === "free" || made.coords === "wood";
  if (!pins || !context.input.promised || !(isOpen(input.height) || isOpen(input.width))) return true;
  const free = made.family === "free";
  const span = free ? argumentSpan(context.call, "family") : (context.call.optionSpan("coords") ?? context.call.head);
  const fixed = context.input.text.replaceAll("?", "64");
  const rows = isSignal(input) ? 1 : 64;
  const numbers = made.parts * rows * 33;
  context.report({
    severity: "error",
    code: "S0307",
    title: free ? "`free` filters need a fixed image size" : "`coords: wood` needs a fixed image size",
    span,
    label: free
      ? "stores one complex weight per frequency, so the size fixes the weights"
      : "reads bins and not frequencies, so a filter means something else at every size",
    secondary: context.input.span === undefined ? [] : [{ span: context.input.span, text: promiseText(input) }],
    helps: free
      ? [
          { text: "use a parametric family, which has the same weights at every size", edits: [{ span, text: "gaussian" }] },
          {
            text:
              `or fix the size: \`input ${fixed}\` ` +
              `(${made.parts} * ${rows} * 33 = ${numbers.toLocaleString("en-US")} numbers per filter)`,
          },
        ]
      : [
          { text: "use `coords: cartesian`", edits: [{ span, text: "coords: cartesian" }] },
          { text: `or fix the size: \`input ${fixed}\`` },
        ],
  });
  return false;
}

/** What `?` says, as a label. */
export function promiseText(type: LayerType): string {
  return isSignal(type) ? "`?` promises every length" : "`?` promises every height and width";
}

function fitsChannels(input: LayerType, made: ConvSpectralSettings, context: TypeContext): boolean {
  const { channels } = input;
  if (made.channels !== "depthwise" || Number.isNaN(channels) || Number.isNaN(made.filters) || made.filters % channels === 0) return true;
  const below = Math.floor(made.filters / channels) * channels;
  const near = below === 0 ? `${channels}` : `${below} or ${below + channels}`;
  context.report({
    severity: "error",
    code: "S0310",
    title: `${made.filters} depthwise filters do not share out over ${channels} channels`,
    span: argumentSpan(context.call, "filters"),
    label: "each channel needs the same number of filters",
    secondary: [{ span: context.call.optionSpan("channels") ?? context.call.head, text: "gives every filter one channel" }],
    helps: [{ text: `use a multiple of ${channels}: ${near}` }],
  });
  return false;
}

function params(inputs: readonly LayerType[], made: ConvSpectralSettings): readonly ParamSpec[] {
  const [input] = inputs;
  const C = input.channels;
  const F = made.filters;
  const full = made.channels === "full";
  const fan = spectralFan(made, C);
  const list: ParamSpec[] = [];
  if (made.family === "free") {
    const grid = filterGrid(made, input);
    const [H, K] = [known(grid.height), known(grid.columns)];
    const start: ParamSpec["start"] =
      made.init.kind === "glorot"
        ? glorot(H * K, H * F)
        : made.init.kind === "drawn"
          ? made.init.start(fan)
          : { kind: "normal", mean: 0, deviation: 0.3 / Math.sqrt(fan) };
    list.push(freeParam("weight", full ? [F, C, H, K, made.parts] : [F, H, K, made.parts], start, true));
  } else {
    for (const param of made.family.params) {
      const replaced = made.init.kind === "drawn" && param.constraint.kind === "free" ? made.init.start : param.start;
      list.push({
        name: param.name,
        shape: full ? [made.parts, F, C] : [made.parts, F],
        start: replaced(fan),
        constraint: param.constraint,
        trained: true,
        decayed: false,
      });
    }
  }
  if (made.channels === "weighted") list.push(freeParam("mix", [F, C], { kind: "normal", mean: 0, deviation: 1 / Math.sqrt(C) }, false));
  if (made.bias) list.push(biasParam(F));
  if (made.calibrated) list.push(scaleParam());
  return list;
}

function flops(inputs: readonly LayerType[], _output: LayerType, made: ConvSpectralSettings): number {
  const [input] = inputs;
  const C = input.channels;
  const F = made.filters;
  const grid = filterGrid(made, input);
  const bins = known(grid.height) * known(grid.columns);
  const kernels = made.channels === "full" ? F * C : F;
  const evaluate = made.family === "free" ? 0 : made.parts * kernels * bins * cost(made.family.value.re, made.family.value.im);
  // A complex product is 6 operations, a complex sum 2.
  const mixing = { shared: 2 * (C - 1) * bins, weighted: F * 4 * C * bins, full: F * (C - 1) * 2 * bins, depthwise: 0 }[made.channels];
  return evaluate + kernels * 6 * bins + mixing + (made.bias ? F : 0);
}

/** The filter plane: [F][H][K], or [F][C][H][K] with `channels: full`. */
function buildPlane(context: BuildContext, made: ConvSpectralSettings, filters: readonly number[], height: number, width: number): Node {
  const { builder } = context;
  if (made.family === "free") {
    const weight = context.param("weight");
    if (made.parts === 2) return asComplex(builder, weight);
    const real = reshape(builder, weight, weight.type.shape.slice(0, -1));
    return mapNode(builder, real.type.shape, [real], { re: operand(0), im: constant(0) }, true);
  }
  const { params, value } = made.family;
  const instance = (part: Expr, index: number): Expr => {
    const names = new Map(params.map((param, position) => [param.name, constrain(variable(`p${position}.${index}`), param.constraint)]));
    return substitute(part, (name) => names.get(name));
  };
  // `split`: the real formula once for each plane. Otherwise once, with its own imaginary part.
  const formula =
    made.parts === 2 ? { re: instance(value.re, 0), im: instance(value.re, 1) } : { re: instance(value.re, 0), im: instance(value.im, 0) };
  const tensors = params.map((param) => context.param(param.name));
  return expand.build(builder, tensors, { formula, coords: made.coords, height, width, parts: made.parts, filters });
}

/** R of the table in docs/numerics.md#spectral-convolution. */
function buildProduct(builder: GraphBuilder, made: ConvSpectralSettings, X: Node, plane: Node, mix: Node | undefined): Node {
  if (mix !== undefined) return contract(builder, "bfhk,fhk->bfhk", [contract(builder, "bchk,fc->bfhk", [X, mix]), plane]);
  if (made.channels === "full") return contract(builder, "bchk,fchk->bfhk", [X, plane]);
  if (made.channels === "shared") return contract(builder, "bchk,fhk->bfhk", [X, plane]);
  const [B, C, H, K] = X.type.shape;
  const kernels = reshape(builder, plane, [C, made.filters / C, H, K]);
  return reshape(builder, contract(builder, "bchk,cmhk->bcmhk", [X, kernels]), [B, made.filters, H, K]);
}

function build(context: BuildContext, made: ConvSpectralSettings, [x]: readonly Node[]): Node {
  const { builder, output } = context;
  const [B, C, H] = x.type.shape;
  const W = known(output.width);
  const zero = made.boundary === "zero";
  const rows = zero && output.domain !== "signal" ? 2 * H : H;
  const columns = zero ? 2 * W : W;
  const X = zero ? rfft2.build(builder, [pad(builder, x, [0, 0, 0, 0], [0, 0, rows - H, columns - W])], { weighted: false }) : x;
  const plane = buildPlane(context, made, made.channels === "full" ? [made.filters, C] : [made.filters], rows, columns);
  context.filters(plane);
  const R = buildProduct(builder, made, X, plane, made.channels === "weighted" ? context.param("mix") : undefined);
  const image = (): Node => irfft2.build(builder, [R], { width: columns, weighted: false });
  const bias = made.bias ? reshape(builder, context.param("bias"), [1, made.filters, 1, 1]) : undefined;
  if (zero) {
    const cropped = slice(builder, slice(builder, image(), 2, 0, H), 3, 0, W);
    const y = context.calibrate(cropped, () => cropped);
    return bias === undefined ? y : addNodes(builder, y, broadcastTo(builder, bias, y.type.shape));
  }
  const y = context.calibrate(R, image);
  if (bias === undefined) return y;
  // One number per pixel is N times that number at the DC bin.
  const dc = mapNode(builder, bias.type.shape, [bias], { re: multiply(constant(H * W), operand(0)), im: constant(0) }, true);
  const plane0 = pad(builder, dc, [0, 0, 0, 0], [0, 0, y.type.shape[2] - 1, y.type.shape[3] - 1]);
  return addNodes(builder, y, broadcastTo(builder, plane0, [B, made.filters, ...y.type.shape.slice(2)]));
}

export const convSpectral: TypedLayer<ConvSpectralSettings> = defineLayer<ConvSpectralSettings>({
  words: "conv spectral",
  about: "multiplies the spectrum by a kernel that is a formula of the frequency",
  takes: (made) => (made.boundary === "zero" ? "image" : "spectrum"),
  arguments: [
    { name: "family", what: "a filter family", kinds: ["family"], example: "gaussian" },
    { name: "filters", what: "the number of filters", kinds: ["count"], example: "32" },
  ],
  options: [
    choice("channels", ["shared", "weighted", "full", "depthwise"]),
    choice("parts", ["split", "real"]),
    choice("coords", ["cartesian", "polar", "wood"]),
    choice("boundary", ["wrap", "zero"]),
    option<InitRule>("init", init(["calibrated", "glorot"]), { kind: "default" }, ""),
    toggle("bias", false),
  ],
  part: "filter",
  remarks: (made) => [
    `boundary ${made.boundary}`,
    `channels ${made.channels}`,
    ...(made.coords === "cartesian" ? [] : [`coords ${made.coords}`]),
    ...(made.calibrated ? ["calibrated"] : []),
  ],
  settings,
  type,
  params,
  flops,
  build,
});
