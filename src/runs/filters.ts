/** @file The filters of a network for pictures: their spectra, kernels and parameters, at any values of the weights. */

import { compileNetwork } from "../compiler/compile.ts";
import { bug } from "../compiler/diagnostics/diagnostic.ts";
import { compileExprs } from "../compiler/expr/evaluate.ts";
import { variable } from "../compiler/expr/expr.ts";
import { constrain } from "../compiler/formula/formula.ts";
import type { ConvSpatialSettings } from "../compiler/layers/conv-spatial.ts";
import { convSpatial } from "../compiler/layers/conv-spatial.ts";
import type { ConvSpectralSettings } from "../compiler/layers/conv-spectral.ts";
import { convSpectral, filterGrid } from "../compiler/layers/conv-spectral.ts";
import type { Network, NetworkNode } from "../compiler/network/network.ts";
import { isSignal, known } from "../compiler/network/types.ts";
import { ReferenceSession } from "../compiler/reference/session.ts";
import type { Constraint } from "../plan/plan.ts";
import { halfWidth } from "../plan/shape.ts";
import type { FilterLayer, FilterParameter } from "../report/filters/layer.ts";
import { responsesOf } from "../report/filters/layer.ts";

type Params = ReadonlyMap<string, Float32Array>;

/** One entry for each `conv spectral` and `conv spatial`; a shared object has one. Evaluated in f64. */
export async function filterLayers(network: Network, moments: readonly Params[]): Promise<readonly (readonly FilterLayer[])[]> {
  const compiled = compileNetwork(network, { programs: ["filters"], batch: 1 });
  const nodes = network.nodes.filter(
    ({ row, path }, index) =>
      (row === convSpectral || row === convSpatial) && network.nodes.findIndex((node) => node.path === path && node.row === row) === index,
  );
  const session = new ReferenceSession(compiled);
  try {
    const layers: (readonly FilterLayer[])[] = [];
    for (const params of moments) {
      await session.writeParams(params);
      const planes = await session.run("filters", {});
      layers.push(nodes.flatMap((node) => layerOf(network, node, planes, params)));
    }
    return layers;
  } finally {
    await session.close();
  }
}

/** Those of the spectral layers alone, at one moment. */
export async function filterPlanes(network: Network, params: Params): Promise<readonly FilterLayer[]> {
  const [layers] = await filterLayers(network, [params]);
  return layers.filter(({ weights }) => weights === undefined);
}

function layerOf(
  network: Network,
  node: NetworkNode,
  planes: Readonly<Record<string, Float32Array>>,
  params: Params,
): readonly FilterLayer[] {
  const spectral = convSpectral.match(node);
  if (spectral !== undefined) return [spectralLayer(network, node, spectral, planes[node.path], params)];
  const spatial = convSpatial.match(node);
  return spatial === undefined ? [] : [spatialLayer(network, node, spatial, params)];
}

function spectralLayer(network: Network, node: NetworkNode, made: ConvSpectralSettings, values: Float32Array, params: Params): FilterLayer {
  const input = network.nodes[node.inputs[0]].type;
  const grid = filterGrid(made, input);
  const [rows, columns] = [known(grid.height), known(grid.columns)];
  const filterCount = values.length / (2 * rows * columns);
  return {
    ...titled(node),
    signal: isSignal(input),
    filterCount,
    rows,
    columns,
    values,
    weights: undefined,
    width: known(input.width) * (made.boundary === "zero" ? 2 : 1),
    names: filterNames(filterCount, filterCount / made.filters),
    parameters:
      made.family === "free"
        ? []
        : made.family.params.map(({ name, constraint }) => parameterOf(name, tensor(node, name, params), constraint, made.parts)),
    notes: [
      ...(made.channels === "weighted" ? [`each filter sees a weighted sum of ${input.channels} channels (mix)`] : []),
      ...(made.channels === "shared" && input.channels > 1 ? [`each filter sees the sum of ${input.channels} channels`] : []),
      ...scaleNote(node, params),
    ],
  };
}

function spatialLayer(network: Network, node: NetworkNode, made: ConvSpatialSettings, params: Params): FilterLayer {
  const { type: input } = network.nodes[node.inputs[0]];
  const [rows, width] = [known(input.height), known(input.width)];
  const filterCount = made.filters * input.channels;
  const weights = {
    height: filterCount * (made.kernel.height ?? 1),
    width: made.kernel.width,
    data: Float64Array.from(tensor(node, "weight", params)),
  };
  return {
    ...titled(node),
    signal: isSignal(input),
    filterCount,
    rows,
    columns: halfWidth(width),
    width,
    weights,
    values: responsesOf(weights, filterCount, rows, width),
    names: filterNames(filterCount, input.channels),
    parameters: [],
    notes: [...(made.stride > 1 ? [`one result for every ${made.stride} pixels`] : []), ...scaleNote(node, params)],
  };
}

function titled({ path, title }: NetworkNode): Pick<FilterLayer, "path" | "title"> {
  return { path, title: `${path}: ${title}` };
}

function tensor({ path }: NetworkNode, name: string, params: Params): Float32Array {
  return params.get(`${path}.${name}`) ?? bug(`no values for ${path}.${name}`);
}

function filterNames(count: number, channels: number): readonly string[] {
  return Array.from({ length: count }, (_, index) =>
    channels === 1 ? `filter ${index + 1}` : `filter ${Math.floor(index / channels) + 1}, channel ${(index % channels) + 1}`,
  );
}

function scaleNote(node: NetworkNode, params: Params): readonly string[] {
  const scale = params.get(`${node.path}.scale`);
  return scale === undefined ? [] : [`the result is multiplied by ${scale[0].toPrecision(3)} (scale)`];
}

/** [parts][F], the values that the formula sees. */
function parameterOf(name: string, raw: Float32Array, constraint: Constraint, parts: number): FilterParameter {
  const evaluate = compileExprs([constrain(variable("t"), constraint)], ["t"]);
  const result = new Float64Array(1);
  const values = Array.from(raw, (value) => {
    evaluate([value], result);
    return result[0];
  });
  const count = values.length / parts;
  return { name, values: Array.from({ length: parts }, (_, part) => values.slice(part * count, (part + 1) * count)) };
}
