/** @file One forward and backward pass on a batch of numbers as they are. */

import type { Compiled } from "../compiler/compile.ts";
import { compileNetwork } from "../compiler/compile.ts";
import type { GivenInput } from "../compiler/elaborate/elaborate.ts";
import type { Network } from "../compiler/network/network.ts";
import type { PlanInput } from "../plan/plan.ts";
import type { TensorFile } from "../runtime/safetensors.ts";
import { integerTensor } from "../runtime/safetensors.ts";
import { RunError } from "./run-error.ts";
import { inFile } from "./tensor-files.ts";

export interface NumberBatch {
  /** B. */
  readonly count: number;
  /** A signal has height 1. */
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  /** `images` has three axes, so it can only hold signals. */
  readonly flat: boolean;
  /** [B][C][H][W]. */
  readonly images: Float32Array;
  /** [B]. */
  readonly labels: Int32Array;
}

/** `images` f32 [B,H,W,C], for signals [B,N,C] or [B,1,N,C]; `labels` [B] of any integer type. */
export function readBatch(path: string, file: TensorFile): NumberBatch {
  const images = file.tensors.get("images");
  if (images === undefined)
    throw new RunError(`${path} holds no tensor \`images\``, `it holds ${[...file.tensors.keys()].join(", ") || "none"}`);
  if (images.dtype !== "F32") throw new RunError(`${path}: \`images\` holds ${images.dtype}, expected F32`);
  const shape = images.shape.length === 3 ? [images.shape[0], 1, images.shape[1], images.shape[2]] : images.shape;
  const [count, height, width, channels] = shape;
  if (shape.length !== 4 || images.data.length === 0) {
    throw new RunError(`${path}: \`images\` has shape [${images.shape.join(", ")}], expected [B, H, W, C], or [B, N, C] for signals`);
  }
  const labels = inFile(path, () => integerTensor(file, "labels", [count]));
  return {
    count,
    height,
    width,
    channels,
    flat: images.shape.length === 3,
    images: channelsFirst(images.data, count, height * width, channels),
    labels,
  };
}

/** What `--input` would say for this batch. */
export function inputOf({ height, width, channels }: NumberBatch, signal: boolean): GivenInput {
  return signal ? { samples: width, channels } : { height, width, channels };
}

/** [B][pixels][C] -> [B][C][pixels]. */
function channelsFirst(data: Float32Array, count: number, pixels: number, channels: number): Float32Array {
  if (channels === 1) return data;
  const result = new Float32Array(data.length);
  let end = 0;
  for (let b = 0; b < count; b++) {
    for (let c = 0; c < channels; c++)
      for (let pixel = 0; pixel < pixels; pixel++) result[end++] = data[(b * pixels + pixel) * channels + c];
  }
  return result;
}

/** One output takes the labels 0 and 1. */
export function requireLabels(path: string, labels: Int32Array, input: Pick<PlanInput, "outputs">): void {
  const classes = Math.max(2, input.outputs);
  const bad = labels.findIndex((label) => label < 0 || label >= classes);
  if (bad >= 0)
    throw new RunError(`${path}: \`labels\` holds ${labels[bad]} at ${bad}; with ${input.outputs} outputs labels are 0 to ${classes - 1}`);
}

export function compileGradient(network: Network, batch: number): Compiled {
  return compileNetwork(network, { programs: ["gradient"], batch });
}

/** What the program `gradient` takes: the mean over the batch is a sum weighted by 1/B. */
export function gradientInputs({ count, images, labels }: NumberBatch): Readonly<Record<string, Float32Array | Int32Array>> {
  return { images, labels, weights: new Float32Array(count).fill(1 / count) };
}
