/**
 * @file What is measured: the peers' own cases, the paper's network and a sweep of sizes. A set of cases is a folder with the
 * peers' scripts, its own `common/cases.json` and its own references in double precision, so every peer can run every case.
 */

import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const build = join(dirname(fileURLToPath(import.meta.url)), "build");
const sizes = [32, 64, 128, 256, 512];
const train = (id, batch, size) => ({ id, kind: "train", models: ["shared-gauss"], batch, size });

/** Sets beside the peers' own, which the scripts of the peers can run as they are. @param {number} batch of the paper's network */
const ownSets = (batch) => [
  { name: "paper-6", channels: 6, cases: [train("paper-6", batch, 150)] },
  { name: "paper-32", channels: 32, cases: [train("paper-32", batch, 150)] },
  { name: "sweep", channels: 16, cases: sizes.map((size) => train(`sweep-${size}`, 2, size)) },
];

/**
 * All cases in order: `{ id, folder, models, kind, batch, size, ... }`. Prepares folders only for those asked for.
 * @throws RangeError for a case that there is not
 * @param {string} peers @param {{ wanted?: string[], batch: number, python: string, skip: (text: string) => void }} options
 */
export function prepareCases(peers, { wanted, batch, python, skip }) {
  const theirs = JSON.parse(readFileSync(join(peers, "common", "cases.json"), "utf8"));
  const sets = [{ name: "peers", channels: theirs.channels, cases: theirs.cases }, ...ownSets(batch)];
  const asked = ({ name, cases }) => cases.filter(({ id }) => wanted === undefined || wanted.includes(id) || wanted.includes(name));
  const known = [...new Set(sets.flatMap(({ name, cases }) => [name, ...cases.map(({ id }) => id)]))];
  const unknown = (wanted ?? []).filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new RangeError(`there is no case ${unknown.join(", ")}; there are ${known.join(", ")}`);
  return sets.flatMap((set) => {
    const cases = asked(set);
    if (cases.length === 0) return [];
    const folder = prepareFolder(peers, set, theirs);
    const missing = prepareReferences(peers, folder, set, python);
    if (missing !== undefined) skip(`${set.name}: ${missing}`);
    return missing === undefined ? cases.map((entry) => ({ ...entry, set: set.name, folder })) : [];
  });
}

/** Copies the scripts and links what is large; a bundle of TensorFlow.js is made where the peers' folder has none. */
function prepareFolder(peers, { name, channels, cases }, theirs) {
  const folder = join(build, name);
  mkdirSync(folder, { recursive: true });
  for (const entry of readdirSync(peers).filter((file) => /\.(mjs|py|json)$/.test(file)))
    replace(folder, entry, (to) => cpSync(join(peers, entry), to));
  replace(folder, "common", (to) => cpSync(join(peers, "common"), to, { recursive: true }));
  for (const entry of ["node_modules", "lib"])
    if (existsSync(join(peers, entry))) replace(folder, entry, (to) => symlinkSync(join(peers, entry), to));
  writeFileSync(join(folder, "common", "cases.json"), JSON.stringify({ ...theirs, channels, cases }));
  if (existsSync(join(folder, "node_modules", "esbuild")) && !existsSync(join(folder, "build", "tfjs.mjs"))) {
    const result = spawnSync(process.execPath, ["build.mjs"], { cwd: folder, encoding: "utf8" });
    if (result.status !== 0) console.error(`TensorFlow.js could not be bundled: ${result.stderr.trim()}`);
  }
  return folder;
}

function replace(folder, entry, make) {
  const to = join(folder, entry);
  // Copies of read-only files are read-only.
  rmSync(to, { recursive: true, force: true });
  make(to);
}

/** @returns why there are no references, or undefined */
function prepareReferences(peers, folder, { name }, python) {
  if (name === "peers") {
    if (!existsSync(join(peers, "ref"))) return `there are no references: run \`${python} torch_cpu.py --reference\` in ${peers}`;
    replace(folder, "ref", (to) => symlinkSync(join(peers, "ref"), to));
    return undefined;
  }
  const stamp = join(folder, "ref", "cases.json");
  const cases = readFileSync(join(folder, "common", "cases.json"), "utf8");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === cases) return undefined;
  console.error(`computing the references of ${name} in double precision ...`);
  const result = spawnSync(python, ["torch_cpu.py", "--reference"], { cwd: folder, encoding: "utf8" });
  if (result.status !== 0) return `its references need PyTorch: ${(result.error?.message ?? result.stderr).trim().split("\n").at(-1)}`;
  writeFileSync(stamp, cases);
  return undefined;
}
