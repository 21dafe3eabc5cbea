/** @file Recognises how a data folder is organised: class folders or IDX files, whole or divided into parts. */

import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { listFolders } from "./class-folders.ts";
import { DataError, reasonOf, systemCode, systemReason } from "./data-error.ts";
import type { IdxFiles } from "./idx.ts";

/** `train` is the whole set when it is not divided. */
export type PartName = "train" | "validation" | "test";

export type DatasetLayout =
  | {
      readonly kind: "folder";
      readonly directory: string;
      /** True when `directory` holds parts, each with its own class folders. */
      readonly divided: boolean;
      /** Folders that hold class folders. */
      readonly parts: Readonly<Partial<Record<PartName, string>>>;
    }
  | {
      readonly kind: "idx";
      readonly directory: string;
      readonly divided: boolean;
      readonly parts: Readonly<Partial<Record<PartName, IdxFiles>>>;
    };

const partOfFolder: ReadonlyMap<string, PartName> = new Map([
  ["train", "train"],
  ["training", "train"],
  ["val", "validation"],
  ["valid", "validation"],
  ["validation", "validation"],
  ["test", "test"],
  ["testing", "test"],
]);

const partOfIdx: ReadonlyMap<string, PartName> = new Map([
  ["train", "train"],
  ["val", "validation"],
  ["t10k", "test"],
  ["test", "test"],
]);

/** @throws DataError when there is no such folder or nothing in it to learn from. */
export async function findLayout(directory: string): Promise<DatasetLayout> {
  await requireFolder(directory);
  return (
    (await findIdx(directory)) ??
    (await findDividedFolder(directory)) ?? { kind: "folder", directory, divided: false, parts: { train: directory } }
  );
}

/** @throws DataError when the data have no such part. */
export function requirePart<T>(layout: DatasetLayout, parts: Readonly<Partial<Record<PartName, T>>>, part: PartName): T {
  const found = parts[part];
  if (found !== undefined) return found;
  const present = Object.keys(parts).join(" and ");
  throw new DataError(`${layout.directory} has no ${part} part, only ${present}`, {
    help:
      layout.kind === "folder"
        ? "the parts are the folders train, val and test"
        : "the parts are the files train-..., val-... and t10k-...-ubyte",
  });
}

async function requireFolder(directory: string): Promise<void> {
  const help = "give a folder that holds one folder of images for each class, or IDX files as MNIST has them";
  let isFolder: boolean;
  try {
    isFolder = (await stat(directory)).isDirectory();
  } catch (thrown) {
    if (systemCode(thrown) === "ENOENT") throw new DataError(`there is no folder ${directory}`, { help });
    throw new DataError(`cannot open ${directory}: ${systemReason(thrown) ?? reasonOf(thrown)}`, { cause: thrown });
  }
  if (!isFolder) throw new DataError(`${directory} is a file, not a folder`, { help });
}

async function findIdx(directory: string): Promise<DatasetLayout | undefined> {
  const pattern = /^([a-z0-9]+)-(images|labels)[-.]idx[13]-ubyte(\.gz)?$/;
  const found = new Map<PartName, { images?: string; labels?: string }>();
  for (const name of (await readdir(directory)).sort()) {
    const match = pattern.exec(name);
    const part = match === null ? undefined : partOfIdx.get(match[1]);
    if (match === null || part === undefined) continue;
    const files = found.get(part) ?? {};
    // Sorted, so the plain file comes before its gzipped twin and wins: it opens faster.
    files[match[2] === "images" ? "images" : "labels"] ??= join(directory, name);
    found.set(part, files);
  }
  if (found.size === 0) return undefined;
  const parts: Partial<Record<PartName, IdxFiles>> = {};
  for (const [part, { images, labels }] of found) {
    if (images === undefined || labels === undefined) {
      throw new DataError(
        `${directory} has the ${images === undefined ? "labels" : "images"} of its ${part} part without the ` +
          `${images === undefined ? "images" : "labels"}`,
        {
          help:
            "IDX sets come in pairs: train-images-idx3-ubyte with train-labels-idx1-ubyte, " +
            "t10k-images-idx3-ubyte with t10k-labels-idx1-ubyte, .gz or not",
        },
      );
    }
    parts[part] = { images, labels };
  }
  return { kind: "idx", directory, divided: parts.validation !== undefined || parts.test !== undefined, parts };
}

/** A folder is divided when all its folders have names of parts and hold folders themselves: `train` may be a class. */
async function findDividedFolder(directory: string): Promise<DatasetLayout | undefined> {
  const names = await listFolders(directory);
  if (names.length === 0) return undefined;
  const parts: Partial<Record<PartName, string>> = {};
  for (const name of names) {
    const part = partOfFolder.get(name.toLowerCase());
    if (part === undefined) return undefined;
    const path = join(directory, name);
    if ((await listFolders(path)).length === 0) return undefined;
    const twin = parts[part];
    if (twin !== undefined) {
      throw new DataError(`${twin} and ${path} are both the ${part} part`, { help: "keep one of them, or move the other elsewhere" });
    }
    parts[part] = path;
  }
  return { kind: "folder", directory, divided: true, parts };
}
