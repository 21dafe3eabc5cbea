/**
 * @file A chain of longer transforms, a line for every lane, each transform in passes: loops over the small DFTs of a pass, whose
 * text is shorter than all of them in one piece. The first pass reads where the points come from, the last one hands them on.
 */

import { bug } from "../diagnostic.ts";
import type { Fetched, FftChain, Halves, Pairs, ReadPoint, Results, StorePoint } from "./fft-chain.ts";
import { LaneChain } from "./fft-chain-lane.ts";
import { stageCode, takeResult } from "./fft-stage.ts";
import { stageTable } from "./fft-tables.ts";
import { boundOf } from "./strided.ts";

export class PassChain extends LaneChain implements FftChain {
  readonly #radices: readonly number[];

  constructor(n: number, lines: number, radices: readonly number[]) {
    if (radices.length < 2) bug(`a transform of ${n} points in passes`);
    super(n, lines, radices.map((radix) => n / radix), [stageTable({ kind: "local", n, radices })]);
    this.#radices = radices;
  }

  protected override variables(): readonly string[] {
    return [`var points: array<vec2f, ${this.n}>;`, `var others: array<vec2f, ${this.n}>;`];
  }

  fetch(_name: string, load: (place: string) => string): Fetched {
    return { declare: [], code: [], at: (_, place) => load(place) };
  }

  ending(read: (place: string) => string, results: Results): string[] {
    return this.#transform((_, place) => read(place), (i, place, value) => takeResult(results, i, place, value));
  }

  endingFromHalves(halves: Halves, results: Results): string[] {
    return this.ending((place) => halves.point(halves.load(`min(${place}, ${this.n}u - ${place})`), place), results);
  }

  beginning(read: ReadPoint, store: StorePoint): string[] {
    return this.#transform(read, (_, place, value) => store(place, value));
  }

  beginningToHalves(read: ReadPoint, { pair, store }: Pairs): string[] {
    const array = arrayOf(this.#radices.length - 1);
    return [
      ...this.#transform(read, (_, place, value) => `${array}[${place}] = ${value};`),
      ...this.overHalves(`if (inside) { ${store("k", pair(`${array}[k]`, `${array}[select(${this.n}u - k, 0u, k == 0u)]`, "k"))} }`),
    ];
  }

  #transform(read: ReadPoint, write: (i: string, place: string, value: string) => string): string[] {
    const radices = this.#radices;
    return radices.flatMap((_, stage) => {
      const code: string[] = [];
      const stores = stageCode(radices, stage, "table1", this.declareIn(code), code,
        (i, place) => (stage === 0 ? read(`${i}`, place) : `${arrayOf(stage - 1)}[${place}]`),
        (i, place, value) => (stage === radices.length - 1 ? write(`${i}`, place, value) : `${arrayOf(stage)}[${place}] = ${value};`));
      return [`for (var position = 0u; position < ${boundOf(stage + 2)}; position++) {`, ...[...code, ...stores].map((line) => `  ${line}`), `}`];
    });
  }
}

/** Where the results of a pass lie. */
function arrayOf(stage: number): string {
  return stage % 2 === 0 ? "points" : "others";
}
