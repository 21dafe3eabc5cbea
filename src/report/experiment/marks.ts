/**
 * @file How the networks of an experiment look in every figure: colours that colour-blind readers tell apart, dashes and
 * signs for print in grey.
 */

import type { ChartTools } from "../drawing/picture-tools.ts";

export interface Style {
  readonly colour: string;
  readonly dash: string;
  readonly symbol: "circle" | "square" | "triangle" | "diamond" | "star" | "wye" | "cross";
}

/** Okabe and Ito's, without yellow, which is too light on paper; then three that are told apart by how dark they are. */
const colours = ["#0072b2", "#d55e00", "#009e73", "#aa4499", "#000000", "#e69f00", "#56b4e9", "#777777", "#332288", "#8b5a2b"];
const dashes = ["", "7 3", "2 2.5", "9 3 2 3", "4 2", "12 3", "1 2"];
/** All are filled: those that are strokes alone vanish under a white outline. */
const symbols: readonly Style["symbol"][] = ["circle", "square", "triangle", "diamond", "star", "wye", "cross"];

export function styleOf(index: number): Style {
  const cycle = Math.floor(index / colours.length);
  return {
    colour: colours[index % colours.length],
    dash: dashes[(index + cycle) % dashes.length],
    symbol: symbols[(index + 2 * cycle) % symbols.length],
  };
}

const lineHeight = 24;

/** A line with its sign and its name for each network, in as many rows as a figure of `width` needs; `height` is what they take. */
export function legend(
  { Plot, document }: ChartTools,
  names: readonly string[],
  x: number,
  width: number,
): { readonly element: Element; readonly height: number } {
  const element = document.createElementNS("http://www.w3.org/2000/svg", "g");
  let [left, baseline] = [x, 22];
  names.forEach((name, index) => {
    const { colour, dash, symbol } = styleOf(index);
    const entry = 60 + 8 * name.length;
    if (left > x && left + entry > width) [left, baseline] = [x, baseline + lineHeight];
    const sample = Plot.plot({
      document,
      width: 48,
      height: 16,
      margin: 2,
      axis: null,
      x: { domain: [0, 1] },
      y: { domain: [0, 1] },
      marks: [
        Plot.line(
          [
            [0, 0.5],
            [1, 0.5],
          ],
          { stroke: colour, strokeWidth: 2, strokeDasharray: dash },
        ),
        Plot.dot([[0.5, 0.5]], { fill: colour, symbol, r: 4 }),
      ],
    });
    sample.setAttribute("x", String(left));
    sample.setAttribute("y", String(baseline - 12));
    const text = document.createElementNS("http://www.w3.org/2000/svg", "text");
    text.setAttribute("x", String(left + 54));
    text.setAttribute("y", String(baseline));
    text.setAttribute("font-size", "14");
    text.textContent = name;
    element.append(sample, text);
    left += entry + 22;
  });
  return { element, height: baseline + 12 };
}
