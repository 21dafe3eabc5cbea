/** @file A filter on images as a row of tiles: spectrum, real part, imaginary part, kernel; each with its numbers below. */

import type { Plane } from "../drawing/spectrum.ts";
import { dcPlace, largest, originPlace, partOf } from "../drawing/spectrum.ts";
import { image, line, rectangle, ring, text } from "../drawing/svg.ts";
import { complexTile, imaginaryScale, realScale, shortNumber, signedTile, spatialScale, tileSize } from "../drawing/tiles.ts";
import type { Filter, FilterLayer } from "./layer.ts";
import { kernelRadius, shownKernel } from "./layer.ts";

export interface TilePlace {
  readonly x: number;
  readonly y: number;
  readonly side: number;
  readonly gap: number;
}

/** Four tiles beside each other. */
export async function drawnFilter(filter: Filter, layer: FilterLayer, { x, y, side, gap }: TilePlace): Promise<string> {
  const { spectrum } = filter;
  const kernel = shownKernel(filter, layer, kernelRadius(filter));
  const [real, imaginary] = [partOf(spectrum, 0), partOf(spectrum, 1)];
  const size = tileSize(spectrum, side);
  const kernelSize = tileSize(kernel, side);
  const step = side + gap;
  const dc: Mark = { ...dcPlace(spectrum.height, spectrum.width), by: "ring" };
  const origin: Mark | undefined = layer.weights === undefined ? { ...originPlace(kernel.height, kernel.width), by: "ticks" } : undefined;
  const [ofBoth, ofReal, ofImaginary, ofKernel] = [largest(spectrum), largest(real), largest(imaginary), largest(kernel)];
  return [
    markedTile(x, y, size, spectrum, await complexTile(spectrum, ofBoth, size.tileHeight, size.tileWidth), dc, `0..${shortNumber(ofBoth)}`),
    markedTile(
      x + step,
      y,
      size,
      real,
      await signedTile(real, ofReal, realScale, size.tileHeight, size.tileWidth),
      dc,
      `Re ±${shortNumber(ofReal)}`,
    ),
    markedTile(
      x + 2 * step,
      y,
      size,
      imaginary,
      await signedTile(imaginary, ofImaginary, imaginaryScale, size.tileHeight, size.tileWidth),
      dc,
      `Im ±${shortNumber(ofImaginary)}`,
    ),
    markedTile(
      x + 3 * step,
      y,
      kernelSize,
      kernel,
      await signedTile(kernel, ofKernel, spatialScale, kernelSize.tileHeight, kernelSize.tileWidth),
      origin,
      `±${shortNumber(ofKernel)}, ${kernel.height} x ${kernel.width}`,
    ),
  ].join("");
}

export interface Mark {
  readonly row: number;
  readonly column: number;
  /** Ticks outside the frame leave the element itself in sight. */
  readonly by: "ring" | "ticks";
}

/** A tile with a thin frame, one element marked, and a line below. */
export function markedTile(
  x: number,
  y: number,
  { tileHeight, tileWidth }: ReturnType<typeof tileSize>,
  { height, width }: Pick<Plane, "height" | "width">,
  uri: string,
  mark: Mark | undefined,
  below: string,
): string {
  const marked = mark === undefined ? "" : markAt(mark, { x, y, tileHeight, tileWidth, height, width });
  return (
    image(x, y, tileWidth, tileHeight, uri) +
    rectangle(x, y, tileWidth, tileHeight, { stroke: "#999" }) +
    marked +
    text(x, y + tileHeight + 12, below, { size: 10, fill: "#555" })
  );
}

interface Framed extends Pick<Plane, "height" | "width">, ReturnType<typeof tileSize> {
  readonly x: number;
  readonly y: number;
}

function markAt({ row, column, by }: Mark, { x, y, tileHeight, tileWidth, height, width }: Framed): string {
  const [rowHeight, columnWidth] = [tileHeight / height, tileWidth / width];
  const [centreX, centreY] = [x + (column + 0.5) * columnWidth, y + (row + 0.5) * rowHeight];
  if (by === "ring") return ring(centreX, centreY, Math.max(4, 0.75 * Math.max(rowHeight, columnWidth)));
  const ticks = [
    [centreX, y - 4, centreX, y],
    [centreX, y + tileHeight, centreX, y + tileHeight + 3],
    [x - 4, centreY, x, centreY],
    [x + tileWidth, centreY, x + tileWidth + 4, centreY],
  ];
  return ticks
    .map(([fromX, fromY, toX, toY]) =>
      line(
        [
          [fromX, fromY],
          [toX, toY],
        ],
        "#222",
        1,
      ),
    )
    .join("");
}
