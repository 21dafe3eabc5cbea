/** @file What a format of `specc export` gets, and what it gives. */

import type { Network } from "../compiler/network/network.ts";
import type { ScoreRule } from "../plan/outputs.ts";
import type { PlanInput, PlanParam } from "../plan/plan.ts";
import type { Standardisation } from "../runtime/pixels.ts";

/** A network with its weights, ready to be written in any format. */
export interface ExportedModel {
  /** Closed: all sizes are known. `network.source.text` is the program. */
  readonly network: Network;
  /** Every tensor, in layer order. */
  readonly params: readonly PlanParam[];
  readonly input: PlanInput;
  /** Raw values by weight path, row-major. */
  readonly values: ReadonlyMap<string, Float32Array>;
  /** In the order of the outputs; null: nobody named them. */
  readonly classes: readonly string[] | null;
  /** Null: the network gives no scores of classes. */
  readonly scores: ScoreRule | null;
  /** What `standardise` measured, for images that are not trained on; null: nothing, or it does not apply to them. */
  readonly statistics: Standardisation | null;
  /** SHA-256 of the training data; null without a run. */
  readonly data: string | null;
  /** Of specc. */
  readonly version: string;
}

/** Each format reads those that its row names. */
export interface ExportOptions {
  /** The planes and kernels of the spectral filters too. */
  readonly expanded: boolean;
  /** How Fourier transforms are written. */
  readonly onnxDft: "matmul" | "op";
  /** What the model takes: bytes, or the values of the network. */
  readonly onnxInput: "pixels" | "values";
}

export interface ExportedFile {
  /** What follows the name without extension: `.onnx`, `-train.py`. */
  readonly suffix: string;
  readonly content: string | Uint8Array;
}

/** The first file is the one that `--out` names. `stem` is that name without folder and extension. */
export type Exporter = (model: ExportedModel, options: ExportOptions, stem: string) => Promise<readonly ExportedFile[]>;

export interface ExportFormat {
  readonly name: string;
  /** For `--help`. */
  readonly about: string;
  /** With the point. */
  readonly extension: string;
  readonly options: readonly (keyof ExportOptions)[];
  /** Loaded when it is used: some need packages of their own. */
  readonly load: () => Promise<Exporter>;
}
