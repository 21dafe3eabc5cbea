/** @file Turns jobs, kernel templates with their ports, into WGSL and a list of bindings. */

import { bug } from "../diagnostics/diagnostic.ts";
import { printWgsl } from "../expr/expr.ts";
import type { Dtype } from "../graph/types.ts";
import { sameShape } from "../graph/types.ts";
import { broadcastIndex } from "../ops/map.ts";
import type { BoundRange, Shift } from "./bindings.ts";
import { Bindings, elementTypes, wideType } from "./bindings.ts";
import type { ElementKernel, GroupKernel, Port, Ref } from "./context.ts";
import type { Beside, Chain, Job, Piece } from "./job.ts";
import { bufferOf } from "./job.ts";
import type { Target } from "./target.ts";

export interface EmittedKernel {
  readonly wgsl: string;
  readonly access: readonly ("read" | "write" | "uniform")[];
  readonly ranges: readonly BoundRange[];
  readonly grid: readonly [number, number, number];
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

function extentOf(kernel: ElementKernel | GroupKernel): number {
  return "count" in kernel ? kernel.count : kernel.groups;
}

function emitAlone(piece: Piece, target: Target): EmittedKernel {
  const { kernel } = piece;
  const bindings = new Bindings(target.storageBuffers);
  const printed = printFamily([piece], "", bindings, false);
  if ("count" in kernel) {
    const [x, y] = foldGrid(Math.ceil(kernel.count / target.elementLanes), target);
    return assemble(
      [piece],
      bindings,
      [printed],
      target.elementLanes,
      [x, y, 1],
      [
        `fn main(@builtin(global_invocation_id) gid: vec3u) {`,
        `  let i = ${y === 1 ? "gid.x" : `gid.x + gid.y * ${x * target.elementLanes}u`};`,
        `  if (i >= ${kernel.count}u) { return; }`,
        `  ${printed.body}`,
        `}`,
      ],
    );
  }
  if (kernel.size > target.invocations)
    bug(`${kernel.title}: ${kernel.size} invocations in a workgroup, the target allows ${target.invocations}`);
  const [x, y] = foldGrid(kernel.groups, target);
  return assemble([piece], bindings, [printed], kernel.size, [x, y, 1], [...groupEntry(kernel.groups, x, y), `  ${printed.body}`, `}`]);
}

/** Workgroups are handed out family by family, and piece by piece within a family. */
function emitBeside(job: Beside, target: Target): EmittedKernel {
  const size = groupSizeOf(job, target) ?? bug("workgroups of different sizes side by side");
  const bindings = new Bindings(target.storageBuffers);
  const { families } = job;
  const printed = families.map((family, index) => printFamily(family, index === 0 ? "" : `_${index}`, bindings, false));
  // Printing completes the shifts.
  const functions = printed.map((family, index) => {
    const { kernel } = families[index][0];
    const own = "count" in kernel ? `i: u32` : `group: u32, lane: u32`;
    return [...family.functions(), `fn body_${index}(${own}) {`, `  ${family.body}`, `}`];
  });
  let first = 0;
  const branches = families.map((family, index) => {
    const { kernel } = family[0];
    const each = "count" in kernel ? Math.ceil(kernel.count / size) : kernel.groups;
    const from = first;
    first += each * family.length;
    const at = from === 0 ? "group" : `(group - ${from}u)`;
    const lines =
      family.length === 1
        ? [`let own = ${at};`]
        : [`let own = ${at} % ${each}u;`, `piece = ${at} / ${each}u;`, ...shiftLines(printed[index].shifts)];
    lines.push(
      "count" in kernel ? `let i = own * ${size}u + lane;` : "",
      "count" in kernel ? `if (i < ${kernel.count}u) { body_${index}(i); }` : `body_${index}(own, lane);`,
    );
    return `${index === 0 ? "" : "else "}if (group < ${first}u) { ${lines.filter((line) => line !== "").join(" ")} }`;
  });
  const shifts = printed.flatMap((family) => family.shifts);
  const module = [
    ...(families.some(({ length }) => length > 1) ? ["var<private> piece: u32;"] : []),
    ...shifts.map(({ name }) => `var<private> ${name}: u32;`),
  ];
  const [x, y] = foldGrid(first, target);
  const entry = [...groupEntry(first, x, y), ...branches.map((line) => `  ${line}`), `}`];
  return assemble(
    job.pieces,
    bindings,
    printed.map((family, index) => ({ ...family, functions: () => functions[index] })),
    size,
    [x, y, 1],
    entry,
    module,
  );
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
  const locals = new Map<string, { readonly name: string; readonly element: string; readonly count: number }>();
  for (const { kernel } of job.pieces) {
    for (const {
      refs: [ref],
    } of kernel.writes) {
      const buffer = bufferOf(ref.storage);
      if (job.inside.has(buffer))
        locals.set(buffer, { name: `local${locals.size}`, element: elementTypes[ref.type.dtype], count: lengthOf(ref) });
    }
  }
  const bindings = new Bindings(target.storageBuffers, locals);
  const printed = job.pieces.map((piece, index) => printFamily([piece], index === 0 ? "" : `_${index}`, bindings, true));
  const functions = printed.map((family, index) => [...family.functions(), `fn body_${index}(i: u32) {`, `  ${family.body}`, `}`]);
  const steps = job.pieces.flatMap(({ kernel }, index) => {
    const count = extentOf(kernel);
    const run =
      count <= size
        ? `if (lane < ${count}u) { body_${index}(lane); }`
        : `for (var i = lane; i < ${count}u; i += ${size}u) { body_${index}(i); }`;
    return index === 0 ? [run] : [`workgroupBarrier();`, `storageBarrier();`, run];
  });
  const module = [...locals.values()].map(({ name, element, count }) => `var<workgroup> ${name}: array<${element}, ${count}>;`);
  const entry = [`fn main(@builtin(local_invocation_index) lane: u32) {`, ...steps.map((line) => `  ${line}`), `}`];
  return assemble(
    job.pieces,
    bindings,
    printed.map((family, index) => ({ ...family, functions: () => functions[index] })),
    size,
    [1, 1, 1],
    entry,
    module,
  );
}

function lengthOf({ type }: Ref): number {
  return type.shape.reduce((product, size) => product * size, 1);
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

interface PrintedFamily {
  /** Loads and stores; printed last, because where bindings start depends on all of them. */
  readonly functions: () => readonly string[];
  readonly declarations: string | undefined;
  readonly body: string;
  /** Complete when the functions have been printed. */
  readonly shifts: readonly Shift[];
}

/** One text for equal kernels. `suffix` tells its functions from those of others; `narrow`: no four elements at a time. */
function printFamily(family: readonly Piece[], suffix: string, bindings: Bindings, narrow: boolean): PrintedFamily {
  const { kernel } = family[0];
  const shifts: Shift[] = [];
  const portsOf = (side: "reads" | "writes", index: number): Family => ({
    ports: family.map((piece) => piece.kernel[side][index]),
    name: `${index}${suffix}`,
    shifts,
  });
  const wideReads = kernel.wideReads ?? [];
  const text = `${kernel.declarations ?? ""}\n${kernel.body}`;
  // Asked for four elements at a time alone, a read needs no binding for one at a time.
  const onlyWide = (index: number): boolean =>
    !narrow && wideReads.includes(index) && kernel.reads[index].value === undefined && !new RegExp(`\\bload${index}\\b`).test(text);
  const functions = [
    ...kernel.reads.flatMap((_, index) => (onlyWide(index) ? [] : [loadFunction(portsOf("reads", index), bindings)])),
    ...kernel.writes.flatMap((_, index) => {
      const wide = kernel.wideWrites?.includes(index) === true;
      if (wide && !narrow) return [wideStoreFunction(portsOf("writes", index), bindings)];
      return [storeFunction(portsOf("writes", index), bindings), ...(wide ? [() => fourStores(`${index}${suffix}`)] : [])];
    }),
  ];
  const tables = (kernel.tables ?? []).map((table) => bindings.table(table));
  // Last, because wide loads can do without bindings of their own.
  functions.push(
    ...wideReads.map((index) =>
      onlyWide(index) ? loadPlain(portsOf("reads", index), bindings) : wideLoadFunction(portsOf("reads", index), bindings, narrow),
    ),
  );
  const named = (source: string): string =>
    source
      .replace(
        /\b(load|store)(\d+)(x4)?\b/g,
        (_, verb: string, index: string, wide: string | undefined) => `${verb}${index}${suffix}${wide ?? ""}`,
      )
      .replace(/\bout(\d+)\b/g, (_, index: string) => `out${index}${suffix}`)
      .replace(/\btable(\d+)\b/g, (_, index: string) => tables[Number(index)]);
  return {
    functions: () => functions.map((print) => print()),
    declarations: kernel.declarations === undefined ? undefined : named(kernel.declarations),
    body: named(kernel.body),
    shifts,
  };
}

function assemble(
  pieces: readonly Piece[],
  bindings: Bindings,
  printed: readonly PrintedFamily[],
  size: number,
  grid: readonly [number, number, number],
  entry: readonly string[],
  module: readonly string[] = [],
): EmittedKernel {
  const functions = printed.flatMap((family) => family.functions());
  const wgsl = [
    ...new Set(pieces.map(({ formula }) => `// ${formula}`)),
    ...bindings.declarations(),
    ...module,
    ...new Set(printed.flatMap(({ declarations }) => declarations ?? [])),
    ...functions,
    `@compute @workgroup_size(${size})`,
    ...entry,
    ``,
  ].join("\n");
  return { wgsl, access: bindings.access(), ranges: bindings.ranges(), grid };
}

/** A port of a text that several pieces share: theirs, in order. */
interface Family {
  readonly ports: readonly Port[];
  /** Completes the names of its functions: `0`, or `0_1`. */
  readonly name: string;
  readonly shifts: Shift[];
}

/** The memory behind ports whose elements are as they are. */
function plainRefs({ ports }: Family): readonly Ref[] {
  return ports.map((port) => (port.value === undefined ? port.refs[0] : bug("computed elements where plain ones were asked for")));
}

function refsAt({ ports }: Family, position: number): readonly Ref[] {
  return ports.map((port) => port.refs[position]);
}

function loadFunction(family: Family, bindings: Bindings): () => string {
  const [port] = family.ports;
  if (port.pairs === true) {
    const read = bindings.readPairs(plainRefs(family), family.shifts);
    return () => `fn load${family.name}(i: u32) -> ${wideType} { return ${read("i")}; }`;
  }
  const type = elementTypes[port.type.dtype];
  const reads = port.refs.map((_, position) => bindings.read(refsAt(family, position), family.shifts));
  return () => {
    if (port.value === undefined) return `fn load${family.name}(i: u32) -> ${type} { return ${reads[0]("i")}; }`;
    const names = new Map<string, string>();
    const lines = port.refs.map((ref, input) => {
      bindElement(names, `x${input}`, `v${input}`, ref.type.dtype);
      return `let v${input} = ${reads[input](parenthesise(broadcastIndex(port.type.shape, ref.type.shape, "i")))};`;
    });
    const { lets, results } = printWgsl(
      partsOf(port),
      (name) => names.get(name) ?? bug(`load${family.name}: unknown variable ${name}`),
      "t",
    );
    const value = port.type.dtype === "c32" ? `vec2f(${results.join(", ")})` : results[0];
    return [
      `fn load${family.name}(i: u32) -> ${type} {`,
      ...lines.map((line) => `  ${line}`),
      ...lets.map((line) => `  ${line}`),
      `  return ${value};`,
      `}`,
    ].join("\n");
  };
}

function storeFunction(family: Family, bindings: Bindings): () => string {
  const [port] = family.ports;
  const name = `out${family.name}`;
  if (port.pairs === true) {
    const out = bindings.write(plainRefs(family), name, wideType, family.shifts);
    return () => `fn store${family.name}(i: u32, y: ${wideType}) { ${out("i")} = y; }`;
  }
  const [target, ...others] = port.refs;
  const out = bindings.write(refsAt(family, 0), name, elementTypes[target.type.dtype], family.shifts);
  const reads = others.map((_, input) => bindings.read(refsAt(family, input + 1), family.shifts));
  return () => {
    const from = port.value === undefined ? target.type.dtype : port.type.dtype;
    if (port.value === undefined) return `fn store${family.name}(i: u32, y: ${elementTypes[from]}) { ${out("i")} = y; }`;
    const names = new Map<string, string>();
    bindElement(names, "y", "y", from);
    const lines = others.map((ref, input) => {
      bindElement(names, `x${input + 1}`, `v${input + 1}`, ref.type.dtype);
      return `  let v${input + 1} = ${reads[input](parenthesise(broadcastIndex(port.type.shape, ref.type.shape, "i")))};`;
    });
    const complex = target.type.dtype === "c32";
    const parts = complex ? [port.value.re, port.value.im] : [port.value.re];
    const { lets, results } = printWgsl(parts, (name) => names.get(name) ?? bug(`store${family.name}: unknown variable ${name}`), "t");
    const value = complex ? `vec2f(${results.join(", ")})` : results[0];
    return [
      `fn store${family.name}(i: u32, y: ${elementTypes[from]}) {`,
      ...lines,
      ...lets.map((line) => `  ${line}`),
      `  ${out("i")} = ${value};`,
      `}`,
    ].join("\n");
  };
}

/** Four elements from one load, where the port is a tensor as it is. */
function wideLoadFunction(family: Family, bindings: Bindings, narrow: boolean): () => string {
  const read = narrow || family.ports[0].value !== undefined ? undefined : bindings.readWide(plainRefs(family), family.shifts);
  const four = [0, 1, 2, 3].map((step) => `load${family.name}(${step === 0 ? "i" : `i + ${step}u`})`);
  return () =>
    `fn load${family.name}x4(i: u32) -> vec4f { return ${read === undefined ? `vec4f(${four.join(", ")})` : read("(i >> 2u)")}; }`;
}

/** The same for a read that is never asked for single elements. */
function loadPlain(family: Family, bindings: Bindings): () => string {
  const read = bindings.readPairs(plainRefs(family), family.shifts);
  return () => `fn load${family.name}x4(i: u32) -> vec4f { return ${read("(i >> 2u)")}; }`;
}

/** A wide store where the memory is written one by one. */
function fourStores(name: string): string {
  return `fn store${name}x4(i: u32, y: vec4f) { ${[..."xyzw"].map((part, step) => `store${name}(i + ${step}u, y.${part});`).join(" ")} }`;
}

/** Four elements to one store. What the value needs besides is loaded once where it is the same along the last axis. */
function wideStoreFunction(family: Family, bindings: Bindings): () => string {
  const [port] = family.ports;
  const { name: index } = family;
  const others = port.refs.slice(1);
  const out = bindings.write(refsAt(family, 0), `out${index}`, wideType, family.shifts);
  // A wide binding in place of a narrow one, never besides it: the fusions have counted one for each tensor.
  const wide = others.map((ref, input) => {
    const refs = refsAt(family, input + 1);
    return sameShape(ref.type.shape, port.type.shape) && !bindings.has(refs) ? bindings.readWide(refs, family.shifts) : undefined;
  });
  const reads = others.map((_, input) => wide[input] ?? bindings.read(refsAt(family, input + 1), family.shifts));
  return () => {
    if (port.value === undefined) return `fn store${index}x4(i: u32, y: vec4f) { ${out("(i >> 2u)")} = y; }`;
    const names = new Map<string, string>([["y", "y"]]);
    const lines: string[] = [];
    const four = others.map((ref, input): string[] => {
      const name = `v${input + 1}`;
      bindElement(names, `x${input + 1}`, name, ref.type.dtype);
      const at = (i: string): string => reads[input](parenthesise(broadcastIndex(port.type.shape, ref.type.shape, i)));
      if (wide[input] !== undefined) {
        lines.push(`let ${name} = ${reads[input]("(i >> 2u)")};`);
        return [..."xyzw"].map((part) => `${name}.${part}`);
      }
      if (ref.type.shape.at(-1) === 1) {
        lines.push(`let ${name} = ${at("i")};`);
        return Array<string>(4).fill(name);
      }
      lines.push(...[0, 1, 2, 3].map((step) => `let ${name}s${step} = ${at(`(i + ${step}u)`)};`));
      return [0, 1, 2, 3].map((step) => `${name}s${step}`);
    });
    const { lets, results } = printWgsl([port.value.re], (name) => names.get(name) ?? bug(`store${index}: unknown variable ${name}`), "t");
    const parameters = ["y: f32", ...others.map((ref, input) => `v${input + 1}: ${elementTypes[ref.type.dtype]}`)];
    const parts = [..."xyzw"].map((part, step) => `value${index}(${[`y.${part}`, ...four.map((names) => names[step])].join(", ")})`);
    return [
      `fn value${index}(${parameters.join(", ")}) -> f32 {`,
      ...lets.map((line) => `  ${line}`),
      `  return ${results[0]};`,
      `}`,
      `fn store${index}x4(i: u32, y: vec4f) {`,
      ...lines.map((line) => `  ${line}`),
      `  ${out("(i >> 2u)")} = vec4f(${parts.join(", ")});`,
      `}`,
    ].join("\n");
  };
}

function bindElement(names: Map<string, string>, variable: string, value: string, dtype: Dtype): void {
  if (dtype === "c32") names.set(`${variable}.re`, `${value}.x`).set(`${variable}.im`, `${value}.y`);
  else names.set(variable, value);
}

function partsOf(port: Port): [NonNullable<Port["value"]>["re"], ...NonNullable<Port["value"]>["re"][]] {
  const value = port.value ?? bug("a port without an expression");
  return port.type.dtype === "c32" ? [value.re, value.im] : [value.re];
}

function parenthesise(index: string): string {
  return index.includes(" ") ? `(${index})` : index;
}
