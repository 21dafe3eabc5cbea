/** @file `--to npz`: the weights for NumPy, a zip archive of .npy files; `metadata.json` in it says what they are of. */

import { loadZip } from "../data/zip-library.ts";
import { aboutModel } from "./about.ts";
import type { Exporter } from "./format.ts";
import type { NamedTensor } from "./tensors.ts";
import { namedTensors } from "./tensors.ts";

/** The first day of the zip format, so that the same weights give the same bytes. */
const mtime = new Date(1980, 0, 1);

export const exportNpz: Exporter = async (model, options) => {
  const { zipSync } = await loadZip();
  const files = Object.fromEntries(namedTensors(model, options).map((tensor) => [`${tensor.name}.npy`, npy(tensor)]));
  const about = new TextEncoder().encode(JSON.stringify(aboutModel(model)));
  // Stored, not deflated: trained weights are noise to a compressor, and NumPy then reads them without unpacking.
  return [{ suffix: ".npz", content: zipSync({ ...files, "metadata.json": about }, { level: 0, mtime }) }];
};

/** Version 1.0 of the .npy format: a Python dictionary as header, padded so that the numbers begin at a multiple of 64. */
export function npy({ shape, data }: Pick<NamedTensor, "shape" | "data">): Uint8Array {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const start = 10;
  const text = `{'descr': '<f4', 'fortran_order': False, 'shape': (${sizes}), }`;
  const header = `${text.padEnd(Math.ceil((start + text.length + 1) / 64) * 64 - start - 1)}\n`;
  const bytes = new Uint8Array(start + header.length + data.byteLength);
  bytes.set([0x93, ...new TextEncoder().encode("NUMPY"), 1, 0, header.length & 255, header.length >> 8]);
  bytes.set(new TextEncoder().encode(header), start);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start + header.length);
  return bytes;
}
