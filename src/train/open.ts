/** @file Opens a session for a compiled network on `auto`, `cpu`, a named adapter, or a device of the application. */

import { limitsOf } from "../compiler/assemble/assemble.ts";
import type { Compiled } from "../compiler/compile.ts";
import type { Target } from "../compiler/lower/target.ts";
import { baseline, large, software } from "../compiler/lower/target.ts";
import { ReferenceSession } from "../compiler/reference/session.ts";
import type { Plan } from "../plan/plan.ts";
import { openDevice } from "../runtime/adapters.ts";
import type { AdapterDescription, Device } from "../runtime/device.ts";
import { adoptDevice, OutOfMemoryError, requireOffers } from "../runtime/device.ts";
import type { Session } from "../runtime/session.ts";
import { openSession } from "../runtime/session.ts";

export interface OpenedSession {
  readonly session: Session;
  /** With the schedules and slabs of this adapter. */
  readonly compiled: Compiled;
  /** Undefined on the CPU. */
  readonly device: Device | undefined;
  /** The class of the adapter and the schedule in use; undefined on the CPU. */
  readonly target: Target | undefined;
  /** Frees buffers and device; Node can exit. */
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly onWarm?: (done: number, total: number) => void;
  /** Takes the adapter's clock, where it has one, for `session.time`. */
  readonly timestamps?: boolean;
  /** Decides the schedule, on the opened device; by default that of the adapter's class, which it is given. */
  readonly choose?: (device: Device, target: Target) => Promise<Target>;
}

/** The class of an adapter, by what it says of itself. */
export function targetFor({ fallback, limits }: Pick<AdapterDescription, "fallback" | "limits">): Target {
  if (fallback) return software;
  const offersMore = Object.entries(limitsOf(large)).every(([name, needed]) => (limits[name] ?? 0) >= needed);
  return offersMore ? large : baseline;
}

/** The class of an adapter, with its own limits for buffers. */
export function targetOf(adapter: Pick<AdapterDescription, "fallback" | "limits">, slab: number | undefined): Target {
  const { limits } = adapter;
  return { ...targetFor(adapter), bindingBytes: limits["maxStorageBufferBindingSize"], bufferBytes: limits["maxBufferSize"], slab };
}

/**
 * Kernels are scheduled for the adapter that is found, and the batch is cut into slabs that its limits and its memory hold.
 * @throws NoAdapterError, DeviceError; Limitation where not even one image fits
 */
export async function openCompiled(
  compiled: Compiled,
  device: string | GPUDevice,
  { onWarm, timestamps = false, choose }: OpenOptions = {},
): Promise<OpenedSession> {
  if (device === "cpu") {
    const whole = compiled.retarget({ ...compiled.target, slab: undefined, bindingBytes: Infinity, bufferBytes: Infinity });
    const session = new ReferenceSession(whole);
    return { session, compiled: whole, device: undefined, target: undefined, close: () => session.close() };
  }
  let scheduled = compiled;
  const needs = (adapter: AdapterDescription): Plan["target"] => {
    scheduled = compiled.retarget(targetOf(adapter, compiled.target.slab));
    return scheduled.plan.target;
  };
  const opened = typeof device === "string" ? await openDevice({ device, timestamps, needs }) : adoptDevice(device);
  if (typeof device !== "string") requireOffers(opened.adapter, needs(opened.adapter));
  try {
    const usual = scheduled.target;
    const target = (await choose?.(opened, usual)) ?? usual;
    if (target !== usual) scheduled = compiled.retarget(target);
    const { session, compiled: fitting } = await openFitting(scheduled, opened, onWarm);
    return {
      session,
      compiled: fitting,
      device: opened,
      target: fitting.target,
      close: async () => {
        await session.close();
        await opened.close();
      },
    };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** Halves the slabs until the device has memory for them. @throws OutOfMemoryError where it has too little for one image */
export async function openFitting(
  compiled: Compiled,
  device: Device,
  onWarm?: OpenOptions["onWarm"],
): Promise<{ readonly session: Session; readonly compiled: Compiled }> {
  for (let fitting = compiled; ; ) {
    try {
      return { session: await openSession(fitting.plan, device, { onWarm }), compiled: fitting };
    } catch (error) {
      const images = fitting.slabs?.images ?? fitting.plan.input.batch;
      if (!(error instanceof OutOfMemoryError) || images === 1) throw error;
      const smaller = fitting.retarget({ ...fitting.target, slab: Math.ceil(images / 2) });
      fitting = { ...smaller, slabs: smaller.slabs && { ...smaller.slabs, cause: { kind: "memory" } } };
    }
  }
}
