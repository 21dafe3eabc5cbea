/** @file Draws diagnostics: the only place that makes lines, columns and carets. */

import type { Diagnostic, Edit, Source, Span } from "./diagnostic.ts";

export interface RenderOptions {
  /** ANSI colours; off by default. */
  readonly color?: boolean;
}

/** The drawing of a diagnostic, without a final newline. Tabs are drawn four columns wide. */
export function renderDiagnostic(diagnostic: Diagnostic, source: Source, options: RenderOptions = {}): string {
  const paint = options.color === true ? ansi : plain;
  const severity: Style = diagnostic.severity === "error" ? "red" : "yellow";
  const lines = linesOf(source.text);
  const marks = marksOf(diagnostic, lines);
  const edited = (diagnostic.helps ?? []).map((help) => editedLines(source.text, help.edits ?? []));
  const lastNumber = Math.max(...marks.map((mark) => mark.line + 1), ...edited.flat().map((line) => line.number));
  const width = String(lastNumber).length;
  const bar = paint("blue", `${" ".repeat(width)} |`);
  const numbered = (number: number, sign: "|" | EditedLine["sign"], text: string): string =>
    `${paint("blue", String(number).padStart(width))} ${paint(signStyles[sign], sign)} ${text}`.trimEnd();
  const place = positionOf(diagnostic.span.start, lines);
  const output = [
    `${paint(severity, `${diagnostic.severity}[${diagnostic.code}]`)}: ${paint("bold", diagnostic.title)}`,
    `${" ".repeat(width)}${paint("blue", "-->")} ${source.name}:${place.line + 1}:${place.column + 1}`,
    bar,
  ];
  let previous: number | undefined;
  for (const line of [...new Set(marks.map((mark) => mark.line))].sort((a, b) => a - b)) {
    if (previous !== undefined && line === previous + 2) output.push(numbered(line, "|", drawn(lines[line - 1].text)));
    else if (previous !== undefined && line > previous + 2) output.push(paint("blue", "..."));
    output.push(numbered(line + 1, "|", drawn(lines[line].text)));
    // The rightmost first, so that each label stands below its own mark.
    for (const mark of marks.filter((mark) => mark.line === line).sort((a, b) => b.from - a.from)) {
      const text = `${(mark.primary ? "^" : "-").repeat(mark.to - mark.from)} ${mark.text}`.trimEnd();
      output.push(`${bar} ${" ".repeat(mark.from)}${paint(mark.primary ? severity : "blue", text)}`);
    }
    previous = line;
  }
  const notes = diagnostic.notes ?? [];
  const helps = diagnostic.helps ?? [];
  if (notes.length + helps.length > 0) output.push(bar);
  const remark = (kind: string, text: string): string =>
    `${" ".repeat(width)} ${paint("blue", "=")} ${paint("bold", kind)}: ` +
    text.replaceAll("\n", `\n${" ".repeat(width + 5 + kind.length)}`);
  for (const note of notes) output.push(remark("note", note));
  helps.forEach((help, index) => {
    output.push(remark("help", help.text));
    if (edited[index].length > 0) output.push(bar);
    for (const line of edited[index]) output.push(numbered(line.number, line.sign, shortened(line)));
  });
  return output.join("\n");
}

interface Line {
  /** Offset of the first character. */
  readonly start: number;
  /** Without the line break. */
  readonly text: string;
}

function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  let start = 0;
  for (const match of text.matchAll(/\r\n|\n|\r/g)) {
    lines.push({ start, text: text.slice(start, match.index) });
    start = match.index + match[0].length;
  }
  // The empty line behind a final line break is none, unless the text is empty.
  if (start < text.length || lines.length === 0) lines.push({ start, text: text.slice(start) });
  return lines;
}

/** Counted from 1. */
export function lineAt(source: Source, offset: number): number {
  return positionOf(offset, linesOf(source.text)).line + 1;
}

interface Position {
  /** From 0. */
  readonly line: number;
  /** From 0, in characters (code points). */
  readonly column: number;
}

function positionOf(offset: number, lines: readonly Line[]): Position {
  let line = lines.length - 1;
  while (line > 0 && lines[line].start > offset) line--;
  // A place in the line break, or behind the end of the file, is shown behind the last character.
  return { line, column: [...lines[line].text.slice(0, Math.max(0, offset - lines[line].start))].length };
}

/** A stretch of one line to be underlined, in drawn columns. */
interface Mark {
  readonly line: number;
  readonly from: number;
  readonly to: number;
  readonly primary: boolean;
  readonly text: string;
}

function marksOf(diagnostic: Diagnostic, lines: readonly Line[]): Mark[] {
  const labels = [
    { span: diagnostic.span, text: diagnostic.label, primary: true },
    ...(diagnostic.secondary ?? []).map((label) => ({ ...label, primary: false })),
  ];
  return labels.flatMap(({ span, text, primary }) => {
    const first = positionOf(span.start, lines);
    let last = positionOf(span.end, lines);
    // A span that takes the line break along ends with its line.
    if (last.line > first.line && last.column === 0) last = { line: last.line - 1, column: [...lines[last.line - 1].text].length };
    const mark = (line: number, from: number, to: number, words: string): Mark => {
      const left = widthOf(lines[line].text, from);
      return { line, from: left, to: Math.max(left + 1, widthOf(lines[line].text, to)), primary, text: words };
    };
    if (first.line === last.line) return [mark(first.line, first.column, last.column, text)];
    // Of several lines, the first and the last are drawn.
    const indent = /^\s*/.exec(lines[last.line].text)?.[0].length ?? 0;
    return [
      mark(first.line, first.column, [...lines[first.line].text.trimEnd()].length, ""),
      mark(last.line, Math.min(indent, last.column), last.column, text),
    ];
  });
}

const tabWidth = 4;

function drawn(text: string): string {
  return text.replaceAll("\t", " ".repeat(tabWidth)).replace(/[\u0000-\u001f\u007f]/g, "\ufffd");
}

/** Drawn columns of the first `count` characters. */
function widthOf(text: string, count: number): number {
  return [...text].slice(0, count).reduce((sum, character) => sum + (character === "\t" ? tabWidth : 1), 0);
}

interface EditedLine {
  /** In the edited text, from 1. */
  readonly number: number;
  readonly sign: "~" | "+" | "-";
  readonly text: string;
  /** End of the changed part. */
  readonly changedTo: number;
}

/** The text after all edits. They must not overlap; they may be in any order. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  // The sort is stable, so insertions at one place keep their order.
  return [...edits]
    .sort((a, b) => b.span.start - a.span.start || b.span.end - a.span.end)
    .reduce((result, { span, text: inserted }) => result.slice(0, span.start) + inserted + result.slice(span.end), text);
}

function editedLines(text: string, edits: readonly Edit[]): EditedLine[] {
  const lines = linesOf(text);
  const result: EditedLine[] = [];
  let shift = 0;
  for (const group of groupByLines(edits, lines)) {
    const start = lines[group.from].start;
    const end = lines[group.to].start + lines[group.to].text.length;
    const old = lines.slice(group.from, group.to + 1).map((line) => line.text);
    const moved = group.edits.map((edit) => ({ text: edit.text, span: { start: edit.span.start - start, end: edit.span.end - start } }));
    const fresh = applyEdits(text.slice(start, Math.max(end, ...group.edits.map((edit) => edit.span.end))), moved).split(/\r\n|\n|\r/);
    let head = 0;
    while (head < Math.min(old.length, fresh.length) && old[head] === fresh[head]) head++;
    let tail = 0;
    while (tail < Math.min(old.length, fresh.length) - head && old[old.length - 1 - tail] === fresh[fresh.length - 1 - tail]) tail++;
    const before = old.slice(head, old.length - tail);
    const after = fresh.slice(head, fresh.length - tail);
    after.forEach((line, index) => {
      const number = group.from + 1 + head + index + shift;
      if (index < before.length) result.push({ number, sign: "~", text: line, changedTo: line.length - commonEnd(before[index], line) });
      else result.push({ number, sign: "+", text: line, changedTo: line.length });
    });
    if (after.length === 0) {
      before.forEach((line, index) =>
        result.push({ number: group.from + 1 + head + index + shift, sign: "-", text: line, changedTo: line.length }),
      );
    }
    shift += fresh.length - old.length;
  }
  return result;
}

/** Edits that touch the same or neighbouring lines are drawn together. */
function groupByLines(edits: readonly Edit[], lines: readonly Line[]): { from: number; to: number; edits: Edit[] }[] {
  const groups: { from: number; to: number; edits: Edit[] }[] = [];
  for (const edit of [...edits].sort((a, b) => a.span.start - b.span.start)) {
    const from = positionOf(edit.span.start, lines).line;
    const to = positionOf(edit.span.end, lines).line;
    const last = groups.at(-1);
    if (last !== undefined && from <= last.to) {
      last.to = Math.max(last.to, to);
      last.edits.push(edit);
    } else groups.push({ from, to, edits: [edit] });
  }
  return groups;
}

function commonEnd(a: string, b: string): number {
  let count = 0;
  while (count < Math.min(a.length, b.length) && a[a.length - 1 - count] === b[b.length - 1 - count]) count++;
  return count;
}

const maxEditedWidth = 80;

/** A long changed line is cut behind the `=` or `->` that follows the change; brackets are kept whole. */
function shortened(line: EditedLine): string {
  const text = drawn(line.text);
  if (line.sign !== "~" || text.length <= maxEditedWidth) return text;
  let depth = 0;
  for (let index = 0; index < line.text.length; index++) {
    const character = line.text[index];
    if ("([{".includes(character)) depth++;
    if (")]}".includes(character)) depth--;
    const joint = /^ (=|->) /.exec(line.text.slice(index))?.[0];
    if (joint !== undefined && depth === 0 && index >= line.changedTo) return `${drawn(line.text.slice(0, index + joint.length))}...`;
  }
  return text;
}

/** A span for tools: offsets in UTF-16 units, lines and columns from 1. */
interface JsonSpan {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** A diagnostic for `--format json`. */
export interface JsonDiagnostic extends JsonSpan {
  readonly file: string;
  readonly severity: "error" | "warning";
  readonly code: string;
  readonly title: string;
  readonly label: string;
  readonly secondary: readonly (JsonSpan & { readonly text: string })[];
  readonly notes: readonly string[];
  readonly helps: readonly { readonly text: string; readonly edits: readonly (JsonSpan & { readonly text: string })[] }[];
}

export function toJson(diagnostic: Diagnostic, source: Source): JsonDiagnostic {
  const lines = linesOf(source.text);
  const spanned = (span: Span): JsonSpan => {
    const start = positionOf(span.start, lines);
    const end = positionOf(span.end, lines);
    return {
      start: span.start,
      end: span.end,
      line: start.line + 1,
      column: start.column + 1,
      endLine: end.line + 1,
      endColumn: end.column + 1,
    };
  };
  const { severity, code, title, label, secondary = [], notes = [], helps = [] } = diagnostic;
  return {
    file: source.name,
    severity,
    code,
    title,
    ...spanned(diagnostic.span),
    label,
    notes,
    secondary: secondary.map(({ span, text }) => ({ ...spanned(span), text })),
    helps: helps.map(({ text, edits = [] }) => ({ text, edits: edits.map((edit) => ({ ...spanned(edit.span), text: edit.text })) })),
  };
}

type Style = "red" | "yellow" | "green" | "blue" | "bold";

const signStyles: Readonly<Record<"|" | EditedLine["sign"], Style>> = { "|": "blue", "~": "yellow", "+": "green", "-": "red" };

const codes: Readonly<Record<Style, string>> = { red: "1;31", yellow: "1;33", green: "32", blue: "1;34", bold: "1" };

function ansi(style: Style, text: string): string {
  return `\u001b[${codes[style]}m${text}\u001b[0m`;
}

function plain(_style: Style, text: string): string {
  return text;
}
