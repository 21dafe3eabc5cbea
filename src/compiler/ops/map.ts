/** @file `map`: one scalar expression at every element, with broadcasting. Activations, losses and fused bodies are maps. */

import { elementCount } from "../../plan/shape.ts";
import { bug } from "../diagnostics/diagnostic.ts";
import type { ComplexExpr, Expr } from "../expr/expr.ts";
import { add, compileExprs, constant, cost, differentiate, multiply, printExpr, printWgsl } from "../expr/expr.ts";
import type { Part } from "../expr/operands.ts";
import { operand, operandElement, operandName, operandNames } from "../expr/operands.ts";
import type { GraphBuilder, Node, Samples, TypedOp } from "../graph/graph.ts";
import { defineOp, emptyTensor } from "../graph/graph.ts";
import type { TensorType } from "../graph/types.ts";
import { sameShape } from "../graph/types.ts";
import { outputElements } from "../lower/context.ts";
import { contract } from "./contract.ts";
import { reshape } from "./move.ts";

/**
 * The element of the result in terms of the variables `x0`, `x1`, ... of real inputs and `x0.re`, `x0.im` of complex ones.
 * Each input has the rank of `shape` and sizes equal to it or 1.
 */
export interface MapAttrs {
  readonly shape: readonly number[];
  readonly value: ComplexExpr;
  readonly complex: boolean;
}

export const map: TypedOp<MapAttrs> = defineOp<MapAttrs>({
  name: "map",
  formula: "y[i] = f(x0[i], x1[i], ...)",
  shape(inputs, attrs) {
    for (const input of inputs) {
      const fits = input.shape.length === attrs.shape.length && input.shape.every((size, axis) => size === 1 || size === attrs.shape[axis]);
      if (!fits) bug(`map: ${input.shape.join("x")} does not broadcast to ${attrs.shape.join("x")}`);
    }
    return { shape: attrs.shape, dtype: attrs.complex ? "c32" : "f32" };
  },
  adjoint: (builder, dy, node, attrs, wanted) =>
    node.inputs.map((input, index) => (wanted[index] === true ? inputGradient(builder, dy, node, attrs, input, index) : undefined)),
  reference(inputs, attrs, type) {
    const result = emptyTensor(type);
    const variables = inputs.flatMap((input, index) => operandNames(index, input.dtype === "c32"));
    const run = compileExprs(attrs.complex ? [attrs.value.re, attrs.value.im] : [attrs.value.re], variables);
    const strides = inputs.map((input) => broadcastStrides(attrs.shape, input.shape));
    const offsets = inputs.map(() => 0);
    const values = new Float64Array(variables.length);
    const element = new Float64Array(attrs.complex ? 2 : 1);
    const position = attrs.shape.map(() => 0);
    const count = elementCount(attrs.shape);
    for (let i = 0; i < count; i++) {
      let slot = 0;
      for (let j = 0; j < inputs.length; j++) {
        const input = inputs[j];
        const offset = offsets[j];
        if (input.dtype === "c32") {
          values[slot++] = input.data[2 * offset];
          values[slot++] = input.data[2 * offset + 1];
        } else values[slot++] = input.data[offset];
      }
      run(values, element);
      if (attrs.complex) result.data.set(element, 2 * i);
      else result.data[i] = element[0];
      // An odometer over the result's axes moves every input's offset along.
      for (let axis = attrs.shape.length - 1; axis >= 0; axis--) {
        position[axis]++;
        for (let j = 0; j < inputs.length; j++) offsets[j] += strides[j][axis];
        if (position[axis] < attrs.shape[axis]) break;
        for (let j = 0; j < inputs.length; j++) offsets[j] -= strides[j][axis] * attrs.shape[axis];
        position[axis] = 0;
      }
    }
    return result;
  },
  lower(context, attrs, _type) {
    const variables = new Map<string, string>();
    const places = context.inputs.map((port, index) => {
      const at = broadcastIndex(attrs.shape, port.type.shape, "i");
      const complex = port.type.dtype === "c32";
      operandNames(index, complex).forEach((name, part) => variables.set(name, complex ? `v${index}.${"xy"[part]}` : `v${index}`));
      return at;
    });
    const nameOf = (name: string): string => variables.get(name) ?? bug(`map: unknown variable ${name}`);
    const { lets, results } = printWgsl(attrs.complex ? [attrs.value.re, attrs.value.im] : [attrs.value.re], nameOf, "t");
    const value = attrs.complex ? `vec2f(${results.join(", ")})` : results[0];
    outputElements(context, {
      title: "map",
      body: ({ load, store }) =>
        [...places.map((at, index) => `let v${index} = ${load(index)}(${at});`), ...lets, `${store(0)}(i, ${value});`].join("\n  "),
    });
  },
  reuse: (inputs, attrs, input) => elementCount(attrs.shape) / Math.max(1, elementCount(inputs[input].shape)),
  flops: (_inputs, attrs, type) => elementCount(type.shape) * cost(attrs.value.re, attrs.value.im),
  print: (attrs) => `${attrs.shape.join("x")}: ${printExpr(attrs.value.re)}${attrs.complex ? `, ${printExpr(attrs.value.im)}` : ""}`,
});

export const mapSamples: Samples<MapAttrs> = () => {
  const x = operand(0);
  const product: ComplexExpr = {
    re: add(multiply(operand(0, "re"), operand(1)), operand(0, "im")),
    im: multiply(operand(0, "im"), operand(1)),
  };
  return [
    {
      title: "per-channel product",
      tolerance: 1e-6,
      attrs: { shape: [2, 3, 4, 5], complex: false, value: { re: multiply(x, operand(1)), im: constant(0) } },
      inputs: [
        { shape: [2, 3, 4, 5], dtype: "f32" },
        { shape: [1, 3, 1, 1], dtype: "f32" },
      ],
    },
    {
      title: "complex by real, both broadcast",
      tolerance: 1e-6,
      attrs: { shape: [3, 5], complex: true, value: product },
      inputs: [
        { shape: [3, 5], dtype: "c32" },
        { shape: [3, 1], dtype: "f32" },
      ],
    },
  ];
};

/** Builds a map; `complex` says whether the result is. */
export function mapNode(
  builder: GraphBuilder,
  shape: readonly number[],
  inputs: readonly Node[],
  value: ComplexExpr,
  complex: boolean,
): Node {
  return map.build(builder, inputs, { shape, value, complex });
}

/** A real map of real inputs. */
export function realMap(builder: GraphBuilder, shape: readonly number[], inputs: readonly Node[], value: Expr): Node {
  return mapNode(builder, shape, inputs, { re: value, im: constant(0) }, false);
}

/** The element of input `index` as it is. */
export function elementOf(type: TensorType, index: number): ComplexExpr {
  return operandElement(index, type.dtype === "c32");
}

/** The same element repeated along the axes in which `node` has size 1. */
export function broadcastTo(builder: GraphBuilder, node: Node, shape: readonly number[]): Node {
  if (sameShape(node.type.shape, shape)) return node;
  return mapNode(builder, shape, [node], elementOf(node.type, 0), node.type.dtype === "c32");
}

/** Sums over the axes in which `shape` has size 1: the adjoint of broadcasting. */
function sumTo(builder: GraphBuilder, node: Node, shape: readonly number[]): Node {
  if (sameShape(node.type.shape, shape)) return node;
  const labels = shape.map((_, axis) => String.fromCharCode(97 + axis));
  const kept = labels.filter((_, axis) => shape[axis] === node.type.shape[axis]);
  return reshape(builder, contract(builder, `${labels.join("")}->${kept.join("")}`, [node]), shape);
}

/** Adds two values of one type. */
export function addNodes(builder: GraphBuilder, a: Node, b: Node): Node {
  const left = elementOf(a.type, 0);
  const right = elementOf(b.type, 1);
  return mapNode(builder, a.type.shape, [a, b], { re: add(left.re, right.re), im: add(left.im, right.im) }, a.type.dtype === "c32");
}

/** WGSL for the flat index into a tensor of `shape` at flat index `index` of a tensor of `full`, to which it broadcasts. */
export function broadcastIndex(full: readonly number[], shape: readonly number[], index: string): string {
  if (sameShape(full, shape)) return index;
  if (elementCount(shape) === 1) return "0u";
  const terms: string[] = [];
  let inner = 1;
  let stride = 1;
  let axis = full.length - 1;
  while (axis >= 0) {
    if (shape[axis] === 1 || full[axis] === 1) {
      inner *= full[axis--];
      continue;
    }
    // Neighbouring axes that both are kept form one run: one division and one remainder for the run.
    let run = 1;
    const runInner = inner;
    while (axis >= 0 && shape[axis] === full[axis] && full[axis] !== 1) {
      run *= full[axis];
      inner *= full[axis--];
    }
    const quotient = runInner === 1 ? index : `(${index} / ${runInner}u)`;
    const outermost = full.slice(0, axis + 1).every((size) => size === 1);
    const coordinate = outermost ? quotient : `(${quotient} % ${run}u)`;
    terms.push(stride === 1 ? coordinate : `${coordinate} * ${stride}u`);
    stride *= run;
  }
  return terms.join(" + ");
}

function broadcastStrides(full: readonly number[], shape: readonly number[]): number[] {
  const strides = shape.map(() => 0);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = shape[axis] === 1 && full[axis] !== 1 ? 0 : stride;
    stride *= shape[axis];
  }
  return strides;
}

/**
 * With y = f(x) per element and the two reals of a complex number as independent variables:
 * dL/dx = dL/dRe y * dRe f/dx + dL/dIm y * dIm f/dx, summed over the elements that x was broadcast to.
 */
function inputGradient(builder: GraphBuilder, dy: Node, node: Node, attrs: MapAttrs, input: Node, index: number): Node | "zero" {
  const upstream = elementOf(dy.type, node.inputs.length);
  const along = (part?: Part): Expr => {
    const name = operandName(index, part);
    const real = multiply(upstream.re, differentiate(attrs.value.re, name));
    return attrs.complex ? add(real, multiply(upstream.im, differentiate(attrs.value.im, name))) : real;
  };
  const complex = input.type.dtype === "c32";
  const value: ComplexExpr = complex ? { re: along("re"), im: along("im") } : { re: along(), im: constant(0) };
  if (value.re === constant(0) && value.im === constant(0)) return "zero";
  return sumTo(builder, mapNode(builder, attrs.shape, [...node.inputs, dy], value, complex), input.type.shape);
}
