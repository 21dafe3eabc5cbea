/** @file What comes of a run. */

import type { Confusion } from "../report/confusion.ts";
import type { Drawn } from "../report/drawing/picture-tools.ts";
import type { ResultRow } from "../report/folder/results.ts";
import type { NonFiniteError } from "../runtime/finite.ts";
import type { Progress } from "../train/trainer.ts";
import type { RunStart } from "./start.ts";

/** The best weights on images that were not trained on. */
export interface Measured {
  readonly on: "test" | "validation";
  readonly loss: number;
  readonly accuracy: number;
  /** Images. */
  readonly count: number;
  readonly confusion: Confusion;
}

export interface RunDone {
  readonly status: "done";
  readonly start: RunStart;
  /** All epochs of the run, those of earlier sittings included. */
  readonly epochs: readonly ResultRow[];
  /** The epoch with the lowest validation loss, without validation items the lowest training loss. */
  readonly best: ResultRow | undefined;
  /** Null: there are no images to measure it on. */
  readonly measured: Measured | null;
  /** The file with the weights of the best epoch. */
  readonly weights: string;
  readonly pictures: Drawn;
}

/** By the signal. While it is being measured, training is complete, and `weights` are its best. */
export type RunStopped =
  | { readonly status: "stopped"; readonly during: "training"; readonly start: RunStart; readonly progress: Progress }
  | { readonly status: "stopped"; readonly during: "measuring"; readonly start: RunStart; readonly weights: string };

/** A number was not finite. */
export interface RunFailed {
  readonly status: "failed";
  readonly start: RunStart;
  readonly error: NonFiniteError;
  /** The last that was saved; null: nothing was. */
  readonly saved: { readonly progress: Progress; readonly weights: string } | null;
}

export type RunResult = RunDone | RunStopped | RunFailed;
