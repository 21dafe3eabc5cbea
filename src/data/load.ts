/** @file The door to data: opens a folder of images or IDX files as labelled u8 pixels. */

import { DataError } from "./data-error.ts";
import type { Dataset, LoadOptions } from "./dataset.ts";
import { findLayout, requirePart } from "./layout.ts";
import { loadFolder } from "./load-folder.ts";
import { loadIdx } from "./load-idx.ts";

/**
 * Decodes every image once into the cache, or opens the cache when nothing changed. Unreadable images are skipped and named
 * in `skipped`; problems with the cache are warnings.
 *
 * @param directory one folder for each class, or IDX files; whole or divided into `train`, `val` and `test`
 * @throws DataError when the folder cannot be used; the signal's reason when it is aborted
 */
export async function loadDataset(directory: string, options: LoadOptions): Promise<Dataset> {
  requireSettings(options);
  const layout = await findLayout(directory);
  const part = options.part ?? "train";
  if (layout.kind === "folder") return loadFolder(directory, requirePart(layout, layout.parts, part), options);
  return loadIdx(directory, requirePart(layout, layout.parts, part), options);
}

function requireSettings({ height, width, channels, limit }: LoadOptions): void {
  for (const size of [height, width]) {
    if (!Number.isSafeInteger(size) || size < 1) throw new RangeError(`images cannot be brought to ${height}x${width}`);
  }
  if (channels !== 1 && channels !== 3) {
    throw new DataError(`images have 1 channel (grey) or 3 (colour), the network takes ${channels}`, {
      code: "S0611",
      help: `write \`input ${height}x${width}x3\` or \`input ${height}x${width}x1\``,
    });
  }
  if (limit !== undefined && (!Number.isSafeInteger(limit) || limit < 1)) {
    throw new DataError(`the number of items is limited to ${limit}`, { help: "give a whole number from 1" });
  }
}
