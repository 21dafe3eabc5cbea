/** @file WebGPU's default limits, which every adapter keeps, by WebGPU's names. A plan's target may raise them. */

export const defaultLimits = {
  maxStorageBuffersPerShaderStage: 8,
  maxUniformBuffersPerShaderStage: 12,
  maxStorageBufferBindingSize: 134217728,
  maxUniformBufferBindingSize: 65536,
  maxBufferSize: 268435456,
  maxComputeWorkgroupStorageSize: 16384,
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
  maxComputeWorkgroupsPerDimension: 65535,
} as const;

export type LimitName = keyof typeof defaultLimits;

/**
 * Offsets of bindings are multiples of so many bytes (`minStorageBufferOffsetAlignment`, and the same for uniforms), and so
 * are tensors in arenas.
 */
export const bindingAlignment = 256;
