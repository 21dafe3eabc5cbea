/** @file The verifier of dispatches names what is broken, on dispatches broken one by one, and the plans that come out are valid. */

import { describe, expect, test } from "vitest";
import { graphPlan } from "../../../src/compiler/assemble/graph-plan.ts";
import { verify } from "../../../src/compiler/graph/verify.ts";
import type { Port, Storage } from "../../../src/compiler/lower/context.ts";
import { plainPort } from "../../../src/compiler/lower/context.ts";
import type { Job, Piece } from "../../../src/compiler/lower/job.ts";
import { beside, moveJob } from "../../../src/compiler/lower/job.ts";
import { lowerGraph } from "../../../src/compiler/lower/lower.ts";
import { baseline, large, software } from "../../../src/compiler/lower/target.ts";
import type { Dependences } from "../../../src/compiler/lower/verify.ts";
import { verifyJobs } from "../../../src/compiler/lower/verify.ts";
import { allOps, samplesOf } from "../../../src/compiler/ops/index.ts";
import type { DispatchPass } from "../../../src/compiler/passes/pass.ts";
import { validatePlan } from "../../../src/runtime/index.ts";
import { graphOf } from "../../support/graph-runner.ts";
import { compileText, graphOfProgram } from "../../support/small-network.ts";

const virtual = (id: number, offsetBytes?: number): Storage => ({
  kind: "virtual",
  id,
  sizeBytes: 16,
  ...(offsetBytes === undefined ? {} : { offsetBytes }),
});
const fixed = (offsetBytes: number): Storage => ({ kind: "fixed", buffer: "params", offsetBytes, sizeBytes: 16 });
const port = (storage: Storage, count = 4): Port => plainPort({ storage, type: { shape: [count], dtype: "f32" } });

function pieceOf(id: number, reads: readonly Port[], writes: readonly Port[]): Piece {
  const origin = { span: { start: 0, end: 0 }, layer: `layer.${id}`, role: "forward" } as const;
  return { id, kernel: { title: "sum", count: 4, reads, writes, body: () => "" }, formula: "", label: `layer.${id} forward sum`, origin };
}

function inPlace(piece: Piece): Piece {
  return { ...piece, kernel: { ...piece.kernel, inPlace: true } };
}

const alone = (piece: Piece): Job => beside([[piece]]);

function verified(jobs: readonly Job[], before?: Dependences): Dependences {
  return verifyJobs(jobs, { program: "train", after: "merge-beside", buffers: new Map([["params", 64]]) }, before);
}

describe("dispatches", () => {
  const make = pieceOf(0, [port(fixed(0))], [port(virtual(0))]);
  const read = pieceOf(1, [port(virtual(0))], [port(virtual(1))]);
  const other = pieceOf(2, [port(fixed(16))], [port(virtual(2))]);
  const step = inPlace(pieceOf(3, [port(virtual(1))], [port(fixed(0))]));
  const jobs = [make, read, other, step].map(alone);

  test("as they should be: who depends on whom is found", () => {
    const dependences = verified(jobs);
    expect([...dependences].map(([id, needed]) => [id, [...needed].sort()])).toEqual([
      [0, []],
      [1, [0]],
      [2, []],
      // It writes what the first reads.
      [3, [0, 1]],
    ]);
    verified([alone(other), alone(make), alone(read), alone(step)], dependences);
    verified([beside([[make], [other]]), alone(read), alone(step)], dependences);
    verified([{ kind: "chain", pieces: [make, read], inside: new Set(["v0"]) }, alone(other), alone(step)], dependences);
  });

  test.each<readonly [string, readonly Job[], RegExp]>([
    [
      "memory that is read before it is written",
      [read, make].map(alone),
      /^dispatches of train after merge-beside: `layer\.1 forward sum` reads v0, which nothing has written\n/,
    ],
    [
      "memory that is written in part",
      [alone(make), alone(pieceOf(1, [port({ kind: "virtual", id: 0, sizeBytes: 32 })], []))],
      /`layer\.1 forward sum` reads v0, which nothing has written\n/,
    ],
    [
      "a tensor larger than its memory",
      [alone(pieceOf(0, [], [port(virtual(0), 5)]))],
      /`layer\.0 .*` has a tensor of 20 bytes in 16 of v0\n/,
    ],
    [
      "a range that leaves its buffer",
      [alone(pieceOf(0, [port(fixed(56))], []))],
      /`layer\.0 .*` uses params up to byte 72, and it has 64\n/,
    ],
    [
      "a buffer that does not exist",
      [alone(pieceOf(0, [port({ kind: "fixed", buffer: "grads", offsetBytes: 0, sizeBytes: 16 })], []))],
      /`layer\.0 .*` uses grads, which does not exist\n/,
    ],
    [
      "a kernel that overwrites what it reads",
      [alone(pieceOf(0, [port(fixed(0))], [port(fixed(0))]))],
      /`layer\.0 forward sum` reads and writes params\n/,
    ],
    [
      "a kernel that writes one place twice",
      [alone(pieceOf(0, [], [port(fixed(0)), port(fixed(0))]))],
      /`layer\.0 .*` writes params twice\n/,
    ],
    ["dependent work side by side", [beside([[make], [read]])], /`layer\.1 forward sum` needs `layer\.0 forward sum` beside it, in v0\n/],
    [
      "memory of a workgroup that others touch",
      [{ kind: "chain", pieces: [make], inside: new Set(["v0"]) }, alone(read)],
      /`layer\.1 forward sum` touches v0, which another dispatch keeps in its workgroup\n/,
    ],
    ["a piece that is there twice", [alone(make), alone(make)], /`layer\.0 forward sum` is there twice\n/],
  ])("%s is named", (_what, broken, message) => expect(() => verified(broken)).toThrow(message));

  const dependences = verified(jobs);

  test.each<readonly [string, readonly Job[], RegExp]>([
    ["lost work", jobs.slice(0, -1), /^dispatches of train after merge-beside: piece 3 is lost\n/],
    ["work from nowhere", [...jobs, alone(pieceOf(4, [], []))], /`layer\.4 forward sum` is new\n/],
    [
      "a write that overtook a read",
      [make, step, read, other].map((piece, at) => (at === 1 ? alone({ ...piece, kernel: { ...piece.kernel, reads: [] } }) : alone(piece))),
      /`layer\.3 forward sum` no longer follows `layer\.1 forward sum`\n/,
    ],
    [
      "tensors that were moved onto each other",
      jobs.map((job) => moveJob(job, (storage) => (storage.kind === "virtual" && storage.id === 2 ? virtual(1) : storage))),
      /`layer\.2 forward sum` follows `layer\.1 forward sum`, which it did not need before\n/,
    ],
  ])("after a pass, %s is named", (_what, broken, message) => expect(() => verified(broken, dependences)).toThrow(message));

  test("tensors may move into one buffer, each to a place of its own", () => {
    verified(
      jobs.map((job) => moveJob(job, (storage) => (storage.kind === "virtual" ? virtual(0, 256 * storage.id) : storage))),
      dependences,
    );
  });
});

describe("every op", () => {
  test.each([baseline, large, software])("lowers its samples for $name to dispatches and a plan that are valid", (target) => {
    const samples = allOps.flatMap((op) => samplesOf(op).map((sample) => ({ op, sample })));
    expect(samples.length).toBeGreaterThan(200);
    for (const { op, sample } of samples) {
      const graph = graphOf(sample.inputs, (builder, inputs) => [builder.node(op, inputs, sample.attrs)]);
      verify(graph, "elaborate");
      expect(() => validatePlan(graphPlan(graph, target)), `${op.name}: ${sample.title}`).not.toThrow();
    }
  });
});

describe("a compiled program", () => {
  const text =
    "spec 1\n" +
    "input 6x8x2 -> 2 * (conv spectral linear 3 { channels: weighted, bias: on } -> tanh) -> conv spatial 3x3 2 -> dropout 20% " +
    "-> dense softmax 3\n" +
    "train { loss: cross_entropy, optimizer: adamw { clip: 0.1 }, batch: 3 }\n";
  const compiled = compileText(text, { programs: ["gradient"] });
  const layout = { offsetBytes: new Map(compiled.plan.params.map(({ path, offsetBytes }) => [path, offsetBytes])), sizeBytes: 1 << 16 };
  const lowerWith = (run: DispatchPass["run"]): unknown =>
    lowerGraph(graphOfProgram(compiled, "gradient"), layout, 0, baseline, [{ name: "broken", description: "", run }]);

  test("is verified after each pass over its dispatches", () => {
    lowerWith((jobs) => jobs);
    expect(() => lowerWith((jobs) => [...jobs].reverse())).toThrow(
      /^dispatches of gradient after broken: `.*` reads v\d+, which nothing has written\n/,
    );
    expect(() => lowerWith((jobs) => jobs.slice(0, -1))).toThrow(/^dispatches of gradient after broken: piece \d+ is lost\n/);
  });

  test.each([baseline, large, software])("is a valid plan for $name", (target) => {
    for (const each of [text, text.replace("batch: 3", "batch: 7")]) {
      const { plan } = compileText(each, { target });
      expect(validatePlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
    }
    const { plan, slabs } = compileText(text, { target: { ...target, slab: 2 } });
    expect(slabs?.count).toBe(2);
    expect(validatePlan(JSON.parse(JSON.stringify(plan)))).toEqual(plan);
  });
});
