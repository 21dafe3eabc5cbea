/** @file Stage 4: every name, word, argument and option of every declaration, used or not. */

import type { Report } from "../diagnostics/diagnostic.ts";
import type { Layer, Name, Pipeline } from "../syntax/ast.ts";
import { bindLayer } from "./call.ts";
import type { Declarations } from "./declarations.ts";
import { isFreeName, layerNames } from "./declarations.ts";
import { bindRecipe, isPlainUse, repeatCount } from "./recipe.ts";
import type { LayerPlace } from "./walk.ts";
import { walkLayers } from "./walk.ts";

/** Reports what is wrong with names whatever the sizes are: S0201 to S0206, S0208, S0210 to S0212, S0401. */
export function checkNames(declarations: Declarations, report: Report): void {
  for (const decl of declarations.lets.values()) {
    // A parameter may be any number here; NaN passes every check.
    const numbers = new Map((decl.params ?? []).map((param) => [param.name.text, Number.NaN]));
    checkBody(decl.body, numbers, false, declarations, report);
  }
  for (const decl of declarations.shareds.values()) checkBody(decl.body, new Map(), false, declarations, report);
  for (const decl of declarations.nets.values()) checkBody(decl.body, new Map(), true, declarations, report);
  if (declarations.bare !== undefined) checkBody(declarations.bare.body, new Map(), true, declarations, report);
}

function checkBody(body: Pipeline, numbers: ReadonlyMap<string, number>, isNet: boolean, declarations: Declarations, report: Report): void {
  const builtIn = layerNames(declarations);
  const defined = new Map<string, Name>();
  const later = new Map<string, Name>();
  walkLayers(
    body,
    () => undefined,
    (stage) => {
      if (stage.as !== undefined && !later.has(stage.as.text) && !builtIn.has(stage.as.text)) later.set(stage.as.text, stage.as);
    },
  );
  const visit = (layer: Layer, place: LayerPlace): void => {
    const name = layer.name.text;
    if (name === "input") return checkInputPlace(layer, place, isNet, report);
    const named = later.get(name);
    if (named !== undefined && !isDeclared(name, declarations)) return checkTap(layer, place, named, defined.has(name), report);
    const recipe = declarations.lets.get(name);
    if (recipe !== undefined) bindRecipe(layer, recipe, numbers, report);
    else if (declarations.shareds.has(name)) checkShared(layer, report);
    else bindLayer(layer, { numbers, values: new Set(later.keys()) }, declarations, report);
  };
  walkLayers(body, visit, (stage, repeated) => {
    const { as } = stage;
    if (as === undefined) return;
    const first = defined.get(as.text);
    if (repeated) report(repeatedName(as));
    else if (first !== undefined || isDeclared(as.text, declarations)) report(namedTwice(as, first));
    else isFreeName(as, builtIn, "layer", report);
    defined.set(as.text, as);
  });
  checkCounts(body, numbers, report);
}

function isDeclared(name: string, { lets, shareds, activations }: Declarations): boolean {
  return lets.has(name) || shareds.has(name) || activations.get(name)?.builtIn === false;
}

function checkCounts(body: Pipeline, numbers: ReadonlyMap<string, number>, report: Report): void {
  for (const stage of body.stages) {
    const part = stage.body;
    if (part.kind === "repeat") repeatCount(part, numbers, report);
    const inner = part.kind === "repeat" ? part.body : part;
    if (inner.kind === "group") checkCounts(inner.body, numbers, report);
    else for (const branch of inner.branches ?? []) checkCounts(branch, numbers, report);
  }
}

function checkInputPlace(layer: Layer, place: LayerPlace, isNet: boolean, report: Report): void {
  if (place.first && isNet) return;
  report({
    severity: "error",
    code: "S0211",
    title: "`input` is the first stage of a network and stands nowhere else",
    span: layer.headSpan,
    label: isNet ? "not the first stage" : "inside a recipe",
    helps: [{ text: isNet ? "begin the network with it" : "begin the network with it, and use the recipe after it" }],
  });
}

function checkShared(layer: Layer, report: Report): void {
  const [first] = layer.atoms;
  const last = layer.atoms.at(-1);
  if (isPlainUse(layer, report) && first !== undefined && last !== undefined) {
    report({
      severity: "error",
      code: "S0205",
      title: `\`${layer.name.text}\` takes no arguments`,
      span: { start: first.span.start, end: last.span.end },
      label: "`shared` layers have no parameters",
      helps: [{ text: `make it a recipe: \`let ${layer.name.text}(n) = ...\`` }],
    });
  }
}

/** A name of a value where a layer could stand. */
function checkTap(layer: Layer, place: LayerPlace, named: Name, isDefined: boolean, report: Report): void {
  const name = layer.name.text;
  const base = { severity: "error", code: "S0212", span: layer.headSpan, secondary: [{ span: named.span, text: "named here" }] } as const;
  if (!isDefined) {
    report({
      ...base,
      title: `\`${name}\` is used before it is named`,
      label: "not computed yet",
      notes: ["names are visible from their `as` to the end of the network or recipe"],
    });
  } else if (!place.startsBranch) {
    report({
      ...base,
      title: `\`${name}\` is a value, not a layer`,
      label: "takes no input",
      helps: [{ text: `begin a branch with it: \`concat[id | ${name}]\`` }],
    });
  } else if (layer.atoms.length > 0 || layer.branches !== undefined || layer.record !== undefined) {
    report({ ...base, title: `\`${name}\` is a value, not a layer`, label: "a value has neither arguments nor options" });
  }
}

function repeatedName(as: Name): Parameters<Report>[0] {
  return {
    severity: "error",
    code: "S0212",
    title: `\`${as.text}\` would name several values`,
    span: as.span,
    label: "inside something that is repeated",
    helps: [{ text: "name the result of the whole repeat: `4 * block(16) as deep`" }],
  };
}

function namedTwice(as: Name, first: Name | undefined): Parameters<Report>[0] {
  return {
    severity: "error",
    code: "S0204",
    title: `\`${as.text}\` is declared twice`,
    span: as.span,
    label: "again here",
    ...(first === undefined
      ? { notes: ["recipes, shared layers and activations have such names too"] }
      : { secondary: [{ span: first.span, text: "first here" }] }),
    helps: [{ text: "give one of them another name" }],
  };
}
