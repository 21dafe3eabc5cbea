/** @file Flags that several commands share. */

import type { NetworkOptions } from "../../runs/network.ts";
import type { RunChoice } from "../../runs/saved-run.ts";
import type { Arguments, Flag, Flags, OptionValues } from "./arguments.ts";
import { readOverrides } from "./program.ts";

/** Flags that mean the same in several commands. */
type SharedName = "net" | "input" | "device" | "slab" | "set" | "no-augment" | "strict" | "cache" | "weights" | "from";

const shared: Readonly<Record<SharedName, Flag>> = {
  net: { value: "NAME", about: "which network of the file; needed if there are several" },
  input: { value: "HxWxC", about: "the size to build for, over what the file says; signals: NxC" },
  device: { value: "D", about: "auto, cpu, or part of an adapter's name", fallback: "auto" },
  slab: {
    value: "N",
    about: "at most N images of a batch on the device at once: less memory, the same result",
    fallback: "as many as fit",
  },
  set: { value: "KEY=VALUE", about: "override a field of the file: --set train.epochs=20", repeated: true },
  "no-augment": { about: "leave out the `augment` of the file" },
  strict: { about: "warnings are errors" },
  cache: { value: "DIR", about: "where decoded images are kept", fallback: "in DIR of --data, else the system's" },
  weights: { value: "best|last", about: "of the best epoch, or the last saved", fallback: "best" },
  from: { value: "best|last", about: "which weights of the run", fallback: "best" },
};

/** In the order of the help. */
export function sharedFlags(...names: readonly SharedName[]): Flags {
  return Object.fromEntries(names.map((name) => [name, shared[name]]));
}

/** Of a network that was trained: the size, which of its weights, and where it runs. */
export const trainedFlags: Flags = {
  input: { value: "HxWxC", about: "another size; the weights must not depend on it", fallback: "the size of the training" },
  ...sharedFlags("weights", "device"),
};

/** @param of what the seed is */
export function seedFlag(of: string): Flag {
  return { value: "S", about: `of ${of}`, fallback: "the file's, else 0" };
}

/** Of a FILE, which has no weights and no classes of its own. @param fallback instead of weights */
export function fileFlags(fallback?: string): Flags {
  return {
    params: { value: "FILE", about: "weights for a FILE, as `specc init` writes them", fallback },
    classes: { value: "A,B", about: "names of the classes, for a FILE" },
  };
}

/** `--weights` and `--input` of a run. */
export function readChoice(args: OptionValues): RunChoice {
  return { weights: args.choice("weights", ["best", "last"]), input: args.size("input") };
}

/** `--net`, `--input`, `--set` and `--no-augment`, for the loading of a program. */
export function readNetworkOptions(args: Arguments): Pick<NetworkOptions, "net" | "input" | "overrides" | "augment"> {
  return { net: args.text("net"), input: args.size("input"), overrides: readOverrides(args.list("set")), augment: readNoAugment(args) };
}

/** For the loading of a program. */
export function readNoAugment(args: Arguments): "ignore" | undefined {
  return args.has("no-augment") ? "ignore" : undefined;
}
