/** @file Constants and start values: numbers computed while compiling, from formulas without frequencies. */

import type { Constraint, StartRule } from "../../plan/plan.ts";
import type { Diagnostic, Report, Span } from "../diagnostics/diagnostic.ts";
import { Limitation, suggest } from "../diagnostics/diagnostic.ts";
import { scalars } from "../expr/scalars.ts";
import type { Formula, Name, Phrase, Start } from "../syntax/ast.ts";
import { arityOf, functionNames, isRealFunction, unknownFunction, wrongArgumentCount } from "./names.ts";

/**
 * The value of a formula of numbers, `pi`, functions and `names`. Reports what is wrong (S0501, S0502, S0503, S0504) and
 * gives undefined. A NaN among `names` means "not known yet" and gives NaN without a report.
 */
export function evaluateConstant(formula: Formula, names: ReadonlyMap<string, number>, report: Report): number | undefined {
  const all = (formulas: readonly Formula[]): readonly number[] | undefined => {
    const values = formulas.map((f) => evaluateConstant(f, names, report));
    const known = values.filter((value) => value !== undefined);
    return known.length === values.length ? known : undefined;
  };
  const finite = (value: number, operands: readonly number[]): number | undefined => {
    if (Number.isFinite(value) || operands.some(Number.isNaN)) return value;
    report({
      severity: "error",
      code: "S0504",
      title: "this number is not finite",
      span: formula.span,
      label: Number.isNaN(value) ? "undefined" : "infinite",
    });
    return undefined;
  };

  switch (formula.kind) {
    case "number":
      return formula.value;
    case "name": {
      const value = formula.text === "pi" ? Math.PI : names.get(formula.text);
      if (value === undefined) report(unknownConstant(formula.text, formula.span, names));
      return value;
    }
    case "negate": {
      const operands = all([formula.operand]);
      return operands === undefined ? undefined : -operands[0];
    }
    case "binary": {
      const operands = all([formula.left, formula.right]);
      return operands === undefined ? undefined : finite(arithmetic[formula.operator](operands[0], operands[1]), operands);
    }
    case "call": {
      const name = formula.name.text;
      const arity = arityOf(name);
      if (arity === undefined) {
        report(unknownFunction(name, formula.name.span, names.has(name) ? "number" : undefined));
        return undefined;
      }
      if (formula.args.length !== arity) {
        report(wrongArgumentCount(name, arity, formula.args.length, formula.span));
        return undefined;
      }
      const operands = all(formula.args);
      if (operands === undefined) return undefined;
      if (!isRealFunction(name)) {
        report({
          severity: "error",
          code: "S0501",
          title: "a real number is expected here",
          span: formula.span,
          label: `\`${name}\` makes a complex number`,
        });
        return undefined;
      }
      const [a, b = 0, c = 0] = operands;
      // The row extends the root to negative numbers; a person who writes one has made a mistake.
      const value = name === "sqrt" && a < 0 ? NaN : scalars[name].evaluate(a, b, c);
      return finite(value, operands);
    }
  }
}

const arithmetic: Readonly<Record<"+" | "-" | "*" | "/" | "^", (a: number, b: number) => number>> = {
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": (a, b) => a / b,
  "^": (a, b) => a ** b,
};

function unknownConstant(name: string, span: Span, names: ReadonlyMap<string, number>): Diagnostic {
  const known = [...names.keys(), "pi"];
  const arity = arityOf(name);
  if (arity !== undefined) return wrongArgumentCount(name, arity, 0, span);
  const meant = suggest(name, [...known, ...functionNames]);
  return {
    severity: "error",
    code: "S0502",
    title: `unknown name \`${name}\``,
    span,
    label: "not known while compiling",
    notes: [`names here: ${known.join(", ")}`],
    helps: meant === undefined ? [] : [{ text: `did you mean \`${meant}\`?`, edits: [{ span, text: meant }] }],
  };
}

interface Distribution {
  readonly arguments: readonly [string, string];
  readonly rule: (a: number, b: number) => StartRule;
  /** Why these arguments make no distribution, if so. */
  readonly problem: (a: number, b: number) => string | undefined;
}

const distributions: Readonly<Record<string, Distribution | undefined>> = {
  normal: {
    arguments: ["mean", "sd"],
    rule: (mean, deviation) => ({ kind: "normal", mean, deviation }),
    problem: (_, deviation) => (deviation < 0 ? "the standard deviation is negative" : undefined),
  },
  uniform: {
    arguments: ["low", "high"],
    rule: (low, high) => ({ kind: "uniform", low, high }),
    problem: (low, high) => (low > high ? "the lower end lies above the upper end" : undefined),
  },
  loguniform: {
    arguments: ["low", "high"],
    rule: (low, high) => ({ kind: "loguniform", low, high }),
    problem: (low, high) =>
      low <= 0 ? "the lower end must be above 0" : low > high ? "the lower end lies above the upper end" : undefined,
  },
};

const distributionNames: readonly string[] = Object.keys(distributions).sort();

/** A start that is known up to `fan`, the number of channels summed into one kernel. */
export type StartOfFan = (fan: number) => StartRule;

/** `fan` takes these values when a start is checked; the use of the filter decides the real one. */
const fansToCheck = [1, 2, 3, 16, 512];

/** The start of a parameter: known names, and all values inside the domain (S0509). */
export function analyseStart(
  name: string,
  start: Start,
  constraint: Constraint,
  domainSpan: Span | undefined,
  fanExists: boolean,
  report: Report,
): StartOfFan | undefined {
  const names: NamesOfFan = (fan) => new Map(fanExists ? [["fan", fan]] : []);
  const ruleOf =
    start.kind === "constant"
      ? constantStart(start.value, names, report)
      : drawnStart(start.distribution, start.args, start.span, names, report);
  if (ruleOf === undefined) return undefined;
  for (const fan of fanExists ? fansToCheck : [1]) {
    const problem = outsideDomain(name, ruleOf(fan), constraint);
    if (problem === undefined) continue;
    report({
      severity: "error",
      code: "S0509",
      title: problem.title,
      span: start.span,
      label: fan === 1 ? problem.label : `${problem.label} (with ${fan} summed channels)`,
      ...(domainSpan === undefined ? {} : { secondary: [{ span: domainSpan, text: "the domain is declared here" }] }),
      helps: [{ text: problem.help }],
    });
    return undefined;
  }
  return ruleOf;
}

/**
 * `init: normal(0, 0.1 / sqrt(fan))`, in terms of `fan` and `numbers` (parameters of the recipe around). Reports S0210 for
 * another word, else as `evaluateConstant`.
 */
export function startFromPhrase(phrase: Phrase, report: Report, numbers: ReadonlyMap<string, number> = new Map()): StartOfFan | undefined {
  const [args, ...more] = phrase.atoms;
  if (
    distributions[phrase.name.text] === undefined ||
    more.length > 0 ||
    phrase.record !== undefined ||
    (args !== undefined && args.kind !== "args")
  ) {
    const meant = suggest(phrase.name.text, distributionNames);
    report({
      severity: "error",
      code: "S0210",
      title: `\`${phrase.name.text}\` is not a start`,
      span: phrase.span,
      label: "not a distribution",
      notes: ["distributions: loguniform(low, high), normal(mean, sd), uniform(low, high)"],
      helps: meant === undefined ? [] : [{ text: `did you mean \`${meant}\`?`, edits: [{ span: phrase.name.span, text: meant }] }],
    });
    return undefined;
  }
  return drawnStart(phrase.name, args === undefined ? [] : args.args, phrase.span, (fan) => new Map([...numbers, ["fan", fan]]), report);
}

/** What a start may mention. */
type NamesOfFan = (fan: number) => ReadonlyMap<string, number>;

function constantStart(value: Formula, names: NamesOfFan, report: Report): StartOfFan | undefined {
  if (evaluateConstant(value, names(1), report) === undefined) return undefined;
  return (fan) => ({ kind: "constant", value: evaluateAt(value, fan, names) });
}

function drawnStart(name: Name, args: readonly Formula[], span: Span, names: NamesOfFan, report: Report): StartOfFan | undefined {
  const distribution = distributions[name.text];
  if (distribution === undefined) {
    const meant = suggest(name.text, distributionNames);
    report({
      severity: "error",
      code: "S0509",
      title: `no distribution named \`${name.text}\``,
      span: name.span,
      label: "a start is a constant or one of three distributions",
      notes: ["distributions: loguniform(low, high), normal(mean, sd), uniform(low, high)"],
      helps: meant === undefined ? [] : [{ text: `did you mean \`${meant}\`?`, edits: [{ span: name.span, text: meant }] }],
    });
    return undefined;
  }
  if (args.length !== 2) {
    const wrong = wrongArgumentCount(name.text, 2, args.length, span);
    report({ ...wrong, label: `expected \`${name.text}(${distribution.arguments.join(", ")})\`` });
    return undefined;
  }
  const values = args.map((arg) => evaluateConstant(arg, names(1), report));
  if (values.includes(undefined)) return undefined;
  const ruleAt = (fan: number): { readonly rule: StartRule; readonly problem: string | undefined } => {
    const [a, b] = args.map((arg) => evaluateAt(arg, fan, names));
    return { rule: distribution.rule(a, b), problem: distribution.problem(a, b) };
  };
  const { problem } = ruleAt(1);
  if (problem !== undefined) {
    report({ severity: "error", code: "S0509", title: `\`${name.text}\` cannot draw from this`, span, label: problem });
    return undefined;
  }
  return (fan) => ruleAt(fan).rule;
}

/** The formula was checked with fan = 1; another fan can still divide by zero. */
function evaluateAt(formula: Formula, fan: number, names: NamesOfFan): number {
  const value = evaluateConstant(formula, names(fan), () => undefined);
  if (value === undefined)
    throw new Limitation(`this start is not a finite number when ${fan} channels are summed`, { span: formula.span });
  return value;
}

/** A positive parameter is stored as softplus(t) + 1e-6, so it cannot start below. */
export const smallestPositive = 1e-6;

function outsideDomain(
  name: string,
  rule: StartRule,
  constraint: Constraint,
): { readonly title: string; readonly label: string; readonly help: string } | undefined {
  if (constraint.kind === "free") return undefined;
  const range = constraint.kind === "range";
  const domain = range ? `${constraint.low}..${constraint.high}` : "positive";
  const inside = range ? `uniform(${constraint.low}, ${constraint.high})` : "uniform(0.1, 1)";
  if (rule.kind === "normal") {
    return {
      title: `\`${name}\` has a domain and cannot start from \`normal\``,
      label: `a normal draw can leave \`${domain}\``,
      help: `use a constant or a bounded draw, e.g. \`${inside}\``,
    };
  }
  const [low, high] = rule.kind === "constant" ? [rule.value, rule.value] : [rule.low, rule.high];
  const fits = range ? low >= constraint.low && high <= constraint.high : low > smallestPositive;
  if (fits) return undefined;
  const wrong = range && low >= constraint.low ? high : low;
  return {
    title: `the start of \`${name}\` lies outside its domain`,
    label: range ? `${wrong} is not in \`${domain}\`` : `${wrong} is not above 0`,
    help:
      rule.kind === "constant"
        ? `start ${range ? `between ${constraint.low} and ${constraint.high}` : "above 0, e.g. `= 0.1`"}`
        : `stay inside, e.g. \`${inside}\``,
  };
}
