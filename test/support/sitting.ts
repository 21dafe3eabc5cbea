/** @file One sitting of a training: until its end, or as if it were interrupted, and what is left then. */

import { expect } from "vitest";
import type { Session } from "../../src/runtime/index.ts";
import { initialiseParams } from "../../src/runtime/index.ts";
import type { Checkpoint, TrainData } from "../../src/train/trainer.ts";
import { freshProgress, train } from "../../src/train/trainer.ts";

export interface Sitting {
  readonly last: Checkpoint;
  readonly losses: readonly number[];
  readonly scales: readonly number[];
}

/** From a checkpoint or from the beginning, until the end or for `stopAfter` steps. */
export async function sit(session: Session, data: TrainData, from?: Checkpoint, stopAfter: number = Infinity): Promise<Sitting> {
  await session.writeParams(from?.params ?? initialiseParams(session.plan, 3));
  // A fresh process would start with clear moments.
  await session.writeState(
    from?.state ?? new Map([...(await session.readState())].map(([path, values]) => [path, new Float32Array(values.length)])),
  );
  const controller = new AbortController();
  const [losses, scales]: [number[], number[]] = [[], []];
  let [steps, last]: [number, Checkpoint | undefined] = [0, undefined];
  await train({
    session,
    data,
    from: from?.progress ?? freshProgress,
    signal: controller.signal,
    onEvent: (event) => {
      if (event.type === "epoch") losses.push(event.row.loss, event.row.validation?.loss ?? NaN);
      if (event.type === "calibrated") scales.push(event.scale);
      if (event.type === "step" && ++steps >= stopAfter) controller.abort();
    },
    save: async (checkpoint) => {
      last = checkpoint;
    },
  });
  if (last === undefined) throw new Error("nothing was saved");
  return { last, losses, scales };
}

/** A whole training of more than 4 steps; interrupted after these and resumed, it must end with the same bits. */
export async function sitAndResume(session: Session, data: TrainData): Promise<Sitting> {
  const found = await sit(session, data);
  const stopped = await sit(session, data, undefined, 4);
  expect(stopped.last.progress.epoch * 3 + stopped.last.progress.stepInEpoch).toBeLessThan(6);
  const resumed = await sit(session, data, stopped.last);
  expect(resumed.last.params).toEqual(found.last.params);
  expect(resumed.last.state).toEqual(found.last.state);
  return found;
}
