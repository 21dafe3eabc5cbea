/** @file Arithmetic of shapes and sizes. */

/** Every dtype of a Plan has as many. */
export const elementBytes = 4;

export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Columns that the transform of real rows of this width keeps: the others are their conjugates. */
export function halfWidth(width: number): number {
  return Math.floor(width / 2) + 1;
}

/** The next multiple of `multiple`, or `size` itself. */
export function roundUp(size: number, multiple: number): number {
  return Math.ceil(size / multiple) * multiple;
}
