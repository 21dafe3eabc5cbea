/** @file The record of filters of a run, also one that was cut short. */

import { appendFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { FilterRecord } from "../../src/report/folder/filter-record.ts";
import { suiteFolder } from "../support/folder.ts";

const at = suiteFolder("specc-record-");

describe("the record of filters", () => {
  const param = (path: string, count: number, part: "filter" | "head"): Parameters<FilterRecord["append"]>[1][number] => ({
    path,
    shape: [count],
    part,
    start: { kind: "constant", value: 0 },
    constraint: { kind: "free" },
    trained: true,
    decayed: false,
    offsetBytes: 0,
    span: { start: 0, end: 0 },
  });

  test("keeps every bit of small filters, and nothing else", async () => {
    const record = new FilterRecord(at("filters.ndjson"));
    expect(await record.read()).toEqual([]);
    const plan = [param("conv.1.g", 3, "filter"), param("conv.2.weight", 5000, "filter"), param("dense.1.weight", 2, "head")];
    const values = Float32Array.from([0.1, -1e-30, 16777217]);
    const params = new Map([
      ["conv.1.g", values],
      ["conv.2.weight", new Float32Array(5000)],
      ["dense.1.weight", new Float32Array(2)],
    ]);
    for (const epoch of [0, 1, 2]) await record.append(epoch, plan, params);
    // A run that was killed while it wrote.
    await appendFile(record.path, '{"epoch":3,"params":{"conv.1.g":[0.');
    expect(await record.read()).toEqual([0, 1, 2].map((epoch) => ({ epoch, params: new Map([["conv.1.g", values]]) })));
    await record.keepEpochs(1);
    await record.append(2, plan, params);
    expect((await record.read()).map(({ epoch }) => epoch)).toEqual([0, 1, 2]);
  });
});
