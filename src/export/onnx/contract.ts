/** @file Products summed over labels as MatMul, Mul and ReduceSum, which every runtime has; Einsum is rarer. */

import { Limitation } from "../../compiler/diagnostics/diagnostic.ts";
import type { ContractAttrs } from "../../compiler/ops/contract.ts";
import type { OnnxBuilder, Operand, Value } from "./builder.ts";
import { isPair } from "./builder.ts";
import { countOf, reshape, sum, transpose } from "./moves.ts";

/** A real tensor and a label for each of its axes. */
interface Labelled {
  readonly value: Value;
  readonly labels: string;
}

export function contractNodes(builder: OnnxBuilder, attrs: ContractAttrs, operands: readonly Operand[]): Operand {
  const real = (...values: readonly Value[]): Value =>
    contractReal(
      builder,
      values.map((value, side) => ({ value, labels: attrs.inputs[side] })),
      attrs.output,
    );
  const combine = (op: "Add" | "Sub", a: Value, b: Value): Value => builder.node(op, [a, b], a.shape);
  const negated = (value: Value): Value => builder.node("Neg", [value], value.shape);
  const [left, right] = operands;
  const [turnLeft, turnRight] = attrs.conjugate;
  if (right === undefined) {
    if (!isPair(left)) return real(left);
    return { re: real(left.re), im: turnLeft ? negated(real(left.im)) : real(left.im) };
  }
  if (!isPair(left)) {
    if (!isPair(right)) return real(left, right);
    return { re: real(left, right.re), im: turnRight ? negated(real(left, right.im)) : real(left, right.im) };
  }
  if (!isPair(right)) return { re: real(left.re, right), im: turnLeft ? negated(real(left.im, right)) : real(left.im, right) };
  // (a + ib)(c + id), b and d with their signs turned where the factor is conjugated.
  const [ac, bd, ad, bc] = [real(left.re, right.re), real(left.im, right.im), real(left.re, right.im), real(left.im, right.re)];
  const re = combine(turnLeft === turnRight ? "Sub" : "Add", ac, bd);
  const im = turnRight ? combine("Sub", bc, ad) : turnLeft ? combine("Sub", ad, bc) : combine("Add", ad, bc);
  return { re, im: turnLeft && turnRight ? negated(combine("Add", ad, bc)) : im };
}

function contractReal(builder: OnnxBuilder, inputs: readonly Labelled[], output: string): Value {
  const others = (side: number): string =>
    inputs
      .filter((_, position) => position !== side)
      .map(({ labels }) => labels)
      .join("") + output;
  const [a, b] = inputs.map(({ value, labels }, side): Labelled => {
    const lone = [...labels].flatMap((label, axis) => (others(side).includes(label) ? [] : [axis]));
    return { value: sum(builder, value, lone), labels: [...labels].filter((_, axis) => !lone.includes(axis)).join("") };
  });
  if (b === undefined) return ordered(builder, a, output);
  const summed = pick(a.labels, (label) => b.labels.includes(label) && !output.includes(label));
  if (summed === "") {
    const [left, right] = [spread(builder, a, output), spread(builder, b, output)];
    return builder.node(
      "Mul",
      [left, right],
      left.shape.map((size, axis) => (size === 1 ? right.shape[axis] : size)),
    );
  }
  return matrixOnLeft(builder, a, b, summed, output) ?? matrixProduct(builder, a, b, summed, output);
}

function pick(labels: string, keep: (label: string) => boolean): string {
  return [...labels].filter(keep).join("");
}

function sizesOf(labels: string, ...among: readonly Labelled[]): readonly number[] {
  return [...labels].map((label) => {
    const owner = among.find((each) => each.labels.includes(label)) ?? among[0];
    return owner.value.shape[owner.labels.indexOf(label)];
  });
}

function ordered(builder: OnnxBuilder, { value, labels }: Labelled, order: string): Value {
  return transpose(
    builder,
    value,
    [...order].map((label) => labels.indexOf(label)),
  );
}

/** In the order of `output`, with size 1 for labels that it lacks. */
function spread(builder: OnnxBuilder, operand: Labelled, output: string): Value {
  const own = ordered(
    builder,
    operand,
    pick(output, (label) => operand.labels.includes(label)),
  );
  return reshape(
    builder,
    own,
    [...output].map((label) => (operand.labels.includes(label) ? sizesOf(label, operand)[0] : 1)),
  );
}

/**
 * `bchk,fc->bfhk`: where the sum stands in `a` as its result stands in the output, `b` is a matrix on the left of what follows,
 * and nothing of `a` moves. Undefined: it does not.
 */
function matrixOnLeft(builder: OnnxBuilder, a: Labelled, b: Labelled, summed: string, output: string): Value | undefined {
  const own = pick(b.labels, (label) => !summed.includes(label));
  const [before, after] = a.labels.split(summed);
  if (after === undefined || after === "" || output !== before + pick(output, (label) => own.includes(label)) + after) return undefined;
  const result = pick(output, (label) => own.includes(label));
  const matrix = reshape(builder, ordered(builder, b, result + summed), [countOf(sizesOf(result, b)), countOf(sizesOf(summed, b))]);
  const [outer, inner] = [sizesOf(before, a), countOf(sizesOf(after, a))];
  const right = reshape(builder, a.value, [...outer, matrix.shape[1], inner]);
  const product = builder.node("MatMul", [matrix, right], [...outer, matrix.shape[0], inner]);
  return reshape(builder, product, sizesOf(output, a, b));
}

/** Any product: labels of both in front, then the rows of `a`, the columns of `b`, and the sum between them. */
function matrixProduct(builder: OnnxBuilder, a: Labelled, b: Labelled, summed: string, output: string): Value {
  const both = pick(output, (label) => a.labels.includes(label) && b.labels.includes(label));
  const rows = pick(output, (label) => a.labels.includes(label) && !both.includes(label));
  const columns = pick(output, (label) => b.labels.includes(label) && !both.includes(label));
  const outer = sizesOf(both, a, b);
  if (outer.includes(-1)) throw new Limitation("onnx: a product of two tensors for each image");
  const [left, right] = [rows, columns].map((labels, side) => countOf(sizesOf(labels, [a, b][side])));
  const depth = countOf(sizesOf(summed, a));
  const product = builder.node(
    "MatMul",
    [
      reshape(builder, ordered(builder, a, both + rows + summed), [...outer, left, depth]),
      reshape(builder, ordered(builder, b, both + summed + columns), [...outer, depth, right]),
    ],
    [...outer, left, right],
  );
  return ordered(
    builder,
    { value: reshape(builder, product, sizesOf(both + rows + columns, a, b)), labels: both + rows + columns },
    output,
  );
}
