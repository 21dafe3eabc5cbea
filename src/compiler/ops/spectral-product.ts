/**
 * @file The middle of a spectral layer whose filters see one channel each, from row spectra to row spectra: column transform,
 * product with the filters of the channel, inverse column transforms. The whole spectrum never reaches memory
 * (docs/kernels.md#fused-spectral-layers).
 */

import { bug } from "../diagnostics/diagnostic.ts";
import type { Samples, TypedOp } from "../graph/graph.ts";
import { defineOp, emptyTensor } from "../graph/graph.ts";
import type { ToHeld } from "../kernels/fft/chain.ts";
import { fftChain } from "../kernels/fft/choose-chain.ts";
import {
  addProduct,
  channelsOf,
  columnsOfChannels,
  columnTransforms,
  forBins,
  productFlops,
  sampleSizes,
  sampleTypes,
  spectrumType,
} from "../kernels/product-columns.ts";
import { storedRows } from "../kernels/row-spectra.ts";
import { boundOf, boundsTable } from "../kernels/strided.ts";
import { contract } from "./contract.ts";
import { extraOf } from "./extra.ts";
import { transformTolerance } from "./fft.ts";
import { storeInColumn } from "./half-transform.ts";
import { spectralProductGradient } from "./spectral-product-gradient.ts";

type NoAttrs = Readonly<Record<string, never>>;

/**
 * T [B,K,H'] or [B,C,K,H'] c32, filters [F,K,H] c32 (columns contiguous, like those of T), F/C for each channel in turn ->
 * U [B,F,K,H'] c32, unscaled. A further result is S, [B,K,H] or [B,C,K,H], the spectrum itself, for the gradient of the filters.
 */
export const spectralProduct: TypedOp<NoAttrs> = defineOp<NoAttrs>({
  name: "spectralProduct",
  formula: "U[b,f,kx,y] = sum_ky S[b,c,ky,kx] K[f,ky,kx] exp(2 pi i ky y/H), S the column transform of T, c = floor(f C/F)",
  shape([spectra, filters]) {
    const [B] = spectra.shape;
    const [K, stored] = spectra.shape.slice(-2);
    const [F, columns, H] = filters.shape;
    if (columns !== K || storedRows(H) !== stored || F % channelsOf(spectra) !== 0)
      bug(`spectralProduct of ${spectra.shape.join("x")} and ${filters.shape.join("x")}`);
    return { shape: [B, F, K, stored], dtype: "c32" };
  },
  extras: ([spectra, filters]) => [spectrumType(spectra, filters)],
  adjoint(builder, dy, node, _attrs, [spectra, filters]) {
    const attrs = { spectra: spectra === true, filters: filters === true };
    const gradient = spectralProductGradient.build(builder, [extraOf(builder, node, 0), node.inputs[1], dy], attrs);
    const perImage = !attrs.filters ? undefined : attrs.spectra ? extraOf(builder, gradient, 0) : gradient;
    return [attrs.spectra ? gradient : undefined, perImage === undefined ? undefined : contract(builder, "bfkh->fkh", [perImage])];
  },
  reference([spectra, filters], _attrs, type) {
    const [B, F, K] = type.shape;
    const H = filters.shape[2];
    const S = columnTransforms(spectra, H, false);
    const R = emptyTensor({ shape: [B, F, K, H], dtype: "c32" });
    forBins(S, filters, (s, k, r) => addProduct(R.data, r, S.data, s, filters.data, k, 1));
    return { ...columnTransforms(R, H, true), extras: [S] };
  },
  lower(context, _attrs, type) {
    const [spectra, filters] = context.inputs;
    const [spectrum] = context.extras;
    const [B] = type.shape;
    const H = filters.type.shape[2];
    const stored = storedRows(H);
    const { count, planes, filter: place, column } = columnsOfChannels(spectra.type, filters.type);
    const chain = fftChain(H, B * planes, "line", context.target);
    context.groups(
      chain.kernel(
        {
          title: "product",
          reads: [spectra, filters],
          writes: [context.output, ...(spectrum === undefined ? [] : [spectrum])],
          tables: [boundsTable([count])],
        },
        (names, points) => {
          const weights = points.fetch("weights", (row) => `${names.load(1)}(${place} * ${H}u + ${row})`);
          const keep: ToHeld["keep"] = {
            value: (_i, _place, value) => value,
            store: (row, value) => `if (inside) { ${names.store(1)}(line * ${H}u + ${row}, ${value}); }`,
          };
          return {
            start: [...points.declareHeld("s"), ...weights.declare],
            transforms: [
              {
                from: { read: (row) => `${names.load(0)}(line * ${stored}u + ${row})` },
                to: { hold: (i, row, value) => `${points.held("s", i, row)} = ${value};`, ...(spectrum === undefined ? {} : { keep }) },
              },
              {
                variable: "f",
                bound: boundOf(names.table(0), 0),
                transforms: [
                  {
                    before: weights.code,
                    from: { held: (i, row) => `${names.own("cmul")}(${points.held("s", i, row)}, ${weights.at(i, row)}).yx` },
                    to: { store: (row, value) => `if (inside) { ${storeInColumn(names, column, row, `${value}.yx`, H)} }` },
                  },
                ],
              },
            ],
          };
        },
      ),
    );
  },
  reuse: () => 1,
  flops: ([spectra, filters]) => productFlops(spectra, filters, 1),
  plainInputs: true,
  plainOutput: true,
  print: () => "",
});

export const spectralProductSamples: Samples<NoAttrs> = () =>
  sampleSizes.map((size) => ({
    title: size.join("x"),
    attrs: {},
    inputs: sampleTypes(size),
    tolerance: 3 * transformTolerance(size.slice(-2)),
  }));
