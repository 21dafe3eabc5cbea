/** @file Files that appear whole or not at all: temporary name, fsync, rename. */

import { randomBytes } from "node:crypto";
import { open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { systemCode } from "./data-error.ts";

/** A name beside `path` that no other process uses. The rename must stay inside one file system. */
export function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path)}.${process.pid}.${randomBytes(4).toString("hex")}.tmp`);
}

/** Whether `name` is one that `temporaryName` gave for `path`, in any process. */
export function isTemporaryName(name: string, path: string): boolean {
  return name.startsWith(`.${basename(path)}.`) && name.endsWith(".tmp");
}

/** Removes what processes of this machine that were killed while they wrote `path` left beside it. For who is going to write it. */
export async function removeLeftovers(path: string): Promise<void> {
  for (const name of await readdir(dirname(path)).catch(() => [])) {
    if (!isTemporaryName(name, path)) continue;
    const [id] = /^\d+(?=\.[0-9a-f]{8}\.tmp$)/.exec(name.slice(basename(path).length + 2)) ?? [];
    if (id !== undefined && !isAlive(Number(id))) await rm(join(dirname(path), name), { force: true });
  }
}

/** Whether a process of this machine goes on. */
export function isAlive(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch (thrown) {
    return systemCode(thrown) === "EPERM";
  }
}

/**
 * Replaces `path` by `content`. A reader, also one after a crash or a power cut, sees the old file or the new one.
 *
 * @throws the operating system's error (ENOSPC, EACCES, ...), with `path` in it; nothing is left behind then.
 */
export async function writeAtomically(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = temporaryName(path);
  try {
    const file = await open(temporary, "wx");
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (thrown) {
    await rm(temporary, { force: true });
    // A failed write names no file, and the temporary name tells nobody anything.
    if (thrown instanceof Error) Object.assign(thrown, { path });
    throw thrown;
  }
  await syncFolder(dirname(path));
}

/** Makes a rename itself durable. Some systems cannot open a folder; the content is on disk all the same. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch {
    // Windows refuses to open folders: there the rename is as durable as the system makes it.
  }
}
