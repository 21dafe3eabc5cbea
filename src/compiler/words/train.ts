/** @file The fields of `train`: what each may hold, and its default (grammar/reference.md#training). */

import type { Report, Span } from "../diagnostics/diagnostic.ts";
import type { TrainSettings } from "../network/network.ts";
import { defaultLoss, losses } from "./losses.ts";
import type { Decay } from "./optimizers.ts";
import { optimizers } from "./optimizers.ts";
import type { Form, Option, ReadOptions } from "./schema.ts";
import { listOf, number, numberFromZero, option, positiveInteger, positiveNumber, readVariant, wrongValue } from "./schema.ts";

export interface ScheduleRow {
  readonly name: string;
  readonly about: string;
  readonly options: readonly Option[];
}

/** The first is the default. */
export const schedules: readonly ScheduleRow[] = [
  { name: "constant", about: "the same rate throughout", options: [] },
  {
    name: "cosine",
    about: "rises for `warmup` epochs, then falls along a cosine to `floor` times the rate",
    options: [option("warmup", numberFromZero, 0), option("floor", number({ text: "a share from 0 to 1", least: 0, most: 1 }), 0)],
  },
  {
    name: "step",
    about: "multiplies the rate by `by` at each epoch of `at`",
    options: [option<readonly number[]>("at", listOf(numberFromZero), [], ""), option("by", positiveNumber, 0.1)],
  },
];

/**
 * One of the rows, with its options.
 * @param settings undefined where something is wrong, and that is reported
 */
function variantForm<R extends { readonly name: string; readonly options: readonly Option[] }, T>(
  rows: readonly R[],
  settings: (row: R, values: ReadOptions["values"], place: { readonly span: Span; readonly report: Report }) => T | undefined,
): Form<T> {
  const words = rows.map((row) => row.name);
  return {
    text: words.join(" | "),
    words,
    read: (value, name, context) => {
      const found = readVariant(value, name, rows, context);
      return found === undefined ? undefined : settings(found.row, found.read.values, { span: value.span, report: context.report });
    },
  };
}

const lossForm = variantForm(losses, (row, values): TrainSettings["loss"] => {
  const targets = values["targets"] as readonly [number, number] | undefined;
  return { name: row.name, targets: targets ?? row.targets };
});

const optimizerForm = variantForm(optimizers, (row, values) => optimizerSettings(row.name, values));

function optimizerSettings(name: string, values: Readonly<Record<string, unknown>>): TrainSettings["optimizer"] {
  const { lr, decay, clip, ...options } = values;
  const { amount, all } = decay as Decay;
  return {
    name,
    lr: lr as number,
    options: options as Record<string, number | string | boolean>,
    decay: amount,
    decayAll: all,
    clip: clip as number | null,
  };
}

const scheduleForm = variantForm(schedules, ({ name }, values, { span, report }): TrainSettings["schedule"] | undefined => {
  switch (name) {
    case "cosine":
      return { kind: "cosine", warmup: values["warmup"] as number, floor: values["floor"] as number };
    case "step": {
      const at = values["at"] as readonly number[];
      if (at.length > 0) return { kind: "step", at, by: values["by"] as number };
      report({
        severity: "error",
        code: "S0205",
        title: "`step` needs the epochs at which it steps",
        span,
        label: "without `at`",
        helps: [{ text: "for example `step { at: [90, 190], by: 0.1 }`" }],
      });
      return undefined;
    }
    default:
      return { kind: "constant" };
  }
});

/** One `HxW` of `sizes`. */
export interface TrainingSize {
  readonly height: number;
  readonly width: number;
  readonly span: { readonly start: number; readonly end: number };
  readonly text: string;
}

const sizeForm: Form<TrainingSize> = {
  text: "HxW",
  words: [],
  read: (value, name, { report }) => {
    // One entry: malformed, which the lexer reported.
    if (value.kind === "size" && value.dims.length === 1) return undefined;
    if (value.kind === "size" && value.dims.length === 2) {
      const [height, width] = value.dims;
      if (typeof height === "number" && typeof width === "number" && height > 0 && width > 0)
        return { height, width, span: value.span, text: value.text };
    }
    report(wrongValue(value, name, [], "height x width, such as `96x96`"));
    return undefined;
  },
};

const splitForm: Form<TrainSettings["split"]> = {
  text: "P% | a number of training items",
  words: [],
  read: (value, name, { report }) => {
    if (value.kind === "range" && value.to === undefined) {
      const { value: amount, unit } = value.from;
      if (Number.isNaN(amount)) return { kind: "share", share: 0.8 };
      if (unit === "%" && amount > 0 && amount < 100) return { kind: "share", share: amount / 100 };
      if (unit === undefined && Number.isInteger(amount) && amount > 0) return { kind: "count", count: amount };
    }
    report(wrongValue(value, name, [], "the training share, such as `80%`, or a number of training items"));
    return undefined;
  },
};

/** Fallbacks that depend on the network (`loss`, `sizes`) are undefined here. */
export const trainFields: readonly Option[] = [
  option<TrainSettings["loss"] | undefined>("loss", lossForm, undefined, ""),
  option("optimizer", optimizerForm, optimizerSettings("adam", defaultsOf(optimizers[0].options)), "adam"),
  option<TrainSettings["schedule"]>("schedule", scheduleForm, { kind: "constant" }, "constant"),
  option("epochs", positiveInteger, 10),
  option("batch", positiveInteger, 32),
  option("seed", number({ text: "a whole number from 0", integer: true, least: 0, most: Number.MAX_SAFE_INTEGER }), 0),
  option<readonly TrainingSize[] | undefined>("sizes", listOf(sizeForm), undefined, ""),
  option<TrainSettings["split"]>("split", splitForm, { kind: "share", share: 0.8 }, "80%"),
];

function defaultsOf(options: readonly Option[]): Record<string, unknown> {
  return Object.fromEntries(options.map((entry) => [entry.name, entry.fallback]));
}

/** The loss where the file names none. */
export function lossFor(lastActivation: string | undefined): TrainSettings["loss"] {
  const row = defaultLoss(lastActivation);
  return { name: row.name, targets: row.targets };
}
