/** @file Checks a Plan that comes from outside, so that no later code needs to doubt it. */

import type { LimitName } from "../plan/limits.ts";
import { bindingAlignment, defaultLimits } from "../plan/limits.ts";
import { paramsArena, stateArena } from "../plan/names.ts";
import type { Kernel, Plan, PlanBuffer, PlanParam, Program, Step, TensorPlace } from "../plan/plan.ts";
import { planVersion } from "../plan/plan.ts";
import { elementBytes, elementCount } from "../plan/shape.ts";
import { checkTraining } from "./check-training.ts";
import { demand, FieldError, fieldsOf, finite, listOf, oneOf, text, whole } from "./fields.ts";
import { arrayOf } from "./slabs.ts";

/** The plan is damaged, or made for another runtime; the message names the place in it. */
export class PlanError extends Error {
  override readonly name = "PlanError";
}

const constraintKinds = ["free", "positive", "range"] as const;
/** The kinds of starts, and the numbers of each. */
const startNumbers = { constant: ["value"], normal: ["mean", "deviation"], uniform: ["low", "high"], loguniform: ["low", "high"] };
const bufferKinds = ["input", "params", "state", "slot", "output", "constant"] as const;
const bindingKinds = ["read", "write", "uniform"] as const;
const slabParts = ["rows", "sum"] as const;

/** WebGPU's defaults, or what the plan's target raises them to. */
type Limits = Record<LimitName, number>;

function multiple(value: number, of: number, place: string): void {
  demand(value % of === 0, place, `${value} is not a multiple of ${of}`);
}

function shapeOf(value: unknown, place: string): number {
  return listOf(value, place).reduce<number>((product, size, i) => product * whole(size, `${place}[${i}]`, 1), 1);
}

function checkTarget(value: unknown): Limits {
  const target = fieldsOf(value, "target");
  const limits: Record<string, number> & Limits = { ...defaultLimits };
  for (const [key, limit] of Object.entries(fieldsOf(target.limits, "target.limits"))) limits[key] = whole(limit, `target.limits.${key}`);
  listOf(target.features, "target.features").forEach((feature, i) => text(feature, `target.features[${i}]`));
  return limits;
}

function checkBuffers(value: unknown, limits: Limits): readonly PlanBuffer[] {
  const names = new Set<string>();
  return listOf(value, "buffers").map((item, i) => {
    const place = `buffers[${i}]`;
    const buffer = fieldsOf(item, place);
    const name = text(buffer.name, `${place}.name`);
    demand(!names.has(name), place, `there are two buffers named \`${name}\``);
    names.add(name);
    const size = whole(buffer.sizeBytes, `${place}.sizeBytes`, 4);
    multiple(size, 4, `${place}.sizeBytes`);
    demand(size <= limits.maxBufferSize, place, `\`${name}\` takes ${size} bytes, more than the limit ${limits.maxBufferSize}`);
    oneOf(buffer.kind, bufferKinds, `${place}.kind`);
    demand((buffer.kind === "constant") === (buffer.data !== undefined), place, "constants have data, and no other buffer has");
    if (buffer.data !== undefined) {
      const data = text(buffer.data, `${place}.data`);
      demand(/^[A-Za-z0-9+/]*={0,2}$/.test(data) && data.length % 4 === 0, `${place}.data`, "expected base64");
      const bytes = (data.length / 4) * 3 - (data.endsWith("==") ? 2 : data.endsWith("=") ? 1 : 0);
      demand(bytes === size, `${place}.data`, `holds ${bytes} bytes, but the buffer has ${size}`);
    }
    return item as PlanBuffer;
  });
}

function checkKernels(value: unknown, limits: Limits): readonly Kernel[] {
  return listOf(value, "kernels").map((item, i) => {
    const kernel = fieldsOf(item, `kernels[${i}]`);
    const place = `kernel \`${text(kernel.label, `kernels[${i}].label`)}\``;
    text(kernel.wgsl, `${place}.wgsl`);
    const bindings = listOf(kernel.bindings, `${place}.bindings`);
    bindings.forEach((binding, b) => oneOf(binding, bindingKinds, `${place}.bindings[${b}]`));
    const uniforms = bindings.filter((binding) => binding === "uniform").length;
    const { maxStorageBuffersPerShaderStage: storageLimit, maxUniformBuffersPerShaderStage: uniformLimit } = limits;
    demand(
      bindings.length - uniforms <= storageLimit,
      place,
      `has ${bindings.length - uniforms} storage buffers; the limit is ${storageLimit}`,
    );
    demand(uniforms <= uniformLimit, place, `has ${uniforms} uniform buffers; the limit is ${uniformLimit}`);
    return item as Kernel;
  });
}

function inBuffer(offset: number, size: number, buffer: PlanBuffer, place: string): void {
  demand(offset + size <= buffer.sizeBytes, place, `bytes ${offset} to ${offset + size} leave \`${buffer.name}\` of ${buffer.sizeBytes}`);
}

function bufferAt(index: unknown, buffers: readonly PlanBuffer[], place: string): PlanBuffer {
  const number = whole(index, place);
  demand(number < buffers.length, place, `there is no buffer ${number}`);
  return buffers[number];
}

function checkStep(value: unknown, place: string, buffers: readonly PlanBuffer[], kernels: readonly Kernel[], limits: Limits): void {
  const fields = fieldsOf(value, place);
  const kernelIndex = whole(fields.kernel, `${place}.kernel`);
  demand(kernelIndex < kernels.length, place, `there is no kernel ${kernelIndex}`);
  const kernel = kernels[kernelIndex];
  const named = `${place} \`${text(fields.label, `${place}.label`)}\``;
  const bindings = listOf(fields.bindings, `${named}.bindings`);
  demand(bindings.length === kernel.bindings.length, named, `binds ${bindings.length} buffers; its kernel has ${kernel.bindings.length}`);
  bindings.forEach((item, b) => {
    const at = `${named}.bindings[${b}]`;
    const binding = fieldsOf(item, at);
    const buffer = bufferAt(binding.buffer, buffers, `${at}.buffer`);
    const offset = whole(binding.offsetBytes, `${at}.offsetBytes`);
    const size = whole(binding.sizeBytes, `${at}.sizeBytes`, 4);
    multiple(offset, bindingAlignment, `${at}.offsetBytes`);
    multiple(size, 4, `${at}.sizeBytes`);
    inBuffer(offset, size, buffer, at);
    const limit = kernel.bindings[b] === "uniform" ? limits.maxUniformBufferBindingSize : limits.maxStorageBufferBindingSize;
    demand(size <= limit, at, `binds ${size} bytes; the limit is ${limit}`);
    demand(kernel.bindings[b] !== "write" || buffer.kind !== "constant", at, `writes the constant \`${buffer.name}\``);
  });
  checkAliases(bindings as Step["bindings"], kernel, buffers, named);
  const grid = listOf(fields.grid, `${named}.grid`);
  demand(grid.length === 3, named, "its grid needs three numbers");
  const most = limits.maxComputeWorkgroupsPerDimension;
  grid.forEach((count, axis) =>
    demand(whole(count, `${named}.grid`, 1) <= most, named, `grid[${axis}] is ${String(count)}; the limit is ${most}`),
  );
}

/** WebGPU refuses a buffer that is read and written, or written twice at overlapping places, in one dispatch. */
function checkAliases(bindings: Step["bindings"], kernel: Kernel, buffers: readonly PlanBuffer[], place: string): void {
  bindings.forEach((first, a) => {
    bindings.slice(a + 1).forEach((second, rest) => {
      const writes = [kernel.bindings[a], kernel.bindings[a + 1 + rest]].filter((kind) => kind === "write").length;
      if (first.buffer !== second.buffer || writes === 0) return;
      const { name } = buffers[first.buffer];
      demand(writes === 2, place, `reads and writes \`${name}\` in one dispatch`);
      const apart = first.offsetBytes + first.sizeBytes <= second.offsetBytes || second.offsetBytes + second.sizeBytes <= first.offsetBytes;
      demand(apart, place, `writes \`${name}\` twice at overlapping places`);
    });
  });
}

function checkPlaces(value: unknown, place: string, buffers: readonly PlanBuffer[]): readonly TensorPlace[] {
  const names = new Set<string>();
  return listOf(value, place).map((item, i) => {
    const fields = fieldsOf(item, `${place}[${i}]`);
    const name = text(fields.name, `${place}[${i}].name`);
    const at = `${place} \`${name}\``;
    demand(!names.has(name), at, "occurs twice");
    names.add(name);
    oneOf(fields.dtype, Object.keys(arrayOf), `${at}.dtype`);
    const offset = whole(fields.offsetBytes, `${at}.offsetBytes`);
    multiple(offset, 4, `${at}.offsetBytes`);
    inBuffer(offset, elementBytes * shapeOf(fields.shape, `${at}.shape`), bufferAt(fields.buffer, buffers, `${at}.buffer`), at);
    if (fields.slabs !== undefined) oneOf(fields.slabs, slabParts, `${at}.slabs`);
    return item as TensorPlace;
  });
}

function checkPrograms(value: unknown, buffers: readonly PlanBuffer[], kernels: readonly Kernel[], limits: Limits): void {
  for (const [name, item] of Object.entries(fieldsOf(value, "programs"))) {
    const place = `programs.${name}`;
    const program = fieldsOf(item, place) as unknown as Program;
    for (const input of checkPlaces(program.inputs, `${place}.inputs`, buffers)) {
      demand(buffers[input.buffer].kind !== "constant", `${place}.inputs`, `\`${input.name}\` would overwrite a constant`);
    }
    checkPlaces(program.outputs, `${place}.outputs`, buffers);
    listOf(program.steps, `${place}.steps`).forEach((step, i) => checkStep(step, `${place}.steps[${i}]`, buffers, kernels, limits));
    if (program.slabs !== undefined) checkSlabs(program, `${place}.slabs`, buffers, kernels, limits);
  }
}

function checkSlabs(
  { inputs, outputs, slabs }: Program,
  place: string,
  buffers: readonly PlanBuffer[],
  kernels: readonly Kernel[],
  limits: Limits,
): void {
  const fields = fieldsOf(slabs, place);
  const images = whole(fields.images, `${place}.images`, 1);
  const batch = whole(fields.batch, `${place}.batch`, 1);
  demand(images < batch, place, `slabs of ${images} images do not cut a batch of ${batch}`);
  for (const { name, shape, slabs: part } of [...inputs, ...outputs]) {
    demand(part !== "rows" || shape[0] === images, place, `\`${name}\` has ${shape[0]} rows, and a slab ${images} images`);
  }
  for (const { name, slabs: part } of inputs) demand(part !== "sum", place, `the input \`${name}\` cannot be a sum`);
  listOf(fields.clear, `${place}.clear`).forEach((buffer, i) => {
    const { name, kind } = bufferAt(buffer, buffers, `${place}.clear[${i}]`);
    demand(kind === "output" || kind === "slot", `${place}.clear[${i}]`, `clears \`${name}\``);
  });
  listOf(fields.finish, `${place}.finish`).forEach((step, i) => checkStep(step, `${place}.finish[${i}]`, buffers, kernels, limits));
}

function checkParam(value: unknown, place: string): PlanParam {
  const fields = fieldsOf(value, place);
  const at = `param \`${text(fields.path, `${place}.path`)}\``;
  shapeOf(fields.shape, `${at}.shape`);
  multiple(whole(fields.offsetBytes, `${at}.offsetBytes`), bindingAlignment, `${at}.offsetBytes`);
  const start = fieldsOf(fields.start, `${at}.start`);
  oneOf(start.kind, Object.keys(startNumbers), `${at}.start.kind`);
  for (const key of startNumbers[start.kind as keyof typeof startNumbers]) finite(start[key], `${at}.start.${key}`);
  const constraint = fieldsOf(fields.constraint, `${at}.constraint`);
  oneOf(constraint.kind, constraintKinds, `${at}.constraint.kind`);
  if (constraint.kind === "range") {
    const ascending = finite(constraint.low, `${at}.constraint.low`) < finite(constraint.high, `${at}.constraint.high`);
    demand(ascending, `${at}.constraint`, "its range is empty");
  }
  demand(typeof fields.trained === "boolean" && typeof fields.decayed === "boolean", at, "`trained` and `decayed` are true or false");
  return value as PlanParam;
}

/** Every parameter lies in each arena, and none overlaps another. */
function checkParams(value: unknown, stateCount: number, buffers: readonly PlanBuffer[]): void {
  // Before anything is made of that length.
  demand(stateCount <= buffers.length, "stateCount", `${stateCount} moments take as many buffers, and there are ${buffers.length}`);
  const params = listOf(value, "params").map((item, i) => checkParam(item, `params[${i}]`));
  if (params.length === 0) return;
  const arenas = [paramsArena, ...Array.from({ length: stateCount }, (_, i) => stateArena(i))].map((name) => {
    const arena = buffers.find((buffer) => buffer.name === name);
    demand(arena !== undefined, "buffers", `there is no buffer \`${name}\``);
    return arena;
  });
  const paths = new Set<string>();
  let reached = 0;
  for (const param of [...params].sort((a, b) => a.offsetBytes - b.offsetBytes)) {
    const at = `param \`${param.path}\``;
    demand(!paths.has(param.path), at, "occurs twice");
    paths.add(param.path);
    const size = elementBytes * elementCount(param.shape);
    demand(param.offsetBytes >= reached, at, "overlaps another parameter");
    reached = param.offsetBytes + size;
    for (const arena of arenas) inBuffer(param.offsetBytes, size, arena, at);
  }
}

function checkInput(value: unknown): void {
  const input = fieldsOf(value, "input");
  oneOf(input.kind, ["image", "signal"], "input.kind");
  for (const key of ["height", "width", "channels", "batch", "outputs"]) whole(input[key], `input.${key}`, 1);
  const range = listOf(input.range, "input.range").map((end) => finite(end, "input.range"));
  demand(range.length === 2, "input.range", "needs two numbers");
  for (const key of ["mean", "std"]) {
    if (input[key] === null) continue;
    const numbers = listOf(input[key], `input.${key}`).map((number) => finite(number, `input.${key}`));
    demand(numbers.length === input.channels, `input.${key}`, `needs ${String(input.channels)} numbers`);
  }
  oneOf(input.standardise, ["off", "data", "training"], "input.standardise");
  oneOf(input.fit, ["stretch", "cover"], "input.fit");
}

/**
 * Checks every reference, size and offset of a plan.
 * @throws PlanError naming the first place that is wrong
 */
export function validatePlan(json: unknown): Plan {
  try {
    return checkPlan(json);
  } catch (thrown) {
    throw thrown instanceof FieldError ? new PlanError(thrown.message) : thrown;
  }
}

function checkPlan(json: unknown): Plan {
  const plan = fieldsOf(json, "plan");
  demand(plan.version === planVersion, "plan", `has version ${JSON.stringify(plan.version)}; this runtime understands ${planVersion}`);
  const limits = checkTarget(plan.target);
  const buffers = checkBuffers(plan.buffers, limits);
  const kernels = checkKernels(plan.kernels, limits);
  checkPrograms(plan.programs, buffers, kernels, limits);
  checkParams(plan.params, whole(plan.stateCount, "stateCount"), buffers);
  // Modules that only predict have neither.
  if (plan.training !== undefined) checkTraining?.(plan.training);
  checkInput(plan.input);
  return json as Plan;
}
