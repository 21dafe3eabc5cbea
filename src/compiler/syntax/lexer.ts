/** @file Text to tokens and comments, with a message for every malformed one. */

import type { IToken } from "chevrotain";
import { Lexer } from "chevrotain";
import type { Diagnostic, Source, Span } from "../diagnostics/diagnostic.ts";
import type { Comment } from "./ast.ts";
import { describeMalformed } from "./malformed.ts";
import { SlashComment, tokenTypes } from "./tokens.ts";

export interface Lexed {
  /** Without white space and comments; malformed tokens stand in for what they were meant to be. */
  readonly tokens: readonly IToken[];
  readonly comments: readonly Comment[];
  readonly diagnostics: readonly Diagnostic[];
}

const lexer = new Lexer([...tokenTypes], { positionTracking: "full" });

/** The place of one token. */
export function spanOf(token: IToken): Span {
  return { start: token.startOffset, end: token.startOffset + token.image.length };
}

/** Never fails: what is no token is reported (S0102, S0104, S0106 to S0108) and stood in for, or left out. */
export function lex(source: Source): Lexed {
  const result = lexer.tokenize(source.text);
  const comments = result.groups["comments"] ?? [];
  const unknown = mergeRuns(result.groups["unknown"] ?? []);
  const diagnostics: Diagnostic[] = [];
  for (const token of [...result.tokens, ...comments, ...unknown]) {
    const diagnostic = describeMalformed(token.tokenType, token.image, spanOf(token), source.text);
    if (diagnostic !== undefined) diagnostics.push(diagnostic);
  }
  return {
    tokens: result.tokens,
    comments: comments
      .filter((token) => token.tokenType !== SlashComment)
      .map((token) => ({ span: spanOf(token), text: token.image.trimEnd() })),
    diagnostics: diagnostics.sort((a, b) => a.span.start - b.span.start),
  };
}

/** `@@@` is one mistake. */
function mergeRuns(tokens: readonly IToken[]): IToken[] {
  const runs: IToken[] = [];
  for (const token of tokens) {
    const last = runs.at(-1);
    if (last !== undefined && last.startOffset + last.image.length === token.startOffset) last.image += token.image;
    else runs.push(token);
  }
  return runs;
}
