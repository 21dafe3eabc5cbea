/** @file Arrays of NumPy: the .npy format, as members of an .npz archive. */

import { elementCount, permuted } from "../plan/shape.ts";
import type { ElementType, ForeignTensor } from "./numbers.ts";
import { elementBytes, floatsOf } from "./numbers.ts";
import { WeightsError } from "./weights-error.ts";
import type { Archive } from "./zip.ts";

const types: Readonly<Record<string, ElementType>> = {
  "<f8": "F64",
  "<f4": "F32",
  "<f2": "F16",
  "<i8": "I64",
  "<u8": "U64",
  "<i4": "I32",
  "<u4": "U32",
  "<i2": "I16",
  "<u2": "U16",
  "|i1": "I8",
  "|u1": "U8",
  "|b1": "BOOL",
};

/** The arrays of an .npz archive, in the order in which they were saved. */
export function readNpz(archive: Archive): readonly ForeignTensor[] {
  return [...archive].flatMap(([member, content]) =>
    member.endsWith(".npy") ? [readNpy(member.slice(0, -".npy".length), content())] : [],
  );
}

/** @throws WeightsError naming the array */
function readNpy(name: string, bytes: Uint8Array): ForeignTensor {
  const refuse = (problem: string): never => {
    throw new WeightsError(`array \`${name}\`: ${problem}`);
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength < 12 || view.getUint8(0) !== 0x93 || String.fromCharCode(...bytes.subarray(1, 6)) !== "NUMPY")
    refuse("is not in NumPy's format");
  const long = view.getUint8(6) > 1;
  const start = long ? 12 : 10;
  const end = start + (long ? view.getUint32(8, true) : view.getUint16(8, true));
  if (end > bytes.byteLength) refuse("is cut off");
  // A literal of Python: {'descr': '<f4', 'fortran_order': False, 'shape': (3, 3), }.
  const header = new TextDecoder().decode(bytes.subarray(start, end));
  const descr = /'descr':\s*'([^']+)'/.exec(header)?.[1] ?? "";
  const fortran = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const sizes = /'shape':\s*\(([\d,\s]*)\)/.exec(header)?.[1];
  if (fortran === undefined || sizes === undefined) refuse("has a header that is not NumPy's");
  const dtype: ElementType = types[descr] ?? refuse(`holds ${descr || "objects"}, not numbers that can be weights`);
  const shape = (sizes ?? "").split(",").flatMap((size) => (size.trim() === "" ? [] : [Number(size)]));
  const content = bytes.subarray(end);
  if (content.byteLength !== elementCount(shape) * elementBytes[dtype])
    refuse(`has ${content.byteLength} bytes, [${shape.join(", ")}] takes ${elementCount(shape) * elementBytes[dtype]}`);
  const data = floatsOf(dtype, content);
  if (data === undefined || fortran === "False") return { name, dtype, shape, data };
  // The first index runs fastest: row-major with the axes the other way round.
  const reversed = [...shape].reverse();
  return { name, dtype, shape, data: permuted(data, reversed, [...shape.keys()].reverse()) };
}
