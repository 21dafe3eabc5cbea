// buffers
//   slot.0: slot, 480 bytes
//   slot.1: slot, 32 bytes
//   params: params, 512 bytes
//   grads: output, 512 bytes
//   state.0: state, 512 bytes
//   state.1: state, 512 bytes
//   output.outputs: output, 32 bytes
//   input.images: input, 320 bytes
//   output.loss: output, 16 bytes
//   output.gradient-statistics: output, 16 bytes
//   input.labels: input, 16 bytes
//   input.weights: input, 16 bytes
//   input.scalars: input, 16 bytes
//   table#bd294b70: constant, 16 bytes
//   table#5b8a0db1: constant, 16 bytes
//   table#fd19eca0: constant, 16 bytes
//   table#2aaef9ba: constant, 16 bytes
//   table#9666bd07: constant, 16 bytes
//   table#ca0cbe37: constant, 16 bytes
//   table#ea477e8e: constant, 16 bytes
//   table#2a76bda1: constant, 16 bytes
// program infer
//   kernel 0, 1x1x1 groups: input.images[0+320] params[0+216] slot.0[0+480] table#bd294b70[0+16]
//   kernel 1, 1x1x1 groups: slot.0[0+480] params[256+16] output.outputs[0+24] table#5b8a0db1[0+16]
// program train
//   kernel 0, 1x1x1 groups: input.images[0+320] params[0+216] slot.0[0+480] table#bd294b70[0+16]
//   kernel 2, 1x1x1 groups: slot.0[0+480] params[256+16] output.outputs[0+24] table#5b8a0db1[0+16] table#fd19eca0[0+16] input.labels[0+8] input.weights[0+8] output.loss[0+8] table#2aaef9ba[0+16] slot.1[0+24]
//   kernel 3, 1x1x1 groups: slot.1[0+24] slot.0[0+480] grads[256+16] table#9666bd07[0+16]
//   kernel 4, 1x1x1 groups: input.images[0+320] slot.0[0+480] grads[0+216] table#ca0cbe37[0+16] table#fd19eca0[0+16]
//   kernel 5, 2x1x1 groups: grads[0+512] output.gradient-statistics[0+16] table#ea477e8e[0+16]
//   kernel 6, 1x1x1 groups: grads[0+512] input.scalars[0+16] params[0+512] state.0[0+512] state.1[0+512] table#2a76bda1[0+16]

// kernel 0: conv.1 forward windows
// read, read, write, uniform
// conv2d: y[b, f, m, n] = sum over c, i, j of k[f, c, i, j] x[b, c, m s + i - p, n s + j - p]
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<storage, read_write> out0: array<f32>;
@group(0) @binding(3) var<uniform> table0: array<vec4u, 1>;
var<workgroup> weights: array<vec3f, 18>;
fn weightAt(f: u32, c: u32, i: u32, j: u32, phase0: u32, phase1: u32) -> f32 { return load1(((f * 2u + c) * 3u + i) * 3u + j); }
fn weightsAt(f: u32, t: u32, phase0: u32, phase1: u32) -> vec3f {
  let c = t / 9u;
  let i = t / 3u % 3u;
  let j = t % 3u;
  return vec3f(weightAt(f + 0u, c, i, j, phase0, phase1), weightAt(f + 1u, c, i, j, phase0, phase1), weightAt(f + 2u, c, i, j, phase0, phase1));
}
fn load0(i: u32) -> f32 { return in0[i]; }
fn load1(i: u32) -> f32 { return in1[i]; }
fn store0(i: u32, y: f32) { out0[i] = y; }
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let planeTile = group % 1u * 3u;
  let phase0 = group / 1u % 1u / 1u;
  let phase1 = group / 1u % 1u;
  let id = group / 1u * 64u + lane;
  let tile = min(id, 3u);
  let b = (tile / 2u);
  let tileRow = (tile / 2u) % 1u;
  let tileColumn = tile % 2u;
  let row = tileRow * 4u - 1u;
  let column = tileColumn * 3u - 1u;
  let xInside0 = column < 5u;
  let xInside3 = column + 3u < 5u;
  let xInside4 = column + 4u < 5u;
  var sum0 = vec3f();
  var sum1 = vec3f();
  var sum2 = vec3f();
  var sum3 = vec3f();
  var sum4 = vec3f();
  var sum5 = vec3f();
  var sum6 = vec3f();
  var sum7 = vec3f();
  var sum8 = vec3f();
  var sum9 = vec3f();
  var sum10 = vec3f();
  var sum11 = vec3f();
  for (var t = lane; t < 18u; t += 64u) { weights[t] = weightsAt(planeTile, t, phase0, phase1); }
  workgroupBarrier();
  for (var c = 0u; c < table0[0].x; c++) {
  let plane = (b * 2u + c) * 4u;
  let w0 = weights[c * 9u + 0u];
  let w1 = weights[c * 9u + 1u];
  let w2 = weights[c * 9u + 2u];
  let w3 = weights[c * 9u + 3u];
  let w4 = weights[c * 9u + 4u];
  let w5 = weights[c * 9u + 5u];
  let w6 = weights[c * 9u + 6u];
  let w7 = weights[c * 9u + 7u];
  let w8 = weights[c * 9u + 8u];
  let line0 = (plane + min(row, 3u)) * 5u;
  let inLine0 = row < 4u;
  let x0n0 = select(0.0, load0(line0 + column), inLine0 && xInside0);
  let x0n1 = select(0.0, load0(line0 + column + 1u), inLine0);
  let x0n2 = select(0.0, load0(line0 + column + 2u), inLine0);
  let x0n3 = select(0.0, load0(line0 + column + 3u), inLine0 && xInside3);
  let x0n4 = select(0.0, load0(line0 + column + 4u), inLine0 && xInside4);
  sum0 += x0n0 * w0;
  sum0 += x0n1 * w1;
  sum0 += x0n2 * w2;
  sum1 += x0n1 * w0;
  sum1 += x0n2 * w1;
  sum1 += x0n3 * w2;
  sum2 += x0n2 * w0;
  sum2 += x0n3 * w1;
  sum2 += x0n4 * w2;
  let line1 = (plane + row + 1u) * 5u;
  let x1n0 = select(0.0, load0(line1 + column), xInside0);
  let x1n1 = load0(line1 + column + 1u);
  let x1n2 = load0(line1 + column + 2u);
  let x1n3 = select(0.0, load0(line1 + column + 3u), xInside3);
  let x1n4 = select(0.0, load0(line1 + column + 4u), xInside4);
  sum0 += x1n0 * w3;
  sum0 += x1n1 * w4;
  sum0 += x1n2 * w5;
  sum1 += x1n1 * w3;
  sum1 += x1n2 * w4;
  sum1 += x1n3 * w5;
  sum2 += x1n2 * w3;
  sum2 += x1n3 * w4;
  sum2 += x1n4 * w5;
  sum3 += x1n0 * w0;
  sum3 += x1n1 * w1;
  sum3 += x1n2 * w2;
  sum4 += x1n1 * w0;
  sum4 += x1n2 * w1;
  sum4 += x1n3 * w2;
  sum5 += x1n2 * w0;
  sum5 += x1n3 * w1;
  sum5 += x1n4 * w2;
  let line2 = (plane + row + 2u) * 5u;
  let x2n0 = select(0.0, load0(line2 + column), xInside0);
  let x2n1 = load0(line2 + column + 1u);
  let x2n2 = load0(line2 + column + 2u);
  let x2n3 = select(0.0, load0(line2 + column + 3u), xInside3);
  let x2n4 = select(0.0, load0(line2 + column + 4u), xInside4);
  sum0 += x2n0 * w6;
  sum0 += x2n1 * w7;
  sum0 += x2n2 * w8;
  sum1 += x2n1 * w6;
  sum1 += x2n2 * w7;
  sum1 += x2n3 * w8;
  sum2 += x2n2 * w6;
  sum2 += x2n3 * w7;
  sum2 += x2n4 * w8;
  sum3 += x2n0 * w3;
  sum3 += x2n1 * w4;
  sum3 += x2n2 * w5;
  sum4 += x2n1 * w3;
  sum4 += x2n2 * w4;
  sum4 += x2n3 * w5;
  sum5 += x2n2 * w3;
  sum5 += x2n3 * w4;
  sum5 += x2n4 * w5;
  sum6 += x2n0 * w0;
  sum6 += x2n1 * w1;
  sum6 += x2n2 * w2;
  sum7 += x2n1 * w0;
  sum7 += x2n2 * w1;
  sum7 += x2n3 * w2;
  sum8 += x2n2 * w0;
  sum8 += x2n3 * w1;
  sum8 += x2n4 * w2;
  let line3 = (plane + row + 3u) * 5u;
  let x3n0 = select(0.0, load0(line3 + column), xInside0);
  let x3n1 = load0(line3 + column + 1u);
  let x3n2 = load0(line3 + column + 2u);
  let x3n3 = select(0.0, load0(line3 + column + 3u), xInside3);
  let x3n4 = select(0.0, load0(line3 + column + 4u), xInside4);
  sum3 += x3n0 * w6;
  sum3 += x3n1 * w7;
  sum3 += x3n2 * w8;
  sum4 += x3n1 * w6;
  sum4 += x3n2 * w7;
  sum4 += x3n3 * w8;
  sum5 += x3n2 * w6;
  sum5 += x3n3 * w7;
  sum5 += x3n4 * w8;
  sum6 += x3n0 * w3;
  sum6 += x3n1 * w4;
  sum6 += x3n2 * w5;
  sum7 += x3n1 * w3;
  sum7 += x3n2 * w4;
  sum7 += x3n3 * w5;
  sum8 += x3n2 * w3;
  sum8 += x3n3 * w4;
  sum8 += x3n4 * w5;
  sum9 += x3n0 * w0;
  sum9 += x3n1 * w1;
  sum9 += x3n2 * w2;
  sum10 += x3n1 * w0;
  sum10 += x3n2 * w1;
  sum10 += x3n3 * w2;
  sum11 += x3n2 * w0;
  sum11 += x3n3 * w1;
  sum11 += x3n4 * w2;
  let line4 = (plane + row + 4u) * 5u;
  let x4n0 = select(0.0, load0(line4 + column), xInside0);
  let x4n1 = load0(line4 + column + 1u);
  let x4n2 = load0(line4 + column + 2u);
  let x4n3 = select(0.0, load0(line4 + column + 3u), xInside3);
  let x4n4 = select(0.0, load0(line4 + column + 4u), xInside4);
  sum6 += x4n0 * w6;
  sum6 += x4n1 * w7;
  sum6 += x4n2 * w8;
  sum7 += x4n1 * w6;
  sum7 += x4n2 * w7;
  sum7 += x4n3 * w8;
  sum8 += x4n2 * w6;
  sum8 += x4n3 * w7;
  sum8 += x4n4 * w8;
  sum9 += x4n0 * w3;
  sum9 += x4n1 * w4;
  sum9 += x4n2 * w5;
  sum10 += x4n1 * w3;
  sum10 += x4n2 * w4;
  sum10 += x4n3 * w5;
  sum11 += x4n2 * w3;
  sum11 += x4n3 * w4;
  sum11 += x4n4 * w5;
  let line5 = (plane + min(row + 5u, 3u)) * 5u;
  let inLine5 = row + 5u < 4u;
  let x5n0 = select(0.0, load0(line5 + column), inLine5 && xInside0);
  let x5n1 = select(0.0, load0(line5 + column + 1u), inLine5);
  let x5n2 = select(0.0, load0(line5 + column + 2u), inLine5);
  let x5n3 = select(0.0, load0(line5 + column + 3u), inLine5 && xInside3);
  let x5n4 = select(0.0, load0(line5 + column + 4u), inLine5 && xInside4);
  sum9 += x5n0 * w6;
  sum9 += x5n1 * w7;
  sum9 += x5n2 * w8;
  sum10 += x5n1 * w6;
  sum10 += x5n2 * w7;
  sum10 += x5n3 * w8;
  sum11 += x5n2 * w6;
  sum11 += x5n3 * w7;
  sum11 += x5n4 * w8;
  }
  for (var step = 0u; step < table0[0].y; step++) {
  let f = planeTile + step;
  if (id == tile) {
  let target0 = (b * 3u + f) * 20u;
  if (tileColumn * 3u + 0u < 5u) { store0(target0 + (tileRow * 4u + 0u) * 5u + tileColumn * 3u + 0u, sum0.x); }
  if (tileColumn * 3u + 1u < 5u) { store0(target0 + (tileRow * 4u + 0u) * 5u + tileColumn * 3u + 1u, sum1.x); }
  if (tileColumn * 3u + 2u < 5u) { store0(target0 + (tileRow * 4u + 0u) * 5u + tileColumn * 3u + 2u, sum2.x); }
  if (tileColumn * 3u + 0u < 5u) { store0(target0 + (tileRow * 4u + 1u) * 5u + tileColumn * 3u + 0u, sum3.x); }
  if (tileColumn * 3u + 1u < 5u) { store0(target0 + (tileRow * 4u + 1u) * 5u + tileColumn * 3u + 1u, sum4.x); }
  if (tileColumn * 3u + 2u < 5u) { store0(target0 + (tileRow * 4u + 1u) * 5u + tileColumn * 3u + 2u, sum5.x); }
  if (tileColumn * 3u + 0u < 5u) { store0(target0 + (tileRow * 4u + 2u) * 5u + tileColumn * 3u + 0u, sum6.x); }
  if (tileColumn * 3u + 1u < 5u) { store0(target0 + (tileRow * 4u + 2u) * 5u + tileColumn * 3u + 1u, sum7.x); }
  if (tileColumn * 3u + 2u < 5u) { store0(target0 + (tileRow * 4u + 2u) * 5u + tileColumn * 3u + 2u, sum8.x); }
  if (tileColumn * 3u + 0u < 5u) { store0(target0 + (tileRow * 4u + 3u) * 5u + tileColumn * 3u + 0u, sum9.x); }
  if (tileColumn * 3u + 1u < 5u) { store0(target0 + (tileRow * 4u + 3u) * 5u + tileColumn * 3u + 1u, sum10.x); }
  if (tileColumn * 3u + 2u < 5u) { store0(target0 + (tileRow * 4u + 3u) * 5u + tileColumn * 3u + 2u, sum11.x); }
  }
  sum0 = sum0.yzx;
  sum1 = sum1.yzx;
  sum2 = sum2.yzx;
  sum3 = sum3.yzx;
  sum4 = sum4.yzx;
  sum5 = sum5.yzx;
  sum6 = sum6.yzx;
  sum7 = sum7.yzx;
  sum8 = sum8.yzx;
  sum9 = sum9.yzx;
  sum10 = sum10.yzx;
  sum11 = sum11.yzx;
  }
}


// kernel 1: gap.1 forward sum
// read, read, write, uniform
// fused: a core op with element-wise work in its loads and its store
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<storage, read_write> out0: array<f32>;
@group(0) @binding(3) var<uniform> table0: array<vec4u, 1>;
fn load0(i: u32) -> f32 {
  let v0 = in0[i];
  let v1 = in1[(((i / 20u) % 3u))];
  return (v0 + v1);
}
fn store0(i: u32, y: f32) {
  out0[i] = (y / 20.0);
}
fn load0x4(i: u32) -> vec4f { return vec4f(load0(i), load0(i + 1u), load0(i + 2u), load0(i + 3u)); }
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) gid: vec3u) {
  let i = gid.x;
  if (i >= 6u) { return; }
  let x0 = i;
  let base0 = x0 * 20u;
  var sum0 = f32();
  for (var k0 = 0u; k0 < table0[0].x; k0++) {
  let at0 = base0 + k0 * 4u;
  let v0s0 = load0x4(at0);
  sum0 += dot(v0s0, vec4f(1.0));
  }
  store0(x0, sum0);
}


// kernel 2: gap.1 forward sum + lines + targets + 2 sum + gap.1 backward map + lines + sum
// read, read, write, uniform, uniform, read, read, write, uniform, write
// fused: a core op with element-wise work in its loads and its store
// logSumExp: y = max x + log sum exp(x - max x)
// oneHot: y[b, o] = on where o = label[b], off elsewhere
// contract: y[output] = sum over the other labels of a[left] b[right]
// map: y[i] = f(x0[i], x1[i], ...)
// softmax: y[n] = exp(x[n] - max x) / sum exp(x - max x)
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<storage, read_write> out0: array<f32>;
@group(0) @binding(3) var<uniform> table0: array<vec4u, 1>;
@group(0) @binding(4) var<uniform> table1: array<vec4u, 1>;
@group(0) @binding(5) var<storage, read> in5: array<i32>;
@group(0) @binding(6) var<storage, read> in6: array<f32>;
@group(0) @binding(7) var<storage, read_write> out0_4: array<f32>;
@group(0) @binding(8) var<uniform> table2: array<vec4u, 1>;
@group(0) @binding(9) var<storage, read_write> out0_7: array<f32>;
var<workgroup> local0: array<f32, 2>;
var<workgroup> local1: array<f32, 6>;
var<workgroup> local2: array<f32, 2>;
var<workgroup> local3: array<f32, 2>;
var<workgroup> local4: array<f32, 6>;
fn load0(i: u32) -> f32 {
  let v0 = in0[i];
  let v1 = in1[(((i / 20u) % 3u))];
  return (v0 + v1);
}
fn store0(i: u32, y: f32) {
  out0[i] = (y / 20.0);
}
fn load0x4(i: u32) -> vec4f { return vec4f(load0(i), load0(i + 1u), load0(i + 2u), load0(i + 3u)); }
fn body_0(i: u32) {
  let x0 = i;
  let base0 = x0 * 20u;
  var sum0 = f32();
  for (var k0 = 0u; k0 < table0[0].x; k0++) {
  let at0 = base0 + k0 * 4u;
  let v0s0 = load0x4(at0);
  sum0 += dot(v0s0, vec4f(1.0));
  }
  store0(x0, sum0);
}
fn load0_1(i: u32) -> f32 { return out0[i]; }
fn store0_1(i: u32, y: f32) { local0[i] = y; }
fn body_1(i: u32) {
  let first = i * 3u;
  var largest = load0_1(first);
  for (var n = 1u; n < table1[0].x; n++) { largest = max(largest, load0_1(first + n * 1u)); }
  var sum = 0.0;
  for (var n = 0u; n < table1[0].x; n++) { sum += exp(load0_1(first + n * 1u) - largest); }
  store0_1(i, largest + log(sum));
}
fn load0_2(i: u32) -> i32 { return in5[i]; }
fn store0_2(i: u32, y: f32) { local1[i] = y; }
fn body_2(i: u32) {
  store0_2(i, select(0.0, 1.0, load0_2(i / 3u) == i32(i % 3u)));
}
fn load0_3(i: u32) -> f32 { return out0[i]; }
fn load1_3(i: u32) -> f32 { return local1[i]; }
fn store0_3(i: u32, y: f32) { local2[i] = y; }
fn body_3(i: u32) {
  let x0 = i;
  let base0 = x0 * 3u;
  let base1 = x0 * 3u;
  var sum0 = f32();
  for (var k0 = 0u; k0 < table1[0].x; k0++) {
  let at0 = base0 + k0;
  let v0s0 = load0_3(at0);
  let at1 = base1 + k0;
  let v1s0 = load1_3(at1);
  sum0 += v0s0 * v1s0;
  }
  store0_3(x0, sum0);
}
fn load0_4(i: u32) -> f32 {
  let v0 = local0[i];
  let v1 = local2[i];
  let v2 = in6[i];
  return ((v0 - v1) * v2);
}
fn store0_4(i: u32, y: f32) { out0_4[i] = y; }
fn body_4(i: u32) {
  let base0 = 0u;
  var sum0 = f32();
  for (var k0 = 0u; k0 < table2[0].x; k0++) {
  let at0 = base0 + k0;
  let v0s0 = load0_4(at0);
  sum0 += v0s0;
  }
  store0_4(0u, sum0);
}
fn load0_5(i: u32) -> f32 { return in6[i]; }
fn store0_5(i: u32, y: f32) { local3[i] = y; }
fn body_5(i: u32) {
  let v0 = load0_5(i);
  store0_5(i, (-v0));
}
fn load0_6(i: u32) -> f32 { return out0[i]; }
fn store0_6(i: u32, y: f32) { local4[i] = y; }
fn body_6(i: u32) {
  let first = i * 3u;
  var largest = load0_6(first);
  for (var n = 1u; n < table1[0].x; n++) { largest = max(largest, load0_6(first + n * 1u)); }
  var sum = 0.0;
  for (var n = 0u; n < table1[0].x; n++) { sum += exp(load0_6(first + n * 1u) - largest); }
  for (var n = 0u; n < table1[0].x; n++) { store0_6(first + n * 1u, exp(load0_6(first + n * 1u) - largest) / sum); }
}
fn load0_7(i: u32) -> f32 { return local3[i]; }
fn load1_7(i: u32) -> f32 { return local1[i]; }
fn store0_7(i: u32, y: f32) {
  let v1 = local4[i];
  let v2 = in6[((i / 3u))];
  out0_7[i] = (0.05 * (y + (v1 * v2)));
}
fn body_7(i: u32) {
  let x0 = i;
  let x1 = i % 1u;
  let base0 = x0;
  let base1 = x0 * 3u;
  let x1at0 = x1 + 0u;
  let x1at1 = x1 + 1u;
  let x1at2 = x1 + 2u;
  var sum0 = f32();
  var sum1 = f32();
  var sum2 = f32();
  let at0 = base0;
  let v0s0 = load0_7(at0);
  let at1 = base1;
  let v1s0 = load1_7(at1 + x1at0 * 1u);
  let v1s1 = load1_7(at1 + x1at1 * 1u);
  let v1s2 = load1_7(at1 + x1at2 * 1u);
  sum0 += v0s0 * v1s0;
  sum1 += v0s0 * v1s1;
  sum2 += v0s0 * v1s2;
  store0_7(x0 * 3u + x1, sum0);
  store0_7(x0 * 3u + (x1 + 1u), sum1);
  store0_7(x0 * 3u + (x1 + 2u), sum2);
}
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  if (lane < 6u) { body_0(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 2u) { body_1(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 6u) { body_2(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 2u) { body_3(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 1u) { body_4(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 2u) { body_5(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 2u) { body_6(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 2u) { body_7(lane); }
}


// kernel 3: gap.1 backward map + conv.1 backward sum
// read, write, write, uniform
// map: y[i] = f(x0[i], x1[i], ...)
// contract: y[output] = sum over the other labels of a[left] b[right]
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read_write> out0: array<f32>;
@group(0) @binding(2) var<storage, read_write> out0_1: array<f32>;
@group(0) @binding(3) var<uniform> table0: array<vec4u, 1>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn store0(i: u32, y: f32) { out0[i] = y; }
fn body_0(i: u32) {
  let v0 = load0((i / 20u));
  store0(i, v0);
}
fn load0_1(i: u32) -> f32 { return out0[i]; }
fn store0_1(i: u32, y: f32) { out0_1[i] = y; }
fn load0_1x4(i: u32) -> vec4f { return vec4f(load0_1(i), load0_1(i + 1u), load0_1(i + 2u), load0_1(i + 3u)); }
fn body_1(i: u32) {
  let x0 = i;
  let base0 = x0 * 20u;
  var sum0 = f32();
  for (var k0 = 0u; k0 < table0[0].x; k0++) {
  for (var k1 = 0u; k1 < table0[0].y; k1++) {
  let at0 = base0 + k0 * 60u + k1 * 4u;
  let v0s0 = load0_1x4(at0);
  sum0 += dot(v0s0, vec4f(1.0));
  }
  }
  store0_1(x0, sum0);
}
@compute @workgroup_size(128)
fn main(@builtin(local_invocation_index) lane: u32) {
  if (lane < 120u) { body_0(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 3u) { body_1(lane); }
}


// kernel 4: conv.1 backward taps
// read, read, write, uniform, uniform
// conv2dWeightGradient: g[f, c, i, j] = sum over b, m, n of dy[b, f, m, n] x[b, c, m s + i - p, n s + j - p]
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<storage, read_write> out0: array<f32>;
@group(0) @binding(3) var<uniform> table0: array<vec4u, 1>;
@group(0) @binding(4) var<uniform> table1: array<vec4u, 1>;
var<workgroup> lanes: array<f32, 1152>;
var<workgroup> parts: array<f32, 36>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn load1(i: u32) -> f32 { return in1[i]; }
fn store0(i: u32, y: f32) { out0[i] = y; }
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let tile = group % 1u;
  let chunk = group / 1u;
  let at0 = tile;
  let at1 = tile % 1u;
  let at2 = tile % 1u;
  let at3 = tile % 1u;
  let i0 = at2 * 3u;
  let j0 = at3 * 3u;
  let f0 = at0 * 3u + 0u;
  let f1 = at0 * 3u + 1u;
  let f2 = at0 * 3u + 2u;
  let c0 = at1 * 2u + 0u;
  let c1 = at1 * 2u + 1u;
  var sum0 = f32(0.0);
  var sum1 = f32(0.0);
  var sum2 = f32(0.0);
  var sum3 = f32(0.0);
  var sum4 = f32(0.0);
  var sum5 = f32(0.0);
  var sum6 = f32(0.0);
  var sum7 = f32(0.0);
  var sum8 = f32(0.0);
  var sum9 = f32(0.0);
  var sum10 = f32(0.0);
  var sum11 = f32(0.0);
  var sum12 = f32(0.0);
  var sum13 = f32(0.0);
  var sum14 = f32(0.0);
  var sum15 = f32(0.0);
  var sum16 = f32(0.0);
  var sum17 = f32(0.0);
  var sum18 = f32(0.0);
  var sum19 = f32(0.0);
  var sum20 = f32(0.0);
  var sum21 = f32(0.0);
  var sum22 = f32(0.0);
  var sum23 = f32(0.0);
  var sum24 = f32(0.0);
  var sum25 = f32(0.0);
  var sum26 = f32(0.0);
  var sum27 = f32(0.0);
  var sum28 = f32(0.0);
  var sum29 = f32(0.0);
  var sum30 = f32(0.0);
  var sum31 = f32(0.0);
  var sum32 = f32(0.0);
  var sum33 = f32(0.0);
  var sum34 = f32(0.0);
  var sum35 = f32(0.0);
  var sum36 = f32(0.0);
  var sum37 = f32(0.0);
  var sum38 = f32(0.0);
  var sum39 = f32(0.0);
  var sum40 = f32(0.0);
  var sum41 = f32(0.0);
  var sum42 = f32(0.0);
  var sum43 = f32(0.0);
  var sum44 = f32(0.0);
  var sum45 = f32(0.0);
  var sum46 = f32(0.0);
  var sum47 = f32(0.0);
  var sum48 = f32(0.0);
  var sum49 = f32(0.0);
  var sum50 = f32(0.0);
  var sum51 = f32(0.0);
  var sum52 = f32(0.0);
  var sum53 = f32(0.0);
  let last = min((chunk + 1u) * 4u, 4u);
  for (var s = chunk * 4u + lane; s < last; s += 64u) {
  let part0 = (s / 2u);
    let part1 = (s / 2u) % 1u;
    let part2 = s % 2u;
    let b = part0;
    let top = part1 * 4u;
    let column = part2 * 3u - 1u;
    let start = part2 * 3u;
    let xInside0 = column < 5u;
    let xInside3 = column + 3u < 5u;
    let xInside4 = column + 4u < 5u;
    let dyInside2 = start + 2u < 5u;
    var x0r0n0 = 0.0;
    var x0r0n1 = 0.0;
    var x0r0n2 = 0.0;
    var x0r0n3 = 0.0;
    var x0r0n4 = 0.0;
    var x0r1n0 = 0.0;
    var x0r1n1 = 0.0;
    var x0r1n2 = 0.0;
    var x0r1n3 = 0.0;
    var x0r1n4 = 0.0;
    var x0r2n0 = 0.0;
    var x0r2n1 = 0.0;
    var x0r2n2 = 0.0;
    var x0r2n3 = 0.0;
    var x0r2n4 = 0.0;
    var x1r0n0 = 0.0;
    var x1r0n1 = 0.0;
    var x1r0n2 = 0.0;
    var x1r0n3 = 0.0;
    var x1r0n4 = 0.0;
    var x1r1n0 = 0.0;
    var x1r1n1 = 0.0;
    var x1r1n2 = 0.0;
    var x1r1n3 = 0.0;
    var x1r1n4 = 0.0;
    var x1r2n0 = 0.0;
    var x1r2n1 = 0.0;
    var x1r2n2 = 0.0;
    var x1r2n3 = 0.0;
    var x1r2n4 = 0.0;
    for (var k = 0u; k < table0[0].x; k++) {
    let m = top + k - 2u;
    let row = (top + k) - 3u;
    let counted = k >= 2u && m < 4u;
    x0r0n0 = x0r1n0;
    x0r0n1 = x0r1n1;
    x0r0n2 = x0r1n2;
    x0r0n3 = x0r1n3;
    x0r0n4 = x0r1n4;
    x0r1n0 = x0r2n0;
    x0r1n1 = x0r2n1;
    x0r1n2 = x0r2n2;
    x0r1n3 = x0r2n3;
    x0r1n4 = x0r2n4;
    x1r0n0 = x1r1n0;
    x1r0n1 = x1r1n1;
    x1r0n2 = x1r1n2;
    x1r0n3 = x1r1n3;
    x1r0n4 = x1r1n4;
    x1r1n0 = x1r2n0;
    x1r1n1 = x1r2n1;
    x1r1n2 = x1r2n2;
    x1r1n3 = x1r2n3;
    x1r1n4 = x1r2n4;
    let line2 = min(row + 2u, 3u);
    let inLine2 = row + 2u < 4u;
    let new0r2n0 = select(0.0, load0(((b * 2u + c0) * 4u + line2) * 5u + column), inLine2 && xInside0);
    let new0r2n1 = select(0.0, load0(((b * 2u + c0) * 4u + line2) * 5u + column + 1u), inLine2);
    let new0r2n2 = select(0.0, load0(((b * 2u + c0) * 4u + line2) * 5u + column + 2u), inLine2);
    let new0r2n3 = select(0.0, load0(((b * 2u + c0) * 4u + line2) * 5u + column + 3u), inLine2 && xInside3);
    let new0r2n4 = select(0.0, load0(((b * 2u + c0) * 4u + line2) * 5u + column + 4u), inLine2 && xInside4);
    x0r2n0 = new0r2n0;
    x0r2n1 = new0r2n1;
    x0r2n2 = new0r2n2;
    x0r2n3 = new0r2n3;
    x0r2n4 = new0r2n4;
    let new1r2n0 = select(0.0, load0(((b * 2u + c1) * 4u + line2) * 5u + column), inLine2 && xInside0);
    let new1r2n1 = select(0.0, load0(((b * 2u + c1) * 4u + line2) * 5u + column + 1u), inLine2);
    let new1r2n2 = select(0.0, load0(((b * 2u + c1) * 4u + line2) * 5u + column + 2u), inLine2);
    let new1r2n3 = select(0.0, load0(((b * 2u + c1) * 4u + line2) * 5u + column + 3u), inLine2 && xInside3);
    let new1r2n4 = select(0.0, load0(((b * 2u + c1) * 4u + line2) * 5u + column + 4u), inLine2 && xInside4);
    x1r2n0 = new1r2n0;
    x1r2n1 = new1r2n1;
    x1r2n2 = new1r2n2;
    x1r2n3 = new1r2n3;
    x1r2n4 = new1r2n4;
    let dy0n0 = select(0.0, load1(((b * 3u + f0) * 4u + min(m, 3u)) * 5u + start), counted);
    let dy0n1 = select(0.0, load1(((b * 3u + f0) * 4u + min(m, 3u)) * 5u + start + 1u), counted);
    let dy0n2 = select(0.0, load1(((b * 3u + f0) * 4u + min(m, 3u)) * 5u + start + 2u), counted && dyInside2);
    sum0 += dy0n0 * x0r0n0;
    sum0 += dy0n1 * x0r0n1;
    sum0 += dy0n2 * x0r0n2;
    sum1 += dy0n0 * x0r0n1;
    sum1 += dy0n1 * x0r0n2;
    sum1 += dy0n2 * x0r0n3;
    sum2 += dy0n0 * x0r0n2;
    sum2 += dy0n1 * x0r0n3;
    sum2 += dy0n2 * x0r0n4;
    sum3 += dy0n0 * x0r1n0;
    sum3 += dy0n1 * x0r1n1;
    sum3 += dy0n2 * x0r1n2;
    sum4 += dy0n0 * x0r1n1;
    sum4 += dy0n1 * x0r1n2;
    sum4 += dy0n2 * x0r1n3;
    sum5 += dy0n0 * x0r1n2;
    sum5 += dy0n1 * x0r1n3;
    sum5 += dy0n2 * x0r1n4;
    sum6 += dy0n0 * x0r2n0;
    sum6 += dy0n1 * x0r2n1;
    sum6 += dy0n2 * x0r2n2;
    sum7 += dy0n0 * x0r2n1;
    sum7 += dy0n1 * x0r2n2;
    sum7 += dy0n2 * x0r2n3;
    sum8 += dy0n0 * x0r2n2;
    sum8 += dy0n1 * x0r2n3;
    sum8 += dy0n2 * x0r2n4;
    sum9 += dy0n0 * x1r0n0;
    sum9 += dy0n1 * x1r0n1;
    sum9 += dy0n2 * x1r0n2;
    sum10 += dy0n0 * x1r0n1;
    sum10 += dy0n1 * x1r0n2;
    sum10 += dy0n2 * x1r0n3;
    sum11 += dy0n0 * x1r0n2;
    sum11 += dy0n1 * x1r0n3;
    sum11 += dy0n2 * x1r0n4;
    sum12 += dy0n0 * x1r1n0;
    sum12 += dy0n1 * x1r1n1;
    sum12 += dy0n2 * x1r1n2;
    sum13 += dy0n0 * x1r1n1;
    sum13 += dy0n1 * x1r1n2;
    sum13 += dy0n2 * x1r1n3;
    sum14 += dy0n0 * x1r1n2;
    sum14 += dy0n1 * x1r1n3;
    sum14 += dy0n2 * x1r1n4;
    sum15 += dy0n0 * x1r2n0;
    sum15 += dy0n1 * x1r2n1;
    sum15 += dy0n2 * x1r2n2;
    sum16 += dy0n0 * x1r2n1;
    sum16 += dy0n1 * x1r2n2;
    sum16 += dy0n2 * x1r2n3;
    sum17 += dy0n0 * x1r2n2;
    sum17 += dy0n1 * x1r2n3;
    sum17 += dy0n2 * x1r2n4;
    let dy1n0 = select(0.0, load1(((b * 3u + f1) * 4u + min(m, 3u)) * 5u + start), counted);
    let dy1n1 = select(0.0, load1(((b * 3u + f1) * 4u + min(m, 3u)) * 5u + start + 1u), counted);
    let dy1n2 = select(0.0, load1(((b * 3u + f1) * 4u + min(m, 3u)) * 5u + start + 2u), counted && dyInside2);
    sum18 += dy1n0 * x0r0n0;
    sum18 += dy1n1 * x0r0n1;
    sum18 += dy1n2 * x0r0n2;
    sum19 += dy1n0 * x0r0n1;
    sum19 += dy1n1 * x0r0n2;
    sum19 += dy1n2 * x0r0n3;
    sum20 += dy1n0 * x0r0n2;
    sum20 += dy1n1 * x0r0n3;
    sum20 += dy1n2 * x0r0n4;
    sum21 += dy1n0 * x0r1n0;
    sum21 += dy1n1 * x0r1n1;
    sum21 += dy1n2 * x0r1n2;
    sum22 += dy1n0 * x0r1n1;
    sum22 += dy1n1 * x0r1n2;
    sum22 += dy1n2 * x0r1n3;
    sum23 += dy1n0 * x0r1n2;
    sum23 += dy1n1 * x0r1n3;
    sum23 += dy1n2 * x0r1n4;
    sum24 += dy1n0 * x0r2n0;
    sum24 += dy1n1 * x0r2n1;
    sum24 += dy1n2 * x0r2n2;
    sum25 += dy1n0 * x0r2n1;
    sum25 += dy1n1 * x0r2n2;
    sum25 += dy1n2 * x0r2n3;
    sum26 += dy1n0 * x0r2n2;
    sum26 += dy1n1 * x0r2n3;
    sum26 += dy1n2 * x0r2n4;
    sum27 += dy1n0 * x1r0n0;
    sum27 += dy1n1 * x1r0n1;
    sum27 += dy1n2 * x1r0n2;
    sum28 += dy1n0 * x1r0n1;
    sum28 += dy1n1 * x1r0n2;
    sum28 += dy1n2 * x1r0n3;
    sum29 += dy1n0 * x1r0n2;
    sum29 += dy1n1 * x1r0n3;
    sum29 += dy1n2 * x1r0n4;
    sum30 += dy1n0 * x1r1n0;
    sum30 += dy1n1 * x1r1n1;
    sum30 += dy1n2 * x1r1n2;
    sum31 += dy1n0 * x1r1n1;
    sum31 += dy1n1 * x1r1n2;
    sum31 += dy1n2 * x1r1n3;
    sum32 += dy1n0 * x1r1n2;
    sum32 += dy1n1 * x1r1n3;
    sum32 += dy1n2 * x1r1n4;
    sum33 += dy1n0 * x1r2n0;
    sum33 += dy1n1 * x1r2n1;
    sum33 += dy1n2 * x1r2n2;
    sum34 += dy1n0 * x1r2n1;
    sum34 += dy1n1 * x1r2n2;
    sum34 += dy1n2 * x1r2n3;
    sum35 += dy1n0 * x1r2n2;
    sum35 += dy1n1 * x1r2n3;
    sum35 += dy1n2 * x1r2n4;
    let dy2n0 = select(0.0, load1(((b * 3u + f2) * 4u + min(m, 3u)) * 5u + start), counted);
    let dy2n1 = select(0.0, load1(((b * 3u + f2) * 4u + min(m, 3u)) * 5u + start + 1u), counted);
    let dy2n2 = select(0.0, load1(((b * 3u + f2) * 4u + min(m, 3u)) * 5u + start + 2u), counted && dyInside2);
    sum36 += dy2n0 * x0r0n0;
    sum36 += dy2n1 * x0r0n1;
    sum36 += dy2n2 * x0r0n2;
    sum37 += dy2n0 * x0r0n1;
    sum37 += dy2n1 * x0r0n2;
    sum37 += dy2n2 * x0r0n3;
    sum38 += dy2n0 * x0r0n2;
    sum38 += dy2n1 * x0r0n3;
    sum38 += dy2n2 * x0r0n4;
    sum39 += dy2n0 * x0r1n0;
    sum39 += dy2n1 * x0r1n1;
    sum39 += dy2n2 * x0r1n2;
    sum40 += dy2n0 * x0r1n1;
    sum40 += dy2n1 * x0r1n2;
    sum40 += dy2n2 * x0r1n3;
    sum41 += dy2n0 * x0r1n2;
    sum41 += dy2n1 * x0r1n3;
    sum41 += dy2n2 * x0r1n4;
    sum42 += dy2n0 * x0r2n0;
    sum42 += dy2n1 * x0r2n1;
    sum42 += dy2n2 * x0r2n2;
    sum43 += dy2n0 * x0r2n1;
    sum43 += dy2n1 * x0r2n2;
    sum43 += dy2n2 * x0r2n3;
    sum44 += dy2n0 * x0r2n2;
    sum44 += dy2n1 * x0r2n3;
    sum44 += dy2n2 * x0r2n4;
    sum45 += dy2n0 * x1r0n0;
    sum45 += dy2n1 * x1r0n1;
    sum45 += dy2n2 * x1r0n2;
    sum46 += dy2n0 * x1r0n1;
    sum46 += dy2n1 * x1r0n2;
    sum46 += dy2n2 * x1r0n3;
    sum47 += dy2n0 * x1r0n2;
    sum47 += dy2n1 * x1r0n3;
    sum47 += dy2n2 * x1r0n4;
    sum48 += dy2n0 * x1r1n0;
    sum48 += dy2n1 * x1r1n1;
    sum48 += dy2n2 * x1r1n2;
    sum49 += dy2n0 * x1r1n1;
    sum49 += dy2n1 * x1r1n2;
    sum49 += dy2n2 * x1r1n3;
    sum50 += dy2n0 * x1r1n2;
    sum50 += dy2n1 * x1r1n3;
    sum50 += dy2n2 * x1r1n4;
    sum51 += dy2n0 * x1r2n0;
    sum51 += dy2n1 * x1r2n1;
    sum51 += dy2n2 * x1r2n2;
    sum52 += dy2n0 * x1r2n1;
    sum52 += dy2n1 * x1r2n2;
    sum52 += dy2n2 * x1r2n3;
    sum53 += dy2n0 * x1r2n2;
    sum53 += dy2n1 * x1r2n3;
    sum53 += dy2n2 * x1r2n4;
    }
  }
  for (var round = 0u; round < table1[0].x; round++) {
  lanes[lane * 18u + 0u] = sum0;
  lanes[lane * 18u + 1u] = sum1;
  lanes[lane * 18u + 2u] = sum2;
  lanes[lane * 18u + 3u] = sum3;
  lanes[lane * 18u + 4u] = sum4;
  lanes[lane * 18u + 5u] = sum5;
  lanes[lane * 18u + 6u] = sum6;
  lanes[lane * 18u + 7u] = sum7;
  lanes[lane * 18u + 8u] = sum8;
  lanes[lane * 18u + 9u] = sum9;
  lanes[lane * 18u + 10u] = sum10;
  lanes[lane * 18u + 11u] = sum11;
  lanes[lane * 18u + 12u] = sum12;
  lanes[lane * 18u + 13u] = sum13;
  lanes[lane * 18u + 14u] = sum14;
  lanes[lane * 18u + 15u] = sum15;
  lanes[lane * 18u + 16u] = sum16;
  lanes[lane * 18u + 17u] = sum17;
  workgroupBarrier();
  if (lane < 36u) {
    var part = f32(0.0);
    for (var t = lane / 18u * 576u + lane % 18u; t < (lane / 18u + 1u) * 576u; t += 18u) { part += lanes[t]; }
    parts[lane] = part;
  }
  workgroupBarrier();
  for (var t = lane; t < 18u; t += 64u) {
  var total = f32(0.0);
  for (var part = 0u; part < 2u; part++) { total += parts[part * 18u + t]; }
  let slot = round * 18u + t;
  let f = at0 * 3u + slot / 18u;
    let c = at1 * 2u + slot / 9u % 2u;
    let ti = i0 + slot / 3u % 3u;
    let tj = j0 + slot % 3u;
    let place = ((f * 2u + c) * 3u + ti) * 3u + tj;
    let inside = f < 3u && c < 2u && ti < 3u && tj < 3u;
  if (inside) { store0(place, total); }
  }
  sum0 = sum18;
  sum1 = sum19;
  sum2 = sum20;
  sum3 = sum21;
  sum4 = sum22;
  sum5 = sum23;
  sum6 = sum24;
  sum7 = sum25;
  sum8 = sum26;
  sum9 = sum27;
  sum10 = sum28;
  sum11 = sum29;
  sum12 = sum30;
  sum13 = sum31;
  sum14 = sum32;
  sum15 = sum33;
  sum16 = sum34;
  sum17 = sum35;
  sum18 = sum36;
  sum19 = sum37;
  sum20 = sum38;
  sum21 = sum39;
  sum22 = sum40;
  sum23 = sum41;
  sum24 = sum42;
  sum25 = sum43;
  sum26 = sum44;
  sum27 = sum45;
  sum28 = sum46;
  sum29 = sum47;
  sum30 = sum48;
  sum31 = sum49;
  sum32 = sum50;
  sum33 = sum51;
  sum34 = sum52;
  sum35 = sum53;
  workgroupBarrier();
  }
}


// kernel 5: optimizer update statistics
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


// kernel 6: optimizer update update
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
  if (i >= 128u) { return; }
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

