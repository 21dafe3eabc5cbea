/** @file The runtimes that `specc compile` puts into modules: dist/module/*.js, each one minified script. Part of `npm run build`. */

import { mkdirSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Files that a bundle does without, and what stands for each. */
const leaveOut = (files) => ({
  name: "leave out",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`/(${Object.keys(files).join("|")})\\.ts$`) }, ({ path }) => ({ path, namespace: "left-out" }));
    onLoad({ filter: /.*/, namespace: "left-out" }, ({ path }) => ({ contents: files[basename(path, ".ts")] }));
  },
});

/** Modules do not time their kernels: `specc train --profile` does. Those that only predict hold no plan that trains. */
const timing = "export const timingOf = () => {};";
const leftOut = { infer: { timing, "check-training": "export const checkTraining = undefined;" }, train: { timing } };

const folder = join(root, "dist", "module");
mkdirSync(folder, { recursive: true });
for (const [name, files] of Object.entries(leftOut)) {
  const {
    outputFiles: [{ text }],
  } = await build({
    entryPoints: [join(root, "src", "model", `${name}.ts`)],
    bundle: true,
    plugins: [leaveOut(files)],
    minify: true,
    legalComments: "none",
    format: "esm",
    write: false,
    target: "es2022",
    platform: "neutral",
    charset: "utf8",
    logLevel: "warning",
  });
  // A module keeps it in one variable. esbuild's own way of that costs each module 200 bytes more.
  const [exported, door] = /export\{(\w+) as openDoor\};\s*$/.exec(text) ?? [];
  if (door === undefined) throw new Error(`the runtime ${name} exports something else than openDoor`);
  writeFileSync(join(folder, `${name}.js`), `var specc=(()=>{${text.slice(0, -exported.length)}return{openDoor:${door}}})();\n`);
}
