/** @file What a network's parameters are, as far as weights of other programs can become them. */

import { dense } from "../compiler/layers/dense.ts";
import { flatten } from "../compiler/layers/shape.ts";
import type { Network, NetworkNode } from "../compiler/network/network.ts";
import { parameterPath } from "../compiler/network/parameters.ts";
import { isSignal, known } from "../compiler/network/types.ts";

/** One parameter of the network. */
export interface Target {
  /** `conv.1.weight`. */
  readonly path: string;
  /** `weight`. */
  readonly name: string;
  readonly shape: readonly number[];
  /** What its axes are: O outputs, I inputs, H rows, W columns of a kernel. Undefined: others have nothing like it. */
  readonly axes: "OIHW" | "OI" | undefined;
  /** On signals kernels have no rows. */
  readonly signal: boolean;
  /** The image whose numbers are the inputs of a dense layer; only where their order can differ. */
  readonly flattened: { readonly channels: number; readonly height: number; readonly width: number } | undefined;
  readonly trained: boolean;
}

/** The parameters of one layer. */
export interface TargetLayer {
  readonly path: string;
  readonly targets: readonly Target[];
}

/** In layer order; a shared object appears once. */
export function targetsOf(network: Network): readonly TargetLayer[] {
  const seen = new Set<string>();
  return network.nodes.flatMap((node) => {
    const targets = node.params.map((param) => targetOf(network, node, param.name)).filter(({ path }) => !seen.has(path));
    for (const { path } of targets) seen.add(path);
    return targets.length === 0 ? [] : [{ path: node.path, targets }];
  });
}

function targetOf(network: Network, node: NetworkNode, name: string): Target {
  const { shape, trained } = node.params.find((param) => param.name === name) ?? { shape: [], trained: true };
  return {
    path: parameterPath(node, name),
    name,
    shape,
    axes: node.row.axes?.[name],
    trained,
    signal: isSignal(node.type),
    flattened: node.row === dense && name === "weight" ? flattenedImage(network, node) : undefined,
  };
}

/** Back from a dense layer, through layers that keep the order, to the image that was flattened. */
function flattenedImage(network: Network, head: NetworkNode): Target["flattened"] {
  let node = network.nodes[head.inputs[0]];
  while (node.type.domain === "vector" && node.row.keepsOrder === true) node = network.nodes[node.inputs[0]];
  if (node.row !== flatten) return undefined;
  const { height, width, channels } = network.nodes[node.inputs[0]].type;
  const pixels = known(height) * known(width);
  return pixels > 1 && channels > 1 ? { channels, height: known(height), width: known(width) } : undefined;
}
