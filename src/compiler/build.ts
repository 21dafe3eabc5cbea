/** @file Network -> Graph: one graph for each program of a Plan (inference, evaluation, gradient, training step, measurement). */

import { imagesResult, lossResult, meanSquareResult, outputsResult, reachResult, valueResult } from "../plan/names.ts";
import type { Augmentation } from "../plan/plan.ts";
import { elementCount, halfWidth } from "../plan/shape.ts";
import { threefry } from "../plan/threefry.ts";
import { bug } from "./diagnostics/diagnostic.ts";
import type { Expr } from "./expr/expr.ts";
import { call, constant, divide, multiply, substitute, subtract } from "./expr/expr.ts";
import { operand } from "./expr/operands.ts";
import type { Graph, Node, Result } from "./graph/graph.ts";
import { GraphBuilder } from "./graph/graph.ts";
import type { Origin } from "./graph/types.ts";
import type { BuildContext } from "./layers/build-context.ts";
import { inputRow } from "./layers/input.ts";
import { headOf } from "./network/head.ts";
import type { Network, NetworkNode } from "./network/network.ts";
import { parameterPath } from "./network/parameters.ts";
import type { ValueStage } from "./ops/augment.ts";
import { augment, coefficientCount, noiseCount, pixelWords } from "./ops/augment.ts";
import { contract } from "./ops/contract.ts";
import { input, parameter } from "./ops/leaves.ts";
import { mapNode, realMap } from "./ops/map.ts";
import { reshape } from "./ops/move.ts";
import { logSumExp, oneHot } from "./ops/softmax.ts";
import { asReal } from "./ops/view.ts";

export type ProgramKind = "infer" | "evaluate" | "gradient" | "train" | "measure" | "filters" | "activations";

/** Whether a program computes a loss, and so weighs the images of a batch. */
function weighsImages(kind: ProgramKind): boolean {
  return kind !== "infer" && kind !== "filters" && kind !== "activations";
}

export interface BuildOptions {
  /** B: the images that go through at once, a slab where the batch is cut into slabs. */
  readonly batch: number;
  readonly seed: number;
}

/**
 * Result names: `outputs` [B][O], `loss` []; `measure`: `mean-square/PATH`, `reach/PATH` []; `filters`: `PATH` [F][H][K][2];
 * `activations`: `node/ID` for each value of the network.
 */
export function buildGraph(network: Network, kind: ProgramKind, options: BuildOptions): Graph {
  const first = network.nodes[0] ?? bug("an empty network");
  const builder = new GraphBuilder(originOf(first));
  const values = new Map<number, Node>();
  const results: Result[] = [];
  const weights = !weighsImages(kind)
    ? undefined
    : input.build(builder, [], { name: "weights", type: { shape: [options.batch], dtype: "f32" }, perImage: true });
  const drawing = network.nodes.filter((node) => node.row.draws === true);
  const drawn =
    kind === "train" && drawing.length > 0
      ? {
          step: input.build(builder, [], { name: "step", type: { shape: [1], dtype: "i32" } }),
          positions: input.build(builder, [], { name: "positions", type: { shape: [options.batch], dtype: "i32" }, perImage: true }),
        }
      : undefined;
  const measuring = kind === "measure";
  const [seedLow, seedHigh] = [options.seed >>> 0, Math.floor(options.seed / 2 ** 32) >>> 0];
  const measure = (name: string, of: () => Node, value: (x: Expr) => Expr, mean: boolean): void => {
    // A shared object is measured at its first use.
    if (measuring && !results.some((result) => result.name === name))
      results.push(measurement(builder, name, of(), weights ?? bug("no weights"), value, mean));
  };
  const contextOf = (node: NetworkNode): BuildContext => ({
    builder,
    batch: options.batch,
    inputs: node.inputs.map((id) => network.nodes[id].type),
    output: node.type,
    draws:
      drawn !== undefined && node.row.draws === true
        ? { ...drawn, key: threefry(threefry([seedLow, seedHigh], [0, 0]), [5, drawing.indexOf(node)]) }
        : undefined,
    param: (name) => parameterNode(builder, node, name),
    calibrate(y, image) {
      if (!node.params.some((param) => param.name === "scale" && !param.trained)) return y;
      if (image !== undefined) measure(meanSquareResult(node.path), image, (x) => multiply(x, x), true);
      return scaled(builder, y, parameterNode(builder, node, "scale"));
    },
    filters(plane) {
      // A shared object has one set.
      if (kind === "filters" && !results.some(({ name }) => name === node.path))
        results.push({ name: node.path, node: asReal(builder, plane), kind: "output" });
    },
    reach: (x) => measure(reachResult(node.path), () => x, absolute, false),
  });
  for (const node of network.nodes) {
    const value = builder.at(originOf(node), () => {
      if (node.row === inputRow)
        return imagesNode(builder, tensorShape(node, options.batch), kind === "train" || measuring ? network.train.augment : null);
      const build = node.row.build ?? bug(`${node.row.words} cannot be built`);
      const operands = node.inputs.map((id) => values.get(id) ?? bug(`node ${id} is used before it is built`));
      return build(contextOf(node), node.settings, operands);
    });
    values.set(node.id, value);
  }
  const head = network.nodes[network.output];
  const outputs = values.get(network.output) ?? bug("the network has no result");
  if (measuring || kind === "filters") return { name: kind, results };
  if (kind === "activations") return { name: kind, results: activationResults(builder, network, values) };
  results.push({ name: outputsResult, node: outputs, kind: "output", slabs: "rows" });
  if (kind !== "infer") {
    const loss = builder.at(originOf(head), () => lossNode(builder, network, values, weights ?? bug("no weights"), options.batch));
    results.push({ name: lossResult, node: loss, kind: "output", slabs: "sum" });
  }
  return { name: kind, results };
}

/** What training sees alone: the result `images`, [B][C][H][W]. */
export function imagesGraph(network: Network, batch: number): Graph {
  const [first] = network.nodes;
  const builder = new GraphBuilder(originOf(first));
  return {
    name: "images",
    results: [{ name: imagesResult, node: imagesNode(builder, tensorShape(first, batch), network.train.augment), kind: "output" }],
  };
}

/** What the network sees: values from the host, or pixels of the host that are augmented here. */
function imagesNode(builder: GraphBuilder, shape: readonly number[], augmentation: Augmentation | null): Node {
  const given = (name: string, sizes: readonly number[], dtype: "f32" | "i32", perImage?: true): Node =>
    input.build(builder, [], { name, type: { shape: sizes, dtype }, perImage });
  if (augmentation === null) return given("images", shape, "f32", true);
  const { border, stages } = augmentation;
  const values = stages.flatMap((stage): ValueStage[] => {
    if (stage.kind === "noise") return [{ kind: stage.kind, deviation: stage.deviation }];
    return stage.kind === "brightness" || stage.kind === "contrast" ? [{ kind: stage.kind }] : [];
  });
  const [B, C, H, W] = shape;
  const noise = noiseCount(values) === 0 ? [] : [given("noise", [B, 2 * noiseCount(values)], "i32", true)];
  const operands = [
    given("pixels", [B, H, W, pixelWords(C)], "i32", true),
    given("coefficients", [B, coefficientCount(values)], "f32", true),
    given("normalisation", [C, 2], "f32"),
    ...noise,
  ];
  return augment.build(builder, operands, { shape, border, values });
}

/** Each value once: layers that do nothing here, such as dropout, have none of their own. Complex ones end in an axis of 2. */
function activationResults(builder: GraphBuilder, network: Network, values: ReadonlyMap<number, Node>): readonly Result[] {
  const seen = new Set<Node>();
  return network.nodes.flatMap(({ id }): readonly Result[] => {
    const node = values.get(id) ?? bug(`node ${id} has no value`);
    if (seen.has(node)) return [];
    seen.add(node);
    return [{ name: valueResult(id), node: node.type.dtype === "c32" ? asReal(builder, node) : node, kind: "output" }];
  });
}

/** [B][C][H][W], [B][C][H][K] or [B][N]. */
function tensorShape(node: NetworkNode, batch: number): readonly number[] {
  const { domain, height, width, channels } = node.type;
  if (domain === "vector") return [batch, channels];
  if (typeof height !== "number" || typeof width !== "number") bug(`${node.title} has an open size`);
  const spectrum = domain === "spectrum" || domain === "signal spectrum";
  return [batch, channels, height as number, spectrum ? halfWidth(width as number) : (width as number)];
}

function parameterNode(builder: GraphBuilder, node: NetworkNode, name: string): Node {
  const spec = node.params.find((param) => param.name === name) ?? bug(`${node.path} has no tensor ${name}`);
  return parameter.build(builder, [], { path: parameterPath(node, name), type: { shape: spec.shape, dtype: "f32" } });
}

function originOf(node: NetworkNode): Origin {
  return { span: node.span, layer: node.path === "" ? node.title : node.path, role: "forward" };
}

function scaled(builder: GraphBuilder, y: Node, scale: Node): Node {
  const factor = reshape(
    builder,
    scale,
    y.type.shape.map(() => 1),
  );
  const k = operand(1);
  if (y.type.dtype !== "c32") return realMap(builder, y.type.shape, [y, factor], multiply(operand(0), k));
  return mapNode(builder, y.type.shape, [y, factor], { re: multiply(operand(0, "re"), k), im: multiply(operand(0, "im"), k) }, true);
}

function absolute(x: Expr): Expr {
  return call("abs", x);
}

/** sum_b w_b sum_i f(x_bi), divided by the number of elements of one image if `mean`. */
function measurement(builder: GraphBuilder, name: string, x: Node, weights: Node, of: (x: Expr) => Expr, mean: boolean): Result {
  const [B, ...rest] = x.type.shape;
  const count = elementCount(rest);
  const flat = reshape(builder, x, [B, count]);
  const value = divide(multiply(of(operand(0)), operand(1)), constant(mean ? count : 1));
  const weighted = realMap(builder, [B, count], [flat, reshape(builder, weights, [B, 1])], value);
  return { name, node: contract(builder, "bi->", [weighted]), kind: "output", slabs: "sum" };
}

/** The loss of docs/numerics.md#losses: the mean over the batch, as a sum weighted by `weights` (1/B, or 0 for padding). */
function lossNode(builder: GraphBuilder, network: Network, values: ReadonlyMap<number, Node>, weights: Node, B: number): Node {
  const { targets } = network.train.loss;
  // Softmax in front of cross_entropy and sigmoid in front of bce are fused away: the loss takes z from before them.
  const { loss: row, logits, result } = headOf(network);
  const z = values.get((logits ?? result).id) ?? bug("the loss has no input");
  const [, O] = z.type.shape;
  const labels = input.build(builder, [], { name: "labels", type: { shape: [B], dtype: "i32" }, perImage: true });
  const perImage = reshape(builder, weights, [B, 1]);
  if (row.value === "cross entropy") {
    const target = oneHot.build(builder, [labels], { count: O, off: 0, on: 1 });
    const chosen = reshape(builder, contract(builder, "bo,bo->b", [z, target]), [B, 1]);
    const total = reshape(builder, logSumExp.build(builder, [z], {}), [B, 1]);
    const difference = realMap(builder, [B, 1], [total, chosen, perImage], multiply(subtract(operand(0), operand(1)), operand(2)));
    return contract(builder, "bo->", [difference]);
  }
  const target = oneHot.build(builder, [labels], { count: O, off: targets[0], on: targets[1] });
  const names = new Map<string, Expr>([
    ["y", operand(0)],
    ["z", operand(0)],
    ["t", operand(1)],
  ]);
  const element = substitute(row.value, (variableName) => names.get(variableName));
  const each = realMap(builder, [B, O], [z, target, perImage], divide(multiply(element, operand(2)), constant(O)));
  return contract(builder, "bo->", [each]);
}
