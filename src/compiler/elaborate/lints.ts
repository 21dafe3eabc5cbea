/** @file Warnings about programs that are right and will disappoint: W0402, W0505 (stage 10). */

import type { Edit, Report, Span } from "../diagnostics/diagnostic.ts";
import type { FormulaParam } from "../formula/formula.ts";
import type { ConvSpectralSettings } from "../layers/conv-spectral.ts";
import { convSpectral } from "../layers/conv-spectral.ts";
import type { LayerCall } from "../layers/row.ts";
import { argumentSpan } from "../layers/row.ts";
import type { NetworkNode } from "../network/network.ts";
import type { Turn } from "./turn.ts";

export function lintNode(node: NetworkNode, call: LayerCall, turn: Turn | undefined, nodes: readonly NetworkNode[], report: Report): void {
  const made = convSpectral.match(node);
  if (made === undefined) return;
  warnLinearPair(node, turn, nodes, report);
  warnEqualStarts(made, nodes[node.inputs[0]].type.channels, call, report);
}

/** W0402: the product of two kernels is one kernel. */
function warnLinearPair(node: NetworkNode, turn: Turn | undefined, nodes: readonly NetworkNode[], report: Report): void {
  let before = nodes[node.inputs[0]];
  while (before.inserted && before.inputs.length === 1) before = nodes[before.inputs[0]];
  if (before.row !== convSpectral) return;
  const itself = before.span.start === node.span.start;
  report({
    severity: "warning",
    code: "W0402",
    title: "two spectral convolutions in a row act as one linear filter",
    span: node.span,
    label: itself ? "no nonlinearity between this and its next use" : "no nonlinearity between this",
    secondary: itself
      ? turn === undefined
        ? []
        : [{ span: { start: turn.span.start, end: turn.span.start + 1 }, text: "repeats it" }]
      : [{ span: before.span, text: "and this" }],
    helps: [{ text: "put `relu` or `relu spectral` between them; for a product of two kernels, write one `filter`" }],
  });
}

/** W0505: filters that start equal behind equal gradients stay equal. */
function warnEqualStarts(made: ConvSpectralSettings, C: number, call: LayerCall, report: Report): void {
  if (made.family === "free" || made.filters < 2) return;
  // Random mixing, or a channel of its own, makes the outputs differ from the first step.
  if (made.channels === "weighted" || (made.channels === "depthwise" && made.filters === C)) return;
  const { params, name, paramsSpan } = made.family;
  const replaced = made.init.kind === "drawn";
  if (params.some((param) => param.random && !(replaced && param.constraint.kind === "free"))) return;
  if (replaced && params.some((param) => param.constraint.kind === "free") && spreads(made)) return;
  const edit = randomStart(params);
  const span: Span = argumentSpan(call, "family");
  report({
    severity: "warning",
    code: "W0505",
    title: `all ${made.filters} filters start identical`,
    span,
    label: `${made.filters} copies of \`${name}\` begin with the same values`,
    secondary: made.builtIn ? [] : [{ span: paramsSpan, text: "every start value is a constant" }],
    notes: ["a next layer with `channels: shared` gives them equal gradients, so they would never separate"],
    helps: [{ text: "draw at least one start value at random", ...(edit === undefined || made.builtIn ? {} : { edits: [edit] }) }],
  });
}

function spreads(made: ConvSpectralSettings): boolean {
  if (made.init.kind !== "drawn") return false;
  const rule = made.init.start(1);
  return rule.kind === "normal" ? rule.deviation > 0 : rule.kind !== "constant" && rule.high > rule.low;
}

/** A start over the whole range of a parameter that has one, else a normal start of one without constraint. */
function randomStart(params: readonly FormulaParam[]): Edit | undefined {
  const ranged = params.find((param) => param.constraint.kind === "range");
  if (ranged?.constraint.kind === "range")
    return { span: ranged.startSpan, text: `~ uniform(${ranged.constraint.low}, ${ranged.constraint.high})` };
  const free = params.find((param) => param.constraint.kind === "free");
  return free === undefined ? undefined : { span: free.startSpan, text: "~ normal(0, 1)" };
}
