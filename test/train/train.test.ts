/** @file Training on the reference and on the adapter: learning, resuming, short batches, measured constants. */

import { describe, expect, test } from "vitest";
import type { Compiled } from "../../src/compiler/compile.ts";
import { predictedClass } from "../../src/plan/outputs.ts";
import type { Session } from "../../src/runtime/index.ts";
import { initialiseParams, learningRate, openSession } from "../../src/runtime/index.ts";
import { evaluate } from "../../src/train/evaluate.ts";
import type { Checkpoint, EpochRow, TrainData, TrainEvent, TrainResult } from "../../src/train/trainer.ts";
import { freshProgress, train } from "../../src/train/trainer.ts";
import { expectClose } from "../support/close.ts";
import { gpuMissing, suiteDevice } from "../support/gpu.ts";
import { compileText, drawParams, onReference, runInReference } from "../support/small-network.ts";
import { stripesFor } from "../support/stripes.ts";

function program(body: string, settings: string, before = ""): string {
  return `spec 1\n${before}\ninput 6x5x1 -> ${body}\ntrain { ${settings} }\n`;
}

/** What is on disk after a checkpoint. */
interface Saved extends Checkpoint {
  readonly kind: "epoch" | "stopped";
  readonly best: boolean;
}

interface Sitting {
  readonly result: TrainResult;
  readonly events: readonly TrainEvent[];
  readonly saves: readonly Saved[];
}

/** Trains as the command line does, from a checkpoint if there is one; stops after `stopAfter` steps. */
async function sit(
  session: Session,
  data: TrainData,
  options: { readonly from?: Checkpoint; readonly stopAfter?: number } = {},
): Promise<Sitting> {
  const { from, stopAfter = Infinity } = options;
  await session.writeParams(from?.params ?? initialiseParams(session.plan, session.plan.training?.seed ?? 0));
  if (from !== undefined) await session.writeState(from.state);
  const events: TrainEvent[] = [];
  const saves: Saved[] = [];
  const controller = new AbortController();
  let steps = 0;
  const result = await train({
    session,
    data,
    from: from?.progress ?? freshProgress,
    signal: controller.signal,
    onEvent: (event) => {
      events.push(event);
      if (event.type === "step" && ++steps >= stopAfter) controller.abort();
    },
    save: async (checkpoint, kind, best) => {
      saves.push({ ...checkpoint, kind, best });
    },
  });
  return { result, events, saves };
}

function epochs(events: readonly TrainEvent[]): readonly EpochRow[] {
  return events.flatMap((event) => (event.type === "epoch" ? [event.row] : []));
}

function withoutSeconds(rows: readonly EpochRow[]): readonly Omit<EpochRow, "seconds">[] {
  return rows.map(({ seconds: _, ...row }) => row);
}

const learner = program(
  "conv spectral gaussian 2 { init: calibrated } -> relu -> dropout 10% -> dense softmax 2",
  "loss: cross_entropy, optimizer: adam { lr: 0.02 }, schedule: cosine { warmup: 1 }, epochs: 4, batch: 8, seed: 3",
);

describe("on the reference", () => {
  test("loss falls, accuracy rises, and each epoch is saved and validated", async () => {
    const compiled = compileText(learner.replace("epochs: 4", "epochs: 12"));
    const data = stripesFor(compiled.plan.input, 52, 12);
    const { result, events, saves } = await onReference(compiled, (session) => sit(session, data));
    const rows = epochs(events);
    expect(rows.map(({ epoch, step }) => [epoch, step])).toEqual(Array.from({ length: 12 }, (_, index) => [index + 1, 5 * (index + 1)]));
    expect(rows[11].loss).toBeLessThan(0.5 * rows[0].loss);
    expect(rows[11].accuracy).toBeGreaterThan(0.9);
    expect(rows[11].validation?.accuracy).toBeGreaterThan(0.9);
    expect(rows[11].validation?.confusion.flat().reduce((sum, count) => sum + count, 0)).toBe(12);
    expect(saves.map(({ kind }) => kind)).toEqual(new Array(12).fill("epoch"));
    // `best` marks every validation loss below all earlier ones.
    const lowest = rows.map((row, index) =>
      rows.slice(0, index).every((earlier) => (row.validation?.loss ?? NaN) < (earlier.validation?.loss ?? NaN)),
    );
    expect(saves.map(({ best }) => best)).toEqual(lowest);
    expect([result.stopped, result.progress.epoch, result.progress.stepInEpoch]).toEqual([false, 12, 0]);
    expect(result.progress.best).toBe(Math.min(...rows.map((row) => row.validation?.loss ?? NaN)));
  });

  test("the rows say which learning rate was used", async () => {
    const compiled = compileText(learner, { programs: ["train"] });
    const { events } = await onReference(compiled, (session) => sit(session, stripesFor(compiled.plan.input, 20)));
    // 3 steps an epoch, warm-up over the first; e of the last step of epoch n is n - 1/3.
    const rate = (e: number): number => 0.02 * 0.5 * (1 + Math.cos((Math.PI * (e - 1)) / 3));
    expectClose(
      epochs(events).map(({ lr }) => lr),
      [0.02, rate(2 - 1 / 3), rate(3 - 1 / 3), rate(4 - 1 / 3)],
      { relative: 1e-6 },
    );
    expect(learningRate({ lr: 1, schedule: { kind: "step", at: [1, 2.5], by: 0.1 }, epochs: 4 }, 9, 4)).toBe(0.1);
    expect(learningRate({ lr: 1, schedule: { kind: "step", at: [1, 2.5], by: 0.1 }, epochs: 4 }, 10, 4)).toBeCloseTo(0.01, 15);
  });

  test.each([1, 4, 6, 8])("a run that was stopped after step %i ends bit-equal to one that was not", async (stopAfter) => {
    const compiled = compileText(learner, { programs: ["train", "evaluate", "measure"] });
    const data = stripesFor(compiled.plan.input, 26, 6);
    const whole = await onReference(compiled, (session) => sit(session, data));
    await expectResumed(whole, stopAfter, (from) => onReference(compiled, (session) => sit(session, data, from)));
  });

  test("a run may be stopped again and again", async () => {
    const compiled = compileText(learner, { programs: ["train", "measure"] });
    const data = stripesFor(compiled.plan.input, 20);
    const whole = await onReference(compiled, (session) => sit(session, data));
    let last: Sitting | undefined;
    let sittings = 0;
    while (last === undefined || last.result.stopped) {
      const from = last?.saves.at(-1);
      last = await onReference(compiled, (session) => sit(session, data, { from, stopAfter: 2 }));
      sittings++;
    }
    expect(sittings).toBeGreaterThan(4);
    expect(last.saves.at(-1)?.params).toEqual(whole.saves.at(-1)?.params);
    expect(last.saves.at(-1)?.state).toEqual(whole.saves.at(-1)?.state);
  });

  test("a signal before the first step leaves a checkpoint from which everything is still to come", async () => {
    const compiled = compileText(learner, { programs: ["train", "measure"] });
    const data = stripesFor(compiled.plan.input, 20);
    const aborted = AbortSignal.abort();
    await onReference(compiled, async (session) => {
      await session.writeParams(initialiseParams(compiled.plan, 3));
      const kinds: string[] = [];
      const result = await train({
        session,
        data,
        from: freshProgress,
        signal: aborted,
        onEvent: () => undefined,
        save: async ({ progress }, kind) => void kinds.push(`${kind} ${progress.epoch} ${progress.stepInEpoch}`),
      });
      expect([result.stopped, kinds]).toEqual([true, ["stopped 0 0"]]);
    });
  });

  test("a short batch is weighted by its true size", async () => {
    const text = program("conv spectral linear 2 -> tanh -> dense tanh 2", "loss: mse { targets: -1..1 }, batch: 8");
    const [padded, short] = [8, 5].map((batch) => {
      const compiled = compileText(text, { programs: ["gradient"], batch });
      const { images, labels, weights } = stripesFor(compiled.plan.input, 8).maker.make(Int32Array.of(6, 1, 3, 0, 7));
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 6);
      return runInReference(compiled, "gradient", drawParams(compiled.plan), { images, labels, weights });
    });
    for (const [name, wanted] of short) {
      const actual = padded.get(name) ?? new Float64Array();
      expectClose(actual.subarray(0, wanted.length), wanted, { relative: 1e-12 }, name);
    }
  });

  test("evaluation counts every image once, whatever the batch", async () => {
    const results = await Promise.all(
      [3, 8, 16].map(async (batch) => {
        const compiled = compileText(program("conv spectral linear 2 -> relu -> dense softmax 2", ""), { programs: ["evaluate"], batch });
        const data = stripesFor(compiled.plan.input, 13);
        return onReference(compiled, async (session) => {
          await session.writeParams(drawParams(compiled.plan));
          return evaluate(session, data.maker, data.labels, data.train, 2);
        });
      }),
    );
    for (const { loss, accuracy, count, confusion } of results) {
      expect([count, confusion]).toEqual([13, results[0].confusion]);
      expect(accuracy).toBe((confusion[0][0] + confusion[1][1]) / 13);
      expect(loss).toBeCloseTo(results[0].loss, 6);
    }
    expect([
      predictedClass([0.2, 0.2, 0.1], 0, { outputs: 3, threshold: 0 }),
      predictedClass([9, 0.4], 1, { outputs: 1, threshold: 0.5 }),
    ]).toEqual([0, 0]);
  });
});

/** Stops a run, lets a fresh session continue it, and compares everything but the clock. */
async function expectResumed(
  whole: Sitting,
  stopAfter: number,
  again: (options: { readonly from?: Checkpoint; readonly stopAfter?: number }) => Promise<Sitting>,
): Promise<void> {
  const first = await again({ stopAfter });
  const from = first.saves.at(-1);
  expect([first.result.stopped, from?.kind]).toEqual([true, "stopped"]);
  const second = await again({ from });
  const [resumed, wanted] = [second.saves.at(-1), whole.saves.at(-1)];
  expect(wanted?.params.size).toBeGreaterThan(2);
  expect(resumed?.params).toEqual(wanted?.params);
  expect(resumed?.state).toEqual(wanted?.state);
  expect(withoutSeconds([...epochs(first.events), ...epochs(second.events)])).toEqual(withoutSeconds(epochs(whole.events)));
}

describe("measured constants", () => {
  /** The last `calibrated` scale of each path. */
  async function measure(
    body: string,
    settings: string,
    before = "",
  ): Promise<{ readonly scales: ReadonlyMap<string, number>; readonly outputs: Float32Array; readonly sitting: Sitting }> {
    const compiled = compileText(program(body, `${settings}, epochs: 1, batch: 4`, before));
    const data = stripesFor(compiled.plan.input, 4);
    return onReference(compiled, async (session) => {
      await session.writeParams(initialiseParams(compiled.plan, 0));
      const scales = new Map<string, number>();
      let outputs = new Float32Array();
      // What the first batch gives right after measuring, before any step.
      const controller = new AbortController();
      controller.abort();
      const events: TrainEvent[] = [];
      const result = await train({
        session,
        data,
        from: freshProgress,
        signal: controller.signal,
        save: async () => undefined,
        onEvent: (event) => {
          events.push(event);
          if (event.type === "calibrated") scales.set(event.path, event.scale);
        },
      });
      const { images } = data.maker.make(data.train);
      outputs = Float32Array.from((await session.run("infer", { images }))["outputs"]);
      return { scales, outputs, sitting: { result, events, saves: [] } };
    });
  }

  const rms = (values: Float32Array): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

  test.each([
    "conv spectral gaussian 3 { init: calibrated } -> flatten",
    "conv spectral gaussian 3 { init: calibrated, channels: weighted, boundary: zero } -> flatten",
    "conv spatial 3x3 4 { init: calibrated } -> flatten",
    "conv spectral gaussian 2 { init: calibrated } -> relu -> conv spectral free 2 { init: calibrated, channels: full } -> flatten",
    "conv spatial 3x3 2 -> tanh -> conv spectral linear 3 { init: calibrated } -> conv spectral gaussian 2 { init: calibrated } -> flatten",
  ])("the image behind the last layer has RMS 1: %s", async (body) => {
    const { outputs, scales } = await measure(body, "loss: mse");
    expect(scales.size).toBeGreaterThan(0);
    expect(rms(outputs)).toBeCloseTo(1, 5);
  });

  test("layers are measured in order, each with those before it in place", async () => {
    const { scales } = await measure(
      "conv spatial 3x3 2 { init: calibrated } -> conv spatial 1x1 2 { init: calibrated } -> flatten",
      "loss: mse",
    );
    expect([...scales.keys()]).toEqual(["conv.1", "conv.2"]);
    // Without the first constant in place, the second would change with the first layer's size.
    const other = await measure(
      "conv spatial 3x3 2 { init: calibrated } -> conv spatial 1x1 2 { init: calibrated } -> tanh -> flatten",
      "loss: mse",
    );
    expect(other.scales).toEqual(scales);
  });

  test("a shared object is measured at its first use", async () => {
    const [alone, compiled] = ["core", "core -> core"].map((uses) =>
      compileText(
        program(`${uses} -> dense tanh 2`, "batch: 4, epochs: 1", "shared core = conv spectral gaussian 1 { init: calibrated } -> relu"),
      ),
    );
    const scaleOf = (each: Compiled): Promise<number | undefined> =>
      onReference(
        each,
        async (session) => (await sit(session, stripesFor(each.plan.input, 4))).saves[0].params.get("core/conv.1.scale")?.[0],
      );
    const scale = await scaleOf(alone);
    expect(scale).toBeGreaterThan(0);
    expect(await scaleOf(compiled)).toBe(scale);
  });

  test("a dense layer reaches 0.3 at most, and is left alone below", async () => {
    const pixels = stripesFor(compileText(program("dense tanh 2", "batch: 4")).plan.input, 4).maker.make(Int32Array.of(0, 1, 2, 3)).images;
    const magnitude = pixels.reduce((sum, value) => sum + Math.abs(value), 0) / 4;
    const wide = await measure("dense tanh 2 { init: calibrated }", "loss: mse { targets: -1..1 }, optimizer: adam { lr: 0.5 }");
    expect(wide.scales.get("dense.1")).toBeCloseTo(0.3 / (0.5 * magnitude), 6);
    expect(wide.sitting.events.filter((event) => event.type === "warning")).toEqual([]);
    const narrow = await measure("dense tanh 2 { init: calibrated }", "loss: mse { targets: -1..1 }, optimizer: adam { lr: 0.001 }");
    expect(narrow.scales.get("dense.1")).toBe(1);
  });

  test("an output of size 0 keeps the constant 1 and is named", async () => {
    const { scales, sitting } = await measure(
      "conv spectral nothing 2 { init: calibrated } -> flatten",
      "loss: mse",
      "filter nothing(g = 0) = g * exp(-u^2)",
    );
    expect([...scales]).toEqual([["conv.1", 1]]);
    const warnings = sitting.events.flatMap((event) => (event.type === "warning" ? [event.warning] : []));
    expect(warnings.map(({ code, message }) => `${code} ${message}`)).toEqual([
      "W0616 `conv.1` has outputs of RMS 0 on the first batch, so it cannot be calibrated",
    ]);
  });
});

describe.skipIf(gpuMissing !== undefined)("on the adapter", () => {
  const device = suiteDevice();

  test("trains as the reference does, and a stopped run ends bit-equal", async () => {
    const compiled = compileText(
      program(
        "conv spectral linear 2 { init: calibrated } -> relu -> dropout 10% -> dense softmax 2",
        "loss: cross_entropy, optimizer: adam { lr: 0.02, clip: 1 }, schedule: cosine, epochs: 3, batch: 8, seed: 3",
      ),
      { programs: ["train", "measure"] },
    );
    const data = stripesFor(compiled.plan.input, 21);
    const session = await openSession(compiled.plan, device());
    const whole = await sit(session, data);
    await expectResumed(whole, 4, async (options) => {
      // A fresh process would start with clear buffers.
      const zeros = new Map([...(await session.readState())].map(([path, values]) => [path, new Float32Array(values.length)]));
      await session.writeState(zeros);
      return sit(session, data, options);
    });
    await session.close();
    const reference = await onReference(compiled, (other) => sit(other, data));
    const [rows, wanted] = [whole, reference].map(({ events }) => epochs(events));
    expect(rows[2].loss).toBeLessThan(rows[0].loss);
    expectClose(
      rows.map(({ loss }) => loss),
      wanted.map(({ loss }) => loss),
      { relative: 1e-4 },
      "losses",
    );
    for (const [path, values] of reference.saves.at(-1)?.params ?? [])
      expectClose(whole.saves.at(-1)?.params.get(path) ?? [], values, { absolute: 2e-4 }, path);
  });

  test("a network that ignores its images trains and is evaluated", async () => {
    const compiled = compileText(
      program("still -> dense softmax 2", "loss: cross_entropy, optimizer: sgd, epochs: 1, batch: 4", "activation still(x, a = 1) = a"),
      { programs: ["train", "evaluate"] },
    );
    expect(compiled.plan.programs["evaluate"].inputs.map(({ name }) => name)).not.toContain("images");
    const session = await openSession(compiled.plan, device());
    const { events } = await sit(session, stripesFor(compiled.plan.input, 8, 4));
    await session.close();
    expect(epochs(events)[0]).toMatchObject({
      loss: expect.closeTo(epochs(events)[0].validation?.loss ?? NaN, 1),
      validation: { count: 4 },
    });
  });
});
