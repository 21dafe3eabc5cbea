/** @file Types of tensors, and where a value of the graph comes from. */

import { elementBytes, elementCount } from "../../plan/shape.ts";
import type { Span } from "../diagnostics/diagnostic.ts";

/** Complex is a dtype (pairs of f32), not two tensors. */
export type Dtype = "f32" | "c32" | "i32";

export interface TensorType {
  readonly shape: readonly number[];
  readonly dtype: Dtype;
}

/** Survives every pass: errors, profiles and GPU messages name the user's line. */
export interface Origin {
  readonly span: Span;
  /** The weight path or title of the layer: `conv.1`. */
  readonly layer: string;
  readonly role: "forward" | "backward" | "update";
}

export function sameType(a: TensorType, b: TensorType): boolean {
  return a.dtype === b.dtype && sameShape(a.shape, b.shape);
}

export function sameShape(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

export function sizeBytes(type: TensorType): number {
  return elementCount(type.shape) * (type.dtype === "c32" ? 2 : 1) * elementBytes;
}

export function printType(type: TensorType): string {
  return `${type.dtype}[${type.shape.join("x")}]`;
}
