/**
 * @file Several transforms one after the other in one kernel, values handed on in registers: the body of fused spectral kernels.
 * What every schedule of them offers, and what it is told.
 */

import type { GroupKernel, Table } from "../../lower/context.ts";
import type { Declaration, Names } from "../../lower/names.ts";

/** WGSL for point `place` of the line; `i` says which of the points that the lane holds it is. */
type ReadPoint = (i: string, place: string) => string;

/** Statements that store the value of point `place`. */
type StorePoint = (place: string, value: string) => string;

/** A transform of points from memory. */
export interface FromMemory {
  readonly read: (place: string) => string;
}

/** Of lines that are known by a vec4f for each k <= n/2, of which the points k and n - k are made. */
export interface FromHalves {
  readonly load: (k: string) => string;
  readonly point: (half: string, place: string) => string;
}

/** Of points that are made of variables of the lane. */
export interface FromHeld {
  /** Statements of the lane before its first point, from `Fetched`. */
  readonly enter?: readonly string[];
  /** Statements for a point, before `held`. */
  readonly prepare?: ReadPoint;
  readonly held: ReadPoint;
}

/**
 * Results stay with the lanes that hold the points, in parts, because drivers want memory to be accessed in loops and variables
 * outside of them: `hold` are statements on variables of the lane, `keep` is a value for each point and what stores it.
 */
export interface ToHeld {
  readonly hold?: (i: string, place: string, value: string) => string;
  /** One bit for both parts of each point, known as vec2f of ones and zeros once `hold` has run; `store` gets each word of them. */
  readonly mask?: { readonly flags: (i: string) => string; readonly store: StorePoint };
  readonly keep?: Kept;
}

export interface Kept {
  readonly value: (i: string, place: string, value: string) => string;
  /** Statements before the first `store`, which see the line. */
  readonly enter?: readonly string[];
  /** What becomes of the value: it is stored, or added to variables of the lane. */
  readonly store: StorePoint;
}

/** Results go to memory. */
export interface ToMemory {
  readonly store: StorePoint;
}

/** Results go to memory as a vec4f for each k <= n/2: `pair` makes it of the points k and (n - k) mod n. */
export interface ToHalves {
  readonly pair: (here: string, mirrored: string, k: string) => string;
  readonly storePair: StorePoint;
}

/**
 * One transform of a line. Those from memory end with points in the lanes that hold them, those from what lanes hold begin
 * there. `before` sets variables of the kernel, once for the line.
 */
export type Transform = { readonly before?: readonly string[]; readonly sums?: readonly LineSum[] } & (
  | { readonly from: FromMemory | FromHalves; readonly to: ToHeld }
  | { readonly from: FromHeld; readonly to: ToMemory | ToHalves }
);

/** The sum over a line of `value`, which every lane has of the points it holds; `store` gets the name of the total. */
export interface LineSum {
  readonly value: string;
  readonly store: (total: string) => string;
}

/** Transforms that are done one after the other for each value of `variable` < `bound`, which drivers must not be able to unroll. */
export interface Each {
  readonly variable: string;
  /** WGSL of a number from a table. */
  readonly bound: string;
  readonly transforms: readonly Transform[];
}

/** Numbers from memory, one for each point that a lane holds. */
export interface Fetched {
  /** Variables for `start`. */
  readonly declare: readonly string[];
  /** Statements for `before` of the transform that uses it, or for `start`. */
  readonly code: readonly string[];
  /** Statements for its `enter`. */
  readonly enter: readonly string[];
  readonly at: ReadPoint;
}

type ChainKernel = Pick<GroupKernel, "title" | "reads" | "writes"> & {
  readonly tables: readonly Table[];
  readonly declarations?: readonly Declaration[];
};

/** What a kernel does: it has the variables of `start`, and does the transforms in order. At most one of them is an `Each`. */
interface ChainSteps {
  readonly start: readonly string[];
  readonly transforms: readonly (Transform | Each)[];
}

/** What lanes hold between transforms: how the steps of a chain name it. */
export interface HeldPoints {
  /** Variables of the lane, one for each point it holds. */
  declareHeld(name: string): string[];
  /** The variable of point `place`, which is point `i` of those that the lane holds. */
  held(name: string, i: string, place: string): string;
  /** Numbers of type vec2f for `hold` of a transform that ends, or `held` of one that begins. */
  fetch(name: string, load: (place: string) => string): Fetched;
  /** The flags of a mask, as vec2f, for a transform that begins; `load` has the number of a word (kernels/mask-words.ts). */
  fetchMask(name: string, load: (word: string) => string): Fetched;
}

/**
 * The names are those of `rest`, and `cmul`. Statements know `line` (always valid) and `inside`, whether it exists: only then may
 * they store.
 */
export type WriteSteps = (names: Names, points: HeldPoints) => ChainSteps;

export interface FftChain {
  kernel(rest: ChainKernel, steps: WriteSteps): GroupKernel;
}
