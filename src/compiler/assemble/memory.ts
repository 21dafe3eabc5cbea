/** @file Memory planning: virtual tensors share whole reusable buffers (slots) by their live intervals. */

import type { Dispatch } from "../lower/lower.ts";

export interface SlotPlan {
  /** Slot of each virtual tensor. */
  readonly slotOf: ReadonlyMap<number, number>;
  readonly slotBytes: readonly number[];
}

interface Life {
  readonly id: number;
  sizeBytes: number;
  first: number;
  last: number;
}

/**
 * Greedy by size: the largest tensors choose first among slots that are free over their whole life. A slot is a whole
 * buffer, and lives include the dispatch that ends them, so that no dispatch reads and writes one buffer (WebGPU forbids it
 * even at disjoint offsets).
 */
export function planMemory(dispatches: readonly Pick<Dispatch, "ranges">[]): SlotPlan {
  const lives = new Map<number, Life>();
  dispatches.forEach((dispatch, step) => {
    for (const range of dispatch.ranges) {
      if (range.kind !== "memory" || range.storage.kind !== "virtual") continue;
      const { id } = range.storage;
      const sizeBytes = range.offsetBytes + range.sizeBytes;
      const life = lives.get(id) ?? { id, sizeBytes, first: step, last: step };
      life.last = step;
      life.sizeBytes = Math.max(life.sizeBytes, sizeBytes);
      lives.set(id, life);
    }
  });
  const slotOf = new Map<number, number>();
  const slots: { bytes: number; lives: Life[] }[] = [];
  for (const life of [...lives.values()].sort((a, b) => b.sizeBytes - a.sizeBytes || a.first - b.first)) {
    const free = slots.findIndex((slot) => slot.lives.every((other) => other.last < life.first || life.last < other.first));
    const index = free >= 0 ? free : slots.push({ bytes: 0, lives: [] }) - 1;
    slots[index].bytes = Math.max(slots[index].bytes, life.sizeBytes);
    slots[index].lives.push(life);
    slotOf.set(life.id, index);
  }
  return { slotOf, slotBytes: slots.map((slot) => slot.bytes) };
}
