/** @file `--tune` and `--tune-for`. */

import { systemCacheFolder } from "../../data/cache-folder.ts";
import type { TuneRequest } from "../../runs/tuning.ts";
import type { Arguments, Flags } from "./arguments.ts";
import { ArgumentError } from "./arguments.ts";
import type { Host } from "./output.ts";

const usualSeconds = 60;

export const tuneFlags: Flags = {
  tune: {
    about:
      `find the fastest schedule for this network and adapter first, in up to ${usualSeconds} seconds behind its first compilation; ` +
      "what was found once is used again",
  },
  "tune-for": { value: "SECONDS", about: "the same in up to SECONDS, whatever was found before" },
};

/** Undefined: the schedule of the adapter's class. */
export function readTuning(args: Arguments, host: Host): TuneRequest | undefined {
  const seconds = args.positive("tune-for");
  if (seconds === undefined && !args.has("tune")) return undefined;
  if (args.text("device") === "cpu")
    throw new ArgumentError("--tune times kernels, and `--device cpu` has none", "leave out --tune, or choose a WebGPU adapter");
  return { seconds: seconds ?? usualSeconds, anew: seconds !== undefined, folder: systemCacheFolder(host.environment) };
}
