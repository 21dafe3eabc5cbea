/** @file Slabs: a batch that goes through in parts has the loss, gradients, draws and steps of one that goes through at once. */

import { describe, expect, test } from "vitest";
import { largestBinding, largestBuffer } from "../../../src/compiler/assemble/slabs.ts";
import type { Compiled, CompileOptions } from "../../../src/compiler/compile.ts";
import { Limitation } from "../../../src/compiler/diagnostics/diagnostic.ts";
import { baseline, software } from "../../../src/compiler/lower/target.ts";
import type { Session, TensorData } from "../../../src/runtime/index.ts";
import { openSession, PlanError, stepsOfRun, validatePlan } from "../../../src/runtime/index.ts";
import { expectClose } from "../../support/close.ts";
import { gpuMissing, suiteDevice } from "../../support/gpu.ts";
import { compileText, drawInputs, drawParams, runInReference } from "../../support/small-network.ts";

/** Programs that are run: others would only be compiled. */
const asked = ["infer", "evaluate", "gradient"] as const;

function program(body: string, settings: string, before = ""): string {
  return `spec 1\n${before}\ninput 8x6x2 -> ${body}\ntrain { ${settings} }\n`;
}

const texts: Readonly<Record<string, string>> = {
  "spectral filters, adam": program(
    "2 * (conv spectral gaussian 3 -> relu) -> gap -> dense softmax 3",
    "loss: cross_entropy, optimizer: adam { lr: 0.01 }, batch: 7",
  ).replace("8x6x2", "16x15x2"),
  "mixed channels, momentum": program(
    "conv spectral linear 3 { channels: weighted } -> tanh -> conv spectral free 2 { channels: full } -> relu modulus -> dense tanh 2",
    "loss: mse { targets: -1..1 }, optimizer: sgd { lr: 0.1, momentum: 0.9, nesterov: on }, batch: 7",
  ),
  "spatial filters, pools and dropout, adamw with clipping": program(
    "conv spatial 3x3 4 -> relu -> pool max 2 -> dropout 40% -> conv spatial 3x3 3 { stride: 2 } -> dropout 10% -> dense softmax 3",
    "loss: cross_entropy, optimizer: adamw { lr: 0.01, clip: 0.5 }, batch: 7",
  ),
  "a shared object, keras adam": program(
    "2 * core -> gap -> dense softmax 2",
    "loss: cross_entropy, optimizer: adam { form: keras }, batch: 7",
    "shared core = conv spectral gaussian 2 { channels: full, bias: on } -> tanh",
  ),
  "tensors with one gradient between them": program(
    "add[conv spatial 1x1 2 | conv spatial 1x1 2] -> add[dense 2 | dense 2]",
    "optimizer: sgd { clip: 1 }, batch: 7",
  ),
};

/** Compiled so that no binding may be larger than a share of the largest. */
function limited(text: string, share: number, options: CompileOptions = {}): Compiled {
  const whole = compileText(text, options);
  return whole.retarget({ ...baseline, ...options.target, bindingBytes: Math.floor(share * largestBinding(whole.plan).sizeBytes) });
}

describe("a compiled batch", () => {
  const text = texts["spectral filters, adam"];

  test("goes through at once where it fits", () => {
    const whole = compileText(text);
    const { sizeBytes } = largestBinding(whole.plan);
    const fitting = whole.retarget({ ...baseline, bindingBytes: sizeBytes, bufferBytes: largestBuffer(whole.plan).sizeBytes });
    expect(fitting).toBe(whole);
    expect(whole.slabs).toBeUndefined();
    expect(Object.values(whole.plan.programs).every(({ slabs }) => slabs === undefined)).toBe(true);
  });

  test.each([
    [0.99, 4, 2],
    [0.5, 3, 3],
    [0.4, 2, 4],
    [0.2, 1, 7],
  ])("with %f of its largest binding takes slabs of %i images, %i times", (share, images, count) => {
    const whole = compileText(text);
    const { plan, slabs } = limited(text, share);
    expect(slabs).toMatchObject({
      images,
      count,
      cause: { kind: "limit", limit: "binding", needed: { sizeBytes: largestBinding(whole.plan).sizeBytes } },
    });
    expect(largestBinding(plan).sizeBytes).toBeLessThanOrEqual(share * largestBinding(whole.plan).sizeBytes);
    expect(plan.input.batch).toBe(7);
    expect(plan.training?.batch).toBe(7);
    expect(plan.params).toEqual(whole.plan.params);
  });

  test("is cut for the size of buffers too, and by as much as is asked", () => {
    const whole = compileText(text);
    expect(whole.retarget({ ...baseline, bufferBytes: largestBuffer(whole.plan).sizeBytes / 2 }).slabs).toMatchObject({
      images: 3,
      cause: { limit: "buffer" },
    });
    for (const [slab, images, count] of [
      [1, 1, 7],
      [2, 2, 4],
      [5, 4, 2],
      [6, 4, 2],
      [7, 7, 1],
      [99, 7, 1],
    ]) {
      const { slabs } = compileText(text, { target: { ...baseline, slab } });
      expect(slabs, String(slab)).toEqual(count === 1 ? undefined : { images, count, cause: { kind: "asked" } });
    }
  });

  test("asks the device for no more than its slabs need", () => {
    const large = program("conv spatial 3x3 16 -> relu -> gap -> dense softmax 2", "batch: 64").replace("8x6x2", "256x256x1");
    const { limits } = compileText(large).plan.target;
    expect(limits["maxStorageBufferBindingSize"]).toBe(256 * 2 ** 20);
    const { plan, slabs } = compileText(large, { target: { ...baseline, bindingBytes: 128 * 2 ** 20 } });
    expect([plan.target.limits, slabs?.images]).toEqual([{}, 32]);
  });

  test("that no slab makes small enough is refused, by what is too large", () => {
    const large = text.replace("16x15x2", "40x30x2");
    expect(() => limited(large, 0.14)).toThrow(Limitation);
    expect(() => limited(large, 0.14)).toThrow(
      /^one image alone needs memory in one piece of [\d,]+ bytes \(`.*`\), and at most [\d,]+ bytes is allowed$/,
    );
    const wide = program("dense relu 600 -> dense softmax 2", "batch: 2");
    expect(() => limited(wide, 0.9)).toThrow(/^the weights of this network need memory in one piece of [\d,]+ bytes/);
  });

  test("has statistics and update behind its slabs", () => {
    const { plan } = limited(text, 0.5);
    const whole = compileText(text).plan.programs["train"].steps.map(({ label }) => label);
    const { steps, slabs } = plan.programs["train"];
    expect(slabs).toMatchObject({ batch: 7, images: 3 });
    expect(slabs?.clear.map((buffer) => plan.buffers[buffer].name)).toEqual(["grads"]);
    expect(slabs?.finish.map(({ label }) => label)).toEqual(whole.slice(-2));
    expect(steps.at(-1)?.label).toBe("optimizer update accumulate");
    expect(stepsOfRun(plan.programs["train"])).toHaveLength(3 * steps.length + 2);
    for (const name of ["infer", "evaluate"]) expect(plan.programs[name].slabs).toMatchObject({ clear: [], finish: [] });
  });

  test.each<[string, (slabs: Record<string, unknown>, inputs: Record<string, unknown>[]) => void, string]>([
    ["as large as the batch", (slabs) => (slabs["images"] = 7), "slabs of 7 images do not cut a batch of 7"],
    ["not as large as the rows", (slabs) => (slabs["images"] = 2), "has 3 rows, and a slab 2 images"],
    ["that clear weights", (slabs) => (slabs["clear"] = [0]), "clears `"],
    ["with an unknown step", (slabs) => (slabs["finish"] = [{ kernel: 999, label: "x" }]), "there is no kernel 999"],
    ["of an unknown part", (_, inputs) => (inputs[0]["slabs"] = "columns"), "expected rows, sum"],
    ["of an input that is a sum", (_, inputs) => (inputs[0]["slabs"] = "sum"), "cannot be a sum"],
  ])("in a damaged plan, slabs %s, is refused", (_, damage, message) => {
    const { plan } = limited(text, 0.5);
    const copy = JSON.parse(
      JSON.stringify({ ...plan, buffers: [...plan.buffers].map((buffer, i) => (i === 0 ? { ...buffer, kind: "params" } : buffer)) }),
    ) as { programs: Record<string, { slabs: Record<string, unknown>; inputs: Record<string, unknown>[] }> };
    expect(() => validatePlan(copy)).not.toThrow();
    damage(copy.programs["train"].slabs, copy.programs["train"].inputs);
    expect(() => validatePlan(copy)).toThrow(PlanError);
    expect(() => validatePlan(copy)).toThrow(message);
  });
});

describe.skipIf(gpuMissing !== undefined)("on the adapter, slabs", () => {
  const device = suiteDevice();

  async function inSession<T>(
    compiled: Compiled,
    params: ReadonlyMap<string, Float32Array>,
    action: (session: Session) => Promise<T>,
    warm: boolean = true,
  ): Promise<T> {
    const session = await openSession(compiled.plan, device(), { warm });
    try {
      await session.writeParams(params);
      return await action(session);
    } finally {
      await session.close();
    }
  }

  /** Of the last batch of an epoch: two images, and nothing behind them. */
  function short(inputs: Readonly<Record<string, TensorData>>): Readonly<Record<string, TensorData>> {
    const pixels = inputs["images"].length / 7;
    return {
      ...inputs,
      images: inputs["images"].map((value, i) => (i < 2 * pixels ? value : 0)) as Float32Array,
      labels: inputs["labels"].map((value, i) => (i < 2 ? value : 0)) as Int32Array,
      weights: Float32Array.from({ length: 7 }, (_, i) => (i < 2 ? 0.5 : 0)),
    };
  }

  describe.each(Object.entries(texts).map(([name, text], index) => [name, text, index] as const))("%s", (_, text, index) => {
    // Every size of a slab is a set of shaders, which software drivers compile for seconds.
    const schedules = [
      ["three images, the GPU's schedule", { ...baseline, slab: 3 }],
      ["one image, the software schedule", { ...software, slab: 1 }],
    ] as const;

    test.each(schedules.slice(0, index === 0 ? 2 : 1))(
      "have the loss, the outputs and the gradients of the whole batch: %s",
      async (_name, target) => {
        const whole = compileText(text, { programs: asked });
        const compiled = compileText(text, { programs: asked, target });
        expect(compiled.slabs?.count).toBeGreaterThan(2);
        const params = drawParams(whole.plan);
        await inSession(compiled, params, async (session) => {
          for (const inputs of [drawInputs(compiled.plan, "gradient"), short(drawInputs(compiled.plan, "gradient"))]) {
            const wanted = runInReference(whole, "gradient", params, inputs);
            const found = await session.run("gradient", inputs);
            expect(Object.keys(found).sort()).toEqual([...wanted.keys()].sort());
            const norms = new Map([...wanted].map(([name, values]) => [name, Math.hypot(...values)]));
            const total = Math.hypot(...[...norms].flatMap(([name, norm]) => (name.startsWith("grad.") ? [norm] : [])));
            expectClose(found["loss"], wanted.get("loss") ?? [], { absolute: 1e-5 }, "loss");
            expectClose(found["outputs"], wanted.get("outputs") ?? [], { absolute: 2e-5 }, "outputs");
            for (const [name, values] of wanted) {
              if (!name.startsWith("grad.")) continue;
              const apart = Math.hypot(...values.map((value, i) => value - found[name][i]));
              expect(apart, name).toBeLessThan(1e-4 * Math.max(norms.get(name) ?? 0, 1e-3 * total));
            }
            // The same again: nothing is left over from the run before.
            expect(await session.run("gradient", inputs)).toEqual(found);
          }
          const inputs = drawInputs(compiled.plan, "infer");
          const { outputs } = await session.run("infer", inputs);
          expectClose(outputs, runInReference(whole, "infer", params, inputs).get("outputs") ?? [], { absolute: 2e-5 }, "inference");
          const evaluation = await session.run("evaluate", drawInputs(compiled.plan, "evaluate"), ["loss"]);
          expectClose(
            evaluation["loss"],
            runInReference(whole, "evaluate", params, drawInputs(compiled.plan, "evaluate")).get("loss") ?? [],
            { absolute: 1e-5 },
            "evaluation",
          );
        });
      },
    );

    // One and two moments with clipping, and draws; the others differ in their gradients alone.
    if (index === 0 || index === 2)
      test("take the steps of the whole batch, with its draws, and the same ones again", async () => {
        const whole = compileText(text, { programs: ["train"] });
        const compiled = compileText(text, { programs: ["train"], target: { ...baseline, slab: 3 } });
        const params = drawParams(whole.plan);
        const steps = (session: Session): Promise<readonly unknown[]> =>
          [3, 4].reduce<Promise<readonly unknown[]>>(async (before, step) => {
            const inputs = {
              ...drawInputs(compiled.plan, "train", step),
              scalars: scalarsOf(compiled),
              ...("step" in drawInputs(compiled.plan, "train") ? { step: Int32Array.of(step) } : {}),
            };
            return [...(await before), await session.run("train", inputs, ["outputs", "loss", "gradient-statistics"])];
          }, Promise.resolve([]));
        const run = (one: Compiled) =>
          inSession(one, params, async (session) => ({
            results: await steps(session),
            params: await session.readParams(),
            state: await session.readState(),
          }));
        const [slabbed, again, wanted] = [await run(compiled), await run(compiled), await run(whole)];
        expect(again).toEqual(slabbed);
        for (const [i, results] of (wanted.results as Record<string, Float32Array>[]).entries()) {
          const found = (slabbed.results as Record<string, Float32Array>[])[i];
          expectClose(found["outputs"], results["outputs"], { absolute: 1e-4 }, `outputs of step ${i}`);
          expectClose(found["loss"], results["loss"], { absolute: 1e-5 }, `loss of step ${i}`);
          expectClose(found["gradient-statistics"], results["gradient-statistics"], { relative: 1e-3 }, `statistics of step ${i}`);
        }
        for (const [name, values] of [...wanted.params, ...wanted.state])
          expectClose(slabbed.params.get(name) ?? slabbed.state.get(name) ?? [], values, { absolute: 1e-4 }, name);
      });
  });

  test("hold less memory, by as much as they are smaller", async () => {
    const text = texts["spectral filters, adam"].replace("batch: 7", "batch: 32");
    const bytes = async (compiled: Compiled): Promise<number> =>
      inSession(compiled, drawParams(compiled.plan), () => Promise.resolve(device().counters.bytes), false);
    const [whole, quarter] = [await bytes(compileText(text)), await bytes(compileText(text, { target: { ...baseline, slab: 8 } }))];
    expect(quarter).toBeLessThan(0.4 * whole);
  });

  test("are one submit each, and refuse tensors of one slab", async () => {
    const compiled = limited(texts["spectral filters, adam"], 0.5);
    await inSession(compiled, drawParams(compiled.plan), async (session) => {
      const inputs = drawInputs(compiled.plan, "train");
      const { submits } = device().counters;
      await session.run("train", inputs);
      expect(device().counters.submits - submits).toBe(3);
      await expect(session.run("train", { ...inputs, labels: new Int32Array(3) })).rejects.toThrow(
        "the input `labels` of `train` is i32 [7], got Int32Array of 3",
      );
      expect(Object.keys(await session.run("train", inputs, []))).toEqual([]);
    });
  });

  test("several runs in flight keep apart", async () => {
    const compiled = limited(texts["spectral filters, adam"], 0.5);
    await inSession(compiled, drawParams(compiled.plan), async (session) => {
      const batches = [1, 2, 3, 4].map((seed) => drawInputs(compiled.plan, "evaluate", seed));
      const together = await Promise.all(batches.map((inputs) => session.run("evaluate", inputs)));
      for (const [i, inputs] of batches.entries()) expect(await session.run("evaluate", inputs)).toEqual(together[i]);
      expect(together[0]).not.toEqual(together[1]);
    });
  });
});

function scalarsOf({ plan }: Compiled): Float32Array {
  return Float32Array.from(plan.training?.scalars ?? [], (scalar) => (scalar.kind === "lr" ? 0.01 : 1 - scalar.base));
}
