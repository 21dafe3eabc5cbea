/** @file Equal work is done once, constants fold, and what does nothing disappears. */

import { describe, expect, test } from "vitest";
import { constant, multiply, variable } from "../../../src/compiler/expr/expr.ts";
import { topological } from "../../../src/compiler/graph/graph.ts";
import type { TensorType } from "../../../src/compiler/graph/types.ts";
import { contractOp } from "../../../src/compiler/ops/contract.ts";
import { rfft2 } from "../../../src/compiler/ops/fft.ts";
import { realMap } from "../../../src/compiler/ops/map.ts";
import { reshape } from "../../../src/compiler/ops/move.ts";
import { simplify } from "../../../src/compiler/passes/simplify.ts";
import { graphOf } from "../../support/graph-runner.ts";
import { program, programs } from "../../support/pass-programs.ts";
import { count, expectUnchanged, opNames, run } from "../../support/pass-run.ts";
import { compileText, graphOfProgram } from "../../support/small-network.ts";

describe("simplify", () => {
  test("one FFT serves the filters of several branches", () => {
    const branches = ["gaussian 2", "linear 2", "free 3"].map((filter) => `conv spectral ${filter} { channels: weighted }`).join(" | ");
    const compiled = compileText(program(`input 6x7x2 -> concat[${branches}] -> dense tanh 2`), {
      programs: ["infer"],
      without: ["fuse-spectral"],
    });
    expect(count(graphOfProgram(compiled, "infer"), "rfft2")).toBe(1);
    const notes = compiled.rewrites.get("infer")?.filter((rewrite) => rewrite.pass === "simplify") ?? [];
    expect(notes.map(({ layer, text }) => `${layer}: ${text}`)).toEqual(
      ["conv.2", "conv.3"].map((layer) =>
        expect.stringMatching(`^${layer}: one rfft2 c32\\[3x2x6x4\\] instead of two: saves \\d+ FLOPs and \\d+ bytes$`),
      ),
    );
  });

  test("equal sums in front of equal FFTs are one", () => {
    const compiled = compileText(program("input 6x7x2 -> concat[conv spectral gaussian 2 | conv spectral linear 2] -> dense tanh 2"), {
      programs: ["infer"],
      without: ["fuse-spectral"],
    });
    const graph = graphOfProgram(compiled, "infer");
    expect(
      topological(graph)
        .filter((node) => node.op === rfft2)
        .map((node) => node.type.shape),
    ).toEqual([[3, 6, 4]]);
    expect(topological(graph).filter((node) => contractOp.match(node)?.inputs.length === 1)).toHaveLength(1);
  });

  test("the leaves of a shared object are one", () => {
    const paths = (left: readonly string[]): readonly string[] =>
      topological(graphOfProgram(compileText(programs["a shared object"], { programs: ["infer"], without: left }), "infer"))
        .filter((node) => node.op.name === "parameter")
        .map((node) => node.op.print(node.attrs));
    const all = paths([]);
    expect(new Set(all).size).toBe(all.length);
    expect(paths(["simplify"]).length).toBeGreaterThan(all.length);
  });

  test("constants fold, and what does nothing disappears", () => {
    const type: TensorType = { shape: [2, 3], dtype: "f32" };
    const graph = graphOf([type], (builder, [x]) => {
      const two = realMap(builder, [2, 3], [], constant(2));
      const doubled = realMap(builder, [2, 3], [x, two], multiply(variable("x0"), variable("x1")));
      const same = realMap(builder, [2, 3], [doubled], variable("x0"));
      return [reshape(builder, reshape(builder, same, [6]), [2, 3])];
    });
    const { graph: after } = expectUnchanged(simplify, [type], graph);
    expect(opNames(after)).toEqual(["input", "map"]);
  });

  test("operations that differ in an attribute or a type stay apart", () => {
    const type: TensorType = { shape: [4, 6], dtype: "f32" };
    const graph = graphOf([type], (builder, [x]) => [
      rfft2.build(builder, [x], { weighted: false }),
      rfft2.build(builder, [x], { weighted: true }),
      rfft2.build(builder, [reshape(builder, x, [2, 2, 6])], { weighted: false }),
    ]);
    expect(count(expectUnchanged(simplify, [type], graph).graph, "rfft2")).toBe(3);
  });

  test("nothing is noted where nothing is shared", () => {
    const type: TensorType = { shape: [4, 6], dtype: "f32" };
    const { notes } = run(
      simplify,
      graphOf([type], (builder, [x]) => [rfft2.build(builder, [x], { weighted: false })]),
    );
    expect(notes).toEqual([]);
  });
});
