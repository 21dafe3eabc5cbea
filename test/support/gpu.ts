/** @file The WebGPU adapter of a test run: skipped with a reason where there is none, demanded where SPECC_REQUIRE_GPU=1. */

import { create, globals } from "webgpu";

let gpu: GPU | undefined;

/** Dawn crashes when its GPU object is collected while devices live, hence the module variable. */
function dawn(): GPU {
  if (gpu === undefined) {
    Object.assign(globalThis, globals);
    gpu = create([]);
  }
  return gpu;
}

/** Why the GPU suites cannot run, or undefined when they can: `describe.skipIf(gpuMissing)`. */
export const gpuMissing: string | undefined = await reasonForSkipping();

async function reasonForSkipping(): Promise<string | undefined> {
  if ((await dawn().requestAdapter()) !== null) return undefined;
  const reason = "no WebGPU adapter; run: sh scripts/adapter.sh";
  if (process.env["SPECC_REQUIRE_GPU"] === "1") throw new Error(`SPECC_REQUIRE_GPU=1, but there is ${reason}`);
  console.warn(`GPU tests are skipped: ${reason}`);
  return reason;
}

/**
 * A device with WebGPU's default limits and no features, so that what passes here fits a browser.
 * The caller destroys it.
 */
export async function openTestDevice(): Promise<GPUDevice> {
  const adapter = await dawn().requestAdapter();
  if (adapter === null) throw new Error("no WebGPU adapter");
  return adapter.requestDevice();
}
