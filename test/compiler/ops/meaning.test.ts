/** @file What single ops mean, against definitions written out again: contraction, convolution, pooling, expansion. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { assemblePlan, layoutArena } from "../../../src/compiler/assemble/assemble.ts";
import { graphPlan } from "../../../src/compiler/assemble/graph-plan.ts";
import type { Expr } from "../../../src/compiler/expr/expr.ts";
import { add, call, constant, multiply, subtract, variable } from "../../../src/compiler/expr/expr.ts";
import type { Graph, Tensor } from "../../../src/compiler/graph/graph.ts";
import { GraphBuilder } from "../../../src/compiler/graph/graph.ts";
import type { TensorType } from "../../../src/compiler/graph/types.ts";
import type { ExpandAttrs } from "../../../src/compiler/kernels/filter-bins.ts";
import { coordinateAt } from "../../../src/compiler/kernels/filter-bins.ts";
import { lowerGraph } from "../../../src/compiler/lower/lower.ts";
import { baseline } from "../../../src/compiler/lower/target.ts";
import { contract, contractOp } from "../../../src/compiler/ops/contract.ts";
import { conv2d, conv2dInputGradient } from "../../../src/compiler/ops/convolution.ts";
import { expand, expandGradient } from "../../../src/compiler/ops/expand.ts";
import { extraOf } from "../../../src/compiler/ops/extra.ts";
import { parameter } from "../../../src/compiler/ops/leaves.ts";
import { concat, pad, slice } from "../../../src/compiler/ops/move.ts";
import { maxPoolGradient } from "../../../src/compiler/ops/pool.ts";
import { interpret } from "../../../src/compiler/reference/interpreter.ts";
import { elementCount } from "../../../src/plan/shape.ts";
import { openSession } from "../../../src/runtime/index.ts";
import { expectClose } from "../../support/close.ts";
import { gpuMissing, openTestDevice } from "../../support/gpu.ts";
import { graphOf, runOnGpu, runReference } from "../../support/graph-runner.ts";

const real = (...shape: number[]): TensorType => ({ shape, dtype: "f32" });
const ramp = (count: number): number[] => [...Array(count).keys()].map((i) => Math.sin(1 + i * 1.7));

/** Position of an element in a tensor with these labels, given the value of every label. */
function place(labels: string, shape: readonly number[], at: ReadonlyMap<string, number>): number {
  return [...labels].reduce((index, label, axis) => index * shape[axis] + (at.get(label) ?? 0), 0);
}

/** The definition of a contraction: all combinations of all labels. */
function naiveContraction(
  inputs: readonly Tensor[],
  formulas: readonly string[],
  output: string,
  conjugate: readonly boolean[],
  sizes: ReadonlyMap<string, number>,
): number[] {
  const outputShape = [...output].map((label) => sizes.get(label) ?? 1);
  const result = Array.from({ length: 2 * elementCount(outputShape) }, () => 0);
  const labels = [...new Set(formulas.join(""))];
  const visit = (depth: number, at: Map<string, number>): void => {
    if (depth < labels.length) {
      for (let value = 0; value < (sizes.get(labels[depth]) ?? 1); value++) visit(depth + 1, new Map(at).set(labels[depth], value));
      return;
    }
    let [re, im] = [1, 0];
    inputs.forEach((input, side) => {
      const index = place(formulas[side], input.shape, at);
      const [x, y] =
        input.dtype === "c32" ? [input.data[2 * index], (conjugate[side] ? -1 : 1) * input.data[2 * index + 1]] : [input.data[index], 0];
      [re, im] = [re * x - im * y, re * y + im * x];
    });
    const to = place(output, outputShape, at);
    result[2 * to] += re;
    result[2 * to + 1] += im;
  };
  visit(0, new Map());
  return result;
}

describe("contract", () => {
  const letters = fc.uniqueArray(fc.constantFrom(..."abcde"), { maxLength: 4 });
  test("is the sum over all labels that the output lacks", () => {
    fc.assert(
      fc.property(
        letters,
        fc.option(letters),
        fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 5, maxLength: 5 }),
        fc.infiniteStream(fc.nat({ max: 7 })),
        (left, right, lengths, dice) => {
          const roll = (sides: number): number => (dice.next().value ?? 0) % sides;
          const formulas = [left, ...(right === null ? [] : [right])].map((labels) => labels.join(""));
          const sizes = new Map([..."abcde"].map((label, index) => [label, lengths[index]]));
          const output = [...new Set(formulas.join(""))]
            .filter(() => roll(2) === 0)
            .sort(() => roll(3) - 1)
            .join("");
          const conjugate = formulas.map(() => roll(2) === 0);
          const inputs = formulas.map((labels): Tensor => {
            const shape = [...labels].map((label) => sizes.get(label) ?? 1);
            const dtype = roll(2) === 0 ? "c32" : "f32";
            return { shape, dtype, data: Float64Array.from(ramp(elementCount(shape) * (dtype === "c32" ? 2 : 1))) };
          });
          const attrs = { inputs: formulas, output, conjugate };
          const type = contractOp.shape(inputs, attrs);
          const wanted = naiveContraction(inputs, formulas, output, conjugate, sizes);
          const { data } = contractOp.reference(inputs, attrs, type);
          expectClose(data, type.dtype === "c32" ? wanted : wanted.filter((_, i) => i % 2 === 0), { relative: 1e-12, absolute: 1e-12 });
        },
      ),
      { numRuns: 200 },
    );
  });

  test("drops conjugations of real tensors, so that equal meanings print equally", () => {
    const types = [real(2, 3), real(3)];
    const nodes = graphOf(types, (builder, inputs) => [
      contract(builder, "ab,b->a", inputs, [true, true]),
      contract(builder, "ab,b->a", inputs),
    ]).results.map((result) => result.node);
    expect(contractOp.print(nodes[0].attrs)).toBe(contractOp.print(nodes[1].attrs));
  });

  test("refuses labels that do not fit", () => {
    const build =
      (formula: string, ...types: TensorType[]) =>
      () =>
        graphOf(types, (builder, inputs) => [contract(builder, formula, inputs)]);
    expect(build("ab->a", real(2))).toThrow("labels ab");
    expect(build("ab,b->a", real(2, 3), real(4))).toThrow("b is 3 and 4");
    expect(build("a->b", real(2))).toThrow("no input has the label b");
    expect(build("aa->a", real(2, 2))).toThrow("labels aa");
  });
});

describe("conv2d", () => {
  /** The formula of docs/numerics.md#spatial-convolution: y[m,n] = sum k[i,j] x[m s + i - p, n s + j - p]. */
  const attrs = { stride: [2, 1], before: [1, 0], after: [0, 1], wrap: false } as const;
  const x = [1, 2, 3, 4, 5, 6, 7, 8, 9];

  test("is a cross-correlation, not a convolution", () => {
    const types = [real(1, 1, 3, 3), real(1, 1, 2, 2)];
    const graph = graphOf(types, (builder, inputs) => [conv2d.build(builder, inputs, attrs)]);
    // Rows -1..0 and 1..2, columns 0..1, 1..2, 2..3.
    expect([...runReference(graph, types, [x, [10, 20, 1, 2]])[0]]).toEqual([5, 8, 3, 140 + 23, 170 + 26, 60 + 9]);
    expect([...runReference(graph, types, [x, [0, 1, 0, 0]])[0]]).toEqual([0, 0, 0, 5, 6, 0]);
  });

  test("wraps around", () => {
    const types = [real(1, 1, 3, 3), real(1, 1, 2, 2)];
    const graph = graphOf(types, (builder, inputs) => [conv2d.build(builder, inputs, { ...attrs, wrap: true })]);
    expect([...runReference(graph, types, [x, [1, 0, 0, 0]])[0]]).toEqual([7, 8, 9, 4, 5, 6]);
  });

  test("refuses a kernel that does not fit", () => {
    expect(() => graphOf([real(1, 1, 2, 2), real(1, 1, 4, 1)], (builder, inputs) => [conv2d.build(builder, inputs, attrs)])).toThrow(
      "does not fit",
    );
    expect(() =>
      graphOf([real(1, 1, 2, 2), real(1, 1, 2, 2)], (builder, inputs) => [
        conv2dInputGradient.build(builder, inputs, { ...attrs, height: 9, width: 9 }),
      ]),
    ).toThrow("conv2dInputGradient");
  });
});

describe("concat, slice and pad", () => {
  test("join more inputs than a kernel can bind", () => {
    const types = [...Array(20).keys()].map((index) => real(2, 1 + (index % 3)));
    const graph = graphOf(types, (builder, inputs) => [concat(builder, inputs, 1)]);
    const values = types.map((type, index) => ramp(elementCount(type.shape)).map((value) => value + index));
    const rows = [0, 1].flatMap((row) =>
      types.flatMap((type, index) => values[index].slice(row * type.shape[1], (row + 1) * type.shape[1])),
    );
    expect([...runReference(graph, types, values)[0]]).toEqual(rows);
    const widest = (): number => Math.max(...graph.results.map((result) => result.node.inputs.length));
    expect(widest()).toBeLessThanOrEqual(6);
  });

  test("disappear where they change nothing", () => {
    graphOf([real(2, 3)], (builder, [x]) => {
      expect(slice(builder, x, 1, 0, 3)).toBe(x);
      expect(pad(builder, x, [0, 0], [0, 0])).toBe(x);
      expect(concat(builder, [x], 0)).toBe(x);
      return [x];
    });
  });
});

describe("expand", () => {
  const at = (
    name: "u" | "v" | "r" | "theta",
    coords: ExpandAttrs["coords"],
    height: number,
    width: number,
    ky: number,
    kx: number,
  ): number => coordinateAt(name, { coords, height, width }, ky, kx);

  test("reads the coordinates of the table", () => {
    // Rows in FFT order; the Nyquist row of an even height is at -0.5, an odd height has none.
    expect([0, 1, 2, 3].map((ky) => at("v", "cartesian", 4, 6, ky, 0))).toEqual([0, 0.25, -0.5, -0.25]);
    expect([0, 1, 2].map((ky) => at("v", "cartesian", 3, 6, ky, 0))).toEqual([0, 1 / 3, 2 / 3 - 1]);
    expect([0, 1, 2, 3].map((kx) => at("u", "cartesian", 4, 6, 1, kx))).toEqual([0, 1 / 6, 2 / 6, 3 / 6]);
    expect(at("r", "cartesian", 4, 4, 2, 2)).toBeCloseTo(Math.SQRT1_2, 15);
    expect(at("theta", "cartesian", 4, 4, 0, 0)).toBe(0);
    expect(at("theta", "cartesian", 4, 4, 2, 0)).toBeCloseTo(-Math.PI / 2, 15);
    expect(at("u", "polar", 4, 4, 3, 1)).toBeCloseTo(Math.SQRT2 / 4, 15);
    expect(at("v", "polar", 4, 4, 3, 1)).toBeCloseTo(-0.25, 15);
    // The grid of the published code: no shift, so DC sits at v = -0.5; r and theta stay true.
    expect([0, 3].map((kx) => at("u", "wood", 4, 6, 0, kx))).toEqual([0, 3 / 4]);
    expect([0, 1, 3].map((ky) => at("v", "wood", 4, 6, ky, 0))).toEqual([-0.5, -0.25, 0.25]);
    expect(at("r", "wood", 4, 6, 0, 3)).toBe(0.5);
    expect(at("v", "cartesian", 1, 6, 0, 3)).toBe(0);
  });

  /** 18 parameters: more sums than one kernel makes, more tensors than a kernel binds outside of the arena. */
  const count = 18;
  const terms = [...Array(count).keys()].map((index) =>
    multiply(variable(`p${index}.0`), call("cos", multiply(constant(index), add(variable("u"), variable("v"))))),
  );
  const attrs: ExpandAttrs = {
    formula: { re: terms.reduce(add), im: multiply(variable("p0.0"), variable("p17.0")) },
    coords: "cartesian",
    height: 9,
    width: 40,
    parts: 1,
    filters: [3],
  };
  const types = [...Array(count).keys()].map(() => real(1, 3));

  test("has the gradient of its sum over all bins", () => {
    const planeType = expand.shape(types, attrs);
    const values = types.map((_, index) => ramp(3).map((value) => value + index / 10));
    const ones = Array.from({ length: elementCount(planeType.shape) * 2 }, () => 1);
    const graph = graphOf([planeType, ...types], (builder, inputs) => {
      const first = expandGradient.build(builder, inputs, attrs);
      return [first, extraOf(builder, first, 16)];
    });
    const [gradient, last] = runReference(graph, [planeType, ...types], [ones, ...values]);
    const bins = 9 * 21;
    expect(gradient[0]).toBeCloseTo(bins * (1 + values[17][0]), 9);
    expect(last[2]).toBeCloseTo(
      [...Array(bins).keys()].reduce((sum, bin) => {
        const [ky, kx] = [Math.floor(bin / 21), bin % 21];
        return sum + Math.cos(17 * (kx / 40 + (ky < 4.5 ? ky / 9 : ky / 9 - 1))) + values[0][2];
      }, 0),
      9,
    );
  });

  test.skipIf(gpuMissing !== undefined)("reads many parameters from the arena", async () => {
    const device = await openTestDevice();
    try {
      const paths = types.map((_, index) => `f.p${index}`);
      const builder = new GraphBuilder({ span: { start: 0, end: 0 }, layer: "f", role: "forward" });
      const parameters = types.map((type, index) => parameter.build(builder, [], { path: paths[index], type }));
      const plane = expand.build(builder, parameters, attrs);
      const magnitude = contract(builder, "fhk,fhk->f", [plane, plane], [true, false]);
      const first = expandGradient.build(builder, [plane, ...parameters], attrs);
      const gradients = [first, ...paths.slice(1).map((_, index) => extraOf(builder, first, index))];
      const energy = contract(builder, "qf->f", [first]);
      const graph: Graph = {
        name: "test",
        results: [
          ...gradients.map((node, index) => ({ name: paths[index], node, kind: "output" as const })),
          { name: "energy", node: energy, kind: "output" },
        ],
      };
      expect(magnitude.type).toEqual({ shape: [3], dtype: "c32" });
      const layout = layoutArena(paths.map((path) => ({ path, shape: [1, 3] })));
      const { input } = graphPlan(
        graphOf([real(1)], (_, inputs) => inputs),
        baseline,
      );
      const params = paths.map((path) => ({
        path,
        shape: [1, 3],
        offsetBytes: layout.offsetBytes.get(path) ?? 0,
        start: { kind: "constant", value: 0 } as const,
        constraint: { kind: "free" } as const,
        trained: true,
        decayed: false,
        part: "filter" as const,
        span: { start: 0, end: 0 },
      }));
      const plan = assemblePlan([lowerGraph(graph, layout, 0, baseline)], { params, stateCount: 0, training: undefined, input }, baseline);
      const values = new Map(paths.map((path, index) => [path, Float32Array.from(ramp(3), (value) => value + index / 10)]));
      const session = await openSession(plan, device);
      await session.writeParams(values);
      const actual = await session.run("test", {});
      await session.close();
      const tensors = new Map(
        [...values].map(([path, data]): [string, Tensor] => [path, { ...real(1, 3), data: Float64Array.from(data) }]),
      );
      const wanted = interpret(graph, { inputs: new Map(), params: tensors });
      for (const name of [...paths, "energy"]) expectClose(actual[name], wanted.get(name)?.data ?? [], { relative: 2e-5 }, name);
    } finally {
      await device.close();
    }
  });
});

describe.skipIf(gpuMissing !== undefined)("a Gaussian at its extremes", () => {
  const p = (index: number): Expr => variable(`p${index}.0`);
  const positive = (t: Expr): Expr => add(call("softplus", t), constant(1e-6));
  const dx = subtract(variable("u"), multiply(constant(0.5), call("sigmoid", p(1))));
  const dy = subtract(variable("v"), subtract(call("sigmoid", p(2)), constant(0.5)));
  const e1 = add(multiply(positive(p(3)), dx), multiply(p(4), dy));
  const attrs: ExpandAttrs = {
    formula: { re: multiply(p(0), call("exp", multiply(constant(-0.5), multiply(e1, e1)))), im: constant(0) },
    coords: "cartesian",
    height: 16,
    width: 17,
    parts: 1,
    filters: [8],
  };
  /** One row per parameter, one column per filter: g, mu, mv, a, c. */
  const values = [
    [1, 0, -2, 1, 1, 1, 1, 1],
    [0, 0, 0, -90, 90, 5, -5, 0],
    [0, 0, 0, -90, 90, -5, 5, 0],
    [-90, 1000, 1000, 1000, -90, 1000, 1, 1000],
    [0, 1000, -1000, 0, 0, -1000, 1000, 1000],
  ];

  test("and its gradient stay finite", async () => {
    const device = await openTestDevice();
    try {
      const types = values.map((): TensorType => real(1, 8));
      const planeType = expand.shape(types, attrs);
      const graph = graphOf([planeType, ...types], (builder, [plane, ...parameters]) => {
        const gradient = expandGradient.build(builder, [plane, ...parameters], attrs);
        return [
          expand.build(builder, parameters, attrs),
          gradient,
          ...parameters.slice(1).map((_, index) => extraOf(builder, gradient, index)),
        ];
      });
      const inputs = [ramp(2 * elementCount(planeType.shape)).map(Math.fround), ...values];
      const wanted = runReference(graph, [planeType, ...types], inputs);
      const actual = await runOnGpu(device, graph, inputs);
      for (const [index, result] of actual.entries()) {
        expect(wanted[index].every(Number.isFinite)).toBe(true);
        // The exponent of a sharp filter is a difference of numbers around 1000: f32 keeps four digits of it.
        expectClose(result, wanted[index], { relative: 1e-3 }, `result ${index}`);
      }
    } finally {
      await device.close();
    }
  });
});

describe("maxPoolGradient", () => {
  test("goes to the first of equal elements in row-major order", () => {
    const types = [real(1, 1, 2, 5), real(1, 1, 1, 2)];
    const graph = graphOf(types, (builder, inputs) => [maxPoolGradient.build(builder, inputs, { window: [2, 2] })]);
    const values = [
      [1, 3, 0, 0, 9, 3, 3, 0, 0, 9],
      [7, 8],
    ];
    expect([...runReference(graph, types, values)[0]]).toEqual([0, 7, 8, 0, 0, 0, 0, 0, 0, 0]);
  });
});
