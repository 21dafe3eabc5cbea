/** @file Compares a network with the data it is to learn from: the last of the checks (grammar/reference.md#the-order-of-checks). */

import type { Diagnostic, Help } from "../compiler/diagnostics/diagnostic.ts";
import { Limitation } from "../compiler/diagnostics/diagnostic.ts";
import type { Network, NetworkNode } from "../compiler/network/network.ts";
import { known } from "../compiler/network/types.ts";
import type { ClassCount } from "./classes.ts";

/** How many classes a message lists before it cuts. */
const listedClasses = 8;
const numberWords = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];

/**
 * S0610 when the outputs do not match the classes, S0611 when images cannot have the network's channels,
 * S0106 when `--input` gave a signal.
 *
 * @param place the data folder as the user typed it
 * @throws Limitation for a network on signals: data of that kind cannot be read yet
 */
export function checkAgainstData(network: Network, classes: readonly ClassCount[], place: string): readonly Diagnostic[] {
  if (network.input.kind === "signal") {
    // The file says nothing, so `--input` did.
    if (network.nodes[0].inserted) return [signalGiven(network, place)];
    throw new Limitation(`the network takes signals, the data in ${place} are images`, {
      span: network.input.span,
      help: "signals cannot be read from a data folder yet; `specc grad` takes them from a file",
    });
  }
  return [...checkChannels(network), ...checkClasses(network, classes, place)];
}

function signalGiven({ input }: Network, place: string): Diagnostic {
  const given = `${known(input.width)}x${input.channels ?? 1}`;
  return {
    severity: "error",
    code: "S0106",
    title: `\`--input ${given}\` gives a signal, the data in ${place} are images`,
    span: input.span,
    label: "without `input`, the network takes what it is given",
    notes: ["two numbers are a signal: samples, channels"],
    helps: [{ text: `did you mean \`--input ${given}x3\`: height, width, channels?` }],
  };
}

function checkChannels({ input }: Network): readonly Diagnostic[] {
  const { channels } = input;
  if (channels === undefined || channels === 1 || channels === 3) return [];
  return [
    {
      severity: "error",
      code: "S0611",
      title: `the network takes ${channels} channels, images have 3 or 1`,
      span: input.span,
      label: `${channels} channels`,
      notes: ["images are read in colour (3 channels) or as grey (1); transparency is dropped"],
      helps: [{ text: "end the size with `x3` for colour or `x1` for grey" }],
    },
  ];
}

function checkClasses(network: Network, classes: readonly ClassCount[], place: string): readonly Diagnostic[] {
  const head = network.nodes[network.output];
  const outputs = head.type.channels;
  // One output tells two classes apart by its sign.
  if (outputs === classes.length || (outputs === 1 && classes.length === 2)) return [];
  const rest = classes.length - listedClasses;
  const counts = classes
    .slice(0, listedClasses)
    .map(({ name, count }, index) => `${name} (${count.toLocaleString("en")}${index > 0 ? "" : count === 1 ? " image" : " images"})`);
  return [
    {
      severity: "error",
      code: "S0610",
      title: `the network has ${amount(outputs, "output", "outputs")}, the data has ${amount(classes.length, "class", "classes")}`,
      span: head.span,
      label: "one output per class",
      notes: [`classes in ${place}: ${counts.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`],
      helps: [fittingHead(network, head, classes.length), ...fewerClasses(outputs, classes)],
    },
  ];
}

function fittingHead(network: Network, head: NetworkNode, count: number): Help {
  const text = `for ${numberWords[count] ?? count} classes, and one label per image`;
  const typed = network.source.text.slice(head.span.start, head.span.end);
  const words = /^dense\b[^{#\n]*[^{#\s]/.exec(typed);
  // A head inside a recipe may have other uses, and one of another kind no known right form.
  if (words === null || head.stack.length > 0) return { text: `${text}, end with \`dense softmax ${count}\`` };
  const span = { start: head.span.start, end: head.span.start + words[0].length };
  return { text, edits: [{ span, text: `dense softmax ${count}` }] };
}

/** As many of the classes as there are outputs, the largest ones. */
function fewerClasses(outputs: number, classes: readonly ClassCount[]): readonly Help[] {
  if (outputs < 2 || outputs > listedClasses || outputs >= classes.length) return [];
  const largest = new Set([...classes].sort((left, right) => right.count - left.count).slice(0, outputs));
  const names = classes.filter((entry) => largest.has(entry)).map(({ name }) => name);
  return [{ text: `or train on ${numberWords[outputs]} of them: \`--classes ${names.join(",")}\`` }];
}

function amount(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
