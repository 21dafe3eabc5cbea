/** @file What each op of the Graph becomes in ONNX. */

import { Limitation } from "../../compiler/diagnostics/diagnostic.ts";
import type { Expr } from "../../compiler/expr/expr.ts";
import { splitByDependency, substitute, variablesOf } from "../../compiler/expr/expr.ts";
import { operand, operandNames } from "../../compiler/expr/operands.ts";
import type { Node, TypedOp } from "../../compiler/graph/graph.ts";
import { contractOp } from "../../compiler/ops/contract.ts";
import type { ConvolutionAttrs } from "../../compiler/ops/convolution.ts";
import { conv2d } from "../../compiler/ops/convolution.ts";
import { irfft2, rfft2 } from "../../compiler/ops/fft.ts";
import { hermitian } from "../../compiler/ops/hermitian.ts";
import type { MapAttrs } from "../../compiler/ops/map.ts";
import { map } from "../../compiler/ops/map.ts";
import { concatOp, padOp, reshapeOp, sliceOp } from "../../compiler/ops/move.ts";
import { averagePool, maxPool } from "../../compiler/ops/pool.ts";
import { softmax } from "../../compiler/ops/softmax.ts";
import { asComplexOp, asRealOp } from "../../compiler/ops/view.ts";
import { elementCount } from "../../plan/shape.ts";
import type { OnnxBuilder, Operand, Pair, Value } from "./builder.ts";
import { isPair } from "./builder.ts";
import { contractNodes } from "./contract.ts";
import { exprNodes } from "./expr.ts";
import { concat, expand, gather, pad, reshape, slice } from "./moves.ts";
import type { Transforms } from "./transform.ts";
import { forward, hermitianNodes, inverse } from "./transform.ts";

export interface Emission {
  readonly builder: OnnxBuilder;
  readonly transforms: Transforms;
  /** Of the result; -1 where it counts images. */
  readonly shape: readonly number[];
  /** An input of the graph whose axis 0 counts the images. */
  readonly batch: Value;
}

interface Row {
  readonly op: string;
  readonly emit: (emission: Emission, node: Node, operands: readonly Operand[]) => Operand;
}

function row<A>(op: TypedOp<A>, emit: (emission: Emission, attrs: A, operands: readonly Operand[]) => Operand): Row {
  return { op: op.name, emit: (emission, node, operands) => emit(emission, node.attrs as A, operands) };
}

/** The same on both parts of a complex number. */
function parts(operand: Operand, change: (value: Value) => Value): Operand {
  return isPair(operand) ? { re: change(operand.re), im: change(operand.im) } : change(operand);
}

const rows: readonly Row[] = [
  row(map, mapNodes),
  row(contractOp, ({ builder }, attrs, operands) => contractNodes(builder, attrs, operands)),
  row(reshapeOp, ({ builder, shape }, _attrs, [x]) => parts(x, (part) => reshape(builder, part, shape))),
  row(asComplexOp, ({ builder, shape }, _attrs, [x]) => {
    const part = (index: number): Value => reshape(builder, slice(builder, x as Value, shape.length, index, 1), shape);
    return { re: part(0), im: part(1) };
  }),
  row(asRealOp, ({ builder }, _attrs, [z]) => {
    const { re, im } = z as Pair;
    return concat(
      builder,
      [re, im].map((part) => reshape(builder, part, [...part.shape, 1])),
      -1,
    );
  }),
  row(sliceOp, ({ builder }, { axis, start, size }, [x]) => parts(x, (part) => slice(builder, part, axis, start, size))),
  row(padOp, ({ builder }, { before, after }, [x]) => parts(x, (part) => pad(builder, part, before, after))),
  row(concatOp, ({ builder }, { axis }, operands) => {
    const all = operands.flatMap((operand) => (isPair(operand) ? [operand] : []));
    if (all.length === 0) return concat(builder, operands as readonly Value[], axis);
    return {
      re: concat(
        builder,
        all.map(({ re }) => re),
        axis,
      ),
      im: concat(
        builder,
        all.map(({ im }) => im),
        axis,
      ),
    };
  }),
  row(rfft2, ({ builder, transforms }, { weighted }, [x]) => forward(builder, x as Value, weighted, transforms)),
  row(irfft2, ({ builder, transforms }, { width, weighted }, [z]) => inverse(builder, z as Pair, width, weighted, transforms)),
  row(hermitian, ({ builder }, { width }, [z]) => hermitianNodes(builder, z as Pair, width)),
  row(conv2d, ({ builder, shape }, attrs, [x, weight]) => convolution(builder, attrs, x as Value, weight as Value, shape)),
  row(maxPool, ({ builder, shape }, { window }, [x]) =>
    builder.node("MaxPool", [x as Value], shape, { kernel_shape: window, strides: window }),
  ),
  row(averagePool, ({ builder, shape }, { window }, [x]) =>
    builder.node("AveragePool", [x as Value], shape, { kernel_shape: window, strides: window }),
  ),
  row(softmax, ({ builder, shape }, { axis }, [x]) => builder.node("Softmax", [x as Value], shape, { axis })),
];

const byName: ReadonlyMap<string, Row> = new Map(rows.map((each) => [each.op, each]));

/** Names of the ops that have a form in ONNX. */
export const exportedOps: ReadonlySet<string> = new Set(byName.keys());

/** @throws Limitation naming the layer for an op without a form */
export function emitNode(emission: Emission, node: Node, operands: readonly Operand[]): Operand {
  const found = byName.get(node.op.name);
  const { layer, span } = node.origin;
  if (found === undefined)
    throw new Limitation(`\`${layer}\` cannot be exported to ONNX: there is no form of \`${node.op.name}\``, {
      span,
      help: "`specc compile` writes it as a JavaScript module",
    });
  return found.emit(emission, node, operands);
}

/** What depends on constants alone is computed here; the rest becomes nodes. */
function mapNodes({ builder, shape, batch }: Emission, { value, complex }: MapAttrs, operands: readonly Operand[]): Operand {
  const known = new Map<string, Value>();
  operands.forEach((operand, index) => {
    const values = isPair(operand) ? [operand.re, operand.im] : [operand];
    operandNames(index, isPair(operand)).forEach((name, part) => known.set(name, narrowed(builder, values[part])));
  });
  const valueOf = (name: string): Value => known.get(name) as Value;
  const { definitions, rest } = splitByDependency(complex ? [value.re, value.im] : [value.re], (name) =>
    valueOf(name).constant === undefined ? "both" : "parameter",
  );
  for (const definition of definitions) known.set(definition.name, computed(builder, definition.value, valueOf));
  const [re, im] = exprNodes(builder, rest, valueOf).map((each) => expand(builder, each, shape, batch));
  return complex ? { re, im } : re;
}

/** The same constant with size 1 along the axes on which it does not depend, since maps broadcast. */
function narrowed(builder: OnnxBuilder, value: Value): Value {
  const { constant, shape, name } = value;
  if (constant === undefined) return value;
  let [data, sizes] = [constant, shape];
  for (let axis = 0; axis < shape.length; axis++) {
    const inner = elementCount(sizes.slice(axis + 1));
    const run = inner * sizes[axis];
    if (sizes[axis] === 1 || !data.every((element, i) => element === data[i - (i % run) + (i % inner)])) continue;
    data = data.filter((_, i) => i % run < inner);
    sizes = sizes.with(axis, 1);
  }
  return data === constant ? value : builder.table(`${name} as ${sizes.join("x")}`, sizes, () => data);
}

/** An expression of constants, in f64. */
function computed(builder: OnnxBuilder, expr: Expr, valueOf: (name: string) => Value): Value {
  const names = [...variablesOf(expr)];
  const inputs = names.map((name) => {
    const { shape, constant } = valueOf(name);
    return { shape, dtype: "f32" as const, data: Float64Array.from(constant ?? []) };
  });
  const rank = Math.max(0, ...inputs.map(({ shape }) => shape.length));
  const shape = Array.from({ length: rank }, (_, axis) => Math.max(...inputs.map((input) => input.shape[axis])));
  const body = substitute(expr, (name) => operand(names.indexOf(name)));
  const { data } = map.reference(inputs, { shape, value: { re: body, im: body }, complex: false }, { shape, dtype: "f32" });
  return builder.constant(`${builder.layer}/computed`, shape, Float32Array.from(data));
}

function convolution(
  builder: OnnxBuilder,
  { stride, before, after, wrap }: ConvolutionAttrs,
  x: Value,
  weight: Value,
  shape: readonly number[],
): Value {
  const attributes = { kernel_shape: weight.shape.slice(2), strides: stride };
  if (!wrap) return builder.node("Conv", [x, weight], shape, { ...attributes, pads: [...before, ...after] });
  // The other side of the image, row by row and column by column: Pad has the mode `wrap` from opset 19 on.
  const around = ([0, 1] as const).reduce((image, axis) => {
    const size = x.shape[2 + axis];
    if (before[axis] + after[axis] === 0) return image;
    return gather(
      builder,
      image,
      2 + axis,
      Array.from({ length: before[axis] + size + after[axis] }, (_, i) => (((i - before[axis]) % size) + size) % size),
    );
  }, x);
  return builder.node("Conv", [around, weight], shape, attributes);
}
