/** @file The cache of decoded images: when it is used, when it is rebuilt, and what it leaves on the disk. */

import { cp, readdir, readFile, rm, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { LoadOptions } from "../../src/data/dataset.ts";
import { loadDataset } from "../../src/data/load.ts";
import { suiteFolder } from "../support/folder.ts";
import { petsIn, picture, pictureSettings as settings, summary } from "../support/pictures.ts";

const at = suiteFolder("specc-cache-");

const pets = (name: string): Promise<string> => petsIn(at(name));

describe("the cache", () => {
  /** Loads and tells whether anything was decoded. */
  async function load(
    directory: string,
    options: Partial<LoadOptions> = {},
  ): Promise<{ decoded: boolean; items: readonly string[]; hash: string }> {
    let decoded = false;
    const dataset = await loadDataset(directory, { ...settings, ...options, onProgress: () => (decoded = true) });
    const items = summary(dataset);
    dataset.close();
    return { decoded, items, hash: dataset.hash };
  }

  test("is used while nothing changes, and gives the same items", async () => {
    const directory = await pets("cached");
    const first = await load(directory);
    const second = await load(directory);
    expect([first.decoded, second.decoded]).toEqual([true, false]);
    expect(second).toEqual({ ...first, decoded: false });
    expect((await readdir(join(directory, ".specc-cache"))).map((name) => name.replace(/.*\./, "")).sort()).toEqual([
      "gitignore",
      "json",
      "u8",
    ]);
  });

  test("tells sizes, channels and fits apart", async () => {
    const directory = await pets("variants");
    const variants: Partial<LoadOptions>[] = [
      {},
      { height: 7 },
      { width: 7 },
      { channels: 1 },
      { fit: "cover" },
      { antialias: false },
      { limit: 2 },
      { classes: ["cats", "dogs"] },
    ];
    for (const variant of variants) expect((await load(directory, variant)).decoded).toBe(true);
    for (const variant of variants) expect((await load(directory, variant)).decoded).toBe(false);
    expect((await load(directory, { classes: ["dogs", "cats"] })).decoded).toBe(false);
  });

  test("is rebuilt when a file comes, goes or changes", async () => {
    const directory = await pets("stale");
    await load(directory);
    await picture(join(directory, "dogs", "c.png"), [0, 7, 0]);
    expect(await load(directory)).toMatchObject({ decoded: true, items: { length: 5 } });
    await picture(join(directory, "dogs", "c.png"), [0, 9, 0]);
    await utimes(join(directory, "dogs", "c.png"), 1, 1);
    const changed = await load(directory);
    expect([changed.decoded, changed.items[4]]).toEqual([true, "dogs/c.png dogs 0,9,0"]);
    await rm(join(directory, "dogs", "c.png"));
    expect(await load(directory)).toMatchObject({ decoded: true, items: { length: 4 } });
    expect(await readdir(join(directory, ".specc-cache"))).toHaveLength(3);
  });

  test("is rebuilt when it is damaged", async () => {
    const directory = await pets("damaged");
    const { items } = await load(directory);
    const cache = join(directory, ".specc-cache");
    const names = await readdir(cache);
    const pixels = join(cache, names.find((name) => name.endsWith(".u8")) ?? "");
    const index = join(cache, names.find((name) => name.endsWith(".json")) ?? "");
    const original = await readFile(pixels);
    const damages: (() => Promise<void>)[] = [
      () => truncate(pixels, 10),
      () =>
        writeFile(
          pixels,
          original.map((byte, position) => (position === 100 ? byte ^ 1 : byte)),
        ),
      () => rm(pixels),
      () => writeFile(index, "{"),
      () => writeFile(index, JSON.stringify({ format: 1, key: 3 })),
      () => rm(index),
    ];
    for (const damage of damages) {
      await damage();
      expect(await load(directory)).toMatchObject({ decoded: true, items });
      expect((await load(directory)).decoded).toBe(false);
    }
  });

  test("that cannot be written is a warning", async () => {
    const directory = await pets("unwritable");
    const blocked = at("a-file");
    await writeFile(blocked, "");
    const warnings: string[] = [];
    const dataset = await loadDataset(directory, {
      ...settings,
      cacheDir: join(blocked, "cache"),
      onWarning: (text) => warnings.push(text),
    });
    expect(summary(dataset)).toHaveLength(4);
    expect(summary(dataset)[2]).toBe("dogs/a.png dogs 0,100,0");
    expect(warnings).toEqual([
      expect.stringMatching(
        /^decoded images cannot be kept on disk \(.*a-file.cache: a part of the path is not a folder\); they stay in memory \(1 MB\)/,
      ),
    ]);
    dataset.close();
  });

  test("leaves nothing behind when it is stopped", async () => {
    const directory = await pets("aborted");
    const stop = new AbortController();
    const loading = loadDataset(directory, { ...settings, signal: stop.signal, onProgress: () => stop.abort(new Error("enough")) });
    await expect(loading).rejects.toThrow("enough");
    expect(await readdir(join(directory, ".specc-cache"))).toEqual([]);
  });

  test("clears away what a killed process left, but not what one is writing", async () => {
    const directory = await pets("abandoned");
    const cache = join(directory, ".specc-cache");
    await load(directory);
    const name = (await readdir(cache)).find((entry) => entry.endsWith(".u8")) ?? "";
    await writeFile(join(cache, `.${name}.1.aa.tmp`), "old");
    await utimes(join(cache, `.${name}.1.aa.tmp`), 1, 1);
    await writeFile(join(cache, `.${name}.2.bb.tmp`), "new");
    await rm(join(cache, name));
    expect((await load(directory)).decoded).toBe(true);
    expect((await readdir(cache)).filter((entry) => entry.endsWith(".tmp"))).toEqual([`.${name}.2.bb.tmp`]);
  });

  test("equal data have equal hashes in different places, changed data have not", async () => {
    const directory = await pets("hash-1");
    await cp(directory, at("hash-2"), { recursive: true });
    const { hash } = await load(directory);
    expect((await load(at("hash-2"))).hash).toBe(hash);
    await picture(at("hash-2", "dogs", "a.png"), [0, 101, 0]);
    expect((await load(at("hash-2"))).hash).not.toBe(hash);
  });
});
