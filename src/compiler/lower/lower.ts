/** @file Lowers one graph to a list of dispatches over virtual and fixed memory. */

import {
  gradientResult,
  gradsArena,
  inputBuffer,
  outputBuffer,
  paramsArena,
  parseState,
  slabGradsArena,
  stateArena,
} from "../../plan/names.ts";
import { bug } from "../diagnostics/diagnostic.ts";
import type { Graph, Node, Result } from "../graph/graph.ts";
import { topological } from "../graph/graph.ts";
import type { Origin, TensorType } from "../graph/types.ts";
import { sizeBytes } from "../graph/types.ts";
import { usesIn } from "../graph/uses.ts";
import { accumulate } from "../ops/accumulate.ts";
import { extra as extraOp } from "../ops/extra.ts";
import { input as inputOp, parameter } from "../ops/leaves.ts";
import type { MapAttrs } from "../ops/map.ts";
import { elementOf, map } from "../ops/map.ts";
import type { DispatchPass, Rewrite } from "../passes/pass.ts";
import type { Kernel, LowerContext, Ref, Storage } from "./context.ts";
import { plainPort } from "./context.ts";
import type { Job } from "./job.ts";
import { beside, labelOf, usesOf } from "./job.ts";
import type { Target } from "./target.ts";
import type { Dependences } from "./verify.ts";
import { verifyJobs } from "./verify.ts";
import type { EmittedKernel } from "./wgsl.ts";
import { emitJob } from "./wgsl.ts";

export interface Dispatch extends EmittedKernel {
  readonly label: string;
  readonly origin: Origin;
}

/** Where the arenas keep each parameter. */
export interface ArenaLayout {
  readonly offsetBytes: ReadonlyMap<string, number>;
  readonly sizeBytes: number;
}

interface LoweredInput {
  readonly name: string;
  readonly type: TensorType;
  readonly buffer: string;
  readonly slabs: "rows" | undefined;
}

interface LoweredOutput {
  readonly name: string;
  readonly type: TensorType;
  readonly buffer: string;
  readonly offsetBytes: number;
  readonly slabs: Result["slabs"];
}

export interface LoweredProgram {
  readonly name: string;
  readonly dispatches: readonly Dispatch[];
  /** How many of these run for each slab of a batch; the others run after the last. */
  readonly eachSlab: number;
  readonly inputs: readonly LoweredInput[];
  readonly outputs: readonly LoweredOutput[];
  /** Fixed buffers this program needs, with their sizes. */
  readonly buffers: ReadonlyMap<string, number>;
}

/** @param passes what puts dispatches together; `note` hears of it */
export function lowerGraph(
  graph: Graph,
  layout: ArenaLayout,
  stateCount: number,
  target: Target,
  passes: readonly DispatchPass[] = [],
  note: (rewrite: Rewrite) => void = () => {},
): LoweredProgram {
  return new Lowering(graph, layout, stateCount, target).run((jobs, buffers) => {
    const verified = (current: readonly Job[], after: string, before?: Dependences): Dependences =>
      verifyJobs(current, { program: graph.name, after, buffers }, before);
    const dependences = verified(jobs, "lower");
    return passes.reduce((current, pass) => {
      const merged = pass.run(current, { target, note: (rewrite) => note({ pass: pass.name, ...rewrite }) });
      verified(merged, pass.name, dependences);
      return merged;
    }, jobs);
  });
}

/** Puts dispatches together; it is told how large the fixed buffers are. */
type Merge = (jobs: readonly Job[], buffers: ReadonlyMap<string, number>) => readonly Job[];

class Lowering {
  readonly #graph: Graph;
  readonly #layout: ArenaLayout;
  readonly #target: Target;
  readonly #refs = new Map<Node, Ref>();
  /** Further results that something reads, by the node that makes them. */
  readonly #extras = new Map<Node, (Ref | undefined)[]>();
  readonly #placed = new Map<Node, Storage>();
  readonly #jobs: Job[] = [];
  readonly #inputs: LoweredInput[] = [];
  readonly #buffers = new Map<string, number>();
  /** Where gradients are computed; `grads` holds what is read. */
  readonly #gradients: typeof gradsArena | typeof slabGradsArena;
  #eachSlab: number | undefined;
  #nextVirtual = 0;

  constructor(graph: Graph, layout: ArenaLayout, stateCount: number, target: Target) {
    this.#graph = graph;
    this.#layout = layout;
    this.#target = target;
    this.#gradients = graph.results.some(({ node }) => accumulate.match(node) !== undefined) ? slabGradsArena : gradsArena;
    for (const arena of [
      paramsArena,
      ...new Set([gradsArena, this.#gradients]),
      ...Array.from({ length: stateCount }, (_, index) => stateArena(index)),
    ])
      this.#buffers.set(arena, layout.sizeBytes);
  }

  run(merge: Merge): LoweredProgram {
    const order = topological(this.#graph);
    const copies = this.#placeResults();
    for (const node of order) {
      const extra = extraOp.match(node);
      if (extra !== undefined) this.#wantExtra(node, node.inputs[0], extra.index);
    }
    for (const node of order) {
      this.#node(node);
      for (const result of copies.get(node) ?? []) this.#copy(node, result);
      if (accumulate.match(node) !== undefined) this.#eachSlab = this.#jobs.length;
    }
    const eachSlab = this.#eachSlab ?? this.#jobs.length;
    const ofSlabs = virtualIds(this.#jobs.slice(0, eachSlab));
    if ([...virtualIds(this.#jobs.slice(eachSlab))].some((id) => ofSlabs.has(id)))
      bug("what runs after all slabs reads a value of the last");
    const outputs = this.#graph.results.flatMap((result) => {
      if (result.kind === "effect") return [];
      const { buffer, offsetBytes } = this.#resultPlace(result);
      const [name, from] = result.kind === "gradient" ? [gradientResult(result.name), gradsArena] : [result.name, buffer];
      return [{ name, type: result.node.type, buffer: from, offsetBytes, slabs: result.slabs }];
    });
    const [repeated, final] = [this.#jobs.slice(0, eachSlab), this.#jobs.slice(eachSlab)].map((jobs) => merge(jobs, this.#buffers));
    const dispatches = [...repeated, ...final].map((job) => this.#emit(job));
    return { name: this.#graph.name, dispatches, eachSlab: repeated.length, inputs: this.#inputs, outputs, buffers: this.#buffers };
  }

  #resultPlace(result: Result): Storage & { kind: "fixed" } {
    const bytes = Math.max(4, sizeBytes(result.node.type));
    if (result.kind === "gradient") {
      const offsetBytes = this.#layout.offsetBytes.get(result.name) ?? bug(`no place for the gradient of ${result.name}`);
      return { kind: "fixed", buffer: this.#gradients, offsetBytes, sizeBytes: bytes };
    }
    const buffer = outputBuffer(result.name);
    this.#buffers.set(buffer, Math.max(this.#buffers.get(buffer) ?? 0, bytes));
    return { kind: "fixed", buffer, offsetBytes: 0, sizeBytes: bytes };
  }

  /**
   * A value that is a result is computed right in its place. Where that cannot be (a leaf, a second result of one value,
   * a gradient that others read or that several tensors have: one buffer may not be read and written in one dispatch) it is
   * copied there.
   */
  #placeResults(): Map<Node, Result[]> {
    const uses = usesIn(this.#graph);
    const isRead = (node: Node): boolean =>
      uses
        .readers(node)
        .some((reader) =>
          reader.op.view === true ? isRead(reader) : reader.op.readsArena !== true && extraOp.match(reader) === undefined,
        );
    const owners = new Map<Node, number>();
    for (const { kind, node } of this.#graph.results)
      if (kind === "gradient") owners.set(viewRoot(node), (owners.get(viewRoot(node)) ?? 0) + 1);
    const copies = new Map<Node, Result[]>();
    for (const result of this.#graph.results) {
      if (result.kind === "effect") continue;
      const root = viewRoot(result.node);
      const leaf = inputOp.match(root) !== undefined || parameter.match(root) !== undefined;
      const elsewhere = result.kind === "gradient" && (isRead(root) || (owners.get(root) ?? 0) > 1);
      if (leaf || this.#placed.has(root) || elsewhere) copies.set(result.node, [...(copies.get(result.node) ?? []), result]);
      else this.#placed.set(root, this.#resultPlace(result));
    }
    return copies;
  }

  #copy(node: Node, result: Result): void {
    const attrs: MapAttrs = { shape: node.type.shape, value: elementOf(node.type, 0), complex: node.type.dtype === "c32" };
    const from = this.#refs.get(node) ?? bug("copy of a value that does not exist");
    const to: Ref = { storage: this.#resultPlace(result), type: node.type };
    map.lower?.(this.#context(node.origin, map.formula, [from], to, []), attrs, node.type);
  }

  #node(node: Node): void {
    const leaf = inputOp.match(node);
    const param = parameter.match(node);
    const extra = extraOp.match(node);
    if (leaf !== undefined) {
      const buffer = inputBuffer(leaf.name);
      const bytes = Math.max(4, sizeBytes(node.type));
      this.#buffers.set(buffer, bytes);
      if (!this.#inputs.some((known) => known.name === leaf.name))
        this.#inputs.push({ name: leaf.name, type: node.type, buffer, slabs: leaf.perImage === true ? "rows" : undefined });
      this.#refs.set(node, { storage: { kind: "fixed", buffer, offsetBytes: 0, sizeBytes: bytes }, type: node.type });
    } else if (param !== undefined) {
      this.#refs.set(node, { storage: this.#parameterPlace(param.path, node.type), type: node.type });
    } else if (extra !== undefined) {
      this.#refs.set(node, this.#extras.get(node.inputs[0])?.[extra.index] ?? bug("a further result that nothing made"));
    } else if (node.op.view === true) {
      const source = this.#refs.get(node.inputs[0]) ?? bug("view of a value that does not exist");
      this.#refs.set(node, { storage: source.storage, type: node.type });
    } else {
      const output: Ref = { storage: this.#placed.get(node) ?? this.#virtual(node.type), type: node.type };
      const inputs = node.inputs.map((operand) => this.#refs.get(operand) ?? bug(`%${operand.id} is read before it is computed`));
      const lower = node.op.lower ?? bug(`${node.op.name} has no kernel`);
      lower(
        this.#context(node.origin, `${node.op.name}: ${node.op.formula}`, inputs, output, this.#extras.get(node) ?? []),
        node.attrs,
        node.type,
      );
      this.#refs.set(node, output);
    }
  }

  #wantExtra(node: Node, maker: Node, index: number): void {
    const { type } = node;
    const wanted = this.#extras.get(maker) ?? [];
    wanted[index] = { storage: this.#placed.get(node) ?? this.#virtual(type), type };
    this.#extras.set(maker, wanted);
  }

  #parameterPlace(path: string, type: TensorType): Storage {
    const tensor = parseState(path) ?? { arena: paramsArena, path };
    const offsetBytes = this.#layout.offsetBytes.get(tensor.path) ?? bug(`no place for ${path}`);
    return { kind: "fixed", buffer: tensor.arena, offsetBytes, sizeBytes: sizeBytes(type) };
  }

  #virtual(type: TensorType): Storage {
    return { kind: "virtual", id: this.#nextVirtual++, sizeBytes: Math.max(4, sizeBytes(type)) };
  }

  #emit(job: Job): Dispatch {
    const emitted = emitJob(job, this.#target);
    const label = labelOf(job);
    if (emitted.access.filter((access) => access !== "uniform").length > this.#target.storageBuffers)
      bug(`${label} binds more than ${this.#target.storageBuffers} storage buffers`);
    if (emitted.workgroupBytes > this.#target.workgroupBytes)
      bug(`${label} takes ${emitted.workgroupBytes} bytes of workgroup memory, the target allows ${this.#target.workgroupBytes}`);
    return { ...emitted, label, origin: job.pieces[0].origin };
  }

  #context(origin: Origin, formula: string, inputs: readonly Ref[], output: Ref, extras: readonly (Ref | undefined)[]): LowerContext {
    const add = (kernel: Kernel): void => {
      this.#jobs.push(
        beside([[{ id: this.#jobs.length, kernel, formula, label: `${origin.layer} ${origin.role} ${kernel.title}`, origin }]]),
      );
    };
    return {
      inputs: inputs.map(plainPort),
      output: plainPort(output),
      extras: extras.map((ref) => (ref === undefined ? undefined : plainPort(ref))),
      origin,
      target: this.#target,
      elements: add,
      groups: add,
      scratch: (type) => ({ storage: this.#virtual(type), type }),
      arena: (name) => {
        const bytes = this.#buffers.get(name) ?? bug(`no arena ${name}`);
        return { storage: { kind: "fixed", buffer: name, offsetBytes: 0, sizeBytes: bytes }, type: { shape: [bytes / 4], dtype: "f32" } };
      },
    };
  }
}

function virtualIds(jobs: readonly Job[]): ReadonlySet<number> {
  return new Set(jobs.flatMap(usesOf).flatMap(({ storage }) => (storage.kind === "virtual" ? [storage.id] : [])));
}

function viewRoot(node: Node): Node {
  let root = node;
  while (root.op.view === true) root = root.inputs[0];
  return root;
}
