/** @file A batch in slabs: which part of a tensor each slab takes and gives, and what the host makes of the parts. */

import type { Program, Slabs, TensorPlace } from "../plan/plan.ts";
import { elementBytes, elementCount } from "../plan/shape.ts";
import { slabCount } from "../plan/steps.ts";

export type TensorData = Float32Array | Int32Array | Uint32Array;

/** The arrays that hold a dtype. */
export const arrayOf: { readonly f32: Float32ArrayConstructor; readonly i32: Int32ArrayConstructor; readonly u32: Uint32ArrayConstructor } =
  { f32: Float32Array, i32: Int32Array, u32: Uint32Array };

/** A tensor as the host sees it: of the whole batch. */
export function hostShape({ shape, slabs }: TensorPlace, cut: Slabs | undefined): readonly number[] {
  return slabs === "rows" && cut !== undefined ? [cut.batch, ...shape.slice(1)] : shape;
}

/** What a slab takes of an input, with zeros behind the last image of the batch. */
export function slabOf(place: TensorPlace, data: TensorData, cut: Slabs, slab: number): TensorData {
  const row = elementCount(place.shape.slice(1));
  const part = data.subarray(slab * cut.images * row, (slab + 1) * cut.images * row);
  const size = cut.images * row;
  if (part.length === size) return part;
  const padded = new arrayOf[place.dtype](size);
  padded.set(part);
  return padded;
}

/** Where the values of an output lie in what is read back. */
export interface ReadPlace {
  readonly place: TensorPlace;
  /** Of the first value; one part follows the other. */
  readonly position: number;
  /** Values of the whole run. */
  readonly count: number;
}

/** One after the other: the rows of all slabs, the terms of all slabs, or one tensor. */
export function readLayout(
  outputs: readonly TensorPlace[],
  program: Program,
): { readonly places: readonly ReadPlace[]; readonly count: number } {
  const slabs = slabCount(program);
  let count = 0;
  const places = outputs.map((place): ReadPlace => {
    const own = elementCount(hostShape(place, program.slabs)) * (place.slabs === "sum" ? slabs : 1);
    const position = count;
    count += own;
    return { place, position, count: own };
  });
  return { places, count };
}

/** What is copied of an output after a slab: values, and where they go. Undefined: nothing yet. */
export function copyAfter(
  { place, position, count }: ReadPlace,
  program: Program,
  slab: number,
): { readonly position: number; readonly count: number } | undefined {
  const { slabs } = program;
  const own = elementCount(place.shape);
  if (slabs === undefined || place.slabs === undefined) return slab === slabCount(program) - 1 ? { position, count: own } : undefined;
  return { position: position + slab * own, count: Math.min(own, count - slab * own) };
}

/** The output as the host gets it: sums over slabs are made here, in double precision. */
export function collected({ place, position, count }: ReadPlace, bytes: ArrayBuffer): Float32Array {
  const values = new arrayOf[place.dtype](bytes, elementBytes * position, count);
  const own = elementCount(place.shape);
  if (place.slabs !== "sum" || own === count) return values instanceof Float32Array ? values : Float32Array.from(values);
  const sums = new Float64Array(own);
  values.forEach((value, i) => (sums[i % own] += value));
  return Float32Array.from(sums);
}
