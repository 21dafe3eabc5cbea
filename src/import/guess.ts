/** @file Finds the mapping by names' endings, shapes and order, and only where it is the only one. */

import type { Mapping, Source } from "./mapping.ts";
import { layoutProblem } from "./mapping.ts";
import type { ForeignTensor } from "./numbers.ts";
import type { Target, TargetLayer } from "./targets.ts";
import type { ForeignWeights } from "./weights.ts";

/** Tensors of one layer of theirs: their names agree up to the last part. */
interface Module {
  readonly name: string;
  readonly tensors: readonly ForeignTensor[];
}

export interface Guess {
  /** Null where nothing or more than one thing fits. */
  readonly mapping: Mapping;
  /** Why it is not complete; none: it is. */
  readonly problems: readonly string[];
}

export function guessMapping(layers: readonly TargetLayer[], weights: ForeignWeights): Guess {
  const modules = modulesOf(weights.tensors);
  const wanted = layers.filter(({ targets }) => targets.some(({ trained }) => trained));
  const fits = new Map(wanted.map((layer) => [layer, modules.filter((module) => sourcesFor(layer, module) !== undefined)]));
  const mapping = new Map<string, Source | null>(
    layers.flatMap(({ targets }) => targets.map(({ path, trained }) => [path, trained ? null : ({ kind: "start" } as const)])),
  );
  const problems: string[] = [];
  const used = new Set<Module>();
  for (const group of grouped(wanted, fits)) {
    const candidates = fits.get(group[0]) ?? [];
    const paths = group.map(({ path }) => `\`${path}\``).join(", ");
    const ordered = inOrder(candidates, weights.ordered);
    if (candidates.length === 0) problems.push(`nothing fits ${group.map((layer) => `\`${layer.path}\` (${shapesOf(layer)})`).join(", ")}`);
    else if (candidates.length !== group.length)
      problems.push(`${listOf(candidates)} ${candidates.length === 1 ? "fits" : "fit"} ${paths}`);
    else if (ordered === undefined) problems.push(`${listOf(candidates)} fit ${paths}, and these names have no order`);
    else {
      group.forEach((layer, index) => {
        used.add(ordered[index]);
        for (const [path, source] of sourcesFor(layer, ordered[index]) ?? []) mapping.set(path, source);
      });
    }
  }
  const rest = modules.filter((module) => !used.has(module));
  // What fits somewhere was spoken of already.
  const foreign = rest.filter((module) => ![...fits.values()].some((candidates) => candidates.includes(module)));
  if (foreign.length > 0) problems.push(`nothing in the network takes ${listOf(foreign)}`);
  if (foreign.some(({ tensors }) => tensors.some(({ name }) => /(running|moving)_mean/.test(name)))) {
    problems.push("batch normalisation has no layer here: fold it into the convolution before it (torch.nn.utils.fuse_conv_bn_eval)");
  }
  return { mapping, problems };
}

/** Layers for which the same modules fit are told apart by order. */
function grouped(layers: readonly TargetLayer[], fits: ReadonlyMap<TargetLayer, readonly Module[]>): readonly (readonly TargetLayer[])[] {
  const groups = new Map<string, TargetLayer[]>();
  for (const layer of layers) {
    const candidates = fits.get(layer) ?? [];
    const key = candidates.length === 0 ? `none: ${layer.path}` : JSON.stringify(candidates.map(({ name }) => name));
    groups.set(key, [...(groups.get(key) ?? []), layer]);
  }
  return [...groups.values()];
}

/** A module's tensors, without integers such as `num_batches_tracked`. */
function modulesOf(tensors: readonly ForeignTensor[]): readonly Module[] {
  const modules = new Map<string, ForeignTensor[]>();
  for (const tensor of tensors) {
    if (tensor.data === undefined) continue;
    const name = tensor.name.slice(0, tensor.name.length - leafOf(tensor.name).length).replace(/[./]$/, "");
    modules.set(name, [...(modules.get(name) ?? []), tensor]);
  }
  return [...modules].map(([name, own]) => ({ name, tensors: own }));
}

/** `weight` of `features.0.weight`, `kernel:0` of `conv2d/kernel:0`. */
function leafOf(name: string): string {
  return name.split(/[./]/).at(-1) ?? name;
}

/** Where each parameter of a layer comes from, if each has one tensor of the module and none is left. */
function sourcesFor({ targets }: TargetLayer, { tensors }: Module): ReadonlyMap<string, Source> | undefined {
  const own = targets.filter(({ trained }) => trained);
  if (own.length !== tensors.length) return undefined;
  const sources = new Map<string, Source>();
  const taken = new Set<ForeignTensor>();
  for (const target of own) {
    const found = tensors
      .map((tensor) => ({ tensor, source: sourceFor(target, tensor) }))
      .filter(({ tensor, source }) => source !== undefined && !taken.has(tensor));
    const [first] = found;
    if (found.length !== 1 || first.source === undefined) return undefined;
    taken.add(first.tensor);
    sources.set(target.path, first.source);
  }
  return sources;
}

/** PyTorch calls its weights `weight` and puts outputs first; Keras and Flax call them `kernel` and put them last. */
const conventions: Readonly<
  Record<string, { readonly axes: Readonly<Record<number, string>>; readonly signalAxes: string; readonly flatten: "CHW" | "HWC" }>
> = {
  weight: { axes: { 4: "OIHW", 2: "OI" }, signalAxes: "OIW", flatten: "CHW" },
  kernel: { axes: { 4: "HWIO", 2: "IO" }, signalAxes: "WIO", flatten: "HWC" },
};

function sourceFor(target: Target, tensor: ForeignTensor): (Source & { readonly kind: "tensor" }) | undefined {
  const leaf = leafOf(tensor.name).replace(/:\d+$/, "");
  const checked = (source: Source & { readonly kind: "tensor" }): typeof source | undefined =>
    layoutProblem(target, source, tensor) === undefined ? source : undefined;
  if (target.axes === undefined) {
    // A bias is a bias; activations call their parameter as they like.
    return (target.name === "bias") === (leaf === "bias") ? checked({ kind: "tensor", from: tensor.name }) : undefined;
  }
  const convention = Object.hasOwn(conventions, leaf) ? conventions[leaf] : undefined;
  const rank = tensor.shape.length;
  const axes = rank === 3 && target.signal ? convention?.signalAxes : convention?.axes[rank];
  if (convention === undefined || axes === undefined) return undefined;
  return checked({ kind: "tensor", from: tensor.name, axes, ...(target.flattened === undefined ? {} : { flatten: convention.flatten }) });
}

/** In the order of their layers; undefined where a file has no order and the names tell none. */
function inOrder(modules: readonly Module[], ordered: boolean): readonly Module[] | undefined {
  if (ordered || modules.length <= 1) return modules;
  const keys = modules.map((module) => ({ module, parts: module.name.split(/[./]/).flatMap(numbered) }));
  const form = (parts: readonly (string | number)[]): string => parts.map((part) => (typeof part === "number" ? "#" : part)).join("/");
  if (new Set(keys.map(({ parts }) => form(parts))).size > 1) return undefined;
  return [...keys].sort((a, b) => compareParts(a.parts, b.parts)).map(({ module }) => module);
}

/** `conv2d_10` is `conv2d`, number 10; `conv2d` alone comes before all; `block3` is `block`, number 3. */
function numbered(part: string): readonly (string | number)[] {
  const counted = /^(.+)_(\d+)$/.exec(part);
  if (counted !== null) return [counted[1], Number(counted[2])];
  if (/^\d+$/.test(part)) return [Number(part)];
  const last = /^(.*?)(\d+)$/.exec(part);
  return last === null ? [part, -1] : [last[1], Number(last[2])];
}

function compareParts(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  const at = a.findIndex((part, index) => part !== b[index]);
  return at < 0 ? 0 : Number(a[at]) - Number(b[at]);
}

function shapesOf({ targets }: TargetLayer): string {
  return targets.map(({ name, shape }) => `${name} [${shape.join(", ")}]`).join(", ");
}

const listedModules = 6;

function listOf(modules: readonly Module[]): string {
  const names = modules
    .slice(0, listedModules)
    .map(({ name, tensors }) => `\`${name === "" ? tensors.map((tensor) => tensor.name).join(", ") : name}\``);
  const rest = modules.length - listedModules;
  return [...names, ...(rest > 0 ? [`${rest} more`] : [])].join(", ");
}
