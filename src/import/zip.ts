/** @file Reads ZIP archives, which is what .npz and .pt files are. */

import { inflateRawSync } from "node:zlib";
import { WeightsError } from "./weights-error.ts";

const endSignature = 0x06054b50;
const directorySignature = 0x02014b50;
const localSignature = 0x04034b50;
const endBytes = 22;
const longestComment = 65535;

export function isZip(bytes: Uint8Array): boolean {
  return bytes.byteLength >= endBytes && viewOf(bytes).getUint32(0, true) === localSignature;
}

/** The members by name, in the order of the archive's directory; each is unpacked when it is asked for. */
export type Archive = ReadonlyMap<string, () => Uint8Array>;

/** @throws WeightsError for damaged archives, and for compression that no writer of weights uses */
export function readZip(bytes: Uint8Array): Archive {
  const view = viewOf(bytes);
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  const members = new Map<string, () => Uint8Array>();
  for (let index = 0; index < count; index++) {
    if (at + 46 > bytes.byteLength || view.getUint32(at, true) !== directorySignature) throw damaged("its directory is cut off");
    const method = view.getUint16(at + 10, true);
    const [packed, size] = [view.getUint32(at + 20, true), view.getUint32(at + 24, true)];
    const nameBytes = view.getUint16(at + 28, true);
    const skipped = view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    const local = view.getUint32(at + 42, true);
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameBytes));
    members.set(name, () => unpack(bytes, { name, method, packed, size, local }));
    at += 46 + nameBytes + skipped;
  }
  return members;
}

interface Member {
  readonly name: string;
  readonly method: number;
  /** Bytes in the archive. */
  readonly packed: number;
  /** Bytes of the content. */
  readonly size: number;
  readonly local: number;
}

function unpack(bytes: Uint8Array, { name, method, packed, size, local }: Member): Uint8Array {
  const view = viewOf(bytes);
  // Larger members have their sizes elsewhere (ZIP64).
  if ([packed, size, local].includes(0xffffffff)) throw new WeightsError(`${name} is larger than 4 GB`);
  if (local + 30 > bytes.byteLength || view.getUint32(local, true) !== localSignature) throw damaged(`${name} is not where its directory says`);
  const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  if (start + packed > bytes.byteLength) throw damaged(`${name} is cut off`);
  const content = bytes.subarray(start, start + packed);
  if (method === 0 && packed === size) return content;
  if (method !== 8) throw new WeightsError(`${name} is compressed in a way (${method}) that is not supported`);
  let result: Uint8Array;
  try {
    result = inflateRawSync(content, { maxOutputLength: Math.max(1, size) });
  } catch {
    throw damaged(`${name} cannot be unpacked`);
  }
  if (result.byteLength !== size) throw damaged(`${name} has ${result.byteLength} bytes instead of ${size}`);
  return result;
}

function findEnd(view: DataView): number {
  const last = view.byteLength - endBytes;
  for (let at = last; at >= Math.max(0, last - longestComment); at--) if (view.getUint32(at, true) === endSignature) return at;
  throw damaged("its directory is missing");
}

function damaged(problem: string): WeightsError {
  return new WeightsError(`the archive is damaged: ${problem}`);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
