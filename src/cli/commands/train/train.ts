/** @file `specc train`: from arguments to a run, from its events to text, from its result to an exit code. */

import { trainRun } from "../../../runs/train-run.ts";
import type { Command } from "../../shell/command.ts";
import { seedFlag, sharedFlags } from "../../shell/flags.ts";
import { interruptible } from "../../shell/interruption.ts";
import { tuneFlags } from "../../shell/tuning.ts";
import { runListener } from "../../text/run-events.ts";
import { showResult } from "../../text/run-result.ts";
import { readRequest } from "./request.ts";

export const trainCommand: Command = {
  manual: {
    name: "train",
    usage: "train FILE --data DIR [options]",
    about:
      "Trains a network on images and keeps the result in a run folder. DIR holds one folder of images for each class, or IDX files, " +
      "whole or divided into train, val and test.",
    positionals: ["FILE"],
    flags: {
      data: { value: "DIR", about: "the training data" },
      val: { value: "DIR", about: "validation data", fallback: "the data's val part, else `split` of the file" },
      ...sharedFlags("net"),
      input: { value: "HxWxC", about: "the size of the images", fallback: "the file's, else from the data" },
      epochs: { value: "N", about: "times through the data", fallback: "the file's, else 10" },
      batch: { value: "N", about: "images in a step", fallback: "the file's, else 32" },
      lr: { value: "X", about: "learning rate", fallback: "the file's, else the optimizer's" },
      seed: seedFlag("everything random"),
      ...sharedFlags("set"),
      out: { value: "DIR", about: "the run folder; a number is added to a name that is taken", fallback: "runs/train/NAME" },
      params: {
        value: "FILE",
        about: "begin with these parameters, such as those of `specc import` or of another run",
        fallback: "fresh ones",
      },
      resume: { value: "RUN", about: "go on with a run that was stopped" },
      ...sharedFlags("device"),
      classes: { value: "A,B", about: "only these classes, labelled in this order" },
      ...sharedFlags("slab"),
      limit: { value: "N", about: "at most this many images of each part" },
      ...sharedFlags("no-augment", "strict", "cache"),
      ...tuneFlags,
      profile: { about: "before training, time each kernel of a step, and name the lines of FILE it works for" },
      without: { value: "PASS", about: "leave out a pass of the compiler", repeated: true },
    },
    examples: {
      "specc train net.spec --data pets": "folders pets/cats and pets/dogs, split by the file",
      "specc train net.spec --net gaussian --data pets --val pets-val --input 64x64x3 --epochs 8":
        "one of several networks at 64x64, with its own validation data",
      "specc train net.spec --data pets --set train.optimizer='adam { lr: 0.003 }'": "another optimizer",
      "specc train net.spec --data pets --profile": "where does the time of a step go?",
      "specc train net.spec --data pets --epochs 50 --tune": "a minute of measuring before a long run",
      "specc train net.spec --data pets --params p.safetensors": "go on from given weights",
      "specc train --resume runs/train/net": "go on after Ctrl-C",
    },
    notes:
      "--tune compares candidates with the usual schedule of the adapter: a schedule changes how fast a step is and its last bits, " +
      "nothing else. Ctrl-C ends the search, keeps the best so far for the next --tune, and stops. " +
      "Without --tune a run never uses what was found.\n\n" +
      "Ctrl-C finishes the step, saves, and says how to go on; a second one stops at once. " +
      "A resumed run ends with the same bits as one that was never stopped, on the same adapter.",
  },
  run: (args, output, host) =>
    interruptible(host, output, async (signal) => {
      const request = await readRequest(args, host, signal);
      return showResult(await trainRun(request, runListener(output)), output);
    }),
};
