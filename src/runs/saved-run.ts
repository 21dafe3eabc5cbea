/** @file Opens a run for `eval` and `predict`: its network, compiled for one program, with trained weights on a device. */

import type { Arguments, Flag } from "../cli/shell/arguments.ts";
import type { Output } from "../cli/shell/output.ts";
import { atPlaceIn, loadNetwork } from "../cli/shell/program.ts";
import type { ProgramKind } from "../compiler/build.ts";
import { compileNetwork } from "../compiler/compile.ts";
import type { Source } from "../compiler/diagnostics/diagnostic.ts";
import { baseline } from "../compiler/lower/target.ts";
import type { Network } from "../compiler/network/network.ts";
import type { RunFolder } from "../report/run-folder.ts";
import { openRunFolder } from "../report/run-folder.ts";
import type { Standardisation } from "../runtime/pixels.ts";
import type { Session } from "../runtime/session.ts";
import { openCompiled } from "../train/open.ts";
import type { WeightsHeader } from "./checkpoint.ts";
import { readWeights } from "./checkpoint.ts";
import type { RunSettings } from "./settings.ts";
import { readSettings } from "./settings.ts";

export const otherSizeFlag: Flag = {
  value: "HxWxC",
  about: "another size; the weights must not depend on it",
  fallback: "the size of the training",
};
export const weightsFlag: Flag = { value: "best|last", about: "of the best epoch, or the last saved", fallback: "best" };

export interface SavedRun {
  readonly folder: RunFolder;
  readonly settings: RunSettings;
  readonly network: Network;
  readonly header: WeightsHeader;
  readonly session: Session;
  /** For images that are not trained on. */
  readonly statistics: Standardisation | null;
  close(): Promise<void>;
}

/** A run as it lies in its folder. */
export interface RunProgram {
  readonly folder: RunFolder;
  readonly settings: RunSettings;
  readonly source: Source;
  readonly network: Network;
  /** Those that `--weights` chooses. */
  readonly weights: "bestWeights" | "lastWeights";
}

/** At the size of its training, or of `--input`. */
export async function loadRun(path: string, args: Arguments, output: Output): Promise<RunProgram> {
  const weights = args.choice("weights", ["best", "last"]) ?? "best";
  const folder = await openRunFolder(path);
  const settings = await readSettings(folder);
  const source = { name: folder.file("spec"), text: await folder.readText("spec") };
  const network = loadNetwork(source, output, {
    net: settings.net ?? undefined,
    input: args.size("input") ?? settings.input ?? undefined,
    overrides: settings.overrides,
    augment: "ignore",
  });
  return { folder, settings, source, network, weights: weights === "best" ? "bestWeights" : "lastWeights" };
}

/** @param batch B; undefined: that of the training */
export async function openRun(args: Arguments, output: Output, program: ProgramKind, batch?: number): Promise<SavedRun> {
  const { folder, settings, source, network, weights } = await loadRun(args.positional(0), args, output);
  const compiled = atPlaceIn(source, () =>
    compileNetwork(network, { programs: [program], batch, target: { ...baseline, slab: settings.slab ?? undefined } }),
  );
  const { header, params } = await readWeights(folder, weights, compiled.plan);
  const opened = await openCompiled(compiled, args.text("device") ?? "auto", {
    onWarm: (done, total) => output.progress(`compiling kernels ${done}/${total}`),
  });
  try {
    await opened.session.writeParams(params);
  } catch (error) {
    await opened.close();
    throw error;
  }
  const statistics = network.input.standardise === "training" ? null : header.statistics;
  return { folder, settings, network, header, session: opened.session, statistics, close: () => opened.close() };
}
