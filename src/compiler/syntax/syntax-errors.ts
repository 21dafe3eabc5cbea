/** @file Why a token does not fit, in words: S0101, S0102 and S0105. */

import type { IToken, TokenType } from "chevrotain";
import { EOF, tokenMatcher } from "chevrotain";
import type { Diagnostic, Help, Label, Span } from "../diagnostics/diagnostic.ts";
import type { SyntaxFailure } from "./grammar.ts";
import { spanOf } from "./lexer.ts";
import {
  Arrow,
  As,
  Bar,
  brackets,
  Colon,
  Comma,
  Equals,
  keywords,
  LeftBrace,
  LeftBracket,
  LeftParen,
  Name,
  NumberLiteral,
  openingKeywords,
  Quantity,
  RightBrace,
  RightBracket,
  RightParen,
  Size,
  Spec,
  Tilde,
  Times,
  tokenTypes,
  Where,
} from "./tokens.ts";

export interface Explained {
  readonly diagnostic: Diagnostic;
  /** Index of the offending token; the number of tokens at the end of the file. */
  readonly index: number;
  /** The same tokens as they were meant, where that is certain: parse these instead. */
  readonly repaired?: readonly IToken[];
}

/** `tokens` are those that were parsed, from the start of the file or of the place of recovery. */
export function explainFailure(failure: SyntaxFailure, tokens: readonly IToken[], text: string): Explained {
  const found = failure.token.tokenType === EOF ? -1 : tokens.indexOf(failure.token);
  const index = found < 0 ? tokens.length : found;
  const swapped = explainCount(failure, tokens, index);
  if (swapped !== undefined) return swapped;
  const diagnostic = explainUnclosed(failure, tokens, index, text) ?? explainUnexpected(failure, tokens, index);
  return { diagnostic, index };
}

export function opensLine(tokens: readonly IToken[], index: number): boolean {
  return index === 0 || tokens[index - 1].endLine !== tokens[index].startLine;
}

function isOneOf(token: IToken | undefined, types: readonly TokenType[]): boolean {
  return token !== undefined && types.some((type) => tokenMatcher(token, type));
}

/** `block(16) * 4` reads as layer times number. The count moves to the front and the parse goes on. */
function explainCount(failure: SyntaxFailure, tokens: readonly IToken[], index: number): Explained | undefined {
  // After a single word the parser has taken `*` for the sign of a count, and stops behind it.
  const at = failure.rules.at(-1) === "repeat" ? index - 1 : index;
  const times = tokens[at];
  const count = tokens[at + 1];
  if (times?.tokenType !== Times || !isOneOf(count, [NumberLiteral])) return undefined;
  const start = layerStart(tokens, at);
  if (start === undefined) return undefined;
  const layer = tokens.slice(start, at);
  const first = layer[0];
  const last = layer[layer.length - 1];
  const span = { start: first.startOffset, end: spanOf(count).end };
  const edits = [
    { span: { start: span.start, end: span.start }, text: `${count.image} * ` },
    { span: { start: spanOf(last).end, end: span.end }, text: "" },
  ];
  return {
    index,
    repaired: [...tokens.slice(0, start), count, times, ...layer, ...tokens.slice(at + 2)],
    diagnostic: {
      severity: "error",
      code: "S0105",
      title: "the count comes before the layer",
      span,
      label: "reads as layer times number",
      helps: [{ text: "swap them", edits }],
    },
  };
}

/** Index of the first token of the layer that ends before `end`. */
function layerStart(tokens: readonly IToken[], end: number): number | undefined {
  let depth = 0;
  for (let index = end - 1; index >= 0; index--) {
    const token = tokens[index];
    if (isOneOf(token, [RightParen, RightBracket, RightBrace])) depth++;
    else if (isOneOf(token, [LeftParen, LeftBracket, LeftBrace])) {
      if (depth === 0) return startOrNone(tokens, index + 1, end);
      depth--;
    } else if (depth === 0) {
      if (isOneOf(token, [Arrow, Bar, Equals])) return startOrNone(tokens, index + 1, end);
      // A group is a layer too, but a formula or a value is not.
      if (isOneOf(token, [Comma, Colon, Tilde, Times, ...keywords])) return undefined;
      if (opensLine(tokens, index) && tokenMatcher(token, Name)) return startOrNone(tokens, index, end);
    }
  }
  return startOrNone(tokens, 0, end);
}

function startOrNone(tokens: readonly IToken[], start: number, end: number): number | undefined {
  return start < end && isOneOf(tokens[start], [Name, LeftParen]) ? start : undefined;
}

/** A bracket still open where nothing inside it can stand. */
function explainUnclosed(failure: SyntaxFailure, tokens: readonly IToken[], index: number, text: string): Diagnostic | undefined {
  const open = openBrackets(tokens, index);
  const innermost = open.at(-1);
  if (innermost === undefined) return undefined;
  const token = tokens[index];
  const closer = brackets.get(innermost.tokenType);
  const couldClose = failure.expected === closer?.name;
  const ends = token === undefined || (opensLine(tokens, index) && isOneOf(token, openingKeywords));
  const otherCloser = isOneOf(token, [...brackets.values()]) && token?.tokenType !== closer;
  const leaves = couldClose && (isOneOf(token, [Arrow, Bar, Equals, Where]) || (token !== undefined && opensLine(tokens, index)));
  if (!ends && !otherCloser && !leaves) return undefined;
  const previous = tokens[index - 1];
  const end = spanOf(previous).end;
  const secondary: Label[] = token === undefined ? [] : [{ span: spanOf(token), text: "cannot stand inside it" }];
  const mark = closer?.LABEL?.replaceAll('"', "") ?? "";
  const inside = mark === "}" ? ` ${mark}` : mark;
  const help: Help = { text: `close it with \`${mark}\``, edits: [{ span: { start: end, end }, text: inside }] };
  return {
    severity: "error",
    code: "S0102",
    title: `\`${innermost.image}\` is never closed`,
    span: spanOf(innermost),
    label: token === undefined ? "open to the end of the file" : "still open further on",
    secondary,
    // In front of something missing a bracket would only move the mistake.
    ...(couldClose || text[end - 1] !== "," ? { helps: [help] } : {}),
  };
}

function openBrackets(tokens: readonly IToken[], end: number): IToken[] {
  const open: IToken[] = [];
  for (const token of tokens.slice(0, end)) {
    if (brackets.has(token.tokenType)) open.push(token);
    else if (isOneOf(token, [...brackets.values()])) open.pop();
  }
  return open;
}

/** What a rule is looking for when it finds none of its alternatives. */
const expectations: Readonly<Record<string, string>> = {
  item: "a declaration or a layer",
  pipeline: "a layer",
  stage: "a layer",
  repeat: "a layer or a group in parentheses",
  branches: "a branch",
  amount: "a number",
  signed: "a number",
  value: "a value: a word, a number, a size, a list in `[ ]` or a text",
  domain: "a range such as `0..1`, or `positive`",
  start: "`=` or `~`",
  bind: "a name",
  formula: "a name",
  importDecl: "a name",
  expr: "a number, a name or `(`",
  term: "a number, a name or `(`",
  unary: "a number, a name or `(`",
  power: "a number, a name or `(`",
  primary: "a number, a name or `(`",
};

/** Rules whose elements are separated by commas, so that a missing one is worth a guess. */
const commaLists: readonly string[] = ["params", "args", "list", "filterDecl", "activationDecl", "importDecl"];

function explainUnexpected(failure: SyntaxFailure, tokens: readonly IToken[], index: number): Diagnostic {
  const token = tokens[index];
  const previous = tokens[index - 1];
  const rule = failure.rules.at(-1) ?? "file";
  const error = (title: string, span: Span, label: string, help?: Help): Diagnostic => ({
    severity: "error",
    code: "S0101",
    title,
    span,
    label,
    ...(help === undefined ? {} : { helps: [help] }),
  });
  const insert = (words: string, at: number, inserted: string): Help => ({
    text: words,
    edits: [{ span: { start: at, end: at }, text: inserted }],
  });
  if (token === undefined) {
    const end = previous === undefined ? 0 : spanOf(previous).end;
    return error("the file ends too early", { start: end, end }, `expected ${expectation(failure, rule)} here`);
  }
  const span = spanOf(token);
  const title = `unexpected \`${token.image}\``;
  if (failure.expected === Name.name && isOneOf(token, keywords)) {
    return error(title, span, "a keyword, so it cannot be a name");
  }
  if (token.tokenType === Spec) return error(title, span, "the version stands on the first line, once");
  if (rule === "file" && previous === undefined) return error(title, span, "expected a declaration or a layer");
  if (rule === "file") {
    if (token.tokenType === Equals) {
      const start = lineStart(tokens, index);
      if (tokenMatcher(tokens[start], Name)) {
        return lastKeyword(tokens, index)?.tokenType === Where
          ? error(
              `missing \`,\` before \`${tokens[start].image}\``,
              spanOf(tokens[start]),
              "the lines of a `where` are separated by commas",
              start === 0 ? undefined : insert("add a comma", spanOf(tokens[start - 1]).end, ","),
            )
          : error(
              title,
              span,
              "nothing is being declared on this line",
              insert("a recipe starts with `let`", tokens[start].startOffset, "let "),
            );
      }
    }
    if (isOneOf(token, [...brackets.values()])) return error(title, span, "no such bracket is open here");
    if (opensLine(tokens, index) && isOneOf(token, [NumberLiteral, Quantity, Size, LeftParen])) return wordOnNewLine(previous, token);
    return error(title, span, `expected \`->\`, a declaration or the end of the file`);
  }
  if (rule === "repeat" && failure.expected === Times.name && previous !== undefined) {
    if (opensLine(tokens, index - 1) && index > 1) return wordOnNewLine(tokens[index - 2], previous);
    if (tokenMatcher(token, Name)) {
      return error(
        `missing \`*\` before \`${token.image}\``,
        span,
        `\`${previous.image}\` counts what follows it`,
        insert("a count is written with `*`", spanOf(previous).end, " *"),
      );
    }
  }
  const inList = commaLists.includes(rule) && isClosing(failure) && !isOneOf(previous, [...brackets.keys(), Comma]);
  const inParameter = (rule === "filterDecl" || rule === "activationDecl") && !tokenMatcher(token, Name);
  if (inList && !inParameter && isOneOf(token, [Name, NumberLiteral, Quantity, LeftParen, Size])) {
    return error(
      `missing \`,\` before \`${token.image}\``,
      span,
      `expected \`,\` or ${expectation(failure, rule)}`,
      previous === undefined ? undefined : insert("add a comma", spanOf(previous).end, ","),
    );
  }
  if (rule === "pipeline" || rule === "stage") {
    const before = previous === undefined ? "" : ` after \`${previous.image}\``;
    return error(title, span, token.tokenType === As ? "expected a layer; `as` follows it" : `expected a layer${before}`);
  }
  if (rule === "args" && token.tokenType === Quantity)
    return error(title, span, "arguments are plain numbers; a unit follows a word: `shift 5px`");
  const comma = inParameter && inList ? "`=`, `~`, `,` or " : inList ? "`,` or " : "";
  return error(title, span, `expected ${comma}${expectation(failure, rule)}`);
}

/** A number or a bracket that was meant for the layer on the line before. */
function wordOnNewLine(previous: IToken, token: IToken): Diagnostic {
  const gap = { start: spanOf(previous).end, end: token.startOffset };
  return {
    severity: "error",
    code: "S0101",
    title: `unexpected \`${token.image}\``,
    span: spanOf(token),
    label: "a layer's words end with its line",
    helps: [{ text: "keep the words of a layer on one line", edits: [{ span: gap, text: " " }] }],
  };
}

function isClosing(failure: SyntaxFailure): boolean {
  return [...brackets.values()].some((type) => type.name === failure.expected);
}

const tokenWords: Readonly<Record<string, string>> = { Name: "a name", Number: "a number", String: "a path in double quotes" };

function expectation(failure: SyntaxFailure, rule: string): string {
  if (failure.expected === undefined) return expectations[rule] ?? "something else";
  const word = tokenWords[failure.expected];
  if (word !== undefined) return word;
  const type = tokenTypes.find(({ name }) => name === failure.expected);
  return type?.LABEL === undefined ? "the end of the file" : type.LABEL.replaceAll('"', "`");
}

function lineStart(tokens: readonly IToken[], index: number): number {
  let start = index;
  while (!opensLine(tokens, start)) start--;
  return start;
}

function lastKeyword(tokens: readonly IToken[], end: number): IToken | undefined {
  return tokens
    .slice(0, end)
    .reverse()
    .find((token) => keywords.includes(token.tokenType));
}
