/** @file `input`: sizes, channels, and how values become numbers; and the sizes that `--input` gives instead. */

import { usualPixels } from "../../plan/plan.ts";
import type { Diagnostic, Help, Report, Span } from "../diagnostics/diagnostic.ts";
import { inputRow } from "../layers/input.ts";
import type { InputPlace } from "../layers/row.ts";
import type { NetworkInput, NetworkNode } from "../network/network.ts";
import type { LayerType } from "../network/types.ts";
import { shapeText, unknownSize } from "../network/types.ts";
import type { Layer, Pipeline, SizeLiteral } from "../syntax/ast.ts";
import { readOptions } from "../words/schema.ts";

/** What `--input` says. */
export type GivenInput =
  | { readonly height: number; readonly width: number; readonly channels: number }
  | { readonly samples: number; readonly channels: number };

export interface ReadInput {
  readonly input: NetworkInput;
  readonly place: InputPlace;
}

/** The input as the file has it; sizes that it leaves open are open. Undefined: reported (S0106, S0205, S0303, ...). */
export function readInput(body: Pipeline, report: Report): ReadInput | undefined {
  const first = body.stages[0]?.body;
  if (first?.kind !== "layer" || first.name.text !== "input") return missingInput(body);
  const size = readSize(first, report);
  const read = readOptions(first.record, inputRow.options, "input", "option", { report, numbers: new Map() });
  if (size === undefined) return undefined;
  const { dims } = size;
  const kind = dims.length === 3 ? "image" : "signal";
  const height = kind === "signal" ? 1 : sizeOf(dims[0], "H");
  const width = sizeOf(dims[dims.length - 2], "W");
  const channels = dims[dims.length - 1];
  if (channels === "?") {
    const fixed = `${size.text.slice(0, -1)}3`;
    report({
      severity: "error",
      code: "S0303",
      title: "the number of channels must be known",
      span: size.span,
      label: "`?` in the place of the channels",
      notes: ["`?` promises that a network works at every size; its weights depend on the channels"],
      helps: [{ text: "write the number, such as 3 for colour", edits: [{ span: size.span, text: fixed }] }],
    });
    return undefined;
  }
  if (!read.fine || !statisticsFit(first, read.values, read.spans, channels, report)) return undefined;
  const { values } = read;
  const input: NetworkInput = {
    kind,
    height,
    width,
    channels,
    range: values["range"] as readonly [number, number],
    mean: values["mean"] as readonly number[] | null,
    std: values["std"] as readonly number[] | null,
    standardise: values["standardise"] as NetworkInput["standardise"],
    fit: values["fit"] as NetworkInput["fit"],
    antialias: values["antialias"] === true,
    span: size.span,
  };
  if (input.standardise === "training") warnTrainingOnly(read.spans.get("standardise") ?? size.span, report);
  return { input, place: { span: size.span, text: size.text, promised: dims.includes("?"), height, width } };
}

function sizeOf(dim: number | "?", unknown: "H" | "W"): NetworkInput["height"] {
  return dim === "?" ? unknownSize(unknown) : dim;
}

/** A gap, not a promise: anything may pin the sizes. */
function missingInput(body: Pipeline): ReadInput {
  const height = unknownSize("H");
  const width = unknownSize("W");
  const input: NetworkInput = {
    kind: "image",
    height,
    width,
    channels: undefined,
    ...usualPixels,
    span: { start: body.span.start, end: body.span.start },
  };
  return { input, place: { span: undefined, text: "?x?x?", promised: false, height, width } };
}

function readSize(layer: Layer, report: Report): SizeLiteral | undefined {
  const [atom, extra] = layer.atoms;
  const help = [{ text: "for example `input 150x150x3`, or `input ?x?x3` for every size; a signal is `input 4096x2`" }];
  if (atom === undefined) {
    report({
      severity: "error",
      code: "S0205",
      title: "`input` needs a size",
      span: layer.headSpan,
      label: "used without one",
      helps: help,
    });
    return undefined;
  }
  const wrong = (span: Span, title: string, label: string): undefined => {
    report({ severity: "error", code: "S0106", title, span, label, helps: help });
    return undefined;
  };
  if (layer.branches !== undefined || atom.kind !== "size") {
    // A malformed number was reported by the lexer.
    if (atom.kind === "amount" && Number.isNaN(atom.from.value)) return undefined;
    return wrong(atom.span, "`input` needs a size", "expected height x width x channels");
  }
  if (extra !== undefined) {
    report({ severity: "error", code: "S0205", title: "`input` takes one size", span: extra.span, label: "one too many", helps: help });
    return undefined;
  }
  if (atom.dims.some((dim) => Number.isNaN(dim))) return undefined;
  if (atom.dims.length > 3)
    return wrong(atom.span, `\`${atom.text}\` is not the size of an image or a signal`, "height x width x channels, or samples x channels");
  if (atom.dims.includes(0)) return wrong(atom.span, `\`${atom.text}\` holds nothing`, "a size of 0");
  return atom;
}

/** S0210: lists per channel, and one way of standardising. */
function statisticsFit(
  layer: Layer,
  values: Readonly<Record<string, unknown>>,
  spans: ReadonlyMap<string, Span>,
  channels: number,
  report: Report,
): boolean {
  let fine = true;
  for (const name of ["mean", "std"]) {
    const list = values[name] as readonly number[] | null;
    if (list === null || list.length === channels) continue;
    fine = false;
    report({
      severity: "error",
      code: "S0210",
      title:
        `\`${name}\` has ${list.length} ${list.length === 1 ? "number" : "numbers"} ` +
        `for ${channels} ${channels === 1 ? "channel" : "channels"}`,
      span: spans.get(name) ?? layer.headSpan,
      label: "one number per channel",
    });
  }
  const fixed = spans.get("mean") ?? spans.get("std");
  const measured = spans.get("standardise");
  if (fixed !== undefined && measured !== undefined && values["standardise"] !== "off") {
    fine = false;
    report({
      severity: "error",
      code: "S0210",
      title: "values cannot be standardised twice",
      span: measured,
      label: "measured from the data",
      secondary: [{ span: fixed, text: "given here" }],
      helps: [{ text: "keep one of them" }],
    });
  }
  return fine;
}

/** W0614. */
function warnTrainingOnly(span: Span, report: Report): void {
  report({
    severity: "warning",
    code: "W0614",
    title: "test images will not be standardised",
    span,
    label: "standardises training images only",
    notes: ["this is what the published code of Wood & Larson does; the network is tested on other values than it was trained on"],
    helps: [{ text: "for any other purpose use `standardise: data`", edits: [{ span, text: "standardise: data" }] }],
  });
}

/** The sizes of `--input` in place of the file's. Undefined: reported. */
export function closeInput(read: ReadInput, given: GivenInput, report: Report): ReadInput | undefined {
  const signal = "samples" in given;
  const { input, place } = read;
  // A network without `input` takes either.
  if (place.span !== undefined && signal !== (input.kind === "signal")) {
    report({
      severity: "error",
      code: "S0106",
      title: signal ? signalTitle(given) : "`--input` gives an image, the network takes signals",
      span: place.span,
      label: `the file's input is ${input.kind === "signal" ? "a signal" : "an image"}`,
      helps: [signal ? imageMeant(given, input.channels) : { text: "write `--input 4096x2`: samples, channels" }],
    });
    return undefined;
  }
  const height = signal ? 1 : given.height;
  const width = signal ? given.samples : given.width;
  const { channels } = given;
  const list = input.mean ?? input.std;
  if (list !== null && list.length !== channels) {
    report({
      severity: "error",
      code: "S0210",
      title: `\`--input\` gives ${channels} channels, \`${input.mean === null ? "std" : "mean"}\` has ${list.length} numbers`,
      span: input.span,
      label: `the file's input has ${input.channels ?? "?"} channels`,
    });
    return undefined;
  }
  const text = signal ? `${width}x${channels}` : `${height}x${width}x${channels}`;
  return {
    input: { ...input, kind: signal ? "signal" : "image", height, width, channels },
    place: { ...place, text, promised: false, height, width },
  };
}

type GivenSignal = Extract<GivenInput, { readonly samples: number }>;

function signalTitle({ samples, channels }: GivenSignal): string {
  return `\`--input ${samples}x${channels}\` gives a signal, the network takes images`;
}

/** Who writes two numbers for an image has left out its channels. */
function imageMeant({ samples, channels }: GivenSignal, imageChannels: number | undefined): Help {
  return { text: `did you mean \`--input ${samples}x${channels}x${imageChannels ?? 3}\`: height, width, channels?` };
}

/** S0106: a network without `input` for which the size of a signal is wrong and that of an image right. `problem` is the first. */
export function signalForImages(given: GivenSignal, problem: Diagnostic): Diagnostic {
  return {
    severity: "error",
    code: "S0106",
    title: signalTitle(given),
    span: problem.span,
    label: "does not work on signals",
    notes: ["two numbers are a signal: samples, channels"],
    helps: [imageMeant(given, undefined)],
  };
}

/** Node 0. */
export function inputNode({ input, place }: ReadInput): NetworkNode {
  const type: LayerType = { domain: input.kind, height: input.height, width: input.width, channels: input.channels ?? Number.NaN };
  return {
    id: 0,
    ...inputRow.use({ type }),
    title: `input ${shapeText(type)}`,
    inserted: place.span === undefined,
    inputs: [],
    type,
    params: [],
    path: "input",
    span: place.span ?? input.span,
    stack: [],
  };
}
