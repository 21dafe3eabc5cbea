/** @file curves.svg and curves.png: loss and accuracy of each epoch, in training and validation. */

import type { ChartTools, Drawn } from "../drawing/picture-tools.ts";
import { fontFamily, place, sheet, writePicture } from "../drawing/picture-tools.ts";
import type { ResultRow } from "../folder/results.ts";

const panelWidth = 460;
const panelHeight = 300;
const headHeight = 44;

/** Distinct for colour-blind readers and in grey. */
const series = [
  { name: "training", colour: "#1f5fa8" },
  { name: "validation", colour: "#d9662b" },
] as const;

/** More points than this are a line without dots. */
const mostDots = 40;

interface Point {
  readonly epoch: number;
  readonly value: number;
  readonly series: (typeof series)[number]["name"];
}

/** @param title stands above the panels, for example the name of the run */
export function drawCurves(rows: readonly ResultRow[], title: string, folder: string): Promise<Drawn> {
  if (rows.length === 0) return Promise.resolve({ files: [], notes: [] });
  return writePicture(folder, "curves", (tools) => curves(tools, rows, title), { svg: true });
}

function curves(tools: ChartTools, rows: readonly ResultRow[], title: string): Element {
  const loss = points(
    rows,
    (row) => row.loss,
    (row) => row.valLoss,
  );
  const accuracy = points(
    rows,
    (row) => row.accuracy,
    (row) => row.valAccuracy,
  );
  const svg = sheet(tools, 2 * panelWidth, headHeight + panelHeight);
  svg.append(
    headOf(tools, title, accuracy),
    place(panel(tools, "loss", loss), 0, headHeight),
    place(panel(tools, "accuracy", accuracy), panelWidth, headHeight),
  );
  return svg;
}

function points(rows: readonly ResultRow[], ...values: readonly ((row: ResultRow) => number | undefined)[]): readonly Point[] {
  return values.flatMap((read, index) =>
    rows.flatMap((row) => {
      const value = read(row);
      return value === undefined || !Number.isFinite(value) ? [] : [{ epoch: row.epoch, value, series: series[index].name }];
    }),
  );
}

function panel({ Plot, document }: ChartTools, title: string, data: readonly Point[]): Element {
  const epochs = data.map(({ epoch }) => epoch);
  const [first, last] = [Math.min(...epochs), Math.max(...epochs)];
  const x = (point: Point): number => point.epoch;
  const y = (point: Point): number => point.value;
  const colour = (point: Point): string => series.find(({ name }) => name === point.series)?.colour ?? "black";
  const share = title === "accuracy";
  return Plot.plot({
    document,
    width: panelWidth,
    height: panelHeight,
    marginLeft: 60,
    marginRight: 24,
    marginTop: 26,
    marginBottom: 46,
    style: { fontFamily, fontSize: "12px", background: "white" },
    x: {
      // One epoch still needs a width.
      domain: first === last ? [first - 1, last + 1] : [first, last],
      label: "epoch",
      labelAnchor: "center",
      labelArrow: "none",
      ticks: wholeTicks(first, last),
      tickFormat: (epoch: number) => String(epoch),
    },
    y: {
      label: title,
      labelOffset: 46,
      labelArrow: "none",
      grid: true,
      ...(share ? { domain: wholeTenths(data.map(y)), tickFormat: "%" } : { nice: true, zero: true }),
    },
    marks: [
      Plot.line(data, { x, y, z: "series", stroke: colour, strokeWidth: 2, strokeLinejoin: "round" }),
      ...(last - first < mostDots ? [Plot.dot(data, { x, y, fill: colour, r: 3 })] : []),
    ],
  });
}

/** The range of some shares, widened to multiples of 10 %. */
function wholeTenths(values: readonly number[]): readonly [number, number] {
  const low = Math.min(0.9, Math.floor(10 * Math.min(...values)) / 10);
  return [low, Math.max(low + 0.1, Math.ceil(10 * Math.max(...values)) / 10)];
}

/** At most about eight, at whole epochs. */
function wholeTicks(first: number, last: number): readonly number[] {
  const steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000];
  const step = steps.find((size) => (last - first) / size <= 8) ?? 10000;
  const ticks: number[] = [];
  for (let epoch = Math.ceil(first / step) * step; epoch <= last; epoch += step) ticks.push(epoch);
  return ticks;
}

function headOf({ document }: ChartTools, title: string, data: readonly Point[]): Element {
  const group = document.createElementNS("http://www.w3.org/2000/svg", "g");
  const text = (x: number, content: string, size: number, weight: string): Element => {
    const element = document.createElementNS("http://www.w3.org/2000/svg", "text");
    element.setAttribute("x", String(x));
    element.setAttribute("y", "28");
    element.setAttribute("font-size", String(size));
    element.setAttribute("font-weight", weight);
    element.textContent = content;
    return element;
  };
  group.append(text(16, title, 15, "bold"));
  const shown = series.filter(({ name }) => data.some((point) => point.series === name));
  shown.forEach(({ name, colour }, index) => {
    const x = 2 * panelWidth - 24 - 110 * (shown.length - index);
    const dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
    dot.setAttribute("cx", String(x));
    dot.setAttribute("cy", "23");
    dot.setAttribute("r", "5");
    dot.setAttribute("fill", colour);
    group.append(dot, text(x + 12, name, 13, "normal"));
  });
  return group;
}
