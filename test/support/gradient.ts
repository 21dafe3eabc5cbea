/** @file One forward and backward pass of a program text, in the reference interpreter or on a device. */

import { compileNetwork } from "../../src/compiler/compile.ts";
import { elaborate } from "../../src/compiler/elaborate/elaborate.ts";
import type { Network } from "../../src/compiler/network/network.ts";
import { interpret } from "../../src/compiler/reference/interpreter.ts";
import { parse } from "../../src/compiler/syntax/parser.ts";
import type { Device } from "../../src/runtime/index.ts";
import { openSession } from "../../src/runtime/index.ts";
import type { FixtureTensor, NetworkFixture } from "./fixture.ts";

export interface GradientResult {
  readonly outputs: ArrayLike<number>;
  readonly loss: number;
  /** By weight path. */
  readonly gradients: ReadonlyMap<string, ArrayLike<number>>;
  /** Shapes that the compiler gave the parameters, by weight path. */
  readonly shapes: ReadonlyMap<string, readonly number[]>;
}

/** The network of a program that is right. Throws with the first diagnostic otherwise. */
export function networkOf(name: string, text: string): Network {
  const source = { name: `${name}.spec`, text };
  const parsed = parse(source);
  const { network, diagnostics, limitations } = elaborate(parsed.file, source, {});
  const errors = [...parsed.diagnostics, ...diagnostics].filter(({ severity }) => severity === "error");
  const problem = errors.map(({ code, title }) => `${code} ${title}`)[0] ?? limitations[0]?.message;
  if (network === undefined || problem !== undefined) throw new Error(`${name}: ${problem ?? "no network"}`);
  return network;
}

/** [B][H][W][C] -> [B][C][H][W]. */
function channelsFirst({ shape, data }: FixtureTensor): Float64Array {
  const [B, H, W, C] = shape;
  const result = new Float64Array(data.length);
  let end = 0;
  for (let b = 0; b < B; b++)
    for (let c = 0; c < C; c++) for (let pixel = 0; pixel < H * W; pixel++) result[end++] = data[(b * H * W + pixel) * C + c];
  return result;
}

function inputsOf(fixture: NetworkFixture): { readonly images: Float64Array; readonly labels: Int32Array; readonly weights: Float64Array } {
  const [B] = fixture.images.shape;
  return { images: channelsFirst(fixture.images), labels: fixture.labels, weights: new Float64Array(B).fill(1 / B) };
}

/**
 * Runs the program `gradient` in f64, on f64 inputs.
 * @param without names of optional passes to leave out
 */
export function gradientOnCpu(
  fixture: NetworkFixture,
  without: readonly string[] = [],
  network: Network = networkOf(fixture.name, fixture.spec),
): GradientResult {
  const { graphs, plan } = compileNetwork(network, { programs: ["gradient"], batch: fixture.images.shape[0], without });
  const graph = graphs.get("gradient");
  if (graph === undefined) throw new Error("no program `gradient`");
  const { images, labels, weights } = inputsOf(fixture);
  const [B] = fixture.images.shape;
  const inputs = new Map([
    ["images", { shape: fixture.images.shape, dtype: "f32", data: images }],
    ["labels", { shape: [B], dtype: "i32", data: Float64Array.from(labels) }],
    ["weights", { shape: [B], dtype: "f32", data: weights }],
  ] as const);
  const params = new Map([...fixture.params].map(([path, { shape, data }]) => [path, { shape, dtype: "f32", data } as const]));
  const results = new Map([...interpret(graph, { inputs, params })].map(([name, { data }]) => [name, data]));
  return collect(results, plan.params);
}

/** Runs the program `gradient` on a device, in f32. */
export async function gradientOnDevice(fixture: NetworkFixture, device: Device): Promise<GradientResult> {
  const { plan } = compileNetwork(networkOf(fixture.name, fixture.spec), { programs: ["gradient"], batch: fixture.images.shape[0] });
  const session = await openSession(plan, device);
  try {
    await session.writeParams(new Map([...fixture.params].map(([path, { data }]) => [path, Float32Array.from(data)])));
    const { images, labels, weights } = inputsOf(fixture);
    const outputs = await session.run("gradient", { images: Float32Array.from(images), labels, weights: Float32Array.from(weights) });
    return collect(new Map(Object.entries(outputs)), plan.params);
  } finally {
    await session.close();
  }
}

function collect(
  results: ReadonlyMap<string, ArrayLike<number>>,
  params: readonly { readonly path: string; readonly shape: readonly number[] }[],
): GradientResult {
  const gradients = [...results]
    .filter(([name]) => name.startsWith("grad."))
    .map(([name, data]) => [name.slice("grad.".length), data] as const);
  return {
    outputs: results.get("outputs") ?? [],
    loss: results.get("loss")?.[0] ?? NaN,
    gradients: new Map(gradients),
    shapes: new Map(params.map(({ path, shape }) => [path, shape])),
  };
}
