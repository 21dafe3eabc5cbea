/**
 * @file Memory over a long run: GPU buffers and host memory, every 100 steps of the paper's Gaussian network.
 *
 *     npm run build && node --expose-gc bench/memory.mjs [--steps=2000] [--size=64] [--batch=32] [--device=auto]
 */

import { compileNetwork } from "../dist/compiler/compile.js";
import { initialiseParams } from "../dist/runtime/index.js";
import { elaborateText, openSession, openTarget } from "./support.mjs";

const options = Object.fromEntries(process.argv.slice(2).map((text) => /^--([^=]+)=?(.*)$/.exec(text).slice(1)));
const [steps, size, batch] = [Number(options.steps ?? 2000), Number(options.size ?? 64), Number(options.batch ?? 32)];
const network = elaborateText(`spec 1
input ${size}x${size}x3 -> 4 * (conv spectral gaussian 6 -> relu) -> dense tanh 2
train { loss: mse { targets: -1..1 }, batch: ${batch} }
`);
const { device, target } = await openTarget({ device: options.device ?? "auto" });
const { plan } = compileNetwork(network, { programs: ["train"], target });
const session = await openSession(plan, device);
await session.writeParams(initialiseParams(plan, 0));
const images = Float32Array.from({ length: batch * 3 * size * size }, (_, i) => Math.sin(i * 12.9898) * 0.5 + 0.5);
const labels = Int32Array.from({ length: batch }, (_, i) => i % 2);
const weights = new Float32Array(batch).fill(1 / batch);
const rows = [];
for (let step = 0; step <= steps; step++) {
  await session.run("train", { images, labels, weights, scalars: Float32Array.of(1e-3, 1 - 0.9 ** (step + 1), 1 - 0.999 ** (step + 1)) }, [
    "loss",
  ]);
  if (step % 100 !== 0) continue;
  globalThis.gc?.();
  const { buffersCreated, buffersDestroyed, bytes } = device.counters;
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  rows.push({ step, buffers: buffersCreated - buffersDestroyed, bufferBytes: bytes, rss, heapUsed, arrayBuffers });
}
console.log(JSON.stringify({ adapter: device.adapter.name, rows }, null, 1));
await session.close();
await device.close();
