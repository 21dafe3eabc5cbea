// buffers
//   slot.0: slot, 4608 bytes
//   slot.1: slot, 4608 bytes
//   slot.2: slot, 4608 bytes
//   slot.3: slot, 4608 bytes
//   slot.4: slot, 3072 bytes
//   slot.5: slot, 2560 bytes
//   slot.6: slot, 1536 bytes
//   slot.7: slot, 256 bytes
//   slot.8: slot, 256 bytes
//   slot.9: slot, 192 bytes
//   slot.10: slot, 192 bytes
//   slot.11: slot, 192 bytes
//   slot.12: slot, 192 bytes
//   slot.13: slot, 192 bytes
//   slot.14: slot, 16 bytes
//   params: params, 8960 bytes
//   grads: output, 8960 bytes
//   state.0: state, 8960 bytes
//   state.1: state, 8960 bytes
//   output.outputs: output, 16 bytes
//   input.images: input, 480 bytes
//   output.loss: output, 16 bytes
//   output.gradient-statistics: output, 208 bytes
//   input.labels: input, 16 bytes
//   input.weights: input, 16 bytes
//   input.scalars: input, 16 bytes
//   table#fd19eca0: constant, 16 bytes
//   table#7dda49fc: constant, 32 bytes
//   table#71c51253: constant, 16 bytes
//   table#2a76bda1: constant, 16 bytes
//   table#ba69dc96: constant, 16 bytes
//   table#2a76bda1: constant, 16 bytes
//   table#98a919be: constant, 16 bytes
//   table#1fdbb5cf: constant, 16 bytes
//   table#2aaef9ba: constant, 16 bytes
//   table#393da156: constant, 16 bytes
//   table#3e1cd563: constant, 16 bytes
//   table#f2fd0951: constant, 208 bytes
//   table#e40de99d: constant, 144 bytes
// program infer
//   kernel 0, 17x1x1 groups: slot.0[0+160] table#fd19eca0[0+16] input.images[0+480] params[0+1408] slot.1[0+1536] table#7dda49fc[0+32]
//   kernel 1, 1x1x1 groups: slot.0[0+160] slot.2[0+192] table#71c51253[0+16]
//   kernel 2, 1x1x1 groups: slot.2[0+192] slot.1[0+1536] slot.0[0+3072] table#2a76bda1[0+16] table#ba69dc96[0+16]
//   kernel 3, 1x1x1 groups: slot.0[0+3072] slot.2[0+192] table#2a76bda1[0+16] table#ba69dc96[0+16] table#98a919be[0+16] table#71c51253[0+16]
//   kernel 4, 16x1x1 groups: params[1536+1408] slot.1[0+1536] table#7dda49fc[0+32]
//   kernel 2, 1x1x1 groups: slot.2[0+192] slot.1[0+1536] slot.0[0+3072] table#2a76bda1[0+16] table#ba69dc96[0+16]
//   kernel 3, 1x1x1 groups: slot.0[0+3072] slot.2[0+192] table#2a76bda1[0+16] table#ba69dc96[0+16] table#98a919be[0+16] table#71c51253[0+16]
//   kernel 4, 16x1x1 groups: params[3072+1408] slot.1[0+1536] table#7dda49fc[0+32]
//   kernel 2, 1x1x1 groups: slot.2[0+192] slot.1[0+1536] slot.0[0+3072] table#2a76bda1[0+16] table#ba69dc96[0+16]
//   kernel 3, 1x1x1 groups: slot.0[0+3072] slot.2[0+192] table#2a76bda1[0+16] table#ba69dc96[0+16] table#98a919be[0+16] table#71c51253[0+16]
//   kernel 4, 16x1x1 groups: params[4608+1408] slot.1[0+1536] table#7dda49fc[0+32]
//   kernel 2, 1x1x1 groups: slot.2[0+192] slot.1[0+1536] slot.0[0+3072] table#2a76bda1[0+16] table#ba69dc96[0+16]
//   kernel 5, 1x1x1 groups: slot.0[0+3072] slot.1[0+2560] table#2a76bda1[0+16] table#ba69dc96[0+16] table#98a919be[0+16] table#71c51253[0+16]
//   kernel 6, 1x1x1 groups: output.outputs[0+16] params[8704+8] slot.1[0+2560] params[6144+2560]
// program train
//   kernel 7, 64x1x1 groups: params[0+6016] slot.6[0+1536] table#7dda49fc[0+32] slot.0[0+4608]
//   kernel 8, 1x1x1 groups: input.images[0+480] slot.1[0+160] table#fd19eca0[0+16] input.labels[0+8] slot.13[0+16]
//   kernel 1, 1x1x1 groups: slot.1[0+160] slot.2[0+192] table#71c51253[0+16]
//   kernel 9, 1x1x1 groups: slot.2[0+192] slot.6[0+1536] slot.1[0+3072] slot.9[0+192] table#2a76bda1[0+16] table#ba69dc96[0+16]
//   kernel 10, 1x1x1 groups: slot.1[0+3072] slot.2[0+192] slot.7[0+256] table#2a76bda1[0+16] table#ba69dc96[0+16] table#98a919be[0+16] table#71c51253[0+16]
//   kernel 9, 1x1x1 groups: slot.2[0+192] slot.0[0+1536] slot.1[0+3072] slot.10[0+192] table#2a76bda1[0+16] table#ba69dc96[0+16]
//   kernel 10, 1x1x1 groups: slot.1[0+3072] slot.2[0+192] slot.8[0+256] table#2a76bda1[0+16] table#ba69dc96[0+16] table#98a919be[0+16] table#71c51253[0+16]
//   kernel 9, 1x1x1 groups: slot.2[0+192] slot.0[1536+1536] slot.1[0+3072] slot.11[0+192] table#2a76bda1[0+16] table#ba69dc96[0+16]
//   kernel 10, 1x1x1 groups: slot.1[0+3072] slot.2[0+192] slot.4[0+256] table#2a76bda1[0+16] table#ba69dc96[0+16] table#98a919be[0+16] table#71c51253[0+16]
//   kernel 9, 1x1x1 groups: slot.2[0+192] slot.0[3072+1536] slot.1[0+3072] slot.12[0+192] table#2a76bda1[0+16] table#ba69dc96[0+16]
//   kernel 11, 1x1x1 groups: slot.1[0+3072] slot.5[0+2560] slot.3[0+256] table#2a76bda1[0+16] table#ba69dc96[0+16] table#98a919be[0+16] table#71c51253[0+16]
//   kernel 12, 1x1x1 groups: slot.2[0+16] params[8704+8] slot.5[0+2560] params[6144+2560]
//   kernel 13, 1x1x1 groups: slot.2[0+16] output.outputs[0+16] slot.13[0+16] input.weights[0+8] output.loss[0+8] table#1fdbb5cf[0+16] slot.14[0+16] params[6144+2560] slot.1[0+2560] table#2aaef9ba[0+16]
//   kernel 14, 1x1x1 groups: slot.1[0+2560] slot.3[0+256] slot.2[0+3072] table#2a76bda1[0+16] table#ba69dc96[0+16] table#98a919be[0+16] table#393da156[0+16] table#3e1cd563[0+16]
//   kernel 15, 1x1x1 groups: slot.12[0+192] slot.0[3072+1536] slot.2[0+3072] params[4608+1408] slot.13[0+192] slot.1[0+4608] table#2a76bda1[0+16] table#ba69dc96[0+16] table#7dda49fc[0+32]
//   kernel 16, 1x1x1 groups: slot.13[0+192] slot.4[0+256] slot.3[0+3072] table#2a76bda1[0+16] table#ba69dc96[0+16] table#98a919be[0+16] table#393da156[0+16] table#3e1cd563[0+16]
//   kernel 15, 1x1x1 groups: slot.11[0+192] slot.0[1536+1536] slot.3[0+3072] params[3072+1408] slot.12[0+192] slot.2[0+4608] table#2a76bda1[0+16] table#ba69dc96[0+16] table#7dda49fc[0+32]
//   kernel 16, 1x1x1 groups: slot.12[0+192] slot.8[0+256] slot.4[0+3072] table#2a76bda1[0+16] table#ba69dc96[0+16] table#98a919be[0+16] table#393da156[0+16] table#3e1cd563[0+16]
//   kernel 15, 1x1x1 groups: slot.10[0+192] slot.0[0+1536] slot.4[0+3072] params[1536+1408] slot.8[0+192] slot.3[0+4608] table#2a76bda1[0+16] table#ba69dc96[0+16] table#7dda49fc[0+32]
//   kernel 16, 1x1x1 groups: slot.8[0+192] slot.7[0+256] slot.4[0+3072] table#2a76bda1[0+16] table#ba69dc96[0+16] table#98a919be[0+16] table#393da156[0+16] table#3e1cd563[0+16]
//   kernel 17, 1x1x1 groups: slot.9[0+192] slot.6[0+1536] slot.4[0+3072] params[0+1408] slot.0[0+4608] table#2a76bda1[0+16] table#ba69dc96[0+16] table#7dda49fc[0+32]
//   kernel 18, 66x1x1 groups: slot.0[0+4608] slot.3[0+4608] slot.2[0+4608] slot.1[0+4608] grads[0+6016] slot.14[0+16] grads[6144+2560] table#2aaef9ba[0+16] slot.5[0+2560]
//   kernel 19, 1x1x1 groups: slot.14[0+16] grads[8704+8] table#2aaef9ba[0+16]
//   kernel 20, 26x1x1 groups: grads[0+8960] output.gradient-statistics[0+208] table#f2fd0951[0+208]
//   kernel 21, 9x1x1 groups: grads[0+8960] input.scalars[0+16] params[0+8960] state.0[0+8960] state.1[0+8960] table#e40de99d[0+144]

// kernel 0: block.1/conv.1 forward sum + plane
// write, uniform, read, read, write, read
// contract: y[output] = sum over the other labels of a[left] b[right]
// expand: K[f, ky, kx] = formula(u[kx], v[ky]; parameters[f])
@group(0) @binding(0) var<storage, read_write> out0: array<vec4f>;
@group(0) @binding(1) var<uniform> table0: array<vec4u, 1>;
@group(0) @binding(2) var<storage, read> in2: array<vec4f>;
@group(0) @binding(3) var<storage, read> in3: array<f32>;
@group(0) @binding(4) var<storage, read_write> out0_1: array<vec2f>;
@group(0) @binding(5) var<storage, read> table1: array<f32, 7>;
fn store0x4(i: u32, y: vec4f) { out0[(i >> 2u)] = y; }
fn load0x4(i: u32) -> vec4f { return in2[(i >> 2u)]; }
fn body_0(i: u32) {
  let x0 = (i / 5u);
  let x1 = i % 5u;
  let base0 = x0 * 60u + x1 * 4u;
  var sum0 = vec4f();
  for (var k0 = 0u; k0 < table0[0].x; k0++) {
  let at0 = base0 + k0 * 20u;
  let v0s0 = load0x4(at0);
  sum0 += v0s0;
  }
  store0x4(x0 * 20u + x1 * 4u, sum0);
}
fn load0_1(i: u32) -> f32 { return in3[i]; }
fn load1_1(i: u32) -> f32 { return in3[64u + i]; }
fn load2_1(i: u32) -> f32 { return in3[128u + i]; }
fn load3_1(i: u32) -> f32 { return in3[192u + i]; }
fn load4_1(i: u32) -> f32 { return in3[256u + i]; }
fn load5_1(i: u32) -> f32 { return in3[320u + i]; }
fn store0_1(i: u32, y: vec2f) { out0_1[i] = y; }
fn body_1(group: u32, lane: u32) {
  let filter_ = group / 1u;
  let block = group % 1u;
  let p0_0 = load0_1(0u + filter_);
  let p3_0 = load3_1(0u + filter_);
  let p1_0 = load1_1(0u + filter_);
  let p5_0 = load5_1(0u + filter_);
  let p2_0 = load2_1(0u + filter_);
  let p4_0 = load4_1(0u + filter_);
  let p0_1 = load0_1(16u + filter_);
  let p3_1 = load3_1(16u + filter_);
  let p1_1 = load1_1(16u + filter_);
  let p5_1 = load5_1(16u + filter_);
  let p2_1 = load2_1(16u + filter_);
  let p4_1 = load4_1(16u + filter_);
  let d0 = ((max(p3_0, 0.0) + log(1.0 + exp(-abs(p3_0)))) + 0.000001);
  let d1 = (0.5 * (1.0 / (1.0 + exp(-clamp(p1_0, -80.0, 80.0)))));
  let d2 = ((1.0 / (1.0 + exp(-clamp(p2_0, -80.0, 80.0)))) + (-0.5));
  let d3 = ((max(p4_0, 0.0) + log(1.0 + exp(-abs(p4_0)))) + 0.000001);
  let d4 = ((max(p3_1, 0.0) + log(1.0 + exp(-abs(p3_1)))) + 0.000001);
  let d5 = (0.5 * (1.0 / (1.0 + exp(-clamp(p1_1, -80.0, 80.0)))));
  let d6 = ((1.0 / (1.0 + exp(-clamp(p2_1, -80.0, 80.0)))) + (-0.5));
  let d7 = ((max(p4_1, 0.0) + log(1.0 + exp(-abs(p4_1)))) + 0.000001);
  let last = min((block + 1u) * 1024u, 12u);
  for (var bin = block * 1024u + lane; bin < last; bin += 64u) {
    let u = table1[bin / 4u];
    let v = table1[3u + bin % 4u];
    let t0 = (v - d2);
    let t1 = ((d0 * (u - d1)) + (p5_0 * t0));
    let t2 = (d3 * t0);
    let t3 = (v - d6);
    let t4 = ((d4 * (u - d5)) + (p5_1 * t3));
    let t5 = (d7 * t3);
    store0_1(filter_ * 12u + bin, vec2f((p0_0 * exp(((-0.5) * ((t1 * t1) + (t2 * t2))))), (p0_1 * exp(((-0.5) * ((t4 * t4) + (t5 * t5)))))));
  }
}
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  if (group < 1u) { let own = group; let i = own * 64u + lane; if (i < 10u) { body_0(i); } }
  else if (group < 17u) { let own = (group - 1u); body_1(own, lane); }
}


// kernel 1: block.1/conv.1 forward rows
// read, write, uniform
// rfftRows: T[kx,y] = sum_n x[y,n] exp(-2 pi i kx n/W), kx < K
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read_write> out0: array<vec4f>;
@group(0) @binding(2) var<uniform> table0: array<vec4f, 1>;
fn cmul(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }
fn rowPoint(q: vec4f, position: u32, scale: vec4f) -> vec2f {
  let edge = position == 0u || 2u * position == 5u;
  let side = select(select(-1.0, 1.0, 2u * position < 5u), 0.0, edge);
  return select(scale.y, scale.x, edge) * vec2f(q.x - side * q.w, side * q.y + q.z);
}
fn rowColumn(position: u32) -> u32 { return min(position, 5u - position); }
fn rowPair(here: vec2f, mirrored: vec2f, k: u32, scale: vec4f) -> vec4f {
  let half = 0.5 * select(scale.y, scale.x, k == 0u || 2u * k == 5u);
  return half * vec4f(here.x + mirrored.x, here.y - mirrored.y, here.y + mirrored.y, mirrored.x - here.x);
}
fn rowMirror(k: u32) -> u32 { return select(5u - k, 0u, k == 0u); }
var<workgroup> points0: array<vec2f, 20>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn store0(i: u32, y: vec4f) { out0[i] = y; }
@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let first = group * 4u;
  {
    let task = lane;
    let line = task;
    let position = 0u;
    let t0 = vec2f(load0((first + line) * 10u + position), load0((first + line) * 10u + 5u + position));
    let t1 = vec2f(load0((first + line) * 10u + (position + 1u)), load0((first + line) * 10u + 5u + (position + 1u)));
    let t2 = vec2f(load0((first + line) * 10u + (position + 2u)), load0((first + line) * 10u + 5u + (position + 2u)));
    let t3 = vec2f(load0((first + line) * 10u + (position + 3u)), load0((first + line) * 10u + 5u + (position + 3u)));
    let t4 = vec2f(load0((first + line) * 10u + (position + 4u)), load0((first + line) * 10u + 5u + (position + 4u)));
    let t5 = t1 + t4;
    let t6 = t1 - t4;
    let t7 = t2 + t3;
    let t8 = t2 - t3;
    let t9 = t0 + t5 + t7;
    let t10 = t0 + 0.30901699437494745 * t5 + -0.8090169943749473 * t7;
    let t11 = 0.9510565162951535 * t6 + 0.5877852522924732 * t8;
    let t12 = vec2f(t11.y, -t11.x);
    let t13 = t10 + t12;
    let t14 = t10 - t12;
    let t15 = t0 + -0.8090169943749473 * t5 + 0.30901699437494723 * t7;
    let t16 = 0.5877852522924732 * t6 + -0.9510565162951536 * t8;
    let t17 = vec2f(t16.y, -t16.x);
    let t18 = t15 + t17;
    let t19 = t15 - t17;
    points0[line * 5u + 0u] = t9;
    points0[line * 5u + 1u] = t13;
    points0[line * 5u + 2u] = t18;
    points0[line * 5u + 3u] = t19;
    points0[line * 5u + 4u] = t14;
  }
  workgroupBarrier();
  for (var task = lane; task < 12u; task += 4u) {
    let line = task / 3u;
    let position = task % 3u;
    store0(((first + line) / 2u * 3u + position) * 2u + (first + line) % 2u, rowPair(points0[line * 5u + position], points0[line * 5u + rowMirror(position)], position, table0[0]));
  }
}


// kernel 2: block.1/conv.1 forward product
// read, read, write, uniform, uniform
// spectralProduct: U[b,f,kx,y] = sum_ky S[b,c,ky,kx] K[f,ky,kx] exp(2 pi i ky y/H), S the column transform of T, c = floor(f C/F)
@group(0) @binding(0) var<storage, read> in0: array<vec2f>;
@group(0) @binding(1) var<storage, read> in1: array<vec2f>;
@group(0) @binding(2) var<storage, read_write> out0: array<vec2f>;
@group(0) @binding(3) var<uniform> table0: array<vec4f, 1>;
@group(0) @binding(4) var<uniform> table1: array<vec4u, 1>;
fn cmul(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }
var<workgroup> points: array<vec2f, 48>;
fn load0(i: u32) -> vec2f { return in0[i]; }
fn load1(i: u32) -> vec2f { return in1[i]; }
fn store0(i: u32, y: vec2f) { out0[i] = y; }
@compute @workgroup_size(6)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let first = group * 6u;
  var half = 0u;
  var s0 = vec2f();
  var s1 = vec2f();
  var s2 = vec2f();
  var s3 = vec2f();
  {
    let own = lane;
    let position = 0u;
    let line = first + own;
    let inside = true;
    let t0 = load0(line * 4u + position);
    let t1 = load0(line * 4u + (position + 1u));
    let t2 = load0(line * 4u + (position + 2u));
    let t3 = load0(line * 4u + (position + 3u));
    let t4 = t0 + t2;
    let t5 = t0 - t2;
    let t6 = t1 + t3;
    let t7 = t1 - t3;
    let t8 = vec2f(t7.y, -t7.x);
    let t9 = t4 + t6;
    let t10 = t4 - t6;
    let t11 = t5 + t8;
    let t12 = t5 - t8;
    s0 = t9;
    s1 = t11;
    s2 = t10;
    s3 = t12;
  }
  for (var f = 0u; f < table1[0].x; f++) {
    {
      let own = lane;
      let position = 0u;
      let line = first + own;
      let inside = true;
      let t13 = cmul(s0, load1((f * 3u + line % 3u) * 4u + position)).yx;
      let t14 = cmul(s1, load1((f * 3u + line % 3u) * 4u + (position + 1u))).yx;
      let t15 = cmul(s2, load1((f * 3u + line % 3u) * 4u + (position + 2u))).yx;
      let t16 = cmul(s3, load1((f * 3u + line % 3u) * 4u + (position + 3u))).yx;
      let t17 = t13 + t15;
      let t18 = t13 - t15;
      let t19 = t14 + t16;
      let t20 = t14 - t16;
      let t21 = vec2f(t20.y, -t20.x);
      let t22 = t17 + t19;
      let t23 = t17 - t19;
      let t24 = t18 + t21;
      let t25 = t18 - t21;
      if (inside) { store0(((line / 3u * 16u + f) * 3u + line % 3u) * 4u + 0u, t22.yx); }
      if (inside) { store0(((line / 3u * 16u + f) * 3u + line % 3u) * 4u + 1u, t24.yx); }
      if (inside) { store0(((line / 3u * 16u + f) * 3u + line % 3u) * 4u + 2u, t23.yx); }
      if (inside) { store0(((line / 3u * 16u + f) * 3u + line % 3u) * 4u + 3u, t25.yx); }
    }
  }
}


// kernel 3: block.2/conv.1 forward activation
// read, write, uniform, uniform, uniform, uniform
// spectralActivation: T = row transform of (sum_f) g(row image of U[f])
@group(0) @binding(0) var<storage, read> in0: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> out0: array<vec4f>;
@group(0) @binding(2) var<uniform> table0: array<vec4f, 1>;
@group(0) @binding(3) var<uniform> table1: array<vec4u, 1>;
@group(0) @binding(4) var<uniform> table2: array<vec4f, 1>;
@group(0) @binding(5) var<uniform> table3: array<vec4f, 1>;
fn cmul(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }
fn rowPoint(q: vec4f, position: u32, scale: vec4f) -> vec2f {
  let edge = position == 0u || 2u * position == 5u;
  let side = select(select(-1.0, 1.0, 2u * position < 5u), 0.0, edge);
  return select(scale.y, scale.x, edge) * vec2f(q.x - side * q.w, side * q.y + q.z);
}
fn rowColumn(position: u32) -> u32 { return min(position, 5u - position); }
fn rowPair(here: vec2f, mirrored: vec2f, k: u32, scale: vec4f) -> vec4f {
  let half = 0.5 * select(scale.y, scale.x, k == 0u || 2u * k == 5u);
  return half * vec4f(here.x + mirrored.x, here.y - mirrored.y, here.y + mirrored.y, mirrored.x - here.x);
}
fn rowMirror(k: u32) -> u32 { return select(5u - k, 0u, k == 0u); }
var<workgroup> points: array<vec2f, 40>;
fn load0(i: u32) -> vec4f { return in0[i]; }
fn store0(i: u32, y: vec4f) { out0[i] = y; }
@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let first = group * 4u;
  var half = 0u;
  var next0 = vec2f();
  var next1 = vec2f();
  var next2 = vec2f();
  var next3 = vec2f();
  var next4 = vec2f();
  for (var f = 0u; f < table1[0].x; f++) {
    {
      let own = lane % 4u;
      let position = lane / 4u;
      let line = first + own;
      let inside = true;
      let t0 = rowPoint(load0(((line / 2u * 16u + f) * 3u + min(position, 5u - position)) * 2u + line % 2u), position, table2[0]).yx;
      let t1 = rowPoint(load0(((line / 2u * 16u + f) * 3u + min((position + 1u), 5u - (position + 1u))) * 2u + line % 2u), (position + 1u), table2[0]).yx;
      let t2 = rowPoint(load0(((line / 2u * 16u + f) * 3u + min((position + 2u), 5u - (position + 2u))) * 2u + line % 2u), (position + 2u), table2[0]).yx;
      let t3 = rowPoint(load0(((line / 2u * 16u + f) * 3u + min((position + 3u), 5u - (position + 3u))) * 2u + line % 2u), (position + 3u), table2[0]).yx;
      let t4 = rowPoint(load0(((line / 2u * 16u + f) * 3u + min((position + 4u), 5u - (position + 4u))) * 2u + line % 2u), (position + 4u), table2[0]).yx;
      let t5 = t1 + t4;
      let t6 = t1 - t4;
      let t7 = t2 + t3;
      let t8 = t2 - t3;
      let t9 = t0 + t5 + t7;
      let t10 = t0 + 0.30901699437494745 * t5 + -0.8090169943749473 * t7;
      let t11 = 0.9510565162951535 * t6 + 0.5877852522924732 * t8;
      let t12 = vec2f(t11.y, -t11.x);
      let t13 = t10 + t12;
      let t14 = t10 - t12;
      let t15 = t0 + -0.8090169943749473 * t5 + 0.30901699437494723 * t7;
      let t16 = 0.5877852522924732 * t6 + -0.9510565162951536 * t8;
      let t17 = vec2f(t16.y, -t16.x);
      let t18 = t15 + t17;
      let t19 = t15 - t17;
      let z0 = t9.yx; let y0 = vec2f(max(0.0, z0.x), max(0.0, z0.y)); next0 += y0;
      let z1 = t13.yx; let y1 = vec2f(max(0.0, z1.x), max(0.0, z1.y)); next1 += y1;
      let z2 = t18.yx; let y2 = vec2f(max(0.0, z2.x), max(0.0, z2.y)); next2 += y2;
      let z3 = t19.yx; let y3 = vec2f(max(0.0, z3.x), max(0.0, z3.y)); next3 += y3;
      let z4 = t14.yx; let y4 = vec2f(max(0.0, z4.x), max(0.0, z4.y)); next4 += y4;
    }
  }
  {
    let own = lane % 4u;
    let position = lane / 4u;
    let line = first + own;
    let inside = true;
    let t20 = next0;
    let t21 = next1;
    let t22 = next2;
    let t23 = next3;
    let t24 = next4;
    let t25 = t21 + t24;
    let t26 = t21 - t24;
    let t27 = t22 + t23;
    let t28 = t22 - t23;
    let t29 = t20 + t25 + t27;
    let t30 = t20 + 0.30901699437494745 * t25 + -0.8090169943749473 * t27;
    let t31 = 0.9510565162951535 * t26 + 0.5877852522924732 * t28;
    let t32 = vec2f(t31.y, -t31.x);
    let t33 = t30 + t32;
    let t34 = t30 - t32;
    let t35 = t20 + -0.8090169943749473 * t25 + 0.30901699437494723 * t27;
    let t36 = 0.5877852522924732 * t26 + -0.9510565162951536 * t28;
    let t37 = vec2f(t36.y, -t36.x);
    let t38 = t35 + t37;
    let t39 = t35 - t37;
    points[half + 0u * 4u + own] = t29;
    points[half + 1u * 4u + own] = t33;
    points[half + 2u * 4u + own] = t38;
    points[half + 3u * 4u + own] = t39;
    points[half + 4u * 4u + own] = t34;
  }
  workgroupBarrier();
  for (var task = lane; task < 12u; task += 4u) {
    let own = task % 4u;
    let k = task / 4u;
    let line = first + own;
    let inside = true;
    if (inside) { store0(((line / 2u) * 3u + k) * 2u + line % 2u, rowPair(points[half + k * 4u + own], points[half + select(5u - k, 0u, k == 0u) * 4u + own], k, table3[0])); }
  }
}


// kernel 4: block.2/conv.1 forward plane
// read, write, read
// expand: K[f, ky, kx] = formula(u[kx], v[ky]; parameters[f])
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read_write> out0: array<vec2f>;
@group(0) @binding(2) var<storage, read> table0: array<f32, 7>;
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
  let last = min((block + 1u) * 1024u, 12u);
  for (var bin = block * 1024u + lane; bin < last; bin += 64u) {
    let u = table0[bin / 4u];
    let v = table0[3u + bin % 4u];
    let t0 = (v - d2);
    let t1 = ((d0 * (u - d1)) + (p5_0 * t0));
    let t2 = (d3 * t0);
    let t3 = (v - d6);
    let t4 = ((d4 * (u - d5)) + (p5_1 * t3));
    let t5 = (d7 * t3);
    store0(filter_ * 12u + bin, vec2f((p0_0 * exp(((-0.5) * ((t1 * t1) + (t2 * t2))))), (p0_1 * exp(((-0.5) * ((t4 * t4) + (t5 * t5)))))));
  }
}


// kernel 5: block.4/relu.1 forward activation
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
  let edge = position == 0u || 2u * position == 5u;
  let side = select(select(-1.0, 1.0, 2u * position < 5u), 0.0, edge);
  return select(scale.y, scale.x, edge) * vec2f(q.x - side * q.w, side * q.y + q.z);
}
fn rowColumn(position: u32) -> u32 { return min(position, 5u - position); }
fn rowPair(here: vec2f, mirrored: vec2f, k: u32, scale: vec4f) -> vec4f {
  let half = 0.5 * select(scale.y, scale.x, k == 0u || 2u * k == 5u);
  return half * vec4f(here.x + mirrored.x, here.y - mirrored.y, here.y + mirrored.y, mirrored.x - here.x);
}
fn rowMirror(k: u32) -> u32 { return select(5u - k, 0u, k == 0u); }
var<workgroup> points: array<vec2f, 40>;
fn load0(i: u32) -> vec4f { return in0[i]; }
fn store0(i: u32, y: f32) { out0[i] = y; }
@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let first = group * 4u;
  var half = 0u;
  for (var f = 0u; f < table1[0].x; f++) {
    {
      let own = lane % 4u;
      let position = lane / 4u;
      let line = first + own;
      let inside = true;
      let t0 = rowPoint(load0(((line / 2u * 16u + f) * 3u + min(position, 5u - position)) * 2u + line % 2u), position, table2[0]).yx;
      let t1 = rowPoint(load0(((line / 2u * 16u + f) * 3u + min((position + 1u), 5u - (position + 1u))) * 2u + line % 2u), (position + 1u), table2[0]).yx;
      let t2 = rowPoint(load0(((line / 2u * 16u + f) * 3u + min((position + 2u), 5u - (position + 2u))) * 2u + line % 2u), (position + 2u), table2[0]).yx;
      let t3 = rowPoint(load0(((line / 2u * 16u + f) * 3u + min((position + 3u), 5u - (position + 3u))) * 2u + line % 2u), (position + 3u), table2[0]).yx;
      let t4 = rowPoint(load0(((line / 2u * 16u + f) * 3u + min((position + 4u), 5u - (position + 4u))) * 2u + line % 2u), (position + 4u), table2[0]).yx;
      let t5 = t1 + t4;
      let t6 = t1 - t4;
      let t7 = t2 + t3;
      let t8 = t2 - t3;
      let t9 = t0 + t5 + t7;
      let t10 = t0 + 0.30901699437494745 * t5 + -0.8090169943749473 * t7;
      let t11 = 0.9510565162951535 * t6 + 0.5877852522924732 * t8;
      let t12 = vec2f(t11.y, -t11.x);
      let t13 = t10 + t12;
      let t14 = t10 - t12;
      let t15 = t0 + -0.8090169943749473 * t5 + 0.30901699437494723 * t7;
      let t16 = 0.5877852522924732 * t6 + -0.9510565162951536 * t8;
      let t17 = vec2f(t16.y, -t16.x);
      let t18 = t15 + t17;
      let t19 = t15 - t17;
      let z0 = t9.yx; let y0 = vec2f(max(0.0, z0.x), max(0.0, z0.y));
      if (inside) { store0(((line / 2u * 16u + f) * 2u + line % 2u) * 10u + 0u, y0.x); store0(((line / 2u * 16u + f) * 2u + line % 2u) * 10u + 5u + 0u, y0.y); }
      let z1 = t13.yx; let y1 = vec2f(max(0.0, z1.x), max(0.0, z1.y));
      if (inside) { store0(((line / 2u * 16u + f) * 2u + line % 2u) * 10u + 1u, y1.x); store0(((line / 2u * 16u + f) * 2u + line % 2u) * 10u + 5u + 1u, y1.y); }
      let z2 = t18.yx; let y2 = vec2f(max(0.0, z2.x), max(0.0, z2.y));
      if (inside) { store0(((line / 2u * 16u + f) * 2u + line % 2u) * 10u + 2u, y2.x); store0(((line / 2u * 16u + f) * 2u + line % 2u) * 10u + 5u + 2u, y2.y); }
      let z3 = t19.yx; let y3 = vec2f(max(0.0, z3.x), max(0.0, z3.y));
      if (inside) { store0(((line / 2u * 16u + f) * 2u + line % 2u) * 10u + 3u, y3.x); store0(((line / 2u * 16u + f) * 2u + line % 2u) * 10u + 5u + 3u, y3.y); }
      let z4 = t14.yx; let y4 = vec2f(max(0.0, z4.x), max(0.0, z4.y));
      if (inside) { store0(((line / 2u * 16u + f) * 2u + line % 2u) * 10u + 4u, y4.x); store0(((line / 2u * 16u + f) * 2u + line % 2u) * 10u + 5u + 4u, y4.y); }
    }
  }
}


// kernel 6: dense.1 forward sum
// write, read, read, read
// fused: a core op with element-wise work in its loads and its store
@group(0) @binding(0) var<storage, read_write> out0: array<f32>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<storage, read> in2: array<vec4f>;
@group(0) @binding(3) var<storage, read> in3: array<vec4f>;
var<workgroup> lanes: array<f32, 256>;
var<workgroup> parts: array<f32, 32>;
fn store0(i: u32, y: f32) {
  let v1 = in1[((i % 2u))];
  out0[i] = tanh(clamp((y + v1), -10.0, 10.0));
}
fn load0x4(i: u32) -> vec4f { return in2[(i >> 2u)]; }
fn load1x4(i: u32) -> vec4f { return in3[(i >> 2u)]; }
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let tile = group % 1u;
  let chunk = group / 1u;
  let x0 = tile;
  let x1 = tile % 1u;
  let base0 = 0u;
  let base1 = 0u;
  let x0at0 = x0 + 0u;
  let x0at1 = x0 + 1u;
  let x1at0 = x1 + 0u;
  let x1at1 = x1 + 1u;
  var sum0 = f32(0.0);
  var sum1 = f32(0.0);
  var sum2 = f32(0.0);
  var sum3 = f32(0.0);
  let last = min((chunk + 1u) * 80u, 80u);
  for (var s = chunk * 80u + lane; s < last; s += 64u) {
  let k0 = s;
    let at0 = base0 + k0 * 4u;
    let v0s0 = load0x4(at0 + x0at0 * 320u);
    let v0s1 = load0x4(at0 + x0at1 * 320u);
    let at1 = base1 + k0 * 4u;
    let v1s0 = load1x4(at1 + x1at0 * 320u);
    let v1s1 = load1x4(at1 + x1at1 * 320u);
    sum0 += dot(v0s0, v1s0);
    sum1 += dot(v0s0, v1s1);
    sum2 += dot(v0s1, v1s0);
    sum3 += dot(v0s1, v1s1);
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
  let step0 = (slot / 2u);
    let step1 = slot % 2u;
    let place = (x0 + step0 * 1u) * 2u + (x1 + step1 * 1u);
    let inside = true;
  if (inside) { store0(place, total); }
  }
}


// kernel 7: block.1/conv.1 forward plane + block.2/conv.1 + block.3/conv.1 + block.4/conv.1
// read, write, read, write
// expand: K[f, ky, kx] = formula(u[kx], v[ky]; parameters[f])
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read_write> out0: array<vec2f>;
@group(0) @binding(2) var<storage, read> table0: array<f32, 7>;
@group(0) @binding(3) var<storage, read_write> out0_1: array<vec2f>;
var<private> piece: u32;
var<private> shift0: u32;
var<private> shift1: u32;
var<private> shift2: u32;
var<private> shift3: u32;
var<private> shift4: u32;
var<private> shift5: u32;
var<private> shift6: u32;
fn load0(i: u32) -> f32 { return in0[i]; }
fn load1(i: u32) -> f32 { return in0[64u + i]; }
fn load2(i: u32) -> f32 { return in0[128u + i]; }
fn load3(i: u32) -> f32 { return in0[192u + i]; }
fn load4(i: u32) -> f32 { return in0[256u + i]; }
fn load5(i: u32) -> f32 { return in0[320u + i]; }
fn store0(i: u32, y: vec2f) { out0[i] = y; }
fn body_0(group: u32, lane: u32) {
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
  let last = min((block + 1u) * 1024u, 12u);
  for (var bin = block * 1024u + lane; bin < last; bin += 64u) {
    let u = table0[bin / 4u];
    let v = table0[3u + bin % 4u];
    let t0 = (v - d2);
    let t1 = ((d0 * (u - d1)) + (p5_0 * t0));
    let t2 = (d3 * t0);
    let t3 = (v - d6);
    let t4 = ((d4 * (u - d5)) + (p5_1 * t3));
    let t5 = (d7 * t3);
    store0(filter_ * 12u + bin, vec2f((p0_0 * exp(((-0.5) * ((t1 * t1) + (t2 * t2))))), (p0_1 * exp(((-0.5) * ((t4 * t4) + (t5 * t5)))))));
  }
}
fn load0_1(i: u32) -> f32 { return in0[shift0 + i]; }
fn load1_1(i: u32) -> f32 { return in0[shift1 + i]; }
fn load2_1(i: u32) -> f32 { return in0[shift2 + i]; }
fn load3_1(i: u32) -> f32 { return in0[shift3 + i]; }
fn load4_1(i: u32) -> f32 { return in0[shift4 + i]; }
fn load5_1(i: u32) -> f32 { return in0[shift5 + i]; }
fn store0_1(i: u32, y: vec2f) { out0_1[shift6 + i] = y; }
fn body_1(group: u32, lane: u32) {
  let filter_ = group / 1u;
  let block = group % 1u;
  let p0_0 = load0_1(0u + filter_);
  let p3_0 = load3_1(0u + filter_);
  let p1_0 = load1_1(0u + filter_);
  let p5_0 = load5_1(0u + filter_);
  let p2_0 = load2_1(0u + filter_);
  let p4_0 = load4_1(0u + filter_);
  let p0_1 = load0_1(16u + filter_);
  let p3_1 = load3_1(16u + filter_);
  let p1_1 = load1_1(16u + filter_);
  let p5_1 = load5_1(16u + filter_);
  let p2_1 = load2_1(16u + filter_);
  let p4_1 = load4_1(16u + filter_);
  let d0 = ((max(p3_0, 0.0) + log(1.0 + exp(-abs(p3_0)))) + 0.000001);
  let d1 = (0.5 * (1.0 / (1.0 + exp(-clamp(p1_0, -80.0, 80.0)))));
  let d2 = ((1.0 / (1.0 + exp(-clamp(p2_0, -80.0, 80.0)))) + (-0.5));
  let d3 = ((max(p4_0, 0.0) + log(1.0 + exp(-abs(p4_0)))) + 0.000001);
  let d4 = ((max(p3_1, 0.0) + log(1.0 + exp(-abs(p3_1)))) + 0.000001);
  let d5 = (0.5 * (1.0 / (1.0 + exp(-clamp(p1_1, -80.0, 80.0)))));
  let d6 = ((1.0 / (1.0 + exp(-clamp(p2_1, -80.0, 80.0)))) + (-0.5));
  let d7 = ((max(p4_1, 0.0) + log(1.0 + exp(-abs(p4_1)))) + 0.000001);
  let last = min((block + 1u) * 1024u, 12u);
  for (var bin = block * 1024u + lane; bin < last; bin += 64u) {
    let u = table0[bin / 4u];
    let v = table0[3u + bin % 4u];
    let t0 = (v - d2);
    let t1 = ((d0 * (u - d1)) + (p5_0 * t0));
    let t2 = (d3 * t0);
    let t3 = (v - d6);
    let t4 = ((d4 * (u - d5)) + (p5_1 * t3));
    let t5 = (d7 * t3);
    store0_1(filter_ * 12u + bin, vec2f((p0_0 * exp(((-0.5) * ((t1 * t1) + (t2 * t2))))), (p0_1 * exp(((-0.5) * ((t4 * t4) + (t5 * t5)))))));
  }
}
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  if (group < 16u) { let own = group; body_0(own, lane); }
  else if (group < 64u) { let own = (group - 16u) % 16u; piece = (group - 16u) / 16u; shift0 = select(select(1152u, 768u, piece == 1u), 384u, piece == 0u); shift1 = select(select(1216u, 832u, piece == 1u), 448u, piece == 0u); shift2 = select(select(1280u, 896u, piece == 1u), 512u, piece == 0u); shift3 = select(select(1344u, 960u, piece == 1u), 576u, piece == 0u); shift4 = select(select(1408u, 1024u, piece == 1u), 640u, piece == 0u); shift5 = select(select(1472u, 1088u, piece == 1u), 704u, piece == 0u); shift6 = select(select(384u, 192u, piece == 1u), 0u, piece == 0u); body_1(own, lane); }
}


// kernel 8: block.1/conv.1 forward sum + dense.1 forward targets
// read, write, uniform, read, write
// contract: y[output] = sum over the other labels of a[left] b[right]
// oneHot: y[b, o] = on where o = label[b], off elsewhere
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read_write> out0: array<f32>;
@group(0) @binding(2) var<uniform> table0: array<vec4u, 1>;
@group(0) @binding(3) var<storage, read> in3: array<i32>;
@group(0) @binding(4) var<storage, read_write> out0_1: array<f32>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn store0(i: u32, y: f32) { out0[i] = y; }
fn store0x4(i: u32, y: vec4f) { store0(i + 0u, y.x); store0(i + 1u, y.y); store0(i + 2u, y.z); store0(i + 3u, y.w); }
fn load0x4(i: u32) -> vec4f { return vec4f(load0(i), load0(i + 1u), load0(i + 2u), load0(i + 3u)); }
fn body_0(i: u32) {
  let x0 = (i / 5u);
  let x1 = i % 5u;
  let base0 = x0 * 60u + x1 * 4u;
  var sum0 = vec4f();
  for (var k0 = 0u; k0 < table0[0].x; k0++) {
  let at0 = base0 + k0 * 20u;
  let v0s0 = load0x4(at0);
  sum0 += v0s0;
  }
  store0x4(x0 * 20u + x1 * 4u, sum0);
}
fn load0_1(i: u32) -> i32 { return in3[i]; }
fn store0_1(i: u32, y: f32) { out0_1[i] = y; }
fn body_1(i: u32) {
  store0_1(i, select(0.0, 1.0, load0_1(i / 2u) == i32(i % 2u)));
}
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  if (lane < 10u) { body_0(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 4u) { body_1(lane); }
}


// kernel 9: block.1/conv.1 forward product
// read, read, write, write, uniform, uniform
// spectralProduct: U[b,f,kx,y] = sum_ky S[b,c,ky,kx] K[f,ky,kx] exp(2 pi i ky y/H), S the column transform of T, c = floor(f C/F)
@group(0) @binding(0) var<storage, read> in0: array<vec2f>;
@group(0) @binding(1) var<storage, read> in1: array<vec2f>;
@group(0) @binding(2) var<storage, read_write> out0: array<vec2f>;
@group(0) @binding(3) var<storage, read_write> out1: array<vec2f>;
@group(0) @binding(4) var<uniform> table0: array<vec4f, 1>;
@group(0) @binding(5) var<uniform> table1: array<vec4u, 1>;
fn cmul(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }
var<workgroup> points: array<vec2f, 48>;
fn load0(i: u32) -> vec2f { return in0[i]; }
fn load1(i: u32) -> vec2f { return in1[i]; }
fn store0(i: u32, y: vec2f) { out0[i] = y; }
fn store1(i: u32, y: vec2f) { out1[i] = y; }
@compute @workgroup_size(6)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let first = group * 6u;
  var half = 0u;
  var s0 = vec2f();
  var s1 = vec2f();
  var s2 = vec2f();
  var s3 = vec2f();
  {
    let own = lane;
    let position = 0u;
    let line = first + own;
    let inside = true;
    let t0 = load0(line * 4u + position);
    let t1 = load0(line * 4u + (position + 1u));
    let t2 = load0(line * 4u + (position + 2u));
    let t3 = load0(line * 4u + (position + 3u));
    let t4 = t0 + t2;
    let t5 = t0 - t2;
    let t6 = t1 + t3;
    let t7 = t1 - t3;
    let t8 = vec2f(t7.y, -t7.x);
    let t9 = t4 + t6;
    let t10 = t4 - t6;
    let t11 = t5 + t8;
    let t12 = t5 - t8;
    s0 = t9;
    if (inside) { store1(line * 4u + 0u, t9); }
    s1 = t11;
    if (inside) { store1(line * 4u + 1u, t11); }
    s2 = t10;
    if (inside) { store1(line * 4u + 2u, t10); }
    s3 = t12;
    if (inside) { store1(line * 4u + 3u, t12); }
  }
  for (var f = 0u; f < table1[0].x; f++) {
    {
      let own = lane;
      let position = 0u;
      let line = first + own;
      let inside = true;
      let t13 = cmul(s0, load1((f * 3u + line % 3u) * 4u + position)).yx;
      let t14 = cmul(s1, load1((f * 3u + line % 3u) * 4u + (position + 1u))).yx;
      let t15 = cmul(s2, load1((f * 3u + line % 3u) * 4u + (position + 2u))).yx;
      let t16 = cmul(s3, load1((f * 3u + line % 3u) * 4u + (position + 3u))).yx;
      let t17 = t13 + t15;
      let t18 = t13 - t15;
      let t19 = t14 + t16;
      let t20 = t14 - t16;
      let t21 = vec2f(t20.y, -t20.x);
      let t22 = t17 + t19;
      let t23 = t17 - t19;
      let t24 = t18 + t21;
      let t25 = t18 - t21;
      if (inside) { store0(((line / 3u * 16u + f) * 3u + line % 3u) * 4u + 0u, t22.yx); }
      if (inside) { store0(((line / 3u * 16u + f) * 3u + line % 3u) * 4u + 1u, t24.yx); }
      if (inside) { store0(((line / 3u * 16u + f) * 3u + line % 3u) * 4u + 2u, t23.yx); }
      if (inside) { store0(((line / 3u * 16u + f) * 3u + line % 3u) * 4u + 3u, t25.yx); }
    }
  }
}


// kernel 10: block.2/conv.1 forward activation
// read, write, write, uniform, uniform, uniform, uniform
// spectralActivation: T = row transform of (sum_f) g(row image of U[f])
@group(0) @binding(0) var<storage, read> in0: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> out0: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> out1: array<i32>;
@group(0) @binding(3) var<uniform> table0: array<vec4f, 1>;
@group(0) @binding(4) var<uniform> table1: array<vec4u, 1>;
@group(0) @binding(5) var<uniform> table2: array<vec4f, 1>;
@group(0) @binding(6) var<uniform> table3: array<vec4f, 1>;
fn cmul(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }
fn rowPoint(q: vec4f, position: u32, scale: vec4f) -> vec2f {
  let edge = position == 0u || 2u * position == 5u;
  let side = select(select(-1.0, 1.0, 2u * position < 5u), 0.0, edge);
  return select(scale.y, scale.x, edge) * vec2f(q.x - side * q.w, side * q.y + q.z);
}
fn rowColumn(position: u32) -> u32 { return min(position, 5u - position); }
fn rowPair(here: vec2f, mirrored: vec2f, k: u32, scale: vec4f) -> vec4f {
  let half = 0.5 * select(scale.y, scale.x, k == 0u || 2u * k == 5u);
  return half * vec4f(here.x + mirrored.x, here.y - mirrored.y, here.y + mirrored.y, mirrored.x - here.x);
}
fn rowMirror(k: u32) -> u32 { return select(5u - k, 0u, k == 0u); }
var<workgroup> points: array<vec2f, 40>;
fn load0(i: u32) -> vec4f { return in0[i]; }
fn store0(i: u32, y: vec4f) { out0[i] = y; }
fn store1(i: u32, y: i32) { out1[i] = y; }
@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let first = group * 4u;
  var half = 0u;
  var next0 = vec2f();
  var next1 = vec2f();
  var next2 = vec2f();
  var next3 = vec2f();
  var next4 = vec2f();
  for (var f = 0u; f < table1[0].x; f++) {
    {
      let own = lane % 4u;
      let position = lane / 4u;
      let line = first + own;
      let inside = true;
      let t0 = rowPoint(load0(((line / 2u * 16u + f) * 3u + min(position, 5u - position)) * 2u + line % 2u), position, table2[0]).yx;
      let t1 = rowPoint(load0(((line / 2u * 16u + f) * 3u + min((position + 1u), 5u - (position + 1u))) * 2u + line % 2u), (position + 1u), table2[0]).yx;
      let t2 = rowPoint(load0(((line / 2u * 16u + f) * 3u + min((position + 2u), 5u - (position + 2u))) * 2u + line % 2u), (position + 2u), table2[0]).yx;
      let t3 = rowPoint(load0(((line / 2u * 16u + f) * 3u + min((position + 3u), 5u - (position + 3u))) * 2u + line % 2u), (position + 3u), table2[0]).yx;
      let t4 = rowPoint(load0(((line / 2u * 16u + f) * 3u + min((position + 4u), 5u - (position + 4u))) * 2u + line % 2u), (position + 4u), table2[0]).yx;
      let t5 = t1 + t4;
      let t6 = t1 - t4;
      let t7 = t2 + t3;
      let t8 = t2 - t3;
      let t9 = t0 + t5 + t7;
      let t10 = t0 + 0.30901699437494745 * t5 + -0.8090169943749473 * t7;
      let t11 = 0.9510565162951535 * t6 + 0.5877852522924732 * t8;
      let t12 = vec2f(t11.y, -t11.x);
      let t13 = t10 + t12;
      let t14 = t10 - t12;
      let t15 = t0 + -0.8090169943749473 * t5 + 0.30901699437494723 * t7;
      let t16 = 0.5877852522924732 * t6 + -0.9510565162951536 * t8;
      let t17 = vec2f(t16.y, -t16.x);
      let t18 = t15 + t17;
      let t19 = t15 - t17;
      let z0 = t9.yx; let y0 = vec2f(max(0.0, z0.x), max(0.0, z0.y)); let flags0 = vec2f(select(0.0, 1.0, 0.0 >= z0.x), select(0.0, 1.0, 0.0 >= z0.y)); next0 += y0;
      let z1 = t13.yx; let y1 = vec2f(max(0.0, z1.x), max(0.0, z1.y)); let flags1 = vec2f(select(0.0, 1.0, 0.0 >= z1.x), select(0.0, 1.0, 0.0 >= z1.y)); next1 += y1;
      let z2 = t18.yx; let y2 = vec2f(max(0.0, z2.x), max(0.0, z2.y)); let flags2 = vec2f(select(0.0, 1.0, 0.0 >= z2.x), select(0.0, 1.0, 0.0 >= z2.y)); next2 += y2;
      let z3 = t19.yx; let y3 = vec2f(max(0.0, z3.x), max(0.0, z3.y)); let flags3 = vec2f(select(0.0, 1.0, 0.0 >= z3.x), select(0.0, 1.0, 0.0 >= z3.y)); next3 += y3;
      let z4 = t14.yx; let y4 = vec2f(max(0.0, z4.x), max(0.0, z4.y)); let flags4 = vec2f(select(0.0, 1.0, 0.0 >= z4.x), select(0.0, 1.0, 0.0 >= z4.y)); next4 += y4;
      if (inside) { store1((line * 16u + f) * 1u + position, bitcast<i32>(select(0u, 1u, flags0.x != 0.0) | select(0u, 2u, flags0.y != 0.0) | select(0u, 4u, flags1.x != 0.0) | select(0u, 8u, flags1.y != 0.0) | select(0u, 16u, flags2.x != 0.0) | select(0u, 32u, flags2.y != 0.0) | select(0u, 64u, flags3.x != 0.0) | select(0u, 128u, flags3.y != 0.0) | select(0u, 256u, flags4.x != 0.0) | select(0u, 512u, flags4.y != 0.0))); }
    }
  }
  {
    let own = lane % 4u;
    let position = lane / 4u;
    let line = first + own;
    let inside = true;
    let t20 = next0;
    let t21 = next1;
    let t22 = next2;
    let t23 = next3;
    let t24 = next4;
    let t25 = t21 + t24;
    let t26 = t21 - t24;
    let t27 = t22 + t23;
    let t28 = t22 - t23;
    let t29 = t20 + t25 + t27;
    let t30 = t20 + 0.30901699437494745 * t25 + -0.8090169943749473 * t27;
    let t31 = 0.9510565162951535 * t26 + 0.5877852522924732 * t28;
    let t32 = vec2f(t31.y, -t31.x);
    let t33 = t30 + t32;
    let t34 = t30 - t32;
    let t35 = t20 + -0.8090169943749473 * t25 + 0.30901699437494723 * t27;
    let t36 = 0.5877852522924732 * t26 + -0.9510565162951536 * t28;
    let t37 = vec2f(t36.y, -t36.x);
    let t38 = t35 + t37;
    let t39 = t35 - t37;
    points[half + 0u * 4u + own] = t29;
    points[half + 1u * 4u + own] = t33;
    points[half + 2u * 4u + own] = t38;
    points[half + 3u * 4u + own] = t39;
    points[half + 4u * 4u + own] = t34;
  }
  workgroupBarrier();
  for (var task = lane; task < 12u; task += 4u) {
    let own = task % 4u;
    let k = task / 4u;
    let line = first + own;
    let inside = true;
    if (inside) { store0(((line / 2u) * 3u + k) * 2u + line % 2u, rowPair(points[half + k * 4u + own], points[half + select(5u - k, 0u, k == 0u) * 4u + own], k, table3[0])); }
  }
}


// kernel 11: block.4/relu.1 forward activation
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
  let edge = position == 0u || 2u * position == 5u;
  let side = select(select(-1.0, 1.0, 2u * position < 5u), 0.0, edge);
  return select(scale.y, scale.x, edge) * vec2f(q.x - side * q.w, side * q.y + q.z);
}
fn rowColumn(position: u32) -> u32 { return min(position, 5u - position); }
fn rowPair(here: vec2f, mirrored: vec2f, k: u32, scale: vec4f) -> vec4f {
  let half = 0.5 * select(scale.y, scale.x, k == 0u || 2u * k == 5u);
  return half * vec4f(here.x + mirrored.x, here.y - mirrored.y, here.y + mirrored.y, mirrored.x - here.x);
}
fn rowMirror(k: u32) -> u32 { return select(5u - k, 0u, k == 0u); }
var<workgroup> points: array<vec2f, 40>;
fn load0(i: u32) -> vec4f { return in0[i]; }
fn store0(i: u32, y: f32) { out0[i] = y; }
fn store1(i: u32, y: i32) { out1[i] = y; }
@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let first = group * 4u;
  var half = 0u;
  for (var f = 0u; f < table1[0].x; f++) {
    {
      let own = lane % 4u;
      let position = lane / 4u;
      let line = first + own;
      let inside = true;
      let t0 = rowPoint(load0(((line / 2u * 16u + f) * 3u + min(position, 5u - position)) * 2u + line % 2u), position, table2[0]).yx;
      let t1 = rowPoint(load0(((line / 2u * 16u + f) * 3u + min((position + 1u), 5u - (position + 1u))) * 2u + line % 2u), (position + 1u), table2[0]).yx;
      let t2 = rowPoint(load0(((line / 2u * 16u + f) * 3u + min((position + 2u), 5u - (position + 2u))) * 2u + line % 2u), (position + 2u), table2[0]).yx;
      let t3 = rowPoint(load0(((line / 2u * 16u + f) * 3u + min((position + 3u), 5u - (position + 3u))) * 2u + line % 2u), (position + 3u), table2[0]).yx;
      let t4 = rowPoint(load0(((line / 2u * 16u + f) * 3u + min((position + 4u), 5u - (position + 4u))) * 2u + line % 2u), (position + 4u), table2[0]).yx;
      let t5 = t1 + t4;
      let t6 = t1 - t4;
      let t7 = t2 + t3;
      let t8 = t2 - t3;
      let t9 = t0 + t5 + t7;
      let t10 = t0 + 0.30901699437494745 * t5 + -0.8090169943749473 * t7;
      let t11 = 0.9510565162951535 * t6 + 0.5877852522924732 * t8;
      let t12 = vec2f(t11.y, -t11.x);
      let t13 = t10 + t12;
      let t14 = t10 - t12;
      let t15 = t0 + -0.8090169943749473 * t5 + 0.30901699437494723 * t7;
      let t16 = 0.5877852522924732 * t6 + -0.9510565162951536 * t8;
      let t17 = vec2f(t16.y, -t16.x);
      let t18 = t15 + t17;
      let t19 = t15 - t17;
      let z0 = t9.yx; let y0 = vec2f(max(0.0, z0.x), max(0.0, z0.y)); let flags0 = vec2f(select(0.0, 1.0, 0.0 >= z0.x), select(0.0, 1.0, 0.0 >= z0.y));
      if (inside) { store0(((line / 2u * 16u + f) * 2u + line % 2u) * 10u + 0u, y0.x); store0(((line / 2u * 16u + f) * 2u + line % 2u) * 10u + 5u + 0u, y0.y); }
      let z1 = t13.yx; let y1 = vec2f(max(0.0, z1.x), max(0.0, z1.y)); let flags1 = vec2f(select(0.0, 1.0, 0.0 >= z1.x), select(0.0, 1.0, 0.0 >= z1.y));
      if (inside) { store0(((line / 2u * 16u + f) * 2u + line % 2u) * 10u + 1u, y1.x); store0(((line / 2u * 16u + f) * 2u + line % 2u) * 10u + 5u + 1u, y1.y); }
      let z2 = t18.yx; let y2 = vec2f(max(0.0, z2.x), max(0.0, z2.y)); let flags2 = vec2f(select(0.0, 1.0, 0.0 >= z2.x), select(0.0, 1.0, 0.0 >= z2.y));
      if (inside) { store0(((line / 2u * 16u + f) * 2u + line % 2u) * 10u + 2u, y2.x); store0(((line / 2u * 16u + f) * 2u + line % 2u) * 10u + 5u + 2u, y2.y); }
      let z3 = t19.yx; let y3 = vec2f(max(0.0, z3.x), max(0.0, z3.y)); let flags3 = vec2f(select(0.0, 1.0, 0.0 >= z3.x), select(0.0, 1.0, 0.0 >= z3.y));
      if (inside) { store0(((line / 2u * 16u + f) * 2u + line % 2u) * 10u + 3u, y3.x); store0(((line / 2u * 16u + f) * 2u + line % 2u) * 10u + 5u + 3u, y3.y); }
      let z4 = t14.yx; let y4 = vec2f(max(0.0, z4.x), max(0.0, z4.y)); let flags4 = vec2f(select(0.0, 1.0, 0.0 >= z4.x), select(0.0, 1.0, 0.0 >= z4.y));
      if (inside) { store0(((line / 2u * 16u + f) * 2u + line % 2u) * 10u + 4u, y4.x); store0(((line / 2u * 16u + f) * 2u + line % 2u) * 10u + 5u + 4u, y4.y); }
      if (inside) { store1((line * 16u + f) * 1u + position, bitcast<i32>(select(0u, 1u, flags0.x != 0.0) | select(0u, 2u, flags0.y != 0.0) | select(0u, 4u, flags1.x != 0.0) | select(0u, 8u, flags1.y != 0.0) | select(0u, 16u, flags2.x != 0.0) | select(0u, 32u, flags2.y != 0.0) | select(0u, 64u, flags3.x != 0.0) | select(0u, 128u, flags3.y != 0.0) | select(0u, 256u, flags4.x != 0.0) | select(0u, 512u, flags4.y != 0.0))); }
    }
  }
}


// kernel 12: dense.1 forward sum
// write, read, read, read
// fused: a core op with element-wise work in its loads and its store
@group(0) @binding(0) var<storage, read_write> out0: array<f32>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<storage, read> in2: array<vec4f>;
@group(0) @binding(3) var<storage, read> in3: array<vec4f>;
var<workgroup> lanes: array<f32, 256>;
var<workgroup> parts: array<f32, 32>;
fn store0(i: u32, y: f32) {
  let v1 = in1[((i % 2u))];
  out0[i] = (y + v1);
}
fn load0x4(i: u32) -> vec4f { return in2[(i >> 2u)]; }
fn load1x4(i: u32) -> vec4f { return in3[(i >> 2u)]; }
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let tile = group % 1u;
  let chunk = group / 1u;
  let x0 = tile;
  let x1 = tile % 1u;
  let base0 = 0u;
  let base1 = 0u;
  let x0at0 = x0 + 0u;
  let x0at1 = x0 + 1u;
  let x1at0 = x1 + 0u;
  let x1at1 = x1 + 1u;
  var sum0 = f32(0.0);
  var sum1 = f32(0.0);
  var sum2 = f32(0.0);
  var sum3 = f32(0.0);
  let last = min((chunk + 1u) * 80u, 80u);
  for (var s = chunk * 80u + lane; s < last; s += 64u) {
  let k0 = s;
    let at0 = base0 + k0 * 4u;
    let v0s0 = load0x4(at0 + x0at0 * 320u);
    let v0s1 = load0x4(at0 + x0at1 * 320u);
    let at1 = base1 + k0 * 4u;
    let v1s0 = load1x4(at1 + x1at0 * 320u);
    let v1s1 = load1x4(at1 + x1at1 * 320u);
    sum0 += dot(v0s0, v1s0);
    sum1 += dot(v0s0, v1s1);
    sum2 += dot(v0s1, v1s0);
    sum3 += dot(v0s1, v1s1);
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
  let step0 = (slot / 2u);
    let step1 = slot % 2u;
    let place = (x0 + step0 * 1u) * 2u + (x1 + step1 * 1u);
    let inside = true;
  if (inside) { store0(place, total); }
  }
}


// kernel 13: dense.1 forward map + sum + dense.1 backward map + sum
// read, write, read, read, write, uniform, write, read, write, uniform
// map: y[i] = f(x0[i], x1[i], ...)
// fused: a core op with element-wise work in its loads and its store
// contract: y[output] = sum over the other labels of a[left] b[right]
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read_write> out0: array<f32>;
@group(0) @binding(2) var<storage, read> in2: array<f32>;
@group(0) @binding(3) var<storage, read> in3: array<f32>;
@group(0) @binding(4) var<storage, read_write> out0_1: array<f32>;
@group(0) @binding(5) var<uniform> table0: array<vec4u, 1>;
@group(0) @binding(6) var<storage, read_write> out0_2: array<f32>;
@group(0) @binding(7) var<storage, read> in7: array<f32>;
@group(0) @binding(8) var<storage, read_write> out0_3: array<f32>;
@group(0) @binding(9) var<uniform> table1: array<vec4u, 1>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn store0(i: u32, y: f32) { out0[i] = y; }
fn body_0(i: u32) {
  let v0 = load0(i);
  store0(i, tanh(clamp(v0, -10.0, 10.0)));
}
fn load0_1(i: u32) -> f32 {
  let v0 = out0[i];
  let v1 = in2[i];
  let v2 = in3[((i / 2u))];
  let t0 = (v0 - v1);
  return (((t0 * t0) * v2) / 2.0);
}
fn store0_1(i: u32, y: f32) { out0_1[i] = y; }
fn load0_1x4(i: u32) -> vec4f { return vec4f(load0_1(i), load0_1(i + 1u), load0_1(i + 2u), load0_1(i + 3u)); }
fn body_1(i: u32) {
  let base0 = 0u;
  var sum0 = f32();
  for (var k0 = 0u; k0 < table0[0].x; k0++) {
  let at0 = base0 + k0 * 4u;
  let v0s0 = load0_1x4(at0);
  sum0 += dot(v0s0, vec4f(1.0));
  }
  store0_1(0u, sum0);
}
fn load0_2(i: u32) -> f32 { return in0[i]; }
fn load1_2(i: u32) -> f32 { return out0[i]; }
fn load2_2(i: u32) -> f32 { return in2[i]; }
fn load3_2(i: u32) -> f32 { return in3[i]; }
fn store0_2(i: u32, y: f32) { out0_2[i] = y; }
fn body_2(i: u32) {
  let v0 = load0_2(i);
  let v1 = load1_2(i);
  let v2 = load2_2(i);
  let v3 = load3_2((i / 2u));
  let t0 = tanh(clamp(v0, -10.0, 10.0));
  store0_2(i, ((((2.0 * (v1 - v2)) * v3) / 2.0) * (select(0.0, 1.0, 10.0 >= abs(v0)) * (1.0 - (t0 * t0)))));
}
fn load0_3(i: u32) -> f32 { return out0_2[i]; }
fn load1_3(i: u32) -> f32 { return in7[i]; }
fn store0_3(i: u32, y: f32) { out0_3[i] = y; }
fn store0_3x4(i: u32, y: vec4f) { store0_3(i + 0u, y.x); store0_3(i + 1u, y.y); store0_3(i + 2u, y.z); store0_3(i + 3u, y.w); }
fn load1_3x4(i: u32) -> vec4f { return vec4f(load1_3(i), load1_3(i + 1u), load1_3(i + 2u), load1_3(i + 3u)); }
fn body_3(i: u32) {
  let x0 = (i / 80u);
  let x1 = i % 80u;
  let base0 = 0u;
  let base1 = x1 * 4u;
  let x0at0 = x0 + 0u;
  let x0at1 = x0 + 1u;
  var sum0 = vec4f();
  var sum1 = vec4f();
  for (var k0 = 0u; k0 < table1[0].x; k0++) {
  let at0 = base0 + k0;
  let v0s0 = load0_3(at0 + x0at0 * 2u);
  let v0s1 = load0_3(at0 + x0at1 * 2u);
  let at1 = base1 + k0 * 320u;
  let v1s0 = load1_3x4(at1);
  sum0 += v0s0 * v1s0;
  sum1 += v0s1 * v1s0;
  }
  store0_3x4(x0 * 320u + x1 * 4u, sum0);
  store0_3x4((x0 + 1u) * 320u + x1 * 4u, sum1);
}
@compute @workgroup_size(128)
fn main(@builtin(local_invocation_index) lane: u32) {
  if (lane < 4u) { body_0(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 1u) { body_1(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 4u) { body_2(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 80u) { body_3(lane); }
}


// kernel 14: block.4/relu.1 backward activation gradient
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
  let edge = position == 0u || 2u * position == 5u;
  let side = select(select(-1.0, 1.0, 2u * position < 5u), 0.0, edge);
  return select(scale.y, scale.x, edge) * vec2f(q.x - side * q.w, side * q.y + q.z);
}
fn rowColumn(position: u32) -> u32 { return min(position, 5u - position); }
fn rowPair(here: vec2f, mirrored: vec2f, k: u32, scale: vec4f) -> vec4f {
  let half = 0.5 * select(scale.y, scale.x, k == 0u || 2u * k == 5u);
  return half * vec4f(here.x + mirrored.x, here.y - mirrored.y, here.y + mirrored.y, mirrored.x - here.x);
}
fn rowMirror(k: u32) -> u32 { return select(5u - k, 0u, k == 0u); }
var<workgroup> points: array<vec2f, 40>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn load1(i: u32) -> i32 { return in1[i]; }
fn store0(i: u32, y: vec4f) { out0[i] = y; }
@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let first = group * 4u;
  var half = 0u;
  for (var f = 0u; f < table1[0].x; f++) {
    {
      let own = lane % 4u;
      let position = lane / 4u;
      let line = first + own;
      let inside = true;
      let mask = bitcast<u32>(load1((line * 16u + f) * 1u + position));
      let z0 = vec2f(select(0.0, 1.0, (mask & 1u) != 0u), select(0.0, 1.0, (mask & 2u) != 0u)); let g0 = vec2f(load0(((line / 2u * 16u + f) * 2u + line % 2u) * 10u + position), load0(((line / 2u * 16u + f) * 2u + line % 2u) * 10u + 5u + position)); let d0 = g0 * vec2f(select(1.0, 0.0, z0.x != 0.0), select(1.0, 0.0, z0.y != 0.0));
      let t0 = d0;
      let z1 = vec2f(select(0.0, 1.0, (mask & 4u) != 0u), select(0.0, 1.0, (mask & 8u) != 0u)); let g1 = vec2f(load0(((line / 2u * 16u + f) * 2u + line % 2u) * 10u + (position + 1u)), load0(((line / 2u * 16u + f) * 2u + line % 2u) * 10u + 5u + (position + 1u))); let d1 = g1 * vec2f(select(1.0, 0.0, z1.x != 0.0), select(1.0, 0.0, z1.y != 0.0));
      let t1 = d1;
      let z2 = vec2f(select(0.0, 1.0, (mask & 16u) != 0u), select(0.0, 1.0, (mask & 32u) != 0u)); let g2 = vec2f(load0(((line / 2u * 16u + f) * 2u + line % 2u) * 10u + (position + 2u)), load0(((line / 2u * 16u + f) * 2u + line % 2u) * 10u + 5u + (position + 2u))); let d2 = g2 * vec2f(select(1.0, 0.0, z2.x != 0.0), select(1.0, 0.0, z2.y != 0.0));
      let t2 = d2;
      let z3 = vec2f(select(0.0, 1.0, (mask & 64u) != 0u), select(0.0, 1.0, (mask & 128u) != 0u)); let g3 = vec2f(load0(((line / 2u * 16u + f) * 2u + line % 2u) * 10u + (position + 3u)), load0(((line / 2u * 16u + f) * 2u + line % 2u) * 10u + 5u + (position + 3u))); let d3 = g3 * vec2f(select(1.0, 0.0, z3.x != 0.0), select(1.0, 0.0, z3.y != 0.0));
      let t3 = d3;
      let z4 = vec2f(select(0.0, 1.0, (mask & 256u) != 0u), select(0.0, 1.0, (mask & 512u) != 0u)); let g4 = vec2f(load0(((line / 2u * 16u + f) * 2u + line % 2u) * 10u + (position + 4u)), load0(((line / 2u * 16u + f) * 2u + line % 2u) * 10u + 5u + (position + 4u))); let d4 = g4 * vec2f(select(1.0, 0.0, z4.x != 0.0), select(1.0, 0.0, z4.y != 0.0));
      let t4 = d4;
      let t5 = t1 + t4;
      let t6 = t1 - t4;
      let t7 = t2 + t3;
      let t8 = t2 - t3;
      let t9 = t0 + t5 + t7;
      let t10 = t0 + 0.30901699437494745 * t5 + -0.8090169943749473 * t7;
      let t11 = 0.9510565162951535 * t6 + 0.5877852522924732 * t8;
      let t12 = vec2f(t11.y, -t11.x);
      let t13 = t10 + t12;
      let t14 = t10 - t12;
      let t15 = t0 + -0.8090169943749473 * t5 + 0.30901699437494723 * t7;
      let t16 = 0.5877852522924732 * t6 + -0.9510565162951536 * t8;
      let t17 = vec2f(t16.y, -t16.x);
      let t18 = t15 + t17;
      let t19 = t15 - t17;
      points[half + 0u * 4u + own] = t9;
      points[half + 1u * 4u + own] = t13;
      points[half + 2u * 4u + own] = t18;
      points[half + 3u * 4u + own] = t19;
      points[half + 4u * 4u + own] = t14;
    }
    workgroupBarrier();
    for (var task = lane; task < 12u; task += 4u) {
      let own = task % 4u;
      let k = task / 4u;
      let line = first + own;
      let inside = true;
      if (inside) { store0(((line / 2u * 16u + f) * 3u + k) * 2u + line % 2u, rowPair(points[half + k * 4u + own], points[half + select(5u - k, 0u, k == 0u) * 4u + own], k, table4[0])); }
    }
    half = 20u - half;
  }
}


// kernel 15: block.4/conv.1 backward product gradient
// read, read, read, read, write, write, uniform, uniform, read
// spectralProductGradient: dT = inverse column transform of sum_f conj(K[f]) G[f]; A[b,f] = conj(S[b]) G[b,f], G the column transform of dU
@group(0) @binding(0) var<storage, read> in0: array<vec2f>;
@group(0) @binding(1) var<storage, read> in1: array<vec2f>;
@group(0) @binding(2) var<storage, read> in2: array<vec2f>;
@group(0) @binding(3) var<storage, read> in3: array<f32>;
@group(0) @binding(4) var<storage, read_write> out0: array<vec2f>;
@group(0) @binding(5) var<storage, read_write> out1: array<f32>;
@group(0) @binding(6) var<uniform> table0: array<vec4f, 1>;
@group(0) @binding(7) var<uniform> table1: array<vec4u, 1>;
@group(0) @binding(8) var<storage, read> table2: array<f32, 7>;
fn cmul(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }
fn cmulc(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x + a.y * b.y, a.y * b.x - a.x * b.y); }
var<workgroup> points: array<vec2f, 48>;
fn load0(i: u32) -> vec2f { return in0[i]; }
fn load1(i: u32) -> vec2f { return in1[i]; }
fn load2(i: u32) -> vec2f { return in2[i]; }
fn load3(i: u32) -> f32 { return in3[i]; }
fn load4(i: u32) -> f32 { return in3[64u + i]; }
fn load5(i: u32) -> f32 { return in3[128u + i]; }
fn load6(i: u32) -> f32 { return in3[192u + i]; }
fn load7(i: u32) -> f32 { return in3[256u + i]; }
fn load8(i: u32) -> f32 { return in3[320u + i]; }
fn store0(i: u32, y: vec2f) { out0[i] = y; }
fn store1(i: u32, y: f32) { out1[i] = y; }
@compute @workgroup_size(6)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let first = group * 6u;
  var half = 0u;
  var sum0 = vec2f();
  var sum1 = vec2f();
  var sum2 = vec2f();
  var sum3 = vec2f();
  var part0 = 0.0;
  var part1 = 0.0;
  var part2 = 0.0;
  var part3 = 0.0;
  var part4 = 0.0;
  var part5 = 0.0;
  var part6 = 0.0;
  var part7 = 0.0;
  var part8 = 0.0;
  var part9 = 0.0;
  var part10 = 0.0;
  var part11 = 0.0;
  for (var f = 0u; f < table1[0].x; f++) {
    part0 = 0.0;
    part1 = 0.0;
    part2 = 0.0;
    part3 = 0.0;
    part4 = 0.0;
    part5 = 0.0;
    part6 = 0.0;
    part7 = 0.0;
    part8 = 0.0;
    part9 = 0.0;
    part10 = 0.0;
    part11 = 0.0;
    {
      let own = lane;
      let position = 0u;
      let line = first + own;
      let inside = true;
      let t0 = load2(((line / 3u * 16u + f) * 3u + line % 3u) * 4u + position);
      let t1 = load2(((line / 3u * 16u + f) * 3u + line % 3u) * 4u + (position + 1u));
      let t2 = load2(((line / 3u * 16u + f) * 3u + line % 3u) * 4u + (position + 2u));
      let t3 = load2(((line / 3u * 16u + f) * 3u + line % 3u) * 4u + (position + 3u));
      let t4 = t0 + t2;
      let t5 = t0 - t2;
      let t6 = t1 + t3;
      let t7 = t1 - t3;
      let t8 = vec2f(t7.y, -t7.x);
      let t9 = t4 + t6;
      let t10 = t4 - t6;
      let t11 = t5 + t8;
      let t12 = t5 - t8;
      let column = line % 3u;
      let filter_ = f;
      let p3_0 = load6(0u + filter_);
      let p1_0 = load4(0u + filter_);
      let p5_0 = load8(0u + filter_);
      let p2_0 = load5(0u + filter_);
      let p4_0 = load7(0u + filter_);
      let p3_1 = load6(16u + filter_);
      let p1_1 = load4(16u + filter_);
      let p5_1 = load8(16u + filter_);
      let p2_1 = load5(16u + filter_);
      let p4_1 = load7(16u + filter_);
      let p0_0 = load3(0u + filter_);
      let p0_1 = load3(16u + filter_);
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
      let u = table2[column];
      sum0 += cmulc(t9, load1((f * 3u + line % 3u) * 4u + 0u));
      { let A = cmulc(t9, load0(line * 4u + 0u)); let v = table2[3u + 0u]; let t0 = (u - d1); let t1 = (v - d2); let t2 = ((d0 * t0) + (p5_0 * t1)); let t3 = (d3 * t1); let t4 = exp(((-0.5) * ((t2 * t2) + (t3 * t3)))); let t5 = (u - d5); let t6 = (v - d6); let t7 = ((d4 * t5) + (p5_1 * t6)); let t8 = (d7 * t6); let t9 = exp(((-0.5) * ((t7 * t7) + (t8 * t8)))); part0 += (A.x * t4); part1 += (A.y * t9); part2 += (-(A.x * (p0_0 * (t4 * (t2 * d8))))); part3 += (-(A.y * (p0_1 * (t9 * (t7 * d9))))); part4 += (A.x * (p0_0 * (t4 * ((-0.5) * (((-2.0) * (t2 * d10)) + ((-2.0) * (t3 * d11))))))); part5 += (A.y * (p0_1 * (t9 * ((-0.5) * (((-2.0) * (t7 * d12)) + ((-2.0) * (t8 * d13))))))); part6 += (-(A.x * (p0_0 * (t4 * (t2 * (d14 * t0)))))); part7 += (-(A.y * (p0_1 * (t9 * (t7 * (d15 * t5)))))); part8 += (-(A.x * (p0_0 * (t4 * (t3 * (d16 * t1)))))); part9 += (-(A.y * (p0_1 * (t9 * (t8 * (d17 * t6)))))); part10 += (-(A.x * (p0_0 * (t4 * (t2 * t1))))); part11 += (-(A.y * (p0_1 * (t9 * (t7 * t6))))); }
      sum1 += cmulc(t11, load1((f * 3u + line % 3u) * 4u + 1u));
      { let A = cmulc(t11, load0(line * 4u + 1u)); let v = table2[3u + 1u]; let t0 = (u - d1); let t1 = (v - d2); let t2 = ((d0 * t0) + (p5_0 * t1)); let t3 = (d3 * t1); let t4 = exp(((-0.5) * ((t2 * t2) + (t3 * t3)))); let t5 = (u - d5); let t6 = (v - d6); let t7 = ((d4 * t5) + (p5_1 * t6)); let t8 = (d7 * t6); let t9 = exp(((-0.5) * ((t7 * t7) + (t8 * t8)))); part0 += (A.x * t4); part1 += (A.y * t9); part2 += (-(A.x * (p0_0 * (t4 * (t2 * d8))))); part3 += (-(A.y * (p0_1 * (t9 * (t7 * d9))))); part4 += (A.x * (p0_0 * (t4 * ((-0.5) * (((-2.0) * (t2 * d10)) + ((-2.0) * (t3 * d11))))))); part5 += (A.y * (p0_1 * (t9 * ((-0.5) * (((-2.0) * (t7 * d12)) + ((-2.0) * (t8 * d13))))))); part6 += (-(A.x * (p0_0 * (t4 * (t2 * (d14 * t0)))))); part7 += (-(A.y * (p0_1 * (t9 * (t7 * (d15 * t5)))))); part8 += (-(A.x * (p0_0 * (t4 * (t3 * (d16 * t1)))))); part9 += (-(A.y * (p0_1 * (t9 * (t8 * (d17 * t6)))))); part10 += (-(A.x * (p0_0 * (t4 * (t2 * t1))))); part11 += (-(A.y * (p0_1 * (t9 * (t7 * t6))))); }
      sum2 += cmulc(t10, load1((f * 3u + line % 3u) * 4u + 2u));
      { let A = cmulc(t10, load0(line * 4u + 2u)); let v = table2[3u + 2u]; let t0 = (u - d1); let t1 = (v - d2); let t2 = ((d0 * t0) + (p5_0 * t1)); let t3 = (d3 * t1); let t4 = exp(((-0.5) * ((t2 * t2) + (t3 * t3)))); let t5 = (u - d5); let t6 = (v - d6); let t7 = ((d4 * t5) + (p5_1 * t6)); let t8 = (d7 * t6); let t9 = exp(((-0.5) * ((t7 * t7) + (t8 * t8)))); part0 += (A.x * t4); part1 += (A.y * t9); part2 += (-(A.x * (p0_0 * (t4 * (t2 * d8))))); part3 += (-(A.y * (p0_1 * (t9 * (t7 * d9))))); part4 += (A.x * (p0_0 * (t4 * ((-0.5) * (((-2.0) * (t2 * d10)) + ((-2.0) * (t3 * d11))))))); part5 += (A.y * (p0_1 * (t9 * ((-0.5) * (((-2.0) * (t7 * d12)) + ((-2.0) * (t8 * d13))))))); part6 += (-(A.x * (p0_0 * (t4 * (t2 * (d14 * t0)))))); part7 += (-(A.y * (p0_1 * (t9 * (t7 * (d15 * t5)))))); part8 += (-(A.x * (p0_0 * (t4 * (t3 * (d16 * t1)))))); part9 += (-(A.y * (p0_1 * (t9 * (t8 * (d17 * t6)))))); part10 += (-(A.x * (p0_0 * (t4 * (t2 * t1))))); part11 += (-(A.y * (p0_1 * (t9 * (t7 * t6))))); }
      sum3 += cmulc(t12, load1((f * 3u + line % 3u) * 4u + 3u));
      { let A = cmulc(t12, load0(line * 4u + 3u)); let v = table2[3u + 3u]; let t0 = (u - d1); let t1 = (v - d2); let t2 = ((d0 * t0) + (p5_0 * t1)); let t3 = (d3 * t1); let t4 = exp(((-0.5) * ((t2 * t2) + (t3 * t3)))); let t5 = (u - d5); let t6 = (v - d6); let t7 = ((d4 * t5) + (p5_1 * t6)); let t8 = (d7 * t6); let t9 = exp(((-0.5) * ((t7 * t7) + (t8 * t8)))); part0 += (A.x * t4); part1 += (A.y * t9); part2 += (-(A.x * (p0_0 * (t4 * (t2 * d8))))); part3 += (-(A.y * (p0_1 * (t9 * (t7 * d9))))); part4 += (A.x * (p0_0 * (t4 * ((-0.5) * (((-2.0) * (t2 * d10)) + ((-2.0) * (t3 * d11))))))); part5 += (A.y * (p0_1 * (t9 * ((-0.5) * (((-2.0) * (t7 * d12)) + ((-2.0) * (t8 * d13))))))); part6 += (-(A.x * (p0_0 * (t4 * (t2 * (d14 * t0)))))); part7 += (-(A.y * (p0_1 * (t9 * (t7 * (d15 * t5)))))); part8 += (-(A.x * (p0_0 * (t4 * (t3 * (d16 * t1)))))); part9 += (-(A.y * (p0_1 * (t9 * (t8 * (d17 * t6)))))); part10 += (-(A.x * (p0_0 * (t4 * (t2 * t1))))); part11 += (-(A.y * (p0_1 * (t9 * (t7 * t6))))); }
    }
    {
      let own = lane;
      let position = 0u;
      let line = first + own;
      let inside = true;
      points[half + own * 4u + (position + 0u)] = vec2f(part0, part1);
      points[half + own * 4u + (position + 1u)] = vec2f(part2, part3);
      points[half + own * 4u + (position + 2u)] = vec2f(part4, part5);
      points[half + own * 4u + (position + 3u)] = vec2f(part6, part7);
    }
    workgroupBarrier();
    for (var task = lane; task < 48u; task += 6u) {
      let own = task / 8u;
      let slot = task % 8u;
      let line = first + own;
      let inside = true;
      var total = 0.0;
      for (var holder = 0u; holder < 1u; holder++) { total += points[half + own * 4u + (slot / 2u * 1u + holder)][slot % 2u]; }
      if (inside && slot == 0u) { store1((line * 16u + f) * 12u + 0u, total); }
      if (inside && slot == 1u) { store1((line * 16u + f) * 12u + 1u, total); }
      if (inside && slot == 2u) { store1((line * 16u + f) * 12u + 2u, total); }
      if (inside && slot == 3u) { store1((line * 16u + f) * 12u + 3u, total); }
      if (inside && slot == 4u) { store1((line * 16u + f) * 12u + 4u, total); }
      if (inside && slot == 5u) { store1((line * 16u + f) * 12u + 5u, total); }
      if (inside && slot == 6u) { store1((line * 16u + f) * 12u + 6u, total); }
      if (inside && slot == 7u) { store1((line * 16u + f) * 12u + 7u, total); }
    }
    {
      let own = lane;
      let position = 0u;
      let line = first + own;
      let inside = true;
      points[(24u - half) + own * 4u + (position + 0u)] = vec2f(part8, part9);
      points[(24u - half) + own * 4u + (position + 1u)] = vec2f(part10, part11);
    }
    workgroupBarrier();
    for (var task = lane; task < 24u; task += 6u) {
      let own = task / 4u;
      let slot = task % 4u;
      let line = first + own;
      let inside = true;
      var total = 0.0;
      for (var holder = 0u; holder < 1u; holder++) { total += points[(24u - half) + own * 4u + (slot / 2u * 1u + holder)][slot % 2u]; }
      if (inside && slot == 0u) { store1((line * 16u + f) * 12u + 8u, total); }
      if (inside && slot == 1u) { store1((line * 16u + f) * 12u + 9u, total); }
      if (inside && slot == 2u) { store1((line * 16u + f) * 12u + 10u, total); }
      if (inside && slot == 3u) { store1((line * 16u + f) * 12u + 11u, total); }
    }
  }
  {
    let own = lane;
    let position = 0u;
    let line = first + own;
    let inside = true;
    let t13 = sum0.yx;
    let t14 = sum1.yx;
    let t15 = sum2.yx;
    let t16 = sum3.yx;
    let t17 = t13 + t15;
    let t18 = t13 - t15;
    let t19 = t14 + t16;
    let t20 = t14 - t16;
    let t21 = vec2f(t20.y, -t20.x);
    let t22 = t17 + t19;
    let t23 = t17 - t19;
    let t24 = t18 + t21;
    let t25 = t18 - t21;
    if (inside) { store0(line * 4u + 0u, t22.yx); }
    if (inside) { store0(line * 4u + 1u, t24.yx); }
    if (inside) { store0(line * 4u + 2u, t23.yx); }
    if (inside) { store0(line * 4u + 3u, t25.yx); }
  }
}


// kernel 16: block.4/conv.1 backward activation gradient
// read, read, write, uniform, uniform, uniform, uniform, uniform
// spectralActivationGradient: dU[f] = weighted row transform of dx g'(row image of U[f]), dx the row image of dT
@group(0) @binding(0) var<storage, read> in0: array<vec4f>;
@group(0) @binding(1) var<storage, read> in1: array<i32>;
@group(0) @binding(2) var<storage, read_write> out0: array<vec4f>;
@group(0) @binding(3) var<uniform> table0: array<vec4f, 1>;
@group(0) @binding(4) var<uniform> table1: array<vec4u, 1>;
@group(0) @binding(5) var<uniform> table2: array<vec4f, 1>;
@group(0) @binding(6) var<uniform> table3: array<vec4f, 1>;
@group(0) @binding(7) var<uniform> table4: array<vec4f, 1>;
fn cmul(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }
fn rowPoint(q: vec4f, position: u32, scale: vec4f) -> vec2f {
  let edge = position == 0u || 2u * position == 5u;
  let side = select(select(-1.0, 1.0, 2u * position < 5u), 0.0, edge);
  return select(scale.y, scale.x, edge) * vec2f(q.x - side * q.w, side * q.y + q.z);
}
fn rowColumn(position: u32) -> u32 { return min(position, 5u - position); }
fn rowPair(here: vec2f, mirrored: vec2f, k: u32, scale: vec4f) -> vec4f {
  let half = 0.5 * select(scale.y, scale.x, k == 0u || 2u * k == 5u);
  return half * vec4f(here.x + mirrored.x, here.y - mirrored.y, here.y + mirrored.y, mirrored.x - here.x);
}
fn rowMirror(k: u32) -> u32 { return select(5u - k, 0u, k == 0u); }
var<workgroup> points: array<vec2f, 40>;
fn load0(i: u32) -> vec4f { return in0[i]; }
fn load1(i: u32) -> i32 { return in1[i]; }
fn store0(i: u32, y: vec4f) { out0[i] = y; }
@compute @workgroup_size(4)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let first = group * 4u;
  var half = 0u;
  var gradient0 = vec2f();
  var gradient1 = vec2f();
  var gradient2 = vec2f();
  var gradient3 = vec2f();
  var gradient4 = vec2f();
  {
    let own = lane % 4u;
    let position = lane / 4u;
    let line = first + own;
    let inside = true;
    let t0 = rowPoint(load0(((line / 2u) * 3u + min(position, 5u - position)) * 2u + line % 2u), position, table3[0]).yx;
    let t1 = rowPoint(load0(((line / 2u) * 3u + min((position + 1u), 5u - (position + 1u))) * 2u + line % 2u), (position + 1u), table3[0]).yx;
    let t2 = rowPoint(load0(((line / 2u) * 3u + min((position + 2u), 5u - (position + 2u))) * 2u + line % 2u), (position + 2u), table3[0]).yx;
    let t3 = rowPoint(load0(((line / 2u) * 3u + min((position + 3u), 5u - (position + 3u))) * 2u + line % 2u), (position + 3u), table3[0]).yx;
    let t4 = rowPoint(load0(((line / 2u) * 3u + min((position + 4u), 5u - (position + 4u))) * 2u + line % 2u), (position + 4u), table3[0]).yx;
    let t5 = t1 + t4;
    let t6 = t1 - t4;
    let t7 = t2 + t3;
    let t8 = t2 - t3;
    let t9 = t0 + t5 + t7;
    let t10 = t0 + 0.30901699437494745 * t5 + -0.8090169943749473 * t7;
    let t11 = 0.9510565162951535 * t6 + 0.5877852522924732 * t8;
    let t12 = vec2f(t11.y, -t11.x);
    let t13 = t10 + t12;
    let t14 = t10 - t12;
    let t15 = t0 + -0.8090169943749473 * t5 + 0.30901699437494723 * t7;
    let t16 = 0.5877852522924732 * t6 + -0.9510565162951536 * t8;
    let t17 = vec2f(t16.y, -t16.x);
    let t18 = t15 + t17;
    let t19 = t15 - t17;
    gradient0 = t9.yx;
    gradient1 = t13.yx;
    gradient2 = t18.yx;
    gradient3 = t19.yx;
    gradient4 = t14.yx;
  }
  for (var f = 0u; f < table1[0].x; f++) {
    {
      let own = lane % 4u;
      let position = lane / 4u;
      let line = first + own;
      let inside = true;
      let mask = bitcast<u32>(load1((line * 16u + f) * 1u + position));
      let z0 = vec2f(select(0.0, 1.0, (mask & 1u) != 0u), select(0.0, 1.0, (mask & 2u) != 0u)); let g0 = gradient0; let d0 = g0 * vec2f(select(1.0, 0.0, z0.x != 0.0), select(1.0, 0.0, z0.y != 0.0));
      let t20 = d0;
      let z1 = vec2f(select(0.0, 1.0, (mask & 4u) != 0u), select(0.0, 1.0, (mask & 8u) != 0u)); let g1 = gradient1; let d1 = g1 * vec2f(select(1.0, 0.0, z1.x != 0.0), select(1.0, 0.0, z1.y != 0.0));
      let t21 = d1;
      let z2 = vec2f(select(0.0, 1.0, (mask & 16u) != 0u), select(0.0, 1.0, (mask & 32u) != 0u)); let g2 = gradient2; let d2 = g2 * vec2f(select(1.0, 0.0, z2.x != 0.0), select(1.0, 0.0, z2.y != 0.0));
      let t22 = d2;
      let z3 = vec2f(select(0.0, 1.0, (mask & 64u) != 0u), select(0.0, 1.0, (mask & 128u) != 0u)); let g3 = gradient3; let d3 = g3 * vec2f(select(1.0, 0.0, z3.x != 0.0), select(1.0, 0.0, z3.y != 0.0));
      let t23 = d3;
      let z4 = vec2f(select(0.0, 1.0, (mask & 256u) != 0u), select(0.0, 1.0, (mask & 512u) != 0u)); let g4 = gradient4; let d4 = g4 * vec2f(select(1.0, 0.0, z4.x != 0.0), select(1.0, 0.0, z4.y != 0.0));
      let t24 = d4;
      let t25 = t21 + t24;
      let t26 = t21 - t24;
      let t27 = t22 + t23;
      let t28 = t22 - t23;
      let t29 = t20 + t25 + t27;
      let t30 = t20 + 0.30901699437494745 * t25 + -0.8090169943749473 * t27;
      let t31 = 0.9510565162951535 * t26 + 0.5877852522924732 * t28;
      let t32 = vec2f(t31.y, -t31.x);
      let t33 = t30 + t32;
      let t34 = t30 - t32;
      let t35 = t20 + -0.8090169943749473 * t25 + 0.30901699437494723 * t27;
      let t36 = 0.5877852522924732 * t26 + -0.9510565162951536 * t28;
      let t37 = vec2f(t36.y, -t36.x);
      let t38 = t35 + t37;
      let t39 = t35 - t37;
      points[half + 0u * 4u + own] = t29;
      points[half + 1u * 4u + own] = t33;
      points[half + 2u * 4u + own] = t38;
      points[half + 3u * 4u + own] = t39;
      points[half + 4u * 4u + own] = t34;
    }
    workgroupBarrier();
    for (var task = lane; task < 12u; task += 4u) {
      let own = task % 4u;
      let k = task / 4u;
      let line = first + own;
      let inside = true;
      if (inside) { store0(((line / 2u * 16u + f) * 3u + k) * 2u + line % 2u, rowPair(points[half + k * 4u + own], points[half + select(5u - k, 0u, k == 0u) * 4u + own], k, table4[0])); }
    }
    half = 20u - half;
  }
}


// kernel 17: block.1/conv.1 backward product gradient
// read, read, read, read, write, uniform, uniform, read
// spectralProductGradient: dT = inverse column transform of sum_f conj(K[f]) G[f]; A[b,f] = conj(S[b]) G[b,f], G the column transform of dU
@group(0) @binding(0) var<storage, read> in0: array<vec2f>;
@group(0) @binding(1) var<storage, read> in1: array<vec2f>;
@group(0) @binding(2) var<storage, read> in2: array<vec2f>;
@group(0) @binding(3) var<storage, read> in3: array<f32>;
@group(0) @binding(4) var<storage, read_write> out0: array<f32>;
@group(0) @binding(5) var<uniform> table0: array<vec4f, 1>;
@group(0) @binding(6) var<uniform> table1: array<vec4u, 1>;
@group(0) @binding(7) var<storage, read> table2: array<f32, 7>;
fn cmul(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }
fn cmulc(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x + a.y * b.y, a.y * b.x - a.x * b.y); }
var<workgroup> points: array<vec2f, 48>;
fn load0(i: u32) -> vec2f { return in0[i]; }
fn load1(i: u32) -> vec2f { return in1[i]; }
fn load2(i: u32) -> vec2f { return in2[i]; }
fn load3(i: u32) -> f32 { return in3[i]; }
fn load4(i: u32) -> f32 { return in3[64u + i]; }
fn load5(i: u32) -> f32 { return in3[128u + i]; }
fn load6(i: u32) -> f32 { return in3[192u + i]; }
fn load7(i: u32) -> f32 { return in3[256u + i]; }
fn load8(i: u32) -> f32 { return in3[320u + i]; }
fn store0(i: u32, y: f32) { out0[i] = y; }
@compute @workgroup_size(6)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let first = group * 6u;
  var half = 0u;
  var part0 = 0.0;
  var part1 = 0.0;
  var part2 = 0.0;
  var part3 = 0.0;
  var part4 = 0.0;
  var part5 = 0.0;
  var part6 = 0.0;
  var part7 = 0.0;
  var part8 = 0.0;
  var part9 = 0.0;
  var part10 = 0.0;
  var part11 = 0.0;
  for (var f = 0u; f < table1[0].x; f++) {
    part0 = 0.0;
    part1 = 0.0;
    part2 = 0.0;
    part3 = 0.0;
    part4 = 0.0;
    part5 = 0.0;
    part6 = 0.0;
    part7 = 0.0;
    part8 = 0.0;
    part9 = 0.0;
    part10 = 0.0;
    part11 = 0.0;
    {
      let own = lane;
      let position = 0u;
      let line = first + own;
      let inside = true;
      let t0 = load2(((line / 3u * 16u + f) * 3u + line % 3u) * 4u + position);
      let t1 = load2(((line / 3u * 16u + f) * 3u + line % 3u) * 4u + (position + 1u));
      let t2 = load2(((line / 3u * 16u + f) * 3u + line % 3u) * 4u + (position + 2u));
      let t3 = load2(((line / 3u * 16u + f) * 3u + line % 3u) * 4u + (position + 3u));
      let t4 = t0 + t2;
      let t5 = t0 - t2;
      let t6 = t1 + t3;
      let t7 = t1 - t3;
      let t8 = vec2f(t7.y, -t7.x);
      let t9 = t4 + t6;
      let t10 = t4 - t6;
      let t11 = t5 + t8;
      let t12 = t5 - t8;
      let column = line % 3u;
      let filter_ = f;
      let p3_0 = load6(0u + filter_);
      let p1_0 = load4(0u + filter_);
      let p5_0 = load8(0u + filter_);
      let p2_0 = load5(0u + filter_);
      let p4_0 = load7(0u + filter_);
      let p3_1 = load6(16u + filter_);
      let p1_1 = load4(16u + filter_);
      let p5_1 = load8(16u + filter_);
      let p2_1 = load5(16u + filter_);
      let p4_1 = load7(16u + filter_);
      let p0_0 = load3(0u + filter_);
      let p0_1 = load3(16u + filter_);
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
      let u = table2[column];
      { let A = cmulc(t9, load0(line * 4u + 0u)); let v = table2[3u + 0u]; let t0 = (u - d1); let t1 = (v - d2); let t2 = ((d0 * t0) + (p5_0 * t1)); let t3 = (d3 * t1); let t4 = exp(((-0.5) * ((t2 * t2) + (t3 * t3)))); let t5 = (u - d5); let t6 = (v - d6); let t7 = ((d4 * t5) + (p5_1 * t6)); let t8 = (d7 * t6); let t9 = exp(((-0.5) * ((t7 * t7) + (t8 * t8)))); part0 += (A.x * t4); part1 += (A.y * t9); part2 += (-(A.x * (p0_0 * (t4 * (t2 * d8))))); part3 += (-(A.y * (p0_1 * (t9 * (t7 * d9))))); part4 += (A.x * (p0_0 * (t4 * ((-0.5) * (((-2.0) * (t2 * d10)) + ((-2.0) * (t3 * d11))))))); part5 += (A.y * (p0_1 * (t9 * ((-0.5) * (((-2.0) * (t7 * d12)) + ((-2.0) * (t8 * d13))))))); part6 += (-(A.x * (p0_0 * (t4 * (t2 * (d14 * t0)))))); part7 += (-(A.y * (p0_1 * (t9 * (t7 * (d15 * t5)))))); part8 += (-(A.x * (p0_0 * (t4 * (t3 * (d16 * t1)))))); part9 += (-(A.y * (p0_1 * (t9 * (t8 * (d17 * t6)))))); part10 += (-(A.x * (p0_0 * (t4 * (t2 * t1))))); part11 += (-(A.y * (p0_1 * (t9 * (t7 * t6))))); }
      { let A = cmulc(t11, load0(line * 4u + 1u)); let v = table2[3u + 1u]; let t0 = (u - d1); let t1 = (v - d2); let t2 = ((d0 * t0) + (p5_0 * t1)); let t3 = (d3 * t1); let t4 = exp(((-0.5) * ((t2 * t2) + (t3 * t3)))); let t5 = (u - d5); let t6 = (v - d6); let t7 = ((d4 * t5) + (p5_1 * t6)); let t8 = (d7 * t6); let t9 = exp(((-0.5) * ((t7 * t7) + (t8 * t8)))); part0 += (A.x * t4); part1 += (A.y * t9); part2 += (-(A.x * (p0_0 * (t4 * (t2 * d8))))); part3 += (-(A.y * (p0_1 * (t9 * (t7 * d9))))); part4 += (A.x * (p0_0 * (t4 * ((-0.5) * (((-2.0) * (t2 * d10)) + ((-2.0) * (t3 * d11))))))); part5 += (A.y * (p0_1 * (t9 * ((-0.5) * (((-2.0) * (t7 * d12)) + ((-2.0) * (t8 * d13))))))); part6 += (-(A.x * (p0_0 * (t4 * (t2 * (d14 * t0)))))); part7 += (-(A.y * (p0_1 * (t9 * (t7 * (d15 * t5)))))); part8 += (-(A.x * (p0_0 * (t4 * (t3 * (d16 * t1)))))); part9 += (-(A.y * (p0_1 * (t9 * (t8 * (d17 * t6)))))); part10 += (-(A.x * (p0_0 * (t4 * (t2 * t1))))); part11 += (-(A.y * (p0_1 * (t9 * (t7 * t6))))); }
      { let A = cmulc(t10, load0(line * 4u + 2u)); let v = table2[3u + 2u]; let t0 = (u - d1); let t1 = (v - d2); let t2 = ((d0 * t0) + (p5_0 * t1)); let t3 = (d3 * t1); let t4 = exp(((-0.5) * ((t2 * t2) + (t3 * t3)))); let t5 = (u - d5); let t6 = (v - d6); let t7 = ((d4 * t5) + (p5_1 * t6)); let t8 = (d7 * t6); let t9 = exp(((-0.5) * ((t7 * t7) + (t8 * t8)))); part0 += (A.x * t4); part1 += (A.y * t9); part2 += (-(A.x * (p0_0 * (t4 * (t2 * d8))))); part3 += (-(A.y * (p0_1 * (t9 * (t7 * d9))))); part4 += (A.x * (p0_0 * (t4 * ((-0.5) * (((-2.0) * (t2 * d10)) + ((-2.0) * (t3 * d11))))))); part5 += (A.y * (p0_1 * (t9 * ((-0.5) * (((-2.0) * (t7 * d12)) + ((-2.0) * (t8 * d13))))))); part6 += (-(A.x * (p0_0 * (t4 * (t2 * (d14 * t0)))))); part7 += (-(A.y * (p0_1 * (t9 * (t7 * (d15 * t5)))))); part8 += (-(A.x * (p0_0 * (t4 * (t3 * (d16 * t1)))))); part9 += (-(A.y * (p0_1 * (t9 * (t8 * (d17 * t6)))))); part10 += (-(A.x * (p0_0 * (t4 * (t2 * t1))))); part11 += (-(A.y * (p0_1 * (t9 * (t7 * t6))))); }
      { let A = cmulc(t12, load0(line * 4u + 3u)); let v = table2[3u + 3u]; let t0 = (u - d1); let t1 = (v - d2); let t2 = ((d0 * t0) + (p5_0 * t1)); let t3 = (d3 * t1); let t4 = exp(((-0.5) * ((t2 * t2) + (t3 * t3)))); let t5 = (u - d5); let t6 = (v - d6); let t7 = ((d4 * t5) + (p5_1 * t6)); let t8 = (d7 * t6); let t9 = exp(((-0.5) * ((t7 * t7) + (t8 * t8)))); part0 += (A.x * t4); part1 += (A.y * t9); part2 += (-(A.x * (p0_0 * (t4 * (t2 * d8))))); part3 += (-(A.y * (p0_1 * (t9 * (t7 * d9))))); part4 += (A.x * (p0_0 * (t4 * ((-0.5) * (((-2.0) * (t2 * d10)) + ((-2.0) * (t3 * d11))))))); part5 += (A.y * (p0_1 * (t9 * ((-0.5) * (((-2.0) * (t7 * d12)) + ((-2.0) * (t8 * d13))))))); part6 += (-(A.x * (p0_0 * (t4 * (t2 * (d14 * t0)))))); part7 += (-(A.y * (p0_1 * (t9 * (t7 * (d15 * t5)))))); part8 += (-(A.x * (p0_0 * (t4 * (t3 * (d16 * t1)))))); part9 += (-(A.y * (p0_1 * (t9 * (t8 * (d17 * t6)))))); part10 += (-(A.x * (p0_0 * (t4 * (t2 * t1))))); part11 += (-(A.y * (p0_1 * (t9 * (t7 * t6))))); }
    }
    {
      let own = lane;
      let position = 0u;
      let line = first + own;
      let inside = true;
      points[half + own * 4u + (position + 0u)] = vec2f(part0, part1);
      points[half + own * 4u + (position + 1u)] = vec2f(part2, part3);
      points[half + own * 4u + (position + 2u)] = vec2f(part4, part5);
      points[half + own * 4u + (position + 3u)] = vec2f(part6, part7);
    }
    workgroupBarrier();
    for (var task = lane; task < 48u; task += 6u) {
      let own = task / 8u;
      let slot = task % 8u;
      let line = first + own;
      let inside = true;
      var total = 0.0;
      for (var holder = 0u; holder < 1u; holder++) { total += points[half + own * 4u + (slot / 2u * 1u + holder)][slot % 2u]; }
      if (inside && slot == 0u) { store0((line * 16u + f) * 12u + 0u, total); }
      if (inside && slot == 1u) { store0((line * 16u + f) * 12u + 1u, total); }
      if (inside && slot == 2u) { store0((line * 16u + f) * 12u + 2u, total); }
      if (inside && slot == 3u) { store0((line * 16u + f) * 12u + 3u, total); }
      if (inside && slot == 4u) { store0((line * 16u + f) * 12u + 4u, total); }
      if (inside && slot == 5u) { store0((line * 16u + f) * 12u + 5u, total); }
      if (inside && slot == 6u) { store0((line * 16u + f) * 12u + 6u, total); }
      if (inside && slot == 7u) { store0((line * 16u + f) * 12u + 7u, total); }
    }
    {
      let own = lane;
      let position = 0u;
      let line = first + own;
      let inside = true;
      points[(24u - half) + own * 4u + (position + 0u)] = vec2f(part8, part9);
      points[(24u - half) + own * 4u + (position + 1u)] = vec2f(part10, part11);
    }
    workgroupBarrier();
    for (var task = lane; task < 24u; task += 6u) {
      let own = task / 4u;
      let slot = task % 4u;
      let line = first + own;
      let inside = true;
      var total = 0.0;
      for (var holder = 0u; holder < 1u; holder++) { total += points[(24u - half) + own * 4u + (slot / 2u * 1u + holder)][slot % 2u]; }
      if (inside && slot == 0u) { store0((line * 16u + f) * 12u + 8u, total); }
      if (inside && slot == 1u) { store0((line * 16u + f) * 12u + 9u, total); }
      if (inside && slot == 2u) { store0((line * 16u + f) * 12u + 10u, total); }
      if (inside && slot == 3u) { store0((line * 16u + f) * 12u + 11u, total); }
    }
  }
}


// kernel 18: block.1/conv.1 backward parameters + block.2/conv.1 + block.3/conv.1 + block.4/conv.1 + dense.1 backward sum
// read, read, read, read, write, read, write, uniform, read
// parameterSums: dL/dp[part, f] = sum over b, kx of g[b, c, kx, f', slot]; f = c F/C + f', slot = p parts + part
// contract: y[output] = sum over the other labels of a[left] b[right]
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<storage, read> in2: array<f32>;
@group(0) @binding(3) var<storage, read> in3: array<f32>;
@group(0) @binding(4) var<storage, read_write> out0: array<f32>;
@group(0) @binding(5) var<storage, read> in5: array<f32>;
@group(0) @binding(6) var<storage, read_write> out0_1: array<vec4f>;
@group(0) @binding(7) var<uniform> table0: array<vec4u, 1>;
@group(0) @binding(8) var<storage, read> in8: array<vec4f>;
fn fetch0(i: u32) -> f32 { if (piece == 0u) { return in0[i]; } if (piece == 1u) { return in1[i]; } if (piece == 2u) { return in2[i]; } return in3[i]; }
var<private> piece: u32;
var<private> shift0: u32;
var<private> shift1: u32;
var<private> shift2: u32;
var<private> shift3: u32;
var<private> shift4: u32;
var<private> shift5: u32;
var<workgroup> lanes: array<f32, 768>;
var<workgroup> parts: array<f32, 48>;
fn load0(i: u32) -> f32 { return fetch0(i); }
fn store0(i: u32, y: f32) { out0[shift0 + i] = y; }
fn store1(i: u32, y: f32) { out0[shift1 + i] = y; }
fn store2(i: u32, y: f32) { out0[shift2 + i] = y; }
fn store3(i: u32, y: f32) { out0[shift3 + i] = y; }
fn store4(i: u32, y: f32) { out0[shift4 + i] = y; }
fn store5(i: u32, y: f32) { out0[shift5 + i] = y; }
fn body_0(group: u32, lane: u32) {
  let tile = group % 16u;
  let chunk = group / 16u;
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
  let last = min((chunk + 1u) * 6u, 6u);
  for (var s = chunk * 6u + lane; s < last; s += 64u) {
    let line = s;
    let at = (line * 16u + tile) * 12u;
    sum0 += load0(at + 0u);
    sum1 += load0(at + 1u);
    sum2 += load0(at + 2u);
    sum3 += load0(at + 3u);
    sum4 += load0(at + 4u);
    sum5 += load0(at + 5u);
    sum6 += load0(at + 6u);
    sum7 += load0(at + 7u);
    sum8 += load0(at + 8u);
    sum9 += load0(at + 9u);
    sum10 += load0(at + 10u);
    sum11 += load0(at + 11u);
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
}
fn load0_1(i: u32) -> f32 { return in5[i]; }
fn store0_1x4(i: u32, y: vec4f) { out0_1[(i >> 2u)] = y; }
fn load1_1x4(i: u32) -> vec4f { return in8[(i >> 2u)]; }
fn body_1(i: u32) {
  let x0 = (i / 80u);
  let x1 = i % 80u;
  let base0 = 0u;
  let base1 = x1 * 4u;
  let x0at0 = x0 + 0u;
  let x0at1 = x0 + 1u;
  var sum0 = vec4f();
  var sum1 = vec4f();
  for (var k0 = 0u; k0 < table0[0].x; k0++) {
  let at0 = base0 + k0 * 2u;
  let v0s0 = load0_1(at0 + x0at0 * 1u);
  let v0s1 = load0_1(at0 + x0at1 * 1u);
  let at1 = base1 + k0 * 320u;
  let v1s0 = load1_1x4(at1);
  sum0 += v0s0 * v1s0;
  sum1 += v0s1 * v1s0;
  }
  store0_1x4(x0 * 320u + x1 * 4u, sum0);
  store0_1x4((x0 + 1u) * 320u + x1 * 4u, sum1);
}
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  if (group < 64u) { let own = group % 16u; piece = group / 16u; shift0 = select(select(select(1152u, 768u, piece == 2u), 384u, piece == 1u), 0u, piece == 0u); shift1 = select(select(select(1216u, 832u, piece == 2u), 448u, piece == 1u), 64u, piece == 0u); shift2 = select(select(select(1280u, 896u, piece == 2u), 512u, piece == 1u), 128u, piece == 0u); shift3 = select(select(select(1344u, 960u, piece == 2u), 576u, piece == 1u), 192u, piece == 0u); shift4 = select(select(select(1408u, 1024u, piece == 2u), 640u, piece == 1u), 256u, piece == 0u); shift5 = select(select(select(1472u, 1088u, piece == 2u), 704u, piece == 1u), 320u, piece == 0u); body_0(own, lane); }
  else if (group < 66u) { let own = (group - 64u); let i = own * 64u + lane; if (i < 80u) { body_1(i); } }
}


// kernel 19: dense.1 backward sum
// read, write, uniform
// contract: y[output] = sum over the other labels of a[left] b[right]
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read_write> out0: array<f32>;
@group(0) @binding(2) var<uniform> table0: array<vec4u, 1>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn store0(i: u32, y: f32) { out0[i] = y; }
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) gid: vec3u) {
  let i = gid.x;
  if (i >= 2u) { return; }
  let x0 = i;
  let base0 = x0;
  var sum0 = f32();
  for (var k0 = 0u; k0 < table0[0].x; k0++) {
  let at0 = base0 + k0 * 2u;
  let v0s0 = load0(at0);
  sum0 += v0s0;
  }
  store0(x0, sum0);
}


// kernel 20: optimizer update statistics
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


// kernel 21: optimizer update update
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
  if (i >= 2240u) { return; }
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

