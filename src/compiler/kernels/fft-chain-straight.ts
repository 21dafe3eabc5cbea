/**
 * @file A chain of short transforms, a line for every lane, each transform in one piece. A software driver keeps variables with
 * constant indices in registers, compiles arithmetic quickly and memory accesses slowly, and takes an array apart lane by lane
 * where the index is a variable (KERNELS sections 5 and 6). So loops only move points between memory and the array `points`;
 * all the rest is straight-line code.
 */

import type { Fetched, FftChain, Given, Halves, Pairs, Results, StorePoint } from "./fft-chain.ts";
import { LaneChain } from "./fft-chain-lane.ts";
import { codelet } from "./fft-codelets.ts";
import { readGiven } from "./fft-stage.ts";
import { maskBits, maskFlags, maskWords } from "./mask-words.ts";
import { boundOf } from "./strided.ts";

/** Longer transforms in one piece are too much text for a driver to compile quickly. */
export const straightPoints = 64;

/** Statements for one point that are longer (in characters) are looped, at the price of moving their operands. */
const straightText = 600;

export class StraightChain extends LaneChain implements FftChain {
  readonly #words: number;

  constructor(n: number, lines: number) {
    super(n, lines, [maskWords(n)], []);
    this.#words = maskWords(n);
  }

  /** Two more than points: halves k have their second number at n + 1 - k. */
  protected override variables(): readonly string[] {
    return [`var points: array<vec2f, ${this.n + 2}>;`, `var words: array<u32, ${this.#words}>;`];
  }

  fetch(name: string, load: (place: string) => string): Fetched {
    return { declare: this.declareHeld(name), code: this.loadHeld(name, load), enter: [], at: (_, place) => `${name}[${place}]` };
  }

  fetchMask(name: string, load: (word: string) => string): Fetched {
    return {
      declare: [`var ${name}: array<u32, ${this.#words}>;`],
      code: this.#overWords(`${name}[word] = ${load("word")};`),
      enter: [],
      at: (i) => maskFlags(`${name}[${Number(i) % this.#words}u]`, Math.floor(Number(i) / this.#words)),
    };
  }

  ending(read: (place: string) => string, results: Results): string[] {
    return [...this.overPoints(`points[i] = ${read("i")};`), ...this.#end((i) => `points[${i}]`, results)];
  }

  endingFromHalves(halves: Halves, results: Results): string[] {
    return [
      ...this.overHalves(`let half = ${halves.load("k")}; points[k] = half.xy; points[${this.n + 1}u - k] = half.zw;`),
      ...this.#end((i) => halves.point(this.#half(Math.min(i, this.n - i)), `${i}u`), results),
    ];
  }

  beginning(given: Given, store: StorePoint): string[] {
    return [...this.#transform(this.#given(given), (values) => values.map((value, i) => `points[${i}] = ${value};`)), ...this.overPoints(store("i", "points[i]"))];
  }

  beginningToHalves(given: Given, { pair, store }: Pairs): string[] {
    const pack = (values: readonly string[]): string[] => Array.from({ length: Math.floor(this.n / 2) + 1 }, (_, k) =>
      `let half${k} = ${pair(values[k], values[(this.n - k) % this.n], `${k}u`)}; points[${k}] = half${k}.xy; points[${this.n + 1 - k}] = half${k}.zw;`);
    return [
      ...this.#transform(this.#given(given), pack),
      ...this.overHalves(`if (inside) { ${store("k", `vec4f(points[k], points[${this.n + 1}u - k])`)} }`),
    ];
  }

  #half(k: number): string {
    return `vec4f(points[${k}], points[${this.n + 1 - k}])`;
  }

  #given(given: Given): (i: number, code: string[]) => string {
    return (i, code) => readGiven(given, `${i}`, `${i}u`, code);
  }

  #overWords(statements: string): string[] {
    return [`for (var word = 0u; word < ${boundOf(2)}; word++) { ${statements} }`];
  }

  #end(read: (i: number) => string, { hold, keep, mask }: Results): string[] {
    const take = (i: string, place: string, value: string): string => {
      const kept = keep === undefined ? [] : [`points[${place}] = ${keep.value(i, place, value)};`];
      return [...(hold === undefined ? [] : [hold(i, place, value)]), ...kept].join(" ");
    };
    // Words are made of points with constant numbers.
    const straight = mask !== undefined || take("i", "i", "value").length <= straightText;
    const bits = (flags: (i: string) => string): string[] => Array.from({ length: this.#words }, (_, word) =>
      `words[${word}] = ${Array.from({ length: this.n / this.#words }, (_, i) => maskBits(flags(`${i * this.#words + word}`), i)).join(" | ")};`);
    return [
      ...this.#transform(read, (values) => [
        ...values.map((value, i) => (straight ? take(`${i}`, `${i}u`, value) : `points[${i}] = ${value};`)),
        ...(mask === undefined ? [] : bits(mask.flags)),
      ]),
      ...(straight ? [] : this.overPoints(take("i", "i", "points[i]"))),
      ...(mask === undefined ? [] : this.#overWords(mask.store("word", "words[word]"))),
      ...(keep === undefined ? [] : this.overPoints(keep.store("i", "points[i]"))),
    ];
  }

  #transform(read: (i: number, code: string[]) => string, write: (values: readonly string[]) => readonly string[]): string[] {
    const code: string[] = [];
    const declare = this.declareIn(code);
    const inputs = Array.from({ length: this.n }, (_, i) => declare(read(i, code)));
    const values = codelet(inputs, declare);
    return [`{`, ...[...code, ...write(values)].map((line) => `  ${line}`), `}`];
  }
}
