/**
 * @file specc beside its peers on the same work, one process per case and round, interleaved.
 *
 *     npm run build && node bench/peers.mjs --peers=DIR [--rounds=2] [--cases=W1-spatial,...] \
 *         [--with=specc,jaxjs-webgpu,torch-cpu-1t] [--limit=180] [--out=bench/results/peers.json]
 *
 * DIR holds the peers' scripts, installed and with their references written. Prints a table of medians and ratios to specc.
 */

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const options = Object.fromEntries(process.argv.slice(2).map((text) => /^--([^=]+)=?(.*)$/.exec(text).slice(1)));
if (options.peers === undefined) {
  console.error("bench/peers.mjs: --peers=DIR is missing: the folder of the peers' scripts, installed, with references");
  process.exit(1);
}
const peers = resolve(options.peers);
const { cases } = JSON.parse(readFileSync(join(peers, "common", "cases.json"), "utf8"));
const chosen = options.cases === undefined ? cases.map((entry) => entry.id) : options.cases.split(",");
const names = (options.with ?? "specc,jaxjs-webgpu,torch-cpu-1t").split(",");
const rounds = Number(options.rounds ?? 2);
const limit = Number(options.limit ?? 180);

const oneThread = { OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1", OMP_WAIT_POLICY: "PASSIVE" };
/** How each peer runs one case, in the folder `cwd`. */
const commands = {
  specc: { cwd: join(here, ".."), command: [process.execPath, "bench/case.mjs", `--peers=${peers}`], env: {} },
  "jaxjs-webgpu": { cwd: peers, command: [process.execPath, "jaxjs.mjs", "--backend=webgpu"], env: {} },
  "tfjs-webgpu": { cwd: peers, command: [process.execPath, "build/tfjs.mjs", "--backend=webgpu"], env: {} },
  "tfjs-wasm": { cwd: peers, command: [process.execPath, "build/tfjs.mjs", "--backend=wasm"], env: {} },
  "torch-cpu-1t": { cwd: peers, command: ["/usr/bin/python3", "torch_cpu.py", "--threads=1"], env: oneThread },
};

const runs = [];
for (let round = 1; round <= rounds; round++) {
  for (const id of chosen) {
    for (const name of names) {
      const { cwd, command, env } = commands[name];
      const file = join(tmpdir(), `specc-bench-${process.pid}.json`);
      const started = Date.now();
      const result = spawnSync(command[0], [...command.slice(1), `--case=${id}`, `--round=${round}`, `--out=${file}`], { cwd, env: { ...process.env, PEERS_ROOT: peers, ...env }, timeout: limit * 1000, killSignal: "SIGKILL", encoding: "utf8" });
      let report = { peer: name, case: id, round, rows: [] };
      try {
        report = JSON.parse(readFileSync(file, "utf8"));
        rmSync(file);
      } catch {
        report.failed = result.error?.code === "ETIMEDOUT" ? `over ${limit} s` : String(result.stderr).trim().split("\n").at(-1);
      }
      runs.push({ ...report, peer: name });
      console.error(`${round} ${id} ${name} ${((Date.now() - started) / 1000).toFixed(1)} s ${report.failed ?? ""}`);
    }
  }
}
const out = resolve(options.out ?? join(here, "results", "peers.json"));
mkdirSync(dirname(out), { recursive: true });
writeFileSync(out, `${JSON.stringify({ date: new Date().toISOString(), rounds, runs }, null, 1)}\n`);
console.log(table());
console.error(`written: ${out}`);

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

function table() {
  const lines = ["| row | peer | median ms | min-max | first ms | dispatches / submits | peer / specc | error against f64 |", "|---|---|---:|---|---:|---|---:|---|"];
  const rowsOf = (name) => runs.filter((run) => run.peer === name).flatMap((run) => run.rows.map((row) => ({ ...row, round: run.round })));
  const keys = [...new Set(runs.flatMap((run) => run.rows.map((row) => `${row.case} ${plain(row.row)}`)))];
  for (const key of keys) {
    for (const name of names) {
      const own = rowsOf(name).filter((row) => `${row.case} ${plain(row.row)}` === key && row.ms !== undefined);
      if (own.length === 0) {
        const failed = runs.find((run) => run.peer === name && key.startsWith(run.case) && run.failed !== undefined);
        lines.push(`| ${key} | ${name} | ${failed?.failed ?? "fails"} | | | | | |`);
        continue;
      }
      // Ratios are taken within a round, so that the load of the machine cancels.
      const ratios = own.flatMap((row) => rowsOf("specc").filter((ours) => ours.round === row.round && `${ours.case} ${plain(ours.row)}` === key && ours.ms !== undefined).map((ours) => row.ms / ours.ms));
      const last = own.at(-1);
      const error = last.check?.out?.relToMax ?? last.check?.losses?.relToMax;
      lines.push(`| ${key} | ${name} | ${median(own.map((row) => row.ms)).toFixed(1)} | ${Math.min(...own.map((row) => row.min)).toFixed(1)}-${Math.max(...own.map((row) => row.max)).toFixed(1)} | ${median(own.map((row) => row.firstMs)).toFixed(0)} | ${last.perRun === undefined ? "" : `${last.perRun.dispatches} / ${last.perRun.submits}`} | ${ratios.length === 0 ? "" : median(ratios).toFixed(2)} | ${error === undefined || error === null ? "" : error.toExponential(1)} |`);
    }
  }
  return lines.join("\n");
}

/** Peers name variants of one row in parentheses. */
function plain(row) {
  return row.replace(/ \([^)]*\)$/, "");
}
