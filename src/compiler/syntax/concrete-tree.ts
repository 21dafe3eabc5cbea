/** @file What stands at a node of the concrete tree: its children by rule, its tokens by type, its names and its span. */

import type { CstNode, IToken } from "chevrotain";
import type { Span } from "../diagnostics/diagnostic.ts";
import type { Name } from "./ast.ts";
import { spanOf } from "./lexer.ts";

export function nodes(parent: CstNode, rule: string): CstNode[] {
  return (parent.children[rule] ?? []).filter((child): child is CstNode => "children" in child);
}

export function tokens(parent: CstNode, type: string): IToken[] {
  return (parent.children[type] ?? []).filter((child): child is IToken => "image" in child);
}

const spans = new WeakMap<CstNode, Span>();

/** Tokens may have been put in another order by a repair, so the span is that of all of them. */
export function nodeSpan(node: CstNode): Span {
  const known = spans.get(node);
  if (known !== undefined) return known;
  let start = Infinity;
  let end = -Infinity;
  for (const children of Object.values(node.children)) {
    for (const child of children) {
      const span = "children" in child ? nodeSpan(child) : spanOf(child);
      start = Math.min(start, span.start);
      end = Math.max(end, span.end);
    }
  }
  const span = { start, end };
  spans.set(node, span);
  return span;
}

export function cover(first: Span, last: Span): Span {
  return { start: Math.min(first.start, last.start), end: Math.max(first.end, last.end) };
}

export function nameOf(token: IToken): Name {
  return { span: spanOf(token), text: token.image };
}

export function names(node: CstNode): Name[] {
  return tokens(node, "Name").map(nameOf);
}

export function byOffset(a: IToken, b: IToken): number {
  return a.startOffset - b.startOffset;
}

export function parenthesesOf(node: CstNode): Span {
  return cover(spanOf(tokens(node, "LeftParen")[0]), spanOf(tokens(node, "RightParen")[0]));
}
