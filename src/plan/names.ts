/** @file The names on which the compiler and whoever runs a Plan agree: buffers, tensors and results. */

import type { PlanBuffer } from "./plan.ts";

/** Arenas hold a tensor for each parameter, all at the parameters' offsets. */
export const paramsArena = "params";
export const gradsArena = "grads";
/** The gradients of one slab, which are added to those in `grads`. */
export const slabGradsArena = "grads.slab";

/** Moment `index` of the optimizer. */
export function stateArena(index: number): string {
  return `state.${index}`;
}

/** The moments of one parameter. */
export function stateTensor(index: number, path: string): string {
  return `${stateArena(index)}/${path}`;
}

/** Undefined: `name` is a parameter's path. */
export function parseState(name: string): { readonly arena: string; readonly path: string } | undefined {
  const match = /^(state\.\d+)\/(.*)$/.exec(name);
  return match === null ? undefined : { arena: match[1], path: match[2] };
}

/** Where the host puts an input. */
export function inputBuffer(name: string): string {
  return `input.${name}`;
}

/** Where a result lies that is no gradient. */
export function outputBuffer(name: string): string {
  return `output.${name}`;
}

/** Reusable memory. */
export function slotBuffer(index: number): string {
  return `slot.${index}`;
}

/** Of a buffer that is neither a slot nor a constant. */
export function bufferKind(name: string): PlanBuffer["kind"] {
  if (name === paramsArena) return "params";
  if (name.startsWith("state.")) return "state";
  return name.startsWith(inputBuffer("")) ? "input" : "output";
}

/** [B][O], in all programs that end in the network's result. */
export const outputsResult = "outputs";
/** A number. */
export const lossResult = "loss";
/** [trained tensors][2]: the sum of squares of a gradient's finite elements, and how many are not finite. */
export const statisticsResult = "gradient-statistics";
/** What the network sees of a batch. */
export const imagesResult = "images";

const gradientPrefix = "grad.";

/** The gradient of a parameter. */
export function gradientResult(path: string): string {
  return gradientPrefix + path;
}

/** By the parameters' paths, those results that are gradients. */
export function gradientsIn<T>(results: Iterable<readonly [string, T]>): Map<string, T> {
  return new Map(
    [...results].flatMap(([name, value]) => (name.startsWith(gradientPrefix) ? [[name.slice(gradientPrefix.length), value]] : [])),
  );
}

/** Of the program `measure`: the mean square of a layer's outputs. */
export function meanSquareResult(path: string): string {
  return `mean-square/${path}`;
}

/** Of the program `measure`: the mean over the batch of the sum of |inputs| of a dense layer. */
export function reachResult(path: string): string {
  return `reach/${path}`;
}

/** Of the program `activations`: the value of a node of the network. */
export function valueResult(node: number): string {
  return `node/${node}`;
}
