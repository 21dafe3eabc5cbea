/** @file Filters and activations on their own: the prelude, complex values, and every S05 diagnostic. */

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { Diagnostic, Source } from "../../../src/compiler/diagnostics/diagnostic.ts";
import { renderDiagnostic } from "../../../src/compiler/diagnostics/render.ts";
import type { Expr } from "../../../src/compiler/expr/expr.ts";
import { compileExprs, differentiate, printExpr, splitByDependency, substitute, variable } from "../../../src/compiler/expr/expr.ts";
import type { ScalarFormula } from "../../../src/compiler/formula/formula.ts";
import { analyseFormula, constrain } from "../../../src/compiler/formula/formula.ts";
import { prelude } from "../../../src/compiler/formula/prelude.ts";
import { parse } from "../../../src/compiler/syntax/parser.ts";
import type { Constraint } from "../../../src/plan/plan.ts";

function analyse(text: string): {
  readonly formula: ScalarFormula | undefined;
  readonly diagnostics: readonly Diagnostic[];
  readonly source: Source;
} {
  const source = { name: "net.spec", text };
  const { file, diagnostics: syntax } = parse(source);
  expect(syntax).toEqual([]);
  const declaration = file?.items.find((item) => item.kind === "filter" || item.kind === "activation");
  if (declaration?.kind !== "filter" && declaration?.kind !== "activation") throw new Error("no formula in the text");
  const diagnostics: Diagnostic[] = [];
  return { formula: analyseFormula(declaration, (d) => diagnostics.push(d)), diagnostics, source };
}

function analysed(text: string): ScalarFormula {
  const { formula, diagnostics } = analyse(text);
  expect(diagnostics).toEqual([]);
  if (formula === undefined) throw new Error("no formula and no diagnostic");
  return formula;
}

/** What was said, and where: the code and the marked text. */
function said(text: string): readonly string[] {
  const { formula, diagnostics } = analyse(text);
  if (diagnostics.some(({ severity }) => severity === "error")) expect(formula).toBeUndefined();
  return diagnostics.map(({ code, span }) => `${code} ${text.slice(span.start, span.end)}`);
}

const drawn = (text: string): string => {
  const { diagnostics, source } = analyse(text);
  return diagnostics.map((d) => renderDiagnostic(d, source)).join("\n\n");
};

function evaluate(e: Expr, values: Readonly<Record<string, number>>): number {
  const results = new Float64Array(1);
  compileExprs([e], Object.keys(values))(Object.values(values), results);
  return results[0];
}

const filter = (body: string, params = "g ~ normal(0, 1), s: positive = 0.1, f = 1"): string => `filter test(${params}) = ${body}\n`;
const activation = (body: string, params = "a = 1, b: positive = 1"): string => `activation test(x, ${params}) = ${body}\n`;

describe("the prelude", () => {
  test("holds the parameters of the Gaussian", () => {
    const { filters } = prelude();
    expect(filters.get("gaussian")?.params.map(({ name, constraint, random }) => [name, constraint.kind, random])).toEqual([
      ["g", "free", true],
      ["mu", "range", true],
      ["mv", "range", true],
      ["a", "positive", true],
      ["b", "positive", true],
      ["c", "free", true],
    ]);
    expect(filters.get("gaussian")?.params[0].start(9)).toEqual({ kind: "normal", mean: 0, deviation: 1.8 / 3 });
  });
  const { filters, activations } = prelude();
  const known = { u: 0.21, v: -0.34, x: 0.77, s1: 0.5, s2: -1.5, g: 1.3, mu: 0.1, mv: 0.2, a: 3, b: 2, c: -1 };
  /** Of every parameter; 0.7 is in the domain of most. */
  const rest = [...filters.values()].flatMap(({ params }) => params.map(({ name }) => [name, 0.7]));
  const values: typeof known = { ...Object.fromEntries(rest), ...known };
  const derivatives = [...filters.values()]
    .flatMap((f) => f.params.map(({ name }) => [f.name, name, f.value.re] as const))
    .concat([...activations.values()].map((f) => [f.name, "x", f.value.re] as const));
  test.each(derivatives)("%s: the derivative by %s agrees with central differences", (_, name, value) => {
    for (const point of [values, { ...values, x: -0.9, v: 0.4 }]) {
      const at = (shift: number): number => evaluate(value, { ...point, [name]: point[name as keyof typeof point] + shift });
      expect(evaluate(differentiate(value, name), point)).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 8);
    }
  });
  test("the Gaussian's derivatives are the moments of docs/numerics.md#gradients", () => {
    const value = filters.get("gaussian")?.value.re ?? variable("none");
    const { u, v, g, mu, mv, a, b, c } = values;
    const [dx, dy] = [u - mu, v - mv];
    const q = (a * dx + c * dy) ** 2 + (b * dy) ** 2;
    const bell = Math.exp(-q / 2);
    const e = a * dx + c * dy;
    const expected = {
      g: bell,
      mu: g * bell * a * e,
      mv: g * bell * (c * e + b * b * dy),
      a: -g * bell * e * dx,
      b: -g * bell * b * dy * dy,
      c: -g * bell * e * dy,
    };
    for (const [name, slope] of Object.entries(expected)) expect(evaluate(differentiate(value, name), values)).toBeCloseTo(slope, 12);
  });
  test("the Gaussian splits into what each axis needs", () => {
    const value = filters.get("gaussian")?.value.re ?? variable("none");
    const { definitions, rest } = splitByDependency([value], (name) => (name === "u" || name === "v" ? name : "parameter"));
    expect(definitions.map((d) => `${d.name} = ${printExpr(d.value)}`)).toEqual([
      "u.0 = a * (u - mu)",
      "v.0 = c * (v - mv)",
      "v.1 = (b * (v - mv))^2",
    ]);
    expect(rest.map(printExpr)).toEqual(["g * exp(-0.5 * ((u.0 + v.0)^2 + v.1))"]);
  });
  test("subgradients: relu'(0) = 0, elu'(0) = 1", () => {
    const slope = (name: string): number => evaluate(differentiate(activations.get(name)?.value.re ?? variable("x"), "x"), { x: 0 });
    expect([slope("relu"), slope("elu")]).toEqual([0, 1]);
  });
});

describe("formulas", () => {
  test("the published examples raise no alarm but the one they announce", () => {
    const examples = new URL("../../../examples/", import.meta.url);
    const found: string[] = [];
    let count = 0;
    for (const name of readdirSync(examples).filter((file) => file.endsWith(".spec"))) {
      const { file } = parse({ name, text: readFileSync(new URL(name, examples), "utf8") });
      for (const item of file?.items ?? []) {
        if (item.kind !== "filter" && item.kind !== "activation") continue;
        count++;
        expect(analyseFormula(item, ({ code }) => found.push(`${name} ${item.name.text} ${code}`))).toBeDefined();
      }
    }
    expect(count).toBeGreaterThan(0);
    expect(found.filter((line) => !line.startsWith("wood2021-code.spec bump W0508"))).toEqual([]);
  });
  test("where names, whole powers and precedence", () => {
    const formula = analysed("filter test(g ~ normal(0, 1)) = g * d^2 - -u^2\nwhere\n  c = v + 1,\n  d = c * 2\n");
    expect(evaluate(formula.value.re, { g: 3, u: 0.5, v: 0.25, r: 0, theta: 0 })).toBeCloseTo(3 * 2.5 ** 2 + 0.25, 12);
  });
  test("complex is a type: `complex(f, 0)` is not instantiated twice", () => {
    expect(analysed(filter("complex(f * u, 0)")).complex).toBe(true);
    expect(analysed(filter("f * u")).complex).toBe(false);
    expect(analysed(filter("g * cis(f * u)^2 / (2 + complex(0, s))")).complex).toBe(true);
  });
  test("complex values agree with numbers", () => {
    const { value } = analysed(filter("exp(complex(-u, f)) * complex(1, 2)^3 / complex(s, -1)"));
    // (1 + 2i)^3 = -11 - 2i
    const point = { u: 0.3, f: 0.7, s: 0.1 };
    const m = Math.exp(-0.3);
    const [re, im] = [m * Math.cos(0.7), m * Math.sin(0.7)];
    const [pr, pi] = [re * -11 - im * -2, re * -2 + im * -11];
    const d = 0.1 ** 2 + 1;
    expect(evaluate(value.re, point)).toBeCloseTo((pr * 0.1 - pi) / d, 12);
    expect(evaluate(value.im, point)).toBeCloseTo((pi * 0.1 + pr) / d, 12);
  });
  test("coordinates know where they are first written", () => {
    const text = filter("g * cos(f * theta) + theta * d\nwhere d = u");
    const { coordinates } = analysed(text);
    expect([...coordinates].map(([name, span]) => [name, span.start])).toEqual([
      ["u", text.lastIndexOf("u")],
      ["theta", text.indexOf("theta")],
    ]);
  });
  test("the input of an activation is the variable x", () => {
    const renamed = analysed("activation test(z, a = 1) = a * z\n");
    expect([printExpr(renamed.value.re), renamed.input]).toEqual(["a * x", "x"]);
    const taken = analysed("activation test(z, x = 1) = x * z\n");
    expect([printExpr(taken.value.re), taken.input]).toEqual(["x * z", "z"]);
  });
  test.each<readonly [Constraint, number, number, number]>([
    [{ kind: "free" }, -3, -3, 1],
    [{ kind: "positive" }, -40, 1e-6, 0],
    [{ kind: "positive" }, 0, Math.log(2) + 1e-6, 0.5],
    [{ kind: "range", low: -0.5, high: 0.5 }, 0, 0, 0.25],
    [{ kind: "range", low: 1, high: 8 }, 40, 8, 0],
  ])("constraint map %#", (constraint, t, p, slope) => {
    const e = constrain(variable("t"), constraint);
    expect(evaluate(e, { t })).toBeCloseTo(p, 12);
    expect(evaluate(differentiate(e, "t"), { t })).toBeCloseTo(slope, 12);
  });
  test("derivatives by raw values pass through the map", () => {
    const gaussian = prelude().filters.get("gaussian");
    const raw = substitute(gaussian?.value.re ?? variable("none"), (name) =>
      name === "a" ? constrain(variable("t"), { kind: "positive" }) : undefined,
    );
    const point = { u: 0.21, v: -0.34, g: 1.3, mu: 0.1, mv: 0.2, b: 2, c: -1, t: 1.5 };
    const at = (shift: number): number => evaluate(raw, { ...point, t: 1.5 + shift });
    expect(evaluate(differentiate(raw, "t"), point)).toBeCloseTo((at(1e-5) - at(-1e-5)) / 2e-5, 9);
  });
});

describe("safe formulas pass", () => {
  test.each([
    filter("g / s"),
    filter("g / (1 + f^2)"),
    filter("g / (r + 0.01)"),
    filter("(r + 0.01)^(-s)"),
    filter("g * sqrt(r)"),
    filter("sqrt(0.25 - u^2)"),
    filter("log(s)"),
    filter("log(1 + abs(f))"),
    filter("exp(-f^2)"),
    filter("exp(-abs(f) * r)"),
    filter("g / hypot(v, 0.01)"),
    filter("exp(cos(f * u))"),
    filter("g * sqrt(cos(theta))"),
    filter("1 / cis(f * u)"),
    filter("g / exp(-0.1 * u)"),
    filter("g * s^-2"),
    filter("g * r^2"),
    filter("g^3 * u"),
    filter("g * exp(-((u - m) / w)^2)", "g ~ normal(0, 1), m: 0..0.5 = 0.1, w: 0.005..0.25 = 0.05"),
    activation("x / (1 + abs(x))"),
    activation("x / (1 + exp(-abs(a * x)))"),
    activation("max(a * x, x)"),
    activation("log(1 + exp(min(x, 0)))"),
    activation("sqrt(x^2 + b^2) - b"),
    activation("x * clamp(x / 6 + 0.5, 0, 1)"),
  ])("%s", (text) => {
    expect(said(text)).toEqual([]);
  });
});

describe("diagnostics", () => {
  test.each<readonly [string, readonly string[]]>([
    // S0501
    [filter("abs(cis(u))"), ["S0501 cis(u)"]],
    [filter("g * u^cis(v)"), ["S0501 cis(v)"]],
    [activation("cis(x)"), ["S0501 cis(x)"]],
    // S0502
    [filter("g * q"), ["S0502 q"]],
    [filter("g * fan"), ["S0502 fan"]],
    [filter("g * exp"), ["S0503 exp"]],
    [filter("g", "g = sqrt"), ["S0503 sqrt"]],
    [filter("g / (1 - cos(2 * pi * u))"), ["S0506 / (1 - cos(2 * pi * u))"]],
    [filter("g(u)"), ["S0502 g"]],
    [filter("sine(u)"), ["S0502 sine"]],
    [activation("a * x * u"), ["S0502 u"]],
    [filter("q1 + q2"), ["S0502 q1", "S0502 q2"]],
    [filter("g", "g: positiv = 1"), ["S0502 positiv"]],
    [filter("g", "g ~ normal(0, k)"), ["S0502 k"]],
    [activation("a * x", "a = 1 / fan"), ["S0502 fan"]],
    // S0503
    [filter("max(u, v, r)"), ["S0503 max(u, v, r)"]],
    [filter("exp()"), ["S0503 exp()"]],
    [filter("g", "g ~ normal(1)"), ["S0503 ~ normal(1)"]],
    // S0504
    [filter("g / f"), ["S0504 / f"]],
    [filter("g / (f * s)"), ["S0504 / (f * s)"]],
    [filter("g / (u - 0.25)"), ["S0504 / (u - 0.25)"]],
    [filter("log(f)"), ["S0504 log(f)"]],
    [filter("sqrt(v)"), ["S0504 sqrt(v)"]],
    [filter("r^s"), ["S0504 r^s"]],
    [filter("f^0.5"), ["S0504 f^0.5"]],
    [filter("f^-1"), ["S0504 f^-1"]],
    [filter("1 / (1 + cis(f * u))"), ["S0504 / (1 + cis(f * u))"]],
    [filter("1 / cos(theta)"), ["S0504 / cos(theta)"]],
    [filter("g / s^8"), ["S0504 / s^8"]],
    [activation("1 / x"), ["S0504 / x"]],
    [activation("log(x)"), ["S0504 log(x)"]],
    [activation("sqrt(x)"), ["S0504 sqrt(x)"]],
    [activation("a / (x - x)"), ["S0504 / (x - x)"]],
    [filter("u", "g = 1 / 0"), ["S0504 1 / 0"]],
    // S0506
    [filter("g / r"), ["S0506 / r"]],
    [filter("sin(r) / r"), ["S0506 / r"]],
    [filter("log(r)"), ["S0506 log(r)"]],
    [filter("g * r^-2"), ["S0506 r^-2"]],
    [filter("r^f"), ["S0506 r^f"]],
    [filter("g / (u^2 + v^2)"), ["S0506 / (u^2 + v^2)"]],
    [filter("g / complex(u, v)"), ["S0506 / complex(u, v)"]],
    // W0508
    [filter("g * exp(f)"), ["W0508 exp(f)"]],
    [filter("g * exp(s * r)"), ["W0508 exp(s * r)"]],
    [filter("g * exp(1000 * u)"), ["W0508 exp(1000 * u)"]],
    [filter("exp(complex(f, u))"), ["W0508 exp(complex(f, u))"]],
    [activation("exp(x)"), ["W0508 exp(x)"]],
    // S0509
    [filter("g", "g"), ["S0509 g"]],
    [filter("g", "g ~ gauss(0, 1)"), ["S0509 gauss"]],
    [filter("g", "g: 0..0.5 = 0.7"), ["S0509 = 0.7"]],
    [filter("g", "g: positive = 0"), ["S0509 = 0"]],
    [filter("g", "g: positive ~ normal(1, 0.1)"), ["S0509 ~ normal(1, 0.1)"]],
    [filter("g", "g: 0..0.5 ~ uniform(0, 0.6)"), ["S0509 ~ uniform(0, 0.6)"]],
    [filter("g", "g: 0..0.5 = 0.1 * fan"), ["S0509 = 0.1 * fan"]],
    [filter("g", "g ~ uniform(1, 0)"), ["S0509 ~ uniform(1, 0)"]],
    [filter("g", "g ~ loguniform(0, 1)"), ["S0509 ~ loguniform(0, 1)"]],
    [filter("g", "g: 0.5..0 = 0.1"), ["S0509 0.5..0"]],
    // S0510
    [filter("a where a = b, b = 2"), ["S0510 b"]],
    [filter("a where a = a + 1"), ["S0510 a"]],
    // S0204, S0208, S0601
    [filter("g", "g = 1, g = 2"), ["S0204 g"]],
    [filter("a where a = 1, a = 2"), ["S0204 a"]],
    [filter("s where s = 2"), ["S0204 s"]],
    [filter("u", "u = 1"), ["S0208 u"]],
    [filter("pi", "pi = 1"), ["S0208 pi"]],
    [filter("exp(u) where u = -1"), ["S0208 u"]],
    ["activation test(exp) = 1\n", ["S0208 exp"]],
    [filter("g", "g: 0px..1 = 0.1"), ["S0601 0px"]],
  ])("%s", (text, expected) => {
    expect(said(text)).toEqual(expected);
  });

  test("one mistake gives one message", () => {
    expect(said(filter("a + a where a = q * 2"))).toEqual(["S0502 q"]);
  });
  test("17: an unknown name", () => {
    expect(drawn("filter ring(g ~ normal(0, 1), m: 0..0.5 ~ uniform(0, 0.5)) = g * exp(-((rr - m) / 0.1)^2)\n")).toBe(
      `error[S0502]: unknown name \`rr\` in filter \`ring\`
 --> net.spec:1:73
  |
1 | filter ring(g ~ normal(0, 1), m: 0..0.5 ~ uniform(0, 0.5)) = g * exp(-((rr - m) / 0.1)^2)
  |                                                                         ^^ not a parameter, a coordinate or a function
  |
  = note: parameters: g, m; coordinates: u, v, r, theta
  = help: did you mean the coordinate \`r\`?`,
    );
  });
  test("18: a division by a parameter without a domain", () => {
    const why = "`s` is unconstrained, so training can move it through 0";
    expect(drawn("filter banded(g ~ normal(0, 1), m: 0..0.5 = 0.2, s = 0.1) = g * exp(-((r - m) / s)^2)\n")).toBe(
      `error[S0504]: this division can be by zero
 --> net.spec:1:79
  |
1 | filter banded(g ~ normal(0, 1), m: 0..0.5 = 0.2, s = 0.1) = g * exp(-((r - m) / s)^2)
  |                                                                               ^^^ ${why}
  |                                                  ------- declared here with a start value only
  |
  = help: keep it above zero
  |
1 ~ filter banded(g ~ normal(0, 1), m: 0..0.5 = 0.2, s: positive = 0.1) = ...`,
    );
  });
  test("20: infinite at frequency zero", () => {
    expect(drawn("filter power(g ~ normal(0, 1), a: positive = 1) = g * r^(-a)\n")).toBe(
      `error[S0506]: \`power\` is infinite at frequency zero
 --> net.spec:1:55
  |
1 | filter power(g ~ normal(0, 1), a: positive = 1) = g * r^(-a)
  |                                                       ^^^^^^ r = 0 at the DC bin and \`a\` is positive, so this is 1/0
  |
  = note: r ranges over 0..0.707 cycles per pixel
  = help: keep the base away from zero, e.g. \`(r + 0.01)^(-a)\``,
    );
  });
});

describe("pages", () => {
  const pages = new URL("../../../grammar/diagnostics/", import.meta.url);
  test.each(["S0501", "S0502", "S0503", "S0504", "S0506", "W0508", "S0509", "S0510"])("%s shows what is said", (code) => {
    const page = readFileSync(new URL(`${code}.md`, pages), "utf8");
    const block = (fence: string): string => page.split(`\`\`\`${fence}\n`)[1].split("```")[0];
    expect(analyse(block("spec wrong")).diagnostics.map((d) => d.code)).toEqual([code]);
    expect(`${drawn(block("spec wrong"))}\n`).toBe(`${page.split("```text\n")[1].split("\n```")[0]}\n`);
    expect(drawn(block("spec fixed"))).toBe("");
  });
});
