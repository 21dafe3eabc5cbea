/** @file The values of literals: quantities, sizes and strings, malformed ones included. */

import type { CstNode, IToken } from "chevrotain";
import type { Quantity, SizeLiteral, Unit } from "./ast.ts";
import { byOffset, cover, tokens } from "./concrete-tree.ts";
import { spanOf } from "./lexer.ts";
import { isExact, readSize } from "./malformed.ts";
import { BadNumber, BadQuantity, BadSize, BadString } from "./tokens.ts";

export function quantityOf(token: IToken, minus?: IToken): Quantity {
  const bad = token.tokenType === BadNumber || token.tokenType === BadQuantity || !isExact(token.image);
  const unit = bad ? undefined : /(px|deg|rad|cpp|%)$/.exec(token.image)?.[0];
  const size = bad ? NaN : Number.parseFloat(token.image);
  return {
    kind: "quantity",
    value: minus === undefined ? size : -size,
    text: minus === undefined ? token.image : `-${token.image}`,
    span: minus === undefined ? spanOf(token) : cover(spanOf(minus), spanOf(token)),
    ...(unit === undefined ? {} : { unit: unit as Unit }),
  };
}

export function sizeOf(token: IToken): SizeLiteral {
  const text = token.tokenType === BadSize ? readSize(token.image) : token.image;
  const exact = text?.split("x").every(isExact) === true;
  return { kind: "size", span: spanOf(token), text: token.image, dims: text !== undefined && exact ? dimsOf(text) : [NaN] };
}

export function dimsOf(text: string): (number | "?")[] {
  return text.split("x").map((part) => (part === "?" ? "?" : Number(part)));
}

/** A pair of numbers around `..`, in text order. */
export function amountQuantities(node: CstNode): Quantity[] {
  return [...tokens(node, "Number"), ...tokens(node, "Quantity")].sort(byOffset).map((token) => quantityOf(token));
}

export function signedQuantity(node: CstNode): Quantity {
  return quantityOf([...tokens(node, "Number"), ...tokens(node, "Quantity")][0], tokens(node, "Minus")[0]);
}

export function stringOf(token: IToken): string {
  if (token.tokenType === BadString) return token.image.replace(/^["'“”„]|['“”]$/g, "");
  return token.image.slice(1, -1);
}
