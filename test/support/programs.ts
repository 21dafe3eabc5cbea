/** @file Random programs that parse, with line breaks and comments wherever they may stand. */

import fc from "fast-check";

/** Stands for white space that may be a line break or a comment. */
const gap = "\u0001";

const word = fc.constantFrom("relu", "conv", "spectral", "gaussian", "half", "block", "x1");
const name = fc.constantFrom("a", "b2", "core", "long_name_of_something_that_fills_the_line");
const number = fc.constantFrom("0", "1", "32", "0.5", "1e-3", "12345.678");
const quantity = fc.constantFrom("5px", "20%", "1.5deg", "0.1cpp");
const size = fc.constantFrom("3x3", "?x?x3", "150x150x3");

const { formula } = fc.letrec<{ formula: string }>((tie) => ({
  formula: fc.oneof(
    { maxDepth: 3, depthSize: "xsmall" },
    fc.oneof(number, name),
    fc
      .tuple(tie("formula"), fc.constantFrom("+", "-", "*", "/", "^"), tie("formula"))
      .map(([left, operator, right]) => `${left}${gap}${operator}${gap}${right}`),
    tie("formula").map((inner) => `-${inner}`),
    tie("formula").map((inner) => `(${gap}${inner}${gap})`),
    fc
      .tuple(fc.constantFrom("exp", "max"), fc.array(tie("formula"), { maxLength: 2 }))
      .map(([fn, args]) => `${fn}(${args.join(`,${gap}`)})`),
  ),
}));

const signedRange = fc.oneof(number, quantity, fc.constantFrom("-1..1", "90%..110%", "-5px"));

const { record } = fc.letrec<{ value: string; record: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.oneof(signedRange, size, fc.constant('"text"'), word),
    fc.array(tie("value"), { maxLength: 3 }).map((items) => `[${gap}${items.join(`,${gap}`)}${gap}]`),
    fc.tuple(word, fc.array(formula, { minLength: 1, maxLength: 2 })).map(([head, args]) => `${head}(${args.join(", ")})`),
    fc.tuple(word, tie("record")).map(([head, inner]) => `${head} ${inner}`),
  ),
  record: fc
    .uniqueArray(fc.constantFrom("lr", "loss", "channels", "range", "x_note", "other", "parts", "epochs"), { maxLength: 4 })
    .chain((names) =>
      fc
        .tuple(
          ...names.map((field) => fc.tuple(tie("value"), fc.boolean()).map(([value, comma]) => `${field}: ${value}${comma ? "," : ""}`)),
        )
        .map((fields) => `{${gap}${fields.map((field) => `${field}${gap}`).join("")}}`),
    ),
}));

// Numbers only: words in parentheses would be respelled.
const head = fc
  .tuple(
    word,
    fc.array(
      fc.oneof(
        word,
        number,
        quantity,
        size,
        formula.map((inner) => `(2 * ${inner.replaceAll(gap, " ")})`),
      ),
      { maxLength: 3 },
    ),
  )
  .map(([first, rest]) => [first, ...rest].join(" "));

const { pipeline } = fc.letrec<{ layer: string; stage: string; pipeline: string }>((tie) => ({
  layer: fc.oneof(
    { maxDepth: 2, depthSize: "xsmall" },
    fc.tuple(head, fc.option(record)).map(([text, options]) => (options === null ? text : `${text}${gap}${options}`)),
    fc
      .tuple(fc.constantFrom("add", "residual"), fc.array(tie("pipeline"), { minLength: 1, maxLength: 3 }), fc.option(record))
      .map(([text, branches, options]) => `${text}${gap}[${gap}${branches.join(`${gap}|${gap}`)}${gap}]${options === null ? "" : options}`),
  ),
  // A group of two stages below a count is never redundant.
  stage: fc
    .tuple(
      fc.oneof(
        { maxDepth: 2, depthSize: "xsmall" },
        tie("layer"),
        fc.tuple(fc.constantFrom("4", "n"), tie("layer")).map(([count, layer]) => `${count} *${gap}${layer}`),
        fc.tuple(tie("stage"), tie("stage")).map(([first, second]) => `3 * (${gap}${first}${gap}->${gap}${second}${gap})`),
      ),
      fc.option(name, { freq: 5 }),
    )
    .map(([body, as]) => (as === null ? body : `${body} as ${as}`)),
  pipeline: fc.array(tie("stage"), { minLength: 1, maxLength: 3 }).map((stages) => stages.join(`${gap}->${gap}`)),
}));

const param = fc
  .tuple(
    name,
    fc.constantFrom("", ": positive", ": 0..0.5", ": -1..1"),
    fc.oneof(
      fc.constant(""),
      formula.map((text) => `${gap}= ${text}`),
      fc.array(formula, { maxLength: 2 }).map((args) => ` ~ normal(${args.join(`,${gap}`)})`),
    ),
  )
  .map((parts) => parts.join(""));

const body = fc
  .tuple(
    formula,
    fc.array(
      fc.tuple(name, formula).map(([left, right]) => `${left}${gap}=${gap}${right}`),
      { maxLength: 3 },
    ),
  )
  .map(([value, binds]) => (binds.length === 0 ? value : `${value}${gap}where${gap}${binds.join(`,${gap}`)}`));

const item = fc.oneof(
  pipeline.map((text) => `net a =${gap}${text}`),
  pipeline.map((text) => `net b =${gap}input 64x64x3${gap}->${gap}${text}`),
  fc
    .tuple(name, fc.constantFrom("", "()", "(n)", "(n, k = 2 * n)"), pipeline)
    .map(([left, params, text]) => `let${gap}recipe_${left}${params}${gap}=${gap}${text}`),
  pipeline.map((text) => `shared s = ${text}`),
  fc
    .tuple(fc.array(param, { maxLength: 4 }), body)
    .map(([params, text]) => `filter f(${gap}${params.join(`${gap},${gap}`)}${gap})${gap}=${gap}${text}`),
  fc
    .tuple(fc.array(param, { maxLength: 2 }), body)
    .map(([params, text]) => `activation f(${gap}${["x", ...params].join(`,${gap}`)})${gap}=${gap}${text}`),
  record.map((text) => `train${gap}${text}`),
  fc.array(head, { minLength: 1, maxLength: 3 }).map((stages) => `augment${gap}${stages.join(`${gap}->${gap}`)}`),
  fc.constant(`import {${gap}recipe_q,${gap}r } from${gap}"./other.spec"`),
);

export interface GeneratedProgram {
  readonly text: string;
  /** In no order. */
  readonly comments: readonly string[];
}

/** Parses without a message. Comments are numbered, so that each can be found again. */
export const program: fc.Arbitrary<GeneratedProgram> = fc
  .tuple(
    fc.boolean(),
    fc.array(item, { maxLength: 4 }),
    fc.infiniteStream(fc.constantFrom(" ", " ", " ", " ", "\n", "\n\n\n", " #", "\n  #", "\n#")),
  )
  .map(([version, items, spaces]) => {
    const comments: string[] = [];
    const template = `${version ? `spec 1${gap}\n` : ""}${gap}${items.join(`${gap}\n`)}${gap}\n`;
    const text = template.replaceAll(gap, () => {
      const space: string = spaces.next().value ?? " ";
      if (!space.includes("#")) return space;
      comments.push(`# ${comments.length}`);
      return `${space} ${comments.length - 1}\n`;
    });
    return { text, comments };
  });
