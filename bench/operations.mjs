/** @file Single operations of the peers' case W4 as graphs of one node: real FFT, matrix product, convolution. */

import { graphPlan } from "../dist/compiler/assemble/graph-plan.js";
import { GraphBuilder } from "../dist/compiler/graph/graph.js";
import { contract } from "../dist/compiler/ops/contract.js";
import { conv2d } from "../dist/compiler/ops/convolution.js";
import { rfft2 } from "../dist/compiler/ops/fft.js";
import { input } from "../dist/compiler/ops/leaves.js";
import { asReal } from "../dist/compiler/ops/view.js";
import { elementCount } from "../dist/plan/shape.js";
import { openSession } from "../dist/runtime/index.js";

const origin = { span: { start: 0, end: 0 }, layer: "bench", role: "forward" };

/** The work of one operation: input shapes, seeded values, graph, and the reference's name. */
function describe(work, operation) {
  const leaf = (builder, name, shape) => input.build(builder, [], { name, type: { shape, dtype: "f32" } });
  const values = (seed, shape) => work.uniform(seed, elementCount(shape));
  if (operation.kind === "rfft2") {
    const shape = [operation.count, operation.size, operation.size];
    return {
      check: `op-rfft2-${operation.size}`,
      inputs: { x: values(11, shape) },
      build: (b) => asReal(b, rfft2.build(b, [leaf(b, "x", shape)], { weighted: false })),
    };
  }
  if (operation.kind === "matmul") {
    const shape = [operation.size, operation.size];
    return {
      check: "op-matmul",
      inputs: { x: values(12, shape), y: values(13, shape) },
      build: (b) => contract(b, "ij,jk->ik", [leaf(b, "x", shape), leaf(b, "y", shape)]),
    };
  }
  const x = [operation.batch, operation.cin, operation.size, operation.size];
  const w = [operation.cout, operation.cin, 3, 3];
  const attrs = { stride: [1, 1], before: [1, 1], after: [1, 1], wrap: false };
  return {
    check: "op-conv",
    inputs: { x: values(14, x), y: values(15, w) },
    build: (b) => conv2d.build(b, [leaf(b, "x", x), leaf(b, "y", w)], attrs),
  };
}

/** Times end when the queue is idle; the result is read back once, to be checked. */
export async function runOperation({ device, target }, work, operation) {
  const { build, inputs, check } = describe(work, operation);
  let session;
  const run = async (want) => {
    if (session === undefined) {
      const graph = { name: "op", results: [{ name: "y", node: build(new GraphBuilder(origin)), kind: "output" }] };
      session = await openSession(graphPlan(graph, target), device);
    }
    return session.run("op", inputs, want);
  };
  const times = await work.time(() => run([]));
  const { y } = await run(["y"]);
  const before = { ...device.counters };
  await run([]);
  const perRun = { dispatches: device.counters.dispatches - before.dispatches, submits: device.counters.submits - before.submits };
  await session.close();
  return { ...times, perRun, check: { out: work.check(check, y) } };
}
