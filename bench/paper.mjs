/**
 * @file The experiments of docs/paper, each by one command: it trains, measures and draws.
 *
 *     npm run paper -- EXPERIMENT --data=DIR [--out=runs/paper] [--full] [--jobs=N] [--device=D]
 *
 * DIR holds `train` and `test`. Without --full the size is the smaller one of docs/paper; with it the paper's, for a graphics card.
 * Stop it and call it again: finished trials, measured sizes and PyTorch runs are kept. `small` also needs Python 3 with
 * PyTorch, NumPy and Pillow.
 */

import { spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { experiments } from "./experiments.mjs";
import { drawAccuracyAtSizes } from "./plots.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

const [name, ...flags] = process.argv.slice(2);
const options = Object.fromEntries(flags.map((text) => /^--([^=]+)=?(.*)$/.exec(text)?.slice(1) ?? [text, ""]));
const unknown = Object.keys(options).find((key) => !["data", "out", "full", "jobs", "device"].includes(key));
const experiment = experiments[name];
if (experiment === undefined || options.data === undefined || unknown !== undefined) {
  const list = Object.entries(experiments).map(([key, { about }]) => `  ${key.padEnd(10)} ${about}`);
  console.error(
    [
      unknown === undefined
        ? "npm run paper -- EXPERIMENT --data=DIR [--out=runs/paper] [--full] [--jobs=N] [--device=D]"
        : `there is no flag ${unknown}`,
      ...list,
    ].join("\n"),
  );
  process.exit(1);
}
const data = resolve(options.data);
const out = resolve(options.out ?? "runs/paper", options.full === undefined ? name : `${name}-full`);
const device = options.device === undefined ? [] : ["--device", options.device];
const sizes = options.full === undefined ? experiment.small : experiment.full;
// Ctrl-C reaches what runs, which saves and ends; this waits for it.
process.on("SIGINT", () => {});
try {
  await specc([
    "trials",
    experiment.file,
    "--data",
    data,
    ...sizes,
    ...device,
    ...(options.jobs === undefined ? [] : ["--jobs", options.jobs]),
    "--out",
    out,
  ]);
  await { filters: drawFilters, sizes: measureSizes, PyTorch: trainInPyTorch }[experiment.after]?.();
  await specc(["report", out]);
} catch (error) {
  console.error(`error: ${error.message}. What was finished is kept.`);
  process.exitCode = 1;
}

/** Runs `specc`; what it says is seen. @throws when it fails */
function specc(words) {
  return run(process.execPath, [join(root, "bin", "specc.js"), ...words]);
}

/** @returns standard output, if `quiet` */
function run(command, words, quiet = false) {
  return new Promise((done, fail) => {
    const child = spawn(command, words, { cwd: root, stdio: ["inherit", quiet ? "pipe" : "inherit", "inherit"] });
    let text = "";
    child.stdout?.on("data", (part) => (text += part));
    child.on("error", fail);
    child.on("close", (code) => (code === 0 ? done(text) : fail(new Error(`${basename(words[0])} ${words[1]} ended with code ${code}`))));
  });
}

/** The last record of one type that a command gives. */
async function speccRecord(type, words) {
  const lines = (await run(process.execPath, [join(root, "bin", "specc.js"), ...words, "--json", "--quiet"], true)).trim().split("\n");
  return lines.map((line) => JSON.parse(line)).findLast((record) => record.type === type);
}

/** Figures 2 to 4: the filters that the first trial ended with, and on their way there. */
async function drawFilters() {
  for (const net of ["raw", "linear", "gaussian"])
    await specc(["show", join(out, "trials", `${net}-0`), "--filters", "--limit", "4", "--weights", "last"]);
}

/** Lines that were written to their end. */
async function keptLines(path) {
  try {
    return (await readFile(path, "utf8")).split("\n").slice(0, -1);
  } catch (error) {
    if (error.code === "ENOENT") return [];
    throw error;
  }
}

/** What was measured once under this key, or is now. */
async function keep(path, key, measure) {
  const lines = await keptLines(path);
  const found = lines.map((line) => JSON.parse(line)).find((line) => line.key === key);
  if (found !== undefined) return found;
  const line = { key, ...(await measure()) };
  await writeFile(path, [...lines, JSON.stringify(line), ""].join("\n"));
  return line;
}

function csv(rows) {
  const heads = Object.keys(rows[0]);
  return `${[heads, ...rows.map((row) => heads.map((head) => row[head]))].map((cells) => cells.join(",")).join("\n")}\n`;
}

/** The trained networks on the same test images at other sizes; then time and memory of a step at sizes up to 1024x768. */
async function measureSizes() {
  const full = options.full !== undefined;
  const runs = JSON.parse(await readFile(join(out, "plan.json"), "utf8")).trials.map(({ net, seed }) => ({
    net,
    seed,
    folder: join(out, "trials", `${net}-${seed}`),
  }));
  const accuracies = [];
  for (const { net, seed, folder } of runs) {
    for (const side of full ? [64, 96, 128, 150, 192, 256, 384] : [32, 48, 64, 96, 128, 192]) {
      const input = `${side}x${side}x3`;
      const { accuracy, loss, count } = await keep(join(out, "sizes.ndjson"), `${net}-${seed}-${input}`, async () => {
        const measured = await speccRecord("result", [
          "eval",
          folder,
          "--data",
          data,
          "--input",
          input,
          ...device,
          ...(full ? [] : ["--limit", "600"]),
        ]);
        return { accuracy: measured.accuracy, loss: measured.loss, count: measured.count };
      });
      accuracies.push({ net, seed, side, accuracy, loss, count });
      console.log(`${net}, seed ${seed}, at ${input}: ${accuracy.toFixed(4)} on ${count} images`);
    }
  }
  await writeFile(join(out, "sizes.csv"), csv(accuracies));
  const costs = [];
  for (const net of ["gaussian", "spatial"]) {
    for (const [height, width] of [
      [64, 64],
      [128, 128],
      [256, 256],
      [512, 512],
      [768, 1024],
    ]) {
      const input = `${height}x${width}x3`;
      const { step, inference, bytes } = await keep(join(out, "costs.ndjson"), `${net}-${input}`, async () => {
        const record = await speccRecord("bench", [
          "bench",
          experiment.file,
          "--net",
          net,
          "--input",
          input,
          "--batch",
          "2",
          "--no-augment",
          ...device,
        ]);
        const ms = (program) => record.rows.find((row) => row.program === program).milliseconds;
        return { step: ms("train"), inference: ms("infer"), bytes: record.memory[0].bytes };
      });
      costs.push({ net, height, width, pixels: height * width, stepMs: step, inferenceMs: inference, bytes });
      console.log(`${net} at ${input}: ${step.toFixed(0)} ms for a step of 2 images, ${(bytes / 2 ** 20).toFixed(0)} MiB`);
    }
  }
  await writeFile(join(out, "costs.csv"), csv(costs));
  const drawn = await drawAccuracyAtSizes(out, accuracies);
  for (const note of drawn.notes) console.error(note);
}

/** The same images, epochs, batches and number of parameters in PyTorch; the same seeds, though not the same random numbers. */
async function trainInPyTorch() {
  await mkdir(out, { recursive: true });
  const value = (flag) => sizes[sizes.indexOf(flag) + 1];
  const rows = [];
  for (let seed = 0; seed < Number(value("--trials")); seed++) {
    for (const net of ["plain", "norm"]) {
      const { accuracy, epoch, parameters, seconds } = await keep(join(out, "torch.ndjson"), `${net}-${seed}`, async () =>
        JSON.parse(
          (
            await run(
              "python3",
              [
                join(root, "bench", "torch", "train_small.py"),
                "--data",
                data,
                "--net",
                net,
                "--seed",
                String(seed),
                "--cache",
                join(out, "torch-images"),
                ...(sizes.includes("--limit") ? ["--limit", value("--limit")] : []),
                ...(sizes.includes("--epochs") ? ["--epochs", value("--epochs")] : []),
              ],
              true,
            )
          )
            .trim()
            .split("\n")
            .at(-1),
        ),
      );
      rows.push({ net: `PyTorch ${net}`, seed, accuracy, epoch, parameters, seconds });
      console.log(`PyTorch ${net}, seed ${seed}: test accuracy ${accuracy.toFixed(4)}, ${parameters} parameters`);
    }
  }
  await writeFile(join(out, "torch.csv"), csv(rows));
}
