/** @file Steps of programs with slabs and without. */

import { expect, test } from "vitest";
import type { Program, Step } from "../../src/plan/plan.ts";
import { slabCount, stepsOf, stepsOfRun } from "../../src/plan/steps.ts";

const step = (label: string): Step => ({ kernel: 0, label, bindings: [], grid: [1, 1, 1] });
const whole: Program = { inputs: [], outputs: [], steps: [step("a"), step("b")] };
const cut: Program = { ...whole, slabs: { batch: 7, images: 3, clear: [], finish: [step("last")] } };
const labels = (steps: readonly Step[]): string => steps.map(({ label }) => label).join(" ");

test("a batch that goes through at once runs each step once", () => {
  expect([slabCount(whole), labels(stepsOf({ programs: { whole } })), labels(stepsOfRun(whole))]).toEqual([1, "a b", "a b"]);
});

test("slabs repeat the steps, and the finish follows the last", () => {
  expect([slabCount(cut), labels(stepsOf({ programs: { cut, whole } })), labels(stepsOfRun(cut))]).toEqual([
    3,
    "a b last a b",
    "a b a b a b last",
  ]);
});
