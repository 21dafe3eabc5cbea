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

/**
 * An array with its axes in another order: axis i of the result is axis order[i] of the source.
 * @param shape of the source
 */
export function permuted(data: Float32Array, shape: readonly number[], order: readonly number[]): Float32Array {
  const strides = shape.map((_, axis) => elementCount(shape.slice(axis + 1)));
  const result = new Float32Array(data.length);
  const place = order.map(() => 0);
  let from = 0;
  for (let to = 0; to < result.length; to++) {
    result[to] = data[from];
    for (let axis = order.length - 1; axis >= 0; axis--) {
      from += strides[order[axis]];
      if (++place[axis] < shape[order[axis]]) break;
      from -= place[axis] * strides[order[axis]];
      place[axis] = 0;
    }
  }
  return result;
}
