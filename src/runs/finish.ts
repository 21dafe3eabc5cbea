/** @file What `specc train` measures, draws and says at the end. */

import type { ExitCode } from "../cli/shell/exit-code.ts";
import { exitCode } from "../cli/shell/exit-code.ts";
import type { Output } from "../cli/shell/output.ts";
import type { Network } from "../compiler/network/network.ts";
import { batchMaker } from "../data/batch.ts";
import type { Confusion } from "../report/confusion.ts";
import { scoresText } from "../report/confusion.ts";
import type { RunFolder } from "../report/run-folder.ts";
import type { Standardisation } from "../runtime/pixels.ts";
import type { Session } from "../runtime/session.ts";
import type { Evaluation } from "../train/evaluate.ts";
import { evaluate } from "../train/evaluate.ts";
import { readWeights } from "./checkpoint.ts";
import type { RunData } from "./data.ts";
import { filterPlanes } from "./filters.ts";

export interface End {
  readonly session: Session;
  readonly network: Network;
  readonly data: RunData;
  readonly folder: RunFolder;
  /** For images that are not trained on. */
  readonly evaluation: Standardisation | null;
  readonly signal: AbortSignal;
}

/** Measures the best weights on the test part, else on the validation items, and draws the pictures. */
export async function finishRun({ session, network, data, folder, evaluation, signal }: End, output: Output): Promise<ExitCode> {
  const rows = await folder.results.read();
  const monitored = rows.map((row) => row.valLoss ?? row.loss);
  const best = rows[monitored.indexOf(Math.min(...monitored))];
  const { params } = await readWeights(folder, "bestWeights", session.plan);
  await session.writeParams(params);
  const items = data.test ?? data.validation;
  const kind = data.test === null ? "validation" : "test";
  let measured: Evaluation | null = null;
  if (items !== null) {
    const maker = batchMaker(items.dataset, session.plan.input, evaluation);
    const onProgress = (done: number): void => output.progress(`measuring ${done} of ${items.indices.length}`);
    measured = await evaluate(session, maker, items.dataset.labels, items.indices, data.classes.length, { signal, onProgress });
    if (signal.aborted) {
      output.warn(`interrupted while measuring; the training itself is complete:\n  weights: ${folder.file("bestWeights")}`);
      return exitCode.interrupted;
    }
  }
  const confusion = measured === null ? null : confusionOf(data.classes, measured);
  const pictures = await drawPictures(folder, network, params, confusion, rows);
  output.record({
    type: "result",
    command: "train",
    run: folder.path,
    epochs: rows.length,
    best: best ?? null,
    measuredOn: measured === null ? null : kind,
    loss: measured?.loss ?? null,
    accuracy: measured?.accuracy ?? null,
    count: measured?.count ?? 0,
    weights: folder.file("bestWeights"),
    pictures: pictures.files,
  });
  if (confusion !== null) output.say(`\n${scoresText(confusion, output.colour)}`);
  if (measured !== null) {
    output.print(
      `\n${kind} accuracy ${measured.accuracy.toFixed(4)}, loss ${measured.loss.toFixed(4)}, ` +
        `on ${measured.count.toLocaleString("en")} images, with the weights of epoch ${best?.epoch ?? "?"}, ` +
        `the best by ${best?.valLoss === undefined ? "training" : "validation"} loss`,
    );
  }
  output.print(`weights: ${folder.file("bestWeights")}`);
  if (pictures.files.length > 0) output.print(`pictures: ${pictures.files.join(", ")}`);
  for (const note of pictures.notes) output.remark(`note: ${note}`);
  return exitCode.done;
}

export function confusionOf(classes: readonly string[], { confusion }: Evaluation): Confusion {
  return { classes, counts: Int32Array.from(confusion.flat()) };
}

async function drawPictures(
  folder: RunFolder,
  network: Network,
  params: ReadonlyMap<string, Float32Array>,
  confusion: Confusion | null,
  rows: Awaited<ReturnType<RunFolder["results"]["read"]>>,
): Promise<{ readonly files: readonly string[]; readonly notes: readonly string[] }> {
  const { drawCurves } = await import("../report/curves.ts");
  const { drawConfusion } = await import("../report/confusion-picture.ts");
  const { drawFilters } = await import("../report/filter-picture.ts");
  const planes = await filterPlanes(network, params);
  const drawn = [
    await drawCurves(rows, network.netName ?? "training", folder.path),
    ...(confusion === null ? [] : [await drawConfusion(confusion, folder.path)]),
    ...(planes.length === 0 ? [] : [await drawFilters(planes, folder.path)]),
  ];
  return { files: drawn.flatMap(({ files }) => files), notes: drawn.flatMap(({ notes }) => notes) };
}
