/** @file A small trained run, its images, and a folder in which compiled modules run in plain Node. */

import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import sharp from "sharp";
import { draw, rootKey, streamKey, streamTag } from "../../src/runtime/index.ts";
import { specc } from "./cli.ts";

/** A picture of a class, not in the size or the channels of the network. */
interface TestImage {
  readonly path: string;
  readonly label: string;
  readonly width: number;
  readonly height: number;
  /** RGB. */
  readonly pixels: Uint8Array;
}

export interface ModuleRun {
  /** Has `node_modules` with the package `webgpu`; files in it are ES modules. */
  readonly folder: string;
  /** Of `specc train`. */
  readonly run: string;
  /** Raw start values, as `specc train` draws them. */
  readonly start: string;
  /** In the order in which `specc train` numbers them. */
  readonly images: readonly TestImage[];
  /** Mean loss of each epoch of the run. */
  readonly losses: readonly number[];
  remove(): void;
}

export const runBatch = 6;

const spec = `input ?x?x1 { standardise: data } -> conv spectral gaussian 4 { bias: on } -> relu -> gap -> dense 2
train { loss: cross_entropy, optimizer: adam { lr: 0.02 }, schedule: cosine, epochs: 2, batch: ${runBatch} }
`;

/** Rows or columns in noise: `[height][width][3]`. */
function stripes(label: number, index: number, width: number, height: number): Uint8Array {
  const stream = streamKey(rootKey(9), streamTag.noise, 1000 * label + index);
  return Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const pixel = Math.floor(i / 3);
    const along = label === 0 ? Math.floor(pixel / width) : pixel % width;
    return (Math.floor(along / 3) % 2 === 0 ? 150 : 40) + 20 * (i % 3) + (draw(stream, i)[0] % 60);
  });
}

export async function makeModuleRun(): Promise<ModuleRun> {
  const folder = mkdtempSync(join(tmpdir(), "specc-module-"));
  const images: TestImage[] = [];
  for (const [label, name] of ["columns", "rows"].entries()) {
    mkdirSync(join(folder, "data", name), { recursive: true });
    for (let index = 0; index < 8; index++) {
      const [width, height] = [26 + index, 30];
      const path = join(folder, "data", name, `${index}.png`);
      const pixels = stripes(1 - label, index, width, height);
      await sharp(pixels, { raw: { width, height, channels: 3 } })
        .png()
        .toFile(path);
      images.push({ path, label: name, width, height, pixels });
    }
  }
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }\n');
  writeFileSync(join(folder, "net.spec"), spec);
  const run = join(folder, "run");
  const start = join(folder, "start.safetensors");
  const data = join(folder, "data");
  // Trained and validated on the same images, so that the order of the batches is known.
  const trained = await specc([
    "train",
    join(folder, "net.spec"),
    "--data",
    data,
    "--val",
    data,
    "--input",
    "20x18x1",
    "--out",
    run,
    "--cache",
    join(folder, "cache"),
    "--json",
  ]);
  if (trained.code !== 0) throw new Error(trained.stderr);
  await specc(["init", join(folder, "net.spec"), "--input", "20x18x1", "--out", start]);
  const losses = trained
    .records()
    .filter(({ type }) => type === "epoch")
    .map(({ loss }) => Number(loss));
  return { folder, run, start, images, losses, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface ChildResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a script in a Node process of its own. It must end by itself: nothing may stay alive.
 * @param environment over that of this process
 */
export function runInNode(folder: string, script: string, environment: Readonly<Record<string, string>> = {}): Promise<ChildResult> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
      cwd: folder,
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: 180_000,
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    child.on("error", fail);
    child.on("close", (code) => done({ code, stdout, stderr }));
  });
}
