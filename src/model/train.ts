/** @file What is bundled into a module that predicts and trains. */

import { initialiseParams } from "../runtime/initialise.ts";
import type { LoadOptions } from "./model.ts";
import { openModel } from "./model.ts";
import type { ModelParts } from "./parts.ts";
import { TrainableModel } from "./trainable.ts";

export interface Door {
  readonly load: (options?: LoadOptions) => Promise<TrainableModel>;
}

/** @param url of the module */
export function openDoor(parts: ModelParts, url: string): Door {
  const seed = parts.training?.training?.seed ?? 0;
  return {
    load: (options) =>
      openModel(
        parts,
        url,
        (opened) => new TrainableModel(opened),
        // Constants that are measured before the first step cannot be drawn.
        (plan) => (plan.params.every(({ trained }) => trained) ? initialiseParams(plan, seed) : null),
        options,
      ),
  };
}
