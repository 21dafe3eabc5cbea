/** @file What a run is asked for, and the settings that this comes to: of a new run, or of one that goes on. */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Source } from "../compiler/diagnostics/diagnostic.ts";
import type { GivenInput, Override } from "../compiler/elaborate/elaborate.ts";
import type { RunFolder } from "../report/folder/run-folder.ts";
import { openRunFolder } from "../report/folder/run-folder.ts";
import type { RunSettings } from "./settings.ts";
import { readSettings } from "./settings.ts";
import type { TuneRequest } from "./tuning.ts";

export interface RunRequest {
  readonly run: NewRun | ResumedRun;
  /** Where decoded images are kept; by default beside the data, else in the system's place. */
  readonly cache?: string;
  /** By default the schedule is that of the adapter's class; a resumed run keeps its own. */
  readonly tuning?: TuneRequest;
  /** Times each kernel of a step before training. */
  readonly profile?: boolean;
  /** Warnings are errors. */
  readonly strict?: boolean;
  /** Aborting finishes the step under way and saves; before the first step the run fails with the signal's reason, and leaves nothing. */
  readonly signal?: AbortSignal;
}

/** Everything that decides the result; what is left out is as the program says it. */
export interface TrainingSettings {
  /** By default the program's, else that of the data. */
  readonly input?: GivenInput;
  readonly overrides?: readonly Override[];
  /** Only these, labelled in this order. */
  readonly classes?: readonly string[];
  /** The most images of each part. */
  readonly limit?: number;
  /** The most images of a batch on the device at once. */
  readonly slab?: number;
  /** As the program says, by default; false: on images as they are. */
  readonly augment?: boolean;
  /** Passes of the compiler that are left out. */
  readonly without?: readonly string[];
}

export interface NewRun extends TrainingSettings {
  readonly source: Source;
  /** What the program is called in the run's papers; by default the name of the source. */
  readonly file?: string;
  /** The run folder; a number is added to a name that is taken. */
  readonly place: string;
  readonly data: string;
  /** Validation data; by default the data's own part, else `split` of the program. */
  readonly val?: string;
  /** Which network of the program. */
  readonly net?: string;
  /** A file of parameters to begin with. */
  readonly params?: string;
  readonly device?: string;
}

/** The run's own settings; the machine's may be others. */
export interface ResumedRun {
  /** The run folder. */
  readonly resume: string;
  readonly data?: string;
  readonly val?: string;
  readonly device?: string;
}

/** A request with its settings. */
export interface SettledRun {
  readonly source: Source;
  readonly settings: RunSettings;
  /** The run to go on with; undefined: a new one. */
  readonly resumed: RunFolder | undefined;
  /** Where a new run folder goes, before numbering. */
  readonly place: string;
}

/** @throws RunError, DataError for a folder that is none of a run; the system's error for a file that cannot be read */
export async function settle(run: NewRun | ResumedRun): Promise<SettledRun> {
  if ("resume" in run) return settleResumed(run);
  return { source: run.source, settings: await settingsOf(run), resumed: undefined, place: run.place };
}

/** As they are before the size of the network is known. */
export async function settingsOf(run: NewRun): Promise<RunSettings> {
  return {
    version: 1,
    file: run.file ?? run.source.name,
    net: run.net ?? null,
    data: resolve(run.data),
    val: run.val === undefined ? null : resolve(run.val),
    input: run.input ?? null,
    inputFrom: run.input === undefined ? "file" : "--input",
    overrides: run.overrides ?? [],
    classes: run.classes ?? null,
    limit: run.limit ?? null,
    params: run.params === undefined ? null : { file: resolve(run.params), hash: await hashOf(run.params) },
    without: run.without ?? [],
    slab: run.slab ?? null,
    augment: run.augment ?? true,
    device: run.device ?? "auto",
  };
}

async function hashOf(path: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
}

async function settleResumed({ resume, data, val, device }: ResumedRun): Promise<SettledRun> {
  const folder = await openRunFolder(resume);
  const saved = await readSettings(folder);
  return {
    source: { name: folder.file("spec"), text: await folder.readText("spec") },
    resumed: folder,
    place: folder.path,
    settings: {
      ...saved,
      data: data === undefined ? saved.data : resolve(data),
      val: val === undefined ? saved.val : resolve(val),
      device: device ?? saved.device,
    },
  };
}
