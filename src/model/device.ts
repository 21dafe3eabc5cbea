/** @file The device of a model: the application's, or the best that the host has. */

import type { Plan } from "../plan/plan.ts";
import type { Device } from "../runtime/device.ts";
import { adoptDevice, describe, inNode, NoAdapterError, ownDevice, requireOffers } from "../runtime/device.ts";
import { hostGpu, keepInstance } from "../runtime/host.ts";
import { ModelError } from "./model-error.ts";

/**
 * @param given a device of the application, which stays its own
 * @throws ModelError for what is no device; NoAdapterError without any adapter; LimitError, DeviceError when it lacks what a plan needs
 */
export async function deviceFor(plans: readonly Plan[], given: GPUDevice | undefined): Promise<Device> {
  const needs = needsOf(plans);
  if (given !== undefined) {
    if (typeof (given as Partial<GPUDevice> | null)?.createBuffer !== "function") throw new ModelError("`device` is no GPUDevice");
    const device = adoptDevice(given);
    requireOffers(device.adapter, needs);
    return device;
  }
  const gpu = await hostGpu([]);
  // Dawn in Node throws where browsers return null.
  const ask = async (options: GPURequestAdapterOptions): Promise<GPUAdapter | null> =>
    (await gpu?.requestAdapter(options).catch(() => null)) ?? null;
  const adapter = (await ask({ powerPreference: "high-performance" })) ?? (await ask({}));
  if (gpu === undefined || adapter === null) {
    const cure = inNode()
      ? "install a graphics driver; a software adapter, such as Mesa's lavapipe, works too"
      : "update the browser, or enable WebGPU in its settings; pages need https or localhost";
    throw new NoAdapterError("this machine or browser offers no WebGPU adapter", [], [cure]);
  }
  const description = describe(adapter.info, adapter);
  requireOffers(description, needs);
  const { limits, features } = needs;
  const device = await adapter.requestDevice({ label: "specc", requiredLimits: limits, requiredFeatures: features as GPUFeatureName[] });
  return ownDevice(device, description, keepInstance(gpu));
}

/** The largest of each limit, and every feature. */
function needsOf(plans: readonly Plan[]): { readonly limits: Record<string, number>; readonly features: string[] } {
  const limits: Record<string, number> = {};
  for (const { target } of plans)
    for (const [name, limit] of Object.entries(target.limits)) limits[name] = Math.max(limit, limits[name] ?? 0);
  return { limits, features: [...new Set(plans.flatMap(({ target }) => target.features))] };
}
