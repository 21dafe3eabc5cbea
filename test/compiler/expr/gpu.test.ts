/** @file Every scalar function and its derivatives on the adapter: the printed WGSL says what f64 evaluation says. */

import { expect, test } from "vitest";
import type { Expr, ScalarName } from "../../../src/compiler/expr/expr.ts";
import { call, compileExprs, constant, differentiate, printWgsl, variable } from "../../../src/compiler/expr/expr.ts";
import { scalars } from "../../../src/compiler/expr/scalars.ts";
import { gpuMissing, openTestDevice } from "../../support/gpu.ts";

const variables = ["x", "y", "z"];
const [x, y, z] = variables.map(variable);

/** docs/numerics.md#tolerances: transcendentals 5e-6 relative or 1e-6 absolute; sine and cosine are promised to 2e-3 only. */
function tolerance(name: ScalarName, value: number): number {
  if (name === "sin" || name === "cos") return 2e-3;
  // pow is exp2(y log2 x): the error of the exponent grows with it. For atan2 WGSL promises 4096 units in the last place.
  const relative = name === "power" ? 5e-5 : name === "atan2" ? 4096 * 2 ** -23 : 5e-6;
  return Math.max(1e-6, relative * Math.abs(value));
}

/** Ties, kinks, saturation, overflowing exponents, large angles; then ordinary numbers. */
const points: readonly (readonly [number, number, number])[] = [
  [0, 0, 0],
  [1, 1, 1],
  [-1, 1, -1],
  [1, -1, 1],
  [0, 1, 2],
  [1, 0, 0],
  [-0.5, 0.5, 1],
  [0.5, -0.5, 0.5],
  [30, -2, 5],
  [-30, 3, -5],
  [95, 1, 0],
  [-95, -1, 0],
  [400, 2, 1],
  [-400, 0.5, 1],
  [1e-6, 1e-6, 1],
  [1e-4, -1e-3, 0],
  [3.14159, 1.5708, 0],
  [-3.14159, -1.5708, 0],
  [12.566, 100.53, 0],
  [-77.7, 55.5, 3],
  ...Array.from({ length: 44 }, (_, i): [number, number, number] => [
    Math.sin(i * 12.9) * 4,
    Math.sin(i * 78.2) * 3,
    Math.sin(i * 37.7) * 2,
  ]),
];

interface Case {
  readonly title: string;
  readonly name: ScalarName;
  readonly e: Expr;
}

const cases: readonly Case[] = (Object.keys(scalars) as ScalarName[]).flatMap((name) => {
  const { arity } = scalars[name];
  // A first argument above zero where the function needs one.
  const first = name === "log" || name === "power" ? call("add", call("abs", x), constant(1e-3)) : x;
  const second = name === "divide" ? call("add", call("abs", y), constant(1e-3)) : y;
  const e = call(name, ...[first, second, z].slice(0, arity));
  return [
    { title: name, name, e },
    ...variables.slice(0, arity).map((by) => ({ title: `d ${name} / d ${by}`, name, e: differentiate(e, by) })),
  ];
});

async function onDevice(exprs: readonly Expr[], inputs: Float32Array): Promise<Float32Array> {
  const count = inputs.length / 3;
  const { lets, results } = printWgsl(exprs, (name) => `p_${name}`, "t");
  const code = `
    @group(0) @binding(0) var<storage, read> inputs: array<f32>;
    @group(0) @binding(1) var<storage, read_write> outputs: array<f32>;
    @compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
      if (id.x >= ${count}u) { return; }
      ${variables.map((name, i) => `let p_${name} = inputs[3u * id.x + ${i}u];`).join("\n")}
      ${lets.join("\n")}
      ${results.map((result, i) => `outputs[${exprs.length}u * id.x + ${i}u] = ${result};`).join("\n")}
    }`;
  const opened = await openTestDevice();
  const device = opened.gpu;
  try {
    const sizeBytes = 4 * count * exprs.length;
    const input = device.createBuffer({ size: inputs.byteLength, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST });
    const output = device.createBuffer({ size: sizeBytes, usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC });
    const readBack = device.createBuffer({ size: sizeBytes, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    device.queue.writeBuffer(input, 0, inputs);
    const pipeline = device.createComputePipeline({ layout: "auto", compute: { module: device.createShaderModule({ code }) } });
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(
      0,
      device.createBindGroup({
        layout: pipeline.getBindGroupLayout(0),
        entries: [
          { binding: 0, resource: { buffer: input } },
          { binding: 1, resource: { buffer: output } },
        ],
      }),
    );
    pass.dispatchWorkgroups(Math.ceil(count / 64));
    pass.end();
    encoder.copyBufferToBuffer(output, 0, readBack, 0, sizeBytes);
    device.queue.submit([encoder.finish()]);
    await readBack.mapAsync(GPUMapMode.READ);
    const values = new Float32Array(readBack.getMappedRange()).slice();
    readBack.unmap();
    return values;
  } finally {
    await opened.close();
  }
}

test.skipIf(gpuMissing !== undefined)("WGSL agrees with f64 evaluation", async () => {
  const inputs = Float32Array.from(points.flat());
  const exprs = cases.map(({ e }) => e);
  const found = await onDevice(exprs, inputs);
  const evaluate = compileExprs(exprs, variables);
  const expected = new Float64Array(exprs.length);
  const wrong: string[] = [];
  for (let i = 0; i < points.length; i++) {
    const point = inputs.subarray(3 * i, 3 * i + 3);
    evaluate(point, expected);
    cases.forEach(({ title, name }, k) => {
      const [value, reference] = [found[exprs.length * i + k], expected[k]];
      // An overflow is as it should be: non-finite values are found on their own.
      if (Math.abs(reference) > 1e30) return;
      if (!(Math.abs(value - reference) <= tolerance(name, reference)))
        wrong.push(`${title} at ${[...point].join(", ")}: ${value} instead of ${reference}`);
    });
  }
  expect(wrong).toEqual([]);
});
