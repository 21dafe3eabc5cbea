/** @file Shows the events of a training run: a repainted line, plain lines, or NDJSON. */

import type { Source } from "../../compiler/diagnostics/diagnostic.ts";
import type { EpochRow, TrainEvent } from "../../train/trainer.ts";
import { startDiagnostic } from "../../train/watch.ts";
import { reportDiagnostics } from "../shell/failures.ts";
import type { Output } from "../shell/output.ts";
import { lineInterval } from "../shell/output.ts";

/** Between two paintings of the line, and two records, in milliseconds. */
const paintInterval = 100;
const recordInterval = 1000;

export class TrainingReporter {
  readonly #output: Output;
  readonly #source: Source;
  readonly #epochs: number;
  #painted = 0;
  #recorded = 0;
  #lined = performance.now();

  constructor(output: Output, source: Source, epochs: number) {
    this.#output = output;
    this.#source = source;
    this.#epochs = epochs;
  }

  show(event: TrainEvent): void {
    switch (event.type) {
      case "step":
        return this.#step(event);
      case "epoch":
        return this.#epoch(event.row);
      case "calibrated":
        this.#output.record(event);
        return this.#output.say(`calibrated ${event.path}: scale ${event.scale.toPrecision(4)}`);
      case "warning":
        return reportDiagnostics(this.#output, this.#source, [startDiagnostic(event.warning)]);
    }
  }

  #step(event: Extract<TrainEvent, { readonly type: "step" }>): void {
    const now = performance.now();
    if (now - this.#recorded >= recordInterval) {
      this.#recorded = now;
      this.#output.record(event);
    }
    const due = this.#output.repaints ? now - this.#painted >= paintInterval : now - this.#lined >= lineInterval;
    if (!due) return;
    const { epoch, step, steps, loss, accuracy, imagesPerSecond, secondsLeft } = event;
    const rate = imagesPerSecond >= 100 ? Math.round(imagesPerSecond).toLocaleString("en") : imagesPerSecond.toPrecision(3);
    const text =
      `epoch ${this.#of(epoch)}  step ${step}/${steps}  loss ${loss.toFixed(4)}  accuracy ${accuracy.toFixed(3)}  ${rate} images/s  ` +
      `${duration(secondsLeft)} left`;
    this.#painted = now;
    if (this.#output.repaints) return this.#output.paint(text);
    this.#lined = now;
    this.#output.say(text);
  }

  #epoch(row: EpochRow): void {
    const { epoch, step, seconds, loss, accuracy, validation, lr } = row;
    this.#lined = performance.now();
    this.#output.record({
      type: "epoch",
      epoch,
      epochs: this.#epochs,
      step,
      seconds,
      loss,
      accuracy,
      val_loss: validation?.loss ?? null,
      val_accuracy: validation?.accuracy ?? null,
      lr,
    });
    const tested = validation === null ? "" : `  val loss ${validation.loss.toFixed(4)}  val accuracy ${validation.accuracy.toFixed(3)}`;
    this.#output.say(`epoch ${this.#of(epoch)}  loss ${loss.toFixed(4)}  accuracy ${accuracy.toFixed(3)}${tested}  ${duration(seconds)}`);
  }

  #of(epoch: number): string {
    return `${String(epoch).padStart(String(this.#epochs).length)}/${this.#epochs}`;
  }
}

/** `8 s`, `3 min 20 s`, `2 h 5 min`. */
export function duration(seconds: number): string {
  if (!Number.isFinite(seconds)) return "?";
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
