/** @file Layers in PyTorch: for each row how it is made and how it is called. */

import { bug, Limitation } from "../../compiler/diagnostics/diagnostic.ts";
import type { ScalarFormula } from "../../compiler/formula/formula.ts";
import type { ActivationSettings, ReluModulusSettings } from "../../compiler/layers/activation.ts";
import { activation, activationSpectral, leaky, leakySpectral, normScale, reluModulus, softmax } from "../../compiler/layers/activation.ts";
import type { ConvSpatialSettings } from "../../compiler/layers/conv-spatial.ts";
import { convSpatial, padding } from "../../compiler/layers/conv-spatial.ts";
import type { ConvSpectralSettings } from "../../compiler/layers/conv-spectral.ts";
import { convSpectral, filterGrid } from "../../compiler/layers/conv-spectral.ts";
import type { DenseSettings } from "../../compiler/layers/dense.ts";
import { dense } from "../../compiler/layers/dense.ts";
import type { ResidualSettings } from "../../compiler/layers/merge.ts";
import { addBranches, concat, mulBranches, residual } from "../../compiler/layers/merge.ts";
import type { PoolSettings } from "../../compiler/layers/pool.ts";
import { poolAvg, poolMax } from "../../compiler/layers/pool.ts";
import { dropout, normEpsilon, normLayer } from "../../compiler/layers/regularise.ts";
import type { LayerRow, NoSettings, RowUse, TypedLayer } from "../../compiler/layers/row.ts";
import { fft, flatten, flattenSpectral, gap, id, inverseFft } from "../../compiler/layers/shape.ts";
import type { NetworkNode } from "../../compiler/network/network.ts";
import type { LayerType } from "../../compiler/network/types.ts";
import { isSignal, isSpectrum, known } from "../../compiler/network/types.ts";
import { pythonNumber } from "./expr.ts";

/** What a layer asks of the file that it is written into. */
export interface LayerContext {
  /** Takes a piece into the file. */
  readonly use: (piece: string) => void;
  /** The name in Python of the function that a formula becomes. */
  readonly formula: (formula: ScalarFormula) => string;
  /** `self.layer("conv.1")`. */
  readonly self: string;
  /** The types of what it gets and gives. */
  readonly inputs: readonly LayerType[];
  readonly output: LayerType;
}

/** A layer in Python whose settings are an `S`. */
interface PythonDefinition<S> {
  /** The class, and its arguments but for the parameters, which come first, and behind `before`; absent: no parameters of its own. */
  readonly make?: (settings: S, context: LayerContext) => Construction;
  /** The value, in terms of its inputs. */
  readonly call: (settings: S, context: LayerContext, inputs: readonly string[]) => string;
}

interface Construction {
  readonly name: string;
  readonly before?: readonly string[];
  readonly arguments: readonly string[];
}

/** One layer of a network in Python. */
export interface PythonLayer {
  readonly make: ((context: LayerContext) => Construction) | undefined;
  /** It is called itself, so that it has its place in the network also without parameters. */
  readonly called: boolean;
  readonly call: (context: LayerContext, inputs: readonly string[]) => string;
}

const callsItself = (_made: unknown, { self }: LayerContext, [x]: readonly string[]): string => `${self}(${x})`;
const pair = (a: number, b: number): string => `(${a}, ${b})`;
const calibrated = (made: { readonly calibrated: boolean }): readonly string[] => (made.calibrated ? ["calibrated=True"] : []);

function sizeOf(type: LayerType): string {
  return pair(known(type.height), known(type.width));
}

const spatial: PythonDefinition<ConvSpatialSettings> = {
  call: callsItself,
  make: (made, { use, inputs: [input] }) => {
    use("ConvSpatial");
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

const spectral: PythonDefinition<ConvSpectralSettings> = {
  call: callsItself,
  make: (made, { use, formula, inputs: [input] }) => {
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

const elementwise: PythonDefinition<ActivationSettings> = {
  make: (_made, { use }) => {
    use("Layer");
    return { name: "Layer", arguments: [] };
  },
  call: (made, { use, formula, self, output }, [x]) => {
    const name = formula(made.formula);
    const hasParams = made.formula.params.length > 0;
    if (hasParams) use("activate");
    if (!isSpectrum(output.domain)) return hasParams ? `activate(${name}, ${self}, ${x})` : `${name}(${x})`;
    use("split");
    const s = pythonNumber(normScale(made.norm, output));
    return hasParams ? `split(lambda part: activate(${name}, ${self}, part), ${x}, ${s})` : `split(${name}, ${x}, ${s})`;
  },
};

const modulus: PythonDefinition<ReluModulusSettings> = {
  call: callsItself,
  make: ({ norm }, { use, output }) => {
    use("ReluModulus");
    return { name: "ReluModulus", arguments: [`s=${pythonNumber(normScale(norm, output))}`] };
  },
};

const head: PythonDefinition<DenseSettings> = {
  call: callsItself,
  make: (made, { use }) => {
    use("Dense");
    return { name: "Dense", arguments: calibrated(made) };
  },
};

const normalised: PythonDefinition<NoSettings> = {
  call: callsItself,
  make: (_made, { use }) => {
    use("NormLayer");
    return { name: "NormLayer", arguments: [`eps=${pythonNumber(normEpsilon)}`] };
  },
};

function windowPool(name: string): PythonDefinition<PoolSettings> {
  return { call: ({ window }, { output }, [x]) => `F.${name}(${x}, ${pair(isSignal(output) ? 1 : window, window)})` };
}

const skip: PythonDefinition<ResidualSettings> = {
  make: (_made, { use }) => {
    use("Project");
    return { name: "Project", arguments: [] };
  },
  call: ({ project }, { self }, [input, branch]) => (project ? `${branch} + ${self}(${input})` : `${branch} + ${input}`),
};

const mean: PythonDefinition<NoSettings> = {
  call: (_made, { inputs: [input] }, [x]) =>
    isSpectrum(input.domain) ? `${x}[:, :, 0, 0].real / ${known(input.height) * known(input.width)}` : `${x}.mean((2, 3))`,
};

function one<S>(row: TypedLayer<S>, { make, call }: PythonDefinition<S>): readonly [LayerRow, (use: RowUse) => PythonLayer] {
  const settingsOf = (use: RowUse): S => row.match(use) ?? bug(`${row.words} is written for ${use.row.words}`);
  return [
    row,
    (use) => ({
      make: make === undefined ? undefined : (context) => make(settingsOf(use), context),
      called: call === callsItself,
      call: (context, inputs) => call(settingsOf(use), context, inputs),
    }),
  ];
}

/** In the order of the language's table. */
export const pythonLayers: ReadonlyMap<LayerRow, (use: RowUse) => PythonLayer> = new Map([
  one(convSpatial, spatial),
  one(convSpectral, spectral),
  one(activation, elementwise),
  one(leaky, elementwise),
  one(activationSpectral, elementwise),
  one(leakySpectral, elementwise),
  one(reluModulus, modulus),
  one(softmax, { call: (_made, _context, [x]) => `torch.softmax(${x}, 1)` }),
  one(dense, head),
  one(poolMax, windowPool("max_pool2d")),
  one(poolAvg, windowPool("avg_pool2d")),
  one(gap, mean),
  one(flatten, { call: (_made, _context, [x]) => `${x}.flatten(1)` }),
  one(flattenSpectral, {
    call: ({ norm }, { inputs: [input] }, [z]) => `torch.view_as_real(${z} / ${pythonNumber(normScale(norm, input))}).flatten(1)`,
  }),
  one(normLayer, normalised),
  one(dropout, { call: ({ share }, _context, [x]) => `F.dropout(${x}, ${pythonNumber(share)}, self.training)` }),
  one(id, { call: (_made, _context, [x]) => x }),
  one(addBranches, { call: (_made, _context, inputs) => inputs.join(" + ") }),
  one(concat, { call: (_made, _context, inputs) => `torch.cat([${inputs.join(", ")}], 1)` }),
  one(mulBranches, { call: (_made, _context, inputs) => inputs.join(" * ") }),
  one(residual, skip),
  one(fft, { call: (_made, _context, [x]) => `torch.fft.rfft2(${x})` }),
  one(inverseFft, {
    call: (_made, { use, output }, [z]) => {
      use("irfft2");
      return `irfft2(${z}, ${sizeOf(output)})`;
    },
  }),
]);

/** @throws Limitation for a layer that has no Python yet */
export function pythonLayer(node: NetworkNode): PythonLayer {
  const write = pythonLayers.get(node.row);
  if (write !== undefined) return write(node);
  throw new Limitation(`\`${node.title}\` cannot be exported to PyTorch yet`, {
    span: node.span,
    help: `write the network without \`${node.row.words}\`, or export it \`--to safetensors\` and write the layer by hand`,
  });
}
