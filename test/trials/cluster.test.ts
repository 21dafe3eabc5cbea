/** @file The templates of examples/cluster: their syntax, and what they start, with stand-ins for a cluster. */

import { spawn, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commands } from "../../src/cli/commands/index.ts";
import { makePlan, writePlan } from "../../src/trials/plan.ts";
import { taskIndex } from "../../src/trials/task-index.ts";
import { pythonWith } from "../support/python.ts";

const examples = join(import.meta.dirname, "../..", "examples", "cluster");
let folder = "";
let plan = "";

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "specc cluster "));
  plan = join(folder, "plan.json");
  await writePlan(
    plan,
    makePlan({
      program: { name: "a.spec", text: 'net a = input 8x8x1 -> dense 2\n# "key":\n' },
      options: {},
      places: { data: "/d", val: null, device: "auto", cache: null },
      nets: [{ name: "a", input: null }],
      seeds: [0, 1, 2, 3, 4],
    }),
  );
  // Writes what it is called with; fails at trial 1.
  writeFileSync(
    join(folder, "specc"),
    '#!/bin/sh\necho "$@" "[${SLURM_ARRAY_TASK_ID:-}]"\ncase "$*" in *\'--index 1\') exit 1;; *\'--index 4\') exit 130;; esac\n',
  );
  writeFileSync(join(folder, "srun"), '#!/bin/sh\nshift\nexec "$@"\n');
  for (const name of ["specc", "srun"]) chmodSync(join(folder, name), 0o755);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("slurm.sh", () => {
  const run = (task: string, ...words: string[]): { status: number | null; lines: readonly string[] } => {
    const { status, stdout } = spawnSync("bash", [join(examples, "slurm.sh"), plan, ...words], {
      encoding: "utf8",
      env: { PATH: `${folder}:${process.env["PATH"] ?? ""}`, ...(task === "" ? {} : { SLURM_ARRAY_TASK_ID: task }) },
    });
    return { status, lines: stdout.split("\n").slice(0, -1) };
  };

  test("starts the trial of its task, or a group of them", () => {
    expect(spawnSync("bash", ["-n", join(examples, "slurm.sh")]).status).toBe(0);
    expect(run("3")).toEqual({ status: 0, lines: [`trials run ${plan} --index auto [3]`] });
    expect(run("0", "3")).toEqual({ status: 1, lines: [0, 1, 2].map((index) => `trials run ${plan} --index ${index} [0]`) });
    // The last group is shorter; a trial that was stopped ends the task.
    expect(run("1", "3")).toEqual({ status: 130, lines: [3, 4].map((index) => `trials run ${plan} --index ${index} [1]`) });
    expect(run("2", "3")).toEqual({ status: 0, lines: [] });
    expect(run("").status).not.toBe(0);
  });
});

describe("kubernetes.yaml", () => {
  const text = readFileSync(join(examples, "kubernetes.yaml"), "utf8");

  test("is an indexed Job that starts what the command line knows", () => {
    for (const line of ["apiVersion: batch/v1", "kind: Job", "  completionMode: Indexed", "      restartPolicy: Never"])
      expect(text).toContain(`\n${line}\n`);
    const [name, ...words] = JSON.parse(/command: (\[.*\])/.exec(text)?.[1] ?? "[]") as string[];
    expect(name).toBe("specc");
    expect(commands.map((row) => row.name)).toContain(words.slice(0, 2).join(" "));
    expect(words.slice(-2)).toEqual(["--index", "auto"]);
    // YAML knows no tabs; levels are of two blanks.
    expect(text).not.toContain("\t");
    for (const line of text.split("\n").filter((row) => row.trim() !== ""))
      expect(/^ */.exec(line)?.[0].length ?? 1).toSatisfy((count: number) => count % 2 === 0);
  });

  const python = pythonWith("PyYAML");

  test.skipIf(python === undefined)("is YAML", () => {
    const { stdout } = spawnSync(
      python ?? "",
      ["-c", "import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))", join(examples, "kubernetes.yaml")],
      { encoding: "utf8" },
    );
    expect(JSON.parse(stdout)).toMatchObject({
      kind: "Job",
      spec: {
        completionMode: "Indexed",
        completions: 80,
        backoffLimitPerIndex: 2,
        template: { spec: { containers: [{ volumeMounts: [{ name: "work" }] }], volumes: [{ name: "work" }] } },
      },
    });
  });
});

test("ray.mjs submits a job for each trial, with its number in the environment", async () => {
  const jobs: { readonly url: string | undefined; readonly job: Record<string, unknown> }[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const job = JSON.parse(body) as Record<string, unknown>;
      jobs.push({ url: `${request.method ?? ""} ${request.url ?? ""}`, job });
      if (jobs.length === 5) response.writeHead(500).end("no room");
      else response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ submission_id: job["submission_id"] }));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const child = spawn(
    process.execPath,
    [join(examples, "ray.mjs"), `http://127.0.0.1:${(server.address() as AddressInfo).port}`, plan, "0.5"],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
  const code = await new Promise((done) => child.on("close", done));
  server.close();
  expect([code, errors]).toEqual([1, "trial 4: 500 no room\n"]);
  expect(jobs.map(({ url }) => url)).toEqual(Array.from({ length: 5 }, () => "POST /api/jobs/"));
  expect(jobs.map(({ job }) => taskIndex((job["runtime_env"] as { env_vars: Record<string, string> }).env_vars))).toEqual([0, 1, 2, 3, 4]);
  expect(jobs[0].job).toMatchObject({ entrypoint: `specc trials run '${plan}' --index auto`, entrypoint_num_gpus: 0.5 });
  expect(new Set(jobs.map(({ job }) => job["submission_id"])).size).toBe(5);
});
