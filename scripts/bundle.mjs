/** @file The runtimes that `specc compile` puts into modules: dist/module/*.js, each one minified script. Part of `npm run build`. */

import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Files that a bundle does without, and what is undefined then. */
const leaveOut = (names) => ({
  name: "leave out",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: new RegExp(`/(${Object.keys(names).join("|")})\\.ts$`) }, ({ path }) => ({ path, namespace: "left-out" }));
    onLoad({ filter: /.*/, namespace: "left-out" }, ({ path }) => ({
      contents: `export const ${names[basename(path, ".ts")]} = undefined;`,
    }));
  },
});

/** Modules do not time their kernels: `specc train --profile` does. Those that only predict hold no plan that trains. */
const leftOut = { infer: { timing: "createTimer", "check-training": "checkTraining" }, train: { timing: "createTimer" } };

for (const [name, names] of Object.entries(leftOut))
  await build({
    entryPoints: [join(root, "src", "model", `${name}.ts`)],
    outdir: join(root, "dist", "module"),
    bundle: true,
    plugins: [leaveOut(names)],
    minify: true,
    legalComments: "none",
    // A module keeps it in one variable.
    format: "iife",
    globalName: "specc",
    target: "es2022",
    platform: "neutral",
    charset: "utf8",
    logLevel: "warning",
  });
