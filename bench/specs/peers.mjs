/**
 * @file The peers' networks in our language: equal layers with ReLU, a tanh head under cross-entropy, plain SGD.
 * Their Gaussian has frequencies in half cycles per pixel and an unfactored precision, so it is a filter of its own.
 */

import { permuted } from "../../dist/plan/shape.js";

const precision = `filter precision(
  gamma ~ normal(0, 1), muv ~ normal(0, 1), muu ~ normal(0, 1),
  pvv ~ uniform(1, 4), pvu ~ uniform(-0.5, 0.5), puu ~ uniform(1, 4)
) = gamma * exp(-0.5 * (pvv * dv^2 + 2 * pvu * dv * du + puu * du^2))
where dv = 2 * v - muv, du = 2 * u - muu
`;

const layers = {
  spatial: (filters) => `conv spatial 3x3 ${filters}`,
  "shared-pratt": (filters) => `conv spectral free ${filters} { bias: on }`,
  "full-pratt": (filters) => `conv spectral free ${filters} { channels: full, bias: on }`,
  "shared-gauss": (filters) => `conv spectral precision ${filters} { bias: on }`,
  "full-gauss": (filters) => `conv spectral precision ${filters} { channels: full, bias: on }`,
};

/** @param {string} model @param {number} size @param {number} batch @param {{ layers: number, channels: number, lr: number }} work */
export function specOf(model, size, batch, { layers: depth, channels, lr }) {
  return `spec 1
${model.endsWith("gauss") ? precision : ""}
input ${size}x${size}x3 -> ${depth} * (${layers[model](channels)} -> relu) -> dense tanh 2

train { loss: cross_entropy, optimizer: sgd { lr: ${lr} }, batch: ${batch} }
`;
}

/**
 * The peers' parameters, which are [re|im, in, out, ...], under our paths and in our order.
 * @param {{name: string, shape: number[]}[]} specs @param {(spec: object) => Float32Array} make
 */
export function paramsOf(specs, make) {
  const params = new Map();
  for (const spec of specs) {
    const [, name, layer] = /^([a-z]+)(\d*)$/.exec(spec.name);
    const values = make(spec);
    if (name === "wd") params.set("dense.1.weight", permuted(values, spec.shape, [1, 0]));
    else if (name === "bd") params.set("dense.1.bias", values);
    else params.set(`conv.${Number(layer) + 1}.${{ w: "weight", f: "weight", b: "bias" }[name] ?? name}`, reorder(values, spec, name));
  }
  return params;
}

function reorder(values, spec, name) {
  if (name === "w" || name === "b") return values;
  // Planes: [2, C, F, H, K] -> [F, C, H, K, 2], or without C; parameters: [2, C, F] -> [2, F, C], or [2, F] as it is.
  if (name === "f") return permuted(values, spec.shape, spec.shape.length === 5 ? [2, 1, 3, 4, 0] : [1, 2, 3, 0]);
  return spec.shape.length === 3 ? permuted(values, spec.shape, [0, 2, 1]) : values;
}
