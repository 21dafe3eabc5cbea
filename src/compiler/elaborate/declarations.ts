/** @file Collects what a file declares: names once each, none of them built in, every formula checked. */

import type { Report, Span } from "../diagnostics/diagnostic.ts";
import type { ScalarFormula } from "../formula/formula.ts";
import { analyseFormula } from "../formula/formula.ts";
import { prelude } from "../formula/prelude.ts";
import { namedLayers } from "../layers/index.ts";
import type { AugmentDecl, BareNet, File, ImportDecl, LetDecl, Name, NetDecl, SharedDecl, TrainDecl } from "../syntax/ast.ts";

/** A formula by name; without `formula` it had errors or comes from an import, and uses of it say nothing more. */
export interface Declared {
  readonly formula: ScalarFormula | undefined;
  readonly builtIn: boolean;
}

export interface Declarations {
  readonly lets: ReadonlyMap<string, LetDecl>;
  readonly shareds: ReadonlyMap<string, SharedDecl>;
  readonly nets: ReadonlyMap<string, NetDecl>;
  readonly bare: BareNet | undefined;
  /** With the built-in ones, without `free`. */
  readonly families: ReadonlyMap<string, Declared>;
  /** With the built-in ones, without `leaky` and `softmax`. */
  readonly activations: ReadonlyMap<string, Declared>;
  /** Imported, or declared with errors: a use says nothing more, and gives a value that nothing is known of. */
  readonly opaque: ReadonlySet<string>;
  readonly imports: readonly ImportDecl[];
  readonly train: TrainDecl | undefined;
  readonly augment: AugmentDecl | undefined;
}

const reserved = ["export", "fn", "if", "match", "type", "use"];

/** The words that say which form of a layer is meant. */
export const formWords: readonly string[] = [...new Set(namedLayers.flatMap((row) => row.words.split(" ").slice(1)))];

/** The words that open a layer, without the activations that are formulas. */
export const layerWords: readonly string[] = [...new Set(namedLayers.map((row) => row.words.split(" ")[0]))];

/** Reports S0204, S0208, S0213, S0604 and all that is wrong with a formula on its own. */
export function collectDeclarations(file: File, report: Report): Declarations {
  const lets = new Map<string, LetDecl>();
  const shareds = new Map<string, SharedDecl>();
  const nets = new Map<string, NetDecl>();
  const families = new Map<string, Declared>();
  const activations = new Map<string, Declared>();
  const opaque = new Set<string>();
  const imports: ImportDecl[] = [];
  let bare: BareNet | undefined;
  let train: TrainDecl | undefined;
  let augment: AugmentDecl | undefined;
  const { filters, activations: builtInActivations } = prelude();
  for (const [name, formula] of filters) families.set(name, { formula, builtIn: true });
  for (const [name, formula] of builtInActivations) activations.set(name, { formula, builtIn: true });
  const layerTable = new NameTable("layer", [...layerWords, ...builtInActivations.keys()], report);
  const familyTable = new NameTable("filter family", ["free", ...filters.keys()], report);
  const netTable = new NameTable("net", [], report);
  for (const item of file.items) {
    switch (item.kind) {
      case "let":
        if (layerTable.declare(item.name)) {
          if (paramsFit(item, report)) lets.set(item.name.text, item);
          else opaque.add(item.name.text);
        }
        break;
      case "shared":
        if (layerTable.declare(item.name)) shareds.set(item.name.text, item);
        break;
      case "net":
        if (netTable.declare(item.name)) nets.set(item.name.text, item);
        break;
      case "bare":
        bare ??= item;
        break;
      case "filter":
        if (familyTable.declare(item.name)) families.set(item.name.text, { formula: undefined, builtIn: false });
        break;
      case "activation":
        if (layerTable.declare(item.name)) activations.set(item.name.text, { formula: undefined, builtIn: false });
        break;
      case "import":
        imports.push(item);
        checkImport(item, opaque, report);
        break;
      case "train":
        if (train !== undefined) report(secondSection("train", item.span, train.span));
        train ??= item;
        break;
      case "augment":
        if (augment !== undefined) report(secondSection("augment", item.span, augment.span));
        augment ??= item;
        break;
    }
  }
  for (const item of file.items) {
    if (item.kind !== "filter" && item.kind !== "activation") continue;
    const table = item.kind === "filter" ? families : activations;
    const entry = table.get(item.name.text);
    const formula = analyseFormula(item, report);
    // Of two declarations of one name the first counts.
    if (entry !== undefined && !entry.builtIn && entry.formula === undefined) table.set(item.name.text, { formula, builtIn: false });
  }
  return { lets, shareds, nets, bare, families, activations, opaque, imports, train, augment };
}

/** The names of one table: each declared once, none built in or reserved. */
class NameTable {
  readonly #kind: string;
  readonly #builtIn: ReadonlySet<string>;
  readonly #declared: Map<string, Name> = new Map();
  readonly #report: Report;

  constructor(kind: string, builtIn: readonly string[], report: Report) {
    this.#kind = kind;
    this.#builtIn = new Set(builtIn);
    this.#report = report;
  }

  declare(name: Name): boolean {
    const { text, span } = name;
    const first = this.#declared.get(text);
    if (first !== undefined) {
      this.#report({
        severity: "error",
        code: "S0204",
        title: `\`${text}\` is declared twice`,
        span,
        label: "again here",
        secondary: [{ span: first.span, text: "first here" }],
        helps: [{ text: "give one of them another name" }],
      });
      return false;
    }
    this.#declared.set(text, name);
    return isFreeName(name, this.#builtIn, this.#kind, this.#report);
  }
}

/** S0208 for a name that the language has already, or keeps for later. */
export function isFreeName({ text, span }: Name, builtIn: ReadonlySet<string>, kind: string, report: Report): boolean {
  const isReserved = reserved.includes(text);
  if (!isReserved && !builtIn.has(text)) return true;
  report({
    severity: "error",
    code: "S0208",
    title: isReserved ? `\`${text}\` is kept for later versions of the language` : `\`${text}\` is a built-in ${kind}`,
    span,
    label: isReserved ? "a reserved word" : "cannot be declared again",
    helps: [{ text: "choose another name" }],
  });
  return false;
}

/** The names that `as` may not give. */
export function layerNames(declarations: Declarations): ReadonlySet<string> {
  const builtIn = [...declarations.activations].flatMap(([name, { builtIn: is }]) => (is ? [name] : []));
  return new Set([...layerWords, ...builtIn]);
}

/** Parameters of a recipe are read where words stand, so they may not be one of those words. */
function paramsFit(decl: LetDecl, report: Report): boolean {
  const words = new Set(["free", ...prelude().filters.keys(), ...formWords, "spatial", "softmax"]);
  const seen = new Map<string, Span>();
  let fit = true;
  for (const param of decl.params ?? []) {
    const first = seen.get(param.name.text);
    if (first !== undefined) {
      fit = false;
      report({
        severity: "error",
        code: "S0204",
        title: `\`${param.name.text}\` is declared twice`,
        span: param.name.span,
        label: "again here",
        secondary: [{ span: first, text: "first here" }],
      });
    } else if (!isFreeName(param.name, words, "word", report)) fit = false;
    seen.set(param.name.text, param.name.span);
  }
  return fit;
}

function checkImport(decl: ImportDecl, opaque: Set<string>, report: Report): void {
  for (const name of decl.names) opaque.add(name.text);
  if (/^\.\.?\//.test(decl.path)) return;
  report({
    severity: "error",
    code: "S0213",
    title: `\`${decl.path}\` is not a relative path`,
    span: decl.span,
    label: "imports are files beside this one",
    helps: [{ text: `start the path with \`./\` or \`../\`: \`"./${decl.path.replace(/^\/+/, "")}"\`` }],
  });
}

function secondSection(word: "train" | "augment", span: Span, first: Span): Parameters<Report>[0] {
  const keyword = (at: Span): Span => ({ start: at.start, end: at.start + word.length });
  return {
    severity: "error",
    code: "S0604",
    title: `a second \`${word}\` in one file`,
    span: keyword(span),
    label: "again here",
    secondary: [{ span: keyword(first), text: "first here" }],
    helps: [{ text: "keep one of them" }],
  };
}
