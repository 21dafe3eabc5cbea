/** @file Every WebGPU adapter of this machine, and the choice of one by its name. */

import type { AdapterDescription, Device, Needs } from "./device.ts";
import { describe, inNode, NoAdapterError, ownDevice, requireOffers } from "./device.ts";
import { browserGpu, createInstance, hostGpu, keepInstance } from "./host.ts";

export interface OpenDeviceOptions extends Needs {
  /** `auto`, or part of an adapter's name, in any case. */
  readonly device?: string;
  /** Limits and features that depend on the adapter; called once it is chosen, in place of the above. */
  readonly needs?: (adapter: AdapterDescription) => Needs;
  /** Takes the feature `timestamp-query`, unrounded, where the adapter offers it. */
  readonly timestamps?: boolean;
}

interface Candidate {
  readonly adapter: GPUAdapter;
  readonly description: AdapterDescription;
  /** As the driver spells it; the description has it simplified. */
  readonly listedName: string;
  readonly instance: GPU;
}

function advice(chooseAnother: boolean): string[] {
  if (chooseAnother) return ["choose one of these with `--device`, by any part of its name, or run on the processor with `--device cpu`"];
  if (!inNode()) return ["this browser offers no WebGPU: update it, or enable WebGPU in its settings"];
  const lines = ["without a GPU, or without its Vulkan driver, a software adapter works:"];
  if (process.platform === "linux") {
    lines.push(
      "  Debian 12: enable bookworm-backports, then `apt-get install -t bookworm-backports mesa-vulkan-drivers` " +
        "(its own version 22 is too old)",
      "  Debian 13, Ubuntu 24.04 and later: `apt-get install mesa-vulkan-drivers`",
      "  other systems: Mesa 25 or later with lavapipe",
    );
  } else {
    lines.push("  install the current graphics driver of this machine");
  }
  return [...lines, "or run on the processor with `--device cpu`"];
}

function noAdapter(problem: string, seen: readonly AdapterDescription[]): NoAdapterError {
  return new NoAdapterError(problem, seen, advice(seen.length > 0));
}

/** Dawn lists what there is only in the error for an adapter that does not exist. */
async function dawnNames(): Promise<{ readonly backend: string; readonly name: string }[]> {
  const instance = await createInstance(["adapter=there is no such adapter"]);
  try {
    await instance.requestAdapter();
    return [];
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    const found = new Map<string, { backend: string; name: string }>();
    for (const [line, backend, name] of text.matchAll(/backend: '([^']*)', name: '(.*)'/g)) found.set(line, { backend, name });
    return [...found.values()];
  }
}

async function request(instance: GPU, options: GPURequestAdapterOptions, backend = "", listedName = ""): Promise<Candidate | undefined> {
  // Dawn in Node throws where browsers return null.
  const adapter = await instance.requestAdapter(options).catch(() => null);
  return adapter === null ? undefined : { adapter, description: describe(adapter.info, adapter, backend), listedName, instance };
}

/** The same adapter is often returned for several wishes. */
async function distinctCandidates(gpu: GPU): Promise<Candidate[]> {
  const wishes: GPURequestAdapterOptions[] = [
    { powerPreference: "high-performance" },
    { powerPreference: "low-power" },
    {},
    { forceFallbackAdapter: true },
  ];
  const found = new Map<string, Candidate>();
  for (const wish of wishes) {
    const candidate = await request(gpu, wish);
    if (candidate !== undefined && !found.has(candidate.description.name)) found.set(candidate.description.name, candidate);
  }
  return [...found.values()];
}

async function candidates(flags: readonly string[] = []): Promise<Candidate[]> {
  const gpu = browserGpu();
  if (gpu !== undefined) return distinctCandidates(gpu);
  if (!inNode()) return [];
  const found: Candidate[] = [];
  for (const { backend, name } of await dawnNames()) {
    const candidate = await request(await createInstance([`backend=${backend}`, `adapter=${name}`, ...flags]), {}, backend, name);
    if (candidate !== undefined) found.push(candidate);
  }
  return found.length > 0 ? found : distinctCandidates(await createInstance(flags));
}

/**
 * Every adapter of this machine, software ones included; empty if there is none.
 * @throws NoAdapterError if Node cannot load its WebGPU package
 */
export async function listAdapters(): Promise<AdapterDescription[]> {
  return (await candidates()).map(({ description }) => description);
}

async function choose(wanted: string, flags: readonly string[]): Promise<Candidate> {
  if (wanted === "auto") {
    const gpu = await hostGpu(flags);
    const best = gpu && ((await request(gpu, { powerPreference: "high-performance" })) ?? (await request(gpu, {})));
    if (best === undefined) throw noAdapter("no WebGPU adapter was found", []);
    return best;
  }
  const all = await candidates(flags);
  const part = wanted.toLowerCase();
  const text = ({ listedName, description: { name, vendor, architecture, backend } }: Candidate): string =>
    [listedName, name, vendor, architecture, backend].join(" ").toLowerCase();
  const match = all.find((candidate) => text(candidate).includes(part));
  if (match !== undefined) return match;
  const seen = all.map(({ description }) => description);
  throw noAdapter(seen.length === 0 ? "no WebGPU adapter was found" : `no WebGPU adapter has \`${wanted}\` in its name`, seen);
}

/**
 * Opens a device with WebGPU's default limits, or those asked for.
 * @throws NoAdapterError if there is no adapter, or none of that name
 * @throws DeviceError if the adapter does not offer the limits or features
 */
export async function openDevice(options: OpenDeviceOptions = {}): Promise<Device> {
  // Dawn rounds timestamps to the tenth part of a millisecond, longer than many a kernel takes.
  const flags = options.timestamps === true ? ["disable-dawn-features=timestamp_quantization"] : [];
  const { adapter, description, instance } = await choose(options.device ?? "auto", flags);
  const { limits = {}, features = [] } = options.needs?.(description) ?? options;
  requireOffers(description, { limits, features });
  const clock = options.timestamps === true && description.features.includes("timestamp-query") ? ["timestamp-query"] : [];
  const gpu = await adapter.requestDevice({
    label: "specc",
    requiredLimits: { ...limits },
    requiredFeatures: [...features, ...clock] as GPUFeatureName[],
  });
  return ownDevice(gpu, description, keepInstance(instance));
}
