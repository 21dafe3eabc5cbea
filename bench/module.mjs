/**
 * @file Compiled modules, and the compiler in a page: what they weigh; how long a page takes from nothing to its first prediction,
 * beside a page written by hand for the same plan. Needs a build (`npm run build`) and, for the times, Chromium
 * (`sh scripts/browser.sh`).
 *
 *     node bench/module.mjs [--rounds=N]
 */

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { chromium } from "playwright-core";

const rounds = Number(process.argv.find((word) => word.startsWith("--rounds="))?.slice("--rounds=".length) ?? 5);
const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "specc-bench-module-"));
const gzip = (content) => gzipSync(content, { level: 9 }).byteLength;
const specc = (...words) => execFileSync(process.execPath, [join(root, "bin", "specc.js"), ...words], { cwd: folder, encoding: "utf8" });
const program = "spec 1\n\ninput ?x?x3 -> 4 * (conv spectral gaussian 6 -> relu) -> gap -> dense tanh 2\n";

async function sizes() {
  console.log("| what | bytes | with gzip |\n|---|---:|---:|");
  const row = (name, content) =>
    console.log(`| ${name} | ${content.byteLength.toLocaleString("en")} | ${gzip(content).toLocaleString("en")} |`);
  row("runtime, inference", readFileSync(join(root, "dist", "module", "infer.js")));
  row("runtime, with training", readFileSync(join(root, "dist", "module", "train.js")));
  const bundle = async (contents) =>
    (
      await build({
        stdin: { contents, resolveDir: root, loader: "js" },
        bundle: true,
        minify: true,
        format: "esm",
        platform: "browser",
        target: "es2022",
        write: false,
      })
    ).outputFiles[0].contents;
  row(
    "compiler in a page: check, compile, renderDiagnostic",
    await bundle('export { check, compile, ProgramError, renderDiagnostic } from "./dist/embed/index.js";'),
  );
  row("all of `specc`", await bundle('export * from "./dist/embed/index.js";'));
  row("all of `specc/runtime`", await bundle('export * from "./dist/runtime/index.js";'));
  writeFileSync(join(folder, "free.spec"), program);
  for (const size of ["64x64x3", "128x128x3", "150x150x3"]) {
    for (const train of [[], ["--train"]]) {
      specc("init", "free.spec", "--input", size, "--out", "free.safetensors");
      specc("compile", "free.spec", "--input", size, "--params", "free.safetensors", "--classes", "cat,dog", "--out", "model.js", ...train);
      row(`Gaussian, F = 6, gap, ${size}${train.length > 0 ? ", with training" : ""}`, readFileSync(join(folder, "model.js")));
    }
  }
}

/** What somebody would write for this one plan: nothing is checked, nothing is kept for later. */
const bare = `
const plan = await (await fetch("plan.json")).json();
const weights = new Float32Array(await (await fetch("params.bin")).arrayBuffer());
const started = performance.now();
const device = await (await navigator.gpu.requestAdapter({ powerPreference: "high-performance" })).requestDevice();
const kinds = { read: "read-only-storage", write: "storage", uniform: "uniform" };
const layouts = plan.kernels.map(({ bindings }) =>
  device.createBindGroupLayout({
    entries: bindings.map((kind, binding) => ({ binding, visibility: 4, buffer: { type: kinds[kind] } })),
  }));
const pipelines = await Promise.all(plan.kernels.map(({ wgsl }, i) => device.createComputePipelineAsync({
  layout: device.createPipelineLayout({ bindGroupLayouts: [layouts[i]] }),
  compute: { module: device.createShaderModule({ code: wgsl }) },
})));
const buffers = plan.buffers.map(({ sizeBytes, data }) => {
  const buffer = device.createBuffer({ size: sizeBytes, usage: 0x80 | 0x40 | 0x8 | 0x4 });
  if (data) device.queue.writeBuffer(buffer, 0, Uint8Array.from(atob(data), (c) => c.charCodeAt(0)));
  return buffer;
});
device.queue.writeBuffer(buffers[plan.buffers.findIndex(({ name }) => name === "params")], 0, weights);
const { inputs: [input], outputs: [output], steps } = plan.programs.infer;
device.queue.writeBuffer(buffers[input.buffer], input.offsetBytes, values);
const encoder = device.createCommandEncoder();
const pass = encoder.beginComputePass();
for (const { kernel, bindings, grid } of steps) {
  pass.setPipeline(pipelines[kernel]);
  const entries = bindings.map(({ buffer, offsetBytes, sizeBytes }, binding) => ({
    binding,
    resource: { buffer: buffers[buffer], offset: offsetBytes, size: sizeBytes },
  }));
  pass.setBindGroup(0, device.createBindGroup({ layout: layouts[kernel], entries }));
  pass.dispatchWorkgroups(...grid);
}
pass.end();
const size = 4 * output.shape.reduce((product, n) => product * n, 1);
const staging = device.createBuffer({ size, usage: 0x8 | 0x1 });
encoder.copyBufferToBuffer(buffers[output.buffer], output.offsetBytes, staging, 0, size);
device.queue.submit([encoder.finish()]);
await staging.mapAsync(1);
window.outputs = [...new Float32Array(staging.getMappedRange())];
window.milliseconds = performance.now() - started;
device.destroy();
`;

const compiled = `
const { load } = await import("./model.js");
const started = performance.now();
const model = await load();
const { outputs } = await model.predict(values);
window.milliseconds = performance.now() - started;
window.outputs = [...outputs];
await model.close();
`;

function findChromium() {
  const named = process.env.SPECC_CHROMIUM;
  return [...(named ? [named] : []), "/usr/bin/chromium", "/usr/bin/google-chrome"].find((path) => existsSync(path));
}

async function times(executablePath) {
  const [side, channels] = [64, 3];
  specc("init", "free.spec", "--input", `${side}x${side}x3`, "--out", "free.safetensors");
  specc("compile", "free.spec", "--input", `${side}x${side}x3`, "--params", "free.safetensors", "--out", "model.js");
  const module = readFileSync(join(folder, "model.js"), "utf8");
  const parts = JSON.parse(/^const parts = (.*);$/m.exec(module)[1]);
  const [plan] = parts.plans;
  writeFileSync(join(folder, "plan.json"), JSON.stringify({ ...plan, kernels: plan.kernels.map((number) => parts.kernels[number]) }));
  writeFileSync(join(folder, "params.bin"), arena(plan, Buffer.from(parts.weights.base64, "base64")));
  const page = (script) => `<!doctype html><meta charset="utf-8"><title>page</title><script type="module">
    const values = Float32Array.from({ length: ${side * side * channels} }, (_, i) => Math.sin(i) / 2 + 0.5);
    ${script}</script>`;
  writeFileSync(join(folder, "bare.html"), page(bare));
  writeFileSync(join(folder, "module.html"), page(compiled));
  const server = createServer(({ url }, response) => {
    const path = join(folder, new URL(url, "http://localhost").pathname);
    if (!existsSync(path)) return void response.writeHead(404).end();
    response
      .writeHead(200, {
        "content-type": path.endsWith(".html") ? "text/html" : path.endsWith(".js") ? "text/javascript" : "application/octet-stream",
      })
      .end(readFileSync(path));
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { VK_ICD_FILENAMES: _, ...env } = process.env;
  const browser = await chromium.launch({
    executablePath,
    headless: true,
    env,
    args: [
      "--no-sandbox",
      "--disable-quic",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--enable-unsafe-webgpu",
    ],
  });
  const context = await browser.newContext();
  const found = { bare: [], module: [] };
  let outputs;
  // The first round fills the driver's cache.
  for (let round = 0; round <= rounds; round++) {
    for (const name of ["bare", "module"]) {
      const tab = await context.newPage();
      tab.on("pageerror", (error) => console.error(error.message));
      await tab.goto(`http://127.0.0.1:${server.address().port}/${name}.html`);
      await tab.waitForFunction("window.milliseconds !== undefined && window.outputs !== undefined");
      const result = await tab.evaluate("({ milliseconds, outputs })");
      outputs ??= result.outputs;
      const worst = Math.max(...outputs.map((value, i) => Math.abs(value - result.outputs[i])));
      if (!(worst <= 1e-6)) throw new Error(`${name}: outputs differ by ${worst}`);
      if (round > 0) found[name].push(result.milliseconds);
      await tab.close();
    }
  }
  await browser.close();
  server.close();
  server.closeAllConnections();
  const summary = (list) =>
    `least ${Math.min(...list).toFixed(0)} ms, median ${[...list].sort((a, b) => a - b)[list.length >> 1].toFixed(0)} ms`;
  console.log(`\nto the first prediction, ${side}x${side}, ${rounds} rounds in turn`);
  console.log(`written by hand: ${summary(found.bare)}\nmodule:          ${summary(found.module)}`);
  console.log(`least / least:   ${(Math.min(...found.module) / Math.min(...found.bare)).toFixed(2)}`);
}

/** The bytes of the arena `params`. */
function arena(plan, file) {
  const headerBytes = Number(file.readBigUInt64LE(0));
  const header = JSON.parse(file.subarray(8, 8 + headerBytes).toString());
  const bytes = Buffer.alloc(plan.buffers.find(({ name }) => name === "params").sizeBytes);
  for (const { path, offsetBytes } of plan.params) {
    const [begin, end] = header[path].data_offsets;
    file.copy(bytes, offsetBytes, 8 + headerBytes + begin, 8 + headerBytes + end);
  }
  return bytes;
}

try {
  await sizes();
  const executablePath = findChromium();
  if (executablePath === undefined) console.log("\nno times: there is no Chromium; run: sh scripts/browser.sh");
  else await times(executablePath);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
