/** @file A trial file: every trial of an experiment, as a record that says all that one training needs. */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { writeAtomically } from "../data/atomic-file.ts";
import { DataError, unlessMissing } from "../data/data-error.ts";
import { FieldError, parseJson } from "../runtime/fields.ts";
import { trialsFolder, validateTrials } from "./validate.ts";

export const planName = "plan.json";

/** Values of the options of `specc train`, by name; a switch has none. */
export type TrainOptions = Readonly<Record<string, readonly string[]>>;

export interface Trial {
  readonly index: number;
  /** Null: the only network of the file, without a name. */
  readonly net: string | null;
  /** Of everything random. The networks of one seed share split, order and augmentation. */
  readonly seed: number;
  /** `64x64x3`, where the file leaves it open. */
  readonly input: string | null;
  /** Program, network, seed and options: trials with one key have one result. */
  readonly key: string;
  /** The run folder, seen from the trial file. */
  readonly folder: string;
}

/** Where things are on a machine, which has no part in the result; `specc trials run` may be told others. */
export interface Places {
  /** Absolute. */
  readonly data: string;
  readonly val: string | null;
  readonly device: string;
  readonly cache: string | null;
}

export interface TrialPlan {
  readonly type: "specc trials";
  readonly version: 1;
  readonly program: { readonly name: string; readonly text: string };
  readonly options: TrainOptions;
  readonly places: Places;
  /** Seed after seed, so that an experiment that is stopped has all networks of most seeds. */
  readonly trials: readonly Trial[];
}

export interface PlanRequest {
  readonly program: TrialPlan["program"];
  readonly options: TrainOptions;
  readonly places: Places;
  readonly nets: readonly { readonly name: string | null; readonly input: string | null }[];
  readonly seeds: readonly number[];
}

export function makePlan({ program, options, places, nets, seeds }: PlanRequest): TrialPlan {
  const sorted = Object.fromEntries(Object.entries(options).sort(([a], [b]) => (a < b ? -1 : 1)));
  const pairs = seeds.flatMap((seed) => nets.map((net) => ({ ...net, seed })));
  const trials = pairs.map(({ name, input, seed }, index): Trial => {
    const key = createHash("sha256")
      .update(JSON.stringify([program.text, sorted, name, input, seed]))
      .digest("hex")
      .slice(0, 16);
    return { index, net: name, seed, input, key, folder: `${trialsFolder}/${name ?? "net"}-${seed}` };
  });
  return { type: "specc trials", version: 1, program, options: sorted, places, trials };
}

export async function writePlan(path: string, plan: TrialPlan): Promise<void> {
  await writeAtomically(path, `${JSON.stringify(plan, null, 2)}\n`);
}

/** @throws DataError when it is none */
export async function readPlan(path: string): Promise<TrialPlan> {
  const plan = await findPlan(path);
  if (plan !== undefined) return plan;
  throw new DataError(`there is no trial file ${path}`, { help: cure });
}

const cure = "`specc trials plan FILE --data DIR --out plan.json` writes one";

/** Undefined where there is no file. @throws DataError when it is no trial file */
export async function findPlan(path: string): Promise<TrialPlan | undefined> {
  const text = await unlessMissing(readFile(path, "utf8"));
  if (text === undefined) return undefined;
  const json = parseJson(text);
  try {
    validateTrials(json);
    return json as TrialPlan;
  } catch (thrown) {
    if (!(thrown instanceof FieldError)) throw thrown;
    throw new DataError(`${path} is not a trial file of this version: ${thrown.message}`, { help: cure, cause: thrown });
  }
}

/** An experiment only grows: what was begun stays a part of it. @throws DataError otherwise */
export function requireGrowth(old: TrialPlan, plan: TrialPlan, path: string): void {
  const keys = new Set(plan.trials.map(({ key }) => key));
  const lost = old.trials.filter(({ key }) => !keys.has(key));
  if (lost.length === 0) return;
  const places = new Set(plan.trials.map(({ folder }) => folder));
  const changed = lost.some(({ folder }) => places.has(folder));
  throw new DataError(
    changed
      ? `${path} is of another program, or of other options`
      : `${path} has trials that this call leaves out: ${lost.map(({ net, seed }) => `${net ?? "net"} ${seed}`).join(", ")}`,
    {
      help: changed
        ? "choose another place with --out, or call it as it was called first"
        : "name at least the networks and seeds that it has, or choose another place with --out",
    },
  );
}

/** Of the trial at this place of the list. @throws DataError where there is none */
export function trialOf(plan: TrialPlan, index: number): Trial {
  const trial = plan.trials[index];
  if (trial !== undefined) return trial;
  throw new DataError(`there is no trial ${index}: the trial file has ${plan.trials.length}, counted from 0`);
}

/** @param root where the trial file lies, or `--out` */
export function folderOf(root: string, trial: Trial): string {
  return join(root, ...trial.folder.split("/"));
}

export function rootOf(planPath: string): string {
  return dirname(planPath);
}

export function trialName({ net, seed }: Pick<Trial, "net" | "seed">): string {
  return `${net ?? "net"}, seed ${seed}`;
}
