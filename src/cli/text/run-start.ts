/** @file What `specc train` says before the first step: no default is silent. */

import { shapeText } from "../../compiler/network/types.ts";
import { trainingFields, trainingText } from "../../report/training-text.ts";
import type { ItemCounts, RunStart } from "../../runs/start.ts";
import type { Output } from "../shell/output.ts";
import { count } from "./layer-table.ts";
import { runMemoryText, whyText } from "./memory.ts";

/** The training values in force, by field of `train`. */
export function trainingRecord({ network, split }: RunStart): Readonly<Record<string, string>> {
  return Object.fromEntries(trainingFields(network.train, split).map(({ name, text }) => [name, text]));
}

export function describeStart(start: RunStart, output: Output): void {
  const { network, settings, statistics, memory, resumedFrom, parameters } = start;
  const input = shapeText(network.nodes[0].type);
  const slabs = memory?.slabs ?? null;
  output.record({
    type: "start",
    run: start.folder,
    adapter: start.adapter,
    net: network.netName ?? null,
    input,
    inputFrom: settings.inputFrom,
    classes: start.classes,
    params: settings.params ?? null,
    training: start.training,
    validation: start.validation,
    test: start.test,
    parameters,
    train: trainingRecord(start),
    memory:
      memory === null
        ? null
        : { bytes: memory.bytes, slabs: slabs === null ? null : { images: slabs.images, count: slabs.count, why: whyText(slabs) } },
    resumedFrom: resumedFrom === null ? null : { epoch: resumedFrom.epoch, stepInEpoch: resumedFrom.stepInEpoch },
  });
  const { filters, heads, other, total } = parameters;
  const lines: readonly (readonly [string, string])[] = [
    ["adapter", start.adapter],
    ["network", `${network.netName ?? "unnamed"}, of ${settings.file}`],
    ["input", `${input}, from ${settings.inputFrom === "file" ? "the file" : settings.inputFrom}`],
    ["training", itemsText(start.training)],
    ["validation", start.validation === null ? "none" : itemsText(start.validation)],
    ...(start.test === null ? [] : [["test", itemsText(start.test)] as const]),
    ["parameters", `filters ${count(filters)}, head ${count(heads)}${other === 0 ? "" : `, other ${count(other)}`}, total ${count(total)}`],
    ...(settings.params == null ? [] : [["begins with", settings.params.file] as const]),
    ["train", trainingText(network.train, start.split)],
    ...(memory === null ? [] : [["GPU memory", runMemoryText(memory)] as const]),
    ...(statistics === null
      ? []
      : [["standardise", `mean ${numbers(statistics.mean)}, deviation ${numbers(statistics.deviation)}`] as const]),
    ["run folder", start.folder],
    ...(resumedFrom === null ? [] : [["resumed", `after ${resumedFrom.epoch} epochs and ${resumedFrom.stepInEpoch} steps`] as const]),
  ];
  output.say(lines.map(([name, text]) => `${name.padEnd(11)}  ${text}`).join("\n"));
}

function numbers(values: readonly number[]): string {
  return values.map((value) => value.toPrecision(4)).join(" ");
}

const listedClasses = 12;

function itemsText({ place, count: images, classes, skipped }: ItemCounts): string {
  const listed = classes
    .slice(0, listedClasses)
    .map((entry) => `${entry.name} ${count(entry.count)}`)
    .join(", ");
  const rest = classes.length - listedClasses;
  const others = rest > 0 ? `, and ${rest} more classes` : "";
  return `${count(images)} images (${listed}${others}), ${place}${skipped === 0 ? "" : `; ${skipped} skipped`}`;
}
