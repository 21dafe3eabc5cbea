/** @file `specc show --augment`: the sheet of draws, and what it refuses. */

import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { specc } from "../support/cli.ts";
import { suiteFolder } from "../support/folder.ts";

describe("specc show --augment", () => {
  const at = suiteFolder("specc-augment-");
  const show = (...words: string[]): ReturnType<typeof specc> =>
    specc(["show", "examples/quickstart-data", "--augment", "--out", at(), ...words]);

  test("draws a row for each image and a column for each draw", async () => {
    const result = await show("--stages", "shift 2px -> noise 5%", "--images", "2", "--draws", "3", "--json");
    expect(result.code, result.stderr).toBe(0);
    expect(result.records()).toEqual([
      expect.objectContaining({
        type: "result",
        subject: "augment",
        augment: "shift 2px -> noise 5%, border nearest",
        draws: 3,
        pictures: [at("augment.png")],
      }),
    ]);
    const { data, info } = await sharp(at("augment.png")).greyscale().raw().toBuffer({ resolveWithObject: true });
    // The first image and what was made of it lie in tiles of 240 pixels with gaps, the first at (32, 196), the second at (308, 196).
    const tile = (left: number): readonly number[] =>
      Array.from({ length: 240 * 240 }, (_, i) => data[(196 + Math.floor(i / 240)) * info.width + left + (i % 240)]);
    const [own, first, second] = [32, 308, 560].map(tile);
    for (const other of [first, second]) expect(own.filter((value, i) => Math.abs(value - other[i]) > 8).length).toBeGreaterThan(2000);
    expect(first.filter((value, i) => Math.abs(value - second[i]) > 8).length).toBeGreaterThan(2000);
  });

  test("says what is missing or wrong", async () => {
    expect(await show()).toMatchObject({ code: 1, stderr: expect.stringContaining("--stages 'shift 5px -> flip'") });
    expect(await show("--stages", "shift 5")).toMatchObject({ code: 1, stderr: expect.stringContaining("--stages:1:15") });
    expect(await show("--stages", "flip", "--net", "a")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("--net has no meaning"),
    });
    expect(await specc(["show", "examples/tiny.spec", "--augment", "--data", "examples/quickstart-data"])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("has no `augment`"),
    });
    expect(await specc(["show", "examples/tiny.spec"])).toMatchObject({ code: 1, stderr: expect.stringContaining("--augment") });
  });
});
