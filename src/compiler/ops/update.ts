/** @file Effects of a training step on the arenas: gradient statistics and the optimizer's update, one dispatch each. */

import { bindingAlignment } from "../../plan/limits.ts";
import { gradsArena, paramsArena, stateArena } from "../../plan/names.ts";
import { elementBytes, elementCount } from "../../plan/shape.ts";
import { bug } from "../diagnostics/diagnostic.ts";
import type { Expr } from "../expr/expr.ts";
import { compileExprs, cost, printExpr, printWgsl } from "../expr/expr.ts";
import type { TypedOp } from "../graph/graph.ts";
import { defineOp, emptyTensor } from "../graph/graph.ts";
import type { LowerContext, Port, Ref, Table } from "../lower/context.ts";
import { plainPort } from "../lower/context.ts";

/** A trained tensor and its place in the arenas. */
export interface ArenaTensor {
  readonly path: string;
  readonly offsetBytes: number;
  readonly elementCount: number;
  /** Weight decay of this tensor; 0 for none. */
  readonly decay: number;
}

export interface StatisticsAttrs {
  readonly tensors: readonly ArenaTensor[];
}

/** For each gradient tensor: the sum of squares of its finite elements, and how many are not finite. */
export const gradientStatistics: TypedOp<StatisticsAttrs> = defineOp<StatisticsAttrs>({
  name: "gradient-statistics",
  formula: "s[p,0] = sum g^2 over finite g, s[p,1] = count of non-finite g",
  readsArena: true,
  shape: (_inputs, attrs) => ({ shape: [attrs.tensors.length, 2], dtype: "f32" }),
  adjoint: "none",
  reference(inputs, _attrs, type) {
    const result = emptyTensor(type);
    inputs.forEach((gradient, index) => {
      for (const value of gradient.data) {
        if (Number.isFinite(value)) result.data[2 * index] += value * value;
        else result.data[2 * index + 1] += 1;
      }
    });
    return result;
  },
  lower(context, attrs) {
    const ranges = Uint32Array.from(attrs.tensors.flatMap((tensor) => [tensor.offsetBytes / elementBytes, tensor.elementCount]));
    const table: Table = { key: `ranges.${ranges.join(".")}`, data: ranges, type: "array<vec2u>", space: "storage" };
    const grads = context.arena(gradsArena);
    // Read as integers: WGSL may assume that floats are finite, so non-finite ones are found by their bits.
    const bits: Ref = { storage: grads.storage, type: { shape: grads.type.shape, dtype: "i32" } };
    context.groups({
      title: "statistics",
      groups: attrs.tensors.length,
      size: 256,
      reads: [plainPort(bits)],
      writes: [context.output],
      tables: [table],
      declarations: [{ kind: "workgroup", name: "partial", element: "vec2f", count: 256 }],
      body: ({ load, store, table, own }) => `let range = ${table(0)}[group];
  var sum = vec2f(0.0, 0.0);
  for (var j = lane; j < range.y; j += 256u) {
    let b = ${load(0)}(range.x + j);
    let infinite = (b & 0x7f800000) == 0x7f800000;
    let g = select(bitcast<f32>(b), 0.0, infinite);
    sum += vec2f(g * g, select(0.0, 1.0, infinite));
  }
  ${own("partial")}[lane] = sum;
  workgroupBarrier();
  for (var half = 128u; half > 0u; half /= 2u) {
    if (lane < half) { ${own("partial")}[lane] += ${own("partial")}[lane + half]; }
    workgroupBarrier();
  }
  if (lane == 0u) { ${store(0)}(2u * group, ${own("partial")}[0].x); ${store(0)}(2u * group + 1u, ${own("partial")}[0].y); }`,
    });
  },
  reuse: () => 1,
  flops: (_inputs, attrs) => attrs.tensors.reduce((sum, tensor) => sum + 2 * tensor.elementCount, 0),
  print: (attrs) => attrs.tensors.map((tensor) => tensor.path).join(" "),
});

export interface UpdateAttrs {
  /** In terms of p, g, s0, s1, wd and the step scalars. */
  readonly p: Expr;
  readonly states: readonly Expr[];
  /** Names of the step scalars, in the order of input 0. */
  readonly scalars: readonly string[];
  /** In the order of the inputs. */
  readonly tensors: readonly ArenaTensor[];
  /** Limit on the norm of the whole gradient; null for none. */
  readonly clip: number | null;
}

/**
 * Inputs: the step scalars, the gradient statistics, then p, g, s0, s1, ... of each tensor. The result, which only the
 * reference interpreter uses, is the new p, s0, s1, ... of each tensor, one after the other.
 */
export const update: TypedOp<UpdateAttrs> = defineOp<UpdateAttrs>({
  name: "update",
  formula: "p, s <- rule(p, g, s), over the whole arena (docs/numerics.md#optimizers)",
  effect: true,
  readsArena: true,
  shape: (_inputs, attrs) => ({
    shape: [attrs.tensors.reduce((sum, tensor) => sum + tensor.elementCount, 0) * (1 + attrs.states.length)],
    dtype: "f32",
  }),
  adjoint: "none",
  reference(inputs, attrs, type) {
    const result = emptyTensor(type);
    const [scalars, statistics, ...tensors] = inputs;
    const stateNames = attrs.states.map((_, index) => `s${index}`);
    const run = compileExprs([attrs.p, ...attrs.states], ["p", "g", ...stateNames, "wd", ...attrs.scalars]);
    const factor = attrs.clip === null ? 1 : clipFactor(statistics.data, attrs.clip);
    const values = new Float64Array(3 + attrs.states.length + attrs.scalars.length);
    const element = new Float64Array(1 + attrs.states.length);
    values.set(scalars.data.subarray(0, attrs.scalars.length), 3 + attrs.states.length);
    let end = 0;
    attrs.tensors.forEach((tensor, index) => {
      const own = tensors.slice(index * (2 + attrs.states.length), (index + 1) * (2 + attrs.states.length));
      for (let i = 0; i < tensor.elementCount; i++) {
        own.forEach((operand, slot) => (values[slot] = operand.data[i] * (slot === 1 ? factor : 1)));
        values[2 + attrs.states.length] = tensor.decay;
        run(values, element);
        element.forEach((value, slot) => (result.data[end + slot * tensor.elementCount + i] = value));
      }
      end += tensor.elementCount * (1 + attrs.states.length);
    });
    return result;
  },
  lower(context, attrs) {
    const params = context.arena(paramsArena);
    const arenaElements = elementCount(params.type.shape);
    const decays = new Float32Array(arenaElements / blockElements).fill(-1);
    for (const tensor of attrs.tensors) {
      const first = tensor.offsetBytes / elementBytes / blockElements;
      decays.fill(tensor.decay, first, first + Math.ceil(tensor.elementCount / blockElements));
    }
    const table: Table = {
      key: `decays.${arenaElements}.${attrs.tensors.map((tensor) => `${tensor.offsetBytes}:${tensor.decay}`).join(",")}`,
      data: decays,
      type: "array<f32>",
      space: "storage",
    };
    const reads: Port[] = [plainPort(context.arena(gradsArena)), context.inputs[0]];
    if (attrs.clip !== null) reads.push(plainPort(lowerClip(context, attrs.clip, attrs.tensors.length)));
    context.elements({
      title: "update",
      count: arenaElements,
      reads,
      tables: [table],
      writes: [plainPort(params), ...attrs.states.map((_, index) => plainPort(context.arena(stateArena(index))))],
      inPlace: true,
      body: ({ load, store, place, table }) => {
        const variables = new Map<string, string>([
          ["p", "p"],
          ["g", "g"],
          ["wd", "wd"],
          ...attrs.states.map((_, index): [string, string] => [`s${index}`, `s${index}`]),
          ...attrs.scalars.map((name, index): [string, string] => [name, `${load(1)}(${index}u)`]),
        ]);
        const { lets, results } = printWgsl(
          [attrs.p, ...attrs.states],
          (name) => variables.get(name) ?? bug(`update: unknown variable ${name}`),
          "t",
        );
        return [
          `let wd = ${table(0)}[i / ${blockElements}u];`,
          `if (wd < 0.0) { return; }`,
          `let p = ${place(0, "i")};`,
          ...attrs.states.map((_, index) => `let s${index} = ${place(index + 1, "i")};`),
          `let g = ${load(0)}(i)${attrs.clip === null ? "" : ` * ${load(2)}(0u)`};`,
          ...lets,
          ...results.map((result, index) => `${store(index)}(i, ${result});`),
        ].join("\n  ");
      },
    });
  },
  reuse: () => 1,
  flops: (_inputs, attrs) => attrs.tensors.reduce((sum, tensor) => sum + tensor.elementCount, 0) * cost(attrs.p, ...attrs.states),
  print: (attrs) => [attrs.p, ...attrs.states].map(printExpr).join("; "),
});

/** Tensors start where bindings may, so one flag serves all elements from one such place to the next. */
const blockElements = bindingAlignment / elementBytes;

function clipFactor(statistics: Float64Array, clip: number): number {
  let squares = 0;
  for (let i = 0; i < statistics.length; i += 2) squares += statistics[i];
  return Math.min(1, clip / (Math.sqrt(squares) + 1e-6));
}

/** min(1, clip / (||g|| + 1e-6)), one number for the whole step. */
function lowerClip(context: LowerContext, clip: number, tensors: number): Ref {
  const factor = context.scratch({ shape: [1], dtype: "f32" });
  context.elements({
    title: "clip",
    count: 1,
    reads: [context.inputs[1]],
    writes: [plainPort(factor)],
    body: ({ load, store }) => `var squares = 0.0;
  for (var p = 0u; p < ${tensors}u; p++) { squares += ${load(0)}(2u * p); }
  ${store(0)}(i, min(1.0, ${clip.toExponential(9)} / (sqrt(squares) + 1e-6)));`,
  });
  return factor;
}
