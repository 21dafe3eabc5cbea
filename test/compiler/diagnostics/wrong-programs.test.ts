/** @file The wrong programs of test/fixtures/wrong-programs.md: code, place and text of every message. */

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { check } from "../../../src/compiler/check.ts";
import type { Diagnostic } from "../../../src/compiler/diagnostics/diagnostic.ts";
import { renderDiagnostic } from "../../../src/compiler/diagnostics/render.ts";
import { checkAgainstData } from "../../../src/data/data-check.ts";

interface WrongProgram {
  readonly title: string;
  readonly text: string;
  readonly messages: readonly string[];
}

function wrongPrograms(): readonly WrongProgram[] {
  const page = readFileSync(new URL("../../fixtures/wrong-programs.md", import.meta.url), "utf8");
  return page
    .split(/^### /m)
    .slice(1)
    .map((section) => {
      const [title = ""] = section.split("\n", 1);
      const fences = [...section.matchAll(/^```(spec|text)\n([\s\S]*?)^```$/gm)].map(([, kind, body]) => ({ kind, body: body ?? "" }));
      return {
        title,
        text: fences.find((fence) => fence.kind === "spec")?.body ?? "",
        messages: fences.filter((fence) => fence.kind === "text").map((fence) => fence.body.trimEnd()),
      };
    });
}

const pets = [
  { name: "birds", count: 812 },
  { name: "cats", count: 12_491 },
  { name: "dogs", count: 12_470 },
];

/** What `check` says, and what the data say where the network itself is right. */
function diagnosticsOf(text: string, withPets: boolean): readonly Diagnostic[] {
  const { diagnostics, networks } = check({ name: "net.spec", text });
  const [network] = networks;
  return withPets && network !== undefined ? [...diagnostics, ...checkAgainstData(network, pets, "./pets")] : diagnostics;
}

/** Equal line by line; in the page, `...` stands for text left unchanged. */
function expectMessage(actual: string, wanted: string): void {
  const [actualLines, wantedLines] = [actual.split("\n"), wanted.split("\n")];
  const shown = actualLines.map((line, index) => {
    const pattern = wantedLines[index] ?? "";
    if (!/^\s*\d+ [~+]/.test(pattern) || !pattern.endsWith("...")) return line;
    return line.startsWith(pattern.slice(0, -3)) ? pattern : line;
  });
  expect(shown.join("\n")).toBe(wanted);
}

describe("wrong programs", () => {
  const programs = wrongPrograms();
  test("are twenty-three", () => expect(programs).toHaveLength(23));
  test.each(programs)("$title", ({ title, text, messages }) => {
    const source = { name: "net.spec", text };
    const found = diagnosticsOf(text, title.startsWith("23."));
    const rendered = found.map((diagnostic) => renderDiagnostic(diagnostic, source));
    expect(rendered).toHaveLength(messages.length);
    for (const [index, message] of messages.entries()) expectMessage(rendered[index] ?? "", message);
  });
});
