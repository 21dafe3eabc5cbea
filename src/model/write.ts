/** @file The text of a compiled module and of its types: one ES module without imports. */

import { elementCount } from "../plan/shape.ts";
import type { ModelParts } from "./parts.ts";
import { sizeText } from "./size-text.ts";

export interface ModuleContent {
  readonly parts: ModelParts;
  /** The bundled runtime: a script that defines `specc`. */
  readonly runtime: string;
  /** Version of specc. */
  readonly version: string;
  /** The program. */
  readonly spec: string;
  /** SHA-256 of the program and of the weights as a safetensors file, in hexadecimal; null: without weights. */
  readonly hashes: { readonly spec: string; readonly weights: string | null };
  readonly licence: string | null;
  readonly target: string;
}

const parameterCount = ({ plans: [{ params }] }: ModelParts): number => params.reduce((sum, { shape }) => sum + elementCount(shape), 0);

/** The same content gives the same text. */
export function moduleText(content: ModuleContent): string {
  const { parts, runtime, version, hashes, licence } = content;
  const about = {
    name: parts.name,
    classes: parts.classes,
    inputs: parts.plans.map(({ input }) => sizeText(input)),
    version,
    licence,
    spec: hashes.spec,
    weights: hashes.weights,
  };
  return [
    header(content),
    `const parts = ${JSON.stringify(parts)};`,
    runtime.trim(),
    "export const { load } = specc.openDoor(parts, import.meta.url);",
    `export const about = ${JSON.stringify(about)};`,
    "",
  ].join("\n");
}

function header({ parts, version, spec, hashes, licence, target }: ModuleContent): string {
  const { classes, weights, training } = parts;
  const places = { inline: "inside", file: `in ${weights.kind === "file" ? weights.name : ""}`, none: "none: hand them to load()" };
  const facts: readonly (readonly [string, string])[] = [
    ["classes", classes?.join(", ") ?? "not named"],
    ["input", inputText(parts)],
    ["weights", `${parameterCount(parts)} parameters, ${places[weights.kind]}`],
    ["training", training === null ? "no" : `in batches of ${training.input.batch}`],
    ["target", target],
    ["licence", licence ?? "not stated"],
    ["program", `SHA-256 ${hashes.spec}`],
    ...(hashes.weights === null ? [] : [["safetensors", `SHA-256 ${hashes.weights}`] as const]),
  ];
  const lines = [
    `${parts.name ?? "A network"}, compiled by specc ${version}. Do not edit: \`specc compile\` writes this file.`,
    "",
    ...facts.map(([name, text]) => `${name.padEnd(12)} ${text}`),
    "",
    ...spec
      .trimEnd()
      .split("\n")
      .map((line) => `    ${line}`),
  ];
  return ["/*!", ...lines.map((line) => ` * ${line.replaceAll("*/", "*\\/")}`.trimEnd()), " */"].join("\n");
}

function inputText({ plans }: ModelParts): string {
  const [{ input }] = plans;
  const { kind, range, mean, std, standardise, fit } = input;
  const sizes = plans.map((plan) => sizeText(plan.input)).join(" or ");
  if (kind === "signal") return `${sizes} (length x channels)`;
  const values = [
    `bytes become ${range[0]}..${range[1]}`,
    ...(mean === null ? [] : [`less ${mean.join(", ")}`]),
    ...(std === null ? [] : [`divided by ${std.join(", ")}`]),
    ...(standardise === "off" ? [] : ["standardised"]),
  ];
  const fitted = fit === "cover" ? "cropped and scaled" : "scaled";
  return `${sizes} (height x width x channels); images are ${fitted} to it; ${values.join(", ")}`;
}

/** TypeScript's declarations for the module. */
export function declarationText({ parts, version }: ModuleContent): string {
  const label = parts.scores === null ? "null" : (parts.classes?.map((name) => JSON.stringify(name)).join(" | ") ?? "string");
  const orNull = (type: string): string => (parts.scores === null ? "null" : type);
  const sizes = parts.plans.map(({ input }) => JSON.stringify(sizeText(input))).join(" | ");
  return `/** ${parts.name ?? "A network"}, compiled by specc ${version}. docs/module.md of specc explains the interface. */

type GPU = typeof globalThis extends { GPUDevice: { prototype: infer T } } ? T : object;
type Image =
  | (typeof globalThis extends { ImageBitmap: { prototype: infer T } } ? T : never)
  | (typeof globalThis extends { HTMLImageElement: { prototype: infer T } } ? T : never)
  | (typeof globalThis extends { HTMLVideoElement: { prototype: infer T } } ? T : never)
  | (typeof globalThis extends { HTMLCanvasElement: { prototype: infer T } } ? T : never)
  | (typeof globalThis extends { OffscreenCanvas: { prototype: infer T } } ? T : never)
  | (typeof globalThis extends { Blob: { prototype: infer T } } ? T : never);

/** The classes, by name. */
export type Label = ${label};
/** Height x width x channels, or length x channels of signals. */
export type Size = ${sizes};

/** Bytes of an image, rows from the top, channels interleaved: 1 (grey), 2 (with alpha), 3 (RGB) or 4 (RGBA). \`ImageData\` is one. */
export interface PixelData {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array | Uint8ClampedArray;
}

/** A \`Float32Array\` is taken as it is: the values of the network, [channels][height][width]. A \`Blob\` is an image file. */
export type ImageSource = Float32Array | PixelData | Image;

export interface LoadOptions {
  /** A GPUDevice of yours, which stays yours; without it \`load\` opens the best there is. */
  readonly device?: GPU;
  /** A safetensors file in the place of the module's weights. */
  readonly weights?: Uint8Array | ArrayBuffer;
  readonly signal?: AbortSignal;
  /** Kernels that are compiled, of all. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface Prediction {
  readonly label: Label;
  /** Of the class, from 0. */
  readonly index: ${orNull("number")};
  /** In the order of \`classes\`. Null: the network was not trained to give probabilities. */
  readonly probabilities: ${parts.scores?.probabilities === true ? "readonly number[]" : "null"};
  /** One for each class, 0 to 1; the probabilities, where there are some. */
  readonly scores: ${orNull("readonly number[]")};
  /** What the network computes, row-major in \`shape\`. */
  readonly outputs: Float32Array;
  readonly shape: readonly number[];
}

export interface Model {
  readonly classes: ${parts.classes === null ? "null" : "readonly Label[]"};
  /** The first is used where \`predict\` is not told another. */
  readonly inputs: readonly Size[];
  readonly adapterName: string;
  /** Resolves, with the reason, when the device is lost: load the model again. */
  readonly lost: Promise<Error>;
  predict(image: ImageSource, options?: { readonly input?: Size; readonly signal?: AbortSignal }): Promise<Prediction>;
  /** The weights as a safetensors file. */
  save(): Promise<Uint8Array>;
  /** Frees everything; a device that \`load\` opened too. */
  close(): Promise<void>;
${parts.filters === null ? "" : filterMember}${parts.training === null ? "" : trainMembers}}
${parts.filters === null ? "" : filterType}${parts.training === null ? "" : trainTypes}
export declare function load(options?: LoadOptions): Promise<Model>;

export declare const about: {
  readonly name: string | null;
  readonly classes: ${parts.classes === null ? "null" : "readonly Label[]"};
  readonly inputs: readonly Size[];
  /** Of specc. */
  readonly version: string;
  readonly licence: string | null;
  /** SHA-256 of the program. */
  readonly spec: string;
  /** SHA-256 of the weights as a safetensors file. */
  readonly weights: string | null;
};
`;
}

const filterMember = `  /** The filters as the present weights make them. */
  filters(): Promise<readonly LayerFilters[]>;
`;

const filterType = `
/** The filters of one layer, as planes of the half spectrum. */
export interface LayerFilters {
  /** Its weight path: \`conv.1\`. */
  readonly layer: string;
  readonly count: number;
  /** v = 0, 1/rows, ... up to 1/2, then the negative frequencies. */
  readonly rows: number;
  /** u = 0 to 1/2 cycles per pixel. */
  readonly columns: number;
  /** [count][rows][columns][2], real and imaginary part. */
  readonly values: Float32Array;
}
`;

const trainMembers = `  /** The most images in a batch. */
  readonly batch: number;
  /** Trains from the present weights, with a fresh optimizer; each step is done when it is yielded. */
  train(batches: Batches, options?: TrainOptions): AsyncGenerator<TrainStep, void, undefined>;
`;

const trainTypes = `
export interface TrainingBatch {
  /** Images, or the values of all of them, one after the other. */
  readonly images: readonly ImageSource[] | Float32Array;
  /** Names or numbers of classes. */
  readonly labels: readonly (Label | number)[] | Int32Array;
}

/** Several epochs need an array, or a function that gives the batches of one epoch. */
export type Batches = Stream | (() => Stream);
type Stream = Iterable<TrainingBatch> | AsyncIterable<TrainingBatch>;

export interface TrainOptions {
  /** Default 1. */
  readonly epochs?: number;
  /** Default: the program's. */
  readonly lr?: number;
  /** Needed for a schedule of the rate where the batches are no array. */
  readonly stepsPerEpoch?: number;
  /** Aborting finishes the step under way and throws; the weights keep the steps that are done. */
  readonly signal?: AbortSignal;
}

export interface TrainStep {
  /** Counted from 1. */
  readonly epoch: number;
  /** Counted from 1 over all epochs. */
  readonly step: number;
  /** Mean over the batch, before the step. */
  readonly loss: number;
  readonly accuracy: number;
  readonly lr: number;
}
`;
