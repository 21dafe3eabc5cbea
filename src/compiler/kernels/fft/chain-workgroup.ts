/** @file A chain of transforms whose lanes share lines: small DFTs in registers, exchanges through workgroup memory. */

import { halfWidth } from "../../../plan/shape.ts";
import { bug } from "../../diagnostics/diagnostic.ts";
import type { Names } from "../../lower/names.ts";
import { behind } from "../../lower/names.ts";
import type { Target } from "../../lower/target.ts";
import type {
  Each,
  Fetched,
  FftChain,
  FromHalves,
  FromHeld,
  FromMemory,
  HeldPoints,
  LineSum,
  ToHalves,
  ToHeld,
  ToMemory,
  Transform,
  WriteSteps,
} from "./chain.ts";
import { cmul, codeIn } from "./codelets.ts";
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

/** How a chain is cut. */
interface WorkgroupShape {
  readonly n: number;
  /** Of the transform that ends, and of the one that begins, in registers. */
  readonly ending: readonly number[];
  readonly beginning: readonly number[];
  readonly along: "line" | "lines";
  /** Lines of all workgroups, and of one. */
  readonly total: number;
  readonly lines: number;
  readonly size: number;
}

/** @param along whether neighbours in memory are the points of a line, or equal points of neighbouring lines */
export function workgroupChain(n: number, total: number, along: "line" | "lines", target: Target): FftChain {
  const plan = planFft(n, target);
  const { radices } = plan.kind === "local" ? plan : bug(`a transform of ${n} points does not fit in a workgroup`);
  const tasks = n / Math.min(...radices);
  const wanted = Math.max(Math.floor(target.fftLanes / tasks), target.fftLines);
  const lines = Math.max(1, Math.min(wanted, linesThatFit(n, target), total));
  const size = lines * tasks;
  const beginning = [...radices].reverse();
  return {
    kernel: (rest, steps) => ({
      ...rest,
      groups: Math.ceil(total / lines),
      size,
      tables: [stageTable({ kind: "local", n, radices }), stageTable({ kind: "local", n, radices: beginning }), ...rest.tables],
      declarations: [cmul, ...(rest.declarations ?? []), { kind: "workgroup", name: "points", element: "vec2f", count: 2 * lines * n }],
      body: (names) =>
        new WorkgroupBody({ n, ending: radices, beginning, along, total, lines, size }, names).statements(steps).join("\n  "),
    }),
  };
}

class WorkgroupBody implements HeldPoints {
  readonly #names: Names;
  readonly #n: number;
  readonly #ending: readonly number[];
  readonly #beginning: readonly number[];
  readonly #along: "line" | "lines";
  readonly #total: number;
  readonly #lines: number;
  readonly #size: number;
  /** Points that a lane holds between two transforms, and how many lanes hold those of a line. */
  readonly #held: number;
  readonly #holders: number;
  /** Of all lines of a workgroup. */
  readonly #points: number;
  #declared = 0;
  #array: 0 | 1 = 0;

  constructor({ n, ending, beginning, along, total, lines, size }: WorkgroupShape, names: Names) {
    this.#names = names;
    this.#n = n;
    this.#ending = ending;
    this.#beginning = beginning;
    this.#along = along;
    this.#total = total;
    this.#lines = lines;
    this.#size = size;
    this.#held = ending[ending.length - 1];
    this.#holders = n / this.#held;
    this.#points = lines * n;
  }

  statements(steps: WriteSteps): string[] {
    const { start, transforms } = steps(behind(this.#names, { tables: 2 }), this);
    const code = transforms.flatMap((item) => ("transforms" in item ? this.#each(item) : this.#one(item)));
    return [`let first = group * ${this.#lines}u;`, `var half = 0u;`, ...start, ...code];
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
    return this.#transform(this.#ending, this.#names.table(0), { held: (_, place) => read(place) }, (points) => takeResults(to, points));
  }

  #begin(from: FromHeld, to: ToMemory | ToHalves): string[] {
    if ("store" in to)
      return this.#transform(this.#beginning, this.#names.table(1), from, (points) =>
        points.map(({ place, value }) => to.store(place, value)),
      );
    const code = this.#transform(this.#beginning, this.#names.table(1), from, undefined);
    const array = this.#array;
    this.#array = array === 0 ? 1 : 0;
    const count = halfWidth(this.#n);
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

  #each({ variable, bound, transforms }: Each): string[] {
    const first = this.#array;
    const code = transforms.flatMap((transform) => this.#one(transform));
    // After an odd number of exchanges the next turn would overwrite what lanes of this one may still read.
    const flip = this.#array === first ? [] : [`  half = ${this.#points}u - half;`];
    this.#array = first;
    return [`for (var ${variable} = 0u; ${variable} < ${bound}; ${variable}++) {`, ...code.map((line) => `  ${line}`), ...flip, `}`];
  }

  #transform(radices: readonly number[], table: string, given: FromHeld, write: TakePoints | undefined): string[] {
    return radices.flatMap((_, stage) => {
      const last = stage === radices.length - 1;
      const from = this.#array;
      const to = stage === 0 ? from : from === 0 ? 1 : 0;
      if (stage > 0) this.#array = to;
      const lines: string[] = stage === 0 ? [...(given.enter ?? [])] : [];
      const code = codeIn(lines, () => `t${this.#declared++}`, this.#names);
      const stores = stageCode(
        radices,
        stage,
        table,
        code,
        (i, place) => (stage === 0 ? readHeld(given, `${i}`, place, code) : this.#point(from, place)),
        last && write !== undefined ? write : (points) => points.map(({ place, value }) => `${this.#point(to, place)} = ${value};`),
      );
      return [...this.#block(stageShape(radices, stage).count, [...lines, ...stores]), ...(last ? [] : [`workgroupBarrier();`])];
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
    const index = this.#along === "line" ? `own * ${this.#n}u + ${place}` : `${place} * ${this.#lines}u + own`;
    return `${this.#names.own("points")}[${base} + ${index}]`;
  }
}
