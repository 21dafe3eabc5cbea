/** @file Numbers of other programs as f32. */

/** Element types by the names of the safetensors format, with the bytes of one element. */
export const elementBytes = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  U64: 8,
  I32: 4,
  U32: 4,
  I16: 2,
  U16: 2,
  I8: 1,
  U8: 1,
  BOOL: 1,
} as const;

export type ElementType = keyof typeof elementBytes;

/** A tensor of another program, row-major. Integers (counters, masks) are never weights: their values are not kept. */
export interface ForeignTensor {
  readonly name: string;
  readonly dtype: ElementType;
  readonly shape: readonly number[];
  readonly data: Float32Array | undefined;
}

/** Little-endian floating-point numbers, rounded to f32; undefined for integers. */
export function floatsOf(dtype: ElementType, bytes: Uint8Array): Float32Array | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = (size: number, at: (offset: number) => number): Float32Array =>
    Float32Array.from({ length: bytes.byteLength / size }, (_, index) => at(index * size));
  switch (dtype) {
    case "F64":
      return read(8, (offset) => view.getFloat64(offset, true));
    case "F32":
      return read(4, (offset) => view.getFloat32(offset, true));
    case "F16":
      return read(2, (offset) => halfValue(view.getUint16(offset, true)));
    case "BF16": {
      // The upper half of an f32.
      const single = new DataView(new ArrayBuffer(4));
      return read(2, (offset) => {
        single.setUint16(2, view.getUint16(offset, true), true);
        return single.getFloat32(0, true);
      });
    }
    default:
      return undefined;
  }
}

/** IEEE 754 binary16: 1 bit of sign, 5 of exponent, 10 of fraction. */
function halfValue(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}
