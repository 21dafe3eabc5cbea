import type { Graph } from "../../src/compiler/graph/graph.ts";
import { topological } from "../../src/compiler/graph/graph.ts";
import type { TensorType } from "../../src/compiler/graph/types.ts";
import { verify } from "../../src/compiler/graph/verify.ts";
import { baseline } from "../../src/compiler/lower/target.ts";
import type { Pass, Rewrite } from "../../src/compiler/passes/pass.ts";
import { elementCount } from "../../src/plan/shape.ts";
import { expectClose } from "./close.ts";
import { runReference } from "./graph-runner.ts";
import { normals } from "./small-network.ts";

export function run(pass: Pass, graph: Graph): { readonly graph: Graph; readonly notes: readonly Omit<Rewrite, "pass">[] } {
  const notes: Omit<Rewrite, "pass">[] = [];
  const result = pass.run(graph, { target: baseline, note: (rewrite) => notes.push(rewrite) });
  verify(result, pass.name);
  return { graph: result, notes };
}

export function opNames(graph: Graph): readonly string[] {
  return topological(graph).map((node) => node.op.name);
}

export function count(graph: Graph, op: string): number {
  return opNames(graph).filter((name) => name === op).length;
}

/** The pass leaves the values of a hand-made graph as they are; returns its graph and notes. */
export function expectUnchanged(pass: Pass, types: readonly TensorType[], graph: Graph): ReturnType<typeof run> {
  const result = run(pass, graph);
  const values = types.map((type, index) => normals(elementCount(type.shape) * (type.dtype === "c32" ? 2 : 1), index + 1));
  const [before, after] = [graph, result.graph].map((each) => runReference(each, types, values));
  before.forEach((wanted, index) => expectClose(after[index], wanted, { relative: 1e-12 }, `y${index}`));
  return result;
}
