/** @file Sizes that are too large, counts of nothing, and `--input` with two numbers. */

import { expect, test } from "vitest";
import { codes, elaborated, network } from "../../support/elaborated.ts";

test("whole numbers that are not read digit by digit are reported, and sizes that come of counts are a limitation", () => {
  const many = "9".repeat(400);
  for (const [text, code] of [
    [`input ${many}x64x3 -> gap -> dense 2`, "S0106"],
    ["input 9007199254740993x64x3 -> gap -> dense 2", "S0106"],
    ["input 8x8x3 -> gap -> dense 9007199254740993", "S0104"],
    ["input 8x8x3 -> gap -> dense 2\ntrain { epochs: 1e999 }", "S0104"],
    ["let wide(n) = dense n\ninput 8x8x3 -> gap -> wide(2^60)", "S0205"],
  ])
    expect(codes(text), text.slice(0, 60)).toEqual([code]);
  expect(codes("input 9007199254740991x1x1 -> gap -> dense 2\ntrain { optimizer: adam { lr: 10000000000000000.5 } }")).toEqual([]);
  const { network: none, limitations } = elaborated("input 8x8x3 -> 60 * concat[id | id] -> gap -> dense 2");
  expect([none, limitations.map(({ message }) => message)]).toEqual([undefined, ["`concat` makes more than 9,007,199,254,740,991 values"]]);
});
test("repeats of nothing end at once, and count what is named", () => {
  const net = network("let some(n) = dense n\ninput 8x8x3 -> gap -> 900000000000 * (id -> id) -> some(4) -> dense 2");
  expect(net.nodes.map(({ path }) => path).slice(2)).toEqual(["some.1/dense.1", "dense.1"]);
  expect(
    network("let a = id\ninput 8x1x1 -> gap -> 3 * a -> some() -> dense 2\nlet some = 2 * id -> dense 3").nodes.map(({ path }) => path),
  ).toEqual(["input", "gap.1", "some.1/dense.1", "dense.1"]);
});
test("two numbers that were meant for an image are one error", () => {
  const input = { samples: 64, channels: 48 };
  const told = (text: string): readonly unknown[] =>
    elaborated(text, { input }).diagnostics.map(({ code, title, helps }) => [code, title, helps?.[0].text]);
  const title = "`--input 64x48` gives a signal, the network takes images";
  const meant = "did you mean `--input 64x48x3`: height, width, channels?";
  expect(told("conv spatial 3x3 8 -> relu -> pool max 2x2 -> gap -> dense softmax 2")).toEqual([
    ["S0106", title, meant],
    ["S0205", "`2x2` is not the window of `pool max`", "for example `pool max 2`"],
  ]);
  expect(told("conv spatial 3x3 8 -> relu -> pool max 2 -> conv spatial 3x3 8 -> gap -> dense softmax 2")).toEqual([
    ["S0106", title, meant],
  ]);
  expect(told("input ?x?x1 -> conv spatial 3x3 8 -> gap -> dense 2")).toEqual([["S0106", title, meant.replace("x3`", "x1`")]]);
  expect(told("add[conv spatial 3 8 | id] -> gap -> dense 2").map((line) => (line as string[])[0])).toEqual(["S0306"]);
  expect(told("relu -> gap -> dense 2")).toEqual([]);
});
