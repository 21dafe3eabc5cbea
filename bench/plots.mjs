/** @file Pictures of the results: times by work and system, the ablation, time and accuracy against image size. */

import { fontFamily, joinDrawn, writePicture } from "../dist/report/drawing/picture-tools.js";
import { ablation, median, sweep, timesOf } from "./summary.mjs";

/** Distinct for colour-blind readers. */
const colours = ["#1f5fa8", "#d9662b", "#3a9a6b", "#8c4fa0", "#c9a227", "#5b6770", "#b03a48", "#56b4c9"];
const style = { fontFamily, fontSize: "12px", background: "white", color: "#222" };

/** Writes SVG and PNG into `folder`; what cannot be drawn is a note. */
export async function drawPlots(folder, rows) {
  const parts = [writePicture(folder, "times", (tools) => drawTimes(tools, rows), { svg: true })];
  if (ablation(rows).length > 0)
    parts.push(writePicture(folder, "ablation", (tools) => drawAblation(tools, ablation(rows)), { svg: true }));
  const fit = sweep(rows);
  if (fit !== undefined) parts.push(writePicture(folder, "sizes", (tools) => drawSweep(tools, fit), { svg: true }));
  return joinDrawn(await Promise.all(parts));
}

/** One line of dots for each work, on a logarithmic axis of milliseconds. */
function drawTimes({ Plot, document }, rows) {
  const systems = [...new Set(rows.map(({ system }) => system))].filter((system) => !system.startsWith("specc without "));
  const keys = [...new Set(rows.map(({ key }) => key))].filter((key) => !key.startsWith("sweep-"));
  const data = keys.flatMap((key) =>
    systems.flatMap((system) => {
      const own = timesOf(rows, system, key);
      return own === undefined
        ? []
        : [
            {
              key,
              system,
              ms: median(own.map(({ ms }) => ms)),
              low: Math.min(...own.map(({ min }) => min)),
              high: Math.max(...own.map(({ max }) => max)),
            },
          ];
    }),
  );
  const marginLeft = 20 + 7 * Math.max(10, ...keys.map((key) => key.length));
  const height = 95 + 26 * keys.length;
  const plot = Plot.plot({
    document,
    style,
    marginLeft,
    marginTop: 40,
    marginBottom: 45,
    width: marginLeft + 560,
    height,
    x: {
      type: "log",
      label: "milliseconds, median; lines from least to most",
      grid: true,
      tickFormat: (value) => (Number.isInteger(Math.round(1e6 * Math.log10(value)) / 1e6) ? String(Number(value.toPrecision(1))) : ""),
    },
    y: { label: null, domain: keys },
    marks: [
      Plot.ruleY(data, { y: "key", x1: "low", x2: "high", stroke: (d) => colourOf(systems, d.system), strokeOpacity: 0.5 }),
      Plot.dot(data, {
        x: "ms",
        y: "key",
        fill: (d) => colourOf(systems, d.system),
        r: (d) => (d.system === "specc" ? 6 : 4),
        title: (d) => `${d.system}: ${d.ms.toFixed(1)} ms`,
      }),
    ],
  });
  return withLegend(document, plot, systems);
}

const colourOf = (systems, system) => colours[systems.indexOf(system) % colours.length];

/** Plot's own legend is HTML; a drawing that stands alone needs it inside. */
function withLegend(document, svg, systems) {
  let x = 10;
  for (const system of systems) {
    const group = document.createElementNS("http://www.w3.org/2000/svg", "g");
    group.innerHTML =
      `<circle cx="${x}" cy="14" r="5" fill="${colourOf(systems, system)}"></circle><text x="${x + 9}" y="18" fill="#222" ` +
      `text-anchor="start">${system}</text>`;
    svg.append(group);
    x += 28 + 7 * system.length;
  }
  return svg;
}

/** Bars from 1: how many times longer the work takes without the pass. */
function drawAblation({ Plot, document }, data) {
  const keys = [...new Set(data.map(({ key }) => key))];
  const passes = [...new Set(data.map(({ pass }) => pass))];
  const factors = data.map(({ factor }) => factor);
  // Room for the numbers behind the bars.
  const domain = [Math.min(0.8, ...factors), 1.35 * Math.max(1, ...factors)];
  return Plot.plot({
    document,
    style,
    width: 800,
    height: 85 + keys.length * (18 * passes.length + 22),
    marginLeft: 150,
    marginRight: 240,
    marginBottom: 45,
    x: {
      type: "log",
      domain,
      label: "time without the pass / time with all",
      grid: true,
      ticks: 5,
      tickFormat: (value) => `${Number(value.toPrecision(2))}`,
    },
    y: { label: null, domain: passes },
    fy: { label: null, domain: keys },
    marks: [
      Plot.barX(data, { x1: 1, x2: "factor", y: "pass", fy: "key", fill: (d) => colours[passes.indexOf(d.pass) % colours.length] }),
      Plot.text(data, {
        x: (d) => Math.max(1, d.factor),
        y: "pass",
        fy: "key",
        text: (d) => d.factor.toFixed(2),
        textAnchor: "start",
        dx: 4,
      }),
      Plot.ruleX([1]),
    ],
  });
}

function drawSweep({ Plot, document }, { points, exponent, factor }) {
  const line = points.map(({ size }) => ({ size, ms: factor * (size * size) ** exponent }));
  return Plot.plot({
    document,
    style,
    width: 560,
    height: 400,
    marginLeft: 60,
    marginTop: 40,
    marginBottom: 45,
    x: {
      type: "log",
      label: "side of the image, pixels",
      ticks: points.map(({ size }) => size),
      tickFormat: (value) => String(value),
      grid: true,
    },
    y: {
      type: "log",
      label: "milliseconds of a training step",
      grid: true,
      ticks: 5,
      tickFormat: (value) => `${Number(value.toPrecision(2))}`,
    },
    marks: [
      Plot.line(line, { x: "size", y: "ms", stroke: "#999", strokeDasharray: "5,4" }),
      Plot.dot(points, { x: "size", y: "ms", fill: colours[0], r: 5 }),
      Plot.text([line[0]], {
        x: "size",
        y: () => points.at(-1).ms,
        text: () => `time ~ pixels ^ ${exponent.toFixed(2)}`,
        textAnchor: "start",
      }),
    ],
  });
}

/** One line for each network: mean accuracy of its trials on images of another size than that of the training; each trial is a dot. */
export async function drawAccuracyAtSizes(folder, rows) {
  return writePicture(
    folder,
    "sizes",
    ({ Plot, document }) => {
      const nets = [...new Set(rows.map(({ net }) => net))];
      const colour = ({ net }) => colours[nets.indexOf(net) % colours.length];
      const plot = Plot.plot({
        document,
        style,
        width: 640,
        height: 400,
        marginLeft: 60,
        marginTop: 30,
        marginBottom: 45,
        x: {
          type: "log",
          label: "side of the test images, pixels",
          ticks: [...new Set(rows.map(({ side }) => side))],
          tickFormat: String,
          grid: true,
        },
        y: { label: "test accuracy", labelAnchor: "center", grid: true },
        marks: [
          Plot.ruleY([0.5], { stroke: "#999", strokeDasharray: "5,4" }),
          Plot.lineY(rows, Plot.groupX({ y: "mean" }, { x: "side", y: "accuracy", stroke: colour, z: "net", strokeWidth: 2 })),
          Plot.dot(rows, { x: "side", y: "accuracy", stroke: colour, r: 3 }),
        ],
      });
      return withLegend(document, plot, nets);
    },
    { svg: true },
  );
}
