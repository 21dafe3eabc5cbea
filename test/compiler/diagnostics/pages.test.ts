/** @file Every page in grammar/diagnostics: its wrong program gives its code and its message, its fixed program neither. */

import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { check } from "../../../src/compiler/check.ts";
import type { Diagnostic, Source } from "../../../src/compiler/diagnostics/diagnostic.ts";
import { renderDiagnostic } from "../../../src/compiler/diagnostics/render.ts";
import { missingVersion, parse } from "../../../src/compiler/syntax/parser.ts";

const folder = new URL("../../../grammar/diagnostics/", import.meta.url);
const pages = readdirSync(folder).filter((name) => name.endsWith(".md"));

/** The contents of the fences that are opened with ```` ```info ````. */
function fences(page: string, info: string): string[] {
  return [...page.matchAll(/^```([^\n]*)\n(.*?)^```$/gms)].filter((match) => match[1] === info).map((match) => match[2]);
}

function diagnose(code: string, source: Source): readonly Diagnostic[] {
  // Only `compile` warns of a missing version line; the programs of all other pages have none either.
  const { file } = parse(source);
  const version = code === "W0002" && file !== undefined ? missingVersion(file) : undefined;
  return [...(version === undefined ? [] : [version]), ...check(source).diagnostics];
}

describe.each(pages)("%s", (name) => {
  const page = readFileSync(new URL(name, folder), "utf8");
  const code = name.slice(0, -".md".length);
  const [wrong] = fences(page, "spec wrong");
  const [fixed] = fences(page, "spec fixed");
  const [message] = fences(page, "text");

  it("has a title, a wrong program and a fixed program", () => {
    expect(page).toMatch(new RegExp(`^(<!-- needs: data -->\n)?# ${code}: \\S`));
    expect([wrong, fixed].every((fence) => fence !== undefined)).toBe(true);
  });

  // What only shows with data is tested with data; its message may hold measured values.
  if (page.startsWith("<!-- needs: data -->")) return;

  it("shows the message of its wrong program", () => {
    const source = { name: "net.spec", text: wrong };
    const diagnostics = diagnose(code, source);
    expect([...new Set(diagnostics.map((diagnostic) => diagnostic.code))]).toEqual([code]);
    expect(`${diagnostics.map((diagnostic) => renderDiagnostic(diagnostic, source)).join("\n\n")}\n`).toBe(message);
  });

  it("repairs it", () => {
    expect(diagnose(code, { name: "net.spec", text: fixed })).toEqual([]);
  });
});
