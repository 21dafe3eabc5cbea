/** @file `conv spatial`: a cross-correlation with a small kernel, as in deep learning (docs/numerics.md#spatial-convolution). */

import type { Node } from "../graph/graph.ts";
import type { ParamSpec } from "../network/parameters.ts";
import type { LayerType } from "../network/types.ts";
import { addToSize, ceilDivide, floorDivide, isLess, isSignal, known, shapeText } from "../network/types.ts";
import { conv2d } from "../ops/convolution.ts";
import { addNodes, broadcastTo } from "../ops/map.ts";
import { reshape } from "../ops/move.ts";
import type { InitRule } from "../words/schema.ts";
import { choice, init, option, positiveInteger, toggle } from "../words/schema.ts";
import type { BuildContext } from "./build-context.ts";
import type { LayerCall, TypeContext, TypedLayer } from "./row.ts";
import { argument, argumentSpan, biasParam, count, defineLayer, freeParam, glorot, scaleParam } from "./row.ts";

export interface ConvSpatialSettings {
  /** Rows and columns; `undefined` rows: written as one number, for signals. */
  readonly kernel: { readonly height: number | undefined; readonly width: number };
  /** F. */
  readonly filters: number;
  readonly stride: number;
  readonly boundary: "zero" | "wrap";
  readonly size: "same" | "valid";
  readonly weights: "spatial" | "spectral";
  readonly init: InitRule;
  readonly bias: boolean;
  readonly calibrated: boolean;
}

function settings(call: LayerCall): ConvSpatialSettings | undefined {
  const kernel = argument(call, "kernel");
  if (kernel === undefined || (kernel.kind !== "size" && kernel.kind !== "count")) return undefined;
  if (kernel.kind === "size" && kernel.dims.length !== 2) {
    call.report({
      severity: "error",
      code: "S0205",
      title: `\`${kernel.text}\` is not a kernel size`,
      span: kernel.span,
      label: "expected height x width, such as `3x3`",
      notes: ["a kernel spans all input channels, so their number is not written"],
    });
    return undefined;
  }
  const rule = call.options["init"] as InitRule;
  return {
    kernel: kernel.kind === "size" ? { height: kernel.dims[0], width: kernel.dims[1] } : { height: undefined, width: kernel.value },
    filters: count(call, "filters"),
    stride: call.options["stride"] as number,
    boundary: call.options["boundary"] as ConvSpatialSettings["boundary"],
    size: call.options["size"] as ConvSpatialSettings["size"],
    weights: call.options["weights"] as ConvSpatialSettings["weights"],
    init: rule,
    bias: call.options["bias"] === true,
    calibrated: rule.kind === "calibrated",
  };
}

function type(inputs: readonly LayerType[], made: ConvSpatialSettings, context: TypeContext): LayerType | undefined {
  const [input] = inputs;
  const span = argumentSpan(context.call, "kernel");
  const { height, width } = made.kernel;
  const signal = isSignal(input);
  if (signal !== (height === undefined)) {
    const typed = height === undefined ? String(width) : `${height}x${width}`;
    const fix = signal ? String(width) : `${width}x${width}`;
    context.report({
      severity: "error",
      code: "S0205",
      title: signal ? `a kernel on a signal has one size, not \`${typed}\`` : `a kernel on an image has two sizes, not \`${typed}\``,
      span,
      label: signal ? "expected the number of samples" : "expected height x width",
      helps: [{ text: `write \`${fix}\``, edits: [{ span, text: fix }] }],
    });
    return undefined;
  }
  if (isLess(input.height, height ?? 1) === true || isLess(input.width, width) === true) {
    context.report({
      severity: "error",
      code: "S0302",
      title: `the kernel of \`conv spatial\` is larger than the ${input.domain}`,
      span,
      label: `slides over ${input.domain} ${shapeText(input)}`,
      helps: [{ text: "use a smaller kernel, or put the layer before what makes the image small" }],
    });
    return undefined;
  }
  if (made.size === "same") {
    return {
      ...input,
      height: ceilDivide(input.height, signal ? 1 : made.stride),
      width: ceilDivide(input.width, made.stride),
      channels: made.filters,
    };
  }
  const rows = signal ? input.height : addToSize(floorDivide(addToSize(input.height, -(height ?? 1)), made.stride), 1);
  return { ...input, height: rows, width: addToSize(floorDivide(addToSize(input.width, -width), made.stride), 1), channels: made.filters };
}

function params(inputs: readonly LayerType[], made: ConvSpatialSettings): readonly ParamSpec[] {
  const C = inputs[0].channels;
  const F = made.filters;
  const shape = [F, C, made.kernel.height ?? 1, made.kernel.width];
  const taps = shape[2] * shape[3];
  const start = made.init.kind === "drawn" ? made.init.start(C * taps) : glorot(C * taps, F * taps);
  return [freeParam("weight", shape, start, true), ...(made.bias ? [biasParam(F)] : []), ...(made.calibrated ? [scaleParam()] : [])];
}

/** Total padding and its front part along one axis (docs/numerics.md#spatial-convolution). */
export function padding(size: number, kernel: number, stride: number): readonly [number, number] {
  const total = Math.max((Math.ceil(size / stride) - 1) * stride + kernel - size, 0);
  return [Math.floor(total / 2), total - Math.floor(total / 2)];
}

function build(context: BuildContext, made: ConvSpatialSettings, [x]: readonly Node[]): Node {
  const [, , H, W] = x.type.shape;
  const rows = made.kernel.height ?? 1;
  // On signals the one row is never strided over.
  const strideY = made.kernel.height === undefined ? 1 : made.stride;
  const none: readonly [number, number] = [0, 0];
  const [top, bottom] = made.size === "same" ? padding(H, rows, strideY) : none;
  const [left, right] = made.size === "same" ? padding(W, made.kernel.width, made.stride) : none;
  const attrs = {
    stride: [strideY, made.stride] as const,
    before: [top, left] as const,
    after: [bottom, right] as const,
    wrap: made.boundary === "wrap",
  };
  const product = conv2d.build(context.builder, [x, context.param("weight")], attrs);
  const y = context.calibrate(product, () => product);
  if (!made.bias) return y;
  return addNodes(
    context.builder,
    y,
    broadcastTo(context.builder, reshape(context.builder, context.param("bias"), [1, made.filters, 1, 1]), y.type.shape),
  );
}

export const convSpatial: TypedLayer<ConvSpatialSettings> = defineLayer<ConvSpatialSettings>({
  words: "conv spatial",
  about: "slides small kernels over the image",
  takes: "image",
  arguments: [
    { name: "kernel", what: "the kernel size", kinds: ["size", "count"], example: "3x3" },
    { name: "filters", what: "the number of filters", kinds: ["count"], example: "32" },
  ],
  options: [
    option("stride", positiveInteger, 1),
    choice("boundary", ["zero", "wrap"]),
    choice("size", ["same", "valid"]),
    choice("weights", ["spatial", "spectral"]),
    option<InitRule>("init", init(["glorot", "calibrated"]), { kind: "default" }, "glorot"),
    toggle("bias", true),
  ],
  part: "filter",
  axes: { weight: "OIHW" },
  remarks: (made) => [`boundary ${made.boundary}`, ...(made.calibrated ? ["calibrated"] : [])],
  settings,
  type,
  params,
  flops: (inputs, output, made) => {
    const taps = inputs[0].channels * (made.kernel.height ?? 1) * made.kernel.width;
    return 2 * taps * made.filters * known(output.height) * known(output.width);
  },
  build,
  notBuilt: (made) =>
    made.weights === "spectral"
      ? { what: "`weights: spectral`", instead: "`weights: spatial`, the default, stores the same kernels as pixels" }
      : undefined,
});
