// buffers
//   slot.0: slot, 10240 bytes
//   slot.1: slot, 10240 bytes
//   slot.2: slot, 640 bytes
//   slot.3: slot, 512 bytes
//   slot.4: slot, 80 bytes
//   params: params, 42752 bytes
//   grads: output, 42752 bytes
//   state.0: state, 42752 bytes
//   state.1: state, 42752 bytes
//   output.outputs: output, 80 bytes
//   input.images: input, 512 bytes
//   output.loss: output, 16 bytes
//   output.gradient-statistics: output, 64 bytes
//   input.labels: input, 16 bytes
//   input.weights: input, 16 bytes
//   input.scalars: input, 16 bytes
//   table#71c51253: constant, 16 bytes
//   table#0e96dfe1: constant, 64 bytes
//   table#2a76bda1: constant, 16 bytes
//   table#ba69dc96: constant, 16 bytes
//   table#3d06b7a4: constant, 16 bytes
//   table#4e41ffea: constant, 16 bytes
//   table#2aaef9ba: constant, 16 bytes
//   table#393da156: constant, 16 bytes
//   table#b923d83f: constant, 16 bytes
//   table#1fdbb5cf: constant, 16 bytes
//   table#e436c02c: constant, 64 bytes
//   table#ef16e2cb: constant, 672 bytes
// program infer
//   kernel 0, 1x1x1 groups: input.images[0+512] slot.0[0+640] table#71c51253[0+16]
//   kernel 1, 1x1x1 groups: slot.0[0+640] slot.2[0+640]
//   kernel 2, 16x1x1 groups: params[0+1408] slot.1[0+5120] table#0e96dfe1[0+64]
//   kernel 3, 2x1x1 groups: slot.2[0+640] slot.1[0+5120] slot.0[0+10240]
//   kernel 4, 3x1x1 groups: slot.0[0+10240] slot.1[0+10240]
//   kernel 5, 1x1x1 groups: slot.1[0+10240] slot.0[0+8192] table#2a76bda1[0+16] table#ba69dc96[0+16] table#3d06b7a4[0+16] table#71c51253[0+16]
//   kernel 6, 3x1x1 groups: slot.1[0+80] slot.0[0+8192] params[1536+40960]
//   kernel 7, 1x1x1 groups: slot.1[0+80] params[42496+40] output.outputs[0+80] table#4e41ffea[0+16]
// program train
//   kernel 0, 1x1x1 groups: input.images[0+512] slot.0[0+640] table#71c51253[0+16]
//   kernel 1, 1x1x1 groups: slot.0[0+640] slot.2[0+640]
//   kernel 2, 16x1x1 groups: params[0+1408] slot.1[0+5120] table#0e96dfe1[0+64]
//   kernel 3, 2x1x1 groups: slot.2[0+640] slot.1[0+5120] slot.0[0+10240]
//   kernel 4, 3x1x1 groups: slot.0[0+10240] slot.1[0+10240]
//   kernel 8, 1x1x1 groups: slot.1[0+10240] slot.0[0+8192] slot.3[0+512] table#2a76bda1[0+16] table#ba69dc96[0+16] table#3d06b7a4[0+16] table#71c51253[0+16]
//   kernel 9, 3x1x1 groups: slot.1[0+80] params[42496+40] slot.0[0+8192] params[1536+40960]
//   kernel 10, 1x1x1 groups: slot.1[0+80] output.outputs[0+80] table#4e41ffea[0+16] input.labels[0+8] input.weights[0+8] output.loss[0+8] table#2aaef9ba[0+16] slot.4[0+80] grads[42496+40]
//   kernel 11, 4x1x1 groups: slot.4[0+80] slot.1[0+8192] table#4e41ffea[0+16] params[1536+40960] grads[1536+40960] table#2aaef9ba[0+16] slot.0[0+8192]
//   kernel 12, 1x1x1 groups: slot.1[0+8192] slot.3[0+512] slot.0[0+10240] table#2a76bda1[0+16] table#ba69dc96[0+16] table#3d06b7a4[0+16] table#393da156[0+16] table#b923d83f[0+16]
//   kernel 13, 3x1x1 groups: slot.0[0+10240] slot.1[0+10240]
//   kernel 14, 1x1x1 groups: slot.1[0+10240] slot.2[0+640] slot.0[0+5120] table#2aaef9ba[0+16]
//   kernel 15, 16x1x1 groups: slot.0[0+5120] params[0+1408] slot.1[0+768] table#0e96dfe1[0+64]
//   kernel 16, 1x1x1 groups: slot.1[0+768] grads[0+1408] table#1fdbb5cf[0+16]
//   kernel 17, 8x1x1 groups: grads[0+42752] output.gradient-statistics[0+64] table#e436c02c[0+64]
//   kernel 18, 42x1x1 groups: grads[0+42752] input.scalars[0+16] params[0+42752] state.0[0+42752] state.1[0+42752] table#ef16e2cb[0+672]

// kernel 0: conv.1 forward rows
// read, write, uniform
// rfftRows: T[kx,y] = sum_n x[y,n] exp(-2 pi i kx n/W), kx < K
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read_write> out0: array<vec4f>;
@group(0) @binding(2) var<uniform> table0: array<vec4f, 1>;
fn cmul(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }
fn rowPoint(q: vec4f, position: u32, scale: vec4f) -> vec2f {
  let edge = position == 0u || 2u * position == 8u;
  let side = select(select(-1.0, 1.0, 2u * position < 8u), 0.0, edge);
  return select(scale.y, scale.x, edge) * vec2f(q.x - side * q.w, side * q.y + q.z);
}
fn rowColumn(position: u32) -> u32 { return min(position, 8u - position); }
fn rowPair(here: vec2f, mirrored: vec2f, k: u32, scale: vec4f) -> vec4f {
  let half = 0.5 * select(scale.y, scale.x, k == 0u || 2u * k == 8u);
  return half * vec4f(here.x + mirrored.x, here.y - mirrored.y, here.y + mirrored.y, mirrored.x - here.x);
}
fn rowMirror(k: u32) -> u32 { return select(8u - k, 0u, k == 0u); }
var<workgroup> points0: array<vec2f, 64>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn store0(i: u32, y: vec4f) { out0[i] = y; }
@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let first = group * 8u;
  {
    let task = lane;
    let line = task;
    let position = 0u;
    let t0 = vec2f(load0((first + line) * 16u + position), load0((first + line) * 16u + 8u + position));
    let t1 = vec2f(load0((first + line) * 16u + (position + 1u)), load0((first + line) * 16u + 8u + (position + 1u)));
    let t2 = vec2f(load0((first + line) * 16u + (position + 2u)), load0((first + line) * 16u + 8u + (position + 2u)));
    let t3 = vec2f(load0((first + line) * 16u + (position + 3u)), load0((first + line) * 16u + 8u + (position + 3u)));
    let t4 = vec2f(load0((first + line) * 16u + (position + 4u)), load0((first + line) * 16u + 8u + (position + 4u)));
    let t5 = vec2f(load0((first + line) * 16u + (position + 5u)), load0((first + line) * 16u + 8u + (position + 5u)));
    let t6 = vec2f(load0((first + line) * 16u + (position + 6u)), load0((first + line) * 16u + 8u + (position + 6u)));
    let t7 = vec2f(load0((first + line) * 16u + (position + 7u)), load0((first + line) * 16u + 8u + (position + 7u)));
    let t8 = t0 + t4;
    let t9 = t0 - t4;
    let t10 = t2 + t6;
    let t11 = t2 - t6;
    let t12 = vec2f(t11.y, -t11.x);
    let t13 = t8 + t10;
    let t14 = t8 - t10;
    let t15 = t9 + t12;
    let t16 = t9 - t12;
    let t17 = t1 + t5;
    let t18 = t1 - t5;
    let t19 = t3 + t7;
    let t20 = t3 - t7;
    let t21 = vec2f(t20.y, -t20.x);
    let t22 = t17 + t19;
    let t23 = t17 - t19;
    let t24 = t18 + t21;
    let t25 = t18 - t21;
    let t26 = cmul(t24, vec2f(0.7071067811865476, -0.7071067811865475));
    let t27 = vec2f(t23.y, -t23.x);
    let t28 = cmul(t25, vec2f(-0.7071067811865475, -0.7071067811865476));
    let t29 = t13 + t22;
    let t30 = t13 - t22;
    let t31 = t15 + t26;
    let t32 = t15 - t26;
    let t33 = t14 + t27;
    let t34 = t14 - t27;
    let t35 = t16 + t28;
    let t36 = t16 - t28;
    points0[line * 8u + 0u] = t29;
    points0[line * 8u + 1u] = t31;
    points0[line * 8u + 2u] = t33;
    points0[line * 8u + 3u] = t35;
    points0[line * 8u + 4u] = t30;
    points0[line * 8u + 5u] = t32;
    points0[line * 8u + 6u] = t34;
    points0[line * 8u + 7u] = t36;
  }
  workgroupBarrier();
  for (var task = lane; task < 40u; task += 8u) {
    let line = task / 5u;
    let position = task % 5u;
    store0(((first + line) / 4u * 5u + position) * 4u + (first + line) % 4u, rowPair(points0[line * 8u + position], points0[line * 8u + rowMirror(position)], position, table0[0]));
  }
}


// kernel 1: conv.1 forward columns
// read, write
// fftColumns: X[ky,kx] = sum_y T[kx,y] exp(-2 pi i ky y/H)
@group(0) @binding(0) var<storage, read> in0: array<vec2f>;
@group(0) @binding(1) var<storage, read_write> out0: array<vec2f>;
fn cmul(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }
fn load0(i: u32) -> vec2f { return in0[i]; }
fn store0(i: u32, y: vec2f) { out0[i] = y; }
@compute @workgroup_size(10)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let first = group * 10u;
  {
    let task = lane;
    let line = task % 10u;
    let position = task / 10u;
    let t0 = load0((first + line) * 8u + position);
    let t1 = load0((first + line) * 8u + (position + 1u));
    let t2 = load0((first + line) * 8u + (position + 2u));
    let t3 = load0((first + line) * 8u + (position + 3u));
    let t4 = load0((first + line) * 8u + (position + 4u));
    let t5 = load0((first + line) * 8u + (position + 5u));
    let t6 = load0((first + line) * 8u + (position + 6u));
    let t7 = load0((first + line) * 8u + (position + 7u));
    let t8 = t0 + t4;
    let t9 = t0 - t4;
    let t10 = t2 + t6;
    let t11 = t2 - t6;
    let t12 = vec2f(t11.y, -t11.x);
    let t13 = t8 + t10;
    let t14 = t8 - t10;
    let t15 = t9 + t12;
    let t16 = t9 - t12;
    let t17 = t1 + t5;
    let t18 = t1 - t5;
    let t19 = t3 + t7;
    let t20 = t3 - t7;
    let t21 = vec2f(t20.y, -t20.x);
    let t22 = t17 + t19;
    let t23 = t17 - t19;
    let t24 = t18 + t21;
    let t25 = t18 - t21;
    let t26 = cmul(t24, vec2f(0.7071067811865476, -0.7071067811865475));
    let t27 = vec2f(t23.y, -t23.x);
    let t28 = cmul(t25, vec2f(-0.7071067811865475, -0.7071067811865476));
    let t29 = t13 + t22;
    let t30 = t13 - t22;
    let t31 = t15 + t26;
    let t32 = t15 - t26;
    let t33 = t14 + t27;
    let t34 = t14 - t27;
    let t35 = t16 + t28;
    let t36 = t16 - t28;
    store0((first + line) / 5u * 40u + (first + line) % 5u + 0u * 5u, t29);
    store0((first + line) / 5u * 40u + (first + line) % 5u + 1u * 5u, t31);
    store0((first + line) / 5u * 40u + (first + line) % 5u + 2u * 5u, t33);
    store0((first + line) / 5u * 40u + (first + line) % 5u + 3u * 5u, t35);
    store0((first + line) / 5u * 40u + (first + line) % 5u + 4u * 5u, t30);
    store0((first + line) / 5u * 40u + (first + line) % 5u + 5u * 5u, t32);
    store0((first + line) / 5u * 40u + (first + line) % 5u + 6u * 5u, t34);
    store0((first + line) / 5u * 40u + (first + line) % 5u + 7u * 5u, t36);
  }
}


// kernel 2: conv.1 forward plane
// read, write, read
// expand: K[f, ky, kx] = formula(u[kx], v[ky]; parameters[f])
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read_write> out0: array<vec2f>;
@group(0) @binding(2) var<storage, read> table0: array<f32, 13>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn load1(i: u32) -> f32 { return in0[64u + i]; }
fn load2(i: u32) -> f32 { return in0[128u + i]; }
fn load3(i: u32) -> f32 { return in0[192u + i]; }
fn load4(i: u32) -> f32 { return in0[256u + i]; }
fn load5(i: u32) -> f32 { return in0[320u + i]; }
fn store0(i: u32, y: vec2f) { out0[i] = y; }
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let filter_ = group / 1u;
  let block = group % 1u;
  let p0_0 = load0(0u + filter_);
  let p3_0 = load3(0u + filter_);
  let p1_0 = load1(0u + filter_);
  let p5_0 = load5(0u + filter_);
  let p2_0 = load2(0u + filter_);
  let p4_0 = load4(0u + filter_);
  let p0_1 = load0(16u + filter_);
  let p3_1 = load3(16u + filter_);
  let p1_1 = load1(16u + filter_);
  let p5_1 = load5(16u + filter_);
  let p2_1 = load2(16u + filter_);
  let p4_1 = load4(16u + filter_);
  let d0 = ((max(p3_0, 0.0) + log(1.0 + exp(-abs(p3_0)))) + 0.000001);
  let d1 = (0.5 * (1.0 / (1.0 + exp(-clamp(p1_0, -80.0, 80.0)))));
  let d2 = ((1.0 / (1.0 + exp(-clamp(p2_0, -80.0, 80.0)))) + (-0.5));
  let d3 = ((max(p4_0, 0.0) + log(1.0 + exp(-abs(p4_0)))) + 0.000001);
  let d4 = ((max(p3_1, 0.0) + log(1.0 + exp(-abs(p3_1)))) + 0.000001);
  let d5 = (0.5 * (1.0 / (1.0 + exp(-clamp(p1_1, -80.0, 80.0)))));
  let d6 = ((1.0 / (1.0 + exp(-clamp(p2_1, -80.0, 80.0)))) + (-0.5));
  let d7 = ((max(p4_1, 0.0) + log(1.0 + exp(-abs(p4_1)))) + 0.000001);
  let last = min((block + 1u) * 1024u, 40u);
  for (var bin = block * 1024u + lane; bin < last; bin += 64u) {
    let u = table0[bin % 5u];
    let v = table0[5u + bin / 5u];
    let t0 = (v - d2);
    let t1 = ((d0 * (u - d1)) + (p5_0 * t0));
    let t2 = (d3 * t0);
    let t3 = (v - d6);
    let t4 = ((d4 * (u - d5)) + (p5_1 * t3));
    let t5 = (d7 * t3);
    store0(filter_ * 40u + bin, vec2f((p0_0 * exp(((-0.5) * ((t1 * t1) + (t2 * t2))))), (p0_1 * exp(((-0.5) * ((t4 * t4) + (t5 * t5)))))));
  }
}


// kernel 3: conv.1 forward sum
// read, read, write
// contract: y[output] = sum over the other labels of a[left] b[right]
@group(0) @binding(0) var<storage, read> in0: array<vec2f>;
@group(0) @binding(1) var<storage, read> in1: array<vec2f>;
@group(0) @binding(2) var<storage, read_write> out0: array<vec2f>;
fn load0(i: u32) -> vec2f { return in0[i]; }
fn load1(i: u32) -> vec2f { return in1[i]; }
fn store0(i: u32, y: vec2f) { out0[i] = y; }
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) gid: vec3u) {
  let i = gid.x;
  if (i >= 320u) { return; }
  let x0 = (i / 160u);
  let x1 = (i / 40u) % 4u;
  let x2 = i % 40u;
  let base0 = x0 * 40u + x2;
  let base1 = x2;
  let x1at0 = x1 + 0u;
  let x1at1 = x1 + 4u;
  let x1at2 = x1 + 8u;
  let x1at3 = x1 + 12u;
  var sum0 = vec2f();
  var sum1 = vec2f();
  var sum2 = vec2f();
  var sum3 = vec2f();
  let at0 = base0;
  let v0s0 = load0(at0);
  let at1 = base1;
  let v1s0 = load1(at1 + x1at0 * 40u);
  let v1s1 = load1(at1 + x1at1 * 40u);
  let v1s2 = load1(at1 + x1at2 * 40u);
  let v1s3 = load1(at1 + x1at3 * 40u);
  sum0 += vec2f(v0s0.x * v1s0.x - v0s0.y * v1s0.y, v0s0.x * v1s0.y + v0s0.y * v1s0.x);
  sum1 += vec2f(v0s0.x * v1s1.x - v0s0.y * v1s1.y, v0s0.x * v1s1.y + v0s0.y * v1s1.x);
  sum2 += vec2f(v0s0.x * v1s2.x - v0s0.y * v1s2.y, v0s0.x * v1s2.y + v0s0.y * v1s2.x);
  sum3 += vec2f(v0s0.x * v1s3.x - v0s0.y * v1s3.y, v0s0.x * v1s3.y + v0s0.y * v1s3.x);
  store0(x0 * 640u + x1 * 40u + x2, sum0);
  store0(x0 * 640u + (x1 + 4u) * 40u + x2, sum1);
  store0(x0 * 640u + (x1 + 8u) * 40u + x2, sum2);
  store0(x0 * 640u + (x1 + 12u) * 40u + x2, sum3);
}


// kernel 4: relu.1 forward columns
// read, write
// ifftColumns: U[kx,y] = sum_ky R[ky,kx] exp(2 pi i ky y/H)
@group(0) @binding(0) var<storage, read> in0: array<vec2f>;
@group(0) @binding(1) var<storage, read_write> out0: array<vec2f>;
fn cmul(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }
fn load0(i: u32) -> vec2f { return in0[i]; }
fn store0(i: u32, y: vec2f) { out0[i] = y; }
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let first = group * 64u;
  {
    let task = lane;
    let line = task % 64u;
    let position = task / 64u;
    let t0 = load0(min(first + line, 159u) / 5u * 40u + min(first + line, 159u) % 5u + position * 5u).yx;
    let t1 = load0(min(first + line, 159u) / 5u * 40u + min(first + line, 159u) % 5u + (position + 1u) * 5u).yx;
    let t2 = load0(min(first + line, 159u) / 5u * 40u + min(first + line, 159u) % 5u + (position + 2u) * 5u).yx;
    let t3 = load0(min(first + line, 159u) / 5u * 40u + min(first + line, 159u) % 5u + (position + 3u) * 5u).yx;
    let t4 = load0(min(first + line, 159u) / 5u * 40u + min(first + line, 159u) % 5u + (position + 4u) * 5u).yx;
    let t5 = load0(min(first + line, 159u) / 5u * 40u + min(first + line, 159u) % 5u + (position + 5u) * 5u).yx;
    let t6 = load0(min(first + line, 159u) / 5u * 40u + min(first + line, 159u) % 5u + (position + 6u) * 5u).yx;
    let t7 = load0(min(first + line, 159u) / 5u * 40u + min(first + line, 159u) % 5u + (position + 7u) * 5u).yx;
    let t8 = t0 + t4;
    let t9 = t0 - t4;
    let t10 = t2 + t6;
    let t11 = t2 - t6;
    let t12 = vec2f(t11.y, -t11.x);
    let t13 = t8 + t10;
    let t14 = t8 - t10;
    let t15 = t9 + t12;
    let t16 = t9 - t12;
    let t17 = t1 + t5;
    let t18 = t1 - t5;
    let t19 = t3 + t7;
    let t20 = t3 - t7;
    let t21 = vec2f(t20.y, -t20.x);
    let t22 = t17 + t19;
    let t23 = t17 - t19;
    let t24 = t18 + t21;
    let t25 = t18 - t21;
    let t26 = cmul(t24, vec2f(0.7071067811865476, -0.7071067811865475));
    let t27 = vec2f(t23.y, -t23.x);
    let t28 = cmul(t25, vec2f(-0.7071067811865475, -0.7071067811865476));
    let t29 = t13 + t22;
    let t30 = t13 - t22;
    let t31 = t15 + t26;
    let t32 = t15 - t26;
    let t33 = t14 + t27;
    let t34 = t14 - t27;
    let t35 = t16 + t28;
    let t36 = t16 - t28;
    if (first + line < 160u) {
      store0((first + line) * 8u + 0u, t29.yx);
      store0((first + line) * 8u + 1u, t31.yx);
      store0((first + line) * 8u + 2u, t33.yx);
      store0((first + line) * 8u + 3u, t35.yx);
      store0((first + line) * 8u + 4u, t30.yx);
      store0((first + line) * 8u + 5u, t32.yx);
      store0((first + line) * 8u + 6u, t34.yx);
      store0((first + line) * 8u + 7u, t36.yx);
    }
  }
}


// kernel 5: relu.1 forward activation
// read, write, uniform, uniform, uniform, uniform
// spectralActivation: T = row transform of (sum_f) g(row image of U[f])
@group(0) @binding(0) var<storage, read> in0: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> out0: array<f32>;
@group(0) @binding(2) var<uniform> table0: array<vec4f, 1>;
@group(0) @binding(3) var<uniform> table1: array<vec4u, 1>;
@group(0) @binding(4) var<uniform> table2: array<vec4f, 1>;
@group(0) @binding(5) var<uniform> table3: array<vec4f, 1>;
fn cmul(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }
fn rowPoint(q: vec4f, position: u32, scale: vec4f) -> vec2f {
  let edge = position == 0u || 2u * position == 8u;
  let side = select(select(-1.0, 1.0, 2u * position < 8u), 0.0, edge);
  return select(scale.y, scale.x, edge) * vec2f(q.x - side * q.w, side * q.y + q.z);
}
fn rowColumn(position: u32) -> u32 { return min(position, 8u - position); }
fn rowPair(here: vec2f, mirrored: vec2f, k: u32, scale: vec4f) -> vec4f {
  let half = 0.5 * select(scale.y, scale.x, k == 0u || 2u * k == 8u);
  return half * vec4f(here.x + mirrored.x, here.y - mirrored.y, here.y + mirrored.y, mirrored.x - here.x);
}
fn rowMirror(k: u32) -> u32 { return select(8u - k, 0u, k == 0u); }
var<workgroup> points: array<vec2f, 128>;
fn load0(i: u32) -> vec4f { return in0[i]; }
fn store0(i: u32, y: f32) { out0[i] = y; }
@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let first = group * 8u;
  var half = 0u;
  for (var f = 0u; f < table1[0].x; f++) {
    {
      let own = lane % 8u;
      let position = lane / 8u;
      let line = first + own;
      let inside = true;
      let t0 = rowPoint(load0(((line / 4u * 16u + f) * 5u + min(position, 8u - position)) * 4u + line % 4u), position, table2[0]).yx;
      let t1 = rowPoint(load0(((line / 4u * 16u + f) * 5u + min((position + 1u), 8u - (position + 1u))) * 4u + line % 4u), (position + 1u), table2[0]).yx;
      let t2 = rowPoint(load0(((line / 4u * 16u + f) * 5u + min((position + 2u), 8u - (position + 2u))) * 4u + line % 4u), (position + 2u), table2[0]).yx;
      let t3 = rowPoint(load0(((line / 4u * 16u + f) * 5u + min((position + 3u), 8u - (position + 3u))) * 4u + line % 4u), (position + 3u), table2[0]).yx;
      let t4 = rowPoint(load0(((line / 4u * 16u + f) * 5u + min((position + 4u), 8u - (position + 4u))) * 4u + line % 4u), (position + 4u), table2[0]).yx;
      let t5 = rowPoint(load0(((line / 4u * 16u + f) * 5u + min((position + 5u), 8u - (position + 5u))) * 4u + line % 4u), (position + 5u), table2[0]).yx;
      let t6 = rowPoint(load0(((line / 4u * 16u + f) * 5u + min((position + 6u), 8u - (position + 6u))) * 4u + line % 4u), (position + 6u), table2[0]).yx;
      let t7 = rowPoint(load0(((line / 4u * 16u + f) * 5u + min((position + 7u), 8u - (position + 7u))) * 4u + line % 4u), (position + 7u), table2[0]).yx;
      let t8 = t0 + t4;
      let t9 = t0 - t4;
      let t10 = t2 + t6;
      let t11 = t2 - t6;
      let t12 = vec2f(t11.y, -t11.x);
      let t13 = t8 + t10;
      let t14 = t8 - t10;
      let t15 = t9 + t12;
      let t16 = t9 - t12;
      let t17 = t1 + t5;
      let t18 = t1 - t5;
      let t19 = t3 + t7;
      let t20 = t3 - t7;
      let t21 = vec2f(t20.y, -t20.x);
      let t22 = t17 + t19;
      let t23 = t17 - t19;
      let t24 = t18 + t21;
      let t25 = t18 - t21;
      let t26 = cmul(t24, vec2f(0.7071067811865476, -0.7071067811865475));
      let t27 = vec2f(t23.y, -t23.x);
      let t28 = cmul(t25, vec2f(-0.7071067811865475, -0.7071067811865476));
      let t29 = t13 + t22;
      let t30 = t13 - t22;
      let t31 = t15 + t26;
      let t32 = t15 - t26;
      let t33 = t14 + t27;
      let t34 = t14 - t27;
      let t35 = t16 + t28;
      let t36 = t16 - t28;
      let z0 = t29.yx; let y0 = vec2f(max(0.0, z0.x), max(0.0, z0.y));
      if (inside) { store0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 0u, y0.x); store0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 8u + 0u, y0.y); }
      let z1 = t31.yx; let y1 = vec2f(max(0.0, z1.x), max(0.0, z1.y));
      if (inside) { store0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 1u, y1.x); store0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 8u + 1u, y1.y); }
      let z2 = t33.yx; let y2 = vec2f(max(0.0, z2.x), max(0.0, z2.y));
      if (inside) { store0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 2u, y2.x); store0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 8u + 2u, y2.y); }
      let z3 = t35.yx; let y3 = vec2f(max(0.0, z3.x), max(0.0, z3.y));
      if (inside) { store0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 3u, y3.x); store0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 8u + 3u, y3.y); }
      let z4 = t30.yx; let y4 = vec2f(max(0.0, z4.x), max(0.0, z4.y));
      if (inside) { store0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 4u, y4.x); store0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 8u + 4u, y4.y); }
      let z5 = t32.yx; let y5 = vec2f(max(0.0, z5.x), max(0.0, z5.y));
      if (inside) { store0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 5u, y5.x); store0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 8u + 5u, y5.y); }
      let z6 = t34.yx; let y6 = vec2f(max(0.0, z6.x), max(0.0, z6.y));
      if (inside) { store0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 6u, y6.x); store0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 8u + 6u, y6.y); }
      let z7 = t36.yx; let y7 = vec2f(max(0.0, z7.x), max(0.0, z7.y));
      if (inside) { store0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 7u, y7.x); store0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 8u + 7u, y7.y); }
    }
  }
}


// kernel 6: dense.1 forward sum
// write, read, read
// contract: y[output] = sum over the other labels of a[left] b[right]
@group(0) @binding(0) var<storage, read_write> out0: array<f32>;
@group(0) @binding(1) var<storage, read> in1: array<vec4f>;
@group(0) @binding(2) var<storage, read> in2: array<vec4f>;
var<workgroup> lanes: array<f32, 512>;
var<workgroup> parts: array<f32, 64>;
fn store0(i: u32, y: f32) { out0[i] = y; }
fn load0x4(i: u32) -> vec4f { return in1[(i >> 2u)]; }
fn load1x4(i: u32) -> vec4f { return in2[(i >> 2u)]; }
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let tile = group % 3u;
  let chunk = group / 3u;
  let x0 = (tile / 3u);
  let x1 = tile % 3u;
  let base0 = 0u;
  let base1 = 0u;
  let x0at0 = x0 + 0u;
  let x0at1 = x0 + 1u;
  let x1at0 = x1 + 0u;
  let x1at1 = x1 + 3u;
  let x1at2 = x1 + 6u;
  let x1at3 = min(x1 + 9u, 9u);
  var sum0 = f32(0.0);
  var sum1 = f32(0.0);
  var sum2 = f32(0.0);
  var sum3 = f32(0.0);
  var sum4 = f32(0.0);
  var sum5 = f32(0.0);
  var sum6 = f32(0.0);
  var sum7 = f32(0.0);
  let last = min((chunk + 1u) * 256u, 256u);
  for (var s = chunk * 256u + lane; s < last; s += 64u) {
  let k0 = s;
    let at0 = base0 + k0 * 4u;
    let v0s0 = load0x4(at0 + x0at0 * 1024u);
    let v0s1 = load0x4(at0 + x0at1 * 1024u);
    let at1 = base1 + k0 * 4u;
    let v1s0 = load1x4(at1 + x1at0 * 1024u);
    let v1s1 = load1x4(at1 + x1at1 * 1024u);
    let v1s2 = load1x4(at1 + x1at2 * 1024u);
    let v1s3 = load1x4(at1 + x1at3 * 1024u);
    sum0 += dot(v0s0, v1s0);
    sum1 += dot(v0s0, v1s1);
    sum2 += dot(v0s0, v1s2);
    sum3 += dot(v0s0, v1s3);
    sum4 += dot(v0s1, v1s0);
    sum5 += dot(v0s1, v1s1);
    sum6 += dot(v0s1, v1s2);
    sum7 += dot(v0s1, v1s3);
  }
  lanes[lane * 8u + 0u] = sum0;
  lanes[lane * 8u + 1u] = sum1;
  lanes[lane * 8u + 2u] = sum2;
  lanes[lane * 8u + 3u] = sum3;
  lanes[lane * 8u + 4u] = sum4;
  lanes[lane * 8u + 5u] = sum5;
  lanes[lane * 8u + 6u] = sum6;
  lanes[lane * 8u + 7u] = sum7;
  workgroupBarrier();
  if (lane < 64u) {
    var part = f32(0.0);
    for (var t = lane / 8u * 64u + lane % 8u; t < (lane / 8u + 1u) * 64u; t += 8u) { part += lanes[t]; }
    parts[lane] = part;
  }
  workgroupBarrier();
  for (var t = lane; t < 8u; t += 64u) {
  var total = f32(0.0);
  for (var part = 0u; part < 8u; part++) { total += parts[part * 8u + t]; }
  let slot = t;
  let step0 = (slot / 4u);
    let step1 = slot % 4u;
    let place = (x0 + step0 * 1u) * 10u + (x1 + step1 * 3u);
    let inside = (x1 + step1 * 3u) < 10u;
  if (inside) { store0(place, total); }
  }
}


// kernel 7: dense.1 forward lines
// read, read, write, uniform
// fused: a core op with element-wise work in its loads and its store
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<storage, read_write> out0: array<f32>;
@group(0) @binding(3) var<uniform> table0: array<vec4u, 1>;
fn load0(i: u32) -> f32 {
  let v0 = in0[i];
  let v1 = in1[((i % 10u))];
  return (v0 + v1);
}
fn store0(i: u32, y: f32) { out0[i] = y; }
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) gid: vec3u) {
  let i = gid.x;
  if (i >= 2u) { return; }
  let first = i * 10u;
  var largest = load0(first);
  for (var n = 1u; n < table0[0].x; n++) { largest = max(largest, load0(first + n * 1u)); }
  var sum = 0.0;
  for (var n = 0u; n < table0[0].x; n++) { sum += exp(load0(first + n * 1u) - largest); }
  for (var n = 0u; n < table0[0].x; n++) { store0(first + n * 1u, exp(load0(first + n * 1u) - largest) / sum); }
}


// kernel 8: relu.1 forward activation
// read, write, write, uniform, uniform, uniform, uniform
// spectralActivation: T = row transform of (sum_f) g(row image of U[f])
@group(0) @binding(0) var<storage, read> in0: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> out0: array<f32>;
@group(0) @binding(2) var<storage, read_write> out1: array<i32>;
@group(0) @binding(3) var<uniform> table0: array<vec4f, 1>;
@group(0) @binding(4) var<uniform> table1: array<vec4u, 1>;
@group(0) @binding(5) var<uniform> table2: array<vec4f, 1>;
@group(0) @binding(6) var<uniform> table3: array<vec4f, 1>;
fn cmul(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }
fn rowPoint(q: vec4f, position: u32, scale: vec4f) -> vec2f {
  let edge = position == 0u || 2u * position == 8u;
  let side = select(select(-1.0, 1.0, 2u * position < 8u), 0.0, edge);
  return select(scale.y, scale.x, edge) * vec2f(q.x - side * q.w, side * q.y + q.z);
}
fn rowColumn(position: u32) -> u32 { return min(position, 8u - position); }
fn rowPair(here: vec2f, mirrored: vec2f, k: u32, scale: vec4f) -> vec4f {
  let half = 0.5 * select(scale.y, scale.x, k == 0u || 2u * k == 8u);
  return half * vec4f(here.x + mirrored.x, here.y - mirrored.y, here.y + mirrored.y, mirrored.x - here.x);
}
fn rowMirror(k: u32) -> u32 { return select(8u - k, 0u, k == 0u); }
var<workgroup> points: array<vec2f, 128>;
fn load0(i: u32) -> vec4f { return in0[i]; }
fn store0(i: u32, y: f32) { out0[i] = y; }
fn store1(i: u32, y: i32) { out1[i] = y; }
@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let first = group * 8u;
  var half = 0u;
  for (var f = 0u; f < table1[0].x; f++) {
    {
      let own = lane % 8u;
      let position = lane / 8u;
      let line = first + own;
      let inside = true;
      let t0 = rowPoint(load0(((line / 4u * 16u + f) * 5u + min(position, 8u - position)) * 4u + line % 4u), position, table2[0]).yx;
      let t1 = rowPoint(load0(((line / 4u * 16u + f) * 5u + min((position + 1u), 8u - (position + 1u))) * 4u + line % 4u), (position + 1u), table2[0]).yx;
      let t2 = rowPoint(load0(((line / 4u * 16u + f) * 5u + min((position + 2u), 8u - (position + 2u))) * 4u + line % 4u), (position + 2u), table2[0]).yx;
      let t3 = rowPoint(load0(((line / 4u * 16u + f) * 5u + min((position + 3u), 8u - (position + 3u))) * 4u + line % 4u), (position + 3u), table2[0]).yx;
      let t4 = rowPoint(load0(((line / 4u * 16u + f) * 5u + min((position + 4u), 8u - (position + 4u))) * 4u + line % 4u), (position + 4u), table2[0]).yx;
      let t5 = rowPoint(load0(((line / 4u * 16u + f) * 5u + min((position + 5u), 8u - (position + 5u))) * 4u + line % 4u), (position + 5u), table2[0]).yx;
      let t6 = rowPoint(load0(((line / 4u * 16u + f) * 5u + min((position + 6u), 8u - (position + 6u))) * 4u + line % 4u), (position + 6u), table2[0]).yx;
      let t7 = rowPoint(load0(((line / 4u * 16u + f) * 5u + min((position + 7u), 8u - (position + 7u))) * 4u + line % 4u), (position + 7u), table2[0]).yx;
      let t8 = t0 + t4;
      let t9 = t0 - t4;
      let t10 = t2 + t6;
      let t11 = t2 - t6;
      let t12 = vec2f(t11.y, -t11.x);
      let t13 = t8 + t10;
      let t14 = t8 - t10;
      let t15 = t9 + t12;
      let t16 = t9 - t12;
      let t17 = t1 + t5;
      let t18 = t1 - t5;
      let t19 = t3 + t7;
      let t20 = t3 - t7;
      let t21 = vec2f(t20.y, -t20.x);
      let t22 = t17 + t19;
      let t23 = t17 - t19;
      let t24 = t18 + t21;
      let t25 = t18 - t21;
      let t26 = cmul(t24, vec2f(0.7071067811865476, -0.7071067811865475));
      let t27 = vec2f(t23.y, -t23.x);
      let t28 = cmul(t25, vec2f(-0.7071067811865475, -0.7071067811865476));
      let t29 = t13 + t22;
      let t30 = t13 - t22;
      let t31 = t15 + t26;
      let t32 = t15 - t26;
      let t33 = t14 + t27;
      let t34 = t14 - t27;
      let t35 = t16 + t28;
      let t36 = t16 - t28;
      let z0 = t29.yx; let y0 = vec2f(max(0.0, z0.x), max(0.0, z0.y)); let flags0 = vec2f(select(0.0, 1.0, 0.0 >= z0.x), select(0.0, 1.0, 0.0 >= z0.y));
      if (inside) { store0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 0u, y0.x); store0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 8u + 0u, y0.y); }
      let z1 = t31.yx; let y1 = vec2f(max(0.0, z1.x), max(0.0, z1.y)); let flags1 = vec2f(select(0.0, 1.0, 0.0 >= z1.x), select(0.0, 1.0, 0.0 >= z1.y));
      if (inside) { store0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 1u, y1.x); store0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 8u + 1u, y1.y); }
      let z2 = t33.yx; let y2 = vec2f(max(0.0, z2.x), max(0.0, z2.y)); let flags2 = vec2f(select(0.0, 1.0, 0.0 >= z2.x), select(0.0, 1.0, 0.0 >= z2.y));
      if (inside) { store0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 2u, y2.x); store0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 8u + 2u, y2.y); }
      let z3 = t35.yx; let y3 = vec2f(max(0.0, z3.x), max(0.0, z3.y)); let flags3 = vec2f(select(0.0, 1.0, 0.0 >= z3.x), select(0.0, 1.0, 0.0 >= z3.y));
      if (inside) { store0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 3u, y3.x); store0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 8u + 3u, y3.y); }
      let z4 = t30.yx; let y4 = vec2f(max(0.0, z4.x), max(0.0, z4.y)); let flags4 = vec2f(select(0.0, 1.0, 0.0 >= z4.x), select(0.0, 1.0, 0.0 >= z4.y));
      if (inside) { store0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 4u, y4.x); store0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 8u + 4u, y4.y); }
      let z5 = t32.yx; let y5 = vec2f(max(0.0, z5.x), max(0.0, z5.y)); let flags5 = vec2f(select(0.0, 1.0, 0.0 >= z5.x), select(0.0, 1.0, 0.0 >= z5.y));
      if (inside) { store0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 5u, y5.x); store0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 8u + 5u, y5.y); }
      let z6 = t34.yx; let y6 = vec2f(max(0.0, z6.x), max(0.0, z6.y)); let flags6 = vec2f(select(0.0, 1.0, 0.0 >= z6.x), select(0.0, 1.0, 0.0 >= z6.y));
      if (inside) { store0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 6u, y6.x); store0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 8u + 6u, y6.y); }
      let z7 = t36.yx; let y7 = vec2f(max(0.0, z7.x), max(0.0, z7.y)); let flags7 = vec2f(select(0.0, 1.0, 0.0 >= z7.x), select(0.0, 1.0, 0.0 >= z7.y));
      if (inside) { store0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 7u, y7.x); store0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 8u + 7u, y7.y); }
      if (inside) { store1((line * 16u + f) * 1u + position, bitcast<i32>(select(0u, 1u, flags0.x != 0.0) | select(0u, 2u, flags0.y != 0.0) | select(0u, 4u, flags1.x != 0.0) | select(0u, 8u, flags1.y != 0.0) | select(0u, 16u, flags2.x != 0.0) | select(0u, 32u, flags2.y != 0.0) | select(0u, 64u, flags3.x != 0.0) | select(0u, 128u, flags3.y != 0.0) | select(0u, 256u, flags4.x != 0.0) | select(0u, 512u, flags4.y != 0.0) | select(0u, 1024u, flags5.x != 0.0) | select(0u, 2048u, flags5.y != 0.0) | select(0u, 4096u, flags6.x != 0.0) | select(0u, 8192u, flags6.y != 0.0) | select(0u, 16384u, flags7.x != 0.0) | select(0u, 32768u, flags7.y != 0.0))); }
    }
  }
}


// kernel 9: dense.1 forward sum
// write, read, read, read
// fused: a core op with element-wise work in its loads and its store
@group(0) @binding(0) var<storage, read_write> out0: array<f32>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<storage, read> in2: array<vec4f>;
@group(0) @binding(3) var<storage, read> in3: array<vec4f>;
var<workgroup> lanes: array<f32, 512>;
var<workgroup> parts: array<f32, 64>;
fn store0(i: u32, y: f32) {
  let v1 = in1[((i % 10u))];
  out0[i] = (y + v1);
}
fn load0x4(i: u32) -> vec4f { return in2[(i >> 2u)]; }
fn load1x4(i: u32) -> vec4f { return in3[(i >> 2u)]; }
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let tile = group % 3u;
  let chunk = group / 3u;
  let x0 = (tile / 3u);
  let x1 = tile % 3u;
  let base0 = 0u;
  let base1 = 0u;
  let x0at0 = x0 + 0u;
  let x0at1 = x0 + 1u;
  let x1at0 = x1 + 0u;
  let x1at1 = x1 + 3u;
  let x1at2 = x1 + 6u;
  let x1at3 = min(x1 + 9u, 9u);
  var sum0 = f32(0.0);
  var sum1 = f32(0.0);
  var sum2 = f32(0.0);
  var sum3 = f32(0.0);
  var sum4 = f32(0.0);
  var sum5 = f32(0.0);
  var sum6 = f32(0.0);
  var sum7 = f32(0.0);
  let last = min((chunk + 1u) * 256u, 256u);
  for (var s = chunk * 256u + lane; s < last; s += 64u) {
  let k0 = s;
    let at0 = base0 + k0 * 4u;
    let v0s0 = load0x4(at0 + x0at0 * 1024u);
    let v0s1 = load0x4(at0 + x0at1 * 1024u);
    let at1 = base1 + k0 * 4u;
    let v1s0 = load1x4(at1 + x1at0 * 1024u);
    let v1s1 = load1x4(at1 + x1at1 * 1024u);
    let v1s2 = load1x4(at1 + x1at2 * 1024u);
    let v1s3 = load1x4(at1 + x1at3 * 1024u);
    sum0 += dot(v0s0, v1s0);
    sum1 += dot(v0s0, v1s1);
    sum2 += dot(v0s0, v1s2);
    sum3 += dot(v0s0, v1s3);
    sum4 += dot(v0s1, v1s0);
    sum5 += dot(v0s1, v1s1);
    sum6 += dot(v0s1, v1s2);
    sum7 += dot(v0s1, v1s3);
  }
  lanes[lane * 8u + 0u] = sum0;
  lanes[lane * 8u + 1u] = sum1;
  lanes[lane * 8u + 2u] = sum2;
  lanes[lane * 8u + 3u] = sum3;
  lanes[lane * 8u + 4u] = sum4;
  lanes[lane * 8u + 5u] = sum5;
  lanes[lane * 8u + 6u] = sum6;
  lanes[lane * 8u + 7u] = sum7;
  workgroupBarrier();
  if (lane < 64u) {
    var part = f32(0.0);
    for (var t = lane / 8u * 64u + lane % 8u; t < (lane / 8u + 1u) * 64u; t += 8u) { part += lanes[t]; }
    parts[lane] = part;
  }
  workgroupBarrier();
  for (var t = lane; t < 8u; t += 64u) {
  var total = f32(0.0);
  for (var part = 0u; part < 8u; part++) { total += parts[part * 8u + t]; }
  let slot = t;
  let step0 = (slot / 4u);
    let step1 = slot % 4u;
    let place = (x0 + step0 * 1u) * 10u + (x1 + step1 * 3u);
    let inside = (x1 + step1 * 3u) < 10u;
  if (inside) { store0(place, total); }
  }
}


// kernel 10: dense.1 forward lines + lines + targets + 2 sum + dense.1 backward map + 2 sum
// read, write, uniform, read, read, write, uniform, write, write
// softmax: y[n] = exp(x[n] - max x) / sum exp(x - max x)
// logSumExp: y = max x + log sum exp(x - max x)
// oneHot: y[b, o] = on where o = label[b], off elsewhere
// contract: y[output] = sum over the other labels of a[left] b[right]
// fused: a core op with element-wise work in its loads and its store
// map: y[i] = f(x0[i], x1[i], ...)
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read_write> out0: array<f32>;
@group(0) @binding(2) var<uniform> table0: array<vec4u, 1>;
@group(0) @binding(3) var<storage, read> in3: array<i32>;
@group(0) @binding(4) var<storage, read> in4: array<f32>;
@group(0) @binding(5) var<storage, read_write> out0_4: array<f32>;
@group(0) @binding(6) var<uniform> table1: array<vec4u, 1>;
@group(0) @binding(7) var<storage, read_write> out0_6: array<f32>;
@group(0) @binding(8) var<storage, read_write> out0_7: array<f32>;
var<workgroup> local0: array<f32, 2>;
var<workgroup> local1: array<f32, 20>;
var<workgroup> local2: array<f32, 2>;
var<workgroup> local3: array<f32, 2>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn store0(i: u32, y: f32) { out0[i] = y; }
fn body_0(i: u32) {
  let first = i * 10u;
  var largest = load0(first);
  for (var n = 1u; n < table0[0].x; n++) { largest = max(largest, load0(first + n * 1u)); }
  var sum = 0.0;
  for (var n = 0u; n < table0[0].x; n++) { sum += exp(load0(first + n * 1u) - largest); }
  for (var n = 0u; n < table0[0].x; n++) { store0(first + n * 1u, exp(load0(first + n * 1u) - largest) / sum); }
}
fn load0_1(i: u32) -> f32 { return in0[i]; }
fn store0_1(i: u32, y: f32) { local0[i] = y; }
fn body_1(i: u32) {
  let first = i * 10u;
  var largest = load0_1(first);
  for (var n = 1u; n < table0[0].x; n++) { largest = max(largest, load0_1(first + n * 1u)); }
  var sum = 0.0;
  for (var n = 0u; n < table0[0].x; n++) { sum += exp(load0_1(first + n * 1u) - largest); }
  store0_1(i, largest + log(sum));
}
fn load0_2(i: u32) -> i32 { return in3[i]; }
fn store0_2(i: u32, y: f32) { local1[i] = y; }
fn body_2(i: u32) {
  store0_2(i, select(0.0, 1.0, load0_2(i / 10u) == i32(i % 10u)));
}
fn load0_3(i: u32) -> f32 { return in0[i]; }
fn load1_3(i: u32) -> f32 { return local1[i]; }
fn store0_3(i: u32, y: f32) { local2[i] = y; }
fn body_3(i: u32) {
  let x0 = i;
  let base0 = x0 * 10u;
  let base1 = x0 * 10u;
  var sum0 = f32();
  for (var k0 = 0u; k0 < table0[0].x; k0++) {
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
  let v2 = in4[i];
  return ((v0 - v1) * v2);
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
fn load0_5(i: u32) -> f32 { return in4[i]; }
fn store0_5(i: u32, y: f32) { local3[i] = y; }
fn body_5(i: u32) {
  let v0 = load0_5(i);
  store0_5(i, (-v0));
}
fn load0_6(i: u32) -> f32 { return local3[i]; }
fn load1_6(i: u32) -> f32 { return local1[i]; }
fn store0_6(i: u32, y: f32) {
  let v1 = out0[i];
  let v2 = in4[((i / 10u))];
  out0_6[i] = (y + (v1 * v2));
}
fn body_6(i: u32) {
  let x0 = (i / 3u);
  let x1 = i % 3u;
  let base0 = x0;
  let base1 = x0 * 10u;
  let x1at0 = x1 + 0u;
  let x1at1 = x1 + 3u;
  let x1at2 = x1 + 6u;
  let x1at3 = min(x1 + 9u, 9u);
  var sum0 = f32();
  var sum1 = f32();
  var sum2 = f32();
  var sum3 = f32();
  let at0 = base0;
  let v0s0 = load0_6(at0);
  let at1 = base1;
  let v1s0 = load1_6(at1 + x1at0 * 1u);
  let v1s1 = load1_6(at1 + x1at1 * 1u);
  let v1s2 = load1_6(at1 + x1at2 * 1u);
  let v1s3 = load1_6(at1 + x1at3 * 1u);
  sum0 += v0s0 * v1s0;
  sum1 += v0s0 * v1s1;
  sum2 += v0s0 * v1s2;
  sum3 += v0s0 * v1s3;
  store0_6(x0 * 10u + x1, sum0);
  store0_6(x0 * 10u + (x1 + 3u), sum1);
  store0_6(x0 * 10u + (x1 + 6u), sum2);
  if ((x1 + 9u) < 10u) { store0_6(x0 * 10u + (x1 + 9u), sum3); }
}
fn load0_7(i: u32) -> f32 { return out0_6[i]; }
fn store0_7(i: u32, y: f32) { out0_7[i] = y; }
fn body_7(i: u32) {
  let x0 = i;
  let base0 = x0;
  var sum0 = f32();
  for (var k0 = 0u; k0 < table1[0].x; k0++) {
  let at0 = base0 + k0 * 10u;
  let v0s0 = load0_7(at0);
  sum0 += v0s0;
  }
  store0_7(x0, sum0);
}
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  if (lane < 2u) { body_0(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 2u) { body_1(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 20u) { body_2(lane); }
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
  if (lane < 6u) { body_6(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 10u) { body_7(lane); }
}


// kernel 11: dense.1 backward sum + sum
// read, write, uniform, read, write, uniform, read
// contract: y[output] = sum over the other labels of a[left] b[right]
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read_write> out0: array<vec4f>;
@group(0) @binding(2) var<uniform> table0: array<vec4u, 1>;
@group(0) @binding(3) var<storage, read> in3: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> out0_1: array<vec4f>;
@group(0) @binding(5) var<uniform> table1: array<vec4u, 1>;
@group(0) @binding(6) var<storage, read> in6: array<vec4f>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn store0x4(i: u32, y: vec4f) { out0[(i >> 2u)] = y; }
fn load1x4(i: u32) -> vec4f { return in3[(i >> 2u)]; }
fn body_0(i: u32) {
  let x0 = (i / 256u);
  let x1 = i % 256u;
  let base0 = 0u;
  let base1 = x1 * 4u;
  let x0at0 = x0 + 0u;
  let x0at1 = x0 + 1u;
  var sum0 = vec4f();
  var sum1 = vec4f();
  for (var k0 = 0u; k0 < table0[0].x; k0++) {
  let at0 = base0 + k0;
  let v0s0 = load0(at0 + x0at0 * 10u);
  let v0s1 = load0(at0 + x0at1 * 10u);
  let at1 = base1 + k0 * 1024u;
  let v1s0 = load1x4(at1);
  sum0 += v0s0 * v1s0;
  sum1 += v0s1 * v1s0;
  }
  store0x4(x0 * 1024u + x1 * 4u, sum0);
  store0x4((x0 + 1u) * 1024u + x1 * 4u, sum1);
}
fn load0_1(i: u32) -> f32 { return in0[i]; }
fn store0_1x4(i: u32, y: vec4f) { out0_1[(i >> 2u)] = y; }
fn load1_1x4(i: u32) -> vec4f { return in6[(i >> 2u)]; }
fn body_1(i: u32) {
  let x0 = (i / 256u);
  let x1 = i % 256u;
  let base0 = 0u;
  let base1 = x1 * 4u;
  let x0at0 = x0 + 0u;
  let x0at1 = x0 + 3u;
  let x0at2 = x0 + 6u;
  let x0at3 = min(x0 + 9u, 9u);
  var sum0 = vec4f();
  var sum1 = vec4f();
  var sum2 = vec4f();
  var sum3 = vec4f();
  for (var k0 = 0u; k0 < table1[0].x; k0++) {
  let at0 = base0 + k0 * 10u;
  let v0s0 = load0_1(at0 + x0at0 * 1u);
  let v0s1 = load0_1(at0 + x0at1 * 1u);
  let v0s2 = load0_1(at0 + x0at2 * 1u);
  let v0s3 = load0_1(at0 + x0at3 * 1u);
  let at1 = base1 + k0 * 1024u;
  let v1s0 = load1_1x4(at1);
  sum0 += v0s0 * v1s0;
  sum1 += v0s1 * v1s0;
  sum2 += v0s2 * v1s0;
  sum3 += v0s3 * v1s0;
  }
  store0_1x4(x0 * 1024u + x1 * 4u, sum0);
  store0_1x4((x0 + 3u) * 1024u + x1 * 4u, sum1);
  store0_1x4((x0 + 6u) * 1024u + x1 * 4u, sum2);
  if ((x0 + 9u) < 10u) { store0_1x4((x0 + 9u) * 1024u + x1 * 4u, sum3); }
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  if (group < 1u) { let own = group; let i = own * 256u + lane; if (i < 256u) { body_0(i); } }
  else if (group < 4u) { let own = (group - 1u); let i = own * 256u + lane; if (i < 768u) { body_1(i); } }
}


// kernel 12: relu.1 backward activation gradient
// read, read, write, uniform, uniform, uniform, uniform, uniform
// spectralActivationGradient: dU[f] = weighted row transform of dx g'(row image of U[f]), dx the row image of dT
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read> in1: array<i32>;
@group(0) @binding(2) var<storage, read_write> out0: array<vec4f>;
@group(0) @binding(3) var<uniform> table0: array<vec4f, 1>;
@group(0) @binding(4) var<uniform> table1: array<vec4u, 1>;
@group(0) @binding(5) var<uniform> table2: array<vec4f, 1>;
@group(0) @binding(6) var<uniform> table3: array<vec4f, 1>;
@group(0) @binding(7) var<uniform> table4: array<vec4f, 1>;
fn cmul(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }
fn rowPoint(q: vec4f, position: u32, scale: vec4f) -> vec2f {
  let edge = position == 0u || 2u * position == 8u;
  let side = select(select(-1.0, 1.0, 2u * position < 8u), 0.0, edge);
  return select(scale.y, scale.x, edge) * vec2f(q.x - side * q.w, side * q.y + q.z);
}
fn rowColumn(position: u32) -> u32 { return min(position, 8u - position); }
fn rowPair(here: vec2f, mirrored: vec2f, k: u32, scale: vec4f) -> vec4f {
  let half = 0.5 * select(scale.y, scale.x, k == 0u || 2u * k == 8u);
  return half * vec4f(here.x + mirrored.x, here.y - mirrored.y, here.y + mirrored.y, mirrored.x - here.x);
}
fn rowMirror(k: u32) -> u32 { return select(8u - k, 0u, k == 0u); }
var<workgroup> points: array<vec2f, 128>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn load1(i: u32) -> i32 { return in1[i]; }
fn store0(i: u32, y: vec4f) { out0[i] = y; }
@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let first = group * 8u;
  var half = 0u;
  for (var f = 0u; f < table1[0].x; f++) {
    {
      let own = lane % 8u;
      let position = lane / 8u;
      let line = first + own;
      let inside = true;
      let mask = bitcast<u32>(load1((line * 16u + f) * 1u + position));
      let z0 = vec2f(select(0.0, 1.0, (mask & 1u) != 0u), select(0.0, 1.0, (mask & 2u) != 0u)); let g0 = vec2f(load0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + position), load0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 8u + position)); let d0 = g0 * vec2f(select(1.0, 0.0, z0.x != 0.0), select(1.0, 0.0, z0.y != 0.0));
      let t0 = d0;
      let z1 = vec2f(select(0.0, 1.0, (mask & 4u) != 0u), select(0.0, 1.0, (mask & 8u) != 0u)); let g1 = vec2f(load0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + (position + 1u)), load0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 8u + (position + 1u))); let d1 = g1 * vec2f(select(1.0, 0.0, z1.x != 0.0), select(1.0, 0.0, z1.y != 0.0));
      let t1 = d1;
      let z2 = vec2f(select(0.0, 1.0, (mask & 16u) != 0u), select(0.0, 1.0, (mask & 32u) != 0u)); let g2 = vec2f(load0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + (position + 2u)), load0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 8u + (position + 2u))); let d2 = g2 * vec2f(select(1.0, 0.0, z2.x != 0.0), select(1.0, 0.0, z2.y != 0.0));
      let t2 = d2;
      let z3 = vec2f(select(0.0, 1.0, (mask & 64u) != 0u), select(0.0, 1.0, (mask & 128u) != 0u)); let g3 = vec2f(load0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + (position + 3u)), load0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 8u + (position + 3u))); let d3 = g3 * vec2f(select(1.0, 0.0, z3.x != 0.0), select(1.0, 0.0, z3.y != 0.0));
      let t3 = d3;
      let z4 = vec2f(select(0.0, 1.0, (mask & 256u) != 0u), select(0.0, 1.0, (mask & 512u) != 0u)); let g4 = vec2f(load0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + (position + 4u)), load0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 8u + (position + 4u))); let d4 = g4 * vec2f(select(1.0, 0.0, z4.x != 0.0), select(1.0, 0.0, z4.y != 0.0));
      let t4 = d4;
      let z5 = vec2f(select(0.0, 1.0, (mask & 1024u) != 0u), select(0.0, 1.0, (mask & 2048u) != 0u)); let g5 = vec2f(load0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + (position + 5u)), load0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 8u + (position + 5u))); let d5 = g5 * vec2f(select(1.0, 0.0, z5.x != 0.0), select(1.0, 0.0, z5.y != 0.0));
      let t5 = d5;
      let z6 = vec2f(select(0.0, 1.0, (mask & 4096u) != 0u), select(0.0, 1.0, (mask & 8192u) != 0u)); let g6 = vec2f(load0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + (position + 6u)), load0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 8u + (position + 6u))); let d6 = g6 * vec2f(select(1.0, 0.0, z6.x != 0.0), select(1.0, 0.0, z6.y != 0.0));
      let t6 = d6;
      let z7 = vec2f(select(0.0, 1.0, (mask & 16384u) != 0u), select(0.0, 1.0, (mask & 32768u) != 0u)); let g7 = vec2f(load0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + (position + 7u)), load0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 8u + (position + 7u))); let d7 = g7 * vec2f(select(1.0, 0.0, z7.x != 0.0), select(1.0, 0.0, z7.y != 0.0));
      let t7 = d7;
      let t8 = t0 + t4;
      let t9 = t0 - t4;
      let t10 = t2 + t6;
      let t11 = t2 - t6;
      let t12 = vec2f(t11.y, -t11.x);
      let t13 = t8 + t10;
      let t14 = t8 - t10;
      let t15 = t9 + t12;
      let t16 = t9 - t12;
      let t17 = t1 + t5;
      let t18 = t1 - t5;
      let t19 = t3 + t7;
      let t20 = t3 - t7;
      let t21 = vec2f(t20.y, -t20.x);
      let t22 = t17 + t19;
      let t23 = t17 - t19;
      let t24 = t18 + t21;
      let t25 = t18 - t21;
      let t26 = cmul(t24, vec2f(0.7071067811865476, -0.7071067811865475));
      let t27 = vec2f(t23.y, -t23.x);
      let t28 = cmul(t25, vec2f(-0.7071067811865475, -0.7071067811865476));
      let t29 = t13 + t22;
      let t30 = t13 - t22;
      let t31 = t15 + t26;
      let t32 = t15 - t26;
      let t33 = t14 + t27;
      let t34 = t14 - t27;
      let t35 = t16 + t28;
      let t36 = t16 - t28;
      points[half + 0u * 8u + own] = t29;
      points[half + 1u * 8u + own] = t31;
      points[half + 2u * 8u + own] = t33;
      points[half + 3u * 8u + own] = t35;
      points[half + 4u * 8u + own] = t30;
      points[half + 5u * 8u + own] = t32;
      points[half + 6u * 8u + own] = t34;
      points[half + 7u * 8u + own] = t36;
    }
    workgroupBarrier();
    for (var task = lane; task < 40u; task += 8u) {
      let own = task % 8u;
      let k = task / 8u;
      let line = first + own;
      let inside = true;
      if (inside) { store0(((line / 4u * 16u + f) * 5u + k) * 4u + line % 4u, rowPair(points[half + k * 8u + own], points[half + select(8u - k, 0u, k == 0u) * 8u + own], k, table4[0])); }
    }
    half = 64u - half;
  }
}


// kernel 13: relu.1 backward columns
// read, write
// fftColumns: X[ky,kx] = sum_y T[kx,y] exp(-2 pi i ky y/H)
@group(0) @binding(0) var<storage, read> in0: array<vec2f>;
@group(0) @binding(1) var<storage, read_write> out0: array<vec2f>;
fn cmul(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }
fn load0(i: u32) -> vec2f { return in0[i]; }
fn store0(i: u32, y: vec2f) { out0[i] = y; }
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let first = group * 64u;
  {
    let task = lane;
    let line = task % 64u;
    let position = task / 64u;
    let t0 = load0(min(first + line, 159u) * 8u + position);
    let t1 = load0(min(first + line, 159u) * 8u + (position + 1u));
    let t2 = load0(min(first + line, 159u) * 8u + (position + 2u));
    let t3 = load0(min(first + line, 159u) * 8u + (position + 3u));
    let t4 = load0(min(first + line, 159u) * 8u + (position + 4u));
    let t5 = load0(min(first + line, 159u) * 8u + (position + 5u));
    let t6 = load0(min(first + line, 159u) * 8u + (position + 6u));
    let t7 = load0(min(first + line, 159u) * 8u + (position + 7u));
    let t8 = t0 + t4;
    let t9 = t0 - t4;
    let t10 = t2 + t6;
    let t11 = t2 - t6;
    let t12 = vec2f(t11.y, -t11.x);
    let t13 = t8 + t10;
    let t14 = t8 - t10;
    let t15 = t9 + t12;
    let t16 = t9 - t12;
    let t17 = t1 + t5;
    let t18 = t1 - t5;
    let t19 = t3 + t7;
    let t20 = t3 - t7;
    let t21 = vec2f(t20.y, -t20.x);
    let t22 = t17 + t19;
    let t23 = t17 - t19;
    let t24 = t18 + t21;
    let t25 = t18 - t21;
    let t26 = cmul(t24, vec2f(0.7071067811865476, -0.7071067811865475));
    let t27 = vec2f(t23.y, -t23.x);
    let t28 = cmul(t25, vec2f(-0.7071067811865475, -0.7071067811865476));
    let t29 = t13 + t22;
    let t30 = t13 - t22;
    let t31 = t15 + t26;
    let t32 = t15 - t26;
    let t33 = t14 + t27;
    let t34 = t14 - t27;
    let t35 = t16 + t28;
    let t36 = t16 - t28;
    if (first + line < 160u) {
      store0((first + line) / 5u * 40u + (first + line) % 5u + 0u * 5u, t29);
      store0((first + line) / 5u * 40u + (first + line) % 5u + 1u * 5u, t31);
      store0((first + line) / 5u * 40u + (first + line) % 5u + 2u * 5u, t33);
      store0((first + line) / 5u * 40u + (first + line) % 5u + 3u * 5u, t35);
      store0((first + line) / 5u * 40u + (first + line) % 5u + 4u * 5u, t30);
      store0((first + line) / 5u * 40u + (first + line) % 5u + 5u * 5u, t32);
      store0((first + line) / 5u * 40u + (first + line) % 5u + 6u * 5u, t34);
      store0((first + line) / 5u * 40u + (first + line) % 5u + 7u * 5u, t36);
    }
  }
}


// kernel 14: conv.1 backward sum
// read, read, write, uniform
// contract: y[output] = sum over the other labels of a[left] b[right]
@group(0) @binding(0) var<storage, read> in0: array<vec2f>;
@group(0) @binding(1) var<storage, read> in1: array<vec2f>;
@group(0) @binding(2) var<storage, read_write> out0: array<vec2f>;
@group(0) @binding(3) var<uniform> table0: array<vec4u, 1>;
fn load0(i: u32) -> vec2f { return in0[i]; }
fn load1(i: u32) -> vec2f { return in1[i]; }
fn store0(i: u32, y: vec2f) { out0[i] = y; }
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) gid: vec3u) {
  let i = gid.x;
  if (i >= 160u) { return; }
  let x0 = (i / 40u);
  let x1 = i % 40u;
  let base0 = x1;
  let base1 = x1;
  let x0at0 = x0 + 0u;
  let x0at1 = x0 + 4u;
  let x0at2 = x0 + 8u;
  let x0at3 = x0 + 12u;
  var sum0 = vec2f();
  var sum1 = vec2f();
  var sum2 = vec2f();
  var sum3 = vec2f();
  for (var k0 = 0u; k0 < table0[0].x; k0++) {
  let at0 = base0 + k0 * 640u;
  let v0s0 = load0(at0 + x0at0 * 40u);
  let v0s1 = load0(at0 + x0at1 * 40u);
  let v0s2 = load0(at0 + x0at2 * 40u);
  let v0s3 = load0(at0 + x0at3 * 40u);
  let at1 = base1 + k0 * 40u;
  let v1s0 = load1(at1) * vec2f(1.0, -1.0);
  sum0 += vec2f(v0s0.x * v1s0.x - v0s0.y * v1s0.y, v0s0.x * v1s0.y + v0s0.y * v1s0.x);
  sum1 += vec2f(v0s1.x * v1s0.x - v0s1.y * v1s0.y, v0s1.x * v1s0.y + v0s1.y * v1s0.x);
  sum2 += vec2f(v0s2.x * v1s0.x - v0s2.y * v1s0.y, v0s2.x * v1s0.y + v0s2.y * v1s0.x);
  sum3 += vec2f(v0s3.x * v1s0.x - v0s3.y * v1s0.y, v0s3.x * v1s0.y + v0s3.y * v1s0.x);
  }
  store0(x0 * 40u + x1, sum0);
  store0((x0 + 4u) * 40u + x1, sum1);
  store0((x0 + 8u) * 40u + x1, sum2);
  store0((x0 + 12u) * 40u + x1, sum3);
}


// kernel 15: conv.1 backward parameters
// read, read, write, read
// expandGradient: g[p, f] = sum over ky, kx of Re A dRe K/dp + Im A dIm K/dp
@group(0) @binding(0) var<storage, read> in0: array<vec2f>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<storage, read_write> out0: array<f32>;
@group(0) @binding(3) var<storage, read> table0: array<f32, 13>;
var<workgroup> lanes: array<f32, 768>;
var<workgroup> parts: array<f32, 48>;
fn load0(i: u32) -> vec2f { return in0[i]; }
fn load1(i: u32) -> f32 { return in1[i]; }
fn load2(i: u32) -> f32 { return in1[64u + i]; }
fn load3(i: u32) -> f32 { return in1[128u + i]; }
fn load4(i: u32) -> f32 { return in1[192u + i]; }
fn load5(i: u32) -> f32 { return in1[256u + i]; }
fn load6(i: u32) -> f32 { return in1[320u + i]; }
fn store0(i: u32, y: f32) { out0[i] = y; }
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let tile = group % 16u;
  let chunk = group / 16u;
  let filter_ = tile;
  let p3_0 = load4(0u + filter_);
  let p1_0 = load2(0u + filter_);
  let p5_0 = load6(0u + filter_);
  let p2_0 = load3(0u + filter_);
  let p4_0 = load5(0u + filter_);
  let p3_1 = load4(16u + filter_);
  let p1_1 = load2(16u + filter_);
  let p5_1 = load6(16u + filter_);
  let p2_1 = load3(16u + filter_);
  let p4_1 = load5(16u + filter_);
  let p0_0 = load1(0u + filter_);
  let p0_1 = load1(16u + filter_);
  let d0 = ((max(p3_0, 0.0) + log(1.0 + exp(-abs(p3_0)))) + 0.000001);
  let d1 = (0.5 * (1.0 / (1.0 + exp(-clamp(p1_0, -80.0, 80.0)))));
  let d2 = ((1.0 / (1.0 + exp(-clamp(p2_0, -80.0, 80.0)))) + (-0.5));
  let d3 = ((max(p4_0, 0.0) + log(1.0 + exp(-abs(p4_0)))) + 0.000001);
  let d4 = ((max(p3_1, 0.0) + log(1.0 + exp(-abs(p3_1)))) + 0.000001);
  let d5 = (0.5 * (1.0 / (1.0 + exp(-clamp(p1_1, -80.0, 80.0)))));
  let d6 = ((1.0 / (1.0 + exp(-clamp(p2_1, -80.0, 80.0)))) + (-0.5));
  let d7 = ((max(p4_1, 0.0) + log(1.0 + exp(-abs(p4_1)))) + 0.000001);
  let d8t0 = (1.0 / (1.0 + exp(-clamp(p1_0, -80.0, 80.0))));
  let d8 = (d0 * ((-0.5) * (d8t0 * (1.0 - d8t0))));
  let d9t0 = (1.0 / (1.0 + exp(-clamp(p1_1, -80.0, 80.0))));
  let d9 = (d4 * ((-0.5) * (d9t0 * (1.0 - d9t0))));
  let d10t0 = (1.0 / (1.0 + exp(-clamp(p2_0, -80.0, 80.0))));
  let d10 = (p5_0 * (d10t0 * (1.0 - d10t0)));
  let d11t0 = (1.0 / (1.0 + exp(-clamp(p2_0, -80.0, 80.0))));
  let d11 = (d3 * (d11t0 * (1.0 - d11t0)));
  let d12t0 = (1.0 / (1.0 + exp(-clamp(p2_1, -80.0, 80.0))));
  let d12 = (p5_1 * (d12t0 * (1.0 - d12t0)));
  let d13t0 = (1.0 / (1.0 + exp(-clamp(p2_1, -80.0, 80.0))));
  let d13 = (d7 * (d13t0 * (1.0 - d13t0)));
  let d14 = (1.0 / (1.0 + exp(-clamp(p3_0, -80.0, 80.0))));
  let d15 = (1.0 / (1.0 + exp(-clamp(p3_1, -80.0, 80.0))));
  let d16 = (1.0 / (1.0 + exp(-clamp(p4_0, -80.0, 80.0))));
  let d17 = (1.0 / (1.0 + exp(-clamp(p4_1, -80.0, 80.0))));
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
  let last = min((chunk + 1u) * 40u, 40u);
  for (var s = chunk * 40u + lane; s < last; s += 64u) {
    let bin = s;
    let A = load0(filter_ * 40u + bin);
    let u = table0[bin % 5u];
    let v = table0[5u + bin / 5u];
    let t0 = (u - d1);
    let t1 = (v - d2);
    let t2 = ((d0 * t0) + (p5_0 * t1));
    let t3 = (d3 * t1);
    let t4 = exp(((-0.5) * ((t2 * t2) + (t3 * t3))));
    let t5 = (u - d5);
    let t6 = (v - d6);
    let t7 = ((d4 * t5) + (p5_1 * t6));
    let t8 = (d7 * t6);
    let t9 = exp(((-0.5) * ((t7 * t7) + (t8 * t8))));
    sum0 += (A.x * t4);
    sum1 += (A.y * t9);
    sum2 += (-(A.x * (p0_0 * (t4 * (t2 * d8)))));
    sum3 += (-(A.y * (p0_1 * (t9 * (t7 * d9)))));
    sum4 += (A.x * (p0_0 * (t4 * ((-0.5) * (((-2.0) * (t2 * d10)) + ((-2.0) * (t3 * d11)))))));
    sum5 += (A.y * (p0_1 * (t9 * ((-0.5) * (((-2.0) * (t7 * d12)) + ((-2.0) * (t8 * d13)))))));
    sum6 += (-(A.x * (p0_0 * (t4 * (t2 * (d14 * t0))))));
    sum7 += (-(A.y * (p0_1 * (t9 * (t7 * (d15 * t5))))));
    sum8 += (-(A.x * (p0_0 * (t4 * (t3 * (d16 * t1))))));
    sum9 += (-(A.y * (p0_1 * (t9 * (t8 * (d17 * t6))))));
    sum10 += (-(A.x * (p0_0 * (t4 * (t2 * t1)))));
    sum11 += (-(A.y * (p0_1 * (t9 * (t7 * t6)))));
  }
  lanes[lane * 12u + 0u] = sum0;
  lanes[lane * 12u + 1u] = sum1;
  lanes[lane * 12u + 2u] = sum2;
  lanes[lane * 12u + 3u] = sum3;
  lanes[lane * 12u + 4u] = sum4;
  lanes[lane * 12u + 5u] = sum5;
  lanes[lane * 12u + 6u] = sum6;
  lanes[lane * 12u + 7u] = sum7;
  lanes[lane * 12u + 8u] = sum8;
  lanes[lane * 12u + 9u] = sum9;
  lanes[lane * 12u + 10u] = sum10;
  lanes[lane * 12u + 11u] = sum11;
  workgroupBarrier();
  if (lane < 48u) {
    var part = f32(0.0);
    for (var t = lane / 12u * 192u + lane % 12u; t < (lane / 12u + 1u) * 192u; t += 12u) { part += lanes[t]; }
    parts[lane] = part;
  }
  workgroupBarrier();
  for (var t = lane; t < 12u; t += 64u) {
  var total = f32(0.0);
  for (var part = 0u; part < 4u; part++) { total += parts[part * 12u + t]; }
  let slot = t;
  store0(chunk * 192u + tile * 12u + slot, total);
  }
}


// kernel 16: conv.1 backward parameters chunks
// read, write, uniform
// expandGradient: g[p, f] = sum over ky, kx of Re A dRe K/dp + Im A dIm K/dp
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read_write> out0: array<f32>;
@group(0) @binding(2) var<uniform> table0: array<vec4u, 1>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn store0(i: u32, y: f32) { out0[i] = y; }
fn store1(i: u32, y: f32) { out0[64u + i] = y; }
fn store2(i: u32, y: f32) { out0[128u + i] = y; }
fn store3(i: u32, y: f32) { out0[192u + i] = y; }
fn store4(i: u32, y: f32) { out0[256u + i] = y; }
fn store5(i: u32, y: f32) { out0[320u + i] = y; }
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) gid: vec3u) {
  let i = gid.x;
  if (i >= 192u) { return; }
  var total = f32(0.0);
  for (var chunk = 0u; chunk < table0[0].x; chunk++) { total += load0(chunk * 192u + i); }
  let tile = i / 12u;
  let slot = i % 12u;
  if (slot == 0u) { store0(0u * 16u + tile, total); }
  if (slot == 1u) { store0(1u * 16u + tile, total); }
  if (slot == 2u) { store1(0u * 16u + tile, total); }
  if (slot == 3u) { store1(1u * 16u + tile, total); }
  if (slot == 4u) { store2(0u * 16u + tile, total); }
  if (slot == 5u) { store2(1u * 16u + tile, total); }
  if (slot == 6u) { store3(0u * 16u + tile, total); }
  if (slot == 7u) { store3(1u * 16u + tile, total); }
  if (slot == 8u) { store4(0u * 16u + tile, total); }
  if (slot == 9u) { store4(1u * 16u + tile, total); }
  if (slot == 10u) { store5(0u * 16u + tile, total); }
  if (slot == 11u) { store5(1u * 16u + tile, total); }
}


// kernel 17: optimizer update statistics
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


// kernel 18: optimizer update update
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
  if (i >= 10688u) { return; }
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

