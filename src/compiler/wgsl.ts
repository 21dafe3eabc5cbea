/** @file Turns a kernel template and its ports into WGSL and a list of bindings. */

import { bug } from "./diagnostic.ts";
import { printWgsl } from "./expr.ts";
import type { Dtype } from "./graph.ts";
import type { ElementKernel, GroupKernel, Port, Ref, Storage, Table, Target } from "./lower.ts";
import { broadcastIndex } from "./ops/map.ts";

/** What one binding of a kernel refers to: a range of memory, or a table. */
export type BoundRange =
  | { readonly kind: "memory"; readonly storage: Storage; readonly offsetBytes: number; readonly sizeBytes: number }
  | { readonly kind: "table"; readonly table: Table };

export interface EmittedKernel {
  readonly wgsl: string;
  readonly access: readonly ("read" | "write" | "uniform")[];
  readonly ranges: readonly BoundRange[];
  readonly grid: readonly [number, number, number];
}

const elementTypes: Readonly<Record<Dtype, string>> = { f32: "f32", c32: "vec2f", i32: "i32" };

/** Invocations per workgroup of element kernels: 256 streams best on software drivers (KERNELS section 5). */
const elementGroup = 256;

export function emitElements(kernel: ElementKernel, formula: string, target: Target): EmittedKernel {
  const [x, y] = foldGrid(Math.ceil(kernel.count / elementGroup), target);
  const index = y === 1 ? "gid.x" : `gid.x + gid.y * ${x * elementGroup}u`;
  const body = [
    `fn main(@builtin(global_invocation_id) gid: vec3u) {`,
    `  let i = ${index};`,
    `  if (i >= ${kernel.count}u) { return; }`,
    `  ${kernel.body}`,
    `}`,
  ];
  return emit(kernel, formula, elementGroup, body, [x, y, 1]);
}

export function emitGroups(kernel: GroupKernel, formula: string, target: Target): EmittedKernel {
  if (kernel.size > target.invocations) bug(`${kernel.title}: ${kernel.size} invocations in a workgroup, the target allows ${target.invocations}`);
  const [x, y] = foldGrid(kernel.groups, target);
  const body = [
    `fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {`,
    y === 1 ? `  let group = wid.x;` : `  let group = wid.x + wid.y * ${x}u;`,
    ...(x * y === kernel.groups ? [] : [`  if (group >= ${kernel.groups}u) { return; }`]),
    `  ${kernel.body}`,
    `}`,
  ];
  return emit(kernel, formula, kernel.size, body, [x, y, 1]);
}

/** Workgroup counts above the limit of one dimension become a 2-D grid. */
function foldGrid(groups: number, target: Target): [number, number] {
  const most = target.workgroupsPerDimension;
  if (groups <= most) return [Math.max(1, groups), 1];
  const rows = Math.ceil(groups / most);
  return [Math.ceil(groups / rows), rows];
}

function emit(kernel: ElementKernel | GroupKernel, formula: string, size: number, body: readonly string[], grid: readonly [number, number, number]): EmittedKernel {
  const bindings = new Bindings();
  const functions = [
    ...kernel.reads.map((port, index) => loadFunction(port, index, bindings)),
    ...kernel.writes.map((port, index) => storeFunction(port, index, bindings)),
  ];
  const tables = (kernel.tables ?? []).map((table, index) => bindings.table(table, index));
  const wgsl = [
    `// ${formula}`,
    ...bindings.declarations(),
    ...tables,
    ...(kernel.declarations === undefined ? [] : [kernel.declarations]),
    ...functions.map((print) => print()),
    `@compute @workgroup_size(${size})`,
    ...body,
    ``,
  ].join("\n");
  return { wgsl, access: bindings.access(), ranges: bindings.ranges(), grid };
}

interface Slot {
  readonly name: string;
  readonly dtype: Dtype;
  readonly access: "read" | "write" | "uniform";
  storage?: Storage;
  table?: Table;
  low: number;
  high: number;
}

/** Collects a kernel's bindings. Reads of one arena share one binding: WebGPU counts bindings, not bytes. */
class Bindings {
  readonly #slots: Slot[] = [];
  readonly #names = new Map<string, Slot>();

  /** The WGSL expression of element `index` of `ref`, evaluated lazily because arena offsets depend on all reads. */
  read(ref: Ref): (index: string) => string {
    const key = storageKey(ref.storage, ref.type.dtype, "read");
    const { low, high } = rangeOf(ref);
    let slot = this.#names.get(key);
    if (slot === undefined) {
      slot = { name: `in${this.#slots.length}`, dtype: ref.type.dtype, access: "read", storage: ref.storage, low, high };
      this.#slots.push(slot);
      this.#names.set(key, slot);
    }
    slot.low = Math.min(slot.low, low);
    slot.high = Math.max(slot.high, high);
    const found = slot;
    return (index) => {
      const elements = (low - found.low) / (ref.type.dtype === "c32" ? 8 : 4);
      return `${found.name}[${elements === 0 ? index : `${elements}u + ${index}`}]`;
    };
  }

  write(ref: Ref, index: number): string {
    const { low, high } = rangeOf(ref);
    const name = `out${index}`;
    this.#slots.push({ name, dtype: ref.type.dtype, access: "write", storage: ref.storage, low, high });
    return name;
  }

  table(table: Table, index: number): string {
    const position = this.#slots.length;
    this.#slots.push({ name: `table${index}`, dtype: "f32", access: table.space === "uniform" ? "uniform" : "read", table, low: 0, high: table.data.byteLength });
    const space = table.space === "uniform" ? "uniform" : "storage, read";
    return `@group(0) @binding(${position}) var<${space}> table${index}: ${table.type};`;
  }

  declarations(): string[] {
    return this.#slots.flatMap((slot, position) => {
      if (slot.table !== undefined) return [];
      const access = slot.access === "write" ? "read_write" : "read";
      return [`@group(0) @binding(${position}) var<storage, ${access}> ${slot.name}: array<${elementTypes[slot.dtype]}>;`];
    });
  }

  access(): ("read" | "write" | "uniform")[] {
    return this.#slots.map((slot) => slot.access);
  }

  ranges(): BoundRange[] {
    return this.#slots.map((slot): BoundRange => {
      if (slot.table !== undefined) return { kind: "table", table: slot.table };
      const storage = slot.storage ?? bug(`binding ${slot.name} has no memory`);
      return { kind: "memory", storage, offsetBytes: slot.low, sizeBytes: slot.high - slot.low };
    });
  }
}

function rangeOf(ref: Ref): { low: number; high: number } {
  const low = ref.storage.kind === "fixed" ? ref.storage.offsetBytes : 0;
  return { low, high: low + ref.storage.sizeBytes };
}

function storageKey(storage: Storage, dtype: Dtype, access: string): string {
  const where = storage.kind === "virtual" ? `v${storage.id}` : storage.buffer;
  return `${where} ${dtype} ${access}`;
}

function loadFunction(port: Port, index: number, bindings: Bindings): () => string {
  const type = elementTypes[port.type.dtype];
  const reads = port.refs.map((ref) => bindings.read(ref));
  // Offsets inside a shared arena binding are known only after all ports have been seen: print later.
  return () => {
    if (port.value === undefined) return `fn load${index}(i: u32) -> ${type} { return ${reads[0]("i")}; }`;
    const names = new Map<string, string>();
    const lines = port.refs.map((ref, input) => {
      bindElement(names, `x${input}`, `v${input}`, ref.type.dtype);
      return `let v${input} = ${reads[input](parenthesise(broadcastIndex(port.type.shape, ref.type.shape, "i")))};`;
    });
    const { lets, results } = printWgsl(partsOf(port), (name) => names.get(name) ?? bug(`load${index}: unknown variable ${name}`), "t");
    const value = port.type.dtype === "c32" ? `vec2f(${results.join(", ")})` : results[0];
    return [`fn load${index}(i: u32) -> ${type} {`, ...lines.map((line) => `  ${line}`), ...lets.map((line) => `  ${line}`), `  return ${value};`, `}`].join("\n");
  };
}

function storeFunction(port: Port, index: number, bindings: Bindings): () => string {
  const [target, ...others] = port.refs;
  const out = bindings.write(target, index);
  const reads = others.map((ref) => bindings.read(ref));
  return () => {
    const from = port.value === undefined ? target.type.dtype : port.type.dtype;
    if (port.value === undefined) return `fn store${index}(i: u32, y: ${elementTypes[from]}) { ${out}[i] = y; }`;
    const names = new Map<string, string>();
    bindElement(names, "y", "y", from);
    const lines = others.map((ref, input) => {
      bindElement(names, `x${input + 1}`, `v${input + 1}`, ref.type.dtype);
      return `  let v${input + 1} = ${reads[input](parenthesise(broadcastIndex(port.type.shape, ref.type.shape, "i")))};`;
    });
    const complex = target.type.dtype === "c32";
    const parts = complex ? [port.value.re, port.value.im] : [port.value.re];
    const { lets, results } = printWgsl(parts, (name) => names.get(name) ?? bug(`store${index}: unknown variable ${name}`), "t");
    const value = complex ? `vec2f(${results.join(", ")})` : results[0];
    return [`fn store${index}(i: u32, y: ${elementTypes[from]}) {`, ...lines, ...lets.map((line) => `  ${line}`), `  ${out}[i] = ${value};`, `}`].join("\n");
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
