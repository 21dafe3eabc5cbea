/** @file filters.png: the spectra of all spectral layers at a glance, as in figures 2 to 4 of Wood & Larson (2021). */

import { linePlot } from "../drawing/line-plot.ts";
import type { Drawn } from "../drawing/picture-tools.ts";
import { writeDrawing } from "../drawing/picture-tools.ts";
import { dcPlace, largest, partOf } from "../drawing/spectrum.ts";
import { drawing, text } from "../drawing/svg.ts";
import { complexTile, css, imaginaryScale, realScale, shortNumber, tileSize } from "../drawing/tiles.ts";
import type { FilterLayer } from "./layer.ts";
import { filterOf } from "./layer.ts";
import { markedTile } from "./tiles.ts";

/** Of each layer, at most this many are shown. */
const mostFilters = 32;
const filtersPerLine = 16;
const side = 88;
const gap = 6;
/** With the scale below a tile. */
const lineHeight = side + 20;
const titleHeight = 22;
const margin = 16;
const headHeight = 44;
/** The line that explains the picture needs this much. */
const headWidth = 720;

/** Spectra at full width, DC in the middle, each on its own scale; signs are on the sheets of `specc show --filters`. */
export function drawFilters(layers: readonly FilterLayer[], folder: string): Promise<Drawn> {
  if (layers.length === 0) return Promise.resolve({ files: [], notes: [] });
  return writeDrawing(folder, "filters", () => gallery(layers));
}

async function gallery(layers: readonly FilterLayer[]): Promise<string> {
  const parts = [
    text(
      margin,
      24,
      "magnitude of the real part blue, of the imaginary part red, 0 black; u to the right, v upwards, " +
        "-0.5..0.5 cycles per pixel; ring: DC",
      { fill: "#444" },
    ),
  ];
  let y = headHeight;
  let right = headWidth - margin;
  for (const layer of layers) {
    const shown = Math.min(layer.filterCount, mostFilters);
    parts.push(
      text(margin, y + 12, `${layer.title}${shown < layer.filterCount ? `, ${shown} of ${layer.filterCount} filters` : ""}`, {
        size: 13,
        bold: true,
      }),
    );
    y += titleHeight;
    for (let filter = 0; filter < shown; filter++) {
      const x = margin + (filter % filtersPerLine) * (side + gap);
      parts.push(await spectrumAt(layer, filter, x, y + Math.floor(filter / filtersPerLine) * lineHeight));
      right = Math.max(right, x + side);
    }
    y += Math.ceil(shown / filtersPerLine) * lineHeight + gap;
  }
  return drawing(right + margin, y, parts);
}

async function spectrumAt(layer: FilterLayer, filter: number, x: number, y: number): Promise<string> {
  const { spectrum } = filterOf(layer, filter);
  const most = largest(spectrum);
  if (layer.signal) {
    const lines = [realScale, imaginaryScale].map(({ positive }, part) => ({
      values: partOf(spectrum, part === 0 ? 0 : 1).data,
      colour: css(positive),
    }));
    return (
      linePlot({ x, y, width: side, height: side }, lines, { low: -0.5, high: 0.5 }, most) +
      text(x, y + side + 12, `±${shortNumber(most)}`, { size: 10, fill: "#555" })
    );
  }
  const size = tileSize(spectrum, side);
  return markedTile(
    x,
    y,
    size,
    spectrum,
    await complexTile(spectrum, most, size.tileHeight, size.tileWidth),
    { ...dcPlace(spectrum.height, spectrum.width), by: "ring" },
    `0..${shortNumber(most)}`,
  );
}
