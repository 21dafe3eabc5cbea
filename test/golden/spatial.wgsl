// buffers
//   slot.0: slot, 720 bytes
//   slot.1: slot, 720 bytes
//   slot.2: slot, 480 bytes
//   params: params, 2560 bytes
//   grads: output, 2560 bytes
//   state.0: state, 2560 bytes
//   state.1: state, 2560 bytes
//   output.outputs: output, 32 bytes
//   input.images: input, 480 bytes
//   output.loss: output, 16 bytes
//   output.gradient-statistics: output, 48 bytes
//   input.labels: input, 16 bytes
//   input.weights: input, 16 bytes
//   input.scalars: input, 16 bytes
//   table#2525ca84: constant, 16 bytes
//   table#a7fd7844: constant, 16 bytes
//   table#9db2cd7b: constant, 16 bytes
//   table#ca0cbe37: constant, 16 bytes
//   table#fd19eca0: constant, 16 bytes
//   table#e35cf38c: constant, 16 bytes
//   table#2aaef9ba: constant, 16 bytes
//   table#3ff33f6b: constant, 16 bytes
//   table#4e41ffea: constant, 16 bytes
//   table#b294b47b: constant, 48 bytes
//   table#d53eda7a: constant, 48 bytes
// program infer
//   kernel 0, 1x1x1 groups: input.images[0+480] params[0+16] slot.1[0+480] table#2525ca84[0+16]
//   kernel 1, 1x1x1 groups: slot.1[0+480] params[256+528] slot.0[0+720] table#a7fd7844[0+16]
//   kernel 2, 1x1x1 groups: slot.0[0+720] params[1024+1296] output.outputs[0+24] table#9db2cd7b[0+16]
// program train
//   kernel 3, 1x1x1 groups: input.images[0+480] params[0+264] slot.2[0+480] table#2525ca84[0+16]
//   kernel 4, 1x1x1 groups: slot.2[0+480] params[512+272] slot.0[0+720] table#a7fd7844[0+16]
//   kernel 5, 1x1x1 groups: slot.0[0+720] params[1024+1296] table#9db2cd7b[0+16] output.outputs[0+24] input.labels[0+8] input.weights[0+8] output.loss[0+8] table#ca0cbe37[0+16] table#fd19eca0[0+16] slot.1[0+720] grads[768+1552] table#e35cf38c[0+16] table#2aaef9ba[0+16]
//   kernel 6, 1x1x1 groups: slot.1[0+720] params[512+120] slot.0[0+480] table#3ff33f6b[0+16]
//   kernel 7, 2x1x1 groups: input.images[0+480] slot.0[0+480] grads[0+264] table#ca0cbe37[0+16] table#e35cf38c[0+16]
//   kernel 8, 1x1x1 groups: slot.2[0+480] slot.1[0+720] grads[512+120] table#4e41ffea[0+16] table#fd19eca0[0+16]
//   kernel 9, 6x1x1 groups: grads[0+2560] output.gradient-statistics[0+48] table#b294b47b[0+48]
//   kernel 10, 3x1x1 groups: grads[0+2560] input.scalars[0+16] params[0+2560] state.0[0+2560] state.1[0+2560] table#d53eda7a[0+48]

// kernel 0: conv.1 forward windows
// read, read, write, uniform
// conv2d: y[b, f, m, n] = sum over c, i, j of k[f, c, i, j] x[b, c, m s + i - p, n s + j - p]
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<storage, read_write> out0: array<f32>;
@group(0) @binding(3) var<uniform> table0: array<vec4u, 1>;
var<workgroup> weights: array<vec2f, 2>;
fn weightAt(f: u32, c: u32, i: u32, j: u32, phase0: u32, phase1: u32) -> f32 { return load1(((f * 2u + c) * 1u + i) * 1u + j); }
fn weightsAt(f: u32, t: u32, phase0: u32, phase1: u32) -> vec2f {
  let c = t / 1u;
  let i = t / 1u % 1u;
  let j = t % 1u;
  return vec2f(weightAt(f + 0u, c, i, j, phase0, phase1), weightAt(f + 1u, c, i, j, phase0, phase1));
}
fn load0(i: u32) -> f32 { return in0[i]; }
fn load1(i: u32) -> f32 { return in1[i]; }
fn store0(i: u32, y: f32) { out0[i] = y; }
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let planeTile = group % 1u * 2u;
  let phase0 = group / 1u % 1u / 1u;
  let phase1 = group / 1u % 1u;
  let id = group / 1u * 64u + lane;
  let tile = min(id, 7u);
  let b = (tile / 4u);
  let tileRow = (tile / 2u) % 2u;
  let tileColumn = tile % 2u;
  let row = tileRow * 3u;
  let column = tileColumn * 3u;
  let xInside2 = column + 2u < 5u;
  var sum0 = vec2f();
  var sum1 = vec2f();
  var sum2 = vec2f();
  var sum3 = vec2f();
  var sum4 = vec2f();
  var sum5 = vec2f();
  var sum6 = vec2f();
  var sum7 = vec2f();
  var sum8 = vec2f();
  for (var t = lane; t < 2u; t += 64u) { weights[t] = weightsAt(planeTile, t, phase0, phase1); }
  workgroupBarrier();
  for (var c = 0u; c < table0[0].x; c++) {
  let plane = (b * 2u + c) * 6u;
  let w0 = weights[c * 1u + 0u];
  let line0 = (plane + row) * 5u;
  let x0n0 = load0(line0 + column);
  let x0n1 = load0(line0 + column + 1u);
  let x0n2 = select(0.0, load0(line0 + column + 2u), xInside2);
  sum0 += x0n0 * w0;
  sum1 += x0n1 * w0;
  sum2 += x0n2 * w0;
  let line1 = (plane + row + 1u) * 5u;
  let x1n0 = load0(line1 + column);
  let x1n1 = load0(line1 + column + 1u);
  let x1n2 = select(0.0, load0(line1 + column + 2u), xInside2);
  sum3 += x1n0 * w0;
  sum4 += x1n1 * w0;
  sum5 += x1n2 * w0;
  let line2 = (plane + row + 2u) * 5u;
  let x2n0 = load0(line2 + column);
  let x2n1 = load0(line2 + column + 1u);
  let x2n2 = select(0.0, load0(line2 + column + 2u), xInside2);
  sum6 += x2n0 * w0;
  sum7 += x2n1 * w0;
  sum8 += x2n2 * w0;
  }
  for (var step = 0u; step < table0[0].y; step++) {
  let f = planeTile + step;
  if (id == tile) {
  let target0 = (b * 2u + f) * 30u;
  if (tileColumn * 3u + 0u < 5u) { store0(target0 + (tileRow * 3u + 0u) * 5u + tileColumn * 3u + 0u, sum0.x); }
  if (tileColumn * 3u + 1u < 5u) { store0(target0 + (tileRow * 3u + 0u) * 5u + tileColumn * 3u + 1u, sum1.x); }
  if (tileColumn * 3u + 2u < 5u) { store0(target0 + (tileRow * 3u + 0u) * 5u + tileColumn * 3u + 2u, sum2.x); }
  if (tileColumn * 3u + 0u < 5u) { store0(target0 + (tileRow * 3u + 1u) * 5u + tileColumn * 3u + 0u, sum3.x); }
  if (tileColumn * 3u + 1u < 5u) { store0(target0 + (tileRow * 3u + 1u) * 5u + tileColumn * 3u + 1u, sum4.x); }
  if (tileColumn * 3u + 2u < 5u) { store0(target0 + (tileRow * 3u + 1u) * 5u + tileColumn * 3u + 2u, sum5.x); }
  if (tileColumn * 3u + 0u < 5u) { store0(target0 + (tileRow * 3u + 2u) * 5u + tileColumn * 3u + 0u, sum6.x); }
  if (tileColumn * 3u + 1u < 5u) { store0(target0 + (tileRow * 3u + 2u) * 5u + tileColumn * 3u + 1u, sum7.x); }
  if (tileColumn * 3u + 2u < 5u) { store0(target0 + (tileRow * 3u + 2u) * 5u + tileColumn * 3u + 2u, sum8.x); }
  }
  sum0 = sum0.yx;
  sum1 = sum1.yx;
  sum2 = sum2.yx;
  sum3 = sum3.yx;
  sum4 = sum4.yx;
  sum5 = sum5.yx;
  sum6 = sum6.yx;
  sum7 = sum7.yx;
  sum8 = sum8.yx;
  }
}


// kernel 1: tanh.1 forward windows
// read, read, write, uniform
// fused: a core op with element-wise work in its loads and its store
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<storage, read_write> out0: array<f32>;
@group(0) @binding(3) var<uniform> table0: array<vec4u, 1>;
var<workgroup> weights: array<vec3f, 10>;
fn weightAt(f: u32, c: u32, i: u32, j: u32, phase0: u32, phase1: u32) -> f32 { return load1(((f * 2u + c) * 5u + i) * 1u + j); }
fn weightsAt(f: u32, t: u32, phase0: u32, phase1: u32) -> vec3f {
  let c = t / 5u;
  let i = t / 1u % 5u;
  let j = t % 1u;
  return vec3f(weightAt(f + 0u, c, i, j, phase0, phase1), weightAt(f + 1u, c, i, j, phase0, phase1), weightAt(f + 2u, c, i, j, phase0, phase1));
}
fn load0(i: u32) -> f32 {
  let v0 = in0[i];
  let v1 = in1[(((i / 30u) % 2u))];
  return (v0 + v1);
}
fn load1(i: u32) -> f32 { return in1[64u + i]; }
fn store0(i: u32, y: f32) {
  let v1 = in1[128u + (((i / 30u) % 3u))];
  out0[i] = tanh(clamp((y + v1), -10.0, 10.0));
}
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let planeTile = group % 1u * 3u;
  let phase0 = group / 1u % 1u / 1u;
  let phase1 = group / 1u % 1u;
  let id = group / 1u * 64u + lane;
  let tile = min(id, 7u);
  let b = (tile / 4u);
  let tileRow = (tile / 2u) % 2u;
  let tileColumn = tile % 2u;
  let row = tileRow * 3u - 2u;
  let column = tileColumn * 3u;
  let xInside2 = column + 2u < 5u;
  var sum0 = vec3f();
  var sum1 = vec3f();
  var sum2 = vec3f();
  var sum3 = vec3f();
  var sum4 = vec3f();
  var sum5 = vec3f();
  var sum6 = vec3f();
  var sum7 = vec3f();
  var sum8 = vec3f();
  for (var t = lane; t < 10u; t += 64u) { weights[t] = weightsAt(planeTile, t, phase0, phase1); }
  workgroupBarrier();
  for (var c = 0u; c < table0[0].x; c++) {
  let plane = (b * 2u + c) * 6u;
  let w0 = weights[c * 5u + 0u];
  let w1 = weights[c * 5u + 1u];
  let w2 = weights[c * 5u + 2u];
  let w3 = weights[c * 5u + 3u];
  let w4 = weights[c * 5u + 4u];
  let line0 = (plane + min(row, 5u)) * 5u;
  let inLine0 = row < 6u;
  let x0n0 = select(0.0, load0(line0 + column), inLine0);
  let x0n1 = select(0.0, load0(line0 + column + 1u), inLine0);
  let x0n2 = select(0.0, load0(line0 + column + 2u), inLine0 && xInside2);
  sum0 += x0n0 * w0;
  sum1 += x0n1 * w0;
  sum2 += x0n2 * w0;
  let line1 = (plane + min(row + 1u, 5u)) * 5u;
  let inLine1 = row + 1u < 6u;
  let x1n0 = select(0.0, load0(line1 + column), inLine1);
  let x1n1 = select(0.0, load0(line1 + column + 1u), inLine1);
  let x1n2 = select(0.0, load0(line1 + column + 2u), inLine1 && xInside2);
  sum0 += x1n0 * w1;
  sum1 += x1n1 * w1;
  sum2 += x1n2 * w1;
  sum3 += x1n0 * w0;
  sum4 += x1n1 * w0;
  sum5 += x1n2 * w0;
  let line2 = (plane + row + 2u) * 5u;
  let x2n0 = load0(line2 + column);
  let x2n1 = load0(line2 + column + 1u);
  let x2n2 = select(0.0, load0(line2 + column + 2u), xInside2);
  sum0 += x2n0 * w2;
  sum1 += x2n1 * w2;
  sum2 += x2n2 * w2;
  sum3 += x2n0 * w1;
  sum4 += x2n1 * w1;
  sum5 += x2n2 * w1;
  sum6 += x2n0 * w0;
  sum7 += x2n1 * w0;
  sum8 += x2n2 * w0;
  let line3 = (plane + row + 3u) * 5u;
  let x3n0 = load0(line3 + column);
  let x3n1 = load0(line3 + column + 1u);
  let x3n2 = select(0.0, load0(line3 + column + 2u), xInside2);
  sum0 += x3n0 * w3;
  sum1 += x3n1 * w3;
  sum2 += x3n2 * w3;
  sum3 += x3n0 * w2;
  sum4 += x3n1 * w2;
  sum5 += x3n2 * w2;
  sum6 += x3n0 * w1;
  sum7 += x3n1 * w1;
  sum8 += x3n2 * w1;
  let line4 = (plane + row + 4u) * 5u;
  let x4n0 = load0(line4 + column);
  let x4n1 = load0(line4 + column + 1u);
  let x4n2 = select(0.0, load0(line4 + column + 2u), xInside2);
  sum0 += x4n0 * w4;
  sum1 += x4n1 * w4;
  sum2 += x4n2 * w4;
  sum3 += x4n0 * w3;
  sum4 += x4n1 * w3;
  sum5 += x4n2 * w3;
  sum6 += x4n0 * w2;
  sum7 += x4n1 * w2;
  sum8 += x4n2 * w2;
  let line5 = (plane + min(row + 5u, 5u)) * 5u;
  let inLine5 = row + 5u < 6u;
  let x5n0 = select(0.0, load0(line5 + column), inLine5);
  let x5n1 = select(0.0, load0(line5 + column + 1u), inLine5);
  let x5n2 = select(0.0, load0(line5 + column + 2u), inLine5 && xInside2);
  sum3 += x5n0 * w4;
  sum4 += x5n1 * w4;
  sum5 += x5n2 * w4;
  sum6 += x5n0 * w3;
  sum7 += x5n1 * w3;
  sum8 += x5n2 * w3;
  let line6 = (plane + min(row + 6u, 5u)) * 5u;
  let inLine6 = row + 6u < 6u;
  let x6n0 = select(0.0, load0(line6 + column), inLine6);
  let x6n1 = select(0.0, load0(line6 + column + 1u), inLine6);
  let x6n2 = select(0.0, load0(line6 + column + 2u), inLine6 && xInside2);
  sum6 += x6n0 * w4;
  sum7 += x6n1 * w4;
  sum8 += x6n2 * w4;
  }
  for (var step = 0u; step < table0[0].y; step++) {
  let f = planeTile + step;
  if (id == tile) {
  let target0 = (b * 3u + f) * 30u;
  if (tileColumn * 3u + 0u < 5u) { store0(target0 + (tileRow * 3u + 0u) * 5u + tileColumn * 3u + 0u, sum0.x); }
  if (tileColumn * 3u + 1u < 5u) { store0(target0 + (tileRow * 3u + 0u) * 5u + tileColumn * 3u + 1u, sum1.x); }
  if (tileColumn * 3u + 2u < 5u) { store0(target0 + (tileRow * 3u + 0u) * 5u + tileColumn * 3u + 2u, sum2.x); }
  if (tileColumn * 3u + 0u < 5u) { store0(target0 + (tileRow * 3u + 1u) * 5u + tileColumn * 3u + 0u, sum3.x); }
  if (tileColumn * 3u + 1u < 5u) { store0(target0 + (tileRow * 3u + 1u) * 5u + tileColumn * 3u + 1u, sum4.x); }
  if (tileColumn * 3u + 2u < 5u) { store0(target0 + (tileRow * 3u + 1u) * 5u + tileColumn * 3u + 2u, sum5.x); }
  if (tileColumn * 3u + 0u < 5u) { store0(target0 + (tileRow * 3u + 2u) * 5u + tileColumn * 3u + 0u, sum6.x); }
  if (tileColumn * 3u + 1u < 5u) { store0(target0 + (tileRow * 3u + 2u) * 5u + tileColumn * 3u + 1u, sum7.x); }
  if (tileColumn * 3u + 2u < 5u) { store0(target0 + (tileRow * 3u + 2u) * 5u + tileColumn * 3u + 2u, sum8.x); }
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
  }
}


// kernel 2: dense.1 forward sum
// read, read, write, uniform
// fused: a core op with element-wise work in its loads and its store
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<storage, read_write> out0: array<f32>;
@group(0) @binding(3) var<uniform> table0: array<vec4u, 1>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn load1(i: u32) -> f32 { return in1[i]; }
fn store0(i: u32, y: f32) {
  let v1 = in1[320u + ((i % 3u))];
  out0[i] = tanh(clamp((y + v1), -10.0, 10.0));
}
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) gid: vec3u) {
  let i = gid.x;
  if (i >= 1u) { return; }
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
  for (var k0 = 0u; k0 < table0[0].x; k0++) {
  let at0 = base0 + k0;
  let v0s0 = load0(at0 + x0at0 * 90u);
  let v0s1 = load0(at0 + x0at1 * 90u);
  let at1 = base1 + k0;
  let v1s0 = load1(at1 + x1at0 * 90u);
  let v1s1 = load1(at1 + x1at1 * 90u);
  let v1s2 = load1(at1 + x1at2 * 90u);
  sum0 += v0s0 * v1s0;
  sum1 += v0s0 * v1s1;
  sum2 += v0s0 * v1s2;
  sum3 += v0s1 * v1s0;
  sum4 += v0s1 * v1s1;
  sum5 += v0s1 * v1s2;
  }
  store0(x0 * 3u + x1, sum0);
  store0(x0 * 3u + (x1 + 1u), sum1);
  store0(x0 * 3u + (x1 + 2u), sum2);
  store0((x0 + 1u) * 3u + x1, sum3);
  store0((x0 + 1u) * 3u + (x1 + 1u), sum4);
  store0((x0 + 1u) * 3u + (x1 + 2u), sum5);
}


// kernel 3: conv.1 forward windows
// read, read, write, uniform
// fused: a core op with element-wise work in its loads and its store
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<storage, read_write> out0: array<f32>;
@group(0) @binding(3) var<uniform> table0: array<vec4u, 1>;
var<workgroup> weights: array<vec2f, 2>;
fn weightAt(f: u32, c: u32, i: u32, j: u32, phase0: u32, phase1: u32) -> f32 { return load1(((f * 2u + c) * 1u + i) * 1u + j); }
fn weightsAt(f: u32, t: u32, phase0: u32, phase1: u32) -> vec2f {
  let c = t / 1u;
  let i = t / 1u % 1u;
  let j = t % 1u;
  return vec2f(weightAt(f + 0u, c, i, j, phase0, phase1), weightAt(f + 1u, c, i, j, phase0, phase1));
}
fn load0(i: u32) -> f32 { return in0[i]; }
fn load1(i: u32) -> f32 { return in1[i]; }
fn store0(i: u32, y: f32) {
  let v1 = in1[64u + (((i / 30u) % 2u))];
  out0[i] = (y + v1);
}
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let planeTile = group % 1u * 2u;
  let phase0 = group / 1u % 1u / 1u;
  let phase1 = group / 1u % 1u;
  let id = group / 1u * 64u + lane;
  let tile = min(id, 7u);
  let b = (tile / 4u);
  let tileRow = (tile / 2u) % 2u;
  let tileColumn = tile % 2u;
  let row = tileRow * 3u;
  let column = tileColumn * 3u;
  let xInside2 = column + 2u < 5u;
  var sum0 = vec2f();
  var sum1 = vec2f();
  var sum2 = vec2f();
  var sum3 = vec2f();
  var sum4 = vec2f();
  var sum5 = vec2f();
  var sum6 = vec2f();
  var sum7 = vec2f();
  var sum8 = vec2f();
  for (var t = lane; t < 2u; t += 64u) { weights[t] = weightsAt(planeTile, t, phase0, phase1); }
  workgroupBarrier();
  for (var c = 0u; c < table0[0].x; c++) {
  let plane = (b * 2u + c) * 6u;
  let w0 = weights[c * 1u + 0u];
  let line0 = (plane + row) * 5u;
  let x0n0 = load0(line0 + column);
  let x0n1 = load0(line0 + column + 1u);
  let x0n2 = select(0.0, load0(line0 + column + 2u), xInside2);
  sum0 += x0n0 * w0;
  sum1 += x0n1 * w0;
  sum2 += x0n2 * w0;
  let line1 = (plane + row + 1u) * 5u;
  let x1n0 = load0(line1 + column);
  let x1n1 = load0(line1 + column + 1u);
  let x1n2 = select(0.0, load0(line1 + column + 2u), xInside2);
  sum3 += x1n0 * w0;
  sum4 += x1n1 * w0;
  sum5 += x1n2 * w0;
  let line2 = (plane + row + 2u) * 5u;
  let x2n0 = load0(line2 + column);
  let x2n1 = load0(line2 + column + 1u);
  let x2n2 = select(0.0, load0(line2 + column + 2u), xInside2);
  sum6 += x2n0 * w0;
  sum7 += x2n1 * w0;
  sum8 += x2n2 * w0;
  }
  for (var step = 0u; step < table0[0].y; step++) {
  let f = planeTile + step;
  if (id == tile) {
  let target0 = (b * 2u + f) * 30u;
  if (tileColumn * 3u + 0u < 5u) { store0(target0 + (tileRow * 3u + 0u) * 5u + tileColumn * 3u + 0u, sum0.x); }
  if (tileColumn * 3u + 1u < 5u) { store0(target0 + (tileRow * 3u + 0u) * 5u + tileColumn * 3u + 1u, sum1.x); }
  if (tileColumn * 3u + 2u < 5u) { store0(target0 + (tileRow * 3u + 0u) * 5u + tileColumn * 3u + 2u, sum2.x); }
  if (tileColumn * 3u + 0u < 5u) { store0(target0 + (tileRow * 3u + 1u) * 5u + tileColumn * 3u + 0u, sum3.x); }
  if (tileColumn * 3u + 1u < 5u) { store0(target0 + (tileRow * 3u + 1u) * 5u + tileColumn * 3u + 1u, sum4.x); }
  if (tileColumn * 3u + 2u < 5u) { store0(target0 + (tileRow * 3u + 1u) * 5u + tileColumn * 3u + 2u, sum5.x); }
  if (tileColumn * 3u + 0u < 5u) { store0(target0 + (tileRow * 3u + 2u) * 5u + tileColumn * 3u + 0u, sum6.x); }
  if (tileColumn * 3u + 1u < 5u) { store0(target0 + (tileRow * 3u + 2u) * 5u + tileColumn * 3u + 1u, sum7.x); }
  if (tileColumn * 3u + 2u < 5u) { store0(target0 + (tileRow * 3u + 2u) * 5u + tileColumn * 3u + 2u, sum8.x); }
  }
  sum0 = sum0.yx;
  sum1 = sum1.yx;
  sum2 = sum2.yx;
  sum3 = sum3.yx;
  sum4 = sum4.yx;
  sum5 = sum5.yx;
  sum6 = sum6.yx;
  sum7 = sum7.yx;
  sum8 = sum8.yx;
  }
}


// kernel 4: conv.2 forward windows
// read, read, write, uniform
// fused: a core op with element-wise work in its loads and its store
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<storage, read_write> out0: array<f32>;
@group(0) @binding(3) var<uniform> table0: array<vec4u, 1>;
var<workgroup> weights: array<vec3f, 10>;
fn weightAt(f: u32, c: u32, i: u32, j: u32, phase0: u32, phase1: u32) -> f32 { return load1(((f * 2u + c) * 5u + i) * 1u + j); }
fn weightsAt(f: u32, t: u32, phase0: u32, phase1: u32) -> vec3f {
  let c = t / 5u;
  let i = t / 1u % 5u;
  let j = t % 1u;
  return vec3f(weightAt(f + 0u, c, i, j, phase0, phase1), weightAt(f + 1u, c, i, j, phase0, phase1), weightAt(f + 2u, c, i, j, phase0, phase1));
}
fn load0(i: u32) -> f32 { return in0[i]; }
fn load1(i: u32) -> f32 { return in1[i]; }
fn store0(i: u32, y: f32) {
  let v1 = in1[64u + (((i / 30u) % 3u))];
  out0[i] = (y + v1);
}
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let planeTile = group % 1u * 3u;
  let phase0 = group / 1u % 1u / 1u;
  let phase1 = group / 1u % 1u;
  let id = group / 1u * 64u + lane;
  let tile = min(id, 7u);
  let b = (tile / 4u);
  let tileRow = (tile / 2u) % 2u;
  let tileColumn = tile % 2u;
  let row = tileRow * 3u - 2u;
  let column = tileColumn * 3u;
  let xInside2 = column + 2u < 5u;
  var sum0 = vec3f();
  var sum1 = vec3f();
  var sum2 = vec3f();
  var sum3 = vec3f();
  var sum4 = vec3f();
  var sum5 = vec3f();
  var sum6 = vec3f();
  var sum7 = vec3f();
  var sum8 = vec3f();
  for (var t = lane; t < 10u; t += 64u) { weights[t] = weightsAt(planeTile, t, phase0, phase1); }
  workgroupBarrier();
  for (var c = 0u; c < table0[0].x; c++) {
  let plane = (b * 2u + c) * 6u;
  let w0 = weights[c * 5u + 0u];
  let w1 = weights[c * 5u + 1u];
  let w2 = weights[c * 5u + 2u];
  let w3 = weights[c * 5u + 3u];
  let w4 = weights[c * 5u + 4u];
  let line0 = (plane + min(row, 5u)) * 5u;
  let inLine0 = row < 6u;
  let x0n0 = select(0.0, load0(line0 + column), inLine0);
  let x0n1 = select(0.0, load0(line0 + column + 1u), inLine0);
  let x0n2 = select(0.0, load0(line0 + column + 2u), inLine0 && xInside2);
  sum0 += x0n0 * w0;
  sum1 += x0n1 * w0;
  sum2 += x0n2 * w0;
  let line1 = (plane + min(row + 1u, 5u)) * 5u;
  let inLine1 = row + 1u < 6u;
  let x1n0 = select(0.0, load0(line1 + column), inLine1);
  let x1n1 = select(0.0, load0(line1 + column + 1u), inLine1);
  let x1n2 = select(0.0, load0(line1 + column + 2u), inLine1 && xInside2);
  sum0 += x1n0 * w1;
  sum1 += x1n1 * w1;
  sum2 += x1n2 * w1;
  sum3 += x1n0 * w0;
  sum4 += x1n1 * w0;
  sum5 += x1n2 * w0;
  let line2 = (plane + row + 2u) * 5u;
  let x2n0 = load0(line2 + column);
  let x2n1 = load0(line2 + column + 1u);
  let x2n2 = select(0.0, load0(line2 + column + 2u), xInside2);
  sum0 += x2n0 * w2;
  sum1 += x2n1 * w2;
  sum2 += x2n2 * w2;
  sum3 += x2n0 * w1;
  sum4 += x2n1 * w1;
  sum5 += x2n2 * w1;
  sum6 += x2n0 * w0;
  sum7 += x2n1 * w0;
  sum8 += x2n2 * w0;
  let line3 = (plane + row + 3u) * 5u;
  let x3n0 = load0(line3 + column);
  let x3n1 = load0(line3 + column + 1u);
  let x3n2 = select(0.0, load0(line3 + column + 2u), xInside2);
  sum0 += x3n0 * w3;
  sum1 += x3n1 * w3;
  sum2 += x3n2 * w3;
  sum3 += x3n0 * w2;
  sum4 += x3n1 * w2;
  sum5 += x3n2 * w2;
  sum6 += x3n0 * w1;
  sum7 += x3n1 * w1;
  sum8 += x3n2 * w1;
  let line4 = (plane + row + 4u) * 5u;
  let x4n0 = load0(line4 + column);
  let x4n1 = load0(line4 + column + 1u);
  let x4n2 = select(0.0, load0(line4 + column + 2u), xInside2);
  sum0 += x4n0 * w4;
  sum1 += x4n1 * w4;
  sum2 += x4n2 * w4;
  sum3 += x4n0 * w3;
  sum4 += x4n1 * w3;
  sum5 += x4n2 * w3;
  sum6 += x4n0 * w2;
  sum7 += x4n1 * w2;
  sum8 += x4n2 * w2;
  let line5 = (plane + min(row + 5u, 5u)) * 5u;
  let inLine5 = row + 5u < 6u;
  let x5n0 = select(0.0, load0(line5 + column), inLine5);
  let x5n1 = select(0.0, load0(line5 + column + 1u), inLine5);
  let x5n2 = select(0.0, load0(line5 + column + 2u), inLine5 && xInside2);
  sum3 += x5n0 * w4;
  sum4 += x5n1 * w4;
  sum5 += x5n2 * w4;
  sum6 += x5n0 * w3;
  sum7 += x5n1 * w3;
  sum8 += x5n2 * w3;
  let line6 = (plane + min(row + 6u, 5u)) * 5u;
  let inLine6 = row + 6u < 6u;
  let x6n0 = select(0.0, load0(line6 + column), inLine6);
  let x6n1 = select(0.0, load0(line6 + column + 1u), inLine6);
  let x6n2 = select(0.0, load0(line6 + column + 2u), inLine6 && xInside2);
  sum6 += x6n0 * w4;
  sum7 += x6n1 * w4;
  sum8 += x6n2 * w4;
  }
  for (var step = 0u; step < table0[0].y; step++) {
  let f = planeTile + step;
  if (id == tile) {
  let target0 = (b * 3u + f) * 30u;
  if (tileColumn * 3u + 0u < 5u) { store0(target0 + (tileRow * 3u + 0u) * 5u + tileColumn * 3u + 0u, sum0.x); }
  if (tileColumn * 3u + 1u < 5u) { store0(target0 + (tileRow * 3u + 0u) * 5u + tileColumn * 3u + 1u, sum1.x); }
  if (tileColumn * 3u + 2u < 5u) { store0(target0 + (tileRow * 3u + 0u) * 5u + tileColumn * 3u + 2u, sum2.x); }
  if (tileColumn * 3u + 0u < 5u) { store0(target0 + (tileRow * 3u + 1u) * 5u + tileColumn * 3u + 0u, sum3.x); }
  if (tileColumn * 3u + 1u < 5u) { store0(target0 + (tileRow * 3u + 1u) * 5u + tileColumn * 3u + 1u, sum4.x); }
  if (tileColumn * 3u + 2u < 5u) { store0(target0 + (tileRow * 3u + 1u) * 5u + tileColumn * 3u + 2u, sum5.x); }
  if (tileColumn * 3u + 0u < 5u) { store0(target0 + (tileRow * 3u + 2u) * 5u + tileColumn * 3u + 0u, sum6.x); }
  if (tileColumn * 3u + 1u < 5u) { store0(target0 + (tileRow * 3u + 2u) * 5u + tileColumn * 3u + 1u, sum7.x); }
  if (tileColumn * 3u + 2u < 5u) { store0(target0 + (tileRow * 3u + 2u) * 5u + tileColumn * 3u + 2u, sum8.x); }
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
  }
}


// kernel 5: tanh.1 forward map + dense.1 forward sum + map + targets + sum + dense.1 backward map + sum + tanh.1 backward map + conv.2 backward sum + dense.1 + sum
// read, read, uniform, write, read, read, write, uniform, uniform, write, write, uniform, uniform
// map: y[i] = f(x0[i], x1[i], ...)
// fused: a core op with element-wise work in its loads and its store
// oneHot: y[b, o] = on where o = label[b], off elsewhere
// contract: y[output] = sum over the other labels of a[left] b[right]
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<uniform> table0: array<vec4u, 1>;
@group(0) @binding(3) var<storage, read_write> out0_2: array<f32>;
@group(0) @binding(4) var<storage, read> in4: array<i32>;
@group(0) @binding(5) var<storage, read> in5: array<f32>;
@group(0) @binding(6) var<storage, read_write> out0_4: array<f32>;
@group(0) @binding(7) var<uniform> table1: array<vec4u, 1>;
@group(0) @binding(8) var<uniform> table2: array<vec4u, 1>;
@group(0) @binding(9) var<storage, read_write> out0_7: array<f32>;
@group(0) @binding(10) var<storage, read_write> out0_8: array<f32>;
@group(0) @binding(11) var<uniform> table3: array<vec4u, 1>;
@group(0) @binding(12) var<uniform> table4: array<vec4u, 1>;
var<workgroup> local0: array<f32, 180>;
var<workgroup> local1: array<f32, 6>;
var<workgroup> local2: array<f32, 6>;
var<workgroup> local3: array<f32, 6>;
var<workgroup> local4: array<f32, 180>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn store0(i: u32, y: f32) { local0[i] = y; }
fn body_0(i: u32) {
  let v0 = load0(i);
  store0(i, tanh(clamp(v0, -10.0, 10.0)));
}
fn load0_1(i: u32) -> f32 { return local0[i]; }
fn load1_1(i: u32) -> f32 { return in1[i]; }
fn store0_1(i: u32, y: f32) {
  let v1 = in1[320u + ((i % 3u))];
  local1[i] = (y + v1);
}
fn body_1(i: u32) {
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
  for (var k0 = 0u; k0 < table0[0].x; k0++) {
  let at0 = base0 + k0;
  let v0s0 = load0_1(at0 + x0at0 * 90u);
  let v0s1 = load0_1(at0 + x0at1 * 90u);
  let at1 = base1 + k0;
  let v1s0 = load1_1(at1 + x1at0 * 90u);
  let v1s1 = load1_1(at1 + x1at1 * 90u);
  let v1s2 = load1_1(at1 + x1at2 * 90u);
  sum0 += v0s0 * v1s0;
  sum1 += v0s0 * v1s1;
  sum2 += v0s0 * v1s2;
  sum3 += v0s1 * v1s0;
  sum4 += v0s1 * v1s1;
  sum5 += v0s1 * v1s2;
  }
  store0_1(x0 * 3u + x1, sum0);
  store0_1(x0 * 3u + (x1 + 1u), sum1);
  store0_1(x0 * 3u + (x1 + 2u), sum2);
  store0_1((x0 + 1u) * 3u + x1, sum3);
  store0_1((x0 + 1u) * 3u + (x1 + 1u), sum4);
  store0_1((x0 + 1u) * 3u + (x1 + 2u), sum5);
}
fn load0_2(i: u32) -> f32 { return local1[i]; }
fn store0_2(i: u32, y: f32) { out0_2[i] = y; }
fn body_2(i: u32) {
  let v0 = load0_2(i);
  store0_2(i, tanh(clamp(v0, -10.0, 10.0)));
}
fn load0_3(i: u32) -> i32 { return in4[i]; }
fn store0_3(i: u32, y: f32) { local2[i] = y; }
fn body_3(i: u32) {
  store0_3(i, select((-1.0), 1.0, load0_3(i / 3u) == i32(i % 3u)));
}
fn load0_4(i: u32) -> f32 {
  let v0 = out0_2[i];
  let v1 = local2[i];
  let v2 = in5[((i / 3u))];
  let t0 = (v0 - v1);
  return (((t0 * t0) * v2) / 3.0);
}
fn store0_4(i: u32, y: f32) { out0_4[i] = y; }
fn body_4(i: u32) {
  let base0 = 0u;
  var sum0 = f32();
  for (var k0 = 0u; k0 < table1[0].x; k0++) {
  let at0 = base0 + k0;
  let v0s0 = load0_4(at0);
  sum0 += v0s0;
  }
  store0_4(0u, sum0);
}
fn load0_5(i: u32) -> f32 { return local1[i]; }
fn load1_5(i: u32) -> f32 { return out0_2[i]; }
fn load2_5(i: u32) -> f32 { return local2[i]; }
fn load3_5(i: u32) -> f32 { return in5[i]; }
fn store0_5(i: u32, y: f32) { local3[i] = y; }
fn body_5(i: u32) {
  let v0 = load0_5(i);
  let v1 = load1_5(i);
  let v2 = load2_5(i);
  let v3 = load3_5((i / 3u));
  let t0 = tanh(clamp(v0, -10.0, 10.0));
  store0_5(i, ((((2.0 * (v1 - v2)) * v3) / 3.0) * (select(0.0, 1.0, 10.0 >= abs(v0)) * (1.0 - (t0 * t0)))));
}
fn load0_6(i: u32) -> f32 { return local3[i]; }
fn load1_6(i: u32) -> f32 { return in1[i]; }
fn store0_6(i: u32, y: f32) { local4[i] = y; }
fn body_6(i: u32) {
  let x0 = (i / 23u);
  let x1 = i % 23u;
  let base0 = x0 * 3u;
  let base1 = 0u;
  let x1at0 = x1 + 0u;
  let x1at1 = x1 + 23u;
  let x1at2 = x1 + 46u;
  let x1at3 = min(x1 + 69u, 89u);
  var sum0 = f32();
  var sum1 = f32();
  var sum2 = f32();
  var sum3 = f32();
  for (var k0 = 0u; k0 < table2[0].x; k0++) {
  let at0 = base0 + k0;
  let v0s0 = load0_6(at0);
  let at1 = base1 + k0 * 90u;
  let v1s0 = load1_6(at1 + x1at0 * 1u);
  let v1s1 = load1_6(at1 + x1at1 * 1u);
  let v1s2 = load1_6(at1 + x1at2 * 1u);
  let v1s3 = load1_6(at1 + x1at3 * 1u);
  sum0 += v0s0 * v1s0;
  sum1 += v0s0 * v1s1;
  sum2 += v0s0 * v1s2;
  sum3 += v0s0 * v1s3;
  }
  store0_6(x0 * 90u + x1, sum0);
  store0_6(x0 * 90u + (x1 + 23u), sum1);
  store0_6(x0 * 90u + (x1 + 46u), sum2);
  if ((x1 + 69u) < 90u) { store0_6(x0 * 90u + (x1 + 69u), sum3); }
}
fn load0_7(i: u32) -> f32 { return in0[i]; }
fn load1_7(i: u32) -> f32 { return local4[i]; }
fn store0_7(i: u32, y: f32) { out0_7[i] = y; }
fn body_7(i: u32) {
  let v0 = load0_7(i);
  let v1 = load1_7(i);
  let t0 = tanh(clamp(v0, -10.0, 10.0));
  store0_7(i, (v1 * (select(0.0, 1.0, 10.0 >= abs(v0)) * (1.0 - (t0 * t0)))));
}
fn load0_8(i: u32) -> f32 { return out0_7[i]; }
fn store0_8(i: u32, y: f32) { out0_8[i] = y; }
fn body_8(i: u32) {
  let x0 = i;
  let base0 = x0 * 30u;
  var sum0 = f32();
  for (var k0 = 0u; k0 < table3[0].x; k0++) {
  for (var k1 = 0u; k1 < table3[0].y; k1++) {
  let at0 = base0 + k0 * 90u + k1;
  let v0s0 = load0_8(at0);
  sum0 += v0s0;
  }
  }
  store0_8(x0, sum0);
}
fn load0_9(i: u32) -> f32 { return local3[i]; }
fn load1_9(i: u32) -> f32 { return local0[i]; }
fn store0_9(i: u32, y: f32) { out0_8[64u + i] = y; }
fn body_9(i: u32) {
  let x0 = (i / 23u);
  let x1 = i % 23u;
  let base0 = x0;
  let base1 = 0u;
  let x1at0 = x1 + 0u;
  let x1at1 = x1 + 23u;
  let x1at2 = x1 + 46u;
  let x1at3 = min(x1 + 69u, 89u);
  var sum0 = f32();
  var sum1 = f32();
  var sum2 = f32();
  var sum3 = f32();
  for (var k0 = 0u; k0 < table4[0].x; k0++) {
  let at0 = base0 + k0 * 3u;
  let v0s0 = load0_9(at0);
  let at1 = base1 + k0 * 90u;
  let v1s0 = load1_9(at1 + x1at0 * 1u);
  let v1s1 = load1_9(at1 + x1at1 * 1u);
  let v1s2 = load1_9(at1 + x1at2 * 1u);
  let v1s3 = load1_9(at1 + x1at3 * 1u);
  sum0 += v0s0 * v1s0;
  sum1 += v0s0 * v1s1;
  sum2 += v0s0 * v1s2;
  sum3 += v0s0 * v1s3;
  }
  store0_9(x0 * 90u + x1, sum0);
  store0_9(x0 * 90u + (x1 + 23u), sum1);
  store0_9(x0 * 90u + (x1 + 46u), sum2);
  if ((x1 + 69u) < 90u) { store0_9(x0 * 90u + (x1 + 69u), sum3); }
}
fn load0_10(i: u32) -> f32 { return local3[i]; }
fn store0_10(i: u32, y: f32) { out0_8[384u + i] = y; }
fn body_10(i: u32) {
  let x0 = i;
  let base0 = x0;
  var sum0 = f32();
  for (var k0 = 0u; k0 < table4[0].x; k0++) {
  let at0 = base0 + k0 * 3u;
  let v0s0 = load0_10(at0);
  sum0 += v0s0;
  }
  store0_10(x0, sum0);
}
@compute @workgroup_size(192)
fn main(@builtin(local_invocation_index) lane: u32) {
  if (lane < 180u) { body_0(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 1u) { body_1(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 6u) { body_2(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 6u) { body_3(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 1u) { body_4(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 6u) { body_5(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 46u) { body_6(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 180u) { body_7(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 3u) { body_8(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 69u) { body_9(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 3u) { body_10(lane); }
}


// kernel 6: conv.2 backward pixels
// read, read, write, uniform
// conv2dInputGradient: g[b, c, y, x] = sum over f, i, j, m, n with m s + i - p = y, n s + j - p = x of k[f, c, i, j] dy[b, f, m, n]
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<storage, read_write> out0: array<f32>;
@group(0) @binding(3) var<uniform> table0: array<vec4u, 1>;
var<workgroup> weights: array<vec2f, 15>;
fn weightAt(f: u32, c: u32, i: u32, j: u32, phase0: u32, phase1: u32) -> f32 { return load1(((c * 2u + f) * 5u + (4u - i)) * 1u + (0u - j)); }
fn weightsAt(f: u32, t: u32, phase0: u32, phase1: u32) -> vec2f {
  let c = t / 5u;
  let i = t / 1u % 5u;
  let j = t % 1u;
  return vec2f(weightAt(f + 0u, c, i, j, phase0, phase1), weightAt(f + 1u, c, i, j, phase0, phase1));
}
fn load0(i: u32) -> f32 { return in0[i]; }
fn load1(i: u32) -> f32 { return in1[i]; }
fn store0(i: u32, y: f32) { out0[i] = y; }
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let planeTile = group % 1u * 2u;
  let phase0 = group / 1u % 1u / 1u;
  let phase1 = group / 1u % 1u;
  let id = group / 1u * 64u + lane;
  let tile = min(id, 7u);
  let b = (tile / 4u);
  let tileRow = (tile / 2u) % 2u;
  let tileColumn = tile % 2u;
  let row = tileRow * 3u - 2u;
  let column = tileColumn * 3u;
  let xInside2 = column + 2u < 5u;
  var sum0 = vec2f();
  var sum1 = vec2f();
  var sum2 = vec2f();
  var sum3 = vec2f();
  var sum4 = vec2f();
  var sum5 = vec2f();
  var sum6 = vec2f();
  var sum7 = vec2f();
  var sum8 = vec2f();
  for (var t = lane; t < 15u; t += 64u) { weights[t] = weightsAt(planeTile, t, phase0, phase1); }
  workgroupBarrier();
  for (var c = 0u; c < table0[0].x; c++) {
  let plane = (b * 3u + c) * 6u;
  let w0 = weights[c * 5u + 0u];
  let w1 = weights[c * 5u + 1u];
  let w2 = weights[c * 5u + 2u];
  let w3 = weights[c * 5u + 3u];
  let w4 = weights[c * 5u + 4u];
  let line0 = (plane + min(row, 5u)) * 5u;
  let inLine0 = row < 6u;
  let x0n0 = select(0.0, load0(line0 + column), inLine0);
  let x0n1 = select(0.0, load0(line0 + column + 1u), inLine0);
  let x0n2 = select(0.0, load0(line0 + column + 2u), inLine0 && xInside2);
  sum0 += x0n0 * w0;
  sum1 += x0n1 * w0;
  sum2 += x0n2 * w0;
  let line1 = (plane + min(row + 1u, 5u)) * 5u;
  let inLine1 = row + 1u < 6u;
  let x1n0 = select(0.0, load0(line1 + column), inLine1);
  let x1n1 = select(0.0, load0(line1 + column + 1u), inLine1);
  let x1n2 = select(0.0, load0(line1 + column + 2u), inLine1 && xInside2);
  sum0 += x1n0 * w1;
  sum1 += x1n1 * w1;
  sum2 += x1n2 * w1;
  sum3 += x1n0 * w0;
  sum4 += x1n1 * w0;
  sum5 += x1n2 * w0;
  let line2 = (plane + row + 2u) * 5u;
  let x2n0 = load0(line2 + column);
  let x2n1 = load0(line2 + column + 1u);
  let x2n2 = select(0.0, load0(line2 + column + 2u), xInside2);
  sum0 += x2n0 * w2;
  sum1 += x2n1 * w2;
  sum2 += x2n2 * w2;
  sum3 += x2n0 * w1;
  sum4 += x2n1 * w1;
  sum5 += x2n2 * w1;
  sum6 += x2n0 * w0;
  sum7 += x2n1 * w0;
  sum8 += x2n2 * w0;
  let line3 = (plane + row + 3u) * 5u;
  let x3n0 = load0(line3 + column);
  let x3n1 = load0(line3 + column + 1u);
  let x3n2 = select(0.0, load0(line3 + column + 2u), xInside2);
  sum0 += x3n0 * w3;
  sum1 += x3n1 * w3;
  sum2 += x3n2 * w3;
  sum3 += x3n0 * w2;
  sum4 += x3n1 * w2;
  sum5 += x3n2 * w2;
  sum6 += x3n0 * w1;
  sum7 += x3n1 * w1;
  sum8 += x3n2 * w1;
  let line4 = (plane + row + 4u) * 5u;
  let x4n0 = load0(line4 + column);
  let x4n1 = load0(line4 + column + 1u);
  let x4n2 = select(0.0, load0(line4 + column + 2u), xInside2);
  sum0 += x4n0 * w4;
  sum1 += x4n1 * w4;
  sum2 += x4n2 * w4;
  sum3 += x4n0 * w3;
  sum4 += x4n1 * w3;
  sum5 += x4n2 * w3;
  sum6 += x4n0 * w2;
  sum7 += x4n1 * w2;
  sum8 += x4n2 * w2;
  let line5 = (plane + min(row + 5u, 5u)) * 5u;
  let inLine5 = row + 5u < 6u;
  let x5n0 = select(0.0, load0(line5 + column), inLine5);
  let x5n1 = select(0.0, load0(line5 + column + 1u), inLine5);
  let x5n2 = select(0.0, load0(line5 + column + 2u), inLine5 && xInside2);
  sum3 += x5n0 * w4;
  sum4 += x5n1 * w4;
  sum5 += x5n2 * w4;
  sum6 += x5n0 * w3;
  sum7 += x5n1 * w3;
  sum8 += x5n2 * w3;
  let line6 = (plane + min(row + 6u, 5u)) * 5u;
  let inLine6 = row + 6u < 6u;
  let x6n0 = select(0.0, load0(line6 + column), inLine6);
  let x6n1 = select(0.0, load0(line6 + column + 1u), inLine6);
  let x6n2 = select(0.0, load0(line6 + column + 2u), inLine6 && xInside2);
  sum6 += x6n0 * w4;
  sum7 += x6n1 * w4;
  sum8 += x6n2 * w4;
  }
  for (var step = 0u; step < table0[0].y; step++) {
  let f = planeTile + step;
  if (id == tile) {
  let target0 = (b * 2u + f) * 30u;
  if (tileColumn * 3u + 0u < 5u) { store0(target0 + (tileRow * 3u + 0u) * 5u + tileColumn * 3u + 0u, sum0.x); }
  if (tileColumn * 3u + 1u < 5u) { store0(target0 + (tileRow * 3u + 0u) * 5u + tileColumn * 3u + 1u, sum1.x); }
  if (tileColumn * 3u + 2u < 5u) { store0(target0 + (tileRow * 3u + 0u) * 5u + tileColumn * 3u + 2u, sum2.x); }
  if (tileColumn * 3u + 0u < 5u) { store0(target0 + (tileRow * 3u + 1u) * 5u + tileColumn * 3u + 0u, sum3.x); }
  if (tileColumn * 3u + 1u < 5u) { store0(target0 + (tileRow * 3u + 1u) * 5u + tileColumn * 3u + 1u, sum4.x); }
  if (tileColumn * 3u + 2u < 5u) { store0(target0 + (tileRow * 3u + 1u) * 5u + tileColumn * 3u + 2u, sum5.x); }
  if (tileColumn * 3u + 0u < 5u) { store0(target0 + (tileRow * 3u + 2u) * 5u + tileColumn * 3u + 0u, sum6.x); }
  if (tileColumn * 3u + 1u < 5u) { store0(target0 + (tileRow * 3u + 2u) * 5u + tileColumn * 3u + 1u, sum7.x); }
  if (tileColumn * 3u + 2u < 5u) { store0(target0 + (tileRow * 3u + 2u) * 5u + tileColumn * 3u + 2u, sum8.x); }
  }
  sum0 = sum0.yx;
  sum1 = sum1.yx;
  sum2 = sum2.yx;
  sum3 = sum3.yx;
  sum4 = sum4.yx;
  sum5 = sum5.yx;
  sum6 = sum6.yx;
  sum7 = sum7.yx;
  sum8 = sum8.yx;
  }
}


// kernel 7: conv.1 backward taps + sum
// read, read, write, uniform, uniform
// conv2dWeightGradient: g[f, c, i, j] = sum over b, m, n of dy[b, f, m, n] x[b, c, m s + i - p, n s + j - p]
// contract: y[output] = sum over the other labels of a[left] b[right]
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<storage, read_write> out0: array<f32>;
@group(0) @binding(3) var<uniform> table0: array<vec4u, 1>;
@group(0) @binding(4) var<uniform> table1: array<vec4u, 1>;
var<workgroup> lanes: array<f32, 256>;
var<workgroup> parts: array<f32, 32>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn load1(i: u32) -> f32 { return in1[i]; }
fn store0(i: u32, y: f32) { out0[i] = y; }
fn body_0(group: u32, lane: u32) {
  let tile = group % 1u;
  let chunk = group / 1u;
  let at0 = tile;
  let at1 = tile % 1u;
  let at2 = tile % 1u;
  let at3 = tile % 1u;
  let i0 = at2 * 1u;
  let j0 = at3 * 1u;
  let f0 = at0 * 2u + 0u;
  let f1 = at0 * 2u + 1u;
  let c0 = at1 * 2u + 0u;
  let c1 = at1 * 2u + 1u;
  var sum0 = f32(0.0);
  var sum1 = f32(0.0);
  var sum2 = f32(0.0);
  var sum3 = f32(0.0);
  let last = min((chunk + 1u) * 4u, 4u);
  for (var s = chunk * 4u + lane; s < last; s += 64u) {
  let part0 = (s / 2u);
    let part1 = (s / 2u) % 1u;
    let part2 = s % 2u;
    let b = part0;
    let top = part1 * 6u;
    let column = part2 * 3u;
    let start = part2 * 3u;
    let xInside2 = column + 2u < 5u;
    let dyInside2 = start + 2u < 5u;
    var x0r0n0 = 0.0;
    var x0r0n1 = 0.0;
    var x0r0n2 = 0.0;
    var x1r0n0 = 0.0;
    var x1r0n1 = 0.0;
    var x1r0n2 = 0.0;
    for (var k = 0u; k < table0[0].x; k++) {
    let m = top + k;
    let row = (top + k);
    let line0 = row;
    let new0r0n0 = load0(((b * 2u + c0) * 6u + line0) * 5u + column);
    let new0r0n1 = load0(((b * 2u + c0) * 6u + line0) * 5u + column + 1u);
    let new0r0n2 = select(0.0, load0(((b * 2u + c0) * 6u + line0) * 5u + column + 2u), xInside2);
    x0r0n0 = new0r0n0;
    x0r0n1 = new0r0n1;
    x0r0n2 = new0r0n2;
    let new1r0n0 = load0(((b * 2u + c1) * 6u + line0) * 5u + column);
    let new1r0n1 = load0(((b * 2u + c1) * 6u + line0) * 5u + column + 1u);
    let new1r0n2 = select(0.0, load0(((b * 2u + c1) * 6u + line0) * 5u + column + 2u), xInside2);
    x1r0n0 = new1r0n0;
    x1r0n1 = new1r0n1;
    x1r0n2 = new1r0n2;
    let dy0n0 = load1(((b * 2u + f0) * 6u + m) * 5u + start);
    let dy0n1 = load1(((b * 2u + f0) * 6u + m) * 5u + start + 1u);
    let dy0n2 = select(0.0, load1(((b * 2u + f0) * 6u + m) * 5u + start + 2u), dyInside2);
    sum0 += dy0n0 * x0r0n0;
    sum0 += dy0n1 * x0r0n1;
    sum0 += dy0n2 * x0r0n2;
    sum1 += dy0n0 * x1r0n0;
    sum1 += dy0n1 * x1r0n1;
    sum1 += dy0n2 * x1r0n2;
    let dy1n0 = load1(((b * 2u + f1) * 6u + m) * 5u + start);
    let dy1n1 = load1(((b * 2u + f1) * 6u + m) * 5u + start + 1u);
    let dy1n2 = select(0.0, load1(((b * 2u + f1) * 6u + m) * 5u + start + 2u), dyInside2);
    sum2 += dy1n0 * x0r0n0;
    sum2 += dy1n1 * x0r0n1;
    sum2 += dy1n2 * x0r0n2;
    sum3 += dy1n0 * x1r0n0;
    sum3 += dy1n1 * x1r0n1;
    sum3 += dy1n2 * x1r0n2;
    }
  }
  lanes[lane * 4u + 0u] = sum0;
  lanes[lane * 4u + 1u] = sum1;
  lanes[lane * 4u + 2u] = sum2;
  lanes[lane * 4u + 3u] = sum3;
  workgroupBarrier();
  if (lane < 32u) {
    var part = f32(0.0);
    for (var t = lane / 4u * 32u + lane % 4u; t < (lane / 4u + 1u) * 32u; t += 4u) { part += lanes[t]; }
    parts[lane] = part;
  }
  workgroupBarrier();
  for (var t = lane; t < 4u; t += 64u) {
  var total = f32(0.0);
  for (var part = 0u; part < 8u; part++) { total += parts[part * 4u + t]; }
  let slot = t;
  let f = at0 * 2u + slot / 2u;
    let c = at1 * 2u + slot / 1u % 2u;
    let ti = i0 + slot / 1u % 1u;
    let tj = j0 + slot % 1u;
    let place = ((f * 2u + c) * 1u + ti) * 1u + tj;
    let inside = f < 2u && c < 2u && ti < 1u && tj < 1u;
  if (inside) { store0(place, total); }
  }
}
fn load0_1(i: u32) -> f32 { return in1[i]; }
fn store0_1(i: u32, y: f32) { out0[64u + i] = y; }
fn body_1(i: u32) {
  let x0 = i;
  let base0 = x0 * 30u;
  var sum0 = f32();
  for (var k0 = 0u; k0 < table1[0].x; k0++) {
  for (var k1 = 0u; k1 < table1[0].y; k1++) {
  let at0 = base0 + k0 * 60u + k1;
  let v0s0 = load0_1(at0);
  sum0 += v0s0;
  }
  }
  store0_1(x0, sum0);
}
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  if (group < 1u) { let own = group; body_0(own, lane); }
  else if (group < 2u) { let own = (group - 1u); let i = own * 64u + lane; if (i < 2u) { body_1(i); } }
}


// kernel 8: conv.2 backward taps
// read, read, write, uniform, uniform
// conv2dWeightGradient: g[f, c, i, j] = sum over b, m, n of dy[b, f, m, n] x[b, c, m s + i - p, n s + j - p]
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<storage, read_write> out0: array<f32>;
@group(0) @binding(3) var<uniform> table0: array<vec4u, 1>;
@group(0) @binding(4) var<uniform> table1: array<vec4u, 1>;
var<workgroup> lanes: array<f32, 640>;
var<workgroup> parts: array<f32, 40>;
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
  let i0 = at2 * 5u;
  let j0 = at3 * 1u;
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
  let last = min((chunk + 1u) * 4u, 4u);
  for (var s = chunk * 4u + lane; s < last; s += 64u) {
  let part0 = (s / 2u);
    let part1 = (s / 2u) % 1u;
    let part2 = s % 2u;
    let b = part0;
    let top = part1 * 6u;
    let column = part2 * 3u;
    let start = part2 * 3u;
    let xInside2 = column + 2u < 5u;
    let dyInside2 = start + 2u < 5u;
    var x0r0n0 = 0.0;
    var x0r0n1 = 0.0;
    var x0r0n2 = 0.0;
    var x0r1n0 = 0.0;
    var x0r1n1 = 0.0;
    var x0r1n2 = 0.0;
    var x0r2n0 = 0.0;
    var x0r2n1 = 0.0;
    var x0r2n2 = 0.0;
    var x0r3n0 = 0.0;
    var x0r3n1 = 0.0;
    var x0r3n2 = 0.0;
    var x0r4n0 = 0.0;
    var x0r4n1 = 0.0;
    var x0r4n2 = 0.0;
    var x1r0n0 = 0.0;
    var x1r0n1 = 0.0;
    var x1r0n2 = 0.0;
    var x1r1n0 = 0.0;
    var x1r1n1 = 0.0;
    var x1r1n2 = 0.0;
    var x1r2n0 = 0.0;
    var x1r2n1 = 0.0;
    var x1r2n2 = 0.0;
    var x1r3n0 = 0.0;
    var x1r3n1 = 0.0;
    var x1r3n2 = 0.0;
    var x1r4n0 = 0.0;
    var x1r4n1 = 0.0;
    var x1r4n2 = 0.0;
    for (var k = 0u; k < table0[0].x; k++) {
    let m = top + k - 4u;
    let row = (top + k) - 6u;
    let counted = k >= 4u && m < 6u;
    x0r0n0 = x0r1n0;
    x0r0n1 = x0r1n1;
    x0r0n2 = x0r1n2;
    x0r1n0 = x0r2n0;
    x0r1n1 = x0r2n1;
    x0r1n2 = x0r2n2;
    x0r2n0 = x0r3n0;
    x0r2n1 = x0r3n1;
    x0r2n2 = x0r3n2;
    x0r3n0 = x0r4n0;
    x0r3n1 = x0r4n1;
    x0r3n2 = x0r4n2;
    x1r0n0 = x1r1n0;
    x1r0n1 = x1r1n1;
    x1r0n2 = x1r1n2;
    x1r1n0 = x1r2n0;
    x1r1n1 = x1r2n1;
    x1r1n2 = x1r2n2;
    x1r2n0 = x1r3n0;
    x1r2n1 = x1r3n1;
    x1r2n2 = x1r3n2;
    x1r3n0 = x1r4n0;
    x1r3n1 = x1r4n1;
    x1r3n2 = x1r4n2;
    let line4 = min(row + 4u, 5u);
    let inLine4 = row + 4u < 6u;
    let new0r4n0 = select(0.0, load0(((b * 2u + c0) * 6u + line4) * 5u + column), inLine4);
    let new0r4n1 = select(0.0, load0(((b * 2u + c0) * 6u + line4) * 5u + column + 1u), inLine4);
    let new0r4n2 = select(0.0, load0(((b * 2u + c0) * 6u + line4) * 5u + column + 2u), inLine4 && xInside2);
    x0r4n0 = new0r4n0;
    x0r4n1 = new0r4n1;
    x0r4n2 = new0r4n2;
    let new1r4n0 = select(0.0, load0(((b * 2u + c1) * 6u + line4) * 5u + column), inLine4);
    let new1r4n1 = select(0.0, load0(((b * 2u + c1) * 6u + line4) * 5u + column + 1u), inLine4);
    let new1r4n2 = select(0.0, load0(((b * 2u + c1) * 6u + line4) * 5u + column + 2u), inLine4 && xInside2);
    x1r4n0 = new1r4n0;
    x1r4n1 = new1r4n1;
    x1r4n2 = new1r4n2;
    let dy0n0 = select(0.0, load1(((b * 3u + f0) * 6u + min(m, 5u)) * 5u + start), counted);
    let dy0n1 = select(0.0, load1(((b * 3u + f0) * 6u + min(m, 5u)) * 5u + start + 1u), counted);
    let dy0n2 = select(0.0, load1(((b * 3u + f0) * 6u + min(m, 5u)) * 5u + start + 2u), counted && dyInside2);
    sum0 += dy0n0 * x0r0n0;
    sum0 += dy0n1 * x0r0n1;
    sum0 += dy0n2 * x0r0n2;
    sum1 += dy0n0 * x0r1n0;
    sum1 += dy0n1 * x0r1n1;
    sum1 += dy0n2 * x0r1n2;
    sum2 += dy0n0 * x0r2n0;
    sum2 += dy0n1 * x0r2n1;
    sum2 += dy0n2 * x0r2n2;
    sum3 += dy0n0 * x0r3n0;
    sum3 += dy0n1 * x0r3n1;
    sum3 += dy0n2 * x0r3n2;
    sum4 += dy0n0 * x0r4n0;
    sum4 += dy0n1 * x0r4n1;
    sum4 += dy0n2 * x0r4n2;
    sum5 += dy0n0 * x1r0n0;
    sum5 += dy0n1 * x1r0n1;
    sum5 += dy0n2 * x1r0n2;
    sum6 += dy0n0 * x1r1n0;
    sum6 += dy0n1 * x1r1n1;
    sum6 += dy0n2 * x1r1n2;
    sum7 += dy0n0 * x1r2n0;
    sum7 += dy0n1 * x1r2n1;
    sum7 += dy0n2 * x1r2n2;
    sum8 += dy0n0 * x1r3n0;
    sum8 += dy0n1 * x1r3n1;
    sum8 += dy0n2 * x1r3n2;
    sum9 += dy0n0 * x1r4n0;
    sum9 += dy0n1 * x1r4n1;
    sum9 += dy0n2 * x1r4n2;
    let dy1n0 = select(0.0, load1(((b * 3u + f1) * 6u + min(m, 5u)) * 5u + start), counted);
    let dy1n1 = select(0.0, load1(((b * 3u + f1) * 6u + min(m, 5u)) * 5u + start + 1u), counted);
    let dy1n2 = select(0.0, load1(((b * 3u + f1) * 6u + min(m, 5u)) * 5u + start + 2u), counted && dyInside2);
    sum10 += dy1n0 * x0r0n0;
    sum10 += dy1n1 * x0r0n1;
    sum10 += dy1n2 * x0r0n2;
    sum11 += dy1n0 * x0r1n0;
    sum11 += dy1n1 * x0r1n1;
    sum11 += dy1n2 * x0r1n2;
    sum12 += dy1n0 * x0r2n0;
    sum12 += dy1n1 * x0r2n1;
    sum12 += dy1n2 * x0r2n2;
    sum13 += dy1n0 * x0r3n0;
    sum13 += dy1n1 * x0r3n1;
    sum13 += dy1n2 * x0r3n2;
    sum14 += dy1n0 * x0r4n0;
    sum14 += dy1n1 * x0r4n1;
    sum14 += dy1n2 * x0r4n2;
    sum15 += dy1n0 * x1r0n0;
    sum15 += dy1n1 * x1r0n1;
    sum15 += dy1n2 * x1r0n2;
    sum16 += dy1n0 * x1r1n0;
    sum16 += dy1n1 * x1r1n1;
    sum16 += dy1n2 * x1r1n2;
    sum17 += dy1n0 * x1r2n0;
    sum17 += dy1n1 * x1r2n1;
    sum17 += dy1n2 * x1r2n2;
    sum18 += dy1n0 * x1r3n0;
    sum18 += dy1n1 * x1r3n1;
    sum18 += dy1n2 * x1r3n2;
    sum19 += dy1n0 * x1r4n0;
    sum19 += dy1n1 * x1r4n1;
    sum19 += dy1n2 * x1r4n2;
    let dy2n0 = select(0.0, load1(((b * 3u + f2) * 6u + min(m, 5u)) * 5u + start), counted);
    let dy2n1 = select(0.0, load1(((b * 3u + f2) * 6u + min(m, 5u)) * 5u + start + 1u), counted);
    let dy2n2 = select(0.0, load1(((b * 3u + f2) * 6u + min(m, 5u)) * 5u + start + 2u), counted && dyInside2);
    sum20 += dy2n0 * x0r0n0;
    sum20 += dy2n1 * x0r0n1;
    sum20 += dy2n2 * x0r0n2;
    sum21 += dy2n0 * x0r1n0;
    sum21 += dy2n1 * x0r1n1;
    sum21 += dy2n2 * x0r1n2;
    sum22 += dy2n0 * x0r2n0;
    sum22 += dy2n1 * x0r2n1;
    sum22 += dy2n2 * x0r2n2;
    sum23 += dy2n0 * x0r3n0;
    sum23 += dy2n1 * x0r3n1;
    sum23 += dy2n2 * x0r3n2;
    sum24 += dy2n0 * x0r4n0;
    sum24 += dy2n1 * x0r4n1;
    sum24 += dy2n2 * x0r4n2;
    sum25 += dy2n0 * x1r0n0;
    sum25 += dy2n1 * x1r0n1;
    sum25 += dy2n2 * x1r0n2;
    sum26 += dy2n0 * x1r1n0;
    sum26 += dy2n1 * x1r1n1;
    sum26 += dy2n2 * x1r1n2;
    sum27 += dy2n0 * x1r2n0;
    sum27 += dy2n1 * x1r2n1;
    sum27 += dy2n2 * x1r2n2;
    sum28 += dy2n0 * x1r3n0;
    sum28 += dy2n1 * x1r3n1;
    sum28 += dy2n2 * x1r3n2;
    sum29 += dy2n0 * x1r4n0;
    sum29 += dy2n1 * x1r4n1;
    sum29 += dy2n2 * x1r4n2;
    }
  }
  for (var round = 0u; round < table1[0].x; round++) {
  lanes[lane * 10u + 0u] = sum0;
  lanes[lane * 10u + 1u] = sum1;
  lanes[lane * 10u + 2u] = sum2;
  lanes[lane * 10u + 3u] = sum3;
  lanes[lane * 10u + 4u] = sum4;
  lanes[lane * 10u + 5u] = sum5;
  lanes[lane * 10u + 6u] = sum6;
  lanes[lane * 10u + 7u] = sum7;
  lanes[lane * 10u + 8u] = sum8;
  lanes[lane * 10u + 9u] = sum9;
  workgroupBarrier();
  if (lane < 40u) {
    var part = f32(0.0);
    for (var t = lane / 10u * 160u + lane % 10u; t < (lane / 10u + 1u) * 160u; t += 10u) { part += lanes[t]; }
    parts[lane] = part;
  }
  workgroupBarrier();
  for (var t = lane; t < 10u; t += 64u) {
  var total = f32(0.0);
  for (var part = 0u; part < 4u; part++) { total += parts[part * 10u + t]; }
  let slot = round * 10u + t;
  let f = at0 * 3u + slot / 10u;
    let c = at1 * 2u + slot / 5u % 2u;
    let ti = i0 + slot / 1u % 5u;
    let tj = j0 + slot % 1u;
    let place = ((f * 2u + c) * 5u + ti) * 1u + tj;
    let inside = f < 3u && c < 2u && ti < 5u && tj < 1u;
  if (inside) { store0(place, total); }
  }
  sum0 = sum10;
  sum1 = sum11;
  sum2 = sum12;
  sum3 = sum13;
  sum4 = sum14;
  sum5 = sum15;
  sum6 = sum16;
  sum7 = sum17;
  sum8 = sum18;
  sum9 = sum19;
  sum10 = sum20;
  sum11 = sum21;
  sum12 = sum22;
  sum13 = sum23;
  sum14 = sum24;
  sum15 = sum25;
  sum16 = sum26;
  sum17 = sum27;
  sum18 = sum28;
  sum19 = sum29;
  workgroupBarrier();
  }
}


// kernel 9: optimizer update statistics
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


// kernel 10: optimizer update update
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
  if (i >= 640u) { return; }
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

