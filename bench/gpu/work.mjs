/** @file The network and the numbers that specc and its PyTorch twin share. */

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compileNetwork } from "../../dist/compiler/compile.js";
import { initialiseParams, writeTensors } from "../../dist/runtime/index.js";
import { elaborateText } from "../support.mjs";

const layers = {
  gaussian: "conv spectral gaussian",
  raw: "conv spectral free",
  linear: "conv spectral linear",
  spatial: "conv spatial 3x3",
};
export const nets = Object.keys(layers);

/** One of the paper's networks with any number of filters. */
export function networkOf({ net, size, filters, batch }) {
  return elaborateText(`spec 1
input ${size}x${size}x3 -> 4 * (${layers[net]} ${filters} -> relu) -> dense tanh 2
train { loss: mse { targets: -1..1 }, optimizer: adam { lr: 0.001 }, batch: ${batch} }
`);
}

/** Writes start weights, images [B][3][H][W] and labels [B] for both sides. */
export function writeWork(folder, options) {
  const { plan } = compileNetwork(networkOf(options), { programs: ["train"] });
  const params = initialiseParams(plan, 0);
  const tensors = new Map(plan.params.map(({ path, shape }) => [path, { dtype: "F32", shape, data: params.get(path) }]));
  writeFileSync(join(folder, "params.safetensors"), writeTensors({ tensors, metadata: new Map() }));
  const { batch, height, width, channels } = plan.input;
  const images = Float32Array.from({ length: batch * channels * height * width }, (_, i) => ((i * 2654435761) % 4294967296) / 4294967296);
  writeFileSync(join(folder, "images.bin"), images);
  writeFileSync(
    join(folder, "labels.bin"),
    Int32Array.from({ length: batch }, (_, i) => i % 2),
  );
}

export function readNumbers(folder) {
  const bytes = (name) => new Uint8Array(readFileSync(join(folder, name))).buffer;
  return { images: new Float32Array(bytes("images.bin")), labels: new Int32Array(bytes("labels.bin")) };
}
