/** @file The grammar: 39 rules, LL(2), over the tokens of tokens.ts; grammar/spec.ebnf is generated from it. */

import type { CstNode, Rule as GastRule, IParserErrorMessageProvider, IToken, ParserMethod } from "chevrotain";
import { CstParser, EOF, tokenMatcher } from "chevrotain";
import {
  Activation,
  Arrow,
  As,
  Augment,
  Bar,
  Caret,
  Colon,
  Comma,
  DotDot,
  Equals,
  Filter,
  From,
  Import,
  LeftBrace,
  LeftBracket,
  LeftParen,
  Let,
  Minus,
  Name,
  Net,
  NumberLiteral,
  Plus,
  Quantity,
  RightBrace,
  RightBracket,
  RightParen,
  Shared,
  Size,
  Slash,
  Spec,
  StringLiteral,
  Tilde,
  Times,
  Train,
  tokenTypes,
  Where,
} from "./tokens.ts";

/** The first token that does not fit. */
export interface SyntaxFailure {
  readonly token: IToken;
  /** The rules being parsed, outermost first. */
  readonly rules: readonly string[];
  /** The name of the only token type that could stand here; undefined where there was a choice. */
  readonly expected: string | undefined;
}

export type ParsedTokens = { readonly tree: CstNode } | { readonly failure: SyntaxFailure };

/** The stock messages list token sequences; the words are found in syntax-errors.ts, which needs one name only. */
const errorMessageProvider: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected }) => expected.name,
  buildNotAllInputParsedMessage: () => "",
  buildNoViableAltMessage: () => "",
  buildEarlyExitMessage: () => "",
};

type Rule = ParserMethod<[], CstNode>;

/**
 * Recovery is off: it invents tokens, and invented tokens have no place. After an error parser.ts goes on at the next
 * keyword that opens a line. Rule bodies never look at tokens but inside a GATE, because Chevrotain runs each body once
 * with fake ones to record the grammar.
 */
class SpecParser extends CstParser {
  constructor() {
    super([...tokenTypes], { maxLookahead: 2, recoveryEnabled: false, nodeLocationTracking: "none", errorMessageProvider });
    this.performSelfAnalysis();
  }

  /** (1) The words of a phrase end with its line. */
  private readonly sameLine = (): boolean => this.LA(1).startLine === this.LA(0).endLine;
  /** (1) (2) A name before `:` is the next field. */
  private readonly moreOfPhrase = (): boolean => this.sameLine() && !(tokenMatcher(this.LA(1), Name) && tokenMatcher(this.LA(2), Colon));

  readonly file: Rule = this.RULE("file", () => {
    this.OPTION(() => this.SUBRULE(this.version));
    this.MANY(() => this.SUBRULE(this.item));
    this.CONSUME(EOF);
  });
  readonly version: Rule = this.RULE("version", () => {
    this.CONSUME(Spec);
    this.CONSUME(NumberLiteral);
  });
  readonly item: Rule = this.RULE("item", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.importDecl) },
      { ALT: () => this.SUBRULE(this.letDecl) },
      { ALT: () => this.SUBRULE(this.sharedDecl) },
      { ALT: () => this.SUBRULE(this.netDecl) },
      { ALT: () => this.SUBRULE(this.filterDecl) },
      { ALT: () => this.SUBRULE(this.activationDecl) },
      { ALT: () => this.SUBRULE(this.trainDecl) },
      { ALT: () => this.SUBRULE(this.augmentDecl) },
      { ALT: () => this.SUBRULE(this.pipeline) },
    ]);
  });
  readonly importDecl: Rule = this.RULE("importDecl", () => {
    this.CONSUME(Import);
    this.CONSUME(LeftBrace);
    this.AT_LEAST_ONE_SEP({ SEP: Comma, DEF: () => this.CONSUME(Name) });
    this.CONSUME(RightBrace);
    this.CONSUME(From);
    this.CONSUME(StringLiteral);
  });
  readonly letDecl: Rule = this.RULE("letDecl", () => {
    this.CONSUME(Let);
    this.CONSUME(Name);
    this.OPTION(() => this.SUBRULE(this.params));
    this.CONSUME(Equals);
    this.SUBRULE(this.pipeline);
  });
  readonly params: Rule = this.RULE("params", () => {
    this.CONSUME(LeftParen);
    this.MANY_SEP({ SEP: Comma, DEF: () => this.SUBRULE(this.param) });
    this.CONSUME(RightParen);
  });
  readonly param: Rule = this.RULE("param", () => {
    this.CONSUME(Name);
    this.OPTION(() => {
      this.CONSUME(Equals);
      this.SUBRULE(this.expr);
    });
  });
  readonly sharedDecl: Rule = this.RULE("sharedDecl", () => {
    this.CONSUME(Shared);
    this.CONSUME(Name);
    this.CONSUME(Equals);
    this.SUBRULE(this.pipeline);
  });
  readonly netDecl: Rule = this.RULE("netDecl", () => {
    this.CONSUME(Net);
    this.CONSUME(Name);
    this.CONSUME(Equals);
    this.SUBRULE(this.pipeline);
  });
  readonly trainDecl: Rule = this.RULE("trainDecl", () => {
    this.CONSUME(Train);
    this.SUBRULE(this.record);
  });
  readonly augmentDecl: Rule = this.RULE("augmentDecl", () => {
    this.CONSUME(Augment);
    this.SUBRULE(this.pipeline);
  });
  readonly pipeline: Rule = this.RULE("pipeline", () => {
    this.AT_LEAST_ONE_SEP({ SEP: Arrow, DEF: () => this.SUBRULE(this.stage) });
  });
  readonly stage: Rule = this.RULE("stage", () => {
    this.OR([{ ALT: () => this.SUBRULE(this.repeat) }, { ALT: () => this.SUBRULE(this.group) }, { ALT: () => this.SUBRULE(this.layer) }]);
    this.OPTION(() => {
      this.CONSUME(As);
      this.CONSUME(Name);
    });
  });
  readonly repeat: Rule = this.RULE("repeat", () => {
    this.OR([{ ALT: () => this.CONSUME(NumberLiteral) }, { ALT: () => this.CONSUME(Name) }]);
    this.CONSUME(Times);
    this.OR1([{ ALT: () => this.SUBRULE(this.group) }, { ALT: () => this.SUBRULE(this.layer) }]);
  });
  readonly group: Rule = this.RULE("group", () => {
    this.CONSUME(LeftParen);
    this.SUBRULE(this.pipeline);
    this.CONSUME(RightParen);
  });
  readonly layer: Rule = this.RULE("layer", () => {
    this.CONSUME(Name);
    this.OR([
      { ALT: () => this.SUBRULE(this.branches) },
      { ALT: () => this.MANY({ GATE: this.sameLine, DEF: () => this.SUBRULE(this.atom) }) },
    ]);
    this.OPTION(() => this.SUBRULE(this.record));
  });
  readonly branches: Rule = this.RULE("branches", () => {
    this.CONSUME(LeftBracket);
    this.AT_LEAST_ONE_SEP({ SEP: Bar, DEF: () => this.SUBRULE(this.pipeline) });
    this.CONSUME(RightBracket);
  });
  readonly atom: Rule = this.RULE("atom", () => {
    this.OR([
      { ALT: () => this.CONSUME(Name) },
      { ALT: () => this.SUBRULE(this.amount) },
      { ALT: () => this.CONSUME(Size) },
      { ALT: () => this.SUBRULE(this.args) },
    ]);
  });
  readonly amount: Rule = this.RULE("amount", () => {
    this.OR([{ ALT: () => this.CONSUME(NumberLiteral) }, { ALT: () => this.CONSUME(Quantity) }]);
    this.OPTION(() => {
      this.CONSUME(DotDot);
      this.OR1([{ ALT: () => this.CONSUME1(NumberLiteral) }, { ALT: () => this.CONSUME1(Quantity) }]);
    });
  });
  readonly args: Rule = this.RULE("args", () => {
    this.CONSUME(LeftParen);
    this.MANY_SEP({ SEP: Comma, DEF: () => this.SUBRULE(this.expr) });
    this.CONSUME(RightParen);
  });
  readonly record: Rule = this.RULE("record", () => {
    this.CONSUME(LeftBrace);
    this.MANY(() => {
      this.SUBRULE(this.field);
      this.OPTION(() => this.CONSUME(Comma));
    });
    this.CONSUME(RightBrace);
  });
  readonly field: Rule = this.RULE("field", () => {
    this.CONSUME(Name);
    this.CONSUME(Colon);
    this.SUBRULE(this.value);
  });
  readonly value: Rule = this.RULE("value", () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.list) },
      { ALT: () => this.SUBRULE(this.span) },
      { ALT: () => this.CONSUME(Size) },
      { ALT: () => this.CONSUME(StringLiteral) },
      { ALT: () => this.SUBRULE(this.phrase) },
      // The one keyword that is a setting's word: `channels: shared`.
      { ALT: () => this.CONSUME(Shared) },
    ]);
  });
  readonly list: Rule = this.RULE("list", () => {
    this.CONSUME(LeftBracket);
    this.MANY_SEP({ SEP: Comma, DEF: () => this.SUBRULE(this.value) });
    this.CONSUME(RightBracket);
  });
  readonly span: Rule = this.RULE("span", () => {
    this.SUBRULE(this.signed);
    this.OPTION(() => {
      this.CONSUME(DotDot);
      this.SUBRULE1(this.signed);
    });
  });
  readonly signed: Rule = this.RULE("signed", () => {
    this.OPTION(() => this.CONSUME(Minus));
    this.OR([{ ALT: () => this.CONSUME(NumberLiteral) }, { ALT: () => this.CONSUME(Quantity) }]);
  });
  readonly phrase: Rule = this.RULE("phrase", () => {
    this.CONSUME(Name);
    this.MANY({ GATE: this.moreOfPhrase, DEF: () => this.SUBRULE(this.atom) });
    this.OPTION(() => this.SUBRULE(this.record));
  });
  readonly filterDecl: Rule = this.RULE("filterDecl", () => {
    this.CONSUME(Filter);
    this.CONSUME(Name);
    this.CONSUME(LeftParen);
    this.MANY_SEP({ SEP: Comma, DEF: () => this.SUBRULE(this.filterParam) });
    this.CONSUME(RightParen);
    this.CONSUME(Equals);
    this.SUBRULE(this.formula);
  });
  readonly activationDecl: Rule = this.RULE("activationDecl", () => {
    this.CONSUME(Activation);
    this.CONSUME(Name);
    this.CONSUME(LeftParen);
    this.CONSUME1(Name);
    this.MANY(() => {
      this.CONSUME(Comma);
      this.SUBRULE(this.filterParam);
    });
    this.CONSUME(RightParen);
    this.CONSUME(Equals);
    this.SUBRULE(this.formula);
  });
  readonly formula: Rule = this.RULE("formula", () => {
    this.SUBRULE(this.expr);
    this.OPTION(() => {
      this.CONSUME(Where);
      this.AT_LEAST_ONE_SEP({ SEP: Comma, DEF: () => this.SUBRULE(this.bind) });
    });
  });
  readonly filterParam: Rule = this.RULE("filterParam", () => {
    this.CONSUME(Name);
    this.OPTION(() => {
      this.CONSUME(Colon);
      this.SUBRULE(this.domain);
    });
    this.OPTION1(() => this.SUBRULE(this.start));
  });
  readonly domain: Rule = this.RULE("domain", () => {
    this.OR([
      { ALT: () => this.CONSUME(Name) },
      {
        ALT: () => {
          this.SUBRULE(this.signed);
          this.CONSUME(DotDot);
          this.SUBRULE1(this.signed);
        },
      },
    ]);
  });
  readonly start: Rule = this.RULE("start", () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(Equals);
          this.SUBRULE(this.expr);
        },
      },
      {
        ALT: () => {
          this.CONSUME(Tilde);
          this.CONSUME(Name);
          this.SUBRULE(this.args);
        },
      },
    ]);
  });
  readonly bind: Rule = this.RULE("bind", () => {
    this.CONSUME(Name);
    this.CONSUME(Equals);
    this.SUBRULE(this.expr);
  });
  readonly expr: Rule = this.RULE("expr", () => {
    this.SUBRULE(this.term);
    this.MANY(() => {
      this.OR([{ ALT: () => this.CONSUME(Plus) }, { ALT: () => this.CONSUME(Minus) }]);
      this.SUBRULE1(this.term);
    });
  });
  readonly term: Rule = this.RULE("term", () => {
    this.SUBRULE(this.unary);
    this.MANY(() => {
      this.OR([{ ALT: () => this.CONSUME(Times) }, { ALT: () => this.CONSUME(Slash) }]);
      this.SUBRULE1(this.unary);
    });
  });
  readonly unary: Rule = this.RULE("unary", () => {
    this.OR([
      {
        ALT: () => {
          this.CONSUME(Minus);
          this.SUBRULE(this.unary);
        },
      },
      { ALT: () => this.SUBRULE(this.power) },
    ]);
  });
  readonly power: Rule = this.RULE("power", () => {
    this.SUBRULE(this.primary);
    this.OPTION(() => {
      this.CONSUME(Caret);
      this.SUBRULE(this.unary);
    });
  });
  readonly primary: Rule = this.RULE("primary", () => {
    this.OR([
      { ALT: () => this.CONSUME(NumberLiteral) },
      {
        ALT: () => {
          this.CONSUME(Name);
          this.OPTION({ GATE: this.sameLine, DEF: () => this.SUBRULE(this.args) });
        },
      },
      {
        ALT: () => {
          this.CONSUME(LeftParen);
          this.SUBRULE(this.expr);
          this.CONSUME1(RightParen);
        },
      },
    ]);
  });
}

const parser = new SpecParser();

/** The whole grammar as Chevrotain recorded it, rule by rule. */
export function grammarRules(): Record<string, GastRule> {
  return parser.getGAstProductions();
}

/** The concrete tree of all tokens, or the first token that does not fit. */
export function parseTokens(tokens: readonly IToken[]): ParsedTokens {
  parser.input = [...tokens];
  // At an error the outermost rule has no value.
  const tree: CstNode | undefined = parser.file();
  const error = parser.errors[0];
  if (error === undefined && tree !== undefined) return { tree };
  return {
    failure: {
      token: error.token,
      rules: error.context.ruleStack,
      expected: error.name === "MismatchedTokenException" ? error.message : undefined,
    },
  };
}
