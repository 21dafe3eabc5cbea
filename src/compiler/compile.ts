/** @file compile: a closed, elaborated network becomes a Plan, and the graphs that the reference interpreter runs. */

import type { Plan, PlanInput, PlanParam, PlanTraining, StepScalar } from "../plan/plan.ts";
import { assemblePlan, layoutArena } from "./assemble/assemble.ts";
import type { Slabbing } from "./assemble/slabs.ts";
import { checkBatch, checkWeights, compileInSlabs, excessOf } from "./assemble/slabs.ts";
import type { ProgramKind } from "./build.ts";
import { buildGraph } from "./build.ts";
import { bug, Limitation } from "./diagnostics/diagnostic.ts";
import type { Graph } from "./graph/graph.ts";
import { lowerGraph } from "./lower/lower.ts";
import type { Target } from "./lower/target.ts";
import { baseline } from "./lower/target.ts";
import { hasLoss, headOf } from "./network/head.ts";
import type { Network, NetworkNode } from "./network/network.ts";
import type { ParamSpec } from "./network/parameters.ts";
import { parameterPath } from "./network/parameters.ts";
import { elementsOf, isSignal, isSpectrum, typeText } from "./network/types.ts";
import type { UpdateRule } from "./passes/optimize.ts";
import type { Rewrite } from "./passes/pass.ts";
import { dispatchPasses, optionalGraphPasses, runPipeline } from "./passes/pipeline.ts";
import { spectralAlgebra } from "./passes/spectral-algebra.ts";
import { optimizers } from "./words/optimizers.ts";

export interface CompileOptions {
  /** Default: inference, evaluation and the training step. */
  readonly programs?: readonly ProgramKind[];
  /** B; default the file's. */
  readonly batch?: number;
  readonly seed?: number;
  readonly target?: Target;
  /** Names of passes to leave out. */
  readonly without?: readonly string[];
  readonly dump?: (program: ProgramKind, pass: string, graph: string) => void;
}

export interface Compiled {
  readonly plan: Plan;
  readonly target: Target;
  readonly seed: number;
  /** As the passes left them. */
  readonly graphs: ReadonlyMap<ProgramKind, Graph>;
  readonly rewrites: ReadonlyMap<ProgramKind, readonly Rewrite[]>;
  /** Undefined where the whole batch goes through at once. */
  readonly slabs: Slabbing | undefined;
  /** The same network with the schedules and limits of another target; parameters lie in the same places. */
  readonly retarget: (target: Target) => Compiled;
}

/**
 * Compiles a closed network.
 * @throws Limitation where a part of the language is not built yet, a loss is asked of an image, or one image exceeds the target's limits
 */
export function compileNetwork(network: Network, options: CompileOptions = {}): Compiled {
  if (network.open) bug("an open network was given to the compiler");
  const batch = options.batch ?? network.train.batch;
  const seed = options.seed ?? network.train.seed;
  const target = options.target ?? baseline;
  const measures = network.nodes.some((node) => node.params.some((param) => !param.trained) || node.row.part === "head");
  const kinds = options.programs ?? ["infer", "evaluate", "train", ...(measures ? ["measure" as const] : [])];
  checkEnd(network, kinds);
  const tensors = parameterTensors(network);
  const layout = layoutArena(tensors);
  checkWeights(layout.sizeBytes);
  checkBatch(batch, elementsOf(network.nodes[0].type));
  const params = tensors.map((tensor): PlanParam => ({ ...tensor, offsetBytes: layout.offsetBytes.get(tensor.path) ?? bug("no place") }));
  const trained = new Set(params.filter((param) => param.trained).map((param) => param.path));
  const optimizer =
    optimizers.find((row) => row.name === network.train.optimizer.name) ?? bug(`no optimizer ${network.train.optimizer.name}`);
  const rule = optimizer.update(network.train.optimizer.options);
  const scalars = optimizer.scalars(network.train.optimizer.options);
  const update: UpdateRule = {
    ...rule,
    scalars: scalarNames(scalars),
    clip: network.train.optimizer.clip,
    offsetBytes: layout.offsetBytes,
    decayOf: decayRule(network, params),
  };
  const graphs = new Map<ProgramKind, Graph>();
  const rewrites = new Map<ProgramKind, readonly Rewrite[]>();
  const stateCount = kinds.includes("train") ? rule.states.length : 0;
  const training: PlanTraining = { ...trainingHeader(network), scalars, batch, seed };
  const header = { params, stateCount, training: kinds.includes("train") ? training : undefined, input: inputHeader(network, batch) };
  const merges = dispatchPasses.filter(({ name }) => options.without?.includes(name) !== true);
  const { plan, slabs } = compileInSlabs(batch, target, (images) => {
    for (const kind of kinds) {
      const differentiated = kind === "gradient" || kind === "train";
      const result = runPipeline(buildGraph(network, kind, { batch: images, seed }), {
        target,
        trained: differentiated ? trained : new Set(),
        update: kind === "train" ? update : undefined,
        slabs: images < batch,
        without: new Set(options.without),
        dump: (pass, text) => options.dump?.(kind, pass, text),
      });
      graphs.set(kind, result.graph);
      rewrites.set(kind, result.rewrites);
    }
    const lowered = [...graphs].map(([kind, graph]) =>
      lowerGraph(graph, layout, stateCount, target, merges, (rewrite) => rewrites.set(kind, [...(rewrites.get(kind) ?? []), rewrite])),
    );
    return assemblePlan(lowered, header, target, images);
  });
  const retarget = (other: Target): Compiled =>
    servesAsWell(target, plan, slabs, other) ? compiled : compileNetwork(network, { ...options, target: other });
  const compiled: Compiled = { plan, target, seed, graphs, rewrites, slabs, retarget };
  return compiled;
}

/**
 * Inference of one image before it is fitted to a device, for exports: whole transforms, no private ops, and nothing that does not
 * depend on the image is taken for a constant of the batch.
 * @throws Limitation as `compileNetwork` does
 */
export function inferenceGraph(network: Network): Graph {
  checkEnd(network, ["infer"]);
  const graph = buildGraph(network, "infer", { batch: 1, seed: network.train.seed });
  return runPipeline(graph, {
    target: baseline,
    trained: new Set(),
    update: undefined,
    slabs: false,
    without: new Set(optionalGraphPasses.filter((pass) => pass !== spectralAlgebra).map(({ name }) => name)),
  }).graph;
}

/** Whether what was compiled for one target is what another would get. */
function servesAsWell(target: Target, plan: Plan, slabs: Slabbing | undefined, other: Target): boolean {
  // All but its name, and the sizes of buffers, which matter only where they cut the batch.
  const { name: _name, bindingBytes: _binding, bufferBytes: _buffer, ...schedule } = { ...target, ...other };
  const schedules = (Object.keys(schedule) as (keyof Target)[]).every((key) => target[key] === other[key]);
  const limits = target.bindingBytes === other.bindingBytes && target.bufferBytes === other.bufferBytes;
  return schedules && (limits || (slabs?.cause.kind !== "limit" && excessOf(plan, other) === undefined));
}

function checkEnd(network: Network, kinds: readonly ProgramKind[]): void {
  const { title, type, span } = network.nodes[network.output];
  const help = "end it with a vector: `-> gap`, or `-> dense softmax 2` for two classes";
  if (isSpectrum(type.domain) && kinds.length > 0)
    throw new Limitation(`a network that ends in a spectrum has no output yet: \`${title}\` gives ${typeText(type)}`, { span, help });
  if (hasLoss(network) || kinds.every((kind) => kind === "infer" || kind === "filters" || kind === "activations")) return;
  throw new Limitation(
    `a network that ends in ${isSignal(type) ? "a signal" : "an image"} has no loss: \`${title}\` gives ${typeText(type)}`,
    { span, help: `to train it, ${help}` },
  );
}

/** All tensors in layer order; a shared object's appear once, at its first use. */
function parameterTensors(network: Network): readonly Omit<PlanParam, "offsetBytes">[] {
  const known = new Set<string>();
  const list: Omit<PlanParam, "offsetBytes">[] = [];
  const describe = (node: NetworkNode, param: ParamSpec): void => {
    const path = parameterPath(node, param.name);
    if (known.has(path)) return;
    known.add(path);
    const { shape, start, constraint, trained, decayed } = param;
    list.push({
      path,
      shape,
      start,
      constraint,
      trained,
      decayed,
      part: node.row.part,
      span: { start: node.span.start, end: node.span.end },
    });
  };
  for (const node of network.nodes) for (const param of node.params) describe(node, param);
  return list;
}

/** `lr`, and the corrections `c1`, `c2` in their order. */
function scalarNames(scalars: readonly StepScalar[]): readonly string[] {
  let corrections = 0;
  return scalars.map((scalar) => (scalar.kind === "lr" ? "lr" : `c${++corrections}`));
}

function decayRule(network: Network, params: readonly PlanParam[]): (path: string) => number {
  const { decay, decayAll } = network.train.optimizer;
  const decayed = new Set(params.filter((param) => decayAll || param.decayed).map((param) => param.path));
  return (path) => (decayed.has(path) ? decay : 0);
}

function trainingHeader(network: Network): Omit<PlanTraining, "scalars" | "batch" | "seed"> {
  const { train } = network;
  const { dense, saturating } = headOf(network);
  return {
    loss: train.loss.name,
    optimizer: train.optimizer.name,
    lr: train.optimizer.lr,
    schedule: train.schedule,
    epochs: train.epochs,
    ...(train.augment === null ? {} : { augment: train.augment }),
    watch: {
      saturatingHead: saturating,
      adaptive: optimizers.some((row) => row.name === train.optimizer.name && row.adaptive),
      headSpan: dense === undefined ? null : { start: dense.span.start, end: dense.span.end },
      headPath: dense?.path ?? null,
      targets: train.loss.targets,
    },
  };
}

function inputHeader(network: Network, batch: number): PlanInput {
  const { input } = network;
  if (typeof input.height !== "number" || typeof input.width !== "number" || input.channels === undefined) bug("an open input");
  return {
    kind: input.kind,
    height: input.height as number,
    width: input.width as number,
    channels: input.channels as number,
    batch,
    range: input.range,
    mean: input.mean,
    std: input.std,
    standardise: input.standardise,
    fit: input.fit,
    antialias: input.antialias,
    outputs: network.nodes[network.output].type.channels,
    threshold: headOf(network).threshold,
  };
}
