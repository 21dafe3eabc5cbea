/** @file `expand`: filter parameters become a plane of the half spectrum; `expandGradient`: a plane's gradient becomes theirs. */

import { bug } from "../diagnostic.ts";
import { add, call, compileExprs, constant, cost, differentiate, multiply, printExpr, printWgsl, splitByDependency, variable, variablesOf } from "../expr.ts";
import type { ComplexExpr, Expr } from "../expr.ts";
import { defineOp, elementCount, emptyTensor } from "../graph.ts";
import type { Node, Tensor, TensorType, TypedOp } from "../graph.ts";
import { emitLongSums } from "../kernels/long-sum.ts";
import { boundOf, boundsTable } from "../kernels/strided.ts";
import type { Port, Table } from "../lower.ts";
import { contractOp } from "./contract.ts";
import { extraOf } from "./extra.ts";

/** What the coordinates u and v of a formula read (NUMERICS section 2). */
export type Coordinates = "cartesian" | "polar" | "wood";

export interface ExpandAttrs {
  /**
   * The filter at one frequency, in terms of u, v, r, theta and the raw parameters: `p0.0` is part 0 of input 0. With
   * `parts: split` the real part is written in terms of part 0 and the imaginary part in terms of part 1.
   */
  readonly formula: ComplexExpr;
  readonly coords: Coordinates;
  /** Of the image whose half spectrum is filled, H x K with K = floor(width/2)+1. */
  readonly height: number;
  readonly width: number;
  readonly parts: 1 | 2;
  /** [F], or [F, C] for `channels: full`. Each input is [parts][F] or [parts][F][C]. */
  readonly filters: readonly number[];
  /** The plane is [K][H], as fused spectral layers read it. */
  readonly columnsFirst?: true;
}

export interface ExpandGradientAttrs extends ExpandAttrs {
  /** The gradient of the plane is the sum over this many: [images][F][H][K]. Undefined: there is one, without that axis. */
  readonly images?: number;
}

/** K[f, ky, kx] (or K[f, c, ky, kx], or K[f, kx, ky]), complex. */
export const expand: TypedOp<ExpandAttrs> = defineOp<ExpandAttrs>({
  name: "expand",
  formula: "K[f, ky, kx] = formula(u[kx], v[ky]; parameters[f])",
  shape(inputs, attrs) {
    checkParameters(inputs, attrs);
    return { shape: planeShape(attrs), dtype: "c32" };
  },
  adjoint(builder, dy, node, attrs, wanted) {
    if (node.inputs.length === 0) return [];
    const perImage = summedOverImages(dy);
    const gradient = expandGradient.build(builder, [perImage ?? dy, ...node.inputs], perImage === undefined ? attrs : { ...attrs, images: perImage.type.shape[0] });
    return node.inputs.map((_, index) => (!wanted[index] ? undefined : index === 0 ? gradient : extraOf(builder, gradient, index - 1)));
  },
  reference(inputs, attrs, type) {
    const result = emptyTensor(type);
    const exprs = [attrs.formula.re, attrs.formula.im];
    const element = new Float64Array(2);
    evaluateBins(exprs, inputs, attrs, () => [], element, (bin) => result.data.set(element, 2 * bin));
    return result;
  },
  lower(context, attrs) {
    const bins = attrs.height * columnCount(attrs);
    const blocks = Math.ceil(bins / binsPerBlock);
    const text = printBins([attrs.formula.re, attrs.formula.im], attrs, context.inputs, 0, []);
    context.groups({
      title: "plane",
      groups: elementCount(attrs.filters) * blocks,
      size: expandLanes,
      reads: context.inputs,
      writes: [context.output],
      tables: text.tables,
      body: [
        `let filter_ = group / ${blocks}u;`,
        `let block = group % ${blocks}u;`,
        ...text.setup,
        `let last = min((block + 1u) * ${binsPerBlock}u, ${bins}u);`,
        `for (var bin = block * ${binsPerBlock}u + lane; bin < last; bin += ${expandLanes}u) {`,
        ...text.lets.map((line) => `  ${line}`),
        `  store0(filter_ * ${bins}u + bin, vec2f(${text.results.join(", ")}));`,
        `}`,
      ].join("\n  "),
    });
  },
  reuse: (_inputs, attrs) => expandLanes * Math.ceil((attrs.height * columnCount(attrs)) / binsPerBlock),
  flops: (_inputs, attrs, type) => elementCount(type.shape) * cost(attrs.formula.re, attrs.formula.im),
  print: printAttrs,
  samples: () => expandSamples().map((sample) => ({ ...sample, inputs: parameterTypes(sample.attrs), tolerance: 5e-6 })),
});

/**
 * Inputs: the gradient A of the plane (c32), then the parameters. Results, one for each parameter, are like these:
 * dL/dp = sum over bins of Re A dRe K/dp + Im A dIm K/dp (NUMERICS section 4, the rule for complex K).
 */
export const expandGradient: TypedOp<ExpandGradientAttrs> = defineOp<ExpandGradientAttrs>({
  name: "expandGradient",
  formula: "g[p, f] = sum over ky, kx of Re A dRe K/dp + Im A dIm K/dp",
  shape([plane, ...parameters], attrs) {
    checkParameters(parameters, attrs);
    const wanted = [...(attrs.images === undefined ? [] : [attrs.images]), ...planeShape(attrs)];
    if (plane.dtype !== "c32" || plane.shape.join() !== wanted.join()) bug(`expandGradient: ${plane.dtype} ${plane.shape.join("x")} instead of ${wanted.join("x")}`);
    return parameters[0];
  },
  extras: ([, ...parameters]) => parameters.slice(1),
  reference([planes, ...parameters], attrs) {
    const plane = attrs.images === undefined ? planes.data : sumOfImages(planes.data, attrs.images);
    const results = parameters.map((parameter) => emptyTensor(parameter));
    const exprs = gradientTerms(attrs, parameters.length);
    const filters = elementCount(attrs.filters);
    const bins = attrs.height * columnCount(attrs);
    const element = new Float64Array(exprs.length);
    evaluateBins(exprs, parameters, attrs, (bin) => [plane[2 * bin], plane[2 * bin + 1]], element, (bin) => {
      const filter = Math.floor(bin / bins);
      for (let slot = 0; slot < exprs.length; slot++) results[Math.floor(slot / attrs.parts)].data[(slot % attrs.parts) * filters + filter] += element[slot];
    });
    return { ...results[0], extras: results.slice(1) };
  },
  lower(context, attrs) {
    const [plane, ...parameters] = context.inputs;
    const filters = elementCount(attrs.filters);
    const bins = attrs.height * columnCount(attrs);
    const terms = gradientTerms(attrs, parameters.length);
    const outputs = [context.output, ...context.extras];
    for (let first = 0; first < terms.length; first += mostAccumulators) {
      const some = terms.slice(first, first + mostAccumulators);
      const text = printBins(some, attrs, parameters, 1, ["A.re", "A.im"]);
      const places = some.map((_, slot) => ({ output: outputs[Math.floor((slot + first) / attrs.parts)], place: `${(slot + first) % attrs.parts}u * ${filters}u + tile` }));
      emitLongSums(context, {
        title: terms.length > mostAccumulators ? `parameters ${first}` : "parameters",
        reads: [plane, ...parameters],
        tables: [...text.tables, ...(attrs.images === undefined ? [] : [boundsTable([attrs.images])])],
        tiles: filters,
        width: some.length,
        complex: false,
        length: bins,
        locate: `let filter_ = tile;`,
        setup: text.setup.join("\n  "),
        term: [
          `let bin = s;`,
          ...(attrs.images === undefined ? [`let A = load0(filter_ * ${bins}u + bin);`] : [
            `var A = vec2f();`,
            `for (var image = 0u; image < ${boundOf(0, text.tables.length)}; image++) { A += load0((image * ${filters}u + filter_) * ${bins}u + bin); }`,
          ]),
          ...text.lets,
          ...text.results.map((result, slot) => `sum${slot} += ${result};`),
        ].map((line) => `  ${line}`).join("\n  "),
      }, places);
    }
  },
  reuse: (inputs, attrs, input) => (input === 0 ? Math.ceil(((inputs.length - 1) * attrs.parts) / mostAccumulators) : expandLanes),
  flops: (inputs, attrs) => elementCount(planeShape(attrs)) * (2 * (attrs.images ?? 0) + cost(...gradientTerms(attrs, inputs.length - 1)) + (inputs.length - 1) * attrs.parts),
  print: printAttrs,
  samples: () => expandSamples().filter((sample) => parameterTypes(sample.attrs).length > 0).map((sample) => ({
    ...sample,
    inputs: [{ shape: planeShape(sample.attrs), dtype: "c32" as const }, ...parameterTypes(sample.attrs)],
    tolerance: 2e-5,
  })).flatMap((sample) => {
    const { attrs: { images: _, ...attrs }, inputs: [plane, ...parameters] } = sample as typeof sample & { readonly attrs: ExpandGradientAttrs };
    return [sample, { ...sample, title: `${sample.title}, of 3 images`, attrs: { ...attrs, images: 3 }, inputs: [{ ...plane, shape: [3, ...plane.shape] }, ...parameters] }];
  }),
});

const expandLanes = 64;

/** What depends on the parameters alone is computed once per lane and block. */
const binsPerBlock = 1024;

/** More sums than this in one kernel spill registers. */
const mostAccumulators = 16;

function planeShape(attrs: ExpandAttrs): readonly number[] {
  const plane = [attrs.height, columnCount(attrs)];
  return [...attrs.filters, ...(attrs.columnsFirst ? plane.reverse() : plane)];
}

/** The node of which `dy` is the sum over its first axis. */
function summedOverImages(dy: Node): Node | undefined {
  const attrs = contractOp.match(dy);
  return attrs?.inputs.length === 1 && attrs.inputs[0].slice(1) === attrs.output ? dy.inputs[0] : undefined;
}

function sumOfImages(data: Float64Array, images: number): Float64Array {
  const length = data.length / images;
  return Float64Array.from({ length }, (_, i) => {
    let sum = 0;
    for (let image = 0; image < images; image++) sum += data[image * length + i];
    return sum;
  });
}

/** Row and column of a bin. */
function binPlace(attrs: ExpandAttrs, bin: number): readonly [ky: number, kx: number] {
  const inner = attrs.columnsFirst ? attrs.height : columnCount(attrs);
  const [outer, place] = [Math.floor(bin / inner), bin % inner];
  return attrs.columnsFirst ? [place, outer] : [outer, place];
}

function columnCount(attrs: ExpandAttrs): number {
  return Math.floor(attrs.width / 2) + 1;
}

function checkParameters(inputs: readonly TensorType[], attrs: ExpandAttrs): void {
  const wanted = [attrs.parts, ...attrs.filters].join();
  for (const input of inputs) if (input.dtype !== "f32" || input.shape.join() !== wanted) bug(`expand: a parameter is ${input.dtype} ${input.shape.join("x")} instead of ${wanted}`);
}

function parameterName(index: number, part: number): string {
  return `p${index}.${part}`;
}

/** One expression per parameter and part, in terms of the formula's variables and of A.re, A.im. */
function gradientTerms(attrs: ExpandAttrs, parameterCount: number): Expr[] {
  const slots = [...Array(parameterCount * attrs.parts).keys()];
  return slots.map((slot) => {
    const name = parameterName(Math.floor(slot / attrs.parts), slot % attrs.parts);
    return add(multiply(variable("A.re"), differentiate(attrs.formula.re, name)), multiply(variable("A.im"), differentiate(attrs.formula.im, name)));
  });
}

const coordinateNames = ["u", "v", "r", "theta"] as const;
type CoordinateName = (typeof coordinateNames)[number];

/** What a coordinate reads at row ky and column kx, in f64 (the table of NUMERICS section 2). */
export function coordinateAt(name: CoordinateName, attrs: Pick<ExpandAttrs, "coords" | "height" | "width">, ky: number, kx: number): number {
  const { coords, height, width } = attrs;
  const u = kx / width;
  const v = 2 * ky < height ? ky / height : ky / height - 1;
  const r = Math.hypot(u, v);
  const theta = u === 0 && v === 0 ? 0 : Math.atan2(v, u);
  switch (name) {
    case "r": return r;
    case "theta": return theta;
    case "u": return coords === "polar" ? r : coords === "wood" ? kx / (Math.floor(width / 2) + 1) : u;
    case "v": return coords === "polar" ? theta / Math.PI : coords === "wood" ? ky / height - 0.5 : v;
  }
}

function coordinatesUsed(exprs: readonly Expr[]): CoordinateName[] {
  const used = variablesOf(...exprs);
  return coordinateNames.filter((name) => used.has(name));
}

/** Evaluates `exprs` at every filter and bin; `extra` gives the values of A.re and A.im. Flat bins count through all filters. */
function evaluateBins(exprs: readonly Expr[], parameters: readonly Tensor[], attrs: ExpandAttrs, extra: (bin: number) => readonly number[], element: Float64Array, visit: (bin: number) => void): void {
  const coordinates = coordinatesUsed(exprs);
  const slots = parameters.flatMap((parameter, index) => [...Array(attrs.parts).keys()].map((part) => ({ name: parameterName(index, part), data: parameter.data, part })));
  const extraNames = extra(0).length === 0 ? [] : ["A.re", "A.im"];
  const run = compileExprs(exprs, [...coordinates, ...slots.map((slot) => slot.name), ...extraNames]);
  const filters = elementCount(attrs.filters);
  const bins = attrs.height * columnCount(attrs);
  const planes = coordinates.map((name) => Float64Array.from({ length: bins }, (_, bin) => coordinateAt(name, attrs, ...binPlace(attrs, bin))));
  const values = new Float64Array(coordinates.length + slots.length + extraNames.length);
  for (let filter = 0; filter < filters; filter++) {
    slots.forEach((slot, position) => (values[coordinates.length + position] = slot.data[slot.part * filters + filter]));
    for (let bin = 0; bin < bins; bin++) {
      for (let position = 0; position < planes.length; position++) values[position] = planes[position][bin];
      if (extraNames.length > 0) values.set(extra(filter * bins + bin), coordinates.length + slots.length);
      run(values, element);
      visit(filter * bins + bin);
    }
  }
}

interface BinText {
  readonly tables: readonly Table[];
  /** Outside the loop over bins, in terms of `filter_`: parameters, and what depends on them alone. */
  readonly setup: readonly string[];
  /** Inside, in terms of `bin`. */
  readonly lets: readonly string[];
  readonly results: readonly string[];
}

/** Prints `exprs` for a loop over the bins of one filter. `firstPort` is the port of parameter 0. */
function printBins(exprs: readonly Expr[], attrs: ExpandAttrs, parameters: readonly Port[], firstPort: number, varying: readonly string[]): BinText {
  const coordinates = coordinatesUsed(exprs);
  const inLoop = new Set<string>([...coordinates, ...varying]);
  // K1 + K12 + K2 of the paper reduced to its first step: subterms of the parameters alone leave the loop. What remains
  // per bin is a handful of multiplications beside one exponential, less than reading cached rows and columns would cost.
  const { definitions, rest } = splitByDependency(exprs, (name) => (inLoop.has(name) ? "both" : "parameter"));
  const names = new Map<string, string>();
  const nameOf = (name: string): string => names.get(name) ?? bug(`expand: unknown variable ${name}`);
  for (const name of varying) names.set(name, name.replace(".re", ".x").replace(".im", ".y"));

  const filters = elementCount(attrs.filters);
  const used = variablesOf(...exprs);
  const setup: string[] = [];
  for (const index of parameters.keys()) {
    for (let part = 0; part < attrs.parts; part++) {
      if (!used.has(parameterName(index, part))) continue;
      names.set(parameterName(index, part), `p${index}_${part}`);
      setup.push(`let p${index}_${part} = load${index + firstPort}(${part * filters}u + filter_);`);
    }
  }
  for (const [index, definition] of definitions.entries()) {
    const text = printWgsl([definition.value], nameOf, `d${index}t`);
    setup.push(...text.lets, `let d${index} = ${text.results[0]};`);
    names.set(definition.name, `d${index}`);
  }

  const { tables, lets } = coordinateTable(coordinates, attrs);
  for (const name of coordinates) names.set(name, name);
  const text = printWgsl(rest, nameOf, "t");
  return { tables, setup, lets: [...lets, ...text.lets], results: text.results };
}

/** Coordinates come from f64 tables: one entry per column or row, or per bin where they depend on both. */
function coordinateTable(coordinates: readonly CoordinateName[], attrs: ExpandAttrs): { readonly tables: readonly Table[]; readonly lets: readonly string[] } {
  if (coordinates.length === 0) return { tables: [], lets: [] };
  const columns = columnCount(attrs);
  const values: number[] = [];
  const [row, column] = attrs.columnsFirst ? [`bin % ${attrs.height}u`, `bin / ${attrs.height}u`] : [`bin / ${columns}u`, `bin % ${columns}u`];
  const lets = coordinates.map((name) => {
    const start = values.length;
    const separable = attrs.coords !== "polar" && (name === "u" || name === "v");
    const count = !separable ? attrs.height * columns : name === "u" ? columns : attrs.height;
    for (let i = 0; i < count; i++) values.push(coordinateAt(name, attrs, ...(!separable ? binPlace(attrs, i) : [i, i] as const)));
    const index = !separable ? "bin" : name === "u" ? column : row;
    return `let ${name} = table0[${start === 0 ? index : `${start}u + ${index}`}];`;
  });
  const key = `${coordinates.join(" ")} ${attrs.coords} ${attrs.height}x${attrs.width}${attrs.columnsFirst ? " columns first" : ""}`;
  return { tables: [{ key, data: Float32Array.from(values), type: `array<f32, ${values.length}>`, space: "storage" }], lets };
}

function printAttrs(attrs: ExpandGradientAttrs): string {
  return `${attrs.images === undefined ? "" : `sum of ${attrs.images}, `}${attrs.columnsFirst ? "columns first, " : ""}${printExpr(attrs.formula.re)}, ${printExpr(attrs.formula.im)}; ${attrs.coords} ${attrs.height}x${attrs.width}, ${attrs.parts} x ${attrs.filters.join("x")}`;
}

function parameterTypes(attrs: ExpandAttrs): TensorType[] {
  const used = variablesOf(attrs.formula.re, attrs.formula.im);
  const count = [...used].reduce((most, name) => Math.max(most, Number(/^p(\d+)\./.exec(name)?.[1] ?? -1) + 1), 0);
  return [...Array(count)].map(() => ({ shape: [attrs.parts, ...attrs.filters], dtype: "f32" }));
}

/** A Gaussian with constraint maps, a complex formula on r and theta, one without coordinates, one without parameters. */
function expandSamples(): { readonly title: string; readonly attrs: ExpandAttrs }[] {
  const [u, v] = [variable("u"), variable("v")];
  const p = (index: number, part: number): Expr => variable(parameterName(index, part));
  const gaussian = (part: number): Expr => {
    const dx = add(u, multiply(constant(-0.5), call("sigmoid", p(1, part))));
    const dy = add(v, multiply(constant(0.25), p(2, part)));
    const e = add(multiply(call("softplus", p(3, part)), dx), multiply(p(4, part), dy));
    return multiply(p(0, part), call("exp", multiply(constant(-0.5), add(multiply(e, e), multiply(dy, dy)))));
  };
  const split: ComplexExpr = { re: gaussian(0), im: gaussian(1) };
  const wave = add(multiply(p(0, 0), variable("r")), multiply(p(1, 0), add(variable("theta"), v)));
  const ring: ComplexExpr = { re: multiply(p(2, 0), call("cos", wave)), im: multiply(u, call("sin", wave)) };
  const linear = (part: number): Expr => add(multiply(p(0, part), u), multiply(p(1, part), v));
  const base = { coords: "cartesian", parts: 2, filters: [3] } as const;
  return [
    { title: "gaussian 6x8", attrs: { ...base, formula: split, height: 6, width: 8 } },
    { title: "gaussian 7x5, polar", attrs: { ...base, formula: split, coords: "polar", height: 7, width: 5 } },
    { title: "gaussian 48x47, wood, per channel", attrs: { ...base, formula: split, coords: "wood", filters: [2, 2], height: 48, width: 47 } },
    { title: "ring 5x6", attrs: { ...base, formula: ring, parts: 1, height: 5, width: 6 } },
    { title: "ring of a signal, polar", attrs: { ...base, formula: ring, coords: "polar", parts: 1, filters: [2, 2], height: 1, width: 9 } },
    { title: "gaussian 7x6, columns first", attrs: { ...base, formula: split, columnsFirst: true, height: 7, width: 6 } },
    { title: "ring 5x6, columns first", attrs: { ...base, formula: ring, columnsFirst: true, parts: 1, height: 5, width: 6 } },
    { title: "linear 97x64", attrs: { ...base, formula: { re: linear(0), im: linear(1) }, height: 97, width: 64 } },
    { title: "no coordinates", attrs: { ...base, formula: { re: p(0, 0), im: p(0, 1) }, height: 3, width: 4 } },
    { title: "no parameters", attrs: { ...base, formula: { re: u, im: v }, height: 4, width: 3 } },
  ];
}
