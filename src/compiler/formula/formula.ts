/** @file From a written filter or activation to a checked expression; all that can be said about a formula on its own. */

import type { Constraint } from "../../plan/plan.ts";
import type { Report, Span } from "../diagnostics/diagnostic.ts";
import { suggest } from "../diagnostics/diagnostic.ts";
import type { ComplexExpr, Expr } from "../expr/expr.ts";
import { add, call, complex, constant, multiply, powerInteger, variable } from "../expr/expr.ts";
import type { ActivationDecl, Bind, FilterDecl, Formula } from "../syntax/ast.ts";
import type { HazardScope } from "./hazards.ts";
import { checkHazard, warnUnboundedExponential } from "./hazards.ts";
import type { Coordinate } from "./names.ts";
import { arityOf, coordinateNames, functionNames, isCoordinate, isRealFunction, unknownFunction, wrongArgumentCount } from "./names.ts";
import type { FormulaParam } from "./params.ts";
import { analyseParams } from "./params.ts";
import { smallestPositive } from "./start.ts";

export type { FormulaParam } from "./params.ts";
export { evaluateConstant, startFromPhrase } from "./start.ts";

export interface ScalarFormula {
  readonly kind: "filter" | "activation";
  readonly name: string;
  /** The whole declaration. */
  readonly span: Span;
  readonly nameSpan: Span;
  /** With the parentheses. */
  readonly paramsSpan: Span;
  readonly params: readonly FormulaParam[];
  /** By type, not by value: `complex(f, 0)` is complex, so it is not instantiated twice. */
  readonly complex: boolean;
  /** In terms of the constrained parameters by name and of u, v, r, theta (filter) or `input` (activation). */
  readonly value: ComplexExpr;
  /** The variable that stands for the input of an activation: `x`, whatever the declaration calls it, unless a parameter has that name. */
  readonly input: string;
  /** Where each coordinate is first written, for S0507. */
  readonly coordinates: ReadonlyMap<Coordinate, Span>;
}

/**
 * Checks a declaration by itself: names (S0502, S0510, S0204, S0208), arguments (S0503), real and complex (S0501), starts
 * (S0509), undefined arithmetic (S0504, S0506) and unbounded exponentials (W0508). Undefined if there were errors.
 * What depends on the use is left to the caller: equal starts (W0505), missing axes (S0507), `parts` (S0511).
 */
export function analyseFormula(declaration: FilterDecl | ActivationDecl, report: Report): ScalarFormula | undefined {
  let failed = false;
  const reportAndFail: Report = (diagnostic) => {
    if (diagnostic.severity === "error") failed = true;
    report(diagnostic);
  };
  const params = analyseParams(declaration, reportAndFail);
  const input =
    declaration.params.some(({ name }) => name.text === "x") && declaration.kind === "activation" ? declaration.input.text : "x";
  const reader = new FormulaReader(declaration, params, input, reportAndFail);
  const result = reader.readBody();
  if (failed || result === undefined) return undefined;
  return {
    kind: declaration.kind,
    name: declaration.name.text,
    span: declaration.span,
    nameSpan: declaration.name.span,
    paramsSpan: declaration.paramsSpan,
    params,
    complex: result.complex,
    value: result.value,
    input,
    coordinates: reader.coordinates,
  };
}

/** The constrained value p as an expression of the raw value t (docs/files.md#constrained-parameters). */
export function constrain(t: Expr, constraint: Constraint): Expr {
  switch (constraint.kind) {
    case "free":
      return t;
    case "positive":
      return add(call("softplus", t), constant(smallestPositive));
    case "range":
      return add(multiply(constant(constraint.high - constraint.low), call("sigmoid", t)), constant(constraint.low));
  }
}

interface Typed {
  readonly value: ComplexExpr;
  readonly complex: boolean;
}

/** What a name stands for. A value is undefined where an error was reported already. */
interface Binding {
  readonly kind: "parameter" | "coordinate" | "constant" | "input" | "`where` name";
  readonly typed: Typed | undefined;
}

class FormulaReader {
  readonly coordinates: Map<Coordinate, Span> = new Map();
  private readonly names: Map<string, Binding> = new Map();
  /** `where` names that come later. */
  private readonly pending: Map<string, Bind> = new Map();
  private readonly scope: HazardScope;
  private readonly declaration: FilterDecl | ActivationDecl;
  private readonly report: Report;

  constructor(declaration: FilterDecl | ActivationDecl, params: readonly FormulaParam[], input: string, report: Report) {
    this.declaration = declaration;
    this.report = report;
    for (const { name } of declaration.params) this.bind(name.text, "parameter", undefined);
    for (const { name } of params) this.bind(name, "parameter", real(variable(name)));
    if (declaration.kind === "activation") this.bind(declaration.input.text, "input", real(variable(input)));
    else for (const name of coordinateNames) this.bind(name, "coordinate", real(variable(name)));
    this.bind("pi", "constant", real(constant(Math.PI)));
    this.scope = {
      kind: declaration.kind,
      name: declaration.name.text,
      params: new Map(
        params.map(({ name, declaration: written, constraint, start }) => [name, { declaration: written, constraint, start: start(1) }]),
      ),
      report,
    };
  }

  private bind(name: string, kind: Binding["kind"], typed: Typed | undefined): void {
    this.names.set(name, { kind, typed });
  }

  readBody(): Typed | undefined {
    const { value, where } = this.declaration.body;
    for (const bind of where)
      if (!this.names.has(bind.name.text) && !this.pending.has(bind.name.text)) this.pending.set(bind.name.text, bind);
    for (const bind of where) {
      const typed = this.read(bind.value);
      if (this.pending.get(bind.name.text) !== bind) this.reportTaken(bind);
      else this.bind(bind.name.text, "`where` name", typed);
      this.pending.delete(bind.name.text);
    }
    const result = this.read(value);
    if (result?.complex === true && this.declaration.kind === "activation") {
      this.report({
        severity: "error",
        code: "S0501",
        title: `the result of activation \`${this.declaration.name.text}\` must be real`,
        span: value.span,
        label: "this is complex",
        notes: ["with `spectral`, an activation acts on the real and the imaginary part, one after the other"],
      });
      return undefined;
    }
    return result;
  }

  private reportTaken({ name }: Bind): void {
    const kind = this.names.get(name.text)?.kind ?? "function";
    const builtin = kind === "coordinate" || kind === "constant" || kind === "function";
    this.report({
      severity: "error",
      code: builtin ? "S0208" : "S0204",
      title: builtin ? `\`${name.text}\` is the name of a built-in ${kind}` : `\`${name.text}\` is declared twice`,
      span: name.span,
      label: builtin ? "choose another name" : `already a ${kind}`,
    });
  }

  /** Undefined where an error was reported. */
  private read(formula: Formula): Typed | undefined {
    switch (formula.kind) {
      case "number":
        // NaN stands for a malformed number that the lexer reported.
        return Number.isNaN(formula.value) ? undefined : real(constant(formula.value));
      case "name":
        return this.readName(formula.text, formula.span);
      case "negate": {
        const operand = this.read(formula.operand);
        return operand && { value: complex.negate(operand.value), complex: operand.complex };
      }
      case "call":
        return this.readCall(formula);
      case "binary":
        return formula.operator === "^" ? this.readPower(formula) : this.readArithmetic(formula);
    }
  }

  private readName(name: string, span: Span): Typed | undefined {
    const later = this.pending.get(name);
    if (later !== undefined) {
      this.reportOrder(later, span);
      return undefined;
    }
    const binding = this.names.get(name);
    if (binding === undefined) {
      this.reportUnknown(name, span);
      return undefined;
    }
    if (binding.kind === "coordinate" && isCoordinate(name)) {
      const first = this.coordinates.get(name);
      if (first === undefined || span.start < first.start) this.coordinates.set(name, span);
    }
    return binding.typed;
  }

  private reportOrder(later: Bind, span: Span): void {
    const name = later.name.text;
    const inside = span.start >= later.span.start && span.end <= later.span.end;
    this.report({
      severity: "error",
      code: "S0510",
      title: inside ? `\`${name}\` is defined in terms of itself` : `\`${name}\` is used before it is defined`,
      span,
      label: inside ? "not known yet" : "a `where` line sees the lines above it",
      secondary: [{ span: later.name.span, text: "defined here" }],
      helps: inside ? [] : [{ text: `move \`${name} = ...\` up` }],
    });
  }

  private reportUnknown(name: string, span: Span): void {
    const { kind } = this.declaration;
    const listed = (wanted: Binding["kind"]): readonly string[] =>
      [...this.names].flatMap(([known, binding]) => (binding.kind === wanted ? [known] : []));
    const group = (title: string, names: readonly string[]): readonly string[] =>
      names.length === 0 ? [] : [`${title}: ${names.join(", ")}`];
    const arity = arityOf(name);
    if (arity !== undefined) {
      this.report(wrongArgumentCount(name, arity, 0, span));
      return;
    }
    const elsewhere = name === "fan" || isCoordinate(name);
    const label =
      name === "fan"
        ? "`fan` exists only in the starts of a filter"
        : elsewhere
          ? "an activation sees values, not frequencies"
          : `not a parameter, ${kind === "filter" ? "a coordinate" : "the input"} or a function`;
    const meant = elsewhere ? undefined : suggest(name, [...this.names.keys(), ...functionNames]);
    const meantKind = meant === undefined ? undefined : (this.names.get(meant)?.kind ?? "function");
    this.report({
      severity: "error",
      code: "S0502",
      title: `unknown name \`${name}\` in ${kind} \`${this.declaration.name.text}\``,
      span,
      label,
      notes: [
        [
          ...group("input", listed("input")),
          ...group("parameters", listed("parameter")),
          ...group("coordinates", listed("coordinate")),
          ...group("`where` names", listed("`where` name")),
        ].join("; "),
      ],
      helps: meant === undefined ? [] : [{ text: `did you mean the ${meantKind} \`${meant}\`?` }],
    });
  }

  private readArithmetic(formula: Formula & { readonly kind: "binary" }): Typed | undefined {
    const left = this.read(formula.left);
    const right = this.read(formula.right);
    if (left === undefined || right === undefined) return undefined;
    const isComplex = left.complex || right.complex;
    switch (formula.operator) {
      case "+":
        return { value: complex.add(left.value, right.value), complex: isComplex };
      case "-":
        return { value: complex.subtract(left.value, right.value), complex: isComplex };
      case "*":
        return { value: complex.multiply(left.value, right.value), complex: isComplex };
      default: {
        const safe = checkHazard(this.scope, {
          operation: "division",
          operand: right.complex ? complex.squaredMagnitude(right.value) : right.value.re,
          operandFormula: formula.right,
          span: { start: formula.operatorSpan.start, end: formula.right.span.end },
          other: { value: left.complex ? complex.squaredMagnitude(left.value) : left.value.re },
        });
        return safe ? { value: complex.divide(left.value, right.value), complex: isComplex } : undefined;
      }
    }
  }

  private readPower(formula: Formula & { readonly kind: "binary" }): Typed | undefined {
    const base = this.read(formula.left);
    const n = integerLiteral(formula.right);
    if (n !== undefined) {
      if (base === undefined) return undefined;
      const power = integerPower(base.value, Math.abs(n), base.complex);
      const result = { value: power, complex: base.complex };
      if (n >= 0) return result;
      const safe = checkHazard(this.scope, {
        operation: "division",
        operand: base.complex ? complex.squaredMagnitude(power) : power.re,
        operandFormula: formula.left,
        span: formula.span,
        other: { value: constant(1) },
      });
      return safe ? { value: complex.divide(complex.fromReal(constant(1)), power), complex: base.complex } : undefined;
    }
    const exponent = this.read(formula.right);
    if (base === undefined || exponent === undefined) return undefined;
    const reals = [
      this.expectReal(base, formula.left.span, "a power with this exponent"),
      this.expectReal(exponent, formula.right.span, "an exponent"),
    ];
    if (reals.includes(false)) return undefined;
    const safe = checkHazard(this.scope, {
      operation: "power",
      operand: base.value.re,
      operandFormula: formula.left,
      span: formula.span,
      other: { value: exponent.value.re, formula: formula.right },
    });
    return safe ? real(call("power", base.value.re, exponent.value.re)) : undefined;
  }

  private readCall(formula: Formula & { readonly kind: "call" }): Typed | undefined {
    const name = formula.name.text;
    const args = formula.args.map((arg) => this.read(arg));
    const arity = arityOf(name);
    if (arity === undefined) {
      this.report(unknownFunction(name, formula.name.span, this.names.get(name)?.kind));
      return undefined;
    }
    if (args.length !== arity) {
      this.report(wrongArgumentCount(name, arity, args.length, formula.span));
      return undefined;
    }
    const known = args.filter((arg) => arg !== undefined);
    if (known.length < args.length) return undefined;
    if (name === "exp") {
      const [{ value, complex: isComplex }] = known;
      warnUnboundedExponential(this.scope, value.re, formula.span);
      return { value: complex.exp(value), complex: isComplex };
    }
    const areReal = known.map((arg, i) => this.expectReal(arg, formula.args[i].span, `\`${name}\``));
    if (areReal.includes(false)) return undefined;
    const [first, second] = known;
    if (name === "cis") return { value: complex.cis(first.value.re), complex: true };
    if (name === "complex") return { value: { re: first.value.re, im: second.value.re }, complex: true };
    const operation = name === "log" ? "logarithm" : name === "sqrt" ? "root" : undefined;
    if (
      operation !== undefined &&
      !checkHazard(this.scope, { operation, operand: first.value.re, operandFormula: formula.args[0], span: formula.span })
    )
      return undefined;
    return isRealFunction(name) ? real(call(name, ...known.map((arg) => arg.value.re))) : undefined;
  }

  private expectReal(typed: Typed, span: Span, taker: string): boolean {
    if (!typed.complex) return true;
    this.report({
      severity: "error",
      code: "S0501",
      title: `${taker} takes real numbers`,
      span,
      label: "this is complex",
      notes: ["complex numbers can be added, multiplied, divided, raised to a whole number and put into `exp`"],
      helps: taker === "`abs`" ? [{ text: "the magnitude of `complex(a, b)` is `hypot(a, b)`" }] : [],
    });
    return false;
  }
}

function real(value: Expr): Typed {
  return { value: complex.fromReal(value), complex: false };
}

/** `2`, `-2`: exponents that mean a product. */
function integerLiteral(formula: Formula): number | undefined {
  if (formula.kind === "number") return Number.isInteger(formula.value) ? formula.value : undefined;
  if (formula.kind !== "negate") return undefined;
  const n = integerLiteral(formula.operand);
  return n === undefined ? undefined : -n;
}

function integerPower(base: ComplexExpr, n: number, isComplex: boolean): ComplexExpr {
  if (!isComplex) return complex.fromReal(powerInteger(base.re, n));
  if (n === 0) return complex.fromReal(constant(1));
  if (n === 1) return base;
  const half = integerPower(base, Math.floor(n / 2), true);
  const square = complex.multiply(half, half);
  return n % 2 === 0 ? square : complex.multiply(square, base);
}
