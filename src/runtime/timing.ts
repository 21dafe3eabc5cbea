/** @file Times a program: as a whole, and every dispatch of it on its own. */

import type { Device } from "./device.ts";
import type { ReadbackPool } from "./readback.ts";
import { bufferUsage } from "./webgpu-flags.ts";

/** `timestamps`: the device's own clock; `waits`: each dispatch was submitted alone and waited for, so host and queue are in it. */
type TimingMethod = "timestamps" | "waits";

/** Where the time of a program goes; milliseconds, medians over the runs. */
export interface ProgramTiming {
  readonly method: TimingMethod;
  /** Of each step of a run (`stepsOfRun`), timed on its own. */
  readonly steps: readonly number[];
  /** Of a whole run in one submit, until the host knows that it is done. */
  readonly whole: number;
}

/** What is timed, one by one. */
export interface Dispatches {
  readonly count: number;
  readonly encode: (pass: GPUComputePassEncoder, index: number) => void;
}

/** One run: milliseconds of each dispatch. */
type TimedRun = () => Promise<readonly number[]>;

type Values = ReadonlyMap<string, Float32Array>;

/** A session, as far as timing needs it. */
interface Timed<Inputs> {
  readParams(): Promise<Values>;
  writeParams(values: Values): Promise<void>;
  readState(): Promise<Values>;
  writeState(values: Values): Promise<void>;
  run(program: string, inputs: Inputs, want: readonly string[]): Promise<unknown>;
}

/** What runs its programs. */
interface Runner {
  readonly device: Device;
  readonly pool: ReadbackPool;
  dispatches(program: string): Dispatches;
}

/** The method `time` of a session (`Session`). */
export function timingOf<Inputs>(
  session: Timed<Inputs>,
  runner: Runner,
): (program: string, inputs: Inputs, runs: number) => Promise<ProgramTiming> {
  return async (program, inputs, runs) => {
    const [params, state] = await Promise.all([session.readParams(), session.readState()]);
    const timing = await timeProgram(runner, runner.dispatches(program), () => session.run(program, inputs, []), runs);
    await Promise.all([session.writeParams(params), session.writeState(state)]);
    return timing;
  };
}

/** Runs a program `2 * runs + 2` times on the same inputs: half of them whole, half step by step with a clock on each, in turn. */
async function timeProgram(
  { device, pool }: Runner,
  dispatches: Dispatches,
  run: () => Promise<unknown>,
  runs: number,
): Promise<ProgramTiming> {
  const timer = createTimer(device, pool, dispatches);
  const wholes: number[] = [];
  const alone: (readonly number[])[] = [];
  try {
    for (let turn = 0; turn <= runs; turn++) {
      const started = performance.now();
      await run();
      wholes.push(performance.now() - started);
      alone.push(await timer.run());
      if (device.failure !== undefined) throw device.failure;
    }
  } finally {
    timer.close();
  }
  // The first of each is a warm-up.
  const steps = Array.from({ length: dispatches.count }, (_, step) => median(alone.slice(1).map((times) => times[step])));
  return { method: timer.method, steps, whole: median(wholes.slice(1)) };
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/** Times with the device's clock where it was opened with one. `close` frees what the timing needs. */
function createTimer(
  device: Device,
  pool: ReadbackPool,
  dispatches: Dispatches,
): { readonly method: TimingMethod; readonly run: TimedRun; readonly close: () => void } {
  if (!device.gpu.features.has("timestamp-query")) return { method: "waits", run: () => waitForEach(device, dispatches), close: () => {} };
  const clock = new Clock(device, pool, dispatches);
  return { method: "timestamps", run: () => clock.run(), close: () => clock.close() };
}

async function waitForEach(device: Device, { count, encode }: Dispatches): Promise<readonly number[]> {
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    const encoder = device.gpu.createCommandEncoder({ label: "timing" });
    const pass = encoder.beginComputePass();
    encode(pass, index);
    pass.end();
    const commands = encoder.finish();
    const started = performance.now();
    device.submit(commands, 1);
    await device.waitFor(undefined, device.gpu.queue.onSubmittedWorkDone());
    times.push(performance.now() - started);
  }
  return times;
}

/** WebGPU's limit is 4096 queries in a set, and each dispatch takes two. */
const dispatchesInSet = 2048;
const bytesOfDispatch = 16;

/** A compute pass for each dispatch, with a timestamp at either end. */
class Clock {
  readonly #device: Device;
  readonly #pool: ReadbackPool;
  readonly #dispatches: Dispatches;
  readonly #sets: readonly GPUQuerySet[];
  readonly #resolved: GPUBuffer;

  constructor(device: Device, pool: ReadbackPool, dispatches: Dispatches) {
    const { count } = dispatches;
    this.#device = device;
    this.#pool = pool;
    this.#dispatches = dispatches;
    this.#sets = Array.from({ length: Math.ceil(count / dispatchesInSet) }, (_, set) =>
      device.gpu.createQuerySet({ type: "timestamp", count: 2 * Math.min(dispatchesInSet, count - set * dispatchesInSet) }),
    );
    this.#resolved = device.createBuffer(
      "timestamps",
      Math.max(1, count) * bytesOfDispatch,
      bufferUsage.queryResolve | bufferUsage.copySource,
    );
  }

  async run(): Promise<readonly number[]> {
    const { count, encode } = this.#dispatches;
    const encoder = this.#device.gpu.createCommandEncoder({ label: "timing" });
    for (let index = 0; index < count; index++) {
      const first = 2 * (index % dispatchesInSet);
      const querySet = this.#sets[Math.floor(index / dispatchesInSet)];
      const pass = encoder.beginComputePass({
        timestampWrites: { querySet, beginningOfPassWriteIndex: first, endOfPassWriteIndex: first + 1 },
      });
      encode(pass, index);
      pass.end();
    }
    this.#sets.forEach((set, i) => encoder.resolveQuerySet(set, 0, set.count, this.#resolved, i * dispatchesInSet * bytesOfDispatch));
    const reading = this.#pool.open("timing", this.#resolved.size);
    reading.copy(encoder, { buffer: this.#resolved, offsetBytes: 0, sizeBytes: this.#resolved.size }, 0);
    this.#device.submit(encoder.finish(), count);
    const ticks = new BigUint64Array(await reading.read());
    // Nanoseconds. A clock may be set back between two ticks; no dispatch takes less than no time.
    return Array.from({ length: count }, (_, i) => Math.max(0, Number(BigInt.asIntN(64, ticks[2 * i + 1] - ticks[2 * i])) / 1e6));
  }

  close(): void {
    for (const set of this.#sets) set.destroy();
    this.#device.destroyBuffer(this.#resolved);
  }
}
