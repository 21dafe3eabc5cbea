/** @file Turns jobs into WGSL and lists of bindings: one kernel alone, several side by side, or a chain of small ones. */

import { elementCount } from "../../plan/shape.ts";
import { bug } from "../diagnostics/diagnostic.ts";
import type { BoundRange, Shift } from "./bindings.ts";
import { Bindings, elementTypes } from "./bindings.ts";
import type { Kernel, Ref } from "./context.ts";
import type { PrintedFamily } from "./family.ts";
import { bindFamily } from "./family.ts";
import type { Beside, Chain, Job, Piece } from "./job.ts";
import { bufferOf } from "./job.ts";
import type { Declared } from "./names.ts";
import { ModuleNames } from "./names.ts";
import type { Target } from "./target.ts";

export interface EmittedKernel {
  readonly wgsl: string;
  readonly access: readonly ("read" | "write" | "uniform")[];
  readonly ranges: readonly BoundRange[];
  readonly grid: readonly [number, number, number];
  readonly workgroupBytes: number;
}

/** A workgroup that does a chain has no more invocations than its longest piece has elements, in steps of this many. */
const chainStep = 64;

export function emitJob(job: Job, target: Target): EmittedKernel {
  if (job.kind === "chain") return emitChain(job, target);
  return job.pieces.length === 1 ? emitAlone(job.pieces[0], target) : emitBeside(job, target);
}

/** Invocations per workgroup of a job; undefined if its pieces want different ones. */
export function groupSizeOf({ kind, pieces }: Job, { elementLanes }: Target): number | undefined {
  if (kind === "chain")
    return Math.min(elementLanes, chainStep * Math.ceil(Math.max(...pieces.map(({ kernel }) => extentOf(kernel))) / chainStep));
  const sizes = new Set(pieces.flatMap(({ kernel }) => ("size" in kernel ? [kernel.size] : [])));
  return sizes.size > 1 ? undefined : ([...sizes][0] ?? elementLanes);
}

function extentOf(kernel: Kernel): number {
  return "count" in kernel ? kernel.count : kernel.groups;
}

function emitAlone(piece: Piece, target: Target): EmittedKernel {
  const { kernel } = piece;
  const module = new ModuleNames();
  const bindings = new Bindings(module, target.storageBuffers);
  const family = bindFamily([piece], "", module, bindings, false).print();
  if ("count" in kernel) {
    const [x, y] = foldGrid(Math.ceil(kernel.count / target.elementLanes), target);
    const entry = [
      `fn main(@builtin(global_invocation_id) gid: vec3u) {`,
      `  let i = ${y === 1 ? "gid.x" : `gid.x + gid.y * ${x * target.elementLanes}u`};`,
      `  if (i >= ${kernel.count}u) { return; }`,
      `  ${family.body}`,
      `}`,
    ];
    return assemble([piece], module, bindings, [family], target.elementLanes, [x, y, 1], entry);
  }
  if (kernel.size > target.invocations)
    bug(`${kernel.title}: ${kernel.size} invocations in a workgroup, the target allows ${target.invocations}`);
  const [x, y] = foldGrid(kernel.groups, target);
  return assemble(
    [piece],
    module,
    bindings,
    [family],
    kernel.size,
    [x, y, 1],
    [...groupEntry(kernel.groups, x, y), `  ${family.body}`, `}`],
  );
}

/** Workgroups are handed out family by family, and piece by piece within a family. */
function emitBeside(job: Beside, target: Target): EmittedKernel {
  const size = groupSizeOf(job, target) ?? bug("workgroups of different sizes side by side");
  const module = new ModuleNames();
  const bindings = new Bindings(module, target.storageBuffers);
  const { families } = job;
  const bound = families.map((family, index) => bindFamily(family, index === 0 ? "" : `_${index}`, module, bindings, false));
  const printed = bound.map((family, index) => {
    const { kernel } = families[index][0];
    return asFunction(family.print(), module.take(`body_${index}`), "count" in kernel ? `i: u32` : `group: u32, lane: u32`);
  });
  let first = 0;
  const branches = families.map((family, index) => {
    const { kernel } = family[0];
    const { call } = printed[index];
    const each = "count" in kernel ? Math.ceil(kernel.count / size) : kernel.groups;
    const from = first;
    first += each * family.length;
    const at = from === 0 ? "group" : `(group - ${from}u)`;
    const lines =
      family.length === 1
        ? [`let own = ${at};`]
        : [`let own = ${at} % ${each}u;`, `piece = ${at} / ${each}u;`, ...shiftLines(bound[index].shifts)];
    lines.push(
      "count" in kernel ? `let i = own * ${size}u + lane;` : "",
      "count" in kernel ? `if (i < ${kernel.count}u) { ${call}(i); }` : `${call}(own, lane);`,
    );
    return `${index === 0 ? "" : "else "}if (group < ${first}u) { ${lines.filter((line) => line !== "").join(" ")} }`;
  });
  const variables = [
    ...(families.some(({ length }) => length > 1) ? ["var<private> piece: u32;"] : []),
    ...bound.flatMap(({ shifts }) => shifts).map(({ name }) => `var<private> ${name}: u32;`),
  ];
  const [x, y] = foldGrid(first, target);
  const entry = [...groupEntry(first, x, y), ...branches.map((line) => `  ${line}`), `}`];
  return assemble(job.pieces, module, bindings, printed, size, [x, y, 1], entry, variables);
}

/** The body as a function `call`, behind the loads and stores. */
function asFunction({ declarations, functions, body }: PrintedFamily, call: string, parameters: string): FunctionFamily {
  return { declarations, functions: [...functions, `fn ${call}(${parameters}) {`, `  ${body}`, `}`], call };
}

/** WGSL that sets the shifts of piece `piece`, without memory: they are few. */
function shiftLines(shifts: readonly Shift[]): string[] {
  return shifts.map(({ name, values }) => {
    const chosen = values
      .slice(0, -1)
      .reduceRight((rest, value, piece) => `select(${rest}, ${value}u, piece == ${piece}u)`, `${values[values.length - 1]}u`);
    return `${name} = ${chosen};`;
  });
}

/** Values that only the chain's own pieces use stay in workgroup memory. */
function emitChain(job: Chain, target: Target): EmittedKernel {
  const size = groupSizeOf(job, target) ?? bug("a chain without pieces");
  const module = new ModuleNames();
  const locals = new Map<string, Declared>();
  for (const { kernel } of job.pieces) {
    for (const {
      refs: [ref],
    } of kernel.writes) {
      const buffer = bufferOf(ref.storage);
      if (job.inside.has(buffer)) locals.set(buffer, module.array(`local${locals.size}`, elementTypes[ref.type.dtype], lengthOf(ref)));
    }
  }
  const bindings = new Bindings(module, target.storageBuffers, locals);
  const printed = job.pieces
    .map((piece, index) => bindFamily([piece], index === 0 ? "" : `_${index}`, module, bindings, true))
    .map((family, index) => asFunction(family.print(), module.take(`body_${index}`), "i: u32"));
  const steps = job.pieces.flatMap(({ kernel }, index) => {
    const count = extentOf(kernel);
    const { call } = printed[index];
    const run =
      count <= size ? `if (lane < ${count}u) { ${call}(lane); }` : `for (var i = lane; i < ${count}u; i += ${size}u) { ${call}(i); }`;
    return index === 0 ? [run] : [`workgroupBarrier();`, `storageBarrier();`, run];
  });
  const entry = [`fn main(@builtin(local_invocation_index) lane: u32) {`, ...steps.map((line) => `  ${line}`), `}`];
  return assemble(
    job.pieces,
    module,
    bindings,
    printed,
    size,
    [1, 1, 1],
    entry,
    [...locals.values()].map(({ text }) => text),
  );
}

function lengthOf({ type }: Ref): number {
  return elementCount(type.shape);
}

/** The workgroup's number, as `group`. */
function groupEntry(groups: number, x: number, y: number): string[] {
  return [
    `fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {`,
    y === 1 ? `  let group = wid.x;` : `  let group = wid.x + wid.y * ${x}u;`,
    ...(x * y === groups ? [] : [`  if (group >= ${groups}u) { return; }`]),
  ];
}

/** Workgroup counts above the limit of one dimension become a 2-D grid. */
function foldGrid(groups: number, target: Target): [number, number] {
  const most = target.workgroupsPerDimension;
  if (groups <= most) return [Math.max(1, groups), 1];
  const rows = Math.ceil(groups / most);
  return [Math.ceil(groups / rows), rows];
}

type FunctionFamily = Pick<PrintedFamily, "declarations" | "functions"> & { readonly call: string };

/** @param variables further ones of the module */
function assemble(
  pieces: readonly Piece[],
  module: ModuleNames,
  bindings: Bindings,
  families: readonly Pick<PrintedFamily, "declarations" | "functions">[],
  size: number,
  grid: readonly [number, number, number],
  entry: readonly string[],
  variables: readonly string[] = [],
): EmittedKernel {
  const wgsl = [
    ...new Set(pieces.map(({ formula }) => `// ${formula}`)),
    ...bindings.declarations(),
    ...variables,
    ...new Set(families.flatMap(({ declarations }) => declarations)),
    ...families.flatMap(({ functions }) => functions),
    `@compute @workgroup_size(${size})`,
    ...entry,
    ``,
  ].join("\n");
  return { wgsl, access: bindings.access(), ranges: bindings.ranges(), grid, workgroupBytes: module.workgroupBytes };
}
