/** @file Transforms many lines of any length: composes workgroup kernels into four-step and long Bluestein transforms. */

import type { LowerContext, Port } from "../../lower/context.ts";
import { plainPort } from "../../lower/context.ts";
import type { Declaration } from "../../lower/names.ts";
import { behind } from "../../lower/names.ts";
import { cmul } from "./codelets.ts";
import type { ElementSink, ElementSource, Sink, Source } from "./local.ts";
import { localKernel } from "./local.ts";
import type { BluesteinPlan, FftPlan, FourStepPlan } from "./plan.ts";
import { chirpTable, fourStepTable } from "./tables.ts";

export interface LinesJob {
  readonly title: string;
  readonly plan: FftPlan;
  readonly lines: number;
  readonly order: "rows" | "columns";
  readonly source: Source;
  readonly sink: Sink;
}

/** X[k] = sum_j x[j] exp(-2 pi i jk/n) for every line. */
export function transformLines(context: LowerContext, job: LinesJob): void {
  const { plan } = job;
  if (plan.n === 1) copyPoints(context, job);
  else if (plan.kind === "local") context.groups(localKernel({ ...job, plan }, context.target));
  else if (plan.kind === "fourStep") fourStep(context, job, plan);
  else if (plan.inner.kind === "local") context.groups(localKernel({ ...job, plan: { ...plan, inner: plan.inner } }, context.target));
  else longBluestein(context, job, plan);
}

/** The same with exp(+2 pi i jk/n), unscaled: swapping re and im before and after conjugates the transform. */
export function inverseTransformLines(context: LowerContext, job: LinesJob): void {
  transformLines(context, { ...job, source: swappedSource(job.source), sink: swappedSink(job.sink) });
}

function swappedSource(source: Source): Source {
  if (source.kind === "element")
    return { ...source, kind: "element", load: (line, position, names) => `${source.load(line, position, names)}.yx` };
  return {
    ...source,
    kind: "line",
    fill: (line, k, write, names) => source.fill(line, k, (position, value) => write(position, `${value}.yx`), names),
  };
}

function swappedSink(sink: Sink): Sink {
  if (sink.kind === "element")
    return { ...sink, kind: "element", store: (line, position, value, names) => sink.store(line, position, `${value}.yx`, names) };
  return { ...sink, kind: "line", store: (line, k, read, names) => sink.store(line, k, (position) => `${read(position)}.yx`, names) };
}

/** Lines of one point, or none to transform. */
function copyPoints(context: LowerContext, { title, lines, source, sink }: LinesJob): void {
  const { elementSource } = gathered(context, title, lines, 1, source);
  const { elementSink, finish } = scattered(context, title, lines, 1, sink);
  context.elements({
    title,
    count: lines,
    reads: [elementSource.port],
    writes: [elementSink.port],
    tables: [...elementSource.tables, ...elementSink.tables],
    declarations: declarationsOf(elementSource, elementSink),
    body: (names) =>
      elementSink.store("i", "0u", elementSource.load("i", "0u", names), behind(names, { tables: elementSource.tables.length })),
  });
  finish();
}

/** x[j1 n2 + j2] -> X[k1 + n1 k2]: transforms over j1, twiddles exp(-2 pi i k1 j2/n), transforms over j2. */
function fourStep(context: LowerContext, job: LinesJob, plan: FourStepPlan): void {
  const { title, lines, order } = job;
  const [n1, n2] = [plan.first.n, plan.second.n];
  const { elementSource } = gathered(context, title, lines, plan.n, job.source);
  const { elementSink, finish } = scattered(context, title, lines, plan.n, job.sink);
  const between = scratchPort(context, lines * plan.n);
  transformLines(context, {
    title: `${title} 1 of 2`,
    plan: plan.first,
    lines: lines * n2,
    order: "columns",
    source: {
      ...elementSource,
      kind: "element",
      load: (line, position, names) => elementSource.load(`(${line} / ${n2}u)`, `(${position} * ${n2}u + ${line} % ${n2}u)`, names),
    },
    sink: {
      kind: "element",
      port: between,
      tables: [fourStepTable(plan)],
      store: (line, position, value, { store, table, own }) => {
        const place = `${position} * ${n2}u + ${line} % ${n2}u`;
        return `${store(0)}(${line} / ${n2}u * ${plan.n}u + ${place}, ${own("cmul")}(${value}, ${table(0)}[${place}]));`;
      },
    },
  });
  transformLines(context, {
    title: `${title} 2 of 2`,
    plan: plan.second,
    lines: lines * n1,
    order: order === "rows" ? "columns" : "rows",
    source: {
      kind: "element",
      port: between,
      tables: [],
      load: (line, position, { load }) => `${load(0)}(${line} * ${n2}u + ${position})`,
    },
    sink: {
      ...elementSink,
      kind: "element",
      store: (line, position, value, names) =>
        elementSink.store(`(${line} / ${n1}u)`, `(${line} % ${n1}u + ${position} * ${n1}u)`, value, names),
    },
  });
  finish();
}

/** Bluestein whose inner transform does not fit in a workgroup: chirp, transform and multiply, transform and chirp. */
function longBluestein(context: LowerContext, job: LinesJob, plan: BluesteinPlan): void {
  const { title, lines, order } = job;
  const { n, inner } = plan;
  const { elementSource } = gathered(context, title, lines, n, job.source);
  const { elementSink, finish } = scattered(context, title, lines, n, job.sink);
  const table = chirpTable(plan);
  const between = scratchPort(context, lines * inner.n);
  transformLines(context, {
    title: `${title} chirp`,
    plan: inner,
    lines,
    order,
    source: {
      ...elementSource,
      kind: "element",
      tables: [...elementSource.tables, table],
      load: (line, position, names) => {
        const inside = `min(${position}, ${n - 1}u)`;
        const value = elementSource.load(line, inside, names);
        const chirp = names.table(elementSource.tables.length);
        const product = `${names.own("cmul")}(${value}, ${chirp}[${inside} + ${inner.n}u] * vec2f(1.0, -1.0))`;
        return `select(vec2f(), ${product}, ${position} < ${n}u)`;
      },
    },
    sink: {
      kind: "element",
      port: between,
      tables: [table],
      store: (line, position, value, { store, table, own }) =>
        `${store(0)}(${line} * ${inner.n}u + ${position}, ${own("cmul")}(${value}, ${table(0)}[${position}]).yx);`,
    },
  });
  transformLines(context, {
    title: `${title} convolution`,
    plan: inner,
    lines,
    order,
    source: {
      kind: "element",
      port: between,
      tables: [],
      load: (line, position, { load }) => `${load(0)}(${line} * ${inner.n}u + ${position})`,
    },
    sink: {
      ...elementSink,
      kind: "element",
      tables: [...elementSink.tables, table],
      store: (line, position, value, names) => {
        const chirp = names.table(elementSink.tables.length);
        const product = `${names.own("cmul")}(${value}, ${chirp}[${position} + ${inner.n}u]).yx`;
        return `if (${position} < ${n}u) { ${elementSink.store(line, position, product, names)} }`;
      },
    },
  });
  finish();
}

/** A source that can be asked for any point; one that fills whole lines does so in a kernel of its own. */
function gathered(
  context: LowerContext,
  title: string,
  lines: number,
  n: number,
  source: Source,
): { readonly elementSource: ElementSource } {
  if (source.kind === "element") return { elementSource: source };
  const port = scratchPort(context, lines * n);
  context.elements({
    title: `${title} pack`,
    count: lines * source.count,
    reads: [source.port],
    writes: [port],
    tables: source.tables,
    declarations: declarationsOf(source),
    body: (names) => {
      const write = (position: string, value: string): string => `${names.store(0)}(line * ${n}u + ${position}, ${value});`;
      return [
        `let line = i / ${source.count}u;`,
        `let position = i % ${source.count}u;`,
        source.fill("line", "position", write, names),
      ].join("\n  ");
    },
  });
  return {
    elementSource: { kind: "element", port, tables: [], load: (line, position, { load }) => `${load(0)}(${line} * ${n}u + ${position})` },
  };
}

/** A sink for single points; what needs whole lines follows in a kernel of its own, emitted by `finish`. */
function scattered(
  context: LowerContext,
  title: string,
  lines: number,
  n: number,
  sink: Sink,
): { readonly elementSink: ElementSink; readonly finish: () => void } {
  if (sink.kind === "element") return { elementSink: sink, finish: () => undefined };
  const port = scratchPort(context, lines * n);
  return {
    elementSink: {
      kind: "element",
      port,
      tables: [],
      store: (line, position, value, { store }) => `${store(0)}(${line} * ${n}u + ${position}, ${value});`,
    },
    finish: () =>
      context.elements({
        title: `${title} unpack`,
        count: lines * sink.count,
        reads: [port],
        writes: [sink.port],
        tables: sink.tables,
        declarations: declarationsOf(sink),
        body: (names) => {
          const read = (position: string): string => `${names.load(0)}(line * ${n}u + ${position})`;
          return [`let line = i / ${sink.count}u;`, `let position = i % ${sink.count}u;`, sink.store("line", "position", read, names)].join(
            "\n  ",
          );
        },
      }),
  };
}

function scratchPort(context: LowerContext, elements: number): Port {
  return plainPort(context.scratch({ shape: [elements], dtype: "c32" }));
}

function declarationsOf(...ends: readonly (Source | Sink)[]): readonly Declaration[] {
  return [cmul, ...ends.flatMap((end) => end.declarations ?? [])];
}
