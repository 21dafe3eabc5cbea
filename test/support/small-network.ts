/** @file Small networks with drawn parameters and inputs, run in f64 by the reference interpreter or in f32 on a device. */

import type { ProgramKind } from "../../src/compiler/build.ts";
import type { Compiled, CompileOptions } from "../../src/compiler/compile.ts";
import { compileNetwork } from "../../src/compiler/compile.ts";
import type { Graph } from "../../src/compiler/graph/graph.ts";
import { interpret } from "../../src/compiler/reference/interpreter.ts";
import { ReferenceSession } from "../../src/compiler/reference/session.ts";
import type { Plan } from "../../src/plan/plan.ts";
import { elementCount } from "../../src/plan/shape.ts";
import type { Device, Session, TensorData } from "../../src/runtime/index.ts";
import { draw, initialiseParams, normalPair, openSession, rootKey, streamKey, streamTag } from "../../src/runtime/index.ts";
import { hostShape } from "../../src/runtime/slabs.ts";
import { networkOf } from "./gradient.ts";

export function compileText(text: string, options: CompileOptions = {}): Compiled {
  return compileNetwork(networkOf("small", text), options);
}

export function graphOfProgram(compiled: Compiled, kind: ProgramKind): Graph {
  const graph = compiled.graphs.get(kind);
  if (graph === undefined) throw new Error(`no program ${kind}`);
  return graph;
}

/** `count` standard normal numbers, the same for the same seed. */
export function normals(count: number, seed: number): Float32Array {
  const stream = streamKey(rootKey(seed), streamTag.noise, 0);
  return Float32Array.from({ length: count }, (_, index) => normalPair(draw(stream, index))[0]);
}

/** Starts of the network; what would start at a constant is moved off it, so that no gradient is zero by chance. */
export function drawParams(plan: Plan, seed = 1): Map<string, Float32Array> {
  const params = initialiseParams(plan, seed);
  plan.params.forEach(({ path, start }, index) => {
    const values = params.get(path);
    if (start.kind === "constant" && values !== undefined)
      params.set(
        path,
        values.map((value, i) => value + 0.3 * normals(values.length, seed + index + 1)[i]),
      );
  });
  return params;
}

/** Normal images, labels in turn, equal weights; for every input that the program has. */
export function drawInputs(plan: Plan, program: string, seed = 1): Record<string, TensorData> {
  const { inputs, slabs } = plan.programs[program];
  return Object.fromEntries(
    inputs.map((place): [string, TensorData] => {
      const { name } = place;
      const shape = hostShape(place, slabs);
      const count = elementCount(shape);
      if (name === "labels") return [name, Int32Array.from({ length: count }, (_, index) => index % Math.max(2, plan.input.outputs))];
      if (name === "weights") return [name, new Float32Array(count).fill(1 / count)];
      if (name === "step") return [name, Int32Array.of(3)];
      if (name === "positions") return [name, Int32Array.from({ length: count }, (_, index) => index)];
      return [name, normals(count, seed)];
    }),
  );
}

/** All results of one program in f64, gradients as `grad.PATH`. */
export function runInReference(
  compiled: Compiled,
  program: ProgramKind,
  params: ReadonlyMap<string, Float32Array>,
  inputs: Readonly<Record<string, TensorData>>,
): ReadonlyMap<string, Float64Array> {
  const { plan } = compiled;
  const places = new Map(plan.programs[program].inputs.map((place) => [place.name, place.shape]));
  const results = interpret(graphOfProgram(compiled, program), {
    inputs: new Map(
      Object.entries(inputs).map(([name, data]) => [
        name,
        { shape: places.get(name) ?? [], dtype: data instanceof Int32Array ? "i32" : "f32", data: Float64Array.from(data) },
      ]),
    ),
    params: new Map([...params].map(([path, values]) => [path, { shape: [values.length], dtype: "f32", data: Float64Array.from(values) }])),
  });
  return new Map([...results].map(([name, { data }]) => [name, data]));
}

export async function runOnDevice(
  compiled: Compiled,
  program: ProgramKind,
  device: Device,
  params: ReadonlyMap<string, Float32Array>,
  inputs: Readonly<Record<string, TensorData>>,
): Promise<ReadonlyMap<string, Float32Array>> {
  const session = await openSession(compiled.plan, device);
  try {
    await session.writeParams(params);
    return new Map(Object.entries(await session.run(program, inputs)));
  } finally {
    await session.close();
  }
}

/** With a session of its own, closed in the end. */
export async function onReference<T>(compiled: Compiled, action: (session: Session) => Promise<T>): Promise<T> {
  const session = new ReferenceSession(compiled);
  try {
    return await action(session);
  } finally {
    await session.close();
  }
}
