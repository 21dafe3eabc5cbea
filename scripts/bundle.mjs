/** @file The runtimes that `specc compile` puts into modules: dist/module/*.js, each one minified script. Part of `npm run build`. */

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** Modules do not time their kernels: `specc train --profile` does. */
const withoutTiming = {
  name: "without timing",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/timing\.ts$/ }, ({ path }) => ({ path, namespace: "left-out" }));
    onLoad({ filter: /.*/, namespace: "left-out" }, () => ({ contents: "export const createTimer = undefined;" }));
  },
};

await build({
  entryPoints: ["infer", "train"].map((name) => join(root, "src", "model", `${name}.ts`)),
  outdir: join(root, "dist", "module"),
  bundle: true,
  plugins: [withoutTiming],
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
