/** @file Every optimizer takes the steps of its formula, with decay, clipping and a schedule. */

import { describe, expect, test } from "vitest";
import { expectClose } from "../support/close.ts";
import { compileText, drawParams, onReference, runInReference } from "../support/small-network.ts";
import { stripesFor } from "../support/stripes.ts";

function program(body: string, settings: string, before = ""): string {
  return `spec 1\n${before}\ninput 6x5x1 -> ${body}\ntrain { ${settings} }\n`;
}

describe("optimizers", () => {
  type Rule = (p: number, g: number, s: number[], lr: number, wd: number, t: number) => number;
  const momentum =
    (nesterov: boolean): Rule =>
    (p, g, s, lr, wd) => {
      const d = g + wd * p;
      s[0] = 0.9 * s[0] + d;
      return p - lr * (nesterov ? d + 0.9 * s[0] : s[0]);
    };
  const adam =
    (form: "standard" | "keras" | "adamw"): Rule =>
    (p, g, s, lr, wd, t) => {
      const d = form === "adamw" ? g : g + wd * p;
      s[0] = 0.8 * s[0] + (1 - 0.8) * d;
      s[1] = 0.95 * s[1] + (1 - 0.95) * d * d;
      const [c1, c2] = [1 - 0.8 ** t, 1 - 0.95 ** t];
      const from = form === "adamw" ? p - lr * wd * p : p;
      if (form === "keras") return from - ((lr * Math.sqrt(c2)) / c1) * (s[0] / (Math.sqrt(s[1]) + 1e-7));
      return from - (lr * (s[0] / c1)) / (Math.sqrt(s[1] / c2) + 1e-7);
    };
  const betas = "beta1: 0.8, beta2: 0.95, eps: 1e-7";
  const cases: readonly (readonly [optimizer: string, rule: Rule, wd: number, all: boolean, clip: number])[] = [
    ["sgd { lr: 0.1 }", (p, g, _, lr) => p - lr * g, 0, false, Infinity],
    ["sgd { lr: 0.1, decay: 0.3 }", (p, g, _, lr, wd) => p - lr * (g + wd * p), 0.3, false, Infinity],
    ["sgd { lr: 0.1, decay: all 0.3, clip: 0.05 }", (p, g, _, lr, wd) => p - lr * (g + wd * p), 0.3, true, 0.05],
    ["sgd { lr: 0.1, clip: 1000 }", (p, g, _, lr) => p - lr * g, 0, false, 1000],
    ["sgd { lr: 0.1, momentum: 0.9, decay: 0.1 }", momentum(false), 0.1, false, Infinity],
    ["sgd { lr: 0.1, momentum: 0.9, nesterov: on, clip: 0.1 }", momentum(true), 0, false, 0.1],
    [`adam { lr: 0.1, ${betas} }`, adam("standard"), 0, false, Infinity],
    [`adam { lr: 0.1, ${betas}, decay: 0.2, clip: 0.01 }`, adam("standard"), 0.2, false, 0.01],
    [`adam { lr: 0.1, ${betas}, form: keras, decay: all 0.2 }`, adam("keras"), 0.2, true, Infinity],
    [`adamw { lr: 0.1, ${betas} }`, adam("adamw"), 0.01, false, Infinity],
    [`adamw { lr: 0.1, ${betas}, decay: all 0.5 }`, adam("adamw"), 0.5, true, Infinity],
  ];
  const body = "conv spectral gaussian 2 { channels: weighted, bias: on } -> tanh -> conv spatial 1x1 2 -> dense tanh 2";
  /** Dense, spatial and free weights decay; biases, mixing and the parameters of filters do not. */
  const decayed = new Set(["conv.2.weight", "dense.1.weight"]);

  test.each(cases)("%s takes the steps of its formula", async (optimizer, rule, wd, all, clip) => {
    const compiled = compileText(
      program(body, `loss: mse { targets: -1..1 }, optimizer: ${optimizer}, epochs: 2, batch: 4, schedule: step { at: [1], by: 0.5 }`),
      { programs: ["gradient", "train"] },
    );
    const data = stripesFor(compiled.plan.input, 8);
    await onReference(compiled, async (session) => {
      let params: ReadonlyMap<string, Float32Array> = drawParams(compiled.plan);
      await session.writeParams(params);
      const states = new Map([...params].map(([path, values]) => [path, Array.from(values, () => [0, 0])]));
      for (let t = 1; t <= 3; t++) {
        const batch = { ...data.maker.make(Int32Array.of(t, t + 1, t + 2, t + 3)) };
        const results = runInReference(compiled, "gradient", params, batch);
        const norm = Math.hypot(...[...params.keys()].flatMap((path) => Array.from(results.get(`grad.${path}`) ?? [])));
        const factor = Math.min(1, clip / (norm + 1e-6));
        if (clip < 1) expect(factor).toBeLessThan(1);
        const lr = 0.1 * 0.5 ** Math.floor((t - 1) / 2);
        const scalars = Float32Array.from(compiled.plan.training?.scalars ?? [], (scalar) =>
          scalar.kind === "lr" ? lr : 1 - scalar.base ** t,
        );
        await session.run("train", { ...batch, scalars });
        const after = await session.readParams();
        for (const [path, before] of params) {
          const own = all || decayed.has(path) ? wd : 0;
          const gradient = results.get(`grad.${path}`) ?? new Float64Array();
          const wanted = Array.from(before, (p, i) => rule(p, factor * gradient[i], states.get(path)?.[i] ?? [], lr, own, t));
          // Parameters, moments and scalars are kept in f32.
          expectClose(after.get(path) ?? [], wanted, { relative: 2e-7, absolute: 2e-7, scale: "element" }, `${path} after step ${t}`);
        }
        params = after;
      }
    });
  });
});
