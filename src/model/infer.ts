/** @file What is bundled into a module that predicts. */

import type { LoadOptions } from "./model.ts";
import { Model, openModel } from "./model.ts";
import type { ModelParts } from "./parts.ts";

export interface Door {
  readonly load: (options?: LoadOptions) => Promise<Model>;
}

/** @param url of the module */
export function openDoor(parts: ModelParts, url: string): Door {
  return {
    load: (options) =>
      openModel(
        parts,
        url,
        (opened) => new Model(opened),
        () => null,
        options,
      ),
  };
}
