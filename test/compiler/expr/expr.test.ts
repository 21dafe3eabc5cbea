/** @file The scalar language: every row against finite differences, intervals against samples, printers against evaluation. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Expr, Level, ScalarName } from "../../../src/compiler/expr/expr.ts";
import {
  add,
  call,
  compileExprs,
  complex,
  constant,
  cost,
  differentiate,
  divide,
  multiply,
  negate,
  powerInteger,
  printExpr,
  printWgsl,
  splitByDependency,
  substitute,
  subtract,
  variable,
  variablesOf,
  wgslLiteral,
} from "../../../src/compiler/expr/expr.ts";
import { intervalOf } from "../../../src/compiler/expr/interval.ts";
import { scalars } from "../../../src/compiler/expr/scalars.ts";

const names = Object.keys(scalars) as ScalarName[];
const [x, y, z] = [variable("x"), variable("y"), variable("z")];
const variables = ["x", "y", "z"];

function evaluate(e: Expr, values: readonly number[]): number {
  const results = new Float64Array(1);
  compileExprs([e], variables)(values, results);
  return results[0];
}

function rowCall(name: ScalarName): Expr {
  return call(name, ...[x, y, z].slice(0, scalars[name].arity));
}

/** Arguments where a function is smooth and defined. */
const smooth: Partial<Record<ScalarName, readonly (readonly number[])[]>> = {
  log: [[0.3], [4]],
  sqrt: [[0.3], [4]],
  power: [
    [0.3, -1.7],
    [2.5, 0.6],
    [1.2, 3],
  ],
  clamp: [
    [0.3, -1, 1],
    [-2, -1, 1],
    [2, -1, 1],
  ],
  select: [
    [1, 0.3, -2],
    [0, 0.3, -2],
  ],
};
const elsewhere = [
  [0.31, -1.2, 0.7],
  [-0.8, 0.45, 1.3],
  [1.7, 2.2, -0.4],
];

describe("rows", () => {
  test.each(names)("%s: the derivative agrees with central differences", (name) => {
    const e = rowCall(name);
    for (const point of smooth[name] ?? elsewhere) {
      for (let i = 0; i < scalars[name].arity; i++) {
        if (name === "select" && i === 0) continue;
        const at = (shift: number): number =>
          evaluate(
            e,
            [0, 1, 2].map((k) => (point[k] ?? 0) + (k === i ? shift : 0)),
          );
        const slope = evaluate(
          differentiate(e, variables[i]),
          [0, 1, 2].map((k) => point[k] ?? 0),
        );
        const difference = (at(1e-5) - at(-1e-5)) / 2e-5;
        expect(Math.abs(slope - difference)).toBeLessThanOrEqual(1e-7 * Math.max(1, Math.abs(difference)));
      }
    }
  });

  test.each(names)("%s: the interval contains samples", (name) => {
    const range = fc
      .tuple(fc.double({ min: -8, max: 8, noNaN: true }), fc.double({ min: 0, max: 5, noNaN: true }))
      .map(([low, width]) => ({ low, high: low + width }));
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(range, { minLength: 3, maxLength: 3 }), fc.array(share, { minLength: 3, maxLength: 3 }), (ranges, shares) => {
        const rangeOf = (variableName: string): { low: number; high: number } => ranges[variables.indexOf(variableName)];
        const { low, high } = intervalOf(rowCall(name), rangeOf);
        const value = scalars[name].evaluate(...(ranges.map((r, i) => r.low + (r.high - r.low) * shares[i]) as [number, number, number]));
        if (!Number.isFinite(value)) return; // the logarithm of a negative number, a division by zero
        const slack = 1e-12 * Math.max(1, Math.abs(value));
        expect(value).toBeGreaterThanOrEqual(low - slack);
        expect(value).toBeLessThanOrEqual(high + slack);
      }),
      { numRuns: 200 },
    );
  });
});

describe("subgradients (docs/numerics.md#kinks)", () => {
  const slope = (e: Expr, name: string, ...values: number[]): number => evaluate(differentiate(e, name), values);
  test("the first argument wins ties of min and max", () => {
    expect(slope(call("max", x, y), "x", 1, 1)).toBe(1);
    expect(slope(call("max", x, y), "y", 1, 1)).toBe(0);
    expect(slope(call("min", x, y), "x", 1, 1)).toBe(1);
    expect(slope(call("min", x, y), "y", 1, 1)).toBe(0);
    expect(slope(call("max", constant(0), x), "x", 0)).toBe(0);
  });
  test("kinks", () => {
    expect(slope(call("abs", x), "x", 0)).toBe(0);
    expect(slope(call("clamp", x, constant(-1), constant(1)), "x", 1)).toBe(1);
    expect(slope(call("clamp", x, constant(-1), constant(1)), "x", -1)).toBe(1);
    expect(slope(call("clamp", x, constant(-1), constant(1)), "x", 1.001)).toBe(0);
    expect(slope(call("step", x), "x", 0)).toBe(0);
    expect(slope(call("sign", x), "x", 0)).toBe(0);
    expect(slope(call("hypot", x, y), "x", 0, 0)).toBe(0);
    expect(slope(call("atan2", x, y), "x", 0, 0)).toBe(0);
    expect(slope(call("sqrt", x), "x", 0)).toBe(0);
    expect(evaluate(call("step", x), [0])).toBe(1);
    expect(evaluate(call("atan2", x, y), [0, 0])).toBe(0);
  });
  test("an unused branch does not spoil the derivative", () => {
    const e = call("max", constant(0), multiply(x, call("exp", multiply(x, x))));
    expect(slope(e, "x", -40)).toBe(0);
  });
});

describe("construction", () => {
  test("equal structure is the same node", () => {
    expect(add(multiply(x, y), constant(1))).toBe(add(multiply(x, y), constant(1)));
    expect(constant(-0)).toBe(constant(0));
  });
  test.each<readonly [Expr, string]>([
    [add(x, constant(0)), "x"],
    [multiply(constant(1), x), "x"],
    [multiply(x, constant(0)), "0"],
    [negate(negate(x)), "x"],
    [subtract(x, x), "0"],
    [add(constant(2), constant(3)), "5"],
    [multiply(constant(2), multiply(x, constant(3))), "6 * x"],
    [subtract(x, negate(y)), "x + y"],
    [negate(subtract(x, y)), "y - x"],
    [divide(constant(1), constant(0)), "1 / 0"],
    [powerInteger(x, 3), "x^2 * x"],
    [powerInteger(x, -2), "1 / x^2"],
    [powerInteger(x, 0), "1"],
    [negate(powerInteger(x, 2)), "-(x^2)"],
    [subtract(x, subtract(y, z)), "x - (y - z)"],
    [divide(x, multiply(y, z)), "x / (y * z)"],
    [call("max", constant(0), x), "max(0, x)"],
    [complex.squaredMagnitude(complex.cis(x)), "1"],
  ])("case %# prints %s", (e, text) => {
    expect(printExpr(e)).toBe(text);
  });
  test("exp differentiates to itself, and shares it", () => {
    const e = call("exp", multiply(x, y));
    expect(differentiate(e, "x")).toBe(multiply(e, y));
    expect(differentiate(e, "z")).toBe(constant(0));
  });
  test("cost counts shared nodes once", () => {
    const e = call("exp", x);
    expect(cost(multiply(e, e), add(e, y))).toBe(cost(e) + 2);
  });
  test("long shared expressions print in linear space", () => {
    let e: Expr = x;
    for (let i = 0; i < 60; i++) e = add(multiply(e, y), e);
    expect(printExpr(e).length).toBeLessThan(200_000);
  });
  test("complex arithmetic agrees with numbers", () => {
    const a = { re: x, im: y };
    const b = { re: y, im: z };
    const quotient = complex.multiply(complex.divide(a, b), b);
    expect(evaluate(quotient.re, [1, 2, 3])).toBeCloseTo(1, 12);
    expect(evaluate(quotient.im, [1, 2, 3])).toBeCloseTo(2, 12);
    const power = complex.exp(a);
    expect(evaluate(power.im, [0.5, 2, 0])).toBeCloseTo(Math.exp(0.5) * Math.sin(2), 12);
    expect(complex.exp(complex.fromReal(x))).toEqual(complex.fromReal(call("exp", x)));
  });
});

/** Random expressions that are defined everywhere. */
const anyExpr: fc.Arbitrary<Expr> = fc.letrec<{ e: Expr }>((tie) => ({
  e: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.constantFrom<Expr>(x, y, z, constant(0), constant(1), constant(-2), constant(0.3)),
    fc
      .tuple(fc.constantFrom<ScalarName>("negate", "abs", "sign", "sin", "cos", "tanh", "sigmoid", "softplus", "step"), tie("e"))
      .map(([fn, a]) => call(fn, a)),
    fc
      .tuple(fc.constantFrom<ScalarName>("add", "subtract", "multiply", "min", "max", "greaterEqual", "hypot", "atan2"), tie("e"), tie("e"))
      .map(([fn, a, b]) => call(fn, a, b)),
    tie("e").map((a) => call("exp", call("min", a, constant(1)))),
    tie("e").map((a) => divide(a, add(constant(1), multiply(a, a)))),
    fc.tuple(tie("e"), tie("e"), tie("e")).map(([a, b, c]) => call("select", a, b, c)),
    fc.tuple(tie("e"), tie("e")).map(([a, b]) => call("clamp", a, b, add(b, constant(1)))),
  ),
})).e;
const anyPoint = fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 3, maxLength: 3 });

/** Runs printed WGSL as JavaScript: the same operators, the functions below. */
function runWgsl(exprs: readonly Expr[], values: readonly number[]): readonly number[] {
  const { lets, results } = printWgsl(exprs, (name) => `${name}_`, "t");
  const body = `
    const select = (no, yes, condition) => condition ? yes : no;
    const clamp = (a, low, high) => Math.min(Math.max(a, low), high);
    const round = (a) => Math.round(a);
    const { exp, log, sqrt, abs, sign, sin, cos, tanh, min, max, atan2, pow } = Math;
    ${lets.join("\n")}
    return [${results.join(", ")}];`;
  return (new Function("x_", "y_", "z_", body) as (...args: number[]) => number[])(...values);
}

describe("printing WGSL", () => {
  test("says what evaluation says", () => {
    fc.assert(
      fc.property(anyExpr, anyPoint, (e, values) => {
        const exprs = [e, differentiate(e, "x"), differentiate(e, "y")];
        const results = new Float64Array(3);
        compileExprs(exprs, variables)(values, results);
        runWgsl(exprs, values).forEach((value, i) => {
          // The printed angle reduction and the guards against subnormals differ in the last places.
          expect(Math.abs(value - results[i])).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(results[i])));
        });
      }),
      { numRuns: 300, seed: 11 },
    );
  });
  test.each(names)("%s alone", (name) => {
    for (const point of smooth[name] ?? elsewhere) {
      const values = [0, 1, 2].map((k) => point[k] ?? 0);
      expect(runWgsl([rowCall(name)], values)[0]).toBeCloseTo(evaluate(rowCall(name), values), 9);
    }
  });
  test("shared nodes become lets, comparisons stay inside their select", () => {
    const e = call("exp", x);
    expect(printWgsl([multiply(e, y), differentiate(call("max", constant(0), e), "x")], (name) => `p_${name}`, "k")).toEqual({
      lets: ["let k0 = exp(p_x);"],
      results: ["(k0 * p_y)", "select(k0, 0.0, 0.0 >= k0)"],
    });
  });
  test("deep expressions are cut before brackets nest too deep for a shader compiler", () => {
    let e: Expr = x;
    for (let i = 0; i < 500; i++) e = call("sin", add(e, call("cos", multiply(constant(i + 2), y))));
    const { lets, results } = printWgsl([e], (name) => name, "t");
    const depthOf = (text: string): number => {
      let [depth, deepest] = [0, 0];
      for (const character of text) {
        depth += character === "(" ? 1 : character === ")" ? -1 : 0;
        deepest = Math.max(deepest, depth);
      }
      return deepest;
    };
    expect(Math.max(...[...lets, ...results].map(depthOf))).toBeLessThan(128);
    let sum: Expr = x;
    for (let i = 0; i < 500; i++) sum = add(multiply(sum, y), z);
    const printed = printWgsl([sum], (name) => name, "t");
    expect(Math.max(...[...printed.lets, ...printed.results].map(depthOf))).toBeLessThan(128);
  });
  test.each<readonly [number, string]>([
    [0, "0.0"],
    [1, "1.0"],
    [-1, "(-1.0)"],
    [0.5, "0.5"],
    [1e-45, "0.0"],
    [1e300, "3.4028234663852886e+38"],
    [-Infinity, "(-3.4028234663852886e+38)"],
    [1 / 3, "0.3333333333333333"],
    [1e21, "1e+21"],
  ])("%d is the literal %s", (value, text) => {
    expect(wgslLiteral(value)).toBe(text);
  });
});

describe("random expressions", () => {
  test("derivatives agree with central differences where these converge", () => {
    let compared = 0;
    fc.assert(
      fc.property(anyExpr, anyPoint, (e, values) => {
        const at = (shift: number): number => evaluate(e, [values[0] + shift, values[1], values[2]]);
        const [coarse, fine] = [(at(2e-5) - at(-2e-5)) / 4e-5, (at(1e-5) - at(-1e-5)) / 2e-5];
        const sided = (at(1e-5) - at(0)) / 1e-5;
        const scale = Math.max(1, Math.abs(fine));
        // A kink nearby, or a function too steep for the step.
        if (Math.abs(coarse - fine) > 1e-7 * scale || Math.abs(sided - fine) > 1e-3 * scale) return;
        compared++;
        expect(Math.abs(evaluate(differentiate(e, "x"), values) - fine)).toBeLessThanOrEqual(1e-5 * scale);
      }),
      { numRuns: 500, seed: 5 },
    );
    expect(compared).toBeGreaterThan(300);
  });
  test("intervals contain samples", () => {
    const unit = { low: -2, high: 2 };
    fc.assert(
      fc.property(anyExpr, anyPoint, (e, values) => {
        const { low, high } = intervalOf(e, () => unit);
        const value = evaluate(e, values);
        const slack = 1e-9 * Math.max(1, Math.abs(value));
        expect(value >= low - slack && value <= high + slack).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
  test("substitution evaluates like the parts", () => {
    fc.assert(
      fc.property(anyExpr, anyExpr, anyPoint, (e, inner, values) => {
        const outer = substitute(e, (name) => (name === "x" ? inner : undefined));
        const expected = evaluate(e, [evaluate(inner, values), values[1], values[2]]);
        expect(evaluate(outer, values)).toBeCloseTo(expected, 6);
      }),
      { numRuns: 200 },
    );
  });
  test("text is one to one with structure", () => {
    fc.assert(
      fc.property(anyExpr, anyExpr, (a, b) => (printExpr(a) === printExpr(b)) === (a === b)),
      { numRuns: 500 },
    );
  });
});

const levelOf = (name: string): Level => (name === "x" ? "u" : name === "y" ? "v" : name === "z" ? "parameter" : "both");

describe("splitting by dependency", () => {
  test("recombined, it is the original", () => {
    fc.assert(
      fc.property(anyExpr, anyExpr, (a, b) => {
        const split = splitByDependency([a, b], levelOf);
        const values = new Map<string, Expr>();
        for (const { name, value } of split.definitions)
          values.set(
            name,
            substitute(value, (used) => values.get(used)),
          );
        expect(split.rest.map((e) => substitute(e, (name) => values.get(name)))).toEqual([a, b]);
        for (const { level, value } of split.definitions) {
          for (const name of variablesOf(value)) {
            const used = name.includes(".") ? name.split(".")[0] : levelOf(name);
            expect([level, "parameter"]).toContain(used);
          }
        }
      }),
      { numRuns: 300 },
    );
  });
  test("squares of sums keep the cached sum K1 + K2 inside", () => {
    const e = call("exp", negate(powerInteger(add(multiply(call("exp", z), x), multiply(call("exp", z), call("sin", y))), 2)));
    const { definitions, rest } = splitByDependency([e], levelOf);
    expect(definitions.map(({ name, value }) => `${name} = ${printExpr(value)}`)).toEqual([
      "parameter.0 = exp(z)",
      "u.0 = parameter.0 * x",
      "v.0 = parameter.0 * sin(y)",
    ]);
    expect(rest.map(printExpr)).toEqual(["exp(-((u.0 + v.0)^2))"]);
  });
  test("a result of one level is a definition", () => {
    const { definitions, rest } = splitByDependency([multiply(x, z), z], levelOf);
    expect(definitions.map(({ name }) => name)).toEqual(["u.0"]);
    expect(rest.map(printExpr)).toEqual(["u.0", "z"]);
  });
});
