/** @file A compiled network that goes on learning. */

import { stateTensor } from "../plan/names.ts";
import type { Plan, PlanTraining } from "../plan/plan.ts";
import { elementCount } from "../plan/shape.ts";
import type { AugmentRule } from "../runtime/augment.ts";
import { augmentedBatch, augmentRule } from "../runtime/augment.ts";
import { NonFiniteError } from "../runtime/finite.ts";
import { valueLine } from "../runtime/pixels.ts";
import type { TrainingBatch as StepInputs } from "../runtime/programs.ts";
import { batchOf } from "../runtime/programs.ts";
import type { Session } from "../runtime/session.ts";
import { learningRate } from "../runtime/step-scalars.ts";
import { trainStep } from "../runtime/train-step.ts";
import type { Opened } from "./model.ts";
import { Model } from "./model.ts";
import { ModelError, refuseNonFinite } from "./model-error.ts";
import type { ImageSource } from "./pictures.ts";
import { ImageReader } from "./pictures.ts";

export interface TrainingBatch {
  /** Images, or the values of all of them, one after the other. */
  readonly images: readonly ImageSource[] | Float32Array;
  /** Names or numbers of classes. */
  readonly labels: readonly (string | number)[] | Int32Array;
}

type Stream = Iterable<TrainingBatch> | AsyncIterable<TrainingBatch>;
/** Several epochs need an array, or a function that gives the batches of one epoch. */
export type Batches = Stream | (() => Stream);

export interface TrainOptions {
  /** Default 1. */
  readonly epochs?: number;
  /** Default: the file's. */
  readonly lr?: number;
  /** Needed for a schedule of the rate where the batches are no array. */
  readonly stepsPerEpoch?: number;
  /** Aborting finishes the step under way and throws; the weights keep the steps that are done. */
  readonly signal?: AbortSignal;
}

export interface TrainStep {
  /** Counted from 1. */
  readonly epoch: number;
  /** Counted from 1 over all epochs. */
  readonly step: number;
  /** Mean over the batch, before the step. */
  readonly loss: number;
  readonly accuracy: number;
  readonly lr: number;
}

export class TrainableModel extends Model {
  /** The most images in a batch. */
  readonly batch: number;
  readonly #plan: Plan;
  readonly #training: PlanTraining;
  readonly #reader: ImageReader;
  #busy = false;

  constructor(opened: Opened) {
    super(opened);
    const plan = opened.training;
    if (plan?.training === undefined) throw new ModelError("the module has no training step");
    this.#plan = plan;
    this.#training = plan.training;
    this.batch = plan.training.batch;
    this.#reader = new ImageReader(plan.input, opened.parts.statistics);
  }

  /**
   * Trains from the present weights, with a fresh optimizer; each step is done when it is yielded.
   * @throws ModelError for batches that do not fit; NonFiniteError, and the weights are then those before the call
   */
  train(batches: Batches, options: TrainOptions = {}): AsyncGenerator<TrainStep, void, undefined> {
    const several: object = Object(batches);
    if (typeof batches !== "function" && !(Symbol.iterator in several || Symbol.asyncIterator in several))
      throw new ModelError("batches are an array, an iterable, or a function that gives one");
    const { epochs = 1, lr = this.#training.lr } = options;
    if (!Number.isSafeInteger(epochs) || epochs < 1) throw new ModelError(`\`epochs\` is a whole number from 1, not ${epochs}`);
    if (!(Number.isFinite(lr) && lr > 0)) throw new ModelError(`\`lr\` is a positive number, not ${lr}`);
    const steps = options.stepsPerEpoch ?? (Array.isArray(batches) ? batches.length : undefined);
    if (steps === undefined && this.#training.schedule.kind !== "constant") {
      throw new ModelError("the learning rate follows a schedule: say `stepsPerEpoch`, or give an array of batches");
    }
    if (steps !== undefined && !(Number.isSafeInteger(steps) && steps >= 1)) throw new ModelError("there are no batches");
    if (epochs > 1 && "next" in several)
      throw new ModelError("an iterator can be used once: for several epochs give an array, or a function that makes the batches of one");
    return this.#steps(batches, { ...this.#training, epochs, lr }, steps ?? 1, options.signal);
  }

  async *#steps(
    batches: Batches,
    training: PlanTraining,
    stepsPerEpoch: number,
    signal: AbortSignal | undefined,
  ): AsyncGenerator<TrainStep, void, undefined> {
    if (this.#busy) throw new ModelError("the model is being trained already");
    this.#busy = true;
    try {
      signal?.throwIfAborted();
      const plan = { ...this.#plan, training };
      const { weights } = this.opened;
      const { session, start } = await this.call(async () => {
        const opened = await this.session(this.#plan);
        const params = await weights.read();
        await weights.giveTo(opened);
        await opened.writeState(freshState(plan));
        return { session: opened, start: params };
      });
      let step = 0;
      for (let epoch = 1; epoch <= training.epochs; epoch++) {
        let seen = 0;
        for await (const given of typeof batches === "function" ? batches() : batches) {
          signal?.throwIfAborted();
          const lr = learningRate(training, step, stepsPerEpoch);
          const result = await this.call(async () =>
            this.#step(session, plan, await this.#read(given, epoch - 1, seen), given.labels.length, step, stepsPerEpoch),
          ).catch((error: unknown) => {
            if (error instanceof NonFiniteError) weights.replace(start);
            throw error;
          });
          seen += given.labels.length;
          yield { epoch, step: ++step, lr, ...result };
        }
        if (step === 0) throw new ModelError("there are no batches");
      }
    } finally {
      this.#busy = false;
    }
  }

  async #step(
    session: Session,
    plan: Plan,
    batch: StepInputs,
    count: number,
    step: number,
    stepsPerEpoch: number,
  ): Promise<Pick<TrainStep, "loss" | "accuracy">> {
    const running = trainStep(session, plan, { batch, count, step, stepsPerEpoch });
    this.opened.weights.changedBy(session);
    const { loss, correct } = await running;
    return { loss, accuracy: correct / count };
  }

  /** @param first the number of the first image in the epoch, which counts from 0 */
  async #read(batch: TrainingBatch, epoch: number, first: number): Promise<StepInputs> {
    const { images: given, labels: names } = Object(batch) as Partial<TrainingBatch>;
    if (!isList(given) || !isList(names)) throw new ModelError("a batch has lists of `images` and `labels`");
    const { itemSize } = this.#reader;
    const count = names.length;
    const there = given instanceof Float32Array ? given.length / itemSize : given.length;
    if (there !== count) throw new ModelError(`a batch has ${count} labels and ${there} images`);
    if (count < 1 || count > this.batch) throw new ModelError(`a batch has 1 to ${this.batch} images, got ${count}`);
    const labels = Array.from(names, (name) => this.#label(name));
    const rule = augmentRule(this.#plan);
    if (rule !== undefined) return this.#augmented(rule, given, labels, epoch, first);
    if (given instanceof Float32Array) {
      refuseNonFinite(given);
      return batchOf(this.#plan.input, given, labels);
    }
    const images = new Float32Array(this.batch * itemSize);
    for (let item = 0; item < count; item++) await this.#reader.write(given[item], images, item * itemSize);
    return batchOf(this.#plan.input, images, labels);
  }

  async #augmented(
    rule: AugmentRule,
    given: TrainingBatch["images"],
    labels: readonly number[],
    epoch: number,
    first: number,
  ): Promise<StepInputs> {
    const images = given instanceof Float32Array ? [given] : given;
    const bytes = await Promise.all(
      images.map((image) => {
        if (!(image instanceof Float32Array)) return this.#reader.bytes(image);
        throw new ModelError(
          "the module augments what it trains on, and can do so to pictures alone: hand over pictures, or compile it with --no-augment",
        );
      }),
    );
    const samples = labels.map((_, position) => first + position);
    return augmentedBatch(
      rule,
      { bytes: (position) => bytes[position], samples },
      labels,
      valueLine(this.#plan.input, this.opened.parts.statistics),
      epoch,
    );
  }

  #label(given: string | number): number {
    // With one output there are two classes.
    const count = Math.max(2, this.#plan.input.outputs);
    const index = typeof given === "number" ? given : (this.classes?.indexOf(given) ?? -1);
    if (Number.isInteger(index) && index >= 0 && index < count) return index;
    throw new ModelError(`there is no class ${JSON.stringify(given)}; there are ${this.classes?.join(", ") ?? `0 to ${count - 1}`}`);
  }
}

function isList<T>(value: T | undefined): value is T {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}

/** Zeros for all moments. */
function freshState({ params, stateCount }: Plan): ReadonlyMap<string, Float32Array> {
  const trained = params.filter((param) => param.trained);
  return new Map(
    Array.from({ length: stateCount }, (_, i) =>
      trained.map(({ path, shape }): [string, Float32Array] => [stateTensor(i, path), new Float32Array(elementCount(shape))]),
    ).flat(),
  );
}
