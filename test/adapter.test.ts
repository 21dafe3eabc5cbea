/** @file The test machine itself: the adapter computes, with default limits. */

import { expect, test } from "vitest";
import { gpuMissing, openTestDevice } from "./support/gpu.ts";

test.skipIf(gpuMissing !== undefined)("the adapter runs a compute shader with default limits", async () => {
  const opened = await openTestDevice();
  const device = opened.gpu;
  try {
    expect(device.limits.maxStorageBuffersPerShaderStage).toBe(8);
    expect(device.limits.maxComputeWorkgroupStorageSize).toBe(16384);
    const source = Float32Array.of(1, 2, 3, 4);
    const work = device.createBuffer({
      size: source.byteLength,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    });
    const readBack = device.createBuffer({ size: source.byteLength, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    device.queue.writeBuffer(work, 0, source);
    const pipeline = device.createComputePipeline({
      layout: "auto",
      compute: {
        module: device.createShaderModule({
          code: `@group(0) @binding(0) var<storage, read_write> values: array<f32>;
            @compute @workgroup_size(4) fn main(@builtin(local_invocation_index) i: u32) { values[i] = values[i] * values[i]; }`,
        }),
      },
    });
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(
      0,
      device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries: [{ binding: 0, resource: { buffer: work } }] }),
    );
    pass.dispatchWorkgroups(1);
    pass.end();
    encoder.copyBufferToBuffer(work, 0, readBack, 0, source.byteLength);
    device.queue.submit([encoder.finish()]);
    await readBack.mapAsync(GPUMapMode.READ);
    expect(Array.from(new Float32Array(readBack.getMappedRange()))).toEqual([1, 4, 9, 16]);
    readBack.unmap();
  } finally {
    await opened.close();
  }
});
