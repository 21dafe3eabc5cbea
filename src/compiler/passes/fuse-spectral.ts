/**
 * @file Spectral fusion: a spectral layer keeps its spectrum in registers, and its images too where another one follows.
 *
 * Before: `%2 = rfft2(%1)`, `%4 = contract(%2, %3) { bhk,fhk->bfhk }`, `%5 = irfft2(%4)`, `%6 = map(%5) { max(0, x0) }`,
 * `%7 = contract(%6) { bchw->bhw }`, `%8 = rfft2(%7)`. After: `%2 = rfftRows(%1)`, `%4 = spectralProduct(%2, %3)`,
 * `%7 = spectralActivation(%4) { sum max(0, x0) }`, `%8 = fftColumns(%7)`.
 */

import { elementCount } from "../../plan/shape.ts";
import type { Expr } from "../expr/expr.ts";
import { operand, replaceOperands } from "../expr/operands.ts";
import type { Graph, GraphBuilder, Node } from "../graph/graph.ts";
import { placeIn, rewrite, topological } from "../graph/graph.ts";
import { sameShape } from "../graph/types.ts";
import { usesIn } from "../graph/uses.ts";
import { canChain } from "../kernels/fft/choose-chain.ts";
import { maskWords } from "../kernels/mask-words.ts";
import { contract } from "../ops/contract.ts";
import { expand } from "../ops/expand.ts";
import { irfft2, rfft2 } from "../ops/fft.ts";
import { fftColumns, ifftColumns, irfftRows, rfftRows } from "../ops/half-transform.ts";
import { map } from "../ops/map.ts";
import { reshapeOp } from "../ops/move.ts";
import { spectralActivation } from "../ops/spectral-activation.ts";
import { spectralProduct } from "../ops/spectral-product.ts";
import { matchContraction, pattern } from "./match.ts";
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

/** Every filter of a row sees one channel: the sum of all, one of its own, or the channel that it belongs to. */
const products = { shared: pattern("bhk,fhk->bfhk"), own: pattern("bfhk,fhk->bfhk"), depthwise: pattern("bchk,cmhk->bcmhk") };

/** The channels that filters see are mixtures of those that there are. */
const mixture = pattern("bchk,fc->bfhk");

/** A product in which every filter sees one channel, or one mixture of channels. `channels: full` sums over channels in each bin. */
function findProduct(node: Node): Product | undefined {
  // With `depthwise` the channels' filters are an axis of their own until here.
  const grouped = reshapeOp.match(node) === undefined ? undefined : node.inputs[0];
  const product = grouped ?? node;
  const isA = (kind: keyof typeof products): boolean => matchContraction(product, products[kind]) !== undefined;
  const [own, depthwise] = [isA("own"), isA("depthwise")];
  if (!own && !depthwise && !isA("shared")) return undefined;
  const [spectrum, plane] = product.inputs;
  const filters = grouped !== undefined && depthwise && reshapeOp.match(plane) !== undefined ? plane.inputs[0] : plane;
  if (filters.type.dtype !== "c32" || filters.type.shape.length !== 3 || node.type.shape.length !== 4) return undefined;
  const mixed = own && matchContraction(spectrum, mixture) !== undefined;
  const [transform, mix] = mixed ? spectrum.inputs : [spectrum];
  const columns = fftColumns.match(transform);
  if (columns === undefined) return undefined;
  return { rows: transform.inputs[0], mix, filters, height: columns.height, gone: [transform, ...(mixed ? [spectrum] : []), product] };
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
  return rewrite(graph, (node, _inputs, builder, rebuilt) => {
    const chain = chains.get(node);
    if (chain === undefined) return undefined;
    const { height, width, value, output } = chain;
    if (!canChain(width, context.target)) {
      context.note({
        layer: node.origin.layer,
        text: `the activation is not joined with the transforms around it: no kernel holds several transforms of ${width} columns`,
      });
      return undefined;
    }
    // A chain is found in the old graph, and built on the new nodes of its ends.
    const ends = [chain.spectra, ...chain.others].map(rebuilt);
    const fused = spectralActivation.build(builder, ends, { height, width, value, output, words: maskWords(width, context.target) });
    const what =
      output === "images"
        ? "the inverse row FFT and what follows it become one kernel"
        : "the images between two transforms stay in registers";
    context.note({ layer: node.origin.layer, text: `${what}: ${savings([...chain.gone, node], [fused])}` });
    return fused;
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

const channelSum = pattern("bchw->bhw");

/** By the node that a chain ends in: a row transform, or the last of the maps if the images themselves are needed. */
function findChains(graph: Graph): ReadonlyMap<Node, Chain> {
  const order = topological(graph);
  const { lone } = usesIn(graph);
  const chains = new Map<Node, Chain>();
  for (const node of order) {
    const rows = rfftRows.match(node);
    const [input] = node.inputs;
    if (rows === undefined || rows.weighted || !lone(input)) continue;
    const sum = matchContraction(input, channelSum) !== undefined;
    const image = sum ? input.inputs[0] : input;
    const chain = lone(image) ? chainTo(image, sum ? "sum" : "spectra", lone) : undefined;
    if (chain !== undefined) chains.set(node, { ...chain, gone: sum ? [...chain.gone, input] : chain.gone });
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
    if (elementCount(shape) === shape[1]) return operand(1 + placeIn(others, node));
    const inner = map.match(node);
    const rows = irfftRows.match(node);
    if (!sameShape(shape, last.type.shape) || !lone(node) || gone.includes(node)) return undefined;
    gone.push(node);
    if (rows !== undefined && !rows.weighted && spectra.length === 0) {
      spectra.push(node.inputs[0]);
      return operand(0);
    }
    if (inner === undefined || inner.complex) return undefined;
    const values = node.inputs.map(valueOf);
    if (values.includes(undefined)) return undefined;
    return replaceOperands(inner.value.re, (index) => values[index]);
  };
  const value = valueOf(last);
  if (value === undefined || spectra.length === 0 || others.length > mostOthers) return undefined;
  const [height, width] = last.type.shape.slice(-2);
  return { spectra: spectra[0], others, value, output, height, width, gone };
}
