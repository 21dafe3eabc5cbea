/** @file What one word of the language is: a row with its arguments, options, type rule, parameters and cost. */

import type { Report, Span } from "../diagnostics/diagnostic.ts";
import type { ScalarFormula } from "../formula/formula.ts";
import type { Node } from "../graph/graph.ts";
import type { ParamSpec } from "../network/parameters.ts";
import type { LayerType, Size } from "../network/types.ts";
import type { Option } from "../words/schema.ts";
import type { BuildContext } from "./build-context.ts";

/**
 * What a layer takes, and so which transforms are inserted in front of it (grammar/reference.md#types-and-transforms).
 * `local` is the rule of polymorphic layers: spectra if every input is one, else images; vectors stay.
 */
export type Takes = "image" | "spectrum" | "vector" | "image or vector" | "image or spectrum" | "local" | "local image";

/** What one argument may be. `count` is a positive integer, typed, computed in parentheses or a parameter of a recipe. */
export type ArgumentKind = "family" | "activation" | "count" | "size" | "share";

export interface ArgumentSpec {
  readonly name: string;
  /** For messages: `the number of filters`. */
  readonly what: string;
  readonly kinds: readonly ArgumentKind[];
  /** What a fix writes: `32`. */
  readonly example: string;
  readonly optional?: true;
  /** One or more. */
  readonly repeated?: true;
}

export type ArgumentValue =
  | { readonly kind: "family" | "activation"; readonly text: string; readonly span: Span }
  | { readonly kind: "count"; readonly value: number; readonly span: Span }
  /** `64x64`; an entry is NaN where `?` was typed, which is always an error. */
  | { readonly kind: "size"; readonly dims: readonly number[]; readonly text: string; readonly span: Span }
  /** In percent: 50 for `50%`. */
  | { readonly kind: "share"; readonly percent: number; readonly span: Span };

/** One use of a layer in a program, its arguments and options read but not yet interpreted. */
export interface LayerCall {
  /** The row's words, for messages: `conv spectral`. */
  readonly title: string;
  /** Name and arguments, without the record. */
  readonly head: Span;
  readonly values: ReadonlyMap<string, readonly ArgumentValue[]>;
  /** After defaults. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The field `name: value` as typed; undefined where the default holds. */
  readonly optionSpan: (name: string) => Span | undefined;
  /** The formula behind a family or an activation; undefined for `free`, `leaky`, `softmax` and for one that had errors. */
  readonly formula: (kind: "family" | "activation", name: string) => ScalarFormula | undefined;
  /** True when the formula comes with specc: its spans do not point into the user's text. */
  readonly isBuiltIn: (kind: "family" | "activation", name: string) => boolean;
  readonly report: Report;
}

/** Where the sizes of the network come from. */
export interface InputPlace {
  /** The SIZE of `input`; undefined in a network without one. */
  readonly span: Span | undefined;
  readonly text: string;
  /** `?` was typed: the network works at every size, so nothing may pin it. */
  readonly promised: boolean;
  readonly height: Size;
  readonly width: Size;
}

export interface TypeContext {
  readonly call: LayerCall;
  readonly input: InputPlace;
  /** Adds where in the expansion the layer stands. */
  readonly report: Report;
}

interface NotBuilt {
  /** As in "`norm batch` is not built yet". */
  readonly what: string;
  readonly instead: string;
}

/** A row and what one use of it is given. */
export interface RowUse {
  readonly row: LayerRow;
  /** Arguments and options after defaults, checked; each row knows its own (`match`). */
  readonly settings: unknown;
}

/** The row of a layer whose settings are an `S`. */
export interface LayerDefinition<S> {
  /** `conv spectral`. */
  readonly words: string;
  /** One line for help and `builtins.json`. */
  readonly about: string;
  readonly takes: Takes | ((settings: S) => Takes);
  readonly arguments: readonly ArgumentSpec[];
  readonly options: readonly Option[];
  /** `exactly one`: `residual[..]`; `two or more`: `add[..]`; absent: an ordinary layer. */
  readonly branches?: "exactly one" | "two or more";
  /** Whose parameters its own are counted with; a `head` is a sum over all inputs, whose reach training watches. */
  readonly part: "filter" | "head" | "other";
  /** Draws random numbers in training, from a stream of its own. */
  readonly draws?: true;
  /** The name of the function that it applies to a vector: what a loss, a threshold and the scores depend on where it comes last. */
  readonly activation?: (settings: S) => string;
  /** Entry i of what it makes of a vector belongs to entry i of the vector: both are numbered alike. */
  readonly keepsOrder?: true;
  /** The axes of its tensors that other programs have, too: O outputs, I inputs, H rows, W columns of a kernel. */
  readonly axes?: Readonly<Record<string, "OIHW" | "OI">>;
  /** What is easy to overlook: options that change the meaning without changing the shape. */
  readonly remarks?: (settings: S) => readonly string[];
  /** Undefined: the arguments do not fit, which was reported. */
  readonly settings: (call: LayerCall) => S | undefined;
  /** Undefined: the layer does not fit its inputs, which was reported. Inputs already have the domain that `takes` asks for. */
  readonly type: (inputs: readonly LayerType[], settings: S, context: TypeContext) => LayerType | undefined;
  readonly params: (inputs: readonly LayerType[], settings: S) => readonly ParamSpec[];
  /** For one image, forward: an addition or a multiplication is one; NaN while a size is open. */
  readonly flops: (inputs: readonly LayerType[], output: LayerType, settings: S) => number;
  /** Graph nodes of the layer; absent in words that come later. */
  readonly build?: (context: BuildContext, settings: S, inputs: readonly Node[]) => Node;
  /** Words and options of the language that come later: what is missing, and what works now. */
  readonly notBuilt?: (settings: S) => NotBuilt | undefined;
  /** A layer that follows at once, as part of this one: the activation in `dense tanh 2`. */
  readonly then?: (settings: S) => (RowUse & { readonly title: string }) | undefined;
}

/** A row with its settings' type hidden, as tables and networks hold it. */
export type LayerRow = LayerDefinition<unknown>;

/** The one place that forgets the settings' type: a row is only used with settings that it made, or that `use` checked. */
export interface TypedLayer<S> extends LayerRow {
  readonly use: (settings: S) => RowUse;
  /** The settings where `use` is of this row. */
  readonly match: (use: RowUse) => S | undefined;
}

export function defineLayer<S>(definition: LayerDefinition<S>): TypedLayer<S> {
  const row: TypedLayer<S> = {
    ...(definition as unknown as LayerRow),
    use: (settings) => ({ row, settings }),
    match: (use) => (use.row === row ? (use.settings as S) : undefined),
  };
  return row;
}

/** Of a layer that is the same wherever it stands. */
export type NoSettings = Readonly<Record<string, never>>;

/** The counts given for an argument, in order. */
export function counts(call: LayerCall, name: string): readonly number[] {
  return (call.values.get(name) ?? []).flatMap((value) => (value.kind === "count" ? [value.value] : []));
}

/** The count given for a required argument; NaN inside a recipe whose parameter is not known yet. */
export function count(call: LayerCall, name: string): number {
  return counts(call, name)[0] ?? Number.NaN;
}

export function argument(call: LayerCall, name: string): ArgumentValue | undefined {
  return call.values.get(name)?.[0];
}

/** The place of an argument, or of the whole layer. */
export function argumentSpan(call: LayerCall, name: string): Span {
  return argument(call, name)?.span ?? call.head;
}

/** A trained tensor without constraint. */
export function freeParam(name: string, shape: readonly number[], start: ParamSpec["start"], decayed: boolean): ParamSpec {
  return { name, shape, start, constraint: { kind: "free" }, trained: true, decayed };
}

/** Starts at zero, never decayed. */
export function biasParam(length: number): ParamSpec {
  return freeParam("bias", [length], { kind: "constant", value: 0 }, false);
}

/** The factor that `init: calibrated` measures on the first batch (docs/numerics.md#calibration). */
export function scaleParam(): ParamSpec {
  return { name: "scale", shape: [1], start: { kind: "constant", value: 1 }, constraint: { kind: "free" }, trained: false, decayed: false };
}

/** Glorot's uniform start. */
export function glorot(fanIn: number, fanOut: number): ParamSpec["start"] {
  const limit = Math.sqrt(6 / (fanIn + fanOut));
  return { kind: "uniform", low: -limit, high: limit };
}
