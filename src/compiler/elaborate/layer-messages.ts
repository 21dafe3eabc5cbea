/** @file What is said about a layer's words: unknown ones (S0201), missing forms (S0203), forms that do not exist (S0401). */

import type { Diagnostic, Help, Span } from "../diagnostics/diagnostic.ts";
import { suggest } from "../diagnostics/diagnostic.ts";
import { layers } from "../layers/index.ts";
import type { LayerRow, Takes } from "../layers/row.ts";
import type { Layer } from "../syntax/ast.ts";
import { augmentations } from "../words/augment.ts";
import { losses } from "../words/losses.ts";
import { optimizers } from "../words/optimizers.ts";
import { schedules } from "../words/train.ts";
import type { Declarations } from "./declarations.ts";
import { layerWords } from "./declarations.ts";

/** What a word is, if it is anything: "`adam` is an optimizer, not a layer". */
export function elsewhere(word: string, wanted: string, declarations: Declarations): string | undefined {
  const kinds: readonly (readonly [string, boolean])[] = [
    ["a filter family", word === "free" || declarations.families.has(word)],
    ["an activation", word === "softmax" || word === "leaky" || declarations.activations.has(word)],
    ["a recipe", declarations.lets.has(word)],
    ["a shared layer", declarations.shareds.has(word)],
    ["a layer", layerWords.includes(word)],
    ["a network", declarations.nets.has(word)],
    ["an optimizer", optimizers.some((row) => row.name === word)],
    ["a loss", losses.some((row) => row.name === word)],
    ["a schedule", schedules.some((row) => row.name === word)],
    ["an augmentation", augmentations.some((row) => row.name === word)],
  ];
  const kind = kinds.find(([name, is]) => is && !name.endsWith(` ${wanted}`))?.[0];
  return kind === undefined ? undefined : `\`${word}\` is ${kind}, not ${/^[aeiou]/.test(wanted) ? "an" : "a"} ${wanted}`;
}

/** S0201. */
export function unknownLayer(layer: Layer, values: ReadonlySet<string>, declarations: Declarations): Diagnostic {
  const { text, span } = layer.name;
  const candidates = [
    ...layerWords,
    ...declarations.activations.keys(),
    ...declarations.lets.keys(),
    ...declarations.shareds.keys(),
    ...values,
  ];
  const close = suggest(text, candidates);
  const other = elsewhere(text, "layer", declarations);
  const helps: Help[] = [];
  if (text === "free" || declarations.families.has(text))
    helps.push({ text: `did you mean \`conv spectral ${text}\`?`, edits: [{ span, text: `conv spectral ${text}` }] });
  else if (close !== undefined) helps.push({ text: `did you mean \`${close}\`?`, edits: [{ span, text: close }] });
  return {
    severity: "error",
    code: "S0201",
    title: other ?? `no layer named \`${text}\``,
    span,
    label: "not a layer, and not declared in this file",
    helps,
  };
}

/** The second words of a layer without a bare form. */
function formsOf(name: string): readonly string[] {
  return [...new Set(layers.flatMap((row) => (row.words.startsWith(`${name} `) ? [row.words.split(" ")[1] ?? ""] : [])))];
}

function listed(words: readonly string[]): string {
  const quoted = words.map((word) => `\`${word}\``);
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}`;
}

/** S0203: `conv`, `pool` and `norm` have no bare form. */
export function missingForm(layer: Layer, declarations: Declarations): Diagnostic {
  const name = layer.name.text;
  const forms = formsOf(name);
  const first = layer.atoms[0];
  const last = layer.atoms.at(-1);
  const base = { severity: "error", code: "S0203", title: `\`${name}\` needs ${listed(forms)} first` } as const;
  if (first === undefined || last === undefined) {
    const helps = forms.length > 2 ? [] : [{ text: `write \`${name} ${forms[0]}\`` }];
    return { ...base, span: layer.name.span, label: "which one is not said", helps };
  }
  const span: Span = { start: first.span.start, end: last.span.end };
  const meant =
    name !== "conv"
      ? undefined
      : first.kind === "word" && (first.text === "free" || declarations.families.has(first.text))
        ? { form: "spectral", why: "a spectral family" }
        : first.kind === "size"
          ? { form: "spatial", why: "a kernel size" }
          : undefined;
  if (meant !== undefined) {
    const edits = [{ span: { start: span.start, end: span.start }, text: `${meant.form} ` }];
    return {
      ...base,
      span: first.span,
      label: `${meant.why}, so \`${meant.form}\` belongs before it`,
      helps: [{ text: "say where the filter lives", edits }],
    };
  }
  const close = first.kind === "word" ? suggest(first.text, forms) : undefined;
  return {
    ...base,
    span: first.kind === "word" ? first.span : span,
    label: first.kind === "word" ? `not one of ${listed(forms)}` : "which one is not said",
    helps: close === undefined ? [] : [{ text: `did you mean \`${close}\`?`, edits: [{ span: first.span, text: close }] }],
  };
}

const takesTexts: Readonly<Record<Takes, string>> = {
  image: "the image",
  spectrum: "the spectrum",
  vector: "a vector",
  "image or vector": "images and vectors",
  "image or spectrum": "images and spectra alike",
  local: "images and spectra alike",
  "local image": "images and vectors",
};

/** S0401: `softmax spectral`, `relu spatial`, `elu modulus`. */
export function noSuchForm(title: string, word: { readonly text: string; readonly span: Span }, row: LayerRow): Diagnostic {
  const takes = typeof row.takes === "string" ? takesTexts[row.takes] : "images and spectra";
  const notes = word.text === "modulus" ? ["`relu modulus` alone acts on magnitudes"] : [];
  const remove = { span: { start: word.span.start - 1, end: word.span.end }, text: "" };
  return {
    severity: "error",
    code: "S0401",
    title: `there is no \`${title} ${word.text}\``,
    span: word.span,
    label: `\`${title}\` acts on ${takes}`,
    notes,
    helps: [{ text: `write \`${title}\`; transforms are inserted where they are needed`, edits: [remove] }],
  };
}
