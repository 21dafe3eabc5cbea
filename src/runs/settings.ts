/** @file What a run was asked for: args.json, written at the start and read by `--resume`, `eval` and `predict`. */

import type { GivenInput, Override } from "../compiler/elaborate/elaborate.ts";
import type { Schedule } from "../compiler/lower/knobs.ts";
import { readSchedule, scheduleOf } from "../compiler/lower/knobs.ts";
import type { Target } from "../compiler/lower/target.ts";
import type { RunFolder } from "../report/folder/run-folder.ts";
import { RunError } from "./run-error.ts";

export interface RunSettings {
  readonly version: 1;
  /** The program as it was given; the run's own copy is net.spec. */
  readonly file: string;
  readonly net: string | null;
  /** Absolute, so that a run can go on from anywhere. */
  readonly data: string;
  readonly val: string | null;
  /** Null: the file says it. */
  readonly input: GivenInput | null;
  readonly inputFrom: "file" | "--input" | "the data";
  /** `--set`, `--epochs`, `--batch`, `--lr`, `--seed`. */
  readonly overrides: readonly Override[];
  /** `--classes`; null: all, in the order of their names. */
  readonly classes: readonly string[] | null;
  readonly limit: number | null;
  /** `--slab`. */
  readonly slab?: number | null;
  /** As the file says; absent or false: on images as they are. */
  readonly augment?: boolean;
  /** `--params`: what training began with, by its place and its SHA-256. Null: fresh parameters; absent in earlier versions. */
  readonly params?: { readonly file: string; readonly hash: string } | null;
  readonly without: readonly string[];
  readonly device: string;
  /** What the kernels were scheduled for; absent on the CPU and in runs of earlier versions. A resumed run keeps it. */
  readonly schedule?: RunSchedule;
}

/** The schedule may change the last bits of every result. */
export interface RunSchedule {
  readonly adapter: string;
  readonly target: Target["name"];
  readonly choices: Schedule;
}

export function runSchedule(adapter: string, target: Target): RunSchedule {
  return { adapter, target: target.name, choices: scheduleOf(target) };
}

/**
 * That of the run, if this adapter is the same; otherwise that of the adapter's class, and `onGone` is called where nothing else says so.
 */
export function resumedTarget(saved: RunSchedule | undefined, adapter: string, usual: Target, onGone: () => void): Target {
  if (saved === undefined || saved.adapter !== adapter) return usual;
  const choices = readSchedule(saved.choices);
  if (saved.target === usual.name && choices !== undefined) return { ...usual, ...choices };
  onGone();
  return usual;
}

/** @throws RunError when it is not what `specc train` writes */
export async function readSettings(folder: RunFolder): Promise<RunSettings> {
  const text = await folder.readText("arguments");
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const settings = value as Partial<RunSettings> | null | undefined;
  if (settings?.version === 1 && Array.isArray(settings.overrides) && typeof settings.data === "string") return settings as RunSettings;
  throw new RunError(
    `${folder.file("arguments")} is not what \`specc train\` writes`,
    "was it changed, or written by another version of specc?",
  );
}
