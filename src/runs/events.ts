/** @file What a run says of itself while it is under way, as values: whoever shows them finds the words. */

import type { Diagnostic, Source, Span } from "../compiler/diagnostics/diagnostic.ts";
import type { Target } from "../compiler/lower/target.ts";
import type { SkippedFile } from "../data/dataset.ts";
import type { TrainEvent } from "../train/trainer.ts";
import type { Trial, TuneProgress } from "../train/tune.ts";
import type { KnownSchedule } from "../train/tuning-cache.ts";
import type { Profile } from "./profile.ts";
import type { RunStart } from "./start.ts";

/** Warnings of a program that can be used all the same. */
export interface ProgramEvent {
  readonly type: "diagnostics";
  readonly source: Source;
  readonly diagnostics: readonly Diagnostic[];
}

/** Of a part of a data folder. */
export type DataEvent =
  | { readonly type: "decoding"; readonly done: number; readonly total: number }
  | { readonly type: "data-warning"; readonly message: string }
  /** Files that could not be read. */
  | { readonly type: "skipped"; readonly data: string; readonly files: readonly SkippedFile[] };

/** Kernels that are compiled. */
export interface DeviceEvent {
  readonly type: "compiling";
  readonly done: number;
  readonly total: number;
}

/** Of the search for a faster schedule. */
export type TuneEvent =
  /** Begins with another candidate. @property budget seconds that the search may take */
  | { readonly type: "tuning"; readonly progress: TuneProgress; readonly budget: number }
  | { readonly type: "no-candidate"; readonly trial: string; readonly why: string }
  /** It is in force, and will have to be found again. */
  | { readonly type: "schedule-not-kept"; readonly reason: string }
  /** The end: `search` is null where the schedule was known. */
  | {
      readonly type: "tuned";
      readonly target: Target;
      readonly schedule: KnownSchedule;
      readonly search: { readonly trials: readonly Trial[]; readonly seconds: number } | null;
    }
  | { readonly type: "tuning-stopped" };

/** Why a resumed run will not end with the bits that it would have ended with. */
export type OtherBits =
  /** The schedule that it began with is gone. */
  | { readonly kind: "schedule" }
  | { readonly kind: "adapter"; readonly began: string }
  /** Images at once; null: the whole batch. */
  | { readonly kind: "slab"; readonly began: number | null; readonly now: number | null };

export type RunEvent =
  | ProgramEvent
  | DataEvent
  | DeviceEvent
  | TuneEvent
  | TrainEvent
  /** The device is next. */
  | { readonly type: "preparing" }
  /** `split` of the program asks for more images than there are; another one is in force. */
  | { readonly type: "split"; readonly source: Source; readonly span: Span | undefined; readonly asked: number; readonly there: number }
  | { readonly type: "other-bits"; readonly cause: OtherBits }
  /** All is there; the run folder is made. */
  | { readonly type: "start"; readonly start: RunStart }
  | { readonly type: "profiling"; readonly steps: number }
  | { readonly type: "profile"; readonly profile: Profile }
  /** The best weights, at the end. */
  | { readonly type: "measuring"; readonly done: number; readonly total: number };

/** Takes events of one kind. */
export type Listener<Event> = (event: Event) => void;
