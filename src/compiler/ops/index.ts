/** @file Every op, for the conformance tests. No pass may import this list: passes meet ops in graphs. */

import type { Op } from "../graph.ts";
import { contractOp } from "./contract.ts";
import { conv2d, conv2dInputGradient, conv2dWeightGradient } from "./convolution.ts";
import { expand, expandGradient } from "./expand.ts";
import { input, parameter } from "./leaves.ts";
import { map } from "./map.ts";
import { concatOp, padOp, reshapeOp, sliceOp } from "./move.ts";
import { averagePool, averagePoolGradient, maxPool, maxPoolGradient } from "./pool.ts";
import { dropoutMask } from "./random.ts";
import { logSumExp, oneHot, softmax } from "./softmax.ts";

export const allOps: readonly Op[] = [
  input, parameter, map,
  contractOp, reshapeOp, sliceOp, padOp, concatOp,
  expand, expandGradient,
  softmax, logSumExp, oneHot, dropoutMask,
  conv2d, conv2dInputGradient, conv2dWeightGradient,
  maxPool, maxPoolGradient, averagePool, averagePoolGradient,
];
