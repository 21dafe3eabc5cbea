/** @file Numbers that are not finite stop a run, and no checkpoint ever holds one (docs/numerics.md#non-finite-numbers). */

import { stateTensor } from "../plan/names.ts";
import type { Plan, PlanParam } from "../plan/plan.ts";

/** A place in the spec text. */
type Span = PlanParam["span"];

/** Training stopped because a number was not finite. */
export class NonFiniteError extends Error {
  override readonly name = "NonFiniteError";
  /** Counted from 1. */
  readonly step: number;
  /** The layer in question, where one can be named. */
  readonly span: Span | undefined;
  constructor(step: number, problem: string, span: Span | undefined) {
    super(`step ${step}: ${problem}`);
    this.step = step;
    this.span = span;
  }
}

/** Weights and optimizer moments by name, as a session reads them. */
export interface TrainedTensors {
  readonly params: ReadonlyMap<string, Float32Array>;
  readonly state: ReadonlyMap<string, Float32Array>;
}

/** The results of one step. */
export interface StepNumbers {
  readonly loss: number;
  /** Sum of squares and count of non-finite elements of each trained gradient. */
  readonly statistics: Float32Array;
  /** Of the images of the batch, without those that fill it up. */
  readonly outputs: Float32Array;
}

/**
 * Looks at gradients in the order of the layers, then at their squared norm, then at the loss.
 * @param step counted from 1
 * @throws NonFiniteError
 */
export function checkStep(plan: Plan, step: number, { loss, statistics, outputs }: StepNumbers): void {
  const trained = plan.params.filter((param) => param.trained);
  const bad = trained.find((_, index) => !(statistics[2 * index + 1] === 0));
  if (bad !== undefined) throw new NonFiniteError(step, `the gradient of ${bad.path} is not a finite number (loss ${loss})`, bad.span);
  // An infinite norm would clip every gradient to 0.
  let norm = 0;
  trained.forEach(({ path, span }, index) => {
    norm = Math.fround(norm + statistics[2 * index]);
    if (!Number.isFinite(norm))
      throw new NonFiniteError(step, `the gradient of ${path} is too large: its squared norm is not a finite number (loss ${loss})`, span);
  });
  if (Number.isFinite(loss)) return;
  const { headSpan, headPath } = plan.training?.watch ?? { headSpan: null, headPath: null };
  const head = headPath ?? "the network";
  const reach = outputs.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0);
  const cause = Number.isFinite(reach) ? `the outputs of ${head} reach ${reach.toPrecision(3)}` : `an output of ${head} is not finite`;
  throw new NonFiniteError(step, `the loss is not a finite number (${loss}): ${cause}`, headSpan ?? undefined);
}

/** Looks at all weights, then at the moments. @param step the last one that was done, counted from 1 @throws NonFiniteError */
export function checkTensors(plan: Plan, step: number, { params, state }: TrainedTensors): void {
  for (const { path, span } of plan.params) {
    if (params.get(path)?.every(Number.isFinite) === false)
      throw new NonFiniteError(step, `the weights ${path} are not finite numbers`, span);
  }
  for (const { path, span } of plan.params) {
    for (let index = 0; index < plan.stateCount; index++) {
      if (state.get(stateTensor(index, path))?.every(Number.isFinite) === false)
        throw new NonFiniteError(step, `the optimizer's moments of ${path} are not finite numbers`, span);
    }
  }
}

/** @throws NonFiniteError for a loss on validation data that is not finite although all weights are */
export function checkValidation(plan: Plan, step: number, loss: number): void {
  if (Number.isFinite(loss)) return;
  throw new NonFiniteError(step, `the validation loss is not a finite number (${loss})`, plan.training?.watch.headSpan ?? undefined);
}
