/** @file A chain of transforms whose lanes share lines: small DFTs in registers, exchanges through workgroup memory. */

import { bug } from "../../diagnostics/diagnostic.ts";
import type { GroupKernel, Table } from "../../lower/context.ts";
import type { Target } from "../../lower/target.ts";
import type {
  ChainKernel,
  Each,
  Fetched,
  FftChain,
  FromHalves,
  FromHeld,
  FromMemory,
  LineSum,
  ToHalves,
  ToHeld,
  ToMemory,
  Transform,
} from "./chain.ts";
import { codeletDeclarations } from "./codelets.ts";
import { planFft } from "./plan.ts";
import type { TakePoints } from "./stage.ts";
import { fetchWord, readHeld, stageCode, stageShape, takeResults } from "./stage.ts";
import { stageTable } from "./tables.ts";

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
    const wanted = Math.max(Math.floor(target.fftLanes / tasks), target.fftLines);
    this.#lines = Math.max(1, Math.min(wanted, linesThatFit(n, target), lines));
    this.#size = this.#lines * tasks;
    this.#points = this.#lines * n;
    this.#total = lines;
    this.#along = along;
  }

  kernel(rest: ChainKernel, start: readonly string[], transforms: readonly (Transform | Each)[]): GroupKernel {
    const body = transforms.flatMap((item) => ("transforms" in item ? this.#each(item) : this.#one(item)));
    return {
      ...rest,
      groups: Math.ceil(this.#total / this.#lines),
      size: this.#size,
      tables: [this.#table(this.#ending), this.#table(this.#beginning), ...rest.tables],
      declarations: [
        codeletDeclarations,
        ...(rest.declarations === undefined ? [] : [rest.declarations]),
        `var<workgroup> points: array<vec2f, ${2 * this.#points}>;`,
      ].join("\n"),
      body: [`let first = group * ${this.#lines}u;`, `var half = 0u;`, ...start, ...body].join("\n  "),
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

  fetch(_name: string, load: (place: string) => string): Fetched {
    return { declare: [], code: [], enter: [], at: (_, place) => load(place) };
  }

  fetchMask(name: string, load: (word: string) => string): Fetched {
    return fetchWord(name, load);
  }

  #one(transform: Transform): string[] {
    const { before = [], sums = [] } = transform;
    return [
      ...before,
      ...("held" in transform.from
        ? this.#begin(transform.from, transform.to as ToMemory | ToHalves)
        : this.#end(transform.from, transform.to as ToHeld)),
      ...this.#sumsOverLine(sums),
    ];
  }

  #end(from: FromMemory | FromHalves, to: ToHeld): string[] {
    const read = (place: string): string =>
      "read" in from ? from.read(place) : from.point(from.load(`min(${place}, ${this.#n}u - ${place})`), place);
    return this.#transform(this.#ending, "table0", { held: (_, place) => read(place) }, (points) => takeResults(to, points));
  }

  #begin(from: FromHeld, to: ToMemory | ToHalves): string[] {
    if ("store" in to)
      return this.#transform(this.#beginning, "table1", from, (points) => points.map(({ place, value }) => to.store(place, value)));
    const code = this.#transform(this.#beginning, "table1", from, undefined);
    const array = this.#array;
    this.#array = array === 0 ? 1 : 0;
    const count = Math.floor(this.#n / 2) + 1;
    const mirror = `select(${this.#n}u - k, 0u, k == 0u)`;
    return [
      ...code,
      `workgroupBarrier();`,
      `for (var task = lane; task < ${this.#lines * count}u; task += ${this.#size}u) {`,
      ...this.#locate("task", count, "k"),
      `  if (inside) { ${to.storePair("k", to.pair(this.#point(array, "k"), this.#point(array, mirror), "k"))} }`,
      `}`,
    ];
  }

  /** Lanes hand over their parts, two sums in each point and as many at once as the points of a line have room for. */
  #sumsOverLine(sums: readonly LineSum[]): string[] {
    const most = 2 * this.#held;
    const rounds = Array.from({ length: Math.ceil(sums.length / most) }, (_, round) => sums.slice(round * most, (round + 1) * most));
    return rounds.flatMap((round) => {
      const array = this.#array;
      this.#array = array === 0 ? 1 : 0;
      const pairs = Array.from(
        { length: Math.ceil(round.length / 2) },
        (_, pair) => `vec2f(${round[2 * pair].value}, ${round[2 * pair + 1]?.value ?? "0.0"})`,
      );
      return [
        ...this.#block(
          this.#holders,
          pairs.map((pair, i) => `${this.#point(array, `(position + ${i * this.#holders}u)`)} = ${pair};`),
        ),
        `workgroupBarrier();`,
        `for (var task = lane; task < ${this.#lines * round.length}u; task += ${this.#size}u) {`,
        ...this.#locate("task", round.length, "slot"),
        `  var total = 0.0;`,
        `  for (var holder = 0u; holder < ${this.#holders}u; holder++) ` +
          `{ total += ${this.#point(array, `(slot / 2u * ${this.#holders}u + holder)`)}[slot % 2u]; }`,
        ...round.map(({ store }, slot) => `  if (inside && slot == ${slot}u) { ${store("total")} }`),
        `}`,
      ];
    });
  }

  #each({ variable, index, transforms }: Each): string[] {
    const first = this.#array;
    const code = transforms.flatMap((transform) => this.#one(transform));
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

  #transform(radices: readonly number[], table: string, given: FromHeld, write: TakePoints | undefined): string[] {
    return radices.flatMap((_, stage) => {
      const last = stage === radices.length - 1;
      const from = this.#array;
      const to = stage === 0 ? from : from === 0 ? 1 : 0;
      if (stage > 0) this.#array = to;
      const code: string[] = stage === 0 ? [...(given.enter ?? [])] : [];
      const declare = (expression: string): string => {
        const name = `t${this.#declared++}`;
        code.push(`let ${name} = ${expression};`);
        return name;
      };
      const stores = stageCode(
        radices,
        stage,
        table,
        declare,
        code,
        (i, place) => (stage === 0 ? readHeld(given, `${i}`, place, code) : this.#point(from, place)),
        last && write !== undefined ? write : (points) => points.map(({ place, value }) => `${this.#point(to, place)} = ${value};`),
      );
      return [...this.#block(stageShape(radices, stage).count, [...code, ...stores]), ...(last ? [] : [`workgroupBarrier();`])];
    });
  }

  /** Statements for `count` lanes of each line, which know their `position`. */
  #block(count: number, statements: readonly string[]): string[] {
    const tasks = this.#lines * count;
    return [
      tasks === this.#size ? `{` : `if (lane < ${tasks}u) {`,
      ...this.#locate("lane", count, "position"),
      ...statements.map((line) => `  ${line}`),
      `}`,
    ];
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
