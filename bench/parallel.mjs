/**
 * @file How many cores two threads really get: what a virtual machine is promised and what it is given differ, and from hour to hour.
 * Peers that use one thread do not feel it, software drivers do. Prints a number between 1 and 2.
 */

import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { isMainThread, parentPort, Worker } from "node:worker_threads";

function work() {
  let sum = 0;
  for (let i = 0; i < 3e8; i++) sum += i & 3;
  return sum;
}

async function seconds(body) {
  const started = performance.now();
  await body();
  return (performance.now() - started) / 1000;
}

work();
if (isMainThread) {
  const one = await seconds(work);
  const worker = new Worker(fileURLToPath(import.meta.url));
  await once(worker, "message");
  const two = await seconds(async () => {
    worker.postMessage("start");
    work();
    await once(worker, "message");
  });
  await worker.terminate();
  console.log(((2 * one) / two).toFixed(2));
} else {
  parentPort.on("message", () => parentPort.postMessage(work()));
  parentPort.postMessage("ready");
}
