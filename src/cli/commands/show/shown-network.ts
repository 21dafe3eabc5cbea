/** @file The network that `specc show` draws: a run with its weights, or a program with fresh ones. */

import { mkdir, stat } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { compileNetwork } from "../../../compiler/compile.ts";
import { atPlaceIn } from "../../../compiler/diagnostics/program-error.ts";
import type { Network } from "../../../compiler/network/network.ts";
import type { Drawn } from "../../../report/drawing/picture-tools.ts";
import type { RunFolder } from "../../../report/folder/run-folder.ts";
import { readWeights } from "../../../runs/checkpoint.ts";
import { loadRun } from "../../../runs/saved-run.ts";
import { initialiseParams } from "../../../runtime/initialise.ts";
import type { Arguments, Flag, Flags } from "../../shell/arguments.ts";
import { ArgumentError } from "../../shell/arguments.ts";
import type { ExitCode } from "../../shell/exit-code.ts";
import { exitCode } from "../../shell/exit-code.ts";
import { readChoice, seedFlag, sharedFlags } from "../../shell/flags.ts";
import type { Host, Output } from "../../shell/output.ts";
import { loadNetwork, readSource } from "../../shell/program.ts";
import { listener } from "../../text/run-events.ts";

export interface ShownNetwork {
  readonly network: Network;
  readonly params: ReadonlyMap<string, Float32Array>;
  /** Undefined: fresh parameters of a program. */
  readonly run: RunFolder | undefined;
  /** For a title: which network, and which of its weights. */
  readonly about: string;
  /** Where pictures go, unless something else is asked for. */
  readonly place: string;
}

export const limitFlag: Flag = {
  value: "N",
  about: "at most N filters of a layer; with --image, channels",
  fallback: "16 filters, 8 channels",
};
export const outFlag: Flag = { value: "PLACE", about: "the folder for the pictures", fallback: "RUN/show, or show/NAME" };

/** What a FILE instead of a RUN needs, and `--weights` for a RUN. */
export const shownFlags: Flags = { ...sharedFlags("weights", "net", "input"), seed: seedFlag("a FILE's fresh parameters") };

/** @throws ArgumentError for flags that do not fit what is shown */
export async function readShown(args: Arguments, output: Output, host: Host): Promise<ShownNetwork> {
  const path = args.positional(0);
  const isRun = path !== "-" && (await stat(path)).isDirectory();
  const wrong = (isRun ? ["net", "input", "seed"] : ["weights"]).find((name) => args.has(name));
  if (wrong !== undefined)
    throw new ArgumentError(
      `--${wrong} has no meaning for a ${isRun ? "run" : "FILE"}: ${path}`,
      isRun ? "a run has its network, size and seed" : "give the folder of a run to see trained weights",
    );
  return isRun ? ofRun(path, args, output) : fresh(path, args, output, host);
}

async function ofRun(path: string, args: Arguments, output: Output): Promise<ShownNetwork> {
  const { folder, source, network, weights } = await loadRun(path, readChoice(args), listener(output));
  const { plan } = atPlaceIn(source, () => compileNetwork(network, { programs: [], batch: 1 }));
  const { params, progress } = await readWeights(folder, weights, plan);
  const which = `${weights === "bestWeights" ? "best" : "last"} weights, after epoch ${progress.epoch}`;
  return { network, params, run: folder, about: `${basename(path)}: ${which}`, place: join(path, "show") };
}

async function fresh(path: string, args: Arguments, output: Output, host: Host): Promise<ShownNetwork> {
  const [asked, input] = [args.integer("seed", 0), args.size("input")];
  const source = await readSource(path, host);
  const network = loadNetwork(source, output, { net: args.text("net"), input, augment: "ignore" });
  const seed = asked ?? network.train.seed;
  const { plan } = atPlaceIn(source, () => compileNetwork(network, { programs: [], batch: 1 }));
  const name = [basename(source.name, extname(source.name)), ...(network.netName === undefined ? [] : [network.netName])].join("-");
  return {
    network,
    params: initialiseParams(plan, seed),
    run: undefined,
    about: `${name}: fresh parameters, seed ${seed}`,
    place: join("show", name),
  };
}

/** The folder that pictures go to, made if it is not there. */
export async function pictureFolder(args: Arguments, place: string): Promise<string> {
  const folder = args.text("out") ?? place;
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Names what was drawn. A picture that could not be drawn is what the command was asked for, so that is an error. */
export function reportPictures(
  subject: string,
  { files, notes }: Drawn,
  result: Readonly<Record<string, unknown>>,
  output: Output,
): ExitCode {
  output.record({ type: "result", command: "show", subject, ...result, pictures: files, notes });
  for (const file of files) output.print(file);
  for (const note of notes) output[files.length === 0 ? "warn" : "remark"](`${files.length === 0 ? "error" : "note"}: ${note}`);
  return files.length === 0 ? exitCode.user : exitCode.done;
}
