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

/**
 * The candidate closest to `word`, if one is close enough: a Damerau-Levenshtein distance (a swapped pair counts once,
 * which fastest-levenshtein counts twice) of at most max(1, length / 3), upper and lower case being equal. The earlier
 * candidate wins a tie, so list what is legal here first.
 */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of candidates) {
    if (candidate === word || Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours that turn `a` into `b` (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let distance = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) distance = Math.min(distance, beforeLast[j - 2] + 1);
      row.push(distance);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length];
}
