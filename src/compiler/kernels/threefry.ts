/** @file Threefry2x32-20 in WGSL, equal to the last bit to the one in TypeScript (docs/numerics.md#random-numbers). */

import { groups, parity, rotations } from "../../plan/threefry.ts";
import type { Declaration } from "../lower/names.ts";

/** `threefry(key: vec2u, counter: vec2u) -> vec2u`, printed from the same constants. */
export const threefryWgsl: Declaration = { kind: "fn", name: "threefry", text: threefryText };

function threefryText(): string {
  const lines: string[] = [];
  for (let group = 1; group <= groups; group++) {
    for (const rotation of rotations[(group - 1) % 2]) lines.push(`a += b; b = a ^ ((b << ${rotation}u) | (b >> ${32 - rotation}u));`);
    lines.push(`a += k${group % 3}; b += k${(group + 1) % 3} + ${group}u;`);
  }
  return [
    `(key: vec2u, counter: vec2u) -> vec2u {`,
    `  let k0 = key.x;`,
    `  let k1 = key.y;`,
    `  let k2 = k0 ^ k1 ^ ${parity}u;`,
    `  var a = counter.x + k0;`,
    `  var b = counter.y + k1;`,
    ...lines.map((line) => `  ${line}`),
    `  return vec2u(a, b);`,
    `}`,
  ].join("\n");
}
