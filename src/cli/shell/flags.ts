/** @file Flags that several commands share. */

import type { RunChoice } from "../../runs/saved-run.ts";
import type { Arguments, Flag, OptionValues } from "./arguments.ts";

export const netFlag: Flag = { value: "NAME", about: "which network of the file; needed if there are several" };
export const inputFlag: Flag = { value: "HxWxC", about: "the size to build for, over what the file says; signals: NxC" };
export const deviceFlag: Flag = { value: "D", about: "auto, cpu, or part of an adapter's name", fallback: "auto" };
export const slabFlag: Flag = {
  value: "N",
  about: "at most N images of a batch on the device at once: less memory, the same result",
  fallback: "as many as fit",
};
export const setFlag: Flag = { value: "KEY=VALUE", about: "override a field of the file: --set train.epochs=20", repeated: true };
export const noAugmentFlag: Flag = { about: "leave out the `augment` of the file" };

export const otherSizeFlag: Flag = {
  value: "HxWxC",
  about: "another size; the weights must not depend on it",
  fallback: "the size of the training",
};
export const weightsFlag: Flag = { value: "best|last", about: "of the best epoch, or the last saved", fallback: "best" };

/** `--weights` and `--input` of a run. */
export function readChoice(args: OptionValues): RunChoice {
  return { weights: args.choice("weights", ["best", "last"]), input: args.size("input") };
}

/** For the loading of a program. */
export function readNoAugment(args: Arguments): "ignore" | undefined {
  return args.has("no-augment") ? "ignore" : undefined;
}
