/** @file Augmentation: images moved by hand, the draws, and that training depends on nothing but seed, epoch and image. */

import { describe, expect, test } from "vitest";
import type { Compiled } from "../../src/compiler/compile.ts";
import { elaborate } from "../../src/compiler/elaborate/elaborate.ts";
import { baseline } from "../../src/compiler/lower/target.ts";
import { ReferenceSession } from "../../src/compiler/reference/session.ts";
import { parse } from "../../src/compiler/syntax/parser.ts";
import { augmentText } from "../../src/compiler/words/augment.ts";
import { trainingBatchMaker } from "../../src/data/batch.ts";
import type { Dataset } from "../../src/data/dataset.ts";
import type { AugmentRule } from "../../src/runtime/augment.ts";
import { augmentedBatch, augmentRule, coefficientsOf } from "../../src/runtime/augment.ts";
import type { Standardisation } from "../../src/runtime/index.ts";
import { normalPair, openSession, rootKey, streamKey, threefry, uniform } from "../../src/runtime/index.ts";
import { valueLine, valueTable } from "../../src/runtime/pixels.ts";
import { trainInputs } from "../../src/runtime/programs.ts";
import { sampleInputs } from "../../src/train/sample-inputs.ts";
import type { TrainData } from "../../src/train/trainer.ts";
import { expectClose } from "../support/close.ts";
import { gpuMissing, suiteDevice } from "../support/gpu.ts";
import { sit, sitAndResume } from "../support/sitting.ts";
import { compileText } from "../support/small-network.ts";
import { stripes, stripesFor } from "../support/stripes.ts";

/** A network whose outputs are what it sees, [C][H][W]: its one layer multiplies by the identity. */
function mirror(size: string, augmentation: string, options = "", batch = 4): Compiled {
  const count = size.split("x").reduce((product, side) => product * Number(side), 1);
  return compileText(
    `input ${size}${options} -> dense ${count} { bias: off }\naugment ${augmentation}\n` +
      `train { loss: mse, optimizer: sgd, batch: ${batch}, seed: 9 }\n`,
    { programs: ["train"] },
  );
}

function ruleOf({ plan }: Compiled): AugmentRule {
  const rule = augmentRule(plan);
  if (rule === undefined) throw new Error("the plan augments nothing");
  return rule;
}

/** The outputs of a step with identity weights. */
async function seen(compiled: Compiled, batch: Parameters<typeof trainInputs>[1]): Promise<Float32Array> {
  const { outputs } = compiled.plan.input;
  const session = new ReferenceSession(compiled);
  await session.writeParams(
    new Map([["dense.1.weight", Float32Array.from({ length: outputs * outputs }, (_, i) => (i % (outputs + 1) === 0 ? 1 : 0))]]),
  );
  const results = await session.run("train", trainInputs(compiled.plan, batch, 0, 1), ["outputs"]);
  await session.close();
  return results["outputs"];
}

/** One picture under chosen draws: bytes back, in rows, as far as they are whole. */
async function moved(
  picture: readonly (readonly number[])[],
  augmentation: string,
  draws: readonly number[],
): Promise<readonly (readonly number[])[]> {
  const [height, width] = [picture.length, picture[0].length];
  const compiled = mirror(`${height}x${width}x1`, augmentation, "", 1);
  const rule = ruleOf(compiled);
  const left = [...draws];
  const row = coefficientsOf(rule.augment.stages, rule.input, () => left.shift() ?? NaN);
  expect(left).toEqual([]);
  const batch = augmentedBatch(rule, { bytes: () => Uint8Array.from(picture.flat()), samples: [0] }, [0], valueLine(rule.input), 0);
  const values = await seen(compiled, { ...batch, coefficients: Float32Array.from(row) });
  return picture.map((line, m) => line.map((_, n) => Number((255 * values[m * width + n]).toFixed(3))));
}

const rowsOf = (text: string): number[][] => text.split(" | ").map((row) => row.split(" ").map(Number));

const picture = rowsOf("10 20 30 | 40 50 60 | 70 80 90");
const half = 0.5;

describe("pictures moved by hand", () => {
  // A shift of at most 2 draws -2 + 4 u: 0.75 is one pixel to the right, or down.
  test.each([
    ["shift 2px", [0.75, half], "10 10 20 | 40 40 50 | 70 70 80"],
    ["shift 2px { border: zero }", [0.75, half], "0 10 20 | 0 40 50 | 0 70 80"],
    ["shift 2px { border: wrap }", [0.75, half], "30 10 20 | 60 40 50 | 90 70 80"],
    ["shift 2px { border: wrap }", [half, 0.25], "40 50 60 | 70 80 90 | 10 20 30"],
    ["shift 9px { border: wrap }", [1, half], "10 20 30 | 40 50 60 | 70 80 90"],
    ["shift 9px { border: zero }", [half, 0], "0 0 0 | 0 0 0 | 0 0 0"],
    ["shift 2px", [0.625, half], "10 15 25 | 40 45 55 | 70 75 85"],
    ["shift 2px { border: zero }", [0.625, half], "5 15 25 | 20 45 55 | 35 75 85"],
    ["shift 100%", [1, half], "10 10 10 | 40 40 40 | 70 70 70"],
    // Counter-clockwise on screen.
    ["rotate 90deg", [1], "30 60 90 | 20 50 80 | 10 40 70"],
    ["rotate 90deg", [0], "70 40 10 | 80 50 20 | 90 60 30"],
    ["rotate 180deg", [1], "90 80 70 | 60 50 40 | 30 20 10"],
    ["rotate 3.141592653589793rad", [1], "90 80 70 | 60 50 40 | 30 20 10"],
    // The corners of the inner square are half way to those of the image.
    ["zoom 50%..200%", [1], "30 35 40 | 45 50 55 | 60 65 70"],
    ["zoom 50%..200% { border: zero }", [0], "0 0 0 | 0 50 0 | 0 0 0"],
    ["flip", [0.49], "30 20 10 | 60 50 40 | 90 80 70"],
    ["flip", [0.5], "10 20 30 | 40 50 60 | 70 80 90"],
    ["flip vertical", [0.49], "70 80 90 | 40 50 60 | 10 20 30"],
    // In the order written: the picture is shifted, then turned over.
    ["shift 2px -> flip", [0.75, half, 0], "20 10 10 | 50 40 40 | 80 70 70"],
    ["flip -> shift 2px", [0, 0.75, half], "30 30 20 | 60 60 50 | 90 90 80"],
    ["shift 2px { border: zero } -> rotate 90deg { border: zero }", [0.75, half, 1], "20 50 80 | 10 40 70 | 0 0 0"],
    ["rotate 90deg { border: zero } -> shift 2px { border: zero }", [1, 0.75, half], "0 30 60 | 0 20 50 | 0 10 40"],
    ["shift 0px -> brightness 50%..150%", [half, half, 0], "5 10 15 | 20 25 30 | 35 40 45"],
    ["brightness 100%..1000%", [1], "100 200 255 | 255 255 255 | 255 255 255"],
    // 0.5 + f (x - 0.5), that is 127.5 + f (v - 127.5).
    ["contrast 200%..300%", [0], "0 0 0 | 0 0 0 | 12.5 32.5 52.5"],
    // Cut to 0..1 after each stage.
    ["contrast 200%..200% -> brightness 200%..200%", [half, half], "0 0 0 | 0 0 0 | 25 65 105"],
    ["brightness 200%..200% -> contrast 50%..50%", [half, half], "73.75 83.75 93.75 | 103.75 113.75 123.75 | 133.75 143.75 153.75"],
  ] as const)("%s, drawn %j", async (augmentation, draws, wanted) => {
    expect(await moved(picture, augmentation, draws)).toEqual(rowsOf(wanted));
  });

  test("a crop is a window stretched to the full size", async () => {
    const slope = Array.from({ length: 4 }, () => [0, 40, 80, 120]);
    // Half of each side: destinations are a quarter, three quarters, ... of a pixel apart.
    expect((await moved(slope, "crop 50%..50%", [0, 0, 0]))[0]).toEqual([0, 10, 30, 50]);
    expect((await moved(slope, "crop 50%..50%", [0, 1, 0]))[0]).toEqual([70, 90, 110, 120]);
    expect(await moved(slope, "crop 80%..100%", [1, 0.3, 0.6])).toEqual(slope);
  });

  test("images need not be square, and have channels", async () => {
    const compiled = mirror("2x3x3", "flip -> shift 1px { border: wrap }", " { range: -1..1, mean: [0.1, 0.2, 0.3], std: [1, 2, 4] }", 2);
    const rule = ruleOf(compiled);
    // Pixels as they lie in pictures: red, green, blue of each, row by row.
    const bytes = [0, 1].map((image) => Uint8Array.from({ length: 18 }, (_, i) => 100 * image + i));
    const statistics: Standardisation = { mean: [0.1, 0, -0.2], deviation: [0.5, 1, 2] };
    const batch = augmentedBatch(rule, { bytes: (image) => bytes[image], samples: [3, 4] }, [0, 1], valueLine(rule.input, statistics), 0);
    const draws = [
      [0, 1, half],
      [0.7, half, 0],
    ];
    const rows = draws.flatMap((list) =>
      coefficientsOf(
        rule.augment.stages,
        rule.input,
        (
          (left) => () =>
            left.shift() ?? NaN
        )([...list]),
      ),
    );
    const values = await seen(compiled, { ...batch, coefficients: Float32Array.from(rows) });
    const table = valueTable(rule.input, statistics);
    const wanted = [0, 1].flatMap((image) =>
      [0, 1, 2].flatMap((c) =>
        [0, 1].flatMap((m) =>
          [0, 1, 2].map((n) => {
            // The first: turned over and moved right; the second: moved up.
            const [row, column] = image === 0 ? [m, (2 - (n - 1) + 3) % 3] : [(m + 1) % 2, n];
            return table[256 * c + bytes[image][(row * 3 + column) * 3 + c]];
          }),
        ),
      ),
    );
    expectClose(values, wanted, { absolute: 2e-6 }, "values");
  });

  test("noise is the stream of its image and stage", async () => {
    const compiled = mirror("4x5x1", "shift 0px -> noise 10%", "", 2);
    const rule = ruleOf(compiled);
    const batch = augmentedBatch(rule, { bytes: () => new Uint8Array(20).fill(102), samples: [7, 30] }, [0, 1], valueLine(rule.input), 3);
    const values = await seen(compiled, batch);
    const stream = streamKey(rootKey(9), 7, 3);
    const wanted = [7, 30].flatMap((sample) =>
      Array.from({ length: 20 }, (_, i) => {
        const pair = normalPair(threefry(threefry(stream, [sample, 1]), [i >> 1, 0]));
        return Math.min(1, Math.max(0, 0.4 + 0.1 * pair[i % 2]));
      }),
    );
    expectClose(values, wanted, { absolute: 1e-7 }, "values");
    expect(new Set(values).size).toBe(40);
  });
});

describe("what is drawn", () => {
  const rule = ruleOf(
    mirror("40x60x1", "shift 10% -> rotate 5deg -> zoom 80%..125% -> crop 50%..90% -> flip -> contrast 80%..120%", "", 3),
  );
  const rowsOf = (samples: readonly number[], epoch: number): readonly number[][] => {
    const { coefficients = new Float32Array() } = augmentedBatch(
      { ...rule, input: { ...rule.input, batch: samples.length } },
      { bytes: () => new Uint8Array(2400), samples },
      samples.map(() => 0),
      new Float32Array(2),
      epoch,
    );
    return samples.map((_, i) => [...coefficients.subarray(7 * i, 7 * i + 7)]);
  };

  test("is one draw after the other, in the order of the stages", () => {
    const stream = streamKey(rootKey(9), 4, 2);
    const u = Array.from({ length: 9 }, (_, ordinal) => uniform(threefry(stream, [5, ordinal])[0]));
    const row = coefficientsOf(
      rule.augment.stages,
      rule.input,
      (
        (left) => () =>
          left.shift() ?? NaN
      )([...u]),
    );
    expect(rowsOf([5], 2)[0]).toEqual(row.map(Math.fround));
    expect(row[6]).toBeCloseTo(0.8 + 0.4 * u[8], 12);
    // All linear parts but the flip are turned and scaled alike, so their product shows in the determinant.
    expect(row[0] * row[4] - row[1] * row[3]).toBeCloseTo((u[7] < 0.5 ? -1 : 1) * ((0.5 + 0.4 * u[4]) / (0.8 + 0.45 * u[3])) ** 2, 12);
  });

  test("depends on epoch and image alone", () => {
    const samples = [11, 3, 400, 5];
    const [first, again, other] = [rowsOf(samples, 1), rowsOf([...samples].reverse(), 1).toReversed(), rowsOf(samples, 2)];
    expect(again).toEqual(first);
    samples.forEach((sample, i) => expect(rowsOf([sample], 1)[0]).toEqual(first[i]));
    other.forEach((row, i) => expect(row).not.toEqual(first[i]));
    expect(new Set([...first, ...other].map((row) => row.join())).size).toBe(8);
  });

  test("fills its range evenly", () => {
    const shift = { ...rule, augment: { border: "nearest" as const, stages: rule.augment.stages.slice(0, 1) } };
    const samples = Array.from({ length: 4000 }, (_, i) => i);
    const { coefficients = new Float32Array() } = augmentedBatch(
      { ...shift, input: { ...shift.input, batch: 4000 } },
      { bytes: () => new Uint8Array(0), samples },
      samples.map(() => 0),
      new Float32Array(2),
      0,
    );
    // 10 % of a side of 60 and of 40. Standard errors are 0.055 and 0.037 of the mean, 1/sqrt(n) of a share.
    for (const [place, most] of [
      [2, 6],
      [5, 4],
    ]) {
      const values = samples.map((i) => coefficients[6 * i + place]);
      expect(Math.max(...values.map(Math.abs))).toBeLessThanOrEqual(most);
      expect(Math.abs(values.reduce((sum, value) => sum + value, 0) / 4000)).toBeLessThan(most * 0.04);
      for (const part of [-1, -0.5, 0, 0.5]) {
        expect(Math.abs(values.filter((value) => value >= part * most && value < (part + 0.5) * most).length / 4000 - 0.25)).toBeLessThan(
          0.03,
        );
      }
    }
    const both = samples.map((i) => coefficients[6 * i + 2] * coefficients[6 * i + 5]);
    expect(Math.abs(both.reduce((sum, value) => sum + value, 0) / 4000)).toBeLessThan(0.04 * 24);
  });
});

describe("programs", () => {
  const network = (text: string, options: Parameters<typeof elaborate>[2] = {}): ReturnType<typeof elaborate> => {
    const source = { name: "net.spec", text };
    return elaborate(parse(source).file, source, options);
  };

  test("that train read pixels, others values; without `augment` all read values", () => {
    const text = "input 4x5x3 -> conv spatial 3x3 2 { init: calibrated } -> gap -> dense 2\naugment flip -> noise 5%\n";
    const { plan } = compileText(text);
    const inputs = (name: string): readonly string[] => plan.programs[name].inputs.map((input) => input.name);
    for (const name of ["train", "measure"]) {
      expect(inputs(name)).toEqual(expect.arrayContaining(["pixels", "coefficients", "normalisation", "noise"]));
      expect(inputs(name)).not.toContain("images");
      expect(Object.keys(sampleInputs(plan, name)).sort()).toEqual([...inputs(name)].sort());
    }
    for (const name of ["infer", "evaluate"]) expect(inputs(name)).toContain("images");
    expect(plan.programs["train"].inputs.find(({ name }) => name === "pixels")).toMatchObject({ shape: [32, 4, 5, 1], dtype: "i32" });
    expect(network(text, { augment: "ignore" }).network?.train.augment).toBeNull();
  });

  test("print what is in force, as the language writes it", () => {
    const text =
      "shift 5px { border: zero } -> shift 7.5% { border: zero } -> rotate 5deg { border: zero } -> zoom 90%..110% { border: zero } " +
      "-> crop 80%..100% -> flip -> flip vertical -> brightness 80%..120% -> noise 5%";
    const { train: settings } = network(`augment ${text}\ninput 8x8x1 -> gap -> dense 2`).network ?? {};
    expect(settings?.augment && augmentText(settings.augment)).toBe(`${text.replaceAll(" { border: zero }", "")}, border zero`);
    expect(network("augment flip\ninput 8x8x1 -> gap -> dense 2").network?.train.augment).toEqual({
      border: "nearest",
      stages: [{ kind: "flip", vertical: false }],
    });
  });

  test("on signals cannot be turned, and are not moved yet", () => {
    const turned = network("augment shift 5px -> rotate 5deg\ninput 64x2 -> gap -> dense 2");
    expect(turned.diagnostics.map(({ code, title }) => [code, title])).toEqual([["S0603", "`rotate` is for images"]]);
    const noisy = network("augment noise 5%\ninput 64x2 -> gap -> dense 2");
    expect(noisy.limitations.map(({ message }) => message)).toEqual(["`augment` is not built yet for signals"]);
    expect(network("augment noise 5%\ninput 64x2 -> gap -> dense 2", { augment: "ignore" }).limitations).toEqual([]);
  });
});

describe("training", () => {
  const text =
    "input 6x5x1 -> dropout 30% -> dense softmax 2 { init: calibrated }\n" +
    "augment shift 20% -> rotate 10deg -> flip -> brightness 80%..120% -> noise 5%\n" +
    "train { optimizer: adam { lr: 0.02 }, epochs: 2, batch: 8, seed: 3 }\n";
  const whole = compileText(text);
  /** Its pixels lie in one buffer, as those of a cache do. */
  function dataset(count: number): Dataset {
    const own = stripes(count, 6, 5);
    const buffer = new Uint8Array(30);
    return {
      ...own,
      pixels(index) {
        buffer.set(own.pixels(index));
        return buffer;
      },
    };
  }

  function dataFor(count: number, held: number): TrainData {
    return { ...stripesFor(whole.plan.input, count, held), maker: trainingBatchMaker(dataset(count), whole.plan, null) };
  }

  test("what an image becomes does not depend on its batch", async () => {
    const augmentation = "shift 20% -> rotate 10deg -> flip -> noise 5%";
    const [eight, three] = [8, 3].map((batch) => mirror("6x5x1", augmentation, "", batch));
    const look = async (compiled: Compiled, samples: readonly number[]): Promise<readonly number[][]> => {
      const outputs = await seen(compiled, trainingBatchMaker(dataset(20), compiled.plan, null).make(samples, 4));
      return samples.map((_, i) => [...outputs.subarray(30 * i, 30 * i + 30)]);
    };
    const together = await look(eight, [4, 19, 0, 7, 2]);
    expect(await look(three, [7, 4])).toEqual([together[3], together[0]]);
    expect(await look(three, [19])).toEqual([together[1]]);
  });

  test("of other epochs sees other images, and measures its constants on the first augmented batch", async () => {
    const data = dataFor(21, 0);
    const session = new ReferenceSession(whole);
    const augmented = await sit(session, data);
    const plain = compileText(text.replace(/augment .*\n/, ""));
    const other = new ReferenceSession(plain);
    const without = await sit(other, stripesFor(plain.plan.input, 21));
    expect(augmented.losses[0]).not.toBe(without.losses[0]);
    const [first, second] = [0, 1].map((epoch) => data.maker.make([1, 2], epoch).coefficients);
    expect(first).not.toEqual(second);
    await session.close();
    await other.close();
  });

  describe.skipIf(gpuMissing !== undefined)("on the adapter", () => {
    const device = suiteDevice();

    test("in slabs of 3 it follows the reference, and resumes bit-equal", async () => {
      const slabbed = compileText(text, { target: { ...baseline, slab: 3 } });
      const data = dataFor(31, 10);
      const session = await openSession(slabbed.plan, device());
      const found = await sitAndResume(session, data);
      await session.close();
      const reference = new ReferenceSession(whole);
      const wanted = await sit(reference, data);
      await reference.close();
      expectClose([...found.losses, ...found.scales], [...wanted.losses, ...wanted.scales], { relative: 1e-4 }, "constants and losses");
      for (const [path, values] of wanted.last.params) expectClose(found.last.params.get(path) ?? [], values, { absolute: 2e-4 }, path);
    });
  });
});
