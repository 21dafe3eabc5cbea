/**
 * @file The paper's networks on one device: specc beside PyTorch, eager and compiled, interleaved, checked, against the floor
 * that memory bandwidth sets. What it has been run on stands in README.md beside this file: no GPU so far.
 *
 *     node bench/gpu/compare.mjs [--nets=gaussian,raw,spatial] [--size=150] [--filters=16] [--batch=32] [--rounds=2] [--queued=50]
 *         [--tune[=SECONDS]] [--device=auto] [--torch-device=cuda] [--python=python3] [--out=bench/results/gpu.json] [--dry]
 *
 * Both sides start from the same weights and images. "On the device": many runs are queued and the time divided. "From host to
 * host": images go in and the result comes back for each run. Ratios are medians over the rounds. --tune tries every candidate of
 * specc's schedules first, 300 seconds for each network unless said otherwise, and measures the winner beside the usual one.
 * --dry: a small size, and PyTorch on the CPU, to see that everything works without a GPU.
 */

import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { median } from "../summary.mjs";
import { nets as knownNets, writeWork } from "./work.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const defaults = {
  nets: "gaussian,raw,spatial",
  size: "150",
  filters: "16",
  batch: "32",
  rounds: "2",
  queued: "50",
  device: "auto",
  "torch-device": "cuda",
  python: "python3",
  out: join(here, "..", "results", "gpu.json"),
};
const dry = { size: "32", filters: "4", batch: "4", rounds: "1", queued: "5", "torch-device": "cpu" };
const given = Object.fromEntries(
  process.argv.slice(2).map((text) => (/^--([^=]+)=?(.*)$/.exec(text) ?? refuse(`${text} is no option`)).slice(1)),
);
for (const name of Object.keys(given))
  if (!(name in defaults) && name !== "tune" && name !== "dry")
    refuse(`there is no option --${name}; there are ${[...Object.keys(defaults), "tune", "dry"].map((other) => `--${other}`).join(" ")}`);
const options = { ...defaults, ...("dry" in given ? dry : {}), ...given };
const nets = options.nets.split(",");
for (const net of nets) if (!knownNets.includes(net)) refuse(`there is no network ${net}; there are ${knownNets.join(", ")}`);
const tuneSeconds = options.tune === undefined ? undefined : options.tune === "" ? "300" : options.tune;
/** The case that was modelled: microseconds on an H100 (3.35 TB/s) when every value is moved once, and what is wanted there. */
const isModelled = (net) => net === "gaussian" && options.size === "150" && options.filters === "16" && options.batch === "32";
const floor = { forward: 121, "training step": 246 };
/** Largest error of outputs and losses against double precision with which a time counts. */
const tolerated = 1e-3;
const tunedName = "specc, tuned";

const runs = [];
for (const net of nets) {
  const work = mkdtempSync(join(tmpdir(), "specc-gpu-"));
  try {
    writeWork(work, { ...options, net });
    runs.push(...measure(net, work));
  } finally {
    rmSync(work, { recursive: true });
  }
}
mkdirSync(dirname(resolve(options.out)), { recursive: true });
writeFileSync(resolve(options.out), `${JSON.stringify({ date: new Date().toISOString(), options, runs }, null, 1)}\n`);
console.log([heading(), ...nets.map(report), targetTable()].join("\n\n"));
console.error(`written: ${resolve(options.out)}`);

function refuse(why) {
  console.error(`bench/gpu: ${why}`);
  process.exit(1);
}

/** One network, all rounds. */
function measure(net, work) {
  const shape = ["size", "filters", "batch", "queued"];
  const ours = (...more) =>
    json(process.execPath, [
      join(here, "specc.mjs"),
      `--work=${work}`,
      `--net=${net}`,
      `--device=${options.device}`,
      ...shape.map((name) => `--${name}=${options[name]}`),
      ...more,
    ]);
  const theirs = (...more) =>
    json(options.python, [
      join(here, "twin.py"),
      "--work",
      work,
      "--net",
      net,
      "--device",
      options["torch-device"],
      ...shape.flatMap((name) => [`--${name}`, options[name]]),
      ...more,
    ]);
  let reference;
  const rounds = [];
  for (let round = 1; round <= Number(options.rounds); round++) {
    const specc = ours();
    const tuned = tuneSeconds === undefined ? {} : { [tunedName]: ours(`--tune=${tuneSeconds}`) };
    const torch = theirs(...(round === 1 ? ["--reference"] : []));
    reference ??= torch.reference;
    rounds.push({
      net,
      round,
      adapter: specc.adapter,
      torch: `${torch.torch} on ${torch.device}`,
      systems: { specc, ...tuned, ...Object.fromEntries(Object.entries(torch.forms).map(([name, form]) => [`PyTorch ${name}`, form])) },
    });
    console.error(`${net}: round ${round} of ${options.rounds}`);
  }
  for (const { systems } of rounds) {
    for (const system of Object.values(systems).filter(({ failed }) => failed === undefined)) {
      system.error = errorOf(system, reference);
      if (!(system.error <= tolerated)) system.failed = `wrong result: error ${system.error.toExponential(1)}`;
    }
  }
  return rounds;
}

function json(command, words) {
  const result = spawnSync(command, words, { encoding: "utf8", maxBuffer: 2 ** 28, stdio: ["ignore", "pipe", "inherit"] });
  if (result.status === 0) return JSON.parse(result.stdout.trim().split("\n").at(-1));
  console.error(`${command} ${words.join(" ")}\n${result.error?.message ?? `ended with ${result.status ?? result.signal}`}`);
  process.exit(1);
}

/** The largest difference of outputs and of losses, relative to the largest value. */
function errorOf({ outputs, losses }, reference) {
  const error = (ours, right) => Math.max(...right.map((value, i) => Math.abs(value - ours[i]))) / Math.max(...right.map(Math.abs));
  return Math.max(error(outputs, reference.outputs), error(losses, reference.losses));
}

/** Of one network: the median over the rounds in which both are right; undefined where there is none. */
function medianOf(net, names, value) {
  const counted = runs.filter(
    ({ net: own, systems }) => own === net && names.every((name) => systems[name] !== undefined && systems[name].failed === undefined),
  );
  return counted.length === 0 ? undefined : median(counted.map(({ systems }) => value(...names.map((name) => systems[name]))));
}

function heading() {
  const [{ adapter, torch, systems }] = runs;
  return (
    `specc on ${adapter}, class ${systems.specc.target}; PyTorch ${torch}; ${options.filters} filters, ` +
    `${options.size}x${options.size}, batch ${options.batch}, ${options.rounds} rounds`
  );
}

function report(net) {
  const own = runs.filter((run) => run.net === net);
  const lines = [
    `## ${net}`,
    "",
    "| work | system | ms | system / specc | times the modelled floor | error |",
    "|---|---|---:|---:|---:|---|",
  ];
  for (const row of Object.keys(own[0].systems.specc.ms)) {
    for (const name of Object.keys(own[0].systems)) {
      const ms = medianOf(net, [name, "specc"], (system) => system.ms[row]);
      if (ms === undefined) {
        lines.push(`| ${row} | ${name} | ${(own[0].systems[name].failed ?? "specc is wrong").replaceAll("|", "/")} | | | |`);
        continue;
      }
      const beside = medianOf(net, [name, "specc"], (system, specc) => system.ms[row] / specc.ms[row]);
      const error = medianOf(net, [name], (system) => system.error);
      lines.push(
        `| ${row} | ${name} | ${ms.toFixed(3)} | ${beside.toFixed(2)} | ${floorOf(net, row, ms)?.toFixed(1) ?? ""} | ` +
          `${error.toExponential(1)} |`,
      );
    }
  }
  const { kernels, method, dispatches, openMs } = own.at(-1).systems.specc;
  const slowest = [...kernels]
    .sort((a, b) => b.ms - a.ms)
    .slice(0, 12)
    .map(({ label, ms }) => `| ${label} | ${(1000 * ms).toFixed(1)} |`);
  return [
    ...lines,
    "",
    `specc: ${dispatches.forward} dispatches forward, ${dispatches["training step"]} in a training step; ` +
      `${(openMs / 1000).toFixed(1)} s to compile`,
    "",
    `| slowest kernels of a training step, by ${method} | us |`,
    "|---|---:|",
    ...slowest,
    ...tuningLines(own[0].systems[tunedName]),
  ].join("\n");
}

function tuningLines(system) {
  if (system === undefined) return [];
  const { trials, refused, gain, complete } = system.tuning;
  const result =
    system.changes === "" ? "nothing is faster than the usual schedule" : `${gain.toFixed(2)} times as fast with ${system.changes}`;
  return [
    "",
    `tuned: ${result}${complete ? "" : "; not every candidate had its turn"}`,
    "",
    "| candidate, in order | time / best so far | |",
    "|---|---:|---|",
    ...trials.map(({ trial, ratio, won }) => `| ${trial} | ${ratio.toFixed(2)} | ${won ? "kept" : ""} |`),
    ...refused.map(({ trial, why }) => `| ${trial} | | refused: ${why.replaceAll("|", "/")} |`),
  ];
}

function floorOf(net, row, ms) {
  const [program, place] = row.split(", ");
  return isModelled(net) && place === "images on the device" ? (1000 * ms) / floor[program] : undefined;
}

/** What is wanted on a card of the H100's class; of specc with the schedule that `specc train` takes, and tuned. */
function targetTable() {
  const net = "gaussian";
  if (!nets.includes(net) || !isModelled(net)) return "no targets: they are for the gaussian network with 16 filters, 150x150, batch 32";
  const row = "training step, images on the device";
  const lines = ["specc", ...(tuneSeconds === undefined ? [] : [tunedName])].flatMap((name) => {
    const over = (peers) => {
      const ratios = peers.flatMap((peer) => medianOf(net, [peer, name], (theirs, ours) => theirs.ms[row] / ours.ms[row]) ?? []);
      return ratios.length === 0 ? undefined : Math.min(...ratios);
    };
    const compiled = Object.keys(runs[0].systems).filter((peer) => peer.startsWith("PyTorch compile"));
    const ms = medianOf(net, [name], (system) => system.ms[row]);
    return [
      ["eager PyTorch / specc", over(["PyTorch eager"]), (value) => value >= 3, ">= 3"],
      ["torch.compile, the faster form / specc", over(compiled), (value) => value >= 1.5, ">= 1.5"],
      ["specc / modelled floor", ms === undefined ? undefined : floorOf(net, row, ms), (value) => value <= 2, "<= 2"],
    ].map(
      ([title, value, met, wanted]) =>
        `| ${name} | ${title} | ${wanted} | ${value === undefined ? "not measured" : value.toFixed(2)} | ` +
        `${value === undefined ? "" : met(value) ? "met" : "missed"} |`,
    );
  });
  return ["| schedule | training step, gaussian | wanted on an H100 | measured | |", "|---|---|---|---:|---|", ...lines].join("\n");
}
