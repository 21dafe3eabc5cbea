/** @file Tensor files: reading and writing the safetensors format, strictly. */

import { elementCount, roundUp } from "../plan/shape.ts";

/** A named array; `shape` is row-major and its product is the length of `data`. */
export type Tensor =
  | { readonly dtype: "F32"; readonly shape: readonly number[]; readonly data: Float32Array }
  | { readonly dtype: "I32"; readonly shape: readonly number[]; readonly data: Int32Array }
  | { readonly dtype: "U32"; readonly shape: readonly number[]; readonly data: Uint32Array }
  | { readonly dtype: "I64"; readonly shape: readonly number[]; readonly data: BigInt64Array }
  | { readonly dtype: "U64"; readonly shape: readonly number[]; readonly data: BigUint64Array }
  | { readonly dtype: "U8"; readonly shape: readonly number[]; readonly data: Uint8Array };

export interface TensorFile {
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly metadata: ReadonlyMap<string, string>;
}

/** The bytes are not a safetensors file, or a tensor in it is not what was asked for. */
export class TensorFileError extends Error {
  override readonly name = "TensorFileError";
}

const elementBytes = { F32: 4, I32: 4, U32: 4, I64: 8, U64: 8, U8: 1 } as const;
type Dtype = keyof typeof elementBytes;

/** The limit of the format's own reference implementation. */
const largestHeaderBytes = 100_000_000;
/** Length of the header, little-endian u64, in front of it. */
const prefixBytes = 8;

interface Entry<D extends string> {
  readonly name: string;
  readonly dtype: D;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** A tensor as it lies in the file, little-endian; `bytes` is a view of it. */
export interface RawTensor<D extends string> {
  readonly name: string;
  readonly dtype: D;
  readonly shape: readonly number[];
  readonly bytes: Uint8Array;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSize(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}

function parseHeader(bytes: Uint8Array): { readonly header: Record<string, unknown>; readonly data: Uint8Array } {
  if (bytes.byteLength < prefixBytes) {
    throw new TensorFileError(`the file has ${bytes.byteLength} bytes; a safetensors file has at least ${prefixBytes}`);
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true);
  if (length > BigInt(largestHeaderBytes)) {
    throw new TensorFileError(`this is not a safetensors file: its header would have ${length} bytes`);
  }
  const dataStart = prefixBytes + Number(length);
  if (dataStart > bytes.byteLength) {
    throw new TensorFileError(`the file is truncated: its header ends at byte ${dataStart} of ${bytes.byteLength}`);
  }
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(prefixBytes, dataStart)));
  } catch (error) {
    throw new TensorFileError(`the header is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isRecord(header)) throw new TensorFileError("the header is not a JSON object");
  return { header, data: bytes.subarray(dataStart) };
}

function parseEntry<D extends string>(name: string, value: unknown, dataBytes: number, sizes: Readonly<Record<D, number>>): Entry<D> {
  const isDtype = (word: unknown): word is D => typeof word === "string" && Object.hasOwn(sizes, word);
  const refuse = (problem: string): never => {
    throw new TensorFileError(`tensor \`${name}\`: ${problem}`);
  };
  if (!isRecord(value)) return refuse("its description is not an object");
  const { dtype, shape, data_offsets: offsets } = value;
  if (!isDtype(dtype)) {
    return refuse(`element type ${JSON.stringify(dtype)} is not supported; supported are ${Object.keys(sizes).join(", ")}`);
  }
  if (!Array.isArray(shape) || !shape.every(isSize)) return refuse("its shape is not a list of sizes");
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize)) return refuse("its data_offsets are not two offsets");
  const [begin, end] = offsets as [number, number];
  if (begin > end) return refuse(`its data_offsets run backwards: ${begin} to ${end}`);
  if (end > dataBytes) return refuse(`the file is truncated: the tensor ends at data byte ${end} of ${dataBytes}`);
  const expected = elementCount(shape) * sizes[dtype];
  if (end - begin !== expected) {
    return refuse(`${dtype} [${shape.join(", ")}] takes ${expected} bytes, but data_offsets span ${end - begin}`);
  }
  return { name, dtype, shape, begin, end };
}

function parseMetadata(value: unknown): ReadonlyMap<string, string> {
  const metadata = new Map<string, string>();
  if (value === undefined) return metadata;
  if (!isRecord(value)) throw new TensorFileError("`__metadata__` is not an object");
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== "string") throw new TensorFileError(`\`__metadata__\`: the value of \`${key}\` is not a string`);
    metadata.set(key, text);
  }
  return metadata;
}

/** The format allows neither overlaps nor bytes that belong to no tensor. */
function refuseOverlapsAndGaps(entries: readonly Entry<string>[], dataBytes: number): void {
  let reached = 0;
  for (const entry of [...entries].sort((a, b) => a.begin - b.begin || a.end - b.end)) {
    if (entry.begin < reached) throw new TensorFileError(`tensor \`${entry.name}\` overlaps the tensor before it`);
    if (entry.begin > reached) throw new TensorFileError(`data bytes ${reached} to ${entry.begin} belong to no tensor`);
    reached = entry.end;
  }
  if (reached !== dataBytes) throw new TensorFileError(`data bytes ${reached} to ${dataBytes} belong to no tensor`);
}

function tensorOf({ dtype, shape, bytes }: RawTensor<Dtype>): Tensor {
  // A copy: offsets in the file need not be aligned, and the caller may drop the file. Of the memory itself, because `slice`
  // of Node's Buffer is no copy.
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  switch (dtype) {
    case "F32":
      return { dtype, shape, data: new Float32Array(buffer) };
    case "I32":
      return { dtype, shape, data: new Int32Array(buffer) };
    case "U32":
      return { dtype, shape, data: new Uint32Array(buffer) };
    case "I64":
      return { dtype, shape, data: new BigInt64Array(buffer) };
    case "U64":
      return { dtype, shape, data: new BigUint64Array(buffer) };
    case "U8":
      return { dtype, shape, data: new Uint8Array(buffer) };
  }
}

/**
 * Every tensor of a safetensors file, undecoded, in the order of the header.
 * @param sizes the element types that are taken, with the bytes of one element
 * @throws TensorFileError if the file is truncated, inconsistent, or uses another element type
 */
export function readRawTensors<D extends string>(
  bytes: Uint8Array,
  sizes: Readonly<Record<D, number>>,
): { readonly tensors: readonly RawTensor<D>[]; readonly metadata: ReadonlyMap<string, string> } {
  const { header, data } = parseHeader(bytes);
  const entries: Entry<D>[] = [];
  for (const [name, value] of Object.entries(header)) {
    if (name !== "__metadata__") entries.push(parseEntry(name, value, data.byteLength, sizes));
  }
  refuseOverlapsAndGaps(entries, data.byteLength);
  const tensors = entries.map(({ name, dtype, shape, begin, end }) => ({ name, dtype, shape, bytes: data.subarray(begin, end) }));
  return { tensors, metadata: parseMetadata(header.__metadata__) };
}

/**
 * Reads a whole safetensors file; the tensors are copies.
 * @throws TensorFileError if the file is truncated, inconsistent, or uses an element type that is not supported
 */
export function readTensors(bytes: Uint8Array): TensorFile {
  const { tensors, metadata } = readRawTensors(bytes, elementBytes);
  return { tensors: new Map(tensors.map((tensor) => [tensor.name, tensorOf(tensor)])), metadata };
}

/**
 * Writes a safetensors file. The order is that of the map, wider elements first, so that every tensor is aligned.
 * @throws TensorFileError if a shape does not fit its data
 */
export function writeTensors(file: TensorFile): Uint8Array {
  const ordered = [...file.tensors].sort(([, a], [, b]) => elementBytes[b.dtype] - elementBytes[a.dtype]);
  // Without a prototype, `__proto__` is a name like any other.
  const header = Object.create(null) as Record<string, unknown>;
  if (file.metadata.size > 0) header.__metadata__ = Object.fromEntries(file.metadata);
  let dataBytes = 0;
  for (const [name, { dtype, shape, data }] of ordered) {
    if (name === "__metadata__") throw new TensorFileError("a tensor cannot be named `__metadata__`");
    if (!shape.every(isSize) || elementCount(shape) !== data.length) {
      throw new TensorFileError(`tensor \`${name}\`: shape [${shape.join(", ")}] does not fit ${data.length} elements`);
    }
    header[name] = { dtype, shape, data_offsets: [dataBytes, dataBytes + data.byteLength] };
    dataBytes += data.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  const headerBytes = roundUp(text.byteLength, 8);
  const bytes = new Uint8Array(prefixBytes + headerBytes + dataBytes);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  bytes.fill(0x20, prefixBytes, prefixBytes + headerBytes);
  bytes.set(text, prefixBytes);
  let position = prefixBytes + headerBytes;
  for (const [, { data }] of ordered) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), position);
    position += data.byteLength;
  }
  return bytes;
}

/** `[2, 3]`; a size that is null matches any. */
function expectTensor(file: TensorFile, name: string, shape: readonly (number | null)[] | undefined): Tensor {
  const tensor = file.tensors.get(name);
  if (tensor === undefined) {
    throw new TensorFileError(`there is no tensor \`${name}\`; the file holds ${[...file.tensors.keys()].join(", ") || "none"}`);
  }
  if (shape !== undefined && (shape.length !== tensor.shape.length || shape.some((size, i) => size !== null && size !== tensor.shape[i]))) {
    const wanted = shape.map((size) => size ?? "any").join(", ");
    throw new TensorFileError(`tensor \`${name}\` has shape [${tensor.shape.join(", ")}], expected [${wanted}]`);
  }
  return tensor;
}

/**
 * The f32 tensor of that name, its shape checked where one is given (null stands for any size).
 * @throws TensorFileError naming what was expected and what is there
 */
export function floatTensor(file: TensorFile, name: string, shape?: readonly (number | null)[]): Float32Array {
  const tensor = expectTensor(file, name, shape);
  if (tensor.dtype !== "F32") throw new TensorFileError(`tensor \`${name}\` holds ${tensor.dtype}, expected F32`);
  return tensor.data;
}

/**
 * The integer tensor of that name as i32; every integer type is accepted as long as its values fit.
 * @throws TensorFileError naming what was expected and what is there
 */
export function integerTensor(file: TensorFile, name: string, shape?: readonly (number | null)[]): Int32Array {
  const tensor = expectTensor(file, name, shape);
  if (tensor.dtype === "F32") throw new TensorFileError(`tensor \`${name}\` holds F32, expected integers`);
  const result = new Int32Array(tensor.data.length);
  for (let i = 0; i < result.length; i++) {
    const value = Number(tensor.data[i]);
    result[i] = value;
    if (result[i] !== value) throw new TensorFileError(`tensor \`${name}\`: element ${i} is ${tensor.data[i]}, beyond 32 bits`);
  }
  return result;
}
