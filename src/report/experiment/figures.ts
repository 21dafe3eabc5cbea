/** @file The figures of an experiment: learning curves with their spread, and the accuracies of all trials as violins. */

import type { ChartTools, Drawn } from "../drawing/picture-tools.ts";
import { fontFamily, place, sheet, writePicture } from "../drawing/picture-tools.ts";
import { legend, styleOf } from "./marks.ts";
import type { Contestant, Experiment } from "./read.ts";
import type { Axis, CurvePoint, Quantity } from "./series.ts";
import { axes, quantities } from "./series.ts";
import { density, describe } from "./statistics.ts";

const panelWidth = 320;
const panelHeight = 250;
const violinHeight = 360;
/** Fewer values have no shape. */
export const leastForViolin = 5;

const axisLabels: Readonly<Record<Axis, string>> = { step: "step (batches)", epoch: "epoch", time: "time of training" };

/** Seconds of training beyond which minutes are shown. */
const mostSeconds = 900;

export function drawLearning(experiment: Experiment, points: readonly CurvePoint[], folder: string): Promise<Drawn> {
  const names = experiment.nets.map(({ name }) => name);
  return writePicture(
    folder,
    "learning-curves",
    (tools) => {
      const width = axes.length * panelWidth;
      const { element, height } = legend(tools, names, 66, width);
      const svg = sheet(tools, width, height + quantities.length * panelHeight);
      svg.append(element);
      quantities.forEach((quantity, row) =>
        axes.forEach((axis, column) => {
          const panel = learningPanel(tools, names, points, axis, quantity);
          svg.append(place(panel, column * panelWidth, height + row * panelHeight));
        }),
      );
      return svg;
    },
    { svg: true },
  );
}

/** @param points of the whole figure: panels of a row and of a column share their scale */
function learningPanel(
  { Plot, document }: ChartTools,
  names: readonly string[],
  points: readonly CurvePoint[],
  axis: Axis,
  quantity: Quantity,
): Element {
  const column = points.filter((point) => point.axis === axis);
  const shown = column.filter((point) => point.quantity === quantity);
  const spread = ({ deviation }: CurvePoint): number => (Number.isNaN(deviation) ? 0 : deviation);
  const reach = points
    .filter((point) => point.quantity === quantity)
    .flatMap((point) => [point.mean - spread(point), point.mean + spread(point)]);
  const longest = column.reduce((most, point) => Math.max(most, point.x), axis === "time" ? 0.001 : 1);
  const unit = axis === "time" && longest > mostSeconds ? 60 : 1;
  const last = longest / unit;
  const units = axis !== "time" ? "" : unit === 60 ? " (min)" : " (s)";
  const x = (point: CurvePoint): number => point.x / unit;
  const curves = names.map((name, index) => ({ own: shown.filter(({ net }) => net === name), style: styleOf(index) }));
  const bands = curves.map(({ own, style }) =>
    Plot.areaY(own, {
      x,
      y1: (point: CurvePoint) => point.mean - spread(point),
      y2: (point: CurvePoint) => point.mean + spread(point),
      fill: style.colour,
      fillOpacity: 0.15,
    }),
  );
  const lines = curves.flatMap(({ own, style: { colour, dash, symbol } }) => {
    const few = own.length <= 20;
    return [
      Plot.line(own, { x, y: "mean", stroke: colour, strokeWidth: 1.8, strokeDasharray: few ? "" : dash, strokeLinejoin: "round" }),
      ...(few ? [Plot.dot(own, { x, y: "mean", fill: colour, symbol, r: 3.5 })] : []),
    ];
  });
  return Plot.plot({
    document,
    width: panelWidth,
    height: panelHeight,
    marginLeft: 66,
    marginRight: 20,
    marginTop: 12,
    marginBottom: 44,
    style: { fontFamily, fontSize: "14px", background: "white" },
    x: {
      label: axisLabels[axis] + units,
      labelAnchor: "center",
      labelArrow: "none",
      labelOffset: 38,
      ticks: axis === "epoch" && last < 8 ? Array.from({ length: last + 1 }, (_, epoch) => epoch) : 4,
      domain: [0, last],
      ...(axis === "epoch" ? { tickFormat: "d" } : {}),
    },
    y: {
      label: axis === "step" ? quantity : null,
      labelAnchor: "center",
      labelArrow: "none",
      labelOffset: 60,
      grid: true,
      nice: true,
      ticks: 5,
      domain: reach.length === 0 ? [0, 1] : [Math.min(...reach), Math.max(...reach)],
    },
    // No band hides a line.
    marks: [...bands, ...lines],
  });
}

export function drawAccuracies(experiment: Experiment, folder: string): Promise<Drawn> {
  return writePicture(folder, "accuracies", (tools) => violins(tools, experiment.nets), { svg: true });
}

function violins(tools: ChartTools, nets: readonly Contestant[]): Element {
  const { Plot, document } = tools;
  const width = Math.min(960, 140 + 130 * nets.length);
  const plotted = nets.map(({ runs }, index) => ({ index, values: runs.map(({ line }) => line.accuracy) }));
  const outlines = plotted.map(({ values, index }) => outline(values, index));
  const reach = [...plotted.flatMap(({ values }) => values), ...outlines.flatMap((points) => points.map(({ y }) => y))];
  const [low, high] = [Math.min(...reach), Math.max(...reach)];
  const margin = Math.max(0.005, 0.05 * (high - low));
  const domain = [Math.max(0, low - margin), Math.min(1, high + margin)];
  const perPixel = (domain[1] - domain[0]) / (violinHeight - 60);
  const marks = plotted.flatMap(({ values, index }) => {
    const { colour, symbol } = styleOf(index);
    const { median } = describe(values);
    return [
      Plot.areaX(outlines[index], { x1: "from", x2: "to", y: "y", fill: colour, fillOpacity: 0.18, stroke: colour, strokeWidth: 1 }),
      Plot.ruleY([median], { x1: index - 0.32, x2: index + 0.32, stroke: "#222", strokeWidth: 1.6 }),
      Plot.dot(swarm(values, index, 7 * perPixel), { x: "x", y: "y", fill: colour, symbol, r: 3.5, stroke: "white", strokeWidth: 0.7 }),
    ];
  });
  const svg = sheet(tools, width, violinHeight);
  svg.append(
    place(
      Plot.plot({
        document,
        width,
        height: violinHeight,
        marginLeft: 72,
        marginRight: 12,
        marginTop: 14,
        marginBottom: 34,
        style: { fontFamily, fontSize: "13px", background: "white" },
        x: {
          domain: [-0.6, nets.length - 0.4],
          ticks: nets.map((_, index) => index),
          tickFormat: (index: number) => nets[index].name,
          tickSize: 0,
          label: null,
        },
        y: {
          domain,
          grid: true,
          label: `${nets[0]?.runs[0].line.measuredOn ?? "test"} accuracy`,
          labelAnchor: "center",
          labelArrow: "none",
          labelOffset: 66,
          ticks: 6,
        },
        marks,
      }),
      0,
      0,
    ),
  );
  return svg;
}

interface OutlinePoint {
  readonly y: number;
  readonly from: number;
  readonly to: number;
}

/** Empty where there are too few values, or all are equal. */
function outline(values: readonly number[], index: number): readonly OutlinePoint[] {
  if (values.length < leastForViolin || new Set(values).size === 1) return [];
  const { bandwidth, at } = density(values);
  const [low, high] = [Math.max(0, Math.min(...values) - 2 * bandwidth), Math.min(1, Math.max(...values) + 2 * bandwidth)];
  const places = Array.from({ length: 81 }, (_, step) => low + ((high - low) * step) / 80);
  const heights = places.map(at);
  const widest = Math.max(...heights);
  return places.map((y, step) => ({ y, from: index - (0.38 * heights[step]) / widest, to: index + (0.38 * heights[step]) / widest }));
}

/** Points beside each other where they would hide each other. @param apart in units of the values */
function swarm(values: readonly number[], index: number, apart: number): readonly { readonly x: number; readonly y: number }[] {
  const placed: { x: number; y: number }[] = [];
  for (const y of [...values].sort((a, b) => a - b)) {
    const near = placed.filter((point) => y - point.y < apart).map((point) => point.x);
    const steps = [0, 1, -1, 2, -2, 3, -3, 4, -4];
    const x = steps.map((step) => index + 0.07 * step).find((place) => near.every((other) => Math.abs(other - place) > 0.01)) ?? index;
    placed.push({ x, y });
  }
  return placed;
}
