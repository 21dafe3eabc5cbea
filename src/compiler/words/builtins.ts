/** @file The words of the language as data, for editors and the reference: grammar/builtins.json, from the tables. */

import { coordinateNames, functionNames } from "../formula/names.ts";
import { prelude } from "../formula/prelude.ts";
import { layers } from "../layers/index.ts";
import type { LayerRow } from "../layers/row.ts";
import { languageVersion } from "../syntax/parser.ts";
import { augmentations } from "./augment.ts";
import { losses } from "./losses.ts";
import { optimizers } from "./optimizers.ts";
import type { Option } from "./schema.ts";
import { schedules, trainFields } from "./train.ts";

interface OptionEntry {
  readonly name: string;
  readonly values: string;
  /** Absent where the default depends on the network or the family. */
  readonly default?: string;
}

function optionEntries(options: readonly Option[]): readonly OptionEntry[] {
  return options.map(({ name, form, shown }) => ({ name, values: form.text, ...(shown === "" ? {} : { default: shown }) }));
}

function layerEntry(row: LayerRow): Record<string, unknown> {
  return {
    words: row.words,
    about: row.about,
    takes: typeof row.takes === "string" ? row.takes : "image or spectrum",
    arguments: row.arguments.map(({ name, what, kinds, example, optional, repeated }) => ({
      name,
      what,
      kinds,
      example,
      ...(optional === true ? { optional } : {}),
      ...(repeated === true ? { repeated } : {}),
    })),
    ...(row.branches === undefined ? {} : { branches: row.branches }),
    options: optionEntries(row.options),
    since: 1,
  };
}

function variants(
  rows: readonly { readonly name: string; readonly about: string; readonly options: readonly Option[] }[],
): readonly Record<string, unknown>[] {
  return rows.map(({ name, about, options }) => ({ name, about, options: optionEntries(options), since: 1 }));
}

/** The text of grammar/builtins.json. `ACT` stands for every activation. */
export function generateBuiltins(): string {
  const { filters, activations } = prelude();
  const builtins = {
    version: languageVersion,
    layers: layers.map(layerEntry),
    families: ["free", ...filters.keys()].map((name) => ({
      name,
      parameters: filters.get(name)?.params.map((param) => param.name) ?? [],
      since: 1,
    })),
    activations: [...activations.keys()].map((name) => ({ name, since: 1 })),
    train: optionEntries(trainFields),
    losses: variants(losses),
    optimizers: variants(optimizers),
    schedules: variants(schedules),
    augmentations: augmentations.map(({ name, about, takes, units, word, options, imagesOnly, example }) => ({
      name,
      about,
      takes,
      units,
      ...(word === undefined ? {} : { word }),
      options: optionEntries(options),
      imagesOnly,
      example,
      since: 1,
    })),
    coordinates: coordinateNames,
    functions: functionNames,
    constants: ["pi"],
  };
  return `${JSON.stringify(builtins, null, 2)}\n`;
}
