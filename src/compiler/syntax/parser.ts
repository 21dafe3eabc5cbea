/** @file Text to syntax tree, with every error that the syntax alone can show. */

import type { IToken } from "chevrotain";
import type { Diagnostic, Source } from "../diagnostics/diagnostic.ts";
import type { BareNet, File, Item, Pipeline } from "./ast.ts";
import { buildFile } from "./build-ast.ts";
import { parseTokens } from "./grammar.ts";
import { lex, spanOf } from "./lexer.ts";
import { tooDeep } from "./nesting.ts";
import { checkNetworks } from "./networks.ts";
import { explainFailure, opensLine } from "./syntax-errors.ts";
import { NumberLiteral, openingKeywords, Spec } from "./tokens.ts";

/** The newest language version. A compiler accepts every version up to its own. */
export const languageVersion = 1;

/** More errors than this are rarely read. */
const maxErrors = 10;

export interface Parsed {
  /**
   * Undefined if part of the text could not be read, and then names may be missing: say no more than the diagnostics.
   * Defined in spite of errors if the parser knows what was meant (a malformed number, a forgotten `->`).
   */
  readonly file: File | undefined;
  /** Sorted by position, at most ten; all are errors. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Reports S0001 (then alone), S0101 to S0109 and S0209; never throws for a wrong program. */
export function parse(source: Source): Parsed {
  const { tokens, comments, diagnostics: malformed } = lex(source);
  const newer = checkVersion(tokens);
  if (newer !== undefined) return { file: undefined, diagnostics: [newer] };
  const deep = tooDeep(tokens);
  if (deep !== undefined) return { file: undefined, diagnostics: [...malformed, deep].slice(-maxErrors) };
  const diagnostics = [...malformed];
  const trees = [];
  let rest: readonly IToken[] = tokens;
  let complete = true;
  // Every round consumes tokens or repairs one mistake, and repairs are counted as errors.
  while (diagnostics.length < maxErrors) {
    const parsed = parseTokens(rest);
    if ("tree" in parsed) {
      trees.push(parsed.tree);
      break;
    }
    const { diagnostic, index, repaired } = explainFailure(parsed.failure, rest, source.text);
    // A malformed token has had its message.
    const start = rest[index]?.startOffset;
    if (repaired !== undefined || !malformed.some(({ span }) => span.start === start)) diagnostics.push(diagnostic);
    if (repaired !== undefined) {
      rest = repaired;
      continue;
    }
    complete = false;
    const next = nextDeclaration(rest, index);
    if (next === undefined) break;
    rest = rest.slice(next);
  }
  if (diagnostics.length >= maxErrors) complete = false;
  let file: File | undefined;
  if (complete && trees.length === 1) {
    const built = buildFile(trees[0], comments, source);
    const checked = checkNetworks(built.file, source);
    file = checked.file;
    diagnostics.push(...built.diagnostics, ...checked.diagnostics);
  }
  diagnostics.sort((a, b) => a.span.start - b.span.start);
  return { file, diagnostics: diagnostics.slice(0, maxErrors) };
}

/** The place to go on after an error: the next keyword that opens a line. */
function nextDeclaration(tokens: readonly IToken[], failed: number): number | undefined {
  for (let index = Math.max(failed, 1); index < tokens.length; index++) {
    const opens = opensLine(tokens, index) && openingKeywords.includes(tokens[index].tokenType);
    // A version line that is not the first is the error itself.
    if (opens && tokens[index].tokenType !== Spec) return index;
  }
  return undefined;
}

/** A newer file may look like anything behind its first line, so this comes before all other errors. */
function checkVersion(tokens: readonly IToken[]): Diagnostic | undefined {
  const [keyword, number] = tokens;
  if (keyword?.tokenType !== Spec || number?.tokenType !== NumberLiteral) return undefined;
  const version = Number(number.image);
  const span = { start: keyword.startOffset, end: spanOf(number).end };
  if (Number.isInteger(version) && version >= 1 && version <= languageVersion) return undefined;
  if (version > languageVersion) {
    return {
      severity: "error",
      code: "S0001",
      title: `this file is written for language version ${number.image}`,
      span,
      label: `this compiler knows version ${languageVersion}`,
      helps: [{ text: "update with `npm i -D specc@latest`" }],
    };
  }
  return {
    severity: "error",
    code: "S0104",
    title: `\`${number.image}\` is not a language version`,
    span: spanOf(number),
    label: "versions are 1, 2, 3, ...",
    helps: [{ text: `write \`spec ${languageVersion}\``, edits: [{ span: spanOf(number), text: `${languageVersion}` }] }],
  };
}

/** W0002, for `compile`: without a version line the meaning of the file moves with the compiler. */
export function missingVersion(file: File): Diagnostic | undefined {
  if (file.version !== undefined || file.items.length === 0) return undefined;
  const first = file.items.reduce((a, b) => (a.span.start <= b.span.start ? a : b));
  return {
    severity: "warning",
    code: "W0002",
    title: "this file has no version line",
    span: { start: first.span.start, end: firstWordEnd(first) },
    label: `read as version ${languageVersion}, the newest that this compiler knows`,
    notes: ["a later compiler would read it as a later version"],
    helps: [{ text: "state the version", edits: [{ span: { start: 0, end: 0 }, text: `spec ${languageVersion}\n\n` }] }],
  };
}

const keywordOf: Readonly<Record<Exclude<Item["kind"], "bare">, string>> = {
  import: "import",
  let: "let",
  shared: "shared",
  net: "net",
  filter: "filter",
  activation: "activation",
  train: "train",
  augment: "augment",
};

function firstWordEnd(item: Item): number {
  return item.kind === "bare" ? firstHeadEnd(item) : item.span.start + keywordOf[item.kind].length;
}

function firstHeadEnd(net: BareNet): number {
  const body = net.body.stages[0].body;
  return body.kind === "layer" ? body.headSpan.end : firstPipelineEnd(net.body);
}

function firstPipelineEnd(body: Pipeline): number {
  return body.stages[0].span.end;
}
