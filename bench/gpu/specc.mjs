/**
 * @file specc's part of bench/gpu/compare.mjs: one process that prints times, outputs and losses as JSON.
 *
 *     node bench/gpu/specc.mjs --work=DIR --net=gaussian --size=150 --filters=16 --batch=32 [--device=auto] [--queued=50] [--tune=SECONDS]
 *
 * With --tune the schedule is that of DIR/schedule.NET.json; where there is none, every candidate is tried and the file written.
 */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compileNetwork } from "../../dist/compiler/compile.js";
import { changesText } from "../../dist/compiler/lower/knobs.js";
import { initialiseParams, stepScalars } from "../../dist/runtime/index.js";
import { tuneNetwork } from "../../dist/train/tune-network.js";
import { openSession, openTarget } from "../support.mjs";
import { networkOf, readNumbers } from "./work.mjs";

const options = Object.fromEntries(process.argv.slice(2).map((text) => /^--([^=]+)=?(.*)$/.exec(text).slice(1)));
const queued = Number(options.queued ?? 50);
const { device, target: usual } = await openTarget({ device: options.device ?? "auto", timestamps: true });
const network = networkOf(options);
const tuning = options.tune === undefined ? undefined : await tuned(Number(options.tune));
const target = { ...usual, ...tuning?.schedule };
const { plan } = compileNetwork(network, { programs: ["infer", "train"], target });
// The same steps on what an earlier run left in the input buffers: no copy from the host.
const resident = ({ steps }) => ({ inputs: [], outputs: [], steps });
const programs = { ...plan.programs, "resident infer": resident(plan.programs.infer), "resident train": resident(plan.programs.train) };
const opening = performance.now();
const session = await openSession({ ...plan, programs }, device);
const openMs = performance.now() - opening;
const params = initialiseParams(plan, 0);
const state = await session.readState();
const { images, labels } = readNumbers(options.work);
const weights = new Float32Array(plan.input.batch).fill(1 / plan.input.batch);
let step = 0;
const train = (want) => session.run("train", { images, labels, weights, scalars: stepScalars(plan.training, step++, 1e9) }, want);

await session.writeParams(params);
const { outputs } = await session.run("infer", { images }, ["outputs"]);
const losses = [];
for (let i = 0; i < 3; i++) losses.push((await train(["loss"])).loss[0]);
const ms = {
  "forward, images on the device": await inQueue(() => session.run("resident infer", {}, [])),
  "training step, images on the device": await inQueue(() => session.run("resident train", {}, [])),
  "forward, from host to host": await oneByOne(() => session.run("infer", { images }, ["outputs"])),
  "training step, from host to host": await oneByOne(() => train(["loss"])),
};
await session.writeParams(params);
await session.writeState(state);
const timing = await session.time("train", { images, labels, weights, scalars: stepScalars(plan.training, 0, 1e9) }, 10);
const kernels = plan.programs.train.steps.map(({ label }, i) => ({ label, ms: timing.steps[i] }));
const dispatches = { forward: plan.programs.infer.steps.length, "training step": plan.programs.train.steps.length };
console.log(
  JSON.stringify({
    system: "specc",
    adapter: device.adapter.name,
    target: target.name,
    changes: changesText(target, usual),
    tuning,
    openMs,
    ms,
    outputs: [...outputs],
    losses,
    dispatches,
    method: timing.method,
    kernels,
  }),
);
await session.close();
await device.close();

async function tuned(seconds) {
  const file = join(options.work, `schedule.${options.net}.json`);
  if (existsSync(file)) return JSON.parse(readFileSync(file, "utf8"));
  const found = await tuneNetwork({
    device,
    target: usual,
    budgetMs: 1000 * seconds,
    compile: (other) => compileNetwork(network, { programs: ["train", "gradient"], target: other }),
    onTrial: ({ trial, seconds: passed, gain }) =>
      console.error(
        `tuning ${options.net}: ${passed.toFixed(0)} of ${seconds} s, trying ${trial}; ${gain.toFixed(2)} times as fast so far`,
      ),
  });
  writeFileSync(file, JSON.stringify(found));
  return found;
}

/** Milliseconds of one run when many are queued: the least of three rounds. */
async function inQueue(run) {
  const round = async () => {
    const started = performance.now();
    await Promise.all(Array.from({ length: queued }, run));
    return (performance.now() - started) / queued;
  };
  return Math.min(await round(), await round(), await round());
}

/** The median, each run waited for. */
async function oneByOne(run) {
  const times = [];
  for (let i = 0; i < Math.min(queued, 25); i++) {
    const started = performance.now();
    await run();
    times.push(performance.now() - started);
  }
  return times.sort((a, b) => a - b)[times.length >> 1];
}
