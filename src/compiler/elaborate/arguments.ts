/** @file Reads the words and numbers of a layer against the arguments of its row. */

import type { Diagnostic, Report, Span } from "../diagnostics/diagnostic.ts";
import { suggest } from "../diagnostics/diagnostic.ts";
import { evaluateConstant } from "../formula/formula.ts";
import type { ArgumentKind, ArgumentSpec, ArgumentValue, LayerRow } from "../layers/row.ts";
import type { Atom, Layer } from "../syntax/ast.ts";
import type { Declarations } from "./declarations.ts";
import { elsewhere } from "./layer-messages.ts";

/** What stands around a layer. */
export interface Scope {
  /** The parameters of the recipe. NaN: not known yet. */
  readonly numbers: ReadonlyMap<string, number>;
  /** Names that `as` gave, of this network or recipe, for did-you-mean. */
  readonly values: ReadonlySet<string>;
}

type Values = ReadonlyMap<string, readonly ArgumentValue[]>;

/** An atom before it is known which argument it is. `number` has any value; NaN is not known yet. */
type Loose =
  | { readonly kind: "word"; readonly text: string; readonly span: Span }
  | { readonly kind: "number"; readonly value: number; readonly text: string; readonly span: Span }
  | { readonly kind: "share"; readonly percent: number; readonly text: string; readonly span: Span }
  | { readonly kind: "size"; readonly dims: readonly (number | "?")[]; readonly text: string; readonly span: Span }
  | { readonly kind: "other"; readonly text: string; readonly span: Span };

/** Undefined: reported (S0202, S0205, and what is wrong with a computed number). */
export function bindArguments(
  layer: Layer,
  atoms: readonly Atom[],
  row: LayerRow,
  title: string,
  scope: Scope,
  declarations: Declarations,
  report: Report,
): Values | undefined {
  const loose: Loose[] = [];
  for (const atom of atoms) {
    const read = readAtom(atom, scope, report);
    if (read === undefined) return undefined;
    loose.push(...read);
  }
  const values = new Map<string, readonly ArgumentValue[]>();
  let next = 0;
  for (const spec of row.arguments) {
    const taken: ArgumentValue[] = [];
    while (next < loose.length && (taken.length === 0 || spec.repeated === true)) {
      const atom = loose[next];
      // An optional word is there only if a word is there.
      if (spec.optional === true && atom.kind !== "word") break;
      const value = readArgument(atom, spec, title, declarations, report);
      if (value === undefined) return undefined;
      taken.push(value);
      next++;
    }
    if (taken.length === 0 && spec.optional !== true) {
      report(missingArgument(layer, title, spec, row, loose));
      return undefined;
    }
    if (taken.length > 0) values.set(spec.name, taken);
  }
  const extra = loose[next];
  if (extra !== undefined) {
    report(oneTooMany(extra, title, row, loose.length));
    return undefined;
  }
  return values;
}

function readAtom(atom: Atom, scope: Scope, report: Report): readonly Loose[] | undefined {
  const { span } = atom;
  switch (atom.kind) {
    case "word": {
      const value = scope.numbers.get(atom.text);
      return [value === undefined ? atom : { kind: "number", value, text: atom.text, span }];
    }
    case "amount": {
      const { from, to } = atom;
      const text = to === undefined ? from.text : `${from.text}..${to.text}`;
      if (to !== undefined) return [{ kind: "other", text, span }];
      if (Number.isNaN(from.value) || from.unit === undefined) return [{ kind: "number", value: from.value, text, span }];
      return [from.unit === "%" ? { kind: "share", percent: from.value, text, span } : { kind: "other", text, span }];
    }
    case "size":
      return [{ kind: "size", dims: atom.dims, text: atom.text, span }];
    case "args": {
      const numbers: Loose[] = [];
      for (const formula of atom.args) {
        const value = evaluateConstant(formula, scope.numbers, report);
        if (value === undefined) return undefined;
        numbers.push({ kind: "number", value, text: String(value), span: formula.span });
      }
      return numbers;
    }
  }
}

function readArgument(
  atom: Loose,
  spec: ArgumentSpec,
  title: string,
  declarations: Declarations,
  report: Report,
): ArgumentValue | undefined {
  const { kinds } = spec;
  const { span } = atom;
  const wrong = (label: string): undefined => {
    report({
      severity: "error",
      code: "S0205",
      title: `\`${atom.text}\` is not ${spec.what} of \`${title}\``,
      span,
      label,
      helps: [{ text: `for example \`${title} ${exampleAfter(spec, title)}\`` }],
    });
    return undefined;
  };
  switch (atom.kind) {
    case "word":
      if (kinds.includes("family")) return fitFamily(atom, declarations, report);
      if (kinds.includes("activation")) return fitActivation(atom, declarations, report);
      return wrong(`expected ${expected(kinds)}${kinds.includes("count") ? ", and no such parameter is here" : ""}`);
    case "number":
      if (!kinds.includes("count")) return wrong(`expected ${expected(kinds)}`);
      if (Number.isNaN(atom.value) || (Number.isSafeInteger(atom.value) && atom.value > 0))
        return { kind: "count", value: atom.value, span };
      if (!Number.isInteger(atom.value)) return wrong(`${atom.value} is not a whole number`);
      return wrong(atom.value > 0 ? `${atom.value} is too large` : `${atom.value} is not positive`);
    case "share":
      if (!kinds.includes("share")) return wrong(`expected ${expected(kinds)}`);
      return atom.percent > 0 || spec.name === "share" ? { kind: "share", percent: atom.percent, span } : wrong("nothing would be left");
    case "size": {
      if (!kinds.includes("size")) return wrong(`expected ${expected(kinds)}`);
      // A malformed size, which the lexer reported.
      if (atom.dims.length < 2) return undefined;
      const dims = atom.dims.map((dim) => (dim === "?" ? Number.NaN : dim));
      if (atom.dims.includes("?")) return wrong("`?` stands in `input` alone");
      return dims.every((dim) => dim > 0) ? { kind: "size", dims, text: atom.text, span } : wrong("a size of 0");
    }
    case "other":
      return wrong(`expected ${expected(kinds)}`);
  }
}

function exampleAfter(spec: ArgumentSpec, title: string): string {
  return title === "conv spatial" ? "3x3 32" : title === "conv spectral" ? "gaussian 32" : spec.example;
}

const kindTexts: Readonly<Record<ArgumentKind, string>> = {
  family: "a filter family",
  activation: "an activation",
  count: "a positive whole number",
  size: "a size such as `32x32`",
  share: "a share such as `50%`",
};

function expected(kinds: readonly ArgumentKind[]): string {
  const texts = kinds.map((kind) => kindTexts[kind]);
  return texts.length < 2 ? (texts[0] ?? "nothing") : `${texts.slice(0, -1).join(", ")} or ${texts.at(-1)}`;
}

function fitFamily(
  { text, span }: Loose & { readonly kind: "word" },
  declarations: Declarations,
  report: Report,
): ArgumentValue | undefined {
  if (text === "free" || declarations.families.has(text) || declarations.opaque.has(text)) return { kind: "family", text, span };
  const names = ["free", ...declarations.families.keys()].sort();
  const close = suggest(text, names);
  const other = close === undefined ? elsewhere(text, "filter family", declarations) : undefined;
  report({
    severity: "error",
    code: "S0202",
    title: other ?? `no filter family named \`${text}\``,
    span,
    label: "not a built-in family and not a `filter` in this file",
    notes: [`families: ${names.join(", ")}`],
    helps: close === undefined ? [] : [{ text: `did you mean \`${close}\`?`, edits: [{ span, text: close }] }],
  });
  return undefined;
}

function fitActivation(
  { text, span }: Loose & { readonly kind: "word" },
  declarations: Declarations,
  report: Report,
): ArgumentValue | undefined {
  const { activations, opaque } = declarations;
  if (text === "softmax" || text === "leaky" || activations.has(text) || opaque.has(text)) return { kind: "activation", text, span };
  const names = ["softmax", "leaky", ...activations.keys()].sort();
  const close = suggest(text, names);
  const other = close === undefined ? elsewhere(text, "activation", declarations) : undefined;
  report({
    severity: "error",
    code: "S0201",
    title: other ?? `no activation named \`${text}\``,
    span,
    label: "not a built-in activation and not an `activation` in this file",
    notes: [`activations: ${names.join(", ")}`],
    helps: close === undefined ? [] : [{ text: `did you mean \`${close}\`?`, edits: [{ span, text: close }] }],
  });
  return undefined;
}

function missingArgument(layer: Layer, title: string, spec: ArgumentSpec, row: LayerRow, given: readonly Loose[]): Diagnostic {
  const end = { start: layer.headSpan.end, end: layer.headSpan.end };
  const missing = row.arguments.slice(row.arguments.indexOf(spec)).filter((entry) => entry.optional !== true);
  const words = missing.map((entry) => entry.example).join(" ");
  const typed = [title, ...given.map((atom) => atom.text)].join(" ");
  return {
    severity: "error",
    code: "S0205",
    title: `\`${typed}\` needs ${missing.map((entry) => entry.what).join(" and ")}`,
    span: layer.headSpan,
    label: `${missing.length === 1 ? "one argument is" : "arguments are"} missing`,
    helps: [{ text: `for example \`${typed} ${words}\``, edits: [{ span: end, text: ` ${words}` }] }],
  };
}

function oneTooMany(extra: Loose, title: string, row: LayerRow, count: number): Diagnostic {
  const most = row.arguments.length;
  return {
    severity: "error",
    code: "S0205",
    title:
      most === 0
        ? `\`${title}\` takes no arguments`
        : `\`${title}\` takes ${most} ${most === 1 ? "argument" : "arguments"} and gets ${count}`,
    span: extra.span,
    label: most === 0 ? "not expected here" : "one too many",
    notes: most === 0 ? [] : [`its arguments: ${row.arguments.map((spec) => spec.what).join(", ")}`],
  };
}
