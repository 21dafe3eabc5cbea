/** @file The tensors of a model by name: its weights, and with `--expanded` what its spectral filters are at every frequency. */

import { buildGraph } from "../compiler/build.ts";
import type { Tensor as GraphTensor, Result } from "../compiler/graph/graph.ts";
import { GraphBuilder } from "../compiler/graph/graph.ts";
import { convSpectral } from "../compiler/layers/conv-spectral.ts";
import type { NetworkNode } from "../compiler/network/network.ts";
import { known } from "../compiler/network/types.ts";
import { irfft2 } from "../compiler/ops/fft.ts";
import { asComplex } from "../compiler/ops/view.ts";
import { interpret } from "../compiler/reference/interpreter.ts";
import type { ExportedModel, ExportOptions } from "./format.ts";

export interface NamedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Weights in layer order; then, if asked for, `PATH.plane` [F][H][K][2] and `PATH.kernel` [F][H][W] of each spectral filter. */
export function namedTensors(model: ExportedModel, { expanded }: Pick<ExportOptions, "expanded">): readonly NamedTensor[] {
  const weights = model.params.map(({ path, shape }) => ({ name: path, shape, data: model.values.get(path) ?? new Float32Array() }));
  return expanded ? [...weights, ...expandedFilters(model)] : weights;
}

/** In f64, from the raw weights. */
function expandedFilters(model: ExportedModel): readonly NamedTensor[] {
  const graph = buildGraph(model.network, "filters", { batch: 1, seed: 0 });
  const results = graph.results.flatMap(({ name, node }): Result[] => {
    const builder = new GraphBuilder(node.origin);
    const layer = model.network.nodes.find(({ path }) => path === name);
    const kernel = irfft2.build(builder, [asComplex(builder, node)], { width: planeWidth(layer), weighted: false });
    return [
      { name: `${name}.plane`, node, kind: "output" },
      { name: `${name}.kernel`, node: kernel, kind: "output" },
    ];
  });
  const found = interpret({ ...graph, results }, { inputs: new Map(), params: weightTensors(model) });
  return [...found].map(([name, { shape, data }]) => ({ name, shape, data: Float32Array.from(data) }));
}

/** Of the image whose half spectrum the filter fills: with `boundary: zero` it is padded to twice its size. */
function planeWidth(layer: NetworkNode | undefined): number {
  return layer === undefined ? Number.NaN : known(layer.type.width) * (convSpectral.match(layer)?.boundary === "zero" ? 2 : 1);
}

/** The weights as the reference interpreter takes them. */
export function weightTensors({ params, values }: Pick<ExportedModel, "params" | "values">): ReadonlyMap<string, GraphTensor> {
  return new Map(params.map(({ path, shape }) => [path, { shape, dtype: "f32", data: Float64Array.from(values.get(path) ?? []) }]));
}
