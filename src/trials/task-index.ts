/** @file Which trial a cluster means: its number of the task, from the environment. */

import { DataError } from "../data/data-error.ts";

/** In this order; the last is for Ray and for scripts. */
const indexVariables = ["SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX", "SPECC_TRIAL"] as const;

/** @throws DataError where no variable says it */
export function taskIndex(environment: Readonly<Record<string, string | undefined>>): number {
  const name = indexVariables.find((variable) => (environment[variable] ?? "") !== "");
  if (name === undefined) {
    throw new DataError(`--index auto finds none of ${indexVariables.join(", ")}`, {
      help: "Slurm arrays set the first, indexed Jobs of Kubernetes the second; elsewhere set SPECC_TRIAL, or give the number",
    });
  }
  const text = environment[name] ?? "";
  if (/^\d+$/.test(text)) return Number(text);
  throw new DataError(`${name} is \`${text}\`, not the number of a trial`);
}
