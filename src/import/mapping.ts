/** @file The mapping from a network's parameters to tensors of another program: as JSON, and carried out. */

import { elementCount, permuted } from "../plan/shape.ts";
import type { ForeignTensor } from "./numbers.ts";
import type { Target } from "./targets.ts";
import { WeightsError } from "./weights-error.ts";

/** Where one parameter comes from. */
export type Source =
  | {
      readonly kind: "tensor";
      /** Their name. */
      readonly from: string;
      /** Their axes in the letters of ours, in their order: `HWIO`. */
      readonly axes?: string;
      /** How they number the inputs of a dense layer behind an image: the axis that is named first runs slowest. */
      readonly flatten?: "CHW" | "HWC";
    }
  /** The start value that `specc init` would give. */
  | { readonly kind: "start" };

/** By weight path; null: not known. */
export type Mapping = ReadonlyMap<string, Source | null>;

/** The file that `--print-map` writes and `--map` reads. */
export function mappingJson(mapping: Mapping, targets: readonly Target[], theirs: readonly ForeignTensor[]): string {
  const line = (name: string, value: unknown): string => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`;
  const parameters = targets.map((target) => {
    const source = mapping.get(target.path) ?? null;
    if (source?.kind === "start") return line(target.path, "start");
    const { from = null, axes, flatten } = source ?? {};
    return line(target.path, {
      shape: target.shape,
      from,
      axes: axes ?? target.axes,
      flatten: flatten ?? (target.flattened === undefined ? undefined : "CHW"),
    });
  });
  const listed = theirs.map(({ name, shape }) => line(name, shape));
  const lines = [
    "{",
    '  "format": "specc mapping 1",',
    '  "parameters": {',
    parameters.join(",\n"),
    "  },",
    '  "theirs": {',
    listed.join(",\n"),
    "  }",
    "}",
  ];
  return `${lines.join("\n")}\n`;
}

/** @throws WeightsError listing everything that does not belong */
export function readMapping(text: string, targets: readonly Target[]): Mapping {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new WeightsError(`this is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  const parameters = isRecord(value) && value["format"] === "specc mapping 1" ? value["parameters"] : undefined;
  if (!isRecord(parameters))
    throw new WeightsError("this is not a mapping of specc", "`specc import .. --print-map FILE` writes one to be edited");
  const problems: string[] = [];
  const mapping = new Map<string, Source | null>();
  for (const [path, entry] of Object.entries(parameters)) {
    const target = targets.find((candidate) => candidate.path === path);
    const read = target === undefined ? `the network has no \`${path}\`` : readSource(target, entry);
    if (typeof read === "string") problems.push(read);
    else mapping.set(path, read);
  }
  for (const { path } of targets) if (!Object.hasOwn(parameters, path)) problems.push(`\`${path}\` is missing`);
  if (problems.length > 0) throw new WeightsError(["it does not fit the network:", ...problems].join("\n  "));
  return mapping;
}

/** A text says what is wrong. */
function readSource({ path, axes: own }: Target, entry: unknown): Source | string {
  if (entry === "start") return { kind: "start" };
  if (!isRecord(entry)) return `\`${path}\` takes { "from": NAME } or "start"`;
  const { from, axes, flatten } = entry;
  if (typeof from !== "string") return `\`${path}\` has no \`from\`: the name of a tensor, or "start" in place of the braces`;
  if (
    axes !== undefined &&
    (typeof axes !== "string" || own === undefined || !/^[OIHW]+$/.test(axes) || new Set(axes).size < axes.length)
  ) {
    return own === undefined
      ? `\`${path}\` takes no \`axes\``
      : `\`${path}\`: \`axes\` takes an order of the letters ${own}, not ${JSON.stringify(axes)}`;
  }
  if (flatten !== undefined && flatten !== "CHW" && flatten !== "HWC")
    return `\`${path}\`: \`flatten\` takes "CHW" or "HWC", not ${JSON.stringify(flatten)}`;
  return { kind: "tensor", from, axes, flatten };
}

/** How a tensor fills a parameter; a text says why it cannot. */
export function layoutProblem(
  target: Target,
  source: Source & { readonly kind: "tensor" },
  tensor: Pick<ForeignTensor, "shape">,
): string | undefined {
  const taken = source.axes ?? target.axes;
  const theirs = `\`${source.from}\` is [${tensor.shape.join(", ")}]`;
  if (taken === undefined || target.axes === undefined) {
    // Axes of length 1 hold nothing: PReLU of Keras is [1, 1, C].
    const same = tensor.shape.filter((size) => size !== 1).join() === target.shape.filter((size) => size !== 1).join();
    return same ? undefined : `${theirs}, \`${target.path}\` [${target.shape.join(", ")}]`;
  }
  if (taken.length !== tensor.shape.length) return `${theirs}, which are not the axes ${taken}`;
  for (const letter of "OIHW") {
    const [ours, other] = [target.axes.indexOf(letter), taken.indexOf(letter)];
    const [size, given] = [ours < 0 ? 1 : target.shape[ours], other < 0 ? 1 : tensor.shape[other]];
    if (size !== given)
      return `${theirs}: ${given} along ${letter} of ${taken}, \`${target.path}\` [${target.shape.join(", ")}] has ${size}`;
  }
  return undefined;
}

/** The values of one parameter, in our layout. The layout must have been found without a problem. */
function arranged(
  target: Target,
  source: Source & { readonly kind: "tensor" },
  data: Float32Array,
  shape: readonly number[],
): Float32Array {
  const { axes: ours, flattened } = target;
  const theirs = source.axes ?? ours;
  if (ours === undefined || theirs === undefined) return data;
  // Letters that one side lacks have length 1, and may stand anywhere.
  const order = [...ours].flatMap((letter) => (theirs.includes(letter) ? [theirs.indexOf(letter)] : []));
  const rest = [...[...theirs].keys()].filter((axis) => !order.includes(axis));
  const result = permuted(data, shape, [...order, ...rest]);
  if (flattened === undefined || source.flatten !== "HWC") return result;
  const { channels, height, width } = flattened;
  return permuted(result, [target.shape[0], height, width, channels], [0, 3, 1, 2]);
}

/**
 * All parameters of the network, raw values by weight path.
 * @param starts what `specc init` would give
 * @throws WeightsError listing every parameter that cannot be filled
 */
export function carryOut(
  mapping: Mapping,
  targets: readonly Target[],
  theirs: readonly ForeignTensor[],
  starts: ReadonlyMap<string, Float32Array>,
): Map<string, Float32Array> {
  const problems: string[] = [];
  const values = new Map<string, Float32Array>();
  for (const target of targets) {
    const source = mapping.get(target.path) ?? null;
    if (source === null) {
      problems.push(`\`${target.path}\` [${target.shape.join(", ")}] has no \`from\``);
      continue;
    }
    if (source.kind === "start") {
      values.set(target.path, starts.get(target.path) ?? new Float32Array(elementCount(target.shape)));
      continue;
    }
    const tensor = theirs.find(({ name }) => name === source.from);
    const problem =
      tensor === undefined
        ? `there is no \`${source.from}\` for \`${target.path}\``
        : tensor.data === undefined
          ? `\`${source.from}\` holds ${tensor.dtype}, not floating-point numbers`
          : layoutProblem(target, source, tensor);
    if (problem !== undefined) problems.push(problem);
    else if (tensor?.data !== undefined) values.set(target.path, arranged(target, source, tensor.data, tensor.shape));
  }
  const bad = [...values]
    .filter(([, data]) => data.some((value) => !Number.isFinite(value)))
    .map(([path]) => `what \`${path}\` gets is not finite`);
  problems.push(...bad);
  if (problems.length > 0) throw new WeightsError(["these weights do not fit the network:", ...problems].join("\n  "));
  return values;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
