/** @file An experiment as its report sees it: networks, their finished trials, and what each run wrote down. */

import { parseJson } from "../../runtime/fields.ts";
import type { Collection, Found } from "../../trials/collect.ts";
import type { DoneLine } from "../../trials/line.ts";
import type { ResultRow, StepRow } from "../folder/results.ts";
import { RunFolder } from "../folder/run-folder.ts";

export interface TrialRun extends Found<DoneLine> {
  readonly rows: readonly ResultRow[];
  readonly steps: readonly StepRow[];
}

/** All trials of one network that are done, by seed. */
export interface Contestant {
  readonly name: string;
  readonly runs: readonly TrialRun[];
}

export interface Experiment {
  readonly collection: Collection;
  /** In the order of the trial file; without those that have no finished trial. */
  readonly nets: readonly Contestant[];
  /** What a reader must know: missing trials, several adapters, several data. */
  readonly remarks: readonly string[];
}

export function netName(net: string | null): string {
  return net ?? "the network";
}

export async function readExperiment(collection: Collection): Promise<Experiment> {
  const names = [...new Set(collection.plan.trials.map(({ net }) => net))];
  const runs = await Promise.all(
    collection.done.map(async (found): Promise<TrialRun> => {
      const { results, steps } = new RunFolder(found.folder);
      return { ...found, rows: await results.read(), steps: await steps.read() };
    }),
  );
  const nets = names.map((net) => ({
    name: netName(net),
    runs: runs.filter(({ trial }) => trial.net === net).sort((a, b) => a.trial.seed - b.trial.seed),
  }));
  return { collection, nets: nets.filter((net) => net.runs.length > 0), remarks: remarksOn(collection, runs) };
}

function remarksOn({ plan, done, failed, missing, damaged }: Collection, runs: readonly TrialRun[]): readonly string[] {
  const remarks: string[] = [];
  const list = (trials: readonly { readonly net: string | null; readonly seed: number }[]): string =>
    trials.map(({ net, seed }) => `${netName(net)} ${seed}`).join(", ");
  if (missing.length > 0)
    remarks.push(
      `${missing.length} of ${plan.trials.length} trials are missing: ${list(missing.slice(0, 12))}${missing.length > 12 ? ", ..." : ""}.`,
    );
  for (const { trial, line } of failed) remarks.push(`Trial ${list([trial])} failed: ${line.reason}.`);
  for (const { path, reason } of damaged) remarks.push(`${path} is left out: ${reason}.`);
  const several = (what: string, values: readonly (string | number)[], why: string): void => {
    const different = [...new Set(values)];
    if (different.length > 1) remarks.push(`${what} differ between trials (${different.join("; ")}): ${why}.`);
  };
  const lines = done.map(({ line }) => line);
  several(
    "The training data",
    lines.map(({ data }) => data.slice(0, 12)),
    "their accuracies cannot be compared",
  );
  several(
    "The measured images",
    lines.map(({ measuredOn, count }) => `${count} of ${measuredOn}`),
    "their accuracies cannot be compared",
  );
  several(
    "Adapters",
    lines.map(({ adapter }) => adapter),
    "times and memory cannot be compared, results in their last bits alone",
  );
  several(
    "Versions of specc",
    lines.map(({ specc }) => specc),
    "results may differ for that reason",
  );
  if (lines.some(({ measuredOn }) => measuredOn === "validation"))
    remarks.push("The data have no test part: accuracies are of the validation images, which also chose the epoch. They flatter.");
  if (lines.some(({ jobs }) => jobs > 1))
    remarks.push(
      `Up to ${Math.max(...lines.map(({ jobs }) => jobs))} trials shared the device: their times are longer than those of a trial alone.`,
    );
  const bare = runs.filter(({ rows }) => rows.length === 0);
  if (bare.length > 0)
    remarks.push(`The run folders of ${list(bare.map(({ trial }) => trial))} are not there: the curves are without them.`);
  return remarks;
}

/** `env.json` of a run: when it began. */
export async function startedAt(run: TrialRun): Promise<string | undefined> {
  const text = await new RunFolder(run.folder).readText("environment").catch(() => "");
  const json = parseJson(text);
  const started = typeof json === "object" && json !== null && "started" in json ? json.started : undefined;
  return typeof started === "string" ? started : undefined;
}
