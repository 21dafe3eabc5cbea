/** @file The WebGPU device: the only file that knows a browser from Dawn in Node. */

/** What one adapter says about itself. */
export interface AdapterDescription {
  /** Device and driver in one line, for people. */
  readonly name: string;
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  /** `vulkan`, `metal`, ...; empty where the host does not say. */
  readonly backend: string;
  /** A software implementation. */
  readonly fallback: boolean;
  readonly limits: Readonly<Record<string, number>>;
  readonly features: readonly string[];
}

/** What a device has done since it was opened. */
export interface DeviceCounters {
  readonly buffersCreated: number;
  readonly buffersDestroyed: number;
  /** Bytes of the buffers that exist now. */
  readonly bytes: number;
  readonly submits: number;
  readonly dispatches: number;
}

export interface Device {
  readonly gpu: GPUDevice;
  readonly adapter: AdapterDescription;
  readonly counters: DeviceCounters;
  /** The first error that no call reported, or the loss of the device. Nothing computed after it can be trusted. */
  readonly failure: DeviceError | undefined;
  createBuffer(label: string, sizeBytes: number, usage: GPUBufferUsageFlags): GPUBuffer;
  destroyBuffer(buffer: GPUBuffer): void;
  submit(commands: GPUCommandBuffer, dispatches: number): void;
  /**
   * Runs `action` and waits until the device has checked what it did.
   * @throws DeviceError, beginning with `what`, for a validation error or when memory runs out
   */
  scoped<T>(what: string, action: () => T): Promise<T>;
  /** Awaits work of the device; every wait for it goes through here. Equal names mean work of about equal length. */
  waitFor<T>(name: string | undefined, work: Promise<T>): Promise<T>;
  /** Destroys the device and everything made with it, and lets Node exit. */
  close(): Promise<void>;
}

export interface OpenDeviceOptions {
  /** `auto`, or part of an adapter's name, in any case. */
  readonly device?: string;
  /** Limits above WebGPU's defaults. */
  readonly limits?: Readonly<Record<string, number>>;
  readonly features?: readonly string[];
  /** Limits and features that depend on the adapter; called once it is chosen, in place of the above. */
  readonly needs?: (adapter: AdapterDescription) => { readonly limits: Readonly<Record<string, number>>; readonly features: readonly string[] };
  /** Takes the feature `timestamp-query`, unrounded, where the adapter offers it. */
  readonly timestamps?: boolean;
}

/** The device refused something, ran out of memory or was lost; the message names the labelled object. */
export class DeviceError extends Error {
  override readonly name: string = "DeviceError";
}

/** The device has no memory left for a buffer. Nothing else is wrong with it. */
export class OutOfMemoryError extends DeviceError {}

/** The plan needs more than the adapter has. */
export class LimitError extends DeviceError {
  /** The name of the limit in WebGPU. */
  readonly limit: string;
  readonly needed: number;
  readonly offered: number;
  constructor(adapter: string, limit: string, needed: number, offered: number) {
    super(`${adapter} offers ${limit} ${offered}, but the plan needs ${needed}`);
    this.limit = limit;
    this.needed = needed;
    this.offered = offered;
  }
}

/** No adapter was found, or none of that name. The message lists what was seen and says what would help. */
export class NoAdapterError extends Error {
  override readonly name = "NoAdapterError";
  readonly seen: readonly AdapterDescription[];

  constructor(problem: string, seen: readonly AdapterDescription[]) {
    const list = seen.length === 0 ? ["  none"] : seen.map(({ name }) => `  ${name}`);
    super([problem, "adapters seen:", ...list, ...advice(seen.length > 0)].join("\n"));
    this.seen = seen;
  }
}

interface Candidate {
  readonly adapter: GPUAdapter;
  readonly description: AdapterDescription;
  /** As the driver spells it; the description has it simplified. */
  readonly listedName: string;
  /** Kept in a global while the device lives: without a reference the collector takes it, and the process crashes. */
  readonly instance: GPU;
}

const keeper = globalThis as typeof globalThis & { speccInstances?: Set<GPU> };

function inNode(): boolean {
  return typeof process !== "undefined" && process.versions?.node !== undefined;
}

function browserGpu(): GPU | undefined {
  return typeof navigator === "undefined" ? undefined : (navigator as Partial<Navigator>).gpu;
}

function advice(chooseAnother: boolean): string[] {
  if (chooseAnother) return ["choose one of these with `--device`, by any part of its name, or run on the processor with `--device cpu`"];
  if (!inNode()) return ["this browser offers no WebGPU: update it, or enable WebGPU in its settings"];
  const lines = ["without a GPU, or without its Vulkan driver, a software adapter works:"];
  if (process.platform === "linux") {
    lines.push(
      "  Debian 12: enable bookworm-backports, then `apt-get install -t bookworm-backports mesa-vulkan-drivers` (its own version 22 is too old)",
      "  Debian 13, Ubuntu 24.04 and later: `apt-get install mesa-vulkan-drivers`",
      "  other systems: Mesa 25 or later with lavapipe",
    );
  } else {
    lines.push("  install the current graphics driver of this machine");
  }
  return [...lines, "or run on the processor with `--device cpu`"];
}

async function createInstance(flags: readonly string[]): Promise<GPU> {
  // Mesa complains on stderr without a runtime folder. It must be set before Vulkan is loaded.
  if (process.platform === "linux") process.env.XDG_RUNTIME_DIR ??= process.env.TMPDIR ?? "/tmp";
  // The name is not a literal, so that bundlers for browsers leave it alone.
  const packageName = "webgpu";
  let dawn: { readonly create: (options: string[]) => GPU; readonly globals: object };
  try {
    dawn = (await import(/* @vite-ignore */ packageName)) as typeof dawn;
  } catch (error) {
    throw new NoAdapterError(`the package \`webgpu\` could not be loaded: ${error instanceof Error ? error.message : String(error)}`, []);
  }
  if (!("GPUBufferUsage" in globalThis)) Object.assign(globalThis, dawn.globals);
  return dawn.create([...flags]);
}

function describe(adapter: GPUAdapter, backend: string): AdapterDescription {
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
  const title = device.replace(/^-+|-+$/g, "") || `${vendor} ${architecture}`.trim() || "unnamed adapter";
  const limits: Record<string, number> = {};
  // Limits are accessors of the prototype.
  for (const key in adapter.limits) {
    const value: unknown = Reflect.get(adapter.limits, key);
    if (typeof value === "number") limits[key] = value;
  }
  return {
    name: description === "" ? title : `${title} (${description})`,
    vendor, architecture, device, description, backend, limits,
    fallback: isFallbackAdapter,
    features: [...adapter.features].sort(),
  };
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
  return adapter === null ? undefined : { adapter, description: describe(adapter, backend), listedName, instance };
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
    const gpu = browserGpu() ?? (inNode() ? await createInstance(flags) : undefined);
    const best = gpu && ((await request(gpu, { powerPreference: "high-performance" })) ?? (await request(gpu, {})));
    if (best === undefined) throw new NoAdapterError("no WebGPU adapter was found", []);
    return best;
  }
  const all = await candidates(flags);
  const part = wanted.toLowerCase();
  const text = ({ listedName, description: { name, vendor, architecture, backend } }: Candidate): string =>
    [listedName, name, vendor, architecture, backend].join(" ").toLowerCase();
  const match = all.find((candidate) => text(candidate).includes(part));
  if (match !== undefined) return match;
  const seen = all.map(({ description }) => description);
  throw new NoAdapterError(seen.length === 0 ? "no WebGPU adapter was found" : `no WebGPU adapter has \`${wanted}\` in its name`, seen);
}

function requireOffers(adapter: AdapterDescription, { limits = {}, features = [] }: OpenDeviceOptions): void {
  for (const [key, value] of Object.entries(limits)) {
    const offered = adapter.limits[key];
    if (offered === undefined) throw new DeviceError(`${adapter.name} does not know the limit ${key}`);
    const fits = key.startsWith("min") ? offered <= value : offered >= value;
    if (!fits) throw new LimitError(adapter.name, key, value, offered);
  }
  for (const feature of features) {
    if (!adapter.features.includes(feature)) throw new DeviceError(`${adapter.name} does not offer the feature ${feature}`);
  }
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
  (keeper.speccInstances ??= new Set()).add(instance);
  return new OpenDevice(gpu, description, instance);
}

/** The share of the last duration in which the same work is not expected to be done again. */
const restShare = 0.75;
/** Signals and timers must not wait longer than this for a turn. */
const longestRestMs = 4;

class OpenDevice implements Device {
  readonly gpu: GPUDevice;
  readonly adapter: AdapterDescription;
  readonly #instance: GPU;
  readonly #counters = { buffersCreated: 0, buffersDestroyed: 0, bytes: 0, submits: 0, dispatches: 0 };
  #failure: DeviceError | undefined = undefined;
  #closed = false;
  /** Of each wait under way, until when the work is unlikely to be done (a time of `performance.now()`). */
  readonly #waits: Set<{ readonly restUntil: number }> = new Set();
  /** How long the last wait of each name took, in milliseconds. */
  readonly #durations: Map<string, number> = new Map();

  constructor(gpu: GPUDevice, adapter: AdapterDescription, instance: GPU) {
    this.gpu = gpu;
    this.adapter = adapter;
    this.#instance = instance;
    gpu.addEventListener("uncapturederror", (event) => {
      event.preventDefault();
      this.#failure ??= new DeviceError(event.error.message.trim());
    });
    void gpu.lost.then(({ reason, message }) => {
      if (!this.#closed) this.#failure ??= new DeviceError(`the device was lost (${reason}): ${message}`);
    });
  }

  get counters(): DeviceCounters {
    return { ...this.#counters };
  }

  get failure(): DeviceError | undefined {
    return this.#failure ?? (this.#closed ? new DeviceError("the device is closed") : undefined);
  }

  createBuffer(label: string, sizeBytes: number, usage: GPUBufferUsageFlags): GPUBuffer {
    const buffer = this.gpu.createBuffer({ label, size: sizeBytes, usage });
    this.#counters.buffersCreated++;
    this.#counters.bytes += sizeBytes;
    return buffer;
  }

  destroyBuffer(buffer: GPUBuffer): void {
    this.#counters.buffersDestroyed++;
    this.#counters.bytes -= buffer.size;
    buffer.destroy();
  }

  submit(commands: GPUCommandBuffer, dispatches: number): void {
    this.gpu.queue.submit([commands]);
    this.#counters.submits++;
    this.#counters.dispatches += dispatches;
  }

  async scoped<T>(what: string, action: () => T): Promise<T> {
    const filters: readonly GPUErrorFilter[] = ["validation", "internal", "out-of-memory"];
    for (const filter of filters) this.gpu.pushErrorScope(filter);
    let scopes: Promise<(GPUError | null)[]>;
    let result: T;
    try {
      result = action();
    } finally {
      // A lost device rejects these; its loss is reported where results are read.
      scopes = Promise.all(filters.map(() => this.gpu.popErrorScope().catch(() => null)));
    }
    // The scope that was pushed last is popped first.
    const [memory, ...others] = await scopes;
    if (memory) throw new OutOfMemoryError(`${what}: ${memory.message.trim()}`);
    const error = others.find((found) => found !== null);
    if (error) throw new DeviceError(`${what}: ${error.message.trim()}`);
    return result;
  }

  async waitFor<T>(name: string | undefined, work: Promise<T>): Promise<T> {
    const started = performance.now();
    const wait = { restUntil: started + restShare * (name === undefined ? 0 : (this.#durations.get(name) ?? 0)) };
    this.#waits.add(wait);
    if (this.#waits.size === 1 && this.adapter.fallback && inNode()) this.#restBetweenLooks();
    try {
      return await work;
    } finally {
      this.#waits.delete(wait);
      if (name !== undefined) this.#durations.set(name, performance.now() - started);
    }
  }

  /**
   * In Node, Dawn looks for finished work in every turn of the event loop, without a pause. A software driver works on the same
   * cores and would lose one of them to that, so the turns are slowed down while no work is expected to be done yet.
   */
  #restBetweenLooks(): void {
    const never = new Int32Array(new SharedArrayBuffer(4));
    const rest = (): void => {
      if (this.#waits.size === 0) return;
      const left = Math.min(...[...this.#waits].map(({ restUntil }) => restUntil)) - performance.now();
      if (left > 1) Atomics.wait(never, 0, 0, Math.min(left, longestRestMs));
      setImmediate(rest);
    };
    setImmediate(rest);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.gpu.destroy();
    await this.gpu.lost;
    keeper.speccInstances?.delete(this.#instance);
  }
}
