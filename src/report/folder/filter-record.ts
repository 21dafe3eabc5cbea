/** @file filters.ndjson: the parameters of all filters at the start of a run and after each epoch, one line each. */

import { appendFile, readFile } from "node:fs/promises";
import { writeAtomically } from "../../data/atomic-file.ts";
import { DataError, unlessMissing } from "../../data/data-error.ts";
import type { PlanParam } from "../../plan/plan.ts";
import { elementCount } from "../../plan/shape.ts";
import { FieldError, fieldsOf, finite, listOf, parseJson, whole } from "../../runtime/fields.ts";

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

  /**
   * In the order of the epochs; empty without a record. A last line that was cut off by a crash is no moment.
   * @throws DataError naming the file and the line where another is damaged
   */
  async read(): Promise<readonly FilterMoment[]> {
    const lines = (await this.#text()).split("\n").slice(0, -1);
    return lines.map((text, index) => {
      try {
        return parse(text);
      } catch (thrown) {
        if (!(thrown instanceof FieldError)) throw thrown;
        throw new DataError(`${this.path}, line ${index + 1}: ${thrown.message}`, { help: "it is a record for pictures: remove the file" });
      }
    });
  }

  /** For a resumed run: forgets the epochs after the one that was saved, which are going to be trained again. */
  async keepEpochs(last: number): Promise<void> {
    if ((await this.#text()) === "") return;
    const kept = (await this.read()).filter(({ epoch }) => epoch <= last);
    await writeAtomically(this.path, kept.map((moment) => `${line(moment)}\n`).join(""));
  }

  async #text(): Promise<string> {
    return (await unlessMissing(readFile(this.path, "utf8"))) ?? "";
  }
}

/** Nine digits are enough for every 32-bit number to read back as itself. */
function line({ epoch, params }: FilterMoment): string {
  const tensors = [...params].map(([path, values]) => [path, Array.from(values, (value) => Number(value.toPrecision(9)))]);
  return JSON.stringify({ epoch, params: Object.fromEntries(tensors) });
}

function parse(text: string): FilterMoment {
  const moment = fieldsOf(parseJson(text), "");
  const tensors = Object.entries(fieldsOf(moment.params, "params")).map(([path, values]): [string, Float32Array] => [
    path,
    Float32Array.from(listOf(values, `params.${path}`), (value, i) => finite(value, `params.${path}[${i}]`)),
  ]);
  return { epoch: whole(moment.epoch, "epoch"), params: new Map(tensors) };
}
