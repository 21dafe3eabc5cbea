/** @file Every op, for the conformance tests. No pass may import this list: passes meet ops in graphs. */

import type { Op, Sample, Samples, TypedOp } from "../graph/graph.ts";
import { accumulate } from "./accumulate.ts";
import { augment, augmentSamples } from "./augment.ts";
import { contractOp, contractOpSamples } from "./contract.ts";
import {
  conv2d,
  conv2dInputGradient,
  conv2dInputGradientSamples,
  conv2dSamples,
  conv2dWeightGradient,
  conv2dWeightGradientSamples,
} from "./convolution.ts";
import { expand, expandGradient, expandGradientSamples, expandSamples } from "./expand.ts";
import { irfft2, irfft2Samples, rfft2, rfft2Samples } from "./fft.ts";
import {
  fftColumns,
  fftColumnsSamples,
  ifftColumns,
  ifftColumnsSamples,
  irfftRows,
  irfftRowsSamples,
  rfftRows,
  rfftRowsSamples,
} from "./half-transform.ts";
import { hermitian, hermitianSamples } from "./hermitian.ts";
import { input, parameter } from "./leaves.ts";
import { map, mapSamples } from "./map.ts";
import { concatOp, concatOpSamples, padOp, padOpSamples, reshapeOp, reshapeOpSamples, sliceOp, sliceOpSamples } from "./move.ts";
import { parameterSums, parameterSumsSamples } from "./parameter-sums.ts";
import {
  averagePool,
  averagePoolGradient,
  averagePoolGradientSamples,
  averagePoolSamples,
  maxPool,
  maxPoolGradient,
  maxPoolGradientSamples,
  maxPoolSamples,
} from "./pool.ts";
import { dropoutMask, dropoutMaskSamples } from "./random.ts";
import { logSumExp, logSumExpSamples, oneHot, oneHotSamples, softmax, softmaxSamples } from "./softmax.ts";
import { spectralActivation, spectralActivationSamples } from "./spectral-activation.ts";
import { spectralActivationGradient, spectralActivationGradientSamples } from "./spectral-activation-gradient.ts";
import { spectralProduct, spectralProductSamples } from "./spectral-product.ts";
import { spectralProductGradient, spectralProductGradientSamples } from "./spectral-product-gradient.ts";
import { gradientStatistics, update } from "./update.ts";
import { asComplexOp, asComplexOpSamples, asRealOp, asRealOpSamples } from "./view.ts";

interface SampledOp {
  readonly op: Op;
  readonly samples: readonly Sample<unknown>[];
}

function sampled<A>(op: TypedOp<A>, samples: Samples<A> = () => []): SampledOp {
  return { op, samples: samples() };
}

const list: readonly SampledOp[] = [
  sampled(input),
  sampled(parameter),
  sampled(map, mapSamples),
  sampled(contractOp, contractOpSamples),
  sampled(reshapeOp, reshapeOpSamples),
  sampled(asComplexOp, asComplexOpSamples),
  sampled(asRealOp, asRealOpSamples),
  sampled(sliceOp, sliceOpSamples),
  sampled(padOp, padOpSamples),
  sampled(concatOp, concatOpSamples),
  sampled(rfft2, rfft2Samples),
  sampled(irfft2, irfft2Samples),
  sampled(hermitian, hermitianSamples),
  sampled(rfftRows, rfftRowsSamples),
  sampled(irfftRows, irfftRowsSamples),
  sampled(fftColumns, fftColumnsSamples),
  sampled(ifftColumns, ifftColumnsSamples),
  sampled(expand, expandSamples),
  sampled(expandGradient, expandGradientSamples),
  sampled(spectralProduct, spectralProductSamples),
  sampled(spectralProductGradient, spectralProductGradientSamples),
  sampled(parameterSums, parameterSumsSamples),
  sampled(spectralActivation, spectralActivationSamples),
  sampled(spectralActivationGradient, spectralActivationGradientSamples),
  sampled(softmax, softmaxSamples),
  sampled(logSumExp, logSumExpSamples),
  sampled(oneHot, oneHotSamples),
  sampled(dropoutMask, dropoutMaskSamples),
  sampled(augment, augmentSamples),
  sampled(conv2d, conv2dSamples),
  sampled(conv2dInputGradient, conv2dInputGradientSamples),
  sampled(conv2dWeightGradient, conv2dWeightGradientSamples),
  sampled(maxPool, maxPoolSamples),
  sampled(maxPoolGradient, maxPoolGradientSamples),
  sampled(averagePool, averagePoolSamples),
  sampled(averagePoolGradient, averagePoolGradientSamples),
  sampled(accumulate),
  sampled(gradientStatistics),
  sampled(update),
];

export const allOps: readonly Op[] = list.map(({ op }) => op);

/** None: of leaves and effects, which nothing can be compared with on its own. */
export function samplesOf(op: Op): readonly Sample<unknown>[] {
  return list.find((entry) => entry.op === op)?.samples ?? [];
}
