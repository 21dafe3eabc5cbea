/** @file Transforms that meet their inverses disappear, and sums move to the side where they are cheap. */

import { describe, expect, test } from "vitest";
import type { Graph, Node } from "../../../src/compiler/graph/graph.ts";
import { topological } from "../../../src/compiler/graph/graph.ts";
import type { TensorType } from "../../../src/compiler/graph/types.ts";
import { contract } from "../../../src/compiler/ops/contract.ts";
import { irfft2, rfft2 } from "../../../src/compiler/ops/fft.ts";
import { hermitian } from "../../../src/compiler/ops/hermitian.ts";
import { simplify } from "../../../src/compiler/passes/simplify.ts";
import { spectralAlgebra } from "../../../src/compiler/passes/spectral-algebra.ts";
import { graphOf } from "../../support/graph-runner.ts";
import { programs } from "../../support/pass-programs.ts";
import { count, expectUnchanged, opNames, run } from "../../support/pass-run.ts";
import { compileText, graphOfProgram } from "../../support/small-network.ts";

/** `rfft2` of `rfft2([max(0, x0)]) {...}`. */
function fusedCore(node: Node): string | undefined {
  return node.op.name === "fused" ? /^\w+/.exec(node.op.print(node.attrs))?.[0] : undefined;
}

describe("spectral-algebra", () => {
  const spectrum: TensorType = { shape: [2, 5, 4], dtype: "c32" };
  const image: TensorType = { shape: [2, 5, 6], dtype: "f32" };

  test.each([false, true])("an inverse FFT and an FFT leave the Hermitian projection (weighted: %s)", (weighted) => {
    const graph = graphOf([spectrum], (builder, [x]) => [
      rfft2.build(builder, [irfft2.build(builder, [x], { width: 6, weighted })], { weighted }),
    ]);
    const { graph: after, notes } = expectUnchanged(spectralAlgebra, [spectrum], graph);
    expect(opNames(after)).toEqual(["input", "as-complex", "hermitian", "as-real"]);
    // Two transforms of 2 planes of 5x6, less the projection; an image of 2x5x6 numbers is neither written nor read.
    const flops = 2 * rfft2.flops([image], { weighted }, spectrum) - hermitian.flops([spectrum], { width: 6 }, spectrum);
    expect(notes).toEqual([
      {
        layer: "test",
        text:
          "an inverse FFT followed by an FFT becomes the Hermitian projection of two columns: " +
          `saves ${Math.round(flops)} FLOPs and ${2 * 4 * 2 * 5 * 6} bytes`,
      },
    ]);
  });

  test.each([false, true])("an FFT and its inverse disappear (weighted: %s)", (weighted) => {
    const graph = graphOf([image], (builder, [x]) => [
      irfft2.build(builder, [rfft2.build(builder, [x], { weighted })], { width: 6, weighted }),
    ]);
    const { graph: after, notes } = expectUnchanged(spectralAlgebra, [image], graph);
    expect(opNames(after)).toEqual(["input"]);
    expect(notes.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^an FFT followed by its inverse disappears: saves \d+ FLOPs and \d+ bytes$/),
    ]);
  });

  test("transforms of different weights do not cancel", () => {
    const graph = graphOf([spectrum, image], (builder, [x, y]) => [
      rfft2.build(builder, [irfft2.build(builder, [x], { width: 6, weighted: true })], { weighted: false }),
      irfft2.build(builder, [rfft2.build(builder, [y], { weighted: false })], { width: 6, weighted: true }),
    ]);
    const { graph: after, notes } = expectUnchanged(spectralAlgebra, [spectrum, image], graph);
    expect([count(after, "rfft2"), count(after, "irfft2"), notes.length]).toEqual([2, 2, 0]);
  });

  test("a projection stays where the spectrum is used twice", () => {
    const graph = graphOf([spectrum], (builder, [x]) => {
      const y = irfft2.build(builder, [x], { width: 6, weighted: false });
      return [rfft2.build(builder, [y], { weighted: false }), y];
    });
    const { graph: after, notes } = expectUnchanged(spectralAlgebra, [spectrum], graph);
    const flops = rfft2.flops([image], { weighted: false }, spectrum) - hermitian.flops([spectrum], { width: 6 }, spectrum);
    expect(notes.map(({ text }) => text)).toEqual([expect.stringContaining(`saves ${Math.round(flops)} FLOPs`)]);
    expect([count(after, "irfft2"), count(after, "rfft2"), count(after, "hermitian")]).toEqual([1, 0, 1]);
  });

  test("a sum over channels moves in front of the FFT, and says what that saves", () => {
    const types: readonly TensorType[] = [
      { shape: [2, 3, 5, 6], dtype: "f32" },
      { shape: [4, 5, 4], dtype: "c32" },
    ];
    const graph = graphOf(types, (builder, [x, filters]) => [
      contract(builder, "bchk,fhk->bfhk", [rfft2.build(builder, [x], { weighted: false }), filters]),
    ]);
    const { graph: after, notes } = expectUnchanged(spectralAlgebra, types, graph);
    const transform = topological(after).find((node) => node.op === rfft2);
    expect(transform?.type.shape).toEqual([2, 5, 4]);
    const flopsOf = (each: Graph): number =>
      topological(each).reduce(
        (sum, node) =>
          sum +
          node.op.flops(
            node.inputs.map(({ type }) => type),
            node.attrs,
            node.type,
          ),
        0,
      );
    expect(flopsOf(after)).toBeLessThan(flopsOf(graph) / 2);
    // The image is read once either way; its sum is written and read; two of three spectra are neither written nor read.
    const bytes = 2 * (8 * 2 * 2 * 5 * 4) - 2 * (4 * 2 * 5 * 6);
    expect(notes.map(({ text }) => text)).toEqual([
      `the sum over 3 channels moves in front of the FFT: saves ${Math.round(flopsOf(graph) - flopsOf(after))} FLOPs and ${bytes} bytes`,
    ]);
  });

  test("a sum stays behind an FFT that is needed channel by channel", () => {
    const types: readonly TensorType[] = [
      { shape: [2, 3, 5, 6], dtype: "f32" },
      { shape: [4, 5, 4], dtype: "c32" },
      { shape: [4, 3], dtype: "f32" },
    ];
    const graph = graphOf(types, (builder, [x, filters, mix]) => [
      contract(builder, "bchk,fhk->bfhk", [rfft2.build(builder, [x], { weighted: false }), filters]),
      contract(builder, "bchk,fc->bfhk", [rfft2.build(builder, [x], { weighted: false }), mix]),
    ]);
    const { graph: after, notes } = expectUnchanged(spectralAlgebra, types, graph);
    expect(count(run(simplify, after).graph, "rfft2")).toBe(1);
    expect(notes.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^the sum over 3 channels moves in front of the product: saves \d+ FLOPs for \d+ bytes more$/),
    ]);
  });

  test("a conjugated spectrum is summed before it is conjugated", () => {
    const types: readonly TensorType[] = [
      { shape: [2, 3, 5, 6], dtype: "f32" },
      { shape: [4, 5, 4], dtype: "c32" },
    ];
    const graph = graphOf(types, (builder, [x, filters]) => [
      contract(builder, "bchk,fhk->bfhk", [rfft2.build(builder, [x], { weighted: false }), filters], [true, false]),
    ]);
    expect(expectUnchanged(spectralAlgebra, types, graph).notes).toHaveLength(1);
  });

  test("a sum over the axes of the FFT stays behind it", () => {
    const types: readonly TensorType[] = [
      { shape: [2, 5, 6], dtype: "f32" },
      { shape: [4], dtype: "c32" },
    ];
    const graph = graphOf(types, (builder, [x, filter]) => [
      contract(builder, "bhk,k->b", [rfft2.build(builder, [x], { weighted: false }), filter]),
    ]);
    const { graph: after } = expectUnchanged(spectralAlgebra, types, graph);
    expect(topological(after).find((node) => node.op === rfft2)?.type.shape).toEqual([2, 5, 4]);
  });

  test("an expensive product becomes cheap in the network of the paper", () => {
    const compiled = compileText(programs["shared filters"], { programs: ["infer"], without: ["fuse-spectral"] });
    const transforms = topological(graphOfProgram(compiled, "infer")).filter((node) => node.op === rfft2 || fusedCore(node) === "rfft2");
    expect(transforms.map((node) => node.type.shape)).toEqual([
      [3, 6, 4],
      [3, 6, 4],
    ]);
    expect(
      compiled.rewrites
        .get("infer")
        ?.filter((rewrite) => rewrite.pass === "spectral-algebra")
        .map((rewrite) => rewrite.layer),
    ).toEqual(["conv.1", "conv.2"]);
  });
});
