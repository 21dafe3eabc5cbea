/** @file `--device cpu`: the session interface of the runtime, run by the reference interpreter in f64. */

import { parseState, stateTensor } from "../../plan/names.ts";
import type { Plan, PlanParam } from "../../plan/plan.ts";
import { elementCount } from "../../plan/shape.ts";
import type { Compiled } from "../compile.ts";
import { bug } from "../diagnostics/diagnostic.ts";
import type { Graph, Tensor } from "../graph/graph.ts";
import { topological } from "../graph/graph.ts";
import { input as inputOp } from "../ops/leaves.ts";
import { update } from "../ops/update.ts";
import { interpret } from "./interpreter.ts";

/** Has the shape of the runtime's `Session`; parameters and moments are kept in f32, as a device would. */
export class ReferenceSession {
  readonly plan: Plan;
  readonly adapterName: string = "CPU reference (f64, no WebGPU)";
  readonly #graphs: ReadonlyMap<string, Graph>;
  readonly #params = new Map<string, Tensor>();
  #queue: Promise<unknown> = Promise.resolve();

  constructor(compiled: Compiled) {
    if (compiled.slabs !== undefined) bug("the reference interpreter takes whole batches");
    this.plan = compiled.plan;
    this.#graphs = compiled.graphs;
    for (const param of compiled.plan.params) {
      this.#set(param.path, param, new Float32Array(elementCount(param.shape)));
      for (let index = 0; index < compiled.plan.stateCount; index++)
        if (param.trained) this.#set(stateTensor(index, param.path), param, new Float32Array(elementCount(param.shape)));
    }
  }

  async writeParams(values: ReadonlyMap<string, Float32Array>): Promise<void> {
    this.#write(values, (path) => parseState(path) === undefined);
  }

  async readParams(): Promise<Map<string, Float32Array>> {
    return this.#read((path) => parseState(path) === undefined);
  }

  async writeState(values: ReadonlyMap<string, Float32Array>): Promise<void> {
    this.#write(values, (path) => parseState(path) !== undefined);
  }

  async readState(): Promise<Map<string, Float32Array>> {
    return this.#read((path) => parseState(path) !== undefined);
  }

  /** One program on the values as they are when its turn comes: calls run in order, like submits on a queue. */
  run(
    program: string,
    inputs: Readonly<Record<string, Float32Array | Int32Array | Uint32Array>>,
    want?: readonly string[],
  ): Promise<Readonly<Record<string, Float32Array>>> {
    const result = this.#queue.then(() => this.#run(program, inputs, want));
    this.#queue = result.catch(() => undefined);
    return result;
  }

  async close(): Promise<void> {
    await this.#queue;
    this.#params.clear();
  }

  #run(
    program: string,
    inputs: Readonly<Record<string, Float32Array | Int32Array | Uint32Array>>,
    want: readonly string[] | undefined,
  ): Readonly<Record<string, Float32Array>> {
    const graph = this.#graphs.get(program) ?? bug(`no program ${program}`);
    const values = new Map<string, Tensor>();
    for (const node of topological(graph)) {
      const leaf = inputOp.match(node);
      if (leaf === undefined) continue;
      const given = inputs[leaf.name] ?? bug(`program ${program} needs the input ${leaf.name}`);
      values.set(leaf.name, { ...node.type, data: Float64Array.from(given) });
    }
    const results = interpret(graph, { inputs: values, params: this.#params });
    for (const result of graph.results) if (result.kind === "effect") this.#apply(graph, result.name, results);
    const names = want ?? [...results.keys()].filter((name) => name !== "update");
    return Object.fromEntries(
      names.map((name) => [name, Float32Array.from((results.get(name) ?? bug(`program ${program} has no output ${name}`)).data)]),
    );
  }

  #apply(graph: Graph, name: string, results: ReadonlyMap<string, Tensor>): void {
    const node = graph.results.find((result) => result.name === name)?.node ?? bug(`no effect ${name}`);
    const attrs = update.match(node) ?? bug(`unknown effect ${node.op.name}`);
    const { data } = results.get(name) ?? bug(`no value for ${name}`);
    let end = 0;
    for (const tensor of attrs.tensors) {
      const paths = [tensor.path, ...attrs.states.map((_, index) => stateTensor(index, tensor.path))];
      for (const path of paths) {
        const old = this.#params.get(path) ?? bug(`no tensor ${path}`);
        this.#params.set(path, { ...old, data: rounded(data.subarray(end, end + tensor.elementCount)) });
        end += tensor.elementCount;
      }
    }
  }

  #set(path: string, param: PlanParam, values: Float32Array): void {
    this.#params.set(path, { shape: param.shape, dtype: "f32", data: Float64Array.from(values) });
  }

  #write(values: ReadonlyMap<string, Float32Array>, own: (path: string) => boolean): void {
    for (const [path, old] of this.#params) {
      if (!own(path)) continue;
      const given = values.get(path);
      if (given === undefined) throw new Error(`no values for ${path} (shape ${old.shape.join("x")})`);
      if (given.length !== old.data.length)
        throw new Error(`${path} has ${given.length} numbers, the network wants ${old.data.length} (shape ${old.shape.join("x")})`);
    }
    for (const path of values.keys()) if (!this.#params.has(path)) throw new Error(`the network has no tensor ${path}`);
    for (const [path, given] of values) {
      const old = this.#params.get(path) ?? bug(`no tensor ${path}`);
      this.#params.set(path, { ...old, data: Float64Array.from(given) });
    }
  }

  #read(own: (path: string) => boolean): Map<string, Float32Array> {
    return new Map([...this.#params].filter(([path]) => own(path)).map(([path, tensor]) => [path, Float32Array.from(tensor.data)]));
  }
}

/** To f32 and back. */
function rounded(values: Float64Array): Float64Array {
  return Float64Array.from(Float32Array.from(values));
}
