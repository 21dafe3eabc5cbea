/** @file Learning curves: the mean over the trials of a network and its spread, by step, by epoch and by time. */

import type { Contestant, Experiment, TrialRun } from "./read.ts";
import { describe } from "./statistics.ts";

export const axes = ["step", "epoch", "time"] as const;
export const quantities = ["training loss", "validation accuracy"] as const;
export type Axis = (typeof axes)[number];
export type Quantity = (typeof quantities)[number];

export interface CurvePoint {
  readonly net: string;
  readonly quantity: Quantity;
  readonly axis: Axis;
  /** Steps, epochs, or seconds of training. */
  readonly x: number;
  readonly mean: number;
  /** Of the trials; NaN for one. */
  readonly deviation: number;
  readonly count: number;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** More points of a curve than this nobody sees. */
const mostPoints = 150;

/** Steps over which the loss of single batches is averaged: a tenth of an epoch, at least 5. */
export function smoothing(experiment: Experiment): number {
  const perEpoch = experiment.nets.flatMap(({ runs }) => runs.flatMap(({ rows }) => rows.slice(0, 1).map(({ step }) => step)));
  return perEpoch.length === 0 ? 1 : Math.min(Math.max(5, Math.round(Math.max(...perEpoch) / 10)), Math.max(1, Math.min(...perEpoch)));
}

export function curvesOf(experiment: Experiment): readonly CurvePoint[] {
  const window = smoothing(experiment);
  return experiment.nets.flatMap((net) => quantities.flatMap((quantity) => axes.flatMap((axis) => averaged(net, quantity, axis, window))));
}

/** Point after point: over time, each stands at the mean of the times at which the trials were there. */
function averaged({ name, runs }: Contestant, quantity: Quantity, axis: Axis, window: number): readonly CurvePoint[] {
  const curves = runs.map((run) => pointsOf(run, quantity, axis, window)).filter((points) => points.length > 0);
  if (curves.length === 0) return [];
  return thinned(Math.min(...curves.map(({ length }) => length))).map((index) => {
    const { mean, deviation, count } = describe(curves.map((points) => points[index].y));
    return { net: name, quantity, axis, x: describe(curves.map((points) => points[index].x)).mean, mean, deviation, count };
  });
}

function pointsOf({ rows, steps }: TrialRun, quantity: Quantity, axis: Axis, window: number): readonly Point[] {
  if (quantity === "training loss" && axis !== "epoch" && steps.length > 0) {
    const losses = runningMean(
      steps.map(({ loss }) => loss),
      window,
    );
    return steps.map((row, index) => ({ x: row[axis], y: losses[index] })).slice(window - 1);
  }
  return rows.flatMap((row) => {
    const y = quantity === "training loss" ? row.loss : row.valAccuracy;
    return y === undefined ? [] : [{ x: row[axis], y }];
  });
}

/** Of the last `window` values; of fewer at the start. */
export function runningMean(values: readonly number[], window: number): readonly number[] {
  let sum = 0;
  return values.map((value, index) => {
    sum += value - (index >= window ? values[index - window] : 0);
    return sum / Math.min(window, index + 1);
  });
}

/** Every k-th of so many, and the last. */
function thinned(count: number): readonly number[] {
  const stride = Math.ceil(count / mostPoints);
  return Array.from({ length: count }, (_, index) => index).filter((index) => index % stride === 0 || index === count - 1);
}
