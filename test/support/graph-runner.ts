/** @file Runs one graph on the GPU or in the reference interpreter, with real and complex tensors in and out. */

import { graphPlan } from "../../src/compiler/assemble/graph-plan.ts";
import type { Graph, Node, Tensor } from "../../src/compiler/graph/graph.ts";
import { GraphBuilder } from "../../src/compiler/graph/graph.ts";
import type { TensorType } from "../../src/compiler/graph/types.ts";
import type { Target } from "../../src/compiler/lower/target.ts";
import { baseline } from "../../src/compiler/lower/target.ts";
import { input } from "../../src/compiler/ops/leaves.ts";
import { asComplex, asReal } from "../../src/compiler/ops/view.ts";
import { interpret } from "../../src/compiler/reference/interpreter.ts";
import type { Device } from "../../src/runtime/index.ts";
import { openSession } from "../../src/runtime/index.ts";

const origin = { span: { start: 0, end: 0 }, layer: "test", role: "forward" } as const;

/**
 * A graph from a function of its inputs; results are called `y0`, `y1`, ... Programs exchange reals, so complex tensors
 * travel as pairs.
 */
export function graphOf(types: readonly TensorType[], body: (builder: GraphBuilder, inputs: readonly Node[]) => readonly Node[]): Graph {
  const builder = new GraphBuilder(origin);
  const inputs = types.map((type, index) => {
    if (type.dtype !== "c32") return input.build(builder, [], { name: `x${index}`, type });
    return asComplex(builder, input.build(builder, [], { name: `x${index}`, type: { shape: [...type.shape, 2], dtype: "f32" } }));
  });
  const results = body(builder, inputs).map((node, index) => ({
    name: `y${index}`,
    node: node.type.dtype === "c32" ? asReal(builder, node) : node,
    kind: "output" as const,
  }));
  return { name: "test", results };
}

/** Outputs in order; values are those of `x0`, `x1`, ... (complex as pairs). */
export async function runOnGpu(
  device: Device,
  graph: Graph,
  values: readonly ArrayLike<number>[],
  target: Target = baseline,
): Promise<readonly Float32Array[]> {
  const plan = graphPlan(graph, target);
  const session = await openSession(plan, device);
  try {
    const inputs = Object.fromEntries(
      plan.programs["test"].inputs.map((tensor) => {
        const given = values[Number(tensor.name.slice(1))];
        return [tensor.name, tensor.dtype === "i32" ? Int32Array.from(given) : Float32Array.from(given)];
      }),
    );
    const outputs = await session.run("test", inputs);
    return graph.results.map((result) => outputs[result.name]);
  } finally {
    await session.close();
  }
}

export function runReference(graph: Graph, types: readonly TensorType[], values: readonly ArrayLike<number>[]): readonly Float64Array[] {
  const tensors = new Map<string, Tensor>(types.map((type, index) => [`x${index}`, { ...type, data: Float64Array.from(values[index]) }]));
  const results = interpret(graph, { inputs: tensors, params: new Map() });
  return graph.results.map((result) => results.get(result.name)?.data ?? new Float64Array());
}
