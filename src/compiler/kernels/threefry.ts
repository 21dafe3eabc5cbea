/** @file Threefry2x32-20 in TypeScript and in WGSL, equal to the last bit (docs/numerics.md#random-numbers). */

import type { Declaration } from "../lower/names.ts";

/** Two 32-bit words, unsigned. */
export type Words = readonly [number, number];

const rotations = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const;
const parity = 0x1bd11bda;
const groups = 5;

/** T(key, counter). Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC 2011). */
export function threefry(key: Words, counter: Words): Words {
  const schedule = [key[0], key[1], key[0] ^ key[1] ^ parity];
  let a = (counter[0] + schedule[0]) | 0;
  let b = (counter[1] + schedule[1]) | 0;
  for (let group = 1; group <= groups; group++) {
    for (const rotation of rotations[(group - 1) % 2]) {
      a = (a + b) | 0;
      b = a ^ ((b << rotation) | (b >>> (32 - rotation)));
    }
    a = (a + schedule[group % 3]) | 0;
    b = (b + schedule[(group + 1) % 3] + group) | 0;
  }
  return [a >>> 0, b >>> 0];
}

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
