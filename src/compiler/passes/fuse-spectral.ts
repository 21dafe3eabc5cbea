/**
 * @file Spectral fusion: a spectral layer keeps its spectrum in registers, and its images too where another one follows.
 *
 * Before: `%2 = rfft2(%1)`, `%4 = contract(%2, %3) { bhk,fhk->bfhk }`, `%5 = irfft2(%4)`, `%6 = map(%5) { max(0, x0) }`,
 * `%7 = contract(%6) { bchw->bhw }`, `%8 = rfft2(%7)`. After: `%2 = rfftRows(%1)`, `%4 = spectralProduct(%2, %3)`,
 * `%7 = spectralActivation(%4) { sum max(0, x0) }`, `%8 = fftColumns(%7)`.
 */

import type { Expr } from "../expr/expr.ts";
import { substitute, variable } from "../expr/expr.ts";
import type { Graph, GraphBuilder, Node } from "../graph/graph.ts";
import { rewrite, topological } from "../graph/graph.ts";
import { elementCount, sameShape } from "../graph/types.ts";
import { canChain } from "../kernels/fft/choose-chain.ts";
import { maskWords } from "../kernels/mask-words.ts";
import { contract, contractOp } from "../ops/contract.ts";
import { expand } from "../ops/expand.ts";
import { irfft2, rfft2 } from "../ops/fft.ts";
import { fftColumns, ifftColumns, irfftRows, rfftRows } from "../ops/half-transform.ts";
import { map } from "../ops/map.ts";
import { reshapeOp } from "../ops/move.ts";
import { spectralActivation } from "../ops/spectral-activation.ts";
import { spectralProduct } from "../ops/spectral-product.ts";
import type { Pass, PassContext } from "./pass.ts";
import { savings } from "./pass.ts";

/** Per-channel numbers that a kernel can bind beside its spectra, and return sums of. */
const mostOthers = 2;

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
      if (height === 1 || width === 1) {
        context.note({
          layer: node.origin.layer,
          text: "the layer is not joined with its neighbours: fused kernels work on pairs of rows, and here is one row or column",
        });
        return undefined;
      }
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
  const found = findProduct(node);
  if (found === undefined) return undefined;
  const { rows, mix, filters, height, gone } = found;
  if (!canChain(height, context.target)) {
    context.note({
      layer: node.origin.layer,
      text: `the product is not joined with its transforms: no kernel holds several transforms of ${height} rows`,
    });
    return undefined;
  }
  const made = builder.at(node.origin, () => {
    const mixed = mix === undefined ? rows : contract(builder, "bcky,fc->bfky", [rows, mix]);
    return { mixed, product: spectralProduct.build(builder, [mixed, columnsFirst(builder, filters)], {}) };
  });
  context.note({
    layer: node.origin.layer,
    text:
      "column FFT, product with the filters and inverse column FFT become one kernel: " +
      `${savings([...gone, ifftColumns.build(builder, [node], {})], mix === undefined ? [made.product] : [made.mixed, made.product])}`,
  });
  return made.product;
}

interface Product {
  /** T, row spectra of the channels or of their sum. */
  readonly rows: Node;
  /** Weights that make the channels of the product from those of T. */
  readonly mix: Node | undefined;
  /** [F][H][K]. */
  readonly filters: Node;
  readonly height: number;
  readonly gone: readonly Node[];
}

/** A product in which every filter sees one channel, or one mixture of channels. `channels: full` sums over channels in each bin. */
function findProduct(node: Node): Product | undefined {
  // With `depthwise` the channels' filters are an axis of their own until here.
  const grouped = reshapeOp.match(node) === undefined ? undefined : node.inputs[0];
  const product = grouped ?? node;
  const attrs = contractOp.match(product);
  if (attrs === undefined || attrs.inputs.length !== 2 || attrs.conjugate.includes(true)) return undefined;
  const [spectrum, plane] = product.inputs;
  const labels = `${attrs.inputs.join(",")}->${attrs.output}`;
  const filters = grouped !== undefined && labels === "bchk,cmhk->bcmhk" && reshapeOp.match(plane) !== undefined ? plane.inputs[0] : plane;
  if (filters.type.dtype !== "c32" || filters.type.shape.length !== 3 || node.type.shape.length !== 4) return undefined;
  const mixing = labels === "bfhk,fhk->bfhk" ? contractOp.match(spectrum) : undefined;
  const mix = mixing !== undefined && `${mixing.inputs.join(",")}->${mixing.output}` === "bchk,fc->bfhk" ? spectrum.inputs[1] : undefined;
  const transform = mix === undefined ? spectrum : spectrum.inputs[0];
  const columns = fftColumns.match(transform);
  if (columns === undefined || !["bhk,fhk->bfhk", "bfhk,fhk->bfhk", "bchk,cmhk->bcmhk"].includes(labels)) return undefined;
  return {
    rows: transform.inputs[0],
    mix,
    filters,
    height: columns.height,
    gone: [transform, ...(mix === undefined ? [] : [spectrum]), product],
  };
}

/** [F][K][H] of [F][H][K]: made so, or copied. */
function columnsFirst(builder: GraphBuilder, filters: Node): Node {
  const made = expand.match(filters);
  return made === undefined
    ? contract(builder, "fhk->fkh", [filters])
    : expand.build(builder, filters.inputs, { ...made, columnsFirst: true });
}

function fuseActivations(graph: Graph, context: PassContext): Graph {
  const chains = findChains(graph);
  // A chain is found in the old graph, and built on the new nodes of its ends.
  const replaced = new Map<Node, Node>();
  return rewrite(graph, (node, inputs, builder) => {
    const result = ((): Node => {
      const chain = chains.get(node);
      if (chain === undefined) return { ...node, inputs };
      const { height, width } = chain;
      if (!canChain(width, context.target)) {
        context.note({
          layer: node.origin.layer,
          text: `the activation is not joined with the transforms around it: no kernel holds several transforms of ${width} columns`,
        });
        return { ...node, inputs };
      }
      // Ends come before the chain in topological order, so they have been rebuilt.
      const ends = [chain.spectra, ...chain.others].map((end) => replaced.get(end) ?? end);
      const fused = spectralActivation.build(builder, ends, {
        height,
        width,
        value: chain.value,
        output: chain.output,
        words: maskWords(width, context.target),
      });
      const what =
        chain.output === "images"
          ? "the inverse row FFT and what follows it become one kernel"
          : "the images between two transforms stay in registers";
      context.note({ layer: node.origin.layer, text: `${what}: ${savings([...chain.gone, node], [fused])}` });
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
  readonly output: "spectra" | "sum" | "images";
  readonly height: number;
  readonly width: number;
  readonly gone: readonly Node[];
}

/** By the node that a chain ends in: a row transform, or the last of the maps if the images themselves are needed. */
function findChains(graph: Graph): ReadonlyMap<Node, Chain> {
  const order = topological(graph);
  const readers = new Map<Node, Node[]>();
  for (const node of order) for (const input of node.inputs) readers.set(input, [...(readers.get(input) ?? []), node]);
  const results = new Set(graph.results.map((result) => result.node));
  const lone = (node: Node): boolean => readers.get(node)?.length === 1 && !results.has(node);
  const chains = new Map<Node, Chain>();
  for (const node of order) {
    const rows = rfftRows.match(node);
    if (rows === undefined || rows.weighted || !lone(node.inputs[0])) continue;
    const attrs = contractOp.match(node.inputs[0]);
    const [labels] = attrs?.inputs ?? [""];
    const sum =
      attrs !== undefined && attrs.inputs.length === 1 && labels.length === 4 && attrs.output === `${labels[0]}${labels.slice(2)}`;
    const image = sum ? node.inputs[0].inputs[0] : node.inputs[0];
    const chain = lone(image) ? chainTo(image, sum ? "sum" : "spectra", lone) : undefined;
    if (chain !== undefined) chains.set(node, { ...chain, gone: sum ? [...chain.gone, node.inputs[0]] : chain.gone });
  }
  const taken = new Set([...chains.values()].flatMap((chain) => chain.gone));
  for (const node of [...order].reverse()) {
    if (map.match(node) === undefined || taken.has(node)) continue;
    const chain = chainTo(node, "images", (inner) => inner === node || lone(inner));
    if (chain === undefined) continue;
    chains.set(node, chain);
    for (const inner of chain.gone) taken.add(inner);
  }
  return chains;
}

/** Element-wise work between `irfftRows` and the images `last`. */
function chainTo(last: Node, output: Chain["output"], lone: (node: Node) => boolean): Chain | undefined {
  if (last.type.shape.length !== 4) return undefined;
  const others: Node[] = [];
  const gone: Node[] = [];
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
    if (!sameShape(shape, last.type.shape) || !lone(node) || gone.includes(node)) return undefined;
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
  if (value === undefined || spectra.length === 0 || others.length > mostOthers) return undefined;
  const [height, width] = last.type.shape.slice(-2);
  return { spectra: spectra[0], others, value, output, height, width, gone };
}
