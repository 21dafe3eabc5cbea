/** @file Standard normal numbers in WGSL: those of the host within the accuracy of `log` (docs/numerics.md#random-numbers). */

import type { Declaration, Names } from "../lower/names.ts";
import { threefryWgsl } from "./threefry.ts";

/** `normal(key: vec2u, element: u32) -> f32`: number `element` of the stream with this key. Brings `threefry` along. */
export const normalWgsl: readonly Declaration[] = [threefryWgsl, { kind: "fn", name: "normal", text: normalText }];

function normalText({ own }: Names): string {
  return [
    `(key: vec2u, element: u32) -> f32 {`,
    `  let words = ${own("threefry")}(key, vec2u(element >> 1u, 0u));`,
    // A logarithm that is a little above 0 must not become NaN.
    `  let radius = sqrt(max(0.0, -2.0 * log((f32(words.x) + 0.5) * 2.3283064365386963e-10)));`,
    // WGSL promises little of sin and cos. The turn's nearest quarter is taken off exactly, and the rest is at most an eighth.
    `  let quarter = (words.y + 0x20000000u) >> 30u;`,
    `  let angle = f32(bitcast<i32>(words.y - (quarter << 30u))) * 1.4629180792671596e-9;`,
    `  let square = angle * angle;`,
    "  let sine = angle * (1.0 - square * (0.16666666666 - square * (0.00833333333 - square * " +
      "(0.000198412698 - square * 0.00000275573192))));",
    `  let cosine = 1.0 - square * (0.5 - square * (0.0416666666666 - square * (0.00138888888 - square * 0.0000248015873)));`,
    // cos, then sin = cos a quarter earlier.
    `  let part = (quarter + 3u * (element & 1u)) & 3u;`,
    `  let size = select(cosine, sine, (part & 1u) == 1u);`,
    `  return radius * select(size, -size, part == 1u || part == 2u);`,
    `}`,
  ].join("\n");
}
