/** @file The error of a program that cannot be compiled: everything that is wrong with it at once. */

import type { Diagnostic, Source } from "./diagnostic.ts";
import { Limitation } from "./diagnostic.ts";

/**
 * A program with errors, or one that asks for what is not built yet. `diagnostics` holds all of the former, warnings included;
 * `renderDiagnostic` draws them.
 */
export class ProgramError extends Error {
  override readonly name = "ProgramError";
  readonly source: Source;
  readonly diagnostics: readonly Diagnostic[];
  readonly limitations: readonly Limitation[];

  constructor(source: Source, diagnostics: readonly Diagnostic[], limitations: readonly Limitation[] = []) {
    super([...diagnostics.map(({ code, title }) => `${code}: ${title}`), ...limitations.map(({ message }) => message)].join("\n"));
    this.source = source;
    this.diagnostics = diagnostics;
    this.limitations = limitations;
  }
}

/** Runs a part of the compiler on a network; what it cannot do becomes an error of the program, at its place in the text. */
export function atPlaceIn<T>(source: Source, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof Limitation) throw new ProgramError(source, [], [error]);
    throw error;
  }
}
