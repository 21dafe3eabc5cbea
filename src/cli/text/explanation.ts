/** @file What `check --explain` says: the pipeline with its transforms, every rewrite and what it saved, FFT plans. */

import type { Compiled, CompileOptions } from "../../compiler/compile.ts";
import { compileNetwork } from "../../compiler/compile.ts";
import type { Graph } from "../../compiler/graph/graph.ts";
import { topological } from "../../compiler/graph/graph.ts";
import { planFft, printFftPlan } from "../../compiler/kernels/fft/plan.ts";
import { baseline } from "../../compiler/lower/target.ts";
import type { Network } from "../../compiler/network/network.ts";
import { irfft2, rfft2 } from "../../compiler/ops/fft.ts";
import { optionalPasses } from "../../compiler/passes/pipeline.ts";
import { stepsOfRun } from "../../plan/steps.ts";
import { cost, count } from "./layer-table.ts";

interface RewriteLine {
  readonly pass: string;
  readonly layer: string;
  readonly text: string;
  /** How often. */
  readonly times: number;
}

interface ProgramCost {
  readonly flops: number;
  readonly dispatches: number;
  /** Memory for intermediate results. */
  readonly bytes: number;
}

export interface Explanation {
  /** B. */
  readonly batch: number;
  /** Of the training step. */
  readonly rewrites: readonly RewriteLine[];
  readonly before: ProgramCost;
  readonly after: ProgramCost;
  /** One for each length that is transformed. */
  readonly transforms: readonly { readonly points: number; readonly plan: string }[];
}

/** Compiles the training step of a closed network with all passes and with none. */
export function explain(network: Network): Explanation {
  const options: CompileOptions = { programs: ["train"], batch: network.train.batch };
  const optimised = compileNetwork(network, options);
  const plain = compileNetwork(network, { ...options, without: optionalPasses.map(({ name }) => name) });
  const lengths = new Set([...plain.graphs.values()].flatMap(transformLengths));
  return {
    batch: network.train.batch,
    rewrites: mergeEqual([...optimised.rewrites.values()].flat()),
    before: costOf(plain),
    after: costOf(optimised),
    transforms: [...lengths].sort((a, b) => a - b).map((points) => ({ points, plan: printFftPlan(planFft(points, baseline)) })),
  };
}

function costOf({ plan, graphs }: Compiled): ProgramCost {
  let flops = 0;
  for (const graph of graphs.values()) {
    for (const node of topological(graph))
      flops += node.op.flops(
        node.inputs.map((input) => input.type),
        node.attrs,
        node.type,
      );
  }
  return {
    flops: Math.round(flops),
    dispatches: Object.values(plan.programs).reduce((sum, program) => sum + stepsOfRun(program).length, 0),
    bytes: plan.buffers.filter(({ kind }) => kind === "slot").reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
  };
}

/** Both axes of every transform; an axis of one point needs none. */
function transformLengths(graph: Graph): readonly number[] {
  const planes = topological(graph).flatMap((node) => {
    if (rfft2.match(node) !== undefined) return [node.inputs[0].type.shape.slice(-2)];
    return irfft2.match(node) === undefined ? [] : [node.type.shape.slice(-2)];
  });
  return planes.flat().filter((points) => points > 1);
}

function mergeEqual(rewrites: readonly Omit<RewriteLine, "times">[]): readonly RewriteLine[] {
  const merged = new Map<string, RewriteLine>();
  for (const { pass, layer, text } of rewrites) {
    const key = JSON.stringify([pass, layer, text]);
    merged.set(key, { pass, layer, text, times: (merged.get(key)?.times ?? 0) + 1 });
  }
  return [...merged.values()];
}

export function explanationText({ batch, rewrites, before, after, transforms }: Explanation): string {
  const lines = rewrites.map(
    ({ pass, layer, text, times }) => `  ${pass}${layer === "" ? "" : `, ${layer}`}: ${text}${times > 1 ? ` (${times} times)` : ""}`,
  );
  return [
    `rewrites of the training step, batch ${batch}:`,
    ...(lines.length === 0 ? ["  none"] : lines),
    `in all: ${cost(before.flops)} FLOPs become ${cost(after.flops)}, ` +
      `${count(before.dispatches)} dispatches ${count(after.dispatches)}, ` +
      `${bytesText(before.bytes)} of intermediate results ${bytesText(after.bytes)}`,
    ...(transforms.length === 0 ? [] : ["Fourier transforms:", ...transforms.map(({ plan }) => `  ${plan}`)]),
  ].join("\n");
}

export function bytesText(bytes: number): string {
  const step = [
    { size: 2 ** 30, unit: "GiB" },
    { size: 2 ** 20, unit: "MiB" },
    { size: 2 ** 10, unit: "KiB" },
  ].find(({ size }) => bytes >= size);
  return step === undefined ? `${bytes} bytes` : `${(bytes / step.size).toFixed(1)} ${step.unit}`;
}
