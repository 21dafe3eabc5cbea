/** @file Documents that choose their line breaks: a group stays on one line if it fits, else all its lines break. */

export type Doc = string | readonly Doc[] | Group | Indent | Line | Joint | Suffix;

export interface Group {
  readonly kind: "group";
  readonly doc: Doc;
  /** It holds a line break that is always there. */
  readonly forced: boolean;
}

interface Indent {
  readonly kind: "indent";
  readonly by: number;
  readonly doc: Doc;
}

/** A line break in a broken group; `flat` in one that fits, or nowhere if undefined: then it always breaks. */
interface Line {
  readonly kind: "line";
  readonly flat: string | undefined;
  /** An empty line follows. */
  readonly empty: boolean;
}

/** A line, but a space behind `after` if that group, further up, was broken. */
interface Joint {
  readonly kind: "joint";
  readonly after: Group;
}

/** A comment for the end of the line, in its old column if that is free. */
interface Suffix {
  readonly kind: "suffix";
  readonly text: string;
  readonly column: number;
}

export const line: Doc = { kind: "line", flat: " ", empty: false };
export const softLine: Doc = { kind: "line", flat: "", empty: false };
export const hardLine: Doc = { kind: "line", flat: undefined, empty: false };
/** Fields of a record: commas on one line, none on many. */
export const commaOrLine: Doc = { kind: "line", flat: ", ", empty: false };
export const blankLine: Doc = { kind: "line", flat: undefined, empty: true };

export function group(...docs: Doc[]): Group {
  return { kind: "group", doc: docs, forced: docs.some(isForced) };
}

export function indent(by: number, ...docs: Doc[]): Doc {
  return { kind: "indent", by, doc: docs };
}

export function joint(after: Group): Doc {
  return { kind: "joint", after };
}

export function suffix(text: string, column: number): Doc {
  return { kind: "suffix", text, column };
}

/** `doc` between each two. */
export function join(docs: readonly Doc[], between: Doc): Doc {
  return docs.flatMap((doc, index) => (index === 0 ? [doc] : [between, doc]));
}

function isForced(doc: Doc): boolean {
  if (typeof doc === "string") return false;
  if (!("kind" in doc)) return doc.some(isForced);
  switch (doc.kind) {
    case "group":
      return doc.forced;
    case "indent":
      return isForced(doc.doc);
    case "line":
      return doc.flat === undefined;
    case "joint":
      return false;
    case "suffix":
      return true;
  }
}

interface Frame {
  readonly indent: number;
  readonly broken: boolean;
  readonly doc: Doc;
}

/** Lays a document out in lines of at most `width` columns where it can; ends with a line break unless empty. */
export function layOut(doc: Doc, width: number): string {
  const output: string[] = [];
  const broken = new Set<Group>();
  const stack: Frame[] = [{ indent: 0, broken: true, doc }];
  let current = "";
  let pending: Suffix | undefined;
  const endLine = (): void => {
    current = current.trimEnd();
    if (pending !== undefined) {
      const gap = current === "" ? 0 : Math.max(2, pending.column - current.length);
      current += " ".repeat(gap) + pending.text;
      pending = undefined;
    }
    output.push(current);
    current = "";
  };
  for (let frame = stack.pop(); frame !== undefined; frame = stack.pop()) {
    const { doc: part, indent: margin } = frame;
    if (typeof part === "string") current += part;
    else if (!("kind" in part)) pushAll(stack, part, frame);
    else if (part.kind === "indent") stack.push({ ...frame, indent: margin + part.by, doc: part.doc });
    else if (part.kind === "group") {
      const flat = !part.forced && fits(part, stack, width - current.length);
      if (!flat) broken.add(part);
      stack.push({ indent: margin, broken: !flat, doc: part.doc });
    } else if (part.kind === "suffix") {
      // Two comments for one line: the first keeps it.
      if (pending !== undefined) endLine();
      pending = part;
    } else if (part.kind === "joint" && (!frame.broken || broken.has(part.after))) current += " ";
    else if (part.kind === "line" && !frame.broken && part.flat !== undefined) current += part.flat;
    else {
      endLine();
      if (part.kind === "line" && part.empty) output.push("");
      current = " ".repeat(margin);
    }
  }
  endLine();
  const text = output.join("\n").trimEnd();
  return text === "" ? "" : `${text}\n`;
}

function pushAll(stack: Frame[], docs: readonly Doc[], frame: Frame): void {
  for (let index = docs.length - 1; index >= 0; index--) stack.push({ ...frame, doc: docs[index] });
}

/** Whether `first` laid out flat, with what must follow on its line, stays within `room` columns. */
function fits(first: Group, rest: readonly Frame[], room: number): boolean {
  let left = room;
  let next = rest.length;
  const stack: Frame[] = [{ indent: 0, broken: false, doc: first.doc }];
  while (left >= 0) {
    const frame = stack.pop() ?? rest[--next];
    if (frame === undefined) return true;
    const { doc } = frame;
    if (typeof doc === "string") left -= doc.length;
    else if (!("kind" in doc)) pushAll(stack, doc, frame);
    else if (doc.kind === "indent") stack.push({ ...frame, doc: doc.doc });
    // A later group is free to break only where it has to.
    else if (doc.kind === "group") stack.push({ ...frame, broken: doc.forced, doc: doc.doc });
    else if (doc.kind === "suffix") continue;
    else if (frame.broken) return true;
    else if (doc.kind === "joint") left -= 1;
    else if (doc.flat === undefined) return true;
    else left -= doc.flat.length;
  }
  return false;
}
