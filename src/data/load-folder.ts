/** @file Loads the class folders of one part: decodes what the cache does not have. */

import { availableParallelism } from "node:os";
import { sha256 } from "./cache-folder.ts";
import type { ClassFolder, ImageFile } from "./class-folders.ts";
import { listClassFolders } from "./class-folders.ts";
import { chooseClasses, limitItems } from "./classes.ts";
import { DataError, reasonOf } from "./data-error.ts";
import type { Dataset, LoadOptions, SkippedFile } from "./dataset.ts";
import type { CachedImages, CachePlace } from "./image-cache.ts";
import { cachePlace, createCache, finishCache, openCache } from "./image-cache.ts";
import { loadImage, loadSharp } from "./image-file.ts";

interface LabelledFile {
  readonly file: ImageFile;
  readonly label: number;
}

/**
 * @param root the data folder: where the cache lies
 * @param directory the part of it that holds the class folders
 */
export async function loadFolder(root: string, directory: string, options: LoadOptions): Promise<Dataset> {
  const { classes: folders } = await requireClassFolders(directory, options.knownClasses !== undefined);
  const found = folders.map(({ name, files }) => ({ name, count: files.length }));
  const { classes, labelOf } = chooseClasses(directory, found, { wanted: options.classes, known: options.knownClasses });
  const used = folders.filter(({ name }) => labelOf.has(name));
  const items = limitItems(
    used.map(({ files }) => files.length),
    options.limit,
  ).flatMap((kept, position) =>
    used[position].files.slice(0, kept).map((file): LabelledFile => ({ file, label: labelOf.get(used[position].name) ?? 0 })),
  );
  // Labels are not part of it: another order of the classes finds the same decoded images.
  const scope = [options.part ?? "train", [...(options.classes ?? [])].sort(), options.limit ?? null];
  const place = cachePlace(
    root,
    scope,
    items.map(({ file }) => file),
    options,
    options.cacheDir,
  );
  const images = (await openCache(place)) ?? (await decodeAll(place, items, options));
  const skippedNames = new Set(images.skipped.map(({ file }) => file));
  const kept = items.filter(({ file }) => !skippedNames.has(file.name));
  try {
    requireDecoded(directory, kept, images.skipped, options.knownClasses === undefined ? classes : []);
  } catch (thrown) {
    images.store.close();
    throw thrown;
  }
  const names = kept.map(({ file }) => file.name);
  const { height, width, channels } = options;
  return {
    classes,
    height,
    width,
    channels,
    count: kept.length,
    labels: Int32Array.from(kept, ({ label }) => label),
    names,
    skipped: images.skipped,
    hash: sha256([classes, height, width, channels, kept.map(({ label }) => label), names, images.pixelsHash]),
    pixels: (index) => images.store.read(index),
    close: () => images.store.close(),
  };
}

/**
 * @param single whether one class will do
 * @throws DataError when the folders below are not those of classes, saying what is there instead
 */
export async function requireClassFolders(directory: string, single: boolean): Promise<{ readonly classes: readonly ClassFolder[] }> {
  const listing = await listClassFolders(directory);
  if (listing.classes.length === 0 && listing.strayCount > 0) {
    throw new DataError(`the images in ${directory} are not in class folders`, {
      help: `move the images of each class into a folder of its own: ${directory}/cats, ${directory}/dogs`,
    });
  }
  const only = !single && listing.classes.length === 1 ? listing.classes[0] : undefined;
  if (only !== undefined && only.files.length > 0 && only.files.every(({ name }) => name.split("/").length > 2)) {
    throw new DataError(`${directory} has one class only, \`${only.name}\`, whose images lie in folders of their own`, {
      help: `if those are the classes: --data ${directory}/${only.name}`,
    });
  }
  return listing;
}

async function decodeAll(place: CachePlace, items: readonly LabelledFile[], options: LoadOptions): Promise<CachedImages> {
  await loadSharp();
  const writer = await createCache(place, items.length, options.onWarning ?? (() => {}));
  const skipped: SkippedFile[] = [];
  try {
    let done = 0;
    for await (const { item, pixels } of decodeInOrder(items, options)) {
      options.signal?.throwIfAborted();
      if (pixels instanceof Uint8Array) writer.append(pixels);
      else skipped.push({ file: item.file.name, reason: pixels.reason });
      options.onProgress?.(++done, items.length);
    }
    return await finishCache(place, writer, skipped);
  } finally {
    writer.discard();
  }
}

interface Decoded {
  readonly item: LabelledFile;
  readonly pixels: Uint8Array | { readonly reason: string };
}

/** Keeps a few files in flight and gives them back in their order, so that equal folders make equal caches. */
async function* decodeInOrder(items: readonly LabelledFile[], options: LoadOptions): AsyncGenerator<Decoded> {
  const inFlight: Promise<Decoded>[] = [];
  const limit = 2 * availableParallelism();
  let next = 0;
  try {
    while (next < items.length || inFlight.length > 0) {
      while (next < items.length && inFlight.length < limit) inFlight.push(decodeOne(items[next++], options));
      const first = inFlight.shift();
      if (first !== undefined) yield await first;
    }
  } finally {
    await Promise.all(inFlight);
  }
}

async function decodeOne(item: LabelledFile, options: LoadOptions): Promise<Decoded> {
  try {
    return { item, pixels: await loadImage(item.file.path, options) };
  } catch (thrown) {
    return { item, pixels: { reason: reasonOf(thrown) } };
  }
}

function requireDecoded(
  directory: string,
  kept: readonly LabelledFile[],
  skipped: readonly SkippedFile[],
  needed: readonly string[],
): void {
  const example = skipped.length === 0 ? "" : ` (${skipped[0].file}: ${skipped[0].reason})`;
  if (kept.length === 0) throw new DataError(`none of the ${skipped.length} images of ${directory} could be read${example}`);
  const seen = new Set(kept.map(({ label }) => label));
  const missing = needed.find((_, label) => !seen.has(label));
  if (missing === undefined) return;
  throw new DataError(`no image of class \`${missing}\` in ${directory} could be read${example}`, {
    help: "replace its files, or take more items if the number is limited",
  });
}
