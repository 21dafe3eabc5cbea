/** @file Threefry2x32 with 20 rounds, counter-based and stateless (docs/numerics.md#random-numbers). */

/** Two 32-bit words, unsigned: a key, a counter or a draw. */
export type Words = readonly [number, number];

/** The bits of each round's turn, four rounds a group, two groups in turn. */
export const rotations = [
  [13, 15, 26, 6],
  [17, 29, 16, 24],
] as const;
/** Makes the third word of the key. */
export const parity = 0x1bd11bda;
/** Behind each group of rounds words of the key are added. */
export const groups = 5;

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
