/** @file From a file name to a network, with everything that is wrong with it reported. */

import { readFile } from "node:fs/promises";
import type { Source } from "../../compiler/diagnostics/diagnostic.ts";
import type { Network } from "../../compiler/network/network.ts";
import { missingVersion, parse } from "../../compiler/syntax/parser.ts";
import type { NetworkOptions } from "../../runs/network.ts";
import { readNetwork } from "../../runs/network.ts";
import { ArgumentError } from "./arguments.ts";
import { reportDiagnostics } from "./failures.ts";
import type { Host, Output } from "./output.ts";

/** The text of a file; `-` is standard input. */
export async function readSource(path: string, host: Host): Promise<Source> {
  return path === "-" ? { name: "stdin", text: await host.readInput() } : { name: path, text: await readFile(path, "utf8") };
}

/** A file of bytes that some flag names. */
export async function readBytes(path: string): Promise<Uint8Array> {
  return readFile(path);
}

/** One network of a program; its warnings are shown at once. @throws ProgramError with all errors and limitations */
export function loadNetwork(source: Source, output: Output, options: NetworkOptions): Network {
  return readNetwork(source, options, ({ diagnostics }) => reportDiagnostics(output, source, diagnostics));
}

/** What is compiled to be kept should say the version of its language. */
export function warnOfMissingVersion(source: Source, output: Output): void {
  const { file } = parse(source);
  const version = file === undefined ? undefined : missingVersion(file);
  if (version !== undefined) reportDiagnostics(output, source, [version]);
}

/** `--set train.lr=0.01` as key and value. */
export function readOverrides(pairs: readonly string[]): readonly { readonly key: string; readonly value: string }[] {
  return pairs.map((pair) => {
    const at = pair.indexOf("=");
    if (at > 0 && at < pair.length - 1) return { key: pair.slice(0, at).trim(), value: pair.slice(at + 1).trim() };
    throw new ArgumentError(`--set takes KEY=VALUE, not \`${pair}\``, "for example --set train.epochs=20");
  });
}
