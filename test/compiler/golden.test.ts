/**
 * @file The texts that the compiler makes of a few small programs, kept in test/golden, so that a change of the compiler can be
 * read in a diff. UPDATE_GOLDEN=1 (`npm run golden`) writes them anew.
 */

import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Compiled } from "../../src/compiler/compile.ts";
import { compileNetwork } from "../../src/compiler/compile.ts";
import type { ElaborateOptions } from "../../src/compiler/elaborate/elaborate.ts";
import { printGraph } from "../../src/compiler/graph/graph.ts";
import type { Target } from "../../src/compiler/lower/target.ts";
import { baseline, software } from "../../src/compiler/lower/target.ts";
import type { Plan, PlanBuffer, Step } from "../../src/plan/plan.ts";
import { network } from "../support/elaborated.ts";

const root = join(import.meta.dirname, "../..");
const folder = join(root, "test", "golden");
const update = process.env["UPDATE_GOLDEN"] === "1";

/** What a program is read from, at a size at which its texts stay short. */
interface Golden extends Pick<ElaborateOptions, "input"> {
  readonly name: string;
  readonly path: string;
  /** Of the list before it: kernels that are equal there are only named. */
  readonly like?: string;
  readonly target?: Target;
  readonly batch?: number;
}

const image = (height: number, width: number, channels: number): ElaborateOptions["input"] => ({ height, width, channels });
const fixture = (name: string): string => `test/fixtures/networks/${name}.spec`;

const goldens: readonly Golden[] = [
  { name: "tiny", path: "examples/tiny.spec", input: image(8, 8, 1) },
  { name: "tiny-software", like: "tiny", path: "examples/tiny.spec", input: image(8, 8, 1), target: software },
  { name: "tiny-slabs", like: "tiny", path: "examples/tiny.spec", input: image(8, 8, 1), target: { ...baseline, slab: 2 }, batch: 4 },
  // Gaussian layers one after the other, which melt into each other.
  { name: "block", path: "examples/block.spec", input: image(4, 5, 3) },
  { name: "spatial", path: fixture("spatial-column") },
  { name: "raw", path: fixture("one-full-free") },
  { name: "signal", path: fixture("signal-spectral") },
  { name: "residual", path: fixture("residual-spectrum") },
  { name: "shared", path: fixture("shared-dense") },
  { name: "dropout", path: fixture("dropout") },
  { name: "pool", path: fixture("head-gap") },
];

function compiled({ path, input, target, batch = 2 }: Golden): Compiled {
  const closed = network(readFileSync(join(root, path), "utf8"), { input });
  return compileNetwork(closed, { programs: ["infer", "train"], batch, target });
}

/** Names of constants are as long as what they hold. */
function nameOf({ name, kind, data = "" }: PlanBuffer): string {
  return kind === "constant" ? `${name.split(".", 1)[0]}#${createHash("sha256").update(data).digest("hex").slice(0, 8)}` : name;
}

/** As comments between the kernels: the file is WGSL to look at. Kernels that `like` has too are only named. */
function printPlan(plan: Plan, like: string | undefined): string {
  const names = plan.buffers.map(nameOf);
  const stepLine = ({ kernel, grid, bindings }: Step): string => {
    const places = bindings.map(({ buffer, offsetBytes, sizeBytes }) => `${names[buffer]}[${offsetBytes}+${sizeBytes}]`);
    return `//   kernel ${kernel}, ${grid.join("x")} groups: ${places.join(" ")}`;
  };
  const programs = Object.entries(plan.programs).flatMap(([name, { steps, slabs }]) => [
    `// program ${name}${slabs === undefined ? "" : `, slabs of ${slabs.images} of ${slabs.batch} images`}`,
    ...steps.map(stepLine),
    ...(slabs === undefined ? [] : ["//   after the last slab", ...slabs.finish.map(stepLine)]),
  ]);
  const known = goldens.filter(({ name }) => name === like).flatMap((golden) => compiled(golden).plan.kernels);
  const kernels = plan.kernels.flatMap(({ label, bindings, wgsl }, index) => {
    const same = known.findIndex((other) => other.wgsl === wgsl);
    const text = same < 0 ? [`// ${bindings.join(", ")}`, wgsl] : [`// as kernel ${same} of ${like}.wgsl.txt`];
    return ["", `// kernel ${index}: ${label}`, ...text];
  });
  const buffers = plan.buffers.map((buffer) => `//   ${nameOf(buffer)}: ${buffer.kind}, ${buffer.sizeBytes} bytes`);
  return ["// buffers", ...buffers, ...programs, ...kernels, ""].join("\n");
}

/** Where two texts part, as a message; undefined where they are equal. */
function difference(file: string, kept: string, made: string): string | undefined {
  if (kept === made) return undefined;
  const [before, after] = [kept.split("\n"), made.split("\n")];
  const line = before.findIndex((text, index) => text !== after[index]);
  const at = line < 0 ? before.length : line;
  return [
    `test/golden/${file} differs from line ${at + 1}:`,
    `  kept: ${before[at] ?? "(the file ends)"}`,
    `  made: ${after[at] ?? "(the text ends)"}`,
    "If that is meant, `npm run golden` writes the files anew; read what changed with `git diff test/golden`.",
  ].join("\n");
}

const files = new Set<string>();

function compare(file: string, made: string): void {
  files.add(file);
  const path = join(folder, file);
  if (update) writeFileSync(path, made);
  const problem = difference(file, existsSync(path) ? readFileSync(path, "utf8") : "", made);
  if (problem !== undefined) throw new Error(problem);
}

describe("golden texts", () => {
  mkdirSync(folder, { recursive: true });
  // Files of programs that are no longer in the list.
  afterAll(() => {
    if (update) for (const file of readdirSync(folder)) if (!files.has(file)) rmSync(join(folder, file));
  });

  test.each(goldens)("$name", (golden) => {
    const { plan, graphs } = compiled(golden);
    compare(`${golden.name}.graph.txt`, [...graphs.values()].map(printGraph).join("\n"));
    compare(`${golden.name}.wgsl.txt`, printPlan(plan, golden.like));
  });

  test("there are no others", () => {
    const names = goldens.flatMap(({ name }) => [`${name}.graph.txt`, `${name}.wgsl.txt`]);
    expect(update ? [...files].sort() : readdirSync(folder).sort()).toEqual(names.sort());
  });

  test("a difference is told by its file, its line and what to do", () => {
    expect(difference("tiny.wgsl.txt", "a\nb\nc", "a\nb\nc")).toBeUndefined();
    const message = difference("tiny.wgsl.txt", "a\nb\nc", "a\nx\nc");
    expect(message).toContain("test/golden/tiny.wgsl.txt differs from line 2:\n  kept: b\n  made: x\n");
    expect(message).toContain("npm run golden");
    expect(difference("tiny.wgsl.txt", "a", "a\nb")).toContain("from line 2:\n  kept: (the file ends)\n  made: b\n");
    expect(difference("tiny.wgsl.txt", "a\nb", "a")).toContain("from line 2:\n  kept: b\n  made: (the text ends)\n");
  });
});
