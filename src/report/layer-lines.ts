/** @file The layers of a network in figures: shapes, domains, parameters and costs, with filters and heads apart. */

import { insertedLayers } from "../compiler/layers/index.ts";
import { flatten } from "../compiler/layers/shape.ts";
import type { Network } from "../compiler/network/network.ts";
import { parameterPath } from "../compiler/network/parameters.ts";
import { shapeText } from "../compiler/network/types.ts";
import { elementCount } from "../plan/shape.ts";

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
      if (param.trained && !counted.has(path)) parameters += elementCount(param.shape);
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
      remarks: node.row.remarks?.(node.settings) ?? [],
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

function finite(value: number): number | null {
  return Number.isFinite(value) ? value : null;
}
