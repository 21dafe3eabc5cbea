/** @file What a run knows and writes down before its first step. */

import { execFile } from "node:child_process";
import { dirname, resolve } from "node:path";
import { promisify } from "node:util";
import type { Slabbing } from "../compiler/assemble/slabs.ts";
import type { Compiled } from "../compiler/compile.ts";
import { bug } from "../compiler/diagnostics/diagnostic.ts";
import type { Network, TrainSettings } from "../compiler/network/network.ts";
import { parse } from "../compiler/syntax/parser.ts";
import { formatSource } from "../compiler/syntax/print.ts";
import type { RunFolder } from "../report/folder/run-folder.ts";
import { layerLines, totalsOf } from "../report/layer-lines.ts";
import type { Standardisation } from "../runtime/pixels.ts";
import type { Session } from "../runtime/session.ts";
import { trainingMemory } from "../train/memory.ts";
import type { Progress } from "../train/trainer.ts";
import type { Items, RunData } from "./data.ts";
import type { RunSettings } from "./settings.ts";
import { ownVersion } from "./version.ts";

/** Images of one purpose, counted. */
export interface ItemCounts {
  /** Where they come from, for people. */
  readonly place: string;
  readonly count: number;
  readonly classes: readonly { readonly name: string; readonly count: number }[];
  /** Files that could not be read. */
  readonly skipped: number;
}

export interface RunStart {
  /** The run folder. */
  readonly folder: string;
  readonly adapter: string;
  readonly network: Network;
  readonly settings: RunSettings;
  readonly classes: readonly string[];
  readonly training: ItemCounts;
  readonly validation: ItemCounts | null;
  readonly test: ItemCounts | null;
  /** The one in force; null: validation data of their own. */
  readonly split: TrainSettings["split"] | null;
  /** What `standardise` measured on the training items. */
  readonly statistics: Standardisation | null;
  /** SHA-256 of the training data. */
  readonly data: string;
  /** Trained numbers, by part. */
  readonly parameters: { readonly filters: number; readonly heads: number; readonly other: number; readonly total: number };
  /** At the peak, on the device; null on the processor. */
  readonly memory: { readonly bytes: number; readonly slabs: Slabbing | null } | null;
  /** How far the run was; null: it is a new one. */
  readonly resumedFrom: Progress | null;
}

export function startOf(
  {
    network,
    settings,
    data,
    session,
    compiled,
  }: {
    readonly network: Network;
    readonly settings: RunSettings;
    readonly data: RunData;
    readonly session: Session;
    readonly compiled: Compiled;
  },
  folder: RunFolder,
  resumedFrom: Progress | null,
): RunStart {
  const counted = (items: Items | null): ItemCounts | null => (items === null ? null : countItems(data.classes, items));
  return {
    folder: folder.path,
    adapter: session.adapterName,
    network,
    settings,
    classes: data.classes,
    training: countItems(data.classes, data.training),
    validation: counted(data.validation),
    test: counted(data.test),
    split: data.split,
    statistics: data.statistics,
    data: data.training.dataset.hash,
    parameters: countParameters(network),
    memory: settings.device === "cpu" ? null : { bytes: trainingMemory(compiled.plan).total, slabs: compiled.slabs ?? null },
    resumedFrom,
  };
}

function countParameters(network: Network): RunStart["parameters"] {
  const { filters, heads, other, total } = totalsOf(layerLines(network));
  const known = (value: number | null): number => value ?? bug("a network whose sizes are known has parameters that cannot be counted");
  return { filters: known(filters), heads: known(heads), other: known(other), total: known(total) };
}

function countItems(classes: readonly string[], { dataset, indices, place }: Items): ItemCounts {
  const counts = classes.map(() => 0);
  for (const index of indices) counts[dataset.labels[index]]++;
  return {
    place,
    count: indices.length,
    classes: classes.map((name, label) => ({ name, count: counts[label] })),
    skipped: dataset.skipped.length,
  };
}

/** The canonical text of the program, and env.json. */
export async function environmentOf(
  network: Network,
  data: RunData,
  session: Session,
  device: string,
): Promise<{ readonly formatted: string; readonly environment: object }> {
  const { file } = parse(network.source);
  const formatted = formatSource(file ?? bug("a program that was elaborated does not parse"), network.source);
  const environment = {
    specc: ownVersion(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    adapter: session.adapterName,
    device,
    commit: await commitOf(network.source.name),
    seed: network.train.seed,
    data: data.training.dataset.hash,
    classes: data.classes,
    started: new Date().toISOString(),
  };
  return { formatted, environment };
}

/** Of the folder that the program lies in; null where there is no git or no repository. */
async function commitOf(path: string): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)("git", ["-C", dirname(resolve(path)), "rev-parse", "HEAD"], { timeout: 2000 });
    return stdout.trim();
  } catch {
    return null;
  }
}
