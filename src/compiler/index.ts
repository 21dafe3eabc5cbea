/** @file The door of the compiler: programs to diagnostics, networks and plans. Pure: no GPU, no files. */

import type { Compiled, CompileOptions } from "./compile.ts";
import { compileNetwork } from "./compile.ts";
import type { Source } from "./diagnostics/diagnostic.ts";
import { Limitation } from "./diagnostics/diagnostic.ts";
import { ProgramError } from "./diagnostics/program-error.ts";
import type { ElaborateOptions } from "./elaborate/elaborate.ts";
import { elaborate } from "./elaborate/elaborate.ts";
import { openSize } from "./network/open-size.ts";
import { parse } from "./syntax/parser.ts";
import { formatSource } from "./syntax/print.ts";

export type { Plan, PlanParam } from "../plan/plan.ts";
export type { Checked } from "./check.ts";
export { check } from "./check.ts";
export type { Compiled, CompileOptions } from "./compile.ts";
export { compileNetwork } from "./compile.ts";
export type { Diagnostic, Edit, Help, Label, Source, Span } from "./diagnostics/diagnostic.ts";
export { Bug, Limitation } from "./diagnostics/diagnostic.ts";
export { ProgramError } from "./diagnostics/program-error.ts";
export type { JsonDiagnostic, RenderOptions } from "./diagnostics/render.ts";
export { applyEdits, renderDiagnostic, toJson } from "./diagnostics/render.ts";
export type { ElaborateOptions, Elaboration, GivenInput, Override } from "./elaborate/elaborate.ts";
export { elaborate } from "./elaborate/elaborate.ts";
export { printGraph } from "./graph/graph.ts";
export type { Target } from "./lower/target.ts";
export { baseline, defaultSizes as defaultLimits, large, software } from "./lower/target.ts";
export type { Network, NetworkNode, TrainSettings } from "./network/network.ts";
export { openSize } from "./network/open-size.ts";
export { optionalPasses } from "./passes/pipeline.ts";
export { ReferenceSession } from "./reference/session.ts";
export type { Parsed } from "./syntax/parser.ts";
export { parse } from "./syntax/parser.ts";

export type ProgramOptions = ElaborateOptions & CompileOptions;

/**
 * A program text as a plan for `specc/runtime`, and as the graphs that `ReferenceSession` interprets. Sessions take values, not
 * pixels, so `augment` is checked and left out.
 * @throws ProgramError for a program with errors or open sizes, Limitation for what is not built yet
 */
export function compile(source: Source, options: ProgramOptions = {}): Compiled {
  const { file, diagnostics: syntax } = parse(source);
  const { network, diagnostics: found, limitations } = elaborate(file, source, { ...options, augment: "ignore" });
  const diagnostics = [...syntax, ...found];
  if (diagnostics.some(({ severity }) => severity === "error")) throw new ProgramError(source, diagnostics);
  const [limitation] = limitations;
  if (limitation !== undefined) throw limitation;
  if (network === undefined) throw new Limitation(`${source.name} holds no network`, { help: "compile a file with a network" });
  const open = openSize(network);
  if (open !== undefined) throw new ProgramError(source, [open]);
  return compileNetwork(network, options);
}

/**
 * The program in the one style of the language; comments are kept, and formatting twice changes nothing.
 * @throws ProgramError when it does not parse
 */
export function format(source: Source): string {
  const { file, diagnostics } = parse(source);
  if (file === undefined || diagnostics.length > 0) throw new ProgramError(source, diagnostics);
  return formatSource(file, source);
}
