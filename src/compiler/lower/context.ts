/** @file What an op sees when it writes its kernels: ports to load from and store to, scratch memory, tables, dispatches. */

import { elementCount } from "../../plan/shape.ts";
import type { ComplexExpr } from "../expr/expr.ts";
import type { Origin, TensorType } from "../graph/types.ts";
import type { Declaration, Names } from "./names.ts";
import type { Target } from "./target.ts";

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
  readonly reads: readonly Port[];
  readonly writes: readonly Port[];
  /**
   * Reads that the text also asks for four elements at a time. Software drivers then load faster; ports that compute their element,
   * or find no binding left, load one by one. Only f32.
   */
  readonly wideReads?: readonly number[];
  /** Writes that the text makes four elements at a time, and not otherwise. Only f32. */
  readonly wideWrites?: readonly number[];
  readonly tables?: readonly Table[];
  /** Functions, and arrays in workgroup memory, of the kernel's own. */
  readonly declarations?: readonly Declaration[];
  /** The text reads what it writes over. */
  readonly inPlace?: true;
  /** WGSL statements. Printed for every module that the kernel gets into, and equal wherever the names are. */
  readonly body: (names: Names) => string;
}

/** One invocation per element: the text knows `i`, from 0 to count-1. */
interface ElementKernel extends KernelTemplate {
  readonly count: number;
}

/** Workgroups with shared memory: the text knows `group`, from 0 to groups-1, and `lane`, from 0 to size-1. Barriers are allowed. */
export interface GroupKernel extends KernelTemplate {
  readonly groups: number;
  readonly size: number;
}

export type Kernel = ElementKernel | GroupKernel;

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

/** An invocation for each element of the output, which reads all inputs. The ports are those of this context: fusion puts its own there. */
export function outputElements(context: LowerContext, kernel: Omit<ElementKernel, "count" | "reads" | "writes">): void {
  const { inputs, output } = context;
  context.elements({ ...kernel, count: elementCount(output.type.shape), reads: inputs, writes: [output] });
}

/** A port that reads or writes one tensor as it is. */
export function plainPort(ref: Ref): Port {
  return { type: ref.type, refs: [ref] };
}
