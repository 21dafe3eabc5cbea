/**
 * @file A chain of transforms with a line for every lane: no workgroup memory and no barriers. A software driver keeps variables
 * with constant indices in registers or on its stack, compiles arithmetic quickly and memory accesses slowly, and takes an array
 * apart lane by lane where the index is a variable (docs/kernels.md#unit-costs). So loops only move points between memory and the
 * arrays `points` and `results`; all the rest is straight-line code.
 */

import { halfWidth } from "../../../plan/shape.ts";
import type { Names } from "../../lower/names.ts";
import { behind } from "../../lower/names.ts";
import type { Target } from "../../lower/target.ts";
import { maskBits, maskFlags, maskWords } from "../mask-words.ts";
import { boundOf, boundsTable } from "../strided.ts";
import type {
  Each,
  Fetched,
  FftChain,
  FromHalves,
  FromHeld,
  FromMemory,
  HeldPoints,
  ToHalves,
  ToHeld,
  ToMemory,
  Transform,
  WriteSteps,
} from "./chain.ts";
import type { Code } from "./codelets.ts";
import { cmul, codeIn, codelet } from "./codelets.ts";
import { readHeld } from "./stage.ts";

/** The longest lines: a lane has up to five arrays of points and some numbers, and WGSL promises a function 8192 bytes of variables. */
export const lanePoints = 192;

/** Statements for one point that are longer (in characters) are looped, at the price of moving their operands. */
const straightText = 600;

interface Sink {
  readonly hold: (values: readonly string[]) => readonly string[];
  readonly store: readonly string[];
}

export function laneChain(n: number, lines: number, target: Target): FftChain {
  const size = target.lineLanes;
  const words = maskWords(n, target);
  return {
    kernel: (rest, steps) => ({
      ...rest,
      groups: Math.ceil(lines / size),
      size,
      tables: [boundsTable([n, halfWidth(n), words]), ...rest.tables],
      declarations: [cmul, ...(rest.declarations ?? [])],
      body: (names) => new LaneBody(n, words, names).statements(lines, size, steps).join("\n  "),
    }),
  };
}

class LaneBody implements HeldPoints {
  readonly #n: number;
  readonly #words: number;
  readonly #names: Names;
  #declared = 0;

  constructor(n: number, words: number, names: Names) {
    this.#n = n;
    this.#words = words;
    this.#names = names;
  }

  statements(lines: number, size: number, steps: WriteSteps): string[] {
    const { start, transforms } = steps(behind(this.#names, { tables: 1 }), this);
    const partial = lines % size !== 0;
    return [
      `let own = group * ${size}u + lane;`,
      `let line = ${partial ? `min(own, ${lines - 1}u)` : "own"};`,
      `let inside = ${partial ? `own < ${lines}u` : "true"};`,
      // Two more than points: halves k have their second number at n + 1 - k. Two arrays, because drivers look for every
      // load among the stores to the same array, and with one take twice the time to compile.
      `var points: array<vec2f, ${this.#n + 2}>;`,
      `var results: array<vec2f, ${this.#n + 2}>;`,
      `var words: array<u32, ${this.#words}>;`,
      ...start,
      ...transforms.flatMap((item) => ("transforms" in item ? this.#each(item) : this.#one(item))),
    ];
  }

  declareHeld(name: string): string[] {
    return [`var ${name}: array<vec2f, ${this.#n}>;`];
  }

  held(name: string, _i: string, place: string): string {
    return `${name}[${place}]`;
  }

  fetch(name: string, load: (place: string) => string): Fetched {
    return {
      declare: this.declareHeld(name),
      code: this.#overPoints(`${name}[i] = ${load("i")};`),
      enter: [],
      at: (_, place) => `${name}[${place}]`,
    };
  }

  fetchMask(name: string, load: (word: string) => string): Fetched {
    return {
      declare: [`var ${name}: array<u32, ${this.#words}>;`],
      code: this.#overWords(`${name}[word] = ${load("word")};`),
      enter: [],
      at: (i) => maskFlags(`${name}[${Number(i) % this.#words}u]`, Math.floor(Number(i) / this.#words)),
    };
  }

  #each({ variable, bound, transforms }: Each): string[] {
    return [
      `for (var ${variable} = 0u; ${variable} < ${bound}; ${variable}++) {`,
      ...transforms.flatMap((transform) => this.#one(transform)).map((line) => `  ${line}`),
      `}`,
    ];
  }

  #one({ before = [], from, to, sums = [] }: Transform): string[] {
    const { load, read } = this.#source(from);
    const { hold, store } = "store" in to || "storePair" in to ? this.#stored(to) : this.#held(to);
    const lines: string[] = [];
    const code = codeIn(lines, () => `t${this.#declared++}`, this.#names);
    const inputs = Array.from({ length: this.#n }, (_, i) => code.declare(read(i, code)));
    const values = codelet(inputs, code);
    return [
      ...before,
      ...load,
      `{`,
      ...[...lines, ...hold(values)].map((line) => `  ${line}`),
      `}`,
      ...store,
      ...sums.map(({ value, store }) => `if (inside) { ${store(value)} }`),
    ];
  }

  /** Loops that bring points to where `read` finds them. */
  #source(from: FromMemory | FromHalves | FromHeld): {
    readonly load: readonly string[];
    readonly read: (i: number, code: Code) => string;
  } {
    if ("held" in from) return { load: [], read: (i, code) => readHeld(from, `${i}`, `${i}u`, code) };
    if ("read" in from) return { load: this.#overPoints(`points[i] = ${from.read("i")};`), read: (i) => `points[${i}]` };
    const half = (k: number): string => `vec4f(points[${k}], points[${this.#n + 1 - k}])`;
    return {
      load: this.#overHalves(`let half = ${from.load("k")}; points[k] = half.xy; points[${this.#n + 1}u - k] = half.zw;`),
      read: (i) => from.point(half(Math.min(i, this.#n - i)), `${i}u`),
    };
  }

  /** Statements for the results, and the loops that store what they leave in `results`. */
  #stored(to: ToMemory | ToHalves): Sink {
    if ("store" in to)
      return {
        hold: (values) => values.map((value, i) => `results[${i}] = ${value};`),
        store: this.#overPoints(to.store("i", "results[i]")),
      };
    return {
      hold: (values) =>
        Array.from(
          { length: halfWidth(this.#n) },
          (_, k) =>
            `let half${k} = ${to.pair(values[k], values[(this.#n - k) % this.#n], `${k}u`)}; results[${k}] = half${k}.xy; ` +
            `results[${this.#n + 1 - k}] = half${k}.zw;`,
        ),
      store: this.#overHalves(`if (inside) { ${to.storePair("k", `vec4f(results[k], results[${this.#n + 1}u - k])`)} }`),
    };
  }

  #held({ hold, keep, mask }: ToHeld): Sink {
    const take = (i: string, place: string, value: string): string => {
      const kept = keep === undefined ? [] : [`results[${place}] = ${keep.value(i, place, value)};`];
      return [...(hold === undefined ? [] : [hold(i, place, value)]), ...kept].join(" ");
    };
    // Words are made of points with constant numbers.
    const straight = mask !== undefined || take("i", "i", "value").length <= straightText;
    return {
      hold: (values) => [
        ...values.map((value, i) => (straight ? take(`${i}`, `${i}u`, value) : `results[${i}] = ${value};`)),
        ...(mask === undefined ? [] : this.#packed(mask.flags)),
      ],
      store: [
        ...(straight ? [] : this.#overPoints(take("i", "i", "results[i]"))),
        ...(mask === undefined ? [] : this.#overWords(mask.store("word", "words[word]"))),
        ...(keep === undefined ? [] : [...(keep.enter ?? []), ...this.#overPoints(keep.store("i", "results[i]"))]),
      ],
    };
  }

  #packed(flags: (i: string) => string): string[] {
    const points = this.#n / this.#words;
    return Array.from(
      { length: this.#words },
      (_, word) =>
        `words[${word}] = ${Array.from({ length: points }, (_, i) => maskBits(flags(`${i * this.#words + word}`), i)).join(" | ")};`,
    );
  }

  #overPoints(statements: string): string[] {
    return [`for (var i = 0u; i < ${this.#bound(0)}; i++) { ${statements} }`];
  }

  /** Over the numbers `k` of lines that are known by halves. */
  #overHalves(statements: string): string[] {
    return [`for (var k = 0u; k < ${this.#bound(1)}; k++) { ${statements} }`];
  }

  /** Over the words of a mask. */
  #overWords(statements: string): string[] {
    return [`for (var word = 0u; word < ${this.#bound(2)}; word++) { ${statements} }`];
  }

  /** Of the table in front of the others. */
  #bound(position: number): string {
    return boundOf(this.#names.table(0), position);
  }
}
