/** @file Finds a faster schedule by trying: one choice at a time, each candidate timed in turn with the best so far. */

import type { Knob, Schedule } from "../compiler/lower/knobs.ts";
import { knobs as allKnobs } from "../compiler/lower/knobs.ts";

/** A program with one schedule, ready to run. */
export interface Candidate {
  /** Milliseconds of one run. */
  run(): Promise<number>;
  close(): Promise<void>;
}

/** Why a schedule is no candidate. `known`: it makes a program that was timed before, which is nothing to report. */
export interface Refusal {
  readonly refused: string;
  readonly known: boolean;
}

/** What is being tried, and what came of it so far. */
export interface TuneProgress {
  /** `fftLines 16`. */
  readonly trial: string;
  readonly seconds: number;
  /** Time of the start over that of the best so far. */
  readonly gain: number;
}

export interface TuneOptions {
  readonly start: Schedule;
  readonly knobs?: readonly Knob[];
  /** Opens a program; it counts only if it computes what that of `start` does, and the caller sees to that. */
  readonly open: (schedule: Schedule) => Promise<Candidate | Refusal>;
  /** No candidate is begun this long after the start was opened; compiling counts. */
  readonly budgetMs: number;
  /** Milliseconds. */
  readonly clock?: () => number;
  /** Aborting ends the search after the run under way; the best so far is the result. */
  readonly signal?: AbortSignal;
  readonly onTrial?: (progress: TuneProgress) => void;
}

/** One race. */
export interface Trial {
  /** `fftLines 16`. */
  readonly trial: string;
  /** Least time over that of the best so far. */
  readonly ratio: number;
  /** Whether it became the best. */
  readonly won: boolean;
}

export interface TuneResult {
  readonly schedule: Schedule;
  /** Time of the start over that of the result, timed in turn at the end; 1 where nothing was faster. */
  readonly gain: number;
  /** Candidates that were timed, in order. */
  readonly trials: readonly Trial[];
  readonly refused: readonly { readonly trial: string; readonly why: string }[];
  /** False: the budget or the signal ended the search before every candidate had its turn. */
  readonly complete: boolean;
}

/** A candidate wins if its least time is at most this share of the other's (repeats of one program vary by about as much) ... */
const winningShare = 0.97;
/** ... and if it was faster in this share of the runs: one lucky run is not enough. */
const winningRuns = 0.75;
/** A candidate this much slower after two runs gets no more. */
const hopeless = 1.25;
/** Runs of each side in a race, at least and at most, and how long a race may go on beyond the least. */
const leastRuns = 5;
const mostRuns = 25;
const raceMs = 1000;

/**
 * Greedy coordinate descent: every choice in turn, all its values, keeping the faster; again until a round changes nothing.
 * @throws Error when the start itself cannot be opened, with the reason
 */
export async function tune(options: TuneOptions): Promise<TuneResult> {
  return new Tuner(options).run();
}

class Tuner {
  readonly #options: TuneOptions;
  readonly #knobs: readonly Knob[];
  readonly #clock: () => number;
  #started = 0;
  readonly #seen = new Set<string>();
  readonly #refused: { trial: string; why: string }[] = [];
  #best: Schedule;
  /** Product of the wins so far. */
  #gain = 1;
  readonly #trials: Trial[] = [];

  constructor(options: TuneOptions) {
    this.#options = options;
    this.#knobs = options.knobs ?? allKnobs;
    this.#clock = options.clock ?? (() => performance.now());
    this.#best = options.start;
  }

  async run(): Promise<TuneResult> {
    const { start, open } = this.#options;
    let champion = await open(start);
    if ("refused" in champion) throw new Error(champion.refused);
    this.#seen.add(JSON.stringify(start));
    // It would have to be compiled without tuning as well.
    this.#started = this.#clock();
    try {
      for (let before: Schedule | undefined; before !== this.#best && !this.#over; ) {
        before = this.#best;
        for (const { name, values } of this.#knobs)
          for (const value of values) champion = await this.#try(champion, { ...this.#best, [name]: value }, `${name} ${String(value)}`);
      }
      const complete = !this.#over;
      return { ...(await this.#confirm(champion)), trials: this.#trials, refused: this.#refused, complete };
    } finally {
      await champion.close();
    }
  }

  get #over(): boolean {
    return this.#stopped || this.#clock() - this.#started >= this.#options.budgetMs;
  }

  get #stopped(): boolean {
    return this.#options.signal?.aborted === true;
  }

  /** The faster of the two, open; the other is closed. */
  async #try(champion: Candidate, schedule: Schedule, trial: string): Promise<Candidate> {
    const key = JSON.stringify(schedule);
    if (this.#over || this.#seen.has(key)) return champion;
    this.#seen.add(key);
    this.#options.onTrial?.({ trial, seconds: (this.#clock() - this.#started) / 1000, gain: this.#gain });
    const challenger = await this.#options.open(schedule);
    if ("refused" in challenger) {
      if (!challenger.known) this.#refused.push({ trial, why: challenger.refused });
      return champion;
    }
    const { ratio, won } = await this.#race(champion, challenger);
    if (!this.#stopped) this.#trials.push({ trial, ratio, won });
    if (this.#stopped || !won) {
      await challenger.close();
      return champion;
    }
    await champion.close();
    this.#best = schedule;
    this.#gain /= ratio;
    return challenger;
  }

  /** Both run in turn; the first runs do not count. The ratio is the challenger's least time over the champion's. */
  async #race(champion: Candidate, challenger: Candidate): Promise<Omit<Trial, "trial">> {
    await champion.run();
    await challenger.run();
    const least = [Infinity, Infinity];
    let [faster, run] = [0, 0];
    const started = this.#clock();
    while (run < mostRuns && !this.#stopped) {
      // Who comes first changes from turn to turn: what follows another program may be slower.
      const order = run % 2 === 0 ? [0, 1] : [1, 0];
      const times = [0, 0];
      for (const side of order) times[side] = await [champion, challenger][side].run();
      for (const side of order) least[side] = Math.min(least[side], times[side]);
      if (times[1] < times[0]) faster++;
      run++;
      if (run >= 2 && least[1] > hopeless * least[0]) break;
      if (run >= leastRuns && this.#clock() - started >= raceMs) break;
    }
    const ratio = least[1] / least[0];
    return { ratio, won: ratio <= winningShare && faster >= winningRuns * run };
  }

  /** The wins were taken one by one, and noise may have helped: the result must win against the start itself. */
  async #confirm(champion: Candidate): Promise<Pick<TuneResult, "schedule" | "gain">> {
    const { start, open } = this.#options;
    const unchanged = { schedule: start, gain: 1 };
    if (this.#best === start) return unchanged;
    if (this.#stopped) return { schedule: this.#best, gain: this.#gain };
    const first = await open(start);
    if ("refused" in first) throw new Error(first.refused);
    try {
      const { ratio, won } = await this.#race(first, champion);
      return won ? { schedule: this.#best, gain: 1 / ratio } : unchanged;
    } finally {
      await first.close();
    }
  }
}
