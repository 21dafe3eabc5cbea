import { describe, expect, test } from "vitest";
import { check } from "../../../src/compiler/check.ts";
import type { Network } from "../../../src/compiler/network/network.ts";
import type { ParamSpec } from "../../../src/compiler/network/parameters.ts";
import { typeText } from "../../../src/compiler/network/types.ts";
import { elementCount } from "../../../src/plan/shape.ts";
import { codes, elaborated, network } from "../../support/elaborated.ts";

function titles(net: Network): readonly string[] {
  return net.nodes.map((node) => (node.inserted ? `+${node.title}` : node.title));
}

function outputType(net: Network): string {
  return typeText(net.nodes[net.output].type);
}

/** `conv.1.weight 8x3x3x3` for every tensor, once. */
function tensors(net: Network): readonly string[] {
  return [...new Set(net.nodes.flatMap((node) => node.params.map((param) => `${node.path}.${param.name} ${param.shape.join("x")}`)))];
}

function param(net: Network, path: string): ParamSpec {
  for (const node of net.nodes) {
    for (const spec of node.params) if (`${node.path}.${spec.name}` === path) return spec;
  }
  throw new Error(`no tensor ${path}`);
}

function counted(net: Network, part: "filter" | "head"): number {
  const sizes = new Map(
    net.nodes
      .filter((node) => node.row.part === part)
      .flatMap((node) => node.params.map((spec) => [`${node.path}.${spec.name}`, elementCount(spec.shape)] as const)),
  );
  return [...sizes.values()].reduce((a, b) => a + b, 0);
}

describe("domains", () => {
  test("transforms are inserted where a layer needs them", () => {
    expect(titles(network("input 8x8x3 -> conv spectral gaussian 4 -> relu -> dense tanh 2"))).toEqual([
      "input 8x8x3",
      "+fft",
      "conv spectral gaussian 4",
      "+inverse fft",
      "relu",
      "+flatten",
      "dense tanh 2",
      "+tanh",
    ]);
  });
  test("spectra stay spectra between spectral layers", () => {
    expect(titles(network("input 8x8x3 -> conv spectral gaussian 4 -> relu spectral -> flatten spectral -> dense 2"))).toEqual([
      "input 8x8x3",
      "+fft",
      "conv spectral gaussian 4",
      "relu spectral",
      "flatten spectral",
      "dense 2",
    ]);
  });
  test("a branch list of spectra stays in the spectrum, else all become images", () => {
    const spectra = network("input 8x8x3 -> add[conv spectral gaussian 4 | conv spectral linear 4] -> gap -> dense 2");
    expect(titles(spectra)).not.toContain("+inverse fft");
    const mixed = network("input 8x8x3 -> add[conv spectral gaussian 4 | conv spatial 3x3 4] -> gap -> dense 2");
    expect(titles(mixed).filter((title) => title === "+inverse fft")).toHaveLength(1);
    const product = network("input 8x8x3 -> mul[conv spectral gaussian 4 | conv spectral linear 4] -> gap -> dense 2");
    expect(titles(product).filter((title) => title === "+inverse fft")).toHaveLength(2);
  });
  test("`boundary: zero` takes and gives an image, and stores `free` on the doubled grid", () => {
    const net = network("input 6x5x2 -> conv spectral free 4 { boundary: zero } -> relu -> gap -> dense 2");
    expect(titles(net)).not.toContain("+fft");
    expect(param(net, "conv.1.weight").shape).toEqual([4, 12, 6, 2]);
  });
  test("a vector never becomes an image", () => {
    expect(codes("input 8x8x3 -> gap -> conv spatial 3x3 4 -> gap -> dense 2")).toEqual(["S0301"]);
    expect(codes("input 8x8x3 -> add[gap | id] -> dense 2")).toEqual(["S0301"]);
  });
});

describe("sizes", () => {
  test.each([
    ["input 9x8x3 -> conv spatial 3x3 4 { stride: 2 }", "image 5x4x4"],
    ["input 9x8x3 -> conv spatial 3x2 4 { stride: 2, size: valid }", "image 4x4x4"],
    ["input 9x8x3 -> pool max 2", "image 4x4x3"],
    ["input 33x7x3 -> pool spectral 50%", "spectrum 16x3x3"],
    ["input 9x8x3 -> flatten", "vector 216"],
    ["input 9x8x3 -> flatten spectral", "vector 270"],
    ["input 9x8x3 -> pool pyramid 1 2 4", "vector 63"],
    ["input 100x3 -> pool pyramid 1 2 4", "vector 21"],
    ["input 100x3 -> conv spatial 5 4 { stride: 3 }", "signal 34x4"],
    ["input 100x3 -> pool avg 7", "signal 14x3"],
    ["input 9x8x3 -> concat[id | id | conv spatial 1x1 4]", "image 9x8x10"],
    ["input ?x?x3 -> pool avg 2 -> pool avg 3 -> conv spatial 3x3 4 { stride: 2 }", "image ceil(floor(H/6)/2)xceil(floor(W/6)/2)x4"],
    ["input ?x?x3 -> gap", "vector 3"],
    ["pool avg 2 -> conv spatial 1x1 4", "image floor(H/2)xfloor(W/2)x4"],
  ])("%s gives %s", (text, type) => expect(outputType(network(text))).toBe(type));

  test("--input closes a promise, a gap, and replaces fixed sizes", () => {
    const input = { height: 64, width: 32, channels: 1 };
    expect(outputType(network("input ?x?x3 -> conv spatial 3x3 4", { input }))).toBe("image 64x32x4");
    expect(param(network("conv spatial 3x3 4 -> relu -> dense 2", { input }), "dense.1.weight").shape).toEqual([2, 64 * 32 * 4]);
    expect(network("input 150x150x3 -> gap -> dense 2", { input }).input).toMatchObject({ height: 64, width: 32, channels: 1 });
    expect(network("input 100x2 -> gap -> dense 2", { input: { samples: 50, channels: 1 } }).input).toMatchObject({
      kind: "signal",
      height: 1,
      width: 50,
    });
    expect(codes("input 100x2 -> gap -> dense 2", { input })).toEqual(["S0106"]);
  });
  test("--input does not excuse a broken promise", () => {
    expect(codes("input ?x?x3 -> conv spectral free 4 -> gap -> dense 2", { input: { height: 8, width: 8, channels: 3 } })).toEqual([
      "S0307",
    ]);
  });
  test("a pooled spectrum of fixed size keeps the promise", () => {
    expect(codes("input ?x?x3 -> pool spectral 16 -> conv spectral free 4 -> gap -> dense 2")).toEqual([]);
  });
  test("open sizes are compared once they are known", () => {
    const text = "input ?x?x3 -> add[id | pool avg 2 -> resize 200%] -> gap -> dense 2";
    expect(codes(text)).toEqual([]);
    expect(codes(text, { input: { height: 7, width: 8, channels: 3 } })).toEqual(["S0306"]);
    expect(codes(text, { input: { height: 6, width: 8, channels: 3 } })).toEqual([]);
  });
  test("a network is open while a size or the channels are", () => {
    expect(network("input ?x?x3 -> gap -> dense 2").open).toBe(true);
    expect(network("conv spectral gaussian 4 -> gap -> dense 2").open).toBe(true);
    expect(network("input 8x8x3 -> gap -> dense 2").open).toBe(false);
  });
});

describe("weight paths", () => {
  test("ordinals count layers of one kind within one scope", () => {
    const net = network(`
let block(n) = conv spatial 3x3 n -> relu -> conv spectral linear n
shared core = conv spectral linear 4 -> relu

input 8x8x4 -> conv spatial 1x1 4 -> 2 * block(4) -> 2 * core -> (conv spatial 1x1 4) as fine
  -> add[conv spatial 1x1 4 | core] -> residual[conv spatial 1x1 4] { project: on } -> dense 2
`);
    expect(tensors(net).map((line) => line.split(" ")[0])).toEqual([
      "conv.1.weight",
      "conv.1.bias",
      "block.1/conv.1.weight",
      "block.1/conv.1.bias",
      "block.1/conv.2.s1",
      "block.1/conv.2.s2",
      "block.2/conv.1.weight",
      "block.2/conv.1.bias",
      "block.2/conv.2.s1",
      "block.2/conv.2.s2",
      "core/conv.1.s1",
      "core/conv.1.s2",
      "fine.weight",
      "fine.bias",
      "conv.3.weight",
      "conv.3.bias",
      "conv.4.weight",
      "conv.4.bias",
      "residual.1.project",
      "dense.1.weight",
      "dense.1.bias",
    ]);
  });
  test("inserting a relu renames nothing", () => {
    const before = tensors(network("input 8x8x3 -> conv spatial 3x3 4 -> conv spatial 3x3 4 -> dense 2"));
    const after = tensors(network("input 8x8x3 -> conv spatial 3x3 4 -> relu -> conv spatial 3x3 4 -> relu -> dense 2"));
    expect(after).toEqual(before);
  });
  test("a name belongs to the use of a recipe, and nests", () => {
    const net = network(`
let block(n) = conv spatial 1x1 n as inner -> relu

input 8x8x3 -> block(4) as outer -> block(4) -> concat[id | outer] -> dense 2
`);
    expect(tensors(net).slice(0, 4)).toEqual([
      "outer/inner.weight 4x3x1x1",
      "outer/inner.bias 4",
      "block.2/inner.weight 4x4x1x1",
      "block.2/inner.bias 4",
    ]);
    expect(net.nodes.filter((node) => node.name === "outer")).toHaveLength(1);
  });
  test("uses of a shared layer have one set of tensors", () => {
    const net = network("shared core = conv spectral gaussian 4 -> relu\n\ninput 8x8x4 -> 3 * core -> dense 2");
    expect(net.nodes.filter((node) => node.path === "core/conv.1" && !node.inserted)).toHaveLength(3);
    expect(tensors(net)).toHaveLength(6 + 2);
  });
});

describe("parameters", () => {
  const shapes: readonly (readonly [string, readonly string[]])[] = [
    ["conv spectral gaussian 6", ["g 2x6", "mu 2x6", "mv 2x6", "a 2x6", "b 2x6", "c 2x6"]],
    ["conv spectral linear 6 { channels: full }", ["s1 2x6x3", "s2 2x6x3"]],
    ["conv spectral linear 6 { parts: real, channels: weighted, bias: on }", ["s1 1x6", "s2 1x6", "mix 6x3", "bias 6"]],
    ["conv spectral linear 6 { channels: depthwise, init: calibrated }", ["s1 2x6", "s2 2x6", "scale 1"]],
    ["conv spectral free 6", ["weight 6x8x5x2"]],
    ["conv spectral free 6 { channels: full }", ["weight 6x3x8x5x2"]],
    ["conv spectral free 6 { parts: real }", ["weight 6x8x5x1"]],
    ["conv spatial 3x2 6", ["weight 6x3x3x2", "bias 6"]],
    ["conv spatial 3x3 6 { bias: off, init: calibrated }", ["weight 6x3x3x3", "scale 1"]],
    ["relu modulus", ["b 3"]],
    ["norm batch", ["gain 3", "offset 3"]],
  ];
  test.each(shapes)("%s", (layer, wanted) => {
    const net = network(`input 8x8x3 -> ${layer}`);
    expect(net.nodes[net.output].params.map((spec) => `${spec.name} ${spec.shape.join("x")}`)).toEqual(wanted);
  });
  test("starts use the number of summed channels", () => {
    const start = (options: string): ParamSpec["start"] =>
      param(network(`input 8x8x9 -> conv spectral gaussian 9${options} -> dense 2`), "conv.1.g").start;
    expect(start("")).toMatchObject({ kind: "normal", mean: 0, deviation: 1.8 / 3 });
    expect(start(" { channels: full }")).toMatchObject({ deviation: 1.8 / 3 });
    expect(start(" { channels: weighted }")).toMatchObject({ deviation: 1.8 });
    expect(start(" { channels: depthwise }")).toMatchObject({ deviation: 1.8 });
  });
  test("a distribution replaces the starts without constraint", () => {
    const net = network(
      "input 8x8x9 -> conv spectral gaussian 4 { init: normal(0, 6 / fan) } -> conv spatial 3x3 4 { init: uniform(0, fan) } " +
        "-> dense 2 { init: normal(0, 1 / fan) }",
    );
    expect(param(net, "conv.1.g").start).toEqual({ kind: "normal", mean: 0, deviation: 6 / 9 });
    expect(param(net, "conv.1.mu").start).toEqual({ kind: "uniform", low: 0, high: 0.5 });
    expect(param(net, "conv.2.weight").start).toEqual({ kind: "uniform", low: 0, high: 36 });
    expect(param(net, "dense.1.weight").start).toEqual({ kind: "normal", mean: 0, deviation: 1 / 256 });
  });
  test("the starts of docs/numerics.md#starts", () => {
    const net = network(
      "input 8x6x4 -> conv spectral free 6 -> relu -> conv spectral free 6 { init: glorot, channels: weighted } -> relu " +
        "-> conv spatial 3x3 5 -> dense 7",
    );
    expect(param(net, "conv.1.weight").start).toEqual({ kind: "normal", mean: 0, deviation: 0.3 / 2 });
    const limit = Math.sqrt(6 / (8 * 4 + 8 * 6));
    expect(param(net, "conv.2.weight").start).toEqual({ kind: "uniform", low: -limit, high: limit });
    expect(param(net, "conv.2.mix").start).toEqual({ kind: "normal", mean: 0, deviation: 1 / Math.sqrt(6) });
    const spatial = Math.sqrt(6 / (6 * 9 + 5 * 9));
    expect(param(net, "conv.3.weight").start).toEqual({ kind: "uniform", low: -spatial, high: spatial });
    expect(param(net, "dense.1.bias").start).toEqual({ kind: "constant", value: 0 });
  });
  test("decay applies to dense, spatial, free and projection weights alone", () => {
    const net = network(
      "input 8x8x4 -> conv spectral gaussian 4 { channels: weighted, bias: on, init: calibrated } -> relu -> conv spectral free 4 " +
        "-> relu modulus -> residual[conv spatial 3x3 6] { project: on } -> dense 2",
    );
    const decayed = net.nodes.flatMap((node) => node.params.filter((spec) => spec.decayed).map((spec) => `${node.path}.${spec.name}`));
    expect(decayed).toEqual(["conv.2.weight", "conv.3.weight", "residual.1.project", "dense.1.weight"]);
    expect(param(net, "conv.1.scale").trained).toBe(false);
  });
  test("an activation has one number per channel, of a vector per entry", () => {
    const net = network(
      "activation prelu(x, a = 0.25) = max(0, x) + a * min(x, 0)\n\ninput 8x8x3 -> prelu -> prelu spectral -> dense prelu 5 -> dense 2",
    );
    expect(tensors(net).filter((line) => line.includes(".a "))).toEqual(["prelu.1.a 3", "prelu.2.a 3", "dense.1.a 5"]);
  });
  test("the counts of the paper's table", () => {
    const net = (layer: string, head = "dense 2"): Network =>
      network(
        "filter line(su = 1, bu = 0, sv ~ normal(0, 1), bv = 0) = su * (u - 0.5) + bu + sv * v + bv\n\n" +
          `input 150x150x3 -> 4 * (${layer} 6 -> relu) -> ${head}`,
      );
    expect(counted(net("conv spatial 3x3"), "filter")).toBe(1158);
    expect(counted(net("conv spectral free"), "filter")).toBe(547_200);
    expect(counted(net("conv spectral linear"), "filter")).toBe(96);
    expect(counted(net("conv spectral line"), "filter")).toBe(192);
    expect(counted(net("conv spectral gaussian"), "filter")).toBe(288);
    expect(counted(net("conv spectral gaussian"), "head")).toBe(270_002);
    expect(counted(net("conv spectral free", "flatten spectral -> dense 2"), "head")).toBe(273_602);
  });
});

describe("which network", () => {
  const two = "net a = input 8x8x3 -> gap -> dense 2\n\nnet b = input 8x8x3 -> gap -> dense tnah 2\n";
  test("one of several must be chosen", () => {
    expect(elaborated(two).nets).toEqual(["a", "b"]);
    expect(codes("net a = input 8x8x3 -> gap\n\nnet b = input 8x8x3 -> gap\n")).toEqual(["S0209"]);
    expect(codes("net a = input 8x8x3 -> gap\n", { net: "c" })).toEqual(["S0209"]);
    expect(codes("input 8x8x3 -> gap\n", { net: "c" })).toEqual(["S0209"]);
    expect(network("net a = input 8x8x3 -> gap\n").netName).toBe("a");
  });
  test("names are checked in all of them, shapes in the chosen one", () => {
    expect(codes(two, { net: "a" })).toEqual(["S0201"]);
    expect(codes("net a = input 8x8x3 -> gap\n\nnet b = input 8x8x3 -> gap -> pool max 2\n", { net: "a" })).toEqual([]);
    expect(
      check({ name: "net.spec", text: "net a = input 8x8x3 -> gap\n\nnet b = input 8x8x3 -> gap -> pool max 2\n" }).diagnostics.map(
        ({ code }) => code,
      ),
    ).toEqual(["S0301"]);
  });
  test("a library has none", () => {
    const result = elaborated("let block(n) = conv spectral gaussian n -> relu\n");
    expect([result.network, result.nets, result.diagnostics]).toEqual([undefined, [], []]);
    expect(codes("let block(n) = conv spectral gausian n -> rleu\n")).toEqual(["S0202", "S0201"]);
  });
});

describe("what comes later", () => {
  test.each([
    ["pool spectral 50%", "`pool spectral`"],
    ["pool pyramid 1 2", "`pool pyramid`"],
    ["pool pyramid spectral 1 2", "`pool pyramid spectral`"],
    ["dropout frequency 20%", "`dropout frequency`"],
    ["conv spatial 3x3 4 { weights: spectral }", "`weights: spectral`"],
    ["norm batch", "`norm batch`"],
    ["resize 4x4", "`resize`"],
    ["resize spectral 200%", "`resize spectral`"],
  ])("%s", (layer, name) => {
    const { limitations, diagnostics } = elaborated(`input 8x8x3 -> ${layer} -> dense 2`);
    expect(diagnostics).toEqual([]);
    expect(limitations.map(({ message }) => message)).toEqual([`${name} is not built yet`]);
    expect(limitations[0]?.help).toBeTruthy();
  });
  test("import, several sizes", () => {
    const text =
      'import { ring } from "./other.spec"\n\ninput ?x?x3 -> conv spectral ring 4 -> gap -> dense 2\n\ntrain { sizes: [8x8, 16x16] }\n';
    expect(elaborated(text).limitations.map(({ message }) => message)).toEqual([
      "`import` is not built yet",
      "`sizes` with several entries is not built yet",
    ]);
    expect(elaborated(text).diagnostics).toEqual([]);
  });
  test("a slip in a count is not a crash", () => {
    expect(elaborated("input 8x8x3 -> 1000000 * relu -> gap -> dense 2").limitations).toHaveLength(1);
  });
});

describe("messages inside expansions", () => {
  test("say where, once for each place", () => {
    const { diagnostics } = elaborated("let half(n) = pool max 2 -> conv spatial 3x3 n\n\ninput 8x8x3 -> 4 * half(8) -> gap -> dense 2");
    expect(diagnostics.map(({ code, notes }) => [code, notes?.at(-1)])).toEqual([["S0302", "in `half(8)`, 2nd of 4"]]);
  });
  test("one mistake gives one message", () => {
    expect(codes("input 8x8x3 -> conv spectral gausian 4 -> relu -> residual[conv spatial 3x3 8] -> gap -> dense 2")).toEqual(["S0202"]);
    expect(codes("let b(n) = conv spectral gausian n\n\ninput 8x8x3 -> 3 * b(4) -> gap -> dense 2")).toEqual(["S0202"]);
    expect(codes("filter f(g) = g\n\ninput 8x8x3 -> conv spectral f 4 -> gap -> dense 2")).toEqual(["S0509"]);
  });
  test("warnings come last", () => {
    const found = codes("input 8x8x3 -> conv spectral gaussian 4 -> conv spectral gaussian 4 -> relu -> gap -> pool max 2 -> dense 2");
    expect(found).toEqual(["S0301", "W0402"]);
  });
});
