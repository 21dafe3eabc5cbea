/** @file Uses of recipes and shared layers: their arguments, counts of repeats, and definitions that go in circles. */

import type { Report, Span } from "../diagnostics/diagnostic.ts";
import { evaluateConstant } from "../formula/formula.ts";
import type { Formula, Layer, LetDecl, Pipeline, Repeat, SharedDecl } from "../syntax/ast.ts";
import { walkLayers } from "./walk.ts";

/** The parameters of one use; undefined: reported (S0205, S0206). */
export function bindRecipe(
  layer: Layer,
  decl: LetDecl,
  numbers: ReadonlyMap<string, number>,
  report: Report,
): ReadonlyMap<string, number> | undefined {
  const name = decl.name.text;
  const params = decl.params ?? [];
  if (!isPlainUse(layer, report)) return undefined;
  const given: (number | undefined)[] = [];
  for (const atom of layer.atoms) {
    const numberOf = (formula: Formula): number | undefined => evaluateConstant(formula, numbers, report);
    if (atom.kind === "args") given.push(...atom.args.map(numberOf));
    else if (atom.kind === "amount" && atom.to === undefined && atom.from.unit === undefined) given.push(atom.from.value);
    else if (atom.kind === "word") given.push(numberOf({ kind: "name", text: atom.text, span: atom.span }));
    else {
      report({
        severity: "error",
        code: "S0205",
        title: `\`${name}\` takes plain numbers`,
        span: atom.span,
        label: "not a plain number",
        helps: [{ text: "parameters of recipes are numbers; write shares and sizes inside the recipe" }],
      });
      return undefined;
    }
  }
  const least = params.filter((param) => param.value === undefined).length;
  if (given.length < least || given.length > params.length) {
    report(wrongCount(layer, decl, given.length, least));
    return undefined;
  }
  const bound = new Map<string, number>();
  for (const [index, param] of params.entries()) {
    const value =
      index < given.length ? given[index] : param.value === undefined ? undefined : evaluateConstant(param.value, bound, report);
    if (value === undefined) return undefined;
    bound.set(param.name.text, value);
  }
  return bound;
}

/** Recipes and shared layers have neither branches nor options. */
export function isPlainUse(layer: Layer, report: Report): boolean {
  const name = layer.name.text;
  if (layer.branches !== undefined) {
    report({ severity: "error", code: "S0205", title: `\`${name}\` takes no branches`, span: layer.name.span, label: "followed by `[`" });
    return false;
  }
  const field = layer.record?.fields[0];
  if (field === undefined) return true;
  report({
    severity: "error",
    code: "S0206",
    title: `\`${name}\` has no option \`${field.name.text}\``,
    span: field.name.span,
    label: "unknown option",
    notes: [`\`${name}\` is declared in this file and takes numbers in parentheses only`],
  });
  return false;
}

function wrongCount(layer: Layer, decl: LetDecl, given: number, least: number): Parameters<Report>[0] {
  const name = decl.name.text;
  const params = decl.params ?? [];
  const most = params.length;
  const wanted =
    most === 0 ? "takes no arguments" : `needs ${least === most ? least : `${least} to ${most}`} ${most === 1 ? "argument" : "arguments"}`;
  const required = params.filter((param) => param.value === undefined);
  const missing = required.slice(given);
  const declared = decl.paramsSpan ?? decl.name.span;
  const texts = missing.map((param) => `\`${param.name.text}\``);
  const secondary =
    missing.length === 0
      ? [{ span: declared, text: most === 0 ? "declared without parameters" : "its parameters" }]
      : [{ span: declared, text: `${texts.join(" and ")} ${texts.length === 1 ? "has" : "have"} no default` }];
  const base = {
    severity: "error",
    code: "S0205",
    title: `\`${name}\` ${wanted} and gets ${given === 0 ? "none" : given}`,
    span: layer.headSpan,
    label: given === 0 ? "used without arguments" : `${given} ${given === 1 ? "argument" : "arguments"}`,
    secondary,
  } as const;
  const [first] = missing;
  if (first === undefined) return base;
  const example = `(${required.map(() => "16").join(", ")})`;
  const defaulted = params.map((param) =>
    missing.includes(param) ? `${param.name.text} = 16` : param.value === undefined ? param.name.text : `${param.name.text} = ...`,
  );
  const end = { start: layer.headSpan.end, end: layer.headSpan.end };
  return {
    ...base,
    helps: [
      {
        text: missing.length > 1 ? "pass them" : first.name.text === "n" ? "pass the width" : `pass \`${first.name.text}\``,
        ...(given === 0 && layer.atoms.length === 0 ? { edits: [{ span: end, text: example }] } : {}),
      },
      { text: `or give a default: \`let ${name}(${defaulted.join(", ")}) = ...\`` },
    ],
  };
}

/** The count of `n *`; NaN inside a recipe whose parameter is not known yet. Undefined: reported (S0205). */
export function repeatCount(repeat: Repeat, numbers: ReadonlyMap<string, number>, report: Report): number | undefined {
  const { count } = repeat;
  const wrong = (title: string, label: string): undefined => {
    report({
      severity: "error",
      code: "S0205",
      title,
      span: count.span,
      label,
      helps: [{ text: "repeat a positive whole number of times: `4 * block(16)`" }],
    });
    return undefined;
  };
  const text = count.text;
  const value = "kind" in count ? count.value : numbers.get(text);
  if (value === undefined) return wrong(`\`${text}\` is not a number here`, "not a parameter of this recipe");
  if ("kind" in count && count.unit !== undefined) return wrong(`\`${text}\` is not a count`, "has a unit");
  if (Number.isNaN(value) || (Number.isSafeInteger(value) && value > 0)) return value;
  return wrong(
    `\`${text}\` is not a count`,
    `${value} is ${value > Number.MAX_SAFE_INTEGER ? "too large" : "not a positive whole number"}`,
  );
}

/** Recipes inside recipes. */
const maxNesting = 100;

/**
 * S0207 for recipes and shared layers that contain themselves, S0214 for those that are nested too deep. Gives the names that cannot be
 * expanded for that.
 */
export function findCircles(
  lets: ReadonlyMap<string, LetDecl>,
  shareds: ReadonlyMap<string, SharedDecl>,
  report: Report,
): ReadonlySet<string> {
  const bodies = new Map<string, Pipeline>();
  for (const [name, decl] of [...lets, ...shareds]) bodies.set(name, decl.body);
  const circular = new Set<string>();
  const done = new Map<string, number>();
  let nested = false;
  const nestedTooDeep = (name: string, use: Span): void => {
    circular.add(name);
    // One message: all that use it are as deep.
    if (nested) return;
    nested = true;
    report({
      severity: "error",
      code: "S0214",
      title: "definitions are nested too deep",
      span: use,
      label: `${maxNesting} definitions, each in terms of the next`,
      helps: [{ text: "to repeat layers, write `4 * block(n)`" }],
    });
  };
  const visit = (name: string, trail: readonly { readonly name: string; readonly use: Span }[]): void => {
    const body = bodies.get(name);
    if (body === undefined || done.has(name)) return;
    let depth = 1;
    walkLayers(body, (layer) => {
      const used = layer.name.text;
      if (!bodies.has(used)) return;
      const next = [...trail, { name, use: layer.headSpan }];
      const start = next.findIndex((entry) => entry.name === used);
      if (start >= 0) return reportCircle(next.slice(start), circular, report);
      if (next.length >= maxNesting) return nestedTooDeep(name, layer.headSpan);
      visit(used, next);
      depth = Math.max(depth, 1 + (done.get(used) ?? 0));
      if (depth > maxNesting && !circular.has(name)) nestedTooDeep(name, layer.headSpan);
    });
    if (!done.has(name)) done.set(name, depth);
  };
  for (const name of bodies.keys()) visit(name, []);
  return circular;
}

function reportCircle(circle: readonly { readonly name: string; readonly use: Span }[], circular: Set<string>, report: Report): void {
  if (circle.every((entry) => circular.has(entry.name))) return;
  for (const entry of circle) circular.add(entry.name);
  const labels = circle.map((entry, index) => ({
    span: entry.use,
    text: `\`${entry.name}\` uses \`${circle[(index + 1) % circle.length].name}\``,
  }));
  const names = circle.map((entry) => `\`${entry.name}\``);
  const title =
    names.length === 1
      ? `${names[0]} is defined in terms of itself`
      : `${names.slice(0, -1).join(", ")} and ${names.at(-1)} are defined in terms of each other`;
  const [first, ...rest] = labels;
  report({
    severity: "error",
    code: "S0207",
    title,
    span: first.span,
    label: first.text,
    secondary: rest,
    helps: [{ text: "networks are finite: use `4 * block(n)` to repeat" }],
  });
}
