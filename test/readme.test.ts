/** @file Runs the README: every command in it, in order, as a newcomer would, on images made for the purpose. */

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { check } from "../src/compiler/check.ts";
import { gpuMissing } from "./support/gpu.ts";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const readme = readFileSync(join(root, "README.md"), "utf8");
const blocks = (language: string): readonly string[] =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([^\`]*)^\`\`\`$`, "gm"))].map((match) => match[1]);
/** Indented commands need data that the project does not ship; they run on the same small images. */
const indented = [...readme.matchAll(/^ {4}(npx specc .*)$/gm)].map((match) => match[1]);
const commands = [...blocks("sh").flatMap((block) => block.trim().split("\n")), ...indented];

let folder = "";

/** Two classes that differ: bright blobs above, dark stripes below. */
async function makePhotos(): Promise<void> {
  for (const [label, name] of ["cats", "dogs"].entries()) {
    mkdirSync(join(folder, "photos", name), { recursive: true });
    for (let index = 1; index <= 12; index++) {
      const [width, height] = [80 + index, 70];
      const pixels = Uint8Array.from({ length: width * height * 3 }, (_, i) => {
        const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
        return label === 0 ? 255 * Math.exp(-((x - 30 - index) ** 2 + (y - 30) ** 2) / 300) : 60 + 40 * Math.sin((x + index) / 3);
      });
      await sharp(pixels, { raw: { width, height, channels: 3 } })
        .jpeg()
        .toFile(join(folder, "photos", name, `${index}.jpg`));
    }
  }
}

/**
 * What really runs (the quickstart writes to runs/ of the project, which git ignores): the built command line, on little data
 * where the README means much.
 */
function runnable(command: string): string {
  if (command === "npm run quickstart") return `sh "${join(root, "scripts", "quickstart.sh")}" --limit 400 --epochs 1`;
  const small = command.startsWith("npx specc train examples/wood2021") ? `${command} --limit 24 --epochs 1 --batch 8` : command;
  return small.replace("../data/cats-dogs/train", "photos").replace(/^npx specc/, `node "${join(root, "bin", "specc.js")}"`);
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "specc-readme-"));
  symlinkSync(join(root, "examples"), join(folder, "examples"));
  await makePhotos();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("the README has commands and programs", () => {
  expect(commands.length).toBeGreaterThan(10);
  expect(blocks("spec").length).toBeGreaterThan(1);
});

test.each(blocks("spec"))("%s", (text) => {
  expect(check({ name: "README.md", text }).diagnostics.filter((diagnostic) => diagnostic.severity === "error")).toEqual([]);
});

test("its links lead somewhere", () => {
  const links = [...readme.matchAll(/\]\(([^)#]+)\)/g)].map((match) => match[1]).filter((link) => !link.includes("://"));
  expect(links.length).toBeGreaterThan(5);
  expect(links.filter((link) => !existsSync(join(root, link)))).toEqual([]);
});

describe.skipIf(gpuMissing !== undefined)("as a newcomer", () => {
  // `npm test` is what runs this.
  test.each(commands.filter((command) => command !== "npm test"))(
    "%s",
    (command) => {
      const result = spawnSync("sh", ["-c", runnable(command)], { cwd: folder, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } });
      expect(result.status, `${result.stdout}\n${result.stderr}`).toBe(0);
      expect(result.stdout).not.toContain("\u001b[");
      if (command.includes(" predict ")) expect(result.stdout).toMatch(/cats|dogs/);
      if (command === "npm run quickstart") expect(result.stdout).toMatch(/test accuracy/);
    },
    600_000,
  );
});
