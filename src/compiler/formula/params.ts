/** @file The parameters of filters and activations: names, domains, starts. */

import type { Constraint, StartRule } from "../../plan/plan.ts";
import type { Report, Span } from "../diagnostics/diagnostic.ts";
import { suggest } from "../diagnostics/diagnostic.ts";
import type { ActivationDecl, Domain, FilterDecl, FilterParam, Name, Quantity } from "../syntax/ast.ts";
import { builtinKind, isCoordinate } from "./names.ts";
import { analyseStart } from "./start.ts";

export interface FormulaParam {
  readonly name: string;
  readonly span: Span;
  readonly declaration: FilterParam;
  readonly constraint: Constraint;
  /** With its `=` or `~`. */
  readonly startSpan: Span;
  /** Drawn anew for every kernel, so that two kernels differ. */
  readonly random: boolean;
  /** The start, given the number of channels summed into one kernel. Throws a Limitation if it is not finite there. */
  readonly start: (fan: number) => StartRule;
}

/** The parameters without errors; reports S0204, S0208, S0502 (domains), S0509, S0601 (units) and what is wrong with a start. */
export function analyseParams(declaration: FilterDecl | ActivationDecl, report: Report): readonly FormulaParam[] {
  const seen = new Map<string, Name>();
  if (declaration.kind === "activation") {
    // Frequencies do not exist in an activation, so its input may be called `u`.
    if (!isCoordinate(declaration.input.text)) checkFree(declaration.input, "input", report);
    seen.set(declaration.input.text, declaration.input);
  }
  return declaration.params.flatMap((param) => {
    const { name } = param;
    const first = seen.get(name.text);
    if (first !== undefined) {
      report({
        severity: "error",
        code: "S0204",
        title: `\`${name.text}\` is declared twice`,
        span: name.span,
        label: "again here",
        secondary: [{ span: first.span, text: "first here" }],
      });
      return [];
    }
    seen.set(name.text, name);
    const free = checkFree(name, "parameter", report);
    const analysed = analyseParam(param, declaration.kind, report);
    return free && analysed !== undefined ? [analysed] : [];
  });
}

/** S0208: formulas would not know which of the two is meant. */
function checkFree(name: Name, role: string, report: Report): boolean {
  const kind = builtinKind(name.text);
  if (kind === undefined) return true;
  report({
    severity: "error",
    code: "S0208",
    title: `\`${name.text}\` cannot be the name of a ${role}`,
    span: name.span,
    label: `a built-in name: ${kind}`,
    helps: [{ text: "choose another name" }],
  });
  return false;
}

function analyseParam(param: FilterParam, owner: "filter" | "activation", report: Report): FormulaParam | undefined {
  const constraint = param.domain === undefined ? ({ kind: "free" } as const) : analyseDomain(param.domain, param, report);
  const { start } = param;
  if (start === undefined) {
    const name = param.name.text;
    report({
      severity: "error",
      code: "S0509",
      title: `\`${name}\` has no start value`,
      span: param.span,
      label: `every parameter of ${owner === "filter" ? "a filter" : "an activation"} needs one`,
      helps: [
        {
          text:
            param.domain === undefined
              ? `a constant, \`${name} = 1\`, or a draw, \`${name} ~ normal(0, 1)\``
              : "a constant, `= 0.1`, or a draw, `~ uniform(0.1, 0.4)`, inside its domain",
        },
      ],
    });
    return undefined;
  }
  const ruleOf = analyseStart(param.name.text, start, constraint ?? { kind: "free" }, param.domain?.span, owner === "filter", report);
  if (constraint === undefined || ruleOf === undefined) return undefined;
  return {
    name: param.name.text,
    span: param.span,
    declaration: param,
    constraint,
    startSpan: start.span,
    random: spreads(ruleOf(1)),
    start: ruleOf,
  };
}

/** Whether two draws differ. */
function spreads(rule: StartRule): boolean {
  return rule.kind === "normal" ? rule.deviation > 0 : rule.kind !== "constant" && rule.high > rule.low;
}

function analyseDomain(domain: Domain, param: FilterParam, report: Report): Constraint | undefined {
  if (domain.kind === "named") {
    const { text, span } = domain.name;
    if (text === "positive") return { kind: "positive" };
    const meant = suggest(text, ["positive"]);
    report({
      severity: "error",
      code: "S0502",
      title: `unknown domain \`${text}\` of parameter \`${param.name.text}\``,
      span,
      label: "a domain is `positive` or a range",
      helps: [
        meant === undefined
          ? { text: "for example `positive` or `0..0.5`" }
          : { text: `did you mean \`${meant}\`?`, edits: [{ span, text: meant }] },
      ],
    });
    return undefined;
  }
  const low = plainNumber(domain.from, report);
  const high = plainNumber(domain.to, report);
  if (low === undefined || high === undefined) return undefined;
  if (low < high) return { kind: "range", low, high };
  report({
    severity: "error",
    code: "S0509",
    title: `the range of \`${param.name.text}\` is empty`,
    span: domain.span,
    label: low === high ? "both ends are the same" : "the lower end comes first",
    helps:
      low === high
        ? [{ text: "write the number in the formula; it needs no parameter" }]
        : [{ text: "swap the ends", edits: [{ span: domain.span, text: `${domain.to.text}..${domain.from.text}` }] }],
  });
  return undefined;
}

/** Frequencies are cycles per pixel and angles radians; these units may be written, and degrees are converted. */
const unitScales: Partial<Record<NonNullable<Quantity["unit"]>, number>> = { cpp: 1, rad: 1, deg: Math.PI / 180, "%": 0.01 };

function plainNumber(quantity: Quantity, report: Report): number | undefined {
  if (Number.isNaN(quantity.value)) return undefined; // reported by the lexer
  const scale = quantity.unit === undefined ? 1 : unitScales[quantity.unit];
  if (scale !== undefined) return quantity.value * scale;
  report({
    severity: "error",
    code: "S0601",
    title: "a filter does not know lengths",
    span: quantity.span,
    label: `\`${quantity.unit ?? ""}\` measures a length`,
    notes: ["frequencies are in cycles per pixel (`cpp`), so that a filter means the same at every size"],
  });
  return undefined;
}
