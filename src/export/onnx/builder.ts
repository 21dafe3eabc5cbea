/** @file Builds an ONNX graph: real tensors, nodes that are shared where they are equal, constants that are kept where they are used. */

import { bug } from "../../compiler/diagnostics/diagnostic.ts";
import { elementCount } from "../../plan/shape.ts";
import type { OnnxAttribute, OnnxNode, OnnxTensor } from "./proto.ts";

/** A real tensor. A size of -1 is the number of images, which is known at run time; at most one axis has it. */
export interface Value {
  readonly name: string;
  readonly shape: readonly number[];
  /** Row-major; undefined: computed. */
  readonly constant?: Float32Array;
}

/** A complex tensor: ONNX has none that runtimes compute with. */
export interface Pair {
  readonly re: Value;
  readonly im: Value;
}

export type Operand = Value | Pair;

export function isPair(operand: Operand): operand is Pair {
  return "re" in operand;
}

export type Attributes = Readonly<Record<string, number | readonly number[]>>;

export class OnnxBuilder {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: OnnxTensor[] = [];
  /** The layer that nodes are made for; part of their names. */
  layer = "";
  /** An optional input that is left out. */
  readonly absent: Value = { name: "", shape: [] };
  readonly #taken = new Map<string, number>();
  readonly #known = new Map<string, readonly Value[]>();
  readonly #constants = new Map<string, Value>();
  /** Constants that were given one name. */
  readonly #numbered = new Map<string, readonly Value[]>();
  readonly #written = new Set<string>();

  /** `name`, or with a number behind it where that is taken. */
  unique(name: string): string {
    const count = (this.#taken.get(name) ?? 0) + 1;
    this.#taken.set(name, count);
    return count === 1 ? name : this.unique(`${name}_${count}`);
  }

  /** A node with one result, or the result of an equal one. */
  node(op: string, inputs: readonly Value[], shape: readonly number[], attributes: Attributes = {}): Value {
    return this.nodeOf(op, inputs, [shape], attributes)[0];
  }

  nodeOf(op: string, inputs: readonly Value[], shapes: readonly (readonly number[])[], attributes: Attributes = {}): readonly Value[] {
    const key = `${op} ${inputs.map(({ name }) => name).join(" ")} ${JSON.stringify(attributes)} ${JSON.stringify(shapes)}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const name = this.unique(`${this.layer}/${op}`);
    const results = shapes.map((shape, index): Value => ({ name: shapes.length === 1 ? name : `${name}.${index}`, shape }));
    this.name(op, inputs, results, attributes, name);
    this.#known.set(key, results);
    return results;
  }

  /** A node whose results are called as they are. */
  name(op: string, inputs: readonly Value[], results: readonly Value[], attributes: Attributes = {}, name: string = results[0].name): void {
    for (const input of inputs) this.#keep(input);
    this.nodes.push({
      name,
      opType: op,
      input: inputs.map((input) => input.name),
      output: results.map((result) => result.name),
      attribute: Object.entries(attributes).map(attributeOf),
    });
  }

  /** The uses of a shared layer have one constant. */
  constant(name: string, shape: readonly number[], data: Float32Array): Value {
    const others = this.#numbered.get(name) ?? [];
    const same = others.find(
      ({ shape: sizes, constant }) => sizes.join() === shape.join() && data.every((element, i) => element === constant?.[i]),
    );
    if (same !== undefined) return same;
    const made = { name: this.unique(name), shape, constant: data };
    this.#numbered.set(name, [...others, made]);
    return made;
  }

  /** One constant for each name, such as the tables of a transform. */
  table(name: string, shape: readonly number[], make: () => Float32Array): Value {
    const known = this.#constants.get(name);
    if (known !== undefined) return known;
    const made = this.constant(name, shape, make());
    this.#constants.set(name, made);
    return made;
  }

  scalar(value: number): Value {
    const largest = 3.4028234663852886e38;
    const rounded = Math.fround(Math.min(Math.max(value, -largest), largest));
    return this.table(`${rounded}`, [], () => Float32Array.of(rounded));
  }

  /** A list of integers: shapes, axes, starts. */
  integers(values: readonly number[]): Value {
    return this.#integers(`[${values.join(",")}]`, [values.length], values);
  }

  integer(value: number): Value {
    return this.#integers(`i ${value}`, [], [value]);
  }

  #integers(name: string, shape: readonly number[], values: readonly number[]): Value {
    if (!this.#written.has(name)) {
      this.#written.add(name);
      const data = BigInt64Array.from(values, BigInt);
      this.initializers.push({ name, dims: shape.map(BigInt), dataType: 7, rawData: new Uint8Array(data.buffer) });
    }
    return { name, shape };
  }

  /** Results that no node makes: the inputs of the graph. */
  input(name: string, shape: readonly number[]): Value {
    return { name: this.unique(name), shape };
  }

  #keep({ name, shape, constant }: Value): void {
    if (constant === undefined || this.#written.has(name)) return;
    this.#written.add(name);
    if (constant.length !== elementCount(shape)) bug(`onnx: ${name} has ${constant.length} numbers for ${shape.join("x")}`);
    this.initializers.push({
      name,
      dims: shape.map(BigInt),
      dataType: 1,
      rawData: new Uint8Array(constant.buffer, constant.byteOffset, constant.byteLength),
    });
  }
}

function attributeOf([name, value]: readonly [string, number | readonly number[]]): OnnxAttribute {
  return typeof value === "number" ? { name, type: 2, i: BigInt(value) } : { name, type: 7, ints: value.map(BigInt) };
}
