/** @file From the arguments of `specc train` to what a run is asked for, fresh or resumed. */

import { basename, extname, join, resolve } from "node:path";
import type { Source } from "../../../compiler/diagnostics/diagnostic.ts";
import type { Override } from "../../../compiler/elaborate/elaborate.ts";
import { parse } from "../../../compiler/syntax/parser.ts";
import { formatSource } from "../../../compiler/syntax/print.ts";
import { openRunFolder } from "../../../report/folder/run-folder.ts";
import type { NewRun, ResumedRun, RunRequest, TrainingSettings } from "../../../runs/request.ts";
import { readSettings } from "../../../runs/settings.ts";
import type { Arguments, OptionValues } from "../../shell/arguments.ts";
import { ArgumentError } from "../../shell/arguments.ts";
import type { Host } from "../../shell/output.ts";
import { readOverrides, readSource } from "../../shell/program.ts";
import { readTuning } from "../../shell/tuning.ts";
import { readWithout } from "../compile/compile.ts";

export async function readRequest(args: Arguments, host: Host, signal: AbortSignal): Promise<RunRequest> {
  const tuning = readTuning(args, host);
  const resume = args.text("resume");
  const run = resume === undefined ? await newRun(args, host) : await resumedRun(args, resume, host);
  return { run, cache: args.text("cache"), tuning, profile: args.has("profile"), strict: args.has("strict"), signal };
}

async function newRun(args: Arguments, host: Host): Promise<NewRun> {
  const path = args.positional(0);
  const data = args.required("data");
  const net = args.text("net");
  const training = readTraining(args);
  const source = await readSource(path, host);
  return {
    ...training,
    source,
    file: path,
    place: args.text("out") ?? join("runs", "train", runName(source.name, net)),
    data,
    val: args.text("val"),
    net,
    params: args.text("params"),
    device: args.text("device"),
  };
}

function runName(path: string, net: string | undefined): string {
  const name = basename(path, extname(path));
  return net === undefined ? name : `${name}-${net}`;
}

/** What decides the result, of `specc train` and of trial files alike. */
export function readTraining(options: OptionValues): TrainingSettings {
  return {
    input: options.size("input"),
    overrides: readTrainOverrides(options),
    classes: readClassNames(options),
    limit: options.integer("limit", 1),
    without: readWithout(options),
    slab: options.integer("slab", 1),
    augment: !options.has("no-augment"),
  };
}

/** Short flags come after `--set`, and win. */
function readTrainOverrides(options: OptionValues): readonly Override[] {
  const lr = options.positive("lr");
  const [epochs, batch, seed] = [options.integer("epochs", 1), options.integer("batch", 1), options.integer("seed", 0)];
  const short: readonly (readonly [string, number | undefined])[] = [
    ["train.epochs", epochs],
    ["train.batch", batch],
    ["train.optimizer.lr", lr],
    ["train.seed", seed],
  ];
  return [
    ...readOverrides(options.list("set")),
    ...short.flatMap(([key, value]) => (value === undefined ? [] : [{ key, value: String(value) }])),
  ];
}

/** `--classes`, for every command that takes it. */
export function readClassNames(options: OptionValues): readonly string[] | undefined {
  const text = options.text("classes");
  if (text === undefined) return undefined;
  const names = text.split(",").map((name) => name.trim());
  if (names.length >= 2 && names.every((name) => name !== "")) return names;
  throw new ArgumentError(`--classes takes two or more names with commas, not \`${text}\``, "for example --classes cats,dogs");
}

/** Only the machine's own options (`--device`, `--data`, `--val`, `--cache`) may be others than the run's. */
async function resumedRun(args: Arguments, path: string, host: Host): Promise<ResumedRun> {
  const folder = await openRunFolder(path);
  const saved = await readSettings(folder);
  await refuseOtherProgram(args, { name: folder.file("spec"), text: await folder.readText("spec") }, host);
  refuseOther("net", args.text("net"), saved.net);
  refuseOther("input", args.size("input"), saved.input);
  refuseOther("classes", readClassNames(args), saved.classes);
  refuseOther("limit", args.integer("limit", 1), saved.limit);
  refuseOther("slab", args.integer("slab", 1), saved.slab);
  refuseOther("no-augment", args.has("no-augment") ? false : undefined, saved.augment ?? false);
  refuseOther("params", args.has("params") ? resolve(args.text("params") ?? "") : undefined, saved.params?.file);
  refuseOther("without", args.has("without") ? readWithout(args) : undefined, saved.without);
  if (args.has("tune") || args.has("tune-for"))
    throw new ArgumentError(
      "--tune and --resume exclude each other",
      "a resumed run keeps its schedule, and with it the bits of its results",
    );
  if (args.has("out")) throw new ArgumentError("--out and --resume exclude each other", "a resumed run goes on in its own folder");
  for (const { key, value } of readTrainOverrides(args)) {
    const known = saved.overrides.filter((override) => override.key === key).at(-1)?.value;
    if (known !== value)
      throw new ArgumentError(
        `the run has ${key} ${known ?? "as its file says"}, not ${value}`,
        "a resumed run keeps its settings: leave the option out, or train anew",
      );
  }
  return { resume: path, data: args.text("data"), val: args.text("val"), device: args.text("device") };
}

async function refuseOtherProgram(args: Arguments, own: Source, host: Host): Promise<void> {
  const [path] = args.positionals;
  if (path === undefined) return;
  const given = await readSource(path, host);
  const { file } = parse(given);
  if (file !== undefined && formatSource(file, given) === own.text) return;
  throw new ArgumentError(
    `${path} is not the program of this run any more`,
    `the run goes on with its own copy, ${own.name}: leave ${path} out, or train anew`,
  );
}

function refuseOther(flag: string, given: unknown, saved: unknown): void {
  if (given === undefined || JSON.stringify(given) === JSON.stringify(saved)) return;
  throw new ArgumentError(
    `the run was not started with this --${flag}`,
    "a resumed run keeps its settings: leave the option out, or train anew",
  );
}
