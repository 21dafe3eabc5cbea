/** @file `--to onnx`: inference as an ONNX model, its filters expanded to constants. */

import { inferenceGraph } from "../compiler/compile.ts";
import { bug, Limitation } from "../compiler/diagnostics/diagnostic.ts";
import type { Expr } from "../compiler/expr/expr.ts";
import { call, constant, divide, subtract, variable } from "../compiler/expr/expr.ts";
import { DataError } from "../data/data-error.ts";
import { sizeText } from "../model/size-text.ts";
import type { ScoreRule } from "../plan/outputs.ts";
import { valueTable } from "../runtime/pixels.ts";
import { aboutModel } from "./about.ts";
import type { ExportedModel, Exporter, ExportOptions } from "./format.ts";
import type { Value } from "./onnx/builder.ts";
import { isPair, OnnxBuilder } from "./onnx/builder.ts";
import { emitGraph } from "./onnx/emit.ts";
import { exprNodes } from "./onnx/expr.ts";
import { concat, reshape } from "./onnx/moves.ts";
import type { OnnxModel, OnnxValueInfo } from "./onnx/proto.ts";
import { loadOnnxCodec } from "./onnx/proto.ts";
import type { Transforms } from "./onnx/transform.ts";
import { weightTensors } from "./tensors.ts";

/** Versions of the operators and of the file format that has them: 13 is of 2020, and DFT as it is written here came with 20. */
const versions = { matmul: { opset: 13n, ir: 7n }, op: { opset: 20n, ir: 9n } } as const;

/** What Protocol Buffers hold. */
const mostBytes = 2 ** 31 - 1;

export const exportOnnx: Exporter = async (model, options) => {
  const content = onnxModel(model, options);
  const bytes = content.graph.initializer.reduce((sum, { rawData }) => sum + rawData.byteLength, 0);
  if (bytes > mostBytes)
    throw new Limitation(`an ONNX file holds 2 GB, and the constants of this network are ${(bytes / 1e9).toFixed(1)} GB`, {
      help: "a smaller --input, or --onnx-dft op, which leaves the tables of the transforms out",
    });
  return [{ suffix: ".onnx", content: (await loadOnnxCodec()).write(content) }];
};

/** @throws Limitation naming a layer that has no form in ONNX; DataError without the statistics that pixels need */
export function onnxModel(model: ExportedModel, options: Pick<ExportOptions, "onnxDft" | "onnxInput">): OnnxModel {
  const { network, input } = model;
  const builder = new OnnxBuilder();
  const isSignal = input.kind === "signal";
  const shape = [-1, input.channels, ...(isSignal ? [] : [input.height]), input.width];
  const given = builder.input(isSignal ? "signals" : "images", shape);
  builder.layer = "input";
  const values = isSignal || options.onnxInput === "values" ? given : normalised(builder, model, given);
  const images = reshape(builder, values, [-1, input.channels, input.height, input.width]);
  const graph = inferenceGraph(network);
  const found = emitGraph(graph, {
    builder,
    transforms: options.onnxDft,
    params: weightTensors(model),
    inputs: new Map([["images", images]]),
    batch: given,
  });
  const result = found.get("outputs");
  if (result === undefined || isPair(result)) bug("onnx: no real result");
  builder.layer = "output";
  const plain = result as Value;
  // A signal is an image of one row.
  const outputs = named(
    builder,
    "outputs",
    isSignal && plain.shape.length === 4
      ? reshape(
          builder,
          plain,
          plain.shape.filter((_, axis) => axis !== 2),
        )
      : plain,
  );
  const scores = model.scores === null ? [] : [named(builder, "scores", scoreNodes(builder, model.scores, outputs))];
  return {
    ...modelAround(builder, network.netName ?? "network", [given], [outputs, ...scores], options.onnxDft),
    producerVersion: model.version,
    metadataProps: Object.entries(metadata(model, options)).map(([key, value]) => ({ key, value })),
  };
}

/** A file of what a builder holds. */
export function modelAround(
  builder: OnnxBuilder,
  name: string,
  inputs: readonly Value[],
  outputs: readonly Value[],
  transforms: Transforms,
): OnnxModel {
  const { opset, ir } = versions[transforms];
  return {
    irVersion: ir,
    producerName: "specc",
    producerVersion: "",
    opsetImport: [{ domain: "", version: opset }],
    metadataProps: [],
    graph: { name, node: builder.nodes, initializer: builder.initializers, input: inputs.map(infoOf), output: outputs.map(infoOf) },
  };
}

/** Bytes as they come to what the network takes: for each channel a factor and a summand. */
function normalised(builder: OnnxBuilder, { network, input, statistics }: ExportedModel, pixels: Value): Value {
  if (network.input.standardise === "data" && statistics === null) {
    throw new DataError("this network standardises its images by what was measured in training, and a file alone does not say it", {
      help: "export the folder of a run; or --onnx-input values, and standardise before the model",
    });
  }
  const table = valueTable(input, statistics);
  const [black, white] = [0, 255].map((byte) => Array.from({ length: input.channels }, (_, channel) => table[256 * channel + byte]));
  const perChannel = (name: string, value: (channel: number) => number): Value =>
    builder.constant(
      `input/${name}`,
      [1, input.channels, 1, 1],
      Float32Array.from({ length: input.channels }, (_, channel) => value(channel)),
    );
  const scaled = builder.node("Mul", [pixels, perChannel("scale", (channel) => (white[channel] - black[channel]) / 255)], pixels.shape);
  return builder.node("Add", [scaled, perChannel("offset", (channel) => black[channel])], pixels.shape);
}

/** What `specc predict` makes of the outputs (src/plan/outputs.ts). */
function scoreNodes(builder: OnnxBuilder, { kind, low, high }: ScoreRule, outputs: Value): Value {
  if (kind === "none") return outputs;
  if (kind === "softmax") return builder.node("Softmax", [outputs], outputs.shape, { axis: 1 });
  const z = variable("z");
  const scale = call("clamp", divide(subtract(z, constant(low)), constant(high - low)), constant(0), constant(1));
  const nodes = (expr: Expr, of: Value): Value => exprNodes(builder, [expr], () => of)[0];
  const scores = nodes(kind === "sigmoid" ? call("sigmoid", z) : scale, outputs);
  // One output is the score of the second of two classes.
  return outputs.shape[1] === 1 ? concat(builder, [nodes(subtract(constant(1), z), scores), scores], 1) : scores;
}

function named(builder: OnnxBuilder, name: string, value: Value): Value {
  const result = { name, shape: value.shape };
  builder.name("Identity", [value], [result]);
  return result;
}

function infoOf({ name, shape }: Value): OnnxValueInfo {
  return {
    name,
    type: {
      tensorType: { elemType: 1, shape: { dim: shape.map((size) => (size === -1 ? { dimParam: "batch" } : { dimValue: BigInt(size) })) } },
    },
  };
}

function metadata(model: ExportedModel, { onnxInput }: Pick<ExportOptions, "onnxInput">): Readonly<Record<string, string>> {
  const { input, classes, scores } = model;
  const pixels = onnxInput === "pixels" && input.kind === "image";
  const fit = input.fit === "cover" ? "cropped to its proportions and scaled" : "scaled";
  const text = pixels
    ? `bytes 0 to 255, ${input.channels === 1 ? "grey" : "red, green, blue"}; a photograph is ${fit} to ${sizeText(input)}`
    : `values of the network, ${sizeText(input)}`;
  return {
    ...aboutModel(model),
    input: text,
    ...(classes === null ? {} : { classes: JSON.stringify(classes) }),
    ...(scores === null ? {} : { scores: scores.probabilities ? "probabilities" : "scores, no probabilities" }),
  };
}
