/** @file The house keeps its shape: directions, no circles, rooms like a table of contents, short files, a runtime on its own. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const source = join(root, "src");

interface Module {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly { readonly target: string; readonly typeOnly: boolean }[];
}

function filesBelow(folder: string, kinds: RegExp = /\.ts$/): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path, kinds) : kinds.test(entry.name) ? [path] : [];
  });
}

function readModule(path: string): Module {
  const text = readFileSync(path, "utf8");
  const imports = [...text.matchAll(/^(import|export)\s+(type\s+)?[^;]*?\sfrom\s+"([^"]+)"/gm)].map((match) => ({
    target: match[3],
    typeOnly: match[2] !== undefined,
  }));
  const lazy = [...text.matchAll(/import\("([^"]+)"\)/g)].map((match) => ({ target: match[1], typeOnly: true }));
  return { path: relative(source, path), text, imports: [...imports, ...lazy] };
}

const modules = filesBelow(source).map(readModule);
const folderOf = (path: string): string => path.split("/")[0];

/** What each part of the house may import, besides itself. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  plan: [],
  compiler: ["plan"],
  runtime: ["plan"],
  model: ["plan", "runtime"],
  data: ["plan", "compiler", "runtime"],
  import: ["plan", "compiler", "runtime", "data/zip-library.ts"],
  trials: ["data", "runtime/fields.ts"],
  report: ["plan", "compiler", "runtime", "data", "train", "trials"],
  train: ["plan", "compiler", "runtime", "data"],
  runs: ["plan", "compiler", "runtime", "data", "train", "report"],
  embed: ["compiler", "runtime", "model", "train/open.ts", "plan"],
  export: ["plan", "compiler", "runtime", "model", "data/data-error.ts", "data/zip-library.ts"],
  cli: ["plan", "compiler", "runtime", "model", "data", "import", "report", "train", "trials", "export", "runs"],
};

/** Circles that stay. */
const circles: readonly { readonly files: readonly string[]; readonly reason: string }[] = [
  {
    files: ["compiler/ops/contract.ts", "compiler/ops/map.ts"],
    reason: "adjoints are mutually recursive by nature: the gradient of a map sums, and the gradient of a sum maps",
  },
];

/** Files beside the folders: more than these, and a part of the house wants a room. Lists of equals lie in folders of their own. */
const tops: Readonly<Record<string, number>> = { "src/compiler": 12, "src/cli": 12, test: 12 };

function resolved(module: Module, target: string): string | undefined {
  return target.startsWith(".") ? relative(source, resolve(source, dirname(module.path), target)) : undefined;
}

/** Groups of files that import each other, at once or through others (strongly connected components, Tarjan 1972). */
function circlesOf(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const numbers = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const found: string[][] = [];
  const visit = (node: string): number => {
    const number = numbers.size;
    numbers.set(node, number);
    let low = number;
    open.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!numbers.has(next)) low = Math.min(low, visit(next));
      else if (open.includes(next)) low = Math.min(low, lowest.get(next) ?? numbers.get(next) ?? low);
    }
    lowest.set(node, low);
    if (low === number) {
      const members = open.splice(open.indexOf(node));
      if (members.length > 1) found.push(members.sort());
    }
    return low;
  };
  for (const node of graph.keys()) if (!numbers.has(node)) visit(node);
  return found.sort();
}

describe("structure", () => {
  test("circles are found", () => {
    expect(
      circlesOf(
        new Map([
          ["a", ["b"]],
          ["b", ["c"]],
          ["c", ["a"]],
          ["d", ["a", "e"]],
          ["e", []],
        ]),
      ),
    ).toEqual([["a", "b", "c"]]);
  });

  test("there is something to look at", () => expect(modules.length).toBeGreaterThan(60));

  test.each(modules.map((module) => [module.path, module] as const))("%s", (path, module) => {
    expect(module.text.startsWith("/**\n * @file ") || module.text.startsWith("/** @file "), "opens with @file").toBe(true);
    expect(module.text.split("\n").length, "lines").toBeLessThanOrEqual(401);
    expect(path).not.toMatch(/(^|[/-])(utils|helpers|common|core|manager)([/.-]|$)/);
    const folder = folderOf(path);
    for (const { target, typeOnly } of module.imports) {
      const to = resolved(module, target);
      if (to === undefined) {
        if (folder === "runtime" || folder === "model") expect(typeOnly && target === "webgpu", `${path} imports ${target}`).toBe(true);
        if (folder === "plan") expect(target, `${path} stands on nothing`).toBe("nothing outside");
        if (folder === "embed" || path === "train/open.ts") expect(target, `${path} needs Node`).toBe("nothing outside");
        if (folder === "compiler") expect(target, "compiler imports").toMatch(/^chevrotain$/);
        continue;
      }
      if (folderOf(to) === folder) continue;
      const permitted = allowed[folder].some((place) => to === place || to.startsWith(`${place}/`));
      expect(permitted, `${path} imports ${to}`).toBe(true);
    }
  });

  test.each(filesBelow(join(root, "test")).map((path) => relative(root, path)))("%s is short", (path) => {
    expect(readFileSync(join(root, path), "utf8").split("\n").length, "lines").toBeLessThanOrEqual(401);
  });

  test.each(["src", "test", "bench", "scripts", "examples"])("no line of %s is longer than 140 columns", (folder) => {
    const long = filesBelow(join(root, folder), /\.(ts|mjs|js|sh|py)$/)
      // What was measured or built is not written by hand.
      .filter((path) => !/^bench\/(results|build)\/|\/model\.js$/.test(relative(root, path)))
      .flatMap((path) =>
        readFileSync(path, "utf8")
          .split("\n")
          .flatMap((line, index) => (line.length > 140 ? `${relative(root, path)}:${index + 1}` : [])),
      );
    expect(long).toEqual([]);
  });

  test("no import circles, type imports counted, but those named here", () => {
    const graph = new Map(modules.map((module) => [module.path, module.imports.flatMap(({ target }) => resolved(module, target) ?? [])]));
    expect(circlesOf(graph)).toEqual(circles.map(({ files }) => files));
  });

  test.each(Object.entries(tops))("the top of %s is a table of contents", (folder, most) => {
    const files = readdirSync(join(root, folder), { withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files.length, files.map(({ name }) => name).join(", ")).toBeLessThanOrEqual(most);
  });

  test("tests lie where what they test lies", () => {
    const folders = filesBelow(join(root, "test"))
      .map((path) => dirname(relative(join(root, "test"), path)))
      .filter((folder) => folder !== "." && !["support", "fixtures", "golden"].includes(folder.split("/")[0]));
    expect([...new Set(folders)].filter((folder) => !existsSync(join(source, folder)))).toEqual([]);
  });

  test("every diagnostic code has a page, and every page a code", () => {
    const used = new Set(modules.flatMap((module) => [...module.text.matchAll(/"([SW]\d{4})"/g)].map((match) => match[1])));
    const pages = new Set(readdirSync(join(root, "grammar", "diagnostics")).map((name) => name.replace(/\.md$/, "")));
    expect([...used].filter((code) => !pages.has(code)).sort()).toEqual([]);
    expect([...pages].filter((code) => !used.has(code)).sort()).toEqual([]);
  });
});

test("ARCHITECTURE.md names real files", () => {
  const text = readFileSync(join(root, "ARCHITECTURE.md"), "utf8");
  const named = [...text.matchAll(/`((?:src|test|grammar|bench)\/[\w./-]*)`/g)].map((match) => match[1]);
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
});
