/** @file The table of layers: shapes, domains, parameters and costs, with filters and heads apart. */

import { insertedLayers } from "../../compiler/layers/index.ts";
import { flatten } from "../../compiler/layers/shape.ts";
import type { Network, NetworkNode } from "../../compiler/network/network.ts";
import { parameterPath } from "../../compiler/network/parameters.ts";
import { shapeText } from "../../compiler/network/types.ts";
import { renderTable } from "../../report/terminal.ts";

export interface LayerLine {
  readonly id: number;
  readonly title: string;
  readonly path: string;
  /** Not a layer of its own in the text: a transform, or the activation of `dense tanh 2`. */
  readonly inserted: boolean;
  /** A coercion that the compiler put there. */
  readonly transform: boolean;
  readonly inputs: readonly number[];
  readonly domain: string;
  readonly shape: string;
  /** Trained numbers; null while a size is open. A shared object is counted at its first use. */
  readonly parameters: number | null;
  readonly part: "filter" | "head" | "other";
  /** For one image, forward; null while a size is open. */
  readonly flops: number | null;
  /** What is easy to overlook: boundary, channels. */
  readonly remarks: readonly string[];
}

export interface LayerTotals {
  readonly filters: number | null;
  readonly heads: number | null;
  readonly other: number | null;
  readonly total: number | null;
  readonly flops: number | null;
}

const transforms = [...insertedLayers, flatten];

export function layerLines(network: Network): readonly LayerLine[] {
  const counted = new Set<string>();
  return network.nodes.map((node): LayerLine => {
    const types = node.inputs.map((id) => network.nodes[id].type);
    let parameters = 0;
    for (const param of node.params) {
      const path = parameterPath(node, param.name);
      if (param.trained && !counted.has(path)) parameters += param.shape.reduce((product, size) => product * size, 1);
      counted.add(path);
    }
    return {
      id: node.id,
      title: node.title,
      path: node.path,
      inserted: node.inserted,
      transform: node.inserted && transforms.includes(node.row),
      inputs: node.inputs,
      domain: node.type.domain,
      shape: shapeText(node.type),
      parameters: finite(parameters),
      part: node.row.part,
      flops: finite(node.row.flops(types, node.type, node.settings)),
      remarks: remarksOf(node),
    };
  });
}

export function totalsOf(lines: readonly LayerLine[]): LayerTotals {
  const sum = (values: readonly (number | null)[]): number | null =>
    finite(values.reduce<number>((total, value) => total + (value ?? Number.NaN), 0));
  const part = (name: LayerLine["part"]): number | null => sum(lines.filter((line) => line.part === name).map((line) => line.parameters));
  return {
    filters: part("filter"),
    heads: part("head"),
    other: part("other"),
    total: sum(lines.map((line) => line.parameters)),
    flops: sum(lines.map((line) => line.flops)),
  };
}

/** Options that change the meaning without changing the shape. */
function remarksOf(node: NetworkNode): readonly string[] {
  const { boundary, channels, coords, calibrated } = node.settings;
  return [
    ...(typeof boundary === "string" ? [`boundary ${boundary}`] : []),
    ...(typeof channels === "string" ? [`channels ${channels}`] : []),
    ...(typeof coords === "string" && coords !== "cartesian" ? [`coords ${coords}`] : []),
    ...(calibrated === true ? ["calibrated"] : []),
  ];
}

/** Stored numbers of `free` filters are not all independent (docs/numerics.md#families). */
export function freeRemarks(network: Network): readonly string[] {
  const found = network.nodes.flatMap((node) => {
    const { family, parts, boundary } = node.settings;
    const input = network.nodes[node.inputs[0] ?? 0].type;
    if (family !== "free" || parts !== 2 || typeof input.height !== "number" || typeof input.width !== "number") return [];
    const scale = boundary === "zero" ? 2 : 1;
    const [height, width] = [input.height === 1 ? 1 : scale * input.height, scale * input.width];
    const stored = 2 * height * (Math.floor(width / 2) + 1);
    return [`a free filter of ${height}x${width} stores ${count(stored)} numbers, ${count(height * width)} of them independent`];
  });
  return [...new Set(found)];
}

export function layerTable(lines: readonly LayerLine[], colour: boolean): string {
  const shown = lines.filter((line) => !line.inserted);
  const rows = shown.map((line) => [
    line.title,
    line.shape,
    line.domain,
    line.parameters === 0 ? "" : count(line.parameters),
    cost(line.flops),
    line.remarks.join(", "),
  ]);
  return renderTable(["layer", "shape", "domain", "parameters", "FLOPs", ""], rows, {
    colour,
    align: ["left", "left", "left", "right", "right", "left"],
  });
}

export function totalsText({ filters, heads, other, total, flops }: LayerTotals): string {
  const parts = [`filters ${count(filters)}`, `head ${count(heads)}`, ...(other === 0 ? [] : [`other ${count(other)}`])];
  return `parameters: ${parts.join(", ")}; total ${count(total)}\nFLOPs: ${cost(flops)} for one image, forward, transforms included`;
}

/** All nodes in order, with what was inserted in brackets. */
export function pipelineText(lines: readonly LayerLine[]): string {
  const width = Math.max(...lines.map((line) => line.title.length)) + 2;
  const digits = String(lines.length).length;
  return lines
    .map((line) => {
      const from = line.inputs.length === 1 && line.inputs[0] === line.id - 1 ? "" : line.inputs.map((id) => `%${id}`).join(", ");
      const title = line.transform ? `[${line.title}]` : line.inserted ? `  ${line.title}` : line.title;
      return `  %${String(line.id).padEnd(digits)}  ${title.padEnd(width)}  ${line.domain} ${line.shape}${from === "" ? "" : `  of ${from}`}`;
    })
    .join("\n");
}

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}

export function count(value: number | null): string {
  return value === null ? "?" : value.toLocaleString("en");
}

/** `12.3 M`. */
export function cost(value: number | null): string {
  if (value === null) return "?";
  if (value < 1e4) return count(Math.round(value));
  const step = [
    { size: 1e9, unit: "G" },
    { size: 1e6, unit: "M" },
    { size: 1e3, unit: "k" },
  ].find(({ size }) => value >= size) ?? { size: 1, unit: "" };
  return `${(value / step.size).toPrecision(3)} ${step.unit}`;
}
