/** @file filters.png: spectral filters over the half plane, the real part in blue, the imaginary part in red. */

import { fontFamily, pngUri, writePicture } from "./picture-tools.ts";
import type { ChartTools, Drawn } from "./picture-tools.ts";

/** The filters of one layer. */
export interface FilterPlanes {
  /** Stands above them: `conv.1: gaussian`. */
  readonly title: string;
  readonly filterCount: number;
  /** Rows of the half plane, H. */
  readonly rows: number;
  /** Columns of the half plane, K. */
  readonly columns: number;
  /** [F][H][K][2], rows in FFT order: real and imaginary part. */
  readonly values: Float32Array | Float64Array;
}

/** Of each layer, at most this many are shown. */
const mostFilters = 32;
const filtersPerLine = 16;
const tileHeight = 88;
const gap = 6;
const titleHeight = 24;
const margin = 16;
const headHeight = 56;
/** The two lines that explain the picture need this much. */
const headWidth = 660;

interface Tile {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly uri: string;
}

interface Caption {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

/**
 * The colours are those of Wood & Larson (2021), figures 2 to 4, for positive parts; negative parts have colours of their
 * own, and 0 is black. Each filter has its own scale.
 */
export function drawFilters(layers: readonly FilterPlanes[], folder: string): Promise<Drawn> {
  if (layers.length === 0) return Promise.resolve({ files: [], notes: [] });
  return writePicture(folder, "filters", (tools) => gallery(tools, layers));
}

async function gallery({ Plot, document }: ChartTools, layers: readonly FilterPlanes[]): Promise<Element> {
  const tiles: Tile[] = [];
  const captions: Caption[] = [];
  let y = headHeight;
  let right = 0;
  for (const layer of layers) {
    const shown = Math.min(layer.filterCount, mostFilters);
    const count = shown < layer.filterCount ? `, ${shown} of ${layer.filterCount} filters` : "";
    captions.push({ x: margin, y: y + titleHeight / 2, text: `${layer.title}${count}` });
    y += titleHeight;
    // Columns span 0..0.5 and rows -0.5..0.5 cycles per pixel, whatever the size.
    const width = Math.max(tileHeight / 2, Math.min(tileHeight, (tileHeight * layer.columns) / layer.rows));
    for (let filter = 0; filter < shown; filter++) {
      const column = filter % filtersPerLine;
      const line = Math.floor(filter / filtersPerLine);
      const x = margin + column * (width + gap);
      tiles.push({ x, y: y + line * (tileHeight + gap), width, height: tileHeight, uri: await tileUri(layer, filter, width) });
      right = Math.max(right, x + width);
    }
    y += Math.ceil(shown / filtersPerLine) * (tileHeight + gap) + gap;
  }
  const key = await keyTile();
  const width = Math.max(right + margin, headWidth);
  const plot = Plot.plot({
    document,
    width,
    height: y + margin,
    margin: 0,
    axis: null,
    style: { fontFamily, fontSize: "12px", background: "white" },
    x: { domain: [0, width], range: [0, width] },
    y: { domain: [0, y + margin], range: [0, y + margin] },
    marks: [
      Plot.text(captions, { x: "x", y: "y", text: "text", textAnchor: "start", fontWeight: "bold", fontSize: 13 }),
      Plot.image([...tiles, { x: margin, y: 10, width: 36, height: 36, uri: key }], {
        x: (tile: Tile) => tile.x + tile.width / 2,
        y: (tile: Tile) => tile.y + tile.height / 2,
        width: "width",
        height: "height",
        src: "uri",
        preserveAspectRatio: "none",
      }),
      Plot.text(
        [
          { x: margin + 46, y: 21, text: "real part: blue, if negative yellow; imaginary part: red, if negative green; each filter on its own scale" },
          { x: margin + 46, y: 38, text: "left to right u = 0..0.5, bottom to top v = -0.5..0.5 cycles per pixel; DC is in the middle of the left edge" },
        ],
        { x: "x", y: "y", text: "text", textAnchor: "start", fontSize: 11, fill: "#444" },
      ),
    ],
  });
  return plot;
}

/** Upright: v grows upwards, so the rows go from the most positive through 0 to the most negative. */
function tileUri({ rows, columns, values }: FilterPlanes, filter: number, tileWidth: number): Promise<string> {
  const start = filter * rows * columns * 2;
  const plane = values.subarray(start, start + rows * columns * 2);
  let scale = 0;
  for (const value of plane) scale = Math.max(scale, Math.abs(value));
  // Larger than shown, so that the renderer has little to smooth.
  const zoomY = Math.ceil((3 * tileHeight) / rows);
  const zoomX = Math.ceil((3 * tileWidth) / columns);
  const [height, width] = [rows * zoomY, columns * zoomX];
  const rgb = new Uint8Array(height * width * 3);
  for (let y = 0; y < height; y++) {
    // The top row is the largest positive v; FFT order starts at 0 and ends with the row before it.
    const row = (Math.ceil(rows / 2) - 1 - Math.floor(y / zoomY) + rows) % rows;
    for (let x = 0; x < width; x++) {
      const at = (row * columns + Math.floor(x / zoomX)) * 2;
      rgb.set(colourOf(plane[at] / (scale || 1), plane[at + 1] / (scale || 1)), (y * width + x) * 3);
    }
  }
  return pngUri(rgb, height, width);
}

/** The colours of all values: real part from -1 to 1 to the right, imaginary part upwards. */
function keyTile(): Promise<string> {
  const side = 144;
  const rgb = new Uint8Array(side * side * 3);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      rgb.set(colourOf((2 * x) / (side - 1) - 1, 1 - (2 * y) / (side - 1)), (y * side + x) * 3);
    }
  }
  return pngUri(rgb, side, side);
}

type Colour = readonly [number, number, number];

/** Light that each part adds at its full strength: positive, negative. */
const realLight: readonly [Colour, Colour] = [[40, 100, 255], [190, 160, 0]];
const imaginaryLight: readonly [Colour, Colour] = [[255, 40, 40], [0, 180, 120]];

/** Red, green, blue of a complex value with parts in -1..1. */
function colourOf(real: number, imaginary: number): Colour {
  const [fromReal, fromImaginary] = [realLight[real < 0 ? 1 : 0], imaginaryLight[imaginary < 0 ? 1 : 0]];
  const level = (channel: 0 | 1 | 2): number =>
    Math.min(255, Math.round(Math.abs(real) * fromReal[channel] + Math.abs(imaginary) * fromImaginary[channel]));
  return [level(0), level(1), level(2)];
}
