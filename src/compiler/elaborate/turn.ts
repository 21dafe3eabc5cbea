/** @file Turns of a repeat, as messages and stacks name them. */

import type { Span } from "../diagnostics/diagnostic.ts";

/** Which turn of a repeat this is. */
export interface Turn {
  readonly span: Span;
  /** From 1. */
  readonly index: number;
  readonly count: number;
}

/** "in `block(16)`, 3rd of 4". */
export function stackEntry(use: string, turn: Turn | undefined): string {
  return `in \`${use}\`${turn === undefined ? "" : `, ${ordinal(turn.index)} of ${turn.count}`}`;
}

export function ordinal(index: number): string {
  const tens = index % 100;
  const suffix = tens >= 11 && tens <= 13 ? "th" : (["th", "st", "nd", "rd"][index % 10] ?? "th");
  return `${index}${suffix}`;
}
