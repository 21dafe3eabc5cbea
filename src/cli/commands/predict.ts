/** @file `specc predict`: the class of images. */

import { stat } from "node:fs/promises";
import { headOf, scoreNote } from "../../compiler/network/head.ts";
import { reasonOf, systemReason } from "../../data/data-error.ts";
import { loadImage } from "../../data/image-file.ts";
import { classesByScore, predictedClass, scoresOf } from "../../plan/outputs.ts";
import { imageSettings } from "../../runs/data.ts";
import type { SavedRun } from "../../runs/saved-run.ts";
import { openRun } from "../../runs/saved-run.ts";
import { pixelsToValues, valueTable } from "../../runtime/pixels.ts";
import { inputsOf } from "../../runtime/programs.ts";
import type { Arguments } from "../shell/arguments.ts";
import { ArgumentError } from "../shell/arguments.ts";
import type { Command } from "../shell/command.ts";
import type { ExitCode } from "../shell/exit-code.ts";
import { exitCode } from "../shell/exit-code.ts";
import { readChoice, trainedFlags } from "../shell/flags.ts";
import type { Output } from "../shell/output.ts";
import { listener } from "../text/run-events.ts";

export const predictCommand: Command = {
  manual: {
    name: "predict",
    usage: "predict RUN IMAGE... [--top K] [--input HxWxC] [--weights best|last] [--device D]",
    about: "Names the class of images, with probabilities where the network was trained to give them, else with scores.",
    positionals: ["RUN", "IMAGE..."],
    flags: { top: { value: "K", about: "show the K best classes", fallback: "3" }, ...trainedFlags },
    examples: {
      "specc predict runs/train/net cat.jpg": "one photograph",
      "specc predict runs/train/net photos/*.jpg --top 1 --json": "many, as NDJSON",
    },
    notes: "Images are turned, scaled and standardised as in training. Files that cannot be read are named, and the exit code is then 1.",
  },
  run,
};

/** More images go through in several batches. */
const largestBatch = 32;

async function run(args: Arguments, output: Output): Promise<ExitCode> {
  const path = args.positional(0);
  args.positional(1);
  const images = args.positionals.slice(1);
  const top = args.integer("top", 1) ?? 3;
  const batch = Math.min(images.length, largestBatch);
  const saved = await openRun(path, { ...readChoice(args), program: "infer", batch, device: args.text("device") }, listener(output));
  try {
    output.remark(`adapter: ${saved.session.adapterName}`);
    let unreadable = 0;
    for (let start = 0; start < images.length; start += batch)
      unreadable += await predictBatch(images.slice(start, start + batch), saved, top, output);
    return unreadable === 0 ? exitCode.done : exitCode.user;
  } finally {
    await saved.close();
  }
}

/** What keeps a path from being a file, in words; undefined when it is one. */
function whyNoFile(path: string): Promise<string | undefined> {
  return stat(path).then((found) => (found.isDirectory() ? "it is a folder" : undefined), systemReason);
}

/** @returns how many images could not be read */
async function predictBatch(paths: readonly string[], saved: SavedRun, top: number, output: Output): Promise<number> {
  const { network, session, header } = saved;
  const { input } = session.plan;
  if (header.classes.length < 2) throw new ArgumentError("the run does not say its classes");
  const table = valueTable(input, saved.statistics);
  const itemSize = input.height * input.width * input.channels;
  const images = new Float32Array(input.batch * itemSize);
  const read: string[] = [];
  for (const path of paths) {
    try {
      const pixels = await loadImage(path, imageSettings(network));
      pixelsToValues(pixels, input.channels, table, images, read.length * itemSize);
      read.push(path);
    } catch (error) {
      if (error instanceof Error && error.name === "DataError") throw error;
      const reason = (await whyNoFile(path)) ?? reasonOf(error);
      output.record({ type: "unreadable", image: path, reason });
      output.warn(`error: ${path} cannot be read: ${reason}`);
    }
  }
  if (read.length > 0) {
    const { outputs } = await session.run("infer", inputsOf(session.plan, "infer", { images }), ["outputs"]);
    read.forEach((path, item) =>
      showPrediction(path, [...outputs.subarray(item * input.outputs, (item + 1) * input.outputs)], saved, top, output),
    );
  }
  return paths.length - read.length;
}

function showPrediction(
  path: string,
  outputs: readonly number[],
  { network, session, header }: SavedRun,
  top: number,
  output: Output,
): void {
  const { scores: rule } = headOf(network);
  const { probabilities } = rule;
  const values = scoresOf(rule, outputs);
  const predicted = predictedClass(outputs, 0, session.plan.input);
  const best = classesByScore(values, predicted)
    .slice(0, top)
    .map((label) => ({ class: header.classes[label], score: values[label] }));
  output.record({
    type: "prediction",
    image: path,
    class: header.classes[predicted],
    [probabilities ? "probabilities" : "scores"]: best,
    outputs,
  });
  const listed = best
    .map(({ class: name, score }) => `${name} ${probabilities ? `${(100 * score).toFixed(1)} %` : score.toFixed(3)}`)
    .join(", ");
  output.print(`${path}: ${listed}${probabilities ? "" : `  (${scoreNote(network)})`}`);
}
