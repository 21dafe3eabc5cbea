/** @file The workgroup FFT kernel: lanes do small DFTs in registers and exchange through workgroup memory. */

import type { GroupKernel, Port, Table } from "../../lower/context.ts";
import type { Target } from "../../lower/target.ts";
import { codeletDeclarations } from "./codelets.ts";
import type { BluesteinPlan, LocalPlan } from "./plan.ts";
import { stageCode, stageShape } from "./stage.ts";
import { chirpTable, stageTable } from "./tables.ts";

/** Names `table0`, `table1`, ... of a source's or sink's own tables, as numbered in the kernel. */
type TableNames = readonly string[];

interface Ends {
  /** `load0` of a source, `store0` of a sink. */
  readonly port: Port;
  readonly tables: readonly Table[];
  /** WGSL functions that the expressions below call. */
  readonly declarations?: string;
}

/**
 * Where lines of complex points come from, each point on its own. Arguments and results are WGSL expressions: `line` and
 * `position` are u32, values vec2f.
 */
export interface ElementSource extends Ends {
  readonly kind: "element";
  readonly load: (line: string, position: string, tables: TableNames) => string;
}

/** A source that is asked for k = 0..count-1 and then writes points of the line, in all of them every point. */
export interface LineSource extends Ends {
  readonly kind: "line";
  readonly count: number;
  readonly fill: (line: string, k: string, write: (position: string, value: string) => string, tables: TableNames) => string;
}

export interface ElementSink extends Ends {
  readonly kind: "element";
  readonly store: (line: string, position: string, value: string, tables: TableNames) => string;
}

/** A sink that is called for k = 0..count-1 and may read any points of the line. */
export interface LineSink extends Ends {
  readonly kind: "line";
  readonly count: number;
  readonly store: (line: string, k: string, read: (position: string) => string, tables: TableNames) => string;
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
  return new LocalKernel(job, target).kernel();
}

class LocalKernel {
  readonly #job: LocalJob;
  readonly #inner: LocalPlan;
  readonly #bluestein: boolean;
  /** Arrays in workgroup memory: passes go from one to the other. */
  readonly #arrays: number;
  readonly #lines: number;
  readonly #size: number;
  readonly #names: { readonly stages: string; readonly chirp: string; readonly source: TableNames; readonly sink: TableNames };
  readonly #tables: readonly Table[];
  #declared = 0;

  constructor(job: LocalJob, target: Target) {
    this.#job = job;
    const { plan, source, sink } = job;
    this.#bluestein = plan.kind === "bluestein";
    this.#inner = plan.kind === "bluestein" ? plan.inner : plan;
    const radices = this.#inner.radices;
    const exchanges = radices.length - 1 + (source.kind === "line" ? 1 : 0) + (sink.kind === "line" ? 1 : 0);
    this.#arrays = this.#bluestein ? 2 : Math.min(2, exchanges);

    const tasksPerLine = this.#inner.n / Math.min(...radices);
    const wanted = Math.max(Math.floor(target.fftLanes / tasksPerLine), job.order === "columns" ? target.fftLines : 1);
    const fits = this.#arrays === 0 ? wanted : Math.floor(target.workgroupBytes / (8 * this.#inner.n * this.#arrays));
    const lanesFit = Math.floor(target.invocations / tasksPerLine);
    this.#lines = Math.max(1, Math.min(wanted, fits, lanesFit, job.lines));
    this.#size = Math.min(target.invocations, this.#lines * tasksPerLine);

    const own = [...(radices.length > 1 ? [stageTable(this.#inner)] : []), ...(plan.kind === "bluestein" ? [chirpTable(plan)] : [])];
    const number = (first: number, tables: readonly Table[]): TableNames => tables.map((_, index) => `table${first + index}`);
    this.#names = {
      stages: "table0",
      chirp: `table${own.length - 1}`,
      source: number(own.length, source.tables),
      sink: number(own.length + source.tables.length, sink.tables),
    };
    this.#tables = [...own, ...source.tables, ...sink.tables];
  }

  kernel(): GroupKernel {
    const { title, lines, source, sink } = this.#job;
    const arrays = Array.from(
      { length: this.#arrays },
      (_, index) => `var<workgroup> points${index}: array<vec2f, ${this.#lines * this.#inner.n}>;`,
    );
    return {
      title,
      groups: Math.ceil(lines / this.#lines),
      size: this.#size,
      reads: [source.port],
      writes: [sink.port],
      tables: this.#tables,
      declarations: [codeletDeclarations, ...new Set([source, sink].flatMap((end) => end.declarations ?? [])), ...arrays].join("\n"),
      body: [`let first = group * ${this.#lines}u;`, ...(this.#bluestein ? this.#convolution() : this.#transform())].join("\n  "),
    };
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
    const chirp = (position: string): string => `(${this.#names.chirp}[${position} + ${m}u] * vec2f(1.0, -1.0))`;
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
      `let product = cmul(${this.#point(last, "line", "position")}, ${this.#names.chirp}[turn * ${m}u + position]);`,
      `${this.#point(0, "line", "position")} = product.yx;`,
    ]);
    return [
      ...this.#fill(0, (position, value) => `cmul(${value}, ${chirp(position)})`),
      ...this.#each(m - n, [`${this.#point(0, "line", `(position + ${n}u)`)} = vec2f();`]),
      barrier,
      // The bound comes from memory: a driver that unrolls this loop takes three times as long to compile.
      `let turns = u32(${this.#names.chirp}[${2 * m}u].x);`,
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
    const code: string[] = [];
    const declare = (expression: string): string => {
      const name = `t${this.#declared++}`;
      code.push(`let ${name} = ${expression};`);
      return name;
    };
    const stores = stageCode(
      this.#inner.radices,
      stage,
      this.#names.stages,
      declare,
      code,
      (_, place) => read("line", place),
      (points) => points.map(({ place, value }) => (write === undefined ? this.#store("line", place, value) : write("line", place, value))),
    );
    code.push(...(write === undefined ? this.#guarded(stores) : stores));
    return this.#each(stageShape(this.#inner.radices, stage).count, code);
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
    return this.#each(source.count, [source.fill(this.#clamped("line"), "position", write, this.#names.source)]);
  }

  /** Hands the result in workgroup memory to the sink. */
  #drain(array: number, n: number): string[] {
    const { sink } = this.#job;
    if (sink.kind === "element")
      return this.#each(n, this.#guarded([this.#store("line", "position", this.#point(array, "line", "position"))]));
    return this.#each(
      sink.count,
      this.#guarded([sink.store("(first + line)", "position", (position) => this.#point(array, "line", position), this.#names.sink)]),
    );
  }

  #load(line: string, position: string): string {
    const { source } = this.#job;
    return source.kind === "element" ? source.load(this.#clamped(line), position, this.#names.source) : "";
  }

  #store(line: string, position: string, value: string): string {
    const { sink } = this.#job;
    return sink.kind === "element" ? sink.store(`(first + ${line})`, position, value, this.#names.sink) : "";
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
    return `points${array}[${index}]`;
  }
}

const barrier = "workgroupBarrier();";

function indent(code: readonly string[]): string[] {
  return code.map((line) => `  ${line}`);
}
