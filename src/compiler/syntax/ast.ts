/** @file The syntax tree: plain readonly values, each with its span. No layer or family names in the types. */

import type { Span } from "../diagnostics/diagnostic.ts";

interface Spanned {
  readonly span: Span;
}

export interface Name extends Spanned {
  readonly text: string;
}

export interface File extends Spanned {
  readonly kind: "file";
  readonly version?: Version;
  readonly items: readonly Item[];
  /** In text order; the formatter places them by offset. */
  readonly comments: readonly Comment[];
}

interface Version extends Spanned {
  readonly value: number;
}

export interface Comment extends Spanned {
  /** With the leading `#`. */
  readonly text: string;
}

export type Item = ImportDecl | LetDecl | SharedDecl | NetDecl | FilterDecl | ActivationDecl | TrainDecl | AugmentDecl | BareNet;

export interface ImportDecl extends Spanned {
  readonly kind: "import";
  readonly names: readonly Name[];
  readonly path: string;
}

export interface LetDecl extends Spanned {
  readonly kind: "let";
  readonly name: Name;
  /** Undefined for `let x = ...`; `let x() = ...` has an empty list. */
  readonly params?: readonly Param[];
  /** With the parentheses; defined when `params` is. */
  readonly paramsSpan?: Span;
  readonly body: Pipeline;
}

export interface Param extends Spanned {
  readonly name: Name;
  readonly value?: Formula;
}

export interface SharedDecl extends Spanned {
  readonly kind: "shared";
  readonly name: Name;
  readonly body: Pipeline;
}

export interface NetDecl extends Spanned {
  readonly kind: "net";
  readonly name: Name;
  readonly body: Pipeline;
}

export interface BareNet extends Spanned {
  readonly kind: "bare";
  readonly body: Pipeline;
}

export interface TrainDecl extends Spanned {
  readonly kind: "train";
  readonly record: Record_;
}

export interface AugmentDecl extends Spanned {
  readonly kind: "augment";
  readonly body: Pipeline;
}

export interface Pipeline extends Spanned {
  readonly kind: "pipeline";
  readonly stages: readonly Stage[];
}

export interface Stage extends Spanned {
  readonly kind: "stage";
  readonly body: Repeat | Group | Layer;
  readonly as?: Name;
}

export interface Repeat extends Spanned {
  readonly kind: "repeat";
  readonly count: Quantity | Name;
  readonly body: Group | Layer;
}

export interface Group extends Spanned {
  readonly kind: "group";
  readonly body: Pipeline;
}

export interface Layer extends Spanned {
  readonly kind: "layer";
  readonly name: Name;
  /** `add[a | b]`; then there are no atoms. */
  readonly branches?: readonly Pipeline[];
  readonly atoms: readonly Atom[];
  readonly record?: Record_;
  /** Name and atoms, without the record. */
  readonly headSpan: Span;
}

export type Atom = WordAtom | Amount | SizeLiteral | Args;

interface WordAtom extends Spanned {
  readonly kind: "word";
  readonly text: string;
}

export interface Amount extends Spanned {
  readonly kind: "amount";
  readonly from: Quantity;
  readonly to?: Quantity;
}

export type Unit = "px" | "deg" | "rad" | "cpp" | "%";

export interface Quantity extends Spanned {
  readonly kind: "quantity";
  /** As typed; a leading minus (in records) is folded into value and text. NaN for a malformed token that was already reported. */
  readonly value: number;
  readonly unit?: Unit;
  readonly text: string;
}

export interface SizeLiteral extends Spanned {
  readonly kind: "size";
  readonly dims: readonly (number | "?")[];
  readonly text: string;
}

export interface Args extends Spanned {
  readonly kind: "args";
  readonly args: readonly Formula[];
}

export interface Record_ extends Spanned {
  readonly kind: "record";
  readonly fields: readonly Field[];
}

export interface Field extends Spanned {
  readonly name: Name;
  readonly value: Value;
}

export type Value = ListValue | RangeValue | SizeLiteral | StringLiteral | Phrase;

export interface ListValue extends Spanned {
  readonly kind: "list";
  readonly items: readonly Value[];
}

/** `0.1`, `-1..1`, `67%`. */
export interface RangeValue extends Spanned {
  readonly kind: "range";
  readonly from: Quantity;
  readonly to?: Quantity;
}

interface StringLiteral extends Spanned {
  readonly kind: "string";
  readonly text: string;
}

/** `adam { lr: 0.1 }`, `normal(0, 1)`, `off`. */
export interface Phrase extends Spanned {
  readonly kind: "phrase";
  readonly name: Name;
  readonly atoms: readonly Atom[];
  readonly record?: Record_;
}

export interface FilterDecl extends Spanned {
  readonly kind: "filter";
  readonly name: Name;
  readonly params: readonly FilterParam[];
  readonly paramsSpan: Span;
  readonly body: FormulaBody;
}

export interface ActivationDecl extends Spanned {
  readonly kind: "activation";
  readonly name: Name;
  /** The first name between the parentheses. */
  readonly input: Name;
  readonly params: readonly FilterParam[];
  readonly paramsSpan: Span;
  readonly body: FormulaBody;
}

export interface FilterParam extends Spanned {
  readonly name: Name;
  readonly domain?: Domain;
  readonly start?: Start;
}

/** `positive` (any name: checked later) or `0..0.5`. */
export type Domain =
  | (Spanned & { readonly kind: "named"; readonly name: Name })
  | (Spanned & { readonly kind: "range"; readonly from: Quantity; readonly to: Quantity });

export type Start =
  | (Spanned & { readonly kind: "constant"; readonly value: Formula })
  | (Spanned & { readonly kind: "draw"; readonly distribution: Name; readonly args: readonly Formula[] });

export interface FormulaBody extends Spanned {
  readonly value: Formula;
  readonly where: readonly Bind[];
}

export interface Bind extends Spanned {
  readonly name: Name;
  readonly value: Formula;
}

/** Arithmetic as written; redundant parentheses are not kept, but the span of what stood between them includes them. */
export type Formula =
  | (Spanned & { readonly kind: "number"; readonly value: number; readonly text: string })
  | (Spanned & { readonly kind: "name"; readonly text: string })
  | (Spanned & { readonly kind: "call"; readonly name: Name; readonly args: readonly Formula[] })
  | (Spanned & { readonly kind: "negate"; readonly operand: Formula })
  | (Spanned & {
      readonly kind: "binary";
      readonly operator: "+" | "-" | "*" | "/" | "^";
      readonly operatorSpan: Span;
      readonly left: Formula;
      readonly right: Formula;
    });
