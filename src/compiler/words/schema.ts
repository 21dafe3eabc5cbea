/** @file Options and fields: what a record may hold, how each value is read, and what is said when it does not fit. */

import type { StartRule } from "../../plan/plan.ts";
import type { Diagnostic, Report, Span } from "../diagnostics/diagnostic.ts";
import { suggest } from "../diagnostics/diagnostic.ts";
import { startFromPhrase } from "../formula/formula.ts";
import type { Field, ListValue, Phrase, RangeValue, Record_, Value } from "../syntax/ast.ts";

/** Who reads a value, and what is known there. */
export interface ReadContext {
  readonly report: Report;
  /** Numbers by name: parameters of the recipe around. NaN: not known yet. */
  readonly numbers: ReadonlyMap<string, number>;
}

/** How the values of one option look and are read. */
export interface Form<T> {
  /** For help and `builtins.json`: `zero | wrap`, `a positive integer`. */
  readonly text: string;
  /** The legal words, for did-you-mean; empty for numbers. */
  readonly words: readonly string[];
  /** Undefined: reported. `name` is the option's. */
  readonly read: (value: Value, name: string, context: ReadContext) => T | undefined;
}

export interface Option {
  readonly name: string;
  readonly form: Form<unknown>;
  /** The value in force when the option is not written. */
  readonly fallback: unknown;
  /** The default as a user would write it; empty when there is none to write. */
  readonly shown: string;
}

export function option<T>(name: string, form: Form<T>, fallback: T, shown: string = String(fallback)): Option {
  return { name, form, fallback, shown };
}

/** An option that is `on` or `off`. */
export function toggle(name: string, fallback: boolean): Option {
  return { name, form: onOff, fallback, shown: fallback ? "on" : "off" };
}

/** An option that is one of some words; the first is the default. */
export function choice(name: string, words: readonly string[]): Option {
  return { name, form: oneOf(words), fallback: words[0], shown: words[0] ?? "" };
}

function oneOf(words: readonly string[]): Form<string> {
  return {
    text: words.join(" | "),
    words,
    read: (value, name, { report }) => {
      const word = bareWord(value);
      if (word !== undefined && words.includes(word)) return word;
      report(wrongValue(value, name, words, words.map((legal) => `\`${legal}\``).join(", ")));
      return undefined;
    },
  };
}

const onOff: Form<boolean> = {
  text: "on | off",
  words: ["on", "off"],
  read: (value, name, context) => {
    const word = oneOf(["on", "off"]).read(value, name, context);
    return word === undefined ? undefined : word === "on";
  },
};

interface NumberRule {
  readonly text: string;
  readonly integer?: true;
  readonly least?: number;
  readonly above?: number;
  readonly below?: number;
  readonly most?: number;
}

export function number(rule: NumberRule): Form<number> {
  const fits = (value: number): boolean =>
    (rule.integer === undefined || Number.isInteger(value)) &&
    (rule.least === undefined || value >= rule.least) &&
    (rule.above === undefined || value > rule.above) &&
    (rule.below === undefined || value < rule.below) &&
    (rule.most === undefined || value <= rule.most) &&
    Number.isFinite(value);
  return {
    text: rule.text,
    words: [],
    read: (value, name, context) => {
      const found = plainNumber(value, context);
      // NaN: a malformed token that was reported, or a parameter that is not known yet.
      if (found !== undefined && (Number.isNaN(found) || fits(found))) return found;
      context.report(wrongValue(value, name, [], rule.text));
      return undefined;
    },
  };
}

export const positiveInteger: Form<number> = number({ text: "a positive integer", integer: true, least: 1 });
export const positiveNumber: Form<number> = number({ text: "a positive number", above: 0 });
export const numberFromZero: Form<number> = number({ text: "a number that is not negative", least: 0 });
/** The rates of moving averages. */
export const rate: Form<number> = number({ text: "a number from 0 up to but not including 1", least: 0, below: 1 });

/** `0..1`. */
export const interval: Form<readonly [number, number]> = {
  text: "lo..hi",
  words: [],
  read: (value, name, { report }) => {
    if (value.kind === "range" && value.to !== undefined && value.from.unit === undefined && value.to.unit === undefined) {
      const [low, high] = [value.from.value, value.to.value];
      if (!(low >= high)) return [low, high];
    }
    report(wrongValue(value, name, [], "a range, the smaller number first, such as `0..1`"));
    return undefined;
  },
};

export function listOf<T>(entry: Form<T>): Form<readonly T[]> {
  return {
    text: `[${entry.text}, ...]`,
    words: [],
    read: (value, name, context) => {
      if (value.kind !== "list" || value.items.length === 0) {
        context.report(wrongValue(value, name, [], "a list in brackets, such as `[90, 190]`"));
        return undefined;
      }
      const entries = value.items.map((item) => entry.read(item, name, context));
      return entries.every((item) => item !== undefined) ? (entries as T[]) : undefined;
    },
  };
}

/** How the weights of a layer start. `fan` is the layer's own (docs/numerics.md#starts). */
export type InitRule =
  | { readonly kind: "default" }
  | { readonly kind: "glorot" }
  | { readonly kind: "calibrated" }
  | { readonly kind: "drawn"; readonly start: (fan: number) => StartRule };

const distributions = ["normal", "uniform", "loguniform"];

/** `glorot`, `calibrated` or a distribution. */
export function init(words: readonly ("glorot" | "calibrated")[]): Form<InitRule> {
  return {
    text: [...words, "normal(mean, sd)", "uniform(low, high)", "loguniform(low, high)"].join(" | "),
    words: [...words, ...distributions],
    read: (value, name, { report }) => {
      const word = bareWord(value);
      if (word === "glorot" || word === "calibrated") {
        if (words.includes(word)) return { kind: word };
      } else if (value.kind === "phrase" && distributions.includes(value.name.text)) {
        const start = startFromPhrase(value, report);
        return start === undefined ? undefined : { kind: "drawn", start };
      }
      report(
        wrongValue(
          value,
          name,
          [...words, ...distributions],
          [...words.map((legal) => `\`${legal}\``), "a distribution such as `normal(0, 0.1)`"].join(", "),
        ),
      );
      return undefined;
    },
  };
}

/** A word with nothing after it. */
export function bareWord(value: Value): string | undefined {
  return value.kind === "phrase" && value.atoms.length === 0 && value.record === undefined ? value.name.text : undefined;
}

/** A number without unit, or the name of a recipe's parameter. */
function plainNumber(value: Value, context: ReadContext): number | undefined {
  if (value.kind === "range" && value.to === undefined && value.from.unit === undefined) return value.from.value;
  const word = bareWord(value);
  return word === undefined ? undefined : context.numbers.get(word);
}

/** S0210: the option exists and its value does not fit. */
export function wrongValue(value: Value, name: string, words: readonly string[], expected: string): Diagnostic {
  const typed = valueText(value);
  const close = typed === undefined ? undefined : suggest(typed, words);
  return {
    severity: "error",
    code: "S0210",
    title: typed === undefined ? `this is not a value of \`${name}\`` : `\`${typed}\` is not a value of \`${name}\``,
    span: value.span,
    label: `expected ${expected}`,
    helps: close === undefined ? [] : [{ text: `did you mean \`${close}\`?`, edits: [{ span: value.span, text: close }] }],
  };
}

/** The value as typed, where it is short. */
function valueText(value: ListValue | RangeValue | Value): string | undefined {
  switch (value.kind) {
    case "phrase":
      return value.atoms.length === 0 && value.record === undefined ? value.name.text : undefined;
    case "range":
      return value.to === undefined ? value.from.text : `${value.from.text}..${value.to.text}`;
    case "size":
      return value.text;
    default:
      return undefined;
  }
}

/** Values after defaults, and where each one was written. */
export interface ReadOptions {
  readonly values: Readonly<Record<string, unknown>>;
  readonly spans: ReadonlyMap<string, Span>;
  readonly fine: boolean;
}

/**
 * Reads a record against its options. Reports S0206 for unknown names, S0204 for a name written twice, S0210 for values.
 * `owner` is as in "`conv spectral` has no option `channel`"; `noun` is `option` or `field`.
 */
export function readOptions(
  record: Record_ | undefined,
  options: readonly Option[],
  owner: string,
  noun: "option" | "field",
  context: ReadContext,
): ReadOptions {
  const values: Record<string, unknown> = {};
  const spans = new Map<string, Span>();
  let fine = true;
  for (const entry of options) values[entry.name] = entry.fallback;
  for (const field of record?.fields ?? []) {
    const name = field.name.text;
    // Keys for other tools are carried and ignored.
    if (name.startsWith("x_")) continue;
    const entry = options.find((candidate) => candidate.name === name);
    const first = spans.get(name);
    if (entry === undefined) {
      context.report(unknownOption(field, options, owner, noun));
      fine = false;
      continue;
    }
    if (first !== undefined) {
      context.report(writtenTwice(field, first, noun));
      fine = false;
      continue;
    }
    spans.set(name, field.span);
    const value = entry.form.read(field.value, name, context);
    if (value === undefined) fine = false;
    else values[name] = value;
  }
  return { values, spans, fine };
}

function unknownOption(field: Field, options: readonly Option[], owner: string, noun: "option" | "field"): Diagnostic {
  const names = options.map((entry) => entry.name).sort();
  const close = suggest(field.name.text, names);
  return {
    severity: "error",
    code: "S0206",
    title: `\`${owner}\` has no ${noun} \`${field.name.text}\``,
    span: field.name.span,
    label: `unknown ${noun}`,
    notes: [names.length === 0 ? `\`${owner}\` takes no ${noun}s` : `${noun}s here: ${names.join(", ")}`],
    helps: close === undefined ? [] : [{ text: `did you mean \`${close}\`?`, edits: [{ span: field.name.span, text: close }] }],
  };
}

function writtenTwice(field: Field, first: Span, noun: "option" | "field"): Diagnostic {
  return {
    severity: "error",
    code: "S0204",
    title: `the ${noun} \`${field.name.text}\` is written twice`,
    span: field.name.span,
    label: "again here",
    secondary: [{ span: first, text: "first here" }],
    helps: [{ text: "keep one of them" }],
  };
}

/** A phrase with options of its own: `adam { lr: 0.1 }`. Undefined: reported. */
export function readVariant<R extends { readonly name: string; readonly options: readonly Option[] }>(
  value: Value,
  name: string,
  rows: readonly R[],
  context: ReadContext,
): { readonly row: R; readonly read: ReadOptions; readonly phrase: Phrase } | undefined {
  const words = rows.map((row) => row.name);
  const row = value.kind === "phrase" ? rows.find((candidate) => candidate.name === value.name.text) : undefined;
  if (value.kind !== "phrase" || row === undefined) {
    context.report(
      wrongValue(
        value.kind === "phrase" ? { ...value, atoms: [], record: undefined, span: value.name.span } : value,
        name,
        words,
        words.map((word) => `\`${word}\``).join(", "),
      ),
    );
    return undefined;
  }
  const extra = value.atoms[0];
  if (extra !== undefined) {
    context.report({
      severity: "error",
      code: "S0205",
      title: `\`${row.name}\` takes no arguments`,
      span: extra.span,
      label: "options stand in braces",
      helps: [{ text: `options of \`${row.name}\`: ${row.options.map((entry) => entry.name).join(", ") || "none"}` }],
    });
    return undefined;
  }
  const read = readOptions(value.record, row.options, row.name, "option", context);
  return read.fine ? { row, read, phrase: value } : undefined;
}
