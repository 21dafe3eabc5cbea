/** @file Sizes written with spaces, `150 x 150 x 3`: grammatical, since they are numbers and the name `x`, and never meant. */

import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Atom } from "./ast.ts";
import { cover } from "./concrete-tree.ts";
import { dimsOf } from "./literals.ts";

/** Puts `150 x 150 x 3` together again and says so. */
export function joinSizes(atoms: readonly Atom[], report: (diagnostic: Diagnostic) => void): Atom[] {
  const joined: Atom[] = [];
  for (let index = 0; index < atoms.length; index++) {
    let end = index;
    while (isPlainNumber(atoms[end]) && isCross(atoms[end + 1]) && (isPlainNumber(atoms[end + 2]) || isSize(atoms[end + 2]))) end += 2;
    if (end === index) {
      joined.push(atoms[index]);
      continue;
    }
    const parts = atoms.slice(index, end + 1);
    const span = cover(parts[0].span, parts[parts.length - 1].span);
    const text = parts
      .map((part) => (part.kind === "amount" ? part.from.text : part.kind === "size" || part.kind === "word" ? part.text : ""))
      .join("");
    const last = parts[parts.length - 1];
    const reported = last.kind === "size" && /[^\dx?]/.test(last.text);
    if (!reported)
      report({
        severity: "error",
        code: "S0106",
        title: `\`${text.replaceAll("x", " x ")}\` is not a size`,
        span,
        label: "a size has no spaces",
        helps: [{ text: "write it as one word", edits: [{ span, text }] }],
      });
    joined.push({ kind: "size", span, text, dims: reported ? [NaN] : dimsOf(text) });
    index = end;
  }
  return joined;
}

function isPlainNumber(atom: Atom | undefined): boolean {
  return atom?.kind === "amount" && atom.to === undefined && atom.from.unit === undefined && /^\d+$/.test(atom.from.text);
}

function isCross(atom: Atom | undefined): boolean {
  return atom?.kind === "word" && atom.text === "x";
}

function isSize(atom: Atom | undefined): boolean {
  return atom?.kind === "size";
}
