/** @file The cache of decoded images: one pixel file and one JSON index for each combination of folder, part and size. */

import { readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { writeAtomically } from "./atomic-file.ts";
import { sha256, systemCacheFolder } from "./cache-folder.ts";
import type { ImageFile } from "./class-folders.ts";
import type { SkippedFile } from "./dataset.ts";
import type { ImageSettings } from "./image-file.ts";
import type { PixelStore } from "./pixel-store.ts";
import { openPixelFile, PixelWriter } from "./pixel-store.ts";

/** Changes whenever decoding, resizing or the files' layout does. */
const formatVersion = 1;

/** In the data folder; hidden, so that it is no class. */
const ownFolder = ".specc-cache";

/** What the index says about the pixel file. Items are those of the list that decoded, in its order. */
interface CacheIndex {
  readonly format: number;
  /** Hash of the file list and of everything that decides the pixels. */
  readonly key: string;
  readonly count: number;
  readonly pixelsHash: string;
  readonly skipped: readonly SkippedFile[];
}

export interface CachedImages {
  readonly store: PixelStore;
  readonly pixelsHash: string;
  readonly skipped: readonly SkippedFile[];
}

/** Where one set of decoded images is kept. */
export interface CachePlace {
  /** Paths without extension, in order of preference; empty for memory. */
  readonly stems: readonly string[];
  readonly key: string;
  readonly itemBytes: number;
}

/**
 * @param directory the data folder
 * @param scope what else tells this list of files from others of the same folder: part, classes, limit
 */
export function cachePlace(
  directory: string,
  scope: unknown,
  files: readonly ImageFile[],
  settings: ImageSettings,
  cacheDir: string | null | undefined,
): CachePlace {
  const { height, width, channels, fit, antialias } = settings;
  const pixels = { height, width, channels, fit, antialias };
  // The name says what was asked for, the key what was found: a changed folder replaces its old cache.
  const name = `${height}x${width}x${channels}-${sha256([resolve(directory), scope, pixels]).slice(0, 16)}`;
  const key = sha256([formatVersion, pixels, files.map((file) => [file.name, file.sizeBytes, file.modifiedMs])]);
  const folders = cacheDir === null ? [] : cacheDir === undefined ? [join(directory, ownFolder), systemCacheFolder()] : [cacheDir];
  return { stems: folders.map((folder) => join(folder, name)), key, itemBytes: height * width * channels };
}

/** The cached images, if they were made from these files with these settings and are whole. */
export async function openCache(place: CachePlace): Promise<CachedImages | undefined> {
  for (const stem of place.stems) {
    const index = await readIndex(`${stem}.json`);
    if (index === undefined || index.format !== formatVersion || index.key !== place.key) continue;
    const store = await openPixelFile(`${stem}.u8`, place.itemBytes, index.count, index.pixelsHash);
    if (store !== undefined) return { store, pixelsHash: index.pixelsHash, skipped: index.skipped };
  }
  return undefined;
}

export function createCache(place: CachePlace, fileCount: number, onWarning: (message: string) => void): Promise<PixelWriter> {
  return PixelWriter.open(
    place.stems.map((stem) => `${stem}.u8`),
    place.itemBytes,
    fileCount,
    onWarning,
  );
}

export async function finishCache(place: CachePlace, writer: PixelWriter, skipped: readonly SkippedFile[]): Promise<CachedImages> {
  const count = writer.count;
  const { store, hash } = await writer.finish(async (path, pixelsHash) => {
    const index: CacheIndex = { format: formatVersion, key: place.key, count, pixelsHash, skipped };
    await writeAtomically(path.replace(/\.u8$/, ".json"), JSON.stringify(index));
    await hideFromGit(dirname(path));
  });
  return { store, pixelsHash: hash, skipped };
}

/** A cache inside a data folder must not end up in the repository that the folder may belong to. */
async function hideFromGit(folder: string): Promise<void> {
  if (basename(folder) === ownFolder) await writeFile(join(folder, ".gitignore"), "*\n");
}

async function readIndex(path: string): Promise<CacheIndex | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, "utf8"));
    return isIndex(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isIndex(value: unknown): value is CacheIndex {
  if (typeof value !== "object" || value === null) return false;
  const index: Partial<Record<keyof CacheIndex, unknown>> = value;
  return (
    typeof index.format === "number" &&
    typeof index.key === "string" &&
    Number.isSafeInteger(index.count) &&
    typeof index.pixelsHash === "string" &&
    Array.isArray(index.skipped) &&
    index.skipped.every((entry: unknown) => isSkipped(entry))
  );
}

function isSkipped(value: unknown): value is SkippedFile {
  if (typeof value !== "object" || value === null) return false;
  const entry: Partial<Record<keyof SkippedFile, unknown>> = value;
  return typeof entry.file === "string" && typeof entry.reason === "string";
}
