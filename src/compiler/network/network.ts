/** @file The elaborated network: names resolved, recipes expanded, domains and sizes known, transforms inserted. */

import type { Augmentation, PixelRule, PlanTraining } from "../../plan/plan.ts";
import type { Source, Span } from "../diagnostics/diagnostic.ts";
import type { RowUse } from "../layers/row.ts";
import type { ParamSpec } from "./parameters.ts";
import type { LayerType, Size } from "./types.ts";

/** One value of the expanded network: the result of one layer or of one inserted transform. */
export interface NetworkNode extends RowUse {
  readonly id: number;
  /** As typed, for tables and messages: `conv spectral gaussian 32`; inserted ones are `fft`, `inverse fft`, `flatten`. */
  readonly title: string;
  readonly inserted: boolean;
  /** Ids of the inputs, smaller than `id`. */
  readonly inputs: readonly number[];
  readonly type: LayerType;
  readonly params: readonly ParamSpec[];
  /** `block.2/conv.1`; equal for the uses of one shared object. Inserted transforms have the path of the layer that needs them. */
  readonly path: string;
  readonly span: Span;
  /** "in `block(16)`, 3rd of 4", innermost first. */
  readonly stack: readonly string[];
  /** `as name`. */
  readonly name?: string;
}

export interface NetworkInput extends PixelRule {
  readonly kind: "image" | "signal";
  readonly height: Size;
  readonly width: Size;
  /** Undefined while the file does not say and nothing else did. */
  readonly channels: number | undefined;
  readonly span: Span;
}

interface OptimizerSettings {
  readonly name: string;
  readonly lr: number;
  /** Options of the row after defaults: momentum, beta1, form, ... */
  readonly options: Readonly<Record<string, number | string | boolean>>;
  readonly decay: number;
  readonly decayAll: boolean;
  /** Limit on the norm of the whole gradient. */
  readonly clip: number | null;
}

export interface TrainSettings {
  readonly loss: { readonly name: string; readonly targets: readonly [number, number] };
  readonly optimizer: OptimizerSettings;
  readonly schedule: PlanTraining["schedule"];
  readonly epochs: number;
  readonly batch: number;
  readonly seed: number;
  readonly split: { readonly kind: "share"; readonly share: number } | { readonly kind: "count"; readonly count: number };
  /** Null where the file has none, or it is left out. */
  readonly augment: Augmentation | null;
}

export interface Network {
  readonly source: Source;
  readonly netName: string | undefined;
  readonly input: NetworkInput;
  /** Topological; the first is the input. */
  readonly nodes: readonly NetworkNode[];
  /** Id of the result. */
  readonly output: number;
  /** True while a size is open: fine for `check`, not for compilation. */
  readonly open: boolean;
  readonly train: TrainSettings;
}
