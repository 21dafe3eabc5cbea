/**
 * @file Chains of small kernels: a loss and its gradient are a dozen steps over a few numbers, each of which would wait for a
 * dispatch of its own. One workgroup does them all, with barriers in between, and what they hand on stays in its memory.
 */

import type { Ref } from "../../lower/context.ts";
import type { Chain, Job, Piece } from "../../lower/job.ts";
import { bufferOf, labelOf, usesOf } from "../../lower/job.ts";
import { fits, memoryOf, mergeAt } from "../../lower/order.ts";
import type { Target } from "../../lower/target.ts";
import type { DispatchPass } from "../pass.ts";

/** One workgroup makes no more elements than this, four for each invocation, ... */
const mostElements = 1024;

/** ... of no more memory than this: a compute unit of its own reads it in a few microseconds, about what a dispatch costs. */
const mostBytes = 32 * 1024;

export const chainSmall: DispatchPass = {
  name: "chain-small",
  description: "lets one workgroup do a chain of steps over a few numbers, in one dispatch",
  run(jobs, context) {
    // Waiting for others, a step keeps its inputs alive: that must cost no memory.
    const most = memoryOf(jobs);
    let current = jobs;
    for (const seed of jobs) if (current.includes(seed) && isSmall(seed)) current = grow(current, seed, most, context.target);
    for (const job of current)
      if (job.kind === "chain")
        context.note({
          layer: job.pieces[0].origin.layer,
          text: `${job.pieces.length} dispatches become one workgroup's: ${labelOf(job)}`,
        });
    return current;
  },
};

/** The order with the longest chain from `seed` on that stays within the limits: a longer one may bind less, as more stays inside. */
function grow(jobs: readonly Job[], seed: Job, most: number, target: Target): readonly Job[] {
  let [best, current, chain] = [jobs, jobs, seed];
  for (let position = 0; position < current.length; position++) {
    const at = current.indexOf(chain);
    const other = current[position];
    if (position === at || !isSmall(other)) continue;
    const [early, late] = position < at ? [other, chain] : [chain, other];
    const merged = chainOf(
      [...early.pieces, ...late.pieces],
      current.filter((job) => job !== early && job !== late),
    );
    const reordered = mergeAt(current, current.indexOf(early), current.indexOf(late), false, () => merged);
    if (reordered === undefined) continue;
    [current, chain] = [reordered, merged];
    if (staysLocal(merged, target) && fits(merged, target) && memoryOf(current) <= most) best = current;
    // Others may stand elsewhere now.
    position = -1;
  }
  return best;
}

function isSmall(job: Job): boolean {
  if (job.kind === "chain") return true;
  const [{ kernel }] = job.pieces;
  if (job.pieces.length > 1 || !("count" in kernel) || kernel.count > mostElements || kernel.inPlace === true) return false;
  const paired = [...kernel.reads, ...kernel.writes].some((port) => port.pairs === true);
  return !paired && usesOf(job).reduce((sum, { storage }) => sum + storage.sizeBytes, 0) <= mostBytes;
}

/** `others` are all other jobs: what they touch is bound. */
function chainOf(pieces: readonly Piece[], others: readonly Job[]): Chain {
  const elsewhere = new Set(others.flatMap(usesOf).map(({ storage }) => bufferOf(storage)));
  const made = writtenBy(pieces).map(({ storage }) => storage);
  return {
    kind: "chain",
    pieces,
    inside: new Set(made.filter((storage) => storage.kind === "virtual" && !elsewhere.has(bufferOf(storage))).map(bufferOf)),
  };
}

function writtenBy(pieces: readonly Piece[]): readonly Ref[] {
  return pieces.flatMap(({ kernel }) => kernel.writes.map(({ refs }) => refs[0]));
}

/** Whether workgroup memory holds what stays inside, and nothing is written under one type and read under another. */
function staysLocal({ pieces, inside }: Chain, target: Target): boolean {
  const written = writtenBy(pieces);
  const bytes = written.reduce((sum, { storage }) => sum + (inside.has(bufferOf(storage)) ? storage.sizeBytes : 0), 0);
  const dtypes = new Map(written.map(({ storage, type }) => [bufferOf(storage), type.dtype]));
  const touched = pieces.flatMap(({ kernel }) => [...kernel.reads, ...kernel.writes].flatMap(({ refs }) => refs));
  return (
    bytes <= target.workgroupBytes && touched.every(({ storage, type }) => (dtypes.get(bufferOf(storage)) ?? type.dtype) === type.dtype)
  );
}
