/** @file The drawing of diagnostics and the did-you-mean rule. */

import { describe, expect, it } from "vitest";
import type { Diagnostic, Span } from "../../../src/compiler/diagnostics/diagnostic.ts";
import { suggest } from "../../../src/compiler/diagnostics/diagnostic.ts";
import { applyEdits, renderDiagnostic, toJson } from "../../../src/compiler/diagnostics/render.ts";

/** The span of the `count`-th occurrence of `part`. */
function at(text: string, part: string, count = 1): Span {
  let start = -1;
  for (let index = 0; index < count; index++) start = text.indexOf(part, start + 1);
  return { start, end: start + part.length };
}

function draw(text: string, diagnostic: Partial<Diagnostic> & { readonly span: Span }): string {
  const full: Diagnostic = { severity: "error", code: "S0000", title: "a title", label: "a label", ...diagnostic };
  return renderDiagnostic(full, { name: "net.spec", text });
}

describe("renderDiagnostic", () => {
  it("draws several edits of one line and a help without edits", () => {
    const text = "let block(n) = conv spectral gaussian n -> relu\n\ninput 64x64x3 -> 4 * block -> gap -> dense softmax 2\n";
    const use = at(text, "block", 2);
    expect(
      renderDiagnostic(
        {
          severity: "error",
          code: "S0205",
          title: "`block` needs 1 argument and gets none",
          span: use,
          label: "used without arguments",
          secondary: [{ span: at(text, "(n)"), text: "`n` has no default" }],
          helps: [
            { text: "pass the width", edits: [{ span: { start: use.end, end: use.end }, text: "(16)" }] },
            { text: "or give a default: `let block(n = 16) = ...`" },
          ],
        },
        { name: "net.spec", text },
      ),
    ).toBe(`error[S0205]: \`block\` needs 1 argument and gets none
 --> net.spec:3:22
  |
1 | let block(n) = conv spectral gaussian n -> relu
  |          --- \`n\` has no default
2 |
3 | input 64x64x3 -> 4 * block -> gap -> dense softmax 2
  |                      ^^^^^ used without arguments
  |
  = help: pass the width
  |
3 ~ input 64x64x3 -> 4 * block(16) -> gap -> dense softmax 2
  = help: or give a default: \`let block(n = 16) = ...\``);
  });

  it("draws two marks on one line and a new line", () => {
    const text = "input 64x64x3\n  -> residual[conv spectral gaussian 32 -> relu]\n  -> gap\n";
    const start = text.indexOf("  -> residual");
    expect(
      draw(text, {
        span: at(text, "residual"),
        label: "adds its input",
        secondary: [{ span: at(text, "conv spectral gaussian 32"), text: "32 here" }],
        helps: [{ text: "match them", edits: [{ span: { start, end: start }, text: "  -> conv spatial 1x1 32\n" }] }],
      }),
    ).toBe(`error[S0000]: a title
 --> net.spec:2:6
  |
2 |   -> residual[conv spectral gaussian 32 -> relu]
  |               ------------------------- 32 here
  |      ^^^^^^^^ adds its input
  |
  = help: match them
  |
2 +   -> conv spatial 1x1 32`);
  });

  it("cuts a long edited line behind the change", () => {
    const text = "filter banded(g ~ normal(0, 1), m: 0..0.5 = 0.2, s = 0.1) = g * exp(-((r - m) / s)^2)";
    const declared = at(text, "s = 0.1");
    expect(
      draw(text, {
        span: at(text, "/ s"),
        secondary: [{ span: declared, text: "declared here" }],
        helps: [{ text: "keep it above zero", edits: [{ span: declared, text: "s: positive = 0.1" }] }],
      }),
    ).toBe(`error[S0000]: a title
 --> net.spec:1:79
  |
1 | ${text}
  |                                                                               ^^^ a label
  |                                                  ------- declared here
  |
  = help: keep it above zero
  |
1 ~ filter banded(g ~ normal(0, 1), m: 0..0.5 = 0.2, s: positive = 0.1) = ...`);
  });

  it("skips larger gaps, aligns line numbers and indents long notes", () => {
    const text = Array.from({ length: 12 }, (_, index) => `line${index + 1}`).join("\n");
    expect(
      draw(text, { span: at(text, "line11"), secondary: [{ span: at(text, "line3"), text: "from" }], notes: ["one\ntwo"] }),
    ).toBe(`error[S0000]: a title
  --> net.spec:11:1
   |
 3 | line3
   | ----- from
...
11 | line11
   | ^^^^^^ a label
   |
   = note: one
           two`);
  });

  it("draws the first and last line of a long span", () => {
    const text = "  a[\n      b\n    | c\n    | d\n  ]\n";
    expect(draw(text, { span: { start: 2, end: text.indexOf("]") + 2 } })).toBe(`error[S0000]: a title
 --> net.spec:1:3
  |
1 |   a[
  |   ^^
...
5 |   ]
  |   ^ a label`);
  });

  it("points behind the last character at the end of the file", () => {
    for (const ending of ["", "\n", "\r\n"]) {
      const text = `input 3x3x1 ->${ending}`;
      expect(draw(text, { span: { start: 14, end: 14 } })).toBe(`error[S0000]: a title
 --> net.spec:1:15
  |
1 | input 3x3x1 ->
  |               ^ a label`);
    }
    expect(draw("", { span: { start: 0, end: 0 } })).toContain("1 |\n  | ^ a label");
  });

  it("keeps marks below their words behind tabs, astral characters and in files with CRLF", () => {
    const text = "a\r\n\t-> 😀 bad\r\nc\r\n";
    expect(
      draw(text, { span: at(text, "bad"), helps: [{ text: "say good", edits: [{ span: at(text, "bad"), text: "good" }] }] }),
    ).toBe(`error[S0000]: a title
 --> net.spec:2:7
  |
2 |     -> 😀 bad
  |          ^^^ a label
  |
  = help: say good
  |
2 ~     -> 😀 good`);
  });

  it("draws removed lines, and inserted ones in front of the first", () => {
    expect(
      draw("one\ntwo\nthree\n", {
        span: at("one\ntwo", "two"),
        helps: [{ text: "drop it", edits: [{ span: { start: 4, end: 8 }, text: "" }] }],
      }),
    ).toMatch(/\n2 - two$/);
    expect(
      draw("one\n", { span: at("one", "one"), helps: [{ text: "add", edits: [{ span: { start: 0, end: 0 }, text: "spec 1\n\n" }] }] }),
    ).toMatch(/\n1 \+ spec 1\n2 \+$/);
  });

  it("colours only on demand, and the same text", () => {
    const diagnostic: Diagnostic = { severity: "warning", code: "W0000", title: "t", label: "l", span: { start: 0, end: 1 }, notes: ["n"] };
    const source = { name: "x.spec", text: "a" };
    const colored = renderDiagnostic(diagnostic, source, { color: true });
    expect(colored).toContain("\u001b[");
    expect(colored.replace(/\u001b\[[0-9;]*m/g, "")).toBe(renderDiagnostic(diagnostic, source));
  });
});

describe("toJson", () => {
  it("gives offsets, and lines and columns from 1", () => {
    const text = "a\r\nbc d\n";
    expect(
      toJson(
        {
          severity: "error",
          code: "S0000",
          title: "t",
          label: "l",
          span: { start: 3, end: 5 },
          helps: [{ text: "h", edits: [{ span: { start: 6, end: 7 }, text: "e" }] }],
        },
        { name: "x.spec", text },
      ),
    ).toEqual({
      file: "x.spec",
      severity: "error",
      code: "S0000",
      title: "t",
      label: "l",
      start: 3,
      end: 5,
      line: 2,
      column: 1,
      endLine: 2,
      endColumn: 3,
      secondary: [],
      notes: [],
      helps: [{ text: "h", edits: [{ start: 6, end: 7, line: 2, column: 4, endLine: 2, endColumn: 5, text: "e" }] }],
    });
  });
});

describe("applyEdits", () => {
  it("applies edits in any order", () => {
    expect(
      applyEdits("abc", [
        { span: { start: 3, end: 3 }, text: "!" },
        { span: { start: 0, end: 1 }, text: "xy" },
      ]),
    ).toBe("xybc!");
  });
});

describe("suggest", () => {
  it.each([
    ["gausian", ["free", "gaussian", "linear"], "gaussian"],
    ["epoch", ["epochs", "batch"], "epochs"],
    ["rr", ["u", "v", "r", "theta"], "r"],
    ["ReLU", ["relu", "gelu"], "relu"],
    ["sapce", ["space"], "space"],
    ["dnese", ["dense"], "dense"],
    ["conv", ["dense"], undefined],
    ["relu", ["relu"], undefined],
    ["mx", ["max", "min"], "max"],
  ])("%s", (word, candidates, expected) => {
    expect(suggest(word, candidates)).toBe(expected);
  });
});
