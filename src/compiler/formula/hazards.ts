/** @file Where a formula could become infinite or undefined: found by intervals, reported before training (S0504, S0506, W0508). */

import type { Constraint, StartRule } from "../../plan/plan.ts";
import type { Diagnostic, Edit, Help, Label, Report, Span } from "../diagnostics/diagnostic.ts";
import { variablesOf } from "../expr/expr.ts";
import { intervalOf } from "../expr/interval.ts";
import type { Interval } from "../expr/interval-arithmetic.ts";
import type { Expr } from "../expr/scalars.ts";
import { smallestNormal } from "../expr/scalars.ts";
import type { FilterParam, Formula } from "../syntax/ast.ts";
import type { Coordinate } from "./names.ts";
import { coordinateNames, coordinateRanges, isCoordinate } from "./names.ts";
import { smallestPositive } from "./start.ts";

interface HazardParam {
  readonly declaration: FilterParam;
  readonly constraint: Constraint;
  /** The start when one channel is summed. */
  readonly start: StartRule;
}

/** What the checks know of the formula around an expression. */
export interface HazardScope {
  readonly kind: "filter" | "activation";
  readonly name: string;
  readonly params: ReadonlyMap<string, HazardParam>;
  readonly report: Report;
}

/** An operation that is defined for some operands only. */
export interface Hazard {
  readonly operation: "division" | "logarithm" | "root" | "power";
  /** The divisor, the argument or the base. */
  readonly operand: Expr;
  readonly operandFormula: Formula;
  readonly span: Span;
  /** The dividend of a division, the exponent of a power. */
  readonly other?: { readonly value: Expr; readonly formula?: Formula };
}

interface Wording {
  readonly title: string;
  readonly operand: string;
  readonly safe: (range: Interval) => boolean;
  /** What training can do to an operand that must not: `move it through 0`. */
  readonly drift: string;
  readonly bad: string;
  readonly cure: (operand: string) => string;
}

/** Below this an argument of a root is a mistake; above, it is the rounding of 0. */
const rootSlack = -1e-6;

const isPositive = (range: Interval): boolean => range.low >= smallestNormal;

const wordings: Readonly<Record<Hazard["operation"], Wording>> = {
  division: {
    title: "this division can be by zero",
    operand: "divisor",
    drift: "move it through 0",
    bad: "0",
    safe: (range) => isPositive(range) || range.high <= -smallestNormal,
    cure: (operand) => `divide by \`1 + abs(${operand})\``,
  },
  logarithm: {
    title: "this logarithm can be of zero or less",
    operand: "argument",
    drift: "make it negative",
    bad: "0 or less",
    safe: isPositive,
    cure: (operand) => `write \`log(1 + abs(${operand}))\``,
  },
  root: {
    title: "this root can be of a negative number",
    operand: "argument",
    drift: "make it negative",
    bad: "negative",
    safe: (range) => range.low >= rootSlack,
    cure: (operand) => `write \`sqrt(abs(${operand}))\``,
  },
  power: {
    title: "this power needs a base above zero",
    operand: "base",
    drift: "make it negative",
    bad: "0 or less",
    safe: isPositive,
    cure: (operand) => `use the base \`1 + abs(${operand})\`, or a whole number as the exponent`,
  },
};

function domainOf(constraint: Constraint): Interval {
  if (constraint.kind === "range") return { low: constraint.low, high: constraint.high };
  return { low: constraint.kind === "positive" ? smallestPositive : -Infinity, high: Infinity };
}

type Ranges = (variable: string) => Interval;

/** Coordinates and parameters over all they can be; the input of an activation is any number. */
function ranges(scope: HazardScope, narrowed: ReadonlyMap<string, Interval> = new Map()): Ranges {
  return (name) => {
    const param = scope.params.get(name);
    const range = param === undefined ? undefined : domainOf(param.constraint);
    return (
      narrowed.get(name) ?? range ?? (scope.kind === "filter" && isCoordinate(name) ? coordinateRanges[name] : domainOf({ kind: "free" }))
    );
  };
}

const zeroFrequency: ReadonlyMap<string, Interval> = new Map(coordinateNames.map((name) => [name, { low: 0, high: 0 }]));

/** Reports an operation that can be undefined, and says whether it is safe. */
export function checkHazard(scope: HazardScope, hazard: Hazard): boolean {
  if (wordings[hazard.operation].safe(intervalOf(hazard.operand, ranges(scope)))) return true;
  scope.report(atZeroFrequency(scope, hazard) ?? undefinedArithmetic(scope, hazard));
  return false;
}

/** S0506: the operand is exactly zero where all coordinates are. */
function atZeroFrequency(scope: HazardScope, hazard: Hazard): Diagnostic | undefined {
  const coordinates = coordinatesOf(scope, hazard.operand);
  if (coordinates.length === 0 || hazard.operation === "root") return undefined;
  const here = ranges(scope, zeroFrequency);
  const operand = intervalOf(hazard.operand, here);
  if (operand.low !== 0 || operand.high !== 0) return undefined;
  const other = hazard.other === undefined ? undefined : intervalOf(hazard.other.value, here);
  if (hazard.operation === "power" && other !== undefined && other.low >= 0) return undefined;

  const undefinedThere = hazard.operation === "division" && other?.low === 0 && other.high === 0;
  const where = `${coordinates.join(" = ")} = 0 at the DC bin`;
  const label = {
    division: `${where}, so this is ${undefinedThere ? "0/0" : "1/0"}`,
    logarithm: `${where}, so this is the logarithm of 0`,
    power: `${where} and ${exponentSign(scope, hazard, other)}, so this ${other !== undefined && other.high < 0 ? "is" : "can be"} 1/0`,
  }[hazard.operation];
  const [first] = coordinates;
  const unit = first === "theta" ? "radians" : "cycles per pixel";
  return {
    severity: "error",
    code: "S0506",
    title: `\`${scope.name}\` is ${undefinedThere ? "undefined" : "infinite"} at frequency zero`,
    span: hazard.span,
    label,
    notes: [`${first} ranges over ${rangeText(coordinateRanges[first])} ${unit}`],
    helps: [
      {
        text:
          `keep the ${wordings[hazard.operation].operand} away from zero` +
          (exampleAwayFromZero(hazard) || ": add a small positive constant"),
      },
    ],
  };
}

function exponentSign(scope: HazardScope, hazard: Hazard, exponent: Interval | undefined): string {
  const formula = hazard.other?.formula;
  const operand = formula?.kind === "negate" ? formula.operand : undefined;
  const param = operand?.kind === "name" ? scope.params.get(operand.text) : undefined;
  if (param !== undefined && domainOf(param.constraint).low > 0) return `\`${param.declaration.name.text}\` is positive`;
  return exponent !== undefined && exponent.high < 0 ? "the exponent is negative" : "the exponent can be negative";
}

function exampleAwayFromZero(hazard: Hazard): string {
  const formula = hazard.operandFormula;
  if (formula.kind !== "name" || !isCoordinate(formula.text)) return "";
  const shifted = coordinateRanges[formula.text].low < 0 ? `hypot(${formula.text}, 0.01)` : `(${formula.text} + 0.01)`;
  const exponent = hazard.operation === "power" && hazard.other?.formula !== undefined ? `^${exponentText(hazard.other.formula)}` : "";
  return `, e.g. \`${hazard.operation === "logarithm" ? `log${shifted}` : shifted}${exponent}\``;
}

function exponentText(formula: Formula): string {
  if (formula.kind === "negate") return `(-${exponentText(formula.operand)})`;
  return formula.kind === "name" || formula.kind === "number" ? formula.text : "(...)";
}

/** S0504: names the parameters that training could move to where the operation is undefined. */
function undefinedArithmetic(scope: HazardScope, hazard: Hazard): Diagnostic {
  const wording = wordings[hazard.operation];
  const { label, secondary, helps } = blame(scope, hazard, wording);
  return { severity: "error", code: "S0504", title: wording.title, span: hazard.span, label, secondary, helps };
}

function blame(
  scope: HazardScope,
  hazard: Hazard,
  wording: Wording,
): { readonly label: string; readonly secondary?: readonly Label[]; readonly helps: readonly Help[] } {
  const used = variablesOf(hazard.operand);
  const candidates = [...scope.params.values()].filter(({ declaration }) => used.has(declaration.name.text));
  const curedBy = (params: readonly HazardParam[]): boolean => {
    const narrowed = new Map(
      params.map((param) => [
        param.declaration.name.text,
        { low: smallestPositive, high: Math.max(domainOf(param.constraint).high, smallestPositive) },
      ]),
    );
    return params.length > 0 && wording.safe(intervalOf(hazard.operand, ranges(scope, narrowed)));
  };
  const free = candidates.filter(({ constraint }) => constraint.kind === "free");
  const single = free.find((param) => curedBy([param]));
  const culprits = single !== undefined ? [single] : curedBy(free) ? free : [];
  if (culprits.length > 0) {
    const one = culprits.length === 1;
    return {
      label:
        `${nameList(culprits)} ${one ? "is" : "are"} unconstrained, ` +
        `so training can ${wording.drift.replace("it", one ? "it" : "them")}`,
      secondary: culprits.map(({ declaration }) => ({ span: declaration.span, text: "declared here with a start value only" })),
      helps: [positiveHelp(culprits)],
    };
  }
  const ranged = candidates.find((param) => param.constraint.kind === "range" && curedBy([param]));
  if (ranged !== undefined) {
    const { name, domain, span } = ranged.declaration;
    return {
      label: `\`${name.text}\` can be ${wording.bad}`,
      secondary: [{ span: domain?.span ?? span, text: "its range is declared here" }],
      helps: [{ text: `choose a range above 0 for \`${name.text}\`, or \`positive\`` }],
    };
  }
  const input = [...used].find((name) => !scope.params.has(name));
  if (scope.kind === "activation" && input !== undefined) {
    const { operandFormula } = hazard;
    return {
      label: `\`${input}\` can be any number, so the ${wording.operand} can be ${wording.bad}`,
      helps: [{ text: `for example, ${wording.cure(operandFormula.kind === "name" ? operandFormula.text : "...")}` }],
    };
  }
  const coordinates = coordinatesOf(scope, hazard.operand);
  return {
    label: `the ${wording.operand} ${extentText(intervalOf(hazard.operand, ranges(scope)))}`,
    secondary: free.map(({ declaration }) => ({ span: declaration.span, text: "declared here without a domain" })),
    helps: [
      {
        text:
          `keep the ${wording.operand} ${hazard.operation === "division" ? "away from zero" : "above zero"}` +
          (coordinates.length > 0 ? exampleAwayFromZero(hazard) : ""),
      },
    ],
  };
}

function positiveHelp(params: readonly HazardParam[]): Help {
  // A constraint cannot be added in front of a start that it would refuse.
  const fits = params.every(({ start }) =>
    start.kind === "constant" ? start.value > smallestPositive : start.kind !== "normal" && start.low > smallestPositive,
  );
  const pronoun = params.length === 1 ? "it" : "them";
  if (!fits) {
    const examples = params.map(({ declaration }) => `\`${declaration.name.text}: positive = 0.1\``);
    return { text: `keep ${pronoun} above zero, with a start above zero: ${examples.join(", ")}` };
  }
  const edits: readonly Edit[] = params.map(({ declaration: { name } }) => ({
    span: { start: name.span.end, end: name.span.end },
    text: ": positive",
  }));
  return { text: `keep ${pronoun} above zero`, edits };
}

/** exp overflows an f32 above this argument. */
const largestExponent = 88;

/** W0508: an exponential that training, or the input, can make infinite. */
export function warnUnboundedExponential(scope: HazardScope, argument: Expr, span: Span): void {
  const { high } = intervalOf(argument, ranges(scope));
  if (high <= largestExponent) return;
  const used = variablesOf(argument);
  const free = [...scope.params.values()].filter(
    ({ declaration, constraint }) => used.has(declaration.name.text) && constraint.kind !== "range",
  );
  const input = scope.kind === "activation" ? [...used].find((name) => !scope.params.has(name)) : undefined;
  const bounded = high < Infinity;
  const label = bounded
    ? `its argument reaches ${numberText(high)}, and exp of 89 does not fit into 32 bits`
    : input !== undefined
      ? `\`${input}\` can be any number`
      : `its argument can grow without limit${free.length === 0 ? "" : ` with ${nameList(free)}`}`;
  const alternative = free.length > 0 ? ", or constrain the parameters so that it stays below zero" : "";
  scope.report({
    severity: "warning",
    code: "W0508",
    title: bounded ? "this `exp` can overflow" : "this `exp` has no upper bound",
    span,
    label,
    notes: bounded || input !== undefined ? [] : ["one step of training too far, and its value and gradient are infinite"],
    helps: [{ text: `bound the argument, e.g. \`min(..., 10)\`${alternative}` }],
  });
}

function coordinatesOf(scope: HazardScope, e: Expr): readonly Coordinate[] {
  const used = variablesOf(e);
  return scope.kind === "filter" ? coordinateNames.filter((name) => used.has(name)) : [];
}

function nameList(params: readonly HazardParam[]): string {
  const names = params.map(({ declaration }) => `\`${declaration.name.text}\``);
  const last = names.pop() ?? "";
  return names.length === 0 ? last : `${names.join(", ")} and ${last}`;
}

function numberText(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}

function rangeText({ low, high }: Interval): string {
  return `${numberText(low)}..${numberText(high)}`;
}

function extentText(range: Interval): string {
  if (range.low === range.high) return `is ${numberText(range.low)}`;
  if (range.low === -Infinity) return range.high === Infinity ? "can be any number" : `can be anything up to ${numberText(range.high)}`;
  return range.high === Infinity ? `can be anything from ${numberText(range.low)} up` : `ranges over ${rangeText(range)}`;
}
