/** @file The verifier of dispatches: what must hold after lowering and after every pass. What does not is our bug, and named. */

import { bug } from "../diagnostics/diagnostic.ts";
import { sizeBytes } from "../graph/types.ts";
import type { Storage } from "./context.ts";
import type { Job, Piece } from "./job.ts";
import { bufferOf, overlap, usesOfPiece } from "./job.ts";

/** For every piece, by its id, the pieces that come before it and touch memory with it that one of the two writes. */
export type Dependences = ReadonlyMap<number, ReadonlySet<number>>;

export interface Checked {
  readonly program: string;
  /** `lower`, or the name of a pass. */
  readonly after: string;
  /** Sizes of the fixed buffers. */
  readonly buffers: ReadonlyMap<string, number>;
}

/**
 * Tensors lie within their memory; a piece overwrites what it reads only in place; what stands side by side is independent; virtual memory
 * is written before it is read, and workgroup memory is its own chain's.
 * @param before what held before the pass: every dependence must still be there, in its direction, and no new one
 */
export function verifyJobs(jobs: readonly Job[], { program, after, buffers }: Checked, before?: Dependences): Dependences {
  const fail = (what: string): never => bug(`dispatches of ${program} after ${after}: ${what}`);
  const wrong = (piece: Piece, what: string): never => fail(`\`${piece.label}\` ${what}`);
  const owners = new Map<string, Job>();
  for (const job of jobs) if (job.kind === "chain") for (const buffer of job.inside) owners.set(buffer, job);
  const touched = new Map<string, Touch[]>();
  const dependences = new Map<number, ReadonlySet<number>>();
  for (const [position, job] of jobs.entries()) {
    for (const piece of job.pieces) {
      checkPiece(piece, buffers, wrong);
      if (dependences.has(piece.id)) wrong(piece, "is there twice");
      const own = new Set<number>();
      const uses = usesOfPiece(piece);
      for (const { storage, write } of uses) {
        const buffer = bufferOf(storage);
        if ((owners.get(buffer) ?? job) !== job) wrong(piece, `touches ${buffer}, which another dispatch keeps in its workgroup`);
        const earlier = (touched.get(buffer) ?? []).filter((other) => overlap(other.storage, storage));
        for (const other of earlier) {
          if (!write && !other.write) continue;
          if (other.position === position && job.kind === "beside") wrong(piece, `needs \`${other.piece.label}\` beside it, in ${buffer}`);
          own.add(other.piece.id);
        }
        const written = earlier.filter((other) => other.write).map((other) => other.storage);
        if (!write && storage.kind === "virtual" && !covers(written, storage)) wrong(piece, `reads ${buffer}, which nothing has written`);
      }
      for (const { storage, write } of uses) {
        const list = touched.get(bufferOf(storage)) ?? [];
        list.push({ position, piece, storage, write });
        touched.set(bufferOf(storage), list);
      }
      dependences.set(piece.id, own);
    }
  }
  if (before !== undefined) compare(jobs, before, dependences, fail);
  return dependences;
}

interface Touch {
  readonly position: number;
  readonly piece: Piece;
  readonly storage: Storage;
  readonly write: boolean;
}

type Wrong = (piece: Piece, what: string) => never;

function checkPiece(piece: Piece, buffers: ReadonlyMap<string, number>, wrong: Wrong): void {
  const { reads, writes, inPlace } = piece.kernel;
  for (const { storage, type } of [...reads, ...writes].flatMap(({ refs }) => refs)) {
    const buffer = bufferOf(storage);
    if (sizeBytes(type) > storage.sizeBytes) wrong(piece, `has a tensor of ${sizeBytes(type)} bytes in ${storage.sizeBytes} of ${buffer}`);
    if (storage.kind === "virtual") continue;
    const size = buffers.get(buffer) ?? wrong(piece, `uses ${buffer}, which does not exist`);
    const end = storage.offsetBytes + storage.sizeBytes;
    if (end > size) wrong(piece, `uses ${buffer} up to byte ${end}, and it has ${size}`);
  }
  const read = [...reads.flatMap(({ refs }) => refs), ...writes.flatMap(({ refs }) => refs.slice(1))].map(({ storage }) => storage);
  const written = writes.map(({ refs }) => refs[0].storage);
  written.forEach((storage, port) => {
    if (written.slice(port + 1).some((other) => overlap(storage, other))) wrong(piece, `writes ${bufferOf(storage)} twice`);
    if (inPlace !== true && read.some((other) => overlap(storage, other))) wrong(piece, `reads and writes ${bufferOf(storage)}`);
  });
}

/** Whether all bytes of `storage` lie in one of `parts`, which lie in its buffer. */
function covers(parts: readonly Storage[], storage: Storage): boolean {
  let reached = storage.offsetBytes ?? 0;
  const end = reached + storage.sizeBytes;
  for (const { offsetBytes = 0, sizeBytes: bytes } of [...parts].sort((a, b) => (a.offsetBytes ?? 0) - (b.offsetBytes ?? 0)))
    if (offsetBytes <= reached) reached = Math.max(reached, offsetBytes + bytes);
  return reached >= end;
}

function compare(jobs: readonly Job[], before: Dependences, now: Dependences, fail: (what: string) => never): void {
  const pieces = new Map(jobs.flatMap((job) => job.pieces.map((piece) => [piece.id, piece] as const)));
  const nameOf = (id: number): string => `\`${pieces.get(id)?.label ?? id}\``;
  for (const [id, needed] of before) {
    const own = now.get(id) ?? fail(`piece ${id} is lost`);
    for (const other of needed) if (!own.has(other)) fail(`${nameOf(id)} no longer follows ${nameOf(other)}`);
    for (const other of own) if (!needed.has(other)) fail(`${nameOf(id)} follows ${nameOf(other)}, which it did not need before`);
  }
  for (const id of now.keys()) if (!before.has(id)) fail(`${nameOf(id)} is new`);
}
