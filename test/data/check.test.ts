/** @file What is said when a network and the data do not fit: S0610, S0611. */

import { expect, test } from "vitest";
import { Limitation } from "../../src/compiler/diagnostics/diagnostic.ts";
import type { Network, NetworkInput, NetworkNode } from "../../src/compiler/network/network.ts";
import { checkAgainstData } from "../../src/data/data-check.ts";

/** The parts of a network that the check looks at; `head` is found in `text`. */
function network(text: string, head: string, outputs: number, input: Partial<NetworkInput> = {}, stack: readonly string[] = []): Network {
  const start = text.lastIndexOf(head);
  const node: Partial<NetworkNode> = {
    id: 0,
    title: head,
    stack,
    span: { start, end: start + head.length },
    type: { domain: "vector", height: 1, width: 1, channels: outputs },
  };
  const partial = {
    source: { name: "net.spec", text },
    input: { kind: "image", channels: 3, span: { start: 0, end: 15 }, ...input },
    nodes: [node],
    output: 0,
  };
  return partial as unknown as Network;
}

const text = "input 150x150x3\n  -> conv spectral gaussian 32 -> relu\n  -> dense tanh 2\n";
const pets = [
  { name: "birds", count: 812 },
  { name: "cats", count: 12491 },
  { name: "dogs", count: 12470 },
];

test("S0610 has the place, the classes, a fitting head and a choice of classes", () => {
  const span = { start: text.indexOf("dense"), end: text.indexOf("dense") + 12 };
  expect(checkAgainstData(network(text, "dense tanh 2", 2), pets, "./pets")).toEqual([
    {
      severity: "error",
      code: "S0610",
      title: "the network has 2 outputs, the data has 3 classes",
      span,
      label: "one output per class",
      notes: ["classes in ./pets: birds (812 images), cats (12,491), dogs (12,470)"],
      helps: [
        { text: "for three classes, and one label per image", edits: [{ span, text: "dense softmax 3" }] },
        { text: "or train on two of them: `--classes cats,dogs`" },
      ],
    },
  ]);
});

test("as many outputs as classes fit, and one output for two classes", () => {
  expect(checkAgainstData(network(text, "dense tanh 2", 3), pets, "p")).toEqual([]);
  expect(checkAgainstData(network(text, "dense tanh 2", 1), pets.slice(1), "p")).toEqual([]);
  expect(checkAgainstData(network(text, "dense tanh 2", 1), pets, "p")[0].title).toBe("the network has 1 output, the data has 3 classes");
});

test("the options of a head stay as they are; other heads get words only", () => {
  const optioned = "input 8x8x3 -> dense tanh 2 { bias: off }";
  const [diagnostic] = checkAgainstData(network(optioned, "dense tanh 2 { bias: off }", 2), pets, "p");
  expect(diagnostic.helps?.[0].edits).toEqual([{ span: { start: 15, end: 27 }, text: "dense softmax 3" }]);
  const other = { text: "for three classes, and one label per image, end with `dense softmax 3`" };
  expect(checkAgainstData(network("input 8x8x3 -> gap", "gap", 2), pets, "p")[0].helps?.[0]).toEqual(other);
  expect(checkAgainstData(network(text, "dense tanh 2", 2, {}, ["in `head()`"]), pets, "p")[0].helps?.[0]).toEqual(other);
});

test("many classes are cut, and fewer classes than outputs get no choice", () => {
  const many = Array.from({ length: 12 }, (_, index) => ({ name: `c${index}`, count: 1 }));
  const [diagnostic] = checkAgainstData(network(text, "dense tanh 2", 20), many, "p");
  expect(diagnostic.notes?.[0]).toBe("classes in p: c0 (1 image), c1 (1), c2 (1), c3 (1), c4 (1), c5 (1), c6 (1), c7 (1) and 4 more");
  expect(diagnostic.helps).toHaveLength(1);
  expect(diagnostic.helps?.[0].text).toBe("for 12 classes, and one label per image");
});

test("S0611 for channels that images do not have; signals are a limitation", () => {
  expect(checkAgainstData(network(text, "dense tanh 2", 3, { channels: 4 }), pets, "p")).toMatchObject([
    { code: "S0611", span: { start: 0, end: 15 }, title: "the network takes 4 channels, images have 3 or 1" },
  ]);
  for (const channels of [1, 3, undefined]) {
    expect(checkAgainstData(network(text, "dense tanh 2", 3, { channels }), pets, "p")).toEqual([]);
  }
  expect(() => checkAgainstData(network(text, "dense tanh 2", 3, { kind: "signal" }), pets, "p")).toThrow(Limitation);
});

test("two numbers for `--input` where the file says nothing are one error, with the size that was meant", () => {
  const given = network(text, "dense tanh 2", 3, { kind: "signal", width: 64, channels: 64 });
  const [diagnostic, ...rest] = checkAgainstData({ ...given, nodes: [{ ...given.nodes[0], inserted: true }] }, pets, "./pets");
  expect(rest).toEqual([]);
  expect(diagnostic).toMatchObject({
    code: "S0106",
    title: "`--input 64x64` gives a signal, the data in ./pets are images",
    helps: [{ text: "did you mean `--input 64x64x3`: height, width, channels?" }],
  });
});
