/** @file From the arguments of `specc trials` to a trial file: networks, seeds and sizes are settled before anything trains. */

import { basename, resolve } from "node:path";
import type { Source } from "../../../compiler/diagnostics/diagnostic.ts";
import { ProgramError } from "../../../compiler/diagnostics/program-error.ts";
import { parse } from "../../../compiler/syntax/parser.ts";
import { checkAgainstData } from "../../../data/data-check.ts";
import { probeDataset } from "../../../data/probe.ts";
import { closeNetwork } from "../../../runs/network.ts";
import type { NewRun } from "../../../runs/request.ts";
import { settingsOf } from "../../../runs/request.ts";
import type { Places, TrainOptions, Trial, TrialPlan } from "../../../trials/plan.ts";
import { makePlan } from "../../../trials/plan.ts";
import type { Arguments, Flags } from "../../shell/arguments.ts";
import { ArgumentError, didYouMean, OptionValues } from "../../shell/arguments.ts";
import type { Host, Output } from "../../shell/output.ts";
import { readSource } from "../../shell/program.ts";
import { listener } from "../../text/run-events.ts";
import { readTraining } from "../train/request.ts";
import { trainCommand } from "../train/train.ts";

/** What one training is told besides network and seed; it decides the result. */
const trainingOptions = ["input", "epochs", "batch", "lr", "set", "classes", "slab", "limit", "no-augment", "strict", "without"] as const;

const usualTrials = 5;

export const planFlags: Flags = {
  nets: { value: "A,B", about: "the networks of FILE to compare", fallback: "all" },
  data: { value: "DIR", about: "the images; a `test` part is measured once, at the end of each trial" },
  val: { value: "DIR", about: "validation data", fallback: "the data's val part, else `split` of the file" },
  trials: { value: "N", about: "trainings of each network, with the seeds 0 to N - 1", fallback: String(usualTrials) },
  seeds: { value: "LIST", about: "these seeds instead: 3,5,10-19" },
  ...Object.fromEntries(trainingOptions.map((name) => [name, trainCommand.manual.flags[name]])),
  device: trainCommand.manual.flags["device"],
  cache: trainCommand.manual.flags["cache"],
};

/** @throws ProgramError, ArgumentError, DataError for whatever would stop one of the trials */
export async function readPlanRequest(args: Arguments, output: Output, host: Host, signal: AbortSignal): Promise<TrialPlan> {
  const source = await readSource(args.positional(0), host);
  const seeds = readSeeds(args);
  const fixed = args.list("set").find((pair) => pair.startsWith("train.seed"));
  if (fixed !== undefined) throw new ArgumentError(`each trial has its own seed, not \`${fixed}\``, "--seeds says which");
  const options: TrainOptions = Object.fromEntries(trainingOptions.filter((name) => args.has(name)).map((name) => [name, args.list(name)]));
  const val = args.text("val");
  const places: Places = {
    data: resolve(args.required("data")),
    val: val === undefined ? null : resolve(val),
    device: args.text("device") ?? "auto",
    cache: args.text("cache") ?? null,
  };
  const nets: { name: string | null; input: string | null }[] = [];
  for (const name of chosenNets(source, args)) {
    const run = trialRun({ program: source, options, places }, { net: name, seed: seeds[0], input: null }, "");
    const onEvent = listener(output);
    const closed = await closeNetwork(source, await settingsOf(run), { strict: args.has("strict"), signal }, onEvent);
    const probe = await probeDataset(places.data, { classes: closed.settings.classes ?? undefined, headers: false, signal });
    const problems = checkAgainstData(closed.network, probe.classes, places.data);
    if (problems.length > 0) throw new ProgramError(source, problems);
    const { height, width, channels } = closed.network.input;
    nets.push({ name, input: closed.settings.inputFrom === "the data" ? `${height}x${width}x${channels}` : null });
  }
  return makePlan({ program: { name: basename(source.name), text: source.text }, options, places, nets, seeds });
}

/** The training of a trial. @param place its run folder */
export function trialRun(
  { program, options, places }: Pick<TrialPlan, "program" | "options" | "places">,
  { net, seed, input }: Pick<Trial, "net" | "seed" | "input">,
  place: string,
): NewRun {
  const own = { ...options, seed: [String(seed)], ...(input === null ? {} : { input: [input] }) };
  return {
    ...readTraining(new OptionValues(new Map(Object.entries(own)))),
    source: program,
    place,
    net: net ?? undefined,
    data: places.data,
    val: places.val ?? undefined,
    device: places.device,
  };
}

function chosenNets(source: Source, args: Arguments): readonly (string | null)[] {
  const { file, diagnostics } = parse(source);
  if (file === undefined) throw new ProgramError(source, diagnostics);
  const names = file.items.flatMap((item) => (item.kind === "net" ? [item.name.text] : []));
  const asked = args
    .text("nets")
    ?.split(",")
    .map((name) => name.trim());
  if (asked === undefined) return names.length === 0 ? [null] : names;
  for (const [index, name] of asked.entries()) {
    if (!names.includes(name))
      throw new ArgumentError(
        `${source.name} has no network \`${name}\``,
        didYouMean(name, names) ?? (names.length === 0 ? "its network has no name: leave --nets out" : `it has ${names.join(", ")}`),
      );
    if (asked.indexOf(name) < index) throw new ArgumentError(`--nets names ${name} twice`);
  }
  return asked;
}

function readSeeds(args: Arguments): readonly number[] {
  const text = args.text("seeds");
  const count = args.integer("trials", 1);
  if (text === undefined) return Array.from({ length: count ?? usualTrials }, (_, seed) => seed);
  if (count !== undefined) throw new ArgumentError("--trials and --seeds exclude each other", "--seeds 0-19 are twenty trials");
  const seeds = text.split(",").flatMap((part) => {
    const [, first, last] = /^\s*(\d+)(?:-(\d+))?\s*$/.exec(part) ?? [];
    const [from, to] = [Number(first), Number(last ?? first)];
    if (first === undefined || to < from || to - from > 1e5)
      throw new ArgumentError(`--seeds takes numbers and ranges with commas, not \`${text}\``, "for example --seeds 0-9,20");
    return Array.from({ length: to - from + 1 }, (_, index) => from + index);
  });
  const twice = seeds.find((seed, index) => seeds.indexOf(seed) < index);
  if (twice !== undefined) throw new ArgumentError(`--seeds names ${twice} twice`);
  return seeds;
}
