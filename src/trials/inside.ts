/** @file Links: nothing of an experiment is written, read or removed outside its folder. */

import { lstat, realpath } from "node:fs/promises";
import { dirname, isAbsolute, relative, sep } from "node:path";
import { DataError, systemCode } from "../data/data-error.ts";

/**
 * @param path below `root` by its name; whether it is there or not
 * @throws DataError when a link on the way leads out of `root`, or nowhere
 */
export async function requireInside(root: string, path: string): Promise<void> {
  const home = await where(root);
  if (home === undefined) return;
  for (let place = path; relative(root, place) !== ""; place = dirname(place)) {
    const real = await where(place);
    if (real === undefined && !(await isLink(place))) continue;
    const way = real === undefined ? ".." : relative(home, real);
    if (way !== ".." && !way.startsWith(`..${sep}`) && !isAbsolute(way)) return;
    throw new DataError(`${place} is a link that leads out of ${root}`, { help: "put a folder there, or choose another place with --out" });
  }
}

/** Where it is, links followed; undefined where nothing is. */
async function where(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (thrown) {
    if (systemCode(thrown) === "ENOENT") return undefined;
    throw thrown;
  }
}

async function isLink(path: string): Promise<boolean> {
  return lstat(path).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );
}
