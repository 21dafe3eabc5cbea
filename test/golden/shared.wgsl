// buffers
//   params: params, 2304 bytes
//   grads: output, 2304 bytes
//   state.0: state, 2304 bytes
//   state.1: state, 2304 bytes
//   output.outputs: output, 32 bytes
//   input.images: input, 320 bytes
//   output.loss: output, 16 bytes
//   output.gradient-statistics: output, 48 bytes
//   input.labels: input, 16 bytes
//   input.weights: input, 16 bytes
//   input.scalars: input, 16 bytes
//   table#4e41ffea: constant, 16 bytes
//   table#5b8a0db1: constant, 16 bytes
//   table#ca0cbe37: constant, 16 bytes
//   table#fd19eca0: constant, 16 bytes
//   table#2aaef9ba: constant, 16 bytes
//   table#f47e379f: constant, 48 bytes
//   table#d53eda7a: constant, 48 bytes
// program infer
//   kernel 0, 1x1x1 groups: input.images[0+320] params[0+2064] table#4e41ffea[0+16] table#5b8a0db1[0+16] output.outputs[0+24]
// program train
//   kernel 1, 1x1x1 groups: input.images[0+320] params[0+2064] table#4e41ffea[0+16] table#5b8a0db1[0+16] output.outputs[0+24] input.labels[0+8] input.weights[0+8] output.loss[0+8] table#ca0cbe37[0+16] table#fd19eca0[0+16] grads[0+2064] table#2aaef9ba[0+16]
//   kernel 2, 6x1x1 groups: grads[0+2304] output.gradient-statistics[0+48] table#f47e379f[0+48]
//   kernel 3, 3x1x1 groups: grads[0+2304] input.scalars[0+16] params[0+2304] state.0[0+2304] state.1[0+2304] table#d53eda7a[0+48]

// kernel 0: dense.1 forward sum + core/dense.1 forward map + 2 sum + dense.2
// read, read, uniform, uniform, write
// fused: a core op with element-wise work in its loads and its store
// map: y[i] = f(x0[i], x1[i], ...)
// contract: y[output] = sum over the other labels of a[left] b[right]
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<uniform> table0: array<vec4u, 1>;
@group(0) @binding(3) var<uniform> table1: array<vec4u, 1>;
@group(0) @binding(4) var<storage, read_write> out0_4: array<f32>;
var<workgroup> local0: array<f32, 10>;
var<workgroup> local1: array<f32, 10>;
var<workgroup> local2: array<f32, 10>;
var<workgroup> local3: array<f32, 10>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn load1(i: u32) -> f32 { return in1[i]; }
fn store0(i: u32, y: f32) {
  let v1 = in1[256u + ((i % 5u))];
  local0[i] = tanh(clamp((y + v1), -10.0, 10.0));
}
fn load0x4(i: u32) -> vec4f { return vec4f(load0(i), load0(i + 1u), load0(i + 2u), load0(i + 3u)); }
fn load1x4(i: u32) -> vec4f { return vec4f(load1(i), load1(i + 1u), load1(i + 2u), load1(i + 3u)); }
fn body_0(i: u32) {
  let x0 = (i / 2u);
  let x1 = i % 2u;
  let base0 = 0u;
  let base1 = 0u;
  let x0at0 = x0 + 0u;
  let x0at1 = x0 + 1u;
  let x1at0 = x1 + 0u;
  let x1at1 = x1 + 2u;
  let x1at2 = min(x1 + 4u, 4u);
  var sum0 = f32();
  var sum1 = f32();
  var sum2 = f32();
  var sum3 = f32();
  var sum4 = f32();
  var sum5 = f32();
  for (var k0 = 0u; k0 < table0[0].x; k0++) {
  let at0 = base0 + k0 * 4u;
  let v0s0 = load0x4(at0 + x0at0 * 40u);
  let v0s1 = load0x4(at0 + x0at1 * 40u);
  let at1 = base1 + k0 * 4u;
  let v1s0 = load1x4(at1 + x1at0 * 40u);
  let v1s1 = load1x4(at1 + x1at1 * 40u);
  let v1s2 = load1x4(at1 + x1at2 * 40u);
  sum0 += dot(v0s0, v1s0);
  sum1 += dot(v0s0, v1s1);
  sum2 += dot(v0s0, v1s2);
  sum3 += dot(v0s1, v1s0);
  sum4 += dot(v0s1, v1s1);
  sum5 += dot(v0s1, v1s2);
  }
  store0(x0 * 5u + x1, sum0);
  store0(x0 * 5u + (x1 + 2u), sum1);
  if ((x1 + 4u) < 5u) { store0(x0 * 5u + (x1 + 4u), sum2); }
  store0((x0 + 1u) * 5u + x1, sum3);
  store0((x0 + 1u) * 5u + (x1 + 2u), sum4);
  if ((x1 + 4u) < 5u) { store0((x0 + 1u) * 5u + (x1 + 4u), sum5); }
}
fn load0_1(i: u32) -> f32 { return in1[384u + i]; }
fn store0_1(i: u32, y: f32) { local1[i] = y; }
fn body_1(i: u32) {
  let v0 = load0_1((i % 5u));
  store0_1(i, v0);
}
fn load0_2(i: u32) -> f32 { return local0[i]; }
fn load1_2(i: u32) -> f32 { return in1[320u + i]; }
fn store0_2(i: u32, y: f32) {
  let v1 = local1[i];
  let t0 = (y + v1);
  local2[i] = ((0.5 * t0) * (tanh(clamp((0.7978845608 * (t0 + (0.044715 * ((t0 * t0) * t0)))), -10.0, 10.0)) + 1.0));
}
fn body_2(i: u32) {
  let x0 = (i / 2u);
  let x1 = i % 2u;
  let base0 = 0u;
  let base1 = 0u;
  let x0at0 = x0 + 0u;
  let x0at1 = x0 + 1u;
  let x1at0 = x1 + 0u;
  let x1at1 = x1 + 2u;
  let x1at2 = min(x1 + 4u, 4u);
  var sum0 = f32();
  var sum1 = f32();
  var sum2 = f32();
  var sum3 = f32();
  var sum4 = f32();
  var sum5 = f32();
  for (var k0 = 0u; k0 < table1[0].x; k0++) {
  let at0 = base0 + k0;
  let v0s0 = load0_2(at0 + x0at0 * 5u);
  let v0s1 = load0_2(at0 + x0at1 * 5u);
  let at1 = base1 + k0;
  let v1s0 = load1_2(at1 + x1at0 * 5u);
  let v1s1 = load1_2(at1 + x1at1 * 5u);
  let v1s2 = load1_2(at1 + x1at2 * 5u);
  sum0 += v0s0 * v1s0;
  sum1 += v0s0 * v1s1;
  sum2 += v0s0 * v1s2;
  sum3 += v0s1 * v1s0;
  sum4 += v0s1 * v1s1;
  sum5 += v0s1 * v1s2;
  }
  store0_2(x0 * 5u + x1, sum0);
  store0_2(x0 * 5u + (x1 + 2u), sum1);
  if ((x1 + 4u) < 5u) { store0_2(x0 * 5u + (x1 + 4u), sum2); }
  store0_2((x0 + 1u) * 5u + x1, sum3);
  store0_2((x0 + 1u) * 5u + (x1 + 2u), sum4);
  if ((x1 + 4u) < 5u) { store0_2((x0 + 1u) * 5u + (x1 + 4u), sum5); }
}
fn load0_3(i: u32) -> f32 { return local2[i]; }
fn load1_3(i: u32) -> f32 { return in1[320u + i]; }
fn store0_3(i: u32, y: f32) { local3[i] = y; }
fn body_3(i: u32) {
  let x0 = (i / 2u);
  let x1 = i % 2u;
  let base0 = 0u;
  let base1 = 0u;
  let x0at0 = x0 + 0u;
  let x0at1 = x0 + 1u;
  let x1at0 = x1 + 0u;
  let x1at1 = x1 + 2u;
  let x1at2 = min(x1 + 4u, 4u);
  var sum0 = f32();
  var sum1 = f32();
  var sum2 = f32();
  var sum3 = f32();
  var sum4 = f32();
  var sum5 = f32();
  for (var k0 = 0u; k0 < table1[0].x; k0++) {
  let at0 = base0 + k0;
  let v0s0 = load0_3(at0 + x0at0 * 5u);
  let v0s1 = load0_3(at0 + x0at1 * 5u);
  let at1 = base1 + k0;
  let v1s0 = load1_3(at1 + x1at0 * 5u);
  let v1s1 = load1_3(at1 + x1at1 * 5u);
  let v1s2 = load1_3(at1 + x1at2 * 5u);
  sum0 += v0s0 * v1s0;
  sum1 += v0s0 * v1s1;
  sum2 += v0s0 * v1s2;
  sum3 += v0s1 * v1s0;
  sum4 += v0s1 * v1s1;
  sum5 += v0s1 * v1s2;
  }
  store0_3(x0 * 5u + x1, sum0);
  store0_3(x0 * 5u + (x1 + 2u), sum1);
  if ((x1 + 4u) < 5u) { store0_3(x0 * 5u + (x1 + 4u), sum2); }
  store0_3((x0 + 1u) * 5u + x1, sum3);
  store0_3((x0 + 1u) * 5u + (x1 + 2u), sum4);
  if ((x1 + 4u) < 5u) { store0_3((x0 + 1u) * 5u + (x1 + 4u), sum5); }
}
fn load0_4(i: u32) -> f32 {
  let v0 = local3[i];
  let v1 = local1[i];
  let t0 = (v0 + v1);
  return ((0.5 * t0) * (tanh(clamp((0.7978845608 * (t0 + (0.044715 * ((t0 * t0) * t0)))), -10.0, 10.0)) + 1.0));
}
fn load1_4(i: u32) -> f32 { return in1[448u + i]; }
fn store0_4(i: u32, y: f32) {
  let v1 = in1[512u + ((i % 3u))];
  out0_4[i] = tanh(clamp((y + v1), -10.0, 10.0));
}
fn body_4(i: u32) {
  let x0 = i;
  let x1 = i % 1u;
  let base0 = 0u;
  let base1 = 0u;
  let x0at0 = x0 + 0u;
  let x0at1 = x0 + 1u;
  let x1at0 = x1 + 0u;
  let x1at1 = x1 + 1u;
  let x1at2 = x1 + 2u;
  var sum0 = f32();
  var sum1 = f32();
  var sum2 = f32();
  var sum3 = f32();
  var sum4 = f32();
  var sum5 = f32();
  for (var k0 = 0u; k0 < table1[0].x; k0++) {
  let at0 = base0 + k0;
  let v0s0 = load0_4(at0 + x0at0 * 5u);
  let v0s1 = load0_4(at0 + x0at1 * 5u);
  let at1 = base1 + k0;
  let v1s0 = load1_4(at1 + x1at0 * 5u);
  let v1s1 = load1_4(at1 + x1at1 * 5u);
  let v1s2 = load1_4(at1 + x1at2 * 5u);
  sum0 += v0s0 * v1s0;
  sum1 += v0s0 * v1s1;
  sum2 += v0s0 * v1s2;
  sum3 += v0s1 * v1s0;
  sum4 += v0s1 * v1s1;
  sum5 += v0s1 * v1s2;
  }
  store0_4(x0 * 3u + x1, sum0);
  store0_4(x0 * 3u + (x1 + 1u), sum1);
  store0_4(x0 * 3u + (x1 + 2u), sum2);
  store0_4((x0 + 1u) * 3u + x1, sum3);
  store0_4((x0 + 1u) * 3u + (x1 + 1u), sum4);
  store0_4((x0 + 1u) * 3u + (x1 + 2u), sum5);
}
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  if (lane < 2u) { body_0(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 10u) { body_1(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 2u) { body_2(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 2u) { body_3(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 1u) { body_4(lane); }
}


// kernel 1: dense.1 forward sum + map + core/dense.1 + sum + map + sum + map + dense.2 forward sum + map + targets + sum + dense.2 backward map + core/dense.1 backward sum + sum + dense.1 + 2 sum + core/dense.1 + 3 sum + dense.2 + sum
// read, read, uniform, uniform, write, read, read, write, uniform, uniform, write, uniform
// fused: a core op with element-wise work in its loads and its store
// map: y[i] = f(x0[i], x1[i], ...)
// oneHot: y[b, o] = on where o = label[b], off elsewhere
// contract: y[output] = sum over the other labels of a[left] b[right]
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<uniform> table0: array<vec4u, 1>;
@group(0) @binding(3) var<uniform> table1: array<vec4u, 1>;
@group(0) @binding(4) var<storage, read_write> out0_8: array<f32>;
@group(0) @binding(5) var<storage, read> in5: array<i32>;
@group(0) @binding(6) var<storage, read> in6: array<f32>;
@group(0) @binding(7) var<storage, read_write> out0_10: array<f32>;
@group(0) @binding(8) var<uniform> table2: array<vec4u, 1>;
@group(0) @binding(9) var<uniform> table3: array<vec4u, 1>;
@group(0) @binding(10) var<storage, read_write> out0_15: array<f32>;
@group(0) @binding(11) var<uniform> table4: array<vec4u, 1>;
var<workgroup> local0: array<f32, 10>;
var<workgroup> local1: array<f32, 10>;
var<workgroup> local2: array<f32, 10>;
var<workgroup> local3: array<f32, 10>;
var<workgroup> local4: array<f32, 10>;
var<workgroup> local5: array<f32, 10>;
var<workgroup> local6: array<f32, 10>;
var<workgroup> local7: array<f32, 6>;
var<workgroup> local8: array<f32, 6>;
var<workgroup> local9: array<f32, 6>;
var<workgroup> local10: array<f32, 10>;
var<workgroup> local11: array<f32, 10>;
var<workgroup> local12: array<f32, 10>;
var<workgroup> local13: array<f32, 25>;
var<workgroup> local14: array<f32, 5>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn load1(i: u32) -> f32 { return in1[i]; }
fn store0(i: u32, y: f32) {
  let v1 = in1[256u + ((i % 5u))];
  local0[i] = (y + v1);
}
fn load0x4(i: u32) -> vec4f { return vec4f(load0(i), load0(i + 1u), load0(i + 2u), load0(i + 3u)); }
fn load1x4(i: u32) -> vec4f { return vec4f(load1(i), load1(i + 1u), load1(i + 2u), load1(i + 3u)); }
fn body_0(i: u32) {
  let x0 = (i / 2u);
  let x1 = i % 2u;
  let base0 = 0u;
  let base1 = 0u;
  let x0at0 = x0 + 0u;
  let x0at1 = x0 + 1u;
  let x1at0 = x1 + 0u;
  let x1at1 = x1 + 2u;
  let x1at2 = min(x1 + 4u, 4u);
  var sum0 = f32();
  var sum1 = f32();
  var sum2 = f32();
  var sum3 = f32();
  var sum4 = f32();
  var sum5 = f32();
  for (var k0 = 0u; k0 < table0[0].x; k0++) {
  let at0 = base0 + k0 * 4u;
  let v0s0 = load0x4(at0 + x0at0 * 40u);
  let v0s1 = load0x4(at0 + x0at1 * 40u);
  let at1 = base1 + k0 * 4u;
  let v1s0 = load1x4(at1 + x1at0 * 40u);
  let v1s1 = load1x4(at1 + x1at1 * 40u);
  let v1s2 = load1x4(at1 + x1at2 * 40u);
  sum0 += dot(v0s0, v1s0);
  sum1 += dot(v0s0, v1s1);
  sum2 += dot(v0s0, v1s2);
  sum3 += dot(v0s1, v1s0);
  sum4 += dot(v0s1, v1s1);
  sum5 += dot(v0s1, v1s2);
  }
  store0(x0 * 5u + x1, sum0);
  store0(x0 * 5u + (x1 + 2u), sum1);
  if ((x1 + 4u) < 5u) { store0(x0 * 5u + (x1 + 4u), sum2); }
  store0((x0 + 1u) * 5u + x1, sum3);
  store0((x0 + 1u) * 5u + (x1 + 2u), sum4);
  if ((x1 + 4u) < 5u) { store0((x0 + 1u) * 5u + (x1 + 4u), sum5); }
}
fn load0_1(i: u32) -> f32 { return local0[i]; }
fn store0_1(i: u32, y: f32) { local1[i] = y; }
fn body_1(i: u32) {
  let v0 = load0_1(i);
  store0_1(i, tanh(clamp(v0, -10.0, 10.0)));
}
fn load0_2(i: u32) -> f32 { return in1[384u + i]; }
fn store0_2(i: u32, y: f32) { local2[i] = y; }
fn body_2(i: u32) {
  let v0 = load0_2((i % 5u));
  store0_2(i, v0);
}
fn load0_3(i: u32) -> f32 { return local1[i]; }
fn load1_3(i: u32) -> f32 { return in1[320u + i]; }
fn store0_3(i: u32, y: f32) {
  let v1 = local2[i];
  local3[i] = (y + v1);
}
fn body_3(i: u32) {
  let x0 = (i / 2u);
  let x1 = i % 2u;
  let base0 = 0u;
  let base1 = 0u;
  let x0at0 = x0 + 0u;
  let x0at1 = x0 + 1u;
  let x1at0 = x1 + 0u;
  let x1at1 = x1 + 2u;
  let x1at2 = min(x1 + 4u, 4u);
  var sum0 = f32();
  var sum1 = f32();
  var sum2 = f32();
  var sum3 = f32();
  var sum4 = f32();
  var sum5 = f32();
  for (var k0 = 0u; k0 < table1[0].x; k0++) {
  let at0 = base0 + k0;
  let v0s0 = load0_3(at0 + x0at0 * 5u);
  let v0s1 = load0_3(at0 + x0at1 * 5u);
  let at1 = base1 + k0;
  let v1s0 = load1_3(at1 + x1at0 * 5u);
  let v1s1 = load1_3(at1 + x1at1 * 5u);
  let v1s2 = load1_3(at1 + x1at2 * 5u);
  sum0 += v0s0 * v1s0;
  sum1 += v0s0 * v1s1;
  sum2 += v0s0 * v1s2;
  sum3 += v0s1 * v1s0;
  sum4 += v0s1 * v1s1;
  sum5 += v0s1 * v1s2;
  }
  store0_3(x0 * 5u + x1, sum0);
  store0_3(x0 * 5u + (x1 + 2u), sum1);
  if ((x1 + 4u) < 5u) { store0_3(x0 * 5u + (x1 + 4u), sum2); }
  store0_3((x0 + 1u) * 5u + x1, sum3);
  store0_3((x0 + 1u) * 5u + (x1 + 2u), sum4);
  if ((x1 + 4u) < 5u) { store0_3((x0 + 1u) * 5u + (x1 + 4u), sum5); }
}
fn load0_4(i: u32) -> f32 { return local3[i]; }
fn store0_4(i: u32, y: f32) { local4[i] = y; }
fn body_4(i: u32) {
  let v0 = load0_4(i);
  store0_4(i, ((0.5 * v0) * (tanh(clamp((0.7978845608 * (v0 + (0.044715 * ((v0 * v0) * v0)))), -10.0, 10.0)) + 1.0)));
}
fn load0_5(i: u32) -> f32 { return local4[i]; }
fn load1_5(i: u32) -> f32 { return in1[320u + i]; }
fn store0_5(i: u32, y: f32) {
  let v1 = local2[i];
  local5[i] = (y + v1);
}
fn body_5(i: u32) {
  let x0 = (i / 2u);
  let x1 = i % 2u;
  let base0 = 0u;
  let base1 = 0u;
  let x0at0 = x0 + 0u;
  let x0at1 = x0 + 1u;
  let x1at0 = x1 + 0u;
  let x1at1 = x1 + 2u;
  let x1at2 = min(x1 + 4u, 4u);
  var sum0 = f32();
  var sum1 = f32();
  var sum2 = f32();
  var sum3 = f32();
  var sum4 = f32();
  var sum5 = f32();
  for (var k0 = 0u; k0 < table1[0].x; k0++) {
  let at0 = base0 + k0;
  let v0s0 = load0_5(at0 + x0at0 * 5u);
  let v0s1 = load0_5(at0 + x0at1 * 5u);
  let at1 = base1 + k0;
  let v1s0 = load1_5(at1 + x1at0 * 5u);
  let v1s1 = load1_5(at1 + x1at1 * 5u);
  let v1s2 = load1_5(at1 + x1at2 * 5u);
  sum0 += v0s0 * v1s0;
  sum1 += v0s0 * v1s1;
  sum2 += v0s0 * v1s2;
  sum3 += v0s1 * v1s0;
  sum4 += v0s1 * v1s1;
  sum5 += v0s1 * v1s2;
  }
  store0_5(x0 * 5u + x1, sum0);
  store0_5(x0 * 5u + (x1 + 2u), sum1);
  if ((x1 + 4u) < 5u) { store0_5(x0 * 5u + (x1 + 4u), sum2); }
  store0_5((x0 + 1u) * 5u + x1, sum3);
  store0_5((x0 + 1u) * 5u + (x1 + 2u), sum4);
  if ((x1 + 4u) < 5u) { store0_5((x0 + 1u) * 5u + (x1 + 4u), sum5); }
}
fn load0_6(i: u32) -> f32 { return local5[i]; }
fn store0_6(i: u32, y: f32) { local6[i] = y; }
fn body_6(i: u32) {
  let v0 = load0_6(i);
  store0_6(i, ((0.5 * v0) * (tanh(clamp((0.7978845608 * (v0 + (0.044715 * ((v0 * v0) * v0)))), -10.0, 10.0)) + 1.0)));
}
fn load0_7(i: u32) -> f32 { return local6[i]; }
fn load1_7(i: u32) -> f32 { return in1[448u + i]; }
fn store0_7(i: u32, y: f32) {
  let v1 = in1[512u + ((i % 3u))];
  local7[i] = (y + v1);
}
fn body_7(i: u32) {
  let x0 = i;
  let x1 = i % 1u;
  let base0 = 0u;
  let base1 = 0u;
  let x0at0 = x0 + 0u;
  let x0at1 = x0 + 1u;
  let x1at0 = x1 + 0u;
  let x1at1 = x1 + 1u;
  let x1at2 = x1 + 2u;
  var sum0 = f32();
  var sum1 = f32();
  var sum2 = f32();
  var sum3 = f32();
  var sum4 = f32();
  var sum5 = f32();
  for (var k0 = 0u; k0 < table1[0].x; k0++) {
  let at0 = base0 + k0;
  let v0s0 = load0_7(at0 + x0at0 * 5u);
  let v0s1 = load0_7(at0 + x0at1 * 5u);
  let at1 = base1 + k0;
  let v1s0 = load1_7(at1 + x1at0 * 5u);
  let v1s1 = load1_7(at1 + x1at1 * 5u);
  let v1s2 = load1_7(at1 + x1at2 * 5u);
  sum0 += v0s0 * v1s0;
  sum1 += v0s0 * v1s1;
  sum2 += v0s0 * v1s2;
  sum3 += v0s1 * v1s0;
  sum4 += v0s1 * v1s1;
  sum5 += v0s1 * v1s2;
  }
  store0_7(x0 * 3u + x1, sum0);
  store0_7(x0 * 3u + (x1 + 1u), sum1);
  store0_7(x0 * 3u + (x1 + 2u), sum2);
  store0_7((x0 + 1u) * 3u + x1, sum3);
  store0_7((x0 + 1u) * 3u + (x1 + 1u), sum4);
  store0_7((x0 + 1u) * 3u + (x1 + 2u), sum5);
}
fn load0_8(i: u32) -> f32 { return local7[i]; }
fn store0_8(i: u32, y: f32) { out0_8[i] = y; }
fn body_8(i: u32) {
  let v0 = load0_8(i);
  store0_8(i, tanh(clamp(v0, -10.0, 10.0)));
}
fn load0_9(i: u32) -> i32 { return in5[i]; }
fn store0_9(i: u32, y: f32) { local8[i] = y; }
fn body_9(i: u32) {
  store0_9(i, select((-1.0), 1.0, load0_9(i / 3u) == i32(i % 3u)));
}
fn load0_10(i: u32) -> f32 {
  let v0 = out0_8[i];
  let v1 = local8[i];
  let v2 = in6[((i / 3u))];
  let t0 = (v0 - v1);
  return (((t0 * t0) * v2) / 3.0);
}
fn store0_10(i: u32, y: f32) { out0_10[i] = y; }
fn body_10(i: u32) {
  let base0 = 0u;
  var sum0 = f32();
  for (var k0 = 0u; k0 < table2[0].x; k0++) {
  let at0 = base0 + k0;
  let v0s0 = load0_10(at0);
  sum0 += v0s0;
  }
  store0_10(0u, sum0);
}
fn load0_11(i: u32) -> f32 { return local7[i]; }
fn load1_11(i: u32) -> f32 { return out0_8[i]; }
fn load2_11(i: u32) -> f32 { return local8[i]; }
fn load3_11(i: u32) -> f32 { return in6[i]; }
fn store0_11(i: u32, y: f32) { local9[i] = y; }
fn body_11(i: u32) {
  let v0 = load0_11(i);
  let v1 = load1_11(i);
  let v2 = load2_11(i);
  let v3 = load3_11((i / 3u));
  let t0 = tanh(clamp(v0, -10.0, 10.0));
  store0_11(i, ((((2.0 * (v1 - v2)) * v3) / 3.0) * (select(0.0, 1.0, 10.0 >= abs(v0)) * (1.0 - (t0 * t0)))));
}
fn load0_12(i: u32) -> f32 { return local9[i]; }
fn load1_12(i: u32) -> f32 { return in1[448u + i]; }
fn store0_12(i: u32, y: f32) {
  let v1 = local5[i];
  let t0 = (v1 * v1);
  let t1 = (0.7978845608 * (v1 + (0.044715 * (t0 * v1))));
  let t2 = tanh(clamp(t1, -10.0, 10.0));
  local10[i] = (y * ((0.5 * (t2 + 1.0)) + ((0.5 * v1) * ((select(0.0, 1.0, 10.0 >= abs(t1)) * (1.0 - (t2 * t2))) * (0.7978845608 * ((0.044715 * (((2.0 * v1) * v1) + t0)) + 1.0))))));
}
fn body_12(i: u32) {
  let x0 = (i / 2u);
  let x1 = i % 2u;
  let base0 = x0 * 3u;
  let base1 = 0u;
  let x1at0 = x1 + 0u;
  let x1at1 = x1 + 2u;
  let x1at2 = min(x1 + 4u, 4u);
  var sum0 = f32();
  var sum1 = f32();
  var sum2 = f32();
  for (var k0 = 0u; k0 < table3[0].x; k0++) {
  let at0 = base0 + k0;
  let v0s0 = load0_12(at0);
  let at1 = base1 + k0 * 5u;
  let v1s0 = load1_12(at1 + x1at0 * 1u);
  let v1s1 = load1_12(at1 + x1at1 * 1u);
  let v1s2 = load1_12(at1 + x1at2 * 1u);
  sum0 += v0s0 * v1s0;
  sum1 += v0s0 * v1s1;
  sum2 += v0s0 * v1s2;
  }
  store0_12(x0 * 5u + x1, sum0);
  store0_12(x0 * 5u + (x1 + 2u), sum1);
  if ((x1 + 4u) < 5u) { store0_12(x0 * 5u + (x1 + 4u), sum2); }
}
fn load0_13(i: u32) -> f32 { return local10[i]; }
fn load1_13(i: u32) -> f32 { return in1[320u + i]; }
fn store0_13(i: u32, y: f32) {
  let v1 = local3[i];
  let t0 = (v1 * v1);
  let t1 = (0.7978845608 * (v1 + (0.044715 * (t0 * v1))));
  let t2 = tanh(clamp(t1, -10.0, 10.0));
  local11[i] = (y * ((0.5 * (t2 + 1.0)) + ((0.5 * v1) * ((select(0.0, 1.0, 10.0 >= abs(t1)) * (1.0 - (t2 * t2))) * (0.7978845608 * ((0.044715 * (((2.0 * v1) * v1) + t0)) + 1.0))))));
}
fn body_13(i: u32) {
  let x0 = (i / 2u);
  let x1 = i % 2u;
  let base0 = 0u;
  let base1 = 0u;
  let x0at0 = x0 + 0u;
  let x0at1 = x0 + 1u;
  let x1at0 = x1 + 0u;
  let x1at1 = x1 + 2u;
  let x1at2 = min(x1 + 4u, 4u);
  var sum0 = f32();
  var sum1 = f32();
  var sum2 = f32();
  var sum3 = f32();
  var sum4 = f32();
  var sum5 = f32();
  for (var k0 = 0u; k0 < table1[0].x; k0++) {
  let at0 = base0 + k0;
  let v0s0 = load0_13(at0 + x0at0 * 5u);
  let v0s1 = load0_13(at0 + x0at1 * 5u);
  let at1 = base1 + k0 * 5u;
  let v1s0 = load1_13(at1 + x1at0 * 1u);
  let v1s1 = load1_13(at1 + x1at1 * 1u);
  let v1s2 = load1_13(at1 + x1at2 * 1u);
  sum0 += v0s0 * v1s0;
  sum1 += v0s0 * v1s1;
  sum2 += v0s0 * v1s2;
  sum3 += v0s1 * v1s0;
  sum4 += v0s1 * v1s1;
  sum5 += v0s1 * v1s2;
  }
  store0_13(x0 * 5u + x1, sum0);
  store0_13(x0 * 5u + (x1 + 2u), sum1);
  if ((x1 + 4u) < 5u) { store0_13(x0 * 5u + (x1 + 4u), sum2); }
  store0_13((x0 + 1u) * 5u + x1, sum3);
  store0_13((x0 + 1u) * 5u + (x1 + 2u), sum4);
  if ((x1 + 4u) < 5u) { store0_13((x0 + 1u) * 5u + (x1 + 4u), sum5); }
}
fn load0_14(i: u32) -> f32 { return local11[i]; }
fn load1_14(i: u32) -> f32 { return in1[320u + i]; }
fn store0_14(i: u32, y: f32) {
  let v1 = local0[i];
  let t0 = tanh(clamp(v1, -10.0, 10.0));
  local12[i] = (y * (select(0.0, 1.0, 10.0 >= abs(v1)) * (1.0 - (t0 * t0))));
}
fn body_14(i: u32) {
  let x0 = (i / 2u);
  let x1 = i % 2u;
  let base0 = 0u;
  let base1 = 0u;
  let x0at0 = x0 + 0u;
  let x0at1 = x0 + 1u;
  let x1at0 = x1 + 0u;
  let x1at1 = x1 + 2u;
  let x1at2 = min(x1 + 4u, 4u);
  var sum0 = f32();
  var sum1 = f32();
  var sum2 = f32();
  var sum3 = f32();
  var sum4 = f32();
  var sum5 = f32();
  for (var k0 = 0u; k0 < table1[0].x; k0++) {
  let at0 = base0 + k0;
  let v0s0 = load0_14(at0 + x0at0 * 5u);
  let v0s1 = load0_14(at0 + x0at1 * 5u);
  let at1 = base1 + k0 * 5u;
  let v1s0 = load1_14(at1 + x1at0 * 1u);
  let v1s1 = load1_14(at1 + x1at1 * 1u);
  let v1s2 = load1_14(at1 + x1at2 * 1u);
  sum0 += v0s0 * v1s0;
  sum1 += v0s0 * v1s1;
  sum2 += v0s0 * v1s2;
  sum3 += v0s1 * v1s0;
  sum4 += v0s1 * v1s1;
  sum5 += v0s1 * v1s2;
  }
  store0_14(x0 * 5u + x1, sum0);
  store0_14(x0 * 5u + (x1 + 2u), sum1);
  if ((x1 + 4u) < 5u) { store0_14(x0 * 5u + (x1 + 4u), sum2); }
  store0_14((x0 + 1u) * 5u + x1, sum3);
  store0_14((x0 + 1u) * 5u + (x1 + 2u), sum4);
  if ((x1 + 4u) < 5u) { store0_14((x0 + 1u) * 5u + (x1 + 4u), sum5); }
}
fn load0_15(i: u32) -> f32 { return local12[i]; }
fn load1_15(i: u32) -> f32 { return in0[i]; }
fn store0_15(i: u32, y: f32) { out0_15[i] = y; }
fn store0_15x4(i: u32, y: vec4f) { store0_15(i + 0u, y.x); store0_15(i + 1u, y.y); store0_15(i + 2u, y.z); store0_15(i + 3u, y.w); }
fn load1_15x4(i: u32) -> vec4f { return vec4f(load1_15(i), load1_15(i + 1u), load1_15(i + 2u), load1_15(i + 3u)); }
fn body_15(i: u32) {
  let x0 = (i / 10u);
  let x1 = i % 10u;
  let base0 = 0u;
  let base1 = x1 * 4u;
  let x0at0 = x0 + 0u;
  let x0at1 = x0 + 2u;
  let x0at2 = min(x0 + 4u, 4u);
  var sum0 = vec4f();
  var sum1 = vec4f();
  var sum2 = vec4f();
  for (var k0 = 0u; k0 < table4[0].x; k0++) {
  let at0 = base0 + k0 * 5u;
  let v0s0 = load0_15(at0 + x0at0 * 1u);
  let v0s1 = load0_15(at0 + x0at1 * 1u);
  let v0s2 = load0_15(at0 + x0at2 * 1u);
  let at1 = base1 + k0 * 40u;
  let v1s0 = load1_15x4(at1);
  sum0 += v0s0 * v1s0;
  sum1 += v0s1 * v1s0;
  sum2 += v0s2 * v1s0;
  }
  store0_15x4(x0 * 40u + x1 * 4u, sum0);
  store0_15x4((x0 + 2u) * 40u + x1 * 4u, sum1);
  if ((x0 + 4u) < 5u) { store0_15x4((x0 + 4u) * 40u + x1 * 4u, sum2); }
}
fn load0_16(i: u32) -> f32 { return local12[i]; }
fn store0_16(i: u32, y: f32) { out0_15[256u + i] = y; }
fn body_16(i: u32) {
  let x0 = i;
  let base0 = x0;
  var sum0 = f32();
  for (var k0 = 0u; k0 < table4[0].x; k0++) {
  let at0 = base0 + k0 * 5u;
  let v0s0 = load0_16(at0);
  sum0 += v0s0;
  }
  store0_16(x0, sum0);
}
fn load0_17(i: u32) -> f32 { return local10[i]; }
fn load1_17(i: u32) -> f32 { return local4[i]; }
fn store0_17(i: u32, y: f32) { local13[i] = y; }
fn body_17(i: u32) {
  let x0 = (i / 5u);
  let x1 = i % 5u;
  let base0 = 0u;
  let base1 = x1;
  let x0at0 = x0 + 0u;
  let x0at1 = x0 + 2u;
  let x0at2 = min(x0 + 4u, 4u);
  var sum0 = f32();
  var sum1 = f32();
  var sum2 = f32();
  for (var k0 = 0u; k0 < table4[0].x; k0++) {
  let at0 = base0 + k0 * 5u;
  let v0s0 = load0_17(at0 + x0at0 * 1u);
  let v0s1 = load0_17(at0 + x0at1 * 1u);
  let v0s2 = load0_17(at0 + x0at2 * 1u);
  let at1 = base1 + k0 * 5u;
  let v1s0 = load1_17(at1);
  sum0 += v0s0 * v1s0;
  sum1 += v0s1 * v1s0;
  sum2 += v0s2 * v1s0;
  }
  store0_17(x0 * 5u + x1, sum0);
  store0_17((x0 + 2u) * 5u + x1, sum1);
  if ((x0 + 4u) < 5u) { store0_17((x0 + 4u) * 5u + x1, sum2); }
}
fn load0_18(i: u32) -> f32 { return local11[i]; }
fn load1_18(i: u32) -> f32 { return local1[i]; }
fn store0_18(i: u32, y: f32) {
  let v1 = local13[i];
  out0_15[320u + i] = (y + v1);
}
fn body_18(i: u32) {
  let x0 = (i / 5u);
  let x1 = i % 5u;
  let base0 = 0u;
  let base1 = x1;
  let x0at0 = x0 + 0u;
  let x0at1 = x0 + 2u;
  let x0at2 = min(x0 + 4u, 4u);
  var sum0 = f32();
  var sum1 = f32();
  var sum2 = f32();
  for (var k0 = 0u; k0 < table4[0].x; k0++) {
  let at0 = base0 + k0 * 5u;
  let v0s0 = load0_18(at0 + x0at0 * 1u);
  let v0s1 = load0_18(at0 + x0at1 * 1u);
  let v0s2 = load0_18(at0 + x0at2 * 1u);
  let at1 = base1 + k0 * 5u;
  let v1s0 = load1_18(at1);
  sum0 += v0s0 * v1s0;
  sum1 += v0s1 * v1s0;
  sum2 += v0s2 * v1s0;
  }
  store0_18(x0 * 5u + x1, sum0);
  store0_18((x0 + 2u) * 5u + x1, sum1);
  if ((x0 + 4u) < 5u) { store0_18((x0 + 4u) * 5u + x1, sum2); }
}
fn load0_19(i: u32) -> f32 { return local10[i]; }
fn store0_19(i: u32, y: f32) { local14[i] = y; }
fn body_19(i: u32) {
  let x0 = i;
  let base0 = x0;
  var sum0 = f32();
  for (var k0 = 0u; k0 < table4[0].x; k0++) {
  let at0 = base0 + k0 * 5u;
  let v0s0 = load0_19(at0);
  sum0 += v0s0;
  }
  store0_19(x0, sum0);
}
fn load0_20(i: u32) -> f32 { return local11[i]; }
fn store0_20(i: u32, y: f32) {
  let v1 = local14[i];
  out0_15[384u + i] = (y + v1);
}
fn body_20(i: u32) {
  let x0 = i;
  let base0 = x0;
  var sum0 = f32();
  for (var k0 = 0u; k0 < table4[0].x; k0++) {
  let at0 = base0 + k0 * 5u;
  let v0s0 = load0_20(at0);
  sum0 += v0s0;
  }
  store0_20(x0, sum0);
}
fn load0_21(i: u32) -> f32 { return local9[i]; }
fn load1_21(i: u32) -> f32 { return local6[i]; }
fn store0_21(i: u32, y: f32) { out0_15[448u + i] = y; }
fn body_21(i: u32) {
  let x0 = (i / 2u);
  let x1 = i % 2u;
  let base0 = x0;
  let base1 = 0u;
  let x1at0 = x1 + 0u;
  let x1at1 = x1 + 2u;
  let x1at2 = min(x1 + 4u, 4u);
  var sum0 = f32();
  var sum1 = f32();
  var sum2 = f32();
  for (var k0 = 0u; k0 < table4[0].x; k0++) {
  let at0 = base0 + k0 * 3u;
  let v0s0 = load0_21(at0);
  let at1 = base1 + k0 * 5u;
  let v1s0 = load1_21(at1 + x1at0 * 1u);
  let v1s1 = load1_21(at1 + x1at1 * 1u);
  let v1s2 = load1_21(at1 + x1at2 * 1u);
  sum0 += v0s0 * v1s0;
  sum1 += v0s0 * v1s1;
  sum2 += v0s0 * v1s2;
  }
  store0_21(x0 * 5u + x1, sum0);
  store0_21(x0 * 5u + (x1 + 2u), sum1);
  if ((x1 + 4u) < 5u) { store0_21(x0 * 5u + (x1 + 4u), sum2); }
}
fn load0_22(i: u32) -> f32 { return local9[i]; }
fn store0_22(i: u32, y: f32) { out0_15[512u + i] = y; }
fn body_22(i: u32) {
  let x0 = i;
  let base0 = x0;
  var sum0 = f32();
  for (var k0 = 0u; k0 < table4[0].x; k0++) {
  let at0 = base0 + k0 * 3u;
  let v0s0 = load0_22(at0);
  sum0 += v0s0;
  }
  store0_22(x0, sum0);
}
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  if (lane < 2u) { body_0(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 10u) { body_1(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 10u) { body_2(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 2u) { body_3(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 10u) { body_4(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 2u) { body_5(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 10u) { body_6(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 1u) { body_7(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 6u) { body_8(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 6u) { body_9(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 1u) { body_10(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 6u) { body_11(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 4u) { body_12(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 2u) { body_13(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 2u) { body_14(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 20u) { body_15(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 5u) { body_16(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 10u) { body_17(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 10u) { body_18(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 5u) { body_19(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 5u) { body_20(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 6u) { body_21(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 3u) { body_22(lane); }
}


// kernel 2: optimizer update statistics
// read, write, read
// gradient-statistics: s[p,0] = sum g^2 over finite g, s[p,1] = count of non-finite g
@group(0) @binding(0) var<storage, read> in0: array<i32>;
@group(0) @binding(1) var<storage, read_write> out0: array<f32>;
@group(0) @binding(2) var<storage, read> table0: array<vec2u>;
var<workgroup> partial: array<vec2f, 256>;
fn load0(i: u32) -> i32 { return in0[i]; }
fn store0(i: u32, y: f32) { out0[i] = y; }
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let range = table0[group];
  var sum = vec2f(0.0, 0.0);
  for (var j = lane; j < range.y; j += 256u) {
    let b = load0(range.x + j);
    let infinite = (b & 0x7f800000) == 0x7f800000;
    let g = select(bitcast<f32>(b), 0.0, infinite);
    sum += vec2f(g * g, select(0.0, 1.0, infinite));
  }
  partial[lane] = sum;
  workgroupBarrier();
  for (var half = 128u; half > 0u; half /= 2u) {
    if (lane < half) { partial[lane] += partial[lane + half]; }
    workgroupBarrier();
  }
  if (lane == 0u) { store0(2u * group, partial[0].x); store0(2u * group + 1u, partial[0].y); }
}


// kernel 3: optimizer update update
// read, read, write, write, write, read
// update: p, s <- rule(p, g, s), over the whole arena (NUMERICS section 10)
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<storage, read_write> out0: array<f32>;
@group(0) @binding(3) var<storage, read_write> out1: array<f32>;
@group(0) @binding(4) var<storage, read_write> out2: array<f32>;
@group(0) @binding(5) var<storage, read> table0: array<f32>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn load1(i: u32) -> f32 { return in1[i]; }
fn store0(i: u32, y: f32) { out0[i] = y; }
fn store1(i: u32, y: f32) { out1[i] = y; }
fn store2(i: u32, y: f32) { out2[i] = y; }
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) gid: vec3u) {
  let i = gid.x;
  if (i >= 576u) { return; }
  let wd = table0[i / 64u];
  if (wd < 0.0) { return; }
  let p = out0[i];
  let s0 = out1[i];
  let s1 = out2[i];
  let g = load0(i);
  let t0 = (g + (wd * p));
  let t1 = ((0.9 * s0) + (0.09999999999999998 * t0));
  let t2 = ((0.999 * s1) + (0.0010000000000000009 * (t0 * t0)));
  store0(i, (p - (load1(0u) * ((t1 / load1(1u)) / (sqrt(max((t2 / load1(2u)), 0.0)) + 1e-8)))));
  store1(i, t1);
  store2(i, t2);
}

