/** @file Memory: slots are shared only by tensors that never live at once, no dispatch reads what it writes, nothing grows. */

import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { layoutArena } from "../../../src/compiler/assemble/assemble.ts";
import type { SlotPlan } from "../../../src/compiler/assemble/memory.ts";
import { planMemory } from "../../../src/compiler/assemble/memory.ts";
import type { Dispatch } from "../../../src/compiler/lower/lower.ts";
import { lowerGraph } from "../../../src/compiler/lower/lower.ts";
import { baseline } from "../../../src/compiler/lower/target.ts";
import type { Plan } from "../../../src/plan/plan.ts";
import { openSession } from "../../../src/runtime/index.ts";
import { gpuMissing, openTestDevice } from "../../support/gpu.ts";
import { compileText, drawInputs, drawParams, graphOfProgram } from "../../support/small-network.ts";

interface Use {
  readonly id: number;
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

/** Dispatch `step` binds every tensor that is written or read there; the others in between need nothing. */
function dispatchesOf(uses: readonly Use[]): readonly Dispatch[] {
  const steps = Math.max(0, ...uses.map((use) => use.last + 1));
  return Array.from({ length: steps }, (_, step): Dispatch => {
    const bound = uses.filter((use) => use.first === step || use.last === step);
    return {
      wgsl: "",
      workgroupBytes: 0,
      label: "",
      grid: [1, 1, 1],
      origin: { span: { start: 0, end: 0 }, layer: "test", role: "forward" },
      access: bound.map((use) => (use.first === step ? "write" : "read")),
      ranges: bound.map(({ id, bytes }) => ({
        kind: "memory",
        storage: { kind: "virtual", id, sizeBytes: bytes },
        offsetBytes: 0,
        sizeBytes: bytes,
      })),
    };
  });
}

function expectSound(uses: readonly Use[], plan: SlotPlan): void {
  for (const use of uses) expect(plan.slotBytes[plan.slotOf.get(use.id) ?? -1]).toBeGreaterThanOrEqual(use.bytes);
  for (const a of uses)
    for (const b of uses)
      if (a.id < b.id && plan.slotOf.get(a.id) === plan.slotOf.get(b.id))
        expect(a.last < b.first || b.last < a.first, `${a.first}..${a.last} and ${b.first}..${b.last}`).toBe(true);
}

function mostAtOnce(uses: readonly Use[]): number {
  return Math.max(0, ...uses.map(({ first }) => uses.filter((other) => other.first <= first && first <= other.last).length));
}

const intervals = (bytes: fc.Arbitrary<number>): fc.Arbitrary<readonly Use[]> =>
  fc
    .array(fc.tuple(bytes, fc.nat(30), fc.nat(12)), { maxLength: 25 })
    .map((list) => list.map(([size, first, length], id) => ({ id, bytes: 4 * (size + 1), first, last: first + length })));

describe("slots", () => {
  test("are never shared by tensors that live at once, and hold the largest of theirs", () => {
    fc.assert(
      fc.property(intervals(fc.nat(1000)), (uses) => expectSound(uses, planMemory(dispatchesOf(uses)))),
      { numRuns: 300 },
    );
  });

  test("are as few as can be for tensors of one size", () => {
    fc.assert(
      fc.property(intervals(fc.constant(7)), (uses) => {
        expect(planMemory(dispatchesOf(uses)).slotBytes).toHaveLength(mostAtOnce(uses));
      }),
      { numRuns: 300 },
    );
  });

  test("take no more memory than a tensor each", () => {
    fc.assert(
      fc.property(intervals(fc.nat(1000)), (uses) => {
        const total = planMemory(dispatchesOf(uses)).slotBytes.reduce((sum, bytes) => sum + bytes, 0);
        expect(total).toBeLessThanOrEqual(uses.reduce((sum, use) => sum + use.bytes, 0));
      }),
    );
  });

  test("a chain needs two, whatever its length", () => {
    const chain = Array.from({ length: 40 }, (_, id): Use => ({ id, bytes: 4 * (id + 1), first: id, last: id + 1 }));
    expect(planMemory(dispatchesOf(chain)).slotBytes).toHaveLength(2);
  });
});

/** What the plan itself says of its steps: a dispatch must not read a buffer that it writes, nor write overlapping places. */
function clashes(plan: Plan): readonly string[] {
  return Object.entries(plan.programs).flatMap(([name, { steps }]) =>
    steps.flatMap((step) => {
      const access = plan.kernels[step.kernel].bindings;
      return step.bindings.flatMap((place, index) => {
        const clash = step.bindings.some(
          (other, position) =>
            position !== index &&
            other.buffer === place.buffer &&
            (access[position] !== "write" ||
              (other.offsetBytes < place.offsetBytes + place.sizeBytes && place.offsetBytes < other.offsetBytes + other.sizeBytes)),
        );
        return access[index] === "write" && clash ? [`${name} ${step.label}: ${plan.buffers[place.buffer].name}`] : [];
      });
    }),
  );
}

const deep = `spec 1
input 8x6x2 -> 6 * (conv spectral gaussian 3 { channels: weighted } -> relu) -> dense tanh 2
train { loss: mse { targets: -1..1 }, batch: 2 }
`;

const texts: Readonly<Record<string, string>> = {
  "a deep network": deep,
  "spatial filters, pools, dropout, clipping":
    "spec 1\n" +
    "input 8x6x2 -> concat[conv spatial 3x3 2 { stride: 2 } | conv spatial 5x5 3 { stride: 2 }] -> relu -> pool max 2 -> dropout 20% " +
    "-> dense relu 5 -> dense softmax 3\n" +
    "train { loss: cross_entropy, optimizer: adamw { clip: 1 }, batch: 3 }\n",
  "a shared object, measured constants, momentum":
    "spec 1\nshared core = conv spectral free 2 { channels: full } -> tanh\n" +
    "input 7x5x2 -> 3 * core -> residual[conv spectral linear 4 { init: calibrated } -> relu modulus -> conv spatial 1x1 2] -> gap " +
    "-> dense tanh 2 { init: calibrated }\n" +
    "train { optimizer: sgd { momentum: 0.9, nesterov: on }, batch: 2 }\n",
  "tensors with one gradient between them":
    "spec 1\n" +
    "input 6x5x2 -> add[conv spatial 1x1 2 | conv spatial 1x1 2 | conv spectral gaussian 2 { bias: on }] -> add[dense 2 | dense 2]\n" +
    "train { optimizer: sgd { clip: 1 }, batch: 2 }\n",
  "an axis of 67, doubled":
    "spec 1\ninput 67x5x1 -> conv spectral linear 2 { boundary: zero } -> relu -> dense tanh 1\n" +
    "train { loss: mse { targets: -1..1 }, batch: 1 }\n",
};

describe("plans", () => {
  test.each(Object.entries(texts))("no dispatch reads and writes one buffer, or writes one place twice: %s", (_, text) => {
    for (const without of [[], ["simplify"], ["fuse-elementwise"]]) {
      const { plan } = compileText(text, { without, programs: ["infer", "evaluate", "gradient", "train", "measure"] });
      expect(clashes(plan)).toEqual([]);
    }
  });

  test("a clash would be seen", () => {
    const { plan } = compileText(deep, { programs: ["infer"] });
    const { steps } = plan.programs["infer"];
    const broken = steps.map((step, index) =>
      index === 0 ? { ...step, bindings: step.bindings.map((binding) => ({ ...binding, buffer: step.bindings[0].buffer })) } : step,
    );
    expect(clashes({ ...plan, programs: { infer: { ...plan.programs["infer"], steps: broken } } })).not.toEqual([]);
  });

  test("the optimizer takes gradients from where they are computed", () => {
    const { programs } = compileText(deep, { programs: ["gradient", "train"], without: ["merge-beside"] }).plan;
    // The statistics and the update: nothing is copied for them.
    expect(programs["train"].steps.length).toBe(programs["gradient"].steps.length + 2);
  });

  test("slots are reused, between the tensors of a program and between programs", () => {
    const compiled = compileText(deep);
    const layout = layoutArena(compiled.plan.params);
    const tensors = new Set(
      lowerGraph(graphOfProgram(compiled, "infer"), layout, 2, baseline).dispatches.flatMap(({ ranges }) =>
        ranges.flatMap((range) => (range.kind === "memory" && range.storage.kind === "virtual" ? [range.storage.id] : [])),
      ),
    );
    const slotsOf = (plan: Plan): number => plan.buffers.filter(({ kind }) => kind === "slot").length;
    const [infer, train, all] = [["infer" as const], ["train" as const], undefined].map((programs) =>
      slotsOf(compileText(deep, { programs }).plan),
    );
    expect(tensors.size).toBeGreaterThan(20);
    expect(infer).toBeLessThanOrEqual(6);
    expect(all).toBe(Math.max(infer, train));
  });

  test("depth costs inference no memory", () => {
    const bytes = [2, 20].map((depth) =>
      compileText(deep.replace("6 *", `${depth} *`), { programs: ["infer"] })
        .plan.buffers.filter(({ kind }) => kind === "slot")
        .reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    );
    expect(bytes[1]).toBe(bytes[0]);
  });
});

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

describe.skipIf(gpuMissing !== undefined)("on the adapter", () => {
  test("2000 training steps keep GPU memory constant and host memory flat", async () => {
    const { plan } = compileText(
      "spec 1\ninput 3x4x1 -> conv spectral linear 2 -> dense tanh 2\ntrain { loss: mse { targets: -1..1 }, batch: 2 }\n",
      { programs: ["train"] },
    );
    const device = await openTestDevice();
    const session = await openSession(plan, device);
    await session.writeParams(drawParams(plan));
    const inputs = drawInputs(plan, "train");
    const flying: Promise<unknown>[] = [];
    const steps = async (
      count: number,
    ): Promise<{
      readonly heap: number;
      readonly resident: number;
      readonly gpu: Pick<typeof device.counters, "buffersCreated" | "buffersDestroyed" | "bytes">;
    }> => {
      for (let step = 0; step < count; step++) {
        flying.push(session.run("train", inputs, ["outputs", "loss", "gradient-statistics"]));
        if (flying.length >= 2) await flying.shift();
      }
      await Promise.all(flying.splice(0));
      collect();
      // Finalizers of GPU objects run after the collection.
      await new Promise((resume) => setTimeout(resume, 50));
      collect();
      const { heapUsed, external, rss } = process.memoryUsage();
      const { buffersCreated, buffersDestroyed, bytes } = device.counters;
      return { heap: heapUsed + external, resident: rss, gpu: { buffersCreated, buffersDestroyed, bytes } };
    };
    const before = await steps(500);
    const submits = device.counters.submits;
    const after = await steps(1500);
    expect(device.counters.submits - submits).toBe(1500);
    expect(after.gpu).toEqual(before.gpu);
    // One leaked batch, output or closure of 1 KiB each step would show as 1.5 MiB.
    expect(after.heap - before.heap).toBeLessThan(1024 * 1024);
    expect(after.resident - before.resident).toBeLessThan(16 * 1024 * 1024);
    await session.close();
    expect(device.counters.bytes).toBe(0);
    await device.close();
  });
});
