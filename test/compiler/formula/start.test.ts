/** @file Starts of parameters: constants, and distributions with numbers of the recipe. */

import { describe, expect, test } from "vitest";
import { evaluateConstant, startFromPhrase } from "../../../src/compiler/formula/formula.ts";
import type { Formula, Phrase } from "../../../src/compiler/syntax/ast.ts";
import { parse } from "../../../src/compiler/syntax/parser.ts";

describe("constants", () => {
  const constantOf = (text: string, names: ReadonlyMap<string, number> = new Map()): number | string | undefined => {
    const { file } = parse({ name: "net.spec", text: `filter f(g = ${text}) = g\n` });
    const [item] = file?.items ?? [];
    const start = item?.kind === "filter" ? item.params[0].start : undefined;
    if (start?.kind !== "constant") throw new Error("no constant");
    const codes: string[] = [];
    const value = evaluateConstant(start.value as Formula, names, ({ code }) => codes.push(code));
    return codes.length > 0 ? codes.join(" ") : value;
  };
  test.each<readonly [string, number | string]>([
    ["2 * pi", 2 * Math.PI],
    ["-2^2", -4],
    ["2^-1", 0.5],
    ["sqrt(n) / 2", 1.5],
    ["max(1, n)", 9],
    ["1 / (n - 9)", "S0504"],
    ["sqrt(-1)", "S0504"],
    ["m", "S0502"],
    ["cis(1)", "S0501"],
    ["exp(1, 2)", "S0503"],
    ["sqr(2)", "S0502"],
  ])("%s", (text, expected) => {
    expect(constantOf(text, new Map([["n", 9]]))).toEqual(expected);
  });
  test("what is not known yet is not reported", () => {
    expect(constantOf("1 / (n - n)", new Map([["n", NaN]]))).toBeNaN();
  });

  const init = (
    text: string,
  ): { readonly phrase: Phrase; readonly codes: string[]; readonly start: ReturnType<typeof startFromPhrase> } => {
    const { file } = parse({ name: "net.spec", text: `input 8x8x1 -> conv spectral free 2 { init: ${text} } -> dense 2\n` });
    const [item] = file?.items ?? [];
    const layer = item?.kind === "bare" ? item.body.stages[1].body : undefined;
    const value = layer?.kind === "layer" ? layer.record?.fields[0].value : undefined;
    if (value?.kind !== "phrase") throw new Error("no phrase");
    const codes: string[] = [];
    return { phrase: value, codes, start: startFromPhrase(value, ({ code }) => codes.push(code), new Map([["k", 2]])) };
  };
  test("init: a distribution with fan and numbers of the recipe", () => {
    expect(init("normal(0, k / sqrt(fan))").start?.(4)).toEqual({ kind: "normal", mean: 0, deviation: 1 });
    expect(init("loguniform(0.1, 1)").start?.(1)).toEqual({ kind: "loguniform", low: 0.1, high: 1 });
    expect(() => init("normal(1 / (fan - 3), 1)").start?.(3)).toThrow("3 channels");
  });
  test.each([
    ["gauss(0, 1)", "S0210"],
    ["uniform(1)", "S0503"],
    ["normal(0, q)", "S0502"],
    ["normal(0, -1)", "S0509"],
    ["normal", "S0503"],
  ])("init: %s is %s", (text, code) => {
    expect(init(text).codes).toEqual([code]);
  });
});
