/** @file A plan of three kernels, written by hand: it adds twice its input, times `lr`, to its parameters. */

import type { Plan } from "../../src/plan/plan.ts";
import { usualPixels } from "../../src/plan/plan.ts";

const doubling = `
@group(0) @binding(0) var<storage, read> x: array<f32>;
@group(0) @binding(1) var<uniform> factor: vec4f;
@group(0) @binding(2) var<storage, read_write> doubled: array<f32>;
@compute @workgroup_size(4) fn main(@builtin(global_invocation_id) id: vec3u) {
  doubled[id.x] = factor.x * x[id.x];
}`;

const accumulating = `
@group(0) @binding(0) var<storage, read> doubled: array<f32>;
@group(0) @binding(1) var<storage, read> scalars: array<f32>;
@group(0) @binding(2) var<storage, read_write> params: array<f32>;
@group(0) @binding(3) var<storage, read_write> moments: array<f32>;
@group(0) @binding(4) var<storage, read_write> total: array<f32>;
@group(0) @binding(5) var<storage, read_write> steps: array<u32>;
@compute @workgroup_size(1) fn main() {
  var sum = 0.0;
  for (var i = 0u; i < 4u; i++) {
    params[i] += scalars[0] * doubled[i];
    moments[i] += 1.0;
    sum += params[i];
  }
  total[0] = sum;
  steps[0] = u32(moments[0]);
}`;

const multiplying = `
@group(0) @binding(0) var<storage, read> params: array<f32>;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
@compute @workgroup_size(4) fn main(@builtin(global_invocation_id) id: vec3u) {
  y[id.x] = params[id.x] * x[id.x];
}`;

const whole = (buffer: number, sizeBytes = 16): Plan["programs"][string]["steps"][number]["bindings"][number] => ({
  buffer,
  offsetBytes: 0,
  sizeBytes,
});
const span = { start: 0, end: 0 };

/** Parameters `w` [2, 2] (trained, at byte 0) and `w.scale` [1] (not trained, at byte 256). A new object each time. */
export function accumulatorPlan(): Plan {
  return {
    version: 1,
    target: { limits: {}, features: [] },
    buffers: [
      { name: "x", sizeBytes: 16, kind: "input" },
      { name: "scalars", sizeBytes: 16, kind: "input" },
      {
        name: "factor",
        sizeBytes: 16,
        kind: "constant",
        data: btoa(String.fromCharCode(...new Uint8Array(Float32Array.of(2, 0, 0, 0).buffer))),
      },
      { name: "slot.0", sizeBytes: 16, kind: "slot" },
      { name: "params", sizeBytes: 512, kind: "params" },
      { name: "state.0", sizeBytes: 512, kind: "state" },
      { name: "outputs", sizeBytes: 1024, kind: "output" },
    ],
    kernels: [
      { label: "doubling", wgsl: doubling, bindings: ["read", "uniform", "write"] },
      { label: "accumulating", wgsl: accumulating, bindings: ["read", "read", "write", "write", "write", "write"] },
      { label: "multiplying", wgsl: multiplying, bindings: ["read", "read", "write"] },
    ],
    programs: {
      step: {
        inputs: [
          { name: "x", shape: [2, 2], dtype: "f32", buffer: 0, offsetBytes: 0 },
          { name: "scalars", shape: [1], dtype: "f32", buffer: 1, offsetBytes: 0 },
        ],
        outputs: [
          { name: "total", shape: [], dtype: "f32", buffer: 6, offsetBytes: 0 },
          { name: "steps", shape: [1], dtype: "u32", buffer: 6, offsetBytes: 256 },
        ],
        steps: [
          { kernel: 0, label: "first doubling", bindings: [whole(0), whole(2), whole(3)], grid: [1, 1, 1] },
          {
            kernel: 1,
            label: "update",
            bindings: [
              whole(3),
              whole(1),
              whole(4),
              whole(5),
              { buffer: 6, offsetBytes: 0, sizeBytes: 4 },
              { buffer: 6, offsetBytes: 256, sizeBytes: 4 },
            ],
            grid: [1, 1, 1],
          },
        ],
      },
      forward: {
        inputs: [{ name: "x", shape: [4], dtype: "f32", buffer: 0, offsetBytes: 0 }],
        outputs: [{ name: "y", shape: [4], dtype: "f32", buffer: 6, offsetBytes: 512 }],
        steps: [
          { kernel: 2, label: "product", bindings: [whole(4), whole(0), { buffer: 6, offsetBytes: 512, sizeBytes: 16 }], grid: [1, 1, 1] },
        ],
      },
    },
    params: [
      {
        path: "w",
        shape: [2, 2],
        offsetBytes: 0,
        start: { kind: "normal", mean: 0, deviation: 1 },
        constraint: { kind: "free" },
        trained: true,
        decayed: true,
        part: "head",
        span,
      },
      {
        path: "w.scale",
        shape: [1],
        offsetBytes: 256,
        start: { kind: "constant", value: 1 },
        constraint: { kind: "free" },
        trained: false,
        decayed: false,
        part: "head",
        span,
      },
    ],
    stateCount: 1,
    input: { kind: "image", height: 2, width: 2, channels: 1, batch: 1, ...usualPixels, outputs: 4, threshold: 0 },
  };
}
