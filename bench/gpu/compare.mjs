/**
 * @file The paper's network on one device: specc beside PyTorch, eager and compiled, interleaved, checked, against the floor
 * that memory bandwidth sets. What it has been run on stands in README.md beside this file: no GPU so far.
 *
 *     node bench/gpu/compare.mjs [--size=150] [--filters=16] [--batch=32] [--rounds=2] [--queued=50] [--device=auto]
 *         [--torch-device=cuda] [--python=python3] [--out=bench/results/gpu.json]
 *
 * Both sides start from the same weights and images. "On the device": many runs are queued and the time divided. "From host to
 * host": images go in and the result comes back for each run. Ratios are medians over the rounds.
 */

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { median } from "../summary.mjs";
import { writeWork } from "./work.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const given = Object.fromEntries(process.argv.slice(2).map((text) => /^--([^=]+)=?(.*)$/.exec(text).slice(1)));
const options = { size: "150", filters: "16", batch: "32", rounds: "2", queued: "50", device: "auto", "torch-device": "cuda", python: "python3", out: join(here, "..", "results", "gpu.json"), ...given };
/** Microseconds on an H100 (3.35 TB/s) for 16 filters, 150x150, batch 32, every value moved once: modelled, not measured. */
const floor = options.size === "150" && options.filters === "16" && options.batch === "32" ? { forward: 121, "training step": 246 } : undefined;
/** Largest error of outputs and losses against double precision with which a time counts. */
const tolerated = 1e-3;

const work = mkdtempSync(join(tmpdir(), "specc-gpu-"));
const shape = ["size", "filters", "batch", "queued"];
const runs = [];
try {
  writeWork(work, options);
  let reference;
  for (let round = 1; round <= Number(options.rounds); round++) {
    const ours = json(process.execPath, [join(here, "specc.mjs"), `--work=${work}`, `--device=${options.device}`, ...shape.map((name) => `--${name}=${options[name]}`)]);
    const theirs = json(options.python, [join(here, "twin.py"), "--work", work, "--device", options["torch-device"], ...shape.flatMap((name) => [`--${name}`, options[name]]), ...(round === 1 ? ["--reference"] : [])]);
    reference ??= theirs.reference;
    runs.push({ round, adapter: ours.adapter, torch: `${theirs.torch} on ${theirs.device}`, systems: { specc: ours, ...Object.fromEntries(Object.entries(theirs.forms).map(([name, form]) => [`PyTorch ${name}`, form])) } });
    console.error(`round ${round} of ${options.rounds}`);
  }
  for (const { systems } of runs) {
    for (const system of Object.values(systems).filter(({ failed }) => failed === undefined)) {
      system.error = errorOf(system, reference);
      if (!(system.error <= tolerated)) system.failed = `wrong result: error ${system.error.toExponential(1)}`;
    }
  }
} finally {
  rmSync(work, { recursive: true });
}
mkdirSync(dirname(resolve(options.out)), { recursive: true });
writeFileSync(resolve(options.out), `${JSON.stringify({ date: new Date().toISOString(), options, runs }, null, 1)}\n`);
console.log(report());
console.error(`written: ${resolve(options.out)}`);

function json(command, words) {
  const result = spawnSync(command, words, { encoding: "utf8", maxBuffer: 2 ** 28 });
  if (result.status === 0) return JSON.parse(result.stdout.trim().split("\n").at(-1));
  console.error(`${command} ${words.join(" ")}\n${result.error?.message ?? result.stderr}`);
  process.exit(1);
}

/** The largest difference of outputs and of losses, relative to the largest value. */
function errorOf({ outputs, losses }, reference) {
  const error = (ours, right) => Math.max(...right.map((value, i) => Math.abs(value - ours[i]))) / Math.max(...right.map(Math.abs));
  return Math.max(error(outputs, reference.outputs), error(losses, reference.losses));
}

function report() {
  const names = Object.keys(runs[0].systems);
  const rows = Object.keys(runs[0].systems.specc.ms);
  const lines = [`specc on ${runs[0].adapter}; PyTorch ${runs[0].torch}; ${options.filters} filters, ${options.size}x${options.size}, batch ${options.batch}, ${options.rounds} rounds`, "", "| work | system | ms | system / specc | times the modelled floor | error |", "|---|---|---:|---:|---:|---|"];
  for (const row of rows) {
    for (const name of names) {
      const counted = runs.filter(({ systems }) => systems[name].failed === undefined && systems.specc.failed === undefined);
      if (counted.length === 0) {
        lines.push(`| ${row} | ${name} | ${(runs[0].systems[name].failed ?? "specc is wrong").replaceAll("|", "/")} | | | |`);
        continue;
      }
      const ms = median(counted.map(({ systems }) => systems[name].ms[row]));
      const beside = median(counted.map(({ systems }) => systems[name].ms[row] / systems.specc.ms[row]));
      const least = row.endsWith("on the device") ? floor?.[row.split(",")[0]] : undefined;
      lines.push(`| ${row} | ${name} | ${ms.toFixed(3)} | ${beside.toFixed(2)} | ${least === undefined ? "" : ((1000 * ms) / least).toFixed(1)} | ${Math.max(...counted.map(({ systems }) => systems[name].error)).toExponential(1)} |`);
    }
  }
  const { kernels, method, dispatches, openMs } = runs.at(-1).systems.specc;
  const slowest = [...kernels].sort((a, b) => b.ms - a.ms).slice(0, 12).map(({ label, ms }) => `| ${label} | ${(1000 * ms).toFixed(1)} |`);
  return [
    ...lines, "", `specc: ${dispatches.forward} dispatches forward, ${dispatches["training step"]} in a training step; ${(openMs / 1000).toFixed(1)} s to compile`,
    "wanted on a card of the H100's class: training step 3 times faster than eager, 1.5 times faster than compile, within 2 times the floor", "",
    `| slowest kernels of a training step, by ${method} | us |`, "|---|---:|", ...slowest,
  ].join("\n");
}
