/** @file The transforms that the compiler inserts, and no others (grammar/reference.md#types-and-transforms). */

import type { Report, Span } from "../diagnostics/diagnostic.ts";
import { promiseText } from "../layers/conv-spectral.ts";
import type { InputPlace, NoSettings, Takes, TypedLayer } from "../layers/row.ts";
import { fft, flatten, inverseFft } from "../layers/shape.ts";
import type { NetworkNode } from "../network/network.ts";
import type { LayerType } from "../network/types.ts";
import { elementsOf, imageOf, isImage, isOpen, isSpectrum, shapeText, spectrumOf, typeText, vectorOf } from "../network/types.ts";

/** A layer and what it gets. */
export interface Consumer {
  readonly ids: readonly number[];
  readonly takes: Takes;
  /** As typed, and the row's words. */
  readonly title: string;
  readonly word: string;
  readonly path: string;
  readonly span: Span;
  readonly stack: readonly string[];
}

type Push = (node: Omit<NetworkNode, "id">) => number;
type Wanted = "image" | "spectrum" | "vector";

/** The inputs in the domain that the layer takes. Undefined: reported (S0301, S0304). */
export function coerceInputs(
  consumer: Consumer,
  nodes: readonly NetworkNode[],
  input: InputPlace,
  report: Report,
  push: Push,
): readonly number[] | undefined {
  const domains = consumer.ids.map((id) => nodes[id].type.domain);
  const vectors = domains.filter((domain) => domain === "vector").length;
  const together = consumer.takes === "local" || consumer.takes === "local image";
  const results: number[] = [];
  for (const [index, id] of consumer.ids.entries()) {
    const wanted = together
      ? localRule(consumer.takes, vectors === domains.length, domains.every(isSpectrum))
      : wantedDomain(consumer.takes, domains[index] === "vector", isSpectrum(domains[index]));
    const result = bring(id, wanted, consumer, nodes, input, report, push);
    if (result === undefined) return undefined;
    results.push(result);
  }
  return results;
}

/** If every input is a spectrum they stay, otherwise all become images; vectors are among themselves. */
function localRule(takes: Takes, allVectors: boolean, allSpectra: boolean): Wanted {
  if (allVectors) return "vector";
  return allSpectra && takes === "local" ? "spectrum" : "image";
}

function wantedDomain(takes: Takes, isVector: boolean, spectral: boolean): Wanted {
  switch (takes) {
    case "image or vector":
      return isVector ? "vector" : "image";
    case "image or spectrum":
      return spectral ? "spectrum" : "image";
    case "spectrum":
    case "vector":
      return takes;
    default:
      return "image";
  }
}

function bring(
  id: number,
  wanted: Wanted,
  consumer: Consumer,
  nodes: readonly NetworkNode[],
  input: InputPlace,
  report: Report,
  push: Push,
): number | undefined {
  const { type } = nodes[id];
  const insert = (row: TypedLayer<NoSettings>, from: number, to: LayerType): number =>
    push({
      ...row.use({}),
      title: row.words,
      inserted: true,
      inputs: [from],
      type: to,
      params: [],
      path: consumer.path,
      span: consumer.span,
      stack: consumer.stack,
    });
  if (wanted === "vector") {
    if (type.domain === "vector") return id;
    if (input.promised && (isOpen(type.height) || isOpen(type.width))) {
      report(openInputs(consumer, type, input));
      return undefined;
    }
    const image = isSpectrum(type.domain) ? insert(inverseFft, id, imageOf(type)) : id;
    return insert(flatten, image, vectorOf(elementsOf(imageOf(type))));
  }
  if (type.domain === "vector") {
    report(vectorGiven(id, wanted, consumer, nodes));
    return undefined;
  }
  if (wanted === "spectrum") return isImage(type.domain) ? insert(fft, id, spectrumOf(type)) : id;
  return isSpectrum(type.domain) ? insert(inverseFft, id, imageOf(type)) : id;
}

/** S0304. */
function openInputs(consumer: Consumer, type: LayerType, input: InputPlace): Parameters<Report>[0] {
  const { span } = consumer;
  const image = imageOf(type);
  return {
    severity: "error",
    code: "S0304",
    title: `\`${consumer.word}\` needs a fixed number of inputs`,
    span,
    label: `${shapeText(image)} flattens to an unknown number of inputs`,
    secondary: input.span === undefined ? [] : [{ span: input.span, text: promiseText(image) }],
    helps: [
      {
        text: "average over the image first; this works at every size",
        edits: [{ span: { start: span.start, end: span.start }, text: "gap -> " }],
      },
      { text: `or keep some layout: \`pool pyramid 1 2 4\` gives ${image.domain === "signal" ? 7 : 21} numbers per channel at every size` },
      { text: `or fix the size: \`input ${input.text.replaceAll("?", image.domain === "signal" ? "4096" : "150")}\`` },
    ],
  };
}

/** S0301: a vector never becomes an image. */
function vectorGiven(id: number, wanted: Wanted, consumer: Consumer, nodes: readonly NetworkNode[]): Parameters<Report>[0] {
  let maker = nodes[id];
  while (maker.inputs.length === 1 && nodes[maker.inputs[0]].type.domain === "vector") maker = nodes[maker.inputs[0]];
  const several = consumer.ids.length > 1;
  const label = several ? "an image in one branch, a vector in another" : `gets ${typeText(nodes[id].type)}, which has no height and width`;
  return {
    severity: "error",
    code: "S0301",
    title: several
      ? `\`${consumer.word}\` cannot merge a vector with an image`
      : `\`${consumer.word}\` takes ${wanted === "spectrum" ? "a spectrum" : "an image"}, not a vector`,
    span: consumer.span,
    label,
    secondary: maker.id === 0 ? [] : [{ span: maker.span, text: `makes ${typeText(maker.type)}` }],
    notes: ["a vector never becomes an image"],
    helps: [{ text: several ? "end every branch with `gap`, or none" : `put \`${consumer.word}\` before the layer that makes the vector` }],
  };
}
