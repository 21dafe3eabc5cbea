/** @file The tables of words: consistent with each other, with the formatter and with grammar/builtins.json. */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Expr } from "../../../src/compiler/expr/expr.ts";
import { compileExprs, differentiate } from "../../../src/compiler/expr/expr.ts";
import { layers } from "../../../src/compiler/layers/index.ts";
import { fieldRank } from "../../../src/compiler/syntax/field-order.ts";
import { augmentations } from "../../../src/compiler/words/augment.ts";
import { generateBuiltins } from "../../../src/compiler/words/builtins.ts";
import { losses } from "../../../src/compiler/words/losses.ts";
import { optimizers } from "../../../src/compiler/words/optimizers.ts";
import { schedules, trainFields } from "../../../src/compiler/words/train.ts";

const records = [
  ...layers.map((row) => [row.words, row.options] as const),
  ...[...optimizers, ...losses, ...schedules, ...augmentations].map((row) => [row.name, row.options] as const),
  ["train", trainFields] as const,
];

test("grammar/builtins.json is generated from the tables", () => {
  const file = new URL("../../../grammar/builtins.json", import.meta.url);
  const generated = generateBuiltins();
  if (process.env["UPDATE_GRAMMAR"] !== undefined) writeFileSync(file, generated);
  expect(existsSync(file) ? readFileSync(file, "utf8") : "").toBe(generated);
});

test.each(records)("options of %s stand in the order of the formatter", (_name, options) => {
  const ranks = options.map((option) => fieldRank(option.name));
  expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
  expect(new Set(ranks).size).toBe(ranks.length);
});

test("words are unique", () => {
  const words = layers.map((row) => row.words);
  expect(new Set(words).size).toBe(words.length);
});

test.each(layers.map((row) => [row.words, row] as const))("%s builds, or says that it does not yet", (words, row) => {
  const isOptionOnly = words === "conv spatial" || words === "input" || words === "id";
  if (!isOptionOnly) expect(row.notBuilt !== undefined).toBe(row.build === undefined);
});

function evaluate(e: Expr, values: Readonly<Record<string, number>>): number {
  const names = Object.keys(values);
  const results = new Float64Array(1);
  compileExprs([e], names)(
    names.map((name) => values[name] ?? 0),
    results,
  );
  return results[0] ?? Number.NaN;
}

describe("losses", () => {
  const pairs = [
    [-30, 0],
    [-1.5, 1],
    [0, 0],
    [0, 1],
    [0.25, 1],
    [2, -1],
    [40, 0],
  ] as const;
  const lossOf = (name: string): Expr => {
    const value = losses.find((row) => row.name === name)?.value;
    if (value === undefined || value === "cross entropy") throw new Error(name);
    return value;
  };
  const gradientOf = (name: string, y: number, t: number): number => evaluate(differentiate(lossOf(name), "y"), { y, t });

  test.each(pairs)("at y = %d, t = %d", (y, t) => {
    expect(evaluate(lossOf("mse"), { y, t })).toBeCloseTo((y - t) ** 2, 12);
    expect(gradientOf("mse", y, t)).toBeCloseTo(2 * (y - t), 12);
    expect(evaluate(lossOf("bce"), { y, t })).toBeCloseTo(Math.max(y, 0) - y * t + Math.log1p(Math.exp(-Math.abs(y))), 12);
    expect(gradientOf("bce", y, t)).toBeCloseTo(1 / (1 + Math.exp(-y)) - t, 12);
    expect(evaluate(lossOf("hinge"), { y, t })).toBeCloseTo(Math.max(0, 1 - t * y), 12);
    // `+ 0`: minus zero is zero.
    expect(gradientOf("hinge", y, t) + 0).toBeCloseTo(1 - t * y > 0 ? -t : 0, 12);
  });
});

describe("optimizers", () => {
  /** Two steps of an update, in plain numbers. */
  function run(name: string, options: Record<string, number | string | boolean>, wd: number): readonly number[] {
    const row = optimizers.find((candidate) => candidate.name === name);
    if (row === undefined) throw new Error(name);
    const update = row.update(options);
    const states = Array.from({ length: row.stateCount(options) }, () => 0);
    let p = 0.5;
    const trace: number[] = [];
    for (const [index, g] of [0.3, -0.7, 0.2].entries()) {
      const corrections = row
        .scalars(options)
        .slice(1)
        .map((scalar) => (scalar.kind === "correction" ? 1 - scalar.base ** (index + 1) : 0));
      const values: Record<string, number> = { p, g, lr: 0.1, wd };
      states.forEach((state, at) => (values[`s${at}`] = state));
      corrections.forEach((correction, at) => (values[`c${at + 1}`] = correction));
      const next = update.states.map((state) => evaluate(state, values));
      p = evaluate(update.p, values);
      next.forEach((state, at) => (states[at] = state));
      trace.push(p);
    }
    return trace;
  }

  test("sgd with decay", () => {
    let p = 0.5;
    const wanted = [0.3, -0.7, 0.2].map((g) => (p -= 0.1 * (g + 0.01 * p)));
    run("sgd", { momentum: 0, nesterov: false }, 0.01).forEach((value, index) => expect(value).toBeCloseTo(wanted[index] ?? NaN, 14));
  });

  test.each([false, true])("momentum, nesterov %s", (nesterov) => {
    let [p, v] = [0.5, 0];
    const wanted = [0.3, -0.7, 0.2].map((g) => {
      v = 0.9 * v + g;
      return (p -= 0.1 * (nesterov ? g + 0.9 * v : v));
    });
    run("sgd", { momentum: 0.9, nesterov }, 0).forEach((value, index) => expect(value).toBeCloseTo(wanted[index] ?? NaN, 14));
  });

  test.each(["standard", "keras"])("adam, form %s", (form) => {
    const [b1, b2, eps] = [0.9, 0.999, 1e-3];
    let [p, m, s] = [0.5, 0, 0];
    const wanted = [0.3, -0.7, 0.2].map((g, index) => {
      m = b1 * m + (1 - b1) * g;
      s = b2 * s + (1 - b2) * g * g;
      const [c1, c2] = [1 - b1 ** (index + 1), 1 - b2 ** (index + 1)];
      return (p -=
        form === "keras" ? ((0.1 * Math.sqrt(c2)) / c1) * (m / (Math.sqrt(s) + eps)) : (0.1 * (m / c1)) / (Math.sqrt(s / c2) + eps));
    });
    run("adam", { beta1: b1, beta2: b2, eps, form }, 0).forEach((value, index) => expect(value).toBeCloseTo(wanted[index] ?? NaN, 13));
  });

  test("adamw decays apart from the gradient", () => {
    const options = { beta1: 0.9, beta2: 0.999, eps: 1e-8, form: "standard" };
    const [plain] = run("adam", options, 0);
    const [decayed] = run("adamw", options, 0.2);
    expect(decayed).toBeCloseTo((plain ?? NaN) - 0.1 * 0.2 * 0.5, 13);
  });
});
