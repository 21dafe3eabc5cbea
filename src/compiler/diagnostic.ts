/** @file What specc says about a program: spans, diagnostics, limitations and bugs, and how they are drawn. */

/** A half-open range of UTF-16 offsets into a source text. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A program text and the name under which messages show it. */
export interface Source {
  readonly name: string;
  readonly text: string;
}

export interface Label {
  readonly span: Span;
  readonly text: string;
}

/** Replaces `span` by `text`; an insertion has an empty span. */
export interface Edit {
  readonly span: Span;
  readonly text: string;
}

/** What to do. Edits are machine-applicable and drawn as changed (`~`) or new (`+`) lines. */
export interface Help {
  readonly text: string;
  readonly edits?: readonly Edit[];
}

export interface Diagnostic {
  readonly severity: "error" | "warning";
  /** `S0304`, `W0505`: one page each in grammar/diagnostics. */
  readonly code: string;
  /** Stands alone; never contains the fix. */
  readonly title: string;
  readonly span: Span;
  /** Says where, beside the carets. */
  readonly label: string;
  readonly secondary?: readonly Label[];
  /** Say why. */
  readonly notes?: readonly string[];
  /** Say what to do. */
  readonly helps?: readonly Help[];
}

export type Report = (diagnostic: Diagnostic) => void;

/** The program is right and specc cannot do it (yet): says what would work. Exit code 2. */
export class Limitation extends Error {
  readonly span: Span | undefined;
  readonly help: string | undefined;
  constructor(message: string, options: { readonly span?: Span; readonly help?: string } = {}) {
    super(message);
    this.name = "Limitation";
    this.span = options.span;
    this.help = options.help;
  }
}

/** A mistake in specc itself. Exit code 70. */
export class Bug extends Error {
  constructor(message: string) {
    super(`${message}\nThis is a mistake in specc, not in your program. Please report it with the command and the .spec file.`);
    this.name = "Bug";
  }
}

export function bug(message: string): never {
  throw new Bug(message);
}
