/** @file What stops a command: how each error is shown, and the exit code that it means. */

import type { Diagnostic, Source, Span } from "../../compiler/diagnostics/diagnostic.ts";
import { Bug, Limitation } from "../../compiler/diagnostics/diagnostic.ts";
import { ProgramError } from "../../compiler/diagnostics/program-error.ts";
import { renderDiagnostic, toJson } from "../../compiler/diagnostics/render.ts";
import { systemReason } from "../../data/data-error.ts";
import type { ExitCode } from "./exit-code.ts";
import { exitCode } from "./exit-code.ts";
import type { Output } from "./output.ts";

export function reportDiagnostics(output: Output, source: Source, diagnostics: readonly Diagnostic[]): void {
  for (const diagnostic of diagnostics) {
    output.warn(`${renderDiagnostic(diagnostic, source, { color: output.errorColour })}\n`);
    output.record({ type: "diagnostic", ...toJson(diagnostic, source) });
  }
}

export function reportLimitations(output: Output, source: Source, limitations: readonly Limitation[]): void {
  for (const limitation of sorted(limitations)) reportRemark(output, "limitation", source, limitation);
}

function sorted(limitations: readonly Limitation[]): readonly Limitation[] {
  return [...limitations].sort((a, b) => (a.span?.start ?? 0) - (b.span?.start ?? 0));
}

/** Something to say that has no code and perhaps a place. */
export interface Remark {
  readonly message: string;
  readonly span?: Span;
  readonly help?: string;
}

/** Drawn like a diagnostic where it has a place. */
export function reportRemark(output: Output, kind: Kind, source: Source, { message, span, help }: Remark): void {
  if (span === undefined) return reportError(output, kind, message, help);
  const helps = help === undefined ? [] : [{ text: help }];
  const drawn: Diagnostic = { severity: kind === "error" ? "error" : "warning", code: kind, title: message, span, label: "", helps };
  output.warn(`${renderDiagnostic(drawn, source, { color: output.errorColour }).replace(`${drawn.severity}[${kind}]`, kind)}\n`);
  const { severity: _severity, code: _code, ...place } = toJson(drawn, source);
  output.record({ type: kind, ...place });
}

/** 2 when nothing is wrong but something is not built. */
export function codeOf(diagnostics: readonly Diagnostic[], limitations: readonly Limitation[], strict: boolean): ExitCode {
  if (diagnostics.some(({ severity }) => severity === "error" || strict)) return exitCode.user;
  return limitations.length > 0 ? exitCode.limitation : exitCode.done;
}

type Kind = "error" | "warning" | "limitation" | "bug" | "interrupted";

function reportError(output: Output, kind: Kind, message: string, help: string | undefined): void {
  output.warn(`${kind}: ${message}${help === undefined ? "" : `\n  help: ${help}`}`);
  output.record({ type: kind, message, ...(help === undefined ? {} : { help }) });
}

/** Errors by name, because importing their classes would load the modules that throw them. */
const userErrors: ReadonlySet<string> = new Set([
  "ArgumentError",
  "DataError",
  "RunError",
  "NoAdapterError",
  "TensorFileError",
  "TensorMismatchError",
]);

/** What an error that is no program's means: how it is shown, and the exit code. */
interface Failure {
  readonly kind: Kind;
  readonly message: string;
  readonly help?: string;
  readonly code: ExitCode;
}

function failureOf(thrown: unknown): Failure {
  if (thrown instanceof Limitation) return { kind: "limitation", message: thrown.message, help: thrown.help, code: exitCode.limitation };
  if (!(thrown instanceof Error)) return { kind: "bug", message: String(thrown), code: exitCode.bug };
  if (thrown.name === "Interrupted") return { kind: "interrupted", message: thrown.message, code: exitCode.interrupted };
  if (userErrors.has(thrown.name)) {
    const help = "help" in thrown && typeof thrown.help === "string" ? thrown.help : undefined;
    const page = "code" in thrown && typeof thrown.code === "string" ? ` (${thrown.code})` : "";
    return { kind: "error", message: `${thrown.message}${page}`, help, code: exitCode.user };
  }
  if (thrown.name === "DeviceError" && /memory/i.test(thrown.message)) {
    const help = "use a smaller --input, fewer weights, or another --device: not even one image at a time fits";
    return { kind: "error", message: thrown.message, help, code: exitCode.user };
  }
  const reason = systemReason(thrown);
  if (reason !== undefined) {
    const path = "path" in thrown && typeof thrown.path === "string" ? thrown.path : undefined;
    return { kind: "error", message: path === undefined ? reason : `cannot use ${path}: ${reason}`, code: exitCode.user };
  }
  const message =
    thrown instanceof Bug ? thrown.message : `${thrown.stack ?? thrown.message}\nPlease report this with the command and the .spec file.`;
  return { kind: "bug", message, code: exitCode.bug };
}

/** Shows what was thrown and says which exit code it means. */
export function reportFailure(output: Output, thrown: unknown): ExitCode {
  if (thrown instanceof ProgramError) {
    reportDiagnostics(output, thrown.source, thrown.diagnostics);
    reportLimitations(output, thrown.source, thrown.limitations);
    // Warnings stop a program only where they were asked to.
    return codeOf(thrown.diagnostics, thrown.limitations, thrown.limitations.length === 0);
  }
  const { kind, message, help, code } = failureOf(thrown);
  reportError(output, kind, message, help);
  return code;
}

/** What was thrown in one line: of a program, the last that is wrong with it. */
export function failureReason(thrown: unknown): string {
  const text = thrown instanceof ProgramError ? lastProblem(thrown) : failureOf(thrown).message;
  return text.split("\n")[0];
}

function lastProblem({ diagnostics, limitations, message }: ProgramError): string {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  return sorted(limitations).at(-1)?.message ?? errors.at(-1)?.title ?? diagnostics.at(-1)?.title ?? message;
}
