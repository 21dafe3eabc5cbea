/** @file The adjoint of `spectralProduct`, and of the filters' formula with it (docs/kernels.md#fused-spectral-layers). */

import { elementCount } from "../../plan/shape.ts";
import type { Expr } from "../expr/expr.ts";
import { add, call, cost, multiply, variable } from "../expr/expr.ts";
import type { Sample, Samples, Tensor, TypedOp } from "../graph/graph.ts";
import { defineOp, emptyTensor } from "../graph/graph.ts";
import type { TensorType } from "../graph/types.ts";
import type { Kept, ToHeld } from "../kernels/fft/chain.ts";
import { fftChain } from "../kernels/fft/choose-chain.ts";
import type { BinText, ExpandAttrs } from "../kernels/filter-bins.ts";
import { binTables, evaluateBins, gradientTerms, printBins, printExpanded } from "../kernels/filter-bins.ts";
import {
  addProduct,
  channelsOf,
  columnsOfChannels,
  columnTransforms,
  forBins,
  productFlops,
  sampleSizes,
  sampleTypes,
  spectrumType,
} from "../kernels/product-columns.ts";
import { storedRows } from "../kernels/row-spectra.ts";
import { boundOf, boundsTable } from "../kernels/strided.ts";
import type { Declaration, Names } from "../lower/names.ts";
import { behind } from "../lower/names.ts";
import { transformTolerance } from "./fft.ts";
import { storeInColumn } from "./half-transform.ts";

export interface SpectralProductGradientAttrs {
  /** Which gradients are wanted; at least one is. */
  readonly spectra: boolean;
  readonly filters: boolean;
  /**
   * How the filters were made of parameters, which follow the inputs: the gradient of the filters does not reach memory, and its place
   * takes g [B,K,F,slots] or [B,C,K,F/C,slots] f32, each column's part of the gradient of parameter and part number `slot`.
   */
  readonly expanded?: ExpandAttrs;
}

/**
 * S, filters, dU -> dT, of the shape that T had, and, as a further result (or the only one), conj(S) times the transform of
 * dU: the gradient of the filters for each image, [B,F,K,H].
 */
export const spectralProductGradient: TypedOp<SpectralProductGradientAttrs> = defineOp<SpectralProductGradientAttrs>({
  name: "spectralProductGradient",
  formula: "dT = inverse column transform of sum_f conj(K[f]) G[f]; A[b,f] = conj(S[b]) G[b,f], G the column transform of dU",
  shape: ([spectrum, filters, dy, ...parameters], attrs) =>
    attrs.spectra
      ? { shape: [...spectrum.shape.slice(0, -1), dy.shape[3]], dtype: "c32" }
      : filtersType(spectrum, filters, parameters, attrs),
  extras: ([spectrum, filters, , ...parameters], attrs) =>
    attrs.spectra && attrs.filters ? [filtersType(spectrum, filters, parameters, attrs)] : [],
  adjoint: "none",
  reference([S, filters, dy, ...parameters], attrs) {
    const type = perImageType(S, filters);
    const [, , H] = filters.shape;
    const G = columnTransforms(dy, H, false);
    const dS = emptyTensor(S);
    forBins(S, filters, (s, k, r) => addProduct(dS.data, s, G.data, r, filters.data, k, -1));
    const perImage = emptyTensor(type);
    forBins(S, filters, (s, _, r) => addProduct(perImage.data, r, G.data, r, S.data, s, -1));
    const ofFilters =
      attrs.expanded === undefined
        ? perImage
        : columnParts(perImage, filters, parameters, attrs.expanded, filtersType(S, filters, parameters, attrs));
    if (!attrs.spectra) return ofFilters;
    return { ...columnTransforms(dS, H, true), extras: attrs.filters ? [ofFilters] : [] };
  },
  lower(context, attrs) {
    const [spectrum, filters, dy, ...parameters] = context.inputs;
    const [B] = spectrum.type.shape;
    const [, , H] = filters.type.shape;
    const stored = storedRows(H);
    const ofFilters = attrs.spectra ? context.extras[0] : context.output;
    const { count, planes, index, filter: place, column } = columnsOfChannels(spectrum.type, filters.type);
    const chain = fftChain(H, B * planes, "line", context.target);
    const terms = attrs.expanded === undefined ? [] : gradientTerms(attrs.expanded, parameters.length);
    const slots = [...terms.keys()];
    context.groups(
      chain.kernel(
        {
          title: "product gradient",
          reads: [spectrum, filters, dy, ...parameters],
          writes: attrs.spectra ? [context.output, ...(ofFilters === undefined ? [] : [ofFilters])] : [context.output],
          tables: [boundsTable([count]), ...(attrs.expanded === undefined ? [] : binTables(terms, attrs.expanded))],
          declarations: [cmulc],
        },
        (names, points) => {
          const { load, own } = names;
          // S is taken from memory once where lanes can hold all of it.
          const kept = points.fetch("s", (row) => `${load(0)}(line * ${H}u + ${row})`);
          const filter = points.fetch("weights", (row) => `${load(1)}(${place} * ${H}u + ${row})`);
          const storeFilters = (at: string, value: string): string => `${names.store(attrs.spectra ? 1 : 0)}(${at}, ${value});`;
          const inMemory = (row: string, value: string): string => `if (inside) { ${storeFilters(`${column} * ${H}u + ${row}`, value)} }`;
          const results: ToHeld = {
            ...(attrs.spectra
              ? { hold: (i, row, value) => `${points.held("sum", i, row)} += ${own("cmulc")}(${value}, ${filter.at(i, row)});` }
              : {}),
            ...(ofFilters === undefined
              ? {}
              : {
                  keep: {
                    value: (i, row, value) => `${own("cmulc")}(${value}, ${kept.at(i, row)})`,
                    ...(attrs.expanded === undefined
                      ? { store: inMemory }
                      : partsOfColumn(attrs.expanded, terms, index, filters.type.shape[1], behind(names, { reads: 3, tables: 1 }))),
                  },
                }),
          };
          return {
            start: [
              ...(ofFilters === undefined ? [] : [...kept.declare, ...kept.code]),
              ...(attrs.spectra ? [...points.declareHeld("sum"), ...filter.declare] : []),
              ...slots.map((slot) => `var part${slot} = 0.0;`),
            ],
            transforms: [
              {
                variable: "f",
                bound: boundOf(names.table(0), 0),
                transforms: [
                  {
                    before: [...(attrs.spectra ? filter.code : []), ...slots.map((slot) => `part${slot} = 0.0;`)],
                    from: { read: (row) => `${load(2)}(${column} * ${stored}u + ${row})` },
                    to: results,
                    sums: slots.map((slot) => ({
                      value: `part${slot}`,
                      store: (total) => storeFilters(`(line * ${count}u + f) * ${slots.length}u + ${slot}u`, total),
                    })),
                  },
                ],
              },
              ...(attrs.spectra
                ? [
                    {
                      from: { held: (i: string, row: string) => `${points.held("sum", i, row)}.yx` },
                      to: {
                        store: (row: string, value: string) => `if (inside) { ${storeInColumn(names, "line", row, `${value}.yx`, H)} }`,
                      },
                    },
                  ]
                : []),
            ],
          };
        },
      ),
    );
  },
  reuse: () => 1,
  flops: ([spectra, filters, , ...parameters], attrs) =>
    productFlops(spectra, filters, (attrs.spectra ? 1 : 0) + (attrs.filters ? 1 : 0)) +
    (attrs.expanded === undefined
      ? 0
      : spectra.shape[0] * elementCount(filters.shape) * cost(...gradientTerms(attrs.expanded, parameters.length))),
  plainInputs: true,
  plainOutput: true,
  print: ({ spectra, filters, expanded }) =>
    [spectra ? "spectra" : "", filters ? "filters" : "", expanded === undefined ? "" : printExpanded(expanded)]
      .filter((word) => word !== "")
      .join(", "),
});

export const spectralProductGradientSamples: Samples<SpectralProductGradientAttrs> = () => [
  ...sampleSizes.flatMap((size, index) =>
    [
      { spectra: true, filters: true },
      { spectra: false, filters: true },
      { spectra: true, filters: false },
    ]
      .slice(0, index === 0 ? 3 : 1)
      .map((attrs) => sampleOf(size, attrs)),
  ),
  ...expandedSamples().map(({ size, expanded }) => sampleOf(size, { spectra: false, filters: true, expanded })),
];

function perImageType(spectrum: TensorType, filters: TensorType): TensorType {
  return { shape: [spectrum.shape[0], ...filters.shape], dtype: "c32" };
}

/** What takes the place of the filters' gradient. */
function filtersType(
  spectrum: TensorType,
  filters: TensorType,
  parameters: readonly TensorType[],
  { expanded }: SpectralProductGradientAttrs,
): TensorType {
  if (expanded === undefined) return perImageType(spectrum, filters);
  return {
    shape: [...spectrum.shape.slice(0, -1), filters.shape[0] / channelsOf(spectrum), parameters.length * expanded.parts],
    dtype: "f32",
  };
}

function columnParts(perImage: Tensor, filters: Tensor, parameters: readonly Tensor[], expanded: ExpandAttrs, type: TensorType): Tensor {
  const result = emptyTensor(type);
  const terms = gradientTerms(expanded, parameters.length);
  const [F, K, H] = filters.shape;
  const count = type.shape[type.shape.length - 2];
  const element = new Float64Array(terms.length);
  for (let image = 0; image < perImage.shape[0]; image++) {
    const plane = perImage.data.subarray(2 * image * F * K * H);
    evaluateBins(
      terms,
      parameters,
      expanded,
      (bin) => [plane[2 * bin], plane[2 * bin + 1]],
      element,
      (bin) => {
        const [filter, column] = [Math.floor(bin / (K * H)), Math.floor(bin / H) % K];
        const line = (image * (F / count) + Math.floor(filter / count)) * K + column;
        for (let slot = 0; slot < terms.length; slot++)
          result.data[(line * count + (filter % count)) * terms.length + slot] += element[slot];
      },
    );
  }
  return result;
}

/** The product with a conjugate. */
const cmulc: Declaration = {
  kind: "fn",
  name: "cmulc",
  text: () => `(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x + a.y * b.y, a.y * b.x - a.x * b.y); }`,
};

/** Statements that add the bins of a column to its parts of the gradients, `part0`, `part1`, ...; `index` is the filter's number. */
function partsOfColumn(expanded: ExpandAttrs, terms: readonly Expr[], index: string, K: number, kernel: Names): Omit<Kept, "value"> {
  const print = (row: string): BinText =>
    printBins(terms, expanded, { kernel, bin: `(column * ${expanded.height}u + ${row})`, row, column: "column", oneColumn: true }, true);
  const { setup, results } = print("0u");
  return {
    enter: [`let column = line % ${K}u;`, `let filter_ = ${index};`, ...setup],
    store: (row, value) =>
      `{ let A = ${value}; ${[...print(row).lets, ...results.map((result, slot) => `part${slot} += ${result};`)].join(" ")} }`,
  };
}

function sampleOf(size: readonly number[], attrs: SpectralProductGradientAttrs): Sample<SpectralProductGradientAttrs> {
  const [B, , F, H, K] = size;
  const [spectra, filters] = sampleTypes(size);
  const parameters: TensorType[] = attrs.expanded === undefined ? [] : Array(2).fill({ shape: [attrs.expanded.parts, F], dtype: "f32" });
  const formulas = attrs.expanded === undefined ? "" : ` of ${attrs.expanded.coords} formulas`;
  return {
    title: `${size.join("x")}${attrs.spectra ? " spectra" : ""}${attrs.filters ? " filters" : ""}${formulas}`,
    attrs,
    inputs: [spectrumType(spectra, filters), filters, { shape: [B, F, K, storedRows(H)], dtype: "c32" }, ...parameters],
    tolerance: 3 * transformTolerance([H, K]),
  };
}

/** Two parts, of one variable for each; a formula of both coordinates, of filters of several channels. */
function expandedSamples(): readonly { readonly size: readonly number[]; readonly expanded: ExpandAttrs }[] {
  const bell = (part: number): Expr =>
    multiply(variable(`p0.${part}`), call("exp", multiply(variable(`p1.${part}`), multiply(variable("u"), variable("v")))));
  const ring = add(multiply(variable("p0.0"), variable("r")), multiply(call("sin", variable("p1.0")), variable("theta")));
  return [
    {
      size: [2, 0, 3, 6, 5],
      expanded: {
        formula: { re: bell(0), im: bell(1) },
        coords: "cartesian",
        parts: 2,
        filters: [3],
        height: 6,
        width: 8,
        columnsFirst: true,
      },
    },
    {
      size: [2, 3, 6, 20, 4],
      expanded: {
        formula: { re: ring, im: multiply(ring, ring) },
        coords: "polar",
        parts: 1,
        filters: [6],
        height: 20,
        width: 7,
        columnsFirst: true,
      },
    },
  ];
}
