/** @file What is watched at the start of training: saturated heads, vanished gradients. */

import { describe, expect, test } from "vitest";
import { ReferenceSession } from "../../src/compiler/reference/session.ts";
import type { Plan, PlanTraining } from "../../src/plan/plan.ts";
import { initialiseParams } from "../../src/runtime/index.ts";
import type { Progress } from "../../src/train/trainer.ts";
import { freshProgress, train } from "../../src/train/trainer.ts";
import type { StartWarning } from "../../src/train/watch.ts";
import { StartWatch, uncalibrated } from "../../src/train/watch.ts";
import { compileText } from "../support/small-network.ts";
import { stripesFor } from "../support/stripes.ts";

function program(body: string, settings: string, before = ""): string {
  return `spec 1\n${before}\ninput 6x5x1 -> ${body}\ntrain { ${settings} }\n`;
}

function planOf(text: string): { readonly plan: Plan; readonly training: PlanTraining } {
  const { plan } = compileText(text, { programs: ["train"] });
  if (plan.training === undefined) throw new Error("no training");
  return { plan, training: plan.training };
}

interface Said {
  readonly code: string;
  readonly message: string;
  /** The part of the text that the warning points at. */
  readonly at: string;
  /** How many steps were done. */
  readonly after: number;
}

/** The warnings of a run on the reference. */
async function warningsOf(text: string, from: Progress = freshProgress): Promise<readonly Said[]> {
  const compiled = compileText(text);
  const session = new ReferenceSession(compiled);
  await session.writeParams(initialiseParams(compiled.plan, compiled.plan.training?.seed ?? 0));
  const said: Said[] = [];
  let steps = 0;
  await train({
    session,
    data: stripesFor(compiled.plan.input, 16),
    from,
    save: async () => undefined,
    onEvent: (event) => {
      if (event.type === "step") steps++;
      if (event.type !== "warning") return;
      const { code, message, span } = event.warning;
      said.push({ code, message, at: text.slice(span.start, span.end), after: steps });
    },
  });
  await session.close();
  return said;
}

describe("W0615, before the first step", () => {
  const wide = (head: string, settings: string): Promise<readonly Said[]> =>
    warningsOf(program(`conv spatial 3x3 8 -> relu -> ${head}`, `${settings}, epochs: 1, batch: 16`));

  test("names the head whose output one step can move by more than 3", async () => {
    const [warning, ...others] = await wide("dense tanh 2", "loss: mse { targets: -1..1 }, optimizer: adam { lr: 0.5 }");
    expect(others).toEqual([]);
    expect([warning.code, warning.at, warning.after]).toEqual(["W0615", "dense tanh 2", 0]);
    const [move, sum, above] = warning.message.split(/ \(|\); /);
    const [, reach] = /^one step of adam can move an output of this `tanh` head by (\S+)$/.exec(move) ?? [];
    const [, lr, magnitudes] = /^lr (\S+) times (\S+), the sum of its inputs' magnitudes$/.exec(sum) ?? [];
    expect(above).toBe("above 3 it is likely to saturate");
    expect(Number(lr) * Number(magnitudes)).toBeCloseTo(Number(reach), 1);
    expect(Number(reach)).toBeGreaterThan(3);
  });

  test.each([
    ["a small rate", "dense tanh 2", "loss: mse, optimizer: adam { lr: 0.001 }"],
    ["an optimizer whose steps are as large as the gradient", "dense tanh 2", "loss: mse, optimizer: sgd { lr: 0.5 }"],
    ["a head without bounds", "dense 2", "loss: mse, optimizer: adam { lr: 0.5 }"],
    ["a loss that undoes the saturation", "dense sigmoid 2", "loss: bce, optimizer: adam { lr: 0.5 }"],
    ["a calibrated head", "dense tanh 2 { init: calibrated }", "loss: mse, optimizer: adam { lr: 0.5 }"],
    ["a hidden layer", "dense tanh 8 -> dense softmax 2", "loss: cross_entropy, optimizer: adam { lr: 0.5 }"],
  ])("is not said of %s", async (_, head, settings) => expect((await wide(head, settings)).filter(({ after }) => after === 0)).toEqual([]));

  test.each([
    ["dense sigmoid 2", "mse"],
    ["dense tanh 2", "hinge"],
  ])("is said of %s with %s, by adamw", async (head, loss) => {
    expect((await wide(head, `loss: ${loss}, optimizer: adamw { lr: 0.5 }`)).map(({ code, after }) => [code, after])).toEqual([
      ["W0615", 0],
    ]);
  });

  test("is not said again of a run that goes on", async () => {
    const text = program("conv spatial 3x3 8 -> relu -> dense tanh 2", "loss: mse, optimizer: adam { lr: 0.5 }, epochs: 2, batch: 16");
    expect(await warningsOf(text)).toHaveLength(1);
    expect(await warningsOf(text, { ...freshProgress, epoch: 1 })).toEqual([]);
  });
});

describe("W0615, of a head that is saturated", () => {
  test("after five steps without a slope in which the loss did not fall", async () => {
    const said = await warningsOf(
      program("dense tanh 2 { init: normal(0, 900) }", "loss: mse { targets: -1..1 }, optimizer: sgd { lr: 1e-6 }, epochs: 9, batch: 8"),
    );
    expect(said.map(({ code, at, after }) => [code, at.slice(0, 12), after])).toContainEqual(["W0615", "dense tanh 2", 4]);
    expect(said.filter(({ code }) => code === "W0615")).toHaveLength(1);
    expect(said.find(({ code }) => code === "W0615")?.message).toMatch(
      /^this `tanh` head is saturated: its mean slope was \S+ of the largest in 5 steps running, and the loss does not fall$/,
    );
  });

  const { plan, training } = planOf(program("dense sigmoid 2", "loss: mse, optimizer: sgd, batch: 4"));
  const statistics = Float32Array.of(1, 0, 1, 0);
  const saturated = Float32Array.of(0.999, 0.001, 0.999, 0.999, 0.5, 0.5, 0.5, 0.5);
  const steps = (outputs: (step: number) => Float32Array, loss: (step: number) => number, count: number): readonly StartWarning[] => {
    const watch = new StartWatch(plan, training);
    return Array.from({ length: count }, (_, index) =>
      watch.afterStep(index + 1, loss(index + 1), outputs(index + 1), statistics, 2),
    ).flat();
  };

  test("only the images of a short batch count", () => {
    expect(
      steps(
        () => saturated,
        () => 1,
        9,
      ),
    ).toHaveLength(1);
    expect(
      steps(
        () => Float32Array.of(0.999, 0.001, 0.5, 0.999, 0, 0, 0, 0),
        () => 1,
        9,
      ),
    ).toEqual([]);
  });

  test("one step with a slope begins the count anew", () => {
    const interrupted = (step: number): Float32Array => (step % 5 === 0 ? new Float32Array(8).fill(0.5) : saturated);
    expect(steps(interrupted, () => 1, 40)).toEqual([]);
  });

  test("a loss that falls is no reason to warn", () => {
    expect(
      steps(
        () => saturated,
        (step) => (step === 1 ? 1 : 0.8),
        40,
      ),
    ).toEqual([]);
    expect(
      steps(
        () => saturated,
        (step) => (step === 1 ? 1 : 0.95),
        40,
      ),
    ).toHaveLength(1);
  });

  test("after fifty steps nothing is watched", () => {
    expect(
      steps(
        (step) => (step > 47 ? saturated : new Float32Array(8).fill(0.5)),
        () => 1,
        90,
      ),
    ).toEqual([]);
  });
});

describe("W0616", () => {
  test("names each layer whose gradient vanished, once", async () => {
    const said = await warningsOf(
      program(
        "conv spectral gaussian 2 { init: normal(0, 1e-12) } -> conv spectral gaussian 2 { init: normal(0, 1e-12) } -> dense 2",
        "loss: mse, optimizer: sgd, epochs: 6, batch: 8",
      ),
    );
    expect(said.every(({ code, after }) => code === "W0616" && after === 4)).toBe(true);
    expect(
      said.map(
        ({ message }) => /^the gradient of `(\S+)` has vanished: its RMS was \S+, below 1e-8, in 5 steps running$/.exec(message)?.[1],
      ),
    ).toEqual(["conv.1.g", "conv.2.g", "dense.1.weight"]);
    expect(said.map(({ at }) => at.slice(0, 24))).toEqual(["conv spectral gaussian 2", "conv spectral gaussian 2", "dense 2"]);
  });

  test("names the right one of a layer's tensors, whatever the order in which they are read", async () => {
    // The mixing matrix is read before the parameters of the filter, and comes after them in the weights.
    const [said, ...others] = await warningsOf(
      program(
        "conv spectral still 2 { channels: weighted } -> dense 2",
        "loss: mse, optimizer: sgd, epochs: 3, batch: 8",
        "filter still(m ~ normal(0, 1), g ~ normal(0, 1), o ~ normal(0, 1)) = g * exp(-u^2) + 0 * m * o",
      ),
    );
    expect(others).toEqual([]);
    expect(said.message).toContain("the gradient of `conv.1.m`");
  });

  test("is said of an output to be calibrated that has no size", () => {
    const { plan } = planOf(program("conv spectral gaussian 2 { init: calibrated } -> dense 2", "batch: 4"));
    const param = plan.params.find(({ path }) => path === "conv.1.scale") ?? plan.params[0];
    expect(uncalibrated(param, "outputs of RMS NaN")).toMatchObject({
      code: "W0616",
      message: "`conv.1` has outputs of RMS NaN on the first batch, so it cannot be calibrated",
    });
  });

  test("is not said of a network that starts well", async () => {
    expect(
      await warningsOf(
        program(
          "conv spectral gaussian 2 { channels: weighted } -> relu -> dense tanh 2",
          "loss: mse { targets: -1..1 }, epochs: 4, batch: 8",
        ),
      ),
    ).toEqual([]);
  });
});
