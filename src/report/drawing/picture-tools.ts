/** @file The optional packages that draw: loaded at the first picture, named in a note when they are missing. */

import { join } from "node:path";
import { writeAtomically } from "../../data/atomic-file.ts";
import { DataError, reasonOf } from "../../data/data-error.ts";
import { loadSharp } from "../../data/image-file.ts";

type Plot = typeof import("@observablehq/plot");

/** What came of drawing. Pictures are extras: what fails becomes a note, never an error. */
export interface Drawn {
  readonly files: readonly string[];
  readonly notes: readonly string[];
}

export interface ChartTools {
  readonly Plot: Plot;
  /** Makes the elements. */
  readonly document: Document;
}

/** Fonts that systems have, the first also on small servers. */
export const fontFamily = "'DejaVu Sans', 'Liberation Sans', 'Noto Sans', Arial, sans-serif";

/** Pixels of a PNG per unit of its drawing; sharp enough for high-density screens. */
const pixelRatio = 2;

let tools: Promise<ChartTools> | undefined;

export function loadChartTools(): Promise<ChartTools> {
  tools ??= Promise.all([import("@observablehq/plot"), import("linkedom")]).then(([plot, { parseHTML }]) => ({
    Plot: plot,
    document: parseHTML("<!doctype html><html><body></body></html>").document,
  }));
  return tools;
}

/**
 * Draws a picture and writes it as `name`.png, and as `name`.svg if asked to.
 *
 * @param draw gives the `svg` element, in units of CSS pixels
 */
export function writePicture(
  folder: string,
  name: string,
  draw: (tools: ChartTools) => Element | Promise<Element>,
  options: { readonly svg?: boolean } = {},
): Promise<Drawn> {
  return writeDrawing(folder, name, async () => serialise(await draw(await loadChartTools())), options);
}

/** The same for a drawing that is SVG text already. */
export async function writeDrawing(
  folder: string,
  name: string,
  draw: () => string | Promise<string>,
  options: { readonly svg?: boolean } = {},
): Promise<Drawn> {
  const files: string[] = [];
  const notes: string[] = [];
  try {
    const svg = await draw();
    if (options.svg === true) files.push(await write(folder, `${name}.svg`, svg));
    const sharp = await loadSharp();
    notes.push(...(await fontNotes(`${name}.png`)));
    // 72 dots per inch is one pixel per unit.
    const png = await sharp(Buffer.from(svg), { density: 72 * pixelRatio })
      .flatten({ background: "white" })
      .png()
      .toBuffer();
    files.push(await write(folder, `${name}.png`, png));
  } catch (thrown) {
    notes.push(`${name}.png was not drawn: ${whyNotDrawn(thrown)}`);
  }
  return { files, notes };
}

/** A white drawing of a size, to put others on. */
export function sheet({ document }: ChartTools, width: number, height: number): Element {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("width", String(width));
  svg.setAttribute("height", String(height));
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("font-family", fontFamily);
  const background = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  background.setAttribute("width", "100%");
  background.setAttribute("height", "100%");
  background.setAttribute("fill", "white");
  svg.append(background);
  return svg;
}

/** Moves a drawing to a place on a sheet. */
export function place(drawing: Element, x: number, y: number): Element {
  drawing.setAttribute("x", String(x));
  drawing.setAttribute("y", String(y));
  return drawing;
}

/** Milliseconds that a frame of an animation stays, and the last one before it begins again. */
const [frameTime, lastFrameTime] = [500, 2500];

/**
 * Writes drawings of one size as `name`.gif, which every browser and viewer plays, over and over.
 *
 * @param frames as SVG text; drawn one after the other
 */
export async function writeAnimation(folder: string, name: string, frames: readonly (() => Promise<string>)[]): Promise<Drawn> {
  try {
    const sharp = await loadSharp();
    const pictures: Buffer[] = [];
    for (const draw of frames)
      pictures.push(
        await sharp(Buffer.from(await draw()))
          .flatten({ background: "white" })
          .png()
          .toBuffer(),
      );
    const delay = pictures.map((_, index) => (index < pictures.length - 1 ? frameTime : lastFrameTime));
    const gif = await sharp(pictures, { join: { animated: true } })
      .gif({ delay, loop: 0, dither: 0, effort: 3 })
      .toBuffer();
    return { files: [await write(folder, `${name}.gif`, gif)], notes: await fontNotes(`${name}.gif`) };
  } catch (thrown) {
    return { files: [], notes: [`${name}.gif was not drawn: ${whyNotDrawn(thrown)}`] };
  }
}

/** A PNG of raw colours as a data URI, for use inside a drawing. */
export async function pngUri(rgb: Uint8Array, height: number, width: number): Promise<string> {
  const sharp = await loadSharp();
  const png = await sharp(rgb, { raw: { height, width, channels: 3 } })
    .png()
    .toBuffer();
  return `data:image/png;base64,${png.toString("base64")}`;
}

export function joinDrawn(parts: readonly Drawn[]): Drawn {
  return { files: parts.flatMap(({ files }) => files), notes: [...new Set(parts.flatMap(({ notes }) => notes))] };
}

async function write(folder: string, name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeAtomically(path, content);
  return path;
}

function serialise(svg: Element): string {
  svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  svg.setAttribute("xmlns:xlink", "http://www.w3.org/1999/xlink");
  return `<?xml version="1.0" encoding="UTF-8"?>\n${svg.outerHTML}\n`;
}

let textWorks: Promise<boolean> | undefined;

/** What to say where letters leave no ink: without fonts they silently do not. */
async function fontNotes(file: string): Promise<readonly string[]> {
  const sharp = await loadSharp();
  const sample =
    `<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><text x="2" y="16" font-size="16" ` +
    `font-family="${fontFamily}">M</text></svg>`;
  textWorks ??= sharp(Buffer.from(sample))
    .flatten({ background: "white" })
    .stats()
    .then(({ channels }) => channels[0].min < 128);
  return (await textWorks) ? [] : [`${file} has no text, because this system has no fonts: install fonts-dejavu-core or any other`];
}

function whyNotDrawn(thrown: unknown): string {
  const reason = reasonOf(thrown);
  if (thrown instanceof DataError && thrown.help !== undefined) return `${reason}; ${thrown.help}`;
  const missing = /Cannot find (?:package|module) '([^']+)'/.exec(reason);
  if (missing !== null) return `install ${missing[1]} to have it (npm install ${missing[1]})`;
  return reason;
}
