/** @file The systems that are compared: how each runs one case in a process of its own, and whether it is installed. */

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const needs =
  (...path) =>
  (folder) =>
    existsSync(join(folder, ...path));

function specc(...flags) {
  return { present: () => true, command: (folder) => [process.execPath, join(root, "bench", "case.mjs"), `--peers=${folder}`, ...flags] };
}

function script(file, packageName, ...flags) {
  return {
    present: (folder) => needs("node_modules", ...packageName.split("/"))(folder) && needs(file)(folder),
    command: () => [process.execPath, file, ...flags],
  };
}

function torch(python, threads) {
  return {
    present: () => spawnSync(python, ["-c", "import torch"]).status === 0,
    command: () => [python, "torch_cpu.py", `--threads=${threads}`],
    env: (folder) => {
      // Debian's PyTorch has the slow reference BLAS; the peers' notes put OpenBLAS beside it.
      const blas = join(folder, "lib", "x", "usr", "lib", "x86_64-linux-gnu");
      return {
        OMP_NUM_THREADS: String(threads),
        OPENBLAS_NUM_THREADS: String(threads),
        OMP_WAIT_POLICY: "PASSIVE",
        ...(existsSync(blas) ? { LD_LIBRARY_PATH: `${blas}/openblas-pthread:${blas}` } : {}),
      };
    },
  };
}

/** In the order of the tables. @param {{ python: string, device?: string, without: readonly string[] }} options */
export function systemsFor({ python, device = "auto", without }) {
  const place = `--device=${device}`;
  return {
    specc: specc(place),
    ...Object.fromEntries(without.map((pass) => [`specc without ${pass}`, specc(place, `--without=${pass}`)])),
    "jaxjs-webgpu": script("jaxjs.mjs", "@jax-js/jax", "--backend=webgpu"),
    "tfjs-webgpu": script("build/tfjs.mjs", "@tensorflow/tfjs-core", "--backend=webgpu"),
    "tfjs-wasm": script("build/tfjs.mjs", "@tensorflow/tfjs-core", "--backend=wasm"),
    "ort-web-wasm": script("ort.mjs", "onnxruntime-web", "--runtime=web"),
    "ort-node-cpu": script("ort.mjs", "onnxruntime-node", "--runtime=node"),
    "torch-cpu-1t": torch(python, 1),
    "torch-cpu-2t": torch(python, 2),
  };
}

/** One case by one system: the peers' report, `failed` if there is none. */
export function runCase(name, system, { id, folder }, { round, limit }) {
  const out = join(tmpdir(), `specc-bench-${process.pid}.json`);
  const [command, ...words] = system.command(folder);
  const env = { ...process.env, PEERS_ROOT: folder, ...system.env?.(folder) };
  const result = spawnSync(command, [...words, `--case=${id}`, `--round=${round}`, `--out=${out}`], {
    cwd: folder,
    env,
    timeout: limit * 1000,
    killSignal: "SIGKILL",
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  const failed =
    result.error?.code === "ETIMEDOUT"
      ? `over ${limit} s`
      : result.status === 0
        ? undefined
        : `fails: ${String(result.stderr).trim().split("\n").at(-1)}`;
  try {
    const report = JSON.parse(readFileSync(out, "utf8"));
    return { ...report, system: name, case: id, round, ...(failed === undefined ? {} : { failed }) };
  } catch {
    return { system: name, case: id, round, rows: [], failed: failed ?? "wrote no report" };
  } finally {
    rmSync(out, { force: true });
  }
}
