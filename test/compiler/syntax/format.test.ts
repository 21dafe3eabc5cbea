/** @file The formatter: its style, that it is idempotent, and that it loses nothing. */

import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { File } from "../../../src/compiler/syntax/ast.ts";
import { parse } from "../../../src/compiler/syntax/parser.ts";
import { formatSource, printFormula } from "../../../src/compiler/syntax/print.ts";
import { program } from "../../support/programs.ts";

function parsed(text: string): File {
  const { file, diagnostics } = parse({ name: "net.spec", text });
  if (file === undefined || diagnostics.length > 0) throw new Error(`does not parse: ${JSON.stringify(diagnostics)}\n${text}`);
  return file;
}

function format(text: string): string {
  return formatSource(parsed(text), { name: "net.spec", text });
}

/** The tree without places and comments. */
function shape(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shape);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !/span$/i.test(key) && key !== "comments" && key !== "version")
      .map(([key, part]) => [key, key === "fields" ? sortedFields(shape(part)) : shape(part)]),
  );
}

function sortedFields(fields: unknown): unknown {
  return Array.isArray(fields) ? fields.map((field) => JSON.stringify(field)).sort() : fields;
}

const folder = new URL("../../../examples/", import.meta.url);
const examples = readdirSync(folder).filter((name) => name.endsWith(".spec"));

describe("examples", () => {
  it.each(examples)("%s is formatted", (name) => {
    const text = readFileSync(new URL(name, folder), "utf8");
    expect(format(text)).toBe(text);
  });

  it.each(examples)("%s is restored from one without line breaks where they mean nothing", (name) => {
    const text = readFileSync(new URL(name, folder), "utf8");
    if (text.includes("#")) return;
    const squeezed = text.replace(/\n\s*(->|\||[[\]{})])/g, " $1").replace(/([[(])\n\s*/g, "$1 ");
    expect(format(squeezed)).toBe(text);
  });
});

describe("what parentheses mean", () => {
  it.each([
    ["let f()=relu\nf()()", "f()"],
    ["let f(n)=dense n\nf 2()", "f(2)"],
    ["let f(n)=dense n\nf()(2)()", "f(2)"],
    ["let f()=relu\nf", "f"],
    ["conv (spatial) 3x3 2 -> gap", "conv (spatial) 3x3 2 -> gap"],
    ["conv (spatial, 3) 2 -> gap", "conv (spatial, 3) 2 -> gap"],
    ["dense (softmax) 2", "dense (softmax) 2"],
    ["dense (2)", "dense 2"],
    ["let f(n)=conv (spatial) 3x3 (n)\nf(2)", "let f(n) = conv (spatial) 3x3 n"],
  ])("%s", (text, expected) => {
    const formatted = format(text);
    expect(formatted.split("\n")).toContain(expected);
    expect(format(formatted)).toBe(formatted);
  });
});

describe("style", () => {
  it.each([
    ["a one-line file stays one", "conv spectral  gaussian 32->relu\n", "conv spectral gaussian 32 -> relu\n"],
    ["a network starts with its input", "input 3x3x1->gap ->dense softmax 2", "spec 1\n\ninput 3x3x1\n  -> gap\n  -> dense softmax 2\n"],
    [
      "arguments",
      "spec 1 let b(n)=relu\nb 16->shift(5)->dense (n)->b(2*n)->conv spectral gaussian (2 * (n))",
      "spec 1\n\nlet b(n) = relu\n\nb(16) -> shift 5 -> dense (n) -> b(2 * n) -> conv spectral gaussian (2 * n)\n",
    ],
    [
      "groups",
      "spec 1 let b=(relu)->(gelu->tanh)->2*(relu)->2*(3*relu)->(gap) as x -> (relu -> gelu) as y",
      "spec 1\n\nlet b =\n  relu\n    -> gelu\n    -> tanh\n    -> 2 * relu\n    -> 2 * (3 * relu)\n    -> gap as x\n" +
        "    -> (relu -> gelu) as y\n",
    ],
    ["field order", "spec 1 train{x_a:1 split:67%,unknown:2 loss:mse}", "spec 1\n\ntrain { loss: mse, split: 67%, unknown: 2, x_a: 1 }\n"],
    ["empty records and lists", "spec 1 train{} let a()=relu{}->tanh{a:[]}", "spec 1\n\ntrain {}\n\nlet a() = relu {} -> tanh { a: [] }\n"],
    [
      "imports first",
      'spec 1\nlet a=relu\nimport{b,c}from"./x.spec"\n# d\nimport { d } from "./y.spec"\nimport { e } from "./z.spec" # e\n',
      'spec 1\n\nimport { b, c } from "./x.spec"\n\n# d\nimport { d } from "./y.spec"\nimport { e } from "./z.spec"  # e\n\nlet a = relu\n',
    ],
    [
      "formulas",
      "spec 1 filter f(a:0..1~uniform(0,1),b:positive=((2)))=((a*(u+v)))^(-(1))-(r-(b))-2^(3^2)*(-a)where c=a,d=b",
      "spec 1\n\nfilter f(\n  a: 0..1 ~ uniform(0, 1),\n  b: positive = 2\n) = (a * (u + v))^-1 - (r - b) - 2^3^2 * -a\nwhere\n" +
        "  c = a,\n  d = b\n",
    ],
    ["CRLF", "spec 1\r\n# a\r\nrelu # b\r\n", "spec 1\n\n# a\nrelu # b\n".replace("relu #", "relu  #")],
    ["no file", "", ""],
    ["comments alone", "# a\n\n\n# b", "spec 1\n\n# a\n\n# b\n"],
    ["comments at the end", "spec 1\nrelu\n# a", "spec 1\n\nrelu\n\n# a\n"],
  ])("%s", (_name, text, expected) => {
    expect(format(text)).toBe(expected);
    expect(format(format(text))).toBe(format(text));
  });

  it("breaks what is too long, and only that", () => {
    const text = `spec 1
let x(n) = concat[conv spatial 3x3 n { stride: 2, boundary: wrap, size: valid } | conv spectral gaussian n | id] -> relu -> gap
net a = input 3x3x1 { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225], standardise: data }
  -> add[conv spatial 3x3 n { stride: 2, boundary: wrap, size: valid } -> conv spectral gaussian n -> relu | id]
  -> 3 * (conv spatial 3x3 n { stride: 2, boundary: wrap, size: valid } -> conv spectral gaussian n)
filter long(g ~ normal(0, 1)) = g * exp(-(u - 0.123456789)^2 / 0.123456789) + g * cos(2 * pi * u) - sin(v) * 0.5
`;
    expect(format(text)).toBe(`spec 1

let x(n) =
  concat[
      conv spatial 3x3 n { stride: 2, boundary: wrap, size: valid }
    | conv spectral gaussian n
    | id
  ] -> relu
    -> gap

net a =
  input 3x3x1 {
    mean: [0.485, 0.456, 0.406]
    std: [0.229, 0.224, 0.225]
    standardise: data
  }
    -> add[
        conv spatial 3x3 n { stride: 2, boundary: wrap, size: valid }
          -> conv spectral gaussian n
          -> relu
      | id
    ]
    -> 3 * (
      conv spatial 3x3 n { stride: 2, boundary: wrap, size: valid }
        -> conv spectral gaussian n
    )

filter long(
  g ~ normal(0, 1)
) = g * exp(-(u - 0.123456789)^2 / 0.123456789)
  + g * cos(2 * pi * u)
  - sin(v) * 0.5
`);
  });

  it("keeps comments with what they belong to", () => {
    const text = `# file

spec 1 # version
# let
let a(n) = # body
  # first
  relu # on relu
  # second
  -> add[ # open
    # id
    id # on id
    # tanh
    | tanh
    # last
  ] # closed
  -> gap
train { # train
  # split
  split: 67% # on split
  loss: mse, # on loss
  # end
}
filter f( # f
  # a
  a = 1, # on a
  b = # start
    2
  # none
) = a # value
where # where
  c = b, # on c
  d = c # on d
# the end
`;
    const formatted = format(text);
    expect(formatted).toBe(
      `# file

spec 1 # version

# let
let a(n) = # body
  # first
  relu # on relu
    # second
    -> add[ # open
        # id
        id # on id
      # tanh
      | tanh
        # last
    ] # closed
    -> gap

train { # train
  loss: mse, # on loss
  # split
  split: 67% # on split
  # end
}

filter f( # f
  # a
  a = 1, # on a
  # start
  b = 2
  # none
) = a # value
where
  # where
  c = b, # on c
  d = c # on d

# the end
`
        .replaceAll(/(?<=\S) #/g, "  #")
        .replace("mse,", "mse"),
    );
    expect(format(formatted)).toBe(formatted);
  });

  it("keeps trailing comments in their column", () => {
    const text = "spec 1          # a\n\nlet x = relu    # b\n\nlet longer_name = relu  # c\n";
    expect(format(text)).toBe(text);
    expect(format(text.replace("let x = relu    # b", "let x=relu      # b"))).toBe(text);
  });
});

describe("printFormula", () => {
  it.each([
    "-a^2",
    "(-a)^2",
    "a - (b - c)",
    "a - b - c",
    "a / (b * c)",
    "a * b / c",
    "a^b^c",
    "(a^b)^c",
    "-(a + b)",
    "--a",
    "a * -b",
    "a^-b",
    "f()",
    "f(a, -1)",
  ])("%s", (text) => {
    const [item] = parsed(`filter f() = ${text}`).items;
    expect(item.kind === "filter" && printFormula(item.body.value)).toBe(text);
  });
});

describe("generated programs", () => {
  it("keep their tree and their comments, and formatting twice changes nothing", () => {
    fc.assert(
      fc.property(program, ({ text, comments }) => {
        const before = parsed(text);
        const formatted = format(text);
        const after = parsed(formatted);
        expect(shape({ ...after, items: unmoved(after) })).toEqual(shape({ ...before, items: unmoved(before) }));
        expect(format(formatted)).toBe(formatted);
        expect(after.comments.map((comment) => comment.text).sort()).toEqual([...comments].sort());
      }),
      { numRuns: 60 },
    );
  });
});

/** Imports first, as the formatter puts them. */
function unmoved(file: File): File["items"] {
  return [...file.items.filter((item) => item.kind === "import"), ...file.items.filter((item) => item.kind !== "import")];
}
