/** @file Every op, for the conformance tests. No pass may import this list: passes meet ops in graphs. */

import type { Op } from "../graph/graph.ts";
import { accumulate } from "./accumulate.ts";
import { augment } from "./augment.ts";
import { contractOp } from "./contract.ts";
import { conv2d, conv2dInputGradient, conv2dWeightGradient } from "./convolution.ts";
import { expand, expandGradient } from "./expand.ts";
import { irfft2, rfft2 } from "./fft.ts";
import { fftColumns, ifftColumns, irfftRows, rfftRows } from "./half-transform.ts";
import { hermitian } from "./hermitian.ts";
import { input, parameter } from "./leaves.ts";
import { map } from "./map.ts";
import { concatOp, padOp, reshapeOp, sliceOp } from "./move.ts";
import { parameterSums } from "./parameter-sums.ts";
import { averagePool, averagePoolGradient, maxPool, maxPoolGradient } from "./pool.ts";
import { dropoutMask } from "./random.ts";
import { logSumExp, oneHot, softmax } from "./softmax.ts";
import { spectralActivation } from "./spectral-activation.ts";
import { spectralActivationGradient } from "./spectral-activation-gradient.ts";
import { spectralProduct } from "./spectral-product.ts";
import { spectralProductGradient } from "./spectral-product-gradient.ts";
import { gradientStatistics, update } from "./update.ts";
import { asComplexOp, asRealOp } from "./view.ts";

export const allOps: readonly Op[] = [
  input,
  parameter,
  map,
  contractOp,
  reshapeOp,
  asComplexOp,
  asRealOp,
  sliceOp,
  padOp,
  concatOp,
  rfft2,
  irfft2,
  hermitian,
  rfftRows,
  irfftRows,
  fftColumns,
  ifftColumns,
  expand,
  expandGradient,
  spectralProduct,
  spectralProductGradient,
  parameterSums,
  spectralActivation,
  spectralActivationGradient,
  softmax,
  logSumExp,
  oneHot,
  dropoutMask,
  augment,
  conv2d,
  conv2dInputGradient,
  conv2dWeightGradient,
  maxPool,
  maxPoolGradient,
  averagePool,
  averagePoolGradient,
  accumulate,
  gradientStatistics,
  update,
];
