/** @file Parameters and batches in safetensors files, with errors that name the file and the tensor. */

import { readFile } from "node:fs/promises";
import { writeAtomically } from "../data/atomic-file.ts";
import type { Plan, PlanParam } from "../plan/plan.ts";
import type { Tensor, TensorFile } from "../runtime/safetensors.ts";
import { readTensors, TensorFileError, writeTensors } from "../runtime/safetensors.ts";
import { RunError } from "./run-error.ts";

/** @throws RunError naming the file when its content is damaged; the system's error when it cannot be opened */
export async function readTensorFile(path: string): Promise<TensorFile> {
  const bytes = await readFile(path);
  return inFile(path, () => readTensors(bytes));
}

/** Puts the name of the file in front of what is wrong with a tensor in it. */
export function inFile<T>(path: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof TensorFileError) throw new RunError(`${path}: ${error.message}`);
    throw error;
  }
}

export async function writeTensorFile(
  path: string,
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>>,
): Promise<void> {
  await writeAtomically(path, writeTensors({ tensors, metadata: new Map(Object.entries(metadata)) }));
}

export function float32(shape: readonly number[], data: Float32Array): Tensor {
  return { dtype: "F32", shape, data };
}

/** Values of parameters with the shapes that the plan gives them. */
export function paramTensors(plan: Pick<Plan, "params">, values: ReadonlyMap<string, Float32Array>): ReadonlyMap<string, Tensor> {
  return new Map(
    plan.params.flatMap(({ path, shape }): [string, Tensor][] => {
      const data = values.get(path);
      return data === undefined ? [] : [[path, float32(shape, data)]];
    }),
  );
}

/** Mismatches beyond this are counted. */
const listedMismatches = 12;

/**
 * The raw value of each parameter of the plan.
 * @throws RunError that lists every parameter that is missing, unknown, of another shape or type, or names one that is not finite
 */
export function readParams(
  path: string,
  file: TensorFile,
  plan: { readonly params: readonly Pick<PlanParam, "path" | "shape">[] },
  cure = "`specc init` writes a file with all names and shapes",
): Map<string, Float32Array> {
  const problems: string[] = [];
  const values = new Map<string, Float32Array>();
  for (const { path: name, shape } of plan.params) {
    const tensor = file.tensors.get(name);
    if (tensor === undefined) problems.push(`\`${name}\` [${shape.join(", ")}] is missing`);
    else if (tensor.dtype !== "F32") problems.push(`\`${name}\` holds ${tensor.dtype}, expected F32`);
    else if (tensor.shape.length !== shape.length || tensor.shape.some((size, axis) => size !== shape[axis])) {
      problems.push(`\`${name}\` has shape [${tensor.shape.join(", ")}], expected [${shape.join(", ")}]`);
    } else values.set(name, tensor.data);
  }
  const known = new Set(plan.params.map((param) => param.path));
  for (const name of file.tensors.keys()) if (!known.has(name)) problems.push(`the network has no \`${name}\``);
  if (problems.length === 0) {
    const bad = [...values].find(([, data]) => !data.every(Number.isFinite))?.[0];
    if (bad === undefined) return values;
    throw new RunError(`${path}: \`${bad}\` has numbers that are not finite`, "take other weights: no training of specc saves such");
  }
  const rest = problems.length - listedMismatches;
  const listed = [...problems.slice(0, listedMismatches), ...(rest > 0 ? [`and ${rest} more`] : [])];
  throw new RunError(`${path} does not hold the parameters of this network:\n  ${listed.join("\n  ")}`, cure);
}
