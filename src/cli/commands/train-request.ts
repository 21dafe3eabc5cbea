/** @file From the arguments of `specc train` to the settings of a run, fresh or resumed. */

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { basename, extname, join, resolve } from "node:path";
import type { Source } from "../../compiler/diagnostics/diagnostic.ts";
import type { Override } from "../../compiler/elaborate/elaborate.ts";
import { parse } from "../../compiler/syntax/parser.ts";
import { formatSource } from "../../compiler/syntax/print.ts";
import type { RunFolder } from "../../report/run-folder.ts";
import { openRunFolder } from "../../report/run-folder.ts";
import type { RunSettings } from "../../runs/settings.ts";
import { readSettings } from "../../runs/settings.ts";
import type { Arguments } from "../shell/arguments.ts";
import { ArgumentError } from "../shell/arguments.ts";
import type { Host } from "../shell/output.ts";
import { readOverrides, readSource } from "../shell/program.ts";
import { readWithout } from "./compile.ts";

export interface TrainRequest {
  readonly source: Source;
  readonly settings: RunSettings;
  /** The run to go on with; undefined: a new one. */
  readonly resumed: RunFolder | undefined;
  /** Where a new run folder goes, before numbering. */
  readonly place: string;
}

/** @param program where no file is to be read */
export async function readRequest(args: Arguments, host: Host, program?: Source): Promise<TrainRequest> {
  const resume = args.text("resume");
  return resume === undefined ? freshRequest(args, host, program) : resumedRequest(args, resume, host);
}

async function freshRequest(args: Arguments, host: Host, program?: Source): Promise<TrainRequest> {
  const path = program?.name ?? args.positional(0);
  const data = resolve(args.required("data"));
  const val = args.text("val");
  const params = args.text("params");
  const settings: RunSettings = {
    version: 1,
    file: path,
    net: args.text("net") ?? null,
    data,
    val: val === undefined ? null : resolve(val),
    input: args.size("input") ?? null,
    inputFrom: args.has("input") ? "--input" : "file",
    overrides: overridesOf(args),
    classes: classesOf(args) ?? null,
    limit: args.integer("limit", 1) ?? null,
    params:
      params === undefined
        ? null
        : {
            file: resolve(params),
            hash: createHash("sha256")
              .update(await readFile(params))
              .digest("hex"),
          },
    without: readWithout(args),
    slab: args.integer("slab", 1) ?? null,
    augment: !args.has("no-augment"),
    device: args.text("device") ?? "auto",
  };
  const source = program ?? (await readSource(path, host));
  return { source, settings, resumed: undefined, place: args.text("out") ?? join("runs", "train", runName(source.name, settings.net)) };
}

function runName(path: string, net: string | null): string {
  const name = basename(path, extname(path));
  return net === null ? name : `${name}-${net}`;
}

/** Short flags come after `--set`, and win. */
function overridesOf(args: Arguments): readonly Override[] {
  const lr = args.positive("lr");
  const [epochs, batch, seed] = [args.integer("epochs", 1), args.integer("batch", 1), args.integer("seed", 0)];
  const short: readonly (readonly [string, number | undefined])[] = [
    ["train.epochs", epochs],
    ["train.batch", batch],
    ["train.optimizer.lr", lr],
    ["train.seed", seed],
  ];
  return [
    ...readOverrides(args.list("set")),
    ...short.flatMap(([key, value]) => (value === undefined ? [] : [{ key, value: String(value) }])),
  ];
}

/** `--classes`, for every command that takes it. */
export function classesOf(args: Arguments): readonly string[] | undefined {
  const text = args.text("classes");
  if (text === undefined) return undefined;
  const names = text.split(",").map((name) => name.trim());
  if (names.length >= 2 && names.every((name) => name !== "")) return names;
  throw new ArgumentError(`--classes takes two or more names with commas, not \`${text}\``, "for example --classes cats,dogs");
}

/** The run's own settings; the machine's (`--device`, `--data`, `--cache`) may be others. */
async function resumedRequest(args: Arguments, path: string, host: Host): Promise<TrainRequest> {
  const folder = await openRunFolder(path);
  const saved = await readSettings(folder);
  const source: Source = { name: folder.file("spec"), text: await folder.readText("spec") };
  await refuseOtherProgram(args, source, host);
  refuseOther("net", args.text("net"), saved.net);
  refuseOther("input", args.size("input"), saved.input);
  refuseOther("classes", classesOf(args), saved.classes);
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
  for (const { key, value } of overridesOf(args)) {
    const known = saved.overrides.filter((override) => override.key === key).at(-1)?.value;
    if (known !== value)
      throw new ArgumentError(
        `the run has ${key} ${known ?? "as its file says"}, not ${value}`,
        "a resumed run keeps its settings: leave the option out, or train anew",
      );
  }
  const data = args.text("data");
  const val = args.text("val");
  return {
    source,
    resumed: folder,
    place: folder.path,
    settings: {
      ...saved,
      data: data === undefined ? saved.data : resolve(data),
      val: val === undefined ? saved.val : resolve(val),
      device: args.text("device") ?? saved.device,
    },
  };
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
