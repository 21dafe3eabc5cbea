/** @file A chain of transforms whose lanes share lines: small DFTs in registers, exchanges through workgroup memory. */

import { bug } from "../diagnostic.ts";
import type { GroupKernel, Table, Target } from "../lower.ts";
import type { ChainKernel, Fetched, FftChain, Given, Halves, Pairs, Results, StorePoint } from "./fft-chain.ts";
import { codeletDeclarations } from "./fft-codelets.ts";
import { planFft } from "./fft-plan.ts";
import { fetchWord, readGiven, stageCode, stageShape, takeResults } from "./fft-stage.ts";
import type { TakePoints } from "./fft-stage.ts";
import { stageTable } from "./fft-tables.ts";

/** Invocations that a workgroup should have, as for single transforms. */
const preferredSize = 64;
/** Adjacent lines in a workgroup: 64 bytes of row spectra. */
const preferredLines = 8;

/** Lines of n points that fit in a workgroup; 0: the transform is not done in one. */
export function linesThatFit(n: number, target: Target): number {
  const plan = planFft(n, target);
  if (plan.kind !== "local" || n === 1) return 0;
  return Math.min(Math.floor(target.workgroupBytes / (16 * n)), Math.floor(target.invocations / (n / Math.min(...plan.radices))));
}

export class WorkgroupChain implements FftChain {
  readonly #n: number;
  /** Points that a lane holds between two transforms, and how many lanes hold those of a line. */
  readonly #held: number;
  readonly #holders: number;
  readonly #size: number;
  readonly #lines: number;
  readonly #total: number;
  readonly #along: "line" | "lines";
  /** Of the transform that ends, and of the one that begins, in registers. */
  readonly #ending: readonly number[];
  readonly #beginning: readonly number[];
  /** Of all lines of a workgroup. */
  readonly #points: number;
  #declared = 0;
  #array: 0 | 1 = 0;

  constructor(n: number, lines: number, along: "line" | "lines", target: Target) {
    const plan = planFft(n, target);
    const { radices } = plan.kind === "local" ? plan : bug(`a transform of ${n} points does not fit in a workgroup`);
    this.#n = n;
    this.#ending = radices;
    this.#beginning = [...radices].reverse();
    this.#held = radices[radices.length - 1];
    this.#holders = n / this.#held;
    const tasks = n / Math.min(...radices);
    const wanted = Math.max(Math.floor(preferredSize / tasks), preferredLines);
    this.#lines = Math.max(1, Math.min(wanted, linesThatFit(n, target), lines));
    this.#size = this.#lines * tasks;
    this.#points = this.#lines * n;
    this.#total = lines;
    this.#along = along;
  }

  kernel(rest: ChainKernel, body: readonly string[]): GroupKernel {
    return {
      ...rest,
      groups: Math.ceil(this.#total / this.#lines),
      size: this.#size,
      tables: [this.#table(this.#ending), this.#table(this.#beginning), ...rest.tables],
      declarations: [codeletDeclarations, ...(rest.declarations === undefined ? [] : [rest.declarations]), `var<workgroup> points: array<vec2f, ${2 * this.#points}>;`].join("\n"),
      body: [`let first = group * ${this.#lines}u;`, `var half = 0u;`, ...body].join("\n  "),
    };
  }

  table(index: number): string {
    return `table${index + 2}`;
  }

  declareHeld(name: string): string[] {
    return Array.from({ length: this.#held }, (_, i) => `var ${name}${i} = vec2f();`);
  }

  held(name: string, i: string): string {
    return `${name}${i}`;
  }

  loadHeld(name: string, load: (place: string) => string): string[] {
    return this.#block(this.#holders, Array.from({ length: this.#held }, (_, i) => `${name}${i} = ${load(`(position + ${i * this.#holders}u)`)};`));
  }

  fetch(_name: string, load: (place: string) => string): Fetched {
    return { declare: [], code: [], enter: [], at: (_, place) => load(place) };
  }

  fetchMask(name: string, load: (word: string) => string): Fetched {
    return fetchWord(name, load);
  }

  ending(read: (place: string) => string, results: Results): string[] {
    return this.#transform(this.#ending, "table0", { read: (_, place) => read(place) }, (points) => takeResults(results, points));
  }

  beginning(given: Given, store: StorePoint): string[] {
    return this.#transform(this.#beginning, "table1", given, (points) => points.map(({ place, value }) => store(place, value)));
  }

  endingFromHalves(halves: Halves, results: Results): string[] {
    return this.ending((place) => halves.point(halves.load(`min(${place}, ${this.#n}u - ${place})`), place), results);
  }

  beginningToHalves(given: Given, { pair, store }: Pairs): string[] {
    const code = this.#transform(this.#beginning, "table1", given, undefined);
    const from = this.#array;
    this.#array = from === 0 ? 1 : 0;
    const count = Math.floor(this.#n / 2) + 1;
    return [
      ...code,
      `workgroupBarrier();`,
      `for (var task = lane; task < ${this.#lines * count}u; task += ${this.#size}u) {`,
      ...this.#locate("task", count, "k"),
      `  if (inside) { ${store("k", pair(this.#point(from, "k"), this.#point(from, `select(${this.#n}u - k, 0u, k == 0u)`), "k"))} }`,
      `}`,
    ];
  }

  sumOverLine(value: string, store: (total: string) => string): string[] {
    const array = this.#array;
    this.#array = array === 0 ? 1 : 0;
    return [
      ...this.#block(this.#holders, [`${this.#point(array, "position")} = vec2f(${value}, 0.0);`]),
      `workgroupBarrier();`,
      ...this.#block(1, [
        `var total = 0.0;`,
        `for (var holder = 0u; holder < ${this.#holders}u; holder++) { total += ${this.#point(array, "holder")}.x; }`,
        `if (inside) { ${store("total")} }`,
      ]),
    ];
  }

  loop(variable: string, index: number, body: () => readonly string[]): string[] {
    const first = this.#array;
    const code = body();
    // After an odd number of exchanges the next turn would overwrite what lanes of this one may still read.
    const flip = this.#array === first ? [] : [`  half = ${this.#points}u - half;`];
    this.#array = first;
    return [
      `for (var ${variable} = 0u; ${variable} < ${this.table(index)}[0].x; ${variable}++) {`,
      ...code.map((line) => `  ${line}`),
      ...flip,
      `}`,
    ];
  }

  #table(radices: readonly number[]): Table {
    return stageTable({ kind: "local", n: this.#n, radices });
  }

  #transform(radices: readonly number[], table: string, given: Given, write: TakePoints | undefined): string[] {
    return radices.flatMap((_, stage) => {
      const last = stage === radices.length - 1;
      const from = this.#array;
      const to = stage === 0 ? from : from === 0 ? 1 : 0;
      if (stage > 0) this.#array = to;
      const code: string[] = stage === 0 ? [...given.enter ?? []] : [];
      const declare = (expression: string): string => {
        const name = `t${this.#declared++}`;
        code.push(`let ${name} = ${expression};`);
        return name;
      };
      const stores = stageCode(radices, stage, table, declare, code,
        (i, place) => (stage === 0 ? readGiven(given, `${i}`, place, code) : this.#point(from, place)),
        last && write !== undefined ? write : (points) => points.map(({ place, value }) => `${this.#point(to, place)} = ${value};`));
      return [...this.#block(stageShape(radices, stage).count, [...code, ...stores]), ...(last ? [] : [`workgroupBarrier();`])];
    });
  }

  /** Statements for `count` lanes of each line, which know their `position`. */
  #block(count: number, statements: readonly string[]): string[] {
    const tasks = this.#lines * count;
    return [tasks === this.#size ? `{` : `if (lane < ${tasks}u) {`, ...this.#locate("lane", count, "position"), ...statements.map((line) => `  ${line}`), `}`];
  }

  #locate(task: string, count: number, position: string): string[] {
    const along = this.#along === "line";
    const partial = this.#total % this.#lines !== 0;
    return [
      `  let own = ${along ? (count === 1 ? task : `${task} / ${count}u`) : `${task} % ${this.#lines}u`};`,
      `  let ${position} = ${along ? (count === 1 ? "0u" : `${task} % ${count}u`) : `${task} / ${this.#lines}u`};`,
      // Lines past the end read the last one: a load behind the tensor may cost more than a useless one.
      `  let line = ${partial ? `min(first + own, ${this.#total - 1}u)` : "first + own"};`,
      `  let inside = ${partial ? `first + own < ${this.#total}u` : "true"};`,
    ];
  }

  /** The halves of the workgroup memory are used in turn, so that one barrier per exchange is enough. */
  #point(array: number, place: string): string {
    const base = array === 0 ? "half" : `(${this.#points}u - half)`;
    return `points[${base} + ${this.#along === "line" ? `own * ${this.#n}u + ${place}` : `${place} * ${this.#lines}u + own`}]`;
  }
}
