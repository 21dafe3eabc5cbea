/** @file The sheet of a layer: every filter's spectrum at full width, its kernel in space, and its parameters. */

import { linePlot } from "../drawing/line-plot.ts";
import type { Drawn } from "../drawing/picture-tools.ts";
import { writeDrawing } from "../drawing/picture-tools.ts";
import { largest, partOf } from "../drawing/spectrum.ts";
import { drawing, image, rectangle, text } from "../drawing/svg.ts";
import type { Colour } from "../drawing/tiles.ts";
import { complexColour, css, imaginaryScale, realScale, scaleStrip, shortNumber, signedColour, spatialScale } from "../drawing/tiles.ts";
import type { Filter, FilterLayer } from "./layer.ts";
import { filterOf, kernelRadius, shownEnergy, shownKernel } from "./layer.ts";
import { drawnFilter } from "./tiles.ts";

const margin = 20;
const gap = 10;
const headHeight = 107;
/** Side of a tile. */
const side = 104;
const labelHeight = 18;
const numbersHeight = 18;
const cardHeight = labelHeight + side + numbersHeight + 12;
const plotWidth = 2 * side + gap;
const tableWidth = 158;
const tilesWidth = 4 * (side + gap);
/** More filters than this stand in two columns. */
const oneColumn = 4;
const mostParameters = 8;
const grey = "#555";

/**
 * Draws `filters-PATH`.png and .svg.
 * @param limit at most this many filters
 * @param about the run, and which of its weights
 */
export function drawFilterSheet(layer: FilterLayer, about: string, limit: number, folder: string): Promise<Drawn> {
  return writeDrawing(folder, `filters-${layer.path.replaceAll("/", "-")}`, () => sheet(layer, about, limit), { svg: true });
}

async function sheet(layer: FilterLayer, about: string, limit: number): Promise<string> {
  const shown = Math.min(layer.filterCount, limit);
  const columns = shown > oneColumn ? 2 : 1;
  const perColumn = Math.ceil(shown / columns);
  const cardWidth = tilesWidth + (layer.parameters.length === 0 ? 0 : tableWidth);
  const cards: string[] = [];
  for (let index = 0; index < shown; index++) {
    const x = margin + Math.floor(index / perColumn) * (cardWidth + 2 * gap);
    const y = headHeight + (index % perColumn) * cardHeight;
    cards.push(await card(layer, index, x, y));
  }
  const width = 2 * margin + Math.max(columns * cardWidth + (columns - 1) * 2 * gap, 760);
  return drawing(width, headHeight + perColumn * cardHeight + margin, [await head(layer, about, shown), ...cards]);
}

async function head(layer: FilterLayer, about: string, shown: number): Promise<string> {
  const count = shown < layer.filterCount ? `${shown} of ${layer.filterCount} filters` : `${shown} ${shown === 1 ? "filter" : "filters"}`;
  const grid = layer.signal ? `${layer.width} samples` : `${layer.rows} x ${layer.width} frequencies`;
  const lines = [about, count, grid, ...layer.notes].join("; ");
  const legend = layer.signal
    ? [
        text(margin, 60, "u = -0.5..0.5 cycles per sample, DC at the dashed line; every plot has its own scale", { fill: grey }),
        text(margin, 76, `kernels: the samples that hold ${100 * shownEnergy} % of the energy, the origin at the dashed line`, {
          fill: grey,
        }),
      ]
    : [
        await key(
          margin,
          52,
          "spectrum: |Re| blue, |Im| red",
          (value) => complexColour(Math.min(1, 2 - 2 * value), Math.min(1, 2 * value)),
          0,
        ),
        await key(margin + 252, 52, "Re", (value) => signedColour(value, realScale), -1),
        await key(margin + 374, 52, "Im", (value) => signedColour(value, imaginaryScale), -1),
        await key(
          margin + 496,
          52,
          layer.weights === undefined ? "kernel in space" : "weights",
          (value) => signedColour(value, spatialScale),
          -1,
        ),
        text(
          margin,
          80,
          "u = -0.5..0.5 to the right, v upwards, cycles per pixel; ring: DC; every tile has its own scale, the number below",
          { size: 10, fill: grey },
        ),
        ...(layer.weights === undefined
          ? [
              text(margin, 94, `kernels: the pixels that hold ${100 * shownEnergy} % of the energy, the origin at the ticks`, {
                size: 10,
                fill: grey,
              }),
            ]
          : []),
      ];
  return [text(margin, 24, layer.title, { size: 15, bold: true }), text(margin, 41, lines, { fill: grey }), ...legend].join("");
}

async function key(x: number, y: number, label: string, colourOf: (value: number) => Colour, low: -1 | 0): Promise<string> {
  const [width, height] = [60, 9];
  const strip = image(x, y, width, height, await scaleStrip(colourOf, low, height, width));
  const signs =
    low === 0
      ? ""
      : text(x - 3, y + 8, "−", { size: 9, anchor: "end", fill: grey }) + text(x + width + 2, y + 8, "+", { size: 9, fill: grey });
  return (
    strip +
    rectangle(x, y, width, height, { stroke: "#999" }) +
    signs +
    text(x + width + (low === 0 ? 6 : 12), y + 8.5, label, { size: 10.5 })
  );
}

async function card(layer: FilterLayer, index: number, x: number, y: number): Promise<string> {
  const filter = filterOf(layer, index);
  const top = y + labelHeight;
  const parts = layer.signal ? signalParts(filter, layer, x, top) : await drawnFilter(filter, layer, { x, y: top, side, gap });
  return [text(x, y + 12, filter.name, { bold: true }), parts, parameterTable(layer, index, x + tilesWidth, top)].join("");
}

function signalParts(filter: Filter, layer: FilterLayer, x: number, y: number): string {
  const { spectrum } = filter;
  const { weights, width } = layer;
  const kernel = shownKernel(filter, layer, kernelRadius(filter));
  const frequencies = { low: -Math.floor(width / 2) / width, high: (Math.ceil(width / 2) - 1) / width };
  const most = Math.max(largest(spectrum), Number.MIN_VALUE);
  const lines = [
    { values: partOf(spectrum, 0).data, colour: css(realScale.positive) },
    { values: partOf(spectrum, 1).data, colour: css(imaginaryScale.positive) },
  ];
  const place = { x, y, width: plotWidth, height: side };
  const first = weights === undefined ? -Math.floor(kernel.width / 2) : -Math.floor((kernel.width - 1) / 2);
  const samples = { low: first, high: first + kernel.width - 1 };
  return [
    linePlot(place, lines, frequencies, most),
    text(x, y + side + 12, `blue Re, red Im: ±${shortNumber(most)}`, { size: 10, fill: grey }),
    linePlot({ ...place, x: x + plotWidth + gap }, [{ values: kernel.data, colour: css(spatialScale.positive) }], samples, largest(kernel)),
    text(x + plotWidth + gap, y + side + 12, `${weights === undefined ? "kernel" : "weights"}: ±${shortNumber(largest(kernel))}`, {
      size: 10,
      fill: grey,
    }),
  ].join("");
}

/** Name, real part, imaginary part. */
function parameterTable({ parameters }: FilterLayer, index: number, x: number, y: number): string {
  if (parameters.length === 0) return "";
  const split = parameters[0].values.length > 1;
  const right = [x + 78, x + 136];
  const heading = split
    ? ["Re", "Im"].map((label, part) =>
        text(right[part], y + 9, label, {
          size: 10,
          anchor: "end",
          fill: css((part === 0 ? realScale : imaginaryScale).positive),
          bold: true,
        }),
      )
    : [];
  const rows = parameters.slice(0, mostParameters).map(({ name, values }, row) => {
    const base = y + 9 + 12 * (row + heading.length / 2);
    return (
      text(x + 2, base, name, { size: 10 }) +
      values.map((part, column) => text(right[column], base, shortNumber(part[index]), { size: 10, anchor: "end" })).join("")
    );
  });
  const rest = parameters.length - mostParameters;
  return [
    ...heading,
    ...rows,
    rest > 0 ? text(x + 2, y + 9 + 12 * (mostParameters + 1), `and ${rest} more`, { size: 10, fill: grey }) : "",
  ].join("");
}
