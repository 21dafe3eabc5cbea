/** @file The tables of an experiment: accuracies, tests between networks, epochs to reach accuracies, cost, every trial. */

import type { Contestant, Experiment } from "./read.ts";
import type { PairedComparison, StudentT } from "./statistics.ts";
import { comparePairs, describe, halfInterval, holm, quantile } from "./statistics.ts";
import type { Cell, ReportTable } from "./table.ts";
import { count, left, number, probability, right, text } from "./table.ts";

const accuraciesOf = ({ runs }: Contestant): readonly number[] => runs.map(({ line }) => line.accuracy);

export function accuracyTable({ nets }: Experiment, student: StudentT): ReportTable {
  const rows = nets.map((net) => {
    const all = describe(accuraciesOf(net));
    const half = halfInterval(all, student);
    return [
      text(net.name),
      number(all.mean, 3),
      number(all.deviation, 3),
      interval(all.mean, half, 3),
      number(all.max, 3),
      number(all.median, 3),
      number(all.min, 3),
      count(all.count),
    ];
  });
  return {
    name: "accuracy",
    title: "Accuracy",
    note:
      "Mean, standard deviation (n − 1) and 95 % confidence interval of the mean (Student's t) over the trials; best, " +
      "middle and worst trial.",
    columns: [
      left("network"),
      right("mean"),
      right("s.d."),
      right("95 % interval"),
      right("max"),
      right("median"),
      right("min"),
      right("trials"),
    ],
    rows,
  };
}

function interval(mean: number, half: number, digits: number): Cell {
  return Number.isNaN(half) ? text("–") : text(`${number(mean - half, digits).text} to ${number(mean + half, digits).text}`);
}

interface Pair extends PairedComparison {
  readonly a: string;
  readonly b: string;
}

/** Of the trials that both networks have. The better stands first. */
function pairsOf({ nets }: Experiment, student: StudentT): readonly Pair[] {
  const ranked = [...nets].sort((a, b) => describe(accuraciesOf(b)).mean - describe(accuraciesOf(a)).mean);
  return ranked.flatMap((a, index) =>
    ranked.slice(index + 1).flatMap((b): readonly Pair[] => {
      const shared = a.runs.flatMap((run) => {
        const twin = b.runs.find(({ trial }) => trial.seed === run.trial.seed);
        return twin === undefined ? [] : [[run.line.accuracy, twin.line.accuracy] as const];
      });
      if (shared.length === 0) return [];
      return [
        {
          a: a.name,
          b: b.name,
          ...comparePairs(
            shared.map(([first]) => first),
            shared.map(([, second]) => second),
            student,
          ),
        },
      ];
    }),
  );
}

/** Undefined where there is nothing to compare. */
export function comparisonTable(experiment: Experiment, student: StudentT): ReportTable | undefined {
  const pairs = pairsOf(experiment, student);
  if (pairs.length === 0) return undefined;
  const adjusted = holm(pairs.map(({ permutationP }) => permutationP));
  const fewest = Math.min(...pairs.map(({ difference }) => difference.count));
  const rows = pairs.map(({ a, b, difference, halfInterval: half, tP, permutationP }, index) => [
    text(`${a} − ${b}`),
    number(difference.mean, 3),
    interval(difference.mean, half, 3),
    probability(tP),
    probability(permutationP),
    probability(adjusted[index]),
    count(difference.count),
  ]);
  const least = 2 ** (1 - fewest);
  return {
    name: "comparisons",
    title: "Differences between networks",
    note:
      "Differences of accuracy in trials with the same seed, their mean and its 95 % interval. p: two-sided, " +
      "of the paired t test and of the sign-flip permutation test; " +
      `the last column is the latter after Holm's adjustment for ${pairs.length} comparison${pairs.length === 1 ? "" : "s"}. ` +
      `With ${fewest} trials no permutation p can be below ${least < 0.001 ? least.toExponential(0) : least.toFixed(3)}. ` +
      "All trials are measured on the same images: the tests speak of other splits, orders and starts, not of other images.",
    columns: [
      left("networks"),
      right("difference"),
      right("95 % interval"),
      right("p, t test"),
      right("p, permutation"),
      right("p, Holm"),
      right("trials"),
    ],
    rows,
  };
}

/** At most this many accuracies are asked for. */
const mostThresholds = 6;

/** Round accuracies between guessing and the best validation accuracy. */
export function thresholdsOf({ nets }: Experiment): readonly number[] {
  const seen = nets.flatMap(({ runs }) => runs.flatMap(({ rows }) => rows.flatMap(({ valAccuracy }) => valAccuracy ?? [])));
  if (seen.length === 0) return [];
  const chance = 1 / (nets[0].runs[0].line.classes.length || 2);
  const top = Math.max(...seen);
  const step = [0.01, 0.02, 0.05, 0.1].find((size) => (top - chance) / size <= mostThresholds) ?? 0.2;
  const first = Math.floor(chance / step + 1e-9) + 1;
  return Array.from({ length: Math.max(0, Math.floor(top / step + 1e-9) - first + 1) }, (_, index) =>
    Number(((first + index) * step).toFixed(4)),
  );
}

export function reachTable({ nets }: Experiment, thresholds: readonly number[]): ReportTable | undefined {
  if (thresholds.length === 0) return undefined;
  const rows = nets.map(({ name, runs }) => [
    text(name),
    ...thresholds.map((threshold): Cell => {
      const epochs = runs
        .filter(({ rows: all }) => all.length > 0)
        .map(
          ({ rows: all }) =>
            all.find(({ valAccuracy }) => valAccuracy !== undefined && valAccuracy >= threshold)?.epoch ?? Number.POSITIVE_INFINITY,
        );
      if (epochs.length === 0) return text("–");
      const reached = epochs.filter(Number.isFinite).length;
      const sorted = [...epochs].sort((a, b) => a - b);
      const middle = sorted[Math.floor((sorted.length - 1) / 2)];
      const other = sorted[Math.ceil((sorted.length - 1) / 2)];
      const median = (middle + other) / 2;
      return {
        text: `${Number.isFinite(median) ? String(median) : "–"} (${reached}/${epochs.length})`,
        value: Number.isFinite(median) ? median : "",
      };
    }),
  ]);
  return {
    name: "epochs-to-reach",
    title: "Epochs to reach a validation accuracy",
    note:
      "Median over the trials of the first epoch with this validation accuracy, and in how many trials there is one; " +
      "– where half of them never reach it.",
    columns: [left("network"), ...thresholds.map((threshold) => right(threshold.toFixed(2)))],
    rows,
  };
}

export function costTable({ nets }: Experiment): ReportTable {
  const rows = nets.map(({ name, runs }) => {
    const epochs = runs.flatMap(({ rows: all }) => all.map(({ time }, index) => time - (index === 0 ? 0 : all[index - 1].time)));
    const steps = runs.flatMap(({ steps: all }) =>
      all.slice(1).flatMap((step, index) => (step.epoch === all[index].epoch ? [1000 * (step.time - all[index].time)] : [])),
    );
    const { parameters, memory } = runs[0].line;
    const middle = (values: readonly number[]): number => (values.length === 0 ? Number.NaN : quantile(values, 0.5));
    return [
      text(name),
      number(middle(epochs), 1),
      number(epochs.length === 0 ? Number.NaN : Math.min(...epochs), 1),
      number(middle(steps), 1),
      number(middle(runs.map(({ line }) => line.seconds)), 0),
      memory === null ? text("–") : { text: (memory / 2 ** 20).toFixed(1), value: memory / 2 ** 20 },
      count(parameters.filters),
      count(parameters.heads),
      ...(nets.some((net) => net.runs[0].line.parameters.other > 0) ? [count(parameters.other)] : []),
      count(parameters.total),
    ];
  });
  const other = nets.some((net) => net.runs[0].line.parameters.other > 0);
  return {
    name: "cost",
    title: "Cost",
    note:
      "Seconds of an epoch with its validation: median of all epochs of all trials, and the fastest. " +
      "Milliseconds of a training step: median. Seconds of a whole training: median. Memory on the device at the peak, " +
      "from the plan; – on the processor.",
    columns: [
      left("network"),
      right("s per epoch"),
      right("fastest"),
      right("ms per step"),
      right("s in all"),
      right("MiB"),
      right("filters"),
      right("head"),
      ...(other ? [right("other")] : []),
      right("parameters"),
    ],
    rows,
  };
}

export function trialTable({ nets }: Experiment): ReportTable {
  const rows = nets.flatMap(({ name, runs }) =>
    runs.map(({ line }) => [
      text(name),
      { text: String(line.seed), value: line.seed },
      number(line.accuracy, 4),
      number(line.loss, 4),
      { text: `${line.best.epoch} of ${line.epochs}`, value: line.best.epoch },
      number(line.best.valAccuracy ?? Number.NaN, 4),
      number(line.best.valLoss ?? Number.NaN, 4),
      number(line.seconds, 1),
    ]),
  );
  return {
    name: "trials",
    title: "Every trial",
    note: "With the weights of the epoch that had the lowest validation loss.",
    columns: [
      left("network"),
      right("seed"),
      right("accuracy"),
      right("loss"),
      right("epoch"),
      right("validation accuracy"),
      right("validation loss"),
      right("seconds"),
    ],
    rows,
  };
}
