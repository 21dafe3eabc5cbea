/** @file Layers in PyTorch: for each word of the language how it is made and how it is called. */

import { Limitation } from "../compiler/diagnostics/diagnostic.ts";
import type { ScalarFormula } from "../compiler/formula/formula.ts";
import type { ActivationSettings, ReluModulusSettings } from "../compiler/layers/activation.ts";
import { normScale } from "../compiler/layers/activation.ts";
import type { ConvSpatialSettings } from "../compiler/layers/conv-spatial.ts";
import { padding } from "../compiler/layers/conv-spatial.ts";
import type { ConvSpectralSettings } from "../compiler/layers/conv-spectral.ts";
import { filterGrid } from "../compiler/layers/conv-spectral.ts";
import type { ResidualSettings } from "../compiler/layers/merge.ts";
import type { PoolSettings } from "../compiler/layers/pool.ts";
import type { DropoutSettings } from "../compiler/layers/regularise.ts";
import { normEpsilon } from "../compiler/layers/regularise.ts";
import { settingsOf } from "../compiler/layers/row.ts";
import type { FlattenSpectralSettings } from "../compiler/layers/shape.ts";
import type { NetworkNode } from "../compiler/network/network.ts";
import type { LayerType } from "../compiler/network/types.ts";
import { isSignal, isSpectrum, known } from "../compiler/network/types.ts";
import { pythonNumber } from "./pytorch-expr.ts";

/** What a layer asks of the file that it is written into. */
export interface LayerContext {
  /** Takes a piece into the file. */
  readonly use: (piece: string) => void;
  /** The name in Python of the function that a formula becomes. */
  readonly formula: (formula: ScalarFormula) => string;
  /** `self.layer("conv.1")`. */
  readonly self: string;
  readonly inputs: readonly LayerType[];
}

export interface PythonLayer {
  /** The class, and its arguments but for the parameters, which come first, and behind `before`; absent: no parameters of its own. */
  readonly make?: (
    node: NetworkNode,
    context: LayerContext,
  ) => { readonly name: string; readonly before?: readonly string[]; readonly arguments: readonly string[] };
  /** The value, in terms of its inputs. */
  readonly call: (node: NetworkNode, context: LayerContext, inputs: readonly string[]) => string;
}

const called = (_node: NetworkNode, { self }: LayerContext, [x]: readonly string[]): string => `${self}(${x})`;
const pair = (a: number, b: number): string => `(${a}, ${b})`;
const calibrated = (made: { readonly calibrated: boolean }): readonly string[] => (made.calibrated ? ["calibrated=True"] : []);

function sizeOf(type: LayerType): string {
  return pair(known(type.height), known(type.width));
}

const convSpatial: PythonLayer = {
  call: called,
  make: (node, { use, inputs: [input] }) => {
    use("ConvSpatial");
    const made = settingsOf<ConvSpatialSettings>(node);
    const strideY = made.kernel.height === undefined ? 1 : made.stride;
    const same = made.size === "same";
    const [top, bottom] = same ? padding(known(input.height), made.kernel.height ?? 1, strideY) : [0, 0];
    const [left, right] = same ? padding(known(input.width), made.kernel.width, made.stride) : [0, 0];
    return {
      name: "ConvSpatial",
      arguments: [
        ...(made.stride > 1 ? [`stride=${pair(strideY, made.stride)}`] : []),
        ...([top, bottom, left, right].some((count) => count > 0) ? [`padding=(${left}, ${right}, ${top}, ${bottom})`] : []),
        ...(made.boundary === "wrap" ? ["wrap=True"] : []),
        ...calibrated(made),
      ],
    };
  },
};

const convSpectral: PythonLayer = {
  call: called,
  make: (node, { use, formula, inputs: [input] }) => {
    const made = settingsOf<ConvSpectralSettings>(node);
    const zero = made.boundary === "zero";
    const height = known(filterGrid(made, input).height);
    const size = pair(height, known(input.width) * (zero ? 2 : 1));
    const rest = [
      ...(made.channels === "shared" ? [] : [`channels="${made.channels}"`]),
      ...(zero ? ["zero_boundary=True"] : []),
      ...calibrated(made),
    ];
    if (made.family === "free") {
      use("FreeFilters");
      return { name: "FreeFilters", arguments: [`size=${size}`, `filters=${made.filters}`, ...rest] };
    }
    use("FormulaFilters");
    const shape = [made.parts, made.filters, ...(made.channels === "full" ? [input.channels] : [])].join(", ");
    return {
      name: "FormulaFilters",
      before: [formula(made.family)],
      arguments: [`shape=(${shape})`, `size=${size}`, ...(made.coords === "cartesian" ? [] : [`coords="${made.coords}"`]), ...rest],
    };
  },
};

const activation: PythonLayer = {
  make: (_node, { use }) => {
    use("Layer");
    return { name: "Layer", arguments: [] };
  },
  call: (node, { use, formula, self }, [x]) => {
    const made = settingsOf<ActivationSettings>(node);
    const name = formula(made.formula);
    const spectral = isSpectrum(node.type.domain);
    const hasParams = made.formula.params.length > 0;
    if (hasParams) use("activate");
    if (!spectral) return hasParams ? `activate(${name}, ${self}, ${x})` : `${name}(${x})`;
    use("split");
    const s = pythonNumber(normScale(made.norm, node.type));
    return hasParams ? `split(lambda part: activate(${name}, ${self}, part), ${x}, ${s})` : `split(${name}, ${x}, ${s})`;
  },
};

const reluModulus: PythonLayer = {
  call: called,
  make: (node, { use }) => {
    use("ReluModulus");
    return { name: "ReluModulus", arguments: [`s=${pythonNumber(normScale(settingsOf<ReluModulusSettings>(node).norm, node.type))}`] };
  },
};

const dense: PythonLayer = {
  call: called,
  make: (node, { use }) => {
    use("Dense");
    return { name: "Dense", arguments: [...calibrated(settingsOf<{ readonly calibrated: boolean }>(node))] };
  },
};

const normLayer: PythonLayer = {
  call: called,
  make: (_node, { use }) => {
    use("NormLayer");
    return { name: "NormLayer", arguments: [`eps=${pythonNumber(normEpsilon)}`] };
  },
};

function windowPool(name: string): PythonLayer {
  return {
    call: (node, _context, [x]) => {
      const { window } = settingsOf<PoolSettings>(node);
      return `F.${name}(${x}, ${pair(isSignal(node.type) ? 1 : window, window)})`;
    },
  };
}

const residual: PythonLayer = {
  make: (_node, { use }) => {
    use("Project");
    return { name: "Project", arguments: [] };
  },
  call: (node, { self }, [input, branch]) =>
    settingsOf<ResidualSettings>(node).project ? `${branch} + ${self}(${input})` : `${branch} + ${input}`,
};

const gap: PythonLayer = {
  call: (_node, { inputs: [input] }, [x]) =>
    isSpectrum(input.domain) ? `${x}[:, :, 0, 0].real / ${known(input.height) * known(input.width)}` : `${x}.mean((2, 3))`,
};

/** By the words of their rows. */
export const pythonLayers: Readonly<Record<string, PythonLayer>> = {
  "conv spatial": convSpatial,
  "conv spectral": convSpectral,
  ACT: activation,
  "ACT spectral": activation,
  leaky: activation,
  "leaky spectral": activation,
  "relu modulus": reluModulus,
  softmax: { call: (_node, _context, [x]) => `torch.softmax(${x}, 1)` },
  dense: dense,
  "norm layer": normLayer,
  "pool max": windowPool("max_pool2d"),
  "pool avg": windowPool("avg_pool2d"),
  gap: gap,
  flatten: { call: (_node, _context, [x]) => `${x}.flatten(1)` },
  "flatten spectral": {
    call: (node, { inputs: [input] }, [z]) =>
      `torch.view_as_real(${z} / ${pythonNumber(normScale(settingsOf<FlattenSpectralSettings>(node).norm, input))}).flatten(1)`,
  },
  dropout: { call: (node, _context, [x]) => `F.dropout(${x}, ${pythonNumber(settingsOf<DropoutSettings>(node).share)}, self.training)` },
  id: { call: (_node, _context, [x]) => x },
  add: { call: (_node, _context, inputs) => inputs.join(" + ") },
  mul: { call: (_node, _context, inputs) => inputs.join(" * ") },
  concat: { call: (_node, _context, inputs) => `torch.cat([${inputs.join(", ")}], 1)` },
  residual: residual,
  fft: { call: (_node, _context, [x]) => `torch.fft.rfft2(${x})` },
  "inverse fft": {
    call: (node, { use }, [z]) => {
      use("irfft2");
      return `irfft2(${z}, ${sizeOf(node.type)})`;
    },
  },
};

/** @throws Limitation for a layer that has no Python yet */
export function pythonLayer(node: NetworkNode): PythonLayer {
  if (Object.hasOwn(pythonLayers, node.row.words)) return pythonLayers[node.row.words];
  throw new Limitation(`\`${node.title}\` cannot be exported to PyTorch yet`, {
    span: node.span,
    help: `write the network without \`${node.row.words}\`, or export it \`--to safetensors\` and write the layer by hand`,
  });
}
