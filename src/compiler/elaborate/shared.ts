/** @file The first use of a shared layer fixes its input type (S0308). */

import type { Report, Span } from "../diagnostics/diagnostic.ts";
import type { LayerType } from "../network/types.ts";
import { equalSizes, shapeText } from "../network/types.ts";
import type { SharedDecl } from "../syntax/ast.ts";
import type { Turn } from "./turn.ts";

export interface SharedUse {
  readonly type: LayerType;
  readonly span: Span;
  readonly turn: Turn | undefined;
}

export function noteSharedUse(type: LayerType, span: Span, turn: Turn | undefined): SharedUse {
  return { type, span, turn };
}

/** Sizes and channels must be those of the first use; transforms bring image and spectrum together. */
export function sharedFits(
  decl: SharedDecl,
  first: SharedUse,
  type: LayerType,
  span: Span,
  turn: Turn | undefined,
  report: Report,
): boolean {
  const isVector = (other: LayerType): boolean => other.domain === "vector";
  const sameKind = isVector(first.type) === isVector(type);
  const sameChannels = first.type.channels === type.channels || Number.isNaN(first.type.channels) || Number.isNaN(type.channels);
  const sameSize = equalSizes(first.type.height, type.height) !== false && equalSizes(first.type.width, type.width) !== false;
  if (sameKind && sameChannels && sameSize) return true;
  const name = decl.name.text;
  const channelsOnly = sameKind && sameSize;
  const show = (shown: LayerType): string => (channelsOnly ? `${shown.channels} channels` : `${shown.domain} ${shapeText(shown)}`);
  const brief = channelsOnly ? String(type.channels) : show(type);
  const sameRepeat = turn !== undefined && first.turn?.span.start === turn.span.start;
  const later = turn === undefined ? "" : turn.index === turn.count ? `use ${turn.index} gets` : `uses ${turn.index} to ${turn.count} get`;
  report({
    severity: "error",
    code: "S0308",
    title: `\`${name}\` cannot share one set of weights across two shapes`,
    span: sameRepeat ? turn.span : span,
    label: sameRepeat ? `use 1 gets ${show(first.type)}, ${later} ${brief}` : `this use gets ${show(type)}`,
    secondary: [
      {
        span: { start: decl.span.start, end: decl.name.span.end },
        text: `one set of weights, so every use must have the same input ${channelsOnly ? "channels" : "shape"}`,
      },
      ...(sameRepeat ? [] : [{ span: first.span, text: `the first use gets ${show(first.type)}` }]),
    ],
    notes: ["the first use fixes the input type, whether or not a weight depends on it"],
    helps: [
      ...(channelsOnly
        ? [
            {
              text:
                `bring the input to ${type.channels} channels first: \`conv spatial 1x1 ${type.channels} ` +
                `-> ${sameRepeat ? `${turn.count} * ` : ""}${name}\``,
            },
          ]
        : []),
      { text: `or make new weights at each use: \`let ${name} = ...\`` },
    ],
  });
  return false;
}
