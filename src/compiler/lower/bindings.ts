/** @file The bindings of a kernel: which buffers its ports reach, and the WGSL that reaches them. */

import { bug } from "../diagnostics/diagnostic.ts";
import type { Dtype } from "../graph/types.ts";
import type { Ref, Storage, Table } from "./context.ts";
import { bufferOf } from "./job.ts";
import type { ModuleNames } from "./names.ts";

/** What one binding of a kernel refers to: a range of memory, or a table. */
export type BoundRange =
  | { readonly kind: "memory"; readonly storage: Storage; readonly offsetBytes: number; readonly sizeBytes: number }
  | { readonly kind: "table"; readonly table: Table };

export const elementTypes: Readonly<Record<Dtype, "f32" | "vec2f" | "i32">> = { f32: "f32", c32: "vec2f", i32: "i32" };

/** Four elements as one: loads and stores of these cost a software driver half as much per number (docs/kernels.md#unit-costs). */
export const wideType = "vec4f";

const typeBytes: Readonly<Record<string, number>> = { f32: 4, i32: 4, vec2f: 8, vec4f: 16 };

/** The WGSL of element `index`. Evaluated when all ports have been seen: where a binding starts depends on all that use it. */
export type Access = (index: string) => string;

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

/** Where the pieces of one text differ: `name` is the number of each, set before the text runs. */
export interface Shift {
  readonly name: string;
  readonly values: readonly number[];
}

/** Collects a kernel's bindings. Reads of one arena share one binding: WebGPU counts bindings, not bytes. */
export class Bindings {
  readonly #slots: Slot[] = [];
  readonly #names = new Map<string, Slot>();
  /** What the kernel itself writes, by buffer. */
  readonly #written = new Map<string, Slot>();
  readonly #locals: ReadonlyMap<string, { readonly name: string }>;
  readonly #fetches: string[] = [];
  readonly #module: ModuleNames;
  readonly #most: number;
  #shiftCount = 0;

  /**
   * @param module the names of the module that these bindings are of
   * @param most storage buffers that these bindings may take
   * @param locals values that live in workgroup memory, by buffer
   */
  constructor(module: ModuleNames, most: number, locals: ReadonlyMap<string, { readonly name: string }> = new Map()) {
    this.#module = module;
    this.#most = most;
    this.#locals = locals;
  }

  /** Elements of `refs`, one for each piece that shares the text; `shifts` takes what differs between them. */
  read(refs: readonly Ref[], shifts: Shift[]): Access {
    return this.#read(refs, elementTypes[refs[0].type.dtype], shifts);
  }

  /** Element `index` is elements 4 `index` to 4 `index` + 3; undefined if that needs a binding and none is left. */
  readWide(refs: readonly Ref[], shifts: Shift[]): Access | undefined {
    if (refs[0].type.dtype !== "f32") return undefined;
    const missing = new Set(refs.map(({ storage }) => storageKey(storage, wideType)).filter((key) => !this.#names.has(key))).size;
    return this.#slots.filter(({ access }) => access !== "uniform").length + missing <= this.#most
      ? this.#read(refs, wideType, shifts)
      : undefined;
  }

  /** Element `index` is complex numbers 2 `index` and 2 `index` + 1. */
  readPairs(refs: readonly Ref[], shifts: Shift[]): Access {
    return this.#read(refs, wideType, shifts);
  }

  /** Whether elements of `refs` are read one by one already. */
  has(refs: readonly Ref[]): boolean {
    return refs.some((ref) => this.#names.has(storageKey(ref.storage, elementTypes[ref.type.dtype])));
  }

  /** Element `index` as a place to assign to. Pieces that share the text write one buffer. `wanted`: how to call it. */
  write(refs: readonly Ref[], wanted: string, element: string, shifts: Shift[]): Access {
    const local = this.#locals.get(bufferOf(refs[0].storage));
    if (local !== undefined) return (index) => `${local.name}[${index}]`;
    const slots = refs.map((ref) => this.#slot(ref, element, "write", wanted));
    if (new Set(slots).size > 1) bug(`${wanted} of one kernel lies in several buffers`);
    this.#written.set(bufferOf(refs[0].storage), slots[0]);
    return this.#access(refs, slots, shifts);
  }

  #read(refs: readonly Ref[], element: string, shifts: Shift[]): Access {
    const buffer = bufferOf(refs[0].storage);
    const local = this.#locals.get(buffer);
    if (local !== undefined) return (index) => `${local.name}[${index}]`;
    const written = this.#written.get(buffer);
    if (written === undefined)
      return this.#access(
        refs,
        refs.map((ref) => this.#slot(ref, element, "read", `in${this.#slots.length}`)),
        shifts,
      );
    // A piece before this one made it: what may be read and written goes through one binding.
    return this.#access(
      refs,
      refs.map((ref) => this.#slot(ref, element, "write", written.name)),
      shifts,
    );
  }

  #slot(ref: Ref, element: string, access: "read" | "write", wanted: string): Slot {
    const { storage } = ref;
    const key = storageKey(storage, `${element}${access === "write" ? " written" : ""}`);
    const low = storage.offsetBytes ?? 0;
    let slot = this.#names.get(key);
    if (slot === undefined) {
      slot = { name: this.#module.take(wanted), element, access, storage, low, high: low };
      this.#slots.push(slot);
      this.#names.set(key, slot);
    }
    slot.low = Math.min(slot.low, low);
    slot.high = Math.max(slot.high, low + storage.sizeBytes);
    return slot;
  }

  #access(refs: readonly Ref[], slots: readonly Slot[], shifts: Shift[]): Access {
    const at =
      (slot: Slot, start: string | number): Access =>
      (index) =>
        `${slot.name}[${start === 0 ? index : `${typeof start === "number" ? `${start}u` : start} + ${index}`}]`;
    let known: Access | undefined;
    return (index) => {
      known ??= this.#place(refs, slots, at, shifts);
      return known(index);
    };
  }

  #place(refs: readonly Ref[], slots: readonly Slot[], at: (slot: Slot, start: string | number) => Access, shifts: Shift[]): Access {
    const starts = refs.map(({ storage }, piece) => {
      const slot = slots[piece] ?? slots[0];
      return ((storage.offsetBytes ?? 0) - slot.low) / typeBytes[slot.element];
    });
    if (new Set(slots).size > 1) {
      const name = this.#module.take(`fetch${this.#fetches.length}`);
      const last = slots.length - 1;
      const cases = slots.map(
        (slot, piece) =>
          `${piece === last ? "" : `if (piece == ${piece}u) { `}return ${at(slot, starts[piece])("i")};${piece === last ? "" : " }"}`,
      );
      this.#fetches.push(`fn ${name}(i: u32) -> ${slots[0].element} { ${cases.join(" ")} }`);
      return (index) => `${name}(${index})`;
    }
    if (new Set(starts).size === 1) return at(slots[0], starts[0]);
    const text = starts.join();
    let shift = shifts.find(({ values }) => values.join() === text);
    if (shift === undefined) {
      shift = { name: this.#module.take(`shift${this.#shiftCount++}`), values: starts };
      shifts.push(shift);
    }
    return at(slots[0], shift.name);
  }

  /** The name of a table in the kernel. Equal tables share a binding. */
  table(table: Table): string {
    const key = `${table.key} ${table.space} ${table.type}`;
    const known = this.#names.get(key);
    if (known !== undefined) return known.name;
    const name = this.#module.take(`table${this.#slots.filter((slot) => slot.table !== undefined).length}`);
    const slot: Slot = {
      name,
      element: table.type,
      access: table.space === "uniform" ? "uniform" : "read",
      table,
      low: 0,
      high: table.data.byteLength,
    };
    this.#slots.push(slot);
    this.#names.set(key, slot);
    return name;
  }

  /** Module-scope WGSL; complete when every access has been printed. */
  declarations(): string[] {
    return [
      ...this.#slots.map(({ name, element, access, table }, position) => {
        const space = access === "uniform" ? "uniform" : `storage, ${access === "write" ? "read_write" : "read"}`;
        return `@group(0) @binding(${position}) var<${space}> ${name}: ${table === undefined ? `array<${element}>` : element};`;
      }),
      ...this.#fetches,
    ];
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

function storageKey(storage: Storage, element: string): string {
  return `${bufferOf(storage)} ${element}`;
}
