/** @file `check --grad`: compiled gradients against the reference, and that against finite differences. */

import { compileNetwork } from "../compiler/compile.ts";
import { bug } from "../compiler/diagnostics/diagnostic.ts";
import type { Graph, Tensor } from "../compiler/graph/graph.ts";
import type { Network } from "../compiler/network/network.ts";
import { optionalPasses } from "../compiler/passes/pipeline.ts";
import { interpret } from "../compiler/reference/interpreter.ts";
import { gradientResult, gradientsIn, lossResult } from "../plan/names.ts";
import type { Plan, PlanParam } from "../plan/plan.ts";
import { initialiseParams } from "../runtime/initialise.ts";
import { inputsOf } from "../runtime/programs.ts";
import { draw, rootKey, streamKey, streamTag, uniform } from "../runtime/random.ts";
import { openCompiled } from "../train/open.ts";
import { compileGradient, gradientInputs } from "./gradient.ts";

/** Allowed difference of the device from the reference, as a share of the norm (docs/numerics.md#tolerances, more for deep networks). */
const deviceTolerance = 1e-3;
/** Of finite differences, as a share of the tensor's largest entry: kinks of relu and max are not excluded. */
const differenceTolerance = 1e-4;

/** Images in the batch. */
const batchSize = 2;
/** Elements of each tensor that are moved. */
const sampledElements = 3;
/** Of a parameter, in units of its magnitude or 1. */
const differenceStep = 1e-6;
/** A tensor whose gradient is smaller than this share of the whole is compared with the whole. */
const negligible = 1e-5;

interface GradientLine {
  readonly path: string;
  readonly shape: readonly number[];
  /** Of the reference. */
  readonly norm: number;
  /** Relative difference of the device. */
  readonly device: number;
  /** Relative difference of finite differences, at the worst of the elements tried. */
  readonly difference: number;
  /** That element's index. */
  readonly worst: number;
  readonly passed: boolean;
}

export interface GradientCheck {
  readonly adapter: string;
  /** Relative difference of the loss. */
  readonly loss: number;
  readonly lines: readonly GradientLine[];
  readonly passed: boolean;
}

/** @param network closed, without limitations */
export async function checkGradients(network: Network, device: string, seed: number): Promise<GradientCheck> {
  const compiled = compileGradient(network, batchSize);
  const { plan } = compiled;
  const params = initialiseParams(plan, seed);
  const batch = randomBatch(plan, seed);
  const oracle = new Oracle(network, plan, batch, params);
  const reference = oracle.gradients();
  const opened = await openCompiled(compiled, device);
  try {
    await opened.session.writeParams(params);
    const results = await opened.session.run("gradient", inputsOf(plan, "gradient", gradientInputs(batch)));
    const trained = plan.params.filter((param) => param.trained);
    const whole = Math.hypot(...trained.map(({ path }) => norm(reference.get(path) ?? new Float64Array())));
    const lines = trained.map((param) =>
      compare(param, reference.get(param.path) ?? bug(`no gradient of ${param.path}`), results[gradientResult(param.path)], whole, oracle),
    );
    const loss = Math.abs(results[lossResult][0] - oracle.loss()) / Math.max(1, Math.abs(oracle.loss()));
    return { adapter: opened.session.adapterName, loss, lines, passed: loss <= deviceTolerance && lines.every((line) => line.passed) };
  } finally {
    await opened.close();
  }
}

function compare(param: PlanParam, reference: Float64Array, device: Float32Array, whole: number, oracle: Oracle): GradientLine {
  const size = norm(reference);
  const apart = norm(reference.map((value, index) => value - device[index]));
  const largest = reference.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  let [difference, worst] = [0, 0];
  for (const index of sampleOf(reference)) {
    const error =
      Math.abs(oracle.difference(param.path, index) - reference[index]) / Math.max(largest, negligible * whole, Number.MIN_VALUE);
    if (error >= difference) [difference, worst] = [error, index];
  }
  const deviceError = apart / Math.max(size, negligible * whole, Number.MIN_VALUE);
  return {
    path: param.path,
    shape: param.shape,
    norm: size,
    device: deviceError,
    difference,
    worst,
    passed: deviceError <= deviceTolerance && difference <= differenceTolerance,
  };
}

/** The element with the largest gradient, and others spread over the tensor. */
function sampleOf(values: Float64Array): readonly number[] {
  let largest = 0;
  for (let index = 1; index < values.length; index++) if (Math.abs(values[index]) > Math.abs(values[largest])) largest = index;
  const spread = Array.from({ length: sampledElements - 1 }, (_, k) => Math.floor(((k + 0.5) * values.length) / (sampledElements - 1)));
  return [...new Set([largest, ...spread])];
}

function norm(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
}

/** Values in [0, 1); labels in turn. */
function randomBatch(plan: Plan, seed: number): Parameters<typeof gradientInputs>[0] {
  const { height, width, channels, outputs } = plan.input;
  const stream = streamKey(rootKey(seed), streamTag.initialWeights, 0);
  const images = new Float32Array(batchSize * channels * height * width);
  for (let index = 0; index < images.length; index++) images[index] = uniform(draw(stream, index >> 1)[index & 1]);
  const labels = Int32Array.from({ length: batchSize }, (_, item) => item % Math.max(2, outputs));
  return { count: batchSize, height, width, channels, flat: false, images, labels };
}

/** The reference interpreter on the graph as it was before all optional passes. */
class Oracle {
  readonly #graph: Graph;
  readonly #lossGraph: Graph;
  readonly #inputs: ReadonlyMap<string, Tensor>;
  readonly #params: ReadonlyMap<string, Tensor>;
  #loss: number | undefined;

  constructor(network: Network, plan: Plan, batch: Parameters<typeof gradientInputs>[0], params: ReadonlyMap<string, Float32Array>) {
    const without = optionalPasses.map(({ name }) => name);
    this.#graph =
      compileNetwork(network, { programs: ["gradient"], batch: batchSize, without }).graphs.get("gradient") ?? bug("no program gradient");
    this.#lossGraph = { ...this.#graph, results: this.#graph.results.filter(({ name, kind }) => name === lossResult && kind === "output") };
    // The interpreter takes the shapes from the graph.
    this.#inputs = new Map(
      Object.entries(gradientInputs(batch)).map(([name, data]): [string, Tensor] => [
        name,
        { shape: [data.length], dtype: "f32", data: Float64Array.from(data) },
      ]),
    );
    this.#params = new Map(
      plan.params.map(({ path, shape }): [string, Tensor] => [
        path,
        { shape, dtype: "f32", data: Float64Array.from(params.get(path) ?? bug(`no values of ${path}`)) },
      ]),
    );
  }

  gradients(): ReadonlyMap<string, Float64Array> {
    const results = interpret(this.#graph, { inputs: this.#inputs, params: this.#params });
    this.#loss = results.get(lossResult)?.data[0];
    return new Map([...gradientsIn(results)].map(([path, { data }]) => [path, data]));
  }

  loss(): number {
    return (this.#loss ??= this.#lossAt(this.#params));
  }

  /** (L(p + h) - L(p - h)) / 2h for one element. */
  difference(path: string, index: number): number {
    const tensor = this.#params.get(path) ?? bug(`no tensor ${path}`);
    const step = differenceStep * Math.max(1, Math.abs(tensor.data[index]));
    const lossAt = (offset: number): number => {
      const data = tensor.data.slice();
      data[index] += offset;
      return this.#lossAt(new Map([...this.#params, [path, { ...tensor, data }]]));
    };
    return (lossAt(step) - lossAt(-step)) / (2 * step);
  }

  #lossAt(params: ReadonlyMap<string, Tensor>): number {
    return interpret(this.#lossGraph, { inputs: this.#inputs, params }).get(lossResult)?.data[0] ?? bug("no loss");
  }
}
