/** @file Turns a kernel template and its ports into WGSL and a list of bindings. */

import { bug } from "./diagnostic.ts";
import { printWgsl } from "./expr.ts";
import { sameShape } from "./graph.ts";
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

/** Four elements as one: loads and stores of these cost a software driver half as much per number (KERNELS section 5). */
const wideType = "vec4f";

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
  return emit(kernel, formula, elementGroup, body, [x, y, 1], target);
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
  return emit(kernel, formula, kernel.size, body, [x, y, 1], target);
}

/** Workgroup counts above the limit of one dimension become a 2-D grid. */
function foldGrid(groups: number, target: Target): [number, number] {
  const most = target.workgroupsPerDimension;
  if (groups <= most) return [Math.max(1, groups), 1];
  const rows = Math.ceil(groups / most);
  return [Math.ceil(groups / rows), rows];
}

function emit(kernel: ElementKernel | GroupKernel, formula: string, size: number, body: readonly string[], grid: readonly [number, number, number], target: Target): EmittedKernel {
  const bindings = new Bindings(target.storageBuffers - (kernel.tables ?? []).filter((table) => table.space === "storage").length);
  const functions = [
    ...kernel.reads.map((port, index) => loadFunction(port, index, bindings)),
    ...kernel.writes.map((port, index) => (kernel.wideWrites?.includes(index) === true ? wideStoreFunction : storeFunction)(port, index, bindings)),
  ];
  // Last, because wide loads can do without bindings of their own.
  functions.push(...(kernel.wideReads ?? []).map((index) => wideLoadFunction(kernel.reads[index], index, bindings)));
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
  /** WGSL type of an element. */
  readonly element: string;
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
  readonly #most: number;

  /** @param most storage buffers that these bindings may take */
  constructor(most: number) {
    this.#most = most;
  }

  /** The WGSL expression of element `index` of `ref`, evaluated lazily because arena offsets depend on all reads. */
  read(ref: Ref): (index: string) => string {
    return this.#read(ref, elementTypes[ref.type.dtype], ref.type.dtype === "c32" ? 8 : 4);
  }

  /** The WGSL expression of elements 4 `index` to 4 `index` + 3 of `ref`; undefined if it needs a binding and none is left. */
  readWide(ref: Ref): ((index: string) => string) | undefined {
    if (ref.type.dtype !== "f32") return undefined;
    return this.#names.has(storageKey(ref.storage, wideType)) || this.#slots.length < this.#most ? this.#read(ref, wideType, 16) : undefined;
  }

  /** The WGSL expression of complex numbers 2 `index` and 2 `index` + 1 of `ref`. */
  readPairs(ref: Ref): (index: string) => string {
    return this.#read(ref, wideType, 16);
  }

  /** Whether elements of `ref` are read one by one already. */
  has(ref: Ref): boolean {
    return this.#names.has(storageKey(ref.storage, elementTypes[ref.type.dtype]));
  }

  #read(ref: Ref, element: string, bytes: number): (index: string) => string {
    const key = storageKey(ref.storage, element);
    const { low, high } = rangeOf(ref);
    let slot = this.#names.get(key);
    if (slot === undefined) {
      slot = { name: `in${this.#slots.length}`, element, access: "read", storage: ref.storage, low, high };
      this.#slots.push(slot);
      this.#names.set(key, slot);
    }
    slot.low = Math.min(slot.low, low);
    slot.high = Math.max(slot.high, high);
    const found = slot;
    return (index) => {
      const elements = (low - found.low) / bytes;
      return `${found.name}[${elements === 0 ? index : `${elements}u + ${index}`}]`;
    };
  }

  write(ref: Ref, index: number, element: string): string {
    const { low, high } = rangeOf(ref);
    const name = `out${index}`;
    this.#slots.push({ name, element, access: "write", storage: ref.storage, low, high });
    return name;
  }

  table(table: Table, index: number): string {
    const position = this.#slots.length;
    this.#slots.push({ name: `table${index}`, element: table.type, access: table.space === "uniform" ? "uniform" : "read", table, low: 0, high: table.data.byteLength });
    const space = table.space === "uniform" ? "uniform" : "storage, read";
    return `@group(0) @binding(${position}) var<${space}> table${index}: ${table.type};`;
  }

  declarations(): string[] {
    return this.#slots.flatMap((slot, position) => {
      if (slot.table !== undefined) return [];
      const access = slot.access === "write" ? "read_write" : "read";
      return [`@group(0) @binding(${position}) var<storage, ${access}> ${slot.name}: array<${slot.element}>;`];
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

function storageKey(storage: Storage, element: string): string {
  return `${storage.kind === "virtual" ? `v${storage.id}` : storage.buffer} ${element}`;
}

/** The memory behind a port whose elements are as they are. */
function plainRef(port: Port): Ref {
  return port.value === undefined ? port.refs[0] : bug("pairs of computed elements");
}

function loadFunction(port: Port, index: number, bindings: Bindings): () => string {
  if (port.pairs === true) {
    const read = bindings.readPairs(plainRef(port));
    return () => `fn load${index}(i: u32) -> ${wideType} { return ${read("i")}; }`;
  }
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
  if (port.pairs === true) {
    const out = bindings.write(plainRef(port), index, wideType);
    return () => `fn store${index}(i: u32, y: ${wideType}) { ${out}[i] = y; }`;
  }
  const [target, ...others] = port.refs;
  const out = bindings.write(target, index, elementTypes[target.type.dtype]);
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

/** Four elements from one load, where the port is a tensor as it is. */
function wideLoadFunction(port: Port, index: number, bindings: Bindings): () => string {
  const read = port.value === undefined ? bindings.readWide(port.refs[0]) : undefined;
  const four = [0, 1, 2, 3].map((step) => `load${index}(${step === 0 ? "i" : `i + ${step}u`})`);
  return () => `fn load${index}x4(i: u32) -> vec4f { return ${read === undefined ? `vec4f(${four.join(", ")})` : read("(i >> 2u)")}; }`;
}

/** Four elements to one store. What the value needs besides is loaded once where it is the same along the last axis. */
function wideStoreFunction(port: Port, index: number, bindings: Bindings): () => string {
  const [target, ...others] = port.refs;
  const out = bindings.write(target, index, wideType);
  // A wide binding in place of a narrow one, never besides it: the fusions have counted one for each tensor.
  const wide = others.map((ref) => (sameShape(ref.type.shape, port.type.shape) && !bindings.has(ref) ? bindings.readWide(ref) : undefined));
  const reads = others.map((ref, input) => wide[input] ?? bindings.read(ref));
  return () => {
    if (port.value === undefined) return `fn store${index}x4(i: u32, y: vec4f) { ${out}[i >> 2u] = y; }`;
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
      `fn value${index}(${parameters.join(", ")}) -> f32 {`, ...lets.map((line) => `  ${line}`), `  return ${results[0]};`, `}`,
      `fn store${index}x4(i: u32, y: vec4f) {`, ...lines.map((line) => `  ${line}`), `  ${out}[i >> 2u] = vec4f(${parts.join(", ")});`, `}`,
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
