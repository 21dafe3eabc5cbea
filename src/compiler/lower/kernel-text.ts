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

/** A body with holes for names: texts, and between them what fills the holes. */
interface Template {
  readonly texts: readonly string[];
  readonly fillings: readonly ((names: Names) => string)[];
  /** Reads that are loaded one by one. */
  readonly loaded: ReadonlySet<number>;
}

/** No WGSL holds it. */
const mark = "\0";

/** Printing a body may be long work, and passes print kernels in many modules to see how they fit: names are filled in. */
const knownTemplates = new WeakMap<Kernel["body"], Template>();

function templateOf(kernel: Kernel): Template {
  const known = knownTemplates.get(kernel.body);
  if (known !== undefined) return known;
  const calls = new Map<string, (names: Names) => string>();
  const hole = (key: string, call: (names: Names) => string): string => {
    calls.set(key, call);
    return `${mark}${key}${mark}`;
  };
  const loaded = new Set<number>();
  const holes: Names = {
    load: (read) => hole(`load ${read}`, (names) => names.load(read)),
    loadWide: (read) => hole(`wide load ${read}`, (names) => names.loadWide(read)),
    store: (write) => hole(`store ${write}`, (names) => names.store(write)),
    storeWide: (write) => hole(`wide store ${write}`, (names) => names.storeWide(write)),
    place: () => bug(`${kernel.title} asks for a place, which depends on more than names`),
    table: (table) => hole(`table ${table}`, (names) => names.table(table)),
    own: (word) => hole(word, (names) => names.own(word)),
  };
  const parts = kernel.body(checkedNames(kernel, holes, loaded)).split(mark);
  const template: Template = {
    texts: parts.filter((_, index) => index % 2 === 0),
    fillings: parts.flatMap((key, index) => (index % 2 === 0 ? [] : [calls.get(key) ?? bug(`${kernel.title} changes a name`)])),
    loaded,
  };
  knownTemplates.set(kernel.body, template);
  return template;
}

function fill({ texts, fillings }: Template, names: Names): string {
  return texts.map((text, index) => text + (fillings[index]?.(names) ?? "")).join("");
}

export function printKernel(
  kernel: Kernel,
  module: ModuleNames,
  ports: PortNames,
  tables: readonly string[],
  place: Names["place"],
): KernelText {
  const own = new Map<string, string>();
  const names: Names = {
    load: (read) => ports.load[read],
    loadWide: (read) => ports.loadWide[read],
    store: (write) => ports.store[write],
    storeWide: (write) => ports.storeWide[write],
    place,
    table: (table) => tables[table],
    own: (word) => own.get(word) ?? bug(`${kernel.title} asks for ${word}, which it does not declare before`),
  };
  const loaded = new Set<number>();
  const checked = checkedNames(kernel, names, loaded);
  const declarations = new Set<string>();
  for (const declaration of kernel.declarations ?? []) {
    const { name, text } = module.declare(declaration, checked);
    if ((own.get(declaration.name) ?? name) !== name) bug(`${kernel.title} declares ${declaration.name} in two ways`);
    own.set(declaration.name, name);
    declarations.add(text);
  }
  if (kernel.inPlace === true) return { declarations: [...declarations], body: kernel.body(checked), loaded };
  const template = templateOf(kernel);
  for (const read of template.loaded) loaded.add(read);
  return { declarations: [...declarations], body: fill(template, names), loaded };
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
