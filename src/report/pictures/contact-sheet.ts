/** @file augment.png: images as they are, and beside each what augmentation makes of it. */

import type { ChartTools, Drawn } from "../drawing/picture-tools.ts";
import { fontFamily, pngUri, writePicture } from "../drawing/picture-tools.ts";

export interface SheetRow {
  /** Of the image: `cats/cat.7.jpg`. */
  readonly name: string;
  /** Bytes [height][width][channels], the first as the image is. */
  readonly pictures: readonly Uint8Array[];
}

export interface Sheet {
  readonly title: string;
  /** Stands below the title. */
  readonly note: string;
  /** Above each column. */
  readonly columns: readonly string[];
  readonly height: number;
  readonly width: number;
  /** 1 or 3. */
  readonly channels: number;
  readonly rows: readonly SheetRow[];
}

/** Small images are enlarged to about this many units, large ones made smaller. */
const tileSide = 120;
const gap = 6;
/** Tells the image from what was made of it. */
const columnGap = 18;
const margin = 16;
const headHeight = 80;
const nameHeight = 18;
/** Title and note need this much. */
const leastWidth = 480;

interface Tile {
  readonly x: number;
  readonly y: number;
  readonly uri: string;
}

interface Caption {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

export function drawContactSheet(sheet: Sheet, folder: string): Promise<Drawn> {
  return writePicture(folder, "augment", (tools) => contactSheet(tools, sheet));
}

async function contactSheet({ Plot, document }: ChartTools, sheet: Sheet): Promise<Element> {
  const scale = tileSide / Math.max(sheet.height, sheet.width);
  const [tileWidth, tileHeight] = [sheet.width * scale, sheet.height * scale];
  const left = (column: number): number => margin + column * (tileWidth + gap) + (column > 0 ? columnGap - gap : 0);
  const top = (row: number): number => headHeight + nameHeight + row * (tileHeight + nameHeight + gap);
  const tiles: Tile[] = [];
  for (const [row, { pictures }] of sheet.rows.entries()) {
    for (const [column, bytes] of pictures.entries()) tiles.push({ x: left(column), y: top(row), uri: await tileUri(bytes, sheet) });
  }
  const width = Math.max(leastWidth, left(sheet.columns.length) - gap + margin);
  const height = top(sheet.rows.length) - nameHeight + margin;
  const most = Math.floor((width - 2 * margin) / 6.2);
  const names = sheet.rows.map(({ name }, row): Caption => ({ x: margin, y: top(row) - nameHeight / 2, text: shortened(name, most) }));
  const heads = sheet.columns.map((text, column): Caption => ({ x: left(column), y: headHeight - 10, text }));
  return Plot.plot({
    document,
    width,
    height,
    margin: 0,
    axis: null,
    style: { fontFamily, fontSize: "12px", background: "white" },
    x: { domain: [0, width], range: [0, width] },
    y: { domain: [0, height], range: [0, height] },
    marks: [
      Plot.text([{ x: margin, y: 20, text: sheet.title }], {
        x: "x",
        y: "y",
        text: "text",
        textAnchor: "start",
        fontWeight: "bold",
        fontSize: 14,
      }),
      Plot.text([{ x: margin, y: 40, text: sheet.note }], {
        x: "x",
        y: "y",
        text: "text",
        textAnchor: "start",
        fontSize: 11,
        fill: "#444",
      }),
      Plot.text(heads, { x: "x", y: "y", text: "text", textAnchor: "start", fontSize: 11, fontWeight: "bold" }),
      Plot.text(names, { x: "x", y: "y", text: "text", textAnchor: "start", fontSize: 11, fill: "#444" }),
      Plot.image(tiles, {
        x: (tile: Tile) => tile.x + tileWidth / 2,
        y: (tile: Tile) => tile.y + tileHeight / 2,
        width: tileWidth,
        height: tileHeight,
        src: "uri",
        preserveAspectRatio: "none",
      }),
    ],
  });
}

/** Small pixels are repeated, so that the renderer has nothing to smooth. */
function tileUri(bytes: Uint8Array, { height, width, channels }: Sheet): Promise<string> {
  const zoom = Math.max(1, Math.ceil((2 * tileSide) / Math.max(height, width)));
  const rgb = new Uint8Array(height * zoom * width * zoom * 3);
  for (let y = 0; y < height * zoom; y++) {
    for (let x = 0; x < width * zoom; x++) {
      const from = (Math.floor(y / zoom) * width + Math.floor(x / zoom)) * channels;
      for (let c = 0; c < 3; c++) rgb[(y * width * zoom + x) * 3 + c] = bytes[from + (channels === 1 ? 0 : c)];
    }
  }
  return pngUri(rgb, height * zoom, width * zoom);
}

/** The end of a path says more than its beginning. */
function shortened(text: string, most: number): string {
  return text.length <= most ? text : `…${text.slice(1 - most)}`;
}
