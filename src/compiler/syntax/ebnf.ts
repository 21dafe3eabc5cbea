/** @file The grammar and the tokens as text, for readers and editors: grammar/spec.ebnf and its neighbours. */

import type { IProduction, TokenType } from "chevrotain";
import {
  Alternation,
  Alternative,
  NonTerminal,
  Option,
  Repetition,
  RepetitionMandatory,
  RepetitionMandatoryWithSeparator,
  RepetitionWithSeparator,
  Terminal,
  tokenLabel,
} from "chevrotain";
import { grammarRules } from "./grammar.ts";
import { keywords, tokenTypes } from "./tokens.ts";

const width = 98;

/** Conditions that the parser checks and EBNF cannot say, by rule: the mark and what it stands before. */
const marks: Readonly<Record<string, readonly [before: string, mark: string]>> = {
  layer: ["atom", "(*1*)"],
  phrase: ["atom", "(*1*) (*2*)"],
  primary: ["args", "(*1*)"],
};

const remarks = `(* 1: the token stands on the line on which the previous one ended: the words of a phrase end with its line.
   2: not a NAME that is followed by ":", which is the next field. *)
`;

/** All rules in ISO EBNF, one each, aligned and wrapped. */
export function generateEbnf(): string {
  const rules = Object.values(grammarRules());
  const indent = Math.max(...rules.map((rule) => rule.name.length)) + 1;
  const text = rules.map((rule) => {
    const body = alternatives(rule.definition, rule.name);
    return `${wrapped(`${rule.name.padEnd(indent)}= ${body} ;`, indent + 2)}\n`;
  });
  return `${text.join("")}\n${remarks}`;
}

function wrapped(text: string, indent: number): string {
  if (text.length <= width) return text;
  const cut = text.lastIndexOf(" | ", width - 2);
  if (cut < indent) return text;
  return `${text.slice(0, cut + 2)}\n${wrapped(" ".repeat(indent) + text.slice(cut + 3), indent)}`;
}

/** A rule that is one choice needs no parentheses around it. */
function alternatives(definition: readonly IProduction[], rule: string): string {
  const [only] = definition;
  return definition.length === 1 && only instanceof Alternation ? choice(only, rule) : sequence(definition, rule);
}

function choice(alternation: Alternation, rule: string): string {
  return alternation.definition.map((alternative) => printed(alternative, rule)).join(" | ");
}

function sequence(definition: readonly IProduction[], rule: string): string {
  return definition.map((production) => printed(production, rule)).join(" ");
}

function printed(production: IProduction, rule: string): string {
  if (production instanceof NonTerminal) {
    const [before, mark] = marks[rule] ?? [];
    return production.nonTerminalName === before ? `${mark} ${before}` : production.nonTerminalName;
  }
  if (production instanceof Terminal) return label(production.terminalType);
  if (production instanceof Alternation) return `( ${choice(production, rule)} )`;
  if (production instanceof Alternative) return sequence(production.definition, rule);
  if (production instanceof Option) return `[ ${sequence(production.definition, rule)} ]`;
  if (production instanceof Repetition) return `{ ${alternatives(production.definition, rule)} }`;
  if (production instanceof RepetitionMandatory) {
    const body = sequence(production.definition, rule);
    return `${body} { ${body} }`;
  }
  if (production instanceof RepetitionMandatoryWithSeparator) return separated(production, rule);
  if (production instanceof RepetitionWithSeparator) return `[ ${separated(production, rule)} ]`;
  throw new TypeError("a production of a kind that the grammar did not use before");
}

function separated(production: RepetitionWithSeparator | RepetitionMandatoryWithSeparator, rule: string): string {
  const body = sequence(production.definition, rule);
  return `${body} { ${label(production.separator)} ${body} }`;
}

function label(type: TokenType): string {
  return type.name === "EOF" ? "EOF" : tokenLabel(type);
}

interface TokenRow {
  readonly name: string;
  /** A regular expression, or the text itself of a keyword or symbol. */
  readonly pattern?: string;
  readonly text?: string;
  readonly kind: "keyword" | "symbol" | "literal" | "space" | "comment" | "error";
  /** As the EBNF writes it. */
  readonly label?: string;
  /** An error token is read as this one, after its message. */
  readonly standsFor?: string;
}

/** The tokens in the order in which the lexer tries them. */
export function generateTokens(): string {
  const rows = tokenTypes.map((type): TokenRow => {
    const { PATTERN: pattern, LABEL: written, name } = type;
    const standsFor = type.CATEGORIES?.[0]?.name;
    return {
      name,
      kind: kindOf(type),
      ...(typeof pattern === "string" ? { text: pattern } : pattern instanceof RegExp ? { pattern: pattern.source } : {}),
      ...(written === undefined ? {} : { label: written }),
      ...(standsFor === undefined ? {} : { standsFor }),
    };
  });
  return `${JSON.stringify({ tokens: rows }, null, 2)}\n`;
}

function kindOf(type: TokenType): TokenRow["kind"] {
  if (keywords.includes(type)) return "keyword";
  if (type.name === "WhiteSpace") return "space";
  if (type.name === "Comment") return "comment";
  if (/^Bad/.test(type.name) || ["SlashComment", "Unknown"].includes(type.name)) return "error";
  return typeof type.PATTERN === "string" ? "symbol" : type.name === "Arrow" || type.name === "DotDot" ? "symbol" : "literal";
}

/** A TextMate grammar: enough for the colours of an editor. */
export function generateTextMate(): string {
  const source = (type: string): string => {
    const pattern = tokenTypes.find(({ name }) => name === type)?.PATTERN;
    if (!(pattern instanceof RegExp)) throw new TypeError(`the token ${type} has no pattern`);
    return pattern.source;
  };
  const words = (types: readonly TokenType[]): string =>
    types
      .map((type) => type.PATTERN)
      .filter((text) => typeof text === "string")
      .join("|");
  const operators = tokenTypes
    .filter((type) => kindOf(type) === "symbol")
    .map((type) => (typeof type.PATTERN === "string" ? type.PATTERN : ""))
    .filter((text) => /^[=~|*+/^-]$/.test(text));
  const name = source("Name");
  const grammar = {
    name: "specc",
    scopeName: "source.specc",
    fileTypes: ["spec"],
    patterns: [
      { name: "comment.line.number-sign.specc", match: source("Comment") },
      { name: "string.quoted.double.specc", match: source("String") },
      {
        match: `\\b(let|shared|net|filter|activation)\\s+(${name})`,
        captures: { 1: { name: "keyword.other.specc" }, 2: { name: "entity.name.function.specc" } },
      },
      { match: `\\b(as)\\s+(${name})`, captures: { 1: { name: "keyword.other.specc" }, 2: { name: "variable.other.specc" } } },
      { name: "keyword.other.specc", match: `\\b(${words(keywords)})\\b` },
      { name: "keyword.operator.arrow.specc", match: source("Arrow") },
      { name: "constant.numeric.size.specc", match: source("Size") },
      { name: "constant.numeric.quantity.specc", match: source("Quantity") },
      { name: "constant.numeric.specc", match: source("Number") },
      { match: `(${name})\\s*(?=:)`, captures: { 1: { name: "variable.parameter.specc" } } },
      { name: "keyword.operator.specc", match: `${source("DotDot")}|[${operators.map((text) => `\\${text}`).join("")}]` },
    ],
  };
  return `${JSON.stringify(grammar, null, 2)}\n`;
}
