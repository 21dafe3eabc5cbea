/** @file A filter's formula at the bins of a half spectrum: its values, their derivatives by its parameters, and the WGSL of both. */

import { elementCount, halfWidth } from "../../plan/shape.ts";
import { bug } from "../diagnostics/diagnostic.ts";
import type { ComplexExpr, Expr } from "../expr/expr.ts";
import {
  add,
  compileExprs,
  differentiate,
  multiply,
  printExpr,
  printWgsl,
  splitByDependency,
  variable,
  variablesOf,
} from "../expr/expr.ts";
import type { Tensor } from "../graph/graph.ts";
import type { Table } from "../lower/context.ts";
import type { Names } from "../lower/names.ts";

/** What the coordinates u and v of a formula read (docs/numerics.md#frequencies). */
type Coordinates = "cartesian" | "polar" | "wood";

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

/** More sums than this in one kernel spill registers. */
export const mostAccumulators = 16;

/** Row and column of a bin. */
function binPlace(attrs: ExpandAttrs, bin: number): readonly [ky: number, kx: number] {
  const inner = attrs.columnsFirst ? attrs.height : columnCount(attrs);
  const [outer, place] = [Math.floor(bin / inner), bin % inner];
  return attrs.columnsFirst ? [place, outer] : [outer, place];
}

export function columnCount(attrs: ExpandAttrs): number {
  return halfWidth(attrs.width);
}

export function printExpanded(attrs: ExpandAttrs): string {
  return (
    `${attrs.columnsFirst ? "columns first, " : ""}${printExpr(attrs.formula.re)}, ${printExpr(attrs.formula.im)}; ` +
    `${attrs.coords} ${attrs.height}x${attrs.width}, ${attrs.parts} x ${attrs.filters.join("x")}`
  );
}

export function parameterName(index: number, part: number): string {
  return `p${index}.${part}`;
}

/** One expression per parameter and part, in terms of the formula's variables and of A.re, A.im. */
export function gradientTerms(attrs: ExpandAttrs, parameterCount: number): Expr[] {
  const slots = [...Array(parameterCount * attrs.parts).keys()];
  return slots.map((slot) => {
    const name = parameterName(Math.floor(slot / attrs.parts), slot % attrs.parts);
    return add(
      multiply(variable("A.re"), differentiate(attrs.formula.re, name)),
      multiply(variable("A.im"), differentiate(attrs.formula.im, name)),
    );
  });
}

const coordinateNames = ["u", "v", "r", "theta"] as const;
type CoordinateName = (typeof coordinateNames)[number];

/** What a coordinate reads at row ky and column kx, in f64 (docs/numerics.md#frequencies). */
export function coordinateAt(
  name: CoordinateName,
  attrs: Pick<ExpandAttrs, "coords" | "height" | "width">,
  ky: number,
  kx: number,
): number {
  const { coords, height, width } = attrs;
  const u = kx / width;
  const v = 2 * ky < height ? ky / height : ky / height - 1;
  const r = Math.hypot(u, v);
  const theta = u === 0 && v === 0 ? 0 : Math.atan2(v, u);
  switch (name) {
    case "r":
      return r;
    case "theta":
      return theta;
    case "u":
      return coords === "polar" ? r : coords === "wood" ? kx / halfWidth(width) : u;
    case "v":
      return coords === "polar" ? theta / Math.PI : coords === "wood" ? ky / height - 0.5 : v;
  }
}

function coordinatesUsed(exprs: readonly Expr[]): CoordinateName[] {
  const used = variablesOf(...exprs);
  return coordinateNames.filter((name) => used.has(name));
}

/** Evaluates `exprs` at every filter and bin; `extra` gives the values of A.re and A.im. Flat bins count through all filters. */
export function evaluateBins(
  exprs: readonly Expr[],
  parameters: readonly Tensor[],
  attrs: ExpandAttrs,
  extra: (bin: number) => readonly number[],
  element: Float64Array,
  visit: (bin: number) => void,
): void {
  const coordinates = coordinatesUsed(exprs);
  const slots = parameters.flatMap((parameter, index) =>
    [...Array(attrs.parts).keys()].map((part) => ({ name: parameterName(index, part), data: parameter.data, part })),
  );
  const extraNames = extra(0).length === 0 ? [] : ["A.re", "A.im"];
  const run = compileExprs(exprs, [...coordinates, ...slots.map((slot) => slot.name), ...extraNames]);
  const filters = elementCount(attrs.filters);
  const bins = attrs.height * columnCount(attrs);
  const planes = coordinates.map((name) =>
    Float64Array.from({ length: bins }, (_, bin) => coordinateAt(name, attrs, ...binPlace(attrs, bin))),
  );
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

export interface BinText {
  /** Outside the loop over bins, in terms of `filter_`: parameters, and what depends on them alone. */
  readonly setup: readonly string[];
  /** Inside, in terms of the place. */
  readonly lets: readonly string[];
  readonly results: readonly string[];
}

/** Names in the WGSL around the text of bins. */
export interface BinNames {
  /** The parameters are the reads, and the coordinates table 0 if there are any (`binTables`). */
  readonly kernel: Names;
  /** Where the bin lies: flat in its plane, its row and its column. */
  readonly bin: string;
  readonly row: string;
  readonly column: string;
  /** All bins are of one column, which is known outside of the loop. */
  readonly oneColumn?: true;
}

/** For a loop over all bins of a plane that calls them `bin`. */
export function namesOfBin(attrs: ExpandAttrs, kernel: Names): BinNames {
  const inner = attrs.columnsFirst ? attrs.height : columnCount(attrs);
  const [outer, place] = [`bin / ${inner}u`, `bin % ${inner}u`];
  return { kernel, bin: "bin", ...(attrs.columnsFirst ? { row: place, column: outer } : { row: outer, column: place }) };
}

/** Prints `exprs`, of some of the filter's variables and of A.re and A.im if `gradient`, for the bins of one filter. */
export function printBins(exprs: readonly Expr[], attrs: ExpandAttrs, around: BinNames, gradient = false): BinText {
  const varying = gradient ? ["A.re", "A.im"] : [];
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
  for (const name of used) {
    const [, index, part] = /^p(\d+)\.(\d)$/.exec(name) ?? [];
    if (index === undefined) continue;
    names.set(name, `p${index}_${part}`);
    setup.push(`let p${index}_${part} = ${around.kernel.load(Number(index))}(${Number(part) * filters}u + filter_);`);
  }
  for (const [index, definition] of definitions.entries()) {
    const text = printWgsl([definition.value], nameOf, `d${index}t`);
    setup.push(...text.lets, `let d${index} = ${text.results[0]};`);
    names.set(definition.name, `d${index}`);
  }

  const places = placesOf(coordinates, attrs);
  const letOf = ({ name, start, index }: CoordinatePlaces): string =>
    `let ${name} = ${around.kernel.table(0)}[${start === 0 ? around[index] : `${start}u + ${around[index]}`}];`;
  const constant = ({ index }: CoordinatePlaces): boolean => index === "column" && around.oneColumn === true;
  for (const name of coordinates) names.set(name, name);
  const text = printWgsl(rest, nameOf, "t");
  return {
    setup: [...setup, ...places.filter(constant).map(letOf)],
    lets: [...places.filter((place) => !constant(place)).map(letOf), ...text.lets],
    results: text.results,
  };
}

/** Where the table of coordinates has one of them: an entry for each column or row, or for each bin where it depends on both. */
interface CoordinatePlaces {
  readonly name: CoordinateName;
  readonly start: number;
  readonly count: number;
  readonly index: "bin" | "row" | "column";
}

function placesOf(coordinates: readonly CoordinateName[], attrs: ExpandAttrs): readonly CoordinatePlaces[] {
  const columns = columnCount(attrs);
  let end = 0;
  return coordinates.map((name) => {
    const separable = attrs.coords !== "polar" && (name === "u" || name === "v");
    const index = !separable ? "bin" : name === "u" ? "column" : "row";
    const count = { bin: attrs.height * columns, column: columns, row: attrs.height }[index];
    const start = end;
    end += count;
    return { name, start, count, index };
  });
}

/** The coordinates that `exprs` read, in f64 as long as possible: one table, or none. */
export function binTables(exprs: readonly Expr[], attrs: ExpandAttrs): readonly Table[] {
  const coordinates = coordinatesUsed(exprs);
  if (coordinates.length === 0) return [];
  const places = placesOf(coordinates, attrs);
  const values = new Float32Array(places.reduce((sum, { count }) => sum + count, 0));
  for (const { name, start, count, index } of places)
    for (let i = 0; i < count; i++)
      values[start + i] = coordinateAt(name, attrs, ...(index === "bin" ? binPlace(attrs, i) : ([i, i] as const)));
  const key = `${coordinates.join(" ")} ${attrs.coords} ${attrs.height}x${attrs.width}${attrs.columnsFirst ? " columns first" : ""}`;
  return [{ key, data: values, type: `array<f32, ${values.length}>`, space: "storage" }];
}
