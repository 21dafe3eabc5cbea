/** @file Plans from outside: what the runtime refuses, and with which words. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PlanError, validatePlan } from "../../src/runtime/plan-validate.ts";
import { accumulatorPlan } from "../support/accumulator-plan.ts";

/** The plan as JSON, with the value at a path (`buffers.0.name`) replaced; undefined removes it. */
function changed(path: string, value: unknown): unknown {
  const plan: unknown = JSON.parse(JSON.stringify(accumulatorPlan()));
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  const owner = keys.reduce<unknown>((at, key) => Reflect.get(at as object, key), plan);
  Reflect.set(owner as object, last, value);
  return JSON.parse(JSON.stringify(plan));
}

function message(plan: unknown): string {
  try {
    validatePlan(plan);
  } catch (error) {
    if (error instanceof PlanError) return error.message;
    throw error;
  }
  return "no error";
}

const binding = (buffer: number, offsetBytes = 0, sizeBytes = 16): unknown => ({ buffer, offsetBytes, sizeBytes });

describe("a plan from outside", () => {
  test("is returned when it is whole", () => {
    const json: unknown = JSON.parse(JSON.stringify(accumulatorPlan()));
    expect(validatePlan(json)).toEqual(accumulatorPlan());
  });

  test.each<[string, unknown, string]>([
    ["version", 2, "has version 2; this runtime understands 1"],
    ["target.limits.maxBufferSize", "big", "target.limits.maxBufferSize: expected a number"],
    ["buffers.1.name", "x", "two buffers named `x`"],
    ["buffers.0.sizeBytes", 6, "6 is not a multiple of 4"],
    ["buffers.0.sizeBytes", 2 ** 29, "more than the limit 268435456"],
    ["buffers.0.kind", "texture", 'got "texture"'],
    ["buffers.2.data", undefined, "constants have data"],
    ["buffers.0.data", "AAAA", "no other buffer has"],
    ["buffers.2.data", "AAAA", "holds 3 bytes, but the buffer has 16"],
    ["buffers.2.data", "****", "expected base64"],
    ["kernels.0.bindings", Array(9).fill("read"), "kernel `doubling`: has 9 storage buffers; the limit is 8"],
    ["kernels.0.bindings", ["sampler"], 'got "sampler"'],
    ["programs.step.steps.0.kernel", 3, "there is no kernel 3"],
    ["programs.step.steps.0.bindings", [binding(0)], "`first doubling`: binds 1 buffers; its kernel has 3"],
    ["programs.step.steps.0.bindings.0", binding(9), "there is no buffer 9"],
    ["programs.step.steps.0.bindings.0", binding(0, 128), "128 is not a multiple of 256"],
    ["programs.step.steps.0.bindings.0", binding(0, 0, 32), "bytes 0 to 32 leave `x` of 16"],
    ["programs.step.steps.0.bindings.0", binding(3), "reads and writes `slot.0` in one dispatch"],
    ["programs.step.steps.1.bindings.5", binding(6, 0, 4), "writes `outputs` twice at overlapping places"],
    ["programs.step.steps.0.bindings.2", binding(2), "writes the constant `factor`"],
    ["programs.step.steps.0.grid", [1, 1], "its grid needs three numbers"],
    ["programs.step.steps.0.grid", [70000, 1, 1], "grid[0] is 70000; the limit is 65535"],
    ["programs.step.steps.0.grid", [0, 1, 1], "at least 1, got 0"],
    ["programs.step.inputs.0.shape", [5], "programs.step.inputs `x`: bytes 0 to 20 leave `x` of 16"],
    ["programs.step.inputs.1.name", "x", "occurs twice"],
    ["programs.step.inputs.0.buffer", 2, "would overwrite a constant"],
    ["programs.step.outputs.0.dtype", "f16", 'got "f16"'],
    ["params.1.offsetBytes", 100, "100 is not a multiple of 256"],
    ["params.1.offsetBytes", 0, "overlaps another parameter"],
    ["params.1.offsetBytes", 512, "leave `params` of 512"],
    ["params.1.path", "w", "occurs twice"],
    ["params.0.start", { kind: "normal", mean: 0 }, "param `w`.start.deviation: expected a number"],
    ["params.0.constraint", { kind: "range", low: 1, high: 1 }, "its range is empty"],
    ["stateCount", 2, "there is no buffer `state.1`"],
    ["training", { lr: "fast" }, "training.lr: expected a number"],
    [
      "training",
      { lr: 1, epochs: 1, batch: 1, seed: 0, scalars: [], schedule: { kind: "step", at: 3, by: 0.1 } },
      "training.schedule.at: expected a list",
    ],
    [
      "training",
      { lr: 1, epochs: 1, batch: 1, seed: 0, scalars: [], schedule: { kind: "step", at: ["x"], by: 0.1 } },
      "training.schedule.at[0]: expected a number",
    ],
    [
      "training",
      { lr: 1, epochs: 1, batch: 1, seed: 0, scalars: [], schedule: { kind: "step", at: [1] } },
      "training.schedule.by: expected a number",
    ],
    [
      "training",
      { lr: 1, epochs: 1, batch: 1, seed: 0, scalars: [], schedule: { kind: "cosine", warmup: 0 } },
      "training.schedule.floor: expected a number",
    ],
    ["input.mean", [0, 0], "needs 1 numbers"],
    ["input", undefined, "input: expected an object"],
  ])("%s = %j is refused", (path, value, expected) => {
    expect(message(changed(path, value))).toContain(expected);
  });

  test("raised limits are taken from the target", () => {
    const raised = JSON.parse(JSON.stringify(accumulatorPlan())) as {
      target: { limits: Record<string, number> };
      buffers: { sizeBytes: number }[];
    };
    raised.buffers[0].sizeBytes = 2 ** 29;
    raised.target.limits.maxBufferSize = 2 ** 30;
    expect(message(raised)).toBe("no error");
  });

  test("nothing but a PlanError is ever thrown", () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => message(value) !== "no error"));
    const paths = [
      "target",
      "buffers",
      "kernels",
      "programs",
      "params",
      "programs.step",
      "programs.step.steps.0",
      "params.0",
      "buffers.2",
      "input",
      "training",
    ];
    fc.assert(fc.property(fc.constantFrom(...paths), fc.jsonValue(), (path, value) => typeof message(changed(path, value)) === "string"));
  });
});
