/** @file What an op sees when it writes its kernels: ports to load from and store to, scratch memory, tables, dispatches. */

import type { ComplexExpr } from "../expr/expr.ts";
import type { Origin, TensorType } from "../graph/graph.ts";
import type { Schedule } from "./knobs.ts";
import { usualSchedule } from "./knobs.ts";

/** Memory that the planner places (reused between steps), whole or a range of it, or a fixed range of a named buffer. */
export type Storage =
  | { readonly kind: "virtual"; readonly id: number; readonly offsetBytes?: number; readonly sizeBytes: number }
  | { readonly kind: "fixed"; readonly buffer: string; readonly offsetBytes: number; readonly sizeBytes: number };

/** A tensor in memory: row-major, complex as (re, im) pairs. */
export interface Ref {
  readonly storage: Storage;
  readonly type: TensorType;
}

/**
 * A hole of a kernel template. A template asks for logical elements by flat index and never knows whether they are read
 * from one buffer or computed from several (fusion), nor what happens to a value before it is stored.
 */
export interface Port {
  /** The logical tensor. */
  readonly type: TensorType;
  /** The buffers behind it, each broadcast to `type.shape`. */
  readonly refs: readonly Ref[];
  /**
   * The element in terms of the variables `x0`, `x1`, ... (real) or `x0.re`, `x0.im` (complex) of `refs`. In an output port
   * `refs[0]` is where the result goes and `value` names the template's element `y` (or `y.re`, `y.im`).
   * Undefined: the element of `refs[0]` as it is.
   */
  readonly value?: ComplexExpr;
  /** The template asks for pairs of complex numbers, as vec4f: `i` counts pairs. Only where the elements are as they are. */
  readonly pairs?: true;
}

/** A read-only table made at compile time (twiddles, ranges). Equal keys share one buffer. */
export interface Table {
  readonly key: string;
  readonly data: Float32Array | Uint32Array;
  /** WGSL type, for example `array<vec4f, 16>`; a size is required in the uniform address space. */
  readonly type: string;
  readonly space: "uniform" | "storage";
}

interface KernelTemplate {
  /** Completes the label: `rows`, `columns`. */
  readonly title: string;
  /** The body calls `load0(i)`, `load1(i)`, ...: f32, vec2f or i32 by the port's dtype, i a flat u32 index. */
  readonly reads: readonly Port[];
  /** The body calls `store0(i, value)`, ...; buffers are read_write, so effects may read `out0[i]`. */
  readonly writes: readonly Port[];
  /**
   * Reads that the body also asks for four elements at a time: `load0x4(i)` is a vec4f, i a multiple of 4. Software drivers
   * then load faster; ports that compute their element, or find no binding left, load one by one. Only f32.
   */
  readonly wideReads?: readonly number[];
  /** Writes that the body makes four elements at a time, and not otherwise: `store0x4(i, vec4f)`, i a multiple of 4. Only f32. */
  readonly wideWrites?: readonly number[];
  /** `table0`, `table1`, ... */
  readonly tables?: readonly Table[];
  /** Module-scope WGSL: functions, `var<workgroup>`. */
  readonly declarations?: string;
}

/** One invocation per element: `i` runs over 0..count-1. */
export interface ElementKernel extends KernelTemplate {
  readonly count: number;
  readonly body: string;
}

/** Workgroups with shared memory: `group` runs over 0..groups-1, `lane` over 0..size-1. Barriers are allowed. */
export interface GroupKernel extends KernelTemplate {
  readonly groups: number;
  readonly size: number;
  readonly body: string;
}

export interface LowerContext {
  readonly inputs: readonly Port[];
  readonly output: Port;
  /** Of the op's further results, those that something reads. */
  readonly extras: readonly (Port | undefined)[];
  readonly origin: Origin;
  readonly target: Target;
  elements(kernel: ElementKernel): void;
  groups(kernel: GroupKernel): void;
  /** Memory between two kernels of this op. */
  scratch(type: TensorType): Ref;
  /** The whole of a named arena (`params`, `grads`, `state.0`), for effects. */
  arena(name: string): Ref;
}

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

/** WebGPU's defaults, which every adapter has. */
export const defaultLimits: Pick<Target, "bindingBytes" | "bufferBytes"> = {
  bindingBytes: 128 * 1024 * 1024,
  bufferBytes: 256 * 1024 * 1024,
};

/** WebGPU's defaults, but for the sizes of buffers, which the plan may ask for. */
export const baseline: Target = {
  ...usualSchedule,
  name: "baseline",
  storageBuffers: 8,
  workgroupBytes: 16384,
  invocations: 256,
  workgroupsPerDimension: 65535,
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

/** A port that reads or writes one tensor as it is. */
export function plainPort(ref: Ref): Port {
  return { type: ref.type, refs: [ref] };
}
