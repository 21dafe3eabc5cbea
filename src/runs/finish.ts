/** @file The end of a run: the best weights are measured once, and the pictures drawn. */

import type { Network } from "../compiler/network/network.ts";
import { batchMaker } from "../data/batch.ts";
import type { Confusion } from "../report/confusion.ts";
import type { Drawn } from "../report/drawing/picture-tools.ts";
import type { ResultRow } from "../report/folder/results.ts";
import type { RunFolder } from "../report/folder/run-folder.ts";
import type { Standardisation } from "../runtime/pixels.ts";
import type { Session } from "../runtime/session.ts";
import type { Evaluation } from "../train/evaluate.ts";
import { evaluate } from "../train/evaluate.ts";
import { readWeights } from "./checkpoint.ts";
import type { RunData } from "./data.ts";
import type { RunEvent } from "./events.ts";
import { filterPlanes } from "./filters.ts";
import type { Listener } from "./listener.ts";
import type { Measured, RunDone, RunStopped } from "./result.ts";
import type { RunStart } from "./start.ts";

export interface End {
  readonly start: RunStart;
  readonly session: Session;
  readonly network: Network;
  readonly data: RunData;
  readonly folder: RunFolder;
  /** For images that are not trained on. */
  readonly evaluation: Standardisation | null;
  readonly signal: AbortSignal | undefined;
}

/** Measures the best weights on the test part, else on the validation items, and draws the pictures. */
export async function finishRun(end: End, onEvent: Listener<RunEvent>): Promise<RunDone | RunStopped> {
  const { start, session, network, folder, signal } = end;
  const epochs = await folder.results.read();
  const monitored = epochs.map((row) => row.valLoss ?? row.loss);
  const best = epochs[monitored.indexOf(Math.min(...monitored))];
  const { params } = await readWeights(folder, "bestWeights", session.plan);
  await session.writeParams(params);
  const measured = await measure(end, onEvent);
  const weights = folder.file("bestWeights");
  if (signal?.aborted === true && measured !== null) return { status: "stopped", during: "measuring", start, weights };
  const pictures = await drawPictures(folder, network, params, measured?.confusion ?? null, epochs);
  return { status: "done", start, epochs, best, measured, weights, pictures };
}

/** Null: there are no images for it. */
async function measure({ session, data, evaluation, signal }: End, onEvent: Listener<RunEvent>): Promise<Measured | null> {
  const items = data.test ?? data.validation;
  if (items === null) return null;
  const maker = batchMaker(items.dataset, session.plan.input, evaluation);
  const onProgress = (done: number): void => onEvent({ type: "measuring", done, total: items.indices.length });
  const found = await evaluate(session, maker, items.dataset.labels, items.indices, data.classes.length, { signal, onProgress });
  const { loss, accuracy, count } = found;
  return { on: data.test === null ? "validation" : "test", loss, accuracy, count, confusion: confusionOf(data.classes, found) };
}

export function confusionOf(classes: readonly string[], { confusion }: Evaluation): Confusion {
  return { classes, counts: Int32Array.from(confusion.flat()) };
}

async function drawPictures(
  folder: RunFolder,
  network: Network,
  params: ReadonlyMap<string, Float32Array>,
  confusion: Confusion | null,
  rows: readonly ResultRow[],
): Promise<Drawn> {
  const { drawCurves } = await import("../report/pictures/curves.ts");
  const { drawConfusion } = await import("../report/pictures/confusion.ts");
  const { drawFilters } = await import("../report/filters/picture.ts");
  const planes = await filterPlanes(network, params);
  const drawn = [
    await drawCurves(rows, network.netName ?? "training", folder.path),
    ...(confusion === null ? [] : [await drawConfusion(confusion, folder.path)]),
    ...(planes.length === 0 ? [] : [await drawFilters(planes, folder.path)]),
  ];
  return { files: drawn.flatMap(({ files }) => files), notes: drawn.flatMap(({ notes }) => notes) };
}
