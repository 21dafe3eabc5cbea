/** @file The formatter: one style, no options (grammar/reference.md#style). */

import type { Source, Span } from "../diagnostics/diagnostic.ts";
import { bug } from "../diagnostics/diagnostic.ts";
import type {
  ActivationDecl,
  Comment,
  Field,
  File,
  FilterDecl,
  FormulaBody,
  Item,
  Layer,
  LetDecl,
  Phrase,
  Pipeline,
  Record_,
  Stage,
  Value,
} from "./ast.ts";
import { canonical, parametersOf, recipesOf } from "./canonical.ts";
import { Comments } from "./comments.ts";
import { fieldRank } from "./field-order.ts";
import { flattened, unwrapped } from "./groups.ts";
import type { Doc, Group } from "./layout.ts";
import { blankLine, commaOrLine, group, hardLine, indent, join, joint, layOut, line, softLine } from "./layout.ts";
import { parse } from "./parser.ts";
import { formulaDoc, printFormula } from "./print-formula.ts";
import { argumentText, atomText, paramText, plainArguments, rangeText } from "./print-words.ts";

export { printFormula } from "./print-formula.ts";

const width = 80;

/**
 * The text of a file in the one style. `file` is the tree of `source` and must have been parsed without errors.
 * Formatting twice is formatting once, the tree stays the same but for redundant parentheses, the spelling of arguments
 * and the order of fields, and every comment is kept.
 *
 * @throws Bug rather than give a text whose tree is another
 */
export function formatSource(file: File, source: Source): string {
  const formatted = layOut(new Formatter(file, source).file(file), width);
  // A network on one line is for cards and command lines: it stays as it is.
  const oneLine = formatted.split("\n").length <= 2;
  const text = file.version !== undefined || oneLine ? formatted : `spec 1\n\n${formatted}`;
  const again = parse({ name: source.name, text });
  if (again.file === undefined || again.diagnostics.length > 0 || canonical(again.file) !== canonical(file))
    bug(`${source.name} would mean something else when it is formatted, and stays as it is`);
  return text;
}

/** What is printed, and the comments that go on lines of their own before it. */
interface Printed {
  readonly leading: readonly Comment[];
  readonly doc: Doc;
}

/** A stage; `tail` is the group that its text ends with, if it ends with a closing bracket. */
interface PrintedStage extends Printed {
  readonly tail?: Group;
}

class Formatter {
  private readonly comments: Comments;
  /** Recipes take their numbers in parentheses, built-in words without. */
  private readonly recipes: ReadonlySet<string>;
  /** Of the recipe that is printed: what stands for a number without parentheses too. */
  private parameters: ReadonlySet<string> = new Set();

  constructor(file: File, source: Source) {
    this.comments = new Comments(file, source);
    this.recipes = recipesOf(file);
  }

  file(file: File): Doc {
    const version =
      file.version === undefined
        ? []
        : [{ span: file.version.span, isImport: false, print: (): Printed => ({ leading: [], doc: `spec ${file.version?.value}` }) }];
    const parts = [
      ...version,
      ...file.items.map((item) => ({ span: item.span, isImport: item.kind === "import", print: () => this.item(item) })),
    ];
    let end = 0;
    const printed = parts.map((part, index) => {
      // Nothing stands before the first part, so nothing has trailing comments there.
      const gap =
        index === 0
          ? { trailing: [], leading: this.comments.leftIn({ start: 0, end: part.span.start }) }
          : this.comments.between(end, part.span.start);
      const { leading, doc } = part.print();
      end = part.span.end;
      const leftOver = this.comments.leftIn(part.span);
      const before = this.comments.lines([...gap.leading, ...leading, ...leftOver], part.span.start);
      const commented = gap.leading.length + leading.length + leftOver.length > 0;
      return { before, doc, trailingBefore: gap.trailing, isImport: part.isImport, commented, isVersion: index < version.length };
    });
    if (parts.length === 0) return this.comments.lines(this.comments.leftIn(file.span));
    const rest = this.comments.between(end, file.span.end);
    // A trailing comment is found in the gap behind its declaration.
    const withTrailing = printed.map((part, index) => ({ ...part, doc: [part.doc, printed[index + 1]?.trailingBefore ?? rest.trailing] }));
    const ordered = [
      ...withTrailing.filter((part) => part.isVersion),
      ...withTrailing.filter((part) => part.isImport),
      ...withTrailing.filter((part) => !part.isVersion && !part.isImport),
    ];
    const docs = ordered.map((part, index): Doc => {
      const together = part.isImport && !part.commented && ordered[index - 1]?.isImport === true;
      return [index === 0 ? [] : together ? hardLine : blankLine, part.before, part.doc];
    });
    return [docs, rest.leading.length === 0 ? [] : [blankLine, this.comments.lines(rest.leading)]];
  }

  private item(item: Item): Printed {
    this.parameters = parametersOf(item);
    const nothing: readonly Comment[] = [];
    switch (item.kind) {
      case "import":
        return {
          leading: nothing,
          doc: group("import {", indent(2, line, listed(item.names.map((name) => name.text))), line, `} from "${item.path}"`),
        };
      case "let":
        return {
          leading: nothing,
          doc: this.declaration(`let ${item.name.text}${this.params(item)}`, item.paramsSpan ?? item.name.span, item.body),
        };
      case "shared":
      case "net":
        return { leading: nothing, doc: this.declaration(`${item.kind} ${item.name.text}`, item.name.span, item.body) };
      case "bare":
        return this.pipeline(item.body);
      case "train":
        return { leading: nothing, doc: ["train ", this.record(item.record)] };
      case "augment": {
        const { leading, doc } = this.pipeline(item.body);
        return { leading, doc: ["augment ", doc] };
      }
      case "filter":
      case "activation":
        return { leading: nothing, doc: this.formulaDeclaration(item) };
    }
  }

  private params(item: LetDecl): string {
    if (item.params === undefined) return "";
    const params = item.params.map(({ name, value }) => (value === undefined ? name.text : `${name.text} = ${printFormula(value)}`));
    return `(${params.join(", ")})`;
  }

  /** `head = pipeline`, on one line or with the pipeline on its own lines. */
  private declaration(head: string, headSpan: Span, body: Pipeline): Doc {
    const gap = this.comments.between(headSpan.end, body.span.start);
    const { leading, doc } = this.pipeline(body);
    const inner = [this.comments.lines([...gap.leading, ...leading]), doc];
    if (startsWithInput(body)) return [head, " =", gap.trailing, indent(2, hardLine, inner)];
    return group(head, " =", gap.trailing, indent(2, line, inner));
  }

  /** Leading comments of the first stage are left to the caller, who knows what stands before it. */
  private pipeline(pipeline: Pipeline): Printed {
    const stages = flattened(pipeline.stages);
    const broken = startsWithInput(pipeline);
    let leading: readonly Comment[] = [];
    let first: Doc = [];
    const rest: Doc[] = [];
    let previous: PrintedStage | undefined;
    stages.forEach((stage, index) => {
      const gap = index === 0 ? undefined : this.comments.between(stages[index - 1].span.end, stage.span.start);
      const printed = this.stage(stage);
      if (gap === undefined) {
        ({ leading, doc: first } = printed);
      } else {
        const before = [...gap.leading, ...printed.leading];
        const commented = before.length > 0 || gap.trailing.length > 0;
        const separator = commented || broken ? hardLine : previous?.tail === undefined ? line : joint(previous.tail);
        rest.push(gap.trailing, separator, this.comments.lines(before), "-> ", printed.doc);
      }
      previous = printed;
    });
    return { leading, doc: group(first, indent(2, rest)) };
  }

  private stage(stage: Stage): PrintedStage {
    const as = stage.as === undefined ? "" : ` as ${stage.as.text}`;
    const { doc, tail } = this.body(stage.body);
    const leading = this.comments.leftIn(stage.span);
    return { leading, doc: [doc, as], ...(tail === undefined || as !== "" ? {} : { tail }) };
  }

  private body(body: Stage["body"]): { doc: Doc; tail?: Group } {
    if (body.kind === "layer") return this.layer(body);
    if (body.kind === "group") return this.parenthesised(body.body, body.span);
    const inner = this.body(unwrapped(body));
    const count = body.count.text;
    return { ...inner, doc: [`${count} * `, inner.doc] };
  }

  private parenthesised(body: Pipeline, span: Span): { doc: Doc; tail: Group } {
    const open = this.comments.between(span.start, body.span.start);
    const { leading, doc } = this.pipeline(body);
    const close = this.comments.between(body.span.end, span.end);
    const tail = group(
      "(",
      open.trailing,
      indent(2, softLine, this.comments.lines([...open.leading, ...leading]), doc, close.trailing, this.dangling(close.leading)),
      softLine,
      ")",
    );
    return { doc: tail, tail };
  }

  /** Comments between the last element and the closing bracket. */
  private dangling(comments: readonly Comment[]): Doc {
    return comments.map((comment) => [hardLine, comment.text]);
  }

  private layer(layer: Layer): { doc: Doc; tail?: Group } {
    const record = layer.record === undefined ? [] : [" ", this.record(layer.record)];
    if (layer.branches === undefined) return { doc: [this.head(layer), record] };
    const tail = this.branches(layer, layer.branches);
    return { doc: [tail, record], ...(layer.record === undefined ? { tail } : {}) };
  }

  private branches(layer: Layer, branches: readonly Pipeline[]): Group {
    const inner = branches.length === 1 ? 2 : 4;
    const docs: Doc[] = [];
    let end = layer.name.span.end;
    branches.forEach((branch, index) => {
      const gap = this.comments.between(end, branch.span.start);
      const { leading, doc } = this.pipeline(branch);
      const lines = this.comments.lines([...gap.leading, ...leading]);
      if (index === 0) docs.push(gap.trailing, indent(inner, softLine, lines, doc));
      else docs.push(gap.trailing, indent(2, line, lines, "| "), indent(inner, doc));
      end = branch.span.end;
    });
    const close = this.comments.between(end, layer.record?.span.start ?? layer.span.end);
    return group(layer.name.text, "[", docs, close.trailing, indent(inner, this.dangling(close.leading)), softLine, "]");
  }

  private head(layer: Layer): string {
    const { name, atoms } = layer;
    if (this.recipes.has(name.text)) {
      const args = atoms.map(argumentText);
      if (args.length > 0 && args.every((arg) => arg !== undefined)) return `${name.text}(${args.filter((arg) => arg !== "").join(", ")})`;
      return [name.text, ...atoms.map(atomText)].join(" ");
    }
    return [name.text, ...atoms.map((atom) => plainArguments(atom, this.parameters)?.join(" ") ?? atomText(atom))].join(" ");
  }

  private record(record: Record_): Doc {
    if (record.fields.length === 0) return "{}";
    let end = record.span.start;
    const fields = record.fields.map((field) => {
      const gap = this.comments.between(end, field.span.start);
      const doc = this.field(field);
      end = field.span.end;
      return {
        rank: fieldRank(field.name.text),
        before: gap.trailing,
        lines: this.comments.lines([...gap.leading, ...this.comments.leftIn(field.span)]),
        doc,
      };
    });
    const close = this.comments.between(end, record.span.end);
    const docs = fields.map((field, index) => ({
      rank: field.rank,
      doc: [field.lines, field.doc, fields[index + 1]?.before ?? close.trailing],
    }));
    const sorted = docs.sort((a, b) => a.rank - b.rank).map(({ doc }) => doc);
    return group("{", fields[0].before, indent(2, line, join(sorted, commaOrLine), this.dangling(close.leading)), line, "}");
  }

  private field(field: Field): Doc {
    return [`${field.name.text}: `, this.value(field.value)];
  }

  private value(value: Value): Doc {
    switch (value.kind) {
      case "list":
        if (value.items.length === 0) return "[]";
        return group("[", indent(2, softLine, listed(value.items.map((item) => this.value(item)))), softLine, "]");
      case "range":
        return rangeText(value.from, value.to);
      case "size":
        return value.text;
      case "string":
        return `"${value.text}"`;
      case "phrase":
        return this.phrase(value);
    }
  }

  private phrase(phrase: Phrase): Doc {
    const words = phrase.atoms.map((atom, index) => (index === 0 && atom.kind === "args" ? atomText(atom) : ` ${atomText(atom)}`));
    return [phrase.name.text, words, phrase.record === undefined ? [] : [" ", this.record(phrase.record)]];
  }

  private formulaDeclaration(item: FilterDecl | ActivationDecl): Doc {
    const params = item.params.map((param) => ({ span: param.span, text: paramText(param) }));
    if (item.kind === "activation") params.unshift({ span: item.input.span, text: item.input.text });
    const head = `${item.kind} ${item.name.text}(`;
    if (params.length === 0) return [head, ") = ", this.formulaBody(item.body)];
    let end = item.name.span.end;
    const docs = params.map((param) => {
      const gap = this.comments.between(end, param.span.start);
      const lines = this.comments.lines([...gap.leading, ...this.comments.leftIn(param.span)]);
      end = param.span.end;
      return { before: gap.trailing, doc: [lines, param.text] };
    });
    const close = this.comments.between(end, item.paramsSpan.end);
    const list = docs.map(({ doc }, index): Doc => {
      const last = index === docs.length - 1;
      return [doc, last ? close.trailing : [",", docs[index + 1].before, line]];
    });
    return [
      group(head, docs[0].before, indent(2, softLine, list, this.dangling(close.leading)), softLine, ") = "),
      this.formulaBody(item.body),
    ];
  }

  private formulaBody(body: FormulaBody): Doc {
    const value = formulaDoc(body.value);
    if (body.where.length === 0) return value;
    let end = body.value.span.end;
    const binds = body.where.map((bind) => {
      const gap = this.comments.between(end, bind.span.start);
      const lines = this.comments.lines([...gap.leading, ...this.comments.leftIn(bind.span)]);
      end = bind.span.end;
      return { before: gap.trailing, doc: [hardLine, lines, `${bind.name.text} = `, formulaDoc(bind.value)] };
    });
    const docs = binds.map(({ doc }, index): Doc => [doc, index === binds.length - 1 ? [] : [",", binds[index + 1].before]]);
    return [value, binds[0].before, hardLine, "where", indent(2, docs)];
  }
}

/** With commas between, on one line or on lines of their own. */
const listed = (docs: readonly Doc[]): Doc => join(docs, [",", line]);

function startsWithInput(pipeline: Pipeline): boolean {
  const first = flattened(pipeline.stages)[0].body;
  return first.kind === "layer" && first.name.text === "input";
}
