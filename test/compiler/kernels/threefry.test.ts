/** @file The random stream: known answers, the same numbers in WGSL, and the share that dropout drops. */

import { describe, expect, test } from "vitest";
import { defineOp } from "../../../src/compiler/graph/graph.ts";
import type { TensorType } from "../../../src/compiler/graph/types.ts";
import { threefryWgsl } from "../../../src/compiler/kernels/threefry.ts";
import { dropoutMask } from "../../../src/compiler/ops/random.ts";
import type { Words } from "../../../src/plan/threefry.ts";
import { threefry } from "../../../src/plan/threefry.ts";
import * as runtimeRandom from "../../../src/runtime/random.ts";
import { gpuMissing, suiteDevice } from "../../support/gpu.ts";
import { graphOf, runOnGpu, runReference } from "../../support/graph-runner.ts";

const real = (...shape: number[]): TensorType => ({ shape, dtype: "f32" });

describe("threefry", () => {
  const hex = (text: string): number => Number.parseInt(text, 16);
  /** The known answers of the paper by Salmon and others. */
  const known: readonly (readonly [counter: Words, key: Words, output: Words])[] = [
    [
      [0, 0],
      [0, 0],
      [hex("6b200159"), hex("99ba4efe")],
    ],
    [
      [hex("ffffffff"), hex("ffffffff")],
      [hex("ffffffff"), hex("ffffffff")],
      [hex("1cb996fc"), hex("bb002be7")],
    ],
    [
      [hex("243f6a88"), hex("85a308d3")],
      [hex("13198a2e"), hex("03707344")],
      [hex("c4923a9c"), hex("483df7a0")],
    ],
  ];

  test("gives the known answers", () => {
    for (const [counter, key, output] of known) expect(threefry(key, counter)).toEqual(output);
  });

  test("drops the share that was asked for, per image and step", () => {
    const root = runtimeRandom.rootKey(3);
    const key = runtimeRandom.streamKey(root, runtimeRandom.streamTag.dropout, 0);
    const mask = (step: number, positions: readonly number[]): Float64Array => {
      const types: readonly TensorType[] = [
        { shape: [1], dtype: "i32" },
        { shape: [positions.length], dtype: "i32" },
      ];
      const graph = graphOf(types, (builder, inputs) => [
        dropoutMask.build(builder, inputs, { shape: [positions.length, 1000], rate: 0.3, key }),
      ]);
      return runReference(graph, types, [[step], positions])[0];
    };
    const first = mask(0, [0, 1, 2]);
    expect(new Set(first)).toEqual(new Set([0, 1 / 0.7]));
    expect(first.filter((value) => value === 0).length / first.length).toBeCloseTo(0.3, 1);
    expect([...mask(0, [0, 1])]).toEqual([...first.subarray(0, 2000)]);
    expect([...mask(0, [2])]).toEqual([...first.subarray(2000)]);
    expect([...mask(1, [0, 1, 2])]).not.toEqual([...first]);
    expect([...first.subarray(0, 1000)]).not.toEqual([...first.subarray(1000, 2000)]);
  });

  describe.skipIf(gpuMissing !== undefined)("in WGSL", () => {
    const device = suiteDevice();

    test("equals the one in TypeScript to the last bit", async () => {
      const draws = defineOp<Record<string, never>>({
        name: "draws",
        formula: "the halves of both words of T((13, i), (i, x[0]))",
        shape: () => real(256, 4),
        adjoint: "none",
        reference: (_inputs, _attrs, type) => ({
          ...type,
          data: Float64Array.from(
            [...Array(256).keys()].flatMap((i) => threefry([13, i], [i, 7]).flatMap((word) => [word >>> 16, word & 0xffff])),
          ),
        }),
        lower: (context) =>
          context.elements({
            title: "draws",
            count: 256,
            reads: context.inputs,
            writes: [context.output],
            declarations: [threefryWgsl],
            body: ({ load, store, own }) => `let w = ${own("threefry")}(vec2u(13u, i), vec2u(i, u32(${load(0)}(0u))));
  ${store(0)}(4u * i, f32(w.x >> 16u)); ${store(0)}(4u * i + 1u, f32(w.x & 0xffffu));
  ${store(0)}(4u * i + 2u, f32(w.y >> 16u)); ${store(0)}(4u * i + 3u, f32(w.y & 0xffffu));`,
          }),
        reuse: () => 1,
        flops: () => 0,
        print: () => "",
      });
      const types = [{ shape: [1], dtype: "i32" }] as const;
      const graph = graphOf(types, (builder, inputs) => [draws.build(builder, inputs, {})]);
      const [actual] = await runOnGpu(device(), graph, [[7]]);
      expect([...actual]).toEqual([...runReference(graph, types, [[7]])[0]]);
    });
  });
});
