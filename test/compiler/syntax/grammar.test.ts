/** @file The files in grammar/ that are generated; UPDATE_GRAMMAR=1 writes them anew. */

import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { preludeText } from "../../../src/compiler/formula/prelude.ts";
import { generateEbnf, generateTextMate, generateTokens } from "../../../src/compiler/syntax/ebnf.ts";
import { parse } from "../../../src/compiler/syntax/parser.ts";
import { formatSource } from "../../../src/compiler/syntax/print.ts";

const root = new URL("../../../", import.meta.url);

const generated: readonly (readonly [string, () => string])[] = [
  ["grammar/prelude.spec", () => preludeText],
  ["grammar/spec.ebnf", generateEbnf],
  ["grammar/tokens.json", generateTokens],
  ["grammar/spec.tmLanguage.json", generateTextMate],
];

describe("generated files", () => {
  it.each(generated)("%s is up to date", (path, generate) => {
    const file = new URL(path, root);
    if (process.env["UPDATE_GRAMMAR"] === "1") writeFileSync(file, generate());
    expect(readFileSync(file, "utf8")).toBe(generate());
  });
});

describe("the grammar", () => {
  it("has 39 rules, in EBNF that names no rule it does not define", () => {
    const text = generateEbnf().replace(/\(\*.*?\*\)/gs, "");
    const rules = text
      .split(";\n")
      .map((rule) => rule.trim())
      .filter((rule) => rule !== "");
    const names = rules.map((rule) => rule.split("=", 1)[0].trim());
    expect(names).toHaveLength(39);
    const used = rules.flatMap(
      (rule) =>
        rule
          .slice(rule.indexOf("=") + 1)
          .replace(/"[^"]*"/g, "")
          .match(/\b[a-z]\w*/g) ?? [],
    );
    expect(used.filter((name) => !names.includes(name))).toEqual([]);
    expect(names.filter((name) => name !== "file" && !used.includes(name))).toEqual([]);
  });

  it("gives TextMate patterns that compile and match", () => {
    const { patterns } = JSON.parse(generateTextMate()) as { patterns: { name?: string; match: string }[] };
    const match = (name: string, text: string): boolean =>
      new RegExp(patterns.find((pattern) => pattern.name === name)?.match ?? "$^").test(text);
    expect(patterns.every(({ match: source }) => new RegExp(source) instanceof RegExp)).toBe(true);
    expect(match("keyword.other.specc", "augment shift 5px")).toBe(true);
    expect(match("keyword.other.specc", "lets")).toBe(false);
    expect(match("keyword.operator.specc", "a ^ b")).toBe(true);
  });
});

describe("examples.txt", () => {
  const paths = readFileSync(new URL("grammar/examples.txt", root), "utf8")
    .split("\n")
    .filter((path) => path !== "");
  it.each(paths)("%s parses without a message and is formatted", (path) => {
    const source = { name: path, text: readFileSync(new URL(path, root), "utf8") };
    const { file, diagnostics } = parse(source);
    expect(diagnostics).toEqual([]);
    expect(file && formatSource(file, source)).toBe(source.text);
  });
});
