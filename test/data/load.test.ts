/** @file Data folders and IDX files: layouts, decoding, classes, and what is said when something is wrong. */

import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Sharp } from "sharp";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { DataError } from "../../src/data/data-error.ts";
import type { LoadOptions } from "../../src/data/dataset.ts";
import { parseIdx } from "../../src/data/idx.ts";
import { loadDataset } from "../../src/data/load.ts";
import { inputFromData, probeDataset } from "../../src/data/probe.ts";
import { petsIn, picture, pictureSettings as settings, summary } from "../support/pictures.ts";

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "specc-data-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const pets = (name: string): Promise<string> => petsIn(join(root, name));

async function failure(promise: Promise<unknown>): Promise<string> {
  const thrown: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(thrown instanceof DataError)) throw new Error(`expected a DataError, got ${String(thrown)}`);
  return thrown.help === undefined ? thrown.message : `${thrown.message} | ${thrown.help}`;
}

describe("class folders", () => {
  test("classes and files are sorted, nested files belong to the class at the top, hidden files are ignored", async () => {
    const directory = await pets("sorted");
    await picture(join(directory, "cats", ".hidden.png"), [1, 1, 1]);
    await picture(join(directory, ".thumbnails", "x.png"), [1, 1, 1]);
    await writeFile(join(directory, "cats", "notes.txt"), "not an image");
    const dataset = await loadDataset(directory, { ...settings, cacheDir: null });
    expect(dataset.classes).toEqual(["cats", "dogs"]);
    expect(summary(dataset)).toEqual([
      "cats/c.PNG cats 20,0,0",
      "cats/deep/z.png cats 10,0,0",
      "dogs/a.png dogs 0,100,0",
      "dogs/b.png dogs 0,200,0",
    ]);
    expect(dataset.pixels(0)).toHaveLength(6 * 8 * 3);
    dataset.close();
  });

  test("links to folders and files are followed, circles end", async () => {
    const directory = await pets("linked");
    await symlink(join(directory, "cats"), join(directory, "cats", "again"));
    await symlink(join(directory, "dogs"), join(directory, "wolves"));
    await symlink(join(directory, "nowhere"), join(directory, "dogs", "lost.png"));
    const { classes } = await probeDataset(directory);
    expect(classes).toEqual([
      { name: "cats", count: 2 },
      { name: "dogs", count: 2 },
      { name: "wolves", count: 2 },
    ]);
  });

  test("a choice of classes fixes the labels' order, not the items'", async () => {
    const directory = await pets("chosen");
    await picture(join(directory, "birds", "x.png"), [0, 0, 9]);
    const dataset = await loadDataset(directory, { ...settings, cacheDir: null, classes: ["dogs", "cats"] });
    expect(dataset.classes).toEqual(["dogs", "cats"]);
    expect([...dataset.labels]).toEqual([1, 1, 0, 0]);
    expect(summary(dataset)[0]).toBe("cats/c.PNG cats 20,0,0");
    dataset.close();
  });

  test("the classes of a network may be absent, others may not occur", async () => {
    const directory = await pets("known");
    const known = await loadDataset(directory, { ...settings, cacheDir: null, knownClasses: ["birds", "dogs", "cats"] });
    expect(known.classes).toEqual(["birds", "dogs", "cats"]);
    expect([...known.labels]).toEqual([2, 2, 1, 1]);
    known.close();
    expect(await failure(loadDataset(directory, { ...settings, cacheDir: null, knownClasses: ["birds", "dogs"] }))).toBe(
      `the network does not know class \`cats\` of ${directory} | it knows birds, dogs; leave the others out: --classes dogs`,
    );
    const some = await loadDataset(directory, { ...settings, cacheDir: null, knownClasses: ["birds", "dogs"], classes: ["dogs"] });
    expect([...some.labels]).toEqual([1, 1]);
    some.close();
  });

  test("a limit takes from the classes in turn", async () => {
    const directory = await pets("limited");
    await picture(join(directory, "dogs", "c.png"), [0, 0, 0]);
    const names = async (limit: number): Promise<readonly string[]> => {
      const dataset = await loadDataset(directory, { ...settings, cacheDir: null, limit });
      dataset.close();
      return dataset.names;
    };
    expect(await names(3)).toEqual(["cats/c.PNG", "cats/deep/z.png", "dogs/a.png"]);
    expect(await names(2)).toEqual(["cats/c.PNG", "dogs/a.png"]);
    expect(await names(99)).toHaveLength(5);
  });

  test("parts are recognised and only the one asked for is read", async () => {
    const directory = join(root, "parts");
    await picture(join(directory, "Train", "cats", "a.png"), [1, 1, 1]);
    await picture(join(directory, "Train", "dogs", "a.png"), [1, 1, 1]);
    await picture(join(directory, "valid", "cats", "v.png"), [2, 2, 2]);
    await picture(join(directory, "test", "dogs", "t.png"), [3, 3, 3]);
    expect((await probeDataset(directory)).parts).toEqual(["train", "validation", "test"]);
    const dataset = await loadDataset(directory, { ...settings, cacheDir: null, part: "test", knownClasses: ["cats", "dogs"] });
    expect(summary(dataset)).toEqual(["dogs/t.png dogs 3,3,3"]);
    dataset.close();
    await rm(join(directory, "test"), { recursive: true });
    expect(await failure(loadDataset(directory, { ...settings, part: "test" }))).toContain("has no test part, only train and validation");
  });

  test("train and test may be classes", async () => {
    const directory = join(root, "vehicles");
    await picture(join(directory, "train", "a.png"), [1, 1, 1]);
    await picture(join(directory, "bus", "a.png"), [1, 1, 1]);
    expect(await probeDataset(directory)).toMatchObject({ parts: ["train"], classes: [{ name: "bus" }, { name: "train" }] });
  });
});

describe("decoding", () => {
  test("grey, alpha, 16 bit, CMYK, palettes and turned pictures all become u8 of the asked size", async () => {
    const directory = join(root, "formats", "x");
    await mkdir(directory, { recursive: true });
    await picture(join(root, "formats", "y", "plain.png"), [50, 100, 150]);
    const base = (): Sharp => sharp({ create: { height: 8, width: 12, channels: 3, background: { r: 50, g: 100, b: 150 } } });
    await base().greyscale().toColourspace("b-w").png().toFile(join(directory, "grey.png"));
    await base().toColourspace("grey16").png().toFile(join(directory, "grey16.png"));
    await base().toColourspace("rgb16").png().toFile(join(directory, "rgb16.png"));
    await base().ensureAlpha(0.25).png().toFile(join(directory, "alpha.png"));
    await base().toColourspace("cmyk").jpeg().toFile(join(directory, "cmyk.jpg"));
    await base().gif().toFile(join(directory, "palette.gif"));
    await base().webp({ lossless: true }).toFile(join(directory, "lossless.webp"));
    const dataset = await loadDataset(join(root, "formats"), { ...settings, cacheDir: null });
    expect(dataset.skipped).toEqual([]);
    const colours = new Map(dataset.names.map((name, index) => [name.slice(2), [...dataset.pixels(index).subarray(0, 3)]]));
    for (const name of ["plain.png", "rgb16.png", "alpha.png", "lossless.webp", "palette.gif"])
      expect(colours.get(name), name).toEqual([50, 100, 150]);
    for (const name of ["grey.png", "grey16.png"]) {
      const [red, green, blue] = colours.get(name) ?? [];
      expect([green, blue], name).toEqual([red, red]);
      expect(Math.abs(red - 93), name).toBeLessThan(10);
    }
    const cmyk = colours.get("cmyk.jpg") ?? [];
    expect(Math.max(...cmyk.map((value, index) => Math.abs(value - [50, 100, 150][index])))).toBeLessThan(30);
    dataset.close();
  });

  test("a picture is turned as EXIF says, before it is resized", async () => {
    const directory = join(root, "turned");
    await picture(join(directory, "b", "x.png"), [0, 0, 0]);
    await mkdir(join(directory, "a"));
    // Left half white, right half black; orientation 6 shows it with white on top.
    const pixels = Buffer.from(Array.from({ length: 8 * 16 * 3 }, (_, index) => (Math.floor(index / 3) % 16 < 8 ? 255 : 0)));
    await sharp(pixels, { raw: { height: 8, width: 16, channels: 3 } })
      .withMetadata({ orientation: 6 })
      .png()
      .toFile(join(directory, "a", "x.png"));
    const dataset = await loadDataset(directory, { ...settings, height: 16, width: 8, channels: 1, cacheDir: null });
    const turned = dataset.pixels(0);
    expect([...turned.subarray(0, 8 * 8)]).toEqual(Array<number>(64).fill(255));
    expect([...turned.subarray(8 * 8)]).toEqual(Array<number>(64).fill(0));
    dataset.close();
  });

  test("one channel is luma of the decoded picture", async () => {
    const directory = await pets("luma");
    const dataset = await loadDataset(directory, { ...settings, channels: 1, cacheDir: null });
    expect(dataset.pixels(3)[0]).toBe((150 * 200 + 128) >> 8);
    expect(dataset.pixels(3)).toHaveLength(48);
    dataset.close();
  });

  test("files that cannot be read are skipped, counted and named", async () => {
    const directory = await pets("corrupt");
    await writeFile(join(directory, "cats", "text.jpg"), "hello");
    await writeFile(join(directory, "cats", "empty.png"), "");
    const noise = Buffer.from(Array.from({ length: 64 * 64 * 3 }, (_, index) => (index * index * 7) % 256));
    const whole = await sharp(noise, { raw: { height: 64, width: 64, channels: 3 } })
      .jpeg()
      .toBuffer();
    await writeFile(join(directory, "dogs", "cut.jpg"), whole.subarray(0, whole.length / 2));
    const progress: string[] = [];
    const dataset = await loadDataset(directory, { ...settings, onProgress: (done, total) => progress.push(`${done}/${total}`) });
    expect(dataset.skipped.map(({ file }) => file)).toEqual(["cats/empty.png", "cats/text.jpg", "dogs/cut.jpg"]);
    for (const { reason } of dataset.skipped) expect(reason).not.toBe("");
    expect(dataset.count).toBe(4);
    expect(dataset.labels).toHaveLength(4);
    expect(summary(dataset)[3]).toBe("dogs/b.png dogs 0,200,0");
    expect(progress.at(-1)).toBe("7/7");
    dataset.close();
    const again = await loadDataset(directory, settings);
    expect(again.skipped).toEqual(dataset.skipped);
    expect(summary(again)).toEqual([
      "cats/c.PNG cats 20,0,0",
      "cats/deep/z.png cats 10,0,0",
      "dogs/a.png dogs 0,100,0",
      "dogs/b.png dogs 0,200,0",
    ]);
    again.close();
  });

  test("a class without a readable image is an error", async () => {
    const directory = await pets("unreadable");
    await mkdir(join(directory, "birds"));
    await writeFile(join(directory, "birds", "x.jpg"), "hello");
    expect(await failure(loadDataset(directory, settings))).toContain("no image of class `birds`");
  });
});

describe("wrong folders", () => {
  test("each gets a cause and a cure", async () => {
    const at = (name: string): string => join(root, "wrong", name);
    await mkdir(at("empty"), { recursive: true });
    await writeFile(at("file"), "");
    await picture(join(at("flat"), "x.png"), [1, 1, 1]);
    await picture(join(at("one"), "cats", "x.png"), [1, 1, 1]);
    await picture(join(at("above"), "pets", "cats", "x.png"), [1, 1, 1]);
    await picture(join(at("above"), "pets", "dogs", "x.png"), [1, 1, 1]);
    await mkdir(join(at("hollow"), "cats"), { recursive: true });
    await picture(join(at("gap"), "cats", "x.png"), [1, 1, 1]);
    await picture(join(at("gap"), "dogs", "x.png"), [1, 1, 1]);
    await mkdir(join(at("gap"), "birds"));
    const load = (name: string, options: Partial<LoadOptions> = {}): Promise<string> =>
      failure(loadDataset(at(name), { ...settings, ...options }));
    expect(await load("missing")).toMatch(/^there is no folder .*missing \| give a folder that holds one folder of images for each class/);
    expect(await load("file")).toMatch(/file is a file, not a folder \| give a folder/);
    expect(await load("empty")).toMatch(/empty holds no images \| put the images of each class in a folder of its own/);
    expect(await load("hollow")).toMatch(/hollow holds no images/);
    expect(await load("flat")).toMatch(/the images in .*flat are not in class folders/);
    expect(await load("one")).toMatch(/one has one class only, `cats`: there is nothing to tell apart/);
    expect(await load("above")).toMatch(
      /above has one class only, `pets`, whose images lie in folders of their own \| .*--data .*above\/pets/,
    );
    expect(await load("gap")).toMatch(/class `birds` of .*gap holds no images \| .*--classes cats,dogs/);
    expect(await load("gap", { classes: ["cats", "dgs"] })).toMatch(/there is no class `dgs` in .*gap \| did you mean `dogs`\?/);
    expect(await load("gap", { classes: ["cats", "elephants"] })).toMatch(
      /there is no class `elephants` in .*gap \| it has birds, cats, dogs/,
    );
    expect(await load("gap", { classes: ["cats", "cats"] })).toMatch(/names one of them twice/);
    expect(await load("gap", { channels: 4 })).toMatch(/images have 1 channel \(grey\) or 3 \(colour\), the network takes 4/);
    expect(await load("gap", { limit: 0 })).toMatch(/limited to 0/);
  });
});

describe("IDX", () => {
  const idx = (shape: readonly number[], values: readonly number[], type = 8): Buffer => {
    const header = Buffer.alloc(4 + 4 * shape.length);
    header[2] = type;
    header[3] = shape.length;
    shape.forEach((size, axis) => header.writeUInt32BE(size, 4 + 4 * axis));
    return Buffer.concat([header, Buffer.from(values)]);
  };

  test("plain and gzipped files load, labels become classes, sizes are brought to the network's", async () => {
    const directory = join(root, "idx");
    await mkdir(directory);
    await writeFile(join(directory, "train-images-idx3-ubyte.gz"), gzipSync(idx([3, 2, 2], [1, 2, 3, 4, 50, 50, 50, 50, 9, 9, 9, 9])));
    await writeFile(join(directory, "train-labels-idx1-ubyte"), idx([3], [7, 2, 7]));
    await writeFile(join(directory, "t10k-images-idx3-ubyte"), idx([1, 2, 2], [5, 6, 7, 8]));
    await writeFile(join(directory, "t10k-labels-idx1-ubyte"), idx([1], [7]));
    const probe = await probeDataset(directory);
    expect(probe).toEqual({
      kind: "idx",
      parts: ["train", "test"],
      classes: [
        { name: "2", count: 1 },
        { name: "7", count: 2 },
      ],
      anyColour: false,
      commonSize: { height: 2, width: 2 },
    });
    const own = await loadDataset(directory, { ...settings, ...inputFromData(probe) });
    expect(own.classes).toEqual(["2", "7"]);
    expect([...own.labels]).toEqual([1, 0, 1]);
    expect([...own.pixels(0)]).toEqual([1, 2, 3, 4]);
    const colour = await loadDataset(directory, { ...settings, height: 3, width: 3 });
    expect([...colour.pixels(1)]).toEqual(Array<number>(27).fill(50));
    const held = await loadDataset(directory, { ...settings, height: 2, width: 2, channels: 1, part: "test", knownClasses: own.classes });
    expect([...held.labels]).toEqual([1]);
    expect([...held.pixels(0)]).toEqual([5, 6, 7, 8]);
    await writeFile(join(directory, "classes.txt"), "a\nb\ntwo\nd\ne\nf\ng\nseven\n");
    expect((await loadDataset(directory, settings)).classes).toEqual(["two", "seven"]);
    expect((await loadDataset(directory, { ...settings, limit: 2 })).names).toEqual(["0", "1"]);
  });

  test("damaged files are named with what is wrong", async () => {
    const directory = join(root, "idx-wrong");
    await mkdir(directory);
    const images = join(directory, "train-images-idx3-ubyte");
    await writeFile(images, idx([2, 2, 2], [1, 2, 3, 4, 5, 6, 7, 8]));
    expect(await failure(loadDataset(directory, settings))).toMatch(/has the images of its train part without the labels/);
    await writeFile(join(directory, "train-labels-idx1-ubyte"), idx([3], [0, 1, 0]));
    expect(await failure(loadDataset(directory, settings))).toMatch(/holds 2 images, train-labels-idx1-ubyte 3 labels/);
    await writeFile(images, idx([3, 2, 2], [1, 2, 3, 4]));
    expect(await failure(loadDataset(directory, settings))).toMatch(/holds 4 values, its header says 3 x 2 x 2 = 12/);
    await writeFile(images, gzipSync(idx([1, 1, 1], [1])).subarray(0, 15));
    expect(await failure(loadDataset(directory, settings))).toMatch(/cannot read .*train-images-idx3-ubyte: /);
    await writeFile(images, idx([3], [1, 2, 3]));
    expect(await failure(loadDataset(directory, settings))).toMatch(/has 1 axes, images have 3/);
  });

  test("headers cannot ask for more than is there", () => {
    expect(() => parseIdx(idx([0xffffffff, 0xffffffff, 2], [1]))).toThrow("its header says");
    expect(() => parseIdx(Buffer.from([0, 0, 8]))).toThrow("shorter");
    expect(() => parseIdx(Buffer.from([0, 0, 8, 3, 0]))).toThrow("shorter");
    expect(() => parseIdx(idx([1], [1], 0x0d))).toThrow("type 0x0d");
    expect(() => parseIdx(Buffer.from("PK\x03\x04 zip"))).toThrow("not an IDX file");
  });

  test("the data of the quickstart are whole", async () => {
    const directory = join(import.meta.dirname, "../..", "examples", "quickstart-data");
    const train = await probeDataset(directory);
    const held = await probeDataset(directory, { part: "test" });
    expect(train.commonSize).toEqual({ height: 28, width: 28 });
    expect(train.classes.map(({ name }) => name)).toEqual(held.classes.map(({ name }) => name));
    expect(train.classes[9].name).toBe("boot");
    expect(train.classes.reduce((sum, { count }) => sum + count, 0)).toBe(5500);
    expect(held.classes.reduce((sum, { count }) => sum + count, 0)).toBe(1000);
  });
});

describe("what a network takes from the data", () => {
  test("its own size up to 256 a side, else 128; colour if any image has it", async () => {
    const directory = await pets("sizes");
    expect(await probeDataset(directory)).toMatchObject({ commonSize: { height: 6, width: 8 }, anyColour: true });
    expect(inputFromData({ commonSize: { height: 6, width: 8 }, anyColour: true })).toEqual({ height: 6, width: 8, channels: 3 });
    expect(inputFromData({ commonSize: { height: 257, width: 8 }, anyColour: false })).toEqual({ height: 128, width: 128, channels: 1 });
    await picture(join(directory, "dogs", "c.png"), [0, 0, 0], 9, 9);
    await writeFile(join(directory, "dogs", "d.png"), "broken");
    const mixed = await probeDataset(directory);
    expect(mixed.commonSize).toBeNull();
    expect(inputFromData(mixed)).toEqual({ height: 128, width: 128, channels: 3 });
    expect(await probeDataset(directory, { headers: false })).toMatchObject({ commonSize: null, anyColour: false });
  });
});
