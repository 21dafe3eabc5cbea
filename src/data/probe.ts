/** @file Looks at a data set without decoding it: classes, counts, sizes and colours, from file names and headers. */

import { availableParallelism } from "node:os";
import type { ImageFile } from "./class-folders.ts";
import type { ClassCount } from "./classes.ts";
import { chooseClasses } from "./classes.ts";
import { readIdxPair } from "./idx.ts";
import type { ImageHeader } from "./image-file.ts";
import { readImageHeader } from "./image-file.ts";
import type { PartName } from "./layout.ts";
import { findLayout, requirePart } from "./layout.ts";
import { requireClassFolders } from "./load-folder.ts";
import { idxClasses } from "./load-idx.ts";

export interface DatasetProbe {
  readonly kind: "folder" | "idx";
  /** In label order, those chosen by `classes` alone. */
  readonly classes: readonly ClassCount[];
  /** True when any image has colour; false without headers. */
  readonly anyColour: boolean;
  /** The size of every image, when it is one; null also without headers. */
  readonly commonSize: { readonly height: number; readonly width: number } | null;
  /** Which parts lie beside each other in the folder. A folder without parts is all `train`. */
  readonly parts: readonly PartName[];
}

export interface ProbeOptions {
  readonly part?: PartName;
  readonly classes?: readonly string[];
  readonly knownClasses?: readonly string[];
  /** Read the headers of the images. Default true; without, nothing is known of sizes and colours. */
  readonly headers?: boolean;
  readonly signal?: AbortSignal;
}

/** @throws DataError as `loadDataset` does, for what can be seen without decoding. */
export async function probeDataset(directory: string, options: ProbeOptions = {}): Promise<DatasetProbe> {
  const layout = await findLayout(directory);
  const part = options.part ?? "train";
  const parts = (["train", "validation", "test"] as const).filter((name) => layout.parts[name] !== undefined);
  const asked = { wanted: options.classes, known: options.knownClasses };
  if (layout.kind === "idx") {
    const { images, labels } = await readIdxPair(requirePart(layout, layout.parts, part));
    const found = await idxClasses(directory, labels.values);
    const [, height, width] = images.shape;
    return {
      kind: "idx",
      parts,
      classes: counted(found, chooseClasses(directory, found, asked).classes),
      anyColour: false,
      commonSize: { height, width },
    };
  }
  const place = requirePart(layout, layout.parts, part);
  const { classes: folders } = await requireClassFolders(place, options.knownClasses !== undefined);
  const found = folders.map(({ name, files }) => ({ name, count: files.length }));
  const { classes, labelOf } = chooseClasses(place, found, asked);
  const files = folders.filter(({ name }) => labelOf.has(name)).flatMap((folder) => folder.files);
  const seen = options.headers === false ? { anyColour: false, commonSize: null } : await readHeaders(files, options.signal);
  return { kind: "folder", parts, classes: counted(found, classes), ...seen };
}

function counted(found: readonly ClassCount[], classes: readonly string[]): readonly ClassCount[] {
  const counts = new Map(found.map(({ name, count }) => [name, count]));
  return classes.map((name) => ({ name, count: counts.get(name) ?? 0 }));
}

/** Stops as soon as the rest cannot change the answer. Files that cannot be read say nothing. */
async function readHeaders(
  files: readonly ImageFile[],
  signal: AbortSignal | undefined,
): Promise<Pick<DatasetProbe, "anyColour" | "commonSize">> {
  const batch = 8 * availableParallelism();
  let anyColour = false;
  let first: ImageHeader | undefined;
  let equal = true;
  for (let start = 0; start < files.length && (equal || !anyColour); start += batch) {
    signal?.throwIfAborted();
    const headers = await Promise.allSettled(files.slice(start, start + batch).map(({ path }) => readImageHeader(path)));
    for (const header of headers) {
      if (header.status === "rejected") continue;
      first ??= header.value;
      anyColour ||= header.value.colour;
      equal &&= header.value.height === first.height && header.value.width === first.width;
    }
  }
  return { anyColour, commonSize: first !== undefined && equal ? { height: first.height, width: first.width } : null };
}

/** Sides above this are not taken from the data without being asked for. */
const largestOwnSide = 256;
const fallbackSide = 128;

/** The input that a network without one gets from the data (docs/training.md#data). */
export function inputFromData(probe: Pick<DatasetProbe, "anyColour" | "commonSize">): {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
} {
  const own = probe.commonSize;
  const fits = own !== null && own.height <= largestOwnSide && own.width <= largestOwnSide;
  const { height, width } = fits ? own : { height: fallbackSide, width: fallbackSide };
  return { height, width, channels: probe.anyColour ? 3 : 1 };
}
