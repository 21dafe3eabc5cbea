/** @file Colours and tables for the terminal: plain text wherever there is none. */

import Table from "cli-table3";
import picocolors from "picocolors";

/** What decides about colours: a stream such as `process.stdout`. */
export interface OutputStream {
  readonly isTTY?: boolean;
}

/** Colours only for a terminal: a pipe gets none, whatever CI systems and other variables say. Honours NO_COLOR. */
export function useColour(stream: OutputStream, environment: Readonly<Record<string, string | undefined>>): boolean {
  return stream.isTTY === true && (environment.NO_COLOR ?? "") === "" && environment.TERM !== "dumb";
}

/** Functions such as `bold` and `red`; they change nothing without colour. */
export function colours(colour: boolean): ReturnType<typeof picocolors.createColors> {
  return picocolors.createColors(colour);
}

export interface TableOptions {
  readonly colour?: boolean;
  /** One for each column; numbers are easier to compare when they stand to the right. */
  readonly align?: readonly ("left" | "right")[];
}

/** A table with a ruled head; no line ends in a space. */
export function renderTable(head: readonly string[], rows: readonly (readonly string[])[], options: TableOptions = {}): string {
  const { bold } = colours(options.colour ?? false);
  const table = new Table({
    head: head.map((title) => bold(title)),
    colAligns: [...(options.align ?? head.map(() => "left" as const))],
    style: { head: [], border: [], "padding-left": 0, "padding-right": 2 },
    chars: {
      top: "",
      "top-mid": "",
      "top-left": "",
      "top-right": "",
      bottom: "",
      "bottom-mid": "",
      "bottom-left": "",
      "bottom-right": "",
      left: "",
      "left-mid": "",
      right: "",
      "right-mid": "",
      mid: "",
      "mid-mid": "",
      middle: "",
    },
  });
  table.push(...rows.map((row) => [...row]));
  const [first, ...others] = table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd());
  const widest = Math.max(...[first, ...others].map((line) => visibleLength(line)));
  return [first, "─".repeat(widest), ...others].join("\n");
}

function visibleLength(text: string): number {
  return text.replace(/\u001b\[[0-9;]*m/g, "").length;
}
