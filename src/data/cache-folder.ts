/** @file Where the system wants caches, and names for what is in them. */

import { createHash } from "node:crypto";
import { homedir } from "node:os";
import { join } from "node:path";

/** specc's own folder there; it need not exist. */
export function systemCacheFolder(environment: Readonly<Record<string, string | undefined>> = process.env): string {
  if (process.platform === "darwin") return join(homedir(), "Library", "Caches", "specc");
  if (process.platform === "win32") return join(environment["LOCALAPPDATA"] ?? join(homedir(), "AppData", "Local"), "specc", "Cache");
  return join(environment["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "specc");
}

/** SHA-256 of a value's JSON, in hexadecimal. */
export function sha256(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex");
}
