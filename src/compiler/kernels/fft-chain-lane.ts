/**
 * @file A chain of transforms with a line for every lane: no workgroup memory and no barriers. A software driver keeps the
 * points in vector registers and on its stack, where moving them costs next to nothing, while an exchange between lanes is
 * done number by number. Transforms are straight-line code; loops read and write memory, because drivers compile arithmetic
 * quickly and memory accesses slowly (KERNELS section 6).
 */

import type { GroupKernel } from "../lower.ts";
import type { ChainKernel, FftChain, Halves, ReadPoint, WritePoint } from "./fft-chain.ts";
import { codelet, codeletDeclarations } from "./fft-codelets.ts";
import { stageCode } from "./fft-stage.ts";
import { stageTable } from "./fft-tables.ts";
import { boundOf, boundsTable } from "./strided.ts";

/** The longest lines: four arrays of points, and WGSL promises a function 8192 bytes of variables. */
export const lanePoints = 256;

/** Longer transforms in one piece are too much text for a driver to compile quickly. */
const straightPoints = 64;

/** Lanes of a workgroup: one vector of a software driver. */
const size = 8;

export class LaneChain implements FftChain {
  readonly #n: number;
  readonly #total: number;
  readonly #radices: readonly number[];
  #declared = 0;

  constructor(n: number, lines: number, radices: readonly number[]) {
    this.#n = n;
    this.#radices = radices;
    this.#total = lines;
  }

  kernel(rest: ChainKernel, body: readonly string[]): GroupKernel {
    const partial = this.#total % size !== 0;
    return {
      ...rest,
      groups: Math.ceil(this.#total / size),
      size,
      tables: [boundsTable([this.#n, Math.floor(this.#n / 2) + 1, ...this.#radices.map((radix) => this.#n / radix)]), stageTable({ kind: "local", n: this.#n, radices: this.#radices }), ...rest.tables],
      declarations: [codeletDeclarations, ...(rest.declarations === undefined ? [] : [rest.declarations])].join("\n"),
      body: [
        `let own = group * ${size}u + lane;`,
        `let line = ${partial ? `min(own, ${this.#total - 1}u)` : "own"};`,
        `let inside = ${partial ? `own < ${this.#total}u` : "true"};`,
        `var points: array<vec2f, ${this.#n}>;`,
        ...(this.#n <= straightPoints ? [] : [`var others: array<vec2f, ${this.#n}>;`]),
        ...body,
      ].join("\n  "),
    };
  }

  table(index: number): string {
    return `table${index + 2}`;
  }

  declareHeld(name: string): string[] {
    return [`var ${name}: array<vec2f, ${this.#n}>;`];
  }

  held(name: string, i: string): string {
    return `${name}[${i}]`;
  }

  overHeld(statements: (i: string, place: string) => string): string[] {
    return this.#overPoints(statements("i", "i"));
  }

  ending(read: ReadPoint, write: WritePoint): string[] {
    return [...this.#overPoints(`points[i] = ${read("i", "i")};`), ...this.#transform(), ...this.#overPoints(write("i", "i", "points[i]"))];
  }

  endingFromHalves(halves: Halves, write: WritePoint): string[] {
    return [
      ...this.#overHalves(`let half = ${halves.load("k")}; points[k] = ${halves.point("half", "k")}; points[mirror] = ${halves.point("half", "mirror")};`),
      ...this.#transform(),
      ...this.#overPoints(write("i", "i", "points[i]")),
    ];
  }

  beginning(read: ReadPoint, write: WritePoint): string[] {
    return this.ending(read, write);
  }

  beginningToHalves(read: ReadPoint, store: (k: string, here: string, mirrored: string) => string): string[] {
    return [
      ...this.#overPoints(`points[i] = ${read("i", "i")};`),
      ...this.#transform(),
      ...this.#overHalves(`if (inside) { ${store("k", "points[k]", "points[mirror]")} }`),
    ];
  }

  sumOverLine(value: string, store: (total: string) => string): string[] {
    return [`if (inside) { ${store(value)} }`];
  }

  loop(variable: string, index: number, body: () => readonly string[]): string[] {
    return [`for (var ${variable} = 0u; ${variable} < ${this.table(index)}[0].x; ${variable}++) {`, ...body().map((line) => `  ${line}`), `}`];
  }

  #overPoints(statements: string): string[] {
    return [`for (var i = 0u; i < ${boundOf(0)}; i++) { ${statements} }`];
  }

  #overHalves(statements: string): string[] {
    return [`for (var k = 0u; k < ${boundOf(1)}; k++) {`, `  let mirror = select(${this.#n}u - k, 0u, k == 0u);`, `  ${statements}`, `}`];
  }

  /** Transforms `points` in place: in one piece, or pass by pass in loops, whose text is shorter. */
  #transform(): string[] {
    if (this.#n <= straightPoints) return this.#straight();
    const radices = this.#radices;
    const code = radices.flatMap((_, stage) => {
      const [from, to] = stage % 2 === 0 ? ["points", "others"] : ["others", "points"];
      const inner: string[] = [];
      const stores = stageCode(radices, stage, "table1", this.#declareIn(inner), inner, (_i, place) => `${from}[${place}]`, (_i, place, value) => `${to}[${place}] = ${value};`);
      return [`for (var position = 0u; position < ${boundOf(stage + 2)}; position++) {`, ...[...inner, ...stores].map((line) => `  ${line}`), `}`];
    });
    return radices.length % 2 === 0 ? code : [...code, ...this.#overPoints("points[i] = others[i];")];
  }

  #straight(): string[] {
    const code: string[] = [];
    const declare = this.#declareIn(code);
    const inputs = Array.from({ length: this.#n }, (_, i) => declare(`points[${i}]`));
    codelet(inputs, declare).forEach((value, i) => code.push(`points[${i}] = ${value};`));
    return [`{`, ...code.map((line) => `  ${line}`), `}`];
  }

  #declareIn(code: string[]): (expression: string) => string {
    return (expression) => {
      const name = `t${this.#declared++}`;
      code.push(`let ${name} = ${expression};`);
      return name;
    };
  }
}
