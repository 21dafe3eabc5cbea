/** @file The optimizers' formulas against PyTorch's own optimizers, step by step. */

import { join } from "node:path";
import { expect, test } from "vitest";
import { compileExprs } from "../../../src/compiler/expr/expr.ts";
import { optimizers } from "../../../src/compiler/words/optimizers.ts";
import { expectClose } from "../../support/close.ts";
import { readTensors } from "../../support/fixture.ts";

const tensors = readTensors(join(import.meta.dirname, "../..", "fixtures", "optimizers.safetensors"));
const recipes = [...tensors.keys()].filter((name) => name !== "start" && name !== "gradients");

/** `adam { lr: 0.1, form: keras }` -> the row and its options after defaults. */
function readRecipe(text: string): { row: (typeof optimizers)[number]; options: Record<string, number | string | boolean> } {
  const [name, record = ""] = text.split(/ \{ | \}/);
  const row = optimizers.find((candidate) => candidate.name === name);
  if (row === undefined) throw new Error(`no optimizer ${name}`);
  const options: Record<string, number | string | boolean> = {};
  for (const { name: option, fallback } of row.options) {
    options[option] = option === "decay" ? (fallback as { amount: number }).amount : (fallback as number | string | boolean);
  }
  for (const field of record.split(", ").filter((part) => part !== "")) {
    const [option, value] = field.split(": ");
    options[option] = value === "on" ? true : Number.isNaN(Number(value)) ? value : Number(value);
  }
  return { row, options };
}

test("there are recipes", () => {
  expect(recipes.length).toBeGreaterThan(8);
});

test.each(recipes)("%s", (text) => {
  const { row, options } = readRecipe(text);
  const start = tensors.get("start")?.data ?? new Float64Array();
  const gradients = tensors.get("gradients")?.data ?? new Float64Array();
  const wanted = tensors.get(text)?.data ?? new Float64Array();
  const stateCount = row.stateCount(options);
  const update = row.update(options);
  expect(update.states.length).toBe(stateCount);
  const run = compileExprs([update.p, ...update.states], ["p", "g", "s0", "s1", "lr", "c1", "c2", "wd"]);
  const values = Array.from(start, (p) => Float64Array.of(p, ...new Array<number>(stateCount).fill(0)));
  for (let step = 0; step * start.length < wanted.length; step++) {
    const corrections = row
      .scalars(options)
      .map((scalar) => (scalar.kind === "lr" ? Number(options["lr"]) : 1 - scalar.base ** (step + 1)));
    const [lr, c1 = NaN, c2 = NaN] = corrections;
    values.forEach((own, index) => {
      const [p, s0 = NaN, s1 = NaN] = own;
      run([p, gradients[step * start.length + index], s0, s1, lr, c1, c2, Number(options["decay"])], own);
    });
    const after = values.map(([p]) => p);
    expectClose(after, wanted.subarray(step * start.length, (step + 1) * start.length), { relative: 1e-13 }, `step ${step + 1}`);
  }
});
