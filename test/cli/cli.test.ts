/** @file The command line: help, arguments, exit codes, streams; check, fmt, explain, compile, doctor. */

import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commands } from "../../src/cli/commands/index.ts";
import { specc } from "../support/cli.ts";

let folder = "";
let net = "";

const good = "spec 1\n\ninput 8x8x2\n  -> conv spectral gaussian 2\n  -> relu\n  -> dense softmax 3\n";

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "specc-cli-"));
  net = await file("net.spec", good);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const ansi = /\u001b\[/;

describe("help", () => {
  test("the overview names every command", async () => {
    const { code, stdout, stderr } = await specc(["--help"]);
    expect(code).toBe(0);
    expect(stderr).toBe("");
    for (const { name, about } of commands) expect(stdout).toMatch(new RegExp(`^  ${name} +${about}$`, "m"));
  });

  test.each(commands.map(({ name }) => name))("%s --help shows usage, options and examples", async (name) => {
    const { code, stdout, stderr } = await specc([...name.split(" "), "--help"]);
    expect(code).toBe(0);
    expect(stderr).toBe("");
    expect(stdout).toMatch(new RegExp(`^usage: specc ${name}`));
    expect(stdout).toMatch(/^examples:\n {2}specc /m);
    for (const option of ["--json", "--quiet", "--help"]) expect(stdout).toContain(option);
    // An option with its value cannot be broken.
    for (const line of stdout.split("\n").filter((text) => !text.startsWith("  specc"))) expect(line.length).toBeLessThanOrEqual(80);
    expect((await specc(["help", ...name.split(" ")])).stdout).toBe(stdout);
  });

  test("--version", async () => {
    const { version } = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8")) as { version: string };
    expect(await specc(["--version"])).toMatchObject({ code: 0, stdout: `${version}\n` });
  });

  test("without a command it explains itself and fails", async () => {
    const { code, stdout, stderr } = await specc([]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("usage: specc COMMAND");
  });
});

describe("arguments", () => {
  test.each([
    [["chekc", "x"], "no command `chekc`", "did you mean `check`?"],
    [["net.spec"], "no command `net.spec`", "specc check net.spec"],
    [["--net", "a"], "the command comes first", ""],
    [["check"], "`specc check` needs FILE", "usage: specc check FILE"],
    [["check", "a", "b"], "takes no argument `b`", ""],
    [["check", "a", "--inptu", "3"], "no option `--inptu`", "did you mean `--input`?"],
    [["check", "a", "--input", "64x64"], "", ""],
    [["check", "a", "--input", "big"], "--input takes height x width x channels", ""],
    [["check", "a", "--input"], "--input needs a value: --input HxWxC", ""],
    [["check", "a", "--net", "b", "--net", "c"], "--net is given twice", ""],
    [["check", "a", "--set", "epochs"], "--set takes KEY=VALUE", ""],
    [["check", "a", "--format", "xml"], "--format takes text, json", ""],
    [["init", "a"], "`specc init` needs --out FILE", ""],
    [["init", "a", "--out", "b", "--seed", "-1"], "--seed", ""],
    [["train", "a"], "`specc train` needs --data DIR", ""],
    [["train", "a", "--data", "b", "--epochs", "1.5"], "--epochs takes a whole number from 1", ""],
    [["train", "a", "--data", "b", "--lr", "fast"], "--lr takes a positive number", ""],
    [["compile", "a", "--emit", "plna"], "--emit takes plan, wgsl, graph", "did you mean `plan`?"],
    [["compile", "a", "--emit", "plan", "--without", "simplfy"], "no pass `simplfy`", "did you mean `simplify`?"],
    [["compile", "a", "--emit", "plan", "--without", "differentiate"], "`differentiate` cannot be left out", ""],
    [["compile", "a", "--dump", "nothing"], "no pass `nothing`", ""],
    [["compile", "a", "--emit", "plan", "--train"], "--train is for modules", ""],
    [["compile", "a", "--out", "model.json"], "ends in .js or .mjs", "--emit plan"],
    [["explain", "S9999"], "no code `S9999`", ""],
    [["check", "/no/such.spec"], "cannot use /no/such.spec: there is no such file", ""],
    [["predict", "run"], "`specc predict` needs IMAGE...", ""],
  ])("%j", async (words, message, help) => {
    const { code, stdout, stderr } = await specc(words);
    expect(code).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toContain(message);
    expect(stderr).toContain(help);
    const json = await specc([...words, "--json"]);
    expect(json.code).toBe(1);
    for (const record of json.records()) expect(record["type"]).toBe("error");
  });
});

describe("check", () => {
  test("shows layers, subtotals and training values", async () => {
    const { code, stdout, stderr } = await specc(["check", net]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/conv spectral gaussian 2 +8x8x2 +spectrum +24 .*boundary wrap, channels shared/);
    expect(stdout).toContain("parameters: filters 24, head 387; total 411");
    expect(stdout).toContain("train: loss: cross_entropy, optimizer: adam { lr: 0.001");
    expect(stdout).not.toMatch(ansi);
  });

  test("as NDJSON on standard output, text on standard error", async () => {
    for (const flags of [["--json"], ["--format", "json"], ["--format=json"]]) {
      const result = await specc(["check", net, ...flags]);
      expect(result.code).toBe(0);
      expect(result.stderr).toContain("parameters: filters 24");
      const records = result.records();
      expect(records.map(({ type }) => type)).toEqual(["network", "result"]);
      expect(records[0]).toMatchObject({
        open: false,
        parameters: { filters: 24, heads: 387, total: 411 },
        train: { loss: "cross_entropy", epochs: "10" },
      });
    }
  });

  test("an error gives its frame, its record and exit code 1", async () => {
    const path = await file("wrong.spec", "spec 1\n\ninput 8x8x2 -> conv spectral gausian 2 -> relu -> gap -> dense softmax 2\n");
    const { code, stdout, stderr } = await specc(["check", path]);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toContain("error[S0202]: no filter family named `gausian`");
    expect(stderr).toContain(`--> ${path}:3:30`);
    expect(stderr).not.toMatch(ansi);
    const [diagnostic, result] = (await specc(["check", path, "--json"])).records();
    expect(diagnostic).toMatchObject({ type: "diagnostic", code: "S0202", line: 3, column: 30 });
    expect(result).toMatchObject({ type: "result", errors: 1, code: 1 });
  });

  test("warnings fail with --strict alone", async () => {
    const path = await file(
      "warns.spec",
      "spec 1\n\nfilter ring(g = 1) = g * exp(-r^2)\n\ninput 8x8x2 -> conv spectral ring 2 -> relu -> dense softmax 2\n",
    );
    const relaxed = await specc(["check", path]);
    expect([relaxed.code, relaxed.stderr]).toEqual([0, expect.stringContaining("warning[W0505]")]);
    expect((await specc(["check", path, "--strict"])).code).toBe(1);
  });

  test("what is not built yet is a limitation", async () => {
    const path = await file("later.spec", "spec 1\n\ninput 8x2 -> conv spectral free 2 -> relu -> dense softmax 2\n\naugment noise 5%\n");
    const { code, stderr } = await specc(["check", path]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^limitation: `augment` is not built yet for signals\n --> .*:5:1$/m);
    expect((await specc(["check", path, "--json"])).records()).toContainEqual(expect.objectContaining({ type: "limitation", line: 5 }));
    expect((await specc(["check", path, "--no-augment"])).code).toBe(0);
  });

  test("a warning beside a limitation does not change its exit code", async () => {
    const path = await file(
      "both.spec",
      "spec 1\n\nfilter ring(g = 1) = g * exp(-r^2)\n\ninput 8x8x2 -> conv spectral ring 2 -> norm batch -> relu -> dense softmax 2\n",
    );
    for (const words of [
      ["check", path],
      ["compile", path, "--emit", "plan"],
    ]) {
      const { code, stderr } = await specc(words);
      expect([code, stderr]).toEqual([2, expect.stringMatching(/warning\[W0505\][\s\S]*limitation: `norm batch` is not built yet/)]);
    }
  });

  test("open networks are checked; compilation wants their size", async () => {
    const path = await file("open.spec", "conv spectral gaussian 2 -> relu -> dense softmax 2\n");
    const open = await specc(["check", path]);
    expect([open.code, open.stderr]).toEqual([0, ""]);
    expect(open.stdout).toContain("sizes are open");
    const explained = await specc(["check", path, "--explain"]);
    expect(explained.code).toBe(1);
    expect(explained.stderr).toContain("error[S0612]: the size of the input is open");
    expect((await specc(["check", path, "--explain", "--input", "8x8x1"])).code).toBe(0);
  });

  test("--explain shows transforms, rewrites and plans", async () => {
    const { code, stdout } = await specc(["check", net, "--explain"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/\[fft\] +spectrum 8x8x2/);
    expect(stdout).toMatch(/\[inverse fft\] +image 8x8x2/);
    expect(stdout).toContain("the sum over 2 channels moves in front of the FFT");
    expect(stdout).toMatch(/FLOPs become .* dispatches/);
    expect(stdout).toMatch(/Fourier transforms:\n {2}8 /);
  });

  test("--grad compares three gradients", async () => {
    const { code, stdout } = await specc(["check", net, "--grad", "--device", "cpu"]);
    expect(code).toBe(0);
    expect(stdout.match(/ ok$/gm)).toHaveLength(8);
    expect(stdout).toContain("all gradients agree");
  });

  test("colours on a terminal alone, and not with NO_COLOR", async () => {
    expect((await specc(["check", net], { terminal: true })).stdout).toMatch(ansi);
    expect((await specc(["check", net], { terminal: true, environment: { NO_COLOR: "1" } })).stdout).not.toMatch(ansi);
    expect((await specc(["check", net], { environment: { FORCE_COLOR: "1", CI: "1" } })).stdout).not.toMatch(ansi);
  });

  test("a file with several networks", async () => {
    const path = await file(
      "two.spec",
      "spec 1\n\nnet a = input 8x8x1 -> gap -> dense softmax 2\n\n" +
        "net b = input 8x8x1 -> conv spectral linear 2 -> gap -> dense softmax 2\n",
    );
    expect((await specc(["check", path, "--json"])).records().map(({ net: name }) => name)).toEqual(["a", "b", undefined]);
    expect((await specc(["check", path, "--net", "b", "--json"])).records().map(({ net: name }) => name)).toEqual(["b", undefined]);
    const unchosen = await specc(["compile", path, "--emit", "graph"]);
    expect([unchosen.code, unchosen.stderr]).toEqual([1, expect.stringContaining("networks: a, b")]);
  });
});

describe("fmt", () => {
  const messy = "input   8x8x2->relu   # keep\n  -> dense softmax 3\n";

  test("formats in place, once", async () => {
    const path = await file("messy.spec", messy);
    expect(await specc(["fmt", "--check", path])).toMatchObject({ code: 1, stdout: `${path} is not formatted\n` });
    expect(await readFile(path, "utf8")).toBe(messy);
    expect(await specc(["fmt", path])).toMatchObject({ code: 0, stdout: `formatted ${path}\n` });
    expect(await readFile(path, "utf8")).toContain("# keep");
    expect(await specc(["fmt", path])).toMatchObject({ code: 0, stdout: "" });
    expect(await specc(["fmt", "--check", path])).toMatchObject({ code: 0, stdout: "" });
  });

  test("from standard input to standard output", async () => {
    const { code, stdout } = await specc(["fmt", "-"], { input: messy });
    expect(code).toBe(0);
    expect(await specc(["fmt", "-"], { input: stdout })).toMatchObject({ code: 0, stdout });
  });

  test("a wrong file is reported and left alone; the others are formatted", async () => {
    const wrong = await file("broken.spec", "input 8x8x2 -> (relu\n");
    const path = await file("messy2.spec", messy);
    const { code, stderr } = await specc(["fmt", wrong, path]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("error[S0102]")]);
    expect(await readFile(path, "utf8")).not.toBe(messy);
  });
});

describe("compile", () => {
  test("without --emit it wants the name of a module", async () => {
    expect(await specc(["compile", net])).toMatchObject({ code: 1, stderr: expect.stringContaining("needs --out") });
  });

  test("the plan is JSON, shaders and graphs are text", async () => {
    const plan = JSON.parse((await specc(["compile", net, "--emit", "plan"])).stdout) as { version: number; programs: object };
    expect(plan.version).toBe(1);
    expect(Object.keys(plan.programs)).toEqual(expect.arrayContaining(["infer", "evaluate", "train"]));
    expect((await specc(["compile", net, "--emit", "wgsl"])).stdout).toContain("@compute");
    expect((await specc(["compile", net, "--emit", "graph"])).stdout).toMatch(/^graph infer \{/);
  });

  test("--dump shows the graph after a pass, --without leaves it out", async () => {
    const before = (await specc(["compile", net, "--dump", "elaborate"])).stdout;
    const after = (await specc(["compile", net, "--dump", "spectral-algebra"])).stdout;
    const left = (await specc(["compile", net, "--dump", "spectral-algebra", "--without", "spectral-algebra"])).stdout;
    expect(before).toContain("bchk,fhk->bfhk");
    expect(after).not.toContain("bchk,fhk->bfhk");
    expect(left).toBe("");
  });

  test("warns of a missing version, and writes files", async () => {
    const path = await file("noversion.spec", good.replace("spec 1\n\n", ""));
    const out = join(folder, "graph.txt");
    const { code, stdout, stderr } = await specc(["compile", path, "--emit", "graph", "--out", out]);
    expect([code, stdout, stderr]).toEqual([0, `wrote ${out}\n`, expect.stringContaining("warning[W0002]")]);
    expect(await readFile(out, "utf8")).toMatch(/^graph infer/);
  });

  test.each([
    ["an image", "conv spatial 3x3 2 -> softmax", "`softmax` gives image 4x4x2", ["infer"]],
    ["a spectrum", "conv spectral gaussian 2", "`conv spectral gaussian 2` gives spectrum 4x4x2", null],
  ])("a network that ends in %s has no loss", async (kind, body, gives, programs) => {
    const path = await file("endless.spec", `spec 1\n\ninput 4x4x1 -> ${body}\n`);
    for (const flag of ["--grad", "--explain"]) {
      expect(await specc(["check", path, flag])).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(`a network that ends in ${kind} has no .*: ${gives}`),
      });
    }
    expect((await specc(["check", path])).code).toBe(0);
    const { code, stdout } = await specc(["compile", path, "--emit", "plan"]);
    expect(code === 0 ? Object.keys((JSON.parse(stdout) as { programs: object }).programs) : null).toEqual(programs);
  });
});

describe("explain", () => {
  test("prints the page of a code", async () => {
    const { code, stdout } = await specc(["explain", "s0610"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^# S0610: /);
  });

  test("lists all codes", async () => {
    const records = (await specc(["explain", "--json"])).records();
    expect(records.map(({ code }) => code)).toEqual(expect.arrayContaining(["S0610", "W0505"]));
    for (const { title } of records) expect(title).not.toBe("");
  });
});

test("doctor shows versions, environment and the trial", async () => {
  const result = await specc(["doctor", "--device", "cpu", "--json"], { environment: { VK_ICD_FILENAMES: "/no/such/driver.json" } });
  expect(result.code).toBe(0);
  const records = result.records();
  expect(records.find(({ type }) => type === "versions")).toMatchObject({ node: process.version });
  expect(records.find(({ type }) => type === "trial")).toMatchObject({ passed: true });
  expect(records.at(-1)).toMatchObject({
    type: "result",
    works: true,
    problems: expect.arrayContaining([expect.stringContaining("/no/such/driver.json")]),
  });
});

describe("start-up", () => {
  const root = resolve(import.meta.dirname, "../..");

  /** Packages that a module reaches by imports that run when it is loaded. */
  function packagesOf(path: string, seen = new Map<string, ReadonlySet<string>>()): ReadonlySet<string> {
    const known = seen.get(path);
    if (known !== undefined) return known;
    const found = new Set<string>();
    seen.set(path, found);
    const text = readFileSync(path, "utf8");
    for (const [, typeOnly, target] of text.matchAll(/^(?:import|export)\s+(type\s)?[^;]*?from\s+"([^"]+)"/gm)) {
      if (typeOnly !== undefined) continue;
      if (!target.startsWith(".")) found.add(target);
      else for (const name of packagesOf(resolve(dirname(path), target), seen)) found.add(name);
    }
    return found;
  }

  test("the overview loads no more than yargs and edit distances", () => {
    const packages = [...packagesOf(join(root, "src/cli/main.ts"))].filter((name) => !name.startsWith("node:"));
    expect(packages).toEqual(["yargs"]);
  });

  test.each(commands.map(({ name }) => name))("%s loads decoders, drivers and charts only when they are used", (name) => {
    const [first, second = first] = name.split(" ");
    const places = [`${first}.ts`, join(first, `${second}.ts`)].map((place) => join(root, "src/cli/commands", place));
    const packages = packagesOf(places.find((place) => existsSync(place)) ?? "nowhere");
    for (const heavy of ["webgpu", "sharp", "@observablehq/plot", "linkedom", "jstat"]) expect(packages).not.toContain(heavy);
  });

  const run = (file: string, ...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
    new Promise((done) =>
      execFile(process.execPath, [file, ...words], (error, stdout, stderr) => done({ code: Number(error?.code ?? 0), stdout, stderr })),
    );

  test("without a build it says what to do", async () => {
    await mkdir(join(folder, "bin"), { recursive: true });
    await copyFile(join(root, "bin/specc.js"), join(folder, "bin/specc.js"));
    await writeFile(join(folder, "package.json"), '{ "type": "module" }');
    expect(await run(join(folder, "bin/specc.js"), "--help")).toMatchObject({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining("npm run build"),
    });
  });

  test.skipIf(!existsSync(join(root, "dist/cli/main.js")))("the built program writes to pipes without colours", async () => {
    const { code, stdout } = await run(join(root, "bin/specc.js"), "check", net);
    expect(code).toBe(0);
    expect(stdout).toContain("conv spectral gaussian 2");
    expect(stdout).not.toMatch(ansi);
  });
});
