/** @file Reads ZIP archives, which is what .npz and .pt files are. */

import type { UnzipFileInfo } from "fflate";
import { loadZip } from "../data/zip-library.ts";
import { WeightsError } from "./weights-error.ts";

/** What an archive with at least one member begins with. */
export function isZip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 3 && bytes[3] === 4;
}

/** The members by name, in the order of the archive's directory; each is unpacked when it is asked for. */
export type Archive = ReadonlyMap<string, () => Uint8Array>;

/** Deflate makes at most so many bytes of one: a member that claims more would only fill the memory. */
const largestRatio = 1032;

/** @throws WeightsError for damaged archives, and for compression that no writer of weights uses */
export async function readZip(bytes: Uint8Array): Promise<Archive> {
  const { unzipSync } = await loadZip();
  const unpack = (info: UnzipFileInfo): Uint8Array => {
    if (info.compression !== 0 && info.compression !== 8)
      throw new WeightsError(`${info.name} is compressed in a way (${info.compression}) that is not supported`);
    if (info.originalSize > largestRatio * Math.max(1, info.size)) throw damaged(`${info.name} cannot have ${info.originalSize} bytes`);
    const content = guarded(() => unzipSync(bytes, { filter: ({ name }) => name === info.name })[info.name]);
    if (content.byteLength !== info.originalSize)
      throw damaged(`${info.name} has ${content.byteLength} bytes instead of ${info.originalSize}`);
    return content;
  };
  const members = new Map<string, () => Uint8Array>();
  const list = (info: UnzipFileInfo): boolean => {
    members.set(info.name, () => unpack(info));
    return false;
  };
  guarded(() => unzipSync(bytes, { filter: list }));
  return members;
}

/** Whatever the library stumbles over is damage. */
function guarded<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw damaged((error as Error).message);
  }
}

function damaged(problem: string): WeightsError {
  return new WeightsError(`the archive is damaged: ${problem}`);
}
