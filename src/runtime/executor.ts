/** @file Runs a Plan on a device: buffers allocated once, commands recorded once, one submit for each run of a program or slab of it. */

import { decodeBase64 } from "../plan/base64.ts";
import type { Plan, PlanBuffer, Program, Step, TensorPlace } from "../plan/plan.ts";
import { elementBytes, elementCount } from "../plan/shape.ts";
import { slabCount, stepsOf } from "../plan/steps.ts";
import type { Device } from "./device.ts";
import { DeviceError } from "./device.ts";
import { createPipelines, LayoutCache } from "./pipelines.ts";
import { ReadbackPool } from "./readback.ts";
import type { TensorData } from "./slabs.ts";
import { arrayOf, collected, copyAfter, hostShape, readLayout, slabOf } from "./slabs.ts";
import type { Dispatches } from "./timing.ts";
import { bufferUsage } from "./webgpu-flags.ts";

export type { TensorData } from "./slabs.ts";

export interface ExecutorOptions {
  /** Progress of compilation and of the first dispatches, in kernels; software drivers take seconds here. */
  readonly onWarm?: (done: number, total: number) => void;
  /** Dispatch every kernel once before the first run, so that no step pays for compilation. Default true. */
  readonly warm?: boolean;
}

/** One dispatch, ready to be encoded. */
interface Command {
  readonly label: string;
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  readonly grid: readonly [number, number, number];
}

/** The commands of a program: those of each slab, or of the batch, and those behind the last. */
interface Recorded {
  readonly each: readonly Command[];
  readonly finish: readonly Command[];
}

/** A run was asked for that the program does not offer; the message names the tensor. */
export class RunError extends Error {
  override readonly name = "RunError";
}

/** Buffers that some kernel binds as a uniform need that usage too. */
function uniformBuffers(plan: Plan): Set<number> {
  const found = new Set<number>();
  for (const { kernel, bindings } of stepsOf(plan)) {
    bindings.forEach(({ buffer }, i) => plan.kernels[kernel].bindings[i] === "uniform" && found.add(buffer));
  }
  return found;
}

async function createBuffers(device: Device, plan: Plan): Promise<GPUBuffer[]> {
  const uniforms = uniformBuffers(plan);
  const create = async ({ name, sizeBytes, data }: PlanBuffer, index: number): Promise<GPUBuffer> => {
    const { storage, copySource, copyTarget, uniform } = bufferUsage;
    const usage = storage | copySource | copyTarget | (uniforms.has(index) ? uniform : 0);
    let buffer: GPUBuffer | undefined;
    return device
      .scoped(`buffer \`${name}\` of ${sizeBytes} bytes`, () => {
        const created = (buffer = device.createBuffer(name, sizeBytes, usage));
        if (data !== undefined) device.gpu.queue.writeBuffer(created, 0, decodeBase64(data));
        return created;
      })
      .catch((error: unknown) => {
        if (buffer !== undefined) device.destroyBuffer(buffer);
        throw error;
      });
  };
  const results = await Promise.allSettled(plan.buffers.map(create));
  const created = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
  const refused = results.find((result) => result.status === "rejected");
  if (refused === undefined) return created;
  for (const buffer of created) device.destroyBuffer(buffer);
  throw refused.reason;
}

/** The commands of every program; steps with the same layout and the same bindings share a bind group. */
async function recordCommands(
  device: Device,
  plan: Plan,
  buffers: readonly GPUBuffer[],
  pipelines: readonly GPUComputePipeline[],
  layouts: LayoutCache,
): Promise<Map<string, Recorded>> {
  const groups = new Map<string, GPUBindGroup>();
  return device.scoped("bind groups", () => {
    const record = (steps: readonly Step[]): readonly Command[] =>
      steps.map(({ kernel, label, bindings, grid }) => {
        const kinds = plan.kernels[kernel].bindings;
        const key = bindings.map((b, i) => `${kinds[i]} ${b.buffer} ${b.offsetBytes} ${b.sizeBytes}`).join(", ");
        let group = groups.get(key);
        if (group === undefined) {
          group = device.gpu.createBindGroup({
            label,
            layout: layouts.group(kinds),
            entries: bindings.map(({ buffer, offsetBytes, sizeBytes }, binding) => ({
              binding,
              resource: { buffer: buffers[buffer], offset: offsetBytes, size: sizeBytes },
            })),
          });
          groups.set(key, group);
        }
        return { label, pipeline: pipelines[kernel], group, grid };
      });
    return new Map(
      Object.entries(plan.programs).map(([name, { steps, slabs }]) => [name, { each: record(steps), finish: record(slabs?.finish ?? []) }]),
    );
  });
}

function encode(pass: GPUComputePassEncoder, commands: readonly Command[]): void {
  let pipeline: GPUComputePipeline | undefined;
  let group: GPUBindGroup | undefined;
  for (const command of commands) {
    if (command.pipeline !== pipeline) pass.setPipeline((pipeline = command.pipeline));
    if (command.group !== group) pass.setBindGroup(0, (group = command.group));
    pass.dispatchWorkgroups(...command.grid);
  }
}

/**
 * Allocates and compiles everything that a plan needs.
 * @throws DeviceError if a buffer cannot be allocated or a kernel does not compile; nothing stays allocated
 */
export async function openExecutor(plan: Plan, device: Device, options: ExecutorOptions = {}): Promise<Executor> {
  const { onWarm = () => {}, warm = true } = options;
  const layouts = new LayoutCache(device.gpu);
  const used = new Set(stepsOf(plan).map(({ kernel }) => kernel));
  const total = plan.kernels.length + (warm ? used.size : 0);
  let done = 0;
  const pipelines = await createPipelines(device, plan.kernels, layouts, () => onWarm(++done, total));
  const buffers = await createBuffers(device, plan);
  const pool = new ReadbackPool(device);
  try {
    const commands = await recordCommands(device, plan, buffers, pipelines, layouts);
    const executor = new Executor(plan, device, buffers, commands, pool);
    if (warm) await executor.warmUp(() => onWarm(++done, total));
    return executor;
  } catch (error) {
    for (const buffer of buffers) device.destroyBuffer(buffer);
    throw error;
  }
}

export class Executor {
  readonly plan: Plan;
  readonly device: Device;
  readonly #buffers: readonly GPUBuffer[];
  readonly #commands: ReadonlyMap<string, Recorded>;
  readonly pool: ReadbackPool;
  #closed = false;

  /** @internal use openExecutor */
  constructor(plan: Plan, device: Device, buffers: readonly GPUBuffer[], commands: ReadonlyMap<string, Recorded>, pool: ReadbackPool) {
    this.plan = plan;
    this.device = device;
    this.#buffers = buffers;
    this.#commands = commands;
    this.pool = pool;
  }

  /**
   * Dispatches one workgroup of every kernel that some step uses, which makes software drivers compile it, and then
   * clears all buffers but the constants.
   */
  async warmUp(onKernel: () => void): Promise<void> {
    const firstUses = new Map<GPUComputePipeline, Command>();
    for (const command of [...this.#commands.values()].flatMap(({ each, finish }) => [...each, ...finish])) {
      if (!firstUses.has(command.pipeline)) firstUses.set(command.pipeline, command);
    }
    for (const command of firstUses.values()) {
      this.#submit(command.label, [{ ...command, grid: [1, 1, 1] }]);
      // One at a time, or the progress would jump from nothing to everything.
      await this.device.waitFor(undefined, this.device.gpu.queue.onSubmittedWorkDone());
      this.#refuseIfFailed();
      onKernel();
    }
    this.#submit("clear", [], {
      before: (encoder) => this.plan.buffers.forEach(({ kind }, i) => kind !== "constant" && encoder.clearBuffer(this.#buffers[i])),
    });
  }

  /**
   * Writes inputs, runs a program in one submit for each slab and reads outputs. The submits happen before this returns; the
   * promise resolves once this run is done, and later runs may be started before that. Whole numbers are returned as floats.
   * @param inputs every input of the program, flat and row-major
   * @param want names of outputs; all of them by default
   * @throws RunError if an input is missing, unknown, or of the wrong length or type
   * @throws DeviceError if the device failed
   */
  async run(
    name: string,
    inputs: Readonly<Record<string, TensorData>>,
    want?: readonly string[],
  ): Promise<Readonly<Record<string, Float32Array>>> {
    this.#refuseIfFailed();
    const program = this.#program(name);
    const { each, finish } = this.#commands.get(name) ?? { each: [], finish: [] };
    this.#checkInputs(name, program, inputs);
    const outputs = want === undefined ? program.outputs : want.map((output) => this.#output(name, program, output));
    const layout = readLayout(outputs, program);
    const reading = outputs.length === 0 ? undefined : this.pool.open(name, elementBytes * layout.count);
    const last = slabCount(program) - 1;
    for (let slab = 0; slab <= last; slab++) {
      this.#writeInputs(program, inputs, slab);
      this.#submit(name, slab === last ? [...each, ...finish] : each, {
        before: (encoder) => slab === 0 && program.slabs?.clear.forEach((buffer) => encoder.clearBuffer(this.#buffers[buffer])),
        after: (encoder) => {
          for (const read of layout.places) {
            const part = copyAfter(read, program, slab);
            const { buffer, offsetBytes } = read.place;
            if (part !== undefined)
              reading?.copy(
                encoder,
                { buffer: this.#buffers[buffer], offsetBytes, sizeBytes: elementBytes * part.count },
                elementBytes * part.position,
              );
          }
        },
      });
    }
    if (reading === undefined) {
      await this.device.waitFor(name, this.device.gpu.queue.onSubmittedWorkDone());
      this.#refuseIfFailed();
      return {};
    }
    const bytes = await reading.read();
    if (this.device.failure !== undefined) throw this.device.failure;
    return Object.fromEntries(layout.places.map((read) => [read.place.name, collected(read, bytes)]));
  }

  /** Slab 0 writes what every slab takes, and its own part of the rest. */
  #writeInputs({ inputs: places, slabs }: Program, inputs: Readonly<Record<string, TensorData>>, slab: number): void {
    for (const place of places) {
      const rows = slabs !== undefined && place.slabs === "rows";
      if (slab > 0 && !rows) continue;
      const data = (rows ? slabOf(place, inputs[place.name], slabs, slab) : inputs[place.name]) as TensorData & {
        readonly buffer: ArrayBuffer;
      };
      this.device.gpu.queue.writeBuffer(this.#buffers[place.buffer], place.offsetBytes, data);
    }
  }

  /** All dispatches of a run, one by one, for a clock. */
  dispatches(name: string): Dispatches {
    const { each, finish } = this.#commands.get(name) ?? { each: [], finish: [] };
    const commands = [...Array.from({ length: slabCount(this.#program(name)) }, () => each).flat(), ...finish];
    return { count: commands.length, encode: (pass, index) => encode(pass, [commands[index]]) };
  }

  /** Overwrites part of a buffer, in order with the runs. */
  writeBuffer(index: number, offsetBytes: number, data: TensorData): void {
    this.#refuseIfFailed();
    const { buffer, byteOffset, byteLength } = data;
    this.device.gpu.queue.writeBuffer(this.#buffers[index], offsetBytes, buffer as ArrayBuffer, byteOffset, byteLength);
  }

  /** A whole buffer as it is after all runs started so far. */
  async readBuffer(index: number): Promise<ArrayBuffer> {
    this.#refuseIfFailed();
    const buffer = this.#buffers[index];
    const reading = this.pool.open(`read ${buffer.label}`, buffer.size);
    this.#submit(`read ${buffer.label}`, [], {
      after: (encoder) => reading.copy(encoder, { buffer, offsetBytes: 0, sizeBytes: buffer.size }, 0),
    });
    const bytes = await reading.read();
    if (this.device.failure !== undefined) throw this.device.failure;
    return bytes;
  }

  /** Waits for all runs, then frees every buffer. The device stays open. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.device.failure === undefined) await this.device.waitFor(undefined, this.device.gpu.queue.onSubmittedWorkDone());
    await this.pool.close();
    for (const buffer of this.#buffers) this.device.destroyBuffer(buffer);
  }

  #refuseIfFailed(): void {
    if (this.device.failure !== undefined) throw this.device.failure;
    if (this.#closed) throw new DeviceError("the session is closed");
  }

  #program(name: string): Program {
    if (Object.hasOwn(this.plan.programs, name)) return this.plan.programs[name];
    throw new RunError(`there is no program \`${name}\`; the plan has ${Object.keys(this.plan.programs).join(", ")}`);
  }

  #output(name: string, program: Program, output: string): TensorPlace {
    const place = program.outputs.find((candidate) => candidate.name === output);
    if (place !== undefined) return place;
    throw new RunError(`\`${name}\` has no output \`${output}\`; it has ${program.outputs.map((other) => other.name).join(", ")}`);
  }

  #checkInputs(name: string, program: Program, inputs: Readonly<Record<string, TensorData>>): void {
    for (const place of program.inputs) {
      const data = inputs[place.name] as TensorData | undefined;
      const shape = hostShape(place, program.slabs);
      const wanted = `${place.dtype} [${shape.join(", ")}]`;
      if (data === undefined) throw new RunError(`\`${name}\` needs the input \`${place.name}\`, ${wanted}`);
      if (!(data instanceof arrayOf[place.dtype]) || data.length !== elementCount(shape)) {
        throw new RunError(`the input \`${place.name}\` of \`${name}\` is ${wanted}, got ${data.constructor.name} of ${data.length}`);
      }
    }
    for (const key of Object.keys(inputs)) {
      if (!program.inputs.some((place) => place.name === key)) throw new RunError(`\`${name}\` has no input \`${key}\``);
    }
  }

  /** One encoder, one pass, one submit. */
  #submit(
    label: string,
    commands: readonly Command[],
    copies: { readonly before?: (encoder: GPUCommandEncoder) => void; readonly after?: (encoder: GPUCommandEncoder) => void } = {},
  ): void {
    const encoder = this.device.gpu.createCommandEncoder({ label });
    copies.before?.(encoder);
    if (commands.length > 0) {
      const pass = encoder.beginComputePass({ label });
      encode(pass, commands);
      pass.end();
    }
    copies.after?.(encoder);
    this.device.submit(encoder.finish({ label }), commands.length);
  }
}
