/** @file Fresh parameters from a seed: the starts of the Plan, drawn on the host (docs/numerics.md#starts). */

import type { Constraint, Plan, PlanParam, StartRule } from "../plan/plan.ts";
import { elementCount } from "../plan/shape.ts";
import type { Words } from "../plan/threefry.ts";
import { exponential, exponentialMinusOne, naturalLogarithm } from "./elementary.ts";
import { draw, hashText, normalPair, rootKey, streamKey, streamTag, uniform } from "./random.ts";

/** A positive parameter is softplus(t) + this, so that it stays positive where softplus underflows in f32. */
const positiveFloor = 1e-6;
/** Starts of a range keep this distance, relative to its width, from both ends. */
const rangeMargin = 1e-3;

/**
 * The raw value t that stands for the constrained value p.
 * @throws RangeError if p lies outside the domain of the constraint
 */
export function rawValue(constraint: Constraint, p: number): number {
  switch (constraint.kind) {
    case "free":
      return p;
    case "positive": {
      const softplus = p - positiveFloor;
      if (!(softplus > 0)) throw new RangeError(`a positive parameter must start above ${positiveFloor}, got ${p}`);
      // log(expm1(y)) = y + log(1 - e^-y): the second form does not overflow.
      return softplus < 1 ? naturalLogarithm(exponentialMinusOne(softplus)) : softplus + naturalLogarithm(1 - exponential(-softplus));
    }
    case "range": {
      const share = (p - constraint.low) / (constraint.high - constraint.low);
      if (!(share >= 0 && share <= 1)) {
        throw new RangeError(`a parameter in ${constraint.low}..${constraint.high} cannot start at ${p}`);
      }
      const clamped = Math.min(Math.max(share, rangeMargin), 1 - rangeMargin);
      return naturalLogarithm(clamped / (1 - clamped));
    }
  }
}

/** The sampler of a start rule: constrained value (f64) of element `index`. */
function sampler(start: StartRule, stream: Words): (index: number) => number {
  const word = (index: number): number => draw(stream, Math.floor(index / 2))[index % 2];
  switch (start.kind) {
    case "constant":
      return () => start.value;
    case "normal":
      return (index) => start.mean + start.deviation * normalPair(draw(stream, Math.floor(index / 2)))[index % 2];
    case "uniform":
      return (index) => start.low + (start.high - start.low) * uniform(word(index));
    case "loguniform": {
      const low = naturalLogarithm(start.low);
      const width = naturalLogarithm(start.high) - low;
      return (index) => exponential(low + width * uniform(word(index)));
    }
  }
}

/** Raw start values of one tensor, flat in its logical order. */
function initialiseParam(param: PlanParam, root: Words): Float32Array {
  const values = new Float32Array(elementCount(param.shape));
  const sample = sampler(param.start, streamKey(root, streamTag.initialWeights, hashText(param.path)));
  if (param.start.kind === "constant") return values.fill(rawValue(param.constraint, param.start.value));
  for (let index = 0; index < values.length; index++) values[index] = rawValue(param.constraint, sample(index));
  return values;
}

/**
 * Raw start values of every parameter, by path. The values depend on the seed, the trial and the path alone.
 * @throws RangeError naming the parameter whose start leaves its domain
 */
export function initialiseParams(plan: Pick<Plan, "params">, seed: number, trial = 0): Map<string, Float32Array> {
  const root = rootKey(seed, trial);
  const result = new Map<string, Float32Array>();
  for (const param of plan.params) {
    try {
      result.set(param.path, initialiseParam(param, root));
    } catch (error) {
      throw new RangeError(`${param.path}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return result;
}
