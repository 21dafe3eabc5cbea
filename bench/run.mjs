/**
 * @file specc beside its peers on the same work: one process for each case, system and round, interleaved.
 *
 *     npm run bench -- --peers=DIR [--cases=W1-spatial,paper-6,sweep,...] [--with=specc,jaxjs-webgpu,...] [--rounds=2]
 *         [--ablate] [--batch=32] [--limit=180] [--device=auto] [--python=/usr/bin/python3] [--out=bench/results]
 *     npm run bench -- --from=bench/results/results.json,... [--out=bench/results]
 *
 * DIR holds the peers' scripts, installed and with their references written (its README says how). What is not installed there
 * is left out, by name. `--ablate` measures specc once more for each optional pass left out; `--batch` is that of the paper's
 * network. A time counts only if the result agrees with PyTorch in double precision. Prints tables; writes results.json and plots.
 * `--from` measures nothing: it tabulates and draws the results of one or several sittings. PEERS_BUDGET_MS, 2000 unless set,
 * bounds the timed part of a row.
 */

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { optionalPasses } from "../dist/compiler/passes/pipeline.js";
import { prepareCases } from "./cases.mjs";
import { drawPlots } from "./plots.mjs";
import { ablationTable, rowsOf, sweep, targetTable, timeTable } from "./summary.mjs";
import { runCase, systemsFor } from "./systems.mjs";

const known = ["peers", "cases", "with", "rounds", "ablate", "batch", "limit", "device", "python", "out", "from"];
const options = Object.fromEntries(
  process.argv.slice(2).map((text) => (/^--([^=]+)=?(.*)$/.exec(text) ?? refuse(`${text} is no option`)).slice(1)),
);
for (const name of Object.keys(options))
  if (!known.includes(name)) refuse(`there is no option --${name}; there are ${known.map((other) => `--${other}`).join(" ")}`);
if ((options.peers === undefined) === (options.from === undefined))
  refuse("give either --peers=DIR, the folder of the peers' scripts, installed, with references, or --from=FILE, earlier results");

function refuse(why) {
  console.error(`npm run bench: ${why}`);
  process.exit(1);
}

const out = resolve(options.out ?? join(dirname(fileURLToPath(import.meta.url)), "results"));
mkdirSync(out, { recursive: true });
const reports = options.from === undefined ? measure(resolve(options.peers)) : options.from.split(",").flatMap(readReports);
const rows = rowsOf(reports);
const fit = sweep(rows);
const tables = [
  timeTable(reports, rows),
  ablationTable(rows),
  fit === undefined
    ? ""
    : `time of a training step against pixels, ${fit.points[0].size} to ${fit.points.at(-1).size}: exponent ${fit.exponent.toFixed(3)}`,
  targetTable(reports, rows),
];
console.log(tables.filter((text) => text !== "").join("\n\n"));
const { files, notes } = await drawPlots(out, rows);
for (const note of notes) console.error(note);
console.error(`written: ${files.join(", ")}`);

/** Rounds of different sittings are different rounds: ratios are taken within one. */
function readReports(file) {
  return JSON.parse(readFileSync(file, "utf8")).reports.map((report) => ({ ...report, round: `${file} ${report.round}` }));
}

function measure(peers) {
  if (!existsSync(join(peers, "common", "cases.json")))
    refuse(`${peers} is not a folder of the peers' scripts: it has no common/cases.json`);
  const [rounds, limit, batch] = [options.rounds ?? 2, options.limit ?? 180, options.batch ?? 32].map(Number);
  const python = options.python ?? "/usr/bin/python3";
  const skip = (text) => console.error(`left out: ${text}`);
  const systems = systemsFor({
    python,
    device: options.device,
    without: "ablate" in options ? optionalPasses.map(({ name }) => name) : [],
  });
  const wished =
    options.with === undefined
      ? Object.keys(systems).filter((name) => name !== "torch-cpu-2t")
      : ["specc", ...Object.keys(systems).filter(isAblation), ...options.with.split(",")];
  for (const name of wished)
    if (systems[name] === undefined) refuse(`there is no system ${name}; there are ${Object.keys(systems).join(", ")}`);
  const cases = casesOf(() => prepareCases(peers, { wanted: options.cases?.split(","), batch, python, skip }));
  if (cases.length === 0) refuse("no case is left");
  const chosen = [...new Set(wished)].filter((name) => {
    const present = systems[name].present(cases[0].folder);
    if (!present) skip(`${name}: not installed in ${peers}`);
    return present;
  });
  const found = [];
  const coresInRound = [];
  for (let round = 1; round <= rounds; round++) {
    coresInRound.push(
      Number(execFileSync(process.execPath, [join(dirname(fileURLToPath(import.meta.url)), "parallel.mjs")], { encoding: "utf8" })),
    );
    console.error(`round ${round}: two threads get ${coresInRound[round - 1]} cores`);
    for (const entry of cases) {
      for (const name of chosen.filter((system) => takesPart(system, entry))) {
        const started = Date.now();
        const report = runCase(name, systems[name], entry, { round, limit });
        found.push(report);
        console.error(`${round}/${rounds} ${entry.id} ${name} ${((Date.now() - started) / 1000).toFixed(1)} s ${report.failed ?? ""}`);
        // After every run, so that an interrupted measurement is not lost.
        const results = { date: new Date().toISOString(), machine: { ...machineOf(found), coresInRound }, options, reports: found };
        writeFileSync(join(out, "results.json"), `${JSON.stringify(results, null, 1)}\n`);
      }
    }
  }
  return found;
}

function casesOf(prepare) {
  try {
    return prepare();
  } catch (error) {
    if (error instanceof RangeError) refuse(error.message);
    throw error;
  }
}

function isAblation(name) {
  return name.startsWith("specc without ");
}

/**
 * The sweep compares specc with itself; of the peers, native code alone finishes the paper's network within the limit, the others
 * take part where they are named; operations pass no pass.
 */
function takesPart(name, { set, kind }) {
  if (isAblation(name)) return set !== "sweep" && kind !== "ops";
  if (set === "peers" || name === "specc") return true;
  return set !== "sweep" && (/^(torch|ort-node)/.test(name) || options.with !== undefined);
}

function machineOf(found) {
  return {
    cpu: cpus()[0]?.model,
    cores: cpus().length,
    load: loadavg()[0],
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    adapter: found.find(({ adapter }) => adapter !== undefined)?.adapter,
  };
}
