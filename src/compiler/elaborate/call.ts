/** @file From a layer as written to its row, with its arguments and options read: the names of one stage (stage 4). */

import type { Report, Span } from "../diagnostics/diagnostic.ts";
import { activation, activationSpectral, leaky, leakySpectral, reluModulus } from "../layers/activation.ts";
import { namedLayers } from "../layers/index.ts";
import type { ArgumentValue, LayerCall, LayerRow, RowUse } from "../layers/row.ts";
import type { Atom, Layer } from "../syntax/ast.ts";
import { readOptions } from "../words/schema.ts";
import type { Scope } from "./arguments.ts";
import { bindArguments } from "./arguments.ts";
import type { Declarations, Declared } from "./declarations.ts";
import { formWords } from "./declarations.ts";
import { missingForm, noSuchForm, unknownLayer } from "./layer-messages.ts";

export interface BoundLayer extends RowUse {
  readonly call: LayerCall;
  /** `conv spectral gaussian 32`. */
  readonly title: string;
  /** The first word, or the activation's name: what paths count. */
  readonly kind: string;
}

/** Undefined: reported (S0201 to S0203, S0205, S0206, S0210, S0401, ...), or a use of something that has errors itself. */
export function bindLayer(layer: Layer, scope: Scope, declarations: Declarations, report: Report): BoundLayer | undefined {
  const found = rowOf(layer, scope, declarations, report);
  if (found === undefined) return undefined;
  const { row, words } = found;
  const title = words.join(" ");
  const atoms = layer.atoms.slice(words.length - 1);
  const { report: watched, failed } = watch(report);
  checkBranches(layer, row, title, watched);
  const values = bindArguments(layer, atoms, row, title, scope, declarations, watched);
  const options = readOptions(layer.record, row.options, title, "option", { report: watched, numbers: scope.numbers });
  if (failed() || values === undefined) return undefined;
  const call: LayerCall = {
    title,
    head: layer.headSpan,
    values,
    options: options.values,
    optionSpan: (name) => options.spans.get(name),
    formula: (kind, name) => declared(declarations, kind, name)?.formula,
    isBuiltIn: (kind, name) => declared(declarations, kind, name)?.builtIn === true,
    report: watched,
  };
  const settings = row.settings(call);
  if (settings === undefined || failed()) return undefined;
  return { row, settings, call, title: [title, ...[...values.values()].flat().map(printArgument)].join(" "), kind: layer.name.text };
}

function declared(declarations: Declarations, kind: "family" | "activation", name: string): Declared | undefined {
  return (kind === "family" ? declarations.families : declarations.activations).get(name);
}

/** A report that remembers whether an error passed through. */
export function watch(report: Report): { readonly report: Report; readonly failed: () => boolean } {
  let failed = false;
  return {
    report: (diagnostic) => {
      if (diagnostic.severity === "error") failed = true;
      report(diagnostic);
    },
    failed: () => failed,
  };
}

function printArgument(value: ArgumentValue): string {
  switch (value.kind) {
    case "count":
      return Number.isNaN(value.value) ? "?" : String(value.value);
    case "share":
      return `${value.percent}%`;
    default:
      return value.text;
  }
}

interface FoundRow {
  readonly row: LayerRow;
  /** The words that name the row, as typed. */
  readonly words: readonly string[];
}

function rowOf(layer: Layer, scope: Scope, declarations: Declarations, report: Report): FoundRow | undefined {
  const name = layer.name.text;
  const following = leadingWords(layer.atoms, scope);
  const found = isActivation(name, declarations) ? activationRow(name, following[0]) : longestRow(name, following);
  if (found === undefined) {
    if (namedLayers.some((row) => row.words.split(" ")[0] === name)) report(missingForm(layer, declarations));
    else if (!declarations.opaque.has(name)) report(unknownLayer(layer, scope.values, declarations));
    return undefined;
  }
  const next = following[found.words.length - 1];
  if (next !== undefined && (next.text === "spatial" || formWords.includes(next.text))) {
    report(noSuchForm(found.words.join(" "), next, found.row));
    return undefined;
  }
  return found;
}

function isActivation(name: string, declarations: Declarations): boolean {
  return name === "leaky" || declarations.activations.has(name);
}

function activationRow(name: string, next: { readonly text: string } | undefined): FoundRow {
  if (next?.text === "spectral") return { row: name === "leaky" ? leakySpectral : activationSpectral, words: [name, "spectral"] };
  if (name === "relu" && next?.text === "modulus") return { row: reluModulus, words: [name, "modulus"] };
  return { row: name === "leaky" ? leaky : activation, words: [name] };
}

/** The row whose words match the most of what was typed. */
function longestRow(name: string, following: readonly { readonly text: string }[]): FoundRow | undefined {
  let best: FoundRow | undefined;
  for (const row of namedLayers) {
    const words = row.words.split(" ");
    const matches = words.every((word, index) => word === (index === 0 ? name : following[index - 1]?.text));
    if (matches && words.length > (best?.words.length ?? 0)) best = { row, words };
  }
  return best;
}

function leadingWords(atoms: readonly Atom[], scope: Scope): readonly { readonly text: string; readonly span: Span }[] {
  const words: { readonly text: string; readonly span: Span }[] = [];
  for (const atom of atoms) {
    if (atom.kind !== "word" || scope.numbers.has(atom.text)) break;
    words.push(atom);
  }
  return words;
}

function checkBranches(layer: Layer, row: LayerRow, title: string, report: Report): void {
  const { branches } = layer;
  const wanted = row.branches;
  if (branches === undefined && wanted === undefined) return;
  if (branches !== undefined && wanted === undefined) {
    report({
      severity: "error",
      code: "S0205",
      title: `\`${title}\` takes no branches`,
      span: layer.name.span,
      label: "followed by `[`",
      notes: ["branch lists belong to `add`, `concat`, `mul` and `residual`"],
    });
    return;
  }
  const count = branches?.length ?? 0;
  if (wanted === "exactly one" ? count === 1 : count >= 2) return;
  const close = wanted === "exactly one" ? `\`${title}[...]\`` : `\`${title}[a | b]\``;
  report({
    severity: "error",
    code: "S0205",
    title:
      `\`${title}\` takes ${wanted === "exactly one" ? "one branch" : "two or more branches"} ` +
      `and gets ${count === 0 ? "none" : count}`,
    span: layer.name.span,
    label: count === 0 ? "no `[` follows" : `${count} ${count === 1 ? "branch" : "branches"}`,
    helps: [
      {
        text:
          wanted === "exactly one" && count > 1
            ? "merge the branches first: `residual[add[a | b]]`"
            : `write ${close}; \`id\` is the input itself`,
      },
    ],
  });
}
