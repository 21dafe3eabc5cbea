/** @file A session: a plan in motion, with named parameters, optimizer state and programs. */

import { paramsArena, stateArena, stateTensor } from "../plan/names.ts";
import type { Plan, PlanParam } from "../plan/plan.ts";
import { elementCount } from "../plan/shape.ts";
import type { Device } from "./device.ts";
import type { Executor, ExecutorOptions, TensorData } from "./executor.ts";
import { openExecutor } from "./executor.ts";
import { validatePlan } from "./plan-validate.ts";
import type { ProgramTiming } from "./timing.ts";
import { timingOf } from "./timing.ts";

export interface Session {
  readonly plan: Plan;
  /** For people: device and driver. */
  readonly adapterName: string;
  /** Raw values of all parameters by path, flat and row-major. Rejects a missing, unknown or ill-sized one. */
  writeParams(values: ReadonlyMap<string, Float32Array>): Promise<void>;
  readParams(): Promise<Map<string, Float32Array>>;
  /** Optimizer moments of all trained parameters: `state.0/<path>`, `state.1/<path>`. */
  writeState(values: ReadonlyMap<string, Float32Array>): Promise<void>;
  readState(): Promise<Map<string, Float32Array>>;
  /**
   * Runs a program on a batch, in one submit or one for each slab. Does not wait for earlier calls: several may be in flight,
   * and each promise resolves with the outputs of its own run.
   * @param want names of outputs; all of them by default
   */
  run(
    program: string,
    inputs: Readonly<Record<string, TensorData>>,
    want?: readonly string[],
  ): Promise<Readonly<Record<string, Float32Array>>>;
  /**
   * Times each step of a program, over `runs` runs on the same inputs; parameters and state are as before afterwards. Only
   * while no other run is under way. Undefined where nothing is dispatched.
   */
  readonly time?: (program: string, inputs: Readonly<Record<string, TensorData>>, runs: number) => Promise<ProgramTiming>;
  /** Waits for all runs and frees the buffers. */
  close(): Promise<void>;
}

/** Named tensors do not match those of the plan; the message names the tensor and both shapes. */
export class TensorMismatchError extends Error {
  override readonly name = "TensorMismatchError";
}

/** One named tensor in an arena. */
interface ArenaTensor {
  readonly name: string;
  readonly param: PlanParam;
}

/** A buffer that holds a tensor for each of some parameters, all at the parameters' offsets. */
interface Arena {
  readonly buffer: number;
  readonly tensors: readonly ArenaTensor[];
}

function arenaOf(plan: Plan, bufferName: string, tensors: readonly ArenaTensor[]): Arena {
  return { buffer: plan.buffers.findIndex(({ name }) => name === bufferName), tensors };
}

function paramArena(plan: Plan): Arena {
  return arenaOf(
    plan,
    paramsArena,
    plan.params.map((param) => ({ name: param.path, param })),
  );
}

function stateArenas(plan: Plan): Arena[] {
  const trained = plan.params.filter((param) => param.trained);
  return Array.from({ length: plan.stateCount }, (_, i) =>
    arenaOf(
      plan,
      stateArena(i),
      trained.map((param) => ({ name: stateTensor(i, param.path), param })),
    ),
  );
}

/** @throws TensorMismatchError unless there is one tensor of the right size for each name, and no other */
export function checkTensors(plan: Plan, kind: "params" | "state", values: ReadonlyMap<string, Float32Array>): void {
  const arenas = kind === "params" ? [paramArena(plan)] : stateArenas(plan);
  const expected = new Map(arenas.flatMap(({ tensors }) => tensors.map(({ name, param }) => [name, param])));
  for (const [name, param] of expected) {
    const value = values.get(name);
    const wanted = `[${param.shape.join(", ")}]`;
    if (value === undefined) throw new TensorMismatchError(`\`${name}\` ${wanted} is missing`);
    if (value.length !== elementCount(param.shape)) {
      throw new TensorMismatchError(`\`${name}\` has ${value.length} elements, expected ${wanted}, that is ${elementCount(param.shape)}`);
    }
  }
  for (const name of values.keys()) {
    if (!expected.has(name)) throw new TensorMismatchError(`the network has no \`${name}\``);
  }
}

class GpuSession implements Session {
  readonly plan: Plan;
  readonly adapterName: string;
  readonly time: Session["time"];
  readonly #executor: Executor;

  constructor(executor: Executor) {
    this.plan = executor.plan;
    this.adapterName = executor.device.adapter.name;
    this.#executor = executor;
    this.time = timingOf(this, executor);
  }

  async writeParams(values: ReadonlyMap<string, Float32Array>): Promise<void> {
    checkTensors(this.plan, "params", values);
    this.#write(paramArena(this.plan), values);
  }

  async readParams(): Promise<Map<string, Float32Array>> {
    return this.#read([paramArena(this.plan)]);
  }

  async writeState(values: ReadonlyMap<string, Float32Array>): Promise<void> {
    checkTensors(this.plan, "state", values);
    for (const arena of stateArenas(this.plan)) this.#write(arena, values);
  }

  async readState(): Promise<Map<string, Float32Array>> {
    return this.#read(stateArenas(this.plan));
  }

  run(
    program: string,
    inputs: Readonly<Record<string, TensorData>>,
    want?: readonly string[],
  ): Promise<Readonly<Record<string, Float32Array>>> {
    return this.#executor.run(program, inputs, want);
  }

  close(): Promise<void> {
    return this.#executor.close();
  }

  #write(arena: Arena, values: ReadonlyMap<string, Float32Array>): void {
    for (const { name, param } of arena.tensors) {
      const value = values.get(name);
      if (value !== undefined) this.#executor.writeBuffer(arena.buffer, param.offsetBytes, value);
    }
  }

  async #read(arenas: readonly Arena[]): Promise<Map<string, Float32Array>> {
    const filled = arenas.filter(({ tensors }) => tensors.length > 0);
    const bytes = await Promise.all(filled.map(({ buffer }) => this.#executor.readBuffer(buffer)));
    return new Map(
      filled.flatMap(({ tensors }, i) =>
        tensors.map(({ name, param }): [string, Float32Array] => [
          name,
          new Float32Array(bytes[i], param.offsetBytes, elementCount(param.shape)).slice(),
        ]),
      ),
    );
  }
}

/**
 * Opens a plan on a device: allocates its buffers, compiles its kernels and uploads its constants. Parameters and state
 * start as zeros. The device is the caller's to close, after the session.
 * @throws PlanError if the plan is damaged, DeviceError if the device cannot hold or compile it
 */
export async function openSession(plan: Plan, device: Device, options: ExecutorOptions = {}): Promise<Session> {
  return new GpuSession(await openExecutor(validatePlan(plan), device, options));
}
