/** @file Reading from the device: a pool of staging buffers, so that several reads may be under way without new memory. */

import type { Device } from "./device.ts";
import { bufferUsage, mapForReading } from "./webgpu-flags.ts";

/** Bytes of one buffer to be read. */
interface ReadRange {
  readonly buffer: GPUBuffer;
  readonly offsetBytes: number;
  readonly sizeBytes: number;
}

/** One read: copies are recorded into as many submits as the work takes, then all is read at once. */
export interface Reading {
  /** @param position in what is read, in bytes */
  copy(encoder: GPUCommandEncoder, range: ReadRange, position: number): void;
  /** Called after the last submit. */
  read(): Promise<ArrayBuffer>;
}

export class ReadbackPool {
  readonly #device: Device;
  readonly #free: Map<number, GPUBuffer[]> = new Map();
  readonly #all: Set<GPUBuffer> = new Set();
  readonly #pending: Set<Promise<unknown>> = new Set();

  constructor(device: Device) {
    this.#device = device;
  }

  /** @param name of the work that the read waits for */
  open(name: string, sizeBytes: number): Reading {
    const staging = this.#take(sizeBytes);
    return {
      copy: (encoder, range, position) => encoder.copyBufferToBuffer(range.buffer, range.offsetBytes, staging, position, range.sizeBytes),
      read: () => {
        const bytes = this.#read(name, staging);
        this.#pending.add(bytes);
        const settle = (): void => void this.#pending.delete(bytes);
        bytes.then(settle, settle);
        return bytes;
      },
    };
  }

  /** Waits for the reads under way and frees the staging buffers. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#pending);
    for (const buffer of this.#all) this.#device.destroyBuffer(buffer);
    this.#all.clear();
    this.#free.clear();
  }

  async #read(name: string, staging: GPUBuffer): Promise<ArrayBuffer> {
    try {
      await this.#device.waitFor(name, staging.mapAsync(mapForReading));
    } catch (error) {
      throw this.#device.failure ?? error;
    }
    const bytes = staging.getMappedRange().slice(0);
    staging.unmap();
    this.#free.get(staging.size)?.push(staging);
    return bytes;
  }

  #take(sizeBytes: number): GPUBuffer {
    let free = this.#free.get(sizeBytes);
    if (free === undefined) this.#free.set(sizeBytes, (free = []));
    const reused = free.pop();
    if (reused !== undefined) return reused;
    const usage = bufferUsage.mapRead | bufferUsage.copyTarget;
    const created = this.#device.createBuffer(`staging of ${sizeBytes} bytes`, sizeBytes, usage);
    this.#all.add(created);
    return created;
  }
}
