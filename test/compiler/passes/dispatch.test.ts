/** @file Dispatches put together: in an order that keeps every dependence, within the limits, with the same numbers as apart. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CompileOptions } from "../../../src/compiler/compile.ts";
import type { Port } from "../../../src/compiler/lower/context.ts";
import { plainPort } from "../../../src/compiler/lower/context.ts";
import type { Job } from "../../../src/compiler/lower/job.ts";
import { beside, labelOf, usesOf } from "../../../src/compiler/lower/job.ts";
import { mergeAt } from "../../../src/compiler/lower/order.ts";
import { baseline, software } from "../../../src/compiler/lower/target.ts";
import { dispatchPasses } from "../../../src/compiler/passes/pipeline.ts";
import { expectClose } from "../../support/close.ts";
import { gpuMissing, suiteDevice } from "../../support/gpu.ts";
import { compileText, drawInputs, drawParams, runOnDevice } from "../../support/small-network.ts";

const names = dispatchPasses.map(({ name }) => name);

const texts: Readonly<Record<string, string>> = {
  "layers of one size":
    "spec 1\ninput 8x8x3 -> 3 * (conv spectral gaussian 4 -> relu) -> dense tanh 2\n" +
    "train { loss: cross_entropy, optimizer: sgd, batch: 4 }\n",
  "clipping, moments, dropout":
    "spec 1\n" +
    "input 6x8x2 -> 2 * (conv spectral linear 3 { channels: weighted, bias: on } -> tanh) -> dropout 20% -> dense relu 8 " +
    "-> dense softmax 3\n" +
    "train { loss: cross_entropy, optimizer: adamw { clip: 0.1 }, batch: 3 }\n",
  "branches and a shared object":
    "spec 1\nshared core = conv spectral free 2 { channels: full } -> tanh\n" +
    "input 7x5x2 -> concat[core | conv spatial 3x3 2 -> relu | core -> core] -> gap -> dense tanh 2\n" +
    "train { optimizer: sgd { momentum: 0.9 }, batch: 2 }\n",
};

function labelsOf(text: string, options: CompileOptions = {}): readonly string[] {
  return compileText(text, { programs: ["train"], ...options }).plan.programs["train"].steps.map(({ label }) => label);
}

/** A job that reads some tensors and writes others, each a number. */
function jobOf(index: number, reads: readonly number[], writes: readonly number[]): Job {
  const port = (id: number): Port => plainPort({ storage: { kind: "virtual", id, sizeBytes: 4 }, type: { shape: [], dtype: "f32" } });
  const origin = { span: { start: 0, end: 0 }, layer: `layer.${index}`, role: "forward" } as const;
  const kernel = { title: "sum", count: 1, reads: reads.map(port), writes: writes.map(port), body: () => "" };
  return beside([[{ id: index, kernel, formula: "", label: `layer.${index} forward sum`, origin }]]);
}

function depends(later: Job, earlier: Job): boolean {
  return usesOf(later).some(
    (use) =>
      usesOf(earlier).some((other) => (use.write || other.write) && use.storage === other.storage) ||
      usesOf(earlier).some(
        (other) =>
          (use.write || other.write) &&
          use.storage.kind === "virtual" &&
          other.storage.kind === "virtual" &&
          use.storage.id === other.storage.id,
      ),
  );
}

describe("the order", () => {
  const someIds = fc.uniqueArray(fc.nat(9), { maxLength: 3 });
  const program = fc.array(fc.tuple(someIds, someIds), { minLength: 2, maxLength: 12 }).map((uses) =>
    uses.map(([reads, writes], index) =>
      jobOf(
        index,
        reads.filter((id) => !writes.includes(id)),
        writes,
      ),
    ),
  );

  test("keeps every dependence, whatever is put together", () => {
    let merges = 0;
    fc.assert(
      fc.property(program, fc.nat(), fc.nat(), fc.boolean(), (jobs, first, second, independent) => {
        const [early, late] = [first % jobs.length, second % jobs.length].sort((a, b) => a - b);
        if (early === late) return;
        const merged = beside([jobs[early].pieces, jobs[late].pieces]);
        const reordered = mergeAt(jobs, early, late, independent, () => merged);
        const placeOf = (job: Job): number => (reordered ?? []).indexOf(job === jobs[early] || job === jobs[late] ? merged : job);
        if (reordered === undefined) {
          // There is a reason: a dependence between the two, or a path through what stands between them.
          const after = [jobs[early]];
          for (const job of jobs.slice(early + 1, late)) if (after.some((before) => depends(job, before))) after.push(job);
          expect(after.some((before) => (independent || before !== jobs[early]) && depends(jobs[late], before))).toBe(true);
          return;
        }
        merges++;
        expect(reordered).toHaveLength(jobs.length - 1);
        jobs.forEach((later, position) =>
          jobs.slice(0, position).forEach((earlier) => {
            if (depends(later, earlier) && placeOf(later) !== placeOf(earlier)) expect(placeOf(later)).toBeGreaterThan(placeOf(earlier));
          }),
        );
      }),
      { numRuns: 500 },
    );
    expect(merges).toBeGreaterThan(50);
  });
});

describe("what is put together", () => {
  const text =
    "spec 1\ninput 64x64x3 -> 4 * (conv spectral gaussian 16 -> relu) -> dense tanh 2\n" +
    "train { loss: cross_entropy, optimizer: sgd, batch: 16 }\n";

  test("the filters of all layers, the loss with its gradient, the statistics with the update", () => {
    const labels = labelsOf(text);
    expect(labels).toContainEqual(expect.stringMatching(/conv\.1 forward sum \+ plane \+ conv\.2 \+ conv\.3 \+ conv\.4$/));
    expect(labels).toContainEqual(expect.stringMatching(/^dense\.1 forward .* \+ lines .* \+ dense\.1 backward .*lines/));
    expect(labels).toContain("conv.1 backward parameters + conv.2 + conv.3 + conv.4");
    expect(labels).toContain("optimizer update statistics + update");
    expect(labels.length).toBeLessThanOrEqual(24);
  });

  test.each(names)("less without %s", (pass) => {
    expect(labelsOf(text, { without: [pass] }).length).toBeGreaterThan(labelsOf(text).length);
  });

  test("nothing, where all are left out", () => {
    expect(labelsOf(text, { without: names }).filter((label) => label.includes(" + "))).toEqual([]);
  });

  test("less where a driver would load from every tensor it could choose", () => {
    expect(labelsOf(text, { target: software })).toContain("conv.1 backward parameters");
  });

  test.each(["infer", "evaluate", "train"] as const)("costs %s no memory, and no dispatch more than eight storage buffers", (program) => {
    for (const each of [...Object.values(texts), text.replace("4 *", "12 *")]) {
      const [apart, together] = [names, []].map((without) => compileText(each, { programs: [program], without }).plan);
      const bytes = [apart, together].map(({ buffers }) =>
        buffers.filter(({ kind }) => kind === "slot").reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      );
      expect(bytes[1]).toBeLessThanOrEqual(bytes[0]);
      for (const { bindings } of together.kernels) expect(bindings.filter((access) => access !== "uniform").length).toBeLessThanOrEqual(8);
    }
  });

  test("labels say what differs", () => {
    const [a, b] = [jobOf(1, [], [1]), jobOf(2, [], [2])];
    expect(labelOf(beside([[...a.pieces, ...b.pieces]]))).toBe("layer.1 forward sum + layer.2");
    expect(labelOf(beside([a.pieces, a.pieces, a.pieces, b.pieces]))).toBe("layer.1 forward sum + 2 sum + layer.2");
  });
});

describe.skipIf(gpuMissing !== undefined)("on the adapter", () => {
  const device = suiteDevice();

  const cases = Object.entries(texts).flatMap(([title, text]) =>
    [baseline, software].map((target) => [title, target.name, text, target] as const),
  );

  test.each(cases)("%s for %s: a step gives the numbers that it gives without each pass", async (_title, _name, text, target) => {
    const step = async (without: readonly string[]): Promise<ReadonlyMap<string, Float32Array>> => {
      const compiled = compileText(text, { programs: ["gradient", "train"], target, without });
      const params = drawParams(compiled.plan);
      const results = await runOnDevice(compiled, "gradient", device(), params, drawInputs(compiled.plan, "gradient"));
      const inputs = drawInputs(compiled.plan, "train");
      const trained = await runOnDevice(compiled, "train", device(), params, { ...inputs, scalars: inputs["scalars"].map(Math.abs) });
      return new Map([...results, ...[...trained].map(([name, values]): [string, Float32Array] => [`train ${name}`, values])]);
    };
    const wanted = await step(names);
    for (const without of [[], ...names.map((name) => [name])]) {
      const actual = await step(without);
      expect([...actual.keys()]).toEqual([...wanted.keys()]);
      for (const [name, values] of wanted)
        expectClose(
          actual.get(name) ?? [],
          values,
          { relative: 1e-6, absolute: 1e-7, scale: "norm" },
          `without ${without.join()}: ${name}`,
        );
    }
  });
});
