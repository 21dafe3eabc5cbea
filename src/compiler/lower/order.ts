/** @file The order of dispatches: what must come before what, and whether two may become one. */

import { defaultLimits } from "../../plan/limits.ts";
import { roundUp } from "../../plan/shape.ts";
import { planMemory } from "../assemble/memory.ts";
import type { Storage } from "./context.ts";
import type { Job } from "./job.ts";
import { bufferOf, overlap, usesOf } from "./job.ts";
import { canonicalText } from "./kernel-text.ts";
import type { Target } from "./target.ts";
import type { EmittedKernel } from "./wgsl.ts";
import { emitJob } from "./wgsl.ts";

/** Longer texts take drivers long to compile (docs/kernels.md#time-to-compile). */
const longestText = 24_000;

/**
 * The jobs with those at `early` < `late` made one by `merge`, in an order that keeps every dependence: what needs `early` and stood
 * between the two follows. Undefined if something else must run between them, if, with `independent`, `late` needs `early`, or if
 * `merge` declines.
 */
export function mergeAt(
  jobs: readonly Job[],
  early: number,
  late: number,
  independent: boolean,
  merge: () => Job | undefined,
): readonly Job[] | undefined {
  const needs = needsOf(jobs);
  if (independent && needs[late].has(early)) return undefined;
  const between = [...jobs.keys()].slice(early + 1, late);
  const follow = between.filter((position) => needs[position].has(early));
  if (follow.some((position) => needs[late].has(position))) return undefined;
  const merged = merge();
  if (merged === undefined) return undefined;
  const at = (position: number): Job => jobs[position];
  return [
    ...jobs.slice(0, early),
    ...between.filter((position) => !needs[position].has(early)).map(at),
    merged,
    ...follow.map(at),
    ...jobs.slice(late + 1),
  ];
}

const knownNeeds = new WeakMap<readonly Job[], readonly ReadonlySet<number>[]>();

/** For every job the positions of those that must run before it, at once or through others: one of two writes what both touch. */
function needsOf(jobs: readonly Job[]): readonly ReadonlySet<number>[] {
  const known = knownNeeds.get(jobs);
  if (known !== undefined) return known;
  const needs: ReadonlySet<number>[] = [];
  const reads = new Map<string, { position: number; storage: Storage }[]>();
  const writes = new Map<string, { position: number; storage: Storage }[]>();
  jobs.forEach((job, position) => {
    const before = new Set<number>();
    for (const { storage, write } of usesOf(job)) {
      const buffer = bufferOf(storage);
      for (const other of [...(writes.get(buffer) ?? []), ...(write ? (reads.get(buffer) ?? []) : [])])
        if (overlap(storage, other.storage)) before.add(other.position);
    }
    for (const direct of [...before]) for (const indirect of needs[direct]) before.add(indirect);
    needs.push(before);
    for (const { storage, write } of usesOf(job)) {
      const list = write ? writes : reads;
      list.set(bufferOf(storage), [...(list.get(bufferOf(storage)) ?? []), { position, storage }]);
    }
  });
  knownNeeds.set(jobs, needs);
  return needs;
}

/** Whether a merged job stays within the limits, and its text short. */
export function fits(job: Job, target: Target): boolean {
  // Kernels with functions and memory of their own are the long ones: different ones together take the registers of the larger.
  const own = new Set(job.pieces.map(({ kernel }) => canonicalText(kernel).declarations).filter((text) => text !== ""));
  if (own.size > 1) return false;
  const { access, ranges, wgsl, workgroupBytes } = emitJob(job, target);
  const uniforms = access.filter((kind) => kind === "uniform").length;
  return (
    uniforms <= defaultLimits.maxUniformBuffersPerShaderStage &&
    access.length - uniforms <= target.storageBuffers &&
    wgsl.length <= longestText &&
    workgroupBytes <= target.workgroupBytes &&
    !aliased({ access, ranges })
  );
}

/** WebGPU forbids a dispatch to read a buffer that it writes, and to write a range through two bindings. */
function aliased({ access, ranges }: Pick<EmittedKernel, "access" | "ranges">): boolean {
  const bound = ranges.flatMap((range, index) => (range.kind === "memory" ? [{ ...range, write: access[index] === "write" }] : []));
  return bound.some((a, index) =>
    bound.slice(index + 1).some((b) => {
      if (bufferOf(a.storage) !== bufferOf(b.storage) || !(a.write || b.write)) return false;
      return a.write !== b.write || (a.offsetBytes < b.offsetBytes + b.sizeBytes && b.offsetBytes < a.offsetBytes + a.sizeBytes);
    }),
  );
}

/** Bytes of reusable memory that the jobs need in this order; buffers are whole vectors of four. */
export function memoryOf(jobs: readonly Job[]): number {
  const steps = jobs.map((job) => ({
    ranges: usesOf(job)
      .filter(({ storage }) => job.kind !== "chain" || !job.inside.has(bufferOf(storage)))
      .map(({ storage }) => ({ kind: "memory", storage, offsetBytes: storage.offsetBytes ?? 0, sizeBytes: storage.sizeBytes }) as const),
  }));
  return planMemory(steps).slotBytes.reduce((sum, bytes) => sum + roundUp(bytes, 16), 0);
}
