/** @file What all rows of layers have in common: settings that only their own row reads, and traits that others ask for. */

import { describe, expect, test } from "vitest";
import { convSpatial } from "../../../src/compiler/layers/conv-spatial.ts";
import { convSpectral } from "../../../src/compiler/layers/conv-spectral.ts";
import { dense } from "../../../src/compiler/layers/dense.ts";
import { layers, namedLayers } from "../../../src/compiler/layers/index.ts";
import { residual } from "../../../src/compiler/layers/merge.ts";
import { dropout } from "../../../src/compiler/layers/regularise.ts";
import type { LayerRow } from "../../../src/compiler/layers/row.ts";
import { flatten } from "../../../src/compiler/layers/shape.ts";
import type { Network } from "../../../src/compiler/network/network.ts";
import { networkOf } from "../../support/gradient.ts";

const words = (rows: readonly LayerRow[]): readonly string[] => rows.map((row) => row.words);

/** The nodes of a row. */
function nodesOf({ nodes }: Network, row: LayerRow): Network["nodes"] {
  return nodes.filter((node) => node.row === row);
}

describe("settings", () => {
  const network = networkOf(
    "rows",
    "input 8x8x2 -> conv spectral gaussian 4 { boundary: zero } -> conv spatial 3x3 4 { stride: 2 } -> dense leaky 3 -> dropout 20%",
  );

  test("a row reads those of its own nodes", () => {
    expect(nodesOf(network, convSpectral).map(convSpectral.match)).toMatchObject([{ filters: 4, boundary: "zero" }]);
    expect(nodesOf(network, convSpatial).map(convSpatial.match)).toMatchObject([{ filters: 4, stride: 2 }]);
    expect(nodesOf(network, dense).map(dense.match)).toMatchObject([{ outputs: 3, activation: { name: "leaky" } }]);
    expect(nodesOf(network, dropout).map(dropout.match)).toEqual([{ share: 0.2 }]);
    expect(nodesOf(network, flatten).map(flatten.match)).toEqual([{}]);
  });

  test("and no others", () => {
    for (const node of network.nodes) {
      expect(residual.match(node)).toBeUndefined();
      expect(dense.match(node) === undefined).toBe(node.row !== dense);
    }
  });

  test("what `use` pairs, `match` reads", () => {
    expect(residual.match(residual.use({ project: true }))).toEqual({ project: true });
    expect(dense.match(residual.use({ project: true }))).toBeUndefined();
  });
});

describe("traits", () => {
  test("the activation that a vector passes through has its name", () => {
    const names = (text: string): readonly (string | undefined)[] =>
      networkOf("rows", text).nodes.flatMap(({ row, settings }) => row.activation?.(settings) ?? []);
    expect(names("input 4x4x1 -> relu -> leaky -> flatten -> softmax -> dense tanh 2")).toEqual(["relu", "leaky", "softmax", "tanh"]);
    expect(names("input 4x4x1 -> relu spectral -> relu modulus -> gap -> dense 2")).toEqual([]);
  });

  test("layers that keep the order of a vector have it as long as it was", () => {
    const keeping = layers.filter((row) => row.keepsOrder === true);
    expect(words(keeping)).toEqual(["ACT", "leaky", "softmax", "dropout", "id"]);
    const { nodes } = networkOf("rows", "input 4x4x1 -> flatten -> relu -> leaky -> softmax -> dropout 50%");
    for (const { row, inputs, type } of nodes) if (row.keepsOrder === true) expect(type).toEqual(nodes[inputs[0]].type);
  });

  test("axes are as many as the tensor has", () => {
    const { nodes } = networkOf("rows", "input 8x8x2 -> conv spatial 3x3 4 -> residual[conv spatial 3x3 6] { project: on } -> dense 2");
    const ranks = nodes.flatMap(({ row, params }) =>
      params.flatMap(({ name, shape }) => (row.axes?.[name] === undefined ? [] : [[row.axes[name].length, shape.length]])),
    );
    expect(ranks).toEqual([
      [4, 4],
      [4, 4],
      [2, 2],
      [2, 2],
    ]);
  });

  test("only dropout draws", () => expect(words(layers.filter((row) => row.draws === true))).toEqual(["dropout"]));

  test("options that a shape does not show are remarks", () => {
    const remarks = (text: string): readonly string[] =>
      networkOf("rows", text).nodes.flatMap(({ row, settings }) => row.remarks?.(settings) ?? []);
    expect(remarks("input 8x8x2 -> conv spectral gaussian 4 { coords: polar, init: calibrated } -> gap")).toEqual([
      "boundary wrap",
      "channels shared",
      "coords polar",
      "calibrated",
    ]);
    expect(remarks("input 8x8x2 -> conv spatial 3x3 4 -> dense 2 { init: calibrated }")).toEqual(["boundary zero", "calibrated"]);
  });
});

test("rows that stand for activations have no words of their own", () => {
  expect(words(layers.filter((row) => !namedLayers.includes(row)))).toEqual(["ACT", "ACT spectral"]);
  expect(() => networkOf("rows", "input 4x4x1 -> ACT")).toThrow("no layer named `ACT`");
});
