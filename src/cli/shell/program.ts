/** @file From a file name to an elaborated network, with everything that is wrong with it reported. */

import { readFile } from "node:fs/promises";
import type { Diagnostic, Source } from "../../compiler/diagnostics/diagnostic.ts";
import { Limitation } from "../../compiler/diagnostics/diagnostic.ts";
import { ProgramError } from "../../compiler/diagnostics/program-error.ts";
import type { ElaborateOptions } from "../../compiler/elaborate/elaborate.ts";
import { elaborate } from "../../compiler/elaborate/elaborate.ts";
import type { Network } from "../../compiler/network/network.ts";
import { openSize } from "../../compiler/network/open-size.ts";
import { missingVersion, parse } from "../../compiler/syntax/parser.ts";
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

export interface LoadOptions extends ElaborateOptions {
  /** A network whose sizes are open will do. */
  readonly open?: boolean;
  /** The warnings of this program have been shown. */
  readonly repeated?: boolean;
  /** Warnings count as errors. */
  readonly strict?: boolean;
}

/**
 * Parses and elaborates one network; warnings are reported at once.
 * @throws ProgramError with all errors and limitations
 */
export function loadNetwork(source: Source, output: Output, options: LoadOptions): Network {
  const parsed = parse(source);
  if (parsed.file === undefined) throw new ProgramError(source, parsed.diagnostics);
  const { network, diagnostics: found, limitations } = elaborate(parsed.file, source, options);
  const diagnostics: readonly Diagnostic[] = [...parsed.diagnostics, ...found];
  const failed = diagnostics.some((diagnostic) => diagnostic.severity === "error" || options.strict === true);
  if (failed || limitations.length > 0) throw new ProgramError(source, diagnostics, limitations);
  if (network === undefined)
    throw new ArgumentError(`${source.name} holds no network`, "it has declarations alone: add a network, or give another file");
  // An open network is loaded again once its size is known, and warns then.
  if (options.repeated !== true && (options.open !== true || !network.open)) reportDiagnostics(output, source, diagnostics);
  const open = options.open === true ? undefined : openSize(network);
  if (open !== undefined) throw new ProgramError(source, [open]);
  return network;
}

/** What is compiled to be kept should say the version of its language. */
export function warnOfMissingVersion(source: Source, output: Output): void {
  const { file } = parse(source);
  const version = file === undefined ? undefined : missingVersion(file);
  if (version !== undefined) reportDiagnostics(output, source, [version]);
}

/** Runs a part of the compiler on a network; what it cannot do is shown at its place in the text. */
export function atPlaceIn<T>(source: Source, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof Limitation) throw new ProgramError(source, [], [error]);
    throw error;
  }
}

/** `--set train.lr=0.01` as key and value. */
export function readOverrides(pairs: readonly string[]): readonly { readonly key: string; readonly value: string }[] {
  return pairs.map((pair) => {
    const at = pair.indexOf("=");
    if (at > 0 && at < pair.length - 1) return { key: pair.slice(0, at).trim(), value: pair.slice(at + 1).trim() };
    throw new ArgumentError(`--set takes KEY=VALUE, not \`${pair}\``, "for example --set train.epochs=20");
  });
}
