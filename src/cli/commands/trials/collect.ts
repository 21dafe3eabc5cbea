/** @file `specc trials collect`: the lines of all trials, from one folder or from those of many machines. */

import { writeAtomically } from "../../../data/atomic-file.ts";
import { RunFolder } from "../../../report/folder/run-folder.ts";
import type { Collection } from "../../../trials/collect.ts";
import { collectTrials, indexText } from "../../../trials/collect.ts";
import { folderOf, trialName } from "../../../trials/plan.ts";
import type { Arguments } from "../../shell/arguments.ts";
import type { Command } from "../../shell/command.ts";
import type { ExitCode } from "../../shell/exit-code.ts";
import { exitCode } from "../../shell/exit-code.ts";
import type { Output } from "../../shell/output.ts";

export const trialsCollectCommand: Command = {
  manual: {
    name: "trials collect",
    usage: "trials collect DIR... [--out trials.jsonl]",
    about:
      "Gathers the lines of the trials of one experiment, in the order of the trial file, and says which trials are missing, " +
      "failed or damaged.",
    positionals: ["DIR..."],
    flags: { out: { value: "FILE", about: "where the lines go", fallback: "standard output" } },
    examples: {
      "specc trials collect pets-trials > trials.jsonl": "one folder",
      "specc trials collect node1/t node2/t node3/t --out trials.jsonl": "the folders of three machines; the first trial file counts",
    },
    notes: "Exit code 0 when every trial is done, else 1.",
  },
  run,
};

async function run(args: Arguments, output: Output): Promise<ExitCode> {
  args.positional(0);
  const collection = await collectTrials(args.positionals);
  const lines = [...collection.done, ...collection.failed].map(({ line }) => line).sort((a, b) => a.index - b.index);
  const out = args.text("out");
  if (out !== undefined) await writeAtomically(out, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  else if (output.json) lines.forEach((line) => output.record({ ...line }));
  else lines.forEach((line) => output.print(JSON.stringify(line)));
  await reportCollection(collection, args.positionals, output);
  return collection.done.length === collection.plan.trials.length ? exitCode.done : exitCode.user;
}

/** What is there and what is not, on standard error. */
export async function reportCollection(
  { plan, done, failed, missing, damaged }: Collection,
  folders: readonly string[],
  output: Output,
): Promise<void> {
  for (const { path, reason } of damaged) output.warn(`warning: ${path} is left out: ${reason}`);
  for (const { trial, line } of failed) output.warn(`failed: ${trialName(trial)} (--index ${trial.index}): ${line.reason}`);
  for (const trial of missing) {
    const epochs = Math.max(
      ...(await Promise.all(folders.map(async (root) => (await new RunFolder(folderOf(root, trial)).results.read()).length))),
    );
    if (epochs > 0) output.warn(`unfinished: ${trialName(trial)} (--index ${trial.index}): stopped after epoch ${epochs}`);
  }
  if (missing.length > 0)
    output.warn(`missing: ${missing.length} of ${plan.trials.length} trials: ${indexText(missing.map(({ index }) => index))}`);
  output.record({
    type: "collection",
    trials: plan.trials.length,
    done: done.length,
    failed: failed.map(({ trial }) => trial.index),
    missing: missing.map(({ index }) => index),
    damaged,
  });
}
