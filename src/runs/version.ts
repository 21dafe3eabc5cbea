/** @file Which specc this is. */

import { readFileSync } from "node:fs";

export function ownVersion(): string {
  return (JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { readonly version: string }).version;
}
