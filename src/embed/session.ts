/** @file A compiled network in use by an application that carries the compiler: numbers in, outputs, losses and gradients out. */

import type { Compiled } from "../compiler/compile.ts";
import { ModelError, refuseNonFinite } from "../model/model-error.ts";
import type { Params } from "../model/weights.ts";
import { readWeights, writeWeights } from "../model/weights.ts";
import { gradientsIn } from "../plan/names.ts";
import type { Plan } from "../plan/plan.ts";
import type { TensorData } from "../runtime/executor.ts";
import { initialiseParams } from "../runtime/initialise.ts";
import type { Batch } from "../runtime/programs.ts";
import { batchOf, inputsOf } from "../runtime/programs.ts";
import type { Session as PlanSession } from "../runtime/session.ts";
import { trainStep } from "../runtime/train-step.ts";
import type { OpenedSession } from "../train/open.ts";
import { openCompiled } from "../train/open.ts";

export interface SessionOptions {
  /**
   * A device of the application, which stays its own; else `auto`, part of an adapter's name, or `cpu`, the interpreter in
   * f64. Default `auto`.
   */
  readonly device?: GPUDevice | string;
  /** A safetensors file of all parameters; default fresh ones of `seed`. */
  readonly weights?: Uint8Array;
  /** Default that of the program. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
  /** Kernels that are compiled, of all. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface CallOptions {
  /** Aborting makes the call fail; a step that was started is done all the same. */
  readonly signal?: AbortSignal;
}

export interface TrainOptions extends CallOptions {
  /** Default that of the program, with its schedule. */
  readonly lr?: number;
  /** Needed for a schedule of the rate. */
  readonly stepsPerEpoch?: number;
}

export interface Losses {
  /** Mean over the batch. */
  readonly loss: number;
  /** [n][outputs], after the head's activation. */
  readonly outputs: Float32Array;
}

/** Images are values, `[n][channels][height][width]`, with n from 1 to the batch that was compiled for; labels are n whole numbers. */
export class Session {
  readonly plan: Plan;
  readonly adapterName: string;
  /** Resolves, with the reason, when the device is lost; never with `cpu`. */
  readonly lost: Promise<Error>;
  readonly #opened: OpenedSession;
  #step = 0;
  #closed = false;

  /** @internal use open */
  constructor(opened: OpenedSession) {
    this.#opened = opened;
    this.plan = opened.session.plan;
    this.adapterName = opened.session.adapterName;
    this.lost = opened.device?.lost ?? new Promise(() => {});
  }

  /** @returns [n][outputs] */
  async infer(images: Float32Array, options: CallOptions = {}): Promise<Float32Array> {
    const count = this.#count(images);
    const { images: padded } = batchOf(this.plan.input, images, new Int32Array(count));
    const { outputs } = await this.#run("infer", { images: padded }, ["outputs"], options);
    return outputs.subarray(0, (outputs.length / this.plan.input.batch) * count);
  }

  /** One step of the program's optimizer. @throws NonFiniteError; the weights are then spoilt: load some that were saved */
  async train(images: Float32Array, labels: ArrayLike<number>, options: TrainOptions = {}): Promise<Losses> {
    const { training } = this.plan;
    if (training === undefined) throw new ModelError(missingProgram("train", this.plan));
    const { lr, stepsPerEpoch } = options;
    if (lr !== undefined && !(Number.isFinite(lr) && lr > 0)) throw new ModelError(`\`lr\` is a positive number, not ${lr}`);
    if (stepsPerEpoch !== undefined && !(Number.isSafeInteger(stepsPerEpoch) && stepsPerEpoch >= 1))
      throw new ModelError(`\`stepsPerEpoch\` is a whole number from 1, not ${stepsPerEpoch}`);
    if (lr === undefined && stepsPerEpoch === undefined && training.schedule.kind !== "constant") {
      throw new ModelError("the learning rate follows a schedule: say `stepsPerEpoch`, or a rate as `lr`");
    }
    const batch = this.#batch(images, labels);
    const rule = lr === undefined ? training : { ...training, lr, schedule: { kind: "constant" as const } };
    const plan = { ...this.plan, training: rule };
    const session = this.#ready("train", options);
    // Counted when it is started: several steps may be under way.
    const request = { batch, count: labels.length, step: this.#step++, stepsPerEpoch: stepsPerEpoch ?? 1 };
    const { loss, outputs } = await trainStep(session, plan, request);
    options.signal?.throwIfAborted();
    return { loss, outputs };
  }

  /** Loss and the gradient of every trained parameter, by weight path; nothing changes. */
  async grad(
    images: Float32Array,
    labels: ArrayLike<number>,
    options: CallOptions = {},
  ): Promise<Losses & { readonly gradients: ReadonlyMap<string, Float32Array> }> {
    const results = await this.#run("gradient", { ...this.#batch(images, labels) }, undefined, options);
    return { ...this.#losses(results, labels.length), gradients: gradientsIn(Object.entries(results)) };
  }

  /** All parameters as a safetensors file. */
  async save(): Promise<Uint8Array> {
    this.#refuseIfClosed();
    return writeWeights(await this.#session.readParams(), this.plan.params, {
      net: null,
      classes: [],
      statistics: null,
      data: "",
      adapter: this.adapterName,
    });
  }

  /** Waits for what is under way and frees everything; a device of the application stays open. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#opened.close();
  }

  get #session(): PlanSession {
    return this.#opened.session;
  }

  async #run(
    program: string,
    values: Readonly<Record<string, TensorData>>,
    want: readonly string[] | undefined,
    options: CallOptions,
  ): Promise<Readonly<Record<string, Float32Array>>> {
    const results = await this.#ready(program, options).run(program, inputsOf(this.plan, program, values), want);
    options.signal?.throwIfAborted();
    return results;
  }

  /** For a program that is there, and a call that was not given up. */
  #ready(program: string, { signal }: CallOptions): PlanSession {
    this.#refuseIfClosed();
    signal?.throwIfAborted();
    if (!Object.hasOwn(this.plan.programs, program)) throw new ModelError(missingProgram(program, this.plan));
    return this.#session;
  }

  #losses({ outputs, loss }: Readonly<Record<string, Float32Array>>, count: number): Losses {
    return { loss: loss[0], outputs: outputs.subarray(0, count * this.plan.input.outputs) };
  }

  #batch(images: Float32Array, labels: ArrayLike<number>): Batch {
    const count = this.#count(images);
    if (typeof (labels as Partial<ArrayLike<number>> | null | undefined)?.length !== "number")
      throw new ModelError("labels are a list of whole numbers");
    if (labels.length !== count) throw new ModelError(`there are ${count} images and ${labels.length} labels`);
    const classes = Math.max(2, this.plan.input.outputs);
    for (let item = 0; item < count; item++) {
      if (!Number.isInteger(labels[item]) || labels[item] < 0 || labels[item] >= classes)
        throw new ModelError(`label ${item} is ${labels[item]}; there are classes 0 to ${classes - 1}`);
    }
    return batchOf(this.plan.input, images, labels);
  }

  #count(images: Float32Array): number {
    const { height, width, channels, batch } = this.plan.input;
    const size = height * width * channels;
    if (!((images as unknown) instanceof Float32Array)) throw new ModelError("images are the values of a Float32Array");
    const count = images.length / size;
    if (Number.isInteger(count) && count >= 1 && count <= batch) {
      refuseNonFinite(images);
      return count;
    }
    throw new ModelError(
      `the session takes 1 to ${batch} items of ${size} values (${channels}x${height}x${width}), got ${images.length} values`,
    );
  }

  #refuseIfClosed(): void {
    if (this.#closed) throw new ModelError("the session is closed");
  }
}

function missingProgram(name: string, plan: Plan): string {
  return (
    `the network was compiled without \`${name}\`: compile(source, ` +
    `{ programs: ${JSON.stringify([...Object.keys(plan.programs), name])} })`
  );
}

/**
 * Opens a compiled network; its kernels are scheduled for the kind of adapter that is found.
 * @throws NoAdapterError, DeviceError, LimitError; TensorFileError for weights that are not the network's; what the signal was aborted with
 */
export async function open(
  compiled: Compiled,
  { device = "auto", weights, seed, signal, onProgress }: SessionOptions = {},
): Promise<Session> {
  signal?.throwIfAborted();
  const { plan } = compiled;
  if (weights !== undefined && !((weights as unknown) instanceof Uint8Array))
    throw new ModelError("`weights` are a Uint8Array, the bytes of a safetensors file");
  const params: Params = weights === undefined ? initialiseParams(plan, seed ?? compiled.seed) : readWeights(weights, plan.params);
  const opened = await openCompiled(compiled, device, {
    onWarm: (done, total) => {
      signal?.throwIfAborted();
      onProgress?.(done, total);
    },
  });
  try {
    signal?.throwIfAborted();
    await opened.session.writeParams(params);
    return new Session(opened);
  } catch (error) {
    await opened.close();
    throw error;
  }
}
