/** @file The house keeps its shape: import directions, no cycles, short files and lines, documented modules, a runtime on its own. */

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
  trials: ["data"],
  report: ["plan", "compiler", "runtime", "data", "train", "trials"],
  train: ["plan", "compiler", "runtime", "data"],
  runs: ["plan", "compiler", "runtime", "data", "train", "report"],
  embed: ["compiler", "runtime", "model", "train/open.ts", "plan"],
  export: ["plan", "compiler", "runtime", "model", "data/data-error.ts", "data/zip-library.ts"],
  cli: ["plan", "compiler", "runtime", "model", "data", "import", "report", "train", "trials", "export", "runs"],
};

function resolved(module: Module, target: string): string | undefined {
  return target.startsWith(".") ? relative(source, resolve(source, dirname(module.path), target)) : undefined;
}

describe("structure", () => {
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

  test("no import cycles", () => {
    const graph = new Map(
      modules.map((module) => [
        module.path,
        module.imports.filter((entry) => !entry.typeOnly).flatMap((entry) => resolved(module, entry.target) ?? []),
      ]),
    );
    // Adjoints are mutually recursive by nature (the gradient of a map sums, the gradient of a sum maps), so the ops that
    // every adjoint may build form one knot, and nothing else does.
    const knot = new Set(["compiler/ops/map.ts", "compiler/ops/contract.ts", "compiler/ops/move.ts"]);
    const done = new Set<string>();
    const path: string[] = [];
    const cycles: string[] = [];
    const visit = (node: string): void => {
      const at = path.indexOf(node);
      if (at >= 0) {
        const cycle = path.slice(at);
        if (!cycle.every((member) => knot.has(member))) cycles.push([...cycle, node].join(" -> "));
        return;
      }
      if (done.has(node)) return;
      path.push(node);
      for (const next of graph.get(node) ?? []) visit(next);
      path.pop();
      done.add(node);
    };
    for (const node of graph.keys()) visit(node);
    expect(cycles).toEqual([]);
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
