/** @file One text for all trees that differ in nothing but what the formatter may change. */

import type { Atom, File, Item, Layer, Repeat, Stage } from "./ast.ts";
import { flattened, unwrapped } from "./groups.ts";
import { argumentText, atomText, plainArguments } from "./print-words.ts";

/** What takes its numbers in parentheses. */
export function recipesOf(file: File): ReadonlySet<string> {
  return new Set(
    file.items.flatMap((item) => {
      if (item.kind === "let") return [item.name.text];
      return item.kind === "import" ? item.names.map((name) => name.text) : [];
    }),
  );
}

export function parametersOf(item: Item): ReadonlySet<string> {
  return new Set(item.kind === "let" ? item.params?.map(({ name }) => name.text) : []);
}

/** Equal for two trees exactly where one may be the other's formatted text. */
export function canonical(file: File): string {
  const recipes = recipesOf(file);
  const isImport = (item: Item): boolean => item.kind === "import";
  const items = [...file.items.filter(isImport), ...file.items.filter((item) => !isImport(item))];
  return JSON.stringify(items.map((item) => reduced(item, recipes, parametersOf(item))));
}

function reduced(value: unknown, recipes: ReadonlySet<string>, parameters: ReadonlySet<string>): unknown {
  const inner = (part: unknown): unknown => reduced(part, recipes, parameters);
  if (Array.isArray(value)) return value.map(inner);
  if (typeof value !== "object" || value === null) return value;
  const parts = Object.entries(value).filter(([key]) => !/span$/i.test(key));
  return Object.fromEntries(
    parts.map(([key, part]): [string, unknown] => {
      if (key === "stages") return [key, inner(flattened(part as readonly Stage[]))];
      if (key === "fields") return [key, (inner(part) as readonly unknown[]).map((field) => JSON.stringify(field)).sort()];
      if (key === "body" && isRepeat(value)) return [key, inner(unwrapped(value))];
      if (key === "atoms" && isLayer(value)) return [key, words(value, recipes, parameters)];
      return [key, inner(part)];
    }),
  );
}

function isRepeat(value: object): value is Repeat {
  return "kind" in value && value.kind === "repeat";
}

function isLayer(value: object): value is Layer {
  return "kind" in value && value.kind === "layer";
}

/** A recipe takes `2`, `(2)` and `(2, )` alike. */
function words({ name, atoms }: Layer, recipes: ReadonlySet<string>, parameters: ReadonlySet<string>): readonly string[] {
  const written = (atom: Atom): readonly string[] => plainArguments(atom, parameters) ?? [atomText(atom)];
  if (!recipes.has(name.text)) return atoms.flatMap(written);
  const args = atoms.map(argumentText);
  return args.every((arg) => arg !== undefined)
    ? [args.filter((arg) => arg !== "").join(", "), atoms.length > 0 ? "()" : ""]
    : atoms.map(atomText);
}
