/** @file Which classes of a data set are used, in which order, and how many items of each. */

import { suggest } from "../compiler/diagnostics/diagnostic.ts";
import { byCodeUnits } from "./class-folders.ts";
import { DataError } from "./data-error.ts";

export interface ClassCount {
  readonly name: string;
  readonly count: number;
}

export interface ClassChoice {
  /** Names in label order. */
  readonly classes: readonly string[];
  /** Of each class found, its label; undefined for those left out. */
  readonly labelOf: ReadonlyMap<string, number>;
}

/**
 * The labels that the classes found get.
 *
 * @param found in their own order, which is that of the labels when nothing else is asked for
 * @param wanted a choice (`--classes`): each must be there with at least one image
 * @param known the classes of a trained network: they fix the labels, may be absent here, and no other may occur
 * @throws DataError when that cannot be, or fewer than two classes are left to learn
 */
export function chooseClasses(
  place: string,
  found: readonly ClassCount[],
  { wanted, known }: { readonly wanted?: readonly string[]; readonly known?: readonly string[] },
): ClassChoice {
  const counts = new Map(found.map(({ name, count }) => [name, count]));
  if (wanted !== undefined) requireWanted(place, counts, wanted);
  const used = wanted ?? found.map(({ name }) => name);
  if (known === undefined) {
    requireLearnable(
      place,
      used.map((name) => ({ name, count: counts.get(name) ?? 0 })),
    );
  } else {
    requireKnown(
      place,
      used.filter((name) => (counts.get(name) ?? 0) > 0),
      known,
    );
  }
  const classes = known ?? used;
  const usedNames = new Set(used);
  const labels = classes.map((name, label): [string, number] => [name, label]).filter(([name]) => usedNames.has(name));
  return { classes, labelOf: new Map(labels) };
}

function requireWanted(place: string, counts: ReadonlyMap<string, number>, wanted: readonly string[]): void {
  if (new Set(wanted).size < wanted.length) {
    throw new DataError(`the list of classes ${wanted.join(",")} names one of them twice`);
  }
  for (const name of wanted) {
    if (counts.has(name)) continue;
    const guess = suggest(name, counts.keys());
    throw new DataError(`there is no class \`${name}\` in ${place}`, {
      help: guess === undefined ? `it has ${listed([...counts.keys()])}` : `did you mean \`${guess}\`?`,
    });
  }
}

function requireLearnable(place: string, used: readonly ClassCount[]): void {
  const full = used.filter(({ count }) => count > 0).map(({ name }) => name);
  const empty = used.filter(({ count }) => count === 0);
  if (full.length === 0) {
    throw new DataError(`${place} holds no images`, {
      help: `put the images of each class in a folder of its own: ${place}/cats/1.jpg, ${place}/dogs/1.jpg`,
    });
  }
  if (empty.length > 0) {
    const rest = full.length >= 2 ? `, or train on the others: --classes ${full.join(",")}` : "";
    throw new DataError(`class \`${empty[0].name}\` of ${place} holds no images`, { help: `add images or remove the folder${rest}` });
  }
  if (full.length === 1) {
    throw new DataError(`${place} has one class only, \`${full[0]}\`: there is nothing to tell apart`, {
      help: "a data folder holds one folder of images for each class, two or more",
    });
  }
}

function requireKnown(place: string, used: readonly string[], known: readonly string[]): void {
  if (used.length === 0) throw new DataError(`${place} holds no images of the classes asked for`);
  const unknown = used.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  const rest = used.filter((name) => known.includes(name));
  throw new DataError(`the network does not know class \`${unknown[0]}\` of ${place}`, {
    help: `it knows ${listed(known)}${rest.length > 0 ? `; leave the others out: --classes ${rest.join(",")}` : ""}`,
  });
}

/**
 * How many items of each class to keep when there may be `limit` in all: one of each class in turn, while it has any.
 *
 * @param counts items of each class
 */
export function limitItems(counts: readonly number[], limit: number | undefined): readonly number[] {
  const kept = counts.map(() => 0);
  let left = Math.min(
    limit ?? Infinity,
    counts.reduce((sum, count) => sum + count, 0),
  );
  while (left > 0) {
    // Whole rounds at once: as many as the smallest unfinished class or the places left allow.
    const open = counts.map((_, index) => index).filter((index) => kept[index] < counts[index]);
    const rounds = Math.min(...open.map((index) => counts[index] - kept[index]), Math.floor(left / open.length));
    const takers = rounds > 0 ? open : open.slice(0, left);
    for (const index of takers) kept[index] += Math.max(rounds, 1);
    left -= takers.length * Math.max(rounds, 1);
  }
  return kept;
}

/** `cats, dogs`, cut after eight. */
function listed(names: readonly string[]): string {
  const shown = [...names].sort(byCodeUnits);
  return shown.length <= 8 ? shown.join(", ") : `${shown.slice(0, 8).join(", ")} and ${shown.length - 8} more`;
}
