/** @file Loads one part of an IDX set; its pixels stay in memory and are brought to size when they are asked for. */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { convertChannels, fitPicture } from "../runtime/pixels.ts";
import { sha256 } from "./cache-folder.ts";
import { chooseClasses, limitItems } from "./classes.ts";
import { DataError, unlessMissing } from "./data-error.ts";
import type { Dataset, LoadOptions } from "./dataset.ts";
import type { IdxFiles } from "./idx.ts";
import { readIdxPair } from "./idx.ts";

export interface IdxClass {
  readonly value: number;
  readonly name: string;
  readonly count: number;
}

/**
 * The values that occur as labels, ascending. A class is named by its number, or by line number `value` (from 0) of a file
 * `classes.txt` beside the IDX files.
 *
 * @throws DataError when `classes.txt` has too few lines or a name twice
 */
export async function idxClasses(directory: string, labels: Uint8Array): Promise<readonly IdxClass[]> {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const names = await readClassNames(join(directory, "classes.txt"));
  return [...counts]
    .sort(([left], [right]) => left - right)
    .map(([value, count]) => {
      const name = names === undefined ? String(value) : names[value];
      if (name === undefined) {
        throw new DataError(`${directory}/classes.txt has no line for label ${value}`, { help: "line n, counted from 0, names label n" });
      }
      return { value, name, count };
    });
}

/** @param directory where the set and `classes.txt` lie */
export async function loadIdx(directory: string, files: IdxFiles, options: LoadOptions): Promise<Dataset> {
  const { images, labels } = await readIdxPair(files);
  const found = await idxClasses(directory, labels.values);
  const { classes, labelOf } = chooseClasses(directory, found, { wanted: options.classes, known: options.knownClasses });
  const used = found.filter(({ name }) => labelOf.has(name));
  const places = new Map(
    limitItems(
      used.map(({ count }) => count),
      options.limit,
    ).map((kept, position) => [used[position].value, kept]),
  );
  const labelOfValue = new Map(used.map(({ value, name }) => [value, labelOf.get(name) ?? 0]));
  const items: { readonly index: number; readonly label: number }[] = [];
  labels.values.forEach((value, index) => {
    const left = places.get(value) ?? 0;
    if (left === 0) return;
    places.set(value, left - 1);
    items.push({ index, label: labelOfValue.get(value) ?? 0 });
  });

  const [, sourceHeight, sourceWidth] = images.shape;
  const itemBytes = sourceHeight * sourceWidth;
  const source = (index: number): Uint8Array => images.values.subarray(index * itemBytes, (index + 1) * itemBytes);
  const { height, width, channels } = options;
  const digest = createHash("sha256");
  for (const { index } of items) digest.update(source(index));
  return {
    classes,
    height,
    width,
    channels,
    count: items.length,
    labels: Int32Array.from(items, ({ label }) => label),
    names: items.map(({ index }) => String(index)),
    skipped: [],
    hash: sha256([classes, height, width, channels, items, digest.digest("hex")]),
    pixels(position) {
      const picture = { height: sourceHeight, width: sourceWidth, channels: 1, data: source(items[position].index) };
      const fitted = sourceHeight === height && sourceWidth === width ? picture : fitPicture(picture, options);
      // Replicated last, which is the same as first and a third of the work.
      return convertChannels(fitted, channels).data;
    },
    close() {},
  };
}

async function readClassNames(path: string): Promise<readonly string[] | undefined> {
  const text = await unlessMissing(readFile(path, "utf8"));
  if (text === undefined) return undefined;
  const names = text
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => line.trim());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new DataError(`${path} names \`${twice}\` twice`);
  return names;
}
