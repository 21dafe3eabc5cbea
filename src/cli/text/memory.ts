/** @file What `check` and `train` say about memory: the peak on the device, and the slabs of a batch that does not go through at once. */

import type { Slabbing } from "../../compiler/assemble/slabs.ts";
import { largestBinding, SizesTooLarge } from "../../compiler/assemble/slabs.ts";
import type { Compiled, CompileOptions } from "../../compiler/compile.ts";
import { compileNetwork } from "../../compiler/compile.ts";
import { Limitation } from "../../compiler/diagnostics/diagnostic.ts";
import type { Target } from "../../compiler/lower/target.ts";
import { baseline, defaultSizes, software } from "../../compiler/lower/target.ts";
import { hasLoss } from "../../compiler/network/head.ts";
import type { Network } from "../../compiler/network/network.ts";
import { openDevice } from "../../runtime/adapters.ts";
import { trainingMemory } from "../../train/memory.ts";
import { targetOf } from "../../train/open.ts";
import { bytesText } from "./explanation.ts";

/** Of a training run, or of inference where the network cannot be trained. */
export interface MemoryLine {
  /** `a graphics card`, `a software driver`, or an adapter's name. */
  readonly on: string;
  /** At the peak; null where not even one image fits. */
  readonly bytes: number | null;
  /** Images at once, how often; null: the whole batch goes through at once. */
  readonly slabs: { readonly images: number; readonly count: number } | null;
  /** Why the batch does not go through at once; null if it does. */
  readonly why: string | null;
  /** Where limits are in the way: what the whole batch takes, and the largest binding of it. */
  readonly atOnce: { readonly bytes: number; readonly bindingBytes: number } | null;
}

/**
 * The peak with WebGPU's default limits in both schedules, or on one adapter as it is.
 * @param device auto or part of an adapter's name; undefined: no adapter is asked for
 * @throws NoAdapterError; Limitation where the network cannot be compiled
 */
export async function memoryOf(network: Network, slab: number | undefined, device: string | undefined): Promise<readonly MemoryLine[]> {
  const options: CompileOptions = hasLoss(network) ? {} : { programs: ["infer"] };
  const measure = (on: string, target: Target): MemoryLine => {
    let whole: Compiled;
    try {
      whole = compileNetwork(network, { ...options, target: { ...target, bindingBytes: Infinity, bufferBytes: Infinity } });
    } catch (error) {
      if (!(error instanceof SizesTooLarge)) throw error;
      return { on, bytes: null, slabs: null, why: error.message, atOnce: null };
    }
    const atOnce = { bytes: trainingMemory(whole.plan).total, bindingBytes: largestBinding(whole.plan).sizeBytes };
    let fitting: Compiled;
    try {
      fitting = whole.retarget(target);
    } catch (error) {
      if (!(error instanceof Limitation)) throw error;
      return { on, bytes: null, slabs: null, why: error.message, atOnce };
    }
    const { plan, slabs } = fitting;
    return {
      on,
      bytes: trainingMemory(plan).total,
      slabs: slabs === undefined ? null : { images: slabs.images, count: slabs.count },
      why: slabs === undefined ? null : whyText(slabs),
      atOnce: slabs?.cause.kind === "limit" ? atOnce : null,
    };
  };
  if (device === undefined) {
    return [
      measure("a graphics card", { ...baseline, ...defaultSizes, slab }),
      measure("a software driver", { ...software, ...defaultSizes, slab }),
    ];
  }
  const opened = await openDevice({ device });
  await opened.close();
  return [measure(opened.adapter.name, targetOf(opened.adapter, slab))];
}

/** One line for people; schedules that take the same are not told apart. */
export function memoryText(lines: readonly MemoryLine[]): string {
  const amounts = lines.map(({ bytes, slabs, why, atOnce }) => {
    const peak = bytes === null ? `more than the limits allow: ${why}` : bytesText(bytes);
    const whole =
      atOnce === null ? "" : ` (${bytesText(atOnce.bytes)} at once, where bindings of ${bytesText(atOnce.bindingBytes)} are allowed)`;
    return `${peak}${slabs === null ? "" : `, in ${slabsText(slabs)}`}${whole}`;
  });
  const same = amounts.every((amount) => amount === amounts[0]) && lines.length > 1;
  return `GPU memory: ${same ? amounts[0] : lines.map(({ on }, index) => `${amounts[index]} on ${on}`).join("; ")}`;
}

export function slabsText({ images, count }: { readonly images: number; readonly count: number }): string {
  return `${count} slabs of ${images === 1 ? "1 image" : `${images} images`}`;
}

export function whyText({ cause }: Slabbing): string {
  if (cause.kind === "asked") return "no more at once was asked for";
  if (cause.kind === "memory") return "the device has no memory for more at once";
  const { needed, limit, offeredBytes } = cause;
  return `\`${needed.step}\` would take a ${limit} of ${bytesText(needed.sizeBytes)}, and ${bytesText(offeredBytes)} is allowed`;
}

/** The line of `train` at its start. */
export function runMemoryText({ bytes, slabs }: { readonly bytes: number; readonly slabs: Slabbing | null }): string {
  const peak = bytesText(bytes);
  return slabs === null ? peak : `${peak}, the batch in ${slabsText(slabs)}: ${whyText(slabs)}`;
}
