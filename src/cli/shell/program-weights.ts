/** @file A program and its weights, of the first argument: a run, or a file with `--params`. */

import { stat } from "node:fs/promises";
import type { Plan } from "../../plan/plan.ts";
import { openRunFolder } from "../../report/folder/run-folder.ts";
import type { Program, Weights } from "../../runs/program.ts";
import { programOfFile, programOfRun } from "../../runs/program.ts";
import type { Arguments } from "./arguments.ts";
import { ArgumentError } from "./arguments.ts";
import type { Host } from "./output.ts";
import { readOverrides, readSource } from "./program.ts";

/** Reads `--net`, `--set`, `--params` and `--from`. */
export async function readProgram(args: Arguments, host: Host): Promise<Program> {
  const path = args.positional(0);
  const isFolder = path !== "-" && (await stat(path)).isDirectory();
  if (isFolder) return readRun(path, args);
  if (args.has("from"))
    throw new ArgumentError("--from chooses weights of a run, and this is a file", "weights of a file come from --params FILE");
  return programOfFile(await readSource(path, host), {
    net: args.text("net"),
    overrides: readOverrides(args.list("set")),
    params: args.text("params"),
  });
}

async function readRun(path: string, args: Arguments): Promise<Program> {
  await openRunFolder(path);
  for (const name of ["net", "set", "params", "classes"]) {
    if (args.has(name)) throw new ArgumentError(`--${name} does not go with a run: it has its own`, "for something else give its net.spec");
  }
  return programOfRun(path, args.choice("from", ["best", "last"]));
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
