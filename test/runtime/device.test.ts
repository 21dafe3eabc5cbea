/** @file The runtime on a real adapter: sessions, runs in flight, constant memory, and errors that name what failed. */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Plan } from "../../src/plan/plan.ts";
import type { Device, Session } from "../../src/runtime/index.ts";
import { initialiseParams, listAdapters, NoAdapterError, openDevice, openSession } from "../../src/runtime/index.ts";
import { accumulatorPlan } from "../support/accumulator-plan.ts";
import { gpuMissing } from "../support/gpu.ts";

const x = Float32Array.of(1, 2, 3, 4);
const scalars = Float32Array.of(0.5);

describe.skipIf(gpuMissing !== undefined)("on the adapter", () => {
  let device: Device;
  let session: Session;
  const progress: [number, number][] = [];

  beforeAll(async () => {
    device = await openDevice();
    session = await openSession(accumulatorPlan(), device, { onWarm: (done, total) => progress.push([done, total]) });
  });

  afterAll(async () => {
    await session.close();
    const { buffersCreated, buffersDestroyed, bytes } = device.counters;
    expect([buffersCreated - buffersDestroyed, bytes]).toEqual([0, 0]);
    await device.close();
  });

  const zeros = (): Map<string, Float32Array> =>
    new Map([
      ["w", new Float32Array(4)],
      ["w.scale", Float32Array.of(1)],
    ]);

  test("adapters are listed and can be chosen by any part of their name", async () => {
    const adapters = await listAdapters();
    expect(adapters.length).toBeGreaterThan(0);
    expect(adapters[0].limits.maxStorageBuffersPerShaderStage).toBeGreaterThanOrEqual(8);
    const chosen = await openDevice({ device: adapters[0].name.slice(0, 6).toUpperCase() });
    expect(chosen.adapter.name).toBe(adapters[0].name);
    expect(chosen.gpu.limits.maxStorageBuffersPerShaderStage).toBe(8);
    await chosen.close();
  });

  test("an unknown adapter is an error that lists the others", async () => {
    const error = await openDevice({ device: "no such thing" }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NoAdapterError);
    expect((error as NoAdapterError).seen.length).toBeGreaterThan(0);
    expect(String(error)).toContain("--device cpu");
  });

  test("limits beyond the adapter's are refused by name", async () => {
    await expect(openDevice({ limits: { maxStorageBuffersPerShaderStage: 1000 } })).rejects.toThrow(
      /maxStorageBuffersPerShaderStage \d+, but the plan needs 1000/,
    );
    await expect(openDevice({ features: ["telepathy"] })).rejects.toThrow("telepathy");
  });

  test("warming reports every kernel and leaves no trace", async () => {
    expect(progress.at(-1)).toEqual([6, 6]);
    expect(progress.map(([done]) => done)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(await session.readState()).toEqual(new Map([["state.0/w", new Float32Array(4)]]));
    expect((await session.readParams()).get("w")).toEqual(new Float32Array(4));
  });

  test("parameters and state survive the way there and back, bit for bit", async () => {
    const params = initialiseParams(session.plan, 3);
    await session.writeParams(params);
    await session.writeState(new Map([["state.0/w", Float32Array.of(-1, 0.1, 1e-30, 3)]]));
    expect(await session.readParams()).toEqual(params);
    expect(await session.readState()).toEqual(new Map([["state.0/w", Float32Array.of(-1, 0.1, 1e-30, 3)]]));
  });

  test("a step computes, writes parameters and state, and returns its own outputs", async () => {
    await session.writeParams(zeros());
    await session.writeState(new Map([["state.0/w", new Float32Array(4)]]));
    expect(await session.run("step", { x, scalars })).toEqual({ total: Float32Array.of(10), steps: Float32Array.of(1) });
    expect(await session.run("step", { x: Float32Array.of(9, ...x).subarray(1), scalars }, ["steps"])).toEqual({
      steps: Float32Array.of(2),
    });
    expect((await session.readParams()).get("w")).toEqual(Float32Array.of(2, 4, 6, 8));
    expect((await session.readParams()).get("w.scale")).toEqual(Float32Array.of(1));
    expect(await session.run("forward", { x })).toEqual({ y: Float32Array.of(2, 8, 18, 32) });
    expect(await session.run("step", { x, scalars }, [])).toEqual({});
  });

  test("runs in flight keep their order, use one submit each, and no new memory", async () => {
    const before = device.counters;
    await session.writeParams(zeros());
    const burst = async (): Promise<number[]> => {
      const runs = Array.from({ length: 10 }, (_, i) => session.run("step", { x: x.map((value) => value * i), scalars }, ["total"]));
      return (await Promise.all(runs)).map(({ total }) => total[0]);
    };
    expect(await burst()).toEqual([0, 10, 30, 60, 100, 150, 210, 280, 360, 450]);
    const warm = device.counters;
    expect([warm.submits - before.submits, warm.dispatches - before.dispatches]).toEqual([10, 20]);
    for (let i = 0; i < 100; i++) await burst();
    const { buffersCreated, buffersDestroyed, bytes } = device.counters;
    expect({ buffersCreated, buffersDestroyed, bytes }).toEqual({
      buffersCreated: warm.buffersCreated,
      buffersDestroyed: warm.buffersDestroyed,
      bytes: warm.bytes,
    });
  });

  test("calls one after the other rest in one loop, however many there were, and it ends with them", async () => {
    const resting = device.adapter.fallback ? 1 : 0;
    let most = 0;
    for (let call = 0; call < 3000; call++) {
      const running = session.run("forward", { x }, ["y"]);
      most = Math.max(most, device.counters.restingLoops);
      await running;
      most = Math.max(most, device.counters.restingLoops);
    }
    expect(most).toBe(resting);
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    expect(device.counters.restingLoops).toBe(0);
  });

  test.each<[string, () => Promise<unknown>, string]>([
    ["an unknown program", () => session.run("train", {}), "no program `train`; the plan has step, forward"],
    ["a missing input", () => session.run("step", { x }), "`step` needs the input `scalars`, f32 [1]"],
    [
      "an input of another length",
      () => session.run("forward", { x: new Float32Array(3) }),
      "`x` of `forward` is f32 [4], got Float32Array of 3",
    ],
    ["an input of another type", () => session.run("forward", { x: new Int32Array(4) }), "f32 [4], got Int32Array of 4"],
    ["an unknown input", () => session.run("forward", { x, z: x }), "`forward` has no input `z`"],
    ["an unknown output", () => session.run("forward", { x }, ["loss"]), "`forward` has no output `loss`; it has y"],
    ["a missing parameter", () => session.writeParams(new Map([["w", x]])), "`w.scale` [1] is missing"],
    ["an unknown parameter", () => session.writeParams(new Map([...zeros(), ["v", x]])), "the network has no `v`"],
    [
      "a parameter of another shape",
      () => session.writeParams(new Map([...zeros(), ["w", new Float32Array(5)]])),
      "`w` has 5 elements, expected [2, 2]",
    ],
    [
      "state of an untrained parameter",
      () =>
        session.writeState(
          new Map([
            ["state.0/w", x],
            ["state.0/w.scale", scalars],
          ]),
        ),
      "no `state.0/w.scale`",
    ],
  ])("refuses %s", async (_, action, expected) => {
    await expect(action()).rejects.toThrow(expected);
  });

  test("a kernel that does not compile shows its lines, and leaks nothing", async () => {
    const plan = accumulatorPlan();
    const broken = { ...plan.kernels[1], wgsl: plan.kernels[1].wgsl.replace("sum += params[i];", "sum += 1u;") };
    const before = device.counters;
    const error = await openSession({ ...plan, kernels: [plan.kernels[0], broken, plan.kernels[2]] }, device).catch(
      (reason: unknown) => reason,
    );
    expect(String(error)).toMatch(/kernel `accumulating` does not compile\n[\s\S]*13 \| {5}sum \+= 1u;\n[\s\S]*\^ /);
    expect(device.counters.bytes).toBe(before.bytes);
    expect(device.failure).toBeUndefined();
  });

  test("a kernel whose bindings differ from the plan's is named", async () => {
    const plan = accumulatorPlan();
    const wrong: Plan = {
      ...plan,
      kernels: [{ ...plan.kernels[0], bindings: ["read", "read", "write"] }, plan.kernels[1], plan.kernels[2]],
    };
    await expect(openSession(wrong, device)).rejects.toThrow("kernel `doubling` does not compile");
  });

  test("a closed session refuses, after finishing what was under way", async () => {
    const other = await openSession(accumulatorPlan(), device, { warm: false });
    const last = other.run("step", { x, scalars });
    const closed = other.close();
    expect((await last).total[0]).toBe(10);
    await closed;
    await expect(other.run("step", { x, scalars })).rejects.toThrow("closed");
  });

  test("an error that no call reported poisons the device with the name of the object", async () => {
    const other = await openDevice();
    const running = await openSession(accumulatorPlan(), other);
    const small = other.createBuffer("a small buffer", 16, GPUBufferUsage.COPY_DST);
    const encoder = other.gpu.createCommandEncoder();
    encoder.clearBuffer(small, 0, 32);
    other.submit(encoder.finish(), 0);
    await expect(running.run("step", { x, scalars })).rejects.toThrow("a small buffer");
    await running.close();
    await other.close();
    await expect(running.run("step", { x, scalars })).rejects.toThrow();
  });
});
