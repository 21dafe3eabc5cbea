/**
 * @file Spectral algebra: sums over channels move in front of the FFT and of the product, and transforms cancel.
 *
 * Before: `%2 = rfft2(x[B,C,H,W])`, `%4 = contract(%2, K) { bchk,fhk->bfhk }`.
 * After: `%1 = contract(x) { bchw->bhw }`, `%2 = rfft2(%1)`, `%4 = contract(%2, K) { bhk,fhk->bfhk }`.
 * Exact because the paper's filter K_f has no input-channel index (docs/numerics.md#spectral-convolution).
 */

import { elementCount } from "../../plan/shape.ts";
import { add, complex, constant, multiply, sameElement } from "../expr/expr.ts";
import { operand, operandElement } from "../expr/operands.ts";
import type { Graph, GraphBuilder, Node } from "../graph/graph.ts";
import { rewrite, topological, withInputs } from "../graph/graph.ts";
import { sameShape } from "../graph/types.ts";
import { usesIn } from "../graph/uses.ts";
import type { ContractAttrs } from "../ops/contract.ts";
import { contractOp } from "../ops/contract.ts";
import { irfft2, rfft2 } from "../ops/fft.ts";
import { hermitian } from "../ops/hermitian.ts";
import { map, mapNode, realMap } from "../ops/map.ts";
import { padOp, reshape } from "../ops/move.ts";
import type { Pass, PassContext } from "./pass.ts";
import { savings } from "./pass.ts";

export const spectralAlgebra: Pass = {
  name: "spectral-algebra",
  description: "moves sums over channels in front of the FFT, biases behind the inverse FFT, and cancels transforms that meet",
  run: (graph, context) => cancelTransforms(delayBiases(hoistSums(graph, context), context), context),
};

function hoistSums(graph: Graph, context: PassContext): Graph {
  const whole = wholeSpectra(graph);
  return rewrite(graph, (node, inputs, builder) => {
    const attrs = contractOp.match(node);
    const lone = attrs === undefined ? [] : loneLabels(attrs);
    if (attrs === undefined || lone.join("") === "") return undefined;
    const kept = attrs.inputs.map((labels, side) => [...labels].filter((label) => !lone[side].includes(label)).join(""));
    const sums = inputs.map((input, side): Sum | undefined =>
      lone[side] === "" ? undefined : sumFirst(builder, input, attrs.inputs[side], kept[side], !whole.has(node.inputs[side].inputs[0])),
    );
    const product = contractOp.build(
      builder,
      inputs.map((input, side) => sums[side]?.result ?? input),
      { ...attrs, inputs: kept },
    );
    const made = sums.flatMap((sum) => sum ?? []);
    const place = made.some((sum) => sum.replaced.length > 0) ? "the FFT" : "the product";
    const before = [withInputs(node, inputs), ...made.flatMap((sum) => sum.replaced)];
    const times = inputs.reduce(
      (count, input, side) =>
        input.type.shape.reduce((product, size, axis) => (lone[side].includes(attrs.inputs[side][axis]) ? product * size : product), count),
      1,
    );
    if (times > 1)
      context.note({
        layer: node.origin.layer,
        text:
          `the sum over ${times} channels moves in front of ${place}: ` +
          `${savings(before, [product, ...made.flatMap((sum) => sum.added)])}`,
      });
    return product;
  });
}

/** Of each input of a product, the summed labels that the other lacks; empty for a contraction of one tensor. */
function loneLabels({ inputs, output }: ContractAttrs): readonly string[] {
  if (inputs.length !== 2) return inputs.map(() => "");
  return inputs.map((labels, side) => [...labels].filter((label) => !inputs[1 - side].includes(label) && !output.includes(label)).join(""));
}

/** Images whose spectrum something needs channel by channel: there, a second FFT of the sum would save nothing. */
function wholeSpectra(graph: Graph): ReadonlySet<Node> {
  const whole = new Set<Node>();
  const isTransform = (node: Node): boolean => rfft2.match(node) !== undefined;
  for (const { node } of graph.results) if (isTransform(node)) whole.add(node.inputs[0]);
  for (const node of topological(graph)) {
    const attrs = contractOp.match(node);
    const lone = attrs === undefined ? [] : loneLabels(attrs);
    node.inputs.forEach((input, side) => {
      if (isTransform(input) && (lone[side] ?? "") === "") whole.add(input.inputs[0]);
    });
  }
  return whole;
}

interface Sum {
  readonly result: Node;
  readonly added: readonly Node[];
  /** The FFT that the sum made unnecessary, if it did. */
  readonly replaced: readonly Node[];
}

/** Sums `node` over the labels that `kept` lacks; in front of the FFT if that is where `node` comes from and `early` allows. */
function sumFirst(builder: GraphBuilder, node: Node, labels: string, kept: string, early: boolean): Sum {
  const transform = rfft2.match(node);
  const planeKept = labels.slice(-2) === kept.slice(-2);
  const summed = (of: Node): Node => contractOp.build(builder, [of], { inputs: [labels], output: kept, conjugate: [false] });
  const keptShape = node.type.shape.filter((_, axis) => kept.includes(labels[axis]));
  // A sum of one channel is the channel.
  if (elementCount(keptShape) === elementCount(node.type.shape))
    return { result: reshape(builder, node, keptShape), added: [], replaced: [] };
  if (transform === undefined || !planeKept || !early) {
    const result = summed(node);
    return { result, added: [result], replaced: [] };
  }
  const sum = summed(node.inputs[0]);
  const result = rfft2.build(builder, [sum], transform);
  return { result, added: [sum, result], replaced: [node] };
}

const sumOfTwo = complex.add(operandElement(0, true), operandElement(1, true));

/** N b at the DC bin is b at every pixel: a number for each channel instead of a plane. */
function delayBiases(graph: Graph, context: PassContext): Graph {
  return rewrite(graph, (node, [input], builder) => {
    const inverse = irfft2.match(node);
    const sum = inverse === undefined || inverse.weighted ? undefined : map.match(input);
    if (inverse === undefined || sum === undefined || input.inputs.length !== 2) return undefined;
    const constants = sameElement(sum.value, sumOfTwo) ? constantImage(input.inputs[1], node.type.shape) : undefined;
    if (constants === undefined || !sameShape(input.inputs[0].type.shape, sum.shape)) return undefined;
    const size = elementCount(node.type.shape.slice(-2));
    const pixel = builder.at(constants.origin, () => perPixel(builder, constants, 1 / size));
    const image = irfft2.build(builder, [input.inputs[0]], inverse);
    const result = realMap(builder, node.type.shape, [image, pixel], add(operand(0), operand(1)));
    context.note({
      layer: node.origin.layer,
      text: `the bias moves from the DC bin behind the inverse FFT: ${savings([input, input.inputs[1]], [result])}`,
    });
    return result;
  });
}

/** The real part of `constants` times `factor`. A bias reached the DC bin by the factor N, which cancels where both are seen. */
function perPixel(builder: GraphBuilder, constants: Node, factor: number): Node {
  const { shape } = constants.type;
  const inner = map.match(constants);
  if (inner === undefined || constants.inputs.some((value) => value.type.dtype !== "f32")) {
    return mapNode(builder, shape, [constants], { re: multiply(constant(factor), operand(0, "re")), im: constant(0) }, false);
  }
  const value = multiply(constant(factor), inner.value.re);
  const [first] = constants.inputs;
  return value === operand(0) && sameShape(first.type.shape, shape) ? first : realMap(builder, shape, constants.inputs, value);
}

/** The values at the DC bin, one for each channel, if `node` is zero elsewhere. */
function constantImage(node: Node, shape: readonly number[]): Node | undefined {
  const repeated = map.match(node);
  const identity = repeated !== undefined && node.inputs.length === 1 && sameElement(repeated.value, operandElement(0, true));
  const padded = identity ? node.inputs[0] : node;
  const attrs = padOp.match(padded);
  const value = attrs?.before.every((size) => size === 0) ? padded.inputs[0] : undefined;
  return value !== undefined && shape.length === 4 && elementCount(value.type.shape) === value.type.shape[1] ? value : undefined;
}

function cancelTransforms(graph: Graph, context: PassContext): Graph {
  const uses = usesIn(graph);
  return rewrite(graph, (node, inputs, builder) => {
    const [input] = inputs;
    if (input === undefined) return undefined;
    // The first of the two goes as well where nothing else reads it.
    const gone = uses.lone(node.inputs[0]) ? [node, input] : [node];
    const forward = rfft2.match(node);
    const inner = forward === undefined ? undefined : irfft2.match(input);
    if (forward !== undefined && inner !== undefined && forward.weighted === inner.weighted) {
      // The scales 1/N and w/N of the weighted pair cancel like those of the plain one; what stays is the projection.
      const projection = hermitian.build(builder, [input.inputs[0]], { width: inner.width });
      context.note({
        layer: node.origin.layer,
        text: `an inverse FFT followed by an FFT becomes the Hermitian projection of two columns: ${savings(gone, [projection])}`,
      });
      return projection;
    }
    const back = irfft2.match(node);
    const outer = back === undefined ? undefined : rfft2.match(input);
    if (back !== undefined && outer !== undefined && back.weighted === outer.weighted) {
      context.note({ layer: node.origin.layer, text: `an FFT followed by its inverse disappears: ${savings(gone)}` });
      return input.inputs[0];
    }
    return undefined;
  });
}
