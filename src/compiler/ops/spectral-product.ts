/**
 * @file The middle of a spectral layer with `channels: shared`, from row spectra to row spectra: column transform, product
 * with every filter, inverse column transforms; and its adjoint. The whole spectrum never reaches memory (KERNELS section 3,
 * kernels B and E).
 */

import { bug } from "../diagnostic.ts";
import { defineOp, elementCount, emptyTensor } from "../graph.ts";
import type { Tensor, TensorType, TypedOp } from "../graph.ts";
import { fftChain } from "../kernels/fft-chain.ts";
import type { ToHeld } from "../kernels/fft-chain.ts";
import { referenceFft } from "../kernels/fft-reference.ts";
import { storedRows } from "../kernels/row-spectra.ts";
import { boundsTable } from "../kernels/strided.ts";
import { contract } from "./contract.ts";
import { extraOf } from "./extra.ts";
import { transformTolerance } from "./fft.ts";
import { storeInColumn } from "./half-transform.ts";

type NoAttrs = Readonly<Record<string, never>>;

/**
 * T [B,K,H'] c32, filters [F,K,H] c32 (columns contiguous, like those of T) -> U [B,F,K,H'] c32, unscaled. A further result is
 * S [B,K,H], the spectrum itself, for the gradient of the filters.
 */
export const spectralProduct: TypedOp<NoAttrs> = defineOp<NoAttrs>({
  name: "spectralProduct",
  formula: "U[b,f,kx,y] = sum_ky S[b,ky,kx] K[f,ky,kx] exp(2 pi i ky y/H), S the column transform of T",
  shape([spectra, filters]) {
    const [B, K, stored] = spectra.shape;
    const [F, columns, H] = filters.shape;
    if (columns !== K || storedRows(H) !== stored) bug(`spectralProduct of ${spectra.shape.join("x")} and ${filters.shape.join("x")}`);
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
    forBins(B, F, H * K, (s, k, r) => addProduct(R.data, r, S.data, s, filters.data, k, 1));
    return { ...columnTransforms(R, H, true), extras: [S] };
  },
  lower(context, _attrs, type) {
    const [spectra, filters] = context.inputs;
    const [spectrum] = context.extras;
    const [B, F, K] = type.shape;
    const H = filters.type.shape[2];
    const stored = storedRows(H);
    const chain = fftChain(H, B * K, "line", context.target);
    const filter = chain.fetch("weights", (place) => `load1((f * ${K}u + line % ${K}u) * ${H}u + ${place})`);
    const keep: ToHeld["keep"] = { value: (_i, _place, value) => value, store: (place, value) => `if (inside) { store1(line * ${H}u + ${place}, ${value}); }` };
    context.groups(chain.kernel({ title: "product", reads: [spectra, filters], writes: [context.output, ...(spectrum === undefined ? [] : [spectrum])], tables: [boundsTable([F])] }, [
      ...chain.declareHeld("s"), ...filter.declare,
    ], [
      {
        from: { read: (place) => `load0(line * ${stored}u + ${place})` },
        to: { hold: (i, place, value) => `${chain.held("s", i, place)} = ${value};`, ...(spectrum === undefined ? {} : { keep }) },
      },
      {
        variable: "f", index: 0, transforms: [{
          before: filter.code,
          from: { held: (i, place) => `cmul(${chain.held("s", i, place)}, ${filter.at(i, place)}).yx` },
          to: { store: (place, value) => `if (inside) { ${storeInColumn(`((line / ${K}u * ${F}u + f) * ${K}u + line % ${K}u)`, place, `${value}.yx`, H)} }` },
        }],
      },
    ]));
  },
  reuse: () => 1,
  flops: ([spectra, filters]) => productFlops(spectra, filters, 1),
  plainInputs: true,
  plainOutput: true,
  print: () => "",
  samples: () => sampleSizes.map(([B, F, H, K]) => ({ title: `${B}x${F}x${K}x${H}`, attrs: {}, inputs: sampleTypes(B, F, H, K), tolerance: 3 * transformTolerance([H, K]) })),
});

export interface SpectralProductGradientAttrs {
  /** Which gradients are wanted; at least one is. */
  readonly spectra: boolean;
  readonly filters: boolean;
}

/**
 * S [B,K,H], filters, dU -> dT [B,K,H'] and, as a further result (or the only one), conj(S) times the transform of dU: the gradient
 * of the filters for each image, [B,F,K,H].
 */
export const spectralProductGradient: TypedOp<SpectralProductGradientAttrs> = defineOp<SpectralProductGradientAttrs>({
  name: "spectralProductGradient",
  formula: "dT = inverse column transform of sum_f conj(K[f]) G[f]; A[b,f] = conj(S[b]) G[b,f], G the column transform of dU",
  shape: ([spectrum, filters, dy], attrs) => (attrs.spectra ? { shape: [...spectrum.shape.slice(0, 2), dy.shape[3]], dtype: "c32" } : perImageType(spectrum, filters)),
  extras: ([spectrum, filters], attrs) => (attrs.spectra && attrs.filters ? [perImageType(spectrum, filters)] : []),
  reference([S, filters, dy], attrs) {
    const [B, F, K, H] = perImageType(S, filters).shape;
    const G = columnTransforms(dy, H, false);
    const dS = emptyTensor({ shape: [B, K, H], dtype: "c32" });
    forBins(B, F, H * K, (s, k, r) => addProduct(dS.data, s, G.data, r, filters.data, k, -1));
    const perImage = emptyTensor({ shape: [B, F, K, H], dtype: "c32" });
    forBins(B, F, H * K, (s, _, r) => addProduct(perImage.data, r, G.data, r, S.data, s, -1));
    if (!attrs.spectra) return perImage;
    return { ...columnTransforms(dS, H, true), extras: attrs.filters ? [perImage] : [] };
  },
  lower(context, attrs) {
    const [spectrum, filters, dy] = context.inputs;
    const [B, F, K, H] = perImageType(spectrum.type, filters.type).shape;
    const stored = storedRows(H);
    const perImage = attrs.spectra ? context.extras[0] : context.output;
    const chain = fftChain(H, B * K, "line", context.target);
    const both = `((line / ${K}u * ${F}u + f) * ${K}u + line % ${K}u)`;
    const own = `line * ${H}u`;
    // S is taken from memory once where lanes can hold all of it.
    const kept = chain.fetch("s", (place) => `load0(${own} + ${place})`);
    const filter = chain.fetch("weights", (place) => `load1((f * ${K}u + line % ${K}u) * ${H}u + ${place})`);
    const results: ToHeld = {
      ...(attrs.spectra ? { hold: (i, place, value) => `${chain.held("sum", i, place)} += cmulc(${value}, ${filter.at(i, place)});` } : {}),
      ...(perImage === undefined ? {} : {
        keep: {
          value: (i, place, value) => `cmulc(${value}, ${kept.at(i, place)})`,
          store: (place, value) => `if (inside) { store${attrs.spectra ? 1 : 0}(${both} * ${H}u + ${place}, ${value}); }`,
        },
      }),
    };
    context.groups(chain.kernel({
      title: "product gradient",
      reads: [spectrum, filters, dy],
      writes: attrs.spectra ? [context.output, ...(perImage === undefined ? [] : [perImage])] : [context.output],
      tables: [boundsTable([F])],
      declarations: `fn cmulc(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x + a.y * b.y, a.y * b.x - a.x * b.y); }`,
    }, [
      ...(perImage === undefined ? [] : [...kept.declare, ...kept.code]),
      ...(attrs.spectra ? [...chain.declareHeld("sum"), ...filter.declare] : []),
    ], [
      { variable: "f", index: 0, transforms: [{ before: attrs.spectra ? filter.code : [], from: { read: (place) => `load2(${both} * ${stored}u + ${place})` }, to: results }] },
      ...(attrs.spectra ? [{
        from: { held: (i: string, place: string) => `${chain.held("sum", i, place)}.yx` },
        to: { store: (place: string, value: string) => `if (inside) { ${storeInColumn("line", place, `${value}.yx`, H)} }` },
      }] : []),
    ]));
  },
  reuse: () => 1,
  flops: ([spectra, filters], attrs) => productFlops(spectra, filters, (attrs.spectra ? 1 : 0) + (attrs.filters ? 1 : 0)),
  plainInputs: true,
  plainOutput: true,
  print: ({ spectra, filters }) => [spectra ? "spectra" : "", filters ? "filters" : ""].filter((word) => word !== "").join(", "),
  samples: () => sampleSizes.flatMap(([B, F, H, K]) => [{ spectra: true, filters: true }, { spectra: false, filters: true }, { spectra: true, filters: false }].map((attrs) => {
    const [spectra, filters] = sampleTypes(B, F, H, K);
    return { title: `${B}x${F}x${K}x${H} ${JSON.stringify(attrs)}`, attrs, inputs: [spectrumType(spectra, filters), filters, { shape: [B, F, K, storedRows(H)], dtype: "c32" as const }], tolerance: 3 * transformTolerance([H, K]) };
  })),
});

function spectrumType(spectra: TensorType, filters: TensorType): TensorType {
  return { shape: [spectra.shape[0], ...filters.shape.slice(1)], dtype: "c32" };
}

function perImageType(spectrum: TensorType, filters: TensorType): TensorType {
  return { shape: [spectrum.shape[0], ...filters.shape], dtype: "c32" };
}

/** Of every contiguous column. Forwards from stored rows to H, backwards from H to stored rows. */
function columnTransforms(input: Tensor, height: number, inverse: boolean): Tensor {
  const stored = storedRows(height);
  const [from, to] = inverse ? [height, stored] : [stored, height];
  const result = emptyTensor({ shape: [...input.shape.slice(0, -1), to], dtype: "c32" });
  for (let line = 0; 2 * line * from < input.data.length; line++) {
    const column = input.data.slice(2 * line * from, 2 * (line * from + height));
    referenceFft(height).transform(column, inverse);
    result.data.set(column, 2 * line * to);
  }
  return result;
}

/** Calls `body` with the flat places of [b,bin], [f,bin] and [b,f,bin]. */
function forBins(B: number, F: number, bins: number, body: (image: number, filter: number, both: number) => void): void {
  for (let b = 0; b < B; b++) {
    for (let f = 0; f < F; f++) {
      for (let bin = 0; bin < bins; bin++) body(b * bins + bin, f * bins + bin, (b * F + f) * bins + bin);
    }
  }
}

/** result[at] += a[left] b[right], or with conj(b[right]) where `sign` is -1. */
function addProduct(result: Float64Array, at: number, a: Float64Array, left: number, b: Float64Array, right: number, sign: 1 | -1): void {
  const [ar, ai, br, bi] = [a[2 * left], a[2 * left + 1], b[2 * right], sign * b[2 * right + 1]];
  result[2 * at] += ar * br - ai * bi;
  result[2 * at + 1] += ar * bi + ai * br;
}

/** F + 1 complex column transforms and `products` products per filter. */
function productFlops(spectra: TensorType, filters: TensorType, products: number): number {
  const [F, , H] = filters.shape;
  const points = elementCount(spectra.shape);
  return points * ((F + 1) * 5 * Math.log2(H) + 8 * products * F);
}

/** B, F, H, K: even, odd, two unequal factors, three factors, more lines than a workgroup takes. */
const sampleSizes: readonly (readonly number[])[] = [[2, 3, 6, 5], [1, 2, 7, 4], [2, 2, 20, 9], [1, 2, 75, 3], [1, 1, 512, 2]];

function sampleTypes(B: number, F: number, H: number, K: number): readonly [TensorType, TensorType] {
  return [{ shape: [B, K, storedRows(H)], dtype: "c32" }, { shape: [F, K, H], dtype: "c32" }];
}
