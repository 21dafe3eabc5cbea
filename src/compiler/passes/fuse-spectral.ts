/**
 * @file Spectral fusion: a spectral layer keeps its spectrum in registers, and its images too where another one follows.
 *
 * Before: `%2 = rfft2(%1)`, `%4 = contract(%2, %3) { bhk,fhk->bfhk }`, `%5 = irfft2(%4)`, `%6 = map(%5) { max(0, x0) }`,
 * `%7 = contract(%6) { bchw->bhw }`, `%8 = rfft2(%7)`. After: `%2 = rfftRows(%1)`, `%4 = spectralProduct(%2, %3)`,
 * `%7 = spectralActivation(%4) { sum max(0, x0) }`, `%8 = fftColumns(%7)`.
 */

import { constant, substitute, variable } from "../expr.ts";
import type { Expr } from "../expr.ts";
import { elementCount, rewrite, sameShape, topological } from "../graph.ts";
import type { Graph, GraphBuilder, Node } from "../graph.ts";
import { canChain } from "../kernels/fft-chain.ts";
import { contract, contractOp } from "../ops/contract.ts";
import { irfft2, rfft2 } from "../ops/fft.ts";
import { fftColumns, ifftColumns, irfftRows, rfftRows } from "../ops/half-transform.ts";
import { map } from "../ops/map.ts";
import { spectralActivation } from "../ops/spectral-activation.ts";
import { spectralProduct } from "../ops/spectral-product.ts";
import { savings } from "./pass.ts";
import type { Pass, PassContext } from "./pass.ts";

export const fuseSpectral: Pass = {
  name: "fuse-spectral",
  description: "joins transforms, filters and activations of spectral layers into two kernels a layer",
  run: (graph, context) => fuseActivations(fuseProducts(graph, context), context),
};

/** Transforms become a row and a column pass, and a column pass, a product and an inverse column pass become one kernel. */
function fuseProducts(graph: Graph, context: PassContext): Graph {
  return rewrite(graph, (node, [input, ...rest], builder) => {
    const forward = rfft2.match(node);
    if (forward !== undefined && !forward.weighted) {
      const [height, width] = input.type.shape.slice(-2);
      if (height === 1 || width === 1) return undefined;
      return fftColumns.build(builder, [rfftRows.build(builder, [input], { height, width, weighted: false })], { height });
    }
    const inverse = irfft2.match(node);
    if (inverse === undefined || inverse.weighted) return undefined;
    const [height, width] = node.type.shape.slice(-2);
    if (height === 1 || width === 1 || rest.length > 0) return undefined;
    const product = productOf(builder, input, context);
    return irfftRows.build(builder, [product ?? ifftColumns.build(builder, [input], {})], { height, width, weighted: false });
  });
}

function productOf(builder: GraphBuilder, node: Node, context: PassContext): Node | undefined {
  const attrs = contractOp.match(node);
  if (attrs === undefined || attrs.inputs.length !== 2 || attrs.conjugate.includes(true)) return undefined;
  const [spectrum, filters] = node.inputs;
  const columns = fftColumns.match(spectrum);
  const [image, filter] = attrs.inputs;
  const shared = image.length === 3 && filter.length === 3 && image.slice(1) === filter.slice(1) && attrs.output === `${image[0]}${filter[0]}${image.slice(1)}`;
  if (columns === undefined || !shared || filters.type.dtype !== "c32") return undefined;
  if (!canChain(columns.height, context.target)) {
    context.note({ layer: node.origin.layer, text: `the product is not joined with its transforms: ${columns.height} rows do not fit in one workgroup` });
    return undefined;
  }
  const product = builder.at(node.origin, () => spectralProduct.build(builder, [spectrum.inputs[0], contract(builder, "fhk->fkh", [filters])], {}));
  context.note({ layer: node.origin.layer, text: `column FFT, product with the filters and inverse column FFT become one kernel: ${savings([spectrum, node, ifftColumns.build(builder, [node], {})], [product])}` });
  return product;
}

function fuseActivations(graph: Graph, context: PassContext): Graph {
  const uses = new Map<Node, number>();
  for (const node of topological(graph)) for (const input of node.inputs) uses.set(input, (uses.get(input) ?? 0) + 1);
  for (const result of graph.results) uses.set(result.node, Infinity);
  // A chain is found in the old graph, and built on the new nodes of its ends.
  const replaced = new Map<Node, Node>();
  return rewrite(graph, (node, inputs, builder) => {
    const attrs = rfftRows.match(node);
    const chain = attrs === undefined || attrs.weighted ? undefined : chainOf(node.inputs[0], uses);
    const result = ((): Node => {
      if (chain === undefined) return { ...node, inputs };
      if (!canChain(attrs?.width ?? 0, context.target)) {
        context.note({ layer: node.origin.layer, text: `the activation is not joined with the transforms around it: ${attrs?.width} columns do not fit in one workgroup` });
        return { ...node, inputs };
      }
      // Ends come before the chain in topological order, so they have been rebuilt.
      const ends = [chain.spectra, ...chain.others].map((end) => replaced.get(end) ?? end);
      const [height, width] = node.inputs[0].type.shape.slice(-2);
      const fused = spectralActivation.build(builder, ends, { height, width, value: chain.value, sum: chain.sum });
      context.note({ layer: node.origin.layer, text: `the images between two transforms stay in registers: ${savings([...chain.gone, node], [fused])}` });
      return fused;
    })();
    replaced.set(node, result);
    return result;
  });
}

interface Chain {
  readonly spectra: Node;
  readonly others: readonly Node[];
  readonly value: Expr;
  readonly sum: boolean;
  readonly gone: readonly Node[];
}

/** Element-wise work and perhaps a sum over channels between `irfftRows` and `image`, all of it for `image` alone. */
function chainOf(image: Node, uses: ReadonlyMap<Node, number>): Chain | undefined {
  if (uses.get(image) !== 1) return undefined;
  const attrs = contractOp.match(image);
  const [labels] = attrs?.inputs ?? [""];
  const sum = attrs !== undefined && attrs.inputs.length === 1 && labels.length === 4 && attrs.output === `${labels[0]}${labels.slice(2)}`;
  const last = sum ? image.inputs[0] : image;
  if (last.type.shape.length !== 4) return undefined;
  const others: Node[] = [];
  const gone: Node[] = sum ? [image] : [];
  const spectra: Node[] = [];
  const valueOf = (node: Node): Expr | undefined => {
    const { shape, dtype } = node.type;
    if (dtype !== "f32") return undefined;
    if (elementCount(shape) === shape[1]) {
      const known = others.indexOf(node);
      return variable(`x${1 + (known >= 0 ? known : others.push(node) - 1)}`);
    }
    const inner = map.match(node);
    const rows = irfftRows.match(node);
    if (!sameShape(shape, last.type.shape) || uses.get(node) !== 1 || gone.includes(node)) return undefined;
    gone.push(node);
    if (rows !== undefined && !rows.weighted && spectra.length === 0) {
      spectra.push(node.inputs[0]);
      return variable("x0");
    }
    if (inner === undefined || inner.complex) return undefined;
    const values = node.inputs.map(valueOf);
    if (values.includes(undefined)) return undefined;
    return substitute(inner.value.re, (name) => values[Number(name.slice(1))]);
  };
  const value = valueOf(last);
  return value === undefined || value === constant(0) || spectra.length === 0 ? undefined : { spectra: spectra[0], others, value, sum, gone };
}
