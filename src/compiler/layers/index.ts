/** @file The table of layers: one row per word of the language that is not in the prelude. */

import { activation, activationSpectral, leaky, leakySpectral, reluModulus, softmax } from "./activation.ts";
import { convSpatial } from "./conv-spatial.ts";
import { convSpectral } from "./conv-spectral.ts";
import { dense } from "./dense.ts";
import { inputRow } from "./input.ts";
import { addBranches, concat, mulBranches, residual } from "./merge.ts";
import { poolAvg, poolMax, poolPyramid, poolPyramidSpectral, poolSpectral, resize, resizeSpectral } from "./pool.ts";
import { dropout, dropoutFrequency, normBatch, normLayer } from "./regularise.ts";
import type { LayerRow } from "./row.ts";
import { fft, flatten, flattenSpectral, gap, id, inverseFft } from "./shape.ts";

/** In the order of the reference. `ACT` and `ACT spectral` stand for every activation that is a formula. */
export const layers: readonly LayerRow[] = [
  inputRow,
  convSpatial,
  convSpectral,
  activation,
  leaky,
  activationSpectral,
  leakySpectral,
  reluModulus,
  softmax,
  dense,
  poolMax,
  poolAvg,
  poolSpectral,
  poolPyramid,
  poolPyramidSpectral,
  gap,
  flatten,
  flattenSpectral,
  resize,
  resizeSpectral,
  normBatch,
  normLayer,
  dropout,
  dropoutFrequency,
  id,
  addBranches,
  concat,
  mulBranches,
  residual,
];

/** Those that words name, and not the name of an activation. */
export const namedLayers: readonly LayerRow[] = layers.filter((row) => row !== activation && row !== activationSpectral);

/** Rows that no word of the language names: the compiler inserts them. */
export const insertedLayers: readonly LayerRow[] = [fft, inverseFft];
