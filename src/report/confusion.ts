/** @file Which classes were taken for which: the matrix, the numbers of each class, and both as text. */

import { colours, renderTable } from "./terminal.ts";

export interface Confusion {
  readonly classes: readonly string[];
  /** [N][N]: row = the class it is, column = the class it was taken for. */
  readonly counts: Int32Array;
}

export interface ClassScore {
  readonly name: string;
  /** Items of the class. */
  readonly count: number;
  /** Of those taken for the class, the share that is; undefined when none was. */
  readonly precision: number | undefined;
  /** Of the class, the share that was found; undefined without items. */
  readonly recall: number | undefined;
  /** Harmonic mean of both; undefined when neither has a value. */
  readonly f1: number | undefined;
}

/** @throws RangeError when the lengths differ or a label is no class. */
export function countConfusion(classes: readonly string[], labels: ArrayLike<number>, predictions: ArrayLike<number>): Confusion {
  if (labels.length !== predictions.length) throw new RangeError(`${labels.length} labels, ${predictions.length} predictions`);
  const size = classes.length;
  const counts = new Int32Array(size * size);
  for (let index = 0; index < labels.length; index++) {
    for (const label of [labels[index], predictions[index]]) {
      if (!Number.isInteger(label) || label < 0 || label >= size) throw new RangeError(`${label} is none of ${size} classes`);
    }
    counts[labels[index] * size + predictions[index]]++;
  }
  return { classes, counts };
}

/** The share that was taken for what it is; 0 without items. */
export function accuracyOf({ classes, counts }: Confusion): number {
  let right = 0;
  for (let index = 0; index < classes.length; index++) right += counts[index * (classes.length + 1)];
  return (
    right /
    Math.max(
      1,
      counts.reduce((sum, count) => sum + count, 0),
    )
  );
}

export function classScores({ classes, counts }: Confusion): readonly ClassScore[] {
  const size = classes.length;
  return classes.map((name, index) => {
    let count = 0;
    let taken = 0;
    for (let other = 0; other < size; other++) {
      count += counts[index * size + other];
      taken += counts[other * size + index];
    }
    const right = counts[index * size + index];
    return {
      name,
      count,
      precision: taken === 0 ? undefined : right / taken,
      recall: count === 0 ? undefined : right / count,
      f1: count + taken === 0 ? undefined : (2 * right) / (count + taken),
    };
  });
}

/** One line for each class. */
export function scoresText(confusion: Confusion, colour = false): string {
  const share = (value: number | undefined): string => (value === undefined ? "-" : value.toFixed(3));
  const rows = classScores(confusion).map(({ name, count, precision, recall, f1 }) => [
    name,
    count.toLocaleString("en"),
    share(precision),
    share(recall),
    share(f1),
  ]);
  return renderTable(["class", "images", "precision", "recall", "F1"], rows, {
    colour,
    align: ["left", "right", "right", "right", "right"],
  });
}

/** Wider matrices do not fit a terminal; the commonest mistakes say more there. */
const largestMatrix = 12;
const listedMistakes = 15;

/** The matrix, or the commonest mistakes when there are many classes. */
export function confusionText(confusion: Confusion, colour = false): string {
  return confusion.classes.length <= largestMatrix ? matrixText(confusion, colour) : mistakesText(confusion, colour);
}

function matrixText({ classes, counts }: Confusion, colour: boolean): string {
  const size = classes.length;
  const { bold, dim } = colours(colour);
  const rows = classes.map((name, row) => [
    name,
    ...classes.map((_, column) => {
      const count = counts[row * size + column];
      return row === column ? bold(String(count)) : count === 0 ? dim("·") : String(count);
    }),
  ]);
  return renderTable(["true \\ predicted", ...classes], rows, { colour, align: ["left", ...classes.map(() => "right" as const)] });
}

function mistakesText({ classes, counts }: Confusion, colour: boolean): string {
  const size = classes.length;
  const mistakes = [...counts.keys()].filter((at) => counts[at] > 0 && Math.floor(at / size) !== at % size);
  const shown = mistakes.sort((left, right) => counts[right] - counts[left] || left - right).slice(0, listedMistakes);
  if (shown.length === 0) return "no mistakes";
  const rows = shown.map((at) => [classes[Math.floor(at / size)], classes[at % size], counts[at].toLocaleString("en")]);
  return renderTable(["true class", "predicted", "images"], rows, { colour, align: ["left", "left", "right"] });
}
