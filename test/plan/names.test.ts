/** @file Names of buffers, tensors and results: what they are, and that parsing undoes building. */

import { describe, expect, test } from "vitest";
import * as names from "../../src/plan/names.ts";

describe("names", () => {
  test("are part of the format", () => {
    expect([names.paramsArena, names.gradsArena, names.slabGradsArena]).toEqual(["params", "grads", "grads.slab"]);
    expect(names.stateTensor(1, "block.2/conv.1.g")).toBe("state.1/block.2/conv.1.g");
    expect([names.inputBuffer("images"), names.outputBuffer("loss"), names.slotBuffer(3)]).toEqual([
      "input.images",
      "output.loss",
      "slot.3",
    ]);
    expect([names.outputsResult, names.lossResult, names.statisticsResult]).toEqual(["outputs", "loss", "gradient-statistics"]);
    expect([names.meanSquareResult("conv.1"), names.reachResult("dense.1"), names.valueResult(4)]).toEqual([
      "mean-square/conv.1",
      "reach/dense.1",
      "node/4",
    ]);
  });

  test.each(["conv.1.g", "block.2/conv.1.g", "state.g"])("%s is found again in its moments and gradient", (path) => {
    expect(names.parseState(path)).toBeUndefined();
    expect(names.parseState(names.stateTensor(12, path))).toEqual({ arena: names.stateArena(12), path });
    expect([...names.gradientsIn([["loss", 1] as const, [names.gradientResult(path), 2] as const])]).toEqual([[path, 2]]);
  });

  test("tell the kinds of buffers", () => {
    const kinds = [names.paramsArena, names.stateArena(0), names.inputBuffer("x"), names.outputBuffer("y"), names.gradsArena];
    expect(kinds.map(names.bufferKind)).toEqual(["params", "state", "input", "output", "output"]);
  });
});
