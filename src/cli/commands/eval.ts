/** @file `specc eval`: how good a trained network is on other images. */

import { batchMaker } from "../../data/batch.ts";
import { sizeText } from "../../model/size-text.ts";
import { classScores, confusionText, scoresText } from "../../report/confusion.ts";
import { imageSettings, openPart, partOf } from "../../runs/data.ts";
import { confusionOf } from "../../runs/finish.ts";
import { openRun } from "../../runs/saved-run.ts";
import { evaluate } from "../../train/evaluate.ts";
import type { Arguments } from "../shell/arguments.ts";
import type { Command } from "../shell/command.ts";
import type { ExitCode } from "../shell/exit-code.ts";
import { exitCode } from "../shell/exit-code.ts";
import { readChoice, sharedFlags, trainedFlags } from "../shell/flags.ts";
import type { Output } from "../shell/output.ts";
import { listener } from "../text/run-events.ts";
import { readClassNames } from "./train/request.ts";

export const evalCommand: Command = {
  manual: {
    name: "eval",
    usage: "eval RUN --data DIR [--part P] [--input HxWxC] [--weights best|last] [--device D]",
    about: "Measures a trained network: loss, accuracy, the numbers of each class, and which classes are taken for which.",
    positionals: ["RUN"],
    flags: {
      data: { value: "DIR", about: "folders of images by class, or IDX files" },
      part: { value: "P", about: "train, validation or test, of data that are divided", fallback: "test, else validation, else all" },
      classes: { value: "A,B", about: "only images of these classes", fallback: "those that the run was trained on, if it chose" },
      ...trainedFlags,
      limit: { value: "N", about: "at most this many images" },
      ...sharedFlags("cache"),
    },
    examples: {
      "specc eval runs/train/net --data pets-test": "on images that were not trained on",
      "specc eval runs/train/net --data digits --part test --json": "as NDJSON",
      "specc eval runs/train/net --data pets-test --input 150x150x3": "at a size it was not trained at",
    },
  },
  run: evaluateRun,
};

async function evaluateRun(args: Arguments, output: Output): Promise<ExitCode> {
  const run = args.positional(0);
  const data = args.required("data");
  const limit = args.integer("limit", 1);
  const asked = args.choice("part", ["train", "validation", "test"]);
  const askedClasses = readClassNames(args);
  const saved = await openRun(run, { ...readChoice(args), program: "evaluate", device: args.text("device") }, listener(output));
  try {
    const { session, network, header } = saved;
    const part = asked ?? (await partOf(data, ["test", "validation", "train"]));
    const classes = askedClasses ?? saved.settings.classes ?? undefined;
    const dataset = await openPart(
      data,
      part,
      { ...imageSettings(network), classes, knownClasses: header.classes, limit, cacheDir: args.text("cache") },
      listener(output),
    );
    try {
      const all = Int32Array.from({ length: dataset.count }, (_, index) => index);
      const maker = batchMaker(dataset, session.plan.input, saved.statistics);
      const result = await evaluate(session, maker, dataset.labels, all, header.classes.length, {
        onProgress: (done) => output.progress(`measuring ${done} of ${all.length}`),
      });
      const confusion = confusionOf(header.classes, result);
      output.record({
        type: "result",
        command: "eval",
        run: saved.folder.path,
        adapter: session.adapterName,
        data,
        part,
        input: sizeText(session.plan.input),
        count: result.count,
        loss: result.loss,
        accuracy: result.accuracy,
        classes: classScores(confusion).map(({ name, count, precision, recall, f1 }) => ({
          name,
          count,
          precision: precision ?? null,
          recall: recall ?? null,
          f1: f1 ?? null,
        })),
        confusion: result.confusion,
        skipped: dataset.skipped.length,
      });
      output.remark(`adapter: ${session.adapterName}`);
      output.print(
        `accuracy ${result.accuracy.toFixed(4)}, loss ${result.loss.toFixed(4)}, ` +
          `on ${result.count.toLocaleString("en")} images of ${data}${part === "train" ? "" : ` (${part})`}`,
      );
      output.print(`\n${scoresText(confusion, output.colour)}\n\n${confusionText(confusion, output.colour)}`);
    } finally {
      dataset.close();
    }
  } finally {
    await saved.close();
  }
  return exitCode.done;
}
