/** @file What a data set is to the rest of specc: labelled u8 images of one size. */

import type { PartName } from "./layout.ts";

export interface SkippedFile {
  /** Below the data folder, with `/`. */
  readonly file: string;
  readonly reason: string;
}

export interface Dataset {
  /** Label l means `classes[l]`. */
  readonly classes: readonly string[];
  readonly height: number;
  readonly width: number;
  /** 1 or 3. */
  readonly channels: number;
  readonly count: number;
  /** [N], each 0 .. classes.length - 1. */
  readonly labels: Int32Array;
  /** File names below the data folder, or the indices in an IDX file. */
  readonly names: readonly string[];
  /** Files that could not be decoded and are not among the items. */
  readonly skipped: readonly SkippedFile[];
  /** SHA-256 of classes, labels, names and pixels, in hexadecimal: equal data give equal hashes on every machine. */
  readonly hash: string;
  /** u8 [H][W][C] of item `index`, valid until the next call. */
  pixels(index: number): Uint8Array;
  close(): void;
}

export interface LoadOptions {
  readonly height: number;
  readonly width: number;
  /** 1 (luma) or 3. */
  readonly channels: number;
  readonly fit: "stretch" | "cover";
  readonly antialias: boolean;
  /** Which part of a divided folder; `train` by default, which is everything where the folder is not divided. */
  readonly part?: PartName;
  /** Only these classes, labelled in this order; each must be there. */
  readonly classes?: readonly string[];
  /**
   * The classes of a trained network or of the training part: they fix the labels. Some may have no images here; a class
   * that is not among them is an error.
   */
  readonly knownClasses?: readonly string[];
  /** At most this many items, taken from the classes in turn. */
  readonly limit?: number;
  /** Where decoded pixels are kept; null: in memory. Default: `.specc-cache` in the data folder, else the system's cache folder. */
  readonly cacheDir?: string | null;
  /** After each file: how many of how many are decoded. */
  readonly onProgress?: (done: number, total: number) => void;
  readonly onWarning?: (message: string) => void;
  readonly signal?: AbortSignal;
}
