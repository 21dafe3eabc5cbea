/** @file What a run says of itself while it is under way, as values: whoever shows them finds the words. */

import type { Source, Span } from "../compiler/diagnostics/diagnostic.ts";
import type { TrainEvent } from "../train/trainer.ts";
import type { DataEvent } from "./data.ts";
import type { ProgramEvent } from "./network.ts";
import type { Profile } from "./profile.ts";
import type { DeviceEvent } from "./saved-run.ts";
import type { RunStart } from "./start.ts";
import type { TuneEvent } from "./tuning.ts";

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
