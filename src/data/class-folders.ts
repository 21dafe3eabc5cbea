/** @file Finds images in folders that are named after their classes. */

import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { extname, join } from "node:path";

export interface ImageFile {
  /** Where to open it. */
  readonly path: string;
  /** Below the data folder, with `/`: `cats/cat.7.jpg`. */
  readonly name: string;
  readonly sizeBytes: number;
  readonly modifiedMs: number;
}

export interface ClassFolder {
  readonly name: string;
  /** Sorted by name. */
  readonly files: readonly ImageFile[];
}

export interface FolderListing {
  /** Sorted by name; may be empty folders. */
  readonly classes: readonly ClassFolder[];
  /** Images beside the class folders: they have no class. */
  readonly strayCount: number;
}

/** What sharp opens, and BMP, which it does not: better reported as unreadable than passed over in silence. */
const imageExtensions: ReadonlySet<string> = new Set([
  ".avif",
  ".bmp",
  ".gif",
  ".heic",
  ".heif",
  ".jfif",
  ".jpe",
  ".jpeg",
  ".jpg",
  ".png",
  ".tif",
  ".tiff",
  ".webp",
]);

/** Hidden entries, and the folder that macOS adds to archives. */
function isHidden(name: string): boolean {
  return name.startsWith(".") || name === "__MACOSX";
}

/** Order of UTF-16 code units: the same on every machine, which the order of a locale is not. */
export function byCodeUnits(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function isImageName(name: string): boolean {
  return !isHidden(name) && imageExtensions.has(extname(name).toLowerCase());
}

/** Sorted names of the folders in `directory`, links to folders included. */
export async function listFolders(directory: string): Promise<readonly string[]> {
  const names: string[] = [];
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (!isHidden(entry.name) && (await kindOf(directory, entry)) === "folder") names.push(entry.name);
  }
  return names.sort(byCodeUnits);
}

/** Every class folder below `directory`. Files further down belong to the class at the top. */
export async function listClassFolders(directory: string): Promise<FolderListing> {
  const classes: ClassFolder[] = [];
  for (const name of await listFolders(directory)) {
    const files: ImageFile[] = [];
    await collect(join(directory, name), name, files, new Set());
    classes.push({ name, files: files.sort((left, right) => byCodeUnits(left.name, right.name)) });
  }
  const strayCount = (await readdir(directory)).filter(isImageName).length;
  return { classes, strayCount };
}

async function collect(directory: string, prefix: string, files: ImageFile[], visited: Set<string>): Promise<void> {
  const real = await realpath(directory);
  // A link to a folder above would never end.
  if (visited.has(real)) return;
  visited.add(real);
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    if (isHidden(entry.name)) continue;
    const path = join(directory, entry.name);
    const name = `${prefix}/${entry.name}`;
    const kind = await kindOf(directory, entry);
    if (kind === "folder") await collect(path, name, files, visited);
    if (kind !== "file" || !isImageName(entry.name)) continue;
    const { size, mtimeMs } = await stat(path);
    files.push({ path, name, sizeBytes: size, modifiedMs: mtimeMs });
  }
}

async function kindOf(directory: string, entry: Dirent): Promise<"file" | "folder" | "other"> {
  if (entry.isDirectory()) return "folder";
  if (entry.isFile()) return "file";
  if (!entry.isSymbolicLink()) return "other";
  try {
    const target = await stat(join(directory, entry.name));
    return target.isDirectory() ? "folder" : target.isFile() ? "file" : "other";
  } catch {
    // A link to nowhere.
    return "other";
  }
}
