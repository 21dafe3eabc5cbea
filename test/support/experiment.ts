/** @file A made-up experiment on disk: a trial file, lines and curves of trials that nobody trained. */

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { resultColumns, stepColumns } from "../../src/report/folder/results.ts";
import { RowFile } from "../../src/report/folder/row-file.ts";
import { draw, normalPair, rootKey, streamKey, streamTag } from "../../src/runtime/random.ts";
import type { DoneLine } from "../../src/trials/line.ts";
import { startLine, writeLine } from "../../src/trials/line.ts";
import type { Trial, TrialPlan } from "../../src/trials/plan.ts";
import { folderOf, makePlan, planName, writePlan } from "../../src/trials/plan.ts";

export interface MadeUp {
  /** Networks of `program`, with the middle and the spread of their accuracies. */
  readonly nets: readonly { readonly name: string; readonly mean: number; readonly deviation: number }[];
  readonly program: string;
  readonly seeds: number;
  readonly epochs: number;
  /** Accuracies that do not come from the middle and the spread, by network and seed. */
  readonly given?: Readonly<Record<string, readonly number[]>>;
  readonly line?: (trial: Trial) => Partial<DoneLine>;
}

const stepsPerEpoch = 40;

export async function makeExperiment(
  root: string,
  { nets, program, seeds, epochs, given = {}, line = () => ({}) }: MadeUp,
): Promise<TrialPlan> {
  const plan = makePlan({
    program: { name: "made-up.spec", text: program },
    options: { epochs: [String(epochs)] },
    places: { data: "/data/pets", val: null, device: "auto", cache: null },
    nets: nets.map(({ name }) => ({ name, input: null })),
    seeds: Array.from({ length: seeds }, (_, seed) => seed),
  });
  await mkdir(join(root, "trials"), { recursive: true });
  await writePlan(join(root, planName), plan);
  for (const trial of plan.trials) {
    const number = nets.findIndex(({ name }) => name === trial.net);
    const { name, mean, deviation } = nets[number];
    const stream = streamKey(rootKey(trial.seed), streamTag.noise, number);
    const noise = (index: number): number => normalPair(draw(stream, index))[0];
    const accuracy = given[name]?.[trial.seed] ?? Number((mean + deviation * noise(0)).toFixed(4));
    const folder = folderOf(root, trial);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "env.json"), JSON.stringify({ started: `2026-01-0${1 + number}T00:00:00Z` }));
    const rate = 1 + number;
    const progress = (step: number): number => 1 - Math.exp((-rate * step) / (stepsPerEpoch * 2));
    const steps = Array.from({ length: epochs * stepsPerEpoch }, (_, index) => ({
      step: index + 1,
      epoch: 1 + Math.floor(index / stepsPerEpoch),
      time: (index + 1) * 0.05 * (1 + 0.2 * number) + 0.001 * trial.seed,
      loss: 1 - (accuracy - 0.3) * progress(index) + 0.05 * noise(10 + index),
      accuracy: 0.5,
    }));
    const rows = Array.from({ length: epochs }, (_, index) => {
      const last = steps[(index + 1) * stepsPerEpoch - 1];
      const valAccuracy = 0.5 + (accuracy - 0.5) * progress(last.step) + 0.005 * noise(5000 + index);
      return {
        epoch: index + 1,
        step: last.step,
        time: last.time + 0.1,
        loss: last.loss,
        accuracy: 0.5,
        valLoss: 1 - valAccuracy / 2,
        valAccuracy,
        lr: 0.001,
      };
    });
    await new RowFile(join(folder, "steps.csv"), stepColumns).append(steps);
    await new RowFile(join(folder, "results.csv"), resultColumns).append(rows);
    const best = rows.reduce((least, row) => (row.valLoss < least.valLoss ? row : least));
    await writeLine(folder, {
      ...startLine(trial),
      status: "done",
      accuracy,
      loss: 1 - accuracy / 2,
      measuredOn: "test",
      count: 3000,
      best,
      epochs,
      seconds: rows[rows.length - 1].time,
      input: "16x16x3",
      images: { training: 1280, validation: 320 },
      classes: ["cats", "dogs"],
      train: { loss: "mse", seed: String(trial.seed) },
      parameters: { filters: 100 * rate, heads: 1000, other: 0, total: 1000 + 100 * rate },
      memory: rate * 2 ** 20,
      adapter: "some adapter",
      jobs: 1,
      data: "0123456789abcdef".repeat(4),
      specc: "0.1.0",
      ...line(trial),
    });
  }
  return plan;
}
