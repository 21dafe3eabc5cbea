/** @file Reads IDX files, the format of MNIST and Fashion-MNIST, plain or gzipped. */

import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { elementCount } from "../plan/shape.ts";
import { DataError, reasonOf } from "./data-error.ts";

/** Unsigned bytes in row-major order. */
export interface IdxArray {
  readonly shape: readonly number[];
  readonly values: Uint8Array;
}

export interface IdxFiles {
  readonly images: string;
  readonly labels: string;
}

const unsignedByte = 0x08;
/** Far above any published set; a damaged gzip stream cannot fill the memory. */
const largestSizeBytes = 2 ** 31 - 1;

/** @throws Error with the reason when the bytes are not one whole IDX array of unsigned bytes. */
export function parseIdx(bytes: Uint8Array): IdxArray {
  if (bytes.length < 4) throw new Error("shorter than an IDX header");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = view.getUint8(2);
  const rank = view.getUint8(3);
  if (view.getUint16(0) !== 0 || rank === 0) throw new Error("not an IDX file");
  if (type !== unsignedByte)
    throw new Error(`holds values of type 0x${type.toString(16).padStart(2, "0")}, expected unsigned bytes (0x08)`);
  const start = 4 + 4 * rank;
  if (bytes.length < start) throw new Error("shorter than its header says");
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const expected = elementCount(shape);
  const found = bytes.length - start;
  if (found !== expected) throw new Error(`holds ${found} values, its header says ${shape.join(" x ")} = ${expected}`);
  return { shape, values: bytes.subarray(start) };
}

/**
 * Images [N][H][W] with their labels [N].
 *
 * @throws DataError naming the file and what is wrong with it.
 */
export async function readIdxPair(files: IdxFiles): Promise<{ readonly images: IdxArray; readonly labels: IdxArray }> {
  const images = await readIdx(files.images, 3, "images");
  const labels = await readIdx(files.labels, 1, "labels");
  if (images.shape[0] !== labels.shape[0]) {
    throw new DataError(`${basename(files.images)} holds ${images.shape[0]} images, ${basename(files.labels)} ${labels.shape[0]} labels`, {
      help: "the two files must come from the same set; get them again",
    });
  }
  if (images.shape.includes(0)) throw new DataError(`${basename(files.images)} holds no images`);
  return { images, labels };
}

async function readIdx(path: string, rank: number, what: string): Promise<IdxArray> {
  try {
    const bytes = await readFile(path);
    const array = parseIdx(isGzip(bytes) ? await inflate(bytes) : bytes);
    if (array.shape.length !== rank) throw new Error(`has ${array.shape.length} axes, ${what} have ${rank}`);
    return array;
  } catch (thrown) {
    throw new DataError(`cannot read ${path}: ${reasonOf(thrown)}`, { help: "get the file again", cause: thrown });
  }
}

function isGzip(bytes: Uint8Array): boolean {
  return bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function inflate(bytes: Uint8Array): Promise<Uint8Array> {
  return promisify(gunzip)(bytes, { maxOutputLength: largestSizeBytes });
}
