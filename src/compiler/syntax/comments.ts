/** @file Which comment belongs where: behind what ends on its line, else before what follows. */

import type { Source, Span } from "../diagnostics/diagnostic.ts";
import type { Comment, File } from "./ast.ts";
import type { Doc } from "./layout.ts";
import { blankLine, hardLine, suffix } from "./layout.ts";

export interface Gap {
  /** One for the end of the line, or none. */
  readonly trailing: readonly Doc[];
  /** On lines of their own. */
  readonly leading: readonly Comment[];
}

/** Hands out every comment of a file once. */
export class Comments {
  private readonly source: Source;
  private readonly waiting: Set<Comment>;

  constructor(file: File, source: Source) {
    this.source = source;
    this.waiting = new Set(file.comments);
  }

  /** The comments between two neighbours. */
  between(start: number, end: number): Gap {
    const comments = this.take({ start, end });
    const [first] = comments;
    if (first === undefined || /[\n\r]/.test(this.source.text.slice(start, first.span.start))) return { trailing: [], leading: comments };
    return { trailing: [suffix(first.text, this.columnOf(first))], leading: comments.slice(1) };
  }

  /** Those inside `span` that no gap has taken: they move in front of it. */
  leftIn(span: Span): Comment[] {
    return this.take(span);
  }

  /** Comments as lines, each with its line break. A blank line behind one is kept, the last before the offset `next`. */
  lines(comments: readonly Comment[], next?: number): Doc {
    return comments.map((comment, index) => {
      const following = comments[index + 1]?.span.start ?? next;
      return [comment.text, following !== undefined && this.isBlankBetween(comment.span.end, following) ? blankLine : hardLine];
    });
  }

  private isBlankBetween(start: number, end: number): boolean {
    return (this.source.text.slice(start, Math.max(start, end)).match(/\r\n|\n|\r/g) ?? []).length > 1;
  }

  private columnOf(comment: Comment): number {
    const before = this.source.text.slice(0, comment.span.start);
    return comment.span.start - 1 - Math.max(before.lastIndexOf("\n"), before.lastIndexOf("\r"));
  }

  private take(span: Span): Comment[] {
    const taken = [...this.waiting].filter((comment) => comment.span.start >= span.start && comment.span.end <= span.end);
    for (const comment of taken) this.waiting.delete(comment);
    return taken;
  }
}
