/** @file `contract`: products of one or two tensors, summed over labels (einsum): dense layers, filters, sums over channels. */

import { elementCount } from "../../plan/shape.ts";
import { bug } from "../diagnostics/diagnostic.ts";
import { constant } from "../expr/expr.ts";
import { operand } from "../expr/operands.ts";
import type { GraphBuilder, Node, Samples, Tensor, TypedOp } from "../graph/graph.ts";
import { defineOp, emptyTensor } from "../graph/graph.ts";
import type { TensorType } from "../graph/types.ts";
import type { TiledAxis } from "../kernels/contract-terms.ts";
import { TermPrinter } from "../kernels/contract-terms.ts";
import { emitLongSum } from "../kernels/long-sum.ts";
import { emitMatrixProduct, matrixProductOf } from "../kernels/matrix-product.ts";
import type { LoopAxis } from "../kernels/strided.ts";
import { blocksOf, boundOf, boundsTable, inFours, loopCount, loopOffsets, mergeAxes, splitIndex, stridesOf } from "../kernels/strided.ts";
import type { LowerContext } from "../lower/context.ts";
import { broadcastTo, mapNode } from "./map.ts";
import { reshape } from "./move.ts";

/** Labels are single letters, one per axis; a label that the output lacks is summed. `bchk,fhk->bfhk` is a `shared` layer. */
export interface ContractAttrs {
  readonly inputs: readonly string[];
  readonly output: string;
  /** Which inputs enter conjugated. */
  readonly conjugate: readonly boolean[];
}

export const contractOp: TypedOp<ContractAttrs> = defineOp<ContractAttrs>({
  name: "contract",
  formula: "y[output] = sum over the other labels of a[left] b[right]",
  shape(inputs, attrs) {
    const sizes = labelSizes(inputs, attrs);
    const complex = inputs.some((input) => input.dtype === "c32");
    return {
      shape: [...attrs.output].map((label) => sizes.get(label) ?? bug(`contract: no input has the label ${label}`)),
      dtype: complex ? "c32" : "f32",
    };
  },
  adjoint: (builder, dy, node, attrs, wanted) =>
    node.inputs.map((_, side) => (wanted[side] === true ? inputGradient(builder, dy, node, attrs, side) : undefined)),
  reference(inputs, attrs, type) {
    const { free, summed } = loopsOf(inputs, attrs);
    const result = emptyTensor(type);
    const starts = inputs.map((_, side) => loopOffsets(free, side));
    const steps = inputs.map((_, side) => loopOffsets(summed, side));
    if (type.dtype === "c32") sumComplex(inputs, attrs, starts, steps, result.data);
    else sumReal(inputs, starts, steps, result.data);
    return result;
  },
  lower: (context, attrs) => lowerContract(context, attrs),
  reuse: (inputs, attrs, input) => Math.max(1, termCount(inputs, attrs) / elementCount(inputs[input].shape)),
  flops: (inputs, attrs, type) =>
    termCount(inputs, attrs) *
    (inputs.length === 1 ? 1 : 2) *
    (type.dtype === "c32" ? (inputs.every((input) => input.dtype === "c32") && inputs.length > 1 ? 4 : 2) : 1),
  print: (attrs) => `${attrs.inputs.map((labels, side) => (attrs.conjugate[side] ? `conj ${labels}` : labels)).join(",")}->${attrs.output}`,
});

export const contractOpSamples: Samples<ContractAttrs> = () =>
  contractSamples.map(([formula, dtypes, sizes, conjugate]) => {
    const attrs = parseFormula(formula, conjugate);
    const inputs = attrs.inputs.map(
      (labels, side): TensorType => ({ shape: [...labels].map((label) => sizes[label]), dtype: dtypes[side] === "c" ? "c32" : "f32" }),
    );
    return { title: `${formula} ${dtypes} ${Object.values(sizes).join("x")}`, attrs, inputs, tolerance: 2e-6 };
  });

/**
 * Builds a contraction: `contract(builder, "bchk,fhk->bfhk", [x, filters])`.
 * @param conjugate which inputs enter conjugated; without effect on real ones
 */
export function contract(builder: GraphBuilder, formula: string, inputs: readonly Node[], conjugate: readonly boolean[] = []): Node {
  // Dropped where it means nothing, so that equal meanings print equally.
  const kept = inputs.map((input, side) => input.type.dtype === "c32" && conjugate[side] === true);
  return contractOp.build(builder, inputs, parseFormula(formula, kept));
}

/** The attributes that `bchk,fhk->bfhk` writes. */
export function parseFormula(formula: string, conjugate: readonly boolean[]): ContractAttrs {
  const [left, output] = formula.split("->");
  const inputs = left.split(",");
  return { inputs, output, conjugate: inputs.map((_, side) => conjugate[side] === true) };
}

/** The size of every label, in the order of first appearance. */
function labelSizes(inputs: readonly TensorType[], attrs: ContractAttrs): ReadonlyMap<string, number> {
  if (inputs.length !== attrs.inputs.length || inputs.length < 1 || inputs.length > 2)
    bug(`contract: ${inputs.length} inputs for ${attrs.inputs.join(",")}`);
  const sizes = new Map<string, number>();
  for (const [side, labels] of attrs.inputs.entries()) {
    const shape = inputs[side].shape;
    if (labels.length !== shape.length || new Set(labels).size !== labels.length)
      bug(`contract: labels ${labels} for the shape ${shape.join("x")}`);
    for (const [axis, label] of [...labels].entries()) {
      const known = sizes.get(label) ?? shape[axis];
      if (known !== shape[axis]) bug(`contract: ${label} is ${known} and ${shape[axis]}`);
      sizes.set(label, known);
    }
  }
  if (new Set(attrs.output).size !== attrs.output.length) bug(`contract: repeated label in ${attrs.output}`);
  return sizes;
}

/** Loops over the output and over the summed labels. Operands of an axis: the inputs, then the output. */
function loopsOf(inputs: readonly TensorType[], attrs: ContractAttrs): { readonly free: LoopAxis[]; readonly summed: LoopAxis[] } {
  const sizes = labelSizes(inputs, attrs);
  const outputShape = [...attrs.output].map((label) => sizes.get(label) ?? 1);
  const operands = [
    ...attrs.inputs.map((labels, side) => ({ labels, strides: stridesOf(inputs[side].shape) })),
    { labels: attrs.output, strides: stridesOf(outputShape) },
  ];
  const axisOf = (label: string): LoopAxis => ({
    size: sizes.get(label) ?? 1,
    strides: operands.map(({ labels, strides }) => (labels.includes(label) ? strides[labels.indexOf(label)] : 0)),
  });
  const summed = [...sizes.keys()].filter((label) => !attrs.output.includes(label));
  return { free: mergeAxes([...attrs.output].map(axisOf)), summed: mergeAxes(summed.map(axisOf)) };
}

/** Products that are added up. */
function termCount(inputs: readonly TensorType[], attrs: ContractAttrs): number {
  return elementCount([...labelSizes(inputs, attrs).values()]);
}

function sumReal(inputs: readonly Tensor[], starts: readonly Int32Array[], steps: readonly Int32Array[], result: Float64Array): void {
  const [left, right] = inputs.map((input) => input.data);
  const [leftSteps, rightSteps] = steps;
  for (let i = 0; i < result.length; i++) {
    const at = starts[0][i];
    let sum = 0;
    if (right === undefined) {
      for (let s = 0; s < leftSteps.length; s++) sum += left[at + leftSteps[s]];
    } else {
      const other = starts[1][i];
      for (let s = 0; s < leftSteps.length; s++) sum += left[at + leftSteps[s]] * right[other + rightSteps[s]];
    }
    result[i] = sum;
  }
}

function sumComplex(
  inputs: readonly Tensor[],
  attrs: ContractAttrs,
  starts: readonly Int32Array[],
  steps: readonly Int32Array[],
  result: Float64Array,
): void {
  // Every operand as complex numbers: a real one has imaginary parts 0.
  const parts = inputs.map((input, side) => {
    const count = elementCount(input.shape);
    const real = input.dtype === "c32" ? new Float64Array(count).map((_, i) => input.data[2 * i]) : input.data;
    const sign = attrs.conjugate[side] ? -1 : 1;
    const imaginary = input.dtype === "c32" ? new Float64Array(count).map((_, i) => sign * input.data[2 * i + 1]) : new Float64Array(count);
    return { real, imaginary };
  });
  const [left, right] = parts;
  const [leftSteps, rightSteps] = steps;
  for (let i = 0; 2 * i < result.length; i++) {
    let real = 0;
    let imaginary = 0;
    for (let s = 0; s < leftSteps.length; s++) {
      const p = starts[0][i] + leftSteps[s];
      if (right === undefined) {
        real += left.real[p];
        imaginary += left.imaginary[p];
      } else {
        const q = starts[1][i] + rightSteps[s];
        real += left.real[p] * right.real[q] - left.imaginary[p] * right.imaginary[q];
        imaginary += left.real[p] * right.imaginary[q] + left.imaginary[p] * right.real[q];
      }
    }
    result[2 * i] = real;
    result[2 * i + 1] = imaginary;
  }
}

/**
 * For R = A.B: G_A = conj(B) G, summed over the labels that A lacks; for a conjugated A: G_A = B conj(G) (docs/numerics.md#gradients).
 * A real A takes the real part. Labels that were summed over A alone are repeated.
 */
function inputGradient(builder: GraphBuilder, dy: Node, node: Node, attrs: ContractAttrs, side: number): Node {
  const input = node.inputs[side];
  const own = attrs.inputs[side];
  const conjugated = attrs.conjugate[side] && input.type.dtype === "c32";
  const others = node.inputs.filter((_, position) => position !== side);
  const otherLabels = attrs.inputs.filter((_, position) => position !== side);
  const otherFlags = attrs.conjugate.filter((_, position) => position !== side).map((flag) => flag === conjugated);
  const reached = [...own].filter((label) => attrs.output.includes(label) || otherLabels.some((labels) => labels.includes(label))).join("");
  const identity = others.length === 0 && reached === attrs.output && !conjugated;
  const formula = `${[attrs.output, ...otherLabels].join(",")}->${reached}`;
  const product = identity ? dy : contract(builder, formula, [dy, ...others], [conjugated, ...otherFlags]);
  const real = input.type.dtype === "f32" && product.type.dtype === "c32" ? realPart(builder, product) : product;
  if (reached === own) return real;
  const kept = input.type.shape.map((size, axis) => (reached.includes(own[axis]) ? size : 1));
  return broadcastTo(builder, reshape(builder, real, kept), input.type.shape);
}

function realPart(builder: GraphBuilder, node: Node): Node {
  return mapNode(builder, node.type.shape, [node], { re: operand(0, "re"), im: constant(0) }, false);
}

/** Sums at least this long are shared by the lanes of a workgroup, unless there are enough of them to fill a device. */
const longSum = 256;
const manyTiles = 4096;

/** Shorter sums are cut along one side only: their time goes into stores, and 16 of these compile for half a second. */
const squareTileSum = 4;

function lowerContract(context: LowerContext, attrs: ContractAttrs): void {
  const types = context.inputs.map((port) => port.type);
  const { free, summed } = loopsOf(types, attrs);
  const length = loopCount(summed);
  const tilesOf = (axes: readonly TiledAxis[]): number => axes.reduce((product, axis) => product * axis.tiles, 1);
  const axes = tileAxes(free, types.length, length, context.target.sumTile);
  if (length >= longSum && tilesOf(axes) < manyTiles) {
    const wide = wideAxis(context, summed, [...free, ...summed]);
    const term = new TermPrinter(types, attrs.conjugate, axes, inVectors(summed, wide), wide);
    emitLongSum(
      context,
      {
        title: "sum",
        reads: context.inputs,
        wideReads: term.wideReads,
        tiles: tilesOf(axes),
        width: term.slots.length,
        complex: context.output.type.dtype === "c32",
        length: loopCount(term.summed),
        weight: length / loopCount(term.summed),
        locate: [...term.setup("tile")].join("\n  "),
        term: (names) =>
          [
            ...splitIndex(
              "s",
              term.summed.map((axis) => axis.size),
              "k",
            ),
            ...term.step(names, (slot) => `sum${slot}`),
          ].join("\n    "),
        place: term.place().join("\n    "),
      },
      context.output,
    );
    return;
  }
  const product = matrixProductOf(context, free, summed);
  if (product !== undefined) return emitMatrixProduct(context, product);
  const across = wideAxis(context, free, [...free, ...summed]);
  const wide = across ?? wideAxis(context, summed, [...free, ...summed]);
  const wideAxes =
    across === undefined ? axes : tileAxes(inVectors(free, across), types.length, length, context.target.sumTile, free.indexOf(across));
  const term = new TermPrinter(types, attrs.conjugate, wideAxes, inVectors(summed, wide), wide);
  context.elements({
    title: "sum",
    count: tilesOf(wideAxes),
    reads: context.inputs,
    wideReads: term.wideReads,
    writes: [context.output],
    wideWrites: across === undefined ? [] : [0],
    tables: summed.length === 0 ? [] : [boundsTable(term.summed.map((axis) => axis.size))],
    body: (names) =>
      [
        ...term.setup("i"),
        ...term.slots.map((slot) => `var sum${slot} = ${term.element}();`),
        ...summed.map(
          (_, position) => `for (var k${position} = 0u; k${position} < ${boundOf(names.table(0), position)}; k${position}++) {`,
        ),
        ...term.step(names, (slot) => `sum${slot}`),
        ...summed.map(() => `}`),
        ...term.store(names, (slot) => `sum${slot}`),
      ].join("\n  "),
  });
}

/** The axis of `axes` that everything real walks along four elements at a time, or not at all; `all` are the axes of the loops. */
function wideAxis(context: LowerContext, axes: readonly LoopAxis[], all: readonly LoopAxis[]): LoopAxis | undefined {
  const ports = [...context.inputs, context.output];
  if (ports.some((port) => port.type.dtype !== "f32" || port.refs[0].type.dtype !== "f32")) return undefined;
  return axes.find(
    (axis) =>
      axis.size % 4 === 0 &&
      ports.every((_, operand) => axis.strides[operand] === 0 || (axis.strides[operand] === 1 && inFours(all, operand))),
  );
}

/** The same loops, along `wide` in steps of four. */
function inVectors(axes: readonly LoopAxis[], wide: LoopAxis | undefined): LoopAxis[] {
  return axes.map((axis) => (axis === wide ? { size: axis.size / 4, strides: axis.strides.map((stride) => 4 * stride) } : axis));
}

/**
 * The output is cut into tiles: with 4 rows the elements of the other operand are read a quarter as often. Tiles the largest axis
 * that only the left operand has and the largest that only the right one has, `except` the one in vectors.
 */
function tileAxes(free: readonly LoopAxis[], inputs: number, length: number, largestTile: number, except = -1): TiledAxis[] {
  const largest = (side: number): LoopAxis | undefined =>
    free
      .filter((axis, position) => inputs === 2 && position !== except && axis.strides[side] !== 0 && axis.strides[1 - side] === 0)
      .reduce<LoopAxis | undefined>((best, axis) => (best === undefined || axis.size > best.size ? axis : best), undefined);
  const [left, right] = [largest(0), largest(1)];
  const larger = (left?.size ?? 0) >= (right?.size ?? 0) ? left : right;
  const tiled = length < squareTileSum ? [larger] : [left, right];
  return free.map((axis) => {
    const blocks = blocksOf(axis.size, tiled.includes(axis) ? largestTile : 1);
    return { ...axis, tile: blocks.size, tiles: blocks.count };
  });
}

type ContractSample = readonly [formula: string, dtypes: string, sizes: Readonly<Record<string, number>>, conjugate: readonly boolean[]];

/** Every variant of the lowering: direct, tiled, in fours, long, in chunks; real, complex and mixed; axes that merge and that do not. */
const contractSamples: readonly ContractSample[] = [
  ["bchk,fhk->bfhk", "cc", { b: 2, c: 3, h: 4, k: 3, f: 5 }, []],
  ["bfhk,fhk->bhk", "cc", { b: 2, f: 3, h: 5, k: 3 }, [false, true]],
  ["bhk,bfhk->fhk", "cc", { b: 3, h: 4, k: 2, f: 6 }, [true, false]],
  ["bchk,fc->bfhk", "cf", { b: 2, c: 3, h: 5, k: 4, f: 6 }, []],
  ["bchk,fchk->bfhk", "cc", { b: 5, c: 3, h: 3, k: 2, f: 6 }, []],
  ["bchk,fchk->bfhk", "cc", { b: 3, c: 9, h: 3, k: 2, f: 9 }, [true, false]],
  ["bfhk,bchk->fc", "cc", { b: 2, f: 2, h: 40, k: 21, c: 3 }, [false, true]],
  ["bfhk,bchk->fc", "cf", { b: 2, f: 5, h: 16, k: 11, c: 7 }, [true, false]],
  ["bchw->bhw", "f", { b: 2, c: 3, h: 5, w: 7 }, []],
  ["bfhw->f", "f", { b: 2, f: 3, h: 40, w: 37 }, []],
  ["bn->", "f", { b: 3, n: 50 }, []],
  ["hc->ch", "c", { h: 3, c: 4 }, [true]],
  ["bi,oi->bo", "ff", { b: 5, i: 3000, o: 2 }, []],
  ["bi,oi->bo", "ff", { b: 17, i: 33, o: 19 }, []],
  ["ij,jk->ik", "ff", { i: 8, j: 12, k: 64 }, []],
  ["ji,kj->ik", "ff", { i: 16, j: 8, k: 20 }, []],
  ["ij,jk->ki", "ff", { i: 8, j: 4, k: 12 }, []],
  ["bo,oi->bi", "ff", { b: 3, o: 1, i: 70 }, []],
  ["bo,bi->oi", "ff", { b: 1, o: 2, i: 9 }, []],
  ["bn,bn->b", "ff", { b: 4, n: 300 }, []],
  ["bo,oi->bi", "ff", { b: 5, o: 2, i: 72 }, []],
  ["bo,bi->oi", "ff", { b: 6, o: 3, i: 20 }, []],
  ["bi,oi->bo", "ff", { b: 3, i: 12, o: 2 }, []],
  ["bchw->bhw", "f", { b: 2, c: 3, h: 4, w: 5 }, []],
  ["bfhw,bf->f", "ff", { b: 2, f: 3, h: 8, w: 40 }, []],
  ["bchk,bfhk->bcfh", "ff", { b: 2, c: 3, h: 4, k: 8, f: 5 }, []],
];
