/**
 * @file A chain of longer transforms, a line for every lane, each transform in passes: loops over the small DFTs of a pass, whose
 * text is shorter than all of them in one piece. The first pass reads where the points come from, the last one hands them on.
 */

import { bug } from "../diagnostic.ts";
import type { Fetched, FftChain, Given, Halves, Pairs, Results, StorePoint } from "./fft-chain.ts";
import { LaneChain } from "./fft-chain-lane.ts";
import { fetchWord, readGiven, stageCode, takeResults } from "./fft-stage.ts";
import type { TakePoints } from "./fft-stage.ts";
import { stageTable } from "./fft-tables.ts";
import { boundOf } from "./strided.ts";

export class PassChain extends LaneChain implements FftChain {
  readonly #ending: readonly number[];
  /** In the opposite order, so that a transform begins with the points that one that ends has in the same turn of a loop. */
  readonly #beginning: readonly number[];

  constructor(n: number, lines: number, radices: readonly number[]) {
    if (radices.length < 2) bug(`a transform of ${n} points in passes`);
    const reversed = [...radices].reverse();
    super(n, lines, radices.map((radix) => n / radix), [stageTable({ kind: "local", n, radices }), stageTable({ kind: "local", n, radices: reversed })]);
    this.#ending = radices;
    this.#beginning = reversed;
  }

  protected override variables(): readonly string[] {
    return [`var points: array<vec2f, ${this.n}>;`, `var others: array<vec2f, ${this.n}>;`];
  }

  fetch(_name: string, load: (place: string) => string): Fetched {
    return { declare: [], code: [], enter: [], at: (_, place) => load(place) };
  }

  fetchMask(name: string, load: (word: string) => string): Fetched {
    return fetchWord(name, load);
  }

  ending(read: (place: string) => string, results: Results): string[] {
    return this.#transform(this.#ending, { read: (_, place) => read(place) }, (points) => takeResults(results, points));
  }

  endingFromHalves(halves: Halves, results: Results): string[] {
    return this.ending((place) => halves.point(halves.load(`min(${place}, ${this.n}u - ${place})`), place), results);
  }

  beginning(given: Given, store: StorePoint): string[] {
    return this.#transform(this.#beginning, given, (points) => points.map(({ place, value }) => store(place, value)));
  }

  beginningToHalves(given: Given, { pair, store }: Pairs): string[] {
    const array = arrayOf(this.#beginning.length - 1);
    return [
      ...this.#transform(this.#beginning, given, (points) => points.map(({ place, value }) => `${array}[${place}] = ${value};`)),
      ...this.overHalves(`if (inside) { ${store("k", pair(`${array}[k]`, `${array}[select(${this.n}u - k, 0u, k == 0u)]`, "k"))} }`),
    ];
  }

  #transform(radices: readonly number[], given: Given, write: TakePoints): string[] {
    const forwards = radices === this.#ending;
    return radices.flatMap((_, stage) => {
      const code: string[] = stage === 0 ? [...given.enter ?? []] : [];
      const stores = stageCode(radices, stage, forwards ? "table1" : "table2", this.declareIn(code), code,
        (i, place) => (stage === 0 ? readGiven(given, `${i}`, place, code) : `${arrayOf(stage - 1)}[${place}]`),
        stage === radices.length - 1 ? write : (points) => points.map(({ place, value }) => `${arrayOf(stage)}[${place}] = ${value};`));
      return [`for (var position = 0u; position < ${boundOf(2 + (forwards ? stage : radices.length - 1 - stage))}; position++) {`, ...[...code, ...stores].map((line) => `  ${line}`), `}`];
    });
  }
}

/** Where the results of a pass lie. */
function arrayOf(stage: number): string {
  return stage % 2 === 0 ? "points" : "others";
}
