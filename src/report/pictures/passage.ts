/** @file An image on its way through a network: after each layer its channels in space and in frequency, at the end the classes. */

import type { Drawn } from "../drawing/picture-tools.ts";
import { writeDrawing } from "../drawing/picture-tools.ts";
import type { Plane } from "../drawing/spectrum.ts";
import { dcPlace, logMagnitude } from "../drawing/spectrum.ts";
import { drawing, image, rectangle, text } from "../drawing/svg.ts";
import { css, rankColour, scaleStrip, shortNumber, signedColour, signedTile, spatialScale, tileSize, tileUri } from "../drawing/tiles.ts";
import { markedTile } from "../filters/tiles.ts";

/** One channel after a layer. */
export interface Channel {
  readonly space: Plane;
  /** Whole, DC in the middle. */
  readonly spectrum: Plane;
}

export interface Stage {
  /** `conv.1: conv spectral gaussian 6`. */
  readonly title: string;
  /** All of them; `shown` may hold fewer. */
  readonly channelCount: number;
  readonly shown: readonly Channel[];
  /** Of a layer that gives a vector. */
  readonly vector: ArrayLike<number> | undefined;
}

export interface Passage {
  readonly image: string;
  /** The run, and which of its weights. */
  readonly about: string;
  /** As the network gets it, u8 [H][W][C]. */
  readonly photo: { readonly height: number; readonly width: number; readonly channels: number; readonly pixels: Uint8Array };
  readonly stages: readonly Stage[];
  readonly scores: readonly { readonly name: string; readonly score: number }[];
  /** What the scores are: `probability`. */
  readonly scoreName: string;
}

const margin = 20;
const side = 88;
const gap = 10;
const titleHeight = 22;
const rowHeight = side + 20;
const stageGap = 12;
/** Channels in a line. */
const perLine = 8;
/** Between what is in space and what is in frequency. */
const middleGap = 36;
const photoSide = 128;
const headHeight = 70 + photoSide;
const barHeight = 18;
const mostBars = 10;
const vectorHeight = 44;
/** Decades of magnitude between white and the darkest blue. */
const decades = 4;
const grey = "#555";

/** Writes `name`.png and .svg. */
export function drawPassage(passage: Passage, folder: string, name: string): Promise<Drawn> {
  return writeDrawing(folder, name, () => picture(passage), { svg: true });
}

async function picture(passage: Passage): Promise<string> {
  const columns = Math.min(perLine, Math.max(...passage.stages.map(({ shown }) => shown.length)));
  const half = Math.max(columns * (side + gap) - gap, 400);
  const width = 2 * margin + 2 * half + middleGap;
  const parts = [await head(passage)];
  let y = headHeight;
  for (const stage of passage.stages) {
    parts.push(
      text(margin, y + 13, stage.title, { bold: true }),
      text(width - margin, y + 13, shapeText(stage), { size: 10, fill: grey, anchor: "end" }),
    );
    parts.push(rectangle(margin, y - 4, width - 2 * margin, 0.4, { stroke: "#ccc" }));
    y += titleHeight;
    if (stage.vector === undefined) {
      for (const [index, channel] of stage.shown.entries())
        parts.push(
          await channelTiles(
            channel,
            margin + (index % perLine) * (side + gap),
            y + Math.floor(index / perLine) * rowHeight,
            half + middleGap,
          ),
        );
      y += Math.ceil(stage.shown.length / perLine) * rowHeight;
    } else {
      parts.push(vectorBars(stage.vector, margin, y, width - 2 * margin));
      y += vectorHeight + 16;
    }
    y += stageGap;
  }
  const end = classes(passage, y);
  return drawing(width, y + end.height + margin, [...parts, end.svg]);
}

function shapeText({ channelCount, shown, vector }: Stage): string {
  if (vector !== undefined) return `${vector.length.toLocaleString("en")} ${vector.length === 1 ? "number" : "numbers"}`;
  const [{ space }] = shown;
  const count =
    shown.length < channelCount
      ? `${shown.length} of ${channelCount} channels`
      : `${channelCount} ${channelCount === 1 ? "channel" : "channels"}`;
  return `${count} of ${space.height} x ${space.width}`;
}

async function head({ image: name, about, photo, scores, scoreName }: Passage): Promise<string> {
  const { tileHeight, tileWidth } = tileSize(photo, photoSide);
  const { channels, pixels } = photo;
  const uri = await tileUri(
    photo,
    tileHeight,
    tileWidth,
    (index) => [0, 1, 2].map((channel) => pixels[index * channels + (channels === 1 ? 0 : channel)]) as unknown as [number, number, number],
  );
  const x = margin + photoSide + 24;
  const strip = async (
    y: number,
    label: string,
    colourOf: (value: number) => readonly [number, number, number],
    low: -1 | 0,
  ): Promise<string> =>
    image(x, y, 90, 10, await scaleStrip(colourOf, low, 10, 90)) +
    rectangle(x, y, 90, 10, { stroke: "#999" }) +
    text(x + 98, y + 9, label, { size: 10.5 });
  const [best] = scores;
  return [
    text(margin, 24, name, { size: 15, bold: true }),
    text(margin, 41, about, { fill: grey }),
    image(margin, 54, tileWidth, tileHeight, uri),
    rectangle(margin, 54, tileWidth, tileHeight, { stroke: "#999" }),
    text(x, 70, best === undefined ? "" : `${best.name}: ${scoreName} ${scoreText(best.score, scoreName)}`, { size: 13, bold: true }),
    await strip(
      92,
      "left, in space: every channel on its own scale, 0 is white; below it the least and the largest value",
      (value) => signedColour(value, spatialScale),
      -1,
    ),
    await strip(
      114,
      `right, the spectra of these channels: magnitudes on a log scale of ${decades} decades, the largest below; DC at the ticks`,
      rankColour,
      0,
    ),
    text(x, 144, "u to the right and v upwards, -0.5..0.5 cycles per pixel", { size: 10, fill: grey }),
  ].join("");
}

/** @param apart how far the spectrum is to the right */
async function channelTiles({ space, spectrum }: Channel, x: number, y: number, apart: number): Promise<string> {
  let [least, most] = [Infinity, -Infinity];
  for (const value of space.data) [least, most] = [Math.min(least, value), Math.max(most, value)];
  const size = tileSize(space, side);
  const inSpace = markedTile(
    x,
    y,
    size,
    space,
    await signedTile(space, Math.max(-least, most), spatialScale, size.tileHeight, size.tileWidth),
    undefined,
    `${shortNumber(least)} .. ${shortNumber(most)}`,
  );
  const logs = logMagnitude(spectrum);
  const top = logs.data.reduce((largest, value) => Math.max(largest, value), -Infinity);
  const uri = await tileUri(logs, size.tileHeight, size.tileWidth, (index) =>
    rankColour(top === -Infinity ? 0 : 1 + (logs.data[index] - top) / decades),
  );
  return (
    inSpace +
    markedTile(
      x + apart,
      y,
      size,
      spectrum,
      uri,
      { ...dcPlace(spectrum.height, spectrum.width), by: "ticks" },
      top === -Infinity ? "0" : `≤ ${shortNumber(10 ** top)}`,
    )
  );
}

/** Bars around zero; many numbers are thin lines. */
function vectorBars(values: ArrayLike<number>, x: number, y: number, width: number): string {
  const numbers = Array.from(values);
  const most = Math.max(...numbers.map(Math.abs)) || 1;
  const [step, middle] = [Math.min(24, width / numbers.length), y + vectorHeight / 2];
  const bars = numbers.map((value, index) => {
    const height = (Math.abs(value) / most) * (vectorHeight / 2);
    return rectangle(x + index * step, value < 0 ? middle : middle - height, Math.max(0.3, step * 0.8), height, {
      fill: css(value < 0 ? spatialScale.negative : spatialScale.positive),
    });
  });
  return [
    ...bars,
    rectangle(x, middle, step * numbers.length, 0.3, { stroke: "#999" }),
    text(x, y + vectorHeight + 11, `${shortNumber(Math.min(...numbers))} .. ${shortNumber(Math.max(...numbers))}`, {
      size: 10,
      fill: grey,
    }),
  ].join("");
}

function classes({ scores, scoreName }: Passage, y: number): { readonly svg: string; readonly height: number } {
  const shown = scores.slice(0, mostBars);
  const x = margin + 150;
  const full = 360;
  const bars = shown.map(({ name, score }, index) => {
    const top = y + titleHeight + index * barHeight;
    return (
      text(x - 8, top + 11, name.length > 22 ? `${name.slice(0, 21)}…` : name, { anchor: "end" }) +
      rectangle(x, top + 1, full, barHeight - 5, { fill: "#eee" }) +
      rectangle(x, top + 1, full * Math.max(0, Math.min(1, score)), barHeight - 5, { fill: css([8, 69, 160]) }) +
      text(x + full + 8, top + 11, scoreText(score, scoreName))
    );
  });
  const title =
    shown.length < scores.length ? `classes by ${scoreName}, the first ${shown.length} of ${scores.length}` : `classes by ${scoreName}`;
  return { svg: text(margin, y + 13, title, { bold: true }) + bars.join(""), height: titleHeight + shown.length * barHeight };
}

function scoreText(score: number, scoreName: string): string {
  return scoreName === "probability" ? `${(100 * score).toFixed(1)} %` : score.toFixed(3);
}
