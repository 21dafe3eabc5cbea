/** @file Comparing arrays of numbers: within a tolerance that comes from the arithmetic, naming the worst element. */

/** An element may differ by `relative` of the scale plus `absolute`. */
export interface Tolerance {
  readonly relative?: number;
  readonly absolute?: number;
  /** What `relative` is relative to: the largest magnitude wanted (default), the 2-norm, or each element's own. */
  readonly scale?: "largest" | "norm" | "element";
}

/** Undefined when all elements agree, else what is wrong with the worst one. */
function difference(actual: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: Tolerance): string | undefined {
  if (actual.length !== wanted.length) return `${actual.length} elements instead of ${wanted.length}`;
  const { relative = 0, absolute = 0, scale = "largest" } = tolerance;
  let largest = 0;
  let squares = 0;
  for (let i = 0; i < wanted.length; i++) {
    largest = Math.max(largest, Math.abs(wanted[i]));
    squares += wanted[i] ** 2;
  }
  let worst = -1;
  let worstExcess = 0;
  for (let i = 0; i < wanted.length; i++) {
    const size = scale === "element" ? Math.abs(wanted[i]) : scale === "norm" ? Math.sqrt(squares) : largest;
    const error = Math.abs(actual[i] - wanted[i]);
    // Not `error > allowed`: a NaN must fail.
    const excess = error <= relative * size + absolute ? 0 : Number.isFinite(error) ? error : Infinity;
    if (excess > worstExcess) [worst, worstExcess] = [i, excess];
  }
  if (worst < 0) return undefined;
  return `element ${worst} of ${wanted.length} is ${actual[worst]} instead of ${wanted[worst]} (largest magnitude ${largest})`;
}

/** Throws when an element differs by more than the tolerance. */
export function expectClose(actual: ArrayLike<number>, wanted: ArrayLike<number>, tolerance: Tolerance, what = "result"): void {
  const found = difference(actual, wanted, tolerance);
  if (found !== undefined) throw new Error(`${what}: ${found}`);
}
