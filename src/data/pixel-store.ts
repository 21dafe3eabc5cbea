/** @file Keeps the pixels of many images in one file, or in memory where no file can be written. */

import { createHash } from "node:crypto";
import { closeSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { mkdir, open, readdir, rm, stat, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isTemporaryName, temporaryName } from "./atomic-file.ts";
import { reasonOf, systemReason } from "./data-error.ts";

/** Items of equal size, by index. */
export interface PixelStore {
  /** Valid until the next call. */
  read(index: number): Uint8Array;
  close(): void;
}

/** Opens a finished file after checking its length and its SHA-256; undefined when it is missing or damaged. */
export async function openPixelFile(path: string, itemBytes: number, count: number, hash: string): Promise<PixelStore | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, "r");
  } catch {
    return undefined;
  }
  try {
    if ((await file.stat()).size === itemBytes * count) {
      const digest = createHash("sha256");
      const block = Buffer.alloc(4 << 20);
      for (;;) {
        const { bytesRead } = await file.read(block, 0, block.length);
        if (bytesRead === 0) break;
        digest.update(block.subarray(0, bytesRead));
      }
      if (digest.digest("hex") === hash) return fileStore(openSync(path, "r"), itemBytes);
    }
  } catch {
    // An unreadable file is a damaged one.
  } finally {
    await file.close();
  }
  return undefined;
}

function fileStore(descriptor: number, itemBytes: number): PixelStore {
  const item = new Uint8Array(itemBytes);
  return {
    read(index) {
      readFully(descriptor, item, index * itemBytes);
      return item;
    },
    close: () => closeSync(descriptor),
  };
}

function readFully(descriptor: number, target: Uint8Array, position: number): void {
  for (let done = 0; done < target.length; ) {
    const count = readSync(descriptor, target, done, target.length - done, position + done);
    if (count === 0) throw new Error("the pixel cache was cut short while it was in use");
    done += count;
  }
}

function writeFully(descriptor: number, source: Uint8Array): void {
  for (let done = 0; done < source.length; ) done += writeSync(descriptor, source, done);
}

interface PendingFile {
  readonly path: string;
  readonly temporary: string;
  /** Which of the two names it has now. */
  current: string;
  readonly descriptor: number;
}

/**
 * Takes the items one after the other. Starts in the first folder that can hold them; if the disk fills up on the way,
 * what was written is read back and all goes on in memory.
 */
export class PixelWriter {
  readonly #itemBytes: number;
  readonly #expectedCount: number;
  readonly #onWarning: (message: string) => void;
  readonly #digest = createHash("sha256");
  #count = 0;
  /** While there is one, all items are in it; without, all are in `#items`. */
  #file: PendingFile | undefined;
  #items: Uint8Array[] = [];

  private constructor(itemBytes: number, expectedCount: number, onWarning: (message: string) => void) {
    this.#itemBytes = itemBytes;
    this.#expectedCount = expectedCount;
    this.#onWarning = onWarning;
  }

  /** @param paths where the file may go, in order of preference; none: memory */
  static async open(
    paths: readonly string[],
    itemBytes: number,
    expectedCount: number,
    onWarning: (message: string) => void,
  ): Promise<PixelWriter> {
    const writer = new PixelWriter(itemBytes, expectedCount, onWarning);
    const failures: string[] = [];
    for (const path of paths) {
      const temporary = temporaryName(path);
      try {
        await mkdir(dirname(path), { recursive: true });
        await removeAbandoned(path);
        await requireSpace(dirname(path), itemBytes * expectedCount);
        writer.#file = { path, temporary, current: temporary, descriptor: openSync(temporary, "wx+") };
        return writer;
      } catch (thrown) {
        failures.push(`${dirname(path)}: ${whyNotWritable(thrown)}`);
      }
    }
    if (failures.length > 0) onWarning(memoryWarning(failures.join("; "), itemBytes * expectedCount));
    return writer;
  }

  get count(): number {
    return this.#count;
  }

  append(pixels: Uint8Array): void {
    if (pixels.length !== this.#itemBytes) throw new Error(`an item of ${pixels.length} bytes, expected ${this.#itemBytes}`);
    if (this.#file !== undefined) {
      try {
        writeFully(this.#file.descriptor, pixels);
      } catch (thrown) {
        this.#moveToMemory(this.#file, whyNotWritable(thrown));
      }
    }
    if (this.#file === undefined) this.#items.push(pixels.slice());
    this.#digest.update(pixels);
    this.#count++;
  }

  /**
   * Moves the file to its place, then calls `publish` with the SHA-256 of all items, so that whatever describes the file
   * comes after it. If either fails, the items are kept in memory.
   */
  async finish(publish: (path: string, hash: string) => Promise<void>): Promise<{ readonly store: PixelStore; readonly hash: string }> {
    const hash = this.#digest.digest("hex");
    const file = this.#file;
    if (file !== undefined) {
      try {
        fsyncSync(file.descriptor);
        renameSync(file.temporary, file.path);
        file.current = file.path;
        await publish(file.path, hash);
        this.#file = undefined;
        return { store: fileStore(file.descriptor, this.#itemBytes), hash };
      } catch (thrown) {
        this.#moveToMemory(file, whyNotWritable(thrown));
      }
    }
    const items = this.#items;
    this.#items = [];
    return { store: { read: (index) => items[index], close: () => void items.splice(0) }, hash };
  }

  /** Gives everything up and leaves nothing behind. Harmless after `finish`. */
  discard(): void {
    this.#items = [];
    this.#removeFile();
  }

  #moveToMemory(file: PendingFile, reason: string): void {
    this.#onWarning(memoryWarning(`${dirname(file.path)}: ${reason}`, this.#itemBytes * this.#expectedCount));
    for (let index = 0; index < this.#count; index++) {
      const item = new Uint8Array(this.#itemBytes);
      readFully(file.descriptor, item, index * this.#itemBytes);
      this.#items.push(item);
    }
    this.#removeFile();
  }

  #removeFile(): void {
    if (this.#file === undefined) return;
    closeSync(this.#file.descriptor);
    rmSync(this.#file.current, { force: true });
    this.#file = undefined;
  }
}

/** What a process that was killed while writing `path` left behind. One that is still at work wrote a moment ago. */
async function removeAbandoned(path: string): Promise<void> {
  const anHourAgo = Date.now() - 3_600_000;
  for (const name of await readdir(dirname(path))) {
    if (!isTemporaryName(name, path)) continue;
    const found = join(dirname(path), name);
    if ((await stat(found)).mtimeMs < anHourAgo) await rm(found, { force: true });
  }
}

async function requireSpace(folder: string, neededBytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize < neededBytes) throw new Error(`${inMegabytes(bavail * bsize)} free, ${inMegabytes(neededBytes)} needed`);
}

function whyNotWritable(thrown: unknown): string {
  return systemReason(thrown) ?? reasonOf(thrown);
}

function memoryWarning(reason: string, sizeBytes: number): string {
  return (
    `decoded images cannot be kept on disk (${reason}); ` +
    `they stay in memory (${inMegabytes(sizeBytes)}) and are decoded again next time`
  );
}

function inMegabytes(sizeBytes: number): string {
  return `${Math.ceil(sizeBytes / 1e6).toLocaleString("en")} MB`;
}
