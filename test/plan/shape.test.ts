/** @file Shapes and sizes. */

import { describe, expect, test } from "vitest";
import { bindingAlignment, defaultLimits } from "../../src/plan/limits.ts";
import { elementCount, halfWidth, roundUp } from "../../src/plan/shape.ts";

describe("shapes", () => {
  test("a scalar has one element, an empty axis none", () => {
    expect([[], [3], [2, 3, 4], [2, 0, 4]].map(elementCount)).toEqual([1, 3, 24, 0]);
  });

  test("half the columns stay, with the middle one of an even width", () => {
    expect([1, 2, 3, 8, 9, 150].map(halfWidth)).toEqual([1, 2, 2, 5, 5, 76]);
  });

  test("multiples stay", () => {
    expect([0, 1, 255, 256, 257].map((size) => roundUp(size, bindingAlignment))).toEqual([0, 256, 256, 256, 512]);
  });
});

test("limits have the values of the standard", () => {
  expect(defaultLimits).toEqual({
    maxStorageBuffersPerShaderStage: 8,
    maxUniformBuffersPerShaderStage: 12,
    maxStorageBufferBindingSize: 128 * 2 ** 20,
    maxUniformBufferBindingSize: 64 * 2 ** 10,
    maxBufferSize: 256 * 2 ** 20,
    maxComputeWorkgroupStorageSize: 16 * 2 ** 10,
    maxComputeInvocationsPerWorkgroup: 256,
    maxComputeWorkgroupSizeX: 256,
    maxComputeWorkgroupsPerDimension: 2 ** 16 - 1,
  });
});
