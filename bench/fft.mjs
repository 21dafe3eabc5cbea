/**
 * @file Times the FFT ops alone: node bench/fft.mjs [PLANESxHxW ...]. Needs `npm run build`.
 *
 * For each kernel: CPU time of its first dispatch (compilation on software drivers), then time and nominal GFLOP/s
 * (5 n log2 n for each complex line). On a software driver CPU time halved stands for two idle cores and is steadier
 * than wall time.
 */

import { graphPlan } from "../dist/compiler/assemble/graph-plan.js";
import { GraphBuilder } from "../dist/compiler/graph/graph.js";
import { baseline } from "../dist/compiler/lower/target.js";
import { irfft2, rfft2 } from "../dist/compiler/ops/fft.js";
import { input } from "../dist/compiler/ops/leaves.js";
import { asComplex, asReal } from "../dist/compiler/ops/view.js";
import { halfWidth } from "../dist/plan/shape.js";
import { openDevice } from "../dist/runtime/device.js";
import { openExecutor } from "../dist/runtime/executor.js";

const repeats = 10;
const rounds = 6;
const sizes = process.argv.length > 2 ? process.argv.slice(2) : ["192x64x64", "32x128x128", "32x150x150", "8x256x256", "32x97x97"];

function planFor([planes, H, W]) {
  const K = halfWidth(W);
  const builder = new GraphBuilder({ span: { start: 0, end: 0 }, layer: "bench", role: "forward" });
  const leaf = (name, shape) => input.build(builder, [], { name, type: { shape, dtype: "f32" } });
  const results = [
    { name: "forward", kind: "output", node: asReal(builder, rfft2.build(builder, [leaf("x", [planes, H, W])], { weighted: false })) },
    {
      name: "inverse",
      kind: "output",
      node: irfft2.build(builder, [asComplex(builder, leaf("z", [planes, H, K, 2]))], { width: W, weighted: false }),
    },
  ];
  const plan = graphPlan({ name: "both", results }, baseline);
  // Each step again as a program of its own.
  const { both } = plan.programs;
  const alone = both.steps.map((step, index) => [`step ${index}`, { inputs: [], outputs: [], steps: new Array(repeats).fill(step) }]);
  return { ...plan, programs: { both, ...Object.fromEntries(alone) } };
}

function cpuMilliseconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

async function measure(action) {
  let [cpu, wall] = [Infinity, Infinity];
  for (let round = 0; round < rounds; round++) {
    const [cpuStart, wallStart] = [cpuMilliseconds(), performance.now()];
    await action();
    cpu = Math.min(cpu, cpuMilliseconds() - cpuStart);
    wall = Math.min(wall, performance.now() - wallStart);
  }
  return { cpu: cpu / repeats, wall: wall / repeats };
}

const device = await openDevice();
console.log(device.adapter.name);
for (const size of sizes) {
  const [planes, H, W] = size.split("x").map(Number);
  const plan = planFor([planes, H, W]);
  const compile = [];
  let last = cpuMilliseconds();
  const executor = await openExecutor(plan, device, {
    onWarm: () => {
      const now = cpuMilliseconds();
      compile.push(now - last);
      last = now;
    },
  });
  const first = compile.slice(-plan.kernels.length);
  for (const [index, step] of plan.programs.both.steps.entries()) {
    const { cpu, wall } = await measure(() => executor.run(`step ${index}`, {}, []));
    const rows = step.label.includes("rows");
    const flops = rows ? (planes * H * 5 * W * Math.log2(W)) / 2 : planes * halfWidth(W) * 5 * H * Math.log2(H);
    const time = device.adapter.fallback ? cpu / 2 : wall;
    console.log(
      `${size.padEnd(12)} ${step.label.padEnd(36)} first ${first[step.kernel].toFixed(0).padStart(5)} ms  ` +
        `wall ${wall.toFixed(2).padStart(6)} ms  CPU ${cpu.toFixed(2).padStart(6)} ms  ` +
        `${(flops / time / 1e6).toFixed(1).padStart(6)} GFLOP/s`,
    );
  }
  await executor.close();
}
await device.close();
