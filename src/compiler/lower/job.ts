/** @file Jobs: what one dispatch does, while passes may still put several kernels into one. */

import { printExpr } from "../expr/expr.ts";
import type { Origin } from "../graph/types.ts";
import type { Kernel, Port, Ref, Storage } from "./context.ts";
import { canonicalText } from "./kernel-text.ts";

/** A kernel with its ports, as an op asked for it. */
export interface Piece {
  /** Its number in the order in which ops asked for kernels: who it is, whatever passes make of its memory. */
  readonly id: number;
  readonly kernel: Kernel;
  /** The first comment of the shader. */
  readonly formula: string;
  /** `LAYER ROLE TITLE`. */
  readonly label: string;
  readonly origin: Origin;
}

export type Job = Beside | Chain;

/** Every piece has workgroups of its own, and none needs what another makes. */
export interface Beside {
  readonly kind: "beside";
  /** Pieces of equal kernels share their text; what they write through one port lies in one buffer. */
  readonly families: readonly (readonly Piece[])[];
  /** Those of all families. */
  readonly pieces: readonly Piece[];
}

/** One workgroup does the pieces, all of them element kernels, one after the other, with barriers in between. */
export interface Chain {
  readonly kind: "chain";
  readonly pieces: readonly Piece[];
  /** Buffers (`bufferOf`) that nothing else touches: they are workgroup memory. */
  readonly inside: ReadonlySet<string>;
}

export function beside(families: Beside["families"]): Beside {
  return { kind: "beside", families, pieces: families.flat() };
}

/** Memory that a job reads or writes. */
export interface Use {
  readonly storage: Storage;
  readonly write: boolean;
}

/** Passes ask for the uses of a job, and for the template of a piece, again and again. */
const knownUses = new WeakMap<Job, readonly Use[]>();
const knownTemplates = new WeakMap<Piece, string>();

export function usesOf(job: Job): readonly Use[] {
  const known = knownUses.get(job) ?? listUses(job);
  knownUses.set(job, known);
  return known;
}

function listUses(job: Job): readonly Use[] {
  return job.pieces.flatMap(usesOfPiece);
}

export function usesOfPiece({ kernel: { reads, writes, inPlace } }: Piece): readonly Use[] {
  const changed = inPlace === true ? writes : [];
  return [
    ...[...reads.flatMap(({ refs }) => refs), ...writes.flatMap(({ refs }) => refs.slice(1)), ...changed.map(({ refs }) => refs[0])].map(
      ({ storage }) => ({ storage, write: false }),
    ),
    ...writes.map(({ refs }) => ({ storage: refs[0].storage, write: true })),
  ];
}

/** Names the buffer, as far as it is known before memory is planned. */
export function bufferOf(storage: Storage): string {
  return storage.kind === "virtual" ? `v${storage.id}` : storage.buffer;
}

export function overlap(a: Storage, b: Storage): boolean {
  const [first, second] = [a.offsetBytes ?? 0, b.offsetBytes ?? 0];
  return bufferOf(a) === bufferOf(b) && first < second + b.sizeBytes && second < first + a.sizeBytes;
}

/** The job with the memory that `change` gives it: itself if that is what it has. */
export function moveJob(job: Job, change: (storage: Storage) => Storage): Job {
  if (usesOf(job).every(({ storage }) => change(storage) === storage)) return job;
  const ref = (old: Ref): Ref => ({ ...old, storage: change(old.storage) });
  const port = (old: Port): Port => ({ ...old, refs: old.refs.map(ref) });
  const piece = (old: Piece): Piece => ({
    ...old,
    kernel: { ...old.kernel, reads: old.kernel.reads.map(port), writes: old.kernel.writes.map(port) },
  });
  return job.kind === "beside" ? beside(job.families.map((family) => family.map(piece))) : { ...job, pieces: job.pieces.map(piece) };
}

/** Everything about a piece but its memory and its origin, as text. */
export function templateOf(piece: Piece): string {
  const known = knownTemplates.get(piece) ?? printTemplate(piece);
  knownTemplates.set(piece, known);
  return known;
}

function printTemplate({ kernel, formula }: Piece): string {
  const ports = [...kernel.reads, ...kernel.writes].map((port) => [
    port.type.dtype,
    port.type.shape,
    port.pairs ?? false,
    port.value === undefined ? "" : [printExpr(port.value.re), printExpr(port.value.im)],
    port.refs.map(({ type }) => [type.dtype, type.shape]),
  ]);
  const extent = "count" in kernel ? ["count", kernel.count] : ["groups", kernel.groups, kernel.size];
  const { body, declarations } = canonicalText(kernel);
  return JSON.stringify([
    formula,
    kernel.title,
    extent,
    body,
    declarations,
    (kernel.tables ?? []).map(({ key, space }) => [key, space]),
    kernel.wideReads ?? [],
    kernel.wideWrites ?? [],
    kernel.reads.length,
    ports,
  ]);
}

/** The label of the first piece, and of the others what is different: `conv.1 backward rows + conv.2`, `dense.1 forward sum + map`. */
export function labelOf({ pieces }: Job): string {
  const parts = pieces.map(({ label, origin, kernel }) => ({
    label,
    origin,
    place: `${origin.layer} ${origin.role}`,
    tail: `${origin.role} ${kernel.title}`,
  }));
  const others = parts.slice(1).map((part, index) => {
    const before = parts[index];
    if (part.place === before.place) return part.tail.slice(part.origin.role.length + 1);
    return part.tail === before.tail ? part.origin.layer : part.label;
  });
  return [parts[0].label, ...counted(others)].join(" + ");
}

/** Equal neighbours are counted: `sum`, `2 map`. */
function counted(names: readonly string[]): string[] {
  const runs: { name: string; times: number }[] = [];
  for (const name of names) {
    const last = runs.at(-1);
    if (last?.name === name) last.times++;
    else runs.push({ name, times: 1 });
  }
  return runs.map(({ name, times }) => (times === 1 ? name : `${times} ${name}`));
}
