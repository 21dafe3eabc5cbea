// buffers
//   slot.0: slot, 1728 bytes
//   slot.1: slot, 1152 bytes
//   slot.2: slot, 1152 bytes
//   slot.3: slot, 1152 bytes
//   slot.4: slot, 1152 bytes
//   slot.5: slot, 1152 bytes
//   slot.6: slot, 1152 bytes
//   slot.7: slot, 1008 bytes
//   slot.8: slot, 768 bytes
//   slot.9: slot, 576 bytes
//   params: params, 4096 bytes
//   grads: output, 4096 bytes
//   state.0: state, 4096 bytes
//   state.1: state, 4096 bytes
//   output.outputs: output, 32 bytes
//   input.images: input, 672 bytes
//   output.loss: output, 16 bytes
//   output.gradient-statistics: output, 96 bytes
//   input.labels: input, 16 bytes
//   input.weights: input, 16 bytes
//   input.scalars: input, 16 bytes
//   table#71c51253: constant, 16 bytes
//   table#ce0f34f5: constant, 48 bytes
//   table#2aaef9ba: constant, 16 bytes
//   table#fd19eca0: constant, 16 bytes
//   table#809dd300: constant, 16 bytes
//   table#f5a97035: constant, 16 bytes
//   table#ca0cbe37: constant, 16 bytes
//   table#7018d1f5: constant, 16 bytes
//   table#1fdbb5cf: constant, 16 bytes
//   table#29780317: constant, 16 bytes
//   table#2cb63f78: constant, 96 bytes
//   table#5fa0356d: constant, 64 bytes
// program infer
//   kernel 0, 1x1x1 groups: input.images[0+672] slot.0[0+768] table#71c51253[0+16]
//   kernel 1, 1x1x1 groups: slot.0[0+768] slot.2[0+768]
//   kernel 2, 3x1x1 groups: params[0+1304] slot.0[0+576] table#ce0f34f5[0+48]
//   kernel 3, 1x1x1 groups: slot.2[0+768] params[1536+24] table#2aaef9ba[0+16] slot.0[0+576] slot.1[0+1152]
//   kernel 4, 9x1x1 groups: params[1792+328] slot.0[0+1728] table#ce0f34f5[0+48]
//   kernel 5, 1x1x1 groups: slot.1[0+1152] slot.0[0+1728] slot.2[0+1152] table#fd19eca0[0+16]
//   kernel 6, 1x1x1 groups: slot.1[0+1152] slot.2[0+1152] slot.0[0+1152]
//   kernel 7, 1x1x1 groups: slot.0[0+1152] slot.1[0+1008] table#809dd300[0+16]
//   kernel 8, 1x1x1 groups: slot.1[0+1008] params[2304+1552] output.outputs[0+24] table#f5a97035[0+16]
// program train
//   kernel 0, 1x1x1 groups: input.images[0+672] slot.0[0+768] table#71c51253[0+16]
//   kernel 1, 1x1x1 groups: slot.0[0+768] slot.8[0+768]
//   kernel 9, 12x1x1 groups: params[0+2120] slot.9[0+576] table#ce0f34f5[0+48] slot.0[0+1728]
//   kernel 10, 1x1x1 groups: slot.8[0+768] params[1536+24] slot.1[0+1152] table#2aaef9ba[0+16] slot.9[0+576] slot.2[0+1152] slot.3[0+1152] slot.0[0+1728] slot.4[0+1152] table#fd19eca0[0+16]
//   kernel 6, 1x1x1 groups: slot.3[0+1152] slot.4[0+1152] slot.5[0+1152]
//   kernel 7, 1x1x1 groups: slot.5[0+1152] slot.6[0+1008] table#809dd300[0+16]
//   kernel 11, 1x1x1 groups: slot.6[0+1008] params[2304+1552] table#f5a97035[0+16] output.outputs[0+24] input.labels[0+8] input.weights[0+8] output.loss[0+8] table#ca0cbe37[0+16] slot.7[0+1008] table#fd19eca0[0+16] grads[2304+1552] table#2aaef9ba[0+16]
//   kernel 12, 1x1x1 groups: slot.7[0+1008] slot.5[0+1152] table#7018d1f5[0+16]
//   kernel 13, 1x1x1 groups: slot.5[0+1152] slot.6[0+1152]
//   kernel 14, 1x1x1 groups: slot.4[0+1152] slot.6[0+1152] slot.5[0+1152]
//   kernel 15, 1x1x1 groups: slot.5[0+1152] slot.0[0+1728] slot.4[0+1152] slot.2[0+1152] slot.6[0+1152] table#fd19eca0[0+16] slot.1[0+1152] slot.7[0+576] table#2aaef9ba[0+16]
//   kernel 16, 3x1x1 groups: slot.7[0+576] params[0+1304] slot.1[0+144] table#ce0f34f5[0+48]
//   kernel 17, 1x1x1 groups: slot.1[0+144] grads[0+1560] table#1fdbb5cf[0+16] slot.4[0+1152] slot.9[0+576] slot.8[0+768] table#29780317[0+16] slot.5[0+1152] slot.3[0+1152] slot.0[0+1728] table#2aaef9ba[0+16]
//   kernel 18, 9x1x1 groups: slot.0[0+1728] params[1792+328] grads[1792+328] table#ce0f34f5[0+48]
//   kernel 19, 11x1x1 groups: grads[0+4096] output.gradient-statistics[0+88] table#2cb63f78[0+96]
//   kernel 20, 4x1x1 groups: grads[0+4096] input.scalars[0+16] params[0+4096] state.0[0+4096] state.1[0+4096] table#5fa0356d[0+64]

// kernel 0: conv.1 forward rows
// read, write, uniform
// rfftRows: T[kx,y] = sum_n x[y,n] exp(-2 pi i kx n/W), kx < K
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read_write> out0: array<vec4f>;
@group(0) @binding(2) var<uniform> table0: array<vec4f, 1>;
fn cmul(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }
fn rowPoint(q: vec4f, position: u32, scale: vec4f) -> vec2f {
  let edge = position == 0u || 2u * position == 7u;
  let side = select(select(-1.0, 1.0, 2u * position < 7u), 0.0, edge);
  return select(scale.y, scale.x, edge) * vec2f(q.x - side * q.w, side * q.y + q.z);
}
fn rowColumn(position: u32) -> u32 { return min(position, 7u - position); }
fn rowPair(here: vec2f, mirrored: vec2f, k: u32, scale: vec4f) -> vec4f {
  let half = 0.5 * select(scale.y, scale.x, k == 0u || 2u * k == 7u);
  return half * vec4f(here.x + mirrored.x, here.y - mirrored.y, here.y + mirrored.y, mirrored.x - here.x);
}
fn rowMirror(k: u32) -> u32 { return select(7u - k, 0u, k == 0u); }
var<workgroup> points0: array<vec2f, 84>;
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
    let t0 = vec2f(load0((first + line) * 14u + position), load0((first + line) * 14u + 7u + position));
    let t1 = vec2f(load0((first + line) * 14u + (position + 1u)), load0((first + line) * 14u + 7u + (position + 1u)));
    let t2 = vec2f(load0((first + line) * 14u + (position + 2u)), load0((first + line) * 14u + 7u + (position + 2u)));
    let t3 = vec2f(load0((first + line) * 14u + (position + 3u)), load0((first + line) * 14u + 7u + (position + 3u)));
    let t4 = vec2f(load0((first + line) * 14u + (position + 4u)), load0((first + line) * 14u + 7u + (position + 4u)));
    let t5 = vec2f(load0((first + line) * 14u + (position + 5u)), load0((first + line) * 14u + 7u + (position + 5u)));
    let t6 = vec2f(load0((first + line) * 14u + (position + 6u)), load0((first + line) * 14u + 7u + (position + 6u)));
    let t7 = t1 + t6;
    let t8 = t1 - t6;
    let t9 = t2 + t5;
    let t10 = t2 - t5;
    let t11 = t3 + t4;
    let t12 = t3 - t4;
    let t13 = t0 + t7 + t9 + t11;
    let t14 = t0 + 0.6234898018587336 * t7 + -0.22252093395631434 * t9 + -0.900968867902419 * t11;
    let t15 = 0.7818314824680298 * t8 + 0.9749279121818236 * t10 + 0.43388373911755823 * t12;
    let t16 = vec2f(t15.y, -t15.x);
    let t17 = t14 + t16;
    let t18 = t14 - t16;
    let t19 = t0 + -0.22252093395631434 * t7 + -0.9009688679024191 * t9 + 0.6234898018587334 * t11;
    let t20 = 0.9749279121818236 * t8 + -0.433883739117558 * t10 + -0.7818314824680299 * t12;
    let t21 = vec2f(t20.y, -t20.x);
    let t22 = t19 + t21;
    let t23 = t19 - t21;
    let t24 = t0 + -0.900968867902419 * t7 + 0.6234898018587334 * t9 + -0.22252093395631434 * t11;
    let t25 = 0.43388373911755823 * t8 + -0.7818314824680299 * t10 + 0.9749279121818236 * t12;
    let t26 = vec2f(t25.y, -t25.x);
    let t27 = t24 + t26;
    let t28 = t24 - t26;
    points0[line * 7u + 0u] = t13;
    points0[line * 7u + 1u] = t17;
    points0[line * 7u + 2u] = t22;
    points0[line * 7u + 3u] = t27;
    points0[line * 7u + 4u] = t28;
    points0[line * 7u + 5u] = t23;
    points0[line * 7u + 6u] = t18;
  }
  workgroupBarrier();
  for (var task = lane; task < 48u; task += 12u) {
    let line = task / 4u;
    let position = task % 4u;
    store0(((first + line) / 3u * 4u + position) * 3u + (first + line) % 3u, rowPair(points0[line * 7u + position], points0[line * 7u + rowMirror(position)], position, table0[0]));
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
@compute @workgroup_size(16)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let first = group * 16u;
  {
    let task = lane;
    let line = task % 16u;
    let position = task / 16u;
    let t0 = load0((first + line) * 6u + position);
    let t1 = load0((first + line) * 6u + (position + 1u));
    let t2 = load0((first + line) * 6u + (position + 2u));
    let t3 = load0((first + line) * 6u + (position + 3u));
    let t4 = load0((first + line) * 6u + (position + 4u));
    let t5 = load0((first + line) * 6u + (position + 5u));
    let t6 = t0 + t3;
    let t7 = t0 - t3;
    let t8 = t1 + t4;
    let t9 = t1 - t4;
    let t10 = cmul(t9, vec2f(0.5000000000000001, -0.8660254037844386));
    let t11 = t2 + t5;
    let t12 = t2 - t5;
    let t13 = cmul(t12, vec2f(-0.4999999999999998, -0.8660254037844387));
    let t14 = t8 + t11;
    let t15 = t8 - t11;
    let t16 = t6 + t14;
    let t17 = t6 + -0.4999999999999998 * t14;
    let t18 = 0.8660254037844387 * t15;
    let t19 = vec2f(t18.y, -t18.x);
    let t20 = t17 + t19;
    let t21 = t17 - t19;
    let t22 = t10 + t13;
    let t23 = t10 - t13;
    let t24 = t7 + t22;
    let t25 = t7 + -0.4999999999999998 * t22;
    let t26 = 0.8660254037844387 * t23;
    let t27 = vec2f(t26.y, -t26.x);
    let t28 = t25 + t27;
    let t29 = t25 - t27;
    store0((first + line) / 4u * 24u + (first + line) % 4u + 0u * 4u, t16);
    store0((first + line) / 4u * 24u + (first + line) % 4u + 1u * 4u, t24);
    store0((first + line) / 4u * 24u + (first + line) % 4u + 2u * 4u, t20);
    store0((first + line) / 4u * 24u + (first + line) % 4u + 3u * 4u, t28);
    store0((first + line) / 4u * 24u + (first + line) % 4u + 4u * 4u, t21);
    store0((first + line) / 4u * 24u + (first + line) % 4u + 5u * 4u, t29);
  }
}


// kernel 2: conv.1 forward plane
// read, write, read
// expand: K[f, ky, kx] = formula(u[kx], v[ky]; parameters[f])
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read_write> out0: array<vec2f>;
@group(0) @binding(2) var<storage, read> table0: array<f32, 10>;
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
  let last = min((block + 1u) * 1024u, 24u);
  for (var bin = block * 1024u + lane; bin < last; bin += 64u) {
    let u = table0[bin % 4u];
    let v = table0[4u + bin / 4u];
    let t0 = (v - d2);
    let t1 = ((d0 * (u - d1)) + (p5_0 * t0));
    let t2 = (d3 * t0);
    let t3 = (v - d6);
    let t4 = ((d4 * (u - d5)) + (p5_1 * t3));
    let t5 = (d7 * t3);
    store0(filter_ * 24u + bin, vec2f((p0_0 * exp(((-0.5) * ((t1 * t1) + (t2 * t2))))), (p0_1 * exp(((-0.5) * ((t4 * t4) + (t5 * t5)))))));
  }
}


// kernel 3: conv.1 forward sum + tanh.1
// read, read, uniform, read, write
// contract: y[output] = sum over the other labels of a[left] b[right]
// fused: a core op with element-wise work in its loads and its store
@group(0) @binding(0) var<storage, read> in0: array<vec2f>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<uniform> table0: array<vec4u, 1>;
@group(0) @binding(3) var<storage, read> in3: array<vec2f>;
@group(0) @binding(4) var<storage, read_write> out0_1: array<vec2f>;
var<workgroup> local0: array<vec2f, 144>;
fn load0(i: u32) -> vec2f { return in0[i]; }
fn load1(i: u32) -> f32 { return in1[i]; }
fn store0(i: u32, y: vec2f) { local0[i] = y; }
fn body_0(i: u32) {
  let x0 = (i / 18u);
  let x1 = (i / 6u) % 3u;
  let x2 = i % 6u;
  let base0 = x0 * 48u;
  let base1 = x1 * 2u;
  let x2at0 = x2 + 0u;
  let x2at1 = x2 + 6u;
  let x2at2 = x2 + 12u;
  let x2at3 = x2 + 18u;
  var sum0 = vec2f();
  var sum1 = vec2f();
  var sum2 = vec2f();
  var sum3 = vec2f();
  for (var k0 = 0u; k0 < table0[0].x; k0++) {
  let at0 = base0 + k0 * 24u;
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
  store0(x0 * 72u + x1 * 24u + x2, sum0);
  store0(x0 * 72u + x1 * 24u + (x2 + 6u), sum1);
  store0(x0 * 72u + x1 * 24u + (x2 + 12u), sum2);
  store0(x0 * 72u + x1 * 24u + (x2 + 18u), sum3);
}
fn load0_1(i: u32) -> vec2f { return local0[i]; }
fn load1_1(i: u32) -> vec2f { return in3[i]; }
fn store0_1(i: u32, y: vec2f) {
  out0_1[i] = vec2f((6.48074069840786 * tanh(clamp((y.x / 6.48074069840786), -10.0, 10.0))), (6.48074069840786 * tanh(clamp((y.y / 6.48074069840786), -10.0, 10.0))));
}
fn body_1(i: u32) {
  let x0 = (i / 72u);
  let x1 = i % 72u;
  let base0 = x1;
  let base1 = x1;
  let x0at0 = x0 + 0u;
  let x0at1 = x0 + 1u;
  var sum0 = vec2f();
  var sum1 = vec2f();
  let at0 = base0;
  let v0s0 = load0_1(at0 + x0at0 * 72u);
  let v0s1 = load0_1(at0 + x0at1 * 72u);
  let at1 = base1;
  let v1s0 = load1_1(at1);
  sum0 += vec2f(v0s0.x * v1s0.x - v0s0.y * v1s0.y, v0s0.x * v1s0.y + v0s0.y * v1s0.x);
  sum1 += vec2f(v0s1.x * v1s0.x - v0s1.y * v1s0.y, v0s1.x * v1s0.y + v0s1.y * v1s0.x);
  store0_1(x0 * 72u + x1, sum0);
  store0_1((x0 + 1u) * 72u + x1, sum1);
}
@compute @workgroup_size(128)
fn main(@builtin(local_invocation_index) lane: u32) {
  if (lane < 36u) { body_0(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 72u) { body_1(lane); }
}


// kernel 4: conv.2 forward plane
// read, write, read
// expand: K[f, ky, kx] = formula(u[kx], v[ky]; parameters[f])
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read_write> out0: array<vec2f>;
@group(0) @binding(2) var<storage, read> table0: array<f32, 10>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn load1(i: u32) -> f32 { return in0[64u + i]; }
fn store0(i: u32, y: vec2f) { out0[i] = y; }
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let filter_ = group / 1u;
  let block = group % 1u;
  let p0_0 = load0(0u + filter_);
  let p1_0 = load1(0u + filter_);
  let p0_1 = load0(9u + filter_);
  let p1_1 = load1(9u + filter_);
  let last = min((block + 1u) * 1024u, 24u);
  for (var bin = block * 1024u + lane; bin < last; bin += 64u) {
    let u = table0[bin % 4u];
    let v = table0[4u + bin / 4u];
    store0(filter_ * 24u + bin, vec2f(((p0_0 * u) + (p1_0 * v)), ((p0_1 * u) + (p1_1 * v))));
  }
}


// kernel 5: conv.2 forward sum
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
  if (i >= 48u) { return; }
  let x0 = (i / 24u);
  let x1 = (i / 24u) % 1u;
  let x2 = i % 24u;
  let base0 = x0 * 72u + x2;
  let base1 = x2;
  let x1at0 = x1 + 0u;
  let x1at1 = x1 + 1u;
  let x1at2 = x1 + 2u;
  var sum0 = vec2f();
  var sum1 = vec2f();
  var sum2 = vec2f();
  for (var k0 = 0u; k0 < table0[0].x; k0++) {
  let at0 = base0 + k0 * 24u;
  let v0s0 = load0(at0);
  let at1 = base1 + k0 * 24u;
  let v1s0 = load1(at1 + x1at0 * 72u);
  let v1s1 = load1(at1 + x1at1 * 72u);
  let v1s2 = load1(at1 + x1at2 * 72u);
  sum0 += vec2f(v0s0.x * v1s0.x - v0s0.y * v1s0.y, v0s0.x * v1s0.y + v0s0.y * v1s0.x);
  sum1 += vec2f(v0s0.x * v1s1.x - v0s0.y * v1s1.y, v0s0.x * v1s1.y + v0s0.y * v1s1.x);
  sum2 += vec2f(v0s0.x * v1s2.x - v0s0.y * v1s2.y, v0s0.x * v1s2.y + v0s0.y * v1s2.x);
  }
  store0(x0 * 72u + x1 * 24u + x2, sum0);
  store0(x0 * 72u + (x1 + 1u) * 24u + x2, sum1);
  store0(x0 * 72u + (x1 + 2u) * 24u + x2, sum2);
}


// kernel 6: dense.1 forward columns
// read, read, write
// fused: a core op with element-wise work in its loads and its store
@group(0) @binding(0) var<storage, read> in0: array<vec2f>;
@group(0) @binding(1) var<storage, read> in1: array<vec2f>;
@group(0) @binding(2) var<storage, read_write> out0: array<vec2f>;
fn cmul(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }
fn load0(i: u32) -> vec2f {
  let v0 = in0[i];
  let v1 = in1[i];
  return vec2f(((6.48074069840786 * tanh(clamp((v1.x / 6.48074069840786), -10.0, 10.0))) + v0.x), ((6.48074069840786 * tanh(clamp((v1.y / 6.48074069840786), -10.0, 10.0))) + v0.y));
}
fn store0(i: u32, y: vec2f) { out0[i] = y; }
@compute @workgroup_size(24)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let first = group * 24u;
  {
    let task = lane;
    let line = task % 24u;
    let position = task / 24u;
    let t0 = load0((first + line) / 4u * 24u + (first + line) % 4u + position * 4u).yx;
    let t1 = load0((first + line) / 4u * 24u + (first + line) % 4u + (position + 1u) * 4u).yx;
    let t2 = load0((first + line) / 4u * 24u + (first + line) % 4u + (position + 2u) * 4u).yx;
    let t3 = load0((first + line) / 4u * 24u + (first + line) % 4u + (position + 3u) * 4u).yx;
    let t4 = load0((first + line) / 4u * 24u + (first + line) % 4u + (position + 4u) * 4u).yx;
    let t5 = load0((first + line) / 4u * 24u + (first + line) % 4u + (position + 5u) * 4u).yx;
    let t6 = t0 + t3;
    let t7 = t0 - t3;
    let t8 = t1 + t4;
    let t9 = t1 - t4;
    let t10 = cmul(t9, vec2f(0.5000000000000001, -0.8660254037844386));
    let t11 = t2 + t5;
    let t12 = t2 - t5;
    let t13 = cmul(t12, vec2f(-0.4999999999999998, -0.8660254037844387));
    let t14 = t8 + t11;
    let t15 = t8 - t11;
    let t16 = t6 + t14;
    let t17 = t6 + -0.4999999999999998 * t14;
    let t18 = 0.8660254037844387 * t15;
    let t19 = vec2f(t18.y, -t18.x);
    let t20 = t17 + t19;
    let t21 = t17 - t19;
    let t22 = t10 + t13;
    let t23 = t10 - t13;
    let t24 = t7 + t22;
    let t25 = t7 + -0.4999999999999998 * t22;
    let t26 = 0.8660254037844387 * t23;
    let t27 = vec2f(t26.y, -t26.x);
    let t28 = t25 + t27;
    let t29 = t25 - t27;
    store0((first + line) * 6u + 0u, t16.yx);
    store0((first + line) * 6u + 1u, t24.yx);
    store0((first + line) * 6u + 2u, t20.yx);
    store0((first + line) * 6u + 3u, t28.yx);
    store0((first + line) * 6u + 4u, t21.yx);
    store0((first + line) * 6u + 5u, t29.yx);
  }
}


// kernel 7: dense.1 forward rows
// read, write, uniform
// irfftRows: x[y,n] = (1/N) sum_kx w[kx] Re(U[kx,y] exp(2 pi i kx n/W))
@group(0) @binding(0) var<storage, read> in0: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> out0: array<f32>;
@group(0) @binding(2) var<uniform> table0: array<vec4f, 1>;
fn cmul(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }
fn rowPoint(q: vec4f, position: u32, scale: vec4f) -> vec2f {
  let edge = position == 0u || 2u * position == 7u;
  let side = select(select(-1.0, 1.0, 2u * position < 7u), 0.0, edge);
  return select(scale.y, scale.x, edge) * vec2f(q.x - side * q.w, side * q.y + q.z);
}
fn rowColumn(position: u32) -> u32 { return min(position, 7u - position); }
fn rowPair(here: vec2f, mirrored: vec2f, k: u32, scale: vec4f) -> vec4f {
  let half = 0.5 * select(scale.y, scale.x, k == 0u || 2u * k == 7u);
  return half * vec4f(here.x + mirrored.x, here.y - mirrored.y, here.y + mirrored.y, mirrored.x - here.x);
}
fn rowMirror(k: u32) -> u32 { return select(7u - k, 0u, k == 0u); }
fn load0(i: u32) -> vec4f { return in0[i]; }
fn store0(i: u32, y: f32) { out0[i] = y; }
@compute @workgroup_size(18)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let first = group * 18u;
  {
    let task = lane;
    let line = task;
    let position = 0u;
    let t0 = rowPoint(load0(((first + line) / 3u * 4u + rowColumn(position)) * 3u + (first + line) % 3u), position, table0[0]).yx;
    let t1 = rowPoint(load0(((first + line) / 3u * 4u + rowColumn((position + 1u))) * 3u + (first + line) % 3u), (position + 1u), table0[0]).yx;
    let t2 = rowPoint(load0(((first + line) / 3u * 4u + rowColumn((position + 2u))) * 3u + (first + line) % 3u), (position + 2u), table0[0]).yx;
    let t3 = rowPoint(load0(((first + line) / 3u * 4u + rowColumn((position + 3u))) * 3u + (first + line) % 3u), (position + 3u), table0[0]).yx;
    let t4 = rowPoint(load0(((first + line) / 3u * 4u + rowColumn((position + 4u))) * 3u + (first + line) % 3u), (position + 4u), table0[0]).yx;
    let t5 = rowPoint(load0(((first + line) / 3u * 4u + rowColumn((position + 5u))) * 3u + (first + line) % 3u), (position + 5u), table0[0]).yx;
    let t6 = rowPoint(load0(((first + line) / 3u * 4u + rowColumn((position + 6u))) * 3u + (first + line) % 3u), (position + 6u), table0[0]).yx;
    let t7 = t1 + t6;
    let t8 = t1 - t6;
    let t9 = t2 + t5;
    let t10 = t2 - t5;
    let t11 = t3 + t4;
    let t12 = t3 - t4;
    let t13 = t0 + t7 + t9 + t11;
    let t14 = t0 + 0.6234898018587336 * t7 + -0.22252093395631434 * t9 + -0.900968867902419 * t11;
    let t15 = 0.7818314824680298 * t8 + 0.9749279121818236 * t10 + 0.43388373911755823 * t12;
    let t16 = vec2f(t15.y, -t15.x);
    let t17 = t14 + t16;
    let t18 = t14 - t16;
    let t19 = t0 + -0.22252093395631434 * t7 + -0.9009688679024191 * t9 + 0.6234898018587334 * t11;
    let t20 = 0.9749279121818236 * t8 + -0.433883739117558 * t10 + -0.7818314824680299 * t12;
    let t21 = vec2f(t20.y, -t20.x);
    let t22 = t19 + t21;
    let t23 = t19 - t21;
    let t24 = t0 + -0.900968867902419 * t7 + 0.6234898018587334 * t9 + -0.22252093395631434 * t11;
    let t25 = 0.43388373911755823 * t8 + -0.7818314824680299 * t10 + 0.9749279121818236 * t12;
    let t26 = vec2f(t25.y, -t25.x);
    let t27 = t24 + t26;
    let t28 = t24 - t26;
    store0((first + line) * 14u + 0u, t13.yx.x); store0((first + line) * 14u + 7u + 0u, t13.yx.y);
    store0((first + line) * 14u + 1u, t17.yx.x); store0((first + line) * 14u + 7u + 1u, t17.yx.y);
    store0((first + line) * 14u + 2u, t22.yx.x); store0((first + line) * 14u + 7u + 2u, t22.yx.y);
    store0((first + line) * 14u + 3u, t27.yx.x); store0((first + line) * 14u + 7u + 3u, t27.yx.y);
    store0((first + line) * 14u + 4u, t28.yx.x); store0((first + line) * 14u + 7u + 4u, t28.yx.y);
    store0((first + line) * 14u + 5u, t23.yx.x); store0((first + line) * 14u + 7u + 5u, t23.yx.y);
    store0((first + line) * 14u + 6u, t18.yx.x); store0((first + line) * 14u + 7u + 6u, t18.yx.y);
  }
}


// kernel 8: dense.1 forward sum
// read, read, write, uniform
// fused: a core op with element-wise work in its loads and its store
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<storage, read_write> out0: array<f32>;
@group(0) @binding(3) var<uniform> table0: array<vec4u, 1>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn load1(i: u32) -> f32 { return in1[i]; }
fn store0(i: u32, y: f32) {
  let v1 = in1[384u + ((i % 3u))];
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
  let v0s0 = load0(at0 + x0at0 * 126u);
  let v0s1 = load0(at0 + x0at1 * 126u);
  let at1 = base1 + k0;
  let v1s0 = load1(at1 + x1at0 * 126u);
  let v1s1 = load1(at1 + x1at1 * 126u);
  let v1s2 = load1(at1 + x1at2 * 126u);
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


// kernel 9: conv.1 forward plane + conv.2
// read, write, read, write
// expand: K[f, ky, kx] = formula(u[kx], v[ky]; parameters[f])
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read_write> out0: array<vec2f>;
@group(0) @binding(2) var<storage, read> table0: array<f32, 10>;
@group(0) @binding(3) var<storage, read_write> out0_1: array<vec2f>;
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
  let last = min((block + 1u) * 1024u, 24u);
  for (var bin = block * 1024u + lane; bin < last; bin += 64u) {
    let u = table0[bin % 4u];
    let v = table0[4u + bin / 4u];
    let t0 = (v - d2);
    let t1 = ((d0 * (u - d1)) + (p5_0 * t0));
    let t2 = (d3 * t0);
    let t3 = (v - d6);
    let t4 = ((d4 * (u - d5)) + (p5_1 * t3));
    let t5 = (d7 * t3);
    store0(filter_ * 24u + bin, vec2f((p0_0 * exp(((-0.5) * ((t1 * t1) + (t2 * t2))))), (p0_1 * exp(((-0.5) * ((t4 * t4) + (t5 * t5)))))));
  }
}
fn load0_1(i: u32) -> f32 { return in0[448u + i]; }
fn load1_1(i: u32) -> f32 { return in0[512u + i]; }
fn store0_1(i: u32, y: vec2f) { out0_1[i] = y; }
fn body_1(group: u32, lane: u32) {
  let filter_ = group / 1u;
  let block = group % 1u;
  let p0_0 = load0_1(0u + filter_);
  let p1_0 = load1_1(0u + filter_);
  let p0_1 = load0_1(9u + filter_);
  let p1_1 = load1_1(9u + filter_);
  let last = min((block + 1u) * 1024u, 24u);
  for (var bin = block * 1024u + lane; bin < last; bin += 64u) {
    let u = table0[bin % 4u];
    let v = table0[4u + bin / 4u];
    store0_1(filter_ * 24u + bin, vec2f(((p0_0 * u) + (p1_0 * v)), ((p0_1 * u) + (p1_1 * v))));
  }
}
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  if (group < 3u) { let own = group; body_0(own, lane); }
  else if (group < 12u) { let own = (group - 3u); body_1(own, lane); }
}


// kernel 10: conv.1 forward sum + sum + tanh.1 forward map + conv.2 forward sum
// read, read, write, uniform, read, write, write, read, write, uniform
// contract: y[output] = sum over the other labels of a[left] b[right]
// map: y[i] = f(x0[i], x1[i], ...)
@group(0) @binding(0) var<storage, read> in0: array<vec2f>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<storage, read_write> out0: array<vec2f>;
@group(0) @binding(3) var<uniform> table0: array<vec4u, 1>;
@group(0) @binding(4) var<storage, read> in4: array<vec2f>;
@group(0) @binding(5) var<storage, read_write> out0_1: array<vec2f>;
@group(0) @binding(6) var<storage, read_write> out0_2: array<vec2f>;
@group(0) @binding(7) var<storage, read> in7: array<vec2f>;
@group(0) @binding(8) var<storage, read_write> out0_3: array<vec2f>;
@group(0) @binding(9) var<uniform> table1: array<vec4u, 1>;
fn load0(i: u32) -> vec2f { return in0[i]; }
fn load1(i: u32) -> f32 { return in1[i]; }
fn store0(i: u32, y: vec2f) { out0[i] = y; }
fn body_0(i: u32) {
  let x0 = (i / 18u);
  let x1 = (i / 6u) % 3u;
  let x2 = i % 6u;
  let base0 = x0 * 48u;
  let base1 = x1 * 2u;
  let x2at0 = x2 + 0u;
  let x2at1 = x2 + 6u;
  let x2at2 = x2 + 12u;
  let x2at3 = x2 + 18u;
  var sum0 = vec2f();
  var sum1 = vec2f();
  var sum2 = vec2f();
  var sum3 = vec2f();
  for (var k0 = 0u; k0 < table0[0].x; k0++) {
  let at0 = base0 + k0 * 24u;
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
  store0(x0 * 72u + x1 * 24u + x2, sum0);
  store0(x0 * 72u + x1 * 24u + (x2 + 6u), sum1);
  store0(x0 * 72u + x1 * 24u + (x2 + 12u), sum2);
  store0(x0 * 72u + x1 * 24u + (x2 + 18u), sum3);
}
fn load0_1(i: u32) -> vec2f { return out0[i]; }
fn load1_1(i: u32) -> vec2f { return in4[i]; }
fn store0_1(i: u32, y: vec2f) { out0_1[i] = y; }
fn body_1(i: u32) {
  let x0 = (i / 72u);
  let x1 = i % 72u;
  let base0 = x1;
  let base1 = x1;
  let x0at0 = x0 + 0u;
  let x0at1 = x0 + 1u;
  var sum0 = vec2f();
  var sum1 = vec2f();
  let at0 = base0;
  let v0s0 = load0_1(at0 + x0at0 * 72u);
  let v0s1 = load0_1(at0 + x0at1 * 72u);
  let at1 = base1;
  let v1s0 = load1_1(at1);
  sum0 += vec2f(v0s0.x * v1s0.x - v0s0.y * v1s0.y, v0s0.x * v1s0.y + v0s0.y * v1s0.x);
  sum1 += vec2f(v0s1.x * v1s0.x - v0s1.y * v1s0.y, v0s1.x * v1s0.y + v0s1.y * v1s0.x);
  store0_1(x0 * 72u + x1, sum0);
  store0_1((x0 + 1u) * 72u + x1, sum1);
}
fn load0_2(i: u32) -> vec2f { return out0_1[i]; }
fn store0_2(i: u32, y: vec2f) { out0_2[i] = y; }
fn body_2(i: u32) {
  let v0 = load0_2(i);
  store0_2(i, vec2f((6.48074069840786 * tanh(clamp((v0.x / 6.48074069840786), -10.0, 10.0))), (6.48074069840786 * tanh(clamp((v0.y / 6.48074069840786), -10.0, 10.0)))));
}
fn load0_3(i: u32) -> vec2f { return out0_2[i]; }
fn load1_3(i: u32) -> vec2f { return in7[i]; }
fn store0_3(i: u32, y: vec2f) { out0_3[i] = y; }
fn body_3(i: u32) {
  let x0 = (i / 24u);
  let x1 = (i / 24u) % 1u;
  let x2 = i % 24u;
  let base0 = x0 * 72u + x2;
  let base1 = x2;
  let x1at0 = x1 + 0u;
  let x1at1 = x1 + 1u;
  let x1at2 = x1 + 2u;
  var sum0 = vec2f();
  var sum1 = vec2f();
  var sum2 = vec2f();
  for (var k0 = 0u; k0 < table1[0].x; k0++) {
  let at0 = base0 + k0 * 24u;
  let v0s0 = load0_3(at0);
  let at1 = base1 + k0 * 24u;
  let v1s0 = load1_3(at1 + x1at0 * 72u);
  let v1s1 = load1_3(at1 + x1at1 * 72u);
  let v1s2 = load1_3(at1 + x1at2 * 72u);
  sum0 += vec2f(v0s0.x * v1s0.x - v0s0.y * v1s0.y, v0s0.x * v1s0.y + v0s0.y * v1s0.x);
  sum1 += vec2f(v0s0.x * v1s1.x - v0s0.y * v1s1.y, v0s0.x * v1s1.y + v0s0.y * v1s1.x);
  sum2 += vec2f(v0s0.x * v1s2.x - v0s0.y * v1s2.y, v0s0.x * v1s2.y + v0s0.y * v1s2.x);
  }
  store0_3(x0 * 72u + x1 * 24u + x2, sum0);
  store0_3(x0 * 72u + (x1 + 1u) * 24u + x2, sum1);
  store0_3(x0 * 72u + (x1 + 2u) * 24u + x2, sum2);
}
@compute @workgroup_size(192)
fn main(@builtin(local_invocation_index) lane: u32) {
  if (lane < 36u) { body_0(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 72u) { body_1(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 144u) { body_2(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 48u) { body_3(lane); }
}


// kernel 11: dense.1 forward sum + map + targets + sum + dense.1 backward map + 3 sum
// read, read, uniform, write, read, read, write, uniform, write, uniform, write, uniform
// fused: a core op with element-wise work in its loads and its store
// map: y[i] = f(x0[i], x1[i], ...)
// oneHot: y[b, o] = on where o = label[b], off elsewhere
// contract: y[output] = sum over the other labels of a[left] b[right]
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<uniform> table0: array<vec4u, 1>;
@group(0) @binding(3) var<storage, read_write> out0_1: array<f32>;
@group(0) @binding(4) var<storage, read> in4: array<i32>;
@group(0) @binding(5) var<storage, read> in5: array<f32>;
@group(0) @binding(6) var<storage, read_write> out0_3: array<f32>;
@group(0) @binding(7) var<uniform> table1: array<vec4u, 1>;
@group(0) @binding(8) var<storage, read_write> out0_5: array<f32>;
@group(0) @binding(9) var<uniform> table2: array<vec4u, 1>;
@group(0) @binding(10) var<storage, read_write> out0_6: array<f32>;
@group(0) @binding(11) var<uniform> table3: array<vec4u, 1>;
var<workgroup> local0: array<f32, 6>;
var<workgroup> local1: array<f32, 6>;
var<workgroup> local2: array<f32, 6>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn load1(i: u32) -> f32 { return in1[i]; }
fn store0(i: u32, y: f32) {
  let v1 = in1[384u + ((i % 3u))];
  local0[i] = (y + v1);
}
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
  var sum0 = f32();
  var sum1 = f32();
  var sum2 = f32();
  var sum3 = f32();
  var sum4 = f32();
  var sum5 = f32();
  for (var k0 = 0u; k0 < table0[0].x; k0++) {
  let at0 = base0 + k0;
  let v0s0 = load0(at0 + x0at0 * 126u);
  let v0s1 = load0(at0 + x0at1 * 126u);
  let at1 = base1 + k0;
  let v1s0 = load1(at1 + x1at0 * 126u);
  let v1s1 = load1(at1 + x1at1 * 126u);
  let v1s2 = load1(at1 + x1at2 * 126u);
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
fn load0_1(i: u32) -> f32 { return local0[i]; }
fn store0_1(i: u32, y: f32) { out0_1[i] = y; }
fn body_1(i: u32) {
  let v0 = load0_1(i);
  store0_1(i, tanh(clamp(v0, -10.0, 10.0)));
}
fn load0_2(i: u32) -> i32 { return in4[i]; }
fn store0_2(i: u32, y: f32) { local1[i] = y; }
fn body_2(i: u32) {
  store0_2(i, select((-1.0), 1.0, load0_2(i / 3u) == i32(i % 3u)));
}
fn load0_3(i: u32) -> f32 {
  let v0 = out0_1[i];
  let v1 = local1[i];
  let v2 = in5[((i / 3u))];
  let t0 = (v0 - v1);
  return (((t0 * t0) * v2) / 3.0);
}
fn store0_3(i: u32, y: f32) { out0_3[i] = y; }
fn body_3(i: u32) {
  let base0 = 0u;
  var sum0 = f32();
  for (var k0 = 0u; k0 < table1[0].x; k0++) {
  let at0 = base0 + k0;
  let v0s0 = load0_3(at0);
  sum0 += v0s0;
  }
  store0_3(0u, sum0);
}
fn load0_4(i: u32) -> f32 { return local0[i]; }
fn load1_4(i: u32) -> f32 { return out0_1[i]; }
fn load2_4(i: u32) -> f32 { return local1[i]; }
fn load3_4(i: u32) -> f32 { return in5[i]; }
fn store0_4(i: u32, y: f32) { local2[i] = y; }
fn body_4(i: u32) {
  let v0 = load0_4(i);
  let v1 = load1_4(i);
  let v2 = load2_4(i);
  let v3 = load3_4((i / 3u));
  let t0 = tanh(clamp(v0, -10.0, 10.0));
  store0_4(i, ((((2.0 * (v1 - v2)) * v3) / 3.0) * (select(0.0, 1.0, 10.0 >= abs(v0)) * (1.0 - (t0 * t0)))));
}
fn load0_5(i: u32) -> f32 { return local2[i]; }
fn load1_5(i: u32) -> f32 { return in1[i]; }
fn store0_5(i: u32, y: f32) { out0_5[i] = y; }
fn body_5(i: u32) {
  let x0 = (i / 32u);
  let x1 = i % 32u;
  let base0 = x0 * 3u;
  let base1 = 0u;
  let x1at0 = x1 + 0u;
  let x1at1 = x1 + 32u;
  let x1at2 = x1 + 64u;
  let x1at3 = min(x1 + 96u, 125u);
  var sum0 = f32();
  var sum1 = f32();
  var sum2 = f32();
  var sum3 = f32();
  for (var k0 = 0u; k0 < table2[0].x; k0++) {
  let at0 = base0 + k0;
  let v0s0 = load0_5(at0);
  let at1 = base1 + k0 * 126u;
  let v1s0 = load1_5(at1 + x1at0 * 1u);
  let v1s1 = load1_5(at1 + x1at1 * 1u);
  let v1s2 = load1_5(at1 + x1at2 * 1u);
  let v1s3 = load1_5(at1 + x1at3 * 1u);
  sum0 += v0s0 * v1s0;
  sum1 += v0s0 * v1s1;
  sum2 += v0s0 * v1s2;
  sum3 += v0s0 * v1s3;
  }
  store0_5(x0 * 126u + x1, sum0);
  store0_5(x0 * 126u + (x1 + 32u), sum1);
  store0_5(x0 * 126u + (x1 + 64u), sum2);
  if ((x1 + 96u) < 126u) { store0_5(x0 * 126u + (x1 + 96u), sum3); }
}
fn load0_6(i: u32) -> f32 { return local2[i]; }
fn load1_6(i: u32) -> f32 { return in0[i]; }
fn store0_6(i: u32, y: f32) { out0_6[i] = y; }
fn body_6(i: u32) {
  let x0 = (i / 32u);
  let x1 = i % 32u;
  let base0 = x0;
  let base1 = 0u;
  let x1at0 = x1 + 0u;
  let x1at1 = x1 + 32u;
  let x1at2 = x1 + 64u;
  let x1at3 = min(x1 + 96u, 125u);
  var sum0 = f32();
  var sum1 = f32();
  var sum2 = f32();
  var sum3 = f32();
  for (var k0 = 0u; k0 < table3[0].x; k0++) {
  let at0 = base0 + k0 * 3u;
  let v0s0 = load0_6(at0);
  let at1 = base1 + k0 * 126u;
  let v1s0 = load1_6(at1 + x1at0 * 1u);
  let v1s1 = load1_6(at1 + x1at1 * 1u);
  let v1s2 = load1_6(at1 + x1at2 * 1u);
  let v1s3 = load1_6(at1 + x1at3 * 1u);
  sum0 += v0s0 * v1s0;
  sum1 += v0s0 * v1s1;
  sum2 += v0s0 * v1s2;
  sum3 += v0s0 * v1s3;
  }
  store0_6(x0 * 126u + x1, sum0);
  store0_6(x0 * 126u + (x1 + 32u), sum1);
  store0_6(x0 * 126u + (x1 + 64u), sum2);
  if ((x1 + 96u) < 126u) { store0_6(x0 * 126u + (x1 + 96u), sum3); }
}
fn load0_7(i: u32) -> f32 { return local2[i]; }
fn store0_7(i: u32, y: f32) { out0_6[384u + i] = y; }
fn body_7(i: u32) {
  let x0 = i;
  let base0 = x0;
  var sum0 = f32();
  for (var k0 = 0u; k0 < table3[0].x; k0++) {
  let at0 = base0 + k0 * 3u;
  let v0s0 = load0_7(at0);
  sum0 += v0s0;
  }
  store0_7(x0, sum0);
}
@compute @workgroup_size(128)
fn main(@builtin(local_invocation_index) lane: u32) {
  if (lane < 1u) { body_0(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 6u) { body_1(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 6u) { body_2(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 1u) { body_3(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 6u) { body_4(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 64u) { body_5(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 96u) { body_6(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 3u) { body_7(lane); }
}


// kernel 12: dense.1 backward rows
// read, write, uniform
// rfftRows: T[kx,y] = sum_n x[y,n] exp(-2 pi i kx n/W), kx < K
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read_write> out0: array<vec4f>;
@group(0) @binding(2) var<uniform> table0: array<vec4f, 1>;
fn cmul(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }
fn rowPoint(q: vec4f, position: u32, scale: vec4f) -> vec2f {
  let edge = position == 0u || 2u * position == 7u;
  let side = select(select(-1.0, 1.0, 2u * position < 7u), 0.0, edge);
  return select(scale.y, scale.x, edge) * vec2f(q.x - side * q.w, side * q.y + q.z);
}
fn rowColumn(position: u32) -> u32 { return min(position, 7u - position); }
fn rowPair(here: vec2f, mirrored: vec2f, k: u32, scale: vec4f) -> vec4f {
  let half = 0.5 * select(scale.y, scale.x, k == 0u || 2u * k == 7u);
  return half * vec4f(here.x + mirrored.x, here.y - mirrored.y, here.y + mirrored.y, mirrored.x - here.x);
}
fn rowMirror(k: u32) -> u32 { return select(7u - k, 0u, k == 0u); }
var<workgroup> points0: array<vec2f, 126>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn store0(i: u32, y: vec4f) { out0[i] = y; }
@compute @workgroup_size(18)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let first = group * 18u;
  {
    let task = lane;
    let line = task;
    let position = 0u;
    let t0 = vec2f(load0((first + line) * 14u + position), load0((first + line) * 14u + 7u + position));
    let t1 = vec2f(load0((first + line) * 14u + (position + 1u)), load0((first + line) * 14u + 7u + (position + 1u)));
    let t2 = vec2f(load0((first + line) * 14u + (position + 2u)), load0((first + line) * 14u + 7u + (position + 2u)));
    let t3 = vec2f(load0((first + line) * 14u + (position + 3u)), load0((first + line) * 14u + 7u + (position + 3u)));
    let t4 = vec2f(load0((first + line) * 14u + (position + 4u)), load0((first + line) * 14u + 7u + (position + 4u)));
    let t5 = vec2f(load0((first + line) * 14u + (position + 5u)), load0((first + line) * 14u + 7u + (position + 5u)));
    let t6 = vec2f(load0((first + line) * 14u + (position + 6u)), load0((first + line) * 14u + 7u + (position + 6u)));
    let t7 = t1 + t6;
    let t8 = t1 - t6;
    let t9 = t2 + t5;
    let t10 = t2 - t5;
    let t11 = t3 + t4;
    let t12 = t3 - t4;
    let t13 = t0 + t7 + t9 + t11;
    let t14 = t0 + 0.6234898018587336 * t7 + -0.22252093395631434 * t9 + -0.900968867902419 * t11;
    let t15 = 0.7818314824680298 * t8 + 0.9749279121818236 * t10 + 0.43388373911755823 * t12;
    let t16 = vec2f(t15.y, -t15.x);
    let t17 = t14 + t16;
    let t18 = t14 - t16;
    let t19 = t0 + -0.22252093395631434 * t7 + -0.9009688679024191 * t9 + 0.6234898018587334 * t11;
    let t20 = 0.9749279121818236 * t8 + -0.433883739117558 * t10 + -0.7818314824680299 * t12;
    let t21 = vec2f(t20.y, -t20.x);
    let t22 = t19 + t21;
    let t23 = t19 - t21;
    let t24 = t0 + -0.900968867902419 * t7 + 0.6234898018587334 * t9 + -0.22252093395631434 * t11;
    let t25 = 0.43388373911755823 * t8 + -0.7818314824680299 * t10 + 0.9749279121818236 * t12;
    let t26 = vec2f(t25.y, -t25.x);
    let t27 = t24 + t26;
    let t28 = t24 - t26;
    points0[line * 7u + 0u] = t13;
    points0[line * 7u + 1u] = t17;
    points0[line * 7u + 2u] = t22;
    points0[line * 7u + 3u] = t27;
    points0[line * 7u + 4u] = t28;
    points0[line * 7u + 5u] = t23;
    points0[line * 7u + 6u] = t18;
  }
  workgroupBarrier();
  for (var task = lane; task < 72u; task += 18u) {
    let line = task / 4u;
    let position = task % 4u;
    store0(((first + line) / 3u * 4u + position) * 3u + (first + line) % 3u, rowPair(points0[line * 7u + position], points0[line * 7u + rowMirror(position)], position, table0[0]));
  }
}


// kernel 13: dense.1 backward columns
// read, write
// fftColumns: X[ky,kx] = sum_y T[kx,y] exp(-2 pi i ky y/H)
@group(0) @binding(0) var<storage, read> in0: array<vec2f>;
@group(0) @binding(1) var<storage, read_write> out0: array<vec2f>;
fn cmul(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }
fn load0(i: u32) -> vec2f { return in0[i]; }
fn store0(i: u32, y: vec2f) { out0[i] = y; }
@compute @workgroup_size(24)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let first = group * 24u;
  {
    let task = lane;
    let line = task % 24u;
    let position = task / 24u;
    let t0 = load0((first + line) * 6u + position);
    let t1 = load0((first + line) * 6u + (position + 1u));
    let t2 = load0((first + line) * 6u + (position + 2u));
    let t3 = load0((first + line) * 6u + (position + 3u));
    let t4 = load0((first + line) * 6u + (position + 4u));
    let t5 = load0((first + line) * 6u + (position + 5u));
    let t6 = t0 + t3;
    let t7 = t0 - t3;
    let t8 = t1 + t4;
    let t9 = t1 - t4;
    let t10 = cmul(t9, vec2f(0.5000000000000001, -0.8660254037844386));
    let t11 = t2 + t5;
    let t12 = t2 - t5;
    let t13 = cmul(t12, vec2f(-0.4999999999999998, -0.8660254037844387));
    let t14 = t8 + t11;
    let t15 = t8 - t11;
    let t16 = t6 + t14;
    let t17 = t6 + -0.4999999999999998 * t14;
    let t18 = 0.8660254037844387 * t15;
    let t19 = vec2f(t18.y, -t18.x);
    let t20 = t17 + t19;
    let t21 = t17 - t19;
    let t22 = t10 + t13;
    let t23 = t10 - t13;
    let t24 = t7 + t22;
    let t25 = t7 + -0.4999999999999998 * t22;
    let t26 = 0.8660254037844387 * t23;
    let t27 = vec2f(t26.y, -t26.x);
    let t28 = t25 + t27;
    let t29 = t25 - t27;
    store0((first + line) / 4u * 24u + (first + line) % 4u + 0u * 4u, t16);
    store0((first + line) / 4u * 24u + (first + line) % 4u + 1u * 4u, t24);
    store0((first + line) / 4u * 24u + (first + line) % 4u + 2u * 4u, t20);
    store0((first + line) / 4u * 24u + (first + line) % 4u + 3u * 4u, t28);
    store0((first + line) / 4u * 24u + (first + line) % 4u + 4u * 4u, t21);
    store0((first + line) / 4u * 24u + (first + line) % 4u + 5u * 4u, t29);
  }
}


// kernel 14: tanh.2 backward map
// read, read, write
// map: y[i] = f(x0[i], x1[i], ...)
@group(0) @binding(0) var<storage, read> in0: array<vec2f>;
@group(0) @binding(1) var<storage, read> in1: array<vec2f>;
@group(0) @binding(2) var<storage, read_write> out0: array<vec2f>;
fn load0(i: u32) -> vec2f { return in0[i]; }
fn load1(i: u32) -> vec2f { return in1[i]; }
fn store0(i: u32, y: vec2f) { out0[i] = y; }
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) gid: vec3u) {
  let i = gid.x;
  if (i >= 144u) { return; }
  let v0 = load0(i);
  let v1 = load1(i);
  let t0 = (v0.x / 6.48074069840786);
  let t1 = tanh(clamp(t0, -10.0, 10.0));
  let t2 = (v0.y / 6.48074069840786);
  let t3 = tanh(clamp(t2, -10.0, 10.0));
  store0(i, vec2f((v1.x * (select(0.0, 1.0, 10.0 >= abs(t0)) * (1.0 - (t1 * t1)))), (v1.y * (select(0.0, 1.0, 10.0 >= abs(t2)) * (1.0 - (t3 * t3))))));
}


// kernel 15: tanh.1 backward sum + conv.1
// read, read, write, read, read, uniform, read, write, uniform
// fused: a core op with element-wise work in its loads and its store
// contract: y[output] = sum over the other labels of a[left] b[right]
@group(0) @binding(0) var<storage, read> in0: array<vec2f>;
@group(0) @binding(1) var<storage, read> in1: array<vec2f>;
@group(0) @binding(2) var<storage, read_write> out0: array<vec2f>;
@group(0) @binding(3) var<storage, read> in3: array<vec2f>;
@group(0) @binding(4) var<storage, read> in4: array<vec2f>;
@group(0) @binding(5) var<uniform> table0: array<vec4u, 1>;
@group(0) @binding(6) var<storage, read> in6: array<vec2f>;
@group(0) @binding(7) var<storage, read_write> out0_1: array<vec2f>;
@group(0) @binding(8) var<uniform> table1: array<vec4u, 1>;
fn load0(i: u32) -> vec2f { return in0[i]; }
fn load1(i: u32) -> vec2f { return in1[i]; }
fn store0(i: u32, y: vec2f) {
  let v1 = in3[i];
  let v2 = in4[i];
  let t0 = (v1.x / 6.48074069840786);
  let t1 = tanh(clamp(t0, -10.0, 10.0));
  let t2 = (v1.y / 6.48074069840786);
  let t3 = tanh(clamp(t2, -10.0, 10.0));
  out0[i] = vec2f(((v2.x + y.x) * (select(0.0, 1.0, 10.0 >= abs(t0)) * (1.0 - (t1 * t1)))), ((v2.y + y.y) * (select(0.0, 1.0, 10.0 >= abs(t2)) * (1.0 - (t3 * t3)))));
}
fn body_0(i: u32) {
  let x0 = (i / 24u);
  let x1 = (i / 24u) % 1u;
  let x2 = i % 24u;
  let base0 = x0 * 72u + x2;
  let base1 = x2;
  let x1at0 = x1 + 0u;
  let x1at1 = x1 + 1u;
  let x1at2 = x1 + 2u;
  var sum0 = vec2f();
  var sum1 = vec2f();
  var sum2 = vec2f();
  for (var k0 = 0u; k0 < table0[0].x; k0++) {
  let at0 = base0 + k0 * 24u;
  let v0s0 = load0(at0);
  let at1 = base1 + k0 * 72u;
  let v1s0 = load1(at1 + x1at0 * 24u) * vec2f(1.0, -1.0);
  let v1s1 = load1(at1 + x1at1 * 24u) * vec2f(1.0, -1.0);
  let v1s2 = load1(at1 + x1at2 * 24u) * vec2f(1.0, -1.0);
  sum0 += vec2f(v0s0.x * v1s0.x - v0s0.y * v1s0.y, v0s0.x * v1s0.y + v0s0.y * v1s0.x);
  sum1 += vec2f(v0s0.x * v1s1.x - v0s0.y * v1s1.y, v0s0.x * v1s1.y + v0s0.y * v1s1.x);
  sum2 += vec2f(v0s0.x * v1s2.x - v0s0.y * v1s2.y, v0s0.x * v1s2.y + v0s0.y * v1s2.x);
  }
  store0(x0 * 72u + x1 * 24u + x2, sum0);
  store0(x0 * 72u + (x1 + 1u) * 24u + x2, sum1);
  store0(x0 * 72u + (x1 + 2u) * 24u + x2, sum2);
}
fn load0_1(i: u32) -> vec2f { return out0[i]; }
fn load1_1(i: u32) -> vec2f { return in6[i]; }
fn store0_1(i: u32, y: vec2f) { out0_1[i] = y; }
fn body_1(i: u32) {
  let x0 = i;
  let base0 = x0;
  let base1 = x0;
  var sum0 = vec2f();
  for (var k0 = 0u; k0 < table1[0].x; k0++) {
  let at0 = base0 + k0 * 72u;
  let v0s0 = load0_1(at0);
  let at1 = base1 + k0 * 72u;
  let v1s0 = load1_1(at1) * vec2f(1.0, -1.0);
  sum0 += vec2f(v0s0.x * v1s0.x - v0s0.y * v1s0.y, v0s0.x * v1s0.y + v0s0.y * v1s0.x);
  }
  store0_1(x0, sum0);
}
@compute @workgroup_size(128)
fn main(@builtin(local_invocation_index) lane: u32) {
  if (lane < 48u) { body_0(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 72u) { body_1(lane); }
}


// kernel 16: conv.1 backward parameters
// read, read, write, read
// expandGradient: g[p, f] = sum over ky, kx of Re A dRe K/dp + Im A dIm K/dp
@group(0) @binding(0) var<storage, read> in0: array<vec2f>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<storage, read_write> out0: array<f32>;
@group(0) @binding(3) var<storage, read> table0: array<f32, 10>;
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
  let tile = group % 3u;
  let chunk = group / 3u;
  let filter_ = tile;
  let p3_0 = load4(0u + filter_);
  let p1_0 = load2(0u + filter_);
  let p5_0 = load6(0u + filter_);
  let p2_0 = load3(0u + filter_);
  let p4_0 = load5(0u + filter_);
  let p3_1 = load4(3u + filter_);
  let p1_1 = load2(3u + filter_);
  let p5_1 = load6(3u + filter_);
  let p2_1 = load3(3u + filter_);
  let p4_1 = load5(3u + filter_);
  let p0_0 = load1(0u + filter_);
  let p0_1 = load1(3u + filter_);
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
  let last = min((chunk + 1u) * 24u, 24u);
  for (var s = chunk * 24u + lane; s < last; s += 64u) {
    let bin = s;
    let A = load0(filter_ * 24u + bin);
    let u = table0[bin % 4u];
    let v = table0[4u + bin / 4u];
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
  store0(chunk * 36u + tile * 12u + slot, total);
  }
}


// kernel 17: conv.1 backward parameters chunks + 2 sum + conv.2
// read, write, uniform, read, read, read, uniform, read, read, write, uniform
// expandGradient: g[p, f] = sum over ky, kx of Re A dRe K/dp + Im A dIm K/dp
// contract: y[output] = sum over the other labels of a[left] b[right]
// fused: a core op with element-wise work in its loads and its store
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read_write> out0: array<f32>;
@group(0) @binding(2) var<uniform> table0: array<vec4u, 1>;
@group(0) @binding(3) var<storage, read> in3: array<vec2f>;
@group(0) @binding(4) var<storage, read> in4: array<vec2f>;
@group(0) @binding(5) var<storage, read> in5: array<vec2f>;
@group(0) @binding(6) var<uniform> table1: array<vec4u, 1>;
@group(0) @binding(7) var<storage, read> in7: array<vec2f>;
@group(0) @binding(8) var<storage, read> in8: array<vec2f>;
@group(0) @binding(9) var<storage, read_write> out0_3: array<vec2f>;
@group(0) @binding(10) var<uniform> table2: array<vec4u, 1>;
var<workgroup> local0: array<vec2f, 144>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn store0(i: u32, y: f32) { out0[i] = y; }
fn store1(i: u32, y: f32) { out0[64u + i] = y; }
fn store2(i: u32, y: f32) { out0[128u + i] = y; }
fn store3(i: u32, y: f32) { out0[192u + i] = y; }
fn store4(i: u32, y: f32) { out0[256u + i] = y; }
fn store5(i: u32, y: f32) { out0[320u + i] = y; }
fn body_0(i: u32) {
  var total = f32(0.0);
  for (var chunk = 0u; chunk < table0[0].x; chunk++) { total += load0(chunk * 36u + i); }
  let tile = i / 12u;
  let slot = i % 12u;
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
fn load0_1(i: u32) -> vec2f { return in3[i]; }
fn load1_1(i: u32) -> vec2f { return in4[i]; }
fn store0_1(i: u32, y: vec2f) { local0[i] = y; }
fn body_1(i: u32) {
  let x0 = (i / 72u);
  let x1 = i % 72u;
  let base0 = x1;
  let base1 = x1;
  let x0at0 = x0 + 0u;
  let x0at1 = x0 + 1u;
  var sum0 = vec2f();
  var sum1 = vec2f();
  let at0 = base0;
  let v0s0 = load0_1(at0 + x0at0 * 72u);
  let v0s1 = load0_1(at0 + x0at1 * 72u);
  let at1 = base1;
  let v1s0 = load1_1(at1) * vec2f(1.0, -1.0);
  sum0 += vec2f(v0s0.x * v1s0.x - v0s0.y * v1s0.y, v0s0.x * v1s0.y + v0s0.y * v1s0.x);
  sum1 += vec2f(v0s1.x * v1s0.x - v0s1.y * v1s0.y, v0s1.x * v1s0.y + v0s1.y * v1s0.x);
  store0_1(x0 * 72u + x1, sum0);
  store0_1((x0 + 1u) * 72u + x1, sum1);
}
fn load0_2(i: u32) -> vec2f { return local0[i]; }
fn load1_2(i: u32) -> vec2f { return in5[i]; }
fn store0_2(i: u32, y: vec2f) {
  out0[384u + i] = y.x;
}
fn body_2(i: u32) {
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
  for (var k0 = 0u; k0 < table1[0].x; k0++) {
  for (var k1 = 0u; k1 < table1[0].y; k1++) {
  let at0 = base0 + k0 * 72u + k1;
  let v0s0 = load0_2(at0 + x0at0 * 24u);
  let v0s1 = load0_2(at0 + x0at1 * 24u);
  let v0s2 = load0_2(at0 + x0at2 * 24u);
  let at1 = base1 + k0 * 48u + k1;
  let v1s0 = load1_2(at1 + x1at0 * 24u) * vec2f(1.0, -1.0);
  let v1s1 = load1_2(at1 + x1at1 * 24u) * vec2f(1.0, -1.0);
  sum0 += vec2f(v0s0.x * v1s0.x - v0s0.y * v1s0.y, v0s0.x * v1s0.y + v0s0.y * v1s0.x);
  sum1 += vec2f(v0s0.x * v1s1.x - v0s0.y * v1s1.y, v0s0.x * v1s1.y + v0s0.y * v1s1.x);
  sum2 += vec2f(v0s1.x * v1s0.x - v0s1.y * v1s0.y, v0s1.x * v1s0.y + v0s1.y * v1s0.x);
  sum3 += vec2f(v0s1.x * v1s1.x - v0s1.y * v1s1.y, v0s1.x * v1s1.y + v0s1.y * v1s1.x);
  sum4 += vec2f(v0s2.x * v1s0.x - v0s2.y * v1s0.y, v0s2.x * v1s0.y + v0s2.y * v1s0.x);
  sum5 += vec2f(v0s2.x * v1s1.x - v0s2.y * v1s1.y, v0s2.x * v1s1.y + v0s2.y * v1s1.x);
  }
  }
  store0_2(x0 * 2u + x1, sum0);
  store0_2(x0 * 2u + (x1 + 1u), sum1);
  store0_2((x0 + 1u) * 2u + x1, sum2);
  store0_2((x0 + 1u) * 2u + (x1 + 1u), sum3);
  store0_2((x0 + 2u) * 2u + x1, sum4);
  store0_2((x0 + 2u) * 2u + (x1 + 1u), sum5);
}
fn load0_3(i: u32) -> vec2f { return in7[i]; }
fn load1_3(i: u32) -> vec2f { return in8[i]; }
fn store0_3(i: u32, y: vec2f) { out0_3[i] = y; }
fn body_3(i: u32) {
  let x0 = (i / 72u);
  let x1 = (i / 24u) % 3u;
  let x2 = i % 24u;
  let base0 = x2;
  let base1 = x1 * 24u + x2;
  let x0at0 = x0 + 0u;
  let x0at1 = x0 + 1u;
  let x0at2 = x0 + 2u;
  var sum0 = vec2f();
  var sum1 = vec2f();
  var sum2 = vec2f();
  for (var k0 = 0u; k0 < table2[0].x; k0++) {
  let at0 = base0 + k0 * 72u;
  let v0s0 = load0_3(at0 + x0at0 * 24u);
  let v0s1 = load0_3(at0 + x0at1 * 24u);
  let v0s2 = load0_3(at0 + x0at2 * 24u);
  let at1 = base1 + k0 * 72u;
  let v1s0 = load1_3(at1) * vec2f(1.0, -1.0);
  sum0 += vec2f(v0s0.x * v1s0.x - v0s0.y * v1s0.y, v0s0.x * v1s0.y + v0s0.y * v1s0.x);
  sum1 += vec2f(v0s1.x * v1s0.x - v0s1.y * v1s0.y, v0s1.x * v1s0.y + v0s1.y * v1s0.x);
  sum2 += vec2f(v0s2.x * v1s0.x - v0s2.y * v1s0.y, v0s2.x * v1s0.y + v0s2.y * v1s0.x);
  }
  store0_3(x0 * 72u + x1 * 24u + x2, sum0);
  store0_3((x0 + 1u) * 72u + x1 * 24u + x2, sum1);
  store0_3((x0 + 2u) * 72u + x1 * 24u + x2, sum2);
}
@compute @workgroup_size(128)
fn main(@builtin(local_invocation_index) lane: u32) {
  if (lane < 36u) { body_0(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 72u) { body_1(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 1u) { body_2(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 72u) { body_3(lane); }
}


// kernel 18: conv.2 backward parameters
// read, read, write, read
// expandGradient: g[p, f] = sum over ky, kx of Re A dRe K/dp + Im A dIm K/dp
@group(0) @binding(0) var<storage, read> in0: array<vec2f>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<storage, read_write> out0: array<f32>;
@group(0) @binding(3) var<storage, read> table0: array<f32, 10>;
var<workgroup> lanes: array<f32, 256>;
var<workgroup> parts: array<f32, 32>;
fn load0(i: u32) -> vec2f { return in0[i]; }
fn load1(i: u32) -> f32 { return in1[i]; }
fn load2(i: u32) -> f32 { return in1[64u + i]; }
fn store0(i: u32, y: f32) { out0[i] = y; }
fn store1(i: u32, y: f32) { out0[64u + i] = y; }
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let tile = group % 9u;
  let chunk = group / 9u;
  let filter_ = tile;
  var sum0 = f32(0.0);
  var sum1 = f32(0.0);
  var sum2 = f32(0.0);
  var sum3 = f32(0.0);
  let last = min((chunk + 1u) * 24u, 24u);
  for (var s = chunk * 24u + lane; s < last; s += 64u) {
    let bin = s;
    let A = load0(filter_ * 24u + bin);
    let u = table0[bin % 4u];
    let v = table0[4u + bin / 4u];
    sum0 += (A.x * u);
    sum1 += (A.y * u);
    sum2 += (A.x * v);
    sum3 += (A.y * v);
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
  if (slot == 0u) { store0(0u * 9u + tile, total); }
  if (slot == 1u) { store0(1u * 9u + tile, total); }
  if (slot == 2u) { store1(0u * 9u + tile, total); }
  if (slot == 3u) { store1(1u * 9u + tile, total); }
  }
}


// kernel 19: optimizer update statistics
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


// kernel 20: optimizer update update
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
  if (i >= 1024u) { return; }
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

