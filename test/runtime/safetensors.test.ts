/** @file Tensor files: round trips, the exact layout, and every kind of damage. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { elementCount } from "../../src/plan/shape.ts";
import type { Tensor } from "../../src/runtime/safetensors.ts";
import { floatTensor, integerTensor, readTensors, TensorFileError, writeTensors } from "../../src/runtime/safetensors.ts";

/** A file with this header text, padded by nothing. */
function file(header: string, data: Uint8Array = new Uint8Array(0)): Uint8Array {
  const text = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

const entry = (dtype: string, shape: unknown, offsets: unknown): string => JSON.stringify({ x: { dtype, shape, data_offsets: offsets } });

function message(bytes: Uint8Array): string {
  try {
    readTensors(bytes);
  } catch (error) {
    if (error instanceof TensorFileError) return error.message;
    throw error;
  }
  return "no error";
}

const arrays = {
  F32: (n: number) => ({ dtype: "F32", data: new Float32Array(n).map((_, i) => i / 3) }),
  I32: (n: number) => ({ dtype: "I32", data: new Int32Array(n).map((_, i) => -i) }),
  U32: (n: number) => ({ dtype: "U32", data: new Uint32Array(n).map((_, i) => 0xffffffff - i) }),
  I64: (n: number) => ({ dtype: "I64", data: new BigInt64Array(n).map((_, i) => -BigInt(i)) }),
  U64: (n: number) => ({ dtype: "U64", data: new BigUint64Array(n).map((_, i) => 2n ** 60n + BigInt(i)) }),
  U8: (n: number) => ({ dtype: "U8", data: new Uint8Array(n).map((_, i) => i) }),
} as const;

const tensor: fc.Arbitrary<Tensor> = fc
  .tuple(fc.constantFrom(...Object.values(arrays)), fc.array(fc.nat(4), { maxLength: 4 }))
  .map(([make, shape]) => ({ ...make(elementCount(shape)), shape }) as Tensor);

describe("safetensors", () => {
  test("round trip of any tensors, names and metadata", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), tensor), fc.dictionary(fc.string(), fc.string()), (tensors, metadata) => {
        const names = Object.entries(tensors).filter(([name]) => name !== "__metadata__");
        const bytes = writeTensors({ tensors: new Map(names), metadata: new Map(Object.entries(metadata)) });
        const back = readTensors(bytes);
        expect(new Map([...back.tensors].sort())).toEqual(new Map([...names].sort()));
        expect(back.metadata).toEqual(new Map(Object.entries(metadata)));
      }),
    );
  });

  test("layout: padded header, wide elements first, everything aligned", () => {
    const bytes = writeTensors({
      tensors: new Map<string, Tensor>([
        ["bytes", { dtype: "U8", shape: [3], data: Uint8Array.of(1, 2, 3) }],
        ["floats", { dtype: "F32", shape: [1, 2], data: Float32Array.of(1, -2) }],
      ]),
      metadata: new Map([["format", "pt"]]),
    });
    const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
    expect(length % 8).toBe(0);
    expect(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))).toEqual({
      __metadata__: { format: "pt" },
      floats: { dtype: "F32", shape: [1, 2], data_offsets: [0, 8] },
      bytes: { dtype: "U8", shape: [3], data_offsets: [8, 11] },
    });
    expect([...bytes.subarray(8 + length)]).toEqual([0, 0, 128, 63, 0, 0, 0, 192, 1, 2, 3]);
  });

  test("reads unaligned foreign files, from any position of a larger buffer", () => {
    const inner = file(entry("F32", [1], [0, 4]), Uint8Array.of(0, 0, 128, 63));
    const outer = new Uint8Array(inner.length + 3);
    outer.set(inner, 3);
    expect(readTensors(outer.subarray(3)).tensors.get("x")?.data).toEqual(Float32Array.of(1));
  });

  test.each([
    ["no header", new Uint8Array(5), "at least 8"],
    ["absurd header", Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 127, 0), "not a safetensors file"],
    ["header beyond the end", file("{}").subarray(0, 9), "truncated"],
    ["broken JSON", file("{"), "not JSON"],
    ["broken UTF-8", Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0, 0xff), "not JSON"],
    ["an array", file("[]"), "not a JSON object"],
    ["half type", file(entry("F16", [1], [0, 2]), new Uint8Array(2)), '"F16" is not supported'],
    ["inherited type", file(entry("toString", [1], [0, 2]), new Uint8Array(2)), "not supported"],
    ["negative size", file(entry("F32", [-1], [0, 4]), new Uint8Array(4)), "list of sizes"],
    ["fractional size", file(entry("F32", [0.5], [0, 2]), new Uint8Array(2)), "list of sizes"],
    ["wrong size", file(entry("F32", [2], [0, 4]), new Uint8Array(4)), "F32 [2] takes 8 bytes, but data_offsets span 4"],
    ["huge shape", file(entry("F32", [2 ** 52, 2 ** 52], [0, 4]), new Uint8Array(4)), "takes"],
    ["backwards", file(entry("F32", [1], [4, 0]), new Uint8Array(4)), "backwards"],
    ["beyond the end", file(entry("F32", [2], [0, 8]), new Uint8Array(4)), "ends at data byte 8 of 4"],
    ["no offsets", file(entry("F32", [1], null), new Uint8Array(4)), "two offsets"],
    ["trailing bytes", file(entry("F32", [1], [0, 4]), new Uint8Array(6)), "4 to 6 belong to no tensor"],
    ["a gap", file(entry("F32", [1], [4, 8]), new Uint8Array(8)), "0 to 4 belong to no tensor"],
    [
      "an overlap",
      file('{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}', new Uint8Array(4)),
      "`b` overlaps",
    ],
    ["bad metadata", file('{"__metadata__":{"a":1}}'), "not a string"],
  ])("refuses %s", (_, bytes, expected) => {
    expect(message(bytes)).toContain(expected);
  });

  test("damage never reads out of bounds and never throws anything else", () => {
    const good = writeTensors({
      tensors: new Map<string, Tensor>([["x", { dtype: "F32", shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }]]),
      metadata: new Map(),
    });
    const edit = fc.record({ at: fc.nat(good.length - 1), value: fc.nat(255), keep: fc.nat(good.length) });
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 4 }), (edits) => {
        const bytes = good.slice(0, Math.min(good.length, ...edits.map(({ keep }) => keep)));
        for (const { at, value } of edits) if (at < bytes.length) bytes[at] = value;
        message(bytes);
      }),
      { numRuns: 1000 },
    );
    fc.assert(fc.property(fc.uint8Array(), (bytes) => void message(bytes)));
  });

  test("typed access says what is there", () => {
    const content = {
      tensors: new Map<string, Tensor>([
        ["images", { dtype: "F32", shape: [1, 2], data: Float32Array.of(1, 2) }],
        ["labels", { dtype: "I64", shape: [2], data: BigInt64Array.of(1n, -2n) }],
        ["large", { dtype: "I64", shape: [1], data: BigInt64Array.of(2n ** 40n) }],
      ]),
      metadata: new Map<string, string>(),
    };
    expect(floatTensor(content, "images", [null, 2])).toEqual(Float32Array.of(1, 2));
    expect(integerTensor(content, "labels", [2])).toEqual(Int32Array.of(1, -2));
    expect(() => floatTensor(content, "images", [2, 1])).toThrow("has shape [1, 2], expected [2, 1]");
    expect(() => floatTensor(content, "labels")).toThrow("holds I64, expected F32");
    expect(() => integerTensor(content, "images")).toThrow("expected integers");
    expect(() => integerTensor(content, "large")).toThrow("element 0 is 1099511627776");
    expect(() => floatTensor(content, "weights")).toThrow("no tensor `weights`; the file holds images, labels, large");
  });

  test("writing refuses a shape that does not fit", () => {
    const wrong = new Map<string, Tensor>([["x", { dtype: "F32", shape: [3], data: new Float32Array(2) }]]);
    expect(() => writeTensors({ tensors: wrong, metadata: new Map() })).toThrow("does not fit 2 elements");
  });
});
