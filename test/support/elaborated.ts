/** @file What the elaborator makes of a text. */

import type { ElaborateOptions, Elaboration } from "../../src/compiler/elaborate/elaborate.ts";
import { elaborate } from "../../src/compiler/elaborate/elaborate.ts";
import type { Network } from "../../src/compiler/network/network.ts";
import { parse } from "../../src/compiler/syntax/parser.ts";

export function elaborated(text: string, options: ElaborateOptions = {}): Elaboration {
  const source = { name: "net.spec", text };
  const { file, diagnostics } = parse(source);
  const result = elaborate(file, source, options);
  return { ...result, diagnostics: [...diagnostics, ...result.diagnostics] };
}

export function network(text: string, options: ElaborateOptions = {}): Network {
  const result = elaborated(text, options);
  if (result.network === undefined) throw new Error(result.diagnostics.map(({ code, title }) => `${code} ${title}`).join("\n"));
  return result.network;
}

export function codes(text: string, options: ElaborateOptions = {}): readonly string[] {
  return elaborated(text, options).diagnostics.map(({ code }) => code);
}
