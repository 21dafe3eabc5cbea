// buffers
//   slot.0: slot, 832 bytes
//   slot.1: slot, 832 bytes
//   slot.2: slot, 832 bytes
//   slot.3: slot, 832 bytes
//   slot.4: slot, 416 bytes
//   slot.5: slot, 32 bytes
//   slot.6: slot, 32 bytes
//   params: params, 2560 bytes
//   grads: output, 2560 bytes
//   state.0: state, 2560 bytes
//   state.1: state, 2560 bytes
//   output.outputs: output, 32 bytes
//   input.images: input, 384 bytes
//   output.loss: output, 16 bytes
//   output.gradient-statistics: output, 48 bytes
//   input.labels: input, 16 bytes
//   input.weights: input, 16 bytes
//   input.scalars: input, 16 bytes
//   table#85445411: constant, 96 bytes
//   table#71c51253: constant, 16 bytes
//   table#57427269: constant, 64 bytes
//   table#e42563f7: constant, 16 bytes
//   table#fd19eca0: constant, 16 bytes
//   table#2aaef9ba: constant, 16 bytes
//   table#ad7a85a1: constant, 16 bytes
//   table#67ba1df6: constant, 48 bytes
//   table#d53eda7a: constant, 48 bytes
// program infer
//   kernel 0, 1x1x1 groups: input.images[0+384] slot.1[0+416] table#85445411[0+96] table#71c51253[0+16]
//   kernel 1, 4x1x1 groups: params[0+544] slot.2[0+416] table#57427269[0+64]
//   kernel 2, 1x1x1 groups: slot.1[0+416] slot.2[0+416] params[768+16] slot.0[0+832]
//   kernel 3, 1x1x1 groups: slot.0[0+832] params[1024+1296] table#e42563f7[0+16] output.outputs[0+24] table#fd19eca0[0+16]
// program train
//   kernel 0, 1x1x1 groups: input.images[0+384] slot.4[0+416] table#85445411[0+96] table#71c51253[0+16]
//   kernel 1, 4x1x1 groups: params[0+544] slot.3[0+416] table#57427269[0+64]
//   kernel 4, 1x1x1 groups: slot.4[0+416] slot.3[0+416] slot.0[0+832] slot.1[0+832] params[768+16] slot.2[0+832] input.labels[0+8] slot.5[0+24]
//   kernel 5, 1x1x1 groups: input.weights[0+8] slot.3[0+8]
//   kernel 6, 1x1x1 groups: slot.2[0+832] params[1024+1296] table#e42563f7[0+16] output.outputs[0+24] table#fd19eca0[0+16] slot.5[0+24] input.weights[0+8] output.loss[0+8] table#2aaef9ba[0+16] slot.3[0+8] slot.6[0+24]
//   kernel 7, 3x1x1 groups: slot.6[0+24] slot.3[0+832] table#fd19eca0[0+16] params[1024+1248] grads[1024+1248] table#2aaef9ba[0+16] slot.2[0+832] grads[2304+16]
//   kernel 8, 1x1x1 groups: slot.3[0+832] slot.2[0+832] slot.1[0+832] params[768+16] grads[768+16] table#ad7a85a1[0+16]
//   kernel 9, 1x1x1 groups: slot.0[0+832] slot.1[0+832] params[768+16] slot.2[0+832] slot.4[0+416] slot.3[0+416] table#2aaef9ba[0+16]
//   kernel 10, 4x1x1 groups: slot.3[0+416] params[0+544] grads[0+544] table#57427269[0+64]
//   kernel 11, 6x1x1 groups: grads[0+2560] output.gradient-statistics[0+48] table#67ba1df6[0+48]
//   kernel 12, 3x1x1 groups: grads[0+2560] input.scalars[0+16] params[0+2560] state.0[0+2560] state.1[0+2560] table#d53eda7a[0+48]

// kernel 0: conv.1 forward rfft2 rows
// read, write, uniform, uniform
// rfft2: X[ky,kx] = sum_mn x[m,n] exp(-2 pi i (ky m/H + kx n/W)), kx < K
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read_write> out0: array<vec2f>;
@group(0) @binding(2) var<uniform> table0: array<vec4f, 6>;
@group(0) @binding(3) var<uniform> table1: array<vec4f, 1>;
fn cmul(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }
var<workgroup> points0: array<vec2f, 48>;
var<workgroup> points1: array<vec2f, 48>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn store0(i: u32, y: vec2f) { out0[i] = y; }
@compute @workgroup_size(12)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let first = group * 2u;
  for (var task = lane; task < 8u; task += 12u) {
    let line = task / 4u;
    let position = task % 4u;
    let t0 = vec2f(load0((first + line) * 48u + position), load0((first + line) * 48u + position + 24u));
    let t1 = vec2f(load0((first + line) * 48u + (position + 4u)), load0((first + line) * 48u + (position + 4u) + 24u));
    let t2 = vec2f(load0((first + line) * 48u + (position + 8u)), load0((first + line) * 48u + (position + 8u) + 24u));
    let t3 = vec2f(load0((first + line) * 48u + (position + 12u)), load0((first + line) * 48u + (position + 12u) + 24u));
    let t4 = vec2f(load0((first + line) * 48u + (position + 16u)), load0((first + line) * 48u + (position + 16u) + 24u));
    let t5 = vec2f(load0((first + line) * 48u + (position + 20u)), load0((first + line) * 48u + (position + 20u) + 24u));
    let t6 = position * 6u;
    let t7 = t0 + t3;
    let t8 = t0 - t3;
    let t9 = t1 + t4;
    let t10 = t1 - t4;
    let t11 = cmul(t10, vec2f(0.5000000000000001, -0.8660254037844386));
    let t12 = t2 + t5;
    let t13 = t2 - t5;
    let t14 = cmul(t13, vec2f(-0.4999999999999998, -0.8660254037844387));
    let t15 = t9 + t12;
    let t16 = t9 - t12;
    let t17 = t7 + t15;
    let t18 = t7 + -0.4999999999999998 * t15;
    let t19 = 0.8660254037844387 * t16;
    let t20 = vec2f(t19.y, -t19.x);
    let t21 = t18 + t20;
    let t22 = t18 - t20;
    let t23 = t11 + t14;
    let t24 = t11 - t14;
    let t25 = t8 + t23;
    let t26 = t8 + -0.4999999999999998 * t23;
    let t27 = 0.8660254037844387 * t24;
    let t28 = vec2f(t27.y, -t27.x);
    let t29 = t26 + t28;
    let t30 = t26 - t28;
    points0[line * 24u + t6] = t17;
    points0[line * 24u + (t6 + 1u)] = t25;
    points0[line * 24u + (t6 + 2u)] = t21;
    points0[line * 24u + (t6 + 3u)] = t29;
    points0[line * 24u + (t6 + 4u)] = t22;
    points0[line * 24u + (t6 + 5u)] = t30;
  }
  workgroupBarrier();
  {
    let task = lane;
    let line = task / 6u;
    let position = task % 6u;
    let k = position % 6u;
    let t31 = table0[k + 0u];
    let t32 = cmul(t31.zw, t31.xy);
    let t33 = points0[line * 24u + position];
    let t34 = points0[line * 24u + (position + 6u)];
    let t35 = cmul(t34, t31.xy);
    let t36 = points0[line * 24u + (position + 12u)];
    let t37 = cmul(t36, t31.zw);
    let t38 = points0[line * 24u + (position + 18u)];
    let t39 = cmul(t38, t32);
    let t40 = t33 + t37;
    let t41 = t33 - t37;
    let t42 = t35 + t39;
    let t43 = t35 - t39;
    let t44 = vec2f(t43.y, -t43.x);
    let t45 = t40 + t42;
    let t46 = t40 - t42;
    let t47 = t41 + t44;
    let t48 = t41 - t44;
    points1[line * 24u + k] = t45;
    points1[line * 24u + (k + 6u)] = t47;
    points1[line * 24u + (k + 12u)] = t46;
    points1[line * 24u + (k + 18u)] = t48;
  }
  workgroupBarrier();
  for (var task = lane; task < 26u; task += 12u) {
    let line = task / 13u;
    let position = task % 13u;
    let here = points1[line * 24u + position];
    let mirrored = points1[line * 24u + select(24u - position, 0u, position == 0u)];
    let half = 0.5 * select(table1[0].y, table1[0].x, position == 0u || position == 12u);
    let place = (first + line) * 26u + position;
    store0(place, half * vec2f(here.x + mirrored.x, here.y - mirrored.y));
    store0(place + 13u, half * vec2f(here.y + mirrored.y, mirrored.x - here.x));
  }
}


// kernel 1: conv.1 forward plane
// read, write, read
// expand: K[f, ky, kx] = formula(u[kx], v[ky]; parameters[f])
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read_write> out0: array<vec2f>;
@group(0) @binding(2) var<storage, read> table0: array<f32, 13>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn load1(i: u32) -> f32 { return in0[64u + i]; }
fn load2(i: u32) -> f32 { return in0[128u + i]; }
fn store0(i: u32, y: vec2f) { out0[i] = y; }
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let filter_ = group / 1u;
  let block = group % 1u;
  let p0_0 = load0(0u + filter_);
  let p1_0 = load1(0u + filter_);
  let p2_0 = load2(0u + filter_);
  let p0_1 = load0(4u + filter_);
  let p1_1 = load1(4u + filter_);
  let p2_1 = load2(4u + filter_);
  let d0 = (0.5 * (1.0 / (1.0 + exp(-clamp(p1_0, -80.0, 80.0)))));
  let d1 = ((0.245 * (1.0 / (1.0 + exp(-clamp(p2_0, -80.0, 80.0))))) + 0.005);
  let d2 = (0.5 * (1.0 / (1.0 + exp(-clamp(p1_1, -80.0, 80.0)))));
  let d3 = ((0.245 * (1.0 / (1.0 + exp(-clamp(p2_1, -80.0, 80.0))))) + 0.005);
  let last = min((block + 1u) * 1024u, 13u);
  for (var bin = block * 1024u + lane; bin < last; bin += 64u) {
    let u = table0[bin % 13u];
    let t0 = ((u - d0) / d1);
    let t1 = ((u - d2) / d3);
    store0(filter_ * 13u + bin, vec2f((p0_0 * exp((-(t0 * t0)))), (p0_1 * exp((-(t1 * t1))))));
  }
}


// kernel 2: conv.1 forward sum + flatten.1 forward map
// read, read, read, write
// contract: y[output] = sum over the other labels of a[left] b[right]
// map: y[i] = f(x0[i], x1[i], ...)
@group(0) @binding(0) var<storage, read> in0: array<vec2f>;
@group(0) @binding(1) var<storage, read> in1: array<vec2f>;
@group(0) @binding(2) var<storage, read> in2: array<f32>;
@group(0) @binding(3) var<storage, read_write> out0_1: array<vec2f>;
var<workgroup> local0: array<vec2f, 104>;
fn load0(i: u32) -> vec2f { return in0[i]; }
fn load1(i: u32) -> vec2f { return in1[i]; }
fn store0(i: u32, y: vec2f) { local0[i] = y; }
fn body_0(i: u32) {
  let x0 = (i / 52u);
  let x1 = (i / 26u) % 2u;
  let x2 = (i / 13u) % 2u;
  let x3 = i % 13u;
  let base0 = x1 * 13u + x3;
  let base1 = x1 * 26u + x2 * 13u + x3;
  let x0at0 = x0 + 0u;
  let x0at1 = x0 + 1u;
  var sum0 = vec2f();
  var sum1 = vec2f();
  let at0 = base0;
  let v0s0 = load0(at0 + x0at0 * 26u);
  let v0s1 = load0(at0 + x0at1 * 26u);
  let at1 = base1;
  let v1s0 = load1(at1);
  sum0 += vec2f(v0s0.x * v1s0.x - v0s0.y * v1s0.y, v0s0.x * v1s0.y + v0s0.y * v1s0.x);
  sum1 += vec2f(v0s1.x * v1s0.x - v0s1.y * v1s0.y, v0s1.x * v1s0.y + v0s1.y * v1s0.x);
  store0(x0 * 52u + x1 * 26u + x2 * 13u + x3, sum0);
  store0((x0 + 1u) * 52u + x1 * 26u + x2 * 13u + x3, sum1);
}
fn load0_1(i: u32) -> f32 { return in2[i]; }
fn load1_1(i: u32) -> vec2f { return local0[i]; }
fn store0_1(i: u32, y: vec2f) { out0_1[i] = y; }
fn body_1(i: u32) {
  let v0 = load0_1(((i / 13u) % 4u));
  let v1 = load1_1(i);
  let t0 = (v1.x / 4.898979485566356);
  let t1 = (4.898979485566356 * ((max(0.0, t0) + exp(min(t0, 0.0))) - 1.0));
  let t2 = (t1 / 24.0);
  let t3 = (v1.y / 4.898979485566356);
  let t4 = (4.898979485566356 * ((max(0.0, t3) + exp(min(t3, 0.0))) - 1.0));
  let t5 = (t4 / 24.0);
  let t6 = sqrt(t2 * t2 + t5 * t5);
  let t7 = select((max(0.0, (t6 + v0)) / t6), 0.0, 0.0 >= t6);
  store0_1(i, vec2f(((t1 * t7) / 24.0), ((t4 * t7) / 24.0)));
}
@compute @workgroup_size(128)
fn main(@builtin(local_invocation_index) lane: u32) {
  if (lane < 52u) { body_0(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 104u) { body_1(lane); }
}


// kernel 3: dense.1 forward sum + lines
// read, read, uniform, write, uniform
// contract: y[output] = sum over the other labels of a[left] b[right]
// fused: a core op with element-wise work in its loads and its store
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<uniform> table0: array<vec4u, 1>;
@group(0) @binding(3) var<storage, read_write> out0_1: array<f32>;
@group(0) @binding(4) var<uniform> table1: array<vec4u, 1>;
var<workgroup> local0: array<f32, 6>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn load1(i: u32) -> f32 { return in1[i]; }
fn store0(i: u32, y: f32) { local0[i] = y; }
fn load0x4(i: u32) -> vec4f { return vec4f(load0(i), load0(i + 1u), load0(i + 2u), load0(i + 3u)); }
fn load1x4(i: u32) -> vec4f { return vec4f(load1(i), load1(i + 1u), load1(i + 2u), load1(i + 3u)); }
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
  let at0 = base0 + k0 * 4u;
  let v0s0 = load0x4(at0 + x0at0 * 104u);
  let v0s1 = load0x4(at0 + x0at1 * 104u);
  let at1 = base1 + k0 * 4u;
  let v1s0 = load1x4(at1 + x1at0 * 104u);
  let v1s1 = load1x4(at1 + x1at1 * 104u);
  let v1s2 = load1x4(at1 + x1at2 * 104u);
  sum0 += dot(v0s0, v1s0);
  sum1 += dot(v0s0, v1s1);
  sum2 += dot(v0s0, v1s2);
  sum3 += dot(v0s1, v1s0);
  sum4 += dot(v0s1, v1s1);
  sum5 += dot(v0s1, v1s2);
  }
  store0(x0 * 3u + x1, sum0);
  store0(x0 * 3u + (x1 + 1u), sum1);
  store0(x0 * 3u + (x1 + 2u), sum2);
  store0((x0 + 1u) * 3u + x1, sum3);
  store0((x0 + 1u) * 3u + (x1 + 1u), sum4);
  store0((x0 + 1u) * 3u + (x1 + 2u), sum5);
}
fn load0_1(i: u32) -> f32 {
  let v0 = local0[i];
  let v1 = in1[320u + ((i % 3u))];
  return (v0 + v1);
}
fn store0_1(i: u32, y: f32) { out0_1[i] = y; }
fn body_1(i: u32) {
  let first = i * 3u;
  var largest = load0_1(first);
  for (var n = 1u; n < table1[0].x; n++) { largest = max(largest, load0_1(first + n * 1u)); }
  var sum = 0.0;
  for (var n = 0u; n < table1[0].x; n++) { sum += exp(load0_1(first + n * 1u) - largest); }
  for (var n = 0u; n < table1[0].x; n++) { store0_1(first + n * 1u, exp(load0_1(first + n * 1u) - largest) / sum); }
}
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  if (lane < 1u) { body_0(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 2u) { body_1(lane); }
}


// kernel 4: conv.1 forward sum + elu.1 forward map + flatten.1 + dense.1 forward targets
// read, read, write, write, read, write, read, write
// contract: y[output] = sum over the other labels of a[left] b[right]
// map: y[i] = f(x0[i], x1[i], ...)
// oneHot: y[b, o] = on where o = label[b], off elsewhere
@group(0) @binding(0) var<storage, read> in0: array<vec2f>;
@group(0) @binding(1) var<storage, read> in1: array<vec2f>;
@group(0) @binding(2) var<storage, read_write> out0: array<vec2f>;
@group(0) @binding(3) var<storage, read_write> out0_1: array<vec2f>;
@group(0) @binding(4) var<storage, read> in4: array<f32>;
@group(0) @binding(5) var<storage, read_write> out0_2: array<vec2f>;
@group(0) @binding(6) var<storage, read> in6: array<i32>;
@group(0) @binding(7) var<storage, read_write> out0_3: array<f32>;
fn load0(i: u32) -> vec2f { return in0[i]; }
fn load1(i: u32) -> vec2f { return in1[i]; }
fn store0(i: u32, y: vec2f) { out0[i] = y; }
fn body_0(i: u32) {
  let x0 = (i / 52u);
  let x1 = (i / 26u) % 2u;
  let x2 = (i / 13u) % 2u;
  let x3 = i % 13u;
  let base0 = x1 * 13u + x3;
  let base1 = x1 * 26u + x2 * 13u + x3;
  let x0at0 = x0 + 0u;
  let x0at1 = x0 + 1u;
  var sum0 = vec2f();
  var sum1 = vec2f();
  let at0 = base0;
  let v0s0 = load0(at0 + x0at0 * 26u);
  let v0s1 = load0(at0 + x0at1 * 26u);
  let at1 = base1;
  let v1s0 = load1(at1);
  sum0 += vec2f(v0s0.x * v1s0.x - v0s0.y * v1s0.y, v0s0.x * v1s0.y + v0s0.y * v1s0.x);
  sum1 += vec2f(v0s1.x * v1s0.x - v0s1.y * v1s0.y, v0s1.x * v1s0.y + v0s1.y * v1s0.x);
  store0(x0 * 52u + x1 * 26u + x2 * 13u + x3, sum0);
  store0((x0 + 1u) * 52u + x1 * 26u + x2 * 13u + x3, sum1);
}
fn load0_1(i: u32) -> vec2f { return out0[i]; }
fn store0_1(i: u32, y: vec2f) { out0_1[i] = y; }
fn body_1(i: u32) {
  let v0 = load0_1(i);
  let t0 = (v0.x / 4.898979485566356);
  let t1 = (v0.y / 4.898979485566356);
  store0_1(i, vec2f((4.898979485566356 * ((max(0.0, t0) + exp(min(t0, 0.0))) - 1.0)), (4.898979485566356 * ((max(0.0, t1) + exp(min(t1, 0.0))) - 1.0))));
}
fn load0_2(i: u32) -> vec2f { return out0_1[i]; }
fn load1_2(i: u32) -> f32 { return in4[i]; }
fn store0_2(i: u32, y: vec2f) { out0_2[i] = y; }
fn body_2(i: u32) {
  let v0 = load0_2(i);
  let v1 = load1_2(((i / 13u) % 4u));
  let t0 = (v0.x / 24.0);
  let t1 = (v0.y / 24.0);
  let t2 = sqrt(t0 * t0 + t1 * t1);
  let t3 = select((max(0.0, (t2 + v1)) / t2), 0.0, 0.0 >= t2);
  store0_2(i, vec2f(((v0.x * t3) / 24.0), ((v0.y * t3) / 24.0)));
}
fn load0_3(i: u32) -> i32 { return in6[i]; }
fn store0_3(i: u32, y: f32) { out0_3[i] = y; }
fn body_3(i: u32) {
  store0_3(i, select(0.0, 1.0, load0_3(i / 3u) == i32(i % 3u)));
}
@compute @workgroup_size(128)
fn main(@builtin(local_invocation_index) lane: u32) {
  if (lane < 52u) { body_0(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 104u) { body_1(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 104u) { body_2(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 6u) { body_3(lane); }
}


// kernel 5: dense.1 backward map
// read, write
// map: y[i] = f(x0[i], x1[i], ...)
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read_write> out0: array<f32>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn store0(i: u32, y: f32) { out0[i] = y; }
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) gid: vec3u) {
  let i = gid.x;
  if (i >= 2u) { return; }
  let v0 = load0(i);
  store0(i, (-v0));
}


// kernel 6: dense.1 forward sum + 2 lines + 2 sum + dense.1 backward sum
// read, read, uniform, write, uniform, read, read, write, uniform, read, write
// fused: a core op with element-wise work in its loads and its store
// softmax: y[n] = exp(x[n] - max x) / sum exp(x - max x)
// logSumExp: y = max x + log sum exp(x - max x)
// contract: y[output] = sum over the other labels of a[left] b[right]
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<uniform> table0: array<vec4u, 1>;
@group(0) @binding(3) var<storage, read_write> out0_1: array<f32>;
@group(0) @binding(4) var<uniform> table1: array<vec4u, 1>;
@group(0) @binding(5) var<storage, read> in5: array<f32>;
@group(0) @binding(6) var<storage, read> in6: array<f32>;
@group(0) @binding(7) var<storage, read_write> out0_4: array<f32>;
@group(0) @binding(8) var<uniform> table2: array<vec4u, 1>;
@group(0) @binding(9) var<storage, read> in9: array<f32>;
@group(0) @binding(10) var<storage, read_write> out0_5: array<f32>;
var<workgroup> local0: array<f32, 6>;
var<workgroup> local1: array<f32, 2>;
var<workgroup> local2: array<f32, 2>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn load1(i: u32) -> f32 { return in1[i]; }
fn store0(i: u32, y: f32) {
  let v1 = in1[320u + ((i % 3u))];
  local0[i] = (y + v1);
}
fn load0x4(i: u32) -> vec4f { return vec4f(load0(i), load0(i + 1u), load0(i + 2u), load0(i + 3u)); }
fn load1x4(i: u32) -> vec4f { return vec4f(load1(i), load1(i + 1u), load1(i + 2u), load1(i + 3u)); }
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
  let at0 = base0 + k0 * 4u;
  let v0s0 = load0x4(at0 + x0at0 * 104u);
  let v0s1 = load0x4(at0 + x0at1 * 104u);
  let at1 = base1 + k0 * 4u;
  let v1s0 = load1x4(at1 + x1at0 * 104u);
  let v1s1 = load1x4(at1 + x1at1 * 104u);
  let v1s2 = load1x4(at1 + x1at2 * 104u);
  sum0 += dot(v0s0, v1s0);
  sum1 += dot(v0s0, v1s1);
  sum2 += dot(v0s0, v1s2);
  sum3 += dot(v0s1, v1s0);
  sum4 += dot(v0s1, v1s1);
  sum5 += dot(v0s1, v1s2);
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
  let first = i * 3u;
  var largest = load0_1(first);
  for (var n = 1u; n < table1[0].x; n++) { largest = max(largest, load0_1(first + n * 1u)); }
  var sum = 0.0;
  for (var n = 0u; n < table1[0].x; n++) { sum += exp(load0_1(first + n * 1u) - largest); }
  for (var n = 0u; n < table1[0].x; n++) { store0_1(first + n * 1u, exp(load0_1(first + n * 1u) - largest) / sum); }
}
fn load0_2(i: u32) -> f32 { return local0[i]; }
fn store0_2(i: u32, y: f32) { local1[i] = y; }
fn body_2(i: u32) {
  let first = i * 3u;
  var largest = load0_2(first);
  for (var n = 1u; n < table1[0].x; n++) { largest = max(largest, load0_2(first + n * 1u)); }
  var sum = 0.0;
  for (var n = 0u; n < table1[0].x; n++) { sum += exp(load0_2(first + n * 1u) - largest); }
  store0_2(i, largest + log(sum));
}
fn load0_3(i: u32) -> f32 { return local0[i]; }
fn load1_3(i: u32) -> f32 { return in5[i]; }
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
  let v0 = local1[i];
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
fn load0_5(i: u32) -> f32 { return in9[i]; }
fn load1_5(i: u32) -> f32 { return in5[i]; }
fn store0_5(i: u32, y: f32) {
  let v1 = out0_1[i];
  let v2 = in6[((i / 3u))];
  out0_5[i] = (y + (v1 * v2));
}
fn body_5(i: u32) {
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
  let v0s0 = load0_5(at0);
  let at1 = base1;
  let v1s0 = load1_5(at1 + x1at0 * 1u);
  let v1s1 = load1_5(at1 + x1at1 * 1u);
  let v1s2 = load1_5(at1 + x1at2 * 1u);
  sum0 += v0s0 * v1s0;
  sum1 += v0s0 * v1s1;
  sum2 += v0s0 * v1s2;
  store0_5(x0 * 3u + x1, sum0);
  store0_5(x0 * 3u + (x1 + 1u), sum1);
  store0_5(x0 * 3u + (x1 + 2u), sum2);
}
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  if (lane < 1u) { body_0(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 2u) { body_1(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 2u) { body_2(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 2u) { body_3(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 1u) { body_4(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 2u) { body_5(lane); }
}


// kernel 7: dense.1 backward sum + 2 sum
// read, write, uniform, read, write, uniform, read, write
// contract: y[output] = sum over the other labels of a[left] b[right]
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read_write> out0: array<vec4f>;
@group(0) @binding(2) var<uniform> table0: array<vec4u, 1>;
@group(0) @binding(3) var<storage, read> in3: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> out0_1: array<vec4f>;
@group(0) @binding(5) var<uniform> table1: array<vec4u, 1>;
@group(0) @binding(6) var<storage, read> in6: array<vec4f>;
@group(0) @binding(7) var<storage, read_write> out0_2: array<f32>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn store0x4(i: u32, y: vec4f) { out0[(i >> 2u)] = y; }
fn load1x4(i: u32) -> vec4f { return in3[(i >> 2u)]; }
fn body_0(i: u32) {
  let x0 = (i / 26u);
  let x1 = i % 26u;
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
  let at1 = base1 + k0 * 104u;
  let v1s0 = load1x4(at1);
  sum0 += v0s0 * v1s0;
  sum1 += v0s1 * v1s0;
  }
  store0x4(x0 * 104u + x1 * 4u, sum0);
  store0x4((x0 + 1u) * 104u + x1 * 4u, sum1);
}
fn load0_1(i: u32) -> f32 { return in0[i]; }
fn store0_1x4(i: u32, y: vec4f) { out0_1[(i >> 2u)] = y; }
fn load1_1x4(i: u32) -> vec4f { return in6[(i >> 2u)]; }
fn body_1(i: u32) {
  let x0 = (i / 26u);
  let x1 = i % 26u;
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
  let v0s0 = load0_1(at0 + x0at0 * 1u);
  let v0s1 = load0_1(at0 + x0at1 * 1u);
  let v0s2 = load0_1(at0 + x0at2 * 1u);
  let at1 = base1 + k0 * 104u;
  let v1s0 = load1_1x4(at1);
  sum0 += v0s0 * v1s0;
  sum1 += v0s1 * v1s0;
  sum2 += v0s2 * v1s0;
  }
  store0_1x4(x0 * 104u + x1 * 4u, sum0);
  store0_1x4((x0 + 1u) * 104u + x1 * 4u, sum1);
  store0_1x4((x0 + 2u) * 104u + x1 * 4u, sum2);
}
fn load0_2(i: u32) -> f32 { return in0[i]; }
fn store0_2(i: u32, y: f32) { out0_2[i] = y; }
fn body_2(i: u32) {
  let x0 = i;
  let base0 = x0;
  var sum0 = f32();
  for (var k0 = 0u; k0 < table1[0].x; k0++) {
  let at0 = base0 + k0 * 3u;
  let v0s0 = load0_2(at0);
  sum0 += v0s0;
  }
  store0_2(x0, sum0);
}
@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  if (group < 1u) { let own = group; let i = own * 256u + lane; if (i < 26u) { body_0(i); } }
  else if (group < 2u) { let own = (group - 1u); let i = own * 256u + lane; if (i < 26u) { body_1(i); } }
  else if (group < 3u) { let own = (group - 2u); let i = own * 256u + lane; if (i < 3u) { body_2(i); } }
}


// kernel 8: flatten.1 backward map + relu.1 backward sum
// read, write, read, read, write, uniform
// map: y[i] = f(x0[i], x1[i], ...)
// fused: a core op with element-wise work in its loads and its store
@group(0) @binding(0) var<storage, read> in0: array<vec2f>;
@group(0) @binding(1) var<storage, read_write> out0: array<vec2f>;
@group(0) @binding(2) var<storage, read> in2: array<vec2f>;
@group(0) @binding(3) var<storage, read> in3: array<f32>;
@group(0) @binding(4) var<storage, read_write> out0_1: array<f32>;
@group(0) @binding(5) var<uniform> table0: array<vec4u, 1>;
fn load0(i: u32) -> vec2f { return in0[i]; }
fn store0(i: u32, y: vec2f) { out0[i] = y; }
fn body_0(i: u32) {
  let v0 = load0(i);
  store0(i, vec2f((0.041666666666666664 * v0.x), (0.041666666666666664 * v0.y)));
}
fn load0_1(i: u32) -> f32 {
  let v0 = in2[i];
  let v1 = in3[(((i / 13u) % 4u))];
  let v2 = out0[i];
  let t0 = (v0.x / 24.0);
  let t1 = (v0.y / 24.0);
  let t2 = sqrt(t0 * t0 + t1 * t1);
  let t3 = (t2 + v1);
  let t4 = select((select(1.0, 0.0, 0.0 >= t3) / t2), 0.0, 0.0 >= t2);
  return ((v2.x * (v0.x * t4)) + (v2.y * (v0.y * t4)));
}
fn store0_1(i: u32, y: f32) { out0_1[i] = y; }
fn body_1(i: u32) {
  let x0 = i;
  let base0 = x0 * 13u;
  var sum0 = f32();
  for (var k0 = 0u; k0 < table0[0].x; k0++) {
  for (var k1 = 0u; k1 < table0[0].y; k1++) {
  let at0 = base0 + k0 * 52u + k1;
  let v0s0 = load0_1(at0);
  sum0 += v0s0;
  }
  }
  store0_1(x0, sum0);
}
@compute @workgroup_size(128)
fn main(@builtin(local_invocation_index) lane: u32) {
  if (lane < 104u) { body_0(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 4u) { body_1(lane); }
}


// kernel 9: elu.1 backward map + conv.1 backward sum
// read, read, read, read, read, write, uniform
// map: y[i] = f(x0[i], x1[i], ...)
// contract: y[output] = sum over the other labels of a[left] b[right]
@group(0) @binding(0) var<storage, read> in0: array<vec2f>;
@group(0) @binding(1) var<storage, read> in1: array<vec2f>;
@group(0) @binding(2) var<storage, read> in2: array<f32>;
@group(0) @binding(3) var<storage, read> in3: array<vec2f>;
@group(0) @binding(4) var<storage, read> in4: array<vec2f>;
@group(0) @binding(5) var<storage, read_write> out0_1: array<vec2f>;
@group(0) @binding(6) var<uniform> table0: array<vec4u, 1>;
var<workgroup> local0: array<vec2f, 104>;
fn load0(i: u32) -> vec2f { return in0[i]; }
fn load1(i: u32) -> vec2f { return in1[i]; }
fn load2(i: u32) -> f32 { return in2[i]; }
fn load3(i: u32) -> vec2f { return in3[i]; }
fn store0(i: u32, y: vec2f) { local0[i] = y; }
fn body_0(i: u32) {
  let v0 = load0(i);
  let v1 = load1(i);
  let v2 = load2(((i / 13u) % 4u));
  let v3 = load3(i);
  let t0 = (v1.x / 24.0);
  let t1 = (v1.y / 24.0);
  let t2 = sqrt(t0 * t0 + t1 * t1);
  let t3 = (t2 + v2);
  let t4 = (max(0.0, t3) / t2);
  let t5 = select(t4, 0.0, 0.0 >= t2);
  let t6 = max(t2, 1e-30);
  let t7 = select(0.0, ((0.041666666666666664 * t0) / t6), t2 >= 1e-30);
  let t8 = select(((select(t7, 0.0, 0.0 >= t3) - (t4 * t7)) / t2), 0.0, 0.0 >= t2);
  let t9 = (v0.x / 4.898979485566356);
  let t10 = select(0.0, ((0.041666666666666664 * t1) / t6), t2 >= 1e-30);
  let t11 = select(((select(t10, 0.0, 0.0 >= t3) - (t4 * t10)) / t2), 0.0, 0.0 >= t2);
  let t12 = (v0.y / 4.898979485566356);
  store0(i, vec2f((((v3.x * (t5 + (v1.x * t8))) + (v3.y * (v1.y * t8))) * (4.898979485566356 * (select(0.20412414523193154, 0.0, 0.0 >= t9) + (exp(min(t9, 0.0)) * select(0.0, 0.20412414523193154, 0.0 >= t9))))), (((v3.x * (v1.x * t11)) + (v3.y * (t5 + (v1.y * t11)))) * (4.898979485566356 * (select(0.20412414523193154, 0.0, 0.0 >= t12) + (exp(min(t12, 0.0)) * select(0.0, 0.20412414523193154, 0.0 >= t12)))))));
}
fn load0_1(i: u32) -> vec2f { return local0[i]; }
fn load1_1(i: u32) -> vec2f { return in4[i]; }
fn store0_1(i: u32, y: vec2f) { out0_1[i] = y; }
fn body_1(i: u32) {
  let x0 = (i / 13u);
  let x1 = (i / 13u) % 1u;
  let x2 = i % 13u;
  let base0 = x0 * 26u + x2;
  let base1 = x0 * 13u + x2;
  let x1at0 = x1 + 0u;
  let x1at1 = x1 + 1u;
  var sum0 = vec2f();
  var sum1 = vec2f();
  for (var k0 = 0u; k0 < table0[0].x; k0++) {
  let at0 = base0 + k0 * 52u;
  let v0s0 = load0_1(at0 + x1at0 * 13u);
  let v0s1 = load0_1(at0 + x1at1 * 13u);
  let at1 = base1 + k0 * 26u;
  let v1s0 = load1_1(at1) * vec2f(1.0, -1.0);
  sum0 += vec2f(v0s0.x * v1s0.x - v0s0.y * v1s0.y, v0s0.x * v1s0.y + v0s0.y * v1s0.x);
  sum1 += vec2f(v0s1.x * v1s0.x - v0s1.y * v1s0.y, v0s1.x * v1s0.y + v0s1.y * v1s0.x);
  }
  store0_1(x0 * 26u + x1 * 13u + x2, sum0);
  store0_1(x0 * 26u + (x1 + 1u) * 13u + x2, sum1);
}
@compute @workgroup_size(128)
fn main(@builtin(local_invocation_index) lane: u32) {
  if (lane < 104u) { body_0(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 26u) { body_1(lane); }
}


// kernel 10: conv.1 backward parameters
// read, read, write, read
// expandGradient: g[p, f] = sum over ky, kx of Re A dRe K/dp + Im A dIm K/dp
@group(0) @binding(0) var<storage, read> in0: array<vec2f>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<storage, read_write> out0: array<f32>;
@group(0) @binding(3) var<storage, read> table0: array<f32, 13>;
var<workgroup> lanes: array<f32, 384>;
var<workgroup> parts: array<f32, 48>;
fn load0(i: u32) -> vec2f { return in0[i]; }
fn load1(i: u32) -> f32 { return in1[i]; }
fn load2(i: u32) -> f32 { return in1[64u + i]; }
fn load3(i: u32) -> f32 { return in1[128u + i]; }
fn store0(i: u32, y: f32) { out0[i] = y; }
fn store1(i: u32, y: f32) { out0[64u + i] = y; }
fn store2(i: u32, y: f32) { out0[128u + i] = y; }
@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let tile = group % 4u;
  let chunk = group / 4u;
  let filter_ = tile;
  let p1_0 = load2(0u + filter_);
  let p2_0 = load3(0u + filter_);
  let p1_1 = load2(4u + filter_);
  let p2_1 = load3(4u + filter_);
  let p0_0 = load1(0u + filter_);
  let p0_1 = load1(4u + filter_);
  let d0 = (0.5 * (1.0 / (1.0 + exp(-clamp(p1_0, -80.0, 80.0)))));
  let d1 = ((0.245 * (1.0 / (1.0 + exp(-clamp(p2_0, -80.0, 80.0))))) + 0.005);
  let d2 = (0.5 * (1.0 / (1.0 + exp(-clamp(p1_1, -80.0, 80.0)))));
  let d3 = ((0.245 * (1.0 / (1.0 + exp(-clamp(p2_1, -80.0, 80.0))))) + 0.005);
  let d4t0 = (1.0 / (1.0 + exp(-clamp(p1_0, -80.0, 80.0))));
  let d4 = (((-0.5) * (d4t0 * (1.0 - d4t0))) / d1);
  let d5t0 = (1.0 / (1.0 + exp(-clamp(p1_1, -80.0, 80.0))));
  let d5 = (((-0.5) * (d5t0 * (1.0 - d5t0))) / d3);
  let d6t0 = (1.0 / (1.0 + exp(-clamp(p2_0, -80.0, 80.0))));
  let d6 = (0.245 * (d6t0 * (1.0 - d6t0)));
  let d7t0 = (1.0 / (1.0 + exp(-clamp(p2_1, -80.0, 80.0))));
  let d7 = (0.245 * (d7t0 * (1.0 - d7t0)));
  var sum0 = f32(0.0);
  var sum1 = f32(0.0);
  var sum2 = f32(0.0);
  var sum3 = f32(0.0);
  var sum4 = f32(0.0);
  var sum5 = f32(0.0);
  let last = min((chunk + 1u) * 13u, 13u);
  for (var s = chunk * 13u + lane; s < last; s += 64u) {
    let bin = s;
    let A = load0(filter_ * 13u + bin);
    let u = table0[bin % 13u];
    let t0 = ((u - d0) / d1);
    let t1 = exp((-(t0 * t0)));
    let t2 = ((u - d2) / d3);
    let t3 = exp((-(t2 * t2)));
    sum0 += (A.x * t1);
    sum1 += (A.y * t3);
    sum2 += (A.x * (p0_0 * (t1 * ((-2.0) * (t0 * d4)))));
    sum3 += (A.y * (p0_1 * (t3 * ((-2.0) * (t2 * d5)))));
    sum4 += (A.x * (p0_0 * (t1 * (2.0 * (t0 * ((t0 * d6) / d1))))));
    sum5 += (A.y * (p0_1 * (t3 * (2.0 * (t2 * ((t2 * d7) / d3))))));
  }
  lanes[lane * 6u + 0u] = sum0;
  lanes[lane * 6u + 1u] = sum1;
  lanes[lane * 6u + 2u] = sum2;
  lanes[lane * 6u + 3u] = sum3;
  lanes[lane * 6u + 4u] = sum4;
  lanes[lane * 6u + 5u] = sum5;
  workgroupBarrier();
  if (lane < 48u) {
    var part = f32(0.0);
    for (var t = lane / 6u * 48u + lane % 6u; t < (lane / 6u + 1u) * 48u; t += 6u) { part += lanes[t]; }
    parts[lane] = part;
  }
  workgroupBarrier();
  for (var t = lane; t < 6u; t += 64u) {
  var total = f32(0.0);
  for (var part = 0u; part < 8u; part++) { total += parts[part * 6u + t]; }
  let slot = t;
  if (slot == 0u) { store0(0u * 4u + tile, total); }
  if (slot == 1u) { store0(1u * 4u + tile, total); }
  if (slot == 2u) { store1(0u * 4u + tile, total); }
  if (slot == 3u) { store1(1u * 4u + tile, total); }
  if (slot == 4u) { store2(0u * 4u + tile, total); }
  if (slot == 5u) { store2(1u * 4u + tile, total); }
  }
}


// kernel 11: optimizer update statistics
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


// kernel 12: optimizer update update
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

