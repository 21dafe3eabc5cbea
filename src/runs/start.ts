/** @file What `specc train` says and writes down before it starts. */

import { execFile } from "node:child_process";
import { dirname, resolve } from "node:path";
import { promisify } from "node:util";
import type { Output } from "../cli/shell/output.ts";
import { count } from "../cli/text/layer-table.ts";
import { runMemoryText, whyText } from "../cli/text/memory.ts";
import type { Compiled } from "../compiler/compile.ts";
import type { Source, Span } from "../compiler/diagnostics/diagnostic.ts";
import { bug } from "../compiler/diagnostics/diagnostic.ts";
import type { Network } from "../compiler/network/network.ts";
import { shapeText } from "../compiler/network/types.ts";
import { parse } from "../compiler/syntax/parser.ts";
import { formatSource } from "../compiler/syntax/print.ts";
import { layerLines, totalsOf } from "../report/layer-lines.ts";
import type { RunFolder } from "../report/run-folder.ts";
import { trainingFields, trainingText } from "../report/training-text.ts";
import type { Session } from "../runtime/session.ts";
import { trainingMemory } from "../train/memory.ts";
import type { Progress } from "../train/trainer.ts";
import type { Items, RunData } from "./data.ts";
import type { RunSettings } from "./settings.ts";
import { ownVersion } from "./version.ts";

export interface Start {
  readonly network: Network;
  readonly settings: RunSettings;
  readonly data: RunData;
  readonly session: Session;
  readonly compiled: Compiled;
  readonly folder: RunFolder;
  readonly resumedFrom: Progress | null;
}

export function describeStart({ network, settings, data, session, compiled, folder, resumedFrom }: Start, output: Output): void {
  const { filters, heads, other, total } = totalsOf(layerLines(network));
  const input = shapeText(network.nodes[0].type);
  const validation = data.validation === null ? null : itemsJson(data, data.validation);
  const test = data.test === null ? null : itemsJson(data, data.test);
  output.record({
    type: "start",
    run: folder.path,
    adapter: session.adapterName,
    net: network.netName ?? null,
    input,
    inputFrom: settings.inputFrom,
    classes: data.classes,
    params: settings.params ?? null,
    training: itemsJson(data, data.training),
    validation,
    test,
    parameters: { filters, heads, other, total },
    train: Object.fromEntries(trainingFields(network.train, data.split).map(({ name, text }) => [name, text])),
    // On the processor nothing is on a device.
    memory:
      settings.device === "cpu"
        ? null
        : {
            bytes: trainingMemory(compiled.plan).total,
            slabs:
              compiled.slabs === undefined
                ? null
                : { images: compiled.slabs.images, count: compiled.slabs.count, why: whyText(compiled.slabs) },
          },
    resumedFrom: resumedFrom === null ? null : { epoch: resumedFrom.epoch, stepInEpoch: resumedFrom.stepInEpoch },
  });
  const lines: readonly (readonly [string, string])[] = [
    ["adapter", session.adapterName],
    ["network", `${network.netName ?? "unnamed"}, of ${settings.file}`],
    ["input", `${input}, from ${settings.inputFrom === "file" ? "the file" : settings.inputFrom}`],
    ["training", itemsText(data, data.training)],
    ["validation", data.validation === null ? "none" : itemsText(data, data.validation)],
    ...(data.test === null ? [] : [["test", itemsText(data, data.test)] as const]),
    ["parameters", `filters ${count(filters)}, head ${count(heads)}${other === 0 ? "" : `, other ${count(other)}`}, total ${count(total)}`],
    ...(settings.params == null ? [] : [["begins with", settings.params.file] as const]),
    ["train", trainingText(network.train, data.split)],
    ...(settings.device === "cpu" ? [] : [["GPU memory", runMemoryText(compiled)] as const]),
    ...(data.statistics === null
      ? []
      : [["standardise", `mean ${numbers(data.statistics.mean)}, deviation ${numbers(data.statistics.deviation)}`] as const]),
    ["run folder", folder.path],
    ...(resumedFrom === null ? [] : [["resumed", `after ${resumedFrom.epoch} epochs and ${resumedFrom.stepInEpoch} steps`] as const]),
  ];
  output.say(lines.map(([name, text]) => `${name.padEnd(11)}  ${text}`).join("\n"));
}

function numbers(values: readonly number[]): string {
  return values.map((value) => value.toPrecision(4)).join(" ");
}

function classCounts({ classes }: RunData, { dataset, indices }: Items): readonly { readonly name: string; readonly count: number }[] {
  const counts = classes.map(() => 0);
  for (const index of indices) counts[dataset.labels[index]]++;
  return classes.map((name, label) => ({ name, count: counts[label] }));
}

function itemsJson(data: RunData, items: Items): object {
  return { place: items.place, count: items.indices.length, classes: classCounts(data, items), skipped: items.dataset.skipped.length };
}

const listedClasses = 12;

function itemsText(data: RunData, items: Items): string {
  const counts = classCounts(data, items);
  const listed = counts
    .slice(0, listedClasses)
    .map((entry) => `${entry.name} ${count(entry.count)}`)
    .join(", ");
  const rest = counts.length - listedClasses;
  const { skipped } = items.dataset;
  return (
    `${count(items.indices.length)} images (${listed}${rest > 0 ? `, and ${rest} more classes` : ""}), ` +
    `${items.place}${skipped.length === 0 ? "" : `; ${skipped.length} skipped`}`
  );
}

/** A field of `train`, for a message about it. */
export function fieldPlace(source: Source, name: "split" | "optimizer"): Span | undefined {
  const items = parse(source).file?.items ?? [];
  return items.flatMap((item) => (item.kind === "train" ? item.record.fields : [])).find((field) => field.name.text === name)?.span;
}

/** The canonical text of the program, and env.json. */
export async function environmentOf(
  network: Network,
  data: RunData,
  session: Session,
  device: string | undefined,
): Promise<{ readonly formatted: string; readonly environment: object }> {
  const { file } = parse(network.source);
  const formatted = formatSource(file ?? bug("a program that was elaborated does not parse"), network.source);
  const environment = {
    specc: ownVersion(),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    adapter: session.adapterName,
    device: device ?? "auto",
    commit: await commitOf(network.source.name),
    seed: network.train.seed,
    data: data.training.dataset.hash,
    classes: data.classes,
    started: new Date().toISOString(),
  };
  return { formatted, environment };
}

/** Of the folder that the program lies in; null where there is no git or no repository. */
async function commitOf(path: string): Promise<string | null> {
  try {
    const { stdout } = await promisify(execFile)("git", ["-C", dirname(resolve(path)), "rev-parse", "HEAD"], { timeout: 2000 });
    return stdout.trim();
  } catch {
    return null;
  }
}
