/** @file The Graph: an immutable, typed DAG of operations; its builder and printer. */

import { elementCount } from "../../plan/shape.ts";
import { bug } from "../diagnostics/diagnostic.ts";
import type { LowerContext } from "../lower/context.ts";
import type { Dtype, Origin, TensorType } from "./types.ts";
import { printType } from "./types.ts";

/** A value of the reference interpreter: f64, row-major; complex interleaved, so `data` is twice as long. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly dtype: Dtype;
  readonly data: Float64Array;
  /** The further results of an op that has some. */
  readonly extras?: readonly Tensor[];
}

/** An example call for the conformance tests of an op: GPU = reference, adjoint = dot-product test. */
export interface Sample<A> {
  readonly title: string;
  readonly attrs: A;
  readonly inputs: readonly TensorType[];
  /** Draws input values; default: standard normal. `i32` inputs must be given. */
  readonly draw?: (input: number, element: number, normal: () => number) => number;
  /** Relative to the largest magnitude of the reference output (docs/numerics.md#tolerances). */
  readonly tolerance: number;
}

/** Those of an op stand in its file beside it, and not in it: programs that compile need none. */
export type Samples<A> = () => readonly Sample<A>[];

/**
 * The gradient with respect to one input, of that input's type. `zero`: wanted, and it is zero everywhere, as that of a step
 * function. Undefined: not wanted.
 */
type InputGradient = Node | "zero" | undefined;

/** Gradients with respect to the inputs, in graph nodes. `dy` has the type of the result; complex gradients are dL/dRe + i dL/dIm. */
export type Adjoint<A> = (builder: GraphBuilder, dy: Node, node: Node, attrs: A, wanted: readonly boolean[]) => readonly InputGradient[];

/** One op, one file: everything specc knows about one operation. */
export interface OpDefinition<A> {
  readonly name: string;
  /** One line with the fixed shape letters; the first comment of the shader. */
  readonly formula: string;
  /** The result's type; calls `bug()` on inputs that elaboration must have refused. */
  readonly shape: (inputs: readonly TensorType[], attrs: A) => TensorType;
  /** `none`: nothing that a loss depends on goes through this op; to differentiate it is a bug. */
  readonly adjoint: Adjoint<A> | "none";
  /** The obvious f64 loop: the oracle. */
  readonly reference: (inputs: readonly Tensor[], attrs: A, type: TensorType) => Tensor;
  /** Emits kernels. Views have none: their result is their input's memory. */
  readonly lower?: (context: LowerContext, attrs: A, type: TensorType) => void;
  readonly view?: true;
  /** Types of further results that are made along with the first; `extra` nodes (ops/extra.ts) name them. */
  readonly extras?: (inputs: readonly TensorType[], attrs: A) => readonly TensorType[];
  /** Kernels that read or write memory as it is, four numbers at a time: no element-wise work melts into that side. */
  readonly plainInputs?: true;
  readonly plainOutput?: true;
  /** Writes arenas in place (optimizer): kept although nothing reads it, and has no memory of its own. */
  readonly effect?: true;
  /** Reads gradients where they lie in the arena `grads`, whatever it is handed. */
  readonly readsArena?: true;
  /** How often each element of an input is read: fusion asks `cost(expr) * reuse <= limit`. */
  readonly reuse: (inputs: readonly TensorType[], attrs: A, input: number) => number;
  readonly flops: (inputs: readonly TensorType[], attrs: A, type: TensorType) => number;
  /** Attributes in printed form: equal text means equal meaning (CSE relies on it). */
  readonly print: (attrs: A) => string;
}

/** An op with its attributes' type hidden, as graphs hold it. */
export type Op = OpDefinition<unknown>;

/** The one place that forgets the attributes' type: nodes are only built through `build`, which checks it. */
export interface TypedOp<A> extends Op {
  readonly build: (builder: GraphBuilder, inputs: readonly Node[], attrs: A) => Node;
  /** The attributes when `node` is of this op. */
  readonly match: (node: Node) => A | undefined;
}

export function defineOp<A>(definition: OpDefinition<A>): TypedOp<A> {
  const op: TypedOp<A> = {
    ...(definition as unknown as Op),
    build: (builder, inputs, attrs) => builder.node(op, inputs, attrs),
    match: (node) => (node.op === op ? (node.attrs as A) : undefined),
  };
  return op;
}

export interface Node {
  readonly id: number;
  readonly op: Op;
  readonly inputs: readonly Node[];
  readonly attrs: unknown;
  readonly type: TensorType;
  readonly origin: Origin;
}

/** A value that leaves the graph. */
export interface Result {
  readonly name: string;
  readonly node: Node;
  /** `output`: a buffer that the host reads; `gradient`: its place in the arena `grads`; `effect`: done for its effect. */
  readonly kind: "output" | "gradient" | "effect";
  /** What the slabs of a batch have of it: its rows, one for each image, or terms of a sum. Undefined: it is made after all slabs. */
  readonly slabs?: "rows" | "sum";
}

export interface Graph {
  readonly name: string;
  readonly results: readonly Result[];
}

export class GraphBuilder {
  #next: number;
  #origin: Origin;

  constructor(origin: Origin, firstId = 0) {
    this.#origin = origin;
    this.#next = firstId;
  }

  /** Continues `graph`: what it builds has ids of its own. */
  static after(graph: Graph, origin: Origin): GraphBuilder {
    return new GraphBuilder(
      origin,
      topological(graph).reduce((most, { id }) => Math.max(most, id + 1), 0),
    );
  }

  /** Runs `body` with nodes marked as coming from `origin`. */
  at<T>(origin: Origin, body: () => T): T {
    const previous = this.#origin;
    this.#origin = origin;
    try {
      return body();
    } finally {
      this.#origin = previous;
    }
  }

  /** The shape rule runs at once, so an untyped node cannot exist. */
  node(op: Op, inputs: readonly Node[], attrs: unknown): Node {
    const type = op.shape(
      inputs.map((input) => input.type),
      attrs,
    );
    return { id: this.#next++, op, inputs, attrs, type, origin: this.#origin };
  }
}

/** All nodes that the results need, each after its inputs. */
export function topological(graph: Graph): readonly Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>();
  // An explicit stack: a long chain of layers must not overflow the call stack.
  const stack: { readonly node: Node; next: number }[] = [];
  for (const result of graph.results) {
    if (!seen.has(result.node)) stack.push({ node: result.node, next: 0 });
    seen.add(result.node);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const input = top.node.inputs[top.next++];
      if (input === undefined) {
        order.push(top.node);
        stack.pop();
      } else if (!seen.has(input)) {
        seen.add(input);
        stack.push({ node: input, next: 0 });
      }
    }
  }
  return order;
}

/**
 * Rebuilds a graph bottom-up. `change` sees each node with its new inputs and returns what replaces it, or undefined where it stays;
 * `rebuilt` gives the new node of any that came before.
 */
export function rewrite(
  graph: Graph,
  change: (node: Node, inputs: readonly Node[], builder: GraphBuilder, rebuilt: (node: Node) => Node) => Node | undefined,
): Graph {
  const order = topological(graph);
  // The program that gives a network's filter planes, where there are none.
  if (order.length === 0) return graph;
  const replaced = new Map<Node, Node>();
  const rebuilt = (node: Node): Node => replaced.get(node) ?? bug(`node %${node.id} used before it was rebuilt`);
  const builder = GraphBuilder.after(graph, order[0].origin);
  for (const node of order) {
    const inputs = node.inputs.map(rebuilt);
    const next = builder.at(node.origin, () => change(node, inputs, builder, rebuilt));
    replaced.set(node, next ?? withInputs(node, inputs));
  }
  return { ...graph, results: graph.results.map((result) => ({ ...result, node: rebuilt(result.node) })) };
}

/** The place of `input` in `inputs`, which takes it up if it is new. */
export function placeIn(inputs: Node[], input: Node): number {
  const known = inputs.indexOf(input);
  return known >= 0 ? known : inputs.push(input) - 1;
}

/** The same node on other inputs of the same types; the node itself when they are the same. */
export function withInputs(node: Node, inputs: readonly Node[]): Node {
  return inputs.every((input, index) => input === node.inputs[index]) ? node : { ...node, inputs };
}

export function emptyTensor(type: TensorType): Tensor {
  return { ...type, data: new Float64Array(elementCount(type.shape) * (type.dtype === "c32" ? 2 : 1)) };
}

/** One line a node, in the order of computation: what `--emit graph` and `--dump` show. */
export function printGraph(graph: Graph): string {
  const order = topological(graph);
  const names = new Map(order.map((node, index) => [node, `%${index}`]));
  const nameOf = (node: Node): string => names.get(node) ?? "%?";
  const lines = order.map((node) => {
    const attrs = node.op.print(node.attrs);
    const call = `${node.op.name}(${node.inputs.map(nameOf).join(", ")})${attrs === "" ? "" : ` {${attrs}}`}`;
    return `  ${nameOf(node)}: ${printType(node.type)} = ${call}  # ${node.origin.layer} ${node.origin.role}`;
  });
  const results = graph.results.map((result) => `  ${result.kind} ${result.name} = ${nameOf(result.node)}`);
  return [`graph ${graph.name} {`, ...lines, ...results, "}", ""].join("\n");
}
