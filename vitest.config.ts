/** @file Test settings: a worker for each core, and the software adapter wherever there is one. */

import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import type { ViteUserConfig } from "vitest/config";
import { defineConfig } from "vitest/config";

/** Mesa's Vulkan manifests; the name of lavapipe's carries the architecture in some distributions. */
const manifestFolder = "/usr/share/vulkan/icd.d";
const lavapipe = existsSync(manifestFolder) ? readdirSync(manifestFolder).find((name) => /^lvp_icd.*\.json$/.test(name)) : undefined;

// Shaders compile at their first dispatch and cost seconds; the cache carries them from run to run.
const shaderCache = join(import.meta.dirname, "node_modules", ".cache", "mesa-tests");
mkdirSync(shaderCache, { recursive: true });

// Tests run many kernels once, so what the software driver spends on optimising them is lost: without it, and with half the
// lanes, its compiler takes a third of the time. Caches are apart, because the driver does not key them by these settings.
const environment: Record<string, string> = {
  GALLIVM_PERF: "nopt",
  LP_NATIVE_VECTOR_WIDTH: "128",
  MESA_SHADER_CACHE_DIR: shaderCache,
  XDG_RUNTIME_DIR: process.env["XDG_RUNTIME_DIR"] ?? tmpdir(),
};
// The same adapter on every machine, unless the caller names one.
if (lavapipe !== undefined && process.env["VK_ICD_FILENAMES"] === undefined) {
  environment["VK_ICD_FILENAMES"] = join(manifestFolder, lavapipe);
}

const config: ViteUserConfig = defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    // Most of the time goes into compiling shaders, for which the software driver takes one core a process.
    maxWorkers: Math.min(4, availableParallelism()),
    // A cold driver compiles for minutes what takes seconds later.
    testTimeout: 240_000,
    hookTimeout: 120_000,
    env: environment,
  },
});

export default config;
