/** @file Long sums in a fixed order: every lane adds its terms, few lanes add up all, a second kernel adds the workgroups. */

import type { LowerContext, Port, Table } from "../lower/context.ts";
import { plainPort } from "../lower/context.ts";
import type { Names } from "../lower/names.ts";
import type { Target } from "../lower/target.ts";
import { boundOf, boundsTable } from "./strided.ts";

/** Lanes of a workgroup. Few, because barriers cost a software driver per subgroup (docs/kernels.md#unit-costs). */
export const sumLanes = 64;

/** A chunk is not shorter than this many terms: adding the lanes, and the second kernel, must stay negligible. */
const shortestChunk = 1024;

/** Several sums of equally many terms, `width` of them made together by one workgroup. */
export interface LongSum {
  readonly title: string;
  readonly reads: readonly Port[];
  readonly wideReads?: readonly number[];
  readonly tables?: readonly Table[];
  /** Workgroups if nothing is cut; the statements below know theirs as `tile`. */
  readonly tiles: number;
  /** Sums per workgroup: the accumulators `sum0`, `sum1`, ... of type f32, or vec2f when `complex`. */
  readonly width: number;
  /** In how many rounds the lanes add up their sums, equally many in each: many at once take memory, and long to compile. Default 1. */
  readonly rounds?: number;
  readonly complex: boolean;
  /** Terms of each sum, at least 1. */
  readonly length: number;
  /** Products in a term. Default 1. */
  readonly weight?: number;
  /** Statements that say where the tile lies, by arithmetic alone; what they declare is seen by all that follow. */
  readonly locate: string;
  /** Statements before the loop. */
  readonly setup?: (names: Names) => string;
  /** Statements that add term `s` to the accumulators. */
  readonly term: (names: Names) => string;
  /** Statements that declare, for the sum `slot`: `place`, its flat index in the output, and `inside`, whether it exists. */
  readonly place: string;
}

/** Where sum `slot` of a tile goes: flat index `place`, in terms of `tile`, of an output; of none if nothing reads it. */
export interface SumPlace {
  readonly output: Port | undefined;
  readonly place: string;
}

/** How many workgroups share one tile: with few tiles, as many as keep the device busy. */
function chunkCount(sum: LongSum, target: Target): number {
  const useful = Math.ceil((sum.length * (sum.weight ?? 1)) / shortestChunk);
  return Math.max(1, Math.min(Math.ceil(sum.length / sumLanes), useful, Math.ceil(target.busyGroups / sum.tiles)));
}

/** Emits one kernel, or two when the sums are cut: the same bits whatever the device does first. */
export function emitLongSum(context: LowerContext, sum: LongSum, output: Port): void {
  const chunks = chunkCount(sum, context.target);
  const store: Store = (names) => [sum.place, `if (inside) { ${names.store(0)}(place, total); }`];
  if (chunks === 1) return emitSums(context, sum, 1, [output], store);
  const partials = partialsOf(context, sum, chunks);
  emitPartials(context, sum, chunks, partials);
  emitTotals(context, sum, chunks, partials, [output], (names) => [sum.locate, ...store(names)]);
}

/** The same with sums that go to different tensors: one of `places` for each slot. */
export function emitLongSums(context: LowerContext, sum: Omit<LongSum, "place">, places: readonly SumPlace[]): void {
  const whole: LongSum = { ...sum, place: "" };
  const chunks = chunkCount(whole, context.target);
  const outputs = [...new Set(places.flatMap(({ output }) => output ?? []))];
  const storesTo =
    (some: readonly Port[]): Store =>
    (names) =>
      places.flatMap(({ output, place }, slot) =>
        output === undefined || !some.includes(output)
          ? []
          : [`if (slot == ${slot}u) { ${names.store(some.indexOf(output))}(${place}, total); }`],
      );
  const bindings = sum.reads.flatMap(({ refs }) => refs).length + outputs.length + (sum.tables ?? []).length;
  if (chunks === 1 && bindings <= context.target.storageBuffers) return emitSums(context, whole, 1, outputs, storesTo(outputs));
  const partials = partialsOf(context, whole, chunks);
  emitPartials(context, whole, chunks, partials);
  const most = context.target.storageBuffers - 1;
  for (let first = 0; first < outputs.length; first += most) {
    const some = outputs.slice(first, first + most);
    emitTotals(context, whole, chunks, partials, some, storesTo(some));
  }
}

function partialsOf(context: LowerContext, sum: LongSum, chunks: number): Port {
  return plainPort(context.scratch({ shape: [chunks, sum.tiles * sum.width], dtype: sum.complex ? "c32" : "f32" }));
}

/** The first kernel, of the sums of each chunk. */
function emitPartials(context: LowerContext, sum: LongSum, chunks: number, partials: Port): void {
  emitSums(context, sum, chunks, [partials], ({ store }) => [
    `${store(0)}(chunk * ${sum.tiles * sum.width}u + tile * ${sum.width}u + slot, total);`,
  ]);
}

/** Statements for the `total` of sum `slot` of a tile and chunk. */
type Store = (names: Names) => readonly string[];

function emitSums(context: LowerContext, sum: LongSum, chunks: number, writes: readonly Port[], store: Store): void {
  const chunkLength = Math.ceil(sum.length / chunks);
  const element = sum.complex ? "vec2f" : "f32";
  const slots = [...Array(sum.width).keys()];
  const rounds = sum.rounds ?? 1;
  const width = sum.width / rounds;
  const parts = partCount(width);
  const tables = sum.tables ?? [];
  const body = (names: Names): readonly string[] => [
    `let tile = group % ${sum.tiles}u;`,
    `let chunk = group / ${sum.tiles}u;`,
    sum.locate,
    sum.setup?.(names) ?? "",
    ...slots.map((slot) => `var sum${slot} = ${element}(0.0);`),
    `let last = min((chunk + 1u) * ${chunkLength}u, ${sum.length}u);`,
    `for (var s = chunk * ${chunkLength}u + lane; s < last; s += ${sumLanes}u) {`,
    sum.term(names),
    `}`,
    ...(rounds === 1 ? [] : [`for (var round = 0u; round < ${boundOf(names.table(tables.length), 0)}; round++) {`]),
    ...slots.slice(0, width).map((slot) => `${names.own("lanes")}[lane * ${width}u + ${slot}u] = sum${slot};`),
    `workgroupBarrier();`,
    // In two steps, whose barriers and loops cost a software driver a fifth of a tree's.
    ...(parts === 1
      ? []
      : [
          `if (lane < ${parts * width}u) {`,
          `  var part = ${element}(0.0);`,
          `  for (var t = lane / ${width}u * ${(sumLanes / parts) * width}u + lane % ${width}u; ` +
            `t < (lane / ${width}u + 1u) * ${(sumLanes / parts) * width}u; t += ${width}u) { part += ${names.own("lanes")}[t]; }`,
          `  ${names.own("parts")}[lane] = part;`,
          `}`,
          `workgroupBarrier();`,
        ]),
    `for (var t = lane; t < ${width}u; t += ${sumLanes}u) {`,
    `var total = ${element}(0.0);`,
    `for (var part = 0u; part < ${parts === 1 ? sumLanes : parts}u; part++) ` +
      `{ total += ${names.own(parts === 1 ? "lanes" : "parts")}[part * ${width}u + t]; }`,
    rounds === 1 ? `let slot = t;` : `let slot = round * ${width}u + t;`,
    ...store(names),
    `}`,
    ...(rounds === 1
      ? []
      : [...slots.slice(0, sum.width - width).map((slot) => `sum${slot} = sum${slot + width};`), `workgroupBarrier();`, `}`]),
  ];
  context.groups({
    title: sum.title,
    groups: sum.tiles * chunks,
    size: sumLanes,
    reads: sum.reads,
    wideReads: sum.wideReads,
    writes,
    tables: rounds === 1 ? tables : [...tables, boundsTable([rounds])],
    declarations: [
      { kind: "workgroup", name: "lanes", element, count: sumLanes * width },
      ...(parts === 1 ? [] : [{ kind: "workgroup", name: "parts", element, count: parts * width } as const]),
    ],
    body: (names) =>
      body(names)
        .filter((line) => line !== "")
        .join("\n  "),
  });
}

/** The lanes of a workgroup are first added up to this many: about the root of their number, if every part and sum gets a lane. */
function partCount(width: number): number {
  let parts = Math.round(Math.sqrt(sumLanes));
  while (parts * width > sumLanes && parts > 1) parts /= 2;
  return parts;
}

/** Workgroup memory that a round of so many real sums takes. */
export function sumBytes(width: number): number {
  const parts = partCount(width);
  return 4 * width * (sumLanes + (parts === 1 ? 0 : parts));
}

/** The second kernel adds up the chunks. */
function emitTotals(context: LowerContext, sum: LongSum, chunks: number, partials: Port, writes: readonly Port[], store: Store): void {
  const count = sum.tiles * sum.width;
  const element = sum.complex ? "vec2f" : "f32";
  context.elements({
    title: `${sum.title} chunks`,
    count,
    reads: [partials],
    writes,
    tables: [boundsTable([chunks])],
    body: (names) =>
      [
        `var total = ${element}(0.0);`,
        `for (var chunk = 0u; chunk < ${boundOf(names.table(0), 0)}; chunk++) { total += ${names.load(0)}(chunk * ${count}u + i); }`,
        `let tile = i / ${sum.width}u;`,
        `let slot = i % ${sum.width}u;`,
        ...store(names),
      ].join("\n  "),
  });
}
