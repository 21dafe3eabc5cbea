/** @file The training loop: epochs, steps in flight, calibration, evaluation, checkpoints, as a stream of events. */

import type { BatchMaker, TrainingBatchMaker } from "../data/batch.ts";
import { meanSquareResult, reachResult } from "../plan/names.ts";
import type { Plan, PlanTraining } from "../plan/plan.ts";
import type { TrainedTensors } from "../runtime/finite.ts";
import { checkTensors, checkValidation } from "../runtime/finite.ts";
import { inputsOf } from "../runtime/programs.ts";
import { epochOrder, rootKey } from "../runtime/random.ts";
import type { Session } from "../runtime/session.ts";
import { stepScalars } from "../runtime/step-scalars.ts";
import type { StepResult } from "../runtime/train-step.ts";
import { trainStep } from "../runtime/train-step.ts";
import type { Evaluation } from "./evaluate.ts";
import { evaluate } from "./evaluate.ts";
import type { StartWarning } from "./watch.ts";
import { StartWatch, uncalibrated } from "./watch.ts";

/** Where a run stands; together with weights and moments it continues bit-equal (docs/numerics.md#determinism). */
export interface Progress {
  /** Epochs that are complete. */
  readonly epoch: number;
  /** Steps done in the epoch that is not. */
  readonly stepInEpoch: number;
  /** Sums over the images of that epoch so far. */
  readonly lossSum: number;
  readonly correct: number;
  readonly seen: number;
  /** Best validation loss so far; null before the first. */
  readonly best: number | null;
  /** Seconds of training so far, over all sittings. */
  readonly seconds: number;
}

export const freshProgress: Progress = { epoch: 0, stepInEpoch: 0, lossSum: 0, correct: 0, seen: 0, best: null, seconds: 0 };

/** What a run goes on from; every number is finite. */
export interface Checkpoint extends TrainedTensors {
  readonly progress: Progress;
}

export interface EpochRow {
  /** Counted from 1. */
  readonly epoch: number;
  /** Steps since the start of the run. */
  readonly step: number;
  readonly seconds: number;
  readonly loss: number;
  readonly accuracy: number;
  /** Null without validation data. */
  readonly validation: Evaluation | null;
  readonly lr: number;
}

/** Of the images of one step alone, before it changed the weights. */
export interface BatchResult {
  /** Steps since the start of the run, this one included. */
  readonly step: number;
  /** Seconds of training so far. */
  readonly seconds: number;
  readonly loss: number;
  readonly accuracy: number;
}

export type TrainEvent =
  | { readonly type: "calibrated"; readonly path: string; readonly scale: number }
  | { readonly type: "warning"; readonly warning: StartWarning }
  | {
      readonly type: "step";
      readonly epoch: number;
      readonly step: number;
      readonly steps: number;
      readonly loss: number;
      readonly accuracy: number;
      readonly imagesPerSecond: number;
      readonly secondsLeft: number;
      readonly batch: BatchResult;
    }
  | { readonly type: "epoch"; readonly row: EpochRow };

export interface TrainData {
  readonly maker: TrainingBatchMaker;
  readonly train: Int32Array | Uint32Array;
  readonly classCount: number;
  readonly validation: { readonly maker: BatchMaker; readonly labels: Int32Array; readonly indices: Int32Array | Uint32Array } | null;
}

export interface TrainOptions {
  readonly session: Session;
  readonly data: TrainData;
  readonly from: Progress;
  readonly onEvent: (event: TrainEvent) => void;
  /** Called after each epoch, and after the step at which the signal aborted. `best` is true after the best epoch so far. */
  readonly save: (checkpoint: Checkpoint, kind: "epoch" | "stopped", best: boolean) => Promise<void>;
  /** Aborting finishes the steps in flight, saves and returns. */
  readonly signal?: AbortSignal;
}

export interface TrainResult {
  readonly progress: Progress;
  readonly stopped: boolean;
  readonly last: EpochRow | undefined;
}

/**
 * How many steps may be on the device while the host prepares the next. More would only delay the report of a bad step.
 */
export const stepsInFlight = 2;

/** Trains from `from` to the plan's last epoch. @throws NonFiniteError; the last saved checkpoint is then still good */
export async function train(options: TrainOptions): Promise<TrainResult> {
  return new Trainer(options).run();
}

class Trainer {
  readonly #options: TrainOptions;
  readonly #plan: Plan;
  readonly #training: PlanTraining;
  readonly #watch: StartWatch | undefined;
  readonly #stepsPerEpoch: number;
  #progress: Progress;
  #last: EpochRow | undefined;
  #clock = performance.now();

  constructor(options: TrainOptions) {
    this.#options = options;
    this.#plan = options.session.plan;
    const { training } = this.#plan;
    if (training === undefined) throw new Error("the plan has no training step");
    this.#training = training;
    this.#progress = options.from;
    this.#stepsPerEpoch = Math.ceil(options.data.train.length / training.batch);
    // A resumed run was watched at its start.
    const fresh = options.from.epoch === 0 && options.from.stepInEpoch === 0;
    this.#watch = fresh ? new StartWatch(this.#plan, training) : undefined;
  }

  async run(): Promise<TrainResult> {
    if (this.#watch !== undefined) await this.#prepare(this.#watch);
    while (this.#progress.epoch < this.#training.epochs) {
      const complete = await this.#epoch();
      if (!complete) {
        await this.#options.save({ progress: this.#progress, ...(await this.#tensors()) }, "stopped", false);
        return { progress: this.#progress, stopped: true, last: this.#last };
      }
    }
    return { progress: this.#progress, stopped: false, last: this.#last };
  }

  #order(): Uint32Array {
    const { data } = this.#options;
    const order = epochOrder(rootKey(this.#training.seed), this.#progress.epoch, data.train.length);
    return order.map((position) => data.train[position]);
  }

  /** Measures the constants of `init: calibrated` and the head's reach on the first batch (docs/numerics.md#calibration). */
  async #prepare(watch: StartWatch): Promise<void> {
    const { session, data, onEvent } = this.#options;
    if (!("measure" in this.#plan.programs)) return;
    const names = this.#plan.programs["measure"].outputs.map((output) => output.name);
    if (names.length === 0) return;
    const batch = data.maker.make(this.#order().subarray(0, this.#training.batch), this.#progress.epoch);
    const measure = (): Promise<Readonly<Record<string, Float32Array>>> =>
      session.run("measure", inputsOf(this.#plan, "measure", { ...batch }));
    for (const param of this.#plan.params.filter((candidate) => !candidate.trained)) {
      const path = param.path.replace(/\.scale$/, "");
      // Parameters that were given may have been measured already; 1 is what fresh ones have.
      if ((await session.readParams()).get(param.path)?.[0] !== 1) continue;
      const measured = await measure();
      const square = measured[meanSquareResult(path)]?.[0];
      const reach = measured[reachResult(path)]?.[0] ?? 0;
      const rms = square === undefined ? undefined : Math.sqrt(square);
      const usable = Number.isFinite(rms ?? reach) && rms !== 0;
      if (!usable)
        onEvent({
          type: "warning",
          warning: uncalibrated(param, rms === undefined ? `inputs of magnitude ${reach}` : `outputs of RMS ${rms}`),
        });
      const scale = !usable ? 1 : rms === undefined ? Math.min(1, 0.3 / (this.#training.lr * reach)) : 1 / rms;
      const params = await session.readParams();
      params.set(param.path, Float32Array.of(scale));
      await session.writeParams(params);
      onEvent({ type: "calibrated", path, scale });
    }
    const { headPath } = this.#training.watch;
    const reach = headPath === null ? undefined : (await measure())[reachResult(headPath)]?.[0];
    if (reach === undefined) return;
    const scale = (await session.readParams()).get(`${headPath}.scale`)?.[0] ?? 1;
    for (const warning of watch.beforeFirstStep(reach * scale)) onEvent({ type: "warning", warning });
  }

  /** False when the signal stopped it before its end. */
  async #epoch(): Promise<boolean> {
    const { session, data, signal } = this.#options;
    const { batch: size, epochs } = this.#training;
    const order = this.#order();
    const flying: Promise<void>[] = [];
    this.#clock = performance.now();
    const first = { step: this.#progress.stepInEpoch, at: this.#clock };
    for (let step = this.#progress.stepInEpoch; step < this.#stepsPerEpoch && signal?.aborted !== true; step++) {
      const items = order.subarray(step * size, Math.min(order.length, (step + 1) * size));
      const batch = data.maker.make(items, this.#progress.epoch);
      const global = this.#progress.epoch * this.#stepsPerEpoch + step;
      const request = { batch, count: items.length, step: global, stepsPerEpoch: this.#stepsPerEpoch };
      const done = trainStep(session, this.#plan, request).then((result) =>
        this.#afterStep(global, step, items.length, result, first, epochs),
      );
      done.catch(() => undefined);
      flying.push(done);
      if (flying.length >= stepsInFlight) await flying.shift();
      // Lets signals and timers run: on the CPU device a step never waits for anything.
      await new Promise((resume) => setImmediate(resume));
    }
    for (const done of flying) await done;
    if (this.#progress.stepInEpoch < this.#stepsPerEpoch) return false;
    return this.#finishEpoch();
  }

  #afterStep(
    global: number,
    step: number,
    count: number,
    { loss, outputs, statistics, correct }: StepResult,
    first: { step: number; at: number },
    epochs: number,
  ): void {
    const { onEvent } = this.#options;
    const now = performance.now();
    this.#progress = {
      ...this.#progress,
      stepInEpoch: step + 1,
      lossSum: this.#progress.lossSum + loss * count,
      correct: this.#progress.correct + correct,
      seen: this.#progress.seen + count,
      seconds: this.#progress.seconds + (now - this.#clock) / 1000,
    };
    this.#clock = now;
    for (const warning of this.#watch?.afterStep(global + 1, loss, outputs, statistics, count) ?? []) onEvent({ type: "warning", warning });
    const stepSeconds = (now - first.at) / 1000 / (step + 1 - first.step);
    const stepsLeft = (epochs - this.#progress.epoch) * this.#stepsPerEpoch - step - 1;
    onEvent({
      type: "step",
      epoch: this.#progress.epoch + 1,
      step: step + 1,
      steps: this.#stepsPerEpoch,
      loss: this.#progress.lossSum / this.#progress.seen,
      accuracy: this.#progress.correct / this.#progress.seen,
      imagesPerSecond: count / stepSeconds,
      secondsLeft: stepsLeft * stepSeconds,
      batch: { step: global + 1, seconds: this.#progress.seconds, loss, accuracy: correct / count },
    });
  }

  /** Validates, reports and saves. False when the signal came during validation: the epoch then ends on resuming. */
  async #finishEpoch(): Promise<boolean> {
    const { session, data, signal, onEvent, save } = this.#options;
    const { validation } = data;
    const tensors = await this.#tensors();
    const result =
      validation === null
        ? null
        : await evaluate(session, validation.maker, validation.labels, validation.indices, data.classCount, { signal });
    if (validation !== null && result !== null && result.count < validation.indices.length) return false;
    const { epoch, lossSum, correct, seen, best } = this.#progress;
    const now = performance.now();
    const seconds = this.#progress.seconds + (now - this.#clock) / 1000;
    const step = this.#stepsDone();
    if (result !== null) checkValidation(this.#plan, step, result.loss);
    const row: EpochRow = {
      epoch: epoch + 1,
      step,
      seconds,
      loss: lossSum / seen,
      accuracy: correct / seen,
      validation: result,
      lr: this.#learningRate(step - 1),
    };
    const monitored = result?.loss ?? row.loss;
    const isBest = best === null || monitored < best;
    this.#progress = { ...freshProgress, epoch: epoch + 1, best: isBest ? monitored : best, seconds };
    this.#last = row;
    onEvent({ type: "epoch", row });
    await save({ progress: this.#progress, ...tensors }, "epoch", isBest);
    return true;
  }

  #stepsDone(): number {
    return this.#progress.epoch * this.#stepsPerEpoch + this.#progress.stepInEpoch;
  }

  /** All weights and moments. @throws NonFiniteError unless they are finite */
  async #tensors(): Promise<TrainedTensors> {
    const { session } = this.#options;
    const [params, state] = await Promise.all([session.readParams(), session.readState()]);
    checkTensors(this.#plan, this.#stepsDone(), { params, state });
    return { params, state };
  }

  #learningRate(step: number): number {
    const index = this.#training.scalars.findIndex((scalar) => scalar.kind === "lr");
    return stepScalars(this.#training, step, this.#stepsPerEpoch)[index];
  }
}
