/** @file What a run was asked for: args.json, written at the start and read by `--resume`, `eval` and `predict`. */

import type { GivenInput, Override } from "../compiler/elaborate/elaborate.ts";
import type { Schedule } from "../compiler/lower/knobs.ts";
import { readSchedule, scheduleOf } from "../compiler/lower/knobs.ts";
import type { Target } from "../compiler/lower/target.ts";
import type { RunFolder } from "../report/folder/run-folder.ts";
import { demand, FieldError, fieldsOf, listOf, oneOf, parseJson, text, whole } from "../runtime/fields.ts";
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

/** @throws RunError naming the file and the field when it is not what `specc train` writes */
export async function readSettings(folder: RunFolder): Promise<RunSettings> {
  const json = parseJson(await folder.readText("arguments"));
  try {
    checkSettings(json);
    return json as RunSettings;
  } catch (thrown) {
    if (!(thrown instanceof FieldError)) throw thrown;
    throw new RunError(
      `${folder.file("arguments")} is not what \`specc train\` writes: ${thrown.message}`,
      "was it changed, or written by another version of specc?",
    );
  }
}

/** A schedule of kernels that is not known is no damage: `resumedTarget` takes another. */
function checkSettings(json: unknown): void {
  const settings = fieldsOf(json, "");
  demand(settings.version === 1, "version", `expected 1, got ${JSON.stringify(settings.version)}`);
  for (const key of ["file", "data", "device"]) text(settings[key], key);
  for (const key of ["net", "val"]) if (settings[key] !== null) text(settings[key], key);
  if (settings.input !== null) {
    const input = fieldsOf(settings.input, "input");
    for (const [key, size] of Object.entries(input)) whole(size, `input.${key}`, 1);
    for (const key of "samples" in input ? ["samples", "channels"] : ["height", "width", "channels"]) whole(input[key], `input.${key}`, 1);
  }
  oneOf(settings.inputFrom, ["file", "--input", "the data"], "inputFrom");
  listOf(settings.overrides, "overrides").forEach((item, i) => {
    const override = fieldsOf(item, `overrides[${i}]`);
    for (const key of ["key", "value"]) text(override[key], `overrides[${i}].${key}`);
  });
  for (const key of ["classes", "without"])
    if (key === "without" || settings[key] !== null) listOf(settings[key], key).forEach((name, i) => text(name, `${key}[${i}]`));
  for (const key of ["limit", "slab"]) if (settings[key] != null) whole(settings[key], key, 1);
  demand(settings.limit !== undefined, "limit", "expected a number or null");
  demand(["undefined", "boolean"].includes(typeof settings.augment), "augment", "expected true or false");
  if (settings.params != null) {
    const params = fieldsOf(settings.params, "params");
    for (const key of ["file", "hash"]) text(params[key], `params.${key}`);
  }
  if (settings.schedule !== undefined) {
    const schedule = fieldsOf(settings.schedule, "schedule");
    for (const key of ["adapter", "target"]) text(schedule[key], `schedule.${key}`);
  }
}
