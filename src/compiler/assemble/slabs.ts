/** @file Slabs: how many images of a batch go through at once, so that every binding and buffer stays within the target's limits. */

import { gradsArena, slabGradsArena } from "../../plan/names.ts";
import type { Plan, PlanBuffer } from "../../plan/plan.ts";
import { stepsOf } from "../../plan/steps.ts";
import { bug, Limitation } from "../diagnostics/diagnostic.ts";
import type { Target } from "../lower/target.ts";

/** A buffer, or what a step binds of one. */
export interface Extent {
  readonly sizeBytes: number;
  readonly buffer: Pick<PlanBuffer, "name" | "kind">;
  /** The label of the first step that binds so much of it. */
  readonly step: string;
}

/** Why a batch does not go through at once. */
export type SlabCause =
  | { readonly kind: "asked" }
  /** The device had no room for larger slabs. */
  | { readonly kind: "memory" }
  | { readonly kind: "limit"; readonly limit: "binding" | "buffer"; readonly needed: Extent; readonly offeredBytes: number };

/** How a batch is cut. */
export interface Slabbing {
  /** Images of a slab; the last may hold fewer. */
  readonly images: number;
  readonly count: number;
  readonly cause: SlabCause;
}

type Sized = Pick<Plan, "buffers" | "kernels" | "programs">;

export function largestBinding(plan: Sized): Extent {
  let most: Extent = { sizeBytes: 0, buffer: { name: "none", kind: "slot" }, step: "no step" };
  for (const { kernel, label, bindings } of stepsOf(plan)) {
    bindings.forEach(({ buffer, sizeBytes }, index) => {
      if (sizeBytes > most.sizeBytes && plan.kernels[kernel].bindings[index] !== "uniform")
        most = { sizeBytes, buffer: plan.buffers[buffer], step: label };
    });
  }
  return most;
}

export function largestBuffer(plan: Sized): Extent {
  const sizes = plan.buffers.map(({ sizeBytes }) => sizeBytes);
  const sizeBytes = Math.max(0, ...sizes);
  const index = sizes.indexOf(sizeBytes);
  const step = stepsOf(plan).find(({ bindings }) => bindings.some(({ buffer }) => buffer === index));
  return { sizeBytes, buffer: plan.buffers[index] ?? { name: "none", kind: "slot" }, step: step?.label ?? "no step" };
}

/** The limit that a plan exceeds by the largest factor; undefined if it keeps within both. */
export function excessOf(
  plan: Plan,
  target: Pick<Target, "bindingBytes" | "bufferBytes">,
): (SlabCause & { readonly kind: "limit" }) | undefined {
  const found = (
    [
      ["binding", largestBinding(plan), target.bindingBytes],
      ["buffer", largestBuffer(plan), target.bufferBytes],
    ] as const
  )
    .map(([limit, needed, offeredBytes]) => ({ kind: "limit", limit, needed, offeredBytes }) as const)
    .filter(({ needed, offeredBytes }) => needed.sizeBytes > offeredBytes);
  return found.sort((a, b) => b.needed.sizeBytes / b.offeredBytes - a.needed.sizeBytes / a.offeredBytes)[0];
}

/**
 * Compiles for the whole batch, or for the fewest slabs that the target allows. All slabs are equally large, but for the last
 * where their number does not divide the batch.
 * @param compile for so many images at once
 * @throws Limitation where not even one image fits
 */
export function compileInSlabs(
  batch: number,
  target: Target,
  compile: (images: number) => Plan,
): { readonly plan: Plan; readonly slabs: Slabbing | undefined } {
  let count = Math.ceil(batch / Math.min(batch, target.slab ?? batch));
  let cause: SlabCause = { kind: "asked" };
  for (;;) {
    const images = Math.ceil(batch / count);
    const plan = compile(images);
    const excess = excessOf(plan, target);
    // A count that does not divide the batch may have a smaller one with slabs of the same size.
    if (excess === undefined) return { plan, slabs: images === batch ? undefined : { images, count: Math.ceil(batch / images), cause } };
    const { needed, offeredBytes } = excess;
    if (images === 1 || !growsWithImages(needed)) throw tooLarge(excess);
    if (cause.kind === "asked") cause = excess;
    // Sizes grow at most in proportion to the images, so no larger slab than this can fit.
    const most = Math.max(1, Math.min(images - 1, Math.floor((images * offeredBytes) / needed.sizeBytes)));
    count = Math.ceil(batch / most);
    if (Math.ceil(batch / count) >= images) bug("slabs that do not shrink");
  }
}

/** Weights, gradients, moments and tables are as large for one image as for many. */
function growsWithImages({ buffer: { kind, name } }: Extent): boolean {
  return kind === "slot" || kind === "input" || (kind === "output" && name !== gradsArena && name !== slabGradsArena);
}

function tooLarge({ limit, needed, offeredBytes }: SlabCause & { readonly kind: "limit" }): Limitation {
  const what = limit === "binding" ? "memory in one piece" : "a buffer";
  const most = `at most ${mebibytes(offeredBytes)} is allowed`;
  if (growsWithImages(needed)) {
    return new Limitation(`one image alone needs ${what} of ${mebibytes(needed.sizeBytes)} (\`${needed.step}\`), and ${most}`, {
      help: "use smaller images or fewer filters, or `--device cpu`",
    });
  }
  return weightsTooLarge(what, needed.sizeBytes, most, ", or `--device cpu`");
}

/** Weights or batches that exceed what any target allows. */
export class SizesTooLarge extends Limitation {}

function weightsTooLarge(what: string, bytes: number, most: string, otherwise: string): SizesTooLarge {
  return new SizesTooLarge(`the weights of this network need ${what} of ${mebibytes(bytes)}, and ${most}`, {
    help: `put \`gap\` or a pool in front of \`dense\`, ${otherwise === "" ? "or use fewer filters" : `use fewer filters${otherwise}`}`,
  });
}

/** No device binds more in one piece. */
const mostBytes = 2 ** 31;

/**
 * Before anything is made in proportion to the weights.
 * @throws Limitation where no target could hold them
 */
export function checkWeights(bytes: number): void {
  if (bytes > mostBytes) throw weightsTooLarge("memory in one piece", bytes, `at most ${mebibytes(mostBytes)} is allowed`, "");
}

function mebibytes(bytes: number): string {
  return bytes < 2 ** 20 ? `${bytes.toLocaleString("en")} bytes` : `${Math.ceil(bytes / 2 ** 20).toLocaleString("en")} MiB`;
}

/** The host holds a batch in one array. */
const mostNumbers = 2 ** 32;

/** @throws Limitation where no host could hold the images of a batch */
export function checkBatch(batch: number, numbersPerImage: number): void {
  if (batch * numbersPerImage > mostNumbers)
    throw new SizesTooLarge(`a batch of ${batch.toLocaleString("en")} images takes ${mebibytes(4 * batch * numbersPerImage)}`, {
      help: `use a smaller batch: at most ${mebibytes(4 * mostNumbers)} go through together`,
    });
}
