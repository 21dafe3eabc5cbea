/** @file A small plot of lines around zero, for signals. */

import { line, rectangle, text } from "./svg.ts";

export interface PlotPlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** More points than this are a line alone. */
const mostStems = 64;

/**
 * @param range of the first and the last value along the axis
 * @param most the magnitude at the upper and lower edge
 */
export function linePlot(
  place: PlotPlace,
  lines: readonly { readonly values: ArrayLike<number>; readonly colour: string }[],
  range: { readonly low: number; readonly high: number },
  most: number,
): string {
  const { x, y, width, height } = place;
  const inset = 4;
  const middle = y + height / 2;
  const count = lines[0].values.length;
  const across = (value: number): number => x + inset + ((width - 2 * inset) * (value - range.low)) / (range.high - range.low || 1);
  const up = (value: number): number => middle - ((height / 2 - inset) * value) / (most || 1);
  const points = (values: ArrayLike<number>): readonly (readonly [number, number])[] =>
    Array.from(
      { length: count },
      (_, index) => [across(range.low + ((range.high - range.low) * index) / Math.max(1, count - 1)), up(values[index])] as const,
    );
  const stems = lines.length === 1 && count <= mostStems;
  return [
    rectangle(x, y, width, height, { stroke: "#999" }),
    line(
      [
        [x, middle],
        [x + width, middle],
      ],
      "#bbb",
      0.8,
    ),
    line(
      [
        [across(0), y],
        [across(0), y + height],
      ],
      "#888",
      0.8,
      "3 3",
    ),
    ...lines.flatMap(({ values, colour }) => [
      line(points(values), colour, stems ? 0.8 : 1.5),
      ...(stems ? points(values).map((point) => line([[point[0], middle], point], colour, 2)) : []),
    ]),
    text(x + 3, y + height - 3, axisNumber(range.low), { size: 8, fill: "#777" }),
    text(x + width - 3, y + height - 3, axisNumber(range.high), { size: 8, fill: "#777", anchor: "end" }),
  ].join("");
}

function axisNumber(value: number): string {
  return String(Number(value.toFixed(2)));
}
