/** @file Compares the branches of `add`, `concat`, `mul` and `residual` (S0305, S0306). */

import type { Edit, Help, Label, Report, Span } from "../diagnostics/diagnostic.ts";
import { convSpatial } from "../layers/conv-spatial.ts";
import type { ResidualSettings } from "../layers/merge.ts";
import { concat, residual } from "../layers/merge.ts";
import type { LayerRow, RowUse } from "../layers/row.ts";
import type { NetworkNode } from "../network/network.ts";
import type { LayerType } from "../network/types.ts";
import { equalSizes, shapeText, typeText } from "../network/types.ts";
import type { Layer } from "../syntax/ast.ts";

/** A use of a branch list. */
export interface Merge extends RowUse {
  readonly layer: Layer;
  /** In one domain already. */
  readonly inputs: readonly number[];
  /** The value that every branch gets. */
  readonly entry: number;
  /** The program, for edits that keep its form. */
  readonly text: string;
}

export function mergeFits(merge: Merge, nodes: readonly NetworkNode[], report: Report): boolean {
  const { layer, row, inputs, entry } = merge;
  const skipping = residual.match(merge);
  return skipping === undefined ? branchesFit(layer, row, inputs, entry, nodes, report) : residualFits(merge, skipping, nodes, report);
}

function sameSize(a: LayerType, b: LayerType): boolean {
  return equalSizes(a.height, b.height) !== false && equalSizes(a.width, b.width) !== false;
}

function sameChannels(a: LayerType, b: LayerType): boolean {
  return a.channels === b.channels || Number.isNaN(a.channels) || Number.isNaN(b.channels);
}

function residualFits(
  { layer, inputs, text }: Merge,
  { project }: ResidualSettings,
  nodes: readonly NetworkNode[],
  report: Report,
): boolean {
  const [skip, branch] = inputs;
  const [from, to] = [nodes[skip].type, nodes[branch].type];
  const unit = from.domain === "vector" ? "entries" : "channels";
  if (!sameSize(from, to)) {
    const changer = lastChange(branch, skip, nodes, (a, b) => !sameSize(a, b));
    report({
      severity: "error",
      code: "S0305",
      title: "the branch of `residual` changes the image size",
      span: layer.name.span,
      label: `adds its input (${typeText(from)}) to its branch (${typeText(to)})`,
      secondary: changer === undefined ? [] : [{ span: changer.span, text: `${shapeText(from)} becomes ${shapeText(changer.type)} here` }],
      helps: [{ text: "keep the size inside the branch, and change it before or after the block" }],
    });
    return false;
  }
  if (project || sameChannels(from, to)) return true;
  const changer = lastChange(branch, skip, nodes, (a, b) => a.channels !== b.channels);
  const match = unit === "entries" ? `dense ${to.channels}` : `conv spatial 1x1 ${to.channels}`;
  report({
    severity: "error",
    code: "S0305",
    title: `the branch of \`residual\` changes the ${unit === "entries" ? "number of entries" : "channel count"}`,
    span: layer.name.span,
    label: `adds its input (${from.channels} ${unit}) to its branch (${to.channels} ${unit})`,
    secondary:
      changer === undefined
        ? []
        : [{ span: changer.span, text: `${nodes[changer.inputs[0]].type.channels} ${unit} become ${to.channels} here` }],
    helps: [
      { text: `match the ${unit} once before the block`, edits: [stageBefore(layer, match, text)] },
      { text: "or let the skip path project: `residual[...] { project: on }`" },
    ],
  });
  return false;
}

/** Inserts a stage; on a line of its own where stages stand so. */
function stageBefore(layer: Layer, stage: string, text: string): Edit {
  const { start } = layer.span;
  const line = text.slice(text.lastIndexOf("\n", start - 1) + 1, start);
  const separator = line.trim() === "->" ? `\n${line}` : " -> ";
  return { span: { start, end: start }, text: `${stage}${separator}` };
}

/** The last node on the way from `start` to `value` that changed its type in this respect, not counting transforms. */
function lastChange(
  value: number,
  start: number,
  nodes: readonly NetworkNode[],
  changed: (from: LayerType, to: LayerType) => boolean,
): NetworkNode | undefined {
  let node = nodes[value];
  while (node.id !== start && node.inputs.length > 0) {
    const from = nodes[node.inputs[0]];
    if (!node.inserted && changed(from.type, node.type)) return node;
    node = from;
  }
  return undefined;
}

function branchesFit(
  layer: Layer,
  row: LayerRow,
  inputs: readonly number[],
  entry: number,
  nodes: readonly NetworkNode[],
  report: Report,
): boolean {
  const types = inputs.map((id) => nodes[id].type);
  const [first] = types;
  const sizesAgree = types.every((type) => type.domain === "vector" || sameSize(first, type));
  const channelsMatter = row !== concat;
  if (sizesAgree && (!channelsMatter || types.every((type) => sameChannels(first, type)))) return true;
  const vectors = first.domain === "vector";
  const labels = inputs.map((id, index) => branchLabel(layer, index, id, entry, nodes, !sizesAgree));
  report({
    severity: "error",
    code: "S0306",
    title: `the branches of \`${row.words}\` differ in size`,
    span: layer.name.span,
    label:
      "all branches must agree on " +
      (vectors ? "the number of entries" : channelsMatter ? "height, width and channels" : "height and width"),
    secondary: labels,
    helps: [remedy(layer, inputs, entry, nodes, sizesAgree)],
  });
  return false;
}

/** What a branch did to the value that it got: "halves this branch: image 32x32x16". */
function branchLabel(layer: Layer, index: number, id: number, entry: number, nodes: readonly NetworkNode[], bySize: boolean): Label {
  const type = nodes[id].type;
  const changer = lastChange(id, entry, nodes, bySize ? (a, b) => !sameSize(a, b) : (a, b) => a.channels !== b.channels);
  const branch = layer.branches?.[index];
  if (changer === undefined) {
    let last = nodes[id];
    while (last.inserted && last.inputs.length > 0) last = nodes[last.inputs[0]];
    const span = last.id === entry || last.id === 0 ? (branch?.span ?? layer.span) : last.span;
    return { span, text: `this branch keeps: ${typeText(type)}` };
  }
  const stride = strideOf(changer);
  if (bySize && stride > 1) {
    const record = recordBehind(layer, index, changer.span) ?? changer.span;
    return { span: record, text: `${stride === 2 ? "halves this branch" : `divides this branch by ${stride}`}: ${typeText(type)}` };
  }
  return { span: changer.span, text: `makes this branch ${typeText(type)}` };
}

function strideOf(node: NetworkNode): number {
  return convSpatial.match(node)?.stride ?? 1;
}

/** The record of the layer with this head, if it stands in the branch itself. */
function recordBehind(layer: Layer, index: number, head: Span): Span | undefined {
  for (const stage of layer.branches?.[index]?.stages ?? []) {
    if (stage.body.kind === "layer" && stage.body.headSpan.start === head.start) return stage.body.record?.span;
  }
  return undefined;
}

const ordinals = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth"];

function remedy(layer: Layer, inputs: readonly number[], entry: number, nodes: readonly NetworkNode[], sizesAgree: boolean): Help {
  if (sizesAgree) return { text: "give the last layer of every branch the same number, or join channels with `concat`" };
  const strides = inputs.map((id) => {
    const changer = lastChange(id, entry, nodes, (a, b) => !sameSize(a, b));
    return changer === undefined ? 1 : strideOf(changer);
  });
  const strided = strides.findIndex((stride) => stride > 1);
  const whole = strides.findIndex((stride) => stride === 1);
  if (strided < 0 || whole < 0 || 100 % strides[strided] !== 0 || layer.branches?.length !== 2)
    return { text: "bring all branches to one size" };
  return { text: `drop the stride, or end the ${ordinals[whole] ?? "other"} branch with \`pool spectral ${100 / strides[strided]}%\`` };
}
