/** @file The text of a kernel, once what it calls has names. */

import { bug } from "../diagnostics/diagnostic.ts";
import type { Kernel } from "./context.ts";
import type { Names } from "./names.ts";
import { ModuleNames } from "./names.ts";

/** Names of functions, by the number of the port. */
export interface PortNames {
  readonly load: readonly string[];
  readonly loadWide: readonly string[];
  readonly store: readonly string[];
  readonly storeWide: readonly string[];
}

export interface KernelText {
  readonly declarations: readonly string[];
  readonly body: string;
  /** Reads that are loaded one by one. */
  readonly loaded: ReadonlySet<number>;
}

/** A kernel by itself, under names that depend on nothing else: kernels of equal texts and ports do the same. */
interface CanonicalText {
  readonly declarations: string;
  readonly body: string;
  readonly loaded: ReadonlySet<number>;
}

/** Passes ask again and again. */
const knownTexts = new WeakMap<Kernel, CanonicalText>();

export function canonicalText(kernel: Kernel): CanonicalText {
  const known = knownTexts.get(kernel) ?? printCanonical(kernel);
  knownTexts.set(kernel, known);
  return known;
}

function printCanonical(kernel: Kernel): CanonicalText {
  const module = new ModuleNames();
  const places = kernel.writes.map((_, write) => module.take(`out${write}`));
  const tables = (kernel.tables ?? []).map((_, table) => module.take(`table${table}`));
  const text = printKernel(kernel, module, portNames(kernel, module, ""), tables, (write, index) => `${places[write]}[${index}]`);
  return { ...text, declarations: text.declarations.join("\n") };
}

export function portNames({ reads, writes }: Kernel, module: ModuleNames, suffix: string): PortNames {
  const take = (ports: readonly unknown[], verb: string, width: string): string[] =>
    ports.map((_, index) => module.take(`${verb}${index}${suffix}${width}`));
  return {
    load: take(reads, "load", ""),
    loadWide: take(reads, "load", "x4"),
    store: take(writes, "store", ""),
    storeWide: take(writes, "store", "x4"),
  };
}

/** Bodies by the names in them: printing one may be long work, and passes print kernels in many modules to see how they fit. */
const knownBodies = new WeakMap<Kernel["body"], Map<string, Pick<KernelText, "body" | "loaded">>>();

export function printKernel(
  kernel: Kernel,
  module: ModuleNames,
  ports: PortNames,
  tables: readonly string[],
  place: Names["place"],
): KernelText {
  const own = new Map<string, string>();
  const loaded = new Set<number>();
  const names = checkedNames(
    kernel,
    {
      load: (read) => ports.load[read],
      loadWide: (read) => ports.loadWide[read],
      store: (write) => ports.store[write],
      storeWide: (write) => ports.storeWide[write],
      place,
      table: (table) => tables[table],
      own: (word) => own.get(word) ?? bug(`${kernel.title} asks for ${word}, which it does not declare before`),
    },
    loaded,
  );
  const declarations = new Set<string>();
  for (const declaration of kernel.declarations ?? []) {
    const { name, text } = module.declare(declaration, names);
    if ((own.get(declaration.name) ?? name) !== name) bug(`${kernel.title} declares ${declaration.name} in two ways`);
    own.set(declaration.name, name);
    declarations.add(text);
  }
  // Places depend on more than names.
  if (kernel.inPlace === true) return { declarations: [...declarations], body: kernel.body(names), loaded };
  const bodies = knownBodies.get(kernel.body) ?? new Map<string, Pick<KernelText, "body" | "loaded">>();
  knownBodies.set(kernel.body, bodies);
  const key = [ports.load, ports.loadWide, ports.store, ports.storeWide, tables, [...own.values()]].join();
  const known = bodies.get(key) ?? { body: kernel.body(names), loaded };
  bodies.set(key, known);
  return { declarations: [...declarations], ...known };
}

/** Refuses what the kernel does not state; `loaded` gets the numbers of the reads that it loads one by one. */
function checkedNames(kernel: Kernel, names: Names, loaded: Set<number>): Names {
  const check = (states: boolean, what: string): void => {
    if (!states) bug(`${kernel.title} asks for ${what}, which it does not state`);
  };
  return {
    load(read) {
      check(read < kernel.reads.length, `read ${read}`);
      loaded.add(read);
      return names.load(read);
    },
    loadWide(read) {
      check(kernel.wideReads?.includes(read) === true, `wide loads of read ${read}`);
      return names.loadWide(read);
    },
    store(write) {
      check(write < kernel.writes.length && kernel.wideWrites?.includes(write) !== true, `stores of single elements to write ${write}`);
      return names.store(write);
    },
    storeWide(write) {
      check(kernel.wideWrites?.includes(write) === true, `wide stores to write ${write}`);
      return names.storeWide(write);
    },
    place(write, index) {
      check(kernel.inPlace === true && write < kernel.writes.length, `the place of write ${write}`);
      return names.place(write, index);
    },
    table(table) {
      check(table < (kernel.tables?.length ?? 0), `table ${table}`);
      return names.table(table);
    },
    own: names.own,
  };
}
