/** @file The schedule of a run that is to be tuned: from what is known of this adapter and program, or by trying candidates. */

import type { Compiled } from "../compiler/compile.ts";
import type { Target } from "../compiler/lower/target.ts";
import { systemCacheFolder } from "../data/cache-folder.ts";
import type { Device } from "../runtime/device.ts";
import type { Trial, TuneProgress } from "../train/tune.ts";
import { programHash, tuneNetwork } from "../train/tune-network.ts";
import type { KnownSchedule } from "../train/tuning-cache.ts";
import { keepSchedule, readKnownSchedule, scheduleKey } from "../train/tuning-cache.ts";
import type { Listener } from "./listener.ts";
import { ownVersion } from "./version.ts";

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

export interface TuneRequest {
  /** That the search may take. */
  readonly seconds: number;
  /** Whatever is known. */
  readonly anew: boolean;
  /** Where schedules that were found are kept; the system's place by default. */
  readonly folder?: string;
}

export interface Tuning {
  readonly request: TuneRequest;
  /** The programs that are timed and compared. */
  readonly compile: (target: Target) => Compiled;
  readonly signal: AbortSignal | undefined;
}

/** For `openCompiled`: the class's schedule, or a faster one, known or found. The signal ends the search and keeps the best so far. */
export function chooserOf(
  { request, compile, signal }: Tuning,
  onEvent: Listener<TuneEvent>,
): (device: Device, target: Target) => Promise<Target> {
  return async (device, target) => {
    const folder = request.folder ?? systemCacheFolder();
    const key = scheduleKey(ownVersion(), device.adapter, target, programHash(compile(target).plan));
    const known = request.anew ? undefined : await readKnownSchedule(folder, key);
    if (known !== undefined) {
      onEvent({ type: "tuned", target, schedule: known, search: null });
      return { ...target, ...known.schedule };
    }
    const started = performance.now();
    const { refused, trials, ...result } = await tuneNetwork({
      device,
      target,
      compile,
      signal,
      budgetMs: 1000 * request.seconds,
      onTrial: (progress) => onEvent({ type: "tuning", progress, budget: request.seconds }),
    });
    for (const { trial, why } of refused) onEvent({ type: "no-candidate", trial, why });
    const found: KnownSchedule = { ...result, tried: trials.length, found: new Date().toISOString() };
    const stopped = signal?.aborted === true;
    // A search that was stopped and found nothing says nothing.
    if (!stopped || found.gain > 1) await keep(folder, key, found, onEvent);
    onEvent({ type: "tuned", target, schedule: found, search: { trials, seconds: (performance.now() - started) / 1000 } });
    if (stopped) onEvent({ type: "tuning-stopped" });
    return { ...target, ...found.schedule };
  };
}

/** A cache that cannot be written costs the next run its time, and this one nothing. */
async function keep(
  folder: string,
  key: Parameters<typeof keepSchedule>[1],
  found: KnownSchedule,
  onEvent: Listener<TuneEvent>,
): Promise<void> {
  try {
    await keepSchedule(folder, key, found);
  } catch (error) {
    onEvent({ type: "schedule-not-kept", reason: error instanceof Error ? error.message : String(error) });
  }
}
