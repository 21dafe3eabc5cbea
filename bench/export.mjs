/**
 * @file Exported ONNX models: what they weigh, and how long ONNX Runtime Web takes for one image, beside the compiled module of the
 * same network on the fastest adapter. Needs a build (`npm run build`).
 *
 *     node bench/export.mjs [--rounds=N] [--threads=T] [--side=S]
 */

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { env, InferenceSession, Tensor } from "onnxruntime-web";

const option = (name, fallback) => Number(process.argv.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3) ?? fallback);
const [rounds, threads, only] = [option("rounds", 10), option("threads", 1), option("side", 0)];
const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "specc-bench-export-"));
const specc = (...words) =>
  execFileSync(process.execPath, [join(root, "bin", "specc.js"), ...words, "--quiet"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "pipe"],
  });
const program = join(root, "examples", "wood2021-paper.spec");
env.wasm.numThreads = threads;

/** Runs each in turn, and the same number of times. @returns the least milliseconds of each */
async function leastOf(runs) {
  const least = runs.map(() => Infinity);
  for (let round = 0; round < rounds + 2; round++) {
    for (const [index, run] of runs.entries()) {
      const started = performance.now();
      await run();
      if (round >= 2) least[index] = Math.min(least[index], performance.now() - started);
    }
  }
  return least;
}

async function measure(net, side) {
  const given = [program, "--net", net, "--input", `${side}x${side}x3`];
  specc("init", ...given, "--out", "p.safetensors");
  const values = Float32Array.from({ length: 3 * side * side }, (_, i) => Math.sin(i) / 2 + 0.5);
  const files = [];
  for (const dft of ["matmul", "op"]) {
    files.push(`${dft}.onnx`);
    specc(
      "export",
      ...given,
      "--params",
      "p.safetensors",
      "--to",
      "onnx",
      "--onnx-input",
      "values",
      "--onnx-dft",
      dft,
      "--out",
      `${dft}.onnx`,
    );
  }
  specc("compile", ...given, "--params", "p.safetensors", "--target", "software", "--out", "model.mjs", "--weights", "inline");
  const { load } = await import(`${pathToFileURL(join(folder, "model.mjs"))}?${net}${side}`);
  const model = await load();
  const onnx = await Promise.all(files.map(async (name) => InferenceSession.create(readFileSync(join(folder, name)))));
  const images = new Tensor("float32", values, [1, 3, side, side]);
  const outputs = [];
  const [ours, ...theirs] = await leastOf([
    async () => (outputs[0] = (await model.predict(values)).outputs),
    ...onnx.map((session, index) => async () => (outputs[index + 1] = (await session.run({ images })).outputs.data)),
  ]);
  const largest = Math.max(...outputs[0].map(Math.abs));
  const worst = outputs.slice(1).map((found) => Math.max(...found.map((value, i) => Math.abs(value - outputs[0][i]))) / largest);
  files.forEach((name, index) => {
    const bytes = readFileSync(join(folder, name)).byteLength;
    console.log(
      `| ${net} ${side}x${side}, ${name.replace(".onnx", "")} | ${bytes.toLocaleString("en")} | ${theirs[index].toFixed(1)} | ` +
        `${ours.toFixed(1)} | ${(theirs[index] / ours).toFixed(2)} | ${worst[index].toExponential(0)} |`,
    );
  });
  console.error(model.adapterName);
  await model.close();
  for (const session of onnx) await session.release();
}

try {
  // A module in Node asks for the package `webgpu` beside it.
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  console.log(
    `| network, transforms | bytes | ONNX Runtime Web, ${threads} thread${threads > 1 ? "s" : ""}, ms | ` +
      "module, ms | ratio | differ by |\n|---|---:|---:|---:|---:|---:|",
  );
  for (const side of only > 0 ? [only] : [64, 150]) for (const net of ["gaussian", "spatial"]) await measure(net, side);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
