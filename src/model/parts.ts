/** @file What a compiled module holds besides code: plans, weights and what is known of the classes, as plain data. */

import type { ScoreRule } from "../plan/outputs.ts";
import type { Kernel, Plan } from "../plan/plan.ts";
import type { Standardisation } from "../runtime/pixels.ts";
import { PlanError, validatePlan } from "../runtime/plan-validate.ts";

/** Raised when the meaning of a field changes. */
export const partsVersion = 1;

/** A plan whose kernels are numbers into the list that all plans of a module share. */
export type PackedPlan = Omit<Plan, "kernels"> & { readonly kernels: readonly number[] };

export interface ModelParts {
  readonly version: typeof partsVersion;
  /** Of the network; null: it has none. */
  readonly name: string | null;
  /** In the order of the outputs; null: nobody named them. */
  readonly classes: readonly string[] | null;
  /** Null: the network gives no scores of classes. */
  readonly scores: ScoreRule | null;
  /** What `standardise` measured on the training images; null: nothing. */
  readonly statistics: Standardisation | null;
  /** SHA-256 of the training data; null without a run. */
  readonly data: string | null;
  readonly kernels: readonly Kernel[];
  /** The program `infer`, one image at a time: for each size, the default first. They differ in nothing else. */
  readonly plans: readonly PackedPlan[];
  /** The program `train`, for the first size. */
  readonly training: PackedPlan | null;
  /** The program `filters`, at the first size. */
  readonly filters: PackedPlan | null;
  readonly weights: ModelWeights;
}

export type ModelWeights =
  /** Base64 of a safetensors file. */
  | { readonly kind: "inline"; readonly base64: string }
  /** Relative to the module. */
  | { readonly kind: "file"; readonly name: string }
  | { readonly kind: "none" };

/** Without comments and indentation, which are for `--emit wgsl`. */
function lean(wgsl: string): string {
  return wgsl.replace(/^\s*(\/\/.*)?\n|^\s+/gm, "");
}

/** Kernels that several plans use are kept once. */
export function packPlans(plans: readonly Plan[]): { readonly kernels: readonly Kernel[]; readonly plans: readonly PackedPlan[] } {
  const kernels: Kernel[] = [];
  const numbers = new Map<string, number>();
  const packed = plans.map(
    (plan): PackedPlan => ({
      ...plan,
      kernels: plan.kernels.map((kernel) => {
        const key = `${kernel.bindings.join()}\n${kernel.wgsl}`;
        const known = numbers.get(key);
        if (known !== undefined) return known;
        numbers.set(key, kernels.length);
        return kernels.push({ ...kernel, wgsl: lean(kernel.wgsl) }) - 1;
      }),
    }),
  );
  return { kernels, plans: packed };
}

/**
 * @param program that the plan must have
 * @throws PlanError for a plan that is damaged, lacks the program, or names a kernel that is not there
 */
export function unpackPlan(kernels: unknown, packed: unknown, program: string): Plan {
  const pick = (number: unknown): unknown => {
    if (Array.isArray(kernels) && typeof number === "number" && Object.hasOwn(kernels, number)) return kernels[number];
    throw new PlanError(`kernels: there is no kernel ${String(number)}`);
  };
  if (typeof packed !== "object" || packed === null) throw new PlanError("plan: expected an object");
  const numbers = "kernels" in packed ? packed.kernels : undefined;
  const plan = validatePlan({ ...packed, kernels: Array.isArray(numbers) ? numbers.map(pick) : undefined });
  if (!Object.hasOwn(plan.programs, program)) throw new PlanError(`programs: there is no \`${program}\``);
  return plan;
}
