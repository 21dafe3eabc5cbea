/** @file `specc export --to pytorch`: what the Python computes, where PyTorch is installed; its structure everywhere. */

import { execFile, execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { compileNetwork } from "../../src/compiler/compile.ts";
import type { GivenInput } from "../../src/compiler/elaborate/elaborate.ts";
import { elaborate } from "../../src/compiler/elaborate/elaborate.ts";
import { call, variable } from "../../src/compiler/expr/expr.ts";
import type { ScalarName } from "../../src/compiler/expr/scalars.ts";
import { scalars } from "../../src/compiler/expr/scalars.ts";
import { layers } from "../../src/compiler/layers/index.ts";
import { inputRow } from "../../src/compiler/layers/input.ts";
import type { Network } from "../../src/compiler/network/network.ts";
import { parse } from "../../src/compiler/syntax/parser.ts";
import { optimizers } from "../../src/compiler/words/optimizers.ts";
import type { ExportedModel } from "../../src/export/format.ts";
import { printPython } from "../../src/export/pytorch/expr.ts";
import { pythonLayer, pythonLayers } from "../../src/export/pytorch/layers.ts";
import { pieces } from "../../src/export/pytorch/pieces.ts";
import { exportPytorch } from "../../src/export/pytorch.ts";
import { initialiseParams } from "../../src/runtime/initialise.ts";
import { writeTensors } from "../../src/runtime/safetensors.ts";
import { compare, exact } from "../support/compare-gradients.ts";
import type { NetworkFixture } from "../support/fixture.ts";
import { networkNames, readNetwork, readTensors } from "../support/fixture.ts";
import { suiteFolder } from "../support/folder.ts";
import { gradientOnCpu, networkOf } from "../support/gradient.ts";
import { findPython, pythonWith } from "../support/python.ts";

const torch = pythonWith("PyTorch 1.13 and Pillow");
const python = torch ?? findPython("");

const at = suiteFolder("specc-pytorch-");

function load(path: string, options: { readonly net?: string; readonly input?: GivenInput }): Network {
  const source = { name: path, text: readFileSync(join(import.meta.dirname, "../..", path), "utf8") };
  const { network, diagnostics, limitations } = elaborate(parse(source).file, source, { ...options, augment: "ignore" });
  if (limitations.length > 0) throw limitations[0];
  if (network === undefined) throw new Error(diagnostics[0]?.title);
  return network;
}

function modelOf(network: Network, values: ExportedModel["values"]): ExportedModel {
  const { plan } = compileNetwork(network, { programs: [], batch: 1 });
  return {
    network,
    params: plan.params,
    input: plan.input,
    values,
    classes: null,
    scores: null,
    statistics: null,
    data: null,
    version: "0",
  };
}

const options = { expanded: false, onnxDft: "matmul", onnxInput: "pixels" } as const;

/** One of our programs, of random images, with the reference's outputs and gradients in place of a fixture's. */
function example(name: string, network: Network): NetworkFixture {
  const { plan } = compileNetwork(network, { programs: [], batch: 1 });
  const { height, width, channels, outputs } = plan.input;
  const [B, classes] = [3, Math.max(2, outputs)];
  const noise = (index: number): number => ((Math.imul(index + 1, 2654435761) >>> 8) % 4096) / 2048 - 1;
  const params = new Map(
    [...initialiseParams(plan, 3)].map(
      ([path, data]) =>
        [path, { shape: plan.params.find((param) => param.path === path)?.shape ?? [], data: Float64Array.from(data) }] as const,
    ),
  );
  const asked: NetworkFixture = {
    name,
    spec: network.source.text,
    params,
    labels: Int32Array.from([0, 1, 2], (label) => label % classes),
    loss: 0,
    gradients: new Map(),
    images: {
      shape: [B, height, width, channels],
      data: Float64Array.from({ length: B * height * width * channels }, (_, index) => Math.fround(noise(index))),
    },
    outputs: { shape: [B, outputs], data: new Float64Array() },
  };
  const result = gradientOnCpu(asked, [], network);
  const shaped = (path: string, data: ArrayLike<number>): { shape: readonly number[]; data: Float64Array } => ({
    shape: result.shapes.get(path) ?? [],
    data: Float64Array.from(data),
  });
  return {
    ...asked,
    loss: result.loss,
    outputs: { ...asked.outputs, data: Float64Array.from(result.outputs) },
    gradients: new Map([...result.gradients].map(([path, data]) => [path, shaped(path, data)])),
  };
}

const square = (size: number, channels: number): GivenInput => ({ height: size, width: size, channels });
/** At sizes that the reference does quickly, odd ones among them. */
const examples: readonly (readonly [string, string, { readonly net?: string; readonly input?: GivenInput }])[] = [
  ["quickstart", "examples/quickstart.spec", { input: square(12, 1) }],
  ["tiny", "examples/tiny.spec", { input: { height: 9, width: 10, channels: 1 } }],
  ["block", "examples/block.spec", { input: square(11, 3) }],
  ["banded", "examples/banded.spec", { input: { height: 10, width: 13, channels: 3 } }],
  ["shared", "examples/shared.spec", { input: square(8, 3) }],
  ["inception", "examples/inception.spec", { input: { height: 7, width: 8, channels: 3 } }],
  ["small-fine", "examples/paper-small.spec", { net: "fine", input: { height: 40, width: 30, channels: 3 } }],
  ["signal", "examples/signal.spec", { input: { samples: 128, channels: 2 } }],
  ...["spatial", "raw", "linear", "gaussian"].flatMap((net) => [
    [`paper-${net}`, "examples/wood2021-paper.spec", { net, input: { height: 9, width: 8, channels: 3 } }] as const,
    [`code-${net}`, "examples/wood2021-code.spec", { net, input: { height: 8, width: 7, channels: 3 } }] as const,
  ]),
];

const low = "filter low() = exp(-8 * r^2)\n\ninput 6x5x2 -> conv spectral low 2";
/** Layers with nothing to train. */
const weightless: readonly (readonly [string, string])[] = [
  ["weightless", `${low} -> gap -> dense 2`],
  ["weightless-zero", `${low} { boundary: zero, channels: depthwise } -> gap -> dense 2`],
  ["weightless-twice", `${low} -> relu -> conv spectral low 1 -> relu -> dense softmax 2`],
];

describe.skipIf(torch === undefined)("PyTorch computes what the reference does", () => {
  const all: { readonly fixture: NetworkFixture; readonly network: Network }[] = [];

  async function write(fixture: NetworkFixture, network: Network): Promise<void> {
    const values = new Map([...fixture.params].map(([path, { data }]) => [path, Float32Array.from(data)]));
    for (const { suffix, content } of await exportPytorch(modelOf(network, values), options, fixture.name))
      await writeFile(at(`${fixture.name}${suffix}`), content);
    const labels = { dtype: "F32", shape: [fixture.labels.length], data: Float32Array.from(fixture.labels) } as const;
    const images = { dtype: "F32", shape: fixture.images.shape, data: Float32Array.from(fixture.images.data) } as const;
    await writeFile(
      at(`${fixture.name}.batch.safetensors`),
      writeTensors({
        tensors: new Map([
          ["images", images],
          ["labels", labels],
        ]),
        metadata: new Map(),
      }),
    );
    all.push({ fixture, network });
  }

  test("in double precision: outputs, loss and every gradient", async () => {
    for (const name of networkNames()) {
      const fixture = readNetwork(name);
      await write(fixture, networkOf(name, fixture.spec));
    }
    for (const [name, path, chosen] of examples) {
      const network = load(path, chosen);
      await write(example(`example-${name}`, network), network);
    }
    for (const [name, spec] of weightless) {
      const network = networkOf(name, spec);
      await write(example(name, network), network);
    }
    await promisify(execFile)(torch ?? "", [join(import.meta.dirname, "..", "support", "run_exported.py"), at()]);
    for (const { fixture } of all) {
      const tensors = readTensors(at(`${fixture.name}.result.safetensors`));
      const under = (prefix: string): [string, { shape: readonly number[]; data: Float64Array }][] =>
        [...tensors].flatMap(([name, tensor]) => (name.startsWith(prefix) ? [[name.slice(prefix.length), tensor]] : []));
      for (const [path, { data }] of under("state/")) expect(data, `${fixture.name} ${path}`).toEqual(fixture.params.get(path)?.data);
      try {
        compare(
          fixture,
          {
            outputs: tensors.get("outputs")?.data ?? [],
            loss: tensors.get("loss")?.data[0] ?? NaN,
            gradients: new Map(under("grad/").map(([path, { data }]) => [path, data])),
            shapes: new Map(under("state/").map(([path, { shape }]) => [path, shape])),
          },
          exact,
        );
      } catch (error) {
        throw new Error(`${fixture.name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
      }
    }
    expect(all.length).toBeGreaterThan(220);
  }, 120_000);
});

/** The files of one network by suffix. */
async function filesOf(network: Network, stem = "net"): Promise<Readonly<Record<string, string>>> {
  const { plan } = compileNetwork(network, { programs: [], batch: 1 });
  const files = await exportPytorch(modelOf(network, initialiseParams(plan, 0)), options, stem);
  return Object.fromEntries(files.map(({ suffix, content }) => [suffix, String(content)]));
}

describe("the text", () => {
  test("has every parameter at its path, and defines what it calls, once, and nothing else", async () => {
    // Some of the fixtures: nothing here depends on their numbers.
    const networks = [
      ...networkNames()
        .filter((_, index) => index % 4 === 0)
        .map((name) => networkOf(name, readNetwork(name).spec)),
      ...examples.map(([, path, chosen]) => load(path, chosen)),
    ];
    for (const network of networks) {
      const text = (await filesOf(network))[".py"];
      const { plan } = compileNetwork(network, { programs: [], batch: 1 });
      const placed = [...text.matchAll(/^ {8}place\(self, "([^"]+)", (.*(?:\n {12}.*)*(?:\n {8}\}.*)?)/gm)].flatMap(([, path, made]) => [
        ...[...made.matchAll(/^ {12}"(\w+)": /gm)].map(([, name]) => `${path}.${name}`),
        ...(made.includes("calibrated=True") ? [`${path}.scale`] : []),
      ]);
      expect(placed.sort(), network.source.name).toEqual(plan.params.map(({ path }) => path).sort());
      const defined = [...text.matchAll(/^(?:def|class) (\w+)/gm)].map(([, name]) => name);
      expect(new Set(defined).size, network.source.name).toBe(defined.length);
      const code = text.replace(/^#.*$/gm, "");
      for (const { name } of pieces) {
        const count = [...code.matchAll(new RegExp(`(?<![\\w."])${name}(?=\\()|\\(${name}\\)|\\(${name},`, "g"))].length;
        expect(
          count > 1,
          `${network.source.name}: ${name} is ${defined.includes(name) ? "defined" : "missing"} and found ${count} times`,
        ).toBe(defined.includes(name));
      }
    }
  });

  test("is the network, to read", async () => {
    const { ".py": text, "-train.py": script } = await filesOf(load("examples/quickstart.spec", {}), "quick");
    expect(text).toContain(`def gaussian(raw, u, v, r, theta):
    g = raw("g")
    mu = within(raw("mu"), 0, 0.5)
    mv = within(raw("mv"), -0.5, 0.5)
    a = positive(raw("a"))
    b = positive(raw("b"))
    c = raw("c")
    t0 = v - mv
    return g * torch.exp(-0.5 * ((a * (u - mu) + c * t0) ** 2 + (b * t0) ** 2))
`);
    expect(text).toContain(`    def forward(self, x, logits=False):
        x = torch.fft.rfft2(x)
        x = self.layer("conv.1")(x)
        x = irfft2(x, (28, 28))
        x = relu(x)
        x = F.max_pool2d(x, (2, 2))
`);
    expect(text).toContain(`}, shape=(2, 16), size=(14, 14), channels="weighted"))`);
    for (const line of [
      "BATCH, EPOCHS, SEED = 50, 4, 0",
      "SPLIT = 5000 ",
      "return torch.optim.Adam(groups, lr=LR, betas=(0.9, 0.999), eps=EPS)",
      `net = importlib.import_module("quick")`,
    ])
      expect(script).toContain(line);
    const code = (await filesOf(load("examples/wood2021-code.spec", { net: "gaussian", input: square(8, 3) })))["-train.py"];
    expect(code).toContain(`group["eps"] = EPS / math.sqrt(1 - 0.999 ** (step + 1))`);
    expect(code).toContain("net.to_values(pixels.to(device), training=training)");
  });

  test.skipIf(python === undefined)("is Python", async () => {
    for (const [name, path, chosen] of examples) {
      const files = await filesOf(load(path, chosen), `compiled-${name}`);
      for (const suffix of [".py", "-train.py"])
        if (files[suffix] !== undefined) await writeFile(at(`compiled-${name}${suffix}`), files[suffix]);
    }
    const paths = readdirSync(at())
      .filter((name) => name.startsWith("compiled-"))
      .map((name) => at(name));
    expect(paths.length).toBeGreaterThan(2 * examples.length - 2);
    execFileSync(python ?? "", ["-m", "py_compile", ...paths]);
  });

  test("names that Python needs stay as they are", async () => {
    const network = networkOf(
      "names",
      "spec 1\n\nfilter lambda(raw ~ normal(0, 1), t0 = 1, x: positive = 2) = raw * cos(t0 * u) * x\n" +
        "activation tensors(z, x = 1) = x * z\n" +
        "input 8x8x1 -> conv spectral lambda 2 -> tensors -> dense 2\n",
    );
    const text = (await filesOf(network))[".py"];
    expect(text).toContain(
      'def lambda_(raw, u, v, r, theta):\n    raw_ = raw("raw")\n    t0_ = raw("t0")\n    x_ = positive(raw("x"))\n' +
        "    return raw_ * torch.cos(t0_ * u) * x_\n",
    );
    expect(text).toContain('def tensors_(x, raw):\n    x_ = raw("x")\n    return x_ * x\n');
    await expect(filesOf(network, "signal")).rejects.toThrow("would hide the module `signal`");
    await expect(filesOf(network, "a b")).rejects.toThrow("cannot be the name of a module");
  });

  test("every scalar function and every optimizer has its Python", async () => {
    const [a, b, c] = ["a", "b", "c"].map(variable);
    for (const [name, { arity }] of Object.entries(scalars)) {
      const { calls } = printPython([call(name as ScalarName, ...[a, b, c].slice(0, arity))], (variableName) => variableName);
      for (const own of calls)
        expect(
          pieces.map((piece) => piece.name),
          name,
        ).toContain(own);
    }
    for (const { name } of optimizers) {
      const network = networkOf(name, `spec 1\n\ninput 8x8x1 -> dense softmax 2\n\ntrain { optimizer: ${name} }\n`);
      expect((await filesOf(network))["-train.py"]).toMatch(/return torch\.optim\.(Adam|AdamW|SGD)\(/);
    }
  });

  test("a layer is written, or refused by its name", () => {
    const [, node] = load("examples/tiny.spec", {}).nodes;
    for (const row of layers) {
      if (row === inputRow || pythonLayers.has(row)) continue;
      expect(() => pythonLayer({ ...node, row, title: row.words }), row.words).toThrow(
        `\`${row.words}\` cannot be exported to PyTorch yet`,
      );
    }
  });
});
