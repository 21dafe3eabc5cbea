/** @file The words of the language: one token type per row, in the order in which the lexer tries them. */

import type { ITokenConfig, TokenType } from "chevrotain";
import { createToken, Lexer } from "chevrotain";

const order: TokenType[] = [];

/** Declares a token; the place in this file is its priority. */
function token(config: ITokenConfig): TokenType {
  const type = createToken(config);
  order.push(type);
  return type;
}

function sequence(...parts: readonly RegExp[]): RegExp {
  return new RegExp(parts.map(({ source }) => source).join(""));
}

function oneOf(...parts: readonly RegExp[]): RegExp {
  return new RegExp(parts.map(({ source }) => source).join("|"));
}

// Token types are referred to by others below, so these are made first and take their places later.
export const Name: TokenType = createToken({ name: "Name", pattern: /[A-Za-z_][A-Za-z0-9_]*/, label: "NAME" });
export const NumberLiteral: TokenType = createToken({
  name: "Number",
  pattern: sequence(
    /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/,
    /(?![\w?]|\.(?!\.)|[ \t]*[%°]|[ \t]+(?:px|deg|rad|cpp)(?!\w)|[ \t]*×[ \t]*[\d?]|[ \t]+x[ \t]+\?)/,
  ),
  label: "NUMBER",
});
export const Size: TokenType = createToken({ name: "Size", pattern: /(?:\d+|\?)(?:x(?:\d+|\?))+(?![\w?×]|\.\d)/, label: "SIZE" });
export const Arrow: TokenType = createToken({ name: "Arrow", pattern: /->/, label: '"->"' });
export const StringLiteral: TokenType = createToken({ name: "String", pattern: /"[^"\n\r]*"/, label: "STRING" });

token({ name: "WhiteSpace", pattern: /\s+/, group: Lexer.SKIPPED, line_breaks: true });
token({ name: "Comment", pattern: /#[^\n\r]*/, group: "comments" });
export const SlashComment: TokenType = token({ name: "SlashComment", pattern: /\/\/[^\n\r]*/, group: "comments" });

order.push(StringLiteral);
/** A quote without its partner, or quotes of the wrong kind. */
export const BadString: TokenType = token({
  name: "BadString",
  pattern: /"[^"\n\r]*|'[^'\n\r]*'?|[“”„][^“”\n\r]*[“”]?/,
  categories: StringLiteral,
});

// Arrows of other languages and of word processors.
export const BadArrow: TokenType = token({ name: "BadArrow", pattern: /→|⟶|⇒|➔|=>|\|>|[~–—−]>|--+>/, categories: Arrow });
order.push(Arrow);

order.push(Size);
export const Quantity: TokenType = token({
  name: "Quantity",
  pattern: /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?:(?:px|deg|rad|cpp)(?!\w)|%(?![\w%]))/,
  label: "QUANTITY",
});
order.push(NumberLiteral);
/** `150×150`, `150 × 150`, `? x ? x 3`, `3x3n`, `?`. */
export const BadSize: TokenType = token({
  name: "BadSize",
  pattern: oneOf(
    /(?:\?|\d+(?=[ \t]*×[ \t]*[\d?]|[ \t]+x[ \t]+\?))(?:[ \t]*[xX×][ \t]*(?:\d+|\?))+(?![\w?×])/,
    /\?[\w?×]*/,
    /\d+[xX×][\d?][\w?×]*/,
  ),
  categories: Size,
});
export const DotDot: TokenType = token({ name: "DotDot", pattern: /\.\./, label: '".."' });
/** `0.1.5`, `1.`, `.5`, `1_000`, `1e`. */
export const BadNumber: TokenType = token({
  name: "BadNumber",
  pattern: oneOf(
    /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?:\.\d+)+\w*%?/,
    /\d+\.(?![.\d])\w*/,
    /\.\d[\w]*(?:\.\d+)*/,
    /\d+(?:_\d+)+(?:\.\d+)?/,
    /\d+(?:\.\d+)?[eE][+-]?(?!\w)/,
  ),
  categories: NumberLiteral,
});
/** `5pixels`, `2u`, `5 px`, `20 %`, `5°`. */
export const BadQuantity: TokenType = token({
  name: "BadQuantity",
  pattern: /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?:[ \t]+(?:px|deg|rad|cpp)(?!\w)|[ \t]*°|[ \t]*%[\w%]*|[A-Za-z_]\w*)/,
  categories: NumberLiteral,
});

const foreignLetters = String.raw`\u00AA\u00B5\u00BA\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u1FFF\u3040-\u9FFF\uAC00-\uD7AF`;

/** `θ`, `größe`. */
export const BadName: TokenType = token({
  name: "BadName",
  pattern: new RegExp(`[A-Za-z0-9_]*[${foreignLetters}][A-Za-z0-9_${foreignLetters}]*`),
  categories: Name,
});

function keyword(word: string): TokenType {
  const name = word[0].toUpperCase() + word.slice(1);
  return token({ name, pattern: word, longer_alt: Name, label: `"${word}"` });
}

export const Spec: TokenType = keyword("spec");
export const Import: TokenType = keyword("import");
export const From: TokenType = keyword("from");
export const Let: TokenType = keyword("let");
export const Shared: TokenType = keyword("shared");
export const Net: TokenType = keyword("net");
export const Filter: TokenType = keyword("filter");
export const Activation: TokenType = keyword("activation");
export const Where: TokenType = keyword("where");
export const Train: TokenType = keyword("train");
export const Augment: TokenType = keyword("augment");
export const As: TokenType = keyword("as");
order.push(Name);

function symbol(name: string, text: string): TokenType {
  return token({ name, pattern: text, label: `"${text}"` });
}

export const LeftParen: TokenType = symbol("LeftParen", "(");
export const RightParen: TokenType = symbol("RightParen", ")");
export const LeftBracket: TokenType = symbol("LeftBracket", "[");
export const RightBracket: TokenType = symbol("RightBracket", "]");
export const LeftBrace: TokenType = symbol("LeftBrace", "{");
export const RightBrace: TokenType = symbol("RightBrace", "}");
export const Comma: TokenType = symbol("Comma", ",");
export const Colon: TokenType = symbol("Colon", ":");
export const Equals: TokenType = symbol("Equals", "=");
export const Tilde: TokenType = symbol("Tilde", "~");
export const Bar: TokenType = symbol("Bar", "|");
export const Caret: TokenType = symbol("Caret", "^");
export const BadPower: TokenType = token({ name: "BadPower", pattern: /\*\*/, categories: Caret });
export const Times: TokenType = symbol("Times", "*");
/** Signs that look like `*` or `-` and are other characters. */
export const BadTimes: TokenType = token({ name: "BadTimes", pattern: /[×·⋅∗]/, categories: Times });
export const Plus: TokenType = symbol("Plus", "+");
export const Minus: TokenType = symbol("Minus", "-");
export const BadMinus: TokenType = token({ name: "BadMinus", pattern: /[−–—]/, categories: Minus });
export const Slash: TokenType = symbol("Slash", "/");
/** Whatever is left: reported, and otherwise treated as a space. */
export const Unknown: TokenType = token({ name: "Unknown", pattern: /[\uD800-\uDBFF][\uDC00-\uDFFF]|[\u0000-\uFFFF]/, group: "unknown" });

/** All token types; earlier ones win. */
export const tokenTypes: readonly TokenType[] = order;

/** The keywords that open a declaration: where the parser goes on after an error. */
export const openingKeywords: readonly TokenType[] = [Spec, Import, Let, Shared, Net, Filter, Activation, Train, Augment];
export const keywords: readonly TokenType[] = [...openingKeywords, From, Where, As];
/** Closing bracket by opening one. */
export const brackets: ReadonlyMap<TokenType, TokenType> = new Map([
  [LeftParen, RightParen],
  [LeftBracket, RightBracket],
  [LeftBrace, RightBrace],
]);
