/**
 * @file Trains networks of one file with several seeds and tabulates their accuracy on images they never saw.
 *
 *     npm run build && node bench/accuracy.mjs --file=examples/wood2021-paper.spec --data=DIR --val=DIR \
 *         [--nets=gaussian,linear,raw,spatial] [--seeds=0,1,2] [--input=64x64x3] [--epochs=8] [--batch=32] \
 *         [--device=auto] [--out=runs/accuracy]
 *
 * A finished run is kept and not trained again, so the table can be made in several sittings. Reported are the accuracy
 * after the last epoch, which is chosen without looking at it, and in parentheses that of the weights which `train` keeps as
 * best (lowest loss on --val) and the highest of any epoch, which are not.
 */

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const options = Object.fromEntries(process.argv.slice(2).map((text) => /^--([^=]+)=?(.*)$/.exec(text).slice(1)));
for (const needed of ["file", "data", "val"]) {
  if (options[needed] === undefined) {
    console.error(`bench/accuracy.mjs: --${needed} is missing`);
    process.exit(1);
  }
}
const nets = (options.nets ?? "gaussian,linear,raw,spatial").split(",");
const seeds = (options.seeds ?? "0,1,2").split(",");
const epochs = Number(options.epochs ?? 8);
const out = resolve(root, options.out ?? "runs/accuracy");

/** Rows of results.csv as objects. */
function readResults(folder) {
  const [head, ...rows] = readFileSync(join(folder, "results.csv"), "utf8").trim().split("\n").map((line) => line.split(","));
  return rows.map((row) => Object.fromEntries(head.map((name, index) => [name, Number(row[index])])));
}

function train(net, seed) {
  const folder = join(out, `${basename(options.file, ".spec")}-${net}-${seed}`);
  if (!existsSync(join(folder, "results.csv")) || readResults(folder).length < epochs) {
    const args = ["bin/specc.js", "train", options.file, "--net", net, "--data", options.data, "--val", options.val, "--input", options.input ?? "64x64x3",
      "--epochs", String(epochs), "--batch", options.batch ?? "32", "--seed", seed, "--device", options.device ?? "auto", "--no-augment", "--out", folder];
    console.error(`node ${args.join(" ")}`);
    const result = spawnSync(process.execPath, args, { cwd: root, stdio: ["ignore", process.stderr, process.stderr] });
    if (result.status !== 0) throw new Error(`${net}, seed ${seed}: exit ${result.status}`);
  }
  const rows = readResults(folder);
  const accuracies = rows.map((row) => row.val_accuracy);
  const kept = rows.reduce((best, row) => (row.val_loss < best.val_loss ? row : best)).val_accuracy;
  return { last: accuracies.at(-1), kept, highest: Math.max(...accuracies), seconds: rows.at(-1).time };
}

const mean = (values) => values.reduce((a, b) => a + b, 0) / values.length;
const three = (run) => `${run.last.toFixed(3)} (${run.kept.toFixed(3)}, ${run.highest.toFixed(3)})`;
console.log(`| network | ${seeds.map((seed) => `seed ${seed}`).join(" | ")} | mean | seconds per run |`);
console.log(`|---|${seeds.map(() => "---").join("|")}|---|---|`);
for (const net of nets) {
  const runs = seeds.map((seed) => train(net, seed));
  const all = Object.fromEntries(["last", "kept", "highest", "seconds"].map((key) => [key, mean(runs.map((run) => run[key]))]));
  console.log(`| ${net} | ${[...runs, all].map(three).join(" | ")} | ${all.seconds.toFixed(0)} |`);
}
