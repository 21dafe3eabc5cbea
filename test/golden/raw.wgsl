// buffers
//   slot.0: slot, 1920 bytes
//   slot.1: slot, 1920 bytes
//   slot.2: slot, 1728 bytes
//   slot.3: slot, 1440 bytes
//   slot.4: slot, 32 bytes
//   params: params, 6144 bytes
//   grads: output, 6144 bytes
//   state.0: state, 6144 bytes
//   state.1: state, 6144 bytes
//   output.outputs: output, 32 bytes
//   input.images: input, 1296 bytes
//   output.loss: output, 16 bytes
//   output.gradient-statistics: output, 32 bytes
//   input.labels: input, 16 bytes
//   input.weights: input, 16 bytes
//   input.scalars: input, 16 bytes
//   table#71c51253: constant, 16 bytes
//   table#fd19eca0: constant, 16 bytes
//   table#2a76bda1: constant, 16 bytes
//   table#b4263da7: constant, 16 bytes
//   table#6f5dab1a: constant, 16 bytes
//   table#6831c7eb: constant, 16 bytes
//   table#ca0cbe37: constant, 16 bytes
//   table#2aaef9ba: constant, 16 bytes
//   table#393da156: constant, 16 bytes
//   table#137648dc: constant, 16 bytes
//   table#be43aad3: constant, 32 bytes
//   table#b6ac3cc1: constant, 96 bytes
// program infer
//   kernel 0, 1x1x1 groups: input.images[0+1296] slot.0[0+1440] table#71c51253[0+16]
//   kernel 1, 1x1x1 groups: slot.0[0+1440] slot.1[0+1440]
//   kernel 2, 1x1x1 groups: slot.1[0+1440] params[0+2880] slot.0[0+1920] table#fd19eca0[0+16]
//   kernel 3, 1x1x1 groups: slot.0[0+1920] slot.1[0+1920]
//   kernel 4, 1x1x1 groups: slot.1[0+1920] slot.0[0+1728] table#2a76bda1[0+16] table#b4263da7[0+16] table#6f5dab1a[0+16] table#71c51253[0+16]
//   kernel 5, 1x1x1 groups: output.outputs[0+24] params[5888+16] table#6831c7eb[0+16] slot.0[0+1728] params[3072+2592]
// program train
//   kernel 0, 1x1x1 groups: input.images[0+1296] slot.0[0+1440] table#71c51253[0+16]
//   kernel 1, 1x1x1 groups: slot.0[0+1440] slot.3[0+1440]
//   kernel 6, 1x1x1 groups: slot.3[0+1440] params[0+2880] slot.0[0+1920] table#fd19eca0[0+16] input.labels[0+8] slot.4[0+24]
//   kernel 3, 1x1x1 groups: slot.0[0+1920] slot.1[0+1920]
//   kernel 4, 1x1x1 groups: slot.1[0+1920] slot.0[0+1728] table#2a76bda1[0+16] table#b4263da7[0+16] table#6f5dab1a[0+16] table#71c51253[0+16]
//   kernel 7, 1x1x1 groups: slot.0[0+1728] params[3072+2832] table#6831c7eb[0+16] output.outputs[0+24] slot.4[0+24] input.weights[0+8] output.loss[0+8] table#ca0cbe37[0+16] slot.2[0+1728] table#fd19eca0[0+16] grads[3072+2832] table#2aaef9ba[0+16]
//   kernel 8, 1x1x1 groups: slot.2[0+1728] slot.1[0+1920] slot.0[0+1920] table#2a76bda1[0+16] table#b4263da7[0+16] table#6f5dab1a[0+16] table#393da156[0+16] table#137648dc[0+16]
//   kernel 9, 1x1x1 groups: slot.0[0+1920] slot.1[0+1920]
//   kernel 10, 1x1x1 groups: slot.1[0+1920] slot.3[0+1440] grads[0+2880] table#2aaef9ba[0+16]
//   kernel 11, 3x1x1 groups: grads[0+6144] output.gradient-statistics[0+24] table#be43aad3[0+32]
//   kernel 12, 6x1x1 groups: grads[0+6144] input.scalars[0+16] params[0+6144] state.0[0+6144] state.1[0+6144] table#b6ac3cc1[0+96]

// kernel 0: conv.1 forward rows
// read, write, uniform
// rfftRows: T[kx,y] = sum_n x[y,n] exp(-2 pi i kx n/W), kx < K
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read_write> out0: array<vec4f>;
@group(0) @binding(2) var<uniform> table0: array<vec4f, 1>;
fn cmul(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }
fn rowPoint(q: vec4f, position: u32, scale: vec4f) -> vec2f {
  let edge = position == 0u || 2u * position == 9u;
  let side = select(select(-1.0, 1.0, 2u * position < 9u), 0.0, edge);
  return select(scale.y, scale.x, edge) * vec2f(q.x - side * q.w, side * q.y + q.z);
}
fn rowColumn(position: u32) -> u32 { return min(position, 9u - position); }
fn rowPair(here: vec2f, mirrored: vec2f, k: u32, scale: vec4f) -> vec4f {
  let half = 0.5 * select(scale.y, scale.x, k == 0u || 2u * k == 9u);
  return half * vec4f(here.x + mirrored.x, here.y - mirrored.y, here.y + mirrored.y, mirrored.x - here.x);
}
fn rowMirror(k: u32) -> u32 { return select(9u - k, 0u, k == 0u); }
var<workgroup> points0: array<vec2f, 162>;
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
    let t0 = vec2f(load0((first + line) * 18u + position), load0((first + line) * 18u + 9u + position));
    let t1 = vec2f(load0((first + line) * 18u + (position + 1u)), load0((first + line) * 18u + 9u + (position + 1u)));
    let t2 = vec2f(load0((first + line) * 18u + (position + 2u)), load0((first + line) * 18u + 9u + (position + 2u)));
    let t3 = vec2f(load0((first + line) * 18u + (position + 3u)), load0((first + line) * 18u + 9u + (position + 3u)));
    let t4 = vec2f(load0((first + line) * 18u + (position + 4u)), load0((first + line) * 18u + 9u + (position + 4u)));
    let t5 = vec2f(load0((first + line) * 18u + (position + 5u)), load0((first + line) * 18u + 9u + (position + 5u)));
    let t6 = vec2f(load0((first + line) * 18u + (position + 6u)), load0((first + line) * 18u + 9u + (position + 6u)));
    let t7 = vec2f(load0((first + line) * 18u + (position + 7u)), load0((first + line) * 18u + 9u + (position + 7u)));
    let t8 = vec2f(load0((first + line) * 18u + (position + 8u)), load0((first + line) * 18u + 9u + (position + 8u)));
    let t9 = t3 + t6;
    let t10 = t3 - t6;
    let t11 = t0 + t9;
    let t12 = t0 + -0.4999999999999998 * t9;
    let t13 = 0.8660254037844387 * t10;
    let t14 = vec2f(t13.y, -t13.x);
    let t15 = t12 + t14;
    let t16 = t12 - t14;
    let t17 = t4 + t7;
    let t18 = t4 - t7;
    let t19 = t1 + t17;
    let t20 = t1 + -0.4999999999999998 * t17;
    let t21 = 0.8660254037844387 * t18;
    let t22 = vec2f(t21.y, -t21.x);
    let t23 = t20 + t22;
    let t24 = t20 - t22;
    let t25 = cmul(t23, vec2f(0.766044443118978, -0.6427876096865393));
    let t26 = cmul(t24, vec2f(0.17364817766693041, -0.984807753012208));
    let t27 = t5 + t8;
    let t28 = t5 - t8;
    let t29 = t2 + t27;
    let t30 = t2 + -0.4999999999999998 * t27;
    let t31 = 0.8660254037844387 * t28;
    let t32 = vec2f(t31.y, -t31.x);
    let t33 = t30 + t32;
    let t34 = t30 - t32;
    let t35 = cmul(t33, vec2f(0.17364817766693041, -0.984807753012208));
    let t36 = cmul(t34, vec2f(-0.9396926207859083, -0.3420201433256689));
    let t37 = t19 + t29;
    let t38 = t19 - t29;
    let t39 = t11 + t37;
    let t40 = t11 + -0.4999999999999998 * t37;
    let t41 = 0.8660254037844387 * t38;
    let t42 = vec2f(t41.y, -t41.x);
    let t43 = t40 + t42;
    let t44 = t40 - t42;
    let t45 = t25 + t35;
    let t46 = t25 - t35;
    let t47 = t15 + t45;
    let t48 = t15 + -0.4999999999999998 * t45;
    let t49 = 0.8660254037844387 * t46;
    let t50 = vec2f(t49.y, -t49.x);
    let t51 = t48 + t50;
    let t52 = t48 - t50;
    let t53 = t26 + t36;
    let t54 = t26 - t36;
    let t55 = t16 + t53;
    let t56 = t16 + -0.4999999999999998 * t53;
    let t57 = 0.8660254037844387 * t54;
    let t58 = vec2f(t57.y, -t57.x);
    let t59 = t56 + t58;
    let t60 = t56 - t58;
    points0[line * 9u + 0u] = t39;
    points0[line * 9u + 1u] = t47;
    points0[line * 9u + 2u] = t55;
    points0[line * 9u + 3u] = t43;
    points0[line * 9u + 4u] = t51;
    points0[line * 9u + 5u] = t59;
    points0[line * 9u + 6u] = t44;
    points0[line * 9u + 7u] = t52;
    points0[line * 9u + 8u] = t60;
  }
  workgroupBarrier();
  for (var task = lane; task < 90u; task += 18u) {
    let line = task / 5u;
    let position = task % 5u;
    store0(((first + line) / 3u * 5u + position) * 3u + (first + line) % 3u, rowPair(points0[line * 9u + position], points0[line * 9u + rowMirror(position)], position, table0[0]));
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
@compute @workgroup_size(30)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let first = group * 30u;
  {
    let task = lane;
    let line = task % 30u;
    let position = task / 30u;
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
    store0((first + line) / 5u * 30u + (first + line) % 5u + 0u * 5u, t16);
    store0((first + line) / 5u * 30u + (first + line) % 5u + 1u * 5u, t24);
    store0((first + line) / 5u * 30u + (first + line) % 5u + 2u * 5u, t20);
    store0((first + line) / 5u * 30u + (first + line) % 5u + 3u * 5u, t28);
    store0((first + line) / 5u * 30u + (first + line) % 5u + 4u * 5u, t21);
    store0((first + line) / 5u * 30u + (first + line) % 5u + 5u * 5u, t29);
  }
}


// kernel 2: conv.1 forward sum
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
  if (i >= 60u) { return; }
  let x0 = (i / 30u);
  let x1 = (i / 30u) % 1u;
  let x2 = i % 30u;
  let base0 = x0 * 90u + x2;
  let base1 = x2;
  let x1at0 = x1 + 0u;
  let x1at1 = x1 + 1u;
  let x1at2 = x1 + 2u;
  let x1at3 = x1 + 3u;
  var sum0 = vec2f();
  var sum1 = vec2f();
  var sum2 = vec2f();
  var sum3 = vec2f();
  for (var k0 = 0u; k0 < table0[0].x; k0++) {
  let at0 = base0 + k0 * 30u;
  let v0s0 = load0(at0);
  let at1 = base1 + k0 * 30u;
  let v1s0 = load1(at1 + x1at0 * 90u);
  let v1s1 = load1(at1 + x1at1 * 90u);
  let v1s2 = load1(at1 + x1at2 * 90u);
  let v1s3 = load1(at1 + x1at3 * 90u);
  sum0 += vec2f(v0s0.x * v1s0.x - v0s0.y * v1s0.y, v0s0.x * v1s0.y + v0s0.y * v1s0.x);
  sum1 += vec2f(v0s0.x * v1s1.x - v0s0.y * v1s1.y, v0s0.x * v1s1.y + v0s0.y * v1s1.x);
  sum2 += vec2f(v0s0.x * v1s2.x - v0s0.y * v1s2.y, v0s0.x * v1s2.y + v0s0.y * v1s2.x);
  sum3 += vec2f(v0s0.x * v1s3.x - v0s0.y * v1s3.y, v0s0.x * v1s3.y + v0s0.y * v1s3.x);
  }
  store0(x0 * 120u + x1 * 30u + x2, sum0);
  store0(x0 * 120u + (x1 + 1u) * 30u + x2, sum1);
  store0(x0 * 120u + (x1 + 2u) * 30u + x2, sum2);
  store0(x0 * 120u + (x1 + 3u) * 30u + x2, sum3);
}


// kernel 3: tanh.1 forward columns
// read, write
// ifftColumns: U[kx,y] = sum_ky R[ky,kx] exp(2 pi i ky y/H)
@group(0) @binding(0) var<storage, read> in0: array<vec2f>;
@group(0) @binding(1) var<storage, read_write> out0: array<vec2f>;
fn cmul(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }
fn load0(i: u32) -> vec2f { return in0[i]; }
fn store0(i: u32, y: vec2f) { out0[i] = y; }
@compute @workgroup_size(40)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let first = group * 40u;
  {
    let task = lane;
    let line = task % 40u;
    let position = task / 40u;
    let t0 = load0((first + line) / 5u * 30u + (first + line) % 5u + position * 5u).yx;
    let t1 = load0((first + line) / 5u * 30u + (first + line) % 5u + (position + 1u) * 5u).yx;
    let t2 = load0((first + line) / 5u * 30u + (first + line) % 5u + (position + 2u) * 5u).yx;
    let t3 = load0((first + line) / 5u * 30u + (first + line) % 5u + (position + 3u) * 5u).yx;
    let t4 = load0((first + line) / 5u * 30u + (first + line) % 5u + (position + 4u) * 5u).yx;
    let t5 = load0((first + line) / 5u * 30u + (first + line) % 5u + (position + 5u) * 5u).yx;
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


// kernel 4: tanh.1 forward activation
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
  let edge = position == 0u || 2u * position == 9u;
  let side = select(select(-1.0, 1.0, 2u * position < 9u), 0.0, edge);
  return select(scale.y, scale.x, edge) * vec2f(q.x - side * q.w, side * q.y + q.z);
}
fn rowColumn(position: u32) -> u32 { return min(position, 9u - position); }
fn rowPair(here: vec2f, mirrored: vec2f, k: u32, scale: vec4f) -> vec4f {
  let half = 0.5 * select(scale.y, scale.x, k == 0u || 2u * k == 9u);
  return half * vec4f(here.x + mirrored.x, here.y - mirrored.y, here.y + mirrored.y, mirrored.x - here.x);
}
fn rowMirror(k: u32) -> u32 { return select(9u - k, 0u, k == 0u); }
var<workgroup> points: array<vec2f, 108>;
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
      let t0 = rowPoint(load0(((line / 3u * 4u + f) * 5u + min(position, 9u - position)) * 3u + line % 3u), position, table2[0]).yx;
      let t1 = rowPoint(load0(((line / 3u * 4u + f) * 5u + min((position + 1u), 9u - (position + 1u))) * 3u + line % 3u), (position + 1u), table2[0]).yx;
      let t2 = rowPoint(load0(((line / 3u * 4u + f) * 5u + min((position + 2u), 9u - (position + 2u))) * 3u + line % 3u), (position + 2u), table2[0]).yx;
      let t3 = rowPoint(load0(((line / 3u * 4u + f) * 5u + min((position + 3u), 9u - (position + 3u))) * 3u + line % 3u), (position + 3u), table2[0]).yx;
      let t4 = rowPoint(load0(((line / 3u * 4u + f) * 5u + min((position + 4u), 9u - (position + 4u))) * 3u + line % 3u), (position + 4u), table2[0]).yx;
      let t5 = rowPoint(load0(((line / 3u * 4u + f) * 5u + min((position + 5u), 9u - (position + 5u))) * 3u + line % 3u), (position + 5u), table2[0]).yx;
      let t6 = rowPoint(load0(((line / 3u * 4u + f) * 5u + min((position + 6u), 9u - (position + 6u))) * 3u + line % 3u), (position + 6u), table2[0]).yx;
      let t7 = rowPoint(load0(((line / 3u * 4u + f) * 5u + min((position + 7u), 9u - (position + 7u))) * 3u + line % 3u), (position + 7u), table2[0]).yx;
      let t8 = rowPoint(load0(((line / 3u * 4u + f) * 5u + min((position + 8u), 9u - (position + 8u))) * 3u + line % 3u), (position + 8u), table2[0]).yx;
      let t9 = t3 + t6;
      let t10 = t3 - t6;
      let t11 = t0 + t9;
      let t12 = t0 + -0.4999999999999998 * t9;
      let t13 = 0.8660254037844387 * t10;
      let t14 = vec2f(t13.y, -t13.x);
      let t15 = t12 + t14;
      let t16 = t12 - t14;
      let t17 = t4 + t7;
      let t18 = t4 - t7;
      let t19 = t1 + t17;
      let t20 = t1 + -0.4999999999999998 * t17;
      let t21 = 0.8660254037844387 * t18;
      let t22 = vec2f(t21.y, -t21.x);
      let t23 = t20 + t22;
      let t24 = t20 - t22;
      let t25 = cmul(t23, vec2f(0.766044443118978, -0.6427876096865393));
      let t26 = cmul(t24, vec2f(0.17364817766693041, -0.984807753012208));
      let t27 = t5 + t8;
      let t28 = t5 - t8;
      let t29 = t2 + t27;
      let t30 = t2 + -0.4999999999999998 * t27;
      let t31 = 0.8660254037844387 * t28;
      let t32 = vec2f(t31.y, -t31.x);
      let t33 = t30 + t32;
      let t34 = t30 - t32;
      let t35 = cmul(t33, vec2f(0.17364817766693041, -0.984807753012208));
      let t36 = cmul(t34, vec2f(-0.9396926207859083, -0.3420201433256689));
      let t37 = t19 + t29;
      let t38 = t19 - t29;
      let t39 = t11 + t37;
      let t40 = t11 + -0.4999999999999998 * t37;
      let t41 = 0.8660254037844387 * t38;
      let t42 = vec2f(t41.y, -t41.x);
      let t43 = t40 + t42;
      let t44 = t40 - t42;
      let t45 = t25 + t35;
      let t46 = t25 - t35;
      let t47 = t15 + t45;
      let t48 = t15 + -0.4999999999999998 * t45;
      let t49 = 0.8660254037844387 * t46;
      let t50 = vec2f(t49.y, -t49.x);
      let t51 = t48 + t50;
      let t52 = t48 - t50;
      let t53 = t26 + t36;
      let t54 = t26 - t36;
      let t55 = t16 + t53;
      let t56 = t16 + -0.4999999999999998 * t53;
      let t57 = 0.8660254037844387 * t54;
      let t58 = vec2f(t57.y, -t57.x);
      let t59 = t56 + t58;
      let t60 = t56 - t58;
      let z0 = t39.yx; let y0 = vec2f(tanh(clamp(z0.x, -10.0, 10.0)), tanh(clamp(z0.y, -10.0, 10.0)));
      if (inside) { store0(((line / 3u * 4u + f) * 3u + line % 3u) * 18u + 0u, y0.x); store0(((line / 3u * 4u + f) * 3u + line % 3u) * 18u + 9u + 0u, y0.y); }
      let z1 = t47.yx; let y1 = vec2f(tanh(clamp(z1.x, -10.0, 10.0)), tanh(clamp(z1.y, -10.0, 10.0)));
      if (inside) { store0(((line / 3u * 4u + f) * 3u + line % 3u) * 18u + 1u, y1.x); store0(((line / 3u * 4u + f) * 3u + line % 3u) * 18u + 9u + 1u, y1.y); }
      let z2 = t55.yx; let y2 = vec2f(tanh(clamp(z2.x, -10.0, 10.0)), tanh(clamp(z2.y, -10.0, 10.0)));
      if (inside) { store0(((line / 3u * 4u + f) * 3u + line % 3u) * 18u + 2u, y2.x); store0(((line / 3u * 4u + f) * 3u + line % 3u) * 18u + 9u + 2u, y2.y); }
      let z3 = t43.yx; let y3 = vec2f(tanh(clamp(z3.x, -10.0, 10.0)), tanh(clamp(z3.y, -10.0, 10.0)));
      if (inside) { store0(((line / 3u * 4u + f) * 3u + line % 3u) * 18u + 3u, y3.x); store0(((line / 3u * 4u + f) * 3u + line % 3u) * 18u + 9u + 3u, y3.y); }
      let z4 = t51.yx; let y4 = vec2f(tanh(clamp(z4.x, -10.0, 10.0)), tanh(clamp(z4.y, -10.0, 10.0)));
      if (inside) { store0(((line / 3u * 4u + f) * 3u + line % 3u) * 18u + 4u, y4.x); store0(((line / 3u * 4u + f) * 3u + line % 3u) * 18u + 9u + 4u, y4.y); }
      let z5 = t59.yx; let y5 = vec2f(tanh(clamp(z5.x, -10.0, 10.0)), tanh(clamp(z5.y, -10.0, 10.0)));
      if (inside) { store0(((line / 3u * 4u + f) * 3u + line % 3u) * 18u + 5u, y5.x); store0(((line / 3u * 4u + f) * 3u + line % 3u) * 18u + 9u + 5u, y5.y); }
      let z6 = t44.yx; let y6 = vec2f(tanh(clamp(z6.x, -10.0, 10.0)), tanh(clamp(z6.y, -10.0, 10.0)));
      if (inside) { store0(((line / 3u * 4u + f) * 3u + line % 3u) * 18u + 6u, y6.x); store0(((line / 3u * 4u + f) * 3u + line % 3u) * 18u + 9u + 6u, y6.y); }
      let z7 = t52.yx; let y7 = vec2f(tanh(clamp(z7.x, -10.0, 10.0)), tanh(clamp(z7.y, -10.0, 10.0)));
      if (inside) { store0(((line / 3u * 4u + f) * 3u + line % 3u) * 18u + 7u, y7.x); store0(((line / 3u * 4u + f) * 3u + line % 3u) * 18u + 9u + 7u, y7.y); }
      let z8 = t60.yx; let y8 = vec2f(tanh(clamp(z8.x, -10.0, 10.0)), tanh(clamp(z8.y, -10.0, 10.0)));
      if (inside) { store0(((line / 3u * 4u + f) * 3u + line % 3u) * 18u + 8u, y8.x); store0(((line / 3u * 4u + f) * 3u + line % 3u) * 18u + 9u + 8u, y8.y); }
    }
  }
}


// kernel 5: dense.1 forward sum
// write, read, uniform, read, read
// fused: a core op with element-wise work in its loads and its store
@group(0) @binding(0) var<storage, read_write> out0: array<f32>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<uniform> table0: array<vec4u, 1>;
@group(0) @binding(3) var<storage, read> in3: array<vec4f>;
@group(0) @binding(4) var<storage, read> in4: array<vec4f>;
fn store0(i: u32, y: f32) {
  let v1 = in1[((i % 3u))];
  out0[i] = (1.0 / (1.0 + exp(-clamp((y + v1), -80.0, 80.0))));
}
fn load0x4(i: u32) -> vec4f { return in3[(i >> 2u)]; }
fn load1x4(i: u32) -> vec4f { return in4[(i >> 2u)]; }
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
  let at0 = base0 + k0 * 4u;
  let v0s0 = load0x4(at0 + x0at0 * 216u);
  let v0s1 = load0x4(at0 + x0at1 * 216u);
  let at1 = base1 + k0 * 4u;
  let v1s0 = load1x4(at1 + x1at0 * 216u);
  let v1s1 = load1x4(at1 + x1at1 * 216u);
  let v1s2 = load1x4(at1 + x1at2 * 216u);
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


// kernel 6: conv.1 forward sum + dense.1 forward targets
// read, read, write, uniform, read, write
// contract: y[output] = sum over the other labels of a[left] b[right]
// oneHot: y[b, o] = on where o = label[b], off elsewhere
@group(0) @binding(0) var<storage, read> in0: array<vec2f>;
@group(0) @binding(1) var<storage, read> in1: array<vec2f>;
@group(0) @binding(2) var<storage, read_write> out0: array<vec2f>;
@group(0) @binding(3) var<uniform> table0: array<vec4u, 1>;
@group(0) @binding(4) var<storage, read> in4: array<i32>;
@group(0) @binding(5) var<storage, read_write> out0_1: array<f32>;
fn load0(i: u32) -> vec2f { return in0[i]; }
fn load1(i: u32) -> vec2f { return in1[i]; }
fn store0(i: u32, y: vec2f) { out0[i] = y; }
fn body_0(i: u32) {
  let x0 = (i / 30u);
  let x1 = (i / 30u) % 1u;
  let x2 = i % 30u;
  let base0 = x0 * 90u + x2;
  let base1 = x2;
  let x1at0 = x1 + 0u;
  let x1at1 = x1 + 1u;
  let x1at2 = x1 + 2u;
  let x1at3 = x1 + 3u;
  var sum0 = vec2f();
  var sum1 = vec2f();
  var sum2 = vec2f();
  var sum3 = vec2f();
  for (var k0 = 0u; k0 < table0[0].x; k0++) {
  let at0 = base0 + k0 * 30u;
  let v0s0 = load0(at0);
  let at1 = base1 + k0 * 30u;
  let v1s0 = load1(at1 + x1at0 * 90u);
  let v1s1 = load1(at1 + x1at1 * 90u);
  let v1s2 = load1(at1 + x1at2 * 90u);
  let v1s3 = load1(at1 + x1at3 * 90u);
  sum0 += vec2f(v0s0.x * v1s0.x - v0s0.y * v1s0.y, v0s0.x * v1s0.y + v0s0.y * v1s0.x);
  sum1 += vec2f(v0s0.x * v1s1.x - v0s0.y * v1s1.y, v0s0.x * v1s1.y + v0s0.y * v1s1.x);
  sum2 += vec2f(v0s0.x * v1s2.x - v0s0.y * v1s2.y, v0s0.x * v1s2.y + v0s0.y * v1s2.x);
  sum3 += vec2f(v0s0.x * v1s3.x - v0s0.y * v1s3.y, v0s0.x * v1s3.y + v0s0.y * v1s3.x);
  }
  store0(x0 * 120u + x1 * 30u + x2, sum0);
  store0(x0 * 120u + (x1 + 1u) * 30u + x2, sum1);
  store0(x0 * 120u + (x1 + 2u) * 30u + x2, sum2);
  store0(x0 * 120u + (x1 + 3u) * 30u + x2, sum3);
}
fn load0_1(i: u32) -> i32 { return in4[i]; }
fn store0_1(i: u32, y: f32) { out0_1[i] = y; }
fn body_1(i: u32) {
  store0_1(i, select(0.0, 1.0, load0_1(i / 3u) == i32(i % 3u)));
}
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  if (lane < 60u) { body_0(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 6u) { body_1(lane); }
}


// kernel 7: dense.1 forward sum + map + sum + dense.1 backward map + 3 sum
// read, read, uniform, write, read, read, write, uniform, write, uniform, write, uniform
// fused: a core op with element-wise work in its loads and its store
// map: y[i] = f(x0[i], x1[i], ...)
// contract: y[output] = sum over the other labels of a[left] b[right]
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read> in1: array<f32>;
@group(0) @binding(2) var<uniform> table0: array<vec4u, 1>;
@group(0) @binding(3) var<storage, read_write> out0_1: array<f32>;
@group(0) @binding(4) var<storage, read> in4: array<f32>;
@group(0) @binding(5) var<storage, read> in5: array<f32>;
@group(0) @binding(6) var<storage, read_write> out0_2: array<f32>;
@group(0) @binding(7) var<uniform> table1: array<vec4u, 1>;
@group(0) @binding(8) var<storage, read_write> out0_4: array<f32>;
@group(0) @binding(9) var<uniform> table2: array<vec4u, 1>;
@group(0) @binding(10) var<storage, read_write> out0_5: array<f32>;
@group(0) @binding(11) var<uniform> table3: array<vec4u, 1>;
var<workgroup> local0: array<f32, 6>;
var<workgroup> local1: array<f32, 6>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn load1(i: u32) -> f32 { return in1[i]; }
fn store0(i: u32, y: f32) {
  let v1 = in1[704u + ((i % 3u))];
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
  let v0s0 = load0x4(at0 + x0at0 * 216u);
  let v0s1 = load0x4(at0 + x0at1 * 216u);
  let at1 = base1 + k0 * 4u;
  let v1s0 = load1x4(at1 + x1at0 * 216u);
  let v1s1 = load1x4(at1 + x1at1 * 216u);
  let v1s2 = load1x4(at1 + x1at2 * 216u);
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
  let v0 = load0_1(i);
  store0_1(i, (1.0 / (1.0 + exp(-clamp(v0, -80.0, 80.0)))));
}
fn load0_2(i: u32) -> f32 {
  let v0 = local0[i];
  let v1 = in4[i];
  let v2 = in5[((i / 3u))];
  return ((((max(v0, 0.0) + log(1.0 + exp(-abs(v0)))) - (v0 * v1)) * v2) / 3.0);
}
fn store0_2(i: u32, y: f32) { out0_2[i] = y; }
fn body_2(i: u32) {
  let base0 = 0u;
  var sum0 = f32();
  for (var k0 = 0u; k0 < table1[0].x; k0++) {
  let at0 = base0 + k0;
  let v0s0 = load0_2(at0);
  sum0 += v0s0;
  }
  store0_2(0u, sum0);
}
fn load0_3(i: u32) -> f32 { return local0[i]; }
fn load1_3(i: u32) -> f32 { return in4[i]; }
fn load2_3(i: u32) -> f32 { return in5[i]; }
fn store0_3(i: u32, y: f32) { local1[i] = y; }
fn body_3(i: u32) {
  let v0 = load0_3(i);
  let v1 = load1_3(i);
  let v2 = load2_3((i / 3u));
  store0_3(i, ((((1.0 / (1.0 + exp(-clamp(v0, -80.0, 80.0)))) - v1) * v2) / 3.0));
}
fn load0_4(i: u32) -> f32 { return local1[i]; }
fn load1_4(i: u32) -> f32 { return in1[i]; }
fn store0_4(i: u32, y: f32) { out0_4[i] = y; }
fn store0_4x4(i: u32, y: vec4f) { store0_4(i + 0u, y.x); store0_4(i + 1u, y.y); store0_4(i + 2u, y.z); store0_4(i + 3u, y.w); }
fn load1_4x4(i: u32) -> vec4f { return vec4f(load1_4(i), load1_4(i + 1u), load1_4(i + 2u), load1_4(i + 3u)); }
fn body_4(i: u32) {
  let x0 = (i / 54u);
  let x1 = i % 54u;
  let base0 = 0u;
  let base1 = x1 * 4u;
  let x0at0 = x0 + 0u;
  let x0at1 = x0 + 1u;
  var sum0 = vec4f();
  var sum1 = vec4f();
  for (var k0 = 0u; k0 < table2[0].x; k0++) {
  let at0 = base0 + k0;
  let v0s0 = load0_4(at0 + x0at0 * 3u);
  let v0s1 = load0_4(at0 + x0at1 * 3u);
  let at1 = base1 + k0 * 216u;
  let v1s0 = load1_4x4(at1);
  sum0 += v0s0 * v1s0;
  sum1 += v0s1 * v1s0;
  }
  store0_4x4(x0 * 216u + x1 * 4u, sum0);
  store0_4x4((x0 + 1u) * 216u + x1 * 4u, sum1);
}
fn load0_5(i: u32) -> f32 { return local1[i]; }
fn load1_5(i: u32) -> f32 { return in0[i]; }
fn store0_5(i: u32, y: f32) { out0_5[i] = y; }
fn store0_5x4(i: u32, y: vec4f) { store0_5(i + 0u, y.x); store0_5(i + 1u, y.y); store0_5(i + 2u, y.z); store0_5(i + 3u, y.w); }
fn load1_5x4(i: u32) -> vec4f { return vec4f(load1_5(i), load1_5(i + 1u), load1_5(i + 2u), load1_5(i + 3u)); }
fn body_5(i: u32) {
  let x0 = (i / 54u);
  let x1 = i % 54u;
  let base0 = 0u;
  let base1 = x1 * 4u;
  let x0at0 = x0 + 0u;
  let x0at1 = x0 + 1u;
  let x0at2 = x0 + 2u;
  var sum0 = vec4f();
  var sum1 = vec4f();
  var sum2 = vec4f();
  for (var k0 = 0u; k0 < table3[0].x; k0++) {
  let at0 = base0 + k0 * 3u;
  let v0s0 = load0_5(at0 + x0at0 * 1u);
  let v0s1 = load0_5(at0 + x0at1 * 1u);
  let v0s2 = load0_5(at0 + x0at2 * 1u);
  let at1 = base1 + k0 * 216u;
  let v1s0 = load1_5x4(at1);
  sum0 += v0s0 * v1s0;
  sum1 += v0s1 * v1s0;
  sum2 += v0s2 * v1s0;
  }
  store0_5x4(x0 * 216u + x1 * 4u, sum0);
  store0_5x4((x0 + 1u) * 216u + x1 * 4u, sum1);
  store0_5x4((x0 + 2u) * 216u + x1 * 4u, sum2);
}
fn load0_6(i: u32) -> f32 { return local1[i]; }
fn store0_6(i: u32, y: f32) { out0_5[704u + i] = y; }
fn body_6(i: u32) {
  let x0 = i;
  let base0 = x0;
  var sum0 = f32();
  for (var k0 = 0u; k0 < table3[0].x; k0++) {
  let at0 = base0 + k0 * 3u;
  let v0s0 = load0_6(at0);
  sum0 += v0s0;
  }
  store0_6(x0, sum0);
}
@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
  if (lane < 1u) { body_0(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 6u) { body_1(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 1u) { body_2(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 6u) { body_3(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 54u) { body_4(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 54u) { body_5(lane); }
  workgroupBarrier();
  storageBarrier();
  if (lane < 3u) { body_6(lane); }
}


// kernel 8: tanh.1 backward activation gradient
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
  let edge = position == 0u || 2u * position == 9u;
  let side = select(select(-1.0, 1.0, 2u * position < 9u), 0.0, edge);
  return select(scale.y, scale.x, edge) * vec2f(q.x - side * q.w, side * q.y + q.z);
}
fn rowColumn(position: u32) -> u32 { return min(position, 9u - position); }
fn rowPair(here: vec2f, mirrored: vec2f, k: u32, scale: vec4f) -> vec4f {
  let half = 0.5 * select(scale.y, scale.x, k == 0u || 2u * k == 9u);
  return half * vec4f(here.x + mirrored.x, here.y - mirrored.y, here.y + mirrored.y, mirrored.x - here.x);
}
fn rowMirror(k: u32) -> u32 { return select(9u - k, 0u, k == 0u); }
var<workgroup> points: array<vec2f, 108>;
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
  var next5 = vec2f();
  var next6 = vec2f();
  var next7 = vec2f();
  var next8 = vec2f();
  for (var f = 0u; f < table1[0].x; f++) {
    {
      let own = lane % 6u;
      let position = lane / 6u;
      let line = first + own;
      let inside = true;
      let t0 = rowPoint(load1(((line / 3u * 4u + f) * 5u + min(position, 9u - position)) * 3u + line % 3u), position, table2[0]).yx;
      let t1 = rowPoint(load1(((line / 3u * 4u + f) * 5u + min((position + 1u), 9u - (position + 1u))) * 3u + line % 3u), (position + 1u), table2[0]).yx;
      let t2 = rowPoint(load1(((line / 3u * 4u + f) * 5u + min((position + 2u), 9u - (position + 2u))) * 3u + line % 3u), (position + 2u), table2[0]).yx;
      let t3 = rowPoint(load1(((line / 3u * 4u + f) * 5u + min((position + 3u), 9u - (position + 3u))) * 3u + line % 3u), (position + 3u), table2[0]).yx;
      let t4 = rowPoint(load1(((line / 3u * 4u + f) * 5u + min((position + 4u), 9u - (position + 4u))) * 3u + line % 3u), (position + 4u), table2[0]).yx;
      let t5 = rowPoint(load1(((line / 3u * 4u + f) * 5u + min((position + 5u), 9u - (position + 5u))) * 3u + line % 3u), (position + 5u), table2[0]).yx;
      let t6 = rowPoint(load1(((line / 3u * 4u + f) * 5u + min((position + 6u), 9u - (position + 6u))) * 3u + line % 3u), (position + 6u), table2[0]).yx;
      let t7 = rowPoint(load1(((line / 3u * 4u + f) * 5u + min((position + 7u), 9u - (position + 7u))) * 3u + line % 3u), (position + 7u), table2[0]).yx;
      let t8 = rowPoint(load1(((line / 3u * 4u + f) * 5u + min((position + 8u), 9u - (position + 8u))) * 3u + line % 3u), (position + 8u), table2[0]).yx;
      let t9 = t3 + t6;
      let t10 = t3 - t6;
      let t11 = t0 + t9;
      let t12 = t0 + -0.4999999999999998 * t9;
      let t13 = 0.8660254037844387 * t10;
      let t14 = vec2f(t13.y, -t13.x);
      let t15 = t12 + t14;
      let t16 = t12 - t14;
      let t17 = t4 + t7;
      let t18 = t4 - t7;
      let t19 = t1 + t17;
      let t20 = t1 + -0.4999999999999998 * t17;
      let t21 = 0.8660254037844387 * t18;
      let t22 = vec2f(t21.y, -t21.x);
      let t23 = t20 + t22;
      let t24 = t20 - t22;
      let t25 = cmul(t23, vec2f(0.766044443118978, -0.6427876096865393));
      let t26 = cmul(t24, vec2f(0.17364817766693041, -0.984807753012208));
      let t27 = t5 + t8;
      let t28 = t5 - t8;
      let t29 = t2 + t27;
      let t30 = t2 + -0.4999999999999998 * t27;
      let t31 = 0.8660254037844387 * t28;
      let t32 = vec2f(t31.y, -t31.x);
      let t33 = t30 + t32;
      let t34 = t30 - t32;
      let t35 = cmul(t33, vec2f(0.17364817766693041, -0.984807753012208));
      let t36 = cmul(t34, vec2f(-0.9396926207859083, -0.3420201433256689));
      let t37 = t19 + t29;
      let t38 = t19 - t29;
      let t39 = t11 + t37;
      let t40 = t11 + -0.4999999999999998 * t37;
      let t41 = 0.8660254037844387 * t38;
      let t42 = vec2f(t41.y, -t41.x);
      let t43 = t40 + t42;
      let t44 = t40 - t42;
      let t45 = t25 + t35;
      let t46 = t25 - t35;
      let t47 = t15 + t45;
      let t48 = t15 + -0.4999999999999998 * t45;
      let t49 = 0.8660254037844387 * t46;
      let t50 = vec2f(t49.y, -t49.x);
      let t51 = t48 + t50;
      let t52 = t48 - t50;
      let t53 = t26 + t36;
      let t54 = t26 - t36;
      let t55 = t16 + t53;
      let t56 = t16 + -0.4999999999999998 * t53;
      let t57 = 0.8660254037844387 * t54;
      let t58 = vec2f(t57.y, -t57.x);
      let t59 = t56 + t58;
      let t60 = t56 - t58;
      let z0 = t39.yx; let g0 = vec2f(load0(((line / 3u * 4u + f) * 3u + line % 3u) * 18u + 0u), load0(((line / 3u * 4u + f) * 3u + line % 3u) * 18u + 9u + 0u)); let x0t0 = tanh(clamp(z0.x, -10.0, 10.0)); let y0t0 = tanh(clamp(z0.y, -10.0, 10.0)); let d0 = g0 * vec2f((select(0.0, 1.0, 10.0 >= abs(z0.x)) * (1.0 - (x0t0 * x0t0))), (select(0.0, 1.0, 10.0 >= abs(z0.y)) * (1.0 - (y0t0 * y0t0)))); next0 = d0;
      let z1 = t47.yx; let g1 = vec2f(load0(((line / 3u * 4u + f) * 3u + line % 3u) * 18u + 1u), load0(((line / 3u * 4u + f) * 3u + line % 3u) * 18u + 9u + 1u)); let x1t0 = tanh(clamp(z1.x, -10.0, 10.0)); let y1t0 = tanh(clamp(z1.y, -10.0, 10.0)); let d1 = g1 * vec2f((select(0.0, 1.0, 10.0 >= abs(z1.x)) * (1.0 - (x1t0 * x1t0))), (select(0.0, 1.0, 10.0 >= abs(z1.y)) * (1.0 - (y1t0 * y1t0)))); next1 = d1;
      let z2 = t55.yx; let g2 = vec2f(load0(((line / 3u * 4u + f) * 3u + line % 3u) * 18u + 2u), load0(((line / 3u * 4u + f) * 3u + line % 3u) * 18u + 9u + 2u)); let x2t0 = tanh(clamp(z2.x, -10.0, 10.0)); let y2t0 = tanh(clamp(z2.y, -10.0, 10.0)); let d2 = g2 * vec2f((select(0.0, 1.0, 10.0 >= abs(z2.x)) * (1.0 - (x2t0 * x2t0))), (select(0.0, 1.0, 10.0 >= abs(z2.y)) * (1.0 - (y2t0 * y2t0)))); next2 = d2;
      let z3 = t43.yx; let g3 = vec2f(load0(((line / 3u * 4u + f) * 3u + line % 3u) * 18u + 3u), load0(((line / 3u * 4u + f) * 3u + line % 3u) * 18u + 9u + 3u)); let x3t0 = tanh(clamp(z3.x, -10.0, 10.0)); let y3t0 = tanh(clamp(z3.y, -10.0, 10.0)); let d3 = g3 * vec2f((select(0.0, 1.0, 10.0 >= abs(z3.x)) * (1.0 - (x3t0 * x3t0))), (select(0.0, 1.0, 10.0 >= abs(z3.y)) * (1.0 - (y3t0 * y3t0)))); next3 = d3;
      let z4 = t51.yx; let g4 = vec2f(load0(((line / 3u * 4u + f) * 3u + line % 3u) * 18u + 4u), load0(((line / 3u * 4u + f) * 3u + line % 3u) * 18u + 9u + 4u)); let x4t0 = tanh(clamp(z4.x, -10.0, 10.0)); let y4t0 = tanh(clamp(z4.y, -10.0, 10.0)); let d4 = g4 * vec2f((select(0.0, 1.0, 10.0 >= abs(z4.x)) * (1.0 - (x4t0 * x4t0))), (select(0.0, 1.0, 10.0 >= abs(z4.y)) * (1.0 - (y4t0 * y4t0)))); next4 = d4;
      let z5 = t59.yx; let g5 = vec2f(load0(((line / 3u * 4u + f) * 3u + line % 3u) * 18u + 5u), load0(((line / 3u * 4u + f) * 3u + line % 3u) * 18u + 9u + 5u)); let x5t0 = tanh(clamp(z5.x, -10.0, 10.0)); let y5t0 = tanh(clamp(z5.y, -10.0, 10.0)); let d5 = g5 * vec2f((select(0.0, 1.0, 10.0 >= abs(z5.x)) * (1.0 - (x5t0 * x5t0))), (select(0.0, 1.0, 10.0 >= abs(z5.y)) * (1.0 - (y5t0 * y5t0)))); next5 = d5;
      let z6 = t44.yx; let g6 = vec2f(load0(((line / 3u * 4u + f) * 3u + line % 3u) * 18u + 6u), load0(((line / 3u * 4u + f) * 3u + line % 3u) * 18u + 9u + 6u)); let x6t0 = tanh(clamp(z6.x, -10.0, 10.0)); let y6t0 = tanh(clamp(z6.y, -10.0, 10.0)); let d6 = g6 * vec2f((select(0.0, 1.0, 10.0 >= abs(z6.x)) * (1.0 - (x6t0 * x6t0))), (select(0.0, 1.0, 10.0 >= abs(z6.y)) * (1.0 - (y6t0 * y6t0)))); next6 = d6;
      let z7 = t52.yx; let g7 = vec2f(load0(((line / 3u * 4u + f) * 3u + line % 3u) * 18u + 7u), load0(((line / 3u * 4u + f) * 3u + line % 3u) * 18u + 9u + 7u)); let x7t0 = tanh(clamp(z7.x, -10.0, 10.0)); let y7t0 = tanh(clamp(z7.y, -10.0, 10.0)); let d7 = g7 * vec2f((select(0.0, 1.0, 10.0 >= abs(z7.x)) * (1.0 - (x7t0 * x7t0))), (select(0.0, 1.0, 10.0 >= abs(z7.y)) * (1.0 - (y7t0 * y7t0)))); next7 = d7;
      let z8 = t60.yx; let g8 = vec2f(load0(((line / 3u * 4u + f) * 3u + line % 3u) * 18u + 8u), load0(((line / 3u * 4u + f) * 3u + line % 3u) * 18u + 9u + 8u)); let x8t0 = tanh(clamp(z8.x, -10.0, 10.0)); let y8t0 = tanh(clamp(z8.y, -10.0, 10.0)); let d8 = g8 * vec2f((select(0.0, 1.0, 10.0 >= abs(z8.x)) * (1.0 - (x8t0 * x8t0))), (select(0.0, 1.0, 10.0 >= abs(z8.y)) * (1.0 - (y8t0 * y8t0)))); next8 = d8;
    }
    {
      let own = lane % 6u;
      let position = lane / 6u;
      let line = first + own;
      let inside = true;
      let t61 = next0;
      let t62 = next1;
      let t63 = next2;
      let t64 = next3;
      let t65 = next4;
      let t66 = next5;
      let t67 = next6;
      let t68 = next7;
      let t69 = next8;
      let t70 = t64 + t67;
      let t71 = t64 - t67;
      let t72 = t61 + t70;
      let t73 = t61 + -0.4999999999999998 * t70;
      let t74 = 0.8660254037844387 * t71;
      let t75 = vec2f(t74.y, -t74.x);
      let t76 = t73 + t75;
      let t77 = t73 - t75;
      let t78 = t65 + t68;
      let t79 = t65 - t68;
      let t80 = t62 + t78;
      let t81 = t62 + -0.4999999999999998 * t78;
      let t82 = 0.8660254037844387 * t79;
      let t83 = vec2f(t82.y, -t82.x);
      let t84 = t81 + t83;
      let t85 = t81 - t83;
      let t86 = cmul(t84, vec2f(0.766044443118978, -0.6427876096865393));
      let t87 = cmul(t85, vec2f(0.17364817766693041, -0.984807753012208));
      let t88 = t66 + t69;
      let t89 = t66 - t69;
      let t90 = t63 + t88;
      let t91 = t63 + -0.4999999999999998 * t88;
      let t92 = 0.8660254037844387 * t89;
      let t93 = vec2f(t92.y, -t92.x);
      let t94 = t91 + t93;
      let t95 = t91 - t93;
      let t96 = cmul(t94, vec2f(0.17364817766693041, -0.984807753012208));
      let t97 = cmul(t95, vec2f(-0.9396926207859083, -0.3420201433256689));
      let t98 = t80 + t90;
      let t99 = t80 - t90;
      let t100 = t72 + t98;
      let t101 = t72 + -0.4999999999999998 * t98;
      let t102 = 0.8660254037844387 * t99;
      let t103 = vec2f(t102.y, -t102.x);
      let t104 = t101 + t103;
      let t105 = t101 - t103;
      let t106 = t86 + t96;
      let t107 = t86 - t96;
      let t108 = t76 + t106;
      let t109 = t76 + -0.4999999999999998 * t106;
      let t110 = 0.8660254037844387 * t107;
      let t111 = vec2f(t110.y, -t110.x);
      let t112 = t109 + t111;
      let t113 = t109 - t111;
      let t114 = t87 + t97;
      let t115 = t87 - t97;
      let t116 = t77 + t114;
      let t117 = t77 + -0.4999999999999998 * t114;
      let t118 = 0.8660254037844387 * t115;
      let t119 = vec2f(t118.y, -t118.x);
      let t120 = t117 + t119;
      let t121 = t117 - t119;
      points[half + 0u * 6u + own] = t100;
      points[half + 1u * 6u + own] = t108;
      points[half + 2u * 6u + own] = t116;
      points[half + 3u * 6u + own] = t104;
      points[half + 4u * 6u + own] = t112;
      points[half + 5u * 6u + own] = t120;
      points[half + 6u * 6u + own] = t105;
      points[half + 7u * 6u + own] = t113;
      points[half + 8u * 6u + own] = t121;
    }
    workgroupBarrier();
    for (var task = lane; task < 30u; task += 6u) {
      let own = task % 6u;
      let k = task / 6u;
      let line = first + own;
      let inside = true;
      if (inside) { store0(((line / 3u * 4u + f) * 5u + k) * 3u + line % 3u, rowPair(points[half + k * 6u + own], points[half + select(9u - k, 0u, k == 0u) * 6u + own], k, table4[0])); }
    }
    half = 54u - half;
  }
}


// kernel 9: tanh.1 backward columns
// read, write
// fftColumns: X[ky,kx] = sum_y T[kx,y] exp(-2 pi i ky y/H)
@group(0) @binding(0) var<storage, read> in0: array<vec2f>;
@group(0) @binding(1) var<storage, read_write> out0: array<vec2f>;
fn cmul(a: vec2f, b: vec2f) -> vec2f { return vec2f(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x); }
fn load0(i: u32) -> vec2f { return in0[i]; }
fn store0(i: u32, y: vec2f) { out0[i] = y; }
@compute @workgroup_size(40)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let first = group * 40u;
  {
    let task = lane;
    let line = task % 40u;
    let position = task / 40u;
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
    store0((first + line) / 5u * 30u + (first + line) % 5u + 0u * 5u, t16);
    store0((first + line) / 5u * 30u + (first + line) % 5u + 1u * 5u, t24);
    store0((first + line) / 5u * 30u + (first + line) % 5u + 2u * 5u, t20);
    store0((first + line) / 5u * 30u + (first + line) % 5u + 3u * 5u, t28);
    store0((first + line) / 5u * 30u + (first + line) % 5u + 4u * 5u, t21);
    store0((first + line) / 5u * 30u + (first + line) % 5u + 5u * 5u, t29);
  }
}


// kernel 10: conv.1 backward sum
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
  if (i >= 90u) { return; }
  let x0 = (i / 90u);
  let x1 = (i / 30u) % 3u;
  let x2 = i % 30u;
  let base0 = x2;
  let base1 = x1 * 30u + x2;
  let x0at0 = x0 + 0u;
  let x0at1 = x0 + 1u;
  let x0at2 = x0 + 2u;
  let x0at3 = x0 + 3u;
  var sum0 = vec2f();
  var sum1 = vec2f();
  var sum2 = vec2f();
  var sum3 = vec2f();
  for (var k0 = 0u; k0 < table0[0].x; k0++) {
  let at0 = base0 + k0 * 120u;
  let v0s0 = load0(at0 + x0at0 * 30u);
  let v0s1 = load0(at0 + x0at1 * 30u);
  let v0s2 = load0(at0 + x0at2 * 30u);
  let v0s3 = load0(at0 + x0at3 * 30u);
  let at1 = base1 + k0 * 90u;
  let v1s0 = load1(at1) * vec2f(1.0, -1.0);
  sum0 += vec2f(v0s0.x * v1s0.x - v0s0.y * v1s0.y, v0s0.x * v1s0.y + v0s0.y * v1s0.x);
  sum1 += vec2f(v0s1.x * v1s0.x - v0s1.y * v1s0.y, v0s1.x * v1s0.y + v0s1.y * v1s0.x);
  sum2 += vec2f(v0s2.x * v1s0.x - v0s2.y * v1s0.y, v0s2.x * v1s0.y + v0s2.y * v1s0.x);
  sum3 += vec2f(v0s3.x * v1s0.x - v0s3.y * v1s0.y, v0s3.x * v1s0.y + v0s3.y * v1s0.x);
  }
  store0(x0 * 90u + x1 * 30u + x2, sum0);
  store0((x0 + 1u) * 90u + x1 * 30u + x2, sum1);
  store0((x0 + 2u) * 90u + x1 * 30u + x2, sum2);
  store0((x0 + 3u) * 90u + x1 * 30u + x2, sum3);
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
  if (i >= 1536u) { return; }
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

