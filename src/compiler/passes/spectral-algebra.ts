/**
 * @file Spectral algebra: sums over channels move in front of the FFT and of the product, and transforms cancel.
 *
 * Before: `%2 = rfft2(x[B,C,H,W])`, `%4 = contract(%2, K) { bchk,fhk->bfhk }`.
 * After: `%1 = contract(x) { bchw->bhw }`, `%2 = rfft2(%1)`, `%4 = contract(%2, K) { bhk,fhk->bfhk }`.
 * Exact because the paper's filter K_f has no input-channel index (NUMERICS section 3).
 */

import { elementCount, rewrite, topological } from "../graph.ts";
import type { Graph, GraphBuilder, Node } from "../graph.ts";
import { contract, contractOp } from "../ops/contract.ts";
import { irfft2, rfft2 } from "../ops/fft.ts";
import { hermitian } from "../ops/hermitian.ts";
import type { Pass, PassContext } from "./pass.ts";

export const spectralAlgebra: Pass = {
  name: "spectral-algebra",
  description: "moves sums over channels in front of the FFT and cancels transforms that meet",
  run: (graph, context) => cancelTransforms(hoistSums(graph, context), context),
};

function hoistSums(graph: Graph, context: PassContext): Graph {
  return rewrite(graph, (node, inputs, builder) => {
    const attrs = contractOp.match(node);
    if (attrs === undefined || attrs.inputs.length !== 2) return undefined;
    const [left, right] = attrs.inputs;
    const loneLabels = (own: string, other: string): string[] => [...own].filter((label) => !other.includes(label) && !attrs.output.includes(label));
    const sides = [loneLabels(left, right), loneLabels(right, left)];
    if (sides[0].length + sides[1].length === 0) return undefined;
    const labels = attrs.inputs.map((own, side) => [...own].filter((label) => !sides[side].includes(label)).join(""));
    const summed = inputs.map((input, side) => (sides[side].length === 0 ? input : sumFirst(builder, input, attrs.inputs[side], labels[side], context)));
    return contract(builder, `${labels.join(",")}->${attrs.output}`, summed, attrs.conjugate);
  });
}

/** Sums `node` over the labels that `kept` lacks; in front of the FFT if that is where `node` comes from. */
function sumFirst(builder: GraphBuilder, node: Node, labels: string, kept: string, context: PassContext): Node {
  const transform = rfft2.match(node);
  const planeKept = labels.slice(-2) === kept.slice(-2);
  const times = elementCount(node.type.shape) / [...labels].reduce((size, label, axis) => (kept.includes(label) ? size * node.type.shape[axis] : size), 1);
  if (transform === undefined || !planeKept) return contract(builder, `${labels}->${kept}`, [node]);
  const flops = node.op.flops(node.inputs.map((input) => input.type), node.attrs, node.type);
  const saved = flops * (1 - 1 / times);
  context.note({
    layer: node.origin.layer,
    text: `the sum over ${times} channels moves in front of the FFT: saves ${Math.round(saved)} FLOPs and ${Math.round(8 * elementCount(node.type.shape) * (1 - 1 / times))} bytes`,
  });
  return rfft2.build(builder, [contract(builder, `${labels}->${kept}`, [node.inputs[0]])], transform);
}

function cancelTransforms(graph: Graph, context: PassContext): Graph {
  const uses = new Map<Node, number>();
  for (const node of topological(graph)) for (const input of node.inputs) uses.set(input, (uses.get(input) ?? 0) + 1);
  return rewrite(graph, (node, inputs, builder) => {
    const [input] = inputs;
    if (input === undefined) return undefined;
    const forward = rfft2.match(node);
    const inner = forward === undefined ? undefined : irfft2.match(input);
    const saved = (): string => {
      const flops = node.op.flops([input.type], node.attrs, node.type);
      return `saves ${2 * flops} FLOPs and ${8 * elementCount(node.type.shape)} bytes`;
    };
    if (forward !== undefined && inner !== undefined && forward.weighted === inner.weighted) {
      // The scales 1/N and w/N of the weighted pair cancel like those of the plain one; what stays is the projection.
      context.note({ layer: node.origin.layer, text: `an inverse FFT followed by an FFT becomes the Hermitian projection of two columns: ${saved()}` });
      return hermitian.build(builder, [input.inputs[0]], { width: inner.width });
    }
    const back = irfft2.match(node);
    const outer = back === undefined ? undefined : rfft2.match(input);
    if (back !== undefined && outer !== undefined && back.weighted === outer.weighted) {
      context.note({ layer: node.origin.layer, text: `an FFT followed by its inverse disappears: ${saved()}` });
      return input.inputs[0];
    }
    return undefined;
  });
}
