/** @file Everything that can be said about a program without data: parse, then elaborate every network. */

import type { Diagnostic, Limitation, Source } from "./diagnostics/diagnostic.ts";
import type { ElaborateOptions } from "./elaborate/elaborate.ts";
import { elaborate } from "./elaborate/elaborate.ts";
import type { Network } from "./network/network.ts";
import { parse } from "./syntax/parser.ts";

export interface Checked {
  /** Errors and warnings, each once, by stage and then by position. */
  readonly diagnostics: readonly Diagnostic[];
  /** The networks without errors; open ones are fine. With limitations they cannot be compiled. */
  readonly networks: readonly Network[];
  readonly limitations: readonly Limitation[];
}

export function check(source: Source, options: ElaborateOptions = {}): Checked {
  const { file, diagnostics: syntax } = parse(source);
  const names = file?.items.flatMap((item) => (item.kind === "net" ? [item.name.text] : [])) ?? [];
  const wanted = options.net !== undefined || names.length === 0 ? [options.net] : [...new Set(names)];
  const results = wanted.map((net) => elaborate(file, source, { ...options, net }));
  const diagnostics: Diagnostic[] = [...syntax];
  const limitations: Limitation[] = [];
  for (const result of results) {
    for (const found of result.diagnostics) if (!diagnostics.some((known) => sameMessage(known, found))) diagnostics.push(found);
    for (const found of result.limitations)
      if (!limitations.some((known) => known.message === found.message && known.span?.start === found.span?.start)) limitations.push(found);
  }
  return { diagnostics, networks: results.flatMap(({ network }) => network ?? []), limitations };
}

function sameMessage(a: Diagnostic, b: Diagnostic): boolean {
  return a.code === b.code && a.span.start === b.span.start && a.span.end === b.span.end;
}
