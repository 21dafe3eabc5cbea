/** @file Reads the fixtures that test/fixtures/make.py wrote. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Values widened to f64; `shape` is row-major. */
export interface FixtureTensor {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

export interface NetworkFixture {
  readonly name: string;
  /** The program text. */
  readonly spec: string;
  /** Raw values by weight path; f32 numbers. */
  readonly params: ReadonlyMap<string, FixtureTensor>;
  /** f32 [B][H][W][C]. */
  readonly images: FixtureTensor;
  readonly labels: Int32Array;
  /** [B][O], after the head's activation. */
  readonly outputs: FixtureTensor;
  readonly loss: number;
  /** dloss/draw value by weight path, for every trained tensor. */
  readonly gradients: ReadonlyMap<string, FixtureTensor>;
}

const folder = join(import.meta.dirname, "..", "fixtures");

interface HeaderEntry {
  readonly dtype: "F32" | "F64" | "I32";
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** All tensors of a safetensors file, in file order; it knows f64, which checkpoints do not use. */
export function readTensors(path: string): ReadonlyMap<string, FixtureTensor> {
  // A copy at offset 0, because typed arrays need aligned offsets.
  const bytes = new Uint8Array(readFileSync(path));
  const headerBytes = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerBytes))) as Record<string, HeaderEntry>;
  const constructors = { F32: Float32Array, F64: Float64Array, I32: Int32Array };
  return new Map(
    Object.entries(header).map(([name, entry]): [string, FixtureTensor] => {
      const [begin, end] = entry.data_offsets;
      const values = new constructors[entry.dtype](bytes.slice(8 + headerBytes + begin, 8 + headerBytes + end).buffer);
      return [name, { shape: entry.shape, data: Float64Array.from(values) }];
    }),
  );
}

/** rfft2, irfft2 and their adjoints: `HxW/x` -> `HxW/rfft2(x)` and so on. */
export function readTransforms(): ReadonlyMap<string, FixtureTensor> {
  return readTensors(join(folder, "transforms.safetensors"));
}

export function networkNames(): readonly string[] {
  const names = readdirSync(join(folder, "networks"));
  return names
    .filter((name) => name.endsWith(".spec"))
    .map((name) => name.slice(0, -".spec".length))
    .sort();
}

export function readNetwork(name: string): NetworkFixture {
  const path = join(folder, "networks", name);
  const tensors = readTensors(`${path}.safetensors`);
  const get = (key: string): FixtureTensor => {
    const tensor = tensors.get(key);
    if (tensor === undefined) throw new Error(`${name} has no ${key}`);
    return tensor;
  };
  const under = (prefix: string): ReadonlyMap<string, FixtureTensor> =>
    new Map([...tensors].filter(([key]) => key.startsWith(prefix)).map(([key, tensor]) => [key.slice(prefix.length), tensor]));
  return {
    name,
    spec: readFileSync(`${path}.spec`, "utf8"),
    params: under("params/"),
    images: get("images"),
    labels: Int32Array.from(get("labels").data),
    outputs: get("outputs"),
    loss: get("loss").data[0],
    gradients: under("grad/"),
  };
}
