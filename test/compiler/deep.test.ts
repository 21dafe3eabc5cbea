/** @file Programs that are deep or long: up to the limits they pass, beyond them a message says so. */

import { describe, expect, test } from "vitest";
import { check, compile, format } from "../../src/compiler/index.ts";

const use = "\ninput 8x8x3 -> conv spectral f 2 -> relu -> gap -> dense softmax 2\n";

function filter(body: string): string {
  return `filter f(g ~ normal(0, 1)) = ${body}${use}`;
}

function bracketed(open: string, inner: string, close: string, depth: number): string {
  return open.repeat(depth) + inner + close.repeat(depth);
}

function lets(count: number): string {
  return Array.from({ length: count }, (_, index) => `let a${index + 1} = ${index === 0 ? "relu" : `a${index}`}\n`).join("");
}

function network(body: string): string {
  return `input 8x8x3 -> ${body} -> gap -> dense softmax 2\n`;
}

function codes(text: string): readonly string[] {
  const { diagnostics, limitations } = check({ name: "net.spec", text });
  return [...diagnostics.map(({ code }) => code), ...limitations.map(({ message }) => message)];
}

describe("what is too deep is reported", () => {
  test.each([
    ["parentheses", filter(bracketed("(", "g", ")", 400)), "S0109"],
    ["branches", network(bracketed("residual[", "relu", "]", 300)), "S0109"],
    ["calls", filter(bracketed("sin(", "g", ")", 400)), "S0109"],
    ["terms", filter(Array<string>(6000).fill("g").join(" + ")), "S0109"],
    ["signs", filter(`${"-".repeat(4000)}g`), "S0109"],
    ["powers", filter(Array<string>(4000).fill("g").join("^")), "S0109"],
    ["definitions", `${lets(8000)}${network("a8000")}`, "S0214"],
    ["definitions in reverse", `${lets(8000).trimEnd().split("\n").reverse().join("\n")}\n${network("a8000")}`, "S0214"],
  ])("%s", (_, text, code) => expect(codes(text)).toEqual([code]));
});

describe("what is as deep as may be passes", () => {
  test.each([
    ["parentheses", filter(bracketed("(", "g", ")", 100))],
    ["branches", network(bracketed("residual[", "relu", "]", 100))],
    ["groups", network(bracketed("(", "relu", ")", 100))],
    ["calls", filter(bracketed("sin(", "g", ")", 100))],
    ["terms", filter(Array<string>(1001).fill("g").join(" + "))],
    ["signs", filter(`${"-".repeat(1000)}g`)],
    ["definitions", `${lets(100)}${network("a100")}`],
    ["where", filter(`a400 where a0 = g, ${Array.from({ length: 400 }, (_, i) => `a${i + 1} = sin(a${i})`).join(", ")}`)],
  ])("%s", (_, text) => {
    expect(codes(text)).toEqual([]);
    const formatted = format({ name: "net.spec", text });
    expect(format({ name: "net.spec", text: formatted })).toBe(formatted);
    expect(compile({ name: "net.spec", text }, { programs: ["train"] }).plan.programs).toHaveProperty("train");
  });

  test("names in a long chain", () => {
    expect(codes(filter(`a3000 where a0 = g, ${Array.from({ length: 3000 }, (_, i) => `a${i + 1} = sin(a${i})`).join(", ")}`))).toEqual([]);
  });

  test("many stages are checked and formatted", () => {
    expect(codes(network(Array<string>(2500).fill("relu").join(" -> ")))).toEqual([]);
    const text = network(Array<string>(32_000).fill("relu").join(" -> "));
    expect(format({ name: "net.spec", text }).split("->").length).toBe(32_003);
  });
});
