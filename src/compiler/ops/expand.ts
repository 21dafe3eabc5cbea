/** @file `expand`: filter parameters become a plane of the half spectrum; `expandGradient`: a plane's gradient becomes theirs. */

import { elementCount } from "../../plan/shape.ts";
import { bug } from "../diagnostics/diagnostic.ts";
import type { ComplexExpr, Expr } from "../expr/expr.ts";
import { add, call, constant, cost, multiply, variable, variablesOf } from "../expr/expr.ts";
import type { Node, Samples, TypedOp } from "../graph/graph.ts";
import { defineOp, emptyTensor } from "../graph/graph.ts";
import type { TensorType } from "../graph/types.ts";
import type { BinText, ExpandAttrs } from "../kernels/filter-bins.ts";
import {
  binTables,
  columnCount,
  evaluateBins,
  gradientTerms,
  mostAccumulators,
  namesOfBin,
  parameterName,
  printBins,
  printExpanded,
} from "../kernels/filter-bins.ts";
import { emitLongSums } from "../kernels/long-sum.ts";
import { boundOf, boundsTable } from "../kernels/strided.ts";
import type { Names } from "../lower/names.ts";
import { behind } from "../lower/names.ts";
import { contractOp } from "./contract.ts";
import { extraOf } from "./extra.ts";

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
    const gradient = expandGradient.build(
      builder,
      [perImage ?? dy, ...node.inputs],
      perImage === undefined ? attrs : { ...attrs, images: perImage.type.shape[0] },
    );
    return node.inputs.map((_, index) => (!wanted[index] ? undefined : index === 0 ? gradient : extraOf(builder, gradient, index - 1)));
  },
  reference(inputs, attrs, type) {
    const result = emptyTensor(type);
    const exprs = [attrs.formula.re, attrs.formula.im];
    const element = new Float64Array(2);
    evaluateBins(
      exprs,
      inputs,
      attrs,
      () => [],
      element,
      (bin) => result.data.set(element, 2 * bin),
    );
    return result;
  },
  lower(context, attrs) {
    const bins = attrs.height * columnCount(attrs);
    const blocks = Math.ceil(bins / binsPerBlock);
    const values = [attrs.formula.re, attrs.formula.im];
    context.groups({
      title: "plane",
      groups: elementCount(attrs.filters) * blocks,
      size: expandLanes,
      reads: context.inputs,
      writes: [context.output],
      tables: binTables(values, attrs),
      body: (names) => {
        const text = printBins(values, attrs, namesOfBin(attrs, names));
        return [
          `let filter_ = group / ${blocks}u;`,
          `let block = group % ${blocks}u;`,
          ...text.setup,
          `let last = min((block + 1u) * ${binsPerBlock}u, ${bins}u);`,
          `for (var bin = block * ${binsPerBlock}u + lane; bin < last; bin += ${expandLanes}u) {`,
          ...text.lets.map((line) => `  ${line}`),
          `  ${names.store(0)}(filter_ * ${bins}u + bin, vec2f(${text.results.join(", ")}));`,
          `}`,
        ].join("\n  ");
      },
    });
  },
  reuse: (_inputs, attrs) => expandLanes * Math.ceil((attrs.height * columnCount(attrs)) / binsPerBlock),
  flops: (_inputs, attrs, type) => elementCount(type.shape) * cost(attrs.formula.re, attrs.formula.im),
  print: printExpanded,
});

export const expandSamples: Samples<ExpandAttrs> = () =>
  formulaSamples().map((sample) => ({ ...sample, inputs: parameterTypes(sample.attrs), tolerance: 5e-6 }));

/**
 * Inputs: the gradient A of the plane (c32), then the parameters. Results, one for each parameter, are like these:
 * dL/dp = sum over bins of Re A dRe K/dp + Im A dIm K/dp (docs/numerics.md#gradients).
 */
export const expandGradient: TypedOp<ExpandGradientAttrs> = defineOp<ExpandGradientAttrs>({
  name: "expandGradient",
  formula: "g[p, f] = sum over ky, kx of Re A dRe K/dp + Im A dIm K/dp",
  shape([plane, ...parameters], attrs) {
    checkParameters(parameters, attrs);
    const wanted = [...(attrs.images === undefined ? [] : [attrs.images]), ...planeShape(attrs)];
    if (plane.dtype !== "c32" || plane.shape.join() !== wanted.join())
      bug(`expandGradient: ${plane.dtype} ${plane.shape.join("x")} instead of ${wanted.join("x")}`);
    return parameters[0];
  },
  extras: ([, ...parameters]) => parameters.slice(1),
  adjoint: "none",
  reference([planes, ...parameters], attrs) {
    const plane = attrs.images === undefined ? planes.data : sumOfImages(planes.data, attrs.images);
    const results = parameters.map((parameter) => emptyTensor(parameter));
    const exprs = gradientTerms(attrs, parameters.length);
    const filters = elementCount(attrs.filters);
    const bins = attrs.height * columnCount(attrs);
    const element = new Float64Array(exprs.length);
    evaluateBins(
      exprs,
      parameters,
      attrs,
      (bin) => [plane[2 * bin], plane[2 * bin + 1]],
      element,
      (bin) => {
        const filter = Math.floor(bin / bins);
        for (let slot = 0; slot < exprs.length; slot++)
          results[Math.floor(slot / attrs.parts)].data[(slot % attrs.parts) * filters + filter] += element[slot];
      },
    );
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
      const tables = binTables(some, attrs);
      const textOf = (names: Names): BinText => printBins(some, attrs, namesOfBin(attrs, behind(names, { reads: 1 })), true);
      const places = some.map((_, slot) => ({
        output: outputs[Math.floor((slot + first) / attrs.parts)],
        place: `${(slot + first) % attrs.parts}u * ${filters}u + tile`,
      }));
      emitLongSums(
        context,
        {
          title: terms.length > mostAccumulators ? `parameters ${first}` : "parameters",
          reads: [plane, ...parameters],
          tables: [...tables, ...(attrs.images === undefined ? [] : [boundsTable([attrs.images])])],
          tiles: filters,
          width: some.length,
          complex: false,
          length: bins,
          locate: `let filter_ = tile;`,
          setup: (names) => textOf(names).setup.join("\n  "),
          term: (names) => {
            const { lets, results } = textOf(names);
            return [
              `let bin = s;`,
              ...(attrs.images === undefined
                ? [`let A = ${names.load(0)}(filter_ * ${bins}u + bin);`]
                : [
                    `var A = vec2f();`,
                    `for (var image = 0u; image < ${boundOf(names.table(tables.length), 0)}; image++) ` +
                      `{ A += ${names.load(0)}((image * ${filters}u + filter_) * ${bins}u + bin); }`,
                  ]),
              ...lets,
              ...results.map((result, slot) => `sum${slot} += ${result};`),
            ]
              .map((line) => `  ${line}`)
              .join("\n  ");
          },
        },
        places,
      );
    }
  },
  reuse: (inputs, attrs, input) => (input === 0 ? Math.ceil(((inputs.length - 1) * attrs.parts) / mostAccumulators) : expandLanes),
  flops: (inputs, attrs) =>
    elementCount(planeShape(attrs)) *
    (2 * (attrs.images ?? 0) + cost(...gradientTerms(attrs, inputs.length - 1)) + (inputs.length - 1) * attrs.parts),
  print: (attrs) => `${attrs.images === undefined ? "" : `sum of ${attrs.images}, `}${printExpanded(attrs)}`,
});

export const expandGradientSamples: Samples<ExpandGradientAttrs> = () =>
  formulaSamples()
    .filter((sample) => parameterTypes(sample.attrs).length > 0)
    .map((sample) => ({
      ...sample,
      inputs: [{ shape: planeShape(sample.attrs), dtype: "c32" as const }, ...parameterTypes(sample.attrs)],
      tolerance: 2e-5,
    }))
    .flatMap((sample) => {
      const {
        attrs: { images: _, ...attrs },
        inputs: [plane, ...parameters],
      } = sample as typeof sample & { readonly attrs: ExpandGradientAttrs };
      return [
        sample,
        {
          ...sample,
          title: `${sample.title}, of 3 images`,
          attrs: { ...attrs, images: 3 },
          inputs: [{ ...plane, shape: [3, ...plane.shape] }, ...parameters],
        },
      ];
    });

const expandLanes = 64;

/** What depends on the parameters alone is computed once per lane and block. */
const binsPerBlock = 1024;

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

function checkParameters(inputs: readonly TensorType[], attrs: ExpandAttrs): void {
  const wanted = [attrs.parts, ...attrs.filters].join();
  for (const input of inputs)
    if (input.dtype !== "f32" || input.shape.join() !== wanted)
      bug(`expand: a parameter is ${input.dtype} ${input.shape.join("x")} instead of ${wanted}`);
}

function parameterTypes(attrs: ExpandAttrs): TensorType[] {
  const used = variablesOf(attrs.formula.re, attrs.formula.im);
  const count = [...used].reduce((most, name) => Math.max(most, Number(/^p(\d+)\./.exec(name)?.[1] ?? -1) + 1), 0);
  return [...Array(count)].map(() => ({ shape: [attrs.parts, ...attrs.filters], dtype: "f32" }));
}

/** A Gaussian with constraint maps, a complex formula on r and theta, one without coordinates, one without parameters. */
function formulaSamples(): { readonly title: string; readonly attrs: ExpandAttrs }[] {
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
    {
      title: "gaussian 48x47, wood, per channel",
      attrs: { ...base, formula: split, coords: "wood", filters: [2, 2], height: 48, width: 47 },
    },
    { title: "ring 5x6", attrs: { ...base, formula: ring, parts: 1, height: 5, width: 6 } },
    {
      title: "ring of a signal, polar",
      attrs: { ...base, formula: ring, coords: "polar", parts: 1, filters: [2, 2], height: 1, width: 9 },
    },
    { title: "gaussian 7x6, columns first", attrs: { ...base, formula: split, columnsFirst: true, height: 7, width: 6 } },
    { title: "ring 5x6, columns first", attrs: { ...base, formula: ring, columnsFirst: true, parts: 1, height: 5, width: 6 } },
    { title: "linear 97x64", attrs: { ...base, formula: { re: linear(0), im: linear(1) }, height: 97, width: 64 } },
    { title: "no coordinates", attrs: { ...base, formula: { re: p(0, 0), im: p(0, 1) }, height: 3, width: 4 } },
    { title: "no parameters", attrs: { ...base, formula: { re: u, im: v }, height: 4, width: 3 } },
  ];
}
