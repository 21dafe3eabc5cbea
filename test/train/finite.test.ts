/** @file Numbers that are not finite: what stops a run, what is named, and that no checkpoint holds one. */

import { describe, expect, test } from "vitest";
import { ReferenceSession } from "../../src/compiler/reference/session.ts";
import { elementCount } from "../../src/plan/shape.ts";
import type { StepNumbers } from "../../src/runtime/finite.ts";
import { checkStep, checkTensors, checkValidation, NonFiniteError } from "../../src/runtime/finite.ts";
import type { Session } from "../../src/runtime/index.ts";
import { initialiseParams, openSession } from "../../src/runtime/index.ts";
import type { TrainEvent } from "../../src/train/trainer.ts";
import { freshProgress, train } from "../../src/train/trainer.ts";
import { gpuMissing, openTestDevice } from "../support/gpu.ts";
import { compileText, drawParams } from "../support/small-network.ts";
import { stripesFor } from "../support/stripes.ts";

function program(body: string, settings: string): string {
  return `spec 1\ninput 6x5x1 -> ${body}\ntrain { ${settings} }\n`;
}

async function failureOf(action: () => unknown): Promise<NonFiniteError | undefined> {
  try {
    await action();
    return undefined;
  } catch (error) {
    if (error instanceof NonFiniteError) return error;
    throw error;
  }
}

/** Trains until something is not finite. @param poison replaces all values of a tensor before the first step */
async function run(
  session: Session,
  options: { readonly poison?: readonly [path: string, value: number]; readonly held?: number; readonly stopAfter?: number } = {},
): Promise<{ readonly error: NonFiniteError | undefined; readonly saves: readonly string[] }> {
  const params = options.poison === undefined ? initialiseParams(session.plan, 0) : drawParams(session.plan);
  const [path, value] = options.poison ?? ["", 0];
  params.get(path)?.fill(value);
  await session.writeParams(params);
  const saves: string[] = [];
  const controller = new AbortController();
  let steps = 0;
  const onEvent = (event: TrainEvent): void => {
    if (event.type === "step" && ++steps === options.stopAfter) controller.abort();
  };
  const error = await failureOf(() =>
    train({
      session,
      data: stripesFor(session.plan.input, 8 + (options.held ?? 0), options.held),
      from: freshProgress,
      signal: controller.signal,
      onEvent,
      save: async ({ progress }, kind) => void saves.push(`${kind} ${progress.epoch} ${progress.stepInEpoch}`),
    }),
  );
  return { error, saves };
}

function onReference(text: string): Session {
  return new ReferenceSession(compileText(text, { programs: ["train", "evaluate"] }));
}

/** The part of the text that an error points at. */
function placeIn(text: string, error: NonFiniteError | undefined): string | undefined {
  return error?.span === undefined ? undefined : text.slice(error.span.start, error.span.end);
}

const text = program(
  "conv spectral gaussian 2 { channels: weighted } -> conv spatial 1x1 2 -> dense 2",
  "loss: mse, optimizer: sgd { lr: 0.01 }, batch: 4, epochs: 9",
);

describe("a step", () => {
  const { plan } = compileText(text, { programs: ["train"] });
  const clean: StepNumbers = { loss: 3, statistics: new Float32Array(2 * plan.params.length), outputs: Float32Array.of(1, -2) };
  const found = (numbers: Partial<StepNumbers>): Promise<NonFiniteError | undefined> =>
    failureOf(() => checkStep(plan, 7, { ...clean, ...numbers }));

  test("passes what is finite", async () => expect(await found({})).toBeUndefined());

  test.each([NaN, Infinity, -Infinity])("with a loss of %s points at the head", async (loss) => {
    const error = await found({ loss });
    expect(error?.message).toBe(`step 7: the loss is not a finite number (${loss}): the outputs of dense.1 reach 2.00`);
    expect(placeIn(text, error)).toBe("dense 2");
    for (const output of [NaN, -Infinity])
      expect((await found({ loss, outputs: Float32Array.of(1, output, 2) }))?.message).toBe(
        `step 7: the loss is not a finite number (${loss}): an output of dense.1 is not finite`,
      );
  });

  test.each(plan.params.map((param, index) => [param.path, index, param.span] as const))(
    "with a gradient of %s that is not finite",
    async (path, index, span) => {
      // All later ones are bad too: the first is named, and its layer.
      const later = await found({
        loss: 1,
        statistics: clean.statistics.map((_, position) => (position % 2 === 0 ? 1 : position >= 2 * index ? 3 : 0)),
      });
      expect([later?.message, later?.span]).toEqual([`step 7: the gradient of ${path} is not a finite number (loss 1)`, span]);
      expect(
        (await found({ statistics: clean.statistics.map((_, position) => (position === 2 * index + 1 ? NaN : 0)) }))?.message,
      ).toContain(path);
    },
  );

  test("with a gradient whose squared norm overflows, alone or summed up", async () => {
    const large = (values: readonly number[]): Promise<NonFiniteError | undefined> =>
      found({ statistics: clean.statistics.map((_, position) => (position % 2 === 0 ? (values[position / 2] ?? 0) : 0)) });
    expect(await large([1e38, 1e38])).toBeUndefined();
    expect((await large([1, Infinity]))?.message).toBe(
      `step 7: the gradient of ${plan.params[1].path} is too large: its squared norm is not a finite number (loss 3)`,
    );
    expect((await large([2e38, 1e38, 1e38]))?.message).toContain(`the gradient of ${plan.params[2].path} is too large`);
  });
});

describe("weights and moments", () => {
  const { plan } = compileText(text.replace("sgd { lr: 0.01 }", "adam"), { programs: ["train"] });
  const zeros = (prefix: string): Map<string, Float32Array> =>
    new Map(plan.params.map(({ path, shape }) => [`${prefix}${path}`, new Float32Array(elementCount(shape))]));
  const found = (bad: readonly string[], value: number): Promise<NonFiniteError | undefined> =>
    failureOf(() => {
      const [params, state] = [zeros(""), new Map([...zeros("state.0/"), ...zeros("state.1/")])];
      for (const name of bad) (params.get(name) ?? state.get(name))?.fill(value, -1);
      checkTensors(plan, 12, { params, state });
    });

  test("pass while they are finite", async () =>
    expect(
      await found(
        plan.params.map(({ path }) => path),
        3e38,
      ),
    ).toBeUndefined());

  test("are named in the order of the layers, weights first", async () => {
    for (const value of [NaN, Infinity, -Infinity]) {
      const error = await found(["dense.1.weight", "conv.2.weight", "state.0/conv.1.g"], value);
      expect([error?.message, placeIn(text, error)]).toEqual([
        "step 12: the weights conv.2.weight are not finite numbers",
        "conv spatial 1x1 2",
      ]);
      expect((await found(["state.1/dense.1.bias"], value))?.message).toBe(
        "step 12: the optimizer's moments of dense.1.bias are not finite numbers",
      );
    }
  });

  test("a validation loss must be finite too", async () => {
    expect(await failureOf(() => checkValidation(plan, 12, 1e30))).toBeUndefined();
    const error = await failureOf(() => checkValidation(plan, 12, NaN));
    expect([error?.message, error?.step, placeIn(text, error)]).toEqual([
      "step 12: the validation loss is not a finite number (NaN)",
      12,
      "dense 2",
    ]);
  });
});

describe("a run on the reference", () => {
  test("stops at a gradient", async () => {
    expect(await run(onReference(text), { poison: ["conv.2.weight", Infinity] })).toMatchObject({
      error: { step: 1, message: "step 1: the gradient of conv.1.g is not a finite number (loss NaN)" },
      saves: [],
    });
  });

  test("stops at a gradient that is too large to clip, instead of clipping it to nothing", async () => {
    const steep = program("dense 2", "loss: mse, optimizer: sgd { lr: 0.01, clip: 1 }, batch: 4, epochs: 9");
    const { error } = await run(onReference(steep), { poison: ["dense.1.weight", 1e20] });
    expect(error?.message).toMatch(/^step 1: the gradient of dense\.1\.weight is too large: its squared norm is not a finite number/);
  });

  test("stops at a loss that overflows before any gradient, and points at the head", async () => {
    // The slope of the hinge is 1 however large its value is.
    const hinge = program("dense 2", "loss: hinge, optimizer: sgd, batch: 4, epochs: 9");
    const { error } = await run(onReference(hinge), { poison: ["dense.1.weight", 3e38] });
    expect([error?.message, placeIn(hinge, error)]).toEqual([
      "step 1: the loss is not a finite number (Infinity): an output of dense.1 is not finite",
      "dense 2",
    ]);
  });

  // The gradients are of order 1: the first update alone leaves the range of f32.
  const leap = program("dense 2", "loss: mse, optimizer: sgd { lr: 3e38 }, batch: 8, epochs: 9");

  test("saves no weights that are not finite at the end of an epoch", async () => {
    const { error, saves } = await run(onReference(leap), { poison: ["dense.1.bias", 9] });
    expect([error?.message, placeIn(leap, error), saves]).toEqual([
      "step 1: the weights dense.1.weight are not finite numbers",
      "dense 2",
      [],
    ]);
  });

  test("nor when it is interrupted", async () => {
    const { error, saves } = await run(onReference(leap.replace("batch: 8", "batch: 4")), { poison: ["dense.1.bias", 9], stopAfter: 1 });
    expect([error?.name, saves]).toEqual(["NonFiniteError", []]);
  });

  test("keeps the checkpoints of the epochs before", async () => {
    // Each epoch is one step that multiplies the weights by about the same factor.
    const { error, saves } = await run(onReference(program("dense 2", "loss: mse, optimizer: sgd { lr: 1000 }, batch: 8, epochs: 30")));
    expect(error?.step).toBeGreaterThan(2);
    expect(saves.length).toBe((error?.step ?? 0) - 1);
  });

  test("measures no constant from inputs that are not finite", async () => {
    const compiled = compileText(program("conv spatial 1x1 1 -> dense 2 { init: calibrated }", "loss: mse, batch: 4, epochs: 1"));
    const session = new ReferenceSession(compiled);
    const params = initialiseParams(compiled.plan, 0);
    params.get("conv.1.weight")?.fill(Infinity);
    await session.writeParams(params);
    const said: string[] = [];
    const controller = new AbortController();
    controller.abort();
    await failureOf(() =>
      train({
        session,
        data: stripesFor(compiled.plan.input, 4),
        from: freshProgress,
        signal: controller.signal,
        save: async () => undefined,
        onEvent: (event) =>
          said.push(
            event.type === "calibrated"
              ? `${event.path} ${event.scale}`
              : event.type === "warning"
                ? `${event.warning.code} ${event.warning.message}`
                : event.type,
          ),
      }),
    );
    expect(said).toEqual(["W0616 `dense.1` has inputs of magnitude Infinity on the first batch, so it cannot be calibrated", "dense.1 1"]);
  });
});

describe.skipIf(gpuMissing !== undefined)("a run on the adapter", () => {
  test("finds them by their bits", async () => {
    const device = await openTestDevice();
    const session = await openSession(
      compileText(program("dense 2", "loss: mse, optimizer: sgd, batch: 4, epochs: 9"), { programs: ["train"] }).plan,
      device,
    );
    const infinite = await run(session, { poison: ["dense.1.weight", 3e38] });
    expect(infinite).toMatchObject({ error: { step: 1 }, saves: [] });
    expect(infinite.error?.message).toMatch(/^step 1: the gradient of dense\.1\.weight is not a finite number/);
    const large = await run(session, { poison: ["dense.1.weight", 1e20] });
    expect(large.error?.message).toMatch(/^step 1: the gradient of dense\.1\.weight is too large/);
    await session.close();
    await device.close();
  });
});
