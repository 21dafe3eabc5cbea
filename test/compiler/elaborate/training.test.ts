/** @file The `train` declaration: defaults, all its fields, and what the command line replaces. */

import { describe, expect, test } from "vitest";
import type { Elaboration } from "../../../src/compiler/elaborate/elaborate.ts";
import { elaborated, network } from "../../support/elaborated.ts";

describe("training", () => {
  const base = "input 8x8x3 -> gap -> ";
  test.each([
    ["dense softmax 2", "cross_entropy"],
    ["dense sigmoid 2", "bce"],
    ["dense tanh 2", "mse"],
    ["dense 2", "mse"],
    ["dense 2 -> softmax", "cross_entropy"],
  ])("%s has the loss %s", (head, loss) => {
    expect(network(base + head).train.loss.name).toBe(loss);
  });
  test("defaults", () => {
    expect(network(`${base}dense 2`).train).toEqual({
      loss: { name: "mse", targets: [0, 1] },
      optimizer: {
        name: "adam",
        lr: 0.001,
        options: { beta1: 0.9, beta2: 0.999, eps: 1e-8, form: "standard" },
        decay: 0,
        decayAll: false,
        clip: null,
      },
      schedule: { kind: "constant" },
      epochs: 10,
      batch: 32,
      seed: 0,
      split: { kind: "share", share: 0.8 },
      augment: null,
    });
  });
  test("all fields", () => {
    const { train } = network(`${base}dense 2\n
train {
  loss: mse { targets: -1..1 }
  optimizer: sgd { lr: 0.1, momentum: 0.9, nesterov: on, decay: all 0.01, clip: 1 }
  schedule: step { at: [3, 5], by: 0.5 }
  epochs: 7, batch: 8, seed: 3, split: 15000, x_note: "kept for others"
}`);
    expect(train).toEqual({
      loss: { name: "mse", targets: [-1, 1] },
      optimizer: { name: "sgd", lr: 0.1, options: { momentum: 0.9, nesterov: true }, decay: 0.01, decayAll: true, clip: 1 },
      schedule: { kind: "step", at: [3, 5], by: 0.5 },
      epochs: 7,
      batch: 8,
      seed: 3,
      split: { kind: "count", count: 15000 },
      augment: null,
    });
  });
  const overridden = (key: string, value: string, train = "train { epochs: 10, optimizer: sgd { lr: 0.5, momentum: 0.9 } }"): Elaboration =>
    elaborated(`${base}dense 2\n\n${train}\n`, { overrides: [{ key, value }] });
  test("--set replaces fields and options of their values", () => {
    expect(overridden("train.epochs", "20").network?.train.epochs).toBe(20);
    expect(overridden("train.optimizer.lr", "0.25").network?.train.optimizer).toMatchObject({
      name: "sgd",
      lr: 0.25,
      options: { momentum: 0.9 },
    });
    expect(overridden("train.optimizer", "adamw { decay: 0.1 }").network?.train.optimizer).toMatchObject({ name: "adamw", decay: 0.1 });
    expect(overridden("train.schedule", "cosine { warmup: 1 }", "").network?.train.schedule).toEqual({
      kind: "cosine",
      warmup: 1,
      floor: 0,
    });
    expect(overridden("train.optimizer.lr", "0.25", "").network?.train.optimizer).toMatchObject({ name: "adam", lr: 0.25 });
    expect(overridden("train.split", "67%").network?.train.split).toEqual({ kind: "share", share: 0.67 });
  });
  test.each([
    ["train.epoch", "20", "S0206"],
    ["train.epochs", "-1", "S0210"],
    ["train.epochs", "1.5.2", "S0104"],
    ["train.lr", "1", "S0206"],
    ["epochs", "20", "S0206"],
    ["train.optimizer.momentun", "0.9", "S0206"],
    ["train.epochs", "1 batch: 2", "S0101"],
    ["train.optimizer", "sdg", "S0210"],
    ["train.epochs", "1 } input 8x8x3 -> gap", "S0101"],
  ])("--set %s=%s is %s, and says where it comes from", (key, value, code) => {
    const { diagnostics, network: made } = overridden(key, value);
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code]);
    expect(diagnostics[0]?.label).toContain(`--set ${key}=`);
    expect(diagnostics[0]?.helps?.every((help) => help.edits === undefined) ?? true).toBe(true);
    expect(made).toBeUndefined();
  });
});
