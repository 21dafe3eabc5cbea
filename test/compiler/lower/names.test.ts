/** @file Names of kernels: what is asked for is known, what is not stated is refused, and nothing in a module clashes. */

import { describe, expect, test } from "vitest";
import type { GroupKernel, Kernel, Port, Storage } from "../../../src/compiler/lower/context.ts";
import { plainPort } from "../../../src/compiler/lower/context.ts";
import { beside } from "../../../src/compiler/lower/job.ts";
import { canonicalText } from "../../../src/compiler/lower/kernel-text.ts";
import { lowerGraph } from "../../../src/compiler/lower/lower.ts";
import type { Names } from "../../../src/compiler/lower/names.ts";
import { behind, ModuleNames } from "../../../src/compiler/lower/names.ts";
import type { Target } from "../../../src/compiler/lower/target.ts";
import { baseline, software } from "../../../src/compiler/lower/target.ts";
import type { EmittedKernel } from "../../../src/compiler/lower/wgsl.ts";
import { emitJob } from "../../../src/compiler/lower/wgsl.ts";
import { allOps, samplesOf } from "../../../src/compiler/ops/index.ts";
import type { DispatchPass } from "../../../src/compiler/passes/pass.ts";
import { graphOf } from "../../support/graph-runner.ts";

const lanes = 64;

function port(id: number, offsetBytes = 0): Port {
  const storage: Storage = { kind: "virtual", id, offsetBytes, sizeBytes: 4 * lanes };
  return plainPort({ storage, type: { shape: [lanes], dtype: "f32" } });
}

/** y = scale(x), by way of an array in workgroup memory. */
function scaling(id: number, factor: string, count = lanes): GroupKernel {
  return {
    title: "scale",
    groups: 1,
    size: lanes,
    reads: [port(id)],
    writes: [port(id + 1)],
    declarations: [
      { kind: "fn", name: "scale", text: () => `(x: f32) -> f32 { return ${factor} * x; }` },
      { kind: "fn", name: "scaled", text: ({ load, own }) => `(i: u32) -> f32 { return ${own("scale")}(${load(0)}(i)); }` },
      { kind: "workgroup", name: "shared_", element: "f32", count },
    ],
    body: ({ store, own }) => `${own("shared_")}[lane] = ${own("scaled")}(lane); ${store(0)}(lane, ${own("shared_")}[lane]);`,
  };
}

function emit(...kernels: readonly GroupKernel[]): EmittedKernel {
  const origin = { span: { start: 0, end: 0 }, layer: "test", role: "forward" } as const;
  return emitJob(beside(kernels.map((kernel, id) => [{ id, kernel, formula: "", label: "test", origin }])), baseline);
}

/** Names that a module declares, in order. */
function declaredIn(wgsl: string): readonly string[] {
  return [...wgsl.matchAll(/^(?:@group\(0\) @binding\(\d+\) )?(?:fn|struct|var(?:<[^>]*>)?) (\w+)/gm)].map(([, name]) => name);
}

describe("the names of a module", () => {
  test("are given out once", () => {
    const module = new ModuleNames();
    const taken = ["sum", "sum", "sum_1", "sum", "main", "piece"].map((wanted) => module.take(wanted));
    expect(taken).toEqual(["sum", "sum_1", "sum_1_1", "sum_2", "main_1", "piece_1"]);
  });

  test("keep functions and memory of different kernels apart", () => {
    const { wgsl, workgroupBytes } = emit(scaling(0, "2.0"), scaling(2, "3.0", 2 * lanes));
    const names = declaredIn(wgsl);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(["scale", "scale_1", "scaled", "scaled_1", "shared_", "shared__1"]));
    expect(wgsl).toContain("fn scaled_1(i: u32) -> f32 { return scale_1(load0_1(i)); }");
    expect(wgsl).toContain("shared__1[lane] = scaled_1(lane); store0_1(lane, shared__1[lane]);");
    expect(workgroupBytes).toBe(4 * 3 * lanes);
  });

  test("let kernels share what is equal, but not what loads from ports of their own", () => {
    const { wgsl, workgroupBytes } = emit(scaling(0, "2.0"), scaling(2, "2.0"));
    const names = declaredIn(wgsl);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => name.startsWith("sca") || name.startsWith("shared"))).toEqual(["scale", "scaled", "shared_", "scaled_1"]);
    expect(workgroupBytes).toBe(4 * lanes);
  });

  test("leave those of bindings to the bindings", () => {
    const kernel = scaling(0, "2.0");
    const own = { kind: "fn", name: "in0", text: () => "(x: f32) -> f32 { return x; }" } as const;
    const { wgsl } = emit({
      ...kernel,
      declarations: [own],
      body: (names) => `${names.store(0)}(lane, ${names.own("in0")}(${names.load(0)}(lane)));`,
    });
    expect(wgsl).toContain("store0(lane, in0_1(load0(lane)));");
    expect(wgsl).toContain("fn load0(i: u32) -> f32 { return in0[i]; }");
  });
});

describe("a kernel", () => {
  const kernel = scaling(0, "2.0");
  const two: GroupKernel = { ...kernel, reads: [port(0), port(2)], wideReads: [1] };

  test("is known by what it asks for", () => {
    expect([...canonicalText(kernel).loaded]).toEqual([0]);
    const wide = canonicalText({ ...two, declarations: [], body: ({ load, loadWide }) => `${loadWide(1)}(${load(0)}` });
    expect([...wide.loaded]).toEqual([0]);
    expect(wide.body).toBe("load1x4(load0");
  });

  test("may ask only for what it states", () => {
    const asks: readonly ((names: Names) => string)[] = [
      ({ load }) => load(2),
      ({ loadWide }) => loadWide(0),
      ({ store }) => store(1),
      ({ storeWide }) => storeWide(0),
      ({ table }) => table(0),
      ({ place }) => place(0, "i"),
      ({ own }) => own("threefry"),
    ];
    for (const body of asks) expect(() => canonicalText({ ...two, body })).toThrow(/scale asks for/);
    expect(canonicalText({ ...two, inPlace: true, body: ({ place }) => place(0, "i") }).body).toBe("out0[i]");
  });

  test("declares a name in one way", () => {
    const [scale] = kernel.declarations ?? [];
    const other = { kind: "fn", name: "scale", text: () => "(x: f32) -> f32 { return x; }" } as const;
    expect(() => canonicalText({ ...kernel, declarations: [scale, other], body: () => "" })).toThrow(/declares scale in two ways/);
    expect(canonicalText({ ...kernel, declarations: [scale, scale], body: () => "" }).declarations).toBe(
      "fn scale(x: f32) -> f32 { return 2.0 * x; }",
    );
  });

  test("numbers the reads and tables of a part from where the part begins", () => {
    const tables = [0, 1].map((at) => ({ key: `${at}`, data: new Float32Array(4), type: "array<vec4f, 1>", space: "uniform" as const }));
    const body = (names: Names): string => {
      const part = behind(names, { reads: 1, tables: 1 });
      return `${part.load(0)} ${part.table(0)} ${part.store(0)}`;
    };
    expect(canonicalText({ ...two, tables, body }).body).toBe("load1 table1 store0");
  });

  test("reads what it writes over where that lies, behind others too", () => {
    const changing = (offsetBytes: number): GroupKernel => ({
      ...kernel,
      declarations: [],
      writes: [port(5, offsetBytes)],
      inPlace: true,
      body: ({ load, store, place }) => `${store(0)}(lane, ${place(0, "lane")} + ${load(0)}(lane));`,
    });
    const { wgsl } = emit(changing(0), changing(4 * lanes));
    expect(wgsl).toContain("store0(lane, out0[lane] + load0(lane));");
    expect(wgsl).toContain(`store0_1(lane, out0[${lanes}u + lane] + load0_1(lane));`);
  });
});

describe("every op", () => {
  /** The kernels that the samples of all ops ask for. */
  function kernelsFor(target: Target): readonly { readonly title: string; readonly kernel: Kernel }[] {
    return allOps.flatMap((op) =>
      samplesOf(op).flatMap((sample) => {
        const graph = graphOf(sample.inputs, (builder, inputs) => [builder.node(op, inputs, sample.attrs)]);
        const found: { title: string; kernel: Kernel }[] = [];
        const keep: DispatchPass = {
          name: "keep",
          description: "",
          run(jobs) {
            found.push(...jobs.flatMap(({ pieces }) => pieces).map(({ kernel }) => ({ title: `${op.name}: ${sample.title}`, kernel })));
            return jobs;
          },
        };
        lowerGraph(graph, { offsetBytes: new Map(), sizeBytes: 256 }, 0, target, [keep]);
        return found;
      }),
    );
  }

  test.each([baseline, software])("asks for all names that its kernels use, for $name", (target) => {
    const strange: Names = {
      load: (read) => `a${read}`,
      loadWide: (read) => `b${read}`,
      store: (write) => `c${write}`,
      storeWide: (write) => `d${write}`,
      place: (write, index) => `e${write}[${index}]`,
      table: (table) => `f${table}`,
      own: (word) => `g_${word}`,
    };
    const kernels = kernelsFor(target);
    expect(kernels.length).toBeGreaterThan(200);
    for (const { title, kernel } of kernels) {
      const declarations = kernel.declarations ?? [];
      const texts = declarations.map((declaration) => (declaration.kind === "workgroup" ? "" : declaration.text(strange)));
      const text = [...texts, kernel.body(strange)].join("\n");
      // No body has a variable that is called like a function of its own, or like memory.
      for (const { name } of declarations) expect(text, `${title} writes ${name}`).not.toMatch(new RegExp(`\\b${name}\\b`));
      expect(text, title).not.toMatch(/\b(?:load|store|out|table)\d/);
      expect(kernel.body(strange), `${title} prints the same twice`).toBe(kernel.body(strange));
    }
  });
});
