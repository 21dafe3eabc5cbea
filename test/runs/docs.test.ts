/** @file docs/runs.md does what it says: its program trains, as an application would run it. */

import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { drawStripes } from "../support/drawings.ts";
import { runInNode } from "../support/module-run.ts";

let folder = "";
const programs = [...readFileSync("docs/runs.md", "utf8").matchAll(/^```js\n(.*?)^```$/gms)].map((match) => match[1]);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "specc-runs-page-"));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(resolve("."), join(folder, "node_modules", "specc"));
  await drawStripes(join(folder, "photos"), 12, 0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the page has one program", () => expect(programs).toHaveLength(1));

test("it trains, and opens what it trained", async () => {
  const { code, stdout, stderr } = await runInNode(folder, programs[0]);
  expect(code, stderr).toBe(0);
  expect(stdout).toBe("1 true\n2 true\n3 true\ndone\n[ 'across', 'upright' ] 2\n");
});
