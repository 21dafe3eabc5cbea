/** @file One unnamed network or named ones, never both: so a forgotten `->` is always caught (S0103, S0209). */

import type { Diagnostic, Help, Source, Span } from "../diagnostics/diagnostic.ts";
import type { BareNet, File, Item, Stage } from "./ast.ts";

export interface CheckedNetworks {
  /** A network that starts for want of an arrow is joined to the pipeline before it. */
  readonly file: File;
  readonly diagnostics: readonly Diagnostic[];
}

export function checkNetworks(file: File, source: Source): CheckedNetworks {
  const diagnostics: Diagnostic[] = [];
  const count = file.items.filter((item) => item.kind === "bare" || item.kind === "net").length;
  if (count < 2) return { file, diagnostics };
  const items: Item[] = [];
  for (const item of file.items) {
    const previous = items.at(-1);
    if (item.kind === "bare" && previous !== undefined && isPipelineItem(previous) && !startsWithInput(item)) {
      diagnostics.push(forgottenArrow(item, previous, previous.body.stages, source));
      items[items.length - 1] = joined(previous, item);
    } else items.push(item);
  }
  diagnostics.push(...secondNetworks(items));
  return { file: { ...file, items }, diagnostics };
}

type PipelineItem = Extract<Item, { readonly kind: "let" | "shared" | "net" | "bare" | "augment" }>;

function isPipelineItem(item: Item): item is PipelineItem {
  return item.kind === "bare" || item.kind === "net" || item.kind === "let" || item.kind === "shared" || item.kind === "augment";
}

function startsWithInput(net: BareNet): boolean {
  const first = net.body.stages[0].body;
  return first.kind === "layer" && first.name.text === "input";
}

/** The words by which a stage is known: its layer without the record, or all of it. */
function headOf(stage: Stage): Span {
  return stage.body.kind === "layer" ? stage.body.headSpan : stage.span;
}

function firstWord(stage: Stage, source: Source): string {
  if (stage.body.kind === "layer") return stage.body.name.text;
  return source.text.slice(stage.span.start, stage.span.end).split(/\s/, 1)[0];
}

function forgottenArrow(net: BareNet, previous: PipelineItem, stages: readonly Stage[], source: Source): Diagnostic {
  const first = net.body.stages[0];
  const last = stages[stages.length - 1];
  const start = { start: first.span.start, end: first.span.start };
  const ended = previous.kind === "bare" ? "the first network" : previous.kind === "augment" ? "`augment`" : `\`${previous.name.text}\``;
  return {
    severity: "error",
    code: "S0103",
    title: `missing \`->\` before \`${firstWord(first, source)}\``,
    span: headOf(first),
    label: "a layer's words end with its line, so this starts a second network",
    secondary: [{ span: last.span, text: `${ended} ends here` }],
    helps: [{ text: "chain it", edits: [{ span: start, text: "-> " }] }],
  };
}

function joined(previous: PipelineItem, net: BareNet): PipelineItem {
  const end = net.span.end;
  const body = { ...previous.body, span: { start: previous.body.span.start, end }, stages: [...previous.body.stages, ...net.body.stages] };
  return { ...previous, span: { start: previous.span.start, end }, body };
}

function secondNetworks(items: readonly Item[]): Diagnostic[] {
  const networks = items.filter((item) => item.kind === "bare" || item.kind === "net");
  const bare = networks.find((item) => item.kind === "bare");
  if (bare === undefined || networks.length < 2) return [];
  const first = networks[0];
  // Each one after the first that is unnamed, or that is named beside an unnamed one.
  return networks
    .slice(1)
    .filter((item) => item.kind === "bare" || first === bare)
    .map((item) => {
      const span = item.kind === "net" ? item.name.span : headOf(item.body.stages[0]);
      const help: Help =
        item.kind === "net" || first.kind === "net"
          ? { text: "name every network: `net NAME = input ...`" }
          : { text: "name both: `net NAME = input ...`" };
      return {
        severity: "error",
        code: "S0209",
        title: "a second network in a file with an unnamed one",
        span,
        label: item.kind === "net" ? "a named network" : "an unnamed network starts here",
        secondary: [{ span: first.kind === "net" ? first.name.span : headOf(first.body.stages[0]), text: "the first network" }],
        notes: ["a file holds one unnamed network, or any number of named ones"],
        helps: [help],
      };
    });
}
