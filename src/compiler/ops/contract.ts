/** @file `contract`: products of one or two tensors, summed over labels (einsum): dense layers, filters, sums over channels. */

import { bug } from "../diagnostic.ts";
import { variable, constant } from "../expr.ts";
import { defineOp, elementCount, emptyTensor } from "../graph.ts";
import type { GraphBuilder, Node, Tensor, TensorType, TypedOp } from "../graph.ts";
import { emitLongSum } from "../kernels/long-sum.ts";
import { emitMatrixProduct, matrixProductOf } from "../kernels/matrix-product.ts";
import { blocksOf, boundOf, boundsTable, dotIndex, loopCount, loopOffsets, mergeAxes, splitIndex, stridesOf } from "../kernels/strided.ts";
import type { LoopAxis } from "../kernels/strided.ts";
import type { LowerContext } from "../lower.ts";
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
    return { shape: [...attrs.output].map((label) => sizes.get(label) ?? bug(`contract: no input has the label ${label}`)), dtype: complex ? "c32" : "f32" };
  },
  adjoint: (builder, dy, node, attrs, wanted) => node.inputs.map((_, side) => (wanted[side] === true ? inputGradient(builder, dy, node, attrs, side) : undefined)),
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
  flops: (inputs, attrs, type) => termCount(inputs, attrs) * (inputs.length === 1 ? 1 : 2) * (type.dtype === "c32" ? (inputs.every((input) => input.dtype === "c32") && inputs.length > 1 ? 4 : 2) : 1),
  print: (attrs) => `${attrs.inputs.map((labels, side) => (attrs.conjugate[side] ? `conj ${labels}` : labels)).join(",")}->${attrs.output}`,
  samples: () => contractSamples.map(([formula, dtypes, sizes, conjugate]) => {
    const attrs = parseFormula(formula, conjugate);
    const inputs = attrs.inputs.map((labels, side): TensorType => ({ shape: [...labels].map((label) => sizes[label]), dtype: dtypes[side] === "c" ? "c32" : "f32" }));
    return { title: `${formula} ${dtypes} ${Object.values(sizes).join("x")}`, attrs, inputs, tolerance: 2e-6 };
  }),
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

function parseFormula(formula: string, conjugate: readonly boolean[]): ContractAttrs {
  const [left, output] = formula.split("->");
  const inputs = left.split(",");
  return { inputs, output, conjugate: inputs.map((_, side) => conjugate[side] === true) };
}

/** The size of every label, in the order of first appearance. */
function labelSizes(inputs: readonly TensorType[], attrs: ContractAttrs): ReadonlyMap<string, number> {
  if (inputs.length !== attrs.inputs.length || inputs.length < 1 || inputs.length > 2) bug(`contract: ${inputs.length} inputs for ${attrs.inputs.join(",")}`);
  const sizes = new Map<string, number>();
  for (const [side, labels] of attrs.inputs.entries()) {
    const shape = inputs[side].shape;
    if (labels.length !== shape.length || new Set(labels).size !== labels.length) bug(`contract: labels ${labels} for the shape ${shape.join("x")}`);
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
  const operands = [...attrs.inputs.map((labels, side) => ({ labels, strides: stridesOf(inputs[side].shape) })), { labels: attrs.output, strides: stridesOf(outputShape) }];
  const axisOf = (label: string): LoopAxis => ({
    size: sizes.get(label) ?? 1,
    strides: operands.map(({ labels, strides }) => (labels.includes(label) ? strides[labels.indexOf(label)] : 0)),
  });
  const summed = [...sizes.keys()].filter((label) => !attrs.output.includes(label));
  return { free: mergeAxes([...attrs.output].map(axisOf)), summed: mergeAxes(summed.map(axisOf)) };
}

/** Products that are added up. */
function termCount(inputs: readonly TensorType[], attrs: ContractAttrs): number {
  return [...labelSizes(inputs, attrs).values()].reduce((product, size) => product * size, 1);
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

function sumComplex(inputs: readonly Tensor[], attrs: ContractAttrs, starts: readonly Int32Array[], steps: readonly Int32Array[], result: Float64Array): void {
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
 * For R = A.B: G_A = conj(B) G, summed over the labels that A lacks; for a conjugated A: G_A = B conj(G) (NUMERICS section 4,
 * general chain). A real A takes the real part. Labels that were summed over A alone are repeated.
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
  return mapNode(builder, node.type.shape, [node], { re: variable("x0.re"), im: constant(0) }, false);
}

/** Sums at least this long are shared by the lanes of a workgroup, unless there are enough of them to fill a device. */
const longSum = 256;
const manyTiles = 4096;

/** The output is cut into tiles: with 4 rows the elements of the other operand are read a quarter as often. */
const largestTile = 4;

/** Shorter sums are cut along one side only: their time goes into stores, and 16 of these compile for half a second. */
const squareTileSum = 4;

interface TiledAxis extends LoopAxis {
  /** Elements per tile, `tiles` apart: neighbouring lanes read neighbouring memory. */
  readonly tile: number;
  readonly tiles: number;
}

function lowerContract(context: LowerContext, attrs: ContractAttrs): void {
  const types = context.inputs.map((port) => port.type);
  const { free, summed } = loopsOf(types, attrs);
  const complex = context.output.type.dtype === "c32";
  const length = loopCount(summed);
  const axes = tileAxes(free, types.length, length);
  const tiles = axes.reduce((product, axis) => product * axis.tiles, 1);
  const term = new TermPrinter(types, attrs, axes, summed);
  if (length >= longSum && tiles < manyTiles) {
    emitLongSum(context, {
      title: "sum",
      reads: context.inputs,
      tiles,
      width: term.slots.length,
      complex,
      length,
      locate: [...term.setup("tile")].join("\n  "),
      term: [...splitIndex("s", summed.map((axis) => axis.size), "k"), ...term.step((slot) => `sum${slot}`)].join("\n    "),
      place: term.place().join("\n    "),
    }, context.output);
    return;
  }
  const product = matrixProductOf(context, free, summed);
  if (product !== undefined) return emitMatrixProduct(context, product);
  const zero = complex ? "vec2f(0.0)" : "0.0";
  context.elements({
    title: "sum",
    count: tiles,
    reads: context.inputs,
    writes: [context.output],
    tables: summed.length === 0 ? [] : [boundsTable(summed.map((axis) => axis.size))],
    body: [
      ...term.setup("i"),
      ...term.slots.map((slot) => `var sum${slot} = ${zero};`),
      ...summed.map((_, position) => `for (var k${position} = 0u; k${position} < ${boundOf(position)}; k${position}++) {`),
      ...term.step((slot) => `sum${slot}`),
      ...summed.map(() => `}`),
      ...term.store((slot) => `sum${slot}`),
    ].join("\n  "),
  });
}

/** Tiles the largest axis that only the left operand has and the largest that only the right one has. */
function tileAxes(free: readonly LoopAxis[], inputs: number, length: number): TiledAxis[] {
  const largest = (side: number): LoopAxis | undefined => free
    .filter((axis) => inputs === 2 && axis.strides[side] !== 0 && axis.strides[1 - side] === 0)
    .reduce<LoopAxis | undefined>((best, axis) => (best === undefined || axis.size > best.size ? axis : best), undefined);
  const [left, right] = [largest(0), largest(1)];
  const larger = (left?.size ?? 0) >= (right?.size ?? 0) ? left : right;
  const tiled = length < squareTileSum ? [larger] : [left, right];
  return free.map((axis) => {
    const blocks = blocksOf(axis.size, tiled.includes(axis) ? largestTile : 1);
    return { ...axis, tile: blocks.size, tiles: blocks.count };
  });
}

/** Prints what one invocation does for its tile of the output. Coordinates: `x0`, `x1`, ... of the tile, `k0`, ... of the sum. */
class TermPrinter {
  readonly #types: readonly TensorType[];
  readonly #attrs: ContractAttrs;
  readonly #axes: readonly TiledAxis[];
  readonly #summed: readonly LoopAxis[];
  /** Positions within the tile, one accumulator each: the step along every tiled axis. */
  readonly slots: readonly number[];

  constructor(types: readonly TensorType[], attrs: ContractAttrs, axes: readonly TiledAxis[], summed: readonly LoopAxis[]) {
    this.#types = types;
    this.#attrs = attrs;
    this.#axes = axes;
    this.#summed = summed;
    this.slots = [...Array(axes.reduce((product, axis) => product * axis.tile, 1)).keys()];
  }

  /** Where the tile `index` starts. Steps beyond the end of an axis read its last element, and are not stored. */
  *setup(index: string): Generator<string> {
    yield* splitIndex(index, this.#axes.map((axis) => axis.tiles), "x");
    const coordinates = this.#axes.map((_, position) => `x${position}`);
    for (const [side] of this.#types.entries()) {
      const whole = this.#axes.map((axis) => (axis.tile === 1 ? axis.strides[side] : 0));
      yield `let base${side} = ${dotIndex(coordinates, whole)};`;
    }
    for (const [position, axis] of this.#axes.entries()) {
      if (axis.tile === 1) continue;
      for (let step = 0; step < axis.tile; step++) {
        const at = `x${position} + ${step * axis.tiles}u`;
        yield `let x${position}at${step} = ${(step + 1) * axis.tiles <= axis.size ? at : `min(${at}, ${axis.size - 1}u)`};`;
      }
    }
  }

  /** One term of every sum of the tile: each operand is loaded once per step along its own tiled axis. */
  *step(accumulator: (slot: number) => string): Generator<string> {
    const loops = this.#summed.map((_, position) => `k${position}`);
    for (const [side, type] of this.#types.entries()) {
      const moved = dotIndex(loops, this.#summed.map((axis) => axis.strides[side]));
      yield `let at${side} = base${side}${moved === "0u" ? "" : ` + ${moved}`};`;
      for (const key of this.#keysOf(side)) {
        const extra = this.#axes.flatMap((axis, position) => (axis.tile > 1 && axis.strides[side] !== 0 ? [`x${position}at${key} * ${axis.strides[side]}u`] : []));
        const load = `load${side}(${[`at${side}`, ...extra].join(" + ")})`;
        const conjugated = this.#attrs.conjugate[side] && type.dtype === "c32";
        yield `let v${side}s${key} = ${load}${conjugated ? " * vec2f(1.0, -1.0)" : ""};`;
      }
    }
    for (const slot of this.slots) {
      const operands = this.#types.map((_, side) => `v${side}s${this.#keyOf(side, slot)}`);
      yield `${accumulator(slot)} += ${this.#product(operands)};`;
    }
  }

  /** Stores the sums of an invocation's tile. */
  *store(accumulator: (slot: number) => string): Generator<string> {
    const coordinates = this.#axes.map((_, position) => `x${position}`);
    for (const slot of this.slots) {
      const steps = this.#stepsOf(slot);
      const at = coordinates.map((coordinate, position) => (steps[position] === 0 ? coordinate : `(${coordinate} + ${steps[position] * this.#axes[position].tiles}u)`));
      const guards = this.#axes.flatMap((axis, position) => ((steps[position] + 1) * axis.tiles <= axis.size ? [] : [`${at[position]} < ${axis.size}u`]));
      const store = `store0(${dotIndex(at, this.#axes.map((axis) => axis.strides[this.#types.length]))}, ${accumulator(slot)});`;
      yield guards.length === 0 ? store : `if (${guards.join(" && ")}) { ${store} }`;
    }
  }

  /** `place` and `inside` of the sum `slot`, for long sums. */
  place(): string[] {
    const steps = splitIndex("slot", this.#axes.map((axis) => axis.tile), "step");
    const at = this.#axes.map((axis, position) => (axis.tile === 1 ? `x${position}` : `(x${position} + step${position} * ${axis.tiles}u)`));
    const guards = this.#axes.flatMap((axis, position) => (axis.tile * axis.tiles <= axis.size ? [] : [`${at[position]} < ${axis.size}u`]));
    return [
      ...steps.filter((_, position) => this.#axes[position].tile > 1),
      `let place = ${dotIndex(at, this.#axes.map((axis) => axis.strides[this.#types.length]))};`,
      `let inside = ${guards.length === 0 ? "true" : guards.join(" && ")};`,
    ];
  }

  /** The step along each axis that the accumulator `slot` belongs to. */
  #stepsOf(slot: number): number[] {
    let rest = slot;
    const steps = this.#axes.map(() => 0);
    for (let position = this.#axes.length - 1; position >= 0; position--) {
      steps[position] = rest % this.#axes[position].tile;
      rest = Math.floor(rest / this.#axes[position].tile);
    }
    return steps;
  }

  /** The steps along the tiled axis of an operand; each is one load. An operand has at most one tiled axis. */
  #keysOf(side: number): number[] {
    const axis = this.#axes.find((candidate) => candidate.tile > 1 && candidate.strides[side] !== 0);
    return [...Array(axis?.tile ?? 1).keys()];
  }

  #keyOf(side: number, slot: number): number {
    const position = this.#axes.findIndex((axis) => axis.tile > 1 && axis.strides[side] !== 0);
    return position < 0 ? 0 : this.#stepsOf(slot)[position];
  }

  #product(operands: readonly string[]): string {
    const [a, b] = operands;
    if (b === undefined) return a;
    const bothComplex = this.#types.every((type) => type.dtype === "c32");
    return bothComplex ? `vec2f(${a}.x * ${b}.x - ${a}.y * ${b}.y, ${a}.x * ${b}.y + ${a}.y * ${b}.x)` : `${a} * ${b}`;
  }
}

type ContractSample = readonly [formula: string, dtypes: string, sizes: Readonly<Record<string, number>>, conjugate: readonly boolean[]];

/** Every variant of the lowering: direct, tiled, long, in chunks; real, complex and mixed; axes that merge and that do not. */
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
];
