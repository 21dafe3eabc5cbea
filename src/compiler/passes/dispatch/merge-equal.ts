/**
 * @file Equal kernels side by side: the same work on other tensors, such as the filters of every layer, in one dispatch.
 *
 * Before: `plane` of conv.1, ..., `plane` of conv.2. After: one dispatch whose workgroups know their piece. Where the tensors lie in
 * one arena, the pieces differ by an offset; what they make lies in one buffer.
 */

import { bindingAlignment } from "../../../plan/limits.ts";
import { roundUp } from "../../../plan/shape.ts";
import type { Storage } from "../../lower/context.ts";
import type { Job, Piece } from "../../lower/job.ts";
import { beside, bufferOf, labelOf, moveJob, templateOf } from "../../lower/job.ts";
import { fits, memoryOf, mergeAt } from "../../lower/order.ts";
import type { Target } from "../../lower/target.ts";
import type { DispatchPass } from "../pass.ts";

/** What is bound as one is no larger than WebGPU's default for a binding. */
const mostTogether = 128 * 1024 * 1024;

export const mergeEqual: DispatchPass = {
  name: "merge-equal",
  description: "runs equal kernels on different tensors side by side, in one dispatch",
  run(jobs, context) {
    // Waiting for others, a dispatch keeps its inputs alive: that must cost no memory.
    const most = memoryOf(jobs);
    let [current, before]: (readonly Job[])[] = [jobs, []];
    // What one merge leaves free may be enough for another: until nothing changes.
    while (current !== before) [current, before] = [sweep(current, most, context.target), current];
    for (const job of current) {
      if (job.pieces.length > 1)
        context.note({ layer: job.pieces[0].origin.layer, text: `${job.pieces.length} dispatches become one: ${labelOf(job)}` });
    }
    return current;
  },
};

function sweep(jobs: readonly Job[], most: number, target: Target): readonly Job[] {
  let current = jobs;
  for (let early = 0; early < current.length; early++) {
    for (let late = early + 1; late < current.length; late++) {
      const reordered = mergeTwo(current, early, late, target);
      if (reordered === undefined || memoryOf(reordered) > most) continue;
      current = reordered;
      // The merged job may stand later now; what took its place has not been looked at.
      late = early;
    }
  }
  return current;
}

function mergeTwo(jobs: readonly Job[], early: number, late: number, target: Target): readonly Job[] | undefined {
  const [a, b] = [jobs[early], jobs[late]];
  if (a.kind !== "beside" || b.kind !== "beside" || templateOf(a.pieces[0]) !== templateOf(b.pieces[0])) return undefined;
  // Only effects work in place, each on whole arenas: there are no equal ones.
  if (a.pieces[0].kernel.inPlace === true) return undefined;
  const change = togetherOf([...a.pieces, ...b.pieces]);
  if (change === undefined || choiceOf([...a.pieces, ...b.pieces]) > target.choiceBytes) return undefined;
  const reordered = mergeAt(jobs, early, late, true, () => {
    const job = moveJob(beside([[...a.pieces, ...b.pieces]]), change);
    return fits(job, target) ? job : undefined;
  });
  return reordered?.map((job) => (jobs.includes(job) ? moveJob(job, change) : job));
}

/** Bytes of the largest of the tensors that lie in different buffers, so that equal pieces must choose between them. */
function choiceOf(pieces: readonly Piece[]): number {
  const tensors = pieces.map(({ kernel }) =>
    [...kernel.reads.flatMap(({ refs }) => refs), ...kernel.writes.flatMap(({ refs }) => refs.slice(1))].map(({ storage }) => storage),
  );
  const chosen = tensors[0].filter((first, position) => tensors.some((own) => bufferOf(own[position]) !== bufferOf(first)));
  return Math.max(0, ...chosen.map(({ sizeBytes }) => sizeBytes));
}

/** Puts what equal pieces write through one port into one buffer, each in a range of its own; undefined if that cannot be. */
function togetherOf(pieces: readonly Piece[]): ((storage: Storage) => Storage) | undefined {
  const places = new Map<string, Storage>();
  for (const port of pieces[0].kernel.writes.keys()) {
    const storages = pieces.map(({ kernel }) => kernel.writes[port].refs[0].storage);
    if (new Set(storages.map(bufferOf)).size === 1) continue;
    const [first] = storages;
    let end = 0;
    for (const storage of storages) {
      // A buffer that holds several tensors already is one that this pass made, and begins with them.
      if (storage.kind !== "virtual" || first.kind !== "virtual") return undefined;
      const known = bufferOf(storage) === bufferOf(first) && storage.offsetBytes !== undefined;
      const offsetBytes = known ? (storage.offsetBytes ?? 0) : end;
      places.set(`${bufferOf(storage)} ${storage.offsetBytes ?? 0}`, {
        kind: "virtual",
        id: first.id,
        offsetBytes,
        sizeBytes: storage.sizeBytes,
      });
      end = roundUp(offsetBytes + storage.sizeBytes, bindingAlignment);
    }
    if (end > mostTogether) return undefined;
  }
  return (storage) => places.get(`${bufferOf(storage)} ${storage.offsetBytes ?? 0}`) ?? storage;
}
