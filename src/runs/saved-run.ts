/** @file Opens a run that is in its folder: its network, compiled for one program, with trained weights on a device. */

import type { ProgramKind } from "../compiler/build.ts";
import { compileNetwork } from "../compiler/compile.ts";
import type { Source } from "../compiler/diagnostics/diagnostic.ts";
import { atPlaceIn } from "../compiler/diagnostics/program-error.ts";
import type { GivenInput } from "../compiler/elaborate/elaborate.ts";
import { baseline } from "../compiler/lower/target.ts";
import type { Network } from "../compiler/network/network.ts";
import type { RunFolder } from "../report/folder/run-folder.ts";
import { openRunFolder } from "../report/folder/run-folder.ts";
import type { Standardisation } from "../runtime/pixels.ts";
import type { Session } from "../runtime/session.ts";
import { openCompiled } from "../train/open.ts";
import type { WeightsHeader } from "./checkpoint.ts";
import { readWeights } from "./checkpoint.ts";
import type { Listener } from "./listener.ts";
import type { ProgramEvent } from "./network.ts";
import { readNetwork } from "./network.ts";
import type { RunSettings } from "./settings.ts";
import { readSettings } from "./settings.ts";

/** Kernels that are compiled. */
export interface DeviceEvent {
  readonly type: "compiling";
  readonly done: number;
  readonly total: number;
}

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
  /** Those that were chosen. */
  readonly weights: "bestWeights" | "lastWeights";
}

export interface RunChoice {
  /** Of the best epoch, or the last that were saved; the best by default. */
  readonly weights?: "best" | "last";
  /** Another size than that of the training. */
  readonly input?: GivenInput;
}

export async function loadRun(path: string, { weights = "best", input }: RunChoice, onEvent: Listener<ProgramEvent>): Promise<RunProgram> {
  const folder = await openRunFolder(path);
  const settings = await readSettings(folder);
  const source = { name: folder.file("spec"), text: await folder.readText("spec") };
  const network = readNetwork(
    source,
    { net: settings.net ?? undefined, input: input ?? settings.input ?? undefined, overrides: settings.overrides, augment: "ignore" },
    onEvent,
  );
  return { folder, settings, source, network, weights: weights === "best" ? "bestWeights" : "lastWeights" };
}

export interface OpenRunRequest extends RunChoice {
  readonly program: ProgramKind;
  /** B; that of the training by default. */
  readonly batch?: number;
  readonly device?: string;
}

/**
 * Its session runs `program` with the trained weights; `close` frees it.
 * @throws RunError, DataError, ProgramError, NoAdapterError
 */
export async function openRun(
  path: string,
  { program, batch, device = "auto", ...choice }: OpenRunRequest,
  onEvent: Listener<ProgramEvent | DeviceEvent> = () => undefined,
): Promise<SavedRun> {
  const { folder, settings, source, network, weights } = await loadRun(path, choice, onEvent);
  const compiled = atPlaceIn(source, () =>
    compileNetwork(network, { programs: [program], batch, target: { ...baseline, slab: settings.slab ?? undefined } }),
  );
  const { header, params } = await readWeights(folder, weights, compiled.plan);
  const opened = await openCompiled(compiled, device, { onWarm: (done, total) => onEvent({ type: "compiling", done, total }) });
  try {
    await opened.session.writeParams(params);
  } catch (error) {
    await opened.close();
    throw error;
  }
  const statistics = network.input.standardise === "training" ? null : header.statistics;
  return { folder, settings, network, header, session: opened.session, statistics, close: () => opened.close() };
}
