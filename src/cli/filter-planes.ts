/** @file The filters of a trained network as planes of the half spectrum, for pictures. */

import { compileNetwork } from "../compiler/compile.ts";
import { bug } from "../compiler/diagnostic.ts";
import { topological } from "../compiler/graph.ts";
import type { Tensor } from "../compiler/graph.ts";
import type { Network, NetworkNode } from "../compiler/network.ts";
import { expand } from "../compiler/ops/expand.ts";
import { optionalPasses } from "../compiler/pipeline.ts";
import { interpret } from "../compiler/reference.ts";
import type { FilterPlanes } from "../report/filter-picture.ts";

/** One entry for each `conv spectral`; a shared object has one. Evaluated in f64. */
export function filterPlanes(network: Network, params: ReadonlyMap<string, Float32Array>): readonly FilterPlanes[] {
  const layers = new Map(network.nodes.filter(({ row }) => row.words === "conv spectral").map((node) => [node.path, node]));
  const { graphs, plan } = compileNetwork(network, { programs: ["infer"], batch: 1, without: optionalPasses.map(({ name }) => name) });
  const graph = graphs.get("infer") ?? bug("no program infer");
  const planes = new Map(topological(graph).flatMap((node) => (expand.match(node) === undefined ? [] : [[node.origin.layer, node] as const])));
  const tensors = new Map(plan.params.map(({ path, shape }): [string, Tensor] => [path, { shape, dtype: "f32", data: Float64Array.from(params.get(path) ?? bug(`no values of ${path}`)) }]));
  const results = interpret(
    { name: "filters", results: [...planes].map(([path, node]) => ({ name: path, node, kind: "output" })) },
    { inputs: new Map(), params: tensors },
  );
  return [...layers.values()].flatMap((node) => {
    const plane = results.get(node.path) ?? freePlane(node, tensors);
    return plane === undefined ? [] : [planesOf(node, plane)];
  });
}

/** `free` filters are their weights; with `parts: real` they have no imaginary part. */
function freePlane(node: NetworkNode, params: ReadonlyMap<string, Tensor>): Tensor | undefined {
  const weight = params.get(`${node.path}.weight`);
  if (weight === undefined) return undefined;
  const parts = weight.shape[weight.shape.length - 1];
  const shape = weight.shape.slice(0, -1);
  if (parts === 2) return { shape, dtype: "c32", data: weight.data };
  const data = new Float64Array(2 * weight.data.length);
  weight.data.forEach((value, index) => data.set([value], 2 * index));
  return { shape, dtype: "c32", data };
}

function planesOf(node: NetworkNode, { shape, data }: Tensor): FilterPlanes {
  const [rows, columns] = shape.slice(-2);
  return { title: `${node.path}: ${node.title}`, filterCount: data.length / (2 * rows * columns), rows, columns, values: data };
}
