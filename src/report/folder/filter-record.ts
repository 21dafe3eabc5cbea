/** @file filters.ndjson: the parameters of all filters at the start of a run and after each epoch, one line each. */

import { appendFile, readFile } from "node:fs/promises";
import { writeAtomically } from "../../data/atomic-file.ts";
import { systemCode } from "../../data/data-error.ts";
import type { PlanParam } from "../../plan/plan.ts";
import { elementCount } from "../../plan/shape.ts";

/** Tensors of more numbers are left out: `free` filters, mostly, whose record would outgrow the data they were trained on. */
export const mostRecorded = 4096;

/** Filters as they were after `epoch`; epoch 0 is the start. */
export interface FilterMoment {
  readonly epoch: number;
  /** Raw values, by path. */
  readonly params: ReadonlyMap<string, Float32Array>;
}

export class FilterRecord {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** @param params of the whole network; those of filters that are small enough are kept */
  async append(epoch: number, plan: readonly PlanParam[], params: ReadonlyMap<string, Float32Array>): Promise<void> {
    const kept = plan.filter(({ path, part, shape }) => part === "filter" && elementCount(shape) <= mostRecorded && params.has(path));
    if (kept.length === 0) return;
    const moment: FilterMoment = { epoch, params: new Map(kept.map(({ path }) => [path, params.get(path) ?? new Float32Array()])) };
    await appendFile(this.path, `${line(moment)}\n`);
  }

  /** In the order of the epochs; empty without a record. A line that was cut off by a crash is no moment. */
  async read(): Promise<readonly FilterMoment[]> {
    return (await this.#text())
      .split("\n")
      .map(parse)
      .filter((moment) => moment !== undefined);
  }

  /** For a resumed run: forgets the epochs after the one that was saved, which are going to be trained again. */
  async keepEpochs(last: number): Promise<void> {
    if ((await this.#text()) === "") return;
    const kept = (await this.read()).filter(({ epoch }) => epoch <= last);
    await writeAtomically(this.path, kept.map((moment) => `${line(moment)}\n`).join(""));
  }

  async #text(): Promise<string> {
    try {
      return await readFile(this.path, "utf8");
    } catch (thrown) {
      if (systemCode(thrown) === "ENOENT") return "";
      throw thrown;
    }
  }
}

/** Nine digits are enough for every 32-bit number to read back as itself. */
function line({ epoch, params }: FilterMoment): string {
  const tensors = [...params].map(([path, values]) => [path, Array.from(values, (value) => Number(value.toPrecision(9)))]);
  return JSON.stringify({ epoch, params: Object.fromEntries(tensors) });
}

function parse(text: string): FilterMoment | undefined {
  if (text === "") return undefined;
  try {
    const { epoch, params } = JSON.parse(text) as { epoch: number; params: Record<string, readonly number[]> };
    return { epoch, params: new Map(Object.entries(params).map(([path, values]) => [path, Float32Array.from(values)])) };
  } catch {
    return undefined;
  }
}
