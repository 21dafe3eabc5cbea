/** @file Watches the start of training: heads that saturate, gradients that vanish (docs/numerics.md#watching-the-start). */

import type { Diagnostic } from "../compiler/diagnostics/diagnostic.ts";
import type { Plan, PlanParam, PlanTraining } from "../plan/plan.ts";
import { elementCount } from "../plan/shape.ts";

/** A bad start: training goes on. */
export interface StartWarning {
  readonly code: "W0615" | "W0616";
  /** What was measured. */
  readonly message: string;
  readonly help: string;
  readonly span: { readonly start: number; readonly end: number };
}

export function startDiagnostic({ code, message, help, span }: StartWarning): Diagnostic {
  return { severity: "warning", code, title: message, span, label: "", helps: [{ text: help }] };
}

const watchedSteps = 50;
const runLength = 5;
/** Above this reach one step can push a bounded head into saturation. */
const reachLimit = 3;
const slopeLimit = 0.01;
/** Adam's eps, below which its steps shrink. */
const vanishedRms = 1e-8;

const headHelp = "give it fewer inputs (`gap`, `pool avg 4`), a smaller `lr` or start, or use `dense softmax` with `cross_entropy`";
const gradientHelp = "use `init: calibrated` on the convolutions, or put `fan` into the starts of your filters";

/** Looks at the first steps of a new run; each layer is named once. */
export class StartWatch {
  readonly #training: PlanTraining;
  readonly #trained: readonly PlanParam[];
  readonly #input: Plan["input"];
  readonly #vanished: Int32Array;
  readonly #named = new Set<string>();
  #saturated = 0;
  #firstLoss = NaN;

  constructor(plan: Plan, training: PlanTraining) {
    this.#training = training;
    this.#trained = plan.params.filter((param) => param.trained);
    this.#input = plan.input;
    this.#vanished = new Int32Array(this.#trained.length);
  }

  /** Before step 1. @param magnitudes the mean over the first batch of the sum of |inputs| of the head, times its scale */
  beforeFirstStep(magnitudes: number): readonly StartWarning[] {
    const { watch, lr } = this.#training;
    const reach = lr * magnitudes;
    if (watch.saturatingHead === null || !watch.adaptive || watch.headSpan === null || !(reach > reachLimit)) return [];
    this.#named.add("head");
    return [
      {
        code: "W0615",
        span: watch.headSpan,
        help: headHelp,
        message:
          `one step of ${this.#training.optimizer} can move an output of this \`${watch.saturatingHead}\` head by ` +
          `${reach.toPrecision(3)} (lr ${lr} times ${magnitudes.toPrecision(4)}, the sum of its inputs' magnitudes); ` +
          `above ${reachLimit} it is likely to saturate`,
      },
    ];
  }

  /**
   * After a step. @param step counted from 1
   * @param statistics the sum of squares and the count of non-finite elements of each trained gradient
   * @param count images in the batch
   */
  afterStep(step: number, loss: number, outputs: Float32Array, statistics: Float32Array, count: number): readonly StartWarning[] {
    if (step === 1) this.#firstLoss = loss;
    if (step > watchedSteps) return [];
    return [...this.#head(loss, outputs, count), ...this.#gradients(statistics)];
  }

  #head(loss: number, outputs: Float32Array, count: number): readonly StartWarning[] {
    const { saturatingHead, headSpan } = this.#training.watch;
    if (saturatingHead === null || headSpan === null) return [];
    let slope = 0;
    const used = count * this.#input.outputs;
    for (let i = 0; i < used; i++) slope += saturatingHead === "tanh" ? 1 - outputs[i] ** 2 : 4 * outputs[i] * (1 - outputs[i]);
    const mean = slope / used;
    this.#saturated = mean < slopeLimit && loss > 0.9 * this.#firstLoss ? this.#saturated + 1 : 0;
    if (this.#saturated < runLength || this.#named.has("saturated")) return [];
    this.#named.add("saturated");
    return [
      {
        code: "W0615",
        span: headSpan,
        help: headHelp,
        message:
          `this \`${saturatingHead}\` head is saturated: ` +
          `its mean slope was ${mean.toPrecision(3)} of the largest in ${runLength} steps running, and the loss does not fall`,
      },
    ];
  }

  #gradients(statistics: Float32Array): readonly StartWarning[] {
    return this.#trained.flatMap((param, index): StartWarning[] => {
      const elements = elementCount(param.shape);
      const rms = Math.sqrt(statistics[2 * index] / elements);
      this.#vanished[index] = rms < vanishedRms ? this.#vanished[index] + 1 : 0;
      const layer = param.path.slice(0, param.path.lastIndexOf("."));
      if (this.#vanished[index] < runLength || this.#named.has(layer)) return [];
      this.#named.add(layer);
      return [
        {
          code: "W0616",
          span: param.span,
          help: gradientHelp,
          message:
            `the gradient of \`${param.path}\` has vanished: its RMS was ${rms.toPrecision(3)}, below ${vanishedRms}, ` +
            `in ${runLength} steps running`,
        },
      ];
    });
  }
}

/** A layer that was to be calibrated and whose size cannot be measured. @param measured what was found, after "has" */
export function uncalibrated(param: PlanParam, measured: string): StartWarning {
  return {
    code: "W0616",
    span: param.span,
    help: gradientHelp,
    message: `\`${param.path.replace(/\.scale$/, "")}\` has ${measured} on the first batch, so it cannot be calibrated`,
  };
}
