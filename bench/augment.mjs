/**
 * @file What augmentation costs: training steps of the paper's Gaussian network with and without it, in turn, and the
 * making of their batches on the host. Drivers that compute on the processor are measured by processor time too, which
 * moves less with the load of the machine.
 *
 *     npm run build && node bench/augment.mjs [--size=150] [--batch=32] [--rounds=15] [--device=auto]
 */

import { compileNetwork } from "../dist/compiler/compile.js";
import { batchMaker, trainingBatchMaker } from "../dist/data/batch.js";
import { initialiseParams } from "../dist/runtime/index.js";
import { trainInputs } from "../dist/runtime/programs.js";
import { elaborateText, openSession, openTarget } from "./support.mjs";

const options = Object.fromEntries(process.argv.slice(2).map((text) => /^--([^=]+)=?(.*)$/.exec(text).slice(1)));
const [size, batch, rounds] = [Number(options.size ?? 150), Number(options.batch ?? 32), Number(options.rounds ?? 15)];
const variants = {
  none: "",
  paper: "augment shift 5px -> rotate 5deg",
  values: "augment shift 5px -> rotate 5deg -> brightness 80%..120% -> contrast 80%..120%",
  noise: "augment shift 5px -> rotate 5deg -> noise 5%",
};
const { device, target } = await openTarget({ device: options.device ?? "auto" });
const itemBytes = size * size * 3;
const bytes = Uint8Array.from({ length: batch * itemBytes }, (_, i) => Math.imul(i, 2654435761) >>> 24);
const dataset = {
  classes: ["a", "b"],
  height: size,
  width: size,
  channels: 3,
  count: batch,
  labels: Int32Array.from({ length: batch }, (_, i) => i % 2),
  pixels: (index) => bytes.subarray(index * itemBytes, (index + 1) * itemBytes),
};
const indices = Int32Array.from({ length: batch }, (_, i) => i);

const opened = [];
for (const [name, text] of Object.entries(variants)) {
  const network = elaborateText(
    `spec 1\ninput ${size}x${size}x3 -> 4 * (conv spectral gaussian 6 -> relu) -> dense tanh 2\n${text}\n` +
      `train { loss: mse { targets: -1..1 }, batch: ${batch} }\n`,
  );
  const { plan } = compileNetwork(network, { programs: ["train"], target });
  const session = await openSession(plan, device);
  await session.writeParams(initialiseParams(plan, 0));
  const maker = text === "" ? batchMaker(dataset, plan.input, null) : trainingBatchMaker(dataset, plan, null);
  opened.push({ name, plan, session, maker, host: [], step: [], cpu: [] });
}
for (let round = -2; round < rounds; round++) {
  for (const { plan, session, maker, host, step, cpu } of opened) {
    const began = performance.now();
    const made = maker.make(indices, Math.max(0, round));
    const handed = performance.now();
    const before = process.cpuUsage();
    await session.run("train", trainInputs(plan, made, 0, 1), ["loss"]);
    const done = performance.now();
    const { user, system } = process.cpuUsage(before);
    // The first two compile.
    if (round < 0) continue;
    host.push(handed - began);
    step.push(done - handed);
    cpu.push((user + system) / 1000);
  }
}
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];
const [plain] = opened;
console.log(`${device.adapter.name}, ${size}x${size}x3, batch ${batch}, ${rounds} rounds`);
for (const { name, host, step, cpu } of opened) {
  // Ratios within a round: the load of the machine moves both.
  const ratio = (of) => median(of.map((value, round) => value / (of === step ? plain.step : plain.cpu)[round])).toFixed(3);
  console.log(
    `${name.padEnd(8)} step: least ${Math.min(...step).toFixed(1)} ms, ratio ${ratio(step)}; processor: ` +
      `least ${Math.min(...cpu).toFixed(0)} ms, ratio ${ratio(cpu)}; batch on the host: least ${Math.min(...host).toFixed(2)} ms`,
  );
}
for (const { session } of opened) await session.close();
await device.close();
