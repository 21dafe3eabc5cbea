/** @file Assembles lowered programs into one Plan: shared kernels, slots, constants, arenas. */

import { encodeBase64 } from "../../plan/base64.ts";
import type { LimitName } from "../../plan/limits.ts";
import { bindingAlignment, defaultLimits } from "../../plan/limits.ts";
import { bufferKind, gradsArena, slabGradsArena, slotBuffer } from "../../plan/names.ts";
import type { Kernel, Plan, PlanBuffer, Program, Step, TensorPlace } from "../../plan/plan.ts";
import { planVersion } from "../../plan/plan.ts";
import { elementBytes, elementCount, roundUp } from "../../plan/shape.ts";
import { bug } from "../diagnostics/diagnostic.ts";
import type { BoundRange } from "../lower/bindings.ts";
import type { LoweredProgram } from "../lower/lower.ts";
import type { Target } from "../lower/target.ts";
import { planMemory } from "./memory.ts";
import { largestBinding, largestBuffer } from "./slabs.ts";

export type PlanHeader = Pick<Plan, "params" | "stateCount" | "training" | "input">;

/** @param images that the programs were lowered for: the batch, or a slab of it */
export function assemblePlan(
  programs: readonly LoweredProgram[],
  header: PlanHeader,
  target: Target,
  images: number = header.input.batch,
): Plan {
  const buffers = new Buffers();
  const kernels: Kernel[] = [];
  const kernelOf = new Map<string, number>();
  // Programs never run at the same time, so they share slots: slot i is as large as the largest program wants it.
  const memories = programs.map((program) => planMemory(program.dispatches));
  memories.forEach((memory) => memory.slotBytes.forEach((bytes, slot) => buffers.grow(slotBuffer(slot), "slot", bytes)));
  for (const program of programs) for (const [name, bytes] of program.buffers) buffers.grow(name, bufferKind(name), bytes);
  const planned = programs.map((program, index): [string, Program] => {
    const steps = program.dispatches.map((dispatch): Step => {
      const key = `${dispatch.access.join()}\n${dispatch.wgsl}`;
      let kernel = kernelOf.get(key);
      if (kernel === undefined) {
        kernel = kernels.push({ label: dispatch.label, wgsl: dispatch.wgsl, bindings: dispatch.access }) - 1;
        kernelOf.set(key, kernel);
      }
      const bindings = dispatch.ranges.map((range) => bind(range, memories[index].slotOf, buffers));
      return { kernel, label: dispatch.label, bindings, grid: dispatch.grid };
    });
    const inputs = program.inputs.map((tensor) => place({ ...tensor, offsetBytes: 0 }, buffers));
    const outputs = program.outputs.map((tensor) => place(tensor, buffers));
    const { batch } = header.input;
    if (images === batch) return [program.name, { inputs, outputs, steps }];
    const clear = program.buffers.has(slabGradsArena) ? [buffers.index(gradsArena)] : [];
    return [
      program.name,
      { inputs, outputs, steps: steps.slice(0, program.eachSlab), slabs: { batch, images, clear, finish: steps.slice(program.eachSlab) } },
    ];
  });
  const limits = limitsOf(target);
  const plan = { version: planVersion, buffers: buffers.list(), kernels, programs: Object.fromEntries(planned), ...header } as const;
  // Larger ones than WebGPU's defaults are asked for, and recorded.
  const [binding, buffer] = [largestBinding(plan).sizeBytes, largestBuffer(plan).sizeBytes];
  if (binding > defaultLimits.maxStorageBufferBindingSize) limits["maxStorageBufferBindingSize"] = binding;
  if (buffer > defaultLimits.maxBufferSize) limits["maxBufferSize"] = buffer;
  return { ...plan, target: { limits, features: [] } };
}

/** What a target relies on beyond WebGPU's defaults, by WebGPU's names. */
export function limitsOf(target: Target): Record<string, number> {
  const limits: Partial<Record<LimitName, number>> = {
    maxStorageBuffersPerShaderStage: target.storageBuffers,
    maxComputeWorkgroupStorageSize: target.workgroupBytes,
    maxComputeInvocationsPerWorkgroup: target.invocations,
    maxComputeWorkgroupSizeX: target.invocations,
  };
  return Object.fromEntries(Object.entries(limits).filter(([name, value]) => value > defaultLimits[name as LimitName]));
}

function bind(range: BoundRange, slotOf: ReadonlyMap<number, number>, buffers: Buffers): Step["bindings"][number] {
  if (range.kind === "table") {
    const { key, data } = range.table;
    return {
      buffer: buffers.constant(`table.${key}`, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
      offsetBytes: 0,
      sizeBytes: roundUp(data.byteLength, 16),
    };
  }
  const { storage, offsetBytes } = range;
  const name = storage.kind === "fixed" ? storage.buffer : slotBuffer(slotOf.get(storage.id) ?? bug("a virtual tensor without a slot"));
  if (offsetBytes % bindingAlignment !== 0) bug(`a binding into ${name} starts at ${offsetBytes}`);
  return { buffer: buffers.index(name), offsetBytes, sizeBytes: roundUp(range.sizeBytes, 8) };
}

function place({ name, type, buffer, offsetBytes, slabs }: LoweredProgram["outputs"][number], buffers: Buffers): TensorPlace {
  if (type.dtype === "c32") bug(`${name} is complex: programs exchange real tensors`);
  return {
    name,
    shape: type.shape,
    dtype: type.dtype,
    buffer: buffers.index(buffer),
    offsetBytes,
    ...(slabs === undefined ? {} : { slabs }),
  };
}

class Buffers {
  readonly #list: { name: string; sizeBytes: number; kind: PlanBuffer["kind"]; data?: string }[] = [];
  readonly #indices = new Map<string, number>();

  grow(name: string, kind: PlanBuffer["kind"], bytes: number): void {
    const known = this.#indices.get(name);
    const sizeBytes = roundUp(Math.max(bytes, 16), 16);
    if (known === undefined) this.#indices.set(name, this.#list.push({ name, kind, sizeBytes }) - 1);
    else this.#list[known].sizeBytes = Math.max(this.#list[known].sizeBytes, sizeBytes);
  }

  constant(name: string, bytes: Uint8Array): number {
    const known = this.#indices.get(name);
    if (known !== undefined) return known;
    const padded = new Uint8Array(roundUp(bytes.byteLength, 16));
    padded.set(bytes);
    const index = this.#list.push({ name, kind: "constant", sizeBytes: padded.byteLength, data: encodeBase64(padded) }) - 1;
    this.#indices.set(name, index);
    return index;
  }

  index(name: string): number {
    return this.#indices.get(name) ?? bug(`no buffer ${name}`);
  }

  list(): readonly PlanBuffer[] {
    return this.#list;
  }
}

/** Places an arena's tensors, each where a binding may start. */
export function layoutArena(tensors: readonly { readonly path: string; readonly shape: readonly number[] }[]): {
  readonly offsetBytes: ReadonlyMap<string, number>;
  readonly sizeBytes: number;
} {
  const offsetBytes = new Map<string, number>();
  let end = 0;
  for (const tensor of tensors) {
    offsetBytes.set(tensor.path, end);
    end += roundUp(elementCount(tensor.shape) * elementBytes, bindingAlignment);
  }
  return { offsetBytes, sizeBytes: Math.max(bindingAlignment, end) };
}
