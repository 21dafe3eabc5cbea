/** @file The training values in force, as the language would write them: no default is silent. */

import type { TrainSettings } from "../compiler/network/network.ts";
import { augmentText } from "../compiler/words/augment.ts";

/**
 * One entry for each field of `train`, in the order of the reference, and what `augment` does.
 * @param split the one in force, null where none is
 */
export function trainingFields(
  train: TrainSettings,
  split: TrainSettings["split"] | null = train.split,
): readonly { readonly name: string; readonly text: string }[] {
  const { loss, optimizer, schedule } = train;
  const targets = loss.name === "mse" ? record({ targets: `${loss.targets[0]}..${loss.targets[1]}` }) : "";
  const decay = optimizer.decayAll ? `all ${optimizer.decay}` : optimizer.decay;
  const { kind, ...scheduling } = schedule;
  return [
    { name: "loss", text: loss.name + targets },
    { name: "optimizer", text: optimizer.name + record({ lr: optimizer.lr, ...optimizer.options, decay, clip: optimizer.clip ?? "off" }) },
    { name: "schedule", text: kind + record(scheduling) },
    { name: "epochs", text: String(train.epochs) },
    { name: "batch", text: String(train.batch) },
    { name: "seed", text: String(train.seed) },
    ...(split === null
      ? []
      : [{ name: "split", text: split.kind === "share" ? `${Number((100 * split.share).toFixed(6))}%` : String(split.count) }]),
    ...(train.augment === null ? [] : [{ name: "augment", text: augmentText(train.augment) }]),
  ];
}

export function trainingText(train: TrainSettings, split: TrainSettings["split"] | null = train.split): string {
  return trainingFields(train, split)
    .map(({ name, text }) => `${name}: ${text}`)
    .join(", ");
}

function record(values: Readonly<Record<string, unknown>>): string {
  const entries = Object.entries(values);
  return entries.length === 0 ? "" : ` { ${entries.map(([name, value]) => `${name}: ${valueText(value)}`).join(", ")} }`;
}

function valueText(value: unknown): string {
  if (typeof value === "boolean") return value ? "on" : "off";
  return Array.isArray(value) ? `[${value.join(", ")}]` : String(value);
}
