/** @file The Plan: everything the runtime needs, as plain JSON. */

/** Raised when the meaning of a field changes; a runtime refuses other versions. */
export const planVersion = 1;

export interface Plan {
  readonly version: typeof planVersion;
  /** Limits and features the kernels rely on; `{}` means WebGPU's defaults suffice. */
  readonly target: { readonly limits: Readonly<Record<string, number>>; readonly features: readonly string[] };
  /** Every buffer is allocated once, before the first step. */
  readonly buffers: readonly PlanBuffer[];
  readonly kernels: readonly Kernel[];
  readonly programs: Readonly<Record<string, Program>>;
  /** Trained tensors, and constants stored with the weights (`PATH.scale`), in layer order. */
  readonly params: readonly PlanParam[];
  /** How many optimizer moments there are for each trained element: buffers `state.0`, `state.1`, laid out as `params`. */
  readonly stateCount: number;
  /** Undefined when the plan has no training step. */
  readonly training?: PlanTraining;
  readonly input: PlanInput;
}

export interface PlanBuffer {
  readonly name: string;
  readonly sizeBytes: number;
  /**
   * `input`: written by the host; `params`, `state`: kept between steps, host reads and writes; `slot`: reusable
   * intermediate; `output`: copied to the host; `constant`: written once from `data`.
   */
  readonly kind: "input" | "params" | "state" | "slot" | "output" | "constant";
  /** Base64 of the little-endian bytes, for constants. */
  readonly data?: string;
}

export interface Kernel {
  /** Names the layer and role: `conv.1 forward rfft2 rows`. */
  readonly label: string;
  readonly wgsl: string;
  /** In @binding order of group 0. Entry point is `main`. */
  readonly bindings: readonly ("read" | "write" | "uniform")[];
}

export interface Step {
  readonly kernel: number;
  readonly label: string;
  /** One for each binding of the kernel; offsets are multiples of 256 bytes. */
  readonly bindings: readonly { readonly buffer: number; readonly offsetBytes: number; readonly sizeBytes: number }[];
  /** Workgroups. */
  readonly grid: readonly [number, number, number];
}

export interface TensorPlace {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: "f32" | "i32" | "u32";
  readonly buffer: number;
  readonly offsetBytes: number;
  /**
   * What a slab has of it, in programs with slabs: its rows (axis 0 counts images; the host gives and gets those of the whole
   * batch), or a term of a sum over all slabs, in their order. Undefined: an input of every slab, an output after the last.
   */
  readonly slabs?: "rows" | "sum";
}

/** One submit: write inputs, run steps, copy outputs; with slabs, one for each. */
export interface Program {
  readonly inputs: readonly TensorPlace[];
  readonly outputs: readonly TensorPlace[];
  readonly steps: readonly Step[];
  /** Where the batch does not go through at once. */
  readonly slabs?: Slabs;
}

/** A batch that goes through in parts, `steps` once for each. */
export interface Slabs {
  /** B, of what the host gives and gets. */
  readonly batch: number;
  /** Images of a slab; the last may hold fewer, and zeros behind them. */
  readonly images: number;
  /** Buffers that are cleared before the first slab. */
  readonly clear: readonly number[];
  /** Run once, after the last slab. */
  readonly finish: readonly Step[];
}

/** How a constrained parameter is stored: the raw value t is what optimizers and checkpoints see (docs/files.md#constrained-parameters). */
export type Constraint =
  | { readonly kind: "free" }
  | { readonly kind: "positive" }
  | { readonly kind: "range"; readonly low: number; readonly high: number };

/** Start values, in terms of the constrained value p (docs/numerics.md#starts). */
export type StartRule =
  | { readonly kind: "constant"; readonly value: number }
  | { readonly kind: "normal"; readonly mean: number; readonly deviation: number }
  | { readonly kind: "uniform"; readonly low: number; readonly high: number }
  | { readonly kind: "loguniform"; readonly low: number; readonly high: number };

export interface PlanParam {
  /** The weight path: `block.2/conv.1.g`. */
  readonly path: string;
  readonly shape: readonly number[];
  /** Offset into the `params`, `grads` and `state.*` arenas; a multiple of 256. */
  readonly offsetBytes: number;
  readonly start: StartRule;
  readonly constraint: Constraint;
  /** False for measured constants such as `PATH.scale`. */
  readonly trained: boolean;
  /** Weight decay applies without `decay: all`. */
  readonly decayed: boolean;
  /** Filters and heads are counted apart. */
  readonly part: "filter" | "head" | "other";
  /** Offsets in the spec text of the layer that owns it. */
  readonly span: { readonly start: number; readonly end: number };
}

/** Step scalars, written by the host into the input `scalars` (f32) before each step, in this order. */
export type StepScalar =
  /** The scheduled learning rate. */
  | { readonly kind: "lr" }
  /** 1 - base^t, t counting steps from 1, computed in f64. */
  | { readonly kind: "correction"; readonly base: number };

/** How far one stage of `augment` goes: a number is drawn for each image within what is written (docs/numerics.md#augmentation). */
export type AugmentStage =
  /** Along both axes; `%` of the side. */
  | { readonly kind: "shift"; readonly most: number; readonly unit: "px" | "%" }
  | { readonly kind: "rotate"; readonly mostTurns: number }
  /** Shares: 0.9 is 90%. */
  | { readonly kind: "zoom" | "crop" | "brightness" | "contrast"; readonly low: number; readonly high: number }
  | { readonly kind: "flip"; readonly vertical: boolean }
  | { readonly kind: "noise"; readonly deviation: number };

/** Programs that train read pixels in place of values, and make the values themselves. */
export interface Augmentation {
  readonly border: "nearest" | "zero" | "wrap";
  /** In the order written: those that move pixels, then those that change values. */
  readonly stages: readonly AugmentStage[];
}

export interface PlanTraining {
  readonly loss: string;
  readonly optimizer: string;
  readonly lr: number;
  readonly scalars: readonly StepScalar[];
  readonly schedule:
    | { readonly kind: "constant" }
    | { readonly kind: "cosine"; readonly warmup: number; readonly floor: number }
    | { readonly kind: "step"; readonly at: readonly number[]; readonly by: number };
  readonly epochs: number;
  readonly batch: number;
  readonly seed: number;
  /** Undefined: images are trained on as they are. */
  readonly augment?: Augmentation;
  /** What the start checks watch (docs/numerics.md#watching-the-start). */
  readonly watch: {
    /** tanh or sigmoid in front of mse or hinge. */
    readonly saturatingHead: "tanh" | "sigmoid" | null;
    /** adam or adamw: one step moves every weight by about lr. */
    readonly adaptive: boolean;
    /** Span of the head in the spec text. */
    readonly headSpan: { readonly start: number; readonly end: number } | null;
    /** Its weight path: the output `reach/PATH` of the program `measure`. */
    readonly headPath: string | null;
    /** Target values of mse. */
    readonly targets: readonly [number, number];
  };
}

/** How pixels become numbers (docs/numerics.md#from-images-to-numbers). */
export interface PixelRule {
  readonly range: readonly [number, number];
  readonly mean: readonly number[] | null;
  readonly std: readonly number[] | null;
  readonly standardise: "off" | "data" | "training";
  readonly fit: "stretch" | "cover";
  readonly antialias: boolean;
}

/** Where the file says nothing. */
export const usualPixels: PixelRule = { range: [0, 1], mean: null, std: null, standardise: "off", fit: "stretch", antialias: true };

/** What the network takes. */
export interface PlanInput extends PixelRule {
  readonly kind: "image" | "signal";
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly batch: number;
  /** Entries of one image's result. */
  readonly outputs: number;
  /** With one output: the class is 1 above this value (docs/numerics.md#metrics). */
  readonly threshold: number;
}
