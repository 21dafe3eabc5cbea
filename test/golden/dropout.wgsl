// buffers
//   slot.0: slot, 864 bytes
//   slot.1: slot, 864 bytes
//   slot.2: slot, 864 bytes
//   slot.3: slot, 720 bytes
//   slot.4: slot, 608 bytes
//   slot.5: slot, 608 bytes
//   slot.6: slot, 576 bytes
//   slot.7: slot, 368 bytes
//   slot.8: slot, 32 bytes
//   slot.9: slot, 32 bytes
//   slot.10: slot, 32 bytes
//   slot.11: slot, 32 bytes
//   params: params, 3840 bytes
//   grads: output, 3840 bytes
//   state.0: state, 3840 bytes
//   state.1: state, 3840 bytes
//   output.outputs: output, 32 bytes
//   input.images: input, 400 bytes
//   output.loss: output, 16 bytes
//   output.gradient-statistics: output, 96 bytes
//   input.step: input, 16 bytes
//   input.positions: input, 16 bytes
//   input.labels: input, 16 bytes
//   input.weights: input, 16 bytes
//   input.scalars: input, 16 bytes
//   table#71c51253: constant, 16 bytes
//   table#2aaef9ba: constant, 16 bytes
//   table#c57bb591: constant, 32 bytes
//   table#2a76bda1: constant, 16 bytes
//   table#1fdbb5cf: constant, 16 bytes
//   table#fd19eca0: constant, 16 bytes
//   table#0277ff62: constant, 16 bytes
//   table#ca525519: constant, 16 bytes
//   table#ca0cbe37: constant, 16 bytes
//   table#b4263da7: constant, 16 bytes
//   table#393da156: constant, 16 bytes
//   table#843fcb81: constant, 16 bytes
//   table#58508037: constant, 16 bytes
//   table#759f1984: constant, 96 bytes
//   table#5fa0356d: constant, 64 bytes
// program infer
//   kernel 0, 1x1x1 groups: input.images[0+400] slot.1[0+576] table#71c51253[0+16]
//   kernel 1, 4x1x1 groups: slot.1[0+576] params[0+1560] slot.0[0+864] table#2aaef9ba[0+16] slot.2[0+360] table#c57bb591[0+32]
//   kernel 2, 1x1x1 groups: slot.0[0+864] slot.2[0+360] slot.1[0+864] table#2a76bda1[0+16] table#1fdbb5cf[0+16]
//   kernel 3, 1x1x1 groups: slot.1[0+864] slot.0[0+600] table#2a76bda1[0+16] table#fd19eca0[0+16] table#0277ff62[0+16] table#71c51253[0+16]
//   kernel 4, 1x1x1 groups: slot.0[0+600] params[1792+1808] table#ca525519[0+16] output.outputs[0+24] table#1fdbb5cf[0+16]
// program train
//   kernel 0, 1x1x1 groups: input.images[0+400] slot.6[0+576] table#71c51253[0+16]
//   kernel 5, 3x1x1 groups: params[0+1304] slot.7[0+360] table#c57bb591[0+32]
//   kernel 6, 1x1x1 groups: input.step[0+8] input.positions[0+8] slot.5[0+32] slot.6[0+576] params[1536+24] slot.0[0+864] table#2aaef9ba[0+16] slot.2[0+600]
//   kernel 7, 1x1x1 groups: slot.0[0+864] slot.7[0+360] slot.1[0+864] slot.3[0+720] table#2a76bda1[0+16] table#1fdbb5cf[0+16]
//   kernel 3, 1x1x1 groups: slot.1[0+864] slot.0[0+600] table#2a76bda1[0+16] table#fd19eca0[0+16] table#0277ff62[0+16] table#71c51253[0+16]
//   kernel 8, 1x1x1 groups: slot.0[0+600] slot.2[0+600] slot.4[0+600] params[1792+1808] slot.8[0+32] table#ca525519[0+16] slot.5[0+32] slot.9[0+32] slot.10[0+24] table#1fdbb5cf[0+16]
//   kernel 9, 1x1x1 groups: input.labels[0+8] slot.0[0+24]
//   kernel 10, 1x1x1 groups: slot.10[0+24] output.outputs[0+24] slot.0[0+24] input.weights[0+8] output.loss[0+8] table#ca0cbe37[0+16] slot.11[0+24]
//   kernel 11, 1x1x1 groups: slot.11[0+24] params[1792+1584] slot.10[0+32] slot.8[0+32] slot.5[0+32] table#fd19eca0[0+16] slot.0[0+600] table#b4263da7[0+16]
//   kernel 12, 1x1x1 groups: slot.2[0+600] slot.0[0+600] slot.5[0+600]
//   kernel 13, 1x1x1 groups: slot.5[0+600] slot.1[0+864] slot.0[0+864] table#2a76bda1[0+16] table#fd19eca0[0+16] table#0277ff62[0+16] table#393da156[0+16] table#843fcb81[0+16]
//   kernel 14, 1x1x1 groups: slot.3[0+720] slot.7[0+360] slot.0[0+864] params[0+1304] slot.1[0+864] slot.2[0+864] table#2a76bda1[0+16] table#1fdbb5cf[0+16] table#c57bb591[0+32]
//   kernel 15, 3x1x1 groups: slot.2[0+864] grads[0+1304]
//   kernel 16, 1x1x1 groups: slot.1[0+864] slot.6[0+576] grads[1536+2064] table#58508037[0+16] slot.10[0+32] slot.4[0+600] table#2aaef9ba[0+16] slot.11[0+24] slot.9[0+32]
//   kernel 17, 11x1x1 groups: grads[0+3840] output.gradient-statistics[0+88] table#759f1984[0+96]
//   kernel 18, 4x1x1 groups: grads[0+3840] input.scalars[0+16] params[0+3840] state.0[0+3840] state.1[0+3840] table#5fa0356d[0+64]

// kernel 0: conv.1 forward rows
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
var<workgroup> points0: array<vec2f, 60>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn store0(i: u32, y: vec4f) { out0[i] = y; }
@compute @workgroup_size(12)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let first = group * 12u;
  {
    let task = lane;
    let line = task;
    let position = 0u;
    let t0 = vec2f(load0(((first + line) / 3u * 5u + (first + line) % 3u * 2u) * 5u + position), select(load0(((first + line) / 3u * 5u + (first + line) % 3u * 2u) * 5u + position + select(5u, 0u, (first + line) % 3u == 2u)), 0.0, (first + line) % 3u == 2u));
    let t1 = vec2f(load0(((first + line) / 3u * 5u + (first + line) % 3u * 2u) * 5u + (position + 1u)), select(load0(((first + line) / 3u * 5u + (first + line) % 3u * 2u) * 5u + (position + 1u) + select(5u, 0u, (first + line) % 3u == 2u)), 0.0, (first + line) % 3u == 2u));
    let t2 = vec2f(load0(((first + line) / 3u * 5u + (first + line) % 3u * 2u) * 5u + (position + 2u)), select(load0(((first + line) / 3u * 5u + (first + line) % 3u * 2u) * 5u + (position + 2u) + select(5u, 0u, (first + line) % 3u == 2u)), 0.0, (first + line) % 3u == 2u));
    let t3 = vec2f(load0(((first + line) / 3u * 5u + (first + line) % 3u * 2u) * 5u + (position + 3u)), select(load0(((first + line) / 3u * 5u + (first + line) % 3u * 2u) * 5u + (position + 3u) + select(5u, 0u, (first + line) % 3u == 2u)), 0.0, (first + line) % 3u == 2u));
    let t4 = vec2f(load0(((first + line) / 3u * 5u + (first + line) % 3u * 2u) * 5u + (position + 4u)), select(load0(((first + line) / 3u * 5u + (first + line) % 3u * 2u) * 5u + (position + 4u) + select(5u, 0u, (first + line) % 3u == 2u)), 0.0, (first + line) % 3u == 2u));
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
  for (var task = lane; task < 36u; task += 12u) {
    let line = task / 3u;
    let position = task % 3u;
    store0(((first + line) / 3u * 3u + position) * 3u + (first + line) % 3u, rowPair(points0[line * 5u + position], points0[line * 5u + rowMirror(position)], position, table0[0]));
  }
}


// kernel 1: conv.1 forward sum + plane
// read, read, write, uniform, write, read
// contract: y[output] = sum over the other labels of a[left] b[right]
// expand: K[f, ky, kx] = formula(u[kx], v[ky]; parameters[f])
@group(0) @binding(0) var<storage, read> in0: array<vec2f>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<storage, read_write> out0: array<vec2f>;
@group(0) @binding(3) var<uniform> table0: array<vec4u, 1>;
@group(0) @binding(4) var<storage, read_write> out0_1: array<vec2f>;
@group(0) @binding(5) var<storage, read> table1: array<f32, 8>;
fn load0(i: u32) -> vec2f { return in0[i]; }
fn load1(i: u32) -> f32 { return in1[384u + i]; }
fn store0(i: u32, y: vec2f) { out0[i] = y; }
fn body_0(i: u32) {
  let x0 = (i / 15u);
  let x1 = (i / 5u) % 3u;
  let x2 = i % 5u;
  let base0 = x0 * 36u;
  let base1 = x1 * 2u;
  let x2at0 = x2 + 0u;
  let x2at1 = x2 + 5u;
  let x2at2 = x2 + 10u;
  let x2at3 = min(x2 + 15u, 17u);
  var sum0 = vec2f();
  var sum1 = vec2f();
  var sum2 = vec2f();
  var sum3 = vec2f();
  for (var k0 = 0u; k0 < table0[0].x; k0++) {
  let at0 = base0 + k0 * 18u;
  let v0s0 = load0(at0 + x2at0 * 1u);
  let v0s1 = load0(at0 + x2at1 * 1u);
  let v0s2 = load0(at0 + x2at2 * 1u);
  let v0s3 = load0(at0 + x2at3 * 1u);
  let at1 = base1 + k0;
  let v1s0 = load1(at1);
  sum0 += v0s0 * v1s0;
  sum1 += v0s1 * v1s0;
  sum2 += v0s2 * v1s0;
  sum3 += v0s3 * v1s0;
  }
  store0(x0 * 54u + x1 * 18u + x2, sum0);
  store0(x0 * 54u + x1 * 18u + (x2 + 5u), sum1);
  store0(x0 * 54u + x1 * 18u + (x2 + 10u), sum2);
  if ((x2 + 15u) < 18u) { store0(x0 * 54u + x1 * 18u + (x2 + 15u), sum3); }
}
fn load0_1(i: u32) -> f32 { return in1[i]; }
fn load1_1(i: u32) -> f32 { return in1[64u + i]; }
fn load2_1(i: u32) -> f32 { return in1[128u + i]; }
fn load3_1(i: u32) -> f32 { return in1[192u + i]; }
fn load4_1(i: u32) -> f32 { return in1[256u + i]; }
fn load5_1(i: u32) -> f32 { return in1[320u + i]; }
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
  let p0_1 = load0_1(3u + filter_);
  let p3_1 = load3_1(3u + filter_);
  let p1_1 = load1_1(3u + filter_);
  let p5_1 = load5_1(3u + filter_);
  let p2_1 = load2_1(3u + filter_);
  let p4_1 = load4_1(3u + filter_);
  let d0 = ((max(p3_0, 0.0) + log(1.0 + exp(-abs(p3_0)))) + 0.000001);
  let d1 = (0.5 * (1.0 / (1.0 + exp(-clamp(p1_0, -80.0, 80.0)))));
  let d2 = ((1.0 / (1.0 + exp(-clamp(p2_0, -80.0, 80.0)))) + (-0.5));
  let d3 = ((max(p4_0, 0.0) + log(1.0 + exp(-abs(p4_0)))) + 0.000001);
  let d4 = ((max(p3_1, 0.0) + log(1.0 + exp(-abs(p3_1)))) + 0.000001);
  let d5 = (0.5 * (1.0 / (1.0 + exp(-clamp(p1_1, -80.0, 80.0)))));
  let d6 = ((1.0 / (1.0 + exp(-clamp(p2_1, -80.0, 80.0)))) + (-0.5));
  let d7 = ((max(p4_1, 0.0) + log(1.0 + exp(-abs(p4_1)))) + 0.000001);
  let last = min((block + 1u) * 1024u, 15u);
  for (var bin = block * 1024u + lane; bin < last; bin += 64u) {
    let u = table1[bin / 5u];
    let v = table1[3u + bin % 5u];
    let t0 = (v - d2);
    let t1 = ((d0 * (u - d1)) + (p5_0 * t0));
    let t2 = (d3 * t0);
    let t3 = (v - d6);
    let t4 = ((d4 * (u - d5)) + (p5_1 * t3));
    let t5 = (d7 * t3);
    store0_1(filter_ * 15u + bin, vec2f((p0_0 * exp(((-0.5) * ((t1 * t1) + (t2 * t2))))), (p0_1 * exp(((-0.5) * ((t4 * t4) + (t5 * t5)))))));
  }
}
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  if (group < 1u) { let own = group; let i = own * 64u + lane; if (i < 30u) { body_0(i); } }
  else if (group < 4u) { let own = (group - 1u); body_1(own, lane); }
}


// kernel 2: conv.1 forward product
// read, read, write, uniform, uniform
// spectralProduct: U[b,f,kx,y] = sum_ky S[b,c,ky,kx] K[f,ky,kx] exp(2 pi i ky y/H), S the column transform of T, c = floor(f C/F)
@group(0) @binding(0) var<storage, read> in0: array<vec2f>;
@group(0) @binding(1) var<storage, read> in1: array<vec2f>;
@group(0) @binding(2) var<storage, read_write> out0: array<vec2f>;
@group(0) @binding(3) var<uniform> table0: array<vec4f, 1>;
@group(0) @binding(4) var<uniform> table1: array<vec4u, 1>;
fn cmul(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }
var<workgroup> points: array<vec2f, 180>;
fn load0(i: u32) -> vec2f { return in0[i]; }
fn load1(i: u32) -> vec2f { return in1[i]; }
fn store0(i: u32, y: vec2f) { out0[i] = y; }
@compute @workgroup_size(18)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let first = group * 18u;
  var half = 0u;
  var s0 = vec2f();
  var s1 = vec2f();
  var s2 = vec2f();
  var s3 = vec2f();
  var s4 = vec2f();
  {
    let own = lane;
    let position = 0u;
    let line = first + own;
    let inside = true;
    let t0 = load0(line * 6u + position);
    let t1 = load0(line * 6u + (position + 1u));
    let t2 = load0(line * 6u + (position + 2u));
    let t3 = load0(line * 6u + (position + 3u));
    let t4 = load0(line * 6u + (position + 4u));
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
    s0 = t9;
    s1 = t13;
    s2 = t18;
    s3 = t19;
    s4 = t14;
  }
  for (var f = 0u; f < table1[0].x; f++) {
    {
      let own = lane;
      let position = 0u;
      let line = first + own;
      let inside = true;
      let t20 = cmul(s0, load1(((line / 3u % 3u * 1u + f) * 3u + line % 3u) * 5u + position)).yx;
      let t21 = cmul(s1, load1(((line / 3u % 3u * 1u + f) * 3u + line % 3u) * 5u + (position + 1u))).yx;
      let t22 = cmul(s2, load1(((line / 3u % 3u * 1u + f) * 3u + line % 3u) * 5u + (position + 2u))).yx;
      let t23 = cmul(s3, load1(((line / 3u % 3u * 1u + f) * 3u + line % 3u) * 5u + (position + 3u))).yx;
      let t24 = cmul(s4, load1(((line / 3u % 3u * 1u + f) * 3u + line % 3u) * 5u + (position + 4u))).yx;
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
      if (inside) { store0(((line / 3u * 1u + f) * 3u + line % 3u) * 6u + 0u, t29.yx); if (0u == 4u) { store0(((line / 3u * 1u + f) * 3u + line % 3u) * 6u + 0u + 1u, vec2f()); } }
      if (inside) { store0(((line / 3u * 1u + f) * 3u + line % 3u) * 6u + 1u, t33.yx); if (1u == 4u) { store0(((line / 3u * 1u + f) * 3u + line % 3u) * 6u + 1u + 1u, vec2f()); } }
      if (inside) { store0(((line / 3u * 1u + f) * 3u + line % 3u) * 6u + 2u, t38.yx); if (2u == 4u) { store0(((line / 3u * 1u + f) * 3u + line % 3u) * 6u + 2u + 1u, vec2f()); } }
      if (inside) { store0(((line / 3u * 1u + f) * 3u + line % 3u) * 6u + 3u, t39.yx); if (3u == 4u) { store0(((line / 3u * 1u + f) * 3u + line % 3u) * 6u + 3u + 1u, vec2f()); } }
      if (inside) { store0(((line / 3u * 1u + f) * 3u + line % 3u) * 6u + 4u, t34.yx); if (4u == 4u) { store0(((line / 3u * 1u + f) * 3u + line % 3u) * 6u + 4u + 1u, vec2f()); } }
    }
  }
}


// kernel 3: elu.1 forward activation
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
var<workgroup> points: array<vec2f, 60>;
fn load0(i: u32) -> vec4f { return in0[i]; }
fn store0(i: u32, y: f32) { out0[i] = y; }
@compute @workgroup_size(6)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let first = group * 6u;
  var half = 0u;
  for (var f = 0u; f < table1[0].x; f++) {
    {
      let own = lane % 6u;
      let position = lane / 6u;
      let line = first + own;
      let inside = true;
      let t0 = rowPoint(load0(((line / 3u * 3u + f) * 3u + min(position, 5u - position)) * 3u + line % 3u), position, table2[0]).yx;
      let t1 = rowPoint(load0(((line / 3u * 3u + f) * 3u + min((position + 1u), 5u - (position + 1u))) * 3u + line % 3u), (position + 1u), table2[0]).yx;
      let t2 = rowPoint(load0(((line / 3u * 3u + f) * 3u + min((position + 2u), 5u - (position + 2u))) * 3u + line % 3u), (position + 2u), table2[0]).yx;
      let t3 = rowPoint(load0(((line / 3u * 3u + f) * 3u + min((position + 3u), 5u - (position + 3u))) * 3u + line % 3u), (position + 3u), table2[0]).yx;
      let t4 = rowPoint(load0(((line / 3u * 3u + f) * 3u + min((position + 4u), 5u - (position + 4u))) * 3u + line % 3u), (position + 4u), table2[0]).yx;
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
      let z0 = t9.yx; let y0 = (vec2f(((max(0.0, z0.x) + exp(min(z0.x, 0.0))) - 1.0), ((max(0.0, z0.y) + exp(min(z0.y, 0.0))) - 1.0)) * vec2f(1.0, select(1.0, 0.0, line % 3u == 2u)));
      if (inside) { store0((((line / 3u * 3u + f) * 3u + line % 3u) / 3u * 5u + ((line / 3u * 3u + f) * 3u + line % 3u) % 3u * 2u) * 5u + 0u, y0.x); if (((line / 3u * 3u + f) * 3u + line % 3u) % 3u != 2u) { store0((((line / 3u * 3u + f) * 3u + line % 3u) / 3u * 5u + ((line / 3u * 3u + f) * 3u + line % 3u) % 3u * 2u) * 5u + 0u + 5u, y0.y); } }
      let z1 = t13.yx; let y1 = (vec2f(((max(0.0, z1.x) + exp(min(z1.x, 0.0))) - 1.0), ((max(0.0, z1.y) + exp(min(z1.y, 0.0))) - 1.0)) * vec2f(1.0, select(1.0, 0.0, line % 3u == 2u)));
      if (inside) { store0((((line / 3u * 3u + f) * 3u + line % 3u) / 3u * 5u + ((line / 3u * 3u + f) * 3u + line % 3u) % 3u * 2u) * 5u + 1u, y1.x); if (((line / 3u * 3u + f) * 3u + line % 3u) % 3u != 2u) { store0((((line / 3u * 3u + f) * 3u + line % 3u) / 3u * 5u + ((line / 3u * 3u + f) * 3u + line % 3u) % 3u * 2u) * 5u + 1u + 5u, y1.y); } }
      let z2 = t18.yx; let y2 = (vec2f(((max(0.0, z2.x) + exp(min(z2.x, 0.0))) - 1.0), ((max(0.0, z2.y) + exp(min(z2.y, 0.0))) - 1.0)) * vec2f(1.0, select(1.0, 0.0, line % 3u == 2u)));
      if (inside) { store0((((line / 3u * 3u + f) * 3u + line % 3u) / 3u * 5u + ((line / 3u * 3u + f) * 3u + line % 3u) % 3u * 2u) * 5u + 2u, y2.x); if (((line / 3u * 3u + f) * 3u + line % 3u) % 3u != 2u) { store0((((line / 3u * 3u + f) * 3u + line % 3u) / 3u * 5u + ((line / 3u * 3u + f) * 3u + line % 3u) % 3u * 2u) * 5u + 2u + 5u, y2.y); } }
      let z3 = t19.yx; let y3 = (vec2f(((max(0.0, z3.x) + exp(min(z3.x, 0.0))) - 1.0), ((max(0.0, z3.y) + exp(min(z3.y, 0.0))) - 1.0)) * vec2f(1.0, select(1.0, 0.0, line % 3u == 2u)));
      if (inside) { store0((((line / 3u * 3u + f) * 3u + line % 3u) / 3u * 5u + ((line / 3u * 3u + f) * 3u + line % 3u) % 3u * 2u) * 5u + 3u, y3.x); if (((line / 3u * 3u + f) * 3u + line % 3u) % 3u != 2u) { store0((((line / 3u * 3u + f) * 3u + line % 3u) / 3u * 5u + ((line / 3u * 3u + f) * 3u + line % 3u) % 3u * 2u) * 5u + 3u + 5u, y3.y); } }
      let z4 = t14.yx; let y4 = (vec2f(((max(0.0, z4.x) + exp(min(z4.x, 0.0))) - 1.0), ((max(0.0, z4.y) + exp(min(z4.y, 0.0))) - 1.0)) * vec2f(1.0, select(1.0, 0.0, line % 3u == 2u)));
      if (inside) { store0((((line / 3u * 3u + f) * 3u + line % 3u) / 3u * 5u + ((line / 3u * 3u + f) * 3u + line % 3u) % 3u * 2u) * 5u + 4u, y4.x); if (((line / 3u * 3u + f) * 3u + line % 3u) % 3u != 2u) { store0((((line / 3u * 3u + f) * 3u + line % 3u) / 3u * 5u + ((line / 3u * 3u + f) * 3u + line % 3u) % 3u * 2u) * 5u + 4u + 5u, y4.y); } }
    }
  }
}


// kernel 4: dense.1 forward sum + dense.2
// read, read, uniform, write, uniform
// contract: y[output] = sum over the other labels of a[left] b[right]
// fused: a core op with element-wise work in its loads and its store
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<uniform> table0: array<vec4u, 1>;
@group(0) @binding(3) var<storage, read_write> out0_1: array<f32>;
@group(0) @binding(4) var<uniform> table1: array<vec4u, 1>;
var<workgroup> local0: array<f32, 8>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn load1(i: u32) -> f32 { return in1[i]; }
fn store0(i: u32, y: f32) { local0[i] = y; }
fn body_0(i: u32) {
  let x0 = i;
  let x1 = i % 1u;
  let base0 = 0u;
  let base1 = 0u;
  let x0at0 = x0 + 0u;
  let x0at1 = x0 + 1u;
  let x1at0 = x1 + 0u;
  let x1at1 = x1 + 1u;
  let x1at2 = x1 + 2u;
  let x1at3 = x1 + 3u;
  var sum0 = f32();
  var sum1 = f32();
  var sum2 = f32();
  var sum3 = f32();
  var sum4 = f32();
  var sum5 = f32();
  var sum6 = f32();
  var sum7 = f32();
  for (var k0 = 0u; k0 < table0[0].x; k0++) {
  let at0 = base0 + k0;
  let v0s0 = load0(at0 + x0at0 * 75u);
  let v0s1 = load0(at0 + x0at1 * 75u);
  let at1 = base1 + k0;
  let v1s0 = load1(at1 + x1at0 * 75u);
  let v1s1 = load1(at1 + x1at1 * 75u);
  let v1s2 = load1(at1 + x1at2 * 75u);
  let v1s3 = load1(at1 + x1at3 * 75u);
  sum0 += v0s0 * v1s0;
  sum1 += v0s0 * v1s1;
  sum2 += v0s0 * v1s2;
  sum3 += v0s0 * v1s3;
  sum4 += v0s1 * v1s0;
  sum5 += v0s1 * v1s1;
  sum6 += v0s1 * v1s2;
  sum7 += v0s1 * v1s3;
  }
  store0(x0 * 4u + x1, sum0);
  store0(x0 * 4u + (x1 + 1u), sum1);
  store0(x0 * 4u + (x1 + 2u), sum2);
  store0(x0 * 4u + (x1 + 3u), sum3);
  store0((x0 + 1u) * 4u + x1, sum4);
  store0((x0 + 1u) * 4u + (x1 + 1u), sum5);
  store0((x0 + 1u) * 4u + (x1 + 2u), sum6);
  store0((x0 + 1u) * 4u + (x1 + 3u), sum7);
}
fn load0_1(i: u32) -> f32 {
  let v0 = local0[i];
  let v1 = in1[320u + ((i % 4u))];
  let t0 = (v0 + v1);
  return ((max(0.0, t0) + exp(min(t0, 0.0))) - 1.0);
}
fn load1_1(i: u32) -> f32 { return in1[384u + i]; }
fn store0_1(i: u32, y: f32) {
  let v1 = in1[448u + ((i % 3u))];
  out0_1[i] = tanh(clamp((y + v1), -10.0, 10.0));
}
fn load0_1x4(i: u32) -> vec4f { return vec4f(load0_1(i), load0_1(i + 1u), load0_1(i + 2u), load0_1(i + 3u)); }
fn load1_1x4(i: u32) -> vec4f { return vec4f(load1_1(i), load1_1(i + 1u), load1_1(i + 2u), load1_1(i + 3u)); }
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
  for (var k0 = 0u; k0 < table1[0].x; k0++) {
  let at0 = base0 + k0 * 4u;
  let v0s0 = load0_1x4(at0 + x0at0 * 4u);
  let v0s1 = load0_1x4(at0 + x0at1 * 4u);
  let at1 = base1 + k0 * 4u;
  let v1s0 = load1_1x4(at1 + x1at0 * 4u);
  let v1s1 = load1_1x4(at1 + x1at1 * 4u);
  let v1s2 = load1_1x4(at1 + x1at2 * 4u);
  sum0 += dot(v0s0, v1s0);
  sum1 += dot(v0s0, v1s1);
  sum2 += dot(v0s0, v1s2);
  sum3 += dot(v0s1, v1s0);
  sum4 += dot(v0s1, v1s1);
  sum5 += dot(v0s1, v1s2);
  }
  store0_1(x0 * 3u + x1, sum0);
  store0_1(x0 * 3u + (x1 + 1u), sum1);
  store0_1(x0 * 3u + (x1 + 2u), sum2);
  store0_1((x0 + 1u) * 3u + x1, sum3);
  store0_1((x0 + 1u) * 3u + (x1 + 1u), sum4);
  store0_1((x0 + 1u) * 3u + (x1 + 2u), sum5);
}
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  if (lane < 1u) { body_0(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 1u) { body_1(lane); }
}


// kernel 5: conv.1 forward plane
// read, write, read
// expand: K[f, ky, kx] = formula(u[kx], v[ky]; parameters[f])
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read_write> out0: array<vec2f>;
@group(0) @binding(2) var<storage, read> table0: array<f32, 8>;
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
  let p0_1 = load0(3u + filter_);
  let p3_1 = load3(3u + filter_);
  let p1_1 = load1(3u + filter_);
  let p5_1 = load5(3u + filter_);
  let p2_1 = load2(3u + filter_);
  let p4_1 = load4(3u + filter_);
  let d0 = ((max(p3_0, 0.0) + log(1.0 + exp(-abs(p3_0)))) + 0.000001);
  let d1 = (0.5 * (1.0 / (1.0 + exp(-clamp(p1_0, -80.0, 80.0)))));
  let d2 = ((1.0 / (1.0 + exp(-clamp(p2_0, -80.0, 80.0)))) + (-0.5));
  let d3 = ((max(p4_0, 0.0) + log(1.0 + exp(-abs(p4_0)))) + 0.000001);
  let d4 = ((max(p3_1, 0.0) + log(1.0 + exp(-abs(p3_1)))) + 0.000001);
  let d5 = (0.5 * (1.0 / (1.0 + exp(-clamp(p1_1, -80.0, 80.0)))));
  let d6 = ((1.0 / (1.0 + exp(-clamp(p2_1, -80.0, 80.0)))) + (-0.5));
  let d7 = ((max(p4_1, 0.0) + log(1.0 + exp(-abs(p4_1)))) + 0.000001);
  let last = min((block + 1u) * 1024u, 15u);
  for (var bin = block * 1024u + lane; bin < last; bin += 64u) {
    let u = table0[bin / 5u];
    let v = table0[3u + bin % 5u];
    let t0 = (v - d2);
    let t1 = ((d0 * (u - d1)) + (p5_0 * t0));
    let t2 = (d3 * t0);
    let t3 = (v - d6);
    let t4 = ((d4 * (u - d5)) + (p5_1 * t3));
    let t5 = (d7 * t3);
    store0(filter_ * 15u + bin, vec2f((p0_0 * exp(((-0.5) * ((t1 * t1) + (t2 * t2))))), (p0_1 * exp(((-0.5) * ((t4 * t4) + (t5 * t5)))))));
  }
}


// kernel 6: dropout.2 forward mask + conv.1 forward sum + dropout.1 forward mask
// read, read, write, read, read, write, uniform, write
// dropoutMask: y[b, e] = 1/(1-P) where uniform(T(T(key, (step, 0)), (e, position[b]))) >= P, 0 elsewhere
// contract: y[output] = sum over the other labels of a[left] b[right]
@group(0) @binding(0) var<storage, read> in0: array<i32>;
@group(0) @binding(1) var<storage, read> in1: array<i32>;
@group(0) @binding(2) var<storage, read_write> out0: array<f32>;
@group(0) @binding(3) var<storage, read> in3: array<vec2f>;
@group(0) @binding(4) var<storage, read> in4: array<f32>;
@group(0) @binding(5) var<storage, read_write> out0_1: array<vec2f>;
@group(0) @binding(6) var<uniform> table0: array<vec4u, 1>;
@group(0) @binding(7) var<storage, read_write> out0_2: array<f32>;
fn threefry(key: vec2u, counter: vec2u) -> vec2u {
  let k0 = key.x;
  let k1 = key.y;
  let k2 = k0 ^ k1 ^ 466688986u;
  var a = counter.x + k0;
  var b = counter.y + k1;
  a += b; b = a ^ ((b << 13u) | (b >> 19u));
  a += b; b = a ^ ((b << 15u) | (b >> 17u));
  a += b; b = a ^ ((b << 26u) | (b >> 6u));
  a += b; b = a ^ ((b << 6u) | (b >> 26u));
  a += k1; b += k2 + 1u;
  a += b; b = a ^ ((b << 17u) | (b >> 15u));
  a += b; b = a ^ ((b << 29u) | (b >> 3u));
  a += b; b = a ^ ((b << 16u) | (b >> 16u));
  a += b; b = a ^ ((b << 24u) | (b >> 8u));
  a += k2; b += k0 + 2u;
  a += b; b = a ^ ((b << 13u) | (b >> 19u));
  a += b; b = a ^ ((b << 15u) | (b >> 17u));
  a += b; b = a ^ ((b << 26u) | (b >> 6u));
  a += b; b = a ^ ((b << 6u) | (b >> 26u));
  a += k0; b += k1 + 3u;
  a += b; b = a ^ ((b << 17u) | (b >> 15u));
  a += b; b = a ^ ((b << 29u) | (b >> 3u));
  a += b; b = a ^ ((b << 16u) | (b >> 16u));
  a += b; b = a ^ ((b << 24u) | (b >> 8u));
  a += k1; b += k2 + 4u;
  a += b; b = a ^ ((b << 13u) | (b >> 19u));
  a += b; b = a ^ ((b << 15u) | (b >> 17u));
  a += b; b = a ^ ((b << 26u) | (b >> 6u));
  a += b; b = a ^ ((b << 6u) | (b >> 26u));
  a += k2; b += k0 + 5u;
  return vec2u(a, b);
}
fn load0(i: u32) -> i32 { return in0[i]; }
fn load1(i: u32) -> i32 { return in1[i]; }
fn store0(i: u32, y: f32) { out0[i] = y; }
fn body_0(i: u32) {
  let key = threefry(vec2u(1134138214u, 3521181156u), vec2u(u32(load0(0u)), 0u));
  let word = threefry(key, vec2u(i % 4u, u32(load1(i / 4u)))).x;
  store0(i, select(0.0, 2.0, (word >> 8u) >= 8388608u));
}
fn load0_1(i: u32) -> vec2f { return in3[i]; }
fn load1_1(i: u32) -> f32 { return in4[i]; }
fn store0_1(i: u32, y: vec2f) { out0_1[i] = y; }
fn body_1(i: u32) {
  let x0 = (i / 15u);
  let x1 = (i / 5u) % 3u;
  let x2 = i % 5u;
  let base0 = x0 * 36u;
  let base1 = x1 * 2u;
  let x2at0 = x2 + 0u;
  let x2at1 = x2 + 5u;
  let x2at2 = x2 + 10u;
  let x2at3 = min(x2 + 15u, 17u);
  var sum0 = vec2f();
  var sum1 = vec2f();
  var sum2 = vec2f();
  var sum3 = vec2f();
  for (var k0 = 0u; k0 < table0[0].x; k0++) {
  let at0 = base0 + k0 * 18u;
  let v0s0 = load0_1(at0 + x2at0 * 1u);
  let v0s1 = load0_1(at0 + x2at1 * 1u);
  let v0s2 = load0_1(at0 + x2at2 * 1u);
  let v0s3 = load0_1(at0 + x2at3 * 1u);
  let at1 = base1 + k0;
  let v1s0 = load1_1(at1);
  sum0 += v0s0 * v1s0;
  sum1 += v0s1 * v1s0;
  sum2 += v0s2 * v1s0;
  sum3 += v0s3 * v1s0;
  }
  store0_1(x0 * 54u + x1 * 18u + x2, sum0);
  store0_1(x0 * 54u + x1 * 18u + (x2 + 5u), sum1);
  store0_1(x0 * 54u + x1 * 18u + (x2 + 10u), sum2);
  if ((x2 + 15u) < 18u) { store0_1(x0 * 54u + x1 * 18u + (x2 + 15u), sum3); }
}
fn load0_2(i: u32) -> i32 { return in0[i]; }
fn load1_2(i: u32) -> i32 { return in1[i]; }
fn store0_2(i: u32, y: f32) { out0_2[i] = y; }
fn body_2(i: u32) {
  let key = threefry(vec2u(1549063322u, 2060631597u), vec2u(u32(load0_2(0u)), 0u));
  let word = threefry(key, vec2u(i % 75u, u32(load1_2(i / 75u)))).x;
  store0_2(i, select(0.0, 1.25, (word >> 8u) >= 3355444u));
}
@compute @workgroup_size(192)
fn main(@builtin(local_invocation_index) lane: u32) {
  if (lane < 8u) { body_0(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 30u) { body_1(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 150u) { body_2(lane); }
}


// kernel 7: conv.1 forward product
// read, read, write, write, uniform, uniform
// spectralProduct: U[b,f,kx,y] = sum_ky S[b,c,ky,kx] K[f,ky,kx] exp(2 pi i ky y/H), S the column transform of T, c = floor(f C/F)
@group(0) @binding(0) var<storage, read> in0: array<vec2f>;
@group(0) @binding(1) var<storage, read> in1: array<vec2f>;
@group(0) @binding(2) var<storage, read_write> out0: array<vec2f>;
@group(0) @binding(3) var<storage, read_write> out1: array<vec2f>;
@group(0) @binding(4) var<uniform> table0: array<vec4f, 1>;
@group(0) @binding(5) var<uniform> table1: array<vec4u, 1>;
fn cmul(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }
var<workgroup> points: array<vec2f, 180>;
fn load0(i: u32) -> vec2f { return in0[i]; }
fn load1(i: u32) -> vec2f { return in1[i]; }
fn store0(i: u32, y: vec2f) { out0[i] = y; }
fn store1(i: u32, y: vec2f) { out1[i] = y; }
@compute @workgroup_size(18)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let first = group * 18u;
  var half = 0u;
  var s0 = vec2f();
  var s1 = vec2f();
  var s2 = vec2f();
  var s3 = vec2f();
  var s4 = vec2f();
  {
    let own = lane;
    let position = 0u;
    let line = first + own;
    let inside = true;
    let t0 = load0(line * 6u + position);
    let t1 = load0(line * 6u + (position + 1u));
    let t2 = load0(line * 6u + (position + 2u));
    let t3 = load0(line * 6u + (position + 3u));
    let t4 = load0(line * 6u + (position + 4u));
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
    s0 = t9;
    if (inside) { store1(line * 5u + 0u, t9); }
    s1 = t13;
    if (inside) { store1(line * 5u + 1u, t13); }
    s2 = t18;
    if (inside) { store1(line * 5u + 2u, t18); }
    s3 = t19;
    if (inside) { store1(line * 5u + 3u, t19); }
    s4 = t14;
    if (inside) { store1(line * 5u + 4u, t14); }
  }
  for (var f = 0u; f < table1[0].x; f++) {
    {
      let own = lane;
      let position = 0u;
      let line = first + own;
      let inside = true;
      let t20 = cmul(s0, load1(((line / 3u % 3u * 1u + f) * 3u + line % 3u) * 5u + position)).yx;
      let t21 = cmul(s1, load1(((line / 3u % 3u * 1u + f) * 3u + line % 3u) * 5u + (position + 1u))).yx;
      let t22 = cmul(s2, load1(((line / 3u % 3u * 1u + f) * 3u + line % 3u) * 5u + (position + 2u))).yx;
      let t23 = cmul(s3, load1(((line / 3u % 3u * 1u + f) * 3u + line % 3u) * 5u + (position + 3u))).yx;
      let t24 = cmul(s4, load1(((line / 3u % 3u * 1u + f) * 3u + line % 3u) * 5u + (position + 4u))).yx;
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
      if (inside) { store0(((line / 3u * 1u + f) * 3u + line % 3u) * 6u + 0u, t29.yx); if (0u == 4u) { store0(((line / 3u * 1u + f) * 3u + line % 3u) * 6u + 0u + 1u, vec2f()); } }
      if (inside) { store0(((line / 3u * 1u + f) * 3u + line % 3u) * 6u + 1u, t33.yx); if (1u == 4u) { store0(((line / 3u * 1u + f) * 3u + line % 3u) * 6u + 1u + 1u, vec2f()); } }
      if (inside) { store0(((line / 3u * 1u + f) * 3u + line % 3u) * 6u + 2u, t38.yx); if (2u == 4u) { store0(((line / 3u * 1u + f) * 3u + line % 3u) * 6u + 2u + 1u, vec2f()); } }
      if (inside) { store0(((line / 3u * 1u + f) * 3u + line % 3u) * 6u + 3u, t39.yx); if (3u == 4u) { store0(((line / 3u * 1u + f) * 3u + line % 3u) * 6u + 3u + 1u, vec2f()); } }
      if (inside) { store0(((line / 3u * 1u + f) * 3u + line % 3u) * 6u + 4u, t34.yx); if (4u == 4u) { store0(((line / 3u * 1u + f) * 3u + line % 3u) * 6u + 4u + 1u, vec2f()); } }
    }
  }
}


// kernel 8: dropout.1 forward map + dense.1 forward sum + dropout.2 forward map + dense.2 forward sum
// read, read, write, read, write, uniform, read, write, write, uniform
// map: y[i] = f(x0[i], x1[i], ...)
// fused: a core op with element-wise work in its loads and its store
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<storage, read_write> out0: array<f32>;
@group(0) @binding(3) var<storage, read> in3: array<f32>;
@group(0) @binding(4) var<storage, read_write> out0_1: array<f32>;
@group(0) @binding(5) var<uniform> table0: array<vec4u, 1>;
@group(0) @binding(6) var<storage, read> in6: array<f32>;
@group(0) @binding(7) var<storage, read_write> out0_2: array<f32>;
@group(0) @binding(8) var<storage, read_write> out0_3: array<f32>;
@group(0) @binding(9) var<uniform> table1: array<vec4u, 1>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn load1(i: u32) -> f32 { return in1[i]; }
fn store0(i: u32, y: f32) { out0[i] = y; }
fn body_0(i: u32) {
  let v0 = load0(i);
  let v1 = load1(i);
  store0(i, (v0 * v1));
}
fn load0_1(i: u32) -> f32 { return out0[i]; }
fn load1_1(i: u32) -> f32 { return in3[i]; }
fn store0_1(i: u32, y: f32) {
  let v1 = in3[320u + ((i % 4u))];
  out0_1[i] = (y + v1);
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
  let x1at3 = x1 + 3u;
  var sum0 = f32();
  var sum1 = f32();
  var sum2 = f32();
  var sum3 = f32();
  var sum4 = f32();
  var sum5 = f32();
  var sum6 = f32();
  var sum7 = f32();
  for (var k0 = 0u; k0 < table0[0].x; k0++) {
  let at0 = base0 + k0;
  let v0s0 = load0_1(at0 + x0at0 * 75u);
  let v0s1 = load0_1(at0 + x0at1 * 75u);
  let at1 = base1 + k0;
  let v1s0 = load1_1(at1 + x1at0 * 75u);
  let v1s1 = load1_1(at1 + x1at1 * 75u);
  let v1s2 = load1_1(at1 + x1at2 * 75u);
  let v1s3 = load1_1(at1 + x1at3 * 75u);
  sum0 += v0s0 * v1s0;
  sum1 += v0s0 * v1s1;
  sum2 += v0s0 * v1s2;
  sum3 += v0s0 * v1s3;
  sum4 += v0s1 * v1s0;
  sum5 += v0s1 * v1s1;
  sum6 += v0s1 * v1s2;
  sum7 += v0s1 * v1s3;
  }
  store0_1(x0 * 4u + x1, sum0);
  store0_1(x0 * 4u + (x1 + 1u), sum1);
  store0_1(x0 * 4u + (x1 + 2u), sum2);
  store0_1(x0 * 4u + (x1 + 3u), sum3);
  store0_1((x0 + 1u) * 4u + x1, sum4);
  store0_1((x0 + 1u) * 4u + (x1 + 1u), sum5);
  store0_1((x0 + 1u) * 4u + (x1 + 2u), sum6);
  store0_1((x0 + 1u) * 4u + (x1 + 3u), sum7);
}
fn load0_2(i: u32) -> f32 { return in6[i]; }
fn load1_2(i: u32) -> f32 { return out0_1[i]; }
fn store0_2(i: u32, y: f32) { out0_2[i] = y; }
fn body_2(i: u32) {
  let v0 = load0_2(i);
  let v1 = load1_2(i);
  store0_2(i, (((max(0.0, v1) + exp(min(v1, 0.0))) - 1.0) * v0));
}
fn load0_3(i: u32) -> f32 { return out0_2[i]; }
fn load1_3(i: u32) -> f32 { return in3[384u + i]; }
fn store0_3(i: u32, y: f32) {
  let v1 = in3[448u + ((i % 3u))];
  out0_3[i] = (y + v1);
}
fn load0_3x4(i: u32) -> vec4f { return vec4f(load0_3(i), load0_3(i + 1u), load0_3(i + 2u), load0_3(i + 3u)); }
fn load1_3x4(i: u32) -> vec4f { return vec4f(load1_3(i), load1_3(i + 1u), load1_3(i + 2u), load1_3(i + 3u)); }
fn body_3(i: u32) {
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
  let at0 = base0 + k0 * 4u;
  let v0s0 = load0_3x4(at0 + x0at0 * 4u);
  let v0s1 = load0_3x4(at0 + x0at1 * 4u);
  let at1 = base1 + k0 * 4u;
  let v1s0 = load1_3x4(at1 + x1at0 * 4u);
  let v1s1 = load1_3x4(at1 + x1at1 * 4u);
  let v1s2 = load1_3x4(at1 + x1at2 * 4u);
  sum0 += dot(v0s0, v1s0);
  sum1 += dot(v0s0, v1s1);
  sum2 += dot(v0s0, v1s2);
  sum3 += dot(v0s1, v1s0);
  sum4 += dot(v0s1, v1s1);
  sum5 += dot(v0s1, v1s2);
  }
  store0_3(x0 * 3u + x1, sum0);
  store0_3(x0 * 3u + (x1 + 1u), sum1);
  store0_3(x0 * 3u + (x1 + 2u), sum2);
  store0_3((x0 + 1u) * 3u + x1, sum3);
  store0_3((x0 + 1u) * 3u + (x1 + 1u), sum4);
  store0_3((x0 + 1u) * 3u + (x1 + 2u), sum5);
}
@compute @workgroup_size(192)
fn main(@builtin(local_invocation_index) lane: u32) {
  if (lane < 150u) { body_0(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 1u) { body_1(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 8u) { body_2(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 1u) { body_3(lane); }
}


// kernel 9: dense.2 forward targets
// read, write
// oneHot: y[b, o] = on where o = label[b], off elsewhere
@group(0) @binding(0) var<storage, read> in0: array<i32>;
@group(0) @binding(1) var<storage, read_write> out0: array<f32>;
fn load0(i: u32) -> i32 { return in0[i]; }
fn store0(i: u32, y: f32) { out0[i] = y; }
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) gid: vec3u) {
  let i = gid.x;
  if (i >= 6u) { return; }
  store0(i, select((-1.0), 1.0, load0(i / 3u) == i32(i % 3u)));
}


// kernel 10: dense.2 forward map + sum + dense.2 backward map
// read, write, read, read, write, uniform, write
// map: y[i] = f(x0[i], x1[i], ...)
// fused: a core op with element-wise work in its loads and its store
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read_write> out0: array<f32>;
@group(0) @binding(2) var<storage, read> in2: array<f32>;
@group(0) @binding(3) var<storage, read> in3: array<f32>;
@group(0) @binding(4) var<storage, read_write> out0_1: array<f32>;
@group(0) @binding(5) var<uniform> table0: array<vec4u, 1>;
@group(0) @binding(6) var<storage, read_write> out0_2: array<f32>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn store0(i: u32, y: f32) { out0[i] = y; }
fn body_0(i: u32) {
  let v0 = load0(i);
  store0(i, tanh(clamp(v0, -10.0, 10.0)));
}
fn load0_1(i: u32) -> f32 {
  let v0 = out0[i];
  let v1 = in2[i];
  let v2 = in3[((i / 3u))];
  let t0 = (v0 - v1);
  return (((t0 * t0) * v2) / 3.0);
}
fn store0_1(i: u32, y: f32) { out0_1[i] = y; }
fn body_1(i: u32) {
  let base0 = 0u;
  var sum0 = f32();
  for (var k0 = 0u; k0 < table0[0].x; k0++) {
  let at0 = base0 + k0;
  let v0s0 = load0_1(at0);
  sum0 += v0s0;
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
  let v3 = load3_2((i / 3u));
  let t0 = tanh(clamp(v0, -10.0, 10.0));
  store0_2(i, ((((2.0 * (v1 - v2)) * v3) / 3.0) * (select(0.0, 1.0, 10.0 >= abs(v0)) * (1.0 - (t0 * t0)))));
}
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  if (lane < 6u) { body_0(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 1u) { body_1(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 6u) { body_2(lane); }
}


// kernel 11: dense.1 backward sum + sum
// read, read, write, read, read, uniform, write, uniform
// fused: a core op with element-wise work in its loads and its store
// contract: y[output] = sum over the other labels of a[left] b[right]
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<storage, read_write> out0: array<f32>;
@group(0) @binding(3) var<storage, read> in3: array<f32>;
@group(0) @binding(4) var<storage, read> in4: array<f32>;
@group(0) @binding(5) var<uniform> table0: array<vec4u, 1>;
@group(0) @binding(6) var<storage, read_write> out0_1: array<f32>;
@group(0) @binding(7) var<uniform> table1: array<vec4u, 1>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn load1(i: u32) -> f32 { return in1[384u + i]; }
fn store0(i: u32, y: f32) {
  let v1 = in3[i];
  let v2 = in4[i];
  out0[i] = ((y * v2) * (select(1.0, 0.0, 0.0 >= v1) + (exp(min(v1, 0.0)) * select(0.0, 1.0, 0.0 >= v1))));
}
fn store0x4(i: u32, y: vec4f) { store0(i + 0u, y.x); store0(i + 1u, y.y); store0(i + 2u, y.z); store0(i + 3u, y.w); }
fn load1x4(i: u32) -> vec4f { return vec4f(load1(i), load1(i + 1u), load1(i + 2u), load1(i + 3u)); }
fn body_0(i: u32) {
  let x0 = i;
  let x1 = i % 1u;
  let base0 = 0u;
  let base1 = x1 * 4u;
  let x0at0 = x0 + 0u;
  let x0at1 = x0 + 1u;
  var sum0 = vec4f();
  var sum1 = vec4f();
  for (var k0 = 0u; k0 < table0[0].x; k0++) {
  let at0 = base0 + k0;
  let v0s0 = load0(at0 + x0at0 * 3u);
  let v0s1 = load0(at0 + x0at1 * 3u);
  let at1 = base1 + k0 * 4u;
  let v1s0 = load1x4(at1);
  sum0 += v0s0 * v1s0;
  sum1 += v0s1 * v1s0;
  }
  store0x4(x0 * 4u + x1 * 4u, sum0);
  store0x4((x0 + 1u) * 4u + x1 * 4u, sum1);
}
fn load0_1(i: u32) -> f32 { return out0[i]; }
fn load1_1(i: u32) -> f32 { return in1[i]; }
fn store0_1(i: u32, y: f32) { out0_1[i] = y; }
fn body_1(i: u32) {
  let x0 = (i / 19u);
  let x1 = i % 19u;
  let base0 = 0u;
  let base1 = 0u;
  let x0at0 = x0 + 0u;
  let x0at1 = x0 + 1u;
  let x1at0 = x1 + 0u;
  let x1at1 = x1 + 19u;
  let x1at2 = x1 + 38u;
  let x1at3 = min(x1 + 57u, 74u);
  var sum0 = f32();
  var sum1 = f32();
  var sum2 = f32();
  var sum3 = f32();
  var sum4 = f32();
  var sum5 = f32();
  var sum6 = f32();
  var sum7 = f32();
  for (var k0 = 0u; k0 < table1[0].x; k0++) {
  let at0 = base0 + k0;
  let v0s0 = load0_1(at0 + x0at0 * 4u);
  let v0s1 = load0_1(at0 + x0at1 * 4u);
  let at1 = base1 + k0 * 75u;
  let v1s0 = load1_1(at1 + x1at0 * 1u);
  let v1s1 = load1_1(at1 + x1at1 * 1u);
  let v1s2 = load1_1(at1 + x1at2 * 1u);
  let v1s3 = load1_1(at1 + x1at3 * 1u);
  sum0 += v0s0 * v1s0;
  sum1 += v0s0 * v1s1;
  sum2 += v0s0 * v1s2;
  sum3 += v0s0 * v1s3;
  sum4 += v0s1 * v1s0;
  sum5 += v0s1 * v1s1;
  sum6 += v0s1 * v1s2;
  sum7 += v0s1 * v1s3;
  }
  store0_1(x0 * 75u + x1, sum0);
  store0_1(x0 * 75u + (x1 + 19u), sum1);
  store0_1(x0 * 75u + (x1 + 38u), sum2);
  if ((x1 + 57u) < 75u) { store0_1(x0 * 75u + (x1 + 57u), sum3); }
  store0_1((x0 + 1u) * 75u + x1, sum4);
  store0_1((x0 + 1u) * 75u + (x1 + 19u), sum5);
  store0_1((x0 + 1u) * 75u + (x1 + 38u), sum6);
  if ((x1 + 57u) < 75u) { store0_1((x0 + 1u) * 75u + (x1 + 57u), sum7); }
}
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  if (lane < 1u) { body_0(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 19u) { body_1(lane); }
}


// kernel 12: dropout.1 backward map
// read, read, write
// map: y[i] = f(x0[i], x1[i], ...)
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<storage, read_write> out0: array<f32>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn load1(i: u32) -> f32 { return in1[i]; }
fn store0(i: u32, y: f32) { out0[i] = y; }
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) gid: vec3u) {
  let i = gid.x;
  if (i >= 150u) { return; }
  let v0 = load0(i);
  let v1 = load1(i);
  store0(i, (v1 * v0));
}


// kernel 13: elu.1 backward activation gradient
// read, read, write, uniform, uniform, uniform, uniform, uniform
// spectralActivationGradient: dU[f] = weighted row transform of dx g'(row image of U[f]), dx the row image of dT
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read> in1: array<vec4f>;
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
var<workgroup> points: array<vec2f, 60>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn load1(i: u32) -> vec4f { return in1[i]; }
fn store0(i: u32, y: vec4f) { out0[i] = y; }
@compute @workgroup_size(6)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let first = group * 6u;
  var half = 0u;
  var next0 = vec2f();
  var next1 = vec2f();
  var next2 = vec2f();
  var next3 = vec2f();
  var next4 = vec2f();
  for (var f = 0u; f < table1[0].x; f++) {
    {
      let own = lane % 6u;
      let position = lane / 6u;
      let line = first + own;
      let inside = true;
      let t0 = rowPoint(load1(((line / 3u * 3u + f) * 3u + min(position, 5u - position)) * 3u + line % 3u), position, table2[0]).yx;
      let t1 = rowPoint(load1(((line / 3u * 3u + f) * 3u + min((position + 1u), 5u - (position + 1u))) * 3u + line % 3u), (position + 1u), table2[0]).yx;
      let t2 = rowPoint(load1(((line / 3u * 3u + f) * 3u + min((position + 2u), 5u - (position + 2u))) * 3u + line % 3u), (position + 2u), table2[0]).yx;
      let t3 = rowPoint(load1(((line / 3u * 3u + f) * 3u + min((position + 3u), 5u - (position + 3u))) * 3u + line % 3u), (position + 3u), table2[0]).yx;
      let t4 = rowPoint(load1(((line / 3u * 3u + f) * 3u + min((position + 4u), 5u - (position + 4u))) * 3u + line % 3u), (position + 4u), table2[0]).yx;
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
      let z0 = t9.yx; let g0 = (vec2f(load0((((line / 3u * 3u + f) * 3u + line % 3u) / 3u * 5u + ((line / 3u * 3u + f) * 3u + line % 3u) % 3u * 2u) * 5u + 0u), select(load0((((line / 3u * 3u + f) * 3u + line % 3u) / 3u * 5u + ((line / 3u * 3u + f) * 3u + line % 3u) % 3u * 2u) * 5u + 0u + select(5u, 0u, ((line / 3u * 3u + f) * 3u + line % 3u) % 3u == 2u)), 0.0, ((line / 3u * 3u + f) * 3u + line % 3u) % 3u == 2u)) * vec2f(1.0, select(1.0, 0.0, line % 3u == 2u))); let d0 = g0 * vec2f((select(1.0, 0.0, 0.0 >= z0.x) + (exp(min(z0.x, 0.0)) * select(0.0, 1.0, 0.0 >= z0.x))), (select(1.0, 0.0, 0.0 >= z0.y) + (exp(min(z0.y, 0.0)) * select(0.0, 1.0, 0.0 >= z0.y)))); next0 = d0;
      let z1 = t13.yx; let g1 = (vec2f(load0((((line / 3u * 3u + f) * 3u + line % 3u) / 3u * 5u + ((line / 3u * 3u + f) * 3u + line % 3u) % 3u * 2u) * 5u + 1u), select(load0((((line / 3u * 3u + f) * 3u + line % 3u) / 3u * 5u + ((line / 3u * 3u + f) * 3u + line % 3u) % 3u * 2u) * 5u + 1u + select(5u, 0u, ((line / 3u * 3u + f) * 3u + line % 3u) % 3u == 2u)), 0.0, ((line / 3u * 3u + f) * 3u + line % 3u) % 3u == 2u)) * vec2f(1.0, select(1.0, 0.0, line % 3u == 2u))); let d1 = g1 * vec2f((select(1.0, 0.0, 0.0 >= z1.x) + (exp(min(z1.x, 0.0)) * select(0.0, 1.0, 0.0 >= z1.x))), (select(1.0, 0.0, 0.0 >= z1.y) + (exp(min(z1.y, 0.0)) * select(0.0, 1.0, 0.0 >= z1.y)))); next1 = d1;
      let z2 = t18.yx; let g2 = (vec2f(load0((((line / 3u * 3u + f) * 3u + line % 3u) / 3u * 5u + ((line / 3u * 3u + f) * 3u + line % 3u) % 3u * 2u) * 5u + 2u), select(load0((((line / 3u * 3u + f) * 3u + line % 3u) / 3u * 5u + ((line / 3u * 3u + f) * 3u + line % 3u) % 3u * 2u) * 5u + 2u + select(5u, 0u, ((line / 3u * 3u + f) * 3u + line % 3u) % 3u == 2u)), 0.0, ((line / 3u * 3u + f) * 3u + line % 3u) % 3u == 2u)) * vec2f(1.0, select(1.0, 0.0, line % 3u == 2u))); let d2 = g2 * vec2f((select(1.0, 0.0, 0.0 >= z2.x) + (exp(min(z2.x, 0.0)) * select(0.0, 1.0, 0.0 >= z2.x))), (select(1.0, 0.0, 0.0 >= z2.y) + (exp(min(z2.y, 0.0)) * select(0.0, 1.0, 0.0 >= z2.y)))); next2 = d2;
      let z3 = t19.yx; let g3 = (vec2f(load0((((line / 3u * 3u + f) * 3u + line % 3u) / 3u * 5u + ((line / 3u * 3u + f) * 3u + line % 3u) % 3u * 2u) * 5u + 3u), select(load0((((line / 3u * 3u + f) * 3u + line % 3u) / 3u * 5u + ((line / 3u * 3u + f) * 3u + line % 3u) % 3u * 2u) * 5u + 3u + select(5u, 0u, ((line / 3u * 3u + f) * 3u + line % 3u) % 3u == 2u)), 0.0, ((line / 3u * 3u + f) * 3u + line % 3u) % 3u == 2u)) * vec2f(1.0, select(1.0, 0.0, line % 3u == 2u))); let d3 = g3 * vec2f((select(1.0, 0.0, 0.0 >= z3.x) + (exp(min(z3.x, 0.0)) * select(0.0, 1.0, 0.0 >= z3.x))), (select(1.0, 0.0, 0.0 >= z3.y) + (exp(min(z3.y, 0.0)) * select(0.0, 1.0, 0.0 >= z3.y)))); next3 = d3;
      let z4 = t14.yx; let g4 = (vec2f(load0((((line / 3u * 3u + f) * 3u + line % 3u) / 3u * 5u + ((line / 3u * 3u + f) * 3u + line % 3u) % 3u * 2u) * 5u + 4u), select(load0((((line / 3u * 3u + f) * 3u + line % 3u) / 3u * 5u + ((line / 3u * 3u + f) * 3u + line % 3u) % 3u * 2u) * 5u + 4u + select(5u, 0u, ((line / 3u * 3u + f) * 3u + line % 3u) % 3u == 2u)), 0.0, ((line / 3u * 3u + f) * 3u + line % 3u) % 3u == 2u)) * vec2f(1.0, select(1.0, 0.0, line % 3u == 2u))); let d4 = g4 * vec2f((select(1.0, 0.0, 0.0 >= z4.x) + (exp(min(z4.x, 0.0)) * select(0.0, 1.0, 0.0 >= z4.x))), (select(1.0, 0.0, 0.0 >= z4.y) + (exp(min(z4.y, 0.0)) * select(0.0, 1.0, 0.0 >= z4.y)))); next4 = d4;
    }
    {
      let own = lane % 6u;
      let position = lane / 6u;
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
      points[half + 0u * 6u + own] = t29;
      points[half + 1u * 6u + own] = t33;
      points[half + 2u * 6u + own] = t38;
      points[half + 3u * 6u + own] = t39;
      points[half + 4u * 6u + own] = t34;
    }
    workgroupBarrier();
    for (var task = lane; task < 18u; task += 6u) {
      let own = task % 6u;
      let k = task / 6u;
      let line = first + own;
      let inside = true;
      if (inside) { store0(((line / 3u * 3u + f) * 3u + k) * 3u + line % 3u, rowPair(points[half + k * 6u + own], points[half + select(5u - k, 0u, k == 0u) * 6u + own], k, table4[0])); }
    }
    half = 30u - half;
  }
}


// kernel 14: conv.1 backward product gradient
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
@group(0) @binding(8) var<storage, read> table2: array<f32, 8>;
fn cmul(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }
fn cmulc(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x + a.y * b.y, a.y * b.x - a.x * b.y); }
var<workgroup> points: array<vec2f, 180>;
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
@compute @workgroup_size(18)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let first = group * 18u;
  var half = 0u;
  var sum0 = vec2f();
  var sum1 = vec2f();
  var sum2 = vec2f();
  var sum3 = vec2f();
  var sum4 = vec2f();
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
      let t0 = load2(((line / 3u * 1u + f) * 3u + line % 3u) * 6u + position);
      let t1 = load2(((line / 3u * 1u + f) * 3u + line % 3u) * 6u + (position + 1u));
      let t2 = load2(((line / 3u * 1u + f) * 3u + line % 3u) * 6u + (position + 2u));
      let t3 = load2(((line / 3u * 1u + f) * 3u + line % 3u) * 6u + (position + 3u));
      let t4 = load2(((line / 3u * 1u + f) * 3u + line % 3u) * 6u + (position + 4u));
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
      let column = line % 3u;
      let filter_ = (line / 3u % 3u * 1u + f);
      let p3_0 = load6(0u + filter_);
      let p1_0 = load4(0u + filter_);
      let p5_0 = load8(0u + filter_);
      let p2_0 = load5(0u + filter_);
      let p4_0 = load7(0u + filter_);
      let p3_1 = load6(3u + filter_);
      let p1_1 = load4(3u + filter_);
      let p5_1 = load8(3u + filter_);
      let p2_1 = load5(3u + filter_);
      let p4_1 = load7(3u + filter_);
      let p0_0 = load3(0u + filter_);
      let p0_1 = load3(3u + filter_);
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
      sum0 += cmulc(t9, load1(((line / 3u % 3u * 1u + f) * 3u + line % 3u) * 5u + 0u));
      { let A = cmulc(t9, load0(line * 5u + 0u)); let v = table2[3u + 0u]; let t0 = (u - d1); let t1 = (v - d2); let t2 = ((d0 * t0) + (p5_0 * t1)); let t3 = (d3 * t1); let t4 = exp(((-0.5) * ((t2 * t2) + (t3 * t3)))); let t5 = (u - d5); let t6 = (v - d6); let t7 = ((d4 * t5) + (p5_1 * t6)); let t8 = (d7 * t6); let t9 = exp(((-0.5) * ((t7 * t7) + (t8 * t8)))); part0 += (A.x * t4); part1 += (A.y * t9); part2 += (-(A.x * (p0_0 * (t4 * (t2 * d8))))); part3 += (-(A.y * (p0_1 * (t9 * (t7 * d9))))); part4 += (A.x * (p0_0 * (t4 * ((-0.5) * (((-2.0) * (t2 * d10)) + ((-2.0) * (t3 * d11))))))); part5 += (A.y * (p0_1 * (t9 * ((-0.5) * (((-2.0) * (t7 * d12)) + ((-2.0) * (t8 * d13))))))); part6 += (-(A.x * (p0_0 * (t4 * (t2 * (d14 * t0)))))); part7 += (-(A.y * (p0_1 * (t9 * (t7 * (d15 * t5)))))); part8 += (-(A.x * (p0_0 * (t4 * (t3 * (d16 * t1)))))); part9 += (-(A.y * (p0_1 * (t9 * (t8 * (d17 * t6)))))); part10 += (-(A.x * (p0_0 * (t4 * (t2 * t1))))); part11 += (-(A.y * (p0_1 * (t9 * (t7 * t6))))); }
      sum1 += cmulc(t13, load1(((line / 3u % 3u * 1u + f) * 3u + line % 3u) * 5u + 1u));
      { let A = cmulc(t13, load0(line * 5u + 1u)); let v = table2[3u + 1u]; let t0 = (u - d1); let t1 = (v - d2); let t2 = ((d0 * t0) + (p5_0 * t1)); let t3 = (d3 * t1); let t4 = exp(((-0.5) * ((t2 * t2) + (t3 * t3)))); let t5 = (u - d5); let t6 = (v - d6); let t7 = ((d4 * t5) + (p5_1 * t6)); let t8 = (d7 * t6); let t9 = exp(((-0.5) * ((t7 * t7) + (t8 * t8)))); part0 += (A.x * t4); part1 += (A.y * t9); part2 += (-(A.x * (p0_0 * (t4 * (t2 * d8))))); part3 += (-(A.y * (p0_1 * (t9 * (t7 * d9))))); part4 += (A.x * (p0_0 * (t4 * ((-0.5) * (((-2.0) * (t2 * d10)) + ((-2.0) * (t3 * d11))))))); part5 += (A.y * (p0_1 * (t9 * ((-0.5) * (((-2.0) * (t7 * d12)) + ((-2.0) * (t8 * d13))))))); part6 += (-(A.x * (p0_0 * (t4 * (t2 * (d14 * t0)))))); part7 += (-(A.y * (p0_1 * (t9 * (t7 * (d15 * t5)))))); part8 += (-(A.x * (p0_0 * (t4 * (t3 * (d16 * t1)))))); part9 += (-(A.y * (p0_1 * (t9 * (t8 * (d17 * t6)))))); part10 += (-(A.x * (p0_0 * (t4 * (t2 * t1))))); part11 += (-(A.y * (p0_1 * (t9 * (t7 * t6))))); }
      sum2 += cmulc(t18, load1(((line / 3u % 3u * 1u + f) * 3u + line % 3u) * 5u + 2u));
      { let A = cmulc(t18, load0(line * 5u + 2u)); let v = table2[3u + 2u]; let t0 = (u - d1); let t1 = (v - d2); let t2 = ((d0 * t0) + (p5_0 * t1)); let t3 = (d3 * t1); let t4 = exp(((-0.5) * ((t2 * t2) + (t3 * t3)))); let t5 = (u - d5); let t6 = (v - d6); let t7 = ((d4 * t5) + (p5_1 * t6)); let t8 = (d7 * t6); let t9 = exp(((-0.5) * ((t7 * t7) + (t8 * t8)))); part0 += (A.x * t4); part1 += (A.y * t9); part2 += (-(A.x * (p0_0 * (t4 * (t2 * d8))))); part3 += (-(A.y * (p0_1 * (t9 * (t7 * d9))))); part4 += (A.x * (p0_0 * (t4 * ((-0.5) * (((-2.0) * (t2 * d10)) + ((-2.0) * (t3 * d11))))))); part5 += (A.y * (p0_1 * (t9 * ((-0.5) * (((-2.0) * (t7 * d12)) + ((-2.0) * (t8 * d13))))))); part6 += (-(A.x * (p0_0 * (t4 * (t2 * (d14 * t0)))))); part7 += (-(A.y * (p0_1 * (t9 * (t7 * (d15 * t5)))))); part8 += (-(A.x * (p0_0 * (t4 * (t3 * (d16 * t1)))))); part9 += (-(A.y * (p0_1 * (t9 * (t8 * (d17 * t6)))))); part10 += (-(A.x * (p0_0 * (t4 * (t2 * t1))))); part11 += (-(A.y * (p0_1 * (t9 * (t7 * t6))))); }
      sum3 += cmulc(t19, load1(((line / 3u % 3u * 1u + f) * 3u + line % 3u) * 5u + 3u));
      { let A = cmulc(t19, load0(line * 5u + 3u)); let v = table2[3u + 3u]; let t0 = (u - d1); let t1 = (v - d2); let t2 = ((d0 * t0) + (p5_0 * t1)); let t3 = (d3 * t1); let t4 = exp(((-0.5) * ((t2 * t2) + (t3 * t3)))); let t5 = (u - d5); let t6 = (v - d6); let t7 = ((d4 * t5) + (p5_1 * t6)); let t8 = (d7 * t6); let t9 = exp(((-0.5) * ((t7 * t7) + (t8 * t8)))); part0 += (A.x * t4); part1 += (A.y * t9); part2 += (-(A.x * (p0_0 * (t4 * (t2 * d8))))); part3 += (-(A.y * (p0_1 * (t9 * (t7 * d9))))); part4 += (A.x * (p0_0 * (t4 * ((-0.5) * (((-2.0) * (t2 * d10)) + ((-2.0) * (t3 * d11))))))); part5 += (A.y * (p0_1 * (t9 * ((-0.5) * (((-2.0) * (t7 * d12)) + ((-2.0) * (t8 * d13))))))); part6 += (-(A.x * (p0_0 * (t4 * (t2 * (d14 * t0)))))); part7 += (-(A.y * (p0_1 * (t9 * (t7 * (d15 * t5)))))); part8 += (-(A.x * (p0_0 * (t4 * (t3 * (d16 * t1)))))); part9 += (-(A.y * (p0_1 * (t9 * (t8 * (d17 * t6)))))); part10 += (-(A.x * (p0_0 * (t4 * (t2 * t1))))); part11 += (-(A.y * (p0_1 * (t9 * (t7 * t6))))); }
      sum4 += cmulc(t14, load1(((line / 3u % 3u * 1u + f) * 3u + line % 3u) * 5u + 4u));
      { let A = cmulc(t14, load0(line * 5u + 4u)); let v = table2[3u + 4u]; let t0 = (u - d1); let t1 = (v - d2); let t2 = ((d0 * t0) + (p5_0 * t1)); let t3 = (d3 * t1); let t4 = exp(((-0.5) * ((t2 * t2) + (t3 * t3)))); let t5 = (u - d5); let t6 = (v - d6); let t7 = ((d4 * t5) + (p5_1 * t6)); let t8 = (d7 * t6); let t9 = exp(((-0.5) * ((t7 * t7) + (t8 * t8)))); part0 += (A.x * t4); part1 += (A.y * t9); part2 += (-(A.x * (p0_0 * (t4 * (t2 * d8))))); part3 += (-(A.y * (p0_1 * (t9 * (t7 * d9))))); part4 += (A.x * (p0_0 * (t4 * ((-0.5) * (((-2.0) * (t2 * d10)) + ((-2.0) * (t3 * d11))))))); part5 += (A.y * (p0_1 * (t9 * ((-0.5) * (((-2.0) * (t7 * d12)) + ((-2.0) * (t8 * d13))))))); part6 += (-(A.x * (p0_0 * (t4 * (t2 * (d14 * t0)))))); part7 += (-(A.y * (p0_1 * (t9 * (t7 * (d15 * t5)))))); part8 += (-(A.x * (p0_0 * (t4 * (t3 * (d16 * t1)))))); part9 += (-(A.y * (p0_1 * (t9 * (t8 * (d17 * t6)))))); part10 += (-(A.x * (p0_0 * (t4 * (t2 * t1))))); part11 += (-(A.y * (p0_1 * (t9 * (t7 * t6))))); }
    }
    {
      let own = lane;
      let position = 0u;
      let line = first + own;
      let inside = true;
      points[half + own * 5u + (position + 0u)] = vec2f(part0, part1);
      points[half + own * 5u + (position + 1u)] = vec2f(part2, part3);
      points[half + own * 5u + (position + 2u)] = vec2f(part4, part5);
      points[half + own * 5u + (position + 3u)] = vec2f(part6, part7);
      points[half + own * 5u + (position + 4u)] = vec2f(part8, part9);
    }
    workgroupBarrier();
    for (var task = lane; task < 180u; task += 18u) {
      let own = task / 10u;
      let slot = task % 10u;
      let line = first + own;
      let inside = true;
      var total = 0.0;
      for (var holder = 0u; holder < 1u; holder++) { total += points[half + own * 5u + (slot / 2u * 1u + holder)][slot % 2u]; }
      if (inside && slot == 0u) { store1((line * 1u + f) * 12u + 0u, total); }
      if (inside && slot == 1u) { store1((line * 1u + f) * 12u + 1u, total); }
      if (inside && slot == 2u) { store1((line * 1u + f) * 12u + 2u, total); }
      if (inside && slot == 3u) { store1((line * 1u + f) * 12u + 3u, total); }
      if (inside && slot == 4u) { store1((line * 1u + f) * 12u + 4u, total); }
      if (inside && slot == 5u) { store1((line * 1u + f) * 12u + 5u, total); }
      if (inside && slot == 6u) { store1((line * 1u + f) * 12u + 6u, total); }
      if (inside && slot == 7u) { store1((line * 1u + f) * 12u + 7u, total); }
      if (inside && slot == 8u) { store1((line * 1u + f) * 12u + 8u, total); }
      if (inside && slot == 9u) { store1((line * 1u + f) * 12u + 9u, total); }
    }
    {
      let own = lane;
      let position = 0u;
      let line = first + own;
      let inside = true;
      points[(90u - half) + own * 5u + (position + 0u)] = vec2f(part10, part11);
    }
    workgroupBarrier();
    for (var task = lane; task < 36u; task += 18u) {
      let own = task / 2u;
      let slot = task % 2u;
      let line = first + own;
      let inside = true;
      var total = 0.0;
      for (var holder = 0u; holder < 1u; holder++) { total += points[(90u - half) + own * 5u + (slot / 2u * 1u + holder)][slot % 2u]; }
      if (inside && slot == 0u) { store1((line * 1u + f) * 12u + 10u, total); }
      if (inside && slot == 1u) { store1((line * 1u + f) * 12u + 11u, total); }
    }
  }
  {
    let own = lane;
    let position = 0u;
    let line = first + own;
    let inside = true;
    let t20 = sum0.yx;
    let t21 = sum1.yx;
    let t22 = sum2.yx;
    let t23 = sum3.yx;
    let t24 = sum4.yx;
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
    if (inside) { store0(line * 6u + 0u, t29.yx); if (0u == 4u) { store0(line * 6u + 0u + 1u, vec2f()); } }
    if (inside) { store0(line * 6u + 1u, t33.yx); if (1u == 4u) { store0(line * 6u + 1u + 1u, vec2f()); } }
    if (inside) { store0(line * 6u + 2u, t38.yx); if (2u == 4u) { store0(line * 6u + 2u + 1u, vec2f()); } }
    if (inside) { store0(line * 6u + 3u, t39.yx); if (3u == 4u) { store0(line * 6u + 3u + 1u, vec2f()); } }
    if (inside) { store0(line * 6u + 4u, t34.yx); if (4u == 4u) { store0(line * 6u + 4u + 1u, vec2f()); } }
  }
}


// kernel 15: conv.1 backward parameters
// read, write
// parameterSums: dL/dp[part, f] = sum over b, kx of g[b, c, kx, f', slot]; f = c F/C + f', slot = p parts + part
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read_write> out0: array<f32>;
var<workgroup> lanes: array<f32, 768>;
var<workgroup> parts: array<f32, 48>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn store0(i: u32, y: f32) { out0[i] = y; }
fn store1(i: u32, y: f32) { out0[64u + i] = y; }
fn store2(i: u32, y: f32) { out0[128u + i] = y; }
fn store3(i: u32, y: f32) { out0[192u + i] = y; }
fn store4(i: u32, y: f32) { out0[256u + i] = y; }
fn store5(i: u32, y: f32) { out0[320u + i] = y; }
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let tile = group % 3u;
  let chunk = group / 3u;
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
    let line = (s / 3u * 3u + tile / 1u) * 3u + s % 3u;
    let at = (line * 1u + tile % 1u) * 12u;
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
  if (slot == 0u) { store0(0u * 3u + tile, total); }
  if (slot == 1u) { store0(1u * 3u + tile, total); }
  if (slot == 2u) { store1(0u * 3u + tile, total); }
  if (slot == 3u) { store1(1u * 3u + tile, total); }
  if (slot == 4u) { store2(0u * 3u + tile, total); }
  if (slot == 5u) { store2(1u * 3u + tile, total); }
  if (slot == 6u) { store3(0u * 3u + tile, total); }
  if (slot == 7u) { store3(1u * 3u + tile, total); }
  if (slot == 8u) { store4(0u * 3u + tile, total); }
  if (slot == 9u) { store4(1u * 3u + tile, total); }
  if (slot == 10u) { store5(0u * 3u + tile, total); }
  if (slot == 11u) { store5(1u * 3u + tile, total); }
  }
}


// kernel 16: conv.1 backward sum + dense.1 + sum + dense.2 + sum
// read, read, write, uniform, read, read, uniform, read, read
// fused: a core op with element-wise work in its loads and its store
// contract: y[output] = sum over the other labels of a[left] b[right]
@group(0) @binding(0) var<storage, read> in0: array<vec2f>;
@group(0) @binding(1) var<storage, read> in1: array<vec2f>;
@group(0) @binding(2) var<storage, read_write> out0: array<f32>;
@group(0) @binding(3) var<uniform> table0: array<vec4u, 1>;
@group(0) @binding(4) var<storage, read> in4: array<f32>;
@group(0) @binding(5) var<storage, read> in5: array<f32>;
@group(0) @binding(6) var<uniform> table1: array<vec4u, 1>;
@group(0) @binding(7) var<storage, read> in7: array<f32>;
@group(0) @binding(8) var<storage, read> in8: array<f32>;
fn load0(i: u32) -> vec2f { return in0[i]; }
fn load1(i: u32) -> vec2f { return in1[i]; }
fn store0(i: u32, y: vec2f) {
  out0[i] = y.x;
}
fn body_0(i: u32) {
  let x0 = i;
  let x1 = i % 1u;
  let base0 = 0u;
  let base1 = 0u;
  let x0at0 = x0 + 0u;
  let x0at1 = x0 + 1u;
  let x0at2 = x0 + 2u;
  let x1at0 = x1 + 0u;
  let x1at1 = x1 + 1u;
  var sum0 = vec2f();
  var sum1 = vec2f();
  var sum2 = vec2f();
  var sum3 = vec2f();
  var sum4 = vec2f();
  var sum5 = vec2f();
  for (var k0 = 0u; k0 < table0[0].x; k0++) {
  for (var k1 = 0u; k1 < table0[0].y; k1++) {
  let at0 = base0 + k0 * 54u + k1;
  let v0s0 = load0(at0 + x0at0 * 18u);
  let v0s1 = load0(at0 + x0at1 * 18u);
  let v0s2 = load0(at0 + x0at2 * 18u);
  let at1 = base1 + k0 * 36u + k1;
  let v1s0 = load1(at1 + x1at0 * 18u) * vec2f(1.0, -1.0);
  let v1s1 = load1(at1 + x1at1 * 18u) * vec2f(1.0, -1.0);
  sum0 += vec2f(v0s0.x * v1s0.x - v0s0.y * v1s0.y, v0s0.x * v1s0.y + v0s0.y * v1s0.x);
  sum1 += vec2f(v0s0.x * v1s1.x - v0s0.y * v1s1.y, v0s0.x * v1s1.y + v0s0.y * v1s1.x);
  sum2 += vec2f(v0s1.x * v1s0.x - v0s1.y * v1s0.y, v0s1.x * v1s0.y + v0s1.y * v1s0.x);
  sum3 += vec2f(v0s1.x * v1s1.x - v0s1.y * v1s1.y, v0s1.x * v1s1.y + v0s1.y * v1s1.x);
  sum4 += vec2f(v0s2.x * v1s0.x - v0s2.y * v1s0.y, v0s2.x * v1s0.y + v0s2.y * v1s0.x);
  sum5 += vec2f(v0s2.x * v1s1.x - v0s2.y * v1s1.y, v0s2.x * v1s1.y + v0s2.y * v1s1.x);
  }
  }
  store0(x0 * 2u + x1, sum0);
  store0(x0 * 2u + (x1 + 1u), sum1);
  store0((x0 + 1u) * 2u + x1, sum2);
  store0((x0 + 1u) * 2u + (x1 + 1u), sum3);
  store0((x0 + 2u) * 2u + x1, sum4);
  store0((x0 + 2u) * 2u + (x1 + 1u), sum5);
}
fn load0_1(i: u32) -> f32 { return in4[i]; }
fn load1_1(i: u32) -> f32 { return in5[i]; }
fn store0_1(i: u32, y: f32) { out0[64u + i] = y; }
fn body_1(i: u32) {
  let x0 = (i / 19u);
  let x1 = i % 19u;
  let base0 = x0;
  let base1 = 0u;
  let x1at0 = x1 + 0u;
  let x1at1 = x1 + 19u;
  let x1at2 = x1 + 38u;
  let x1at3 = min(x1 + 57u, 74u);
  var sum0 = f32();
  var sum1 = f32();
  var sum2 = f32();
  var sum3 = f32();
  for (var k0 = 0u; k0 < table1[0].x; k0++) {
  let at0 = base0 + k0 * 4u;
  let v0s0 = load0_1(at0);
  let at1 = base1 + k0 * 75u;
  let v1s0 = load1_1(at1 + x1at0 * 1u);
  let v1s1 = load1_1(at1 + x1at1 * 1u);
  let v1s2 = load1_1(at1 + x1at2 * 1u);
  let v1s3 = load1_1(at1 + x1at3 * 1u);
  sum0 += v0s0 * v1s0;
  sum1 += v0s0 * v1s1;
  sum2 += v0s0 * v1s2;
  sum3 += v0s0 * v1s3;
  }
  store0_1(x0 * 75u + x1, sum0);
  store0_1(x0 * 75u + (x1 + 19u), sum1);
  store0_1(x0 * 75u + (x1 + 38u), sum2);
  if ((x1 + 57u) < 75u) { store0_1(x0 * 75u + (x1 + 57u), sum3); }
}
fn load0_2(i: u32) -> f32 { return in4[i]; }
fn store0_2(i: u32, y: f32) { out0[384u + i] = y; }
fn store0_2x4(i: u32, y: vec4f) { store0_2(i + 0u, y.x); store0_2(i + 1u, y.y); store0_2(i + 2u, y.z); store0_2(i + 3u, y.w); }
fn load0_2x4(i: u32) -> vec4f { return vec4f(load0_2(i), load0_2(i + 1u), load0_2(i + 2u), load0_2(i + 3u)); }
fn body_2(i: u32) {
  let x0 = i;
  let base0 = x0 * 4u;
  var sum0 = vec4f();
  for (var k0 = 0u; k0 < table1[0].x; k0++) {
  let at0 = base0 + k0 * 4u;
  let v0s0 = load0_2x4(at0);
  sum0 += v0s0;
  }
  store0_2x4(x0 * 4u, sum0);
}
fn load0_3(i: u32) -> f32 { return in7[i]; }
fn load1_3(i: u32) -> f32 { return in8[i]; }
fn store0_3(i: u32, y: f32) { out0[448u + i] = y; }
fn store0_3x4(i: u32, y: vec4f) { store0_3(i + 0u, y.x); store0_3(i + 1u, y.y); store0_3(i + 2u, y.z); store0_3(i + 3u, y.w); }
fn load1_3x4(i: u32) -> vec4f { return vec4f(load1_3(i), load1_3(i + 1u), load1_3(i + 2u), load1_3(i + 3u)); }
fn body_3(i: u32) {
  let x0 = i;
  let x1 = i % 1u;
  let base0 = 0u;
  let base1 = x1 * 4u;
  let x0at0 = x0 + 0u;
  let x0at1 = x0 + 1u;
  let x0at2 = x0 + 2u;
  var sum0 = vec4f();
  var sum1 = vec4f();
  var sum2 = vec4f();
  for (var k0 = 0u; k0 < table1[0].x; k0++) {
  let at0 = base0 + k0 * 3u;
  let v0s0 = load0_3(at0 + x0at0 * 1u);
  let v0s1 = load0_3(at0 + x0at1 * 1u);
  let v0s2 = load0_3(at0 + x0at2 * 1u);
  let at1 = base1 + k0 * 4u;
  let v1s0 = load1_3x4(at1);
  sum0 += v0s0 * v1s0;
  sum1 += v0s1 * v1s0;
  sum2 += v0s2 * v1s0;
  }
  store0_3x4(x0 * 4u + x1 * 4u, sum0);
  store0_3x4((x0 + 1u) * 4u + x1 * 4u, sum1);
  store0_3x4((x0 + 2u) * 4u + x1 * 4u, sum2);
}
fn load0_4(i: u32) -> f32 { return in7[i]; }
fn store0_4(i: u32, y: f32) { out0[512u + i] = y; }
fn body_4(i: u32) {
  let x0 = i;
  let base0 = x0;
  var sum0 = f32();
  for (var k0 = 0u; k0 < table1[0].x; k0++) {
  let at0 = base0 + k0 * 3u;
  let v0s0 = load0_4(at0);
  sum0 += v0s0;
  }
  store0_4(x0, sum0);
}
@compute @workgroup_size(128)
fn main(@builtin(local_invocation_index) lane: u32) {
  if (lane < 1u) { body_0(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 76u) { body_1(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 1u) { body_2(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 1u) { body_3(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 3u) { body_4(lane); }
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
  if (i >= 960u) { return; }
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

