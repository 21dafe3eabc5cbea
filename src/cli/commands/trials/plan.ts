/** @file `specc trials plan`: writes the trial file alone, for clusters. */

import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { removeLeftovers } from "../../../data/atomic-file.ts";
import { indexText } from "../../../trials/collect.ts";
import type { TrialPlan } from "../../../trials/plan.ts";
import { findPlan, requireGrowth, writePlan } from "../../../trials/plan.ts";
import type { Arguments } from "../../shell/arguments.ts";
import type { Command } from "../../shell/command.ts";
import type { ExitCode } from "../../shell/exit-code.ts";
import { exitCode } from "../../shell/exit-code.ts";
import { interruptible } from "../../shell/interruption.ts";
import type { Host, Output } from "../../shell/output.ts";
import { planFlags, readPlanRequest } from "./request.ts";

export const trialsPlanCommand: Command = {
  manual: {
    name: "trials plan",
    usage: "trials plan FILE --data DIR --out plan.json [options]",
    about:
      "Writes the trial file of an experiment: one record for each network and seed, with the program in it. " +
      "`specc trials run` does one of them, anywhere.",
    positionals: ["FILE"],
    flags: { ...planFlags, out: { value: "FILE", about: "the trial file; the trials' folders go beside it" } },
    examples: {
      "specc trials plan nets.spec --data pets --trials 20 --out pets-trials/plan.json": "all networks, 20 seeds",
      "specc trials plan nets.spec --nets a,b --data pets --seeds 0-9,20 --out t/plan.json": "two networks, chosen seeds",
    },
    notes:
      "An experiment may grow: the same call with more networks or more seeds keeps what is finished. Templates for Slurm, " +
      "Kubernetes and Ray are in examples/cluster.",
  },
  run: (args, output, host) => interruptible(host, output, (signal) => run(args, output, host, signal)),
};

async function run(args: Arguments, output: Output, host: Host, signal: AbortSignal): Promise<ExitCode> {
  const path = args.required("out");
  const plan = await readPlanRequest(args, output, host, signal);
  await mkdir(dirname(path), { recursive: true });
  await growPlan(path, plan);
  output.record({ type: "result", command: "trials plan", file: path, trials: plan.trials.length });
  output.print(`${path}: ${plan.trials.length} trials, ${indexText(plan.trials.map(({ index }) => index))}`);
  return exitCode.done;
}

/** Writes a trial file over one that it continues. @throws DataError where it would lose trials */
export async function growPlan(path: string, plan: TrialPlan): Promise<void> {
  const old = await findPlan(path);
  if (old !== undefined) requireGrowth(old, plan, path);
  await removeLeftovers(path);
  await writePlan(path, plan);
}
