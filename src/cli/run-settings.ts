/** @file What a run was asked for: args.json, written at the start and read by `--resume`, `eval` and `predict`. */

import type { GivenInput, Override } from "../compiler/elaborate.ts";
import type { RunFolder } from "../report/run-folder.ts";
import { ArgumentError } from "./arguments.ts";

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
  readonly without: readonly string[];
  readonly device: string;
}

/** @throws ArgumentError when it is not what `specc train` writes */
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
  throw new ArgumentError(`${folder.file("arguments")} is not what \`specc train\` writes`, "was it changed, or written by another version of specc?");
}
