/** @file A compiled network in use: images in, classes out, weights in and out. */

import { decodeBase64 } from "../plan/base64.ts";
import { predictedClass, scoresOf } from "../plan/outputs.ts";
import type { Plan } from "../plan/plan.ts";
import type { Device } from "../runtime/device.ts";
import { DeviceError, inNode } from "../runtime/device.ts";
import { inputsOf } from "../runtime/programs.ts";
import type { Session } from "../runtime/session.ts";
import { openSession } from "../runtime/session.ts";
import { deviceFor } from "./device.ts";
import { ModelError } from "./model-error.ts";
import type { ModelParts } from "./parts.ts";
import { partsVersion, unpackPlan } from "./parts.ts";
import type { ImageSource } from "./pictures.ts";
import { ImageReader } from "./pictures.ts";
import { sizeText } from "./size-text.ts";
import type { Params } from "./weights.ts";
import { readWeights, SharedWeights, writeWeights } from "./weights.ts";

export interface LoadOptions {
  /** A device of the application, which stays its own; without one the best of the host is opened. */
  readonly device?: GPUDevice;
  /** A safetensors file in the place of the module's weights. */
  readonly weights?: Uint8Array | ArrayBuffer;
  readonly signal?: AbortSignal;
  /** Kernels that are compiled, of all that `predict` needs. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface PredictOptions {
  /** One of `inputs`; the first where nothing is said, or the one that a `Float32Array` fits. */
  readonly input?: string;
  readonly signal?: AbortSignal;
}

export interface Prediction {
  /** The name of the class, or its number in the outputs where nobody named it; null: the network tells no classes apart. */
  readonly label: string | null;
  /** Of the class. */
  readonly index: number | null;
  /** In the order of the classes; null where the network was not trained to give them. */
  readonly probabilities: readonly number[] | null;
  /** One for each class, 0 to 1; the probabilities where there are some. */
  readonly scores: readonly number[] | null;
  /** What the network computes, row-major in `shape`. */
  readonly outputs: Float32Array;
  readonly shape: readonly number[];
}

/** The filters of one layer, as planes of the half spectrum. */
export interface LayerFilters {
  /** Its weight path: `conv.1`. */
  readonly layer: string;
  readonly count: number;
  /** v = 0, 1/rows, ... up to 1/2, then the negative frequencies. */
  readonly rows: number;
  /** u = 0 to 1/2 cycles per pixel. */
  readonly columns: number;
  /** [count][rows][columns][2], real and imaginary part. */
  readonly values: Float32Array;
}

/** What a model is made of. */
export interface Opened {
  readonly parts: ModelParts;
  readonly plans: readonly Plan[];
  readonly training: Plan | null;
  readonly filters: Plan | null;
  readonly device: Device;
  readonly weights: SharedWeights;
}

export class Model {
  /** In the order of the outputs; null: nobody named them. */
  readonly classes: readonly string[] | null;
  /** Sizes that `predict` can be told to use, `height x width x channels`. */
  readonly inputs: readonly string[];
  /** For people. */
  readonly adapterName: string;
  /** Resolves, with the reason, when the device is lost. Load the model again to go on. */
  readonly lost: Promise<Error>;
  protected readonly opened: Opened;
  readonly #readers: readonly ImageReader[];
  readonly #sessions: Map<Plan, Promise<Session>> = new Map();
  readonly #calls: Set<Promise<unknown>> = new Set();
  #closed = false;

  constructor(opened: Opened) {
    const { parts, plans, device } = opened;
    this.opened = opened;
    this.classes = parts.classes;
    this.inputs = plans.map(({ input }) => sizeText(input));
    this.adapterName = device.adapter.name;
    this.lost = device.lost;
    const statistics = plans[0].input.standardise === "training" ? null : parts.statistics;
    this.#readers = plans.map(({ input }) => new ImageReader(input, statistics));
  }

  /**
   * @throws ModelError for what is no image; DeviceError when the device fails or the model is closed; what the signal was aborted with
   */
  predict(source: ImageSource, options?: PredictOptions): Promise<Prediction> {
    return this.call(() => this.#predict(source, options ?? {}));
  }

  async #predict(source: ImageSource, { input, signal }: PredictOptions): Promise<Prediction> {
    signal?.throwIfAborted();
    const number = this.#choose(source, input);
    const plan = this.opened.plans[number];
    const reader = this.#readers[number];
    const images = new Float32Array(reader.itemSize);
    await reader.write(source, images, 0);
    const session = await this.session(plan);
    await this.opened.weights.giveTo(session);
    const { outputs } = await session.run("infer", inputsOf(plan, "infer", { images }), ["outputs"]);
    signal?.throwIfAborted();
    return this.#prediction(plan, outputs);
  }

  /** The filters as the present weights make them. */
  filters(): Promise<readonly LayerFilters[]> {
    return this.call(() => this.#filters());
  }

  async #filters(): Promise<readonly LayerFilters[]> {
    const { filters: plan, weights } = this.opened;
    if (plan === null) throw new ModelError("the module was compiled without --filters");
    const session = await this.session(plan);
    await weights.giveTo(session);
    const planes = await session.run("filters", {});
    return plan.programs["filters"].outputs.map(({ name, shape }) => {
      const [rows, columns] = shape.slice(-3);
      const values = planes[name];
      return { layer: name, count: values.length / (2 * rows * columns), rows, columns, values };
    });
  }

  /** The weights as a safetensors file, with all training steps that were started. */
  save(): Promise<Uint8Array> {
    return this.call(async () => {
      const { parts, plans, weights } = this.opened;
      const { name: net, classes, statistics, data } = parts;
      return writeWeights(await weights.read(), plans[0].params, {
        net,
        classes: classes ?? [],
        statistics,
        data: data ?? "",
        adapter: this.adapterName,
      });
    });
  }

  /** Waits for what is under way and frees everything; a device that `load` opened too. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await Promise.allSettled(this.#calls);
    for (const opened of await Promise.allSettled(this.#sessions.values())) {
      if (opened.status === "fulfilled") await opened.value.close();
    }
    await this.opened.device.close();
  }

  /** Does what a closed model refuses, and what closing waits for. */
  protected async call<T>(action: () => Promise<T>): Promise<T> {
    if (this.#closed) throw new DeviceError("the model is closed");
    const running = action();
    this.#calls.add(running);
    try {
      return await running;
    } finally {
      this.#calls.delete(running);
    }
  }

  /** Opened at its first use. */
  protected session(plan: Plan, onWarm?: (done: number, total: number) => void): Promise<Session> {
    const known = this.#sessions.get(plan);
    if (known !== undefined) return known;
    const session = openSession(plan, this.opened.device, { onWarm });
    this.#sessions.set(plan, session);
    session.catch(() => this.#sessions.delete(plan));
    return session;
  }

  /** Compiles what `predict` needs at the first size. */
  async prepare({ signal, onProgress }: LoadOptions): Promise<void> {
    await this.session(this.opened.plans[0], (done, total) => {
      signal?.throwIfAborted();
      onProgress?.(done, total);
    });
    signal?.throwIfAborted();
  }

  #choose(source: ImageSource, wanted: string | undefined): number {
    if (wanted === undefined) {
      return Math.max(0, source instanceof Float32Array ? this.#readers.findIndex(({ itemSize }) => itemSize === source.length) : 0);
    }
    const found = this.inputs.indexOf(wanted);
    if (found < 0) throw new ModelError(`the module was compiled for ${this.inputs.join(", ")}, not for \`${wanted}\``);
    return found;
  }

  #prediction({ input, programs }: Plan, outputs: Float32Array): Prediction {
    // Without the axis of the batch.
    const shape = (programs["infer"].outputs.find(({ name }) => name === "outputs")?.shape ?? []).slice(1);
    const { scores: rule, classes } = this.opened.parts;
    if (rule === null) return { label: null, index: null, probabilities: null, scores: null, outputs, shape };
    const index = predictedClass(outputs, 0, input);
    const scores = scoresOf(rule, [...outputs]);
    return { label: classes?.[index] ?? String(index), index, probabilities: rule.probabilities ? scores : null, scores, outputs, shape };
  }
}

/** Weights for a module that has none; null: it cannot go without. */
export type FreshWeights = (plan: Plan) => Params | null;

/**
 * Opens a model and compiles what `predict` needs. After an error nothing stays open.
 * @param url of the module, beside which its weights may lie
 */
export async function openModel<M extends Model>(
  parts: ModelParts,
  url: string,
  create: (opened: Opened) => M,
  fresh: FreshWeights,
  options: LoadOptions = {},
): Promise<M> {
  const { signal } = options;
  signal?.throwIfAborted();
  if (parts.version !== partsVersion)
    throw new ModelError(`the module is of version ${String(parts.version)}; its runtime understands ${partsVersion}`);
  const plans = parts.plans.map((plan) => unpackPlan(parts.kernels, plan, "infer"));
  const training = parts.training === null ? null : unpackPlan(parts.kernels, parts.training, "train");
  const filters = parts.filters === null ? null : unpackPlan(parts.kernels, parts.filters, "filters");
  const values = await weightsFor(parts, plans[0], url, fresh, options);
  signal?.throwIfAborted();
  const device = await deviceFor(
    [...plans, training, filters].filter((plan) => plan !== null),
    options.device,
  );
  const model = create({ parts, plans, training, filters, device, weights: new SharedWeights(values) });
  try {
    await model.prepare(options);
    return model;
  } catch (error) {
    await model.close();
    throw error;
  }
}

async function weightsFor(
  { weights }: ModelParts,
  plan: Plan,
  url: string,
  fresh: FreshWeights,
  { weights: given, signal }: LoadOptions,
): Promise<Params> {
  if (given !== undefined) {
    const bytes = given instanceof ArrayBuffer ? new Uint8Array(given) : given;
    if (bytes instanceof Uint8Array) return readWeights(bytes, plan.params);
    throw new ModelError("`weights` are the bytes of a safetensors file");
  }
  switch (weights.kind) {
    case "inline":
      return readWeights(decodeBase64(weights.base64), plan.params);
    case "file":
      return readWeights(await fetchBytes(new URL(weights.name, url), signal), plan.params);
    case "none": {
      const values = fresh(plan);
      if (values !== null) return values;
      throw new ModelError("this module was compiled without weights: load({ weights }), with the bytes of a safetensors file");
    }
  }
}

async function fetchBytes(url: URL, signal: AbortSignal | undefined): Promise<Uint8Array> {
  // Node's `fetch` does not read files.
  if (url.protocol === "file:" && inNode()) return process.getBuiltinModule("node:fs").promises.readFile(url, { signal });
  const response = await fetch(url, { signal });
  if (!response.ok) throw new ModelError(`the weights ${url.href} cannot be had: ${response.status} ${response.statusText}`);
  return new Uint8Array(await response.arrayBuffer());
}
