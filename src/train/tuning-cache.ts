/** @file What tuning found, kept for the next time: one small JSON file for each adapter, version of specc and program. */

import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Schedule } from "../compiler/lower/knobs.ts";
import { readSchedule } from "../compiler/lower/knobs.ts";
import type { Target } from "../compiler/lower/target.ts";
import { writeAtomically } from "../data/atomic-file.ts";
import { sha256 } from "../data/cache-folder.ts";
import type { AdapterDescription } from "../runtime/device.ts";
import type { TuneResult } from "./tune.ts";

/** All that a schedule was found for. */
export interface ScheduleKey {
  /** Of specc. */
  readonly version: string;
  readonly adapter: Pick<AdapterDescription, "vendor" | "architecture" | "device" | "description" | "backend">;
  readonly target: Target["name"];
  /** `programHash` of the class's own plan: sizes, layers and batch are in it. */
  readonly program: string;
}

export type KnownSchedule = Pick<TuneResult, "gain" | "complete"> & {
  readonly schedule: Schedule;
  /** How many candidates were timed. */
  readonly tried: number;
  /** ISO 8601. */
  readonly found: string;
};

export function scheduleKey(
  version: string,
  { vendor, architecture, device, description, backend }: AdapterDescription,
  target: Target,
  program: string,
): ScheduleKey {
  return { version, adapter: { vendor, architecture, device, description, backend }, target: target.name, program };
}

function placeOf(folder: string, key: ScheduleKey): string {
  return join(folder, "schedules", `${sha256(key).slice(0, 32)}.json`);
}

/** Undefined where nothing is known, or the file is not one of ours. */
export async function readKnownSchedule(folder: string, key: ScheduleKey): Promise<KnownSchedule | undefined> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(placeOf(folder, key), "utf8"));
  } catch {
    return undefined;
  }
  const { schedule: stored, gain, tried, complete, found } = (value ?? {}) as Partial<KnownSchedule>;
  const schedule = readSchedule(stored);
  const whole =
    schedule !== undefined &&
    typeof gain === "number" &&
    typeof tried === "number" &&
    typeof complete === "boolean" &&
    typeof found === "string";
  return whole ? { schedule, gain, tried, complete, found } : undefined;
}

/** @returns where it is kept. @throws the operating system's error */
export async function keepSchedule(folder: string, key: ScheduleKey, known: KnownSchedule): Promise<string> {
  const place = placeOf(folder, key);
  await mkdir(join(folder, "schedules"), { recursive: true });
  await writeAtomically(place, `${JSON.stringify({ key, ...known }, null, 1)}\n`);
  return place;
}
