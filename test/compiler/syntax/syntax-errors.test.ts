/** @file What is said about wrong syntax, where, and how it is repaired. */

import { describe, expect, it } from "vitest";
import { applyEdits, renderDiagnostic } from "../../../src/compiler/diagnostics/render.ts";
import { missingVersion, parse } from "../../../src/compiler/syntax/parser.ts";
import { bodies, fileOf, firstLayer } from "../../support/tree.ts";

function render(text: string): string {
  const source = { name: "net.spec", text };
  return parse(source)
    .diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, source))
    .join("\n\n");
}

/** `S0101 3:5 title`, one line for each. */
function brief(text: string): string[] {
  return [...render(text).matchAll(/^error\[(\w+)\]: (.*)\n.*?:(\d+:\d+)$/gm)].map(([, code, title, place]) => `${code} ${place} ${title}`);
}

/** The text after all edits of all messages: what `specc fix` would make of it. */
function repaired(text: string): string {
  const { diagnostics } = parse({ name: "net.spec", text });
  return applyEdits(
    text,
    diagnostics.flatMap((diagnostic) => diagnostic.helps?.[0]?.edits ?? []),
  );
}

describe("messages shown in the reference", () => {
  it("1: newer version, and nothing else", () => {
    expect(
      render("spec 2\n\ninput 64x64x3 -> => @ conv spectral gaussian 8 -> relu -> gap -> dense softmax 2\n"),
    ).toBe(`error[S0001]: this file is written for language version 2
 --> net.spec:1:1
  |
1 | spec 2
  | ^^^^^^ this compiler knows version 1
  |
  = help: update with \`npm i -D specc@latest\``);
  });

  it("2: missing arrow", () => {
    const text = "input 150x150x3\n  -> conv spectral gaussian 32\n  relu\n  -> dense tanh 2\n";
    expect(render(text)).toBe(`error[S0103]: missing \`->\` before \`relu\`
 --> net.spec:3:3
  |
2 |   -> conv spectral gaussian 32
  |      ------------------------- the first network ends here
3 |   relu
  |   ^^^^ a layer's words end with its line, so this starts a second network
  |
  = help: chain it
  |
3 ~   -> relu`);
    // One mistake, one message: the rest is read as it was meant.
    const { file } = parse({ name: "net.spec", text });
    expect(file?.items.map((item) => item.kind === "bare" && item.body.stages.length)).toEqual([4]);
  });

  it("3: not a number", () => {
    const text =
      "input 64x64x3 -> conv spectral gaussian 32 -> relu -> gap -> dense softmax 2\n\n" +
      "train { loss: mse, epoch: 10, optimizer: adam { lr: 0.1.5 } }\n";
    expect(render(text)).toBe(`error[S0104]: \`0.1.5\` is not a number
 --> net.spec:3:53
  |
3 | train { loss: mse, epoch: 10, optimizer: adam { lr: 0.1.5 } }
  |                                                     ^^^^^ two decimal points
  |
  = help: did you mean \`0.15\` or \`0.1\`?`);
    expect(parse({ name: "net.spec", text }).file).toBeDefined();
  });

  it("4: count after the layer", () => {
    const text = "let block(n) = conv spectral gaussian n -> relu\n\ninput 64x64x3 -> block(16) * 4 -> gap -> dense softmax 2\n";
    expect(render(text)).toBe(`error[S0105]: the count comes before the layer
 --> net.spec:3:18
  |
3 | input 64x64x3 -> block(16) * 4 -> gap -> dense softmax 2
  |                  ^^^^^^^^^^^^^ reads as layer times number
  |
  = help: swap them
  |
3 ~ input 64x64x3 -> 4 * block(16) -> gap -> dense softmax 2`);
    const bare = parse({ name: "net.spec", text }).file?.items[1];
    expect(bare?.kind === "bare" && bodies(bare.body)).toEqual(["layer", "repeat", "layer", "layer"]);
  });
});

describe("messages", () => {
  it.each([
    ["input 3x3x1 -> -> relu", ["S0101 1:16 unexpected `->`"]],
    ["input 3x3x1 ->\n", ["S0101 1:15 the file ends too early"]],
    ["-> relu", ["S0101 1:1 unexpected `->`"]],
    ["spec 1\nspec 1\nrelu", ["S0101 2:1 unexpected `spec`"]],
    ["let train(n) = relu", ["S0101 1:5 unexpected `train`"]],
    ["block(n) = relu", ["S0101 1:10 unexpected `=`"]],
    ["let block(n) = relu)", ["S0101 1:20 unexpected `)`"]],
    ["relu { channels full }", ["S0101 1:17 unexpected `full`"]],
    ["relu -> add[]", ["S0101 1:13 unexpected `]`"]],
    ["augment shift(5px)", ["S0101 1:15 unexpected `5px`"]],
    ["filter f(a: positive 0.1) = a", ["S0101 1:22 unexpected `0.1`"]],
    ["relu -> 4 block", ["S0101 1:11 missing `*` before `block`"]],
    ["filter f(a = 1 b = 2) = a", ["S0101 1:16 missing `,` before `b`"]],
    ["filter f() = a where a = 1\nb = 2", ["S0101 2:1 missing `,` before `b`"]],
    ["conv spectral gaussian\n 32 -> relu", ["S0101 2:2 unexpected `32`"]],
    ["train { epochs: 4 * 2 }", ["S0101 1:19 unexpected `*`"]],
    ["relu -> concat[id | gelu -> gap\n\ntrain { epochs: 10 }", ["S0102 1:15 `[` is never closed"]],
    ["train { epochs: 10\n\nnet a = relu", ["S0102 1:7 `{` is never closed"]],
    ["relu { a: b\n -> tanh", ["S0102 1:6 `{` is never closed"]],
    ["relu -> concat[(id | gelu]", ["S0102 1:16 `(` is never closed"]],
    ["filter f(a = 1) = a * exp(-(u^2)", ["S0102 1:26 `(` is never closed"]],
    ['import { a } from "./x.spec\nrelu', ["S0102 1:19 this text is never closed"]],
    ["let b(n) = relu\n gelu -> tanh\n\ninput 3x3x1 -> b(1)", ["S0103 2:2 missing `->` before `gelu`"]],
    ["net a = input 3x3x1 -> gap\n3 * relu", ["S0103 2:1 missing `->` before `3`"]],
    [
      "relu 0.1.5 -> relu 1. -> relu .5 -> relu 1_000 -> relu 1e -> relu 1.2.3.4",
      [
        "S0104 1:6 `0.1.5` is not a number",
        "S0104 1:20 `1.` is not a number",
        "S0104 1:31 `.5` is not a number",
        "S0104 1:42 `1_000` is not a number",
        "S0104 1:56 `1e` is not a number",
        "S0104 1:67 `1.2.3.4` is not a number",
      ],
    ],
    ["spec 0\nrelu", ["S0104 1:6 `0` is not a language version"]],
    [
      "add[relu * 3 | id] -> conv spatial 3x3 2 * 2 -> (a -> b) * 2",
      [
        "S0105 1:5 the count comes before the layer",
        "S0105 1:23 the count comes before the layer",
        "S0105 1:49 the count comes before the layer",
      ],
    ],
    ["input 150 x 150 x 3", ["S0106 1:7 `150 x 150 x 3` is not a size"]],
    [
      "input 150×150×3 -> resize 3 × 3 -> resize 3X3 -> a 3x3n -> b ?",
      [
        "S0106 1:7 `150×150×3` is not a size",
        "S0106 1:27 `3 × 3` is not a size",
        "S0106 1:43 `3X3` is not a size",
        "S0106 1:52 `3x3n` is not a size",
        "S0106 1:62 `?` is not a size",
      ],
    ],
    ["input ? x ? x 3", ["S0106 1:7 `? x ? x 3` is not a size"]],
    [
      "augment shift 5pixels -> rotate 5 deg -> zoom 90 % -> rotate 5°",
      [
        "S0107 1:15 no unit named `pixels`",
        "S0107 1:33 `5 deg` has a space before its unit",
        "S0107 1:47 `90 %` has a space before its unit",
        "S0107 1:62 no unit named `°`",
      ],
    ],
    ["filter f() = 2u + 3theta", ["S0107 1:14 missing `*` in `2u`", "S0107 1:19 missing `*` in `3theta`"]],
    ["relu // a", ["S0108 1:6 `//` does not start a comment"]],
    [
      "relu => tanh → gap |> a --> b;",
      [
        "S0108 1:6 `=>` is not an arrow of this language",
        "S0108 1:14 `→` is not an arrow of this language",
        "S0108 1:20 `|>` is not an arrow of this language",
        "S0108 1:25 `-->` is not an arrow of this language",
        "S0108 1:30 `;` means nothing in this language",
      ],
    ],
    [
      "filter f() = θ ** 2 × u − größe",
      [
        "S0108 1:14 `θ` is not a name",
        "S0108 1:16 `**` is not an operator",
        "S0108 1:21 `×` is not an operator",
        "S0108 1:25 `−` is not a minus sign",
        "S0108 1:27 `größe` is not a name",
      ],
    ],
    ["import { a } from './x.spec'", ["S0108 1:19 `'` does not start a text"]],
    ["input 1x1x1 -> gap\ninput 2x2x2 -> gap", ["S0209 2:1 a second network in a file with an unnamed one"]],
    ["input 1x1x1 -> gap\nnet a = input 2x2x2 -> gap", ["S0209 2:5 a second network in a file with an unnamed one"]],
  ])("%s", (text, expected) => {
    expect(brief(text)).toEqual(expected);
  });

  it("are several per run, with recovery at the next keyword that opens a line", () => {
    expect(brief("let = 3\nlet a = b = c let d\nnet c input\n  filter\nfilter f( = 1\nlet ok = relu\ntrain { a: }\n")).toEqual([
      "S0101 1:5 unexpected `=`",
      "S0101 2:11 unexpected `=`",
      "S0101 3:7 unexpected `input`",
      "S0101 5:1 unexpected `filter`",
      "S0102 5:9 `(` is never closed",
      "S0101 7:12 unexpected `}`",
    ]);
  });

  it("stop after ten", () => {
    expect(parse({ name: "net.spec", text: "relu @ ".repeat(30) }).diagnostics).toHaveLength(10);
  });

  it("repair what can be repaired by their own edits", () => {
    const text =
      "input 150 × 150 x3 -> block(16) * 4 → conv spectral gaussian 5 px { a: 1_000, b: .5 } // why\n relu * 3\n\n" +
      "filter f(a = 2u) = θ ** 2\n";
    // Edits of one message may uncover the next.
    let fixed = text;
    for (let round = 0; round < 3; round++) fixed = repaired(fixed);
    expect(fixed).toBe(
      "input 150x150x3 -> 4 * block(16) -> conv spectral gaussian 5px { a: 1000, b: 0.5 } # why\n -> 3 * relu\n\n" +
        "filter f(a = 2 * u) = theta ^ 2\n",
    );
    expect(parse({ name: "net.spec", text: fixed }).diagnostics).toEqual([]);
  });

  it("leave `x` alone where it is a parameter", () => {
    expect(brief("let f(x) = pool pyramid 1 x 4")).toEqual([]);
  });

  it("give NaN for what is malformed beyond repair", () => {
    const file = parse({ name: "net.spec", text: "conv spatial 3x3n 0.1.5" }).file;
    const item = file?.items[0];
    expect(item?.kind === "bare" && firstLayer(item.body).atoms).toMatchObject([
      { kind: "word" },
      { kind: "size", dims: [NaN] },
      { kind: "amount", from: { value: NaN } },
    ]);
  });

  it("warn of a missing version only when asked", () => {
    expect(brief("relu\n-> tanh")).toEqual([]);
    expect(missingVersion(fileOf("net a = relu"))).toMatchObject({ code: "W0002", severity: "warning", span: { start: 0, end: 3 } });
    expect(missingVersion(fileOf("spec 1\nnet a = relu"))).toBeUndefined();
  });
});
