/** @file A program and its weights, for commands that make something of them: from a run, or from a file and `--params`. */

import { stat } from "node:fs/promises";
import type { Source } from "../../compiler/diagnostics/diagnostic.ts";
import type { GivenInput, Override } from "../../compiler/elaborate/elaborate.ts";
import type { Params } from "../../model/weights.ts";
import type { Plan } from "../../plan/plan.ts";
import type { RunFolder } from "../../report/folder/run-folder.ts";
import { openRunFolder } from "../../report/folder/run-folder.ts";
import type { WeightsHeader } from "../../runs/checkpoint.ts";
import { readWeights } from "../../runs/checkpoint.ts";
import { readSettings } from "../../runs/settings.ts";
import { readParams, readTensorFile } from "../../runs/tensor-files.ts";
import type { Arguments } from "./arguments.ts";
import { ArgumentError } from "./arguments.ts";
import type { Host } from "./output.ts";
import { readOverrides, readSource } from "./program.ts";

export interface Program {
  readonly source: Source;
  readonly net: string | undefined;
  /** Null: the file's. */
  readonly input: GivenInput | null;
  readonly overrides: readonly Override[];
  /** Training augments its images, if the file says so: a run may have been told not to. */
  readonly augmented: boolean;
  /** Null: a file alone has none. */
  readonly weights: (plan: Pick<Plan, "params">) => Promise<Weights | null>;
}

export type Weights = { readonly params: Params; readonly header: Pick<WeightsHeader, "classes" | "statistics" | "data"> | null };

/** Of the first positional argument; reads `--net`, `--set`, `--params` and `--from`. */
export async function readProgram(args: Arguments, host: Host): Promise<Program> {
  const path = args.positional(0);
  const isFolder = path !== "-" && (await stat(path)).isDirectory();
  if (isFolder) return programOfRun(await openRunFolder(path), args);
  if (args.has("from"))
    throw new ArgumentError("--from chooses weights of a run, and this is a file", "weights of a file come from --params FILE");
  const given = args.text("params");
  return {
    source: await readSource(path, host),
    net: args.text("net"),
    input: null,
    overrides: readOverrides(args.list("set")),
    augmented: true,
    weights: async (plan) => (given === undefined ? null : { params: readParams(given, await readTensorFile(given), plan), header: null }),
  };
}

async function programOfRun(folder: RunFolder, args: Arguments): Promise<Program> {
  for (const name of ["net", "set", "params", "classes"]) {
    if (args.has(name)) throw new ArgumentError(`--${name} does not go with a run: it has its own`, "for something else give its net.spec");
  }
  const settings = await readSettings(folder);
  const from = args.choice("from", ["best", "last"]) === "last" ? "lastWeights" : "bestWeights";
  return {
    source: { name: folder.file("spec"), text: await folder.readText("spec") },
    net: settings.net ?? undefined,
    input: settings.input,
    overrides: settings.overrides,
    augmented: settings.augment === true,
    weights: async (plan) => {
      const { header, params } = await readWeights(folder, from, plan);
      return { params, header };
    },
  };
}

/** Those of the run, or of `--classes`; null: nobody named them. */
export function readClasses(args: Arguments, weights: Weights | null, { input }: Pick<Plan, "input">): readonly string[] | null {
  if (weights?.header != null) return weights.header.classes;
  const given = args
    .text("classes")
    ?.split(",")
    .map((name) => name.trim());
  if (given === undefined) return null;
  const count = Math.max(2, input.outputs);
  if (given.length !== count || new Set(given).size !== count)
    throw new ArgumentError(`the network tells ${count} classes apart; --classes names ${new Set(given).size}`);
  return given;
}
