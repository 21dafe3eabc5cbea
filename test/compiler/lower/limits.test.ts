/** @file Limits: every kernel of every op stays within those of its target, whatever the sizes are. */

import { describe, expect, test } from "vitest";
import { Limitation } from "../../../src/compiler/diagnostics/diagnostic.ts";
import type { Op } from "../../../src/compiler/graph/graph.ts";
import type { TensorType } from "../../../src/compiler/graph/types.ts";
import { lowerGraph } from "../../../src/compiler/lower/lower.ts";
import type { Target } from "../../../src/compiler/lower/target.ts";
import { baseline, large, software } from "../../../src/compiler/lower/target.ts";
import { conv2d, conv2dInputGradient, conv2dWeightGradient } from "../../../src/compiler/ops/convolution.ts";
import { allOps, samplesOf } from "../../../src/compiler/ops/index.ts";
import { defaultLimits } from "../../../src/plan/limits.ts";
import { graphOf } from "../../support/graph-runner.ts";
import { compileText } from "../../support/small-network.ts";

const targets = [baseline, large, software];

/** An op on tensors of some sizes. */
interface Case {
  readonly title: string;
  readonly op: Op;
  readonly inputs: readonly TensorType[];
  readonly attrs: unknown;
}

/** Lowers each alone; lowering itself counts workgroup memory and storage buffers, too. */
function expectWithinLimits(cases: readonly Case[], target: Target): void {
  for (const { title, op, inputs, attrs } of cases) {
    const graph = graphOf(inputs, (builder, nodes) => [builder.node(op, nodes, attrs)]);
    const { dispatches } = lowerGraph(graph, { offsetBytes: new Map(), sizeBytes: 256 }, 0, target);
    expect(dispatches.length, title).toBeGreaterThan(0);
    for (const { wgsl, access, grid, workgroupBytes } of dispatches) {
      const uniforms = access.filter((kind) => kind === "uniform").length;
      const lanes = Number(/@workgroup_size\((\d+)\)/.exec(wgsl)?.[1]);
      const found = { workgroupBytes, lanes, uniforms, buffers: access.length - uniforms, groups: Math.max(...grid) };
      const most = {
        workgroupBytes: target.workgroupBytes,
        lanes: target.invocations,
        uniforms: defaultLimits.maxUniformBuffersPerShaderStage,
        buffers: target.storageBuffers,
        groups: target.workgroupsPerDimension,
      };
      for (const [name, limit] of Object.entries(most))
        expect(found[name as keyof typeof found], `${title}: ${name}`).toBeLessThanOrEqual(limit);
    }
  }
}

const plain = { stride: [1, 1], before: [0, 0], after: [0, 0], wrap: false } as const;
const f32 = (...shape: readonly number[]): TensorType => ({ shape, dtype: "f32" });

/** A convolution and both its gradients. */
function convolutions(kernel: readonly [number, number], filters: number, channels: number): readonly [Case, Case, Case] {
  const [height, width] = [kernel[0] + 3, kernel[1] + 4];
  const [x, weight, y] = [f32(2, channels, height, width), f32(filters, channels, ...kernel), f32(2, filters, 4, 5)];
  const title = `${kernel.join("x")} ${filters} of ${channels}`;
  return [
    { title, op: conv2d, inputs: [x, weight], attrs: plain },
    { title: `${title}, gradient of the image`, op: conv2dInputGradient, inputs: [y, weight], attrs: { ...plain, height, width } },
    { title: `${title}, gradient of the kernel`, op: conv2dWeightGradient, inputs: [x, y], attrs: { ...plain, kernel } },
  ];
}

const grid = (...lists: readonly (readonly number[])[]): readonly number[][] =>
  lists.reduce<number[][]>((rows, list) => rows.flatMap((row) => list.map((value) => [...row, value])), [[]]);

describe.each(targets)("for $name, kernels stay within the limits", (target) => {
  test("of every sample of every op", () => {
    const cases = allOps
      .filter((op) => op.lower !== undefined)
      .flatMap((op) => samplesOf(op).map(({ title, inputs, attrs }) => ({ title: `${op.name}: ${title}`, op, inputs, attrs })));
    expect(cases.length).toBeGreaterThan(100);
    expectWithinLimits(cases, target);
  });

  test("of the gradients of small kernels, of few filters and channels", () => {
    const sizes = [1, 2, 3, 4, 5, 7, 9, 10];
    const cases = grid(sizes, sizes, [1, 2, 3, 5], [1, 3, 4]).map(([height, width, filters, channels]) =>
      convolutions([height, width], filters, channels),
    );
    expectWithinLimits(
      cases.map(([, , gradient]) => gradient),
      target,
    );
  });

  test("of convolutions with kernels of any size", () => {
    const kernels = [
      [1, 1],
      [2, 5],
      [9, 9],
      [1, 1024],
      [1, 1100],
      [33, 33],
      [64, 64],
    ] as const;
    expectWithinLimits(
      kernels.flatMap((kernel) => grid([1, 3, 4], [1, 5]).flatMap(([filters, channels]) => convolutions(kernel, filters, channels))),
      target,
    );
  });
});

describe("networks of one spatial filter", () => {
  test.each(["5x5", "9x9", "10x10", "4x5"])("compile with a kernel of %s", (kernel) => {
    for (const target of targets)
      expect(() =>
        compileText(`input 12x12x3 -> conv spatial ${kernel} 1 -> gap -> dense 2\n`, { programs: ["train"], target }),
      ).not.toThrow();
    expect(() => compileText(`input 12x12x4 -> conv spatial ${kernel} 1 -> gap -> dense 2\n`, { programs: ["train"] })).not.toThrow();
  });

  test("are refused, with another way, where the weights of one channel do not fit in workgroup memory", () => {
    const compile = (): unknown => compileText("input 80x80x1 -> conv spatial 65x65 1 -> gap -> dense 2\n", { programs: ["infer"] });
    expect(compile).toThrow(Limitation);
    expect(compile).toThrow("a spatial kernel of 65x65 has too many weights");
  });
});
