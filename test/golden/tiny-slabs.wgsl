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
//   grads.slab: output, 42752 bytes
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
// program infer, slabs of 2 of 4 images
//   kernel 0, 1x1x1 groups: input.images[0+512] slot.0[0+640] table#71c51253[0+16]
//   kernel 1, 1x1x1 groups: slot.0[0+640] slot.2[0+640]
//   kernel 2, 16x1x1 groups: params[0+1408] slot.1[0+5120] table#0e96dfe1[0+64]
//   kernel 3, 2x1x1 groups: slot.2[0+640] slot.1[0+5120] slot.0[0+10240]
//   kernel 4, 3x1x1 groups: slot.0[0+10240] slot.1[0+10240]
//   kernel 5, 1x1x1 groups: slot.1[0+10240] slot.0[0+8192] table#2a76bda1[0+16] table#ba69dc96[0+16] table#3d06b7a4[0+16] table#71c51253[0+16]
//   kernel 6, 3x1x1 groups: slot.1[0+80] slot.0[0+8192] params[1536+40960]
//   kernel 7, 1x1x1 groups: slot.1[0+80] params[42496+40] output.outputs[0+80] table#4e41ffea[0+16]
//   after the last slab
// program train, slabs of 2 of 4 images
//   kernel 0, 1x1x1 groups: input.images[0+512] slot.0[0+640] table#71c51253[0+16]
//   kernel 1, 1x1x1 groups: slot.0[0+640] slot.2[0+640]
//   kernel 2, 16x1x1 groups: params[0+1408] slot.1[0+5120] table#0e96dfe1[0+64]
//   kernel 3, 2x1x1 groups: slot.2[0+640] slot.1[0+5120] slot.0[0+10240]
//   kernel 4, 3x1x1 groups: slot.0[0+10240] slot.1[0+10240]
//   kernel 8, 1x1x1 groups: slot.1[0+10240] slot.0[0+8192] slot.3[0+512] table#2a76bda1[0+16] table#ba69dc96[0+16] table#3d06b7a4[0+16] table#71c51253[0+16]
//   kernel 9, 3x1x1 groups: slot.1[0+80] params[42496+40] slot.0[0+8192] params[1536+40960]
//   kernel 10, 1x1x1 groups: slot.1[0+80] output.outputs[0+80] table#4e41ffea[0+16] input.labels[0+8] input.weights[0+8] output.loss[0+8] table#2aaef9ba[0+16] slot.4[0+80] grads.slab[42496+40]
//   kernel 11, 4x1x1 groups: slot.4[0+80] slot.1[0+8192] table#4e41ffea[0+16] params[1536+40960] grads.slab[1536+40960] table#2aaef9ba[0+16] slot.0[0+8192]
//   kernel 12, 1x1x1 groups: slot.1[0+8192] slot.3[0+512] slot.0[0+10240] table#2a76bda1[0+16] table#ba69dc96[0+16] table#3d06b7a4[0+16] table#393da156[0+16] table#b923d83f[0+16]
//   kernel 13, 3x1x1 groups: slot.0[0+10240] slot.1[0+10240]
//   kernel 14, 1x1x1 groups: slot.1[0+10240] slot.2[0+640] slot.0[0+5120] table#2aaef9ba[0+16]
//   kernel 15, 16x1x1 groups: slot.0[0+5120] params[0+1408] slot.1[0+768] table#0e96dfe1[0+64]
//   kernel 16, 1x1x1 groups: slot.1[0+768] grads.slab[0+1408] table#1fdbb5cf[0+16]
//   kernel 17, 42x1x1 groups: grads.slab[0+42752] grads[0+42752]
//   after the last slab
//   kernel 18, 8x1x1 groups: grads[0+42752] output.gradient-statistics[0+64] table#e436c02c[0+64]
//   kernel 19, 42x1x1 groups: grads[0+42752] input.scalars[0+16] params[0+42752] state.0[0+42752] state.1[0+42752] table#ef16e2cb[0+672]

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
// as kernel 5 of tiny.wgsl

// kernel 6: dense.1 forward sum
// as kernel 6 of tiny.wgsl

// kernel 7: dense.1 forward lines
// as kernel 7 of tiny.wgsl

// kernel 8: relu.1 forward activation
// as kernel 8 of tiny.wgsl

// kernel 9: dense.1 forward sum
// as kernel 9 of tiny.wgsl

// kernel 10: dense.1 forward lines + lines + targets + 2 sum + dense.1 backward map + 2 sum
// as kernel 10 of tiny.wgsl

// kernel 11: dense.1 backward sum + sum
// as kernel 11 of tiny.wgsl

// kernel 12: relu.1 backward activation gradient
// as kernel 12 of tiny.wgsl

// kernel 13: relu.1 backward columns
// as kernel 13 of tiny.wgsl

// kernel 14: conv.1 backward sum
// as kernel 14 of tiny.wgsl

// kernel 15: conv.1 backward parameters
// as kernel 15 of tiny.wgsl

// kernel 16: conv.1 backward parameters chunks
// as kernel 16 of tiny.wgsl

// kernel 17: optimizer update accumulate
// read, write
// accumulate: g <- g + g of this slab, over the whole arena
@group(0) @binding(0) var<storage, read> in0: array<f32>;
@group(0) @binding(1) var<storage, read_write> out0: array<f32>;
fn load0(i: u32) -> f32 { return in0[i]; }
fn store0(i: u32, y: f32) { out0[i] = y; }
@compute @workgroup_size(256)
fn main(@builtin(global_invocation_id) gid: vec3u) {
  let i = gid.x;
  if (i >= 10688u) { return; }
  store0(i, out0[i] + load0(i));
}


// kernel 18: optimizer update statistics
// as kernel 17 of tiny.wgsl

// kernel 19: optimizer update update
// as kernel 18 of tiny.wgsl
