/** @file The documents: programs in them are right, their tables are those of the compiler, their links lead somewhere. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { check } from "../src/compiler/check.ts";
import { coordinateNames, functionNames } from "../src/compiler/formula/names.ts";
import { prelude } from "../src/compiler/formula/prelude.ts";
import { layers } from "../src/compiler/layers/index.ts";
import { knobs } from "../src/compiler/lower/knobs.ts";
import { parameterPath } from "../src/compiler/network/parameters.ts";
import { dispatchPasses } from "../src/compiler/passes/pipeline.ts";
import { parse } from "../src/compiler/syntax/parser.ts";
import { formatSource } from "../src/compiler/syntax/print.ts";
import { keywords } from "../src/compiler/syntax/tokens.ts";
import { augmentations } from "../src/compiler/words/augment.ts";
import { losses } from "../src/compiler/words/losses.ts";
import { optimizers } from "../src/compiler/words/optimizers.ts";
import type { Option } from "../src/compiler/words/schema.ts";
import { schedules, trainFields } from "../src/compiler/words/train.ts";
import type { Constraint } from "../src/plan/plan.ts";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

interface Page {
  readonly path: string;
  readonly text: string;
}

function read(path: string): Page {
  return { path, text: readFileSync(join(root, path), "utf8") };
}

const documents = [
  "README.md",
  "ARCHITECTURE.md",
  "grammar/reference.md",
  "grammar/README.md",
  "bench/RESULTS.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
].map(read);
const reference = read("grammar/reference.md");
const files = read("docs/files.md");

interface Fence {
  readonly info: string;
  readonly text: string;
  readonly line: number;
}

function fences({ text }: Page): readonly Fence[] {
  return [...text.matchAll(/^```([^\n]*)\n(.*?)^```$/gms)].map((match) => ({
    info: match[1],
    text: match[2],
    line: text.slice(0, match.index).split("\n").length,
  }));
}

/** The text without code, in which `#` and `[a](b)` mean something else. */
function prose({ text }: Page): string {
  return text.replace(/^```[^\n]*\n.*?^```$/gms, "").replace(/`[^`\n]*`/g, (code) => code.replace(/[[\]()]/g, " "));
}

/** The anchors that GitHub makes of the headings. */
function anchors(page: Page): ReadonlySet<string> {
  const headings = [...page.text.replace(/^```[^\n]*\n.*?^```$/gms, "").matchAll(/^#+ (.*)$/gm)].map((match) => match[1]);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

/** Files that are read by people, below a folder. */
function textFiles(folder: string): readonly Page[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(ts|mjs|js|py|sh|md|spec|ebnf|txt|json|yaml|html|css)$/.test(name) && !name.includes("node_modules"))
    .map((name) => read(`${folder}/${name.replaceAll("\\", "/")}`));
}

/** The body of the table with this head: cells without the backticks of code that fills them. */
function table({ path, text }: Page, head: string): readonly (readonly string[])[] {
  const lines = text.split("\n");
  const first = lines.indexOf(head);
  if (first < 0) throw new Error(`${path} has no table ${head}`);
  const rest = lines.slice(first + 2);
  const end = rest.findIndex((line) => !line.startsWith("|"));
  return rest.slice(0, end < 0 ? undefined : end).map((line) =>
    line
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) =>
        cell
          .trim()
          .replaceAll("\\|", "|")
          .replace(/^`([^`]*)`$/, "$1"),
      ),
  );
}

function optionRows(owner: string, options: readonly Option[]): readonly (readonly string[])[] {
  return options.map(({ name, form, shown }) => [owner, name, form.text, shown]);
}

describe.each(documents.map((page) => [page.path, page] as const))("%s", (path, page) => {
  const programs = fences(page).filter(({ info }) => info === "spec");
  it.each(programs.map((fence) => [fence.line, fence.text] as const))("has a right program in line %i", (_line, text) => {
    const { diagnostics, limitations } = check({ name: path, text });
    expect(diagnostics.map(({ code, title }) => `${code} ${title}`)).toEqual([]);
    expect(limitations.map(({ message }) => message)).toEqual([]);
  });

  it("has few fragments of programs", () => {
    expect(fences(page).filter(({ info }) => info === "spec fragment").length).toBeLessThan(4);
  });

  it("has links that lead somewhere", () => {
    const targets = [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].map((match) => match[1]).filter((target) => !/^https?:/.test(target));
    const broken = targets.filter((target) => {
      const [file, anchor] = target.split("#");
      const place = file === "" ? join(root, path) : resolve(root, dirname(path), file);
      if (!existsSync(place)) return true;
      return anchor !== undefined && !anchors(read(relative(root, place))).has(anchor);
    });
    expect(broken).toEqual([]);
  });
});

describe("citations of documents in code, comments and pages of diagnostics", () => {
  const places = ["src", "test", "bench", "scripts", "grammar", "examples"].flatMap(textFiles);

  it("lead to a heading that exists", () => {
    const broken = places.flatMap(({ path, text }) =>
      [...text.matchAll(/(?<![\w./])((?:docs|grammar|bench)\/[\w/-]+\.md)(?:#([\w-]*))?/g)]
        .filter(([, file, anchor]) => !existsSync(join(root, file)) || (anchor !== undefined && !anchors(read(file)).has(anchor)))
        .map(([citation]) => `${path}: ${citation}`),
    );
    expect(broken).toEqual([]);
  });

  it("name nothing that a reader of the repository cannot open", () => {
    const closed = /\b(?:NUMERIC|KERNEL|ANCHOR)S\b|\b(?:LANGUAGE|ARCHITECTURE|LIBRARIES|WASM|GPU)(?:\.md)?,? sections? \d/;
    expect(places.filter(({ text }) => closed.test(text)).map(({ path }) => path)).toEqual([]);
  });
});

describe("the tables of the reference", () => {
  const listed = table(reference, "| layer | takes | gives | what it does |");
  const missing = table(reference, "| program | what works now |").map(([program]) => program);
  const isBuilt = (words: string): boolean => layers.some((row) => row.words === words && (row.build !== undefined || words === "input"));

  it("list every layer that is built, in the order of the compiler, with what it takes", () => {
    const takes: Readonly<Record<string, string>> = { local: "any", "local image": "images or vectors" };
    const words = layers.map((row) => row.words).sort((a, b) => b.length - a.length);
    const found = listed.map(([form, taken]) => [
      words.find((word) => `${form.replace(/`.*$/, "")} `.replace(/[[,]/, " ").startsWith(`${word} `)),
      taken,
    ]);
    const expected = layers
      .filter((row) => isBuilt(row.words))
      .map((row) => {
        const taken = typeof row.takes === "string" ? row.takes : "spectrum";
        return [row.words, row.words === "input" ? "" : (takes[taken] ?? taken)];
      });
    expect([...found].sort()).toEqual([...expected].sort());
  });

  it("list every word that is not built", () => {
    const words = layers.map((row) => row.words).filter((word) => !isBuilt(word));
    for (const word of words)
      expect(
        missing.some((program) => program.startsWith(word)),
        word,
      ).toBe(true);
  });

  it.each(missing)("say of `%s` what the compiler says", (program) => {
    const declaration = /^(import|augment|train)\b/.test(program);
    const text = declaration ? `${program}\ninput ?x?x3 -> gap -> dense 2\n` : `input 16x16x3 -> ${program}\n`;
    const { diagnostics, limitations } = check({ name: "net.spec", text });
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(limitations.map(({ message }) => message)).toEqual([expect.stringContaining("not built yet")]);
  });

  it("list every option with its values and its default", () => {
    const found = table(reference, "| layer | option | values | default | meaning |").map((cells) => cells.slice(0, 4));
    expect(found).toEqual(layers.filter((row) => isBuilt(row.words)).flatMap((row) => optionRows(row.words, row.options)));
  });

  it("list every field of `train` and the options of its words", () => {
    const fields = table(reference, "| field | values | default | meaning |").map((cells) => cells.slice(0, 3));
    expect(fields).toEqual(optionRows("", trainFields).map((cells) => cells.slice(1)));
    const options = table(reference, "| word | option | values | default | meaning |").map((cells) => cells.slice(0, 4));
    expect(options).toEqual([...losses, ...optimizers, ...schedules].flatMap((row) => optionRows(row.name, row.options)));
  });

  it("list every stage of `augment`", () => {
    const found = table(reference, "| stage | what it draws for each image |").map(([form]) => /^`?(\w+)/.exec(form)?.[1]);
    expect(found).toEqual(augmentations.map(({ name }) => name));
  });

  it("list families with their parameters, activations, functions, coordinates and keywords", () => {
    const { filters, activations } = prelude();
    const families = table(reference, "| family | kernel | trained numbers per filter | parameters |").slice(0, -1);
    expect(families.map(([name, , count, params]) => [name, count, params.replaceAll("`", "")])).toEqual([
      ["free", "2 H K", ""],
      ...[...filters].map(([name, { params }]) => [name, String(2 * params.length), params.map((param) => param.name).join(", ")]),
    ]);
    const activationLine = /^(.*) are formulas of the \[prelude\]/m.exec(reference.text)?.[1];
    expect(activationLine).toBe([...activations.keys()].map((name) => `\`${name}\``).join(", "));
    const functions = table(reference, "| function | value | derivative where it has a kink |").map(([form]) => form.split("(")[0]);
    expect(functions).toEqual(functionNames);
    expect(table(reference, "| name | meaning | range |").map(([name]) => name)).toEqual(coordinateNames);
    const words = /^Keywords: `([^`]*)`/m.exec(reference.text)?.[1].split(" ");
    expect(words?.sort()).toEqual(keywords.map(({ LABEL }) => LABEL?.replaceAll('"', "")).sort());
  });

  it("list every message under the title of its page", () => {
    const pages = readdirSync(join(root, "grammar", "diagnostics"))
      .sort()
      .map((name) => {
        const title = /^# (\w+): (.*)$/m.exec(read(`grammar/diagnostics/${name}`).text);
        return [`[${title?.[1] ?? ""}](diagnostics/${name})`, title?.[2]];
      });
    expect(table(reference, "| code | meaning |").map((row) => [...row])).toEqual(pages);
  });
});

describe("programs of more than one line", () => {
  const pages = [reference, files, read("docs/training.md")];
  const programs = pages.flatMap((page) =>
    fences(page)
      .filter(({ info, text }) => info === "spec" && text.trimEnd().includes("\n"))
      .map(({ line, text }) => [page.path, line, text] as const),
  );
  it.each(programs)("are formatted in %s, line %i", (name, _line, text) => {
    // The version line is left out of most.
    const source = { name, text: text.startsWith("spec 1") ? text : `spec 1\n\n${text}` };
    const { file } = parse(source);
    expect(file === undefined ? "" : formatSource(file, source)).toBe(source.text);
  });
});

describe("docs/kernels.md", () => {
  const kernels = read("docs/kernels.md");

  it("has every choice of schedules, and every pass over dispatches", () => {
    const choices = table(kernels, "| choice | values | usual |").flatMap(([cell]) => [...cell.matchAll(/\w+/g)].map(([word]) => word));
    expect(knobs.map(({ name }) => name).filter((name) => !choices.includes(name))).toEqual([]);
    expect(table(kernels, "| pass | what |").map(([name]) => name)).toEqual(dispatchPasses.map(({ name }) => name));
  });
});

describe("docs/files.md", () => {
  it("lists the weights of its program", () => {
    const program = fences(files).find(({ info }) => info === "spec");
    const { networks } = check({ name: "net.spec", text: program?.text ?? "" });
    const weights = new Map(
      networks
        .flatMap(({ nodes }) => nodes)
        .flatMap((node) =>
          node.params.map(
            (param) =>
              [parameterPath(node, param.name), [`[${param.shape.join(", ")}]`, domainText(param.constraint, param.trained)]] as const,
          ),
        ),
    );
    const found = table(files, "| path | shape | domain |");
    expect(found).toEqual([...weights].map(([path, cells]) => [path, ...cells]));
  });
});

function domainText(constraint: Constraint, trained: boolean): string {
  if (!trained) return "not trained";
  if (constraint.kind === "range") return `${constraint.low}..${constraint.high}`;
  return constraint.kind === "positive" ? "positive" : "";
}
