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
//   table#c2727e72: constant, 16 bytes
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
//   kernel 5, 1x1x1 groups: slot.1[0+10240] slot.0[0+8192] table#c2727e72[0+16] table#ba69dc96[0+16] table#3d06b7a4[0+16] table#71c51253[0+16]
//   kernel 6, 3x1x1 groups: slot.1[0+80] slot.0[0+8192] params[1536+40960]
//   kernel 7, 1x1x1 groups: slot.1[0+80] params[42496+40] output.outputs[0+80] table#4e41ffea[0+16]
// program train
//   kernel 0, 1x1x1 groups: input.images[0+512] slot.0[0+640] table#71c51253[0+16]
//   kernel 1, 1x1x1 groups: slot.0[0+640] slot.2[0+640]
//   kernel 2, 16x1x1 groups: params[0+1408] slot.1[0+5120] table#0e96dfe1[0+64]
//   kernel 3, 2x1x1 groups: slot.2[0+640] slot.1[0+5120] slot.0[0+10240]
//   kernel 4, 3x1x1 groups: slot.0[0+10240] slot.1[0+10240]
//   kernel 8, 1x1x1 groups: slot.1[0+10240] slot.0[0+8192] slot.3[0+512] table#c2727e72[0+16] table#ba69dc96[0+16] table#3d06b7a4[0+16] table#71c51253[0+16]
//   kernel 9, 3x1x1 groups: slot.1[0+80] params[42496+40] slot.0[0+8192] params[1536+40960]
//   kernel 10, 1x1x1 groups: slot.1[0+80] output.outputs[0+80] table#4e41ffea[0+16] input.labels[0+8] input.weights[0+8] output.loss[0+8] table#2aaef9ba[0+16] slot.4[0+80] grads[42496+40]
//   kernel 11, 4x1x1 groups: slot.4[0+80] slot.1[0+8192] table#4e41ffea[0+16] params[1536+40960] grads[1536+40960] table#2aaef9ba[0+16] slot.0[0+8192]
//   kernel 12, 1x1x1 groups: slot.1[0+8192] slot.3[0+512] slot.0[0+10240] table#c2727e72[0+16] table#ba69dc96[0+16] table#3d06b7a4[0+16] table#393da156[0+16] table#b923d83f[0+16]
//   kernel 13, 3x1x1 groups: slot.0[0+10240] slot.1[0+10240]
//   kernel 14, 1x1x1 groups: slot.1[0+10240] slot.2[0+640] slot.0[0+5120] table#2aaef9ba[0+16]
//   kernel 15, 16x1x1 groups: slot.0[0+5120] params[0+1408] slot.1[0+768] table#0e96dfe1[0+64]
//   kernel 16, 1x1x1 groups: slot.1[0+768] grads[0+1408] table#1fdbb5cf[0+16]
//   kernel 17, 8x1x1 groups: grads[0+42752] output.gradient-statistics[0+64] table#e436c02c[0+64]
//   kernel 18, 42x1x1 groups: grads[0+42752] input.scalars[0+16] params[0+42752] state.0[0+42752] state.1[0+42752] table#ef16e2cb[0+672]

// kernel 0: conv.1 forward rows
// as kernel 0 of tiny.wgsl

// kernel 1: conv.1 forward columns
// as kernel 1 of tiny.wgsl

// kernel 2: conv.1 forward plane
// as kernel 2 of tiny.wgsl

// kernel 3: conv.1 forward sum
// as kernel 3 of tiny.wgsl

// kernel 4: relu.1 forward columns
// as kernel 4 of tiny.wgsl

// kernel 5: relu.1 forward activation
// read, write, uniform, uniform, uniform, uniform
// spectralActivation: T = row transform of (sum_f) g(row image of U[f])
@group(0) @binding(0) var<storage, read> in0: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> out0: array<f32>;
@group(0) @binding(2) var<uniform> table0: array<vec4u, 1>;
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
fn load0(i: u32) -> vec4f { return in0[i]; }
fn store0(i: u32, y: f32) { out0[i] = y; }
@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let own = group * 8u + lane;
  let line = own;
  let inside = true;
  var points: array<vec2f, 10>;
  var results: array<vec2f, 10>;
  var words: array<u32, 1>;
  for (var f = 0u; f < table1[0].x; f++) {
    for (var k = 0u; k < table0[0].y; k++) { let half = load0(((line / 4u * 16u + f) * 5u + k) * 4u + line % 4u); points[k] = half.xy; points[9u - k] = half.zw; }
    {
      let t0 = rowPoint(vec4f(points[0], points[9]), 0u, table2[0]).yx;
      let t1 = rowPoint(vec4f(points[1], points[8]), 1u, table2[0]).yx;
      let t2 = rowPoint(vec4f(points[2], points[7]), 2u, table2[0]).yx;
      let t3 = rowPoint(vec4f(points[3], points[6]), 3u, table2[0]).yx;
      let t4 = rowPoint(vec4f(points[4], points[5]), 4u, table2[0]).yx;
      let t5 = rowPoint(vec4f(points[3], points[6]), 5u, table2[0]).yx;
      let t6 = rowPoint(vec4f(points[2], points[7]), 6u, table2[0]).yx;
      let t7 = rowPoint(vec4f(points[1], points[8]), 7u, table2[0]).yx;
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
      let z0 = t29.yx; let y0 = vec2f(max(0.0, z0.x), max(0.0, z0.y)); results[0u] = y0;
      let z1 = t31.yx; let y1 = vec2f(max(0.0, z1.x), max(0.0, z1.y)); results[1u] = y1;
      let z2 = t33.yx; let y2 = vec2f(max(0.0, z2.x), max(0.0, z2.y)); results[2u] = y2;
      let z3 = t35.yx; let y3 = vec2f(max(0.0, z3.x), max(0.0, z3.y)); results[3u] = y3;
      let z4 = t30.yx; let y4 = vec2f(max(0.0, z4.x), max(0.0, z4.y)); results[4u] = y4;
      let z5 = t32.yx; let y5 = vec2f(max(0.0, z5.x), max(0.0, z5.y)); results[5u] = y5;
      let z6 = t34.yx; let y6 = vec2f(max(0.0, z6.x), max(0.0, z6.y)); results[6u] = y6;
      let z7 = t36.yx; let y7 = vec2f(max(0.0, z7.x), max(0.0, z7.y)); results[7u] = y7;
    }
    for (var i = 0u; i < table0[0].x; i++) { if (inside) { store0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + i, results[i].x); store0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 8u + i, results[i].y); } }
  }
}


// kernel 6: dense.1 forward sum
// as kernel 6 of tiny.wgsl

// kernel 7: dense.1 forward lines
// as kernel 7 of tiny.wgsl

// kernel 8: relu.1 forward activation
// read, write, write, uniform, uniform, uniform, uniform
// spectralActivation: T = row transform of (sum_f) g(row image of U[f])
@group(0) @binding(0) var<storage, read> in0: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> out0: array<f32>;
@group(0) @binding(2) var<storage, read_write> out1: array<i32>;
@group(0) @binding(3) var<uniform> table0: array<vec4u, 1>;
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
fn load0(i: u32) -> vec4f { return in0[i]; }
fn store0(i: u32, y: f32) { out0[i] = y; }
fn store1(i: u32, y: i32) { out1[i] = y; }
@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let own = group * 8u + lane;
  let line = own;
  let inside = true;
  var points: array<vec2f, 10>;
  var results: array<vec2f, 10>;
  var words: array<u32, 1>;
  for (var f = 0u; f < table1[0].x; f++) {
    for (var k = 0u; k < table0[0].y; k++) { let half = load0(((line / 4u * 16u + f) * 5u + k) * 4u + line % 4u); points[k] = half.xy; points[9u - k] = half.zw; }
    {
      let t0 = rowPoint(vec4f(points[0], points[9]), 0u, table2[0]).yx;
      let t1 = rowPoint(vec4f(points[1], points[8]), 1u, table2[0]).yx;
      let t2 = rowPoint(vec4f(points[2], points[7]), 2u, table2[0]).yx;
      let t3 = rowPoint(vec4f(points[3], points[6]), 3u, table2[0]).yx;
      let t4 = rowPoint(vec4f(points[4], points[5]), 4u, table2[0]).yx;
      let t5 = rowPoint(vec4f(points[3], points[6]), 5u, table2[0]).yx;
      let t6 = rowPoint(vec4f(points[2], points[7]), 6u, table2[0]).yx;
      let t7 = rowPoint(vec4f(points[1], points[8]), 7u, table2[0]).yx;
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
      let z0 = t29.yx; let y0 = vec2f(max(0.0, z0.x), max(0.0, z0.y)); let flags0 = vec2f(select(0.0, 1.0, 0.0 >= z0.x), select(0.0, 1.0, 0.0 >= z0.y)); results[0u] = y0;
      let z1 = t31.yx; let y1 = vec2f(max(0.0, z1.x), max(0.0, z1.y)); let flags1 = vec2f(select(0.0, 1.0, 0.0 >= z1.x), select(0.0, 1.0, 0.0 >= z1.y)); results[1u] = y1;
      let z2 = t33.yx; let y2 = vec2f(max(0.0, z2.x), max(0.0, z2.y)); let flags2 = vec2f(select(0.0, 1.0, 0.0 >= z2.x), select(0.0, 1.0, 0.0 >= z2.y)); results[2u] = y2;
      let z3 = t35.yx; let y3 = vec2f(max(0.0, z3.x), max(0.0, z3.y)); let flags3 = vec2f(select(0.0, 1.0, 0.0 >= z3.x), select(0.0, 1.0, 0.0 >= z3.y)); results[3u] = y3;
      let z4 = t30.yx; let y4 = vec2f(max(0.0, z4.x), max(0.0, z4.y)); let flags4 = vec2f(select(0.0, 1.0, 0.0 >= z4.x), select(0.0, 1.0, 0.0 >= z4.y)); results[4u] = y4;
      let z5 = t32.yx; let y5 = vec2f(max(0.0, z5.x), max(0.0, z5.y)); let flags5 = vec2f(select(0.0, 1.0, 0.0 >= z5.x), select(0.0, 1.0, 0.0 >= z5.y)); results[5u] = y5;
      let z6 = t34.yx; let y6 = vec2f(max(0.0, z6.x), max(0.0, z6.y)); let flags6 = vec2f(select(0.0, 1.0, 0.0 >= z6.x), select(0.0, 1.0, 0.0 >= z6.y)); results[6u] = y6;
      let z7 = t36.yx; let y7 = vec2f(max(0.0, z7.x), max(0.0, z7.y)); let flags7 = vec2f(select(0.0, 1.0, 0.0 >= z7.x), select(0.0, 1.0, 0.0 >= z7.y)); results[7u] = y7;
      words[0] = select(0u, 1u, flags0.x != 0.0) | select(0u, 2u, flags0.y != 0.0) | select(0u, 4u, flags1.x != 0.0) | select(0u, 8u, flags1.y != 0.0) | select(0u, 16u, flags2.x != 0.0) | select(0u, 32u, flags2.y != 0.0) | select(0u, 64u, flags3.x != 0.0) | select(0u, 128u, flags3.y != 0.0) | select(0u, 256u, flags4.x != 0.0) | select(0u, 512u, flags4.y != 0.0) | select(0u, 1024u, flags5.x != 0.0) | select(0u, 2048u, flags5.y != 0.0) | select(0u, 4096u, flags6.x != 0.0) | select(0u, 8192u, flags6.y != 0.0) | select(0u, 16384u, flags7.x != 0.0) | select(0u, 32768u, flags7.y != 0.0);
    }
    for (var word = 0u; word < table0[0].z; word++) { if (inside) { store1((line * 16u + f) * 1u + word, bitcast<i32>(words[word])); } }
    for (var i = 0u; i < table0[0].x; i++) { if (inside) { store0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + i, results[i].x); store0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 8u + i, results[i].y); } }
  }
}


// kernel 9: dense.1 forward sum
// as kernel 9 of tiny.wgsl

// kernel 10: dense.1 forward lines + lines + targets + 2 sum + dense.1 backward map + 2 sum
// as kernel 10 of tiny.wgsl

// kernel 11: dense.1 backward sum + sum
// as kernel 11 of tiny.wgsl

// kernel 12: relu.1 backward activation gradient
// read, read, write, uniform, uniform, uniform, uniform, uniform
// spectralActivationGradient: dU[f] = weighted row transform of dx g'(row image of U[f]), dx the row image of dT
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read> in1: array<i32>;
@group(0) @binding(2) var<storage, read_write> out0: array<vec4f>;
@group(0) @binding(3) var<uniform> table0: array<vec4u, 1>;
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
fn load0(i: u32) -> f32 { return in0[i]; }
fn load1(i: u32) -> i32 { return in1[i]; }
fn store0(i: u32, y: vec4f) { out0[i] = y; }
@compute @workgroup_size(8)
fn main(@builtin(workgroup_id) wid: vec3u, @builtin(local_invocation_index) lane: u32) {
  let group = wid.x;
  let own = group * 8u + lane;
  let line = own;
  let inside = true;
  var points: array<vec2f, 10>;
  var results: array<vec2f, 10>;
  var words: array<u32, 1>;
  var image: array<vec2f, 8>;
  var mask: array<u32, 1>;
  for (var f = 0u; f < table1[0].x; f++) {
    for (var i = 0u; i < table0[0].x; i++) { image[i] = vec2f(load0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + i), load0(((line / 4u * 16u + f) * 4u + line % 4u) * 16u + 8u + i)); }
    for (var word = 0u; word < table0[0].z; word++) { mask[word] = bitcast<u32>(load1((line * 16u + f) * 1u + word)); }
    {
      let z0 = vec2f(select(0.0, 1.0, (mask[0u] & 1u) != 0u), select(0.0, 1.0, (mask[0u] & 2u) != 0u)); let g0 = image[0u]; let d0 = g0 * vec2f(select(1.0, 0.0, z0.x != 0.0), select(1.0, 0.0, z0.y != 0.0));
      let t0 = d0;
      let z1 = vec2f(select(0.0, 1.0, (mask[0u] & 4u) != 0u), select(0.0, 1.0, (mask[0u] & 8u) != 0u)); let g1 = image[1u]; let d1 = g1 * vec2f(select(1.0, 0.0, z1.x != 0.0), select(1.0, 0.0, z1.y != 0.0));
      let t1 = d1;
      let z2 = vec2f(select(0.0, 1.0, (mask[0u] & 16u) != 0u), select(0.0, 1.0, (mask[0u] & 32u) != 0u)); let g2 = image[2u]; let d2 = g2 * vec2f(select(1.0, 0.0, z2.x != 0.0), select(1.0, 0.0, z2.y != 0.0));
      let t2 = d2;
      let z3 = vec2f(select(0.0, 1.0, (mask[0u] & 64u) != 0u), select(0.0, 1.0, (mask[0u] & 128u) != 0u)); let g3 = image[3u]; let d3 = g3 * vec2f(select(1.0, 0.0, z3.x != 0.0), select(1.0, 0.0, z3.y != 0.0));
      let t3 = d3;
      let z4 = vec2f(select(0.0, 1.0, (mask[0u] & 256u) != 0u), select(0.0, 1.0, (mask[0u] & 512u) != 0u)); let g4 = image[4u]; let d4 = g4 * vec2f(select(1.0, 0.0, z4.x != 0.0), select(1.0, 0.0, z4.y != 0.0));
      let t4 = d4;
      let z5 = vec2f(select(0.0, 1.0, (mask[0u] & 1024u) != 0u), select(0.0, 1.0, (mask[0u] & 2048u) != 0u)); let g5 = image[5u]; let d5 = g5 * vec2f(select(1.0, 0.0, z5.x != 0.0), select(1.0, 0.0, z5.y != 0.0));
      let t5 = d5;
      let z6 = vec2f(select(0.0, 1.0, (mask[0u] & 4096u) != 0u), select(0.0, 1.0, (mask[0u] & 8192u) != 0u)); let g6 = image[6u]; let d6 = g6 * vec2f(select(1.0, 0.0, z6.x != 0.0), select(1.0, 0.0, z6.y != 0.0));
      let t6 = d6;
      let z7 = vec2f(select(0.0, 1.0, (mask[0u] & 16384u) != 0u), select(0.0, 1.0, (mask[0u] & 32768u) != 0u)); let g7 = image[7u]; let d7 = g7 * vec2f(select(1.0, 0.0, z7.x != 0.0), select(1.0, 0.0, z7.y != 0.0));
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
      let half0 = rowPair(t29, t29, 0u, table4[0]); results[0] = half0.xy; results[9] = half0.zw;
      let half1 = rowPair(t31, t36, 1u, table4[0]); results[1] = half1.xy; results[8] = half1.zw;
      let half2 = rowPair(t33, t34, 2u, table4[0]); results[2] = half2.xy; results[7] = half2.zw;
      let half3 = rowPair(t35, t32, 3u, table4[0]); results[3] = half3.xy; results[6] = half3.zw;
      let half4 = rowPair(t30, t30, 4u, table4[0]); results[4] = half4.xy; results[5] = half4.zw;
    }
    for (var k = 0u; k < table0[0].y; k++) { if (inside) { store0(((line / 4u * 16u + f) * 5u + k) * 4u + line % 4u, vec4f(results[k], results[9u - k])); } }
  }
}


// kernel 13: relu.1 backward columns
// as kernel 13 of tiny.wgsl

// kernel 14: conv.1 backward sum
// as kernel 14 of tiny.wgsl

// kernel 15: conv.1 backward parameters
// as kernel 15 of tiny.wgsl

// kernel 16: conv.1 backward parameters chunks
// as kernel 16 of tiny.wgsl

// kernel 17: optimizer update statistics
// as kernel 17 of tiny.wgsl

// kernel 18: optimizer update update
// as kernel 18 of tiny.wgsl
