/** @file S0109: brackets in brackets, and operators in a row, up to a depth that every later stage can walk. */

import type { IToken, TokenType } from "chevrotain";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { spanOf } from "./lexer.ts";
import { Arrow, Bar, brackets, Caret, Colon, Comma, Equals, keywords, Minus, Plus, Slash, Times } from "./tokens.ts";

/** Brackets that may be open at once. */
const maxDepth = 100;
/** Operators of one expression, signs included. */
const maxOperators = 1000;

const closing = new Set(brackets.values());
const operators: ReadonlySet<TokenType> = new Set([Plus, Minus, Times, Slash, Caret]);
/** What no expression goes across. */
const separators: ReadonlySet<TokenType> = new Set([Arrow, Bar, Colon, Comma, Equals, ...keywords]);

/** The first place where a program is nested too deep; it is not parsed then. */
export function tooDeep(tokens: readonly IToken[]): Diagnostic | undefined {
  let depth = 0;
  let row = 0;
  for (const token of tokens) {
    const { tokenType } = token;
    if (brackets.has(tokenType)) {
      if (++depth > maxDepth)
        return deep(
          token,
          "brackets are nested too deep",
          `${maxDepth} brackets are open here`,
          "give parts a name: `let` for layers, `where` in a formula",
        );
    } else if (closing.has(tokenType)) depth = Math.max(0, depth - 1);
    else if (separators.has(tokenType)) row = 0;
    else if (operators.has(tokenType) && ++row > maxOperators)
      return deep(
        token,
        "this expression is too long",
        `follows ${maxOperators.toLocaleString("en-US")} operators`,
        "give parts a name with `where`",
      );
  }
  return undefined;
}

function deep(token: IToken, title: string, label: string, help: string): Diagnostic {
  return { severity: "error", code: "S0109", title, span: spanOf(token), label, helps: [{ text: help }] };
}
