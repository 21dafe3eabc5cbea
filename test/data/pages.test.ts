/** @file The pages of the diagnostics that need data or a command: their wrong programs give the messages they show. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Diagnostic, Source } from "../../src/compiler/diagnostics/diagnostic.ts";
import { applyEdits, renderDiagnostic } from "../../src/compiler/diagnostics/render.ts";
import { elaborate } from "../../src/compiler/elaborate/elaborate.ts";
import { openSize } from "../../src/compiler/network/open-size.ts";
import { parse } from "../../src/compiler/syntax/parser.ts";
import { checkAgainstData } from "../../src/data/data-check.ts";

/** The folder `./pets` of the pages; two of its classes where the fixed program has two outputs. */
const birds = { name: "birds", count: 812 };
const cats = { name: "cats", count: 12491 };
const dogs = { name: "dogs", count: 12470 };

const pages = [
  { code: "S0610", classes: [birds, cats, dogs] },
  { code: "S0611", classes: [cats, dogs] },
  { code: "S0612", classes: [cats, dogs] },
] as const;

function fence(page: string, opening: string): string {
  const match = new RegExp(`^\`\`\`${opening}\n([^]*?)^\`\`\``, "m").exec(page);
  if (match === null) throw new Error(`no block ${opening}`);
  return match[1];
}

function diagnose(source: Source, classes: (typeof pages)[number]["classes"]): readonly Diagnostic[] {
  const parsed = parse(source);
  const { network, diagnostics } = elaborate(parsed.file, source);
  expect([...parsed.diagnostics, ...diagnostics]).toEqual([]);
  if (network === undefined) throw new Error("no network");
  const open = openSize(network);
  return open === undefined ? checkAgainstData(network, classes, "./pets") : [open];
}

test.each(pages)("$code", ({ code, classes }) => {
  const page = readFileSync(join(import.meta.dirname, "../..", "grammar", "diagnostics", `${code}.md`), "utf8");
  const wrong = { name: "net.spec", text: fence(page, "spec wrong") };
  const [diagnostic, ...others] = diagnose(wrong, classes);
  expect(others).toEqual([]);
  expect(renderDiagnostic(diagnostic, wrong).trimEnd()).toBe(fence(page, "text").trimEnd());
  const fixed = fence(page, "spec fixed");
  expect(diagnose({ name: "net.spec", text: fixed }, classes)).toEqual([]);
  const edits = diagnostic.helps?.[0].edits;
  if (edits !== undefined) expect(applyEdits(wrong.text, edits)).toBe(fixed);
});
