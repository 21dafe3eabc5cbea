/**
 * @file Several transforms one after the other in one workgroup, values handed on in registers: the body of fused spectral
 * kernels. See Note [Passes] in fft-stage.ts for why no exchange is needed between them.
 */

import { bug } from "../diagnostic.ts";
import type { GroupKernel, Table, Target } from "../lower.ts";
import { codeletDeclarations } from "./fft-codelets.ts";
import { planFft } from "./fft-plan.ts";
import { stageCode, stageShape } from "./fft-stage.ts";
import { stageTable } from "./fft-tables.ts";

/** Invocations that a workgroup should have, as for single transforms. */
const preferredSize = 64;
/** Adjacent lines in a workgroup: 64 bytes of row spectra. */
const preferredLines = 8;

/** WGSL for point `place` of the lane's line; `i` counts the points that the lane holds. */
export type ReadPoint = (i: number, place: string) => string;
/** Statements that take the point. */
export type WritePoint = (i: number, place: string, value: string) => string;

/** Whether all transforms of n points can be chained: in one workgroup and without Bluestein. */
export function canChain(n: number, target: Target): boolean {
  return n > 1 && planFft(n, target).kind === "local" && linesThatFit(n, target) > 0;
}

function linesThatFit(n: number, target: Target): number {
  const { radices } = localPlan(n, target);
  return Math.min(Math.floor(target.workgroupBytes / (16 * n)), Math.floor(target.invocations / (n / Math.min(...radices))));
}

function localPlan(n: number, target: Target): { readonly radices: readonly number[] } {
  const plan = planFft(n, target);
  return plan.kind === "local" ? plan : bug(`a transform of ${n} points does not fit in a workgroup`);
}

/**
 * Emits statements that know, inside the callbacks, `line` (global, valid), `inside` (whether it exists: only then store) and
 * the point's place. `along`: whether neighbouring lanes take points of one line or equal points of neighbouring lines.
 */
export class FftChain {
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
    const { radices } = localPlan(n, target);
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

  /** The kernel around `body`, which was made by the other methods. `tables` follow those of the transforms. */
  kernel(rest: Pick<GroupKernel, "title" | "reads" | "writes"> & { readonly tables: readonly Table[]; readonly declarations?: string }, body: readonly string[]): GroupKernel {
    return {
      ...rest,
      groups: Math.ceil(this.#total / this.#lines),
      size: this.#size,
      tables: [this.#table(this.#ending), this.#table(this.#beginning), ...rest.tables],
      declarations: [codeletDeclarations, ...(rest.declarations === undefined ? [] : [rest.declarations]), `var<workgroup> points: array<vec2f, ${2 * this.#points}>;`].join("\n"),
      body: [`let first = group * ${this.#lines}u;`, `var half = 0u;`, ...body].join("\n  "),
    };
  }

  /** The name of table `index` of those given to `kernel`. */
  table(index: number): string {
    return `table${index + 2}`;
  }

  /** Variables of the lane, one for each point it holds. */
  declareHeld(name: string): string[] {
    return Array.from({ length: this.#held }, (_, i) => `var ${name}${i} = vec2f();`);
  }

  /** A transform whose results stay in registers: `write` gets them where the lane holds them. */
  ending(read: ReadPoint, write: WritePoint): string[] {
    return this.#transform(this.#ending, "table0", read, write);
  }

  /** A transform of what lanes hold. `write` undefined: into workgroup memory, for `drain`. */
  beginning(read: ReadPoint, write: WritePoint): string[] {
    return this.#transform(this.#beginning, "table1", read, write);
  }

  /** Like `beginning`, and then calls `store` for k < count, which may read any point of the line. */
  beginningToLine(read: ReadPoint, count: number, store: (k: string, point: (place: string) => string) => string): string[] {
    const code = this.#transform(this.#beginning, "table1", read, undefined);
    const from = this.#array;
    this.#array = from === 0 ? 1 : 0;
    const tasks = this.#lines * count;
    return [
      ...code,
      `workgroupBarrier();`,
      `for (var task = lane; task < ${tasks}u; task += ${this.#size}u) {`,
      ...this.#locate("task", count, "k"),
      `  if (inside) { ${store("k", (place) => this.#point(from, place))} }`,
      `}`,
    ];
  }

  /** Sums `value`, of the lanes that hold points, over each line; `store` gets the name of the total. */
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

  /** A loop whose body may transform; its bound is element x of table `index`, which drivers cannot unroll. */
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

  #transform(radices: readonly number[], table: string, read: ReadPoint, write: WritePoint | undefined): string[] {
    return radices.flatMap((_, stage) => {
      const last = stage === radices.length - 1;
      const from = this.#array;
      const to = stage === 0 ? from : from === 0 ? 1 : 0;
      if (stage > 0) this.#array = to;
      const code: string[] = [];
      const declare = (expression: string): string => {
        const name = `t${this.#declared++}`;
        code.push(`let ${name} = ${expression};`);
        return name;
      };
      const stores = stageCode(radices, stage, table, declare, code,
        (i, place) => (stage === 0 ? read(i, place) : this.#point(from, place)),
        (i, place, value) => (last && write !== undefined ? write(i, place, value) : `${this.#point(to, place)} = ${value};`));
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
