/** @file A WebGPU device: buffers, submits, waits, and the errors that no call reports. */

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
  /** Loops that slow down the looks for finished work and go on now: never more than one, and none when nobody waits. */
  readonly restingLoops: number;
}

export interface Device {
  readonly gpu: GPUDevice;
  readonly adapter: AdapterDescription;
  readonly counters: DeviceCounters;
  /** The first error that no call reported, or the loss of the device. Nothing computed after it can be trusted. */
  readonly failure: DeviceError | undefined;
  /** Resolves when the device is lost or destroyed. */
  readonly lost: Promise<DeviceError>;
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
  /** Destroys the device and everything made with it, and lets Node exit; one that was adopted lives on. */
  close(): Promise<void>;
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

  constructor(problem: string, seen: readonly AdapterDescription[], advice: readonly string[]) {
    super([problem, ...(seen.length === 0 ? [] : ["adapters seen:"]), ...seen.map(({ name }) => `  ${name}`), ...advice].join("\n"));
    this.seen = seen;
  }
}

export function inNode(): boolean {
  return typeof process !== "undefined" && process.versions?.node !== undefined;
}

/** What a plan needs above WebGPU's defaults. */
export interface Needs {
  readonly limits?: Readonly<Record<string, number>>;
  readonly features?: readonly string[];
}

/** @throws LimitError, DeviceError */
export function requireOffers(adapter: AdapterDescription, { limits = {}, features = [] }: Needs): void {
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

/** Reads what an adapter, or a device of one, says about itself. */
export function describe(
  info: Partial<GPUAdapterInfo>,
  from: { readonly limits: GPUSupportedLimits; readonly features: GPUSupportedFeatures },
  backend = "",
): AdapterDescription {
  const { vendor = "", architecture = "", device = "", description = "", isFallbackAdapter = false } = info;
  const title = device.replace(/^-+|-+$/g, "") || `${vendor} ${architecture}`.trim() || "unnamed adapter";
  const limits: Record<string, number> = {};
  // Limits are accessors of the prototype.
  for (const key in from.limits) {
    const value: unknown = Reflect.get(from.limits, key);
    if (typeof value === "number") limits[key] = value;
  }
  return {
    name: description === "" ? title : `${title} (${description})`,
    vendor,
    architecture,
    device,
    description,
    backend,
    limits,
    fallback: isFallbackAdapter,
    features: [...from.features].sort(),
  };
}

/** Takes a device into use. @param release called when it is closed, after which nothing uses it any more */
export function ownDevice(gpu: GPUDevice, adapter: AdapterDescription, release: () => void): Device {
  return new OpenDevice(gpu, adapter, release);
}

/**
 * Uses a device of the application: it is not destroyed on closing, and errors that no call reports stay the application's to
 * hear of. Its loss is reported by the calls that it makes fail.
 */
export function adoptDevice(gpu: GPUDevice): Device {
  return new OpenDevice(gpu, describe((gpu as Partial<GPUDevice>).adapterInfo ?? {}, gpu), null);
}

/** The share of the last duration in which the same work is not expected to be done again. */
const restShare = 0.75;
/** Later, rests of this share of the time waited so far come between bursts of looks: one look is not enough for a finished read. */
const pauseShare = 1 / 64;
const looksPerBurst = 64;
/** Signals and timers must not wait longer than this for a turn. */
const longestRestMs = 4;

class OpenDevice implements Device {
  readonly gpu: GPUDevice;
  readonly adapter: AdapterDescription;
  readonly lost: Promise<DeviceError>;
  /** Null: the device is somebody else's. */
  readonly #release: (() => void) | null;
  readonly #counters = { buffersCreated: 0, buffersDestroyed: 0, bytes: 0, submits: 0, dispatches: 0, restingLoops: 0 };
  #failure: DeviceError | undefined = undefined;
  #closed = false;
  /** Of each wait under way, until when the work is unlikely to be done (a time of `performance.now()`). */
  readonly #waits: Set<{ readonly started: number; readonly restUntil: number }> = new Set();
  /** How long the last wait of each name took, in milliseconds. */
  readonly #durations: Map<string, number> = new Map();

  constructor(gpu: GPUDevice, adapter: AdapterDescription, release: (() => void) | null) {
    this.gpu = gpu;
    this.adapter = adapter;
    this.#release = release;
    if (release !== null) {
      gpu.addEventListener("uncapturederror", (event) => {
        event.preventDefault();
        this.#failure ??= new DeviceError(event.error.message.trim());
      });
    }
    this.lost = gpu.lost.then(({ reason, message }) => {
      const error = new DeviceError(`the device was lost (${reason}): ${message}`);
      if (!this.#closed) this.#failure ??= error;
      return error;
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
    const wait = { started, restUntil: started + restShare * (name === undefined ? 0 : (this.#durations.get(name) ?? 0)) };
    this.#waits.add(wait);
    if (this.#counters.restingLoops === 0 && this.adapter.fallback && inNode()) this.#restBetweenLooks();
    try {
      return await work;
    } finally {
      this.#waits.delete(wait);
      if (name !== undefined) this.#durations.set(name, performance.now() - started);
    }
  }

  /**
   * In Node, Dawn looks for finished work in every turn of the event loop, without a pause. A software driver works on the same
   * cores and would lose one of them to that, so the turns are slowed down: most while no work is expected to be done yet. One loop
   * does so for all waits, and for those that begin before its next turn.
   */
  #restBetweenLooks(): void {
    const never = new Int32Array(new SharedArrayBuffer(4));
    let looks = 0;
    const rest = (): void => {
      if (this.#waits.size === 0) {
        this.#counters.restingLoops--;
        return;
      }
      const now = performance.now();
      const left = Math.min(...[...this.#waits].map(({ restUntil }) => restUntil)) - now;
      const waited = now - Math.max(...[...this.#waits].map(({ started }) => started));
      const pause = left > 1 ? left : ++looks % looksPerBurst === 0 ? pauseShare * waited : 0;
      if (pause > 0) Atomics.wait(never, 0, 0, Math.min(pause, longestRestMs));
      setImmediate(rest);
    };
    this.#counters.restingLoops++;
    setImmediate(rest);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#release === null) return;
    this.gpu.destroy();
    await this.gpu.lost;
    this.#release();
  }
}
