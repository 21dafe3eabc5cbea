/** @file The table of augmentations (grammar/reference.md#augmentation), and how `augment` is checked and read. */

import type { Augmentation, AugmentStage } from "../../plan/plan.ts";
import type { Report } from "../diagnostics/diagnostic.ts";
import { bug, suggest } from "../diagnostics/diagnostic.ts";
import type { Amount, AugmentDecl, Layer, Quantity, Unit } from "../syntax/ast.ts";
import type { Option } from "./schema.ts";
import { choice, readOptions } from "./schema.ts";

type Measure = "length" | "angle" | "share";

export interface AugmentationRow {
  readonly name: AugmentStage["kind"];
  readonly about: string;
  /** `none`: no argument; `amount`: one number; `range`: two. */
  readonly takes: "none" | "amount" | "range";
  readonly units: readonly Unit[];
  readonly measure: Measure;
  /** Moves pixels; the others change values and come later. */
  readonly moves: boolean;
  readonly imagesOnly: boolean;
  readonly options: readonly Option[];
  /** A word that may follow: `flip vertical`. */
  readonly word?: string;
  readonly example: string;
}

const border: readonly Option[] = [choice("border", ["nearest", "zero", "wrap"])];

/** What values are multiplied by. */
const factor: Omit<AugmentationRow, "name" | "example"> = {
  about: "a factor, uniform in the range",
  takes: "range",
  units: ["%"],
  measure: "share",
  moves: false,
  imagesOnly: true,
  options: [],
};

export const augmentations: readonly AugmentationRow[] = [
  {
    name: "shift",
    about: "along both axes, uniform in +- the amount",
    takes: "amount",
    units: ["px", "%"],
    measure: "length",
    moves: true,
    imagesOnly: false,
    options: border,
    example: "shift 5px",
  },
  {
    name: "rotate",
    about: "uniform in +- the angle",
    takes: "amount",
    units: ["deg", "rad"],
    measure: "angle",
    moves: true,
    imagesOnly: true,
    options: border,
    example: "rotate 5deg",
  },
  {
    name: "zoom",
    about: "enlarges, uniform in the range",
    takes: "range",
    units: ["%"],
    measure: "share",
    moves: true,
    imagesOnly: true,
    options: border,
    example: "zoom 90%..110%",
  },
  {
    name: "crop",
    about: "a window with this share of each side, stretched to the full size",
    takes: "range",
    units: ["%"],
    measure: "share",
    moves: true,
    imagesOnly: false,
    options: [],
    example: "crop 80%..100%",
  },
  {
    name: "flip",
    about: "left-right, or top-bottom with `vertical`, with probability one half",
    takes: "none",
    units: [],
    measure: "share",
    moves: true,
    imagesOnly: true,
    options: [],
    word: "vertical",
    example: "flip",
  },
  { name: "brightness", ...factor, example: "brightness 80%..120%" },
  { name: "contrast", ...factor, example: "contrast 80%..120%" },
  {
    name: "noise",
    about: "adds normal noise, its deviation a share of the range of values",
    takes: "amount",
    units: ["%"],
    measure: "share",
    moves: false,
    imagesOnly: false,
    options: [],
    example: "noise 5%",
  },
];

const measured: Readonly<Record<Unit, string>> = { px: "a length", deg: "an angle", rad: "an angle", cpp: "a frequency", "%": "a share" };
const articles: Readonly<Record<Measure, string>> = { length: "a length", angle: "an angle", share: "a share" };

/** `augment` as the file has it; undefined where something of it is wrong, and that is reported. */
export function readAugment(decl: AugmentDecl, report: Report): Augmentation | undefined {
  let failed = false;
  const border = checkStages(decl, (diagnostic) => {
    if (diagnostic.severity === "error") failed = true;
    report(diagnostic);
  });
  return failed ? undefined : { border, stages: decl.body.stages.flatMap(({ body }) => (body.kind === "layer" ? readStage(body) : [])) };
}

/** The first stage that has a meaning for images alone: no signal can be turned. */
export function imagesOnlyStage(decl: AugmentDecl): Layer | undefined {
  return decl.body.stages
    .flatMap(({ body }) => (body.kind === "layer" ? body : []))
    .find(({ name }) => augmentations.some((row) => row.imagesOnly && row.name === name.text));
}

/** Of a stage that was checked. */
function readStage({ name, atoms: [atom] }: Layer): AugmentStage {
  const kind = (augmentations.find((row) => row.name === name.text) ?? bug(`no augmentation ${name.text}`)).name;
  if (kind === "flip") return { kind, vertical: atom !== undefined };
  const { from, to } = atom?.kind === "amount" ? atom : bug(`${kind} without an amount`);
  switch (kind) {
    case "shift":
      return { kind, most: from.value, unit: from.unit === "%" ? "%" : "px" };
    case "rotate":
      return { kind, mostTurns: from.value / (from.unit === "rad" ? 2 * Math.PI : 360) };
    case "noise":
      return { kind, deviation: from.value / 100 };
    default:
      return { kind, low: from.value / 100, high: (to ?? from).value / 100 };
  }
}

/** As the language would write it. */
export function augmentText({ border, stages }: Augmentation): string {
  const share = (value: number): string => `${Number((100 * value).toPrecision(12))}%`;
  const texts = stages.map((stage): string => {
    switch (stage.kind) {
      case "shift":
        return `shift ${stage.most}${stage.unit}`;
      case "rotate":
        return `rotate ${Number((360 * stage.mostTurns).toPrecision(12))}deg`;
      case "flip":
        return stage.vertical ? "flip vertical" : "flip";
      case "noise":
        return `noise ${share(stage.deviation)}`;
      default:
        return `${stage.kind} ${share(stage.low)}..${share(stage.high)}`;
    }
  });
  const moved = stages.some(({ kind }) => augmentations.some((row) => row.name === kind && row.options.length > 0));
  return `${texts.join(" -> ")}${moved ? `, border ${border}` : ""}`;
}

/** Reports S0602 (names), S0603 (shape, order, borders), S0601 (units) and what is wrong with arguments and options. */
function checkStages(decl: AugmentDecl, report: Report): Augmentation["border"] {
  let lastValue: Layer | undefined;
  let rule: { readonly text: Augmentation["border"]; readonly stage: Layer } | undefined;
  for (const stage of decl.body.stages) {
    const layer = stage.body;
    if (layer.kind !== "layer" || layer.branches !== undefined || stage.as !== undefined) {
      const what = layer.kind === "repeat" ? "repeats" : layer.kind === "group" ? "groups" : stage.as !== undefined ? "names" : "branches";
      report({
        severity: "error",
        code: "S0603",
        title: `\`augment\` has no ${what}`,
        span: stage.as?.span ?? layer.span,
        label: "one augmentation after the other",
        helps: [{ text: "write plain stages: `augment shift 5px -> flip`" }],
      });
      continue;
    }
    const row = augmentations.find((candidate) => candidate.name === layer.name.text);
    if (row === undefined) {
      reportUnknown(layer, report);
      continue;
    }
    checkArguments(layer, row, report);
    const read = readOptions(layer.record, row.options, row.name, "option", { report, numbers: new Map() });
    if (row.options.length > 0 && read.fine) {
      const text = read.values["border"] as Augmentation["border"];
      if (rule !== undefined && rule.text !== text) {
        report({
          severity: "error",
          code: "S0603",
          title: "the stages of `augment` disagree on the border",
          span: layer.headSpan,
          label: `here \`${text}\``,
          secondary: [{ span: rule.stage.headSpan, text: `here \`${rule.text}\`` }],
          notes: ["stages that move pixels are composed into one map, so there is one rule"],
          helps: [{ text: `give both the same: \`{ border: ${text} }\`` }],
        });
      }
      rule ??= { text, stage: layer };
    }
    if (!row.moves) lastValue = layer;
    else if (lastValue !== undefined) {
      report({
        severity: "error",
        code: "S0603",
        title: `\`${row.name}\` stands after \`${lastValue.name.text}\``,
        span: layer.headSpan,
        label: "moves pixels",
        secondary: [{ span: lastValue.headSpan, text: "changes values" }],
        helps: [{ text: "put the stages that move pixels first" }],
      });
    }
  }
  return rule?.text ?? "nearest";
}

function reportUnknown(layer: Layer, report: Report): void {
  const names = augmentations.map((row) => row.name).sort();
  const close = suggest(layer.name.text, names);
  report({
    severity: "error",
    code: "S0602",
    title: `no augmentation named \`${layer.name.text}\``,
    span: layer.name.span,
    label: "unknown augmentation",
    notes: [`augmentations: ${names.join(", ")}`],
    helps: close === undefined ? [] : [{ text: `did you mean \`${close}\`?`, edits: [{ span: layer.name.span, text: close }] }],
  });
}

function checkArguments(layer: Layer, row: AugmentationRow, report: Report): void {
  const [atom, extra] = layer.atoms;
  const wrong = (span: { readonly start: number; readonly end: number }, title: string, label: string): void =>
    report({ severity: "error", code: "S0205", title, span, label, helps: [{ text: `for example \`${row.example}\`` }] });
  if (row.takes === "none") {
    const word = atom?.kind === "word" && atom.text === row.word;
    const unexpected = word ? extra : atom;
    if (unexpected !== undefined) wrong(unexpected.span, `\`${row.name}\` takes no such argument`, "not expected here");
    return;
  }
  const needs = row.takes === "range" ? "a range" : `${articles[row.measure]}`;
  if (atom === undefined) return wrong(layer.headSpan, `\`${row.name}\` needs ${needs}`, "used without one");
  if (extra !== undefined) return wrong(extra.span, `\`${row.name}\` takes one argument`, "one too many");
  // `shift(5px)` does not parse; `shift(5)` is a number in parentheses, which has no unit.
  if (atom.kind !== "amount") return wrong(atom.span, `\`${row.name}\` needs ${needs}`, `expected ${needs}`);
  for (const quantity of [atom.from, ...(atom.to === undefined ? [] : [atom.to])]) {
    if (!checkUnit(quantity, row, report)) return;
  }
  checkAmount(atom, row, wrong);
}

function checkUnit(quantity: Quantity, row: AugmentationRow, report: Report): boolean {
  const { unit, span, value } = quantity;
  if (Number.isNaN(value) || (unit !== undefined && row.units.includes(unit))) return true;
  const first = row.units[0];
  report({
    severity: "error",
    code: "S0601",
    title: `\`${row.name}\` takes ${articles[row.measure]}, not ${unit === undefined ? "a plain number" : measured[unit]}`,
    span,
    label: unit === undefined ? "has no unit" : `\`${unit}\` measures ${measured[unit]}`,
    helps: [{ text: `use ${row.units.map((legal) => `\`${legal}\``).join(" or ")}`, edits: [{ span, text: `${value}${first}` }] }],
  });
  return false;
}

function checkAmount(atom: Amount, row: AugmentationRow, wrong: (span: Amount["span"], title: string, label: string) => void): void {
  const { from, to } = atom;
  if (row.takes === "range" && to === undefined) return wrong(atom.span, `\`${row.name}\` takes a range`, "one number");
  if (row.takes === "amount" && to !== undefined) return wrong(atom.span, `\`${row.name}\` takes one amount`, "a range");
  if (to !== undefined && from.value > to.value)
    return wrong(atom.span, `the range of \`${row.name}\` is empty`, "the smaller number comes first");
  if (row.name === "crop" && to !== undefined && to.value > 100)
    return wrong(to.span, "`crop` cannot show more than the whole image", "above 100%");
  if (row.takes === "range" && from.value <= 0) return wrong(from.span, `\`${row.name}\` takes shares above 0%`, "not above 0%");
}
