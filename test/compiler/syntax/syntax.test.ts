/** @file The parser: trees, and any text. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderDiagnostic } from "../../../src/compiler/diagnostics/render.ts";
import type { Formula, Item } from "../../../src/compiler/syntax/ast.ts";
import { parse } from "../../../src/compiler/syntax/parser.ts";
import { printFormula } from "../../../src/compiler/syntax/print.ts";
import { bodies, fileOf, firstLayer } from "../../support/tree.ts";

function only<K extends Item["kind"]>(text: string, kind: K): Extract<Item, { readonly kind: K }> {
  const found = fileOf(text).items.filter((item): item is Extract<Item, { readonly kind: K }> => item.kind === kind);
  expect(found).toHaveLength(1);
  return found[0];
}

/** With full parentheses. */
function nested(formula: Formula): string {
  if (formula.kind === "binary") return `(${nested(formula.left)}${formula.operator}${nested(formula.right)})`;
  if (formula.kind === "negate") return `(-${nested(formula.operand)})`;
  return formula.kind === "call" ? `${formula.name.text}(${formula.args.map(nested).join()})` : formula.text;
}

describe("trees", () => {
  it("have exact spans", () => {
    const text = "spec 1\nlet block(n, k = 1) = k * (conv spectral gaussian (2 * n) { channels: full, } -> relu) as x\n";
    const file = fileOf(text);
    const slice = (span: { start: number; end: number }): string => text.slice(span.start, span.end);
    expect(file.version?.value).toBe(1);
    const [item] = file.items;
    if (item.kind !== "let") throw new Error(item.kind);
    expect(slice(item.span)).toBe(text.slice(7, -1));
    expect(item.params?.map(({ span }) => slice(span))).toEqual(["n", "k = 1"]);
    expect(item.paramsSpan && slice(item.paramsSpan)).toBe("(n, k = 1)");
    const [stage] = item.body.stages;
    expect(stage.as?.text).toBe("x");
    if (stage.body.kind !== "repeat" || stage.body.body.kind !== "group") throw new Error(stage.body.kind);
    expect(slice(stage.body.body.span)).toMatch(/^\(conv.*relu\)$/);
    const layer = firstLayer(stage.body.body.body);
    expect(slice(layer.headSpan)).toBe("conv spectral gaussian (2 * n)");
    expect(layer.record && slice(layer.record.span)).toBe("{ channels: full, }");
    expect(slice(layer.span)).toBe("conv spectral gaussian (2 * n) { channels: full, }");
  });

  it("put parentheses into the span of what they hold", () => {
    const text = "filter f(a ~ normal(0, 1)) = a * r^(-a) / (u + v)";
    const { value } = only(text, "filter").body;
    if (value.kind !== "binary" || value.left.kind !== "binary") throw new Error(value.kind);
    expect(text.slice(value.operatorSpan.start, value.span.end)).toBe("/ (u + v)");
    expect(text.slice(value.left.right.span.start, value.left.right.span.end)).toBe("r^(-a)");
  });

  it.each([
    ["-a^2", "(-(a^2))"],
    ["a^-b^c", "(a^(-(b^c)))"],
    ["a - b + c", "((a-b)+c)"],
    ["a / b * c / d", "(((a/b)*c)/d)"],
    ["-a * b - -c", "(((-a)*b)-(-c))"],
    ["f(a, -1) * (b)", "(f(a,(-1))*b)"],
    // Arguments open on the line of their function.
    ["a\n(b)", "a"],
  ])("formula %s", (text, expected) => {
    expect(nested(only(`filter f() = ${text}`, "filter").body.value)).toBe(expected);
  });

  it("read numbers, quantities, sizes and values", () => {
    const { record } = only(
      'train { a: -1..1, b: 67%\n c: [96x?, -2], d: adam { lr: 1e-3 } e: normal(0, 0.1 / sqrt(fan)), f: "x", g: all 0.01\nh: 2x3x4 }',
      "train",
    );
    const values = record.fields.map(({ value }) => value);
    expect(values[0]).toMatchObject({ kind: "range", from: { value: -1, text: "-1" }, to: { value: 1 } });
    expect(values[1]).toMatchObject({ kind: "range", from: { value: 67, unit: "%", text: "67%" } });
    expect(values[2]).toMatchObject({
      kind: "list",
      items: [
        { kind: "size", dims: [96, "?"] },
        { kind: "range", from: { value: -2 } },
      ],
    });
    expect(values[3]).toMatchObject({
      kind: "phrase",
      name: { text: "adam" },
      record: { fields: [{ name: { text: "lr" }, value: { from: { value: 0.001 } } }] },
    });
    expect(values[4]).toMatchObject({ kind: "phrase", atoms: [{ kind: "args", args: [{ value: 0 }, { kind: "binary" }] }] });
    expect(values[5]).toMatchObject({ kind: "string", text: "x" });
    expect(values[6]).toMatchObject({ kind: "phrase", name: { text: "all" }, atoms: [{ kind: "amount", from: { value: 0.01 } }] });
    expect(values[7]).toMatchObject({ kind: "size", dims: [2, 3, 4] });
  });

  it("end the words of a phrase with its line, but not records, branches and arrows", () => {
    const file = fileOf("let a(n) = relu\nadd\n[\nid | relu\n]\n{ b: c\n d: e }\n-> gap\n");
    expect(file.items.map(({ kind }) => kind)).toEqual(["let", "bare"]);
    const [, bare] = file.items;
    expect(bare.kind === "bare" && bodies(bare.body)).toEqual(["layer", "layer"]);
  });

  it("tell a repeat from a layer, and keywords from names that begin like them", () => {
    expect(bodies(only("n * relu -> 4 * (a -> b) -> n -> (a)", "bare").body)).toEqual(["repeat", "repeat", "layer", "group"]);
    expect(only("let asset = training -> letter", "let").name.text).toBe("asset");
  });

  it("keep the difference between no parameters and an empty list", () => {
    expect(only("let a = relu", "let").params).toBeUndefined();
    expect(only("let a() = relu", "let").params).toEqual([]);
  });

  it("hold filters, activations and imports", () => {
    const filter = only("filter f(g ~ normal(0, 1), m: -0.5..0.5 = 0.1, s: positive, t) = a where a = g, b = a", "filter");
    expect(filter.params.map(({ domain, start }) => [domain?.kind, start?.kind])).toEqual([
      [undefined, "draw"],
      ["range", "constant"],
      ["named", undefined],
      [undefined, undefined],
    ]);
    expect(filter.body.where.map(({ name, value }) => `${name.text}=${printFormula(value)}`)).toEqual(["a=g", "b=a"]);
    const activation = only("activation swish(x, b = 1) = x * sigmoid(b * x)", "activation");
    expect([activation.input.text, activation.params.map(({ name }) => name.text)]).toEqual(["x", ["b"]]);
    expect(only('import { a, b } from "./c.spec"', "import")).toMatchObject({ names: [{ text: "a" }, { text: "b" }], path: "./c.spec" });
  });

  it("are empty for an empty file", () => {
    expect(fileOf("")).toMatchObject({ items: [], comments: [] });
    expect(fileOf("# a\n").comments.map(({ text }) => text)).toEqual(["# a"]);
  });

  it("takes the keyword `shared` as a word of a setting", () => {
    const layer = firstLayer(only("let a = conv spectral gaussian 2 { channels: shared, bias: on }\n", "let").body);
    expect(layer.record?.fields.map(({ name, value }) => [name.text, value.kind === "phrase" && value.name.text])).toEqual([
      ["channels", "shared"],
      ["bias", "on"],
    ]);
  });
});

describe("any text", () => {
  const fragment = fc.oneof(
    fc.constantFrom(
      "let ",
      "net ",
      "filter ",
      "input ",
      "conv ",
      "->",
      "=",
      "(",
      ")",
      "[",
      "]",
      "{",
      "}",
      ",",
      ":",
      "|",
      "*",
      "~",
      "..",
      "\n",
      " ",
      "where",
      "as ",
      "3x3",
      "0.5",
      "5px",
      "train ",
      "spec 1",
      "#c",
      "-",
      "^",
      "a",
      "\r\n",
    ),
    fc.string({ unit: "binary", maxLength: 4 }),
  );
  it("parses or is reported inside the text, and can be drawn", () => {
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 40 }), (fragments) => {
        const source = { name: "net.spec", text: fragments.join("") };
        const { file, diagnostics } = parse(source);
        if (diagnostics.length === 0) expect(file).toBeDefined();
        for (const diagnostic of diagnostics) {
          expect(diagnostic.span.start).toBeGreaterThanOrEqual(0);
          expect(diagnostic.span.end).toBeLessThanOrEqual(source.text.length);
          expect(diagnostic.span.start).toBeLessThanOrEqual(diagnostic.span.end);
          expect(renderDiagnostic(diagnostic, source)).not.toContain("undefined");
        }
      }),
      { numRuns: 300 },
    );
  });
});
