/** @file Compares one forward and backward pass with a fixture. */

import { expect } from "vitest";
import { expectClose } from "./close.ts";
import type { NetworkFixture } from "./fixture.ts";
import type { GradientResult } from "./gradient.ts";

function norm(values: ArrayLike<number>): number {
  return Math.hypot(...Array.from(values));
}

/**
 * @param outputs relative to the largest output
 * @param loss relative to max(1, |loss|)
 * @param gradient of each tensor, relative to its own norm; and to the norm of the whole gradient where cancellation
 *   leaves next to nothing of a tensor
 */
export interface Bounds {
  readonly outputs: number;
  readonly loss: number;
  readonly gradient: number;
  readonly cancelled: number;
}

/** f64 against f64: rounding through sums of some thousand terms. */
export const exact: Bounds = { outputs: 1e-9, loss: 1e-9, gradient: 1e-9, cancelled: 1e-12 };
/** The whole-network check of docs/numerics.md#tolerances; its 2e-5 of the sum of magnitudes is what `cancelled` stands for. */
export const device32: Bounds = { outputs: 1e-5, loss: 1e-5, gradient: 1e-4, cancelled: 1e-6 };

/** Paths, shapes, outputs, loss and every gradient. */
export function compare(fixture: NetworkFixture, result: GradientResult, bounds: Bounds): void {
  expect([...result.shapes.keys()].sort(), "weight paths").toEqual([...fixture.params.keys()].sort());
  for (const [path, { shape }] of fixture.params) expect(result.shapes.get(path), `shape of ${path}`).toEqual(shape);
  expectClose(result.outputs, fixture.outputs.data, { relative: bounds.outputs }, "outputs");
  expectClose([result.loss], [fixture.loss], { absolute: bounds.loss * Math.max(1, Math.abs(fixture.loss)) }, "loss");
  expect([...result.gradients.keys()].sort(), "gradients").toEqual([...fixture.gradients.keys()].sort());
  const whole = norm([...fixture.gradients.values()].map(({ data }) => norm(data)));
  for (const [path, { data }] of fixture.gradients) {
    expectClose(
      result.gradients.get(path) ?? [],
      data,
      { relative: bounds.gradient, absolute: bounds.cancelled * whole, scale: "norm" },
      `grad.${path}`,
    );
  }
}
