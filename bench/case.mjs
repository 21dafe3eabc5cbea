/**
 * @file One case of the peers' work, done by specc in a process of its own; prints JSON like the peers' scripts.
 *
 *     node bench/case.mjs --peers=DIR --case=W2-shared-gauss [--device=auto] [--without=PASS,PASS] [--out=FILE]
 *
 * Times end when the result is on the host. `firstMs` includes compiling the spec, the WGSL and the first run.
 */

import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { compileNetwork } from "../dist/compiler/compile.js";
import { runOperation } from "./operations.mjs";
import { paramsOf, specOf } from "./specs/peers.mjs";
import { elaborateText, openSession, openTarget } from "./support.mjs";

const options = Object.fromEntries(process.argv.slice(2).map((text) => /^--([^=]+)=?(.*)$/.exec(text).slice(1)));
const peers = resolve(options.peers ?? ".");
process.env.PEERS_ROOT = peers;
const work = await import(pathToFileURL(join(peers, "common", "work.mjs")).href);
const without = (options.without ?? "").split(",").filter((name) => name !== "");
const { classes, lr, checkSteps } = { ...work.SPEC };
if (classes !== 2) throw new Error("the networks of bench/specs are for two classes");

const { device, target } = await openTarget({ device: options.device ?? "auto" });

/** Compiles a model and loads the peers' parameters; counts what one run sends to the device. */
async function open(model, batch, size, programs) {
  const network = elaborateText(specOf(model, size, batch, work.SPEC));
  const compiled = compileNetwork(network, { programs, without, target });
  const session = await openSession(compiled.plan, device);
  await session.writeParams(paramsOf(work.paramSpecs(model, size), work.makeParam));
  return { session, plan: compiled.plan };
}

/** The peers' images are [B][C][H][W] already. */
const inputsOf = (batch, size) => ({
  images: work.makeInput(batch, size),
  labels: work.makeLabels(batch),
  weights: new Float32Array(batch).fill(1 / batch),
});

async function perRun(run) {
  const before = { ...device.counters };
  await run();
  return {
    dispatches: device.counters.dispatches - before.dispatches,
    submits: device.counters.submits - before.submits,
    deviceBytes: device.counters.bytes,
  };
}

async function forward(model, batch, size) {
  const { images } = inputsOf(batch, size);
  let opened;
  const run = async () => {
    opened ??= await open(model, batch, size, ["infer"]);
    return (await opened.session.run("infer", { images }, ["outputs"])).outputs;
  };
  const times = await work.time(run);
  const check = { out: work.check(`${model}-${size}-out`, await run()) };
  const counts = await perRun(run);
  await opened.session.close();
  return { ...times, perRun: counts, check };
}

async function trainStep(model, batch, size) {
  const inputs = { ...inputsOf(batch, size), scalars: Float32Array.of(lr) };
  let opened;
  const run = async () => {
    opened ??= await open(model, batch, size, ["train"]);
    return (await opened.session.run("train", inputs, ["loss"])).loss[0];
  };
  // Checked on a session of its own, because timing goes on training.
  const losses = [];
  const checked = await open(model, batch, size, ["train", "gradient"]);
  const { scalars: _scalars, ...gradientInputs } = inputs;
  const gradients = await checked.session.run("gradient", gradientInputs);
  for (let step = 0; step < checkSteps; step++) losses.push((await checked.session.run("train", inputs, ["loss"])).loss[0]);
  await checked.session.close();
  const times = await work.time(run);
  const counts = await perRun(run);
  await opened.session.close();
  return {
    ...times,
    perRun: counts,
    check: { losses: work.check(`${model}-${size}-losses`, Float32Array.from(losses)), grad: worstGradient(model, size, gradients) },
  };
}

/** The peers' gradients come in their own order of axes, so only those that agree with ours are compared: biases and filter parameters. */
function worstGradient(model, size, gradients) {
  let worst = null;
  for (let layer = 0; layer < work.SPEC.layers; layer++) {
    const names =
      model === "spatial"
        ? { w: "weight", b: "bias" }
        : model.startsWith("full") || model.endsWith("pratt")
          ? { b: "bias" }
          : { gamma: "gamma", muv: "muv", muu: "muu", pvv: "pvv", pvu: "pvu", puu: "puu", b: "bias" };
    for (const [theirs, ours] of Object.entries(names)) {
      const result = work.check(`${model}-${size}-grad-${theirs}${layer}`, gradients[`grad.conv.${layer + 1}.${ours}`]);
      if (result !== null && (worst === null || result.relL2 > worst.relL2)) worst = { name: `${theirs}${layer}`, ...result };
    }
  }
  return worst;
}

function ops(c) {
  const rows = c.fft.map(([count, size]) => [
    `rfft2 ${count}x${size}x${size}`,
    () => runOperation({ device, target }, work, { kind: "rfft2", count, size }),
  ]);
  rows.push([`matmul ${c.matmul}`, () => runOperation({ device, target }, work, { kind: "matmul", size: c.matmul })]);
  const k = c.conv;
  rows.push([`conv3x3 ${k.cin}->${k.cout} ${k.size}px B${k.batch}`, () => runOperation({ device, target }, work, { kind: "conv", ...k })]);
  return rows;
}

const info = () => ({ adapter: device.adapter.name, target: target.name, without });
await work.main(options.name ?? "specc", { forward, trainStep, ops, info }, options);
