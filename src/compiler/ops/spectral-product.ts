/**
 * @file The middle of a spectral layer whose filters see one channel each, from row spectra to row spectra: column transform,
 * product with the filters of the channel, inverse column transforms; and its adjoint. The whole spectrum never reaches memory
 * (KERNELS section 3, kernels B and E).
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
    if (columns !== K || storedRows(H) !== stored || F % channelsOf(spectra) !== 0) bug(`spectralProduct of ${spectra.shape.join("x")} and ${filters.shape.join("x")}`);
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
    const [, K, H] = filters.type.shape;
    const stored = storedRows(H);
    const { count, planes, filter: place, column } = columnsOfChannels(spectra.type, filters.type);
    const chain = fftChain(H, B * planes, "line", context.target);
    const filter = chain.fetch("weights", (row) => `load1(${place} * ${H}u + ${row})`);
    const keep: ToHeld["keep"] = { value: (_i, _place, value) => value, store: (place, value) => `if (inside) { store1(line * ${H}u + ${place}, ${value}); }` };
    context.groups(chain.kernel({ title: "product", reads: [spectra, filters], writes: [context.output, ...(spectrum === undefined ? [] : [spectrum])], tables: [boundsTable([count])] }, [
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
          to: { store: (row, value) => `if (inside) { ${storeInColumn(column, row, `${value}.yx`, H)} }` },
        }],
      },
    ]));
  },
  reuse: () => 1,
  flops: ([spectra, filters]) => productFlops(spectra, filters, 1),
  plainInputs: true,
  plainOutput: true,
  print: () => "",
  samples: () => sampleSizes.map((size) => ({ title: size.join("x"), attrs: {}, inputs: sampleTypes(size), tolerance: 3 * transformTolerance(size.slice(-2)) })),
});

export interface SpectralProductGradientAttrs {
  /** Which gradients are wanted; at least one is. */
  readonly spectra: boolean;
  readonly filters: boolean;
}

/**
 * S, filters, dU -> dT, of the shape that T had, and, as a further result (or the only one), conj(S) times the transform of dU: the gradient
 * of the filters for each image, [B,F,K,H].
 */
export const spectralProductGradient: TypedOp<SpectralProductGradientAttrs> = defineOp<SpectralProductGradientAttrs>({
  name: "spectralProductGradient",
  formula: "dT = inverse column transform of sum_f conj(K[f]) G[f]; A[b,f] = conj(S[b]) G[b,f], G the column transform of dU",
  shape: ([spectrum, filters, dy], attrs) => (attrs.spectra ? { shape: [...spectrum.shape.slice(0, -1), dy.shape[3]], dtype: "c32" } : perImageType(spectrum, filters)),
  extras: ([spectrum, filters], attrs) => (attrs.spectra && attrs.filters ? [perImageType(spectrum, filters)] : []),
  reference([S, filters, dy], attrs) {
    const type = perImageType(S, filters);
    const [, , H] = filters.shape;
    const G = columnTransforms(dy, H, false);
    const dS = emptyTensor(S);
    forBins(S, filters, (s, k, r) => addProduct(dS.data, s, G.data, r, filters.data, k, -1));
    const perImage = emptyTensor(type);
    forBins(S, filters, (s, _, r) => addProduct(perImage.data, r, G.data, r, S.data, s, -1));
    if (!attrs.spectra) return perImage;
    return { ...columnTransforms(dS, H, true), extras: attrs.filters ? [perImage] : [] };
  },
  lower(context, attrs) {
    const [spectrum, filters, dy] = context.inputs;
    const [B] = spectrum.type.shape;
    const [, , H] = filters.type.shape;
    const stored = storedRows(H);
    const perImage = attrs.spectra ? context.extras[0] : context.output;
    const { count, planes, filter: place, column } = columnsOfChannels(spectrum.type, filters.type);
    const chain = fftChain(H, B * planes, "line", context.target);
    const own = `line * ${H}u`;
    // S is taken from memory once where lanes can hold all of it.
    const kept = chain.fetch("s", (row) => `load0(${own} + ${row})`);
    const filter = chain.fetch("weights", (row) => `load1(${place} * ${H}u + ${row})`);
    const results: ToHeld = {
      ...(attrs.spectra ? { hold: (i, row, value) => `${chain.held("sum", i, row)} += cmulc(${value}, ${filter.at(i, row)});` } : {}),
      ...(perImage === undefined ? {} : {
        keep: {
          value: (i, row, value) => `cmulc(${value}, ${kept.at(i, row)})`,
          store: (row, value) => `if (inside) { store${attrs.spectra ? 1 : 0}(${column} * ${H}u + ${row}, ${value}); }`,
        },
      }),
    };
    context.groups(chain.kernel({
      title: "product gradient",
      reads: [spectrum, filters, dy],
      writes: attrs.spectra ? [context.output, ...(perImage === undefined ? [] : [perImage])] : [context.output],
      tables: [boundsTable([count])],
      declarations: `fn cmulc(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x + a.y * b.y, a.y * b.x - a.x * b.y); }`,
    }, [
      ...(perImage === undefined ? [] : [...kept.declare, ...kept.code]),
      ...(attrs.spectra ? [...chain.declareHeld("sum"), ...filter.declare] : []),
    ], [
      { variable: "f", index: 0, transforms: [{ before: attrs.spectra ? filter.code : [], from: { read: (row) => `load2(${column} * ${stored}u + ${row})` }, to: results }] },
      ...(attrs.spectra ? [{
        from: { held: (i: string, row: string) => `${chain.held("sum", i, row)}.yx` },
        to: { store: (row: string, value: string) => `if (inside) { ${storeInColumn("line", row, `${value}.yx`, H)} }` },
      }] : []),
    ]));
  },
  reuse: () => 1,
  flops: ([spectra, filters], attrs) => productFlops(spectra, filters, (attrs.spectra ? 1 : 0) + (attrs.filters ? 1 : 0)),
  plainInputs: true,
  plainOutput: true,
  print: ({ spectra, filters }) => [spectra ? "spectra" : "", filters ? "filters" : ""].filter((word) => word !== "").join(", "),
  samples: () => sampleSizes.flatMap((size, index) => [{ spectra: true, filters: true }, { spectra: false, filters: true }, { spectra: true, filters: false }].slice(0, index === 0 ? 3 : 1).map((attrs) => {
    const [B, , F, H, K] = size;
    const [spectra, filters] = sampleTypes(size);
    return { title: `${size.join("x")} ${JSON.stringify(attrs)}`, attrs, inputs: [spectrumType(spectra, filters), filters, { shape: [B, F, K, storedRows(H)], dtype: "c32" as const }], tolerance: 3 * transformTolerance([H, K]) };
  })),
});

function spectrumType(spectra: TensorType, filters: TensorType): TensorType {
  return { shape: [...spectra.shape.slice(0, -2), ...filters.shape.slice(1)], dtype: "c32" };
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

/** C of T or S. */
function channelsOf({ shape }: Pick<TensorType, "shape">): number {
  return shape.length === 4 ? shape[1] : 1;
}

/** WGSL for `line`, the number of a column of T or S, and `f` < count, which of its channel's filters is meant. */
function columnsOfChannels(spectra: TensorType, filters: TensorType): {
  readonly count: number;
  /** Columns of an image. */
  readonly planes: number;
  /** The column of the filter, and that of U. */
  readonly filter: string;
  readonly column: string;
} {
  const [F, K] = filters.shape;
  const C = channelsOf(spectra);
  const count = F / C;
  const filter = C === 1 ? "f" : `(line / ${K}u % ${C}u * ${count}u + f)`;
  return { count, planes: C * K, filter: `(${filter} * ${K}u + line % ${K}u)`, column: `((line / ${K}u * ${count}u + f) * ${K}u + line % ${K}u)` };
}

/** Calls `body` with the flat places of a bin in S, in the filters and in the product. */
function forBins(spectrum: Pick<TensorType, "shape">, filters: Pick<TensorType, "shape">, body: (image: number, filter: number, both: number) => void): void {
  const [F, K, H] = filters.shape;
  const C = channelsOf(spectrum);
  const [bins, count] = [K * H, F / C];
  for (let plane = 0; plane < spectrum.shape[0] * C; plane++) {
    for (let f = 0; f < count; f++) {
      for (let bin = 0; bin < bins; bin++) body(plane * bins + bin, ((plane % C) * count + f) * bins + bin, (plane * count + f) * bins + bin);
    }
  }
}

/** result[at] += a[left] b[right], or with conj(b[right]) where `sign` is -1. */
function addProduct(result: Float64Array, at: number, a: Float64Array, left: number, b: Float64Array, right: number, sign: 1 | -1): void {
  const [ar, ai, br, bi] = [a[2 * left], a[2 * left + 1], b[2 * right], sign * b[2 * right + 1]];
  result[2 * at] += ar * br - ai * bi;
  result[2 * at + 1] += ar * bi + ai * br;
}

/** Complex column transforms of T and U, and `products` products per filter. */
function productFlops(spectra: TensorType, filters: TensorType, products: number): number {
  const [F, K, H] = filters.shape;
  return spectra.shape[0] * K * H * ((F + channelsOf(spectra)) * 5 * Math.log2(H) + 8 * products * F);
}

/** B, C, F, H, K: even, odd, two unequal factors, three factors, more lines than a workgroup takes; several channels. C = 0: no such axis. */
const sampleSizes: readonly (readonly number[])[] = [[2, 0, 3, 6, 5], [1, 0, 2, 7, 4], [2, 0, 2, 20, 9], [1, 0, 2, 75, 3], [1, 0, 1, 512, 2], [2, 3, 6, 7, 4], [2, 2, 2, 20, 3]];

function sampleTypes([B, C, F, H, K]: readonly number[]): readonly [TensorType, TensorType] {
  return [{ shape: [B, ...(C === 0 ? [] : [C]), K, storedRows(H)], dtype: "c32" }, { shape: [F, K, H], dtype: "c32" }];
}
