/**
 * @file Chains of transforms with a line for every lane: no workgroup memory and no barriers. A software driver keeps the points
 * in vector registers and on its stack, where moving them costs next to nothing, while an exchange between lanes is done number
 * by number. What both kinds of such chains share.
 */

import type { GroupKernel, Table } from "../lower.ts";
import type { ChainKernel } from "./fft-chain.ts";
import { codeletDeclarations } from "./fft-codelets.ts";
import type { Declare } from "./fft-codelets.ts";
import { boundOf, boundsTable } from "./strided.ts";

/** The longest lines: four arrays of points, and WGSL promises a function 8192 bytes of variables. */
export const lanePoints = 256;

/** Lanes of a workgroup: one vector of a software driver. */
const size = 8;

export abstract class LaneChain {
  protected readonly n: number;
  readonly #lines: number;
  /** Further bounds of loops, and tables before those of the kernel. */
  readonly #bounds: readonly number[];
  readonly #tables: readonly Table[];
  #declared = 0;

  protected constructor(n: number, lines: number, bounds: readonly number[], tables: readonly Table[]) {
    this.n = n;
    this.#lines = lines;
    this.#bounds = bounds;
    this.#tables = tables;
  }

  /** The arrays of points that transforms work on. */
  protected abstract variables(): readonly string[];

  kernel(rest: ChainKernel, body: readonly string[]): GroupKernel {
    const partial = this.#lines % size !== 0;
    return {
      ...rest,
      groups: Math.ceil(this.#lines / size),
      size,
      tables: [boundsTable([this.n, Math.floor(this.n / 2) + 1, ...this.#bounds]), ...this.#tables, ...rest.tables],
      declarations: [codeletDeclarations, ...(rest.declarations === undefined ? [] : [rest.declarations])].join("\n"),
      body: [
        `let own = group * ${size}u + lane;`,
        `let line = ${partial ? `min(own, ${this.#lines - 1}u)` : "own"};`,
        `let inside = ${partial ? `own < ${this.#lines}u` : "true"};`,
        ...this.variables(),
        ...body,
      ].join("\n  "),
    };
  }

  table(index: number): string {
    return `table${index + 1 + this.#tables.length}`;
  }

  declareHeld(name: string): string[] {
    return [`var ${name}: array<vec2f, ${this.n}>;`];
  }

  held(name: string, _i: string, place: string): string {
    return `${name}[${place}]`;
  }

  loadHeld(name: string, load: (place: string) => string): string[] {
    return this.overPoints(`${name}[i] = ${load("i")};`);
  }

  sumOverLine(value: string, store: (total: string) => string): string[] {
    return [`if (inside) { ${store(value)} }`];
  }

  loop(variable: string, index: number, body: () => readonly string[]): string[] {
    return [`for (var ${variable} = 0u; ${variable} < ${this.table(index)}[0].x; ${variable}++) {`, ...body().map((line) => `  ${line}`), `}`];
  }

  /** A loop over the points `i` of the line. */
  protected overPoints(statements: string): string[] {
    return [`for (var i = 0u; i < ${boundOf(0)}; i++) { ${statements} }`];
  }

  /** A loop over the numbers `k` of lines that are known by halves. */
  protected overHalves(statements: string): string[] {
    return [`for (var k = 0u; k < ${boundOf(1)}; k++) { ${statements} }`];
  }

  protected declareIn(code: string[]): Declare {
    return (expression) => {
      const name = `t${this.#declared++}`;
      code.push(`let ${name} = ${expression};`);
      return name;
    };
  }
}
