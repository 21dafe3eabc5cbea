/** @file Tuning: the search, on a clock that the test turns. */

import { describe, expect, test } from "vitest";
import type { Knob, Schedule } from "../../src/compiler/lower/knobs.ts";
import { usualSchedule } from "../../src/compiler/lower/knobs.ts";
import type { Refusal, TuneOptions } from "../../src/train/tune.ts";
import { tune } from "../../src/train/tune.ts";

const twoKnobs: readonly Knob[] = [
  { name: "fftLines", values: [4, 8, 16] },
  { name: "sumTile", values: [2, 4] },
];

/** A device on which runs take what `milliseconds` says, and opening 100 ms. Keeps a diary, and whether all that was opened was closed. */
function imagined(
  milliseconds: (schedule: Schedule, run: number) => number,
  refuse: (schedule: Schedule) => Refusal | undefined = () => undefined,
) {
  let now = 0;
  let run = 0;
  const open = new Set<object>();
  const opened: string[] = [];
  const options: TuneOptions = {
    start: usualSchedule,
    knobs: twoKnobs,
    budgetMs: 60_000,
    clock: () => now,
    open: async (schedule) => {
      now += 100;
      const refusal = refuse(schedule);
      if (refusal !== undefined) return refusal;
      opened.push(`${schedule.fftLines} ${schedule.sumTile}`);
      const candidate = {
        run: async () => {
          const time = milliseconds(schedule, run++);
          now += time;
          return time;
        },
        close: async () => {
          open.delete(candidate);
        },
      };
      open.add(candidate);
      return candidate;
    },
  };
  return { options, opened, left: () => open.size, now: () => now };
}

describe("the search", () => {
  test("finds what is fastest together, and opens nothing twice but the start", async () => {
    // 16 lines are worse with the usual tile, and best with the other.
    const table: Record<string, number> = { "8 4": 10, "4 4": 12, "16 4": 11, "8 2": 9, "4 2": 9.5, "16 2": 6 };
    const device = imagined(({ fftLines, sumTile }) => table[`${fftLines} ${sumTile}`]);
    const result = await tune(device.options);
    expect(result).toMatchObject({ schedule: { ...usualSchedule, fftLines: 16, sumTile: 2 }, refused: [], complete: true });
    expect(result.trials).toEqual([
      { trial: "fftLines 4", ratio: 1.2, won: false },
      { trial: "fftLines 16", ratio: 1.1, won: false },
      { trial: "sumTile 2", ratio: 0.9, won: true },
      { trial: "fftLines 4", ratio: 9.5 / 9, won: false },
      { trial: "fftLines 16", ratio: 6 / 9, won: true },
    ]);
    expect(result.gain).toBeCloseTo(10 / 6);
    expect(device.opened).toEqual(["8 4", "4 4", "16 4", "8 2", "4 2", "16 2", "8 4"]);
    expect(device.left()).toBe(0);
  });

  test("keeps the start where others are not clearly faster", async () => {
    const device = imagined(({ fftLines }) => (fftLines === 8 ? 10 : 9.8));
    expect(await tune(device.options)).toMatchObject({ schedule: usualSchedule, gain: 1, complete: true });
  });

  test("is not taken in by noise: least times count, in turn, and the result meets the start again", async () => {
    // Every third run is disturbed. With 4 lines everything is a little slower.
    const device = imagined(({ fftLines }, run) => (fftLines === 4 ? 10.5 : 10) * (run % 3 === 0 ? 4 : 1));
    expect((await tune(device.options)).schedule).toEqual(usualSchedule);
    // One run was lucky, and all others slower.
    let lucky = 0;
    const once = imagined(({ fftLines }) => (fftLines === 4 && lucky++ === 4 ? 5 : fftLines === 4 ? 11 : 10));
    expect(await tune(once.options)).toMatchObject({
      schedule: usualSchedule,
      trials: [{ trial: "fftLines 4", ratio: 0.5, won: false }, {}, {}],
    });
    // The machine was slow while the start was timed first, and the winner is in truth slower.
    let races = 0;
    const drifting = imagined(({ sumTile }) => (sumTile === 4 ? (races < 20 ? 30 : 10) : 20));
    const { open } = drifting.options;
    const result = await tune({
      ...drifting.options,
      knobs: [twoKnobs[1]],
      open: async (schedule) => {
        races += 10;
        return open(schedule);
      },
    });
    expect(result).toMatchObject({ schedule: usualSchedule, gain: 1 });
    expect(drifting.left()).toBe(0);
  });

  test("gives up hopeless candidates early", async () => {
    const runs = new Map<number, number>();
    const device = imagined(({ fftLines }) => {
      runs.set(fftLines, (runs.get(fftLines) ?? 0) + 1);
      return fftLines === 8 ? 100 : 1000;
    });
    await tune({ ...device.options, knobs: [twoKnobs[0]] });
    expect([runs.get(4), runs.get(16)]).toEqual([3, 3]);
  });

  test("begins no candidate after the budget", async () => {
    const device = imagined(({ sumTile }) => (sumTile === 2 ? 300 : 500));
    // Five runs of each side take 5 seconds, one before and 0.1 to open; opening the start is not counted.
    const result = await tune({ ...device.options, budgetMs: 6100 });
    expect(result.complete).toBe(false);
    expect(device.opened).toEqual(["8 4", "4 4"]);
    expect(result.schedule).toEqual(usualSchedule);
    expect(device.now()).toBeLessThan(15_000);
  });

  test("ends when it is stopped, with the best so far", async () => {
    const stop = new AbortController();
    const trials: string[] = [];
    const device = imagined(({ fftLines, sumTile }) => (fftLines === 4 ? 5 : 10) - (sumTile === 2 ? 2 : 0));
    const result = await tune({
      ...device.options,
      signal: stop.signal,
      onTrial: ({ trial }) => {
        trials.push(trial);
        if (trial === "sumTile 2") stop.abort();
      },
    });
    expect(result).toMatchObject({ schedule: { ...usualSchedule, fftLines: 4 }, gain: 2, complete: false });
    expect(trials).toEqual(["fftLines 4", "fftLines 16", "sumTile 2"]);
    expect(device.left()).toBe(0);
  });

  test("lists who was refused and why, but not who is known already", async () => {
    const device = imagined(
      ({ fftLines }) => (fftLines === 16 ? 1 : 10),
      ({ fftLines, sumTile }) => {
        if (sumTile === 2) return { refused: "the same program", known: true };
        return fftLines === 16 ? { refused: "loss differs", known: false } : undefined;
      },
    );
    const result = await tune(device.options);
    expect(result).toMatchObject({
      schedule: usualSchedule,
      trials: [{ trial: "fftLines 4" }],
      refused: [{ trial: "fftLines 16", why: "loss differs" }],
    });
    await expect(tune({ ...device.options, open: async () => ({ refused: "too large", known: false }) })).rejects.toThrow("too large");
  });
});
