/** @file `train` with its overrides: fields, defaults, and what fits the network. */

import type { Augmentation } from "../../plan/plan.ts";
import type { Report, Source, Span } from "../diagnostics/diagnostic.ts";
import { Limitation } from "../diagnostics/diagnostic.ts";
import { activationOf } from "../network/head.ts";
import type { NetworkInput, NetworkNode, TrainSettings } from "../network/network.ts";
import type { Field, Phrase, Record_, Value } from "../syntax/ast.ts";
import { parse } from "../syntax/parser.ts";
import { optimizers } from "../words/optimizers.ts";
import { readOptions } from "../words/schema.ts";
import type { TrainingSize } from "../words/train.ts";
import { lossFor, trainFields } from "../words/train.ts";
import type { Declarations } from "./declarations.ts";

/** `--set train.epochs=20`. */
export interface Override {
  /** `train.epochs`, `train.optimizer.lr`. */
  readonly key: string;
  readonly value: string;
}

export interface Training {
  readonly settings: Omit<TrainSettings, "loss"> & { readonly loss: TrainSettings["loss"] | undefined };
  /** The size that one entry of `sizes` gives an open input. */
  readonly size: TrainingSize | undefined;
  readonly limitations: readonly Limitation[];
}

/** Undefined: reported (S0204, S0206, S0210, S0613, ...). */
export function readTraining(
  declarations: Declarations,
  overrides: readonly Override[],
  augment: Augmentation | undefined,
  report: Report,
): Training | undefined {
  const { train } = declarations;
  const anchor: Span = train === undefined ? { start: 0, end: 0 } : { start: train.span.start, end: train.span.start + "train".length };
  let failed = false;
  const watched: Report = (diagnostic) => {
    if (diagnostic.severity === "error") failed = true;
    report(diagnostic);
  };
  let fields: readonly Field[] = train?.record.fields ?? [];
  for (const override of overrides) {
    const outside: Report = (diagnostic) => watched(fromCommandLine(diagnostic, override, anchor));
    fields = applyOverride(fields, override, anchor, outside);
  }
  const record: Record_ = { kind: "record", span: train?.record.span ?? anchor, fields };
  const saying: Report = (diagnostic) => {
    const override =
      diagnostic.span === anchor
        ? (overrides.find(({ key }) => diagnostic.title.includes(key.split(".").at(-1) ?? key)) ?? overrides[0])
        : undefined;
    watched(override === undefined ? diagnostic : fromCommandLine(diagnostic, override, anchor));
  };
  const read = readOptions(record, trainFields, "train", "field", { report: saying, numbers: new Map() });
  if (failed || !read.fine) return undefined;
  const { values } = read;
  const sizes = values["sizes"] as readonly TrainingSize[] | undefined;
  const limitations =
    sizes !== undefined && new Set(sizes.map((size) => size.text)).size > 1
      ? [
          new Limitation("`sizes` with several entries is not built yet", {
            span: read.spans.get("sizes"),
            help: "one size works: `sizes: [96x96]`, or `--input`",
          }),
        ]
      : [];
  return {
    settings: {
      loss: values["loss"] as TrainSettings["loss"] | undefined,
      optimizer: values["optimizer"] as TrainSettings["optimizer"],
      schedule: values["schedule"] as TrainSettings["schedule"],
      epochs: values["epochs"] as number,
      batch: values["batch"] as number,
      seed: values["seed"] as number,
      split: values["split"] as TrainSettings["split"],
      augment: augment ?? null,
    },
    size: sizes?.[0],
    limitations,
  };
}

/** Says where the text came from; places in it are no places in the file. */
function fromCommandLine(diagnostic: Parameters<Report>[0], { key, value }: Override, anchor: Span): Parameters<Report>[0] {
  return {
    ...diagnostic,
    span: anchor,
    label: `overridden by \`--set ${key}=${value}\``,
    secondary: [],
    notes: [diagnostic.label, ...(diagnostic.notes ?? [])],
    helps: (diagnostic.helps ?? []).map((help) => ({ text: help.text })),
  };
}

function applyOverride(fields: readonly Field[], override: Override, anchor: Span, report: Report): readonly Field[] {
  const [section, ...path] = override.key.split(".");
  if (section !== "train" || path.length === 0 || path.length > 2 || path.some((part) => !/^[A-Za-z_]\w*$/.test(part))) {
    report({
      severity: "error",
      code: "S0206",
      title: `\`--set\` has no key \`${override.key}\``,
      span: anchor,
      label: "unknown key",
      notes: ["networks and filters stand in the file alone, because they change what saved weights mean"],
      helps: [{ text: "fields of `train` can be set: `--set train.epochs=20`, `--set train.optimizer.lr=0.01`" }],
    });
    return fields;
  }
  const [name, option] = path;
  if (option === undefined && !trainFields.some((field) => field.name === name)) {
    const owner = trainFields.find((field) => field.name === "optimizer" && optionNames().has(name));
    if (owner !== undefined) {
      report({
        severity: "error",
        code: "S0206",
        title: `\`train\` has no field \`${name}\``,
        span: anchor,
        label: "unknown field",
        helps: [{ text: `did you mean \`train.${owner.name}.${name}\`?` }],
      });
      return fields;
    }
  }
  const value = readValue(override, anchor, report);
  if (value === undefined) return fields;
  if (option === undefined) return withField(fields, name, value, anchor);
  const old = fields.find((field) => field.name.text === name)?.value;
  const phrase: Phrase = old?.kind === "phrase" ? old : defaultPhrase(name, anchor);
  const record: Record_ = { kind: "record", span: anchor, fields: withField(phrase.record?.fields ?? [], option, value, anchor) };
  return withField(fields, name, { ...phrase, record }, anchor);
}

/** The options of every optimizer: what people look for in `train` itself. */
function optionNames(): ReadonlySet<string> {
  return new Set(optimizers.flatMap((row) => row.options.map((entry) => entry.name)));
}

/** What a field is when the file does not write it. */
function defaultPhrase(name: string, span: Span): Phrase {
  const shown = trainFields.find((field) => field.name === name)?.shown ?? "";
  return { kind: "phrase", span, name: { span, text: shown === "" ? name : shown }, atoms: [] };
}

function withField(fields: readonly Field[], name: string, value: Value, span: Span): readonly Field[] {
  const field: Field = { span, name: { span, text: name }, value };
  const index = fields.findIndex((known) => known.name.text === name);
  return index < 0 ? [...fields, field] : fields.map((known, at) => (at === index ? { ...field, name: known.name } : known));
}

/** Values are read by the language's own parser. */
function readValue(override: Override, anchor: Span, report: Report): Value | undefined {
  const source: Source = { name: "--set", text: `train { value: ${override.value} }\n` };
  const { file, diagnostics } = parse(source);
  for (const diagnostic of diagnostics) report(diagnostic);
  const [item] = file?.items ?? [];
  const fields = item?.kind === "train" ? item.record.fields : [];
  const [field] = fields;
  if (diagnostics.length > 0) return undefined;
  if (file?.items.length === 1 && fields.length === 1 && field?.name.text === "value") return placedAt(field.value, anchor);
  report({ severity: "error", code: "S0101", title: `\`${override.value}\` is not a value`, span: anchor, label: "" });
  return undefined;
}

/** The tree with all of its places in the file: where `train` stands. */
function placedAt<T>(tree: T, span: Span): T {
  if (Array.isArray(tree)) return tree.map((entry) => placedAt(entry as unknown, span)) as T;
  if (typeof tree !== "object" || tree === null) return tree;
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [key, key === "span" || key === "headSpan" ? span : placedAt(value as unknown, span)]),
  ) as T;
}

/** S0613: training at a size that the file's own input excludes. */
export function checkTrainingSizes(size: TrainingSize | undefined, input: NetworkInput, report: Report): boolean {
  if (size === undefined || typeof input.height !== "number" || typeof input.width !== "number") return true;
  if (input.kind === "image" && size.height === input.height && size.width === input.width) return true;
  report({
    severity: "error",
    code: "S0613",
    title:
      input.kind === "signal"
        ? "`sizes` is for images"
        : `the network takes ${input.height}x${input.width}, \`sizes\` asks for ${size.text}`,
    span: size.span,
    label: input.kind === "signal" ? "height x width" : "another size than the input's",
    secondary: [{ span: input.span, text: "the size is fixed here" }],
    helps: [
      {
        text: input.kind === "signal" ? "leave `sizes` out" : `open the input with \`?x?x${input.channels ?? 3}\`, or leave \`sizes\` out`,
      },
    ],
  });
  return false;
}

/** The default loss follows from the network's last activation. */
export function trainSettings(training: Training, nodes: readonly NetworkNode[], output: number): TrainSettings {
  return { ...training.settings, loss: training.settings.loss ?? lossFor(activationOf(nodes[output])) };
}
