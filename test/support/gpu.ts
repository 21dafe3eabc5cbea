/** @file The WebGPU adapter of a test run: skipped with a reason where there is none, demanded where SPECC_REQUIRE_GPU=1. */

import { afterAll, beforeAll } from "vitest";
import type { OpenDeviceOptions } from "../../src/runtime/adapters.ts";
import { openDevice } from "../../src/runtime/adapters.ts";
import type { Device } from "../../src/runtime/device.ts";
import { NoAdapterError } from "../../src/runtime/device.ts";

/** Why the GPU suites cannot run, or undefined when they can: `describe.skipIf(gpuMissing !== undefined)`. */
export const gpuMissing: string | undefined = await reasonForSkipping();

async function reasonForSkipping(): Promise<string | undefined> {
  try {
    await (await openDevice()).close();
    return undefined;
  } catch (error) {
    if (!(error instanceof NoAdapterError)) throw error;
    const reason = "no WebGPU adapter; run: sh scripts/adapter.sh";
    if (process.env["SPECC_REQUIRE_GPU"] === "1") throw new Error(`SPECC_REQUIRE_GPU=1, but there is ${reason}`, { cause: error });
    console.warn(`GPU tests are skipped: ${reason}`);
    return reason;
  }
}

/** A device with WebGPU's default limits and no features, so that what passes here fits a browser. The caller closes it. */
export function openTestDevice(): Promise<Device> {
  return openDevice();
}

/** A device for all tests of a suite, opened before them and closed after them; without options as that of `openTestDevice`. */
export function suiteDevice(options?: OpenDeviceOptions): () => Device {
  let device: Device;
  beforeAll(async () => {
    device = await openDevice(options);
  });
  afterAll(() => device.close());
  return () => device;
}
