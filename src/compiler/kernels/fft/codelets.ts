/** @file Small DFTs in registers: straight-line WGSL for any radix, built from 2, the primes and their products. */

import type { Declaration, Names } from "../../lower/names.ts";

/** Code that grows. */
export interface Code {
  /** Adds statements. */
  readonly add: (statements: string) => void;
  /** Adds `let NAME = expression;` and returns NAME. */
  readonly declare: (expression: string) => string;
  /** WGSL for a product of complex numbers. */
  readonly product: (a: string, b: string) => string;
}

/** Adds to `lines`; `nextName` gives the names. */
export function codeIn(lines: string[], nextName: () => string, { own }: Names): Code {
  return {
    add: (statements) => void lines.push(statements),
    declare(expression) {
      const name = nextName();
      lines.push(`let ${name} = ${expression};`);
      return name;
    },
    product: (a, b) => `${own("cmul")}(${a}, ${b})`,
  };
}

/** The product of complex numbers, a function of all kernels that do transforms. */
export const cmul: Declaration = {
  kind: "fn",
  name: "cmul",
  text: () => "(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }",
};

/**
 * X[k] = sum_i x[i] exp(-2 pi i ik/r), r = inputs.length; inputs and results are names of `vec2f` values.
 * Products are split as in docs/kernels.md#transforms, primes use the direct form with x[i] and x[r-i] taken together.
 */
export function codelet(inputs: readonly string[], code: Code): readonly string[] {
  const radix = inputs.length;
  const factor = innerFactor(radix);
  if (radix === 1) return inputs;
  if (radix === 2) return [code.declare(`${inputs[0]} + ${inputs[1]}`), code.declare(`${inputs[0]} - ${inputs[1]}`)];
  return factor === radix ? primeCodelet(inputs, code) : splitCodelet(inputs, factor, code);
}

/** x[second i + j] -> X[k1 + first k2]: DFTs over i, twiddles, DFTs over j. */
function splitCodelet(inputs: readonly string[], first: number, code: Code): readonly string[] {
  const radix = inputs.length;
  const second = radix / first;
  const columns = Array.from({ length: second }, (_, j) =>
    codelet(
      inputs.filter((_, index) => index % second === j),
      code,
    ).map((name, k1) => rotate(name, k1 * j, radix, code)),
  );
  const results: string[] = [];
  for (let k1 = 0; k1 < first; k1++) {
    const row = codelet(
      columns.map((column) => column[k1]),
      code,
    );
    row.forEach((name, k2) => {
      results[k1 + first * k2] = name;
    });
  }
  return results;
}

function primeCodelet(inputs: readonly string[], code: Code): readonly string[] {
  const radix = inputs.length;
  const half = (radix - 1) / 2;
  const sums: string[] = [];
  const differences: string[] = [];
  for (let i = 1; i <= half; i++) {
    sums.push(code.declare(`${inputs[i]} + ${inputs[radix - i]}`));
    differences.push(code.declare(`${inputs[i]} - ${inputs[radix - i]}`));
  }
  const results: string[] = [code.declare([inputs[0], ...sums].join(" + "))];
  for (let k = 1; k <= half; k++) {
    const turn = (i: number): number => (2 * Math.PI * ((i * k) % radix)) / radix;
    const even = code.declare([inputs[0], ...sums.map((name, index) => `${literal(Math.cos(turn(index + 1)))} * ${name}`)].join(" + "));
    const odd = code.declare(differences.map((name, index) => `${literal(Math.sin(turn(index + 1)))} * ${name}`).join(" + "));
    const turned = code.declare(`vec2f(${odd}.y, -${odd}.x)`);
    results[k] = code.declare(`${even} + ${turned}`);
    results[radix - k] = code.declare(`${even} - ${turned}`);
  }
  return results;
}

/** The first factor of a split: the radix itself for a prime, 4 where it divides, otherwise the smallest prime. */
function innerFactor(radix: number): number {
  if (radix > 4 && radix % 4 === 0) return 4;
  for (let factor = 2; factor * factor <= radix; factor++) if (radix % factor === 0) return factor;
  return radix;
}

/** name * exp(-2 pi i turns/of); quarter turns cost nothing. */
function rotate(name: string, turns: number, of: number, code: Code): string {
  const quarters = (4 * turns) / of;
  if (quarters === 0) return name;
  if (quarters === 1) return code.declare(`vec2f(${name}.y, -${name}.x)`);
  if (quarters === 2) return code.declare(`-${name}`);
  if (quarters === 3) return code.declare(`vec2f(-${name}.y, ${name}.x)`);
  const angle = (-2 * Math.PI * turns) / of;
  return code.declare(code.product(name, `vec2f(${literal(Math.cos(angle))}, ${literal(Math.sin(angle))})`));
}

/** All digits of the f64 value: WGSL rounds it to f32 once. */
function literal(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : value.toString();
}
