/** @file `--to safetensors`: raw weights by weight path, as docs/files.md describes them. */

import { writeTensors } from "../runtime/safetensors.ts";
import { aboutModel } from "./about.ts";
import type { Exporter } from "./format.ts";
import { namedTensors } from "./tensors.ts";

export const exportSafetensors: Exporter = async (model, options) => {
  const tensors = new Map(namedTensors(model, options).map(({ name, shape, data }) => [name, { dtype: "F32" as const, shape, data }]));
  return [{ suffix: ".safetensors", content: writeTensors({ tensors, metadata: new Map(Object.entries(aboutModel(model))) }) }];
};
