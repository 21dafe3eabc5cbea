/** @file Names in WGSL: those of a module, each given out once, and those by which the text of a kernel calls what is around it. */

/** The names that the text of a kernel goes by. It asks for what it uses, by number; none of them may be the name of a local variable. */
export interface Names {
  /** The function that loads an element of a read: `(i: u32)`, i a flat index, to f32, vec2f or i32 by the port's dtype. */
  readonly load: (read: number) => string;
  /** The function that loads four: `(i: u32) -> vec4f`, i a multiple of 4. One of `wideReads`. */
  readonly loadWide: (read: number) => string;
  /** The function that stores an element of a write: `(i: u32, value)`. */
  readonly store: (write: number) => string;
  /** The function that stores four: `(i: u32, values: vec4f)`, i a multiple of 4. One of `wideWrites`. */
  readonly storeWide: (write: number) => string;
  /** Element `index` of a write where it lies in memory, to read what is there. Only for kernels that work in place. */
  readonly place: (write: number, index: string) => string;
  readonly table: (table: number) => string;
  /** A function, a structure or an array in workgroup memory that the kernel declares. */
  readonly own: (word: string) => string;
}

/** For a part of a kernel that counts its reads and tables from 0, while others are in front of them. */
export function behind(names: Names, { reads = 0, tables = 0 }: { readonly reads?: number; readonly tables?: number }): Names {
  return {
    ...names,
    load: (read) => names.load(reads + read),
    loadWide: (read) => names.loadWide(reads + read),
    table: (table) => names.table(tables + table),
  };
}

/** A function or a structure of a kernel's own. */
interface OwnText {
  readonly kind: "fn" | "struct";
  readonly name: string;
  /** What follows the name. It may ask for what is declared before it. */
  readonly text: (names: Names) => string;
}

/** Bytes of an element of an array in workgroup memory. */
const strides = { f32: 4, i32: 4, vec2f: 8, vec3f: 16, vec4f: 16 } as const;

/** An array that the lanes of a workgroup share. */
export interface OwnMemory {
  readonly kind: "workgroup";
  readonly name: string;
  readonly element: keyof typeof strides;
  readonly count: number;
}

/** What a kernel declares at module scope. Where several kernels stand in one module, equal declarations are one. */
export type Declaration = OwnText | OwnMemory;

/** A declaration as it stands in a module. */
export interface Declared {
  readonly name: string;
  readonly text: string;
}

/** What `main` and the branches in it call their own: a name of the module would be hidden there. */
const reserved = ["main", "piece", "group", "lane", "own", "i", "gid", "wid"];

/** The names of a module. */
export class ModuleNames {
  readonly #taken = new Set<string>(reserved);
  /** What kernels declare, by kind, wanted name and text. */
  readonly #declared = new Map<string, Declared>();
  #workgroupBytes = 0;

  /** Of all arrays that the lanes of a workgroup share. */
  get workgroupBytes(): number {
    return this.#workgroupBytes;
  }

  /** `wanted`, or where that is taken `wanted_1`, `wanted_2`, ...: no two calls give the same. */
  take(wanted: string): string {
    let name = wanted;
    for (let next = 1; this.#taken.has(name); next++) name = `${wanted}_${next}`;
    this.#taken.add(name);
    return name;
  }

  /** A kernel's declaration, or the equal one of another kernel. */
  declare(declaration: Declaration, names: Names): Declared {
    const { kind, name: wanted } = declaration;
    if (kind === "workgroup") {
      const { element, count } = declaration;
      return this.#once(`${kind} ${wanted} ${element} ${count}`, () => this.array(wanted, element, count));
    }
    const text = declaration.text(names);
    return this.#once(`${kind} ${wanted}${text}`, () => {
      const name = this.take(wanted);
      return { name, text: `${kind} ${name}${text}` };
    });
  }

  /** An array in workgroup memory that is shared with no other. */
  array(wanted: string, element: OwnMemory["element"], count: number): Declared {
    const name = this.take(wanted);
    this.#workgroupBytes += strides[element] * count;
    return { name, text: `var<workgroup> ${name}: array<${element}, ${count}>;` };
  }

  #once(key: string, make: () => Declared): Declared {
    const declared = this.#declared.get(key) ?? make();
    this.#declared.set(key, declared);
    return declared;
  }
}
