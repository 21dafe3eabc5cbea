/** @file `--tune`: the schedule of a run, from what is known of this adapter and program, or by trying candidates. */

import type { Compiled } from "../../compiler/compile.ts";
import { changesText } from "../../compiler/lower/knobs.ts";
import type { Target } from "../../compiler/lower/target.ts";
import { systemCacheFolder } from "../../data/cache-folder.ts";
import { ownVersion } from "../../runs/version.ts";
import type { Device } from "../../runtime/device.ts";
import type { Trial } from "../../train/tune.ts";
import { programHash, tuneNetwork } from "../../train/tune-network.ts";
import type { KnownSchedule } from "../../train/tuning-cache.ts";
import { keepSchedule, readKnownSchedule, scheduleKey } from "../../train/tuning-cache.ts";
import type { Arguments, Flags } from "../shell/arguments.ts";
import { ArgumentError } from "../shell/arguments.ts";
import type { Host, Output } from "../shell/output.ts";

const usualSeconds = 60;

export const tuneFlags: Flags = {
  tune: {
    about:
      `find the fastest schedule for this network and adapter first, in up to ${usualSeconds} seconds behind its first compilation; ` +
      "what was found once is used again",
  },
  "tune-for": { value: "SECONDS", about: "the same in up to SECONDS, whatever was found before" },
};

export interface TuneRequest {
  readonly seconds: number;
  /** Whatever is known. */
  readonly anew: boolean;
}

/** Undefined: the schedule of the adapter's class. */
export function readTuning(args: Arguments): TuneRequest | undefined {
  const seconds = args.positive("tune-for");
  if (seconds === undefined && !args.has("tune")) return undefined;
  if (args.text("device") === "cpu")
    throw new ArgumentError("--tune times kernels, and `--device cpu` has none", "leave out --tune, or choose a WebGPU adapter");
  return { seconds: seconds ?? usualSeconds, anew: seconds !== undefined };
}

export interface Tuning {
  readonly request: TuneRequest;
  /** The programs that are timed and compared. */
  readonly compile: (target: Target) => Compiled;
  readonly host: Host;
  readonly output: Output;
  readonly signal: AbortSignal;
}

/** For `openCompiled`: the class's schedule, or the faster one that is known or found. Stops at Ctrl-C, and keeps the best so far. */
export function chooserOf({ request, compile, host, output, signal }: Tuning): (device: Device, target: Target) => Promise<Target> {
  return async (device, target) => {
    const folder = systemCacheFolder(host.environment);
    const key = scheduleKey(ownVersion(), device.adapter, target, programHash(compile(target).plan));
    const known = request.anew ? undefined : await readKnownSchedule(folder, key);
    if (known !== undefined) {
      report(
        output,
        target,
        known,
        null,
        `found ${known.found.slice(0, 10)}${known.complete ? "" : ", before every candidate was tried: --tune-for SECONDS searches again"}`,
      );
      return { ...target, ...known.schedule };
    }
    const started = performance.now();
    const { refused, trials, ...result } = await tuneNetwork({
      device,
      target,
      compile,
      signal,
      budgetMs: 1000 * request.seconds,
      onTrial: ({ trial, seconds, gain }) =>
        output.progress(
          `tuning: ${Math.round(seconds)} of ${request.seconds} s, trying ${trial}${gain > 1 ? `; ${timesText(gain)} so far` : ""}`,
        ),
    });
    for (const { trial, why } of refused) output.remark(`${trial} is no candidate: ${why}`);
    const found: KnownSchedule = { ...result, tried: trials.length, found: new Date().toISOString() };
    // An interrupted search that found nothing says nothing.
    if (!signal.aborted || found.gain > 1) await keep(folder, key, found, output);
    const seconds = Math.round((performance.now() - started) / 1000);
    const took = `${seconds} s, ${found.tried} candidates${found.complete ? "" : ", not all of them"}`;
    report(output, target, found, trials, took);
    if (signal.aborted) output.warn("tuning was stopped; `--tune` goes on with the best schedule so far");
    return { ...target, ...found.schedule };
  };
}

/** A cache that cannot be written costs the next run its time, and this one nothing. */
async function keep(folder: string, key: Parameters<typeof keepSchedule>[1], found: KnownSchedule, output: Output): Promise<void> {
  try {
    await keepSchedule(folder, key, found);
  } catch (error) {
    output.warn(`warning: the schedule could not be kept for the next time: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function report(
  output: Output,
  target: Target,
  { schedule, gain, complete, found }: KnownSchedule,
  trials: readonly Trial[] | null,
  how: string,
): void {
  const changes = changesText(schedule, target);
  output.record({ type: "tuning", target: target.name, known: trials === null, schedule, changes, gain, complete, found, trials });
  output.say(
    `tuned        ${changes === "" ? `nothing is faster than the usual schedule` : `${timesText(gain)} with ${changes}`} (${how})`,
  );
}

function timesText(gain: number): string {
  return `${gain.toFixed(2)} times as fast`;
}
