/** @file Visits the layers of a pipeline in the order of the text. */

import type { Layer, Pipeline, Stage } from "../syntax/ast.ts";

export interface LayerPlace {
  readonly stage: Stage;
  /** Inside `n * ...`. */
  readonly repeated: boolean;
  /** First stage of a branch of `add[..]` and the like, not in a group. */
  readonly startsBranch: boolean;
  /** First stage of the pipeline that was walked, not in a group. */
  readonly first: boolean;
}

/** `leave` sees a stage after all of its layers, when its `as` name begins to exist. */
export function walkLayers(
  pipeline: Pipeline,
  visit: (layer: Layer, place: LayerPlace) => void,
  leave?: (stage: Stage, repeated: boolean) => void,
): void {
  walk(pipeline, { repeated: false, inBranch: false, top: true });

  function walk(body: Pipeline, around: { readonly repeated: boolean; readonly inBranch: boolean; readonly top: boolean }): void {
    for (const [index, stage] of body.stages.entries()) {
      const part = stage.body;
      const inner = part.kind === "repeat" ? part.body : part;
      const repeated = around.repeated || part.kind === "repeat";
      if (inner.kind === "group") walk(inner.body, { repeated, inBranch: false, top: false });
      else {
        const plain = part.kind === "layer" && index === 0;
        visit(inner, { stage, repeated, startsBranch: plain && around.inBranch, first: plain && around.top });
        for (const branch of inner.branches ?? []) walk(branch, { repeated, inBranch: true, top: false });
      }
      leave?.(stage, around.repeated);
    }
  }
}
