/** @file Where WebGPU comes from: the only file that knows a browser from Dawn in Node. */

import { inNode, NoAdapterError } from "./device.ts";

const keeper = globalThis as typeof globalThis & { speccInstances?: Set<GPU> };

/**
 * Keeps Dawn's instance in a global while a device of it lives: without a reference the collector takes it, and the process
 * crashes.
 * @returns what lets it go
 */
export function keepInstance(instance: GPU): () => void {
  (keeper.speccInstances ??= new Set()).add(instance);
  return () => void keeper.speccInstances?.delete(instance);
}

export function browserGpu(): GPU | undefined {
  return typeof navigator === "undefined" ? undefined : (navigator as Partial<Navigator>).gpu;
}

/** The WebGPU of this host: the browser's, or Dawn's in Node; undefined where there is neither. */
export function hostGpu(flags: readonly string[]): GPU | Promise<GPU> | undefined {
  return browserGpu() ?? (inNode() ? createInstance(flags) : undefined);
}

/**
 * Dawn's WebGPU, in Node.
 * @param flags of Dawn
 * @throws NoAdapterError when the package cannot be loaded
 */
export async function createInstance(flags: readonly string[]): Promise<GPU> {
  // Mesa complains on stderr without a runtime folder. It must be set before Vulkan is loaded.
  if (process.platform === "linux") process.env.XDG_RUNTIME_DIR ??= process.env.TMPDIR ?? "/tmp";
  // The name is not a literal, so that bundlers for browsers leave it alone.
  const packageName = "webgpu";
  let dawn: { readonly create: (options: string[]) => GPU; readonly globals: object };
  try {
    dawn = (await import(/* @vite-ignore */ packageName)) as typeof dawn;
  } catch (error) {
    throw new NoAdapterError(
      `the package \`webgpu\` could not be loaded: ${error instanceof Error ? error.message : String(error)}`,
      [],
      ["it brings WebGPU to Node: npm install webgpu"],
    );
  }
  if (!("GPUBufferUsage" in globalThis)) Object.assign(globalThis, dawn.globals);
  return dawn.create([...flags]);
}
