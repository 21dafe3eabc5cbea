/** @file The workgroup FFT kernel: lanes do small DFTs in registers and exchange through workgroup memory. */

import type { GroupKernel, Port, Table } from "../../lower/context.ts";
import type { Declaration, Names } from "../../lower/names.ts";
import { behind } from "../../lower/names.ts";
import type { Target } from "../../lower/target.ts";
import { cmul, codeIn } from "./codelets.ts";
import type { BluesteinPlan, LocalPlan } from "./plan.ts";
import { stageCode, stageShape } from "./stage.ts";
import { chirpTable, stageTable } from "./tables.ts";

interface Ends {
  /** Read 0 of a source's kernel, write 0 of a sink's. */
  readonly port: Port;
  /** For the expressions below these are the only tables. */
  readonly tables: readonly Table[];
  /** WGSL functions that the expressions below call. */
  readonly declarations?: readonly Declaration[];
}

/**
 * Where lines of complex points come from, each point on its own. Arguments and results are WGSL expressions: `line` and
 * `position` are u32, values vec2f.
 */
export interface ElementSource extends Ends {
  readonly kind: "element";
  readonly load: (line: string, position: string, names: Names) => string;
}

/** A source that is asked for k = 0..count-1 and then writes points of the line, in all of them every point. */
export interface LineSource extends Ends {
  readonly kind: "line";
  readonly count: number;
  readonly fill: (line: string, k: string, write: (position: string, value: string) => string, names: Names) => string;
}

export interface ElementSink extends Ends {
  readonly kind: "element";
  readonly store: (line: string, position: string, value: string, names: Names) => string;
}

/** A sink that is called for k = 0..count-1 and may read any points of the line. */
export interface LineSink extends Ends {
  readonly kind: "line";
  readonly count: number;
  readonly store: (line: string, k: string, read: (position: string) => string, names: Names) => string;
}

export type Source = ElementSource | LineSource;
export type Sink = ElementSink | LineSink;

export interface LocalJob {
  readonly title: string;
  readonly plan: LocalPlan | (BluesteinPlan & { readonly inner: LocalPlan });
  readonly lines: number;
  /** Which neighbours in memory adjacent lanes take: points of a line (`rows`) or equal points of adjacent lines. */
  readonly order: "rows" | "columns";
  readonly source: Source;
  readonly sink: Sink;
}

export function localKernel(job: LocalJob, target: Target): GroupKernel {
  const shape = shapeOf(job, target);
  const { title, lines, plan, source, sink } = job;
  return {
    title,
    groups: Math.ceil(lines / shape.lines),
    size: shape.size,
    reads: [source.port],
    writes: [sink.port],
    tables: [
      ...(shape.inner.radices.length > 1 ? [stageTable(shape.inner)] : []),
      ...(plan.kind === "bluestein" ? [chirpTable(plan)] : []),
      ...source.tables,
      ...sink.tables,
    ],
    declarations: [
      cmul,
      ...(source.declarations ?? []),
      ...(sink.declarations ?? []),
      ...Array.from({ length: shape.arrays }, (_, index) => pointsArray(index, shape)),
    ],
    body: (names) => new LocalBody(job, shape, names).statements().join("\n  "),
  };
}

/** How a kernel is cut. */
interface LocalShape {
  readonly inner: LocalPlan;
  /** Arrays in workgroup memory: passes go from one to the other. */
  readonly arrays: number;
  readonly lines: number;
  readonly size: number;
}

function shapeOf(job: LocalJob, target: Target): LocalShape {
  const { plan, source, sink } = job;
  const inner = plan.kind === "bluestein" ? plan.inner : plan;
  const { radices } = inner;
  const exchanges = radices.length - 1 + (source.kind === "line" ? 1 : 0) + (sink.kind === "line" ? 1 : 0);
  const arrays = plan.kind === "bluestein" ? 2 : Math.min(2, exchanges);

  const tasksPerLine = inner.n / Math.min(...radices);
  const wanted = Math.max(Math.floor(target.fftLanes / tasksPerLine), job.order === "columns" ? target.fftLines : 1);
  const fits = arrays === 0 ? wanted : Math.floor(target.workgroupBytes / (8 * inner.n * arrays));
  const lanesFit = Math.floor(target.invocations / tasksPerLine);
  const lines = Math.max(1, Math.min(wanted, fits, lanesFit, job.lines));
  return { inner, arrays, lines, size: Math.min(target.invocations, lines * tasksPerLine) };
}

function pointsArray(index: number, { lines, inner }: LocalShape): Declaration {
  return { kind: "workgroup", name: `points${index}`, element: "vec2f", count: lines * inner.n };
}

class LocalBody {
  readonly #job: LocalJob;
  readonly #inner: LocalPlan;
  readonly #lines: number;
  readonly #size: number;
  readonly #names: Names;
  /** The table of the chirp. */
  readonly #chirp: string;
  /** As the source and the sink count their tables. */
  readonly #ofSource: Names;
  readonly #ofSink: Names;
  #declared = 0;

  constructor(job: LocalJob, { inner, lines, size }: LocalShape, names: Names) {
    this.#job = job;
    this.#inner = inner;
    this.#lines = lines;
    this.#size = size;
    this.#names = names;
    const convolved = job.plan.kind === "bluestein";
    const stages = inner.radices.length > 1 ? 1 : 0;
    this.#chirp = convolved ? names.table(stages) : "";
    const own = stages + (convolved ? 1 : 0);
    this.#ofSource = behind(names, { tables: own });
    this.#ofSink = behind(names, { tables: own + job.source.tables.length });
  }

  statements(): string[] {
    const convolved = this.#job.plan.kind === "bluestein";
    return [`let first = group * ${this.#lines}u;`, ...(convolved ? this.#convolution() : this.#transform())];
  }

  /** The passes of a plain transform; the first reads the source and the last writes the sink, if these allow it. */
  #transform(): string[] {
    const { source, sink } = this.#job;
    const code: string[] = [];
    let array = 0;
    if (source.kind === "line") code.push(...this.#fill(array, (_, value) => value), barrier);
    this.#inner.radices.forEach((_, stage, { length }) => {
      const fromSource = stage === 0 && source.kind === "element";
      const toSink = stage === length - 1 && sink.kind === "element";
      const from = array;
      if (!fromSource) array = 1 - array;
      const to = array;
      code.push(
        ...this.#stage(
          stage,
          (line, position) => (fromSource ? this.#load(line, position) : this.#point(from, line, position)),
          toSink ? undefined : (line, position, value) => `${this.#point(to, line, position)} = ${value};`,
        ),
      );
      if (!toSink) code.push(barrier);
    });
    return sink.kind === "line" ? [...code, ...this.#drain(array, this.#job.plan.n)] : code;
  }

  /** Bluestein: times the chirp, twice (transform, times a row of the table, swap), out. */
  #convolution(): string[] {
    const { n } = this.#job.plan;
    const m = this.#inner.n;
    const stages = this.#inner.radices.length;
    const chirp = (position: string): string => `(${this.#chirp}[${position} + ${m}u] * vec2f(1.0, -1.0))`;
    const last = stages % 2;
    const body = this.#inner.radices.flatMap((_, stage) => [
      ...this.#stage(
        stage,
        (line, position) => this.#point(stage % 2, line, position),
        (line, position, value) => `${this.#point(1 - (stage % 2), line, position)} = ${value};`,
      ),
      barrier,
    ]);
    const multiply = this.#each(m, [
      `let product = ${this.#names.own("cmul")}(${this.#point(last, "line", "position")}, ${this.#chirp}[turn * ${m}u + position]);`,
      `${this.#point(0, "line", "position")} = product.yx;`,
    ]);
    return [
      ...this.#fill(0, (position, value) => `${this.#names.own("cmul")}(${value}, ${chirp(position)})`),
      ...this.#each(m - n, [`${this.#point(0, "line", `(position + ${n}u)`)} = vec2f();`]),
      barrier,
      // The bound comes from memory: a driver that unrolls this loop takes three times as long to compile.
      `let turns = u32(${this.#chirp}[${2 * m}u].x);`,
      `for (var turn = 0u; turn < turns; turn += 1u) {`,
      ...indent([...body, ...multiply, barrier]),
      `}`,
      ...this.#drain(0, n),
    ];
  }

  /** One pass; `write` undefined: to the sink. */
  #stage(
    stage: number,
    read: (line: string, position: string) => string,
    write: ((line: string, position: string, value: string) => string) | undefined,
  ): string[] {
    const lines: string[] = [];
    const code = codeIn(lines, () => `t${this.#declared++}`, this.#names);
    const stores = stageCode(
      this.#inner.radices,
      stage,
      this.#inner.radices.length > 1 ? this.#names.table(0) : "",
      code,
      (_, place) => read("line", place),
      (points) => points.map(({ place, value }) => (write === undefined ? this.#store("line", place, value) : write("line", place, value))),
    );
    lines.push(...(write === undefined ? this.#guarded(stores) : stores));
    return this.#each(stageShape(this.#inner.radices, stage).count, lines);
  }

  /** Runs `code` for every `line` of the workgroup and every `position` < count. */
  #each(count: number, code: readonly string[]): string[] {
    if (count === 0) return [];
    const tasks = this.#lines * count;
    const split =
      this.#job.order === "rows"
        ? [`let line = ${count === 1 ? "task" : `task / ${count}u`};`, `let position = ${count === 1 ? "0u" : `task % ${count}u`};`]
        : [`let line = task % ${this.#lines}u;`, `let position = task / ${this.#lines}u;`];
    const open = tasks === this.#size ? [`{`, `  let task = lane;`] : [`for (var task = lane; task < ${tasks}u; task += ${this.#size}u) {`];
    return [...open, ...indent([...split, ...code]), `}`];
  }

  /** Brings the whole source into workgroup memory. */
  #fill(array: number, change: (position: string, value: string) => string): string[] {
    const { source, plan } = this.#job;
    if (source.kind === "element") {
      return this.#each(plan.n, [`${this.#point(array, "line", "position")} = ${change("position", this.#load("line", "position"))};`]);
    }
    const write = (position: string, value: string): string => `${this.#point(array, "line", position)} = ${change(position, value)};`;
    return this.#each(source.count, [source.fill(this.#clamped("line"), "position", write, this.#ofSource)]);
  }

  /** Hands the result in workgroup memory to the sink. */
  #drain(array: number, n: number): string[] {
    const { sink } = this.#job;
    if (sink.kind === "element")
      return this.#each(n, this.#guarded([this.#store("line", "position", this.#point(array, "line", "position"))]));
    return this.#each(
      sink.count,
      this.#guarded([sink.store("(first + line)", "position", (position) => this.#point(array, "line", position), this.#ofSink)]),
    );
  }

  #load(line: string, position: string): string {
    const { source } = this.#job;
    return source.kind === "element" ? source.load(this.#clamped(line), position, this.#ofSource) : "";
  }

  #store(line: string, position: string, value: string): string {
    const { sink } = this.#job;
    return sink.kind === "element" ? sink.store(`(first + ${line})`, position, value, this.#ofSink) : "";
  }

  get #partial(): boolean {
    return this.#job.lines % this.#lines !== 0;
  }

  /** Lines past the end read the last one: a load behind the tensor may cost more than a useless one. */
  #clamped(line: string): string {
    return this.#partial ? `min(first + ${line}, ${this.#job.lines - 1}u)` : `(first + ${line})`;
  }

  #guarded(stores: readonly string[]): readonly string[] {
    return this.#partial ? [`if (first + line < ${this.#job.lines}u) {`, ...indent(stores), `}`] : stores;
  }

  #point(array: number, line: string, position: string): string {
    const index = this.#job.order === "rows" ? `${line} * ${this.#inner.n}u + ${position}` : `${position} * ${this.#lines}u + ${line}`;
    return `${this.#names.own(`points${array}`)}[${index}]`;
  }
}

const barrier = "workgroupBarrier();";

function indent(code: readonly string[]): string[] {
  return code.map((line) => `  ${line}`);
}
