/** @file Targets: classes of adapters, with the limits that kernels rely on and the schedules that they take. */

import { defaultLimits } from "../../plan/limits.ts";
import type { Schedule } from "./knobs.ts";
import { usualSchedule } from "./knobs.ts";

/** A class of adapters: the limits that kernels and buffers may rely on, and the schedule they take. It never changes a meaning. */
export interface Target extends Schedule {
  readonly name: "baseline" | "large" | "software";
  readonly storageBuffers: number;
  readonly workgroupBytes: number;
  readonly invocations: number;
  readonly workgroupsPerDimension: number;
  /** A kernel may choose at every load between several buffers, if they are no larger: software drivers load from all of them. */
  readonly choiceBytes: number;
  /** The largest storage binding and the largest buffer. A batch that needs larger ones goes through in slabs. */
  readonly bindingBytes: number;
  readonly bufferBytes: number;
  /** At most so many images at once; undefined: as many as the limits allow. */
  readonly slab?: number;
}

/** The sizes that every adapter has. */
export const defaultSizes: Pick<Target, "bindingBytes" | "bufferBytes"> = {
  bindingBytes: defaultLimits.maxStorageBufferBindingSize,
  bufferBytes: defaultLimits.maxBufferSize,
};

/** WebGPU's defaults, but for the sizes of buffers, which the plan may ask for. */
export const baseline: Target = {
  ...usualSchedule,
  name: "baseline",
  storageBuffers: defaultLimits.maxStorageBuffersPerShaderStage,
  workgroupBytes: defaultLimits.maxComputeWorkgroupStorageSize,
  invocations: defaultLimits.maxComputeInvocationsPerWorkgroup,
  workgroupsPerDimension: defaultLimits.maxComputeWorkgroupsPerDimension,
  choiceBytes: Infinity,
  bindingBytes: Infinity,
  bufferBytes: Infinity,
};

/**
 * Graphics cards with more: 8 adjacent lines of up to 256 points fit in a workgroup (by the defaults only up to 128), lines of up
 * to 2048 are transformed in one kernel (1024), and element-wise operations with more operands are fused.
 */
export const large: Target = { ...baseline, name: "large", storageBuffers: 10, workgroupBytes: 32768, invocations: 512 };

/** For drivers that compute on the processor: the same limits, other schedules. */
export const software: Target = { ...baseline, name: "software", busyGroups: 32, choiceBytes: 65536, linePerLane: true };

/** The first is the one that every adapter runs. */
export const targets: readonly Target[] = [baseline, software];
