/** @file Gathers the lines of the trials of an experiment, from one folder or from those of many machines. */

import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { DataError, unlessMissing } from "../data/data-error.ts";
import { requireInside } from "./inside.ts";
import type { DamagedLine, DoneLine, FailedLine } from "./line.ts";
import { lineFile, readLine } from "./line.ts";
import type { Trial, TrialPlan } from "./plan.ts";
import { findPlan, planName } from "./plan.ts";
import { trialsFolder } from "./validate.ts";

/** A finished trial and its run folder. */
export interface Found<Line> {
  readonly trial: Trial;
  readonly line: Line;
  readonly folder: string;
}

export interface Collection {
  readonly plan: TrialPlan;
  readonly done: readonly Found<DoneLine>[];
  readonly failed: readonly Found<FailedLine>[];
  readonly missing: readonly Trial[];
  /** What is wrong with which file. */
  readonly damaged: readonly { readonly path: string; readonly reason: string }[];
}

/** @throws DataError when no folder has a trial file */
export async function collectTrials(folders: readonly string[]): Promise<Collection> {
  const plan = await firstPlan(folders);
  const byKey = new Map(plan.trials.map((trial) => [trial.key, trial]));
  const done = new Map<number, Found<DoneLine>>();
  const failed = new Map<number, Found<FailedLine>>();
  const damaged: { path: string; reason: string }[] = [];
  for (const root of folders) {
    await requireInside(root, join(root, trialsFolder));
    for (const name of await namesIn(join(root, trialsFolder))) {
      if (!/^[^.].*\.json$/.test(name)) continue;
      const folder = join(root, trialsFolder, name.replace(/\.json$/, ""));
      const path = lineFile(folder);
      const line = (await linkedOut(root, folder)) ?? (await readLine(folder));
      if (line === undefined) continue;
      // The trial file says the index: an experiment that grew counts anew.
      const trial = line.status === "damaged" ? undefined : byKey.get(line.key);
      const twin = trial === undefined ? undefined : done.get(trial.index);
      if (line.status === "damaged") damaged.push({ path, reason: line.reason });
      else if (trial === undefined) damaged.push({ path, reason: "it is of another program, or of other options, than the trial file" });
      else if (line.status === "started") continue;
      else if (line.status === "failed") failed.set(trial.index, { trial, line: { ...line, index: trial.index }, folder });
      else if (twin === undefined) done.set(trial.index, { trial, line: { ...line, index: trial.index }, folder });
      else if (twin.line.accuracy !== line.accuracy)
        damaged.push({
          path,
          reason: `it has accuracy ${line.accuracy}, ${lineFile(twin.folder)} has ${twin.line.accuracy}: the first is taken`,
        });
    }
  }
  return {
    plan,
    damaged,
    done: plan.trials.flatMap(({ index }) => done.get(index) ?? []),
    // A trial that failed on one machine may have succeeded on another.
    failed: plan.trials.flatMap(({ index }) => (done.has(index) ? [] : (failed.get(index) ?? []))),
    missing: plan.trials.filter(({ index }) => !done.has(index) && !failed.has(index)),
  };
}

async function firstPlan(folders: readonly string[]): Promise<TrialPlan> {
  for (const folder of folders) {
    const plan = await findPlan(join(folder, planName));
    if (plan !== undefined) return plan;
  }
  throw new DataError(`${folders.join(", ")}: no ${planName} there`, {
    help: "give the folder that `specc trials` wrote to, or put the trial file there",
  });
}

/** A line or a run folder that is somewhere else. */
async function linkedOut(root: string, folder: string): Promise<DamagedLine | undefined> {
  try {
    for (const path of [lineFile(folder), folder]) await requireInside(root, path);
    return undefined;
  } catch (thrown) {
    if (thrown instanceof DataError) return { status: "damaged", reason: thrown.message };
    throw thrown;
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return ((await unlessMissing(readdir(folder))) ?? []).sort();
}

/** `0-2, 5`, as Slurm and Kubernetes write lists. */
export function indexText(indices: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const index of indices) {
    const run = runs.at(-1);
    if (run !== undefined && run[1] === index - 1) run[1] = index;
    else runs.push([index, index]);
  }
  return runs.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(",");
}
